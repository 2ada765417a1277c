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
    let white = a.maybe("temperature", Arguments::number)?.map_or([1.0; 3], black_body);
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

/// Linear Rec. 709 colour of a black body with luminance 1, negative parts cut. Chromaticity by the cubic fit of Kim et al.
/// 2002 (US patent 7024034, as in CIE 15), good from 1667 K to 25000 K; clamped to that range.
fn black_body(kelvin: f64) -> [f32; 3] {
    let t = kelvin.clamp(1667.0, 25000.0);
    let (t1, t2, t3) = (1e3 / t, 1e6 / (t * t), 1e9 / (t * t * t));
    let x = if t <= 4000.0 {
        -0.266_123_9 * t3 - 0.234_358_9 * t2 + 0.877_695_6 * t1 + 0.179_910
    } else {
        -3.025_846_9 * t3 + 2.107_037_9 * t2 + 0.222_634_7 * t1 + 0.240_390
    };
    let (x2, x3) = (x * x, x * x * x);
    let y = if t <= 2222.0 {
        -1.106_381_4 * x3 - 1.348_110_20 * x2 + 2.185_558_32 * x - 0.202_196_83
    } else if t <= 4000.0 {
        -0.954_947_6 * x3 - 1.374_185_93 * x2 + 2.091_370_15 * x - 0.167_488_67
    } else {
        3.081_758_0 * x3 - 5.873_386_70 * x2 + 3.751_129_97 * x - 0.370_014_83
    };
    let (cx, cz) = (x / y, (1.0 - x - y) / y);
    // XYZ to linear Rec. 709 (IEC 61966-2-1).
    let rgb = [
        3.240_969_9 * cx - 1.537_383_2 - 0.498_610_8 * cz,
        -0.969_243_6 * cx + 1.875_967_5 + 0.041_555_1 * cz,
        0.055_630_1 * cx - 0.203_977_0 + 1.056_971_5 * cz,
    ]
    .map(|c| c.max(0.0));
    let luminance = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    rgb.map(|c| (c / luminance) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_bodies_go_from_red_over_white_to_blue() {
        let [r, g, b] = black_body(6504.0);
        assert!((r - 1.0).abs() < 0.05 && (g - 1.0).abs() < 0.02 && (b - 1.0).abs() < 0.05, "{r} {g} {b}");
        let warm = black_body(2000.0);
        assert!(warm[0] > warm[1] && warm[1] > warm[2]);
        let cold = black_body(15000.0);
        assert!(cold[2] > cold[0]);
        assert_eq!(black_body(1.0), black_body(1667.0));
    }

    #[test]
    fn azimuth_turns_from_x_to_z() {
        assert!(toward(0.0, 0.0).abs_diff_eq(Vec3::X, 1e-6));
        assert!(toward(0.0, std::f64::consts::FRAC_PI_2).abs_diff_eq(Vec3::Z, 1e-6));
        assert!(toward(std::f64::consts::FRAC_PI_2, 1.0).abs_diff_eq(Vec3::Y, 1e-6));
    }
}
