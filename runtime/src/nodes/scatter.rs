//! Many copies of things on a surface or in a volume.

use std::collections::BTreeSet;
use std::sync::Arc;

use glam::{Affine3A, Vec3};
use scenec_scene::geometry::{
    Avoid, Clusters, Density, DensityMap, DensityNoise, ScatterParams, WIDEST_MAP, closure, merged,
    scatter as distribute, scatter_in, transformed,
};
use scenec_scene::{Instance, Light, Mesh};

use crate::product::{Product, Thing, bounds_of, moved};
use crate::run::{Arguments, Given, Run};
use crate::{Outcome, RunError, RunWarning};

pub(super) fn scatter(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let volume = a.maybe_thing("in")?;
    let prototypes: Vec<Prototype> =
        a.things("prototype")?.iter().map(|given| Prototype::new(given, volume.is_some())).collect();
    let params = params(run, a, prototypes.len(), volume.is_some())?;
    let placed = match &volume {
        Some(volume) => {
            is_closed(a, volume)?;
            scatter_in(&world(a, std::slice::from_ref(volume))?, &params)
        }
        None => distribute(&world(a, &[a.thing("on")?])?, &params),
    };
    let placed = placed.map_err(|e| a.error("E0630", e))?;
    if placed.missing > 0 {
        let message = format!("`{}`: {} of {} found no room", a.node.id, placed.missing, params.count);
        let hint = match volume {
            Some(_) => "lower `count` or `spacing`, or make the volume larger",
            None => "lower `count` or `spacing`, or raise `slope_max`",
        };
        let is_full = params.density == Density::default();
        let hint = if is_full { hint } else { "lower `count` or `spacing`, or make the density brighter" };
        run.events.warning(&RunWarning::new("W0631", message, hint));
    } else if placed.items.is_empty() && placed.avoided > 0 {
        let message = format!("`{}`: all {} stand in what is to be avoided", a.node.id, placed.avoided);
        run.events.warning(&RunWarning::new("W0631", message, "lower `avoid_by`, or avoid less"));
    }
    let mut thing = Thing::default();
    let most = prototypes.iter().map(|p| p.pieces.len()).max().unwrap_or(0);
    thing.instances.reserve_exact(if prototypes.len() == 1 { placed.items.len().saturating_mul(most) } else { 0 });
    for item in &placed.items {
        let Some(prototype) = prototypes.get(item.prototype as usize) else { continue };
        let map = item.transform * prototype.stand;
        for (piece, own) in &prototype.pieces {
            let id = if own.is_empty() { item.index.to_string() } else { format!("{}/{own}", item.index) };
            thing.instances.push(Instance {
                id: id.into(),
                mesh: piece.mesh.clone(),
                material: piece.material.clone(),
                world_from_object: map * piece.world_from_object,
            });
        }
        for light in prototype.lights {
            thing.lights.push(Light { kind: moved(light.kind, &map), ..light.clone() });
        }
    }
    Ok(Product::Thing(Arc::new(thing)))
}

/// One of the things that are copied.
struct Prototype<'a> {
    /// Pieces with their ids.
    pieces: Vec<(&'a Instance, &'a str)>,
    lights: &'a [Light],
    /// Moves it to where its copies are put.
    stand: Affine3A,
}

impl<'a> Prototype<'a> {
    fn new(given: &Given<'a, Arc<Thing>>, in_volume: bool) -> Self {
        let thing: &'a Thing = given.value;
        let pieces = pieces_of(given);
        let bounds = bounds_of(pieces.iter().copied());
        // On the ground a copy stands on its lowest point, whatever its origin is; in a volume its middle counts.
        let by = match (bounds.is_empty(), in_volume) {
            (true, _) => Vec3::ZERO,
            (false, true) => -bounds.center(),
            (false, false) => Vec3::new(0.0, -bounds.min.y, 0.0),
        };
        Self {
            pieces: pieces.into_iter().map(|piece| (piece, thing.relative(piece))).collect(),
            // A part brings no lights, as everywhere.
            lights: if given.part.is_none() { &thing.lights } else { &[] },
            stand: Affine3A::from_translation(by),
        }
    }
}

fn pieces_of<'a>(given: &Given<'a, Arc<Thing>>) -> Vec<&'a Instance> {
    match given.part {
        Some(part) => given.value.pieces(part),
        None => given.value.instances.iter().collect(),
    }
}

