//! A lantern to stand on a quay: light for a scene without any other.

use glam::{DVec3, Quat};
use scenec_scene::geometry::{GeometryError, Torus, transformed};
use serde_json::json;

use crate::glb::{Document, glowing_material, plain_material};
use crate::parts::{joined, lathe, rod, smooth_lathe};

/// The file: one node "Lantern", 0.42 m tall to its roof, standing on y = 0.
pub fn lantern() -> Result<Vec<u8>, GeometryError> {
    let mut document = Document::default();
    let brass = document.add("materials", plain_material("brass", [0.86, 0.60, 0.24], 1.0, 0.25));
    let glow = glowing_material(&mut document, "flame", [1.0, 0.52, 0.16], 60.0);
    let flame = document.add("materials", glow);

    let foot =
        lathe(&[[0.0, 0.06], [0.085, 0.06], [0.10, 0.045], [0.11, 0.02], [0.11, 0.0], [0.0, 0.0]], false, 0.003, 32)?;
    let roof = smooth_lathe(
        &[
            [0.0, 0.42],
            [0.02, 0.415],
            [0.035, 0.38],
            [0.05, 0.372],
            [0.105, 0.32],
            [0.118, 0.312],
            [0.115, 0.30],
            [0.0, 0.30],
        ],
        false,
        32,
    )?;
    let burner = lathe(&[[0.0, 0.10], [0.025, 0.10], [0.04, 0.06], [0.0, 0.06]], false, 0.002, 20)?;
    let ring = Torus { major_radius: 0.075, minor_radius: 0.006, major_segments: 32, minor_segments: 8 }.mesh()?;
    let upright = glam::Affine3A::from_rotation_translation(
        Quat::from_rotation_x(std::f32::consts::FRAC_PI_2),
        DVec3::new(0.0, 0.485, 0.0).as_vec3(),
    );
    let mut metal = vec![foot, roof, burner, transformed(&ring, upright)];
    for k in 0..6 {
        let angle = std::f64::consts::TAU * f64::from(k) / 6.0;
        let (x, z) = (0.092 * libm::cos(angle), 0.092 * libm::sin(angle));
        metal.push(rod(DVec3::new(x, 0.055, z), DVec3::new(x, 0.315, z), 0.006, 8)?);
    }
    let fire = smooth_lathe(
        &[
            [0.0, 0.240],
            [0.006, 0.225],
            [0.016, 0.190],
            [0.027, 0.155],
            [0.030, 0.135],
            [0.026, 0.112],
            [0.014, 0.102],
            [0.0, 0.100],
        ],
        false,
        20,
    )?;
    let primitives = [
        document.add_primitive(&joined(&metal, 1.0)?, brass, false, None),
        document.add_primitive(&fire, flame, false, None),
    ];
    let mesh = document.add("meshes", json!({ "name": "Lantern", "primitives": primitives }));
    let node = document.add("nodes", json!({ "name": "Lantern", "mesh": mesh }));
    Ok(document.finish("Lantern", &[node]))
}
