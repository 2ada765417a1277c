//! The denoiser on renders of the shipped assets, against pictures of many samples.
#![allow(missing_docs)]

mod denoise_support;

use denoise_support::{Shot, mean, reference, relative_error, relative_error_where, scenes, settings};
use scenec_render::{DenoiseSettings, Device, prepare};
use scenec_scene::{Camera, Stage};

const SIZE: (u32, u32) = (128, 72);
const REFERENCE_SAMPLES: u32 = 1024;

/// `least`: how many times smaller the relative squared error must be at 4, 16 and 64 samples.
fn check(name: &str, (stage, camera): (Stage, Camera), least: [f64; 3]) {
    let (width, height) = SIZE;
    let scene = prepare(&stage).unwrap();
    let truth = reference(&stage, &camera, width, height, REFERENCE_SAMPLES);
    let native = DenoiseSettings { device: Device::Native, ..DenoiseSettings::default() };
    let mut table = String::new();
    let mut short = Vec::new();
    for (samples, least) in [4, 16, 64].into_iter().zip(least) {
        let shot = Shot::new(&scene, &stage, &camera, &settings(width, height, samples));
        let out = shot.denoised(&native);
        let (before, after) = (relative_error(&shot.film.rgb, &truth), relative_error(&out, &truth));
        let (factor, energy) = (before / after, mean(&out) / mean(&shot.film.rgb));
        table += &format!(
            "{name} {samples:4} samples: {before:.5} -> {after:.5}, {factor:.2} times less, mean {energy:.4}\n"
        );
        if factor < least || (energy - 1.0).abs() > 0.01 {
            short.push(samples);
        }
    }
    // Where there is hardly any noise nothing may get worse: the halves differ by less than 2 %.
    let shot = Shot::new(&scene, &stage, &camera, &settings(width, height, 256));
    let out = shot.denoised(&native);
    let quiet = |i: usize| {
        let (a, b) = (shot.film.rgb[i], shot.film.half[i]);
        (0..3).all(|k| (a[k] - b[k]).abs() <= 0.01 * a[k])
    };
    let count = (0..truth.len()).filter(|i| quiet(*i)).count();
    let before = relative_error_where(&shot.film.rgb, &truth, quiet);
    let after = relative_error_where(&out, &truth, quiet);
    table += &format!("{name}  256 samples, {count} quiet pixels: {before:.3e} -> {after:.3e}\n");
    if after > 1.05 * before {
        short.push(256);
    }
    assert!(short.is_empty(), "falls short at {short:?} samples\n{table}");
    #[allow(clippy::print_stderr, reason = "shown with --nocapture")]
    {
        eprint!("{table}");
    }
}

/// Little noise, many edges: the hardest case.
#[test]
fn a_quay_under_the_sun() {
    check("quay", scenes::quay(), [2.0, 1.2, 1.0]);
}

#[test]
fn a_quay_at_night() {
    check("night", scenes::night(), [2.0, 2.0, 1.5]);
}

#[test]
fn a_room_of_bounced_light() {
    check("room", scenes::room(), [10.0, 10.0, 5.0]);
}
