// Finds what each live path's ray meets. The native executor has its own leaf for this.
//!include "common/queue.wgsl"
//!include "common/scene.wgsl"
//!include "trace/traverse.wgsl"

/// Alpha is judged in `shade`.
fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool {
    return true;
}

@compute @workgroup_size(64)
fn extend(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= work.live {
        return;
    }
    let index = live_path(id.x);
    let flags = paths[index].flags;
    // At the last segment only whether a ray escapes matters, unless something emits or is not there.
    if (flags & PATH_SEGMENT) >= view.max_depth && (info.flags & (SCENE_EMITS | SCENE_ALPHA)) == 0u {
        let answer = trace_occluded(rays[index]);
        hits[index].slot = select(0u, NONE, answer == 0u);
        if answer == 2u {
            atomicAdd(&counters[COUNT_CAPPED], 1u);
        }
    } else {
        let hit = trace_closest(rays[index]);
        hits[index] = hit;
        if hit.capped != 0u {
            atomicAdd(&counters[COUNT_CAPPED], 1u);
        }
    }
}
