//! Every file of `tests/errors` holds its expectations: `//~ E0103 "part of the message"` stands on the line of the error,
//! `//~^` under it (one `^` per line). The set of diagnostics is exactly the set of expectations.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scenec_ir::{Diagnostic, SourceMap};

/// One expectation: line, code, part of the message.
type Expected = (usize, String, String);

fn expectations(text: &str) -> Vec<Expected> {
    let mut all = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let Some((_, note)) = line.split_once("//~") else { continue };
        let above = note.bytes().take_while(|&b| b == b'^').count();
        let mut words = note[above..].trim().splitn(2, ' ');
        let code = words.next().unwrap_or_default().to_owned();
        let part = words.next().unwrap_or_default().trim();
        let part = part.strip_prefix('"').and_then(|p| p.strip_suffix('"')).unwrap_or(part).to_owned();
        all.push((i + 1 - above, code, part));
    }
    all
}

/// What differs between expectations and diagnostics; empty when nothing does.
fn compare(text: &str, diagnostics: &[Diagnostic], sources: &SourceMap) -> Vec<String> {
    let mut wanted = expectations(text);
    let mut problems = Vec::new();
    for d in diagnostics {
        let line = d.span.map_or(0, |s| sources.file(s.file).position(s.start).0);
        let found = wanted
            .iter()
            .position(|(l, code, part)| *l == line && *code == d.code && d.message.contains(part.as_str()));
        match found {
            Some(i) => drop(wanted.remove(i)),
            None => problems.push(format!("line {line}: unexpected {}: {}", d.code, d.message)),
        }
    }
    problems.extend(wanted.iter().map(|(line, code, part)| format!("line {line}: missing {code} {part:?}")));
    problems
}

fn check(path: &str, text: &str) -> (Vec<Diagnostic>, Vec<String>) {
    let mut sources = SourceMap::default();
    let file = sources.add(path, text);
    let (_, diagnostics) = scenec_grammar::parse(file, text);
    let problems = compare(text, &diagnostics, &sources);
    (diagnostics, problems)
}

fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    let mut all: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder is part of the crate")
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|e| e == "ngs"))
        .collect();
    all.sort();
    assert!(!all.is_empty(), "{} is empty", folder.display());
    all
}

#[test]
fn every_file_has_exactly_its_errors() {
    let mut problems = Vec::new();
    for path in files("errors") {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&path).expect("the suite is UTF-8");
        problems.extend(check(&name, &text).1.into_iter().map(|p| format!("{name}: {p}")));
    }
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn the_comparer_sees_what_is_missing_too_much_and_wrong() {
    let count = |text: &str| check("x.ngs", text).1.len();
    assert_eq!(count("ngs 1\nlet a = = 3 //~ E0103 \"expected an expression\"\n"), 0);
    assert_eq!(count("ngs 1\nlet a = = 3\n"), 1, "an error without an expectation");
    assert_eq!(count("ngs 1\nlet a = 3 //~ E0103\n"), 1, "an expectation without an error");
    assert_eq!(count("ngs 1\nlet a = = 3 //~ E0104\n"), 2, "another code");
    assert_eq!(count("ngs 1\nlet a = = 3 //~ E0103 \"cheese\"\n"), 2, "another text");
    assert_eq!(count("ngs 1\nlet a = = 3\n//~ E0103\n"), 2, "another line");
    assert_eq!(count("ngs 1\nlet a = = 3\n//~^ E0103\n"), 0);
}

/// Codes that no small file can provoke; `robust.rs` tests them.
const LARGE: [&str; 2] = ["E0124", "E0125"];

#[test]
fn every_syntax_code_is_provoked_and_has_a_page() {
    let pages: BTreeSet<&str> = scenec_ir::codes::syntax::CODES.iter().map(|c| c.code).collect();
    let mut seen: BTreeSet<String> = LARGE.iter().map(|c| (*c).to_owned()).collect();
    for path in files("errors") {
        let text = std::fs::read_to_string(&path).expect("the suite is UTF-8");
        seen.extend(check("x.ngs", &text).0.into_iter().map(|d| d.code));
    }
    let seen: BTreeSet<&str> = seen.iter().map(String::as_str).collect();
    assert_eq!(seen, pages, "left: codes in use; right: codes with a page");
}

#[test]
fn pages_show_programs_that_have_the_error_and_programs_that_have_none() {
    for code in scenec_ir::codes::syntax::CODES {
        assert_eq!(check("right.ngs", code.right).0, [], "{}: {}", code.code, code.right);
        if !LARGE.contains(&code.code) {
            let codes: Vec<String> = check("wrong.ngs", code.wrong).0.into_iter().map(|d| d.code).collect();
            assert_eq!(codes, [code.code], "{}", code.wrong);
        }
    }
}

/// Whoever meets an error can do something about it: a hint says what, or a fix does it.
#[test]
fn every_error_says_what_to_do() {
    let mut helpless = Vec::new();
    for path in files("errors") {
        let text = std::fs::read_to_string(&path).expect("the suite is UTF-8");
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        for d in check(&name, &text).0 {
            if d.is_error() && d.hint.is_none() && d.fix.is_none() {
                let start = d.span.map_or(0, |s| s.start as usize);
                let line = text[..start].lines().count();
                helpless.push(format!("{name}: line {line}: {}: {}", d.code, d.message));
            }
        }
    }
    assert!(helpless.is_empty(), "\n{}", helpless.join("\n"));
}

#[test]
fn fixes_mend() {
    let mut mended = 0;
    for path in files("errors") {
        let text = std::fs::read_to_string(&path).expect("the suite is UTF-8");
        for d in check("x.ngs", &text).0 {
            let Some(fix) = &d.fix else { continue };
            let mut edits = fix.edits.clone();
            edits.sort_by_key(|e| e.span);
            assert!(edits.windows(2).all(|w| w[0].span.end <= w[1].span.start), "edits overlap: {d:?}");
            let mut after = text.clone();
            for edit in edits.iter().rev() {
                after.replace_range(edit.span.range(), &edit.text);
            }
            let remaining = check("x.ngs", &after).0;
            let before = check("x.ngs", &text).0.len();
            // An edition that is not known hides the rest of its file.
            if d.code != "E0102" {
                assert!(remaining.len() <= before, "{}: fix of {d:?} makes it worse: {remaining:?}", path.display());
                let same = remaining.iter().filter(|r| r.code == d.code).count();
                let was = check("x.ngs", &text).0.iter().filter(|r| r.code == d.code).count();
                assert!(same < was, "{}: the fix of {d:?} mends nothing", path.display());
            }
            mended += 1;
        }
    }
    assert!(mended > 60, "{mended} fixes were tried");
}
