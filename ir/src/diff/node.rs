//! What differs between two nodes.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::matching::{Matching, is_below};
use super::{Aspect, Change, Content, NodeDiff, What};
use crate::graph::{Input, Node};
use crate::node::{Arity, Param};
use crate::{Graph, Handle, NodeDecl, Value, nodes};

/// All nodes that differ, by id.
pub(super) fn nodes(old: &Graph, new: &Graph, matching: Matching) -> Vec<NodeDiff> {
    let mut pass = Pass {
        old,
        new,
        matching,
        old_outputs: old.outputs.iter().copied().collect(),
        new_outputs: new.outputs.iter().copied().collect(),
        found: Vec::new(),
    };
    let mut renamed: BTreeMap<&str, &str> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (handle, node) in new.nodes.iter() {
        let Some(partner) = pass.matching.old_of[handle.index()] else { continue };
        let was = &old.nodes[partner];
        if was.id != node.id {
            renamed.insert(&node.id, &was.id);
        }
        pairs.push((partner, handle));
    }
    let mut below: BTreeMap<&str, usize> = BTreeMap::new();
    for (a, b) in pairs {
        let (was, is) = (&old.nodes[a], &new.nodes[b]);
        let mut changes = pass.changes(a, b);
        let what = if was.id == is.id {
            What::Changed(changes)
        } else {
            // The name of a thing follows from its id.
            changes.retain(|c| !(is.kind == "place" && c.aspect == Aspect::Param && c.name == "name"));
            if changes.iter().all(|c| c.aspect == Aspect::Layer) && is_below(&was.id, &is.id, &renamed) {
                let top = topmost(&is.id, &renamed);
                *below.entry(top).or_default() += 1;
                continue;
            }
            // What has no name of its own is renamed with what reads it.
            if changes.is_empty() && is.id.contains('#') {
                continue;
            }
            What::Renamed { from: was.id.clone(), below: 0, changes }
        };
        if !matches!(&what, What::Changed(changes) if changes.is_empty()) {
            pass.note(is, what, was.span, is.span);
        }
    }
    for (handle, node) in new.nodes.iter() {
        if pass.matching.old_of[handle.index()].is_none() && !pass.matching.new_silent[handle.index()] {
            let said = said(new, node).into_iter().map(|(aspect, name, new)| Change {
                aspect,
                name,
                old: None,
                new: Some(new),
            });
            pass.note(node, What::Added(said.collect()), None, node.span);
        }
    }
    for (handle, node) in old.nodes.iter() {
        if pass.matching.new_of[handle.index()].is_none() && !pass.matching.old_silent[handle.index()] {
            let said = said(old, node).into_iter().map(|(aspect, name, old)| Change {
                aspect,
                name,
                old: Some(old),
                new: None,
            });
            pass.note(node, What::Removed(said.collect()), node.span, None);
        }
    }
    let mut found = pass.found;
    for node in &mut found {
        if let (What::Renamed { below: count, .. }, Some(n)) = (&mut node.what, below.get(node.id.as_str())) {
            *count = *n;
        }
    }
    let order = |what: &What| match what {
        What::Removed(_) => 0,
        _ => 1,
    };
    found.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| order(&a.what).cmp(&order(&b.what))));
    found
}

/// The first renamed node on the way down to `id` whose own name is told.
fn topmost<'r>(id: &str, renamed: &BTreeMap<&'r str, &'r str>) -> &'r str {
    let ends = id.char_indices().filter(|(_, c)| matches!(c, '/' | '#')).map(|(at, _)| at);
    ends.filter_map(|at| renamed.get_key_value(&id[..at])).map(|(key, _)| *key).next().unwrap_or("")
}

struct Pass<'g> {
    old: &'g Graph,
    new: &'g Graph,
    matching: Matching,
    old_outputs: BTreeSet<Handle<Node>>,
    new_outputs: BTreeSet<Handle<Node>>,
    found: Vec<NodeDiff>,
}

