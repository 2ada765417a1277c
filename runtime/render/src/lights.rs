//! The lights that next-event estimation picks from: suns by an alias table, all others by a tree.

use glam::{Affine3A, DVec3, Vec3 as Point};
use scenec_scene::{Instance, Light, LightKind, Stage};
use scenec_shaders::consts::{
    LIGHT_BALL, LIGHT_DISK, LIGHT_PARALLELOGRAM, LIGHT_POINT, LIGHT_SPOT, LIGHT_SUN, LIGHT_TRIANGLE, MATERIAL_BLEND,
    MATERIAL_DOUBLE_SIDED, MATERIAL_EMITS, MATERIAL_MASK, MATERIAL_TEXTURED, NONE, PART_BALL, PART_DISK, PART_MIRRORED,
};
use scenec_shaders::prelude::Vec3;
use scenec_shaders::types;

use crate::RenderError;
use crate::alias::alias_table;
use crate::heap::Heap;
use crate::light_tree::{self, Bound};
use crate::texels;

/// Of linear Rec. 709.
pub(crate) fn luminance(c: [f64; 3]) -> f64 {
    0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]
}

/// A sun and its weight among suns.
struct Sun {
    light: types::Light,
    weight: f64,
}

/// A light that has a place.
struct Near {
    light: types::Light,
    bound: Bound,
}

/// Makes the lights: suns with a disk first, then other suns, points, spots and emissive triangles. Suns on the one hand and
/// everything near on the other get equal shares, for their powers do not compare.
/// Fills `lights` of the parts and the fields of `info` that tell about lights. `info.map_chance` comes in as 1 when there is a
/// map to sample and goes out as its share.
pub(crate) fn gather(
    stage: &Stage,
    materials: &[types::Material],
    parts: &mut [types::Part],
    heap: &mut Heap,
    info: &mut types::SceneInfo,
) -> Result<Vec<types::Light>, RenderError> {
    let mut suns: Vec<Sun> = stage.lights.iter().filter_map(sun).collect();
    suns.sort_by_key(|s| s.light.size == 0.0);
    let mut near: Vec<Near> = stage.lights.iter().filter_map(local).collect();
    let mut of_triangles: Vec<(usize, Vec<u32>)> = Vec::new();
    for (number, instance) in stage.instances.iter().enumerate() {
        let flags = materials[parts[number].material as usize].flags;
        if flags & MATERIAL_EMITS == 0 {
            continue;
        }
        let mean = texels::mean(instance.material.emission_texture.as_ref());
        let e = instance.material.emission;
        let brightness = luminance([0, 1, 2].map(|k| f64::from(e[k].max(0.0)) * mean[k]));
        let emitter = Emitter {
            part: number as u32,
            brightness,
            two_sided: flags & MATERIAL_DOUBLE_SIDED != 0,
            mirrored: parts[number].flags & PART_MIRRORED != 0,
            even: flags & (MATERIAL_TEXTURED | MATERIAL_MASK | MATERIAL_BLEND) == 0,
        };
        let numbers = match parts[number].flags & (PART_DISK | PART_BALL) {
            0 => triangles(&emitter, instance, &mut near),
            shape => vec![lamp(&emitter, instance, shape, &mut near); instance.mesh.triangles.len()],
        };
        of_triangles.push((number, numbers));
    }
    let many = || RenderError::SceneTooLarge { reason: format!("{} emissive triangles", near.len()) };
    let count = u32::try_from(suns.len() + near.len()).map_err(|_| many())?;
    if count == 0 {
        return Ok(Vec::new());
    }
    info.map_chance *= 0.5;
    info.light_count = count;
    info.suns = suns.len() as u32;
    info.sun_count = suns.iter().filter(|s| s.light.size > 0.0).count() as u32;
    info.sun_share = match (suns.is_empty(), near.is_empty()) {
        (true, _) => 0.0,
        (_, true) => 1.0,
        _ => 0.5,
    };
    let weights: Vec<f64> = suns.iter().map(|s| s.weight).collect();
    if let Some((table, probability)) = alias_table(&weights) {
        info.sun_alias = heap.put_alias(&table)?;
        let share = f64::from(1.0 - info.map_chance) * f64::from(info.sun_share);
        for (sun, p) in suns.iter_mut().zip(probability) {
            sun.light.chance = (p * share) as f32;
        }
    }
    for (part, mut numbers) in of_triangles {
        for number in numbers.iter_mut().filter(|number| **number != NONE) {
            *number += info.suns;
        }
        parts[part].lights = heap.put_words(&numbers)?;
    }
    let bounds: Vec<Bound> = near.iter().map(|n| n.bound).collect();
    let tree = light_tree::build(&bounds, info.suns);
    info.light_tree = heap.put_words(tree.nodes.as_flattened())?;
    let near = near.into_iter().zip(tree.trails).map(|(near, trail)| types::Light { trail, ..near.light });
    Ok(suns.into_iter().map(|sun| sun.light).chain(near).collect())
}

