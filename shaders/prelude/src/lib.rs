//! What a WGSL kernel needs at run time once it has been translated to Rust.
//!
//! Generated code names everything in here by absolute path, so nothing of a user's kernel can collide with it.
//! Three promises shape the crate:
//!
//! * **Same bytes.** Every host-shareable WGSL type has a Rust type of the same size and offsets, made of 4-byte words only
//!   ([`Padded3`] carries the stride of `vec3` in arrays and matrices).
//! * **Same bits on every machine.** Only `+ - * /`, `sqrt` and integer operations are used; transcendental functions are
//!   polynomials of our own ([`transcendental`]); nothing is contracted to a fused multiply-add.
//! * **The unsafety is here.** [`buffer`] proves size and alignment once, and clamps every index afterwards.

pub mod bits;
pub mod buffer;
pub mod isa;
pub mod kernel;
pub mod loops;
pub mod math;
pub mod matrix;
pub mod rounding;
pub mod scalar;
pub mod transcendental;
pub mod vector;

pub use buffer::{BufferError, ReadArray, ReadTail, SharedArray, WriteArray, WriteRef, WriteTail};
pub use bytemuck;
pub use isa::Isa;
pub use kernel::{Binding, BindingKind, EntryPoint, Kernel};
pub use loops::LoopGuard;
pub use matrix::Mat;
pub use rounding::{base, v3};
pub use vector::{Padded3, Vec2, Vec3, Vec4};
