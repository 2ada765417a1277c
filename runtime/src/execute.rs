//! Evaluates a validated graph. Nodes stand inputs-first, so the walk is a loop.

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::graph::Valid;
use scenec_ir::node::ParamType;
use scenec_ir::nodes::measure::is_measure;
use scenec_ir::{Handle, Node, Value};

use crate::nodes;
use crate::product::Product;
use crate::report::CANCELLED;
use crate::run::{Arguments, Run, Settings};
use crate::{Events, Files, Outcome, RunError};

/// Runs a graph and gives the paths of the files that its outputs wrote, in program order. Paths in the graph
/// are as [`Files`] takes them.
pub fn execute(graph: &Valid, settings: Settings, files: &dyn Files, events: &dyn Events) -> Outcome<Vec<String>> {
    Job::new(graph, settings, files, events).finish()
}

/// A run of a graph that can be asked about its stage before anything is rendered.
pub struct Job<'g> {
    graph: &'g Valid,
    run: Run<'g>,
    products: Vec<Option<Product>>,
    done: Vec<bool>,
    /// Nodes that still have to read a product. It is dropped then, so that a long run of frames does not hold every picture.
    readers: Vec<usize>,
    /// The same of assets.
    assets: BTreeMap<&'g str, usize>,
    written: Vec<(Handle<Node>, String)>,
}

impl<'g> Job<'g> {
    /// Nothing runs yet.
    pub fn new(graph: &'g Valid, settings: Settings, files: &'g dyn Files, events: &'g dyn Events) -> Self {
        let mut readers = vec![0; graph.nodes.len()];
        let mut assets = BTreeMap::new();
        for (_, node) in graph.nodes.iter() {
            node.inputs.values().flatten().for_each(|input| readers[input.node.index()] += 1);
            asset_of(node).into_iter().for_each(|asset| *assets.entry(asset).or_insert(0) += 1);
        }
        Self {
            graph,
            run: Run::new(settings, files, events),
            products: vec![None; graph.nodes.len()],
            done: vec![false; graph.nodes.len()],
            readers,
            assets,
            written: Vec::new(),
        }
    }

    /// Evaluates what the measures of the graph need, and gives what they read off the stage, by the ids of their nodes.
    pub fn measure(&mut self) -> Outcome<BTreeMap<String, Value>> {
        let is_measure = |node: &Node| scenec_ir::nodes::find(&node.kind).is_some_and(is_measure);
        let mut needed = vec![false; self.graph.nodes.len()];
        let nodes: Vec<_> = self.graph.nodes.iter().collect();
        for (handle, node) in nodes.iter().rev() {
            if needed[handle.index()] || is_measure(node) {
                needed[handle.index()] = true;
                node.inputs.values().flatten().for_each(|input| needed[input.node.index()] = true);
            }
        }
        let mut read = BTreeMap::new();
        for (handle, node) in nodes {
            if needed[handle.index()] {
                self.step(handle, node)?;
            }
            if let Some(Product::Reading(value)) = &self.products[handle.index()] {
                read.insert(node.id.clone(), value.clone());
            }
        }
        Ok(read)
    }

    /// Runs what is left and gives the paths of the files that were written, in program order.
    pub fn finish(mut self) -> Outcome<Vec<String>> {
        for (handle, node) in self.graph.nodes.iter() {
            self.step(handle, node)?;
        }
        let outputs = &self.graph.outputs;
        let position = |handle: &Handle<Node>| outputs.iter().position(|o| o == handle).unwrap_or(usize::MAX);
        self.written.sort_by_key(|(handle, _)| position(handle));
        Ok(self.written.into_iter().map(|(_, path)| path).collect())
    }

    /// Evaluates a node, once.
    fn step(&mut self, handle: Handle<Node>, node: &'g Node) -> Outcome<()> {
        if std::mem::replace(&mut self.done[handle.index()], true) {
            return Ok(());
        }
        let product = product(&mut self.run, node, &self.products)?;
        if let Product::File(path) = &product {
            self.written.push((handle, path.clone()));
        }
        self.products[handle.index()] = Some(product);
        for input in node.inputs.values().flatten() {
            let readers = &mut self.readers[input.node.index()];
            *readers -= 1;
            if *readers == 0 {
                self.products[input.node.index()] = None;
            }
        }
        if let Some(asset) = asset_of(node)
            && let Some(readers) = self.assets.get_mut(asset)
        {
            *readers -= 1;
            if *readers == 0 {
                self.run.forget(asset);
            }
        }
        Ok(())
    }
}

