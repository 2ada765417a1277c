//! Exact values of the builtins, as WGSL and naga define them.

use scenec_prelude::bits::*;
use scenec_prelude::math::*;
use scenec_prelude::scalar::{Bitcast, Bits, Cast, Num, index};
use scenec_prelude::{Mat, Padded3, Vec2, Vec3, Vec4, base, matrix::Transpose, v3};

const NAN: f32 = f32::NAN;
const INF: f32 = f32::INFINITY;

/// Equal bits, or both NaN.
fn same(a: f32, b: f32) -> bool {
    a.to_bits() == b.to_bits() || (a.is_nan() && b.is_nan())
}

#[test]
fn integers_wrap_and_never_trap() {
    let cases: &[(i32, i32)] = &[
        (Num::add(i32::MAX, 1), i32::MIN),
        (Num::sub(i32::MIN, 1), i32::MAX),
        (Num::mul(i32::MAX, 2), -2),
        (Num::div(7, 0), 7),
        (Num::div(-7, 0), -7),
        (Num::div(i32::MIN, -1), i32::MIN),
        (Num::div(-7, 2), -3),
        (Num::rem(7, 0), 0),
        (Num::rem(i32::MIN, -1), 0),
        (Num::rem(-7, 3), -1),
        (Num::rem(7, -3), 1),
        (Num::neg(i32::MIN), i32::MIN),
        (Num::abs(i32::MIN), i32::MIN),
        (Num::sign(-9), -1),
        (Bits::shl(1, 33), 2),
        (Bits::shr(-8, 33), -4),
        (Bits::not(0i32), -1),
    ];
    for (index, (found, wanted)) in cases.iter().enumerate() {
        assert_eq!(found, wanted, "case {index}");
    }
    let cases: &[(u32, u32)] = &[
        (Num::add(u32::MAX, 2), 1),
        (Num::sub(0, 1), u32::MAX),
        (Num::mul(0x1_0001, 0x1_0001), 0x2_0001),
        (Num::div(7, 0), 7),
        (Num::rem(7, 0), 0),
        (Num::sign(7u32), 1),
        (Bits::shl(1, 32), 1),
        (Bits::shr(0x8000_0000, 63), 1),
    ];
    for (index, (found, wanted)) in cases.iter().enumerate() {
        assert_eq!(found, wanted, "case {index}");
    }
    let v = Vec3::new(i32::MIN, 5, -5) / Vec3::new(-1, 0, 2);
    assert_eq!(v.to_array(), [i32::MIN, 5, -2]);
    assert_eq!((Vec2::new(u32::MAX, 1) + Vec2::splat(1)).to_array(), [0, 2]);
}

#[test]
fn conversions_saturate_and_bits_are_kept() {
    let to_i32: &[(f32, i32)] = &[
        (1.9, 1),
        (-1.9, -1),
        (-0.0, 0),
        (3e9, 2_147_483_520),
        (INF, 2_147_483_520),
        (-3e9, i32::MIN),
        (-INF, i32::MIN),
        (NAN, 0),
        (2_147_483_520.0, 2_147_483_520),
        (-2_147_483_648.0, i32::MIN),
    ];
    for &(x, wanted) in to_i32 {
        assert_eq!(Cast::<i32>::cast(x), wanted, "i32({x})");
    }
    let to_u32: &[(f32, u32)] = &[
        (1.9, 1),
        (-1.9, 0),
        (-0.0, 0),
        (5e9, 4_294_967_040),
        (INF, 4_294_967_040),
        (-INF, 0),
        (NAN, 0),
        (4_294_967_040.0, 4_294_967_040),
        (3e9, 3_000_000_000),
    ];
    for &(x, wanted) in to_u32 {
        assert_eq!(Cast::<u32>::cast(x), wanted, "u32({x})");
    }
    assert_eq!(Cast::<f32>::cast(u32::MAX), 4_294_967_296.0);
    assert_eq!(Cast::<f32>::cast(true), 1.0);
    assert_eq!((Cast::<bool>::cast(NAN), Cast::<bool>::cast(-0.0f32), Cast::<bool>::cast(2i32)), (true, false, true));
    assert_eq!(Bitcast::<u32>::bitcast(-0.0f32), 0x8000_0000);
    assert_eq!(Bitcast::<i32>::bitcast(1.0f32), 0x3f80_0000);
    assert_eq!(Vec2::new(-1i32, 1).bitcast::<u32>().to_array(), [u32::MAX, 1]);
}

