//! Annotated programs: every diagnostic stands in a comment on its line, and nothing else is reported.
//!
//! `//~ E0301 "part of the message"` on the line itself, `//~^ …` one line above for each caret, `//~! …` anywhere (for
//! what has no place). Options stand in a first line `//@ set NAME=VALUE`, `//@ shot NAME`.

mod common;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scenec_compiler::{Claims, Compilation, MemoryWorld, Options, compile};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors")
}

/// An expectation, or what was found: line (0 for no place), code, text.
#[derive(Clone, Debug, PartialEq)]
struct Finding {
    line: usize,
    code: String,
    text: String,
}

fn expectations(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for note in line.split("//~").skip(1) {
            let carets = note.chars().take_while(|c| *c == '^').count();
            let bare = note.starts_with('!');
            let note = note.trim_start_matches(['^', '!']).trim();
            let (code, rest) = note.split_once(' ').unwrap_or((note, ""));
            let line = if bare { 0 } else { at + 1 - carets };
            found.push(Finding { line, code: code.to_owned(), text: rest.trim().trim_matches('"').to_owned() });
        }
    }
    found
}

fn findings(compilation: &Compilation, path: &str) -> Vec<Finding> {
    compilation
        .diagnostics
        .iter()
        .map(|d| {
            let line = d.span.map_or(0, |s| {
                let file = compilation.sources.file(s.file);
                if file.path == path { file.position(s.start).0 } else { 0 }
            });
            Finding { line, code: d.code.clone(), text: d.message.clone() }
        })
        .collect()
}

/// What is expected and not found, and what is found and not expected.
fn differences(expected: &[Finding], found: &[Finding]) -> Vec<String> {
    let mut left: Vec<&Finding> = found.iter().collect();
    let mut problems = Vec::new();
    for want in expected {
        let at = left.iter().position(|f| f.line == want.line && f.code == want.code && f.text.contains(&want.text));
        match at {
            Some(at) => {
                left.remove(at);
            }
            None => problems.push(format!("missing: line {} {} {:?}", want.line, want.code, want.text)),
        }
    }
    problems.extend(left.into_iter().map(|f| format!("unexpected: line {} {} {:?}", f.line, f.code, f.text)));
    problems
}

fn programs() -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder())
        .expect("the folder of the suite is there")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "ngs"))
        .collect();
    files.sort();
    files
}

fn world() -> MemoryWorld {
    let mut world = common::assets(MemoryWorld::default());
    for entry in std::fs::read_dir(folder().join("lib")).expect("the modules of the suite are there").flatten() {
        let name = format!("lib/{}", entry.file_name().to_string_lossy());
        world = world.with(&name, std::fs::read(entry.path()).expect("a module can be read"));
    }
    world
}

fn run(path: &Path) -> (Compilation, String, String) {
    let text = std::fs::read_to_string(path).expect("a program can be read");
    let name = path.file_name().expect("a program has a name").to_string_lossy().into_owned();
    let mut sets = Vec::new();
    let mut options = Options { claims: Claims::All, ..Options::default() };
    for line in text.lines().take_while(|l| l.starts_with("//@")) {
        let line = line.trim_start_matches("//@").trim();
        if let Some((name, value)) = line.strip_prefix("set ").and_then(|s| s.split_once('=')) {
            sets.push((name.to_owned(), value.to_owned()));
        } else if let Some(shot) = line.strip_prefix("shot ") {
            options.shot = Some(shot.to_owned());
        } else if line == "strict" {
            options.strict = true;
        }
    }
    let compilation = compile(&world().with(&name, text.clone()), &name, &sets, &options);
    (compilation, text, name)
}

