//! The acceleration structure against brute force, and on bad input.

mod bvh_support;

use bvh_support::{Case, Geometry, Random, Reference, bits, cases, keep, place, ray_count, rays};
use glam::{Affine3A, Vec3};
use rayon::prelude::*;
use scenec_render::bvh::offset::offset_origin;
use scenec_render::bvh::{BvhError, Hit, Mesh, Occlusion, Ray, SceneBvh, VISIT_CAP};

fn all(_: u32, _: u32, _: f32, _: f32) -> bool {
    true
}

fn same_hit(a: &Hit, b: &Hit) -> bool {
    a.t.to_bits() == b.t.to_bits() && (a.instance, a.primitive) == (b.instance, b.primitive) && (a.u, a.v) == (b.u, b.v)
}

#[test]
fn closest_hits_equal_brute_force() {
    let mut total = 0;
    for case in cases() {
        let bvh = case.build();
        let reference = Reference::new(&case, &bvh);
        let rays = rays(&case, ray_count(8000), 20);
        let wrong: Vec<String> = rays
            .par_iter()
            .filter_map(|ray| {
                let (got, want) = (bvh.closest(ray, keep), reference.closest(ray));
                (!same_hit(&got, &want)).then(|| format!("{ray:?}\n  got {got:?}\n want {want:?}"))
            })
            .collect();
        let hits = rays.iter().filter(|ray| bvh.closest(ray, keep).is_hit()).count();
        assert!(wrong.is_empty(), "{}: {} of {} rays differ, first:\n{}", case.name, wrong.len(), rays.len(), wrong[0]);
        assert!(hits * 20 > rays.len(), "{}: only {hits} of {} rays hit anything", case.name, rays.len());
        total += rays.len();
    }
    assert!(total >= 100_000, "{total} rays are too few to say anything");
}

#[test]
fn hits_agree_with_geometry_in_double_precision() {
    // Not the same arithmetic at all: Möller, Trumbore 1997 in f64, away from edges where the two may differ.
    for case in cases().into_iter().filter(|case| case.instances.len() == 1) {
        let bvh = case.build();
        let double = |p: [f32; 3]| Vec3::from(p).as_dvec3();
        for ray in rays(&case, 2000, 21).iter().filter(|ray| ray.direction != [0.0; 3]) {
            let (o, d) = (double(ray.origin), double(ray.direction));
            let got = bvh.closest(ray, all);
            for t in bvh.triangles() {
                let (v0, e1, e2) = (double(t.v0), double(t.v1) - double(t.v0), double(t.v2) - double(t.v0));
                let p = d.cross(e2);
                let det = e1.dot(p);
                // A grazing or needle-thin triangle has no well-defined distance in single precision.
                if det.abs() < 1e-3 * d.length() * e1.cross(e2).length()
                    || e1.cross(e2).length() < 1e-2 * e1.length() * e2.length()
                {
                    continue;
                }
                let s = o - v0;
                let (u, q) = (s.dot(p) / det, s.cross(e1));
                let (v, at) = (d.dot(q) / det, e2.dot(q) / det);
                // Rounding of the relative corners moves weights by about eps * distance / size.
                let blur = 1e-4 + 1e-4 * s.length() / e1.length().min(e2.length());
                let slack = 1e-4 * at.abs() + 1e-5 * s.length() / d.length();
                let inside = u > blur && v > blur && u + v < 1.0 - blur;
                if inside && at > f64::from(ray.t_min) + slack && at < f64::from(ray.t_max) - slack {
                    let t = f64::from(got.t);
                    assert!(got.is_hit() && t <= at + slack, "{}: {ray:?} hits at {at}, got {got:?}", case.name);
                }
            }
        }
    }
}

#[test]
fn occlusion_and_batches_agree_with_closest_hits() {
    for case in cases() {
        let bvh = case.build();
        let rays = rays(&case, 4000, 23);
        let mut hits = vec![Hit::miss(0.0); rays.len()];
        let mut shadows = vec![Occlusion::Free; rays.len()];
        bvh.closest_batch(&rays, &mut hits, keep);
        bvh.occluded_batch(&rays, &mut shadows, keep);
        for ((ray, hit), shadow) in rays.iter().zip(&hits).zip(&shadows) {
            let single = bvh.closest(ray, keep);
            assert_eq!(bits(&single), bits(hit), "{}", case.name);
            assert_eq!(*shadow == Occlusion::Occluded, hit.is_hit(), "{}: {ray:?}", case.name);
            if hit.is_hit() {
                let triangle = bvh.triangles()[hit.slot as usize];
                assert_eq!(triangle.primitive, hit.primitive);
                assert_eq!(triangle.instance, if bvh.is_world_space(hit.instance as usize) { hit.instance } else { 0 });
            }
        }
    }
}

