//! From the layers to a scene-linear picture.

use std::sync::Arc;

use scenec_render::RenderSettings;
use scenec_scene::{Environment, Stage};

use crate::product::{Picture, Product};
use crate::run::{Arguments, Run};
use crate::{Outcome, audit};

pub(super) fn stage(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut stage = Stage { instances: Vec::new(), lights: Vec::new(), environment: Environment::Constant([0.0; 3]) };
    for thing in a.things("things")? {
        stage.instances.extend(thing.value.instances.iter().cloned());
        stage.lights.extend(thing.value.lights.iter().cloned());
    }
    stage.lights.extend(a.lights("lights")?.iter().map(|l| scenec_scene::Light::clone(l.value)));
    if let Some(sky) = a.maybe_sky("sky")? {
        stage.environment = sky.value.environment.clone();
        stage.lights.extend(sky.value.sun.clone());
    }
    Ok(Product::Stage(Arc::new(stage)))
}

pub(super) fn render(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let stage = a.stage("stage")?.value;
    let eye = a.camera("camera")?.value;
    let [width, height] = a.vec2("size")?.map(|v| v.round() as u32);
    let divisor = run.settings.size_divisor.max(1);
    let samples = u32::try_from(a.int("samples")?).unwrap_or(u32::MAX);
    let settings = RenderSettings {
        width: (width / divisor).max(1),
        height: (height / divisor).max(1),
        samples: run.settings.samples_limit.map_or(samples, |limit| samples.min(limit)),
        max_depth: u32::try_from(a.int("depth")?).unwrap_or(u32::MAX),
        seed: u32::try_from(a.int("seed")?).unwrap_or(0),
        device: run.settings.device,
        threads: run.settings.threads,
    };
    // What tests asked for is not needed beside a picture.
    run.alone = None;
    let scene = run.scene(stage)?;
    let film = scenec_render::render(&scene, &eye.camera, &settings, run.events)?;
    // What follows a `#` is the compiler's own name for a step inside of the item.
    let name = a.node.id.split('#').next().unwrap_or(&a.node.id);
    let found = audit::audit(name, &film, stage, &eye.camera, &eye.subject, eye.auto_exposure);
    found.iter().for_each(|w| run.events.warning(w));
    Ok(Product::Image(Arc::new(Picture {
        width: film.width,
        height: film.height,
        rgb: film.rgb,
        alpha: film.alpha,
        exposure: eye.camera.exposure,
        auto_exposure: eye.auto_exposure,
    })))
}
