//! Round primitives: sphere, cylinder, cone, tube, torus, capsule, disk.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use super::error::{GeometryError, check_count, check_length, check_range, check_triangles};
use super::profile::Lathe;
use super::revolve::{Mapping, ProfilePoint, Span, revolve, triangle_count};
use crate::Mesh;

/// A sphere of rings and segments. `uv0` is 0..1: `u` once around from +Z by +X, `v` from the top to the bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sphere {
    /// Radius in metres.
    pub radius: f64,
    /// Faces around, 3..=4096.
    pub segments: u32,
    /// Faces from pole to pole, 2..=4096.
    pub rings: u32,
}

impl Default for Sphere {
    fn default() -> Self {
        Self { radius: 0.5, segments: 64, rings: 32 }
    }
}

impl Sphere {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("radius", self.radius)?;
        check_count("segments", self.segments, 3, 4096)?;
        check_count("rings", self.rings, 2, 4096)?;
        let points = arc([0.0, 0.0], self.radius, 0.0, PI, self.rings);
        finish(&[Span { points, mapping: Mapping::Wrapped { around: 1.0, v: [0.0, 1.0] } }], self.segments)
    }
}

/// A ring about `+Y`. `uv0` is in metres, around the axis at the outer rim and around the tube.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Torus {
    /// Distance of the tube's middle from the axis, metres.
    pub major_radius: f64,
    /// Radius of the tube in metres; at most the major radius.
    pub minor_radius: f64,
    /// Faces around the axis, 3..=4096.
    pub major_segments: u32,
    /// Faces around the tube, 3..=4096.
    pub minor_segments: u32,
}

impl Default for Torus {
    fn default() -> Self {
        Self { major_radius: 0.5, minor_radius: 0.125, major_segments: 64, minor_segments: 24 }
    }
}

impl Torus {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("major_radius", self.major_radius)?;
        check_length("minor_radius", self.minor_radius)?;
        check_range("minor_radius", self.minor_radius, 0.0, self.major_radius * 0.999, "m")?;
        check_count("major_segments", self.major_segments, 3, 4096)?;
        check_count("minor_segments", self.minor_segments, 3, 4096)?;
        let mut points =
            arc([self.major_radius, 0.0], self.minor_radius, -FRAC_PI_2, TAU - FRAC_PI_2, self.minor_segments);
        // The tube closes in the same place to the bit.
        if let [first, .., last] = &mut points[..] {
            *last = *first;
        }
        let mapping = Mapping::Wrapped {
            around: TAU * (self.major_radius + self.minor_radius),
            v: [0.0, TAU * self.minor_radius],
        };
        finish(&[Span { points, mapping }], self.major_segments)
    }
}

/// A cylinder with half spheres as ends. `uv0` is in metres, around and along.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Capsule {
    /// Radius in metres.
    pub radius: f64,
    /// Whole height in metres, ends included; at least twice the radius.
    pub height: f64,
    /// Faces around, 3..=4096.
    pub segments: u32,
    /// Faces from the pole to the rim of each end, 1..=2048.
    pub rings: u32,
}

impl Default for Capsule {
    fn default() -> Self {
        Self { radius: 0.25, height: 1.0, segments: 48, rings: 12 }
    }
}

impl Capsule {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("radius", self.radius)?;
        check_length("height", self.height)?;
        check_range("height", self.height, 2.0 * self.radius, 1e6, "m")?;
        check_count("segments", self.segments, 3, 4096)?;
        check_count("rings", self.rings, 1, 2048)?;
        let middle = self.height * 0.5 - self.radius;
        let top = arc([0.0, middle], self.radius, 0.0, FRAC_PI_2, self.rings);
        let bottom = arc([0.0, -middle], self.radius, FRAC_PI_2, PI, self.rings);
        let around = TAU * self.radius;
        let quarter = FRAC_PI_2 * self.radius;
        let (low, lower) = (quarter + 2.0 * middle, 2.0 * quarter + 2.0 * middle);
        let wall = vec![top[top.len() - 1], bottom[0]];
        let span = |points, v| Span { points, mapping: Mapping::Wrapped { around, v } };
        let mut spans = vec![span(top, [0.0, quarter])];
        if middle > 0.0 {
            spans.push(span(wall, [quarter, low]));
        }
        spans.push(span(bottom, [low, lower]));
        finish(&spans, self.segments)
    }
}

/// A cylinder with chamfered rims. `uv0` is in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cylinder {
    /// Radius in metres.
    pub radius: f64,
    /// Height in metres.
    pub height: f64,
    /// What a rim loses on each of its two faces, metres.
    pub chamfer: f64,
    /// Faces across the chamfer, 1..=64; above 1 it is round.
    pub chamfer_segments: u32,
    /// Faces around, 3..=4096.
    pub segments: u32,
}

impl Default for Cylinder {
    fn default() -> Self {
        Self { radius: 0.5, height: 1.0, chamfer: 0.0, chamfer_segments: 1, segments: 48 }
    }
}

