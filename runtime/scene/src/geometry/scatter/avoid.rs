//! What things stay clear of.

use glam::DVec3;

use super::columns::{Columns, distance_squared, winding};
use super::corners_of;
use crate::Mesh;
use crate::geometry::error::{GeometryError, check_range};
use crate::geometry::measure::closure;

/// A region in which nothing may stand.
#[derive(Clone, Debug, PartialEq)]
pub struct Avoid {
    mesh: Mesh,
    columns: Columns,
    distance: f64,
    metric: Metric,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Metric {
    /// Along x and z only: above and below it too.
    FromAbove,
    /// In space. Inside of what is closed the distance is 0.
    InSpace { is_closed: bool },
}

/// More triangles than this are not avoided: they would need a gigabyte.
const MOST_TRIANGLES: usize = 8_000_000;

impl Avoid {
    /// What lies above, below, or beside `mesh` by `distance` metres at most, measured along x and z.
    ///
    /// # Errors
    /// When the distance is negative or above 100 km, or the mesh has more than 8 million triangles.
    pub fn from_above(mesh: Mesh, distance: f64) -> Result<Self, GeometryError> {
        Self::new(mesh, distance, Metric::FromAbove)
    }

    /// What is nearer to `mesh` than `distance` metres, and what is inside of it when it is closed.
    ///
    /// # Errors
    /// As [`Avoid::from_above`].
    pub fn in_space(mesh: Mesh, distance: f64) -> Result<Self, GeometryError> {
        let is_closed = closure(&mesh).open_edges == 0;
        Self::new(mesh, distance, Metric::InSpace { is_closed })
    }

    fn new(mesh: Mesh, distance: f64, metric: Metric) -> Result<Self, GeometryError> {
        check_range("avoid_by", distance, 0.0, 1e5, "m")?;
        if mesh.triangles.len() > MOST_TRIANGLES {
            let problem = format!("has {} triangles, and the limit is {MOST_TRIANGLES}", mesh.triangles.len());
            return Err(GeometryError::Unusable { parameter: "avoid", problem });
        }
        // A query looks at the cells within the distance: with cells as wide these are few.
        let columns = Columns::new(&mesh, 0..mesh.triangles.len() as u32, distance);
        Ok(Self { mesh, columns, distance, metric })
    }

    /// Whether a point lies in the region.
    pub(super) fn holds(&self, point: DVec3) -> bool {
        let limit = self.distance * self.distance;
        let flat = |p: DVec3| match self.metric {
            Metric::FromAbove => DVec3::new(p.x, 0.0, p.z),
            Metric::InSpace { .. } => p,
        };
        let p = flat(point);
        let is_near = self.columns.around(point.x, point.z, self.distance).any(|triangle| {
            corners_of(&self.mesh, triangle as usize)
                .is_some_and(|corners| distance_squared(p, corners.map(flat)) <= limit)
        });
        is_near || self.metric == Metric::InSpace { is_closed: true } && winding(&self.mesh, &self.columns, point) != 0
    }
}
