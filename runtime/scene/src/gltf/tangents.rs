//! Tangents for normal maps, for files that bring none.
//!
//! The rules of MikkTSpace (M. Mikkelsen, "Simulation of Wrinkled Surfaces Revisited", 2008, 2.1): per corner the
//! direction of growing u, projected into the plane of the vertex normal, weighted by the corner's angle, summed over
//! all corners that share position, normal and coordinates. Corners whose coordinates are mirrored never mix: such a
//! vertex is split. Unlike MikkTSpace, faces are grouped by vertex alone and not by shared edges as well.

use std::collections::HashMap;

use glam::{Vec2, Vec3};

use super::mesh::TangentSpace;
use crate::Mesh;

/// Fills `mesh.tangents` when it is empty, and mends tangents that have no direction. A mesh without normals gets
/// those of its faces, since flat shading with a normal map needs a frame as well.
pub fn complete(mesh: &mut Mesh, space: &TangentSpace) {
    if mesh.normals.is_empty() {
        unweld(mesh);
    }
    if mesh.tangents.is_empty() {
        generate(mesh, space);
    }
    for (tangent, &normal) in mesh.tangents.iter_mut().zip(&mesh.normals) {
        let [x, y, z, w] = *tangent;
        let direction = Vec3::new(x, y, z).try_normalize();
        let unit = direction.unwrap_or_else(|| Vec3::from(normal).any_orthonormal_vector());
        *tangent = unit.extend(if w < 0.0 { -1.0 } else { 1.0 }).into();
    }
}

/// Gives every triangle its own vertices and its geometric normal.
fn unweld(mesh: &mut Mesh) {
    let order: Vec<usize> = mesh.triangles.iter().flatten().map(|&i| i as usize).collect();
    fn gather<T: Copy>(values: &mut Vec<T>, order: &[usize]) {
        if !values.is_empty() {
            *values = order.iter().map(|&i| values[i]).collect();
        }
    }
    gather(&mut mesh.positions, &order);
    gather(&mut mesh.uv0, &order);
    gather(&mut mesh.uv1, &order);
    gather(&mut mesh.colors, &order);
    mesh.triangles = (0..mesh.triangles.len() as u32).map(|t| [t * 3, t * 3 + 1, t * 3 + 2]).collect();
    mesh.normals = mesh
        .positions
        .chunks_exact(3)
        .flat_map(|c| {
            let (a, b, c) = (Vec3::from(c[0]), Vec3::from(c[1]), Vec3::from(c[2]));
            let normal = (b - a).cross(c - a).try_normalize().unwrap_or(Vec3::Y);
            [normal.to_array(); 3]
        })
        .collect();
    mesh.tangents.clear();
}

fn generate(mesh: &mut Mesh, space: &TangentSpace) {
    let set = if space.uv_set == 1 { &mesh.uv1 } else { &mesh.uv0 };
    if set.is_empty() {
        // Without coordinates the normal map is a constant; any frame will do.
        mesh.tangents = vec![[0.0, 0.0, 0.0, 1.0]; mesh.positions.len()];
        return;
    }
    let [row_u, row_v] = space.transform;
    let uvs: Vec<Vec2> = set
        .iter()
        .map(|&[u, v]| Vec2::new(row_u[0] * u + row_u[1] * v + row_u[2], row_v[0] * u + row_v[1] * v + row_v[2]))
        .collect();

    let faces: Vec<Option<Face>> = mesh.triangles.iter().map(|t| Face::new(mesh, &uvs, *t)).collect();
    let copy_of = split_mirrored(mesh, &faces);

    // After the split, every vertex belongs to faces of one orientation.
    let mut signs = vec![1.0_f32; mesh.positions.len()];
    for (triangle, face) in mesh.triangles.iter().zip(&faces) {
        if let Some(face) = face {
            for &v in triangle {
                signs[v as usize] = face.sign();
            }
        }
    }

    let mut ids: HashMap<[u32; 9], usize> = HashMap::with_capacity(mesh.positions.len());
    let mut groups: Vec<usize> = Vec::with_capacity(mesh.positions.len());
    for v in 0..mesh.positions.len() {
        let (p, n, uv) = (mesh.positions[v], mesh.normals[v], uvs[copy_of[v]]);
        let side = u32::from(signs[v] < 0.0);
        let bits = [p[0], p[1], p[2], n[0], n[1], n[2], uv.x, uv.y].map(|x| (x + 0.0).to_bits());
        let key = [bits[0], bits[1], bits[2], bits[3], bits[4], bits[5], bits[6], bits[7], side];
        let next = ids.len();
        groups.push(*ids.entry(key).or_insert(next));
    }
    let mut sums = vec![Vec3::ZERO; ids.len()];
    for (triangle, face) in mesh.triangles.iter().zip(&faces) {
        let Some(face) = face else { continue };
        for k in 0..3 {
            let v = triangle[k] as usize;
            let normal = Vec3::from(mesh.normals[v]);
            let flat = |d: Vec3| (d - normal * normal.dot(d)).normalize_or_zero();
            let at = |c: usize| Vec3::from(mesh.positions[triangle[c % 3] as usize]);
            let (next, last) = (flat(at(k + 1) - at(k)), flat(at(k + 2) - at(k)));
            let angle = next.dot(last).clamp(-1.0, 1.0).acos();
            sums[groups[v]] += flat(face.tangent) * angle;
        }
    }
    mesh.tangents = (0..mesh.positions.len())
        .map(|v| {
            let normal = Vec3::from(mesh.normals[v]);
            let unit = sums[groups[v]].try_normalize().unwrap_or_else(|| normal.any_orthonormal_vector());
            unit.extend(signs[v]).into()
        })
        .collect();
}

