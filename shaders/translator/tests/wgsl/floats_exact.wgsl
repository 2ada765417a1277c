// Float operations that give the same bits everywhere.
@group(0) @binding(0) var<storage, read> inputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<f32>;

/// Words written per invocation.
const WORDS: u32 = 32u;

var<private> at: u32;

fn put(value: f32) {
    outputs[at] = value;
    at += 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let a = inputs[id.x * 3u];
    let b = inputs[id.x * 3u + 1u];
    let t = inputs[id.x * 3u + 2u];
    at = id.x * WORDS;
    put(a + b);
    put(a - b);
    put(a * b);
    put(a / b);
    put(-a);
    put(abs(a));
    put(sign(a));
    put(floor(a));
    put(ceil(a));
    put(trunc(a));
    put(round(a));
    put(fract(a));
    put(min(a, b));
    put(max(a, b));
    put(clamp(a, -1.5, 2.5));
    put(saturate(a));
    put(step(a, b));
    put(mix(a, b, t));
    put(dot(vec3<f32>(a, b, t), vec3<f32>(b, t, a)));
    put(sqrt(abs(a)));
    put(f32(i32(a)));
    put(f32(u32(a)));
    put(f32(bitcast<i32>(a)));
    put(f32(bitcast<u32>(b)));
    put(select(a, b, a < b));
    put(f32(i32(a < b) + 2 * i32(a <= b) + 4 * i32(a == b) + 8 * i32(a != b)));
    let m = modf(a);
    put(m.fract);
    put(m.whole);
    let f = frexp(b);
    put(f.fract);
    put(f32(f.exp));
    put(ldexp(t, 5));
    let c = cross(vec3<f32>(a, b, t), vec3<f32>(1.0, 2.0, 4.0));
    put(c.y);
}
