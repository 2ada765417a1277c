//! What pictures are made of: cuts frame by frame, maps, layers beside a picture.

mod common;

use std::collections::BTreeMap;

use scenec_compiler::{Compilation, MemoryWorld, Options, compile};
use scenec_ir::{Graph, Handle, Node, Value};

fn build_with(text: &str, options: &Options) -> Compilation {
    compile(&MemoryWorld::of("a.ngs", text), "a.ngs", &[], options)
}

fn graph_of(text: &str, options: &Options) -> Graph {
    let compilation = build_with(text, options);
    assert_eq!(common::compact(&compilation), "");
    Graph::clone(&compilation.graph.expect("a graph"))
}

fn file(graph: &Graph, output: Handle<Node>) -> String {
    graph.nodes[output].params["file"].to_string().trim_matches('"').to_owned()
}

fn input(graph: &Graph, node: Handle<Node>, port: &str) -> Handle<Node> {
    graph.nodes[node].inputs[port][0].node
}

/// The node of a kind that something is made of.
fn made_of(graph: &Graph, from: Handle<Node>, kind: &str) -> Handle<Node> {
    let mut wanted = vec![from];
    while let Some(at) = wanted.pop() {
        if graph.nodes[at].kind == kind {
            return at;
        }
        wanted.extend(graph.nodes[at].inputs.values().flatten().map(|i| i.node));
    }
    panic!("{} is made of no {kind}", graph.nodes[from].id)
}

/// By file: the camera's x, the ball's x and its radius.
fn seen(graph: &Graph) -> BTreeMap<String, [f64; 3]> {
    let x = |node: Handle<Node>, name: &str| match graph.nodes[node].params[name] {
        Value::Vec3([x, ..], _) => x,
        Value::Quantity(v, _) => v,
        _ => panic!("no number"),
    };
    let of = |output: &Handle<Node>| {
        let render = made_of(graph, *output, "render");
        let ball = made_of(graph, input(graph, render, "stage"), "place");
        let numbers =
            [x(input(graph, render, "camera"), "at"), x(ball, "at"), x(input(graph, ball, "thing"), "radius")];
        (file(graph, *output), numbers)
    };
    graph.outputs.iter().map(of).collect()
}

/// The ball goes 24 m in a second: one metre in a frame.
const SEQUENCE: &str = r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 1m) at ((0s: 0m, 1s: 24m), 0m, 0m)
}
camera main { at: (50m, 0m, 50m), look_at: (0m, 0m, 0m) }
camera side { at: (60m, 0m, 50m), look_at: (0m, 0m, 0m) }
shot s010 { camera: main, frames: 1001..1004 }
shot s020 { camera: side, frames: 1049..1073, set studio.ball.radius = 2m }
cut film { shots: [s010, s020[1060..1062], s010[1003..1004]] }
cut longer { shots: [film[1003..1006], s010[1002..1003]], start: 1 }
image beauty(s: Shot) = render(s, samples: 4) |> view(agx)
output movie { image: beauty(film), file: "{shot}.{frame:4}.png" }
output again { image: beauty(longer), file: "again.{frame}.png" }
"#;

#[test]
fn a_cut_shows_its_shots_frame_by_frame() {
    let found = seen(&graph_of(SEQUENCE, &Options::default()));
    let wanted = [
        ("s010.1001.png", [50.0, 0.0, 1.0]),
        ("s010.1002.png", [50.0, 1.0, 1.0]),
        ("s010.1003.png", [50.0, 2.0, 1.0]),
        // Frame 1060 is the twelfth of its shot.
        ("s020.1004.png", [60.0, 11.0, 2.0]),
        ("s020.1005.png", [60.0, 12.0, 2.0]),
        ("s010.1006.png", [50.0, 2.0, 1.0]),
        // Of a cut within a cut.
        ("again.1.png", [50.0, 2.0, 1.0]),
        ("again.2.png", [60.0, 11.0, 2.0]),
        ("again.3.png", [60.0, 12.0, 2.0]),
        ("again.4.png", [50.0, 1.0, 1.0]),
    ];
    assert_eq!(found.len(), wanted.len());
    for (name, numbers) in wanted {
        let near = found[name].iter().zip(numbers).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near, "{name}: {:?}, wanted {numbers:?}", found[name]);
    }
}

