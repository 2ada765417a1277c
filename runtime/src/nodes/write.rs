//! Files.

use crate::encode::{self, ExrDepth, PngDepth};
use crate::product::Product;
use crate::run::{Arguments, Run};
use crate::{Outcome, RunError};

fn put(run: &Run<'_>, a: &Arguments<'_>, bytes: &[u8]) -> Outcome<Product> {
    let path = run.files.write(a.text("file")?, bytes).map_err(|reason| {
        RunError::new("E0650", format!("`{}` can't be written: {reason}", a.node.id))
            .hint("free some space, or choose another folder with --out")
    })?;
    run.events.wrote(&path, bytes.len());
    Ok(Product::File(path))
}

pub(super) fn png(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let depth = match a.int("bits")? {
        8 => PngDepth::Eight,
        16 => PngDepth::Sixteen,
        other => return Err(a.error("E0653", format!("a PNG has 8 or 16 bits, not {other}")).hint("write `bits: 16`")),
    };
    let image = a.image("image")?.value;
    let bytes = encode::png(image.width, image.height, &image.rgb, depth)?;
    put(run, a, &bytes)
}

pub(super) fn exr(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let depth = match a.int("bits")? {
        16 => ExrDepth::Half,
        32 => ExrDepth::Float,
        other => {
            return Err(a.error("E0653", format!("an EXR has 16 or 32 bits, not {other}")).hint("write `bits: 32`"));
        }
    };
    let image = a.image("image")?.value;
    let bytes = encode::exr(image.width, image.height, &image.rgb, depth)?;
    put(run, a, &bytes)
}
