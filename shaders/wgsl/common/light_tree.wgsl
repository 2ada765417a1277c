// Picks one of many lights for a place: a tree of bounds, descended with chances that follow what each half may give
// (Conty Estevez and Kulla 2018, "Importance Sampling of Many Lights with Adaptive Tree Splitting", section 4). Cosines of
// differences stand in place of angles (Pharr et al. 2023, section 12.6.3), and where half spaces meet balls, heights.
//!include "common/heap.wgsl"
//!include "common/math.wgsl"

/// What light falls on: a surface with its normal, or a point that sees all around.
struct Receiver {
    position: vec3f,
    normal: vec3f,
    has_normal: bool,
}

/// A light and its chance; NONE where no light reaches.
struct TreePick {
    light: u32,
    chance: f32,
}

/// cos(max(a - b, 0)) for angles 0..pi.
fn cosine_beyond(cos_a: f32, cos_b: f32, sin_b: f32) -> f32 {
    if cos_a > cos_b {
        return 1.0;
    }
    return cos_a * cos_b + sqrt(max1(1.0 - cos_a * cos_a, 0.0)) * sin_b;
}

/// The same, of an angle that many nodes do not have.
fn beyond(cos_a: f32, cos_b: f32) -> f32 {
    if cos_b < 1.0 {
        return cosine_beyond(cos_a, cos_b, sqrt(max1(1.0 - cos_b * cos_b, 0.0)));
    }
    return cos_a;
}

/// An estimate of what the lights of a node give to a place, 0 only where they give nothing.
fn tree_importance(node: u32, to: Receiver) -> f32 {
    let at = info.light_tree + LIGHT_NODE_WORDS * node;
    let toward = vec3f(heap_float(at), heap_float(at + 1u), heap_float(at + 2u)) - to.position;
    let radius = heap_float(at + 3u);
    let power = heap_float(at + 7u);
    let d2 = dot(toward, toward);
    let r2 = radius * radius;
    if !(d2 > r2 * 1.0001) {
        // The place lies among them: any of them may be near and face it.
        return min1(power / max1(r2, 1e-30), 1e30);
    }
    let inverse = 1.0 / sqrt(d2);
    // Of the angle at which half the ball is seen.
    let sin_b = radius * inverse;
    var importance = power * inverse * inverse;
    if to.has_normal {
        // How high the ball reaches over the surface, as a share of its distance: the cosine, where the ball is small.
        let height = min1(dot(to.normal, toward) * inverse + sin_b, 1.0);
        if !(height > 0.0) {
            return 0.0;
        }
        importance *= height;
    }
    let cos_o = heap_float(at + 8u);
    if cos_o > -1.0 {
        let axis = vec3f(heap_float(at + 4u), heap_float(at + 5u), heap_float(at + 6u));
        let straight = -dot(axis, toward) * inverse;
        let cos_w = select(straight, abs(straight), (heap[at + 11u] & LIGHT_NODE_TWO_SIDED) != 0u);
        // The angle beyond the cone in which they face, and how far the ball reaches before what shines to a half space.
        let cos_x = beyond(cos_w, cos_o);
        var lit = min1(cos_x + sin_b, 1.0);
        let cos_e = heap_float(at + 9u);
        if cos_e > 0.0 {
            lit = cosine_beyond(cos_x, sqrt(max1(1.0 - sin_b * sin_b, 0.0)), sin_b);
        }
        if !(lit > cos_e) {
            return 0.0;
        }
        importance *= lit;
    }
    return min1(importance, 1e30);
}

/// Chance of the first of two siblings; negative when neither gives anything.
fn first_chance(first: u32, to: Receiver) -> f32 {
    let a = tree_importance(first, to);
    let total = a + tree_importance(first + 1u, to);
    return select(-1.0, a / total, total > 0.0);
}

fn tree_pick(to: Receiver, u: f32) -> TreePick {
    var node = 0u;
    var chance = 1.0;
    var left = u;
    for (var depth = 0u; depth <= LIGHT_TREE_DEPTH; depth++) {
        let at = info.light_tree + LIGHT_NODE_WORDS * node;
        let child = heap[at + 10u];
        if (heap[at + 11u] & LIGHT_NODE_LEAF) != 0u {
            return TreePick(child, chance);
        }
        let p = first_chance(child, to);
        if p < 0.0 {
            break;
        }
        let first = left < p;
        // What is left of the number is even again.
        left = min1(select((left - p) / (1.0 - p), left / p, first), ONE_BELOW);
        chance *= select(1.0 - p, p, first);
        node = child + select(1u, 0u, first);
    }
    return TreePick(NONE, 0.0);
}

/// The chance with which `tree_pick` gives a light.
fn tree_chance(light: u32, to: Receiver) -> f32 {
    var trail = lights[light].trail;
    var node = 0u;
    var chance = 1.0;
    for (var depth = 0u; depth <= LIGHT_TREE_DEPTH; depth++) {
        let at = info.light_tree + LIGHT_NODE_WORDS * node;
        if (heap[at + 11u] & LIGHT_NODE_LEAF) != 0u {
            return chance;
        }
        let child = heap[at + 10u];
        let p = first_chance(child, to);
        if p < 0.0 {
            break;
        }
        let second = trail & 1u;
        chance *= select(p, 1.0 - p, second != 0u);
        node = child + second;
        trail >>= 1u;
    }
    return 0.0;
}
