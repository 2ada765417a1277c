//! Whole programs: their graphs, sharing between shots and frames, RON, and robustness.

#![allow(clippy::print_stderr)]

mod common;

use std::path::Path;

use scenec_compiler::{Claims, Compilation, MemoryWorld, Options, compile};
use scenec_ir::graph::Node;
use scenec_ir::{Graph, Value};

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

fn world() -> MemoryWorld {
    let mut world = common::assets(MemoryWorld::default());
    for path in ["harbour.ngs", "bibles/mira.ngs", "kits/harbour.ngs"] {
        world = world.with(path, std::fs::read(folder().join(path)).expect("a program can be read"));
    }
    world
}

fn build(text: &str) -> Compilation {
    compile(&common::assets(MemoryWorld::of("a.ngs", text)), "a.ngs", &[], &Options::default())
}

fn harbour(sets: &[(&str, &str)], options: &Options) -> Compilation {
    let sets: Vec<_> = sets.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    let compilation = compile(&world(), "harbour.ngs", &sets, options);
    assert_eq!(common::compact(&compilation), "");
    compilation
}

const STUDIO: &str = "ngs 1\nenvironment e { sky = constant_sky() s = sphere(radius: 1m) }\n\
    camera main { frame: s }\nshot s010 { camera: main }\n";
const STILL: &str = "output o { image: render(s010), file: \"o.exr\" }\n";

#[test]
fn the_harbour_has_the_graph_of_its_snapshot() {
    let compilation = harbour(&[], &Options::default());
    let graph = compilation.graph.expect("a program without errors has a graph");
    insta::assert_snapshot!("harbour", graph.to_text());
    insta::assert_snapshot!("harbour_dot", graph.to_dot());
}

#[test]
fn ron_reads_back() {
    let graph = harbour(&[], &Options::default()).graph.expect("there is a graph");
    let text = graph.to_ron();
    let back = Graph::from_ron(&text).expect("our own text reads back");
    assert_eq!(back, *graph);
    assert_eq!(back.to_ron(), text);
    back.validate().expect("what was sound stays sound");
    assert!(Graph::from_ron("(nodes: [").is_err());
}

#[test]
fn equal_nodes_are_one_and_shots_share_what_they_can() {
    let graph = harbour(&[], &Options::default()).graph.expect("there is a graph");
    let count = |kind: &str| graph.nodes.iter().filter(|(_, n)| n.kind == kind).count();
    assert_eq!(count("gear"), 1, "two equal gears are one node");
    assert_eq!(count("terrain"), 1, "shots share the terrain");
    // Two outfits, and of the first the frames 1001 and 1002; the second shot has one still.
    assert_eq!(count("figure"), 3);
    // The still of s010 has other settings than the plates, whose two frames differ in time.
    assert_eq!(count("render"), 4);
    assert_eq!(count("camera"), 3, "frames move the figure that the camera looks at; the other shot has another lens");
    assert_eq!(graph.outputs.len(), 4);
}

#[test]
fn time_runs_from_the_first_frame_of_the_shot() {
    let graph = harbour(&[], &Options::default()).graph.expect("there is a graph");
    let mut times: Vec<f64> = graph
        .nodes
        .iter()
        .filter(|(_, n)| n.kind == "figure")
        .filter_map(|(_, n)| n.params.get("frame_time").and_then(Value::as_f64))
        .collect();
    times.sort_by(f64::total_cmp);
    assert_eq!(times, [0.0, 0.0, 1.0 / 24.0]);
}

#[test]
fn opinions_have_one_order() {
    let outfit = |sets: &[(&str, &str)], shot: &str| {
        let options = Options { shot: Some(shot.to_owned()), ..Options::default() };
        let graph = harbour(sets, &options).graph.expect("there is a graph");
        let figure = graph.nodes.iter().find(|(_, n)| n.kind == "figure").map(|(_, n)| n.params["variant"].clone());
        figure.expect("there is a figure")
    };
    assert_eq!(outfit(&[], "s010"), Value::Text("rain".into()), "default");
    assert_eq!(outfit(&[], "s020"), Value::Text("gala".into()), "the shot is stronger");
    assert_eq!(outfit(&[("outfit", "rain")], "s020"), Value::Text("rain".into()), "--set is strongest");
}

#[test]
fn a_missing_unit_in_a_module_points_into_the_module() {
    let world = MemoryWorld::of("a.ngs", "ngs 1\nuse \"k/kit.ngs\" { K }\nenvironment e { k = K() }\n")
        .with("k/kit.ngs", "ngs 1\n\ncomponent K() {\n  ball = sphere(radius: 4)\n}\n");
    let compilation = compile(&world, "a.ngs", &[], &Options::default());
    let first = &compilation.diagnostics[0];
    assert_eq!(first.code, "E0301");
    assert_eq!(compilation.sources.location(first.span.expect("it has a place")), "k/kit.ngs:4:25");
    assert_eq!(first.fix.as_ref().expect("it has a fix").edits[0].text, "4m");
}

