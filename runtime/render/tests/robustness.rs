//! Nothing that a stage may hold makes a render hang, panic or give a pixel that is no number; and the same stage gives the
//! same bytes.
#![allow(missing_docs)]

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use common::{assert_finite, camera, floor, instance, lamp, matte, placed, settings, shoot, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_render::{Control, Film, Progress, RenderError, RenderSettings, prepare, render};
use scenec_scene::{
    AlphaMode, Encoding, Environment, Filter, Light, LightKind, Material, Mesh, Stage, Texture, TextureRef, Wrap,
};

const SKY: Environment = Environment::Constant([0.5, 0.7, 1.0]);

fn texture(wrap: Wrap, alpha: bool) -> TextureRef {
    let rgba = (0..64u32)
        .flat_map(|i| [(i * 4) as u8, 255 - (i * 3) as u8, 128, if alpha && i % 3 == 0 { 40 } else { 255 }])
        .collect();
    TextureRef {
        texture: Arc::new(Texture {
            width: 8,
            height: 8,
            rgba,
            encoding: Encoding::Srgb,
            wrap_u: wrap,
            wrap_v: wrap,
            filter: Filter::Linear,
        }),
        uv_set: 0,
        transform: [[3.0, 0.5, 0.1], [-0.5, 3.0, 0.2]],
    }
}

/// A stage with something of everything.
fn everything() -> Stage {
    let mut ball = sphere(0.5, 24, true);
    ball.uv0 = ball.positions.iter().map(|p| [p[0] * 2.0, p[1] * 2.0]).collect();
    ball.colors = ball.positions.iter().map(|p| [0.5 + p[0], 0.8, 0.9, 1.0]).collect();
    let slot = |wrap, alpha| Some(texture(wrap, alpha));
    let painted = Material {
        base_color_texture: slot(Wrap::Mirror, false),
        metallic_roughness_texture: slot(Wrap::Clamp, false),
        normal_texture: slot(Wrap::Repeat, false),
        emission: [0.3; 3],
        emission_texture: slot(Wrap::Repeat, false),
        metallic: 0.6,
        ..Material::default()
    };
    let holed =
        Material { base_color_texture: slot(Wrap::Repeat, true), alpha_mode: AlphaMode::Mask(0.5), ..matte(0.8) };
    let veil = Material { base_color: [0.9, 0.3, 0.3, 0.4], alpha_mode: AlphaMode::Blend, ..matte(0.8) };
    let ball = instance(ball, painted);
    let at = |x: f32, y: f32, z: f32| Affine3A::from_translation(Vec3::new(x, y, z));
    let mirrored = at(1.2, 0.5, 0.0) * Affine3A::from_scale(Vec3::new(-1.0, 0.6, 1.0));
    let mut holed = instance((*ball.mesh).clone(), holed);
    holed.world_from_object = at(-1.2, 0.5, 0.0);
    let mut veil = instance(sphere(0.4, 12, false), veil);
    veil.world_from_object = at(0.0, 0.4, 1.2);
    let map = Environment::Map {
        width: 16,
        height: 8,
        rgb: Arc::new((0..128).map(|i| [0.2, 0.01 * i as f32, if i == 40 { 30.0 } else { 0.3 }]).collect()),
        strength: 0.8,
        rotation: 1.0,
    };
    let lights = vec![
        Light {
            name: "p".into(),
            kind: LightKind::Point { position: Vec3::new(1.0, 2.0, 1.0) },
            color: [2.0, 1.0, 1.0],
        },
        Light {
            name: "s".into(),
            kind: LightKind::Sun { direction: Vec3::new(0.3, -1.0, 0.2), angular_radius: 0.01 },
            color: [1.0; 3],
        },
    ];
    stage(
        vec![
            instance(floor(10.0, 0.0, false), matte(0.5)),
            placed(&ball, at(0.0, 0.5, 0.0)),
            placed(&ball, mirrored),
            holed,
            veil,
            instance(floor(0.5, 2.5, true), lamp(4.0)),
        ],
        lights,
        map,
    )
}

fn view() -> scenec_scene::Camera {
    let mut camera = camera(Vec3::new(0.0, 1.2, 4.0), Vec3::new(0.0, 0.4, 0.0), 40.0);
    camera.lens = scenec_scene::Lens::round(0.02, 4.0);
    camera
}

#[test]
fn one_two_and_eight_threads_and_two_runs_give_the_same_bytes() {
    let scene = prepare(&everything()).unwrap();
    let with = |threads| {
        let s = RenderSettings { threads: Some(threads), ..settings(75, 50, 8, 6) };
        let film = render(&scene, &view(), &s, &()).unwrap();
        assert_finite(&film);
        (film.rgb, film.alpha, film.rays)
    };
    let one = with(1);
    assert!(one == with(1) && one == with(2) && one == with(8));
    let again = render(&prepare(&everything()).unwrap(), &view(), &settings(75, 50, 8, 6), &()).unwrap();
    assert!(one.0 == again.rgb);
}

#[test]
fn seeds_give_other_noise_and_the_same_mean() {
    let scene = prepare(&everything()).unwrap();
    let with = |seed| render(&scene, &view(), &RenderSettings { seed, ..settings(64, 48, 64, 5) }, &()).unwrap();
    let (a, b) = (with(1), with(2));
    assert!(a.rgb != b.rgb);
    let ratio = common::mean(&a) / common::mean(&b);
    assert!((ratio - 1.0).abs() < 0.02, "{ratio}");
}

#[test]
fn an_empty_stage_shows_the_sky() {
    let film = shoot(&stage(vec![], vec![], SKY), &view(), &settings(8, 8, 2, 4));
    assert!(film.rgb.iter().all(|p| *p == [0.5, 0.7, 1.0]));
    assert_eq!(film.hit_fraction, 0.0);
}

#[test]
fn no_light_is_black_and_ends() {
    let s = stage(vec![instance(sphere(1.0, 8, true), matte(0.5))], vec![], Environment::Constant([0.0; 3]));
    let film = shoot(&s, &view(), &settings(16, 16, 4, 8));
    assert!(film.rgb.iter().flatten().all(|x| *x == 0.0));
    assert!(film.hit_fraction > 0.0);
}

#[test]
fn broken_geometry_is_left_out() {
    let mut mesh = sphere(1.0, 12, true);
    mesh.positions[20] = [f32::NAN, 0.0, 0.0];
    mesh.positions[40] = [f32::INFINITY, 1.0, 1.0];
    mesh.normals[60] = [0.0; 3];
    mesh.normals[61] = [f32::NAN; 3];
    mesh.triangles.push([0, 0, 0]);
    mesh.triangles.push([5, 6, 60_000]);
    for material in [matte(0.7), lamp(3.0), Material { metallic: 1.0, roughness: 0.0, ..Material::default() }] {
        let s = stage(vec![instance(mesh.clone(), material)], vec![], SKY);
        assert_finite(&shoot(&s, &view(), &settings(24, 24, 8, 5)));
    }
    // Attributes of the wrong length, an empty mesh.
    let odd = Mesh { normals: vec![[0.0, 1.0, 0.0]], uv0: vec![[0.0; 2]; 3], ..floor(1.0, 0.0, false) };
    let s = stage(vec![instance(odd, matte(0.7)), instance(Mesh::default(), lamp(1.0))], vec![], SKY);
    assert_finite(&shoot(&s, &view(), &settings(24, 24, 8, 5)));
}

#[test]
fn odd_numbers_in_materials_and_lights_do_no_harm() {
    let material = Material {
        base_color: [f32::NAN, 2.0, -1.0, f32::INFINITY],
        emission: [f32::NAN, -1.0, 0.5],
        roughness: f32::NAN,
        metallic: 7.0,
        ior: 0.0,
        specular: f32::NAN,
        ..Material::default()
    };
    let lights = vec![
        Light { name: "n".into(), kind: LightKind::Point { position: Vec3::NAN }, color: [1.0; 3] },
        Light {
            name: "z".into(),
            kind: LightKind::Sun { direction: Vec3::ZERO, angular_radius: 0.1 },
            color: [1.0; 3],
        },
        Light { name: "c".into(), kind: LightKind::Point { position: Vec3::Y }, color: [f32::NAN; 3] },
    ];
    let map = Environment::Map {
        width: 2,
        height: 1,
        rgb: Arc::new(vec![[f32::NAN; 3], [f32::INFINITY, 1.0, -1.0]]),
        strength: 1.0,
        rotation: f32::NAN,
    };
    let s = stage(vec![instance(sphere(1.0, 8, true), material)], lights, map);
    assert_finite(&shoot(&s, &view(), &settings(16, 16, 8, 5)));
}

#[test]
fn a_camera_inside_geometry_and_a_scene_of_a_million_metres_are_finite() {
    let s = stage(vec![instance(sphere(1.0, 16, true), matte(0.9))], vec![], SKY);
    let inside = shoot(&s, &camera(Vec3::ZERO, Vec3::X, 60.0), &settings(16, 16, 8, 8));
    assert!(inside.rgb.iter().flatten().all(|x| *x == 0.0), "nothing shines inside of a closed ball");
    for scale in [1e6, 1e-4] {
        let mut ball = instance(sphere(1.0, 32, true), matte(1.0));
        ball.world_from_object = Affine3A::from_scale(Vec3::splat(scale));
        let film = shoot(
            &stage(vec![ball], vec![], SKY),
            &camera(Vec3::new(0.0, 0.0, 4.0 * scale), Vec3::ZERO, 20.0),
            &settings(24, 24, 64, 4),
        );
        assert_finite(&film);
        // Furnace: albedo 1 shows the sky.
        let blue = film.rgb.iter().map(|p| f64::from(p[2])).sum::<f64>() / film.rgb.len() as f64;
        assert!((blue - 1.0).abs() < 0.01, "{scale}: {blue}");
    }
}

#[test]
fn sealed_rooms_leak_no_light() {
    // A closed box in a bright sky, seen from inside: rays that start on its walls must not slip out.
    for size in [1e-3f32, 1.0, 1e4] {
        let wall = |turn: Affine3A| {
            let mut w = instance(floor(size, -size, false), matte(0.8));
            w.world_from_object = Affine3A::from_translation(Vec3::splat(3.0 * size)) * turn;
            w
        };
        let half = std::f32::consts::FRAC_PI_2;
        let walls = [
            Affine3A::IDENTITY,
            Affine3A::from_rotation_x(2.0 * half),
            Affine3A::from_rotation_x(half),
            Affine3A::from_rotation_x(-half),
            Affine3A::from_rotation_z(half),
            Affine3A::from_rotation_z(-half),
        ];
        // Rotations leave gaps of a rounding error at the edges, so walls overlap.
        let s =
            stage(walls.map(|t| wall(t * Affine3A::from_scale(Vec3::new(1.001, 1.0, 1.001)))).to_vec(), vec![], SKY);
        let from = Vec3::splat(3.0 * size);
        let film = shoot(&s, &camera(from, from + Vec3::new(1.0, 0.3, 0.2), 90.0), &settings(32, 32, 16, 12));
        assert!(film.rgb.iter().flatten().all(|x| *x == 0.0), "size {size}");
    }
}

#[test]
fn opaque_alpha_of_1_and_absent_alpha_of_0() {
    let look = |alpha: f32, mode: AlphaMode| {
        let material = Material { base_color: [0.0, 0.0, 0.0, alpha], alpha_mode: mode, ..matte(0.0) };
        let s = stage(vec![instance(floor(5.0, 0.0, false), material)], vec![], SKY);
        let film = shoot(&s, &camera(Vec3::new(0.0, 2.0, 0.0), Vec3::ZERO, 20.0), &settings(16, 16, 64, 3));
        f64::from(film.rgb.iter().map(|p| p[2]).sum::<f32>()) / 256.0
    };
    assert_eq!(look(1.0, AlphaMode::Blend), 0.0);
    assert_eq!(look(0.0, AlphaMode::Blend), 1.0);
    assert_eq!(look(0.3, AlphaMode::Mask(0.5)), 1.0);
    assert_eq!(look(0.7, AlphaMode::Mask(0.5)), 0.0);
    assert_eq!(look(0.1, AlphaMode::Opaque), 0.0);
    let veil = look(0.25, AlphaMode::Blend);
    assert!((veil - 0.75).abs() < 0.01, "{veil}");
}

#[test]
fn shadow_rays_see_alpha_too() {
    let look = |alpha: f32| {
        let veil = Material { base_color: [0.0, 0.0, 0.0, alpha], alpha_mode: AlphaMode::Blend, ..matte(0.0) };
        let light =
            Light { name: "p".into(), kind: LightKind::Point { position: Vec3::new(0.0, 2.0, 0.0) }, color: [4.0; 3] };
        let parts = vec![instance(floor(5.0, 0.0, false), matte(0.5)), instance(floor(1.0, 1.0, false), veil)];
        let s = stage(parts, vec![light], Environment::Constant([0.0; 3]));
        common::mean(&shoot(&s, &camera(Vec3::new(0.0, 0.5, 0.0), Vec3::ZERO, 2.0), &settings(16, 16, 256, 2)))
    };
    let (clear, half, shut) = (look(0.0), look(0.5), look(1.0));
    assert!((clear - 0.5 / std::f64::consts::PI).abs() < 1e-3, "{clear}");
    assert!((half / clear - 0.5).abs() < 0.02, "{half}");
    assert_eq!(shut, 0.0);
}

#[test]
fn films_of_no_size_are_refused() {
    let scene = prepare(&stage(vec![], vec![], SKY)).unwrap();
    for s in [
        settings(0, 1, 1, 1),
        settings(1, 0, 1, 1),
        settings(1, 1, 0, 1),
        settings(1, 1, 1, 0),
        settings(1, 1, 1, 256),
        settings(40_000, 1, 1, 1),
    ] {
        let error = render(&scene, &view(), &s, &()).unwrap_err();
        assert_eq!(error.code(), "E0600");
        assert!(matches!(error, RenderError::EmptyFilm { .. }));
    }
}

struct StopAfter(AtomicU32, u32);

impl Control for StopAfter {
    fn progress(&self, progress: &Progress<'_>) -> bool {
        assert!((0.0..=1.0).contains(&progress.fraction) && progress.samples_done <= progress.samples_total);
        self.0.fetch_add(1, Ordering::Relaxed) < self.1
    }
}

#[test]
fn a_render_stops_when_told_within_a_second() {
    let scene = prepare(&everything()).unwrap();
    let start = std::time::Instant::now();
    // 4K with many samples: would take minutes.
    let result = render(&scene, &view(), &settings(3840, 2160, 4096, 8), &StopAfter(AtomicU32::new(0), 3));
    assert_eq!(result.unwrap_err(), RenderError::Cancelled);
    assert!(start.elapsed().as_secs_f64() < 1.5, "{:?}", start.elapsed());
}

struct Passes(std::sync::Mutex<Vec<Film>>);

impl Control for Passes {
    fn progress(&self, _: &Progress<'_>) -> bool {
        true
    }

    fn pass(&self, film: &dyn Fn() -> Film) {
        self.0.lock().unwrap().push(film());
    }
}

#[test]
fn every_pass_gives_a_picture_and_the_last_is_the_result() {
    let scene = prepare(&everything()).unwrap();
    let passes = Passes(std::sync::Mutex::default());
    let film = render(&scene, &view(), &settings(20, 16, 10, 4), &passes).unwrap();
    let films = passes.0.into_inner().unwrap();
    assert_eq!(films.iter().map(|f| f.samples).collect::<Vec<_>>(), [1, 2, 4, 8, 10]);
    assert!(films.last().unwrap().rgb == film.rgb);
    let first = render(&scene, &view(), &settings(20, 16, 1, 4), &()).unwrap();
    assert!(films[0].rgb == first.rgb);
}

#[test]
fn walks_that_give_up_are_an_error_and_no_picture() {
    // A million slivers across one cube: all boxes are that cube, and the camera's rays cross it beside them.
    let mesh = Mesh {
        positions: vec![[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 0.99]],
        triangles: vec![[0, 1, 2]; 1_100_000],
        ..Mesh::default()
    };
    let scene = prepare(&stage(vec![instance(mesh, matte(0.5))], vec![], SKY)).unwrap();
    let beam = camera(Vec3::new(0.5, -0.5, 4.0), Vec3::new(0.5, -0.5, 0.0), 0.5);
    let passes = Passes(std::sync::Mutex::default());
    let Err(error) = render(&scene, &beam, &settings(2, 2, 4, 3), &passes) else { panic!("a picture") };
    assert!(matches!(error, RenderError::TraversalCap { rays: 1.., .. }), "{error}");
    assert_eq!(error.code(), "E0604");
    assert!(error.hint().is_some());
    assert!(passes.0.into_inner().unwrap().is_empty());
}
