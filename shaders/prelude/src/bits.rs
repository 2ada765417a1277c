//! Bit counting, bit fields, packing (WGSL 17.5, 17.9, 17.10) and atomics.

use crate::scalar::Num;
use crate::vector::{Lanes, Vec2, Vec4};
use core::sync::atomic::{AtomicI32, AtomicU32, Ordering};

/// 32-bit integers as bits.
pub trait Word: Copy {
    /// The bits.
    fn bits(self) -> u32;
    /// From bits.
    fn of(bits: u32) -> Self;
    /// True for `i32`.
    const SIGNED: bool;
}
impl Word for u32 {
    const SIGNED: bool = false;
    #[inline(always)]
    fn bits(self) -> u32 {
        self
    }
    #[inline(always)]
    fn of(bits: u32) -> Self {
        bits
    }
}
impl Word for i32 {
    const SIGNED: bool = true;
    #[inline(always)]
    fn bits(self) -> u32 {
        self as u32
    }
    #[inline(always)]
    fn of(bits: u32) -> Self {
        bits as i32
    }
}

macro_rules! one {
    ($($(#[$doc:meta])* $name:ident: |$x:ident| $e:expr;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<L: Lanes>(x: L) -> L where L::Item: Word {
            x.map(|x| { let $x = x.bits(); Word::of($e) })
        }
    )*};
}
one! {
    /// `countTrailingZeros`; 32 for zero
    count_trailing_zeros: |x| x.trailing_zeros();
    /// `countLeadingZeros`; 32 for zero
    count_leading_zeros: |x| x.leading_zeros();
    /// `countOneBits`
    count_one_bits: |x| x.count_ones();
    /// `reverseBits`
    reverse_bits: |x| x.reverse_bits();
    /// `firstTrailingBit`; all ones for zero
    first_trailing_bit: |x| if x == 0 { u32::MAX } else { x.trailing_zeros() };
}

/// `firstLeadingBit`: the highest bit that differs from the sign (from zero for `u32`); all ones when there is none.
#[inline(always)]
pub fn first_leading_bit<L: Lanes>(x: L) -> L
where
    L::Item: Word,
{
    x.map(|x| {
        let b = x.bits();
        let b = if <L::Item as Word>::SIGNED && (b as i32) < 0 { !b } else { b };
        Word::of(if b == 0 { u32::MAX } else { 31 - b.leading_zeros() })
    })
}

/// `extractBits`, sign-extended for `i32`; offset and count are clamped to the word.
#[inline(always)]
pub fn extract_bits<L: Lanes>(x: L, offset: u32, count: u32) -> L
where
    L::Item: Word,
{
    let o = Num::min(offset, 32);
    let c = Num::min(count, 32 - o);
    x.map(|x| {
        if c == 0 {
            return Word::of(0);
        }
        let top = x.bits() << (32 - o - c);
        Word::of(if <L::Item as Word>::SIGNED { ((top as i32) >> (32 - c)) as u32 } else { top >> (32 - c) })
    })
}

/// `insertBits`; offset and count are clamped to the word.
#[inline(always)]
pub fn insert_bits<L: Lanes>(x: L, new: L, offset: u32, count: u32) -> L
where
    L::Item: Word,
{
    let o = Num::min(offset, 32);
    let c = Num::min(count, 32 - o);
    x.zip(new, |x, new| {
        if c == 0 {
            return x;
        }
        let mask = (u32::MAX >> (32 - c)) << o;
        Word::of((x.bits() & !mask) | ((new.bits() << o) & mask))
    })
}

#[inline(always)]
fn bytes(x: u32) -> [u32; 4] {
    [x & 0xff, (x >> 8) & 0xff, (x >> 16) & 0xff, x >> 24]
}
#[inline(always)]
fn signed_bytes(x: u32) -> [i32; 4] {
    x.to_le_bytes().map(|b| b as i8 as i32)
}
#[inline(always)]
fn word(b: [u32; 4]) -> u32 {
    (b[0] & 0xff) | ((b[1] & 0xff) << 8) | ((b[2] & 0xff) << 16) | (b[3] << 24)
}
/// `floor(x + 0.5)` for |x| < 2^22, as the packing builtins round.
#[inline(always)]
fn half_up(x: f32) -> i32 {
    crate::scalar::f32_to_i32(crate::rounding::base::floor_f32(x + 0.5))
}
#[inline(always)]
fn unorm(x: f32, scale: f32) -> u32 {
    half_up(Num::min(Num::max(x, 0.0), 1.0) * scale) as u32
}
#[inline(always)]
fn snorm(x: f32, scale: f32) -> u32 {
    half_up(Num::min(Num::max(x, -1.0), 1.0) * scale) as u32
}

