//! Clips and skins against closed forms.

use glam::{Affine3A, Mat4, Quat, Vec3};
use scenec_scene::gltf::{Blend, Document, Pose, Select};
use serde_json::{Value, json};

use crate::support::{Builder, assert_close, load};

/// A triangle on a node called "it" with one animated path.
fn animated(path: &str, interpolation: Option<&str>, times: &[f32], values: &[Vec<f32>]) -> Document {
    let mut b = Builder::default();
    let position = b.triangle();
    let move_z = b.f32s(&[[0.0, 0.0, 1.0]; 3]);
    let input = b.f32s(&times.iter().map(|&t| [t]).collect::<Vec<_>>());
    let output = match path {
        "rotation" => b.f32s(&values.iter().map(|v| [v[0], v[1], v[2], v[3]]).collect::<Vec<_>>()),
        "weights" => b.f32s(&values.iter().flatten().map(|&v| [v]).collect::<Vec<_>>()),
        _ => b.f32s(&values.iter().map(|v| [v[0], v[1], v[2]]).collect::<Vec<_>>()),
    };
    let mut sampler = json!({ "input": input, "output": output });
    if let Some(interpolation) = interpolation {
        sampler["interpolation"] = interpolation.into();
    }
    let bytes = b.gltf(json!({
        "nodes": [{ "name": "it", "mesh": 0, "translation": [9, 9, 9] }],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": position }, "targets": [{ "POSITION": move_z }] }] }],
        "animations": [{ "name": "go", "samplers": [sampler], "channels": [{ "sampler": 0, "target": { "node": 0, "path": path } }] }],
    }));
    load(&bytes).unwrap()
}

fn world(document: &Document, time_s: f32, looped: bool) -> Affine3A {
    let select = Select { pose: Some(Pose { clip: "go", time_s, looped, blend: None }), ..Select::default() };
    document.instances(&select, "").unwrap()[0].world_from_object
}

#[test]
fn linear_and_step_translation() {
    let values = [vec![0.0, 0.0, 0.0], vec![4.0, 0.0, 2.0], vec![4.0, 8.0, 2.0]];
    let linear = animated("translation", None, &[1.0, 2.0, 4.0], &values);
    assert_eq!(linear.clips()[0].name, "go");
    assert_eq!(linear.clips()[0].duration_s, 4.0);
    for (time, expected) in [
        (-5.0, [0.0, 0.0, 0.0]),
        (1.0, [0.0, 0.0, 0.0]),
        (1.25, [1.0, 0.0, 0.5]),
        (2.0, [4.0, 0.0, 2.0]),
        (3.0, [4.0, 4.0, 2.0]),
        (4.0, [4.0, 8.0, 2.0]),
        (99.0, [4.0, 8.0, 2.0]),
    ] {
        assert_close(&world(&linear, time, false).translation.to_array(), &expected, 1e-6);
    }
    // 4 + 1.25 s is 1.25 s in the second round; -1 s is 3 s in the round before.
    assert_close(&world(&linear, 5.25, true).translation.to_array(), &[1.0, 0.0, 0.5], 1e-6);
    assert_close(&world(&linear, -1.0, true).translation.to_array(), &[4.0, 4.0, 2.0], 1e-6);
    let step = animated("translation", Some("STEP"), &[1.0, 2.0, 4.0], &values);
    for (time, expected) in [(1.99, 0.0), (2.0, 4.0), (3.9, 4.0)] {
        assert_eq!(world(&step, time, false).translation.x, expected, "{time}");
    }
    let rest = linear.instances(&Select::default(), "").unwrap();
    assert_eq!(rest[0].world_from_object.translation.to_array(), [9.0; 3], "without a pose the node stays");
}

#[test]
fn cubic_spline_is_the_cubic_it_names() {
    // Keys of f(t) = t^3 - 2 t with its derivatives: a cubic Hermite spline gives f back exactly.
    let f = |t: f32| t * t * t - 2.0 * t;
    let d = |t: f32| 3.0 * t * t - 2.0;
    let times = [0.0, 0.5, 2.0];
    let values: Vec<Vec<f32>> =
        times.iter().flat_map(|&t| [vec![d(t); 3], vec![f(t), 0.0, 1.0], vec![d(t); 3]]).collect();
    let document = animated("translation", Some("CUBICSPLINE"), &times, &values);
    for time in [0.0, 0.1, 0.25, 0.5, 0.8, 1.3, 1.9, 2.0] {
        assert_close(&[world(&document, time, false).translation.x], &[f(time)], 2e-5);
    }
}

