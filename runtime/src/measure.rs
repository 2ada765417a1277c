//! Numbers that are read off a stage.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use glam::{DVec3, Vec3};
use scenec_render::Scene;
use scenec_scene::{Bounds, Camera, Environment, Instance, Material, Mesh, Texture};

use crate::framing::{points_of, project};

/// Rays along each side of the grid.
const GRID: u32 = 256;

/// What a grid of rays saw.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Sight {
    /// Rays that meet the thing when it stands alone.
    pub alone: u32,
    /// Those of them that nothing else stops.
    pub seen: u32,
    /// Share of the picture that one ray stands for.
    pub share: f64,
}

/// Sends a grid of rays through the part of the picture in which the pieces may stand. `alone` holds the pieces without the rest
/// of `scene`, `is_piece` tells them from it, and with a `region` only their surface in it counts.
pub(crate) fn sight(
    scene: &Scene,
    alone: &Scene,
    is_piece: impl Fn(usize) -> bool,
    region: Option<&Bounds>,
    camera: &Camera,
    aspect: f32,
    points: &[Vec3],
) -> Sight {
    let Some([low, high]) = extent(camera, aspect, points) else { return Sight::default() };
    let size = high - low;
    let tan_v = (camera.vertical_fov * 0.5).tan();
    let eye = Vec3::from(camera.world_from_camera.translation);
    let inside = |p: Vec3| region.is_none_or(|r| p.cmpge(r.min).all() && p.cmple(r.max).all());
    // The picture reaches from -1 to 1 both ways.
    let cells = f64::from(GRID) * f64::from(GRID);
    let mut sight = Sight { share: f64::from(size.x) * f64::from(size.y) / 4.0 / cells, ..Sight::default() };
    for j in 0..GRID {
        for i in 0..GRID {
            let at = low + size * Vec3::new(i as f32 + 0.5, j as f32 + 0.5, 0.0) / GRID as f32;
            let through = Vec3::new(at.x * tan_v * aspect, at.y * tan_v, -1.0);
            let direction = camera.world_from_camera.transform_vector3(through).normalize();
            let Some(own) = alone.trace_closest(eye, direction).filter(|pick| inside(pick.position)) else { continue };
            sight.alone += 1;
            let first = scene.trace_closest(eye, direction);
            // The two scenes may differ in the last digit of a distance; a neighbour at the same place is no obstacle.
            let free = first.is_none_or(|pick| is_piece(pick.instance) || pick.distance >= own.distance * (1.0 - 1e-5));
            sight.seen += u32::from(free);
        }
    }
    sight
}

/// Corners of the smallest upright part of the picture that holds every point; all of the picture when one is beside or
/// behind the camera, nothing when no part is in it.
fn extent(camera: &Camera, aspect: f32, points: &[Vec3]) -> Option<[Vec3; 2]> {
    if points.is_empty() {
        return None;
    }
    let whole = [Vec3::new(-1.0, -1.0, 0.0), Vec3::new(1.0, 1.0, 0.0)];
    let mut found = Bounds::EMPTY;
    let mut behind = 0;
    for &point in points {
        match project(camera, aspect, point) {
            Some([x, y]) => found.include(Vec3::new(x, y, 0.0)),
            None => behind += 1,
        }
    }
    if behind == points.len() {
        // What lies between points behind the camera is behind it too.
        return None;
    }
    let [low, high] = if behind > 0 { whole } else { [found.min.max(whole[0]), found.max.min(whole[1])] };
    (low.x < high.x && low.y < high.y).then_some([low, high])
}

/// True when every point is in the picture. The edge is in it.
pub(crate) fn all_in_frame(camera: &Camera, aspect: f32, points: &[Vec3]) -> bool {
    let most = 1.0 + 1e-5;
    let inside = |p: &Vec3| project(camera, aspect, *p).is_some_and(|[x, y]| x.abs() <= most && y.abs() <= most);
    !points.is_empty() && points.iter().all(inside)
}

/// The smallest box along the axes that holds every vertex.
pub(crate) fn exact_bounds(pieces: &[&Instance]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    for piece in pieces {
        for &position in &piece.mesh.positions {
            let point = piece.world_from_object.transform_point3(position.into());
            if point.is_finite() {
                bounds.include(point);
            }
        }
    }
    bounds
}

/// Points that stand for pieces, or the corners of the region in which they count.
pub(crate) fn points(pieces: &[&Instance], region: Option<&Bounds>) -> Vec<Vec3> {
    match region {
        Some(region) if region.is_empty() => Vec::new(),
        Some(region) => region.corners().to_vec(),
        None => points_of(pieces.iter().copied()),
    }
}

/// Lengths with six digits of the largest of them: what a mesh holds in single precision has a little more.
pub(crate) fn tidy<const N: usize>(lengths: [f64; N], magnitude: f64) -> [f64; N] {
    let exponent: i32 = match format!("{magnitude:e}").split_once('e') {
        Some((_, exponent)) if magnitude > 0.0 && magnitude.is_finite() => exponent.parse().unwrap_or(0),
        _ => return lengths,
    };
    let places = 5 - exponent;
    lengths.map(|length| {
        let text = match usize::try_from(places) {
            Ok(places) => format!("{length:.places$}"),
            Err(_) => {
                let unit = 10f64.powi(-places);
                return (length / unit).round() * unit;
            }
        };
        text.parse::<f64>().unwrap_or(length) + 0.0
    })
}

