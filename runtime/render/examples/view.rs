//! Renders NAME.glb with NAME.json (the contract of the benchmark scenes) to an EXR file and says how fast it was:
//! `cargo run --release -p scenec-render --example view -- NAME.glb OUT.exr [samples] [device] [threads]`.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use glam::{Affine3A, Vec3};
use scenec_render::{Device, RenderSettings, prepare, render};
use scenec_scene::gltf::{Document, Select};
use scenec_scene::{Camera, Environment, Lens, Stage, hdr};

/// A camera that sees a whole ball from the front.
fn framed(center: Vec3, radius: f32) -> Camera {
    Camera {
        world_from_camera: Affine3A::from_translation(center + Vec3::new(0.0, 0.0, 3.2 * radius)),
        vertical_fov: 0.65,
        lens: Lens::round(0.0, 1.0),
        exposure: 1.0,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, glb, out, rest @ ..] = arguments.as_slice() else {
        return Err("usage: view NAME.glb OUT.exr [samples] [device] [threads]".into());
    };
    let start = Instant::now();
    let config: serde_json::Value = serde_json::from_slice(&std::fs::read(Path::new(glb).with_extension("json"))?)?;
    let folder = Path::new(glb).parent().unwrap_or(Path::new("."));
    let bytes = std::fs::read(glb)?;
    let document = Document::load(glb, &bytes, &|uri| std::fs::read(folder.join(uri)).map_err(|e| e.to_string()))?;
    let sky = &config["sky"];
    let environment = match sky["hdr"].as_str() {
        Some(file) => hdr::HdrImage::read(&std::fs::read(folder.join(file))?)?.into_environment(1.0, 0.0),
        None => Environment::Constant([0, 1, 2].map(|k| sky["constant"][k].as_f64().unwrap_or(0.0) as f32)),
    };
    let stage = Stage {
        instances: document.instances(&Select::default(), "model")?,
        lights: document.lights(None)?,
        environment,
        fog: None,
    };
    let cameras = document.cameras(None)?;
    let bounds = stage.bounds();
    let camera = cameras.first().map_or_else(|| framed(bounds.center(), bounds.radius()), |c| c.camera);
    let loaded = start.elapsed().as_secs_f64();
    let scene = prepare(&stage)?;
    let prepared = start.elapsed().as_secs_f64();
    let number = |key: &str, or: u64| config[key].as_u64().unwrap_or(or) as u32;
    let settings = RenderSettings {
        width: number("width", 960),
        height: number("height", 540),
        samples: rest.first().map_or(Ok(number("spp", 64)), |s| s.parse())?,
        max_depth: number("max_depth", 8),
        seed: rest.get(3).map_or(Ok(0), |s| s.parse())?,
        device: rest.get(1).map_or(Ok(Device::Native), |s| s.parse())?,
        threads: rest.get(2).map(|s| s.parse()).transpose()?,
        ..RenderSettings::default()
    };
    let film = render(&scene, &camera, &settings, &())?;
    let samples = f64::from(settings.width) * f64::from(settings.height) * f64::from(settings.samples);
    let mut mean = [0.0f64; 3];
    for pixel in &film.rgb {
        for (m, x) in mean.iter_mut().zip(pixel) {
            *m += f64::from(*x) / film.rgb.len() as f64;
        }
    }
    println!(
        "{}: load {loaded:.2} s, prepare {:.2} s, render {:.2} s, {:.3} Msamples/s, {:.2} Mrays/s, {:.2} rays/sample, {} triangles, {:.0} MB, mean {mean:.5?}, coverage {:.3}",
        film.device,
        prepared - loaded,
        film.seconds,
        samples / film.seconds * 1e-6,
        film.rays as f64 / film.seconds * 1e-6,
        film.rays as f64 / samples,
        scene.triangles(),
        scene.memory_bytes() as f64 * 1e-6,
        film.hit_fraction,
    );
    let width = film.width as usize;
    let pixels = Arc::new(film.rgb);
    exr::prelude::write_rgb_file(out, width, film.height as usize, |x, y| {
        let [r, g, b] = pixels[y * width + x];
        (r, g, b)
    })?;
    Ok(())
}
