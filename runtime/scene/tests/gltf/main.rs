//! glTF import: features against closed forms, every error, real assets, seeded fuzzing.

mod animation;
mod bad;
mod fuzz;
mod geometry;
mod real;
mod selection;
mod support;
mod surface;
