//! Alias tables (Walker 1977; Vose 1991): a weighted pick in constant time.

/// The table of `weights` as (threshold, alias) pairs, and the probability of each entry. Weights that are not positive and finite
/// count as 0. `None` when nothing has weight.
pub(crate) fn alias_table(weights: &[f64]) -> Option<(Vec<(f32, u32)>, Vec<f64>)> {
    let clean = |w: f64| if w.is_finite() && w > 0.0 { w } else { 0.0 };
    let total: f64 = weights.iter().copied().map(clean).sum();
    if !(total > 0.0 && total.is_finite()) {
        return None;
    }
    let n = weights.len() as f64;
    let probability: Vec<f64> = weights.iter().map(|w| clean(*w) / total).collect();
    let mut scaled: Vec<f64> = probability.iter().map(|p| p * n).collect();
    let mut table: Vec<(f32, u32)> = (0..weights.len() as u32).map(|i| (1.0, i)).collect();
    let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..weights.len()).partition(|i| scaled[*i] < 1.0);
    while let (Some(s), Some(l)) = (small.pop(), large.last().copied()) {
        table[s] = (scaled[s] as f32, l as u32);
        scaled[l] -= 1.0 - scaled[s];
        if scaled[l] < 1.0 {
            large.pop();
            small.push(l);
        }
    }
    // What is left over is 1 up to rounding, unless its weight is 0: such an entry must never be kept.
    let heaviest = (0..weights.len()).max_by(|a, b| probability[*a].total_cmp(&probability[*b])).unwrap_or(0) as u32;
    for (i, entry) in table.iter_mut().enumerate() {
        if probability[i] == 0.0 && entry.1 as usize == i {
            *entry = (0.0, heaviest);
        }
    }
    Some((table, probability))
}

#[cfg(test)]
mod tests {
    use super::alias_table;

    #[test]
    fn the_table_gives_every_entry_its_probability() {
        for weights in [
            vec![1.0],
            vec![1.0, 2.0, 3.0, 0.0, 10.0],
            vec![0.0, 0.0, 1e-30],
            (0..1000).map(|i| f64::from(i % 7)).collect(),
        ] {
            let (table, probability) = alias_table(&weights).unwrap();
            let mut mass = vec![0.0f64; weights.len()];
            for (i, (keep, alias)) in table.iter().enumerate() {
                mass[i] += f64::from(*keep);
                mass[*alias as usize] += 1.0 - f64::from(*keep);
            }
            for (i, p) in probability.iter().enumerate() {
                assert!((mass[i] / weights.len() as f64 - p).abs() < 1e-7, "{i}: {} against {p}", mass[i]);
                assert!(*p > 0.0 || mass[i] == 0.0);
            }
        }
    }

    #[test]
    fn weights_that_are_no_numbers_count_nothing() {
        assert!(alias_table(&[f64::NAN, 0.0, -1.0]).is_none());
        assert!(alias_table(&[]).is_none());
        assert_eq!(alias_table(&[f64::NAN, 1.0]).unwrap().1, vec![0.0, 1.0]);
    }
}
