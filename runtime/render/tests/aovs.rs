//! AOVs against closed forms, and against the picture of the same samples.
#![allow(missing_docs)]

mod common;

use std::sync::Arc;

use common::{camera, floor, instance, lamp, matte, placed, settings, shoot, sphere, stage};
use glam::{Affine3A, DVec3, Quat, Vec3};
use scenec_render::{
    Aovs, BACKGROUND, Control, Frame, Matte, MatteKind, Progress, RenderError, RenderSettings, aovs, prepare,
};
use scenec_scene::{AlphaMode, Camera, Environment, Instance, Lens, Material, Mesh, Stage};

const WHITE_SKY: Environment = Environment::Constant([1.0; 3]);
const ALL: [MatteKind; 3] = [MatteKind::Object, MatteKind::Material, MatteKind::Asset];

fn look(stage: &Stage, camera: &Camera, settings: &RenderSettings) -> Aovs {
    let scene = prepare(stage).unwrap();
    aovs(&Frame { stage, scene: &scene, camera, next: None, chosen: &[] }, settings, &ALL, &()).unwrap()
}

fn motion(now: (&Stage, &Camera), next: (&Stage, &Camera), settings: &RenderSettings) -> Aovs {
    let scene = prepare(now.0).unwrap();
    aovs(&Frame { stage: now.0, scene: &scene, camera: now.1, next: Some(next), chosen: &[] }, settings, &[], &())
        .unwrap()
}

fn named(id: &str, base: Instance) -> Instance {
    Instance { id: id.into(), ..base }
}

/// Pixel coordinates (x right, y down) and depth of a point.
fn project(camera: &Camera, settings: &RenderSettings, p: DVec3) -> DVec3 {
    let world = camera.world_from_camera;
    let to_camera = glam::Mat4::from(world).as_dmat4().inverse();
    let local = to_camera.transform_point3(p);
    let depth = -local.z;
    let scale = 0.5 * f64::from(settings.height) / (0.5 * f64::from(camera.vertical_fov)).tan();
    let (cx, cy) = (0.5 * f64::from(settings.width), 0.5 * f64::from(settings.height));
    DVec3::new(cx + local.x / depth * scale, cy - local.y / depth * scale, depth)
}

fn pixels(aovs: &Aovs) -> impl Iterator<Item = (usize, f64, f64)> {
    let (width, height) = (aovs.width, aovs.height);
    (0..height).flat_map(move |y| (0..width).map(move |x| ((y * width + x) as usize, f64::from(x), f64::from(y))))
}

fn matte_of(aovs: &Aovs, kind: MatteKind) -> &Matte {
    aovs.mattes.iter().find(|m| m.kind == kind).unwrap()
}

/// Coverage of a name in a pixel.
fn coverage(matte: &Matte, pixel: usize, name: &str) -> f32 {
    let number = matte.names.iter().position(|n| n == name);
    matte.pixels[pixel].iter().filter(|r| r.coverage > 0.0 && Some(r.name as usize) == number).map(|r| r.coverage).sum()
}

fn assert_numbers(aovs: &Aovs) {
    let all = aovs.albedo.iter().chain(&aovs.normal).chain(&aovs.position).flatten();
    assert!(all.chain(&aovs.depth).all(|x| x.is_finite()), "not a number");
    assert!(aovs.motion.iter().flatten().flatten().all(|x| x.is_finite()), "a motion is not a number");
    assert!(aovs.albedo.iter().flatten().all(|x| (0.0..=1.0).contains(x)), "an albedo is not from 0 to 1");
}

