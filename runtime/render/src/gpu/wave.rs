//! The dispatch loop.

use std::ops::Range;
use std::time::{Duration, Instant};

use scenec_scene::Camera;
use scenec_shaders::consts::{COUNT_AGAIN, COUNT_CAPPED, COUNT_LEFT, COUNT_RAYS, SCENE_ALPHA, TALLY_RUN, WORK_GROUP};
use scenec_shaders::prelude::Vec4;
use scenec_shaders::types::{Wave, Work};

use super::buffers::{Buffers, COUNTERS_SIZE};
use super::device::{self, Fault, Gpu, Size, Wanted};
use crate::adaptive::{Adaptive, Exposed, Sums};
use crate::plan::{self, Tile, passes, tiles};
use crate::render::develop;
use crate::{Control, Film, Progress, RenderError, RenderSettings, Scene};

/// Paths in flight at most: their state takes 140 B each.
pub(super) const PATHS_MAX: u32 = 1 << 20;
pub(super) const PATHS_MIN: u32 = 1 << 14;
/// In the first wave, before it is known how fast the adapter is.
pub(super) const PATHS_FIRST: u32 = 1 << 17;
/// A wave should take no longer than this, its longest dispatch a fraction of it: a system stays usable, and a cancel is quick.
const WAVE: Duration = Duration::from_millis(500);

/// Renders on a GPU.
///
/// # Errors
/// `NoAdapter` when none is wanted or usable; those of [`render_on`].
pub(crate) fn render(
    scene: &Scene,
    camera: &Camera,
    settings: &RenderSettings,
    control: &dyn Control,
    wanted: Wanted,
) -> Result<Film, RenderError> {
    render_on(&*device::open(wanted)?, scene, camera, settings, control)
}

/// Renders on an open device.
///
/// # Errors
/// `OutOfMemory`, `DeviceLost`, `TraversalCap`, `Cancelled`.
pub(super) fn render_on(
    gpu: &Gpu,
    scene: &Scene,
    camera: &Camera,
    settings: &RenderSettings,
    control: &dyn Control,
) -> Result<Film, RenderError> {
    let start = Instant::now();
    let view = plan::view(camera, settings);
    let pixels = u64::from(settings.width) * u64::from(settings.height);
    let passes = passes(settings.samples);
    let samples_max = passes.iter().map(|p| u64::from(p.1)).max().unwrap_or(1);
    let room = u32::try_from(pixels * samples_max).unwrap_or(PATHS_MAX).clamp(PATHS_MIN, PATHS_MAX);
    let buffers = Buffers::new(gpu, scene, &view, room, pixels)?;
    let (width, height) = (settings.width, settings.height);
    // Bands of the frame, so that pixels keep their places in the film whatever is rendered at a time.
    let bands = tiles(width, height, width, if settings.noise.is_some() { BAND } else { height });
    let adaptive = Adaptive::new(settings, &bands, 1);
    let mut film = Exposed { tiles: bands, sums: Sums { all: Vec::new(), odd: Vec::new() }, adaptive };
    let mut run = Run {
        gpu,
        buffers: &buffers,
        judged: scene.flat.info.flags & SCENE_ALPHA != 0,
        max_depth: settings.max_depth,
        room,
        in_flight: room.min(PATHS_FIRST),
        rays: 0,
    };
    for (first, samples) in passes {
        let open = open_rows(&film);
        let open_pixels = open.iter().map(|rows| u64::from(rows.end - rows.start)).sum::<u64>() * u64::from(width);
        let mut next = first;
        while next < first + samples {
            let fits = u32::try_from(u64::from(run.in_flight) / open_pixels.max(1)).unwrap_or(1).max(1);
            let count = fits.min(first + samples - next);
            let rows = (run.in_flight / width).max(1);
            for band in &open {
                for y in band.clone().step_by(rows as usize) {
                    let high = rows.min(band.end - y);
                    run.wave(strip(width, y, high), next, count).map_err(|e| e.into_error(gpu))?;
                    let at = f64::from(next) + f64::from(count) * f64::from(y + high) / f64::from(height);
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
            }
            next += count;
        }
        // Read now: a device that is lost gives an error, not a black picture.
        film.sums = read_film(gpu, &buffers, pixels).map_err(|e| Trouble::Fault(e).into_error(gpu))?;
        let goes_on = film.passed(samples);
        control.pass(&|| develop(width, height, &film, run.rays, &gpu.name, start));
        if !goes_on {
            break;
        }
    }
    Ok(develop(width, height, &film, run.rays, &gpu.name, start))
}

/// Rows that are judged together by their noise: those of a block.
const BAND: u32 = 16;

/// Whole rows of the frame.
fn strip(width: u32, y: u32, height: u32) -> Tile {
    Tile { x: 0, y, width, height, film: y as usize * width as usize }
}

/// Runs of rows that get more samples.
fn open_rows(film: &Exposed) -> Vec<Range<u32>> {
    let mut out: Vec<Range<u32>> = Vec::new();
    for (band, _) in film.tiles.iter().zip(&film.adaptive.open).filter(|(_, open)| **open) {
        match out.last_mut() {
            Some(last) if last.end == band.y => last.end += band.height,
            _ => out.push(band.y..band.y + band.height),
        }
    }
    out
}

fn read_film(gpu: &Gpu, buffers: &Buffers, pixels: u64) -> Result<Sums, Fault> {
    let read = |name: &'static str| -> Result<Vec<Vec4<f32>>, Fault> {
        let bytes = gpu.read(buffers.get(name), 16 * pixels)?;
        let numbers: Vec<[f32; 4]> = bytemuck::pod_collect_to_vec(&bytes);
        Ok(numbers.into_iter().map(Vec4::from).collect())
    };
    Ok(Sums { all: read("pixels_sum")?, odd: read("pixels_odd")? })
}

