//! Every way in which a file can be bad gets its code, a pointer and a hint.

use std::time::Instant;

use image::ExtendedColorType as Color;
use scenec_ir::asset::AssetError;
use scenec_scene::gltf::{Document, Pose, Select};
use serde_json::{Value, json};

use crate::support::{Builder, data_uri, glb, load, no_files, one, png};

/// Loads and uses everything; gives the first error.
fn error(bytes: &[u8]) -> AssetError {
    let document = match load(bytes) {
        Ok(document) => document,
        Err(error) => return error,
    };
    let pose = document.clips().first().map(|c| Pose { clip: &c.name, time_s: 0.5, looped: false, blend: None });
    let instances = document.instances(&Select { pose, ..Select::default() }, "");
    let lights = document.lights(None);
    let cameras = document.cameras(None);
    let error = instances.err().or(lights.err()).or(cameras.err());
    error.unwrap_or_else(|| panic!("nothing is bad in {}", String::from_utf8_lossy(&bytes[..bytes.len().min(4000)])))
}

#[track_caller]
fn expect(bytes: &[u8], code: &str, pointer: &str, message: &str) {
    let error = error(bytes);
    assert_eq!((error.code, error.pointer.as_str()), (code, pointer), "{error}");
    assert!(error.message.contains(message), "{error}");
    assert_eq!(error.path, "test.gltf");
    assert!(scenec_ir::codes::find(error.code).is_some(), "{} has no page", error.code);
    let first = error.message.chars().next().unwrap();
    assert!(!first.is_uppercase() || error.message.starts_with("GLB"), "{error}");
}

/// A triangle with everything, to be broken at one place: applied to the JSON before it is written.
fn broken(change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let mut root = rich();
    change(&mut root);
    serde_json::to_vec(&root).unwrap()
}

