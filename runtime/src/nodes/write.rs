//! Files.

use scenec_ir::Encoding;

use super::render::matte_kind;
use crate::encode::{self, AovLayer, ExrDepth, ExrLayers, PngDepth, PngPixels};
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
    let half;
    let pixels = match image.encoding {
        Encoding::InverseDepth | Encoding::Mask => PngPixels::Gray(&image.rgb),
        Encoding::Ids | Encoding::Pose => PngPixels::Data(&image.rgb),
        Encoding::Normal => {
            // Where nothing is met a normal map shows what faces the viewer.
            let shown = |n: &[f32; 3]| if *n == [0.0; 3] { [0.5, 0.5, 1.0] } else { n.map(|v| 0.5 + 0.5 * v) };
            half = image.rgb.iter().map(shown).collect::<Vec<_>>();
            PngPixels::Data(&half)
        }
        Encoding::Display => PngPixels::Srgb(&image.rgb),
        Encoding::SceneLinear | Encoding::Depth => {
            return Err(a.error("E0698", format!("a PNG holds no {:?}", image.encoding)));
        }
    };
    let bytes = encode::png(image.width, image.height, pixels, depth)?;
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
    let channel = match image.encoding {
        Encoding::Depth => Some(Some("Z")),
        Encoding::InverseDepth | Encoding::Mask => Some(Some("Y")),
        Encoding::Normal => Some(None),
        _ => None,
    };
    if let Some(channel) = channel {
        let bytes = encode::exr_map(image.width, image.height, &image.rgb, channel, depth)?;
        return put(run, a, &bytes);
    }
    let unknown = |name: &str| a.error("E0698", format!("unknown layer `{name}`"));
    let list = |param: &str| a.maybe(param, Arguments::members).map(Option::unwrap_or_default);
    let layers = list("aov")?.into_iter().map(|name| AovLayer::from_name(name).ok_or_else(|| unknown(name)));
    let layers = layers.collect::<Outcome<Vec<_>>>()?;
    let mattes = list("cryptomatte")?.into_iter().map(|name| matte_kind(name).ok_or_else(|| unknown(name)));
    let mattes = mattes.collect::<Outcome<Vec<_>>>()?;
    let aovs = a.maybe_aovs("aovs")?;
    let beside = aovs.map(|aovs| ExrLayers { aovs: aovs.value, layers: &layers, mattes: &mattes });
    let bytes = encode::exr_with(image.width, image.height, &image.rgb, depth, beside.as_ref())?;
    put(run, a, &bytes)
}
