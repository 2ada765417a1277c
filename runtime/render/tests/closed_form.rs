//! Scenes whose radiance has a closed form.
#![allow(missing_docs)]

mod common;

use common::{assert_finite, camera, floor, instance, lamp, matte, mean, settings, shoot, sphere, stage};
use glam::{Affine3A, Quat, Vec3};
use scenec_render::RenderSettings;
use scenec_scene::{Environment, Instance, LampShape, Light, LightKind, Material};

const PI: f64 = std::f64::consts::PI;
const WHITE_SKY: Environment = Environment::Constant([1.0; 3]);
const DARK: Environment = Environment::Constant([0.0; 3]);

fn close(found: f64, expected: f64, tolerance: f64, what: &str) {
    assert!((found - expected).abs() <= tolerance * expected.abs().max(1e-9), "{what}: {found} against {expected}");
}

#[test]
fn a_lambert_plane_under_a_uniform_sky_shows_its_albedo() {
    let s = stage(vec![instance(floor(100.0, 0.0, false), matte(0.6))], vec![], WHITE_SKY);
    let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 60.0), &settings(32, 32, 16, 5));
    // Nothing is in the way: every sample has weight albedo exactly.
    for x in film.rgb.iter().flatten() {
        assert!((x - 0.6).abs() < 1e-5, "{x}");
    }
    assert_eq!(film.hit_fraction, 1.0);
}

/// Furnace: a convex body under a uniform sky of radiance 1 shows its directional albedo.
fn furnace(material: Material, smooth: bool) -> f64 {
    let s = stage(vec![instance(sphere(1.0, 64, smooth), material)], vec![], WHITE_SKY);
    let film = shoot(&s, &camera(Vec3::new(0.0, 0.0, 4.0), Vec3::ZERO, 20.0), &settings(32, 32, 256, 3));
    assert_finite(&film);
    assert_eq!(film.hit_fraction, 1.0, "the body fills the picture");
    let brightest = film.rgb.iter().flatten().fold(0.0f32, |a, b| a.max(*b));
    assert!(brightest < 1.02, "a pixel gains energy: {brightest}");
    mean(&film)
}

#[test]
fn white_furnace_lambert() {
    close(furnace(matte(1.0), false), 1.0, 1e-4, "flat");
    close(furnace(matte(1.0), true), 1.0, 5e-3, "smooth");
    close(furnace(matte(0.5), false), 0.5, 1e-4, "grey");
}

#[test]
fn white_furnace_dielectric_keeps_all_energy_at_every_roughness() {
    for roughness in [0.0, 0.1, 0.3, 0.6, 1.0] {
        let material = Material { roughness, ..Material::default() };
        let albedo = furnace(material, false);
        assert!(albedo < 1.005 && albedo > 0.97, "roughness {roughness}: {albedo}");
    }
}

#[test]
fn white_furnace_metal_keeps_all_energy_at_every_roughness() {
    for roughness in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        let albedo = furnace(Material { metallic: 1.0, roughness, ..Material::default() }, false);
        close(albedo, 1.0, 5e-3, &format!("roughness {roughness}"));
    }
}

/// Directional albedo of GGX with height-correlated Smith shadowing and no Fresnel: midpoint rule over the hemisphere of
/// D G2 / (4 cos_o), written down again from Walter et al. 2007 and Heitz 2014.
fn ggx_albedo(cosine: f64, alpha: f64) -> f64 {
    const STEPS: u32 = 700;
    let a2 = alpha * alpha;
    let lambda = |c: f64| 0.5 * ((1.0 + a2 * (1.0 - c * c) / (c * c)).sqrt() - 1.0);
    let wo = [(1.0 - cosine * cosine).sqrt(), 0.0, cosine];
    let mut sum = 0.0;
    for i in 0..STEPS {
        let c = (f64::from(i) + 0.5) / f64::from(STEPS);
        let s = (1.0 - c * c).sqrt();
        let g2 = 1.0 / (1.0 + lambda(c) + lambda(cosine));
        for j in 0..STEPS {
            let phi = 2.0 * PI * (f64::from(j) + 0.5) / f64::from(STEPS);
            let h = [wo[0] + s * phi.cos(), s * phi.sin(), wo[2] + c];
            let cos2_h = h[2] * h[2] / h.iter().map(|x| x * x).sum::<f64>();
            let d = a2 / (PI * (cos2_h * (a2 - 1.0) + 1.0).powi(2));
            sum += d * g2 / (4.0 * cosine);
        }
    }
    sum * 2.0 * PI / f64::from(STEPS * STEPS)
}

