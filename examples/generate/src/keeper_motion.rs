//! The keeper's clips: idle, wave, walk.

use std::f64::consts::TAU;

use glam::{DQuat, DVec3};
use serde_json::json;

use crate::glb::Document;
use crate::keeper::JOINTS;

/// Keys per second; between keys rotations run on the shortest arc.
const RATE: f64 = 12.0;

/// Angles about x, y, z in degrees of one joint at phase `t` (0..1 over the clip).
type Turn = fn(f64) -> [f64; 3];

fn sine(t: f64) -> f64 {
    libm::sin(t * TAU)
}

/// Rises from 0 at `a` to 1 at `b`.
fn step(a: f64, b: f64, x: f64) -> f64 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Arms a little closer to the body than in the bind pose, elbows bent; the lantern is held forward.
const AT_REST: [(&str, Turn); 4] = [
    ("arm_l", |t| [2.0 + 1.2 * sine(t), 0.0, -13.0]),
    ("forearm_l", |t| [-14.0 + 1.5 * sine(t + 0.1), 0.0, 0.0]),
    ("arm_r", |t| [-14.0 + 1.2 * sine(t), 0.0, 9.0]),
    ("forearm_r", |t| [-34.0 + 1.5 * sine(t + 0.1), 0.0, 0.0]),
];

const IDLE: &[(&str, Turn)] = &[
    AT_REST[0],
    AT_REST[1],
    AT_REST[2],
    AT_REST[3],
    ("spine", |t| [1.2 + 0.8 * sine(t), 0.0, 0.6 * sine(t * 1.0 + 0.25)]),
    ("chest", |t| [-1.0 - 1.2 * sine(t + 0.05), 0.0, 0.0]),
    ("head", |t| [-2.0 + 1.5 * sine(t + 0.2), 9.0 * sine(t), 2.0 * sine(t + 0.3)]),
    ("hand_r", |t| [46.0 + 2.5 * sine(2.0 * t), 0.0, -9.0]),
];

const WAVE: &[(&str, Turn)] = &[
    AT_REST[2],
    AT_REST[3],
    ("hand_r", |t| [46.0 + 2.5 * sine(2.0 * t), 0.0, -9.0]),
    ("arm_l", |t| [2.0, 0.0, -13.0 + 108.0 * raised(t)]),
    ("forearm_l", |t| [-14.0 * (1.0 - raised(t)), 0.0, raised(t) * (48.0 + 24.0 * sine(3.0 * t))]),
    ("hand_l", |t| [0.0, 0.0, raised(t) * 14.0 * sine(3.0 * t - 0.1)]),
    ("shoulder_l", |t| [0.0, 0.0, 10.0 * raised(t)]),
    ("spine", |t| [0.5, 0.0, -3.0 * raised(t)]),
    ("head", |t| [-3.0 * raised(t), 6.0 * raised(t), 6.0 * raised(t) + 1.5 * sine(2.0 * t)]),
];

/// Up between a sixth and five sixths of the wave.
fn raised(t: f64) -> f64 {
    step(0.0, 0.18, t) * (1.0 - step(0.82, 1.0, t))
}

const WALK: &[(&str, Turn)] = &[
    ("leg_l", |t| [-26.0 * sine(t), 0.0, 0.0]),
    ("leg_r", |t| [26.0 * sine(t), 0.0, 0.0]),
    // A knee bends while its thigh swings forwards.
    ("shin_l", |t| [6.0 + 44.0 * step(-0.2, 1.0, libm::cos(t * TAU)), 0.0, 0.0]),
    ("shin_r", |t| [6.0 + 44.0 * step(-0.2, 1.0, -libm::cos(t * TAU)), 0.0, 0.0]),
    ("foot_l", |t| [-8.0 * sine(t + 0.05), 0.0, 0.0]),
    ("foot_r", |t| [8.0 * sine(t + 0.05), 0.0, 0.0]),
    ("arm_l", |t| [20.0 * sine(t), 0.0, -12.0]),
    ("arm_r", |t| [-10.0 - 9.0 * sine(t), 0.0, 9.0]),
    ("forearm_l", |t| [-18.0 + 7.0 * sine(t), 0.0, 0.0]),
    ("forearm_r", |t| [-34.0 - 3.0 * sine(t), 0.0, 0.0]),
    ("hand_r", |t| [42.0 + 8.0 * sine(t + 0.15), 0.0, -9.0]),
    ("hips", |t| [0.0, 5.0 * sine(t), 1.5 * sine(t)]),
    ("spine", |t| [4.0, -4.0 * sine(t), 0.0]),
    ("chest", |t| [0.0, -5.0 * sine(t), 0.0]),
    ("head", |t| [-4.0, 4.0 * sine(t), 0.0]),
];

/// Adds all clips to the document; joints are nodes 0.. in the order of the skeleton.
pub fn add_clips(document: &mut Document) {
    add_clip(document, "idle", 4.0, IDLE, |_| 0.0);
    add_clip(document, "wave", 3.0, WAVE, |_| 0.0);
    // The hips are lowest when the legs are furthest apart.
    add_clip(document, "walk", 1.0, WALK, |t| -0.062 * sine(t) * sine(t));
}

fn add_clip(document: &mut Document, name: &str, seconds: f64, turns: &[(&str, Turn)], bob: fn(f64) -> f64) {
    let keys = (seconds * RATE) as usize;
    let phase = |k: usize| k as f64 / keys as f64;
    let times: Vec<[f32; 1]> = (0..=keys).map(|k| [(phase(k) * seconds) as f32]).collect();
    let input = document.add_floats(&times, "SCALAR", true);
    let (mut samplers, mut channels) = (Vec::new(), Vec::new());
    let mut add = |output: usize, node: usize, path: &str| {
        channels.push(json!({ "sampler": samplers.len(), "target": { "node": node, "path": path } }));
        samplers.push(json!({ "input": input, "output": output, "interpolation": "LINEAR" }));
    };
    for (node, joint) in JOINTS.iter().enumerate() {
        let Some((_, turn)) = turns.iter().find(|(name, _)| *name == joint.name) else { continue };
        let rotations: Vec<[f32; 4]> = (0..=keys).map(|k| rotation(turn(phase(k)))).collect();
        let output = document.add_floats(&rotations, "VEC4", false);
        add(output, node, "rotation");
    }
    let [x, y, z] = JOINTS[0].place;
    let places: Vec<[f32; 3]> = (0..=keys).map(|k| DVec3::new(x, y + bob(phase(k)), z).as_vec3().to_array()).collect();
    let output = document.add_floats(&places, "VEC3", false);
    add(output, 0, "translation");
    document.add("animations", json!({ "name": name, "samplers": samplers, "channels": channels }));
}

/// x first, then y, then z, all about the parent's axes.
fn rotation(degrees: [f64; 3]) -> [f32; 4] {
    let about = |axis: DVec3, degrees: f64| {
        let half = degrees * TAU / 720.0;
        let v = axis * libm::sin(half);
        DQuat::from_xyzw(v.x, v.y, v.z, libm::cos(half))
    };
    let turn = about(DVec3::Z, degrees[2]) * about(DVec3::Y, degrees[1]) * about(DVec3::X, degrees[0]);
    turn.normalize().as_quat().to_array()
}
