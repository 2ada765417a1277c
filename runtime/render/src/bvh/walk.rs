//! The traversal, written once over the two instruction-set primitives: a node's box tests and a pair of triangle tests.
//!
//! Both are the same sequence of individually rounded operations on every instruction set, and children are visited in the
//! same order, so hits, visit counts and caps are equal to the bit.
//!
//! A walk of one ray is a chain: fetch a node, test, choose, fetch. A core that follows one chain waits most of the time. So
//! the rays of a batch take turns: a few are in flight, and each step tests the boxes of all that stand at nodes, then chooses
//! for each, then tests the triangles of all that stand at leaves. The tests have no branches and overlap; the branches come
//! when their conditions are known, so that a wrong guess costs little. No ray sees another: the answers are those of single walks.

use std::mem::MaybeUninit;

use super::layout::{FLAG_CUTOUT, FLAG_WORLD_SPACE, InstanceRecord, Node, Triangle};
use super::ray::{Hit, Prepared, Ray};
use super::zero_edges::decide_zero_edges;

/// A walk that has visited so many nodes gives up and says so.
pub const VISIT_CAP: u32 = 32_768;
/// Far ends of slabs and the closest hit so far are scaled by this in the comparison against near ends, which covers the
/// relative rounding error of both (five roundings, Ize, "Robust BVH Ray Traversal", JCGT 2013) several times over.
pub(super) const SLACK: f32 = 1.0 + 1e-6;
/// Levels of nodes that the part of a stack for one tree can hold; the builder keeps trees below it.
pub(super) const LEVELS_MAX: u32 = 72;
/// Seven siblings wait per level, in the tree of instances and in that of one instance.
const STACK: usize = 2 * 7 * LEVELS_MAX as usize + 8;
/// Rays in flight.
const LANES: usize = 16;

const CODE_LEAF: u32 = 1 << 31;
/// Where a lane stands that has no ray.
const CODE_IDLE: u32 = u32::MAX;

/// The two tests that are worth an instruction set.
pub(super) trait Isa {
    /// Box tests of all eight slots: bit i of the result is set when slot i may hold a hit in `[t_min, t_max]`, and its
    /// distance is in `near[i]`.
    ///
    /// # Safety
    /// The instruction set must be present.
    unsafe fn boxes(node: &Node, ray: &Prepared, t_max: f32, near: &mut [f32; 8]) -> u32;

    /// Watertight test of two triangles; bit 0 and 1 of the result tell which the line crosses. `EDGE_ZERO` is set when an
    /// edge function of either is zero and one of them may be crossed.
    ///
    /// # Safety
    /// The instruction set must be present.
    unsafe fn pair(a: &Triangle, b: &Triangle, ray: &Prepared, out: &mut Crossing) -> u32;
}

/// Asks for memory that will be read soon.
#[inline(always)]
fn prefetch<T>(at: *const T) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a prefetch never faults, and SSE belongs to x86-64.
    unsafe {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        _mm_prefetch::<_MM_HINT_T0>(at.cast());
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = at;
}

/// In the result of `Isa::pair`: the signs are not decided yet.
pub(super) const EDGE_ZERO: u32 = 4;

/// Edge functions and sheared corner depths of two triangles: lanes 0 to 2 and 4 to 6.
#[repr(C, align(32))]
#[derive(Default)]
pub(super) struct Crossing {
    pub edge: [f32; 8],
    pub depth: [f32; 8],
}

/// The pools, unchecked: `SceneBvh` built them, and every index in them is in range.
#[derive(Clone, Copy)]
pub(super) struct Pools<'a> {
    pub nodes: &'a [Node],
    pub triangles: &'a [Triangle],
}

/// Rays to trace and what becomes of them. A trait and not closures, whose bodies would not take on the caller's instruction set.
pub trait Batch {
    /// How many rays.
    fn count(&self) -> usize;
    /// Ray `i < count()`.
    fn ray(&self, i: usize) -> Ray;
    /// Whether a hit on a cut-out triangle counts.
    fn keep(&mut self, instance: u32, primitive: u32, u: f32, v: f32) -> bool;
    /// Called once per ray, in any order.
    fn done(&mut self, i: usize, hit: &Hit);
}