/// An index of 10,000 stands for a dielectric that reflects all: a black one shows the albedo of single scattering.
#[test]
fn a_black_mirror_has_the_directional_albedo_of_a_quadrature() {
    for roughness in [0.45f32, 0.7, 1.0] {
        for degrees in [5.0f32, 50.0, 75.0] {
            let base_color = [0.0, 0.0, 0.0, 1.0];
            let material = Material { base_color, ior: 0.0, roughness, ..Material::default() };
            let s = stage(vec![instance(floor(1000.0, 0.0, false), material)], vec![], WHITE_SKY);
            let (sin, cos) = degrees.to_radians().sin_cos();
            let film = shoot(&s, &camera(Vec3::new(sin, cos, 0.0), Vec3::ZERO, 0.1), &settings(16, 16, 256, 2));
            let expected = ggx_albedo(f64::from(cos), f64::from(roughness * roughness));
            close(mean(&film), expected, 3e-3, &format!("roughness {roughness}, {degrees} degrees"));
        }
    }
}

#[test]
fn specular_factor_0_is_lambert_exactly() {
    let with = |roughness: f32| {
        let s = stage(vec![instance(sphere(1.0, 16, true), Material { roughness, ..matte(0.7) })], vec![], WHITE_SKY);
        shoot(&s, &camera(Vec3::new(0.0, 0.0, 4.0), Vec3::ZERO, 35.0), &settings(16, 16, 16, 4)).rgb
    };
    assert_eq!(with(0.0), with(1.0));
}

#[test]
fn a_point_light_follows_the_inverse_square_law() {
    let light =
        Light { name: "p".into(), kind: LightKind::Point { position: Vec3::new(0.0, 2.0, 0.0) }, color: [8.0; 3] };
    let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5))], vec![light], DARK);
    // Under the light: E = I / d^2 = 2, L = albedo E / pi.
    let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 0.5), &settings(8, 8, 16, 2));
    close(mean(&film), 0.5 * 2.0 / PI, 1e-3, "radiance");
}

/// Lights near and far, weak and strong, some of them under the floor: what a tree picks among adds up to all of them.
#[test]
fn many_point_lights_add_up() {
    let place = |i: u32| {
        let turn = i as f32 * 2.399_963;
        let radius = 0.2 * i as f32;
        Vec3::new(
            radius * turn.cos(),
            if i.is_multiple_of(5) { -1.0 } else { 0.3 + (i % 7) as f32 * 0.5 },
            radius * turn.sin(),
        )
    };
    let power = |i: u32| 0.5 * 2f32.powi((i % 6) as i32);
    let lights = (0..200)
        .map(|i| Light { name: "p".into(), kind: LightKind::Point { position: place(i) }, color: [power(i); 3] })
        .collect();
    let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5))], lights, DARK);
    for at in [Vec3::ZERO, Vec3::new(7.0, 0.0, -5.0), Vec3::new(-30.0, 0.0, 20.0)] {
        let irradiance: f64 = (0..200)
            .map(|i| (place(i) - at, power(i)))
            .filter(|(to, _)| to.y > 0.0)
            .map(|(to, power)| f64::from(power * to.y / (to.length_squared() * to.length())))
            .sum();
        let film = shoot(&s, &camera(at + Vec3::Y * 0.2, at, 0.05), &settings(16, 16, 1024, 2));
        close(mean(&film), 0.5 * irradiance / PI, 3e-3, &format!("radiance at {at}"));
    }
}

#[test]
fn a_spot_light_ends_at_its_outer_cone() {
    let spot = |outer: f32| Light {
        name: "s".into(),
        kind: LightKind::Spot { position: Vec3::new(0.0, 2.0, 0.0), direction: Vec3::NEG_Y, inner: 0.2, outer },
        color: [8.0; 3],
    };
    let look = |light, at: f32| {
        let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5))], vec![light], DARK);
        mean(&shoot(&s, &camera(Vec3::new(at, 1.0, 0.0), Vec3::new(at, 0.0, 0.0), 0.5), &settings(8, 8, 16, 2)))
    };
    close(look(spot(0.5), 0.0), 0.5 * 2.0 / PI, 1e-3, "axis");
    // 2 tan(0.55): outside.
    assert_eq!(look(spot(0.5), 1.226), 0.0);
}

