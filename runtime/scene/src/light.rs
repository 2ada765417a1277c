//! Light that is no emissive triangle.

use std::sync::Arc;

use glam::Vec3;

/// Shape of an analytic light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LightKind {
    /// Radiant intensity in W/sr, in all directions from `position`.
    Point {
        /// World position, metres.
        position: Vec3,
    },
    /// Radiant intensity in W/sr on the axis, smooth between the two cones (KHR_lights_punctual).
    Spot {
        /// World position, metres.
        position: Vec3,
        /// Unit direction in which the light shines.
        direction: Vec3,
        /// Full intensity inside this half angle, radians.
        inner: f32,
        /// No light outside of this half angle, radians.
        outer: f32,
    },
    /// Irradiance in W/m^2 on a surface that faces it. `angular_radius` 0 is a perfect directional light;
    /// above 0 it is a disk in the sky (a sun) that is visible to rays and casts soft shadows.
    Sun {
        /// Unit direction in which the light shines (from the sun to the scene).
        direction: Vec3,
        /// Half of the angular diameter, radians.
        angular_radius: f32,
    },
}

/// An analytic light; `color` carries the unit that its kind names.
#[derive(Clone, Debug, PartialEq)]
pub struct Light {
    /// Path id for messages.
    pub name: String,
    /// Shape and place.
    pub kind: LightKind,
    /// Linear Rec. 709 radiant intensity or irradiance.
    pub color: [f32; 3],
}

/// What rays that leave the scene see.
#[derive(Clone, Debug, PartialEq)]
pub enum Environment {
    /// Radiance that is equal in all directions.
    Constant([f32; 3]),
    /// A latitude-longitude picture of radiance. Its middle is +X, u grows towards +Z, its top is +Y:
    /// `u = 0.5 + atan2(z, x) / 2 pi`, `v = acos(y) / pi`.
    Map {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// `width * height` linear RGB pixels, rows from the top.
        rgb: Arc<Vec<[f32; 3]>>,
        /// Factor on every pixel.
        strength: f32,
        /// Turn about +Y in radians: the picture's middle moves from +X towards +Z.
        rotation: f32,
    },
}
