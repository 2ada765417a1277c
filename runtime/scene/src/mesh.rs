//! Triangle meshes.

use std::sync::Arc;

use crate::Bounds;

/// An indexed triangle mesh in object space, in metres. One mesh carries one material at a time.
///
/// Attribute vectors are either empty (absent) or as long as `positions`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Vertex positions.
    pub positions: Vec<[f32; 3]>,
    /// Unit shading normals; empty means flat shading by the geometric normal.
    pub normals: Vec<[f32; 3]>,
    /// Unit tangents with the sign of the bitangent in `w` (glTF convention: `b = w * cross(n, t)`).
    pub tangents: Vec<[f32; 4]>,
    /// First texture coordinate set; (0, 0) is the upper left corner of the picture, as in glTF.
    pub uv0: Vec<[f32; 2]>,
    /// Second texture coordinate set.
    pub uv1: Vec<[f32; 2]>,
    /// Linear vertex colours, RGBA, multiplied with the base colour.
    pub colors: Vec<[f32; 4]>,
    /// Triangles as indices into the attributes; counter-clockwise seen from the front.
    pub triangles: Vec<[u32; 3]>,
    /// The file that it was read from, as the program names it; `None` for what is computed.
    pub asset: Option<Arc<str>>,
}

impl Mesh {
    /// The smallest box around all positions; empty for a mesh without vertices.
    pub fn bounds(&self) -> Bounds {
        Bounds::of_points(&self.positions)
    }
}
