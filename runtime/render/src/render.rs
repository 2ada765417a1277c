//! The render loop: choose an executor, run passes, make the film.

use std::time::Instant;

use scenec_scene::Camera;

use crate::adaptive::Exposed;
use crate::{Control, Device, Film, RenderError, RenderSettings, Scene, Warning, gpu};
use crate::{native, plan};

/// Renders a scene through a camera.
///
/// # Errors
/// See [`RenderError`]. `Device::Auto` falls back to the native executor, with a warning, when a GPU was found but fails.
pub fn render(
    scene: &Scene,
    camera: &Camera,
    settings: &RenderSettings,
    control: &dyn Control,
) -> Result<Film, RenderError> {
    settings.check()?;
    on_device(settings, control, &|wanted| gpu::render(scene, camera, settings, control, wanted), &|| {
        passes_on_native(scene, camera, settings, control)
    })
}

/// Does something where the settings say.
///
/// # Errors
/// Those of `on_gpu` and `native`. `Device::Auto` falls back as [`render`] says.
pub(crate) fn on_device<T: Send>(
    settings: &RenderSettings,
    control: &dyn Control,
    on_gpu: &dyn Fn(gpu::Wanted) -> Result<T, RenderError>,
    native: &(dyn Fn() -> Result<T, RenderError> + Sync),
) -> Result<T, RenderError> {
    let on_native = || {
        let Some(threads) = settings.threads.filter(|n| *n > 0) else {
            return native();
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .map_err(|e| RenderError::Kernel { kernel: "threads", reason: e.to_string() })?;
        pool.install(native)
    };
    match settings.device {
        Device::Native => on_native(),
        Device::Gpu => on_gpu(gpu::Wanted::Any),
        Device::Auto => match on_gpu(gpu::Wanted::Real) {
            Err(RenderError::NoAdapter { .. }) => on_native(),
            Err(error @ (RenderError::DeviceLost { .. } | RenderError::OutOfMemory { .. })) => {
                let code = if matches!(error, RenderError::DeviceLost { .. }) { "W0602" } else { "W0603" };
                control.warn(&Warning { code, message: format!("{error}; rendering on the CPU instead") });
                on_native()
            }
            other => other,
        },
    }
}

fn passes_on_native(
    scene: &Scene,
    camera: &Camera,
    settings: &RenderSettings,
    control: &dyn Control,
) -> Result<Film, RenderError> {
    let start = Instant::now();
    let (width, height) = (settings.width, settings.height);
    let device = format!("native ({} threads)", rayon::current_num_threads());
    let mut done = |film: &Exposed, rays: u64| {
        control.pass(&|| develop(width, height, film, rays, &device, start));
    };
    let (film, rays, device) = native::render(scene, plan::view(camera, settings), settings, control, &mut done)?;
    Ok(develop(width, height, &film, rays, &device, start))
}

/// The film from sums that lie tile by tile.
pub(crate) fn develop(width: u32, height: u32, sheet: &Exposed, rays: u64, device: &str, start: Instant) -> Film {
    let count = width as usize * height as usize;
    let Exposed { tiles, sums, adaptive } = sheet;
    let samples = adaptive.counts.iter().copied().max().unwrap_or(0);
    let mut rgb = vec![[0.0; 3]; count];
    let mut alpha = vec![0.0; count];
    let has_half = adaptive.counts.iter().all(|count| *count > 1);
    let mut half = vec![[0.0; 3]; if has_half { count } else { 0 }];
    let mut sample_counts = vec![0; count];
    let mut covered = 0.0;
    for (tile, taken) in tiles.iter().zip(&adaptive.counts) {
        let scale = 1.0 / *taken as f32;
        let odd_scale = 1.0 / (taken / 2) as f32;
        for row in 0..tile.height {
            let from = tile.film + (row * tile.width) as usize;
            let to = (tile.y + row) as usize * width as usize + tile.x as usize;
            sample_counts[to..to + tile.width as usize].fill(*taken);
            for column in 0..tile.width as usize {
                let [r, g, b, a] = sums.all[from + column].to_array();
                rgb[to + column] = [r * scale, g * scale, b * scale];
                alpha[to + column] = a * scale;
                covered += f64::from(a) / f64::from(*taken);
                if let Some(half) = half.get_mut(to + column) {
                    let [r, g, b, _] = sums.odd[from + column].to_array();
                    *half = [r * odd_scale, g * odd_scale, b * odd_scale];
                }
            }
        }
    }
    if adaptive.counts.iter().all(|count| *count == samples) {
        sample_counts.clear();
    }
    Film {
        width,
        height,
        rgb,
        half,
        alpha,
        samples,
        sample_counts,
        rays,
        hit_fraction: covered / count as f64,
        device: device.to_owned(),
        seconds: start.elapsed().as_secs_f64(),
    }
}
