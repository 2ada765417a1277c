//! What nodes give.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::{Affine3A, Vec3};
use scenec_ir::Encoding;
use scenec_render::Aovs;
use scenec_scene::{Bounds, Camera, Environment, Fog, Instance, Light, LightKind, Material, Stage};

use crate::framing;

/// The value on an edge of the graph.
#[derive(Clone, Debug)]
pub enum Product {
    /// Placed geometry with named parts.
    Thing(Arc<Thing>),
    /// A surface.
    Material(Arc<Material>),
    /// An analytic light.
    Light(Arc<Light>),
    /// What is behind everything, perhaps with its sun.
    Sky(Arc<Sky>),
    /// What is between everything.
    Fog(Arc<Fog>),
    /// A camera with what it is meant to show.
    Camera(Arc<Eye>),
    /// All layers composed.
    Stage(Arc<Stage>),
    /// Pixels.
    Image(Arc<Picture>),
    /// What camera rays meet.
    Aovs(Arc<Aovs>),
    /// Path of a file that was written.
    File(String),
    /// What was read off the stage.
    Reading(scenec_ir::Value),
}

/// A sky and the sun in it.
#[derive(Clone, Debug)]
pub struct Sky {
    /// Radiance from all directions, without the sun.
    pub environment: Environment,
    /// The sun.
    pub sun: Option<Light>,
}

/// A camera, its subject and how its exposure is found.
#[derive(Clone, Debug)]
pub struct Eye {
    /// The camera.
    pub camera: Camera,
    /// World points of what it is meant to show; empty when unknown.
    pub subject: Vec<Vec3>,
    /// True when views meter the picture.
    pub auto_exposure: bool,
}

/// Pixels, rows from the top.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What its numbers mean.
    pub encoding: Encoding,
    /// Three numbers per pixel; of what has one (depth, masks), three times the same.
    pub rgb: Vec<[f32; 3]>,
    /// Of a render: the mean of every second sample, from which the noise can be told. Empty where there is none.
    pub half: Vec<[f32; 3]>,
    /// Fraction of each pixel that geometry covers.
    pub alpha: Vec<f32>,
    /// Exposure factor that views apply.
    pub exposure: f32,
    /// True when views meter the picture.
    pub auto_exposure: bool,
}

impl Picture {
    /// A picture without pixels.
    pub fn of(width: u32, height: u32, encoding: Encoding) -> Self {
        let (rgb, half, alpha) = (Vec::new(), Vec::new(), Vec::new());
        Self { width, height, encoding, rgb, half, alpha, exposure: 1.0, auto_exposure: false }
    }
}

/// A place on a thing, in the thing's space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The point.
    pub origin: Vec3,
    /// What is there; a point for joints and marks.
    pub bounds: Bounds,
}

impl Anchor {
    fn point(origin: Vec3) -> Self {
        Self { origin, bounds: Bounds { min: origin, max: origin } }
    }
}

/// Placed geometry. Ids of pieces are names joined by `/`; a `place` with a name sets it before them.
#[derive(Clone, Debug, Default)]
pub struct Thing {
    /// What the ids of all pieces begin with: the name that the last `place` gave. Part paths are relative to it.
    pub name: String,
    /// The pieces.
    pub instances: Vec<Instance>,
    /// Joints and nodes of an asset, by name.
    pub joints: BTreeMap<String, Affine3A>,
    /// Lights that move with it.
    pub lights: Vec<Light>,
    /// From its own space, in which it was made, to the one that its pieces are in.
    pub frame: Affine3A,
    /// The same of the named things that it is made of, by their paths relative to it.
    pub frames: BTreeMap<Arc<str>, Affine3A>,
    /// It is a place without a shape.
    pub is_mark: bool,
}

/// Parts that every thing has.
const PLACES: [&str; 3] = ["top", "bottom", "center"];

impl Thing {
    /// A thing of one piece without a name.
    pub fn single(instance: Instance) -> Self {
        Self { instances: vec![instance], ..Self::default() }
    }

    /// The box around all pieces.
    pub fn bounds(&self) -> Bounds {
        bounds_of(&self.instances)
    }

    /// The same thing elsewhere.
    pub fn transformed(&self, map: &Affine3A) -> Self {
        let mut out = self.clone();
        for instance in &mut out.instances {
            instance.world_from_object = *map * instance.world_from_object;
        }
        for joint in out.joints.values_mut() {
            *joint = *map * *joint;
        }
        for light in &mut out.lights {
            light.kind = moved(light.kind, map);
        }
        out.frame = *map * out.frame;
        for frame in out.frames.values_mut() {
            *frame = *map * *frame;
        }
        out
    }

