//! Build time and rays per second of the acceleration structure, on a terrain of 756,450 triangles.
//!
//! Rates are per call on one thread; builds use all threads.

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use glam::{Affine3A, Vec3};
use scenec_render::bvh::offset::offset_origin;
use scenec_render::bvh::{Hit, Instance, Mesh, Occlusion, Ray, SceneBvh};

const WIDTH: usize = 960;
const HEIGHT: usize = 540;

fn terrain(n: u32) -> (Vec<[f32; 3]>, Vec<[u32; 3]>) {
    let height = |x: f32, z: f32| -> f32 {
        let octave = |k: i32| {
            let f = 2.03f32.powi(k);
            0.5f32.powi(k) * (x * f + 1.3 * k as f32).sin() * (1.1 * z * f + k as f32).cos()
        };
        (0..7).map(octave).sum()
    };
    let at = |i: u32| 20.0 * i as f32 / n as f32 - 10.0;
    let positions = (0..=n).flat_map(|j| (0..=n).map(move |i| [at(i), height(at(i), at(j)), at(j)])).collect();
    let quad = |j: u32, i: u32| {
        let a = j * (n + 1) + i;
        [[a, a + n + 1, a + 1], [a + 1, a + n + 1, a + n + 2]]
    };
    let triangles = (0..n).flat_map(|j| (0..n).flat_map(move |i| quad(j, i))).collect();
    (positions, triangles)
}

fn build(mesh: &(Vec<[f32; 3]>, Vec<[u32; 3]>)) -> SceneBvh {
    let view = Mesh { positions: &mesh.0, triangles: &mesh.1 };
    let placed = Instance { mesh: 0, world_from_object: Affine3A::IDENTITY, cutout: false };
    SceneBvh::build(&[view], &[placed]).expect("one mesh, one instance")
}

fn keep(_: u32, _: u32, _: f32, _: f32) -> bool {
    true
}

/// Camera rays in tiles of 8 x 6, as a renderer walks them.
fn primary() -> Vec<Ray> {
    let mut rays = Vec::new();
    for (ty, tx) in (0..HEIGHT / 6).flat_map(|y| (0..WIDTH / 8).map(move |x| (y, x))) {
        for (y, x) in (0..6).flat_map(|y| (0..8).map(move |x| (ty * 6 + y, tx * 8 + x))) {
            let u = 2.0 * (x as f32 + 0.5) / WIDTH as f32 - 1.0;
            let v = 1.0 - 2.0 * (y as f32 + 0.5) / HEIGHT as f32;
            let direction = Vec3::new(u, 0.5625 * v - 0.45, -1.2).normalize();
            rays.push(Ray {
                origin: [0.0, 4.0, 12.0],
                t_min: 0.0,
                direction: direction.to_array(),
                t_max: f32::INFINITY,
            });
        }
    }
    rays
}

/// One cosine-distributed ray per hit.
fn diffuse(bvh: &SceneBvh, rays: &[Ray]) -> Vec<Ray> {
    let mut state = 7u64;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u64 << 24) as f32
    };
    let mut out = Vec::new();
    for hit in rays.iter().map(|ray| bvh.closest(ray, keep)).filter(Hit::is_hit) {
        let t = bvh.triangles()[hit.slot as usize];
        let corners = [t.v0, t.v1, t.v2];
        let [a, b, c] = corners.map(Vec3::from);
        let normal = (b - a).cross(c - a).normalize();
        let normal = if normal.y < 0.0 { -normal } else { normal };
        let (z, phi) = (2.0 * unit() - 1.0, std::f32::consts::TAU * unit());
        let r = (1.0 - z * z).max(0.0).sqrt();
        let direction = (normal + Vec3::new(r * phi.cos(), z, r * phi.sin())).normalize_or(normal);
        let origin = offset_origin(corners, hit.u, hit.v, normal.to_array(), direction.to_array());
        out.push(Ray { origin, t_min: 0.0, direction: direction.to_array(), t_max: f32::INFINITY });
    }
    out
}

fn benches(c: &mut Criterion) {
    let million = terrain(707);
    let mut group = c.benchmark_group("bvh");
    group.sample_size(10);
    group.throughput(Throughput::Elements(million.1.len() as u64));
    group
        .bench_function("build 1M triangles", |b| b.iter_batched(|| (), |()| build(&million), BatchSize::PerIteration));

    let bvh = build(&terrain(615));
    let rays = primary();
    let bounced = diffuse(&bvh, &rays);
    for (name, rays) in [("primary", &rays), ("diffuse", &bounced)] {
        group.throughput(Throughput::Elements(rays.len() as u64));
        let mut hits = vec![Hit::miss(0.0); rays.len()];
        group.bench_function(format!("{name} closest"), |b| b.iter(|| bvh.closest_batch(rays, &mut hits, keep)));
        let mut answers = vec![Occlusion::Free; rays.len()];
        group.bench_function(format!("{name} occluded"), |b| b.iter(|| bvh.occluded_batch(rays, &mut answers, keep)));
    }
    group.finish();
}

criterion_group!(bvh, benches);
criterion_main!(bvh);