/// What stops a wave.
pub(super) enum Trouble {
    Fault(Fault),
    Capped(u32),
}

impl Trouble {
    pub(super) fn into_error(self, gpu: &Gpu) -> RenderError {
        match self {
            Self::Capped(rays) => RenderError::TraversalCap { rays: u64::from(rays), cap: gpu.visits },
            Self::Fault(fault) => {
                device::forget();
                fault.into_error(&gpu.name)
            }
        }
    }
}

/// A render in progress.
pub(super) struct Run<'a> {
    pub gpu: &'a Gpu,
    pub buffers: &'a Buffers,
    /// Surfaces may be absent: rays go on behind them, so the number of walks is not known before.
    pub judged: bool,
    pub max_depth: u32,
    /// Paths that the buffers hold, and that a wave takes.
    pub room: u32,
    pub in_flight: u32,
    pub rays: u64,
}

/// What a kernel goes over.
#[derive(Clone, Copy)]
pub(super) enum Over {
    /// So many items.
    Items(u32),
    /// The lists of `tally.wgsl`, as long as the GPU found them.
    Live,
    Shadows,
    /// What `tally` itself looks at.
    Tallied,
}

/// See `work.wgsl`.
pub(super) struct Counters {
    pub capped: u32,
    pub rays: u32,
    again: u32,
    pub left: u32,
}

