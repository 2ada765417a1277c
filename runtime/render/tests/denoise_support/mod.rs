//! Scenes of the shipped examples, guides and measures for the tests of the denoiser.
#![allow(dead_code, missing_docs, reason = "each user takes some of it")]

pub mod guides;
pub mod scenes;
pub mod synthetic;

use guides::{Guides, guides};
use scenec_render::{DenoiseSettings, Device, Film, Noisy, RenderSettings, Scene, denoise, prepare, render};
use scenec_scene::{Camera, Stage};

pub fn settings(width: u32, height: u32, samples: u32) -> RenderSettings {
    RenderSettings {
        width,
        height,
        samples,
        max_depth: 6,
        seed: 0,
        device: Device::Native,
        ..RenderSettings::default()
    }
}

/// Per pixel the mean over channels of (x - reference)^2 / (reference^2 + 0.01 m^2), m the mean of the reference: the relative squared
/// error of Rousselle et al. 2011, whose constant is a share of the exposure.
pub fn relative_errors(rgb: &[[f32; 3]], reference: &[[f32; 3]]) -> Vec<f64> {
    let floor = 0.01 * mean(reference).powi(2);
    let of = |x: f32, r: f32| f64::from(x - r).powi(2) / (f64::from(r).powi(2) + floor);
    rgb.iter().zip(reference).map(|(x, r)| (0..3).map(|k| of(x[k], r[k])).sum::<f64>() / 3.0).collect()
}

/// Mean of all, and of all but the worst hundredth.
pub fn mean_and_trimmed(mut errors: Vec<f64>) -> (f64, f64) {
    errors.sort_by(f64::total_cmp);
    let of = |part: &[f64]| part.iter().sum::<f64>() / part.len().max(1) as f64;
    (of(&errors), of(&errors[..errors.len() - errors.len() / 100]))
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
