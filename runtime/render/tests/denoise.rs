//! The denoiser on pictures whose noise is known.
#![allow(missing_docs)]

mod denoise_support;

use denoise_support::mean;
use denoise_support::synthetic::{Picture, Random};
use scenec_render::{Control, DenoiseSettings, Device, Noisy, Progress, RenderError, denoise};

fn native(threads: Option<usize>) -> DenoiseSettings {
    DenoiseSettings { device: Device::Native, threads, ..DenoiseSettings::default() }
}

fn clean(input: &Noisy<'_>) -> Vec<[f32; 3]> {
    denoise(input, &native(None), &()).unwrap()
}

/// Mean squared difference from what was meant.
fn error(rgb: &[[f32; 3]], meant: impl Fn(usize) -> f32) -> f64 {
    let sum: f64 = rgb.iter().enumerate().map(|(i, x)| f64::from(x[1] - meant(i)).powi(2)).sum();
    sum / rgb.len() as f64
}

const SIZES: [(u32, u32); 8] = [(1, 1), (2, 1), (1, 2), (1, 67), (67, 1), (3, 5), (33, 17), (129, 65)];

#[test]
fn a_constant_stays_what_it_is_to_the_bit() {
    for (width, height) in SIZES {
        for value in [0.0, 0.1, 1.0, 12_345.678] {
            let mut picture = Picture::wall(width, height, |_, _| [value; 2]);
            // Also where the texture is not constant.
            for (i, a) in picture.albedo.iter_mut().enumerate() {
                *a = [[0.3, 0.7, 0.11], [0.0, 1.0, 0.5], [0.9, 0.004, 0.2]][i % 3];
            }
            if value == 0.0 {
                assert_eq!(clean(&picture.noisy()), picture.rgb);
            }
            picture.albedo.fill([0.3, 0.7, 0.11]);
            assert_eq!(clean(&picture.noisy()), picture.rgb, "{width} x {height}");
            // One sample.
            assert_eq!(clean(&Noisy { half: &[], ..picture.noisy() }), picture.rgb, "{width} x {height}");
            // Nothing is known.
            let bare = Noisy { albedo: &[], normal: &[], depth: &[], ..picture.noisy() };
            assert_eq!(clean(&bare), picture.rgb, "{width} x {height}");
        }
    }
}

#[test]
fn without_noise_nothing_is_lost() {
    // Stripes, a disk, a ramp: none of it in the guides.
    let light = |x: u32, y: u32| {
        let disk = if (x as f32 - 40.0).hypot(y as f32 - 30.0) < 12.0 { 4.0 } else { 0.5 };
        [disk + 0.3 * f32::from(u8::from(x.is_multiple_of(5))) + 0.01 * y as f32; 2]
    };
    let picture = Picture::wall(81, 61, light);
    assert_eq!(clean(&picture.noisy()), picture.rgb);
}

#[test]
fn noise_on_a_wall_falls_by_a_factor_of_forty() {
    let mut random = Random::new(1);
    let picture = Picture::wall(96, 96, |_, _| [1.0 + 0.5 * random.normal(), 1.0 + 0.5 * random.normal()]);
    let (before, after) = (error(&picture.rgb, |_| 1.0), error(&clean(&picture.noisy()), |_| 1.0));
    // A half has variance 1/4, their mean 1/8.
    assert!((before / 0.125 - 1.0).abs() < 0.05, "{before}");
    assert!(before / after > 40.0, "{}", before / after);
    let one = Picture { half: Vec::new(), ..picture };
    let after = error(&clean(&one.noisy()), |_| 1.0);
    assert!(before / after > 40.0, "one sample: {}", before / after);
}

#[test]
fn skewed_noise_keeps_its_energy() {
    // An exponential distribution is darker than its mean two times of three: weights that noise chooses lose the bright rest.
    for seed in 0..4 {
        let mut random = Random::new(seed);
        let picture = Picture::wall(128, 96, |_, _| [random.exponential(), random.exponential()]);
        let out = clean(&picture.noisy());
        let ratio = mean(&out) / mean(&picture.rgb);
        assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
        let factor = error(&picture.rgb, |_| 1.0) / error(&out, |_| 1.0);
        assert!(factor > 20.0, "{factor}");
    }
}

