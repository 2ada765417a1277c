//! Stage one of a build: a binary tree by binned surface-area heuristic, and on the way back up the cost tables from which
//! `wide` reads the best cut into eight-wide nodes.
//!
//! A subtree over n primitives has exactly 2n - 1 nodes, so every subtree knows its slice of the node array beforehand: threads
//! build subtrees in any order and the result is the same to the byte.

use glam::Vec4;

/// Primitives of a subtree below which it is built by one thread.
const PARALLEL_MIN: usize = 4096;
/// Primitives above which one node's bins are filled by several threads.
const PARALLEL_BIN_MIN: usize = 1 << 17;
/// Bins per axis for large and for small nodes: few primitives do not repay many bins.
const BINS: usize = 32;
const BINS_SMALL: usize = 8;
const SMALL: usize = 48;
/// Binary depth is kept below this, so that traversal stacks of fixed size suffice.
pub const DEPTH_MAX: u32 = 64;

/// Makes the bits of a number below 2^29 those of an ordinary float: a denormal one would slow every product it rides along in.
const NUMBER_MARK: u32 = 0x4000_0000;

/// A primitive's box. Its number rides in `lo.w` as bits, a lane that takes part in arithmetic but whose results nobody reads.
#[derive(Clone, Copy, Debug)]
pub struct PrimitiveBox {
    lo: Vec4,
    hi: Vec4,
}

impl PrimitiveBox {
    /// From corners and the primitive's number, which is below 2^29. Bounds must be finite.
    pub fn new(lo: [f32; 3], hi: [f32; 3], number: u32) -> Self {
        Self {
            lo: Vec4::new(lo[0], lo[1], lo[2], f32::from_bits(number | NUMBER_MARK)),
            hi: Vec4::new(hi[0], hi[1], hi[2], 0.0),
        }
    }

    /// The primitive's number.
    pub fn number(&self) -> u32 {
        self.lo.w.to_bits() & !NUMBER_MARK
    }

    fn centre_twice(&self) -> Vec4 {
        self.lo + self.hi
    }
}

/// Bounds; empty is inverted.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Lower corner.
    pub lo: Vec4,
    /// Upper corner.
    pub hi: Vec4,
}

impl Bounds {
    /// Holds nothing.
    pub const EMPTY: Self = Self { lo: Vec4::splat(f32::MAX), hi: Vec4::splat(-f32::MAX) };

    #[inline(always)]
    fn add(&mut self, lo: Vec4, hi: Vec4) {
        self.lo = self.lo.min(lo);
        self.hi = self.hi.max(hi);
    }

    #[inline(always)]
    fn half_area(&self) -> f32 {
        let d = self.hi - self.lo;
        d.x * d.y + d.y * d.z + d.z * d.x
    }
}

/// What a subtree becomes when it may use `i` slots of its parent's eight, for the cut of `wide`.
pub mod cut {
    /// In `BinaryNode::cut[0]`: becomes a leaf.
    pub const LEAF: u8 = 0;
    /// In `BinaryNode::cut[0]`: becomes a node of its own, whose children are distributed by `cut[7]`.
    pub const NODE: u8 = 1;
    /// In `BinaryNode::cut[i - 1]`: no better than with one slot less.
    pub const FEWER: u8 = 0;
}

/// A node of the binary tree. Its left child follows it; its right child follows the left subtree.
#[derive(Clone, Copy, Debug)]
pub struct BinaryNode {
    /// Lower corner.
    pub lo: [f32; 3],
    /// Primitives below.
    pub count: u32,
    /// Upper corner.
    pub hi: [f32; 3],
    /// Primitives of the left child.
    pub left_count: u32,
    /// `cut[i - 1]` for i slots: how many of them the left child takes, or a constant of `cut`.
    pub cut: [u8; 8],
}

impl BinaryNode {
    const ZERO: Self = Self { lo: [0.0; 3], count: 0, hi: [0.0; 3], left_count: 0, cut: [0; 8] };
}

/// Costs that steer the cut, in units of one box test against all eight children.
#[derive(Clone, Copy, Debug)]
pub struct CutCosts {
    /// Cost of a leaf by its number of primitives, index 0 unused; its length limits the leaf's size.
    pub leaf: &'static [f32],
}

/// A binary tree over boxes, which are reordered so that every subtree's are adjacent.
pub struct BinaryTree {
    /// Root first; empty when there are no boxes.
    pub nodes: Vec<BinaryNode>,
    /// Boxes in tree order.
    pub boxes: Vec<PrimitiveBox>,
}

/// Expected cost of a subtree that may use 1 to 7 slots.
type SlotCosts = [f32; 7];

