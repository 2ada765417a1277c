//! Clear bodies: what passes, what is absorbed, where light goes, and bodies within bodies, in closed form.
#![allow(missing_docs)]

mod common;

use std::sync::Arc;

use common::{assert_finite, camera, floor, instance, lamp, matte, mean, placed, settings, shoot, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_render::Film;
use scenec_scene::{Environment, Fog, Instance, Light, LightKind, Material};

const WHITE_SKY: Environment = Environment::Constant([1.0; 3]);
const DARK: Environment = Environment::Constant([0.0; 3]);

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-9), "{what}: {found} against {expected}");
}

fn glass(ior: f32) -> Material {
    Material { transmission: 1.0, roughness: 0.0, ior, ..Material::default() }
}

/// Absorbs all but this share of light over a metre.
fn absorbing(ior: f32, left: f32) -> Material {
    Material { transmission_color: [left; 3], transmission_depth: 1.0, ..glass(ior) }
}

/// Top and bottom of a body from `top` down to `bottom`, without sides, which no ray of these tests reaches.
fn slab(top: f32, bottom: f32, material: &Material) -> Vec<Instance> {
    let face = instance(floor(100.0, top, false), material.clone());
    // One body has one material.
    let other = Instance { mesh: Arc::new(floor(100.0, bottom, true)), ..face.clone() };
    vec![face, other]
}

/// Straight down onto the origin.
fn down(instances: Vec<Instance>, fog: Option<Fog>, sky: Environment, samples: u32) -> f64 {
    let mut s = stage(instances, vec![], sky);
    s.fog = fog;
    let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 0.01), &settings(8, 8, samples, 40));
    assert_finite(&film);
    mean(&film)
}

fn reflectance(eta: f64) -> f64 {
    ((eta - 1.0) / (eta + 1.0)).powi(2)
}

/// Reflected and let through by interfaces with what is left of light between them, head on, without interference.
fn layers(interfaces: &[f64], between: &[f64]) -> (f64, f64) {
    let (mut r, mut t) = (interfaces[0], 1.0 - interfaces[0]);
    // Seen from the other side.
    let mut back = r;
    for (reflected, left) in interfaces[1..].iter().zip(between) {
        let round = 1.0 / (1.0 - back * left * reflected * left);
        let through = t * left * (1.0 - reflected) * round;
        let front = r + t * left * reflected * left * t * round;
        back = reflected + (1.0 - reflected).powi(2) * left * back * left * round;
        (r, t) = (front, through);
    }
    (r, t)
}

#[test]
fn a_clear_ball_in_a_white_sky_is_invisible() {
    for roughness in [0.0, 0.3, 0.8] {
        for dispersion in [0.0, 1.0] {
            let material = Material { roughness, dispersion, ..glass(1.5) };
            let s = stage(vec![instance(sphere(1.0, 48, false), material)], vec![], WHITE_SKY);
            let view = camera(Vec3::new(0.0, 0.0, 4.0), Vec3::ZERO, 20.0);
            let film = shoot(&s, &view, &settings(24, 24, 256, 60));
            assert_finite(&film);
            close(mean(&film), 1.0, 6e-3, &format!("roughness {roughness}, dispersion {dispersion}"));
        }
    }
}

#[test]
fn a_slab_reflects_passes_and_absorbs_as_its_series_says() {
    for (ior, left) in [(1.5, 1.0), (1.5, 0.3), (1.33, 0.7), (2.4, 0.5)] {
        let found = down(slab(0.0, -1.0, &absorbing(ior, left)), None, WHITE_SKY, 4096);
        let r = reflectance(f64::from(ior));
        let (back, through) = layers(&[r, r], &[f64::from(left)]);
        close(found, back + through, 2e-3, &format!("index {ior}, {left} left"));
        // Over a dark lower half nothing but the sky above is seen.
        let mut things = slab(0.0, -1.0, &absorbing(ior, left));
        things.push(instance(floor(100.0, -2.0, false), matte(0.0)));
        close(down(things, None, WHITE_SKY, 8192), back, 0.03, &format!("index {ior}, {left} left, reflected"));
    }
}

#[test]
fn of_bodies_in_one_place_the_one_of_greater_priority_is_there() {
    let outer = absorbing(1.5, 0.4);
    let r = reflectance(1.5);
    for (inner_priority, outer_priority) in [(0, 1), (2, 1), (-3, -2)] {
        let mut things = slab(0.0, -1.0, &Material { priority: outer_priority, ..outer.clone() });
        things.extend(slab(-0.25, -0.75, &Material { priority: inner_priority, ..glass(2.4) }));
        let found = down(things, None, WHITE_SKY, 8192);
        let (back, through) = match inner_priority > outer_priority {
            false => layers(&[r, r], &[0.4]),
            true => {
                let inner = reflectance(2.4 / 1.5);
                let quarter = 0.4f64.powf(0.25);
                layers(&[r, inner, inner, r], &[quarter, 1.0, quarter])
            }
        };
        close(found, back + through, 3e-3, &format!("{inner_priority} in {outer_priority}"));
    }
    // Two that overlap: the upper one goes on to -0.6, where the lower one, which yields to it, begins to count.
    let mut things = slab(0.0, -0.6, &Material { priority: 1, ..absorbing(1.5, 0.4) });
    things.extend(slab(-0.4, -1.0, &Material { priority: 0, ..absorbing(1.33, 0.9) }));
    let found = down(things, None, WHITE_SKY, 8192);
    let (back, through) =
        layers(&[r, reflectance(1.33 / 1.5), reflectance(1.33)], &[0.4f64.powf(0.6), 0.9f64.powf(0.4)]);
    close(found, back + through, 3e-3, "overlapping bodies");
}

