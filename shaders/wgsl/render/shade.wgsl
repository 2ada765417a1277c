// Handles what a path's ray met: emission, next-event estimation, the next ray.
//!include "common/looks.wgsl"
//!include "common/lights.wgsl"
//!include "common/fog.wgsl"

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
    if hit.slot == NONE {
        if (info.flags & SCENE_FOG) != 0u {
            let flight = free_flight(path, number, rays[index].origin.y, direction.y);
            if flight < FAR_AWAY {
                scatter(index, path, rays[index].origin + direction * flight, direction);
                return;
            }
        }
        path.radiance += path.throughput * escaped_radiance(direction, path.density);
        path.flags &= ~PATH_ALIVE;
        paths[index] = path;
        return;
    }
    let segment = path.flags & PATH_SEGMENT;
    if segment >= view.max_depth && (info.flags & (SCENE_EMITS | SCENE_ALPHA)) == 0u {
        // Nothing to see here; `extend` may have looked for any hit only.
        path.flags = (path.flags | select(0u, PATH_COVERED, segment == 1u)) & ~PATH_ALIVE;
        paths[index] = path;
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
        if (kind & (MATERIAL_MASK | MATERIAL_BLEND)) != 0u && is_absent(surface, base.w, path.seed, number, segment) {
            pass_on(index, path, hit.t);
            return;
        }
    } else if (kind & (MATERIAL_MASK | MATERIAL_BLEND)) != 0u && is_absent(surface, base.w, path.seed, number, segment) {
        pass_on(index, path, hit.t);
        return;
    }
    path.flags |= select(0u, PATH_COVERED, segment == 1u);

    let wo = -direction;
    let facing = dot(surface.normal, wo) > 0.0;
    if (info.flags & SCENE_FOG) != 0u {
        // Behind absent surfaces, which do not end the flight: the same number gives the same distance at each of them.
        let flight = free_flight(path, number, rays[index].origin.y, direction.y);
        if flight < hit.t {
            // A point that rounding puts behind the surface would see what is there.
            let outwards = select(-surface.normal, surface.normal, facing);
            let position = rays[index].origin + direction * flight;
            let sunk = surface.offset - dot(position - surface.position, outwards);
            scatter(index, path, position + outwards * max1(sunk, 0.0), direction);
            return;
        }
    }
    if (kind & MATERIAL_UNLIT) != 0u {
        path.radiance += path.throughput * base.xyz;
        path.flags &= ~PATH_ALIVE;
        paths[index] = path;
        return;
    }
    if (kind & MATERIAL_EMITS) != 0u && (facing || (kind & MATERIAL_DOUBLE_SIDED) != 0u) {
        let cosine = abs(dot(surface.normal, wo));
        var share = 1.0;
        if path.density > 0.0 {
            let before = Receiver(rays[index].origin, octahedral_decode(path.normal), (path.flags & PATH_FREE) == 0u);
            share = mis_weight(path.density, surface_density(surface, cosine, hit.t, before));
        }
        path.radiance += path.throughput * emission_at(material, c) * share;
    }
    if segment >= view.max_depth {
        path.flags &= ~PATH_ALIVE;
        paths[index] = path;
        return;
    }

    // From here all is on the side of wo.
    let front = select(-1.0, 1.0, facing);
    let geometric = surface.normal * front;
    let normal = viewed_normal(surface, c, front, wo);
    let frame = frame_around(normal);
    let wo_local = to_local(frame, wo);
    let bsdf = bsdf_at(material, c, base.xyz, wo_local.z);
    let origin = surface.position + geometric * surface.offset;

    if info.light_count > info.suns {
        // Both strategies reckon with the normal as it is kept.
        path.normal = octahedral_encode(geometric);
    }
    if info.light_count > 0u || info.map_chance > 0.0 {
        connect_light(&path, number, bsdf, frame, wo_local, geometric, origin, segment);
    }

    let sample = bsdf_sample(bsdf, wo_local, sample_2d(path.seed, number, bounce_dimension(segment, BOUNCE_BSDF)));
    let wi = to_world(frame, sample.direction);
    path.throughput *= sample.weight;
    path.density = sample.density;
    let strength = max_component(path.throughput);
    // A direction that leaves through the other side of the triangle carries nothing, nor does a last segment to the dark.
    let lit = segment + 1u < view.max_depth || (info.flags & (SCENE_EMITS | SCENE_SKY)) != 0u;
    var alive = strength > 0.0 && lit && dot(wi, geometric) > 0.0;
    if alive && segment >= view.roulette_depth {
        // The root keeps more of the paths that are merely dim: less noise for the same time.
        let survive = min1(sqrt(strength), 1.0);
        alive = sample_1d(path.seed, number, bounce_dimension(segment, BOUNCE_CHOICE)) < survive;
        path.throughput *= 1.0 / survive;
    }
    rays[index] = Ray(origin, 0.0, wi, FAR_AWAY);
    path.flags = (path.flags + 1u) & ~(PATH_PASSED | PATH_FREE);
    path.flags = select(path.flags & ~PATH_ALIVE, path.flags, alive);
    paths[index] = path;
}