#[test]
fn equal_frames_of_a_cut_are_rendered_once() {
    let graph = graph_of(SEQUENCE, &Options::default());
    let renders = graph.nodes.iter().filter(|(_, n)| n.kind == "render").count();
    assert_eq!(renders, 5, "three frames of s010, two of s020");
}

#[test]
fn one_shot_of_a_cut_can_be_asked_for() {
    let of = |shot: &str| {
        let options = Options { shot: Some(shot.to_owned()), ..Options::default() };
        seen(&graph_of(SEQUENCE, &options)).into_keys().collect::<Vec<_>>()
    };
    assert_eq!(of("s020"), ["again.2.png", "again.3.png", "s020.1004.png", "s020.1005.png"]);
    assert_eq!(of("longer"), ["again.1.png", "again.2.png", "again.3.png", "again.4.png"]);
}

const LAYERS: &str = r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 1m) at ((0s: 0m, 1s: 24m), 0m, 0m)
  rock = box(size: 1m) at (4m, 0m, 0m)
}
camera main { at: (0m, 0m, 50m), look_at: (0m, 0m, 0m) }
shot s010 { camera: main, frames: 1001..1003, size: (64px, 32px) }
"#;

#[test]
fn aovs_have_the_rays_of_their_render_and_the_next_frame() {
    let text = format!(
        "{LAYERS}cut film {{ shots: [s010[1002..1003], s010], start: 1 }}\noutput comp {{ image: render(film, samples: 7, seed: 3), file: \"{{frame}}.exr\", aov: [depth, motion], cryptomatte: object }}\n"
    );
    let graph = graph_of(&text, &Options::default());
    assert_eq!(graph.outputs.len(), 3);
    for output in &graph.outputs {
        let (render, aovs) = (input(&graph, *output, "image"), input(&graph, *output, "aovs"));
        for name in ["samples", "seed", "size"] {
            assert_eq!(graph.nodes[render].params[name], graph.nodes[aovs].params[name], "{name}");
        }
        assert_eq!(graph.nodes[aovs].params["mattes"].to_string(), "[object]");
        assert_eq!(input(&graph, render, "stage"), input(&graph, aovs, "stage"));
        assert_eq!(input(&graph, render, "camera"), input(&graph, aovs, "camera"));
        let x = |stage| match graph.nodes[made_of_ball(&graph, stage)].params["at"] {
            Value::Vec3([x, ..], _) => x,
            _ => panic!("no place"),
        };
        let step = x(input(&graph, aovs, "next_stage")) - x(input(&graph, aovs, "stage"));
        assert!((step - 1.0).abs() < 1e-9, "{}: the next frame is {step} m on", file(&graph, *output));
    }
}

fn made_of_ball(graph: &Graph, stage: Handle<Node>) -> Handle<Node> {
    let things = &graph.nodes[stage].inputs["things"];
    let is_ball = |n: &&scenec_ir::graph::Input| graph.nodes[n.node].params["name"].to_string().contains("ball");
    things.iter().find(is_ball).expect("a ball").node
}

#[test]
fn without_motion_no_other_frame_is_made() {
    let text =
        format!("{LAYERS}output comp {{ image: render(s010), file: \"{{frame}}.exr\", aov: [depth, normal] }}\n");
    let graph = graph_of(&text, &Options::default());
    let aovs: Vec<_> = graph.nodes.iter().filter(|(_, n)| n.kind == "aovs").collect();
    assert_eq!(aovs.len(), 2);
    assert!(aovs.iter().all(|(_, n)| !n.inputs.contains_key("next_stage")));
    assert_eq!(graph.nodes.iter().filter(|(_, n)| n.kind == "stage").count(), 2);
}

