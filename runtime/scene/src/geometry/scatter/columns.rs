//! Triangles by where they are, seen from above.

use glam::DVec3;

use super::corners_of;
use super::surface::extent_of;
use crate::Mesh;

/// A grid over x and z whose cells hold the triangles above and below them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Columns {
    low: [f64; 2],
    high: [f64; 2],
    /// Cells a metre along x and z.
    per_metre: [f64; 2],
    cells: [usize; 2],
    /// Where each cell's triangles begin in `found`.
    first: Vec<u32>,
    found: Vec<u32>,
    /// Triangles over many cells, looked at for every point.
    wide: Vec<u32>,
}

/// A triangle over more cells is `wide`.
const WIDE: usize = 64;

impl Columns {
    /// Of these triangles of a mesh, in cells that are at least `least_cell` wide.
    pub fn new(mesh: &Mesh, triangles: impl Iterator<Item = u32> + Clone, least_cell: f64) -> Self {
        let [x, z] = extent_of(mesh);
        let side = (triangles.clone().count() as f64).sqrt().clamp(1.0, 1024.0);
        let cells = [x, z].map(|[low, high]| {
            let extent = high - low;
            let most = if least_cell > 0.0 { (extent / least_cell).floor() } else { side };
            if extent > 0.0 && extent.is_finite() { side.min(most).max(1.0) as usize } else { 1 }
        });
        let rate = |[low, high]: [f64; 2], cells: usize| {
            let extent = high - low;
            if extent > 0.0 && extent.is_finite() { cells as f64 / extent } else { 0.0 }
        };
        let per_metre = [rate(x, cells[0]), rate(z, cells[1])];
        let (low, high) = ([x[0], z[0]], [x[1], z[1]]);
        let mut columns = Self { low, high, per_metre, cells, first: Vec::new(), found: Vec::new(), wide: Vec::new() };
        // Two passes, as a counting sort has them: how many each cell holds, then which.
        let mut first = vec![0u32; cells[0] * cells[1] + 1];
        let mut wide = Vec::new();
        columns.each_cell(mesh, triangles.clone(), |cell, triangle| match cell {
            Some(cell) => first[cell + 1] += 1,
            None => wide.push(triangle),
        });
        for cell in 1..first.len() {
            first[cell] += first[cell - 1];
        }
        let mut found = vec![0; first[first.len() - 1] as usize];
        let mut next = first.clone();
        columns.each_cell(mesh, triangles, |cell, triangle| {
            if let Some(cell) = cell {
                found[next[cell] as usize] = triangle;
                next[cell] += 1;
            }
        });
        (columns.first, columns.found, columns.wide) = (first, found, wide);
        columns
    }

    fn cell(&self, axis: usize, at: f64) -> usize {
        // A cast saturates: what lies outside falls into the outermost cells, NaN into the first.
        (((at - self.low[axis]) * self.per_metre[axis]) as usize).min(self.cells[axis] - 1)
    }

    fn each_cell(&self, mesh: &Mesh, triangles: impl Iterator<Item = u32>, mut see: impl FnMut(Option<usize>, u32)) {
        for triangle in triangles {
            let Some(corners) = corners_of(mesh, triangle as usize).filter(|c| c.iter().all(|p| p.is_finite())) else {
                continue;
            };
            let span = |axis: usize, of: fn(&DVec3) -> f64| {
                let low = corners.iter().map(of).fold(f64::INFINITY, f64::min);
                let high = corners.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
                // A hair more on both sides, for points on an edge.
                let hair = 1e-6 * (high - low);
                (self.cell(axis, low - hair), self.cell(axis, high + hair))
            };
            let ((x0, x1), (z0, z1)) = (span(0, |p| p.x), span(1, |p| p.z));
            if (x1 - x0 + 1) * (z1 - z0 + 1) > WIDE {
                see(None, triangle);
                continue;
            }
            for z in z0..=z1 {
                (x0..=x1).for_each(|x| see(Some(z * self.cells[0] + x), triangle));
            }
        }
    }

    /// Triangles that may come nearer than `reach` to (x, z), seen from above. One may come several times.
    pub fn around(&self, x: f64, z: f64, reach: f64) -> impl Iterator<Item = u32> + '_ {
        let outside = |axis: usize, at: f64| at + reach < self.low[axis] || at - reach > self.high[axis];
        let is_near = !(outside(0, x) || outside(1, z));
        let (x0, x1) = (self.cell(0, x - reach), self.cell(0, x + reach));
        let (z0, z1) = (self.cell(1, z - reach), self.cell(1, z + reach));
        let rows = if is_near { z0..z1 + 1 } else { 0..0 };
        let wide = if is_near { &self.wide[..] } else { &[] };
        let of_row = move |row: usize| {
            // Cells of a row lie side by side.
            let (from, to) = (row * self.cells[0] + x0, row * self.cells[0] + x1 + 1);
            self.found[self.first[from] as usize..self.first[to] as usize].iter()
        };
        rows.flat_map(of_row).chain(wide).copied()
    }
}

/// How often a closed surface winds around a point: crossings of the ray straight up, those out of it less those into it.
/// A point straight below an edge or a corner counts as on one side of it, for both triangles on the same.
pub(super) fn winding(mesh: &Mesh, columns: &Columns, p: DVec3) -> i32 {
    columns
        .around(p.x, p.z, 0.0)
        .filter_map(|triangle| {
            let [a, b, c] = corners_of(mesh, triangle as usize)?;
            let sides = [side(p, b, c), side(p, c, a), side(p, a, b)];
            let is_left = sides.map(|(_, left)| left);
            if is_left != [true; 3] && is_left != [false; 3] {
                return None;
            }
            let [u, v, w] = sides.map(|(area, _)| area);
            let sum = u + v + w;
            if sum == 0.0 || (u * a.y + v * b.y + w * c.y) / sum <= p.y {
                return None;
            }
            // Counter-clockwise seen from outside: `is_left` of all three is a face that looks up.
            Some(if is_left[0] { 1 } else { -1 })
        })
        .sum()
}

/// Twice the area of the triangle (p, a, b) seen from above, and whether p is on its left. The same numbers come out for
/// (b, a), with the sign turned, and 0 is left of the edge in one direction and right of it in the other.
fn side(p: DVec3, a: DVec3, b: DVec3) -> (f64, bool) {
    let turned = (a.x, a.z) > (b.x, b.z);
    let (from, to) = if turned { (b, a) } else { (a, b) };
    let area = (to.z - from.z) * (p.x - from.x) - (to.x - from.x) * (p.z - from.z);
    if turned { (-area, area < 0.0) } else { (area, area >= 0.0) }
}

/// Square of the distance from a point to a triangle, both in space.
pub(super) fn distance_squared(p: DVec3, [a, b, c]: [DVec3; 3]) -> f64 {
    let normal = (b - a).cross(c - a);
    let within = |from: DVec3, to: DVec3| (to - from).cross(p - from).dot(normal) >= 0.0;
    let square = normal.length_squared();
    if square > 0.0 && within(a, b) && within(b, c) && within(c, a) {
        let height = (p - a).dot(normal);
        return height * height / square;
    }
    let segment = |from: DVec3, to: DVec3| {
        let along = to - from;
        let t = ((p - from).dot(along) / along.length_squared()).clamp(0.0, 1.0);
        // A segment without length has no direction.
        let t = if t.is_nan() { 0.0 } else { t };
        p.distance_squared(from + along * t)
    };
    segment(a, b).min(segment(b, c)).min(segment(c, a))
}
