//! What tests and gates ask of the finished stage.

use std::collections::BTreeSet;
use std::sync::Arc;

use glam::{DVec3, Vec3};
use scenec_ir::types::BOUNDS_FIELDS;
use scenec_ir::{Dimension, Value};
use scenec_scene::{Bounds, Environment, Instance, Stage};

use crate::measure::{self, Memory, Share, Sight};
use crate::product::{Product, Thing};
use crate::run::{Arguments, Given, Run};
use crate::{Outcome, RunError};

/// The id of the node without the compiler's own names for steps: `test/the hero is seen`.
fn asked_by<'t>(a: &Arguments<'t>) -> &'t str {
    let id = a.node.id.as_str();
    id.split(['#', '~', '@']).next().unwrap_or(id)
}

fn error(a: &Arguments<'_>, code: &'static str, reason: impl std::fmt::Display) -> RunError {
    let by = asked_by(a);
    RunError::new(
        code,
        format!("`{}` in `{}`: {reason}", a.node.kind, by.trim_end_matches(|c: char| c == '.' || c.is_ascii_digit())),
    )
}

/// The pieces that are asked about, and the boxes in which they count.
fn subject<'t>(a: &Arguments<'t>) -> Outcome<Vec<(Vec<&'t Instance>, Option<Bounds>)>> {
    let mut subject = Vec::new();
    for given in a.things("thing")? {
        let thing: &'t Thing = given.value;
        let (pieces, region) = thing.shown(given.part);
        if pieces.is_empty() {
            let reason = match given.part {
                Some(part) => format!("the thing has no part `{part}` that could be measured"),
                None => "the thing is empty".to_owned(),
            };
            return Err(error(a, "E0633", reason).hint("name a part that shows something"));
        }
        subject.push((pieces, region));
    }
    Ok(subject)
}

fn ratio(value: f64) -> Product {
    Product::Reading(Value::Quantity(value, Dimension::RATIO))
}

fn whole(value: usize) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// Every thing by itself, added up.
fn look(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Vec<Sight>> {
    let stage = a.stage("stage")?.value;
    let camera = a.camera("camera")?.value.camera;
    let aspect = a.number("aspect")? as f32;
    let mut sights = Vec::new();
    for (pieces, region) in subject(a)? {
        let ids: BTreeSet<Arc<str>> = pieces.iter().map(|piece| piece.id.clone()).collect();
        let own: Vec<Instance> = stage.instances.iter().filter(|i| ids.contains(&i.id)).cloned().collect();
        if own.is_empty() {
            return Err(error(a, "E0636", "the thing does not stand on the stage")
                .hint("name a thing of a layer block of this program"));
        }
        let own_pieces: Vec<&Instance> = own.iter().collect();
        let points = measure::points(&own_pieces, region.as_ref());
        let is_piece: Vec<bool> = stage.instances.iter().map(|i| ids.contains(&i.id)).collect();
        let scene = run.scene(stage)?;
        let alone = match &run.alone {
            Some((of, known, alone)) if Arc::ptr_eq(of, stage) && *known == ids => alone.clone(),
            _ => {
                run.alone = None;
                let alone = Stage {
                    instances: own,
                    lights: Vec::new(),
                    environment: Environment::Constant([0.0; 3]),
                    fog: None,
                };
                let alone = Arc::new(scenec_render::prepare(&alone)?);
                run.alone = Some((stage.clone(), ids, alone.clone()));
                alone
            }
        };
        sights.push(measure::sight(&scene, &alone, |i| is_piece[i], region.as_ref(), &camera, aspect, &points));
    }
    Ok(sights)
}

pub(super) fn visible(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let sights = look(run, a)?;
    let sum = |of: fn(&Sight) -> u32| sights.iter().map(|s| f64::from(of(s)) * s.share).sum::<f64>();
    let (seen, alone) = (sum(|s| s.seen), sum(|s| s.alone));
    Ok(ratio(if alone > 0.0 { seen / alone } else { 0.0 }))
}

pub(super) fn coverage(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    Ok(ratio(look(run, a)?.iter().map(|s| f64::from(s.seen) * s.share).sum()))
}

pub(super) fn in_frame(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let camera = a.camera("camera")?.value.camera;
    let aspect = a.number("aspect")? as f32;
    let inside = |(pieces, region): &(Vec<&Instance>, Option<Bounds>)| {
        measure::all_in_frame(&camera, aspect, &measure::points(pieces, region.as_ref()))
    };
    Ok(Product::Reading(Value::Bool(subject(a)?.iter().all(inside))))
}

/// The middle of a thing or part.
fn middle(a: &Arguments<'_>, given: &Given<'_, Arc<Thing>>) -> Outcome<DVec3> {
    let (pieces, region) = given.value.shown(given.part);
    if region.is_none() {
        let bounds = measure::exact_bounds(&pieces);
        if !bounds.is_empty() {
            return Ok((bounds.min.as_dvec3() + bounds.max.as_dvec3()) * 0.5);
        }
    }
    let anchor = given.value.anchor(given.part);
    anchor
        .map(|anchor| anchor.origin.as_dvec3())
        .ok_or_else(|| error(a, "E0633", "the thing is empty, so it is nowhere"))
}

fn end(a: &Arguments<'_>, name: &str, camera: &str) -> Outcome<DVec3> {
    if let Some(eye) = a.maybe_camera(camera)? {
        return Ok(Vec3::from(eye.value.camera.world_from_camera.translation).as_dvec3());
    }
    match a.maybe_thing(name)? {
        Some(thing) => middle(a, &thing),
        None => a.vec3(name).map(DVec3::from),
    }
}

pub(super) fn distance(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let length = measure::distance(end(a, "from", "from_camera")?, end(a, "to", "to_camera")?);
    Ok(Product::Reading(Value::Quantity(length, Dimension::LENGTH)))
}

pub(super) fn bounds(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut all = Bounds::EMPTY;
    for given in a.things("thing")? {
        let (pieces, region) = given.value.shown(given.part);
        all.merge(&match region {
            None => measure::exact_bounds(&pieces),
            // A place or a joint, not what is near it.
            Some(_) => given.value.anchor(given.part).map_or(Bounds::EMPTY, |anchor| anchor.bounds),
        });
    }
    if all.is_empty() {
        return Err(error(a, "E0633", "the thing is empty, so it has no bounds"));
    }
    let (min, max) = (all.min.as_dvec3(), all.max.as_dvec3());
    let magnitude = min.abs().max(max.abs()).max_element();
    let corners = [min, max, max - min, (min + max) * 0.5];
    let record = BOUNDS_FIELDS.iter().zip(corners).map(|(name, corner)| {
        ((*name).to_owned(), Value::Vec3(measure::tidy(corner.to_array(), magnitude), Dimension::LENGTH))
    });
    Ok(Product::Reading(Value::Record(record.collect())))
}

/// Pieces that are asked about; of nothing those of the stage.
fn pieces<'t>(a: &Arguments<'t>) -> Outcome<Vec<&'t Instance>> {
    if !a.node.inputs.contains_key("thing") {
        let stage: &'t Stage = a.stage("stage")?.value;
        return Ok(stage.instances.iter().collect());
    }
    Ok(subject(a)?.into_iter().flat_map(|(pieces, _)| pieces).collect())
}

