//! Accessors, primitive modes, attributes.

use scenec_scene::Mesh;
use scenec_scene::gltf::Select;
use serde_json::json;

use crate::support::{Builder, assert_close, load, one};

fn mesh(bytes: &[u8]) -> Mesh {
    let instances = load(bytes).unwrap().instances(&Select::default(), "").unwrap();
    assert_eq!(instances.len(), 1);
    (*instances[0].mesh).clone()
}

const SQUARE: [[f32; 3]; 4] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 1.0, 0.0]];

#[test]
fn all_index_types_and_none_in_both_containers() {
    for kind in 0..4 {
        let mut b = Builder::default();
        let position = b.f32s(&SQUARE);
        let indices = match kind {
            0 => Some(b.u8s(&[[0], [1], [2], [0], [2], [3]])),
            1 => Some(b.u16s(&[[0], [1], [2], [0], [2], [3]])),
            2 => Some(b.u32s(&[[0], [1], [2], [0], [2], [3]])),
            _ => None,
        };
        let mut primitive = json!({ "attributes": { "POSITION": position } });
        if let Some(indices) = indices {
            primitive["indices"] = indices.into();
        }
        let expected: &[[u32; 3]] = if indices.is_some() { &[[0, 1, 2], [0, 2, 3]] } else { &[[0, 1, 2]] };
        for bytes in [b.gltf(one(primitive.clone())), b.glb(one(primitive))] {
            let mesh = mesh(&bytes);
            assert_eq!(mesh.triangles, expected);
            assert_eq!(mesh.positions, SQUARE);
            assert!(mesh.normals.is_empty() && mesh.tangents.is_empty() && mesh.uv0.is_empty(), "flat and bare");
        }
    }
}

#[test]
fn strips_fans_and_what_has_no_triangles() {
    let mut b = Builder::default();
    let position = b.f32s(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 2.0, 0.0]]);
    let primitive = |mode: u32| json!({ "attributes": { "POSITION": position }, "mode": mode });
    assert_eq!(mesh(&b.gltf(one(primitive(5)))).triangles, [[0, 1, 2], [1, 3, 2], [2, 3, 4]]);
    assert_eq!(mesh(&b.gltf(one(primitive(6)))).triangles, [[1, 2, 0], [2, 3, 0], [3, 4, 0]]);
    // A joint between two strips: the doubled vertices make no triangles.
    let joined = b.u8s(&[[0], [1], [2], [2], [2], [3], [4]]);
    let mut strip = primitive(5);
    strip["indices"] = joined.into();
    assert_eq!(mesh(&b.gltf(one(strip))).triangles, [[0, 1, 2], [2, 3, 4]]);

    for mode in [0, 1, 2, 3] {
        let document = load(&b.gltf(one(primitive(mode)))).unwrap();
        assert!(document.instances(&Select::default(), "").unwrap().is_empty());
        assert_eq!(document.notes().len(), 1);
        assert!(document.notes()[0].message.contains("points and lines"), "{:?}", document.notes());
        assert_eq!(document.notes()[0].pointer, "/meshes/0/primitives/0");
    }
}

#[test]
fn every_strip_triangle_faces_the_same_way() {
    let mut b = Builder::default();
    let points: Vec<[f32; 3]> = (0..10).map(|i| [(i / 2) as f32, (i % 2) as f32, 0.0]).collect();
    let position = b.f32s(&points);
    let mesh = mesh(&b.gltf(one(json!({ "attributes": { "POSITION": position }, "mode": 5 }))));
    assert_eq!(mesh.triangles.len(), 8);
    for t in &mesh.triangles {
        let [a, b, c] = t.map(|i| glam::Vec3::from(mesh.positions[i as usize]));
        assert!((b - a).cross(c - a).z < 0.0, "{t:?}");
    }
}

#[test]
fn sparse_with_and_without_a_base() {
    for base in [true, false] {
        let mut b = Builder::default();
        let view = b.view(bytemuck(&SQUARE), None);
        let indices = b.view(&[1, 0, 3, 0], None);
        let values = b.view(bytemuck(&[[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]]), None);
        let mut accessor = json!({
            "componentType": 5126, "count": 4, "type": "VEC3",
            "sparse": { "count": 2, "indices": { "bufferView": indices, "componentType": 5123 }, "values": { "bufferView": values } },
        });
        if base {
            accessor["bufferView"] = view.into();
        }
        let position = b.accessor(accessor);
        let index = b.u8s(&[[0], [1], [2], [0], [2], [3]]);
        let mesh = mesh(&b.gltf(one(json!({ "attributes": { "POSITION": position }, "indices": index }))));
        let rest = if base { SQUARE[2] } else { [0.0; 3] };
        assert_eq!(mesh.positions, [[0.0; 3], [5.0, 6.0, 7.0], rest, [8.0, 9.0, 10.0]]);
    }
}

fn bytemuck(values: &[[f32; 3]]) -> &'static [u8] {
    values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect::<Vec<_>>().leak()
}

