//! Skies.

use std::sync::Arc;

use scenec_scene::Environment;
use scenec_scene::sky::{ClearSky, clear_sky};

use crate::product::{Product, Sky};
use crate::run::{Arguments, Run};
use crate::{Outcome, model};

fn product(environment: Environment, sun: Option<scenec_scene::Light>) -> Product {
    Product::Sky(Arc::new(Sky { environment, sun }))
}

pub(super) fn constant(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let strength = a.number("strength")? as f32;
    Ok(product(Environment::Constant(a.color("color")?.map(|c| c * strength)), None))
}

pub(super) fn physical(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let strength = a.number("strength")? as f32;
    let direction = super::light::toward(a.number("sun_elevation")?, a.number("sun_azimuth")?);
    let sky = clear_sky(&ClearSky {
        sun_direction: direction.as_dvec3().to_array(),
        turbidity: a.number("turbidity")?,
        ground_albedo: a.color("ground_albedo")?,
        ..ClearSky::default()
    })
    .map_err(|e| a.error("E0630", e))?;
    // Below the horizon there is no sun.
    let sun = if a.bool("sun")? { sky.sun } else { None };
    let sun =
        sun.map(|sun| scenec_scene::Light { name: a.node.id.clone(), color: sun.color.map(|c| c * strength), ..sun });
    Ok(product(sky.image.into_environment(strength, 0.0), sun))
}

pub(super) fn hdr(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut warnings = Vec::new();
    let image = model::load_sky(a.text("file")?, run.files, &mut warnings)?;
    warnings.iter().for_each(|w| run.events.warning(w));
    Ok(product(image.into_environment(a.number("strength")? as f32, a.number("rotation")? as f32), None))
}
