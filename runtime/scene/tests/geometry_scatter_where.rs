//! Scatter: volumes, density, clusters, prototypes, what is avoided, and that a change moves only what it is about.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use glam::{Affine3A, Vec3};
use scenec_scene::Mesh;
use scenec_scene::geometry::*;

fn plane(size: f64) -> Mesh {
    Plane { size: [size, size], subdivisions: [4, 3] }.mesh().expect("legal")
}

fn moved(mesh: &Mesh, by: Vec3) -> Mesh {
    transformed(mesh, Affine3A::from_translation(by))
}

fn cuboid(size: [f64; 3]) -> Mesh {
    Cuboid { size, ..Cuboid::default() }.mesh().expect("legal")
}

fn params(count: u32) -> ScatterParams {
    ScatterParams { count, seed: "meadow/flowers".to_owned(), ..ScatterParams::default() }
}

fn places(scatter: &Scatter) -> Vec<Vec3> {
    scatter.items.iter().map(|item| Vec3::from(item.transform.translation)).collect()
}

/// Items by index.
fn by_index(scatter: &Scatter) -> BTreeMap<u32, ScatterItem> {
    scatter.items.iter().map(|item| (item.index, *item)).collect()
}

/// Chi-square of counts against shares of `n`.
fn chi2(counts: &[u32], shares: &[f64]) -> f64 {
    let n = f64::from(counts.iter().sum::<u32>());
    let total: f64 = shares.iter().sum();
    counts.iter().zip(shares).map(|(c, s)| (f64::from(*c) - n * s / total).powi(2) / (n * s / total)).sum()
}

#[test]
fn a_ball_is_filled_evenly() {
    let ball = Sphere { radius: 2.0, segments: 96, rings: 48 }.mesh().expect("legal");
    let found = scatter_in(&ball, &params(20_000)).expect("closed");
    assert_eq!((found.items.len(), found.missing), (20_000, 0));
    // Shells of equal volume, and octants.
    let (mut shells, mut octants) = ([0u32; 10], [0u32; 8]);
    for p in places(&found) {
        let r = f64::from(p.length()) / 2.0;
        assert!(r <= 1.0 + 1e-6);
        shells[((r.powi(3) * 10.0) as usize).min(9)] += 1;
        octants[usize::from(p.x > 0.0) + 2 * usize::from(p.y > 0.0) + 4 * usize::from(p.z > 0.0)] += 1;
    }
    // The last shell lacks what 96 flat sides cut off, 0.2 % of the ball.
    let mut shares = [1.0; 10];
    shares[9] -= 10.0 * (1.0 - volume(&ball) / (32.0 / 3.0 * PI));
    // 9 and 7 degrees of freedom: p = 0.001 at 27.9 and 24.3.
    assert!(chi2(&shells, &shares) < 27.9, "{shells:?}");
    assert!(chi2(&octants, &[1.0; 8]) < 24.3, "{octants:?}");
}

#[test]
fn what_is_hollow_stays_hollow_and_what_overlaps_is_one() {
    let tube = Tube { outer_radius: 2.0, inner_radius: 1.5, ..Tube::default() }.mesh().expect("legal");
    let inside = places(&scatter_in(&tube, &params(5000)).expect("closed"));
    // The flat sides of the bore come nearer to the axis than its corners.
    assert!(inside.iter().all(|p| (1.48..2.001).contains(&p.x.hypot(p.z))));
    // Two blocks that overlap: an eighth of the union lies in both, and is no denser.
    let (a, b) = (cuboid([1.0; 3]), moved(&cuboid([1.0; 3]), Vec3::new(0.5, 0.0, 0.0)));
    let both = merged(&[&a, &b]).expect("small");
    let found = places(&scatter_in(&both, &params(12_000)).expect("closed"));
    let mut counts = [0u32; 6];
    for p in &found {
        counts[(((f64::from(p.x) + 0.5) * 4.0) as usize).min(5)] += 1;
    }
    // 5 degrees of freedom: p = 0.001 at 20.5.
    assert!(chi2(&counts, &[1.0; 6]) < 20.5, "{counts:?}");
    // Mirrored, it is the same volume.
    let mirrored = transformed(&tube, Affine3A::from_scale(Vec3::new(-1.0, 1.0, 1.0)));
    assert_eq!(scatter_in(&mirrored, &params(100)).expect("closed").missing, 0);
}

