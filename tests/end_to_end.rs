//! The binary as its users meet it: a scene goes in, files come out, and bad input gets an error.

mod support;

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use support::*;

#[test]
fn a_scene_becomes_a_picture_and_a_plate() {
    let folder = scene(SMALL);
    let out = good(&scenec(folder.path(), &["build", "scene.ngs", "--out", "out"]));
    assert!(out.contains("s010.png") && out.contains("s010.exr"), "{out}");
    let picture = read_png(&folder.path().join("out/s010.png"));
    assert_eq!((picture.width, picture.height), (96, 54));
    picture.assert_worth_looking_at("small scene");
    assert_eq!(files_in(&folder.path().join("out")).len(), 2, "nothing but the outputs");
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let folder = scene(SMALL);
    let build = |threads: &str| {
        let out = format!("out{threads}");
        good(&scenec(
            folder.path(),
            &["build", "scene.ngs", "--out", &out, "--device", "native", "--threads", threads],
        ));
        ["s010.png", "s010.exr"].map(|f| fs::read(folder.path().join(&out).join(f)).expect("an output"))
    };
    let one = build("1");
    assert!(one == build("2") && one == build("8") && one == build("1"));
}

#[test]
fn examples_build_from_a_clean_clone() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().to_str().expect("a path");
    let scenes: Vec<_> = fs::read_dir(root().join("examples/scenes"))
        .expect("examples")
        .map(|e| e.expect("an entry").path())
        .filter(|p| p.extension().is_some_and(|e| e == "ngs"))
        .collect();
    assert!(scenes.len() >= 3, "at least three scenes: {scenes:?}");
    for scene in scenes {
        let name = scene.strip_prefix(root()).expect("below the root").to_str().expect("a path");
        let text = good(&scenec(root(), &["build", name, "--quality", "draft", "--out", out]));
        let mut pictures = 0;
        for line in text.lines().filter(|l| l.ends_with(".png")) {
            read_png(Path::new(line)).assert_worth_looking_at(line);
            pictures += 1;
        }
        assert!(pictures > 0, "{name} made no picture:\n{text}");
    }
}

/// The README's program, as printed, beside the example's kits; and its error, word for word.
#[test]
fn the_readme_is_true() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let block = |fence: &str| readme.split(fence).nth(1).and_then(|rest| rest.split("\n```").next()).expect("a block");
    let folder = tempfile::tempdir().expect("a folder");
    copy_tree(&root().join("examples"), &folder.path().join("examples"));
    let scenes = folder.path().join("examples/scenes");
    fs::write(scenes.join("readme.ngs"), block("```ngs\n")).expect("a file");
    let output = scenec(&scenes, &["check", "readme.ngs"]);
    good(&output);
    assert_eq!(stderr(&output), "", "no warnings either");
    let folder = scene("ngs 1\nenvironment a {\n  floor = ground(size: 4)\n}\n");
    let shown = stderr(&scenec(folder.path(), &["check", "scene.ngs"]));
    assert!(shown.contains(block("```text\n").trim()), "{shown}");
}

#[test]
fn json_events_are_one_object_a_line_and_end_with_done() {
    let folder = scene(SMALL);
    let text = good(&scenec(folder.path(), &["build", "scene.ngs", "--json"]));
    let events: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    let named = |name: &str| events.iter().filter(|e| e["event"] == name).count();
    assert_eq!(named("wrote"), 2);
    assert_eq!(events.last().expect("events")["event"], "done");
}

#[test]
fn quiet_says_nothing() {
    let folder = scene(SMALL);
    let output = scenec(folder.path(), &["build", "scene.ngs", "--quiet"]);
    assert_eq!(good(&output) + &stderr(&output), "");
}

#[test]
fn set_changes_a_param_and_refuses_what_is_no_value() {
    let text = SMALL
        .replace("ngs 1\n", "ngs 1\nparam radius: Length in 0.1m..0.8m = 0.3m\n")
        .replace("radius: 0.3m", "radius: radius");
    let folder = scene(&text);
    let build = |set: &str| scenec(folder.path(), &["build", "scene.ngs", "--set", set]);
    good(&build("radius=0.3m"));
    let thin = fs::read(folder.path().join("s010.png")).expect("a picture");
    good(&build("radius=0.5m"));
    assert_ne!(thin, fs::read(folder.path().join("s010.png")).expect("a picture"));
    for (set, says) in [("radius=5m", "0.8m"), ("radios=0.3m", "radius"), ("radius=3", "m"), ("radius", "no value")] {
        let output = build(set);
        assert_eq!(output.status.code(), Some(1), "{set}");
        assert!(stderr(&output).contains(says), "{set}: {}", stderr(&output));
    }
}

