//! The denoiser: a noisy picture and what is known of its surfaces go in, a smooth picture comes out.
//!
//! Guides without noise (albedo, normal, depth) tell which pixels belong together, and two halves of the samples tell noise from detail.
//! [`Model::Wavelet`] is `demodulate -> noise -> atrous (4 levels) -> restore`, kernels of `shaders/wgsl/denoise`, on both executors:
//!
//! 1. Radiance divided by albedo is illumination, so textures are out of the way (where albedo is below 0.02, as of a sky, it counts as that).
//! 2. The squared half difference of the halves, averaged over similar pixels, is the variance of a pixel. One sample has no halves:
//!    there it is the variance over similar pixels of 7 x 7.
//! 3. Edge-avoiding a-trous wavelets (Dammertz et al. 2010) with stops on the normal, on the distance from the plane of the pixel, on albedo,
//!    and on luminance by its variance (SVGF, Schied et al. 2017). Each half is filtered with the weights of the other (Rousselle et al.
//!    2012): noise does not choose its weights, so the mean of a picture stays.
//! 4. What the wavelet took from both halves alike was detail that the guides do not know (shadows, reflections), and is given back by
//!    Wiener's filter.
//!
//! Fireflies are not clamped: one is in one half only, has the weights of the other, and so is averaged with its surroundings like
//! any other sample; the energy stays.

mod native;

use crate::{Control, Device, Progress, RenderError, Warning, gpu};

/// How noise is taken away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Model {
    /// Guided wavelets; nothing is learned.
    #[default]
    Wavelet,
}

/// What [`denoise`] uses.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DenoiseSettings {
    /// The filter.
    pub model: Model,
    /// Where it runs.
    pub device: Device,
    /// Threads of the native executor; `None` takes rayon's current pool.
    pub threads: Option<usize>,
}

/// A picture of few samples, with guides of the same samples. Rows from the top, `width * height` pixels each; what is
/// not known is empty. Numbers that are NaN, infinite or beyond 1e15 count as missing.
#[derive(Clone, Copy, Debug)]
pub struct Noisy<'a> {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// Radiance, linear Rec. 709, the mean of all samples.
    pub rgb: &'a [[f32; 3]],
    /// The mean of every second sample, as [`crate::Film::half`] has it. Empty for a picture of one sample.
    pub half: &'a [[f32; 3]],
    /// Mean directional albedo of what is met, 0..1; 0 where nothing is, 1 (or its clamped colour) of what glows.
    pub albedo: &'a [[f32; 3]],
    /// Unit shading normal in any one space; 0 where nothing is met.
    pub normal: &'a [[f32; 3]],
    /// Along the camera's axis, any unit; 9e9 and more where nothing is met.
    pub depth: &'a [f32],
}

/// Distances between taps of the wavelet's levels.
pub(crate) const STEPS: [u32; 4] = [1, 2, 4, 8];
/// Kernels that go over the picture.
const PASSES: u32 = 3 + STEPS.len() as u32;

/// The picture without its noise: `width * height` pixels. A pixel that is no number gets the value of its surroundings.
///
/// `control.progress` is told of shares of the work; its numbers of samples are kernels that went over the whole picture.
///
/// # Errors
/// `EmptyFilm` for a side of 0 or above 32,768; `Kernel` when an array has another length than `width * height`; `Cancelled`;
/// those of the device. `Device::Auto` falls back to the native executor as in [`crate::render`].
pub fn denoise(
    input: &Noisy<'_>,
    settings: &DenoiseSettings,
    control: &dyn Control,
) -> Result<Vec<[f32; 3]>, RenderError> {
    check(input)?;
    match settings.model {
        Model::Wavelet => wavelet(&Planes::new(input), settings, control),
    }
}

fn wavelet(
    planes: &Planes<'_>,
    settings: &DenoiseSettings,
    control: &dyn Control,
) -> Result<Vec<[f32; 3]>, RenderError> {
    let on_native = || native::denoise(planes, settings.threads, control);
    match settings.device {
        Device::Native => on_native(),
        Device::Gpu => gpu::denoise(planes, control, gpu::Wanted::Any),
        Device::Auto => match gpu::denoise(planes, control, gpu::Wanted::Real) {
            Err(RenderError::NoAdapter { .. }) => on_native(),
            Err(error @ (RenderError::DeviceLost { .. } | RenderError::OutOfMemory { .. })) => {
                let code = if matches!(error, RenderError::DeviceLost { .. }) { "W0602" } else { "W0603" };
                control.warn(&Warning { code, message: format!("{error}; denoising on the CPU instead") });
                on_native()
            }
            other => other,
        },
    }
}

fn check(input: &Noisy<'_>) -> Result<(), RenderError> {
    let side = 1..=crate::settings::SIZE_MAX;
    if !side.contains(&input.width) || !side.contains(&input.height) {
        return Err(RenderError::EmptyFilm { width: input.width, height: input.height, samples: 1, max_depth: 1 });
    }
    let pixels = input.width as usize * input.height as usize;
    let lengths = [
        ("rgb", input.rgb.len(), false),
        ("half", input.half.len(), true),
        ("albedo", input.albedo.len(), true),
        ("normal", input.normal.len(), true),
        ("depth", input.depth.len(), true),
    ];
    for (name, length, optional) in lengths {
        if length != pixels && !(optional && length == 0) {
            let reason = format!("`{name}` has {length} pixels, not {} x {}", input.width, input.height);
            return Err(RenderError::Kernel { kernel: "demodulate", reason });
        }
    }
    Ok(())
}

/// The input as the kernels read it: what is not known is the same everywhere.
pub(crate) struct Planes<'a> {
    pub width: u32,
    pub height: u32,
    pub halves: bool,
    pub rgb: &'a [f32],
    pub half: &'a [f32],
    pub albedo: std::borrow::Cow<'a, [f32]>,
    pub normal: std::borrow::Cow<'a, [f32]>,
    pub depth: std::borrow::Cow<'a, [f32]>,
}

impl<'a> Planes<'a> {
    fn new(input: &Noisy<'a>) -> Self {
        let or = |given: &'a [f32], count: usize, value: f32| {
            if given.is_empty() { vec![value; count].into() } else { given.into() }
        };
        let pixels = input.rgb.len();
        let halves = !input.half.is_empty();
        Self {
            width: input.width,
            height: input.height,
            halves,
            rgb: input.rgb.as_flattened(),
            half: if halves { input.half } else { input.rgb }.as_flattened(),
            albedo: or(input.albedo.as_flattened(), 3 * pixels, 1.0),
            normal: or(input.normal.as_flattened(), 3 * pixels, 0.0),
            depth: or(input.depth, pixels, 1.0),
        }
    }

    pub(crate) fn pixels(&self) -> usize {
        self.width as usize * self.height as usize
    }
}

/// Tells the caller that `passes` kernels went over the picture, and the next over `share` of it.
pub(crate) fn report(control: &dyn Control, passes: usize, share: f64, device: &str) -> Result<(), RenderError> {
    let go_on = control.progress(&Progress {
        samples_done: passes as u32,
        samples_total: PASSES,
        fraction: (passes as f64 + share) / f64::from(PASSES),
        rays: 0,
        device,
    });
    if go_on { Ok(()) } else { Err(RenderError::Cancelled) }
}
