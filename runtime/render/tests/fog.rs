//! Fog whose radiance has a closed form or a quadrature.
#![allow(missing_docs)]

mod common;

use common::{assert_finite, camera, floor, instance, lamp, matte, mean, placed, settings, shoot, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_render::{RenderSettings, prepare, render};
use scenec_scene::{AlphaMode, Environment, Fog, Instance, Light, LightKind, Material, Mesh, Stage};

const PI: f64 = std::f64::consts::PI;
const WHITE_SKY: Environment = Environment::Constant([1.0; 3]);
const DARK: Environment = Environment::Constant([0.0; 3]);

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-9), "{what}: {found} against {expected}");
}

fn fog(density: f32, height: Option<f32>, albedo: f32, anisotropy: f32) -> Fog {
    Fog { density, base: 0.0, height, albedo: [albedo; 3], anisotropy }
}

fn fogged(stage: Stage, fog: Fog) -> Stage {
    Stage { fog: Some(fog), ..stage }
}

/// A square of radiance 1 that faces the eye and fills its view.
fn glow(at: Vec3, eye: Vec3) -> Instance {
    let unlit = Material { unlit: true, base_color: [1.0; 4], double_sided: true, ..Material::default() };
    let turn = glam::Quat::from_rotation_arc(Vec3::Y, (eye - at).normalize());
    let map = Affine3A::from_rotation_translation(turn, at);
    placed(&instance(floor(2.0, 0.0, false), unlit), map)
}

/// Extinction as `Fog` says it.
fn extinction(fog: &Fog, y: f64) -> f64 {
    let above = (y - f64::from(fog.base)).max(0.0);
    f64::from(fog.density) * fog.height.map_or(1.0, |h| (-above / f64::from(h)).exp())
}

fn integral(from: f64, to: f64, f: impl Fn(f64) -> f64) -> f64 {
    const STEPS: u32 = 20_000;
    let h = (to - from) / f64::from(STEPS);
    (0..STEPS).map(|i| f(from + h * (f64::from(i) + 0.5))).sum::<f64>() * h
}

fn optical_depth(fog: &Fog, from: Vec3, to: Vec3) -> f64 {
    let (y0, y1) = (f64::from(from.y), f64::from(to.y));
    f64::from(from.distance(to)) * integral(0.0, 1.0, |s| extinction(fog, y0 + (y1 - y0) * s))
}

#[test]
fn black_fog_dims_what_is_behind_it_as_beer_and_lambert_say() {
    let eyes = [
        (Vec3::new(0.0, 1.0, 0.0), Vec3::new(0.0, 1.0, -20.0), "level"),
        (Vec3::new(0.0, 9.0, 0.0), Vec3::new(0.0, 0.5, -12.0), "down"),
        (Vec3::new(0.0, 0.5, 0.0), Vec3::new(3.0, 12.0, -5.0), "up"),
        (Vec3::new(0.0, 15.0, 0.0), Vec3::new(0.0, 0.0, 0.0), "straight down"),
        (Vec3::new(0.0, -3.0, 0.0), Vec3::new(0.0, 6.0, 0.0), "straight up across the base"),
        (Vec3::new(0.0, 3.0, 0.0), Vec3::new(0.0, -4.0, -7.0), "down across the base"),
        (Vec3::new(0.0, -3.0, 0.0), Vec3::new(0.0, -3.0, -9.0), "level below the base"),
    ];
    for height in [Some(3.0), Some(0.7), None] {
        let fog = fog(0.08, height, 0.0, 0.6);
        for (eye, target, what) in eyes {
            let s = fogged(stage(vec![glow(target, eye)], vec![], DARK), fog);
            let film = shoot(&s, &camera(eye, target, 0.02), &settings(16, 16, 256, 3));
            let expected = (-optical_depth(&fog, eye, target)).exp();
            close(mean(&film), expected, 2e-3, what);
            assert_eq!(film.hit_fraction, 1.0, "fog does not cover");
        }
    }
}

