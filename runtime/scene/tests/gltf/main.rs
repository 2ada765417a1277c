//! glTF import: features against closed forms, every error, seeded fuzzing.

mod animation;
mod bad;
mod fuzz;
mod geometry;
mod selection;
mod support;
mod surface;
