// Next-event estimation: one light, or one direction of the environment map, for a point.
//!include "common/scene.wgsl"
//!include "common/surface.wgsl"
//!include "common/environment.wgsl"
//!include "common/warp.wgsl"
//!include "common/light_tree.wgsl"

struct LightSample {
    /// To the light: its end is the light, or a unit vector when `far`.
    toward: vec3f,
    far: bool,
    radiance: vec3f,
    /// Solid-angle density with the chance of the pick; a delta light has `delta` set and the chance alone here.
    density: f32,
    delta: bool,
    valid: bool,
}

fn light_sample(to: Receiver, pick: f32, u: vec2f) -> LightSample {
    if pick < info.map_chance {
        let uv = map_sample(min1(pick / info.map_chance, ONE_BELOW), u);
        let density = info.map_chance * map_density(uv);
        return LightSample(map_direction(uv), true, map_radiance(uv), density, false, density > 0.0);
    }
    let local = min1((pick - info.map_chance) / (1.0 - info.map_chance), ONE_BELOW);
    if local < info.sun_share {
        let scaled = min1(local / info.sun_share, ONE_BELOW) * f32(info.suns);
        let column = min(u32(scaled), info.suns - 1u);
        let entry = info.sun_alias + 2u * column;
        let keep = (scaled - f32(column)) < heap_float(entry);
        return sun_sample(min(select(heap[entry + 1u], column, keep), info.suns - 1u), u);
    }
    let picked = tree_pick(to, min1((local - info.sun_share) / (1.0 - info.sun_share), ONE_BELOW));
    if picked.light == NONE {
        return LightSample(vec3f(0.0), false, vec3f(0.0), 0.0, false, false);
    }
    let chance = picked.chance * tree_share();
    let kind = lights[picked.light].kind;
    if kind == LIGHT_BALL {
        return ball_light_sample(picked.light, chance, to.position, u);
    }
    if kind == LIGHT_TRIANGLE || kind == LIGHT_PARALLELOGRAM || kind == LIGHT_DISK {
        return flat_light_sample(picked.light, chance, to.position, u);
    }
    return point_sample(picked.light, chance, to.position);
}

/// Probability that next-event estimation picks a light of the tree.
fn tree_share() -> f32 {
    return (1.0 - info.map_chance) * (1.0 - info.sun_share);
}

/// Solid-angle density with which `light_sample` finds the point on a surface that a ray from `seen_by` met at distance t.
fn surface_density(surface: Surface, cosine: f32, t: f32, seen_by: Receiver) -> f32 {
    let table = parts[surface.part].lights;
    if table == NONE {
        return 0.0;
    }
    let light = heap[table + surface.primitive];
    if light == NONE {
        return 0.0;
    }
    let chance = tree_chance(light, seen_by) * tree_share();
    let kind = lights[light].kind;
    if kind == LIGHT_BALL {
        return chance * INV_TWO_PI / ball_cap(lights[light].position - seen_by.position, lights[light].size);
    }
    let n = cross(surface.edge1, surface.edge2);
    // The triangle that was hit is half of a parallelogram, and the square around a disk.
    var area = 0.5 * sqrt(dot(n, n));
    if kind == LIGHT_PARALLELOGRAM {
        area *= 2.0;
    } else if kind == LIGHT_DISK {
        area *= 0.5 * PI;
    }
    return chance * t * t / (max1(cosine, 1e-6) * area);
}

/// 1 - cos of half the angle at which a ball is seen; its smallest number is no direction twice.
fn ball_cap(toward: vec3f, radius: f32) -> f32 {
    let s2 = min1(radius * radius / max1(dot(toward, toward), 1e-30), 1.0);
    return max1(s2 / (1.0 + sqrt(1.0 - s2)), 1e-12);
}

