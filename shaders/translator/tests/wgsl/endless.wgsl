// A loop that never ends for some inputs.
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;

fn collatz(start: u32) -> u32 {
    var x = start;
    var steps = 0u;
    loop {
        if x == 1u { return steps; }
        x = select(x / 2u, 3u * x + 1u, x % 2u == 1u);
        steps += 1u;
    }
    return 0u;
}

@compute @workgroup_size(64)
fn endless(@builtin(global_invocation_id) id: vec3<u32>) {
    // Zero maps to zero for ever.
    outputs[id.x] = collatz(inputs[id.x]);
}
