// Lists of paths without gaps, so that all lanes of a GPU have work. Their order differs from run to run; a path and its pixel
// do not depend on it.
//!include "common/state.wgsl"
//!include "common/work.wgsl"

@group(0) @binding(11) var<storage, read> work: Work;
/// Numbers of paths: two lists of live ones, which take turns, and those with a shadow ray; `wave.paths` words each.
@group(0) @binding(12) var<storage, read_write> queue: array<u32>;

/// The path at a place of the list of live ones.
fn live_path(place: u32) -> u32 {
    if work.turn == 0u {
        return place;
    }
    return queue[(work.turn & 1u) * wave.paths + place];
}

fn shadow_path(place: u32) -> u32 {
    return queue[2u * wave.paths + place];
}
