//! Measures of a mesh: area, volume, and whether it is a closed surface.

use std::collections::BTreeMap;

use glam::DVec3;

use crate::Mesh;

/// How the edges of a mesh meet, after vertices in one place are taken as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// Directed edges without a partner in the opposite direction: the rim of a hole.
    pub open_edges: u64,
    /// Directed edges that occur more than once: three faces on an edge, or two that disagree on the outside.
    pub crowded_edges: u64,
    /// Triangles left out because two corners are in one place.
    pub degenerate_triangles: u64,
}

/// Counts what keeps the mesh from being a closed, consistently oriented surface. Sorts the edges: O(n log n).
pub fn closure(mesh: &Mesh) -> Closure {
    let welded = welded_vertices(&mesh.positions);
    let mut report = Closure::default();
    let mut edges: Vec<(u32, u32)> = Vec::with_capacity(mesh.triangles.len() * 3);
    for triangle in &mesh.triangles {
        let corner = triangle.map(|i| welded.get(i as usize).copied());
        match corner {
            [Some(a), Some(b), Some(c)] if a != b && b != c && c != a => edges.extend([(a, b), (b, c), (c, a)]),
            _ => report.degenerate_triangles += 1,
        }
    }
    edges.sort_unstable();
    for same in edges.chunk_by(|x, y| x == y) {
        report.crowded_edges += same.len() as u64 - 1;
        let (a, b) = same[0];
        if edges.binary_search(&(b, a)).is_err() {
            report.open_edges += 1;
        }
    }
    report
}

/// True when every edge is shared by exactly two triangles that run along it in opposite directions.
pub fn is_closed(mesh: &Mesh) -> bool {
    let report = closure(mesh);
    report.open_edges == 0 && report.crowded_edges == 0 && !mesh.triangles.is_empty()
}

/// Enclosed volume in cubic metres: the sum of the signed tetrahedra over the origin (divergence theorem).
/// Meaningful for closed meshes only; negative when the surface is inside out.
pub fn volume(mesh: &Mesh) -> f64 {
    corners(mesh).map(|[a, b, c]| a.dot(b.cross(c)) / 6.0).sum()
}

/// Area in square metres.
pub fn area(mesh: &Mesh) -> f64 {
    corners(mesh).map(|[a, b, c]| (b - a).cross(c - a).length() * 0.5).sum()
}

/// The corners of all triangles whose indices are in range.
pub(super) fn corners(mesh: &Mesh) -> impl Iterator<Item = [DVec3; 3]> + '_ {
    mesh.triangles.iter().filter_map(|t| {
        let [a, b, c] = t.map(|i| mesh.positions.get(i as usize).map(|p| DVec3::from(p.map(f64::from))));
        Some([a?, b?, c?])
    })
}

/// For each vertex the first vertex in exactly the same place.
pub(super) fn welded_vertices(positions: &[[f32; 3]]) -> Vec<u32> {
    let mut first: BTreeMap<[u32; 3], u32> = BTreeMap::new();
    // `+ 0.0` makes -0 and 0 one place.
    positions.iter().zip(0..).map(|(p, i)| *first.entry(p.map(|c| (c + 0.0).to_bits())).or_insert(i)).collect()
}