impl Run<'_> {
    /// Renders some samples of a strip.
    fn wave(&mut self, strip: Tile, first: u32, samples: u32) -> Result<(), Trouble> {
        let wave = Wave { film: strip.film as u32, ..strip.wave(first, samples) };
        let clock = Instant::now();
        self.start(wave);
        if self.judged {
            while self.segment(wave.paths)?.left > 0 {}
        } else {
            // What is left of a path that ends early are dispatches of nothing.
            for _ in 0..self.max_depth {
                self.surfaces(wave.paths);
                self.lights(wave.paths);
            }
        }
        self.submit(&[("film", Over::Items(wave.width * wave.height))]);
        let counters = self.counters()?;
        self.rays += u64::from(wave.paths) + u64::from(counters.rays);
        if counters.capped > 0 {
            return Err(Trouble::Capped(counters.capped));
        }
        self.adapt(clock.elapsed());
        Ok(())
    }

    /// Starts all paths of a wave.
    pub(super) fn start(&self, wave: Wave) {
        self.write("wave", bytemuck::bytes_of(&wave));
        self.write("counters", &[0; COUNTERS_SIZE]);
        self.write("work", bytemuck::bytes_of(&all_paths(wave.paths)));
        self.submit(&[("generate", Over::Items(wave.paths))]);
    }

    /// Traces the rays of live paths, shades what they meet, lists what is to do next.
    fn surfaces(&self, paths: u32) {
        // A driver's watchdog looks at submissions: walks have their own.
        self.submit(&[("extend", Over::Live)]);
        self.submit(&[("shade", Over::Items(paths)), ("tally", Over::Tallied), ("arrange", Over::Items(1))]);
    }

    /// Traces shadow rays and takes the light of those that arrive.
    fn lights(&self, paths: u32) {
        self.submit(&[("shadow", Over::Shadows)]);
        self.submit(&[("connect", Over::Items(paths))]);
    }

    /// A segment of a scene with absent surfaces: shadow rays go on behind them, so the number of walks is not known before.
    fn segment(&self, paths: u32) -> Result<Counters, Trouble> {
        self.surfaces(paths);
        self.lights(paths);
        loop {
            self.write_at("counters", COUNT_AGAIN, 0);
            self.lights(paths);
            let counters = self.counters()?;
            if counters.again == 0 {
                return Ok(counters);
            }
        }
    }

    fn write(&self, buffer: &'static str, bytes: &[u8]) {
        self.gpu.queue.write_buffer(self.buffers.get(buffer), 0, bytes);
    }

    fn write_at(&self, buffer: &'static str, word: u32, value: u32) {
        self.gpu.queue.write_buffer(self.buffers.get(buffer), 4 * u64::from(word), &value.to_le_bytes());
    }

    /// Submits kernels, one after the other.
    pub(super) fn submit(&self, kernels: &[(&'static str, Over)]) {
        let mut encoder = self.gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
        for (kernel, over) in kernels {
            let work = self.buffers.get("work");
            let size = match over {
                Over::Items(count) => Size::Items(*count),
                Over::Live => Size::Indirect(work, std::mem::offset_of!(Work, live_groups)),
                Over::Shadows => Size::Indirect(work, std::mem::offset_of!(Work, shadow_groups)),
                Over::Tallied => Size::Indirect(work, std::mem::offset_of!(Work, tally_groups)),
            };
            self.gpu.dispatch(&mut encoder, kernel, &self.buffers.groups[kernel], size);
        }
        self.gpu.queue.submit([encoder.finish()]);
    }

    pub(super) fn counters(&self) -> Result<Counters, Trouble> {
        let bytes = self.gpu.read(self.buffers.get("counters"), COUNTERS_SIZE as u64).map_err(Trouble::Fault)?;
        let words: Vec<u32> = bytemuck::pod_collect_to_vec(&bytes);
        let word = |at: u32| words.get(at as usize).copied().unwrap_or(0);
        Ok(Counters {
            capped: word(COUNT_CAPPED),
            rays: word(COUNT_RAYS),
            again: word(COUNT_AGAIN),
            left: word(COUNT_LEFT),
        })
    }

    /// Fewer paths in flight where a wave takes too long, more where it is short. The picture does not depend on it.
    pub(super) fn adapt(&mut self, took: Duration) {
        if took > WAVE && self.in_flight > PATHS_MIN {
            self.in_flight = (self.in_flight / 2).max(PATHS_MIN);
        } else if took < WAVE / 4 {
            self.in_flight = (self.in_flight * 2).min(self.room);
        }
    }
}

/// The first work of a wave.
fn all_paths(paths: u32) -> Work {
    Work {
        live_groups: paths.div_ceil(WORK_GROUP),
        live_groups_y: 1,
        live_groups_z: 1,
        live: paths,
        shadow_groups: 0,
        shadow_groups_y: 1,
        shadow_groups_z: 1,
        shadows: 0,
        tally_groups: paths.div_ceil(WORK_GROUP * TALLY_RUN),
        tally_groups_y: 1,
        tally_groups_z: 1,
        turn: 0,
    }
}
