//! OpenEXR, scene-linear Rec. 709 with its chromaticities; never a view transform inside.

use exr::prelude::*;

use super::EncodeError;

/// Type of the colour channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExrDepth {
    /// 16-bit float.
    Half,
    /// 32-bit float.
    Float,
}

/// Encodes scene-linear pixels as channels R, G and B, ZIP-compressed. `rgb` holds `width * height` pixels, rows from the top.
/// Values beyond the range of half become its largest finite number, so that no compositor meets an infinity of ours.
pub fn exr(width: u32, height: u32, rgb: &[[f32; 3]], depth: ExrDepth) -> std::result::Result<Vec<u8>, EncodeError> {
    let channel = |name: &str, index: usize| {
        let samples = match depth {
            ExrDepth::Float => FlatSamples::F32(rgb.iter().map(|p| p[index]).collect()),
            ExrDepth::Half => {
                let limit = f16::MAX.to_f32();
                FlatSamples::F16(rgb.iter().map(|p| f16::from_f32(p[index].clamp(-limit, limit))).collect())
            }
        };
        AnyChannel::new(name, samples)
    };
    let channels = AnyChannels::sort([channel("B", 2), channel("G", 1), channel("R", 0)].into_iter().collect());
    let layer = Layer::new(
        (width as usize, height as usize),
        LayerAttributes { software_name: Some("scenec".into()), ..LayerAttributes::default() },
        Encoding { compression: Compression::ZIP16, ..Encoding::FAST_LOSSLESS },
        channels,
    );
    let mut image = Image::from_layer(layer);
    // ITU-R BT.709 primaries and D65.
    image.attributes.chromaticities = Some(attribute::Chromaticities {
        red: Vec2(0.64, 0.33),
        green: Vec2(0.30, 0.60),
        blue: Vec2(0.15, 0.06),
        white: Vec2(0.3127, 0.3290),
    });
    let mut out = std::io::Cursor::new(Vec::new());
    // One thread: parallel compression may order the blocks by which is done first.
    image
        .write()
        .non_parallel()
        .to_buffered(&mut out)
        .map_err(|e| EncodeError { format: "OpenEXR", reason: e.to_string() })?;
    Ok(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(bytes: &[u8]) -> (FlatImage, Vec<Vec<f32>>) {
        let image = read()
            .no_deep_data()
            .largest_resolution_level()
            .all_channels()
            .all_layers()
            .all_attributes()
            .from_buffered(std::io::Cursor::new(bytes))
            .unwrap();
        let channels =
            image.layer_data[0].channel_data.list.iter().map(|c| c.sample_data.values_as_f32().collect()).collect();
        (image, channels)
    }

    #[test]
    fn float_keeps_every_bit_and_the_primaries() {
        let pixels = [[1.5, -0.25, 1e-20], [3e5, 0.1, 7.0]];
        let (image, channels) = read_back(&exr(2, 1, &pixels, ExrDepth::Float).unwrap());
        assert_eq!(channels, [[1e-20, 7.0], [-0.25, 0.1], [1.5, 3e5]], "channels in the order B, G, R");
        let primaries = image.attributes.chromaticities.unwrap();
        assert_eq!(primaries.red, Vec2(0.64, 0.33));
    }

    #[test]
    fn half_has_no_infinity() {
        let (_, channels) = read_back(&exr(1, 1, &[[1e9, 0.5, 0.0]], ExrDepth::Half).unwrap());
        assert_eq!(channels[2], [65504.0]);
        assert_eq!(channels[1], [0.5]);
    }

    #[test]
    fn same_pixels_same_bytes() {
        let pixels: Vec<_> = (0..64 * 64).map(|i| [i as f32, 0.5, -1.0]).collect();
        let encode = || exr(64, 64, &pixels, ExrDepth::Half).unwrap();
        assert_eq!(encode(), encode());
    }
}
