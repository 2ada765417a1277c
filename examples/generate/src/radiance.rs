//! The sky picture and its file format.

use scenec_scene::geometry::GeometryError;
use scenec_scene::sky::{ClearSky, clear_sky};

/// A sky at dusk, the sun just set towards +X, bright enough to light a scene at no exposure change.
pub fn dusk() -> Result<Vec<u8>, GeometryError> {
    let elevation = 1.5 * std::f64::consts::PI / 180.0;
    let sky = clear_sky(&ClearSky {
        sun_direction: [libm::cos(elevation), libm::sin(elevation), 0.0],
        turbidity: 2.6,
        ground_albedo: [0.12, 0.12, 0.14],
        scale: 18.0,
        width: 256,
    })?;
    Ok(encode(sky.image.width as usize, &sky.image.rgb))
}

/// Radiance RGBE with run-length coding (Ward, "Real Pixels", Graphics Gems II, 1991).
fn encode(width: usize, rgb: &[[f32; 3]]) -> Vec<u8> {
    let height = rgb.len() / width;
    let mut file = b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n".to_vec();
    file.extend(format!("-Y {height} +X {width}\n").bytes());
    for row in rgb.chunks(width) {
        file.extend([2, 2, (width >> 8) as u8, width as u8]);
        let pixels: Vec<[u8; 4]> = row.iter().map(|&p| rgbe(p)).collect();
        for channel in 0..4 {
            let line: Vec<u8> = pixels.iter().map(|p| p[channel]).collect();
            run_lengths(&line, &mut file);
        }
    }
    file
}

/// Shared exponent; the largest channel gets 8 bits.
fn rgbe(pixel: [f32; 3]) -> [u8; 4] {
    let largest = pixel.iter().fold(0f32, |a, &b| a.max(b));
    if largest < 1e-32 {
        return [0; 4];
    }
    let (_, exponent) = libm::frexp(f64::from(largest));
    let scale = libm::ldexp(256.0, -exponent);
    let [r, g, b] = pixel.map(|c| (f64::from(c) * scale) as u8);
    [r, g, b, (exponent + 128) as u8]
}

fn run_lengths(line: &[u8], file: &mut Vec<u8>) {
    let run_at = |start: usize| line[start..].iter().take(127).take_while(|&&b| b == line[start]).count();
    let mut at = 0;
    while at < line.len() {
        let run = run_at(at);
        if run >= 4 {
            file.extend([128 + run as u8, line[at]]);
            at += run;
            continue;
        }
        let mut end = at + 1;
        while end < line.len() && end - at < 128 && run_at(end) < 4 {
            end += 1;
        }
        file.push((end - at) as u8);
        file.extend(&line[at..end]);
        at = end;
    }
}