#[test]
fn adding_a_thing_moves_no_other() {
    let ids = |text: &str| -> Vec<String> {
        let graph = build(text).graph.expect("there is a graph");
        graph.nodes.iter().map(|(_, n)| n.id.clone()).collect()
    };
    let with = |extra: &str| {
        format!(
            "ngs 1\nenvironment e {{ sky = constant_sky() {extra} s = sphere(radius: 1m) }}\ncamera main {{ frame: s }}\n\
             shot s010 {{ camera: main }}\noutput o {{ image: render(s010), file: \"o.exr\" }}\n"
        )
    };
    let (before, after) = (ids(&with("")), ids(&with("b = box(size: 1m) at (0m, 3m, 0m)")));
    assert!(before.iter().all(|id| after.contains(id)), "{before:?} {after:?}");
}

#[test]
fn equal_programs_have_equal_bytes() {
    let text = |c: Compilation| c.graph.expect("there is a graph").to_ron();
    assert_eq!(text(harbour(&[], &Options::default())), text(harbour(&[], &Options::default())));
}

#[test]
fn only_wanted_frames_are_lowered() {
    let program = format!("{STUDIO}output o {{ image: render(s010), frames: 1..9, file: \"o.{{frame:4}}.exr\" }}\n");
    let world = MemoryWorld::of("a.ngs", program);
    let outputs = |options: Options| {
        let compilation = compile(&world, "a.ngs", &[], &options);
        let graph = compilation.graph.expect("there is a graph");
        graph.outputs.iter().map(|o| graph.nodes[*o].params["file"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(outputs(Options::default()).len(), 8);
    assert_eq!(outputs(Options { first_frame_only: true, ..Options::default() }).len(), 1);
    let some = outputs(Options { frames: Some((3, 5)), ..Options::default() });
    assert_eq!(some, [Value::Text("o.0003.exr".into()), Value::Text("o.0004.exr".into())]);
}

#[test]
fn unreadable_modules_have_their_codes() {
    let code = |world: MemoryWorld| {
        let compilation = compile(&world, "a.ngs", &[], &Options::default());
        assert!(compilation.graph.is_none());
        compilation.diagnostics.iter().map(|d| d.code.clone()).collect::<Vec<_>>()
    };
    assert_eq!(code(MemoryWorld::default()), ["E0213"]);
    assert_eq!(code(MemoryWorld::of("a.ngs", "ngs 1\nuse \"b.ngs\" as b\n")), ["E0213"]);
    assert_eq!(code(MemoryWorld::of("a.ngs", *b"ngs 1\n\xff\xfe")), ["E0218"]);
    let large = vec![b' '; (16 << 20) + 1];
    assert_eq!(code(MemoryWorld::of("a.ngs", large)), ["E0219"]);
}

#[test]
fn a_missing_picture_is_an_error() {
    struct Nothing(MemoryWorld);
    impl scenec_compiler::World for Nothing {
        fn read(&self, path: &str) -> Result<std::sync::Arc<[u8]>, scenec_compiler::FileError> {
            self.0.read(path)
        }
        fn asset(&self, path: &str) -> Result<std::sync::Arc<scenec_ir::AssetIndex>, scenec_ir::asset::AssetError> {
            self.0.asset(path)
        }
        fn exists(&self, _: &str) -> bool {
            false
        }
    }
    let text = "ngs 1\nenvironment e { s = sphere(radius: 1m)  sky = hdr_sky(\"x.hdr\") }\ncamera main { frame: s }\n\
        shot a { camera: main }\noutput o { image: render(a), file: \"o.exr\" }\n";
    let compilation = compile(&Nothing(MemoryWorld::of("k/a.ngs", text)), "k/a.ngs", &[], &Options::default());
    assert_eq!(compilation.diagnostics[0].code, "E0221");
    assert!(compilation.diagnostics[0].message.contains("`k/x.hdr`"));
}

#[test]
fn one_module_used_twice_is_loaded_once() {
    let world =
        MemoryWorld::of("a.ngs", "ngs 1\nuse \"b.ngs\" as b\nuse \"c/../b.ngs\" as c\nlet x = b.v + c.v\nlet _y = x\n")
            .with("b.ngs", "ngs 1\nlet v = 1\n");
    let compilation = compile(&world, "a.ngs", &[], &Options::default());
    assert_eq!(common::compact(&compilation), "");
    assert_eq!(compilation.modules, ["a.ngs", "b.ngs"]);
}

#[test]
fn long_chains_and_deep_trees_need_no_stack() {
    let mut text = String::from("ngs 1\nlet _a0 = 1\n");
    // Every definition stands before what it reads.
    for i in (1..20_000).rev() {
        text.insert_str(6, &format!("let _a{i} = _a{} + 1\n", i - 1));
    }
    text = text.lines().rev().filter(|l| l.starts_with("let")).fold(String::from("ngs 1\n"), |t, l| t + l + "\n");
    let compilation = build(&text);
    assert_eq!(common::compact(&compilation), "");
    let cycle: String = (0..20_000).map(|i| format!("let _a{i} = _a{} + 1\n", (i + 1) % 20_000)).collect();
    let compilation = build(&format!("ngs 1\n{cycle}"));
    assert_eq!(compilation.diagnostics.len(), 1);
    assert_eq!(compilation.diagnostics[0].code, "E0401");
}

/// xorshift64* (Vigna 2016).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    }
}

/// Pieces of valid programs, deleted, doubled, swapped and replaced: never a panic, and a graph exactly when no error.
/// `SCENEC_FUZZ_SECONDS` makes it run for so long, with a seed that depends on it.
#[test]
fn mutated_programs_never_panic() {
    let seconds: Option<u64> = std::env::var("SCENEC_FUZZ_SECONDS").ok().and_then(|s| s.parse().ok());
    let start = std::time::Instant::now();
    let mut slowest = std::time::Duration::ZERO;
    let mut corpus: Vec<String> = scenec_ir::nodes::all().iter().map(|d| d.example.to_owned()).collect();
    corpus.retain(|e| !e.is_empty());
    for path in ["harbour.ngs", "bibles/mira.ngs", "kits/harbour.ngs"] {
        corpus.push(std::fs::read_to_string(folder().join(path)).expect("a program can be read"));
    }
    let words: Vec<String> = corpus
        .iter()
        .flat_map(|t| t.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_'))
        .map(str::to_owned)
        .collect();
    let mut random = Random(0x5eed + seconds.unwrap_or(0) * 7919);
    let mut count = 0u64;
    while seconds.map_or(count < 1500, |s| start.elapsed().as_secs() < s) {
        count += 1;
        let base = &corpus[random.below(corpus.len())];
        let mut pieces: Vec<&str> = base.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_').collect();
        for _ in 0..1 + random.below(4) {
            let at = random.below(pieces.len());
            match random.below(4) {
                0 => {
                    pieces.remove(at);
                }
                1 => pieces.insert(at, &words[random.below(words.len())]),
                2 => pieces[at] = &words[random.below(words.len())],
                _ => {
                    let other = random.below(pieces.len());
                    pieces.swap(at, other);
                }
            }
            if pieces.is_empty() {
                break;
            }
        }
        let text: String = pieces.concat();
        let before = std::time::Instant::now();
        let outcome = std::panic::catch_unwind(|| {
            compile(&world().with("a.ngs", text.clone()), "a.ngs", &[], &Options::default())
        });
        let Ok(compilation) = outcome else { panic!("a panic in\n{text}") };
        slowest = slowest.max(before.elapsed());
        let helpless = compilation.diagnostics.iter().find(|d| d.is_error() && d.hint.is_none() && d.fix.is_none());
        assert!(helpless.is_none(), "{helpless:?}");
        let internal = compilation.diagnostics.iter().any(|d| d.code == "E0499");
        assert!(!internal, "unsound graph of\n{text}\n{}", common::compact(&compilation));
        assert_eq!(compilation.graph.is_none(), compilation.has_errors(), "{text}\n{}", common::compact(&compilation));
    }
    eprintln!("{count} mutated programs, slowest {slowest:?}");
    // Generous: at a low priority one compilation may wait for the machine.
    assert!(slowest < std::time::Duration::from_secs(20), "{slowest:?}");
}

#[test]
fn functions_are_values_of_their_arguments() {
    let graph = build(
        "ngs 1\nfn lerp(a: Length, b: Length, x: Ratio in 0..1 = 0.5): Length = a + (b - a) * x\n\
         fn mid(a: Length, b: Length) = lerp(a, b: b)\n\
         fn shade(v: Ratio): Color = if v > 0.5 { #ffffff } else { #000000 }\n\
         fn coat(v: Ratio): Material = plastic(color: shade(v), roughness: v)\n\
         environment e { sky = constant_sky() s = sphere(radius: mid(1m, b: 3m), material: coat(0.75)) }\n\
         camera main { frame: s }\nshot s010 { camera: main }\n\
         output o { image: render(s010) |> view(agx), file: \"o.png\" }\n",
    );
    assert_eq!(common::compact(&graph), "");
    let graph = graph.graph.expect("a program without errors has a graph");
    let param = |kind: &str, name: &str| {
        let node = graph.nodes.iter().find(|(_, n)| n.kind == kind).expect("the node is there").1;
        node.params.get(name).cloned()
    };
    let length = scenec_ir::Dimension::LENGTH;
    assert_eq!(param("sphere", "radius"), Some(Value::Quantity(2.0, length)));
    assert_eq!(param("plastic", "color"), Some(Value::Color([1.0; 3])));
}

#[test]
fn doubling_chains_of_functions_end_with_an_error() {
    let mut text = "ngs 1\nfn f0(x: Ratio): Ratio = x\n".to_owned();
    for i in 1..40 {
        text += &format!("fn f{i}(x: Ratio): Ratio = f{}(x) + f{}(x)\n", i - 1, i - 1);
    }
    text += &STUDIO["ngs 1\n".len()..].replace("radius: 1m", "radius: f39(1) * 1m");
    text += "output o { image: render(s010) |> view(agx), file: \"o.png\" }\n";
    let compilation = build(&text);
    assert_eq!(compilation.diagnostics.iter().map(|d| d.code.as_str()).collect::<Vec<_>>(), ["E0406"]);
}

/// The ids of nodes of a kind.
fn ids(program: &str, kind: &str) -> Vec<String> {
    let compilation = build(program);
    let graph = compilation.graph.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics.first()));
    graph.nodes.iter().filter(|(_, n)| n.kind == kind).map(|(_, n)| n.id.clone()).collect()
}

#[test]
fn a_for_names_every_thing() {
    let program = |text: &str| format!("{STUDIO}engineering m {{ {text} }}\n{STILL}");
    let places = |text: &str| {
        let mut found = ids(&program(text), "place");
        found.retain(|id| id.starts_with("m/"));
        found
    };
    let posts = places("posts = for i in 1..4 if i != 2 { sphere(radius: i * 1m) }");
    assert_eq!(posts, ["m/posts[0]", "m/posts[2]"], "a condition renames none");
    let sides = places(
        "row = for side in [\"left\", \"right\"] { box(size: 1m) at (if side == \"left\" { -1m } else { 1m }, 0m, 0m) }",
    );
    assert_eq!(sides, ["m/row[left]", "m/row[right]"]);
    let twice = places("row = for x in [1m, 2m] for y in 0..2 { box(size: 1m) at (x, y * 1m, 0m) }");
    assert_eq!(twice, ["m/row[0,0]", "m/row[0,1]", "m/row[1,0]", "m/row[1,1]"]);
    let nested = places("row = for x in [1m, 2m] { for y in 0..2 { box(size: 1m) at (x, y * 1m, 0m) } }");
    assert_eq!(nested, ["m/row[0][0]", "m/row[0][1]", "m/row[1][0]", "m/row[1][1]"]);
    assert_eq!(places("row = [sphere(radius: 1m), box(size: 1m)]"), ["m/row[0]", "m/row[1]"]);
    assert_eq!(places("row = for i in 0..0 { sphere(radius: i * 1m) }"), [""; 0]);
}

/// What stands in the brackets of an id is the name of an item everywhere: in expressions, overrides, loops and copies.
#[test]
fn an_item_of_a_list_has_one_name() {
    let text = r#"ngs 1
environment e {
  sky = constant_sky()
  posts = for i in 0..4 if i != 1 { sphere(radius: 20cm) at (i * 1m, 0m, 0m) }
  tiles = for x in 0..2 for side in ["near", "far"] if x == 0 or side == "far" {
    box(size: 20cm) at (x * 1m, 2m, if side == "near" { 1m } else { -1m })
  }
  caps = for post in posts { sphere(radius: 5cm) at post.top }
  copies = tiles
  both = [posts[0]] + posts
  a = sphere(radius: 1cm) at posts[3].top
  b = sphere(radius: 1cm) at tiles[1, "far"].top
  c = sphere(radius: 1cm) at caps[2].top
  d = sphere(radius: 1cm) at copies[0, "near"].top
  f = sphere(radius: 1cm) at both[3].top
  override posts[3].radius = 30cm
  override tiles[1, "far"].size = 30cm
}
let kept = for i in 0..4 if i != 1 { i * 1m }
let last = kept[2]
camera main { at: (0m, 0m, last), look_at: e.posts[2] }
shot s010 { camera: main, set tiles[0, "near"].size = 10cm }
output o { image: render(s010), file: "o.exr" }
"#;
    let compilation = build(text);
    assert_eq!(common::compact(&compilation), "");
    let graph = compilation.graph.expect("there is a graph");
    let node = |id: &str| graph.nodes.iter().find(|(_, n)| n.id == id).map_or_else(|| panic!("no {id}"), |(_, n)| n);
    let at = |id: &str| graph.nodes[node(id).inputs["at"][0].node].id.clone();
    let found = ["a", "b", "c", "d", "f"].map(|name| at(&format!("e/{name}")));
    assert_eq!(found, ["e/posts[3]", "e/tiles[1,far]", "e/caps[2]", "e/copies[0,near]", "e/both[3]"]);
    assert_eq!(at("e/caps[3]"), "e/posts[3]");
    for (id, name, value) in
        [("e/posts[3]#thing", "radius", "30cm"), ("e/tiles[1,far]#thing", "size", "(30cm, 30cm, 30cm)")]
    {
        assert_eq!(node(id).params[name].to_string(), value, "{id}");
    }
    assert_eq!(node("e/tiles[0,near]#thing").params["size"].to_string(), "(10cm, 10cm, 10cm)");
    assert_eq!(node("camera/main").params["at"].to_string(), "(0m, 0m, 3m)");
}

#[test]
fn lists_are_values() {
    let written = |expr: &str| {
        let program = format!("{STUDIO}let v = {expr}\noutput o {{ image: render(s010), file: \"{{v}}.exr\" }}\n");
        let compilation = build(&program);
        let graph = compilation.graph.unwrap_or_else(|| panic!("{expr}: {:?}", compilation.diagnostics.first()));
        match &graph.nodes[graph.outputs[0]].params["file"] {
            Value::Text(text) => text.trim_end_matches(".exr").to_owned(),
            other => panic!("{other:?}"),
        }
    };
    for (expr, wanted) in [
        ("count(for i in 0..8 if i > 4 { i })", "3"),
        ("sum(for i in 0..4 { i * i })", "14"),
        ("sum(for i in 0..4 for j in 0..i { 1m })", "6m"),
        ("max(for i in 0..4 { 3 - i })", "3"),
        ("min([3m, 20cm, 1m])", "0.2m"),
        ("(for i in 0..4 { \"n{i}\" })[2]", "n2"),
        ("[[1, 2], [3, 4]][1][0]", "3"),
        ("(for row in [[1, 2], [3, 4]] { sum(row) })[1]", "7"),
        ("count(for i in 0..3 { for i in 0..i { i } })", "3"),
        ("sum([(1m, 2m), (3m, 4m)]).y", "6m"),
    ] {
        assert_eq!(written(expr), wanted, "{expr}");
    }
}

/// Values of a parameter of all nodes of a kind, sorted.
fn values(compilation: &Compilation, kind: &str, param: &str) -> Vec<f64> {
    let graph = compilation.graph.as_ref().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics.first()));
    let nodes = graph.nodes.iter().filter(|(_, n)| n.kind == kind);
    let mut found: Vec<f64> = nodes.filter_map(|(_, n)| n.params.get(param)?.as_f64()).collect();
    found.sort_by(f64::total_cmp);
    found.dedup();
    found
}

