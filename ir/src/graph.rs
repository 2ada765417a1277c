//! The layered graph that the compiler makes and the runtime evaluates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{Arena, Handle, Layer, Span, Value};

/// An edge: a node, or a named part of the thing that it gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Input {
    /// The node that comes before.
    pub node: Handle<Node>,
    /// A part (`head`), when not the whole.
    pub part: Option<String>,
}

/// One node with all its arguments; defaults are filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node {
    /// Name of the declaration.
    pub kind: String,
    /// Path id made of source names (`machines/gear`). Unique in a graph.
    pub id: String,
    /// Layer.
    pub layer: Layer,
    /// Constant arguments by name. A parameter that may be absent and is, is not here.
    pub params: BTreeMap<String, Value>,
    /// Node arguments by port, in the order they were written.
    pub inputs: BTreeMap<String, Vec<Input>>,
    /// Where it was written.
    pub span: Option<Span>,
}

/// Nodes and what is asked of them. Not yet proved to be sound: see [`Valid`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Graph {
    /// All nodes.
    pub nodes: Arena<Node>,
    /// Nodes that are wanted for themselves, in program order.
    pub outputs: Vec<Handle<Node>>,
}

/// A graph in which every kind, parameter, port and layer is legal and every input stands before its user.
/// Only [`Graph::validate`] makes one.
#[derive(Clone, Debug, PartialEq)]
pub struct Valid(Graph);

impl std::ops::Deref for Valid {
    type Target = Graph;
    fn deref(&self) -> &Graph {
        &self.0
    }
}

/// What is unsound in a graph. A compiled program never has one; a RON file written by hand may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsound {
    /// Id of the node.
    pub node: String,
    /// One lower-case line.
    pub reason: String,
}

impl std::fmt::Display for Unsound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "node `{}`: {}", self.node, self.reason)
    }
}

impl Graph {
    /// Proves the graph sound, or says everything that is not.
    pub fn validate(self) -> Result<Valid, Vec<Unsound>> {
        let mut found = Vec::new();
        let mut ids = std::collections::BTreeSet::new();
        for (handle, node) in self.nodes.iter() {
            let mut report = |reason: String| found.push(Unsound { node: node.id.clone(), reason });
            if !ids.insert(&node.id) {
                report("another node has the same id".into());
            }
            let Some(decl) = crate::nodes::find(&node.kind) else {
                report(format!("there is no node kind `{}`", node.kind));
                continue;
            };
            for (name, value) in &node.params {
                match decl.param(name) {
                    Some(param) => {
                        if let Some(reason) = crate::nodes::misfit(param, value) {
                            report(format!("parameter `{name}`: {reason}"));
                        }
                    }
                    None if name == "frame_time" && decl.timed => {}
                    None => report(format!("`{}` has no parameter `{name}`", decl.name)),
                }
            }
            for param in decl.params {
                let by_compiler = param.ty == crate::node::ParamType::Shot;
                if !by_compiler
                    && param.default != crate::node::Default::Absent
                    && !node.params.contains_key(param.name)
                {
                    report(format!("parameter `{}` is missing", param.name));
                }
            }
            for port in decl.ports {
                let count = node.inputs.get(port.name).map_or(0, Vec::len);
                let fits = match port.arity {
                    crate::node::Arity::One => count == 1,
                    crate::node::Arity::Optional => count <= 1,
                    crate::node::Arity::Many => true,
                };
                if !fits {
                    report(format!("port `{}` has {count} inputs", port.name));
                }
            }
            for (name, inputs) in &node.inputs {
                let Some(port) = decl.port(name) else {
                    report(format!("`{}` has no port `{name}`", decl.name));
                    continue;
                };
                for input in inputs {
                    if input.node >= handle {
                        report(format!("port `{name}` reads a node that does not stand before it"));
                        continue;
                    }
                    let source = &self.nodes[input.node];
                    if !node.layer.may_read(source.layer) {
                        let (reader, read) = (node.layer.keyword(), source.layer.keyword());
                        report(format!("port `{name}`: layer {reader} may not read layer {read}"));
                    }
                    if crate::nodes::find(&source.kind).is_some_and(|s| s.output != port.wire) {
                        report(format!("port `{name}` takes {}, `{}` gives another", port.wire, source.id));
                    }
                    if input.part.is_some() && !port.takes_part {
                        report(format!("port `{name}` takes no part of a thing"));
                    }
                }
            }
        }
        for output in &self.outputs {
            if self.nodes.get(*output).is_none() {
                found.push(Unsound { node: format!("{output:?}"), reason: "an output that is no node".into() });
            }
        }
        if found.is_empty() { Ok(Valid(self)) } else { Err(found) }
    }

    /// The stable text form. Reading it back gives an equal graph.
    pub fn to_ron(&self) -> String {
        let config = ron::ser::PrettyConfig::new().depth_limit(6).struct_names(true);
        // Serialising plain data to a string can't fail.
        ron::ser::to_string_pretty(self, config).unwrap_or_default()
    }

    /// Reads [`Graph::to_ron`]'s form; the error names line and column.
    pub fn from_ron(text: &str) -> Result<Self, String> {
        ron::from_str(text).map_err(|e| e.to_string())
    }
}
