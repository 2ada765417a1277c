// Handles what a path's ray met: emission, next-event estimation, the next ray.
//!include "common/looks.wgsl"
//!include "common/lights.wgsl"
//!include "common/fog.wgsl"
//!include "common/media.wgsl"

@compute @workgroup_size(64)
fn shade(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    if (paths[index].flags & PATH_ALIVE) == 0u {
        return;
    }
    var path = paths[index];
    let hit = hits[index];
    let direction = rays[index].direction;
    let number = sample_of(index);
    let seed = seed_of(index);
    // What the ray is inside of.
    var around = NONE;
    if (info.flags & SCENE_CLEAR) != 0u {
        around = medium_in(path.media);
    }
    if hit.slot == NONE {
        if (info.flags & SCENE_FOG) != 0u && around == NONE {
            let flight = free_flight(path.flags, seed, number, rays[index].origin.y, direction.y);
            if flight < FAR_AWAY {
                scatter(index, path, seed, rays[index].origin + direction * flight, direction);
                return;
            }
        }
        if around != NONE {
            // A body that is not closed: there is more of the medium than light gets through, if it absorbs any.
            path.throughput *= medium_transmittance(around, FAR_AWAY);
        }
        path.radiance += limited(path.throughput * escaped_radiance(direction, path.density), path.flags & PATH_SEGMENT);
        paths[index].radiance = path.radiance;
        paths[index].flags = path.flags & ~PATH_ALIVE;
        return;
    }
    let segment = path.flags & PATH_SEGMENT;
    if segment >= view.max_depth && (info.flags & (SCENE_EMITS | SCENE_ALPHA)) == 0u {
        // Nothing to see here; `extend` may have looked for any hit only.
        paths[index].flags = (path.flags | select(0u, PATH_COVERED, segment == 1u)) & ~PATH_ALIVE;
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
        if (kind & (MATERIAL_MASK | MATERIAL_BLEND)) != 0u && is_absent(surface, base.w, seed, number, segment) {
            pass_on(index, path.flags, hit.t);
            return;
        }
    } else if (kind & (MATERIAL_MASK | MATERIAL_BLEND)) != 0u && is_absent(surface, base.w, seed, number, segment) {
        pass_on(index, path.flags, hit.t);
        return;
    }
    if (kind & MATERIAL_LAMP) != 0u && !meets_lamp(surface, rays[index].origin, direction, FAR_AWAY) {
        pass_on(index, path.flags, hit.t);
        return;
    }
    let wo = -direction;
    let facing = dot(surface.normal, wo) > 0.0;
    // Of a clear body: what is behind its surface, and what the ray is inside of there.
    let clear = (kind & (MATERIAL_CLEAR | MATERIAL_THIN)) == MATERIAL_CLEAR;
    var behind = NONE;
    var media_behind = path.media;
    if clear {
        let medium = materials[material].medium;
        media_behind = select(media_without(path.media, medium), media_with(path.media, medium), facing);
        let hidden = around != NONE && around != material && select(
            media_behind != path.media,
            materials[around].priority > materials[material].priority,
            facing,
        );
        if hidden {
            // Something of greater priority is on both sides.
            paths[index].media = media_behind;
            pass_on(index, path.flags, hit.t);
            return;
        }
        behind = medium_in(media_behind);
        if !facing && around == NONE {
            // The path began within.
            around = material;
        }
    }
    path.flags |= select(0u, PATH_COVERED, segment == 1u);
    if around != NONE {
        path.throughput *= medium_transmittance(around, hit.t);
    }
    if (info.flags & SCENE_FOG) != 0u && around == NONE {
        // Behind absent surfaces, which do not end the flight: the same number gives the same distance at each of them.
        let flight = free_flight(path.flags, seed, number, rays[index].origin.y, direction.y);
        if flight < hit.t {
            // A point that rounding puts behind the surface would see what is there.
            let outwards = select(-surface.normal, surface.normal, facing);
            let position = rays[index].origin + direction * flight;
            let sunk = surface.offset - dot(position - surface.position, outwards);
            scatter(index, path, seed, position + outwards * max1(sunk, 0.0), direction);
            return;
        }
    }
    if (kind & MATERIAL_UNLIT) != 0u {
        path.radiance += limited(path.throughput * base.xyz, segment);
        paths[index].radiance = path.radiance;
        paths[index].flags = path.flags & ~PATH_ALIVE;
        return;
    }
    if (kind & MATERIAL_EMITS) != 0u && (facing || (kind & MATERIAL_DOUBLE_SIDED) != 0u) {
        let cosine = abs(dot(surface.normal, wo));
        var share = 1.0;
        if path.density > 0.0 {
            let before = Receiver(rays[index].origin, octahedral_decode(path.normal), (path.flags & PATH_FREE) == 0u);
            share = mis_weight(path.density, surface_density(surface, cosine, hit.t, before));
        }
        path.radiance += limited(path.throughput * emission_at(material, c) * share, segment);
    }
    if segment >= view.max_depth {
        paths[index].radiance = path.radiance;
        paths[index].flags = path.flags & ~PATH_ALIVE;
        return;
    }

    // From here all is on the side of wo.
    let front = select(-1.0, 1.0, facing);
    let geometric = surface.normal * front;
    let normal = viewed_normal(surface, c, front, wo);
    let frame = shading_frame(surface, c, normal);
    let wo_local = to_local(frame, wo);
    var channel = (path.flags & PATH_CHANNEL) / PATH_CHANNEL_ONE;
    // The colour that light is dispersed into here, if it is.
    var dispersed_to = 0u;
    var bsdf: Bsdf;
    if (kind & MATERIAL_MATTE) != 0u {
        bsdf_matte(&bsdf, base.xyz);
    } else {
        var p: Pbr;
        pbr_at(&p, material, c, base.xyz);
        if clear {
            if materials[material].dispersion > 0.0 && channel == 0u {
                let pick = sample_1d(seed, number, bounce_dimension(segment, BOUNCE_CHOICE) + 0x48000000u);
                dispersed_to = min(u32(pick * 3.0), 2u) + 1u;
                channel = dispersed_to;
            }
            part_media(&p, material, around, behind, channel);
        } else if around != NONE {
            immerse(&p, around, channel);
        }
        bsdf_of(&bsdf, &p, wo_local.z);
    }
    let passes = (bsdf.flags & BSDF_CLEAR) != 0u;
    if passes {
        path.flags |= PATH_FREE;
    } else {
        path.flags &= ~PATH_FREE;
    }
    if info.light_count > info.suns {
        // Both strategies reckon with the normal as it is kept.
        path.normal = octahedral_encode(geometric);
    }
    var place = Place(surface.position, geometric, surface.offset, frame, wo_local, seed, number, segment, around, behind);
    var shadow = Connection(0.0, 0u);
    if info.light_count > 0u || info.map_chance > 0.0 {
        shadow = connect_light(index, path.throughput, path.normal, &bsdf, &place, dispersed_to);
    }

    let sample = bsdf_sample(&bsdf, wo_local, sample_2d(seed, number, bounce_dimension(segment, BOUNCE_BSDF)));
    let wi = to_world(frame, sample.direction);
    path.throughput *= sample.weight;
    path.density = sample.density;
    // A direction that leaves through the wrong side of the triangle carries nothing, nor does a last segment to the dark.
    let leaving = dot(wi, geometric);
    let side = select(-1.0, 1.0, sample.direction.z > 0.0);
    if side < 0.0 {
        path.media = media_behind;
        path.throughput *= one_colour(dispersed_to);
        path.flags |= dispersed_to * PATH_CHANNEL_ONE;
    }
    let strength = max_component(path.throughput);
    let lit = segment + 1u < view.max_depth || (info.flags & (SCENE_EMITS | SCENE_SKY)) != 0u;
    var alive = strength > 0.0 && lit && leaving * side > 0.0;
    if alive && segment >= view.roulette_depth {
        // The root keeps more of the paths that are merely dim: less noise for the same time.
        let survive = min1(sqrt(strength), 1.0);
        alive = sample_1d(seed, number, bounce_dimension(segment, BOUNCE_CHOICE)) < survive;
        path.throughput *= 1.0 / survive;
    }
    // Both rays begin at one place: where they part at the surface, the next one leaves that out.
    let begins = select(side, shadow.side, shadow.side != 0.0);
    let t_min = select(0.0, 3.0 * surface.offset / max1(abs(leaving), 1e-3), begins != side);
    rays[index] = Ray(surface.position + geometric * (surface.offset * begins), t_min, wi, FAR_AWAY);
    let flags = ((path.flags | shadow.flags) + 1u) & ~PATH_PASSED;
    // Field by field: the whole would have to be put together in memory first.
    paths[index].throughput = path.throughput;
    paths[index].density = path.density;
    paths[index].radiance = path.radiance;
    paths[index].flags = select(flags & ~PATH_ALIVE, flags, alive);
    paths[index].media = path.media;
    paths[index].normal = path.normal;
}