#[test]
fn a_render_does_not_depend_on_its_layers() {
    let plain = format!("{LAYERS}output comp {{ image: render(s010), frames: 1001, file: \"a.exr\" }}\n");
    let layers = plain.replace("\"a.exr\"", "\"a.exr\", aov: [depth, motion], cryptomatte: [object, material]");
    let content = |text: &str| {
        let graph = graph_of(text, &Options::default());
        let render = made_of(&graph, graph.outputs[0], "render");
        (graph.nodes[render].params.clone(), graph.nodes[render].inputs.keys().cloned().collect::<Vec<_>>())
    };
    assert_eq!(content(&plain), content(&layers));
}

#[test]
fn maps_of_a_shot_share_their_rays() {
    let text = format!(
        "{LAYERS}output a {{ image: depth(s010), frames: 1001, file: \"a.exr\" }}\n\
         output b {{ image: normals(s010), frames: 1001, file: \"b.exr\" }}\n\
         output c {{ image: mask(s010, of: [studio.ball, studio.rock]), frames: 1001, file: \"c.png\" }}\n\
         output d {{ image: ids(s010), frames: 1001, file: \"d.png\" }}\n\
         output e {{ image: mask(s010, of: [studio.ball, studio.rock]), frames: 1001, file: \"e.exr\" }}\n"
    );
    let graph = graph_of(&text, &Options::default());
    let aovs = |name: &str| {
        let output = graph.outputs.iter().find(|o| file(&graph, **o).starts_with(name)).expect("an output");
        made_of(&graph, *output, "aovs")
    };
    assert_eq!(aovs("a"), aovs("b"));
    assert_eq!(aovs("c"), aovs("e"), "both want the same things");
    assert_ne!(aovs("c"), aovs("d"), "a mask wants its own things, ids all of them");
    assert_ne!(aovs("a"), aovs("c"));
}

#[test]
fn a_matrix_varies_what_only_some_shots_of_a_cut_set() {
    let text = "ngs 1\nenum Hour { noon, dusk }\nparam hour: Hour = noon\n\
                environment e {\n  sky = constant_sky(strength: if hour == noon { 1.0 } else { 0.2 })\n  ball = sphere(radius: 1m)\n}\n\
                camera main { frame: ball }\nshot day { camera: main }\nshot night { camera: main, set hour = dusk }\n\
                cut film { shots: [day, night] }\n\
                output o { image: render(film), file: \"{hour}.{shot}.{frame}.exr\", matrix: hour }\n\
                output p { image: render(night), file: \"{hour}.exr\" }\n";
    let graph = graph_of(text, &Options::default());
    let strength = |output: &Handle<Node>| match graph.nodes[made_of(&graph, *output, "constant_sky")].params["strength"]
    {
        Value::Quantity(v, _) => v,
        _ => panic!("no strength"),
    };
    let found: Vec<_> = graph.outputs.iter().map(|o| (file(&graph, *o), strength(o))).collect();
    let wanted = [
        ("noon.day.1001.exr", 1.0),
        ("noon.night.1002.exr", 0.2),
        ("dusk.day.1001.exr", 0.2),
        ("dusk.night.1002.exr", 0.2),
        // The path says what the picture shows.
        ("dusk.exr", 0.2),
    ];
    assert_eq!(found, wanted.map(|(name, v)| (name.to_owned(), v)));
}

#[test]
fn cuts_within_cuts_have_a_limit() {
    let mut text = format!("{LAYERS}cut c0 {{ shots: [s010, s010] }}\n");
    for i in 1..60 {
        text += &format!("cut c{i} {{ shots: [c{0}, c{0}] }}\n", i - 1);
    }
    text += "output o { image: render(c59), file: \"{frame}.exr\", frames: 1001 }\n";
    let compilation = build_with(&text, &Options::default());
    assert!(common::compact(&compilation).contains("E0406 the cut `c13` has more than 10000 pieces"));
    assert_eq!(compilation.diagnostics.iter().filter(|d| d.is_error()).count(), 1);
}
