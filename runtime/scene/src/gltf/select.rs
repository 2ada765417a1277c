//! From a selection to instances: pose the nodes, build each mesh, material and texture once.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::{Affine3A, Mat3A, Quat, Vec3, Vec3A};

use super::accessor::Reader;
use super::fault::{ACCESSOR, Fault, LIMIT, Result, pick};
use super::mesh::{Deformation, TangentSpace, has_triangles};
use super::names::find;
use super::nodes::Local;
use super::texture::Textures;
use super::{Document, Shared, animation, json, material, mesh, skin};
use crate::{Camera, Instance, Lens, Light, LightKind, Material, Mesh};

const MAX_INSTANCES: usize = 4_000_000;

/// What to take out of an asset, and in which shape.
#[derive(Clone, Copy, Debug, Default)]
pub struct Select<'a> {
    /// Which part.
    pub root: Root<'a>,
    /// KHR_materials_variants; without one, the materials that the meshes name themselves.
    pub variant: Option<&'a str>,
    /// A clip at a time; without one, the rest pose of the nodes.
    pub pose: Option<Pose<'a>>,
    /// Weights of morph targets by name, over those of clip and file. They hold for every mesh that has the target.
    pub morph: &'a [(&'a str, f32)],
    /// Rotations by node name, in the node's own frame, on top of the pose: local = pose * extra.
    pub joints: &'a [(&'a str, Quat)],
}

/// A part of an asset.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Root<'a> {
    /// The default scene (all root nodes, if the file has none), in asset space.
    #[default]
    Scene,
    /// A node with all below it. The origin of the node, at rest, becomes the origin; rotation and scale of the node and
    /// its ancestors stay. So a part of a model in centimetres or with Z up, which exporters wrap into a scaling and
    /// turning root node, has its right size and stands upright, and is placed by its own pivot rather than by where it
    /// happened to stand in the file. A clip that moves the node still moves it, because the rest place is taken off.
    Node(&'a str),
    /// All meshes that wear this skin, in asset space.
    Skin(&'a str),
    /// One mesh without any node, in its own space, not skinned.
    Mesh(&'a str),
}

/// An animation at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose<'a> {
    /// Name of the clip.
    pub clip: &'a str,
    /// Seconds from the start of the clip.
    pub time_s: f32,
    /// Goes round and round; otherwise the first and last keyframes hold outside of the clip.
    pub looped: bool,
    /// A second clip that is mixed in.
    pub blend: Option<Blend<'a>>,
}

/// A second clip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blend<'a> {
    /// Name of the clip.
    pub clip: &'a str,
    /// Seconds from its start; `None` stands at the same part of its length as the first clip, so that steps meet.
    pub time_s: Option<f32>,
    /// 0 the first clip alone, 1 this one alone.
    pub weight: f32,
}

/// A camera of an asset.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedCamera {
    /// Name of its node.
    pub name: String,
    /// Pinhole with the exposure 1.
    pub camera: Camera,
    /// Width by height that the file asks for.
    pub aspect_ratio: Option<f32>,
}

/// Built once per document. Holds rest shapes only: posed meshes live as long as their users.
#[derive(Clone, Default)]
pub(super) struct Cache {
    textures: Textures,
    materials: Shared<Option<usize>, Material>,
    meshes: Shared<MeshKey, Mesh>,
}

impl Cache {
    /// Takes over what `other` has and this has not.
    pub fn merge(&mut self, other: Self) {
        self.textures.merge(other.textures);
        for (key, value) in other.materials {
            self.materials.entry(key).or_insert(value);
        }
        for (key, value) in other.meshes {
            self.meshes.entry(key).or_insert(value);
        }
    }
}

/// Mesh, primitive, bits of the tangent space.
type MeshKey = (usize, usize, Option<(u32, [u32; 6])>);

/// Mesh, targets with a weight and its bits, skin.
type BentKey = (MeshKey, Vec<(usize, u32)>, Option<usize>);

/// All nodes at one time.
struct Posed {
    world: Vec<Affine3A>,
    /// Of animated nodes.
    weights: BTreeMap<usize, Vec<f32>>,
}

/// A mesh to be built: the node that shows it, its id without suffix, its place.
struct Place {
    id: String,
    node: Option<usize>,
    mesh: usize,
    skin: Option<usize>,
    world: Affine3A,
}

