//! Computes the tables of directional albedos that energy compensation reads (`albedo.rs`, `bsdf.wgsl`).
//!
//! Nothing but + - * / and square roots enters them, which IEEE 754 defines to the last bit: every machine makes the same.

use std::path::PathBuf;
use std::{env, fs, io, thread};

/// Nodes of each axis; `albedo.rs` and `bsdf.wgsl` know them too.
const ETAS: usize = 16;
const ROUGHNESSES: usize = 24;
const COSINES: usize = 32;
/// Samples of each integral, on a lattice that fits a square.
const SAMPLES: u32 = 610;
const SAMPLES_BEFORE: usize = 377;
const FUZZ_SAMPLES: u32 = 2584;
const FUZZ_SAMPLES_BEFORE: usize = 1597;
/// `ALPHA_MIN` of bsdf.wgsl.
const ALPHA_MIN: f64 = 0.0002;
/// `FUZZ_ALPHA_MIN` of bsdf.wgsl.
const FUZZ_ALPHA_MIN: f64 = 9.0 / 529.0;
const PI: f64 = std::f64::consts::PI;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    let (turns, fuzz_turns) = (circle(SAMPLES), circle(FUZZ_SAMPLES));
    let rows: Vec<[Vec<u8>; 2]> = thread::scope(|scope| {
        let (turns, fuzz_turns) = (&turns, &fuzz_turns);
        let layer = move |i| if i < ETAS { layer(i, turns) } else { Vec::new() };
        let fuzz = move |i| if i < ROUGHNESSES { fuzz(i, fuzz_turns) } else { Vec::new() };
        let tasks: Vec<_> = (0..ETAS.max(ROUGHNESSES)).map(|i| scope.spawn(move || [layer(i), fuzz(i)])).collect();
        tasks.into_iter().map(|t| t.join().unwrap_or_default()).collect()
    });
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let join = |kind: usize| rows.iter().flat_map(|r| r[kind].iter().copied()).collect::<Vec<u8>>();
    fs::write(out.join("dielectric.bin"), join(0))?;
    fs::write(out.join("fuzz.bin"), join(1))
}

/// (cos, sin) of `count` equal turns, by rotation.
fn circle(count: u32) -> Vec<(f64, f64)> {
    // sin and cos of 2 pi / count from their series.
    let x = 2.0 * PI / f64::from(count);
    let (mut sin, mut cos, mut term) = (0.0, 0.0, 1.0);
    for n in 0..24u32 {
        match n % 4 {
            0 => cos += term,
            1 => sin += term,
            2 => cos -= term,
            _ => sin -= term,
        }
        term *= x / f64::from(n + 1);
    }
    let mut at = (1.0f64, 0.0f64);
    (0..count)
        .map(|_| {
            let now = at;
            at = (at.0 * cos - at.1 * sin, at.0 * sin + at.1 * cos);
            let length = (at.0 * at.0 + at.1 * at.1).sqrt();
            at = (at.0 / length, at.1 / length);
            now
        })
        .collect()
}

fn cosine(node: usize) -> f64 {
    let root = (node as f64 / (COSINES - 1) as f64).max(0.02);
    root * root
}

fn roughness(node: usize) -> f64 {
    node as f64 / (ROUGHNESSES - 1) as f64
}

/// Reflectance of a smooth dielectric whose far side has `eta` times the index of the near one; `None`: of a mirror.
fn fresnel(cos: f64, eta: Option<f64>) -> f64 {
    let Some(eta) = eta else { return 1.0 };
    let g2 = eta * eta - 1.0 + cos * cos;
    if g2 <= 0.0 {
        return 1.0;
    }
    let g = g2.sqrt();
    let a = (g - cos) / (g + cos);
    let b = (cos * (g + cos) - 1.0) / (cos * (g - cos) + 1.0);
    (0.5 * a * a * (1.0 + b * b)).min(1.0)
}

/// Of one index of refraction, for each roughness and cosine: what a rough dielectric reflects and what it reflects and lets
/// through, seen from outside and from inside; of a mirror what it reflects, and that times (1 - cos)^5. GGX with height-correlated shadowing, single scattering.
fn layer(node: usize, circle: &[(f64, f64)]) -> Vec<u8> {
    let root = node as f64 / (ETAS - 1) as f64;
    let s = root * root;
    let outside = (node + 1 < ETAS).then(|| (1.0 + s) / (1.0 - s));
    let inside = outside.map(|eta| 1.0 / eta);
    let mut out = Vec::new();
    for r in 0..ROUGHNESSES {
        let alpha = (roughness(r) * roughness(r)).max(ALPHA_MIN);
        for c in 0..COSINES {
            let mut sums = [0.0f64; 4];
            let z = cosine(c);
            let wo = [(1.0 - z * z).max(0.0).sqrt(), 0.0, z];
            for i in 0..circle.len() {
                // The lattice of (i / F(n), i F(n - 1) / F(n) mod 1) with Fibonacci numbers F.
                let u = (i as f64 + 0.5) / circle.len() as f64;
                let turn = circle[(i * SAMPLES_BEFORE) % circle.len()];
                let h = visible_normal(wo, alpha, u, turn);
                let co = wo[0] * h[0] + wo[2] * h[2];
                if co <= 0.0 {
                    continue;
                }
                if outside.is_none() {
                    // Of a mirror, the part that Schlick's power weighs stands for the total.
                    let wi = 2.0 * co * h[2] - z;
                    let kept = if wi > 0.0 { shadowing(z, wi, alpha) } else { 0.0 };
                    let c = 1.0 - co;
                    let schlick = kept * (c * c) * (c * c) * c;
                    for (sum, part) in sums.iter_mut().zip([kept, schlick, kept, schlick]) {
                        *sum += part;
                    }
                    continue;
                }
                for (k, eta) in [outside, inside].into_iter().enumerate() {
                    let f = fresnel(co, eta);
                    let wi = 2.0 * co * h[2] - z;
                    let back = if wi > 0.0 { f * shadowing(z, wi, alpha) } else { 0.0 };
                    let mut through = 0.0;
                    if f < 1.0
                        && let Some(eta) = eta
                    {
                        // Refraction: wi = -wo / eta + (co / eta - ci) h.
                        let ci = (1.0 - (1.0 - co * co) / (eta * eta)).max(0.0).sqrt();
                        let wi = z / eta - (co / eta - ci) * h[2];
                        through = if wi > 0.0 { (1.0 - f) * shadowing(z, wi, alpha) } else { 0.0 };
                    }
                    sums[2 * k] += back;
                    sums[2 * k + 1] += back + through;
                }
            }
            for sum in sums {
                out.extend(((sum / circle.len() as f64) as f32).to_le_bytes());
            }
        }
    }
    out
}

