//! Cryptomatte: ids of names and the manifest of them (Psyop, Cryptomatte specification 1.2.0, 2018; Friedman and Jones 2015).

use scenec_render::{MATTE_RANKS, Matte, MatteKind, Rank};

/// The name of a matte's layer.
pub(super) fn layer_name(kind: MatteKind) -> &'static str {
    match kind {
        MatteKind::Object => "CryptoObject",
        MatteKind::Material => "CryptoMaterial",
        MatteKind::Asset => "CryptoAsset",
        MatteKind::Chosen => "CryptoChosen",
    }
}

/// MurmurHash3_x86_32 (Appleby 2011).
pub(super) fn murmur3(bytes: &[u8], seed: u32) -> u32 {
    let mixed = |k: u32| k.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut hash = seed;
    let mut blocks = bytes.chunks_exact(4);
    for block in &mut blocks {
        let k = u32::from_le_bytes([block[0], block[1], block[2], block[3]]);
        hash = (hash ^ mixed(k)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let tail = blocks.remainder().iter().rev().fold(0u32, |k, byte| k << 8 | u32::from(*byte));
    hash ^= mixed(tail) ^ bytes.len() as u32;
    hash = (hash ^ hash >> 16).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ hash >> 13).wrapping_mul(0xc2b2_ae35);
    hash ^ hash >> 16
}

/// The bits of a name's id as a float: the hash, with one bit of the exponent flipped where that would be zero, denormal, infinite or
/// no number.
pub fn id(name: &str) -> u32 {
    let hash = murmur3(name.as_bytes(), 0);
    let exponent = hash >> 23 & 255;
    if exponent == 0 || exponent == 255 { hash ^ 1 << 23 } else { hash }
}

/// What goes into the header of a file: keys and texts.
pub(super) fn attributes(matte: &Matte) -> [(String, String); 4] {
    let name = layer_name(matte.kind);
    let key = &format!("{:08x}", id(name))[..7];
    [
        ("name", name.to_owned()),
        ("hash", "MurmurHash3_32".to_owned()),
        ("conversion", "uint32_to_float32".to_owned()),
        ("manifest", manifest(&matte.names)),
    ]
    .map(|(field, text)| (format!("cryptomatte/{key}/{field}"), text))
}

/// A JSON object of names and their ids. It is ASCII: texts of EXR have no encoding of their own.
fn manifest(names: &[String]) -> String {
    let mut out = String::from("{");
    for (i, name) in names.iter().enumerate() {
        out.push_str(if i > 0 { ",\"" } else { "\"" });
        for unit in name.encode_utf16() {
            match u8::try_from(unit) {
                Ok(byte @ (b'"' | b'\\')) => out.extend(['\\', char::from(byte)]),
                Ok(byte @ b' '..=b'~') => out.push(char::from(byte)),
                _ => out.push_str(&format!("\\u{unit:04x}")),
            }
        }
        out.push_str(&format!("\":\"{:08x}\"", id(name)));
    }
    out.push('}');
    out
}

/// Channels of 32-bit floats: `CryptoObject00.R` is the id of the largest coverage, `.G` that coverage, `.B` and `.A` the second, and so on.
pub(super) fn channels(matte: &Matte) -> Vec<(String, Vec<f32>)> {
    let ids: Vec<f32> = matte.names.iter().map(|name| f32::from_bits(id(name))).collect();
    let name = layer_name(matte.kind);
    let mut out = Vec::new();
    for rank in 0..MATTE_RANKS {
        let [id, coverage] = if rank % 2 == 0 { ["R", "G"] } else { ["B", "A"] };
        let of = |pixel: &[Rank; MATTE_RANKS]| match pixel[rank] {
            r if r.coverage > 0.0 => ids.get(r.name as usize).copied().unwrap_or(0.0),
            _ => 0.0,
        };
        out.push((format!("{name}{:02}.{id}", rank / 2), matte.pixels.iter().map(of).collect()));
        out.push((
            format!("{name}{:02}.{coverage}", rank / 2),
            matte.pixels.iter().map(|p| p[rank].coverage).collect(),
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{id, manifest, murmur3};

    /// The test that the reference implementation passes (SMHasher, `VerificationTest`): keys of 0 to 255 bytes, each with a seed of its own.
    #[test]
    fn the_hash_is_the_published_one() {
        let key: Vec<u8> = (0..=255).collect();
        let hashes: Vec<u8> = (0..256).flat_map(|n| murmur3(&key[..n], 256 - n as u32).to_le_bytes()).collect();
        assert_eq!(murmur3(&hashes, 0), 0xb0f5_7ee3);
        let fox = "The quick brown fox jumps over the lazy dog";
        for (text, expected) in [("", 0), ("test", 0xba6b_d213), ("Hello, world!", 0xc036_3e43), (fox, 0x2e4f_f723)] {
            assert_eq!(murmur3(text.as_bytes(), 0), expected, "{text:?}");
        }
    }

    /// From the samples of the specification.
    #[test]
    fn ids_are_those_of_other_programs() {
        for (name, expected) in
            [("hello", 6.070_563e-17), ("cube", -4.084_619e15), ("sphere", 2.790_186e15), ("plane", 3.665_576e-11)]
        {
            let found = f32::from_bits(id(name));
            assert!((found / expected - 1.0f32).abs() < 1e-5, "{name}: {found:e} against {expected:e}");
        }
    }

    #[test]
    fn a_manifest_is_json_for_any_name() {
        let names = ["a \"b\" \\ c", "Gerüst/木箱/🦀", "tab\t", "plain/7"].map(str::to_owned);
        let text = manifest(&names);
        assert!(text.is_ascii());
        let read: std::collections::BTreeMap<String, String> = serde_json::from_str(&text).unwrap();
        assert_eq!(read.len(), 4);
        for name in &names {
            assert_eq!(read[name], format!("{:08x}", id(name)));
        }
        assert_eq!(manifest(&[]), "{}");
    }

    #[test]
    fn every_id_is_a_normal_float() {
        let mut mended = 0;
        for i in 0..20_000 {
            let name = format!("yard/crates/{i}");
            assert!(f32::from_bits(id(&name)).is_normal(), "{name}");
            mended += usize::from(id(&name) != murmur3(name.as_bytes(), 0));
        }
        // 2 of 256 exponents.
        assert!((80..240).contains(&mended), "{mended}");
        assert_eq!(id(""), 1 << 23);
    }
}
