//! Changes in words, values as the language writes them.

use super::frames::Told;
use super::{Aspect, Change, Content, NodeDiff, What};
use crate::graph_text::show_value;
use crate::{Value, srgb};

impl Change {
    /// What it was and what it is, as text. Two numbers that differ never look the same.
    pub fn texts(&self) -> (Option<String>, Option<String>) {
        let shown = |content: &Option<Content>| content.as_ref().map(|c| show(c, show_number));
        let (old, new) = (shown(&self.old), shown(&self.new));
        if old == new {
            let exact = |content: &Option<Content>| content.as_ref().map(|c| show(c, exact));
            return (exact(&self.old), exact(&self.new));
        }
        (old, new)
    }

    /// It in words.
    pub(super) fn told(&self) -> Told<'_> {
        let (old, new) = self.texts();
        Told { change: self, old, new }
    }
}

impl Told<'_> {
    /// The change on one line: `teeth: 24 -> 25`, `focus <- cast/hero .head -> cast/keeper .head`.
    pub(super) fn line(&self) -> String {
        let Change { aspect, name, old: was, new: is } = self.change;
        let many = |content: &Option<Content>| matches!(content, Some(Content::Nodes(n)) if n.len() > 1);
        match (aspect, &self.old, &self.new) {
            (Aspect::Order, ..) => format!("{name} <- the same in another order"),
            (Aspect::Input, Some(old), Some(new)) if many(was) || many(is) => {
                format!("{name} <- no longer {old}; now {new}")
            }
            (Aspect::Input, Some(old), Some(new)) => format!("{name} <- {old} -> {new}"),
            (Aspect::Input, Some(old), None) => format!("{name} <- no longer {old}"),
            (Aspect::Input, None, Some(new)) => format!("{name} <- now {new}"),
            (_, Some(old), Some(new)) => format!("{name}: {old} -> {new}"),
            (_, Some(old), None) => format!("{name}: {old} -> not given"),
            (_, None, Some(new)) => format!("{name}: not given -> {new}"),
            (_, None, None) => name.clone(),
        }
    }

    /// The property of a node that came or went: `radius: 0.5m`.
    pub(super) fn statement(&self) -> String {
        let content = self.new.as_ref().or(self.old.as_ref()).map_or("", String::as_str);
        let sign = if self.change.aspect == Aspect::Input { " <-" } else { ":" };
        format!("{}{sign} {content}", self.change.name)
    }
}

impl NodeDiff {
    /// What is said of it, line by line.
    pub fn lines(&self) -> Vec<String> {
        let told = self.changes().iter().map(Change::told);
        match &self.what {
            What::Added(_) | What::Removed(_) => told.map(|t| t.statement()).collect(),
            What::Renamed { .. } | What::Changed(_) => told.map(|t| t.line()).collect(),
        }
    }

    /// Its properties that differ; of a node that came or went, those that were said.
    pub fn changes(&self) -> &[Change] {
        match &self.what {
            What::Added(said) | What::Removed(said) => said,
            What::Renamed { changes, .. } | What::Changed(changes) => changes,
        }
    }
}

fn show(content: &Content, value: impl Fn(&Value) -> String) -> String {
    match content {
        Content::Value(v) => value(v),
        Content::Word(word) => word.clone(),
        Content::Nodes(nodes) => {
            let names = nodes.iter().map(|(id, part)| match part {
                Some(part) => format!("{id} .{part}"),
                None => id.clone(),
            });
            names.collect::<Vec<_>>().join(", ")
        }
    }
}

fn show_number(value: &Value) -> String {
    match value {
        Value::Color(linear) => hex(*linear).unwrap_or_else(|| show_value(value)),
        value => show_value(value),
    }
}

/// `#3a4a55` for a colour that has such a form.
fn hex(linear: [f32; 3]) -> Option<String> {
    let bytes = linear.map(|v| (srgb::encode(v) * 255.0 + 0.5) as u8);
    (srgb::decode_bytes(bytes) == linear).then(|| format!("#{:02x}{:02x}{:02x}", bytes[0], bytes[1], bytes[2]))
}

/// Every digit, in SI units.
fn exact(value: &Value) -> String {
    match value {
        Value::Quantity(v, d) => format!("{v:?} {}", d.units()),
        Value::Vec2(v, d) => format!("{v:?} {}", d.units()),
        Value::Vec3(v, d) => format!("{v:?} {}", d.units()),
        Value::Range(v, d) => format!("{v:?} {}", d.units()),
        Value::Color(c) => format!("rgb({:?}, {:?}, {:?})", c[0], c[1], c[2]),
        Value::List(items) => format!("[{}]", items.iter().map(exact).collect::<Vec<_>>().join(", ")),
        value => show_value(value),
    }
}

/// The first characters of a digest.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
