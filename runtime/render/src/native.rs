//! The CPU executor: the wavefront over small batches of paths, so that their state stays in the cache of one core.

pub(crate) mod aovs;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use scenec_shaders::consts::{
    PATH_ALIVE, PATH_PASSED, PATH_SEGMENT, PATH_SHADOW, PATH_SHADOW_FAR, SCENE_ALPHA, SCENE_EMITS, SHADOW_END,
};
use scenec_shaders::kernels::{connect, film, generate, shade};
use scenec_shaders::prelude::{Isa, LoopGuard, ReadArray, Vec4, WriteArray};
use scenec_shaders::types::{Hit, Light, Material, Part, Path, Ray, SceneInfo, View, Wave};

use crate::adaptive::{Adaptive, Exposed, Sums};
use crate::bvh::{self, SceneBvh};
use crate::plan::{Tile, passes, tiles};
use crate::{Control, Progress, RenderError, RenderSettings, Scene};

/// Pixels of a tile along each side.
const TILE: u32 = 16;
/// Paths of a batch at most; 128 B each.
const BATCH: u32 = 1024;
/// Between two calls of `Control::progress`.
const REPORT_EVERY: Duration = Duration::from_millis(50);

/// Kernels bind no empty arrays.
static NO_TRIANGLE: [Vec4<f32>; 3] = [Vec4::splat(0.0); 3];

/// Unbound from the stage: what all threads read.
struct Shared<'a> {
    isa: Isa,
    guard: LoopGuard,
    view: View,
    info: SceneInfo,
    heap: ReadArray<'a, u32>,
    materials: ReadArray<'a, Material>,
    parts: ReadArray<'a, Part>,
    lights: ReadArray<'a, Light>,
    triangles: ReadArray<'a, Vec4<f32>>,
    bvh: &'a SceneBvh,
}

impl<'a> Shared<'a> {
    fn new(scene: &'a Scene, view: View) -> Result<Self, RenderError> {
        let flat = &scene.flat;
        let bind = |kernel: &'static str| {
            move |e: scenec_shaders::prelude::BufferError| RenderError::Kernel { kernel, reason: e.to_string() }
        };
        let triangles = if scene.bvh.triangles().is_empty() {
            ReadArray::new(&NO_TRIANGLE)
        } else {
            ReadArray::from_bytes(scene.bvh.triangles_bytes())
        };
        Ok(Self {
            isa: Isa::detect(),
            guard: LoopGuard::default(),
            view,
            info: flat.info,
            heap: ReadArray::new(&flat.heap).map_err(bind("heap"))?,
            materials: ReadArray::new(&flat.materials).map_err(bind("materials"))?,
            parts: ReadArray::new(&flat.parts).map_err(bind("parts"))?,
            lights: ReadArray::new(&flat.lights).map_err(bind("lights"))?,
            triangles: triangles.map_err(bind("triangles"))?,
            bvh: &scene.bvh,
        })
    }

    /// Asks for the normals of a hit, which lie apart from the triangle: they arrive while other rays of the batch are traced.
    /// A fifth of the time of `shade` was spent waiting for them.
    #[inline(always)]
    fn prefetch(&self, hit: &bvh::Hit) {
        #[cfg(target_arch = "x86_64")]
        if hit.is_hit() {
            let word = self.parts.at(hit.instance).normals.wrapping_add(hit.primitive.wrapping_mul(3));
            let address: *const u32 = self.heap.at(word);
            // SAFETY: a prefetch never faults, and the address is that of an element.
            unsafe { std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast()) };
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = hit;
    }
}

/// The part of [`Sums`] that one tile writes.
struct TileSums<'a> {
    all: &'a mut [Vec4<f32>],
    odd: &'a mut [Vec4<f32>],
}

/// Counters that threads share.
struct Counters<'a> {
    control: &'a dyn Control,
    stop: AtomicBool,
    rays: AtomicU64,
    capped: AtomicU64,
    pixel_samples: AtomicU64,
    last_report: Mutex<Instant>,
    device: String,
    total_pixel_samples: u64,
    samples_total: u32,
}