pub(super) fn instances(
    document: &Document,
    cache: &mut Cache,
    select: &Select<'_>,
    id_prefix: &str,
) -> Result<Vec<Instance>> {
    let root = &document.root;
    let reader = document.reader();
    let variant = match select.variant {
        Some(name) => Some(find("variant", name, document.names.variants.iter().map(String::as_str))?),
        None => None,
    };
    let morph = morph_overrides(document, select.morph)?;
    let posed = pose(document, &reader, select.pose.as_ref(), select.joints)?;
    let places = places(document, select, &posed)?;

    // Textures first and all at once, so that they decode in parallel.
    let mut keys = Vec::new();
    let mut total = 0;
    for place in &places {
        let primitives = &pick(&root.meshes, place.mesh, "mesh", String::new)?.primitives;
        total += primitives.len();
        if total > MAX_INSTANCES {
            return Err(Fault::new(
                LIMIT,
                format!("/meshes/{}", place.mesh),
                format!("more than {MAX_INSTANCES} instances"),
            )
            .hint("select fewer nodes, or split the asset"));
        }
        for primitive in primitives.iter().filter(|p| has_triangles(p)) {
            let m = material_of(primitive, variant);
            if !cache.materials.contains_key(&m) {
                keys.extend(material::textures(root, m)?);
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    cache.textures.load(&reader, &document.images, &keys)?;

    let mut builder =
        Builder { document, reader, cache, posed, morph, variant, bent: BTreeMap::new(), skins: BTreeMap::new() };
    let mut ids = Ids { prefix: id_prefix, used: BTreeMap::new() };
    let mut instances = Vec::with_capacity(total.min(1 << 16));
    for place in &places {
        builder.place(place, &mut ids, &mut instances)?;
    }
    Ok(instances)
}

/// For each mesh, the targets whose weight the selection sets.
fn morph_overrides(document: &Document, morph: &[(&str, f32)]) -> Result<BTreeMap<usize, Vec<(usize, f32)>>> {
    let mut overrides: BTreeMap<usize, Vec<(usize, f32)>> = BTreeMap::new();
    for &(name, weight) in morph {
        let targets = &document.names.targets;
        find("morph target", name, targets.iter().flatten().map(String::as_str))?;
        if !weight.is_finite() {
            return Err(Fault::new(ACCESSOR, "", format!("the weight of morph target \"{name}\" is not finite")));
        }
        for (mesh, targets) in targets.iter().enumerate() {
            for (t, _) in targets.iter().enumerate().filter(|(_, target)| *target == name) {
                overrides.entry(mesh).or_default().push((t, weight));
            }
        }
    }
    Ok(overrides)
}

fn rest(document: &Document) -> Result<Vec<Local>> {
    document.root.nodes.iter().enumerate().map(|(i, node)| Local::of(node, i)).collect()
}

fn pose(document: &Document, reader: &Reader<'_>, pose: Option<&Pose<'_>>, joints: &[(&str, Quat)]) -> Result<Posed> {
    let mut locals = rest(document)?;
    let mut weights = BTreeMap::new();
    if let Some(pose) = pose {
        let clip = find("clip", pose.clip, document.clips.iter().map(|c| c.name.as_str()))?;
        if !pose.time_s.is_finite() {
            return Err(Fault::new(ACCESSOR, "", format!("the time {} s of a pose is not finite", pose.time_s)));
        }
        let duration_s = document.clips[clip].duration_s;
        let time_s = animation::clip_time(pose.time_s, duration_s, pose.looped);
        animation::apply(&document.root, reader, clip, time_s, &mut locals, &mut weights)?;
        if let Some(blend) = pose.blend.filter(|b| b.weight > 0.0) {
            let clip = find("clip", blend.clip, document.clips.iter().map(|c| c.name.as_str()))?;
            let second_s = document.clips[clip].duration_s;
            let time_s = match blend.time_s {
                Some(time_s) => time_s,
                None if duration_s > 0.0 => pose.time_s * (second_s / duration_s),
                None => 0.0,
            };
            let time_s = animation::clip_time(time_s, second_s, pose.looped);
            if !time_s.is_finite() {
                return Err(Fault::new(ACCESSOR, "", "the time of the second clip of a pose is not finite"));
            }
            let (mut others, mut other_weights) = (rest(document)?, BTreeMap::new());
            animation::apply(&document.root, reader, clip, time_s, &mut others, &mut other_weights)?;
            let weight = blend.weight.min(1.0);
            for (local, other) in locals.iter_mut().zip(&others) {
                local.mix(other, weight);
            }
            animation::mix_weights(&document.root, &mut weights, &other_weights, weight);
        }
    }
    for &(name, extra) in joints {
        let node = find("node", name, document.names.nodes.iter().map(String::as_str))?;
        let Some(extra) = super::nodes::unit(extra.to_array()) else {
            return Err(Fault::new(ACCESSOR, "", format!("the rotation for \"{name}\" is no rotation: {extra}")));
        };
        locals[node].edit(|_, rotation, _| *rotation = (*rotation * extra).normalize());
    }
    Ok(Posed { world: document.hierarchy.world(&locals)?, weights })
}

/// From asset space to the space of the selection.
fn shift(document: &Document, select: &Select<'_>) -> Result<Affine3A> {
    let mut translation = Vec3A::ZERO;
    if let Root::Node(name) = select.root {
        let node = find("node", name, document.names.nodes.iter().map(String::as_str))?;
        translation = -document.hierarchy.world(&rest(document)?)?[node].translation;
    }
    Ok(Affine3A { matrix3: Mat3A::IDENTITY, translation })
}

fn places(document: &Document, select: &Select<'_>, posed: &Posed) -> Result<Vec<Place>> {
    let (root, names, hierarchy) = (&document.root, &document.names, &document.hierarchy);
    let node_names = names.nodes.iter().map(String::as_str);
    let shift = shift(document, select)?;
    let nodes = match select.root {
        Root::Scene => hierarchy.subtree(root, &hierarchy.scene(root)?),
        Root::Node(name) => {
            let node = find("node", name, node_names)?;
            hierarchy.subtree(root, &[node])
        }
        Root::Skin(name) => {
            let skin = find("skin", name, names.skins.iter().map(String::as_str))?;
            (0..root.nodes.len()).filter(|&n| root.nodes[n].skin.is_some_and(|s| s.0 == skin)).collect()
        }
        Root::Mesh(name) => {
            let mesh = find("mesh", name, names.meshes.iter().map(String::as_str))?;
            let id = names.meshes[mesh].clone();
            return Ok(vec![Place { id, node: None, mesh, skin: None, world: Affine3A::IDENTITY }]);
        }
    };
    let mut places = Vec::new();
    for n in nodes {
        let node = &root.nodes[n];
        if let Some(mesh) = node.mesh {
            let skin = node.skin.map(|s| s.0);
            // 3.7.3.1: the joints alone place a skinned mesh, its node's transform is ignored.
            let world = if skin.is_some() { shift } else { shift * posed.world[n] };
            places.push(Place { id: names.nodes[n].clone(), node: Some(n), mesh: mesh.0, skin, world });
        }
    }
    Ok(places)
}

fn material_of(primitive: &json::Primitive, variant: Option<usize>) -> Option<usize> {
    let mappings = primitive.extensions.variants.as_deref().map_or(&[][..], |v| &v.mappings);
    let mapped = variant.and_then(|v| mappings.iter().find(|m| m.variants.iter().any(|x| x.0 == v)));
    mapped.map(|m| m.material).or(primitive.material).map(|m| m.0)
}

struct Builder<'a> {
    document: &'a Document,
    reader: Reader<'a>,
    cache: &'a mut Cache,
    posed: Posed,
    morph: BTreeMap<usize, Vec<(usize, f32)>>,
    variant: Option<usize>,
    /// Meshes with morph weights or a skin, shared within this call.
    bent: BTreeMap<BentKey, Arc<Mesh>>,
    skins: BTreeMap<usize, skin::Pose>,
}

impl Builder<'_> {
    fn place(&mut self, place: &Place, ids: &mut Ids<'_>, instances: &mut Vec<Instance>) -> Result<()> {
        let root = &self.document.root;
        let primitives = &pick(&root.meshes, place.mesh, "mesh", String::new)?.primitives;
        let weights = self.weights(place)?;
        if let Some(skin) = place.skin
            && !self.skins.contains_key(&skin)
        {
            self.skins.insert(skin, skin::Pose::new(root, &self.reader, skin, &self.posed.world)?);
        }
        for (p, primitive) in primitives.iter().enumerate().filter(|(_, p)| has_triangles(p)) {
            let m = material_of(primitive, self.variant);
            let mesh = self.mesh(place, p, &weights, material::tangent_space(root, m).as_ref())?;
            if mesh.triangles.is_empty() {
                continue;
            }
            let material = match self.cache.materials.get(&m) {
                Some(material) => Arc::clone(material),
                None => {
                    let material = Arc::new(material::build(root, &self.cache.textures, m)?);
                    self.cache.materials.insert(m, Arc::clone(&material));
                    material
                }
            };
            let id = ids.next(&place.id, (primitives.len() > 1).then_some(p));
            instances.push(Instance { id, mesh, material, world_from_object: place.world });
        }
        Ok(())
    }

    /// Morph weights, strongest first: selection, clip, node, mesh (3.7.2.2), none.
    fn weights(&self, place: &Place) -> Result<Vec<f32>> {
        let root = &self.document.root;
        let json = &root.meshes[place.mesh];
        let targets = self.document.names.targets.get(place.mesh).map_or(0, Vec::len);
        let animated = place.node.and_then(|n| self.posed.weights.get(&n));
        let of_node = place.node.and_then(|n| root.nodes[n].weights.as_ref());
        let mut weights = animated.or(of_node).or(json.weights.as_ref()).cloned().unwrap_or_default();
        weights.resize(targets, 0.0);
        if !weights.iter().all(|w| w.is_finite()) {
            let pointer = format!("/meshes/{}/weights", place.mesh);
            return Err(Fault::new(ACCESSOR, pointer, "a weight of a morph target is not finite"));
        }
        for &(target, weight) in self.morph.get(&place.mesh).into_iter().flatten() {
            weights[target] = weight;
        }
        Ok(weights)
    }

    fn mesh(&mut self, place: &Place, p: usize, weights: &[f32], space: Option<&TangentSpace>) -> Result<Arc<Mesh>> {
        let bits = |s: &TangentSpace| {
            let [a, b] = s.transform;
            (s.uv_set, [a[0], a[1], a[2], b[0], b[1], b[2]].map(f32::to_bits))
        };
        let key: MeshKey = (place.mesh, p, space.map(bits));
        let used: Vec<(usize, u32)> =
            weights.iter().enumerate().filter(|(_, w)| **w != 0.0).map(|(t, w)| (t, w.to_bits())).collect();
        let bent = place.skin.is_some() || !used.is_empty();
        let bent_key: Option<BentKey> = bent.then_some((key, used, place.skin));
        let known = match &bent_key {
            Some(key) => self.bent.get(key),
            None => self.cache.meshes.get(&key),
        };
        if let Some(mesh) = known {
            return Ok(Arc::clone(mesh));
        }
        let skin = place.skin.and_then(|s| self.skins.get(&s));
        let deformation = Deformation { weights, skin };
        let built = mesh::build(&self.document.root, &self.reader, (place.mesh, p), &deformation, space)?;
        let mesh = Arc::new(Mesh { asset: Some(Arc::clone(&self.document.path)), ..built });
        match bent_key {
            Some(key) => self.bent.insert(key, Arc::clone(&mesh)),
            None => self.cache.meshes.insert(key, Arc::clone(&mesh)),
        };
        Ok(mesh)
    }
}

/// Ids that never repeat.
struct Ids<'a> {
    prefix: &'a str,
    used: BTreeMap<String, usize>,
}

