//! The denoiser on a GPU: each kernel over strips of the picture.

use std::collections::BTreeMap;

use scenec_shaders::types::{Denoising, Guide};

use super::buffers::More;
use super::device::{self, Family, Fault, Gpu, Size, Wanted};
use crate::denoise::{Planes, STEPS, report};
use crate::{Control, RenderError};

/// Pixels of a dispatch at most: below the limit on groups, and short enough that a system stays usable.
const STRIP: u32 = 1 << 20;

/// Denoises on a GPU.
///
/// # Errors
/// `NoAdapter` when none is wanted or usable; those of [`denoise_on`].
pub(crate) fn denoise(
    planes: &Planes<'_>,
    control: &dyn Control,
    wanted: Wanted,
) -> Result<Vec<[f32; 3]>, RenderError> {
    denoise_on(&*device::open(wanted)?, planes, control)
}

/// Denoises on an open device.
///
/// # Errors
/// `OutOfMemory`, `DeviceLost`, `Cancelled`.
pub(super) fn denoise_on(gpu: &Gpu, planes: &Planes<'_>, control: &dyn Control) -> Result<Vec<[f32; 3]>, RenderError> {
    let failed = |fault: Fault| {
        device::forget();
        fault.into_error(&gpu.name)
    };
    gpu.prepare(Family::Denoiser).map_err(|reason| failed(Fault::Lost(reason)))?;
    let buffers = Buffers::new(gpu, planes)?;
    let pixels = planes.pixels() as u32;
    let mut passes: Vec<(&'static str, u32, &[(&str, &str)])> =
        vec![("demodulate", 1, &[("even_out", "even_0"), ("odd_out", "odd_0")])];
    passes.push(("noise", 1, &[("even_in", "even_0"), ("odd_in", "odd_0"), ("noise_out", "before")]));
    for (level, step) in STEPS.into_iter().enumerate() {
        passes.push(("atrous", step, buffers_of(level)));
    }
    let restored: Vec<(&str, &str)> = buffers_of(STEPS.len() - 1)
        .iter()
        .filter_map(|(name, buffer)| match *name {
            "even_out" => Some(("even_in", *buffer)),
            "odd_out" => Some(("odd_in", *buffer)),
            _ => None,
        })
        .chain([("even_before", "before"), ("odd_before", "odd_0")])
        .collect();
    passes.push(("restore", 1, &restored));
    for (number, (kernel, step, roles)) in passes.into_iter().enumerate() {
        let internal = |reason: String| RenderError::Kernel { kernel, reason };
        let groups = vec![gpu.group(kernel, 0, &|name| buffers.of(name, roles)).map_err(internal)?];
        for first in (0..pixels).step_by(STRIP as usize) {
            report(control, number, f64::from(first) / f64::from(pixels), &gpu.name)?;
            let count = STRIP.min(pixels - first);
            let (width, height, halves) = (planes.width, planes.height, u32::from(planes.halves));
            let info = Denoising { width, height, first, count, base: 0, step, halves };
            gpu.queue.write_buffer(&buffers.named["denoising"], 0, bytemuck::bytes_of(&info));
            let mut encoder = gpu.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
            gpu.dispatch(&mut encoder, kernel, &groups, Size::Items(count));
            gpu.queue.submit([encoder.finish()]);
        }
        // Progress tells of work that is done, and a lost device gives an error, not a picture.
        gpu.wait().map_err(failed)?;
    }
    let bytes = gpu.read(&buffers.named["restored"], 12 * u64::from(pixels)).map_err(failed)?;
    let numbers: Vec<[f32; 3]> = bytemuck::pod_collect_to_vec(&bytes);
    Ok(numbers)
}

/// What a level of the wavelet reads and writes. The first keeps what it reads, which `restore` needs.
fn buffers_of(level: usize) -> &'static [(&'static str, &'static str)] {
    match level {
        0 => &[("even_in", "before"), ("odd_in", "odd_0"), ("even_out", "even_1"), ("odd_out", "odd_1")],
        odd if odd % 2 == 1 => {
            &[("even_in", "even_1"), ("odd_in", "odd_1"), ("even_out", "even_2"), ("odd_out", "odd_2")]
        }
        _ => &[("even_in", "even_2"), ("odd_in", "odd_2"), ("even_out", "even_1"), ("odd_out", "odd_1")],
    }
}

struct Buffers {
    named: BTreeMap<&'static str, wgpu::Buffer>,
}

impl Buffers {
    fn new(gpu: &Gpu, planes: &Planes<'_>) -> Result<Self, RenderError> {
        let pixels = planes.pixels() as u64;
        let given: [(&'static str, &[u8]); 5] = [
            ("noisy_rgb", bytemuck::cast_slice(planes.rgb)),
            ("noisy_half", bytemuck::cast_slice(planes.half)),
            ("noisy_albedo", bytemuck::cast_slice(&planes.albedo)),
            ("noisy_normal", bytemuck::cast_slice(&planes.normal)),
            ("noisy_depth", bytemuck::cast_slice(&planes.depth)),
        ];
        let made = [
            ("guides", pixels * size_of::<Guide>() as u64),
            ("even_0", 16 * pixels),
            ("odd_0", 16 * pixels),
            ("before", 16 * pixels),
            ("even_1", 16 * pixels),
            ("odd_1", 16 * pixels),
            ("even_2", 16 * pixels),
            ("odd_2", 16 * pixels),
            ("restored", 12 * pixels),
        ];
        let uniforms = [("denoising", &[0; size_of::<Denoising>()][..])];
        let named = More { given: &given, made: &made, uniforms: &uniforms, ..More::default() }.in_memory(gpu)?;
        Ok(Self { named })
    }

    /// The buffer of a resource: by its role in this pass, else by its name.
    fn of(&self, resource: &str, roles: &[(&str, &str)]) -> Option<&wgpu::Buffer> {
        let role = roles.iter().find(|(name, _)| *name == resource).map(|(_, buffer)| *buffer);
        let name = if resource == "guides_out" { "guides" } else { role.unwrap_or(resource) };
        self.named.get(name)
    }
}
