// Numbers of the pool of words.
//!include "common/scene.wgsl"

fn heap_float(at: u32) -> f32 {
    return bitcast<f32>(heap[at]);
}

fn heap_vec2(at: u32) -> vec2f {
    return vec2f(heap_float(at), heap_float(at + 1u));
}
