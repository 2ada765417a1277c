// What rays that leave the scene see, and how next-event estimation aims at it.
//!include "common/heap.wgsl"
//!include "common/math.wgsl"

/// (u, v) of a unit direction: u = 0.5 + atan2(z, x) / 2 pi, v = acos(y) / pi, with the map turned about +Y.
fn map_coordinates(d: vec3f) -> vec2f {
    let x = info.map_cos * d.x + info.map_sin * d.z;
    let z = info.map_cos * d.z - info.map_sin * d.x;
    let u = 0.5 + atan2_poly(z, x) * INV_TWO_PI;
    let v = atan2_poly(sqrt(x * x + z * z), d.y) * INV_PI;
    return vec2f(saturate1(u), saturate1(v));
}

fn map_pixel(x: u32, y: u32) -> vec3f {
    let at = info.map_pixels + 3u * (y * info.map_width + x);
    return vec3f(heap_float(at), heap_float(at + 1u), heap_float(at + 2u));
}

/// Bilinear; wraps around in u, ends at the poles in v.
fn map_radiance(uv: vec2f) -> vec3f {
    let w = i32(info.map_width);
    let h = i32(info.map_height);
    // One width to the right keeps truncation equal to floor at the left edge.
    let x = uv.x * f32(w) - 0.5 + f32(w);
    let y = uv.y * f32(h) - 0.5 + 1.0;
    let column = i32(x);
    let row = i32(y);
    let fx = x - f32(column);
    let fy = y - f32(row);
    let x0 = u32(column % w);
    let x1 = u32((column + 1) % w);
    let y0 = u32(clamp(row - 1, 0, h - 1));
    let y1 = u32(clamp(row, 0, h - 1));
    let top = mix(map_pixel(x0, y0), map_pixel(x1, y0), fx);
    let bottom = mix(map_pixel(x0, y1), map_pixel(x1, y1), fx);
    return mix(top, bottom, fy) * info.sky;
}

/// Solid-angle density with which `map_sample` finds a direction with these coordinates, without `map_chance`.
fn map_density(uv: vec2f) -> f32 {
    let x = min(u32(uv.x * f32(info.cell_width)), info.cell_width - 1u);
    let y = min(u32(uv.y * f32(info.cell_height)), info.cell_height - 1u);
    let density = heap_float(info.cell_density + y * info.cell_width + x);
    let sine = sin_cos_turns(0.5 * uv.y).x;
    return select(0.0, density / (2.0 * PI * PI * sine), sine > 1e-6);
}

/// Coordinates in the map: a cell by the alias method (Walker 1977), uniform inside.
fn map_sample(pick: f32, u: vec2f) -> vec2f {
    let count = info.cell_width * info.cell_height;
    let scaled = pick * f32(count);
    let column = min(u32(scaled), count - 1u);
    let entry = info.cell_alias + 2u * column;
    let keep = (scaled - f32(column)) < heap_float(entry);
    let cell = select(heap[entry + 1u], column, keep);
    let x = f32(cell % info.cell_width) + u.x;
    let y = f32(cell / info.cell_width) + u.y;
    return vec2f(min1(x / f32(info.cell_width), ONE_BELOW), min1(y / f32(info.cell_height), ONE_BELOW));
}

/// Unit direction for coordinates in the map; the inverse of `map_coordinates`.
fn map_direction(uv: vec2f) -> vec3f {
    let polar = sin_cos_turns(0.5 * uv.y);
    // atan2 = 2 pi (u - 0.5): a half turn flips both signs.
    let around = sin_cos_turns(uv.x);
    let x = -around.y * polar.x;
    let z = -around.x * polar.x;
    return vec3f(info.map_cos * x - info.map_sin * z, polar.y, info.map_cos * z + info.map_sin * x);
}

/// Radiance from direction `d` for a ray that the BSDF chose with `density` (0: all of it counts), next-event estimation
/// taking its share by the power heuristic (Veach 1997, eq. 9.13).
fn escaped_radiance(d: vec3f, density: f32) -> vec3f {
    var radiance = info.sky;
    if info.map_width != 0u {
        let uv = map_coordinates(d);
        radiance = map_radiance(uv) * mis_weight(density, info.map_chance * map_density(uv));
    }
    for (var i = 0u; i < info.sun_count; i++) {
        let sun = lights[i];
        let toward = d - sun.position;
        // |d - s|^2 = 2 (1 - cos): no cancellation for small disks.
        if 0.5 * dot(toward, toward) < sun.size {
            radiance += sun.color * mis_weight(density, sun.chance * INV_TWO_PI / sun.size);
        }
    }
    return radiance;
}

/// Share of a strategy with density `mine` against one with `other`; 0 for `mine` stands for a delta.
fn mis_weight(mine: f32, other: f32) -> f32 {
    if !(mine > 0.0) {
        return 1.0;
    }
    let r = other / mine;
    return 1.0 / (1.0 + r * r);
}
