use super::*;
use crate::diagnostic::render::Style;
use crate::graph::Input;
use crate::{Dimension, Handle, SourceMap, Span};

const OLD: Side<'static> = Side { name: "HEAD~1:scene.ngs", sources: None };
const NEW: Side<'static> = Side { name: "scene.ngs", sources: None };

fn node(kind: &str, id: &str, params: &[(&str, Value)], inputs: &[(&str, &[usize])]) -> Node {
    let input = |at: &usize| Input { node: Handle::from_index(*at), part: None };
    Node {
        kind: kind.to_owned(),
        id: id.to_owned(),
        layer: Layer::Environment,
        params: params.iter().map(|(n, v)| ((*n).to_owned(), v.clone())).collect(),
        inputs: inputs.iter().map(|(n, list)| ((*n).to_owned(), list.iter().map(input).collect())).collect(),
        span: None,
    }
}

fn graph(nodes: Vec<Node>) -> Graph {
    Graph { nodes: nodes.into_iter().collect(), outputs: Vec::new() }
}

fn length(v: f64) -> Value {
    Value::Quantity(v, Dimension::LENGTH)
}

fn compare(old: &Graph, new: &Graph) -> Diff {
    diff(old, new, &BTreeMap::new(), &BTreeMap::new()).expect("both can be compared")
}

fn named(name: &str) -> (&'static str, Value) {
    ("name", Value::Text(name.to_owned()))
}

/// One of everything.
fn two_graphs() -> (Graph, Graph) {
    let pose = |angle: f64| {
        let turn = |v| Value::Quantity(v, Dimension::ANGLE);
        Value::Record(vec![("spine.bend".into(), turn(angle)), ("head.turn".into(), turn(0.1))])
    };
    let old = graph(vec![
        node("sphere", "yard/ball#thing", &[("radius", length(1.0))], &[]),
        node(
            "place",
            "yard/ball",
            &[named("yard/ball"), ("at", Value::Vec3([0.0; 3], Dimension::LENGTH))],
            &[("thing", &[0])],
        ),
        node("box", "yard/old#thing", &[("size", Value::Vec3([1.0; 3], Dimension::LENGTH))], &[]),
        node("place", "yard/old", &[named("yard/old")], &[("thing", &[2])]),
        node("cone", "yard/hat#thing", &[("radius", length(0.25))], &[]),
        node("place", "yard/hat", &[named("yard/hat")], &[("thing", &[4])]),
        node("figure", "cast/hero#thing", &[("asset", Value::Text("a|b.glb".into())), ("pose", pose(0.2))], &[]),
        node("paint", "paint", &[("color", Value::Color(crate::srgb::decode_bytes([255, 0, 16])))], &[]),
    ]);
    let mut new = graph(vec![
        node("sphere", "yard/ball#thing", &[("radius", length(1.5))], &[]),
        node(
            "place",
            "yard/ball",
            &[named("yard/ball"), ("at", Value::Vec3([0.0, 2.0, 0.0], Dimension::LENGTH))],
            &[("thing", &[0])],
        ),
        node("cone", "yard/cap#thing", &[("radius", length(0.25))], &[]),
        node("place", "yard/cap", &[named("yard/cap")], &[("thing", &[2])]),
        node("figure", "cast/hero#thing", &[("asset", Value::Text("a|b.glb".into())), ("pose", pose(0.3))], &[]),
        node("paint", "paint", &[("color", Value::Color([0.5, 0.25, 2.0]))], &[]),
        node("disk", "yard/pond", &[("radius", length(3.0))], &[("material", &[5])]),
    ]);
    new.nodes[Handle::from_index(5)].span = Some(Span::new(crate::FileId(0), 6, 9));
    (old, new)
}

fn files(digest: &str) -> BTreeMap<String, String> {
    BTreeMap::from([("a|b.glb".to_owned(), digest.to_owned())])
}