#[test]
fn the_outermost_override_wins_and_a_shot_is_stronger() {
    let program = |scene: &str, shot: &str| {
        format!(
            "ngs 1\ncomponent Post(h: Length = 1m) {{ shaft = cylinder(radius: 1cm, height: h)\n override shaft.radius = 2cm }}\n\
             component Pair() {{ a = Post()\n b = Post(h: 4m)\n override a.shaft.radius = 3cm\n override a.h = 2m }}\n\
             environment e {{ sky = constant_sky() p = Pair() q = Pair()\n {scene} }}\ncamera main {{ frame: p }}\n\
             shot s010 {{ camera: main{shot} }}\n{STILL}"
        )
    };
    let radii = |scene: &str, shot: &str| values(&build(&program(scene, shot)), "cylinder", "radius");
    let heights = |scene: &str, shot: &str| values(&build(&program(scene, shot)), "cylinder", "height");
    assert_eq!(radii("", ""), [0.02, 0.03]);
    assert_eq!(heights("", ""), [2.0, 4.0]);
    assert_eq!(radii("override q.a.shaft.radius = 9cm", ""), [0.02, 0.03, 0.09], "only in `q`");
    assert_eq!(radii("override q.a.shaft.radius = 9cm", ", set q.a.shaft.radius = 8cm"), [0.02, 0.03, 0.08]);
    assert_eq!(heights("override q.a.h = 9m", ""), [2.0, 4.0, 9.0]);
    let copy = "copy = p at (9m, 0m, 0m)\n override copy.a.shaft.radius = 7cm";
    assert_eq!(radii(copy, ""), [0.02, 0.03, 0.07], "a part of a copy is its own");
}