#[test]
fn comparisons_with_nan_are_false() {
    let v = Vec2::new(NAN, 1.0);
    let o = Vec2::new(NAN, 1.0);
    assert_eq!(v.equal(o).to_array(), [false, true]);
    assert_eq!(v.not_equal(o).to_array(), [true, false]);
    assert_eq!(v.less(Vec2::new(1.0, 2.0)).to_array(), [false, true]);
    assert_eq!(v.greater_equal(o).to_array(), [false, true]);
    // "e2 if e2 is less than e1, and e1 otherwise": the first operand when either is NaN.
    assert_eq!((min(1.0, NAN), max(1.0, NAN)), (1.0, 1.0));
    assert!(min(NAN, 1.0).is_nan() && max(NAN, 1.0).is_nan());
    assert_eq!(clamp(5.0f32, 0.0, 1.0), 1.0);
    assert_eq!((sign(NAN), sign(-0.0f32), sign(-3.5f32), sign(1e-40f32)), (0.0, 0.0, -1.0, 1.0));
    assert_eq!((step(1.0, 1.0), step(1.0, 0.5), step(1.0, NAN)), (1.0, 0.0, 0.0));
    assert_eq!((saturate(-1.0f32), saturate(2.0f32)), (0.0, 1.0));
}

#[test]
fn rounding_gives_the_same_bits_in_both_builds() {
    let cases: &[(f32, [f32; 4])] = &[
        // x: trunc, floor, ceil, round
        (0.0, [0.0, 0.0, 0.0, 0.0]),
        (-0.0, [-0.0, -0.0, -0.0, -0.0]),
        (0.5, [0.0, 0.0, 1.0, 0.0]),
        (-0.5, [-0.0, -1.0, -0.0, -0.0]),
        (1.5, [1.0, 1.0, 2.0, 2.0]),
        (2.5, [2.0, 2.0, 3.0, 2.0]),
        (-2.5, [-2.0, -3.0, -2.0, -2.0]),
        (-2.7, [-2.0, -3.0, -2.0, -3.0]),
        (8_388_607.5, [8_388_607.0, 8_388_607.0, 8_388_608.0, 8_388_608.0]),
        (8_388_609.0, [8_388_609.0; 4]),
        (-1e30, [-1e30; 4]),
        (INF, [INF; 4]),
        (NAN, [NAN; 4]),
        (1e-40, [0.0, 0.0, 1.0, 0.0]),
    ];
    for &(x, [trunc, floor, ceil, round]) in cases {
        for (found, wanted) in
            [(base::trunc(x), trunc), (base::floor(x), floor), (base::ceil(x), ceil), (base::round(x), round)]
        {
            assert!(same(found, wanted), "{x}: {found} instead of {wanted}");
        }
    }
    // Every exponent, and mantissas around each boundary.
    for high in 0..=u16::MAX as u32 {
        for low in [0, 1, 0x7fff, 0x8000, 0xffff] {
            let x = f32::from_bits(high << 16 | low);
            assert!(same(base::trunc(x), v3::trunc(x)), "trunc {x:?}");
            assert!(same(base::floor(x), v3::floor(x)), "floor {x:?}");
            assert!(same(base::ceil(x), v3::ceil(x)), "ceil {x:?}");
            assert!(same(base::round(x), v3::round(x)), "round {x:?}");
        }
    }
    assert_eq!((base::fract(1.25f32), base::fract(-1.25f32)), (0.25, 0.75));
    assert_eq!((base::rem(7.5f32, 2.0), base::rem(-7.5f32, 2.0), base::rem(7.5f32, -2.0)), (1.5, -1.5, 1.5));
    assert_eq!(base::modf(-1.25f32), (-0.25, -1.0));
}