#[test]
fn every_kind_of_difference_as_text_markdown_and_json() {
    let (old, new) = two_graphs();
    let (a, b) = (files("0123456789abcdef"), files("fedcba9876543210"));
    let diff = diff(&old, &new, &a, &b).expect("both can be compared");
    let mut sources = SourceMap::default();
    sources.add("scene.ngs", "ngs 1\nlet x = 1\n");
    let new = Side { sources: Some(&sources), ..NEW };
    insta::assert_snapshot!("text", text(&diff, OLD, new, &Style::default()));
    insta::assert_snapshot!("markdown", markdown(&diff, OLD, new));
    let lines: Vec<String> = json(&diff, OLD, new).map(|event| event.to_string()).collect();
    insta::assert_snapshot!("json", lines.join("\n"));
    let colored = text(&diff, OLD, new, &Style { color: true, ..Style::default() });
    assert!(colored.contains("\x1b[32m+ yard/pond\x1b[0m"), "{colored}");
}

#[test]
fn equal_graphs_have_no_differences() {
    let (old, _) = two_graphs();
    let diff = diff(&old, &old, &files("1"), &files("1")).expect("both can be compared");
    assert!(diff.is_empty());
    assert_eq!(text(&diff, OLD, NEW, &Style::default()), "no differences\n");
    assert_eq!(json(&diff, OLD, NEW).count(), 1);
}

#[test]
fn what_is_not_given_equals_its_default() {
    let bare = graph(vec![node("cylinder", "a", &[("radius", length(1.0))], &[])]);
    let given = |n| graph(vec![node("cylinder", "a", &[("radius", length(1.0)), ("segments", Value::Int(n))], &[])]);
    assert!(compare(&bare, &given(64)).is_empty(), "64 is the default");
    assert!(compare(&given(64), &bare).is_empty());
    let found = compare(&bare, &given(8));
    assert_eq!(found.nodes[0].lines(), ["segments: 64 -> 8"]);
}

#[test]
fn numbers_that_differ_never_look_the_same() {
    let sphere = |radius| graph(vec![node("sphere", "a", &[("radius", length(radius))], &[])]);
    let found = compare(&sphere(0.1 + 0.2), &sphere(0.3));
    assert_eq!(found.nodes[0].lines(), ["radius: 0.30000000000000004 m -> 0.3 m"]);
}

#[test]
fn what_cannot_be_compared_is_named() {
    let good = graph(vec![node("sphere", "a", &[], &[])]);
    let double = graph(vec![node("sphere", "a", &[], &[]), node("box", "a", &[], &[])]);
    let backwards = graph(vec![node("place", "a", &[], &[("thing", &[0])])]);
    let nowhere = graph(vec![node("place", "a", &[], &[("thing", &[7])])]);
    for bad in [double, backwards, nowhere] {
        let found = diff(&good, &bad, &BTreeMap::new(), &BTreeMap::new());
        assert_eq!(found.expect_err("it is unsound").node, "a");
    }
}

/// One file of the old side only is no file with other content.
#[test]
fn only_files_of_both_sides_are_compared() {
    let (old, _) = two_graphs();
    assert!(diff(&old, &old, &files("1"), &BTreeMap::new()).expect("both can be compared").is_empty());
}

/// A list of many things with one more in front, one less in the middle and two that changed their places.
#[test]
fn lists_tell_only_what_moved() {
    let spheres =
        |n: usize| (0..n).map(|i| node("sphere", &format!("s{i}"), &[("radius", length(1.0 + i as f64))], &[]));
    let with = |parts: &[usize]| {
        let mut nodes: Vec<Node> = spheres(6).collect();
        nodes.push(node("assembly", "all", &[], &[("parts", parts)]));
        graph(nodes)
    };
    let found = compare(&with(&[0, 1, 2, 3]), &with(&[5, 0, 1, 3]));
    assert_eq!(found.nodes[0].lines(), ["parts <- s2 -> s5"]);
    let found = compare(&with(&[0, 1, 2, 3]), &with(&[0, 2, 1, 3]));
    assert_eq!(found.nodes[0].lines(), ["parts <- the same in another order"]);
}

