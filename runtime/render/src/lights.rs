//! The table of lights that next-event estimation picks from.

use glam::{Affine3A, Vec3 as Point};
use scenec_scene::{Instance, Light, LightKind, Stage};
use scenec_shaders::consts::{
    LIGHT_POINT, LIGHT_SPOT, LIGHT_SUN, LIGHT_TRIANGLE, MATERIAL_DOUBLE_SIDED, MATERIAL_EMITS,
};
use scenec_shaders::prelude::Vec3;
use scenec_shaders::types;

use crate::RenderError;
use crate::alias::alias_table;
use crate::heap::Heap;
use crate::texels;

fn luminance(c: [f64; 3]) -> f64 {
    0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
}

/// A light and its weight among those of its class.
struct Weighted {
    light: types::Light,
    weight: f64,
}

/// Makes the table: suns with a disk first, then other suns, points, spots and emissive triangles. Suns on the one hand and
/// everything near on the other get equal shares, for their powers do not compare; within a class the power decides.
/// Fills `light_density` of the materials and the fields of `info` that tell about lights. `info.map_chance` comes in as 1 when
/// there is a map to sample and goes out as its share.
pub(crate) fn gather(
    stage: &Stage,
    material_of: &[usize],
    materials: &mut [types::Material],
    heap: &mut Heap,
    info: &mut types::SceneInfo,
) -> Result<Vec<types::Light>, RenderError> {
    let mut suns: Vec<Weighted> = stage.lights.iter().filter_map(sun).collect();
    suns.sort_by_key(|s| s.light.size == 0.0);
    info.sun_count = suns.iter().filter(|s| s.light.size > 0.0).count() as u32;
    let mut near: Vec<Weighted> = stage.lights.iter().filter_map(local).collect();
    let mut brightness = vec![0.0; materials.len()];
    for (number, instance) in stage.instances.iter().enumerate() {
        let material = material_of[number];
        let flags = materials[material].flags;
        if flags & MATERIAL_EMITS == 0 {
            continue;
        }
        let mean = texels::mean(instance.material.emission_texture.as_ref());
        let e = instance.material.emission;
        let sides = if flags & MATERIAL_DOUBLE_SIDED != 0 { 2.0 } else { 1.0 };
        brightness[material] = sides * luminance([0, 1, 2].map(|k| f64::from(e[k].max(0.0)) * mean[k]));
        triangles(number as u32, instance, brightness[material], &mut near);
    }
    let totals = [&suns, &near].map(|class| class.iter().map(|l| l.weight).sum::<f64>());
    let classes = totals.iter().filter(|t| **t > 0.0).count() as f64;
    if classes == 0.0 {
        return Ok(Vec::new());
    }
    info.map_chance *= 0.5;
    let light_share = 1.0 - f64::from(info.map_chance);
    let scale = totals.map(|t| if t > 0.0 { 1.0 / (t * classes) } else { 0.0 });
    let weights: Vec<f64> =
        suns.iter().map(|l| l.weight * scale[0]).chain(near.iter().map(|l| l.weight * scale[1])).collect();
    let Some((table, probability)) = alias_table(&weights) else {
        info.map_chance *= 2.0;
        return Ok(Vec::new());
    };
    for (material, brightness) in materials.iter_mut().zip(brightness) {
        material.light_density = (brightness * scale[1] * light_share) as f32;
    }
    info.light_alias = heap.put_alias(&table)?;
    info.light_count = u32::try_from(table.len())
        .map_err(|_| RenderError::SceneTooLarge { reason: format!("{} emissive triangles", table.len()) })?;
    Ok(suns
        .into_iter()
        .chain(near)
        .zip(probability)
        .map(|(l, p)| types::Light { chance: (p * light_share) as f32, ..l.light })
        .collect())
}