#[test]
fn overrides_reach_materials_lists_cameras_and_parameters_of_modules() {
    let text = format!(
        "ngs 1\nuse \"lamp.ngs\" as lamp\nlet tint = paint(color: #808080, roughness: 0.5)\nenvironment e {{ sky = constant_sky()\n\
         s = sphere(radius: 1m, material: tint)\n other = sphere(radius: 2m, material: tint)\n\
         row = for i in 0..3 {{ sphere(radius: 5m + i * 1m) }}\n sides = for n in [\"left\", \"right\"] {{ box(size: 3m) }}\n\
         light = lamp.Lamp()\n override s.material.roughness = 0.25\n override row[2].radius = 30m\n\
         override sides[\"left\"].at = other.top }}\noverride lamp.power = 3\noverride main.lens = 85mm\n\
         camera main {{ frame: s, lens: 35mm }}\nshot s010 {{ camera: main }}\n{STILL}"
    );
    let lamp = "ngs 1\nparam power: Ratio in 0..10 = 1\ncomponent Lamp() { bulb = sphere(radius: 100m * power) }\n";
    let compilation =
        compile(&MemoryWorld::of("a.ngs", text).with("lamp.ngs", lamp), "a.ngs", &[], &Options::default());
    assert_eq!(values(&compilation, "sphere", "radius"), [1.0, 2.0, 5.0, 6.0, 30.0, 300.0]);
    assert_eq!(values(&compilation, "paint", "roughness"), [0.25, 0.5], "the other keeps its own");
    assert_eq!(values(&compilation, "camera", "lens"), [0.085]);
    let graph = compilation.graph.expect("there is a graph");
    let left = graph.nodes.iter().find(|(_, n)| n.id == "e/sides[left]").map(|(_, n)| n.inputs.contains_key("at"));
    assert_eq!(left, Some(true));
}

