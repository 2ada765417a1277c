//! What everything stands on.

use std::sync::Arc;

use glam::{DVec3, Vec3};
use scenec_scene::Instance;
use scenec_scene::geometry::{HeightImage, Pad, Plane, TerrainParams};

use crate::execute::{Arguments, Run};
use crate::product::{Product, Thing, bounds_of};
use crate::{Outcome, RunError};

pub(super) fn terrain(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let image = match a.maybe("height_map", Arguments::text)? {
        None => None,
        Some(name) => {
            let path = name;
            let bytes = run.files.read(path).map_err(|reason| {
                RunError::new("E0623", format!("the height map {path} can't be read: {reason}"))
                    .hint("the path is relative to the file that names it")
            })?;
            Some(decode(&bytes).map_err(|e| {
                RunError::new("E0623", format!("the height map {path} can't be used: {e}")).hint("a grey PNG or JPEG")
            })?)
        }
    };
    let pad = match a.maybe("flat_radius", Arguments::number)? {
        None => None,
        Some(radius) => Some(Pad { center: a.vec2("flat_center")?, radius, falloff: a.number("flat_falloff")? }),
    };
    let terrain = TerrainParams {
        size: a.vec2("size")?,
        relief: a.number("relief")?,
        resolution: u32::try_from(a.int("resolution")?).unwrap_or(u32::MAX),
        seed: a.int("seed")?.unsigned_abs(),
        roughness: a.number("roughness")?,
        octaves: u32::try_from(a.int("octaves")?).unwrap_or(u32::MAX),
        feature_size: a.maybe("feature_size", Arguments::number)?,
        ridges: a.number("ridges")?,
        pad,
        image,
    };
    super::shape::piece(a, terrain.build().map(|t| t.mesh()))
}

pub(super) fn ground(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    super::shape::piece(a, Plane { size: a.vec2("size")?, subdivisions: [1, 1] }.mesh())
}

/// A grey picture as heights in 0..1; of a coloured one the luminance counts. 16 bits keep their precision.
fn decode(bytes: &[u8]) -> Result<HeightImage, image::ImageError> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(16384);
    limits.max_image_height = Some(16384);
    reader.limits(limits);
    let picture = reader.decode()?.into_luma16();
    let grey = picture.pixels().map(|p| f32::from(p.0[0]) / 65535.0).collect();
    Ok(HeightImage { width: picture.width(), height: picture.height(), grey })
}

/// Heights of a thing, or of a part of it, at any point of the xz plane. Triangles are found by a grid, so that dropping
/// a thousand things on a million triangles doesn't look at each of them a thousand times.
pub(crate) struct Ground {
    thing: Arc<Thing>,
    part: Option<String>,
    pieces: Vec<Instance>,
    low: [f64; 2],
    /// Cells a metre along x and z.
    per_metre: [f64; 2],
    side: usize,
    /// Where each cell's triangles begin in `found`.
    first: Vec<u32>,
    /// Piece and triangle.
    found: Vec<[u32; 2]>,
    /// Triangles over many cells, looked at for every point.
    wide: Vec<[u32; 2]>,
}

/// A triangle over more cells is `wide`.
const WIDE: usize = 64;

impl Ground {
    fn new(thing: &Arc<Thing>, part: Option<&str>) -> Self {
        let pieces: Vec<Instance> = match part {
            Some(part) => thing.pieces(part).into_iter().cloned().collect(),
            None => thing.instances.clone(),
        };
        let bounds = bounds_of(&pieces);
        let triangles: usize = pieces.iter().map(|i| i.mesh.triangles.len()).sum();
        let side = (triangles as f64).sqrt().clamp(1.0, 1024.0) as usize;
        let (low, extent) = (bounds.min.as_dvec3(), (bounds.max - bounds.min).as_dvec3());
        let rate = |extent: f64| if extent > 0.0 && extent.is_finite() { side as f64 / extent } else { 0.0 };
        let per_metre = [rate(extent.x), rate(extent.z)];
        let part = part.map(str::to_owned);
        let (first, found) = (vec![0; side * side + 1], Vec::new());
        let mut ground = Self {
            thing: thing.clone(),
            part,
            pieces,
            low: [low.x, low.z],
            per_metre,
            side,
            first,
            found,
            wide: Vec::new(),
        };
        // Two passes, as a counting sort has them: how many each cell holds, then which.
        let mut wide = Vec::new();
        let mut count = vec![0u32; side * side + 1];
        ground.each_cell(|cell, id| match cell {
            Some(cell) => count[cell + 1] += 1,
            None => wide.push(id),
        });
        for cell in 0..side * side {
            count[cell + 1] += count[cell];
        }
        let mut found = vec![[0; 2]; count[side * side] as usize];
        let mut next = count.clone();
        ground.each_cell(|cell, id| {
            if let Some(cell) = cell {
                found[next[cell] as usize] = id;
                next[cell] += 1;
            }
        });
        (ground.first, ground.found, ground.wide) = (count, found, wide);
        ground
    }

