//! Looks at a finished picture as a user would: is it black, empty, or is the subject out of frame? And why?

use glam::Vec3;
use scenec_render::Film;
use scenec_scene::{Camera, Environment, LightKind, Stage};

use crate::RunWarning;
use crate::framing::project;

/// Warnings about a picture of a stage. `subject` are points of what the camera is meant to show; empty when unknown.
/// With `metered` the exposure follows the picture, so that only one without any light is black.
pub fn audit(
    id: &str,
    film: &Film,
    stage: &Stage,
    camera: &Camera,
    subject: &[Vec3],
    metered: bool,
) -> Vec<RunWarning> {
    let mut found = Vec::new();
    let eye = Vec3::from(camera.world_from_camera.translation);
    let bad = film.rgb.iter().filter(|p| !p.iter().all(|v| v.is_finite())).count();
    if bad > 0 {
        found.push(RunWarning::new(
            "W0611",
            format!("{bad} pixels of `{id}` are not finite"),
            "a material or light has a number beyond what 32-bit floats hold",
        ));
    }
    if stage.instances.is_empty() {
        found.push(RunWarning::new(
            "W0612",
            format!("`{id}` is empty: the stage holds nothing that can be seen"),
            "put a thing into a layer",
        ));
    } else if film.hit_fraction == 0.0 {
        found.push(RunWarning::new(
            "W0612",
            format!("`{id}` is empty: {}", why_empty(stage, camera, eye)),
            "point the camera with `look_at`, or let it find its place with `frame`",
        ));
    }
    let aspect = film.width as f32 / film.height as f32;
    if !subject.is_empty() && film.hit_fraction > 0.0 {
        let seen = |p: &&Vec3| project(camera, aspect, **p).is_some_and(|[x, y]| x.abs() <= 1.0 && y.abs() <= 1.0);
        let inside = subject.iter().filter(seen).count();
        if inside == 0 {
            let behind = subject.iter().all(|&p| project(camera, aspect, p).is_none());
            let why = if behind { "it is behind the camera" } else { "it lies outside of the field of view" };
            found.push(RunWarning::new(
                "W0613",
                format!("the subject of `{id}` is out of frame: {why}"),
                "point the camera with `look_at`, or let it find its place with `frame`",
            ));
        }
    }
    let brightest = film.rgb.iter().flatten().copied().filter(|v| v.is_finite()).fold(0.0, f32::max);
    if if metered { brightest == 0.0 } else { brightest * camera.exposure < 1e-3 } {
        let (why, hint) = why_black(stage, brightest, camera);
        found.push(RunWarning::new("W0614", format!("`{id}` is black: {why}"), hint));
    }
    found
}

fn why_empty(stage: &Stage, camera: &Camera, eye: Vec3) -> String {
    let bounds = stage.bounds();
    let to_scene = bounds.center() - eye;
    let forward = -Vec3::from(camera.world_from_camera.matrix3.z_axis);
    if to_scene == Vec3::ZERO {
        return "the camera stands in the middle of the scene and sees nothing of it".into();
    }
    let degrees = forward.angle_between(to_scene).to_degrees();
    if degrees > 90.0 {
        format!("the camera looks away from the scene, whose centre is {degrees:.0} degrees behind its view")
    } else {
        format!(
            "the scene, {:.3} m across, is {:.3} m away and {degrees:.0} degrees off the view axis",
            bounds.radius() * 2.0,
            to_scene.length()
        )
    }
}

fn why_black(stage: &Stage, brightest: f32, camera: &Camera) -> (String, &'static str) {
    let sky = match &stage.environment {
        Environment::Constant(c) => c.iter().any(|&v| v > 0.0),
        Environment::Map { strength, rgb, .. } => *strength > 0.0 && rgb.iter().flatten().any(|&v| v > 0.0),
    };
    let glows = stage.instances.iter().any(|i| i.material.emission.iter().any(|&v| v > 0.0));
    if brightest > 0.0 {
        (
            format!("its brightest pixel is {brightest:.3e} and the exposure is {:.3e}", camera.exposure),
            "raise the camera's exposure or the lights' strength",
        )
    } else if !sky && !glows && stage.lights.is_empty() {
        ("the stage has no sky, no light and nothing that glows".into(), "add a sky or a sun to the environment")
    } else if stage.fog.is_some_and(|fog| fog.height.is_none())
        && !glows
        && stage.lights.iter().all(|l| matches!(l.kind, LightKind::Sun { .. }))
    {
        (
            "its fog has no end, so no light of the sky or a sun comes through".into(),
            "take `height_fog`, which ends above, or light it with lamps",
        )
    } else if stage.fog.is_some() {
        (
            "no light reaches what the camera sees".into(),
            "is its fog too dense, or the camera inside of a closed thing?",
        )
    } else {
        ("no light reaches what the camera sees".into(), "is the camera inside of a closed thing?")
    }
}
