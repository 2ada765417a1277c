// Owen-scrambled Sobol points, counter-based: every (pixel, sample, dimension pair) has its own value.
// Pairs are padded: each shuffles the sample index and scrambles both axes with hashes of its own
// (Burley 2020, "Practical Hash-based Owen Scrambling", section 3).

/// Integer hash with low bias (Wellons' lowbias32).
fn hash_u32(value: u32) -> u32 {
    var x = value;
    x = (x ^ (x >> 16u)) * 0x7feb352du;
    x = (x ^ (x >> 15u)) * 0x846ca68bu;
    return x ^ (x >> 16u);
}

/// Owen scrambling of a bit-reversed number: each bit is flipped by a hash of the bits below it
/// (Laine and Karras 2011; constants of Burley 2020, listing 2).
fn owen_reversed(value: u32, seed: u32) -> u32 {
    var x = value + seed;
    x ^= x * 0x6c50b47cu;
    x ^= x * 0xb82f1e52u;
    x ^= x * 0xc7afe638u;
    x ^= x * 0x8d22f6e6u;
    return x;
}

/// The second Sobol axis of index `i`, bit-reversed. Its matrix is Pascal's triangle mod 2, so bit k is the sum of the
/// bits j of `i` whose set of ones holds k's: five butterfly steps instead of a loop over direction numbers.
fn sobol1_reversed(i: u32) -> u32 {
    var x = i;
    x ^= (x & 0xaaaaaaaau) >> 1u;
    x ^= (x & 0xccccccccu) >> 2u;
    x ^= (x & 0xf0f0f0f0u) >> 4u;
    x ^= (x & 0xff00ff00u) >> 8u;
    x ^= x >> 16u;
    return x;
}

/// Upper 24 bits as a number in [0, 1).
fn unit_float(bits: u32) -> f32 {
    return f32(bits >> 8u) * 5.9604645e-8;
}

/// One point of the padded pair `dimension` for a pixel whose hash is `seed`.
fn sample_2d(seed: u32, index: u32, dimension: u32) -> vec2f {
    let key = hash_u32(seed ^ (dimension * 0x9e3779b9u));
    let i = reverseBits(owen_reversed(reverseBits(index), key));
    let axes = hash_u32(key + 0x68bc21ebu);
    let x = reverseBits(owen_reversed(i, axes));
    let y = reverseBits(owen_reversed(sobol1_reversed(i), axes ^ 0xa511e9b3u));
    return vec2f(unit_float(x), unit_float(y));
}

/// One number of the padded set `dimension`.
fn sample_1d(seed: u32, index: u32, dimension: u32) -> f32 {
    let key = hash_u32(seed ^ (dimension * 0x9e3779b9u));
    let i = reverseBits(owen_reversed(reverseBits(index), key));
    return unit_float(reverseBits(owen_reversed(i, key ^ 0x2c1b3c6du)));
}

// Dimension pairs in use. Each bounce takes BOUNCE_DIMENSIONS of them.
const DIMENSION_PIXEL: u32 = 0u;
const DIMENSION_LENS: u32 = 1u;
const DIMENSION_BOUNCE: u32 = 2u;
const BOUNCE_DIMENSIONS: u32 = 3u;
const BOUNCE_BSDF: u32 = 0u;
const BOUNCE_LIGHT: u32 = 1u;
const BOUNCE_CHOICE: u32 = 2u;

fn bounce_dimension(segment: u32, which: u32) -> u32 {
    return DIMENSION_BOUNCE + (segment - 1u) * BOUNCE_DIMENSIONS + which;
}

// Fog has pairs of its own for each segment, above those of all surfaces.
const DIMENSION_FOG: u32 = 0x20000000u;
const FOG_DIMENSIONS: u32 = 4u;
const FOG_FLIGHT: u32 = 0u;
const FOG_PHASE: u32 = 1u;
const FOG_LIGHT: u32 = 2u;
const FOG_CHOICE: u32 = 3u;

fn fog_dimension(segment: u32, which: u32) -> u32 {
    return DIMENSION_FOG + (segment - 1u) * FOG_DIMENSIONS + which;
}
