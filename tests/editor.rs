//! The extension for Visual Studio Code: its words are those of the language, and its parts are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use scenec_grammar::words;
use scenec_ir::dimension::UNITS;
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("editors/vscode")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn json(name: &str) -> Value {
    serde_json::from_str(&text(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The words of the one group of a pattern that holds nothing but words: `(a|b|c)`, `(a)`.
fn alternatives(pattern: &str) -> BTreeSet<&str> {
    let is_list =
        |group: &&str| !group.is_empty() && group.bytes().all(|b| b.is_ascii_alphanumeric() || b"_|".contains(&b));
    let groups: Vec<&str> = pattern.split('(').filter_map(|g| g.split_once(')')).map(|g| g.0).filter(is_list).collect();
    assert_eq!(groups.len(), 1, "{pattern}");
    groups[0].split('|').collect()
}

fn set<'a>(words: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
    words.into_iter().collect()
}

#[test]
fn the_grammar_has_the_words_of_the_language() {
    let grammar = json("syntaxes/ngs.tmLanguage.json");
    let pattern = |rule: &str| grammar["repository"][rule]["match"].as_str().unwrap_or_else(|| panic!("{rule}"));
    assert_eq!(alternatives(pattern("items")), set(words::ITEMS));
    for word in words::MODIFIERS {
        assert!(
            pattern("modifiers").contains(&format!("({word})")) && pattern("items").contains(&format!("(?<={word})"))
        );
    }
    assert_eq!(alternatives(pattern("reserved")), set(words::RESERVED));
    assert_eq!(alternatives(pattern("entries")), set(words::ENTRIES));
    assert_eq!(alternatives(pattern("infix")), set(words::INFIX));
    assert_eq!(alternatives(pattern("number")), set(UNITS.iter().map(|u| u.name)));
    let never: BTreeSet<&str> =
        ["control", "constant", "logic"].into_iter().flat_map(|rule| alternatives(pattern(rule))).collect();
    assert_eq!(never, set(words::NEVER_NAMES));
}

#[test]
fn every_rule_of_the_grammar_is_there_and_used() {
    let grammar = json("syntaxes/ngs.tmLanguage.json");
    assert_eq!(grammar["scopeName"], "source.ngs");
    let rules: BTreeSet<String> = grammar["repository"].as_object().expect("rules").keys().cloned().collect();
    let mut included = BTreeSet::new();
    includes(&grammar, &mut included);
    assert_eq!(included, rules);
}

fn includes(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| match value.as_str() {
            Some(rule) if name == "include" => {
                found.insert(rule.trim_start_matches('#').to_owned());
            }
            _ => includes(value, found),
        }),
        Value::Array(items) => items.iter().for_each(|item| includes(item, found)),
        _ => {}
    }
}

#[test]
fn the_manifest_names_what_is_there() {
    let manifest = json("package.json");
    assert_eq!(manifest["version"], env!("CARGO_PKG_VERSION"));
    let language = &manifest["contributes"]["languages"][0];
    let grammar = &manifest["contributes"]["grammars"][0];
    assert_eq!((&language["id"], &grammar["language"]), (&Value::from("ngs"), &Value::from("ngs")));
    assert_eq!(language["extensions"], serde_json::json!([".ngs"]));
    json(language["configuration"].as_str().expect("a path"));
    json(grammar["path"].as_str().expect("a path"));
    // Exact versions: a build today and one in a year are the same.
    for kind in ["dependencies", "devDependencies"] {
        for (name, version) in manifest[kind].as_object().expect("packages") {
            let version = version.as_str().expect("a version");
            assert!(version.bytes().all(|b| b.is_ascii_digit() || b == b'.'), "{name} {version}");
            let locked = json("package-lock.json")["packages"][format!("node_modules/{name}")]["version"].clone();
            assert_eq!(locked, version, "{name}");
        }
    }
    let script = text("extension.js");
    assert!(script.contains("args: [\"lsp\"]") && script.contains("language: \"ngs\""));
    for property in manifest["contributes"]["configuration"]["properties"].as_object().expect("settings").keys() {
        let name = property.strip_prefix("scenec.").expect("a setting of scenec");
        assert!(script.contains(&format!("\"{name}\"")), "{property} is not read");
    }
    for command in manifest["contributes"]["commands"].as_array().expect("commands") {
        let name = command["command"].as_str().expect("a name");
        assert!(script.contains(&format!("\"{name}\"")), "{name} does nothing");
    }
}
