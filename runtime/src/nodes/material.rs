//! Surfaces.

use std::sync::Arc;

use scenec_scene::{AlphaMode, Material, Texture, TextureRef};

use super::pattern;
use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

/// A surface that is the same on both sides.
fn product(a: &Arguments<'_>, material: Material) -> Outcome<Product> {
    Ok(Product::Material(Arc::new(Material { name: name(&a.node.id, &a.node.kind), double_sided: true, ..material })))
}

/// What mattes call a material: the path of one with a name, as `harbour/steel`; of one that stands in a thing, the path of that and
/// the kind of surface, as `harbour/quay/deck/concrete`. What follows a `#` is the compiler's own name for a step inside of an item.
fn name(id: &str, kind: &str) -> String {
    if !id.contains('#') {
        return id.to_owned();
    }
    let steps = id.split('/').map(|step| step.split('#').next().unwrap_or(step));
    let path: Vec<&str> = steps.filter(|step| !step.is_empty()).chain([kind]).collect();
    path.join("/")
}

fn opaque(color: [f32; 3]) -> [f32; 4] {
    [color[0], color[1], color[2], 1.0]
}

fn roughness(a: &Arguments<'_>) -> Outcome<f32> {
    Ok(a.number("roughness")? as f32)
}

pub(super) fn material(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let number = |name: &str| a.number(name).map(|x| x as f32);
    let weight = number("base_weight")?;
    let [r, g, b] = a.color("base_color")?.map(|c| c * weight);
    let opacity = number("geometry_opacity")?;
    let strength = number("emission_strength")?;
    let specular = number("specular_weight")?;
    let specular_color = a.color("specular_color")?;
    let abbe = number("transmission_dispersion_abbe_number")?;
    let material = Material {
        base_color: [r, g, b, opacity],
        diffuse_roughness: number("base_diffuse_roughness")?,
        metallic: number("base_metalness")?,
        roughness: number("specular_roughness")?,
        anisotropy: number("specular_roughness_anisotropy")?,
        ior: number("specular_ior")?,
        specular,
        specular_color,
        metal_specular: specular,
        metal_edge: specular_color,
        transmission: number("transmission_weight")?,
        transmission_color: a.color("transmission_color")?,
        transmission_depth: number("transmission_depth")?,
        dispersion: 20.0 * number("transmission_dispersion_scale")? / abbe,
        priority: a.int("transmission_priority")? as i32,
        thin_walled: a.bool("geometry_thin_walled")?,
        coat: number("coat_weight")?,
        coat_color: a.color("coat_color")?,
        coat_roughness: number("coat_roughness")?,
        coat_ior: number("coat_ior")?,
        coat_darkening: number("coat_darkening")?,
        fuzz: number("fuzz_weight")?,
        fuzz_color: a.color("fuzz_color")?,
        fuzz_roughness: number("fuzz_roughness")?,
        emission: a.color("emission_color")?.map(|c| c * strength),
        alpha_mode: if opacity < 1.0 { AlphaMode::Blend } else { AlphaMode::Opaque },
        ..Material::default()
    };
    product(a, material)
}

/// Reflectance at normal incidence, linear Rec. 709, after A. Palandri's Physically Based database (physicallybased.info).
fn metal_color(kind: &str) -> [f32; 3] {
    match kind {
        "brass" => [0.910, 0.778, 0.423],
        "copper" => [0.926, 0.721, 0.504],
        "gold" => [1.000, 0.782, 0.344],
        "aluminium" => [0.912, 0.914, 0.920],
        // Stainless steel.
        _ => [0.669, 0.639, 0.598],
    }
}

pub(super) fn metal(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let base_color = opaque(metal_color(&a.node.kind));
    product(a, Material { base_color, metallic: 1.0, roughness: roughness(a)?, ..Material::default() })
}

pub(super) fn coated(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let base_color = opaque(a.color("color")?);
    product(a, Material { base_color, roughness: roughness(a)?, ..Material::default() })
}

pub(super) fn glass(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let material = Material {
        transmission: 1.0,
        transmission_color: a.color("color")?,
        transmission_depth: a.number("depth")? as f32,
        ior: a.number("ior")? as f32,
        roughness: roughness(a)?,
        ..Material::default()
    };
    product(a, material)
}

