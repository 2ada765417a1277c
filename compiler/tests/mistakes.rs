//! What a newcomer types, and what is said to it. Cases stand in `tests/mistakes/*.cases`:
//!
//! ```text
//! === a comment of Python
//! ngs 1
//! # the harbour
//! ---
//! E0111 at 2 "#": `#` begins no comment
//!   hint: comments begin with `//`; `#` begins a colour such as `#3a4a55`
//!   fix: // the harbour
//! ```
//!
//! A case is a title, a program, and after `---` all that is said: code, line and text under the mark, message; then hint and
//! the lines that the fix writes. It is compared exactly. Every case has one error, or as many as its title says:
//! `=== 2: title`. Further files of the program begin with `+++ path`. Options stand under the title: `@ set name=value`,
//! `@ crlf`, `@ bom`, `@ latin1` (bytes that are no UTF-8), `@ open end` (no line break at the end), `@ the fix leaves E0304`.
//!
//! `UPDATE_MISTAKES=1 cargo test -p scenec-compiler --test mistakes` writes what is said now. What no update can hide is
//! tested too: the number of errors, that each says what to do, and that fixes mend.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;

use scenec_compiler::{Claims, Compilation, MemoryWorld, Options, compile};
use scenec_ir::{Diagnostic, Span};

/// The root module of every case.
const ROOT: &str = "scene.ngs";

#[derive(Clone, Debug, Default, PartialEq)]
struct Case {
    title: String,
    errors: usize,
    options: Vec<String>,
    /// Path and text; the root first.
    files: Vec<(String, String)>,
    said: String,
}

impl Case {
    fn has(&self, option: &str) -> bool {
        self.options.iter().any(|o| o == option)
    }

    /// The text of a file as it is on disk.
    fn bytes(&self, text: &str) -> Vec<u8> {
        let mut text = text.to_owned();
        if self.has("open end") {
            text.truncate(text.trim_end_matches('\n').len());
        }
        if self.has("crlf") {
            text = text.replace('\n', "\r\n");
        }
        if self.has("bom") {
            text.insert(0, '\u{feff}');
        }
        match self.has("latin1") {
            true => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
            false => text.into_bytes(),
        }
    }

    fn compile(&self, files: &[(String, Vec<u8>)]) -> Compilation {
        let mut world = common::assets(MemoryWorld::default());
        for (path, bytes) in files {
            world = world.with(path, bytes.clone());
        }
        let sets: Vec<(String, String)> = self
            .options
            .iter()
            .filter_map(|o| o.strip_prefix("set ")?.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        compile(&world, ROOT, &sets, &Options { claims: Claims::All, ..Options::default() })
    }

    fn run(&self) -> (Vec<(String, Vec<u8>)>, Compilation) {
        let files: Vec<_> = self.files.iter().map(|(path, text)| (path.clone(), self.bytes(text))).collect();
        let compilation = self.compile(&files);
        (files, compilation)
    }
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut in_program = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            let counted = title.split_once(": ").and_then(|(n, rest)| Some((n.parse().ok()?, rest)));
            let (errors, title) = counted.unwrap_or((1, title));
            let files = vec![(ROOT.to_owned(), String::new())];
            cases.push(Case { title: title.to_owned(), errors, files, ..Case::default() });
            in_program = true;
            continue;
        }
        // What stands in front of the first case is a remark.
        let Some(case) = cases.last_mut() else { continue };
        let first = case.files.len() == 1 && case.files[0].1.is_empty();
        if !in_program {
            case.said += line;
            case.said.push('\n');
        } else if line == "---" {
            in_program = false;
        } else if let Some(option) = line.strip_prefix("@ ").filter(|_| first) {
            case.options.push(option.to_owned());
        } else if let Some(path) = line.strip_prefix("+++ ") {
            case.files.push((path.to_owned(), String::new()));
        } else if let Some((_, text)) = case.files.last_mut() {
            text.push_str(line);
            text.push('\n');
        }
    }
    cases.iter_mut().for_each(|c| c.said = c.said.trim().to_owned());
    cases
}

