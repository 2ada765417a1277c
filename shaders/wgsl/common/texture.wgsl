// Texture lookups with filtering by hand, so that every executor gives the same result.
//!include "common/heap.wgsl"
//!include "common/math.wgsl"

/// An index in 0..size for coordinate `i` in -size..2*size.
fn wrap_texel(i: i32, size: i32, mode: u32) -> i32 {
    if mode == 2u {
        return clamp(i, 0, size - 1);
    }
    if mode == 1u {
        // The coordinate was brought into 0..2*size; one step outside mirrors back onto the edge.
        let j = select(i, -1 - i, i < 0);
        let k = select(j, 2 * size - 1 - j, j >= size);
        return select(k, -1 - k, k < 0);
    }
    let j = select(i, i + size, i < 0);
    return select(j, j - size, j >= size);
}

/// Brings a coordinate into one period (0..1, or 0..2 when mirrored), so that integers never overflow.
fn wrap_coordinate(x: f32, mode: u32) -> f32 {
    if mode == 2u {
        return select(select(x, 1.0, x > 1.0), 0.0, !(x > 0.0));
    }
    if mode == 1u {
        return 2.0 * fract(0.5 * x);
    }
    return fract(x);
}

fn decode_texel(word: u32, srgb: bool) -> vec4f {
    let alpha = f32(word >> 24u) * (1.0 / 255.0);
    if srgb {
        let t = info.srgb_table;
        return vec4f(
            heap_float(t + (word & 255u)),
            heap_float(t + ((word >> 8u) & 255u)),
            heap_float(t + ((word >> 16u) & 255u)),
            alpha,
        );
    }
    return vec4f(f32(word & 255u), f32((word >> 8u) & 255u), f32((word >> 16u) & 255u), 0.0) * (1.0 / 255.0) + vec4f(0.0, 0.0, 0.0, alpha);
}

/// The texture at coordinates of its set, filtered after decoding to linear, as glTF asks.
fn texture_at(slot: TextureSlot, uv: vec2f) -> vec4f {
    let at = vec3f(uv, 1.0);
    let mode_u = (slot.flags >> TEXTURE_WRAP_U) & 3u;
    let mode_v = (slot.flags >> TEXTURE_WRAP_V) & 3u;
    let width = i32(slot.width);
    let height = i32(slot.height);
    let srgb = (slot.flags & TEXTURE_SRGB) != 0u;
    let x = wrap_coordinate(dot(slot.u_from_uv, at), mode_u) * f32(width);
    let y = wrap_coordinate(dot(slot.v_from_uv, at), mode_v) * f32(height);
    if (slot.flags & TEXTURE_NEAREST) != 0u {
        let nx = wrap_texel(i32(floor(x)), width, mode_u);
        let ny = wrap_texel(i32(floor(y)), height, mode_v);
        return decode_texel(texel(slot, u32(ny * width + nx)), srgb);
    }
    let left = floor(x - 0.5);
    let top = floor(y - 0.5);
    let fx = x - 0.5 - left;
    let fy = y - 0.5 - top;
    let x0 = wrap_texel(i32(left), width, mode_u);
    let x1 = wrap_texel(i32(left) + 1, width, mode_u);
    let y0 = wrap_texel(i32(top), height, mode_v) * width;
    let y1 = wrap_texel(i32(top) + 1, height, mode_v) * width;
    let a = decode_texel(texel(slot, u32(y0 + x0)), srgb);
    let b = decode_texel(texel(slot, u32(y0 + x1)), srgb);
    let c = decode_texel(texel(slot, u32(y1 + x0)), srgb);
    let d = decode_texel(texel(slot, u32(y1 + x1)), srgb);
    return mix(mix(a, b, fx), mix(c, d, fx), fy);
}

fn texel(slot: TextureSlot, index: u32) -> u32 {
    return heap[slot.texels + index];
}
