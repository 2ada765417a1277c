// Maps from the unit square to shapes.
//!include "common/math.wgsl"

/// Unit disk, area-preserving (Shirley and Chiu 1997, in the polar form with one square root less).
fn disk_sample(u: vec2f) -> vec2f {
    let r = sqrt(u.x);
    let sc = sin_cos_turns(u.y);
    return vec2f(r * sc.y, r * sc.x);
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
