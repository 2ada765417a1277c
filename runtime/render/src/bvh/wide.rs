//! Stage two of a build: cut the binary tree into eight-wide compressed nodes.

use super::binary::{BinaryNode, BinaryTree, cut};
use super::layout::{META_LEAF, Node, WIDTH};

/// Every child box keeps at least this part of a grid step as margin on each side, in addition to rounding outwards. It absorbs
/// the rounding of the slab test while the ray starts within a few node sizes; from farther away the test's relative slack does
/// (`traverse::SLACK`). It also keeps rays that run inside a face of a box away from 0 / 0.
const MARGIN: f64 = 1.0 / 64.0;

/// Compressed nodes and the order of primitives in their leaves.
pub struct WideTree {
    /// Root first. `child_base` indexes this array, `leaf_base` indexes `order`.
    pub nodes: Vec<Node>,
    /// Numbers of primitives in leaf order.
    pub order: Vec<u32>,
    /// Levels of nodes, 0 when empty.
    pub depth: u32,
}

/// A child while its parent is encoded: a binary node and where its primitives begin.
#[derive(Clone, Copy, Default)]
struct Child {
    node: usize,
    first: usize,
}

/// Collapse by the cut that the binary stage found best.
pub fn collapse(tree: &BinaryTree) -> WideTree {
    let mut out = WideTree { nodes: Vec::new(), order: Vec::with_capacity(tree.boxes.len()), depth: 0 };
    if tree.nodes.is_empty() {
        return out;
    }
    out.nodes.push(Node::default());
    let mut work = vec![(Child::default(), 0usize, 1u32)];
    while let Some((child, at, depth)) = work.pop() {
        out.depth = out.depth.max(depth);
        let mut children = [Child::default(); WIDTH];
        let mut count = 0;
        let root = &tree.nodes[child.node];
        if root.cut[0] == cut::LEAF {
            // Only the root can come here: the whole tree fits one leaf.
            children[0] = child;
            count = 1;
        } else {
            distribute(tree, child, 8, &mut children, &mut count);
        }
        encode(tree, &children[..count], root, at, depth, &mut out, &mut work);
    }
    out
}

/// Lists the trees of the best forest of at most `slots` trees, splitting `child` in two at least.
fn distribute(tree: &BinaryTree, child: Child, slots: usize, out: &mut [Child; WIDTH], count: &mut usize) {
    let node = &tree.nodes[child.node];
    let left_slots = usize::from(node.cut[slots - 1]);
    let left = Child { node: child.node + 1, first: child.first };
    let left_count = node.left_count as usize;
    let right = Child { node: child.node + 2 * left_count, first: child.first + left_count };
    for (part, mut part_slots) in [(left, left_slots), (right, slots - left_slots)] {
        let cuts = &tree.nodes[part.node].cut;
        while part_slots > 1 && cuts[part_slots - 1] == cut::FEWER {
            part_slots -= 1;
        }
        if part_slots > 1 {
            distribute(tree, part, part_slots, out, count);
        } else {
            out[*count] = part;
            *count += 1;
        }
    }
}

/// The node's grid along one axis: origin and exponent, so that every child box with its margin fits 0 to 255.
fn grid(lo: f32, hi: f32) -> (f32, u8) {
    let extent = f64::from(hi) - f64::from(lo);
    // 253 steps for the extent; two are left for margins and for rounding the origin.
    let steps = extent / 253.0;
    let ceil_log2 = |x: f64| {
        let bits = x.to_bits();
        ((bits >> 52) & 0x7ff) as i32 - 1023 + i32::from(bits & ((1 << 52) - 1) != 0)
    };
    // At least the spacing of f32 there, so that rounding the origin down costs at most one step.
    let spacing = f64::from(lo.abs().max(hi.abs())) * f64::from(f32::EPSILON);
    let exponent = ceil_log2(steps.max(spacing)).clamp(-100, 120);
    let origin = f64::from(lo) - MARGIN * f64::from(exponent).exp2();
    let rounded = origin as f32;
    let origin = if f64::from(rounded) > origin { rounded.next_down() } else { rounded };
    (origin, (exponent + 127) as u8)
}

fn encode(
    tree: &BinaryTree,
    children: &[Child],
    bounds: &BinaryNode,
    at: usize,
    depth: u32,
    out: &mut WideTree,
    work: &mut Vec<(Child, usize, u32)>,
) {
    let mut node = Node { child_base: out.nodes.len() as u32, leaf_base: out.order.len() as u32, ..Node::default() };
    let mut inverse_step = [0.0f64; 3];
    for axis in 0..3 {
        (node.origin[axis], node.exponents[axis]) = grid(bounds.lo[axis], bounds.hi[axis]);
        inverse_step[axis] = f64::from_bits((1023 + 127 - u64::from(node.exponents[axis])) << 52);
    }
    let (mut rank, mut offset) = (0u8, 0u8);
    for (slot, child) in slots_by_octant(tree, children, bounds).iter().enumerate() {
        let Some(child) = child else { continue };
        let binary = &tree.nodes[child.node];
        node.filled |= 1 << slot;
        for axis in 0..3 {
            let steps = |x: f32| (f64::from(x) - f64::from(node.origin[axis])) * inverse_step[axis];
            node.lo[axis][slot] = (steps(binary.lo[axis]) - MARGIN) as u8;
            node.hi[axis][slot] = (steps(binary.hi[axis]) + MARGIN).ceil() as u8;
        }
        if binary.cut[0] == cut::LEAF {
            let count = binary.count as usize;
            node.meta[slot] = META_LEAF | ((count - 1) as u8) << 5 | offset;
            offset += count as u8;
            out.order.extend(tree.boxes[child.first..child.first + count].iter().map(|b| b.number()));
        } else {
            node.meta[slot] = rank;
            rank += 1;
            work.push((*child, out.nodes.len(), depth + 1));
            out.nodes.push(Node::default());
        }
    }
    out.nodes[at] = node;
}

/// Places children in slots so that visiting slots in the order of `slot ^ signs` goes roughly from near to far (Ylitie et al.
/// 2017, section 3.2); greedy, the most eccentric child first.
fn slots_by_octant(tree: &BinaryTree, children: &[Child], bounds: &BinaryNode) -> [Option<Child>; WIDTH] {
    let mut eccentric = [([0.0f32; 3], 0.0f32, Child::default()); WIDTH];
    for (entry, child) in eccentric.iter_mut().zip(children) {
        let node = &tree.nodes[child.node];
        let offset = [0, 1, 2].map(|k| (node.lo[k] + node.hi[k]) - (bounds.lo[k] + bounds.hi[k]));
        *entry = (offset, offset[0].abs() + offset[1].abs() + offset[2].abs(), *child);
    }
    let eccentric = &mut eccentric[..children.len()];
    eccentric.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut slots = [None; WIDTH];
    for (offset, _, child) in eccentric {
        let mut best = (f32::NEG_INFINITY, 0);
        for (slot, taken) in slots.iter().enumerate() {
            let signed = |k: usize| if slot >> k & 1 == 1 { offset[k] } else { -offset[k] };
            let fit = signed(0) + signed(1) + signed(2);
            if taken.is_none() && fit > best.0 {
                best = (fit, slot);
            }
        }
        slots[best.1] = Some(*child);
    }
    slots
}
