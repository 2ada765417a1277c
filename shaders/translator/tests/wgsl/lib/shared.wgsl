// Included by layout.wgsl, twice over.
//!include "lib/inner.wgsl"

/// A record with every kind of padding.
struct Record {
    /// 12 bytes, with `weight` in the place of its padding.
    position: vec3<f32>,
    weight: f32,
    normal: vec3<f32>,
    // 4 bytes of padding here
    inner: Inner,
    corners: array<vec3<f32>, 2>,
    frame: mat3x3<f32>,
    uv: vec2<f32>,
    count: atomic<u32>,
    last: i32,
}

struct Header {
    total: u32,
    limit: vec2<u32>,
    scale: vec3<f32>,
}

struct Tailed {
    header: Header,
    first: u32,
    items: array<Item>,
}

struct Item {
    color: vec3<f32>,
    id: u32,
    matrix: mat2x2<f32>,
}
