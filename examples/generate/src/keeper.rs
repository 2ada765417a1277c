//! The keeper: a small rounded figure in an oilskin coat with a lantern, 1.7 m tall, facing +Z, feet at y = 0.

use glam::{DVec3, Mat4, Vec3};
use scenec_scene::Mesh;
use scenec_scene::geometry::{Cuboid, GeometryError, Sphere, Torus, transformed};
use serde_json::json;

use crate::glb::{Document, Skinning, glowing_material, plain_material};
use crate::keeper_motion::add_clips;
use crate::loft::{Loft, Ring};
use crate::parts::{joined, moved, rod, smooth_lathe};

/// A joint: name, parent, place in the bind pose (metres). Bind rotations are the identity, so poses turn about the
/// world's axes.
pub struct Joint {
    pub name: &'static str,
    pub parent: Option<usize>,
    pub place: [f64; 3],
}

/// Arms hang 25 degrees off the vertical.
const ARM: [f64; 3] = [0.422_618, -0.906_308, 0.0];
const SHOULDER: [f64; 3] = [0.178, 1.258, -0.005];
const UPPER_ARM: f64 = 0.25;
const FOREARM: f64 = 0.225;

const fn along_arm(side: f64, distance: f64) -> [f64; 3] {
    [side * (SHOULDER[0] + ARM[0] * distance), SHOULDER[1] + ARM[1] * distance, SHOULDER[2]]
}

const fn joint(name: &'static str, parent: usize, place: [f64; 3]) -> Joint {
    Joint { name, parent: Some(parent), place }
}

/// The skeleton; a parent comes before its children.
pub const JOINTS: [Joint; 19] = [
    Joint { name: "hips", parent: None, place: [0.0, 0.86, 0.0] },
    joint("spine", 0, [0.0, 0.98, 0.0]),
    joint("chest", 1, [0.0, 1.12, 0.0]),
    joint("neck", 2, [0.0, 1.33, 0.0]),
    joint("head", 3, [0.0, 1.39, 0.0]),
    joint("shoulder_l", 2, [0.06, 1.28, 0.0]),
    joint("arm_l", 5, along_arm(1.0, 0.0)),
    joint("forearm_l", 6, along_arm(1.0, UPPER_ARM)),
    joint("hand_l", 7, along_arm(1.0, UPPER_ARM + FOREARM)),
    joint("shoulder_r", 2, [-0.06, 1.28, 0.0]),
    joint("arm_r", 9, along_arm(-1.0, 0.0)),
    joint("forearm_r", 10, along_arm(-1.0, UPPER_ARM)),
    joint("hand_r", 11, along_arm(-1.0, UPPER_ARM + FOREARM)),
    joint("leg_l", 0, [0.095, 0.82, 0.0]),
    joint("shin_l", 13, [0.1, 0.46, 0.005]),
    joint("foot_l", 14, [0.105, 0.09, -0.01]),
    joint("leg_r", 0, [-0.095, 0.82, 0.0]),
    joint("shin_r", 16, [-0.1, 0.46, 0.005]),
    joint("foot_r", 17, [-0.105, 0.09, -0.01]),
];

/// Weights of a vertex: up to four (joint, weight).
type Weights = Vec<(usize, f64)>;