#[test]
fn every_program_has_exactly_its_diagnostics() {
    let mut failures = String::new();
    let programs = programs();
    assert!(programs.len() > 20, "the suite is not where it should be");
    for path in programs {
        let (compilation, text, name) = run(&path);
        let problems = differences(&expectations(&text), &findings(&compilation, &name));
        if !problems.is_empty() {
            failures += &format!("{name}\n  {}\n", problems.join("\n  "));
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn the_comparer_fails_when_it_must() {
    let text = "a //~ E0301 \"no unit\"\nb\nc //~^ E0201 \"name\"\n";
    let expected = expectations(text);
    let finding = |line, code: &str, text: &str| Finding { line, code: code.into(), text: text.into() };
    let right = [finding(1, "E0301", "`x` has no unit"), finding(2, "E0201", "the name")];
    assert!(differences(&expected, &right).is_empty());
    assert_eq!(differences(&expected, &right[..1]).len(), 1, "a missing one");
    assert_eq!(differences(&expected, &[right.clone(), right.clone()].concat()).len(), 2, "one too many");
    assert_eq!(differences(&expected, &[finding(2, "E0301", "no unit"), right[1].clone()]).len(), 2, "another line");
    assert_eq!(differences(&expected, &[finding(1, "E0302", "no unit"), right[1].clone()]).len(), 2, "another code");
    assert_eq!(differences(&expected, &[finding(1, "E0301", "unit"), right[1].clone()]).len(), 2, "another text");
}

/// Whoever meets an error can do something about it: a hint says what, or a fix does it.
#[test]
fn every_error_says_what_to_do() {
    let mut helpless = Vec::new();
    for path in programs() {
        let (compilation, _, name) = run(&path);
        let errors = compilation.diagnostics.iter().filter(|d| d.is_error());
        helpless.extend(
            errors
                .filter(|d| d.hint.is_none() && d.fix.is_none())
                .map(|d| format!("{name}: {}: {}", d.code, d.message)),
        );
    }
    assert!(helpless.is_empty(), "\n{}", helpless.join("\n"));
}

#[test]
fn every_code_of_the_checker_is_in_the_suite_and_has_a_page() {
    let mut seen = BTreeSet::new();
    for path in programs() {
        let text = std::fs::read_to_string(path).expect("a program can be read");
        seen.extend(expectations(&text).into_iter().map(|f| f.code));
    }
    for entry in std::fs::read_dir(folder().with_file_name("mistakes")).expect("the suite of mistakes").flatten() {
        let text = std::fs::read_to_string(entry.path()).expect("its cases can be read");
        let said = text
            .lines()
            .filter_map(|l| l.split([' ', ':']).next())
            .filter(|w| w.len() == 5 && w[1..].bytes().all(|b| b.is_ascii_digit()));
        seen.extend(said.filter(|w| w.starts_with(['E', 'W'])).map(str::to_owned));
    }
    // The first two and the last have a test below; the third is a mistake of ours, which `validate.rs` tests.
    let elsewhere = ["E0219", "E0220", "E0499", "W0411"];
    for code in scenec_ir::codes::check::CODES {
        let covered = seen.contains(code.code) || elsewhere.contains(&code.code);
        assert!(covered, "no program shows {}", code.code);
    }
    for code in seen {
        assert!(scenec_ir::codes::find(&code).is_some(), "{code} has no page");
    }
}

#[test]
fn outputs_that_wanted_frames_leave_out_are_named() {
    let text = "ngs 1\nenvironment e { ball = sphere(radius: 1m)  sky = constant_sky() }\ncamera main { frame: ball }\n\
        shot s010 { camera: main, frames: 1001..1005 }\nshot s020 { camera: main, frames: 1005..1009 }\n\
        output a { image: render(s010), file: \"a.{frame}.exr\" }\n\
        output b { image: render(s020), file: \"b.{frame}.exr\" }\n\
        output c { image: render(s020), file: \"c.exr\" }\n";
    let said = |frames| {
        let options = Options { frames: Some(frames), ..Options::default() };
        let compilation = compile(&MemoryWorld::of("scene.ngs", text), "scene.ngs", &[], &options);
        let outputs = compilation.graph.map_or(0, |graph| graph.outputs.len());
        let said = compilation.diagnostics.iter().map(|d| format!("{} {}", d.code, d.message));
        (outputs, said.collect::<Vec<_>>())
    };
    assert_eq!(said((1001, 1009)), (9, vec![]));
    assert_eq!(said((1001, 1003)), (2, vec!["W0411 the outputs `b`, `c` have no frame within 1001..1003".to_owned()]));
    assert_eq!(said((1006, 1008)), (3, vec!["W0411 the output `a` has no frame within 1006..1008".to_owned()]));
    assert_eq!(said((1, 9)), (0, vec!["E0411 no output has a frame within 1..9".to_owned()]));
}

#[test]
fn programs_beyond_a_limit_are_refused() {
    let codes = |world: &MemoryWorld| -> Vec<String> {
        let compilation = compile(world, "scene.ngs", &[], &Options::default());
        assert!(compilation.graph.is_none());
        compilation.diagnostics.into_iter().map(|d| d.code).collect()
    };
    let mut large = String::from("ngs 1\n");
    large.extend(std::iter::repeat_n("// nothing\n", (16 << 20) / 11 + 1));
    assert_eq!(codes(&MemoryWorld::of("scene.ngs", large)), ["E0219"]);
    // One module more than there may be, and one error for however many there are.
    let mut text = String::from("ngs 1\n");
    let mut world = MemoryWorld::default();
    for i in 0..5000 {
        text += &format!("use \"m{i}.ngs\" as m{i}\n");
        world = world.with(&format!("m{i}.ngs"), "ngs 1\n");
    }
    assert_eq!(codes(&world.with("scene.ngs", text)), ["E0220"]);
}

#[test]
fn all_messages_together() {
    let mut all = String::new();
    for path in programs() {
        let (compilation, _, name) = run(&path);
        all += &format!("== {name}\n{}\n", common::compact(&compilation));
    }
    insta::assert_snapshot!("messages", all);
}