#[test]
fn a_firefly_is_spread_and_not_kept() {
    let mut random = Random::new(3);
    let mut picture = Picture::wall(64, 64, |_, _| [1.0 + 0.2 * random.normal(), 1.0 + 0.2 * random.normal()]);
    let spot = 64 * 30 + 30;
    picture.rgb[spot] = [50.0; 3];
    let out = clean(&picture.noisy());
    assert!(out[spot][0] < 5.0, "{}", out[spot][0]);
    let ratio = mean(&out) / mean(&picture.rgb);
    assert!((ratio - 1.0).abs() < 0.01, "{ratio}");
}

#[test]
fn what_is_no_number_does_not_spread() {
    let mut random = Random::new(4);
    let sound = Picture::wall(40, 30, |_, _| [1.0 + 0.2 * random.normal(), 1.0 + 0.2 * random.normal()]);
    let before = clean(&sound.noisy());
    let spot = 40 * 15 + 20;
    for bad in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30] {
        for place in 0..5 {
            let mut picture = sound.clone();
            match place {
                0 => picture.rgb[spot][1] = bad,
                1 => picture.half[spot][2] = bad,
                2 => picture.albedo[spot][0] = bad,
                3 => picture.normal[spot][0] = bad,
                _ => picture.depth[spot] = bad,
            }
            for half in [&picture.half[..], &[]] {
                let out = clean(&Noisy { half, ..picture.noisy() });
                assert!(out.iter().flatten().all(|x| x.is_finite()), "{bad} in {place}");
                if place < 2 && !half.is_empty() {
                    for (i, (a, b)) in out.iter().zip(&before).enumerate() {
                        assert!((a[1] - b[1]).abs() < 0.3, "{bad} in {place}: pixel {i}: {} {}", a[1], b[1]);
                    }
                }
            }
        }
    }
    // Nothing else to go by: black.
    let nothing = Picture { rgb: vec![[f32::NAN; 3]; 1200], ..sound };
    assert!(clean(&nothing.noisy()).iter().all(|p| *p == [0.0; 3]));
}

#[test]
fn background_does_not_bleed() {
    let mut random = Random::new(5);
    let mut picture = Picture::wall(60, 40, |x, _| {
        if x < 30 { [1.0 + 0.4 * random.normal(), 1.0 + 0.4 * random.normal()] } else { [5.0; 2] }
    });
    for i in (0..2400).filter(|i| i % 60 >= 30) {
        (picture.albedo[i], picture.normal[i], picture.depth[i]) = ([0.0; 3], [0.0; 3], 1e10);
    }
    let out = clean(&picture.noisy());
    for column in 0..60 {
        let mut pixels = (0..40).map(|y| out[60 * y + column]);
        if column >= 30 {
            assert!(pixels.all(|x| x == [5.0; 3]), "column {column}");
        } else {
            let found = pixels.map(|x| x[0]).sum::<f32>() / 40.0;
            assert!((found - 1.0).abs() < 0.1, "column {column} of the wall: {found}");
        }
    }
}

#[test]
fn textures_survive() {
    let mut random = Random::new(6);
    let mut picture = Picture::wall(64, 64, |_, _| [1.0, 1.0]);
    for i in 0..picture.rgb.len() {
        let albedo = if (i % 64 / 2 + i / 64 / 2) % 2 == 0 { 0.2 } else { 0.8 };
        let [even, odd] = [(); 2].map(|()| albedo * (1.0 + 0.4 * random.normal()));
        picture.albedo[i] = [albedo; 3];
        picture.rgb[i] = [0.5 * (even + odd); 3];
        picture.half[i] = [odd; 3];
    }
    let texture: Vec<f32> = picture.albedo.iter().map(|a| a[0]).collect();
    let (before, after) = (error(&picture.rgb, |i| texture[i]), error(&clean(&picture.noisy()), |i| texture[i]));
    assert!(before / after > 10.0, "{}", before / after);
}

