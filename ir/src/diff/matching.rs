//! Which node of the old graph is which of the new one.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use crate::graph::{Input, Node};
use crate::{Graph, Handle, Value};

/// Nodes of both graphs, two by two.
pub(super) struct Matching {
    /// By new node: the old one.
    pub old_of: Vec<Option<Handle<Node>>>,
    /// By old node: the new one.
    pub new_of: Vec<Option<Handle<Node>>>,
    /// By node: equal numbers, equal results.
    pub old_class: Vec<u32>,
    pub new_class: Vec<u32>,
    /// Nodes without a partner by id that somebody reads as before under another id.
    pub old_silent: Vec<bool>,
    pub new_silent: Vec<bool>,
}

impl Matching {
    pub(super) fn new(old: &Graph, new: &Graph) -> Self {
        let mut matching = Self {
            old_of: vec![None; new.nodes.len()],
            new_of: vec![None; old.nodes.len()],
            old_class: Vec::new(),
            new_class: Vec::new(),
            old_silent: vec![false; old.nodes.len()],
            new_silent: vec![false; new.nodes.len()],
        };
        let by_id: HashMap<&str, Handle<Node>> = old.nodes.iter().map(|(h, n)| (n.id.as_str(), h)).collect();
        for (handle, node) in new.nodes.iter() {
            if let Some(partner) = by_id.get(node.id.as_str()) {
                matching.pair(*partner, handle);
            }
        }
        let mut classes = HashMap::with_capacity(old.nodes.len());
        matching.old_class = classify(old, &mut classes, false);
        matching.new_class = classify(new, &mut classes, false);
        drop(classes);
        matching.shared(old, new);
        matching.renames(old, new);
        matching.moves(old, new);
        matching
    }

    /// Pairs things that went to another block under their old name and changed on the way, with what is below them.
    fn moves(&mut self, old: &Graph, new: &Graph) {
        // A thing of a block (`yard/ball`), by its name and by what it is.
        let thing = |graph: &Graph, handle: Handle<Node>| -> Option<(String, String)> {
            let node = &graph.nodes[handle];
            let (_, name) = node.id.split_once('/').filter(|(_, name)| !name.contains(['/', '#']))?;
            let shape = node.inputs.get("thing").and_then(|list| list.first())?;
            (node.kind == "place").then(|| (name.to_owned(), graph.nodes[shape.node].kind.clone()))
        };
        let unpaired = |graph: &Graph, partner: &[Option<Handle<Node>>], silent: &[bool]| -> Vec<Handle<Node>> {
            let all = graph.nodes.iter().map(|(h, _)| h);
            all.filter(|h| partner[h.index()].is_none() && !silent[h.index()]).collect()
        };
        let (gone, came) =
            (unpaired(old, &self.new_of, &self.old_silent), unpaired(new, &self.old_of, &self.new_silent));
        if gone.is_empty() || came.is_empty() {
            return;
        }
        let count = |graph: &Graph, handles: &[Handle<Node>]| {
            let mut found: BTreeMap<(String, String), Vec<Handle<Node>>> = BTreeMap::new();
            for handle in handles {
                if let Some(key) = thing(graph, *handle) {
                    found.entry(key).or_default().push(*handle);
                }
            }
            found
        };
        let mut below: Vec<(&str, Handle<Node>)> = gone.iter().map(|h| (old.nodes[*h].id.as_str(), *h)).collect();
        below.sort_unstable();
        let by_id: HashMap<&str, Handle<Node>> = came.iter().map(|h| (new.nodes[*h].id.as_str(), *h)).collect();
        let arrivals = count(new, &came);
        for (key, from) in count(old, &gone) {
            // Of several it is not known which is which.
            let ([from], Some([to])) = (from.as_slice(), arrivals.get(&key).map(Vec::as_slice)) else { continue };
            let (was, is) = (&old.nodes[*from].id, &new.nodes[*to].id);
            let start = below.partition_point(|(id, _)| *id < was.as_str());
            for (id, handle) in below[start..].iter().take_while(|(id, _)| id.starts_with(was.as_str())) {
                let rest = &id[was.len()..];
                if !(rest.is_empty() || rest.starts_with(['/', '#'])) || self.new_of[handle.index()].is_some() {
                    continue;
                }
                if let Some(partner) = by_id.get(format!("{is}{rest}").as_str())
                    && self.old_of[partner.index()].is_none()
                    && new.nodes[*partner].kind == old.nodes[*handle].kind
                {
                    self.pair(*handle, *partner);
                }
            }
        }
    }

