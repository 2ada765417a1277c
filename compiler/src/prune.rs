//! Prune: nodes that no output needs go, and equal nodes become one.

use std::collections::HashMap;

use scenec_ir::graph::Node;
use scenec_ir::{Arena, Graph, Handle};

/// The graph without dead nodes. Equal nodes keep the first one's id; order and outputs stay.
pub fn prune(graph: Graph) -> Graph {
    // An equal node stands for every later one. Inputs are renamed first, so that users of equals become equal too.
    let mut stands_for: Vec<Handle<Node>> = Vec::with_capacity(graph.nodes.len());
    let mut first: HashMap<Box<[u8]>, Handle<Node>> = HashMap::with_capacity(graph.nodes.len());
    let mut renamed: Vec<Node> = graph.nodes.into_items();
    for (at, node) in renamed.iter_mut().enumerate() {
        let handle = Handle::from_index(at);
        for input in node.inputs.values_mut().flatten() {
            // An input that does not stand before its user stays; `validate` refuses it.
            if let Some(to) = stands_for.get(input.node.index()) {
                input.node = *to;
            }
        }
        stands_for.push(*first.entry(node.content()).or_insert(handle));
    }
    let outputs: Vec<_> = graph.outputs.iter().map(|o| stands_for.get(o.index()).copied().unwrap_or(*o)).collect();
    let mut needed = vec![false; renamed.len()];
    for output in &outputs {
        if let Some(slot) = needed.get_mut(output.index()) {
            *slot = true;
        }
    }
    for at in (0..renamed.len()).rev() {
        if needed[at] {
            for input in renamed[at].inputs.values().flatten() {
                if let Some(slot) = needed.get_mut(input.node.index()) {
                    *slot = true;
                }
            }
        }
    }
    let mut new_place = vec![None; renamed.len()];
    let mut nodes = Arena::default();
    for (at, mut node) in renamed.into_iter().enumerate() {
        if !needed[at] {
            continue;
        }
        for input in node.inputs.values_mut().flatten() {
            if let Some(Some(to)) = new_place.get(input.node.index()) {
                input.node = *to;
            }
        }
        new_place[at] = Some(nodes.push(node));
    }
    let outputs = outputs.into_iter().map(|o| new_place.get(o.index()).copied().flatten().unwrap_or(o)).collect();
    Graph { nodes, outputs }
}
