// Functions whose last bits are an implementation's own.
@group(0) @binding(0) var<storage, read> inputs: array<f32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<f32>;

/// Words written per invocation.
const WORDS: u32 = 40u;

var<private> at: u32;

fn put(value: f32) {
    outputs[at] = value;
    at += 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    // a in -4..4, p in 0.05..4, t in 0..1
    let a = inputs[id.x * 3u];
    let p = inputs[id.x * 3u + 1u];
    let t = inputs[id.x * 3u + 2u];
    at = id.x * WORDS;
    put(sin(a));
    put(cos(a));
    put(tan(a * 0.3));
    put(asin(a * 0.25));
    put(acos(a * 0.25));
    put(atan(a));
    put(atan2(a, p));
    put(sinh(a));
    put(cosh(a));
    put(tanh(a));
    put(asinh(a));
    put(acosh(1.0 + p));
    put(atanh(a * 0.2));
    put(exp(a));
    put(exp2(a));
    put(log(p));
    put(log2(p));
    put(pow(p, a));
    put(inverseSqrt(p));
    put(radians(a));
    put(degrees(a));
    put(smoothstep(-1.0, 2.0, a));
    put(fma(a, p, t));
    put(a % p);
    let v = vec3<f32>(a, p, t);
    put(length(v));
    put(distance(v, vec3<f32>(p, t, a)));
    let n = normalize(v);
    put(n.x);
    put(n.z);
    let r = reflect(v, n.zyx);
    put(r.x);
    let q = refract(n, normalize(vec3<f32>(0.1, -0.2, 1.0)), 0.7);
    put(q.x);
    put(q.z);
    let f = faceForward(n, v, vec3<f32>(0.0, 1.0, 0.0));
    put(f.y);
    let m = mat3x3<f32>(v, n, vec3<f32>(1.0, 2.0, 3.0));
    put((m * v).x);
    put((v * m).y);
    put((m * transpose(m))[2].y);
    put(determinant(m));
    let m4 = mat4x4<f32>(vec4<f32>(v, 1.0), vec4<f32>(t, v), vec4<f32>(n.xy, v.yz), vec4<f32>(1.0, 2.0, n.xy));
    put(determinant(m4));
    let m43 = mat4x3<f32>(v, n, v.zxy, n.yzx);
    put((m43 * vec4<f32>(v, 1.0)).z);
    put((n * m43).w);
    put(quantizeToF16(a));
}
