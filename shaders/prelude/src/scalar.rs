//! Scalars as WGSL defines them: wrapping integers, division that never traps, conversions that saturate.

/// Arithmetic on `f32`, `i32` and `u32` with WGSL's meaning.
pub trait Num: Copy + PartialOrd {
    /// 0
    const ZERO: Self;
    /// 1
    const ONE: Self;
    /// `a + b`, wrapping
    fn add(self, o: Self) -> Self;
    /// `a - b`, wrapping
    fn sub(self, o: Self) -> Self;
    /// `a * b`, wrapping
    fn mul(self, o: Self) -> Self;
    /// `a / b`; for integers `x / 0 = x` and `MIN / -1 = MIN` (WGSL 8.7)
    fn div(self, o: Self) -> Self;
    /// `a % b`, the sign of `a`; for integers `x % 0 = 0` and `MIN % -1 = 0`
    fn rem(self, o: Self) -> Self;
    /// `-a`, wrapping
    fn neg(self) -> Self;
    /// `abs(a)`, `MIN` stays `MIN`
    fn abs(self) -> Self;
    /// -1, 0 or 1; 0 for NaN
    fn sign(self) -> Self;

    /// "e2 if e2 is less than e1, and e1 otherwise" (WGSL 17.5): one `minss`
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        if o < self { o } else { self }
    }
    /// "e2 if e1 is less than e2, and e1 otherwise": one `maxss`
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        if self < o { o } else { self }
    }
}

impl Num for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self + o
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self - o
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        self * o
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self / o
    }
    /// WGSL's definition; Rust's `%` is a call to `fmodf`.
    #[inline(always)]
    fn rem(self, o: Self) -> Self {
        self - o * crate::rounding::base::trunc_f32(self / o)
    }
    #[inline(always)]
    fn neg(self) -> Self {
        -self
    }
    #[inline(always)]
    fn abs(self) -> Self {
        f32::from_bits(self.to_bits() & 0x7fff_ffff)
    }
    #[inline(always)]
    fn sign(self) -> Self {
        if self > 0.0 {
            1.0
        } else if self < 0.0 {
            -1.0
        } else {
            0.0
        }
    }
}

impl Num for i32 {
    const ZERO: Self = 0;
    const ONE: Self = 1;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self.wrapping_add(o)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self.wrapping_sub(o)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        self.wrapping_mul(o)
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self.wrapping_div(if o == 0 { 1 } else { o })
    }
    #[inline(always)]
    fn rem(self, o: Self) -> Self {
        self.wrapping_rem(if o == 0 { 1 } else { o })
    }
    #[inline(always)]
    fn neg(self) -> Self {
        self.wrapping_neg()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.wrapping_abs()
    }
    #[inline(always)]
    fn sign(self) -> Self {
        self.signum()
    }
}

impl Num for u32 {
    const ZERO: Self = 0;
    const ONE: Self = 1;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self.wrapping_add(o)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self.wrapping_sub(o)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        self.wrapping_mul(o)
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        self / (if o == 0 { 1 } else { o })
    }
    #[inline(always)]
    fn rem(self, o: Self) -> Self {
        self % (if o == 0 { 1 } else { o })
    }
    #[inline(always)]
    fn neg(self) -> Self {
        self.wrapping_neg()
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self
    }
    #[inline(always)]
    fn sign(self) -> Self {
        (self != 0) as u32
    }
}

/// Bitwise operations on `i32`, `u32` and (without shifts) `bool`.
pub trait Bits: Copy {
    /// `a & b`
    fn and(self, o: Self) -> Self;
    /// `a | b`
    fn or(self, o: Self) -> Self;
    /// `a ^ b`
    fn xor(self, o: Self) -> Self;
    /// `~a` or `!a`
    fn not(self) -> Self;
    /// `a << b`, `b` modulo 32
    fn shl(self, o: u32) -> Self;
    /// `a >> b`, `b` modulo 32, arithmetic for `i32`
    fn shr(self, o: u32) -> Self;
}

