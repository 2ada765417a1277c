//! Lights.

use std::sync::Arc;

use glam::{Affine3A, DVec3, Quat, Vec3};
use scenec_scene::{Instance, LampShape, Light, LightKind, Material, Mesh};

use crate::Outcome;
use crate::product::{Product, Thing};
use crate::run::{Arguments, Run};

/// Unit vector towards a place in the sky: azimuth 0 is +X, a quarter turn is +Z.
pub(super) fn toward(elevation: f64, azimuth: f64) -> Vec3 {
    let (sin_e, cos_e) = libm::sincos(elevation);
    let (sin_a, cos_a) = libm::sincos(azimuth);
    DVec3::new(cos_e * cos_a, sin_e, cos_e * sin_a).as_vec3()
}

fn product(a: &Arguments<'_>, kind: LightKind, amount: &str) -> Outcome<Product> {
    let color = colored(a, a.number(amount)? as f32)?;
    Ok(Product::Light(Arc::new(Light { name: a.node.id.clone(), kind, color })))
}

/// An amount of white light in the light's colour.
fn colored(a: &Arguments<'_>, amount: f32) -> Outcome<[f32; 3]> {
    let tint = a.color("color")?;
    let white = a.maybe("temperature", Arguments::number)?.map_or([1.0; 3], scenec_ir::black_body::linear_rec709);
    Ok([0, 1, 2].map(|c| amount * tint[c] * white[c]))
}

/// Lumens of a watt of white light: equal energy over the visible range (Ward Larson and Shakespeare 1998, "Rendering with
/// Radiance": WHTEFFICACY).
pub(super) const LUMENS_PER_WATT: f64 = 179.0;
/// Of a lamp of which nothing is said.
const LAMP_WATTS: f64 = 10.0;

/// A lamp of one piece that emits from `area` square metres, front and back counted if both shine.
fn lamp(a: &Arguments<'_>, mesh: Mesh, from_unit: Affine3A, area: f64, two_sided: bool) -> Outcome<Product> {
    let [power, flux, radiance] = ["power", "flux", "radiance"].map(|name| a.maybe(name, Arguments::number));
    let (power, flux, radiance) = (power?, flux?, radiance?);
    let per_watt = 1.0 / (std::f64::consts::PI * area);
    let radiance = match (power, flux, radiance) {
        (None, None, None) => LAMP_WATTS * per_watt,
        (Some(watts), None, None) => watts * per_watt,
        (None, Some(lumens), None) => lumens / LUMENS_PER_WATT * per_watt,
        (None, None, Some(radiance)) => radiance,
        _ => {
            return Err(a
                .error("E0630", "`power`, `flux` and `radiance` each say how strong the lamp is")
                .hint("give one of them"));
        }
    };
    let emission = colored(a, radiance as f32)?;
    let material = Material {
        name: "lamp".into(),
        base_color: [0.0, 0.0, 0.0, 1.0],
        specular: 0.0,
        emission,
        double_sided: two_sided,
        ..Material::default()
    };
    Ok(Product::Thing(Arc::new(Thing::single(Instance {
        id: "".into(),
        mesh: Arc::new(mesh),
        material: Arc::new(material),
        world_from_object: from_unit,
    }))))
}

/// From what shines along +Z and spans -1 to 1 to what shines down and is tilted to the front.
fn tilted(a: &Arguments<'_>, half: [f64; 2]) -> Outcome<Affine3A> {
    let turn = Quat::from_rotation_x((std::f64::consts::FRAC_PI_2 - a.number("tilt")?) as f32);
    let scale = Vec3::new(half[0] as f32, half[1] as f32, half[0].min(half[1]) as f32);
    Ok(Affine3A::from_scale_rotation_translation(scale, turn, Vec3::ZERO))
}

pub(super) fn rectangle(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let [width, depth] = a.vec2("size")?;
    let two_sided = a.bool("two_sided")?;
    let area = width * depth * if two_sided { 2.0 } else { 1.0 };
    let mesh = Mesh { lamp: None, ..LampShape::Disk.proxy() };
    lamp(a, mesh, tilted(a, [0.5 * width, 0.5 * depth])?, area, two_sided)
}

pub(super) fn disk(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let radius = a.number("radius")?;
    let two_sided = a.bool("two_sided")?;
    let area = std::f64::consts::PI * radius * radius * if two_sided { 2.0 } else { 1.0 };
    lamp(a, LampShape::Disk.proxy(), tilted(a, [radius; 2])?, area, two_sided)
}

pub(super) fn ball(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let radius = a.number("radius")?;
    let area = 4.0 * std::f64::consts::PI * radius * radius;
    // Rays that begin between the ball and its proxy meet that from behind.
    lamp(a, LampShape::Ball.proxy(), Affine3A::from_scale(Vec3::splat(radius as f32)), area, true)
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
