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

impl Node {
    /// Everything that its result depends on, in bytes: equal bytes, equal nodes. Id and span are left out.
    pub fn content(&self) -> Box<[u8]> {
        self.content_as(self.layer, "", |node| node.index() as u64)
    }

    /// The same as if it stood in `layer` and had no parameter `without`, with a number for each node that it reads.
    pub(crate) fn content_as(&self, layer: Layer, without: &str, number: impl Fn(Handle<Self>) -> u64) -> Box<[u8]> {
        let mut bytes = Vec::with_capacity(128);
        put_text(&mut bytes, &self.kind);
        bytes.push(layer as u8);
        for (name, value) in self.params.iter().filter(|(name, _)| *name != without) {
            put_text(&mut bytes, name);
            put_value(&mut bytes, value);
        }
        bytes.push(0xff);
        for (name, inputs) in &self.inputs {
            put_text(&mut bytes, name);
            bytes.extend((inputs.len() as u64).to_le_bytes());
            for input in inputs {
                bytes.extend(number(input.node).to_le_bytes());
                match &input.part {
                    None => bytes.push(0),
                    Some(part) => {
                        bytes.push(1);
                        put_text(&mut bytes, part);
                    }
                }
            }
        }
        bytes.into()
    }
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.extend((text.len() as u32).to_le_bytes());
    bytes.extend(text.as_bytes());
}

fn put_value(bytes: &mut Vec<u8>, value: &Value) {
    let numbers = |bytes: &mut Vec<u8>, tag: u8, values: &[f64], d: &crate::Dimension| {
        bytes.push(tag);
        values.iter().for_each(|v| bytes.extend(v.to_bits().to_le_bytes()));
        let exponents = [d.length, d.mass, d.time, d.angle, d.temperature, d.luminous, d.pixel, d.stop, d.data];
        bytes.extend(exponents.map(|e| e as u8));
    };
    match value {
        Value::Bool(b) => bytes.extend([1, u8::from(*b)]),
        Value::Int(i) => {
            bytes.push(2);
            bytes.extend(i.to_le_bytes());
        }
        Value::Quantity(v, d) => numbers(bytes, 3, &[*v], d),
        Value::Text(text) => {
            bytes.push(4);
            put_text(bytes, text);
        }
        Value::Color(c) => {
            bytes.push(5);
            c.iter().for_each(|v| bytes.extend(v.to_bits().to_le_bytes()));
        }
        Value::Vec2(v, d) => numbers(bytes, 6, v, d),
        Value::Vec3(v, d) => numbers(bytes, 7, v, d),
        Value::Member(text) => {
            bytes.push(8);
            put_text(bytes, text);
        }
        Value::List(items) => {
            bytes.push(9);
            bytes.extend((items.len() as u64).to_le_bytes());
            items.iter().for_each(|item| put_value(bytes, item));
        }
        Value::IntRange(low, high) => {
            bytes.push(10);
            bytes.extend(low.to_le_bytes());
            bytes.extend(high.to_le_bytes());
        }
        Value::Range(v, d) => numbers(bytes, 11, v, d),
        Value::Record(fields) => {
            bytes.push(12);
            bytes.extend((fields.len() as u64).to_le_bytes());
            for (name, field) in fields {
                put_text(bytes, name);
                put_value(bytes, field);
            }
        }
        Value::None => bytes.push(13),
    }
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
        let mut ids = std::collections::HashSet::with_capacity(self.nodes.len());
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
                    crate::node::Arity::Some => count >= 1,
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
                    if crate::nodes::find(&source.kind).is_some_and(|s| !port.takes(s.output)) {
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
