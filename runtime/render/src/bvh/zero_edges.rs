//! The exact side of a ray on which an edge lies, where the difference of two rounded products is zero.
//!
//! Needed because a triangle smaller than the spacing of numbers at the ray's origin would else be hit from anywhere. An edge
//! function is the difference of two products of a sheared x and y; where both round to one number, it is the difference of
//! their rounding errors, which single precision holds exactly. `trace_edges` of `trace/ray.wgsl` is the same arithmetic.

use super::layout::Triangle;
use super::ray::Prepared;
use super::walk::Crossing;

/// Decides the zero edge functions of two triangles; bit 0 and 1 of the result tell which the line crosses.
#[cold]
#[inline(never)]
pub(super) fn decide_zero_edges(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32 {
    let mut crossed = 0;
    for (i, triangle) in [a, b].into_iter().enumerate() {
        let corners = [triangle.v0, triangle.v1, triangle.v2].map(|corner| {
            let local = |k: usize| corner[ray.axes[k] as usize] - ray.origin_permuted[k];
            let z = local(2);
            (local(0) - ray.shear[0] * z, local(1) - ray.shear[1] * z)
        });
        let edges = &mut out.edge[4 * i..4 * i + 3];
        for (i, edge) in edges.iter_mut().enumerate() {
            if *edge == 0.0 {
                let (n, m) = (corners[(i + 2) % 3], corners[(i + 1) % 3]);
                *edge = product_error(n.0, m.1) - product_error(m.0, n.1);
            }
        }
        crossed |= u32::from(edges.iter().all(|e| *e >= 0.0) || edges.iter().all(|e| *e <= 0.0)) << i;
    }
    crossed
}

/// x * y less its rounded value: exact while |x * y| is zero or at least 2^-101, where the last bit of the smallest partial
/// product is still a number (Dekker, "A floating-point technique for extending the available precision", 1971).
///
/// Factors are cut in halves of 12 bits rather than split as Dekker does: no overflow, and no sum that a compiler could
/// simplify away. All products of halves and all partial sums are exact, so that fusing any of them changes nothing. Callers
/// pass x first: two triangles then see exactly opposite values at the edge they share, below that limit too.
fn product_error(x: f32, y: f32) -> f32 {
    let high = |v: f32| f32::from_bits(v.to_bits() & 0xffff_f000);
    let (x_high, y_high) = (high(x), high(y));
    let (x_low, y_low) = (x - x_high, y - y_high);
    ((x_high * y_high - x * y) + x_high * y_low + x_low * y_high) + x_low * y_low
}

#[cfg(test)]
mod tests {
    use super::product_error;

    /// SplitMix64 (Steele, Lea, Flood 2014), its upper half.
    fn bits(state: &mut u64) -> u32 {
        *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    #[test]
    fn product_errors_are_exact() {
        let mut state = 7;
        let mut checked = 0;
        for i in 0..2_000_000 {
            let mut pattern = || match i % 4 {
                // Long runs of ones and zeros are the worst for the halves.
                0 => bits(&mut state) | 0x007f_ffff,
                1 => bits(&mut state) | 0x0000_0fff,
                2 => bits(&mut state) & 0xfff8_0003,
                _ => bits(&mut state),
            };
            let (x, y) = (f32::from_bits(pattern()), f32::from_bits(pattern()));
            let (product, size) = (f64::from(x) * f64::from(y), (x * y).abs());
            if size >= 2.0f32.powi(-101) && size < f32::INFINITY && x.is_normal() && y.is_normal() {
                let want = product - f64::from(x * y);
                assert_eq!(f64::from(product_error(x, y)), want, "{x:e} * {y:e}");
                checked += 1;
            }
        }
        assert!(checked > 500_000, "{checked}");
        assert_eq!([product_error(0.0, 3.0), product_error(-0.1, 0.0)], [0.0, 0.0]);
    }

    #[test]
    fn errors_of_mirrored_edges_are_opposite_at_every_size() {
        let mut state = 8;
        for _ in 0..200_000 {
            let [nx, ny, mx, my] = [0; 4].map(|_| f32::from_bits(bits(&mut state)));
            let edge = |a: (f32, f32), b: (f32, f32)| product_error(a.0, b.1) - product_error(b.0, a.1);
            let (one, other) = (edge((nx, ny), (mx, my)), edge((mx, my), (nx, ny)));
            assert!(one == -other || one.is_nan() && other.is_nan(), "{nx:e} {ny:e} {mx:e} {my:e}");
        }
    }
}
