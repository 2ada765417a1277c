//! Seeded gradient noise in the plane. It uses only additions, multiplications and integer hashes, which IEEE 754
//! defines to the bit, so a height is the same number on every machine.

use super::random::mix;

/// Gradients of unit length, 22.5° apart and 11.25° off the axes, so that no lattice direction stands out.
const GRADIENTS: [[f64; 2]; 16] = {
    // cos and sin of 11.25°, 33.75°, 56.25°, 78.75°.
    const A: f64 = 0.980_785_280_403_230_4;
    const B: f64 = 0.831_469_612_302_545_2;
    const C: f64 = 0.555_570_233_019_602_2;
    const D: f64 = 0.195_090_322_016_128_27;
    [
        [A, D],
        [B, C],
        [C, B],
        [D, A],
        [-D, A],
        [-C, B],
        [-B, C],
        [-A, D],
        [-A, -D],
        [-B, -C],
        [-C, -B],
        [-D, -A],
        [D, -A],
        [C, -B],
        [B, -C],
        [A, -D],
    ]
};

/// Gradient noise in -1..1 (Perlin, "Improving Noise", 2002, with hashed gradients).
///
/// With unit gradients the raw value is below sqrt(1/2) in two dimensions; the factor stretches it to 1.
pub(super) fn gradient_noise(seed: u64, x: f64, z: f64) -> f64 {
    let (cell_x, cell_z) = (x.floor(), z.floor());
    let (fx, fz) = (x - cell_x, z - cell_z);
    let (ix, iz) = (cell_x as i64, cell_z as i64);
    let corner = |dx: i64, dz: i64| {
        let hash = mix(seed ^ mix((ix.wrapping_add(dx) as u64) ^ mix(iz.wrapping_add(dz) as u64)));
        let [gx, gz] = GRADIENTS[(hash >> 60) as usize];
        gx * (fx - dx as f64) + gz * (fz - dz as f64)
    };
    let (u, v) = (fade(fx), fade(fz));
    let near = lerp(corner(0, 0), corner(1, 0), u);
    let far = lerp(corner(0, 1), corner(1, 1), u);
    (lerp(near, far, v) * std::f64::consts::SQRT_2).clamp(-1.0, 1.0)
}

/// Octaves of gradient noise, normalised to -1..1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fractal {
    pub seed: u64,
    pub octaves: u32,
    /// Amplitude of an octave against the one before.
    pub gain: f64,
    /// 0 rolling hills .. 1 sharp ridges.
    pub ridges: f64,
}

impl Fractal {
    /// Value in -1..1 at a point in units of the largest feature. Each octave is twice as fine and turned, so that
    /// the lattices do not line up (Musgrave, "Texturing and Modeling", 2003, ch. 16).
    pub fn at(&self, x: f64, z: f64) -> f64 {
        // A turn by the angle of the 3-4-5 triangle, times 2: exact enough to be stable, never a multiple of 90°.
        const COS: f64 = 1.2;
        const SIN: f64 = 1.6;
        let (mut x, mut z) = (x + 0.371, z - 0.183);
        let (mut sum, mut total, mut amplitude) = (0.0, 0.0, 1.0);
        let mut weight = 1.0;
        for octave in 0..u64::from(self.octaves) {
            let hills = gradient_noise(mix(self.seed.wrapping_add(octave.wrapping_mul(0x9e37_79b9_7f4a_7c15))), x, z);
            // A ridge is the crease of |noise|, turned up; detail grows on ridges and dies in valleys.
            let crest = 1.0 - hills.abs();
            let ridge = crest * crest * weight;
            weight = (ridge * 2.0).min(1.0);
            let value = lerp(hills, 2.0 * ridge - 1.0, self.ridges);
            sum += value * amplitude;
            total += amplitude;
            amplitude *= self.gain;
            (x, z) = (COS * x - SIN * z, SIN * x + COS * z);
        }
        sum / total
    }
}

fn fade(t: f64) -> f64 {
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

fn lerp(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}
