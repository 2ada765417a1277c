// The triangle pool of the acceleration structure, which spares a second copy of the positions: in leaf order, three corners
// per triangle, in world space or object space (PART_PLACED).
@group(1) @binding(1) var<storage, read> bvh_triangles: array<vec4<f32>>;
