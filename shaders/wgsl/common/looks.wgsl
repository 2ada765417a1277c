// How a surface looks from where a ray came: its normal on that side and its lobes; and how a ray goes on where it is absent.
//!include "common/seeds.wgsl"
//!include "common/surface.wgsl"
//!include "common/bsdf.wgsl"

/// Lets the ray go on behind a surface that is not there. The origin stays, so the same triangle gives the same t and is left out.
fn pass_on(index: u32, flags: u32, t: f32) {
    rays[index].t_min = t;
    // Past 255 layers the rest is taken as black: a bound on the walk.
    let ended = (flags & PATH_PASSED) == PATH_PASSED;
    paths[index].flags = select(flags + PATH_PASSED_ONE, flags & ~PATH_ALIVE, ended);
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

/// Fills the parameters of a material of this base colour, seen from outside.
fn pbr_at(p: ptr<function, Pbr>, material: u32, c: Coordinates, base: vec3f) {
    let kind = materials[material].flags;
    (*p).base = base;
    (*p).metalness = materials[material].metallic;
    (*p).roughness = materials[material].roughness;
    (*p).tint = materials[material].tint;
    (*p).edge = materials[material].edge;
    (*p).metal_weight = materials[material].metal_weight;
    (*p).diffuse_roughness = materials[material].diffuse_roughness;
    (*p).eta = materials[material].eta;
    (*p).table = materials[material].table;
    if (kind & MATERIAL_TEXTURED) != 0u {
        let texel = picture_at(materials[material].metallic_roughness_texture, c);
        (*p).roughness *= texel.y;
        (*p).metalness *= texel.z;
    }
    if (kind & (MATERIAL_CLEAR | MATERIAL_LAYERED | MATERIAL_ANISOTROPIC)) != 0u {
        add_layers(p, material, c, base);
    }
}

/// Adds to `p` what few materials have.
fn add_layers(p: ptr<function, Pbr>, material: u32, c: Coordinates, base: vec3f) {
    let kind = materials[material].flags;
    let pictured = (kind & MATERIAL_TEXTURED) != 0u;
    (*p).transmission = materials[material].transmission;
    (*p).clear_tint = materials[material].clear_tint * select(vec3f(1.0), base, (kind & MATERIAL_KHR) != 0u);
    (*p).coat_color = materials[material].coat_color;
    (*p).coat_weight = materials[material].coat_weight;
    (*p).coat_roughness = materials[material].coat_roughness;
    (*p).coat_eta = materials[material].coat_eta;
    (*p).coat_darkening = materials[material].coat_darkening;
    (*p).coat_table = materials[material].coat_table;
    (*p).fuzz_color = materials[material].fuzz_color;
    (*p).fuzz_weight = materials[material].fuzz_weight;
    (*p).fuzz_roughness = materials[material].fuzz_roughness;
    (*p).anisotropy = materials[material].anisotropy;
    (*p).flags = select(0u, BSDF_THIN, (kind & MATERIAL_THIN) != 0u) | select(0u, BSDF_KHR, (kind & MATERIAL_KHR) != 0u);
    if !pictured {
        return;
    }
    (*p).tint *= picture_at(materials[material].specular_texture, c).w;
    (*p).tint *= picture_at(materials[material].specular_color_texture, c).xyz;
    (*p).transmission *= picture_at(materials[material].transmission_texture, c).x;
    (*p).coat_weight *= picture_at(materials[material].coat_texture, c).x;
    (*p).coat_roughness *= picture_at(materials[material].coat_roughness_texture, c).y;
    (*p).fuzz_roughness *= picture_at(materials[material].fuzz_roughness_texture, c).w;
    (*p).anisotropy *= picture_at(materials[material].anisotropy_texture, c).z;
    if materials[material].fuzz_color_texture.texture != NONE {
        // KHR_materials_sheen: its brightest channel is how much of it there is.
        let color = (*p).fuzz_color * picture_at(materials[material].fuzz_color_texture, c).xyz;
        let most = max_component(color);
        (*p).fuzz_color = color / max1(most, 1e-6);
        (*p).fuzz_weight *= most;
    }
}

/// The frame of a surface around its shading normal `n` on the side of the viewer: x along the direction of anisotropy.
fn shading_frame(s: Surface, c: Coordinates, n: vec3f) -> Frame3 {
    let material = s.material;
    if (materials[material].flags & MATERIAL_ANISOTROPIC) == 0u {
        return frame_around(n);
    }
    let t = tangent_at(s, c, n, (materials[material].anisotropy_texture.flags & TEXTURE_UV1) != 0u);
    if !t.valid {
        return frame_around(n);
    }
    var turn = vec2f(materials[material].tangent_cos, materials[material].tangent_sin);
    if materials[material].anisotropy_texture.texture != NONE {
        // A direction in red and green, which the turn of the material turns on.
        let d = picture_at(materials[material].anisotropy_texture, c).xy * 2.0 - 1.0;
        turn = vec2f(d.x * turn.x - d.y * turn.y, d.x * turn.y + d.y * turn.x);
    }
    let x = t.tangent * turn.x + t.bitangent * turn.y;
    let length2 = dot(x, x);
    if !(length2 > 1e-12) {
        return frame_around(n);
    }
    let along = x * (1.0 / sqrt(length2));
    return Frame3(along, cross(n, along), n);
}

/// Fills the lobes of a material of this base colour, seen from outside at an angle of this cosine.
fn bsdf_at(b: ptr<function, Bsdf>, material: u32, c: Coordinates, base: vec3f, cosine: f32) {
    if (materials[material].flags & MATERIAL_MATTE) != 0u {
        bsdf_matte(b, base);
        return;
    }
    var p: Pbr;
    pbr_at(&p, material, c, base);
    bsdf_of(b, &p, cosine);
}
