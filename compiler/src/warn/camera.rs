//! Cameras that see nothing: inside a solid thing, or with everything behind them.

use scenec_ir::graph::Node;
use scenec_ir::{Diagnostic, Graph, Handle};

use super::extent::{Bounds, Extents};
use super::{name_of, number, things, vec3};

/// Looks through a camera that stands at a point. A box with something inside of it is a room.
pub fn look(graph: &Graph, extents: &Extents, stage: Handle<Node>, camera: Handle<Node>, found: &mut Vec<Diagnostic>) {
    let node = &graph.nodes[camera];
    let (Some(at), Some(span)) = (vec3(node, "at"), node.span) else { return };
    let name = node.id.rsplit('/').next().unwrap_or(&node.id);
    let name = name.split('@').next().unwrap_or(name);
    if node.kind != "camera" || name.starts_with('_') || node.inputs.contains_key("frame") {
        return;
    }
    let all: Vec<Handle<Node>> = things(&graph.nodes[stage], "things").collect();
    // Where one thing is not known, the camera may see that one.
    let bounds: Option<Vec<Bounds>> =
        all.iter().map(|t| extents.of(*t).filter(|e| e.is_placed).map(|e| e.bounds)).collect();
    let Some(bounds) = bounds else { return };
    for (around, place) in all.iter().zip(&bounds) {
        let holds = |point: [f64; 3]| is_inside(graph, extents, *around, point);
        let is_alone = || all.iter().zip(&bounds).all(|(other, b)| other == around || !holds(b.center()));
        if holds(at) && is_alone() && has_no_light_inside(graph, stage, &holds) {
            let thing = &graph.nodes[*around];
            let Some(solid) = name_of(thing) else { return };
            let message = format!("the camera `{name}` stands inside of `{solid}`");
            let mut diagnostic = Diagnostic::warning("W0405", message, span).hint(format!(
                "`{solid}` reaches from {} to {}",
                point(place.min),
                point(place.max)
            ));
            if let Some(span) = thing.span {
                diagnostic = diagnostic.because(span, format!("`{solid}` is placed here"));
            }
            found.push(diagnostic);
            return;
        }
    }
    let target = match node.inputs.get("look_at").and_then(|list| list.first()) {
        Some(input) => extents.anchor(input),
        None => vec3(node, "look_at"),
    };
    let Some(target) = target else { return };
    let direction = [0, 1, 2].map(|axis| target[axis] - at[axis]);
    let ahead = |corner: [f64; 3]| (0..3).map(|axis| (corner[axis] - at[axis]) * direction[axis]).sum::<f64>() > 0.0;
    if !bounds.is_empty() && direction != [0.0; 3] && !bounds.iter().any(|b| b.corners().any(ahead)) {
        let message = format!("the camera `{name}` looks away from every thing");
        found.push(
            Diagnostic::warning("W0406", message, span)
                .hint("all things are behind it: look at one of them, `look_at: thing`"),
        );
    }
}

fn point(p: [f64; 3]) -> String {
    let shown = p.map(|v| scenec_ir::dimension::show((v * 1e4).round() / 1e4, scenec_ir::Dimension::LENGTH));
    format!("({})", shown.join(", "))
}

/// Lights of the stage that stand at a point are things of their own, and light a room.
fn has_no_light_inside(graph: &Graph, stage: Handle<Node>, holds: &impl Fn([f64; 3]) -> bool) -> bool {
    let lights = graph.nodes[stage].inputs.get("lights").into_iter().flatten();
    !lights.map(|i| &graph.nodes[i.node]).any(|light| vec3(light, "position").is_some_and(holds))
}

/// True for a point within an opaque box or ball that was placed without rotation.
fn is_inside(graph: &Graph, extents: &Extents, thing: Handle<Node>, point: [f64; 3]) -> bool {
    let place = &graph.nodes[thing];
    let turned = vec3(place, "rotate").is_some_and(|r| r != [0.0; 3]);
    let scale = vec3(place, "scale").unwrap_or([1.0; 3]);
    let [inner] = place.inputs.get("thing").map_or(&[][..], Vec::as_slice) else { return false };
    let (origin, is_known) = extents.translation(place);
    if place.kind != "place" || turned || !is_known || place.inputs.contains_key("facing") || inner.part.is_some() {
        return false;
    }
    let shape = &graph.nodes[inner.node];
    if !is_opaque(graph, shape) {
        return false;
    }
    let local = [0, 1, 2].map(|axis| (point[axis] - origin[axis]) / scale[axis]);
    match shape.kind.as_str() {
        "box" => vec3(shape, "size").is_some_and(|size| (0..3).all(|axis| local[axis].abs() < 0.499 * size[axis])),
        "sphere" => {
            let distance = local.iter().map(|v| v * v).sum::<f64>().sqrt();
            // A ball of few segments has its faces inside of its radius.
            number(shape, "radius").is_some_and(|radius| distance < 0.9 * radius)
        }
        _ => false,
    }
}

/// False where light may go through.
fn is_opaque(graph: &Graph, shape: &Node) -> bool {
    let Some(surface) = shape.inputs.get("material").and_then(|list| list.first()) else { return true };
    let surface = &graph.nodes[surface.node];
    let passes = number(surface, "transmission_weight").is_some_and(|weight| weight > 0.0);
    let clear = passes || matches!(surface.kind.as_str(), "glass" | "water");
    !clear && number(surface, "geometry_opacity").is_none_or(|opacity| opacity >= 1.0)
}
