// Where a ray met a triangle: position, normals, texture coordinates, material values.
//!include "common/heap.wgsl"
//!include "common/texture.wgsl"
//!include "common/math.wgsl"
//!include "common/sampler.wgsl"
//!include "common/corners.wgsl"
//!include "common/ray.wgsl"

struct Surface {
    position: vec3f,
    /// Distance along the geometric normal that is sure to leave the surface, metres.
    offset: f32,
    /// Unit geometric normal of the front side.
    normal: vec3f,
    part: u32,
    material: u32,
    /// Number of the triangle in its mesh.
    primitive: u32,
    /// Weights of the corners.
    weights: vec3f,
    /// Edges in the world.
    edge1: vec3f,
    edge2: vec3f,
}

/// 32 units in the last place. Interpolation and transform need about ten of the corners' size along the normal (Pharr et al.
/// 2023, section 6.8: gamma(7) + gamma(3)); the watertight test finds t from depths along the ray's main axis, whose rounding
/// is relative to the corners' size in any direction: a floor at y = 0 is found again from y = 0 without this.
const OFFSET_SCALE: f32 = 1.9e-6;

fn surface_at(hit: Hit) -> Surface {
    let a = bvh_triangles[3u * hit.slot].xyz;
    let b = bvh_triangles[3u * hit.slot + 1u].xyz;
    let c = bvh_triangles[3u * hit.slot + 2u].xyz;
    let weights = vec3f(1.0 - hit.u - hit.v, hit.u, hit.v);
    var s: Surface;
    s.primitive = hit.primitive;
    s.weights = weights;
    s.part = hit.instance;
    s.material = parts[s.part].material;
    s.position = a * weights.x + b * weights.y + c * weights.z;
    var bound = abs(a) * weights.x + abs(b) * weights.y + abs(c) * weights.z;
    s.edge1 = b - a;
    s.edge2 = c - a;
    let flags = parts[s.part].flags;
    if (flags & PART_PLACED) != 0u {
        let x = parts[s.part].row_x;
        let y = parts[s.part].row_y;
        let z = parts[s.part].row_z;
        s.position = vec3f(dot(x.xyz, s.position) + x.w, dot(y.xyz, s.position) + y.w, dot(z.xyz, s.position) + z.w);
        bound = vec3f(dot(abs(x.xyz), bound), dot(abs(y.xyz), bound), dot(abs(z.xyz), bound)) + abs(vec3f(x.w, y.w, z.w));
        s.edge1 = vec3f(dot(x.xyz, s.edge1), dot(y.xyz, s.edge1), dot(z.xyz, s.edge1));
        s.edge2 = vec3f(dot(x.xyz, s.edge2), dot(y.xyz, s.edge2), dot(z.xyz, s.edge2));
    }
    let n = cross(s.edge1, s.edge2);
    let mirrored = (flags & PART_MIRRORED) != 0u;
    s.normal = unit(select(n, -n, mirrored));
    s.offset = OFFSET_SCALE * max_component(bound);
    return s;
}

/// Interpolated shading normal on the front side; the geometric one where the mesh has none.
fn shading_normal(s: Surface) -> vec3f {
    let flags = parts[s.part].flags;
    if (flags & PART_NORMALS) == 0u {
        return s.normal;
    }
    let at = parts[s.part].normals + 3u * s.primitive;
    var n = octahedral_decode(heap[at]) * s.weights.x + octahedral_decode(heap[at + 1u]) * s.weights.y
        + octahedral_decode(heap[at + 2u]) * s.weights.z;
    if (flags & PART_TURN) != 0u {
        // Normals turn with the cofactors of the matrix, whose rows are cross products of the matrix's rows.
        let x = parts[s.part].row_x.xyz;
        let y = parts[s.part].row_y.xyz;
        let z = parts[s.part].row_z.xyz;
        n = vec3f(dot(cross(y, z), n), dot(cross(z, x), n), dot(cross(x, y), n));
        n = select(n, -n, (flags & PART_MIRRORED) != 0u);
    }
    let length2 = dot(n, n);
    if !(length2 > 1e-30) {
        return s.normal;
    }
    return n * (1.0 / sqrt(length2));
}