#[test]
fn a_plane_has_its_depth_its_normal_and_its_points() {
    let view = camera(Vec3::new(0.0, 2.0, 3.0), Vec3::ZERO, 40.0);
    let s = stage(vec![instance(floor(100.0, 0.0, false), matte(0.5))], vec![], WHITE_SKY);
    for samples in [1, 16] {
        let settings = settings(40, 30, samples, 1);
        let found = look(&s, &view, &settings);
        assert_numbers(&found);
        let (forward, eye) = (-view.world_from_camera.matrix3.z_axis, view.world_from_camera.translation);
        for (i, x, y) in pixels(&found) {
            let p = Vec3::from(found.position[i]);
            assert!(p.y.abs() < 1e-5, "{p} is not on the plane");
            let at = project(&view, &settings, p.as_dvec3());
            assert!(at.x > x - 1e-3 && at.x < x + 1.001 && at.y > y - 1e-3 && at.y < y + 1.001, "{at} in {x} {y}");
            assert!((at.z - f64::from(found.depth[i])).abs() < 1e-5 * at.z);
            // The nearest point of a pixel lies on its lower side, the farthest on the upper.
            let depth = |row: f64| {
                let py = (15.0 - row) / 15.0 * (0.5 * f64::from(view.vertical_fov)).tan();
                let up = view.world_from_camera.matrix3.y_axis;
                let direction = f64::from(forward.y) + f64::from(up.y) * py;
                -f64::from(eye.y) / direction
            };
            let range = depth(y + 1.0) - 1e-4..=depth(y) + 1e-4;
            assert!(range.contains(&f64::from(found.depth[i])), "{} in {range:?}", found.depth[i]);
            assert!(Vec3::from(found.normal[i]).abs_diff_eq(Vec3::Y, 1e-6));
            assert_eq!(found.albedo[i], [0.5; 3]);
        }
    }
}

#[test]
fn a_sphere_has_its_depth_and_its_normal() {
    let view = camera(Vec3::new(0.0, 0.0, 5.0), Vec3::ZERO, 30.0);
    let s = stage(vec![instance(sphere(1.0, 256, true), matte(0.5))], vec![], WHITE_SKY);
    let settings = settings(48, 48, 1, 1);
    let found = look(&s, &view, &settings);
    assert_numbers(&found);
    let mut met = 0;
    for (i, _, _) in pixels(&found) {
        if found.depth[i] == BACKGROUND {
            assert_eq!((found.normal[i], found.position[i], found.albedo[i]), ([0.0; 3], [0.0; 3], [0.0; 3]));
            continue;
        }
        met += 1;
        let p = Vec3::from(found.position[i]);
        assert!((p.length() - 1.0).abs() < 2e-4, "{p}");
        // With the line of sight through p, the sphere is met at the nearer root.
        let eye = DVec3::new(0.0, 0.0, 5.0);
        let d = (p.as_dvec3() - eye).normalize();
        let t = -eye.dot(d) - (eye.dot(d).powi(2) - 24.0).max(0.0).sqrt();
        if p.normalize().dot(-d.as_vec3()) > 0.1 {
            assert!((t * -d.z - f64::from(found.depth[i])).abs() < 1e-3, "{} against {}", t * -d.z, found.depth[i]);
            assert!(Vec3::from(found.normal[i]).abs_diff_eq(p.normalize(), 5e-4), "{:?} at {p}", found.normal[i]);
        }
        assert!(Vec3::from(found.normal[i]).dot(-d.as_vec3()) > 0.0, "towards the viewer");
    }
    // The disk that the sphere covers: tan of its half angle over tan of that of the view, of the square's width.
    let radius = (1.0f64 / 24.0f64.sqrt()) / (15.0f64.to_radians()).tan() * 24.0;
    let area = std::f64::consts::PI * radius * radius;
    assert!((f64::from(met) - area).abs() < 30.0, "{met} pixels of {area}");
}

#[test]
fn a_back_face_shows_the_normal_of_the_viewer_s_side() {
    let s = stage(vec![instance(floor(10.0, 0.0, true), matte(0.5))], vec![], WHITE_SKY);
    let found = look(&s, &camera(Vec3::new(0.0, 2.0, 0.1), Vec3::ZERO, 30.0), &settings(4, 4, 4, 1));
    assert!(found.normal.iter().all(|n| Vec3::from(*n).abs_diff_eq(Vec3::Y, 1e-6)));
}

