//! The bytes that both executors read: nodes, instance records and triangles.
//!
//! One pool of 80-byte entries holds, in this order, the header, the TLAS nodes, the instance records and the nodes of every
//! BLAS; every index in it is absolute. A second pool holds 48-byte triangles in leaf order. All words are little-endian.
//!
//! A node follows Ylitie, Karras, Laine, "Efficient Incoherent Ray Traversal on GPUs Through Compressed Wide BVHs", HPG 2017:
//! child boxes are eight-bit offsets on a power-of-two grid local to the node. It departs from the paper in three points, which
//! let a CPU form child references without popcounts and let a leaf hold four triangles, two per 256-bit register:
//! `meta` holds the child's rank or first triangle directly, a leaf's size is binary instead of unary, and the byte beside the
//! exponents tells which slots are filled.

use bytemuck::{Pod, Zeroable};

/// Children per node.
pub const WIDTH: usize = 8;
/// Triangles per leaf at most: two bits of `meta` hold the count.
pub const LEAF_MAX: usize = 4;
/// Marks a leaf in `Node::meta`.
pub const META_LEAF: u8 = 0x80;
/// Node and triangle indices stay below this, because a traversal stack keeps the three tag bits beside them.
pub const INDEX_LIMIT: usize = 1 << 29;

/// Coordinates beyond this are never hit: surface areas times counts stay far from overflow below it.
pub const COORDINATE_LIMIT: f32 = 1e12;

/// The triangle (or every triangle of the instance) is cut out by alpha: the filter decides whether a hit counts.
pub const FLAG_CUTOUT: u32 = 1;
/// The instance's triangles already lie in world space: the ray needs no transform.
pub const FLAG_WORLD_SPACE: u32 = 2;

/// Header kinds: what `Header::root` is.
pub const ROOT_EMPTY: u32 = 0;
/// The root is a BLAS in world space; its triangles carry their instance numbers.
pub const ROOT_BLAS: u32 = 1;
/// The root is a TLAS node, whose leaves are instance records.
pub const ROOT_TLAS: u32 = 2;

/// A compressed node of eight children, 80 bytes.
///
/// Child `i` spans `origin + lo[axis][i] * 2^(exponents[axis] - 127)` to `origin + hi[axis][i] * ..` along each axis.
/// Slot `i` suits the octant of its bits: bit 0, 1, 2 set means that the child lies on the positive x, y, z side.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct Node {
    /// Lower corner of the node's grid.
    pub origin: [f32; 3],
    /// Biased exponents of the grid step per axis: the eight exponent bits of an f32 that is a power of two.
    pub exponents: [u8; 3],
    /// Bit `i` is set when slot `i` holds a child.
    pub filled: u8,
    /// Index of the first inner child; the others follow in slot order.
    pub child_base: u32,
    /// Index of the first triangle (BLAS) or instance record (TLAS) of the node's leaves.
    pub leaf_base: u32,
    /// Per slot. Inner child: its rank, 0 to 7, after `child_base`. Leaf: `0x80 | (count - 1) << 5 | offset` after `leaf_base`.
    pub meta: [u8; 8],
    /// Lower bounds of the children per axis.
    pub lo: [[u8; 8]; 3],
    /// Upper bounds of the children per axis.
    pub hi: [[u8; 8]; 3],
}

/// A triangle in leaf order, 48 bytes. Positions are exact: compressing them would open cracks.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct Triangle {
    /// First corner: barycentrics (0, 0).
    pub v0: [f32; 3],
    /// Number of the triangle within its mesh.
    pub primitive: u32,
    /// Second corner: u = 1.
    pub v1: [f32; 3],
    /// Instance number when the BLAS lies in world space, else 0.
    pub instance: u32,
    /// Third corner: v = 1.
    pub v2: [f32; 3],
    /// `FLAG_CUTOUT` or 0; only set in world-space BLAS, other instances carry it in their record.
    pub flags: u32,
}

/// One instance of a BLAS, 80 bytes, so that it lives in the node pool.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct InstanceRecord {
    /// Rows of the 3x4 matrix that takes world points to object space.
    pub object_from_world: [[f32; 4]; 3],
    /// Root node of the BLAS.
    pub root: u32,
    /// Instance number; the world-space BLAS has 0 here and the numbers in its triangles.
    pub instance: u32,
    /// `FLAG_CUTOUT`, `FLAG_WORLD_SPACE`.
    pub flags: u32,
    /// Unused, zero.
    pub reserved: [u32; 5],
}

/// Entry 0 of the node pool, 80 bytes.
#[repr(C, align(16))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
pub struct Header {
    /// `ROOT_EMPTY`, `ROOT_BLAS` or `ROOT_TLAS`.
    pub root_kind: u32,
    /// Pool index of the root node.
    pub root: u32,
    /// Entries of the node pool.
    pub node_count: u32,
    /// Triangles in the triangle pool.
    pub triangle_count: u32,
    /// Unused, zero.
    pub reserved: [u32; 16],
}

const _: () = assert!(
    size_of::<Node>() == 80
        && size_of::<InstanceRecord>() == 80
        && size_of::<Header>() == 80
        && size_of::<Triangle>() == 48
);

impl Triangle {
    /// Whether a ray can ever hit it: finite corners within `COORDINATE_LIMIT` and an area that is not exactly zero.
    pub fn is_hittable(v0: [f32; 3], v1: [f32; 3], v2: [f32; 3]) -> bool {
        let corners_fit = [v0, v1, v2].iter().flatten().all(|x| x.abs() <= COORDINATE_LIMIT);
        if !corners_fit {
            return false;
        }
        let edge = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|k| f64::from(b[k]) - f64::from(a[k]));
        let (e, f) = (edge(v0, v1), edge(v0, v2));
        e[1] * f[2] != e[2] * f[1] || e[2] * f[0] != e[0] * f[2] || e[0] * f[1] != e[1] * f[0]
    }
}
