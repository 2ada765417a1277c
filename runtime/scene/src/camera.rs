//! The camera.

use glam::Affine3A;

/// Thin lens. A radius of 0 is a pinhole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// Radius of the aperture in metres.
    pub radius: f32,
    /// Distance of the plane in focus along the view axis, metres.
    pub focus_distance: f32,
    /// Blades of the aperture; below 3 it is round.
    pub blades: u32,
    /// Turn of the polygon that they form, radians, counter-clockwise as the camera looks.
    pub blade_turn: f32,
}

impl Lens {
    /// A pinhole, or a round aperture.
    pub fn round(radius: f32, focus_distance: f32) -> Self {
        Self { radius, focus_distance, blades: 0, blade_turn: 0.0 }
    }
}

/// A perspective camera. It looks along its -Z, +Y is up, as in glTF.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Camera space to world space, rigid.
    pub world_from_camera: Affine3A,
    /// Full vertical field of view in radians. Pixels are square; the width follows from the aspect of the film.
    pub vertical_fov: f32,
    /// Depth of field.
    pub lens: Lens,
    /// Factor on scene-linear radiance applied by views (never to EXR): 2^stops.
    pub exposure: f32,
}
