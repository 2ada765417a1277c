//! Every code of the catalogue is shown by a test and used by the source; and what only a run finds is found.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use support::*;

/// Codes that no test can bring about, with the reason.
const UNTESTED: [(&str, &str); 3] = [
    ("E0999", "a mistake of ours that is not known"),
    ("W0602", "a GPU that is lost in the middle of a render"),
    ("W0603", "a GPU that is too small for the scene, and yet has passed its self-test"),
];

/// Words of the form E0123 or W0123 in a text; in Rust without those in `//` comments, and those that are not to come.
fn codes_in(text: &str, is_rust: bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let line = if is_rust { line.split("//").next().unwrap_or("") } else { line };
        for (at, _) in line.match_indices(['E', 'W']) {
            let code = line.get(at..at + 5).filter(|c| c.bytes().skip(1).all(|b| b.is_ascii_digit()));
            let is_unwanted = is_rust && line[..at].ends_with("!= \"");
            found.extend(code.filter(|_| !is_unwanted).map(str::to_owned));
        }
    }
    found
}

/// Codes in tests, and codes in everything else, of all crates.
fn codes_of_repository() -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut tests, mut source) = (BTreeSet::new(), BTreeSet::new());
    for folder in ["ir", "grammar", "compiler", "runtime", "shaders", "src", "tests"] {
        for path in files_in(&root().join(folder)) {
            let is_rust = path.extension().is_some_and(|e| e == "rs");
            let is_case = path.extension().is_some_and(|e| e == "ngs" || e == "cases");
            let inside = path.strip_prefix(root()).unwrap_or(&path);
            // The pages are no use of a code, and this file's list no test of one.
            if !(is_rust || is_case) || inside.starts_with("ir/src/codes") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source is UTF-8");
            let is_test = inside.components().any(|c| c.as_os_str() == "tests");
            let (code, own_tests) = match text.split_once("#[cfg(test)]") {
                _ if is_test => ("", text.as_str()),
                Some((code, tests)) => (code, tests),
                None => (text.as_str(), ""),
            };
            let own_tests =
                own_tests.split_once("\n];\n").filter(|_| path.ends_with(file!())).map_or(own_tests, |t| t.1);
            tests.extend(codes_in(own_tests, is_rust));
            source.extend(codes_in(code, is_rust));
        }
    }
    (tests, source)
}

#[test]
fn every_code_is_shown_by_a_test_and_used_by_the_source() {
    let pages: BTreeSet<String> = scenec_ir::codes::all().iter().map(|c| c.code.to_owned()).collect();
    let (tests, source) = codes_of_repository();
    assert!(tests.len() > 80 && source.len() > 80, "the sources are not where they should be");
    let untested: BTreeSet<String> = UNTESTED.iter().map(|(code, _)| (*code).to_owned()).collect();
    let missing: Vec<_> = pages.difference(&tests).filter(|c| !untested.contains(*c)).collect();
    assert!(missing.is_empty(), "no test shows {missing:?}");
    let idle: Vec<_> = untested.intersection(&tests).collect();
    assert!(idle.is_empty(), "there is a test of {idle:?}: take it from the list");
    let dead: Vec<_> = pages.difference(&source).collect();
    assert!(dead.is_empty(), "nothing reports {dead:?}: delete the page");
    let unknown: Vec<_> = source.difference(&pages).collect();
    assert!(unknown.is_empty(), "no page for {unknown:?}");
}

#[test]
fn codes_are_found_in_code_and_not_in_comments() {
    let found = codes_in("error(\"E0301\") // E0302\nW0401 E12 E030x\nassert!(code != \"E0999\")", true);
    assert_eq!(found.into_iter().collect::<Vec<_>>(), ["E0301", "W0401"]);
    assert_eq!(codes_in("x //~ E0302", false).len(), 1);
}

/// A scene of one ball, with more items.
fn ball(more: &str) -> String {
    format!(
        "ngs 1\nenvironment e {{\n  sky = constant_sky()\n  ball = sphere(radius: 1m)\n}}\n\
         camera main {{ frame: e.ball }}\nshot s {{ camera: main, size: (16px, 16px) }}\n{more}\n"
    )
}