    /// From the space of a part to the one that the pieces are in: of a joint, of a named thing, or of the thing
    /// around, at the part's place.
    pub fn frame_of(&self, part: Option<&str>) -> Option<Affine3A> {
        let Some(part) = part else { return Some(self.frame) };
        if let Some(frame) = self.joints.get(part).or_else(|| self.frames.get(part)) {
            return Some(*frame);
        }
        let owner = part.rsplit_once('/').and_then(|(owner, _)| self.frame_of(Some(owner))).unwrap_or(self.frame);
        let origin = self.anchor(Some(part))?.origin;
        Some(Affine3A { matrix3: owner.matrix3, translation: origin.into() })
    }

    /// Id of a piece, relative to the thing.
    pub(crate) fn relative<'a>(&self, instance: &'a Instance) -> &'a str {
        let id: &str = &instance.id;
        if self.name.is_empty() {
            return id;
        }
        id.strip_prefix(self.name.as_str()).map_or(id, |rest| rest.strip_prefix('/').unwrap_or(rest))
    }

    /// The pieces whose path is `part` or lies below it.
    fn named(&self, part: &str) -> Vec<&Instance> {
        let below =
            |id: &str| id.strip_prefix(part).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '~']));
        self.instances.iter().filter(|i| below(self.relative(i))).collect()
    }

    /// The pieces of a part: those whose path is the part's or lies below it. `top`, `bottom` and `center` of a part, and
    /// joints, have no pieces of their own: those of their owner come back.
    pub fn pieces(&self, part: &str) -> Vec<&Instance> {
        let found = self.named(part);
        if !found.is_empty() {
            return found;
        }
        match part.rsplit_once('/') {
            Some((owner, place)) if PLACES.contains(&place) => self.pieces(owner),
            _ if PLACES.contains(&part) || self.joints.contains_key(part) => self.instances.iter().collect(),
            _ => Vec::new(),
        }
    }

    /// What shows a part: its pieces, and, of a place or a joint that has none of its own, those of its owner with the box in
    /// which they count.
    pub(crate) fn shown(&self, part: Option<&str>) -> (Vec<&Instance>, Option<Bounds>) {
        let Some(part) = part else { return (self.instances.iter().collect(), None) };
        let own = self.named(part);
        if !own.is_empty() {
            return (own, None);
        }
        if self.joints.contains_key(part) {
            let own: Vec<_> =
                self.instances.iter().filter(|i| self.relative(i).split('/').any(|n| n == part)).collect();
            if !own.is_empty() {
                return (own, None);
            }
        }
        let pieces = self.pieces(part);
        let last = part.rsplit('/').next().unwrap_or(part);
        let mut region = Bounds::EMPTY;
        match self.anchor(Some(part)) {
            Some(_) if last == "center" => return (pieces, None),
            // A surface that lies in the box's side is in it.
            Some(anchor) if PLACES.contains(&last) => {
                let slack = (anchor.bounds.radius() * 1e-3).max(1e-5);
                region = Bounds { min: anchor.bounds.min - slack, max: anchor.bounds.max + slack };
            }
            Some(_) => self.points(Some(part)).into_iter().for_each(|p| region.include(p)),
            None => {}
        }
        (pieces, Some(region))
    }

    /// A part as a thing of its own, without a name, where it stands; a joint or a mark is a place. `top`, `bottom` and
    /// `center` are those of their owner.
    pub fn part(&self, part: &str) -> Option<Self> {
        let frame = self.frame_of(Some(part))?;
        let own = self.named(part);
        if own.is_empty() {
            return Some(Self { frame, is_mark: true, ..Self::default() });
        }
        let below = |path: &str| path.strip_prefix(part).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned);
        let instances = own
            .into_iter()
            .map(|i| Instance { id: below(self.relative(i)).unwrap_or_default().into(), ..i.clone() })
            .collect();
        let joints = self.joints.iter().filter_map(|(name, frame)| Some((below(name)?, *frame))).collect();
        let frames = self.frames.iter().filter_map(|(name, frame)| Some((below(name)?.into(), *frame))).collect();
        Some(Self { instances, joints, frames, frame, ..Self::default() })
    }

    /// Where a part is: pieces of that path, a joint, or `top`, `bottom` or `center` of the whole or of a part.
    pub fn anchor(&self, part: Option<&str>) -> Option<Anchor> {
        let middle = |bounds: Bounds| (!bounds.is_empty()).then(|| Anchor { origin: bounds.center(), bounds });
        let Some(part) = part else {
            return match self.is_mark {
                true => Some(Anchor::point(self.frame.translation.into())),
                false => middle(self.bounds()),
            };
        };
        if let Some(joint) = self.joints.get(part) {
            // A node that shows something is as large as that; a joint is a point.
            let own = self.instances.iter().filter(|i| self.relative(i).split('/').any(|name| name == part));
            return middle(bounds_of(own)).or(Some(Anchor::point(joint.translation.into())));
        }
        let (owner, place) = part.rsplit_once('/').map_or((None, part), |(owner, place)| (Some(owner), place));
        // A piece may be called `top` as well; then it is the piece.
        let own = self.named(part);
        if !PLACES.contains(&place) || !own.is_empty() {
            return middle(bounds_of(own));
        }
        let whole = self.anchor(owner)?.bounds;
        let y = match place {
            "top" => whole.max.y,
            "bottom" => whole.min.y,
            _ => return middle(whole),
        };
        let bounds =
            Bounds { min: Vec3::new(whole.min.x, y, whole.min.z), max: Vec3::new(whole.max.x, y, whole.max.z) };
        middle(bounds)
    }

    /// Points that stand for a part when a camera frames it.
    pub fn points(&self, part: Option<&str>) -> Vec<Vec3> {
        let Some(name) = part else { return framing::points_of(&self.instances) };
        match self.anchor(part) {
            // A joint: what is near it, a seventh of the figure (a head).
            Some(anchor) if anchor.bounds.radius() == 0.0 => {
                let reach = (self.bounds().radius() / 7.0).max(1e-3);
                Bounds { min: anchor.origin - reach, max: anchor.origin + reach }.corners().to_vec()
            }
            Some(_)
                if !self.named(name).is_empty()
                    || !name.rsplit('/').next().is_some_and(|last| PLACES.contains(&last)) =>
            {
                let pieces = framing::points_of(self.pieces(name));
                if pieces.is_empty() {
                    self.anchor(part).map_or(Vec::new(), |a| a.bounds.corners().to_vec())
                } else {
                    pieces
                }
            }
            Some(anchor) => anchor.bounds.corners().to_vec(),
            None => Vec::new(),
        }
    }
}

