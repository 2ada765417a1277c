// Splits a picture into two halves of illumination, without texture, and prepares the guides.
//!include "denoise/common.wgsl"

@group(0) @binding(1) var<storage, read> noisy_rgb: array<f32>;
@group(0) @binding(2) var<storage, read> noisy_half: array<f32>;
@group(0) @binding(3) var<storage, read> noisy_albedo: array<f32>;
@group(0) @binding(4) var<storage, read> noisy_normal: array<f32>;
@group(0) @binding(5) var<storage, read> noisy_depth: array<f32>;
/// Illumination by the samples with an even number; w is free.
@group(0) @binding(6) var<storage, read_write> even_out: array<vec4f>;
/// By the others; w: 1, or 0 where the pixel is no number.
@group(0) @binding(7) var<storage, read_write> odd_out: array<vec4f>;
@group(0) @binding(8) var<storage, read_write> guides_out: array<Guide>;

@compute @workgroup_size(64)
fn demodulate(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= denoising.count {
        return;
    }
    let pixel = denoising.first + id.x;
    let x = pixel % denoising.width;
    let y = pixel / denoising.width;
    var guide: Guide;
    guide.albedo = clamp(known(vec3f(noisy_albedo[3u * pixel], noisy_albedo[3u * pixel + 1u], noisy_albedo[3u * pixel + 2u])), vec3f(0.0), vec3f(1.0));
    guide.normal = known(vec3f(noisy_normal[3u * pixel], noisy_normal[3u * pixel + 1u], noisy_normal[3u * pixel + 2u]));
    guide.nearness = nearness(pixel);
    guide.slope_x = slope(pixel, guide.nearness, 1u, x > 0u, x + 1u < denoising.width);
    guide.slope_y = slope(pixel, guide.nearness, denoising.width, y > 0u, y + 1u < denoising.height);

    let both = vec3f(noisy_rgb[3u * pixel], noisy_rgb[3u * pixel + 1u], noisy_rgb[3u * pixel + 2u]);
    let odd = vec3f(noisy_half[3u * pixel], noisy_half[3u * pixel + 1u], noisy_half[3u * pixel + 2u]);
    let usable = are_numbers(both) && are_numbers(odd);
    let by = divisor(guide);
    let place = pixel - denoising.base;
    guides_out[place] = guide;
    even_out[place] = vec4f(select(vec3f(0.0), (2.0 * both - odd) / by, usable), 0.0);
    odd_out[place] = vec4f(select(vec3f(0.0), odd / by, usable), select(0.0, 1.0, usable));
}

fn known(v: vec3f) -> vec3f {
    return select(vec3f(0.0), v, are_numbers(v));
}

fn nearness(pixel: u32) -> f32 {
    let depth = noisy_depth[pixel];
    return select(0.0, 1.0 / depth, is_number(depth) && depth > 0.0 && depth < DEPTH_BACKGROUND);
}

/// From here on nothing is met.
const DEPTH_BACKGROUND: f32 = 9.0e9;

/// The change of nearness towards the neighbour that differs less: the other may lie across an edge.
fn slope(pixel: u32, here: f32, stride: u32, has_before: bool, has_after: bool) -> f32 {
    let before = here - nearness(select(pixel, pixel - stride, has_before));
    let after = nearness(select(pixel, pixel + stride, has_after)) - here;
    if !has_before {
        return after;
    }
    if !has_after {
        return before;
    }
    return select(before, after, abs(after) < abs(before));
}
