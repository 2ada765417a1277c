//! The exact side of a ray on which an edge lies, where single precision says zero.

use super::layout::Triangle;
use super::ray::Prepared;
use super::walk::Crossing;

/// Repeats the edge functions with exact signs: products of two f32 are exact in f64 (Woop et al. 2013, section 3.2). Needed
/// when one rounds to zero: next to an edge either answer would do, but a triangle smaller than the spacing of numbers at the
/// ray's origin would be hit from anywhere.
#[cold]
#[inline(never)]
pub(super) fn decide_zero_edges(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32 {
    let mut crossed = 0;
    for (i, triangle) in [a, b].into_iter().enumerate() {
        let corners = [triangle.v0, triangle.v1, triangle.v2].map(|corner| {
            let local = |k: usize| corner[ray.axes[k] as usize] - ray.origin_permuted[k];
            let z = local(2);
            (f64::from(local(0) - ray.shear[0] * z), f64::from(local(1) - ray.shear[1] * z))
        });
        let edges = &mut out.edge[4 * i..4 * i + 3];
        // Only where it is needed: a triangle's hit must not depend on which one it is paired with.
        if edges.contains(&0.0) {
            for (i, edge) in edges.iter_mut().enumerate() {
                let (n, m) = (corners[(i + 2) % 3], corners[(i + 1) % 3]);
                *edge = (n.0 * m.1 - n.1 * m.0) as f32;
            }
        }
        crossed |= u32::from(edges.iter().all(|e| *e >= 0.0) || edges.iter().all(|e| *e <= 0.0)) << i;
    }
    crossed
}
