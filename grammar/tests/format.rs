//! The layout of programs: snapshots, and what holds for every program.
//!
//! `SCENEC_FUZZ_SECONDS` sets how long the mutation test runs (default 2).

#![allow(clippy::print_stderr)]

mod programs;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use programs::Random;
use scenec_ir::{Diagnostic, FileId};

fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    scenec_grammar::format(FileId(0), text)
}

/// Comments of a program, sorted, found without the scanner of the crate.
fn comments(text: &str) -> Vec<String> {
    let (mut found, mut rest) = (Vec::new(), text);
    while let Some(at) = rest.find(['"', '/']) {
        rest = &rest[at..];
        let length = if let Some(quoted) = rest.strip_prefix('"') {
            let mut escaped = false;
            let end = quoted.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("//") {
            let end = rest.find('\n').unwrap_or(rest.len());
            found.push(rest[..end].trim_end().to_owned());
            end
        } else if rest.starts_with("/*") {
            let (mut depth, mut end) = (0, 0);
            while end < rest.len() {
                let step = match rest.as_bytes()[end..] {
                    [b'/', b'*', ..] => 1,
                    [b'*', b'/', ..] => -1,
                    _ => 0,
                };
                (depth, end) = (depth + step, end + if step == 0 { 1 } else { 2 });
                if depth == 0 {
                    break;
                }
            }
            found.push(rest[..end].replace("\r\n", "\n"));
            end
        } else {
            1
        };
        rest = &rest[length..];
    }
    found.sort();
    found
}

/// What is read from tokens alone is what pest reads.
#[track_caller]
fn read_both_ways(text: &str, what: &str) {
    let quick = scenec_grammar::parse(FileId(0), text);
    assert!(quick == scenec_grammar::parse_by_grammar(FileId(0), text), "{what} has two trees\n{text}");
}

/// What holds for every program that can be read.
#[track_caller]
fn check(text: &str, what: &str) -> String {
    let tree = |text: &str| scenec_grammar::dump(&scenec_grammar::parse(FileId(0), text).0);
    read_both_ways(text, what);
    let once = format(text).unwrap_or_else(|d| panic!("{what}\n{text}\n{d:#?}"));
    let twice = format(&once).unwrap_or_else(|d| panic!("{what}, again\n{text}\n-- once\n{once}\n{d:#?}"));
    assert!(once == twice, "{what} is not stable\n{text}\n-- once\n{once}\n-- twice\n{twice}");
    assert_eq!(tree(text), tree(&once), "{what}\n{text}\n-- formatted\n{once}");
    assert_eq!(comments(text), comments(&once), "{what}\n{text}\n-- formatted\n{once}");
    assert!(once.ends_with('\n') && !once.ends_with("\n\n") && !once.starts_with('\u{feff}'), "{what}\n{once}");
    // What stands within a block comment is the author's.
    assert!(once.contains("/*") || !once.contains("\n\n\n"), "{what}\n{once}");
    once
}

/// All programs of the repository, sorted.
fn repository() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("..")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder").flatten() {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if name.ends_with(".ngs") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn layouts() {
    insta::glob!("layouts/*.ngs", |path| {
        let text = std::fs::read_to_string(path).expect("the suite is UTF-8");
        let once = check(&text, &path.display().to_string());
        insta::assert_snapshot!(once);
    });
}

#[test]
fn every_program_of_the_repository() {
    let (mut good, mut shipped) = (0, 0);
    for path in repository() {
        let text = std::fs::read_to_string(&path).expect("programs are UTF-8");
        let what = path.display().to_string();
        read_both_ways(&text, &what);
        match format(&text) {
            Ok(once) => {
                check(&text, &what);
                good += 1;
                if what.contains("examples") {
                    assert!(once == text, "{what} is not formatted: run `scenec fmt examples`");
                    shipped += 1;
                }
            }
            Err(diagnostics) => {
                let errors = diagnostics.iter().filter(|d| d.is_error() && d.code != "E0999");
                assert!(errors.count() > 0, "{what}: {diagnostics:#?}");
                assert!(!what.contains("examples"), "{what}: {diagnostics:#?}");
            }
        }
    }
    assert!(good >= 30 && shipped >= 6, "{good} programs, {shipped} of them shipped");
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md")).expect("the README");
    let scene = readme.split("```ngs\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a program");
    assert_eq!(check(scene, "the README"), scene);
}

#[test]
fn ten_thousand_random_programs() {
    let (mut wide, mut lines) = (0, 0);
    for seed in 0..10_000 {
        let text = programs::program(&mut Random::new(seed));
        let (_, diagnostics) = scenec_grammar::parse(FileId(0), &text);
        let wrong: Vec<_> = diagnostics.iter().filter(|d| d.code != "E0116").collect();
        assert!(wrong.is_empty(), "program {seed} is none\n{text}\n{wrong:#?}");
        let once = check(&text, &format!("program {seed}"));
        lines += once.lines().count();
        wide += once.lines().filter(|l| l.chars().count() > 100 && !l.contains("/*") && !l.contains("//")).count();
    }
    eprintln!("{lines} lines, {wide} of them wider than 100 columns");
    assert!(wide * 200 < lines, "{wide} of {lines} lines are wide");
}