#[test]
fn a_shadow_that_no_guide_knows_keeps_its_edge() {
    let meant = |i: usize| if i % 64 < 32 { 1.0 } else { 0.2 };
    let mut random = Random::new(7);
    let picture = Picture::wall(64, 64, |x, _| {
        let light = meant(x as usize);
        [(); 2].map(|()| light * (1.0 + 0.3 * random.normal()))
    });
    let out = clean(&picture.noisy());
    let (before, after) = (error(&picture.rgb, meant), error(&out, meant));
    assert!(before / after > 10.0, "{}", before / after);
    // The columns beside the edge, which a blur would pull together by a quarter of the step.
    for (column, light) in [(31, 1.0), (32, 0.2)] {
        let found = (0..64).map(|y| out[64 * y + column][0]).sum::<f32>() / 64.0;
        assert!((found - light).abs() < 0.08, "column {column}: {found}");
    }
}

#[test]
fn a_tilted_plane_is_one_surface() {
    // Nearness is linear over the picture; depth falls from 10 m to 1 m.
    let mut random = Random::new(8);
    let mut picture = Picture::wall(64, 64, |_, _| [1.0 + 0.3 * random.normal(), 1.0 + 0.3 * random.normal()]);
    for (i, depth) in picture.depth.iter_mut().enumerate() {
        *depth = 1.0 / (0.1 + 0.9 * (i / 64) as f32 / 63.0);
    }
    let factor = error(&picture.rgb, |_| 1.0) / error(&clean(&picture.noisy()), |_| 1.0);
    assert!(factor > 15.0, "{factor}");
}

#[test]
fn any_size_and_any_number_of_threads() {
    for (width, height) in SIZES {
        let mut random = Random::new(9);
        let mut picture = Picture::wall(width, height, |_, _| [random.exponential(), random.exponential()]);
        picture.depth.iter_mut().for_each(|d| *d += random.unit());
        let one = denoise(&picture.noisy(), &native(Some(1)), &()).unwrap();
        assert_eq!(one.len(), (width * height) as usize);
        assert!(one.iter().flatten().all(|x| x.is_finite() && *x >= 0.0));
        for threads in [2, 8] {
            assert_eq!(denoise(&picture.noisy(), &native(Some(threads)), &()).unwrap(), one, "{width} x {height}");
        }
    }
}

#[test]
fn wrong_sizes_are_errors() {
    let picture = Picture::wall(8, 4, |_, _| [1.0; 2]);
    let code = |input: Noisy<'_>| denoise(&input, &native(None), &()).unwrap_err();
    assert_eq!(code(Noisy { width: 0, ..picture.noisy() }).code(), "E0600");
    assert_eq!(code(Noisy { height: 40_000, ..picture.noisy() }).code(), "E0600");
    for short in [
        Noisy { rgb: &[], ..picture.noisy() },
        Noisy { half: &picture.half[1..], ..picture.noisy() },
        Noisy { albedo: &picture.albedo[1..], ..picture.noisy() },
        Noisy { normal: &picture.normal[1..], ..picture.noisy() },
        Noisy { depth: &picture.depth[1..], ..picture.noisy() },
    ] {
        let error = code(short);
        assert_eq!(error.code(), "E0606");
        assert!(error.to_string().contains("8 x 4"), "{error}");
    }
}

#[test]
fn it_can_be_stopped_and_tells_how_far_it_is() {
    struct Stop(std::sync::Mutex<Vec<f64>>);
    impl Control for Stop {
        fn progress(&self, progress: &Progress<'_>) -> bool {
            let mut seen = self.0.lock().unwrap();
            seen.push(progress.fraction);
            seen.len() < 4
        }
    }
    let picture = Picture::wall(8, 4, |_, _| [1.0; 2]);
    let stop = Stop(std::sync::Mutex::default());
    assert_eq!(denoise(&picture.noisy(), &native(None), &stop), Err(RenderError::Cancelled));
    let seen = stop.0.into_inner().unwrap();
    assert_eq!(seen.len(), 4);
    assert!(seen.windows(2).all(|w| w[0] < w[1]) && seen[3] < 1.0, "{seen:?}");
}
