// Pointers, private variables, arrays, constant tables, and indices out of bounds.
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> outputs: array<u32>;

/// Words written per invocation.
const WORDS: u32 = 16u;
const TABLE: array<u32, 5> = array<u32, 5>(11u, 22u, 33u, 44u, 55u);
const CORNERS: array<vec3<f32>, 3> = array<vec3<f32>, 3>(vec3<f32>(1.0, 2.0, 3.0), vec3<f32>(4.0), vec3<f32>(0.5, -1.0, 9.0));

struct Pair {
    left: vec3<f32>,
    right: u32,
    flag: bool,
}

var<private> stack: array<u32, 8>;
var<private> depth: u32 = 0u;
var<private> tint: vec3<f32> = vec3<f32>(0.25, 0.5, 0.75);

fn push(value: u32) {
    stack[depth] = value;
    depth += 1u;
}

fn pop() -> u32 {
    depth -= 1u;
    return stack[depth];
}

fn swap(a: ptr<function, u32>, b: ptr<function, u32>) {
    let t = *a;
    *a = *b;
    *b = t;
}

// Both pointers are only read, so they may be the same.
fn sum_of(a: ptr<function, array<u32, 4>>, b: ptr<function, array<u32, 4>>) -> u32 {
    var sum = 0u;
    for (var i = 0u; i < 4u; i++) { sum += (*a)[i] * (*b)[3u - i]; }
    return sum;
}

fn fill(a: ptr<function, array<u32, 4>>, seed: u32) {
    for (var i = 0; i < 4; i++) { (*a)[i] = seed * u32(i + 1); }
}

fn bump_private(p: ptr<private, u32>) {
    *p += 3u;
}

fn flip(p: Pair) -> Pair {
    var q = p;
    q.left = -q.left.zyx;
    q.left[p.right % 3u] += 0.5;
    q.flag = !q.flag;
    return q;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let x = inputs[id.x];
    let at = id.x * WORDS;
    push(x);
    push(x + 1u);
    push(x + 2u);
    outputs[at] = pop() * 3u + pop();
    bump_private(&depth);
    outputs[at + 1u] = depth;
    var a = x;
    var b = x * 3u;
    swap(&a, &b);
    outputs[at + 2u] = a - b;
    var v = array<u32, 4>();
    fill(&v, x);
    outputs[at + 3u] = sum_of(&v, &v);
    outputs[at + 4u] = TABLE[x % 5u];
    outputs[at + 5u] = bitcast<u32>(CORNERS[x % 3u].z + CORNERS[1][x % 3u]);
    // Beyond the end: the last element, as naga's policy has it.
    outputs[at + 6u] = v[x + 4u];
    outputs[at + 7u] = v[-1 - i32(x & 3u)];
    outputs[at + 8u] = TABLE[5u + x % 100u];
    let p = flip(Pair(vec3<f32>(1.0, 2.0, f32(x % 16u)), x, false));
    outputs[at + 9u] = bitcast<u32>(p.left.x + 2.0 * p.left.y + 4.0 * p.left.z);
    outputs[at + 10u] = select(0u, 1u, p.flag);
    tint[x % 3u] *= 2.0;
    tint.y += tint.x;
    outputs[at + 11u] = bitcast<u32>(tint.x + tint.y + tint.z);
    var m = mat3x3<f32>(tint, tint.yzx, tint.zxy);
    m[x % 3u][1] = 7.0;
    m[1] = m[x % 3u] + vec3<f32>(1.0);
    m[2].x = f32(x % 9u);
    outputs[at + 12u] = bitcast<u32>(m[0].x + m[1].y + m[2].x + m[x % 3u].z);
    let element = &v[x % 4u];
    *element += 5u;
    *element *= 2u;
    outputs[at + 13u] = v[0] + v[1] * 2u + v[2] * 3u + v[3] * 4u;
    // A load stands where it stands, whatever is stored later.
    let before = v[1];
    v[1] = 77u;
    outputs[at + 14u] = before + v[1] * 100u;
    outputs[at + 15u] = arrayLength(&inputs);
}