#[test]
fn points_below_edges_and_corners_of_a_box_are_inside() {
    // All vertices of the inner grid lie below edges of the lid.
    let block = Cuboid { size: [2.0; 3], ..Cuboid::default() }.mesh().expect("legal");
    let avoid = Avoid::in_space(block, 0.0).expect("small");
    let points = Mesh {
        positions: (0..27).map(|i| [i % 3 - 1, i / 3 % 3 - 1, i / 9 - 1].map(|c| c as f32 * 0.5)).collect(),
        ..Mesh::default()
    };
    // A triangle of three equal corners has no area, so small ones around each point stand for it.
    let around =
        |p: [f32; 3]| moved(&Plane { size: [1e-5, 1e-5], subdivisions: [1, 1] }.mesh().expect("legal"), Vec3::from(p));
    let dots: Vec<Mesh> = points.positions.iter().map(|p| around(*p)).collect();
    let dots = merged(&dots.iter().collect::<Vec<_>>()).expect("small");
    let found = scatter(&dots, &ScatterParams { avoid: Some(avoid), ..params(500) }).expect("usable");
    assert_eq!((found.items.len(), found.avoided), (0, 500));
}

#[test]
fn spacing_in_a_volume_is_measured_in_space() {
    let found = scatter_in(&cuboid([4.0; 3]), &ScatterParams { spacing: 0.4, ..params(300) }).expect("closed");
    assert_eq!(found.missing, 0);
    let places = places(&found);
    for (i, a) in places.iter().enumerate() {
        assert!(places[..i].iter().all(|b| a.distance(*b) >= 0.4 - 1e-5));
    }
    // More than one layer, seen from above they do overlap.
    assert!(places.iter().enumerate().any(|(i, a)| places[..i].iter().any(|b| (a.x - b.x).hypot(a.z - b.z) < 0.1)));
}

#[test]
fn things_follow_the_density_map() {
    // Four columns: 0, 1/3, 2/3 and 1, sampled in the flat middle of each: the map is linear between centres of pixels.
    let grey: Vec<u16> = (0..400).map(|i| ((i % 400) / 100 * 21845) as u16).collect();
    let map = DensityMap { width: 400, height: 1, grey };
    let density = Density { map: Some(map), noise: None };
    let found = scatter(&plane(40.0), &ScatterParams { density, ..params(30_000) }).expect("usable");
    assert_eq!(found.missing, 0, "a density lowers no count");
    let mut counts = [0u32; 8];
    for p in places(&found) {
        let x = (f64::from(p.x) + 20.0) / 10.0;
        if (0.05..0.95).contains(&x.fract()) {
            counts[x as usize + 4 * usize::from(p.z > 0.0)] += 1;
        }
    }
    assert_eq!((counts[0], counts[4]), (0, 0));
    // 5 degrees of freedom: p = 0.001 at 20.5.
    let counts = [counts[1], counts[2], counts[3], counts[5], counts[6], counts[7]];
    assert!(chi2(&counts, &[1.0, 2.0, 3.0, 1.0, 2.0, 3.0]) < 20.5, "{counts:?}");
    // Rows run from -z to +z.
    let map = DensityMap { width: 1, height: 2, grey: vec![65535, 0] };
    let density = Density { map: Some(map), noise: None };
    let back = places(&scatter(&plane(40.0), &ScatterParams { density, ..params(1000) }).expect("usable"));
    assert!(back.iter().all(|p| p.z < 10.0) && back.iter().filter(|p| p.z < 0.0).count() > 800);
}

