//! Pictures: decoding PNG and JPEG into RGBA bytes, in parallel, each once.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, ImageReader, Limits};
use rayon::prelude::*;

use super::accessor::Reader;
use super::fault::{Fault, IMAGE, LIMIT, Result, pick};
use super::json::{Root, Uint};
use crate::{Encoding, Filter, Texture, Wrap};

const MAX_SIDE: u32 = 16_384;
/// What one decoder may allocate.
const MAX_DECODER_BYTES: u64 = 1 << 30;
/// RGBA bytes of all textures that one call decodes.
const MAX_TOTAL_BYTES: u64 = 4 << 30;

/// Where the bytes of an image are.
pub enum Source {
    Bytes(Vec<u8>),
    View(Uint),
    /// Neither a URI nor a buffer view: an extension holds the data. A note says so.
    Absent,
}

/// Two uses of a picture are the same texture when all of this agrees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    image: usize,
    srgb: bool,
    clamp_mirror: [u8; 2],
    nearest: bool,
}

impl Key {
    /// None when the texture has no picture that can be read, which left a note when the file was loaded.
    pub fn of(
        root: &Root,
        texture: Uint,
        encoding: Encoding,
        pointer: impl FnOnce() -> String,
    ) -> Result<Option<Self>> {
        let json = pick(&root.textures, texture.0, "texture", pointer)?;
        let Some(image) = json.source else { return Ok(None) };
        let at = |field: &str| format!("/textures/{}/{field}", texture.0);
        let json_image = pick(&root.images, image.0, "image", || at("source"))?;
        if json_image.uri.is_none() && json_image.buffer_view.is_none() {
            return Ok(None);
        }
        let mut key = Self { image: image.0, srgb: encoding == Encoding::Srgb, clamp_mirror: [0; 2], nearest: false };
        if let Some(sampler) = json.sampler {
            let sampler = pick(&root.samplers, sampler.0, "sampler", || at("sampler"))?;
            // 5.26: 33071 clamp, 33648 mirror, 10497 repeat; 9728 nearest. Anything else is the default.
            let wrap = |code: Option<Uint>| match code.map(|c| c.0) {
                Some(33071) => 1,
                Some(33648) => 2,
                _ => 0,
            };
            key.clamp_mirror = [wrap(sampler.wrap_s), wrap(sampler.wrap_t)];
            key.nearest = sampler.mag_filter == Some(Uint(9728));
        }
        Ok(Some(key))
    }

    fn texture(&self, width: u32, height: u32, rgba: Vec<u8>) -> Texture {
        let [wrap_u, wrap_v] = self.clamp_mirror.map(|code| match code {
            1 => Wrap::Clamp,
            2 => Wrap::Mirror,
            _ => Wrap::Repeat,
        });
        Texture {
            width,
            height,
            rgba,
            encoding: if self.srgb { Encoding::Srgb } else { Encoding::Linear },
            wrap_u,
            wrap_v,
            filter: if self.nearest { Filter::Nearest } else { Filter::Linear },
        }
    }
}

/// Decoded textures.
#[derive(Clone, Default)]
pub struct Textures {
    done: BTreeMap<Key, Arc<Texture>>,
}

impl Textures {
    pub fn get(&self, key: &Key) -> Option<&Arc<Texture>> {
        self.done.get(key)
    }

    /// Takes over what `other` has and this has not.
    pub fn merge(&mut self, other: Self) {
        for (key, texture) in other.done {
            self.done.entry(key).or_insert(texture);
        }
    }

