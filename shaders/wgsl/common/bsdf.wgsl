// OpenPBR Surface 1.1: fuzz over a coat over a base of metal and dielectric, where the dielectric is glossy-diffuse or clear.
// All directions are local: +z is the shading normal on the side of the viewer, wo.z > 0.
//!include "common/albedos.wgsl"
//!include "common/ggx.wgsl"
//!include "common/warp.wgsl"

const ALPHA_MIN: f32 = 0.0002;
/// Smoother fuzz would be a few directions. A node of the table.
const FUZZ_ALPHA_MIN: f32 = 0.017013233;

/// The parameters of a surface at a point, seen from one side. Names and meaning are those of OpenPBR.
struct Pbr {
    /// base_weight base_color, and of metals the reflectance at normal incidence.
    base: vec3f,
    metalness: f32,
    /// specular_color of the dielectric.
    tint: vec3f,
    diffuse_roughness: f32,
    /// specular_color of the metal: its tint at 82 degrees.
    edge: vec3f,
    /// specular_weight of the metal; that of the dielectric is in `eta`.
    metal_weight: f32,
    roughness: f32,
    anisotropy: f32,
    /// Index of refraction of the far side by that of the near side.
    eta: f32,
    /// Heap word of the albedos at this `eta`.
    table: u32,
    /// What clear dielectric multiplies light by that passes.
    clear_tint: vec3f,
    transmission: f32,
    /// coat_color.
    coat_color: vec3f,
    coat_weight: f32,
    coat_roughness: f32,
    coat_eta: f32,
    coat_darkening: f32,
    /// Heap word of the albedos of the coat.
    coat_table: u32,
    fuzz_color: vec3f,
    fuzz_weight: f32,
    fuzz_roughness: f32,
    /// BSDF_THIN, BSDF_INSIDE and BSDF_KHR.
    flags: u32,
}

/// Lambert and nothing else.
const BSDF_MATTE: u32 = 1u;
/// Light passes to the far side.
const BSDF_CLEAR: u32 = 2u;
/// What is clear is a pane: light leaves it in its old direction.
const BSDF_THIN: u32 = 4u;
/// There is a coat.
const BSDF_COAT: u32 = 8u;
/// There is fuzz.
const BSDF_FUZZ: u32 = 16u;
/// Part of it is metal.
const BSDF_METAL: u32 = 32u;
/// The diffuse base is rough.
const BSDF_ROUGH: u32 = 64u;
/// The viewer is inside.
const BSDF_INSIDE: u32 = 128u;
/// The rules of the KHR_materials extensions hold: another anisotropy, and what lies under a coat is not blurred.
const BSDF_KHR: u32 = 256u;

/// A surface from one direction: what all directions of light share is computed once.
struct Bsdf {
    flags: u32,
    alpha: vec2f,
    roughness: f32,
    eta: f32,
    table: u32,
    /// Factor on the reflectance of the glossy-diffuse dielectric, and of the clear one with its compensation.
    dielectric: vec3f,
    clear_reflected: vec3f,
    /// Factor on what the clear dielectric lets through.
    clear_passed: vec3f,
    /// Weight of the metal times reflectance head on and at grazing angles, and the dip at 82 degrees.
    metal_f0: vec3f,
    metal_f90: f32,
    metal_dip: vec3f,
    /// Of the metal what is scattered more than once, with the factor of this direction.
    metal_again: vec3f,
    /// Albedo of the diffuse base, and what the interface lets through on this side.
    diffuse: vec3f,
    diffuse_scale: f32,
    /// Of a rough base: its own albedo, on which its multiple scattering depends.
    rho: vec3f,
    diffuse_roughness: f32,
    /// All that lies under the fuzz, and under the coat, is multiplied by these.
    under_fuzz: f32,
    under_coat: vec3f,
    /// Logarithm of what a way through the coat takes off, per thickness; the coat's weight and roughness.
    coat_log: vec3f,
    coat_weight: f32,
    coat_alpha: f32,
    coat_eta: f32,
    fuzz: vec3f,
    fuzz_alpha: f32,
    /// Chances of sampling the lobes; what is left is the fuzz.
    specular_chance: f32,
    diffuse_chance: f32,
    clear_chance: f32,
    coat_chance: f32,
}

