//! glTF import: features against closed forms, every error, real assets, seeded fuzzing.

mod real;
mod support;
