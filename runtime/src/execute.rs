//! Evaluates a validated graph. Nodes stand inputs-first, so the walk is a loop.

use std::collections::BTreeMap;
use std::sync::Arc;

use scenec_ir::graph::Valid;
use scenec_ir::{Handle, Node};
use scenec_render::{Device, Scene};
use scenec_scene::gltf::Document;

use crate::nodes;
use crate::product::Product;
use crate::report::CANCELLED;
use crate::{Events, Files, Outcome, RunError, RunWarning};

/// How a graph is run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Settings {
    /// Which executor renders.
    pub device: Device,
    /// Threads of the native executor; all cores without it.
    pub threads: Option<usize>,
    /// At most this many samples per pixel.
    pub samples_limit: Option<u32>,
    /// Pictures are made at this part of their size, 1 for all of it.
    pub size_divisor: u32,
}

/// What a run keeps while it goes on.
pub(crate) struct Run<'a> {
    pub files: &'a dyn Files,
    pub events: &'a dyn Events,
    pub settings: Settings,
    documents: BTreeMap<String, Arc<Document>>,
    /// The ground that something was dropped on last.
    pub ground: Option<nodes::Ground>,
    /// The scene that was prepared last, with its stage: frames and outputs often share one.
    pub prepared: Option<(Arc<scenec_scene::Stage>, Arc<Scene>)>,
}

impl<'a> Run<'a> {
    fn new(settings: Settings, files: &'a dyn Files, events: &'a dyn Events) -> Self {
        Self { files, events, settings, documents: BTreeMap::new(), ground: None, prepared: None }
    }

    fn product(&mut self, node: &Node, products: &[Option<Product>]) -> Outcome<Product> {
        let behaviour = nodes::find(&node.kind).ok_or_else(|| {
            RunError::new("E0690", format!("node `{}`: this version can't run the kind `{}`", node.id, node.kind))
        })?;
        if self.events.cancelled() {
            return Err(RunError::new(CANCELLED, "stopped"));
        }
        self.events.begin(&node.id, &node.kind);
        behaviour(self, &Arguments { node, products })
    }

    /// A glTF asset, loaded once; its notes are told once.
    pub(crate) fn document(&mut self, asset: &str) -> Outcome<Arc<Document>> {
        if let Some(document) = self.documents.get(asset) {
            return Ok(document.clone());
        }
        let document = Arc::new(crate::model::load(asset, self.files)?);
        for note in document.notes() {
            let message = format!("{}#{}: {}", document.path(), note.pointer, note.message);
            self.events.warning(&RunWarning { code: "W0501", message, hint: None });
        }
        self.documents.insert(asset.to_owned(), document.clone());
        Ok(document)
    }
}

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
    let mut products: Vec<Option<Product>> = vec![None; graph.nodes.len()];
    let mut written = Vec::new();
    for (handle, node) in graph.nodes.iter() {
        let product = run.product(node, &products)?;
        if let Product::File(path) = &product {
            written.push((handle, path.clone()));
        }
        products[handle.index()] = Some(product);
        for input in node.inputs.values().flatten() {
            if last_use[input.node.index()] == handle.index() {
                products[input.node.index()] = None;
            }
        }
    }
    let position = |handle: &Handle<Node>| graph.outputs.iter().position(|o| o == handle).unwrap_or(usize::MAX);
    written.sort_by_key(|(handle, _)| position(handle));
    Ok(written.into_iter().map(|(_, path)| path).collect())
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
        let product = run.product(node, &products)?;
        named.insert(node.id.clone(), product.clone());
        products[handle.index()] = Some(product);
    }
    Ok(named)
}

/// The arguments of one node. A validated graph has all of them; what is missing all the same is our bug and says so.
pub(crate) struct Arguments<'a> {
    pub node: &'a Node,
    products: &'a [Option<Product>],
}

/// An input with the part of it that is meant.
pub(crate) struct Given<'a, T> {
    pub value: &'a T,
    pub part: Option<&'a str>,
}

macro_rules! ports {
    ($($many:ident, $one:ident, $maybe:ident: $variant:ident($type:ty);)*) => {$(
        /// Every input of a port.
        #[allow(dead_code)]
        pub(crate) fn $many(&self, port: &str) -> Outcome<Vec<Given<'a, $type>>> {
            let inputs = self.node.inputs.get(port).map_or(&[][..], Vec::as_slice);
            inputs.iter().map(|input| match &self.products[input.node.index()] {
                Some(Product::$variant(value)) => Ok(Given { value, part: input.part.as_deref() }),
                _ => Err(self.bug(port)),
            }).collect()
        }

        /// The input of a port that takes one.
        #[allow(dead_code)]
        pub(crate) fn $one(&self, port: &str) -> Outcome<Given<'a, $type>> {
            self.$maybe(port)?.ok_or_else(|| self.bug(port))
        }

        /// The input of an optional port.
        #[allow(dead_code)]
        pub(crate) fn $maybe(&self, port: &str) -> Outcome<Option<Given<'a, $type>>> {
            Ok(self.$many(port)?.into_iter().next())
        }
    )*};
}

macro_rules! params {
    ($($name:ident -> $type:ty { $($pattern:pat => $value:expr),* $(,)? })*) => {$(
        #[allow(dead_code)]
        pub(crate) fn $name(&self, param: &str) -> Outcome<$type> {
            use scenec_ir::Value;
            match self.node.params.get(param) {
                $(Some($pattern) => Ok($value),)*
                _ => Err(self.bug(param)),
            }
        }
    )*};
}

impl<'a> Arguments<'a> {
    fn bug(&self, what: &str) -> RunError {
        RunError::new("E0698", format!("node `{}` ({}): argument `{what}` is missing", self.node.id, self.node.kind))
    }

    /// An error of this node.
    pub(crate) fn error(&self, code: &'static str, reason: impl std::fmt::Display) -> RunError {
        RunError::new(code, format!("`{}`: {reason}", self.node.id))
    }

    /// True when an optional parameter was given.
    pub(crate) fn has(&self, param: &str) -> bool {
        self.node.params.contains_key(param)
    }

    /// `read` applied to a parameter that may be absent.
    pub(crate) fn maybe<T>(&self, param: &str, read: impl Fn(&Self, &str) -> Outcome<T>) -> Outcome<Option<T>> {
        if self.has(param) { read(self, param).map(Some) } else { Ok(None) }
    }

    params! {
        bool -> bool { Value::Bool(v) => *v }
        int -> i64 { Value::Int(v) => *v }
        number -> f64 { Value::Quantity(v, _) => *v, Value::Int(v) => *v as f64 }
        text -> &'a str { Value::Text(v) => v.as_str() }
        member -> &'a str { Value::Member(v) => v.as_str() }
        color -> [f32; 3] { Value::Color(v) => *v }
        vec2 -> [f64; 2] { Value::Vec2(v, _) => *v }
        vec3 -> [f64; 3] { Value::Vec3(v, _) => *v }
        record -> &'a [(String, scenec_ir::Value)] { Value::Record(v) => v.as_slice() }
    }

    ports! {
        things, thing, maybe_thing: Thing(Arc<crate::product::Thing>);
        materials, material, maybe_material: Material(Arc<scenec_scene::Material>);
        lights, light, maybe_light: Light(Arc<scenec_scene::Light>);
        skies, sky, maybe_sky: Sky(Arc<crate::product::Sky>);
        cameras, camera, maybe_camera: Camera(Arc<crate::product::Eye>);
        stages, stage, maybe_stage: Stage(Arc<scenec_scene::Stage>);
        images, image, maybe_image: Image(Arc<crate::product::Picture>);
    }
}
