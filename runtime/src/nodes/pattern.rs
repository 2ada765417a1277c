//! Small tiling pictures for the patterned materials. They are integer-hashed, so they are equal on every machine.

use scenec_ir::srgb;
use scenec_scene::{Encoding, Filter, Texture, Wrap};

const SIZE: u32 = 512;

/// A texture from a function of texel coordinates to linear colour.
fn texture(size: u32, filter: Filter, color: impl Fn(u32, u32) -> [f32; 3]) -> Texture {
    let mut rgba = Vec::with_capacity((size * size * 4) as usize);
    for y in 0..size {
        for x in 0..size {
            rgba.extend(color(x, y).map(|c| (srgb::encode(c) * 255.0 + 0.5) as u8));
            rgba.push(255);
        }
    }
    let (encoding, wrap) = (Encoding::Srgb, Wrap::Repeat);
    Texture { width: size, height: size, rgba, encoding, wrap_u: wrap, wrap_v: wrap, filter }
}

/// Hash of a lattice point to 0..1 (PCG output function, O'Neill 2014).
fn hash(x: u32, y: u32, seed: u32) -> f32 {
    let mut h = x.wrapping_mul(0x9e37_79b1) ^ y.wrapping_mul(0x85eb_ca77) ^ seed.wrapping_mul(0xc2b2_ae3d);
    h = h.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    h = ((h >> ((h >> 28) + 4)) ^ h).wrapping_mul(277_803_737);
    h ^= h >> 22;
    (h >> 8) as f32 / (1 << 24) as f32
}

/// Value noise in 0..1 with `cells` cells a repeat along each axis; tiles.
fn noise(x: f32, y: f32, cells: [u32; 2], seed: u32) -> f32 {
    let (gx, gy) = (x * cells[0] as f32, y * cells[1] as f32);
    let (ix, iy) = (gx as u32, gy as u32);
    let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
    let (tx, ty) = (smooth(gx - ix as f32), smooth(gy - iy as f32));
    let at = |dx: u32, dy: u32| hash((ix + dx) % cells[0], (iy + dy) % cells[1], seed);
    let (low, high) = (at(0, 0) + (at(1, 0) - at(0, 0)) * tx, at(0, 1) + (at(1, 1) - at(0, 1)) * tx);
    low + (high - low) * ty
}

/// Mean 0.5, four octaves.
fn fractal(x: f32, y: f32, cells: [u32; 2], seed: u32) -> f32 {
    let weights = [0.5, 0.25, 0.15, 0.1];
    weights.iter().enumerate().map(|(i, w)| w * noise(x, y, cells.map(|c| c << i), seed + i as u32)).sum()
}

/// Mottled, with fine pores.
pub(super) fn concrete(mean: [f32; 3]) -> Texture {
    texture(SIZE, Filter::Linear, |x, y| {
        let (u, v) = (x as f32 / SIZE as f32, y as f32 / SIZE as f32);
        let mottle = 0.72 + 0.56 * fractal(u, v, [5, 5], 11);
        let pore = if noise(u, v, [128, 128], 29) > 0.93 { 0.7 } else { 1.0 };
        mean.map(|c| c * mottle * pore)
    })
}

/// Grain along u.
pub(super) fn wood(mean: [f32; 3]) -> Texture {
    texture(SIZE, Filter::Linear, |x, y| {
        let (u, v) = (x as f32 / SIZE as f32, y as f32 / SIZE as f32);
        let bend = fractal(u, v, [2, 3], 5);
        let rings = (v * 9.0 + bend * 3.0).fract();
        let ring = 1.0 - (2.0 * rings - 1.0).abs();
        let fibre = noise(u, v, [8, 160], 17);
        let tone = 0.62 + 0.5 * ring * ring + 0.26 * fibre;
        mean.map(|c| c * tone)
    })
}

/// Two by two fields, sharp at every magnification.
pub(super) fn checker(even: [f32; 3], odd: [f32; 3]) -> Texture {
    texture(2, Filter::Nearest, |x, y| if (x + y) % 2 == 0 { even } else { odd })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_tile_and_keep_their_mean() {
        for (texture, mean) in [(concrete([0.3; 3]), 0.3), (wood([0.2; 3]), 0.2)] {
            let linear =
                |x: u32, y: u32| srgb::decode(f64::from(texture.rgba[((y * SIZE + x) * 4) as usize]) / 255.0) as f32;
            let sum: f32 = (0..SIZE).flat_map(|y| (0..SIZE).map(move |x| (x, y))).map(|(x, y)| linear(x, y)).sum();
            let got = sum / (SIZE * SIZE) as f32;
            assert!((got / mean - 1.0).abs() < 0.15, "mean {got}, wanted {mean}");
        }
        // Across the seam noise is as smooth as inside.
        for i in 0..100 {
            let v = i as f32 / 100.0;
            assert!((fractal(0.0, v, [5, 5], 1) - fractal(0.9999, v, [5, 5], 1)).abs() < 0.01);
        }
    }
}