impl Cylinder {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("radius", self.radius)?;
        let (radius, height) = (self.radius, self.height);
        let cone = Cone {
            bottom_radius: radius,
            top_radius: radius,
            height,
            chamfer: self.chamfer,
            chamfer_segments: self.chamfer_segments,
            segments: self.segments,
        };
        cone.mesh()
    }
}

/// A cone or a frustum with chamfered rims. `uv0` is in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cone {
    /// Radius at the bottom in metres; 0 for a point.
    pub bottom_radius: f64,
    /// Radius at the top in metres; 0 for a point. One of the two must be above 0.
    pub top_radius: f64,
    /// Height in metres.
    pub height: f64,
    /// What a rim loses on each of its two faces, metres.
    pub chamfer: f64,
    /// Faces across the chamfer, 1..=64; above 1 it is round.
    pub chamfer_segments: u32,
    /// Faces around, 3..=4096.
    pub segments: u32,
}

impl Default for Cone {
    fn default() -> Self {
        Self { bottom_radius: 0.5, top_radius: 0.0, height: 1.0, chamfer: 0.0, chamfer_segments: 1, segments: 48 }
    }
}

impl Cone {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_range("top_radius", self.top_radius, 0.0, 1e6, "m")?;
        check_range("bottom_radius", self.bottom_radius, 0.0, 1e6, "m")?;
        if self.top_radius == 0.0 {
            check_length("bottom_radius", self.bottom_radius)?;
        }
        check_length("height", self.height)?;
        let half = self.height * 0.5;
        let mut profile = vec![[0.0, half]];
        if self.top_radius > 0.0 {
            profile.push([self.top_radius, half]);
        }
        if self.bottom_radius > 0.0 {
            profile.push([self.bottom_radius, -half]);
        }
        profile.push([0.0, -half]);
        turned(profile, false, self.chamfer, self.chamfer_segments, self.segments)
    }
}

/// A pipe with chamfered rims. `uv0` is in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tube {
    /// Outer radius in metres.
    pub outer_radius: f64,
    /// Inner radius in metres, below the outer one.
    pub inner_radius: f64,
    /// Height in metres.
    pub height: f64,
    /// What a rim loses on each of its two faces, metres.
    pub chamfer: f64,
    /// Faces across the chamfer, 1..=64; above 1 it is round.
    pub chamfer_segments: u32,
    /// Faces around, 3..=4096.
    pub segments: u32,
}

impl Default for Tube {
    fn default() -> Self {
        Self { outer_radius: 0.5, inner_radius: 0.4, height: 1.0, chamfer: 0.0, chamfer_segments: 1, segments: 48 }
    }
}

impl Tube {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("outer_radius", self.outer_radius)?;
        check_length("inner_radius", self.inner_radius)?;
        check_range("inner_radius", self.inner_radius, 0.0, self.outer_radius * 0.9999, "m")?;
        check_length("height", self.height)?;
        let half = self.height * 0.5;
        let profile = vec![
            [self.inner_radius, half],
            [self.outer_radius, half],
            [self.outer_radius, -half],
            [self.inner_radius, -half],
        ];
        turned(profile, true, self.chamfer, self.chamfer_segments, self.segments)
    }
}

/// A flat round plate without thickness at `y = 0`, facing `+Y`. `uv0` is in metres from its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disk {
    /// Radius in metres.
    pub radius: f64,
    /// Faces around, 3..=4096.
    pub segments: u32,
}

impl Default for Disk {
    fn default() -> Self {
        Self { radius: 0.5, segments: 64 }
    }
}

impl Disk {
    /// The mesh, open.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("radius", self.radius)?;
        turned(vec![[0.0, 0.0], [self.radius, 0.0]], false, 0.0, 1, self.segments)
    }
}

fn turned(
    profile: Vec<[f64; 2]>,
    closed: bool,
    chamfer: f64,
    chamfer_segments: u32,
    segments: u32,
) -> Result<Mesh, GeometryError> {
    Lathe { profile, closed, chamfer, chamfer_segments, segments }.mesh()
}

fn finish(spans: &[Span], segments: u32) -> Result<Mesh, GeometryError> {
    check_triangles("segments", triangle_count(spans, segments))?;
    Ok(revolve(spans, segments).finish())
}

/// An arc of a profile; angles are measured from +Y towards the outside. Ends on the axis are exactly on it.
fn arc(center: [f64; 2], radius: f64, from: f64, to: f64, parts: u32) -> Vec<ProfilePoint> {
    (0..=parts)
        .map(|i| {
            let angle = from + (to - from) * f64::from(i) / f64::from(parts);
            let (sin, cos) = match angle {
                0.0 => (0.0, 1.0),
                FRAC_PI_2 => (1.0, 0.0),
                PI => (0.0, -1.0),
                angle => (libm::sin(angle), libm::cos(angle)),
            };
            ProfilePoint { radius: center[0] + radius * sin, y: center[1] + radius * cos, normal: [sin, cos] }
        })
        .collect()
}
