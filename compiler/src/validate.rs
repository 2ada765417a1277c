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
