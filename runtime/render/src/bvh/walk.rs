//! The traversal, written once over the two instruction-set primitives: a node's box tests and a pair of triangle tests.
//!
//! Both are the same sequence of individually rounded operations on every instruction set, and children are visited in the
//! same order, so hits, visit counts and caps are equal to the bit.

use std::marker::PhantomData;
use std::mem::MaybeUninit;

use super::layout::{FLAG_CUTOUT, FLAG_WORLD_SPACE, InstanceRecord, Node, ROOT_BLAS, ROOT_TLAS, Triangle};
use super::ray::{Hit, Prepared, Ray};
use super::zero_edges::decide_zero_edges;

/// A walk that has visited so many nodes gives up and says so.
pub const VISIT_CAP: u32 = 32_768;
/// Far ends of slabs and the closest hit so far are scaled by this in the comparison against near ends, which covers the
/// relative rounding error of both (five roundings, Ize, "Robust BVH Ray Traversal", JCGT 2013) several times over.
pub(super) const SLACK: f32 = 1.0 + 1e-6;
/// Levels of nodes that a stack of `STACK` entries can hold; the builder keeps trees below it.
pub(super) const LEVELS_MAX: u32 = 72;
/// Seven siblings wait per level.
const STACK: usize = 7 * LEVELS_MAX as usize + 8;

const CODE_LEAF: u32 = 1 << 31;

/// The two tests that are worth an instruction set.
pub(super) trait Isa {
    /// Box tests of all eight slots: bit i of the result is set when slot i may hold a hit in `[t_min, t_max]`, and its
    /// distance is in `near[i]`.
    ///
    /// # Safety
    /// The instruction set must be present.
    unsafe fn boxes(node: &Node, ray: &Prepared, t_max: f32, near: &mut [f32; 8]) -> u32;

    /// Watertight test of two triangles; bit 0 and 1 of the result tell which the line crosses. `EDGE_ZERO` is set when an
    /// edge function of either is zero and one of them may be crossed. `out` is filled unless the result is 0.
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

struct Stack {
    entries: [MaybeUninit<u64>; STACK],
    len: usize,
}

impl Stack {
    #[inline(always)]
    fn new() -> Self {
        Self { entries: [const { MaybeUninit::uninit() }; STACK], len: 0 }
    }

    #[inline(always)]
    fn push(&mut self, entry: u64) {
        debug_assert!(self.len < STACK);
        // SAFETY: trees have at most LEVELS_MAX levels (checked when built), each leaves at most seven entries.
        unsafe { self.entries.get_unchecked_mut(self.len).write(entry) };
        self.len += 1;
    }