/// Rises from 0 at `a` to 1 at `b`.
fn step(a: f64, b: f64, x: f64) -> f64 {
    let t = ((x - a) / (b - a)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

fn trunk(p: DVec3) -> Weights {
    let (spine, chest, neck) = (step(0.90, 1.02, p.y), step(1.06, 1.18, p.y), step(1.31, 1.37, p.y));
    vec![(0, 1.0 - spine), (1, spine - chest), (2, chest - neck), (3, neck)]
}

/// The coat follows the thighs a little below the hips.
fn coat(p: DVec3) -> Weights {
    if p.y > 0.86 {
        return trunk(p);
    }
    let follow = 0.55 * step(0.86, 0.55, p.y);
    let left = step(-0.12, 0.12, p.x);
    vec![(0, 1.0 - follow), (13, follow * left), (16, follow * (1.0 - left))]
}

/// The cape lies on the chest and lifts with the arms at its sides.
fn cape(p: DVec3) -> Weights {
    let arm = 0.55 * step(0.12, 0.27, p.x.abs());
    vec![(2, 1.0 - arm), (if p.x > 0.0 { 6 } else { 10 }, arm)]
}

/// Weights along an arm; joints from `first`.
fn arm(side: f64, first: usize) -> impl Fn(DVec3) -> Weights {
    move |p| {
        let along = (p - DVec3::from(along_arm(side, 0.0))).dot(DVec3::new(side * ARM[0], ARM[1], 0.0));
        let lower = step(UPPER_ARM - 0.05, UPPER_ARM + 0.05, along);
        let hand = step(UPPER_ARM + FOREARM - 0.015, UPPER_ARM + FOREARM + 0.015, along);
        vec![(first, 1.0 - lower), (first + 1, lower - hand), (first + 2, hand)]
    }
}

fn leg(first: usize) -> impl Fn(DVec3) -> Weights {
    move |p| {
        let shin = 1.0 - step(0.40, 0.52, p.y);
        let foot = 1.0 - step(0.07, 0.14, p.y);
        vec![(first, 1.0 - shin), (first + 1, shin - foot), (first + 2, foot)]
    }
}

fn rigid(joint: usize) -> impl Fn(DVec3) -> Weights {
    move |_| vec![(joint, 1.0)]
}

/// Parts of one material with the weights of their vertices.
#[derive(Default)]
struct Group {
    meshes: Vec<Mesh>,
    weights: Vec<Weights>,
}

impl Group {
    fn add(&mut self, mesh: Mesh, weights: impl Fn(DVec3) -> Weights) {
        self.weights.extend(mesh.positions.iter().map(|p| weights(DVec3::from(p.map(f64::from)))));
        self.meshes.push(mesh);
    }

    fn finish(self) -> Result<(Mesh, Skinning), GeometryError> {
        let mesh = joined(&self.meshes, 1.0)?;
        let mut skinning = Skinning { joints: Vec::new(), weights: Vec::new() };
        for mut weights in self.weights {
            weights.retain(|w| w.1 > 1e-4);
            let total: f64 = weights.iter().map(|w| w.1).sum();
            let (mut joints, mut shares) = ([0u8; 4], [0u8; 4]);
            for (slot, (joint, weight)) in weights.into_iter().take(4).enumerate() {
                joints[slot] = joint as u8;
                shares[slot] = (weight / total * 255.0).round() as u8;
            }
            // glTF wants the bytes to add up to 255; the first joint takes what rounding left.
            let sum: i32 = shares.iter().map(|&s| i32::from(s)).sum();
            shares[0] = (i32::from(shares[0]) + 255 - sum).clamp(0, 255) as u8;
            skinning.joints.push(joints);
            skinning.weights.push(shares);
        }
        Ok((mesh, skinning))
    }
}

/// The coat's outline: (y, half width, half depth) from the hem up.
const COAT: [[f64; 3]; 12] = [
    [0.500, 0.262, 0.212],
    [0.515, 0.270, 0.220],
    [0.600, 0.256, 0.206],
    [0.720, 0.238, 0.188],
    [0.850, 0.216, 0.170],
    [0.940, 0.198, 0.157],
    [1.010, 0.190, 0.151],
    [1.100, 0.200, 0.157],
    [1.190, 0.206, 0.156],
    [1.270, 0.190, 0.140],
    [1.325, 0.130, 0.108],
    [1.360, 0.080, 0.080],
];

/// Half width and depth of the coat at a height.
fn coat_at(y: f64) -> [f64; 2] {
    for pair in COAT.windows(2) {
        if y <= pair[1][0] {
            let t = ((y - pair[0][0]) / (pair[1][0] - pair[0][0])).clamp(0.0, 1.0);
            return [1, 2].map(|c| pair[0][c] + (pair[1][c] - pair[0][c]) * t);
        }
    }
    [COAT[11][1], COAT[11][2]]
}

fn loft(rings: &[Ring], segments: u32, between: u32) -> Loft<'_> {
    Loft { rings, segments, between, exponent: 2.0, crease: 0.9 }
}

fn same(p: DVec3, _: f64) -> DVec3 {
    p
}

/// The file.
pub fn keeper() -> Result<Vec<u8>, GeometryError> {
    let mut document = Document::default();
    let materials = [
        plain_material("coat_rain", [0.78, 0.36, 0.022], 0.0, 0.38),
        plain_material("coat_gala", [0.012, 0.022, 0.085], 0.0, 0.55),
        plain_material("trim_steel", [0.60, 0.60, 0.58], 1.0, 0.32),
        plain_material("trim_brass", [0.86, 0.60, 0.24], 1.0, 0.22),
        plain_material("trousers", [0.028, 0.034, 0.045], 0.0, 0.85),
        plain_material("boots", [0.012, 0.014, 0.015], 0.0, 0.35),
        plain_material("leather", [0.13, 0.055, 0.022], 0.0, 0.58),
        plain_material("scarf", [0.36, 0.022, 0.02], 0.0, 0.9),
        plain_material("enamel", [0.72, 0.66, 0.54], 0.0, 0.25),
        plain_material("visor", [0.006, 0.008, 0.010], 0.0, 0.06),
        glowing_material(&mut document, "eyes", [1.0, 0.66, 0.26], 9.0),
        glowing_material(&mut document, "flame", [1.0, 0.50, 0.14], 28.0),
    ];
    let material: Vec<usize> = materials.into_iter().map(|m| document.add("materials", m)).collect();
    let [coat_rain, coat_gala, steel, brass, trousers, boots, leather, scarf, enamel, visor, eyes, flame] =
        material[..]
    else {
        return Ok(Vec::new());
    };
    document.root_extension("KHR_materials_variants", json!({ "variants": [{ "name": "rain" }, { "name": "gala" }] }));
    let variants = |rain: usize, gala: usize| {
        json!({ "KHR_materials_variants": { "mappings": [
            { "material": rain, "variants": [0] },
            { "material": gala, "variants": [1] },
        ] } })
    };

    let mut primitives = Vec::new();
    let groups = [
        (cloth()?, coat_rain, Some(variants(coat_rain, coat_gala))),
        (trim()?, steel, Some(variants(steel, brass))),
        (legs(), trousers, None),
        (shoes()?, boots, None),
        (belt_and_gloves()?, leather, None),
        (neckcloth()?, scarf, None),
        (skull(), enamel, None),
        (goggles(), visor, None),
        (pupils()?, eyes, None),
        (lamp_light()?, flame, None),
    ];
    for (group, material, extensions) in groups {
        let (mesh, skinning) = group.finish()?;
        let mut primitive = document.add_primitive(&mesh, material, false, Some(&skinning));
        if let Some(extensions) = extensions {
            primitive["extensions"] = extensions;
        }
        primitives.push(primitive);
    }
    let mesh = document.add("meshes", json!({ "name": "Keeper", "primitives": primitives }));

    // Nodes 0..19 are the joints, so animations can name them by their index.
    for (i, joint) in JOINTS.iter().enumerate() {
        let parent = joint.parent.map_or([0.0; 3], |p| JOINTS[p].place);
        let local = [0, 1, 2].map(|c| ((joint.place[c] - parent[c]) * 1e6).round() / 1e6);
        let children: Vec<usize> = (0..JOINTS.len()).filter(|&c| JOINTS[c].parent == Some(i)).collect();
        let mut node = json!({ "name": joint.name, "translation": local });
        if !children.is_empty() {
            node["children"] = json!(children);
        }
        document.add("nodes", node);
    }
    let inverse: Vec<[f32; 16]> = JOINTS
        .iter()
        .map(|joint| Mat4::from_translation(-DVec3::from(joint.place).as_vec3()).to_cols_array())
        .collect();
    let inverse = document.add_floats(&inverse, "MAT4", false);
    let joints: Vec<usize> = (0..JOINTS.len()).collect();
    let skin = document
        .add("skins", json!({ "name": "Keeper", "joints": joints, "skeleton": 0, "inverseBindMatrices": inverse }));
    let body = document.add("nodes", json!({ "name": "KeeperBody", "mesh": mesh, "skin": skin }));
    let root = document.add("nodes", json!({ "name": "Keeper", "children": [0, body] }));
    add_clips(&mut document);
    Ok(document.finish("Keeper", &[root]))
}

/// Coat, sleeves, cape and hat.
fn cloth() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    // The hem turns inwards, so that the skirt has a thickness when seen from below.
    let mut rings = vec![
        Ring::level([0.0, 0.60, 0.0], 0.15, 0.12),
        Ring::level([0.0, 0.525, 0.0], 0.245, 0.195),
        Ring::level([0.0, 0.505, 0.0], 0.256, 0.206),
    ];
    rings.extend(COAT.iter().map(|&[y, rx, rz]| Ring::level([0.0, y, 0.0], rx, rz)));
    let folds = |p: DVec3, turn: f64| {
        let depth = 0.035 * step(0.95, 0.50, p.y);
        let swell = 1.0 + depth * libm::cos(turn * std::f64::consts::TAU * 9.0);
        DVec3::new(p.x * swell, p.y, p.z * swell)
    };
    group.add(loft(&rings, 45, 0).mesh(folds), coat);

    for (side, first) in [(1.0, 6), (-1.0, 10)] {
        let direction = DVec3::new(side * ARM[0], ARM[1], 0.0);
        let ring = |d: f64, r: f64| Ring::across(DVec3::from(along_arm(side, d)), direction, r, r * 1.04);
        let sleeve = [
            ring(-0.05, 0.034),
            ring(-0.025, 0.054),
            ring(0.03, 0.068),
            ring(0.12, 0.070),
            ring(0.25, 0.064),
            ring(0.36, 0.062),
            ring(0.455, 0.067),
            ring(0.462, 0.064),
            ring(0.45, 0.050),
        ];
        group.add(loft(&sleeve, 16, 0).mesh(same), arm(side, first));
    }

    let shoulder_cape = [
        Ring::level([0.0, 1.250, -0.005], 0.180, 0.130),
        Ring::level([0.0, 1.188, -0.005], 0.258, 0.196),
        Ring::level([0.0, 1.178, -0.005], 0.268, 0.206),
        Ring::level([0.0, 1.190, -0.005], 0.272, 0.207),
        Ring::level([0.0, 1.250, -0.005], 0.247, 0.180),
        Ring::level([0.0, 1.305, -0.003], 0.196, 0.145),
        Ring::level([0.0, 1.345, 0.0], 0.125, 0.112),
        Ring::level([0.0, 1.372, 0.0], 0.092, 0.094),
    ];
    let ripple = |p: DVec3, turn: f64| {
        let swell = 1.0 + 0.02 * step(1.30, 1.19, p.y) * libm::cos(turn * std::f64::consts::TAU * 8.0);
        DVec3::new(p.x * swell, p.y, p.z * swell)
    };
    group.add(loft(&shoulder_cape, 40, 0).mesh(ripple), cape);

    // A sou'wester: the brim is long and low at the back.
    let brim = |y: f64, rx: f64, rz: f64, back: f64, tilt: f64| Ring {
        center: DVec3::new(0.0, y, back),
        side: DVec3::X * rx,
        front: DVec3::new(0.0, tilt, rz),
    };
    let hat = [
        brim(1.590, 0.105, 0.110, 0.0, 0.004),
        brim(1.555, 0.160, 0.172, -0.014, 0.022),
        brim(1.527, 0.199, 0.224, -0.030, 0.036),
        brim(1.526, 0.205, 0.231, -0.031, 0.037),
        brim(1.534, 0.204, 0.230, -0.031, 0.037),
        brim(1.562, 0.168, 0.182, -0.016, 0.023),
        brim(1.582, 0.134, 0.142, -0.004, 0.008),
        brim(1.605, 0.129, 0.136, 0.0, 0.003),
        brim(1.640, 0.120, 0.127, 0.0, 0.0),
        brim(1.672, 0.098, 0.104, 0.0, 0.0),
        brim(1.692, 0.062, 0.066, 0.0, 0.0),
        brim(1.699, 0.028, 0.030, 0.0, 0.0),
        brim(1.700, 0.004, 0.004, 0.0, 0.0),
    ];
    group.add(loft(&hat, 32, 0).mesh(same), rigid(4));
    Ok(group)
}