struct BsdfSample {
    direction: vec3f,
    /// f |cos| / density.
    weight: vec3f,
    density: f32,
}

struct BsdfValue {
    /// f |cos|.
    value: vec3f,
    density: f32,
}

/// Fills lobes that are all 0.
fn bsdf_matte(b: ptr<function, Bsdf>, base: vec3f) {
    (*b).flags = BSDF_MATTE;
    (*b).diffuse = base;
    (*b).diffuse_chance = 1.0;
}

/// GGX alpha along tangent and bitangent (OpenPBR 1.1, "Microfacet model"; KHR_materials_anisotropy).
fn alphas(roughness: f32, anisotropy: f32, khr: bool) -> vec2f {
    let a = roughness * roughness;
    if anisotropy == 0.0 {
        return vec2f(max1(a, ALPHA_MIN));
    }
    if khr {
        return vec2f(max1(mix(a, 1.0, anisotropy * anisotropy), ALPHA_MIN), max1(a, ALPHA_MIN));
    }
    let y = 1.0 - anisotropy;
    let x = a * sqrt(2.0 / (1.0 + y * y));
    return vec2f(max1(x, ALPHA_MIN), max1(x * y, ALPHA_MIN));
}

/// x^5, the power of Schlick's approximation.
fn fifth(x: f32) -> f32 {
    let x2 = x * x;
    return x2 * x2 * x;
}

