//! Places on a surface or in a volume, spread at random.
//!
//! Candidate `i` is a pure function of the seed and `i`, and every decision about it (its density, its cluster, its
//! prototype, how it is turned) reads random numbers of its own. So whatever changes, only those things change that the
//! change is about.

mod avoid;
mod cluster;
mod columns;
mod density;
mod surface;
mod volume;

use std::f64::consts::{PI, TAU};
use std::ops::Range;

use glam::{Affine3A, DAffine3, DQuat, DVec3};
use rayon::prelude::*;

use super::error::{GeometryError, check_count, check_range, quantity};
use super::random::{key_of, unit};
use crate::Mesh;
use cluster::{SurfaceClusters, VolumeClusters};
use density::Field;
use surface::Surface;
use volume::Volume;

pub use avoid::Avoid;
pub use cluster::{Clusters, MOST_CLUSTERS};
pub use density::{Density, DensityMap, DensityNoise, WIDEST_MAP};

/// How to spread things.
#[derive(Clone, Debug, PartialEq)]
pub struct ScatterParams {
    /// Number of things, 0..=10 million.
    pub count: u32,
    /// Least distance between two things, metres; 0 for none.
    pub spacing: f64,
    /// Key of the random numbers: the path id of the scatter and the user's seed.
    pub seed: String,
    /// Least and steepest slope that is used, radians from level ground; pi uses everything. Of surfaces only.
    pub slope: [f64; 2],
    /// Lowest and highest y that is used, metres.
    pub height: [f64; 2],
    /// Where more of them are, and where fewer.
    pub density: Density,
    /// They stand in clusters.
    pub clusters: Option<Clusters>,
    /// Share of each prototype, 0..=1 million; empty for one prototype.
    pub weights: Vec<f64>,
    /// What they stay clear of.
    pub avoid: Option<Avoid>,
    /// 0 all face the same way .. 1 any way.
    pub yaw_jitter: f64,
    /// Greatest lean out of the upright, radians, 0..=pi.
    pub tilt: f64,
    /// Smallest and largest scale.
    pub scale: [f64; 2],
    /// 0 upright .. 1 along the surface's normal. Of surfaces only.
    pub align: f64,
    /// How far they are sunk in along the surface's normal, metres. Of surfaces only.
    pub sink: f64,
}

impl Default for ScatterParams {
    fn default() -> Self {
        Self {
            count: 100,
            spacing: 0.0,
            seed: String::new(),
            slope: [0.0, PI],
            height: [f64::NEG_INFINITY, f64::INFINITY],
            density: Density::default(),
            clusters: None,
            weights: Vec::new(),
            avoid: None,
            yaw_jitter: 1.0,
            tilt: 0.0,
            scale: [1.0, 1.0],
            align: 0.0,
            sink: 0.0,
        }
    }
}

/// One placed thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScatterItem {
    /// Number of its candidate: it stays what it is when others come or go. Indices rise, with gaps where a candidate
    /// found no place.
    pub index: u32,
    /// Which of the prototypes.
    pub prototype: u32,
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
    /// How many of `count` were left out because they stand in what is avoided.
    pub avoided: u32,
}

/// Candidates in a row that were too close to others, after which it counts as full.
const FULL_AFTER: u64 = 20_000;
/// No search looks at more such candidates than this many per thing.
const DARTS_PER_ITEM: u64 = 32;
/// Candidates in a row where nothing may stand, after which there is no such place.
const BARREN_AFTER: u64 = 1 << 20;
/// No search looks at more candidates than this.
const MOST_CANDIDATES: u64 = 1 << 29;
/// Candidates that one thread makes in a row.
const BLOCK: u64 = 256;

/// Spreads things over `surface`, equally by area times density.
///
/// A candidate is taken with the probability of the density at its place, and when no earlier one that was taken is
/// closer than the spacing (dart throwing: Cook, "Stochastic Sampling in Computer Graphics", 1986). So a larger
/// count appends things and moves none, and the number of threads does not matter. What is avoided is left out
/// afterwards and not replaced.
///
/// # Errors
/// When a parameter is out of range or no part of the surface is usable.
pub fn scatter(surface: &Mesh, params: &ScatterParams) -> Result<Scatter, GeometryError> {
    check(params)?;
    if params.count == 0 {
        return Ok(Scatter::default());
    }
    let key = key_of(&params.seed);
    let surface = Surface::new(surface, params.slope, params.height)?;
    let density = Field::new(&params.density, key, surface.extent())?;
    match params.clusters {
        None => Ok(taken(params, key, &density, &|all| {
            let stays = |i| Some((i, surface.candidate(key, i)?));
            all.filter_map(stays).collect()
        })),
        Some(clusters) => {
            let clusters = SurfaceClusters::new(&surface, &density, clusters, key)?;
            Ok(taken(params, key, &density, &|all| clusters.candidates(key, all).collect()))
        }
    }
}

