//! Transcendental functions of one `f32`, the same bits on every machine.
//!
//! All go through `f64` with + - * / and `sqrt` only, so the platform's library plays no part. Series are Taylor's, cut where
//! the rest is below 2^-30 of the result; rounding to `f32` therefore gives the nearest or its neighbour.

use core::f64::consts::{FRAC_PI_2, LN_2, LOG2_E, PI};

/// Adding and subtracting 1.5 * 2^52 rounds to the nearest whole number, ties to even, without a rounding instruction.
const ROUND: f64 = 6_755_399_441_055_744.0;

#[inline(always)]
fn nearest(x: f64) -> f64 {
    (x + ROUND) - ROUND
}

/// The quarter turn nearest to x, modulo 4, and the rest in [-pi/4, pi/4].
///
/// Exact enough for |x| up to about 2^24, where one `f32` step is already a third of a turn; larger arguments and NaN give NaN
/// or a value of no meaning, never a trap.
#[inline(always)]
fn quarter_turns(x: f32) -> (u32, f64) {
    // pi/2 minus its f64, so that the product below loses nothing (Cody and Waite).
    const FRAC_PI_2_LOW: f64 = 6.123_233_995_736_766e-17;
    let x = x as f64;
    let k = nearest(x * (2.0 / PI));
    // The low bits of k + ROUND are k as an integer.
    let quadrant = (k + ROUND).to_bits() as u32 & 3;
    (quadrant, (x - k * FRAC_PI_2) - k * FRAC_PI_2_LOW)
}

#[inline(always)]
fn sin_series(r: f64) -> f64 {
    let s = r * r;
    let p = 1.0 / 6_227_020_800.0;
    let p = -1.0 / 39_916_800.0 + s * p;
    let p = 1.0 / 362_880.0 + s * p;
    let p = -1.0 / 5_040.0 + s * p;
    let p = 1.0 / 120.0 + s * p;
    let p = -1.0 / 6.0 + s * p;
    // As a product, which keeps the sign of zero.
    r * (1.0 + s * p)
}

#[inline(always)]
fn cos_series(r: f64) -> f64 {
    let s = r * r;
    let p = 1.0 / 479_001_600.0;
    let p = -1.0 / 3_628_800.0 + s * p;
    let p = 1.0 / 40_320.0 + s * p;
    let p = -1.0 / 720.0 + s * p;
    let p = 1.0 / 24.0 + s * p;
    let p = -0.5 + s * p;
    1.0 + s * p
}

#[inline(always)]
fn sin_of(quadrant: u32, r: f64) -> f64 {
    let y = if quadrant & 1 == 0 { sin_series(r) } else { cos_series(r) };
    if quadrant & 2 == 0 { y } else { -y }
}

/// Sine of radians.
#[inline]
pub fn sin(x: f32) -> f32 {
    let (q, r) = quarter_turns(x);
    sin_of(q, r) as f32
}

/// Cosine of radians.
#[inline]
pub fn cos(x: f32) -> f32 {
    let (q, r) = quarter_turns(x);
    sin_of(q + 1, r) as f32
}

/// Tangent of radians.
#[inline]
pub fn tan(x: f32) -> f32 {
    let (q, r) = quarter_turns(x);
    (sin_of(q, r) / sin_of(q + 1, r)) as f32
}

/// 2^x in f64, for x in [-1020, 1020]; clamped outside, NaN stays.
#[inline(always)]
fn exp2_f64(x: f64) -> f64 {
    let x = if x < -1020.0 { -1020.0 } else { x };
    let x = if x > 1020.0 { 1020.0 } else { x };
    let n = nearest(x);
    let r = (x - n) * LN_2;
    // |r| <= 0.3466: r^10 / 10! is below 2^-36.
    let p = 1.0 / 362_880.0;
    let p = 1.0 / 40_320.0 + r * p;
    let p = 1.0 / 5_040.0 + r * p;
    let p = 1.0 / 720.0 + r * p;
    let p = 1.0 / 120.0 + r * p;
    let p = 1.0 / 24.0 + r * p;
    let p = 1.0 / 6.0 + r * p;
    let p = 0.5 + r * p;
    let p = 1.0 + r * p;
    let p = 1.0 + r * p;
    // n as an integer lies in the low bits of n + ROUND; shifted into the exponent it scales by 2^n.
    let scale = f64::from_bits(((n + ROUND).to_bits().wrapping_add(1023)) << 52);
    if x.is_nan() { x } else { p * scale }
}

/// e^x
#[inline]
pub fn exp(x: f32) -> f32 {
    exp2_f64(x as f64 * LOG2_E) as f32
}

/// 2^x
#[inline]
pub fn exp2(x: f32) -> f32 {
    exp2_f64(x as f64) as f32
}