#[test]
fn albedo_is_what_one_bounce_of_a_white_sky_shows() {
    let gold =
        |roughness| Material { base_color: [0.9, 0.7, 0.3, 1.0], metallic: 1.0, roughness, ..Material::default() };
    let plastic = |roughness| Material { base_color: [0.8, 0.4, 0.1, 1.0], roughness, ..Material::default() };
    let mixed = Material { metallic: 0.5, ..plastic(0.4) };
    let dense = Material { ior: 2.4, ..plastic(0.5) };
    for material in
        [matte(0.6), gold(0.05), gold(0.3), gold(0.9), plastic(0.0), plastic(0.3), plastic(1.0), mixed, dense]
    {
        let s = stage(vec![instance(sphere(1.0, 64, false), material.clone())], vec![], WHITE_SKY);
        let view = camera(Vec3::new(0.0, 0.0, 4.0), Vec3::ZERO, 36.0);
        let settings = settings(16, 16, 1024, 2);
        let (film, found) = (shoot(&s, &view, &settings), look(&s, &view, &settings));
        assert_numbers(&found);
        for k in 0..3 {
            // The sky itself is no albedo.
            let reflected = |i: usize| f64::from(film.rgb[i][k]) - f64::from(1.0 - film.alpha[i]);
            let (mut shown, mut noted) = (0.0, 0.0);
            for i in 0..film.rgb.len() {
                let (a, b) = (reflected(i), f64::from(found.albedo[i][k]));
                assert!((a - b).abs() < 0.03, "{a} against {b} in pixel {i}, {material:?}");
                shown += a;
                noted += b;
            }
            assert!((shown / noted - 1.0).abs() < 6e-3, "{shown} against {noted}, {material:?}");
        }
    }
}

#[test]
fn lamps_and_unlit_surfaces_have_their_colour_up_to_one() {
    let albedo = |material: Material, down: bool| {
        let s = stage(vec![instance(floor(10.0, 0.0, down), material)], vec![], WHITE_SKY);
        look(&s, &camera(Vec3::new(0.0, 2.0, 0.1), Vec3::ZERO, 30.0), &settings(2, 2, 4, 1)).albedo[0]
    };
    assert_eq!(albedo(lamp(10.0), false), [1.0; 3]);
    assert_eq!(albedo(lamp(0.25), false), [0.25; 3]);
    assert_eq!(albedo(lamp(10.0), true), [0.0; 3], "its back is dark");
    let unlit = Material { unlit: true, base_color: [0.1, 0.5, 1.0, 1.0], ..Material::default() };
    assert_eq!(albedo(unlit, false), [0.1, 0.5, 1.0]);
}

/// Three half-transparent balls of different kinds before a wall that does not fill the picture.
fn veils() -> Stage {
    let alpha = |alpha: f32, mode| Material { base_color: [0.9, 0.3, 0.3, alpha], alpha_mode: mode, ..matte(0.8) };
    let wall = Affine3A::from_rotation_x(std::f32::consts::FRAC_PI_2);
    let mut all = vec![named("set/wall", placed(&instance(floor(1.5, 0.0, false), matte(0.5)), wall))];
    for (i, material) in
        [alpha(0.4, AlphaMode::Blend), alpha(0.2, AlphaMode::Mask(0.5)), alpha(0.7, AlphaMode::Mask(0.5))]
            .into_iter()
            .enumerate()
    {
        let at = Affine3A::from_translation(Vec3::new(i as f32 - 1.0, 0.0, 2.0));
        all.push(named(&format!("set/ball{i}"), placed(&instance(sphere(0.4, 24, true), material), at)));
    }
    stage(all, vec![], WHITE_SKY)
}

