//! Level surfaces at one height that overlap: each pixel shows one of them by chance.

use scenec_ir::graph::Node;
use scenec_ir::{Diagnostic, Graph, Handle};

use super::extent::{Extents, Turn};
use super::{name_of, number, things, vec3};

/// Surfaces of one height that are compared with each other.
const MOST: usize = 512;
/// Depth of assemblies that is looked into.
const DEEPEST: usize = 16;
/// Part of the smaller surface's sides by which two must overlap.
const OVERLAP: f64 = 0.02;

/// A level rectangle that faces up.
struct Face {
    y: f64,
    /// Centre and half of the extent, x and z.
    center: [f64; 2],
    half: [f64; 2],
    /// The named thing that it belongs to.
    thing: Handle<Node>,
    material: Option<Handle<Node>>,
    is_flat: bool,
}

/// Looks at a stage. Only one of two solids' tops and a flat thing, or two flat things, are told: solids that meet are common
/// and mostly hidden.
pub fn coplanar(graph: &Graph, extents: &Extents, stage: Handle<Node>, found: &mut Vec<Diagnostic>) {
    let mut faces = Vec::new();
    for thing in things(&graph.nodes[stage], "things") {
        collect(graph, extents, thing, thing, [0.0; 3], 0, &mut faces);
    }
    faces.sort_by(|a, b| a.y.total_cmp(&b.y));
    let level = |a: &Face, b: &Face| (a.y - b.y).abs() <= 1e-6 * a.y.abs().max(1e-3);
    for group in faces.chunk_by(level).filter(|g| g.len() > 1) {
        let group = &group[..group.len().min(MOST)];
        for (at, b) in group.iter().enumerate() {
            let overlaps = |a: &&Face| a.thing != b.thing && (a.is_flat || b.is_flat) && meet(a, b);
            let Some(a) = group[..at].iter().find(overlaps) else { continue };
            // What is equal is a twin, and has its warning.
            let (first, second) = if a.thing < b.thing { (a, b) } else { (b, a) };
            if first.material == second.material || (a.center, a.half) == (b.center, b.half) && a.is_flat && b.is_flat {
                continue;
            }
            let (one, other) = (&graph.nodes[second.thing], &graph.nodes[first.thing]);
            let (Some(name), Some(with), Some(span)) = (name_of(one), name_of(other), one.span) else { continue };
            let height = scenec_ir::dimension::show(b.y, scenec_ir::Dimension::LENGTH);
            let message = format!("`{name}` and `{with}` have surfaces in the same plane, at y = {height}");
            let mut diagnostic = Diagnostic::warning("W0404", message, span)
                .hint("raise one of them a little, by 1mm or more: `at (0m, 1mm, 0m)`");
            if let Some(first) = other.span.filter(|s| *s != span) {
                diagnostic = diagnostic.because(first, format!("`{with}` lies here"));
            }
            found.push(diagnostic);
        }
    }
}

fn meet(a: &Face, b: &Face) -> bool {
    (0..2).all(|axis| {
        let distance = (a.center[axis] - b.center[axis]).abs();
        let overlap = a.half[axis] + b.half[axis] - distance;
        overlap > OVERLAP * 2.0 * a.half[axis].min(b.half[axis])
    })
}

fn collect(
    graph: &Graph,
    extents: &Extents,
    handle: Handle<Node>,
    thing: Handle<Node>,
    origin: [f64; 3],
    depth: usize,
    faces: &mut Vec<Face>,
) {
    let node = &graph.nodes[handle];
    if node.kind != "place" || depth > DEEPEST {
        return;
    }
    let (translation, is_known) = extents.translation(node);
    let turned = vec3(node, "rotate").is_some_and(|r| r != [0.0; 3]);
    let scaled = vec3(node, "scale").is_some_and(|s| s != [1.0; 3]);
    let faces_something = node.inputs.contains_key("facing") || node.params.contains_key("facing");
    // A place within an assembly that stands elsewhere is one of the assembly's own space.
    let [inner] = node.inputs.get("thing").map_or(&[][..], Vec::as_slice) else { return };
    if !is_known || turned || scaled || faces_something || inner.part.is_some() || Turn::of(node).is_none() {
        return;
    }
    let origin = [0, 1, 2].map(|axis| origin[axis] + translation[axis]);
    let shape = &graph.nodes[inner.node];
    let half = |size: [f64; 2]| size.map(|s| 0.5 * s);
    let size = match shape.params.get("size") {
        Some(scenec_ir::Value::Vec2(size, _)) => Some(half(*size)),
        Some(scenec_ir::Value::Vec3([x, _, z], _)) => Some(half([*x, *z])),
        _ => None,
    };
    let (half, height, is_flat) = match shape.kind.as_str() {
        "plane" | "ground" => (size, 0.0, true),
        // The square within the circle.
        "disk" => (number(shape, "radius").map(|r| [r * std::f64::consts::FRAC_1_SQRT_2; 2]), 0.0, true),
        "box" => (size, vec3(shape, "size").map_or(0.0, |s| 0.5 * s[1]), false),
        "assembly" => {
            for part in things(shape, "parts") {
                collect(graph, extents, part, thing, origin, depth + 1, faces);
            }
            return;
        }
        _ => return,
    };
    let Some(half) = half else { return };
    let material = shape.inputs.get("material").and_then(|list| list.first()).map(|i| i.node);
    faces.push(Face { y: origin[1] + height, center: [origin[0], origin[2]], half, thing, material, is_flat });
}
