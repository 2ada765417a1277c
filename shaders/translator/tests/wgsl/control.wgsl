// Control flow: nested loops, continuing, break if, switch.
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;

/// Words written per invocation.
const WORDS: u32 = 8u;

fn nested(seed: u32) -> u32 {
    var sum = 0u;
    for (var i = 0u; i < 10u; i++) {
        if i == seed % 7u { continue; }
        var j = 0u;
        loop {
            if (i ^ j) == 9u { break; }
            if j % 3u == 1u {
                j += 2u;
                continue;
            }
            sum = sum * 31u + i * 7u + j;
            let step = 1u + (sum & 1u);
            continuing {
                j += step;
                break if j > 12u;
            }
        }
        while j > 3u {
            j -= 3u;
            if j == 5u { break; }
            sum ^= j << 3u;
        }
        if sum % 11u == 3u { break; }
    }
    return sum;
}

fn chosen(x: i32) -> i32 {
    var y = 1;
    switch x {
        case 0: { y = 10; }
        case 1, 2: {
            if x == 2 { break; }
            y = 20;
        }
        default: { y = 30; }
        case -3: { return -7; }
    }
    return y + x;
}

fn default_in_the_middle(x: u32) -> u32 {
    switch x {
        case 1u: { return 5u; }
        case 2u, default, 3u: { return 6u; }
        case 4u: { return 7u; }
    }
}

fn continue_from_switch(n: u32) -> u32 {
    var sum = 0u;
    for (var i = 0u; i < n; i++) {
        switch i % 4u {
            case 0u: { continue; }
            case 1u: { sum += 100u; }
            default: {}
        }
        sum += i;
    }
    return sum;
}

fn early(n: u32) -> u32 {
    for (var i = 0u; ; i++) {
        for (var j = 0u; j < 5u; j++) {
            if i * j > n { return i * 16u + j; }
        }
    }
    return 0u;
}

fn short_circuit(x: u32) -> u32 {
    var count = 0u;
    if x > 3u && bump(&count) { return count; }
    if x > 6u || bump(&count) { return count + 10u; }
    return count + 20u;
}

fn bump(count: ptr<function, u32>) -> bool {
    *count += 1u;
    return *count > 1u;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let x = inputs[id.x];
    let at = id.x * WORDS;
    outputs[at] = nested(x);
    outputs[at + 1u] = bitcast<u32>(chosen(bitcast<i32>(x % 9u) - 4));
    outputs[at + 2u] = default_in_the_middle(x % 6u);
    outputs[at + 3u] = continue_from_switch(x % 23u);
    outputs[at + 4u] = early(x % 50u);
    outputs[at + 5u] = short_circuit(x % 10u);
    outputs[at + 6u] = id.x;
    outputs[at + 7u] = select(1u, 2u, x > 5u);
}