pub(crate) fn moved(kind: LightKind, map: &Affine3A) -> LightKind {
    let turned = |d: Vec3| map.transform_vector3(d).normalize_or(d);
    match kind {
        LightKind::Point { position } => LightKind::Point { position: map.transform_point3(position) },
        LightKind::Spot { position, direction, inner, outer } => {
            LightKind::Spot { position: map.transform_point3(position), direction: turned(direction), inner, outer }
        }
        LightKind::Sun { direction, angular_radius } => LightKind::Sun { direction: turned(direction), angular_radius },
    }
}

/// The box around instances. A mesh that they share is measured once.
pub(crate) fn bounds_of<'a>(instances: impl IntoIterator<Item = &'a Instance>) -> Bounds {
    let mut meshes = BTreeMap::new();
    let mut bounds = Bounds::EMPTY;
    for instance in instances {
        let own = meshes.entry(Arc::as_ptr(&instance.mesh)).or_insert_with(|| instance.mesh.bounds());
        bounds.merge(&own.transformed(&instance.world_from_object));
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenec_scene::Mesh;

    fn block(id: &str, y: f32) -> Instance {
        let mesh = Mesh { positions: vec![[0.0; 3], [1.0, 1.0, 1.0]], ..Mesh::default() };
        let world_from_object = Affine3A::from_translation(Vec3::new(0.0, y, 0.0));
        Instance { id: id.into(), mesh: Arc::new(mesh), material: Arc::new(Material::default()), world_from_object }
    }

    #[test]
    fn parts_are_found_below_the_things_name() {
        let thing = Thing {
            name: "harbour/quay".into(),
            instances: vec![
                block("harbour/quay/deck", 0.0),
                block("harbour/quay/crate/lid", 2.0),
                block("harbour/quay/crates", 9.0),
            ],
            joints: [("head".to_owned(), Affine3A::from_translation(Vec3::Y))].into(),
            ..Thing::default()
        };
        assert_eq!(thing.pieces("crate").len(), 1, "`crates` is another part");
        assert_eq!(thing.anchor(Some("crate/top")).unwrap().origin, Vec3::new(0.5, 3.0, 0.5));
        assert_eq!(thing.anchor(Some("top")).unwrap().origin.y, 10.0);
        assert_eq!(thing.anchor(Some("bottom")).unwrap().bounds.max.y, 0.0);
        assert_eq!(thing.anchor(Some("head")).unwrap().origin, Vec3::Y);
        assert_eq!(thing.anchor(Some("nose")), None);
        assert_eq!(thing.pieces("top").len(), 3);
        assert_eq!(thing.points(Some("head")).len(), 8);
    }
}
