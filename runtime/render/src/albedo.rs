//! The table of directional albedos of the GGX lobe, made by its own kernel once per process.

use std::sync::OnceLock;

use rayon::prelude::*;
use scenec_shaders::consts::ALBEDO_SIZE;
use scenec_shaders::kernels::albedo;
use scenec_shaders::prelude::{Isa, LoopGuard, ReadArray, WriteArray};
use scenec_shaders::types::SceneInfo;

use crate::RenderError;

/// `ALBEDO_SIZE` rows of growing roughness with `ALBEDO_SIZE` growing cosines each, then one mean over the hemisphere per
/// row: pairs of (factor of f0, factor of f90).
pub(crate) fn albedo_table() -> Result<&'static [f32], RenderError> {
    static TABLE: OnceLock<Result<Vec<f32>, String>> = OnceLock::new();
    // Not computed inside of `get_or_init`: a thread that waits for it could be the one that the computation needs.
    let table = match TABLE.get() {
        Some(table) => table,
        None => {
            let table = compute();
            TABLE.get_or_init(|| table)
        }
    };
    table.as_deref().map_err(|reason| RenderError::Kernel { kernel: "albedo", reason: reason.clone() })
}

fn compute() -> Result<Vec<f32>, String> {
    let size = ALBEDO_SIZE as usize;
    let (isa, guard) = (Isa::detect(), LoopGuard::default());
    let mut table = vec![0.0f32; 2 * size * size];
    // One row per task: the kernel computes cell `first + i` into element i of its own row.
    table.par_chunks_mut(2 * size).enumerate().try_for_each(|(row, out)| {
        let mut whole = vec![0.0f32; 2 * size * size];
        let b = albedo::Bindings {
            guard: &guard,
            info: SceneInfo::ZERO,
            heap: ReadArray::new(&[0u32]).map_err(|e| e.to_string())?,
            albedo_out: WriteArray::new(&mut whole).map_err(|e| e.to_string())?,
        };
        let first = (row * size) as u32;
        albedo::albedo(isa, &b, first..first + ALBEDO_SIZE);
        out.copy_from_slice(&whole[2 * row * size..2 * (row + 1) * size]);
        Ok::<(), String>(())
    })?;
    for row in 0..size {
        let cells = &table[2 * row * size..2 * (row + 1) * size];
        let mean = [0, 1].map(|k| hemisphere_mean(cells.iter().skip(k).step_by(2).map(|x| f64::from(*x))) as f32);
        table.extend(mean);
    }
    Ok(table)
}

/// 2 * integral of E(c) c dc over 0..1 for E linear between equally spaced values: exact for what the kernels interpolate.
fn hemisphere_mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let h = 1.0 / (values.len() - 1) as f64;
    let values: Vec<f64> = values.collect();
    let mut sum = 0.0;
    for (i, pair) in values.windows(2).enumerate() {
        let (a, b, c) = (pair[0], pair[1], i as f64 * h);
        // Integral of (a + (b - a) s) (c + h s) h ds over 0..1.
        sum += h * (a * c + 0.5 * (a * h + (b - a) * c) + (b - a) * h / 3.0);
    }
    2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::{albedo_table, hemisphere_mean};
    use scenec_shaders::consts::ALBEDO_SIZE;

    #[test]
    fn mean_of_a_constant_and_of_the_cosine() {
        assert!((hemisphere_mean([1.0; 9].into_iter()) - 1.0).abs() < 1e-12);
        assert!((hemisphere_mean((0..9).map(|i| f64::from(i) / 8.0)) - 2.0 / 3.0).abs() < 1e-12);
    }

    #[test]
    fn no_albedo_is_above_one_and_a_mirror_keeps_all() {
        let table = albedo_table().unwrap();
        for pair in table.chunks(2) {
            assert!(pair[0] >= -1e-6 && pair[1] >= -1e-6 && pair[0] + pair[1] <= 1.0005, "{pair:?}");
        }
        // Roughness 0, head on: everything is reflected, none of it at grazing angles.
        let head_on = &table[2 * (ALBEDO_SIZE as usize - 1)..][..2];
        assert!((head_on[0] - 1.0).abs() < 2e-3 && head_on[1].abs() < 1e-3, "{head_on:?}");
    }
}
