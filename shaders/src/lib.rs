//! WGSL kernels, compiled for two executors: wgpu and native Rust.
//!
//! Everything here is generated at build time from the files in `wgsl/` by `scenec-translator`:
//!
//! * [`types`]: each struct of the kernels, with the bytes that WGSL gives it;
//! * [`consts`]: their constants;
//! * [`kernels`]: per kernel its `Bindings`, its WGSL with what a wgpu host must know (`KERNEL`), and its functions in Rust;
//! * [`KERNELS`]: the list of them all.
//!
//! A file of `wgsl/` with a `@compute` function is a kernel named after the file; other files are pulled in by lines of
//! the form `//!include "family/name.wgsl"`. How to write and call kernels is told in `wgsl/README.md`.

pub use scenec_prelude as prelude;

include!(concat!(env!("OUT_DIR"), "/kernels.rs"));
