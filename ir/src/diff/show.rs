//! Changes in words, values as the language writes them.

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

    /// The change on one line: `teeth: 24 -> 25`, `focus <- cast/hero .head -> cast/keeper .head`.
    pub fn line(&self) -> String {
        let (old, new) = self.texts();
        let many = |content: &Option<Content>| matches!(content, Some(Content::Nodes(n)) if n.len() > 1);
        match (self.aspect, old, new) {
            (Aspect::Order, ..) => format!("{} <- the same in another order", self.name),
            (Aspect::Input, Some(old), Some(new)) if many(&self.old) || many(&self.new) => {
                format!("{} <- no longer {old}; now {new}", self.name)
            }
            (Aspect::Input, Some(old), Some(new)) => format!("{} <- {old} -> {new}", self.name),
            (Aspect::Input, Some(old), None) => format!("{} <- no longer {old}", self.name),
            (Aspect::Input, None, Some(new)) => format!("{} <- now {new}", self.name),
            (_, Some(old), Some(new)) => format!("{}: {old} -> {new}", self.name),
            (_, Some(old), None) => format!("{}: {old} -> not given", self.name),
            (_, None, Some(new)) => format!("{}: not given -> {new}", self.name),
            (_, None, None) => self.name.clone(),
        }
    }

    /// The property of a node that came or went: `radius: 0.5m`.
    pub fn statement(&self) -> String {
        let (old, new) = self.texts();
        let content = new.or(old).unwrap_or_default();
        let sign = if self.aspect == Aspect::Input { " <-" } else { ":" };
        format!("{}{sign} {content}", self.name)
    }
}

impl NodeDiff {
    /// What is said of it, line by line.
    pub fn lines(&self) -> Vec<String> {
        match &self.what {
            What::Added(said) | What::Removed(said) => said.iter().map(Change::statement).collect(),
            What::Renamed { changes, .. } | What::Changed(changes) => changes.iter().map(Change::line).collect(),
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

/// A node for text and Markdown, or several adjacent ones that differ in nothing but the number of their frame.
pub(super) struct Entry<'d> {
    pub node: &'d NodeDiff,
    pub lines: Vec<String>,
    /// The last of several, with how many they are.
    pub until: Option<(&'d str, usize)>,
}

/// The nodes in order, frames together.
pub(super) fn entries(nodes: &[NodeDiff]) -> impl Iterator<Item = Entry<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let node = nodes.get(at)?;
        let lines = node.lines();
        let mut count = 1;
        if let Some(stem) = frame_stem(&node.id) {
            let alike = |other: &NodeDiff| {
                frame_stem(&other.id) == Some(stem)
                    && other.kind == node.kind
                    && std::mem::discriminant(&other.what) == std::mem::discriminant(&node.what)
                    && !matches!(other.what, What::Renamed { .. })
                    && other.lines() == lines
            };
            count += nodes[at + 1..].iter().take_while(|n| alike(n)).count();
        }
        let until = (count > 1).then(|| (nodes[at + count - 1].id.as_str(), count));
        at += count;
        Some(Entry { node, lines, until })
    })
}

/// An id without the number of its frame: `cast/hero@s010.1001`, `output/comp/1001`.
fn frame_stem(id: &str) -> Option<&str> {
    let stem = id.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_frame = stem.len() < id.len() && (stem.ends_with('/') || stem.ends_with('.') && stem.contains('@'));
    is_frame.then_some(stem)
}

/// The first characters of a digest.
pub(super) fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