#[test]
fn coverages_add_up_to_alpha_and_absent_surfaces_are_not_met() {
    let view = camera(Vec3::new(0.0, 0.0, 8.0), Vec3::ZERO, 30.0);
    let s = veils();
    for samples in [1, 5, 64] {
        let settings = settings(48, 40, samples, 3);
        let (film, found) = (shoot(&s, &view, &settings), look(&s, &view, &settings));
        assert_numbers(&found);
        for matte in &found.mattes {
            assert_eq!(matte.dropped, 0.0);
            for (ranks, alpha) in matte.pixels.iter().zip(&film.alpha) {
                let sum: f32 = ranks.iter().map(|r| r.coverage).sum();
                assert!((sum - alpha).abs() < 1e-6, "{sum} against {alpha}");
                assert!(ranks.windows(2).all(|w| w[0].coverage >= w[1].coverage), "the largest first");
            }
        }
        let objects = matte_of(&found, MatteKind::Object);
        assert!(!objects.names.iter().any(|n| n == "set/ball1"), "cut out: {:?}", objects.names);
    }
    let settings = settings(48, 40, 256, 3);
    let found = look(&s, &view, &settings);
    let objects = matte_of(&found, MatteKind::Object);
    assert_eq!(objects.names, ["set/ball0", "set/ball2", "set/wall"]);
    let pixel = |x: f64| {
        let at = project(&view, &settings, DVec3::new(x, 0.0, 2.4));
        at.y as usize * 48 + at.x as usize
    };
    // Behind the front of a veil is its back: 1 - 0.6 * 0.6.
    let veil = coverage(objects, pixel(-1.0), "set/ball0");
    assert!((veil - 0.64).abs() < 0.04, "{veil}");
    assert!((coverage(objects, pixel(-1.0), "set/wall") - (1.0 - veil)).abs() < 1e-6);
    assert_eq!(coverage(objects, pixel(0.0), "set/wall"), 1.0);
    assert_eq!(coverage(objects, pixel(1.0), "set/ball2"), 1.0);
    assert!((found.depth[pixel(-1.0)] - 5.6).abs() < 0.05, "the closest sample is on the veil");
    assert!((found.depth[pixel(0.0)] - 8.0).abs() < 1e-4);
}

#[test]
fn coverage_is_the_area_of_the_pixel() {
    // Two planes that meet along a line across the picture; at distance 1 with a field of view of 90 degrees the picture is 2 high.
    let (a, b) = (0.37f32, 0.11f32);
    let line = |x: f32| a * x + b;
    let quad = |id: &str, far: f32| {
        let positions = vec![[-9.0, line(-9.0), 0.0], [9.0, line(9.0), 0.0], [9.0, far, 0.0], [-9.0, far, 0.0]];
        let mesh = Mesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3]], ..Mesh::default() };
        named(id, instance(mesh, matte(0.5)))
    };
    let s = stage(vec![quad("set/above", 90.0), quad("set/below", -90.0)], vec![], WHITE_SKY);
    let n = 12u32;
    let found = look(&s, &camera(Vec3::new(0.0, 0.0, 1.0), Vec3::ZERO, 90.0), &settings(n, n, 4096, 1));
    let objects = matte_of(&found, MatteKind::Object);
    let mut mixed = 0;
    for (i, x, y) in pixels(&found) {
        let size = 2.0 / f64::from(n);
        let (left, bottom) = (x * size - 1.0, 1.0 - (y + 1.0) * size);
        let steps = 4000;
        let below = (0..steps)
            .map(|k| {
                let x = left + (f64::from(k) + 0.5) / f64::from(steps) * size;
                ((f64::from(a) * x + f64::from(b) - bottom) / size).clamp(0.0, 1.0)
            })
            .sum::<f64>()
            / f64::from(steps);
        let found = f64::from(coverage(objects, i, "set/below"));
        assert!((found - below).abs() < 4e-3, "{found} against {below} at {x} {y}");
        mixed += i32::from(below > 0.01 && below < 0.99);
    }
    assert!(mixed >= 12, "the line crosses {mixed} pixels");
}

