//! Time of the heavier generators.

use criterion::{Criterion, criterion_group, criterion_main};
use scenec_scene::geometry::{
    Avoid, Clusters, Cuboid, Density, DensityNoise, Plane, ScatterParams, Sphere, TerrainParams, scatter, scatter_in,
};
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
    c.bench_function("scatter 100000, all at once", |b| {
        let hut = Cuboid { size: [100.0; 3], ..Cuboid::default() }.mesh().and_then(|hut| Avoid::from_above(hut, 3.0));
        let params = ScatterParams {
            count: 100_000,
            density: Density { map: None, noise: Some(DensityNoise { feature_size: 40.0, contrast: 1.0 }) },
            clusters: Some(Clusters { count: 2000, radius: 10.0 }),
            weights: vec![3.0, 1.0],
            avoid: hut.ok(),
            tilt: 0.2,
            ..ScatterParams::default()
        };
        b.iter(|| scatter(&surface, &params));
    });
    let ball = Sphere { radius: 100.0, ..Sphere::default() }.mesh();
    let Ok(ball) = ball else { return };
    c.bench_function("scatter 100000 in a ball, spaced", |b| {
        let params = ScatterParams { count: 100_000, spacing: 1.0, ..ScatterParams::default() };
        b.iter(|| scatter_in(&ball, &params));
    });
    c.bench_function("clear sky 512 x 256", |b| b.iter(|| clear_sky(&ClearSky::default())));
}

criterion_group!(benches, generators);
criterion_main!(benches);
