//! A clear sky with its sun, as an environment map and a light.

use std::f64::consts::{PI, TAU};

use glam::{DVec3, Vec3};
use rayon::prelude::*;

use crate::atmosphere::{Atmosphere, SUN_RADIUS};
use crate::geometry::GeometryError;
use crate::hdr::HdrImage;
use crate::{Light, LightKind};

/// What the sky depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClearSky {
    /// Direction towards the sun; need not be unit. May lie below the horizon.
    pub sun_direction: [f64; 3],
    /// Haze: optical depth of the atmosphere over that of clean air, 1..=20; 3 is a clear day.
    pub turbidity: f64,
    /// Mean colour of the ground, each 0..1, linear Rec. 709.
    pub ground_albedo: [f32; 3],
    /// Factor on all radiance; at 1 a white ground under the sun at noon has a radiance near 1.
    pub scale: f64,
    /// Width of the picture in pixels, 16..=8192; its height is half of that.
    pub width: u32,
}

impl Default for ClearSky {
    fn default() -> Self {
        Self { sun_direction: [0.5, 0.5, 0.7], turbidity: 3.0, ground_albedo: [0.2; 3], scale: 1.0, width: 512 }
    }
}

/// A sky without its sun, and the sun.
#[derive(Clone, Debug, PartialEq)]
pub struct Sky {
    /// Latitude-longitude picture of radiance in the layout of [`Environment::Map`](crate::Environment::Map). The sun's
    /// disk is not in it, its glow is. The lower half is the ground, seen through the haze.
    pub image: HdrImage,
    /// The disk of the sun with its irradiance at the ground; `None` below the horizon.
    pub sun: Option<Light>,
}

/// Irradiance of the sun above the atmosphere in the renderer's units, so that sun and sky together at noon with
/// turbidity 3 give a white ground a radiance near 1. It is white: the picture is balanced for daylight.
const SUN_IRRADIANCE: DVec3 = DVec3::splat(3.6);
/// Height of the viewpoint in km: high enough that haze softens the horizon.
const ALTITUDE: f64 = 0.2;

/// Computes a clear sky.
///
/// # Errors
/// When a parameter is out of range.
pub fn clear_sky(params: &ClearSky) -> Result<Sky, GeometryError> {
    let sun = DVec3::from(params.sun_direction).normalize_or_zero();
    check(params, sun)?;
    let albedo = DVec3::from(params.ground_albedo.map(f64::from));
    let atmosphere = Atmosphere::new(params.turbidity, albedo);
    let irradiance = SUN_IRRADIANCE * params.scale;
    let (width, height) = (params.width as usize, params.width as usize / 2);

    // The sun's share in the horizontal direction of each column.
    let toward_sun: Vec<f64> = (0..width)
        .map(|i| {
            let phi = ((i as f64 + 0.5) / width as f64 - 0.5) * TAU;
            libm::cos(phi) * sun.x + libm::sin(phi) * sun.z
        })
        .collect();
    let theta = |j: usize| PI * (j as f64 + 0.5) / height as f64;
    // The upper half first: what falls on the ground follows from it.
    let rows = |range: std::ops::Range<usize>, ground: DVec3| -> Vec<Vec<DVec3>> {
        range
            .into_par_iter()
            .map(|j| {
                let (sin, cos) = (libm::sin(theta(j)), libm::cos(theta(j)));
                let ring = atmosphere.ring(ALTITUDE, cos, sun.y);
                let behind = ring.ground.map_or(DVec3::ZERO, |through| through * ground);
                let pixel = |share: &f64| ring.radiance(sin * share + cos * sun.y) * irradiance + behind;
                toward_sun.iter().map(pixel).collect()
            })
            .collect()
    };
    let upper = rows(0..height / 2, DVec3::ZERO);
    let mut received: DVec3 = upper
        .iter()
        .enumerate()
        .map(|(j, row)| {
            let solid_angle = libm::sin(theta(j)) * (PI / height as f64) * (TAU / width as f64);
            row.iter().sum::<DVec3>() * libm::cos(theta(j)) * solid_angle
        })
        .sum();
    let sunlight = irradiance * atmosphere.sunlight(0.0, sun.y);
    received += sunlight * sun.y.max(0.0);
    let lower = rows(height / 2..height, received * albedo / PI);

    let rgb = upper.iter().chain(&lower).flatten().map(|c| c.as_vec3().to_array()).collect();
    let image = HdrImage { width: params.width, height: height as u32, rgb, cleaned: 0 };
    let lit = sunlight.max_element() > 1e-6 * params.scale && sunlight.max_element() > 0.0;
    let light = lit.then(|| Light {
        name: "sun".to_owned(),
        kind: LightKind::Sun { direction: Vec3::ZERO - sun.as_vec3(), angular_radius: SUN_RADIUS as f32 },
        color: sunlight.as_vec3().to_array(),
    });
    Ok(Sky { image, sun: light })
}

fn check(params: &ClearSky, sun: DVec3) -> Result<(), GeometryError> {
    let out_of_range = |parameter, given: String, legal: &str| {
        Err(GeometryError::OutOfRange { parameter, given, legal: legal.to_owned() })
    };
    if sun == DVec3::ZERO || !sun.is_finite() {
        return out_of_range("sun_direction", format!("{:?}", params.sun_direction), "a finite direction");
    }
    if !(1.0..=20.0).contains(&params.turbidity) {
        return out_of_range("turbidity", params.turbidity.to_string(), "from 1 to 20");
    }
    if !params.ground_albedo.iter().all(|c| (0.0..=1.0).contains(c)) {
        return out_of_range("ground_albedo", format!("{:?}", params.ground_albedo), "from 0 to 1 in each channel");
    }
    if !(0.0..=1e9).contains(&params.scale) {
        return out_of_range("scale", params.scale.to_string(), "from 0 to 1000000000");
    }
    if !(16..=8192).contains(&params.width) || !params.width.is_multiple_of(2) {
        return out_of_range("width", params.width.to_string(), "an even number from 16 to 8192");
    }
    Ok(())
}