    /// The next entry that may still be closer than `cull`.
    #[inline(always)]
    fn pop(&mut self, cull: f32) -> Option<u32> {
        while self.len > 0 {
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

/// What a slot refers to: `CODE_LEAF | (count - 1) << 29 | first` or a node index.
#[inline(always)]
fn code_of(node: &Node, slot: u32, leaves: &impl Leaves) -> u32 {
    // SAFETY: slot is below 8.
    let meta = u32::from(unsafe { *node.meta.get_unchecked(slot as usize) });
    let base = if meta & 0x80 != 0 { node.leaf_base } else { node.child_base };
    let at = base + (meta & 31);
    // Triangles lie scattered over far more memory than nodes; asking early measured faster, for nodes it did not.
    if meta & 0x80 != 0 {
        leaves.announce(at as usize);
    }
    (meta & 0xe0) << 24 | at
}

/// A stack entry: distance above, reference below.
#[inline(always)]
fn entry(near: &[f32; 8], slot: u32, code: u32) -> u64 {
    u64::from(near[slot as usize & 7].to_bits()) << 32 | u64::from(code)
}

/// What a walk does at leaves. A trait and not a closure, whose body would not take on the caller's instruction set.
trait Leaves {
    /// Visits items `first..first + count`; returns true to end the walk.
    ///
    /// # Safety
    /// The items are in the pool and the instruction set is present.
    unsafe fn visit(&mut self, first: usize, count: usize, best: &mut Hit) -> bool;

    /// Prefetches items that may be visited.
    fn announce(&self, first: usize);
}

/// Walks one tree; returns true when ended early, by a leaf or by the cap.
#[inline(always)]
unsafe fn walk<I: Isa, const ANY: bool>(
    nodes: &[Node],
    root: u32,
    ray: &Prepared,
    best: &mut Hit,
    leaves: &mut impl Leaves,
) -> bool {
    let mut stack = Stack::new();
    let mut near = [0.0f32; 8];
    let mut code = root;
    let mut cull = best.t * SLACK;
    loop {
        if code & CODE_LEAF == 0 {
            best.visits += 1;
            if best.visits > VISIT_CAP {
                best.capped = 1;
                return true;
            }
            // SAFETY: indices in the pool are in range; the caller vouches for the instruction set.
            let (node, mut mask) = unsafe {
                let node = nodes.get_unchecked(code as usize);
                (node, I::boxes(node, ray, best.t, &mut near))
            };
            if mask != 0 {
                let slot = mask.trailing_zeros();
                let first = code_of(node, slot, leaves);
                mask &= mask - 1;
                if mask == 0 {
                    code = first;
                    continue;
                }
                let first = entry(&near, slot, first);
                let slot = mask.trailing_zeros();
                let second = entry(&near, slot, code_of(node, slot, leaves));
                mask &= mask - 1;
                if mask == 0 {
                    let (close, away) = if first < second { (first, second) } else { (second, first) };
                    stack.push(away);
                    code = close as u32;
                    continue;
                }
                let slot = mask.trailing_zeros();
                let third = entry(&near, slot, code_of(node, slot, leaves));
                mask &= mask - 1;
                if mask == 0 {
                    let (low, high) = (first.min(second), first.max(second));
                    let (close, rest) = (low.min(third), low.max(third));
                    stack.push(high.max(rest));
                    stack.push(high.min(rest));
                    code = close as u32;
                    continue;
                }
                stack.push(first);
                stack.push(second);
                stack.push(third);
                let mut count = 3;
                while mask != 0 {
                    let slot = mask.trailing_zeros();
                    stack.push(entry(&near, slot, code_of(node, slot, leaves)));
                    mask &= mask - 1;
                    count += 1;
                }
                // For any hit the order is not worth its price: measured.
                if !ANY {
                    stack.sort_top(count);
                }
            }
        } else {
            let count = (code >> 29 & 3) as usize + 1;
            // SAFETY: leaf references in the pool are in range.
            if unsafe { leaves.visit((code & 0x1fff_ffff) as usize, count, best) } {
                return true;
            }
            cull = best.t * SLACK;
        }
        match stack.pop(cull) {
            Some(next) => code = next,
            None => return false,
        }
    }
}

/// Triangles of one instance; with `ANY`, the first hit that counts ends the walk.
struct Triangles<'a, I, K, const ANY: bool> {
    pool: &'a [Triangle],
    ray: &'a Prepared,
    instance: u32,
    flags: u32,
    keep: &'a mut K,
    set: PhantomData<I>,
}

impl<I: Isa, K: FnMut(u32, u32, f32, f32) -> bool, const ANY: bool> Leaves for Triangles<'_, I, K, ANY> {
    #[inline(always)]
    fn announce(&self, first: usize) {
        let at = self.pool.as_ptr().wrapping_add(first).cast::<u8>();
        prefetch(at);
        prefetch(at.wrapping_add(64));
    }

    #[inline(always)]
    unsafe fn visit(&mut self, first: usize, count: usize, best: &mut Hit) -> bool {
        let mut out = MaybeUninit::<Crossing>::uninit();
        let mut at = 0;
        while at < count {
            // SAFETY: first + count is within the pool; an odd last triangle is paired with itself. `pair` writes both
            // before it returns a bit.
            unsafe {
                let a = self.pool.get_unchecked(first + at);
                let b = self.pool.get_unchecked(first + if at + 1 < count { at + 1 } else { at });
                let out = &mut *out.as_mut_ptr();
                let mut crossed = I::pair(a, b, self.ray, out);
                if crossed & EDGE_ZERO != 0 {
                    crossed = decide_zero_edges(a, b, self.ray, out);
                }
                if crossed & 1 != 0 && self.accept(a, first + at, 0, out, best) {
                    return true;
                }
                if crossed & 2 != 0 && at + 1 < count && self.accept(b, first + at + 1, 4, out, best) {
                    return true;
                }
            }
            at += 2;
        }
        false
    }
}

impl<I: Isa, K: FnMut(u32, u32, f32, f32) -> bool, const ANY: bool> Triangles<'_, I, K, ANY> {
    /// Finishes the test of a triangle whose edge functions agree in sign, and keeps the hit if it is the better one.
    #[inline(always)]
    fn accept(&mut self, triangle: &Triangle, slot: usize, lane: usize, crossing: &Crossing, best: &mut Hit) -> bool {
        let (e, z) = (&crossing.edge, &crossing.depth);
        let det = e[lane] + e[lane + 1] + e[lane + 2];
        let depth = e[lane] * z[lane] + e[lane + 1] * z[lane + 1] + e[lane + 2] * z[lane + 2];
        let t = depth * self.ray.shear[2] / det;
        // Written so that NaN (det = 0) fails.
        if !(t > self.ray.t_min && t <= best.t) {
            return false;
        }
        let (instance, primitive) = (self.instance + triangle.instance, triangle.primitive);
        // Of two hits at the same distance the lower (instance, primitive) counts, whatever the order of visits.
        if t == best.t && (instance, primitive) >= (best.instance, best.primitive) {
            return false;
        }
        let (u, v) = (e[lane + 1] / det, e[lane + 2] / det);
        if (self.flags | triangle.flags) & FLAG_CUTOUT != 0 && !(self.keep)(instance, primitive, u, v) {
            return false;
        }
        *best = Hit { t, u, v, instance, primitive, slot: slot as u32, ..*best };
        ANY
    }
}

/// Instances of one TLAS.
struct Instances<'a, I, K, const ANY: bool> {
    pools: Pools<'a>,
    ray: &'a Ray,
    prepared: &'a Prepared,
    keep: &'a mut K,
    set: PhantomData<I>,
}

