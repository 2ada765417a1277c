//! The photo studio that a lone model is put into: soft boxes around it and a floor for its shadow.

use std::sync::Arc;

use glam::{Affine3A, Vec3};
use scenec_scene::{Bounds, Environment, Instance, Material, Mesh};

const WIDTH: usize = 256;
const HEIGHT: usize = 128;

/// A soft box: direction to its middle, half size and radiance.
struct SoftBox {
    azimuth: f32,
    elevation: f32,
    half_width: f32,
    half_height: f32,
    radiance: [f32; 3],
}

/// Key from the left above the camera, fill from the right, a rim light behind, over a dim room. Angles in degrees;
/// azimuth 0 is +Z, where the framed camera stands.
const BOXES: [SoftBox; 3] = [
    SoftBox { azimuth: -50.0, elevation: 48.0, half_width: 26.0, half_height: 20.0, radiance: [9.0, 8.6, 8.0] },
    SoftBox { azimuth: 70.0, elevation: 25.0, half_width: 20.0, half_height: 24.0, radiance: [2.1, 2.3, 2.6] },
    SoftBox { azimuth: 165.0, elevation: 38.0, half_width: 34.0, half_height: 12.0, radiance: [5.0, 5.2, 5.6] },
];

/// Light of the studio, turned so that the key stands left of a camera at `camera_azimuth` (radians from +Z about +Y).
pub fn light(camera_azimuth: f32) -> Environment {
    let mut rgb = Vec::with_capacity(WIDTH * HEIGHT);
    for row in 0..HEIGHT {
        let elevation = 90.0 - (row as f32 + 0.5) * 180.0 / HEIGHT as f32;
        for column in 0..WIDTH {
            // Column to azimuth from +Z towards +X: u = 0.5 + atan2(z, x) / 2 pi.
            let azimuth = 90.0 - ((column as f32 + 0.5) / WIDTH as f32 - 0.5) * 360.0 - camera_azimuth.to_degrees();
            rgb.push(room(azimuth, elevation));
        }
    }
    Environment::Map { width: WIDTH as u32, height: HEIGHT as u32, rgb: Arc::new(rgb), strength: 1.0, rotation: 0.0 }
}

fn room(azimuth: f32, elevation: f32) -> [f32; 3] {
    // A dim room, lighter above.
    let base = 0.16 + 0.16 * (elevation / 90.0).max(0.0);
    let mut out = [base, base, base * 1.03];
    for b in &BOXES {
        let mut off = (azimuth - b.azimuth) % 360.0;
        if off > 180.0 {
            off -= 360.0;
        } else if off < -180.0 {
            off += 360.0;
        }
        // Soft edges: full inside, gone four degrees outside.
        let edge = |distance: f32, half: f32| ((half + 4.0 - distance) / 8.0).clamp(0.0, 1.0);
        let cover = edge(off.abs() * elevation.to_radians().cos(), b.half_width)
            * edge((elevation - b.elevation).abs(), b.half_height);
        for (o, r) in out.iter_mut().zip(b.radiance) {
            *o += r * cover;
        }
    }
    out
}

/// A matte floor under a subject, wide enough to fill the picture behind it.
pub fn floor(subject: &Bounds) -> Instance {
    let radius = subject.radius().max(1e-3) * 60.0;
    let center = subject.center();
    let mut mesh = Mesh::default();
    for (x, z) in [(-1.0, -1.0), (-1.0, 1.0), (1.0, 1.0), (1.0, -1.0)] {
        mesh.positions.push([x * radius, 0.0, z * radius]);
        mesh.normals.push([0.0, 1.0, 0.0]);
        mesh.uv0.push([x * 0.5 + 0.5, z * 0.5 + 0.5]);
    }
    mesh.triangles = vec![[0, 1, 2], [0, 2, 3]];
    let material = Material {
        name: "studio floor".into(),
        base_color: [0.27, 0.27, 0.28, 1.0],
        specular: 0.0,
        ..Material::default()
    };
    // A hair below the subject, so that a flat underside does not fight with the floor.
    let height = subject.min.y - subject.radius() * 1e-4;
    Instance {
        id: "studio/floor".into(),
        mesh: Arc::new(mesh),
        material: Arc::new(material),
        world_from_object: Affine3A::from_translation(Vec3::new(center.x, height, center.z)),
    }
}