/// Picks a light and leaves a shadow ray in the path.
fn connect_light(path: ptr<function, Path>, number: u32, bsdf: Bsdf, frame: Frame3, wo: vec3f, geometric: vec3f, origin: vec3f, segment: u32) {
    let pick = sample_1d((*path).seed, number, bounce_dimension(segment, BOUNCE_CHOICE) + 0x40000000u);
    let u = sample_2d((*path).seed, number, bounce_dimension(segment, BOUNCE_LIGHT));
    let light = light_sample(Receiver(origin, octahedral_decode((*path).normal), true), pick, u);
    if !light.valid || !(dot(light.toward, geometric) > 0.0) {
        return;
    }
    let wi = to_local(frame, select(unit(light.toward), light.toward, light.far));
    let f = bsdf_value(bsdf, wo, wi);
    let share = select(mis_weight(light.density, f.density), 1.0, light.delta);
    var carried = (*path).throughput * f.value * light.radiance * (share / light.density);
    if (info.flags & SCENE_FOG) != 0u {
        carried *= fog_transmittance(origin.y, light.toward, light.far);
    }
    leave_shadow(path, light, carried);
}

/// Leaves a shadow ray in the path, if it carries something.
fn leave_shadow(path: ptr<function, Path>, light: LightSample, carried: vec3f) {
    if !(max_component(carried) > 0.0) {
        return;
    }
    (*path).light = carried;
    (*path).shadow_x = light.toward.x;
    (*path).shadow_y = light.toward.y;
    (*path).shadow_z = light.toward.z;
    (*path).flags |= select(PATH_SHADOW, PATH_SHADOW | PATH_SHADOW_FAR, light.far);
}

/// How far the path's ray gets in the fog; FAR_AWAY when it leaves it.
fn free_flight(path: Path, number: u32, y: f32, slope: f32) -> f32 {
    let u = sample_1d(path.seed, number, fog_dimension(path.flags & PATH_SEGMENT, FOG_FLIGHT));
    return fog_flight(y, slope, -log_poly(1.0 - u));
}

/// Handles a point where the fog turns the path: next-event estimation, the next ray. Both see the whole sphere.
fn scatter(index: u32, before: Path, position: vec3f, direction: vec3f) {
    var path = before;
    let segment = path.flags & PATH_SEGMENT;
    let number = sample_of(index);
    path.throughput *= info.fog_albedo;
    if segment >= view.max_depth || !(max_component(path.throughput) > 0.0) {
        path.flags &= ~PATH_ALIVE;
        paths[index] = path;
        return;
    }
    let g = info.fog_anisotropy;
    if info.light_count > 0u || info.map_chance > 0.0 {
        let pick = sample_1d(path.seed, number, fog_dimension(segment, FOG_CHOICE) + 0x40000000u);
        let to = Receiver(position, direction, false);
        let light = light_sample(to, pick, sample_2d(path.seed, number, fog_dimension(segment, FOG_LIGHT)));
        if light.valid {
            let toward = select(unit(light.toward), light.toward, light.far);
            let phase = phase_density(dot(direction, toward), g);
            let share = select(mis_weight(light.density, phase), 1.0, light.delta);
            let passed = fog_transmittance(position.y, light.toward, light.far);
            leave_shadow(&path, light, path.throughput * light.radiance * (phase * passed * share / light.density));
        }
    }
    let turn = phase_sample(sample_2d(path.seed, number, fog_dimension(segment, FOG_PHASE)), g);
    path.density = phase_density(turn.z, g);
    // The phase function is its own density, so nothing is left of it but the albedo.
    var alive = segment + 1u < view.max_depth || (info.flags & (SCENE_EMITS | SCENE_SKY)) != 0u;
    if alive && segment >= view.roulette_depth {
        let survive = min1(sqrt(max_component(path.throughput)), 1.0);
        alive = sample_1d(path.seed, number, fog_dimension(segment, FOG_CHOICE)) < survive;
        path.throughput *= 1.0 / survive;
    }
    rays[index] = Ray(position, 0.0, unit(to_world(frame_around(direction), turn)), FAR_AWAY);
    path.flags = ((path.flags + 1u) & ~PATH_PASSED) | PATH_FREE;
    path.flags = select(path.flags & ~PATH_ALIVE, path.flags, alive);
    paths[index] = path;
}
