// Counts paths for a host that cannot look at them: which still have a ray, which have a shadow ray, which walks gave up.
//!include "common/state.wgsl"

/// Since the last clearing: [rays wanted, shadow rays wanted, walks that gave up, all rays].
@group(0) @binding(10) var<storage, read_write> counters: array<atomic<u32>, 4>;

@compute @workgroup_size(64)
fn tally(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    let flags = paths[index].flags;
    if (flags & PATH_ALIVE) != 0u {
        atomicAdd(&counters[0], 1u);
        atomicAdd(&counters[3], 1u);
    }
    if (flags & PATH_SHADOW) != 0u {
        atomicAdd(&counters[1], 1u);
        atomicAdd(&counters[3], 1u);
    }
    if hits[index].capped != 0u {
        atomicAdd(&counters[2], 1u);
        hits[index].capped = 0u;
    }
}
