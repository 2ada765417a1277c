//! WGSL in, Rust source out: one kernel source for two executors.
//!
//! The phases, each a file: [`compose`] resolves `//!include` lines, [`parse`] runs naga's front end and validator, and
//! `module` walks naga's IR and writes Rust. [`project`] does so for a folder of kernels, which is what a build script calls.
//! It runs at build time only; what generated code needs at run time is in `scenec-prelude`.
//!
//! # What comes out
//! One `types` module with each struct once (`repr(C)`, offsets asserted at compile time), one `consts` module, and per
//! kernel a module with `Bindings`, `KERNEL` (what a wgpu host must know, and the composed WGSL) and every function twice:
//! `base` for any processor, `v3` for AVX2, chosen per call by `Isa`. Nothing is contracted, so both give the same bits.
//!
//! # How IR becomes Rust
//! * A load is bound by `let` where naga emits it, since a store may follow; a pure expression that is used once is written
//!   in place; a pointer expression is a Rust place.
//! * What a loop body makes and its `continuing` block uses is declared before the loop.
//! * Every name of the prelude is absolute, and every name of the user gets a prefix or a module of its own.
//! * Every match on naga's IR is exhaustive, so that a new construct is a compile error here, not a surprise there.

#![forbid(unsafe_code)]

pub mod compose;
pub mod error;
pub mod parse;
pub mod project;

mod analysis;
mod constant;
mod expression;
mod function;
mod math;
mod module;
mod names;
mod place;
mod statement;
mod structs;
mod types;

pub use error::Error;
pub use project::{Generated, generate};