/// Fills the lobes of a surface seen from wo.z = `cosine`, which are all 0.
fn bsdf_of(b: ptr<function, Bsdf>, p: ptr<function, Pbr>, cosine: f32) {
    (*b).flags = (*p).flags;
    (*b).eta = (*p).eta;
    (*b).table = (*p).table;
    (*b).under_fuzz = 1.0;
    (*b).under_coat = vec3f(1.0);
    (*b).roughness = (*p).roughness;
    let coated = (*p).coat_weight > 0.0;
    if coated && ((*p).flags & BSDF_KHR) == 0u {
        // A rough coat blurs what lies under it (OpenPBR 1.1, "Roughening"): sigma^4 of both add up.
        let base2 = square((*p).roughness);
        let coat2 = square((*p).coat_roughness);
        let both = min1(base2 * base2 + 2.0 * coat2 * coat2, 1.0);
        (*b).roughness = mix((*p).roughness, sqrt(sqrt(both)), (*p).coat_weight);
    }
    (*b).alpha = alphas((*b).roughness, (*p).anisotropy, ((*p).flags & BSDF_KHR) != 0u);
    let place = albedo_place(cosine, (*b).roughness);
    let dielectric = 1.0 - (*p).metalness;
    let clear = dielectric * (*p).transmission;
    let glossy = dielectric - clear;
    var specular = 0.0;
    var again = 0.0;
    var passed = 0.0;

    // Glossy-diffuse. Under the interface arrives what it does not reflect, on the way in and on the way out (Kelemen and
    // Szirmay-Kalos 2001): f = base / pi (1 - E(wo)) (1 - E(wi)) / (1 - E mean). Reciprocal, and the albedos add up to 1.
    let reflected = albedo_reflected((*p).table, place);
    let inside = ((*p).flags & BSDF_INSIDE) != 0u;
    let tint = select((*p).tint, vec3f(1.0), inside);
    var above_base = reflected;
    (*b).diffuse = (*p).base * glossy;
    if inside {
        // What is opaque of a clear body is diffuse for an eye within.
        above_base = 0.0;
        (*b).diffuse_scale = 1.0;
    } else {
        (*b).dielectric = tint * glossy;
        let mean = 1.0 - albedo_mean((*p).table, (*b).roughness);
        (*b).diffuse_scale = select(0.0, (1.0 - reflected) / mean, mean > 1e-4);
    }
    if (*p).diffuse_roughness > 0.0 {
        (*b).flags |= BSDF_ROUGH;
        (*b).diffuse_roughness = (*p).diffuse_roughness;
        (*b).rho = (*p).base;
    }
    specular += luminance((*b).dielectric) * reflected;
    let diffuse = luminance((*b).diffuse) * (1.0 - above_base);

    if clear > 0.0 {
        (*b).flags |= BSDF_CLEAR;
        // What a single scattering loses is given back in proportion (Turquin 2019).
        let thin = ((*p).flags & BSDF_THIN) != 0u;
        let kept = select(albedo_total((*p).table, place), albedo_reflected(info.mirror_table, place), thin);
        let whole = clear / max1(kept, 1e-3);
        (*b).clear_reflected = tint * whole;
        (*b).clear_passed = (*p).clear_tint * whole;
        let share = select(reflected / max1(kept, 1e-3), 2.0 * reflected / (1.0 + reflected), thin);
        specular += clear * luminance(tint) * share;
        passed = clear * luminance((*p).clear_tint) * max1(1.0 - share, 0.0);
    }

    if (*p).metalness > 0.0 {
        (*b).flags |= BSDF_METAL;
        let weight = (*p).metalness * (*p).metal_weight;
        // F82-tint (Kutz, Hasan and Edmondson 2021): Schlick less b cos (1 - cos)^6, so that at cos 1/7 it is `edge` times.
        let at_edge = (*p).base + (vec3f(1.0) - (*p).base) * 0.46266436;
        let dip = at_edge * (vec3f(1.0) - (*p).edge) * 17.651384;
        (*b).metal_f0 = (*p).base * weight;
        (*b).metal_f90 = weight;
        (*b).metal_dip = dip * weight;
        // Kulla and Conty 2017, slide 17, with the mean of the reflectance in closed form.
        let single = albedo_reflected(info.mirror_table, place);
        let single_mean = albedo_mean(info.mirror_table, (*b).roughness);
        let f = (*p).base + (vec3f(1.0) - (*p).base) * (1.0 / 21.0) - dip * (1.0 / 126.0);
        let more = f * f * single_mean / (vec3f(1.0) - f * (1.0 - single_mean));
        let scale = select(0.0, (1.0 - single) / (1.0 - single_mean), single_mean < 0.9999);
        (*b).metal_again = more * (weight * scale);
        specular += luminance(metal_albedo(b, place, cosine));
        again = luminance((*b).metal_again) * (1.0 - single_mean);
    }

    var coat = 0.0;
    var fuzz = 0.0;
    var base_share = 1.0;
    if coated {
        let reflected_above = albedo_reflected((*p).coat_table, albedo_place(cosine, (*p).coat_roughness));
        add_coat(b, p, cosine, reflected_above);
        base_share = luminance((*b).under_coat);
        coat = (*b).coat_weight * reflected_above;
    }
    if (*p).fuzz_weight > 0.0 {
        (*b).flags |= BSDF_FUZZ;
        let white = albedo_fuzz(albedo_place(cosine, (*p).fuzz_roughness));
        let covered = (*p).fuzz_weight * min1(white, 1.0);
        (*b).fuzz = (*p).fuzz_color * ((*p).fuzz_weight / max1(white, 1.0));
        (*b).fuzz_alpha = max1(square((*p).fuzz_roughness), FUZZ_ALPHA_MIN);
        (*b).under_fuzz = 1.0 - covered;
        fuzz = covered * luminance((*p).fuzz_color);
        coat *= (*b).under_fuzz;
        base_share *= (*b).under_fuzz;
    }

    let under = diffuse + again;
    let sum = (specular + under + passed) * base_share + coat + fuzz;
    let scale = select(0.0, 1.0 / sum, sum > 0.0);
    (*b).coat_chance = coat * scale;
    (*b).clear_chance = passed * base_share * scale;
    let two = (specular + under) * base_share * scale;
    // Interface and diffuse base both keep a chance, else directions that only one of them finds would be lost.
    var chance = select(0.0, specular / (specular + under), specular + under > 0.0);
    if diffuse > 0.0 {
        chance = select(0.0, clamp(chance, 0.1, 0.9), specular > 0.0);
    }
    (*b).specular_chance = two * chance;
    (*b).diffuse_chance = select(two - (*b).specular_chance, 0.0, !(under > 0.0));
}

