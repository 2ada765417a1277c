// What a ray is inside of: up to four media, the last entered in the low byte. Where several are in one place that of the
// greatest priority is there (Schmidt and Budge 2002), and of equal ones the last entered; a fifth displaces the first.
//!include "common/scene.wgsl"
//!include "common/albedos.wgsl"

/// Material of the medium that is there; NONE in the open.
fn medium_in(media: u32) -> u32 {
    var found = NONE;
    var rest = media;
    for (var i = 0u; i < 4u; i++) {
        if (rest & 255u) != 0u {
            let material = heap[info.media + (rest & 255u) - 1u];
            if found == NONE {
                found = material;
            } else if materials[material].priority > materials[found].priority {
                found = material;
            }
        }
        rest = rest >> 8u;
    }
    return found;
}

fn media_with(media: u32, medium: u32) -> u32 {
    return (media << 8u) | medium;
}

/// Without the last one of this number.
fn media_without(media: u32, medium: u32) -> u32 {
    for (var at = 0u; at < 32u; at += 8u) {
        if ((media >> at) & 255u) == medium {
            let low = media & ((1u << at) - 1u);
            return low | ((media >> 8u) & ~((1u << at) - 1u));
        }
    }
    return media;
}

/// Offsets of 1 / wavelength^2 from that of the d line, 1/um^2, at 620, 540 and 450 nm: Cauchy's formula times these is what the
/// index differs by. `channel` counts from 1; 0 is the d line.
fn dispersed(material: u32, channel: u32) -> f32 {
    let b = materials[material].dispersion;
    if channel == 0u || b == 0.0 {
        return 0.0;
    }
    return b * select(select(2.0420, 0.5331, channel == 2u), -0.2948, channel == 1u);
}

/// Index of refraction of a medium, 1 in the open.
fn index_in(material: u32, channel: u32) -> f32 {
    if material == NONE {
        return 1.0;
    }
    return materials[material].ior + dispersed(material, channel);
}

/// Heap word of the albedos of an interface of this relative index, of the nearest of those that are kept.
fn interface_table(eta: f32) -> u32 {
    let s = abs(eta - 1.0) / (eta + 1.0);
    let node = min(u32(sqrt(s) * f32(ALBEDO_ETAS - 1u) + 0.5), ALBEDO_ETAS - 1u);
    return info.interfaces + 2u * ALBEDO_WORDS * node + select(0u, ALBEDO_WORDS, eta < 1.0);
}

/// An index so near to 1 that no direction can be told from it is kept away.
fn apart(eta: f32) -> f32 {
    return select(eta, select(1.0 / 1.001, 1.001, eta >= 1.0), abs(eta - 1.0) < 1e-3);
}

/// Tells the parameters of a clear material which media its interface parts: from `near` to `far`, materials or NONE.
fn part_media(p: ptr<function, Pbr>, material: u32, near: u32, far: u32, channel: u32) {
    if near == NONE && far == material {
        (*p).eta = apart((*p).eta + dispersed(material, channel));
        return;
    }
    if near == material && far == NONE {
        (*p).eta = apart(1.0 / ((*p).eta + dispersed(material, channel)));
        (*p).table += ALBEDO_WORDS;
    } else {
        (*p).eta = apart(index_in(far, channel) / index_in(near, channel));
        (*p).table = interface_table((*p).eta);
    }
    if near == material {
        (*p).flags |= BSDF_INSIDE;
        (*p).fuzz_weight = 0.0;
    }
}

/// The same for an opaque material that lies in a medium. Where that has the greater index, nothing is reflected wholly.
fn immerse(p: ptr<function, Pbr>, near: u32, channel: u32) {
    let eta = (*p).eta / index_in(near, channel);
    (*p).eta = apart(select(eta, 1.0 / eta, eta < 1.0));
    (*p).table = interface_table((*p).eta);
}

/// What is left of light after `distance` metres within a medium; infinite where that absorbs nothing.
fn medium_transmittance(material: u32, distance: f32) -> vec3f {
    let a = materials[material].absorption;
    return vec3f(exp_negative(-a.x * distance), exp_negative(-a.y * distance), exp_negative(-a.z * distance));
}
