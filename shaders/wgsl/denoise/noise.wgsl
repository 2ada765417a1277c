// The variance of each pixel's luminance: of the mean of the halves from their difference, averaged over similar pixels; of a
// picture of one sample from the differences of similar pixels.
//!include "denoise/common.wgsl"

@group(0) @binding(1) var<storage, read> guides: array<Guide>;
@group(0) @binding(2) var<storage, read> even_in: array<vec4f>;
@group(0) @binding(3) var<storage, read> odd_in: array<vec4f>;
/// `even_in` with the variance in w.
@group(0) @binding(4) var<storage, read_write> noise_out: array<vec4f>;

/// Reach of the average, pixels.
const NOISE_REACH: i32 = 3;

@compute @workgroup_size(64)
fn noise(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= denoising.count {
        return;
    }
    let pixel = denoising.first + id.x;
    let x = i32(pixel % denoising.width);
    let y = i32(pixel / denoising.width);
    let guide = guides[pixel];
    var total = 0.0;
    var sum = 0.0;
    var squares = 0.0;
    for (var dy = max(-NOISE_REACH, -y); dy <= min(NOISE_REACH, i32(denoising.height) - 1 - y); dy++) {
        for (var dx = max(-NOISE_REACH, -x); dx <= min(NOISE_REACH, i32(denoising.width) - 1 - x); dx++) {
            let q = u32((y + dy) * i32(denoising.width) + x + dx);
            let difference = guide_difference(guide, guides[q], f32(dx), f32(dy));
            if difference < STOP_END {
                let odd = odd_in[q];
                let weight = falloff(difference) * odd.w;
                let even = luminance(even_in[q].xyz);
                let other = luminance(odd.xyz);
                let value = select(even, 0.5 * (even - other), denoising.halves != 0u);
                total += weight;
                sum += weight * value;
                squares += weight * value * value;
            }
        }
    }
    let scale = select(0.0, 1.0 / total, total > 0.0);
    let mean = select(sum * scale, 0.0, denoising.halves != 0u);
    noise_out[pixel - denoising.base] = vec4f(even_in[pixel].xyz, max1(squares * scale - mean * mean, 0.0));
}
