//! The environment map in the heap, with the table that next-event estimation picks directions from.

use scenec_scene::Environment;
use scenec_shaders::prelude::Vec3;
use scenec_shaders::types::SceneInfo;

use crate::RenderError;
use crate::alias::alias_table;
use crate::flatten::clean;
use crate::heap::Heap;
use crate::lights::luminance;

/// Importance cells at most: finer ones cost memory and gain nothing.
const CELLS_WIDE: u32 = 1024;
const CELLS_HIGH: u32 = 512;

fn cells(width: u32, height: u32) -> (u32, u32) {
    (width.min(CELLS_WIDE), height.min(CELLS_HIGH))
}

/// Words that `gather` will take.
pub(crate) fn words(environment: &Environment) -> usize {
    match environment {
        Environment::Constant(_) => 0,
        Environment::Map { width, height, .. } => {
            let (w, h) = cells(*width, *height);
            3 * *width as usize * *height as usize + 3 * w as usize * h as usize
        }
    }
}

/// Fills the fields of `info` that tell about the sky; `map_chance` is 1 if there is a map to sample.
pub(crate) fn gather(environment: &Environment, heap: &mut Heap, info: &mut SceneInfo) -> Result<(), RenderError> {
    let (width, height, rgb, strength, rotation) = match environment {
        Environment::Constant(c) => {
            info.sky = Vec3::from(c.map(clean));
            return Ok(());
        }
        Environment::Map { width, height, rgb, strength, rotation } => {
            (*width, *height, rgb, clean(*strength), *rotation)
        }
    };
    if width == 0 || height == 0 || rgb.len() as u64 != u64::from(width) * u64::from(height) {
        return Ok(());
    }
    info.sky = Vec3::from([strength; 3]);
    info.map_width = width;
    info.map_height = height;
    info.map_pixels = heap.put_floats(FlatPixels { rgb, next: 0 })?;
    let turn = if rotation.is_finite() { f64::from(rotation) } else { 0.0 };
    info.map_sin = turn.sin() as f32;
    info.map_cos = turn.cos() as f32;
    let (cells_wide, cells_high) = cells(width, height);
    let weights = cell_weights(rgb, width as usize, height as usize, cells_wide as usize, cells_high as usize);
    info.cell_width = cells_wide;
    info.cell_height = cells_high;
    if let Some((table, probability)) = alias_table(&weights).filter(|_| strength > 0.0) {
        info.cell_alias = heap.put_alias(&table)?;
        let count = probability.len() as f64;
        info.cell_density = heap.put_floats(probability.iter().map(|p| (p * count) as f32))?;
        info.map_chance = 1.0;
    }
    Ok(())
}

/// Weight of each cell: mean luminance of its pixels, spread over its neighbours, times its solid angle. Spreading covers the
/// bilinear filter, which carries light across the borders of cells.
fn cell_weights(rgb: &[[f32; 3]], width: usize, height: usize, wide: usize, high: usize) -> Vec<f64> {
    let mut sum = vec![0.0f64; wide * high];
    let mut count = vec![0u32; wide * high];
    for y in 0..height {
        for x in 0..width {
            let rgb = rgb[y * width + x].map(|c| f64::from(clean(c)));
            let cell = y * high / height * wide + x * wide / width;
            sum[cell] += luminance(rgb);
            count[cell] += 1;
        }
    }
    let mean = |x: usize, y: usize| sum[y * wide + x] / f64::from(count[y * wide + x].max(1));
    let mut weights = vec![0.0; wide * high];
    for y in 0..high {
        let (above, below) = (y.saturating_sub(1), (y + 1).min(high - 1));
        let angle = |row: usize| (std::f64::consts::PI * row as f64 / high as f64).cos();
        let solid_angle = angle(y) - angle(y + 1);
        for x in 0..wide {
            let (left, right) = ((x + wide - 1) % wide, (x + 1) % wide);
            let row = |y: usize| mean(left, y) + 2.0 * mean(x, y) + mean(right, y);
            weights[y * wide + x] = (row(above) + 2.0 * row(y) + row(below)) / 16.0 * solid_angle;
        }
    }
    weights
}

/// The channels of all pixels in turn.
struct FlatPixels<'a> {
    rgb: &'a [[f32; 3]],
    next: usize,
}

impl Iterator for FlatPixels<'_> {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let pixel = self.rgb.get(self.next / 3)?;
        let value = clean(pixel[self.next % 3]);
        self.next += 1;
        Some(value)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = 3 * self.rgb.len() - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for FlatPixels<'_> {}
