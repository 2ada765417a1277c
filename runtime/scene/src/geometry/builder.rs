//! Collects vertices in `f64` and rounds them once.

use glam::DVec3;

use super::tangents::add_tangents;
use crate::Mesh;

/// A mesh under construction, with normals and one set of texture coordinates.
#[derive(Default)]
pub(super) struct Builder {
    mesh: Mesh,
}

impl Builder {
    /// Adds a vertex. `normal` need not be unit but must not be zero.
    pub fn vertex(&mut self, position: DVec3, normal: DVec3, uv: [f64; 2]) -> u32 {
        // Every shape is checked against TRIANGLE_LIMIT first, so the index fits.
        let index = self.mesh.positions.len() as u32;
        // `+ 0.0` turns -0 into 0, so that equal places have equal bits.
        self.mesh.positions.push(position.as_vec3().to_array().map(|c| c + 0.0));
        self.mesh.normals.push(normal.normalize_or(DVec3::Y).as_vec3().to_array().map(|c| c + 0.0));
        self.mesh.uv0.push([uv[0] as f32, uv[1] as f32]);
        index
    }

    /// Adds a triangle unless two of its corners are in one place.
    pub fn triangle(&mut self, a: u32, b: u32, c: u32) {
        let at = |i: u32| self.mesh.positions[i as usize];
        if at(a) != at(b) && at(b) != at(c) && at(c) != at(a) {
            self.mesh.triangles.push([a, b, c]);
        }
    }

    /// Adds a quadrilateral as two triangles that share the diagonal `a`-`c`.
    pub fn quad(&mut self, a: u32, b: u32, c: u32, d: u32) {
        self.triangle(a, b, c);
        self.triangle(a, c, d);
    }

    /// Number of vertices so far.
    pub fn len(&self) -> u32 {
        self.mesh.positions.len() as u32
    }

    /// The mesh with tangents.
    pub fn finish(self) -> Mesh {
        let mut mesh = self.mesh;
        add_tangents(&mut mesh);
        mesh
    }

    /// The mesh as it is, for shapes whose normals are computed later.
    pub fn finish_without_tangents(self) -> Mesh {
        self.mesh
    }
}