impl Ids<'_> {
    fn next(&mut self, name: &str, primitive: Option<usize>) -> Arc<str> {
        let mut base = String::with_capacity(self.prefix.len() + name.len() + 4);
        if !self.prefix.is_empty() {
            base.push_str(self.prefix);
            base.push('/');
        }
        base.push_str(name);
        if let Some(p) = primitive {
            base.push_str(&format!("/{p}"));
        }
        let Some(&count) = self.used.get(&base) else {
            self.used.insert(base.clone(), 1);
            return base.into();
        };
        // A node may be called `a~2` as well, so the number goes up until the id is new.
        let mut number = count + 1;
        let mut id = format!("{base}~{number}");
        while self.used.contains_key(&id) {
            number += 1;
            id = format!("{base}~{number}");
        }
        self.used.insert(base, number);
        self.used.insert(id.clone(), 1);
        id.into()
    }
}

pub(super) fn anchors(document: &Document, select: &Select<'_>) -> Result<BTreeMap<String, Affine3A>> {
    let (root, names, hierarchy) = (&document.root, &document.names, &document.hierarchy);
    let shift = shift(document, select)?;
    let nodes = match select.root {
        Root::Scene | Root::Skin(_) => hierarchy.subtree(root, &hierarchy.scene(root)?),
        Root::Node(name) => {
            let node = find("node", name, names.nodes.iter().map(String::as_str))?;
            hierarchy.subtree(root, &[node])
        }
        Root::Mesh(_) => return Ok(BTreeMap::new()),
    };
    let posed = pose(document, &document.reader(), select.pose.as_ref(), select.joints)?;
    let mut anchors = BTreeMap::new();
    for n in nodes {
        anchors.entry(names.nodes[n].clone()).or_insert(shift * posed.world[n]);
    }
    Ok(anchors)
}

