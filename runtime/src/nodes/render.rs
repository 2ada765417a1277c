//! From the layers to a scene-linear picture.

use std::sync::Arc;
use std::time::Duration;

use scenec_ir::Encoding;
use scenec_render::{DenoiseSettings, Filter, Frame, MatteKind, Model, Noisy, RenderSettings};
use scenec_scene::{Environment, Stage};

use crate::product::{Picture, Product};
use crate::run::{Arguments, Run};
use crate::{Outcome, audit};

pub(super) fn stage(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut stage =
        Stage { instances: Vec::new(), lights: Vec::new(), environment: Environment::Constant([0.0; 3]), fog: None };
    for thing in a.things("things")? {
        stage.instances.extend(thing.value.instances.iter().cloned());
        stage.lights.extend(thing.value.lights.iter().cloned());
    }
    stage.lights.extend(a.lights("lights")?.iter().map(|l| scenec_scene::Light::clone(l.value)));
    if let Some(sky) = a.maybe_sky("sky")? {
        stage.environment = sky.value.environment.clone();
        stage.lights.extend(sky.value.sun.clone());
    }
    stage.fog = a.maybe_fog("fog")?.map(|fog| **fog.value);
    Ok(Product::Stage(Arc::new(stage)))
}

/// Size, samples, seed and filter, which a render and the AOVs beside it share, with the rest that is `given`.
fn settings(run: &Run<'_>, a: &Arguments<'_>, given: RenderSettings) -> Outcome<RenderSettings> {
    let [width, height] = a.vec2("size")?.map(|v| v.round() as u32);
    let divisor = run.settings.size_divisor.max(1);
    let samples = match a.maybe("samples", Arguments::int)? {
        Some(samples) => u32::try_from(samples).unwrap_or(u32::MAX),
        None => RenderSettings::usual_samples(given.noise.is_some() || given.time.is_some()),
    };
    let filter_width = a.maybe("filter_width", Arguments::number)?.map(|w| w as f32);
    let filter = match a.member("filter")? {
        "tent" => Filter::Tent(filter_width.unwrap_or(2.0)),
        "gaussian" => Filter::Gaussian(filter_width.unwrap_or(3.0)),
        _ => Filter::Box,
    };
    Ok(RenderSettings {
        filter,
        width: (width / divisor).max(1),
        height: (height / divisor).max(1),
        samples: run.settings.samples_limit.map_or(samples, |limit| samples.min(limit)),
        seed: u32::try_from(a.int("seed")?).unwrap_or(0),
        device: run.settings.device,
        threads: run.settings.threads,
        ..given
    })
}

pub(super) fn render(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let stage = a.stage("stage")?.value;
    let eye = a.camera("camera")?.value;
    let given = RenderSettings {
        noise: a.maybe("noise", Arguments::number)?.map(|noise| noise as f32),
        time: a.maybe("time", Arguments::number)?.map(Duration::from_secs_f64),
        clamp_indirect: a.maybe("clamp_indirect", Arguments::number)?.map(|most| most as f32),
        max_depth: u32::try_from(a.int("depth")?).unwrap_or(u32::MAX),
        ..RenderSettings::default()
    };
    let settings = settings(run, a, given)?;
    // What tests asked for is not needed beside a picture.
    run.alone = None;
    let scene = run.scene(stage)?;
    let film = scenec_render::render(&scene, &eye.camera, &settings, run.events)?;
    // What follows a `#` is the compiler's own name for a step inside of the item.
    let name = a.node.id.split('#').next().unwrap_or(&a.node.id);
    let found = audit::audit(name, &film, stage, &eye.camera, &eye.subject, eye.auto_exposure);
    found.iter().for_each(|w| run.events.warning(w));
    Ok(Product::Image(Arc::new(Picture {
        rgb: film.rgb,
        half: film.half,
        alpha: film.alpha,
        exposure: eye.camera.exposure,
        auto_exposure: eye.auto_exposure,
        ..Picture::of(film.width, film.height, Encoding::SceneLinear)
    })))
}

pub(super) fn denoise(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let image = a.image("image")?.value;
    let aovs = a.aovs("aovs")?.value;
    let noisy = Noisy {
        width: image.width,
        height: image.height,
        rgb: &image.rgb,
        half: &image.half,
        albedo: &aovs.albedo,
        normal: &aovs.normal,
        depth: &aovs.depth,
    };
    let settings =
        DenoiseSettings { model: Model::Wavelet, device: run.settings.device, threads: run.settings.threads };
    let rgb = scenec_render::denoise(&noisy, &settings, run.events)?;
    Ok(Product::Image(Arc::new(Picture { rgb, half: Vec::new(), ..Picture::clone(image) })))
}

/// The kind of matte that a program calls so.
pub(super) fn matte_kind(name: &str) -> Option<MatteKind> {
    match name {
        "object" => Some(MatteKind::Object),
        "material" => Some(MatteKind::Material),
        "asset" => Some(MatteKind::Asset),
        "chosen" => Some(MatteKind::Chosen),
        _ => None,
    }
}

pub(super) fn aovs(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let stage = a.stage("stage")?.value;
    let camera = &a.camera("camera")?.value.camera;
    let settings = settings(run, a, RenderSettings { max_depth: 1, ..RenderSettings::default() })?;
    let names = a.maybe("mattes", Arguments::members)?.unwrap_or_default();
    let unknown = |name: &&str| a.error("E0698", format!("unknown matte `{name}`"));
    let mattes = names.iter().map(|name| matte_kind(name).ok_or_else(|| unknown(name))).collect::<Outcome<Vec<_>>>()?;
    // What stands still in the next frame is the same node, and comes in by another port all the same.
    let next = match (a.maybe_stage("next_stage")?, a.maybe_camera("next_camera")?) {
        (Some(stage), Some(eye)) => Some((&**stage.value, &eye.value.camera)),
        _ => None,
    };
    run.alone = None;
    let scene = run.scene(stage)?;
    let of = a.things("of")?;
    let names = of.iter().map(|thing| match thing.part {
        None => thing.value.name.clone(),
        Some(part) => format!("{}/{part}", thing.value.name),
    });
    let names: Vec<String> = names.collect();
    let chosen: Vec<&str> = names.iter().map(String::as_str).collect();
    let is_there = |name: &&&str| stage.instances.iter().any(|i| scenec_render::belongs(&i.id, name));
    if let Some(missing) = chosen.iter().find(|name| !is_there(name)) {
        let message = format!("nothing in the picture's stage is named `{missing}`");
        let hint = "a thing of a layer, or a part of one that has pieces of its own; a joint has none";
        return Err(a.error("E0633", message).hint(hint));
    }
    let frame = Frame { stage, scene: &scene, camera, next, chosen: &chosen };
    Ok(Product::Aovs(Arc::new(scenec_render::aovs(&frame, &settings, &mattes, run.events)?)))
}
