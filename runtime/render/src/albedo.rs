//! Tables of directional albedos of rough interfaces and of fuzz, which the build step made (`build.rs`).

use std::collections::HashMap;

use scenec_shaders::consts::{ALBEDO_CELLS, ALBEDO_COSINES, ALBEDO_ETAS, ALBEDO_ROUGHNESSES, ALBEDO_WORDS};

use crate::RenderError;
use crate::heap::Heap;

/// By interface, roughness and cosine: reflected and total from outside, reflected and total from inside.
static DIELECTRIC: &[u8; 4 * 4 * (ALBEDO_ETAS * ALBEDO_CELLS) as usize] =
    include_bytes!(concat!(env!("OUT_DIR"), "/dielectric.bin"));
static FUZZ: &[u8; 4 * ALBEDO_CELLS as usize] = include_bytes!(concat!(env!("OUT_DIR"), "/fuzz.bin"));

fn number(bytes: &[u8], at: usize) -> f32 {
    bytes.get(4 * at..4 * at + 4).and_then(|b| b.try_into().ok()).map_or(0.0, f32::from_le_bytes)
}

/// The table of one interface: pairs of reflected and total by roughness and cosine, then the means of the reflected.
/// `s` is |eta - 1| / (eta + 1) in 0..1. 1 is a mirror, whose second numbers are what it reflects times (1 - cos)^5.
fn interface(s: f32, inside: bool) -> Vec<f32> {
    let (first, shares) = cubic(s.clamp(0.0, 1.0).sqrt());
    let cells = ALBEDO_CELLS as usize;
    let side = if inside { 2 } else { 0 };
    let mut table = Vec::with_capacity(ALBEDO_WORDS as usize);
    for cell in 0..cells {
        let mut pair = [0, 1].map(|kind| {
            // The second numbers of the mirror mean something else, and nothing passes it.
            let of = |k: usize| {
                let mirror = first + k + 1 == ALBEDO_ETAS as usize;
                let kind = if mirror && s < 1.0 { 0 } else { kind };
                number(DIELECTRIC, 4 * ((first + k) * cells + cell) + side + kind)
            };
            shares.iter().enumerate().map(|(k, share)| of(k) * share).sum::<f32>().clamp(0.0, 1.0)
        });
        if s < 1.0 {
            pair[1] = pair[1].max(pair[0]);
        }
        table.extend(pair);
    }
    for row in 0..ALBEDO_ROUGHNESSES as usize {
        let cosines = ALBEDO_COSINES as usize;
        let reflected: Vec<f64> = (0..cosines).map(|c| f64::from(table[2 * (row * cosines + c)])).collect();
        table.push(hemisphere_mean(&reflected) as f32);
    }
    table
}

/// The first of four nodes around `x` in 0..1 and their shares by Lagrange's polynomial.
fn cubic(x: f32) -> (usize, [f32; 4]) {
    let at = x * (ALBEDO_ETAS - 1) as f32;
    let first = (at as usize).saturating_sub(1).min(ALBEDO_ETAS as usize - 4);
    let t = at - first as f32;
    let share = |k: usize| (0..4).filter(|j| *j != k).map(|j| (t - j as f32) / (k as f32 - j as f32)).product::<f32>();
    (first, [0, 1, 2, 3].map(share))
}

/// 2 * integral of E(c) c dc over 0..1 for E linear between values at equally spaced square roots of c: exact for what the
/// kernels interpolate.
fn hemisphere_mean(values: &[f64]) -> f64 {
    let h = 1.0 / (values.len() - 1) as f64;
    let mut sum = 0.0;
    for (i, pair) in values.windows(2).enumerate() {
        // c = t^2, so it is 4 * integral of E t^3 dt, and E = a + b t here.
        let (t0, t1) = (i as f64 * h, (i + 1) as f64 * h);
        let b = (pair[1] - pair[0]) / h;
        let a = pair[0] - b * t0;
        sum += a * (t1.powi(4) - t0.powi(4)) + 0.8 * b * (t1.powi(5) - t0.powi(5));
    }
    sum
}

/// The tables of one scene, each once.
#[derive(Default)]
pub(crate) struct Albedos {
    interfaces: HashMap<(u32, bool), u32>,
}

impl Albedos {
    /// Heap word of the table of an interface from outside; if `both`, that from inside stands behind it.
    pub(crate) fn interface(&mut self, heap: &mut Heap, eta: f32, both: bool) -> Result<u32, RenderError> {
        if let Some(word) = self.interfaces.get(&(eta.to_bits(), both)) {
            return Ok(*word);
        }
        let s = (eta - 1.0).abs() / (eta + 1.0);
        let word = heap.put_floats(interface(s, false).into_iter())?;
        if both {
            heap.put_floats(interface(s, true).into_iter())?;
        }
        self.interfaces.insert((eta.to_bits(), both), word);
        Ok(word)
    }
}

/// Heap word of the table of a mirror.
pub(crate) fn put_mirror(heap: &mut Heap) -> Result<u32, RenderError> {
    heap.put_floats(interface(1.0, false).into_iter())
}

/// Heap word of the table of fuzz.
pub(crate) fn put_fuzz(heap: &mut Heap) -> Result<u32, RenderError> {
    heap.put_floats((0..ALBEDO_CELLS as usize).map(|i| number(FUZZ, i)))
}

/// Heap word of the tables of all interfaces that are kept, each from outside and from inside.
pub(crate) fn put_interfaces(heap: &mut Heap) -> Result<u32, RenderError> {
    let mut all = Vec::new();
    for node in 0..ALBEDO_ETAS {
        let root = node as f32 / (ALBEDO_ETAS - 1) as f32;
        let s = root * root;
        all.extend(interface(s, false));
        all.extend(interface(s, true));
    }
    heap.put_floats(all.into_iter())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mean_of_a_constant_and_of_the_root_of_the_cosine() {
        assert!((hemisphere_mean(&[1.0; 9]) - 1.0).abs() < 1e-12);
        let roots: Vec<f64> = (0..9).map(|i| f64::from(i) / 8.0).collect();
        assert!((hemisphere_mean(&roots) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn no_albedo_is_above_one_and_smooth_interfaces_lose_nothing() {
        for s in [0.0, 0.1, 0.2, 0.5, 1.0] {
            for inside in [false, true] {
                let table = interface(s, inside);
                let pairs = &table[..2 * ALBEDO_CELLS as usize];
                for pair in pairs.chunks(2) {
                    let ordered = if s < 1.0 { pair[0] <= pair[1] + 1e-6 } else { pair[1] <= pair[0] };
                    assert!(pair[0] >= 0.0 && ordered && pair[1] <= 1.0005, "{pair:?}");
                }
                let head_on = &table[2 * (ALBEDO_COSINES as usize - 1)..][..2];
                assert!(
                    (head_on[0] - s * s).abs() < 2e-3 && (head_on[1] - if s < 1.0 { 1.0 } else { 0.0 }).abs() < 1e-3,
                    "{s} {head_on:?}"
                );
            }
        }
    }

    /// Of GGX with alpha 1 seen head on: integral of c / (1 + c) over 0..1.
    #[test]
    fn the_roughest_mirror_head_on_is_in_closed_form() {
        let table = interface(1.0, false);
        let last = table[2 * (ALBEDO_CELLS as usize - 1)];
        assert!((f64::from(last) - (1.0 - 2f64.ln())).abs() < 1e-3, "{last}");
    }
}