/// `pack4x8unorm`
#[inline(always)]
pub fn pack4x8unorm(v: Vec4<f32>) -> u32 {
    word(v.to_array().map(|x| unorm(x, 255.0)))
}
/// `pack4x8snorm`
#[inline(always)]
pub fn pack4x8snorm(v: Vec4<f32>) -> u32 {
    word(v.to_array().map(|x| snorm(x, 127.0)))
}
/// `pack2x16unorm`
#[inline(always)]
pub fn pack2x16unorm(v: Vec2<f32>) -> u32 {
    (unorm(v.x, 65535.0) & 0xffff) | (unorm(v.y, 65535.0) << 16)
}
/// `pack2x16snorm`
#[inline(always)]
pub fn pack2x16snorm(v: Vec2<f32>) -> u32 {
    (snorm(v.x, 32767.0) & 0xffff) | (snorm(v.y, 32767.0) << 16)
}
/// `pack2x16float`
#[inline(always)]
pub fn pack2x16float(v: Vec2<f32>) -> u32 {
    f32_to_f16(v.x) | (f32_to_f16(v.y) << 16)
}
/// `pack4xI8`
#[inline(always)]
pub fn pack4x_i8(v: Vec4<i32>) -> u32 {
    word(v.to_array().map(|x| x as u32))
}
/// `pack4xU8`
#[inline(always)]
pub fn pack4x_u8(v: Vec4<u32>) -> u32 {
    word(v.to_array())
}
/// `pack4xI8Clamp`
#[inline(always)]
pub fn pack4x_i8_clamp(v: Vec4<i32>) -> u32 {
    word(v.to_array().map(|x| x.clamp(-128, 127) as u32))
}
/// `pack4xU8Clamp`
#[inline(always)]
pub fn pack4x_u8_clamp(v: Vec4<u32>) -> u32 {
    word(v.to_array().map(|x| Num::min(x, 255)))
}
/// `unpack4x8unorm`
#[inline(always)]
pub fn unpack4x8unorm(x: u32) -> Vec4<f32> {
    Vec4::from_array(bytes(x).map(|b| b as f32 / 255.0))
}
/// `unpack4x8snorm`
#[inline(always)]
pub fn unpack4x8snorm(x: u32) -> Vec4<f32> {
    Vec4::from_array(signed_bytes(x).map(|b| Num::max(b as f32 / 127.0, -1.0)))
}
/// `unpack2x16unorm`
#[inline(always)]
pub fn unpack2x16unorm(x: u32) -> Vec2<f32> {
    Vec2::new((x & 0xffff) as f32 / 65535.0, (x >> 16) as f32 / 65535.0)
}
/// `unpack2x16snorm`
#[inline(always)]
pub fn unpack2x16snorm(x: u32) -> Vec2<f32> {
    let half = |h: u32| Num::max(h as u16 as i16 as f32 / 32767.0, -1.0);
    Vec2::new(half(x & 0xffff), half(x >> 16))
}
/// `unpack2x16float`
#[inline(always)]
pub fn unpack2x16float(x: u32) -> Vec2<f32> {
    Vec2::new(f16_to_f32(x & 0xffff), f16_to_f32(x >> 16))
}
/// `unpack4xI8`
#[inline(always)]
pub fn unpack4x_i8(x: u32) -> Vec4<i32> {
    Vec4::from_array(signed_bytes(x))
}
/// `unpack4xU8`
#[inline(always)]
pub fn unpack4x_u8(x: u32) -> Vec4<u32> {
    Vec4::from_array(bytes(x))
}
/// `dot4I8Packed`
#[inline(always)]
pub fn dot4_i8_packed(a: u32, b: u32) -> i32 {
    Vec4::from_array(signed_bytes(a)).dot(Vec4::from_array(signed_bytes(b)))
}
/// `dot4U8Packed`
#[inline(always)]
pub fn dot4_u8_packed(a: u32, b: u32) -> u32 {
    Vec4::from_array(bytes(a)).dot(Vec4::from_array(bytes(b)))
}

