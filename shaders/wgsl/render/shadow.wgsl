// Traces shadow rays: any hit counts, unless surfaces may be absent; then `connect` judges the closest. The native executor
// has its own leaf for this.
//!include "common/state.wgsl"
//!include "common/scene.wgsl"
//!include "trace/traverse.wgsl"

/// Alpha is judged in `connect`.
fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool {
    return true;
}

@compute @workgroup_size(64)
fn shadow(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    let flags = paths[index].flags;
    if (flags & PATH_SHADOW) == 0u {
        return;
    }
    var ray: Ray;
    ray.origin = rays[index].origin;
    ray.t_min = select(0.0, hits[index].t, (flags & PATH_PASSED) != 0u);
    ray.direction = vec3f(paths[index].shadow_x, paths[index].shadow_y, paths[index].shadow_z);
    ray.t_max = select(SHADOW_END, FAR_AWAY, (flags & PATH_SHADOW_FAR) != 0u);
    if (info.flags & SCENE_ALPHA) != 0u {
        hits[index] = trace_closest(ray);
    } else {
        let answer = trace_occluded(ray);
        hits[index].slot = select(0u, NONE, answer == 0u);
        hits[index].capped = select(0u, 1u, answer == 2u);
    }
}
