//! The same denoised picture from both executors.

mod denoise_support;

use denoise_support::synthetic::{Picture, Random};
use denoise_support::{Shot, scenes, settings};
use scenec_harness::{Outcome, Skip};
use scenec_render::{DenoiseSettings, Device, Noisy, RenderError, denoise, prepare};

fn compare(input: &Noisy<'_>) -> Outcome {
    let on = |device| denoise(input, &DenoiseSettings { device, ..DenoiseSettings::default() }, &());
    let gpu = match on(Device::Gpu) {
        Ok(rgb) => rgb,
        Err(RenderError::NoAdapter { reason }) => return Err(Skip::no_gpu(reason)),
        Err(error) => panic!("{error}"),
    };
    let native = on(Device::Native).unwrap();
    assert_eq!(native.len(), gpu.len());
    // The arithmetic is the same but for contraction and division of the last digits: no pixel decides anything.
    let mut sum = 0.0;
    for (i, (a, b)) in native.iter().zip(&gpu).enumerate() {
        for k in 0..3 {
            let off = (a[k] - b[k]).abs() / (a[k].abs() + 1e-3);
            assert!(off < 0.02, "pixel {i}: {} natively, {} on the GPU", a[k], b[k]);
            sum += f64::from(off);
        }
    }
    let mean = sum / (3 * native.len()) as f64;
    assert!(mean < 1e-4, "mean relative difference {mean}");
    Ok(())
}

fn sizes() -> Outcome {
    for (width, height) in [(1, 1), (1, 67), (67, 1), (3, 5), (129, 65)] {
        let mut random = Random::new(u64::from(width));
        let mut picture = Picture::wall(width, height, |_, _| [random.exponential(), random.exponential()]);
        compare(&picture.noisy())?;
        compare(&Noisy { half: &[], ..picture.noisy() })?;
        picture.rgb[0][0] = f32::NAN;
        picture.depth[0] = f32::INFINITY;
        compare(&picture.noisy())?;
    }
    Ok(())
}

fn a_render() -> Outcome {
    let (stage, camera) = scenes::quay();
    let Shot { film, guides } = Shot::new(&prepare(&stage).unwrap(), &stage, &camera, &settings(96, 54, 8));
    compare(&Noisy {
        width: film.width,
        height: film.height,
        rgb: &film.rgb,
        half: &film.half,
        albedo: &guides.albedo,
        normal: &guides.normal,
        depth: &guides.depth,
    })
}

scenec_harness::tests![sizes, a_render];
