//! Diagnostics for people and for programs. Pure: text in, text out.

use serde_json::{Value, json};

use super::human::Page;
pub use super::human::Style;
use super::{Diagnostic, Severity};
use crate::{SourceMap, Span};

/// In the order of files and places, each once. Diagnostics without a place come last.
pub fn sorted(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut all: Vec<&Diagnostic> = diagnostics.iter().collect();
    all.sort_by(|a, b| {
        let key = |d: &Diagnostic| (d.span.is_none(), d.span, d.severity);
        key(a).cmp(&key(b)).then_with(|| a.code.cmp(&b.code)).then_with(|| a.message.cmp(&b.message))
    });
    all.dedup_by(|a, b| a.code == b.code && a.span == b.span && a.message == b.message);
    all
}

/// All diagnostics as text for people, with excerpts of the source. Empty for no diagnostic.
pub fn human(diagnostics: &[Diagnostic], sources: &SourceMap, style: &Style) -> String {
    let mut out = String::new();
    for diagnostic in sorted(diagnostics) {
        if !out.is_empty() {
            out.push('\n');
        }
        Page::new(sources, style, &mut out).diagnostic(diagnostic);
    }
    out
}

/// `2 errors, 1 warning`; empty for none.
pub fn summary(diagnostics: &[Diagnostic]) -> String {
    let all = sorted(diagnostics);
    let count = |severity, word: &str| match all.iter().filter(|d| d.severity == severity).count() {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// One diagnostic as JSON. The fields are stable:
///
/// * `code`, `severity` (`"error"` or `"warning"`), `message`, `label` (may be empty), `hint` (or null);
/// * a place: `file` (path), `line` and `column` (from 1, columns in characters), `end_line` and `end_column` (one past
///   the last character), `start` and `end` (bytes); all null when no text is to blame;
/// * `because`: a list of places, each with its `text`;
/// * `fix` (or null): `title` and `edits`, a list of places, each with the `text` that replaces them.
pub fn json(diagnostic: &Diagnostic, sources: &SourceMap) -> Value {
    let d = diagnostic;
    let mut out = place(d.span, sources);
    let because: Vec<Value> = d.because.iter().map(|b| with_text(b.span, &b.text, sources)).collect();
    let fix = d.fix.as_ref().map(|fix| {
        let edits: Vec<Value> = fix.edits.iter().map(|e| with_text(e.span, &e.text, sources)).collect();
        json!({ "title": fix.title, "edits": edits })
    });
    out["code"] = json!(d.code);
    out["severity"] = json!(d.severity);
    out["message"] = json!(d.message);
    out["label"] = json!(d.label);
    out["because"] = json!(because);
    out["hint"] = json!(d.hint);
    out["fix"] = json!(fix);
    out
}

fn with_text(span: Span, text: &str, sources: &SourceMap) -> Value {
    let mut out = place(Some(span), sources);
    out["text"] = json!(text);
    out
}

fn place(span: Option<Span>, sources: &SourceMap) -> Value {
    let found = span.and_then(|span| Some((span, sources.files().find(|(id, _)| *id == span.file)?.1)));
    let Some((span, file)) = found else {
        return json!({
            "file": null, "line": null, "column": null, "end_line": null, "end_column": null, "start": null, "end": null,
        });
    };
    let ((line, column), (end_line, end_column)) = (file.position(span.start), file.position(span.end));
    json!({
        "file": file.path, "line": line, "column": column, "end_line": end_line, "end_column": end_column,
        "start": span.start, "end": span.end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FileId;

    fn program() -> SourceMap {
        let mut sources = SourceMap::default();
        sources.add("scene.ngs", "ngs 1\nparam size: Length = 4\n\tname = \"数\" + x\nlast {\n  a\n  b\n  c\n}\n");
        sources.add("kit.ngs", "ngs 1\ncomponent Crane(boom: Length) {}\n");
        sources
    }

    fn span(file: u32, start: usize, end: usize) -> Span {
        Span::new(FileId(file), start, end)
    }

    #[test]
    fn one_line_with_fix_and_because_in_another_file() {
        let d = Diagnostic::error("E0301", "expected Length, found a bare number `4`", span(0, 27, 28))
            .label("needs a unit")
            .because(span(1, 22, 34), "declared here")
            .hint("lengths have units")
            .fix("write `4m`", span(0, 27, 28), "4m");
        insta::assert_snapshot!(human(&[d], &program(), &Style::default()));
    }

    #[test]
    fn tabs_wide_characters_and_two_marks_on_a_line() {
        let d = Diagnostic::warning("W0001", "odd sum", span(0, 46, 47))
            .label("this is no text")
            .because(span(0, 37, 42), "this is a text");
        insta::assert_snapshot!(human(&[d], &program(), &Style::default()));
    }

    #[test]
    fn several_lines_empty_spans_and_no_place() {
        let sources = program();
        let block = Diagnostic::error("E0103", "block", span(0, 47, 68)).label("all of this");
        let end = Diagnostic::error("E0104", "missing `}`", span(0, 69, 69)).label("here");
        let bare = Diagnostic::bare("E0601", "can't write `out.png`").hint("is the disk full?");
        insta::assert_snapshot!(human(&[bare, end, block], &sources, &Style::default()));
    }

    #[test]
    fn colour_changes_no_letter() {
        let d = Diagnostic::error("E0301", "message", span(0, 27, 28)).label("label").hint("hint").fix(
            "t",
            span(0, 27, 28),
            "",
        );
        let plain = human(std::slice::from_ref(&d), &program(), &Style::default());
        let colored = human(&[d], &program(), &Style { color: true, width: 120 });
        let mut stripped = String::new();
        let mut rest = colored.as_str();
        while let Some((before, after)) = rest.split_once('\x1b') {
            stripped += before;
            rest = after.split_once('m').map_or("", |s| s.1);
        }
        stripped += rest;
        assert_ne!(plain, colored);
        assert_eq!(plain, stripped);
    }

    #[test]
    fn hostile_text_is_tame_and_long_lines_are_cropped() {
        let mut sources = SourceMap::default();
        let long = format!("{}\x1b[31m\u{202e}bad{}", "x".repeat(5000), "y".repeat(5000));
        sources.add("long\n.ngs", long.as_str());
        let d = Diagnostic::error("E0103", "found `\x1b[2J`\nsecond line", span(0, 5000, 5011));
        let text = human(&[d], &sources, &Style { color: false, width: 80 });
        assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'), "{text:?}");
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
        assert!(text.contains('^'));
    }

    #[test]
    fn spans_that_no_file_has_do_not_panic() {
        let sources = program();
        for (file, start, end) in [(9, 0, 1), (0, 5000, 6000), (0, 40, 20), (0, 39, 40)] {
            let d = Diagnostic::error("E0103", "m", span(file, start, end)).fix("f", span(file, start, end), "é");
            assert!(human(std::slice::from_ref(&d), &sources, &Style::default()).contains("E0103"));
            assert_eq!(json(&d, &sources)["code"], "E0103");
        }
    }

    #[test]
    fn sorted_by_place_and_each_once() {
        let a = Diagnostic::error("E0103", "a", span(0, 9, 10));
        let b = Diagnostic::error("E0103", "b", span(0, 1, 2));
        let c = Diagnostic::bare("E0601", "c");
        let all = [c.clone(), a.clone(), b.clone(), a.clone()];
        assert_eq!(sorted(&all), [&b, &a, &c]);
        assert_eq!(summary(&all), "3 errors");
        assert_eq!(summary(&[]), "");
    }

    #[test]
    fn json_has_every_field() {
        let d = Diagnostic::error("E0301", "m", span(0, 27, 28)).because(span(1, 22, 34), "declared here").fix(
            "write `4m`",
            span(0, 27, 28),
            "4m",
        );
        insta::assert_snapshot!(serde_json::to_string_pretty(&json(&d, &program())).expect("a tree of strings"));
        let bare = json(&Diagnostic::bare("E0601", "m"), &program());
        assert!(bare["file"].is_null() && bare["line"].is_null() && bare["fix"].is_null());
    }
}
