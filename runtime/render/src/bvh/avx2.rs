//! The tests in AVX2. No fused multiply-adds: they would round otherwise than the portable path.

use std::arch::x86_64::*;

use super::layout::{Node, Triangle};
use super::ray::Prepared;
use super::walk::{Crossing, EDGE_ZERO, Isa, SLACK};

pub(super) struct Avx2;

impl Isa for Avx2 {
    #[inline(always)]
    unsafe fn boxes(node: &Node, ray: &Prepared, t_max: f32, near: &mut [f32; 8]) -> u32 {
        // SAFETY: the caller vouches for AVX2; all reads stay within the node's 80 bytes (offsets 32 to 79 in steps of 8).
        unsafe {
            let (at, inverse) = (std::ptr::from_ref(node).cast::<u8>(), _mm_loadu_ps(ray.inverse.as_ptr()));
            // The fourth numbers are the exponents' bytes and the mask of slots: never looked at.
            let steps = _mm_slli_epi32::<23>(_mm_cvtepu8_epi32(_mm_loadu_si32(at.add(12))));
            let scale = _mm256_castps128_ps256(_mm_mul_ps(_mm_castsi128_ps(steps), inverse));
            let offset = _mm_sub_ps(_mm_loadu_ps(at.cast()), _mm_loadu_ps(ray.origin.as_ptr()));
            let base = _mm256_castps128_ps256(_mm_mul_ps(offset, inverse));
            let (nx, fx) = slab::<0>(node, ray, scale, base);
            let (ny, fy) = slab::<1>(node, ray, scale, base);
            let (nz, fz) = slab::<2>(node, ray, scale, base);
            let start = _mm256_max_ps(_mm256_max_ps(nx, ny), _mm256_max_ps(nz, _mm256_set1_ps(ray.t_min)));
            let end = _mm256_min_ps(_mm256_min_ps(fx, fy), _mm256_min_ps(fz, _mm256_set1_ps(t_max)));
            let end = _mm256_mul_ps(end, _mm256_set1_ps(SLACK));
            _mm256_storeu_ps(near.as_mut_ptr(), start);
            let hit = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(start, end));
            hit as u32 & u32::from(node.filled)
        }
    }

    #[inline(always)]
    unsafe fn pair(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32 {
        // SAFETY: the caller vouches for AVX2; each load reads 16 of a triangle's 48 bytes.
        unsafe {
            let (a, b) = (std::ptr::from_ref(a).cast::<f32>(), std::ptr::from_ref(b).cast::<f32>());
            let axes = _mm256_broadcastsi128_si256(_mm_loadu_si128(ray.axes.as_ptr().cast()));
            let origin = _mm_loadu_si128(ray.origin_permuted.as_ptr().cast());
            let origin = _mm256_castsi256_ps(_mm256_broadcastsi128_si256(origin));
            let c0 = corner(a, b, 0, axes, origin);
            let c1 = corner(a, b, 1, axes, origin);
            let c2 = corner(a, b, 2, axes, origin);
            // Transpose to (corner 0, 1, 2, 2) per coordinate.
            let xy = _mm256_unpacklo_ps(c0, c1);
            let zw = _mm256_unpackhi_ps(c0, c1);
            let x = _mm256_shuffle_ps::<0b00_00_01_00>(xy, c2);
            let y = _mm256_shuffle_ps::<0b01_01_11_10>(xy, c2);
            let z = _mm256_shuffle_ps::<0b10_10_01_00>(zw, c2);
            let x = _mm256_sub_ps(x, _mm256_mul_ps(_mm256_set1_ps(ray.shear[0]), z));
            let y = _mm256_sub_ps(y, _mm256_mul_ps(_mm256_set1_ps(ray.shear[1]), z));
            // Corner indices (2, 0, 1, 1) and (1, 2, 0, 0): lane 3 repeats lane 2.
            let (xn, yn) = (_mm256_permute_ps::<0b01_01_00_10>(x), _mm256_permute_ps::<0b01_01_00_10>(y));
            let (xm, ym) = (_mm256_permute_ps::<0b00_00_10_01>(x), _mm256_permute_ps::<0b00_00_10_01>(y));
            let edge = _mm256_sub_ps(_mm256_mul_ps(xn, ym), _mm256_mul_ps(yn, xm));
            let zero = _mm256_setzero_ps();
            let above = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_GE_OQ>(edge, zero));
            let below = _mm256_movemask_ps(_mm256_cmp_ps::<_CMP_LE_OQ>(edge, zero));
            let low = u32::from(above & 15 == 15 || below & 15 == 15);
            let high = u32::from(above >> 4 == 15 || below >> 4 == 15);
            _mm256_store_ps(out.edge.as_mut_ptr(), edge);
            _mm256_store_ps(out.depth.as_mut_ptr(), z);
            // Greater or equal and less or equal at once is zero.
            let undecided = EDGE_ZERO * (u32::from(above & below != 0) & (low | high));
            low | high << 1 | undecided
        }
    }
}

// Helpers are functions, not closures: those would not take on the caller's instruction set, and each intrinsic would be a call.

/// Near and far distances of all slots along one axis.
#[inline(always)]
unsafe fn slab<const AXIS: i32>(node: &Node, ray: &Prepared, scale: __m256, base: __m256) -> (__m256, __m256) {
    // SAFETY: as in `boxes`.
    unsafe {
        let axis = _mm256_set1_epi32(AXIS);
        let (scale, base) = (_mm256_permutevar8x32_ps(scale, axis), _mm256_permutevar8x32_ps(base, axis));
        let (near, far) = (steps_at(node, ray.near[AXIS as usize]), steps_at(node, ray.far[AXIS as usize]));
        (_mm256_add_ps(_mm256_mul_ps(near, scale), base), _mm256_add_ps(_mm256_mul_ps(far, scale), base))
    }
}

/// Eight quantised bounds as numbers.
#[inline(always)]
unsafe fn steps_at(node: &Node, offset: usize) -> __m256 {
    // SAFETY: as in `boxes`.
    unsafe {
        let bytes = std::ptr::from_ref(node).cast::<u8>().add(offset);
        _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64(bytes.cast())))
    }
}

/// Corner `i` of both triangles, relative to the ray's origin, axes permuted.
#[inline(always)]
unsafe fn corner(a: *const f32, b: *const f32, i: usize, axes: __m256i, origin: __m256) -> __m256 {
    // SAFETY: as in `pair`.
    unsafe {
        let (low, high) = (_mm_loadu_ps(a.add(4 * i)), _mm_loadu_ps(b.add(4 * i)));
        let both = _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high);
        // The permutation also drops the fourth word, which is no number.
        _mm256_sub_ps(_mm256_permutevar_ps(both, axes), origin)
    }
}