fn color_of(light: &Light) -> Option<(Vec3<f32>, f64)> {
    let weight = luminance(light.color.map(f64::from));
    (weight > 0.0 && weight.is_finite()).then(|| (Vec3::from(light.color.map(|x| x.max(0.0))), weight))
}

fn sun(light: &Light) -> Option<Sun> {
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
    Some(Sun {
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
fn local(light: &Light) -> Option<Near> {
    let (color, weight) = color_of(light)?;
    let at = |position: Point, axis: DVec3, theta_o: f64, theta_e: f64, power: f64| Bound {
        min: position.as_dvec3(),
        max: position.as_dvec3(),
        axis,
        theta_o,
        theta_e,
        power,
        two_sided: false,
    };
    match light.kind {
        LightKind::Sun { .. } => None,
        LightKind::Point { position } => position.is_finite().then(|| Near {
            light: types::Light {
                position: Vec3::from(position.to_array()),
                kind: LIGHT_POINT,
                color,
                ..types::Light::ZERO
            },
            bound: at(position, DVec3::Y, std::f64::consts::PI, std::f64::consts::FRAC_PI_2, 4.0 * weight),
        }),
        LightKind::Spot { position, direction, inner, outer } => {
            let axis = direction.try_normalize()?;
            let limit = std::f64::consts::FRAC_PI_2;
            let outer = f64::from(outer).clamp(1e-4, limit);
            let inner = f64::from(inner).clamp(0.0, outer);
            // KHR_lights_punctual: scale = 1 / max(0.001, cos inner - cos outer), offset = -cos outer * scale.
            let scale = 1.0 / (inner.cos() - outer.cos()).max(1e-3);
            position.is_finite().then(|| Near {
                light: types::Light {
                    position: Vec3::from(position.to_array()),
                    kind: LIGHT_SPOT,
                    edge1: Vec3::from(axis.to_array()),
                    color,
                    size: scale as f32,
                    offset: (-outer.cos() * scale) as f32,
                    ..types::Light::ZERO
                },
                bound: at(position, axis.as_dvec3(), 0.0, outer, 2.0 * weight * (1.0 - outer.cos())),
            })
        }
    }
}

/// An instance that shines.
#[derive(Clone, Copy)]
struct Emitter {
    part: u32,
    /// Mean luminance of a side.
    brightness: f64,
    two_sided: bool,
    mirrored: bool,
    /// It shines alike everywhere.
    even: bool,
}

impl Emitter {
    fn shines(&self) -> bool {
        self.brightness > 0.0 && self.brightness.is_finite()
    }

    /// A flat light with these corners, whose edges span `normal`.
    fn flat(&self, corners: &[Point], normal: DVec3, area: f64) -> Bound {
        let corners = || corners.iter().map(|corner| corner.as_dvec3());
        Bound {
            min: corners().fold(DVec3::INFINITY, DVec3::min),
            max: corners().fold(DVec3::NEG_INFINITY, DVec3::max),
            axis: normal.normalize() * if self.mirrored { -1.0 } else { 1.0 },
            theta_o: 0.0,
            theta_e: std::f64::consts::FRAC_PI_2,
            power: area * self.brightness * if self.two_sided { 2.0 } else { 1.0 },
            two_sided: self.two_sided,
        }
    }
}

/// The light that a proxy stands around; gives its place in `out`.
fn lamp(emitter: &Emitter, instance: &Instance, shape: u32, out: &mut Vec<Near>) -> u32 {
    let to_world: &Affine3A = &instance.world_from_object;
    let center = Point::from(to_world.translation);
    let [x, y] = [to_world.matrix3.x_axis, to_world.matrix3.y_axis].map(Point::from);
    let normal = x.as_dvec3().cross(y.as_dvec3());
    let area = std::f64::consts::PI * normal.length();
    if !(emitter.shines() && center.is_finite() && area > 0.0 && area.is_finite()) {
        return NONE;
    }
    let light = types::Light { position: Vec3::from(center.to_array()), part: emitter.part, ..types::Light::ZERO };
    out.push(if shape == PART_DISK {
        let light = types::Light {
            kind: LIGHT_DISK,
            edge1: Vec3::from(x.to_array()),
            edge2: Vec3::from(y.to_array()),
            ..light
        };
        Near {
            light,
            bound: emitter.flat(&[center - x - y, center + x - y, center - x + y, center + x + y], normal, area),
        }
    } else {
        let radius = x.length();
        let light = types::Light { kind: LIGHT_BALL, size: radius, ..light };
        let reach = Point::splat(radius);
        // It faces all directions, so it has no back.
        let outwards = Emitter { two_sided: false, ..*emitter };
        let bound = outwards.flat(&[center - reach, center + reach], normal, 4.0 * area);
        Near { light, bound: Bound { theta_o: std::f64::consts::PI, ..bound } }
    });
    out.len() as u32 - 1
}

/// The corner of the first triangle from which both edges of a parallelogram go, if the two triangles are one: they share the edge
/// between the ends of those, and the fourth corner lies where it must.
fn parallelogram(a: [Point; 3], b: [Point; 3]) -> Option<usize> {
    let size = (a[1] - a[0]).length().max((a[2] - a[0]).length());
    let same = |p: Point, q: Point| (p - q).length() <= 1e-5 * size;
    let turns = [b, [b[1], b[2], b[0]], [b[2], b[0], b[1]]];
    (0..3).find(|&k| {
        let [from, p, q] = [a[k], a[(k + 1) % 3], a[(k + 2) % 3]];
        let fourth = p + q - from;
        // Seen from the same side, the second has the shared edge the other way round.
        turns.iter().any(|t| same(t[0], q) && same(t[1], p) && same(t[2], fourth))
    })
}

/// The triangles of an emissive instance; gives the place of each in `out`, NONE of those without an area. Two that follow each other
/// and are one parallelogram are one light.
fn triangles(emitter: &Emitter, instance: &Instance, out: &mut Vec<Near>) -> Vec<u32> {
    let mesh = &instance.mesh;
    let to_world: &Affine3A = &instance.world_from_object;
    let corners = |triangle: usize| -> Option<[Point; 3]> {
        let corner = |i: u32| mesh.positions.get(i as usize).map(|p| to_world.transform_point3(Point::from(*p)));
        let [a, b, c] = mesh.triangles.get(triangle)?.map(corner);
        Some([a?, b?, c?])
    };
    let mut numbers = Vec::with_capacity(mesh.triangles.len());
    while numbers.len() < mesh.triangles.len() {
        let primitive = numbers.len();
        let Some(first) = corners(primitive).filter(|c| emitter.shines() && c[0].is_finite()) else {
            numbers.push(NONE);
            continue;
        };
        let pair = corners(primitive + 1).filter(|_| emitter.even).and_then(|second| parallelogram(first, second));
        let at = pair.unwrap_or(0);
        let [a, b, c] = [first[at], first[(at + 1) % 3], first[(at + 2) % 3]];
        let (edge1, edge2) = (b - a, c - a);
        let normal = edge1.as_dvec3().cross(edge2.as_dvec3());
        let area = normal.length() * if pair.is_some() { 1.0 } else { 0.5 };
        if !(area > 0.0 && area.is_finite()) {
            numbers.push(NONE);
            continue;
        }
        let light = types::Light {
            position: Vec3::from(a.to_array()),
            kind: if pair.is_some() { LIGHT_PARALLELOGRAM } else { LIGHT_TRIANGLE },
            edge1: Vec3::from(edge1.to_array()),
            part: emitter.part,
            edge2: Vec3::from(edge2.to_array()),
            primitive: primitive as u32,
            ..types::Light::ZERO
        };
        let fourth = if pair.is_some() { b + edge2 } else { a };
        out.push(Near { light, bound: emitter.flat(&[a, b, c, fourth], normal, area) });
        let number = out.len() as u32 - 1;
        numbers.extend(std::iter::repeat_n(number, if pair.is_some() { 2 } else { 1 }));
    }
    numbers
}
