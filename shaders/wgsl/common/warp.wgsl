// Maps from the unit square to shapes.
//!include "common/math.wgsl"

/// Unit disk, area-preserving (Shirley and Chiu 1997, in the polar form with one square root less).
fn disk_sample(u: vec2f) -> vec2f {
    let r = sqrt(u.x);
    let sc = sin_cos_turns(u.y);
    return vec2f(r * sc.y, r * sc.x);
}

/// Regular polygon of radius 1 with `sides` corners, the first of which lies at `turn` of a circle; uniform.
fn polygon_sample(u: vec2f, sides: u32, turn: f32) -> vec2f {
    let scaled = u.x * f32(sides);
    let side = min(u32(scaled), sides - 1u);
    let b = triangle_sample(vec2f(min1(scaled - f32(side), ONE_BELOW), u.y));
    let first = turn + f32(side) / f32(sides);
    let next = turn + f32(side + 1u) / f32(sides);
    let p = sin_cos_turns(first - floor(first));
    let q = sin_cos_turns(next - floor(next));
    return vec2f(p.y, p.x) * b.x + vec2f(q.y, q.x) * b.y;
}

/// Offset from the middle of a pixel with the density of its filter, so that all samples weigh alike (Ernst, Stamminger and
/// Greiner 2006, "Filter Importance Sampling"). The Gaussian ends at three standard deviations.
fn filter_sample(u: vec2f, shape: u32, radius: f32) -> vec2f {
    if shape == FILTER_TENT {
        return vec2f(tent_sample(u.x), tent_sample(u.y)) * radius;
    }
    if shape == FILTER_GAUSSIAN {
        // 1 - exp(-9 / 2) of its mass lies within.
        let r = sqrt(max1(-2.0 * log_poly(1.0 - u.x * 0.98889100), 0.0)) * (radius / 3.0);
        let sc = sin_cos_turns(u.y);
        return vec2f(sc.y, sc.x) * r;
    }
    return (u - 0.5) * (2.0 * radius);
}

/// -1..1 with density 1 - |x|.
fn tent_sample(u: f32) -> f32 {
    if u < 0.5 {
        return sqrt(2.0 * u) - 1.0;
    }
    return 1.0 - sqrt(2.0 - 2.0 * u);
}

/// Upper hemisphere about +z with density cos / pi.
fn cosine_sample(u: vec2f) -> vec3f {
    let d = disk_sample(u);
    return vec3f(d, sqrt(max1(0.0, 1.0 - u.x)));
}

/// Barycentric weights of the second and third corner, uniform over the triangle
/// (Heitz 2019, "A Low-Distortion Map Between Triangle and Square").
fn triangle_sample(u: vec2f) -> vec2f {
    let b = u * 0.5;
    let d = u.y - u.x;
    return select(vec2f(b.x, u.y - b.x), vec2f(u.x - b.y, b.y), d < 0.0);
}

/// Cone about +z whose half angle has 1 - cos = `one_minus_cos`, uniform in solid angle.
fn cone_sample(u: vec2f, one_minus_cos: f32) -> vec3f {
    let h = u.x * one_minus_cos;
    let r = sqrt(max1(0.0, h * (2.0 - h)));
    let sc = sin_cos_turns(u.y);
    return vec3f(r * sc.y, r * sc.x, 1.0 - h);
}