#[test]
fn interleaved_attributes() {
    let mut b = Builder::default();
    let mut bytes = Vec::new();
    for (i, p) in SQUARE.iter().enumerate() {
        for v in p.iter().chain(&[0.0, 0.0, 1.0]).chain(&[i as f32, 0.25]) {
            bytes.extend(v.to_le_bytes());
        }
    }
    let view = b.view(&bytes, Some(32));
    let mut part = |offset: usize, shape: &str| {
        b.accessor(
            json!({ "bufferView": view, "byteOffset": offset, "componentType": 5126, "count": 4, "type": shape }),
        )
    };
    let attributes = json!({ "POSITION": part(0, "VEC3"), "NORMAL": part(12, "VEC3"), "TEXCOORD_0": part(24, "VEC2") });
    let mesh = mesh(&b.gltf(one(json!({ "attributes": attributes, "mode": 6 }))));
    assert_eq!(mesh.positions, SQUARE);
    assert_eq!(mesh.normals, [[0.0, 0.0, 1.0]; 4]);
    assert_eq!(mesh.uv0, [[0.0, 0.25], [1.0, 0.25], [2.0, 0.25], [3.0, 0.25]]);
}

#[test]
fn normalised_and_quantised_integers() {
    let mut b = Builder::default();
    let mut attribute = |bytes: &[u8], stride: usize, component: u32, normalized: bool, shape: &str| {
        let view = b.view(bytes, Some(stride));
        b.accessor(json!({ "bufferView": view, "componentType": component, "normalized": normalized, "count": 3, "type": shape }))
    };
    let i16s = |v: &[i16]| v.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let u16s = |v: &[u16]| v.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    // KHR_mesh_quantization: plain i16 positions, i8 normals, both padded to four bytes.
    let position = attribute(&i16s(&[-300, 2, 3, 0, 400, 5, 6, 0, 7, 8, 32767, 0]), 8, 5122, false, "VEC3");
    let normal = attribute(&[0, 0, 127, 0, 0, 0x80, 0, 0, 127, 0, 0, 0], 4, 5120, true, "VEC3");
    let uv0 = attribute(&u16s(&[0, 65535, 32768, 1, 2, 3]), 4, 5123, true, "VEC2");
    let uv1 = attribute(&[0, 255, 0, 0, 51, 102, 0, 0, 1, 2, 0, 0], 4, 5121, true, "VEC2");
    let color = attribute(&[255, 0, 51, 0, 0, 0, 0, 0, 255, 255, 255, 0], 4, 5121, true, "VEC3");
    let attributes =
        json!({ "POSITION": position, "NORMAL": normal, "TEXCOORD_0": uv0, "TEXCOORD_1": uv1, "COLOR_0": color });
    let mut rest = one(json!({ "attributes": attributes }));
    rest["extensionsRequired"] = json!(["KHR_mesh_quantization"]);
    rest["extensionsUsed"] = json!(["KHR_mesh_quantization"]);
    let mesh = mesh(&b.gltf(rest));
    assert_eq!(mesh.positions, [[-300.0, 2.0, 3.0], [400.0, 5.0, 6.0], [7.0, 8.0, 32767.0]]);
    // -128 / 127 is clamped to -1.
    assert_eq!(mesh.normals, [[0.0, 0.0, 1.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0]]);
    assert_eq!(mesh.uv0, [[0.0, 1.0], [32768.0 / 65535.0, 1.0 / 65535.0], [2.0 / 65535.0, 3.0 / 65535.0]]);
    assert_eq!(mesh.uv1, [[0.0, 1.0], [0.2, 0.4], [1.0 / 255.0, 2.0 / 255.0]]);
    assert_eq!(mesh.colors, [[1.0, 0.0, 0.2, 1.0], [0.0, 0.0, 0.0, 1.0], [1.0; 4]]);
}

#[test]
fn normals_without_direction_come_from_the_faces() {
    let mut b = Builder::default();
    let position = b.triangle();
    let normal = b.f32s(&[[0.0, 3.0, 4.0], [0.0; 3], [0.0; 3]]);
    let mesh = mesh(&b.gltf(one(json!({ "attributes": { "POSITION": position, "NORMAL": normal } }))));
    assert_close(mesh.normals.as_flattened(), &[0.0, 0.6, 0.8, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0], 1e-6);
}

