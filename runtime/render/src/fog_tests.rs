//! The functions of `fog.wgsl`: optical depths by quadrature, samplers by chi-square.

use scenec_scene::{Environment, Fog, Stage};
use scenec_shaders::consts::{FAR_AWAY, FOG_REACH};
use scenec_shaders::kernels::shade;
use scenec_shaders::prelude::Vec3;

use crate::sampler_tests::{COLUMNS, ROWS, Random, bound, cell, deviate, integrals};
use crate::{Scene, prepare};

fn fog(density: f32, base: f32, height: Option<f32>) -> Fog {
    Fog { density, base, height, albedo: [1.0; 3], anisotropy: 0.0 }
}

fn scene(fog: Fog) -> Scene {
    let environment = Environment::Constant([1.0; 3]);
    prepare(&Stage { instances: vec![], lights: vec![], environment, fog: Some(fog) }).unwrap()
}

/// Extinction as `Fog` says it.
fn extinction(fog: &Fog, y: f64) -> f64 {
    let above = (y - f64::from(fog.base)).max(0.0);
    f64::from(fog.density) * fog.height.map_or(1.0, |h| (-above / f64::from(h)).exp())
}

/// Optical depth by Simpson's rule, each side of the base alone.
fn depth(fog: &Fog, y: f64, slope: f64, t: f64) -> f64 {
    let crossing = (f64::from(fog.base) - y) / slope;
    let middle = if crossing > 0.0 && crossing < t { crossing } else { t };
    let piece = |from: f64, to: f64| {
        const STEPS: u32 = 4000;
        let h = (to - from) / f64::from(STEPS);
        let at = |i: u32| extinction(fog, y + slope * (from + h * f64::from(i)));
        let inner: f64 = (1..STEPS).map(|i| at(i) * if i % 2 == 1 { 4.0 } else { 2.0 }).sum();
        (at(0) + inner + at(STEPS)) * h / 3.0
    };
    piece(0.0, middle) + piece(middle, t)
}

#[test]
fn exponentials_and_logarithms_are_close_to_the_functions() {
    let near = |found: f32, exact: f64, tolerance: f64, what: &str| {
        assert!((f64::from(found) - exact).abs() <= tolerance, "{what}: {found} against {exact}");
    };
    bound(&scene(fog(1.0, 0.0, None)), |isa, b| {
        for i in 0..=20_000u32 {
            let x = -86.9 * (i as f32 / 20_000.0).powi(2);
            let exact = f64::from(x).exp();
            near(shade::exp_negative(isa, b, x), exact, 2e-7 * exact, "e^x");
            let x = -x;
            let exact = if x == 0.0 { 1.0 } else { -(-f64::from(x)).exp_m1() / f64::from(x) };
            near(shade::exp_mean(isa, b, x), exact, 4e-7 * exact, "(1 - e^-x) / x");
            // From 1e-37 to 1e37.
            let x = 10f32.powf(i as f32 / 20_000.0 * 74.0 - 37.0);
            let exact = f64::from(x).ln();
            near(shade::log_poly(isa, b, x), exact, 2e-7 * exact.abs().max(1.0), "ln x");
            for x in [x.min(1e30), -x.min(0.9999)] {
                let exact = f64::from(x).ln_1p() / f64::from(x);
                near(shade::log1p_ratio(isa, b, x), exact, 1e-6 * exact, "ln(1 + x) / x");
            }
        }
        assert_eq!(shade::exp_negative(isa, b, -1e30), 0.0);
        assert_eq!(shade::exp_negative(isa, b, f32::NEG_INFINITY), 0.0);
        assert_eq!(shade::exp_mean(isa, b, 0.0), 1.0);
        assert_eq!(shade::log1p_ratio(isa, b, 0.0), 1.0);
        assert_eq!(shade::log_poly(isa, b, 1.0), 0.0);
    });
}

/// Fogs and rays: below, above and across the base, level, steep, nearly level.
fn rays() -> Vec<(Fog, f32, f32, f32)> {
    let mut random = Random(17);
    let mut out = Vec::new();
    for height in [Some(0.5), Some(3.0), Some(40.0), None] {
        for base in [0.0, -2.0, 1.5] {
            for _ in 0..40 {
                let y = base + 12.0 * random.next() - 4.0;
                let slope = (2.0 * random.next() - 1.0) * [1.0, 1.0, 1e-2, 1e-5, 0.0][(random.next() * 5.0) as usize];
                let t = 30.0 * random.next();
                out.push((fog(0.02 + 0.3 * random.next(), base, height), y, slope, t));
            }
        }
    }
    out
}

