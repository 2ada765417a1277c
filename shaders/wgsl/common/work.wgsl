// What a GPU has to do next, as it counts it itself. A host that can look at the paths keeps its own lists.

/// Three words for each indirect dispatch, and what it covers.
struct Work {
    live_groups: u32,
    live_groups_y: u32,
    live_groups_z: u32,
    /// Paths with a ray.
    live: u32,
    shadow_groups: u32,
    shadow_groups_y: u32,
    shadow_groups_z: u32,
    /// Paths with a shadow ray.
    shadows: u32,
    tally_groups: u32,
    tally_groups_y: u32,
    tally_groups_z: u32,
    /// 0: every path is live. Else its last bit says which list holds those that are.
    turn: u32,
}

/// Invocations of a group of the kernels that go over lists.
const WORK_GROUP: u32 = 64u;
/// Paths that one invocation of `tally` looks at: one atomic operation reserves places for all of them.
const TALLY_RUN: u32 = 8u;

/// Lengths of the lists that `tally` writes.
const COUNT_LIVE: u32 = 0u;
const COUNT_SHADOWS: u32 = 1u;
/// Since the host cleared them: walks that gave up, rays, and walks of shadow rays behind an absent surface.
const COUNT_CAPPED: u32 = 2u;
const COUNT_RAYS: u32 = 3u;
const COUNT_AGAIN: u32 = 4u;
/// `Work.live`, for the host.
const COUNT_LEFT: u32 = 5u;

@group(0) @binding(10) var<storage, read_write> counters: array<atomic<u32>, 8>;