/// Buttons, buckle, cuffs, hat band and the lantern's frame.
fn trim() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    let button = Sphere { radius: 1.0, segments: 10, rings: 5 }.mesh()?;
    for y in [0.66, 0.77, 0.88, 1.13] {
        for x in [-0.055, 0.055] {
            let [rx, rz] = coat_at(y);
            let z = rz * (1.0 - (x / rx) * (x / rx)).sqrt();
            let flat = glam::Affine3A::from_scale_rotation_translation(
                Vec3::new(0.017, 0.017, 0.009),
                glam::Quat::from_rotation_y((x * 5.0) as f32),
                DVec3::new(x, y, z + 0.006).as_vec3(),
            );
            group.add(transformed(&button, flat), coat);
        }
    }
    let buckle = Cuboid { size: [0.066, 0.052, 0.018], chamfer: 0.007, segments: 2 }.mesh()?;
    group.add(moved(&buckle, [0.0, 1.0, coat_at(1.0)[1] + 0.014]), trunk);
    let band = Torus { major_radius: 0.1, minor_radius: 0.008, major_segments: 28, minor_segments: 6 }.mesh()?;
    let fit = |x: f64, z: f64, y: f64, tall: f64| {
        glam::Affine3A::from_scale_rotation_translation(
            DVec3::new(x / 0.1, tall, z / 0.1).as_vec3(),
            glam::Quat::IDENTITY,
            DVec3::new(0.0, y, 0.0).as_vec3(),
        )
    };
    group.add(transformed(&band, fit(0.130, 0.137, 1.598, 1.6)), rigid(4));
    for (side, first) in [(1.0, 6), (-1.0, 10)] {
        let direction = DVec3::new(side * ARM[0], ARM[1], 0.0);
        let ring = |d: f64, r: f64| Ring::across(DVec3::from(along_arm(side, d)), direction, r, r * 1.04);
        let cuff = [
            ring(0.405, 0.055),
            ring(0.405, 0.0685),
            ring(0.412, 0.072),
            ring(0.428, 0.072),
            ring(0.435, 0.0695),
            ring(0.435, 0.055),
        ];
        group.add(loft(&cuff, 16, 0).mesh(same), arm(side, first));
    }
    // Ear discs.
    for side in [-1.0, 1.0] {
        let disc = rod(DVec3::new(side * 0.105, 1.50, 0.0), DVec3::new(side * 0.128, 1.50, 0.0), 0.034, 20)?;
        group.add(disc, rigid(4));
    }
    for part in lantern_frame()? {
        group.add(part, rigid(12));
    }
    Ok(group)
}

