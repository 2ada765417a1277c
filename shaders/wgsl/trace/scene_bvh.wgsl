// The acceleration structure's two pools, as the host builds them (runtime/render/src/bvh/layout.rs).
//!include "common/corners.wgsl"

/// Five words of four per 80-byte entry: entry 0 is the header, then nodes and instance records.
///   node:   [origin xyz, exponents x y z and filled slots as bytes] [child base, leaf base, meta 0-3, meta 4-7]
///           [lo x 0-3, lo x 4-7, lo y ..] [lo z .., hi x ..] [hi y .., hi z ..]
///   record: [row 0] [row 1] [row 2 of object_from_world] [root node, instance, flags, 0] [0]
///   header: [root kind, root node, entries, triangles] ..
/// Three words of four per 48-byte triangle in `bvh_triangles`: corners, with primitive, instance and flags as bits in w.
@group(1) @binding(0) var<storage, read> bvh_nodes: array<vec4<u32>>;

/// Header kinds.
const BVH_ROOT_EMPTY: u32 = 0u;
const BVH_ROOT_BLAS: u32 = 1u;
const BVH_ROOT_TLAS: u32 = 2u;
/// Flags of triangles and records.
const BVH_FLAG_CUTOUT: u32 = 1u;
const BVH_FLAG_WORLD_SPACE: u32 = 2u;
/// In Hit: nothing.
const BVH_NONE: u32 = 0xffffffffu;
/// A walk that has visited so many nodes gives up and says so.
const BVH_VISIT_CAP: u32 = 32768u;
