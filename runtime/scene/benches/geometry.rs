//! Time of the heavier generators.

use criterion::{Criterion, criterion_group, criterion_main};
use scenec_scene::geometry::{Plane, ScatterParams, TerrainParams, scatter};
use scenec_scene::sky::{ClearSky, clear_sky};

fn generators(c: &mut Criterion) {
    c.bench_function("terrain 512 x 512", |b| {
        b.iter(|| TerrainParams { resolution: 512, ..TerrainParams::default() }.build());
    });
    let surface = Plane { size: [1000.0, 1000.0], subdivisions: [64, 64] }.mesh();
    let Ok(surface) = surface else { return };
    c.bench_function("scatter 100000, spaced", |b| {
        let params = ScatterParams { count: 100_000, spacing: 1.0, ..ScatterParams::default() };
        b.iter(|| scatter(&surface, &params));
    });
    c.bench_function("clear sky 512 x 256", |b| b.iter(|| clear_sky(&ClearSky::default())));
}

criterion_group!(benches, generators);
criterion_main!(benches);
