//! Diagnostics as SARIF 2.1.0 (OASIS Standard, "Static Analysis Results Interchange Format"), which code hosts and editors read.

use std::collections::BTreeSet;
use std::fmt::Write;

use serde_json::{Value, json};

use super::render::sorted;
use super::{Diagnostic, Fix, Severity};
use crate::{SourceMap, Span, codes};

/// One log with one run of `scenec` of this version. Columns count characters, from 1; ends are one past the last.
pub fn sarif(diagnostics: &[Diagnostic], sources: &SourceMap, version: &str) -> Value {
    let all = sorted(diagnostics);
    let rules: Vec<&str> = all.iter().map(|d| d.code.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
    let results: Vec<Value> = all
        .iter()
        .map(|d| {
            let mut result = json!({
                "ruleId": d.code,
                "ruleIndex": rules.binary_search(&d.code.as_str()).unwrap_or_default(),
                "level": if d.severity == Severity::Error { "error" } else { "warning" },
                "message": { "text": message(d) },
                "locations": d.span.and_then(|s| place(s, sources)).into_iter().collect::<Vec<_>>(),
            });
            let related: Vec<Value> = d
                .because
                .iter()
                .filter_map(|b| {
                    let mut location = place(b.span, sources)?;
                    location["message"] = json!({ "text": b.text });
                    Some(location)
                })
                .collect();
            if !related.is_empty() {
                result["relatedLocations"] = json!(related);
            }
            if let Some(fix) = d.fix.as_ref().and_then(|fix| changes(fix, sources)) {
                result["fixes"] = json!([fix]);
            }
            result
        })
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "scenec",
                "semanticVersion": version,
                "rules": rules.iter().map(|code| rule(code)).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

/// Message and hint: most readers show nothing else.
fn message(d: &Diagnostic) -> String {
    match &d.hint {
        Some(hint) => format!("{}\n{hint}", d.message),
        None => d.message.clone(),
    }
}

fn rule(code: &str) -> Value {
    let mut rule = json!({ "id": code });
    if let Some(page) = codes::find(code) {
        rule["shortDescription"] = json!({ "text": page.title });
        rule["fullDescription"] = json!({ "text": page.meaning() });
    }
    rule
}

/// `location`; nothing for a span of no file.
fn place(span: Span, sources: &SourceMap) -> Option<Value> {
    let (artifact, region) = region(span, sources)?;
    Some(json!({ "physicalLocation": { "artifactLocation": artifact, "region": region } }))
}

fn region(span: Span, sources: &SourceMap) -> Option<(Value, Value)> {
    let (_, file) = sources.files().find(|(id, _)| *id == span.file)?;
    let ((line, column), (end_line, end_column)) = (file.position(span.start), file.position(span.end));
    let region = json!({ "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column });
    Some((json!({ "uri": uri(&file.path) }), region))
}

/// `fix`; nothing when an edit is of no file.
fn changes(fix: &Fix, sources: &SourceMap) -> Option<Value> {
    let changes: Option<Vec<Value>> = fix
        .edits
        .iter()
        .map(|edit| {
            let (artifact, region) = region(edit.span, sources)?;
            let replacement = json!({ "deletedRegion": region, "insertedContent": { "text": edit.text } });
            Some(json!({ "artifactLocation": artifact, "replacements": [replacement] }))
        })
        .collect();
    Some(json!({ "description": { "text": fix.title }, "artifactChanges": changes? }))
}

/// A path as a URI reference (RFC 3986): relative, or `file:` for an absolute path.
fn uri(path: &str) -> String {
    let windows = path.as_bytes().get(1..3) == Some(b":/");
    let mut out = match (path.starts_with('/'), windows) {
        (true, _) => "file://".to_owned(),
        (false, true) => "file:///".to_owned(),
        _ => String::new(),
    };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte as char),
            b':' if windows => out.push(':'),
            _ => drop(write!(out, "%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    #[test]
    fn a_log_has_every_field() {
        let mut sources = SourceMap::default();
        sources.add("dock yard/scene.ngs", "ngs 1\nparam size: Length = 4\n");
        sources.add("/kits/数.ngs", "ngs 1\ncomponent Crane(boom: Length) {}\n");
        let span = |file, start, end| Span::new(FileId(file), start, end);
        let d = Diagnostic::error("E0301", "expected a Length", span(0, 27, 28))
            .because(span(1, 22, 34), "declared here")
            .hint("lengths have units")
            .fix("write `4m`", span(0, 27, 28), "4m");
        let warning = Diagnostic::warning("W0201", "never used", span(0, 12, 16));
        let bare = Diagnostic::bare("E0601", "the disk is full");
        let lost = Diagnostic::error("E0103", "of no file", span(9, 0, 1)).fix("f", span(9, 0, 1), "");
        let log = sarif(&[bare, warning, d, lost], &sources, "1.2.3");
        insta::assert_snapshot!(serde_json::to_string_pretty(&log).expect("a tree of strings"));
        assert_eq!(sarif(&[], &sources, "1.2.3")["runs"][0]["results"], json!([]));
    }

    #[test]
    fn paths_are_uris() {
        for (path, want) in [
            ("a/b.ngs", "a/b.ngs"),
            ("a b#?.ngs", "a%20b%23%3F.ngs"),
            ("/x/y.ngs", "file:///x/y.ngs"),
            ("C:/x.ngs", "file:///C:/x.ngs"),
            ("é", "%C3%A9"),
        ] {
            assert_eq!(uri(path), want);
        }
    }
}
