//! Real assets from `../shared/assets`; ignored where they are absent.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use scenec_harness::{Outcome, shared_assets};
use scenec_ir::asset::AssetError;
use scenec_scene::gltf::{Document, Pose, Root, Select};
use scenec_scene::hdr::HdrImage;
use scenec_scene::{Bounds, Instance};

fn load_file(path: &Path) -> Result<Document, AssetError> {
    let folder = path.parent().unwrap();
    let bytes = std::fs::read(path).unwrap();
    let read = |relative: &str| std::fs::read(folder.join(relative)).map_err(|e| e.to_string());
    Document::load(&path.file_name().unwrap().to_string_lossy(), &bytes, &read)
}

fn bounds(instances: &[Instance]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    for instance in instances {
        bounds.merge(&instance.mesh.bounds().transformed(&instance.world_from_object));
    }
    bounds
}

fn triangles(instances: &[Instance]) -> usize {
    instances.iter().map(|i| i.mesh.triangles.len()).sum()
}

fn flight_helmet() -> Outcome {
    let assets = shared_assets()?;
    let start = Instant::now();
    let document = load_file(&assets.join("FlightHelmet/FlightHelmet.gltf")).unwrap();
    let instances = document.instances(&Select::default(), "machines/prop").unwrap();
    let seconds = start.elapsed().as_secs_f64();
    #[expect(clippy::print_stdout, reason = "a figure to read with --nocapture")]
    {
        println!("FlightHelmet: {:.0} ms", seconds * 1e3);
    }
    assert_eq!(instances.len(), 6);
    let json: serde_json::Value =
        serde_json::from_slice(&std::fs::read(assets.join("FlightHelmet/FlightHelmet.gltf")).unwrap()).unwrap();
    let indices = json["meshes"].as_array().unwrap().iter().map(|m| &m["primitives"][0]["indices"]);
    let counted: u64 =
        indices.map(|i| json["accessors"][i.as_u64().unwrap() as usize]["count"].as_u64().unwrap() / 3).sum();
    assert_eq!(triangles(&instances) as u64, counted);
    assert_eq!(&*instances[0].id, "machines/prop/Hose_low");
    assert_eq!(document.notes(), []);
    let index = document.index();
    assert_eq!(
        index.nodes,
        ["Hose_low", "RubberWood_low", "GlassPlastic_low", "MetalParts_low", "LeatherParts_low", "Lenses_low"]
    );
    assert_eq!(index.digest.len(), 64);
    for instance in &instances {
        let mesh = &instance.mesh;
        assert_eq!(mesh.normals.len(), mesh.positions.len());
        assert_eq!(mesh.tangents.len(), mesh.positions.len());
        assert_eq!(mesh.uv0.len(), mesh.positions.len());
        assert!(instance.material.base_color_texture.is_some() && instance.material.normal_texture.is_some());
    }
    // The hose and the rubber share one set of textures.
    let [hose, rubber] = [0, 1].map(|i| instances[i].material.base_color_texture.as_ref().unwrap());
    assert!(Arc::ptr_eq(&hose.texture, &rubber.texture));
    let again = document.instances(&Select::default(), "other").unwrap();
    assert!(Arc::ptr_eq(&again[3].mesh, &instances[3].mesh) && Arc::ptr_eq(&again[3].material, &instances[3].material));
    Ok(())
}

/// The file brings tangents; the importer's own ones agree with them.
fn flight_helmet_tangents() -> Outcome {
    let assets = shared_assets()?;
    let folder = assets.join("FlightHelmet");
    let read = |relative: &str| std::fs::read(folder.join(relative)).map_err(|e| e.to_string());
    let text = read("FlightHelmet.gltf").unwrap();
    let given = Document::load("a", &text, &read).unwrap().instances(&Select::default(), "").unwrap();
    let mut json: serde_json::Value = serde_json::from_slice(&text).unwrap();
    for mesh in json["meshes"].as_array_mut().unwrap() {
        mesh["primitives"][0]["attributes"].as_object_mut().unwrap().remove("TANGENT");
    }
    let text = serde_json::to_vec(&json).unwrap();
    let made = Document::load("b", &text, &read).unwrap().instances(&Select::default(), "").unwrap();
    let (mut corners, mut near, mut signs) = (0, 0, 0);
    for (given, made) in given.iter().zip(&made) {
        for (a, b) in given.mesh.triangles.iter().zip(&made.mesh.triangles) {
            for k in 0..3 {
                let [a, b] = [given.mesh.tangents[a[k] as usize], made.mesh.tangents[b[k] as usize]];
                corners += 1;
                near += usize::from(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] > 0.9);
                signs += usize::from(a[3] == b[3]);
            }
        }
    }
    let share = |n: usize| n as f64 / corners as f64;
    assert!(
        share(near) > 0.97 && share(signs) > 0.99,
        "{:.4} of {corners} are near, {:.4} have the sign",
        share(near),
        share(signs)
    );
    Ok(())
}