#[test]
fn light_is_dimmed_on_its_way_to_surfaces_too() {
    // Black fog over a floor: light comes down through it, and up to the eye.
    let fog = fog(0.3, Some(2.0), 0.0, 0.0);
    let eye = Vec3::new(0.0, 6.0, 0.0);
    let up = optical_depth(&fog, Vec3::ZERO, eye);
    let sun = LightKind::Sun { direction: Vec3::new(0.0, -0.8, -0.6), angular_radius: 0.0 };
    let point = LightKind::Point { position: Vec3::new(0.0, 5.0, 1.0) };
    // From all heights to infinity: density * height / slope.
    let from_sun = 0.5 * 3.0 * 0.8 / PI * (-0.3f64 * 2.0 / 0.8).exp();
    let d2 = 26.0f64;
    let cosine = 5.0 / d2.sqrt();
    let from_point = 0.5 * 3.0 * cosine / d2 / PI * (-optical_depth(&fog, Vec3::ZERO, Vec3::new(0.0, 5.0, 1.0))).exp();
    for (kind, expected, what) in [(sun, from_sun, "sun"), (point, from_point, "point")] {
        let light = Light { name: "l".into(), kind, color: [3.0; 3] };
        let s = fogged(stage(vec![instance(floor(50.0, 0.0, false), matte(0.5))], vec![light], DARK), fog);
        let film = shoot(&s, &camera(eye, Vec3::ZERO, 0.02), &settings(16, 16, 256, 4));
        close(mean(&film), expected * (-up).exp(), 2e-3, what);
    }
}

#[test]
fn a_sun_disk_and_the_sky_are_seen_through_what_lies_before_them() {
    let fog = fog(0.2, Some(2.0), 0.0, 0.0);
    let eye = Vec3::new(0.0, 1.0, 0.0);
    let above = 0.2 * 2.0 * (-0.5f64).exp();
    for slope in [1.0f32, 0.5, 0.1] {
        let toward = Vec3::new(0.0, slope, -(1.0 - slope * slope).sqrt());
        let s = fogged(stage(vec![], vec![], WHITE_SKY), fog);
        let film = shoot(&s, &camera(eye, eye + toward, 0.02), &settings(16, 16, 256, 3));
        close(mean(&film), (-above / f64::from(slope)).exp(), 2e-3, "sky");
        assert_eq!(film.hit_fraction, 0.0, "fog does not cover");
    }
    let s = fogged(stage(vec![], vec![], WHITE_SKY), fog);
    for slope in [0.0f32, -0.5] {
        let film = shoot(&s, &camera(eye, eye + Vec3::new(0.0, slope, -1.0), 0.02), &settings(8, 8, 64, 3));
        assert!(mean(&film) < 1e-6, "there is no end of it: {}", mean(&film));
    }
}

