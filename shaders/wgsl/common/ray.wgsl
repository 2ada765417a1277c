// Rays and hits, between traversal and shading.

/// A ray in the world. Hits lie in t_min < t <= t_max, in units of the direction's length.
struct Ray {
    origin: vec3f,
    t_min: f32,
    direction: vec3f,
    t_max: f32,
}

/// The closest hit; `slot` (into the triangle pool) is NONE for a miss.
struct Hit {
    t: f32,
    /// Weights of the second and third corner.
    u: f32,
    v: f32,
    instance: u32,
    /// Number of the triangle in its mesh.
    primitive: u32,
    slot: u32,
    visits: u32,
    /// 1: given up at the cap on visits.
    capped: u32,
}
