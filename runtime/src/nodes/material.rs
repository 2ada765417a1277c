//! Surfaces.

use std::sync::Arc;

use scenec_scene::{AlphaMode, Material, Texture, TextureRef};

use super::pattern;
use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

fn product(a: &Arguments<'_>, material: Material) -> Outcome<Product> {
    Ok(Product::Material(Arc::new(Material { name: name(&a.node.id, &a.node.kind), ..material })))
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
    let [r, g, b] = a.color("base_color")?;
    let opacity = a.number("opacity")? as f32;
    let strength = a.number("emission_strength")? as f32;
    let material = Material {
        base_color: [r, g, b, opacity],
        metallic: a.number("metallic")? as f32,
        roughness: roughness(a)?,
        emission: a.color("emission")?.map(|c| c * strength),
        ior: a.number("ior")? as f32,
        specular: a.number("specular")? as f32,
        specular_color: a.color("specular_color")?,
        alpha_mode: if opacity < 1.0 { AlphaMode::Blend } else { AlphaMode::Opaque },
        double_sided: true,
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
    product(
        a,
        Material { base_color, metallic: 1.0, roughness: roughness(a)?, double_sided: true, ..Material::default() },
    )
}

pub(super) fn coated(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let base_color = opaque(a.color("color")?);
    product(a, Material { base_color, roughness: roughness(a)?, double_sided: true, ..Material::default() })
}

pub(super) fn clay(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let base_color = opaque(a.color("color")?);
    let material =
        Material { base_color, roughness: roughness(a)?, specular: 0.0, double_sided: true, ..Material::default() };
    product(a, material)
}

pub(super) fn emissive(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let strength = a.number("strength")? as f32;
    let material = Material {
        base_color: [0.0, 0.0, 0.0, 1.0],
        specular: 0.0,
        emission: a.color("color")?.map(|c| c * strength),
        double_sided: true,
        ..Material::default()
    };
    product(a, material)
}

/// A surface with a pattern whose repeat is `extent` metres of the shapes' texture coordinates, which are metres too.
fn patterned(a: &Arguments<'_>, texture: Texture, extent: f64) -> Outcome<Product> {
    let scale = (1.0 / extent) as f32;
    let slot = TextureRef { texture: Arc::new(texture), uv_set: 0, transform: [[scale, 0.0, 0.0], [0.0, scale, 0.0]] };
    let material = Material {
        base_color_texture: Some(slot),
        roughness: roughness(a)?,
        double_sided: true,
        ..Material::default()
    };
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