#[test]
fn bit_counting_and_fields() {
    assert_eq!((count_trailing_zeros(0u32), count_leading_zeros(0u32)), (32, 32));
    assert_eq!((count_trailing_zeros(8i32), count_leading_zeros(-1i32), count_one_bits(-1i32)), (3, 0, 32));
    assert_eq!(reverse_bits(1u32), 0x8000_0000);
    let leading_i: &[(i32, i32)] = &[(0, -1), (-1, -1), (1, 0), (-2, 0), (i32::MAX, 30), (i32::MIN, 30)];
    for &(x, wanted) in leading_i {
        assert_eq!(first_leading_bit(x), wanted, "firstLeadingBit({x})");
    }
    let leading_u: &[(u32, u32)] = &[(0, u32::MAX), (1, 0), (u32::MAX, 31), (0x00ff_0000, 23)];
    for &(x, wanted) in leading_u {
        assert_eq!(first_leading_bit(x), wanted, "firstLeadingBit({x:#x})");
    }
    assert_eq!((first_trailing_bit(0u32), first_trailing_bit(8u32), first_trailing_bit(0i32)), (u32::MAX, 3, -1));
    assert_eq!(extract_bits(0xabcd_1234u32, 8, 8), 0x12);
    assert_eq!(extract_bits(0xabcd_1234u32, 28, 8), 0xa, "cut off at the top");
    assert_eq!(extract_bits(0xabcd_1234u32, 40, 8), 0);
    assert_eq!(extract_bits(0xabcd_1234u32, 0, 32), 0xabcd_1234);
    assert_eq!(extract_bits(0x0000_0f00i32, 8, 4), -1, "sign-extended");
    assert_eq!(extract_bits(-1i32, 5, 0), 0);
    assert_eq!(insert_bits(0u32, 0xff, 4, 4), 0xf0);
    assert_eq!(insert_bits(u32::MAX, 0, 28, 9), 0x0fff_ffff);
    assert_eq!(insert_bits(5u32, 9, 32, 4), 5);
    assert_eq!(insert_bits(5u32, 9, 0, 32), 9);
}

#[test]
fn packing_rounds_and_clamps() {
    assert_eq!(pack4x8unorm(Vec4::new(0.0, 1.0, 2.0, -1.0)), 0x00ff_ff00);
    assert_eq!(pack4x8snorm(Vec4::new(1.0, -1.0, 0.0, -2.0)), 0x8100_817f);
    assert_eq!(pack2x16unorm(Vec2::new(1.0, 0.5)), 0x8000_ffff);
    assert_eq!(pack2x16snorm(Vec2::new(-1.0, 1.0)), 0x7fff_8001);
    assert_eq!(unpack4x8unorm(0xff00_0080).to_array(), [128.0 / 255.0, 0.0, 0.0, 1.0]);
    assert_eq!(unpack4x8snorm(0x7f80_8101).to_array(), [1.0 / 127.0, -1.0, -1.0, 1.0]);
    assert_eq!(unpack2x16snorm(0x8000_7fff).to_array(), [1.0, -1.0]);
    assert_eq!(unpack2x16unorm(0xffff_0000).to_array(), [0.0, 1.0]);
    assert_eq!(pack4x_i8(Vec4::new(-1, 127, -128, 300)), 0x2c80_7fff);
    assert_eq!(pack4x_u8(Vec4::new(1, 2, 3, 0x104)), 0x0403_0201);
    assert_eq!(pack4x_i8_clamp(Vec4::new(-1, 500, -500, 3)), 0x0380_7fff);
    assert_eq!(pack4x_u8_clamp(Vec4::new(1, 256, 3, 4)), 0x0403_ff01);
    assert_eq!(unpack4x_i8(0x80ff_7f01).to_array(), [1, 127, -1, -128]);
    assert_eq!(unpack4x_u8(0x80ff_7f01).to_array(), [1, 127, 255, 128]);
    assert_eq!(dot4_i8_packed(0x01ff_0280, 0x0102_03ff), 128 + 6 - 2 + 1);
    assert_eq!(dot4_u8_packed(0x01ff_0280, 0x0102_03ff), 128 * 255 + 6 + 510 + 1);
}

#[test]
fn half_floats_round_to_even_and_come_back() {
    let cases: &[(f32, u32)] = &[
        (0.0, 0),
        (-0.0, 0x8000),
        (1.0, 0x3c00),
        (-2.0, 0xc000),
        (65504.0, 0x7bff),
        (65519.0, 0x7bff),
        (65520.0, 0x7c00),
        (1e9, 0x7c00),
        (-INF, 0xfc00),
        (5.960_464_5e-8, 1),
        (2.980_232_2e-8, 0),
        (2.980_232_6e-8, 1),
        (6.097_555e-5, 0x03ff),
        (6.103_515_6e-5, 0x0400),
        (1.000_488_3, 0x3c00),
        (1.001_464_8, 0x3c02),
        (0.333_25, 0x3555),
    ];
    for &(x, wanted) in cases {
        assert_eq!(f32_to_f16(x), wanted, "{x:?}");
    }
    assert_eq!(f32_to_f16(NAN) & 0x7c00, 0x7c00);
    assert_ne!(f32_to_f16(NAN) & 0x3ff, 0);
    for h in 0..=0xffffu32 {
        let x = f16_to_f32(h);
        if x.is_nan() {
            assert!(h & 0x7c00 == 0x7c00 && h & 0x3ff != 0);
        } else {
            assert_eq!(f32_to_f16(x), h, "{h:#x} is {x:?}");
        }
    }
    assert_eq!(pack2x16float(Vec2::new(1.0, -2.0)), 0xc000_3c00);
    assert_eq!(unpack2x16float(0xc000_3c00).to_array(), [1.0, -2.0]);
    assert_eq!(quantize_to_f16(Vec2::new(1.000_2, 1e9)).to_array(), [1.0, INF]);
}

