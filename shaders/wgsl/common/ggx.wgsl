// The microfacets of rough interfaces: GGX, anisotropic, with height-correlated shadowing. Directions are local, +z the normal;
// wo.z > 0 where nothing else is said.
//!include "common/math.wgsl"

/// GGX normal distribution (Heitz 2014, eq. 85, in the form that stays exact for small alpha).
fn ggx_d(h: vec3f, alpha: vec2f) -> f32 {
    let x = h.x / alpha.x;
    let y = h.y / alpha.y;
    let s = x * x + y * y + h.z * h.z;
    return 1.0 / (PI * alpha.x * alpha.y * s * s);
}

/// |cos| (1 + 2 lambda) of a direction: Smith's shadowing (Heitz 2014, eq. 86).
fn ggx_stretched(v: vec3f, alpha: vec2f) -> f32 {
    let x = v.x * alpha.x;
    let y = v.y * alpha.y;
    return sqrt(x * x + y * y + v.z * v.z);
}

/// G2 / (4 cos_o cos_i), height-correlated (Heitz 2014, eq. 99), for directions on either side.
fn ggx_visibility(wo: vec3f, wi: vec3f, alpha: vec2f) -> f32 {
    let o = abs(wi.z) * ggx_stretched(wo, alpha);
    let i = abs(wo.z) * ggx_stretched(wi, alpha);
    return 0.5 / max1(o + i, 1e-30);
}

/// The factor of bounded visible-normal sampling that replaces i_std.z (Eto and Tokuyoshi 2023, eq. 5).
fn ggx_bound(wo: vec3f, alpha: vec2f) -> f32 {
    let s = 1.0 + sqrt(wo.x * wo.x + wo.y * wo.y);
    let a = min1(alpha.x, alpha.y);
    let a2 = a * a;
    let s2 = s * s;
    return (1.0 - a2) * s2 / (s2 + a2 * wo.z * wo.z);
}

/// A normal whose reflection may lie above the horizon, of those that wo sees: `bound` is 1 for all of them.
fn ggx_normal(wo: vec3f, alpha: vec2f, bound: f32, u: vec2f) -> vec3f {
    let stretched = unit(vec3f(wo.x * alpha.x, wo.y * alpha.y, wo.z));
    let b = bound * stretched.z;
    let sc = sin_cos_turns(u.x);
    let z = (1.0 - u.y) * (1.0 + b) - b;
    let r = sqrt(max1(0.0, 1.0 - z * z));
    let m = vec3f(r * sc.y, r * sc.x, z) + stretched;
    return unit(vec3f(m.x * alpha.x, m.y * alpha.y, max1(m.z, 1e-12)));
}

/// A reflected direction by bounded visible normals (Eto and Tokuyoshi 2023, listing 1). May lie below the horizon.
fn ggx_sample(wo: vec3f, alpha: vec2f, u: vec2f) -> vec3f {
    let h = ggx_normal(wo, alpha, ggx_bound(wo, alpha), u);
    return h * (2.0 * dot(wo, h)) - wo;
}

/// Solid-angle density of `ggx_sample` (Eto and Tokuyoshi 2023, listing 2); `d` is the distribution at the half vector.
fn ggx_density(wo: vec3f, d: f32, alpha: vec2f) -> f32 {
    return d / (2.0 * (ggx_bound(wo, alpha) * wo.z + ggx_stretched(wo, alpha)));
}

/// The normal that refracts wo, above, into wi, below, where the far side has `eta` times the index of the near one.
fn refraction_normal(wo: vec3f, wi: vec3f, eta: f32) -> vec3f {
    let h = wo + wi * eta;
    return unit(select(h, -h, h.z < 0.0));
}

/// Reflectance of a smooth dielectric whose far side has `eta` times the index of the near one, for unpolarised light.
fn fresnel_dielectric(cosine: f32, eta: f32) -> f32 {
    let g2 = eta * eta - 1.0 + cosine * cosine;
    if !(g2 > 0.0) {
        return 1.0;
    }
    let g = sqrt(g2);
    let a = (g - cosine) / (g + cosine);
    let b = (cosine * (g + cosine) - 1.0) / (cosine * (g - cosine) + 1.0);
    return 0.5 * a * a * (1.0 + b * b);
}
