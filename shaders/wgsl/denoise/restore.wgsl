// Gives back what the wavelet took away and both halves agree on: it was no noise. Then illumination becomes radiance again.
// What was taken from a half is lost detail and noise; only the detail is the same in both. So the mean product of what was taken from
// each is the detail's energy, the mean square of their half difference is the noise's, and Wiener's filter weighs the two.
//!include "denoise/common.wgsl"

@group(0) @binding(1) var<storage, read> guides: array<Guide>;
@group(0) @binding(2) var<storage, read> noisy_rgb: array<f32>;
/// Before the wavelet; w: variance.
@group(0) @binding(3) var<storage, read> even_before: array<vec4f>;
/// w: 0 where the pixel is no number.
@group(0) @binding(4) var<storage, read> odd_before: array<vec4f>;
@group(0) @binding(5) var<storage, read> even_in: array<vec4f>;
@group(0) @binding(6) var<storage, read> odd_in: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> restored: array<f32>;

/// Of strong noise (relative variance RESTORE_NOISY and more) the samples are few and uneven, and agree by chance: detail must then stand out
/// by this factor.
const RESTORE_DOUBT: f32 = 4.0;
const RESTORE_NOISY: f32 = 0.1;

@compute @workgroup_size(64)
fn restore(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= denoising.count {
        return;
    }
    let pixel = denoising.first + id.x;
    let guide = guides[pixel];
    let rgb = vec3f(noisy_rgb[3u * pixel], noisy_rgb[3u * pixel + 1u], noisy_rgb[3u * pixel + 2u]);
    let by = divisor(guide);
    var out = 0.5 * (even_in[pixel].xyz + odd_in[pixel].xyz) * by;
    if odd_before[pixel].w > 0.0 {
        let taken = 0.5 * (even_taken(pixel) + odd_taken(pixel));
        out = max(rgb - (1.0 - gain(pixel, guide)) * taken * by, min(rgb, vec3f(0.0)));
    }
    let place = 3u * (pixel - denoising.base);
    restored[place] = out.x;
    restored[place + 1u] = out.y;
    restored[place + 2u] = out.z;
}

fn even_taken(pixel: u32) -> vec3f {
    return even_before[pixel].xyz - even_in[pixel].xyz;
}

fn odd_taken(pixel: u32) -> vec3f {
    return odd_before[pixel].xyz - odd_in[pixel].xyz;
}

/// The share of what was taken that is given back.
fn gain(pixel: u32, guide: Guide) -> f32 {
    if denoising.halves == 0u {
        return 0.0;
    }
    let x = i32(pixel % denoising.width);
    let y = i32(pixel / denoising.width);
    var total = 0.0;
    var detail = 0.0;
    var noise = 0.0;
    for (var dy = max(-2, -y); dy <= min(2, i32(denoising.height) - 1 - y); dy++) {
        for (var dx = max(-2, -x); dx <= min(2, i32(denoising.width) - 1 - x); dx++) {
            let q = u32((y + dy) * i32(denoising.width) + x + dx);
            let difference = guide_difference(guide, guides[q], f32(dx), f32(dy));
            let weight = spline(dx) * spline(dy) * falloff(difference) * odd_before[q].w;
            let e = even_taken(q);
            let o = odd_taken(q);
            detail += weight * dot(e, o);
            noise += weight * 0.25 * dot(e - o, e - o);
            total += weight;
        }
    }
    let variance = even_before[pixel].w;
    let light = 0.5 * luminance(even_in[pixel].xyz + odd_in[pixel].xyz);
    let relative = variance / (light * light + 1e-20);
    let doubt = RESTORE_DOUBT * relative / (relative + RESTORE_NOISY);
    let found = detail - doubt * max1(noise, variance * total);
    return select(0.0, found / (found + noise), found > 0.0);
}
