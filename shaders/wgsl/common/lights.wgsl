// Next-event estimation: one light, or one direction of the environment map, for a point.
//!include "common/scene.wgsl"
//!include "common/surface.wgsl"
//!include "common/environment.wgsl"
//!include "common/warp.wgsl"

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

fn light_sample(position: vec3f, pick: f32, u: vec2f) -> LightSample {
    if pick < info.map_chance {
        let uv = map_sample(min1(pick / info.map_chance, ONE_BELOW), u);
        let density = info.map_chance * map_density(uv);
        return LightSample(map_direction(uv), true, map_radiance(uv), density, false, density > 0.0);
    }
    let local = min1((pick - info.map_chance) / (1.0 - info.map_chance), ONE_BELOW);
    let scaled = local * f32(info.light_count);
    let column = min(u32(scaled), info.light_count - 1u);
    let entry = info.light_alias + 2u * column;
    let keep = (scaled - f32(column)) < bitcast<f32>(heap[entry]);
    let index = min(select(heap[entry + 1u], column, keep), info.light_count - 1u);
    let kind = lights[index].kind;
    if kind == LIGHT_TRIANGLE {
        return triangle_light_sample(index, position, u);
    }
    if kind == LIGHT_SUN {
        return sun_sample(index, u);
    }
    return point_sample(index, position);
}

fn triangle_light_sample(index: u32, position: vec3f, u: vec2f) -> LightSample {
    var s = LightSample(vec3f(0.0), false, vec3f(0.0), 0.0, false, false);
    let edge1 = lights[index].edge1;
    let edge2 = lights[index].edge2;
    let b = triangle_sample(u);
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
    let n2 = dot(n, n);
    let cosine_d = abs(facing) * (1.0 / sqrt(n2));
    if !(cosine_d > 0.0) || !(d2 > 0.0) {
        return s;
    }
    // Area to solid angle: d^2 / cos, and cosine_d = d cos.
    s.density = materials[material].light_density * d2 * sqrt(d2) / cosine_d;
    s.radiance = materials[material].emission;
    if (materials[material].flags & (MATERIAL_TEXTURED | MATERIAL_MASK | MATERIAL_BLEND)) != 0u {
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
fn point_sample(index: u32, position: vec3f) -> LightSample {
    let toward = lights[index].position - position;
    let d2 = dot(toward, toward);
    let chance = lights[index].chance;
    var radiance = lights[index].color * (1.0 / max1(d2, 1e-20));
    if lights[index].kind == LIGHT_SPOT {
        let cosine = -dot(lights[index].edge1, toward) / sqrt(max1(d2, 1e-20));
        let inside = saturate1(cosine * lights[index].size + lights[index].offset);
        radiance *= inside * inside;
    }
    return LightSample(toward, false, radiance, chance, true, chance > 0.0 && d2 > 0.0);
}