/// Renders passes over the frame. After each, `done(film, rays)`.
pub(crate) fn render(
    scene: &Scene,
    view: View,
    settings: &RenderSettings,
    control: &dyn Control,
    done: &mut (dyn FnMut(&Exposed, u64) + Send),
) -> Result<(Exposed, u64, String), RenderError> {
    let shared = Shared::new(scene, view)?;
    let tiles = tiles(view.width, view.height, TILE, TILE);
    let pixels = u64::from(view.width) * u64::from(view.height);
    let counters = Counters::new(control, pixels, settings.samples);
    let dark = vec![Vec4::from([0.0; 4]); pixels as usize];
    let adaptive = Adaptive::new(settings, &tiles, view.width.div_ceil(TILE) as usize);
    let mut out = Exposed { tiles, sums: Sums { all: dark.clone(), odd: dark }, adaptive };
    for (first, samples) in passes(settings.samples) {
        let (mut rest, mut odd_rest) = (out.sums.all.as_mut_slice(), out.sums.odd.as_mut_slice());
        let mut work = Vec::with_capacity(out.tiles.len());
        for (tile, open) in out.tiles.iter().zip(&out.adaptive.open) {
            let (all, after) = rest.split_at_mut(tile.pixels());
            let (odd, odd_after) = odd_rest.split_at_mut(tile.pixels());
            if *open {
                work.push((tile, TileSums { all, odd }));
            }
            (rest, odd_rest) = (after, odd_after);
        }
        work.into_par_iter().with_max_len(4).try_for_each_init(Batch::default, |batch, (tile, mut sums)| {
            render_tile(&shared, &counters, batch, tile, &mut sums, first, samples)
        })?;
        check(&shared, &counters, "shade")?;
        if !counters.report(first + samples) {
            return Err(RenderError::Cancelled);
        }
        let goes_on = out.passed(samples);
        done(&out, counters.rays.load(Ordering::Relaxed));
        if !goes_on {
            break;
        }
    }
    Ok((out, counters.rays.into_inner(), counters.device))
}

/// What no picture may come of: rays that gave up, loops that did not end.
fn check(shared: &Shared<'_>, counters: &Counters<'_>, kernel: &'static str) -> Result<(), RenderError> {
    let capped = counters.capped.load(Ordering::Relaxed);
    if capped > 0 {
        return Err(RenderError::TraversalCap { rays: capped, cap: bvh::VISIT_CAP });
    }
    if shared.guard.tripped() {
        return Err(RenderError::Kernel { kernel, reason: "a loop hit its cap".to_owned() });
    }
    Ok(())
}

impl<'a> Counters<'a> {
    fn new(control: &'a dyn Control, pixels: u64, samples_total: u32) -> Self {
        Self {
            control,
            stop: AtomicBool::new(false),
            rays: AtomicU64::new(0),
            capped: AtomicU64::new(0),
            pixel_samples: AtomicU64::new(0),
            last_report: Mutex::new(Instant::now()),
            device: format!("native ({} threads)", rayon::current_num_threads()),
            total_pixel_samples: pixels * u64::from(samples_total),
            samples_total,
        }
    }

    /// Tells the caller; false when it wants to stop.
    fn report(&self, samples_done: u32) -> bool {
        let go_on = self.control.progress(&Progress {
            samples_done,
            samples_total: self.samples_total,
            fraction: self.pixel_samples.load(Ordering::Relaxed) as f64 / self.total_pixel_samples as f64,
            rays: self.rays.load(Ordering::Relaxed),
            device: &self.device,
        });
        if !go_on {
            self.stop.store(true, Ordering::Relaxed);
        }
        go_on
    }

    /// Reports if it is time and no other thread does.
    fn tick(&self, samples_done: u32) {
        if let Ok(mut last) = self.last_report.try_lock()
            && last.elapsed() >= REPORT_EVERY
        {
            self.report(samples_done);
            *last = Instant::now();
        }
    }
}

fn render_tile(
    shared: &Shared<'_>,
    counters: &Counters<'_>,
    batch: &mut Batch,
    tile: &Tile,
    sums: &mut TileSums<'_>,
    first: u32,
    samples: u32,
) -> Result<(), RenderError> {
    let per_batch = (BATCH / tile.pixels() as u32).max(1);
    let mut done = 0;
    while done < samples {
        if counters.stop.load(Ordering::Relaxed) {
            return Err(RenderError::Cancelled);
        }
        let count = per_batch.min(samples - done);
        let (rays, capped) = batch
            .run(shared, tile.wave(first + done, count), sums)
            .map_err(|e| RenderError::Kernel { kernel: "wave", reason: e.to_string() })?;
        counters.rays.fetch_add(rays, Ordering::Relaxed);
        if capped > 0 {
            counters.capped.fetch_add(capped, Ordering::Relaxed);
        }
        counters.pixel_samples.fetch_add(tile.pixels() as u64 * u64::from(count), Ordering::Relaxed);
        done += count;
        counters.tick(first);
    }
    Ok(())
}

