//! Small stages and cameras for the tests of the path tracer.
#![allow(dead_code, missing_docs, reason = "each test file uses some of it")]

use std::sync::Arc;

use glam::{Affine3A, Mat3, Vec3};
use scenec_render::{Device, Film, RenderSettings, prepare, render};
use scenec_scene::{Camera, Environment, Instance, Lens, Light, Material, Mesh, Stage};

pub fn camera(from: Vec3, to: Vec3, degrees: f32) -> Camera {
    let up = if (to - from).normalize().y.abs() > 0.99 { Vec3::Z } else { Vec3::Y };
    let back = (from - to).normalize();
    let right = up.cross(back).normalize();
    Camera {
        world_from_camera: Affine3A::from_mat3_translation(Mat3::from_cols(right, back.cross(right), back), from),
        vertical_fov: degrees.to_radians(),
        lens: Lens::round(0.0, 1.0),
        exposure: 1.0,
    }
}

pub fn settings(width: u32, height: u32, samples: u32, max_depth: u32) -> RenderSettings {
    RenderSettings { width, height, samples, max_depth, seed: 0, device: Device::Native, ..RenderSettings::default() }
}

pub fn stage(instances: Vec<Instance>, lights: Vec<Light>, environment: Environment) -> Stage {
    Stage { instances, lights, environment, fog: None }
}

pub fn instance(mesh: Mesh, material: Material) -> Instance {
    Instance {
        id: "thing".into(),
        mesh: Arc::new(mesh),
        material: Arc::new(material),
        world_from_object: Affine3A::IDENTITY,
    }
}

pub fn placed(instance: &Instance, world_from_object: Affine3A) -> Instance {
    Instance { world_from_object, ..instance.clone() }
}

/// Lambert with this albedo.
pub fn matte(albedo: f32) -> Material {
    Material { base_color: [albedo, albedo, albedo, 1.0], specular: 0.0, ..Material::default() }
}

pub fn lamp(radiance: f32) -> Material {
    Material { emission: [radiance; 3], ..matte(0.0) }
}

/// A square in the plane y = `y` that faces up, or down if `down`.
pub fn floor(half: f32, y: f32, down: bool) -> Mesh {
    let p = [[-half, y, half], [half, y, half], [half, y, -half], [-half, y, -half]];
    let triangles = if down { vec![[0, 2, 1], [0, 3, 2]] } else { vec![[0, 1, 2], [0, 2, 3]] };
    Mesh { positions: p.to_vec(), triangles, ..Mesh::default() }
}

/// A sphere of flat triangles, or with smooth normals.
pub fn sphere(radius: f32, rings: u32, smooth: bool) -> Mesh {
    let around = 2 * rings;
    let mut mesh = Mesh::default();
    for ring in 0..=rings {
        let polar = std::f32::consts::PI * ring as f32 / rings as f32;
        for step in 0..=around {
            let turn = std::f32::consts::TAU * step as f32 / around as f32;
            let n = [polar.sin() * turn.cos(), polar.cos(), -polar.sin() * turn.sin()];
            mesh.positions.push(n.map(|x| x * radius));
            if smooth {
                mesh.normals.push(n);
            }
        }
    }
    for ring in 0..rings {
        for step in 0..around {
            let a = ring * (around + 1) + step;
            let b = a + around + 1;
            if ring > 0 {
                mesh.triangles.push([a, b, a + 1]);
            }
            if ring + 1 < rings {
                mesh.triangles.push([a + 1, b, b + 1]);
            }
        }
    }
    mesh
}

pub fn shoot(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Film {
    render(&prepare(stage).unwrap(), camera, settings, &()).unwrap()
}

/// Mean of all pixels and channels.
pub fn mean(film: &Film) -> f64 {
    film.rgb.iter().flatten().map(|x| f64::from(*x)).sum::<f64>() / (3 * film.rgb.len()) as f64
}

pub fn assert_finite(film: &Film) {
    assert!(film.rgb.iter().flatten().all(|x| x.is_finite() && *x >= 0.0), "a pixel is no number");
}
