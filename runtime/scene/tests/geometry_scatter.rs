//! Scatter: spacing, stability, limits, and the statistics of an even spread.

use std::f64::consts::PI;

use glam::Vec3;
use scenec_scene::Mesh;
use scenec_scene::geometry::*;

fn plane() -> Mesh {
    Plane { size: [40.0, 20.0], subdivisions: [4, 3] }.mesh().unwrap()
}

fn params(count: u32) -> ScatterParams {
    ScatterParams { count, seed: "harbour/crates".to_owned(), ..ScatterParams::default() }
}

fn places(scatter: &Scatter) -> Vec<Vec3> {
    scatter.items.iter().map(|item| Vec3::from(item.transform.translation)).collect()
}

#[test]
fn no_two_are_closer_than_the_spacing() {
    let params = ScatterParams { spacing: 0.5, ..params(800) };
    let result = scatter(&plane(), &params).unwrap();
    assert_eq!((result.items.len(), result.missing), (800, 0));
    let places = places(&result);
    for (i, a) in places.iter().enumerate() {
        for b in &places[..i] {
            assert!(a.distance(*b) >= 0.5 - 1e-5);
        }
    }
}

#[test]
fn one_more_moves_no_other() {
    for spacing in [0.0, 0.4] {
        let surface = plane();
        let all = scatter(&surface, &ScatterParams { spacing, ..params(500) }).unwrap().items;
        for count in [1, 2, 77, 255, 256, 257, 499] {
            let some = scatter(&surface, &ScatterParams { spacing, ..params(count) }).unwrap().items;
            assert_eq!(some[..], all[..count as usize]);
        }
        assert!(all.windows(2).all(|pair| pair[0].index < pair[1].index));
    }
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let surface = plane();
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scatter(&surface, &ScatterParams { spacing: 0.1, ..params(5000) }).unwrap())
    };
    assert_eq!(of(1), of(4));
    let other = ScatterParams { seed: "harbour/crate".to_owned(), spacing: 0.1, ..params(5000) };
    assert_ne!(of(1).items[0], scatter(&surface, &other).unwrap().items[0]);
}

#[test]
fn spread_is_even_by_area() {
    // Two patches, one nine times the other; and within the plane a chi-square over 8 x 4 cells.
    let small = transformed(
        &Plane { size: [1.0, 1.0], subdivisions: [1, 1] }.mesh().unwrap(),
        glam::Affine3A::from_translation(Vec3::X * 100.0),
    );
    let large = Plane { size: [3.0, 3.0], subdivisions: [8, 8] }.mesh().unwrap();
    let both = merged(&[&small, &large]).unwrap();
    let n = 20_000;
    let on_small = places(&scatter(&both, &params(n)).unwrap()).iter().filter(|p| p.x > 50.0).count() as f64;
    let (mean, deviation) = (f64::from(n) * 0.1, (f64::from(n) * 0.1 * 0.9).sqrt());
    assert!((on_small - mean).abs() < 4.0 * deviation, "{on_small}");

    let mut cells = [0u32; 32];
    for p in places(&scatter(&plane(), &params(n)).unwrap()) {
        cells[((p.x + 20.0) / 5.0) as usize + 8 * ((p.z + 10.0) / 5.0) as usize] += 1;
    }
    let expected = f64::from(n) / 32.0;
    let chi2: f64 = cells.iter().map(|&c| (f64::from(c) - expected).powi(2) / expected).sum();
    // 31 degrees of freedom: p = 0.001 at 61.1.
    assert!(chi2 < 61.1, "{chi2}");
}

#[test]
fn full_surface_says_how_many_are_missing() {
    let result = scatter(&Plane::default().mesh().unwrap(), &ScatterParams { spacing: 0.3, ..params(1000) }).unwrap();
    assert!(result.items.len() > 8 && result.items.len() < 30, "{}", result.items.len());
    assert_eq!(result.missing as usize + result.items.len(), 1000);
}

