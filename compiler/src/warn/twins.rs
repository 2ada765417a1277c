//! Two equal things at one place: each pixel shows one of them by chance.

use std::collections::{BTreeSet, HashMap};

use scenec_ir::graph::{Input, Node};
use scenec_ir::{Diagnostic, Graph, Handle, Span};

use super::{name_of, things, vec3, within};

/// Different things at one point that are compared with each other.
const MOST: usize = 64;
/// Levels of assemblies that are compared; below, things count as different.
const DEEPEST: usize = 24;

/// Looks at every list of things once.
pub struct Twins<'g> {
    graph: &'g Graph,
    /// Names of definitions and where their values are written.
    values: Vec<(&'g str, Span)>,
    seen: BTreeSet<Handle<Node>>,
}

/// What twins have in common, for a first look: where they stand.
type Place<'g> = (Option<[u64; 3]>, Option<&'g Input>);

impl<'g> Twins<'g> {
    pub fn new(graph: &'g Graph, values: Vec<(&'g str, Span)>) -> Self {
        Self { graph, values, seen: BTreeSet::new() }
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
            let mut here: HashMap<Place<'g>, Vec<Handle<Node>>> = HashMap::new();
            for thing in things(node, port) {
                let placed = &self.graph.nodes[thing];
                if placed.kind == "assembly" {
                    left.push(thing);
                }
                // A part without a place of its own is written in a list, with no name to speak of.
                if placed.kind != "place" {
                    continue;
                }
                left.push(thing);
                let at = vec3(placed, "at").map(|at| at.map(|v| (v + 0.0).to_bits()));
                let on = placed.inputs.get("at").and_then(|list| list.first());
                let others = here.entry((at, on)).or_default();
                match others.iter().find(|other| self.is_same(**other, thing, 0)) {
                    Some(first) => found.extend(self.twin(*first, thing)),
                    None if others.len() < MOST => others.push(thing),
                    None => {}
                }
            }
        }
    }

    /// True for equal shapes at equal places, whatever their names and surfaces.
    fn is_same(&self, a: Handle<Node>, b: Handle<Node>, depth: usize) -> bool {
        let (one, other) = (&self.graph.nodes[a], &self.graph.nodes[b]);
        if a == b {
            return true;
        }
        if depth >= DEEPEST || one.kind != other.kind || !same_params(one, other) {
            return false;
        }
        let shape = |node: &'g Node| node.inputs.iter().filter(|(port, _)| *port != "material");
        shape(one).count() == shape(other).count()
            && shape(one).zip(shape(other)).all(|((port, a), (name, b))| {
                let same = |(a, b): (&Input, &Input)| a.part == b.part && self.is_same(a.node, b.node, depth + 1);
                port == name && a.len() == b.len() && a.iter().zip(b).all(same)
            })
    }

    fn twin(&self, first: Handle<Node>, second: Handle<Node>) -> Option<Diagnostic> {
        let (a, b) = (&self.graph.nodes[first], &self.graph.nodes[second]);
        let (name, other, span) = (name_of(b)?, name_of(a)?, b.span?);
        // A thing that stands twice in a list is that thing. What is written once, within a value, is the body of a `for`.
        let list = name.split('[').next().unwrap_or(name);
        let is_own = |(name, value): &(&str, Span)| *name == list && span != *value && within(span, *value);
        if a.span == b.span && a.inputs == b.inputs && !self.values.iter().any(is_own) {
            return None;
        }
        let message = format!("`{name}` stands exactly where the equal `{other}` stands");
        let hint = match a.span == b.span {
            // Items of one `for`.
            true => "let the variable of the `for` move them apart, as in `at (i * 2m, 0m, 0m)`",
            false => "remove one of them, or give one another place with `at`",
        };
        let mut diagnostic = Diagnostic::warning("W0404", message, span).hint(hint);
        if let Some(first) = a.span.filter(|s| *s != span) {
            diagnostic = diagnostic.because(first, format!("`{other}` stands here"));
        }
        Some(diagnostic)
    }
}

/// The name of a thing follows from where it was written.
fn same_params(a: &Node, b: &Node) -> bool {
    let stated = |node: &'_ Node| node.kind == "place" && node.params.contains_key("name");
    if !stated(a) && !stated(b) {
        return a.params == b.params;
    }
    let rest = |(name, _): &(&String, &scenec_ir::Value)| *name != "name";
    a.params.iter().filter(rest).eq(b.params.iter().filter(rest))
}
