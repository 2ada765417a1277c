//! Matrices: columns, `C` of them; a column of three is padded to 16 bytes as in WGSL.

use crate::vector::{Padded3, Vec2, Vec3, Vec4};
use bytemuck::{Pod, Zeroable};
use core::ops::{Add, Mul, Neg, Sub};

/// `matCxR<f32>`: `Col` is [`Vec2`], [`Padded3`] or [`Vec4`] of `f32` for `R` of 2, 3 or 4 rows.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C)]
pub struct Mat<Col, const C: usize> {
    /// The columns.
    pub c: [Col; C],
}

// SAFETY: an array of Pod columns, which have no padding bytes of their own.
unsafe impl<Col: Pod, const C: usize> Pod for Mat<Col, C> {}
// SAFETY: an array of zeroable columns.
unsafe impl<Col: Zeroable, const C: usize> Zeroable for Mat<Col, C> {}

/// A matrix column as it is stored.
pub trait Column: Copy {
    /// The column as a vector.
    type V: Copy + Add<Output = Self::V> + Sub<Output = Self::V> + Neg<Output = Self::V> + Mul<f32, Output = Self::V>;
    /// To store.
    fn store(v: Self::V) -> Self;
    /// From store.
    fn value(self) -> Self::V;
    /// Dot product.
    fn dot(a: Self::V, b: Self::V) -> f32;
}

macro_rules! column {
    ($($S:ty, $V:ty, |$x:ident| $store:expr, $value:expr;)*) => {$(
        impl Column for $S {
            type V = $V;
            #[inline(always)]
            fn store($x: $V) -> Self { $store }
            #[inline(always)]
            fn value(self) -> $V { let $x = self; $value }
            #[inline(always)]
            fn dot(a: $V, b: $V) -> f32 { a.dot(b) }
        }
    )*};
}
column! {
    Vec2<f32>, Vec2<f32>, |x| x, x;
    Padded3<f32>, Vec3<f32>, |x| Padded3::new(x), x.v;
    Vec4<f32>, Vec4<f32>, |x| x, x;
}

impl<Col: Column, const C: usize> Mat<Col, C> {
    /// From columns.
    #[inline(always)]
    pub fn from_columns(c: [Col::V; C]) -> Self {
        Self { c: c.map(Col::store) }
    }

    #[inline(always)]
    fn zip(self, o: Self, f: impl Fn(Col::V, Col::V) -> Col::V) -> Self {
        Self { c: core::array::from_fn(|i| Col::store(f(self.c[i].value(), o.c[i].value()))) }
    }

    /// `matrix * vector` for the vector's components as an array: columns are added from the first to the last.
    #[inline(always)]
    pub fn mul_array(self, v: [f32; C]) -> Col::V {
        let mut sum = self.c[0].value() * v[0];
        for (column, x) in self.c.iter().zip(v).skip(1) {
            sum = sum + column.value() * x;
        }
        sum
    }

    /// `vector * matrix`: the dot product with each column.
    #[inline(always)]
    pub fn dot_columns(self, v: Col::V) -> [f32; C] {
        core::array::from_fn(|i| Col::dot(v, self.c[i].value()))
    }
}

impl<Col: Column, const C: usize> Add for Mat<Col, C> {
    type Output = Self;
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        self.zip(o, |a, b| a + b)
    }
}
impl<Col: Column, const C: usize> Sub for Mat<Col, C> {
    type Output = Self;
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        self.zip(o, |a, b| a - b)
    }
}
impl<Col: Column, const C: usize> Neg for Mat<Col, C> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Self { c: self.c.map(|c| Col::store(-c.value())) }
    }
}
impl<Col: Column, const C: usize> Mul<f32> for Mat<Col, C> {
    type Output = Self;
    #[inline(always)]
    fn mul(self, o: f32) -> Self {
        Self { c: self.c.map(|c| Col::store(c.value() * o)) }
    }
}
impl<Col: Column, const C: usize> Mul<Mat<Col, C>> for f32 {
    type Output = Mat<Col, C>;
    #[inline(always)]
    fn mul(self, o: Mat<Col, C>) -> Mat<Col, C> {
        o * self
    }
}