#[test]
fn slope_and_height_limits_hold() {
    let sphere = Sphere { radius: 10.0, segments: 200, rings: 100 }.mesh().unwrap();
    let limit = 30.0 * PI / 180.0;
    let result = scatter(&sphere, &ScatterParams { slope: [0.0, limit], ..params(2000) }).unwrap();
    assert!(places(&result).iter().all(|p| f64::from(p.y) > 10.0 * limit.cos() - 0.2));
    let result = scatter(&sphere, &ScatterParams { height: [2.0, 3.0], ..params(2000) }).unwrap();
    assert_eq!(result.missing, 0);
    assert!(places(&result).iter().all(|p| (2.0 - 1e-5..=3.0 + 1e-5).contains(&p.y)));
}

#[test]
fn alignment_scale_and_yaw() {
    let slope = transformed(&plane(), glam::Affine3A::from_rotation_x(0.5));
    let normal = glam::Affine3A::from_rotation_x(0.5).transform_vector3(Vec3::Y);
    let up = |align: f64| -> Vec<Vec3> {
        let params = ScatterParams { align, scale: [0.5, 2.0], ..params(200) };
        let items = scatter(&slope, &params).unwrap().items;
        items.iter().map(|item| item.transform.transform_vector3(Vec3::Y)).collect()
    };
    assert!(up(0.0).iter().all(|u| u.normalize().dot(Vec3::Y) > 0.999_99));
    assert!(up(1.0).iter().all(|u| u.normalize().dot(normal) > 0.999_99));
    let half = 0.25f32;
    assert!(up(0.5).iter().all(|u| (u.normalize().dot(Vec3::Y) - half.cos()).abs() < 1e-4));
    let lengths: Vec<f32> = up(0.0).iter().map(|u| u.length()).collect();
    assert!(lengths.iter().all(|l| (0.499..2.001).contains(l)));
    assert!(lengths.iter().any(|l| *l < 0.7) && lengths.iter().any(|l| *l > 1.8));

    let facing = |yaw_jitter: f64| -> Vec<Vec3> {
        let items = scatter(&plane(), &ScatterParams { yaw_jitter, ..params(200) }).unwrap().items;
        items.iter().map(|item| item.transform.transform_vector3(Vec3::Z)).collect()
    };
    assert!(facing(0.0).iter().all(|f| f.distance(Vec3::Z) < 1e-5));
    assert!(facing(1.0).iter().any(|f| f.z < -0.9) && facing(1.0).iter().any(|f| f.x > 0.9));
    assert!(facing(1.0).iter().all(|f| f.y.abs() < 1e-5));
}

#[test]
fn a_million_points_take_seconds() {
    let surface = Plane { size: [1000.0, 1000.0], subdivisions: [64, 64] }.mesh().unwrap();
    let start = std::time::Instant::now();
    let result = scatter(&surface, &ScatterParams { spacing: 0.5, ..params(1_000_000) }).unwrap();
    assert_eq!(result.missing, 0);
    // Generous: the machine of a test run is shared.
    assert!(start.elapsed().as_secs_f64() < 30.0, "{:?}", start.elapsed());
}

#[test]
fn wrong_parameters_name_themselves() {
    let empty = Mesh::default();
    let broken = Mesh { positions: vec![[0.0; 3]], triangles: vec![[0, 1, 2]], ..Mesh::default() };
    for (name, surface, params) in [
        ("count", plane(), params(10_000_001)),
        ("spacing", plane(), ScatterParams { spacing: -1.0, ..params(1) }),
        ("spacing", plane(), ScatterParams { spacing: f64::NAN, ..params(1) }),
        ("slope", plane(), ScatterParams { slope: [0.0, 4.0], ..params(1) }),
        ("height", plane(), ScatterParams { height: [1.0, 0.0], ..params(1) }),
        ("yaw_jitter", plane(), ScatterParams { yaw_jitter: 2.0, ..params(1) }),
        ("scale", plane(), ScatterParams { scale: [0.0, 1.0], ..params(1) }),
        ("scale", plane(), ScatterParams { scale: [2.0, 1.0], ..params(1) }),
        ("align", plane(), ScatterParams { align: -0.1, ..params(1) }),
        ("surface", empty, params(1)),
        ("surface", broken, params(1)),
        ("surface", plane(), ScatterParams { height: [5.0, 6.0], ..params(1) }),
    ] {
        let said = scatter(&surface, &params).unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{name}` ")), "expected `{name}`, got: {said}");
    }
    assert_eq!(scatter(&Mesh::default(), &params(0)).unwrap(), Scatter::default());
}