#[test]
fn no_ray_escapes_a_closed_mesh() {
    let closed = [
        Case::single("ball", Geometry::ball(60, |_| 1.0)),
        Case::single(
            "bumpy ball",
            Geometry::ball(90, |d| 1.0 + 0.05 * (31.0 * d.x).sin() * (23.0 * d.y).cos() * (17.0 * d.z).sin()),
        ),
        Case::single("needles", Geometry::ball(40, |d| if ((d.x * 4000.0) as i32) % 3 == 0 { 3.0 } else { 0.9 })),
        Case::single("cube", Geometry::cube(40, 1.0)),
        Case::single("far cube", Geometry::cube(30, 1.0).moved(|p| p + Vec3::new(4096.0, 1.0, -777.0))),
        Case::single("large ball", Geometry::ball(50, |_| 1e6)),
        Case {
            instances: vec![place(0, sheared()), place(0, sheared())],
            ..Case::single("instances", Geometry::ball(40, |_| 1.0))
        },
    ];
    for case in closed {
        let bvh = case.build();
        let mesh = &case.meshes[0];
        let m = case.instances[0].world_from_object;
        let centre = mesh.positions.iter().map(|p| Vec3::from(*p)).sum::<Vec3>() / mesh.positions.len() as f32;
        let radius = mesh.positions.iter().map(|p| (Vec3::from(*p) - centre).length()).fold(f32::MAX, f32::min);
        let escaped = (0..150_000u64).into_par_iter().filter(|i| {
            let mut random = Random::new(1000 + i);
            let origin = centre + 0.5 * radius * random.point();
            let corner =
                |random: &mut Random| Vec3::from(mesh.positions[random.bits() as usize % mesh.positions.len()]);
            let t = mesh.triangles[random.bits() as usize % mesh.triangles.len()]
                .map(|i| Vec3::from(mesh.positions[i as usize]));
            // Anywhere, at a vertex, at a point of an edge, from the very centre along the axes.
            let direction = match i % 4 {
                0 => random.direction(),
                1 => corner(&mut random) - origin,
                2 => t[0] + random.unit() * (t[1] - t[0]) - origin,
                _ => (t[0] + t[1] + t[2]) / 3.0 - origin,
            };
            let (origin, direction) = (m.transform_point3(origin), m.transform_vector3(direction));
            let ray =
                Ray { origin: origin.to_array(), t_min: 0.0, direction: direction.to_array(), t_max: f32::INFINITY };
            !bvh.closest(&ray, all).is_hit() || bvh.occluded(&ray, all) != Occlusion::Occluded
        });
        assert_eq!(escaped.count(), 0, "{}: rays escape", case.name);
    }
}

fn sheared() -> Affine3A {
    Affine3A::from_mat3_translation(
        glam::Mat3::from_cols(Vec3::new(-2.0, 0.3, 0.0), Vec3::new(0.4, 1.0, 0.7), Vec3::new(0.0, -0.2, 0.5)),
        Vec3::new(3.0, -8.0, 2.0),
    )
}

#[test]
fn offset_rays_stay_on_their_side() {
    // A random walk inside a closed mesh: every bounce starts at an offset origin. None escapes, none hits where it starts.
    for scale in [1e-3, 1.0, 1e4] {
        let case = Case::single("ball", Geometry::ball(40, |d| scale * (1.0 + 0.1 * (9.0 * d.x).sin())));
        let bvh = case.build();
        let failed = (0..20_000u64).into_par_iter().filter(|seed| {
            let mut random = Random::new(*seed);
            let (mut origin, mut direction) = ([0.0; 3], random.direction());
            (0..5).any(|_| {
                let ray = Ray { origin, t_min: 0.0, direction: direction.to_array(), t_max: f32::INFINITY };
                let hit = bvh.closest(&ray, all);
                if !hit.is_hit() || hit.t < 1e-6 * scale {
                    return true;
                }
                let t = bvh.triangles()[hit.slot as usize];
                let corners = [t.v0, t.v1, t.v2];
                let [a, b, c] = corners.map(Vec3::from);
                let normal = (b - a).cross(c - a).normalize();
                let inwards = if normal.dot(a) < 0.0 { normal } else { -normal };
                // Cosine-distributed: sphere of directions around the normal's tip.
                direction = (inwards + 0.98 * random.direction()).normalize();
                origin = offset_origin(corners, hit.u, hit.v, normal.to_array(), direction.to_array());
                false
            })
        });
        assert_eq!(failed.count(), 0, "scale {scale}");
    }
}

