// Takes the light of a shadow ray that nothing blocked. Where materials have alpha, `hits` holds the closest hit, and a
// surface that is not there sends the ray on.
//!include "common/seeds.wgsl"
//!include "common/surface.wgsl"

@compute @workgroup_size(64)
fn connect(@builtin(global_invocation_id) id: vec3u) {
    let index = id.x;
    if index >= wave.paths {
        return;
    }
    let flags = paths[index].flags;
    if (flags & PATH_SHADOW) == 0u {
        return;
    }
    let hit = hits[index];
    if hit.slot == NONE {
        paths[index].radiance += paths[index].light;
    } else if (info.flags & SCENE_ALPHA) != 0u {
        let surface = surface_at(hit);
        let kind = materials[surface.material].flags;
        var there = true;
        if (kind & MATERIAL_LAMP) != 0u {
            let toward = vec3f(paths[index].shadow_x, paths[index].shadow_y, paths[index].shadow_z);
            // The lamp that the ray goes to lies at its end, and does not block.
            let end = select(LAMP_END, FAR_AWAY, (flags & PATH_SHADOW_FAR) != 0u);
            there = meets_lamp(surface, rays[index].origin, toward, end);
        }
        if (kind & (MATERIAL_MASK | MATERIAL_BLEND)) != 0u {
            let alpha = base_color_at(surface.material, coordinates_at(surface)).w;
            there = there && !is_absent(surface, alpha, seed_of(index), sample_of(index), flags);
        }
        // The next walk starts behind hits[index].t. Past 255 layers the light counts as blocked.
        if !there && (flags & PATH_PASSED) != PATH_PASSED {
            paths[index].flags = flags + PATH_PASSED_ONE;
            return;
        }
    }
    paths[index].flags = flags & ~(PATH_SHADOW | PATH_SHADOW_FAR | PATH_PASSED);
}
