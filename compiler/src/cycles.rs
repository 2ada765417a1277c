//! Cycles of a graph whose edges are places in a text.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;
use scenec_ir::Span;

/// The shortest cycle of every strongly connected component, from its smallest node on: each node with the place at
/// which it names the next one.
pub fn cycles(graph: &DiGraph<(), Span>) -> Vec<Vec<(NodeIndex, Span)>> {
    let mut found = Vec::new();
    for mut component in kosaraju_scc(graph) {
        component.sort();
        let start = component[0];
        let inside: BTreeSet<_> = component.iter().copied().collect();
        if component.len() == 1 && !graph.edges(start).any(|e| e.target() == start) {
            continue;
        }
        // Breadth first from `start` back to it.
        let mut came_from: BTreeMap<NodeIndex, (NodeIndex, Span)> = Default::default();
        let mut queue = VecDeque::from([start]);
        while let Some(node) = queue.pop_front() {
            let mut edges: Vec<_> =
                graph.edges_directed(node, Direction::Outgoing).filter(|e| inside.contains(&e.target())).collect();
            edges.sort_by_key(|e| (e.target(), e.weight().start));
            for edge in edges {
                if came_from.contains_key(&edge.target()) {
                    continue;
                }
                came_from.insert(edge.target(), (node, *edge.weight()));
                if edge.target() == start {
                    queue.clear();
                    break;
                }
                queue.push_back(edge.target());
            }
        }
        let mut path = Vec::new();
        let mut at = start;
        while let Some((from, span)) = came_from.get(&at) {
            path.push((*from, *span));
            at = *from;
            if at == start {
                break;
            }
        }
        path.reverse();
        found.push(path);
    }
    found.sort_by_key(|path| path.first().map(|(node, _)| *node));
    found
}
