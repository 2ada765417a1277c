//! The same AOVs from both executors.

mod common;

use common::{camera, floor, instance, lamp, matte, placed, settings, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_harness::{Outcome, Skip};
use scenec_render::{Aovs, Device, Frame, MatteKind, RenderError, RenderSettings, aovs, prepare};
use scenec_scene::{AlphaMode, Camera, Environment, Instance, Lens, Material, Stage};

fn compare(now: &Stage, next: Option<&Stage>, camera: &Camera, settings: &RenderSettings) -> Outcome {
    let scene = prepare(now).unwrap();
    let moved = Camera {
        world_from_camera: camera.world_from_camera * Affine3A::from_translation(Vec3::new(0.1, 0.0, 0.0)),
        ..*camera
    };
    let frame = Frame { stage: now, scene: &scene, camera, next: next.map(|next| (next, &moved)), chosen: &[] };
    let kinds = [MatteKind::Material, MatteKind::Object];
    let gpu = match aovs(&frame, &RenderSettings { device: Device::Gpu, ..settings.clone() }, &kinds, &()) {
        Ok(found) => found,
        Err(RenderError::NoAdapter { reason }) => return Err(Skip::no_gpu(reason)),
        Err(error) => panic!("{error}"),
    };
    let native = aovs(&frame, settings, &kinds, &()).unwrap();
    // A ray that passes an edge on the other side changes a pixel: few do.
    let most = native.depth.len() / 100;
    let mut odd = 0;
    for i in 0..native.depth.len() {
        let near = |a: &[f32], b: &[f32], tolerance: f32| {
            a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance * (1.0 + a.abs()))
        };
        let same = near(&native.albedo[i], &gpu.albedo[i], 1e-3)
            && near(&native.normal[i], &gpu.normal[i], 1e-3)
            && near(&[native.depth[i]], &[gpu.depth[i]], 1e-4)
            && near(&native.position[i], &gpu.position[i], 1e-3)
            && motion(&native, i).zip(motion(&gpu, i)).is_none_or(|(a, b)| near(&a, &b, 1e-2));
        odd += usize::from(!same);
    }
    assert!(odd <= most, "{odd} pixels differ");
    assert_eq!(native.motion.is_some(), next.is_some());
    assert_eq!(native.motion.is_some(), gpu.motion.is_some());
    for (a, b) in native.mattes.iter().zip(&gpu.mattes) {
        assert_eq!((a.kind, &a.names), (b.kind, &b.names));
        let differ = a.pixels.iter().zip(&b.pixels).filter(|(a, b)| a != b).count();
        assert!(differ <= most, "{differ} pixels of {:?} differ", a.kind);
        assert!((a.dropped - b.dropped).abs() < 1e-4);
    }
    Ok(())
}

fn motion(aovs: &Aovs, pixel: usize) -> Option<[f32; 2]> {
    aovs.motion.as_ref().map(|m| m[pixel])
}

fn view() -> Camera {
    camera(Vec3::new(0.0, 1.2, 4.0), Vec3::new(0.0, 0.5, 0.0), 40.0)
}

fn named(id: &str, base: Instance) -> Instance {
    Instance { id: id.into(), ..base }
}

fn balls(shift: f32, bend: f32) -> Stage {
    let gold = Material {
        base_color: [0.9, 0.7, 0.3, 1.0],
        metallic: 1.0,
        roughness: 0.3,
        name: "gold".into(),
        ..Material::default()
    };
    let plastic =
        Material { base_color: [0.2, 0.4, 0.8, 1.0], roughness: 0.4, name: "plastic".into(), ..Material::default() };
    let at = |x: f32, y: f32, z: f32| Affine3A::from_translation(Vec3::new(x, y, z));
    let mut bent = sphere(0.6, 32, true);
    bent.positions.iter_mut().for_each(|p| p[0] += bend * p[1]);
    stage(
        vec![
            named("set/floor", instance(floor(3.0, 0.0, false), matte(0.5))),
            named("set/gold", placed(&instance(sphere(0.6, 32, true), gold), at(-0.7 + shift, 0.6, 0.0))),
            named("set/plastic", placed(&instance(bent, plastic), at(0.7, 0.6, 0.0))),
            named("set/lamp", placed(&instance(floor(0.7, 0.0, true), lamp(3.0)), at(0.0, 1.9, 0.0))),
        ],
        vec![],
        Environment::Constant([0.5; 3]),
    )
}

fn solids() -> Outcome {
    compare(&balls(0.0, 0.0), None, &view(), &settings(64, 48, 16, 5))
}

fn motion_and_a_lens() -> Outcome {
    let view = Camera { lens: Lens::round(0.02, 4.0), ..view() };
    compare(&balls(0.0, 0.0), Some(&balls(0.2, 0.3)), &view, &settings(64, 48, 32, 5))
}

fn absent_surfaces() -> Outcome {
    let mut stage = balls(0.0, 0.0);
    for (i, mode) in [AlphaMode::Blend, AlphaMode::Mask(0.5)].into_iter().enumerate() {
        let veil = Material { base_color: [0.9, 0.3, 0.3, 0.4], alpha_mode: mode, ..matte(0.8) };
        let at = Affine3A::from_translation(Vec3::new(0.5 * i as f32 - 0.2, 0.5, 1.2));
        stage.instances.push(named(&format!("set/veil{i}"), placed(&instance(sphere(0.4, 16, true), veil), at)));
    }
    compare(&stage, Some(&stage), &view(), &settings(48, 36, 32, 4))
}

/// More rows than a strip has.
fn many_strips() -> Outcome {
    compare(&balls(0.0, 0.0), Some(&balls(0.1, 0.0)), &view(), &settings(480, 360, 2, 1))
}

scenec_harness::tests![solids, motion_and_a_lens, absent_surfaces, many_strips];
