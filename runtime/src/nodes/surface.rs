//! Other surfaces for things that bring their own.

use std::collections::HashMap;
use std::sync::Arc;

use scenec_ir::Value;
use scenec_scene::Material;

use crate::Outcome;
use crate::product::{Product, Thing};
use crate::run::{Arguments, Run};

pub(super) fn repaint(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let changes = a.record("materials")?;
    let mut thing = Thing::clone(a.thing("thing")?.value);
    // Pieces that share a material go on sharing it.
    let mut done: HashMap<*const Material, Arc<Material>> = HashMap::new();
    for instance in &mut thing.instances {
        let painted = done.entry(Arc::as_ptr(&instance.material)).or_insert_with(|| {
            let mut material = Material::clone(&instance.material);
            let mut is_changed = false;
            for (path, value) in changes {
                if let Some((name, property)) = path.rsplit_once('.')
                    && name == material.name
                {
                    is_changed = true;
                    change(&mut material, property, value);
                }
            }
            if is_changed { Arc::new(material) } else { instance.material.clone() }
        });
        instance.material = painted.clone();
    }
    Ok(Product::Thing(Arc::new(thing)))
}

fn change(material: &mut Material, property: &str, value: &Value) {
    match (property, value) {
        ("color", Value::Color(c)) => {
            let alpha = material.base_color[3];
            material.base_color = [c[0], c[1], c[2], alpha];
            material.base_color_texture = None;
        }
        ("tint", Value::Color(c)) => {
            for (channel, by) in material.base_color.iter_mut().zip(c) {
                *channel *= by;
            }
        }
        ("emission", Value::Color(c)) => {
            material.emission = *c;
            material.emission_texture = None;
        }
        (number, value) => {
            let Some(value) = value.as_f64().map(|v| v as f32) else { return };
            match number {
                "roughness" => material.roughness = value,
                "metallic" => material.metallic = value,
                "ior" => material.ior = value,
                "specular" => material.specular = value,
                "normal_scale" => material.normal_scale = value,
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenec_ir::nodes::surface::ASSET_MATERIAL;

    /// Every property that a program can name changes the material.
    #[test]
    fn every_declared_property_does_something() {
        for param in ASSET_MATERIAL.params {
            let start = Material { base_color: [0.5, 0.5, 0.5, 0.25], roughness: 0.9, ..Material::default() };
            let value = match param.ty {
                scenec_ir::node::ParamType::Color => Value::Color([0.2, 0.4, 0.8]),
                _ => {
                    Value::Quantity(1.25_f64.min(param.range.map_or(1.25, |r| 0.77 * r.1)), scenec_ir::Dimension::RATIO)
                }
            };
            let mut changed = start.clone();
            change(&mut changed, param.name, &value);
            assert_ne!(changed, start, "{}", param.name);
            assert_eq!(changed.base_color[3], 0.25, "{} leaves the opacity", param.name);
        }
        let mut tinted = Material { base_color: [0.5, 0.5, 0.5, 1.0], ..Material::default() };
        change(&mut tinted, "tint", &Value::Color([0.2, 0.4, 1.0]));
        assert_eq!(tinted.base_color, [0.1, 0.2, 0.5, 1.0]);
    }
}