#[test]
fn optical_depths_equal_their_quadrature() {
    for (fog, y, slope, t) in rays() {
        let exact = depth(&fog, f64::from(y), f64::from(slope), f64::from(t));
        let found = bound(&scene(fog), |isa, b| f64::from(shade::fog_depth(isa, b, y, slope, t)));
        assert!((found / exact - 1.0).abs() < 5e-6, "{fog:?} from {y} along {slope} over {t}: {found} against {exact}");
    }
}

#[test]
fn flights_are_the_inverse_of_optical_depths() {
    let mut random = Random(23);
    for (fog, y, slope, _) in rays() {
        bound(&scene(fog), |isa, b| {
            let all = shade::fog_depth(isa, b, y, slope, FOG_REACH);
            for _ in 0..20 {
                let wanted = 6.0 * random.next().powi(3);
                let t = shade::fog_flight(isa, b, y, slope, wanted);
                let what = || format!("{fog:?} from {y} along {slope}: {wanted} of {all} at {t}");
                if t == FAR_AWAY {
                    assert!(wanted > all * 0.9999, "{}", what());
                    continue;
                }
                let back = depth(&fog, f64::from(y), f64::from(slope), f64::from(t));
                // Near the end of what there is, a little more depth is a long way.
                let slack = 1e-5 * f64::from(all) / (1.0 - f64::from(wanted / all)).max(1e-5);
                assert!(
                    (back - f64::from(wanted)).abs() < (2e-5 * f64::from(wanted)).max(slack.min(1e-5)) + 1e-7,
                    "{} gives {back}",
                    what()
                );
            }
        });
    }
}

#[test]
fn flights_have_the_density_of_extinction_times_transmittance() {
    const COUNT: usize = 100_000;
    const CELLS: usize = 60;
    let rays = [
        (fog(0.1, 0.0, None), 0.0, 0.3),
        (fog(0.3, 0.0, Some(2.0)), 0.5, 0.0),
        (fog(0.3, 0.0, Some(2.0)), 0.2, 0.2),
        (fog(0.3, 1.0, Some(2.0)), 0.0, 0.1),
        (fog(0.3, 0.0, Some(2.0)), 9.0, -0.4),
        (fog(0.3, 0.0, Some(0.01)), 6.0, -0.4),
        (fog(0.3, 0.0, Some(1.0)), 200.0, -1.0),
    ];
    for (fog, y, slope) in rays {
        bound(&scene(fog), |isa, b| {
            // Equal cells between the heights, or lengths, where something happens.
            let begin = if y > 20.0 { 190.0 } else { 0.0 };
            let width = 30.0 / CELLS as f64;
            let through = |t: f64| (-depth(&fog, f64::from(y), slope, t)).exp();
            let mut expected: Vec<f64> = (0..CELLS)
                .map(|i| through(begin + width * i as f64) - through(begin + width * (i + 1) as f64))
                .map(|share| share * COUNT as f64)
                .collect();
            // What flies on, or scattered before.
            expected.push(COUNT as f64 - expected.iter().sum::<f64>());
            let mut random = Random(31);
            let mut counts = vec![0.0; CELLS + 1];
            for _ in 0..COUNT {
                let wanted = -shade::log_poly(isa, b, 1.0 - random.next());
                let t = (f64::from(shade::fog_flight(isa, b, y, slope as f32, wanted)) - begin) / width;
                let inside = t >= 0.0 && t < CELLS as f64;
                counts[if inside { t as usize } else { CELLS }] += 1.0;
            }
            let z = deviate(&counts, &expected);
            assert!(z < 4.0, "{fog:?} from {y} along {slope}: {z} sigma");
        });
    }
}

