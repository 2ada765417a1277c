//! The dispatch loop.

use std::time::{Duration, Instant};

use scenec_scene::Camera;
use scenec_shaders::consts::SCENE_ALPHA;
use scenec_shaders::prelude::Vec4;
use scenec_shaders::types::Wave;

use super::buffers::Buffers;
use super::device::{self, Gpu, Wanted};
use crate::bvh::VISIT_CAP;
use crate::plan::{self, Tile, passes, tiles};
use crate::render::develop;
use crate::{Control, Film, Progress, RenderError, RenderSettings, Scene};

/// Paths in flight at most: their state takes 128 B each.
const PATHS_MAX: u32 = 1 << 20;
const PATHS_MIN: u32 = 1 << 14;
/// A dispatch should take about this long: a system stays usable, and a cancel is quick.
const DISPATCH: Duration = Duration::from_millis(30);

/// Renders on a GPU.
///
/// # Errors
/// `NoAdapter` when none is wanted or usable; `OutOfMemory`, `DeviceLost`, `TraversalCap`, `Cancelled`.
pub(crate) fn render(
    scene: &Scene,
    camera: &Camera,
    settings: &RenderSettings,
    control: &dyn Control,
    wanted: Wanted,
) -> Result<Film, RenderError> {
    let start = Instant::now();
    let gpu = device::open(wanted)?;
    let view = plan::view(camera, settings);
    let pixels = u64::from(settings.width) * u64::from(settings.height);
    let in_flight = PATHS_MAX.min(u32::try_from(pixels).unwrap_or(PATHS_MAX).max(PATHS_MIN));
    let buffers = Buffers::new(&gpu, scene, &view, in_flight, pixels)?;
    // Rows of the frame, so that pixels keep their places in the film whatever the height of a tile.
    let tile = Tile { x: 0, y: 0, width: settings.width, height: settings.height, film: 0 };
    let mut run = Run {
        gpu: &gpu,
        buffers: &buffers,
        judged: scene.flat.info.flags & SCENE_ALPHA != 0,
        max_depth: settings.max_depth,
        in_flight,
        rays: 0,
    };
    let mut done_samples = 0;
    for (first, samples) in passes(settings.samples) {
        // One sample per wave; more where the frame is small.
        let mut next = first;
        while next < first + samples {
            let fits = u32::try_from(u64::from(run.in_flight) / pixels).unwrap_or(1).max(1);
            let count = fits.min(first + samples - next);
            let rows = (run.in_flight / settings.width).max(1);
            for strip in tiles(settings.width, settings.height, settings.width, rows.min(settings.height)) {
                run.wave(strip, next, count).map_err(|e| e.into_error(&gpu))?;
                let at =
                    f64::from(next) + f64::from(count) * f64::from(strip.y + strip.height) / f64::from(settings.height);
                let go_on = control.progress(&Progress {
                    samples_done: next,
                    samples_total: settings.samples,
                    fraction: at / f64::from(settings.samples),
                    rays: run.rays,
                    device: &gpu.name,
                });
                if !go_on {
                    return Err(RenderError::Cancelled);
                }
            }
            next += count;
        }
        done_samples = first + samples;
        let rays = run.rays;
        control.pass(&|| {
            let sums =
                read_film(&gpu, &buffers, pixels).unwrap_or_else(|_| vec![Vec4::from([0.0; 4]); pixels as usize]);
            develop(settings.width, settings.height, &[tile], &sums, done_samples, rays, &gpu.name, start)
        });
    }
    let sums = read_film(&gpu, &buffers, pixels).map_err(|e| Trouble::Lost(e).into_error(&gpu))?;
    Ok(develop(settings.width, settings.height, &[tile], &sums, done_samples, run.rays, &gpu.name, start))
}

fn read_film(gpu: &Gpu, buffers: &Buffers, pixels: u64) -> Result<Vec<Vec4<f32>>, String> {
    let bytes = gpu.read(buffers.get("pixels_sum"), 16 * pixels)?;
    let numbers: Vec<[f32; 4]> = bytemuck::pod_collect_to_vec(&bytes);
    Ok(numbers.into_iter().map(Vec4::from).collect())
}

/// What stops a wave.
enum Trouble {
    Lost(String),
    Capped(u32),
}

