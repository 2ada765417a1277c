//! Things out of glTF assets.

use std::sync::Arc;

use scenec_scene::gltf::{Blend, Document, Pose, Root, Select};

use crate::Outcome;
use crate::product::{Eye, Product, Thing};
use crate::run::{Arguments, Run};

/// The clip and time that a node's arguments ask for.
pub(super) struct Moment<'a> {
    clip: Option<&'a str>,
    time_s: f32,
    looped: bool,
    blend: Option<Blend<'a>>,
}

impl<'a> Moment<'a> {
    pub(super) fn of(a: &Arguments<'a>) -> Outcome<Self> {
        let time = match a.maybe("time", Arguments::number)? {
            Some(fixed) => fixed,
            None => a.maybe("frame_time", Arguments::number)?.unwrap_or(0.0) * a.number("speed")?,
        };
        let blend = match a.maybe("blend_clip", Arguments::text)? {
            Some(clip) => Some(Blend {
                clip,
                time_s: a.maybe("blend_time", Arguments::number)?.map(|t| t as f32),
                weight: a.number("blend")? as f32,
            }),
            None => None,
        };
        let clip = a.maybe("clip", Arguments::text)?;
        Ok(Self { clip, time_s: time as f32, looped: a.bool("looped")?, blend })
    }

    pub(super) fn pose(&self) -> Option<Pose<'a>> {
        self.clip.map(|clip| Pose { clip, time_s: self.time_s, looped: self.looped, blend: self.blend })
    }
}

/// The selected part of an asset as a thing; its pieces are named by the asset's nodes.
pub(super) fn thing(document: &Document, select: &Select<'_>) -> Outcome<Thing> {
    let mut instances = document.instances(select, "")?;
    for instance in &mut instances {
        if let Some(id) = instance.id.strip_prefix('/') {
            instance.id = id.into();
        }
    }
    // Lamps of the file come with its whole scene; a part brings none.
    let lights = match select.root {
        Root::Scene => document.lights(select.pose.as_ref())?,
        _ => Vec::new(),
    };
    Ok(Thing { name: String::new(), instances, joints: document.anchors(select)?, lights, ..Thing::default() })
}

fn selected(run: &mut Run<'_>, a: &Arguments<'_>, root: Root<'_>, pose: Option<Pose<'_>>) -> Outcome<Product> {
    let document = run.document(a.text("asset")?)?;
    let select = Select { root, variant: a.maybe("variant", Arguments::text)?, pose, ..Select::default() };
    let mut thing = thing(&document, &select)?;
    if let Some(given) = a.maybe_material("material")? {
        thing.instances.iter_mut().for_each(|i| i.material = given.value.clone());
    }
    Ok(Product::Thing(Arc::new(thing)))
}

pub(super) fn scene(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    selected(run, a, Root::Scene, Moment::of(a)?.pose())
}

pub(super) fn node(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    selected(run, a, Root::Node(a.text("name")?), Moment::of(a)?.pose())
}

pub(super) fn mesh(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    selected(run, a, Root::Mesh(a.text("name")?), None)
}

pub(super) fn skin(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    selected(run, a, Root::Skin(a.text("name")?), Moment::of(a)?.pose())
}

pub(super) fn camera(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let name = a.text("name")?;
    let document = run.document(a.text("asset")?)?;
    let cameras = document.cameras(Moment::of(a)?.pose().as_ref())?;
    let camera = cameras
        .into_iter()
        .find(|c| c.name == name)
        .ok_or_else(|| a.error("E0622", format!("{} has no perspective camera `{name}`", document.path())))?;
    Ok(Product::Camera(Arc::new(Eye { camera: camera.camera, subject: Vec::new(), auto_exposure: false })))
}
