//! View transforms.

use std::sync::Arc;

use scenec_ir::Encoding;

use crate::product::{Picture, Product};
use crate::run::{Arguments, Run};
use crate::view::View;
use crate::{Outcome, framing};

/// Middle grey.
const KEY: f32 = 0.18;
/// Two stops above white: what views roll off well.
const CEILING: f32 = 4.0;

pub(super) fn view(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let name = a.member("transform")?;
    let transform = View::from_name(name).ok_or_else(|| a.error("E0698", format!("unknown view `{name}`")))?;
    let image = a.image("image")?.value;
    let metered = if image.auto_exposure { framing::meter(&image.rgb, &image.alpha, KEY, CEILING) } else { 1.0 };
    // An infinite factor would make NaN of a black pixel.
    let exposure = (metered * image.exposure * libm::exp2(a.number("exposure")?) as f32).min(1e30);
    let rgb = image.rgb.iter().map(|&p| transform.apply(p, exposure)).collect();
    let alpha = image.alpha.clone();
    let (width, height) = (image.width, image.height);
    Ok(Product::Image(Arc::new(Picture { rgb, alpha, ..Picture::of(width, height, Encoding::Display) })))
}
