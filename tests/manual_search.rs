//! The search of the manual, by its own script: what stands first.

mod support;

use std::fs;
use std::process::Command;

use scenec_harness::{Outcome, Skip};
use support::*;

/// What is searched, and the places that must come first, in order.
const SEARCHES: &[(&str, &[&str])] = &[
    // Nodes, codes, guides and lists by their names.
    ("gear", &["node-gear.html"]),
    ("GEAR", &["node-gear.html"]),
    ("e0301", &["code-E0301.html"]),
    ("units", &["units.html"]),
    ("tutorial", &["tutorial.html"]),
    // Functions, types and words are sections of lists.
    ("lerp", &["functions.html#lerp"]),
    ("length", &["functions.html#length", "types.html#length"]),
    ("facing", &["clauses.html#facing"]),
    // Units, parameters, members of enumerations, clocks.
    ("mm", &["types.html#length"]),
    ("agx", &["node-view.html"]),
    ("lens", &["node-camera.html"]),
    ("frame", &["reference.html#time", "node-camera.html"]),
    ("fps", &["items.html#shot"]),
    ("spacing", &["node-scatter.html"]),
    // A word of a title, then a text that has a word which begins so.
    ("limits", &["reference.html#limits"]),
    ("dimen", &["reference.html#types-and-units"]),
    // Text: the section that says it, not the whole guide.
    ("centripetal", &["reference.html#functions", "functions.html#along"]),
    ("poisson", &["node-scatter.html"]),
    // All words.
    ("scatter seed", &["node-scatter.html"]),
    ("zzzz", &[]),
    ("gear zzzz", &[]),
];

/// Runs the script as a browser does, and prints what is found for each line of its input.
const DRIVER: &str = r#"
const fs = require("fs");
const [script, ...queries] = process.argv.slice(1);
const element = () => ({ addEventListener() {} });
globalThis.document = { getElementById: element, addEventListener() {} };
const search = new Function(fs.readFileSync(script, "utf8") + "; return search;")();
console.log(JSON.stringify(queries.map((query) => search(query).map((entry) => entry.u))));
"#;

fn what_is_meant_comes_first() -> Outcome {
    let folder = tempfile::tempdir().expect("a folder");
    good(&scenec(root(), &["docs", "--format", "html", "--out", &folder.path().display().to_string()]));
    let script = folder.path().join("search.js");
    assert!(fs::read_to_string(&script).expect("a script").contains("function search("));
    let mut node = Command::new("node");
    node.args(["-e", DRIVER]).arg(&script).args(SEARCHES.iter().map(|(query, _)| query));
    let output = node.output().map_err(|_| Skip::new("there is no node"))?;
    let found: Vec<Vec<String>> = serde_json::from_str(&good(&output)).expect("a list for each search");
    let mut wrong = Vec::new();
    for ((query, wanted), found) in SEARCHES.iter().zip(&found) {
        let first: Vec<&str> = found.iter().take(wanted.len().max(4)).map(String::as_str).collect();
        if !first.starts_with(wanted) || query.contains("zzzz") && !found.is_empty() {
            wrong.push(format!("{query}: {first:?}, not {wanted:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    Ok(())
}

scenec_harness::tests![what_is_meant_comes_first];
