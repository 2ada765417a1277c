//! Evaluates a validated graph. Nodes stand inputs-first, so the walk is a loop.

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::graph::Valid;
use scenec_ir::node::ParamType;
use scenec_ir::{Handle, Node, Value};

use crate::nodes;
use crate::product::Product;
use crate::report::CANCELLED;
use crate::run::{Arguments, Run, Settings};
use crate::{Events, Files, Outcome, RunError};

/// Runs a graph and gives the paths of the files that its outputs wrote, in program order. Paths in the graph
/// are as [`Files`] takes them.
pub fn execute(graph: &Valid, settings: Settings, files: &dyn Files, events: &dyn Events) -> Outcome<Vec<String>> {
    let mut run = Run::new(settings, files, events);
    // A product is dropped after its last use, so that a long run of frames does not hold every picture.
    let mut last_use: Vec<usize> = (0..graph.nodes.len()).collect();
    for (handle, node) in graph.nodes.iter() {
        for input in node.inputs.values().flatten() {
            last_use[input.node.index()] = handle.index();
        }
    }
    let assets = assets(graph);
    let mut products: Vec<Option<Product>> = vec![None; graph.nodes.len()];
    let mut written = Vec::new();
    for (handle, node) in graph.nodes.iter() {
        let product = product(&mut run, node, &products)?;
        if let Product::File(path) = &product {
            written.push((handle, path.clone()));
        }
        products[handle.index()] = Some(product);
        for input in node.inputs.values().flatten() {
            if last_use[input.node.index()] == handle.index() {
                products[input.node.index()] = None;
            }
        }
        if let Some(asset) = asset_of(node).filter(|asset| assets.get(asset) == Some(&handle)) {
            run.forget(asset);
        }
    }
    let position = |handle: &Handle<Node>| graph.outputs.iter().position(|o| o == handle).unwrap_or(usize::MAX);
    written.sort_by_key(|(handle, _)| position(handle));
    Ok(written.into_iter().map(|(_, path)| path).collect())
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
        if matches!(node.kind.as_str(), "render" | "view" | "write_png" | "write_exr") {
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
