// What camera rays meet, per path and per pixel, and where it goes until the next frame.
//!include "common/types.wgsl"

/// What one camera ray met. `part` is NONE where that is nothing.
struct Seen {
    /// Directional albedo, with what the surface emits, at most 1.
    albedo: vec3f,
    /// Along the axis of the camera, metres.
    depth: f32,
    /// Unit, towards the viewer.
    normal: vec3f,
    /// Number of the instance.
    part: u32,
    /// In the world, metres.
    position: vec3f,
    /// Number of the triangle in its mesh.
    primitive: u32,
    /// Weight of its second corner.
    u: f32,
    /// Weight of its third corner.
    v: f32,
}

/// What the camera rays of a pixel met. All is 0 when none met anything.
struct PixelSeen {
    /// Sum of all rays.
    albedo: vec3f,
    /// Rays that met something.
    met: u32,
    /// Sum of all rays.
    normal: vec3f,
    /// Of the closest ray, as all that follows.
    depth: f32,
    /// In the world, metres.
    position: vec3f,
    /// Number of the instance.
    part: u32,
    /// Number of the triangle in its mesh.
    primitive: u32,
    /// Weight of its second corner.
    u: f32,
    /// Weight of its third corner.
    v: f32,
}

/// Names that a pixel can count at once, for each kind of matte.
const MATTE_SLOTS: u32 = 8u;

struct MatteInfo {
    /// Kinds of mattes.
    kinds: u32,
    /// Instances of the stage.
    parts: u32,
}

/// Where a part is in the next frame.
struct Move {
    /// World of this frame to world of the next one: first row.
    row_x: vec4f,
    /// Second row.
    row_y: vec4f,
    /// Third row.
    row_z: vec4f,
    /// MOVE_NONE, MOVE_RIGID or MOVE_BENT.
    kind: u32,
    /// Bent: word of the corners of triangle 0 in the next frame's world, nine numbers per triangle.
    corners: u32,
}

const MOVE_NONE: u32 = 0u;
const MOVE_RIGID: u32 = 1u;
const MOVE_BENT: u32 = 2u;
