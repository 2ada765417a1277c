//! What ends sampling, what a pixel takes in, what the aperture lets in.
#![allow(missing_docs)]

mod common;

use std::f32::consts::FRAC_PI_2;
use std::time::Duration;

use common::{assert_finite, camera, floor, instance, lamp, matte, mean, placed, settings, shoot, stage};
use glam::{Affine3A, Quat, Vec3};
use scenec_render::{Film, Filter, RenderSettings};
use scenec_scene::{Camera, Environment, Lens, Mesh, Stage};

/// A lit floor below, an empty sky above.
fn half_sky() -> Stage {
    let lamp = instance(floor(0.5, 2.0, true), lamp(10.0));
    stage(vec![instance(floor(50.0, 0.0, false), matte(0.5)), lamp], vec![], Environment::Constant([0.5; 3]))
}

fn level() -> Camera {
    camera(Vec3::new(0.0, 1.0, 4.0), Vec3::new(0.0, 1.0, 0.0), 50.0)
}

fn luminance(p: &[f32; 3]) -> f64 {
    0.2126 * f64::from(p[0]) + 0.7152 * f64::from(p[1]) + 0.0722 * f64::from(p[2])
}

#[test]
fn sampling_ends_where_the_picture_is_clean() {
    let noise = 0.05;
    let film = shoot(&half_sky(), &level(), &RenderSettings { noise: Some(noise), ..settings(128, 64, 4096, 3) });
    assert_finite(&film);
    let count = |x: usize, y: usize| film.sample_counts[y * 128 + x];
    assert_eq!(count(8, 4), 16, "a sky without noise has the fewest samples that tell anything");
    let most = film.sample_counts.iter().copied().max().unwrap();
    assert!(most == film.samples && most > 16 && most < 4096, "{most}");
    // Against a picture with many more samples, blocks are as clean as was asked for, their estimate's own noise included.
    let truth = shoot(&half_sky(), &level(), &RenderSettings { seed: 9, ..settings(128, 64, 2048, 3) });
    let level: f64 = truth.rgb.iter().map(luminance).sum::<f64>() / 8192.0;
    let mut worst = 0.0f64;
    for block in 0..32 {
        let (top, left) = (block / 8 * 16, block % 8 * 16);
        let pixels: Vec<usize> = (0..256).map(|i| (top + i / 16) * 128 + left + i % 16).collect();
        let bright = pixels.iter().map(|&i| luminance(&truth.rgb[i])).sum::<f64>() / 256.0;
        let off: f64 =
            pixels.iter().map(|&i| (luminance(&film.rgb[i]) - luminance(&truth.rgb[i])).powi(2)).sum::<f64>() / 256.0;
        worst = worst.max(off.sqrt() / (bright * level).sqrt());
    }
    assert!(worst < 1.5 * f64::from(noise) && worst > 0.3 * f64::from(noise), "{worst}");
    let drift = mean(&film) / mean(&truth) - 1.0;
    assert!(drift.abs() < 3e-3, "{drift}");
}

#[test]
fn noise_that_is_never_reached_changes_nothing() {
    let plain = shoot(&half_sky(), &level(), &settings(40, 30, 40, 3));
    assert!(plain.sample_counts.is_empty());
    let strict = RenderSettings { noise: Some(1e-6), ..settings(40, 30, 40, 3) };
    let film = shoot(&half_sky(), &level(), &strict);
    // What has no noise at all ends even so.
    let same = |i: usize| film.sample_counts.is_empty() || film.sample_counts[i] == 40;
    let sampled: Vec<usize> = (0..film.rgb.len()).filter(|i| same(*i)).collect();
    assert!(sampled.len() > 500);
    assert!(sampled.iter().all(|&i| film.rgb[i] == plain.rgb[i] && film.half[i] == plain.half[i]));
}

#[test]
fn time_ends_sampling_after_a_pass() {
    let short = RenderSettings { time: Some(Duration::ZERO), ..settings(40, 30, 4096, 3) };
    let film = shoot(&half_sky(), &level(), &short);
    assert_eq!((film.samples, film.sample_counts.len(), film.half.len()), (1, 0, 0));
    let one = shoot(&half_sky(), &level(), &settings(40, 30, 1, 3));
    assert_eq!(film.rgb, one.rgb);
    let long = RenderSettings { time: Some(Duration::from_secs(3600)), ..settings(40, 30, 8, 3) };
    assert_eq!(shoot(&half_sky(), &level(), &long).samples, 8);
}