#[test]
fn indices_are_clamped() {
    assert_eq!([index::<4>(0u32), index::<4>(3u32), index::<4>(4u32), index::<4>(u32::MAX)], [0, 3, 3, 3]);
    assert_eq!([index::<4>(-1i32), index::<4>(i32::MIN), index::<1>(7i32)], [3, 3, 0]);
    let mut v = Vec3::new(1, 2, 3);
    assert_eq!((v.get(1u32), v.get(9u32), v.get(-1i32)), (2, 3, 3));
    *v.get_mut(0u32) = 7;
    *v.get_mut(5u32) = 9;
    assert_eq!(v.to_array(), [7, 2, 9]);
}

#[test]
fn vectors_and_matrices() {
    let (a, b) = (Vec3::new(1.0f32, 2.0, 3.0), Vec3::new(4.0, 5.0, 6.0));
    assert_eq!(a.dot(b), 32.0);
    assert_eq!(a.cross(b).to_array(), [-3.0, 6.0, -3.0]);
    assert_eq!(a.swizzle4::<2, 1, 0, 0>().to_array(), [3.0, 2.0, 1.0, 1.0]);
    assert_eq!((2.0 * a - b / 2.0).to_array(), [0.0, 1.5, 3.0]);
    assert_eq!(Vec4::from((a, 9.0)).to_array(), [1.0, 2.0, 3.0, 9.0]);
    assert_eq!(Vec4::from((9.0, Vec2::new(1.0, 2.0), 8.0)).to_array(), [9.0, 1.0, 2.0, 8.0]);
    assert_eq!(Vec3::new(true, false, true).select(a, b).to_array(), [1.0, 5.0, 3.0]);
    assert_eq!(Vec3::new(3.0f32, 0.0, 4.0).length(), 5.0);
    assert_eq!(Vec2::new(1.0f32, -1.0).reflect(Vec2::new(0.0, 1.0)).to_array(), [1.0, 1.0]);
    assert_eq!(Vec2::new(1.0f32, 0.0).refract(Vec2::new(0.0, 1.0), 1.5).to_array(), [0.0, 0.0], "total reflection");
    let m = Mat::<Padded3<f32>, 2>::from_columns([a, b]);
    assert_eq!((m * Vec2::new(1.0, 10.0)).to_array(), [41.0, 52.0, 63.0]);
    assert_eq!((Vec3::new(1.0, 0.0, 1.0) * m).to_array(), [4.0, 10.0]);
    let t = m.transpose();
    assert_eq!((t.c[0].to_array(), t.c[2].to_array()), ([1.0, 4.0], [3.0, 6.0]));
    let p = t * m;
    assert_eq!((p.c[0].to_array(), p.c[1].to_array()), ([14.0, 32.0], [32.0, 77.0]));
    let d = Mat::<Vec4<f32>, 4>::from_columns([
        Vec4::new(2.0, 0.0, 0.0, 1.0),
        Vec4::new(0.0, 3.0, 0.0, 0.0),
        Vec4::new(0.0, 0.0, 4.0, 0.0),
        Vec4::new(1.0, 0.0, 0.0, 5.0),
    ]);
    assert_eq!(d.determinant(), 108.0);
    assert_eq!(size_of::<Mat<Padded3<f32>, 3>>(), 48);
}

#[test]
fn mix_fma_and_scaling() {
    assert_eq!(mix(2.0, 6.0, 0.25), 3.0);
    assert_eq!(mix_scalar(Vec2::new(0.0, 8.0), Vec2::new(4.0, 0.0), 0.5).to_array(), [2.0, 4.0]);
    assert_eq!(fma(2.0, 3.0, 4.0), 10.0);
    assert_eq!(smoothstep(0.0, 2.0, 1.0), 0.5);
    assert_eq!((ldexp(0.75, 3), ldexp(1.0, -149), ldexp(1.0, 400), ldexp(1.0, -400)), (6.0, 1e-45, INF, 0.0));
    assert_eq!((frexp(6.0), frexp(-0.25), frexp(0.0), frexp(1e-45)), ((0.75, 3), (-0.5, -1), (0.0, 0), (0.5, -148)));
}
