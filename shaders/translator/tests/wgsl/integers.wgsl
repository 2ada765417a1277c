// Every integer operation on every pair of words; native and GPU must agree bit by bit.
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;

/// Words written per invocation.
const WORDS: u32 = 40u;

fn put(at: ptr<function, u32>, value: u32) {
    outputs[*at] = value;
    *at += 1u;
}

fn put_signed(at: ptr<function, u32>, value: i32) {
    put(at, bitcast<u32>(value));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let a = inputs[id.x * 2u];
    let b = inputs[id.x * 2u + 1u];
    let i = bitcast<i32>(a);
    let j = bitcast<i32>(b);
    var at = id.x * WORDS;
    put(&at, a + b);
    put(&at, a - b);
    put(&at, a * b);
    put(&at, a / b);
    put(&at, a % b);
    put(&at, a & b);
    put(&at, a | b);
    put(&at, a ^ b);
    put(&at, ~a);
    put(&at, a << (b & 31u));
    put(&at, a >> (b & 31u));
    put(&at, min(a, b));
    put(&at, max(a, b));
    put(&at, countOneBits(a));
    put(&at, countLeadingZeros(a));
    put(&at, countTrailingZeros(a));
    put(&at, reverseBits(a));
    put(&at, firstLeadingBit(a));
    put(&at, firstTrailingBit(a));
    put(&at, extractBits(a, b & 63u, 7u));
    put(&at, insertBits(a, b, b & 63u, 9u));
    put_signed(&at, i + j);
    put_signed(&at, i - j);
    put_signed(&at, i * j);
    put_signed(&at, i / j);
    put_signed(&at, i % j);
    put_signed(&at, i >> (b & 31u));
    put_signed(&at, -i);
    put_signed(&at, abs(i));
    put_signed(&at, sign(i));
    put_signed(&at, min(i, j));
    put_signed(&at, max(i, j));
    put_signed(&at, firstLeadingBit(i));
    put_signed(&at, extractBits(i, b & 63u, 7u));
    put_signed(&at, clamp(i, -5, 7));
    put(&at, select(0u, 1u, i < j) | select(0u, 2u, a < b) | select(0u, 4u, all(vec2<u32>(a, b) == vec2<u32>(b, a))));
    put_signed(&at, dot(vec3<i32>(i, j, 3), vec3<i32>(j, i, -7)));
    put(&at, dot4U8Packed(a, b));
    put_signed(&at, dot4I8Packed(a, b));
    var zero = 0;
    let v = (vec4<i32>(i, j, 5, -6) / vec4<i32>(j, i, zero, -1)) + (vec4<i32>(i) % vec4<i32>(j, i, zero, -1));
    put_signed(&at, v.x ^ v.y ^ v.z ^ v.w);
}
