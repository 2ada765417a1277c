//! The committed assets are what the generator writes, and they are valid glTF.

use std::path::PathBuf;

use scenec_example_assets::assets;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../assets")
}

#[test]
fn committed_files_are_what_the_code_makes() {
    for asset in assets().unwrap() {
        let committed = std::fs::read(folder().join(asset.name)).unwrap_or_default();
        assert!(
            committed == asset.bytes,
            "examples/assets/{} is stale; run `cargo run -p scenec-example-assets` and commit it",
            asset.name
        );
    }
}

#[test]
fn files_are_small() {
    let sizes: Vec<usize> = assets().unwrap().iter().map(|a| a.bytes.len()).collect();
    assert!(sizes.iter().all(|&s| s < 300_000) && sizes.iter().sum::<usize>() < 2_000_000, "{sizes:?}");
}

fn document(name: &str) -> (gltf::Document, Vec<u8>) {
    let assets = assets().unwrap();
    let bytes = &assets.iter().find(|a| a.name == name).unwrap().bytes;
    let gltf = gltf::Gltf::from_slice(bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
    (gltf.document, gltf.blob.unwrap())
}

#[test]
fn every_index_is_in_range_and_every_normal_unit() {
    for name in ["keeper.glb", "harbour_kit.glb", "lantern.glb"] {
        let (document, blob) = document(name);
        for mesh in document.meshes() {
            for primitive in mesh.primitives() {
                let reader = primitive.reader(|_| Some(&blob));
                let positions: Vec<[f32; 3]> = reader.read_positions().unwrap().collect();
                assert!(positions.len() < 65536, "{name}: {} vertices", positions.len());
                assert!(reader.read_indices().unwrap().into_u32().all(|i| (i as usize) < positions.len()));
                for n in reader.read_normals().unwrap() {
                    let length: f32 = n.iter().map(|c| c * c).sum();
                    assert!((length - 1.0).abs() < 1e-4, "{name} {:?}: {n:?}", mesh.name());
                }
                if let Some(weights) = reader.read_weights(0) {
                    assert!(weights.into_f32().all(|w| (w.iter().sum::<f32>() - 1.0).abs() < 1e-4));
                    let joints = document.skins().next().unwrap().joints().count() as u16;
                    assert!(reader.read_joints(0).unwrap().into_u16().flatten().all(|j| j < joints));
                }
            }
        }
    }
}

#[test]
fn keeper_has_a_skeleton_clips_and_variants() {
    let (document, blob) = document("keeper.glb");
    let skin = document.skins().next().unwrap();
    let names: Vec<&str> = skin.joints().filter_map(|j| j.name()).collect();
    assert_eq!(names.len(), 19);
    for name in ["hips", "spine", "chest", "neck", "head", "arm_l", "forearm_r", "hand_l", "leg_r", "shin_l", "foot_r"]
    {
        assert!(names.contains(&name), "{name} is missing");
    }
    let clips: Vec<&str> = document.animations().filter_map(|a| a.name()).collect();
    assert_eq!(clips, ["idle", "wave", "walk"]);
    // 1.7 m tall, feet on the ground, and as many joints as inverse matrices.
    let (mut low, mut high) = (f32::INFINITY, f32::NEG_INFINITY);
    for primitive in document.meshes().flat_map(|m| m.primitives().collect::<Vec<_>>()) {
        let bounds = primitive.bounding_box();
        low = low.min(bounds.min[1]);
        high = high.max(bounds.max[1]);
    }
    assert!(low == 0.0 && (high - 1.7).abs() < 1e-4, "{low} {high}");
    let matrices = skin.reader(|_| Some(&blob)).read_inverse_bind_matrices().unwrap().count();
    assert_eq!(matrices, 19);
    let text = serde_json::to_string(&document.into_json()).unwrap();
    assert!(text.contains("KHR_materials_variants") && text.contains("coat_gala"));
}

#[test]
fn clips_start_and_end_alike_and_rotations_are_unit() {
    let (document, blob) = document("keeper.glb");
    for clip in document.animations() {
        for channel in clip.channels() {
            let reader = channel.reader(|_| Some(&blob));
            if let Some(gltf::animation::util::ReadOutputs::Rotations(rotations)) = reader.read_outputs() {
                let all: Vec<[f32; 4]> = rotations.into_f32().collect();
                assert!(all.iter().all(|q| (q.iter().map(|c| c * c).sum::<f32>() - 1.0).abs() < 1e-5));
                let (first, last) = (all[0], all[all.len() - 1]);
                let same: f32 = first.iter().zip(last).map(|(a, b)| a * b).sum();
                assert!(same.abs() > 0.9999, "{:?} {:?}", clip.name(), channel.target().node().name());
            }
        }
    }
}

#[test]
fn harbour_kit_has_its_nodes() {
    let (document, _) = document("harbour_kit.glb");
    let names: Vec<&str> = document.nodes().filter_map(|n| n.name()).collect();
    for name in ["Crate", "Barrel", "Bollard", "Lamp", "QuayBlock", "CraneBase", "CraneMast", "CraneBoom", "Hook"] {
        assert!(names.contains(&name), "{name} is missing");
    }
    let child_of = |name: &str| -> Vec<String> {
        let node = document.nodes().find(|n| n.name() == Some(name)).unwrap();
        node.children().filter_map(|c| c.name().map(str::to_owned)).collect()
    };
    assert_eq!((child_of("CraneBase"), child_of("CraneMast")), (vec!["CraneMast".into()], vec!["CraneBoom".into()]));
    assert_eq!(child_of("CraneBoom"), ["Hook"]);
    assert_eq!(document.textures().count(), 9);
}

#[test]
fn dusk_reads_back() {
    let assets = assets().unwrap();
    let bytes = &assets.iter().find(|a| a.name == "dusk.hdr").unwrap().bytes;
    let picture = scenec_scene::hdr::HdrImage::read(bytes).unwrap();
    assert_eq!((picture.width, picture.height, picture.cleaned), (256, 128, 0));
    assert!(picture.rgb.iter().flatten().any(|&c| c > 1.0));
}
