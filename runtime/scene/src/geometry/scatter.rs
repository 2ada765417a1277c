//! Places on a surface, spread at random.

use std::f64::consts::{PI, TAU};

use glam::{Affine3A, DAffine3, DQuat, DVec3};
use rayon::prelude::*;

use super::error::{GeometryError, check_count, check_range, quantity};
use super::random::{key_of, unit};
use crate::Mesh;

/// How to spread things over a surface.
#[derive(Clone, Debug, PartialEq)]
pub struct ScatterParams {
    /// Number of things, 0..=10 million.
    pub count: u32,
    /// Least distance between two things, metres; 0 for none.
    pub spacing: f64,
    /// Key of the random numbers: the path id of the scatter and the user's seed.
    pub seed: String,
    /// Steepest slope that is used, radians from level ground; pi uses everything.
    pub max_slope: f64,
    /// Lowest and highest y that is used, metres.
    pub height: [f64; 2],
    /// 0 all face the same way .. 1 any way.
    pub yaw_jitter: f64,
    /// Smallest and largest scale.
    pub scale: [f64; 2],
    /// 0 upright .. 1 along the surface's normal.
    pub align: f64,
}

impl Default for ScatterParams {
    fn default() -> Self {
        Self {
            count: 100,
            spacing: 0.0,
            seed: String::new(),
            max_slope: PI,
            height: [f64::NEG_INFINITY, f64::INFINITY],
            yaw_jitter: 1.0,
            scale: [1.0, 1.0],
            align: 0.0,
        }
    }
}

/// One placed thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScatterItem {
    /// Stable index: the n-th thing has index n whatever the count.
    pub index: u32,
    /// From the thing's space (its `+Y` up, origin on the ground) to the surface's space.
    pub transform: Affine3A,
}

/// The result of [`scatter`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scatter {
    /// Placed things, by index.
    pub items: Vec<ScatterItem>,
    /// How many of `count` found no room; the caller should warn when it is not 0.
    pub missing: u32,
}

/// Candidates in a row without room after which the surface counts as full.
const FULL_AFTER: u64 = 20_000;
/// No search looks at more candidates than this many per thing.
const CANDIDATES_PER_ITEM: u64 = 32;

/// Spreads things over `surface`, equally by area.
///
/// Candidate `i` is a pure function of the seed and `i`, and it is taken when no earlier one that was taken is
/// closer than the spacing (dart throwing: Cook, "Stochastic Sampling in Computer Graphics", 1986). So a larger
/// count appends things and moves none, and the number of threads does not matter.
///
/// # Errors
/// When a parameter is out of range or no part of the surface is usable.
pub fn scatter(surface: &Mesh, params: &ScatterParams) -> Result<Scatter, GeometryError> {
    check(params)?;
    if params.count == 0 {
        return Ok(Scatter::default());
    }
    let area = Area::new(surface, params)?;
    let key = key_of(&params.seed);
    let mut taken = Taken::new(params.spacing, params.count);
    let mut items = Vec::new();
    let budget = CANDIDATES_PER_ITEM * u64::from(params.count) + FULL_AFTER;
    let (mut next, mut in_vain) = (0, 0);
    while next < budget && in_vain < FULL_AFTER && items.len() < params.count as usize {
        let batch = (params.count as u64 - items.len() as u64).clamp(256, 65_536).min(budget - next);
        let candidates: Vec<Option<Candidate>> =
            (next..next + batch).into_par_iter().map(|i| area.candidate(key, i)).collect();
        for (candidate, i) in candidates.into_iter().zip(next..) {
            match candidate {
                Some(candidate) if taken.take(candidate.position) => {
                    in_vain = 0;
                    let transform = placed(&candidate, key, i, params);
                    items.push(ScatterItem { index: items.len() as u32, transform });
                }
                _ => in_vain += 1,
            }
            if items.len() == params.count as usize || in_vain == FULL_AFTER {
                break;
            }
        }
        next += batch;
    }
    let missing = params.count - items.len() as u32;
    Ok(Scatter { items, missing })
}

fn check(params: &ScatterParams) -> Result<(), GeometryError> {
    check_count("count", params.count, 0, 10_000_000)?;
    check_range("spacing", params.spacing, 0.0, 1e6, "m")?;
    check_range("max_slope", params.max_slope, 0.0, PI, "rad")?;
    check_range("yaw_jitter", params.yaw_jitter, 0.0, 1.0, "")?;
    check_range("align", params.align, 0.0, 1.0, "")?;
    check_range("scale", params.scale[0], 1e-6, 1e6, "")?;
    check_range("scale", params.scale[1], params.scale[0], 1e6, "")?;
    let [low, high] = params.height;
    if low.is_nan() || high.is_nan() || low > high {
        return Err(GeometryError::OutOfRange {
            parameter: "height",
            given: format!("{} to {}", quantity(low, "m"), quantity(high, "m")),
            legal: "the lower limit first".to_owned(),
        });
    }
    Ok(())
}

struct Candidate {
    position: DVec3,
    normal: DVec3,
}

/// What the random numbers of one candidate are for.
mod dimension {
    pub const TRIANGLE: u64 = 0;
    pub const U: u64 = 1;
    pub const V: u64 = 2;
    pub const YAW: u64 = 3;
    pub const SCALE: u64 = 4;
}

/// The usable triangles with their cumulative areas.
struct Area<'a> {
    surface: &'a Mesh,
    triangles: Vec<u32>,
    cumulative: Vec<f64>,
    height: [f64; 2],
}