/// Build the tree. All bounds must be finite.
pub fn build(mut boxes: Vec<PrimitiveBox>, costs: CutCosts) -> BinaryTree {
    if boxes.is_empty() {
        return BinaryTree { nodes: Vec::new(), boxes };
    }
    let mut nodes = vec![BinaryNode::ZERO; 2 * boxes.len() - 1];
    let (bounds, centres) = bounds_of(&boxes);
    subtree(&mut nodes, &mut boxes, bounds, centres, 0, costs);
    BinaryTree { nodes, boxes }
}

fn bounds_of(boxes: &[PrimitiveBox]) -> (Bounds, Bounds) {
    let (mut bounds, mut centres) = (Bounds::EMPTY, Bounds::EMPTY);
    for b in boxes {
        bounds.add(b.lo, b.hi);
        let c = b.centre_twice();
        centres.add(c, c);
    }
    (bounds, centres)
}

/// Builds the subtree over `boxes` into `nodes` (2n - 1 of them) and returns its slot costs.
fn subtree(
    nodes: &mut [BinaryNode],
    boxes: &mut [PrimitiveBox],
    bounds: Bounds,
    centres: Bounds,
    depth: u32,
    costs: CutCosts,
) -> SlotCosts {
    let n = boxes.len();
    let area = bounds.half_area();
    nodes[0].lo = bounds.lo.truncate().to_array();
    nodes[0].hi = bounds.hi.truncate().to_array();
    nodes[0].count = n as u32;
    if n == 1 {
        // Cuts stay zero: a leaf, and no better with more slots.
        return [area * costs.leaf[1]; 7];
    }
    let split = split(boxes, centres, depth);
    let middle = split.middle;
    nodes[0].left_count = middle as u32;
    let (head, rest) = nodes.split_at_mut(1);
    let (left_nodes, right_nodes) = rest.split_at_mut(2 * middle - 1);
    let (left_boxes, right_boxes) = boxes.split_at_mut(middle);
    let build_left = |nodes, boxes| subtree(nodes, boxes, split.left.0, split.left.1, depth + 1, costs);
    let build_right = |nodes, boxes| subtree(nodes, boxes, split.right.0, split.right.1, depth + 1, costs);
    let (left, right) = if n >= PARALLEL_MIN {
        rayon::join(|| build_left(left_nodes, left_boxes), || build_right(right_nodes, right_boxes))
    } else {
        (build_left(left_nodes, left_boxes), build_right(right_nodes, right_boxes))
    };
    slot_costs(&mut head[0], &left, &right, area, costs)
}

/// The dynamic programme of Ylitie et al. 2017, section 3.1: cost of the best forest of at most i trees for this subtree.
#[inline]
fn slot_costs(node: &mut BinaryNode, left: &SlotCosts, right: &SlotCosts, area: f32, costs: CutCosts) -> SlotCosts {
    let mut best = [f32::INFINITY; 9];
    for i in 2..=8 {
        for k in 1..i {
            let cost = left[k - 1] + right[i - k - 1];
            if cost < best[i] {
                best[i] = cost;
                node.cut[i - 1] = k as u8;
            }
        }
    }
    let as_node = best[8] + area;
    let as_leaf = costs.leaf.get(node.count as usize).map_or(f32::INFINITY, |cost| cost * area);
    node.cut[0] = if as_leaf <= as_node { cut::LEAF } else { cut::NODE };
    let mut out = [as_leaf.min(as_node); 7];
    for i in 2..=7 {
        out[i - 1] = best[i];
        if out[i - 2] <= best[i] {
            out[i - 1] = out[i - 2];
            node.cut[i - 1] = cut::FEWER;
        }
    }
    out
}

struct Split {
    middle: usize,
    /// Bounds of boxes and of twice the centres.
    left: (Bounds, Bounds),
    right: (Bounds, Bounds),
}

/// Reorders the boxes into two non-empty halves.
fn split(boxes: &mut [PrimitiveBox], centres: Bounds, depth: u32) -> Split {
    let n = boxes.len();
    // Near the depth limit halve by number, which needs log2 n more levels.
    let levels_needed = usize::BITS - n.leading_zeros();
    let found = if n == 2 || depth + levels_needed >= DEPTH_MAX {
        None
    } else if n <= SMALL {
        best_plane::<BINS_SMALL>(boxes, centres)
    } else {
        best_plane::<BINS>(boxes, centres)
    };
    match found {
        Some(plane) => partition(boxes, &plane),
        None => {
            let middle = n / 2;
            let (l, r) = boxes.split_at(middle);
            Split { middle, left: bounds_of(l), right: bounds_of(r) }
        }
    }
}

/// Maps twice the centre to bins along all axes at once.
#[derive(Clone, Copy)]
struct Binning {
    offset: Vec4,
    scale: Vec4,
}

