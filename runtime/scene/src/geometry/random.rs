//! Counter-based random numbers: a value is a pure function of a key and a counter, so nothing depends on the
//! order of work (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", 2011).

/// Mixes 64 bits; every input bit reaches every output bit. The finaliser of SplitMix64 (Steele, Lea and Flood,
/// "Fast Splittable Pseudorandom Number Generators", 2014), variant 13 of Stafford.
pub(super) const fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// A key from text: FNV-1a over the bytes, then mixed.
pub(super) fn key_of(text: &str) -> u64 {
    let fnv =
        text.bytes().fold(0xcbf2_9ce4_8422_2325u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
    mix(fnv)
}

/// Random bits for item `index`, dimension `dimension` under `key`.
pub(super) const fn bits(key: u64, index: u64, dimension: u64) -> u64 {
    let a = mix(key ^ index.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(0x632b_e59b_d9b4_e019));
    mix(a ^ dimension.wrapping_mul(0xd1b5_4a32_d192_ed03).wrapping_add(0x8cb9_2ba7_2f3d_8dd7))
}

/// A number in `0..1` with 53 random bits.
pub(super) const fn unit(key: u64, index: u64, dimension: u64) -> f64 {
    (bits(key, index, dimension) >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
}
