//! Profiles made of straight lines, with cut or rounded corners, and the solid turned from one.

use std::f64::consts::TAU;

use glam::DVec2;

use super::error::{GeometryError, check_count, check_range, check_triangles};
use super::revolve::{Mapping, ProfilePoint, Span, revolve, triangle_count};
use crate::Mesh;

/// A solid of revolution about `+Y` from a profile of straight lines.
///
/// `uv0` is in metres: around and along on walls, projected along the axis on flat ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Lathe {
    /// (distance from the axis, height) in metres, from the top down along the outside.
    /// An open profile that starts and ends on the axis, or a closed one, makes a closed surface.
    pub profile: Vec<[f64; 2]>,
    /// The last point is joined to the first, as for a tube or a ring.
    pub closed: bool,
    /// What every corner off the axis loses on each side, metres.
    pub chamfer: f64,
    /// Faces across a cut corner, 1..=64; above 1 the corner is round.
    pub chamfer_segments: u32,
    /// Faces around, 3..=4096.
    pub segments: u32,
}

impl Default for Lathe {
    fn default() -> Self {
        Self {
            profile: vec![[0.0, 0.5], [0.5, 0.5], [0.5, -0.5], [0.0, -0.5]],
            closed: false,
            chamfer: 0.0,
            chamfer_segments: 1,
            segments: 48,
        }
    }
}

impl Lathe {
    /// The mesh.
    ///
    /// # Errors
    /// When a parameter is out of range, the profile crosses the axis, has fewer than two points or repeats one.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_count("segments", self.segments, 3, 4096)?;
        check_count("chamfer_segments", self.chamfer_segments, 1, 64)?;
        let spans = self.spans()?;
        check_triangles("segments", triangle_count(&spans, self.segments))?;
        Ok(revolve(&spans, self.segments).finish())
    }

    fn spans(&self) -> Result<Vec<Span>, GeometryError> {
        let fewest = if self.closed { 3 } else { 2 };
        if !(fewest..=10_000).contains(&self.profile.len()) {
            return Err(GeometryError::Unusable {
                parameter: "profile",
                problem: format!("has {} points; it must have {fewest} to 10000", self.profile.len()),
            });
        }
        for point in &self.profile {
            check_range("profile", point[0], 0.0, 1e6, "m")?;
            check_range("profile", point[1], -1e6, 1e6, "m")?;
        }
        let points: Vec<DVec2> = self.profile.iter().map(|&p| DVec2::from(p)).collect();
        let count = points.len();
        let edge_count = if self.closed { count } else { count - 1 };
        let lengths: Vec<f64> = (0..edge_count).map(|i| points[i].distance(points[(i + 1) % count])).collect();
        if let Some(i) = lengths.iter().position(|&l| l < 1e-9) {
            return Err(GeometryError::Unusable {
                parameter: "profile",
                problem: format!("has points {} and {} in one place", i, (i + 1) % count),
            });
        }
        let cut = |i: usize| self.chamfer > 0.0 && (self.closed || (i > 0 && i + 1 < count)) && points[i].x > 0.0;
        let longest_chamfer = (0..edge_count)
            .map(|i| lengths[i] / f64::from(u8::from(cut(i)) + u8::from(cut((i + 1) % count))))
            .fold(f64::INFINITY, f64::min);
        // Half of a length is seldom an exact number, so "all of the edge" gets a hair of room.
        check_range("chamfer", self.chamfer, 0.0, (longest_chamfer * (1.0 + 1e-9)).min(1e6), "m")?;

        let around = TAU * points.iter().map(|p| p.x).fold(0.0, f64::max);
        let directions: Vec<DVec2> =
            (0..edge_count).map(|i| (points[(i + 1) % count] - points[i]) / lengths[i]).collect();
        // What is left of each edge. Corners use these very ends, so that spans meet to the bit.
        let ends: Vec<[DVec2; 2]> = (0..edge_count)
            .map(|i| {
                let chamfer_at = |corner: usize| if cut(corner % count) { self.chamfer } else { 0.0 };
                let a = points[i] + directions[i] * chamfer_at(i);
                let b = points[(i + 1) % count] - directions[i] * chamfer_at(i + 1);
                if a.distance(b) <= 1e-9 { [a, a] } else { [a, b] }
            })
            .collect();
        let mut spans = Vec::new();
        let mut v = 0.0;
        for i in 0..edge_count {
            let [a, b] = ends[i];
            // An edge eaten up by its two chamfers has no face of its own.
            if a != b {
                spans.push(flat_span(a, b, around, &mut v));
            }
            if cut((i + 1) % count) {
                let next = (i + 1) % edge_count;
                spans.push(corner_span([b, ends[next][0]], [directions[i], directions[next]], self, around, &mut v));
            }
        }
        Ok(spans)
    }
}

/// The outward normal of a line that runs along `direction`: material is on the right.
fn outward(direction: DVec2) -> DVec2 {
    direction.perp()
}

fn flat_span(a: DVec2, b: DVec2, around: f64, v: &mut f64) -> Span {
    let normal = outward((b - a).normalize());
    let point = |p: DVec2| ProfilePoint { radius: p.x, y: p.y, normal: normal.to_array() };
    let start = *v;
    *v += a.distance(b);
    let mapping = if normal.x.abs() < 1e-6 {
        Mapping::Planar { up: normal.y > 0.0 }
    } else {
        Mapping::Wrapped { around, v: [start, *v] }
    };
    Span { points: vec![point(a), point(b)], mapping }
}

/// A cut or rounded corner from the end of one edge to the start of the next.
fn corner_span([a, b]: [DVec2; 2], [before, after]: [DVec2; 2], lathe: &Lathe, around: f64, v: &mut f64) -> Span {
    let turn = before.perp_dot(after);
    let angle = libm::atan2(turn.abs(), before.dot(after));
    let start = *v;
    *v += a.distance(b);
    let mapping = Mapping::Wrapped { around, v: [start, *v] };
    if lathe.chamfer_segments == 1 || angle < 1e-6 {
        return Span { mapping, ..flat_span(a, b, around, &mut 0.0) };
    }
    // The arc that touches both edges at `a` and `b`: its radius follows from the tangent length.
    let radius = lathe.chamfer / libm::tan(angle * 0.5);
    let side = if turn < 0.0 { 1.0 } else { -1.0 };
    let center = a - outward(before) * radius * side;
    let points = (0..=lathe.chamfer_segments)
        .map(|k| {
            let step = -side * angle * f64::from(k) / f64::from(lathe.chamfer_segments);
            let normal = DVec2::new(libm::cos(step), libm::sin(step)).rotate(outward(before));
            let place = match k {
                0 => a,
                k if k == lathe.chamfer_segments => b,
                _ => center + normal * radius * side,
            };
            ProfilePoint { radius: place.x.max(0.0), y: place.y, normal: normal.to_array() }
        })
        .collect();
    Span { points, mapping }
}