#[test]
fn another_density_keeps_the_candidates() {
    let of = |grey: u16, contrast: f64| {
        let map = Some(DensityMap { width: 1, height: 1, grey: vec![grey] });
        let noise = Some(DensityNoise { feature_size: 5.0, contrast });
        let density = Density { map, noise };
        by_index(&scatter(&plane(40.0), &ScatterParams { density, ..params(2000) }).expect("usable"))
    };
    let full = of(65535, 1.0);
    for other in [of(32768, 1.0), of(65535, 0.4), of(9000, 3.0)] {
        let shared: Vec<_> = other.iter().filter(|(i, _)| full.contains_key(i)).collect();
        assert!(shared.len() > 200, "{}", shared.len());
        assert!(shared.iter().all(|(i, item)| full[i] == **item));
    }
    // A lower one keeps no candidate that a higher one drops, as far as both looked.
    let (low, last) = (of(32768, 1.0), full.last_key_value().map_or(0, |l| *l.0));
    assert!(low.keys().filter(|i| **i < last).all(|i| full.contains_key(i)));
}

#[test]
fn noise_makes_patches() {
    let density = Density { map: None, noise: Some(DensityNoise { feature_size: 10.0, contrast: 1.0 }) };
    let found = scatter(&plane(100.0), &ScatterParams { density, ..params(20_000) }).expect("usable");
    let mut cells = vec![0u32; 400];
    for p in places(&found) {
        cells[((p.x + 50.0) / 5.0) as usize + 20 * ((p.z + 50.0) / 5.0) as usize] += 1;
    }
    let bare = cells.iter().filter(|c| **c < 10).count();
    let crowded = cells.iter().filter(|c| **c > 75).count();
    assert!(bare > 25 && crowded > 60, "{bare} {crowded}: an even spread has 50 in each");
}

#[test]
fn clusters_are_normally_distributed_around_their_centres() {
    // One cluster: the centre is the mean; 86.5 % / 98.9 % of a cut normal distribution lie within two deviations.
    let clusters = Some(Clusters { count: 1, radius: 2.0 });
    let found = places(&scatter(&plane(200.0), &ScatterParams { clusters, ..params(20_000) }).expect("usable"));
    let mean = found.iter().sum::<Vec3>() / found.len() as f32;
    let within = |r: f32| found.iter().filter(|p| p.distance(mean) <= r).count() as f64 / found.len() as f64;
    let cut = 1.0 - (-4.5f64).exp();
    for sigmas in [0.5f64, 1.0, 2.0] {
        let wanted = (1.0 - (-0.5 * sigmas * sigmas).exp()) / cut;
        assert!((within(sigmas as f32) - wanted).abs() < 0.015, "{sigmas}: {} {wanted}", within(sigmas as f32));
    }
    assert!(within(3.1) == 1.0);
    // In space (Maxwell's distribution): erf(r / sqrt 2) - sqrt(2 / pi) r exp(-r^2 / 2).
    let ball = Sphere { radius: 60.0, ..Sphere::default() }.mesh().expect("legal");
    let found = places(&scatter_in(&ball, &ScatterParams { clusters, ..params(20_000) }).expect("closed"));
    let mean = found.iter().sum::<Vec3>() / found.len() as f32;
    let share = |r: f64| libm::erf(r / 2f64.sqrt()) - (2.0 / PI).sqrt() * r * (-0.5 * r * r).exp();
    for sigmas in [1.0f64, 2.0] {
        let inside = found.iter().filter(|p| f64::from(p.distance(mean)) <= sigmas).count() as f64 / 20_000.0;
        assert!((inside - share(sigmas) / share(3.0)).abs() < 0.015, "{sigmas}: {inside}");
    }
}

#[test]
fn clusters_have_equal_shares_and_lie_on_the_surface() {
    let clusters = Some(Clusters { count: 12, radius: 0.6 });
    let ball = Sphere { radius: 10.0, segments: 64, rings: 32 }.mesh().expect("legal");
    let found = places(&scatter(&ball, &ScatterParams { clusters, ..params(6000) }).expect("usable"));
    assert!(found.iter().all(|p| (9.9..10.001).contains(&p.length())), "also below the equator");
    // Things of one cluster are nearer to each other than 1.8 m.
    let mut groups: Vec<(Vec3, u32)> = Vec::new();
    for p in &found {
        match groups.iter_mut().find(|(q, _)| q.distance(*p) < 1.8) {
            Some(group) => group.1 += 1,
            None => groups.push((*p, 1)),
        }
    }
    assert!((6..=24).contains(&groups.len()), "{groups:?}");
}