/// A glowing half plane, whose edge runs through the middle of the picture: pixels beside it see as much of it as their filters do.
#[test]
fn filters_weigh_what_lies_around_a_pixel() {
    let sheet = |x0: f32, x1: f32| {
        let positions = vec![[x0, -9.0, 0.0], [x1, -9.0, 0.0], [x1, 9.0, 0.0], [x0, 9.0, 0.0]];
        Mesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3]], ..Mesh::default() }
    };
    let s = stage(vec![instance(sheet(-9.0, 0.0), lamp(1.0))], vec![], Environment::Constant([0.0; 3]));
    let eye = camera(Vec3::new(0.0, 0.0, 4.0), Vec3::ZERO, 40.0);
    let seen = |filter: Filter| -> Vec<f64> {
        let film = shoot(&s, &eye, &RenderSettings { filter, ..settings(16, 16, 1024, 1) });
        (0..16).map(|x| (0..16).map(|y| f64::from(film.rgb[y * 16 + x][0])).sum::<f64>() / 16.0).collect()
    };
    let close = |found: &[f64], expected: &[(usize, f64)], what: &str| {
        for &(x, share) in expected {
            assert!((found[x] - share).abs() < 2e-3, "{what}, column {x}: {} against {share}", found[x]);
        }
    };
    close(&seen(Filter::Box), &[(6, 1.0), (7, 1.0), (8, 0.0)], "box");
    // Half of (1 - d)^2 lies beyond a distance of d from the middle of a tent of width 2.
    close(&seen(Filter::Tent(2.0)), &[(6, 1.0), (7, 0.875), (8, 0.125), (9, 0.0)], "tent");
    // Beyond one standard deviation of half a pixel lie 0.1587, of which the cut at three takes 0.0044, of 0.9889 in all.
    close(&seen(Filter::Gaussian(3.0)), &[(6, 1.0), (7, 0.844), (8, 0.156), (9, 0.0)], "Gaussian");
}

/// A small lamp far out of focus shows the aperture: its second moment about the middle is that of a disk, or of a polygon in it.
#[test]
fn blades_shape_what_is_out_of_focus() {
    let look = |blades: u32| {
        let lamp = instance(floor(0.02, 0.0, false), lamp(1e4));
        let s = stage(vec![lamp], vec![], Environment::Constant([0.0; 3]));
        let eye = camera(Vec3::new(0.0, 4.0, 0.0), Vec3::new(0.0, 0.0, 1e-3), 40.0);
        let eye = Camera { lens: Lens { radius: 0.3, focus_distance: 2.0, blades, blade_turn: 0.2 }, ..eye };
        shoot(&s, &eye, &settings(96, 96, 4096, 1))
    };
    let moment = |film: &Film| {
        let lit = || film.rgb.iter().enumerate().map(|(i, p)| ((i % 96) as f64, (i / 96) as f64, f64::from(p[0])));
        let sum = |of: &dyn Fn(f64, f64) -> f64| lit().map(|(x, y, w)| w * of(x, y)).sum::<f64>();
        let all = sum(&|_, _| 1.0);
        let (cx, cy) = (sum(&|x, _| x) / all, sum(&|_, y| y) / all);
        sum(&|x, y| (x - cx).powi(2) + (y - cy).powi(2)) / all
    };
    let round = look(0);
    for blades in [4u32, 6] {
        let film = look(blades);
        let expected = (2.0 + (2.0 * std::f64::consts::PI / f64::from(blades)).cos()) / 3.0;
        let found = moment(&film) / moment(&round);
        assert!((found / expected - 1.0).abs() < 0.015, "{blades} blades: {found} against {expected}");
        let energy = mean(&film) / mean(&round);
        assert!((energy - 1.0).abs() < 0.02, "a polygon has no other exposure: {energy}");
    }
}

#[test]
fn a_clamp_takes_indirect_light_alone() {
    let clamped = |depth: u32, clamp_indirect: Option<f32>| {
        let mut stage = half_sky();
        let wall = Affine3A::from_rotation_translation(Quat::from_rotation_x(FRAC_PI_2), Vec3::new(0.0, 0.0, -1.0));
        stage.instances.push(placed(&instance(floor(3.0, 0.0, false), matte(0.8)), wall));
        shoot(&stage, &level(), &RenderSettings { clamp_indirect, ..settings(32, 32, 64, depth) })
    };
    assert_eq!(clamped(2, Some(1e-3)).rgb, clamped(2, None).rgb, "lamps and direct light are as they are");
    let (all, less) = (clamped(5, None), clamped(5, Some(0.05)));
    assert!(mean(&less) < mean(&all) && mean(&less) > mean(&clamped(2, None)));
    assert_eq!(clamped(5, Some(1e6)).rgb, all.rgb, "a limit that nothing reaches");
}
