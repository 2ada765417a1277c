//! The picture that a render makes.

/// Scene-linear radiance per pixel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Film {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// `width * height` means of radiance, linear Rec. 709, rows from the top.
    pub rgb: Vec<[f32; 3]>,
    /// The same of the samples with an odd number alone, counted from 0: `samples / 2` of them. With those of the others it gives two
    /// independent estimates of the picture, and so its noise. Empty when there is one sample.
    pub half: Vec<[f32; 3]>,
    /// Per pixel: share of camera rays that hit geometry.
    pub alpha: Vec<f32>,
    /// Samples per pixel; the most that a pixel has.
    pub samples: u32,
    /// Samples of each pixel. Empty where all have `samples`.
    pub sample_counts: Vec<u32>,
    /// Rays traced, to surfaces and to lights.
    pub rays: u64,
    /// Mean of `alpha`.
    pub hit_fraction: f64,
    /// Where it was rendered.
    pub device: String,
    /// Wall time inside `render`, seconds.
    pub seconds: f64,
}
