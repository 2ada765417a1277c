// Adds the samples of one pixel to the film, in their order: nobody else writes that pixel.
//!include "common/state.wgsl"

@group(0) @binding(10) var<storage, read_write> pixels_sum: array<vec4f>;
/// The same of the samples with an odd number.
@group(0) @binding(11) var<storage, read_write> pixels_odd: array<vec4f>;

@compute @workgroup_size(64)
fn film(@builtin(global_invocation_id) id: vec3u) {
    let pixels = wave.width * wave.height;
    if id.x >= pixels {
        return;
    }
    var sum = pixels_sum[wave.film + id.x];
    var odd = pixels_odd[wave.film + id.x];
    for (var s = 0u; s < wave.samples; s++) {
        let path = s * pixels + id.x;
        let covered = select(0.0, 1.0, (paths[path].flags & PATH_COVERED) != 0u);
        let sample = vec4f(paths[path].radiance, covered);
        sum += sample;
        if ((wave.first_sample + s) & 1u) != 0u {
            odd += sample;
        }
    }
    pixels_sum[wave.film + id.x] = sum;
    pixels_odd[wave.film + id.x] = odd;
}
