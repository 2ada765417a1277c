//! The wgpu executor.

use scenec_scene::Camera;

use crate::{Control, Film, RenderError, RenderSettings, Scene};

/// Which adapters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Discrete and integrated GPUs.
    Real,
    /// Software ones too.
    Any,
}

/// An adapter that wgpu lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// As the driver calls it.
    pub name: String,
}

/// All adapters.
pub fn devices() -> Vec<DeviceInfo> {
    Vec::new()
}

pub(crate) fn render(_: &Scene, _: &Camera, _: &RenderSettings, _: &dyn Control, _: Wanted) -> Result<Film, RenderError> {
    Err(RenderError::NoAdapter { reason: "none".to_owned() })
}