impl<'a> Area<'a> {
    fn new(surface: &'a Mesh, params: &ScatterParams) -> Result<Self, GeometryError> {
        let mut area = Self { surface, triangles: Vec::new(), cumulative: Vec::new(), height: params.height };
        let cos_limit = libm::cos(params.max_slope) - 1e-9;
        let mut sum = 0.0;
        for index in 0..surface.triangles.len() {
            let Some([a, b, c]) = corners_of(surface, index) else { continue };
            let normal = (b - a).cross(c - a);
            let double = normal.length();
            let (low, high) = (a.y.min(b.y).min(c.y), a.y.max(b.y).max(c.y));
            let usable = double.is_finite()
                && double > 0.0
                && normal.y / double >= cos_limit
                && high >= params.height[0]
                && low <= params.height[1];
            if usable {
                sum += double * 0.5;
                area.triangles.push(index as u32);
                area.cumulative.push(sum);
            }
        }
        if area.triangles.is_empty() || !sum.is_finite() {
            return Err(GeometryError::Unusable {
                parameter: "surface",
                problem: "has no area within the slope and height limits".to_owned(),
            });
        }
        Ok(area)
    }

    fn candidate(&self, key: u64, index: u64) -> Option<Candidate> {
        let total = self.cumulative[self.cumulative.len() - 1];
        let target = unit(key, index, dimension::TRIANGLE) * total;
        let found = self.cumulative.partition_point(|&sum| sum <= target).min(self.triangles.len() - 1);
        let triangle = self.triangles[found] as usize;
        let [a, b, c] = corners_of(self.surface, triangle)?;
        // Uniform in a triangle (Turk, "Generating Random Points in Triangles", Graphics Gems, 1990).
        let root = unit(key, index, dimension::U).sqrt();
        let v = unit(key, index, dimension::V);
        let weights = [1.0 - root, root * (1.0 - v), root * v];
        let position = a * weights[0] + b * weights[1] + c * weights[2];
        if position.y < self.height[0] || position.y > self.height[1] {
            return None;
        }
        let flat = (b - a).cross(c - a);
        let normals = &self.surface.normals;
        let smooth: DVec3 = self.surface.triangles[triangle]
            .iter()
            .zip(weights)
            .map(|(&i, w)| normals.get(i as usize).map_or(DVec3::ZERO, |n| DVec3::from(n.map(f64::from)) * w))
            .sum();
        Some(Candidate { position, normal: smooth.normalize_or(flat.normalize_or(DVec3::Y)) })
    }
}

fn corners_of(mesh: &Mesh, triangle: usize) -> Option<[DVec3; 3]> {
    let [a, b, c] = mesh.triangles[triangle].map(|i| mesh.positions.get(i as usize));
    Some([a?, b?, c?].map(|p| DVec3::from(p.map(f64::from))))
}

fn placed(candidate: &Candidate, key: u64, index: u64, params: &ScatterParams) -> Affine3A {
    let up = DVec3::Y.lerp(candidate.normal, params.align).normalize_or(DVec3::Y);
    let half_yaw = 0.5 * TAU * params.yaw_jitter * unit(key, index, dimension::YAW);
    let yaw = DQuat::from_xyzw(0.0, libm::sin(half_yaw), 0.0, libm::cos(half_yaw));
    let rotation = DQuat::from_rotation_arc(DVec3::Y, up) * yaw;
    let scale = params.scale[0] + (params.scale[1] - params.scale[0]) * unit(key, index, dimension::SCALE);
    DAffine3::from_scale_rotation_translation(DVec3::splat(scale), rotation, candidate.position).as_affine3a()
}

/// Points that were taken, in a hashed grid whose cells are as wide as the spacing: who is too close lies in one of
/// 27 cells. Two cells in one bucket only cost a comparison.
struct Taken {
    spacing: f64,
    points: Vec<DVec3>,
    /// First point of a bucket, and for each point the next one in its bucket; `NONE` ends a chain.
    first: Vec<u32>,
    next: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Taken {
    fn new(spacing: f64, count: u32) -> Self {
        let buckets = if spacing > 0.0 { (count as usize * 2).next_power_of_two() } else { 0 };
        Self { spacing, points: Vec::new(), first: vec![NONE; buckets], next: Vec::new() }
    }

    /// Takes `point` if nothing is too close.
    fn take(&mut self, point: DVec3) -> bool {
        if self.spacing == 0.0 {
            return true;
        }
        let cell = (point / self.spacing).floor().to_array().map(|c| c as i64);
        for z in -1..=1 {
            for y in -1..=1 {
                for x in -1..=1 {
                    let mut at = self.first
                        [self.bucket([cell[0].wrapping_add(x), cell[1].wrapping_add(y), cell[2].wrapping_add(z)])];
                    while at != NONE {
                        if self.points[at as usize].distance_squared(point) < self.spacing * self.spacing {
                            return false;
                        }
                        at = self.next[at as usize];
                    }
                }
            }
        }
        let bucket = self.bucket(cell);
        self.next.push(self.first[bucket]);
        self.first[bucket] = self.points.len() as u32;
        self.points.push(point);
        true
    }

    fn bucket(&self, cell: [i64; 3]) -> usize {
        let [x, y, z] = cell.map(|c| c as u64);
        let hash = x
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(y.wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
            .wrapping_add(z.wrapping_mul(0x1656_67b1_9e37_79f9));
        (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) as usize >> 20 & (self.first.len() - 1)
    }
}