fn extra_at(s: Surface) -> u32 {
    return parts[s.part].extra + s.primitive * parts[s.part].stride;
}

struct Coordinates {
    uv0: vec2f,
    uv1: vec2f,
    /// Vertex colour; white without.
    color: vec4f,
    /// Heap word of the tangents, NONE without.
    tangents: u32,
}

fn coordinates_at(s: Surface) -> Coordinates {
    var c = Coordinates(vec2f(0.0), vec2f(0.0), vec4f(1.0), NONE);
    let flags = parts[s.part].flags;
    var at = extra_at(s);
    if (flags & PART_UV0) != 0u {
        c.uv0 = heap_vec2(at) * s.weights.x + heap_vec2(at + 2u) * s.weights.y + heap_vec2(at + 4u) * s.weights.z;
        at += 6u;
    }
    if (flags & PART_UV1) != 0u {
        c.uv1 = heap_vec2(at) * s.weights.x + heap_vec2(at + 2u) * s.weights.y + heap_vec2(at + 4u) * s.weights.z;
        at += 6u;
    }
    if (flags & PART_COLORS) != 0u {
        c.color = vertex_color(at) * s.weights.x + vertex_color(at + 2u) * s.weights.y + vertex_color(at + 4u) * s.weights.z;
        at += 6u;
    }
    if (flags & PART_TANGENTS) != 0u {
        c.tangents = at;
    }
    return c;
}

/// Four 16-bit fractions.
fn vertex_color(at: u32) -> vec4f {
    let a = heap[at];
    let b = heap[at + 1u];
    return vec4f(f32(a & 0xffffu), f32(a >> 16u), f32(b & 0xffffu), f32(b >> 16u)) * (1.0 / 65535.0);
}

fn slot_uv(slot: TextureSlot, c: Coordinates) -> vec2f {
    return select(c.uv0, c.uv1, (slot.flags & TEXTURE_UV1) != 0u);
}

/// The texture of a slot, white where there is none.
fn picture_at(slot: TextureSlot, c: Coordinates) -> vec4f {
    if slot.texture == NONE {
        return vec4f(1.0);
    }
    return texture_at(slot, slot_uv(slot, c));
}

/// Base colour and alpha.
fn base_color_at(material: u32, c: Coordinates) -> vec4f {
    return materials[material].base_color * c.color * picture_at(materials[material].base_color_texture, c);
}

/// Emitted radiance, without regard to the side.
fn emission_at(material: u32, c: Coordinates) -> vec3f {
    return materials[material].emission * picture_at(materials[material].emission_texture, c).xyz;
}

/// Does a ray pass? Blended alpha is decided by a hash of path and triangle: the same on every executor.
fn is_absent(surface: Surface, alpha: f32, seed: u32, sample: u32, flags: u32) -> bool {
    let kind = materials[surface.material].flags;
    if (kind & MATERIAL_MASK) != 0u {
        return alpha < materials[surface.material].alpha_cutoff;
    }
    if (kind & MATERIAL_BLEND) != 0u {
        let triangle = hash_u32(surface.primitive ^ hash_u32(surface.part));
        let key = hash_u32(seed ^ hash_u32(triangle ^ hash_u32(sample ^ (flags & (PATH_SEGMENT | PATH_SHADOW)))));
        return unit_float(key) >= alpha;
    }
    return false;
}

/// Where a ray enters the ball that a part stands for, in lengths of `direction`; negative where it does not, or begins within.
fn ball_entry(part: u32, origin: vec3f, direction: vec3f) -> f32 {
    let x = parts[part].row_x;
    let toward = vec3f(x.w, parts[part].row_y.w, parts[part].row_z.w) - origin;
    let d2 = dot(direction, direction);
    // From the nearest point of the ray: of small balls far away nothing cancels.
    let nearest = dot(toward, direction) / d2;
    let apart = toward - direction * nearest;
    let left = dot(x.xyz, x.xyz) - dot(apart, apart);
    if !(left >= 0.0) {
        return -1.0;
    }
    return nearest - sqrt(left / d2);
}