/// Where the lantern hangs: under the right hand.
fn lantern_at() -> DVec3 {
    DVec3::from(along_arm(-1.0, UPPER_ARM + FOREARM + 0.075)) + DVec3::new(0.0, -0.02, 0.0)
}

fn lantern_frame() -> Result<Vec<Mesh>, GeometryError> {
    let top = lantern_at();
    let at = |y: f64| [top.x, top.y + y, top.z];
    let ring = Torus { major_radius: 0.045, minor_radius: 0.005, major_segments: 18, minor_segments: 5 }.mesh()?;
    let upright = glam::Affine3A::from_rotation_translation(
        glam::Quat::from_rotation_z(std::f32::consts::FRAC_PI_2),
        (top + DVec3::Y * -0.035).as_vec3(),
    );
    let roof = smooth_lathe(
        &[[0.0, 0.04], [0.012, 0.038], [0.02, 0.022], [0.058, 0.0], [0.06, -0.006], [0.0, -0.006]],
        false,
        14,
    )?;
    let foot = smooth_lathe(
        &[[0.0, 0.012], [0.052, 0.012], [0.058, 0.004], [0.058, -0.012], [0.05, -0.018], [0.0, -0.018]],
        false,
        14,
    )?;
    let mut parts = vec![transformed(&ring, upright), moved(&roof, at(-0.115)), moved(&foot, at(-0.235))];
    for k in 0..4 {
        let angle = std::f64::consts::TAU * (f64::from(k) + 0.5) / 4.0;
        let (x, z) = (0.046 * libm::cos(angle), 0.046 * libm::sin(angle));
        let low = top + DVec3::new(x, -0.23, z);
        parts.push(rod(low, low + DVec3::Y * 0.115, 0.004, 6)?);
    }
    Ok(parts)
}