#[test]
fn a_directional_light_and_a_sun_disk_give_their_irradiance() {
    for angular_radius in [0.0, 0.005, 0.1] {
        let direction = Vec3::new(0.0, -1.0, 0.0);
        let light = Light { name: "sun".into(), kind: LightKind::Sun { direction, angular_radius }, color: [3.0; 3] };
        let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5))], vec![light], DARK);
        let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 40.0), &settings(16, 16, 64, 3));
        close(mean(&film), 0.5 * 3.0 / PI, 3e-3, "radiance");
    }
}

#[test]
fn a_sun_disk_is_seen_with_its_radiance() {
    let angular_radius = 0.1f32;
    let light =
        Light { name: "sun".into(), kind: LightKind::Sun { direction: Vec3::Z, angular_radius }, color: [3.0; 3] };
    let s = stage(vec![], vec![light], DARK);
    let film = shoot(&s, &camera(Vec3::ZERO, Vec3::NEG_Z, 5.0), &settings(8, 8, 4, 1));
    close(mean(&film), 3.0 / (PI * f64::from(angular_radius).sin().powi(2)), 1e-4, "radiance");
}

/// Irradiance on the floor below the centre of a parallel square lamp (Modest, radiative heat transfer, view factor of a patch to
/// a rectangle): four corners of (2 / pi) (x / sqrt(1 + x^2)) atan(x / sqrt(1 + x^2)) / 2 with x = half / height each.
fn square_lamp_irradiance(half: f64, height: f64, radiance: f64) -> f64 {
    let x = half / height;
    let r = x / (1.0 + x * x).sqrt();
    PI * radiance * 4.0 * (1.0 / (2.0 * PI)) * (2.0 * r * r.atan())
}

#[test]
fn a_square_lamp_gives_the_irradiance_of_its_view_factor() {
    let parts = vec![instance(floor(50.0, 0.0, false), matte(0.5)), instance(floor(0.5, 2.0, true), lamp(10.0))];
    let s = stage(parts, vec![], DARK);
    let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 0.5), &settings(16, 16, 256, 2));
    close(mean(&film), 0.5 * square_lamp_irradiance(0.5, 2.0, 10.0) / PI, 3e-3, "radiance");
}

#[test]
fn a_sphere_lamp_gives_the_irradiance_of_its_solid_angle() {
    let (radius, height) = (0.25f32, 1.5f32);
    let mut ball = instance(sphere(radius, 96, false), lamp(10.0));
    ball.world_from_object = Affine3A::from_translation(Vec3::new(0.0, height, 0.0));
    let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5)), ball], vec![], DARK);
    let film = shoot(&s, &camera(Vec3::new(0.05, 0.5, 0.0), Vec3::ZERO, 0.5), &settings(16, 16, 1024, 2));
    let expected = 0.5 * 10.0 * f64::from(radius / height).powi(2);
    // The polyhedron is a little smaller than the sphere.
    close(mean(&film), expected, 5e-3, "radiance");
}

#[test]
fn a_uniform_map_is_a_uniform_sky() {
    let map = Environment::Map {
        width: 32,
        height: 16,
        rgb: std::sync::Arc::new(vec![[0.5; 3]; 512]),
        strength: 2.0,
        rotation: 0.3,
    };
    let s = stage(vec![instance(floor(100.0, 0.0, false), matte(0.6))], vec![], map);
    let film = shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 60.0), &settings(32, 32, 256, 3));
    close(mean(&film), 0.6, 2e-3, "radiance");
}

