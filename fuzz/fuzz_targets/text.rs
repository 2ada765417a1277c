//! Changes to programs, piece by piece: libFuzzer's own mostly spoil a word.

use std::sync::OnceLock;

use libfuzzer_sys::fuzzer_mutate;
use scenec_grammar::words::{ITEMS, NEVER_NAMES, RESERVED};

/// Deletes, doubles, replaces and swaps pieces of the text in `data[..size]`; gives its new size.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut state = u64::from(seed) | 1 << 32;
    let mut below = |n: usize| {
        // xorshift64* (Vigna 2016).
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n.max(1)
    };
    if below(4) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let text = String::from_utf8_lossy(&data[..size]).into_owned();
    let mut pieces = split(&text);
    for _ in 0..1 + below(4) {
        let (at, other) = (below(pieces.len()), below(pieces.len()));
        let word = &words()[below(words().len())];
        match below(5) {
            _ if pieces.is_empty() => pieces.push(word),
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(at, word),
            2 => pieces[at] = word,
            3 => pieces.swap(at, other),
            _ => {
                let copy = pieces[other..(other + 1 + below(12)).min(pieces.len())].to_vec();
                pieces.splice(at..at, copy);
            }
        }
    }
    let text = pieces.concat();
    let size = text.len().min(max_size);
    data[..size].copy_from_slice(&text.as_bytes()[..size]);
    size
}

fn split(text: &str) -> Vec<&str> {
    text.split_inclusive(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

/// Pieces of the examples of all nodes, which together show most of the language, and what they lack.
fn words() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        let examples = scenec_ir::nodes::all().iter().flat_map(|node| split(node.example));
        let keywords = ITEMS.iter().chain(&RESERVED).chain(&NEVER_NAMES).copied();
        let rest =
            ["\n", "\"", "'", "“", "”", "//", "/*", "*/", "|>", "..", "24fps", "5000K", "1e999", "#ff8000", "\\"];
        let mut words: Vec<String> = examples.chain(keywords).chain(rest).map(str::to_owned).collect();
        words.sort();
        words.dedup();
        words
    })
}
