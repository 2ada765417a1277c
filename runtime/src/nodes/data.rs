//! Images that hold no light: what is where, for other programs.

use std::sync::Arc;

use glam::Vec3;
use scenec_ir::Encoding;
use scenec_render::{Aovs, BACKGROUND, Matte, MatteKind};

use crate::product::{Picture, Product};
use crate::run::{Arguments, Run};
use crate::{Outcome, encode};

/// Something of every pixel; `alpha` is 1 where a camera ray met something.
fn map(a: &Arguments<'_>, encoding: Encoding, of: impl Fn(&Aovs, usize) -> [f32; 3]) -> Outcome<Product> {
    let aovs = a.aovs("aovs")?.value;
    let pixels = 0..aovs.depth.len();
    let alpha = aovs.depth.iter().map(|&depth| if depth < BACKGROUND { 1.0 } else { 0.0 }).collect();
    let rgb = pixels.map(|i| of(aovs, i)).collect();
    Ok(Product::Image(Arc::new(Picture { rgb, alpha, ..Picture::of(aovs.width, aovs.height, encoding) })))
}

pub(super) fn depth(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    map(a, Encoding::Depth, |aovs, i| [aovs.depth[i]; 3])
}

pub(super) fn albedo(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    map(a, Encoding::SceneLinear, |aovs, i| aovs.albedo[i])
}

pub(super) fn normals(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let camera_from_world = a.camera("camera")?.value.camera.world_from_camera.inverse();
    map(a, Encoding::Normal, |aovs, i| camera_from_world.transform_vector3(Vec3::from(aovs.normal[i])).to_array())
}

pub(super) fn inverse_depth(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let image = a.image("image")?.value;
    let met = || image.rgb.iter().map(|p| f64::from(p[0])).filter(|d| *d < f64::from(BACKGROUND));
    let near = a.maybe("near", Arguments::number)?.unwrap_or_else(|| met().fold(f64::INFINITY, f64::min));
    let far = a.maybe("far", Arguments::number)?.unwrap_or_else(|| met().fold(0.0, f64::max));
    if a.has("near") && a.has("far") && near >= far {
        let message = format!("`near` of `inverse_depth` is {near} m, which is not before `far`, {far} m");
        return Err(a.error("E0653", message).hint("`near` is what is white, `far` what is black"));
    }
    let rgb = image.rgb.iter().map(|p| [inverse(f64::from(p[0]), near, far); 3]).collect();
    Ok(Product::Image(Arc::new(Picture { rgb, encoding: Encoding::InverseDepth, ..Picture::clone(image) })))
}

/// (1/d - 1/far) / (1/near - 1/far) within 0..1; the background is 0, and 1 is all there is when everything is equally far.
fn inverse(depth: f64, near: f64, far: f64) -> f32 {
    if depth >= f64::from(BACKGROUND) {
        return 0.0;
    }
    if depth <= near {
        return 1.0;
    }
    // Nothing lies between them: what is behind `near` is far.
    if near >= far {
        return 0.0;
    }
    let span = 1.0 / near - 1.0 / far;
    ((1.0 / depth - 1.0 / far) / span).clamp(0.0, 1.0) as f32
}

/// The matte of a kind, which the compiler asked for.
fn matte<'a>(a: &Arguments<'_>, aovs: &'a Aovs, kind: MatteKind) -> Outcome<&'a Matte> {
    let found = aovs.mattes.iter().find(|m| m.kind == kind);
    found.ok_or_else(|| a.error("E0698", format!("the AOVs have no matte {kind:?}")))
}

pub(super) fn mask(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let matte = matte(a, a.aovs("aovs")?.value, MatteKind::Chosen)?;
    let chosen = matte.names.iter().position(|name| name == scenec_render::CHOSEN);
    map(a, Encoding::Mask, |_, i| {
        let ranks = matte.pixels[i].iter().filter(|rank| Some(rank.name as usize) == chosen);
        [ranks.map(|rank| rank.coverage).sum::<f32>().min(1.0); 3]
    })
}

pub(super) fn ids(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let by = a.member("by")?;
    let kind = super::render::matte_kind(by).ok_or_else(|| a.error("E0698", format!("unknown matte `{by}`")))?;
    let matte = matte(a, a.aovs("aovs")?.value, kind)?;
    let colors: Vec<[f32; 3]> = matte.names.iter().map(|name| color_of(name)).collect();
    map(a, Encoding::Ids, |_, i| {
        let first = matte.pixels[i][0];
        // What covers less than the background does not have the pixel.
        let covered: f32 = matte.pixels[i].iter().map(|rank| rank.coverage).sum();
        match first.coverage > 0.0 && first.coverage >= 1.0 - covered {
            true => colors[first.name as usize],
            false => [0.0; 3],
        }
    })
}

/// A colour of a name, in display values: any hue, never dark or grey.
fn color_of(name: &str) -> [f32; 3] {
    let hash = encode::id(name);
    let part = |shift: u32, bits: u32| (hash >> shift & ((1 << bits) - 1)) as f32 / (1 << bits) as f32;
    let (hue, saturation, value) = (6.0 * part(0, 16), 0.45 + 0.55 * part(16, 8), 0.55 + 0.45 * part(24, 8));
    // From HSV, as in `hsv` of the language.
    [5.0, 3.0, 1.0].map(|n: f32| {
        let k = (n + hue) % 6.0;
        value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_depth_is_linear_in_the_inverse() {
        assert_eq!(inverse(1.0, 1.0, 9.0), 1.0);
        assert_eq!(inverse(9.0, 1.0, 9.0), 0.0);
        // 1/1.8 is midway between 1/1 and 1/9.
        assert!((inverse(1.8, 1.0, 9.0) - 0.5).abs() < 1e-6);
        assert_eq!((inverse(0.2, 1.0, 9.0), inverse(50.0, 1.0, 9.0)), (1.0, 0.0), "clamped");
        assert_eq!(inverse(f64::from(BACKGROUND), 1.0, 9.0), 0.0);
        assert_eq!(inverse(3.0, 3.0, 3.0), 1.0, "one distance alone is near");
    }

    #[test]
    fn colours_of_names_are_bright_and_differ() {
        let names: Vec<String> = (0..1000).map(|i| format!("harbour/crates/{i}")).collect();
        let mut bytes: Vec<[u8; 3]> = Vec::new();
        for name in &names {
            let color = color_of(name);
            assert!(color.iter().all(|c| (0.0..=1.0).contains(c)), "{name}: {color:?}");
            let top = color.iter().fold(0.0_f32, |a, b| a.max(*b));
            let low = color.iter().fold(1.0_f32, |a, b| a.min(*b));
            assert!(top >= 0.55 && top - low >= 0.24, "{name}: {color:?}");
            bytes.push(color.map(|c| (c * 255.0).round() as u8));
        }
        bytes.sort_unstable();
        bytes.dedup();
        assert!(bytes.len() > 990, "{} colours of 1000 names", bytes.len());
        assert_eq!(color_of("harbour/quay"), color_of("harbour/quay"));
    }
}