#[test]
fn bytes_do_not_depend_on_threads() {
    let mut case = Case::single("soup", Geometry::soup(60_000, 0.05, 30));
    case.meshes.push(Geometry::ball(50, |_| 1.0));
    case.instances.extend([place(1, sheared()), place(1, Affine3A::IDENTITY)]);
    let build = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small thread pool");
        let bvh = pool.install(|| case.build());
        (bvh.nodes_bytes().to_vec(), bvh.triangles_bytes().to_vec())
    };
    let one = build(1);
    for threads in [2, 3, 8] {
        assert!(one == build(threads), "{threads} threads give other bytes than one");
    }
}

#[test]
fn memory_stays_under_seventy_bytes_per_triangle() {
    for (name, mesh) in [
        ("terrain", Geometry::terrain(200)),
        ("soup", Geometry::soup(80_000, 0.02, 31)),
        ("large soup", Geometry::soup(30_000, 1.0, 32)),
        ("ball", Geometry::ball(150, |_| 1.0)),
    ] {
        let count = mesh.triangles.len();
        let per_triangle = Case::single(name, mesh).build().memory() as f64 / count as f64;
        assert!(per_triangle <= 70.0, "{name}: {per_triangle:.1} bytes per triangle");
    }
}

#[test]
fn ten_thousand_instances_cost_ten_thousand_records() {
    let ball = Geometry::ball(40, |_| 0.4);
    let alone = Case::single("ball", ball.clone()).build().memory();
    let place_at = |i: usize| place(0, Affine3A::from_translation(Vec3::new((i % 100) as f32, 0.0, (i / 100) as f32)));
    let case = Case { name: "field", meshes: vec![ball], instances: (0..10_000).map(place_at).collect() };
    let bvh = case.build();
    // A record of 80 bytes each, and a TLAS over them: eight-wide nodes of 80 bytes, at least half full.
    let extra = bvh.memory() - alone;
    assert!(extra <= 10_000 * 80 + 10_000 * 80 / 3, "{extra} bytes for 10,000 instances");
    let ray = Ray { origin: [42.1, 9.0, 17.05], t_min: 0.0, direction: [0.0, -1.0, 0.0], t_max: f32::INFINITY };
    assert_eq!(bvh.closest(&ray, all).instance, 17 * 100 + 42);
}

#[test]
fn equal_distances_go_to_the_lower_number() {
    let ray = Ray { origin: [0.1, 0.2, 5.0], t_min: 0.0, direction: [0.0, 0.0, -1.0], t_max: f32::INFINITY };
    let mut mesh = Geometry::default();
    for _ in 0..50 {
        mesh.triangle(Vec3::new(-1.0, -1.0, 0.0), Vec3::new(2.0, -1.0, 0.0), Vec3::new(-1.0, 2.0, 0.0));
    }
    assert_eq!(Case::single("copies", mesh.clone()).build().closest(&ray, all).primitive, 0);
    let case = Case { instances: vec![place(0, Affine3A::IDENTITY); 9], ..Case::single("copies", mesh) };
    let hit = case.build().closest(&ray, all);
    assert_eq!((hit.instance, hit.primitive, hit.t), (0, 0, 5.0));
}