#[test]
fn rotation_goes_the_short_way_at_constant_speed() {
    let quat = |angle: f32| Quat::from_rotation_y(angle).to_array().to_vec();
    // The second key is the negated quaternion: the same rotation, the long way for a naive blend.
    let negated: Vec<f32> = quat(2.0).iter().map(|c| -c).collect();
    for second in [quat(2.0), negated] {
        let document = animated("rotation", Some("LINEAR"), &[0.0, 1.0], &[quat(0.0), second]);
        for time in [0.0, 0.1, 0.25, 0.5, 0.9, 1.0] {
            let expected = Affine3A::from_rotation_y(2.0 * time).matrix3;
            assert_close(&world(&document, time, false).matrix3.to_cols_array(), &expected.to_cols_array(), 1e-6);
        }
    }
    // Unnormalised keys are normalised first.
    let document = animated(
        "rotation",
        None,
        &[0.0, 1.0],
        &[vec![0.0, 0.0, 0.0, 3.0], quat(1.0).iter().map(|c| c * 0.2).collect()],
    );
    let expected = Affine3A::from_rotation_y(0.5).matrix3;
    assert_close(&world(&document, 0.5, false).matrix3.to_cols_array(), &expected.to_cols_array(), 1e-6);
}

#[test]
fn scale_and_weights() {
    let document = animated("scale", None, &[0.0, 2.0], &[vec![1.0; 3], vec![3.0, 1.0, 5.0]]);
    let expected = Mat4::from_scale_rotation_translation(Vec3::new(2.0, 1.0, 3.0), Quat::IDENTITY, Vec3::splat(9.0));
    assert_close(&Mat4::from(world(&document, 1.0, false)).to_cols_array(), &expected.to_cols_array(), 1e-6);

    let values: Vec<Vec<f32>> = [[0.0, 0.25, 4.0], [-4.0, 1.0, 0.0]].iter().map(|v| v.to_vec()).collect();
    for (interpolation, values, expected) in [
        (None, &[vec![0.25], vec![0.75]][..], 0.5),
        // 0.5 * 0.25 + 0.125 * 4 + 0.5 * 1 - 0.125 * (-4) at the middle of one second.
        (Some("CUBICSPLINE"), &values[..], 1.625),
    ] {
        let document = animated("weights", interpolation, &[0.0, 1.0], values);
        let pose = Some(Pose { clip: "go", time_s: 0.5, looped: false, blend: None });
        let mesh = document.instances(&Select { pose, ..Select::default() }, "").unwrap()[0].mesh.clone();
        assert_close(&[mesh.positions[0][2]], &[expected], 1e-6);
        let select = Select { pose, morph: &[("target_0", 7.0)], ..Select::default() };
        assert_eq!(document.instances(&select, "").unwrap()[0].mesh.positions[0][2], 7.0, "the selection wins");
    }
}