/// Spreads things inside of the closed mesh `volume`, equally by volume times density, as [`scatter`] does on a surface.
/// A point is inside when the surface winds around it, so meshes that overlap are one volume.
///
/// # Errors
/// When a parameter is out of range or the mesh is not closed.
pub fn scatter_in(volume: &Mesh, params: &ScatterParams) -> Result<Scatter, GeometryError> {
    check(params)?;
    if params.count == 0 {
        return Ok(Scatter::default());
    }
    let key = key_of(&params.seed);
    let volume = Volume::new(volume, params.height)?;
    let density = Field::new(&params.density, key, volume.extent())?;
    match params.clusters {
        None => Ok(taken(params, key, &density, &|all| {
            let stays = |i| Some((i, volume.candidate(key, i)?));
            all.filter_map(stays).collect()
        })),
        Some(clusters) => {
            let clusters = VolumeClusters::new(&volume, &density, clusters, key)?;
            Ok(taken(params, key, &density, &|all| {
                let stays = |i| Some((i, clusters.candidate(key, i)?));
                all.filter_map(stays).collect()
            }))
        }
    }
}

/// Takes candidates, first come, first served, until there are enough or no room is left. `candidates` gives those of
/// the numbers it is given that have a place, in their order; `density` says which of them stay.
fn taken(
    params: &ScatterParams,
    key: u64,
    density: &Field,
    candidates: &(dyn Fn(Range<u64>) -> Vec<(u64, Candidate)> + Sync),
) -> Scatter {
    let count = u64::from(params.count);
    let mut room = Taken::new(params.spacing, params.count);
    let mut found: Vec<(u32, Candidate)> = Vec::new();
    let (mut next, mut darts, mut in_vain, mut barren) = (0, 0, 0, 0);
    let budget = DARTS_PER_ITEM * count + FULL_AFTER;
    'all: while next < MOST_CANDIDATES {
        // As many as are likely to be enough. The result does not depend on it.
        let wanted = (count - found.len() as u64) * (next + 1) / (found.len() as u64 + 1);
        let batch = wanted.clamp(256, 65_536).min(MOST_CANDIDATES - next);
        let end = next + batch;
        let block = |k: u64| {
            let mut placed = candidates(next + k * BLOCK..end.min(next + (k + 1) * BLOCK));
            placed.retain(|(i, c)| density.keeps(key, *i, c.position));
            placed
        };
        let blocks: Vec<Vec<(u64, Candidate)>> = (0..batch.div_ceil(BLOCK)).into_par_iter().map(block).collect();
        // From here on `next` is the first number that was not looked at.
        for (i, candidate) in blocks.into_iter().flatten() {
            if barren + (i - next) >= BARREN_AFTER {
                break 'all;
            }
            (barren, next, darts) = (0, i + 1, darts + 1);
            if room.take(candidate.position) {
                in_vain = 0;
                found.push((i as u32, candidate));
            } else {
                in_vain += 1;
            }
            if found.len() as u64 == count || in_vain == FULL_AFTER || darts == budget {
                break 'all;
            }
        }
        (barren, next) = (barren + (end - next), end);
        if barren >= BARREN_AFTER {
            break;
        }
    }
    let is_clear = |c: &Candidate| params.avoid.as_ref().is_none_or(|avoid| !avoid.holds(c.position));
    let item = |(index, candidate): &(u32, Candidate)| {
        is_clear(candidate).then(|| {
            let i = u64::from(*index);
            let prototype = chosen(&params.weights, key, i);
            ScatterItem { index: *index, prototype, transform: placed(candidate, key, i, params) }
        })
    };
    let items: Vec<ScatterItem> = found.par_iter().filter_map(item).collect();
    let avoided = (found.len() - items.len()) as u32;
    Scatter { items, missing: params.count - found.len() as u32, avoided }
}