    fn cell(&self, axis: usize, at: f64) -> usize {
        // A cast saturates: what lies outside falls into the outermost cells, NaN into the first.
        (((at - self.low[axis]) * self.per_metre[axis]) as usize).min(self.side - 1)
    }

    /// Calls `see` with every cell of every triangle; without a cell for a wide one.
    fn each_cell(&self, mut see: impl FnMut(Option<usize>, [u32; 2])) {
        for (piece, instance) in self.pieces.iter().enumerate() {
            for triangle in 0..instance.mesh.triangles.len() {
                let id = [piece as u32, triangle as u32];
                let Some(corners) = self.corners(id) else { continue };
                let span = |axis: usize, of: fn(&DVec3) -> f64| {
                    let low = corners.iter().map(of).fold(f64::INFINITY, f64::min);
                    let high = corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
                    // A hair more on both sides, for points on an edge.
                    let hair = 1e-6 * (high - low);
                    (self.cell(axis, low - hair), self.cell(axis, high + hair))
                };
                let ((x0, x1), (z0, z1)) = (span(0, |p| p.x), span(1, |p| p.z));
                if (x1 - x0 + 1) * (z1 - z0 + 1) > WIDE {
                    see(None, id);
                    continue;
                }
                for z in z0..=z1 {
                    (x0..=x1).for_each(|x| see(Some(z * self.side + x), id));
                }
            }
        }
    }

    fn corners(&self, [piece, triangle]: [u32; 2]) -> Option<[DVec3; 3]> {
        let instance = &self.pieces[piece as usize];
        let world = |i: u32| {
            let position = Vec3::from(*instance.mesh.positions.get(i as usize)?);
            Some(instance.world_from_object.transform_point3(position).as_dvec3()).filter(|p| p.is_finite())
        };
        let [a, b, c] = instance.mesh.triangles[triangle as usize].map(world);
        Some([a?, b?, c?])
    }

    /// The highest point on the vertical line through (x, z), world space; `None` beside it.
    fn height(&self, x: f64, z: f64) -> Option<f64> {
        let cell = self.cell(1, z) * self.side + self.cell(0, x);
        let near = &self.found[self.first[cell] as usize..self.first[cell + 1] as usize];
        let height = |id: &[u32; 2]| {
            let [a, b, c] = self.corners(*id)?;
            // Barycentric coordinates in the xz plane.
            let area = (b.x - a.x) * (c.z - a.z) - (c.x - a.x) * (b.z - a.z);
            let u = ((x - a.x) * (c.z - a.z) - (c.x - a.x) * (z - a.z)) / area;
            let v = ((b.x - a.x) * (z - a.z) - (x - a.x) * (b.z - a.z)) / area;
            const EDGE: f64 = -1e-9;
            // An area of 0 makes them infinite or NaN, which is outside.
            (u >= EDGE && v >= EDGE && u + v <= 1.0 - EDGE).then_some(a.y + u * (b.y - a.y) + v * (c.y - a.y))
        };
        near.iter().chain(&self.wide).filter_map(height).reduce(f64::max)
    }
}

/// The highest point of a thing or of its part on the vertical line through (x, z), world space; `None` beside it.
pub(super) fn height_at(run: &mut Run<'_>, thing: &Arc<Thing>, part: Option<&str>, x: f64, z: f64) -> Option<f64> {
    let known = |g: &Ground| Arc::ptr_eq(&g.thing, thing) && g.part.as_deref() == part;
    if !run.ground.as_ref().is_some_and(known) {
        run.ground = Some(Ground::new(thing, part));
    }
    run.ground.as_ref()?.height(x, z)
}
