//! Fog.

use std::sync::Arc;

use scenec_scene::Fog;

use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

fn product(a: &Arguments<'_>, base: f64, height: Option<f64>) -> Outcome<Product> {
    Ok(Product::Fog(Arc::new(Fog {
        density: a.number("density")? as f32,
        base: base as f32,
        height: height.map(|h| h as f32),
        albedo: a.color("color")?,
        anisotropy: a.number("anisotropy")? as f32,
    })))
}

pub(super) fn height(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    product(a, a.number("base")?, Some(a.number("height")?))
}

pub(super) fn even(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    product(a, 0.0, None)
}
