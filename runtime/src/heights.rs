//! The ground below any point of a thing.

use std::sync::Arc;

use glam::{DVec3, Vec3};
use scenec_scene::Instance;

use crate::product::{Thing, bounds_of};

/// Heights of a thing, or of a part of it, at any point of the xz plane. Triangles are found by a grid, so that dropping
/// a thousand things on a million triangles doesn't look at each of them a thousand times.
pub(crate) struct Heights {
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

impl Heights {
    pub(crate) fn new(thing: &Arc<Thing>, part: Option<&str>) -> Self {
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
        let mut heights = Self {
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
        heights.each_cell(|cell, id| match cell {
            Some(cell) => count[cell + 1] += 1,
            None => wide.push(id),
        });
        for cell in 0..side * side {
            count[cell + 1] += count[cell];
        }
        let mut found = vec![[0; 2]; count[side * side] as usize];
        let mut next = count.clone();
        heights.each_cell(|cell, id| {
            if let Some(cell) = cell {
                found[next[cell] as usize] = id;
                next[cell] += 1;
            }
        });
        (heights.first, heights.found, heights.wide) = (count, found, wide);
        heights
    }

    /// True when these are the heights of that thing, or of that part of it.
    pub(crate) fn are_of(&self, thing: &Arc<Thing>, part: Option<&str>) -> bool {
        Arc::ptr_eq(&self.thing, thing) && self.part.as_deref() == part
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
    pub(crate) fn height(&self, x: f64, z: f64) -> Option<f64> {
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