#[test]
fn bad_input_is_never_hit_and_never_hangs() {
    let inf = f32::INFINITY;
    let nan = f32::NAN;
    let mut bad = Geometry::default();
    for corner in [[nan, 0.0, 0.0], [0.0, inf, 0.0], [0.0, 0.0, -inf], [1e30, 0.0, 0.0], [nan; 3]] {
        bad.triangle(Vec3::ZERO, Vec3::X, corner.into());
    }
    bad.triangle(Vec3::ONE, Vec3::ONE, Vec3::X);
    bad.triangle(Vec3::ZERO, Vec3::X, 2.0 * Vec3::X);
    bad.triangles.push([0, 1, 4_000_000_000]);
    let rays_for = |case: &Case| rays(case, 3000, 40);

    let only_bad = Case::single("only bad triangles", bad.clone());
    let empty = Case::single("empty mesh", Geometry::default());
    let nothing = Case { name: "no instances", meshes: vec![Geometry::soup(9, 1.0, 1)], instances: vec![] };
    let nowhere = Case { instances: vec![], meshes: vec![], name: "nothing" };
    for case in [only_bad, empty, nothing, nowhere] {
        let bvh = case.build();
        assert_eq!(bvh.triangles().len(), 0, "{}", case.name);
        assert_eq!(bvh.nodes_bytes().len(), 80, "{}", case.name);
        assert!(rays_for(&case).iter().all(|ray| !bvh.closest(ray, all).is_hit()), "{}", case.name);
    }

    let mut partly = Geometry::ball(10, |_| 1.0);
    partly.append(&bad);
    let case = Case::single("partly bad", partly);
    let (bvh, reference) = (case.build(), Geometry::ball(10, |_| 1.0));
    assert_eq!(bvh.triangles().len(), reference.triangles.len());

    let flat = Affine3A::from_scale(Vec3::new(1.0, 0.0, 1.0));
    let broken = Affine3A::from_translation(Vec3::new(nan, 0.0, 0.0));
    let far = Affine3A::from_scale(Vec3::splat(1e20));
    let case = Case { instances: [flat, broken, far, flat].map(|m| place(0, m)).to_vec(), ..case };
    let bvh = case.build();
    assert!(rays_for(&case).iter().all(|ray| !bvh.closest(ray, all).is_hit()));

    let case = Case::single("ball", Geometry::ball(10, |_| 1.0));
    let bvh = case.build();
    let good = Ray { origin: [0.0, 0.0, 5.0], t_min: 0.0, direction: [0.0, 0.0, -1.0], t_max: inf };
    assert!(bvh.closest(&good, all).is_hit());
    let misses = [
        Ray { direction: [0.0; 3], ..good },
        Ray { direction: [-0.0, 0.0, -0.0], ..good },
        Ray { direction: [nan, 0.0, -1.0], ..good },
        Ray { direction: [0.0, inf, -1.0], ..good },
        Ray { origin: [nan, 0.0, 5.0], ..good },
        Ray { origin: [0.0, 0.0, inf], ..good },
        Ray { t_max: nan, ..good },
        Ray { t_max: -1.0, ..good },
        Ray { t_max: 3.9, ..good },
        Ray { t_min: 7.0, ..good },
    ];
    for ray in misses {
        assert!(!bvh.closest(&ray, all).is_hit() && bvh.occluded(&ray, all) == Occlusion::Free, "{ray:?}");
    }
    let tiny = Ray { direction: [0.0, 0.0, -1e-30], ..good };
    assert!(bvh.closest(&tiny, all).is_hit(), "a tiny direction is a direction");

    let missing = SceneBvh::build(&[], &[place(3, Affine3A::IDENTITY)]);
    assert_eq!(missing.err(), Some(BvhError::NoSuchMesh { instance: 0, mesh: 3 }));
}

#[test]
fn walks_beyond_the_cap_are_reported() {
    // A million copies of a triangle whose box the ray crosses while it misses the triangle: every node must be visited.
    let positions = [[-1.0, -1.0, 0.0], [1.0, -1.0, 0.01], [-1.0, 1.0, 0.0]];
    let triangles = vec![[0u32, 1, 2]; 1_100_000];
    let bvh =
        SceneBvh::build(&[Mesh { positions: &positions, triangles: &triangles }], &[place(0, Affine3A::IDENTITY)])
            .expect("far fewer than 2^29 triangles");
    let ray = Ray { origin: [0.9, 0.9, 5.0], t_min: 0.0, direction: [0.0, 0.0, -1.0], t_max: f32::INFINITY };
    let hit = bvh.closest(&ray, all);
    assert_eq!((hit.capped, hit.visits), (1, VISIT_CAP + 1));
    assert_eq!(bvh.occluded(&ray, all), Occlusion::Capped);
    let other = Ray { origin: [-5.0, -5.0, 5.0], ..ray };
    assert_eq!((bvh.closest(&other, all).capped, bvh.occluded(&other, all)), (0, Occlusion::Free));
}

#[test]
fn trees_stay_shallow_on_adversarial_input() {
    // Exponentially growing triangles: binned splits peel one primitive off at a time.
    let mut mesh = Geometry::default();
    for i in 0..4000 {
        let x = 1.03f32.powi(i % 900) * (1.0 + 1e-3 * i as f32);
        mesh.triangle(Vec3::new(x, 0.0, 0.0), Vec3::new(x, x, 0.0), Vec3::new(x, 0.0, x));
    }
    let case = Case::single("exponential", mesh);
    let bvh = case.build();
    let reference = Reference::new(&case, &bvh);
    for ray in rays(&case, 500, 41) {
        assert!(same_hit(&bvh.closest(&ray, all), &reference.closest(&ray)), "{ray:?}");
    }
}