fn fox_runs() -> Outcome {
    let assets = shared_assets()?;
    let document = load_file(&assets.join("Fox.glb")).unwrap();
    let index = document.index();
    assert_eq!(index.clips.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Survey", "Walk", "Run"]);
    assert_eq!(index.skins.len(), 1);
    assert_eq!((index.skins[0].name.as_str(), index.skins[0].joints.len()), ("fox", 24));
    let at = |time_s: f32| {
        let select =
            Select { pose: Some(Pose { clip: "Run", time_s, looped: true, blend: None }), ..Select::default() };
        document.instances(&select, "cast/fox").unwrap()
    };
    let poses = [0.0, 0.2, 0.4].map(at);
    let rest = document.instances(&Select::default(), "cast/fox").unwrap();
    for pose in &poses {
        assert_eq!(pose.len(), 1);
        let mesh = &pose[0].mesh;
        assert_eq!(mesh.triangles, rest[0].mesh.triangles);
        assert_eq!(mesh.uv0, rest[0].mesh.uv0);
        assert!(mesh.positions.iter().flatten().all(|c| c.is_finite()));
        // A fox of about 150 units stays one in every pose.
        let size = bounds(pose).max - bounds(pose).min;
        assert!(size.z > 100.0 && size.z < 220.0 && size.y > 40.0 && size.y < 120.0, "{size}");
    }
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        assert_ne!(bounds(&poses[a]), bounds(&poses[b]));
    }
    let duration = index.clips[2].duration_s;
    let (first, round) = (at(0.1), at(0.1 + duration));
    for (a, b) in first[0].mesh.positions.iter().zip(&round[0].mesh.positions) {
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.05), "{a:?} is not {b:?} after one round");
    }
    let skin = document.instances(&Select { root: Root::Skin("fox"), ..Select::default() }, "").unwrap();
    assert_eq!(bounds(&skin), bounds(&rest));
    assert_eq!(&*skin[0].id, "fox");
    Ok(())
}

fn morph_stress_test() -> Outcome {
    let assets = shared_assets()?;
    let document = load_file(&assets.join("MorphStressTest.gltf")).unwrap();
    let index = document.index();
    assert_eq!(index.clips.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Individuals", "Pulse", "TheWave"]);
    assert_eq!(index.morph_targets, ["Key 1", "Key 2", "Key 3", "Key 4", "Key 5", "Key 6", "Key 7", "Key 8"]);
    let rest = document.instances(&Select::default(), "").unwrap();
    assert_eq!(rest.len(), 2, "two primitives");
    assert_eq!(&*rest[1].id, "Main/1");
    for clip in &index.clips {
        let mut different = 0;
        for k in 0..7 {
            let time_s = clip.duration_s * (k as f32 + 0.4) / 7.0;
            let select = Select {
                pose: Some(Pose { clip: &clip.name, time_s, looped: false, blend: None }),
                ..Select::default()
            };
            let pose = document.instances(&select, "").unwrap();
            assert_eq!(triangles(&pose), triangles(&rest));
            assert!(pose.iter().flat_map(|i| &i.mesh.positions).flatten().all(|c| c.is_finite()));
            different += usize::from(pose.iter().zip(&rest).any(|(a, b)| a.mesh.positions != b.mesh.positions));
        }
        assert!(different >= 4, "{} moves at {different} of 7 times", clip.name);
    }
    let select = Select { morph: &[("Key 3", 1.0)], ..Select::default() };
    let grown = document.instances(&select, "").unwrap();
    assert_ne!(bounds(&grown), bounds(&rest));
    Ok(())
}

fn a_measured_sky_reads() -> Outcome {
    let bytes = std::fs::read(shared_assets()?.join("spiaggia_di_mondello_1k.hdr")).unwrap();
    let picture = HdrImage::read(&bytes).unwrap();
    assert_eq!((picture.width, picture.height, picture.cleaned), (1024, 512, 0));
    let brightest = picture.rgb.iter().flatten().fold(0f32, |a, &b| a.max(b));
    assert!(brightest > 10.0, "{brightest}");
    Ok(())
}

scenec_harness::tests![flight_helmet, flight_helmet_tangents, fox_runs, morph_stress_test, a_measured_sky_reads];
