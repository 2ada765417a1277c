//! What the pages of codes show of runs, assets and tests is run: the wrong one has the code, the right one does not.
//!
//! The pages of the parser are tried in `grammar/tests/errors.rs`, those of the checker in `compiler/tests/pages.rs`.

mod support;

use std::fs;
use std::path::Path;

use scenec_ir::codes::{Code, asset, quality, run};
use support::*;

/// What stands around the piece of a page: `@` is its place, of a thing, sky or scatter `#`.
fn frame(code: &str) -> String {
    let sky = if matches!(code, "E0623" | "W0611" | "W0614") { "" } else { "sky = constant_sky()" };
    let camera = if matches!(code, "E0631" | "E0633" | "E0635" | "W0612" | "W0613") {
        ""
    } else {
        "camera main { frame: ball }"
    };
    let (thing, item) = match code {
        "E0623" | "E0630" | "E0632" | "E0637" | "W0611" | "W0614" | "W0631" => ("@", ""),
        _ => ("", "@"),
    };
    let output =
        if code == "E0653" { "" } else { "output o { image: render(s, samples: 4) |> view(agx), file: \"o.png\" }" };
    format!(
        "ngs 1\nenvironment yard {{\n{sky}\nfloor = ground(size: 2m)\nland = terrain(size: 40m, resolution: 8) at (0m, -30m, 0m)\n\
         ball = sphere(radius: 1m)\n{thing}\n}}\n{camera}\nshot s {{ camera: main, size: (16px, 16px) }}\n{output}\n{item}\n"
    )
}

/// The scene of the pages of tests.
const TESTED: &str = "ngs 1\nenvironment yard {\nsky = constant_sky()\ncrate = box(size: 2m)\nwall = box(size: (3m, 9m, 1cm)) at (0.9m, 0m, 2m)\n\
                      hero = box(size: 2m) at (0m, 3m, 0m)\nhidden = box(size: 10cm)\nball = box(size: 1m) at (9m, 0m, 0m)\n}\n\
                      camera main { at: (0m, 1m, 12m), look_at: hero }\nshot s010 { camera: main, size: (16px, 16px) }\n\
                      output o { image: render(s010, samples: 1), file: \"o.exr\" }\n@\n";

/// What is said of a piece.
fn said(code: &Code, piece: &str, folder: &Path) -> String {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).expect("a file");
    put("notes.txt", "no picture");
    put("scene.ron", "(nodes: 3)");
    put("kit.ngs", "ngs 1\nenvironment shed { ball = sphere(radius: 1m) }\n");
    let assets = root().join("examples/assets");
    for name in ["lantern.glb", "keeper.glb", "dusk.hdr"] {
        fs::copy(assets.join(name), folder.join(name)).expect("an asset");
    }
    let scene = "ngs 1\nparam wetness: Ratio = 0.5\nlet _a = wetness\n";
    put("scene.ngs", scene);
    put("graph.ron", &good(&scenec(folder, &["graph", "scene.ngs", "--format", "ron"])));
    put("view.json", "{ \"width\": 8, \"height\": 8, \"spp\": 1, \"sky\": { \"constant\": [1, 1, 1] } }");
    let quick = ["--device", "native"];
    let model = ["--size", "8x8", "--spp", "1"];
    let arguments: Vec<&str> = if let Some(command) = piece.strip_prefix("scenec ") {
        let mut words: Vec<&str> = command.split_whitespace().collect();
        if words[0] == "render" {
            words.extend(quick);
            // A view file says how large the picture is.
            if !words.contains(&"--config") {
                words.extend(model);
            }
        }
        words
    } else if piece.starts_with('{') && code.code.starts_with("E05") {
        put("model.gltf", piece);
        let mut words = vec!["render", "model.gltf", "-o", "out.png"];
        words.extend(quick);
        words.extend(model);
        words
    } else if piece.starts_with('{') {
        // A model with a camera, which a view file needs.
        put("view.json", piece);
        put("model.gltf", WITH_CAMERA);
        vec!["render", "model.gltf", "--config", "view.json", "--out", "out.exr", "--device", "native"]
    } else if code.code.starts_with("E07") {
        put("scene.ngs", &TESTED.replace('@', piece));
        vec![if code.code == "E0702" { "build" } else { "test" }, "scene.ngs"]
    } else {
        put("scene.ngs", &frame(code.code).replace('@', piece));
        let command = if piece.contains("test \"") { "test" } else { "build" };
        let mut words = vec![command, "scene.ngs"];
        words.extend(quick);
        words
    };
    let output = scenec(folder, &arguments);
    format!("{}{}", stdout(&output), stderr(&output))
}