/// Distance of two points, with six digits of the largest number involved.
pub(crate) fn distance(a: DVec3, b: DVec3) -> f64 {
    let magnitude = [a, b].iter().flat_map(|p| p.to_array()).fold(0.0, |m: f64, v| m.max(v.abs()));
    let length = a.distance(b);
    let [length] = tidy([length], magnitude.max(length));
    length
}

/// Bytes of a mesh as the stage holds it.
fn bytes_of(mesh: &Mesh) -> usize {
    let floats = mesh.positions.len() * 3
        + mesh.normals.len() * 3
        + mesh.tangents.len() * 4
        + mesh.uv0.len() * 2
        + mesh.uv1.len() * 2
        + mesh.colors.len() * 4;
    (floats + mesh.triangles.len() * 3) * size_of::<f32>()
}

fn textures_of(material: &Material) -> impl Iterator<Item = &Arc<Texture>> {
    let slots = [
        &material.base_color_texture,
        &material.metallic_roughness_texture,
        &material.normal_texture,
        &material.emission_texture,
    ];
    slots.into_iter().flatten().map(|slot| &slot.texture)
}

/// Bytes of the picture behind everything.
pub(crate) fn sky_bytes(environment: &Environment) -> usize {
    match environment {
        Environment::Constant(_) => 0,
        Environment::Map { rgb, .. } => size_of_val(rgb.as_slice()),
    }
}

/// Meshes and textures that have been counted.
#[derive(Default)]
pub(crate) struct Memory {
    meshes: BTreeSet<*const Mesh>,
    textures: BTreeSet<*const Texture>,
    materials: BTreeSet<*const Material>,
}

impl Memory {
    /// Bytes of the mesh and of the textures of a piece that were not counted before.
    pub(crate) fn add(&mut self, piece: &Instance) -> [usize; 2] {
        let mesh = if self.meshes.insert(Arc::as_ptr(&piece.mesh)) { bytes_of(&piece.mesh) } else { 0 };
        let mut textures = 0;
        if self.materials.insert(Arc::as_ptr(&piece.material)) {
            for texture in textures_of(&piece.material) {
                if self.textures.insert(Arc::as_ptr(texture)) {
                    textures += texture.rgba.len();
                }
            }
        }
        [mesh, textures]
    }
}

/// Bytes of meshes and textures of pieces, each once.
pub(crate) fn memory(pieces: &[&Instance]) -> usize {
    let mut memory = Memory::default();
    pieces.iter().flat_map(|piece| memory.add(piece)).sum()
}

/// Amounts by the thing that takes them.
#[derive(Default)]
pub(crate) struct Share {
    pub total: usize,
    by_thing: BTreeMap<String, usize>,
}

impl Share {
    pub(crate) fn add(&mut self, thing: &str, amount: usize) {
        self.total += amount;
        if amount > 0 {
            match self.by_thing.get_mut(thing) {
                Some(of_thing) => *of_thing += amount,
                None => drop(self.by_thing.insert(thing.to_owned(), amount)),
            }
        }
    }

    /// Those that take most, at most three; of equal ones the first by name.
    pub(crate) fn most(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self.by_thing.iter().map(|(name, n)| (name.as_str(), *n)).collect();
        all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
        all.truncate(3);
        all
    }
}

/// The thing of a layer that a piece belongs to, as a program names it: `harbour/crates/7/lid` is of `harbour.crates`.
pub(crate) fn thing_of(id: &str) -> String {
    let mut names = id.split('/').take(2).map(|name| name.split(['[', '~']).next().unwrap_or(name));
    match (names.next(), names.next()) {
        (Some(layer), Some(thing)) => format!("{layer}.{thing}"),
        (Some(one), None) => one.to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_have_six_digits_of_the_largest() {
        assert_eq!(tidy([f64::from(0.1f32), f64::from(0.3f32)], 0.3), [0.1, 0.3]);
        assert_eq!(tidy([f64::from(0.3f32) - f64::from(0.1f32)], 0.3), [0.2]);
        // Dust of a rotation about the origin of something ten metres large.
        assert_eq!(tidy([-4.371_139e-7, 10.0], 10.0), [0.0, 10.0]);
        assert_eq!(tidy([1_234_567.0], 1_234_567.0), [1_234_570.0]);
        assert_eq!(tidy([0.0], 0.0), [0.0]);
    }

    #[test]
    fn pieces_belong_to_things_as_programs_name_them() {
        for (id, thing) in [
            ("harbour/crates/7/lid", "harbour.crates"),
            ("yard/posts[3]", "yard.posts"),
            ("yard/post~2/top", "yard.post"),
            ("alone", "alone"),
        ] {
            assert_eq!(thing_of(id), thing);
        }
    }
}
