// Lambert under a GGX layer, or a metal: glTF 2.0 appendix B, with energy kept.
// All directions are local: +z is the shading normal, z > 0 for both.
//!include "common/scene.wgsl"
//!include "common/math.wgsl"
//!include "common/warp.wgsl"

const ALPHA_MIN: f32 = 0.001;
const ALBEDO_SIZE: u32 = 32u;

struct Bsdf {
    /// Albedo of what lies under the layer.
    diffuse: vec3f,
    alpha: f32,
    /// Reflectance at normal incidence and at grazing angles.
    f0: vec3f,
    f90: f32,
    /// Chance of sampling the specular lobe.
    specular_chance: f32,
    /// (1 - E(wo)) / (1 - E average): what the layer lets through on this side.
    diffuse_scale: f32,
    /// The layer alone, for its albedo: greatest channel at normal incidence, value at grazing angles.
    layer_f0: f32,
    layer_f90: f32,
    roughness: f32,
    matte: bool,
}

struct BsdfSample {
    direction: vec3f,
    /// f cos / density.
    weight: vec3f,
    density: f32,
}

struct BsdfValue {
    /// f cos.
    value: vec3f,
    density: f32,
}

/// Directional albedo of GGX with Schlick's Fresnel as (factor of f0, factor of f90), from the table of albedo.wgsl.
fn albedo_factors(cosine: f32, roughness: f32) -> vec2f {
    let x = min1(cosine, 1.0) * f32(ALBEDO_SIZE - 1u);
    let y = min1(roughness, 1.0) * f32(ALBEDO_SIZE - 1u);
    let x0 = min(u32(x), ALBEDO_SIZE - 2u);
    let y0 = min(u32(y), ALBEDO_SIZE - 2u);
    let fx = x - f32(x0);
    let fy = y - f32(y0);
    let at = info.albedo_table + 2u * (y0 * ALBEDO_SIZE + x0);
    let below = at + 2u * ALBEDO_SIZE;
    let a = mix(albedo_entry(at), albedo_entry(at + 2u), fx);
    let b = mix(albedo_entry(below), albedo_entry(below + 2u), fx);
    return mix(a, b, fy);
}

/// Cosine-weighted mean of `albedo_factors` over the hemisphere.
fn albedo_mean(roughness: f32) -> vec2f {
    let y = min1(roughness, 1.0) * f32(ALBEDO_SIZE - 1u);
    let y0 = min(u32(y), ALBEDO_SIZE - 2u);
    let at = info.albedo_table + 2u * (ALBEDO_SIZE * ALBEDO_SIZE + y0);
    return mix(albedo_entry(at), albedo_entry(at + 2u), y - f32(y0));
}

fn albedo_entry(word: u32) -> vec2f {
    return vec2f(bitcast<f32>(heap[word]), bitcast<f32>(heap[word + 1u]));
}

fn layer_albedo(b: Bsdf, factors: vec2f) -> f32 {
    return min1(b.layer_f0 * factors.x + b.layer_f90 * factors.y, 1.0);
}

/// The lobes of a surface seen from wo.z = `cosine`.
fn bsdf_layered(base: vec3f, metallic: f32, roughness: f32, dielectric_f0: vec3f, dielectric_f90: f32, cosine: f32) -> Bsdf {
    var b: Bsdf;
    b.matte = false;
    b.roughness = roughness;
    b.alpha = max1(roughness * roughness, ALPHA_MIN);
    b.diffuse = base * (1.0 - metallic);
    // Schlick's Fresnel is linear in f0 and f90, so mixing those mixes the lobes.
    b.f0 = mix(dielectric_f0, base, metallic);
    b.f90 = mix(dielectric_f90, 1.0, metallic);
    b.layer_f0 = max_component(dielectric_f0);
    b.layer_f90 = dielectric_f90;
    let factors = albedo_factors(cosine, roughness);
    let specular = luminance(b.f0) * factors.x + b.f90 * factors.y;
    // Under the layer arrives what it does not reflect, on the way in and on the way out (Kelemen and Szirmay-Kalos 2001):
    // f = base / pi (1 - E(wo)) (1 - E(wi)) / (1 - E mean). Reciprocal, and the albedos add up to at most 1.
    let through = 1.0 - layer_albedo(b, factors);
    let mean = 1.0 - layer_albedo(b, albedo_mean(roughness));
    b.diffuse_scale = select(0.0, through / mean, mean > 1e-4);
    let under = luminance(b.diffuse) * through;
    let sum = specular + under;
    // Both lobes keep a chance, else directions that only one of them finds would be lost.
    let chance = select(0.0, specular / sum, sum > 0.0);
    b.specular_chance = select(select(clamp(chance, 0.1, 0.9), 1.0, !(under > 0.0)), 0.0, !(specular > 0.0));
    return b;
}

