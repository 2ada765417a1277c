//! A tree over lights that have a place: how near, how strong and turned where they are, for picks by `light_tree.wgsl`.
//!
//! Conty Estevez and Kulla 2018, "Importance Sampling of Many Lights with Adaptive Tree Splitting", sections 4.2 to 4.4.

use std::f64::consts::PI;
use std::ops::Range;

use glam::DVec3;
use scenec_shaders::consts::{LIGHT_NODE_LEAF, LIGHT_NODE_TWO_SIDED, LIGHT_NODE_WORDS, LIGHT_TREE_DEPTH};

/// Words of a node as kernels read it.
type Words = [u32; LIGHT_NODE_WORDS as usize];

/// Places where a node may be parted, along one axis.
const BINS: usize = 12;
/// Above this many lights only the longest axis is tried.
const MANY: usize = 1 << 16;

/// What some lights have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub min: DVec3,
    pub max: DVec3,
    /// Axis of a cone that holds the directions they face, unit.
    pub axis: DVec3,
    /// Half the angle of that cone, 0..pi.
    pub theta_o: f64,
    /// How far from where they face they shine, at most pi / 2.
    pub theta_e: f64,
    /// Of all of them.
    pub power: f64,
    /// They shine to the back as well.
    pub two_sided: bool,
}

impl Bound {
    fn and(&self, other: &Self) -> Self {
        let (axis, theta_o) = cone_around((self.axis, self.theta_o), (other.axis, other.theta_o));
        Self {
            min: self.min.min(other.min),
            max: self.max.max(other.max),
            axis,
            theta_o,
            theta_e: self.theta_e.max(other.theta_e),
            power: self.power + other.power,
            two_sided: self.two_sided || other.two_sided,
        }
    }

    /// Surface area of the box times the measure of the directions, times the power (equations 1 and 2).
    fn cost(&self) -> f64 {
        let size = self.max - self.min;
        let area = 2.0 * (size.x * size.y + size.y * size.z + size.z * size.x);
        let (o, w) = (self.theta_o, (self.theta_o + self.theta_e).min(PI));
        let (sin_o, cos_o) = (libm::sin(o), libm::cos(o));
        let measure =
            2.0 * PI * (1.0 - cos_o) + 0.5 * PI * (2.0 * w * sin_o - libm::cos(o - 2.0 * w) - 2.0 * o * sin_o + cos_o);
        self.power * area * measure
    }

    fn words(&self, child: u32, is_leaf: bool, scale: f64) -> Words {
        let center = (0.5 * (self.min + self.max)).as_vec3();
        let reach = (self.max - center.as_dvec3()).max(center.as_dvec3() - self.min).length();
        // Rounded up, as the cones are: what is within stays within.
        let radius = (reach * (1.0 + 1e-6)) as f32;
        let axis = self.axis.as_vec3();
        let cosine = |angle: f64| match angle {
            // Exact where nothing is rounded: one direction, a half space.
            0.0 => 1.0,
            _ if angle == 0.5 * PI => 0.0,
            _ => (libm::cos(angle.min(PI)) - 1e-6).max(-1.0) as f32,
        };
        let flags = if is_leaf { LIGHT_NODE_LEAF } else { 0 } | if self.two_sided { LIGHT_NODE_TWO_SIDED } else { 0 };
        let numbers = [center.x, center.y, center.z, radius, axis.x, axis.y, axis.z, (self.power * scale) as f32];
        let mut words: Words = [0; LIGHT_NODE_WORDS as usize];
        words[..8].copy_from_slice(&numbers.map(f32::to_bits));
        words[8..].copy_from_slice(&[cosine(self.theta_o).to_bits(), cosine(self.theta_e).to_bits(), child, flags]);
        words
    }
}

/// The least cone that holds two (Pharr et al. 2023, section 3.8.4).
fn cone_around(a: (DVec3, f64), b: (DVec3, f64)) -> (DVec3, f64) {
    let apart = libm::acos(a.0.dot(b.0).clamp(-1.0, 1.0));
    if (apart + b.1).min(PI) <= a.1 {
        return a;
    }
    if (apart + a.1).min(PI) <= b.1 {
        return b;
    }
    let half = 0.5 * (a.1 + apart + b.1);
    let across = a.0.cross(b.0);
    if half >= PI || across.length_squared() < 1e-24 {
        return (a.0, PI);
    }
    // `a` turned towards `b`.
    let turn = half - a.1;
    let side = across.normalize().cross(a.0);
    ((a.0 * libm::cos(turn) + side * libm::sin(turn)).normalize(), half)
}

