//! Z-tests against references of another renderer, kept in `tests/references` (its README tells how they were made).
#![allow(missing_docs)]

mod common;

use std::path::{Path, PathBuf};

use exr::prelude::{ReadChannels, ReadLayers, read};
use scenec_render::{RenderSettings, prepare, render};
use scenec_scene::gltf::{Document, Select};
use scenec_scene::{Environment, Stage, hdr};

const RENDERS: u32 = 32;
const SAMPLES: u32 = 64;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/references").join(name)
}

/// Mean and variance of the mean, per pixel and channel.
struct Reference {
    mean: Vec<[f32; 3]>,
    variance: Vec<[f32; 3]>,
}

fn reference(path: &Path) -> Reference {
    let image = read()
        .no_deep_data()
        .largest_resolution_level()
        .all_channels()
        .first_valid_layer()
        .all_attributes()
        .from_file(path)
        .unwrap();
    let channel = |name: &str| -> Vec<f32> {
        let found = image.layer_data.channel_data.list.iter().find(|c| c.name.to_string() == name).unwrap();
        found.sample_data.values_as_f32().collect()
    };
    let pixels = |names: [&str; 3]| {
        let [r, g, b] = names.map(channel);
        (0..r.len()).map(|i| [r[i], g[i], b[i]]).collect()
    };
    Reference { mean: pixels(["R", "G", "B"]), variance: pixels(["VR", "VG", "VB"]) }
}

fn check(name: &str) {
    let folder = folder(name);
    let glb = folder.join(format!("{name}_small.glb"));
    let config: serde_json::Value =
        serde_json::from_slice(&std::fs::read(glb.with_extension("json")).unwrap()).unwrap();
    let bytes = std::fs::read(&glb).unwrap();
    let document =
        Document::load(name, &bytes, &|uri| std::fs::read(folder.join(uri)).map_err(|e| e.to_string())).unwrap();
    let environment = match config["sky"]["hdr"].as_str() {
        Some(file) => {
            hdr::HdrImage::read(&std::fs::read(folder.join(file)).unwrap()).unwrap().into_environment(1.0, 0.0)
        }
        None => Environment::Constant([0, 1, 2].map(|k| config["sky"]["constant"][k].as_f64().unwrap() as f32)),
    };
    let stage = Stage {
        instances: document.instances(&Select::default(), "model").unwrap(),
        lights: document.lights(None).unwrap(),
        environment,
        fog: None,
    };
    let number = |key: &str| config[key].as_u64().unwrap() as u32;
    let scene = prepare(&stage).unwrap();
    let camera = document.cameras(None).unwrap()[0].camera;
    let reference = reference(&folder.join(format!("{name}_small_reference.exr")));
    let count = reference.mean.len();
    let (mut sum, mut sum2) = (vec![[0.0f64; 3]; count], vec![[0.0f64; 3]; count]);
    for seed in 0..RENDERS {
        let settings = RenderSettings {
            seed,
            ..common::settings(number("width"), number("height"), SAMPLES, number("max_depth"))
        };
        let film = render(&scene, &camera, &settings, &()).unwrap();
        assert_eq!(film.rgb.len(), count);
        for (i, pixel) in film.rgb.iter().enumerate() {
            for k in 0..3 {
                sum[i][k] += f64::from(pixel[k]);
                sum2[i][k] += f64::from(pixel[k]).powi(2);
            }
        }
    }
    let n = f64::from(RENDERS);
    let (mut within, mut total, mut squares) = (0u32, 0u32, 0.0);
    let (mut ours, mut theirs) = (0.0, 0.0);
    for i in 0..count {
        for k in 0..3 {
            let mean = sum[i][k] / n;
            let variance = ((sum2[i][k] / n - mean * mean).max(0.0)) / (n - 1.0);
            let expected = f64::from(reference.mean[i][k]);
            let z = (mean - expected)
                / (variance + f64::from(reference.variance[i][k]) + (1e-4 * expected).powi(2) + 1e-12).sqrt();
            within += u32::from(z.abs() < 3.5);
            total += 1;
            squares += z * z;
            ours += mean;
            theirs += expected;
        }
    }
    let share = f64::from(within) / f64::from(total);
    let rms = (squares / f64::from(total)).sqrt();
    let ratio = ours / theirs;
    assert!(
        share >= 0.9975,
        "{name}: only {:.3} % of z are below 3.5 (rms {rms:.3}, mean ratio {ratio:.5})",
        share * 100.0
    );
    assert!(rms < 1.15, "{name}: rms of z is {rms:.3} ({:.3} % below 3.5, mean ratio {ratio:.5})", share * 100.0);
    assert!((ratio - 1.0).abs() < 2e-3, "{name}: mean ratio {ratio:.5}");
}

#[test]
fn cornell_box() {
    check("cornell");
}

#[test]
fn glossy_metal() {
    check("glossy");
}

#[test]
fn textured_under_a_sky_picture() {
    check("textured");
}