// Vectors have different types per length, so products are spelled out for the three lengths.
macro_rules! products {
    ($($n:literal $V:ident $S:ty;)*) => {$(
        impl<Col: Column> Mul<$V<f32>> for Mat<Col, $n> {
            type Output = Col::V;
            #[inline(always)]
            fn mul(self, v: $V<f32>) -> Col::V { self.mul_array(v.to_array()) }
        }
        impl<const C: usize> Mul<Mat<$S, C>> for $V<f32> where [f32; C]: ToVector {
            type Output = <[f32; C] as ToVector>::V;
            #[inline(always)]
            fn mul(self, m: Mat<$S, C>) -> Self::Output { m.dot_columns(self).to_vector() }
        }
        impl ToVector for [f32; $n] {
            type V = $V<f32>;
            #[inline(always)]
            fn to_vector(self) -> $V<f32> { $V::from_array(self) }
        }
        // (columns K of Col) * (C columns of length K)
        impl<Col: Column, const C: usize> Mul<Mat<$S, C>> for Mat<Col, $n> {
            type Output = Mat<Col, C>;
            #[inline(always)]
            fn mul(self, o: Mat<$S, C>) -> Mat<Col, C> {
                Mat { c: o.c.map(|v| Col::store(self.mul_array(v.value().to_array()))) }
            }
        }
        impl<const C: usize> Mat<$S, C> {
            #[inline(always)]
            fn element(self, column: usize, row: usize) -> f32 { self.c[column].value().to_array()[row] }
        }
    )*};
}
products! {
    2 Vec2 Vec2<f32>;
    3 Vec3 Padded3<f32>;
    4 Vec4 Vec4<f32>;
}

/// An array of 2, 3 or 4 floats as a vector.
pub trait ToVector {
    /// The vector.
    type V;
    /// Converts.
    fn to_vector(self) -> Self::V;
}

/// `transpose`
pub trait Transpose {
    /// `matRxC` for `matCxR`
    type Output;
    /// Swaps columns and rows.
    fn transpose(self) -> Self::Output;
}

macro_rules! transpose {
    ($($S:ty, $c:literal => $D:ty, $r:literal;)*) => {$(
        impl Transpose for Mat<$S, $c> {
            type Output = Mat<$D, $r>;
            #[inline(always)]
            fn transpose(self) -> Mat<$D, $r> {
                Mat { c: core::array::from_fn(|row| {
                    let column: [f32; $c] = core::array::from_fn(|column| self.element(column, row));
                    <$D as Column>::store(column.to_vector())
                }) }
            }
        }
    )*};
}
transpose! {
    Vec2<f32>, 2 => Vec2<f32>, 2;
    Vec2<f32>, 3 => Padded3<f32>, 2;
    Vec2<f32>, 4 => Vec4<f32>, 2;
    Padded3<f32>, 2 => Vec2<f32>, 3;
    Padded3<f32>, 3 => Padded3<f32>, 3;
    Padded3<f32>, 4 => Vec4<f32>, 3;
    Vec4<f32>, 2 => Vec2<f32>, 4;
    Vec4<f32>, 3 => Padded3<f32>, 4;
    Vec4<f32>, 4 => Vec4<f32>, 4;
}

impl Mat<Vec2<f32>, 2> {
    /// The determinant.
    #[inline(always)]
    pub fn determinant(self) -> f32 {
        let [a, b] = self.c;
        a.x * b.y - b.x * a.y
    }
}

impl Mat<Padded3<f32>, 3> {
    /// The determinant, as the triple product of the columns.
    #[inline(always)]
    pub fn determinant(self) -> f32 {
        let [a, b, c] = self.c;
        a.v.dot(b.v.cross(c.v))
    }
}

impl Mat<Vec4<f32>, 4> {
    /// The determinant, by Laplace's expansion over the 2x2 minors of the first and the last two columns.
    pub fn determinant(self) -> f32 {
        let [a, b, c, d] = self.c;
        let s = [
            a.x * b.y - a.y * b.x,
            a.x * b.z - a.z * b.x,
            a.x * b.w - a.w * b.x,
            a.y * b.z - a.z * b.y,
            a.y * b.w - a.w * b.y,
            a.z * b.w - a.w * b.z,
        ];
        let t = [
            c.x * d.y - c.y * d.x,
            c.x * d.z - c.z * d.x,
            c.x * d.w - c.w * d.x,
            c.y * d.z - c.z * d.y,
            c.y * d.w - c.w * d.y,
            c.z * d.w - c.w * d.z,
        ];
        s[0] * t[5] - s[1] * t[4] + s[2] * t[3] + s[3] * t[2] - s[4] * t[1] + s[5] * t[0]
    }
}
