//!include "lib/shared.wgsl"
/// Lies inside of another struct.
struct Inner {
    flag: u32,
    axis: vec4<f32>,
    pair: vec2<i32>,
}
const INNER_COUNT: i32 = 3;