#[test]
fn what_finds_no_slot_is_counted() {
    // Twenty strips side by side in a single pixel.
    let strips = (0..20).map(|i| {
        let x = i as f32 / 10.0 - 1.0;
        let positions = vec![[x, -1.0, 0.0], [x + 0.1, -1.0, 0.0], [x + 0.1, 1.0, 0.0], [x, 1.0, 0.0]];
        let mesh = Mesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3]], ..Mesh::default() };
        named(&format!("set/{i}"), instance(mesh, matte(0.5)))
    });
    let s = stage(strips.collect(), vec![], WHITE_SKY);
    let found = look(&s, &camera(Vec3::new(0.0, 0.0, 1.0), Vec3::ZERO, 89.9), &settings(1, 1, 400, 1));
    let objects = matte_of(&found, MatteKind::Object);
    let kept: f32 = objects.pixels[0].iter().map(|r| r.coverage).sum();
    assert!((f64::from(kept) + objects.dropped - 1.0).abs() < 1e-3, "{kept} and {}", objects.dropped);
    assert!((kept - 6.0 / 20.0).abs() < 0.02, "{kept}");
    assert_eq!(objects.names.len(), 6, "names that no pixel keeps are left out");
    assert_eq!(matte_of(&found, MatteKind::Material).dropped, 0.0);
}

#[test]
fn names_are_objects_materials_and_files() {
    let of = |id: &str, material: &str, asset: Option<&str>, x: f32| {
        let mesh = Mesh { asset: asset.map(Arc::from), ..sphere(0.4, 12, true) };
        let material = Material { name: material.into(), ..matte(0.5) };
        named(id, placed(&instance(mesh, material), Affine3A::from_translation(Vec3::new(x, 0.0, 0.0))))
    };
    let s = stage(
        vec![
            of("yard/crates/3/lid", "wood", None, -1.5),
            of("yard/crates/4/lid", "wood", None, -0.5),
            of("cast/hero/Head/0", "Skin", Some("/a/bibles/hero.glb"), 0.5),
            of("cast/hero/Body/1", "Coat", Some("/a/bibles/hero.glb"), 1.5),
            of("yard/far", "unseen", None, 900.0),
        ],
        vec![],
        WHITE_SKY,
    );
    let found = look(&s, &camera(Vec3::new(0.0, 0.0, 8.0), Vec3::ZERO, 40.0), &settings(32, 16, 16, 1));
    let names = |kind| matte_of(&found, kind).names.clone();
    assert_eq!(names(MatteKind::Object), ["cast/hero", "yard/crates/3", "yard/crates/4"]);
    assert_eq!(names(MatteKind::Material), ["Coat", "Skin", "wood"]);
    assert_eq!(names(MatteKind::Asset), ["default", "hero.glb"]);
}

/// Compares motion with projections: `moved` says where a point goes. The background is very far away.
fn assert_motion(now: (&Stage, &Camera), next: (&Stage, &Camera), moved: &dyn Fn(DVec3) -> DVec3) {
    let settings = settings(40, 30, 4, 1);
    let found = motion(now, next, &settings);
    assert_numbers(&found);
    let mut met = 0;
    for (i, x, y) in pixels(&found) {
        let [dx, dy] = found.motion.as_ref().unwrap()[i].map(f64::from);
        let (from, to) = if found.depth[i] == BACKGROUND {
            let scale = (0.5 * f64::from(now.1.vertical_fov)).tan() / 15.0;
            let local = DVec3::new((x + 0.5 - 20.0) * scale, (15.0 - y - 0.5) * scale, -1.0);
            let far = glam::Mat3::from(now.1.world_from_camera.matrix3).as_dmat3() * local * 1e9;
            (project(now.1, &settings, far), project(next.1, &settings, far))
        } else {
            met += 1;
            let p = Vec3::from(found.position[i]).as_dvec3();
            (project(now.1, &settings, p), project(next.1, &settings, moved(p)))
        };
        let error = (to.x - from.x - dx).abs().max((from.y - to.y - dy).abs());
        assert!(error < 2e-3, "({dx}, {dy}) against {from} to {to} in {x} {y}");
    }
    assert!(met > 50, "{met} pixels");
}

