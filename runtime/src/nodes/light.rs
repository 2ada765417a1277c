//! Analytic lights.

use std::sync::Arc;

use glam::{DVec3, Vec3};
use scenec_scene::{Light, LightKind};

use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

/// Unit vector towards a place in the sky: azimuth 0 is +X, a quarter turn is +Z.
pub(super) fn toward(elevation: f64, azimuth: f64) -> Vec3 {
    let (sin_e, cos_e) = libm::sincos(elevation);
    let (sin_a, cos_a) = libm::sincos(azimuth);
    DVec3::new(cos_e * cos_a, sin_e, cos_e * sin_a).as_vec3()
}

fn product(a: &Arguments<'_>, kind: LightKind, amount: &str) -> Outcome<Product> {
    let amount = a.number(amount)? as f32;
    let tint = a.color("color")?;
    let white = a.maybe("temperature", Arguments::number)?.map_or([1.0; 3], scenec_ir::black_body::linear_rec709);
    let color = [0, 1, 2].map(|c| amount * tint[c] * white[c]);
    Ok(Product::Light(Arc::new(Light { name: a.node.id.clone(), kind, color })))
}

pub(super) fn sun(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let direction = -toward(a.number("elevation")?, a.number("azimuth")?);
    let angular_radius = (a.number("angular_diameter")? * 0.5) as f32;
    product(a, LightKind::Sun { direction, angular_radius }, "irradiance")
}

pub(super) fn point(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let position = DVec3::from(a.vec3("position")?).as_vec3();
    product(a, LightKind::Point { position }, "intensity")
}

pub(super) fn spot(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let position = DVec3::from(a.vec3("position")?);
    let axis = DVec3::from(a.vec3("target")?) - position;
    let direction = axis.try_normalize().ok_or_else(|| a.error("E0631", "position and target are the same point"))?;
    let outer = (a.number("angle")? * 0.5) as f32;
    let inner = outer * (1.0 - a.number("softness")? as f32);
    let kind = LightKind::Spot { position: position.as_vec3(), direction: direction.as_vec3(), inner, outer };
    product(a, kind, "intensity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azimuth_turns_from_x_to_z() {
        assert!(toward(0.0, 0.0).abs_diff_eq(Vec3::X, 1e-6));
        assert!(toward(0.0, std::f64::consts::FRAC_PI_2).abs_diff_eq(Vec3::Z, 1e-6));
        assert!(toward(std::f64::consts::FRAC_PI_2, 1.0).abs_diff_eq(Vec3::Y, 1e-6));
    }
}