/// The tree: nodes as kernels read them, the root first and siblings side by side, and the way to each light, from the lowest bit on: 0
/// for the first of two.
pub(crate) struct Tree {
    pub nodes: Vec<Words>,
    pub trails: Vec<u32>,
}

/// A node whose lights are to be parted.
struct Open {
    node: usize,
    lights: Range<usize>,
    depth: u32,
    trail: u32,
}

/// Builds the tree of lights; their leaves hold their numbers, counted from `first`.
pub(crate) fn build(lights: &[Bound], first: u32) -> Tree {
    let mut order: Vec<u32> = (0..lights.len() as u32).collect();
    let mut tree = Tree { nodes: Vec::new(), trails: vec![0; lights.len()] };
    if lights.is_empty() {
        return tree;
    }
    // As shares of all power, so that no strength is out of the range of f32.
    let scale = 1.0 / lights.iter().map(|light| light.power).sum::<f64>();
    tree.nodes.push([0; LIGHT_NODE_WORDS as usize]);
    let mut open = vec![Open { node: 0, lights: 0..lights.len(), depth: 0, trail: 0 }];
    while let Some(Open { node, lights: range, depth, trail }) = open.pop() {
        let own = &mut order[range.clone()];
        if let [light] = own {
            tree.nodes[node] = lights[*light as usize].words(first + *light, true, scale);
            tree.trails[*light as usize] = trail;
            continue;
        }
        let whole = all(lights, own);
        let at = parted(lights, own, &whole, depth);
        let child = tree.nodes.len();
        tree.nodes[node] = whole.words(child as u32, false, scale);
        tree.nodes.extend([[0; LIGHT_NODE_WORDS as usize]; 2]);
        let middle = range.start + at;
        open.push(Open { node: child, lights: range.start..middle, depth: depth + 1, trail });
        open.push(Open { node: child + 1, lights: middle..range.end, depth: depth + 1, trail: trail | 1 << depth });
    }
    tree
}

fn all(lights: &[Bound], own: &[u32]) -> Bound {
    let mut own = own.iter().map(|light| &lights[*light as usize]);
    let Some(first) = own.next() else { unreachable!("a node has lights") };
    own.fold(*first, |all, light| all.and(light))
}

