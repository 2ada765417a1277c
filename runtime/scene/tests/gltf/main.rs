//! glTF import: features against closed forms, every error, seeded fuzzing.

mod animation;
mod bad;
mod exercise;
mod extent;
mod fuzz;
mod geometry;
mod glb;
mod mutate;
mod selection;
mod support;
mod surface;