fn lamp_light() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    let flame = smooth_lathe(
        &[[0.0, 0.045], [0.008, 0.036], [0.02, 0.008], [0.024, -0.012], [0.02, -0.03], [0.010, -0.04], [0.0, -0.042]],
        false,
        14,
    )?;
    let top = lantern_at();
    group.add(moved(&flame, [top.x, top.y - 0.175, top.z]), rigid(12));
    Ok(group)
}

fn legs() -> Group {
    let mut group = Group::default();
    for (side, first) in [(1.0, 13), (-1.0, 16)] {
        let rings = [
            Ring::level([side * 0.09, 0.86, 0.0], 0.070, 0.080),
            Ring::level([side * 0.095, 0.78, 0.0], 0.088, 0.095),
            Ring::level([side * 0.098, 0.62, 0.003], 0.080, 0.086),
            Ring::level([side * 0.1, 0.46, 0.006], 0.070, 0.074),
            Ring::level([side * 0.102, 0.34, 0.0], 0.072, 0.076),
            Ring::level([side * 0.104, 0.28, -0.005], 0.060, 0.065),
        ];
        group.add(loft(&rings, 14, 0).mesh(same), leg(first));
    }
    group
}

fn shoes() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    for (side, first) in [(1.0, 13), (-1.0, 16)] {
        let x = side * 0.105;
        let shaft = [
            Ring::level([x, 0.345, -0.004], 0.070, 0.074),
            Ring::level([x, 0.352, -0.004], 0.080, 0.085),
            Ring::level([x, 0.350, -0.004], 0.088, 0.093),
            Ring::level([x, 0.325, -0.004], 0.087, 0.092),
            Ring::level([x, 0.300, -0.005], 0.080, 0.085),
            Ring::level([x, 0.200, -0.010], 0.072, 0.078),
            Ring::level([x, 0.110, -0.012], 0.066, 0.076),
            Ring::level([x, 0.060, -0.010], 0.062, 0.075),
            Ring::level([x, 0.030, -0.010], 0.050, 0.060),
        ];
        group.add(loft(&shaft, 18, 0).mesh(same), leg(first));
        // From the heel to the toe; what is below the ground becomes the sole.
        let across = |z: f64, rx: f64, ry: f64, y: f64| Ring {
            center: DVec3::new(x + side * 0.10 * (z + 0.01).max(0.0), y, z),
            side: DVec3::X * rx,
            front: DVec3::Y * ry,
        };
        let foot = [
            across(-0.096, 0.012, 0.012, 0.035),
            across(-0.090, 0.042, 0.042, 0.040),
            across(-0.065, 0.060, 0.060, 0.048),
            across(-0.010, 0.064, 0.072, 0.055),
            across(0.050, 0.068, 0.066, 0.050),
            across(0.110, 0.074, 0.054, 0.042),
            across(0.155, 0.066, 0.046, 0.038),
            across(0.180, 0.046, 0.034, 0.034),
            across(0.190, 0.014, 0.012, 0.030),
        ];
        let body = Loft { exponent: 2.5, ..loft(&foot, 20, 0) };
        group.add(body.mesh(|p, _| DVec3::new(p.x, p.y.max(0.0), p.z)), rigid(first + 2));
    }
    Ok(group)
}

