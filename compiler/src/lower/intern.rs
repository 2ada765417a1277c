//! Equal nodes become one.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

use scenec_ir::graph::{Input, Node};
use scenec_ir::{Handle, Layer, Span, Value};

use super::{Lowerer, MOST_NODES, Val};

impl Lowerer<'_, '_> {
    /// Adds a node, or finds its equal. The first one's id stays.
    pub(super) fn intern(
        &mut self,
        kind: &str,
        id: String,
        layer: Layer,
        params: BTreeMap<String, Value>,
        inputs: BTreeMap<String, Vec<Input>>,
        span: Span,
    ) -> Val {
        if self.graph.nodes.len() >= MOST_NODES {
            return self.too_much(format!("the program makes more than {MOST_NODES} nodes"), span);
        }
        let mut node = Node { kind: kind.to_owned(), id: String::new(), layer, params, inputs, span: Some(span) };
        match self.interned.entry(node.content()) {
            Entry::Occupied(entry) => Val::Node(*entry.get(), None),
            Entry::Vacant(entry) => {
                let mut unique = id.clone();
                if self.ids.contains(&unique) && !self.choice.name.is_empty() {
                    unique = format!("{id}@{}", self.choice.name);
                }
                let id = unique.clone();
                if self.ids.contains(&unique)
                    && let Some(shot) = self.setting
                {
                    let shot = &self.program[shot].name.value;
                    unique = format!("{id}@{shot}");
                    if self.ids.contains(&unique)
                        && let Some((frame, _)) = self.frame
                    {
                        unique = format!("{id}@{shot}.{frame}");
                    }
                }
                let stem = unique.clone();
                let mut copy = 2;
                while self.ids.contains(&unique) {
                    unique = format!("{stem}~{copy}");
                    copy += 1;
                }
                self.ids.insert(unique.clone());
                node.id = unique;
                let handle: Handle<Node> = self.graph.nodes.push(node);
                entry.insert(handle);
                Val::Node(handle, None)
            }
        }
    }
}