/// The glTF files that a graph reads, each with the last node that reads it.
pub fn assets(graph: &Valid) -> BTreeMap<&str, Handle<Node>> {
    graph.nodes.iter().filter_map(|(handle, node)| Some((asset_of(node)?, handle))).collect()
}

/// The pictures that a graph reads besides: skies, height maps, textures.
pub fn inputs(graph: &Valid) -> BTreeSet<&str> {
    let paths = graph.nodes.iter().flat_map(|(_, node)| {
        let params = scenec_ir::nodes::find(&node.kind).map_or(&[][..], |decl| decl.params);
        let read = params.iter().filter(|p| p.ty == ParamType::InputPath);
        read.filter_map(|p| match node.params.get(p.name) {
            Some(Value::Text(path)) => Some(path.as_str()),
            _ => None,
        })
    });
    paths.collect()
}

fn asset_of(node: &Node) -> Option<&str> {
    let decl = scenec_ir::nodes::find(&node.kind)?;
    let param = decl.params.iter().find(|p| p.ty == ParamType::Asset)?;
    match node.params.get(param.name) {
        Some(Value::Text(path)) => Some(path),
        _ => None,
    }
}

/// Evaluates what needs no renderer and writes nothing, and gives it by node id: things, materials, lights, cameras, the
/// stage.
pub fn design(graph: &Valid, files: &dyn Files, events: &dyn Events) -> Outcome<BTreeMap<String, Product>> {
    let mut run = Run::new(Settings::default(), files, events);
    let mut products: Vec<Option<Product>> = vec![None; graph.nodes.len()];
    let mut named = BTreeMap::new();
    for (handle, node) in graph.nodes.iter() {
        let gives = scenec_ir::nodes::find(&node.kind).map(|decl| decl.output);
        if matches!(
            gives,
            Some(scenec_ir::node::Wire::Image(_) | scenec_ir::node::Wire::Aovs | scenec_ir::node::Wire::File)
        ) {
            continue;
        }
        let product = product(&mut run, node, &products)?;
        named.insert(node.id.clone(), product.clone());
        products[handle.index()] = Some(product);
    }
    Ok(named)
}

/// Calls a node's behaviour.
fn product(run: &mut Run<'_>, node: &Node, products: &[Option<Product>]) -> Outcome<Product> {
    let behaviour = nodes::find(&node.kind).ok_or_else(|| {
        RunError::new("E0698", format!("node `{}`: this version can't run the kind `{}`", node.id, node.kind))
    })?;
    if run.events.cancelled() {
        return Err(RunError::new(CANCELLED, "stopped"));
    }
    run.events.begin(&node.id, &node.kind);
    behaviour(run, &Arguments { node, products })
        .map_err(|error| RunError { place: error.place.or(node.span), ..error })
}

#[cfg(test)]
mod tests {
    use scenec_ir::{Dimension, Graph, Layer};

    use super::*;

    struct Stopped;

    impl Files for Stopped {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            Err(format!("no {path}"))
        }
        fn write(&self, path: &str, _: &[u8]) -> Result<String, String> {
            Err(format!("no {path}"))
        }
    }

    impl scenec_render::Control for Stopped {
        fn progress(&self, _: &scenec_render::Progress<'_>) -> bool {
            false
        }
    }

    impl Events for Stopped {
        fn cancelled(&self) -> bool {
            true
        }
    }

    fn sky() -> Node {
        let params = [("color", Value::Color([1.0; 3])), ("strength", Value::Quantity(1.0, Dimension::RATIO))];
        Node {
            kind: "constant_sky".into(),
            id: "sky".into(),
            layer: Layer::Environment,
            params: params.map(|(name, value)| (name.to_owned(), value)).into(),
            inputs: BTreeMap::new(),
            span: None,
        }
    }

    #[test]
    fn a_run_that_is_stopped_says_so() {
        let mut graph = Graph::default();
        graph.nodes.push(sky());
        let graph = graph.validate().expect("sound");
        let error =
            execute(&graph, Settings::default(), &Stopped, &Stopped).expect_err("stopped before its first node");
        assert_eq!(error.code, "E0699");
        assert!(error.is_cancelled());
    }

    /// A validated graph has all arguments; a node without one is a mistake of ours, and an error all the same.
    #[test]
    fn a_missing_argument_is_no_panic() {
        let node = Node { params: BTreeMap::new(), ..sky() };
        let arguments = Arguments { node: &node, products: &[] };
        for error in [arguments.number("strength").err(), arguments.sky("sky").err()] {
            assert_eq!(error.expect("it is missing").code, "E0698");
        }
    }
}