#[test]
fn phase_functions_have_their_density_and_their_mean_cosine() {
    const COUNT: usize = 200_000;
    bound(&scene(fog(1.0, 0.0, None)), |isa, b| {
        for g in [-0.9f32, -0.5, -1e-4, 0.0, 1e-3, 0.3, 0.6, 0.9] {
            let density = |d: Vec3<f32>| f64::from(shade::phase_density(isa, b, d.z, g));
            let expected = integrals(if g.abs() > 0.8 { 128 } else { 16 }, density);
            let total: f64 = expected.iter().sum();
            assert!((total - 1.0).abs() < 2e-3, "{g}: {total}");
            let mut random = Random(41);
            let mut counts = vec![0.0; ROWS * COLUMNS];
            let mut mean = 0.0;
            for _ in 0..COUNT {
                let d = shade::phase_sample(isa, b, random.pair(), g);
                assert!((d.x * d.x + d.y * d.y + d.z * d.z - 1.0).abs() < 1e-5);
                mean += f64::from(d.z) / COUNT as f64;
                counts[cell(d.to_array())] += 1.0;
            }
            assert!((mean - f64::from(g)).abs() < 5e-3, "{g}: {mean}");
            let expected: Vec<f64> = expected.iter().map(|x| x / total * COUNT as f64).collect();
            let z = deviate(&counts, &expected);
            assert!(z < 4.0, "{g}: {z} sigma");
        }
    });
}

#[test]
fn cosines_are_distributed_as_henyey_and_greenstein_say() {
    const COUNT: usize = 200_000;
    const CELLS: usize = 400;
    bound(&scene(fog(1.0, 0.0, None)), |isa, b| {
        for g in [-0.95f32, -0.3, 0.01, 0.6, 0.95] {
            let wide = f64::from(g);
            let share = |c: f64| {
                (1.0 - wide * wide) / (2.0 * wide)
                    * ((1.0 + wide * wide - 2.0 * wide * c).sqrt().recip() - (1.0 + wide).recip())
            };
            let edge = |i: usize| 2.0 * i as f64 / CELLS as f64 - 1.0;
            let expected: Vec<f64> = (0..CELLS).map(|i| (share(edge(i + 1)) - share(edge(i))) * COUNT as f64).collect();
            let mut random = Random(43);
            let mut counts = vec![0.0; CELLS];
            for _ in 0..COUNT {
                let z = f64::from(shade::phase_sample(isa, b, random.pair(), g).z);
                counts[(((z + 1.0) * 0.5 * CELLS as f64) as usize).min(CELLS - 1)] += 1.0;
            }
            let z = deviate(&counts, &expected);
            assert!(z < 4.0, "{g}: {z} sigma");
            // The density is the slope of the distribution.
            for c in [-0.99, -0.5, 0.0, 0.7, 0.99] {
                let slope = (share(c + 1e-5) - share(c - 1e-5)) / (2e-5 * 2.0 * std::f64::consts::PI);
                let found = f64::from(shade::phase_density(isa, b, c as f32, g));
                assert!((found / slope - 1.0).abs() < 1e-4, "{g} at {c}: {found} against {slope}");
            }
        }
    });
}

#[test]
fn no_fog_and_no_ray_is_too_extreme() {
    for density in [1e-15f32, 1e-9, 1e-3, 1.0, 1e6] {
        for height in [Some(1e-3), Some(1.0), Some(1e6), None] {
            let fog = fog(density, 0.0, height);
            bound(&scene(fog), |isa, b| {
                for y in [-1e6f32, -1.0, -1e-6, 0.0, 1e-6, 1.0, 1e3, 1e6] {
                    for slope in [-1.0f32, -0.5, -1e-6, -1e-30, 0.0, 1e-30, 1e-6, 0.5, 1.0] {
                        for t in [0.0, 1e-6, 1.0, 1e6, FOG_REACH] {
                            let found = shade::fog_depth(isa, b, y, slope, t);
                            assert!(found >= 0.0, "{fog:?} from {y} along {slope} over {t}: {found}");
                        }
                        for wanted in [0.0, 1e-7, 0.5, 16.0] {
                            let found = shade::fog_flight(isa, b, y, slope, wanted);
                            assert!(
                                found == FAR_AWAY || (0.0..FOG_REACH).contains(&found),
                                "{fog:?} from {y} along {slope} to {wanted}: {found}"
                            );
                        }
                    }
                }
            });
        }
    }
}
