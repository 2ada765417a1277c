// Closest hit and occlusion over the compressed wide BVH, on the same bytes as runtime/render/src/bvh.
//
// The includer defines `fn hit_passes(instance: u32, primitive: u32, uv: vec2<f32>) -> bool`, which is asked about hits on
// cut-out instances only.
//!include "trace/ray.wgsl"

/// Stack entries: one or two per level of both trees, since a node's waiting children share one. Scenes need about twenty; a
/// walk that would need more gives up as at the cap on visits.
const TRACE_STACK: u32 = 64u;
/// Answers of `trace_occluded`.
const TRACE_FREE: u32 = 0u;
const TRACE_OCCLUDED: u32 = 1u;
const TRACE_CAPPED: u32 = 2u;
/// Marks a stack entry that waits with instance records instead of nodes.
const TRACE_RECORDS: u32 = 0x80000000u;

/// The closest hit.
fn trace_closest(ray: Ray) -> Hit {
    return trace_walk(ray, false);
}

/// Whether anything lies in the ray's interval: TRACE_FREE, TRACE_OCCLUDED or TRACE_CAPPED.
fn trace_occluded(ray: Ray) -> u32 {
    let hit = trace_walk(ray, true);
    if hit.capped != 0u {
        return TRACE_CAPPED;
    }
    return select(TRACE_OCCLUDED, TRACE_FREE, hit.slot == BVH_NONE);
}

/// Children and leaves wait as groups (Ylitie, Karras, Laine 2017): a base index and a mask in order of visit. Slots suit
/// octants, so slot ^ signs counts roughly from near to far without distances.
fn trace_walk(ray: Ray, first_hit: bool) -> Hit {
    var best = Hit(ray.t_max, 0.0, 0.0, BVH_NONE, BVH_NONE, BVH_NONE, 0u, 0u);
    let world = trace_ray(ray.origin, ray.direction, ray.t_min);
    let header = bvh_nodes[0];
    if header.x == BVH_ROOT_EMPTY || world.valid == 0u || !(ray.t_max > 0.0) {
        return best;
    }
    var local = world;
    var in_tlas = header.x == BVH_ROOT_TLAS;
    var instance = 0u;
    var flags = 0u;
    var stack: array<vec2<u32>, TRACE_STACK>;
    var depth = 0u;
    // Stack depth at which the present instance is done; never reached in a scene without instances.
    var floor_depth = 0u;
    var in_instance = false;
    // base, order mask | inner slots << 8.
    var group = vec2<u32>(header.y, trace_root_mask(local.signs));

    loop {
        if group.y == 0u {
            if in_instance && depth == floor_depth {
                in_instance = false;
                in_tlas = true;
                local = world;
            }
            if depth == 0u {
                break;
            }
            depth -= 1u;
            group = stack[depth];
        }
        if (group.y & TRACE_RECORDS) != 0u {
            // The next waiting instance: the others go back, the walk goes on in its tree.
            let item = firstTrailingBit(group.y);
            let rest = group.y & (group.y - 1u);
            if rest != TRACE_RECORDS {
                stack[depth] = vec2<u32>(group.x, rest);
                depth += 1u;
            }
            let at = (group.x + item) * 5u;
            let record = bvh_nodes[at + 3u];
            instance = record.y;
            flags = record.z;
            group.y = 0u;
            if (flags & BVH_FLAG_WORLD_SPACE) == 0u {
                local = trace_to_object(ray, at);
            }
            if local.valid != 0u {
                in_tlas = false;
                in_instance = true;
                floor_depth = depth;
                group = vec2<u32>(record.x, trace_root_mask(local.signs));
            } else {
                local = world;
            }
            continue;
        }

        // The nearest waiting child.
        let order = firstTrailingBit(group.y);
        let slot = order ^ local.signs;
        let rest = group.y & (group.y - 1u);
        if (rest & 255u) != 0u {
            stack[depth] = vec2<u32>(group.x, rest);
            depth += 1u;
        }
        let rank = countOneBits((group.y >> 8u) & ((1u << slot) - 1u));
        let at = (group.x + rank) * 5u;
        best.visits += 1u;
        if best.visits > BVH_VISIT_CAP || depth + 2u >= TRACE_STACK {
            best.capped = 1u;
            return best;
        }
        var hits = trace_boxes(at, local, best.t);
        let info = bvh_nodes[at + 1u];
        let filled = bvh_nodes[at].w >> 24u;
        let leaves = trace_leaf_slots(info.z) | trace_leaf_slots(info.w) << 4u;
        let inner_hits = hits & ~leaves;
        group = vec2<u32>(0u, 0u);
        if inner_hits != 0u {
            group = vec2<u32>(info.x, trace_reorder(inner_hits, local.signs) | (filled & ~leaves) << 8u);
        }
        hits &= leaves;
        if hits == 0u {
            continue;
        }
        if in_tlas {
            // Instances wait on the stack above this node's inner children.
            var records = 0u;
            while hits != 0u {
                let meta_byte = trace_meta(info, firstTrailingBit(hits));
                hits &= hits - 1u;
                records |= ((2u << ((meta_byte >> 5u) & 3u)) - 1u) << (meta_byte & 31u);
            }
            if group.y != 0u {
                stack[depth] = group;
                depth += 1u;
            }
            // At most eight records per node, one per slot (the builder's limit), so the mark is free.
            group = vec2<u32>(info.y, records | TRACE_RECORDS);
            continue;
        }
        while hits != 0u {
            let meta_byte = trace_meta(info, firstTrailingBit(hits));
            hits &= hits - 1u;
            let first = info.y + (meta_byte & 31u);
            let end = first + ((meta_byte >> 5u) & 3u) + 1u;
            for (var triangle = first; triangle < end; triangle += 1u) {
                if trace_triangle(triangle, local, instance, flags, &best) && first_hit {
                    return best;
                }
            }
        }
    }
    return best;
}

