// Adds what the camera rays of one pixel met, in the order of their samples: nobody else writes that pixel.
//!include "common/seen.wgsl"

@group(0) @binding(1) var<uniform> wave: Wave;
@group(0) @binding(2) var<uniform> matte_info: MatteInfo;
@group(0) @binding(3) var<storage, read_write> seen: array<Seen>;
@group(0) @binding(4) var<storage, read_write> pixels_seen: array<PixelSeen>;
/// Numbers of the names of all parts, one kind of matte after the other.
@group(0) @binding(5) var<storage, read> matte_names: array<u32>;
/// MATTE_SLOTS pairs of a name's number and its rays for each kind of each pixel; free where there are no rays.
@group(0) @binding(6) var<storage, read_write> matte_slots: array<vec2u>;

@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3u) {
    let pixels = wave.width * wave.height;
    if id.x >= pixels {
        return;
    }
    let pixel = wave.film + id.x;
    let slots = matte_info.kinds * MATTE_SLOTS;
    var sum: PixelSeen;
    if wave.first_sample == 0u {
        for (var slot = 0u; slot < slots; slot++) {
            matte_slots[pixel * slots + slot] = vec2u(0u, 0u);
        }
    } else {
        sum = pixels_seen[pixel];
    }
    for (var sample = 0u; sample < wave.samples; sample++) {
        let path = sample * pixels + id.x;
        let s = seen[path];
        if s.part == NONE {
            continue;
        }
        sum.albedo += s.albedo;
        sum.normal += s.normal;
        if sum.met == 0u || s.depth < sum.depth {
            sum.depth = s.depth;
            sum.position = s.position;
            sum.part = s.part;
            sum.primitive = s.primitive;
            sum.u = s.u;
            sum.v = s.v;
        }
        sum.met += 1u;
        for (var kind = 0u; kind < matte_info.kinds; kind++) {
            count_name(pixel * slots + kind * MATTE_SLOTS, matte_names[kind * matte_info.parts + s.part]);
        }
    }
    pixels_seen[pixel] = sum;
}

/// Counts a ray for a name. Where all slots are taken by others, the newcomer, which has one ray, is dropped.
fn count_name(first: u32, name: u32) {
    for (var slot = 0u; slot < MATTE_SLOTS; slot++) {
        let held = matte_slots[first + slot];
        if held.y == 0u || held.x == name {
            matte_slots[first + slot] = vec2u(name, held.y + 1u);
            return;
        }
    }
}