/// A point of a surface, on the side of the viewer.
struct Place {
    position: vec3f,
    geometric: vec3f,
    offset: f32,
    frame: Frame3,
    wo: vec3f,
    seed: u32,
    number: u32,
    segment: u32,
    /// Media in front and behind.
    around: u32,
    behind: u32,
}

/// What is left of light that is dispersed into one colour, for it stands for all three.
fn one_colour(channel: u32) -> vec3f {
    if channel == 0u {
        return vec3f(1.0);
    }
    return vec3f(select(0.0, 3.0, channel == 1u), select(0.0, 3.0, channel == 2u), select(0.0, 3.0, channel == 3u));
}

/// A shadow ray: it begins on the side of the viewer (1) or on the other (-1), or there is none (0); its bits in Path.flags.
struct Connection {
    side: f32,
    flags: u32,
}

/// Picks a light and leaves a shadow ray to it in the path.
fn connect_light(
    index: u32,
    throughput: vec3f,
    normal: u32,
    bsdf: ptr<function, Bsdf>,
    at: ptr<function, Place>,
    dispersed_to: u32,
) -> Connection {
    let pick = sample_1d((*at).seed, (*at).number, bounce_dimension((*at).segment, BOUNCE_CHOICE) + 0x40000000u);
    let u = sample_2d((*at).seed, (*at).number, bounce_dimension((*at).segment, BOUNCE_LIGHT));
    let passes = ((*bsdf).flags & BSDF_CLEAR) != 0u;
    let origin = (*at).position + (*at).geometric * (*at).offset;
    var light = light_sample(Receiver(origin, octahedral_decode(normal), !passes), pick, u);
    if !light.valid {
        return Connection(0.0, 0u);
    }
    let facing = dot(light.toward, (*at).geometric);
    if !(facing > 0.0) && !passes {
        return Connection(0.0, 0u);
    }
    let wi = to_local((*at).frame, select(unit(light.toward), light.toward, light.far));
    let side = select(-1.0, 1.0, wi.z > 0.0);
    if !(facing * side > 0.0) {
        return Connection(0.0, 0u);
    }
    let f = bsdf_value(bsdf, (*at).wo, wi);
    let share = select(mis_weight(light.density, f.density), 1.0, light.delta);
    var carried = throughput * f.value * light.radiance * (share / light.density);
    let medium = select((*at).behind, (*at).around, side > 0.0);
    if medium != NONE {
        carried *= medium_transmittance(medium, select(sqrt(dot(light.toward, light.toward)), FAR_AWAY, light.far));
    } else if (info.flags & SCENE_FOG) != 0u {
        carried *= fog_transmittance(origin.y, light.toward, light.far);
    }
    if side < 0.0 {
        carried *= one_colour(dispersed_to);
        // The ray begins on the far side and has the same end.
        light.toward += select((*at).geometric * (2.0 * (*at).offset), vec3f(0.0), light.far);
    }
    let flags = leave_shadow(index, light, carried);
    return Connection(select(side, 0.0, flags == 0u), flags);
}

