//! The same picture from both executors.

mod common;

use common::{camera, floor, instance, lamp, matte, settings, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_harness::{Outcome, Skip};
use scenec_render::{Device, Film, Filter, RenderError, RenderSettings, devices, prepare, render};
use scenec_scene::{AlphaMode, Camera, Environment, Fog, Instance, LampShape, Lens, Light, LightKind, Material, Stage};

fn on_gpu(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Result<Film, Skip> {
    match render(&prepare(stage).unwrap(), camera, &RenderSettings { device: Device::Gpu, ..settings.clone() }, &()) {
        Ok(film) => Ok(film),
        Err(RenderError::NoAdapter { reason }) => Err(Skip::no_gpu(reason)),
        Err(error) => panic!("{error}"),
    }
}

fn compare(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Outcome {
    let gpu = on_gpu(stage, camera, settings)?;
    let native = render(&prepare(stage).unwrap(), camera, settings, &()).unwrap();
    assert_eq!(native.rgb.len(), gpu.rgb.len());
    let mut sum = 0.0;
    let mut outliers = 0;
    for (a, b) in native.rgb.iter().zip(&gpu.rgb) {
        let worst = (0..3).map(|k| (a[k] - b[k]).abs()).fold(0.0f32, f32::max);
        sum += f64::from((a[0] - b[0]).abs() + (a[1] - b[1]).abs() + (a[2] - b[2]).abs());
        outliers += u32::from(worst > 0.01 * (1.0 + a[0].max(a[1]).max(a[2])));
    }
    let count = native.rgb.len() as f64;
    assert_eq!(native.half.len(), gpu.half.len());
    let halves: f64 =
        (native.half.iter().flatten().zip(gpu.half.iter().flatten())).map(|(a, b)| f64::from((a - b).abs())).sum();
    assert!(halves / (3.0 * count) < 2e-3, "mean absolute difference of the halves {}", halves / (3.0 * count));
    let mean = sum / (3.0 * count);
    assert!(mean < 1e-3, "mean absolute difference {mean}");
    assert!(f64::from(outliers) / count < 0.01, "{outliers} outliers of {count}");
    assert!((native.hit_fraction - gpu.hit_fraction).abs() < 1e-3);
    let rays = gpu.rays as f64 / native.rays as f64;
    assert!((rays - 1.0).abs() < 0.01, "{} rays against {}", gpu.rays, native.rays);
    Ok(())
}

fn view() -> Camera {
    camera(Vec3::new(0.0, 1.2, 4.0), Vec3::new(0.0, 0.5, 0.0), 40.0)
}

fn balls() -> Vec<Instance> {
    let gold = Material { base_color: [0.9, 0.7, 0.3, 1.0], metallic: 1.0, roughness: 0.3, ..Material::default() };
    let plastic = Material { base_color: [0.2, 0.4, 0.8, 1.0], roughness: 0.4, ..Material::default() };
    let mut out = vec![instance(floor(10.0, 0.0, false), matte(0.5))];
    for (x, material) in [(-0.7, gold), (0.7, plastic)] {
        let mut ball = instance(sphere(0.6, 32, true), material);
        ball.world_from_object = Affine3A::from_translation(Vec3::new(x, 0.6, 0.0));
        out.push(ball);
    }
    out
}

fn sky_and_metal() -> Outcome {
    compare(&stage(balls(), vec![], Environment::Constant([0.6, 0.8, 1.0])), &view(), &settings(64, 48, 64, 5))
}

fn lamps_a_sun_and_a_map() -> Outcome {
    let mut parts = balls();
    parts.push(instance(floor(0.7, 2.5, true), lamp(6.0)));
    let sun = Light {
        name: "sun".into(),
        kind: LightKind::Sun { direction: Vec3::new(0.4, -1.0, -0.3), angular_radius: 0.02 },
        color: [1.0; 3],
    };
    let map = Environment::Map {
        width: 16,
        height: 8,
        rgb: std::sync::Arc::new((0..128).map(|i| [0.3, 0.2 + 0.004 * i as f32, 0.5]).collect()),
        strength: 0.6,
        rotation: 0.5,
    };
    compare(&stage(parts, vec![sun], map), &view(), &settings(64, 48, 64, 5))
}

fn absent_surfaces() -> Outcome {
    let mut parts = balls();
    let veil = Material { base_color: [0.9, 0.3, 0.3, 0.4], alpha_mode: AlphaMode::Blend, ..matte(0.8) };
    let mut ball = instance(sphere(0.4, 16, true), veil);
    ball.world_from_object = Affine3A::from_translation(Vec3::new(0.0, 0.5, 1.2));
    parts.push(ball);
    let light =
        Light { name: "p".into(), kind: LightKind::Point { position: Vec3::new(1.0, 2.0, 1.0) }, color: [2.0; 3] };
    for (shape, radius, at) in
        [(LampShape::Ball, 0.2, Vec3::new(-0.2, 1.2, 1.0)), (LampShape::Disk, 0.3, Vec3::new(0.6, 1.9, 0.2))]
    {
        let shine = Material { double_sided: true, ..lamp(3.0) };
        parts.push(Instance {
            world_from_object: Affine3A::from_translation(at) * Affine3A::from_scale(Vec3::splat(radius)),
            ..instance(shape.proxy(), shine)
        });
    }
    let settings =
        RenderSettings { filter: Filter::Gaussian(3.0), clamp_indirect: Some(2.0), ..settings(48, 36, 64, 4) };
    let view = Camera { lens: Lens { radius: 0.05, focus_distance: 3.5, blades: 6, blade_turn: 0.3 }, ..view() };
    compare(&stage(parts, vec![light], Environment::Constant([0.2; 3])), &view, &settings)
}

/// Whole bands of rows go on or end on a GPU, blocks on the CPU: what both judge clean is clean.
fn sampling_that_ends_by_noise() -> Outcome {
    let mut parts = balls();
    parts.push(instance(floor(0.7, 2.5, true), lamp(6.0)));
    let stage = stage(parts, vec![], Environment::Constant([0.6, 0.8, 1.0]));
    let settings = RenderSettings { noise: Some(0.12), ..settings(48, 64, 256, 3) };
    let gpu = on_gpu(&stage, &view(), &settings)?;
    assert_eq!(gpu.sample_counts.len(), 48 * 64, "some rows ended before others");
    assert!(gpu.sample_counts.chunks(48).all(|row| row.windows(2).all(|w| w[0] == w[1])));
    let native = render(&prepare(&stage).unwrap(), &view(), &settings, &()).unwrap();
    let mean = |film: &Film| film.rgb.iter().flatten().map(|x| f64::from(*x)).sum::<f64>() / film.rgb.len() as f64;
    assert!((mean(&gpu) / mean(&native) - 1.0).abs() < 5e-3, "{} against {}", mean(&gpu), mean(&native));
    Ok(())
}

fn clear_coated_and_woven_surfaces() -> Outcome {
    let glass = Material { transmission: 1.0, roughness: 0.2, ior: 1.5, dispersion: 0.5, ..Material::default() };
    let amber =
        Material { transmission_color: [0.9, 0.5, 0.1], transmission_depth: 0.5, dispersion: 0.0, ..glass.clone() };
    let car = Material {
        base_color: [0.6, 0.05, 0.05, 1.0],
        metallic: 0.4,
        roughness: 0.4,
        anisotropy: 0.5,
        coat: 1.0,
        coat_roughness: 0.1,
        coat_color: [0.9, 0.8, 0.7],
        ..Material::default()
    };
    let cloth = Material { base_color: [0.1, 0.2, 0.5, 1.0], diffuse_roughness: 1.0, fuzz: 0.7, ..Material::default() };
    let pane = Material { thin_walled: true, dispersion: 0.0, ..glass.clone() };
    let mut parts = vec![instance(floor(10.0, 0.0, false), matte(0.5)), instance(floor(0.7, 2.5, true), lamp(6.0))];
    for (i, material) in [glass, car, cloth, pane].into_iter().enumerate() {
        let mut ball = instance(sphere(0.45, 32, true), material);
        ball.world_from_object = Affine3A::from_translation(Vec3::new(0.95 * i as f32 - 1.4, 0.5, 0.0));
        parts.push(ball);
    }
    // In the glass, and out of it on one side.
    let mut inner = instance(sphere(0.3, 16, false), Material { priority: 1, ..amber });
    inner.world_from_object = Affine3A::from_translation(Vec3::new(-1.1, 0.5, 0.1));
    parts.push(inner);
    let light =
        Light { name: "p".into(), kind: LightKind::Point { position: Vec3::new(1.0, 2.0, 1.0) }, color: [2.0; 3] };
    compare(&stage(parts, vec![light], Environment::Constant([0.3, 0.4, 0.5])), &view(), &settings(48, 36, 64, 7))
}

fn fog_over_everything() -> Outcome {
    for height in [Some(1.5), None] {
        let mut parts = balls();
        parts.push(instance(floor(0.7, 2.5, true), lamp(6.0)));
        let veil = Material { base_color: [0.9, 0.3, 0.3, 0.4], alpha_mode: AlphaMode::Blend, ..matte(0.8) };
        parts.push(instance(sphere(0.4, 16, true), veil));
        let sun = Light {
            name: "sun".into(),
            kind: LightKind::Sun { direction: Vec3::new(0.4, -1.0, -0.3), angular_radius: 0.02 },
            color: [1.0; 3],
        };
        let fog = Fog { density: 0.2, base: 0.2, height, albedo: [0.95, 0.9, 0.8], anisotropy: 0.6 };
        let stage = Stage { fog: Some(fog), ..stage(parts, vec![sun], Environment::Constant([0.2, 0.3, 0.5])) };
        compare(&stage, &view(), &settings(64, 48, 64, 8))?;
    }
    Ok(())
}

fn the_list_of_devices_says_why_one_is_not_usable() {
    for device in devices() {
        assert!(!device.name.is_empty());
        assert_eq!(device.usable, device.why_not.is_none());
    }
}

scenec_harness::tests![
    sky_and_metal,
    sampling_that_ends_by_noise,
    lamps_a_sun_and_a_map,
    absent_surfaces,
    clear_coated_and_woven_surfaces,
    fog_over_everything,
    the_list_of_devices_says_why_one_is_not_usable,
];
