// Traces shadow rays: any hit counts, unless surfaces may be absent; then `connect` judges the closest. The native executor
// has its own leaf for this.
//!include "common/queue.wgsl"
//!include "common/scene.wgsl"
//!include "trace/traverse.wgsl"

/// Alpha is judged in `connect`.
fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool {
    return true;
}

@compute @workgroup_size(64)
fn shadow(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= work.shadows {
        return;
    }
    let index = shadow_path(id.x);
    let flags = paths[index].flags;
    // Off when `connect` is done with it and other rays of the list go on.
    if (flags & PATH_SHADOW) == 0u {
        return;
    }
    if (flags & PATH_PASSED) != 0u {
        atomicAdd(&counters[COUNT_AGAIN], 1u);
        atomicAdd(&counters[COUNT_RAYS], 1u);
    }
    var ray: Ray;
    ray.origin = rays[index].origin;
    ray.t_min = select(0.0, hits[index].t, (flags & PATH_PASSED) != 0u);
    ray.direction = vec3f(paths[index].shadow_x, paths[index].shadow_y, paths[index].shadow_z);
    ray.t_max = select(SHADOW_END, FAR_AWAY, (flags & PATH_SHADOW_FAR) != 0u);
    if (info.flags & SCENE_ALPHA) != 0u {
        let hit = trace_closest(ray);
        hits[index] = hit;
        if hit.capped != 0u {
            atomicAdd(&counters[COUNT_CAPPED], 1u);
        }
    } else {
        let answer = trace_occluded(ray);
        hits[index].slot = select(0u, NONE, answer == 0u);
        if answer == 2u {
            atomicAdd(&counters[COUNT_CAPPED], 1u);
        }
    }
}