/// The state of a batch of paths.
#[derive(Default)]
struct Batch {
    rays: Vec<Ray>,
    hits: Vec<Hit>,
    paths: Vec<Path>,
    /// Paths that still have a ray, and those with a shadow ray.
    live: Vec<u32>,
    shadows: Vec<u32>,
}

type Bound<T> = Result<T, scenec_shaders::prelude::BufferError>;

impl Batch {
    /// Renders one wave into the film of its tile; the number of rays, and of rays that hit the cap on node visits.
    fn run(&mut self, shared: &Shared<'_>, wave: Wave, sums: &mut TileSums<'_>) -> Bound<(u64, u64)> {
        let (mut rays, mut capped) = (0, 0);
        self.generate(shared, wave)?;
        while let Some(&first) = self.live.first() {
            rays += self.live.len() as u64;
            // All live paths have the same number of segments, unless some passed absent surfaces.
            let segment = self.paths[first as usize].flags & PATH_SEGMENT;
            capped += self.extend(shared, segment);
            self.shade(shared, wave)?;
            self.sort_paths();
            while !self.shadows.is_empty() {
                rays += self.shadows.len() as u64;
                capped += self.shadow(shared);
                self.connect(shared, wave)?;
                let paths = &self.paths;
                self.shadows.retain(|i| paths[*i as usize].flags & PATH_SHADOW != 0);
            }
        }
        let b = film::Bindings {
            guard: &shared.guard,
            wave,
            paths: WriteArray::new(&mut self.paths)?,
            pixels_sum: WriteArray::new(sums.all)?,
            pixels_odd: WriteArray::new(sums.odd)?,
        };
        film::film(shared.isa, &b, 0..wave.width * wave.height);
        Ok((rays, capped))
    }

    /// Starts all paths of a wave.
    fn generate(&mut self, shared: &Shared<'_>, wave: Wave) -> Bound<()> {
        let count = wave.paths as usize;
        if self.paths.len() < count {
            self.rays.resize(count, Ray::ZERO);
            self.hits.resize(count, Hit::ZERO);
            self.paths.resize(count, Path::ZERO);
        }
        self.live.clear();
        self.live.extend(0..wave.paths);
        let b = generate::Bindings {
            guard: &shared.guard,
            view: shared.view,
            wave,
            rays: WriteArray::new(&mut self.rays)?,
            paths: WriteArray::new(&mut self.paths)?,
        };
        generate::generate(shared.isa, &b, 0..wave.paths);
        Ok(())
    }

    /// Traces the rays of live paths.
    fn extend(&mut self, shared: &Shared<'_>, segment: u32) -> u64 {
        let mut batch = Extend { shared, live: &self.live, rays: &self.rays, hits: &mut self.hits, capped: 0 };
        // At the last segment only whether a ray escapes matters, unless something emits or is not there.
        if segment >= shared.view.max_depth && shared.info.flags & (SCENE_EMITS | SCENE_ALPHA) == 0 {
            shared.bvh.trace::<true>(&mut batch);
        } else {
            shared.bvh.trace::<false>(&mut batch);
        }
        batch.capped
    }

    fn shade(&mut self, shared: &Shared<'_>, wave: Wave) -> Bound<()> {
        let b = shade::Bindings {
            guard: &shared.guard,
            view: shared.view,
            wave,
            info: shared.info,
            heap: shared.heap,
            materials: shared.materials,
            parts: shared.parts,
            lights: shared.lights,
            bvh_triangles: shared.triangles,
            rays: WriteArray::new(&mut self.rays)?,
            hits: WriteArray::new(&mut self.hits)?,
            paths: WriteArray::new(&mut self.paths)?,
        };
        runs(&self.live, |range| shade::shade(shared.isa, &b, range));
        Ok(())
    }

    /// Splits the paths that were just shaded by what they need next.
    fn sort_paths(&mut self) {
        self.shadows.clear();
        let (paths, shadows) = (&self.paths, &mut self.shadows);
        self.live.retain(|i| {
            let flags = paths[*i as usize].flags;
            if flags & PATH_SHADOW != 0 {
                shadows.push(*i);
            }
            flags & PATH_ALIVE != 0
        });
    }