/// The graph keeps one of equal nodes under the first one's id. When the first changes, the other keeps what it had.
#[test]
fn a_node_that_others_shared_is_not_new_for_them() {
    let paint =
        |id: &str, roughness| node("plastic", id, &[("roughness", Value::Quantity(roughness, Dimension::RATIO))], &[]);
    let ball = |id: &str, radius, material: usize| {
        node("sphere", id, &[("radius", length(radius))], &[("material", &[material])])
    };
    let shared = graph(vec![paint("a#material", 0.2), ball("a", 1.0, 0), ball("b", 2.0, 0)]);
    let split = graph(vec![paint("a#material", 0.9), ball("a", 1.0, 0), paint("b#material", 0.2), ball("b", 2.0, 2)]);
    for (old, new, line) in [(&shared, &split, "roughness: 0.2 -> 0.9"), (&split, &shared, "roughness: 0.9 -> 0.2")] {
        let found = compare(old, new);
        assert_eq!(found.nodes.len(), 1, "{found:?}");
        assert_eq!((found.nodes[0].id.as_str(), found.nodes[0].lines()[0].as_str()), ("a#material", line));
    }
    let without_first = graph(vec![paint("b#material", 0.2), ball("b", 2.0, 0)]);
    let found = compare(&shared, &without_first);
    assert_eq!(found.nodes.len(), 1, "{found:?}");
    assert!(matches!(found.nodes[0].what, What::Removed(_)) && found.nodes[0].id == "a");
}

#[test]
fn frames_that_changed_alike_are_one_entry() {
    let frames = |exposure: f64| {
        let node = |frame: i64| {
            let params = [("exposure", Value::Quantity(exposure, Dimension::STOP))];
            node("view", &format!("output/comp/{frame}"), &params, &[])
        };
        graph((995..1049).chain([1060]).map(node).collect())
    };
    let found = compare(&frames(0.0), &frames(1.0));
    let shown = text(&found, OLD, NEW, &Style::default());
    assert!(shown.contains("~ output/comp/{frame}  view  frames 995..1049, 1060\n"), "{shown}");
    assert!(shown.ends_with("55 changed\n") && shown.lines().count() == 7, "{shown}");
    let shown = markdown(&found, OLD, NEW);
    assert!(
        shown.contains("| `output/comp/{frame}` view, frames 995..1049, 1060 | exposure | `0stop` | `1stop` |"),
        "{shown}"
    );
    let events: Vec<_> = json(&found, OLD, NEW).collect();
    assert_eq!((events.len(), events[0]["frames"].to_string().as_str()), (2, "[[995,1049],[1060,1061]]"));
    assert_eq!((&events[0]["id"], &events[0]["changes"][0]["new_si"]), (&"output/comp/{frame}".into(), &1.0.into()));
}

/// Files have the number of the frame, later frames read the picture of the first, and the camera moves.
#[test]
fn a_still_that_becomes_a_sequence_is_told_by_output() {
    let camera = |id: &str, turn: f64| node("camera", id, &[("azimuth", Value::Quantity(turn, Dimension::ANGLE))], &[]);
    let still = graph(vec![
        camera("camera/main", 0.0),
        node("render", "output/still#image", &[], &[("camera", &[0])]),
        node("write_png", "output/still", &[("file", Value::Text("still.png".into()))], &[("image", &[1])]),
    ]);
    let mut nodes =
        vec![camera("camera/main", 0.0), node("render", "output/still/998#image", &[], &[("camera", &[0])])];
    for frame in 1003..1006 {
        nodes.push(camera(&format!("camera/main@s.{frame}"), f64::from(frame) - 1000.0));
        let at = nodes.len() - 1;
        nodes.push(node("render", &format!("output/still/{frame}#image"), &[], &[("camera", &[at])]));
    }
    for frame in 998..1006 {
        let file = Value::Text(format!("still.{frame:04}.png"));
        let image = if frame < 1003 { 1 } else { 3 + 2 * (frame - 1003) as usize };
        nodes.push(node("write_png", &format!("output/still/{frame}"), &[("file", file)], &[("image", &[image])]));
    }
    let found = compare(&still, &graph(nodes));
    insta::assert_snapshot!("sequence_text", text(&found, OLD, NEW, &Style::default()));
    insta::assert_snapshot!("sequence_markdown", markdown(&found, OLD, NEW));
    let events: Vec<_> = json(&found, OLD, NEW).map(|event| event.to_string()).collect();
    insta::assert_snapshot!("sequence_json", events.join("\n"));
}

