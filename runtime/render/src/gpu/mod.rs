//! The wgpu executor: the same kernels over many paths at once, one bounce per dispatch. After each bounce the GPU lists the paths
//! that are left (`tally.wgsl`) and sizes the next dispatches itself (`arrange.wgsl`): the host does not wait in between.
//!
//! `device` (choose, open, test) -> `buffers` (upload a scene) -> `wave` (dispatch, measure, read back).

mod aovs;
mod buffers;
mod denoise;
mod device;
pub mod testing;
mod wave;

pub(crate) use aovs::aovs;
pub(crate) use denoise::denoise;
pub(crate) use device::Wanted;
pub use device::{DeviceInfo, devices};
pub(crate) use wave::render;
