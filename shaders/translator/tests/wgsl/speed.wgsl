// One step of a path without its rays: random numbers, a material, a visible normal of GGX, a diffuse lobe, roulette.
struct SpeedMaterial {
    albedo: vec3<f32>,
    roughness: f32,
    f0: vec3<f32>,
    coverage: f32,
}
struct SpeedPath {
    direction: vec3<f32>,
    state: u32,
    throughput: vec3<f32>,
    depth: u32,
    radiance: vec3<f32>,
    material: u32,
    normal: vec3<f32>,
}
@group(0) @binding(0) var<storage, read> materials: array<SpeedMaterial>;
@group(0) @binding(1) var<storage, read_write> paths: array<SpeedPath>;

fn next(state: ptr<function, u32>) -> f32 {
    *state = *state * 747796405u + 2891336453u;
    var x = ((*state >> ((*state >> 28u) + 4u)) ^ *state) * 277803737u;
    x = (x >> 22u) ^ x;
    return f32(x >> 8u) * (1.0 / 16777216.0);
}

struct Frame {
    t: vec3<f32>,
    b: vec3<f32>,
}

fn frame_of(n: vec3<f32>) -> Frame {
    let s = select(-1.0, 1.0, n.z >= 0.0);
    let a = -1.0 / (s + n.z);
    let b = n.x * n.y * a;
    return Frame(vec3<f32>(1.0 + s * n.x * n.x * a, s * b, -s * n.x), vec3<f32>(b, s + n.y * n.y * a, -n.y));
}

// Without a square root's argument below zero, a disk by rejection.
fn disk(state: ptr<function, u32>) -> vec2<f32> {
    for (var i = 0u; i < 16u; i++) {
        let p = vec2<f32>(next(state), next(state)) * 2.0 - 1.0;
        if dot(p, p) < 1.0 { return p; }
    }
    return vec2<f32>(0.0);
}

fn visible_normal(w: vec3<f32>, alpha: f32, state: ptr<function, u32>) -> vec3<f32> {
    let h = normalize(vec3<f32>(alpha * w.x, alpha * w.y, w.z));
    let f = frame_of(h);
    let p = disk(state);
    let s = 0.5 * (1.0 + h.z);
    let y = mix(sqrt(max(0.0, 1.0 - p.x * p.x)), p.y, s);
    let n = f.t * p.x + f.b * y + h * sqrt(max(0.0, 1.0 - p.x * p.x - y * y));
    return normalize(vec3<f32>(alpha * n.x, alpha * n.y, max(0.0, n.z)));
}

@compute @workgroup_size(64)
fn speed(@builtin(global_invocation_id) id: vec3<u32>) {
    let path = &paths[id.x];
    if (*path).depth > 64u { return; }
    let material = materials[(*path).material];
    var state = (*path).state;
    let n = (*path).normal;
    let f = frame_of(n);
    let d = (*path).direction;
    let w = vec3<f32>(-dot(d, f.t), -dot(d, f.b), abs(dot(d, n)) + 0.01);
    var out = vec3<f32>(0.0, 0.0, 1.0);
    var weight = material.albedo;
    if next(&state) < material.coverage {
        let m = visible_normal(normalize(w), material.roughness * material.roughness, &state);
        out = reflect(-normalize(w), m);
        let c = 1.0 - clamp(dot(out, m), 0.0, 1.0);
        let c2 = c * c;
        weight = material.f0 + (vec3<f32>(1.0) - material.f0) * (c2 * c2 * c);
    } else {
        let p = disk(&state);
        out = vec3<f32>(p, sqrt(max(0.0, 1.0 - dot(p, p))));
    }
    var throughput = (*path).throughput * weight;
    let q = max(throughput.x, max(throughput.y, throughput.z));
    if q < 0.25 {
        if next(&state) > q * 4.0 { throughput = vec3<f32>(0.0); } else { throughput /= q * 4.0; }
    }
    (*path).radiance += throughput * 0.1;
    (*path).throughput = throughput;
    (*path).direction = f.t * out.x + f.b * out.y + n * out.z;
    (*path).material = u32(next(&state) * f32(arrayLength(&materials)));
    (*path).depth += 1u;
    (*path).state = state;
}
