//! The denoiser on the CPU: each kernel over bands of rows in parallel.

use rayon::prelude::*;
use scenec_shaders::kernels::{atrous, demodulate, noise, restore};
use scenec_shaders::prelude::{BufferError, Isa, LoopGuard, ReadArray, Vec4, WriteArray};
use scenec_shaders::types::{Denoising, Guide};

use super::{Planes, STEPS, report};
use crate::{Control, RenderError};

/// Pixels of a band at least: small enough for many threads, large enough to start.
const BAND: usize = 1 << 12;
/// Pixels between two calls of `Control::progress`.
const REPORT_EVERY: usize = 1 << 19;

pub(super) fn denoise(
    planes: &Planes<'_>,
    threads: Option<usize>,
    control: &dyn Control,
) -> Result<Vec<[f32; 3]>, RenderError> {
    let Some(threads) = threads.filter(|n| *n > 0) else {
        return in_pool(planes, control);
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|e| RenderError::Kernel { kernel: "threads", reason: e.to_string() })?;
    pool.install(|| in_pool(planes, control))
}

/// Illumination by the samples with an even and with an odd number, see the kernels.
struct Halves {
    even: Vec<Vec4<f32>>,
    odd: Vec<Vec4<f32>>,
}

impl Halves {
    fn new(pixels: usize) -> Self {
        let empty = vec![Vec4::from([0.0; 4]); pixels];
        Self { even: empty.clone(), odd: empty }
    }
}

fn in_pool(planes: &Planes<'_>, control: &dyn Control) -> Result<Vec<[f32; 3]>, RenderError> {
    let run = Run {
        isa: Isa::detect(),
        guard: LoopGuard::default(),
        width: planes.width,
        height: planes.height,
        halves: planes.halves,
        control,
        device: format!("native ({} threads)", rayon::current_num_threads()),
    };
    let pixels = planes.pixels();
    let mut before = Halves::new(pixels);
    let mut guides = vec![Guide::ZERO; pixels];
    run.pass(
        "demodulate",
        0,
        1,
        (&mut before.even[..], &mut before.odd[..], &mut guides[..]),
        |info, (even, odd, guides)| {
            let b = demodulate::Bindings {
                guard: &run.guard,
                denoising: info,
                noisy_rgb: ReadArray::new(planes.rgb)?,
                noisy_half: ReadArray::new(planes.half)?,
                noisy_albedo: ReadArray::new(&planes.albedo)?,
                noisy_normal: ReadArray::new(&planes.normal)?,
                noisy_depth: ReadArray::new(&planes.depth)?,
                even_out: WriteArray::new(even)?,
                odd_out: WriteArray::new(odd)?,
                guides_out: WriteArray::new(guides)?,
            };
            demodulate::demodulate(run.isa, &b, 0..info.count);
            Ok(())
        },
    )?;
    let mut noisy = vec![Vec4::from([0.0; 4]); pixels];
    run.pass("noise", 1, 1, (&mut noisy[..], (), ()), |info, (out, (), ())| {
        let b = noise::Bindings {
            guard: &run.guard,
            denoising: info,
            guides: ReadArray::new(&guides)?,
            even_in: ReadArray::new(&before.even)?,
            odd_in: ReadArray::new(&before.odd)?,
            noise_out: WriteArray::new(out)?,
        };
        noise::noise(run.isa, &b, 0..info.count);
        Ok(())
    })?;
    before.even = noisy;
    // The first level reads `before`, and the others what the level before them wrote.
    let (mut from, mut to) = (Halves { even: Vec::new(), odd: Vec::new() }, Halves::new(pixels));
    for (level, step) in STEPS.into_iter().enumerate() {
        let input = if level == 0 { &before } else { &from };
        run.pass("atrous", 2 + level, step, (&mut to.even[..], &mut to.odd[..], ()), |info, (even, odd, ())| {
            let b = atrous::Bindings {
                guard: &run.guard,
                denoising: info,
                guides: ReadArray::new(&guides)?,
                even_in: ReadArray::new(&input.even)?,
                odd_in: ReadArray::new(&input.odd)?,
                even_out: WriteArray::new(even)?,
                odd_out: WriteArray::new(odd)?,
            };
            atrous::atrous(run.isa, &b, 0..info.count);
            Ok(())
        })?;
        if level == 0 {
            from = Halves::new(pixels);
        }
        std::mem::swap(&mut from, &mut to);
    }
    let mut out = vec![[0.0f32; 3]; pixels];
    run.pass("restore", 2 + STEPS.len(), 1, (&mut out[..], (), ()), |info, (out, (), ())| {
        let b = restore::Bindings {
            guard: &run.guard,
            denoising: info,
            guides: ReadArray::new(&guides)?,
            noisy_rgb: ReadArray::new(planes.rgb)?,
            even_before: ReadArray::new(&before.even)?,
            odd_before: ReadArray::new(&before.odd)?,
            even_in: ReadArray::new(&from.even)?,
            odd_in: ReadArray::new(&from.odd)?,
            restored: WriteArray::new(out.as_flattened_mut())?,
        };
        restore::restore(run.isa, &b, 0..info.count);
        Ok(())
    })?;
    Ok(out)
}

/// A denoising in progress.
struct Run<'a> {
    isa: Isa,
    guard: LoopGuard,
    width: u32,
    height: u32,
    halves: bool,
    control: &'a dyn Control,
    device: String,
}

/// Arrays of one element per pixel that a kernel writes.
trait Outputs: Send + Sized {
    /// The elements before pixel `at`, and the rest.
    fn split(self, at: usize) -> (Self, Self);
}

impl Outputs for () {
    fn split(self, _: usize) -> (Self, Self) {
        ((), ())
    }
}

impl<T: Send> Outputs for &mut [T] {
    fn split(self, at: usize) -> (Self, Self) {
        self.split_at_mut(at)
    }
}

impl<A: Outputs, B: Outputs, C: Outputs> Outputs for (A, B, C) {
    fn split(self, at: usize) -> (Self, Self) {
        let ((a, a_rest), (b, b_rest), (c, c_rest)) = (self.0.split(at), self.1.split(at), self.2.split(at));
        ((a, b, c), (a_rest, b_rest, c_rest))
    }
}

impl Run<'_> {
    /// Runs a kernel over the picture, `number` kernels having done so before. Each band writes its own part of `outputs`.
    fn pass<O: Outputs>(
        &self,
        kernel: &'static str,
        number: usize,
        step: u32,
        outputs: O,
        band: impl Fn(Denoising, O) -> Result<(), BufferError> + Sync,
    ) -> Result<(), RenderError> {
        let pixels = self.width as usize * self.height as usize;
        let (mut done, mut rest) = (0, outputs);
        while done < pixels {
            report(self.control, number, done as f64 / pixels as f64, &self.device)?;
            let end = pixels.min(done + REPORT_EVERY);
            let mut bands = Vec::new();
            while done < end {
                let count = BAND.min(end - done);
                let (mine, after) = rest.split(count);
                bands.push((done as u32, count as u32, mine));
                (done, rest) = (done + count, after);
            }
            bands
                .into_par_iter()
                .with_max_len(1)
                .try_for_each(|(first, count, outputs)| {
                    let (width, height, halves) = (self.width, self.height, u32::from(self.halves));
                    band(Denoising { width, height, first, count, base: first, step, halves }, outputs)
                })
                .map_err(|e| RenderError::Kernel { kernel, reason: e.to_string() })?;
        }
        if self.guard.tripped() {
            return Err(RenderError::Kernel { kernel, reason: "a loop hit its cap".to_owned() });
        }
        Ok(())
    }
}