/// The number of a parameter of a node in every frame, by the files that they end in.
fn over_frames(graph: &Graph, thing: &str, kind: &str, param: &str) -> Vec<f64> {
    let of_file = |output: scenec_ir::Handle<Node>| {
        let mut seen = std::collections::BTreeSet::new();
        let mut wanted = vec![output];
        let mut found = None;
        while let Some(at) = wanted.pop() {
            let node = &graph.nodes[at];
            if seen.insert(at) {
                if node.kind == kind && node.id.starts_with(thing) {
                    found = node.params.get(param).cloned();
                }
                wanted.extend(node.inputs.values().flatten().map(|i| i.node));
            }
        }
        match found {
            Some(Value::Vec3(v, _)) => v[1],
            Some(value) => value.as_f64().expect("a number"),
            None => panic!("no `{param}` of `{thing}`"),
        }
    };
    graph.outputs.iter().map(|o| of_file(*o)).collect()
}

const MOVING: &str = r#"ngs 1
param tall: Length = 1m
param turn: Angle = 0deg
fn bob(x: Time): Length = 0.5m * sin(x / 1s * 90deg)
component Lift(height: Length = 1m) { cage = box(size: 1m) at (0m, height, 0m) }
environment e { sky = constant_sky() }
engineering m {
  lift = Lift(height: (0s: 0m, 1s: 4m, 2s: 2m))
  still = sphere(radius: 1m)
  post = cylinder(radius: 0.1m, height: tall)
  ball = sphere(radius: 1m) at (0m, bob(t), 0m)
  step = box(size: 1m) at (0m, (1001: 0m, 1002: 2m ease hold, 1004: 3m ease hold), 0m)
  wide = box(size: (3m, 1m + length((3m, 4m, 0m)) * t / 1s, 1m))
  fixed = box(size: 1m)
}
override m.fixed.rotate = (turn, turn, turn)
camera main { at: (0s: (0m, 1m, 9m), 4s: (0m, 5m, 9m)), look_at: m.still }
shot s010 { camera: main, frames: 1001..1006, fps: 1, set tall = (0s: 1m, 4s: 5m), set m.still.radius = 1m + t * 1m/s }
shot s020 { camera: main, frames: 1003..1006, fps: 2, set turn = t * 10deg/s }
output a { image: render(s010), file: "{shot}.{frame:4}.exr" }
output b { image: render(s020), file: "{shot}.{frame:4}.exr" }
"#;