#[test]
fn integer_keyframes_are_normalised() {
    let mut b = Builder::default();
    let position = b.triangle();
    let input = b.f32s(&[[0.0], [1.0]]);
    // A half turn about z at the end, as i16.
    let bytes: Vec<u8> = [0_i16, 0, 0, 32767, 0, 0, 32767, 0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let view = b.view(&bytes, None);
    let output = b
        .accessor(json!({ "bufferView": view, "componentType": 5122, "normalized": true, "count": 2, "type": "VEC4" }));
    let document = load(&b.gltf(json!({
        "nodes": [{ "mesh": 0 }],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": position } }] }],
        "animations": [{ "name": "go", "samplers": [{ "input": input, "output": output }], "channels": [{ "sampler": 0, "target": { "node": 0, "path": "rotation" } }] }],
    })))
    .unwrap();
    let expected = Affine3A::from_rotation_z(std::f32::consts::FRAC_PI_2).matrix3;
    assert_close(&world(&document, 0.5, false).matrix3.to_cols_array(), &expected.to_cols_array(), 1e-6);
}

/// Two joints in a chain, the second one metre above the first; a triangle whose vertices hang on the first, on both, on
/// the second.
fn arm(more: impl FnOnce(&mut Builder, &mut Value)) -> Document {
    let mut b = Builder::default();
    let position = b.f32s(&[[0.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 2.0, 0.0]]);
    let normal = b.f32s(&[[1.0, 0.0, 0.0]; 3]);
    let joints = b.u8s(&[[0, 0, 0, 0], [0, 1, 0, 0], [1, 0, 0, 0]]);
    let weights = b.f32s(&[[1.0, 0.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0], [2.0, 0.0, 0.0, 0.0]]);
    let down = |y: f32| Mat4::from_translation(Vec3::new(0.0, -y, 0.0)).to_cols_array();
    let inverse = b.f32s(&[down(0.0), down(1.0)]);
    let mut rest = json!({
        "scenes": [{ "nodes": [0, 1] }],
        "nodes": [
            { "name": "figure", "mesh": 0, "skin": 0, "translation": [50, 50, 50] },
            { "name": "shoulder", "children": [2] },
            { "name": "elbow", "translation": [0, 1, 0] },
        ],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": position, "NORMAL": normal, "JOINTS_0": joints, "WEIGHTS_0": weights } }] }],
        "skins": [{ "joints": [1, 2], "inverseBindMatrices": inverse }],
    });
    more(&mut b, &mut rest);
    load(&b.gltf(rest)).unwrap()
}

#[test]
fn skin_with_two_joints() {
    let document = arm(|_, _| {});
    let rest = document.instances(&Select::default(), "cast").unwrap();
    assert_eq!(&*rest[0].id, "cast/figure");
    assert_eq!(rest[0].world_from_object, Affine3A::IDENTITY, "the node's own place is ignored");
    let bind = [[0.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 2.0, 0.0]];
    assert_close(rest[0].mesh.positions.as_flattened(), bind.as_flattened(), 1e-6);
    assert_eq!(document.index().skins[0].name, "figure");
    assert_eq!(document.index().skins[0].joints, ["shoulder", "elbow"]);

    let quarter = Quat::from_rotation_z(std::f32::consts::FRAC_PI_2);
    let bent = document.instances(&Select { joints: &[("elbow", quarter)], ..Select::default() }, "").unwrap();
    // The elbow is at (0, 1, 0). The hand swings to (-1, 1, 0); the middle vertex is the mean of (0.5, 1, 0) and (0, 1.5, 0).
    let expected = [[0.0, 0.5, 0.0], [0.25, 1.25, 0.0], [-1.0, 1.0, 0.0]];
    assert_close(bent[0].mesh.positions.as_flattened(), expected.as_flattened(), 1e-6);
    let s = 0.5_f32.sqrt();
    let expected = [[1.0, 0.0, 0.0], [s, s, 0.0], [0.0, 1.0, 0.0]];
    assert_close(bent[0].mesh.normals.as_flattened(), expected.as_flattened(), 1e-6);
    assert_eq!(bent[0].mesh.triangles, rest[0].mesh.triangles);
}

#[test]
fn joint_rotations_come_on_top_of_the_clip() {
    let document = arm(|b, rest| {
        let input = b.f32s(&[[0.0]]);
        let output = b.f32s(&[Quat::from_rotation_x(0.7).to_array()]);
        rest["animations"] = json!([{ "name": "go", "samplers": [{ "input": input, "output": output }], "channels": [{ "sampler": 0, "target": { "node": 2, "path": "rotation" } }] }]);
    });
    let extra = Quat::from_rotation_z(0.4);
    let select = Select {
        pose: Some(Pose { clip: "go", time_s: 0.0, looped: true, blend: None }),
        joints: &[("elbow", extra)],
        ..Select::default()
    };
    let hand = document.instances(&select, "").unwrap()[0].mesh.positions[2];
    let expected = Vec3::Y + Quat::from_rotation_x(0.7) * extra * Vec3::Y;
    assert_close(&hand, &expected.to_array(), 1e-6);
}

#[test]
fn more_than_four_influences() {
    let document = arm(|b, rest| {
        let joints = b.u16s(&[[1_u16, 0, 0, 0]; 3]);
        let view = b.view(&[255, 0, 0, 0].repeat(3), None);
        let weights = b.accessor(
            json!({ "bufferView": view, "componentType": 5121, "normalized": true, "count": 3, "type": "VEC4" }),
        );
        rest["meshes"][0]["primitives"][0]["attributes"]["JOINTS_1"] = joints.into();
        rest["meshes"][0]["primitives"][0]["attributes"]["WEIGHTS_1"] = weights.into();
    });
    let half = Quat::from_rotation_z(std::f32::consts::PI);
    let mesh =
        document.instances(&Select { joints: &[("elbow", half)], ..Select::default() }, "").unwrap()[0].mesh.clone();
    // First vertex: half shoulder (0, 0.5, 0), half elbow (0, 1.5, 0); weights are made to sum to one.
    assert_close(&mesh.positions[0], &[0.0, 1.0, 0.0], 1e-6);
}

#[test]
fn mirrored_and_flat_joints_keep_unit_normals() {
    for scale in [[-1.0, 1.0, 1.0], [1.0, 0.0, 1.0], [0.0, 0.0, 0.0]] {
        let document = arm(|_, rest| rest["nodes"][1]["scale"] = json!(scale));
        let mesh = document.instances(&Select::default(), "").unwrap()[0].mesh.clone();
        for n in &mesh.normals {
            assert!((Vec3::from(*n).length() - 1.0).abs() < 1e-5, "{n:?} at {scale:?}");
        }
        if scale[0] < 0.0 {
            assert_close(&mesh.normals[0], &[-1.0, 0.0, 0.0], 1e-6);
        }
    }
}

/// Two clips of two seconds and of one: one moves along x and turns about y, the other along z and the weights.
#[test]
fn two_clips_are_mixed_part_by_part() {
    let mut b = Builder::default();
    let position = b.triangle();
    let move_y = b.f32s(&[[0.0, 1.0, 0.0]; 3]);
    let (long, short) = (b.f32s(&[[0.0], [2.0]]), b.f32s(&[[0.0], [1.0]]));
    let along_x = b.f32s(&[[0.0, 0.0, 0.0], [8.0, 0.0, 0.0]]);
    let along_z = b.f32s(&[[0.0, 0.0, 0.0], [0.0, 0.0, 4.0]]);
    let half = std::f32::consts::FRAC_1_SQRT_2;
    let turn = b.f32s(&[[0.0, 0.0, 0.0, 1.0], [0.0, half, 0.0, half]]);
    let weights = b.f32s(&[[0.0], [1.0]]);
    let channel = |sampler: usize, path: &str| json!({ "sampler": sampler, "target": { "node": 0, "path": path } });
    let bytes = b.gltf(json!({
        "nodes": [{ "name": "it", "mesh": 0 }],
        "meshes": [{
            "weights": [0.5],
            "primitives": [{ "attributes": { "POSITION": position }, "targets": [{ "POSITION": move_y }] }],
        }],
        "animations": [
            {
                "name": "walk",
                "samplers": [{ "input": long, "output": along_x }, { "input": long, "output": turn }],
                "channels": [channel(0, "translation"), channel(1, "rotation")],
            },
            {
                "name": "run",
                "samplers": [{ "input": short, "output": along_z }, { "input": short, "output": weights }],
                "channels": [channel(0, "translation"), channel(1, "weights")],
            },
        ],
    }));
    let document = load(&bytes).unwrap();
    let at = |clip, time_s, blend| {
        let pose = Some(Pose { clip, time_s, looped: true, blend });
        let instance = document.instances(&Select { pose, ..Select::default() }, "").unwrap().remove(0);
        let (_, turn, place) = instance.world_from_object.to_scale_rotation_translation();
        // The first corner of the triangle is the origin, and the target lifts it.
        (place, turn.to_axis_angle().1.to_degrees(), instance.mesh.positions[0][1])
    };
    let blend = |time_s, weight| Some(Blend { clip: "run", time_s, weight });
    let close = |(place, turn, lift): (Vec3, f32, f32), wanted: ([f32; 3], f32, f32)| {
        assert_close(&place.to_array(), &wanted.0, 1e-5);
        assert_close(&[turn, lift], &[wanted.1, wanted.2], 1e-3);
    };
    // 1 s is half of the long clip, and so of the short one: z = 2, weight 0.5. At rest the weight is 0.5 as well.
    close(at("walk", 1.0, blend(None, 0.0)), ([4.0, 0.0, 0.0], 45.0, 0.5));
    close(at("walk", 1.0, blend(None, 0.25)), ([3.0, 0.0, 0.5], 33.75, 0.5));
    close(at("walk", 1.0, blend(None, 1.0)), ([0.0, 0.0, 2.0], 0.0, 0.5));
    // At its own time: z = 3, weight 0.75, and in the second round again.
    close(at("walk", 1.0, blend(Some(0.75), 0.5)), ([2.0, 0.0, 1.5], 22.5, 0.625));
    close(at("walk", 1.0, blend(Some(1.75), 0.5)), ([2.0, 0.0, 1.5], 22.5, 0.625));
    close(at("walk", 3.0, blend(None, 0.5)), ([2.0, 0.0, 1.0], 22.5, 0.5));
    close(at("run", 0.25, None), ([0.0, 0.0, 1.0], 0.0, 0.25));
    let lost = document.instances(
        &Select {
            pose: Some(Pose {
                clip: "walk",
                time_s: 0.0,
                looped: true,
                blend: Some(Blend { clip: "rum", time_s: None, weight: 1.0 }),
            }),
            ..Select::default()
        },
        "",
    );
    assert_eq!(lost.expect_err("there is no such clip").hint.as_deref(), Some("did you mean \"run\"?"));
}
