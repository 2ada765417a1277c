//! The wgpu executor: the same kernels over many paths at once, one bounce of one sample per dispatch.
//!
//! `device` (choose, open, test) -> `buffers` (upload a scene) -> `wave` (dispatch, measure, read back).

mod buffers;
mod device;
mod wave;

pub(crate) use device::Wanted;
pub use device::{DeviceInfo, devices};
pub(crate) use wave::render;
