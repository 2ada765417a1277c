//! The graph for people: as text and as Graphviz DOT. Both are stable: same graph, same bytes.

use crate::dimension::show;
use crate::graph::{Graph, Input};
use crate::{Handle, Value};

impl std::fmt::Display for Value {
    /// As the language writes it, numbers with units; numbers are shortened to what a reader needs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&show_value(self))
    }
}

impl Graph {
    /// One paragraph per node, inputs first:
    ///
    /// ```text
    /// yard/ball#thing  sphere  [environment]
    ///   radius: 0.5m
    ///   material <- yard/ball#material
    /// ```
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        for (handle, node) in self.nodes.iter() {
            let wanted = if self.outputs.contains(&handle) { "  (output)" } else { "" };
            text += &format!("{}  {}  [{}]{wanted}\n", node.id, node.kind, node.layer.keyword());
            for (name, value) in &node.params {
                text += &format!("  {name}: {}\n", show_value(value));
            }
            for (port, inputs) in &node.inputs {
                let names: Vec<_> = inputs.iter().map(|input| self.show_input(input)).collect();
                text += &format!("  {port} <- {}\n", names.join(", "));
            }
        }
        text
    }

    /// Graphviz DOT, one cluster per layer.
    pub fn to_dot(&self) -> String {
        let mut dot = String::from("digraph scenec {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        let mut layers: Vec<_> = self.nodes.iter().map(|(_, n)| n.layer).collect();
        layers.sort();
        layers.dedup();
        for layer in layers {
            let name = layer.keyword();
            dot += &format!("  subgraph cluster_{name} {{\n    label=\"{name}\";\n");
            for (handle, node) in self.nodes.iter().filter(|(_, n)| n.layer == layer) {
                let label = format!("{}\n{}", node.kind, node.id);
                dot += &format!("    {} [label={}];\n", dot_name(handle), quote(&label));
            }
            dot += "  }\n";
        }
        for (handle, node) in self.nodes.iter() {
            for (port, inputs) in &node.inputs {
                for input in inputs {
                    let label = match &input.part {
                        Some(part) => format!("{port}: {part}"),
                        None => port.clone(),
                    };
                    dot += &format!("  {} -> {} [label={}];\n", dot_name(input.node), dot_name(handle), quote(&label));
                }
            }
        }
        dot + "}\n"
    }

    fn show_input(&self, input: &Input) -> String {
        let name = self.nodes.get(input.node).map_or("?", |n| n.id.as_str());
        match &input.part {
            Some(part) => format!("{name} .{part}"),
            None => name.to_owned(),
        }
    }
}

fn dot_name<T>(handle: Handle<T>) -> String {
    format!("n{}", handle.index())
}

/// A DOT string: quotes and backslashes escaped, line breaks as `\n`.
fn quote(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

pub(crate) fn show_value(value: &Value) -> String {
    let list = |items: Vec<String>| items.join(", ");
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Quantity(v, d) => show(*v, *d),
        Value::Text(text) => format!("{text:?}"),
        Value::Color(c) => format!("rgb({})", list(c.map(|v| v.to_string()).to_vec())),
        Value::Vec2(v, d) => format!("({})", list(v.map(|v| show(v, *d)).to_vec())),
        Value::Vec3(v, d) => format!("({})", list(v.map(|v| show(v, *d)).to_vec())),
        Value::Member(member) => member.clone(),
        Value::List(items) => format!("[{}]", list(items.iter().map(show_value).collect())),
        Value::IntRange(low, high) => format!("{low}..{high}"),
        Value::Range([low, high], d) => format!("{}..{}", show(*low, *d), show(*high, *d)),
        Value::Record(fields) => {
            format!("{{ {} }}", list(fields.iter().map(|(n, v)| format!("{n}: {}", show_value(v))).collect()))
        }
        Value::None => "none".to_owned(),
    }
}
