//! One glTF file straight to a stage and a camera: by a view file, or in the photo studio.

use std::collections::BTreeMap;

use glam::Vec3;
use scenec_scene::gltf::{Document, Pose, Root, Select};
use scenec_scene::{Camera, Environment, Instance, Stage, hdr};
use serde::Deserialize;

use crate::framing::{FrameSpec, frame, points_of};
use crate::{Files, Outcome, RunError, RunWarning, studio};

/// A view file: what of a picture the glTF file does not say.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ViewConfig {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Samples per pixel.
    #[serde(default = "default_samples")]
    pub spp: u32,
    /// Greatest number of ray segments between camera and light, both ends included.
    #[serde(default = "default_depth")]
    pub max_depth: u32,
    /// What is behind everything.
    pub sky: SkyConfig,
    /// Anything else; a key that nothing reads gets a warning.
    #[serde(flatten)]
    pub unread: BTreeMap<String, serde_json::Value>,
}

fn default_samples() -> u32 {
    64
}

fn default_depth() -> u32 {
    8
}

/// The sky of a view file.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SkyConfig {
    /// Equal radiance from everywhere, linear Rec. 709.
    Constant([f32; 3]),
    /// A latitude-longitude picture, its path relative to the view file.
    Hdr(String),
}

impl ViewConfig {
    /// Reads a view file; `path` is for messages.
    pub fn parse(path: &str, text: &str) -> Outcome<Self> {
        let config: Self = serde_json::from_str(text).map_err(|e| {
            RunError::new("E0621", format!("{path}:{}:{}: {e}", e.line(), e.column()))
                .hint("a view file holds width, height, spp, max_depth and sky: {\"constant\": [r, g, b]} or {\"hdr\": \"file\"}")
        })?;
        if let SkyConfig::Constant(c) = &config.sky
            && !c.iter().all(|v| v.is_finite() && *v >= 0.0)
        {
            return Err(RunError::new("E0621", format!("{path}: the sky's radiance {c:?} is negative or not finite")));
        }
        Ok(config)
    }
}

/// A model with all that is needed to render it.
#[derive(Debug)]
pub struct View {
    /// What is lit and seen.
    pub stage: Stage,
    /// From where.
    pub camera: Camera,
    /// Points of the subject, for checking that it is in the picture.
    pub subject: Vec<Vec3>,
    /// What the picture will not show.
    pub warnings: Vec<RunWarning>,
}

/// What to take of a model.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// A node; the whole scene without it.
    pub node: Option<String>,
    /// A material variant.
    pub variant: Option<String>,
    /// An animation clip and the time in it, seconds.
    pub clip: Option<(String, f32)>,
}

/// Loads a glTF file and everything that it refers to.
pub fn load(path: &str, files: &dyn Files) -> Outcome<Document> {
    let missing = |reason| {
        RunError::new("E0501", format!("{path}: {reason}"))
            .hint("paths are relative to the folder in which scenec runs")
    };
    let bytes = files.read(path).map_err(missing)?;
    Ok(Document::load(path, &bytes, &|uri| files.read(&sibling(path, uri)))?)
}

/// `name` as it stands beside the file `path`.
pub fn sibling(path: &str, name: &str) -> String {
    match path.rfind(['/', '\\']) {
        Some(at) => format!("{}{name}", &path[..=at]),
        None => name.to_owned(),
    }
}

fn instances(document: &Document, choice: &Choice) -> Outcome<Vec<Instance>> {
    let select = Select {
        root: choice.node.as_deref().map_or(Root::Scene, Root::Node),
        variant: choice.variant.as_deref(),
        pose: choice.clip.as_ref().map(|(clip, time_s)| Pose { clip, time_s: *time_s, looped: true, blend: None }),
        ..Select::default()
    };
    Ok(document.instances(&select, "model")?)
}

fn notes(document: &Document) -> Vec<RunWarning> {
    let note = |n: &scenec_scene::gltf::Note| RunWarning {
        code: "W0501",
        message: format!("{}#{}: {}", document.path(), n.pointer, n.message),
        hint: None,
    };
    document.notes().iter().map(note).collect()
}