#[test]
fn one_cluster_more_moves_only_what_joins_it() {
    let of = |count: u32| {
        let clusters = Some(Clusters { count, radius: 1.0 });
        by_index(&scatter(&plane(50.0), &ScatterParams { clusters, ..params(3000) }).expect("usable"))
    };
    let (nine, ten) = (of(9), of(10));
    let shared: Vec<_> = nine.iter().filter(|(i, _)| ten.contains_key(i)).collect();
    let kept = shared.iter().filter(|(i, item)| ten[i] == **item).count();
    assert!(kept as f64 > 0.85 * shared.len() as f64, "{kept} of {}", shared.len());
}

#[test]
fn prototypes_are_chosen_by_weight_and_a_weight_moves_nothing() {
    let of = |weights: &[f64]| {
        scatter(&plane(40.0), &ScatterParams { weights: weights.to_vec(), ..params(20_000) }).expect("usable").items
    };
    let (old, new) = (of(&[3.0, 1.0, 2.0]), of(&[3.0, 2.0, 2.0]));
    let count = |items: &[ScatterItem], which: u32| items.iter().filter(|i| i.prototype == which).count() as u32;
    // 2 degrees of freedom: p = 0.001 at 13.8.
    assert!(chi2(&[0, 1, 2].map(|w| count(&old, w)), &[3.0, 1.0, 2.0]) < 13.8);
    assert!(chi2(&[0, 1, 2].map(|w| count(&new, w)), &[3.0, 2.0, 2.0]) < 13.8);
    for (a, b) in old.iter().zip(&new) {
        assert_eq!((a.index, a.transform), (b.index, b.transform));
        assert!(a.prototype == b.prototype || b.prototype == 1, "a heavier prototype only takes");
    }
    // One prototype more is the same as one whose weight was 0.
    let two = of(&[3.0, 1.0]);
    assert!(two.iter().zip(&old).all(|(a, b)| a.prototype == b.prototype || b.prototype == 2));
    assert!(of(&[0.0, 1.0]).iter().all(|i| i.prototype == 1));
}

#[test]
fn what_is_avoided_is_left_out_and_moves_no_other() {
    let road = moved(&cuboid([4.0, 1.0, 30.0]), Vec3::new(3.0, 20.0, 0.0));
    let ball = moved(&Sphere { radius: 2.0, ..Sphere::default() }.mesh().expect("legal"), Vec3::new(-8.0, 0.0, 5.0));
    let of = |things: &[&Mesh], by: f64| {
        let avoid = Some(Avoid::from_above(merged(things).expect("small"), by).expect("small"));
        scatter(&plane(40.0), &ScatterParams { avoid, spacing: 0.2, ..params(4000) }).expect("usable")
    };
    let all = scatter(&plane(40.0), &ScatterParams { spacing: 0.2, ..params(4000) }).expect("usable");
    let on_road = |p: Vec3, by: f32| {
        let (dx, dz) = (((p.x - 3.0).abs() - 2.0).max(0.0), (p.z.abs() - 15.0).max(0.0));
        dx.hypot(dz) <= by
    };
    let by_ball = |p: Vec3, by: f32| (p.x + 8.0).hypot(p.z - 5.0) <= 2.0 + by;
    for by in [0.0, 0.5, 3.0] {
        let (one, both) = (of(&[&road], by), of(&[&road, &ball], by));
        assert_eq!((one.missing, one.items.len() + one.avoided as usize), (0, 4000), "they are not replaced");
        // Exactly those inside are gone, but for a hair at the border; the ball has flat sides.
        for (found, hair, inside) in [
            (&one, 1e-4, Box::new(|p: Vec3, by: f32| on_road(p, by)) as Box<dyn Fn(Vec3, f32) -> bool>),
            (&both, 0.03, Box::new(|p: Vec3, by: f32| on_road(p, by) || by_ball(p, by))),
        ] {
            let kept = by_index(found);
            for item in &all.items {
                let p = Vec3::from(item.transform.translation);
                match kept.get(&item.index) {
                    Some(same) => assert!(same == item && !inside(p, by as f32 - hair), "{p}"),
                    None => assert!(inside(p, by as f32 + hair), "{p}"),
                }
            }
        }
    }
}

