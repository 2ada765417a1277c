// Traces a buffer of rays: the tests' view of the traversal.
//!include "trace/traverse.wgsl"

@group(0) @binding(0) var<storage, read> trace_input: array<Ray>;
@group(0) @binding(1) var<storage, read_write> trace_output: array<Hit>;

/// Half of each triangle of odd number is cut out.
fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool {
    return ((instance + primitive) & 1u) == 0u || uv.x >= uv.y;
}

@compute @workgroup_size(64)
fn trace_rays_closest(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < arrayLength(&trace_input) {
        trace_output[id.x] = trace_closest(trace_input[id.x]);
    }
}

/// The answer goes into `slot`.
@compute @workgroup_size(64)
fn trace_rays_occluded(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < arrayLength(&trace_input) {
        trace_output[id.x].slot = trace_occluded(trace_input[id.x]);
    }
}
