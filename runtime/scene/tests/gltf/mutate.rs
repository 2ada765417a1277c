//! Seeded changes to files.

use serde_json::{Value, json};

use crate::glb::glb;

/// SplitMix64 (Steele, Lea, Flood 2014).
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// What is changed: bytes, values of the JSON, or first these and then those.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    Bytes,
    Json,
    Both,
}

pub fn change(random: &mut Random, kind: Change, bytes: &mut Vec<u8>) {
    if kind != Change::Bytes {
        mutate_json(random, bytes);
    }
    if kind != Change::Json {
        mutate_bytes(random, bytes);
    }
}

fn mutate_bytes(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            return;
        }
        // Of binary files, rather the data at the end than the JSON, where most changes only break the syntax.
        let binary = bytes.starts_with(b"glTF") && random.below(4) > 0;
        let start = if binary { bytes.len() * 3 / 4 } else { 0 };
        let at = start + random.below(bytes.len() - start);
        let end = (at + 1 + random.below(16)).min(bytes.len());
        match random.below(12) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => {
                let copy = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            3..6 => bytes[at] = random.next() as u8,
            6..9 => bytes[at] ^= 1 << random.below(8),
            _ => {
                let special = [0_u32, u32::MAX, 0x7F80_0000, 0x7FC0_0000, 0x8000_0000, 1, 0x7F7F_FFFF, 0x3F80_0000];
                let word = special[random.below(special.len())].to_le_bytes();
                for (byte, new) in bytes[at..].iter_mut().zip(word) {
                    *byte = new;
                }
            }
        }
    }
}

/// Takes a file apart into its JSON and binary chunk, changes values, and puts it together again.
fn mutate_json(random: &mut Random, bytes: &mut Vec<u8>) {
    let word = |at: usize| bytes.get(at..at + 4).map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]) as usize);
    let (text, bin) = match (bytes.starts_with(b"glTF"), word(12)) {
        (true, Some(length)) if bytes.len() >= 20 + length => {
            (&bytes[20..20 + length], bytes.get(28 + length..).map(<[u8]>::to_vec))
        }
        (true, _) => return,
        (false, _) => (bytes.as_slice(), None),
    };
    let Ok(mut root) = serde_json::from_slice::<Value>(text) else { return };
    let changes = [1, 1, 1, 2, 3][random.below(5)];
    for _ in 0..changes {
        // The same random numbers lead to the same place twice.
        let way = random.next();
        let old = pick(&mut Random(way), &mut root).clone();
        *pick(&mut Random(way), &mut root) = match (old.as_f64(), random.below(4)) {
            (Some(number), 1..) => tweak(random, number),
            // What has another type than before mostly fails while the JSON is read: rather a value of this type from elsewhere.
            (None, 1..) => alike(random, &mut root, &old).unwrap_or_else(|| any_value(random)),
            (_, _) => any_value(random),
        };
        if let Value::Array(values) = pick(random, &mut root) {
            match random.below(12) {
                0 => drop(values.pop()),
                1 if !values.is_empty() => values.push(values[random.below(values.len())].clone()),
                2 => values.reverse(),
                _ => {}
            }
        }
    }
    let text = serde_json::to_vec(&root).unwrap();
    *bytes = match bin {
        Some(bin) => glb(&text, &bin),
        None => text,
    };
}

fn any_value(random: &mut Random) -> Value {
    match random.below(10) {
        0 => Value::Null,
        1 => json!(random.below(12)),
        2 => json!(random.next()),
        3 => json!(-(random.below(5) as i64)),
        4 => json!([0.0, 1e-40, -1e38, 1e38, 1e300, 0.5][random.below(6)]),
        5 => json!([1 << 31, 1_u64 << 32, (1_u64 << 32) - 1, 1 << 24, 65535][random.below(5)]),
        6 => json!(["", "VEC3", "SCALAR", "data:,", "STEP", "CUBICSPLINE", "weights", "BLEND"][random.below(8)]),
        7 => json!([]),
        8 => json!({}),
        _ => json!([0, 1, 2]),
    }
}

/// A value of the same type and another content.
fn alike(random: &mut Random, root: &mut Value, old: &Value) -> Option<Value> {
    let same = |new: &Value| std::mem::discriminant(new) == std::mem::discriminant(old) && new != old;
    (0..32).map(|_| pick(random, root).clone()).find(same)
}

/// A number near this one: most checks stand at the edge between good and bad.
fn tweak(random: &mut Random, number: f64) -> Value {
    let changed = match random.below(6) {
        0 => number + 1.0,
        1 => number - 1.0,
        2 => number * 2.0,
        3 => number / 2.0,
        4 => number + random.below(16) as f64,
        _ => 0.0,
    };
    if changed.fract() == 0.0 && changed >= 0.0 { json!(changed as u64) } else { json!(changed) }
}

/// A random place: goes down a random way and stops at a random depth.
fn pick<'a>(random: &mut Random, value: &'a mut Value) -> &'a mut Value {
    let mut at = value;
    for depth in 0.. {
        let stop = depth > 0 && random.below(16) == 0;
        let count = match &*at {
            Value::Array(values) => values.len(),
            Value::Object(values) => values.len(),
            _ => 0,
        };
        if stop || count == 0 {
            break;
        }
        let child = random.below(count);
        at = match at {
            Value::Array(values) => &mut values[child],
            Value::Object(values) => values.iter_mut().nth(child).unwrap().1,
            _ => unreachable!("it has children"),
        };
    }
    at
}
