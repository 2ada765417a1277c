//! Two stages made of the shipped assets, a quay under a low sun, with textures, metal and contact shadows, and a room that bounced light alone
//! fills; and the scenes of `tests/references` with their pictures.

use std::f32::consts::{FRAC_PI_2, PI};
use std::path::Path;
use std::sync::Arc;

use exr::prelude::{ReadChannels, ReadLayers};
use glam::{Affine3A, Mat3, Quat, Vec3};
use scenec_scene::gltf::{Document, Root, Select};
use scenec_scene::{Camera, Environment, Instance, Lens, Light, LightKind, Material, Mesh, Stage, hdr};

fn assets() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/assets")
}

fn document(name: &str) -> Document {
    let bytes = std::fs::read(assets().join(name)).unwrap();
    Document::load(name, &bytes, &|uri| Err(format!("{uri}: shipped assets name no other files"))).unwrap()
}

fn part(document: &Document, node: &str, at: Affine3A) -> Vec<Instance> {
    let select = Select { root: Root::Node(node), ..Select::default() };
    let mut found = document.instances(&select, node).unwrap();
    for instance in &mut found {
        instance.world_from_object = at * instance.world_from_object;
    }
    found
}

fn at(x: f32, y: f32, z: f32, degrees: f32) -> Affine3A {
    Affine3A::from_rotation_translation(Quat::from_rotation_y(degrees.to_radians()), Vec3::new(x, y, z))
}

fn wall(half: f32, world_from_object: Affine3A, color: [f32; 3], roughness: f32, specular: f32) -> Instance {
    let positions = vec![[-half, 0.0, half], [half, 0.0, half], [half, 0.0, -half], [-half, 0.0, -half]];
    let [r, g, b] = color;
    Instance {
        id: "wall".into(),
        mesh: Arc::new(Mesh { positions, triangles: vec![[0, 1, 2], [0, 2, 3]], ..Mesh::default() }),
        material: Arc::new(Material { base_color: [r, g, b, 1.0], roughness, specular, ..Material::default() }),
        world_from_object,
    }
}

fn camera(from: Vec3, to: Vec3, degrees: f32) -> Camera {
    let back = (from - to).normalize();
    let right = Vec3::Y.cross(back).normalize();
    Camera {
        world_from_camera: Affine3A::from_mat3_translation(Mat3::from_cols(right, back.cross(right), back), from),
        vertical_fov: degrees.to_radians(),
        lens: Lens::round(0.0, 1.0),
        exposure: 1.0,
    }
}

pub fn quay() -> (Stage, Camera) {
    let (kit, keeper) = (document("harbour_kit.glb"), document("keeper.glb"));
    let mut instances = vec![wall(30.0, Affine3A::IDENTITY, [0.22, 0.22, 0.24], 0.7, 1.0)];
    instances.extend(part(&kit, "Crate", at(1.3, 0.0, -0.6, 24.0)));
    instances.extend(part(&kit, "Crate", at(1.35, 0.9, -0.55, 51.0)));
    instances.extend(part(&kit, "Crate", at(-1.9, 0.0, -2.2, 10.0)));
    instances.extend(part(&kit, "Barrel", at(0.2, 0.0, -0.8, 0.0)));
    instances.extend(part(&kit, "Bollard", at(-1.5, 0.0, 0.2, 0.0)));
    let mut hero = keeper.instances(&Select::default(), "keeper").unwrap();
    for instance in &mut hero {
        instance.world_from_object = at(-0.7, 0.0, -0.2, 10.0) * instance.world_from_object;
    }
    instances.extend(hero);
    let sun = Light {
        name: "sun".into(),
        kind: LightKind::Sun { direction: Vec3::new(0.8, -0.45, -0.5).normalize(), angular_radius: 0.03 },
        color: [6.0, 4.6, 3.2],
    };
    let sky = hdr::HdrImage::read(&std::fs::read(assets().join("dusk.hdr")).unwrap()).unwrap();
    let stage = Stage { instances, lights: vec![sun], environment: sky.into_environment(1.0, 0.4), fog: None };
    (stage, camera(Vec3::new(0.2, 1.5, 4.4), Vec3::new(0.0, 0.85, -0.5), 32.0))
}

