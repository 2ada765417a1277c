//! Decoded pictures as the renderer samples them.

/// How the stored bytes map to numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Colour channels go through the sRGB curve (IEC 61966-2-1); alpha is linear.
    Srgb,
    /// Every channel is linear (normals, roughness, masks).
    Linear,
}

/// What happens outside of 0..1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrap {
    /// Repeats.
    Repeat,
    /// Repeats, every second copy mirrored.
    Mirror,
    /// The edge texel goes on for ever.
    Clamp,
}

/// Reconstruction between texels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filter {
    /// The nearest texel.
    Nearest,
    /// Bilinear, after decoding to linear.
    Linear,
}

/// An 8-bit RGBA picture with its sampler.
#[derive(Clone, Debug, PartialEq)]
pub struct Texture {
    /// Width in texels, at least 1.
    pub width: u32,
    /// Height in texels, at least 1.
    pub height: u32,
    /// `width * height * 4` bytes, rows from the top.
    pub rgba: Vec<u8>,
    /// Meaning of the bytes.
    pub encoding: Encoding,
    /// Horizontal wrap.
    pub wrap_u: Wrap,
    /// Vertical wrap.
    pub wrap_v: Wrap,
    /// Reconstruction filter.
    pub filter: Filter,
}