#[test]
fn in_a_volume_distance_is_measured_in_space() {
    let hall = cuboid([20.0; 3]);
    let block = cuboid([4.0, 4.0, 4.0]);
    let avoid = Some(Avoid::in_space(block, 1.0).expect("small"));
    let found = scatter_in(&hall, &ScatterParams { avoid, ..params(20_000) }).expect("closed");
    // A box of 4 m with round edges of 1 m: 64 + 96 + 12 pi + 4/3 pi of 8000 cubic metres.
    let share = (64.0 + 96.0 + 12.0 * PI + 4.0 / 3.0 * PI) / 8000.0;
    let (mean, deviation) = (20_000.0 * share, (20_000.0 * share * (1.0 - share)).sqrt());
    assert!((f64::from(found.avoided) - mean).abs() < 4.0 * deviation, "{} {mean}", found.avoided);
    assert!(places(&found).iter().any(|p| p.x.abs() < 1.0 && p.z.abs() < 1.0), "above it there is room");
}

#[test]
fn lean_sink_and_slope() {
    let slope = transformed(&plane(40.0), Affine3A::from_rotation_x(0.5));
    let normal = Affine3A::from_rotation_x(0.5).transform_vector3(Vec3::Y);
    let of = |p: ScatterParams| scatter(&slope, &p).expect("usable").items;
    let (level, sunk) = (of(params(500)), of(ScatterParams { sink: 0.25, ..params(500) }));
    for (a, b) in level.iter().zip(&sunk) {
        let down = Vec3::from(b.transform.translation - a.transform.translation);
        assert!(down.distance(normal * -0.25) < 1e-4, "{down}");
    }
    let tilt = 10f64.to_radians();
    for align in [0.0, 1.0] {
        let upright = if align == 1.0 { normal } else { Vec3::Y };
        let items = of(ScatterParams { tilt, align, ..params(2000) });
        let lean: Vec<f64> = items
            .iter()
            .map(|i| f64::from(i.transform.transform_vector3(Vec3::Y).normalize().dot(upright).min(1.0)).acos())
            .collect();
        assert!(lean.iter().all(|l| *l < tilt + 1e-3));
        // Even from 0 to the greatest: its mean is half.
        let mean = lean.iter().sum::<f64>() / 2000.0;
        assert!((mean - tilt / 2.0).abs() < 0.06 * tilt, "{mean}");
        let east = items.iter().filter(|i| i.transform.transform_vector3(Vec3::Y).x > 0.0).count();
        assert!((850..1150).contains(&east), "{east}: to every side");
    }
    let ball = Sphere { radius: 10.0, segments: 200, rings: 100 }.mesh().expect("legal");
    let [low, high] = [20f64.to_radians(), 40f64.to_radians()];
    let belt = scatter(&ball, &ScatterParams { slope: [low, high], ..params(2000) }).expect("usable");
    let cos = |p: Vec3| f64::from(p.y) / 10.0;
    assert!(places(&belt).iter().all(|p| (high.cos() - 0.02..=low.cos() + 0.02).contains(&cos(*p))));
}

#[test]
fn a_larger_count_appends_whatever_else_is_asked() {
    let everything = |count: u32| {
        let density = Density {
            map: Some(DensityMap { width: 2, height: 1, grey: vec![20_000, 60_000] }),
            noise: Some(DensityNoise { feature_size: 6.0, contrast: 0.7 }),
        };
        let avoid = Some(Avoid::from_above(cuboid([3.0; 3]), 0.5).expect("small"));
        ScatterParams {
            density,
            avoid,
            clusters: Some(Clusters { count: 9, radius: 6.0 }),
            weights: vec![1.0, 2.0],
            spacing: 0.1,
            tilt: 0.2,
            ..params(count)
        }
    };
    for volume in [false, true] {
        let of = |count: u32| match volume {
            true => scatter_in(&cuboid([40.0; 3]), &everything(count)).expect("closed"),
            false => scatter(&plane(40.0), &everything(count)).expect("usable"),
        };
        let all = of(600);
        assert_eq!(all.missing, 0);
        for count in [1, 77, 256, 599] {
            let some = of(count).items;
            assert_eq!(some[..], all.items[..some.len()]);
        }
        let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
        let many = rayon::ThreadPoolBuilder::new().num_threads(5).build().expect("threads");
        assert_eq!(alone.install(|| of(600)), many.install(|| of(600)));
    }
}

