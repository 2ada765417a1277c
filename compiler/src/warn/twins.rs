//! Two equal things at one place: each pixel shows one of them by chance.

use std::collections::{BTreeSet, HashMap};

use scenec_ir::graph::Node;
use scenec_ir::{Diagnostic, Graph, Handle};

use super::{name_of, things};

/// Looks at every list of things once.
pub struct Twins<'g> {
    graph: &'g Graph,
    /// By node: equal numbers, equal shapes, whatever their names and surfaces.
    class: Vec<u32>,
    seen: BTreeSet<Handle<Node>>,
}

impl<'g> Twins<'g> {
    pub fn new(graph: &'g Graph) -> Self {
        let mut class: Vec<u32> = Vec::with_capacity(graph.nodes.len());
        let mut known: HashMap<Box<[u8]>, u32> = HashMap::new();
        for (_, node) in graph.nodes.iter() {
            let mut shape = node.clone();
            shape.layer = scenec_ir::Layer::Generation;
            shape.inputs.remove("material");
            if shape.kind == "place" {
                shape.params.remove("name");
            }
            for input in shape.inputs.values_mut().flatten() {
                input.node = Handle::from_index(class[input.node.index()] as usize);
            }
            let next = known.len() as u32;
            class.push(*known.entry(shape.content()).or_insert(next));
        }
        Self { graph, class, seen: BTreeSet::new() }
    }

    /// Looks at the things of a stage, and at the parts of each.
    pub fn below(&mut self, stage: Handle<Node>, found: &mut Vec<Diagnostic>) {
        let mut left = vec![stage];
        while let Some(handle) = left.pop() {
            if !self.seen.insert(handle) {
                continue;
            }
            let node = &self.graph.nodes[handle];
            let port = match node.kind.as_str() {
                "stage" => "things",
                "assembly" => "parts",
                "place" => "thing",
                _ => continue,
            };
            let mut first: HashMap<u32, Handle<Node>> = HashMap::new();
            for thing in things(node, port) {
                left.push(thing);
                let class = self.class[thing.index()];
                match first.get(&class) {
                    None => {
                        first.insert(class, thing);
                    }
                    Some(other) => found.extend(self.twin(*other, thing)),
                }
            }
        }
    }

    fn twin(&self, first: Handle<Node>, second: Handle<Node>) -> Option<Diagnostic> {
        let (a, b) = (&self.graph.nodes[first], &self.graph.nodes[second]);
        // A part without a place of its own is written in a list, with no name to speak of.
        if a.kind != "place" || b.kind != "place" {
            return None;
        }
        let (name, other, span) = (name_of(b)?, name_of(a)?, b.span?);
        // Items of a `for` that are all the same do not read its variable, which has its warning.
        let unnamed = |node: &'g Node| node.params.iter().filter(|(name, _)| *name != "name");
        if a.span == b.span && a.inputs == b.inputs && unnamed(a).eq(unnamed(b)) {
            return None;
        }
        let message = format!("`{name}` stands exactly where the equal `{other}` stands");
        let mut diagnostic =
            Diagnostic::warning("W0404", message, span).hint("remove one of them, or give one another place with `at`");
        if let Some(first) = a.span.filter(|s| *s != span) {
            diagnostic = diagnostic.because(first, format!("`{other}` stands here"));
        }
        Some(diagnostic)
    }
}