pub(super) fn cameras(document: &Document, at: Option<&Pose<'_>>) -> Result<Vec<NamedCamera>> {
    let (root, hierarchy) = (&document.root, &document.hierarchy);
    let posed = pose(document, &document.reader(), at, &[])?;
    let mut cameras = Vec::new();
    for n in hierarchy.subtree(root, &hierarchy.scene(root)?) {
        let Some(index) = root.nodes[n].camera else { continue };
        let json = pick(&root.cameras, index.0, "camera", || format!("/nodes/{n}/camera"))?;
        let Some(perspective) = json.perspective.as_ref().filter(|_| json.kind == "perspective") else { continue };
        let pointer = |field: &str| format!("/cameras/{}/perspective/{field}", index.0);
        if !(perspective.yfov > 0.0 && perspective.yfov < std::f32::consts::PI) {
            let message = format!("a field of view of {} rad is not between 0 and pi", perspective.yfov);
            return Err(Fault::new(ACCESSOR, pointer("yfov"), message));
        }
        if perspective.aspect_ratio.is_some_and(|a| !(a > 0.0 && a.is_finite())) {
            return Err(Fault::new(ACCESSOR, pointer("aspectRatio"), "the aspect ratio is not above 0"));
        }
        cameras.push(NamedCamera {
            name: document.names.nodes[n].clone(),
            camera: Camera {
                world_from_camera: rigid(&posed.world[n]),
                vertical_fov: perspective.yfov,
                lens: Lens::round(0.0, 1.0),
                exposure: 1.0,
            },
            aspect_ratio: perspective.aspect_ratio,
        });
    }
    Ok(cameras)
}