/// Adds the coat, which reflects that share of light, and takes it off what lies under it.
fn add_coat(b: ptr<function, Bsdf>, p: ptr<function, Pbr>, cosine: f32, reflected: f32) {
    (*b).flags |= BSDF_COAT;
    (*b).coat_weight = select((*p).coat_weight, 0.0, ((*p).flags & BSDF_INSIDE) != 0u);
    (*b).coat_alpha = max1(square((*p).coat_roughness), ALPHA_MIN);
    (*b).coat_eta = (*p).coat_eta;
    let c = (*p).coat_color;
    // coat_color is what a way in and out along the normal leaves.
    (*b).coat_log = 0.5 * vec3f(log_poly(max1(c.x, 1e-6)), log_poly(max1(c.y, 1e-6)), log_poly(max1(c.z, 1e-6)));
    // Light that turns back at the coat meets the base again (OpenPBR 1.1, "Coat darkening"), each time that often: `back`.
    let mean_in = coat_mean((*p).coat_eta);
    // A diffuse base is as rough as can be, whatever its interface is.
    let glossy = (1.0 - (*p).metalness) * (1.0 - (*p).transmission);
    let rough = mix((*b).roughness, 1.0, glossy * (1.0 - albedo_mean((*p).table, (*b).roughness)));
    let back = mix(fresnel_dielectric(cosine, (*p).coat_eta), 1.0 - (1.0 - mean_in) / square((*p).coat_eta), rough);
    // What the base reflects in all, for this alone.
    let whole = (*p).base * mix(1.0, (*p).metal_weight, (*p).metalness);
    let darkened = vec3f(1.0 - back) / (vec3f(1.0) - whole * back);
    let inside = ((*p).flags & BSDF_INSIDE) != 0u;
    let darkening = mix(vec3f(1.0), darkened, select((*p).coat_weight * (*p).coat_darkening, 0.0, inside));
    let kept = coat_way(b, cosine) * (1.0 - select(reflected, 0.0, inside));
    (*b).under_coat = mix(vec3f(1.0), kept, (*p).coat_weight) * darkening;
}

/// Mean reflectance of a smooth dielectric over the hemisphere, for indices above 1 (OpenPBR 1.1, "Coat darkening").
fn coat_mean(eta: f32) -> f32 {
    return log_poly((10893.0 * eta - 1438.2) / (-774.4 * eta * eta + 10212.0 * eta + 1.0));
}

/// What the coat leaves of light on its way at this angle outside.
fn coat_way(b: ptr<function, Bsdf>, cosine: f32) -> vec3f {
    let inner = sqrt(max1(1.0 - (1.0 - cosine * cosine) / square((*b).coat_eta), 1e-4));
    let l = (*b).coat_log * (1.0 / inner);
    return vec3f(exp_negative(min1(l.x, 0.0)), exp_negative(min1(l.y, 0.0)), exp_negative(min1(l.z, 0.0)));
}

/// Weight and reflectance of the metal.
fn metal_reflectance(b: ptr<function, Bsdf>, cosine: f32) -> vec3f {
    let c = 1.0 - cosine;
    let c5 = fifth(c);
    let f = (*b).metal_f0 + (vec3f((*b).metal_f90) - (*b).metal_f0) * c5 - (*b).metal_dip * (cosine * c5 * c);
    return vec3f(max1(f.x, 0.0), max1(f.y, 0.0), max1(f.z, 0.0));
}

/// What the metal reflects with one scattering, but for the dip at 82 degrees, whose mean is a guess.
fn metal_albedo(b: ptr<function, Bsdf>, place: AlbedoPlace, cosine: f32) -> vec3f {
    let all = albedo_reflected(info.mirror_table, place);
    let grazing = albedo_total(info.mirror_table, place);
    let facet = mix(cosine, 0.7, (*b).roughness * (1.0 - cosine));
    let c = 1.0 - facet;
    let f = (*b).metal_f0 * (all - grazing) + vec3f((*b).metal_f90 * grazing) - (*b).metal_dip * (facet * fifth(c) * c * all);
    return vec3f(max1(f.x, 0.0), max1(f.y, 0.0), max1(f.z, 0.0));
}

/// What a microfacet reflects of light at this angle to it, all weights included.
fn microfacet_reflectance(b: ptr<function, Bsdf>, cosine: f32) -> vec3f {
    let f = fresnel_dielectric(cosine, (*b).eta);
    var sum = (*b).dielectric * f;
    if ((*b).flags & BSDF_CLEAR) != 0u {
        sum += (*b).clear_reflected * select(f, 2.0 * f / (1.0 + f), ((*b).flags & BSDF_THIN) != 0u);
    }
    if ((*b).flags & BSDF_METAL) != 0u {
        sum += metal_reflectance(b, cosine);
    }
    return sum;
}