    /// Finds what users of one id read as before under another id, before that could be taken for renamed.
    fn shared(&mut self, old: &Graph, new: &Graph) {
        let pairs: Vec<_> = new.nodes.iter().filter_map(|(h, _)| Some((self.old_of[h.index()]?, h))).collect();
        for (a, b) in pairs {
            for (port, was) in &old.nodes[a].inputs {
                let Some(is) = new.nodes[b].inputs.get(port) else { continue };
                if was.len() == is.len() && was.iter().zip(is).all(|(a, b)| self.new_of[a.node.index()] == Some(b.node))
                {
                    continue;
                }
                let mut waiting: HashMap<(u32, Option<&str>), VecDeque<&Input>> = HashMap::new();
                for input in is {
                    let class = self.new_class[input.node.index()];
                    waiting.entry((class, input.part.as_deref())).or_default().push_back(input);
                }
                for input in was {
                    let key = (self.old_class[input.node.index()], input.part.as_deref());
                    if let Some(same) = waiting.get_mut(&key).and_then(VecDeque::pop_front) {
                        self.is_same(old, new, input, same);
                    }
                }
            }
        }
    }

    fn pair(&mut self, old: Handle<Node>, new: Handle<Node>) {
        self.old_of[new.index()] = Some(old);
        self.new_of[old.index()] = Some(new);
    }

    /// Pairs nodes that are equal but for names and layers. What has no name of its own (`…#material`) is found through
    /// those who read it: two default surfaces are no renamed one.
    fn renames(&mut self, old: &Graph, new: &Graph) {
        if self.old_of.iter().all(Option::is_some) || self.new_of.iter().all(Option::is_some) {
            return;
        }
        let mut classes = HashMap::with_capacity(old.nodes.len());
        let old_class = classify(old, &mut classes, true);
        let new_class = classify(new, &mut classes, true);
        drop(classes);
        let free = |graph: &Graph, partner: &[Option<Handle<Node>>], silent: &[bool]| {
            let mut free: Vec<Handle<Node>> = graph.nodes.iter().map(|(h, _)| h).collect();
            let is_free = |h: usize| partner[h].is_none() && !silent[h];
            free.retain(|h| is_free(h.index()) && !graph.nodes[*h].id.contains('#'));
            free.sort_by(|a, b| graph.nodes[*a].id.cmp(&graph.nodes[*b].id));
            free
        };
        let (old_free, new_free) =
            (free(old, &self.new_of, &self.old_silent), free(new, &self.old_of, &self.new_silent));
        // Of several equals, those of one last name belong together; then in the order of ids.
        for by_name in [true, false] {
            let mut waiting: HashMap<(u32, &str), VecDeque<Handle<Node>>> = HashMap::new();
            for handle in old_free.iter().filter(|h| self.new_of[h.index()].is_none()) {
                let name = if by_name { last_name(&old.nodes[*handle].id) } else { "" };
                waiting.entry((old_class[handle.index()], name)).or_default().push_back(*handle);
            }
            for handle in &new_free {
                if self.old_of[handle.index()].is_some() {
                    continue;
                }
                let name = if by_name { last_name(&new.nodes[*handle].id) } else { "" };
                let equal = waiting.get_mut(&(new_class[handle.index()], name)).and_then(VecDeque::pop_front);
                if let Some(partner) = equal {
                    self.pair(partner, *handle);
                    self.pair_inputs(old, new, partner, *handle);
                }
            }
        }
    }