#[test]
fn three_blocks_with_a_mistake_each_give_three_errors() {
    let folder = scene(
        "ngs 1\nenvironment a {\n  sky = constant_sky(strength: )\n}\ncharacter b {\n  hero = capsule(radius: 1m,, height: 2m)\n}\nengineering c {\n  part = box(size: (1m 2m, 3m))\n}\n",
    );
    let output = scenec(folder.path(), &["check", "scene.ngs", "--message-format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let errors: Vec<serde_json::Value> =
        stdout(&output).lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    let lines: Vec<_> = errors.iter().filter(|e| e["severity"] == "error").map(|e| e["line"].as_u64()).collect();
    assert_eq!(lines, [Some(3), Some(6), Some(9)], "{}", stdout(&output));
    assert!(errors.iter().all(|e| e["hint"].is_string() || e["fix"].is_object()), "{}", stdout(&output));
}

#[test]
fn a_missing_unit_is_shown_with_its_mend() {
    let folder = scene("ngs 1\nenvironment a {\n  floor = ground(size: 4)\n}\n");
    let output = scenec(folder.path(), &["check", "scene.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("Length") && text.contains("4m") && text.contains("scene.ngs:3:"), "{text}");
}

#[test]
fn a_cycle_shows_its_path() {
    let folder = scene(
        "ngs 1\nengineering a {\n  left = box(size: 1m) at right.top\n  right = box(size: 1m) at left.top\n}\ncamera main { frame: left }\nshot s { camera: main }\noutput o { image: render(s), file: \"o.exr\" }\n",
    );
    let output = scenec(folder.path(), &["check", "scene.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    let text = stderr(&output);
    assert!(text.contains("left") && text.contains("right") && text.contains("cycle"), "{text}");
}

#[test]
fn bad_files_get_an_error_in_bounded_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut random = vec![0u8; 100 << 20];
    let mut state = 1u64;
    for byte in &mut random {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        *byte = (state >> 56) as u8;
    }
    let cases: [(&str, Vec<u8>); 5] = [
        ("random", random),
        ("empty", Vec::new()),
        ("braces", "{".repeat(100_000).into_bytes()),
        ("parentheses", format!("ngs 1\nlet x = {}", "(".repeat(100_000)).into_bytes()),
        ("latin1", b"ngs 1\nlet x = \"\xff\xfe\"\n".to_vec()),
    ];
    for (name, bytes) in cases {
        let file = format!("{name}.ngs");
        fs::write(folder.path().join(&file), bytes).expect("a file");
        let began = Instant::now();
        let output = scenec(folder.path(), &["check", &file]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("error[E"), "{name}: {}", stderr(&output));
        assert!(stderr(&output).len() < 20_000, "{name}: a flood of messages");
        assert!(began.elapsed() < Duration::from_secs(20), "{name}: took {:?}", began.elapsed());
    }
    let output = scenec(folder.path(), &["check", "absent.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("absent.ngs"), "{}", stderr(&output));
}

#[test]
fn an_output_that_cannot_be_written_is_told_before_the_work() {
    let folder = scene(SMALL);
    fs::write(folder.path().join("file"), "in the way").expect("a file");
    let output = scenec(folder.path(), &["build", "scene.ngs", "--out", "file/below"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("E0650"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(folder.path().join("file")).expect("still there"), "in the way");
}

#[cfg(unix)]
fn started_long_build(folder: &Path) -> std::process::Child {
    let mut child = command(folder, &["build", "scene.ngs", "--out", "out", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    // Wait until it renders.
    use std::io::BufRead;
    let reader = std::io::BufReader::new(child.stdout.take().expect("a pipe"));
    let renders = reader.lines().map_while(Result::ok).any(|l| l.contains("\"progress\""));
    assert!(renders, "the build ended before it rendered");
    child
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_within_a_second_and_leaves_nothing() {
    let folder = scene(&SMALL.replace("96px, 54px", "1920px, 1080px").replace("samples: 4", "samples: 4096"));
    for signal in ["-INT", "-TERM", "-KILL"] {
        let mut child = started_long_build(folder.path());
        let began = Instant::now();
        let sent = std::process::Command::new("kill").args([signal, &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|s| s.success()));
        let status = child.wait().expect("an end");
        // Ten times the promise: this machine may be busy.
        assert!(began.elapsed() < Duration::from_secs(10), "{signal}: {:?}", began.elapsed());
        if signal != "-KILL" {
            assert_eq!(status.code(), Some(130), "{signal}");
        }
        let left = files_in(&folder.path().join("out"));
        assert!(left.is_empty(), "{signal}: {left:?}");
    }
}

#[test]
fn pictures_that_show_nothing_say_why() {
    let scene_of = |environment: &str, camera: &str| {
        format!(
            "ngs 1\nenvironment a {{\n  ball = sphere(radius: 1m)\n{environment}\n}}\ncamera main {{ {camera} }}\nshot s {{ camera: main, size: (48px, 48px) }}\noutput o {{ image: render(s, samples: 2) |> view(agx), file: \"o.png\" }}\n"
        )
    };
    let ahead = "at: (0m, 1m, 6m), look_at: ball";
    for (environment, camera, code, why) in [
        ("", ahead, "W0614", "no sky"),
        ("  sky = constant_sky(strength: 0.000001)", ahead, "W0614", "exposure"),
        ("  sky = constant_sky()", "at: (0m, 1m, 6m), look_at: (0m, 1m, 20m)", "W0612", "looks away"),
        (
            "  sky = constant_sky()",
            "at: (0m, 1m, 6m), look_at: (90m, 1m, 0m), fov: 10deg",
            "W0612",
            "off the view axis",
        ),
    ] {
        let folder = scene(&scene_of(environment, camera));
        let output = scenec(folder.path(), &["build", "scene.ngs"]);
        good(&output);
        let text = stderr(&output);
        assert!(text.contains(code) && text.contains(why), "{environment} {camera}: {text}");
    }
    let folder = scene(&scene_of("  sky = constant_sky()", ahead));
    let output = scenec(folder.path(), &["build", "scene.ngs"]);
    good(&output);
    assert!(!stderr(&output).contains("warning"), "{}", stderr(&output));
}

#[test]
fn graphs_are_printed_in_three_forms() {
    let folder = scene(SMALL);
    let text = good(&scenec(folder.path(), &["graph", "scene.ngs"]));
    assert!(text.contains("machines/wheel") && text.contains("render"), "{text}");
    assert!(good(&scenec(folder.path(), &["graph", "scene.ngs", "--format", "dot"])).starts_with("digraph"));
    let ron = good(&scenec(folder.path(), &["graph", "scene.ngs", "--format", "ron"]));
    let graph = scenec_ir::Graph::from_ron(&ron).expect("reads back");
    assert_eq!(graph.to_ron().trim(), ron.trim());
    graph.validate().expect("sound");
}

#[test]
fn pages_are_printed_and_unknown_names_are_mended() {
    let here = root();
    assert!(good(&scenec(here, &["docs"])).contains("gear"));
    assert!(good(&scenec(here, &["docs", "gear"])).contains("pressure_angle"));
    assert!(good(&scenec(here, &["explain", "e0650"])).contains("E0650"));
    assert!(good(&scenec(here, &["doctor"])).contains("native"));
    for (arguments, says) in [(["docs", "gaer"], "gear"), (["explain", "E0651x"], "E0651")] {
        let output = scenec(here, &arguments);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    }
    // A wrong command line is an error of class 1; 2 would say that a gate failed.
    assert_eq!(scenec(here, &["biuld"]).status.code(), Some(1));
}

#[test]
fn check_carries_out_fixes() {
    let folder = scene(&SMALL.replacen("0.3m", "0.3", 1));
    let path = folder.path().join("scene.ngs");
    let before = fs::read_to_string(&path).expect("a scene");
    assert_ne!(before, SMALL, "the scene has this length");
    let refused = scenec(folder.path(), &["check", "scene.ngs"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&path).expect("a scene"), before, "only --fix writes");
    good(&scenec(folder.path(), &["check", "scene.ngs", "--fix"]));
    assert_eq!(fs::read_to_string(&path).expect("a scene"), SMALL);
    assert_eq!(files_in(folder.path()).len(), 1, "nothing is left beside it");
}

#[test]
fn fixes_reach_all_files_or_none() {
    let folder =
        scene("ngs 1\nuse \"kit.ngs\" { Post }\nenvironment e {\n  sky = constant_sky()\n  a = Post(height: 3)\n}\n");
    let (root, kit) = (folder.path().join("scene.ngs"), folder.path().join("kit.ngs"));
    let text = "ngs 1\ncomponent Post(height: Length = 2m) { shaft = box(size: (1m, height, 1)) }\n";
    fs::write(&kit, text).expect("a file");
    let read = |path: &Path| fs::read_to_string(path).expect("a program");
    let before = (read(&root), read(&kit));
    let mode = |readonly: bool| {
        let mut mode = fs::metadata(&root).expect("a file").permissions();
        mode.set_readonly(readonly);
        fs::set_permissions(&root, mode).expect("a mode");
    };
    mode(true);
    let refused = scenec(folder.path(), &["check", "scene.ngs", "--fix"]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    let told = stderr(&refused);
    assert!(told.contains("error[E0650]") && told.contains("scene.ngs: permission denied"), "{told}");
    assert_eq!((read(&root), read(&kit)), before, "no file is changed when one can't be");
    assert_eq!(files_in(folder.path()).len(), 2, "nothing is left beside them");
    mode(false);
    scenec(folder.path(), &["check", "scene.ngs", "--fix"]);
    assert!(
        read(&root).contains("height: 3m") && read(&kit).contains("(1m, height, 1m)"),
        "{}{}",
        read(&root),
        read(&kit)
    );
}

#[test]
fn check_speaks_sarif() {
    let folder = scene(&SMALL.replacen("0.3m", "0.3", 1));
    let output = scenec(folder.path(), &["check", "scene.ngs", "--message-format", "sarif"]);
    assert_eq!(output.status.code(), Some(1));
    let log: serde_json::Value = serde_json::from_slice(&output.stdout).expect("one JSON text");
    let result = &log["runs"][0]["results"][0];
    assert_eq!((result["level"].as_str(), result["ruleIndex"].as_u64()), (Some("error"), Some(0)));
    assert_eq!(result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "0.3m");
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "scene.ngs");
}
