//! The glint of a sun's disk on a rough plane: its radiance by quadrature, and the variance that multiple importance sampling
//! of the disk and of the BSDF may have.
#![allow(missing_docs)]

mod common;

use common::{camera, floor, instance, settings, shoot, stage};
use glam::{DVec3, Vec3};
use scenec_scene::{Environment, Light, LightKind, Material};

const PI: f64 = std::f64::consts::PI;

/// f cos of black GGX that reflects all, scattered once, and the density of sampling its visible normals (Heitz 2014, eq. 71, 99; 2018, eq. 17).
fn ggx(wo: DVec3, wi: DVec3, alpha: f64) -> (f64, f64) {
    let h = (wo + wi).normalize();
    let slope = (h.x * h.x + h.z * h.z) / (alpha * alpha);
    let d = 1.0 / (PI * alpha * alpha * (slope + h.y * h.y).powi(2));
    let lambda = |w: DVec3| 0.5 * ((1.0 + alpha * alpha * (w.x * w.x + w.z * w.z) / (w.y * w.y)).sqrt() - 1.0);
    let both = 1.0 / (1.0 + lambda(wo) + lambda(wi));
    (d * both / (4.0 * wo.y), d / (1.0 + lambda(wo)) / (4.0 * wo.y))
}

/// Radiance towards `wo` under a disk of radiance 1, and the variance of one sample of the disk and of one of the BSDF.
fn glint(wo: DVec3, sun: DVec3, radius: f64, alpha: f64) -> (f64, f64, f64) {
    const RINGS: usize = 400;
    let side = sun.any_orthonormal_vector();
    let up = sun.cross(side);
    let solid_angle = 2.0 * PI * (1.0 - radius.cos());
    let (mut mean, mut by_disk, mut by_bsdf) = (0.0, 0.0, 0.0);
    for i in 0..RINGS * RINGS {
        let (sin, cos) = (radius * ((i / RINGS) as f64 + 0.5) / RINGS as f64).sin_cos();
        let (turn_sin, turn_cos) = (2.0 * PI * ((i % RINGS) as f64 + 0.5) / RINGS as f64).sin_cos();
        let wi = sun * cos + (side * turn_cos + up * turn_sin) * sin;
        let (f, density) = ggx(wo, wi, alpha);
        let share = sin * radius * 2.0 * PI / (RINGS * RINGS) as f64;
        mean += f * share;
        by_disk += f * f * solid_angle * share;
        by_bsdf += f * f / density * share;
    }
    (mean, by_disk - mean * mean, by_bsdf - mean * mean)
}

#[test]
fn the_glint_of_a_sun_has_its_radiance_and_little_noise() {
    for radius in [0.004_65f64, 0.05] {
        for roughness in [0.05f64, 0.2, 0.5] {
            for (elevation, aside) in [(45.0f64, 0.0f64), (45.0, 2.0), (10.0, 0.0), (10.0, 2.0)] {
                let what = format!("disk {radius}, roughness {roughness}, view at {elevation}, {aside} degrees aside");
                let at = |degrees: f64, x: f64| {
                    let (sin, cos) = degrees.to_radians().sin_cos();
                    DVec3::new(x * cos, sin, 0.0)
                };
                let (wo, sun) = (at(elevation, -1.0), at(elevation + aside, 1.0));
                let (expected, by_disk, by_bsdf) = glint(wo, sun, radius, roughness * roughness);
                // A disk of radiance 1 facing the surface.
                let irradiance = (PI * radius.sin().powi(2)) as f32;
                let light = Light {
                    name: "sun".into(),
                    kind: LightKind::Sun { direction: -sun.as_vec3(), angular_radius: radius as f32 },
                    color: [irradiance; 3],
                };
                let metal = Material {
                    base_color: [0.0, 0.0, 0.0, 1.0],
                    // Stands for an index without end.
                    ior: 0.0,
                    roughness: roughness as f32,
                    ..Material::default()
                };
                let dark = Environment::Constant([0.0; 3]);
                let s = stage(vec![instance(floor(1000.0, 0.0, false), metal)], vec![light], dark);
                let film = shoot(&s, &camera(wo.as_vec3(), Vec3::ZERO, 0.006), &settings(64, 64, 16, 2));
                let values: Vec<f64> = film.rgb.iter().map(|p| f64::from(p[0])).collect();
                let mean = values.iter().sum::<f64>() / values.len() as f64;
                assert!((mean - expected).abs() < 5e-3 * expected, "{what}: {mean} against {expected}");
                // Of a pixel of 16 samples. Veach 1997, theorem 9.2: at most half the squared mean above the better strategy.
                let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
                let bound = (by_disk.min(by_bsdf) + 0.5 * expected * expected) / 16.0;
                assert!(variance < bound, "{what}: variance {variance}, at most {bound}");
            }
        }
    }
}
