// Fog: a medium that fills all space and scatters and absorbs alike in all places. Its extinction is
//     density                        up to fog_base,
//     density e^-((y - base) / height)  above,
// so that optical depths and their inverse have closed forms along any ray.
//!include "common/scene.wgsl"
//!include "common/math.wgsl"

/// Where the sky and suns stand, metres from the start of a ray: a fog without end would let none of their light through.
const FOG_REACH: f32 = 1e9;
/// Below this an extinction counts as none: no ray of FOG_REACH meets anything.
const FOG_NOTHING: f32 = 1e-30;

/// Optical depth of the first `t` metres of a ray that starts at height `y` and rises by `slope` per metre. The piece above
/// the base has the extinction of its lower end times the mean of e^-(rise / height).
fn fog_depth(y: f32, slope: f32, t: f32) -> f32 {
    let start = y - info.fog_base;
    let end = start + slope * t;
    let low = min1(start, end);
    let high = max1(start, end);
    if info.fog_falloff == 0.0 || !(high > 0.0) {
        return info.fog_density * t;
    }
    if low >= 0.0 {
        let lowest = info.fog_density * exp_negative(-low * info.fog_falloff);
        return lowest * t * exp_mean(abs(slope * t) * info.fog_falloff);
    }
    let above = t * (high / (high - low));
    return info.fog_density * ((t - above) + above * exp_mean(high * info.fog_falloff));
}

/// Share of light that passes along `toward`, to its end or from afar.
fn fog_transmittance(y: f32, toward: vec3f, far: bool) -> f32 {
    if far {
        return exp_negative(-fog_depth(y, toward.y, FOG_REACH));
    }
    let distance = sqrt(dot(toward, toward));
    return exp_negative(-fog_depth(y, toward.y / distance, distance));
}

/// Distance along such a ray at which the optical depth reaches `depth`; FAR_AWAY when FOG_REACH comes first. With
/// depth = -ln(1 - u) it is the exact free flight: its density is extinction times transmittance.
fn fog_flight(y: f32, slope: f32, depth: f32) -> f32 {
    let start = y - info.fog_base;
    let t = fog_flight_free(start, slope, depth);
    return select(FAR_AWAY, t, t < FOG_REACH);
}

fn fog_flight_free(start: f32, slope: f32, depth: f32) -> f32 {
    let density = info.fog_density;
    let even = depth / density;
    if info.fog_falloff == 0.0 {
        return even;
    }
    let rate = slope * info.fog_falloff;
    if slope >= 0.0 {
        var before = 0.0;
        var left = depth;
        var extinction = density;
        if start < 0.0 {
            if even * slope <= -start {
                return even;
            }
            before = -start / slope;
            left = max1(depth - density * before, 0.0);
        } else {
            extinction = density * exp_negative(-start * info.fog_falloff);
        }
        // left = extinction (1 - e^(-rate t)) / rate. What lies above may be too thin for it.
        let share = left * rate / extinction;
        if !(extinction > FOG_NOTHING) || !(share < 1.0) {
            return FAR_AWAY;
        }
        return before + left / extinction * log1p_ratio(-share);
    }
    if !(start > 0.0) {
        return even;
    }
    let to_base = start / -slope;
    let above = density * to_base * exp_mean(start * info.fog_falloff);
    if depth >= above {
        return to_base + (depth - above) / density;
    }
    // depth = extinction (e^(-rate t) - 1) / -rate. Far above the fog the extinction is 0 in f32, so the end is found from the
    // base: e^(-end / height) = e^(-start / height) + depth * -rate / density.
    let thin = exp_negative(-start * info.fog_falloff);
    let gain = depth * -rate / density;
    if gain <= thin && thin > FOG_NOTHING {
        return depth / (density * thin) * log1p_ratio(gain / thin);
    }
    return (start * info.fog_falloff + log_poly(max1(thin + gain, 1e-37))) / -rate;
}

/// Density per solid angle with which light turns by an angle of this cosine (Henyey and Greenstein 1941).
fn phase_density(cosine: f32, g: f32) -> f32 {
    // 1 + g^2 - 2 g cos, without cancellation at the peak.
    let d = square(1.0 - g) + 2.0 * g * (1.0 - cosine);
    return (1.0 - g * g) / (4.0 * PI * d * sqrt(d));
}

/// A direction about +z, the way of the light, with `phase_density`. The inverse of its distribution is
/// cos = (1 + g^2 - ((1 - g^2) / (1 + g s))^2) / 2g with s = 2u - 1; multiplied out nothing is divided by g.
fn phase_sample(u: vec2f, g: f32) -> vec3f {
    let s = 2.0 * u.x - 1.0;
    let q = 1.0 + g * s;
    let cosine = clamp(((1.0 + g * g) * s + 0.5 * g * (3.0 + s * s - g * g * (1.0 - s * s))) / (q * q), -1.0, 1.0);
    let sine = sqrt(max1(0.0, 1.0 - cosine * cosine));
    let sc = sin_cos_turns(u.y);
    return vec3f(sine * sc.y, sine * sc.x, cosine);
}
