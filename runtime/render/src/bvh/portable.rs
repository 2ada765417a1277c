//! The tests without special instructions; also the definition of what the others must compute.

use super::layout::{Node, Triangle};
use super::ray::Prepared;
use super::walk::{Crossing, Isa, SLACK};

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
        let mut far_end = [t_max; 8];
        *near = [ray.t_min; 8];
        for axis in 0..3 {
            // t = ((p + q s) - o) / d = q (s / d) + (p - o) / d.
            let scale = f32::from_bits(u32::from(node.exponents[axis]) << 23) * ray.inverse[axis];
            let base = (node.origin[axis] - ray.origin[axis]) * ray.inverse[axis];
            let negative = ray.near[axis] >= 56;
            let (lo, hi) = (&node.lo[axis], &node.hi[axis]);
            let (entry, exit) = if negative { (hi, lo) } else { (lo, hi) };
            for i in 0..8 {
                near[i] = max(f32::from(entry[i]) * scale + base, near[i]);
                far_end[i] = min(f32::from(exit[i]) * scale + base, far_end[i]);
            }
        }
        let mut mask = 0;
        for i in 0..8 {
            mask |= u32::from(near[i] <= far_end[i] * SLACK) << i;
        }
        mask & u32::from(node.filled)
    }

    #[inline(always)]
    unsafe fn pair(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32 {
        let mut crossed = 0;
        for (i, triangle) in [a, b].into_iter().enumerate() {
            crossed |= u32::from(edges(triangle, ray, &mut out.edge[4 * i..4 * i + 3], &mut out.depth[4 * i..4 * i + 3])) << i;
        }
        crossed
    }
}

/// Woop, Benthin, Wald, "Watertight Ray/Triangle Intersection", JCGT 2013. An edge function is a difference of two rounded
/// products, so its sign is right or it is zero; zero counts as inside on both sides of an edge, so no ray passes between two
/// triangles that share it. The paper's double-precision branch only decides which of the two is hit, so it is left out.
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
