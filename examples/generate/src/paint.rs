//! Small textures that tile: planks, concrete, rust. Only additions, multiplications and integer hashes are used.

/// The three pictures of a surface as PNG files.
pub struct Surface {
    /// sRGB colour.
    pub color: Vec<u8>,
    /// Roughness in green, metalness in blue.
    pub metallic_roughness: Vec<u8>,
    /// Tangent-space normals, +Y up.
    pub normal: Vec<u8>,
}

/// What a surface is like at one place.
struct Sample {
    /// sRGB, 0..1.
    color: [f64; 3],
    roughness: f64,
    metallic: f64,
    /// In texels.
    height: f64,
}

const SIZE: usize = 128;

/// Old boards along u, four across v, with nails at both ends.
pub fn planks() -> Surface {
    surface(|u, v| {
        let board = (v * 4.0).floor();
        let across = v * 4.0 - board;
        let seed = 11 + board as u64;
        let shift = hash(seed, 3, 5);
        let grain = fbm(seed, u + shift, v * 4.0, [3, 24], 3);
        let knots = fbm(seed + 40, u, v, [4, 8], 2);
        let tone = 0.34 + 0.10 * hash(seed, 0, 1) + 0.26 * (grain - 0.5) + 0.12 * (knots - 0.5);
        let edge = (across.min(1.0 - across) * 14.0).min(1.0);
        let gap = 1.0 - edge * edge * (3.0 - 2.0 * edge);
        let nail = [0.06, 0.94].iter().any(|&x: &f64| {
            [0.25, 0.75].iter().any(|&y: &f64| (u - x) * (u - x) + (across - y) * (across - y) / 16.0 < 0.00022)
        });
        if nail {
            return Sample { color: [0.23, 0.2, 0.19], roughness: 0.45, metallic: 0.9, height: 0.6 };
        }
        let tone = tone * (1.0 - 0.75 * gap);
        let color = [tone * 1.42, tone * 1.08, tone * 0.74];
        Sample {
            color,
            roughness: 0.72 + 0.2 * (grain - 0.5) + 0.1 * gap,
            metallic: 0.0,
            height: 1.3 * grain - 3.5 * gap,
        }
    })
}

/// Cast concrete with stains, pits and a lighter skin.
pub fn concrete() -> Surface {
    surface(|u, v| {
        let stains = fbm(101, u, v, [3, 3], 3);
        let grit = fbm(131, u, v, [32, 32], 2);
        let pits = fbm(151, u, v, [36, 36], 2);
        let pit = ((0.22 - pits) * 8.0).clamp(0.0, 1.0);
        let tone = 0.56 + 0.26 * (stains - 0.5) + 0.10 * (grit - 0.5) - 0.16 * pit;
        let damp = ((stains - 0.55) * 5.0).clamp(0.0, 1.0);
        Sample {
            color: [tone * (1.0 - 0.10 * damp), tone * (0.99 - 0.09 * damp), tone * (0.95 - 0.08 * damp)],
            roughness: 0.88 - 0.25 * damp,
            metallic: 0.0,
            height: 0.8 * grit - 2.2 * pit,
        }
    })
}

/// Painted steel that rusts through.
pub fn rust() -> Surface {
    surface(|u, v| {
        let patches = fbm(211, u, v, [4, 4], 4);
        let grit = fbm(251, u, v, [28, 28], 2);
        let bare = ((patches + 0.15 * (grit - 0.5) - 0.54) * 9.0).clamp(0.0, 1.0);
        let paint = [0.15 + 0.03 * (grit - 0.5), 0.27, 0.30];
        let deep = 0.21 + 0.24 * (grit - 0.35);
        let brown = [deep * 1.55, deep * 0.92, deep * 0.62];
        Sample {
            color: [0, 1, 2].map(|c| paint[c] + (brown[c] - paint[c]) * bare),
            roughness: 0.42 + 0.45 * bare + 0.1 * (grit - 0.5),
            metallic: 0.15 + 0.25 * bare,
            height: (0.3 + bare) * grit - 0.8 * bare,
        }
    })
}

fn surface(at: impl Fn(f64, f64) -> Sample) -> Surface {
    let samples: Vec<Sample> = (0..SIZE * SIZE)
        .map(|i| at(((i % SIZE) as f64 + 0.5) / SIZE as f64, ((i / SIZE) as f64 + 0.5) / SIZE as f64))
        .collect();
    let height = |x: usize, y: usize| samples[(y % SIZE) * SIZE + x % SIZE].height;
    let normals = (0..SIZE * SIZE).map(|i| {
        let (x, y) = (i % SIZE + SIZE, i / SIZE + SIZE);
        // Rows run down and the green of a normal map runs up.
        let dx = (height(x + 1, y) - height(x - 1, y)) * 0.5;
        let dy = (height(x, y - 1) - height(x, y + 1)) * 0.5;
        let length = (dx * dx + dy * dy + 1.0).sqrt();
        [-dx, -dy, 1.0].map(|c| 0.5 + 0.5 * c / length)
    });
    Surface {
        color: png(samples.iter().map(|s| s.color), 3),
        metallic_roughness: png(samples.iter().map(|s| [0.0, s.roughness, s.metallic]), 7),
        normal: png(normals, 3),
    }
}

/// An 8-bit RGB PNG. Values are rounded to steps, which keeps noise from filling the file; 128, the flat normal, is
/// one of them.
fn png(pixels: impl Iterator<Item = [f64; 3]>, step: i32) -> Vec<u8> {
    let quantised = |c: f64| {
        let level = 128 + ((c * 255.0 - 127.5) / f64::from(step)).round() as i32 * step;
        level.clamp(0, 255) as u8
    };
    let bytes: Vec<u8> = pixels.flat_map(|p| p.map(quantised)).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIZE as u32, SIZE as u32);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    // Writing to memory cannot fail, and the size of `bytes` is that of the header.
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&bytes));
    debug_assert!(written.is_ok());
    file
}

fn hash(seed: u64, x: i64, y: i64) -> f64 {
    let mut h = seed
        .wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add((x as u64).wrapping_mul(0xbf58_476d_1ce4_e5b9))
        .wrapping_add((y as u64).wrapping_mul(0x94d0_49bb_1331_11eb));
    h = (h ^ (h >> 31)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    h = (h ^ (h >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    ((h ^ (h >> 32)) >> 11) as f64 / (1u64 << 53) as f64
}

/// Value noise in 0..1 that repeats after 1 in both directions; `cells` per unit.
fn noise(seed: u64, u: f64, v: f64, cells: [i64; 2]) -> f64 {
    let (x, y) = (u * cells[0] as f64, v * cells[1] as f64);
    let (ix, iy) = (x.floor() as i64, y.floor() as i64);
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (fx, fy) = (ease(x - x.floor()), ease(y - y.floor()));
    let at = |dx: i64, dy: i64| hash(seed, (ix + dx).rem_euclid(cells[0]), (iy + dy).rem_euclid(cells[1]));
    let near = at(0, 0) + (at(1, 0) - at(0, 0)) * fx;
    let far = at(0, 1) + (at(1, 1) - at(0, 1)) * fx;
    near + (far - near) * fy
}

fn fbm(seed: u64, u: f64, v: f64, cells: [i64; 2], octaves: u32) -> f64 {
    let (mut sum, mut total, mut amplitude) = (0.0, 0.0, 1.0);
    for octave in 0..octaves {
        let cells = cells.map(|c| c << octave);
        sum += amplitude * noise(seed + u64::from(octave) * 7, u, v, cells);
        total += amplitude;
        amplitude *= 0.55;
    }
    sum / total
}