/// The diffuse base without its interface, over albedo / pi: energy-preserving Oren-Nayar (Portsmouth, Kutz and Hill 2025).
fn rough_diffuse(rho: vec3f, roughness: f32, wo: vec3f, wi: vec3f) -> vec3f {
    let a = 1.0 / (1.0 + 0.28779343 * roughness);
    let s = dot(wo, wi) - wo.z * wi.z;
    let s_over_t = select(s, s / max1(max1(wo.z, wi.z), 1e-6), s > 0.0);
    let single = a * (1.0 + roughness * s_over_t);
    let mean = a * (1.0 + 0.072488214 * roughness);
    let o = rough_albedo(wo.z, roughness, a);
    let i = rough_albedo(wi.z, roughness, a);
    let rest = max1(1.0 - mean, 1e-7);
    let again = rho * (mean * max1(1.0 - o, 1e-7) * max1(1.0 - i, 1e-7) / rest) / (vec3f(1.0) - rho * (1.0 - mean));
    return vec3f(single) + again;
}

/// Directional albedo of the single-scattering part (Portsmouth, Kutz and Hill 2025, eq. 16).
fn rough_albedo(cosine: f32, roughness: f32, a: f32) -> f32 {
    let m = 1.0 - cosine;
    let g = m * (0.0571085289 + m * (0.491881867 + m * (-0.332181442 + m * 0.0714429953)));
    return a * (1.0 + roughness * g);
}

/// Density of fuzz fibres by their half vector (Estevez and Kulla 2017, eq. 2).
fn fuzz_d(h: vec3f, alpha: f32) -> f32 {
    let sin2 = h.x * h.x + h.y * h.y;
    let power = 0.5 / alpha;
    return (2.0 + 1.0 / alpha) * INV_TWO_PI * exp_negative(power * log_poly(max1(min1(sin2, 1.0), 1e-12)));
}

/// Their shadowing (Estevez and Kulla 2017, table 1, and the terminator of section 4).
fn fuzz_lambda(cosine: f32, alpha: f32) -> f32 {
    let k = square(1.0 - alpha);
    let low = cosine < 0.5;
    let x = max1(select(1.0 - cosine, cosine, low), 1e-12);
    let l = fuzz_curve(x, k);
    return exp_any(select(2.0 * fuzz_curve(0.5, k) - l, l, low));
}

fn fuzz_curve(x: f32, k: f32) -> f32 {
    let power = exp_negative(mix(0.19823, 0.16801, k) * log_poly(x));
    return mix(21.5473, 25.3245, k) / (1.0 + mix(3.82987, 3.32435, k) * power) + mix(-1.97760, -1.27393, k) * x + mix(-4.32054, -4.85967, k);
}

/// e^x.
fn exp_any(x: f32) -> f32 {
    return select(exp_negative(x), 1.0 / exp_negative(-x), x > 0.0);
}