/// The same tokens with other breaks between them have the same layout, when nothing that counts differs.
#[test]
fn line_breaks_in_parentheses_do_not_matter() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let args: Vec<String> =
            (0..random.below(12)).map(|i| format!("argument_{i}: {}m", random.below(100))).collect();
        let one = format!("ngs 1\nlet x = f({})\n", args.join(", "));
        let many = format!("ngs 1\nlet x = f(\n{}\n)\n", args.join(",\n"));
        assert_eq!(format(&one).ok(), format(&many).ok());
        assert!(check(&one, "calls").lines().all(|l| l.len() <= 100));
    }
}

#[test]
fn line_breaks_are_those_of_most_lines() {
    let text = "\u{feff}ngs 1\r\nlet a = 1\r\n/* two\r\nlines */\r\nlet b = 2\n";
    assert_eq!(format(text).as_deref(), Ok("ngs 1\r\nlet a = 1\r\n/* two\r\nlines */\r\nlet b = 2\r\n"));
    let text = "ngs 1\nlet a = 1\r\nlet b = 2\n\n\n";
    assert_eq!(format(text).as_deref(), Ok("ngs 1\nlet a = 1\nlet b = 2\n"));
    assert_eq!(format("ngs 1").as_deref(), Ok("ngs 1\n"));
}

#[test]
fn mistakes_are_given_back() {
    let codes = |text: &str| format(text).map_err(|d| d.into_iter().map(|d| d.code).collect::<Vec<_>>());
    assert_eq!(codes(""), Err(vec!["E0101".into()]));
    assert_eq!(codes("ngs 1\nlet a = = 1\nlet b = (\n").map_err(|c| c.len()), Err(2));
    assert!(codes("ngs 1\ntest \"a\" { assert b == c }\n").is_ok(), "reserved words are no mistake of the layout");
}

/// Time grows with the text, not with its square.
#[test]
fn long_and_deep_programs() {
    let start = Instant::now();
    let mut text = String::from("ngs 1\n");
    for (open, close) in [("(", ")"), ("f(a: ", ")"), ("[", "]"), ("-(", ")"), ("if a { ", " } else { b }")] {
        text += &format!("let x = {}1{}\n", open.repeat(50), close.repeat(50));
    }
    text += &format!("let x = {}1\nlet y = 1{}\n", "-".repeat(120), " + 1".repeat(120));
    text +=
        &format!("let z = {}b{}\n", "if a { b } else ".repeat(80).trim_end_matches(' '), " { b }".replace("b", "c"))
            .replace("elseb", "else");
    text += &format!("let z = [{}]\n", "(1m, -2.5m), ".repeat(20_000));
    text += &format!("environment e {{\n{}}}\n", "  x = f(1)\n".repeat(20_000));
    check(&text, "a long program");
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
}

/// Mutated programs: no panic, and what can be read keeps its meaning.
#[test]
fn mutated_programs() {
    let seconds = std::env::var("SCENEC_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok()).unwrap_or(2);
    let corpus: Vec<String> = repository().iter().map(|p| std::fs::read_to_string(p).expect("UTF-8")).collect();
    let mut random = Random::new(if seconds > 2 { seconds * 7919 } else { 1 });
    let start = Instant::now();
    let (mut count, mut good) = (0, 0);
    while start.elapsed() < Duration::from_secs(seconds) {
        let own = random.below(2) == 0;
        let text = if own { programs::program(&mut random) } else { corpus[random.below(corpus.len())].clone() };
        let text = mutate(&mut random, text);
        let outcome = std::panic::catch_unwind(|| match format(&text) {
            Ok(_) => drop(check(&text, "a mutated program")),
            Err(diagnostics) => assert!(diagnostics.iter().all(|d| d.code != "E0999"), "{diagnostics:#?}"),
        });
        assert!(outcome.is_ok(), "input {count}: {text:?}");
        good += usize::from(format(&text).is_ok());
        count += 1;
    }
    eprintln!("{count} mutated programs in {seconds} s, {good} of them could be read");
    assert!(good * 50 > count, "{good} of {count}");
}

fn mutate(random: &mut Random, text: String) -> String {
    const WORDS: [&str; 24] = [
        "{", "}", "(", ")", ",", ":", "=", "\n", "\n\n", " ", "/* x */", "// y\n", "/// z\n", "..", "|>", ".", "-",
        "4m", "20 kg", "if ", " at ", "not ", "é", "\r\n",
    ];
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..1 + random.below(2) {
        let a = random.below(chars.len() + 1);
        let b = (a + random.below(12)).min(chars.len());
        match random.below(5) {
            0 => drop(chars.drain(a..b)),
            1 => {
                let copy = chars[a..b].to_vec();
                let at = random.below(chars.len() + 1);
                chars.splice(at..at, copy);
            }
            _ => drop(chars.splice(a..a, random.pick(&WORDS).chars())),
        }
    }
    chars.into_iter().collect()
}

/// Words of later versions are laid out by their tokens alone, whatever stands there.
#[test]
fn stray_signs_in_what_is_not_read() {
    let items = ["cut b { a: 3, b: 4\n  c: 5 }", "cut b { a: 3 }", "cut b(a: List<Length>, b) { x, y,\n z }"];
    for item in items {
        for sign in ["-", "+", "|>", "and", "- y", "-y", "- -"] {
            for end in ["", "\n", " // why", "\nlet x = 1\n"] {
                for text in [
                    format!("ngs 1\n{item} {sign}{end}"),
                    format!("ngs 1\n{}{end}", item.replace("3", &format!("3 {sign}"))),
                ] {
                    if format(&text).is_ok() {
                        check(&text, "a stray sign");
                    }
                }
            }
        }
    }
}