/// Natural logarithm in f64 of a positive, normal f64.
#[inline(always)]
fn ln_f64(x: f64) -> f64 {
    // x = m * 2^e with m in [sqrt(1/2), sqrt(2)): the offset moves the boundary from 1 to sqrt(1/2).
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    let bits = x.to_bits().wrapping_sub(SQRT_HALF);
    let e = (bits as i64) >> 52;
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff).wrapping_add(SQRT_HALF));
    // ln m = 2 atanh((m - 1) / (m + 1)), |s| <= 0.1716: s^14 / 15 is below 2^-39.
    let s = (m - 1.0) / (m + 1.0);
    let q = s * s;
    let p = 1.0 / 13.0;
    let p = 1.0 / 11.0 + q * p;
    let p = 1.0 / 9.0 + q * p;
    let p = 1.0 / 7.0 + q * p;
    let p = 1.0 / 5.0 + q * p;
    let p = 1.0 / 3.0 + q * p;
    e as f64 * LN_2 + (2.0 * s + 2.0 * s * q * p)
}

/// ln x for any f64: -infinity at zero, NaN below, infinity and NaN handed through.
#[inline(always)]
fn ln_any(x: f64) -> f64 {
    if x > 0.0 && x < f64::INFINITY {
        ln_f64(x)
    } else if x == 0.0 {
        f64::NEG_INFINITY
    } else if x > 0.0 {
        x
    } else {
        f64::NAN
    }
}

/// Natural logarithm.
#[inline]
pub fn log(x: f32) -> f32 {
    ln_any(x as f64) as f32
}

/// Logarithm to base 2.
#[inline]
pub fn log2(x: f32) -> f32 {
    (ln_any(x as f64) * LOG2_E) as f32
}

/// x^y as 2^(y log2 x): NaN for negative x, 1 for y = 0.
#[inline]
pub fn pow(x: f32, y: f32) -> f32 {
    if y == 0.0 {
        return 1.0;
    }
    exp2_f64(y as f64 * (ln_any(x as f64) * LOG2_E)) as f32
}

/// Arc tangent for t >= 0 (infinity included) in f64.
#[inline(always)]
fn atan_f64(t: f64) -> f64 {
    // Three reductions to |z| <= tan(pi/16) = 0.1989: by 1/t, then by a turn of pi/8 or pi/4... written as one division
    // each: atan t = a + atan((t - tan a) / (1 + t tan a)).
    const TAN_PI_8: f64 = 0.414_213_562_373_095_03;
    const TAN_PI_16: f64 = 0.198_912_367_379_658;
    const TAN_3_PI_16: f64 = 0.668_178_637_919_298_9;
    let (u, flip) = if t > 1.0 { (1.0 / t, true) } else { (t, false) };
    let (z, a) = if u > TAN_3_PI_16 {
        ((u - 1.0) / (u + 1.0), PI / 4.0)
    } else if u > TAN_PI_16 {
        ((u - TAN_PI_8) / (1.0 + u * TAN_PI_8), PI / 8.0)
    } else {
        (u, 0.0)
    };
    let s = z * z;
    let p = -1.0 / 15.0;
    let p = 1.0 / 13.0 + s * p;
    let p = -1.0 / 11.0 + s * p;
    let p = 1.0 / 9.0 + s * p;
    let p = -1.0 / 7.0 + s * p;
    let p = 1.0 / 5.0 + s * p;
    let p = -1.0 / 3.0 + s * p;
    let y = a + (z + z * s * p);
    if flip { FRAC_PI_2 - y } else { y }
}

#[inline(always)]
fn copy_sign(magnitude: f64, sign: f32) -> f64 {
    if sign.to_bits() >> 31 == 0 { magnitude } else { -magnitude }
}

/// Arc tangent.
#[inline]
pub fn atan(x: f32) -> f32 {
    let magnitude = f32::from_bits(x.to_bits() & 0x7fff_ffff);
    copy_sign(atan_f64(magnitude as f64), x) as f32
}

/// Angle of (x, y) in -pi to pi; 0 or pi at the origin.
#[inline]
pub fn atan2(y: f32, x: f32) -> f32 {
    let ay = f32::from_bits(y.to_bits() & 0x7fff_ffff) as f64;
    let ax = f32::from_bits(x.to_bits() & 0x7fff_ffff) as f64;
    let t = if ay == ax && ay == f64::INFINITY {
        1.0
    } else if ay == 0.0 && ax == 0.0 {
        0.0
    } else {
        ay / ax
    };
    let a = atan_f64(t);
    let a = if x.to_bits() >> 31 == 0 { a } else { PI - a };
    copy_sign(a, y) as f32
}