/// Light that a path of so many segments found, no more than the view allows.
fn limited(light: vec3f, segments: u32) -> vec3f {
    let most = max_component(light);
    if view.clamp_indirect > 0.0 && segments > 2u && most > view.clamp_indirect {
        return light * (view.clamp_indirect / most);
    }
    return light;
}

/// Leaves a shadow ray in the path, if it carries something: its bits in Path.flags.
fn leave_shadow(index: u32, light: LightSample, carried: vec3f) -> u32 {
    if !(max_component(carried) > 0.0) {
        return 0u;
    }
    // The shadow ray is one segment more.
    paths[index].light = limited(carried, (paths[index].flags & PATH_SEGMENT) + 1u);
    paths[index].shadow_x = light.toward.x;
    paths[index].shadow_y = light.toward.y;
    paths[index].shadow_z = light.toward.z;
    return select(PATH_SHADOW, PATH_SHADOW | PATH_SHADOW_FAR, light.far);
}

/// How far the path's ray gets in the fog; FAR_AWAY when it leaves it.
fn free_flight(flags: u32, seed: u32, number: u32, y: f32, slope: f32) -> f32 {
    let u = sample_1d(seed, number, fog_dimension(flags & PATH_SEGMENT, FOG_FLIGHT));
    return fog_flight(y, slope, -log_poly(1.0 - u));
}

