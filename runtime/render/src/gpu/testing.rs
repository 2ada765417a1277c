//! What `tests/gpu_limits.rs` needs besides the public interface: a device with less of everything, which can be lost. A test in
//! here could not be counted as ignored where there is no adapter.

use scenec_scene::Camera;

pub use super::device::Budget;

use super::device::{Gpu, adapters};
use super::wave::render_on;
use crate::{Control, Film, RenderError, RenderSettings, Scene};

/// An open device.
pub struct TestGpu(Gpu);

impl TestGpu {
    /// Opens the best adapter; `None` where there is none.
    ///
    /// # Errors
    /// Why it can't be opened, or fails its self-test.
    pub fn open(budget: Budget) -> Result<Option<Self>, String> {
        let adapter = adapters().into_iter().next();
        adapter.map(|adapter| Gpu::open(&adapter, budget).map(Self)).transpose()
    }

    /// What it is called in errors.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The device goes away.
    pub fn lose(&self) {
        self.0.device.destroy();
    }

    /// Renders on this device.
    ///
    /// # Errors
    /// As `scenec_render::render`.
    pub fn render(
        &self,
        scene: &Scene,
        camera: &Camera,
        settings: &RenderSettings,
        control: &dyn Control,
    ) -> Result<Film, RenderError> {
        render_on(&self.0, scene, camera, settings, control)
    }
}