fn belt_and_gloves() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    let [rx, rz] = coat_at(1.0);
    let belt = [
        Ring::level([0.0, 0.978, 0.0], rx - 0.01, rz - 0.01),
        Ring::level([0.0, 0.978, 0.0], rx + 0.009, rz + 0.009),
        Ring::level([0.0, 0.984, 0.0], rx + 0.012, rz + 0.012),
        Ring::level([0.0, 1.016, 0.0], rx + 0.012, rz + 0.012),
        Ring::level([0.0, 1.022, 0.0], rx + 0.009, rz + 0.009),
        Ring::level([0.0, 1.022, 0.0], rx - 0.01, rz - 0.01),
    ];
    group.add(loft(&belt, 36, 0).mesh(same), trunk);
    for (side, first) in [(1.0, 6), (-1.0, 10)] {
        let direction = DVec3::new(side * ARM[0], ARM[1], 0.0);
        let ring = |d: f64, r: f64, rz: f64| Ring::across(DVec3::from(along_arm(side, d)), direction, r, rz);
        let mitten = [
            ring(0.43, 0.036, 0.040),
            ring(0.47, 0.036, 0.042),
            ring(0.50, 0.038, 0.050),
            ring(0.54, 0.038, 0.054),
            ring(0.58, 0.034, 0.048),
            ring(0.605, 0.024, 0.032),
            ring(0.615, 0.006, 0.008),
        ];
        group.add(loft(&mitten, 14, 0).mesh(same), arm(side, first));
        // The thumb points forwards and down.
        let base = DVec3::from(along_arm(side, 0.495)) + DVec3::new(-side * 0.006, 0.0, 0.035);
        let out = DVec3::new(side * 0.10, -0.75, 0.65).normalize();
        let across = out.cross(DVec3::X).normalize();
        let thumb_ring = |d: f64, r: f64| Ring { center: base + out * d, side: DVec3::X * r, front: across * r };
        let thumb = [
            thumb_ring(-0.015, 0.012),
            thumb_ring(0.0, 0.019),
            thumb_ring(0.03, 0.019),
            thumb_ring(0.05, 0.014),
            thumb_ring(0.057, 0.004),
        ];
        group.add(loft(&thumb, 10, 0).mesh(same), rigid(first + 2));
    }
    Ok(group)
}