fn write(remark: &str, cases: &[(Case, String)]) -> String {
    let mut out = remark.to_owned();
    for (case, said) in cases {
        let count = if case.errors == 1 { String::new() } else { format!("{}: ", case.errors) };
        let _ = writeln!(out, "=== {count}{}", case.title);
        case.options.iter().for_each(|o| out += &format!("@ {o}\n"));
        for (i, (path, text)) in case.files.iter().enumerate() {
            if i > 0 {
                let _ = writeln!(out, "+++ {path}");
            }
            out += text;
        }
        let _ = write!(out, "---\n{said}\n\n");
    }
    format!("{}\n", out.trim_end())
}

/// Everything that is said, as it stands in a case.
fn said_of(compilation: &Compilation) -> String {
    let mut out = String::new();
    for d in &compilation.diagnostics {
        out += &d.code;
        if let Some(span) = d.span {
            let file = compilation.sources.file(span.file);
            let path = if file.path == ROOT { String::new() } else { format!("{}:", file.path) };
            let marked = compilation.sources.text(span);
            let marked = match marked.split_once('\n') {
                Some((first, _)) => format!("{first}…"),
                None => marked.to_owned(),
            };
            let _ = write!(out, " at {path}{} {marked:?}", file.position(span.start).0);
        }
        let _ = writeln!(out, ": {}", d.message);
        if let Some(hint) = &d.hint {
            let _ = writeln!(out, "  hint: {hint}");
        }
        for line in mended_lines(compilation, d) {
            let _ = writeln!(out, "  fix: {line}");
        }
    }
    if out.is_empty() { "nothing".to_owned() } else { out.trim_end().to_owned() }
}

/// Lines that a fix changes or writes, without their indentation.
fn mended_lines(compilation: &Compilation, d: &Diagnostic) -> Vec<String> {
    let Some(first) = d.fix.as_ref().and_then(|f| f.edits.first()) else { return Vec::new() };
    let before = compilation.sources.file(first.span.file).text.to_string();
    let after = mend(&before, &[d], first.span.file.0);
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let changed = &new[head..new.len() - tail];
    match changed {
        [] => vec!["(a line less)".to_owned()],
        lines => lines.iter().map(|l| l.trim().to_owned()).collect(),
    }
}

/// A text with the fixes of some diagnostics in it.
fn mend(text: &str, diagnostics: &[&Diagnostic], file: u32) -> String {
    let edits = diagnostics.iter().filter_map(|d| d.fix.as_ref()).flat_map(|f| &f.edits);
    let mut edits: Vec<(Span, &str)> =
        edits.filter(|e| e.span.file.0 == file).map(|e| (e.span, e.text.as_str())).collect();
    edits.sort();
    edits.dedup();
    let mut text = text.to_owned();
    for (span, with) in edits.into_iter().rev() {
        text.replace_range(span.range(), with);
    }
    text
}

fn files() -> Vec<(PathBuf, String)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/mistakes");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder of the suite is there")
        .filter_map(|e| e.ok().map(|e| e.path()))
        .filter(|p| p.extension().is_some_and(|e| e == "cases"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} is empty", folder.display());
    paths.into_iter().map(|p| (p.clone(), std::fs::read_to_string(p).expect("the suite is UTF-8"))).collect()
}

