//! Things that stand in clusters.
//!
//! A Thomas process (Thomas, "A Generalization of Poisson's Binomial Limit for Use in Ecology", 1949) with a given number
//! of things: each belongs to one centre, and is normally distributed around it. The normal distribution ends at three
//! standard deviations, where 1 % of it is left on a surface and 3 % in space.

use std::f64::consts::TAU;
use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use glam::DVec3;
use rayon::prelude::*;

use super::columns::{Columns, distance_squared};
use super::density::Field;
use super::surface::{Surface, weights_of};
use super::volume::Volume;
use super::{Candidate, corners_of, dimension};
use crate::Mesh;
use crate::geometry::error::{GeometryError, check_count, check_length};
use crate::geometry::random::{bits, mix, unit};

/// Most clusters of one scatter.
pub const MOST_CLUSTERS: u32 = 100_000;
/// Pieces of triangles in all clusters together, about 2 GB.
const MOST_PIECES: usize = 20_000_000;
/// Where the normal distribution ends.
const REACH: f64 = 3.0;
/// Places that are tried for one centre.
const TRIES: u64 = 1 << 12;
/// Centres in a row without a place, after which there is none for the others.
const HOMELESS: usize = 64;

/// Clusters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clusters {
    /// How many, 1..=100,000.
    pub count: u32,
    /// Two standard deviations, metres: 6 of 7 things on level ground are nearer to their centre.
    pub radius: f64,
}

impl Clusters {
    fn check(self) -> Result<f64, GeometryError> {
        check_count("clusters", self.count, 1, MOST_CLUSTERS)?;
        check_length("cluster", self.radius)?;
        Ok(0.5 * self.radius)
    }

    /// Centres, each the first of its own candidates that stays; `None` when none does.
    fn centres(self, key: u64, field: &Field<'_>, at: impl Fn(u64, u64) -> Option<Candidate>) -> Vec<Option<DVec3>> {
        let key = mix(key ^ dimension::CLUSTER);
        let centre = |k: u64| {
            let mut tries = (k * TRIES..(k + 1) * TRIES).filter_map(|i| Some((i, at(key, i)?)));
            tries.find(|(i, c)| field.keeps(key, *i, c.position)).map(|(_, c)| c.position)
        };
        let mut centres = Vec::with_capacity(self.count as usize);
        let mut homeless = 0;
        for k in 0..u64::from(self.count) {
            let found = if homeless < HOMELESS { centre(k) } else { None };
            homeless = if found.is_some() { 0 } else { homeless + 1 };
            centres.push(found);
        }
        centres
    }
}

/// The cluster of a candidate. Of `count + 1` clusters the last takes its share evenly from the others, and nothing else
/// changes (jump consistent hash: Lamping and Veach, "A Fast, Minimal Memory, Consistent Hash Algorithm", 2014).
fn cluster_of(key: u64, index: u64, count: usize) -> usize {
    let mut state = bits(key, index, dimension::CLUSTER);
    let (mut found, mut next) = (0, 0);
    while next < count as u64 {
        found = next;
        state = state.wrapping_mul(0x27bb_2ee6_87b0_b0fd).wrapping_add(1);
        next = ((found + 1) as f64 * ((1u64 << 31) as f64 / ((state >> 33) + 1) as f64)) as u64;
    }
    found as usize
}

/// A part of a triangle near a centre.
struct Piece {
    triangle: u32,
    corners: [DVec3; 3],
}

/// Equal shares of a cluster's area, in the order of its pieces, of which each has a bound of its own: 64 bytes for a
/// cluster, a line of the cache. Candidates come to clusters at random, so what they wait for is memory, and the bounds
/// of thousands of clusters fit into a core's cache where pieces do not.
const SHARES: usize = 64;

