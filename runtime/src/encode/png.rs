//! PNG, display-referred sRGB, tagged as such.

use super::EncodeError;

/// Bits of a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PngDepth {
    /// 8 bits.
    Eight,
    /// 16 bits.
    Sixteen,
}

/// `width * height` pixels, rows from the top. What lies outside of 0..1 is clamped, NaN is 0.
#[derive(Clone, Copy, Debug)]
pub enum PngPixels<'a> {
    /// Display-referred sRGB, already through the sRGB curve: RGB with an `sRGB` chunk.
    Srgb(&'a [[f32; 3]]),
    /// Numbers that are no light, in three channels without a colour space.
    Data(&'a [[f32; 3]]),
    /// The same in grey, of the first number of each pixel.
    Gray(&'a [[f32; 3]]),
}

/// Encodes pixels.
pub fn png(width: u32, height: u32, pixels: PngPixels<'_>, depth: PngDepth) -> Result<Vec<u8>, EncodeError> {
    let error = |e: png::EncodingError| EncodeError { format: "PNG", reason: e.to_string() };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    let (color, values, channels) = match pixels {
        PngPixels::Gray(values) => (png::ColorType::Grayscale, values, 1),
        PngPixels::Srgb(values) | PngPixels::Data(values) => (png::ColorType::Rgb, values, 3),
    };
    let numbers = values.iter().flat_map(|v| &v[..channels]);
    encoder.set_color(color);
    encoder.set_compression(png::Compression::Balanced);
    if let PngPixels::Srgb(_) = pixels {
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
    }
    let bytes: Vec<u8> = match depth {
        PngDepth::Eight => {
            encoder.set_depth(png::BitDepth::Eight);
            numbers.map(|&v| quantise(v, 255.0) as u8).collect()
        }
        PngDepth::Sixteen => {
            encoder.set_depth(png::BitDepth::Sixteen);
            numbers.flat_map(|&v| (quantise(v, 65535.0) as u16).to_be_bytes()).collect()
        }
    };
    let mut writer = encoder.write_header().map_err(error)?;
    writer.write_image_data(&bytes).map_err(error)?;
    writer.finish().map_err(error)?;
    Ok(out)
}

/// Nearest step; NaN is 0.
fn quantise(value: f32, top: f32) -> f32 {
    let inside = if value > 0.0 { value.min(1.0) } else { 0.0 };
    (inside * top + 0.5).floor()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8]) -> (png::OutputInfo, Vec<u8>, bool) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut data = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut data).unwrap();
        let tagged = reader.info().srgb.is_some();
        (info, data, tagged)
    }

    #[test]
    fn eight_bits_round_clamp_and_carry_the_tag() {
        let pixels = [[0.0, 0.5, 1.0], [-1.0, 7.0, f32::NAN]];
        let (info, data, tagged) = decode(&png(2, 1, PngPixels::Srgb(&pixels), PngDepth::Eight).unwrap());
        assert_eq!((info.width, info.height), (2, 1));
        assert_eq!(data, [0, 128, 255, 0, 255, 0]);
        assert!(tagged, "the sRGB chunk is missing");
    }

    #[test]
    fn sixteen_bits_are_big_endian() {
        let (_, data, _) =
            decode(&png(1, 1, PngPixels::Srgb(&[[0.25, 1.0 / 65535.0, 1.0]]), PngDepth::Sixteen).unwrap());
        assert_eq!(data, [0x40, 0x00, 0x00, 0x01, 0xff, 0xff]);
    }
}
