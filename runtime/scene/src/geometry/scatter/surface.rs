//! Points on a surface.

use glam::DVec3;

use super::{Candidate, corners_of, dimension};
use crate::Mesh;
use crate::geometry::error::GeometryError;
use crate::geometry::random::unit;

/// The usable triangles with their cumulative areas.
pub(super) struct Surface<'a> {
    pub mesh: &'a Mesh,
    /// Usable triangles.
    pub triangles: Vec<u32>,
    cumulative: Vec<f64>,
    height: [f64; 2],
}

impl<'a> Surface<'a> {
    pub fn new(mesh: &'a Mesh, slope: [f64; 2], height: [f64; 2]) -> Result<Self, GeometryError> {
        let mut surface = Self { mesh, triangles: Vec::new(), cumulative: Vec::new(), height };
        let cos_limits = [libm::cos(slope[1]) - 1e-9, libm::cos(slope[0]) + 1e-9];
        let mut sum = 0.0;
        for index in 0..mesh.triangles.len() {
            let Some([a, b, c]) = corners_of(mesh, index) else { continue };
            let normal = (b - a).cross(c - a);
            let double = normal.length();
            let (low, high) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
            let usable = double.is_finite()
                && double > 0.0
                && (cos_limits[0]..=cos_limits[1]).contains(&(normal.y / double))
                && high >= height[0]
                && low <= height[1];
            if usable {
                sum += double * 0.5;
                surface.triangles.push(index as u32);
                surface.cumulative.push(sum);
            }
        }
        if surface.triangles.is_empty() || !sum.is_finite() {
            return Err(GeometryError::Unusable {
                parameter: "surface",
                problem: "has no area within the slope and height limits".to_owned(),
            });
        }
        Ok(surface)
    }

    /// Lowest and highest x and z, of what is not usable as well.
    pub fn extent(&self) -> [[f64; 2]; 2] {
        extent_of(self.mesh)
    }

    pub fn candidate(&self, key: u64, index: u64) -> Option<Candidate> {
        let total = self.cumulative[self.cumulative.len() - 1];
        let target = unit(key, index, dimension::TRIANGLE) * total;
        let found = self.cumulative.partition_point(|&sum| sum <= target).min(self.triangles.len() - 1);
        let triangle = self.triangles[found] as usize;
        let corners = corners_of(self.mesh, triangle)?;
        let weights = weights_of(key, index);
        let position = corners[0] * weights[0] + corners[1] * weights[1] + corners[2] * weights[2];
        self.at(triangle, corners, weights, position)
    }

    /// A point of a triangle, unless it is too low or too high.
    pub fn at(&self, triangle: usize, corners: [DVec3; 3], weights: [f64; 3], position: DVec3) -> Option<Candidate> {
        if position.y < self.height[0] || position.y > self.height[1] {
            return None;
        }
        let [a, b, c] = corners;
        let flat = (b - a).cross(c - a);
        let normals = &self.mesh.normals;
        let smooth: DVec3 = self.mesh.triangles[triangle]
            .iter()
            .zip(weights)
            .map(|(&i, w)| normals.get(i as usize).map_or(DVec3::ZERO, |n| DVec3::from(n.map(f64::from)) * w))
            .sum();
        Some(Candidate { position, normal: smooth.normalize_or(flat.normalize_or(DVec3::Y)) })
    }
}

/// Uniform in a triangle (Turk, "Generating Random Points in Triangles", Graphics Gems, 1990).
pub(super) fn weights_of(key: u64, index: u64) -> [f64; 3] {
    let root = unit(key, index, dimension::U).sqrt();
    let v = unit(key, index, dimension::V);
    [1.0 - root, root * (1.0 - v), root * v]
}

/// Lowest and highest x and z of the triangles.
pub(super) fn extent_of(mesh: &Mesh) -> [[f64; 2]; 2] {
    let mut extent = [[f64::INFINITY, f64::NEG_INFINITY]; 2];
    for corners in (0..mesh.triangles.len()).filter_map(|t| corners_of(mesh, t)) {
        for p in corners.iter().filter(|p| p.is_finite()) {
            for (range, at) in extent.iter_mut().zip([p.x, p.z]) {
                *range = [range[0].min(at), range[1].max(at)];
            }
        }
    }
    extent
}
