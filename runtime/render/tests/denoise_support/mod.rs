//! Scenes of the shipped examples, guides and measures for the tests of the denoiser.
#![allow(dead_code, missing_docs, reason = "each user takes some of it")]

pub mod guides;
pub mod scenes;
pub mod synthetic;

use guides::{Guides, guides};
use scenec_render::{DenoiseSettings, Device, Film, Noisy, RenderSettings, Scene, denoise, prepare, render};
use scenec_scene::{Camera, Stage};

pub fn settings(width: u32, height: u32, samples: u32) -> RenderSettings {
    RenderSettings { width, height, samples, max_depth: 6, seed: 0, device: Device::Native, threads: None }
}

/// Mean over pixels and channels of (x - reference)^2 / (reference^2 + 0.01 m^2), m the mean of the reference: the relative squared error
/// of Rousselle et al. 2011, whose constant is a share of the exposure.
pub fn relative_error(rgb: &[[f32; 3]], reference: &[[f32; 3]]) -> f64 {
    relative_error_where(rgb, reference, |_| true)
}

pub fn relative_error_where(rgb: &[[f32; 3]], reference: &[[f32; 3]], counts: impl Fn(usize) -> bool) -> f64 {
    let floor = 0.01 * mean(reference).powi(2);
    let (mut sum, mut count) = (0.0, 0.0);
    for (_, (x, r)) in rgb.iter().zip(reference).enumerate().filter(|(i, _)| counts(*i)) {
        for k in 0..3 {
            sum += f64::from(x[k] - r[k]).powi(2) / (f64::from(r[k]).powi(2) + floor);
            count += 1.0;
        }
    }
    sum / f64::max(count, 1.0)
}

/// Mean of all pixels and channels.
pub fn mean(rgb: &[[f32; 3]]) -> f64 {
    rgb.iter().flatten().map(|x| f64::from(*x)).sum::<f64>() / (3 * rgb.len()) as f64
}

/// A render of few samples with its guides.
pub struct Shot {
    pub film: Film,
    pub guides: Guides,
}

impl Shot {
    pub fn new(scene: &Scene, stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Self {
        Self { film: render(scene, camera, settings, &()).unwrap(), guides: guides(stage, camera, settings) }
    }

    pub fn denoised(&self, settings: &DenoiseSettings) -> Vec<[f32; 3]> {
        let Self { film, guides } = self;
        let input = Noisy {
            width: film.width,
            height: film.height,
            rgb: &film.rgb,
            half: &film.half,
            albedo: &guides.albedo,
            normal: &guides.normal,
            depth: &guides.depth,
        };
        denoise(&input, settings, &()).unwrap()
    }
}

/// A stage's picture of many samples, by another seed than those that are compared with it.
pub fn reference(stage: &Stage, camera: &Camera, width: u32, height: u32, samples: u32) -> Vec<[f32; 3]> {
    let settings = RenderSettings { seed: 77, ..settings(width, height, samples) };
    render(&prepare(stage).unwrap(), camera, &settings, &()).unwrap().rgb
}