/// What one cluster has of a surface.
struct Patch {
    centre: DVec3,
    area: f64,
    /// For each share the piece in which it begins (a guide table: Chen and Asau, "On Generating Random Variates from an
    /// Empirical Distribution", 1974).
    begins: [u32; SHARES],
    /// Area of each piece and those before it. By itself: a search reads many areas and one piece.
    cumulative: Vec<f64>,
    pieces: Vec<Piece>,
}

/// Clusters on a surface.
pub(super) struct SurfaceClusters<'a> {
    surface: &'a Surface<'a>,
    /// `None` of a cluster without a centre, or without area around it.
    patches: Vec<Option<Patch>>,
    /// For each share of each cluster the greatest probability with which the normal distribution keeps a candidate
    /// there, in 256ths, rounded down.
    most: Vec<[u8; SHARES]>,
    sigma: f64,
}

impl<'a> SurfaceClusters<'a> {
    pub fn new(
        surface: &'a Surface<'a>,
        field: &Field<'_>,
        clusters: Clusters,
        key: u64,
    ) -> Result<Self, GeometryError> {
        let sigma = clusters.check()?;
        let centres = clusters.centres(key, field, |key, i| surface.candidate(key, i));
        let columns = Columns::new(surface.mesh, surface.triangles.iter().copied(), 0.0);
        // What is beyond the limit is not kept: each thread makes one patch too many at most.
        let pieces = AtomicUsize::new(0);
        let patch = |centre: &Option<DVec3>| {
            if pieces.load(Ordering::Relaxed) > MOST_PIECES {
                return None;
            }
            let patch = Patch::new(surface.mesh, &columns, (*centre)?, REACH * sigma)?;
            pieces.fetch_add(patch.pieces.len(), Ordering::Relaxed);
            Some(patch)
        };
        let patches: Vec<Option<Patch>> = centres.par_iter().map(patch).collect();
        if pieces.into_inner() > MOST_PIECES {
            let problem = "cover too much of so fine a surface; make them fewer or smaller".to_owned();
            return Err(GeometryError::Unusable { parameter: "clusters", problem });
        }
        let most = patches.par_iter().map(|p| p.as_ref().map_or([0; SHARES], |p| p.most(sigma))).collect();
        Ok(Self { surface, patches, most, sigma })
    }

    /// The candidates of these numbers that stay.
    ///
    /// Step by step for all of them, not one after the other: what one step reads of one candidate does not wait for
    /// what it reads of another, so a core can fetch several places of memory at a time.
    pub fn candidates(&self, key: u64, indices: Range<u64>) -> impl Iterator<Item = (u64, Candidate)> {
        let likely: Vec<(u64, usize, usize)> = indices
            .map(|index| {
                let cluster = cluster_of(key, index, self.patches.len());
                (index, cluster, (unit(key, index, dimension::TRIANGLE) * SHARES as f64) as usize)
            })
            // Many of those that fall away below are known by their bound, without a look at their piece.
            .filter(|(index, cluster, share)| {
                (unit(key, *index, dimension::KERNEL) * 256.0) as u8 <= self.most[*cluster][*share]
            })
            .collect();
        let ends: Vec<(u64, &Patch, (usize, usize))> = likely
            .into_iter()
            .filter_map(|(index, cluster, share)| {
                let patch = self.patches[cluster].as_ref()?;
                Some((index, patch, patch.ends(share)))
            })
            .collect();
        let pieces: Vec<(u64, DVec3, &Piece)> = ends
            .into_iter()
            .map(|(index, patch, ends)| (index, patch.centre, patch.piece(unit(key, index, dimension::TRIANGLE), ends)))
            .collect();
        let places: Vec<(u64, f64, u32, DVec3)> = pieces
            .into_iter()
            .map(|(index, centre, piece)| {
                let [u, v, w] = weights_of(key, index);
                let position = piece.corners[0] * u + piece.corners[1] * v + piece.corners[2] * w;
                let square = position.distance_squared(centre) / (self.sigma * self.sigma);
                (index, square, piece.triangle, position)
            })
            .collect();
        places.into_iter().filter_map(move |(index, square, triangle, position)| {
            // Even over the surface so far: what stays is normally distributed, also on ground that is folded.
            if square > REACH * REACH || unit(key, index, dimension::KERNEL) >= libm::exp(-0.5 * square) {
                return None;
            }
            let corners = corners_of(self.surface.mesh, triangle as usize)?;
            let weights = barycentric(position, corners);
            Some((index, self.surface.at(triangle as usize, corners, weights, position)?))
        })
    }
}