struct Stack {
    entries: [MaybeUninit<u64>; STACK],
    len: usize,
    /// Entries below this belong to the tree of instances around the present tree.
    floor: usize,
}

impl Stack {
    #[inline(always)]
    fn push(&mut self, entry: u64) {
        debug_assert!(self.len < STACK);
        // SAFETY: trees have at most LEVELS_MAX levels (checked when built), each leaves at most seven entries.
        unsafe { self.entries.get_unchecked_mut(self.len).write(entry) };
        self.len += 1;
    }

    /// Pushes an entry, or not, without a branch.
    #[inline(always)]
    fn put(&mut self, entry: u64, keep: bool) {
        // SAFETY: as above; the array has a place for an entry that is not kept.
        unsafe { self.entries.get_unchecked_mut(self.len).write(entry) };
        self.len += usize::from(keep);
    }

    /// The next entry of the present tree that may still be closer than `cull`.
    #[inline(always)]
    fn pop(&mut self, cull: f32) -> Option<u32> {
        while self.len > self.floor {
            self.len -= 1;
            // SAFETY: entries below `len` have been written.
            let entry = unsafe { self.entries.get_unchecked(self.len).assume_init() };
            if f32::from_bits((entry >> 32) as u32) <= cull {
                return Some(entry as u32);
            }
        }
        None
    }

    /// Orders the `count` topmost entries, nearest on top. Distances are not negative, so their bits order as they do.
    #[inline(always)]
    fn sort_top(&mut self, count: usize) {
        let base = self.len - count;
        for i in base + 1..self.len {
            // SAFETY: all indices lie in base..len, which has been written.
            unsafe {
                let entry = self.entries.get_unchecked(i).assume_init();
                let mut j = i;
                while j > base && self.entries.get_unchecked(j - 1).assume_init() < entry {
                    *self.entries.get_unchecked_mut(j) = *self.entries.get_unchecked(j - 1);
                    j -= 1;
                }
                self.entries.get_unchecked_mut(j).write(entry);
            }
        }
    }
}

/// One ray on its way.
struct Lane {
    /// In the space of the present tree.
    prepared: Prepared,
    /// Where it stands: a node, a leaf (`CODE_LEAF | (count - 1) << 29 | first`) or `CODE_IDLE`.
    code: u32,
    /// Children that the last box tests left, and their distances.
    mask: u32,
    near: [f32; 8],
    /// What the last triangle tests left.
    crossed: u32,
    crossing: Crossing,
    best: Hit,
    stack: Stack,
    /// Its number in the batch.
    ray: usize,
    /// In a scene of instances: the ray in world space, whether it is within an instance, which, and those of the same leaf that
    /// still wait.
    world: Prepared,
    inside: bool,
    instance: u32,
    flags: u32,
    waiting: std::ops::Range<u32>,
}

impl Lane {
    /// Writes all but the stack's entries, which are written before they are read.
    fn idle(lane: &mut MaybeUninit<Self>) {
        let lane = lane.as_mut_ptr();
        // SAFETY: plain fields of memory that is there; `entries` may hold anything.
        unsafe {
            (&raw mut (*lane).prepared).write(Prepared::NONE);
            (&raw mut (*lane).code).write(CODE_IDLE);
            (&raw mut (*lane).mask).write(0);
            (&raw mut (*lane).near).write([0.0; 8]);
            (&raw mut (*lane).crossed).write(0);
            (&raw mut (*lane).crossing).write(Crossing::default());
            (&raw mut (*lane).best).write(Hit::miss(0.0));
            (&raw mut (*lane).stack.len).write(0);
            (&raw mut (*lane).stack.floor).write(0);
            (&raw mut (*lane).ray).write(0);
            (&raw mut (*lane).world).write(Prepared::NONE);
            (&raw mut (*lane).inside).write(false);
            (&raw mut (*lane).instance).write(0);
            (&raw mut (*lane).flags).write(0);
            (&raw mut (*lane).waiting).write(0..0);
        }
    }
}

/// What a slot refers to.
#[inline(always)]
fn code_of(node: &Node, slot: u32) -> u32 {
    // SAFETY: slot is below 8.
    let meta = u32::from(unsafe { *node.meta.get_unchecked(slot as usize) });
    let base = if meta & 0x80 != 0 { node.leaf_base } else { node.child_base };
    let at = base + (meta & 31);
    (meta & 0xe0) << 24 | at
}