impl<I: Isa, K: FnMut(u32, u32, f32, f32) -> bool, const ANY: bool> Leaves for Instances<'_, I, K, ANY> {
    #[inline(always)]
    fn announce(&self, _: usize) {}

    #[inline(always)]
    unsafe fn visit(&mut self, first: usize, count: usize, best: &mut Hit) -> bool {
        for record in &self.pools.nodes[first..first + count] {
            let record: &InstanceRecord = bytemuck::cast_ref(record);
            let local = if record.flags & FLAG_WORLD_SPACE != 0 {
                *self.prepared
            } else {
                match Prepared::transformed(self.ray, &record.object_from_world) {
                    Some(local) => local,
                    None => continue,
                }
            };
            let mut triangles = Triangles::<I, K, ANY> {
                pool: self.pools.triangles,
                ray: &local,
                instance: record.instance,
                flags: record.flags,
                keep: &mut *self.keep,
                set: PhantomData,
            };
            // SAFETY: the caller vouches for the pools and the instruction set.
            if unsafe { walk::<I, ANY>(self.pools.nodes, record.root, &local, best, &mut triangles) } {
                return true;
            }
        }
        false
    }
}

/// Traces one ray through the scene. With `ANY` the hit found is any one.
///
/// # Safety
/// The pools are as `build` made them, and the instruction set is present.
#[inline(always)]
pub(super) unsafe fn trace<I: Isa, K: FnMut(u32, u32, f32, f32) -> bool, const ANY: bool>(
    pools: Pools<'_>,
    root_kind: u32,
    root: u32,
    ray: &Ray,
    keep: &mut K,
) -> Hit {
    let mut best = Hit::miss(ray.t_max);
    if ray.t_max.is_nan() || ray.t_max <= 0.0 {
        return best;
    }
    let Some(prepared) = Prepared::new(ray.origin, ray.direction, ray.t_min) else { return best };
    let (ray, prepared) = (ray, &prepared);
    if root_kind == ROOT_BLAS {
        let pool = pools.triangles;
        let mut leaves = Triangles::<I, K, ANY> { pool, ray: prepared, instance: 0, flags: 0, keep, set: PhantomData };
        // SAFETY: the caller vouches for both.
        unsafe { walk::<I, ANY>(pools.nodes, root, prepared, &mut best, &mut leaves) };
    } else if root_kind == ROOT_TLAS {
        let mut leaves = Instances::<I, K, ANY> { pools, ray, prepared, keep, set: PhantomData };
        // SAFETY: the caller vouches for both.
        unsafe { walk::<I, ANY>(pools.nodes, root, prepared, &mut best, &mut leaves) };
    }
    best
}