/// Absorption of pure water at 620, 540 and 450 nm, 1/m (Pope and Fry 1997, table 3).
const WATER_ABSORPTION: [f64; 3] = [0.2755, 0.0474, 0.00922];

pub(super) fn water(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let material = Material {
        transmission: 1.0,
        transmission_color: WATER_ABSORPTION.map(|a| libm::exp(-a) as f32),
        transmission_depth: 1.0,
        // At 20 degrees Celsius and 589 nm (Daimon and Masumura 2007).
        ior: 1.333,
        roughness: roughness(a)?,
        ..Material::default()
    };
    product(a, material)
}

/// A metallic base under a lacquer of polyurethane.
pub(super) fn car_paint(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let material = Material {
        base_color: opaque(a.color("color")?),
        metallic: 0.4,
        roughness: roughness(a)?,
        coat: 1.0,
        coat_roughness: 0.03,
        coat_ior: 1.5,
        ..Material::default()
    };
    product(a, material)
}

pub(super) fn leather(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let material = Material {
        base_color: opaque(a.color("color")?),
        diffuse_roughness: 0.5,
        roughness: roughness(a)?,
        coat: 0.3,
        coat_roughness: 0.35,
        coat_ior: 1.5,
        ..Material::default()
    };
    product(a, material)
}

/// What makes wet stone dark is light that the film of water sends back to it (Lekner and Dorf 1988).
pub(super) fn wet_stone(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let material = Material {
        base_color: opaque(a.color("color")?),
        diffuse_roughness: 1.0,
        roughness: roughness(a)?,
        coat: 1.0,
        coat_roughness: 0.08,
        coat_ior: 1.333,
        ..Material::default()
    };
    product(a, material)
}

pub(super) fn cloth(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let color = a.color("color")?;
    let material = Material {
        base_color: opaque(color),
        diffuse_roughness: 1.0,
        specular: 0.2,
        roughness: 0.9,
        fuzz: 0.7,
        // Fibres are seen through, so what they scatter is paler than the cloth.
        fuzz_color: color.map(|c| c.sqrt()),
        fuzz_roughness: roughness(a)?,
        ..Material::default()
    };
    product(a, material)
}

pub(super) fn clay(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let base_color = opaque(a.color("color")?);
    let material = Material { base_color, roughness: roughness(a)?, specular: 0.0, ..Material::default() };
    product(a, material)
}

pub(super) fn emissive(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let strength = a.number("strength")? as f32;
    let material = Material {
        base_color: [0.0, 0.0, 0.0, 1.0],
        specular: 0.0,
        emission: a.color("color")?.map(|c| c * strength),
        ..Material::default()
    };
    product(a, material)
}

/// A surface with a pattern whose repeat is `extent` metres of the shapes' texture coordinates, which are metres too.
fn patterned(a: &Arguments<'_>, texture: Texture, extent: f64) -> Outcome<Product> {
    let scale = (1.0 / extent) as f32;
    let slot = TextureRef { texture: Arc::new(texture), uv_set: 0, transform: [[scale, 0.0, 0.0], [0.0, scale, 0.0]] };
    let material = Material { base_color_texture: Some(slot), roughness: roughness(a)?, ..Material::default() };
    product(a, material)
}

pub(super) fn concrete(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    patterned(a, pattern::concrete(a.color("color")?), a.number("scale")?)
}

pub(super) fn wood(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    patterned(a, pattern::wood(a.color("color")?), a.number("scale")?)
}

pub(super) fn checker(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    // A repeat has two fields along each axis.
    patterned(a, pattern::checker(a.color("color_a")?, a.color("color_b")?), a.number("scale")? * 2.0)
}

#[cfg(test)]
mod tests {
    use super::name;

    #[test]
    fn a_material_is_named_by_its_path() {
        assert_eq!(name("harbour/quay/surface", "concrete"), "harbour/quay/surface");
        assert_eq!(name("harbour/sea#thing#material", "material"), "harbour/sea/material");
        assert_eq!(name("harbour/crates#thing#prototype/body#thing#material", "wood"), "harbour/crates/body/wood");
    }
}