    /// Traces shadow rays: any hit counts, unless surfaces may be absent; then `connect` judges the closest.
    fn shadow(&mut self, shared: &Shared<'_>) -> u64 {
        let mut batch =
            Shadow { shadows: &self.shadows, rays: &self.rays, paths: &self.paths, hits: &mut self.hits, capped: 0 };
        if shared.info.flags & SCENE_ALPHA != 0 {
            shared.bvh.trace::<false>(&mut batch);
        } else {
            shared.bvh.trace::<true>(&mut batch);
        }
        batch.capped
    }

    fn connect(&mut self, shared: &Shared<'_>, wave: Wave) -> Bound<()> {
        let b = connect::Bindings {
            guard: &shared.guard,
            view: shared.view,
            wave,
            info: shared.info,
            heap: shared.heap,
            materials: shared.materials,
            parts: shared.parts,
            bvh_triangles: shared.triangles,
            rays: WriteArray::new(&mut self.rays)?,
            hits: WriteArray::new(&mut self.hits)?,
            paths: WriteArray::new(&mut self.paths)?,
        };
        runs(&self.shadows, |range| connect::connect(shared.isa, &b, range));
        Ok(())
    }
}

/// Calls `run` for every run of consecutive numbers.
fn runs(numbers: &[u32], mut run: impl FnMut(std::ops::Range<u32>)) {
    let mut numbers = numbers.iter().copied();
    let Some(first) = numbers.next() else {
        return;
    };
    let (mut start, mut end) = (first, first + 1);
    for n in numbers {
        if n != end {
            run(start..end);
            start = n;
        }
        end = n + 1;
    }
    run(start..end);
}

/// The next segments of live paths.
struct Extend<'a> {
    shared: &'a Shared<'a>,
    live: &'a [u32],
    rays: &'a [Ray],
    hits: &'a mut [Hit],
    capped: u64,
}

impl bvh::Batch for Extend<'_> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.live.len()
    }

    #[inline(always)]
    fn ray(&self, i: usize) -> bvh::Ray {
        let ray = &self.rays[self.live[i] as usize];
        bvh::Ray {
            origin: ray.origin.to_array(),
            t_min: ray.t_min,
            direction: ray.direction.to_array(),
            t_max: ray.t_max,
        }
    }

    /// Alpha is judged in `shade`.
    #[inline(always)]
    fn keep(&mut self, _: u32, _: u32, _: f32, _: f32) -> bool {
        true
    }

    #[inline(always)]
    fn done(&mut self, i: usize, hit: &bvh::Hit) {
        self.hits[self.live[i] as usize] = kernel_hit(hit);
        self.capped += u64::from(hit.capped);
        self.shared.prefetch(hit);
    }
}

/// Shadow rays of paths that picked a light.
struct Shadow<'a> {
    shadows: &'a [u32],
    rays: &'a [Ray],
    paths: &'a [Path],
    hits: &'a mut [Hit],
    capped: u64,
}

impl bvh::Batch for Shadow<'_> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.shadows.len()
    }

    #[inline(always)]
    fn ray(&self, i: usize) -> bvh::Ray {
        let i = self.shadows[i] as usize;
        let path = &self.paths[i];
        bvh::Ray {
            origin: self.rays[i].origin.to_array(),
            t_min: if path.flags & PATH_PASSED != 0 { self.hits[i].t } else { 0.0 },
            direction: [path.shadow_x, path.shadow_y, path.shadow_z],
            t_max: if path.flags & PATH_SHADOW_FAR != 0 { f32::INFINITY } else { SHADOW_END },
        }
    }

    /// Alpha is judged in `connect`.
    #[inline(always)]
    fn keep(&mut self, _: u32, _: u32, _: f32, _: f32) -> bool {
        true
    }

    #[inline(always)]
    fn done(&mut self, i: usize, hit: &bvh::Hit) {
        self.hits[self.shadows[i] as usize] = kernel_hit(hit);
        self.capped += u64::from(hit.capped);
    }
}

fn kernel_hit(hit: &bvh::Hit) -> Hit {
    Hit {
        t: hit.t,
        u: hit.u,
        v: hit.v,
        instance: hit.instance,
        primitive: hit.primitive,
        slot: hit.slot,
        visits: hit.visits,
        capped: hit.capped,
    }
}
