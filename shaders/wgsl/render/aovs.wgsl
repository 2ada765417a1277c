// Notes what a camera ray met. Surfaces that are not there are passed as in `shade`.
//!include "common/seen.wgsl"
//!include "common/looks.wgsl"

@group(0) @binding(10) var<storage, read_write> seen: array<Seen>;

@compute @workgroup_size(64)
fn aovs(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    if (paths[index].flags & PATH_ALIVE) == 0u {
        return;
    }
    let path = paths[index];
    let hit = hits[index];
    seen[index].part = NONE;
    if hit.slot == NONE {
        paths[index].flags = path.flags & ~PATH_ALIVE;
        return;
    }
    let surface = surface_at(hit);
    let material = surface.material;
    let kind = materials[material].flags;
    var c = Coordinates(vec2f(0.0), vec2f(0.0), vec4f(1.0), NONE);
    var base = materials[material].base_color;
    if (kind & MATERIAL_TEXTURED) != 0u {
        c = coordinates_at(surface);
        base = base_color_at(material, c);
    }
    let there = (kind & MATERIAL_LAMP) == 0u || meets_lamp(surface, rays[index].origin, rays[index].direction, FAR_AWAY);
    if !there || is_absent(surface, base.w, seed_of(index), sample_of(index), path.flags & PATH_SEGMENT) {
        pass_on(index, path.flags, hit.t);
        return;
    }
    paths[index].flags = path.flags & ~PATH_ALIVE;

    let wo = -rays[index].direction;
    let facing = dot(surface.normal, wo) > 0.0;
    let normal = viewed_normal(surface, c, select(-1.0, 1.0, facing), wo);
    var albedo = base.xyz;
    if (kind & MATERIAL_UNLIT) == 0u {
        let cosine = dot(normal, wo);
        var bsdf: Bsdf;
        bsdf_at(&bsdf, material, c, base.xyz, cosine);
        albedo = bsdf_albedo(&bsdf, cosine);
        if (kind & MATERIAL_EMITS) != 0u && (facing || (kind & MATERIAL_DOUBLE_SIDED) != 0u) {
            albedo += emission_at(material, c);
        }
    }
    var s: Seen;
    s.albedo = vec3f(min1(albedo.x, 1.0), min1(albedo.y, 1.0), min1(albedo.z, 1.0));
    s.depth = -dot(surface.position - view.position, view.axis_z);
    s.normal = normal;
    s.part = surface.part;
    s.position = surface.position;
    s.primitive = surface.primitive;
    s.u = hit.u;
    s.v = hit.v;
    seen[index] = s;
}