fn one(id: &str, mesh: Mesh, at: Affine3A) -> Stage {
    stage(vec![named(id, placed(&instance(mesh, matte(0.5)), at))], vec![], WHITE_SKY)
}

#[test]
fn a_thing_that_moves_or_turns_moves_on_the_film() {
    let view = camera(Vec3::new(0.4, 0.5, 5.0), Vec3::ZERO, 40.0);
    let at = Affine3A::from_scale_rotation_translation(
        Vec3::new(1.0, -1.3, 0.8),
        Quat::from_rotation_z(0.3),
        Vec3::new(0.2, 0.1, -0.3),
    );
    let shift = Affine3A::from_translation(Vec3::new(0.3, -0.2, 0.5));
    let turn = Affine3A::from_axis_angle(Vec3::new(0.6, 0.8, 0.0), 0.4);
    for map in [shift, turn] {
        let (now, next) =
            (one("set/ball", sphere(1.0, 32, true), at), one("set/ball", sphere(1.0, 32, true), map * at));
        let wide = glam::Mat4::from(map).as_dmat4();
        assert_motion((&now, &view), (&next, &view), &|p| wide.transform_point3(p));
    }
}

#[test]
fn a_mesh_that_bends_moves_on_the_film() {
    let view = camera(Vec3::new(0.4, 0.5, 5.0), Vec3::ZERO, 40.0);
    let at = Affine3A::from_translation(Vec3::new(0.2, 0.0, 0.0));
    let (straight, mut bent) = (sphere(1.0, 32, true), sphere(1.0, 32, true));
    // A shear of x by y about the thing's origin: linear, so that it is known within triangles too.
    for p in &mut bent.positions {
        p[0] += 0.4 * p[1];
    }
    let (now, next) = (one("set/ball", straight, at), one("set/ball", bent.clone(), at));
    assert_motion((&now, &view), (&next, &view), &|p| p + DVec3::new(0.4 * p.y, 0.0, 0.0));
    // Another number of triangles is no partner.
    bent.triangles.pop();
    let other = one("set/ball", bent, at);
    assert_motion((&now, &view), (&other, &view), &|p| p);
}

#[test]
fn a_camera_that_moves_moves_all_and_what_is_still_has_no_motion() {
    let view = camera(Vec3::new(0.4, 0.5, 5.0), Vec3::ZERO, 40.0);
    let moved = camera(Vec3::new(1.4, 0.9, 4.5), Vec3::new(0.2, 0.1, 0.0), 45.0);
    let now = one("set/ball", sphere(1.0, 32, true), Affine3A::IDENTITY);
    assert_motion((&now, &view), (&now, &moved), &|p| p);
    // Another id has no partner, so only the camera moves it.
    let other = one("set/other", sphere(1.0, 32, true), Affine3A::from_translation(Vec3::X));
    assert_motion((&now, &view), (&other, &moved), &|p| p);
    let still = motion((&now, &view), (&now, &view), &settings(40, 30, 4, 1));
    assert!(still.motion.unwrap().iter().all(|m| *m == [0.0; 2]));
    // What lies behind the next camera is nowhere on its film.
    let away = camera(Vec3::new(0.0, 0.0, -5.0), Vec3::new(0.0, 0.0, -9.0), 40.0);
    let gone = motion((&now, &view), (&now, &away), &settings(40, 30, 4, 1));
    let things = gone.motion.iter().flatten().zip(&gone.depth).filter(|(_, depth)| **depth < BACKGROUND);
    assert!(things.clone().count() > 50 && things.clone().all(|(m, _)| *m == [0.0; 2]));
    let scene = prepare(&now).unwrap();
    let frame = Frame { stage: &now, scene: &scene, camera: &view, next: None, chosen: &[] };
    assert_eq!(aovs(&frame, &settings(4, 4, 1, 1), &[], &()).unwrap().motion, None);
}