/// A stack entry: distance above, reference below.
#[inline(always)]
fn entry(near: &[f32; 8], slot: u32, code: u32) -> u64 {
    u64::from(near[slot as usize & 7].to_bits()) << 32 | u64::from(code)
}

/// A batch under way. With `ANY` the hit found is any one; `TLAS` says whether the root is a tree of instances.
struct Walk<'a, I, B, const ANY: bool, const TLAS: bool> {
    pools: Pools<'a>,
    root: u32,
    batch: &'a mut B,
    /// The next ray to start, of how many.
    next: usize,
    total: usize,
    set: std::marker::PhantomData<I>,
}

impl<I: Isa, B: Batch, const ANY: bool, const TLAS: bool> Walk<'_, I, B, ANY, TLAS> {
    /// Gives the lane the next ray that can hit anything; without one it stays idle.
    #[inline(always)]
    fn start(&mut self, lane: &mut Lane) {
        lane.code = CODE_IDLE;
        while self.next < self.total {
            let i = self.next;
            self.next += 1;
            let ray = self.batch.ray(i);
            lane.best = Hit::miss(ray.t_max);
            if ray.t_max > 0.0
                && let Some(prepared) = Prepared::new(ray.origin, ray.direction, ray.t_min)
            {
                lane.prepared = prepared;
                lane.code = self.root;
                lane.stack.len = 0;
                lane.stack.floor = 0;
                lane.ray = i;
                if TLAS {
                    lane.world = prepared;
                    lane.inside = false;
                }
                return;
            }
            self.batch.done(i, &lane.best);
        }
    }

    #[inline(always)]
    fn finish(&mut self, lane: &mut Lane) {
        self.batch.done(lane.ray, &lane.best);
        self.start(lane);
    }

    /// Goes on with what waits on the stack.
    #[inline(always)]
    fn pop(&mut self, lane: &mut Lane) {
        loop {
            if let Some(code) = lane.stack.pop(lane.best.t * SLACK) {
                lane.code = code;
                return;
            }
            if !TLAS || !lane.inside {
                return self.finish(lane);
            }
            if self.enter(lane) {
                return;
            }
        }
    }

    /// Goes on with the next waiting instance; false when there is none, and the lane is back in the tree of instances.
    #[inline(always)]
    fn enter(&mut self, lane: &mut Lane) -> bool {
        for at in lane.waiting.clone() {
            // SAFETY: leaf references in the pool are in range.
            let record: &InstanceRecord = bytemuck::cast_ref(unsafe { self.pools.nodes.get_unchecked(at as usize) });
            let local = if record.flags & FLAG_WORLD_SPACE != 0 {
                lane.world
            } else {
                match Prepared::transformed(&self.batch.ray(lane.ray), &record.object_from_world) {
                    Some(local) => local,
                    None => continue,
                }
            };
            lane.prepared = local;
            lane.instance = record.instance;
            lane.flags = record.flags;
            lane.inside = true;
            lane.stack.floor = lane.stack.len;
            lane.code = record.root;
            lane.waiting.start = at + 1;
            return true;
        }
        lane.waiting.start = lane.waiting.end;
        lane.prepared = lane.world;
        lane.inside = false;
        lane.stack.floor = 0;
        false
    }

    /// Chooses the nearest child and leaves the others on the stack.
    #[inline(always)]
    fn descend(&mut self, lane: &mut Lane) {
        lane.best.visits += 1;
        if lane.best.visits > VISIT_CAP {
            lane.best.capped = 1;
            return self.finish(lane);
        }
        // SAFETY: indices in the pool are in range.
        let node = unsafe { self.pools.nodes.get_unchecked(lane.code as usize) };
        let (near, mut mask) = (&lane.near, lane.mask);
        if mask == 0 {
            return self.pop(lane);
        }
        let slot = mask.trailing_zeros();
        let first = entry(near, slot, code_of(node, slot));
        mask &= mask - 1;
        // One or two are left most of the time, and which it is nobody could guess: the second is worked out in any case.
        let slot = mask.trailing_zeros() & 7;
        let second = entry(near, slot, code_of(node, slot));
        let two = mask != 0;
        mask &= mask.wrapping_sub(1);
        if mask == 0 {
            let second = if two { second } else { u64::MAX };
            lane.code = first.min(second) as u32;
            lane.stack.put(first.max(second), two);
            return;
        }
        let slot = mask.trailing_zeros();
        let third = entry(near, slot, code_of(node, slot));
        mask &= mask - 1;
        if mask == 0 {
            let (low, high) = (first.min(second), first.max(second));
            let (close, rest) = (low.min(third), low.max(third));
            lane.stack.push(high.max(rest));
            lane.stack.push(high.min(rest));
            lane.code = close as u32;
            return;
        }
        lane.stack.push(first);
        lane.stack.push(second);
        lane.stack.push(third);
        let mut count = 3;
        while mask != 0 {
            let slot = mask.trailing_zeros();
            lane.stack.push(entry(near, slot, code_of(node, slot)));
            mask &= mask - 1;
            count += 1;
        }
        // For any hit the order is not worth its price: measured.
        if !ANY {
            lane.stack.sort_top(count);
        }
        self.pop(lane);
    }

    /// Tests the first two triangles of the leaf where the lane stands.
    ///
    /// # Safety
    /// The instruction set is present.
    #[inline(always)]
    unsafe fn test(&self, lane: &mut Lane) {
        if TLAS && !lane.inside {
            return;
        }
        let (first, more) = ((lane.code & 0x1fff_ffff) as usize, lane.code >> 29 & 3);
        // SAFETY: leaf references in the pool are in range. A last triangle is paired with itself.
        unsafe {
            let a = self.pools.triangles.get_unchecked(first);
            let b = self.pools.triangles.get_unchecked(first + usize::from(more > 0));
            lane.crossed = I::pair(a, b, &lane.prepared, &mut lane.crossing) & if more > 0 { 7 } else { 5 };
        }
    }

    /// Finishes the two triangles that were tested, or goes into an instance.
    #[inline(always)]
    fn leaf(&mut self, lane: &mut Lane) {
        let (first, more) = (lane.code & 0x1fff_ffff, lane.code >> 29 & 3);
        if TLAS && !lane.inside {
            lane.waiting = first..first + more + 1;
            if !self.enter(lane) {
                self.pop(lane);
            }
            return;
        }
        if lane.crossed != 0 && self.triangles(lane, first as usize) {
            return self.finish(lane);
        }
        if more >= 2 {
            lane.code = CODE_LEAF | (more - 2) << 29 | (first + 2);
        } else {
            self.pop(lane);
        }
    }

    /// Finishes two triangles, of which one may be crossed; true ends the walk.
    #[inline(always)]
    fn triangles(&mut self, lane: &mut Lane, first: usize) -> bool {
        // SAFETY: `test` read both.
        let (a, b) = unsafe {
            let pool = self.pools.triangles;
            (pool.get_unchecked(first), pool.get_unchecked(first + usize::from(lane.code >> 29 & 3 > 0)))
        };
        if lane.crossed & EDGE_ZERO != 0 {
            let there = if lane.code >> 29 & 3 > 0 { 3 } else { 1 };
            lane.crossed = decide_zero_edges(a, b, &lane.prepared, &mut lane.crossing) & there;
        }
        lane.crossed & 1 != 0 && self.accept(lane, a, first, 0)
            || lane.crossed & 2 != 0 && self.accept(lane, b, first + 1, 4)
    }

    /// Finishes the test of a triangle whose edge functions agree in sign, and keeps the hit if it is the better one.
    #[inline(always)]
    fn accept(&mut self, lane: &mut Lane, triangle: &Triangle, slot: usize, corner: usize) -> bool {
        let (e, z) = (&lane.crossing.edge, &lane.crossing.depth);
        let best = &mut lane.best;
        let det = e[corner] + e[corner + 1] + e[corner + 2];
        let depth = e[corner] * z[corner] + e[corner + 1] * z[corner + 1] + e[corner + 2] * z[corner + 2];
        let t = depth * lane.prepared.shear[2] / det;
        // Written so that NaN (det = 0) fails.
        if !(t > lane.prepared.t_min && t <= best.t) {
            return false;
        }
        let (base, flags) = if TLAS { (lane.instance, lane.flags) } else { (0, 0) };
        let (instance, primitive) = (base + triangle.instance, triangle.primitive);
        // Of two hits at the same distance the lower (instance, primitive) counts, whatever the order of visits.
        if t == best.t && (instance, primitive) >= (best.instance, best.primitive) {
            return false;
        }
        let (u, v) = (e[corner + 1] / det, e[corner + 2] / det);
        if (flags | triangle.flags) & FLAG_CUTOUT != 0 && !self.batch.keep(instance, primitive, u, v) {
            return false;
        }
        *best = Hit { t, u, v, instance, primitive, slot: slot as u32, ..*best };
        ANY
    }

    /// # Safety
    /// The instruction set is present.
    #[inline(always)]
    unsafe fn run(&mut self) {
        let mut lanes: [MaybeUninit<Lane>; LANES] = [const { MaybeUninit::uninit() }; LANES];
        let mut active: [*mut Lane; LANES] = [std::ptr::null_mut(); LANES];
        let mut count = 0;
        for lane in lanes.iter_mut().take(self.total) {
            Lane::idle(lane);
            // SAFETY: just written.
            let lane = unsafe { lane.assume_init_mut() };
            self.start(lane);
            active[count] = lane;
            count += usize::from(lane.code != CODE_IDLE);
        }
        while count > 0 {
            // SAFETY: the pointers are those of different lanes, `count` of them are set; indices in the pool are in range; the
            // caller vouches for the instruction set.
            unsafe {
                // Lanes at nodes, lanes at leaves: sorted without branches, which nobody could guess.
                let mut at_nodes: [MaybeUninit<*mut Lane>; LANES] = [MaybeUninit::uninit(); LANES];
                let mut at_leaves: [MaybeUninit<*mut Lane>; LANES] = [MaybeUninit::uninit(); LANES];
                let (mut nodes, mut leaves) = (0, 0);
                for i in 0..count {
                    let lane = *active.get_unchecked(i);
                    let leaf = ((*lane).code >> 31) as usize;
                    at_nodes.get_unchecked_mut(nodes).write(lane);
                    nodes += 1 - leaf;
                    at_leaves.get_unchecked_mut(leaves).write(lane);
                    leaves += leaf;
                }
                for i in 0..nodes {
                    let lane = &mut *at_nodes.get_unchecked(i).assume_init();
                    let node = self.pools.nodes.get_unchecked(lane.code as usize);
                    lane.mask = I::boxes(node, &lane.prepared, lane.best.t, &mut lane.near);
                }
                for i in 0..nodes {
                    let lane = &mut *at_nodes.get_unchecked(i).assume_init();
                    self.descend(lane);
                    self.announce(lane);
                }
                for i in 0..leaves {
                    self.test(&mut *at_leaves.get_unchecked(i).assume_init());
                }
                for i in 0..leaves {
                    let lane = &mut *at_leaves.get_unchecked(i).assume_init();
                    self.leaf(lane);
                    self.announce(lane);
                }
                if self.next >= self.total {
                    let before = count;
                    count = 0;
                    for i in 0..before {
                        let lane = *active.get_unchecked(i);
                        *active.get_unchecked_mut(count) = lane;
                        count += usize::from((*lane).code != CODE_IDLE);
                    }
                }
            }
        }
    }

    /// Asks for what the lane will read when it is its turn again.
    #[inline(always)]
    fn announce(&self, lane: &Lane) {
        let at = if lane.code & CODE_LEAF == 0 {
            self.pools.nodes.as_ptr().wrapping_add(lane.code as usize).cast::<u8>()
        } else {
            self.pools.triangles.as_ptr().wrapping_add((lane.code & 0x1fff_ffff) as usize).cast()
        };
        prefetch(at);
        prefetch(at.wrapping_add(64));
    }
}

/// Traces the rays of a batch through the tree at `root`, a tree of instances with `TLAS`.
///
/// # Safety
/// The pools are as `build` made them, and the instruction set is present.
#[inline(always)]
pub(super) unsafe fn trace<I: Isa, B: Batch, const ANY: bool, const TLAS: bool>(
    pools: Pools<'_>,
    root: u32,
    batch: &mut B,
) {
    let total = batch.count();
    let mut walk = Walk::<I, B, ANY, TLAS> { pools, root, batch, next: 0, total, set: std::marker::PhantomData };
    // SAFETY: the caller vouches for it.
    unsafe { walk.run() };
}
