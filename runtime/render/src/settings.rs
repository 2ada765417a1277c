//! What the caller asks for.

use std::time::Duration;

use crate::RenderError;

/// Where rays are traced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Device {
    /// A real GPU if there is one that passes its self-test, else native.
    #[default]
    Auto,
    /// The CPU, byte-identical on every machine and for any number of threads.
    Native,
    /// A wgpu adapter; a software one only if there is no other.
    Gpu,
}

impl std::str::FromStr for Device {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        match s {
            "auto" => Ok(Self::Auto),
            "native" => Ok(Self::Native),
            "gpu" => Ok(Self::Gpu),
            _ => Err(format!("`{s}` is no device; use auto, native or gpu")),
        }
    }
}

/// What of the plane around a pixel counts for it, and how much. Samples are spread as the filter weighs, so a wide one costs
/// nothing, and neighbouring pixels share none.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Filter {
    /// The pixel's own square, all of it alike.
    #[default]
    Box,
    /// Falls linearly to 0 at half of the width, in pixels.
    Tent(f32),
    /// A Gaussian that ends at half of the width, in pixels, which is three standard deviations.
    Gaussian(f32),
}

/// Size, quality and place of a render.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderSettings {
    /// Width in pixels, 1..=32768.
    pub width: u32,
    /// Height in pixels, 1..=32768.
    pub height: u32,
    /// Samples per pixel, at least 1. Powers of two are stratified best. With `noise` or `time` it is the most that a pixel gets.
    pub samples: u32,
    /// Sampling of a part of the picture ends when its noise is no more than this: the standard error of its pixels against the
    /// geometric mean of its brightness and the picture's.
    pub noise: Option<f32>,
    /// Sampling ends after the pass in which this much time is over.
    pub time: Option<Duration>,
    /// What light that comes over two surfaces or more may add to a sample, per channel; takes away light, and so fireflies. `None`
    /// for references.
    pub clamp_indirect: Option<f32>,
    /// Of pixels.
    pub filter: Filter,
    /// Ray segments between camera and light at most, both ends included: 1 shows lamps and sky, 2 adds direct light. 1..=255.
    pub max_depth: u32,
    /// Key of the random numbers.
    pub seed: u32,
    /// Where to render.
    pub device: Device,
    /// Threads of the native executor; `None` takes rayon's current pool.
    pub threads: Option<usize>,
}

impl Default for RenderSettings {
    fn default() -> Self {
        Self {
            width: 960,
            height: 540,
            samples: Self::usual_samples(false),
            noise: None,
            time: None,
            clamp_indirect: None,
            filter: Filter::Box,
            max_depth: 8,
            seed: 0,
            device: Device::Auto,
            threads: None,
        }
    }
}

/// The greatest width and height.
pub(crate) const SIZE_MAX: u32 = 32_768;

impl RenderSettings {
    /// Samples of a picture of which nothing is said: few, or many where something else ends sampling.
    pub fn usual_samples(ends_otherwise: bool) -> u32 {
        if ends_otherwise { 4096 } else { 64 }
    }

    /// # Errors
    /// `EmptyFilm` when a number is 0 or out of its range.
    pub(crate) fn check(&self) -> Result<(), RenderError> {
        let fits = (1..=SIZE_MAX).contains(&self.width)
            && (1..=SIZE_MAX).contains(&self.height)
            && self.samples >= 1
            && (1..=255).contains(&self.max_depth);
        if fits {
            Ok(())
        } else {
            Err(RenderError::EmptyFilm {
                width: self.width,
                height: self.height,
                samples: self.samples,
                max_depth: self.max_depth,
            })
        }
    }
}