#[test]
fn searches_end() {
    let nothing = Density { map: Some(DensityMap { width: 1, height: 1, grey: vec![0] }), noise: None };
    let found = scatter(&plane(40.0), &ScatterParams { density: nothing.clone(), ..params(1000) }).expect("usable");
    assert_eq!((found.items.len(), found.missing), (0, 1000));
    for count in [5, MOST_CLUSTERS] {
        let params =
            ScatterParams { density: nothing.clone(), clusters: Some(Clusters { count, radius: 1.0 }), ..params(1000) };
        let found = scatter(&plane(40.0), &params).expect("usable");
        assert_eq!(found.missing, 1000, "no cluster has a centre");
    }
    let sliver = Density { map: Some(DensityMap { width: 1, height: 1, grey: vec![33] }), noise: None };
    let found = scatter(&plane(40.0), &ScatterParams { density: sliver, ..params(1000) }).expect("usable");
    assert_eq!(found.missing, 0, "one in two thousand stays");
}

#[test]
fn wrong_parameters_name_themselves() {
    let open = Plane::default().mesh().expect("legal");
    let mut holed = cuboid([1.0; 3]);
    holed.triangles.pop();
    let density = |grey: Vec<u16>| Density { map: Some(DensityMap { width: 2, height: 2, grey }), noise: None };
    let noise = |feature_size, contrast| Density { map: None, noise: Some(DensityNoise { feature_size, contrast }) };
    let clusters = |count, radius| Some(Clusters { count, radius });
    for (name, says, volume, params) in [
        ("volume", "not closed", &open, params(1)),
        ("volume", "not closed", &holed, params(1)),
        ("volume", "no triangles", &Mesh::default(), params(1)),
        ("volume", "height", &cuboid([1.0; 3]), ScatterParams { height: [5.0, 6.0], ..params(1) }),
        ("density", "pixels", &cuboid([1.0; 3]), ScatterParams { density: density(vec![0]), ..params(1) }),
        ("density_scale", "must be", &cuboid([1.0; 3]), ScatterParams { density: noise(0.0, 1.0), ..params(1) }),
        (
            "density_contrast",
            "must be",
            &cuboid([1.0; 3]),
            ScatterParams { density: noise(1.0, f64::NAN), ..params(1) },
        ),
        ("clusters", "must be", &cuboid([1.0; 3]), ScatterParams { clusters: clusters(0, 1.0), ..params(1) }),
        ("cluster", "must be", &cuboid([1.0; 3]), ScatterParams { clusters: clusters(3, 0.0), ..params(1) }),
        ("weights", "all 0", &cuboid([1.0; 3]), ScatterParams { weights: vec![0.0, 0.0], ..params(1) }),
        ("weights", "must be", &cuboid([1.0; 3]), ScatterParams { weights: vec![1.0, -1.0], ..params(1) }),
        ("tilt", "must be", &cuboid([1.0; 3]), ScatterParams { tilt: 4.0, ..params(1) }),
        ("sink", "must be", &cuboid([1.0; 3]), ScatterParams { sink: f64::INFINITY, ..params(1) }),
    ] {
        let said = scatter_in(volume, &params).expect_err(name).to_string();
        assert!(said.starts_with(&format!("`{name}` ")) && said.contains(says), "expected `{name}`, got: {said}");
    }
    assert!(Avoid::from_above(open, -1.0).expect_err("negative").to_string().starts_with("`avoid_by` "));
}