impl Patch {
    /// What is within `reach` of `centre`; `None` when nothing is.
    fn new(mesh: &Mesh, columns: &Columns, centre: DVec3, reach: f64) -> Option<Self> {
        let mut near: Vec<u32> = columns.around(centre.x, centre.z, reach).collect();
        near.sort_unstable();
        near.dedup();
        let (mut pieces, mut cumulative, mut sum) = (Vec::new(), Vec::new(), 0.0);
        for triangle in near {
            let Some(corners) = corners_of(mesh, triangle as usize) else { continue };
            let polygon = clipped(corners, centre, reach);
            for i in 2..polygon.len() {
                let corners = [polygon[0], polygon[i - 1], polygon[i]];
                // Nothing of it is within reach: about half of the box is outside of the ball.
                if distance_squared(centre, corners) > reach * reach {
                    continue;
                }
                sum += 0.5 * (corners[1] - corners[0]).cross(corners[2] - corners[0]).length();
                pieces.push(Piece { triangle, corners });
                cumulative.push(sum);
            }
        }
        let area = *cumulative.last()?;
        let begin = |share: usize| {
            let target = share as f64 / SHARES as f64 * area;
            cumulative.partition_point(|sum| *sum <= target).min(pieces.len() - 1) as u32
        };
        let begins = std::array::from_fn(begin);
        Some(Self { centre, area, begins, cumulative, pieces })
    }

    /// The pieces in which a share begins and ends.
    fn ends(&self, share: usize) -> (usize, usize) {
        let end = self.begins.get(share + 1).map_or(self.pieces.len() - 1, |begin| *begin as usize);
        (self.begins[share] as usize, end)
    }

    /// The piece at `along` of the area, 0..1, in a share that has these ends.
    fn piece(&self, along: f64, (from, to): (usize, usize)) -> &Piece {
        let target = along * self.area;
        &self.pieces[from + self.cumulative[from..to].partition_point(|sum| *sum <= target)]
    }

    /// See [`SurfaceClusters::most`].
    fn most(&self, sigma: f64) -> [u8; SHARES] {
        // Candidates are rounded, so one may lie outside of its piece by some 1e-16 of its coordinates.
        let hair = 1e-12 * (self.centre.abs().max_element() + REACH * sigma);
        let keeps = |piece: &Piece| {
            let [a, b, c] = piece.corners;
            let outside = (a.min(b).min(c) - self.centre).max(self.centre - a.max(b).max(c)) - hair;
            let square = outside.max(DVec3::ZERO).length_squared() / (sigma * sigma);
            libm::exp(-0.5 * square) * (1.0 + 1e-9)
        };
        let keeps: Vec<f64> = self.pieces.iter().map(keeps).collect();
        std::array::from_fn(|share| {
            let (from, to) = self.ends(share);
            // A cast saturates.
            (keeps[from..=to].iter().copied().fold(0.0, f64::max) * 256.0) as u8
        })
    }
}

/// The part of a triangle within `reach` of `centre` along every axis, a convex polygon (Sutherland and Hodgman, "Reentrant
/// Polygon Clipping", 1974).
fn clipped(corners: [DVec3; 3], centre: DVec3, reach: f64) -> Vec<DVec3> {
    let mut polygon = corners.to_vec();
    for axis in 0..3 {
        for sign in [1.0, -1.0] {
            let inside = |p: &DVec3| reach - sign * (p[axis] - centre[axis]);
            if polygon.iter().all(|p| inside(p) >= 0.0) {
                continue;
            }
            let mut next = Vec::with_capacity(polygon.len() + 1);
            for (i, p) in polygon.iter().enumerate() {
                let q = &polygon[(i + 1) % polygon.len()];
                let (at_p, at_q) = (inside(p), inside(q));
                if at_p >= 0.0 {
                    next.push(*p);
                }
                if (at_p >= 0.0) != (at_q >= 0.0) {
                    next.push(p.lerp(*q, at_p / (at_p - at_q)));
                }
            }
            polygon = next;
        }
    }
    polygon
}

