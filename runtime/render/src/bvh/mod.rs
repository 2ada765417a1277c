//! The acceleration structure: an eight-wide compressed BVH, one byte layout for the native and the GPU executor.
//!
//! `SceneBvh::build` -> `binary` (binned surface-area heuristic, cut costs) -> `wide` (compressed nodes) -> `build` (two pools).
//! `SceneBvh::trace`, or `closest`, `occluded` and their batches -> `walk` over `avx2` or `portable`; `trace/traverse.wgsl` walks
//! the same bytes.

// Axes and lanes index several arrays at once; zipped iterators would hide which.
#![allow(clippy::needless_range_loop)]

#[cfg(target_arch = "x86_64")]
mod avx2;
mod binary;
mod build;
pub mod layout;
pub mod offset;
mod portable;
mod ray;
mod walk;
mod wide;
mod zero_edges;

pub use build::{Instance, Mesh, world_position};
pub use ray::{Hit, Occlusion, Ray};
pub(crate) use walk::Batch;
pub use walk::VISIT_CAP;

use layout::{Header, Node, Triangle};
use portable::Portable;

/// Why a scene cannot be built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BvhError {
    /// An instance names a mesh that is not in the list.
    NoSuchMesh {
        /// The instance.
        instance: usize,
        /// The missing mesh.
        mesh: usize,
    },
    /// More triangles (all meshes together) than indices reach.
    TooManyTriangles {
        /// How many.
        count: usize,
    },
    /// More instances than indices reach.
    TooManyInstances {
        /// How many.
        count: usize,
    },
    /// The tree is deeper than traversal stacks; geometry that causes it is not known.
    TooDeep {
        /// Levels of nodes.
        levels: u32,
    },
}

impl std::fmt::Display for BvhError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchMesh { instance, mesh } => {
                write!(f, "instance {instance} places mesh {mesh}, which does not exist")
            }
            Self::TooManyTriangles { count } => {
                write!(
                    f,
                    "the scene has {count} triangles, more than 2^29: place shared meshes as instances or reduce them"
                )
            }
            Self::TooManyInstances { count } => write!(f, "the scene has {count} instances, more than 2^29"),
            Self::TooDeep { levels } => {
                write!(f, "the acceleration structure needs {levels} levels, more than its stack holds")
            }
        }
    }
}

impl std::error::Error for BvhError {}

/// The instruction set that traces rays. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InstructionSet {
    /// Any machine.
    Portable,
    /// x86-64 with AVX2.
    Avx2,
    /// The same on machines with the vector lengths extension of AVX-512: twice the registers hold a ray's constants.
    Avx512,
}

impl InstructionSet {
    /// The fastest one this machine has.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        if std::is_x86_feature_detected!("avx2")
            && std::is_x86_feature_detected!("bmi1")
            && std::is_x86_feature_detected!("lzcnt")
        {
            if std::is_x86_feature_detected!("avx512f")
                && std::is_x86_feature_detected!("avx512dq")
                && std::is_x86_feature_detected!("avx512bw")
                && std::is_x86_feature_detected!("avx512vl")
                && std::is_x86_feature_detected!("bmi2")
            {
                return Self::Avx512;
            }
            return Self::Avx2;
        }
        Self::Portable
    }
}

/// A scene to trace rays against. Immutable; share it between threads by reference.
pub struct SceneBvh {
    nodes: Vec<Node>,
    triangles: Vec<Triangle>,
    world_space: Vec<bool>,
    header: Header,
    set: InstructionSet,
}

