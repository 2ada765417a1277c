//! Roots, ids, names, cameras, lights, sharing.

use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};
use scenec_scene::LightKind;
use scenec_scene::gltf::{Document, Root, Select};
use serde_json::json;

use crate::support::{Builder, assert_close, load};

/// A Z-up model in centimetres, as exporters write it: a wrapper scales and turns, a crate stands far from the origin.
fn wrapped() -> Document {
    let mut b = Builder::default();
    let position = b.triangle();
    let primitive = json!({ "attributes": { "POSITION": position } });
    let turn = Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2).to_array();
    load(&b.gltf(json!({
        "scene": 1,
        "scenes": [{ "nodes": [4] }, { "nodes": [0] }],
        "nodes": [
            { "name": "wrapper", "children": [1], "scale": [0.01, 0.01, 0.01], "rotation": turn },
            { "name": "Crate", "mesh": 0, "translation": [500, 0, 100], "children": [2, 3] },
            { "name": "lid", "mesh": 0, "translation": [0, 0, 40] },
            { "name": "lid", "mesh": 1, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0.5, 0, 1, 0, 0, 0, 0, 1] },
            { "name": "elsewhere", "mesh": 0 },
        ],
        "meshes": [{ "name": "box", "primitives": [primitive] }, { "primitives": [primitive, primitive] }],
    })))
    .unwrap()
}

#[test]
fn the_scene_is_in_asset_space_with_stable_ids() {
    let document = wrapped();
    let instances = document.instances(&Select::default(), "yard").unwrap();
    let ids: Vec<&str> = instances.iter().map(|i| &*i.id).collect();
    assert_eq!(ids, ["yard/Crate", "yard/lid", "yard/lid/0", "yard/lid/1"]);
    // 5 m along x, 1 m up: Z up became Y up.
    assert_close(&instances[0].world_from_object.translation.to_array(), &[5.0, 1.0, 0.0], 1e-5);
    assert_close(&instances[1].world_from_object.translation.to_array(), &[5.0, 1.4, 0.0], 1e-5);
    // The sheared matrix is kept: object z leans towards x.
    let z = instances[2].world_from_object.transform_vector3(Vec3::Z);
    assert_close(&z.to_array(), &[0.005, 0.01, 0.0], 1e-7);
    assert!(Arc::ptr_eq(&instances[0].mesh, &instances[1].mesh), "one mesh, twice");
    let notes: Vec<_> = document.notes().iter().map(|n| n.message.as_str()).collect();
    assert_eq!(notes, ["2 nodes have the name \"lid\", which stands for the first"]);
    assert_eq!(document.index().nodes, ["wrapper", "Crate", "lid", "elsewhere"]);
}

#[test]
fn a_node_stands_on_its_own_origin() {
    let document = wrapped();
    let instances = document.instances(&Select { root: Root::Node("Crate"), ..Select::default() }, "").unwrap();
    assert_eq!(instances.len(), 4);
    assert_close(&instances[0].world_from_object.translation.to_array(), &[0.0; 3], 1e-6);
    assert_close(&instances[1].world_from_object.translation.to_array(), &[0.0, 0.4, 0.0], 1e-6);
    let up = instances[0].world_from_object.transform_vector3(Vec3::Z);
    assert_close(&up.to_array(), &[0.0, 0.01, 0.0], 1e-6);
    let select = Select { root: Root::Node("Crate"), ..Select::default() };
    let anchors = document.anchors(&select).unwrap();
    assert_eq!(anchors["lid"], instances[1].world_from_object, "nodes are found where their meshes are");
    assert_eq!(anchors.keys().collect::<Vec<_>>(), ["Crate", "lid"]);
    // Other scenes are reached by name as well.
    let other = document.instances(&Select { root: Root::Node("elsewhere"), ..Select::default() }, "").unwrap();
    assert_eq!(other[0].world_from_object, Affine3A::IDENTITY);
}

#[test]
fn a_mesh_has_no_place() {
    let document = wrapped();
    let instances = document.instances(&Select { root: Root::Mesh("box"), ..Select::default() }, "p").unwrap();
    assert_eq!((instances.len(), &*instances[0].id), (1, "p/box"));
    assert_eq!(instances[0].world_from_object, Affine3A::IDENTITY);
}

#[test]
fn repeated_names_give_different_ids() {
    let mut b = Builder::default();
    let position = b.triangle();
    let node = |name: &str| json!({ "name": name, "mesh": 0 });
    let document = load(&b.gltf(json!({
        "nodes": [node("a"), node("a~2"), node("a"), node("a"), { "mesh": 0 }],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": position } }] }],
    })))
    .unwrap();
    let instances = document.instances(&Select::default(), "").unwrap();
    let ids: Vec<&str> = instances.iter().map(|i| &*i.id).collect();
    assert_eq!(ids, ["a", "a~2", "a~3", "a~4", "node_4"]);
    assert_eq!(document.index().nodes, ["a", "a~2"], "the unnamed node is left out");
}