/// Handles a point where the fog turns the path: next-event estimation, the next ray. Both see the whole sphere.
fn scatter(index: u32, before: Path, seed: u32, position: vec3f, direction: vec3f) {
    var path = before;
    let segment = path.flags & PATH_SEGMENT;
    let number = sample_of(index);
    path.throughput *= info.fog_albedo;
    if segment >= view.max_depth || !(max_component(path.throughput) > 0.0) {
        paths[index].radiance = path.radiance;
        paths[index].flags = path.flags & ~PATH_ALIVE;
        return;
    }
    let g = info.fog_anisotropy;
    if info.light_count > 0u || info.map_chance > 0.0 {
        let pick = sample_1d(seed, number, fog_dimension(segment, FOG_CHOICE) + 0x40000000u);
        let to = Receiver(position, direction, false);
        let light = light_sample(to, pick, sample_2d(seed, number, fog_dimension(segment, FOG_LIGHT)));
        if light.valid {
            let toward = select(unit(light.toward), light.toward, light.far);
            let phase = phase_density(dot(direction, toward), g);
            let share = select(mis_weight(light.density, phase), 1.0, light.delta);
            let passed = fog_transmittance(position.y, light.toward, light.far);
            path.flags |= leave_shadow(index, light, path.throughput * light.radiance * (phase * passed * share / light.density));
        }
    }
    let turn = phase_sample(sample_2d(seed, number, fog_dimension(segment, FOG_PHASE)), g);
    path.density = phase_density(turn.z, g);
    // The phase function is its own density, so nothing is left of it but the albedo.
    var alive = segment + 1u < view.max_depth || (info.flags & (SCENE_EMITS | SCENE_SKY)) != 0u;
    if alive && segment >= view.roulette_depth {
        let survive = min1(sqrt(max_component(path.throughput)), 1.0);
        alive = sample_1d(seed, number, fog_dimension(segment, FOG_CHOICE)) < survive;
        path.throughput *= 1.0 / survive;
    }
    rays[index] = Ray(position, 0.0, unit(to_world(frame_around(direction), turn)), FAR_AWAY);
    path.flags = ((path.flags + 1u) & ~PATH_PASSED) | PATH_FREE;
    paths[index].throughput = path.throughput;
    paths[index].density = path.density;
    paths[index].radiance = path.radiance;
    paths[index].flags = select(path.flags & ~PATH_ALIVE, path.flags, alive);
}
