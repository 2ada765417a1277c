//! Rounding, once per instruction set.
//!
//! SSE4.1 has an instruction for it, which std's functions become inside a `v3` kernel; below that they would be calls into
//! the platform's library, so the baseline goes through integers. Both give the same bits, signed zeros included.

macro_rules! rounding {
    ($($(#[$doc:meta])* $name:ident => $scalar:ident;)*) => {$(
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<L: crate::vector::Lanes<Item = f32>>(x: L) -> L {
            x.map($scalar)
        }
    )*
        /// `x - floor(x)`
        #[inline(always)]
        pub fn fract<L: crate::vector::Lanes<Item = f32>>(x: L) -> L {
            x.map(|x| x - floor_f32(x))
        }
        /// `a - b * trunc(a / b)`
        #[inline(always)]
        pub fn rem<L: crate::vector::Lanes<Item = f32>>(a: L, b: L) -> L {
            a.zip(b, |a, b| a - b * trunc_f32(a / b))
        }
        /// Splits into whole and fractional part, both with the sign of `x`.
        #[inline(always)]
        pub fn modf<L: crate::vector::Lanes<Item = f32>>(x: L) -> (L, L) {
            (x.map(|x| x - trunc_f32(x)), x.map(trunc_f32))
        }
    };
}

/// For processors without a rounding instruction.
pub mod base {
    /// From here on every `f32` is whole.
    const WHOLE: f32 = 8_388_608.0;

    #[inline(always)]
    fn is_whole(x: f32) -> bool {
        // As integers the bits of non-negative floats are in order, infinity and NaN last: those are handed back too.
        x.to_bits() & 0x7fff_ffff >= WHOLE.to_bits()
    }

    #[inline(always)]
    fn with_sign(magnitude: f32, sign: f32) -> f32 {
        f32::from_bits((magnitude.to_bits() & 0x7fff_ffff) | (sign.to_bits() & 0x8000_0000))
    }

    /// Towards zero.
    #[inline(always)]
    pub fn trunc_f32(x: f32) -> f32 {
        if is_whole(x) {
            return x;
        }
        // SAFETY: |x| < 2^23, and x is not NaN.
        let whole: i32 = unsafe { x.to_int_unchecked() };
        with_sign(whole as f32, x)
    }

    /// Towards minus infinity.
    #[inline(always)]
    pub fn floor_f32(x: f32) -> f32 {
        let t = trunc_f32(x);
        if t > x { t - 1.0 } else { t }
    }

    /// Towards plus infinity.
    #[inline(always)]
    pub fn ceil_f32(x: f32) -> f32 {
        let t = trunc_f32(x);
        with_sign(if t < x { t + 1.0 } else { t }, x)
    }

    /// To nearest, ties to even: adding 2^23 leaves no bits below one.
    #[inline(always)]
    pub fn round_f32(x: f32) -> f32 {
        if is_whole(x) {
            return x;
        }
        let magnitude = f32::from_bits(x.to_bits() & 0x7fff_ffff);
        with_sign((magnitude + WHOLE) - WHOLE, x)
    }

    rounding! {
        /// Towards zero.
        trunc => trunc_f32;
        /// Towards minus infinity.
        floor => floor_f32;
        /// Towards plus infinity.
        ceil => ceil_f32;
        /// To nearest, ties to even.
        round => round_f32;
    }
}

/// For functions compiled with SSE4.1 and later.
pub mod v3 {
    /// Towards zero.
    #[inline(always)]
    pub fn trunc_f32(x: f32) -> f32 {
        x.trunc()
    }
    /// Towards minus infinity.
    #[inline(always)]
    pub fn floor_f32(x: f32) -> f32 {
        x.floor()
    }
    /// Towards plus infinity.
    #[inline(always)]
    pub fn ceil_f32(x: f32) -> f32 {
        x.ceil()
    }
    /// To nearest, ties to even.
    #[inline(always)]
    pub fn round_f32(x: f32) -> f32 {
        x.round_ties_even()
    }

    rounding! {
        /// Towards zero.
        trunc => trunc_f32;
        /// Towards minus infinity.
        floor => floor_f32;
        /// Towards plus infinity.
        ceil => ceil_f32;
        /// To nearest, ties to even.
        round => round_f32;
    }
}