impl Binning {
    fn new(centres: Bounds, bins: usize) -> Self {
        let extent = centres.hi - centres.lo;
        // Slightly less than the number of bins, so that the upper end falls into the last one.
        let k = bins as f32 * 0.99999;
        let scale = |e: f32| if e > 1e-37 { k / e } else { 0.0 };
        Self { offset: centres.lo, scale: Vec4::new(scale(extent.x), scale(extent.y), scale(extent.z), 0.0) }
    }

    #[inline(always)]
    fn bins_of(self, b: &PrimitiveBox) -> [usize; 3] {
        let t = (b.centre_twice() - self.offset) * self.scale;
        // SAFETY: centres lie between the bounds they made, all finite, so each value lies in [0, bins).
        unsafe {
            [
                t.x.to_int_unchecked::<i32>() as usize,
                t.y.to_int_unchecked::<i32>() as usize,
                t.z.to_int_unchecked::<i32>() as usize,
            ]
        }
    }
}

struct Plane {
    binning: Binning,
    axis: usize,
    /// First bin of the right side.
    bin: usize,
}

struct Bins<const N: usize> {
    bounds: [[Bounds; N]; 3],
    counts: [[u32; N]; 3],
}

impl<const N: usize> Bins<N> {
    fn fill(boxes: &[PrimitiveBox], binning: Binning) -> Self {
        let mut bins = Self { bounds: [[Bounds::EMPTY; N]; 3], counts: [[0; N]; 3] };
        for b in boxes {
            let at = binning.bins_of(b);
            for axis in 0..3 {
                let i = at[axis].min(N - 1);
                bins.bounds[axis][i].add(b.lo, b.hi);
                bins.counts[axis][i] += 1;
            }
        }
        bins
    }

    fn fill_parallel(boxes: &[PrimitiveBox], binning: Binning) -> Self {
        if boxes.len() < PARALLEL_BIN_MIN {
            return Self::fill(boxes, binning);
        }
        // Minima, maxima and counts do not depend on the order of addition.
        let (l, r) = boxes.split_at(boxes.len() / 2);
        let (mut a, b) = rayon::join(|| Self::fill_parallel(l, binning), || Self::fill_parallel(r, binning));
        for axis in 0..3 {
            for i in 0..N {
                a.bounds[axis][i].add(b.bounds[axis][i].lo, b.bounds[axis][i].hi);
                a.counts[axis][i] += b.counts[axis][i];
            }
        }
        a
    }
}

fn best_plane<const N: usize>(boxes: &[PrimitiveBox], centres: Bounds) -> Option<Plane> {
    let binning = Binning::new(centres, N);
    let bins = Bins::<N>::fill_parallel(boxes, binning);
    // An empty side has infinite area and no primitives: its cost is NaN, which compares as no better than anything. So there
    // are no branches, and the three axes' chains of minima and maxima run side by side.
    let mut right = [[0.0f32; 3]; N];
    let (mut sides, mut counts) = ([Bounds::EMPTY; 3], [0u32; 3]);
    for i in (1..N).rev() {
        for axis in 0..3 {
            sides[axis].add(bins.bounds[axis][i].lo, bins.bounds[axis][i].hi);
            counts[axis] += bins.counts[axis][i];
            right[i][axis] = sides[axis].half_area() * counts[axis] as f32;
        }
    }
    (sides, counts) = ([Bounds::EMPTY; 3], [0u32; 3]);
    let (mut best, mut best_bin) = ([f32::INFINITY; 3], [0u32; 3]);
    for i in 1..N {
        for axis in 0..3 {
            sides[axis].add(bins.bounds[axis][i - 1].lo, bins.bounds[axis][i - 1].hi);
            counts[axis] += bins.counts[axis][i - 1];
            let cost = sides[axis].half_area() * counts[axis] as f32 + right[i][axis];
            let better = cost < best[axis];
            best[axis] = if better { cost } else { best[axis] };
            best_bin[axis] = if better { i as u32 } else { best_bin[axis] };
        }
    }
    let mut axis = 0;
    for other in 1..3 {
        if best[other] < best[axis] {
            axis = other;
        }
    }
    (best[axis] < f32::INFINITY).then(|| Plane { binning, axis, bin: best_bin[axis] as usize })
}

/// Both sides are non-empty, because `best_plane` counted them by the same function of each box.
fn partition(boxes: &mut [PrimitiveBox], plane: &Plane) -> Split {
    let (mut left, mut right) = ((Bounds::EMPTY, Bounds::EMPTY), (Bounds::EMPTY, Bounds::EMPTY));
    let (mut i, mut j) = (0, boxes.len());
    while i < j {
        let b = boxes[i];
        let c = b.centre_twice();
        if plane.binning.bins_of(&b)[plane.axis] < plane.bin {
            left.0.add(b.lo, b.hi);
            left.1.add(c, c);
            i += 1;
        } else {
            right.0.add(b.lo, b.hi);
            right.1.add(c, c);
            j -= 1;
            boxes.swap(i, j);
        }
    }
    Split { middle: i, left, right }
}