impl SceneBvh {
    /// Build over `instances` of `meshes`; the bytes do not depend on the number of threads.
    ///
    /// Never hit, and no error: triangles of zero area, with a NaN, infinite or huge (beyond `layout::COORDINATE_LIMIT`)
    /// corner or an index out of range; shared meshes under a matrix that flattens space or reaches as far.
    ///
    /// # Errors
    /// An instance of a missing mesh, or too many triangles or instances.
    pub fn build(meshes: &[Mesh<'_>], instances: &[Instance]) -> Result<Self, BvhError> {
        let pools = build::build(meshes, instances)?;
        let header: Header = bytemuck::cast(pools.nodes[0]);
        Ok(Self {
            nodes: pools.nodes,
            triangles: pools.triangles,
            world_space: pools.world_space,
            header,
            set: InstructionSet::detect(),
        })
    }

    /// The same scene with the portable traversal, for comparison.
    pub fn into_portable(self) -> Self {
        self.limited_to(InstructionSet::Portable)
    }

    /// The same scene with no better instruction set than this, for comparison.
    pub fn limited_to(mut self, set: InstructionSet) -> Self {
        self.set = self.set.min(set);
        self
    }

    /// The instruction set in use.
    pub fn instruction_set(&self) -> InstructionSet {
        self.set
    }

    /// The node pool for upload: 80-byte entries, entry 0 is the header.
    pub fn nodes_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.nodes)
    }

    /// The triangle pool for upload: 48-byte entries; empty for an empty scene.
    pub fn triangles_bytes(&self) -> &[u8] {
        bytemuck::cast_slice(&self.triangles)
    }

    /// Triangles in leaf order; `Hit::slot` indexes them. In world space where `is_world_space` says so, else in object space.
    pub fn triangles(&self) -> &[Triangle] {
        &self.triangles
    }

    /// Whether an instance's triangles in the pool lie in world space.
    pub fn is_world_space(&self, instance: usize) -> bool {
        self.world_space[instance]
    }

    /// Bytes of both pools.
    pub fn memory(&self) -> usize {
        self.nodes_bytes().len() + self.triangles_bytes().len()
    }

    /// Expected node visits and leaf tests of a random ray through the scene's root, by the surface-area heuristic; 0 for
    /// empty and instanced scenes.
    pub fn sah_cost(&self) -> (f64, f64) {
        if self.header.root_kind == layout::ROOT_BLAS {
            build::sah_cost(&self.nodes, self.header.root)
        } else {
            (0.0, 0.0)
        }
    }

    /// The closest hit. `keep(instance, primitive, u, v)` is asked about hits on cut-out instances only, in no particular order
    /// and perhaps about some that are not the closest; it must be a pure function.
    pub fn closest(&self, ray: &Ray, keep: impl FnMut(u32, u32, f32, f32) -> bool) -> Hit {
        let mut hit = [Hit::miss(ray.t_max)];
        self.closest_batch(std::slice::from_ref(ray), &mut hit, keep);
        hit[0]
    }

    /// Whether anything lies on the ray within its interval; `keep` as in `closest`.
    pub fn occluded(&self, ray: &Ray, keep: impl FnMut(u32, u32, f32, f32) -> bool) -> Occlusion {
        let mut answer = [Occlusion::Free];
        self.occluded_batch(std::slice::from_ref(ray), &mut answer, keep);
        answer[0]
    }

    /// `closest` for many rays. Lengths must agree; surplus entries of the longer slice are left alone.
    pub fn closest_batch(&self, rays: &[Ray], hits: &mut [Hit], keep: impl FnMut(u32, u32, f32, f32) -> bool) {
        self.trace::<false>(&mut Slices { rays, out: hits, keep });
    }

    /// `occluded` for many rays. Lengths must agree; surplus entries of the longer slice are left alone.
    pub fn occluded_batch(&self, rays: &[Ray], out: &mut [Occlusion], keep: impl FnMut(u32, u32, f32, f32) -> bool) {
        self.trace::<true>(&mut Slices { rays, out, keep });
    }

    /// Traces a batch of rays; with `ANY` the hit found is any one.
    pub(crate) fn trace<const ANY: bool>(&self, batch: &mut impl Batch) {
        match self.set {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the set was detected.
            InstructionSet::Avx512 => unsafe { self.trace_avx512::<ANY>(batch) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: as above.
            InstructionSet::Avx2 => unsafe { self.trace_avx2::<ANY>(batch) },
            // SAFETY: needs no instruction set.
            _ => unsafe { self.trace_portable::<ANY>(batch) },
        }
    }

    #[inline(always)]
    unsafe fn trace_with<I: walk::Isa, const ANY: bool>(&self, batch: &mut impl Batch) {
        let pools = walk::Pools { nodes: &self.nodes, triangles: &self.triangles };
        let root = self.header.root;
        // SAFETY: the caller vouches for the instruction set; the pools were built.
        unsafe {
            match self.header.root_kind {
                layout::ROOT_BLAS => walk::trace::<I, _, ANY, false>(pools, root, batch),
                layout::ROOT_TLAS => walk::trace::<I, _, ANY, true>(pools, root, batch),
                _ => (0..batch.count()).for_each(|i| batch.done(i, &Hit::miss(batch.ray(i).t_max))),
            }
        }
    }

    /// `avx2` compiled for more registers.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,avx512f,avx512dq,avx512bw,avx512vl")]
    unsafe fn trace_avx512<const ANY: bool>(&self, batch: &mut impl Batch) {
        // SAFETY: the caller vouches for the instruction set.
        unsafe { self.trace_with::<avx2::Avx2, ANY>(batch) }
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,bmi1,lzcnt")]
    unsafe fn trace_avx2<const ANY: bool>(&self, batch: &mut impl Batch) {
        // SAFETY: the caller vouches for the instruction set.
        unsafe { self.trace_with::<avx2::Avx2, ANY>(batch) }
    }

    unsafe fn trace_portable<const ANY: bool>(&self, batch: &mut impl Batch) {
        // SAFETY: the portable tests need no instruction set.
        unsafe { self.trace_with::<Portable, ANY>(batch) }
    }
}

/// Rays and answers in slices.
struct Slices<'a, T, K> {
    rays: &'a [Ray],
    out: &'a mut [T],
    keep: K,
}

impl<T: for<'a> From<&'a Hit>, K: FnMut(u32, u32, f32, f32) -> bool> Batch for Slices<'_, T, K> {
    #[inline(always)]
    fn count(&self) -> usize {
        self.rays.len().min(self.out.len())
    }

    #[inline(always)]
    fn ray(&self, i: usize) -> Ray {
        self.rays[i]
    }

    #[inline(always)]
    fn keep(&mut self, instance: u32, primitive: u32, u: f32, v: f32) -> bool {
        (self.keep)(instance, primitive, u, v)
    }

    #[inline(always)]
    fn done(&mut self, i: usize, hit: &Hit) {
        self.out[i] = T::from(hit);
    }
}
