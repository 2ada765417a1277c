// Lists the paths that still have a ray, and those with a shadow ray, for a host that cannot look at them.
//!include "common/queue.wgsl"

@compute @workgroup_size(64)
fn tally(@builtin(global_invocation_id) id: vec3u) {
    let first = id.x * TALLY_RUN;
    let end = min(first + TALLY_RUN, work.live);
    var live = 0u;
    var shadows = 0u;
    for (var place = first; place < end; place++) {
        let flags = paths[live_path(place)].flags;
        live += select(0u, 1u, (flags & PATH_ALIVE) != 0u);
        shadows += select(0u, 1u, (flags & PATH_SHADOW) != 0u);
    }
    if live + shadows == 0u {
        return;
    }
    var live_at = atomicAdd(&counters[COUNT_LIVE], live) + ((work.turn + 1u) & 1u) * wave.paths;
    var shadow_at = atomicAdd(&counters[COUNT_SHADOWS], shadows) + 2u * wave.paths;
    for (var place = first; place < end; place++) {
        let path = live_path(place);
        let flags = paths[path].flags;
        if (flags & PATH_ALIVE) != 0u {
            queue[live_at] = path;
            live_at += 1u;
        }
        if (flags & PATH_SHADOW) != 0u {
            queue[shadow_at] = path;
            shadow_at += 1u;
        }
    }
}