fn check(params: &ScatterParams) -> Result<(), GeometryError> {
    check_count("count", params.count, 0, 10_000_000)?;
    check_range("spacing", params.spacing, 0.0, 1e6, "m")?;
    check_range("slope", params.slope[0], 0.0, PI, "rad")?;
    check_range("slope", params.slope[1], params.slope[0], PI, "rad")?;
    check_range("yaw_jitter", params.yaw_jitter, 0.0, 1.0, "")?;
    check_range("tilt", params.tilt, 0.0, PI, "rad")?;
    check_range("align", params.align, 0.0, 1.0, "")?;
    check_range("sink", params.sink, -1e6, 1e6, "m")?;
    check_range("scale", params.scale[0], 1e-6, 1e6, "")?;
    check_range("scale", params.scale[1], params.scale[0], 1e6, "")?;
    for weight in &params.weights {
        check_range("weights", *weight, 0.0, 1e6, "")?;
    }
    if !params.weights.is_empty() && params.weights.iter().all(|w| *w == 0.0) {
        return Err(GeometryError::Unusable { parameter: "weights", problem: "are all 0".to_owned() });
    }
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

#[derive(Clone, Copy)]
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
    pub const DENSITY: u64 = 5;
    pub const CLUSTER: u64 = 6;
    pub const KERNEL: u64 = 7;
    pub const KERNEL_ANGLE: u64 = 8;
    pub const KERNEL_UP: u64 = 9;
    pub const KERNEL_UP_ANGLE: u64 = 10;
    pub const TILT: u64 = 11;
    pub const TILT_AXIS: u64 = 12;
    /// The first of one for each prototype.
    pub const PROTOTYPE: u64 = 1 << 32;
}

fn corners_of(mesh: &Mesh, triangle: usize) -> Option<[DVec3; 3]> {
    let [a, b, c] = mesh.triangles[triangle].map(|i| mesh.positions.get(i as usize));
    Some([a?, b?, c?].map(|p| DVec3::from(p.map(f64::from))))
}

/// The prototype of a candidate: that with the least `-ln(u) / weight`, whose chance is its share of the weights. Each
/// prototype has its own `u`, so a larger weight takes things from the others, and none changes between two others
/// (weighted rendezvous hashing: Schindelhauer and Schomaker, "Weighted Distributed Hash Tables", 2005).
fn chosen(weights: &[f64], key: u64, index: u64) -> u32 {
    if weights.len() < 2 {
        return 0;
    }
    let score = |(which, weight): (usize, &f64)| {
        let u = 1.0 - unit(key, index, dimension::PROTOTYPE + which as u64);
        (which as u32, -libm::log(u) / weight)
    };
    let scores = weights.iter().enumerate().filter(|(_, w)| **w > 0.0).map(score);
    scores.min_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(which, _)| which)
}

fn placed(candidate: &Candidate, key: u64, index: u64, params: &ScatterParams) -> Affine3A {
    let up = DVec3::Y.lerp(candidate.normal, params.align).normalize_or(DVec3::Y);
    let half_yaw = 0.5 * TAU * params.yaw_jitter * unit(key, index, dimension::YAW);
    let yaw = DQuat::from_xyzw(0.0, libm::sin(half_yaw), 0.0, libm::cos(half_yaw));
    let mut rotation = DQuat::from_rotation_arc(DVec3::Y, up) * yaw;
    if params.tilt > 0.0 {
        // After the yaw, about a level axis: the lean is `tilt` at most whatever way a thing faces.
        let half = 0.5 * params.tilt * unit(key, index, dimension::TILT);
        let (axis, sin) = (TAU * unit(key, index, dimension::TILT_AXIS), libm::sin(half));
        let lean = DQuat::from_xyzw(sin * libm::cos(axis), 0.0, sin * libm::sin(axis), libm::cos(half));
        rotation = DQuat::from_rotation_arc(DVec3::Y, up) * lean * yaw;
    }
    let scale = params.scale[0] + (params.scale[1] - params.scale[0]) * unit(key, index, dimension::SCALE);
    let position = candidate.position - candidate.normal * params.sink;
    DAffine3::from_scale_rotation_translation(DVec3::splat(scale), rotation, position).as_affine3a()
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
