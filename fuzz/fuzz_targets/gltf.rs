//! Any bytes as a glTF file: an error, or geometry that holds together. The changes to files are those of the seeded test.
#![no_main]

#[path = "../../runtime/scene/tests/gltf/exercise.rs"]
mod exercise;
#[path = "../../runtime/scene/tests/gltf/glb.rs"]
mod glb;
#[path = "../../runtime/scene/tests/gltf/mutate.rs"]
mod mutate;

use exercise::{Depth, exercise};
use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use mutate::{Change, Random, change};

fuzz_target!(|data: &[u8]| {
    let outcome = exercise(data);
    assert_eq!(outcome.signature.is_empty(), outcome.depth == Depth::Built);
    assert!(outcome.depth > Depth::Refused || outcome.parts.iter().all(|built| !built), "built of what was refused");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let mut random = Random(seed.into());
    // libFuzzer finds what the seeded changes do not think of, but its own rarely leave a file readable.
    if random.below(4) == 0 {
        return fuzzer_mutate(data, size, max_size);
    }
    let mut bytes = data[..size].to_vec();
    let kind = [Change::Bytes, Change::Json, Change::Json, Change::Both][random.below(4)];
    change(&mut random, kind, &mut bytes);
    let size = bytes.len().min(max_size);
    data[..size].copy_from_slice(&bytes[..size]);
    size
});
