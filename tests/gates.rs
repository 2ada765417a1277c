//! Tests, gates and budgets: what is measured, in closed form, and what `scenec test` and `scenec build` make of it.

mod support;

use std::collections::BTreeMap;

use scenec_compiler::{Claims, Compilation, MemoryWorld, Options, compile};
use scenec_ir::{Diagnostic, Value};
use scenec_runtime::{Job, Settings};
use support::*;

fn compiled(text: &str) -> Compilation {
    let options = Options { claims: Claims::Tests, ..Options::default() };
    let made = compile(&MemoryWorld::of("scene.ngs", text.to_owned()), "scene.ngs", &[], &options);
    assert!(made.graph.is_some(), "{text}\n{:#?}", made.diagnostics);
    made
}

fn measured(made: &Compilation) -> BTreeMap<String, Value> {
    let graph = made.graph.as_ref().expect("a graph");
    Job::new(graph, Settings::default(), &Nothing, &Nothing).measure().expect("it runs")
}

fn verdicts(text: &str) -> Vec<Diagnostic> {
    let made = compiled(text);
    let answers = measured(&made);
    made.claims.iter().flat_map(|claim| claim.judge(&answers, &made.sources)).collect()
}

/// What an expression is, in the words of the test that it fails.
fn asked(items: &str, question: &str) -> f64 {
    let made = compiled(&format!("ngs 1\n{items}\ntest \"t\" {{ assert {question} == 987654 }}\n"));
    let answers = measured(&made);
    assert_eq!(answers.len(), 1, "{answers:?}");
    answers.into_values().next().and_then(|v| v.as_f64()).expect("a number")
}

/// A wall of 2 m x 2 m, seen from so far that parallel rays are near enough; `screen` stands before it.
fn wall(screen: &str) -> String {
    format!(
        "environment yard {{\n  sky = constant_sky()\n  wall = plane(size: (2m, 2m)) rotate (90deg, 0deg, 0deg)\n  {screen}\n}}\n\
         camera main {{ at: (0m, 0m, 400m), look_at: (0m, 0m, 0m), fov: 1deg }}\n\
         shot s010 {{ camera: main, size: (200px, 100px) }}"
    )
}

/// A row of the grid is a 256th of a side; an edge falls within one.
const GRID: f64 = 1.0 / 256.0;

#[test]
fn a_screen_hides_its_share() {
    for (width, height, x, y, hidden) in [
        (1.0, 2.0, 0.5, 0.0, 0.5),
        (2.0, 0.5, 0.0, 0.75, 0.25),
        (0.5, 0.5, 0.1, 0.2, 0.0625),
        (9.0, 9.0, 0.0, 0.0, 1.0),
    ] {
        let screen = format!("screen = box(size: ({width}m, {height}m, 1mm)) at ({x}m, {y}m, 1cm)");
        let seen = asked(&wall(&screen), "visible(wall, s010)");
        assert!((seen - (1.0 - hidden)).abs() <= 2.0 * GRID, "{hidden} hidden: {seen}");
    }
    let behind = "screen = box(size: (9m, 9m, 1mm)) at (0m, 0m, -1cm)";
    assert_eq!(asked(&wall(behind), "visible(wall, s010)"), 1.0);
    let beside = "screen = box(size: 1m) at (400m, 0m, 0m)";
    assert_eq!(asked(&wall(beside), "visible(screen, s010)"), 0.0, "out of frame");
    assert_eq!(asked(&wall(beside), "coverage(screen, s010)"), 0.0);
}

#[test]
fn a_thing_does_not_hide_itself_and_lists_are_added_up() {
    let two = "pair = [box(size: (1m, 2m, 1mm)) at (0.5m, 0m, 1cm), box(size: (1m, 2m, 1mm)) at (0.5m, 0m, 2cm)]";
    assert_eq!(asked(&wall(two), "visible(pair[1], s010)"), 1.0);
    assert_eq!(asked(&wall(two), "visible(pair[0], s010)"), 0.0);
    assert!((asked(&wall(two), "visible(pair, s010)") - 0.5).abs() < 1e-3);
}

