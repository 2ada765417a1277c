//! Vectors: plain structs of scalars, so that their bytes are those of WGSL (size 4N, and alignment from the translator).

use crate::scalar::{Bitcast, Bits, Cast, Index, Num};
use bytemuck::{Pod, Zeroable};
use core::ops::{Add, Div, Mul, Neg, Rem, Sub};

/// Component-wise access to a scalar or a vector, so that a builtin is written once for both.
pub trait Lanes: Copy {
    /// The scalar type.
    type Item: Copy;
    /// Applies `f` to each component.
    fn map(self, f: impl Fn(Self::Item) -> Self::Item) -> Self;
    /// Applies `f` to each pair of components.
    fn zip(self, o: Self, f: impl Fn(Self::Item, Self::Item) -> Self::Item) -> Self;
}

macro_rules! scalar_lanes {
    ($($t:ty)*) => {$(
        impl Lanes for $t {
            type Item = $t;
            #[inline(always)]
            fn map(self, f: impl Fn($t) -> $t) -> $t { f(self) }
            #[inline(always)]
            fn zip(self, o: $t, f: impl Fn($t, $t) -> $t) -> $t { f(self, o) }
        }
    )*};
}
scalar_lanes!(f32 i32 u32 bool);

macro_rules! vector {
    ($(#[$doc:meta])* $V:ident $n:literal $first:ident $($i:literal $f:ident)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        #[repr(C)]
        #[allow(missing_docs)]
        pub struct $V<T> { pub $first: T, $(pub $f: T,)* }

        // SAFETY: repr(C), all fields of one type, so there is no padding.
        unsafe impl<T: Pod> Pod for $V<T> {}
        // SAFETY: all fields may be zero.
        unsafe impl<T: Zeroable> Zeroable for $V<T> {}

        impl<T> $V<T> {
            /// A vector of its components.
            #[inline(always)]
            pub const fn new($first: T, $($f: T,)*) -> Self { Self { $first, $($f,)* } }
        }

        impl<T: Copy> $V<T> {
            /// The same value in each component.
            #[inline(always)]
            pub const fn splat(x: T) -> Self { Self { $first: x, $($f: x,)* } }
            /// A vector of an array's elements.
            #[inline(always)]
            pub const fn from_array(a: [T; $n]) -> Self { Self { $first: a[0], $($f: a[$i],)* } }
            /// The components as an array.
            #[inline(always)]
            pub const fn to_array(self) -> [T; $n] { [self.$first, $(self.$f,)*] }
            /// Component `I`, for swizzles: folds to a field.
            #[inline(always)]
            pub fn lane<const I: usize>(self) -> T { match I { $($i => self.$f,)* _ => self.$first } }
            /// Component `i`, clamped to the last.
            #[inline(always)]
            pub fn get(self, i: impl Index) -> T {
                match crate::scalar::index::<$n>(i) { $($i => self.$f,)* _ => self.$first }
            }
            /// Component `i`, clamped to the last, to be written.
            #[inline(always)]
            pub fn get_mut(&mut self, i: impl Index) -> &mut T {
                match crate::scalar::index::<$n>(i) { $($i => &mut self.$f,)* _ => &mut self.$first }
            }
            /// Applies `f` to each component; the scalar type may change.
            #[inline(always)]
            pub fn each<U>(self, f: impl Fn(T) -> U) -> $V<U> { $V { $first: f(self.$first), $($f: f(self.$f),)* } }
            /// Applies `f` to each pair of components; the scalar type may change.
            #[inline(always)]
            pub fn pair<S: Copy, U>(self, o: $V<S>, f: impl Fn(T, S) -> U) -> $V<U> {
                $V { $first: f(self.$first, o.$first), $($f: f(self.$f, o.$f),)* }
            }
            /// Two components.
            #[inline(always)]
            pub fn swizzle2<const A: usize, const B: usize>(self) -> Vec2<T> {
                Vec2 { x: self.lane::<A>(), y: self.lane::<B>() }
            }
            /// Three components.
            #[inline(always)]
            pub fn swizzle3<const A: usize, const B: usize, const C: usize>(self) -> Vec3<T> {
                Vec3 { x: self.lane::<A>(), y: self.lane::<B>(), z: self.lane::<C>() }
            }
            /// Four components.
            #[inline(always)]
            pub fn swizzle4<const A: usize, const B: usize, const C: usize, const D: usize>(self) -> Vec4<T> {
                Vec4 { x: self.lane::<A>(), y: self.lane::<B>(), z: self.lane::<C>(), w: self.lane::<D>() }
            }
            /// Converts each component.
            #[inline(always)]
            pub fn cast<U>(self) -> $V<U> where T: Cast<U> { self.each(|x| x.cast()) }
            /// Reinterprets each component.
            #[inline(always)]
            pub fn bitcast<U>(self) -> $V<U> where T: Bitcast<U> { self.each(|x| x.bitcast()) }
            /// `==` per component.
            #[inline(always)]
            pub fn equal(self, o: Self) -> $V<bool> where T: PartialEq { self.pair(o, |a, b| a == b) }
            /// `!=` per component.
            #[inline(always)]
            pub fn not_equal(self, o: Self) -> $V<bool> where T: PartialEq { self.pair(o, |a, b| a != b) }
            /// `<` per component.
            #[inline(always)]
            pub fn less(self, o: Self) -> $V<bool> where T: PartialOrd { self.pair(o, |a, b| a < b) }
            /// `<=` per component.
            #[inline(always)]
            pub fn less_equal(self, o: Self) -> $V<bool> where T: PartialOrd { self.pair(o, |a, b| a <= b) }
            /// `>` per component.
            #[inline(always)]
            pub fn greater(self, o: Self) -> $V<bool> where T: PartialOrd { self.pair(o, |a, b| a > b) }
            /// `>=` per component.
            #[inline(always)]
            pub fn greater_equal(self, o: Self) -> $V<bool> where T: PartialOrd { self.pair(o, |a, b| a >= b) }
            /// `&` per component.
            #[inline(always)]
            pub fn bit_and(self, o: Self) -> Self where T: Bits { self.pair(o, T::and) }
            /// `|` per component.
            #[inline(always)]
            pub fn bit_or(self, o: Self) -> Self where T: Bits { self.pair(o, T::or) }
            /// `^` per component.
            #[inline(always)]
            pub fn bit_xor(self, o: Self) -> Self where T: Bits { self.pair(o, T::xor) }
            /// `~` or `!` per component.
            #[inline(always)]
            pub fn bit_not(self) -> Self where T: Bits { self.each(T::not) }
            /// `<<` per component, shift modulo 32.
            #[inline(always)]
            pub fn shift_left(self, o: $V<u32>) -> Self where T: Bits { self.pair(o, T::shl) }
            /// `>>` per component, shift modulo 32.
            #[inline(always)]
            pub fn shift_right(self, o: $V<u32>) -> Self where T: Bits { self.pair(o, T::shr) }
        }

        impl $V<bool> {
            /// True when all components are.
            #[inline(always)]
            pub fn all(self) -> bool { self.$first $(& self.$f)* }
            /// True when some component is.
            #[inline(always)]
            pub fn any(self) -> bool { self.$first $(| self.$f)* }
            /// `accept` where true, else `reject`.
            #[inline(always)]
            pub fn select<T: Copy>(self, accept: $V<T>, reject: $V<T>) -> $V<T> {
                $V {
                    $first: if self.$first { accept.$first } else { reject.$first },
                    $($f: if self.$f { accept.$f } else { reject.$f },)*
                }
            }
        }

        impl<T: Copy> Lanes for $V<T> {
            type Item = T;
            #[inline(always)]
            fn map(self, f: impl Fn(T) -> T) -> Self { self.each(f) }
            #[inline(always)]
            fn zip(self, o: Self, f: impl Fn(T, T) -> T) -> Self { self.pair(o, f) }
        }

        impl<T: Num> $V<T> {
            /// The sum of the products of components, from the first to the last.
            #[inline(always)]
            pub fn dot(self, o: Self) -> T {
                let sum = self.$first.mul(o.$first);
                $(let sum = sum.add(self.$f.mul(o.$f));)*
                sum
            }
        }

        vector!(@op $V Add add);
        vector!(@op $V Sub sub);
        vector!(@op $V Mul mul);
        vector!(@op $V Div div);
        vector!(@op $V Rem rem);

        impl<T: Num> Neg for $V<T> {
            type Output = Self;
            #[inline(always)]
            fn neg(self) -> Self { self.each(Num::neg) }
        }

        impl<T> From<[T; $n]> for $V<T> {
            #[inline(always)]
            fn from([$first, $($f),*]: [T; $n]) -> Self { Self { $first, $($f,)* } }
        }
    };
    (@op $V:ident $Op:ident $op:ident) => {
        impl<T: Num> $Op for $V<T> {
            type Output = Self;
            #[inline(always)]
            fn $op(self, o: Self) -> Self { self.pair(o, Num::$op) }
        }
        impl<T: Num> $Op<T> for $V<T> {
            type Output = Self;
            #[inline(always)]
            fn $op(self, o: T) -> Self { self.each(|x| Num::$op(x, o)) }
        }
        vector!(@left $V $Op $op f32);
        vector!(@left $V $Op $op i32);
        vector!(@left $V $Op $op u32);
    };
    (@left $V:ident $Op:ident $op:ident $t:ty) => {
        impl $Op<$V<$t>> for $t {
            type Output = $V<$t>;
            #[inline(always)]
            fn $op(self, o: $V<$t>) -> $V<$t> { o.each(|x| Num::$op(self, x)) }
        }
    };
}

vector! {
    /// `vec2`
    Vec2 2 x 1 y
}
vector! {
    /// `vec3`: 12 bytes, aligned to 4; where WGSL aligns it to 16 the translator writes the padding.
    Vec3 3 x 1 y 2 z
}
vector! {
    /// `vec4`
    Vec4 4 x 1 y 2 z 3 w
}

impl<T: Num> Vec3<T> {
    /// The cross product.
    #[inline(always)]
    pub fn cross(self, o: Self) -> Self {
        Self {
            x: self.y.mul(o.z).sub(self.z.mul(o.y)),
            y: self.z.mul(o.x).sub(self.x.mul(o.z)),
            z: self.x.mul(o.y).sub(self.y.mul(o.x)),
        }
    }
}

/// A `vec3` at a stride of 16 bytes, as in an array or a matrix.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C)]
pub struct Padded3<T> {
    /// The vector.
    pub v: Vec3<T>,
    /// What fills the stride; its value means nothing.
    pub pad: u32,
}

impl<T> Padded3<T> {
    /// The vector with zero padding.
    #[inline(always)]
    pub const fn new(v: Vec3<T>) -> Self {
        Self { v, pad: 0 }
    }
}

impl<T: PartialEq> PartialEq for Padded3<T> {
    fn eq(&self, o: &Self) -> bool {
        self.v == o.v
    }
}

macro_rules! padded {
    ($($t:ty)*) => {$(
        // SAFETY: repr(C) of four 4-byte fields, no padding bytes.
        unsafe impl Pod for Padded3<$t> {}
        // SAFETY: all fields may be zero.
        unsafe impl Zeroable for Padded3<$t> {}
    )*};
}
padded!(f32 i32 u32);

impl<T> From<Vec3<T>> for Padded3<T> {
    #[inline(always)]
    fn from(v: Vec3<T>) -> Self {
        Self::new(v)
    }
}

impl<T> From<[T; 3]> for Padded3<T> {
    #[inline(always)]
    fn from(v: [T; 3]) -> Self {
        Self::new(v.into())
    }
}

// The mixed constructors of WGSL, as `vec4(xyz, w)`.
macro_rules! compose {
    ($($V:ident ($($a:ident: $A:ty),*) => $($e:expr),*;)*) => {$(
        impl<T: Copy> From<($($A,)*)> for $V<T> {
            #[inline(always)]
            fn from(($($a,)*): ($($A,)*)) -> Self { Self::new($($e),*) }
        }
    )*};
}
compose! {
    Vec3 (a: Vec2<T>, b: T) => a.x, a.y, b;
    Vec3 (a: T, b: Vec2<T>) => a, b.x, b.y;
    Vec4 (a: Vec3<T>, b: T) => a.x, a.y, a.z, b;
    Vec4 (a: T, b: Vec3<T>) => a, b.x, b.y, b.z;
    Vec4 (a: Vec2<T>, b: Vec2<T>) => a.x, a.y, b.x, b.y;
    Vec4 (a: Vec2<T>, b: T, c: T) => a.x, a.y, b, c;
    Vec4 (a: T, b: Vec2<T>, c: T) => a, b.x, b.y, c;
    Vec4 (a: T, b: T, c: Vec2<T>) => a, b, c.x, c.y;
}
