// Structs in memory: nested, padded, with arrays and matrices, and with a runtime-sized tail.
//!include "lib/shared.wgsl"
//!include "lib/inner.wgsl"

struct Settings {
    offset: vec3<f32>,
    count: u32,
    frame: mat3x3<f32>,
    table: array<vec4<f32>, 2>,
}

@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read_write> records: array<Record>;
@group(0) @binding(2) var<storage, read> tailed: Tailed;
@group(0) @binding(3) var<storage, read> points: array<vec3<f32>>;
@group(0) @binding(4) var<storage, read_write> total: Item;
@group(0) @binding(5) var<storage, read> fixed: array<vec2<u32>, 4>;

/// Called by the host as well.
fn scaled(index: u32, factor: f32) -> vec3<f32> {
    return points[index] * factor + settings.offset;
}

@compute @workgroup_size(64)
fn records_of(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= settings.count { return; }
    let r = &records[id.x];
    let item = tailed.items[id.x];
    (*r).normal = scaled(id.x, (*r).weight) * tailed.header.scale;
    (*r).inner.axis = vec4<f32>(item.color, (*r).position.y) + settings.table[1];
    (*r).inner.pair[id.x & 1u] = INNER_COUNT + i32(fixed[id.x].y);
    (*r).corners[1] = (*r).corners[0].zxy;
    (*r).frame[2] = settings.frame[0];
    (*r).frame[id.x % 3u].y = 0.5;
    (*r).uv = item.matrix * (*r).uv;
    (*r).last = bitcast<i32>(arrayLength(&tailed.items) * 16u + tailed.first + tailed.header.limit.y);
    let old = atomicAdd(&records[0].count, 2u);
    if id.x == 0u {
        let copy = tailed.items[1];
        total = copy;
        total.color.x = f32(settings.count);
        total.matrix[1] = vec2<f32>(3.0, 4.0);
    }
}
