//! What `scenec diff` says of two programs. Cases stand in `tests/diff/*.cases`:
//!
//! ```text
//! === a larger ball
//! ngs 1
//! environment yard { ball = sphere(radius: 1m) }
//! ===>
//! ngs 1
//! environment yard { ball = sphere(radius: 2m) }
//! ---
//! ~ yard/ball#thing  sphere
//!     radius: 1m -> 2m
//!
//! 1 changed
//! ```
//!
//! Both programs get a camera and a still. `UPDATE_DIFF=1 cargo test -p scenec-compiler --test diff` writes what is said now.

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use scenec_compiler::{MemoryWorld, Options, compile};
use scenec_ir::Graph;
use scenec_ir::diagnostic::render::Style;
use scenec_ir::diff::{Side, diff, text};

/// What every program ends with, unless it has an output of its own.
const STILL: &str = "camera main { at: (0m, 1m, 9m), look_at: (0m, 0m, 0m) }\nshot s { camera: main, size: (64px, 64px) }\n\
                     output still { image: render(s) |> view(agx), file: \"still.png\" }\n";

#[derive(Debug, Default, PartialEq)]
struct Case {
    title: String,
    old: String,
    new: String,
    said: String,
}

fn parse(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut part = 0;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("=== ") {
            cases.push(Case { title: title.to_owned(), ..Case::default() });
            part = 0;
        } else if let Some(case) = cases.last_mut() {
            match line {
                "===>" => part = 1,
                "---" => part = 2,
                line => {
                    let text = [&mut case.old, &mut case.new, &mut case.said];
                    let text = text.into_iter().nth(part).expect("a part of a case");
                    *text += line;
                    text.push('\n');
                }
            }
        }
    }
    cases.iter_mut().for_each(|c| c.said = c.said.trim().to_owned());
    cases
}

fn graph(text: &str) -> Graph {
    let world = common::assets(MemoryWorld::default());
    let text = if text.contains("output ") { text.to_owned() } else { format!("{text}{STILL}") };
    let compilation = compile(&world.with("scene.ngs", text), "scene.ngs", &[], &Options::default());
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    Graph::clone(&compilation.graph.expect("a program without errors has a graph"))
}

/// What is said, without the two lines of names.
fn said(old: &Graph, new: &Graph) -> String {
    let found = diff(old, new, &BTreeMap::new(), &BTreeMap::new()).expect("compiled graphs are sound");
    let side = Side { name: "scene.ngs", sources: None };
    let text = text(&found, side, side, &Style::default());
    text.trim_start_matches("--- scene.ngs\n+++ scene.ngs\n").trim().to_owned()
}

#[test]
fn every_case_says_what_it_should() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/diff");
    let mut failures = String::new();
    let mut count = 0;
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the cases are there").flatten().collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    for file in files {
        let text = std::fs::read_to_string(file.path()).expect("cases are UTF-8");
        let mut written = text.split_once("=== ").map_or(String::new(), |(remark, _)| remark.to_owned());
        for case in parse(&text) {
            count += 1;
            let (old, new) = (graph(&case.old), graph(&case.new));
            let said = said(&old, &new);
            assert!(diff(&new, &new, &BTreeMap::new(), &BTreeMap::new()).expect("it is sound").is_empty());
            if said != case.said {
                failures += &format!("{}:\n{said}\n\nand not:\n{}\n\n", case.title, case.said);
            }
            written += &format!("=== {}\n{}===>\n{}---\n{said}\n\n", case.title, case.old, case.new);
        }
        if std::env::var_os("UPDATE_DIFF").is_some() {
            std::fs::write(file.path(), format!("{}\n", written.trim_end())).expect("the cases can be written");
        }
    }
    assert!(count >= 15, "{count} cases");
    assert!(std::env::var_os("UPDATE_DIFF").is_some() || failures.is_empty(), "\n{failures}");
}

#[test]
fn cases_are_read_as_they_are_written() {
    let cases = parse("A remark.\n=== one\na\n===>\nb\n---\nsaid\n\n=== two\n===>\nc\n---\n");
    let case = |title: &str, old: &str, new: &str, said: &str| Case {
        title: title.into(),
        old: old.into(),
        new: new.into(),
        said: said.into(),
    };
    assert_eq!(cases, [case("one", "a\n", "b\n", "said"), case("two", "", "c\n", "")]);
}