    /// Below two equal nodes, what has no partner yet is equal too.
    fn pair_inputs(&mut self, old: &Graph, new: &Graph, from: Handle<Node>, to: Handle<Node>) {
        let mut left = vec![(from, to)];
        while let Some((from, to)) = left.pop() {
            for (a, b) in both(&old.nodes[from], &new.nodes[to]) {
                if self.new_of[a.node.index()].is_none() && self.old_of[b.node.index()].is_none() {
                    self.pair(a.node, b.node);
                    left.push((a.node, b.node));
                }
            }
        }
    }

    /// True when a user reads the same as before. Notes ids that came or went only because equal nodes are kept once.
    pub(super) fn is_same(&mut self, old: &Graph, new: &Graph, a: &Input, b: &Input) -> bool {
        if a.part != b.part {
            return false;
        }
        if self.new_of[a.node.index()] == Some(b.node) {
            return true;
        }
        let has_partners = self.new_of[a.node.index()].is_some() && self.old_of[b.node.index()].is_some();
        if has_partners || self.old_class[a.node.index()] != self.new_class[b.node.index()] {
            return false;
        }
        let mut left = vec![(a.node, b.node)];
        let mut seen = HashSet::new();
        while let Some((a, b)) = left.pop() {
            if self.new_of[a.index()] == Some(b) || !seen.insert((a, b)) {
                continue;
            }
            let silent = (&mut self.old_silent[a.index()], &mut self.new_silent[b.index()]);
            if *silent.0 && *silent.1 {
                continue;
            }
            (*silent.0, *silent.1) = (true, true);
            left.extend(both(&old.nodes[a], &new.nodes[b]).map(|(a, b)| (a.node, b.node)));
        }
        true
    }
}

/// Inputs of two equal nodes, side by side.
fn both<'g>(old: &'g Node, new: &'g Node) -> impl Iterator<Item = (&'g Input, &'g Input)> {
    old.inputs.values().flatten().zip(new.inputs.values().flatten())
}

fn last_name(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// A node's content without what only its name and its block gave it.
fn nameless(node: &Node, class: impl Fn(Handle<Node>) -> u64) -> Box<[u8]> {
    let layer = crate::Layer::Generation;
    if node.kind == "place" {
        return node.content_as(layer, "name", class);
    }
    if node.kind == "scatter"
        && let Some(Value::Text(seed)) = node.params.get("seed")
        && let Some(rest) = seed.strip_prefix(owner(&node.id)).and_then(|rest| rest.strip_prefix(':'))
    {
        let mut bare = node.clone();
        bare.params.insert("seed".to_owned(), Value::Text(rest.to_owned()));
        return bare.content_as(layer, "", class);
    }
    node.content_as(layer, "", class)
}

/// The thing that a node without a name of its own belongs to: `yard/ball` of `yard/ball#thing#material`.
fn owner(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

/// A number for every node, equal for nodes that are equal (but for their names and layers) all the way down.
fn classify(graph: &Graph, classes: &mut HashMap<Box<[u8]>, u32>, by_shape: bool) -> Vec<u32> {
    let mut numbers: Vec<u32> = Vec::with_capacity(graph.nodes.len());
    for (_, node) in graph.nodes.iter() {
        let class = |input: Handle<Node>| u64::from(numbers[input.index()]);
        let content = if by_shape { nameless(node, class) } else { node.content_as(node.layer, "", class) };
        let next = classes.len() as u32;
        numbers.push(*classes.entry(content).or_insert(next));
    }
    numbers
}

/// Pairs of ids of which the second is the first with another beginning, which has a pair of its own.
pub(super) fn is_below(from: &str, to: &str, renamed: &BTreeMap<&str, &str>) -> bool {
    to.char_indices().rev().filter(|(_, c)| matches!(c, '/' | '#')).any(|(at, _)| {
        let (above, rest) = to.split_at(at);
        renamed.get(above).is_some_and(|old| from.strip_prefix(old) == Some(rest))
    })
}
