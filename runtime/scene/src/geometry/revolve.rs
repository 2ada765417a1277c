//! Surfaces of revolution about +Y.

use glam::DVec3;

use super::builder::Builder;

/// One point of a profile: distance from the axis, height, and the outward normal in that half plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ProfilePoint {
    pub radius: f64,
    pub y: f64,
    pub normal: [f64; 2],
}

/// How a span gets its texture coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Mapping {
    /// Metres, projected along the axis; `up` says from which side.
    Planar { up: bool },
    /// `u = angle * around`, `v` from `v[0]` at the first point to `v[1]` at the last by the points' index.
    Wrapped { around: f64, v: [f64; 2] },
}

/// Points that share normals along the profile; between spans the surface has a sharp edge.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Span {
    pub points: Vec<ProfilePoint>,
    pub mapping: Mapping,
}

/// Number of triangles of [`revolve`], poles counted as if they were not.
pub(super) fn triangle_count(spans: &[Span], segments: u32) -> u64 {
    spans.iter().map(|s| 2 * (s.points.len() as u64).saturating_sub(1) * u64::from(segments)).sum()
}

/// Turns spans about the axis. Spans run from the top down along the outside, so that material is on their right
/// (radius to the right, height up). Points on the axis become fans of triangles.
pub(super) fn revolve(spans: &[Span], segments: u32) -> Builder {
    // The last column repeats the first, in the same place to the bit.
    let turns: Vec<(f64, f64)> = (0..=segments)
        .map(|k| {
            let angle = std::f64::consts::TAU * f64::from(k % segments) / f64::from(segments);
            (libm::sin(angle), libm::cos(angle))
        })
        .collect();
    let mut builder = Builder::default();
    for span in spans {
        let first = builder.len();
        let mut row_of = Vec::with_capacity(span.points.len());
        for (i, point) in span.points.iter().enumerate() {
            row_of.push(builder.len());
            let along = i as f64 / (span.points.len() - 1).max(1) as f64;
            let pole = point.radius == 0.0;
            for k in 0..=segments {
                let (sin, cos) = turns[k as usize];
                let position = DVec3::new(point.radius * sin, point.y, point.radius * cos);
                let normal = DVec3::new(point.normal[0] * sin, point.normal[1], point.normal[0] * cos);
                let uv = match span.mapping {
                    Mapping::Planar { up } => [position.x, if up { position.z } else { -position.z }],
                    Mapping::Wrapped { around, v } => {
                        // A pole's vertex stands for the middle of its triangle.
                        let column = f64::from(k) + if pole { 0.5 } else { 0.0 };
                        let turn = column / f64::from(segments);
                        [turn * around, v[0] + (v[1] - v[0]) * along]
                    }
                };
                builder.vertex(position, normal, uv);
            }
        }
        debug_assert!(first <= builder.len());
        for rows in row_of.windows(2) {
            for k in 0..segments {
                let (top, bottom) = (rows[0] + k, rows[1] + k);
                builder.quad(top, bottom, bottom + 1, top + 1);
            }
        }
    }
    builder
}