fn neckcloth() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    let ring = Torus { major_radius: 0.082, minor_radius: 0.034, major_segments: 28, minor_segments: 10 }.mesh()?;
    let wound = glam::Affine3A::from_scale_rotation_translation(
        Vec3::new(1.08, 1.0, 1.08),
        glam::Quat::from_rotation_x(0.10),
        Vec3::new(0.0, 1.372, 0.004),
    );
    group.add(transformed(&ring, wound), rigid(3));
    let tail = |y: f64, x: f64, z: f64, rx: f64, rz: f64| Ring::level([x, y, z], rx, rz);
    let hanging = [
        tail(1.372, 0.050, 0.100, 0.020, 0.012),
        tail(1.355, 0.056, 0.122, 0.034, 0.015),
        tail(1.300, 0.064, 0.158, 0.038, 0.013),
        tail(1.240, 0.070, 0.190, 0.042, 0.012),
        tail(1.170, 0.076, 0.214, 0.045, 0.012),
        tail(1.150, 0.077, 0.216, 0.044, 0.010),
    ];
    group.add(loft(&hanging, 12, 0).mesh(same), trunk);
    Ok(group)
}

fn skull() -> Group {
    let mut group = Group::default();
    let rings = [
        Ring::level([0.0, 1.372, 0.004], 0.050, 0.052),
        Ring::level([0.0, 1.385, 0.006], 0.078, 0.080),
        Ring::level([0.0, 1.420, 0.006], 0.104, 0.106),
        Ring::level([0.0, 1.475, 0.004], 0.117, 0.121),
        Ring::level([0.0, 1.540, 0.0], 0.118, 0.122),
        Ring::level([0.0, 1.600, 0.0], 0.100, 0.106),
        Ring::level([0.0, 1.630, 0.0], 0.060, 0.064),
    ];
    group.add(loft(&rings, 26, 1).mesh(same), rigid(4));
    group
}

/// A rounded dark window in the face.
fn goggles() -> Group {
    let mut group = Group::default();
    let across = |z: f64, r: f64| Ring {
        center: DVec3::new(0.0, 1.492, z),
        side: DVec3::X * (0.094 * r),
        front: DVec3::Y * (0.046 * r),
    };
    let rings = [
        across(0.030, 1.02),
        across(0.070, 1.02),
        across(0.098, 1.0),
        across(0.116, 0.90),
        across(0.126, 0.68),
        across(0.130, 0.35),
        across(0.131, 0.06),
    ];
    let body = Loft { exponent: 3.2, ..loft(&rings, 28, 0) };
    // The window follows the curve of the face.
    group.add(body.mesh(|p, _| DVec3::new(p.x, p.y, p.z - 3.2 * p.x * p.x)), rigid(4));
    group
}

fn pupils() -> Result<Group, GeometryError> {
    let mut group = Group::default();
    let ball = Sphere { radius: 1.0, segments: 14, rings: 7 }.mesh()?;
    for x in [-0.040, 0.040] {
        let flat = glam::Affine3A::from_scale_rotation_translation(
            Vec3::new(0.0145, 0.021, 0.006),
            glam::Quat::from_rotation_y((x * 6.0) as f32),
            DVec3::new(x, 1.492, 0.1225).as_vec3(),
        );
        group.add(transformed(&ball, flat), rigid(4));
    }
    Ok(group)
}
