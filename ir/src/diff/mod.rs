//! What differs between two graphs, by stable ids, as data; and its forms for people and programs.
//!
//! Nodes of one id are one node that may have changed. Of the others, what is equal but for its name was renamed, and what
//! kept its name in another block was moved; the rest was added or removed. The graph keeps one node for all equal ones, under the first one's id, so an id may come and go
//! though nothing changed for those who read the node: such ids are silent.

mod frames;
mod json;
mod markdown;
mod matching;
mod node;
mod show;
mod text;

use std::collections::{BTreeMap, HashSet};

pub use json::json;
pub use markdown::markdown;
pub use text::{Side, text};

use crate::graph::{Node, Unsound};
use crate::node::ParamType;
use crate::{Graph, Layer, Span, Value, nodes};

/// What differs between two graphs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Nodes in the order of their ids (of the new ids, where both graphs have the node).
    pub nodes: Vec<NodeDiff>,
    /// Files of one path and other content, by path.
    pub files: Vec<FileDiff>,
}

/// One node that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeDiff {
    /// Path id; the new one, where there are two.
    pub id: String,
    /// Kind; the new one, where there are two.
    pub kind: String,
    /// Layer; the new one, where there are two.
    pub layer: Layer,
    /// What happened to it.
    pub what: What,
    /// Where the old graph's program wrote it.
    pub old_span: Option<Span>,
    /// Where the new graph's program wrote it.
    pub new_span: Option<Span>,
}

/// What happened to a node.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It is new; with what was said of it beyond defaults.
    Added(Vec<Change>),
    /// It is gone; with what was said of it beyond defaults.
    Removed(Vec<Change>),
    /// It has another id, and perhaps another layer.
    Renamed {
        /// The old id.
        from: String,
        /// Nodes below it (`from/…`, `from#…`) that were renamed with it.
        below: usize,
        /// What else is different.
        changes: Vec<Change>,
    },
    /// Something of it changed.
    Changed(Vec<Change>),
}

/// One property with what it was and what it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Which kind of property.
    pub aspect: Aspect,
    /// Its name: a parameter, a port, a channel of a pose (`pose.spine.bend`).
    pub name: String,
    /// What it was; `None` when it was not there.
    pub old: Option<Content>,
    /// What it is; `None` when it is no longer there.
    pub new: Option<Content>,
}

/// Kinds of properties.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aspect {
    /// The node's kind.
    Kind,
    /// Its layer.
    Layer,
    /// Whether it is wanted for itself.
    Output,
    /// A constant argument.
    Param,
    /// A node argument; for a port that takes many, only those that came or went.
    Input,
    /// The order in which a port has the same nodes.
    Order,
}

/// The content of a property.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// A constant.
    Value(Value),
    /// Nodes, each with the part of it that is read.
    Nodes(Vec<(String, Option<String>)>),
    /// A word: a kind, a layer, `yes` or `no`.
    Word(String),
}

/// A file whose content is another one under the same path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// Path as the graphs name it.
    pub path: String,
    /// Digest of the old content, in hexadecimal.
    pub old: String,
    /// Digest of the new content, in hexadecimal.
    pub new: String,
    /// Ids of the nodes of the new graph that read it, in order.
    pub readers: Vec<String>,
}

/// How many of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// New nodes.
    pub added: usize,
    /// Nodes that are gone.
    pub removed: usize,
    /// Nodes of which something changed.
    pub changed: usize,
    /// Nodes with another id, those below others included.
    pub renamed: usize,
    /// Files with other content.
    pub files: usize,
}

impl Diff {
    /// True when the graphs, and the files that were compared, are equal.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.files.is_empty()
    }

    /// How many of each.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { files: self.files.len(), ..Counts::default() };
        for node in &self.nodes {
            match &node.what {
                What::Added(_) => counts.added += 1,
                What::Removed(_) => counts.removed += 1,
                What::Renamed { below, .. } => counts.renamed += 1 + below,
                What::Changed(_) => counts.changed += 1,
            }
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    /// `2 added, 1 changed`; `no differences` for none.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let files = if self.files == 1 { "file with other content" } else { "files with other content" };
        let all = [
            (self.added, "added"),
            (self.removed, "removed"),
            (self.changed, "changed"),
            (self.renamed, "renamed"),
            (self.files, files),
        ];
        let parts: Vec<String> = all.iter().filter(|p| p.0 > 0).map(|(n, word)| format!("{n} {word}")).collect();
        f.write_str(if parts.is_empty() { "no differences" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

/// Compares two graphs, and the digests of files by path. Only paths that both sides know are compared. Takes time and
/// memory in proportion to the graphs.
///
/// # Errors
/// When two nodes of a graph share an id, or an input does not stand before its user; [`Graph::validate`] proves more.
pub fn diff(
    old: &Graph,
    new: &Graph,
    old_files: &BTreeMap<String, String>,
    new_files: &BTreeMap<String, String>,
) -> Result<Diff, Unsound> {
    for graph in [old, new] {
        comparable(graph)?;
    }
    let matching = matching::Matching::new(old, new);
    let nodes = node::nodes(old, new, matching);
    let mut files: Vec<FileDiff> = Vec::new();
    for (path, was) in old_files {
        match new_files.get(path) {
            Some(is) if is != was => {
                files.push(FileDiff { path: path.clone(), old: was.clone(), new: is.clone(), readers: Vec::new() });
            }
            _ => {}
        }
    }
    if !files.is_empty() {
        for (_, node) in new.nodes.iter() {
            for path in files_of(node) {
                if let Ok(at) = files.binary_search_by(|f| f.path.as_str().cmp(path)) {
                    files[at].readers.push(node.id.clone());
                }
            }
        }
        files.iter_mut().for_each(|f| f.readers.sort());
    }
    Ok(Diff { nodes, files })
}

/// Paths of the files that a node reads: assets, skies, height maps.
pub fn files_of(node: &Node) -> impl Iterator<Item = &str> {
    let params = nodes::find(&node.kind).map_or(&[][..], |d| d.params);
    let files = params.iter().filter(|p| matches!(p.ty, ParamType::Asset | ParamType::InputPath));
    files.filter_map(|p| match node.params.get(p.name) {
        Some(Value::Text(path)) => Some(path.as_str()),
        _ => None,
    })
}

/// What the comparison relies on.
fn comparable(graph: &Graph) -> Result<(), Unsound> {
    let mut ids = HashSet::with_capacity(graph.nodes.len());
    for (handle, node) in graph.nodes.iter() {
        let unsound = |reason: &str| Err(Unsound { node: node.id.clone(), reason: reason.to_owned() });
        if !ids.insert(node.id.as_str()) {
            return unsound("another node has the same id");
        }
        if node.inputs.values().flatten().any(|input| input.node >= handle) {
            return unsound("an input does not stand before it");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