/// The camera's view axis and up direction stay, scale and mirroring go (3.10.2: scale does not affect cameras).
fn rigid(world: &Affine3A) -> Affine3A {
    let back = Vec3::from(world.matrix3.z_axis).try_normalize().unwrap_or(Vec3::Z);
    let up = Vec3::from(world.matrix3.y_axis);
    let right = up.cross(back).try_normalize().unwrap_or_else(|| back.any_orthonormal_vector());
    let up = back.cross(right);
    Affine3A { matrix3: Mat3A::from_cols(right.into(), up.into(), back.into()), translation: world.translation }
}

pub(super) fn lights(document: &Document, at: Option<&Pose<'_>>) -> Result<Vec<Light>> {
    let (root, hierarchy) = (&document.root, &document.hierarchy);
    let posed = pose(document, &document.reader(), at, &[])?;
    let list = root.extensions.lights.as_ref().map_or(&[][..], |l| &l.lights);
    let mut lights = Vec::new();
    for n in hierarchy.subtree(root, &hierarchy.scene(root)?) {
        let Some(light) = &root.nodes[n].extensions.light else { continue };
        let index = light.light.0;
        let json = pick(list, index, "light", || format!("/nodes/{n}/extensions/KHR_lights_punctual/light"))?;
        let pointer = |field: &str| format!("/extensions/KHR_lights_punctual/lights/{index}/{field}");
        let color = json.color.map(|c| c * json.intensity);
        if !color.iter().all(|c| c.is_finite() && *c >= 0.0) {
            return Err(Fault::new(ACCESSOR, pointer("intensity"), "colour times intensity is negative or not finite"));
        }
        let world = &posed.world[n];
        let position = Vec3::from(world.translation);
        let direction = Vec3::from(-world.matrix3.z_axis).try_normalize().unwrap_or(Vec3::NEG_Z);
        let kind = match json.kind.as_str() {
            "directional" => LightKind::Sun { direction, angular_radius: 0.0 },
            "point" => LightKind::Point { position },
            "spot" => {
                let (inner, outer) = (json.spot.inner_cone_angle, json.spot.outer_cone_angle);
                if !(inner >= 0.0 && inner <= outer && outer <= std::f32::consts::FRAC_PI_2 + 1e-4) {
                    let message = format!("the cone angles {inner} and {outer} are not 0 <= inner <= outer <= pi/2");
                    return Err(Fault::new(ACCESSOR, pointer("spot"), message));
                }
                LightKind::Spot { position, direction, inner, outer }
            }
            other => {
                return Err(Fault::new(ACCESSOR, pointer("type"), format!("light type `{other}` does not exist"))
                    .hint("one of directional, point, spot is allowed"));
            }
        };
        lights.push(Light { name: document.names.nodes[n].clone(), kind, color });
    }
    Ok(lights)
}
