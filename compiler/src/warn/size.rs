//! Figures and machines of a size that nothing of their kind has: mostly an asset in other units.

use scenec_ir::dimension::show;
use scenec_ir::graph::Node;
use scenec_ir::{Diagnostic, Dimension, Graph, Handle, Layer, Value};

use super::extent::Extents;
use crate::typed::Term;

use super::{name_of, number, things, vec3};

/// Metres below which a figure, or a machine of several parts, is hardly meant.
const SMALLEST: f64 = 0.1;
/// Metres above which a figure is hardly meant.
const LARGEST_FIGURE: f64 = 20.0;
/// Metres above which a machine is hardly meant.
const LARGEST_MACHINE: f64 = 1000.0;
/// Metres above which a surrounding out of an asset is hardly meant.
const LARGEST_SET: f64 = 10_000.0;

/// What is larger than a hand wherever it stands, whatever it is made of.
const LARGE: [&str; 42] = [
    "aeroplane",
    "airplane",
    "barn",
    "boat",
    "bridge",
    "building",
    "bus",
    "cabin",
    "car",
    "castle",
    "cathedral",
    "church",
    "cottage",
    "crane",
    "factory",
    "garage",
    "hall",
    "hangar",
    "helicopter",
    "hill",
    "house",
    "hut",
    "lighthouse",
    "lorry",
    "mast",
    "mill",
    "mountain",
    "palace",
    "pier",
    "quay",
    "room",
    "ship",
    "skyscraper",
    "stadium",
    "street",
    "tower",
    "train",
    "tram",
    "truck",
    "tunnel",
    "van",
    "warehouse",
];
/// Words in front of such a name that make it small.
const SMALL: [&str; 9] = ["lego", "little", "micro", "mini", "miniature", "model", "small", "tiny", "toy"];

/// True for `crane`, `left_crane`, `Crane2` and `cranes[3]`, false for `crane_hook` and `toy_crane`.
fn is_large(name: &str) -> bool {
    let name = name.split('[').next().unwrap_or(name).to_lowercase();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_');
    let mut words = name.split('_').rev();
    let last = words.next().unwrap_or_default();
    let is = |word: &str| LARGE.contains(&word);
    (is(last) || last.strip_suffix('s').is_some_and(is)) && !words.any(|word| SMALL.contains(&word))
}

/// A thing whose `scale` is written as 0, along one axis or all of them. A scale that is computed may be 0 without a word.
pub fn flattened(name: &str, scale: &Term) -> Option<Diagnostic> {
    let Some(Value::Vec3(factors, _)) = scale.value() else { return None };
    let axes: Vec<&str> =
        ["x", "y", "z"].into_iter().zip(factors).filter(|(_, f)| **f == 0.0).map(|(a, _)| a).collect();
    if axes.is_empty() || name.starts_with('_') {
        return None;
    }
    let (message, hint) = match axes.len() {
        3 => (
            format!("nothing is left of `{name}`: its `scale` is 0"),
            "a thing that is not wanted is left out of the program, or begins with `_` if it is meant",
        ),
        _ => (
            format!("`{name}` is flat: its `scale` is 0 along {}", axes.join(" and ")),
            "`plane` and `disk` are flat by themselves; 1 leaves an axis as it is",
        ),
    };
    Some(Diagnostic::warning("W0403", message, scale.span).hint(hint))
}

/// Looks at the things of a stage. Things of one shape have the size that was written, unless their names say that they are large.
pub fn sizes(graph: &Graph, extents: &Extents, stage: Handle<Node>, found: &mut Vec<Diagnostic>) {
    for handle in things(&graph.nodes[stage], "things") {
        let node = &graph.nodes[handle];
        let (Some(extent), Some(name), Some(span)) = (extents.of(handle), name_of(node), node.span) else { continue };
        let length = extent.bounds.longest();
        let is_made = extent.has_asset || extent.pieces > 1;
        let (low, high) = match node.layer {
            Layer::Character if is_made => (SMALLEST, LARGEST_FIGURE),
            Layer::Engineering if is_made => (SMALLEST, LARGEST_MACHINE),
            Layer::Environment if extent.has_asset && !is_large(name) => (0.0, LARGEST_SET),
            Layer::Environment if extent.has_asset => (SMALLEST, LARGEST_SET),
            _ if is_large(name) => (SMALLEST, f64::INFINITY),
            _ => continue,
        };
        // What lies flat or is empty is no measure.
        if length == 0.0 || (low..=high).contains(&length) {
            continue;
        }
        let [x, y, z] = extent.bounds.size();
        let word = if y >= x && y >= z { "tall" } else { "long" };
        let shown = |v: f64| show(format!("{v:.2e}").parse().unwrap_or(v), Dimension::LENGTH);
        let message = format!("`{name}` is {} {word}", shown(length));
        let scale = vec3(node, "scale").map_or(1.0, |s| s[0].abs());
        let given = node.inputs.get("thing").and_then(|list| list.first()).map(|i| &graph.nodes[i.node]);
        let height = given.filter(|g| g.kind == "figure").and_then(|g| number(g, "height"));
        let own = length / scale;
        let is_plain = |length: f64| (0.25..=12.0).contains(&length);
        let factor = [1.0, 0.1, 0.01, 0.001].into_iter().find(|f| is_plain(own * f));
        let hint = match (height, factor.filter(|_| extent.has_asset)) {
            (Some(height), _) => format!("its `height` is {}", show(height, Dimension::LENGTH)),
            (None, Some(1.0)) => format!("the asset is {} {word} by itself: leave `scale` out", shown(own)),
            (None, Some(factor)) if scale == 1.0 && factor < 0.1 => {
                let unit = if factor == 0.01 { "centimetres" } else { "millimetres" };
                format!("the asset looks as if it were in {unit}: write `scale {factor}` behind it")
            }
            (None, Some(factor)) => {
                let scaled = shown(own * factor);
                format!("the asset is {} {word} by itself; with `scale {factor}` it is {scaled} {word}", shown(own))
            }
            _ if length < low => "were metres meant? Begin its name with `_` if it is that small".to_owned(),
            _ => "look at its `scale` and its units; begin its name with `_` if it is that large".to_owned(),
        };
        found.push(Diagnostic::warning("W0403", message, span).hint(hint));
    }
}