/// A point on the side of a ball that a place sees, uniform in solid angle; none from within.
fn ball_light_sample(index: u32, chance: f32, position: vec3f, u: vec2f) -> LightSample {
    var s = LightSample(vec3f(0.0), false, vec3f(0.0), 0.0, false, false);
    let toward = lights[index].position - position;
    let radius = lights[index].size;
    let d2 = dot(toward, toward);
    if !(d2 > radius * radius) {
        return s;
    }
    let cap = ball_cap(toward, radius);
    let distance = sqrt(d2);
    let axis = toward * (1.0 / distance);
    let local = cone_sample(u, cap);
    // How far the ray passes from the centre, and half of what it has within.
    let sine2 = local.x * local.x + local.y * local.y;
    let within = sqrt(max1(radius * radius - d2 * sine2, 0.0));
    s.toward = to_world(frame_around(axis), local) * (distance * local.z - within);
    s.density = chance * INV_TWO_PI / cap;
    s.radiance = materials[parts[lights[index].part].material].emission;
    s.valid = s.density > 0.0 && dot(s.toward, s.toward) > 0.0;
    return s;
}

fn flat_light_sample(index: u32, chance: f32, position: vec3f, u: vec2f) -> LightSample {
    var s = LightSample(vec3f(0.0), false, vec3f(0.0), 0.0, false, false);
    let edge1 = lights[index].edge1;
    let edge2 = lights[index].edge2;
    let kind = lights[index].kind;
    // The point, and the share of the edges' parallelogram that is not the light, as a factor on densities.
    var b = u;
    var less = 1.0;
    if kind == LIGHT_TRIANGLE {
        b = triangle_sample(u);
        less = 2.0;
    } else if kind == LIGHT_DISK {
        b = disk_sample(u);
        less = INV_PI;
    }
    s.toward = lights[index].position + edge1 * b.x + edge2 * b.y - position;
    let n = cross(edge1, edge2);
    let part = lights[index].part;
    let mirrored = (parts[part].flags & PART_MIRRORED) != 0u;
    let facing = -dot(select(n, -n, mirrored), s.toward);
    let material = parts[part].material;
    if !(facing > 0.0) && (materials[material].flags & MATERIAL_DOUBLE_SIDED) == 0u {
        return s;
    }
    let d2 = dot(s.toward, s.toward);
    if !(abs(facing) > 0.0) || !(d2 > 0.0) {
        return s;
    }
    // Area to solid angle: d^2 / cos; the area is |n| / less, and facing = |n| d cos.
    s.density = chance * less * d2 * sqrt(d2) / abs(facing);
    s.radiance = materials[material].emission;
    if kind == LIGHT_TRIANGLE && (materials[material].flags & (MATERIAL_TEXTURED | MATERIAL_MASK | MATERIAL_BLEND)) != 0u {
        var at: Surface;
        at.part = part;
        at.material = material;
        at.primitive = lights[index].primitive;
        at.weights = vec3f(1.0 - b.x - b.y, b.x, b.y);
        let c = coordinates_at(at);
        s.radiance = emission_at(material, c) * coverage(material, base_color_at(material, c).w);
    }
    s.valid = s.density > 0.0;
    return s;
}

/// Mean presence of a surface with this alpha.
fn coverage(material: u32, alpha: f32) -> f32 {
    let flags = materials[material].flags;
    if (flags & MATERIAL_MASK) != 0u {
        return select(1.0, 0.0, alpha < materials[material].alpha_cutoff);
    }
    return select(1.0, saturate1(alpha), (flags & MATERIAL_BLEND) != 0u);
}

fn sun_sample(index: u32, u: vec2f) -> LightSample {
    let direction = lights[index].position;
    let chance = lights[index].chance;
    let size = lights[index].size;
    if !(size > 0.0) {
        return LightSample(direction, true, lights[index].color, chance, true, chance > 0.0);
    }
    let toward = to_world(frame_around(direction), cone_sample(u, size));
    return LightSample(toward, true, lights[index].color, chance * INV_TWO_PI / size, false, chance > 0.0);
}

/// Point and spot: intensity over distance squared (KHR_lights_punctual; the spot's smooth step as it recommends).
fn point_sample(index: u32, chance: f32, position: vec3f) -> LightSample {
    let toward = lights[index].position - position;
    let d2 = dot(toward, toward);
    var radiance = lights[index].color * (1.0 / max1(d2, 1e-20));
    if lights[index].kind == LIGHT_SPOT {
        let cosine = -dot(lights[index].edge1, toward) / sqrt(max1(d2, 1e-20));
        let inside = saturate1(cosine * lights[index].size + lights[index].offset);
        radiance *= inside * inside;
    }
    return LightSample(toward, false, radiance, chance, true, chance > 0.0 && d2 > 0.0);
}
