// What drivers are known to get wrong. A GPU is used only if all its answers equal those of the native executor.

@group(0) @binding(0) var<storage, read> test_input: array<u32>;
@group(0) @binding(1) var<storage, read_write> test_output: array<u32>;

const SELFTEST_ANSWERS: u32 = 8u;

@compute @workgroup_size(1)
fn selftest(@builtin(global_invocation_id) id: vec3u) {
    let lane = id.x;
    let seed = test_input[lane];
    let at = lane * SELFTEST_ANSWERS;
    // A NaN compares as false with all, itself included.
    let nan = bitcast<f32>(0x7fc00000u | (seed & 1u));
    test_output[at + 1u] = select(0u, 1u, nan == nan) | select(0u, 2u, nan < 1.0) | select(0u, 4u, nan > 1.0) | select(0u, 8u, !(nan > 0.0));
    // Shifts count modulo 32, and signed ones keep the sign.
    test_output[at + 2u] = (seed << (seed & 31u)) ^ (seed >> (lane & 31u)) ^ bitcast<u32>(bitcast<i32>(seed) >> 3u);
    // A break leaves the inner loop alone.
    var sum = 0u;
    for (var i = 0u; i < 20u; i++) {
        for (var j = 0u; j < 20u; j++) {
            if j > ((seed >> 3u) & 15u) || i * j > 90u {
                break;
            }
            if ((i ^ j) & 1u) == 0u {
                continue;
            }
            sum += i * 31u + j;
        }
        if sum > 4000u {
            break;
        }
    }
    test_output[at + 3u] = sum;
    // Numbers that are exact on every machine.
    let a = f32(seed & 0xfffu);
    let b = f32((seed >> 12u) & 0xfffu) + 0.5;
    test_output[at + 4u] = bitcast<u32>(a + b);
    test_output[at + 5u] = u32(a * b);
    test_output[at + 6u] = reverseBits(seed) ^ countOneBits(seed);
    test_output[at + 7u] = u32(i32(a) - i32(b)) * 2654435769u;
    // 200,000 iterations, at the end: software drivers had a budget of 65,535 for all loops of an invocation, and left them in
    // silence.
    var x = seed | 1u;
    for (var i = 0u; i < 200000u; i++) {
        x = x * 1664525u + 1013904223u;
    }
    test_output[at] = x;
}