#[test]
fn wrong_names_get_the_closest() {
    let document = wrapped();
    let with = |root| document.instances(&Select { root, ..Select::default() }, "").unwrap_err();
    let error = with(Root::Node("Crat"));
    assert_eq!((error.code, error.message.as_str()), ("E0509", "the asset has no node \"Crat\""));
    assert_eq!((error.path.as_str(), error.hint.as_deref()), ("test.gltf", Some("did you mean \"Crate\"?")));
    assert_eq!(with(Root::Mesh("sphere")).hint.as_deref(), Some("it has \"box\", \"mesh_1\""));
    assert_eq!(with(Root::Skin("x")).hint.as_deref(), Some("the asset has no skins with names"));
    let select = Select { morph: &[("smile", 1.0)], ..Select::default() };
    assert_eq!(document.instances(&select, "").unwrap_err().code, "E0509");
    let select = Select { joints: &[("elbow", Quat::IDENTITY)], ..Select::default() };
    assert_eq!(document.instances(&select, "").unwrap_err().code, "E0509");
}

#[test]
fn cameras_are_rigid() {
    let turn = Quat::from_rotation_y(0.5).to_array();
    let document = load(&Builder::default().gltf(json!({
        "nodes": [
            { "children": [1, 2], "scale": [2, 2, -2], "translation": [1, 0, 0] },
            { "name": "main", "camera": 0, "translation": [0, 1, 0], "rotation": turn },
            { "name": "plan", "camera": 1 },
        ],
        "cameras": [
            { "type": "perspective", "perspective": { "yfov": 0.7, "aspectRatio": 1.5, "znear": 0.1 } },
            { "type": "orthographic", "orthographic": { "xmag": 1, "ymag": 1, "znear": 0, "zfar": 1 } },
        ],
    })))
    .unwrap();
    let cameras = document.cameras(None).unwrap();
    assert_eq!(cameras.len(), 1);
    assert_eq!((cameras[0].name.as_str(), cameras[0].aspect_ratio), ("main", Some(1.5)));
    let camera = &cameras[0].camera;
    assert_eq!(camera.vertical_fov, 0.7);
    let world = camera.world_from_camera;
    assert_close(&world.translation.to_array(), &[1.0, 2.0, 0.0], 1e-6);
    assert!((world.matrix3.determinant() - 1.0).abs() < 1e-5);
    // The mirror along z: the camera looks along +Z, turned.
    assert_close(&(-world.matrix3.z_axis).to_array(), &[-0.5_f32.sin(), 0.0, 0.5_f32.cos()], 1e-6);
    assert_eq!(document.index().cameras, ["main", "plan"]);
    assert_eq!(document.notes()[0].message, "only perspective cameras are read");
}

#[test]
fn punctual_lights() {
    let turn = Quat::from_rotation_x(-std::f32::consts::FRAC_PI_2).to_array();
    let light = |index: u32| json!({ "KHR_lights_punctual": { "light": index } });
    let document = load(&Builder::default().gltf(json!({
        "extensionsUsed": ["KHR_lights_punctual"],
        "extensions": { "KHR_lights_punctual": { "lights": [
            { "type": "directional", "color": [1, 0.5, 0.25], "intensity": 4 },
            { "type": "point", "intensity": 100 },
            { "type": "spot", "spot": { "innerConeAngle": 0.2, "outerConeAngle": 0.4 } },
            { "type": "spot" },
        ] } },
        "nodes": [
            { "name": "sun", "rotation": turn, "extensions": light(0) },
            { "name": "bulb", "translation": [1, 2, 3], "extensions": light(1) },
            { "name": "spot", "scale": [3, 3, 3], "extensions": light(2) },
            { "extensions": light(3) },
        ],
    })))
    .unwrap();
    let lights = document.lights(None).unwrap();
    assert_eq!(lights.iter().map(|l| l.name.as_str()).collect::<Vec<_>>(), ["sun", "bulb", "spot", "node_3"]);
    let LightKind::Sun { direction, angular_radius } = lights[0].kind else { panic!("{:?}", lights[0]) };
    assert_close(&direction.to_array(), &[0.0, -1.0, 0.0], 1e-6);
    assert_eq!((angular_radius, lights[0].color), (0.0, [4.0, 2.0, 1.0]));
    assert_eq!(lights[1].kind, LightKind::Point { position: Vec3::new(1.0, 2.0, 3.0) });
    assert_eq!(lights[1].color, [100.0; 3]);
    assert_eq!(
        lights[2].kind,
        LightKind::Spot { position: Vec3::ZERO, direction: Vec3::NEG_Z, inner: 0.2, outer: 0.4 }
    );
    let LightKind::Spot { inner, outer, .. } = lights[3].kind else { panic!("{:?}", lights[3]) };
    assert_eq!((inner, outer), (0.0, std::f32::consts::FRAC_PI_4));
    assert!(document.notes().is_empty());
}

#[test]
fn a_document_works_from_many_threads() {
    let document = Arc::new(wrapped());
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let document = Arc::clone(&document);
            std::thread::spawn(move || document.instances(&Select::default(), "").unwrap().len())
        })
        .collect();
    assert!(threads.into_iter().all(|t| t.join().unwrap() == 4));
}