/// A ray met the proxy of a lamp: does it meet the lamp before `end`?
fn meets_lamp(surface: Surface, origin: vec3f, direction: vec3f, end: f32) -> bool {
    let flags = parts[surface.part].flags;
    if (flags & PART_DISK) != 0u {
        let w = surface.weights;
        let first = surface.primitive == 0u;
        let x = select(w.y, w.y + w.z, first) - 0.5;
        let y = select(w.y + w.z, w.z, first) - 0.5;
        return x * x + y * y <= 0.25;
    }
    if (flags & PART_BALL) != 0u {
        let entry = ball_entry(surface.part, origin, direction);
        return entry >= 0.0 && entry < end;
    }
    return true;
}

/// Where the texture coordinates of a surface run, at right angles to a normal.
struct Tangents {
    tangent: vec3f,
    bitangent: vec3f,
    valid: bool,
}

/// For a normal `n` of either side; the bitangent is that of the front (glTF 2.0, section 3.7.2.1). Without tangents of the
/// mesh they come from its texture coordinates, of the second set if `second`.
fn tangent_at(s: Surface, c: Coordinates, n: vec3f, second: bool) -> Tangents {
    let flags = parts[s.part].flags;
    var tangent: vec3f;
    var sign = 1.0;
    if c.tangents != NONE {
        let a = heap[c.tangents];
        tangent = octahedral_decode(a & 0xfffffffeu) * s.weights.x + octahedral_decode(heap[c.tangents + 1u] & 0xfffffffeu) * s.weights.y
            + octahedral_decode(heap[c.tangents + 2u] & 0xfffffffeu) * s.weights.z;
        // The lowest bit of the first corner holds the sign of the bitangent.
        sign = select(1.0, -1.0, (a & 1u) != 0u);
        if (flags & PART_TURN) != 0u {
            tangent = vec3f(dot(parts[s.part].row_x.xyz, tangent), dot(parts[s.part].row_y.xyz, tangent), dot(parts[s.part].row_z.xyz, tangent));
        }
        sign = select(sign, -sign, (flags & PART_MIRRORED) != 0u);
    } else if (flags & (PART_UV0 | PART_UV1)) != 0u {
        // From the edges and their texture coordinates: dp/du is what glTF's default tangents follow.
        let at = extra_at(s) + select(0u, 6u, second && (flags & PART_UV0) != 0u);
        let a = heap_vec2(at);
        let d1 = heap_vec2(at + 2u) - a;
        let d2 = heap_vec2(at + 4u) - a;
        let det = d1.x * d2.y - d1.y * d2.x;
        tangent = (s.edge1 * d2.y - s.edge2 * d1.y) * select(1.0, -1.0, det < 0.0);
        // v grows downwards in glTF, so a patch that is not mirrored has det < 0, and n x t points up as green does.
        sign = select(-1.0, 1.0, det < 0.0);
        sign = select(sign, -sign, (flags & PART_MIRRORED) != 0u);
    } else {
        return Tangents(vec3f(0.0), vec3f(0.0), false);
    }
    tangent -= n * dot(n, tangent);
    let length2 = dot(tangent, tangent);
    if !(length2 > 1e-30) {
        return Tangents(vec3f(0.0), vec3f(0.0), false);
    }
    tangent *= 1.0 / sqrt(length2);
    return Tangents(tangent, cross(n, tangent) * sign, true);
}

/// Shading normal turned by the normal map (glTF 2.0, section 3.9.3). `n` is the interpolated one of the front side.
fn mapped_normal(s: Surface, c: Coordinates, n: vec3f) -> vec3f {
    let slot = materials[s.material].normal_texture;
    let scale = materials[s.material].normal_scale;
    let texel = texture_at(slot, slot_uv(slot, c)).xyz * 2.0 - 1.0;
    let t = tangent_at(s, c, n, (slot.flags & TEXTURE_UV1) != 0u);
    if !t.valid {
        return n;
    }
    let mapped = t.tangent * (texel.x * scale) + t.bitangent * (texel.y * scale) + n * texel.z;
    let m2 = dot(mapped, mapped);
    if !(m2 > 1e-30) {
        return n;
    }
    return mapped * (1.0 / sqrt(m2));
}