/// A normal of those that `wo` sees, by the cap of a sphere (Dupuy and Benyoub 2023).
fn visible_normal(wo: [f64; 3], alpha: f64, u: f64, turn: (f64, f64)) -> [f64; 3] {
    let unit = |v: [f64; 3]| {
        let length = (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt();
        v.map(|x| x / length)
    };
    let s = unit([wo[0] * alpha, wo[1] * alpha, wo[2]]);
    let z = (1.0 - u) * (1.0 + s[2]) - s[2];
    let r = (1.0 - z * z).max(0.0).sqrt();
    unit([(r * turn.0 + s[0]) * alpha, (r * turn.1 + s[1]) * alpha, (z + s[2]).max(1e-12)])
}

/// G2 / G1 of Smith's shadowing, height-correlated (Heitz 2014, eq. 99).
fn shadowing(o: f64, i: f64, alpha: f64) -> f64 {
    let a2 = alpha * alpha;
    let lambda = |c: f64| 0.5 * ((1.0 + a2 * (1.0 - c * c) / (c * c)).sqrt() - 1.0);
    (1.0 + lambda(o)) / (1.0 + lambda(o) + lambda(i))
}

/// Of one roughness, for each cosine: what the fuzz of bsdf.wgsl reflects when it is white (Estevez and Kulla 2017).
fn fuzz(node: usize, circle: &[(f64, f64)]) -> Vec<u8> {
    let r = roughness(node);
    let alpha = (r * r).max(FUZZ_ALPHA_MIN);
    let mut out = Vec::new();
    for c in 0..COSINES {
        let z = cosine(c);
        let x = (1.0 - z * z).max(0.0).sqrt();
        let mut sum = 0.0;
        for i in 0..circle.len() {
            let ci = (i as f64 + 0.5) / circle.len() as f64;
            let turn = circle[(i * FUZZ_SAMPLES_BEFORE) % circle.len()];
            let si = (1.0 - ci * ci).sqrt();
            let h = [x + si * turn.0, si * turn.1, z + ci];
            let sin2 = (h[0] * h[0] + h[1] * h[1]) / (h[0] * h[0] + h[1] * h[1] + h[2] * h[2]);
            let d = (2.0 + 1.0 / alpha) * exp(0.5 / alpha * ln(sin2.max(1e-12))) / (2.0 * PI);
            let v = 1.0 / ((1.0 + fuzz_lambda(z, alpha) + fuzz_lambda(ci, alpha)) * 4.0 * z * ci);
            sum += d * v * ci;
        }
        out.extend(((sum * 2.0 * PI / circle.len() as f64) as f32).to_le_bytes());
    }
    out
}

/// Estevez and Kulla 2017, table 1 and the terminator of section 4.
fn fuzz_lambda(cos: f64, alpha: f64) -> f64 {
    let rough = (1.0 - alpha) * (1.0 - alpha);
    let mix = |a: f64, b: f64| a + (b - a) * rough;
    let [a, b, c, d, e] = [
        mix(21.5473, 25.3245),
        mix(3.82987, 3.32435),
        mix(0.19823, 0.16801),
        mix(-1.97760, -1.27393),
        mix(-4.32054, -4.85967),
    ];
    let l = |x: f64| a / (1.0 + b * exp(c * ln(x))) + d * x + e;
    exp(if cos < 0.5 { l(cos) } else { 2.0 * l(0.5) - l((1.0 - cos).max(1e-12)) })
}

/// e^x by halving and its series.
fn exp(x: f64) -> f64 {
    if x < -700.0 {
        return 0.0;
    }
    let (small, mut sum, mut term) = (x / 1024.0, 0.0, 1.0);
    for n in 1..16u32 {
        sum += term;
        term *= small / f64::from(n);
    }
    (0..10).fold(sum, |e, _| e * e)
}

/// ln x for normal x above 0: the exponent, and 2 artanh((m - 1) / (m + 1)) of the mantissa.
fn ln(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = ((bits >> 52) & 0x7ff) as i32 - 1023;
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    let t = (m - 1.0) / (m + 1.0);
    let (mut sum, mut power) = (0.0, t);
    for n in (1..40u32).step_by(2) {
        sum += power / f64::from(n);
        power *= t * t;
    }
    2.0 * sum + f64::from(exponent) * std::f64::consts::LN_2
}
