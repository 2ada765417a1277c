// Packing and unpacking.
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;

/// Words written per invocation.
const WORDS: u32 = 24u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let x = inputs[id.x];
    let at = id.x * WORDS;
    // Between -1.5 and 1.5, away from the halves where implementations round apart.
    let f = vec4<f32>(vec4<u32>(x, x >> 8u, x >> 16u, x >> 24u) & vec4<u32>(255u)) / 85.03 - 1.5;
    outputs[at] = pack4x8snorm(f);
    outputs[at + 1u] = pack4x8unorm(f);
    outputs[at + 2u] = pack2x16snorm(f.xy);
    outputs[at + 3u] = pack2x16unorm(f.zw);
    outputs[at + 4u] = pack2x16float(f.xy);
    outputs[at + 5u] = pack4xU8(vec4<u32>(x, x + 1u, x >> 3u, x * 5u));
    outputs[at + 6u] = pack4xI8(vec4<i32>(vec4<u32>(x, x + 1u, x >> 3u, x * 5u)));
    outputs[at + 7u] = pack4xU8Clamp(vec4<u32>(x & 1023u, 3u, 255u, 256u));
    outputs[at + 8u] = pack4xI8Clamp(vec4<i32>(vec4<u32>(x & 1023u, 3u, 255u, 256u)) - vec4<i32>(300));
    let a = bitcast<vec4<u32>>(unpack4x8snorm(x));
    let b = bitcast<vec4<u32>>(unpack4x8unorm(x));
    outputs[at + 9u] = a.x;
    outputs[at + 10u] = a.w;
    outputs[at + 11u] = b.y;
    outputs[at + 12u] = b.z;
    let c = bitcast<vec2<u32>>(unpack2x16snorm(x));
    let d = bitcast<vec2<u32>>(unpack2x16unorm(x));
    outputs[at + 13u] = c.x;
    outputs[at + 14u] = c.y;
    outputs[at + 15u] = d.x;
    outputs[at + 16u] = d.y;
    // Exponent bits cleared in part, so that no half is infinite or NaN.
    let e = bitcast<vec2<u32>>(unpack2x16float(x & 0xbfffbfffu));
    outputs[at + 17u] = e.x;
    outputs[at + 18u] = e.y;
    let g = unpack4xI8(x);
    let h = unpack4xU8(x);
    outputs[at + 19u] = bitcast<u32>(g.x * 3 + g.y * 5 + g.z * 7 + g.w * 11);
    outputs[at + 20u] = h.x * 3u + h.y * 5u + h.z * 7u + h.w * 11u;
    outputs[at + 21u] = 0u;
    outputs[at + 22u] = 0u;
    outputs[at + 23u] = 0u;
}
