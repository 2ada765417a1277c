//! Meshes moved and joined.

use glam::{Affine3A, Vec3};

use super::error::{GeometryError, check_triangles};
use crate::Mesh;

/// A copy of `mesh` after `map`. Normals go through the inverse transpose; a mirroring map flips the triangles so
/// that front faces stay front faces. A map that is not invertible gives flat normals (the attribute is dropped).
pub fn transformed(mesh: &Mesh, map: Affine3A) -> Mesh {
    let mut result = mesh.clone();
    for p in &mut result.positions {
        *p = map.transform_point3(Vec3::from(*p)).to_array();
    }
    let determinant = map.matrix3.determinant();
    let mirrored = determinant < 0.0;
    if determinant != 0.0 && determinant.is_finite() {
        let normal_map = map.matrix3.inverse().transpose();
        for n in &mut result.normals {
            *n = (normal_map * Vec3::from(*n)).normalize_or(Vec3::Y).to_array();
        }
        for (t, n) in result.tangents.iter_mut().zip(&mesh.normals) {
            let moved = map.transform_vector3(Vec3::new(t[0], t[1], t[2]));
            let n = (normal_map * Vec3::from(*n)).normalize_or(Vec3::Y);
            let flat = (moved - n * n.dot(moved)).normalize_or(n.any_orthonormal_vector());
            *t = [flat.x, flat.y, flat.z, if mirrored { -t[3] } else { t[3] }];
        }
    } else {
        result.normals.clear();
        result.tangents.clear();
    }
    if mirrored {
        for t in &mut result.triangles {
            t.swap(1, 2);
        }
    }
    result
}

/// One mesh of many, in order. An attribute that not all of them have is dropped.
///
/// # Errors
/// When the sum of triangles is above the limit.
pub fn merged(meshes: &[&Mesh]) -> Result<Mesh, GeometryError> {
    check_triangles("meshes", meshes.iter().map(|m| m.triangles.len() as u64).sum())?;
    check_triangles("meshes", meshes.iter().map(|m| m.positions.len() as u64 / 3).sum())?;
    let mut result = Mesh::default();
    for mesh in meshes {
        let base = result.positions.len() as u32;
        result.positions.extend_from_slice(&mesh.positions);
        result.triangles.extend(mesh.triangles.iter().map(|t| t.map(|i| i.saturating_add(base))));
    }
    let total = result.positions.len();
    result.normals = joined(meshes, total, |m| &m.normals);
    result.tangents = joined(meshes, total, |m| &m.tangents);
    result.uv0 = joined(meshes, total, |m| &m.uv0);
    result.uv1 = joined(meshes, total, |m| &m.uv1);
    result.colors = joined(meshes, total, |m| &m.colors);
    Ok(result)
}

fn joined<T: Copy>(meshes: &[&Mesh], total: usize, attribute: impl Fn(&Mesh) -> &Vec<T>) -> Vec<T> {
    if meshes.iter().any(|m| attribute(m).len() != m.positions.len()) {
        return Vec::new();
    }
    let mut all = Vec::with_capacity(total);
    for mesh in meshes {
        all.extend_from_slice(attribute(mesh));
    }
    all
}
