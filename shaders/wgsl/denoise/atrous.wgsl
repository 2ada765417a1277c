// One level of an edge-avoiding a-trous wavelet (Dammertz et al. 2010) with a stop on luminance as wide as the noise (SVGF, Schied et al.
// 2017). The weights of each half come from the other one (Rousselle et al. 2012), so that noise does not choose its own weights: a mean
// over pixels that look alike by chance would be too dark, and a firefly would average with nothing.
//!include "denoise/common.wgsl"

@group(0) @binding(1) var<storage, read> guides: array<Guide>;
/// w: variance of the luminance of the mean of both halves.
@group(0) @binding(2) var<storage, read> even_in: array<vec4f>;
/// w: 0 where there is no value yet.
@group(0) @binding(3) var<storage, read> odd_in: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> even_out: array<vec4f>;
@group(0) @binding(5) var<storage, read_write> odd_out: array<vec4f>;

/// Standard deviations at which a difference in luminance counts 1; one sample tells less of its noise than two halves.
const STOP_LUMINANCE: f32 = 2.0;
const STOP_LUMINANCE_ONE: f32 = 6.0;
/// Differences up to this share of the luminance are rounding.
const ROUNDING: f32 = 1e-4;

@compute @workgroup_size(64)
fn atrous(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= denoising.count {
        return;
    }
    let pixel = denoising.first + id.x;
    let width = i32(denoising.width);
    let height = i32(denoising.height);
    let x = i32(pixel % denoising.width);
    let y = i32(pixel / denoising.width);
    let step = i32(denoising.step);
    let guide = guides[pixel];
    let even = even_in[pixel];
    let odd = odd_in[pixel];
    let even_light = luminance(even.xyz);
    let odd_light = luminance(odd.xyz);
    // A half has twice the variance of the mean.
    let deviation = sqrt(variance_around(x, y));
    let far = select(STOP_LUMINANCE_ONE, STOP_LUMINANCE * 1.4142135, denoising.halves != 0u) * deviation;
    // Where the pixel has no value its luminance says nothing.
    let stop = odd.w / (far + ROUNDING * abs(even_light + odd_light) + 1e-10);

    var even_sum = vec3f(0.0);
    var odd_sum = vec3f(0.0);
    var even_total = 0.0;
    var odd_total = 0.0;
    var variance = 0.0;
    for (var j = -2; j <= 2; j++) {
        let qy = y + j * step;
        if qy < 0 || qy >= height {
            continue;
        }
        for (var i = -2; i <= 2; i++) {
            let qx = x + i * step;
            if qx < 0 || qx >= width {
                continue;
            }
            let q = u32(qy * width + qx);
            let difference = guide_difference(guide, guides[q], f32(i * step), f32(j * step));
            if difference < STOP_END {
                let e = even_in[q];
                let o = odd_in[q];
                let share = spline(i) * spline(j) * o.w;
                let even_weight = share * falloff(difference + abs(luminance(o.xyz) - odd_light) * stop);
                let odd_weight = share * falloff(difference + abs(luminance(e.xyz) - even_light) * stop);
                // Sums of differences: a constant stays what it is, to the bit.
                even_sum += even_weight * (e.xyz - even.xyz);
                odd_sum += odd_weight * (o.xyz - odd.xyz);
                even_total += even_weight;
                odd_total += odd_weight;
                let weight = 0.5 * (even_weight + odd_weight);
                variance += weight * weight * e.w;
            }
        }
    }
    let place = pixel - denoising.base;
    if !(even_total > 0.0 && odd_total > 0.0) {
        even_out[place] = even;
        odd_out[place] = odd;
        return;
    }
    let total = 0.5 * (even_total + odd_total);
    even_out[place] = vec4f(even.xyz + even_sum / even_total, variance / (total * total));
    odd_out[place] = vec4f(odd.xyz + odd_sum / odd_total, 1.0);
}

/// A pixel's variance is uncertain: a mean of 3 x 3.
fn variance_around(x: i32, y: i32) -> f32 {
    var sum = 0.0;
    var total = 0.0;
    for (var j = max(-1, -y); j <= min(1, i32(denoising.height) - 1 - y); j++) {
        for (var i = max(-1, -x); i <= min(1, i32(denoising.width) - 1 - x); i++) {
            let weight = select(1.0, 2.0, i == 0) * select(1.0, 2.0, j == 0);
            sum += weight * even_in[u32((y + j) * i32(denoising.width) + x + i)].w;
            total += weight;
        }
    }
    return sum / total;
}
