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
//! the form `//!include "family/name.wgsl"`. Nothing is registered by hand.
//!
//! # Running a kernel natively
//! ```text
//! let isa = Isa::detect();                       // once per process
//! let guard = LoopGuard::default();              // reports endless loops; shared by all threads
//! let bindings = kernels::film::Bindings { guard: &guard, /* uniforms by value, views of buffers */ };
//! kernels::film::film(isa, &bindings, 0..count); // global ids; allocates nothing
//! ```
//! Every WGSL function can be called likewise: `kernels::<kernel>::<function>(isa, &bindings, arguments…)`.

pub use scenec_prelude as prelude;

include!(concat!(env!("OUT_DIR"), "/kernels.rs"));