/// The triangles of things in world space.
fn world(a: &Arguments<'_>, things: &[Given<'_, Arc<Thing>>]) -> Outcome<Mesh> {
    let pieces = things.iter().flat_map(pieces_of);
    let moved: Vec<Mesh> = pieces.map(|i| transformed(&i.mesh, i.world_from_object)).collect();
    merged(&moved.iter().collect::<Vec<_>>()).map_err(|e| a.error("E0630", e))
}

/// Only what is closed has an inside.
fn is_closed(a: &Arguments<'_>, volume: &Given<'_, Arc<Thing>>) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    for piece in pieces_of(volume).into_iter().filter(|piece| seen.insert(Arc::as_ptr(&piece.mesh))) {
        let open = closure(&piece.mesh).open_edges;
        if open > 0 {
            let reason = format!("`{}` is no volume: {open} edges of its triangles have no neighbour", piece.id);
            return Err(a.error("E0637", reason).hint(
                "things fill what is closed, such as a box or a sphere; on a surface they are scattered by `on`",
            ));
        }
    }
    Ok(())
}

fn params(run: &Run<'_>, a: &Arguments<'_>, prototypes: usize, in_volume: bool) -> Outcome<ScatterParams> {
    let noise = match a.maybe("density_scale", Arguments::number)? {
        None => None,
        Some(feature_size) => Some(DensityNoise { feature_size, contrast: a.number("density_contrast")? }),
    };
    let map = a.maybe("density", Arguments::text)?.map(|path| density_map(run, path)).transpose()?;
    let clusters = match a.maybe("cluster", Arguments::number)? {
        None => None,
        Some(radius) => Some(Clusters { count: u32::try_from(a.int("clusters")?).unwrap_or(u32::MAX), radius }),
    };
    let avoided = a.things("avoid")?;
    let avoid = match avoided.is_empty() {
        true => None,
        false => {
            let (mesh, distance) = (world(a, &avoided)?, a.number("avoid_by")?);
            let avoid = if in_volume { Avoid::in_space(mesh, distance) } else { Avoid::from_above(mesh, distance) };
            Some(avoid.map_err(|e| a.error("E0630", e))?)
        }
    };
    Ok(ScatterParams {
        count: u32::try_from(a.int("count")?).unwrap_or(u32::MAX),
        spacing: a.number("spacing")?,
        seed: a.text("seed")?.to_owned(),
        slope: [a.number("slope_min")?, a.number("slope_max")?],
        height: [
            a.maybe("height_min", Arguments::number)?.unwrap_or(f64::NEG_INFINITY),
            a.maybe("height_max", Arguments::number)?.unwrap_or(f64::INFINITY),
        ],
        density: Density { map, noise },
        clusters,
        weights: a.maybe("weights", Arguments::numbers)?.unwrap_or_else(|| vec![1.0; prototypes]),
        avoid,
        yaw_jitter: a.number("yaw")?,
        tilt: a.number("tilt")?,
        scale: [a.number("scale_min")?, a.number("scale_max")?],
        align: a.number("align")?,
        sink: a.number("sink")?,
    })
}

fn density_map(run: &Run<'_>, path: &str) -> Outcome<DensityMap> {
    let unusable = |reason: String, hint: &str| {
        RunError::new("E0623", format!("the density map {path} can't be used: {reason}")).hint(hint)
    };
    let bytes = run.files.read(path).map_err(|reason| {
        RunError::new("E0623", format!("the density map {path} can't be read: {reason}"))
            .hint("the path is relative to the file that names it")
    })?;
    let reader = || image::ImageReader::new(std::io::Cursor::new(&bytes)).with_guessed_format();
    let no_picture = |e: image::ImageError| unusable(e.to_string(), "a grey PNG or JPEG");
    let size = reader().map_err(image::ImageError::IoError).and_then(image::ImageReader::into_dimensions);
    let (width, height) = size.map_err(no_picture)?;
    if width.max(height) > WIDEST_MAP {
        let reason = format!("it has {width} x {height} pixels, and the limit is {WIDEST_MAP} x {WIDEST_MAP}");
        return Err(unusable(reason, "a smaller picture says as much: between its pixels the density is linear"));
    }
    let picture = reader().map_err(image::ImageError::IoError).and_then(image::ImageReader::decode);
    Ok(DensityMap { width, height, grey: picture.map_err(no_picture)?.into_luma16().into_raw() })
}