/// Parts lights in two, both with some, and tells how many come first.
fn parted(lights: &[Bound], own: &mut [u32], whole: &Bound, depth: u32) -> usize {
    let middle = |light: u32| {
        let bound = &lights[light as usize];
        0.5 * (bound.min + bound.max)
    };
    let (low, high) = own
        .iter()
        .map(|light| middle(*light))
        .fold((DVec3::INFINITY, DVec3::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    let extent = high - low;
    let longest = (0..3).max_by(|a, b| extent[*a].total_cmp(&extent[*b])).unwrap_or(0);
    // As deep as a trail is long: from there on by halves.
    let is_deep = depth + (own.len() as u32).ilog2() + 2 > LIGHT_TREE_DEPTH;
    let mut best: Option<(f64, usize, usize)> = None;
    for axis in (0..3).filter(|axis| own.len() <= MANY || *axis == longest) {
        if is_deep || extent[axis] <= 0.0 {
            continue;
        }
        let mut bins: [Option<Bound>; BINS] = [None; BINS];
        for light in own.iter() {
            let bin = &mut bins[bin_of(middle(*light)[axis], low[axis], extent[axis])];
            let bound = &lights[*light as usize];
            *bin = Some(bin.map_or(*bound, |bin| bin.and(bound)));
        }
        // A box that is long in another direction is parted badly here (equation 3).
        let size = whole.max - whole.min;
        let stretch = size.max_element() / size[axis].max(1e-30);
        let join = |a: Option<Bound>, b: &Option<Bound>| match (a, b) {
            (Some(a), Some(b)) => Some(a.and(b)),
            (a, b) => a.or(*b),
        };
        for at in 1..BINS {
            let sides = (bins[..at].iter().fold(None, join), bins[at..].iter().fold(None, join));
            if let (Some(left), Some(right)) = sides {
                let cost = (left.cost() + right.cost()) * stretch;
                if cost.is_finite() && best.is_none_or(|(least, ..)| cost < least) {
                    best = Some((cost, axis, at));
                }
            }
        }
    }
    match best {
        Some((_, axis, at)) => {
            let is_left = |light: &u32| bin_of(middle(*light)[axis], low[axis], extent[axis]) < at;
            // Both keep their order, so the tree does not depend on how it is made.
            let (left, right): (Vec<u32>, Vec<u32>) = own.iter().partition(|light| is_left(light));
            own[..left.len()].copy_from_slice(&left);
            own[left.len()..].copy_from_slice(&right);
            left.len()
        }
        None => {
            own.sort_by(|a, b| middle(*a)[longest].total_cmp(&middle(*b)[longest]));
            own.len() / 2
        }
    }
}

fn bin_of(at: f64, low: f64, extent: f64) -> usize {
    (((at - low) / extent * BINS as f64) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lamp(at: [f64; 3], axis: DVec3, power: f64) -> Bound {
        let at = DVec3::from(at);
        let half = DVec3::splat(0.1);
        Bound { min: at - half, max: at + half, axis, theta_o: 0.0, theta_e: 0.5 * PI, power, two_sided: false }
    }

    #[test]
    fn a_cone_around_two_holds_both_and_no_more() {
        let at = |degrees: f64| DVec3::new(libm::cos(degrees.to_radians()), libm::sin(degrees.to_radians()), 0.0);
        let (axis, theta) = cone_around((at(0.0), 10f64.to_radians()), (at(60.0), 20f64.to_radians()));
        assert!((theta.to_degrees() - 45.0).abs() < 1e-9, "from -10 to 80 degrees");
        assert!((axis - at(35.0)).length() < 1e-9);
        let (_, theta) = cone_around((at(0.0), 50f64.to_radians()), (at(20.0), 20f64.to_radians()));
        assert!((theta.to_degrees() - 50.0).abs() < 1e-9, "one holds the other");
        assert_eq!(cone_around((at(0.0), 1.0), (at(180.0), 1.0)).1, PI);
    }

    #[test]
    fn every_light_is_at_the_end_of_its_trail_and_within_all_bounds() {
        let mut lights: Vec<Bound> = (0..500)
            .map(|i| {
                let x = f64::from(i * 7919 % 1000) * 0.1;
                lamp([x, f64::from(i % 13), f64::from(i % 7)], -DVec3::Y, f64::from(1 + i % 5))
            })
            .collect();
        // Many in one place can be parted by nothing but their numbers.
        lights.extend(vec![lamp([1.0; 3], DVec3::X, 1e-3); 5000]);
        let tree = build(&lights, 3);
        assert_eq!(tree.nodes.len(), 2 * lights.len() - 1);
        let power: f64 = lights.iter().map(|light| light.power).sum();
        let float = |word: u32| f64::from(f32::from_bits(word));
        for (number, (light, trail)) in lights.iter().zip(&tree.trails).enumerate() {
            let (mut node, mut trail, mut depth) = (0usize, *trail, 0);
            loop {
                let words = &tree.nodes[node];
                let center = DVec3::new(float(words[0]), float(words[1]), float(words[2]));
                let reach = (light.max - center).abs().max((light.min - center).abs()).length();
                assert!(reach <= float(words[3]) * 1.000_001, "{number}: {reach} of {}", float(words[3]));
                assert!(float(words[7]) >= light.power / power * 0.999);
                if words[11] & LIGHT_NODE_LEAF != 0 {
                    assert_eq!(words[10], number as u32 + 3);
                    break;
                }
                node = words[10] as usize + (trail & 1) as usize;
                (trail, depth) = (trail >> 1, depth + 1);
            }
            assert!(depth <= LIGHT_TREE_DEPTH, "{depth}");
        }
        assert!(build(&[], 0).nodes.is_empty());
    }

    #[test]
    fn lights_that_belong_together_stay_together() {
        // Two clusters of lamps: the root parts them.
        let cluster = |x: f64| (0..20).map(move |i| lamp([x + f64::from(i) * 0.01, 0.0, 0.0], DVec3::Y, 1.0));
        let lights: Vec<Bound> = cluster(0.0).chain(cluster(50.0)).collect();
        let tree = build(&lights, 0);
        let side = |number: usize| tree.trails[number] & 1;
        assert!((0..20).all(|i| side(i) == side(0)) && (20..40).all(|i| side(i) != side(0)));
    }
}