#[test]
fn threads_change_nothing() {
    let s = veils();
    let next = stage(
        s.instances
            .iter()
            .map(|i| placed(i, Affine3A::from_translation(Vec3::X * 0.1) * i.world_from_object))
            .collect(),
        vec![],
        WHITE_SKY,
    );
    let view = Camera { lens: Lens::round(0.05, 6.0), ..camera(Vec3::new(0.0, 0.0, 8.0), Vec3::ZERO, 30.0) };
    let scene = prepare(&s).unwrap();
    let frame = Frame { stage: &s, scene: &scene, camera: &view, next: Some((&next, &view)), chosen: &[] };
    let run = |threads| {
        let settings = RenderSettings { threads: Some(threads), ..settings(70, 50, 24, 1) };
        aovs(&frame, &settings, &ALL, &()).unwrap()
    };
    let one = run(1);
    assert_numbers(&one);
    assert!(one == run(2) && one == run(8));
}

struct Stop;

impl Control for Stop {
    fn progress(&self, _: &Progress<'_>) -> bool {
        false
    }
}

#[test]
fn a_stop_and_an_empty_film_are_errors() {
    let s = veils();
    let scene = prepare(&s).unwrap();
    let view = camera(Vec3::new(0.0, 0.0, 8.0), Vec3::ZERO, 30.0);
    let frame = Frame { stage: &s, scene: &scene, camera: &view, next: None, chosen: &[] };
    assert_eq!(aovs(&frame, &settings(64, 64, 64, 1), &ALL, &Stop).err(), Some(RenderError::Cancelled));
    assert_eq!(aovs(&frame, &settings(0, 64, 64, 1), &ALL, &()).unwrap_err().code(), "E0600");
}

#[test]
fn nothing_at_all_is_background() {
    let found = look(&stage(vec![], vec![], WHITE_SKY), &camera(Vec3::ZERO, Vec3::NEG_Z, 30.0), &settings(3, 2, 2, 1));
    assert!(found.depth.iter().all(|d| *d == BACKGROUND));
    assert!(found.mattes.iter().all(|m| m.names.is_empty() && m.dropped == 0.0));
}

#[test]
fn odd_geometry_gives_numbers() {
    let mut odd = sphere(1.0, 8, true);
    odd.normals.iter_mut().step_by(3).for_each(|n| *n = [0.0; 3]);
    odd.normals.iter_mut().step_by(5).for_each(|n| *n = [f32::NAN; 3]);
    odd.positions[4] = odd.positions[5];
    let flat = Affine3A::from_scale(Vec3::new(1.0, 0.0, 1.0));
    let shine = Material { roughness: 0.0, emission: [f32::INFINITY; 3], ..Material::default() };
    let parts = |by: f32| {
        let at = Affine3A::from_translation(Vec3::new(by, 0.5, 0.0));
        vec![
            named("set/odd", placed(&instance(odd.clone(), shine.clone()), at)),
            named("set/flat", placed(&instance(sphere(3.0, 8, true), matte(0.5)), flat)),
        ]
    };
    let view = camera(Vec3::new(0.0, 1.2, 4.0), Vec3::ZERO, 50.0);
    let (now, next) = (stage(parts(0.0), vec![], WHITE_SKY), stage(parts(0.3), vec![], WHITE_SKY));
    let found = motion((&now, &view), (&next, &view), &settings(32, 24, 8, 1));
    assert_numbers(&found);
    assert!(found.depth.iter().any(|d| *d < BACKGROUND));
}