#[test]
fn coverage_is_the_projected_area() {
    // Half of the picture's height is 400 m tan(0.5 deg); the picture is twice as wide as it is high.
    let half = 400.0 * 0.5f64.to_radians().tan();
    let whole = (1.0 / half) * (1.0 / (2.0 * half));
    let free = asked(&wall(""), "coverage(wall, s010)");
    assert!((free - whole).abs() < 1e-5, "{free} {whole}");
    let screen = "screen = box(size: (1m, 2m, 1mm)) at (0.5m, 0m, 1cm)";
    let seen = asked(&wall(screen), "coverage(wall, s010)");
    assert!((seen - whole * 0.5).abs() < 2.0 * GRID * whole, "{seen}");
    // A wall that is larger than the picture and reaches behind the camera.
    let large = "land = plane(size: (4000m, 4000m)) at (0m, -1m, 0m)";
    let below = asked(&wall(large), "coverage(land, s010)");
    assert!((0.2..0.5).contains(&below), "{below}");
}

#[test]
fn lengths_are_exact() {
    let items = "environment yard {\n  sky = constant_sky()\n  turned = box(size: 1m) at (10m, 2m, 0m) rotate (0deg, 45deg, 0deg)\n  \
                 ball = sphere(radius: 0.1m) at (0m, 0.3m, 0m)\n}\ncamera main { at: (3m, 0.3m, 4m), look_at: ball }";
    let holds = "  let b = bounds(turned)\n  assert b.size.x == 1.4142m and b.size.y == 1m\n  assert b.min.y == 1.5m and b.max.y == 2.5m\n  \
                 assert b.center.x == 10m and b.center.z == 0m\n  assert distance(ball, main) == 5m\n  \
                 assert distance(ball, turned) == distance(turned, ball)\n  assert distance(ball.top, (0m, 0m, 0m)) == 0.4m\n  \
                 assert distance((1m, 2m, 3m), (1m, 2m, 3m)) == 0m\n  assert bounds(ball.bottom).size.y == 0m and bounds(ball.bottom).min.y == 0.2m";
    assert_eq!(verdicts(&format!("ngs 1\n{items}\ntest \"t\" {{\n{holds}\n}}\n")), []);
}

#[test]
fn in_frame_is_about_all_of_it() {
    // Half of the picture's height is 3.49 m, of its width 6.98 m.
    for (place, inside) in [
        ("(0m, 0m, 0m)", true),
        ("(6.9m, 0m, 0m)", false),
        ("(6.4m, 0m, 0m)", true),
        ("(0m, 3.2m, 0m)", false),
        ("(0m, 0m, 500m)", false),
    ] {
        let text = format!(
            "ngs 1\n{}\ntest \"t\" {{ assert {} in_frame(crate, s010) }}\n",
            wall(&format!("crate = box(size: 1m) at {place}")),
            if inside { "" } else { "not" }
        );
        assert_eq!(verdicts(&text), [], "{place}");
    }
}