#[test]
fn values_that_depend_on_time_have_one_in_every_frame() {
    let compilation = build(MOVING);
    assert_eq!(common::compact(&compilation), "");
    let graph = compilation.graph.expect("a graph");
    let sin = |degrees: f64| 0.5 * libm::sin(degrees.to_radians());
    for (thing, kind, param, first, second) in [
        // A second a frame, five frames of them; then half a second a frame, three of them, whose first is 0s again.
        ("m/lift/cage", "place", "at", vec![0.0, 4.0, 2.0, 2.0, 2.0], vec![0.0, 2.0, 4.0]),
        ("m/still", "sphere", "radius", vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0; 3]),
        ("m/post", "cylinder", "height", vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0; 3]),
        ("m/step", "place", "at", vec![0.0, 2.0, 2.0, 3.0, 3.0], vec![2.0, 3.0, 3.0]),
        ("m/wide", "box", "size", vec![1.0, 6.0, 11.0, 16.0, 21.0], vec![1.0, 3.5, 6.0]),
        ("m/fixed", "place", "rotate", vec![0.0; 5], [0.0, 5.0, 10.0].map(f64::to_radians).to_vec()),
        ("m/ball", "place", "at", vec![0.0, sin(90.0), 0.0, sin(270.0), 0.0], vec![0.0, sin(45.0), sin(90.0)]),
        ("camera/main", "camera", "at", vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0, 1.5, 2.0]),
    ] {
        let found = over_frames(&graph, thing, kind, param);
        let wanted: Vec<f64> = first.into_iter().chain(second).collect();
        assert!(
            found.len() == wanted.len() && found.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-9),
            "{param} of {thing}: {found:?}, not {wanted:?}"
        );
    }
    let still = graph.nodes.iter().filter(|(_, n)| n.kind == "constant_sky").count();
    assert_eq!(still, 1, "what does not move is one node");
}

#[test]
fn a_value_out_of_range_in_a_later_frame_is_one_error() {
    let text = MOVING.replace("set tall = (0s: 1m, 4s: 5m)", "set tall = (0s: 1m, 4s: -5m)");
    let found = common::compact(&build(&text));
    assert_eq!(found.matches("E0305").count(), 1, "{found}");
    assert!(found.contains("1002"), "it says in which frame: {found}");
}