/// A small file with most features. Accessors: 0 position, 1 indices, 2 joints, 3 weights, 4 inverse bind matrices,
/// 5 times, 6 rotations, 7 morph positions.
pub fn rich() -> Value {
    let mut b = Builder::default();
    let position = b.triangle();
    let index = b.u8s(&[[0], [1], [2]]);
    let joints = b.u8s(&[[0, 1, 0, 0]; 3]);
    let weights = b.f32s(&[[0.5, 0.5, 0.0, 0.0]; 3]);
    let bind = b.f32s(&[glam::Mat4::IDENTITY.to_cols_array(); 2]);
    let times = b.f32s(&[[0.0], [1.0]]);
    let rotations = b.f32s(&[[0.0, 0.0, 0.0, 1.0], [0.0, 1.0, 0.0, 0.0]]);
    let offset = b.f32s(&[[0.0, 0.0, 1.0]; 3]);
    let uv = b.f32s(&[[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
    let mut rest = one(json!({
        "attributes": { "POSITION": position, "JOINTS_0": joints, "WEIGHTS_0": weights, "TEXCOORD_0": uv },
        "indices": index, "material": 0, "targets": [{ "POSITION": offset }],
        "extensions": { "KHR_materials_variants": { "mappings": [{ "material": 0, "variants": [0] }] } },
    }));
    rest["nodes"] = json!([
        { "name": "it", "mesh": 0, "skin": 0 }, { "name": "a", "children": [2] }, { "name": "b", "camera": 0 },
        { "name": "lamp", "extensions": { "KHR_lights_punctual": { "light": 0 } } },
    ]);
    rest["scenes"] = json!([{ "nodes": [0, 1, 3] }]);
    rest["skins"] = json!([{ "joints": [1, 2], "inverseBindMatrices": bind }]);
    rest["cameras"] = json!([{ "type": "perspective", "perspective": { "yfov": 1, "znear": 0.1 } }]);
    rest["extensions"] = json!({
        "KHR_lights_punctual": { "lights": [{ "type": "spot" }] },
        "KHR_materials_variants": { "variants": [{ "name": "v" }] },
    });
    rest["materials"] = json!([{ "normalTexture": { "index": 0 }, "emissiveFactor": [1, 1, 1] }]);
    rest["textures"] = json!([{ "source": 0, "sampler": 0 }]);
    rest["samplers"] = json!([{ "wrapS": 33071 }]);
    rest["images"] = json!([{ "uri": data_uri(&png(2, 2, Color::Rgb8, &[128; 12])) }]);
    rest["animations"] = json!([{
        "name": "go",
        "samplers": [{ "input": times, "output": rotations }],
        "channels": [{ "sampler": 0, "target": { "node": 2, "path": "rotation" } }],
    }]);
    b.json(rest)
}

#[test]
fn the_file_that_is_broken_below_is_good() {
    let document = load(&broken(|_| {})).unwrap();
    assert_eq!(document.instances(&Select::default(), "").unwrap().len(), 1);
    assert_eq!(document.cameras(None).unwrap().len() + document.lights(None).unwrap().len(), 2);
}

#[test]
fn e0501_missing_files() {
    let bytes = broken(|r| r["buffers"][0]["uri"] = "parts/mesh%201.bin".into());
    expect(&bytes, "E0501", "/buffers/0/uri", "can't read `parts/mesh 1.bin`: no such file");
    let bytes = broken(|r| r["images"][0]["uri"] = "wood.png".into());
    expect(&bytes, "E0501", "/images/0/uri", "wood.png");
}

#[test]
fn e0502_not_gltf() {
    expect(b"", "E0502", "", "the file is empty");
    expect(b"   ", "E0502", "", "neither");
    expect(&[0xEF, 0xBB, 0xBF], "E0502", "", "the file is empty");
    expect(b"\x89PNG\r\n", "E0502", "", "neither `{` nor `glTF`");
    expect(&vec![0xA5; 1 << 20], "E0502", "", "neither");
    expect(b"{", "E0502", "", "line 1 column 1");
    expect(
        b"{\n  \"asset\": { \"version\": \"2.0\" },\n  \"nodes\": [{ \"mesh\": ]\n}",
        "E0502",
        "/nodes/0/mesh",
        "line 3",
    );
    expect(b"{\"asset\": {\"version\": \"2.0\xff\"}}", "E0502", "/asset/version", "unicode");
    expect(b"{}", "E0502", "/asset", "version");
    expect(&broken(|r| r["asset"]["version"] = "1.0".into()), "E0502", "/asset/version", "1.0");
    expect(&broken(|r| r["asset"]["minVersion"] = "2.1".into()), "E0502", "/asset/minVersion", "2.1");
    expect(&broken(|r| r["nodes"][1]["children"] = json!([-1])), "E0502", "/nodes/1/children/0", "whole number");
    expect(&broken(|r| r["nodes"][1]["children"] = json!([1.5])), "E0502", "/nodes/1/children/0", "whole number");
    expect(&broken(|r| r["nodes"][1]["translation"] = json!([1, 2])), "E0502", "/nodes/1/translation", "length 2");
    expect(&broken(|r| r["buffers"][0] = json!({ "byteLength": 4 })), "E0502", "/buffers/0", "neither");
    let mut file = glb(b"{}", &[]);
    file[4] = 3;
    expect(&file, "E0502", "", "GLB container version 3");
    let mut file = glb(b"{}", &[]);
    file[16..20].copy_from_slice(b"BIN\0");
    expect(&file, "E0502", "", "first chunk");
}

#[test]
fn whole_numbers_may_have_a_point() {
    let document = load(&broken(|r| r["nodes"][1]["children"] = json!([2.0]))).unwrap();
    assert_eq!(document.instances(&Select::default(), "").unwrap().len(), 1);
}

#[test]
fn e0503_truncated() {
    let file = {
        let mut b = Builder::default();
        let position = b.triangle();
        b.glb(one(json!({ "attributes": { "POSITION": position } })))
    };
    assert!(load(&file).is_ok());
    for length in 4..file.len() {
        let error = load(&file[..length]).unwrap_err();
        assert_eq!(error.code, "E0503", "{length} bytes: {error}");
    }
    let mut lying = file.clone();
    lying[12..16].copy_from_slice(&u32::MAX.to_le_bytes());
    expect(&lying, "E0503", "", "promises 4294967295 bytes");
    expect(&broken(|r| r["buffers"][0]["byteLength"] = json!(100_000)), "E0503", "/buffers/0", "100000 bytes");
    expect(&broken(|r| r["bufferViews"][1]["byteLength"] = json!(9_000_000)), "E0503", "/bufferViews/1", "do not fit");
    expect(&broken(|r| r["bufferViews"][1]["byteOffset"] = json!(u64::MAX)), "E0503", "/bufferViews/1", "do not fit");
    expect(&broken(|r| r["accessors"][0]["count"] = json!(4)), "E0503", "/accessors/0", "4 elements do not fit");
    expect(&broken(|r| r["accessors"][0]["count"] = json!(u64::MAX)), "E0503", "/accessors/0", "do not fit");
    expect(&broken(|r| r["accessors"][0]["byteOffset"] = json!(u64::MAX - 3)), "E0503", "/accessors/0", "do not fit");
}

#[test]
fn e0504_indices() {
    let cases: [(&str, &str, Value); 21] = [
        ("/meshes/0/primitives/0/attributes/POSITION", "accessor 99 does not exist", json!(99)),
        ("/meshes/0/primitives/0/indices", "accessor", json!(99)),
        (
            "/meshes/0/primitives/0/material",
            "material 99 does not exist: the file has one material, index 0",
            json!(99),
        ),
        ("/meshes/0/primitives/0/targets/0/POSITION", "accessor", json!(99)),
        ("/meshes/0/primitives/0/extensions/KHR_materials_variants/mappings/0/material", "material", json!(99)),
        ("/meshes/0/primitives/0/extensions/KHR_materials_variants/mappings/0/variants/0", "variant", json!(99)),
        ("/accessors/0/bufferView", "buffer view", json!(99)),
        ("/bufferViews/0/buffer", "buffer 99", json!(99)),
        ("/nodes/0/mesh", "mesh", json!(99)),
        ("/nodes/0/skin", "skin", json!(99)),
        ("/nodes/2/camera", "camera", json!(99)),
        ("/nodes/1/children/0", "node 99 does not exist: the file has 4 nodes, 0 to 3", json!(99)),
        ("/nodes/3/extensions/KHR_lights_punctual/light", "light", json!(99)),
        ("/scenes/0/nodes/0", "node", json!(99)),
        ("/skins/0/joints/1", "node", json!(99)),
        ("/skins/0/inverseBindMatrices", "accessor", json!(99)),
        ("/textures/0/source", "image", json!(99)),
        ("/textures/0/sampler", "sampler", json!(99)),
        ("/materials/0/normalTexture/index", "texture", json!(99)),
        ("/animations/0/samplers/0/output", "accessor", json!(99)),
        ("/animations/0/channels/0/target/node", "node", json!(99)),
    ];
    for (pointer, message, value) in cases {
        expect(&broken(|r| *r.pointer_mut(pointer).unwrap() = value), "E0504", pointer, message);
    }
    expect(&broken(|r| r["scene"] = json!(3)), "E0504", "/scene", "scene 3");
    expect(
        &broken(|r| r["images"][0] = json!({ "bufferView": 99 })),
        "E0504",
        "/images/0/bufferView",
        "buffer view 99",
    );
    expect(&broken(|r| r["skins"][0]["joints"] = json!([])), "E0504", "/skins/0/joints", "no joints");
    expect(
        &broken(|r| r["skins"][0]["joints"] = json!([1])),
        "E0504",
        "/meshes/0/primitives/0/attributes/JOINTS_0",
        "vertex 0 follows joint 1, the skin has 1 joints",
    );

    let mut b = Builder::default();
    let position = b.triangle();
    let index = b.u8s(&[[0], [1], [3]]);
    let primitive = json!({ "attributes": { "POSITION": position }, "indices": index });
    expect(&b.gltf(one(primitive)), "E0504", "/meshes/0/primitives/0/indices", "index 2 is vertex 3");
}

#[test]
fn e0505_no_trees() {
    expect(&broken(|r| r["nodes"][2]["children"] = json!([1])), "E0505", "/nodes/1", "\"a\" -> \"b\" -> \"a\"");
    expect(&broken(|r| r["nodes"][3]["children"] = json!([3])), "E0505", "/nodes/3", "\"lamp\" -> \"lamp\"");
    expect(
        &broken(|r| r["nodes"][3]["children"] = json!([2])),
        "E0505",
        "/nodes/3/children/0",
        "\"b\" has two parents, \"a\" and \"lamp\"",
    );
    expect(&broken(|r| r["nodes"][1]["children"] = json!([2, 2])), "E0505", "/nodes/1/children/1", "two parents");
    expect(&broken(|r| r["scenes"][0]["nodes"] = json!([0, 2])), "E0505", "/scenes/0/nodes/1", "\"b\" is a child");
    expect(&broken(|r| r["skins"][0]["joints"] = json!([1, 1])), "E0505", "/skins/0/joints/1", "already");
}

#[test]
fn e0506_required_extensions() {
    for (name, hint) in [
        ("KHR_draco_mesh_compression", "gltf-pipeline"),
        ("KHR_texture_basisu", "ktxdecompress"),
        ("EXT_texture_webp", "png"),
        ("EXT_meshopt_compression", "meshopt"),
        ("ACME_secret", "without this extension"),
    ] {
        let bytes = broken(|r| r["extensionsRequired"] = json!(["KHR_materials_ior", name]));
        expect(&bytes, "E0506", "/extensionsRequired/1", &format!("`{name}`"));
        assert!(error(&bytes).hint.unwrap().contains(hint));
        // Only used, it is a note.
        assert!(load(&broken(|r| r["extensionsUsed"] = json!([name]))).unwrap().notes()[0].message.contains(name));
    }
}

#[test]
fn e0507_unusable_values() {
    let primitive = "/meshes/0/primitives/0";
    let set = |pointer: &str, value: Value| broken(|r| *r.pointer_mut(pointer).unwrap() = value);
    let cases: Vec<(Vec<u8>, String, &str)> = vec![
        (set("/accessors/0/type", json!("VEC5")), "/accessors/0/type".into(), "`VEC5`"),
        (set("/accessors/0/componentType", json!(5124)), "/accessors/0/componentType".into(), "5124"),
        (
            set("/meshes/0/primitives/0/attributes/POSITION", json!(1)),
            format!("{primitive}/attributes/POSITION"),
            "VEC3 is needed",
        ),
        (
            set("/meshes/0/primitives/0/attributes/TEXCOORD_0", json!(6)),
            format!("{primitive}/attributes/TEXCOORD_0"),
            "VEC2 is needed",
        ),
        (
            set("/accessors/8/count", json!(2)),
            format!("{primitive}/attributes/TEXCOORD_0"),
            "2 elements for 3 vertices",
        ),
        (
            set("/meshes/0/primitives/0/attributes/JOINTS_0", json!(3)),
            "/accessors/3".into(),
            "f32 numbers can't be used",
        ),
        (set("/meshes/0/primitives/0/indices", json!(5)), "/accessors/5".into(), "f32 numbers can't be used"),
        (
            set("/meshes/0/primitives/0/targets/0/POSITION", json!(5)),
            format!("{primitive}/targets/0/POSITION"),
            "VEC3 is needed",
        ),
        (broken(|r| r["meshes"][0]["primitives"][0]["mode"] = json!(7)), format!("{primitive}/mode"), "mode 7"),
        (
            broken(|r| r["accessors"][0]["byteOffset"] = json!(2)),
            "/accessors/0/byteOffset".into(),
            "aligned to the 4 bytes",
        ),
        (broken(|r| r["bufferViews"][0]["byteStride"] = json!(8)), "/accessors/0/bufferView".into(), "byteStride 8"),
        (
            broken(|r| r["bufferViews"][0]["byteStride"] = json!(256)),
            "/accessors/0/bufferView".into(),
            "byteStride 256",
        ),
        (
            broken(
                |r| r["accessors"][0]["sparse"] = json!({ "count": 4, "indices": { "bufferView": 1, "componentType": 5121 }, "values": { "bufferView": 0 } }),
            ),
            "/accessors/0/sparse/count".into(),
            "4 sparse elements",
        ),
        (
            broken(
                |r| r["accessors"][0]["sparse"] = json!({ "count": 2, "indices": { "bufferView": 2, "componentType": 5121, "byteOffset": 1 }, "values": { "bufferView": 0 } }),
            ),
            "/accessors/0/sparse/indices".into(),
            "does not come after",
        ),
        (broken(|r| r["nodes"][1]["rotation"] = json!([0, 0, 0, 0])), "/nodes/1/rotation".into(), "no rotation"),
        (broken(|r| r["nodes"][1]["translation"] = json!([1e300, 0, 0])), "/nodes/1/translation".into(), "not finite"),
        (
            broken(|r| r["nodes"][1]["matrix"] = json!([1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1])),
            "/nodes/1/matrix".into(),
            "last row",
        ),
        (
            broken(|r| {
                r["nodes"][1]["scale"] = json!([1e30, 1, 1]);
                r["nodes"][2]["scale"] = json!([1e30, 1, 1])
            }),
            "/nodes/2".into(),
            "too large",
        ),
        (broken(|r| r["materials"][0]["alphaMode"] = json!("GLASS")), "/materials/0/alphaMode".into(), "`GLASS`"),
        (
            broken(|r| r["materials"][0]["emissiveFactor"] = json!([1e300, 0, 0])),
            "/materials/0/emissiveFactor".into(),
            "not a finite",
        ),
        (
            broken(|r| r["cameras"][0]["perspective"]["yfov"] = json!(4)),
            "/cameras/0/perspective/yfov".into(),
            "between 0 and pi",
        ),
        (
            broken(|r| r["extensions"]["KHR_lights_punctual"]["lights"][0]["type"] = json!("area")),
            "/extensions/KHR_lights_punctual/lights/0/type".into(),
            "`area`",
        ),
        (
            broken(|r| r["animations"][0]["samplers"][0]["interpolation"] = json!("BEZIER")),
            "/animations/0/samplers/0/interpolation".into(),
            "`BEZIER`",
        ),
        (
            broken(|r| r["animations"][0]["samplers"][0]["interpolation"] = json!("CUBICSPLINE")),
            "/animations/0/samplers/0/output".into(),
            "6 are needed",
        ),
        (
            broken(|r| r["accessors"][4]["count"] = json!(1)),
            "/skins/0/inverseBindMatrices".into(),
            "1 matrices for 2 joints",
        ),
    ];
    for (bytes, pointer, message) in cases {
        expect(&bytes, "E0507", &pointer, message);
    }

    let mut b = Builder::default();
    let position = b.f32s(&[[0.0; 3], [f32::NAN, 0.0, 0.0], [0.0; 3]]);
    expect(&b.gltf(one(json!({ "attributes": { "POSITION": position } }))), "E0507", "/accessors/0", "element 1");

    let mut b = Builder::default();
    let times = b.f32s(&[[1.0], [0.5]]);
    let values = b.f32s(&[[0.0; 3]; 2]);
    let bytes = b.gltf(json!({ "nodes": [{}], "animations": [{
        "samplers": [{ "input": times, "output": values }],
        "channels": [{ "sampler": 0, "target": { "node": 0, "path": "scale" } }],
    }] }));
    expect(&bytes, "E0507", "/animations/0/samplers/0/input", "keyframe 1 at 0.5 s");

    let document = load(&broken(|_| {})).unwrap();
    let pose = Some(Pose { clip: "go", time_s: f32::NAN, looped: true, blend: None });
    assert_eq!(document.instances(&Select { pose, ..Select::default() }, "").unwrap_err().code, "E0507");
    let select = Select { morph: &[("target_0", f32::INFINITY)], ..Select::default() };
    assert_eq!(document.instances(&select, "").unwrap_err().code, "E0507");
    let select = Select { joints: &[("a", glam::Quat::from_xyzw(0.0, 0.0, 0.0, f32::NAN))], ..Select::default() };
    assert_eq!(document.instances(&select, "").unwrap_err().code, "E0507");
}

#[test]
fn e0508_images() {
    let picture = png(2, 2, Color::Rgb8, &[128; 12]);
    let mut flipped = picture.clone();
    flipped[45] ^= 0xFF;
    for (bytes, message) in [
        (&b""[..], "empty"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "is WebP"),
        (&[0xAB, b'K', b'T', b'X', b' ', b'2', b'0', 0xBB], "is KTX"),
        (b"hello", "unknown format"),
        (&picture[..20], "can't be decoded"),
        (&picture[..50], "can't be decoded"),
        (&flipped, "can't be decoded"),
        (&[0xFF, 0xD8, 0xFF, 0xE0, 0, 16], "can't be decoded"),
    ] {
        expect(&broken(|r| r["images"][0]["uri"] = data_uri(bytes).into()), "E0508", "/images/0", message);
    }
}

#[test]
fn e0509_names() {
    let document = load(&broken(|_| {})).unwrap();
    let pose = Some(Pose { clip: "goo", time_s: 0.0, looped: true, blend: None });
    let error = document.instances(&Select { pose, ..Select::default() }, "").unwrap_err();
    assert_eq!((error.code, error.hint.as_deref()), ("E0509", Some("did you mean \"go\"?")));
    assert_eq!(document.cameras(pose.as_ref()).unwrap_err().code, "E0509");
}

#[test]
fn e0510_limits() {
    // A PNG whose header promises 100,000 x 100,000 pixels.
    let mut bomb = png(1, 1, Color::L8, &[0]);
    bomb[16..20].copy_from_slice(&100_000_u32.to_be_bytes());
    bomb[20..24].copy_from_slice(&100_000_u32.to_be_bytes());
    let crc = crc32(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&crc.to_be_bytes());
    expect(&broken(|r| r["images"][0]["uri"] = data_uri(&bomb).into()), "E0510", "/images/0", "");

    let bytes = broken(|r| {
        r["accessors"][0].as_object_mut().unwrap().remove("bufferView");
        r["accessors"][0]["count"] = json!(1_u64 << 40);
    });
    expect(&bytes, "E0510", "/accessors/0/count", "without a buffer view");
    expect(&broken(|r| r["nodes"][0]["name"] = "x".repeat(2000).into()), "E0510", "", "2000 bytes");

    let mut many = b"{\"asset\":{\"version\":\"2.0\"},\"nodes\":[{}".to_vec();
    many.extend(b",{}".repeat(4_100_000));
    many.extend(b"]}");
    let start = Instant::now();
    expect(&many, "E0510", "", "JSON objects");
    assert!(start.elapsed().as_secs() < 5);
}

/// The polynomial of PNG (ISO 3309), bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, &b| {
        (0..8).fold(crc ^ u32::from(b), |c, _| if c & 1 == 1 { 0xEDB8_8320 ^ (c >> 1) } else { c >> 1 })
    })
}