#[test]
fn a_map_turns_from_x_towards_z() {
    // One bright column in the middle of the picture, which is +X without rotation.
    let mut rgb = vec![[0.0; 3]; 64 * 32];
    for row in 0..32 {
        for column in 30..34 {
            rgb[row * 64 + column] = [1.0; 3];
        }
    }
    let rgb = std::sync::Arc::new(rgb);
    for (rotation, towards) in
        [(0.0, Vec3::X), (std::f32::consts::FRAC_PI_2, Vec3::Z), (std::f32::consts::PI, Vec3::NEG_X)]
    {
        let map = Environment::Map { width: 64, height: 32, rgb: rgb.clone(), strength: 1.0, rotation };
        let s = stage(vec![], vec![], map);
        let film = shoot(&s, &camera(Vec3::ZERO, towards, 4.0), &settings(4, 4, 4, 1));
        close(mean(&film), 1.0, 1e-4, "bright side");
        let film = shoot(&s, &camera(Vec3::ZERO, -towards, 4.0), &settings(4, 4, 4, 1));
        assert_eq!(mean(&film), 0.0);
    }
}

#[test]
fn strategies_agree() {
    // A lamp is found by next-event estimation and by the BSDF; without emission in the light table (an unlit surface of the same
    // radiance) by the BSDF alone. The means must agree.
    let scene = |material: Material, roughness: f32| {
        let ground = Material { roughness, metallic: 0.7, base_color: [0.8, 0.8, 0.8, 1.0], ..Material::default() };
        stage(vec![instance(floor(50.0, 0.0, false), ground), instance(floor(1.5, 1.5, true), material)], vec![], DARK)
    };
    let glow = Material { unlit: true, base_color: [1.0; 4], ..Material::default() };
    for roughness in [0.2, 0.5, 1.0] {
        let view = camera(Vec3::new(0.0, 1.0, 2.0), Vec3::ZERO, 30.0);
        let s: RenderSettings = settings(16, 16, 1024, 2);
        let both = mean(&shoot(&scene(lamp(1.0), roughness), &view, &s));
        let alone = mean(&shoot(&scene(glow.clone(), roughness), &view, &s));
        close(both, alone, 5e-3, "mean");
    }
}

#[test]
fn emission_leaves_the_front_only_unless_double_sided() {
    let look = |double_sided: bool| {
        let material = Material { double_sided, ..lamp(2.0) };
        let s = stage(vec![instance(floor(1.0, 0.0, true), material)], vec![], DARK);
        mean(&shoot(&s, &camera(Vec3::new(0.0, 2.0, 0.0), Vec3::ZERO, 10.0), &settings(4, 4, 4, 1)))
    };
    assert_eq!(look(false), 0.0);
    assert_eq!(look(true), 2.0);
}

#[test]
fn depth_counts_segments() {
    // 1 shows the lamp alone, 2 adds direct light, 3 one bounce.
    let parts = vec![
        instance(floor(50.0, 0.0, false), matte(0.5)),
        instance(floor(50.0, 3.0, true), matte(0.5)),
        instance(floor(0.5, 2.9, true), lamp(10.0)),
    ];
    let s = stage(parts, vec![], DARK);
    let look = |depth| mean(&shoot(&s, &camera(Vec3::new(0.0, 1.0, 0.0), Vec3::ZERO, 1.0), &settings(8, 8, 64, depth)));
    let (one, two, three) = (look(1), look(2), look(3));
    assert_eq!(one, 0.0);
    close(two, 0.5 * square_lamp_irradiance(0.5, 2.9, 10.0) / PI, 2e-2, "direct");
    // A path of three segments would end on the lamp from the ceiling, which sees its dark back. One of four goes floor, ceiling,
    // floor, lamp.
    close(three, two, 2e-2, "no path of three segments ends on the floor");
    // The same random numbers, and more paths.
    assert!(look(4) > three);
}

/// A lamp of a shape that is no triangle: the disk looks down.
fn shaped(shape: LampShape, radius: f32, at: Vec3, radiance: f32) -> Instance {
    let double_sided = shape == LampShape::Ball;
    let turn = Quat::from_rotation_x(std::f32::consts::FRAC_PI_2);
    Instance {
        world_from_object: Affine3A::from_scale_rotation_translation(Vec3::splat(radius), turn, at),
        ..instance(shape.proxy(), Material { double_sided, ..lamp(radiance) })
    }
}

