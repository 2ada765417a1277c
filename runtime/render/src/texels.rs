//! Textures in the heap.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;
use scenec_scene::{Encoding, Filter, Texture, TextureRef, Wrap, srgb};
use scenec_shaders::consts::{NONE, TEXTURE_NEAREST, TEXTURE_SRGB, TEXTURE_UV1, TEXTURE_WRAP_U, TEXTURE_WRAP_V};
use scenec_shaders::prelude::Vec3;
use scenec_shaders::types::TextureSlot;

use crate::RenderError;
use crate::heap::Heap;

/// The pictures that are in the heap already, by address: equal pictures are shared by `Arc`.
#[derive(Default)]
pub(crate) struct Texels {
    first: HashMap<*const Texture, (u32, u32)>,
}

/// The slot of an absent texture.
pub(crate) fn no_texture() -> TextureSlot {
    TextureSlot { texture: NONE, ..TextureSlot::ZERO }
}

/// Whether size and bytes agree.
fn is_whole(t: &Texture) -> bool {
    let texels = u64::from(t.width) * u64::from(t.height);
    texels > 0 && texels <= 1 << 30 && t.rgba.len() as u64 == 4 * texels
}

impl Texels {
    /// Puts a picture in if it is new, and describes it. A picture whose size and bytes disagree counts as absent.
    pub(crate) fn slot(&mut self, heap: &mut Heap, slot: Option<&TextureRef>) -> Result<TextureSlot, RenderError> {
        let Some(slot) = slot.filter(|s| is_whole(&s.texture)) else {
            return Ok(no_texture());
        };
        let t = &slot.texture;
        let (number, texels) = match self.first.get(&Arc::as_ptr(t)) {
            Some(known) => *known,
            None => {
                let (first, words) = heap.room(t.rgba.len() / 4)?;
                words.par_iter_mut().zip(t.rgba.par_chunks_exact(4)).with_min_len(1 << 16).for_each(|(word, b)| {
                    *word = u32::from_le_bytes([b[0], b[1], b[2], b[3]]);
                });
                let known = (self.first.len() as u32, first);
                self.first.insert(Arc::as_ptr(t), known);
                known
            }
        };
        let wrap = |w| match w {
            Wrap::Repeat => 0,
            Wrap::Mirror => 1,
            Wrap::Clamp => 2,
        };
        let mut flags = wrap(t.wrap_u) << TEXTURE_WRAP_U | wrap(t.wrap_v) << TEXTURE_WRAP_V;
        flags |= if t.filter == Filter::Nearest { TEXTURE_NEAREST } else { 0 };
        flags |= if t.encoding == Encoding::Srgb { TEXTURE_SRGB } else { 0 };
        flags |= if slot.uv_set == 1 { TEXTURE_UV1 } else { 0 };
        let [u, v] = slot.transform;
        Ok(TextureSlot {
            texture: number,
            texels,
            width: t.width,
            height: t.height,
            flags,
            u_from_uv: Vec3::from(u),
            v_from_uv: Vec3::from(v),
            ..TextureSlot::ZERO
        })
    }
}

/// Words of all pictures in `slots`, each counted once.
pub(crate) fn words<'a>(slots: impl Iterator<Item = &'a TextureRef>) -> usize {
    let mut seen = HashMap::new();
    slots
        .filter(|s| is_whole(&s.texture))
        .filter(|s| seen.insert(Arc::as_ptr(&s.texture), ()).is_none())
        .map(|s| s.texture.rgba.len() / 4)
        .sum()
}

/// Decoded numbers of the 256 sRGB codes (IEC 61966-2-1), computed in double precision.
pub(crate) fn srgb_table() -> impl ExactSizeIterator<Item = f32> {
    (0..256u32).map(|i| srgb::decode(f64::from(i) / 255.0) as f32)
}

/// Mean of a picture as the kernels decode it, from a grid of at most 64 x 64 texels; 1 without picture.
pub(crate) fn mean(slot: Option<&TextureRef>) -> [f64; 3] {
    let Some(t) = slot.map(|s| &s.texture).filter(|t| is_whole(t)) else {
        return [1.0; 3];
    };
    let (nx, ny) = (t.width.min(64), t.height.min(64));
    let mut sum = [0.0; 3];
    for j in 0..ny {
        for i in 0..nx {
            let x = (2 * i + 1) as usize * t.width as usize / (2 * nx) as usize;
            let y = (2 * j + 1) as usize * t.height as usize / (2 * ny) as usize;
            let at = 4 * (y * t.width as usize + x);
            for (s, byte) in sum.iter_mut().zip(&t.rgba[at..at + 3]) {
                let x = f64::from(*byte) / 255.0;
                *s += if t.encoding == Encoding::Srgb { srgb::decode(x) } else { x };
            }
        }
    }
    sum.map(|s| s / f64::from(nx * ny))
}