impl Trouble {
    fn into_error(self, gpu: &Gpu) -> RenderError {
        match self {
            Self::Capped(rays) => RenderError::TraversalCap { rays: u64::from(rays), cap: VISIT_CAP },
            Self::Lost(reason) => {
                device::forget();
                let device = gpu.name.clone();
                if reason.contains("memory") {
                    RenderError::OutOfMemory { device, reason }
                } else {
                    RenderError::DeviceLost { device, reason }
                }
            }
        }
    }
}

/// A render in progress.
struct Run<'a> {
    gpu: &'a Gpu,
    buffers: &'a Buffers,
    /// Surfaces may be absent: rays go on behind them, so the number of walks is not known before.
    judged: bool,
    max_depth: u32,
    in_flight: u32,
    rays: u64,
}

/// See `tally.wgsl`.
#[derive(Clone, Copy)]
struct Counters {
    live: u32,
    shadows: u32,
    capped: u32,
    rays: u32,
}

impl Run<'_> {
    /// Renders some samples of a strip.
    fn wave(&mut self, strip: Tile, first: u32, samples: u32) -> Result<(), Trouble> {
        let wave = Wave { film: strip.film as u32, ..strip.wave(first, samples) };
        let queue = &self.gpu.queue;
        queue.write_buffer(self.buffers.get("wave"), 0, bytemuck::bytes_of(&wave));
        queue.write_buffer(self.buffers.get("counters"), 0, &[0; 16]);
        let clock = Instant::now();
        let mut dispatches = 0;
        self.submit(&["generate"], wave.paths, &mut dispatches);
        if self.judged {
            self.judged_segments(wave.paths, &mut dispatches)?;
        } else {
            for _ in 0..self.max_depth {
                self.submit(&["extend", "shade", "tally", "shadow", "connect"], wave.paths, &mut dispatches);
            }
        }
        self.submit(&["tally"], wave.paths, &mut dispatches);
        self.submit(&["film"], wave.width * wave.height, &mut dispatches);
        let counters = self.counters()?;
        self.rays += u64::from(wave.paths) + if self.judged { 0 } else { u64::from(counters.rays) };
        if counters.capped > 0 {
            return Err(Trouble::Capped(counters.capped));
        }
        self.adapt(clock.elapsed() / dispatches.max(1));
        Ok(())
    }

    /// Bounces of a scene with absent surfaces: asks how many paths are left.
    fn judged_segments(&mut self, paths: u32, dispatches: &mut u32) -> Result<(), Trouble> {
        loop {
            self.gpu.queue.write_buffer(self.buffers.get("counters"), 0, &[0; 8]);
            self.submit(&["extend", "shade", "tally"], paths, dispatches);
            let mut counters = self.counters()?;
            let live = counters.live;
            self.rays += u64::from(live);
            while counters.shadows > 0 {
                self.rays += u64::from(counters.shadows);
                self.gpu.queue.write_buffer(self.buffers.get("counters"), 0, &[0; 8]);
                self.submit(&["shadow", "connect", "tally"], paths, dispatches);
                counters = self.counters()?;
            }
            if live == 0 {
                return Ok(());
            }
        }
    }

    fn submit(&self, kernels: &[&'static str], count: u32, dispatches: &mut u32) {
        // One submission per kernel: a driver's watchdog looks at submissions.
        for kernel in kernels {
            let mut encoder =
                self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some(kernel) });
            self.gpu.dispatch(&mut encoder, kernel, &self.buffers.groups[kernel], count);
            self.gpu.queue.submit([encoder.finish()]);
            *dispatches += 1;
        }
    }

    fn counters(&self) -> Result<Counters, Trouble> {
        let bytes = self.gpu.read(self.buffers.get("counters"), 16).map_err(Trouble::Lost)?;
        let [live, shadows, capped, rays] = *bytemuck::pod_collect_to_vec::<u8, u32>(&bytes) else {
            return Err(Trouble::Lost("the counters came back short".to_owned()));
        };
        Ok(Counters { live, shadows, capped, rays })
    }

    /// Fewer paths per dispatch where a dispatch takes too long, more where it is short. The picture does not depend on it.
    fn adapt(&mut self, mean: Duration) {
        let limit = u32::try_from(self.buffers.get("rays").size() / 32).unwrap_or(PATHS_MAX);
        if mean > DISPATCH && self.in_flight > PATHS_MIN {
            self.in_flight /= 2;
        } else if mean < DISPATCH / 4 && self.in_flight < limit {
            self.in_flight = (self.in_flight * 2).min(limit);
        }
    }
}