/// The model seen by its own first camera, lit by its own lights and the sky of a view file. `config_path` is where the
/// sky's picture is looked for.
pub fn by_config(
    document: &Document,
    choice: &Choice,
    config: &ViewConfig,
    config_path: &str,
    files: &dyn Files,
) -> Outcome<View> {
    let pose = choice.clip.as_ref().map(|(clip, time_s)| Pose { clip, time_s: *time_s, looped: true, blend: None });
    let cameras = document.cameras(pose.as_ref())?;
    let Some(camera) = cameras.first() else {
        return Err(RunError::new("E0622", format!("{} has no perspective camera", document.path()))
            .hint("leave out --config to have a camera framed on the model"));
    };
    let mut warnings = notes(document);
    for key in config.unread.keys() {
        warnings.push(RunWarning::new(
            "W0621",
            format!("{config_path}: nothing reads `{key}`"),
            "known keys: width, height, spp, max_depth, sky",
        ));
    }
    let environment = match &config.sky {
        SkyConfig::Constant(radiance) => Environment::Constant(*radiance),
        SkyConfig::Hdr(name) => {
            let path = if name.starts_with('/') { name.clone() } else { sibling(config_path, name) };
            load_sky(&path, files, &mut warnings)?.into_environment(1.0, 0.0)
        }
    };
    let stage = Stage {
        instances: instances(document, choice)?,
        lights: document.lights(pose.as_ref())?,
        environment,
        fog: None,
    };
    Ok(View { stage, camera: camera.camera, subject: Vec::new(), warnings })
}

/// Reads a sky picture; cleaned pixels become a warning.
pub fn load_sky(path: &str, files: &dyn Files, warnings: &mut Vec<RunWarning>) -> Outcome<hdr::HdrImage> {
    let bytes = files.read(path).map_err(|reason| {
        RunError::new("E0623", format!("the sky picture {path} can't be read: {reason}"))
            .hint("the path is relative to the file that names it")
    })?;
    let image = hdr::HdrImage::read(&bytes).map_err(|e| {
        RunError::new("E0623", format!("the sky picture {path} can't be used: {e}"))
            .hint("a latitude-longitude picture as Radiance .hdr or OpenEXR")
    })?;
    if image.cleaned > 0 {
        warnings.push(RunWarning::new(
            "W0622",
            format!("{} negative or non-finite values of {path} were set to 0", image.cleaned),
            "save the picture again from its source",
        ));
    }
    Ok(image)
}

/// The model in the photo studio, seen from a little above and to the right of its front (+Z), filling the picture.
pub fn in_studio(document: &Document, choice: &Choice, aspect: f32) -> Outcome<View> {
    let mut instances = instances(document, choice)?;
    let subject = points_of(&instances);
    if subject.is_empty() {
        return Err(RunError::new("E0624", format!("{} holds no triangles to show", document.path()))
            .hint("points, lines and empty nodes can't be rendered"));
    }
    let azimuth = 30f32.to_radians();
    let spec = FrameSpec {
        azimuth,
        elevation: 20f32.to_radians(),
        vertical_fov: 26f32.to_radians(),
        aspect,
        roll: 0.0,
        margin: 0.14,
    };
    let camera = frame(&subject, &spec);
    let mut bounds = scenec_scene::Bounds::EMPTY;
    subject.iter().for_each(|&p| bounds.include(p));
    instances.push(studio::floor(&bounds));
    let stage = Stage { instances, lights: Vec::new(), environment: studio::light(azimuth), fog: None };
    Ok(View { stage, camera, subject, warnings: notes(document) })
}

/// How much of each pixel the subject covers: what the floor and the sky show is left out of metering. One ray a pixel.
pub fn subject_cover(scene: &scenec_render::Scene, view: &View, width: u32, height: u32) -> Vec<f32> {
    let floor = view.stage.instances.len() - 1;
    let tan_v = (view.camera.vertical_fov * 0.5).tan();
    let aspect = width as f32 / height as f32;
    let eye = Vec3::from(view.camera.world_from_camera.translation);
    let mut cover = Vec::with_capacity(width as usize * height as usize);
    for y in 0..height {
        for x in 0..width {
            let px = ((x as f32 + 0.5) / width as f32 * 2.0 - 1.0) * tan_v * aspect;
            let py = (1.0 - (y as f32 + 0.5) / height as f32 * 2.0) * tan_v;
            let direction = view.camera.world_from_camera.transform_vector3(Vec3::new(px, py, -1.0)).normalize();
            let seen = scene.trace_closest(eye, direction).is_some_and(|pick| pick.instance != floor);
            cover.push(f32::from(u8::from(seen)));
        }
    }
    cover
}
