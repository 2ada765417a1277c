//! Points inside of a closed surface.

use glam::DVec3;

use super::columns::{Columns, winding};
use super::{Candidate, dimension};
use crate::geometry::error::GeometryError;
use crate::geometry::measure::closure;
use crate::geometry::random::unit;
use crate::{Bounds, Mesh};

/// A closed mesh with its box.
pub(super) struct Volume<'a> {
    mesh: &'a Mesh,
    columns: Columns,
    low: DVec3,
    size: DVec3,
    height: [f64; 2],
}

impl<'a> Volume<'a> {
    pub fn new(mesh: &'a Mesh, height: [f64; 2]) -> Result<Self, GeometryError> {
        let unusable = |problem: String| Err(GeometryError::Unusable { parameter: "volume", problem });
        let bounds = Bounds::of_points(&mesh.positions);
        if mesh.triangles.is_empty() || bounds.is_empty() {
            return unusable("holds no triangles".to_owned());
        }
        let open = closure(mesh).open_edges;
        if open > 0 {
            return unusable(format!("is not closed: {open} edges of its triangles have no neighbour"));
        }
        let (low, high) = (bounds.min.as_dvec3(), bounds.max.as_dvec3());
        let size = high - low;
        if size.min_element() <= 0.0 || !size.is_finite() {
            return unusable("is flat".to_owned());
        }
        if high.y < height[0] || low.y > height[1] {
            return unusable("lies outside of the height limits".to_owned());
        }
        let columns = Columns::new(mesh, 0..mesh.triangles.len() as u32, 0.0);
        Ok(Self { mesh, columns, low, size, height })
    }

    /// Lowest and highest x and z.
    pub fn extent(&self) -> [[f64; 2]; 2] {
        [[self.low.x, self.low.x + self.size.x], [self.low.z, self.low.z + self.size.z]]
    }

    pub fn candidate(&self, key: u64, index: u64) -> Option<Candidate> {
        let [x, y, z] = [dimension::TRIANGLE, dimension::U, dimension::V].map(|d| unit(key, index, d));
        self.at(self.low + self.size * DVec3::new(x, y, z))
    }

    /// A point, if it is inside.
    pub fn at(&self, position: DVec3) -> Option<Candidate> {
        let is_level = position.y >= self.height[0] && position.y <= self.height[1];
        let is_inside = is_level && winding(self.mesh, &self.columns, position) != 0;
        is_inside.then_some(Candidate { position, normal: DVec3::Y })
    }
}
