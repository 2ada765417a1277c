//! Triangle meshes.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::Vec3;

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
    /// The lamp that the triangles stand around, if they are a [`LampShape::proxy`].
    pub lamp: Option<LampShape>,
}

/// A lamp whose shape is no triangle. Rays find it by a mesh around it, where they may miss it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LampShape {
    /// The unit disk of the plane z = 0, which shines along +Z.
    Disk,
    /// The unit ball. Stretched, it is its proxy instead.
    Ball,
}

impl LampShape {
    /// Triangles that hold the lamp: a square, or 320 triangles that touch the ball.
    pub fn proxy(self) -> Mesh {
        let (positions, triangles) = match self {
            Self::Disk => (
                vec![[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]],
                vec![[0, 1, 2], [0, 2, 3]],
            ),
            Self::Ball => around_ball(),
        };
        Mesh { positions, triangles, lamp: Some(self), ..Mesh::default() }
    }
}

/// An icosahedron whose faces are parted in four twice, as large as it must be to hold the unit ball.
fn around_ball() -> (Vec<[f32; 3]>, Vec<[u32; 3]>) {
    let g = 0.5 * (1.0 + 5f32.sqrt());
    let corners = [[-1.0, g, 0.0], [1.0, g, 0.0], [-1.0, -g, 0.0], [1.0, -g, 0.0]];
    // The same corners about each axis.
    let mut points: Vec<Vec3> =
        (0..3).flat_map(|turn| corners.map(|c| Vec3::from([c[turn], c[(turn + 1) % 3], c[(turn + 2) % 3]]))).collect();
    points.iter_mut().for_each(|p| *p = p.normalize());
    let edge = 1.06 * points.iter().skip(1).map(|p| p.distance(points[0])).fold(f32::INFINITY, f32::min);
    let near = |a: usize, b: usize| points[a].distance(points[b]) < edge;
    let mut faces: Vec<[usize; 3]> = Vec::new();
    for a in 0..points.len() {
        for b in a + 1..points.len() {
            for c in b + 1..points.len() {
                if near(a, b) && near(b, c) && near(a, c) {
                    let outwards = (points[b] - points[a]).cross(points[c] - points[a]).dot(points[a]) > 0.0;
                    faces.push(if outwards { [a, b, c] } else { [a, c, b] });
                }
            }
        }
    }
    for _ in 0..2 {
        let mut middles: BTreeMap<(usize, usize), usize> = BTreeMap::new();
        let mut finer = Vec::with_capacity(4 * faces.len());
        for [a, b, c] in faces {
            let [ab, bc, ca] = [(a, b), (b, c), (c, a)].map(|(p, q)| {
                *middles.entry((p.min(q), p.max(q))).or_insert_with(|| {
                    points.push((points[p] + points[q]).normalize());
                    points.len() - 1
                })
            });
            finer.extend([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]);
        }
        faces = finer;
    }
    let height = |f: &[usize; 3]| {
        let normal = (points[f[1]] - points[f[0]]).cross(points[f[2]] - points[f[0]]).normalize();
        normal.dot(points[f[0]])
    };
    let grown = 1.000_01 / faces.iter().map(height).fold(f32::INFINITY, f32::min);
    let positions = points.iter().map(|p| (*p * grown).to_array()).collect();
    (positions, faces.iter().map(|f| f.map(|i| i as u32)).collect())
}

impl Mesh {
    /// The smallest box around all positions; empty for a mesh without vertices.
    pub fn bounds(&self) -> Bounds {
        Bounds::of_points(&self.positions)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_holds_its_ball_and_little_more() {
        let mesh = LampShape::Ball.proxy();
        assert_eq!((mesh.positions.len(), mesh.triangles.len()), (162, 320));
        let corner = |i: u32| Vec3::from(mesh.positions[i as usize]);
        let mut volume = 0.0;
        for t in &mesh.triangles {
            let [a, b, c] = t.map(corner);
            let normal = (b - a).cross(c - a).normalize();
            assert!(normal.dot(a) >= 1.0, "outwards, and outside of the ball: {}", normal.dot(a));
            assert!(a.length() < 1.04);
            volume += a.dot(b.cross(c)) / 6.0;
        }
        let ball = 4.0 / 3.0 * std::f32::consts::PI;
        assert!(volume > ball && volume < 1.05 * ball, "closed: {volume}");
    }
}
