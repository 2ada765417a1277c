//! Seeded mutation of valid files: whatever the bytes, an answer comes back, in bounded time, without a panic.
//!
//! `SCENEC_FUZZ_SECONDS=600 cargo test -p scenec-scene --test gltf fuzz` runs longer, from a seed in `SCENEC_FUZZ_SEED`;
//! `SCENEC_FUZZ_KEEP=DIR` writes the first small input of every kind of error found. Inputs kept so are in
//! `tests/data/corpus` and are both seeds and regression tests.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use scenec_scene::gltf::{Document, Pose, Root, Select};
use serde_json::{Value, json};

use crate::support::{Builder, glb, no_files};

const CASES: usize = 12_000;
/// Far above what any case takes, since other tests share the machine.
const LONGEST: Duration = Duration::from_secs(20);

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Uses everything a document offers; gives a signature of the first error.
fn exercise(bytes: &[u8]) -> String {
    let document = match Document::load("fuzz", bytes, &no_files) {
        Ok(document) => document,
        Err(error) => return signature(&error),
    };
    let index = document.index();
    let mut first = None;
    let mut note = |error: Option<scenec_ir::asset::AssetError>| first = first.take().or(error);
    note(document.instances(&Select::default(), "a").err());
    note(document.lights(None).err());
    note(document.cameras(None).err());
    for clip in index.clips.iter().take(3) {
        for time_s in [-1.0, 0.3, clip.duration_s] {
            let pose = Some(Pose { clip: &clip.name, time_s, looped: time_s < 0.0 });
            let instances = document.instances(&Select { pose, ..Select::default() }, "");
            if let Ok(instances) = &instances {
                let finite = |p: &[f32; 3]| p.iter().all(|c| c.is_finite());
                assert!(
                    instances.iter().all(|i| i.world_from_object.is_finite() && i.mesh.positions.iter().all(finite))
                );
            }
            note(instances.err());
            note(document.cameras(pose.as_ref()).err());
        }
    }
    let morph: Vec<(&str, f32)> = index.morph_targets.iter().take(3).map(|t| (t.as_str(), 0.5)).collect();
    for variant in index.variants.iter().take(2) {
        note(document.instances(&Select { variant: Some(variant), morph: &morph, ..Select::default() }, "").err());
    }
    let roots = index.nodes.iter().take(3).map(|n| Root::Node(n));
    let roots = roots.chain(index.skins.iter().take(2).map(|s| Root::Skin(&s.name)));
    for root in roots.chain(index.meshes.iter().take(2).map(|m| Root::Mesh(m))) {
        note(document.instances(&Select { root, ..Select::default() }, "").err());
    }
    for instance in document.instances(&Select::default(), "").unwrap_or_default() {
        let mesh = &instance.mesh;
        let vertices = mesh.positions.len();
        assert!(mesh.triangles.iter().flatten().all(|&v| (v as usize) < vertices));
        for length in [mesh.normals.len(), mesh.tangents.len(), mesh.uv0.len(), mesh.uv1.len(), mesh.colors.len()] {
            assert!(length == 0 || length == vertices);
        }
    }
    first.map_or_else(String::new, |error| signature(&error))
}

/// Code, field and message without numbers: errors with equal signatures come from one place in the code.
fn signature(error: &scenec_ir::asset::AssetError) -> String {
    assert!(!error.message.is_empty() && error.message.len() < 4_000);
    let quoted = error.message.split(['"', '`']).step_by(2).collect::<String>();
    let field = error.pointer.rsplit('/').next().unwrap_or_default();
    // Syntax errors differ in every detail and say little about the importer.
    let field = if error.code == "E0502" { "" } else { field };
    let text = format!("{} {field} {quoted}", error.code);
    text.chars().filter(|c| !c.is_ascii_digit()).take(48).collect()
}