pub fn room() -> (Stage, Camera) {
    let kit = document("harbour_kit.glb");
    let turn = |q: Quat, x: f32, y: f32, z: f32| Affine3A::from_rotation_translation(q, Vec3::new(x, y, z));
    let mut instances = vec![
        wall(3.0, Affine3A::IDENTITY, [0.5, 0.5, 0.52], 0.35, 1.0),
        wall(3.0, turn(Quat::from_rotation_x(PI), 0.0, 3.0, 0.0), [0.75; 3], 1.0, 0.0),
        wall(3.0, turn(Quat::from_rotation_x(FRAC_PI_2), 0.0, 1.5, -2.0), [0.75; 3], 1.0, 0.0),
        wall(3.0, turn(Quat::from_rotation_x(-FRAC_PI_2), 0.0, 1.5, 3.0), [0.75; 3], 1.0, 0.0),
        wall(3.0, turn(Quat::from_rotation_z(-FRAC_PI_2), -2.0, 1.5, 0.0), [0.65, 0.12, 0.1], 1.0, 0.0),
        wall(3.0, turn(Quat::from_rotation_z(FRAC_PI_2), 2.0, 1.5, 0.0), [0.15, 0.3, 0.6], 1.0, 0.0),
    ];
    let mut lamp = wall(0.25, turn(Quat::from_rotation_x(PI), -0.6, 2.6, -0.4), [0.0; 3], 1.0, 0.0);
    // It shines at the ceiling: all light of the room has bounced.
    lamp.world_from_object.matrix3 = Affine3A::IDENTITY.matrix3;
    lamp.material = Arc::new(Material { emission: [40.0, 36.0, 30.0], ..(*lamp.material).clone() });
    instances.push(lamp);
    instances.extend(part(&kit, "Crate", at(0.6, 0.0, -0.7, 24.0)));
    instances.extend(part(&kit, "Barrel", at(-0.7, 0.0, -0.9, 0.0)));
    instances.extend(part(&kit, "Bollard", at(-0.1, 0.0, 0.3, 0.0)));
    let stage = Stage { instances, lights: Vec::new(), environment: Environment::Constant([0.0; 3]), fog: None };
    (stage, camera(Vec3::new(0.3, 1.4, 2.9), Vec3::new(0.0, 1.0, -1.0), 55.0))
}

/// A scene of `tests/references`, 64 x 64, and its picture by another renderer (65,536 samples).
pub fn referenced(name: &str) -> (Stage, Camera, Vec<[f32; 3]>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/references").join(name);
    let read = |file: String| std::fs::read(folder.join(file)).unwrap();
    let config: serde_json::Value = serde_json::from_slice(&read(format!("{name}_small.json"))).unwrap();
    let bytes = read(format!("{name}_small.glb"));
    let document =
        Document::load(name, &bytes, &|uri| std::fs::read(folder.join(uri)).map_err(|e| e.to_string())).unwrap();
    let environment = match config["sky"]["hdr"].as_str() {
        Some(file) => hdr::HdrImage::read(&read(file.to_owned())).unwrap().into_environment(1.0, 0.0),
        None => Environment::Constant([0, 1, 2].map(|k| config["sky"]["constant"][k].as_f64().unwrap() as f32)),
    };
    let stage = Stage {
        instances: document.instances(&Select::default(), "model").unwrap(),
        lights: document.lights(None).unwrap(),
        environment,
        fog: None,
    };
    let camera = document.cameras(None).unwrap()[0].camera;
    let image = exr::prelude::read()
        .no_deep_data()
        .largest_resolution_level()
        .all_channels()
        .first_valid_layer()
        .all_attributes()
        .from_file(folder.join(format!("{name}_small_reference.exr")))
        .unwrap();
    let [r, g, b] = ["R", "G", "B"].map(|name| -> Vec<f32> {
        let found = image.layer_data.channel_data.list.iter().find(|c| c.name.to_string() == name).unwrap();
        found.sample_data.values_as_f32().collect()
    });
    (stage, camera, (0..r.len()).map(|i| [r[i], g[i], b[i]]).collect())
}
