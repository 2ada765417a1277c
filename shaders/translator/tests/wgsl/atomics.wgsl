// Atomics that give the same total in any order.
struct Counters {
    sum: atomic<u32>,
    low: atomic<i32>,
    high: atomic<i32>,
    bits: atomic<u32>,
    odd: atomic<u32>,
    all: atomic<u32>,
    down: atomic<u32>,
    last: atomic<u32>,
}
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> counters: Counters;
@group(0) @binding(2) var<storage, read_write> histogram: array<atomic<u32>>;

@compute @workgroup_size(64)
fn atomics(@builtin(global_invocation_id) id: vec3<u32>) {
    let x = inputs[id.x];
    atomicAdd(&counters.sum, x);
    atomicMin(&counters.low, bitcast<i32>(x));
    atomicMax(&counters.high, bitcast<i32>(x));
    atomicOr(&counters.bits, x & 0xffu);
    atomicXor(&counters.odd, x);
    atomicAnd(&counters.all, x | 0xf0u);
    atomicSub(&counters.down, 1u);
    if id.x == 0u {
        let old = atomicExchange(&counters.last, 42u);
        atomicStore(&counters.last, atomicLoad(&counters.last) + old);
    }
    let slot = atomicAdd(&histogram[x % 16u], 1u);
    if slot > 0xfffffff0u { atomicStore(&histogram[0], 0u); }
}