/// Codes that are said, errors and warnings.
fn codes(said: &str) -> Vec<&str> {
    let found = |line: &'_ str| -> Option<usize> {
        ["error[", "warning["].iter().find(|w| line.starts_with(**w)).map(|w| w.len())
    };
    said.lines().filter_map(|line| found(line).and_then(|at| line.get(at..at + 5))).collect()
}

fn problems(code: &Code) -> Vec<String> {
    if code.wrong.is_empty() || code.right.is_empty() {
        let says_why = code.page.contains("No example: ");
        return if says_why { Vec::new() } else { vec![format!("{} has no example and does not say why", code.code)] };
    }
    let is_error = code.code.starts_with('E');
    let mut problems = Vec::new();
    for (title, piece) in [("wrong", code.wrong), ("right", code.right)] {
        let folder = tempfile::tempdir().expect("a folder");
        let said = said(code, piece, folder.path());
        let found = codes(&said);
        let errors: Vec<_> = found.iter().filter(|c| c.starts_with('E')).collect();
        let fits = match (title, is_error) {
            ("wrong", true) => errors == [&code.code],
            ("wrong", false) => errors.is_empty() && found.contains(&code.code),
            _ => errors.is_empty() && !found.contains(&code.code),
        };
        if !fits {
            problems.push(format!("{}: the {title} one\n{piece}\nsays\n{said}", code.code));
        }
    }
    problems
}

#[test]
fn pages_show_what_is_wrong_and_what_is_right() {
    let all: Vec<&Code> = [run::CODES, asset::CODES, quality::CODES].into_iter().flatten().collect();
    let failures: Vec<String> = all.iter().flat_map(|code| problems(code)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    let shown = all.iter().filter(|c| !c.wrong.is_empty()).count();
    assert!(shown > 30, "{shown} pages have an example");
}

#[test]
fn the_comparer_fails_when_it_must() {
    let good = run::CODES.iter().find(|c| c.code == "E0630").expect("a page");
    assert!(problems(good).is_empty(), "{:?}", problems(good));
    assert_eq!(problems(&Code { wrong: good.right, ..*good }).len(), 1, "the wrong one has no error");
    assert_eq!(problems(&Code { right: good.wrong, ..*good }).len(), 1, "the right one has it");
    assert_eq!(problems(&Code { wrong: "", ..*good }).len(), 1, "nothing is shown");
    assert_eq!(codes("x\nerror[E0301]: a\nwarning[W0401]: b\n"), ["E0301", "W0401"]);
}

/// A triangle and a camera in front of it.
const WITH_CAMERA: &str = r#"{
  "asset": { "version": "2.0" }, "scene": 0, "scenes": [{ "nodes": [0, 1] }],
  "nodes": [{ "mesh": 0 }, { "camera": 0, "translation": [0, 0, 3] }],
  "cameras": [{ "type": "perspective", "perspective": { "yfov": 1.0, "znear": 0.1 } }],
  "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 } }] }],
  "accessors": [{ "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0] }],
  "bufferViews": [{ "buffer": 0, "byteLength": 36 }],
  "buffers": [{ "byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA" }]
}"#;