struct Face {
    /// Direction of growing u.
    tangent: Vec3,
    mirrored: bool,
}

impl Face {
    /// None where the coordinates span no area.
    fn new(mesh: &Mesh, uvs: &[Vec2], triangle: [u32; 3]) -> Option<Self> {
        let [a, b, c] = triangle.map(|i| i as usize);
        let position = |i: usize| Vec3::from(mesh.positions[i]);
        let (e1, e2) = (position(b) - position(a), position(c) - position(a));
        let (d1, d2) = (uvs[b] - uvs[a], uvs[c] - uvs[a]);
        let area = d1.perp_dot(d2);
        if area == 0.0 || !area.is_finite() {
            return None;
        }
        // Lengyel, "Foundations of Game Engine Development", vol. 2, eq. 7.38, up to a positive factor.
        let tangent = (e1 * d2.y - e2 * d1.y) * area.signum();
        tangent.try_normalize().map(|tangent| Self { tangent, mirrored: area > 0.0 })
    }

    /// `w` of glTF, where the bitangent points to the top of the picture, against growing v (3.7.2.1).
    fn sign(&self) -> f32 {
        if self.mirrored { -1.0 } else { 1.0 }
    }
}

/// Vertices that plain and mirrored faces share are doubled; mirrored faces get the copy. Returns for every vertex the
/// one it was copied from. Depends on coordinates only, so all poses of a mesh have the same topology.
fn split_mirrored(mesh: &mut Mesh, faces: &[Option<Face>]) -> Vec<usize> {
    let mut used = vec![[false; 2]; mesh.positions.len()];
    for (triangle, face) in mesh.triangles.iter().zip(faces) {
        if let Some(face) = face {
            for &v in triangle {
                used[v as usize][usize::from(face.mirrored)] = true;
            }
        }
    }
    let mut copy_of: Vec<usize> = (0..mesh.positions.len()).collect();
    let mut copy: Vec<Option<u32>> = vec![None; mesh.positions.len()];
    for (v, used) in used.iter().enumerate() {
        if *used == [true; 2] {
            copy[v] = Some(copy_of.len() as u32);
            copy_of.push(v);
        }
    }
    fn extend<T: Copy>(values: &mut Vec<T>, copy_of: &[usize]) {
        if !values.is_empty() {
            let old = values.len();
            values.reserve_exact(copy_of.len() - old);
            for &source in &copy_of[old..] {
                values.push(values[source]);
            }
        }
    }
    extend(&mut mesh.positions, &copy_of);
    extend(&mut mesh.normals, &copy_of);
    extend(&mut mesh.uv0, &copy_of);
    extend(&mut mesh.uv1, &copy_of);
    extend(&mut mesh.colors, &copy_of);
    for (triangle, face) in mesh.triangles.iter_mut().zip(faces) {
        if face.as_ref().is_some_and(|f| f.mirrored) {
            for v in triangle {
                *v = copy[*v as usize].unwrap_or(*v);
            }
        }
    }
    copy_of
}
