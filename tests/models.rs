//! `scenec render` and scenes around real-world glTF files.

mod support;

use std::fs;

use scenec_harness::{Outcome, Skip, shared_assets};
use support::*;

const GENERATED: &str = "examples/assets/keeper.glb";

fn one_command_makes_a_picture_of_a_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("keeper.png");
    let text = good(&scenec(
        root(),
        &["render", GENERATED, "-o", out.to_str().expect("a path"), "--spp", "4", "--size", "160x120"],
    ));
    let report: serde_json::Value =
        text.lines().filter_map(|l| serde_json::from_str(l).ok()).next_back().expect("a line of JSON");
    assert!(report["render_s"].as_f64().is_some_and(|s| s > 0.0), "{report}");
    read_png(&out).assert_worth_looking_at("keeper");
}

fn a_view_file_renders_by_the_models_own_camera() {
    let folder = tempfile::tempdir().expect("a folder");
    let reference = root().join("tests/references/cornell");
    let (model, view) = (reference.join("cornell_small.glb"), reference.join("cornell_small.json"));
    let out = folder.path().join("cornell.exr");
    let path = |p: &std::path::Path| p.to_str().expect("a path").to_owned();
    let (model, view, out) = (path(&model), path(&view), path(&out));
    let render = |seed: &str| {
        good(&scenec(root(), &["render", &model, "--config", &view, "--spp", "4", "--seed", seed, "--out", &out]));
        fs::read(&out).expect("an EXR")
    };
    let first = render("1");
    assert_eq!(first, render("1"), "same seed, same bytes");
    assert_ne!(first, render("2"), "another seed, other noise");
}

fn wrong_models_and_views_are_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path.to_str().expect("a path").to_owned()
    };
    let nonsense = file("nonsense.glb", b"glTF but not really");
    let empty = file("empty.gltf", br#"{"asset": {"version": "2.0"}}"#);
    let view = file("view.json", br#"{"width": 10, "sky": 3}"#);
    let keeper = root().join(GENERATED);
    let keeper = keeper.to_str().expect("a path");
    for (arguments, code) in [
        (vec!["render", "absent.glb", "-o", "x.png"], "E0501"),
        (vec!["render", &nonsense, "-o", "x.png"], "E05"),
        (vec!["render", &empty, "-o", "x.png"], "E0624"),
        (vec!["render", keeper, "-o", "x.jpg"], "E0652"),
        (vec!["render", keeper, "-o", "x.png", "--config", &view], "E0621"),
        (vec!["render", keeper, "-o", "x.png", "--clip", "nonesuch"], "E0509"),
        (vec!["render", keeper, "-o", "x.png", "--node", "nonesuch"], "E0509"),
    ] {
        let output = scenec(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(code), "{arguments:?}: {}", stderr(&output));
        assert!(!folder.path().join("x.png").exists());
    }
}

/// A scene around assets of `../shared/assets`, built.
fn build_shared(text: &str) -> Result<tempfile::TempDir, Skip> {
    let assets = shared_assets()?;
    let folder = scene("");
    // Asset paths are relative to the scene, so the scene gets its own copies.
    copy_tree(&assets, &folder.path().join("assets"));
    fs::write(folder.path().join("scene.ngs"), text).expect("a file");
    good(&scenec(folder.path(), &["build", "scene.ngs"]));
    Ok(folder)
}

fn flight_helmet_under_a_measured_sky() -> Outcome {
    let text = r#"ngs 1
asset helmet = gltf("assets/FlightHelmet/FlightHelmet.gltf")
environment beach { sky = hdr_sky("assets/spiaggia_di_mondello_1k.hdr", rotation: 40deg) }
engineering props { prop = helmet.scene() }
camera main { lens: 50mm, frame: prop, auto_exposure: true }
shot s010 { camera: main, size: (160px, 160px) }
output still { image: render(s010, samples: 8) |> view(agx), file: "helmet.png" }
"#;
    let folder = build_shared(text)?;
    read_png(&folder.path().join("helmet.png")).assert_worth_looking_at("helmet");
    Ok(())
}

fn fox_runs() -> Outcome {
    let text = r#"ngs 1
asset fox = gltf("assets/Fox.glb")
environment studio {
  sky = constant_sky(strength: 0.9)
  floor = ground(size: 20m)
}
character cast { hero = fox.scene(clip: "Run") scale 0.01 }
camera main { lens: 50mm, at: (4m, 1.2m, 2m), look_at: (0m, 0.4m, 0m) }
shot s010 { camera: main, frames: 1001..1004, fps: 5, size: (120px, 80px) }
output run { image: render(s010, samples: 8) |> view(agx), file: "fox.{frame:4}.png" }
"#;
    let folder = build_shared(text)?;
    let frames: Vec<_> = (1001..1004).map(|f| folder.path().join(format!("fox.{f}.png"))).collect();
    for frame in &frames {
        read_png(frame).assert_worth_looking_at("fox");
    }
    let bytes: Vec<_> = frames.iter().map(|f| read_png(f).rgb).collect();
    let moved = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a.abs_diff(**b) > 60).count();
    assert!(moved(&bytes[0], &bytes[1]) > 200 && moved(&bytes[1], &bytes[2]) > 200, "the legs move");
    Ok(())
}

fn morph_targets_move_the_surface() -> Outcome {
    let text = r#"ngs 1
asset stress = gltf("assets/MorphStressTest.gltf")
environment studio { sky = constant_sky(strength: 0.9) }
engineering props { thing = stress.scene(clip: "Individuals") }
camera main { lens: 50mm, at: (0m, 2m, 8m), look_at: (0m, 0.5m, 0m) }
shot s010 { camera: main, frames: 1001..1003, fps: 1, size: (120px, 80px) }
output run { image: render(s010, samples: 8) |> view(agx), file: "morph.{frame:4}.png" }
"#;
    let folder = build_shared(text)?;
    let [a, b] = [1001, 1002].map(|f| read_png(&folder.path().join(format!("morph.{f}.png"))));
    a.assert_worth_looking_at("morph");
    assert_ne!(a.rgb, b.rgb);
    Ok(())
}

scenec_harness::tests![
    one_command_makes_a_picture_of_a_model,
    a_view_file_renders_by_the_models_own_camera,
    wrong_models_and_views_are_errors,
    flight_helmet_under_a_measured_sky,
    fox_runs,
    morph_targets_move_the_surface,
];