impl Pass<'_> {
    fn note(&mut self, node: &Node, what: What, old_span: Option<crate::Span>, new_span: Option<crate::Span>) {
        let (id, kind, layer) = (node.id.clone(), node.kind.clone(), node.layer);
        self.found.push(NodeDiff { id, kind, layer, what, old_span, new_span });
    }

    fn changes(&mut self, a: Handle<Node>, b: Handle<Node>) -> Vec<Change> {
        let (old, new) = (self.old, self.new);
        let (was, is) = (&old.nodes[a], &new.nodes[b]);
        let mut changes = Vec::new();
        let mut word = |aspect, name: &str, old: &str, new: &str| {
            if old != new {
                let content = |text: &str| Some(Content::Word(text.to_owned()));
                changes.push(Change { aspect, name: name.to_owned(), old: content(old), new: content(new) });
            }
        };
        word(Aspect::Kind, "kind", &was.kind, &is.kind);
        // What has no name of its own goes where its owner goes.
        if !is.id.contains('#') {
            word(Aspect::Layer, "layer", was.layer.keyword(), is.layer.keyword());
        }
        let yes = |wanted: bool| if wanted { "yes" } else { "no" };
        word(Aspect::Output, "output", yes(self.old_outputs.contains(&a)), yes(self.new_outputs.contains(&b)));
        params(was, is, &mut changes);
        let ports: BTreeSet<&String> = was.inputs.keys().chain(is.inputs.keys()).collect();
        let decl = nodes::find(&is.kind);
        for port in ports {
            let list = |node: &'_ Node| node.inputs.get(port).cloned().unwrap_or_default();
            let many = decl.and_then(|d| d.port(port)).is_none_or(|p| matches!(p.arity, Arity::Some | Arity::Many));
            self.port(port, many, &list(was), &list(is), &mut changes);
        }
        changes
    }

    fn port(&mut self, name: &str, many: bool, was: &[Input], is: &[Input], changes: &mut Vec<Change>) {
        let (old, new) = (self.old, self.new);
        if was.len() == is.len() && was.iter().zip(is).all(|(a, b)| self.matching.is_same(old, new, a, b)) {
            return;
        }
        let change = |aspect, a: &[&Input], b: &[&Input]| {
            let content = |graph: &Graph, inputs: &[&Input]| {
                let named = |i: &&Input| (graph.nodes[i.node].id.clone(), i.part.clone());
                (!inputs.is_empty()).then(|| Content::Nodes(inputs.iter().map(named).collect()))
            };
            Change { aspect, name: name.to_owned(), old: content(old, a), new: content(new, b) }
        };
        if !many {
            changes.push(change(Aspect::Input, &was.iter().collect::<Vec<_>>(), &is.iter().collect::<Vec<_>>()));
            return;
        }
        // Which of the new list each of the old one is: by partner, else by content.
        let mut places: HashMap<(usize, Option<&str>), VecDeque<usize>> = HashMap::new();
        for (at, input) in is.iter().enumerate() {
            places.entry((input.node.index(), input.part.as_deref())).or_default().push_back(at);
        }
        let mut partner: Vec<Option<usize>> = was
            .iter()
            .map(|input| {
                let new = self.matching.new_of[input.node.index()]?;
                places.get_mut(&(new.index(), input.part.as_deref()))?.pop_front()
            })
            .collect();
        let mut taken = vec![false; is.len()];
        partner.iter().flatten().for_each(|at| taken[*at] = true);
        places.clear();
        for (at, input) in is.iter().enumerate().filter(|(at, _)| !taken[*at]) {
            let class = self.matching.new_class[input.node.index()] as usize;
            places.entry((class, input.part.as_deref())).or_default().push_back(at);
        }
        for (input, partner) in was.iter().zip(&mut partner).filter(|(_, p)| p.is_none()) {
            let class = self.matching.old_class[input.node.index()] as usize;
            let Some(queue) = places.get_mut(&(class, input.part.as_deref())) else { continue };
            if let Some(at) = queue.front().copied()
                && self.matching.is_same(old, new, input, &is[at])
            {
                queue.pop_front();
                (*partner, taken[at]) = (Some(at), true);
            }
        }
        // What came or went as a whole is told as such.
        let gone: Vec<&Input> = was
            .iter()
            .zip(&partner)
            .filter(|(input, p)| p.is_none() && self.matching.new_of[input.node.index()].is_some())
            .map(|(input, _)| input)
            .collect();
        let came: Vec<&Input> = is
            .iter()
            .zip(&taken)
            .filter(|(input, taken)| !**taken && self.matching.old_of[input.node.index()].is_some())
            .map(|(input, _)| input)
            .collect();
        if !gone.is_empty() || !came.is_empty() {
            changes.push(change(Aspect::Input, &gone, &came));
        }
        let kept: Vec<(usize, usize)> = partner.iter().enumerate().filter_map(|(a, p)| Some((a, (*p)?))).collect();
        if kept.windows(2).any(|w| w[0].1 > w[1].1) {
            let mut after: Vec<usize> = kept.iter().map(|k| k.1).collect();
            after.sort_unstable();
            let a: Vec<&Input> = kept.iter().map(|k| &was[k.0]).collect();
            let b: Vec<&Input> = after.iter().map(|at| &is[*at]).collect();
            changes.push(change(Aspect::Order, &a, &b));
        }
    }
}

