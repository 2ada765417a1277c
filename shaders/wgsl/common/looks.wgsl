// How a surface looks from where a ray came: its normal on that side and its lobes; and how a ray goes on where it is absent.
//!include "common/state.wgsl"
//!include "common/surface.wgsl"
//!include "common/bsdf.wgsl"

/// Lets the ray go on behind a surface that is not there. The origin stays, so the same triangle gives the same t and is left out.
fn pass_on(index: u32, path: Path, t: f32) {
    rays[index].t_min = t;
    // Past 255 layers the rest is taken as black: a bound on the walk.
    let ended = (path.flags & PATH_PASSED) == PATH_PASSED;
    paths[index].flags = select(path.flags + PATH_PASSED_ONE, path.flags & ~PATH_ALIVE, ended);
}

/// Bends a shading normal that faces away from the viewer just far enough.
fn visible_normal(n: vec3f, wo: vec3f) -> vec3f {
    let cosine = dot(n, wo);
    if cosine > 1e-3 {
        return n;
    }
    return unit(n + wo * (2e-3 - cosine));
}

/// The shading normal, with its map, on the side of `wo`; `front` is 1 where that is the front, else -1.
fn viewed_normal(surface: Surface, c: Coordinates, front: f32, wo: vec3f) -> vec3f {
    var normal = shading_normal(surface);
    let kind = materials[surface.material].flags;
    if (kind & MATERIAL_TEXTURED) != 0u && materials[surface.material].normal_texture.texture != NONE {
        normal = mapped_normal(surface, c, normal);
    }
    return visible_normal(normal * front, wo);
}

/// The lobes of a material of this base colour, seen at an angle of this cosine.
fn bsdf_at(material: u32, c: Coordinates, base: vec3f, cosine: f32) -> Bsdf {
    let kind = materials[material].flags;
    if (kind & MATERIAL_MATTE) != 0u {
        return bsdf_matte(base);
    }
    var metallic = materials[material].metallic;
    var roughness = materials[material].roughness;
    if (kind & MATERIAL_TEXTURED) != 0u && materials[material].metallic_roughness_texture.texture != NONE {
        let slot = materials[material].metallic_roughness_texture;
        let texel = texture_at(slot, slot_uv(slot, c));
        roughness *= texel.y;
        metallic *= texel.z;
    }
    return bsdf_layered(base, metallic, roughness, materials[material].dielectric_f0, materials[material].dielectric_f90, cosine);
}
