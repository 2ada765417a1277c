//! When a picture, or a part of it, has samples enough.

use std::time::{Duration, Instant};

use scenec_shaders::prelude::Vec4;

use crate::RenderSettings;
use crate::lights::luminance;
use crate::plan::Tile;

/// Pixels of a block along each side: what is judged by itself.
const BLOCK: u32 = 16;
/// Fewer samples tell too little about what they have not found.
const SAMPLES_MIN: u32 = 16;

/// The film of a render in progress, tile by tile.
pub(crate) struct Exposed {
    pub tiles: Vec<Tile>,
    pub sums: Sums,
    pub adaptive: Adaptive,
}

/// Sums of radiance and coverage by pixel, in the order of the tiles.
pub(crate) struct Sums {
    pub all: Vec<Vec4<f32>>,
    /// Of the samples with an odd number.
    pub odd: Vec<Vec4<f32>>,
}

impl Exposed {
    /// Takes note of a pass of so many samples over the open tiles; false when nothing is left to do.
    pub fn passed(&mut self, samples: u32) -> bool {
        self.adaptive.passed(samples, &self.tiles, &self.sums)
    }
}

/// What is left to do, tile by tile.
pub(crate) struct Adaptive {
    noise: Option<f32>,
    time: Option<Duration>,
    start: Instant,
    /// Tiles in a row.
    columns: usize,
    /// Samples of each tile.
    pub counts: Vec<u32>,
    /// Tiles that get more.
    pub open: Vec<bool>,
}

impl Adaptive {
    /// All is open. `tiles` come by rows, `columns` in each.
    pub fn new(settings: &RenderSettings, tiles: &[Tile], columns: usize) -> Self {
        Self {
            noise: settings.noise.filter(|n| *n > 0.0),
            time: settings.time,
            start: Instant::now(),
            columns: columns.max(1),
            counts: vec![0; tiles.len()],
            open: vec![true; tiles.len()],
        }
    }

    fn passed(&mut self, samples: u32, tiles: &[Tile], sums: &Sums) -> bool {
        for (count, open) in self.counts.iter_mut().zip(&self.open) {
            *count += if *open { samples } else { 0 };
        }
        if let Some(noise) = self.noise {
            self.judge(noise, tiles, sums);
        }
        self.open.iter().any(|open| *open) && self.time.is_none_or(|time| self.start.elapsed() < time)
    }

    /// Closes tiles that are as clean as they must be, and whose neighbours are: light that one has not found another may have.
    fn judge(&mut self, noise: f32, tiles: &[Tile], sums: &Sums) {
        let bright = |tile: &Tile, count: u32| {
            let pixels = &sums.all[tile.film..tile.film + tile.pixels()];
            pixels.iter().map(|p| luminance_of(*p)).sum::<f64>() / f64::from(count.max(1))
        };
        let pixels: usize = tiles.iter().map(Tile::pixels).sum();
        let total: f64 = tiles.iter().zip(&self.counts).map(|(tile, count)| bright(tile, *count)).sum();
        let level = total / pixels.max(1) as f64;
        let mut noisy: Vec<bool> = Vec::with_capacity(tiles.len());
        for (number, tile) in tiles.iter().enumerate() {
            let count = self.counts[number];
            noisy.push(
                self.open[number] && (count < SAMPLES_MIN || noise_of(tile, count, sums, level) > f64::from(noise)),
            );
        }
        let rows = tiles.len() / self.columns;
        for number in 0..tiles.len() {
            let (row, column) = (number / self.columns, number % self.columns);
            let near = (row.saturating_sub(1)..=(row + 1).min(rows.saturating_sub(1)))
                .flat_map(|y| (column.saturating_sub(1)..=(column + 1).min(self.columns - 1)).map(move |x| (y, x)));
            let mut near = near.map(|(y, x)| y * self.columns + x);
            self.open[number] = self.open[number] && near.any(|n| noisy.get(n).copied().unwrap_or(false));
        }
    }
}

fn luminance_of(pixel: Vec4<f32>) -> f64 {
    let [r, g, b, _] = pixel.to_array().map(f64::from);
    luminance([r, g, b])
}

/// The greatest noise of the blocks of a tile with so many samples in a picture of this mean luminance: the standard error of a pixel,
/// of which two halves of the samples give an estimate, against the geometric mean of both luminances. So dark parts may be
/// noisier against themselves, as they may in a print, and exposure does not matter.
fn noise_of(tile: &Tile, count: u32, sums: &Sums, level: f64) -> f64 {
    let (odd, even) = (f64::from(count / 2), f64::from(count - count / 2));
    let mut most = 0.0f64;
    for top in (0..tile.height).step_by(BLOCK as usize) {
        for left in (0..tile.width).step_by(BLOCK as usize) {
            let (mut squares, mut mean, mut pixels) = (0.0, 0.0, 0.0);
            for y in top..(top + BLOCK).min(tile.height) {
                for x in left..(left + BLOCK).min(tile.width) {
                    let at = tile.film + (y * tile.width + x) as usize;
                    let (all, half) = (luminance_of(sums.all[at]), luminance_of(sums.odd[at]));
                    // Half the difference of two estimates has the variance of their mean.
                    squares += (0.5 * (half / odd - (all - half) / even)).powi(2);
                    mean += all / f64::from(count);
                    pixels += 1.0;
                }
            }
            if squares > 0.0 {
                most = most.max((squares / pixels).sqrt() / (mean / pixels * level).sqrt().max(f64::MIN_POSITIVE));
            }
        }
    }
    most
}