/// A mask that makes the walk visit `base + 0` first, whatever the signs: slot 0 waits, and it has rank 0.
fn trace_root_mask(signs: u32) -> u32 {
    return 1u << signs | 0x100u;
}

/// Bit i of the result is bit i ^ signs of the mask.
fn trace_reorder(mask: u32, signs: u32) -> u32 {
    var m = mask;
    if (signs & 1u) != 0u {
        m = (m & 0x55u) << 1u | (m & 0xaau) >> 1u;
    }
    if (signs & 2u) != 0u {
        m = (m & 0x33u) << 2u | (m & 0xccu) >> 2u;
    }
    if (signs & 4u) != 0u {
        m = (m & 0x0fu) << 4u | (m & 0xf0u) >> 4u;
    }
    return m;
}

/// Gathers the leaf marks of four meta bytes.
fn trace_leaf_slots(word: u32) -> u32 {
    let marks = (word & 0x80808080u) >> 7u;
    return (marks | marks >> 7u | marks >> 14u | marks >> 21u) & 15u;
}

fn trace_meta(info: vec4<u32>, slot: u32) -> u32 {
    return (select(info.z, info.w, slot >= 4u) >> ((slot & 3u) * 8u)) & 255u;
}

/// The ray in the space of the instance whose record starts at word `at`.
fn trace_to_object(ray: Ray, at: u32) -> TraceRay {
    let x = bitcast<vec4<f32>>(bvh_nodes[at]);
    let y = bitcast<vec4<f32>>(bvh_nodes[at + 1u]);
    let z = bitcast<vec4<f32>>(bvh_nodes[at + 2u]);
    let o = ray.origin;
    let d = ray.direction;
    return trace_ray(
        vec3<f32>(
            x.x * o.x + x.y * o.y + (x.z * o.z + x.w),
            y.x * o.x + y.y * o.y + (y.z * o.z + y.w),
            z.x * o.x + z.y * o.y + (z.z * o.z + z.w),
        ),
        vec3<f32>(
            x.x * d.x + x.y * d.y + x.z * d.z,
            y.x * d.x + y.y * d.y + y.z * d.z,
            z.x * d.x + z.y * d.y + z.z * d.z,
        ),
        ray.t_min,
    );
}

/// Tests one triangle and keeps the better hit; true when this one was kept.
fn trace_triangle(at: u32, ray: TraceRay, instance_base: u32, instance_flags: u32, best: ptr<function, Hit>) -> bool {
    let v0 = bvh_triangles[3u * at];
    let v1 = bvh_triangles[3u * at + 1u];
    let v2 = bvh_triangles[3u * at + 2u];
    let a = trace_corner(v0.xyz, ray);
    let b = trace_corner(v1.xyz, ray);
    let c = trace_corner(v2.xyz, ray);
    let e = trace_edges(a, b, c, ray.shear);
    let det = e.x + e.y + e.z;
    if e.w == 0.0 || det == 0.0 {
        return false;
    }
    let t = (e.x * a.z + e.y * b.z + e.z * c.z) * ray.shear.z / det;
    if !(t > ray.t_min && t <= (*best).t) {
        return false;
    }
    let instance = instance_base + bitcast<u32>(v1.w);
    let primitive = bitcast<u32>(v0.w);
    // Of two hits at the same distance the lower (instance, primitive) counts, whatever the order of visits.
    if t == (*best).t && (instance > (*best).instance || (instance == (*best).instance && primitive >= (*best).primitive)) {
        return false;
    }
    let uv = vec2<f32>(e.y, e.z) / det;
    if ((instance_flags | bitcast<u32>(v2.w)) & BVH_FLAG_CUTOUT) != 0u && !hit_passes(instance, primitive, uv) {
        return false;
    }
    (*best).t = t;
    (*best).u = uv.x;
    (*best).v = uv.y;
    (*best).instance = instance;
    (*best).primitive = primitive;
    (*best).slot = at;
    return true;
}
