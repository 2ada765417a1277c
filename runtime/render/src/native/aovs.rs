//! The same batches with camera rays alone.

use std::sync::Mutex;
use std::sync::atomic::Ordering;

use rayon::prelude::*;
use scenec_shaders::consts::PATH_ALIVE;
use scenec_shaders::kernels::{aovs, gather, motion};
use scenec_shaders::prelude::{ReadArray, Vec2, WriteArray};
use scenec_shaders::types::{PixelSeen, Seen, View, Wave};

use super::{BATCH, Batch, Bound, Counters, Shared, TILE, check, runs};
use crate::aovs::{Frames, Names, Strip};
use crate::plan::{Tile, tiles};
use crate::{Control, RenderError, Scene};

/// Traces camera rays, tile by tile; gives what was seen to `done`, in any order.
pub(crate) fn aovs(
    scene: &Scene,
    view: View,
    samples: u32,
    names: &Names<'_>,
    next: Option<&Frames>,
    control: &dyn Control,
    done: &Mutex<&mut (dyn FnMut(&Tile, Strip) + Send)>,
) -> Result<(), RenderError> {
    let shared = Shared::new(scene, view)?;
    let counters = Counters::new(control, u64::from(view.width) * u64::from(view.height), samples);
    let tiles = tiles(view.width, view.height, TILE, TILE);
    tiles.par_iter().with_max_len(4).try_for_each_init(Look::default, |look, tile| {
        let per_batch = (BATCH / tile.pixels() as u32).max(1);
        for first in (0..samples).step_by(per_batch as usize) {
            if counters.stop.load(Ordering::Relaxed) {
                return Err(RenderError::Cancelled);
            }
            let count = per_batch.min(samples - first);
            let (rays, capped) = look.run(&shared, tile.wave(first, count), names).map_err(unbound)?;
            counters.rays.fetch_add(rays, Ordering::Relaxed);
            counters.capped.fetch_add(capped, Ordering::Relaxed);
            counters.pixel_samples.fetch_add(tile.pixels() as u64 * u64::from(count), Ordering::Relaxed);
            counters.tick(first);
        }
        let strip = look.strip(&shared, tile.wave(0, samples), names, next).map_err(unbound)?;
        if let Ok(mut done) = done.lock() {
            done(tile, strip);
        }
        Ok(())
    })?;
    check(&shared, &counters, "aovs")?;
    if counters.report(samples) { Ok(()) } else { Err(RenderError::Cancelled) }
}

fn unbound(error: scenec_shaders::prelude::BufferError) -> RenderError {
    RenderError::Kernel { kernel: "aovs", reason: error.to_string() }
}

/// The state of a tile.
#[derive(Default)]
struct Look {
    batch: Batch,
    seen: Vec<Seen>,
    pixels: Vec<PixelSeen>,
    slots: Vec<Vec2<u32>>,
}

impl Look {
    /// Traces some samples; the number of rays, and of rays that hit the cap on node visits.
    fn run(&mut self, shared: &Shared<'_>, wave: Wave, names: &Names<'_>) -> Bound<(u64, u64)> {
        let pixels = (wave.width * wave.height) as usize;
        self.seen.resize(self.seen.len().max(wave.paths as usize), Seen::ZERO);
        self.pixels.resize(self.pixels.len().max(pixels), PixelSeen::ZERO);
        self.slots.resize(self.slots.len().max(names.slots(pixels)), Vec2::from([0; 2]));
        let (mut rays, mut capped) = (0, 0);
        let batch = &mut self.batch;
        batch.generate(shared, wave)?;
        while !batch.live.is_empty() {
            rays += batch.live.len() as u64;
            capped += batch.extend(shared, 1);
            let b = aovs::Bindings {
                guard: &shared.guard,
                view: shared.view,
                wave,
                info: shared.info,
                heap: shared.heap,
                materials: shared.materials,
                parts: shared.parts,
                bvh_triangles: shared.triangles,
                rays: WriteArray::new(&mut batch.rays)?,
                hits: WriteArray::new(&mut batch.hits)?,
                paths: WriteArray::new(&mut batch.paths)?,
                seen: WriteArray::new(&mut self.seen)?,
            };
            runs(&batch.live, |range| aovs::aovs(shared.isa, &b, range));
            let paths = &batch.paths;
            batch.live.retain(|i| paths[*i as usize].flags & PATH_ALIVE != 0);
        }
        let b = gather::Bindings {
            guard: &shared.guard,
            wave,
            matte_info: names.info(),
            seen: WriteArray::new(&mut self.seen)?,
            pixels_seen: WriteArray::new(&mut self.pixels)?,
            matte_names: ReadArray::new(names.of_parts())?,
            matte_slots: WriteArray::new(&mut self.slots)?,
        };
        gather::gather(shared.isa, &b, 0..wave.width * wave.height);
        Ok((rays, capped))
    }

    fn strip(&mut self, shared: &Shared<'_>, wave: Wave, names: &Names<'_>, next: Option<&Frames>) -> Bound<Strip> {
        let pixels = (wave.width * wave.height) as usize;
        let mut moved = Vec::new();
        if let Some(next) = next {
            moved = vec![Vec2::from([0.0f32; 2]); pixels];
            let b = motion::Bindings {
                guard: &shared.guard,
                view: shared.view,
                wave,
                next_view: next.view,
                pixels_seen: WriteArray::new(&mut self.pixels)?,
                moves: ReadArray::new(&next.moves)?,
                next_corners: ReadArray::new(&next.corners)?,
                motion_out: WriteArray::new(&mut moved)?,
            };
            motion::motion(shared.isa, &b, 0..wave.width * wave.height);
        }
        Ok(Strip::new(&self.pixels[..pixels], &self.slots[..names.slots(pixels)], &moved, wave.samples, names))
    }
}
