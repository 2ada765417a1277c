//! What a run keeps, and what one of its nodes is given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use scenec_ir::Node;
use scenec_render::{Device, Scene};
use scenec_scene::gltf::Document;

use crate::heights::Heights;
use crate::product::Product;
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
    pub ground: Option<Heights>,
    /// The scene that was prepared last, with its stage: frames and outputs often share one.
    pub prepared: Option<(Arc<scenec_scene::Stage>, Arc<Scene>)>,
    /// A thing of a stage alone, prepared last: several questions are often about one.
    pub alone: Option<(Arc<scenec_scene::Stage>, BTreeSet<Arc<str>>, Arc<Scene>)>,
}

impl<'a> Run<'a> {
    pub(crate) fn new(settings: Settings, files: &'a dyn Files, events: &'a dyn Events) -> Self {
        Self { files, events, settings, documents: BTreeMap::new(), ground: None, prepared: None, alone: None }
    }

    /// A glTF asset, read once; its notes are told once.
    pub(crate) fn document(&mut self, asset: &str) -> Outcome<Arc<Document>> {
        if let Some(document) = self.documents.get(asset) {
            return Ok(document.clone());
        }
        let document = match self.files.take_document(asset) {
            Some(document) => document,
            None => Arc::new(crate::model::load(asset, self.files)?),
        };
        for note in document.notes() {
            let message = format!("{}#{}: {}", document.path(), note.pointer, note.message);
            self.events.warning(&RunWarning { code: "W0501", message, hint: None });
        }
        self.documents.insert(asset.to_owned(), document.clone());
        Ok(document)
    }

    /// A stage made ready for rays.
    pub(crate) fn scene(&mut self, stage: &Arc<scenec_scene::Stage>) -> Outcome<Arc<Scene>> {
        match &self.prepared {
            Some((of, scene)) if Arc::ptr_eq(of, stage) => Ok(scene.clone()),
            _ => {
                // The old scene goes before the new one comes: two at once may not fit.
                self.prepared = None;
                let scene = Arc::new(scenec_render::prepare(stage)?);
                self.prepared = Some((stage.clone(), scene.clone()));
                Ok(scene)
            }
        }
    }

    /// Nothing reads this asset any more.
    pub(crate) fn forget(&mut self, asset: &str) {
        self.documents.remove(asset);
    }
}

/// The arguments of one node. A validated graph has all of them; what is missing all the same is our bug and says so.
pub(crate) struct Arguments<'a> {
    pub node: &'a Node,
    pub products: &'a [Option<Product>],
}

/// An input with the part of it that is meant.
pub(crate) struct Given<'a, T> {
    pub value: &'a T,
    pub part: Option<&'a str>,
}

fn member_of(value: &scenec_ir::Value) -> Option<&str> {
    match value {
        scenec_ir::Value::Member(name) => Some(name),
        _ => None,
    }
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
        numbers -> Vec<f64> { Value::List(v) => v.iter().filter_map(Value::as_f64).collect() }
        members -> Vec<&'a str> { Value::List(v) => v.iter().filter_map(member_of).collect() }
        record -> &'a [(String, scenec_ir::Value)] { Value::Record(v) => v.as_slice() }
    }

    ports! {
        things, thing, maybe_thing: Thing(Arc<crate::product::Thing>);
        materials, material, maybe_material: Material(Arc<scenec_scene::Material>);
        lights, light, maybe_light: Light(Arc<scenec_scene::Light>);
        skies, sky, maybe_sky: Sky(Arc<crate::product::Sky>);
        fogs, fog, maybe_fog: Fog(Arc<scenec_scene::Fog>);
        cameras, camera, maybe_camera: Camera(Arc<crate::product::Eye>);
        stages, stage, maybe_stage: Stage(Arc<scenec_scene::Stage>);
        images, image, maybe_image: Image(Arc<crate::product::Picture>);
        many_aovs, aovs, maybe_aovs: Aovs(Arc<scenec_render::Aovs>);
    }
}
