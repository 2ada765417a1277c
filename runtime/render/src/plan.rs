//! How a frame is cut: into tiles, and its samples into passes. Nothing here depends on the executor's speed or threads.

use glam::Vec3;
use scenec_scene::Camera;
use scenec_shaders::consts::{FILTER_BOX, FILTER_GAUSSIAN, FILTER_TENT};
use scenec_shaders::prelude;
use scenec_shaders::types::{View, Wave};

use crate::{Filter, RenderSettings};

/// Samples of one pass over the frame at most: bounds the time between two pictures.
const PASS_SAMPLES_MAX: u32 = 16;
/// Pixels.
const FILTER_WIDTH_MAX: f32 = 32.0;
/// Russian roulette starts after this many segments.
const ROULETTE_DEPTH: u32 = 5;

/// A rectangle of pixels; its film is contiguous from pixel `film` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tile {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
    pub film: usize,
}

impl Tile {
    pub(crate) fn pixels(&self) -> usize {
        self.width as usize * self.height as usize
    }

    /// The wave that renders `samples` from `first_sample` on.
    pub(crate) fn wave(&self, first_sample: u32, samples: u32) -> Wave {
        Wave {
            x: self.x,
            y: self.y,
            width: self.width,
            height: self.height,
            first_sample,
            samples,
            paths: self.width * self.height * samples,
            film: 0,
        }
    }
}

/// Tiles of at most `wide` x `high` pixels, by rows.
pub(crate) fn tiles(width: u32, height: u32, wide: u32, high: u32) -> Vec<Tile> {
    let mut out = Vec::new();
    let mut film = 0;
    for y in (0..height).step_by(high as usize) {
        for x in (0..width).step_by(wide as usize) {
            let tile = Tile { x, y, width: wide.min(width - x), height: high.min(height - y), film };
            film += tile.pixels();
            out.push(tile);
        }
    }
    out
}

/// (first sample, samples) of each pass: a first picture at once, then growing.
pub(crate) fn passes(samples: u32) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    let mut first = 0;
    while first < samples {
        let count = first.clamp(1, PASS_SAMPLES_MAX).min(samples - first);
        out.push((first, count));
        first += count;
    }
    out
}

/// The camera as kernels read it.
pub(crate) fn view(camera: &Camera, settings: &RenderSettings) -> View {
    let m = &camera.world_from_camera;
    // A camera may come out of a scaled node; axes are unit.
    let axis = |v: glam::Vec3A| prelude::Vec3::from(Vec3::from(v).normalize_or_zero().to_array());
    let fov = f64::from(camera.vertical_fov).clamp(1e-4, std::f64::consts::PI - 1e-4);
    let positive = |x: f32| if x > 0.0 && x.is_finite() { x } else { 0.0 };
    let focus_distance = positive(camera.lens.focus_distance);
    let half = |width: f32| positive(width).min(FILTER_WIDTH_MAX) * 0.5;
    let (filter_kind, filter_radius) = match settings.filter {
        Filter::Box => (FILTER_BOX, 0.5),
        Filter::Tent(width) => (FILTER_TENT, half(width)),
        Filter::Gaussian(width) => (FILTER_GAUSSIAN, half(width)),
    };
    View {
        axis_x: axis(m.matrix3.x_axis),
        lens_radius: if focus_distance > 0.0 { positive(camera.lens.radius) } else { 0.0 },
        axis_y: axis(m.matrix3.y_axis),
        focus_distance,
        axis_z: axis(m.matrix3.z_axis),
        tan_half_fov: (0.5 * fov).tan() as f32,
        position: prelude::Vec3::from(m.translation.to_array()),
        width: settings.width,
        height: settings.height,
        max_depth: settings.max_depth,
        seed: settings.seed,
        roulette_depth: ROULETTE_DEPTH,
        clamp_indirect: settings.clamp_indirect.map_or(0.0, positive),
        filter_kind,
        filter_radius,
        blades: if camera.lens.blades < 3 { 0 } else { camera.lens.blades.min(64) },
        blade_turn: if camera.lens.blade_turn.is_finite() {
            camera.lens.blade_turn / std::f32::consts::TAU
        } else {
            0.0
        },
        ..View::ZERO
    }
}

#[cfg(test)]
mod tests {
    use super::{passes, tiles};

    #[test]
    fn tiles_cover_every_pixel_once() {
        for (w, h) in [(1, 1), (16, 16), (17, 5), (100, 63)] {
            let tiles = tiles(w, h, 16, 16);
            let mut seen = vec![0; (w * h) as usize];
            let mut film = 0;
            for t in &tiles {
                assert_eq!(t.film, film);
                film += t.pixels();
                for y in t.y..t.y + t.height {
                    for x in t.x..t.x + t.width {
                        seen[(y * w + x) as usize] += 1;
                    }
                }
            }
            assert!(seen.iter().all(|n| *n == 1));
        }
    }

    #[test]
    fn passes_cover_every_sample_once() {
        for samples in [1, 2, 3, 16, 17, 64, 100, 1000] {
            let mut next = 0;
            for (first, count) in passes(samples) {
                assert_eq!(first, next);
                assert!(count >= 1);
                next += count;
            }
            assert_eq!(next, samples);
        }
    }
}