#[test]
fn counts_are_those_of_the_stage() {
    let items = "environment yard {\n  sky = constant_sky()\n  land = plane(size: (20m, 20m))\n  \
                 scatter stones: box(size: 0.1m) on land { count: 20, seed: \"stones\" }\n  lamp = point_light((0m, 3m, 0m), intensity: 5W)\n}\n\
                 camera main { frame: land }\nshot s010 { camera: main }";
    assert_eq!(asked(items, "triangles(stones)"), 240.0);
    assert_eq!(asked(items, "triangles()"), 242.0);
    assert_eq!(asked(items, "count(stones)"), 20.0);
    assert_eq!(asked(items, "count()"), 21.0);
    // Copies share their mesh: 24 corners with positions, normals, tangents and coordinates, and 12 triangles.
    let one = asked(items, "memory(stones) / 1B");
    let crate_alone = "environment yard { sky = constant_sky()  c = box(size: 0.1m) }\ncamera main { frame: c }";
    assert_eq!(one, asked(crate_alone, "memory(c) / 1B"));
    assert!(one > 24.0 * 6.0 * 4.0 && one < 24.0 * 20.0 * 4.0, "{one}");
    let over = verdicts(&format!(
        "ngs 1\n{items}\nbudget {{ triangles: 241, instances: 21, lights: 0, memory: 1kB, textures: 1kB }}\n"
    ));
    let messages: Vec<&str> = over.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(messages.len(), 3, "{messages:?}");
    assert_eq!(messages[0], "the stage of the shot `s010` has 242 triangles, the budget allows 241");
    assert_eq!(messages[1], "the stage of the shot `s010` has 1 lights, the budget allows 0");
    assert!(messages[2].starts_with("the stage of the shot `s010` needs 1.5"), "{messages:?}");
    assert!(over[0].hint.as_deref().is_some_and(|h| h.contains("`yard.stones` 240 (99 %)")), "{:?}", over[0].hint);
    assert!(over.iter().all(|d| d.code == "E0703"));
}

#[test]
fn what_a_shot_sets_holds_where_the_shot_is_named() {
    let text = format!(
        "ngs 1\nparam lift: Length = 0m\n{}\nshot s020 {{ camera: main, size: (200px, 100px), set lift = 5m }}\ntest \"t\" {{\n  \
         let seen = visible(wall, s020)\n  assert visible(wall, s010) < 0.1 and lift == 0m\n  assert seen == 1 and lift == 5m\n  \
         assert visible(wall, s010) < visible(wall, s020) and lift == 0m\n  \
         assert bounds(screen).min.y < 0m and bounds(screen, s020).min.y > 0m or lift == 7m\n  assert distance(screen, (0m, 0m, 1cm)) == 0m\n}}\n",
        wall("screen = box(size: (2m, 2m, 1mm)) at (0m, lift, 1cm)")
    );
    let found = verdicts(&text);
    // The one assertion that names s020 alone beside a question about the program is about s020.
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("`bounds(screen).min.y` is 4m, expected < 0m"), "{}", found[0].message);
}

#[test]
fn a_failed_assertion_says_what_is_there() {
    let text = format!(
        "ngs 1\n{}\ntest \"t\" {{\n  let seen = visible(wall, s010)\n  assert seen > 0.8 else \"it is hidden\"\n  assert 3 < count(wall)\n  \
         assert in_frame(wall, s010) and seen * 2 == coverage(wall, s010)\n  assert not (count() == 2 or false)\n  \
         assert 1 / (count(wall) - 1) > 2\n}}\n",
        wall("screen = box(size: (1m, 2m, 1mm)) at (0.5m, 0m, 1cm)")
    );
    let found = verdicts(&text);
    let said: Vec<(&str, &str)> = found.iter().map(|d| (d.code.as_str(), d.message.as_str())).collect();
    assert_eq!(said[0], ("E0701", "the test `t` failed: it is hidden (`seen` is 0.5, expected > 0.8)"));
    assert_eq!(said[1], ("E0701", "the test `t` failed: `count(wall)` is 1, expected 3 < it"));
    assert!(
        said[2]
            .1
            .starts_with("the test `t` failed: `seen * 2` is 1, expected == `coverage(wall, s010)`, which is 0.02")
    );
    assert_eq!(said[3], ("E0701", "the test `t` failed: `count()` is 2, not expected == 2"));
    assert_eq!(said[4], ("E0704", "the test `t` has no result: division by zero"));
    assert!(found.iter().all(|d| d.span.is_some()));
}