#[test]
fn materials_of_assets_are_changed_where_they_are_named() {
    let text = r#"ngs 1
asset body = gltf("bibles/mira.glb")
bible Mira { rig: body.skin("Mira") }
component Pair() { left = body.scene()  right = left at (1m, 0m, 0m) }
environment e { sky = constant_sky() }
character cast {
  hero = Mira()
  pair = Pair() at (3m, 0m, 0m)
  plain = body.scene()
}
override cast.hero.coat.color = #ffffff
override cast.hero.eyes.roughness = 0.25
override cast.pair.right["Leather.001"].tint = #000000
camera main { frame: cast.hero }
shot s010 { camera: main, frames: 1001..1003, set cast.hero.coat.color = (1001: #000000, 1002: #ffffff) }
output o { image: render(s010), file: "o.{frame:4}.exr" }
"#;
    let compilation = build(text);
    assert_eq!(common::compact(&compilation), "");
    let graph = compilation.graph.expect("a graph");
    let mut found: Vec<String> = graph
        .nodes
        .iter()
        .filter(|(_, n)| n.kind == "repaint")
        .map(|(_, n)| format!("{} {:?}", n.id.trim_end_matches(|c: char| c != '#'), n.params["materials"].to_string()))
        .collect();
    found.sort();
    insta::assert_snapshot!("repainted", found.join("\n"));
}

#[test]
fn clips_of_figures_play_whoever_gives_them() {
    let text = r#"ngs 1
asset body = gltf("bibles/mira.glb")
bible Mira { rig: body.skin("Mira") }
environment e { sky = constant_sky() }
character cast {
  walks = Mira(clip: "idle")
  told = Mira(looped: false) at (1m, 0m, 0m)
  scene = body.scene() at (2m, 0m, 0m)
  fixed = Mira(clip: "idle", time: 0.5s) at (3m, 0m, 0m)
  own = Mira(clip: "idle", time: t * 2) at (4m, 0m, 0m)
  mixed = Mira(clip: "idle", blend_clip: "idle", blend: (0s: 0, 1s: 1)) at (5m, 0m, 0m)
}
override cast.told.clip = "idle"
override cast.scene.clip = "idle"
camera main { at: (0m, 1m, 9m) }
shot s010 { camera: main, frames: 1001..1004, fps: 2 }
output o { image: render(s010), file: "o.{frame:4}.exr" }
"#;
    let compilation = build(text);
    assert_eq!(common::compact(&compilation), "");
    let graph = compilation.graph.expect("a graph");
    for thing in ["walks", "told", "mixed"] {
        let found = over_frames(&graph, &format!("cast/{thing}"), "figure", "frame_time");
        assert_eq!(found, [0.0, 0.5, 1.0], "{thing}");
    }
    assert_eq!(over_frames(&graph, "cast/scene", "gltf.scene", "frame_time"), [0.0, 0.5, 1.0]);
    assert_eq!(over_frames(&graph, "cast/own", "figure", "time"), [0.0, 1.0, 2.0]);
    assert_eq!(over_frames(&graph, "cast/mixed", "figure", "blend"), [0.0, 0.5, 1.0]);
    assert_eq!(graph.nodes.iter().filter(|(_, n)| n.id.starts_with("cast/fixed") && n.kind == "figure").count(), 1);
}

const MATRIX: &str = r#"ngs 1
asset body = gltf("bibles/mira.glb")
enum Hour { day, night }
param hour: Hour = day
param tall: Bool = false
bible Mira {
  rig: body.skin("Mira")
  enum Outfit { rain, gala }
  variant outfit: Outfit = rain { rain: body.variant("rain"), gala: body.variant("gala") }
  height: Length = 1.5m
  rule outfit == gala requires height > 1.6m
}
param outfit: Mira.Outfit = rain
environment e {
  sky = constant_sky(color: if hour == day { #ffffff } else { #000000 })
  ball = sphere(radius: 1m)
}
character cast { hero = Mira(outfit: outfit, height: if tall { 1.8m } else { 1.5m }) }
camera main { frame: cast.hero }
shot s010 { camera: main, frames: 1001..1003 }
shot s020 { camera: main, set outfit = gala }
output sheets { image: render(s010), matrix: [outfit, tall, hour], file: "{outfit}.{tall}.{hour}.{frame:4}.exr" }
output galas { image: render(s020), matrix: [outfit, tall], file: "{shot}.{outfit}.{tall}.exr" }
"#;

fn files(graph: &Graph) -> Vec<String> {
    graph.outputs.iter().map(|o| graph.nodes[*o].params["file"].to_string().trim_matches('"').to_owned()).collect()
}

#[test]
fn a_matrix_makes_what_the_rules_allow() {
    let compilation = build(MATRIX);
    assert_eq!(common::compact(&compilation), "");
    let graph = compilation.graph.expect("a graph");
    // `gala` needs a tall figure; the last parameter runs fastest, frames faster still.
    let mut wanted = Vec::new();
    for (outfit, tall) in [("rain", false), ("rain", true), ("gala", true)] {
        for hour in ["day", "night"] {
            wanted.extend([1001, 1002].map(|frame| format!("{outfit}.{tall}.{hour}.{frame}.exr")));
        }
    }
    wanted.push("s020.gala.true.exr".to_owned());
    assert_eq!(files(&graph), wanted);
    for output in graph.outputs.iter().filter(|o| graph.nodes[**o].id.starts_with("output/sheets")) {
        let mut wanted = vec![*output];
        let mut texts = Vec::new();
        while let Some(at) = wanted.pop() {
            let node = &graph.nodes[at];
            match node.kind.as_str() {
                "figure" => texts.push((node.params["variant"].to_string(), node.params["height"].to_string())),
                "constant_sky" => texts.push((node.params["color"].to_string(), String::new())),
                _ => {}
            }
            wanted.extend(node.inputs.values().flatten().map(|i| i.node));
        }
        let file = graph.nodes[*output].params["file"].to_string();
        let holds = |text: &str| texts.iter().any(|(a, b)| a.contains(text) || b.contains(text));
        assert_eq!((holds("gala"), holds("1.8m")), (file.contains("gala"), file.contains("true")), "{file}: {texts:?}");
        assert_eq!(holds("rgb(1, 1, 1)"), file.contains("day"), "{file}: {texts:?}");
    }
    assert_eq!(graph.nodes.iter().filter(|(_, n)| n.kind == "sphere").count(), 1, "what is the same is one node");
}

#[test]
fn a_stronger_opinion_leaves_one_value_of_a_matrix() {
    let sets = vec![("hour".to_owned(), "night".to_owned()), ("tall".to_owned(), "true".to_owned())];
    let world = common::assets(MemoryWorld::of("a.ngs", MATRIX));
    let compilation = compile(&world, "a.ngs", &sets, &Options { first_frame_only: true, ..Options::default() });
    assert_eq!(common::compact(&compilation), "");
    let found = files(&compilation.graph.expect("a graph"));
    assert_eq!(found, ["rain.true.night.1001.exr", "gala.true.night.1001.exr", "s020.gala.true.exr"]);
}

/// The example of the language as it was drawn up.
#[test]
fn the_example_of_the_language_compiles() {
    let folder = folder().join("language");
    let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("a program can be read");
    let with = |scene: &str| {
        let mut world = common::assets(MemoryWorld::of("scene.ngs", scene));
        for path in ["bibles/mira.ngs", "kits/harbour.ngs"] {
            world = world.with(path, read(path));
        }
        compile(
            &world,
            "scene.ngs",
            &[],
            &Options { claims: Claims::All, first_frame_only: true, ..Options::default() },
        )
    };
    let scene = read("scene.ngs");
    let compilation = with(&scene);
    insta::assert_snapshot!("language_as_printed", common::compact(&compilation));
    assert!(compilation.graph.is_some() && !compilation.has_errors());
    assert_eq!(compilation.claims.len(), 1);
}

/// The first side of a box.
fn side(node: &Node) -> f64 {
    match node.params["size"] {
        Value::Vec3([side, ..], _) => side,
        _ => f64::NAN,
    }
}

#[test]
fn what_is_none_is_not_there() {
    let program = |set: &str| {
        format!(
            "ngs 1\nparam lit: Bool = {set}\nparam gap: Length? in 0m..1m = none\n\
             component Crate(size: Length = 1m, lid: Thing? = none, coat: Material? = none) {{\n  \
               body = box(size: size, material: coat)\n  \
               cover = if lid != none {{ lid at body.top }}\n}}\n\
             fn twice(x: Length?): Length? = if x != none {{ x * 2 }}\n\
             environment yard {{\n  \
               lamp = if lit {{ point_light(intensity: 10W, position: (0m, 3m, 0m)) }}\n  \
               sky = if not lit {{ constant_sky() }}\n}}\n\
             engineering goods {{\n  \
               a = Crate(size: none)\n  \
               b = Crate(lid: sphere(radius: 20cm), size: twice(1m) ?? 9m, coat: if lit {{ paint(color: #ff0000) }}) at (3m, 0m, 0m)\n  \
               c = if lit and gap == none {{ box(size: 1m) at (6m, 0m, 0m) }}\n  \
               row = for x in [1m, none, 3m] if x != none {{ sphere(radius: x) }}\n  \
               d = box(size: (twice(gap) ?? 7m)) at (c ?? a.body).top\n}}\n\
             camera main {{ at: (0m, 1m, 9m), look_at: a }}\nshot s {{ camera: main }}\n\
             output o {{ image: render(s) |> view(agx), file: \"o.png\" }}\n"
        )
    };
    for (set, things, lights, skies) in [
        ("true", &["goods/a", "goods/b", "goods/c", "goods/row[0]", "goods/row[2]", "goods/d"][..], 1, 0),
        ("false", &["goods/a", "goods/b", "goods/row[0]", "goods/row[2]", "goods/d"][..], 0, 1),
    ] {
        let compilation = build(&program(set));
        let graph = compilation.graph.as_ref().unwrap_or_else(|| panic!("{:?}", compilation.diagnostics.first()));
        let stage = graph.nodes.iter().find(|(_, n)| n.kind == "stage").expect("a stage").1;
        let of = |port: &str| stage.inputs.get(port).map_or(0, Vec::len);
        let found: Vec<&str> = stage.inputs["things"].iter().map(|i| graph.nodes[i.node].id.as_str()).collect();
        assert_eq!(found, things, "lit: {set}");
        assert_eq!((of("lights"), of("sky")), (lights, skies), "lit: {set}");
        let parts = |thing: &str| {
            let inner = graph.nodes.iter().filter(|(_, n)| n.id.starts_with(thing) && n.kind == "place");
            inner.map(|(_, n)| n.id.clone()).collect::<Vec<_>>()
        };
        // A lid that is not given is no part, and a size or coat that is `none` is the default.
        assert!(!parts("goods/a/").iter().any(|id| id.contains("cover")), "{:?}", parts("goods/a/"));
        assert!(parts("goods/b/").iter().any(|id| id.contains("cover")), "{:?}", parts("goods/b/"));
        let sides: Vec<f64> = graph.nodes.iter().filter(|(_, n)| n.kind == "box").map(|(_, n)| side(n)).collect();
        assert_eq!(sides, [1.0, 2.0, 7.0], "lit: {set}");
        let painted = graph.nodes.iter().filter(|(_, n)| n.kind == "paint").count();
        assert_eq!(painted, usize::from(set == "true"), "lit: {set}");
        let mut given = graph.nodes.iter().flat_map(|(_, n)| n.params.values());
        assert!(given.all(|value| *value != Value::None), "no node has a parameter that is `none`");
        let mut ports = graph.nodes.iter().flat_map(|(_, n)| &n.inputs);
        assert!(ports.all(|(port, given)| port != "material" || !given.is_empty()), "a coat that is `none` is no coat");
    }
}

/// Of parameters that exclude each other, a component may hand on all.
#[test]
fn what_excludes_another_may_be_none() {
    let program = |given: &str| {
        format!(
            "ngs 1\ncomponent Lamp(watts: Power? = none, lumens: LuminousIntensity? = none) {{\n  \
               disk = disk_light(radius: 10cm, power: watts, flux: lumens)\n}}\n\
             engineering e {{ lamp = Lamp({given}) }}\n\
             camera main {{ at: (0m, 1m, 9m), look_at: e.lamp }}\nshot s {{ camera: main }}\n\
             output o {{ image: render(s) |> view(agx), file: \"o.png\" }}\n"
        )
    };
    for (given, name, value) in [("watts: 3W", "power", 3.0), ("lumens: 200lm", "flux", 200.0)] {
        assert_eq!(values(&build(&program(given)), "disk_light", name), [value], "{given}");
    }
    let both = build(&program("watts: 3W, lumens: 200lm"));
    let codes: Vec<_> = both.diagnostics.iter().filter(|d| d.is_error()).map(|d| d.code.as_str()).collect();
    assert_eq!(codes, ["E0306"]);
}
