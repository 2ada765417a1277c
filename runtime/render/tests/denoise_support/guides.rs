//! Guides by means of the path tracer itself: a stage whose surfaces all glow with what is asked for, seen by the same samples.

use std::sync::Arc;

use glam::{Mat3, Vec3};
use scenec_render::{RenderSettings, prepare, render};
use scenec_scene::{Camera, Environment, Material, Stage};

pub struct Guides {
    pub albedo: Vec<[f32; 3]>,
    pub normal: Vec<[f32; 3]>,
    pub depth: Vec<f32>,
}

/// Depth where nothing is met.
pub const BACKGROUND: f32 = 1.0e10;

fn seen(mut stage: Stage, camera: &Camera, settings: &RenderSettings) -> Vec<[f32; 3]> {
    stage.lights.clear();
    stage.environment = Environment::Constant([0.0; 3]);
    let settings = RenderSettings { max_depth: 1, ..settings.clone() };
    render(&prepare(&stage).unwrap(), camera, &settings, &()).unwrap().rgb
}

pub fn guides(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Guides {
    let mut colors = stage.clone();
    for instance in &mut colors.instances {
        // What glows has the colour of its glow.
        let mut material = Material { unlit: true, emission: [0.0; 3], ..(*instance.material).clone() };
        for (base, glow) in material.base_color.iter_mut().zip(instance.material.emission) {
            *base = (*base + glow).min(1.0);
        }
        instance.material = Arc::new(material);
    }
    let mut normals = stage.clone();
    for instance in &mut normals.instances {
        let mut mesh = (*instance.mesh).clone();
        if mesh.normals.is_empty() {
            // Flat: every triangle has its own corners.
            let corners: Vec<[f32; 3]> = mesh.triangles.iter().flatten().map(|i| mesh.positions[*i as usize]).collect();
            mesh.normals = corners
                .chunks(3)
                .flat_map(|c| {
                    let [a, b, c] = [c[0], c[1], c[2]].map(Vec3::from);
                    [(b - a).cross(c - a).normalize_or_zero().to_array(); 3]
                })
                .collect();
            mesh.triangles = (0..corners.len() as u32 / 3).map(|i| [3 * i, 3 * i + 1, 3 * i + 2]).collect();
            mesh.positions = corners;
            (mesh.uv0, mesh.uv1, mesh.tangents) = (Vec::new(), Vec::new(), Vec::new());
        }
        let turn = Mat3::from(instance.world_from_object.matrix3).inverse().transpose();
        mesh.colors = (mesh.normals.iter())
            .map(|n| {
                let n = (turn * Vec3::from(*n)).normalize_or_zero() * 0.5 + 0.5;
                [n.x, n.y, n.z, 1.0]
            })
            .collect();
        instance.mesh = Arc::new(mesh);
        instance.material = Arc::new(Material { unlit: true, ..Material::default() });
    }
    let normal = seen(normals, camera, settings)
        .into_iter()
        .map(|c| if c == [0.0; 3] { c } else { (Vec3::from(c) * 2.0 - 1.0).normalize_or_zero().to_array() })
        .collect();
    Guides { albedo: seen(colors, camera, settings), normal, depth: depth(stage, camera, settings) }
}

/// Of the closest of a few rays through the pixel.
fn depth(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Vec<f32> {
    let scene = prepare(stage).unwrap();
    let tan = (0.5 * camera.vertical_fov).tan();
    let eye = Vec3::from(camera.world_from_camera.translation);
    let scale = 2.0 * tan / settings.height as f32;
    let mut out = Vec::new();
    for y in 0..settings.height {
        for x in 0..settings.width {
            let of = |dx: f32, dy: f32| {
                let px = (x as f32 + dx - 0.5 * settings.width as f32) * scale;
                let py = (0.5 * settings.height as f32 - y as f32 - dy) * scale;
                // The direction has length 1 along the camera's axis.
                let direction = camera.world_from_camera.transform_vector3(Vec3::new(px, py, -1.0));
                scene.trace_closest(eye, direction).map_or(BACKGROUND, |pick| pick.distance)
            };
            out.push(
                [(0.25, 0.25), (0.75, 0.25), (0.5, 0.5), (0.25, 0.75), (0.75, 0.75)]
                    .map(|(a, b)| of(a, b))
                    .into_iter()
                    .fold(BACKGROUND, f32::min),
            );
        }
    }
    out
}