fn bsdf_value(b: ptr<function, Bsdf>, wo: vec3f, wi: vec3f) -> BsdfValue {
    if !(wi.z > 0.0) {
        if ((*b).flags & BSDF_CLEAR) != 0u && wi.z < 0.0 {
            return passed_value(b, wo, wi);
        }
        return BsdfValue(vec3f(0.0), 0.0);
    }
    let lambert = wi.z * INV_PI;
    if ((*b).flags & BSDF_MATTE) != 0u {
        return BsdfValue((*b).diffuse * lambert, lambert);
    }
    let h = unit(wo + wi);
    let c = saturate1(dot(wi, h));
    let d = ggx_d(h, (*b).alpha);
    var value = microfacet_reflectance(b, c) * (d * ggx_visibility(wo, wi, (*b).alpha) * wi.z);
    var density = (*b).specular_chance * ggx_density(wo, d, (*b).alpha) + (*b).diffuse_chance * lambert;
    if (*b).diffuse_chance > 0.0 {
        let place = albedo_place(wi.z, (*b).roughness);
        let through = select(1.0 - albedo_reflected((*b).table, place), 1.0, ((*b).flags & BSDF_INSIDE) != 0u);
        var under = (*b).diffuse * ((*b).diffuse_scale * through);
        if ((*b).flags & BSDF_ROUGH) != 0u {
            under *= rough_diffuse((*b).rho, (*b).diffuse_roughness, wo, wi);
        }
        if ((*b).flags & BSDF_METAL) != 0u {
            under += (*b).metal_again * (1.0 - albedo_reflected(info.mirror_table, place));
        }
        value += under * lambert;
    }
    if ((*b).flags & (BSDF_COAT | BSDF_FUZZ)) != 0u {
        if ((*b).flags & BSDF_COAT) != 0u {
            value *= (*b).under_coat * mix(vec3f(1.0), coat_way(b, wi.z), (*b).coat_weight);
            let alpha = vec2f((*b).coat_alpha);
            let coat_d = ggx_d(h, alpha);
            value += vec3f((*b).coat_weight * fresnel_dielectric(c, (*b).coat_eta) * coat_d * ggx_visibility(wo, wi, alpha) * wi.z);
            density += (*b).coat_chance * ggx_density(wo, coat_d, alpha);
        }
        if ((*b).flags & BSDF_FUZZ) != 0u {
            value *= (*b).under_fuzz;
            let shadowed = 1.0 / ((1.0 + fuzz_lambda(wo.z, (*b).fuzz_alpha) + fuzz_lambda(wi.z, (*b).fuzz_alpha)) * 4.0 * wo.z);
            value += (*b).fuzz * (fuzz_d(h, (*b).fuzz_alpha) * shadowed);
            density += fuzz_chance(b) * INV_TWO_PI;
        }
    }
    return BsdfValue(value, density);
}

fn fuzz_chance(b: ptr<function, Bsdf>) -> f32 {
    return max1(1.0 - (*b).specular_chance - (*b).diffuse_chance - (*b).clear_chance - (*b).coat_chance, 0.0);
}

/// Light that passes to the far side (Walter et al. 2007, eq. 21), without the factor 1 / eta^2 of radiance: what enters
/// leaves, and L / n^2 is what stays the same.
fn passed_value(b: ptr<function, Bsdf>, wo: vec3f, wi: vec3f) -> BsdfValue {
    var value: f32;
    var density: f32;
    if ((*b).flags & BSDF_THIN) != 0u {
        let mirrored = vec3f(wi.x, wi.y, -wi.z);
        let h = unit(wo + mirrored);
        let f = fresnel_dielectric(saturate1(dot(wo, h)), (*b).eta);
        let d = ggx_d(h, (*b).alpha);
        value = (1.0 - f) / (1.0 + f) * d * ggx_visibility(wo, mirrored, (*b).alpha) * mirrored.z;
        density = ggx_density(wo, d, (*b).alpha);
    } else {
        let h = refraction_normal(wo, wi, (*b).eta);
        let o = dot(wo, h);
        let i = dot(wi, h);
        if !(o > 0.0) || !(i < 0.0) {
            return BsdfValue(vec3f(0.0), 0.0);
        }
        let spread = square((*b).eta) * -i / max1(square(o + (*b).eta * i), 1e-30);
        let d = ggx_d(h, (*b).alpha);
        // Visibility is G2 / (4 cos cos), the density of visible normals 2 D cos / (cos_o + stretched).
        value = (1.0 - fresnel_dielectric(o, (*b).eta)) * d * 4.0 * ggx_visibility(wo, wi, (*b).alpha) * o * spread * -wi.z;
        density = 2.0 * d * o / (wo.z + ggx_stretched(wo, (*b).alpha)) * spread;
    }
    return BsdfValue((*b).clear_passed * (*b).under_coat * (value * (*b).under_fuzz), density * (*b).clear_chance);
}

/// One direction. `weight` is 0 when the sample fell below the horizon.
fn bsdf_sample(b: ptr<function, Bsdf>, wo: vec3f, u: vec2f) -> BsdfSample {
    if ((*b).flags & BSDF_MATTE) != 0u {
        let wi = cosine_sample(u);
        return BsdfSample(wi, (*b).diffuse, wi.z * INV_PI);
    }
    // The first number picks the lobe and is stretched back over 0..1, so it stays stratified in each.
    var wi: vec3f;
    var at = u.x;
    if at < (*b).specular_chance {
        wi = above(ggx_sample(wo, (*b).alpha, vec2f(min1(at / (*b).specular_chance, ONE_BELOW), u.y)));
    } else {
        at -= (*b).specular_chance;
        if at < (*b).diffuse_chance || ((*b).flags & (BSDF_CLEAR | BSDF_COAT | BSDF_FUZZ)) == 0u {
            wi = cosine_sample(vec2f(min1(at / (*b).diffuse_chance, ONE_BELOW), u.y));
        } else {
            wi = layer_sample(b, wo, vec2f(at - (*b).diffuse_chance, u.y));
        }
    }
    let f = bsdf_value(b, wo, wi);
    if !(f.density > 0.0) {
        return BsdfSample(wi, vec3f(0.0), 0.0);
    }
    return BsdfSample(wi, f.value / f.density, f.density);
}

