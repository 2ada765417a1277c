// A ray's constants in the space of one tree, and the box and triangle tests on them.
//!include "common/ray.wgsl"
//!include "trace/scene_bvh.wgsl"

/// Far ends are scaled by this, which covers the rounding of both ends (Ize, "Robust BVH Ray Traversal", JCGT 2013).
const BVH_SLACK: f32 = 1.000001;

struct TraceRay {
    origin: vec3<f32>,
    t_min: f32,
    inverse: vec3<f32>,
    /// Bit k is set when the direction's component k is negative.
    signs: u32,
    /// The direction's largest component and the two after it (Woop et al. 2013).
    axes: vec3<u32>,
    valid: u32,
    shear: vec3<f32>,
}

/// `valid` is 0 for rays that can hit nothing.
fn trace_ray(origin: vec3<f32>, direction: vec3<f32>, t_min: f32) -> TraceRay {
    let size = abs(direction);
    var kz = 2u;
    if size.x >= size.y && size.x >= size.z {
        kz = 0u;
    } else if size.y >= size.z {
        kz = 1u;
    }
    let largest = size[kz];
    let place = abs(origin);
    let total = (size.x + size.y + size.z) + (place.x + place.y + place.z);
    var out: TraceRay;
    // The bits of what is finite lie below those of infinity, and those of NaN above.
    out.valid = select(0u, 1u, largest > 0.0 && bitcast<u32>(total) < 0x7f800000u);
    let kx = select(kz + 1u, 0u, kz == 2u);
    let ky = select(kx + 1u, 0u, kx == 2u);
    // A component below this moves the ray by less than a rounding error over any distance; a floor keeps 0 * inf away.
    let least = vec3<f32>(largest * 1e-20);
    let signs = bitcast<vec3<u32>>(direction) >> vec3<u32>(31u);
    let floored = select(least, -least, signs != vec3<u32>(0u));
    out.origin = origin;
    out.t_min = select(0.0, t_min, t_min > 0.0);
    out.inverse = 1.0 / select(floored, direction, size > least);
    out.signs = signs.x | signs.y << 1u | signs.z << 2u;
    out.axes = vec3<u32>(kx, ky, kz);
    let dz = direction[kz];
    out.shear = vec3<f32>(direction[kx] / dz, direction[ky] / dz, 1.0 / dz);
    return out;
}

/// Four quantised bounds as numbers.
fn trace_steps(word: u32) -> vec4<f32> {
    return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(255u));
}

/// Box tests of four slots; `near` and `far` are the quantised bounds met first and last per axis. Bit i: slot i may be hit.
fn trace_four_boxes(near: vec3<u32>, far: vec3<u32>, scale: vec3<f32>, base: vec3<f32>, t_min: f32, t_max: f32) -> u32 {
    // Operands stand so that an indefinite bound (0 * inf) gives way to the other one, as on the host.
    let enter = max(
        max(vec4<f32>(t_min), trace_steps(near.z) * scale.z + base.z),
        max(trace_steps(near.y) * scale.y + base.y, trace_steps(near.x) * scale.x + base.x),
    );
    let leave = min(
        min(vec4<f32>(t_max), trace_steps(far.z) * scale.z + base.z),
        min(trace_steps(far.y) * scale.y + base.y, trace_steps(far.x) * scale.x + base.x),
    );
    let hit = select(vec4<u32>(0u), vec4<u32>(1u, 2u, 4u, 8u), enter <= leave * BVH_SLACK);
    return hit.x | hit.y | hit.z | hit.w;
}

/// Box tests of all eight slots of a node; bit i of the result: slot i is filled and may be hit before `t_max`.
fn trace_boxes(at: u32, ray: TraceRay, t_max: f32) -> u32 {
    let head = bvh_nodes[at];
    let a = bvh_nodes[at + 2u];
    let b = bvh_nodes[at + 3u];
    let c = bvh_nodes[at + 4u];
    let exponents = (vec3<u32>(head.w) >> vec3<u32>(0u, 8u, 16u)) & vec3<u32>(255u);
    let scale = bitcast<vec3<f32>>(exponents << vec3<u32>(23u)) * ray.inverse;
    let base = (bitcast<vec3<f32>>(head.xyz) - ray.origin) * ray.inverse;
    let negative = (vec3<u32>(ray.signs) & vec3<u32>(1u, 2u, 4u)) != vec3<u32>(0u);
    let lo_0 = vec3<u32>(a.x, a.z, b.x);
    let lo_1 = vec3<u32>(a.y, a.w, b.y);
    let hi_0 = vec3<u32>(b.z, c.x, c.z);
    let hi_1 = vec3<u32>(b.w, c.y, c.w);
    let low = trace_four_boxes(select(lo_0, hi_0, negative), select(hi_0, lo_0, negative), scale, base, ray.t_min, t_max);
    let high = trace_four_boxes(select(lo_1, hi_1, negative), select(hi_1, lo_1, negative), scale, base, ray.t_min, t_max);
    return (low | high << 4u) & (head.w >> 24u);
}

/// A corner relative to the ray, axes permuted.
fn trace_corner(corner: vec3<f32>, ray: TraceRay) -> vec3<f32> {
    let local = corner - ray.origin;
    return vec3<f32>(local[ray.axes.x], local[ray.axes.y], local[ray.axes.z]);
}

/// x * y less its rounded value `product`, as `product_error` of runtime/render/src/bvh/zero_edges.rs, which says when it is
/// exact. All products of halves are exact, so it does not matter which a driver fuses.
fn trace_product_error(x: vec3<f32>, y: vec3<f32>, product: vec3<f32>) -> vec3<f32> {
    let x_high = bitcast<vec3<f32>>(bitcast<vec3<u32>>(x) & vec3<u32>(0xfffff000u));
    let y_high = bitcast<vec3<f32>>(bitcast<vec3<u32>>(y) & vec3<u32>(0xfffff000u));
    let x_low = x - x_high;
    let y_low = y - y_high;
    return ((x_high * y_high - product) + x_high * y_low + x_low * y_high) + x_low * y_low;
}

/// Edge functions (xyz weigh corners 0, 1, 2) after Woop, Benthin, Wald, "Watertight Ray/Triangle Intersection", JCGT 2013,
/// and 1 in w when the ray's line crosses the triangle.
///
/// Their signs are exact for the sheared corners: rounding keeps the order of two products, also where a driver fuses one of
/// them into the difference, and where both round to one number, their errors decide.
fn trace_edges(a: vec3<f32>, b: vec3<f32>, c: vec3<f32>, shear: vec3<f32>) -> vec4<f32> {
    let x = vec3<f32>(a.x - shear.x * a.z, b.x - shear.x * b.z, c.x - shear.x * c.z);
    let y = vec3<f32>(a.y - shear.y * a.z, b.y - shear.y * b.z, c.y - shear.y * c.z);
    let ahead = x.zxy * y.yzx;
    let behind = x.yzx * y.zxy;
    var edge = ahead - behind;
    let equal = ahead == behind;
    if any(equal) {
        let exact = trace_product_error(x.zxy, y.yzx, ahead) - trace_product_error(x.yzx, y.zxy, behind);
        edge = select(edge, exact, equal);
    }
    let crosses = all(edge >= vec3<f32>(0.0)) || all(edge <= vec3<f32>(0.0));
    return vec4<f32>(edge, select(0.0, 1.0, crosses));
}
