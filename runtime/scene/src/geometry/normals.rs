//! Normals from positions.

use std::collections::BTreeMap;

use glam::DVec3;

use super::measure::welded_vertices;
use crate::Mesh;

/// A copy of `mesh` with new normals: smooth across every edge whose two faces turn by at most `crease_angle`
/// radians, sharp elsewhere; vertices on sharp edges are split. Vertices in one place count as one, so seams in
/// texture coordinates stay smooth. Tangents are dropped; call [`add_tangents`](super::add_tangents) after.
///
/// Each face counts by its angle at the vertex (Thürmer and Wüthrich, "Computing Vertex Normals from Polygonal
/// Facets", 1998). Triangles with an index out of range are dropped.
pub fn with_normals(mesh: &Mesh, crease_angle: f64) -> Mesh {
    let count = mesh.positions.len();
    let triangles: Vec<[u32; 3]> =
        mesh.triangles.iter().copied().filter(|t| t.iter().all(|&i| (i as usize) < count)).collect();
    let welded = welded_vertices(&mesh.positions);
    let position = |i: u32| DVec3::from(mesh.positions[i as usize].map(f64::from));
    let face_normals: Vec<DVec3> = triangles
        .iter()
        .map(|&[a, b, c]| (position(b) - position(a)).cross(position(c) - position(a)).normalize_or_zero())
        .collect();

    let groups = smoothing_groups(&triangles, &welded, &face_normals, libm::cos(crease_angle));
    let mut sums = vec![DVec3::ZERO; triangles.len() * 3];
    for (t, triangle) in triangles.iter().enumerate() {
        for k in 0..3 {
            let [p, q, r] = [0, 1, 2].map(|step| position(triangle[(k + step) % 3]));
            let (u, v) = ((q - p).normalize_or_zero(), (r - p).normalize_or_zero());
            sums[groups[3 * t + k]] += face_normals[t] * libm::acos(u.dot(v).clamp(-1.0, 1.0));
        }
    }

    let mut result = Mesh { triangles: Vec::with_capacity(triangles.len()), ..Mesh::default() };
    let mut made: BTreeMap<(u32, usize), u32> = BTreeMap::new();
    for (t, triangle) in triangles.iter().enumerate() {
        let mut corners = [0; 3];
        for k in 0..3 {
            let (old, group) = (triangle[k], groups[3 * t + k]);
            corners[k] = *made.entry((old, group)).or_insert_with(|| {
                let i = old as usize;
                result.positions.push(mesh.positions[i]);
                result.normals.push(sums[group].normalize_or(DVec3::Y).as_vec3().to_array());
                copy_if_present(&mesh.uv0, &mut result.uv0, i);
                copy_if_present(&mesh.uv1, &mut result.uv1, i);
                copy_if_present(&mesh.colors, &mut result.colors, i);
                (result.positions.len() - 1) as u32
            });
        }
        result.triangles.push(corners);
    }
    result
}

fn copy_if_present<T: Copy>(from: &[T], to: &mut Vec<T>, i: usize) {
    if let Some(&value) = from.get(i) {
        to.push(value);
    }
}

/// For each corner `3 * triangle + k` the representative of the corners that share its normal.
fn smoothing_groups(triangles: &[[u32; 3]], welded: &[u32], face_normals: &[DVec3], cos_crease: f64) -> Vec<usize> {
    // Sorted undirected edges: (low, high, corner at low, corner at high).
    let mut edges: Vec<(u32, u32, usize, usize)> = Vec::with_capacity(triangles.len() * 3);
    for (t, triangle) in triangles.iter().enumerate() {
        for k in 0..3 {
            let next = (k + 1) % 3;
            let (a, b) = (welded[triangle[k] as usize], welded[triangle[next] as usize]);
            let (ca, cb) = (3 * t + k, 3 * t + next);
            edges.push(if a <= b { (a, b, ca, cb) } else { (b, a, cb, ca) });
        }
    }
    edges.sort_unstable();
    let mut parent: Vec<usize> = (0..triangles.len() * 3).collect();
    for shared in edges.chunk_by(|x, y| (x.0, x.1) == (y.0, y.1)) {
        // More than two faces on an edge have no common surface to be smooth along.
        if let [x, y] = shared
            && face_normals[x.2 / 3].dot(face_normals[y.2 / 3]) >= cos_crease
        {
            join(&mut parent, x.2, y.2);
            join(&mut parent, x.3, y.3);
        }
    }
    (0..parent.len()).map(|i| root(&mut parent, i)).collect()
}

fn root(parent: &mut [usize], mut i: usize) -> usize {
    while parent[i] != i {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    i
}

fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    // The smaller index leads, so the result does not depend on the order of joins.
    parent[a.max(b)] = a.min(b);
}
