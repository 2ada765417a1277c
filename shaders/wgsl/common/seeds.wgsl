// The random numbers of a path: which pixel's.
//!include "common/state.wgsl"
//!include "common/sampler.wgsl"

/// Hash of the pixel that a path belongs to.
fn seed_of(path: u32) -> u32 {
    let in_tile = path % (wave.width * wave.height);
    let x = wave.x + in_tile % wave.width;
    let y = wave.y + in_tile / wave.width;
    return hash_u32((y * view.width + x) ^ hash_u32(view.seed));
}