/// A square with u to the right and v down in the file, and a normal map on it.
fn square_with_normal_map(uvs: &[[f32; 2]; 4], transform: serde_json::Value, normals: bool) -> Mesh {
    let mut b = Builder::default();
    let position = b.f32s(&SQUARE);
    let uv = b.f32s(uvs);
    let index = b.u8s(&[[0], [1], [2], [0], [2], [3]]);
    let mut primitive =
        json!({ "attributes": { "POSITION": position, "TEXCOORD_0": uv }, "indices": index, "material": 0 });
    if normals {
        primitive["attributes"]["NORMAL"] = b.f32s(&[[0.0, 0.0, 1.0]; 4]).into();
    }
    let png = crate::support::png(1, 1, image::ExtendedColorType::Rgb8, &[128, 128, 255]);
    let mut rest = one(primitive);
    rest["images"] = json!([{ "uri": crate::support::data_uri(&png) }]);
    rest["textures"] = json!([{ "source": 0 }]);
    rest["materials"] =
        json!([{ "normalTexture": { "index": 0, "extensions": { "KHR_texture_transform": transform } } }]);
    mesh(&b.gltf(rest))
}

#[test]
fn tangents_follow_u_and_bitangents_go_against_v() {
    let upright = [[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]];
    let mesh = square_with_normal_map(&upright, json!({}), true);
    assert_eq!(mesh.positions.len(), 4);
    for t in &mesh.tangents {
        assert_close(t, &[1.0, 0.0, 0.0, 1.0], 1e-6);
    }
    // Mirrored: u grows to the left.
    let mesh = square_with_normal_map(&upright.map(|[u, v]| [-u, v]), json!({}), true);
    for t in &mesh.tangents {
        assert_close(t, &[-1.0, 0.0, 0.0, -1.0], 1e-6);
    }
    // A picture that is turned turns the frame as well: u' = v.
    let quarter = json!({ "rotation": std::f32::consts::FRAC_PI_2 });
    let mesh = square_with_normal_map(&upright, quarter, true);
    for t in &mesh.tangents {
        assert_close(t, &[0.0, -1.0, 0.0, 1.0], 1e-6);
    }
}

#[test]
fn tangents_without_normals_make_flat_faces() {
    let mesh = square_with_normal_map(&[[0.0, 1.0], [1.0, 1.0], [1.0, 0.0], [0.0, 0.0]], json!({}), false);
    assert_eq!(mesh.positions.len(), 6);
    assert_eq!(mesh.triangles, [[0, 1, 2], [3, 4, 5]]);
    assert_eq!(mesh.normals, [[0.0, 0.0, 1.0]; 6]);
    assert_eq!(mesh.tangents.len(), 6);
}

#[test]
fn mirrored_halves_split_the_vertices_between_them() {
    // The diagonal is a mirror: both triangles use the same coordinates for opposite corners.
    let mesh = square_with_normal_map(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 0.0]], json!({}), true);
    assert_eq!(mesh.positions.len(), 6, "the two vertices of the diagonal are doubled");
    let sides: Vec<Vec<f32>> =
        mesh.triangles.iter().map(|t| t.iter().map(|&v| mesh.tangents[v as usize][3]).collect()).collect();
    assert_eq!(sides, [vec![-1.0; 3], vec![1.0; 3]]);
    for (t, n) in mesh.tangents.iter().zip(&mesh.normals) {
        let dot = t[0] * n[0] + t[1] * n[1] + t[2] * n[2];
        let length = t[0] * t[0] + t[1] * t[1] + t[2] * t[2];
        assert!(dot.abs() < 1e-6 && (length - 1.0).abs() < 1e-5, "{t:?}");
    }
}

#[test]
fn morph_targets_move_positions_and_normals() {
    let mut b = Builder::default();
    let position = b.triangle();
    let normal = b.f32s(&[[0.0, 0.0, 1.0]; 3]);
    let up = b.f32s(&[[0.0, 0.0, 2.0]; 3]);
    let lean = b.f32s(&[[1.0, 0.0, 0.0]; 3]);
    let tilt = b.f32s(&[[1.0, 0.0, 0.0]; 3]);
    let mut rest = one(json!({
        "attributes": { "POSITION": position, "NORMAL": normal },
        "targets": [{ "POSITION": up }, { "POSITION": lean, "NORMAL": tilt }],
    }));
    rest["meshes"][0]["weights"] = json!([0.5, 0.0]);
    rest["meshes"][0]["extras"] = json!({ "targetNames": ["up", "lean"], "more": [1, { "x": null }] });
    let bytes = b.gltf(rest.clone());
    let document = load(&bytes).unwrap();
    assert_eq!(document.index().morph_targets, ["up", "lean"]);
    let get =
        |morph: &[(&str, f32)]| document.instances(&Select { morph, ..Select::default() }, "").unwrap()[0].mesh.clone();
    assert_eq!(get(&[]).positions[0], [0.0, 0.0, 1.0], "weights of the mesh");
    let both = get(&[("up", 0.0), ("lean", 1.0)]);
    assert_eq!(both.positions[0], [1.0, 0.0, 0.0]);
    let s = 0.5_f32.sqrt();
    assert_close(&both.normals[0], &[s, 0.0, s], 1e-6);
    rest["nodes"][0]["weights"] = json!([0.25, 3.0]);
    let mesh = mesh(&b.gltf(rest));
    assert_eq!(mesh.positions[1], [4.0, 0.0, 0.5], "weights of the node win");
}