fn color_of(light: &Light) -> Option<(Vec3<f32>, f64)> {
    let weight = luminance(light.color.map(f64::from));
    (weight > 0.0 && weight.is_finite()).then(|| (Vec3::from(light.color.map(|x| x.max(0.0))), weight))
}

fn sun(light: &Light) -> Option<Weighted> {
    let LightKind::Sun { direction, angular_radius } = light.kind else {
        return None;
    };
    let (mut color, weight) = color_of(light)?;
    let toward = -direction.try_normalize()?;
    let radius = f64::from(angular_radius).clamp(0.0, std::f64::consts::FRAC_PI_2);
    let mut size = 0.0;
    // Below a microradian the disk is a point to f32.
    if radius > 1e-6 {
        size = (2.0 * (0.5 * radius).sin().powi(2)) as f32;
        // Irradiance of a disk of radiance L that a surface faces: pi sin^2(radius) L.
        let scale = (1.0 / (std::f64::consts::PI * radius.sin().powi(2))) as f32;
        color = Vec3::new(color.x * scale, color.y * scale, color.z * scale);
    }
    Some(Weighted {
        light: types::Light {
            position: Vec3::from(toward.to_array()),
            kind: LIGHT_SUN,
            color,
            size,
            ..types::Light::ZERO
        },
        weight,
    })
}

/// A point light of intensity I weighs as much as a one-sided emitter of the same power: 4 pi I against pi A L.
fn local(light: &Light) -> Option<Weighted> {
    let (color, weight) = color_of(light)?;
    match light.kind {
        LightKind::Sun { .. } => None,
        LightKind::Point { position } => position.is_finite().then(|| Weighted {
            light: types::Light {
                position: Vec3::from(position.to_array()),
                kind: LIGHT_POINT,
                color,
                ..types::Light::ZERO
            },
            weight: 4.0 * weight,
        }),
        LightKind::Spot { position, direction, inner, outer } => {
            let axis = direction.try_normalize()?;
            let limit = std::f64::consts::FRAC_PI_2;
            let outer = f64::from(outer).clamp(1e-4, limit);
            let inner = f64::from(inner).clamp(0.0, outer);
            // KHR_lights_punctual: scale = 1 / max(0.001, cos inner - cos outer), offset = -cos outer * scale.
            let scale = 1.0 / (inner.cos() - outer.cos()).max(1e-3);
            position.is_finite().then(|| Weighted {
                light: types::Light {
                    position: Vec3::from(position.to_array()),
                    kind: LIGHT_SPOT,
                    edge1: Vec3::from(axis.to_array()),
                    color,
                    size: scale as f32,
                    offset: (-outer.cos() * scale) as f32,
                    ..types::Light::ZERO
                },
                weight: 2.0 * weight * (1.0 - outer.cos()),
            })
        }
    }
}

/// The triangles of an emissive instance.
fn triangles(part: u32, instance: &Instance, brightness: f64, out: &mut Vec<Weighted>) {
    if !(brightness > 0.0 && brightness.is_finite()) {
        return;
    }
    let mesh = &instance.mesh;
    let to_world: &Affine3A = &instance.world_from_object;
    for (primitive, corners) in mesh.triangles.iter().enumerate() {
        let corner =
            |i: usize| mesh.positions.get(corners[i] as usize).map(|p| to_world.transform_point3(Point::from(*p)));
        let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else {
            continue;
        };
        let (edge1, edge2) = (b - a, c - a);
        let area = 0.5 * edge1.as_dvec3().cross(edge2.as_dvec3()).length();
        if !(a.is_finite() && area > 0.0 && area.is_finite()) {
            continue;
        }
        out.push(Weighted {
            light: types::Light {
                position: Vec3::from(a.to_array()),
                kind: LIGHT_TRIANGLE,
                edge1: Vec3::from(edge1.to_array()),
                part,
                edge2: Vec3::from(edge2.to_array()),
                primitive: primitive as u32,
                ..types::Light::ZERO
            },
            weight: area * brightness,
        });
    }
}