fn params(was: &Node, is: &Node, changes: &mut Vec<Change>) {
    if was.kind == is.kind && was.params == is.params {
        return;
    }
    let names: BTreeSet<&String> = was.params.keys().chain(is.params.keys()).collect();
    for name in names {
        let (old, new) = (stated(was, name), stated(is, name));
        let same_kind = was.kind == is.kind;
        // What one of two kinds lacks, or only has by default, follows from the kind.
        let follows = |value: &Option<Value>, node: &Node| {
            value.as_ref().is_none_or(|v| default_of(node, name).as_ref() == Some(v))
        };
        if old == new || !same_kind && follows(&old, was) && follows(&new, is) {
            continue;
        }
        value(name.clone(), old, new, changes);
    }
}

/// One value; of records and of equally long lists, only those parts that differ.
fn value(name: String, old: Option<Value>, new: Option<Value>, changes: &mut Vec<Change>) {
    match (&old, &new) {
        (Some(Value::Record(a)), Some(Value::Record(b))) => {
            let names: BTreeSet<&String> = a.iter().chain(b).map(|(n, _)| n).collect();
            let before = changes.len();
            for field in names {
                let find = |r: &[(String, Value)]| r.iter().find(|(n, _)| n == field).map(|(_, v)| v.clone());
                let (old, new) = (find(a), find(b));
                if old != new {
                    value(format!("{name}.{field}"), old, new, changes);
                }
            }
            // The same fields in another order.
            if changes.len() == before {
                changes.push(change(name, old, new));
            }
        }
        (Some(Value::List(a)), Some(Value::List(b))) if a.len() == b.len() => {
            for (at, (old, new)) in a.iter().zip(b).enumerate().filter(|(_, (a, b))| a != b) {
                value(format!("{name}[{at}]"), Some(old.clone()), Some(new.clone()), changes);
            }
        }
        _ => changes.push(change(name, old, new)),
    }
}

fn change(name: String, old: Option<Value>, new: Option<Value>) -> Change {
    Change { aspect: Aspect::Param, name, old: old.map(Content::Value), new: new.map(Content::Value) }
}

fn param<'d>(decl: Option<&'d NodeDecl>, name: &str) -> Option<&'d Param> {
    decl.and_then(|d| d.param(name))
}

fn default_of(node: &Node, name: &str) -> Option<Value> {
    param(nodes::find(&node.kind), name).and_then(Param::default_value)
}

/// What a parameter is: what is given, else its default. A name that is also a port has no default while the port is given.
fn stated(node: &Node, name: &str) -> Option<Value> {
    let given = node.params.get(name).cloned();
    given.or_else(|| default_of(node, name).filter(|_| !node.inputs.contains_key(name)))
}

/// What was said of a node beyond defaults.
fn said(graph: &Graph, node: &Node) -> Vec<(Aspect, String, Content)> {
    let mut said = Vec::new();
    for (name, value) in &node.params {
        let is_name = node.kind == "place" && name == "name";
        if !is_name && default_of(node, name).as_ref() != Some(value) {
            said.push((Aspect::Param, name.clone(), Content::Value(value.clone())));
        }
    }
    // What is the node's own comes or goes with it, and is told itself.
    let own = |i: &Input| graph.nodes[i.node].id.strip_prefix(&node.id).is_some_and(|r| r.starts_with(['#', '/']));
    for (port, inputs) in node.inputs.iter().filter(|(_, inputs)| !inputs.iter().all(own)) {
        let named = |i: &Input| (graph.nodes[i.node].id.clone(), i.part.clone());
        said.push((Aspect::Input, port.clone(), Content::Nodes(inputs.iter().map(named).collect())));
    }
    said
}
