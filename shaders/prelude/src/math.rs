//! WGSL's numeric builtins (WGSL 17.5), each once for scalars and vectors.

use crate::scalar::Num;
use crate::transcendental as t;
use crate::vector::Lanes;

/// `abs`
#[inline(always)]
pub fn abs<L: Lanes>(x: L) -> L
where
    L::Item: Num,
{
    x.map(Num::abs)
}
/// `sign`
#[inline(always)]
pub fn sign<L: Lanes>(x: L) -> L
where
    L::Item: Num,
{
    x.map(Num::sign)
}
/// `min`
#[inline(always)]
pub fn min<L: Lanes>(a: L, b: L) -> L
where
    L::Item: Num,
{
    a.zip(b, Num::min)
}
/// `max`
#[inline(always)]
pub fn max<L: Lanes>(a: L, b: L) -> L
where
    L::Item: Num,
{
    a.zip(b, Num::max)
}
/// `clamp`, as `min(max(x, low), high)`
#[inline(always)]
pub fn clamp<L: Lanes>(x: L, low: L, high: L) -> L
where
    L::Item: Num,
{
    min(max(x, low), high)
}

macro_rules! one {
    ($($(#[$doc:meta])* $name:ident: |$x:ident| $e:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<L: Lanes<Item = f32>>(x: L) -> L { x.map(|$x| $e) }
    )*};
}
one! {
    /// `saturate`
    saturate: |x| Num::min(Num::max(x, 0.0), 1.0);
    /// `sqrt`, correctly rounded
    sqrt: |x| x.sqrt();
    /// `inverseSqrt`
    inverse_sqrt: |x| 1.0 / x.sqrt();
    /// `radians`
    radians: |x| x * (core::f32::consts::PI / 180.0);
    /// `degrees`
    degrees: |x| x * (180.0 / core::f32::consts::PI);
    /// `sin`
    sin: |x| t::sin(x);
    /// `cos`
    cos: |x| t::cos(x);
    /// `tan`
    tan: |x| t::tan(x);
    /// `asin`
    asin: |x| t::asin(x);
    /// `acos`
    acos: |x| t::acos(x);
    /// `atan`
    atan: |x| t::atan(x);
    /// `sinh`
    sinh: |x| t::sinh(x);
    /// `cosh`
    cosh: |x| t::cosh(x);
    /// `tanh`
    tanh: |x| t::tanh(x);
    /// `asinh`
    asinh: |x| t::asinh(x);
    /// `acosh`
    acosh: |x| t::acosh(x);
    /// `atanh`
    atanh: |x| t::atanh(x);
    /// `exp`
    exp: |x| t::exp(x);
    /// `exp2`
    exp2: |x| t::exp2(x);
    /// `log`
    log: |x| t::log(x);
    /// `log2`
    log2: |x| t::log2(x);
    /// `quantizeToF16`
    quantize_to_f16: |x| crate::bits::f16_to_f32(crate::bits::f32_to_f16(x));
}

/// `atan2`
#[inline(always)]
pub fn atan2<L: Lanes<Item = f32>>(y: L, x: L) -> L {
    y.zip(x, t::atan2)
}
/// `pow`
#[inline(always)]
pub fn pow<L: Lanes<Item = f32>>(x: L, y: L) -> L {
    x.zip(y, t::pow)
}
/// `fma`, with two roundings: a fused one would be a slow call on a processor without it, and other bits on one with it.
#[inline(always)]
pub fn fma<L: Lanes<Item = f32>>(a: L, b: L, c: L) -> L {
    a.zip(b, |a, b| a * b).zip(c, |p, c| p + c)
}
/// `mix`, as `a * (1 - t) + b * t`
#[inline(always)]
pub fn mix<L: Lanes<Item = f32>>(a: L, b: L, t: L) -> L {
    a.zip(t, |a, t| a * (1.0 - t)).zip(b.zip(t, |b, t| b * t), |a, b| a + b)
}
/// `mix` of vectors by one scalar.
#[inline(always)]
pub fn mix_scalar<L: Lanes<Item = f32>>(a: L, b: L, t: f32) -> L {
    let s = 1.0 - t;
    a.zip(b, |a, b| a * s + b * t)
}
/// `step`
#[inline(always)]
pub fn step<L: Lanes<Item = f32>>(edge: L, x: L) -> L {
    edge.zip(x, |e, x| if e <= x { 1.0 } else { 0.0 })
}
/// `smoothstep`
#[inline(always)]
pub fn smoothstep<L: Lanes<Item = f32>>(low: L, high: L, x: L) -> L {
    let t = x.zip(low, |x, l| x - l).zip(high.zip(low, |h, l| h - l), |a, b| a / b);
    saturate(t).map(|t| t * t * (3.0 - 2.0 * t))
}
/// `ldexp`
#[inline(always)]
pub fn ldexp(x: f32, e: i32) -> f32 {
    t::ldexp(x, e)
}
/// `frexp`: fraction in [0.5, 1) and exponent
#[inline(always)]
pub fn frexp(x: f32) -> (f32, i32) {
    t::frexp(x)
}

macro_rules! geometry {
    ($($V:ident)*) => {$(
        impl crate::vector::$V<f32> {
            /// `length`
            #[inline(always)]
            pub fn length(self) -> f32 { self.dot(self).sqrt() }
            /// `normalize`
            #[inline(always)]
            pub fn normalize(self) -> Self { self * (1.0 / self.dot(self).sqrt()) }
            /// `faceForward(self, i, r)`
            #[inline(always)]
            pub fn face_forward(self, i: Self, r: Self) -> Self { if r.dot(i) < 0.0 { self } else { -self } }
            /// `reflect(self, n)`
            #[inline(always)]
            pub fn reflect(self, n: Self) -> Self { self - n * (2.0 * n.dot(self)) }
            /// `refract(self, n, eta)`: zero at total reflection
            #[inline(always)]
            pub fn refract(self, n: Self, eta: f32) -> Self {
                let cos = n.dot(self);
                let k = 1.0 - eta * eta * (1.0 - cos * cos);
                if k < 0.0 { Self::splat(0.0) } else { self * eta - n * (eta * cos + k.sqrt()) }
            }
        }
    )*};
}
geometry!(Vec2 Vec3 Vec4);