#[test]
fn the_work_of_a_small_file_is_bounded() {
    // A kilobyte that asks for 80 sums over 4 million vertices.
    let zeros = json!({ "componentType": 5126, "count": 1 << 22, "type": "VEC3" });
    let primitive = json!({ "attributes": { "POSITION": 0 }, "targets": vec![json!({ "POSITION": 0 }); 80] });
    let mut rest = one(primitive);
    rest["accessors"] = json!([zeros]);
    rest["meshes"][0]["weights"] = json!(vec![1.0; 80]);
    let bytes = Builder::default().gltf(rest);
    let start = Instant::now();
    expect(&bytes, "E0510", "/accessors/0", "elements are read in one go");
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());

    let mut rest = one(json!({ "attributes": { "POSITION": 0 }, "targets": vec![json!({}); 3000] }));
    rest["accessors"] = json!([{ "componentType": 5126, "count": 3, "type": "VEC3" }]);
    expect(&Builder::default().gltf(rest), "E0510", "/meshes/0", "3000 morph targets");
}

#[test]
fn e0511_uris() {
    for uri in [
        "/etc/passwd",
        "../up.bin",
        "a/%2e%2e/../up.bin",
        "http://example.com/a.bin",
        "file:///a.bin",
        "C:\\a.bin",
        "data:;base64,A*==",
    ] {
        let read = |path: &str| -> Result<Vec<u8>, String> { panic!("{path} was read") };
        let bytes = broken(|r| r["buffers"][0]["uri"] = uri.into());
        let error = Document::load("test.gltf", &bytes, &read).unwrap_err();
        assert_eq!((error.code, error.pointer.as_str()), ("E0511", "/buffers/0/uri"), "{uri}");
        assert!(error.hint.is_some());
    }
}

