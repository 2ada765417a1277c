//! What everything stands on.

use std::sync::Arc;

use scenec_scene::geometry::{HeightImage, Pad, Plane, TerrainParams};

use crate::heights::Heights;
use crate::product::{Product, Thing};
use crate::run::{Arguments, Run};
use crate::{Outcome, RunError};

pub(super) fn terrain(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let image = match a.maybe("height_map", Arguments::text)? {
        None => None,
        Some(name) => {
            let path = name;
            let bytes = run.files.read(path).map_err(|reason| {
                RunError::new("E0623", format!("the height map {path} can't be read: {reason}"))
                    .hint("the path is relative to the file that names it")
            })?;
            Some(decode(&bytes).map_err(|e| {
                RunError::new("E0623", format!("the height map {path} can't be used: {e}")).hint("a grey PNG or JPEG")
            })?)
        }
    };
    let pad = match a.maybe("flat_radius", Arguments::number)? {
        None => None,
        Some(radius) => Some(Pad { center: a.vec2("flat_center")?, radius, falloff: a.number("flat_falloff")? }),
    };
    let terrain = TerrainParams {
        size: a.vec2("size")?,
        relief: a.number("relief")?,
        resolution: u32::try_from(a.int("resolution")?).unwrap_or(u32::MAX),
        seed: a.int("seed")?.unsigned_abs(),
        roughness: a.number("roughness")?,
        octaves: u32::try_from(a.int("octaves")?).unwrap_or(u32::MAX),
        feature_size: a.maybe("feature_size", Arguments::number)?,
        ridges: a.number("ridges")?,
        pad,
        image,
    };
    super::shape::piece(a, terrain.build().map(|t| t.mesh()))
}

pub(super) fn ground(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    super::shape::piece(a, Plane { size: a.vec2("size")?, subdivisions: [1, 1] }.mesh())
}

/// A grey picture as heights in 0..1; of a coloured one the luminance counts. 16 bits keep their precision.
fn decode(bytes: &[u8]) -> Result<HeightImage, image::ImageError> {
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format()?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(16384);
    limits.max_image_height = Some(16384);
    reader.limits(limits);
    let picture = reader.decode()?.into_luma16();
    let grey = picture.pixels().map(|p| f32::from(p.0[0]) / 65535.0).collect();
    Ok(HeightImage { width: picture.width(), height: picture.height(), grey })
}

/// The highest point of a thing or of its part on the vertical line through (x, z), world space; `None` beside it.
pub(super) fn height_at(run: &mut Run<'_>, thing: &Arc<Thing>, part: Option<&str>, x: f64, z: f64) -> Option<f64> {
    let known = |h: &Heights| h.are_of(thing, part);
    if !run.ground.as_ref().is_some_and(known) {
        run.ground = Some(Heights::new(thing, part));
    }
    run.ground.as_ref()?.height(x, z)
}