#[test]
fn every_mistake_is_told_as_the_case_says() {
    let update = std::env::var_os("UPDATE_MISTAKES").is_some();
    let mut problems = String::new();
    let (mut count, mut titles) = (0, BTreeSet::new());
    for (path, text) in files() {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mut now = Vec::new();
        for case in parse(&text) {
            count += 1;
            let (_, compilation) = case.run();
            let said = said_of(&compilation);
            if !titles.insert(case.title.clone()) {
                let _ = writeln!(problems, "{name}: two cases have the title `{}`", case.title);
            }
            if said != case.said && !update {
                let _ = writeln!(problems, "{name}: {}\n--- expected\n{}\n--- said\n{said}\n", case.title, case.said);
            }
            now.push((case, said));
        }
        if update {
            let remark = text.split("=== ").next().unwrap_or_default();
            std::fs::write(&path, write(remark, &now)).expect("the suite can be written");
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    assert!(count >= 100, "only {count} cases were found");
}

/// What holds for every case, whatever an update wrote into it.
#[test]
fn one_mistake_gives_one_error_that_says_what_to_do() {
    let mut problems = String::new();
    for (_, text) in files() {
        for case in parse(&text) {
            let (files, compilation) = case.run();
            let found = &compilation.diagnostics;
            let mut complain = |what: &str| {
                let _ = writeln!(problems, "{}: {what}\n{}\n", case.title, said_of(&compilation));
            };
            if found.len() != case.errors {
                complain(&format!("{} diagnostics, not {}", found.len(), case.errors));
            }
            for d in found.iter().filter(|d| d.is_error()) {
                match &d.hint {
                    None if d.fix.is_none() => complain("says nothing of what to do"),
                    Some(hint) if hint.contains("scenec explain E") => complain("only refers to the manual"),
                    _ => {}
                }
                let marked = d.span.map_or("", |s| compilation.sources.text(s));
                if !marked.is_empty() && marked.trim().is_empty() {
                    complain("marks blanks");
                }
            }
            let errors: Vec<&Diagnostic> = found.iter().filter(|d| d.is_error()).collect();
            if errors.is_empty() || errors.iter().any(|d| d.fix.is_none()) {
                continue;
            }
            let mended: Vec<(String, Vec<u8>)> = files
                .iter()
                .map(|(path, bytes)| {
                    let source = compilation.sources.files().find(|(_, f)| f.path == *path);
                    let text = source.map(|(id, f)| mend(&f.text, &errors, id.0).into_bytes());
                    (path.clone(), text.unwrap_or_else(|| bytes.clone()))
                })
                .collect();
            let after = case.compile(&mended);
            let left: Vec<&str> = after.diagnostics.iter().filter(|d| d.is_error()).map(|d| &*d.code).collect();
            let allowed: Vec<&str> = case
                .options
                .iter()
                .filter_map(|o| o.strip_prefix("the fix leaves "))
                .flat_map(|o| o.split(' '))
                .collect();
            if left != allowed {
                complain(&format!("after the fix:\n{}\nis left of", said_of(&after)));
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
}

#[test]
fn cases_are_read_and_written_back() {
    let text = "A remark.\n\n=== 2: two files\n@ crlf\n@ set a=1\nngs 1\nuse \"k.ngs\" as k\n+++ k.ngs\nngs 1\n---\nE0101: x\n  hint: y\n\n=== next\nngs 1\n---\nnothing\n";
    let cases = parse(text);
    assert_eq!((cases.len(), cases[0].errors, cases[0].files.len()), (2, 2, 2));
    assert_eq!((cases[0].said.as_str(), cases[1].title.as_str()), ("E0101: x\n  hint: y", "next"));
    assert_eq!(cases[0].bytes("a\nb\n"), b"a\r\nb\r\n");
    let unchanged: Vec<_> = cases.into_iter().map(|c| (c.clone(), c.said)).collect();
    assert_eq!(write("A remark.\n\n", &unchanged), text);
}

#[test]
fn the_comparer_sees_every_difference() {
    let case = |text: &str| parse(&format!("=== x\n{text}---\n")).remove(0);
    let told = |text: &str| said_of(&case(text).run().1);
    let right = told("ngs 1\nlet a = .5\ncamera c { at: (0m, 0m, 0m), fov: a * 1deg }\n");
    for other in
        ["ngs 1\n\nlet a = .5\ncamera c { at: (0m, 0m, 0m), fov: a * 1deg }\n", "ngs 1\nlet a = .6\n", "ngs 1\n"]
    {
        assert_ne!(right, told(other), "{other}");
    }
    assert!(right.contains("at 2 \".5\"") && right.contains("fix: let a = 0.5"), "{right}");
}

/// Programs in the hints are programs: what they name may be missing, nothing else.
#[test]
fn hints_show_what_compiles() {
    let mut problems = String::new();
    let mut count = 0;
    let said: String = files().iter().flat_map(|(_, text)| parse(text)).map(|case| case.said + "\n").collect();
    for hint in said.lines().filter_map(|l| l.trim().strip_prefix("hint: ")).collect::<BTreeSet<_>>() {
        for code in hint.split('`').skip(1).step_by(2) {
            let word = code.split(' ').next().unwrap_or_default();
            if !scenec_grammar::words::ITEMS.contains(&word) || code == word || code.contains('…') {
                continue;
            }
            count += 1;
            let case = Case { title: String::new(), ..Case::default() };
            let found = case.compile(&[(ROOT.to_owned(), format!("ngs 1\n{code}\n").into_bytes())]);
            // `name`, `condition` and `path.ngs` stand for what the user has.
            let allowed = ["E0201", "E0209", "E0213", "E0501", "E0304"];
            if found.diagnostics.iter().any(|d| d.is_error() && !allowed.contains(&d.code.as_str())) {
                let _ = writeln!(problems, "{code}\n{}\n", said_of(&found));
            }
        }
    }
    assert!(problems.is_empty(), "\n{problems}");
    assert!(count > 15, "{count} programs were found in hints");
}

/// Codes in the cases, with the number of cases of each: an overview for who adds one.
#[test]
fn cases_name_codes_that_have_pages() {
    let mut codes: BTreeMap<String, usize> = BTreeMap::new();
    for (_, text) in files() {
        for case in parse(&text) {
            for line in case.said.lines().filter(|l| !l.starts_with(' ') && *l != "nothing") {
                *codes.entry(line.chars().take(5).collect()).or_default() += 1;
            }
        }
    }
    for code in codes.keys() {
        assert!(scenec_ir::codes::find(code).is_some(), "{code} has no page");
    }
}

/// Cases with random edits: no panic, help for every error, and fixes that can be applied.
#[test]
fn mutated_cases_never_panic_and_their_fixes_are_edits() {
    const BITS: [&str; 24] = [
        "{", "}", "(", ")", "\"", "'", "“", "–", "°", "->", "==", "..", "#", "\\", "|", ",", ":", "=", "\n", "1,5",
        "new ", "ngs 1", "é", "4\"",
    ];
    let programs: Vec<String> =
        files().iter().flat_map(|(_, text)| parse(text)).map(|mut case| case.files.remove(0).1).collect();
    // xorshift64: the same programs everywhere.
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % n.max(1) as u64) as usize
    };
    let boundary =
        |text: &str, at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    for _ in 0..5000 {
        let mut text = programs[random(programs.len())].clone();
        for _ in 0..1 + random(3) {
            let from = boundary(&text, random(text.len() + 1));
            let to = boundary(&text, from + random(9)).max(from);
            match random(2) {
                0 => text.insert_str(from, BITS[random(BITS.len())]),
                _ => text.replace_range(from..to, ""),
            }
        }
        let world = common::assets(MemoryWorld::of(ROOT, text.clone()));
        let compilation = compile(&world, ROOT, &[], &Options { claims: Claims::All, ..Options::default() });
        for d in &compilation.diagnostics {
            assert!(!d.is_error() || d.hint.is_some() || d.fix.is_some(), "{d:?} of\n{text}");
            let mut edits: Vec<Span> = d.fix.iter().flat_map(|f| &f.edits).map(|e| e.span).collect();
            edits.sort();
            assert!(edits.windows(2).all(|w| w[0].end <= w[1].start), "edits overlap: {d:?} of\n{text}");
            for span in edits {
                let source = &compilation.sources.file(span.file).text;
                assert!(source.get(span.range()).is_some(), "an edit beside the text: {d:?} of\n{text}");
            }
        }
    }
}