const GATED: &str = r#"ngs 1
param lift: Length = 5m
environment yard {
  sky = constant_sky()
  wall = plane(size: (2m, 2m)) rotate (90deg, 0deg, 0deg)
  screen = box(size: (2m, 2m, 1mm)) at (0m, lift, 1m)
}
camera main { at: (0m, 0m, 8m), look_at: wall }
shot s010 { camera: main, size: (32px, 18px) }
output still { image: render(s010, samples: 1) |> view(agx), file: "out/{shot}.png" }
gate "the wall is seen" { assert visible(wall, s010) > 0.9 }
test "the wall is square" { assert bounds(wall).size.x == bounds(wall).size.y }
test "the screen is away" { assert distance(wall, screen) > 4m else "it is in front" }
budget { triangles: 100 }
"#;

#[test]
fn tests_are_told_one_a_line_and_the_exit_code_tells_all() {
    let folder = scene(GATED);
    let output = scenec(folder.path(), &["test", "scene.ngs"]);
    let told = good(&output);
    let lines: Vec<&str> = told.lines().collect();
    let wanted = [
        "gate \"the wall is seen\" ... ok",
        "test \"the wall is square\" ... ok",
        "test \"the screen is away\" ... ok",
        "budget ... ok",
    ];
    assert_eq!(lines[..4], wanted);
    assert!(lines[4].starts_with("4 passed, 0 failed, in "), "{told}");
    assert_eq!(stderr(&output), "");

    let output = scenec(folder.path(), &["test", "scene.ngs", "--set", "lift=0m"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stdout(&output).contains("gate \"the wall is seen\" ... FAILED"), "{}", stdout(&output));
    assert!(stdout(&output).contains("2 passed, 2 failed"), "{}", stdout(&output));
    let shown = stderr(&output);
    assert!(
        shown.contains(
            "error[E0702]: the gate `the wall is seen` is closed: `visible(wall, s010)` is 0, expected > 0.9"
        ),
        "{shown}"
    );
    assert!(shown.contains("error[E0701]: the test `the screen is away` failed: it is in front (`distance(wall, screen)` is 1m, expected > 4m)"), "{shown}");
    assert!(shown.contains("--> scene.ngs:11:34"), "{shown}");
    assert!(!folder.path().join("out").exists(), "tests write nothing");

    let some = good(&scenec(folder.path(), &["test", "scene.ngs", "--filter", "SQUARE", "--set", "lift=0m"]));
    assert!(some.starts_with("test \"the wall is square\" ... ok\n1 passed, 0 failed"), "{some}");
    let none = scenec(folder.path(), &["test", "scene.ngs", "--filter", "round"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(stderr(&none).contains("E0691") && stderr(&none).contains("`round`"), "{}", stderr(&none));
}

#[test]
fn a_closed_gate_keeps_everything_from_being_built() {
    let folder = scene(GATED);
    let output = scenec(folder.path(), &["build", "scene.ngs", "--set", "lift=0m"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("E0702"), "{}", stderr(&output));
    assert!(!stderr(&output).contains("E0701"), "a build makes no tests: {}", stderr(&output));
    assert!(!folder.path().join("out").exists(), "nothing is written");
    let json = scenec(folder.path(), &["build", "scene.ngs", "--set", "lift=0m", "--json"]);
    assert_eq!(json.status.code(), Some(2));
    let events: Vec<serde_json::Value> =
        stdout(&json).lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
    assert!(events.iter().any(|e| e["code"] == "E0702" && e["line"] == 11), "{events:?}");
    assert_eq!(events.last().expect("events")["event"], "error");

    good(&scenec(folder.path(), &["build", "scene.ngs"]));
    assert!(folder.path().join("out/s010.png").is_file());

    let folder = scene(&GATED.replace("triangles: 100", "triangles: 13"));
    let output = scenec(folder.path(), &["build", "scene.ngs"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("E0703") && stderr(&output).contains("`yard.screen` 12 (86 %)"),
        "{}",
        stderr(&output)
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
fn programs_with_errors_and_programs_without_tests() {
    let folder = scene(&GATED.replace("visible(wall, s010)", "visible(wal, s010)"));
    let output = scenec(folder.path(), &["test", "scene.ngs"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("E0201"), "{}", stderr(&output));
    let output = scenec(folder.path(), &["build", "scene.ngs"]);
    assert_eq!(output.status.code(), Some(1), "mistakes in gates are mistakes of the program");
    let folder = scene(SMALL);
    let told = good(&scenec(folder.path(), &["test", "scene.ngs"]));
    assert!(told.starts_with("scene.ngs: no tests; one is written `test "), "{told}");
}

#[test]
fn a_thing_of_another_scene_is_not_on_the_stage() {
    let text = GATED
        .replace("ngs 1\n", "ngs 1\nuse \"kit.ngs\" as kit\n")
        .replace("visible(wall, s010)", "visible(kit.shed.ball, s010)");
    let folder = scene(&text);
    std::fs::write(folder.path().join("kit.ngs"), "ngs 1\nenvironment shed { ball = sphere(radius: 1m) }\n")
        .expect("a file");
    for command in ["test", "build"] {
        let output = scenec(folder.path(), &[command, "scene.ngs"]);
        assert_eq!(output.status.code(), Some(1), "{}{}", stdout(&output), stderr(&output));
        assert!(
            stderr(&output).contains("E0636") && stderr(&output).contains("the wall is seen"),
            "{}",
            stderr(&output)
        );
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn json_and_sarif_have_what_people_read() {
    let folder = scene(GATED);
    let arguments = ["test", "scene.ngs", "--set", "lift=0m"];
    for more in [vec!["--json"], vec!["--message-format", "json"]] {
        let output = scenec(folder.path(), &[&arguments[..], &more].concat());
        assert_eq!(output.status.code(), Some(2));
        let events: Vec<serde_json::Value> =
            stdout(&output).lines().map(|l| serde_json::from_str(l).expect("an object")).collect();
        let tests: Vec<_> = events.iter().filter(|e| e["event"] == "test").collect();
        assert_eq!(tests.iter().filter(|t| t["ok"] == true).count(), 2);
        assert_eq!(tests[0]["kind"], "gate");
        assert_eq!(tests[0]["name"], "the wall is seen");
        assert_eq!((&tests[0]["failures"][0]["code"], &tests[0]["failures"][0]["line"]), (&"E0702".into(), &11.into()));
        let last = events.last().expect("events");
        assert_eq!((&last["event"], &last["passed"], &last["failed"]), (&"tested".into(), &2.into(), &2.into()));
    }
    let output = scenec(folder.path(), &[&arguments[..], &["--message-format", "sarif"]].concat());
    assert_eq!(output.status.code(), Some(2));
    let log: serde_json::Value = serde_json::from_str(&stdout(&output)).expect("one document");
    let codes: Vec<&str> =
        log["runs"][0]["results"].as_array().expect("results").iter().filter_map(|r| r["ruleId"].as_str()).collect();
    assert_eq!(codes, ["E0702", "E0701"]);
}

/// What is measured does not depend on threads, nor on the device that would render.
#[test]
fn the_same_numbers_with_any_threads_and_device() {
    let text = GATED
        .replace("visible(wall, s010) > 0.9", "visible(wall, s010) > 9")
        .replace("at (0m, lift, 1m)", "at (0.3m, 0.4m, 1m)");
    let folder = scene(&text);
    let shown = |more: &[&str]| {
        let output = scenec(folder.path(), &[&["test", "scene.ngs"], more].concat());
        assert_eq!(output.status.code(), Some(2));
        stderr(&output)
    };
    let one = shown(&["--threads", "1", "--device", "native"]);
    assert!(one.contains("`visible(wall, s010)` is 0."), "{one}");
    for more in [["--threads", "8", "--device", "native"], ["--threads", "3", "--device", "auto"]] {
        assert_eq!(shown(&more), one);
    }
}

/// The example's own tests, and the figure's joint that they ask about.
#[test]
fn the_example_passes_its_tests() {
    let told = good(&scenec(root(), &["test", "examples/scenes/harbour.ngs"]));
    assert!(told.contains("4 passed, 0 failed"), "{told}");
}