#[test]
fn depth_costs_no_stack() {
    // Brackets to a depth of 100,000: refused. A chain of 100,000 nodes: read.
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        for place in ["extras", "nodes", "unknown"] {
            let text = format!(
                "{{\"asset\":{{\"version\":\"2.0\"}},\"{place}\":{}1{}}}",
                open.repeat(100_000),
                close.repeat(100_000)
            );
            let result = load(text.as_bytes());
            // What no field reads is skipped without recursion.
            assert!(result.is_ok() || result.unwrap_err().code == "E0502");
        }
        let unclosed = format!("{{\"nodes\":{}", open.repeat(100_000));
        assert_eq!(load(unclosed.as_bytes()).unwrap_err().code, "E0502");
    }
    let mut b = Builder::default();
    let position = b.triangle();
    let count = 100_000;
    let mut nodes: Vec<Value> =
        (0..count - 1).map(|i| json!({ "children": [i + 1], "translation": [0, 0, 0.001] })).collect();
    nodes.push(json!({ "name": "end", "mesh": 0 }));
    let rest = json!({ "nodes": nodes, "meshes": [{ "primitives": [{ "attributes": { "POSITION": position } }] }] });
    let document = load(&b.gltf(rest.clone())).unwrap();
    let instances = document.instances(&Select::default(), "").unwrap();
    assert!((instances[0].world_from_object.translation.z - 100.0).abs() < 0.5);

    let mut ring = rest;
    ring["nodes"][count - 1]["children"] = json!([0]);
    let error = load(&b.gltf(ring)).unwrap_err();
    assert_eq!(error.code, "E0505");
    assert!(error.message.len() < 400 && error.message.contains("100000 nodes"), "{error}");
}

#[test]
fn random_bytes_are_refused_at_once() {
    let mut state = 1_u64;
    let random: Vec<u8> = (0..100_000_000 / 8)
        .flat_map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()
        })
        .collect();
    let start = Instant::now();
    assert_eq!(Document::load("r", &random, &no_files).unwrap_err().code, "E0502");
    let mut text = random;
    text[0] = b'{';
    assert_eq!(Document::load("r", &text, &no_files).unwrap_err().code, "E0502");
    text[..12].copy_from_slice(b"glTF\x02\0\0\0\0\0\0\x01");
    assert!(matches!(Document::load("r", &text, &no_files).unwrap_err().code, "E0502" | "E0503"));
    assert!(start.elapsed().as_secs() < 10);
}