/// Reflection that does not leave is no light that passes: nothing instead.
fn above(wi: vec3f) -> vec3f {
    return select(vec3f(0.0), wi, wi.z > 0.0);
}

/// The same of the lobes that few surfaces have; nothing where there is no direction.
fn layer_sample(b: ptr<function, Bsdf>, wo: vec3f, u: vec2f) -> vec3f {
    var at = u.x;
    if at < (*b).clear_chance {
        let v = vec2f(min1(at / (*b).clear_chance, ONE_BELOW), u.y);
        if ((*b).flags & BSDF_THIN) != 0u {
            let mirrored = above(ggx_sample(wo, (*b).alpha, v));
            return vec3f(mirrored.x, mirrored.y, -mirrored.z);
        }
        let h = ggx_normal(wo, (*b).alpha, 1.0, v);
        let o = dot(wo, h);
        let i2 = 1.0 - (1.0 - o * o) / square((*b).eta);
        if !(i2 > 0.0) || !(o > 0.0) {
            return vec3f(0.0);
        }
        let wi = h * (o / (*b).eta - sqrt(i2)) - wo * (1.0 / (*b).eta);
        return select(vec3f(0.0), wi, wi.z < 0.0);
    }
    at -= (*b).clear_chance;
    if at < (*b).coat_chance {
        return above(ggx_sample(wo, vec2f((*b).coat_alpha), vec2f(min1(at / (*b).coat_chance, ONE_BELOW), u.y)));
    }
    // Fuzz: all directions alike.
    let v = vec2f(min1((at - (*b).coat_chance) / max1(fuzz_chance(b), 1e-12), ONE_BELOW), u.y);
    let r = sqrt(max1(1.0 - v.x * v.x, 0.0));
    let sc = sin_cos_turns(v.y);
    return vec3f(r * sc.y, r * sc.x, v.x);
}

/// Share of a white sky that the surface reflects to the viewer or lets through, nearly: for filters and names of colours, not for light.
fn bsdf_albedo(b: ptr<function, Bsdf>, cosine: f32) -> vec3f {
    if ((*b).flags & BSDF_MATTE) != 0u {
        return (*b).diffuse;
    }
    let place = albedo_place(cosine, (*b).roughness);
    let f = albedo_reflected((*b).table, place);
    var sum = (*b).dielectric * f + (*b).diffuse * select(1.0 - f, 1.0, ((*b).flags & BSDF_INSIDE) != 0u);
    if ((*b).flags & BSDF_METAL) != 0u {
        sum += metal_albedo(b, place, cosine) + (*b).metal_again * (1.0 - albedo_mean(info.mirror_table, (*b).roughness));
    }
    if ((*b).flags & BSDF_CLEAR) != 0u {
        let thin = ((*b).flags & BSDF_THIN) != 0u;
        let kept = albedo_total((*b).table, place);
        let back = select(f, 2.0 * f / (1.0 + f) * albedo_reflected(info.mirror_table, place), thin);
        let through = select(kept - f, (1.0 - f) / (1.0 + f) * albedo_reflected(info.mirror_table, place), thin);
        sum += (*b).clear_reflected * back + (*b).clear_passed * max1(through, 0.0);
    }
    if ((*b).flags & BSDF_COAT) != 0u {
        sum *= (*b).under_coat * mix(vec3f(1.0), coat_way(b, 0.70710678), (*b).coat_weight);
        sum += vec3f((*b).coat_weight * fresnel_dielectric(cosine, (*b).coat_eta));
    }
    if ((*b).flags & BSDF_FUZZ) != 0u {
        sum = sum * (*b).under_fuzz + (*b).fuzz * (1.0 - (*b).under_fuzz);
    }
    return sum;
}
