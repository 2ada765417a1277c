//! Radiance pictures and the clear sky.

use std::f64::consts::PI;

use scenec_scene::hdr::{HdrError, HdrImage};
use scenec_scene::sky::{ClearSky, clear_sky};
use scenec_scene::{Environment, LightKind};

fn radiance(width: u32, height: u32, pixels: &[[f32; 3]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels: Vec<image::Rgb<f32>> = pixels.iter().map(|&p| image::Rgb(p)).collect();
    image::codecs::hdr::HdrEncoder::new(&mut bytes).encode(&pixels, width as usize, height as usize).unwrap();
    bytes
}

fn open_exr(width: usize, height: usize, at: impl Fn(usize, usize) -> (f32, f32, f32) + Sync) -> Vec<u8> {
    use exr::prelude::*;
    let channels = SpecificChannels::rgb(|p: Vec2<usize>| at(p.x(), p.y()));
    let mut bytes = std::io::Cursor::new(Vec::new());
    Image::from_channels((width, height), channels).write().to_buffered(&mut bytes).unwrap();
    bytes.into_inner()
}

#[test]
fn radiance_file_reads_within_its_precision() {
    let pixels: Vec<[f32; 3]> = (0..32 * 4).map(|i| [0.01 * i as f32 + 0.1, 1.0, 300.0 / (1.0 + i as f32)]).collect();
    let picture = HdrImage::read(&radiance(32, 4, &pixels)).unwrap();
    assert_eq!((picture.width, picture.height, picture.cleaned), (32, 4, 0));
    for (got, want) in picture.rgb.iter().zip(&pixels) {
        // Eight bits of mantissa under the exponent of the largest channel.
        let step = want.iter().fold(0f32, |a, &b| a.max(b)) / 128.0;
        assert!(got.iter().zip(want).all(|(g, w)| (g - w).abs() <= step), "{got:?} {want:?}");
    }
    assert!(matches!(picture.into_environment(2.0, 0.5), Environment::Map { width: 32, strength: 2.0, .. }));
}

#[test]
fn exr_reads_exactly_and_bad_pixels_are_cleaned_and_counted() {
    let bytes = open_exr(8, 4, |x, y| match (x, y) {
        (0, 0) => (f32::NAN, 1.0, 2.0),
        (1, 0) => (-1.0, f32::INFINITY, 2.0),
        _ => (x as f32, y as f32, 0.25),
    });
    let picture = HdrImage::read(&bytes).unwrap();
    assert_eq!((picture.width, picture.height, picture.cleaned), (8, 4, 2));
    assert_eq!(picture.rgb[..3], [[0.0, 1.0, 2.0], [0.0, 0.0, 2.0], [2.0, 0.0, 0.25]]);
    assert_eq!(picture.rgb[3 * 8 + 7], [7.0, 3.0, 0.25]);
}

#[test]
fn damaged_files_are_errors_in_bounded_time() {
    assert_eq!(HdrImage::read(b""), Err(HdrError::UnknownFormat));
    assert_eq!(HdrImage::read(&[7; 1000]), Err(HdrError::UnknownFormat));
    let huge = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 100000 +X 100000\n";
    assert!(matches!(HdrImage::read(huge), Err(HdrError::TooLarge { .. })));
    let large = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 8192 +X 16384\n";
    let said = HdrImage::read(large).unwrap_err().to_string();
    assert_eq!(said, "the picture claims 16384 x 8192 pixels; the file is too short for that");
    let pixels = vec![[1.0, 2.0, 3.0]; 64 * 16];
    for good in [radiance(64, 16, &pixels), open_exr(64, 16, |x, _| (x as f32, 0.0, 1.0))] {
        for cut in (0..good.len()).step_by(7) {
            assert!(HdrImage::read(&good[..cut]).is_err(), "cut at {cut}");
        }
        // Any single byte changed: a picture or an error, never a panic.
        for i in (0..good.len()).step_by(5) {
            let mut bad = good.clone();
            bad[i] ^= 0xff;
            let _ = HdrImage::read(&bad);
        }
    }
}

fn sky(elevation_deg: f64) -> ClearSky {
    let elevation = elevation_deg * PI / 180.0;
    ClearSky { sun_direction: [0.0, elevation.sin(), elevation.cos()], width: 128, ..ClearSky::default() }
}

/// Irradiance of the upper half on level ground.
fn from_above(picture: &HdrImage) -> [f64; 3] {
    let (w, h) = (picture.width as usize, picture.height as usize);
    let mut sum = [0.0; 3];
    for (i, pixel) in picture.rgb[..w * h / 2].iter().enumerate() {
        let theta = PI * ((i / w) as f64 + 0.5) / h as f64;
        let weight = theta.cos() * theta.sin() * (PI / h as f64) * (2.0 * PI / w as f64);
        for c in 0..3 {
            sum[c] += f64::from(pixel[c]) * weight;
        }
    }
    sum
}

#[test]
fn white_ground_at_noon_is_near_one() {
    let day = clear_sky(&sky(80.0)).unwrap();
    let (sky, sun) = (from_above(&day.image), day.sun.unwrap().color);
    let radiance = (sky[1] + f64::from(sun[1]) * 80f64.to_radians().sin()) / PI;
    assert!((0.8..1.2).contains(&radiance), "{radiance}");
    // A clear sky gives a tenth to a third of the light at noon.
    assert!((0.1..0.5).contains(&(sky[1] / f64::from(sun[1]))), "{sky:?} {sun:?}");
}

#[test]
fn sky_is_blue_by_day_and_the_low_sun_is_red() {
    let day = clear_sky(&sky(45.0)).unwrap();
    let zenith = day.image.rgb[2 * 128 + 64];
    assert!(zenith[2] > 1.8 * zenith[0] && zenith[1] > zenith[0], "{zenith:?}");
    let ratio = |elevation: f64| {
        let color = clear_sky(&sky(elevation)).unwrap().sun.unwrap().color;
        color[0] / color[2]
    };
    assert!(ratio(60.0) < ratio(20.0) && ratio(20.0) < ratio(5.0) && ratio(5.0) > 4.0);
    assert!(clear_sky(&sky(-5.0)).unwrap().sun.is_none());
    // Dusk still glows, on the side of the sun: +Z is at three quarters of the width.
    let dusk = clear_sky(&sky(-4.0)).unwrap().image;
    let (towards, away) = (dusk.rgb[30 * 128 + 96], dusk.rgb[30 * 128 + 32]);
    assert!(towards[0] > 3.0 * away[0] && away[0] > 0.0, "{towards:?} {away:?}");
}

#[test]
fn glow_surrounds_the_sun_where_the_map_says_it_is() {
    let day = clear_sky(&ClearSky { sun_direction: [0.0, 1.0, 1.0], width: 256, ..ClearSky::default() }).unwrap();
    let sum = |p: &[f32; 3]| p.iter().sum::<f32>();
    let brightest = (0..128 * 256).max_by(|&a, &b| sum(&day.image.rgb[a]).total_cmp(&sum(&day.image.rgb[b]))).unwrap();
    let (column, row) = (brightest % 256, brightest / 256);
    assert!((191..=192).contains(&column) && (31..=33).contains(&row), "{column} {row}");
    let LightKind::Sun { direction, angular_radius } = day.sun.unwrap().kind else { panic!("no sun") };
    assert!(direction.y < 0.0 && direction.z < 0.0 && (direction.length() - 1.0).abs() < 1e-6);
    assert!((angular_radius - 0.00465).abs() < 1e-6);
}

#[test]
fn every_sky_is_finite_and_scales() {
    for turbidity in [1.0, 3.0, 10.0, 20.0] {
        for elevation in [-30.0, -1.0, 0.0, 0.2, 10.0, 90.0] {
            let day = clear_sky(&ClearSky { turbidity, width: 64, ..sky(elevation) }).unwrap();
            assert!(day.image.rgb.iter().flatten().all(|c| c.is_finite() && *c >= 0.0), "{turbidity} {elevation}");
        }
    }
    let (one, three) = (clear_sky(&sky(20.0)).unwrap(), clear_sky(&ClearSky { scale: 3.0, ..sky(20.0) }).unwrap());
    assert!(
        one.image
            .rgb
            .iter()
            .flatten()
            .zip(three.image.rgb.iter().flatten())
            .all(|(a, b)| (3.0 * a - b).abs() <= 1e-5 * b)
    );
}

#[test]
fn wrong_parameters_name_themselves() {
    for (name, params) in [
        ("sun_direction", ClearSky { sun_direction: [0.0; 3], ..sky(1.0) }),
        ("sun_direction", ClearSky { sun_direction: [f64::NAN; 3], ..sky(1.0) }),
        ("turbidity", ClearSky { turbidity: 0.5, ..sky(1.0) }),
        ("ground_albedo", ClearSky { ground_albedo: [2.0; 3], ..sky(1.0) }),
        ("scale", ClearSky { scale: -1.0, ..sky(1.0) }),
        ("width", ClearSky { width: 100_000, ..sky(1.0) }),
    ] {
        let said = clear_sky(&params).unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{name}` ")), "expected `{name}`, got: {said}");
    }
}