fn seeds() -> Vec<Vec<u8>> {
    let rich = crate::bad::rich();
    let mut seeds = vec![serde_json::to_vec(&rich).unwrap()];
    // The same with its data in the binary chunk, so that mutations hit floats and not base64.
    let mut b = Builder::default();
    let position = b.f32s(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [1.0, 1.0, 0.5]]);
    let normal = b.f32s(&[[0.0, 0.0, 1.0]; 4]);
    let uv = b.u16s(&[[0, 0], [65535, 0], [0, 65535], [65535, 65535]]);
    b.accessors[uv]["normalized"] = true.into();
    let color = b.u8s(&[[255, 0, 0, 255]; 4]);
    b.accessors[color]["normalized"] = true.into();
    let index = b.u16s(&[[0], [1], [2], [3]]);
    let times = b.f32s(&[[0.0], [0.5], [1.0]]);
    let spline = b.f32s(&[[0.0, 0.1, 0.2]; 9]);
    let weights = b.f32s(&[[0.0], [1.0], [0.5]]);
    let picture = crate::support::png(3, 2, image::ExtendedColorType::Rgba8, &[200; 24]);
    let png = b.view(&picture, None);
    let jpeg = b.view(&crate::support::jpeg(8, 8, &[90; 192]), None);
    let sparse_indices = b.view(&[1, 0, 2, 0], None);
    let sparse_values = b.view(&[0; 24], None);
    let sparse = b.accessor(json!({
        "componentType": 5126, "count": 4, "type": "VEC3",
        "sparse": { "count": 2, "indices": { "bufferView": sparse_indices, "componentType": 5123 }, "values": { "bufferView": sparse_values } },
    }));
    let transform = json!({ "KHR_texture_transform": { "offset": [0.1, 0.2], "rotation": 0.3, "scale": [2, 3] } });
    seeds.push(b.glb(json!({
        "nodes": [
            { "name": "top", "children": [1], "scale": [1, 2, 3] },
            { "name": "leaf", "mesh": 0, "rotation": [0, 0, 0, 1], "weights": [0.5] },
            { "name": "eye", "camera": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 1, 2, 3, 1] },
        ],
        "cameras": [{ "type": "perspective", "perspective": { "yfov": 0.8, "aspectRatio": 1.5, "znear": 0.1 } }],
        "meshes": [{ "name": "strip", "extras": { "targetNames": ["bend"] }, "primitives": [{
            "attributes": { "POSITION": position, "NORMAL": normal, "TEXCOORD_0": uv, "COLOR_0": color },
            "indices": index, "mode": 5, "material": 0, "targets": [{ "POSITION": sparse }],
        }] }],
        "materials": [{
            "name": "skin", "alphaMode": "MASK",
            "pbrMetallicRoughness": { "baseColorTexture": { "index": 0, "extensions": transform }, "metallicRoughnessTexture": { "index": 1 } },
            "normalTexture": { "index": 1, "scale": 0.5 },
        }],
        "textures": [{ "source": 0 }, { "source": 1, "sampler": 0 }],
        "samplers": [{ "magFilter": 9728 }],
        "images": [{ "bufferView": png, "mimeType": "image/png" }, { "bufferView": jpeg, "mimeType": "image/jpeg" }],
        "animations": [{
            "name": "all",
            "samplers": [
                { "input": times, "output": spline, "interpolation": "CUBICSPLINE" }, { "input": times, "output": weights },
            ],
            "channels": [
                { "sampler": 0, "target": { "node": 0, "path": "translation" } },
                { "sampler": 1, "target": { "node": 1, "path": "weights" } },
            ],
        }],
    })));
    seeds.extend(corpus().into_iter().map(|path| std::fs::read(path).unwrap()));
    seeds
}

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn mutate(random: &mut Random, seeds: &[Vec<u8>]) -> Vec<u8> {
    // Most cases start from the two rich files; those of the corpus are bad already, and only few changes mend them.
    let seed = if random.below(4) > 0 { random.below(2) } else { random.below(seeds.len()) };
    let mut bytes = seeds[seed].clone();
    match random.below(4) {
        0 => mutate_bytes(random, &mut bytes),
        1 => {
            mutate_json(random, &mut bytes);
            mutate_bytes(random, &mut bytes);
        }
        _ => mutate_json(random, &mut bytes),
    }
    bytes
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
        let donor = pick(random, &mut root).clone();
        let place = pick(random, &mut root);
        if let (Some(number), true) = (place.as_f64(), random.below(4) > 0) {
            *place = tweak(random, number);
            continue;
        }
        *place = match random.below(12) {
            0 => Value::Null,
            1 => json!(random.below(12)),
            2 => json!(random.next()),
            3 => json!(-(random.below(5) as i64)),
            4 => json!([0.0, 1e-40, -1e38, 1e38, 1e300, 0.5][random.below(6)]),
            5 => json!([1 << 31, 1_u64 << 32, (1_u64 << 32) - 1, 1 << 24, 65535][random.below(5)]),
            6 => json!(["", "VEC3", "SCALAR", "data:,", "STEP", "CUBICSPLINE", "weights", "BLEND"][random.below(8)]),
            7 => json!([]),
            8 => json!({}),
            9 => json!([0, 1, 2]),
            _ => donor,
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

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|v| v.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

#[test]
fn mutated_files_never_panic() {
    let seeds = seeds();
    let deadline = number("SCENEC_FUZZ_SECONDS").map(|s| Instant::now() + Duration::from_secs(s));
    let mut random = Random(number("SCENEC_FUZZ_SEED").unwrap_or(2026));
    let keep = std::env::var_os("SCENEC_FUZZ_KEEP").map(PathBuf::from);
    let mut seen: BTreeSet<String> = seeds.iter().map(|seed| exercise(seed)).collect();
    let (mut cases, mut good, mut slowest) = (0_u64, 0_u64, Duration::ZERO);
    while deadline.map_or(cases < CASES as u64, |end| Instant::now() < end) {
        let bytes = mutate(&mut random, &seeds);
        let start = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| exercise(&bytes)));
        let took = start.elapsed();
        if result.is_err() || took > LONGEST {
            let path = std::env::temp_dir().join(format!("scenec-gltf-fuzz-{cases}"));
            std::fs::write(&path, &bytes).unwrap();
            panic!("case {cases} took {took:?} or panicked; its input is in {}", path.display());
        }
        let signature = result.unwrap();
        good += u64::from(signature.is_empty());
        if let Some(keep) = &keep
            && bytes.len() < 4096
            && !signature.is_empty()
            && !seen.contains(&signature)
        {
            let name = blake3::hash(&bytes).to_hex();
            std::fs::write(keep.join(&name[..16]), &bytes).unwrap();
        }
        seen.insert(signature);
        slowest = slowest.max(took);
        cases += 1;
    }
    #[expect(clippy::print_stdout, reason = "figures to read with --nocapture")]
    {
        println!("{cases} cases, {good} without error, {} kinds of error, the slowest took {slowest:?}", seen.len());
    }
    // A fuzzer whose inputs all fail at the door, or all pass, tests nothing.
    assert!(good * 20 > cases && good * 20 < cases * 19, "{good} of {cases} cases are good");
    assert!(seen.len() > 40, "only {} kinds of error", seen.len());
}

#[test]
fn the_corpus_is_refused_or_read() {
    for path in corpus() {
        exercise(&std::fs::read(&path).unwrap());
    }
}
