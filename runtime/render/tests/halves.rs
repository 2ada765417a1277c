//! The film of every second sample.
#![allow(missing_docs)]

mod common;

use common::{camera, floor, instance, lamp, matte, settings, shoot, sphere, stage};
use glam::{Affine3A, Vec3};
use scenec_render::{Film, RenderSettings};
use scenec_scene::{Camera, Environment, Stage};

fn lamp_over_a_ball() -> (Stage, Camera) {
    let mut ball = instance(sphere(0.5, 24, true), matte(0.7));
    ball.world_from_object = Affine3A::from_translation(Vec3::new(0.0, 0.5, 0.0));
    let parts = vec![instance(floor(5.0, 0.0, false), matte(0.5)), ball, instance(floor(0.4, 2.0, true), lamp(9.0))];
    let sky = Environment::Constant([0.1, 0.15, 0.2]);
    (stage(parts, vec![], sky), camera(Vec3::new(0.0, 1.2, 3.5), Vec3::new(0.0, 0.5, 0.0), 40.0))
}

fn with(samples: u32, seed: u32) -> Film {
    let (stage, camera) = lamp_over_a_ball();
    shoot(&stage, &camera, &RenderSettings { seed, ..settings(48, 37, samples, 4) })
}

#[test]
fn one_sample_has_no_half() {
    assert!(with(1, 0).half.is_empty());
}

#[test]
fn of_two_samples_the_half_is_the_second() {
    // Samples are numbered, so a picture of one sample is sample 0 of any other.
    let (one, two) = (with(1, 0), with(2, 0));
    assert!(two.half != two.rgb);
    for ((first, both), second) in one.rgb.iter().zip(&two.rgb).zip(&two.half) {
        for k in 0..3 {
            assert!((2.0 * both[k] - second[k] - first[k]).abs() <= 1e-6 * (1.0 + first[k] + second[k]));
        }
    }
}

#[test]
fn an_odd_number_of_samples_counts_the_odd_ones_alone() {
    // Samples 1 of 0, 1 and 2.
    let (two, three) = (with(2, 0), with(3, 0));
    assert_eq!(two.half, three.half);
}

#[test]
fn without_noise_the_half_is_the_whole() {
    let s = stage(vec![], vec![], Environment::Constant([0.25, 0.5, 1.0]));
    let film = shoot(&s, &camera(Vec3::ZERO, Vec3::X, 40.0), &settings(9, 5, 8, 4));
    assert_eq!(film.half, film.rgb);
}

#[test]
fn halves_are_the_same_for_any_number_of_threads() {
    let (stage, camera) = lamp_over_a_ball();
    let of =
        |threads| shoot(&stage, &camera, &RenderSettings { threads: Some(threads), ..settings(48, 37, 8, 4) }).half;
    let one = of(1);
    assert_eq!(one, of(2));
    assert_eq!(one, of(8));
}

#[test]
fn the_halves_tell_the_noise_of_the_picture() {
    // Variance of the mean over seeds, against the squared half difference of the halves, both averaged over pixels. Samples are
    // stratified together, so the halves differ by more than the picture errs, never by less: eight times here, where the square
    // lamp is one light whose points all samples share.
    let films: Vec<Film> = (0..24).map(|seed| with(16, seed)).collect();
    let (mut told, mut real) = (0.0, 0.0);
    for i in 0..films[0].rgb.len() {
        let of = |f: &Film| f64::from(f.rgb[i][1]);
        let mean = films.iter().map(of).sum::<f64>() / films.len() as f64;
        real += films.iter().map(|f| (of(f) - mean).powi(2)).sum::<f64>() / (films.len() - 1) as f64;
        told += films.iter().map(|f| (of(f) - f64::from(f.half[i][1])).powi(2)).sum::<f64>() / films.len() as f64;
    }
    let ratio = told / real;
    assert!((0.9..10.0).contains(&ratio), "{ratio}");
}
