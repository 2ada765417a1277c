//! A flat rectangle.

use glam::DVec3;

use super::builder::Builder;
use super::error::{GeometryError, check_count, check_length, check_triangles};
use crate::Mesh;

/// A rectangle at `y = 0`, facing `+Y`, centred on the origin. `uv0` is in metres from the corner at `-x`, `-z`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plane {
    /// Length along x and z, metres.
    pub size: [f64; 2],
    /// Number of quads along x and z, each 1..=5000.
    pub subdivisions: [u32; 2],
}

impl Default for Plane {
    fn default() -> Self {
        Self { size: [1.0, 1.0], subdivisions: [1, 1] }
    }
}

impl Plane {
    /// The mesh.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        self.size.iter().try_for_each(|&length| check_length("size", length))?;
        self.subdivisions.iter().try_for_each(|&n| check_count("subdivisions", n, 1, 5000))?;
        let [nx, nz] = self.subdivisions;
        check_triangles("subdivisions", 2 * u64::from(nx) * u64::from(nz))?;
        let mut builder = Builder::default();
        for j in 0..=nz {
            for i in 0..=nx {
                let uv = [self.size[0] * f64::from(i) / f64::from(nx), self.size[1] * f64::from(j) / f64::from(nz)];
                let position = DVec3::new(uv[0] - self.size[0] * 0.5, 0.0, uv[1] - self.size[1] * 0.5);
                builder.vertex(position, DVec3::Y, uv);
            }
        }
        let row = nx + 1;
        for j in 0..nz {
            for i in 0..nx {
                let a = j * row + i;
                builder.quad(a, a + row, a + row + 1, a + 1);
            }
        }
        Ok(builder.finish())
    }
}
