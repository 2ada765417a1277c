//! Tangents for normal maps.

use glam::{DVec2, DVec3};

use crate::Mesh;

/// Replaces the tangents of a mesh that has normals and `uv0`; else leaves the mesh as it is.
///
/// Lengyel, "Computing Tangent Space Basis Vectors for an Arbitrary Mesh", 2001: the gradient of `u` over each
/// triangle, summed per vertex, made orthogonal to the normal. `w` follows glTF, whose `v` runs down while the
/// green of a normal map runs up: `cross(normal, tangent) * w` points to smaller `v`.
/// A vertex without a usable gradient gets any unit vector orthogonal to its normal.
pub fn add_tangents(mesh: &mut Mesh) {
    let count = mesh.positions.len();
    if mesh.normals.len() != count || mesh.uv0.len() != count || count == 0 {
        return;
    }
    let mut along_u = vec![DVec3::ZERO; count];
    let mut along_v = vec![DVec3::ZERO; count];
    for triangle in &mesh.triangles {
        let [a, b, c] = triangle.map(|i| i as usize);
        if a.max(b).max(c) >= count {
            continue;
        }
        let position = |i: usize| DVec3::from(mesh.positions[i].map(f64::from));
        let uv = |i: usize| DVec2::from(mesh.uv0[i].map(f64::from));
        let (e1, e2) = (position(b) - position(a), position(c) - position(a));
        let (d1, d2) = (uv(b) - uv(a), uv(c) - uv(a));
        let determinant = d1.perp_dot(d2);
        if determinant.abs() < 1e-30 || !determinant.is_finite() {
            continue;
        }
        // The area of the triangle is the weight: the unscaled gradient has the length of area / uv area, and
        // dividing by the determinant's sign only keeps slivers in uv from drowning their neighbours.
        let u = (e1 * d2.y - e2 * d1.y) * determinant.signum();
        let v = (e2 * d1.x - e1 * d2.x) * determinant.signum();
        for i in [a, b, c] {
            along_u[i] += u;
            along_v[i] += v;
        }
    }
    mesh.tangents = (0..count)
        .map(|i| {
            let n = DVec3::from(mesh.normals[i].map(f64::from));
            let flat = along_u[i] - n * n.dot(along_u[i]);
            let scale = along_u[i].length();
            let t = if flat.is_finite() && flat.length() > 1e-9 * scale && scale > 0.0 {
                flat.normalize()
            } else {
                orthogonal(n)
            };
            let w = if n.cross(t).dot(along_v[i]) > 0.0 { -1.0 } else { 1.0 };
            let t = t.as_vec3();
            [t.x, t.y, t.z, w]
        })
        .collect();
}

/// A unit vector orthogonal to the unit vector `n` (Duff et al., "Building an Orthonormal Basis, Revisited", 2017).
pub(super) fn orthogonal(n: DVec3) -> DVec3 {
    let sign = 1.0f64.copysign(n.z);
    let a = -1.0 / (sign + n.z);
    let b = n.x * n.y * a;
    let t = DVec3::new(1.0 + sign * n.x * n.x * a, sign * b, -sign * n.x);
    t.normalize_or(DVec3::X)
}