/// A comment has at most 65,536 characters.
#[test]
fn markdown_says_what_it_leaves_out() {
    let many = |radius| {
        graph((0..5000).map(|i| node("sphere", &format!("yard/s{i:04}"), &[("radius", length(radius))], &[])).collect())
    };
    let shown = markdown(&compare(&many(1.0), &many(2.0)), OLD, NEW);
    assert!(shown.len() < 65_000 && shown.contains("**5000 changed**"), "{}", shown.len());
    let rows = shown.matches("| radius |").count();
    assert!(rows > 500 && shown.contains(&format!("… and {} more", 5000 - rows)), "{rows}");
}

/// A block with another name: things are renamed one by one, with what is below them.
#[test]
fn renamed_things_carry_what_is_below_them() {
    let block = |name: &str| {
        let mut part = node("place", &format!("{name}/cart/wheel"), &[named("wheel")], &[("thing", &[0])]);
        part.layer = Layer::Engineering;
        graph(vec![
            node("sphere", &format!("{name}/cart/wheel#thing"), &[("radius", length(1.0))], &[]),
            part,
            node("assembly", &format!("{name}/cart#thing"), &[], &[("parts", &[1])]),
            node("place", &format!("{name}/cart"), &[named(&format!("{name}/cart"))], &[("thing", &[2])]),
        ])
    };
    let found = compare(&block("yard"), &block("garden"));
    assert_eq!(found.nodes.len(), 1, "{found:?}");
    assert_eq!(found.counts(), Counts { renamed: 4, ..Counts::default() });
    let What::Renamed { from, below, changes } = &found.nodes[0].what else { panic!("{found:?}") };
    assert_eq!((from.as_str(), *below, changes.len()), ("yard/cart", 3, 0));
}

/// Time and memory grow with the graphs, not with their square.
#[test]
fn a_hundred_thousand_nodes_are_compared_in_seconds() {
    let program = |radius: f64, stem: &str| {
        let mut nodes = Vec::new();
        for i in 0..33_333 {
            let (id, at) = (format!("{stem}{i}"), nodes.len());
            let paint = [("roughness", Value::Quantity(f64::from(i) / 40_000.0, Dimension::RATIO))];
            nodes.push(node("clay", &format!("{id}#thing#material"), &paint, &[]));
            nodes.push(node("sphere", &format!("{id}#thing"), &[("radius", length(radius))], &[("material", &[at])]));
            nodes.push(node("place", &id, &[named(&id)], &[("thing", &[at + 1])]));
        }
        let places: Vec<usize> = (0..33_333).map(|i| 3 * i + 2).collect();
        nodes.push(node("stage", "stage", &[], &[("things", &places)]));
        graph(nodes)
    };
    let (old, larger, renamed) = (program(1.0, "yard/t"), program(2.0, "yard/t"), program(1.0, "garden/t"));
    let began = std::time::Instant::now();
    assert_eq!(compare(&old, &larger).counts(), Counts { changed: 33_333, ..Counts::default() });
    assert_eq!(compare(&old, &renamed).counts(), Counts { renamed: 99_999, ..Counts::default() });
    let found = compare(&old, &program(2.0, "garden/t"));
    assert_eq!(found.counts(), Counts { renamed: 99_999, ..Counts::default() }, "renamed and changed");
    let found = compare(&old, &program(2.0, "garden/u"));
    assert_eq!(found.counts(), Counts { added: 99_999, removed: 99_999, ..Counts::default() });
    assert!(text(&found, OLD, NEW, &Style::default()).lines().count() > 200_000);
    // Squares of these numbers take hours.
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}
