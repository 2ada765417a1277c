// Finds what each live path's ray meets. The native executor has its own leaf for this.
//!include "common/state.wgsl"
//!include "common/scene.wgsl"
//!include "trace/traverse.wgsl"

/// Alpha is judged in `shade`.
fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool {
    return true;
}

@compute @workgroup_size(64)
fn extend(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    let flags = paths[index].flags;
    if (flags & PATH_ALIVE) == 0u {
        return;
    }
    // At the last segment only whether a ray escapes matters, unless something emits or is not there.
    if (flags & PATH_SEGMENT) >= view.max_depth && (info.flags & (SCENE_EMITS | SCENE_ALPHA)) == 0u {
        let answer = trace_occluded(rays[index]);
        hits[index].slot = select(0u, NONE, answer == 0u);
        hits[index].capped = select(0u, 1u, answer == 2u);
    } else {
        hits[index] = trace_closest(rays[index]);
    }
}