#[test]
fn an_opaque_thing_in_a_body_is_seen_through_it() {
    // Lambert of albedo 0.5 under 0.5 m of a medium of almost no index, of which half is left after a metre.
    let mut things = slab(0.0, -1.0, &absorbing(1.002, 0.5));
    things.push(instance(floor(100.0, -0.5, false), matte(0.5)));
    let found = down(things, None, Environment::Constant([1.0; 3]), 1024);
    // Of light from all sides: 0.5 * left down * integral of left^(1 / cos) 2 cos dcos.
    let left = 0.5f64.sqrt();
    let n = 20_000;
    let up: f64 = (0..n)
        .map(|i| {
            let c = (f64::from(i) + 0.5) / f64::from(n);
            2.0 * c * left.powf(1.0 / c) / f64::from(n)
        })
        .sum();
    close(found, 0.5 * left * up, 6e-3, "seen through");
}

#[test]
fn there_is_no_fog_in_a_body() {
    let fog = Fog { density: 0.5, albedo: [0.0; 3], anisotropy: 0.0, base: 0.0, height: None };
    let mut things = slab(0.0, -1.0, &glass(1.002));
    things.push(instance(floor(100.0, -2.0, false), lamp(1.0)));
    let found = down(things, Some(fog), DARK, 4096);
    close(found, (-0.5f64 * 2.0).exp(), 0.02, "a metre above and one below");
}

#[test]
fn a_pane_lets_through_what_its_two_faces_let_through_and_bends_nothing() {
    for ior in [1.33f32, 1.5, 2.0] {
        let pane = Material { thin_walled: true, transmission_color: [0.8; 3], ..glass(ior) };
        let things =
            vec![instance(floor(100.0, 0.0, false), pane.clone()), instance(floor(100.0, -1.0, false), lamp(1.0))];
        let r = reflectance(f64::from(ior));
        close(down(things, None, DARK, 1024), 0.8 * (1.0 - r) / (1.0 + r), 0.02, &format!("index {ior}"));
    }
}

/// What a camera sees at 45 degrees through a slab of 1 m on lamps 1 m below it that are dim up to `edge` and bright behind.
fn beyond(material: &Material, edge: f32) -> Film {
    let mut things = slab(0.0, -1.0, material);
    for (radiance, shift) in [(1.0, -50.0), (3.0, 50.0)] {
        let half = instance(floor(50.0, -2.0, false), lamp(radiance));
        things.push(placed(&half, Affine3A::from_translation(Vec3::new(edge + shift, 0.0, 0.0))));
    }
    let s = stage(things, vec![], DARK);
    shoot(&s, &camera(Vec3::new(-1.0, 1.0, 0.0), Vec3::ZERO, 0.02), &settings(8, 8, 512, 3))
}

/// Where such a ray meets the lamps.
fn meets(ior: f64) -> f32 {
    let inner = (0.5f64.sqrt() / ior).asin();
    (inner.tan() + 1.0) as f32
}

#[test]
fn light_bends_by_the_law_of_snell() {
    for ior in [1.33f32, 1.5, 2.4] {
        let at = meets(f64::from(ior));
        let (dim, bright) = (mean(&beyond(&glass(ior), at + 0.01)), mean(&beyond(&glass(ior), at - 0.01)));
        close(bright / dim, 3.0, 0.05, &format!("index {ior}: {dim} and {bright}"));
    }
}

#[test]
fn blue_bends_more_than_red() {
    // Abbe number 20: n F - n C = 0.6 / 20; Cauchy's B is that by 1.9103 / um^2.
    let material = Material { dispersion: 1.0, ..glass(1.6) };
    let b = 0.6 / 20.0 / 1.9103;
    let index = |wavelength: f64| 1.6 + b * (1.0 / (wavelength * wavelength) - 1.0 / (0.5876 * 0.5876));
    let [red, green, blue] = [0.62, 0.54, 0.45].map(|w| meets(index(w)));
    assert!(blue < green && green < red);
    let film = beyond(&material, 0.5 * (blue + green));
    let sum = |k: usize| film.rgb.iter().map(|p| f64::from(p[k])).sum::<f64>();
    // Red and green reach the bright lamp.
    let (r, g, b) = (sum(0), sum(1), sum(2));
    assert!((r / g - 1.0).abs() < 0.15 && (g / b - 3.0).abs() < 0.5, "{r} {g} {b}");
}

#[test]
fn a_small_lamp_behind_a_rough_pane_is_like_a_point() {
    let pane = Material { thin_walled: true, roughness: 0.5, ..glass(1.5) };
    let view = camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 2.0);
    let shine = |lights: Vec<Light>, more: Option<Instance>| {
        let mut things = vec![instance(floor(100.0, 0.0, false), pane.clone())];
        things.extend(more);
        let film = shoot(&stage(things, lights, DARK), &view, &settings(16, 16, 1024, 2));
        assert_finite(&film);
        mean(&film)
    };
    let lamp = instance(floor(0.02, -1.0, false), Material { double_sided: false, ..lamp(100.0) });
    let turned = placed(&lamp, Affine3A::from_translation(Vec3::new(0.3, 0.0, 0.1)));
    let area = shine(vec![], Some(turned));
    // Intensity along the normal is radiance times area.
    let position = Vec3::new(0.3, -1.0, 0.1);
    let kind = LightKind::Point { position };
    let cosine = 1.0 / position.length();
    let color = [100.0 * 0.04 * 0.04 * cosine; 3];
    let point = shine(vec![Light { name: "p".into(), kind, color }], None);
    assert!(point > 1e-3, "{point}");
    close(area, point, 0.02, "lamp and point");
}
