// Directional albedos of rough interfaces and of fuzz, from tables that a build step makes (runtime/render/build.rs).
//!include "common/heap.wgsl"
//!include "common/math.wgsl"

/// Interfaces that tables are made of: the square root of |eta - 1| / (eta + 1) uniformly.
const ALBEDO_ETAS: u32 = 16u;
/// Nodes of the tables: perceptual roughness uniformly, the square root of the cosine uniformly.
const ALBEDO_ROUGHNESSES: u32 = 24u;
const ALBEDO_COSINES: u32 = 32u;
/// Words of one table. Those of an interface hold pairs of what it reflects and what it reflects and lets through, and end with
/// the cosine-weighted means of the first by roughness.
const ALBEDO_CELLS: u32 = 768u;
const ALBEDO_WORDS: u32 = 1560u;

/// Where (cosine, roughness) lies in a table: first cell and shares of the next.
struct AlbedoPlace {
    cell: u32,
    x: f32,
    y: f32,
}

fn albedo_place(cosine: f32, roughness: f32) -> AlbedoPlace {
    let x = sqrt(saturate1(cosine)) * f32(ALBEDO_COSINES - 1u);
    let y = saturate1(roughness) * f32(ALBEDO_ROUGHNESSES - 1u);
    let x0 = min(u32(x), ALBEDO_COSINES - 2u);
    let y0 = min(u32(y), ALBEDO_ROUGHNESSES - 2u);
    return AlbedoPlace(y0 * ALBEDO_COSINES + x0, x - f32(x0), y - f32(y0));
}

/// Between the four numbers around a place of a table whose cells have `step` words.
fn albedo_between(table: u32, step: u32, p: AlbedoPlace) -> f32 {
    let at = table + step * p.cell;
    let below = at + step * ALBEDO_COSINES;
    return mix(mix(heap_float(at), heap_float(at + step), p.x), mix(heap_float(below), heap_float(below + step), p.x), p.y);
}

/// What an interface reflects.
fn albedo_reflected(table: u32, p: AlbedoPlace) -> f32 {
    return albedo_between(table, 2u, p);
}

/// What an interface does not absorb for want of multiple scattering: reflected and let through. Of a mirror what it reflects,
/// times the power of Schlick's approximation.
fn albedo_total(table: u32, p: AlbedoPlace) -> f32 {
    return albedo_between(table + 1u, 2u, p);
}

/// Cosine-weighted mean over the hemisphere of what an interface reflects.
fn albedo_mean(table: u32, roughness: f32) -> f32 {
    let y = saturate1(roughness) * f32(ALBEDO_ROUGHNESSES - 1u);
    let y0 = min(u32(y), ALBEDO_ROUGHNESSES - 2u);
    let at = table + 2u * ALBEDO_CELLS + y0;
    return mix(heap_float(at), heap_float(at + 1u), y - f32(y0));
}

/// What white fuzz reflects; above 1 at grazing angles where it is smooth.
fn albedo_fuzz(p: AlbedoPlace) -> f32 {
    return albedo_between(info.fuzz_table, 1u, p);
}