fn bsdf_matte(base: vec3f) -> Bsdf {
    var b: Bsdf;
    b.matte = true;
    b.diffuse = base;
    b.specular_chance = 0.0;
    return b;
}

/// GGX normal distribution (Walter et al. 2007, eq. 33, in the form that stays exact for small alpha).
fn ggx_d(h: vec3f, alpha: f32) -> f32 {
    let x = h.x / alpha;
    let y = h.y / alpha;
    let s = x * x + y * y + h.z * h.z;
    return 1.0 / (PI * alpha * alpha * s * s);
}

/// G2 / (4 cos_o cos_i), height-correlated Smith (Heitz 2014, eq. 99).
fn ggx_visibility(no: f32, ni: f32, alpha: f32) -> f32 {
    let a2 = alpha * alpha;
    let o = ni * sqrt(a2 + (1.0 - a2) * no * no);
    let i = no * sqrt(a2 + (1.0 - a2) * ni * ni);
    return 0.5 / max1(o + i, 1e-30);
}

/// The factor of bounded visible-normal sampling that replaces i_std.z (Eto and Tokuyoshi 2023, eq. 5).
fn ggx_bound(wo: vec3f, alpha: f32) -> f32 {
    let s = 1.0 + sqrt(wo.x * wo.x + wo.y * wo.y);
    let a2 = alpha * alpha;
    let s2 = s * s;
    return (1.0 - a2) * s2 / (s2 + a2 * wo.z * wo.z);
}

/// A reflected direction by bounded visible normals (Eto and Tokuyoshi 2023, listing 1). May lie below the horizon.
fn ggx_sample(wo: vec3f, alpha: f32, u: vec2f) -> vec3f {
    let stretched = unit(vec3f(wo.x * alpha, wo.y * alpha, wo.z));
    let b = ggx_bound(wo, alpha) * stretched.z;
    let sc = sin_cos_turns(u.x);
    let z = (1.0 - u.y) * (1.0 + b) - b;
    let r = sqrt(max1(0.0, 1.0 - z * z));
    let m = vec3f(r * sc.y, r * sc.x, z) + stretched;
    let h = unit(vec3f(m.x * alpha, m.y * alpha, max1(m.z, 1e-12)));
    return h * (2.0 * dot(wo, h)) - wo;
}

/// Solid-angle density of `ggx_sample` (Eto and Tokuyoshi 2023, listing 2).
fn ggx_density(wo: vec3f, d: f32, alpha: f32) -> f32 {
    let x = wo.x * alpha;
    let y = wo.y * alpha;
    let t = sqrt(x * x + y * y + wo.z * wo.z);
    return d / (2.0 * (ggx_bound(wo, alpha) * wo.z + t));
}

fn bsdf_value(b: Bsdf, wo: vec3f, wi: vec3f) -> BsdfValue {
    if !(wi.z > 0.0) {
        return BsdfValue(vec3f(0.0), 0.0);
    }
    let lambert = wi.z * INV_PI;
    if b.matte {
        return BsdfValue(b.diffuse * lambert, lambert);
    }
    let h = unit(wo + wi);
    let d = ggx_d(h, b.alpha);
    let c = 1.0 - saturate1(dot(wi, h));
    let c2 = c * c;
    let schlick = c2 * c2 * c;
    let fresnel = b.f0 + (vec3f(b.f90) - b.f0) * schlick;
    let specular = fresnel * (d * ggx_visibility(wo.z, wi.z, b.alpha) * wi.z);
    var value = specular;
    if b.specular_chance < 1.0 {
        let through = 1.0 - layer_albedo(b, albedo_factors(wi.z, b.roughness));
        value += b.diffuse * (lambert * b.diffuse_scale * through);
    }
    let density = mix(lambert, ggx_density(wo, d, b.alpha), b.specular_chance);
    return BsdfValue(value, density);
}

/// One direction. `weight` is 0 when the sample fell below the horizon.
fn bsdf_sample(b: Bsdf, wo: vec3f, u: vec2f) -> BsdfSample {
    if b.matte {
        let wi = cosine_sample(u);
        return BsdfSample(wi, b.diffuse, wi.z * INV_PI);
    }
    // The first number picks the lobe and is stretched back over 0..1, so it stays stratified in each.
    let p = b.specular_chance;
    var wi: vec3f;
    if u.x < p {
        wi = ggx_sample(wo, b.alpha, vec2f(min1(u.x / p, ONE_BELOW), u.y));
    } else {
        wi = cosine_sample(vec2f(min1((u.x - p) / (1.0 - p), ONE_BELOW), u.y));
    }
    let f = bsdf_value(b, wo, wi);
    if !(f.density > 0.0) {
        return BsdfSample(wi, vec3f(0.0), 0.0);
    }
    return BsdfSample(wi, f.value / f.density, f.density);
}