    /// Decodes what is missing of `keys`.
    pub fn load(&mut self, reader: &Reader<'_>, sources: &[Source], keys: &[Key]) -> Result<()> {
        let mut missing: BTreeMap<usize, Vec<Key>> = BTreeMap::new();
        for key in keys {
            let keys = missing.entry(key.image).or_default();
            if !self.done.contains_key(key) && !keys.contains(key) {
                keys.push(*key);
            }
        }
        missing.retain(|_, keys| !keys.is_empty());
        let mut jobs = Vec::with_capacity(missing.len());
        let mut total = 0;
        for (&image, keys) in &missing {
            let bytes = match sources.get(image) {
                Some(Source::Bytes(bytes)) => bytes.as_slice(),
                Some(Source::View(view)) => reader.view(*view, || format!("/images/{image}/bufferView"))?.0,
                Some(Source::Absent) | None => continue,
            };
            let (width, height) = dimensions(bytes, image)?;
            total += u64::from(width) * u64::from(height) * 4 * keys.len() as u64;
            if total > MAX_TOTAL_BYTES {
                let message = format!("the textures need more than {} GiB", MAX_TOTAL_BYTES >> 30);
                return Err(Fault::new(LIMIT, format!("/images/{image}"), message).hint("scale the images down"));
            }
            jobs.push((image, bytes));
        }
        // Collecting into a Vec keeps file order, so the first error is always the same one.
        let pictures: Vec<_> = jobs.into_par_iter().map(|(image, bytes)| (image, decode(bytes, image))).collect();
        for (image, picture) in pictures {
            let (width, height, rgba) = picture?;
            let keys = missing.remove(&image).unwrap_or_default();
            let Some((last, others)) = keys.split_last() else { continue };
            for key in others {
                self.done.insert(*key, Arc::new(key.texture(width, height, rgba.clone())));
            }
            self.done.insert(*last, Arc::new(last.texture(width, height, rgba)));
        }
        Ok(())
    }
}

fn bad(image: usize, message: String) -> Fault {
    Fault::new(IMAGE, format!("/images/{image}"), message).hint("open and save the image again as PNG or JPEG")
}

/// The declared media type is not trusted: writers get it wrong, and the first bytes do not lie.
fn open(bytes: &[u8], image: usize) -> Result<ImageReader<Cursor<&[u8]>>> {
    let format = match bytes {
        [0x89, b'P', b'N', b'G', ..] => ImageFormat::Png,
        [0xFF, 0xD8, 0xFF, ..] => ImageFormat::Jpeg,
        [] => return Err(bad(image, "the image is empty".into())),
        _ => {
            let kind = match bytes {
                [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "is WebP",
                [0xAB, b'K', b'T', b'X', ..] => "is KTX",
                [b'G', b'I', b'F', b'8', ..] => "is GIF",
                [b'B', b'M', ..] => "is BMP",
                [b'D', b'D', b'S', b' ', ..] => "is DDS",
                _ => "has an unknown format",
            };
            return Err(bad(image, format!("the image {kind}; PNG and JPEG are read")));
        }
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    reader.limits(limits);
    Ok(reader)
}

fn dimensions(bytes: &[u8], image: usize) -> Result<(u32, u32)> {
    let (width, height) = open(bytes, image)?.into_dimensions().map_err(|error| decode_fault(image, &error))?;
    if width > MAX_SIDE || height > MAX_SIDE {
        let message = format!("the image has {width} x {height} pixels, the limit is {MAX_SIDE} x {MAX_SIDE}");
        return Err(Fault::new(LIMIT, format!("/images/{image}"), message).hint("scale the image down"));
    }
    if width == 0 || height == 0 {
        return Err(bad(image, "the image has no pixels".into()));
    }
    Ok((width, height))
}

fn decode(bytes: &[u8], image: usize) -> Result<(u32, u32, Vec<u8>)> {
    let picture = open(bytes, image)?.decode().map_err(|error| decode_fault(image, &error))?;
    let (width, height) = (picture.width(), picture.height());
    let rgba = match picture {
        DynamicImage::ImageRgba8(rgba) => rgba.into_raw(),
        other => other.into_rgba8().into_raw(),
    };
    if rgba.len() as u64 != u64::from(width) * u64::from(height) * 4 {
        return Err(bad(image, "the image was decoded to a wrong size".into()));
    }
    Ok((width, height, rgba))
}

fn decode_fault(image: usize, error: &image::ImageError) -> Fault {
    match error {
        image::ImageError::Limits(_) => Fault::new(
            LIMIT,
            format!("/images/{image}"),
            format!("the image is larger than {MAX_SIDE} x {MAX_SIDE} pixels or 1 GiB"),
        )
        .hint("scale the image down"),
        other => bad(image, format!("the image can't be decoded: {}", other.to_string().to_lowercase())),
    }
}
