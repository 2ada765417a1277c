//! A box with bevelled or rounded edges.

use glam::DVec3;

use super::builder::Builder;
use super::error::{GeometryError, check_count, check_length, check_range};
use crate::Mesh;

/// A box centred on the origin.
///
/// With one segment the edges are cut by flat bevels; with more they are rounded with `chamfer` as the radius.
/// `uv0` is in metres, projected on the face that a part belongs to, from that face's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cuboid {
    /// Length along x, y, z, metres.
    pub size: [f64; 3],
    /// What an edge loses on each of its two faces, metres; 0 to half of the smallest side.
    pub chamfer: f64,
    /// Faces across a bevel, 1..=64.
    pub segments: u32,
}

impl Default for Cuboid {
    fn default() -> Self {
        Self { size: [1.0; 3], chamfer: 0.0, segments: 1 }
    }
}

impl Cuboid {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        self.size.iter().try_for_each(|&length| check_length("size", length))?;
        let smallest = self.size.iter().copied().fold(f64::INFINITY, f64::min);
        check_range("chamfer", self.chamfer, 0.0, smallest * 0.5, "m")?;
        check_count("segments", self.segments, 1, 64)?;
        let mut shaper = Shaper::new(self);
        for axis in 0..3 {
            for sign in [-1.0, 1.0] {
                shaper.face(axis, sign);
            }
            if self.chamfer > 0.0 {
                for (sign_b, sign_c) in [(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)] {
                    shaper.edge(axis, sign_b, sign_c);
                }
            }
        }
        if self.chamfer > 0.0 {
            for corner in 0..8 {
                shaper.corner([0, 1, 2].map(|axis| if corner >> axis & 1 == 0 { -1.0 } else { 1.0 }));
            }
        }
        Ok(shaper.builder.finish())
    }
}

struct Shaper {
    builder: Builder,
    half: DVec3,
    chamfer: f64,
    segments: usize,
    /// cos(90° k / segments); its mirror image is the sine, so shared rims match to the bit.
    cosines: Vec<f64>,
}

impl Shaper {
    fn new(cuboid: &Cuboid) -> Self {
        let segments = cuboid.segments as usize;
        let cosines = (0..=segments)
            .map(|k| match k {
                0 => 1.0,
                k if k == segments => 0.0,
                k => libm::cos(std::f64::consts::FRAC_PI_2 * k as f64 / segments as f64),
            })
            .collect();
        let half = DVec3::from(cuboid.size) * 0.5;
        Self { builder: Builder::default(), half, chamfer: cuboid.chamfer, segments, cosines }
    }

    fn sine(&self, k: usize) -> f64 {
        self.cosines[self.segments - k]
    }

    /// The surface point of an octant (`signs`) where the rounding points along `direction` (components 0..1).
    fn point(&self, signs: [f64; 3], direction: DVec3) -> DVec3 {
        DVec3::from(signs) * (self.half - self.chamfer + self.chamfer * direction)
    }

    fn face(&mut self, axis: usize, sign: f64) {
        let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
        let direction = DVec3::AXES[axis];
        let normal = direction * sign;
        let ring = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)].map(|(sb, sc)| {
            let mut signs = [sign; 3];
            signs[b] = sb;
            signs[c] = sc;
            (self.point(signs, direction), normal)
        });
        self.patch(&ring, normal, (axis, sign));
    }

    fn edge(&mut self, axis: usize, sign_b: f64, sign_c: f64) {
        let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
        let mut signs = [1.0; 3];
        signs[b] = sign_b;
        signs[c] = sign_c;
        for k in 0..self.segments {
            let direction = |k: usize| DVec3::AXES[b] * self.cosines[k] + DVec3::AXES[c] * self.sine(k);
            let outward = DVec3::from(signs) * (direction(k) + direction(k + 1));
            let at = |k: usize, end: f64| {
                let mut signs = signs;
                signs[axis] = end;
                let smooth = DVec3::from(signs) * direction(k);
                (self.point(signs, direction(k)), if self.segments == 1 { outward } else { smooth })
            };
            let ring = [at(k, -1.0), at(k + 1, -1.0), at(k + 1, 1.0), at(k, 1.0)];
            let chart = if 2 * k < self.segments { (b, sign_b) } else { (c, sign_c) };
            self.patch(&ring, outward, chart);
        }
    }

    /// An eighth of a sphere: row `i` is `90° i / segments` away from `+Y` and has `i` parts.
    fn corner(&mut self, signs: [f64; 3]) {
        let direction = |i: usize, k: usize| {
            let (cos, sin) = match (i, k) {
                (0, _) | (_, 0) => (1.0, 0.0),
                (i, k) if k == i => (0.0, 1.0),
                (i, k) if i == self.segments => (self.cosines[k], self.sine(k)),
                (i, k) => {
                    let angle = std::f64::consts::FRAC_PI_2 * k as f64 / i as f64;
                    (libm::cos(angle), libm::sin(angle))
                }
            };
            DVec3::new(self.sine(i) * cos, self.cosines[i], self.sine(i) * sin)
        };
        let mut parts: Vec<[DVec3; 3]> = Vec::new();
        for i in 0..self.segments {
            for k in 0..=i {
                parts.push([direction(i, k), direction(i + 1, k), direction(i + 1, k + 1)]);
                if k < i {
                    parts.push([direction(i, k), direction(i + 1, k + 1), direction(i, k + 1)]);
                }
            }
        }
        for part in parts {
            let sum: DVec3 = part.iter().sum();
            let outward = DVec3::from(signs) * sum;
            let ring = part.map(|direction| {
                let smooth = DVec3::from(signs) * direction;
                (self.point(signs, direction), if self.segments == 1 { outward } else { smooth })
            });
            let axis = if sum.y >= sum.x.max(sum.z) {
                1
            } else if sum.x >= sum.z {
                0
            } else {
                2
            };
            self.patch(&ring, outward, (axis, signs[axis]));
        }
    }

    /// A convex flat polygon, turned so that its front looks along `outward`.
    fn patch(&mut self, ring: &[(DVec3, DVec3)], outward: DVec3, chart: (usize, f64)) {
        let first = self.builder.len();
        for &(position, normal) in ring {
            let uv = self.uv(position, chart);
            self.builder.vertex(position, normal, uv);
        }
        // The octants mirror each other, so the winding follows from the geometry (Newell's area vector).
        let last = ring.len() - 1;
        let turn: DVec3 = (1..last).map(|k| (ring[k].0 - ring[0].0).cross(ring[k + 1].0 - ring[0].0)).sum();
        let flipped = turn.dot(outward) < 0.0;
        for k in 1..last as u32 {
            if flipped {
                self.builder.triangle(first, first + k + 1, first + k);
            } else {
                self.builder.triangle(first, first + k, first + k + 1);
            }
        }
    }

    fn uv(&self, p: DVec3, (axis, sign): (usize, f64)) -> [f64; 2] {
        let h = self.half;
        match (axis, sign > 0.0) {
            (0, true) => [h.z - p.z, h.y - p.y],
            (0, false) => [h.z + p.z, h.y - p.y],
            (1, true) => [h.x + p.x, h.z + p.z],
            (1, false) => [h.x + p.x, h.z - p.z],
            (_, true) => [h.x + p.x, h.y - p.y],
            (_, false) => [h.x - p.x, h.y - p.y],
        }
    }
}
