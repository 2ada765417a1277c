//! The tests without special instructions; also the definition of what the others must compute.

use super::layout::{Node, Triangle};
use super::ray::Prepared;
use super::walk::{Crossing, EDGE_ZERO, Isa, SLACK};

pub(super) struct Portable;

/// The larger; the second if either is NaN, as x86 does.
#[inline(always)]
fn max(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

#[inline(always)]
fn min(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

impl Isa for Portable {
    #[inline(always)]
    unsafe fn boxes(node: &Node, ray: &Prepared, t_max: f32, near: &mut [f32; 8]) -> u32 {
        let (mut entry, mut exit) = ([[0.0f32; 8]; 3], [[0.0f32; 8]; 3]);
        for axis in 0..3 {
            // t = ((p + q s) - o) / d = q (s / d) + (p - o) / d.
            let scale = f32::from_bits(u32::from(node.exponents[axis]) << 23) * ray.inverse[axis];
            let base = (node.origin[axis] - ray.origin[axis]) * ray.inverse[axis];
            let negative = ray.near[axis] >= 56;
            let (lo, hi) = (&node.lo[axis], &node.hi[axis]);
            let (near_q, far_q) = if negative { (hi, lo) } else { (lo, hi) };
            for i in 0..8 {
                entry[axis][i] = f32::from(near_q[i]) * scale + base;
                exit[axis][i] = f32::from(far_q[i]) * scale + base;
            }
        }
        let mut mask = 0;
        for i in 0..8 {
            near[i] = max(max(entry[0][i], entry[1][i]), max(entry[2][i], ray.t_min));
            let end = min(min(exit[0][i], exit[1][i]), min(exit[2][i], t_max));
            mask |= u32::from(near[i] <= end * SLACK) << i;
        }
        mask & u32::from(node.filled)
    }

    #[inline(always)]
    unsafe fn pair(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32 {
        let mut crossed = 0;
        for (i, triangle) in [a, b].into_iter().enumerate() {
            crossed |=
                u32::from(edges(triangle, ray, &mut out.edge[4 * i..4 * i + 3], &mut out.depth[4 * i..4 * i + 3])) << i;
        }
        let e = &out.edge;
        let any_zero = [e[0], e[1], e[2], e[4], e[5], e[6]].contains(&0.0);
        crossed | if crossed != 0 && any_zero { EDGE_ZERO } else { 0 }
    }
}

/// Woop, Benthin, Wald, "Watertight Ray/Triangle Intersection", JCGT 2013. An edge function is a difference of two rounded
/// products, so its sign is right or it is zero, never wrong; zeros are decided exactly later (`zero_edges`). Two triangles
/// that share an edge see it with opposite signs, so no ray passes between them.
#[inline(always)]
fn edges(triangle: &Triangle, ray: &Prepared, edge: &mut [f32], depth: &mut [f32]) -> bool {
    let (mut x, mut y) = ([0.0f32; 3], [0.0f32; 3]);
    for (i, corner) in [triangle.v0, triangle.v1, triangle.v2].into_iter().enumerate() {
        let local = |k: usize| corner[ray.axes[k] as usize] - ray.origin_permuted[k];
        depth[i] = local(2);
        x[i] = local(0) - ray.shear[0] * depth[i];
        y[i] = local(1) - ray.shear[1] * depth[i];
    }
    for i in 0..3 {
        let (n, m) = ((i + 2) % 3, (i + 1) % 3);
        edge[i] = x[n] * y[m] - y[n] * x[m];
    }
    edge.iter().all(|e| *e >= 0.0) || edge.iter().all(|e| *e <= 0.0)
}