/// A ball gives pi L (r / d)^2 times the cosine, however near and large, a disk on its axis pi L r^2 / (r^2 + h^2) (Howell's
/// catalogue of view factors, B-8 and B-12). Once with picks of lights alone, once with what rays of the surface meet as well.
#[test]
fn balls_and_disks_give_their_irradiance() {
    let floor_at = |lamps: Vec<Instance>, at: Vec3, depth: u32| {
        let mut instances = vec![instance(floor(50.0, 0.0, false), matte(0.5))];
        instances.extend(lamps);
        let s = stage(instances, vec![], DARK);
        mean(&shoot(&s, &camera(at + Vec3::Y * 0.05, at, 0.05), &settings(16, 16, 256, depth)))
    };
    for (radius, height, aside) in [(0.5f32, 2.0f32, 0.0f32), (1.5, 1.6, 0.0), (0.01, 3.0, 2.0), (0.8, 1.0, 0.9)] {
        let at = Vec3::new(aside, 0.0, 0.0);
        let d = height.hypot(aside);
        let expected = 0.5 * f64::from(3.0 * (radius / d).powi(2) * height / d);
        let ball = || vec![shaped(LampShape::Ball, radius, Vec3::Y * height, 3.0)];
        for depth in [2, 3] {
            close(
                floor_at(ball(), at, depth),
                expected,
                4e-3,
                &format!("ball of {radius} m at {height} m, depth {depth}"),
            );
        }
        let expected = 0.5 * f64::from(3.0 * radius * radius / (radius * radius + height * height));
        let disk = || vec![shaped(LampShape::Disk, radius, Vec3::Y * height, 3.0)];
        for depth in [2, 3] {
            close(floor_at(disk(), Vec3::ZERO, depth), expected, 4e-3, &format!("disk of {radius} m at {height} m"));
        }
    }
}

/// A camera sees a ball and a disk as round as they are, through the corners of what they are found by; a mirror shows them too.
#[test]
fn balls_and_disks_are_seen_as_they_are() {
    let up = Vec3::new(0.0, 0.0, 0.0);
    for shape in [LampShape::Disk, LampShape::Ball] {
        let lamps = vec![shaped(shape, 0.5, Vec3::Y * 4.0, 3.0), instance(floor(50.0, 9.0, true), lamp(1.0))];
        // Looking up, so that the picture spans tan(10 deg) on either side.
        let film =
            shoot(&stage(lamps, vec![], DARK), &camera(up, Vec3::new(0.0, 4.0, 1e-4), 20.0), &settings(64, 64, 64, 2));
        let seen: f64 = match shape {
            LampShape::Disk => 0.5 / 4.0,
            LampShape::Ball => 0.5 / (16.0f64 - 0.25).sqrt(),
        };
        let share = PI * seen.powi(2) / (2.0 * 10f64.to_radians().tan()).powi(2);
        close(mean(&film), 3.0 * share + 1.0 * (1.0 - share), 2e-3, &format!("{shape:?}"));
        assert_eq!(film.hit_fraction, 1.0);
        let mirror = Material { metallic: 1.0, roughness: 0.0, ..Material::default() };
        let things = vec![instance(floor(5.0, 0.0, false), mirror), shaped(shape, 0.5, Vec3::Y * 2.0, 3.0)];
        let eye = camera(Vec3::new(0.0, 1.0, 0.0), Vec3::new(0.0, 0.0, 1e-4), 2.0);
        let film = shoot(&stage(things, vec![], DARK), &eye, &settings(8, 8, 256, 3));
        close(mean(&film), 3.0, 3e-3, &format!("{shape:?} in a mirror"));
    }
}

/// A ball hides a lamp behind it, and lets light pass that goes by its side.
#[test]
fn a_ball_of_light_casts_a_shadow() {
    let dim = 1e-6;
    let look = |aside: f32| {
        let point = Light { name: "p".into(), kind: LightKind::Point { position: Vec3::Y * 4.0 }, color: [16.0; 3] };
        let ball = shaped(LampShape::Ball, 0.5, Vec3::new(aside, 2.0, 0.0), dim);
        let s = stage(vec![instance(floor(50.0, 0.0, false), matte(0.5)), ball], vec![point], DARK);
        mean(&shoot(&s, &camera(Vec3::Y * 0.1, Vec3::ZERO, 0.05), &settings(8, 8, 64, 2)))
    };
    assert!(look(0.0) < 1e-5 && look(0.499) < 1e-5, "within");
    close(look(0.501), 0.5 / PI, 1e-3, "beside it, within its proxy");
}