const PICTURE: &str = "output o { image: render(s, samples: 1), file: \"o.exr\" }";

/// Builds a scene beside some files, and gives what it says.
fn build(text: &str, files: &[(&str, &[u8])], arguments: &[&str]) -> (Option<i32>, String) {
    let folder = scene(text);
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a file");
    }
    let mut all = vec!["build", "scene.ngs", "--device", "native"];
    all.extend(arguments);
    let output = scenec(folder.path(), &all);
    (output.status.code(), stderr(&output))
}

#[test]
fn what_only_a_run_finds_has_a_code_and_a_reason() {
    let engineering = |thing: &str| format!("engineering m {{ {thing} }}\n{PICTURE}");
    let environment = |thing: &str| format!("environment f {{ {thing} }}\n{PICTURE}");
    let cases: [(&str, String, &[(&str, &[u8])], &str); 6] = [
        ("E0630", ball(&engineering("b = box(size: 1m, chamfer: 60cm)")), &[], "chamfer"),
        (
            "E0633",
            ball(
                "component Nothing() { }\nengineering m { n = Nothing() }\ncamera c { frame: n }\nshot t { camera: c, size: (16px, 16px) }\noutput o { image: render(t, samples: 1), file: \"o.exr\" }",
            ),
            &[],
            "empty",
        ),
        (
            "E0653",
            ball(
                "param depth: Int = 12\noutput o { image: render(s, samples: 1) |> view(agx), file: \"o.png\", bits: depth }",
            ),
            &[],
            "8 or 16 bits, not 12",
        ),
        (
            "E0623",
            ball(PICTURE).replace("constant_sky()", "hdr_sky(file: \"sky.hdr\")"),
            &[("sky.hdr", b"no picture")],
            "sky.hdr",
        ),
        (
            "E0623",
            ball(&environment("land = terrain(size: 10m, height_map: \"land.png\")")),
            &[("land.png", b"no picture")],
            "land.png",
        ),
        (
            "E0631",
            ball(
                "camera c { at: (0m, 1m, 2m), look_at: (0m, 1m, 2m) }\nshot t { camera: c }\noutput o { image: render(t, samples: 1), file: \"o.exr\" }",
            ),
            &[],
            "same point",
        ),
    ];
    for (code, text, files, says) in cases {
        let (exit, told) = build(&text, files, &[]);
        assert_eq!(exit, Some(1), "{code}: {told}");
        assert!(told.contains(&format!("error[{code}]")) && told.contains(says), "{code}: {told}");
    }
}

#[test]
fn what_a_picture_will_lack_is_a_warning() {
    // Four samples of it are beyond what 32 bits hold.
    let bright = ball(PICTURE)
        .replace("constant_sky()", "constant_sky(color: rgb(3e38, 1, 1))")
        .replace("samples: 1", "samples: 4");
    let crowd = "environment f {\n  land = ground(size: 2m)\n  scatter stones: sphere(radius: 10cm) on land { count: 1000, spacing: 1m }\n}";
    let aside = "engineering m { far = box(size: 1m) at (20m, 1m, 0m) }\ncamera c { at: (0m, 1m, 6m), look_at: (0m, 1m, 0m), focus: far }\nshot t { camera: c, size: (16px, 16px) }\noutput o { image: render(t, samples: 1), file: \"o.exr\" }";
    for (code, text, says) in [
        ("W0611", bright, "not finite"),
        ("W0613", ball(aside), "out of frame"),
        ("W0631", ball(&format!("{crowd}\n{PICTURE}")), "stones"),
    ] {
        let (exit, told) = build(&text, &[], &[]);
        assert_eq!(exit, Some(0), "{code}: {told}");
        assert!(told.contains(code) && told.contains(says), "{code}: {told}");
    }
}