/// Mean of several renders and the standard deviation of that mean.
fn estimate(stage: &Stage, eye: Vec3, target: Vec3, s: &RenderSettings) -> (f64, f64) {
    const RENDERS: u32 = 8;
    let scene = prepare(stage).unwrap();
    let means: Vec<f64> = (0..RENDERS)
        .map(|seed| {
            let film = render(&scene, &camera(eye, target, 0.02), &RenderSettings { seed, ..s.clone() }, &()).unwrap();
            assert_finite(&film);
            mean(&film)
        })
        .collect();
    let n = f64::from(RENDERS);
    let mean = means.iter().sum::<f64>() / n;
    let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

#[test]
fn white_fog_in_a_uniform_sky_is_not_seen() {
    // All light that is scattered away from a ray is replaced: the radiance is that of the sky. Over a white floor, or between
    // one below and none above, paths end soon; without one some go on below the base for longer than 255 segments.
    for anisotropy in [-0.7, 0.0, 0.6, 0.95] {
        let fog = fog(0.5, Some(2.0), 1.0, anisotropy);
        let white = instance(floor(3e4, 0.0, false), matte(1.0));
        for (toward, what) in [(Vec3::Y, "up"), (Vec3::new(0.3, 0.3, -1.0), "aside"), (Vec3::NEG_Y, "down")] {
            let s = fogged(stage(vec![white.clone()], vec![], WHITE_SKY), fog);
            let eye = Vec3::new(0.0, 1.0, 0.0);
            let (found, _) = estimate(&s, eye, eye + toward, &settings(16, 16, 16, 255));
            close(found, 1.0, 3e-3, &format!("{what}, anisotropy {anisotropy}"));
        }
        let s = fogged(stage(vec![], vec![], WHITE_SKY), fog);
        let eye = Vec3::new(0.0, 4.0, 0.0);
        let (found, _) = estimate(&s, eye, eye + Vec3::Y, &settings(16, 16, 16, 255));
        assert!(found < 1.0 + 1e-4 && found > 0.98, "no geometry, anisotropy {anisotropy}: {found}");
    }
}

#[test]
fn a_map_gives_what_a_uniform_sky_gives() {
    let map = Environment::Map {
        width: 32,
        height: 16,
        rgb: std::sync::Arc::new(vec![[0.5; 3]; 512]),
        strength: 2.0,
        rotation: 0.3,
    };
    let fog = fog(0.4, Some(2.0), 0.8, 0.5);
    let eye = Vec3::new(0.0, 1.0, 0.0);
    let look = |environment| {
        let floor = instance(floor(3e4, 0.0, false), matte(0.5));
        estimate(
            &fogged(stage(vec![floor], vec![], environment), fog),
            eye,
            eye + Vec3::NEG_Z,
            &settings(16, 16, 64, 8),
        )
    };
    let ((a, sa), (b, sb)) = (look(map), look(WHITE_SKY));
    assert!((a - b).abs() < 4.0 * sa.hypot(sb) + 1e-4, "{a} +- {sa} against {b} +- {sb}");
    assert!(sa.hypot(sb) < 0.01 * a);
}

/// Henyey and Greenstein 1941, per steradian.
fn phase(cosine: f64, g: f64) -> f64 {
    (1.0 - g * g) / (4.0 * PI * (1.0 + g * g - 2.0 * g * cosine).powf(1.5))
}

#[test]
fn light_of_a_sun_is_scattered_once_as_a_quadrature_says() {
    // Two segments: the eye, a point in the fog, the sun. A black wall ends the view.
    for (anisotropy, slope) in [(0.0, 0.0f32), (0.6, 0.0), (-0.4, 0.3), (0.8, -0.3)] {
        let fog = fog(0.15, Some(3.0), 0.7, anisotropy);
        let eye = Vec3::new(0.0, 4.0, 0.0);
        let direction = Vec3::new(0.0, slope, -1.0).normalize();
        let wall = Instance { material: std::sync::Arc::new(matte(0.0)), ..glow(eye + direction * 10.0, eye) };
        let toward = Vec3::new(0.3, 0.6, 0.5).normalize();
        for angular_radius in [0.0f32, 0.03] {
            let kind = LightKind::Sun { direction: -toward, angular_radius };
            let light = Light { name: "sun".into(), kind, color: [3.0, 2.0, 1.0] };
            let s = fogged(stage(vec![wall.clone()], vec![light], DARK), fog);
            let (found, _) = estimate(&s, eye, eye + direction * 10.0, &settings(16, 16, 256, 2));
            let expected = integral(0.0, 10.0, |t| {
                let p = eye + direction * t as f32;
                // From here to the sun: what is above over the sine of its elevation.
                let down = extinction(&fog, f64::from(p.y)) * 3.0 / f64::from(toward.y);
                extinction(&fog, f64::from(p.y)) * (-optical_depth_fast(&fog, eye, p) - down).exp()
            }) * 0.7
                * 2.0
                * phase(f64::from(direction.dot(toward)), f64::from(anisotropy));
            close(found, expected, 4e-3, &format!("anisotropy {anisotropy}, slope {slope}, disk {angular_radius}"));
        }
    }
}

/// Closed form above the base, in f64.
fn optical_depth_fast(fog: &Fog, from: Vec3, to: Vec3) -> f64 {
    let (a, b) = (extinction(fog, f64::from(from.y)), extinction(fog, f64::from(to.y)));
    let length = f64::from(from.distance(to));
    if (a - b).abs() < 1e-9 * a { a * length } else { length * (a - b) / (a / b).ln() }
}

#[test]
fn light_of_a_lamp_without_size_is_scattered_once_as_a_quadrature_says() {
    for height in [Some(3.0), None] {
        let fog = fog(0.2, height, 0.9, 0.4);
        let eye = Vec3::new(0.0, 2.0, 0.0);
        let direction = Vec3::new(0.0, 0.1, -1.0).normalize();
        let wall = Instance { material: std::sync::Arc::new(matte(0.0)), ..glow(eye + direction * 8.0, eye) };
        let position = Vec3::new(1.5, 3.0, -4.0);
        let light = Light { name: "p".into(), kind: LightKind::Point { position }, color: [5.0; 3] };
        let s = fogged(stage(vec![wall], vec![light], DARK), fog);
        let (found, _) = estimate(&s, eye, eye + direction * 8.0, &settings(16, 16, 256, 2));
        let expected = integral(0.0, 8.0, |t| {
            let p = eye + direction * t as f32;
            let way = position - p;
            let cosine = f64::from(direction.dot(way.normalize()));
            extinction(&fog, f64::from(p.y))
                * (-optical_depth_fast(&fog, eye, p) - optical_depth_fast(&fog, p, position)).exp()
                * phase(cosine, 0.4)
                / f64::from(way.length_squared())
        }) * 0.9
            * 5.0;
        close(found, expected, 4e-3, "point light");
    }
}

#[test]
fn strategies_agree() {
    // A lamp is found by next-event estimation and by the phase function; an unlit surface of the same radiance by the latter alone.
    let glow = Material { unlit: true, base_color: [1.0; 4], ..Material::default() };
    for (anisotropy, depth) in [(-0.5, 2), (0.0, 2), (0.85, 2), (0.6, 6)] {
        let scene = |material: &Material| {
            let parts =
                vec![instance(floor(50.0, 0.0, false), matte(0.6)), instance(floor(1.5, 2.5, true), material.clone())];
            fogged(stage(parts, vec![], DARK), fog(0.4, Some(4.0), 0.9, anisotropy))
        };
        let eye = Vec3::new(0.0, 1.5, 5.0);
        let target = Vec3::new(0.0, 1.2, 0.0);
        let look = |material: &Material| estimate(&scene(material), eye, target, &settings(16, 16, 256, depth));
        let ((a, sa), (b, sb)) = (look(&lamp(1.0)), look(&glow));
        assert!((a - b).abs() < 4.0 * sa.hypot(sb), "anisotropy {anisotropy}: {a} +- {sa} against {b} +- {sb}");
        assert!(sa.hypot(sb) < 0.02 * a, "{sa} {sb} of {a}");
        assert!(sa < sb, "next-event estimation helps: {sa} against {sb}");
    }
}

#[test]
fn fog_of_no_density_changes_no_bit() {
    let parts = || vec![instance(floor(10.0, 0.0, false), matte(0.5)), instance(sphere(0.5, 16, true), matte(0.8))];
    let view = camera(Vec3::new(0.0, 1.0, 3.0), Vec3::ZERO, 40.0);
    let without = shoot(&stage(parts(), vec![], WHITE_SKY), &view, &settings(24, 16, 8, 5));
    let with =
        shoot(&fogged(stage(parts(), vec![], WHITE_SKY), fog(0.0, None, 1.0, 0.0)), &view, &settings(24, 16, 8, 5));
    assert_eq!(without.rgb, with.rgb);
}

#[test]
fn absent_surfaces_do_not_change_the_fog() {
    // Ten sheets that are not there, one that half is: coverage counts surfaces, seen or not, and light is dimmed as without them.
    let fog = fog(0.3, Some(3.0), 0.0, 0.0);
    let eye = Vec3::new(0.0, 1.0, 0.0);
    let target = Vec3::new(0.0, 1.0, -6.0);
    let sheet = |alpha: f32, z: f32| {
        let material = Material {
            base_color: [0.0, 0.0, 0.0, alpha],
            alpha_mode: AlphaMode::Blend,
            double_sided: true,
            ..matte(0.0)
        };
        Instance { material: std::sync::Arc::new(material), ..glow(Vec3::new(0.0, 1.0, z), eye) }
    };
    let mut parts: Vec<Instance> = (0..10).map(|i| sheet(0.0, -0.5 * (i + 1) as f32)).collect();
    parts.push(glow(target, eye));
    let s = settings(16, 16, 256, 3);
    let film = shoot(&fogged(stage(parts.clone(), vec![], DARK), fog), &camera(eye, target, 0.02), &s);
    let clear = (-optical_depth(&fog, eye, target)).exp();
    close(mean(&film), clear, 2e-3, "sheets that are not there");
    assert_eq!(film.hit_fraction, 1.0);
    parts.pop();
    parts.push(sheet(0.5, -5.5));
    let film = shoot(&fogged(stage(parts, vec![], WHITE_SKY), fog), &camera(eye, target, 0.02), &s);
    assert!((film.hit_fraction - 0.5).abs() < 0.01, "half of the rays meet a surface: {}", film.hit_fraction);
}

#[test]
fn the_same_bytes_on_any_number_of_threads() {
    let parts = vec![instance(floor(50.0, 0.0, false), matte(0.5)), instance(floor(0.5, 2.5, true), lamp(5.0))];
    let s =
        prepare(&fogged(stage(parts, vec![], Environment::Constant([0.2, 0.3, 0.4])), fog(0.3, Some(1.0), 0.9, 0.5)));
    let s = s.unwrap();
    let view = camera(Vec3::new(0.0, 1.0, 4.0), Vec3::new(0.0, 0.5, 0.0), 50.0);
    let on = |threads| {
        let settings = RenderSettings { threads: Some(threads), ..settings(40, 30, 16, 6) };
        render(&s, &view, &settings, &()).unwrap().rgb
    };
    let one = on(1);
    assert_eq!(one, on(2));
    assert_eq!(one, on(5));
}

#[test]
fn nothing_is_too_extreme() {
    let room = || -> Vec<Instance> {
        let mut ball = instance(sphere(0.5, 8, true), matte(0.8));
        ball.world_from_object = Affine3A::from_translation(Vec3::new(0.0, 0.5, 0.0));
        vec![instance(floor(10.0, 0.0, false), matte(0.5)), ball, instance(floor(0.5, 2.5, true), lamp(5.0))]
    };
    let lights = || {
        let light = |kind| Light { name: "l".into(), kind, color: [2.0; 3] };
        vec![
            light(LightKind::Point { position: Vec3::new(1.0, 2.0, 1.0) }),
            light(LightKind::Sun { direction: Vec3::new(0.3, -1.0, 0.2), angular_radius: 0.01 }),
            light(LightKind::Sun { direction: Vec3::X, angular_radius: 0.0 }),
        ]
    };
    let views = [
        (Vec3::new(0.0, 1.0, 4.0), Vec3::new(0.0, 0.5, 0.0)),
        (Vec3::new(0.0, 1e6, 0.0), Vec3::ZERO),
        (Vec3::new(0.0, 1.0, 0.0), Vec3::new(0.0, 2.0, 0.0)),
        (Vec3::new(0.3, 2.0, 0.0), Vec3::new(0.3, 0.0, 0.0)),
        (Vec3::new(0.0, -1e6, 0.0), Vec3::new(1.0, -1e6, 0.0)),
    ];
    for density in [1e-9f32, 1e-3, 1.0, 1e6] {
        for height in [Some(1e-3), Some(1.0), Some(1e6), None] {
            for (albedo, anisotropy) in [(1.0, 0.95), (0.5, -0.95)] {
                let s = fogged(
                    stage(room(), lights(), Environment::Constant([0.3; 3])),
                    fog(density, height, albedo, anisotropy),
                );
                let scene = prepare(&s).unwrap();
                for (from, to) in views {
                    let film = render(&scene, &camera(from, to, 40.0), &settings(12, 8, 4, 12), &()).unwrap();
                    assert_finite(&film);
                }
            }
        }
    }
    // Numbers that no program can give.
    for bad in [f32::NAN, f32::INFINITY, -1.0, 0.0] {
        let odd = Fog { density: 0.3, base: bad, height: Some(bad), albedo: [bad; 3], anisotropy: bad };
        for fog in [odd, Fog { density: bad, ..fog(0.1, Some(1.0), 0.9, 0.1) }] {
            let s = fogged(stage(room(), lights(), DARK), fog);
            assert_finite(&shoot(&s, &camera(Vec3::new(0.0, 1.0, 4.0), Vec3::ZERO, 40.0), &settings(12, 8, 4, 12)));
        }
    }
}

#[test]
fn no_light_leaks_through_a_floor_in_dense_fog() {
    // A lamp below a floor, fog of a micrometre: points of scattering lie close to the surface, and must lie above it.
    let parts = vec![instance(floor(10.0, 0.1, false), matte(0.5)), instance(floor(5.0, -0.1, false), lamp(100.0))];
    for density in [1e3, 1e6] {
        let s = fogged(stage(parts.clone(), vec![], DARK), fog(density, None, 1.0, 0.0));
        for from in [Vec3::new(3.0, 0.1001, 0.1), Vec3::new(1.0, 0.2, 2.0)] {
            let film = shoot(&s, &camera(from, Vec3::new(0.0, 0.1, 0.0), 60.0), &settings(32, 32, 16, 60));
            assert_eq!(mean(&film), 0.0, "density {density} from {from}");
        }
    }
}

#[test]
fn a_mesh_without_triangles_changes_nothing() {
    let s =
        fogged(stage(vec![instance(Mesh::default(), matte(0.5))], vec![], WHITE_SKY), fog(0.3, Some(1.0), 0.0, 0.0));
    let film = shoot(&s, &camera(Vec3::Y, Vec3::new(0.0, 2.0, 0.0), 0.02), &settings(16, 16, 256, 2));
    close(mean(&film), (-0.3 * (-1.0f64).exp()).exp(), 2e-3, "sky");
}
