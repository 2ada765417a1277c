// Directional albedo of GGX without Fresnel and with Schlick's power, for a grid of cosines and roughnesses:
// E(cos, roughness) = f0 * (a - b) + f90 * b, stored as (a - b, b).
//!include "common/bsdf.wgsl"
//!include "common/sampler.wgsl"

@group(0) @binding(10) var<storage, read_write> albedo_out: array<f32>;

const ALBEDO_SAMPLES: u32 = 512u;

@compute @workgroup_size(64)
fn albedo(@builtin(global_invocation_id) id: vec3u) {
    let cell = id.x;
    if cell >= ALBEDO_SIZE * ALBEDO_SIZE {
        return;
    }
    let cosine = max1(f32(cell % ALBEDO_SIZE) / f32(ALBEDO_SIZE - 1u), 1e-3);
    let roughness = f32(cell / ALBEDO_SIZE) / f32(ALBEDO_SIZE - 1u);
    let alpha = max1(roughness * roughness, ALPHA_MIN);
    let wo = vec3f(sqrt(1.0 - cosine * cosine), 0.0, cosine);
    var a = 0.0;
    var b = 0.0;
    for (var i = 0u; i < ALBEDO_SAMPLES; i++) {
        // Hammersley points.
        let u = vec2f((f32(i) + 0.5) / f32(ALBEDO_SAMPLES), unit_float(reverseBits(i)));
        let wi = ggx_sample(wo, alpha, u);
        if wi.z > 0.0 {
            let h = unit(wo + wi);
            let d = ggx_d(h, alpha);
            let weight = d * ggx_visibility(wo.z, wi.z, alpha) * wi.z / ggx_density(wo, d, alpha);
            let c = 1.0 - saturate1(dot(wi, h));
            a += weight;
            b += weight * c * c * c * c * c;
        }
    }
    let scale = 1.0 / f32(ALBEDO_SAMPLES);
    albedo_out[2u * cell] = (a - b) * scale;
    albedo_out[2u * cell + 1u] = b * scale;
}