macro_rules! bits {
    ($($t:ty: $shl:expr, $shr:expr;)*) => {$(
        impl Bits for $t {
            #[inline(always)]
            fn and(self, o: Self) -> Self { self & o }
            #[inline(always)]
            fn or(self, o: Self) -> Self { self | o }
            #[inline(always)]
            fn xor(self, o: Self) -> Self { self ^ o }
            #[inline(always)]
            fn not(self) -> Self { !self }
            #[inline(always)]
            fn shl(self, o: u32) -> Self { $shl(self, o) }
            #[inline(always)]
            fn shr(self, o: u32) -> Self { $shr(self, o) }
        }
    )*};
}
bits! {
    i32: i32::wrapping_shl, i32::wrapping_shr;
    u32: u32::wrapping_shl, u32::wrapping_shr;
    bool: |a, _| a, |a, _| a;
}

/// A value conversion, as in `u32(x)`.
pub trait Cast<To> {
    /// Converts the value.
    fn cast(self) -> To;
}

macro_rules! cast {
    ($($from:ty => $to:ty: |$x:ident| $e:expr;)*) => {$(
        impl Cast<$to> for $from {
            #[inline(always)]
            fn cast(self) -> $to { let $x = self; $e }
        }
    )*};
}
cast! {
    f32 => f32: |x| x;
    i32 => i32: |x| x;
    u32 => u32: |x| x;
    bool => bool: |x| x;
    i32 => u32: |x| x as u32;
    u32 => i32: |x| x as i32;
    i32 => f32: |x| x as f32;
    u32 => f32: |x| x as f32;
    bool => f32: |x| x as u32 as f32;
    bool => i32: |x| x as i32;
    bool => u32: |x| x as u32;
    f32 => bool: |x| x != 0.0;
    i32 => bool: |x| x != 0;
    u32 => bool: |x| x != 0;
    f32 => i32: |x| f32_to_i32(x);
    f32 => u32: |x| f32_to_u32(x);
}

/// Truncates, clamped to the floats that an `i32` holds (2147483520 above), as naga does; NaN gives 0.
#[inline(always)]
pub fn f32_to_i32(x: f32) -> i32 {
    let x = if x.is_nan() { 0.0 } else { x };
    let x = Num::min(Num::max(x, -2_147_483_648.0), 2_147_483_520.0);
    // SAFETY: x is not NaN and lies in [-2^31, 2^31 - 128].
    unsafe { x.to_int_unchecked() }
}

/// Truncates, clamped to the floats that a `u32` holds (4294967040 above), as naga does; NaN gives 0.
#[inline(always)]
pub fn f32_to_u32(x: f32) -> u32 {
    // The order of operands makes NaN fall to 0.
    let x = if x > 0.0 { x } else { 0.0 };
    let x = Num::min(x, 4_294_967_040.0);
    // SAFETY: x is not NaN and lies in [0, 2^32 - 256].
    unsafe { x.to_int_unchecked() }
}

/// The same 32 bits under another type, as in `bitcast<u32>(x)`.
pub trait Bitcast<To> {
    /// Reinterprets the bits.
    fn bitcast(self) -> To;
}

macro_rules! bitcast {
    ($($from:ty => $to:ty: |$x:ident| $e:expr;)*) => {$(
        impl Bitcast<$to> for $from {
            #[inline(always)]
            fn bitcast(self) -> $to { let $x = self; $e }
        }
    )*};
}
bitcast! {
    f32 => f32: |x| x;
    i32 => i32: |x| x;
    u32 => u32: |x| x;
    f32 => u32: |x| x.to_bits();
    f32 => i32: |x| x.to_bits() as i32;
    u32 => f32: |x| f32::from_bits(x);
    i32 => f32: |x| f32::from_bits(x as u32);
    u32 => i32: |x| x as i32;
    i32 => u32: |x| x as u32;
}

/// What may index an array. A negative index counts as a large one, so that clamping takes the last element, as naga's
/// "restrict" policy does.
pub trait Index: Copy {
    /// The index as an unsigned number.
    fn to_u32(self) -> u32;
}
impl Index for u32 {
    #[inline(always)]
    fn to_u32(self) -> u32 {
        self
    }
}
impl Index for i32 {
    #[inline(always)]
    fn to_u32(self) -> u32 {
        self as u32
    }
}

/// An index into a fixed array of `N` elements, clamped to the last one.
#[inline(always)]
pub fn index<const N: usize>(i: impl Index) -> usize {
    let i = i.to_u32() as usize;
    if i < N { i } else { N - 1 }
}