pub(super) fn count(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    Ok(Product::Reading(whole(pieces(a)?.len())))
}

pub(super) fn triangles(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    Ok(Product::Reading(whole(pieces(a)?.iter().map(|p| p.mesh.triangles.len()).sum())))
}

pub(super) fn memory(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut bytes = measure::memory(&pieces(a)?);
    if !a.node.inputs.contains_key("thing") {
        bytes += measure::sky_bytes(&a.stage("stage")?.value.environment);
    }
    Ok(Product::Reading(Value::Quantity(bytes as f64, Dimension::DATA)))
}

pub(super) fn usage(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let stage = a.stage("stage")?.value;
    let [mut triangles, mut instances, mut lights, mut memory, mut textures] = [(); 5].map(|()| Share::default());
    let mut counted = Memory::default();
    for piece in &stage.instances {
        let thing = measure::thing_of(&piece.id);
        triangles.add(&thing, piece.mesh.triangles.len());
        instances.add(&thing, 1);
        let [mesh, pictures] = counted.add(piece);
        memory.add(&thing, mesh + pictures);
        textures.add(&thing, pictures);
    }
    let sky = measure::sky_bytes(&stage.environment);
    memory.add("the sky", sky);
    textures.add("the sky", sky);
    lights.total = stage.lights.len();
    let bytes = |n: usize| Value::Quantity(n as f64, Dimension::DATA);
    let record = |share: &Share, value: &dyn Fn(usize) -> Value| {
        let mut fields = vec![("total".to_owned(), value(share.total))];
        fields.extend(share.most().into_iter().map(|(name, n)| (name.to_owned(), value(n))));
        Value::Record(fields)
    };
    Ok(Product::Reading(Value::Record(vec![
        ("triangles".to_owned(), record(&triangles, &whole)),
        ("instances".to_owned(), record(&instances, &whole)),
        ("lights".to_owned(), record(&lights, &whole)),
        ("memory".to_owned(), record(&memory, &bytes)),
        ("textures".to_owned(), record(&textures, &bytes)),
    ])))
}
