//! Validate: the proof that the graph is sound, as a type.

use scenec_ir::graph::Valid;
use scenec_ir::{Diagnostic, Graph};

/// The graph as proved. A checked program can't fail here; if one does, it is a mistake of the compiler and is said so.
pub fn validate(graph: Graph, diagnostics: &mut Vec<Diagnostic>) -> Option<Valid> {
    match graph.validate() {
        Ok(valid) => Some(valid),
        Err(unsound) => {
            for finding in unsound.into_iter().take(8) {
                let message = format!("the compiler made an unsound graph: {finding}");
                diagnostics
                    .push(Diagnostic::bare("E0499", message).hint("this is a mistake of scenec: please report it"));
            }
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use scenec_ir::graph::{Input, Node};
    use scenec_ir::{Handle, Layer};

    use super::*;

    /// A graph that the compiler never makes: a node that reads itself.
    #[test]
    fn an_unsound_graph_is_a_mistake_of_ours_and_said_so() {
        let mut graph = Graph::default();
        let input = Input { node: Handle::from_index(0), part: None };
        graph.nodes.push(Node {
            kind: "place".into(),
            id: "a".into(),
            layer: Layer::Environment,
            params: BTreeMap::new(),
            inputs: BTreeMap::from([("thing".to_owned(), vec![input])]),
            span: None,
        });
        let mut found = Vec::new();
        assert!(validate(graph, &mut found).is_none());
        assert!(!found.is_empty() && found.iter().all(|d| d.code == "E0499" && d.hint.is_some()), "{found:?}");
    }
}
