//! Many copies of one thing on a surface.

use std::sync::Arc;

use glam::Vec3;
use scenec_scene::geometry::{ScatterParams, merged, scatter as distribute, transformed};
use scenec_scene::{Light, Mesh};

use crate::product::{Product, Thing, bounds_of, moved};
use crate::run::{Arguments, Run};
use crate::{Outcome, RunWarning};

pub(super) fn scatter(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let prototype = a.thing("prototype")?;
    let on = a.thing("on")?;
    let pieces = match prototype.part {
        Some(part) => prototype.value.pieces(part),
        None => prototype.value.instances.iter().collect(),
    };
    // A part brings no lights, as everywhere.
    let lights: &[Light] = if prototype.part.is_none() { &prototype.value.lights } else { &[] };
    let ground = match on.part {
        Some(part) => on.value.pieces(part),
        None => on.value.instances.iter().collect(),
    };
    let surfaces: Vec<Mesh> = ground.iter().map(|i| transformed(&i.mesh, i.world_from_object)).collect();
    let references: Vec<&Mesh> = surfaces.iter().collect();
    let surface = merged(&references).map_err(|e| a.error("E0630", e))?;
    let params = ScatterParams {
        count: u32::try_from(a.int("count")?).unwrap_or(u32::MAX),
        spacing: a.number("spacing")?,
        seed: a.text("seed")?.to_owned(),
        max_slope: a.number("slope_max")?,
        height: [
            a.maybe("height_min", Arguments::number)?.unwrap_or(f64::NEG_INFINITY),
            a.maybe("height_max", Arguments::number)?.unwrap_or(f64::INFINITY),
        ],
        yaw_jitter: a.number("yaw")?,
        scale: [a.number("scale_min")?, a.number("scale_max")?],
        align: a.number("align")?,
    };
    let placed = distribute(&surface, &params).map_err(|e| a.error("E0630", e))?;
    if placed.missing > 0 {
        let message = format!("`{}`: {} of {} found no room", a.node.id, placed.missing, params.count);
        run.events.warning(&RunWarning::new("W0631", message, "lower `count` or `spacing`, or raise `slope_max`"));
    }
    // A copy stands on its lowest point, whatever the origin of the prototype is.
    let bounds = bounds_of(pieces.iter().copied());
    let lift = if bounds.is_empty() { 0.0 } else { -bounds.min.y };
    let stand = glam::Affine3A::from_translation(Vec3::new(0.0, lift, 0.0));
    let mut thing = Thing::default();
    thing.instances.reserve(placed.items.len().saturating_mul(pieces.len()));
    for item in &placed.items {
        for &piece in &pieces {
            let mut copy = piece.clone();
            copy.world_from_object = item.transform * stand * piece.world_from_object;
            let own = prototype.value.relative(piece);
            let id = if own.is_empty() { item.index.to_string() } else { format!("{}/{own}", item.index) };
            copy.id = id.into();
            thing.instances.push(copy);
        }
        for light in lights {
            thing.lights.push(Light { kind: moved(light.kind, &(item.transform * stand)), ..light.clone() });
        }
    }
    Ok(Product::Thing(Arc::new(thing)))
}