/// Shares of the corners in a point of their triangle.
fn barycentric(p: DVec3, [a, b, c]: [DVec3; 3]) -> [f64; 3] {
    let normal = (b - a).cross(c - a);
    let square = normal.length_squared();
    let share = |from: DVec3, to: DVec3| (to - from).cross(p - from).dot(normal) / square;
    [share(b, c), share(c, a), share(a, b)]
}

/// Clusters in a volume.
pub(super) struct VolumeClusters<'a> {
    volume: &'a Volume<'a>,
    centres: Vec<Option<DVec3>>,
    sigma: f64,
}

impl<'a> VolumeClusters<'a> {
    pub fn new(volume: &'a Volume<'a>, field: &Field<'_>, clusters: Clusters, key: u64) -> Result<Self, GeometryError> {
        let sigma = clusters.check()?;
        let centres = clusters.centres(key, field, |key, i| volume.candidate(key, i));
        Ok(Self { volume, centres, sigma })
    }

    pub fn candidate(&self, key: u64, index: u64) -> Option<Candidate> {
        let centre = self.centres[cluster_of(key, index, self.centres.len())]?;
        // Normal (Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958).
        let pair = |radius: u64, angle: u64| {
            let radius = (-2.0 * libm::log(1.0 - unit(key, index, radius))).sqrt();
            let angle = TAU * unit(key, index, angle);
            (radius * libm::cos(angle), radius * libm::sin(angle))
        };
        let (x, z) = pair(dimension::KERNEL, dimension::KERNEL_ANGLE);
        let (y, _) = pair(dimension::KERNEL_UP, dimension::KERNEL_UP_ANGLE);
        let offset = DVec3::new(x, y, z);
        if offset.length_squared() > REACH * REACH {
            return None;
        }
        self.volume.at(centre + offset * self.sigma)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cluster_more_takes_its_share_and_moves_nothing_else() {
        let things = 20_000;
        let of = |count: usize| -> Vec<usize> { (0..things).map(|i| cluster_of(9, i, count)).collect() };
        let (seven, eight) = (of(7), of(8));
        assert!(seven.iter().zip(&eight).all(|(a, b)| a == b || *b == 7));
        for (count, all) in [(7, seven), (8, eight)] {
            let expected = things as f64 / count as f64;
            let chi2: f64 = (0..count)
                .map(|k| (all.iter().filter(|c| **c == k).count() as f64 - expected).powi(2) / expected)
                .sum();
            // 7 degrees of freedom: p = 0.001 at 24.3.
            assert!(chi2 < 24.3, "{chi2}");
        }
    }

    #[test]
    fn a_triangle_is_clipped_to_the_box() {
        let corners = [DVec3::ZERO, DVec3::new(8.0, 0.0, 0.0), DVec3::new(0.0, 0.0, 8.0)];
        let polygon = clipped(corners, DVec3::ZERO, 1.0);
        let area: f64 = (2..polygon.len())
            .map(|i| 0.5 * (polygon[i - 1] - polygon[0]).cross(polygon[i] - polygon[0]).length())
            .sum();
        assert!((area - 1.0).abs() < 1e-12, "{polygon:?}");
        assert!(clipped(corners, DVec3::Y * 5.0, 1.0).is_empty());
        let p = DVec3::new(1.0, 0.0, 2.0);
        let [u, v, w] = barycentric(p, corners);
        assert!((corners[0] * u + corners[1] * v + corners[2] * w).distance(p) < 1e-12);
    }
}
