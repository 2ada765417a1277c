//! Camera rays alone: strips of the frame, all samples of one before the next, so that little is held per pixel.

use std::time::Instant;

use scenec_shaders::consts::SCENE_ALPHA;
use scenec_shaders::prelude::Vec2;
use scenec_shaders::types::{PixelSeen, Seen, View, Wave};

use super::buffers::{Buffers, More};
use super::device::{self, Family, Gpu, Wanted};
use super::wave::{Over, PATHS_FIRST, PATHS_MAX, PATHS_MIN, Run, Trouble};
use crate::aovs::{Frames, Names, Strip};
use crate::plan::{Tile, tiles};
use crate::{Control, Progress, RenderError, Scene};

/// Pixels of a strip at most, unless one row has more: 350 B each.
const STRIP: u32 = 1 << 17;

const KERNELS: [&str; 6] = ["generate", "extend", "aovs", "tally", "arrange", "gather"];

/// Traces camera rays; gives what was seen to `done`, strip by strip.
///
/// # Errors
/// `NoAdapter` when none is wanted or usable, `OutOfMemory`, `DeviceLost`, `TraversalCap`, `Cancelled`.
pub(crate) fn aovs(
    scene: &Scene,
    view: View,
    samples: u32,
    names: &Names<'_>,
    next: Option<&Frames>,
    control: &dyn Control,
    wanted: Wanted,
    done: &mut dyn FnMut(&Tile, Strip),
) -> Result<(), RenderError> {
    let gpu = &*device::open(wanted)?;
    gpu.prepare(Family::Aovs).map_err(|reason| RenderError::Kernel { kernel: "aovs", reason })?;
    let rows = (STRIP / view.width).clamp(1, view.height);
    let pixels = view.width * rows;
    let room = pixels.saturating_mul(samples).clamp(PATHS_MIN, PATHS_MAX.max(pixels));
    let buffers = buffers(gpu, scene, &view, room, pixels, names, next)?;
    let mut run = Run {
        gpu,
        buffers: &buffers,
        judged: scene.flat.info.flags & SCENE_ALPHA != 0,
        max_depth: 1,
        room,
        in_flight: room.min(PATHS_FIRST),
        rays: 0,
    };
    for strip in tiles(view.width, view.height, view.width, rows) {
        let strip = Tile { film: 0, ..strip };
        let mut first = 0;
        while first < samples {
            let count = (run.in_flight / pixels).clamp(1, samples - first);
            look(&mut run, strip.wave(first, count)).map_err(|e| e.into_error(gpu))?;
            first += count;
            let at = f64::from(strip.y) + f64::from(strip.height) * f64::from(first) / f64::from(samples);
            let go_on = control.progress(&Progress {
                samples_done: first,
                samples_total: samples,
                fraction: at / f64::from(view.height),
                rays: run.rays,
                device: &gpu.name,
            });
            if !go_on {
                return Err(RenderError::Cancelled);
            }
        }
        if next.is_some() {
            run.submit(&[("motion", Over::Items(strip.pixels() as u32))]);
        }
        let seen = read(gpu, &buffers, strip.pixels(), samples, names, next).map_err(|e| e.into_error(gpu))?;
        done(&strip, seen);
    }
    Ok(())
}

fn buffers(
    gpu: &Gpu,
    scene: &Scene,
    view: &View,
    paths: u32,
    pixels: u32,
    names: &Names<'_>,
    next: Option<&Frames>,
) -> Result<Buffers, RenderError> {
    let info = names.info();
    let mut given: Vec<(&str, &[u8])> = vec![("matte_names", bytemuck::cast_slice(names.of_parts()))];
    let mut made = vec![
        ("seen", u64::from(paths) * size_of::<Seen>() as u64),
        ("pixels_seen", u64::from(pixels) * size_of::<PixelSeen>() as u64),
        ("matte_slots", 8 * names.slots(pixels as usize) as u64),
    ];
    let mut uniforms = vec![("matte_info", bytemuck::bytes_of(&info))];
    let mut kernels = KERNELS.to_vec();
    if let Some(next) = next {
        given.push(("moves", bytemuck::cast_slice(&next.moves)));
        given.push(("next_corners", bytemuck::cast_slice(&next.corners)));
        made.push(("motion_out", 8 * u64::from(pixels)));
        uniforms.push(("next_view", bytemuck::bytes_of(&next.view)));
        kernels.push("motion");
    }
    let more = More { given: &given, made: &made, uniforms: &uniforms, ..More::default() };
    Buffers::with(gpu, scene, view, paths, &more, &kernels)
}

/// Traces some samples of a strip.
fn look(run: &mut Run<'_>, wave: Wave) -> Result<(), Trouble> {
    let clock = Instant::now();
    run.start(wave);
    loop {
        run.submit(&[("extend", Over::Live)]);
        run.submit(&[("aovs", Over::Items(wave.paths))]);
        if !run.judged {
            break;
        }
        run.submit(&[("tally", Over::Tallied), ("arrange", Over::Items(1))]);
        if run.counters()?.left == 0 {
            break;
        }
    }
    run.submit(&[("gather", Over::Items(wave.width * wave.height))]);
    let counters = run.counters()?;
    run.rays += u64::from(wave.paths) + u64::from(counters.rays);
    if counters.capped > 0 {
        return Err(Trouble::Capped(counters.capped));
    }
    run.adapt(clock.elapsed());
    Ok(())
}

fn read(
    gpu: &Gpu,
    buffers: &Buffers,
    pixels: usize,
    samples: u32,
    names: &Names<'_>,
    next: Option<&Frames>,
) -> Result<Strip, Trouble> {
    let bytes = |name, size: usize| gpu.read(buffers.get(name), size as u64).map_err(Trouble::Fault);
    let seen: Vec<PixelSeen> = bytemuck::pod_collect_to_vec(&bytes("pixels_seen", pixels * size_of::<PixelSeen>())?);
    let slots: Vec<[u32; 2]> = bytemuck::pod_collect_to_vec(&bytes("matte_slots", 8 * names.slots(pixels))?);
    let slots: Vec<Vec2<u32>> = slots.into_iter().map(Vec2::from).collect();
    let motion: Vec<[f32; 2]> = match next {
        Some(_) => bytemuck::pod_collect_to_vec(&bytes("motion_out", 8 * pixels)?),
        None => Vec::new(),
    };
    let motion: Vec<Vec2<f32>> = motion.into_iter().map(Vec2::from).collect();
    Ok(Strip::new(&seen, &slots, &motion, samples, names))
}
