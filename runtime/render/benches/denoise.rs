//! Time of the denoiser on a picture of one megapixel, on all threads of the native executor.
#![allow(missing_docs)]

#[path = "../tests/denoise_support/synthetic.rs"]
#[allow(dead_code, reason = "tests use the rest")]
mod synthetic;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use scenec_render::{DenoiseSettings, Device, denoise};
use synthetic::{Picture, Random};

fn benches(c: &mut Criterion) {
    let mut random = Random::new(1);
    let mut picture = Picture::wall(1024, 1024, |_, _| [random.exponential(), random.exponential()]);
    // Facets of many directions and depths, so that weights differ.
    for i in 0..picture.rgb.len() {
        let facet = (i % 1024 / 16 + i / 1024 / 16 * 7) as f32;
        let (sin, cos) = facet.sin_cos();
        picture.normal[i] = [0.6 * sin, 0.6 * cos, 0.8];
        picture.depth[i] = 3.0 + 0.1 * sin;
        picture.albedo[i] = [0.5 + 0.3 * cos; 3];
    }
    let settings = DenoiseSettings { device: Device::Native, ..DenoiseSettings::default() };
    let mut group = c.benchmark_group("denoise");
    group.sample_size(10);
    group.throughput(Throughput::Elements(picture.rgb.len() as u64));
    group.bench_function("one megapixel", |b| b.iter(|| denoise(&picture.noisy(), &settings, &()).expect("a picture")));
    group.finish();
}

criterion_group!(denoiser, benches);
criterion_main!(denoiser);