#[test]
fn a_sky_with_negative_light_is_cleaned_and_told() {
    let folder = scene(&ball(PICTURE).replace("constant_sky()", "hdr_sky(file: \"sky.exr\")"));
    let pixel = |x: usize, _: usize| if x == 3 { (-1.0f32, f32::NAN, 1.0f32) } else { (1.0, 1.0, 1.0) };
    exr::prelude::write_rgb_file(folder.path().join("sky.exr"), 16, 8, pixel).expect("a picture");
    let output = scenec(folder.path(), &["build", "scene.ngs", "--device", "native"]);
    good(&output);
    assert!(stderr(&output).contains("W0622") && stderr(&output).contains("8 negative"), "{}", stderr(&output));
}

/// A triangle with a coat, which is not rendered, and without a camera.
fn iridescent() -> Vec<u8> {
    let mut buffer = Vec::new();
    for v in [[0.0f32, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]] {
        buffer.extend(v.iter().flat_map(|c| c.to_le_bytes()));
    }
    let hex: String = buffer.iter().map(|b| format!("%{b:02x}")).collect();
    serde_json::json!({
        "asset": { "version": "2.0" }, "scene": 0, "scenes": [{ "nodes": [0] }], "nodes": [{ "mesh": 0 }],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 }, "material": 0 }] }],
        "materials": [{ "extensions": { "KHR_materials_iridescence": { "iridescenceFactor": 1.0 } } }],
        "extensionsUsed": ["KHR_materials_iridescence"],
        "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
        "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
        "buffers": [{ "byteLength": 36, "uri": format!("data:application/octet-stream,{hex}") }],
    })
    .to_string()
    .into_bytes()
}

#[test]
fn models_and_their_view_files_say_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).expect("a file");
    let view = "{\"width\": 8, \"height\": 8, \"spp\": 1, \"sky\": {\"constant\": [1, 1, 1]}, \"fov\": 30}";
    write("view.json", view.as_bytes());
    write("model.gltf", &iridescent());
    let render = |arguments: &[&str]| {
        let mut all = vec!["render", "model.gltf", "-o", "o.exr", "--size", "8x8", "--spp", "1", "--device", "native"];
        all.extend(arguments);
        scenec(folder.path(), &all)
    };
    let output = render(&[]);
    good(&output);
    assert!(stderr(&output).contains("W0501") && stderr(&output).contains("iridescence"), "{}", stderr(&output));
    good(&render(&["--noise", "0.5"]));
    let output = render(&["--noise", "little"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("such as 0.02"), "{}", stderr(&output));
    let output = render(&["--config", "view.json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("error[E0622]") && stderr(&output).contains("camera"), "{}", stderr(&output));
    // With a camera the key of the view file that nothing reads is told.
    let mut model: serde_json::Value = serde_json::from_slice(&iridescent()).expect("JSON");
    model["cameras"] = serde_json::json!([{ "type": "perspective", "perspective": { "yfov": 1.0, "znear": 0.1 } }]);
    model["nodes"] = serde_json::json!([{ "mesh": 0 }, { "camera": 0, "translation": [0, 0, 3] }]);
    model["scenes"] = serde_json::json!([{ "nodes": [0, 1] }]);
    write("model.gltf", model.to_string().as_bytes());
    let output = render(&["--config", "view.json"]);
    good(&output);
    assert!(stderr(&output).contains("W0621") && stderr(&output).contains("`fov`"), "{}", stderr(&output));
}

#[test]
fn command_lines_say_what_is_wrong_with_them() {
    let folder = scene(&ball(PICTURE));
    let cases: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("E0690", &["docs", "gaer"][..]),
        ("E0690 ", &["explain", "E9999"]),
        ("E0691", &["check", "scene.ngs", "--set", "size"]),
    ]);
    for (code, arguments) in cases {
        let output = scenec(folder.path(), arguments);
        assert_eq!(output.status.code(), Some(1), "{code}");
        assert!(stderr(&output).contains(&format!("error[{}]", code.trim())), "{}", stderr(&output));
    }
    assert!(Path::new(folder.path()).join("scene.ngs").is_file());
}