/// IEEE 754 binary16 nearest to `x`, ties to even, in the low 16 bits.
pub fn f32_to_f16(x: f32) -> u32 {
    let b = x.to_bits();
    let sign = (b >> 16) & 0x8000;
    let magnitude = b & 0x7fff_ffff;
    if magnitude > 0x7f80_0000 {
        return sign | 0x7e00;
    }
    // 65520 and above round to infinity.
    if magnitude >= 0x477f_f000 {
        return sign | 0x7c00;
    }
    if magnitude < 0x3880_0000 {
        // Below 2^-14 a half counts units of 2^-24; adding 0.5 leaves exactly those units in the mantissa, rounded to even.
        let units = f32::from_bits(magnitude) + 0.5;
        return sign | (units.to_bits() - 0x3f00_0000);
    }
    let odd = (magnitude >> 13) & 1;
    sign | ((magnitude - 0x3800_0000 + 0xfff + odd) >> 13)
}

/// The value of a binary16 in the low 16 bits; exact.
pub fn f16_to_f32(h: u32) -> f32 {
    let sign = (h & 0x8000) << 16;
    let magnitude = h & 0x7fff;
    let bits = match magnitude >> 10 {
        0 => (magnitude as f32 * (1.0 / 16_777_216.0)).to_bits(),
        31 => 0x7f80_0000 | (magnitude & 0x3ff) << 13,
        _ => (magnitude << 13) + 0x3800_0000,
    };
    f32::from_bits(sign | bits)
}

/// An integer that storage atomics work on.
pub trait Atom: Copy {
    /// `atomicLoad`
    ///
    /// # Safety
    /// `p` is aligned and valid, and is accessed by atomics only while another thread may do so. The same for the others.
    unsafe fn load(p: *mut Self) -> Self;
    /// `atomicStore`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn store(p: *mut Self, v: Self);
    /// `atomicAdd`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn add(p: *mut Self, v: Self) -> Self;
    /// `atomicSub`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn sub(p: *mut Self, v: Self) -> Self;
    /// `atomicAnd`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn and(p: *mut Self, v: Self) -> Self;
    /// `atomicOr`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn or(p: *mut Self, v: Self) -> Self;
    /// `atomicXor`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn xor(p: *mut Self, v: Self) -> Self;
    /// `atomicMin`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn min(p: *mut Self, v: Self) -> Self;
    /// `atomicMax`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn max(p: *mut Self, v: Self) -> Self;
    /// `atomicExchange`
    /// # Safety
    /// as [`Atom::load`]
    unsafe fn exchange(p: *mut Self, v: Self) -> Self;
}

macro_rules! atom {
    ($($t:ident, $A:ident;)*) => {$(
        // WGSL's atomics are relaxed (WGSL 14.5).
        impl Atom for $t {
            #[inline(always)]
            unsafe fn load(p: *mut Self) -> Self {
                // SAFETY: the caller's promise; likewise below.
                unsafe { $A::from_ptr(p) }.load(Ordering::Relaxed)
            }
            #[inline(always)]
            unsafe fn store(p: *mut Self, v: Self) {
                // SAFETY: see load.
                unsafe { $A::from_ptr(p) }.store(v, Ordering::Relaxed)
            }
            atom!(@op $t $A add fetch_add);
            atom!(@op $t $A sub fetch_sub);
            atom!(@op $t $A and fetch_and);
            atom!(@op $t $A or fetch_or);
            atom!(@op $t $A xor fetch_xor);
            atom!(@op $t $A min fetch_min);
            atom!(@op $t $A max fetch_max);
            atom!(@op $t $A exchange swap);
        }
    )*};
    (@op $t:ident $A:ident $name:ident $std:ident) => {
        #[inline(always)]
        unsafe fn $name(p: *mut $t, v: $t) -> $t {
            // SAFETY: see load.
            unsafe { $A::from_ptr(p) }.$std(v, Ordering::Relaxed)
        }
    };
}
atom! { u32, AtomicU32; i32, AtomicI32; }
