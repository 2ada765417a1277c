//! Prune: nodes that no output needs go.

use scenec_ir::{Arena, Graph};

/// The graph without the nodes that no output needs; order and outputs stay.
pub fn prune(graph: Graph) -> Graph {
    let Graph { nodes, outputs } = graph;
    let items = nodes.into_items();
    let mut needed = vec![false; items.len()];
    for output in &outputs {
        if let Some(slot) = needed.get_mut(output.index()) {
            *slot = true;
        }
    }
    for at in (0..items.len()).rev() {
        if needed[at] {
            for input in items[at].inputs.values().flatten() {
                if let Some(slot) = needed.get_mut(input.node.index()) {
                    *slot = true;
                }
            }
        }
    }
    let mut new_place = vec![None; items.len()];
    let mut nodes = Arena::default();
    for (at, mut node) in items.into_iter().enumerate() {
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
