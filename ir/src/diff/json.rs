//! A comparison for programs.

use serde_json::{Value as Json, json as tree};

use super::frames::{Entry, Frames, Told, entries};
use super::text::Side;
use super::{Aspect, Content, Diff, What};
use crate::Value;

/// The comparison as events, one object each; the fields are stable:
///
/// * of nodes, `event` is `added`, `removed`, `changed` or `renamed`, with `id`, `kind`, `layer`, `place` (`file:line:column`
///   or null), `changes`, and for `renamed` `from` and `below` (how many nodes were renamed with it);
/// * nodes of several frames of an output or a shot that differ in nothing but the number of their frame are one event:
///   `frames` holds their frames as half-open ranges, and `{frame}` stands for the number in ids and texts;
/// * a change has `what` (`kind`, `layer`, `output`, `param`, `input` or `order`), `name`, `old` and `new` as text (or null)
///   and, for numbers, `old_si` and `new_si` in SI units;
/// * of files, `event` is `file`, with `path`, the digests `old` and `new`, and `readers`;
/// * the last one is `done`, with the numbers `added`, `removed`, `changed`, `renamed`, `files` and `equal`.
pub fn json<'d>(diff: &'d Diff, old: Side<'d>, new: Side<'d>) -> impl Iterator<Item = Json> + 'd {
    let nodes = entries(&diff.nodes, Frames::Equal).into_iter().map(move |entry| node(&entry, old, new));
    let files = diff
        .files
        .iter()
        .map(|f| tree!({"event": "file", "path": f.path, "old": f.old, "new": f.new, "readers": f.readers}));
    let counts = diff.counts();
    let done = tree!({
        "event": "done", "added": counts.added, "removed": counts.removed, "changed": counts.changed,
        "renamed": counts.renamed, "files": counts.files, "equal": diff.is_empty(),
    });
    nodes.chain(files).chain(std::iter::once(done))
}

fn node(entry: &Entry<'_>, old: Side<'_>, new: Side<'_>) -> Json {
    let node = entry.node;
    let place = new.place(node.new_span).or_else(|| old.place(node.old_span));
    let event = match &node.what {
        What::Added(_) => "added",
        What::Removed(_) => "removed",
        What::Changed(_) => "changed",
        What::Renamed { .. } => "renamed",
    };
    let mut out = tree!({
        "event": event, "id": entry.id, "kind": node.kind, "layer": node.layer.keyword(), "place": place,
        "changes": entry.changes.iter().map(change).collect::<Vec<_>>(),
    });
    if !entry.frames.is_empty() {
        out["frames"] = tree!(entry.frames);
    }
    if let What::Renamed { from, below, .. } = &node.what {
        out["from"] = tree!(from);
        out["below"] = tree!(below);
    }
    out
}

fn change(told: &Told<'_>) -> Json {
    let change = told.change;
    let what = match change.aspect {
        Aspect::Kind => "kind",
        Aspect::Layer => "layer",
        Aspect::Output => "output",
        Aspect::Param => "param",
        Aspect::Input => "input",
        Aspect::Order => "order",
    };
    let mut out = tree!({"what": what, "name": change.name, "old": told.old, "new": told.new});
    for (key, content) in [("old_si", &change.old), ("new_si", &change.new)] {
        if let Some(numbers) = content.as_ref().and_then(si) {
            out[key] = numbers;
        }
    }
    out
}

/// Numbers in SI units.
fn si(content: &Content) -> Option<Json> {
    let Content::Value(value) = content else { return None };
    match value {
        Value::Int(i) => Some(tree!(i)),
        Value::Quantity(v, _) => Some(tree!(v)),
        Value::Vec2(v, _) | Value::Range(v, _) => Some(tree!(v)),
        Value::Vec3(v, _) => Some(tree!(v)),
        Value::Color(v) => Some(tree!(v)),
        _ => None,
    }
}
