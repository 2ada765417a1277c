// What the kernels of the denoiser share.
//!include "common/math.wgsl"

/// One dispatch over pixels `first .. first + count`. Element 0 of what it writes is pixel `base`.
struct Denoising {
    width: u32,
    height: u32,
    first: u32,
    count: u32,
    base: u32,
    /// Pixels between two taps of the wavelet.
    step: u32,
    /// 0: the picture is one sample, and both halves are the same.
    halves: u32,
}

/// What is known of a pixel without noise.
struct Guide {
    normal: vec3f,
    /// 1 / depth: on a plane it changes by the same amount from each pixel to the next. 0 where nothing is met.
    nearness: f32,
    albedo: vec3f,
    slope_x: f32,
    slope_y: f32,
}

@group(0) @binding(0) var<uniform> denoising: Denoising;

/// Illumination is radiance by albedo, and an albedo below this counts as this.
const ALBEDO_LEAST: f32 = 0.02;
/// How fast weights fall with the angle between normals (as cos^128), the distance from the plane of the pixel, and albedo.
const STOP_NORMAL: f32 = 64.0;
const STOP_PLANE: f32 = 0.005;
const STOP_SLOPE: f32 = 0.25;
const STOP_ALBEDO: f32 = 15.0;
/// Differences beyond this have no weight.
const STOP_END: f32 = 8.0;

/// How much two pixels differ by what is known without noise; `x` and `y` lead from the one to the other.
fn guide_difference(p: Guide, q: Guide, x: f32, y: f32) -> f32 {
    let n = p.normal - q.normal;
    let a = p.albedo - q.albedo;
    let climb = p.slope_x * x + p.slope_y * y;
    let off = abs(q.nearness - p.nearness - climb);
    let room = STOP_PLANE * max1(p.nearness, q.nearness) + STOP_SLOPE * abs(climb) + 1e-9;
    return STOP_NORMAL * dot(n, n) + STOP_ALBEDO * dot(a, a) + off / room;
}

/// exp(-difference) nearly, and 0 from STOP_END on.
fn falloff(difference: f32) -> f32 {
    let t = max1(1.0 - difference * (1.0 / STOP_END), 0.0);
    let t2 = t * t;
    let t4 = t2 * t2;
    return t4 * t4;
}

/// 16 times a row of the B3 spline.
fn spline(i: i32) -> f32 {
    return select(select(1.0, 4.0, abs(i) == 1), 6.0, i == 0);
}

/// What radiance is divided by to get illumination.
fn divisor(guide: Guide) -> vec3f {
    return max(guide.albedo, vec3f(ALBEDO_LEAST));
}

/// False for NaN, infinity and anything beyond 1e15, whose square would not fit. By the bits, because compilers for GPUs may assume that
/// there is no NaN.
fn is_number(x: f32) -> bool {
    return (bitcast<u32>(x) & 0x7fffffffu) < 0x58635fa9u;
}

fn are_numbers(v: vec3f) -> bool {
    return is_number(v.x) && is_number(v.y) && is_number(v.z);
}
