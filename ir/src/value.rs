//! Values known after checking.

use serde::{Deserialize, Serialize};

use crate::Dimension;

/// A constant. Numbers are in SI units.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Truth.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number with its dimension, in SI units. Always finite.
    Quantity(f64, Dimension),
    /// Text.
    Text(String),
    /// Linear Rec. 709; may exceed 1.
    Color([f32; 3]),
    /// Two numbers of one dimension.
    Vec2([f64; 2], Dimension),
    /// Three numbers of one dimension.
    Vec3([f64; 3], Dimension),
    /// A member of a closed enumeration.
    Member(String),
    /// A list.
    List(Vec<Value>),
    /// Half-open range of whole numbers.
    IntRange(i64, i64),
    /// Half-open range of quantities.
    Range([f64; 2], Dimension),
    /// Named values in order (a pose: joint channel to angle).
    Record(Vec<(String, Value)>),
    /// The value of what is left out. No node has it: a parameter that is `none` is not given.
    None,
}

impl Value {
    /// The number of a quantity or whole number, in SI units.
    pub fn as_f64(&self) -> Option<f64> {
        match *self {
            Self::Quantity(v, _) => Some(v),
            Self::Int(v) => Some(v as f64),
            _ => None,
        }
    }
}