/// Arc sine; NaN outside [-1, 1].
#[inline]
pub fn asin(x: f32) -> f32 {
    let a = f32::from_bits(x.to_bits() & 0x7fff_ffff) as f64;
    copy_sign(atan_f64(a / ((1.0 - a) * (1.0 + a)).sqrt()), x) as f32
}

/// Arc cosine; NaN outside [-1, 1].
#[inline]
pub fn acos(x: f32) -> f32 {
    let a = f32::from_bits(x.to_bits() & 0x7fff_ffff) as f64;
    let y = atan_f64(((1.0 - a) * (1.0 + a)).sqrt() / a);
    (if x.to_bits() >> 31 == 0 { y } else { PI - y }) as f32
}

/// Hyperbolic sine.
#[inline]
pub fn sinh(x: f32) -> f32 {
    let d = x as f64;
    if d * d < 0.01 {
        // The exponentials cancel near zero: x + x^3/6 + x^5/120 + x^7/5040.
        let s = d * d;
        return (d + d * s * (1.0 / 6.0 + s * (1.0 / 120.0 + s * (1.0 / 5040.0)))) as f32;
    }
    let e = exp2_f64(d * LOG2_E);
    (0.5 * (e - 1.0 / e)) as f32
}

/// Hyperbolic cosine.
#[inline]
pub fn cosh(x: f32) -> f32 {
    let e = exp2_f64(x as f64 * LOG2_E);
    (0.5 * (e + 1.0 / e)) as f32
}

/// Hyperbolic tangent.
#[inline]
pub fn tanh(x: f32) -> f32 {
    let d = x as f64;
    if d * d < 0.01 {
        let s = d * d;
        return (d * (1.0 - s * (1.0 / 3.0 - s * (2.0 / 15.0 - s * (17.0 / 315.0 - s * (62.0 / 2835.0)))))) as f32;
    }
    let d = if d > 20.0 { 20.0 } else { d };
    let d = if d < -20.0 { -20.0 } else { d };
    let e = exp2_f64(2.0 * d * LOG2_E);
    ((e - 1.0) / (e + 1.0)) as f32
}

/// Inverse hyperbolic sine.
#[inline]
pub fn asinh(x: f32) -> f32 {
    let a = f32::from_bits(x.to_bits() & 0x7fff_ffff) as f64;
    // ln(1 + u), u = a + a^2 / (1 + sqrt(1 + a^2)); where that is 2a to all bits it is taken so, for infinity's sake.
    let u = if a < 1e9 { a + a * a / (1.0 + (1.0 + a * a).sqrt()) } else { 2.0 * a };
    copy_sign(ln_1p(u), x) as f32
}

/// Inverse hyperbolic cosine; NaN below 1.
#[inline]
pub fn acosh(x: f32) -> f32 {
    let d = x as f64;
    let u = d - 1.0;
    ln_1p(u + (u * (d + 1.0)).sqrt()) as f32
}

/// Inverse hyperbolic tangent; NaN outside [-1, 1].
#[inline]
pub fn atanh(x: f32) -> f32 {
    let a = f32::from_bits(x.to_bits() & 0x7fff_ffff) as f64;
    copy_sign(0.5 * ln_1p(2.0 * a / (1.0 - a)), x) as f32
}

/// ln(1 + u) for u >= 0, also near zero.
#[inline(always)]
fn ln_1p(u: f64) -> f64 {
    if u < 0.3 {
        let s = u / (2.0 + u);
        let q = s * s;
        let p = 1.0 / 11.0;
        let p = 1.0 / 9.0 + q * p;
        let p = 1.0 / 7.0 + q * p;
        let p = 1.0 / 5.0 + q * p;
        let p = 1.0 / 3.0 + q * p;
        2.0 * s + 2.0 * s * q * p
    } else {
        ln_any(1.0 + u)
    }
}

/// x * 2^e
#[inline]
pub fn ldexp(x: f32, e: i32) -> f32 {
    // |e| above 300 is zero or infinity for every f32 already.
    let e = e.clamp(-300, 300);
    (x as f64 * f64::from_bits(((1023 + e) as u64) << 52)) as f32
}

/// Fraction in [0.5, 1) with the sign of `x`, and exponent; zero, infinity and NaN come back with exponent 0.
#[inline]
pub fn frexp(x: f32) -> (f32, i32) {
    let magnitude = x.to_bits() & 0x7fff_ffff;
    if magnitude == 0 || magnitude >= 0x7f80_0000 {
        return (x, 0);
    }
    // In f64 a subnormal f32 is normal.
    let bits = (x as f64).to_bits();
    let e = ((bits >> 52) & 0x7ff) as i32 - 1022;
    let fraction = f64::from_bits((bits & 0x800f_ffff_ffff_ffff) | (1022 << 52));
    (fraction as f32, e)
}
