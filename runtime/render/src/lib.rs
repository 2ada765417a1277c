//! The path tracer: a stage goes in, a film of scene-linear radiance comes out.
//!
//! `prepare` (flatten the stage, build the acceleration structure) -> `render` (camera, samples) -> [`Film`]. The wavefront is
//! `generate -> [extend -> shade -> shadow -> connect]* -> film`; `native` runs it in small batches on the CPU, `gpu` through wgpu,
//! both with the kernels of `shaders/wgsl/render`. [`aovs()`] traces the same camera rays alone: `generate -> [extend -> aovs]* -> gather`,
//! and `motion` when there is a next frame.

mod adaptive;
mod albedo;
mod alias;
mod aovs;
mod attributes;
#[cfg(test)]
mod bsdf_tests;
pub mod bvh;
mod control;
mod denoise;
mod error;
mod film;
mod flatten;
#[cfg(test)]
mod fog_tests;
mod gpu;
mod heap;
mod light_tree;
mod lights;
mod map;
mod native;
mod plan;
mod render;
#[cfg(test)]
mod sampler_tests;
mod scene;
mod settings;
mod texels;

pub use aovs::{Aovs, BACKGROUND, CHOSEN, Frame, MATTE_RANKS, Matte, MatteKind, Rank, aovs, belongs};
pub use control::{Control, Progress, Warning};
pub use denoise::{DenoiseSettings, Model, Noisy, denoise};
pub use error::RenderError;
pub use film::Film;
#[doc(hidden)]
pub use gpu::testing as gpu_testing;
pub use gpu::{DeviceInfo, devices};
pub use render::render;
pub use scene::{Pick, Scene, prepare};
pub use settings::{Device, Filter, RenderSettings};

/// What the native executor's kernels are compiled for on this processor.
pub fn native_isa() -> &'static str {
    if scenec_shaders::prelude::Isa::detect().is_v3() { "x86-64-v3 kernels" } else { "baseline kernels" }
}
