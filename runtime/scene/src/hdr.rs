//! Pictures of radiance: Radiance `.hdr` and OpenEXR.

use std::io::Cursor;
use std::sync::Arc;

use image::codecs::hdr::HdrDecoder;
use image::{DynamicImage, ImageDecoder};

use crate::Environment;

/// A picture of scene-linear radiance.
#[derive(Clone, Debug, PartialEq)]
pub struct HdrImage {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// `width * height` linear RGB pixels, rows from the top.
    pub rgb: Vec<[f32; 3]>,
    /// Pixels with a negative or non-finite channel; such channels were set to 0. Warn when it is not 0.
    pub cleaned: u64,
}

/// Why a picture could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HdrError {
    /// The first bytes are those of no known format.
    #[error("the file is neither a Radiance .hdr nor an OpenEXR picture")]
    UnknownFormat,
    /// More pixels than the limit, or than a file of this size can hold.
    #[error("the picture claims {width} x {height} pixels; {reason}")]
    TooLarge {
        /// Claimed width.
        width: u64,
        /// Claimed height.
        height: u64,
        /// Which limit, in words.
        reason: &'static str,
    },
    /// The decoder's message.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

/// 16384 x 8192 pixels, 1.6 GB decoded.
const PIXEL_LIMIT: u64 = 1 << 27;
/// No run-length or deflate coding of a real picture reaches this many pixels per byte.
const PIXELS_PER_BYTE: u64 = 4096;

impl HdrImage {
    /// Reads a Radiance `.hdr` or an OpenEXR file, known by its first bytes. An `EXPOSURE` line and alpha are ignored.
    ///
    /// # Errors
    /// When the format is unknown, the size is beyond the limit or the data is damaged.
    pub fn read(bytes: &[u8]) -> Result<Self, HdrError> {
        if bytes.starts_with(b"#?") {
            read_radiance(bytes)
        } else if bytes.starts_with(&[0x76, 0x2f, 0x31, 0x01]) {
            read_exr(bytes)
        } else {
            Err(HdrError::UnknownFormat)
        }
    }

    /// Cleans and counts pixels that no renderer can use.
    fn new(width: u32, height: u32, mut rgb: Vec<[f32; 3]>) -> Self {
        let mut cleaned = 0;
        for pixel in &mut rgb {
            let usable = pixel.map(|c| c.is_finite() && c >= 0.0);
            if usable != [true; 3] {
                cleaned += 1;
                for (channel, usable) in pixel.iter_mut().zip(usable) {
                    *channel = if usable { *channel } else { 0.0 };
                }
            }
        }
        Self { width, height, rgb, cleaned }
    }

    /// The picture as a latitude-longitude environment; `rotation` in radians moves its middle from +X towards +Z.
    pub fn into_environment(self, strength: f32, rotation: f32) -> Environment {
        let Self { width, height, rgb, .. } = self;
        Environment::Map { width, height, rgb: Arc::new(rgb), strength, rotation }
    }
}

fn check_size(width: u64, height: u64, bytes: &[u8]) -> Result<(), HdrError> {
    let pixels = width.saturating_mul(height);
    let reason = if pixels == 0 {
        "it must have at least one"
    } else if pixels > PIXEL_LIMIT || width.max(height) > u64::from(u16::MAX) {
        "the limit is 16384 x 8192"
    } else if pixels > PIXELS_PER_BYTE.saturating_mul(bytes.len() as u64) {
        "the file is too short for that"
    } else {
        return Ok(());
    };
    Err(HdrError::TooLarge { width, height, reason })
}

fn read_radiance(bytes: &[u8]) -> Result<HdrImage, HdrError> {
    let damaged = |error: image::ImageError| HdrError::Damaged(error.to_string());
    // Lenient about header lines only: many tools write their own.
    let decoder = HdrDecoder::new_nonstrict(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(u64::from(width), u64::from(height), bytes)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(damaged)?.into_rgb32f();
    Ok(HdrImage::new(width, height, picture.pixels().map(|p| p.0).collect()))
}

fn read_exr(bytes: &[u8]) -> Result<HdrImage, HdrError> {
    use exr::prelude::*;
    let damaged = |error: Error| HdrError::Damaged(error.to_string());
    let meta = MetaData::read_from_buffered(Cursor::new(bytes), false).map_err(damaged)?;
    for header in &meta.headers {
        check_size(header.layer_size.width() as u64, header.layer_size.height() as u64, bytes)?;
    }
    let create = |size: Vec2<usize>, _: &_| (size, vec![[0f32; 3]; size.area()]);
    let set = |pixels: &mut (Vec2<usize>, Vec<[f32; 3]>), at: Vec2<usize>, (r, g, b, _): (f32, f32, f32, f32)| {
        let index = at.y() * pixels.0.width() + at.x();
        if let Some(pixel) = pixels.1.get_mut(index) {
            *pixel = [r, g, b];
        }
    };
    let picture = read()
        .no_deep_data()
        .largest_resolution_level()
        .rgba_channels(create, set)
        .first_valid_layer()
        .all_attributes()
        .from_buffered(Cursor::new(bytes))
        .map_err(damaged)?;
    let (size, rgb) = picture.layer_data.channel_data.pixels;
    Ok(HdrImage::new(size.width() as u32, size.height() as u32, rgb))
}
