//! From meshes and instances to the two pools.

use glam::{Affine3A, DVec3, Mat4};
use rayon::prelude::*;

use super::BvhError;
use super::binary::{self, CutCosts, PrimitiveBox};
use super::layout::{
    COORDINATE_LIMIT, FLAG_CUTOUT, FLAG_WORLD_SPACE, Header, INDEX_LIMIT, InstanceRecord, META_LEAF, Node, ROOT_BLAS,
    ROOT_EMPTY, ROOT_TLAS, Triangle,
};
use super::walk::LEVELS_MAX;
use super::wide::{self, WideTree};

/// Measured on terrain and soup: a pair of triangle tests against a node's eight box tests.
const TRIANGLE_COSTS: CutCosts = CutCosts { leaf: &[0.0, 0.3, 0.33, 0.6, 0.65] };
/// Entering an instance transforms the ray, so a TLAS leaf holds one.
const INSTANCE_COSTS: CutCosts = CutCosts { leaf: &[0.0, 4.0] };

/// A triangle mesh in object space. An index beyond `positions` makes a triangle that is never hit.
#[derive(Clone, Copy, Debug)]
pub struct Mesh<'a> {
    /// Corner positions.
    pub positions: &'a [[f32; 3]],
    /// Corner indices per triangle.
    pub triangles: &'a [[u32; 3]],
}

/// A placed mesh. Its number in hits is its place in the list.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Index into the meshes.
    pub mesh: usize,
    /// May mirror, shear and scale.
    pub world_from_object: Affine3A,
    /// Whether the filter decides about hits on it.
    pub cutout: bool,
}

/// What `build` makes.
pub(super) struct Pools {
    pub nodes: Vec<Node>,
    pub triangles: Vec<Triangle>,
    pub world_space: Vec<bool>,
}

/// One tree over triangles, with indices relative to its own arrays.
struct Blas {
    tree: WideTree,
    triangles: Vec<Triangle>,
    bounds: Option<([f32; 3], [f32; 3])>,
}

/// A triangle's box, or `None` when no ray can hit it.
fn box_of(t: &Triangle, number: usize) -> Option<PrimitiveBox> {
    Triangle::is_hittable(t.v0, t.v1, t.v2).then(|| {
        let over = |f: fn(f32, f32) -> f32| [0, 1, 2].map(|k| f(f(t.v0[k], t.v1[k]), t.v2[k]));
        PrimitiveBox::new(over(f32::min), over(f32::max), number as u32)
    })
}

impl Blas {
    /// `triangle(i)` gives the i-th of `count` triangles; it is called twice.
    fn build(count: usize, triangle: impl Fn(usize) -> Triangle + Sync) -> Result<Self, BvhError> {
        if count >= INDEX_LIMIT {
            return Err(BvhError::TooManyTriangles { count });
        }
        // Chunks are joined in order, so threads do not show.
        const CHUNK: usize = 1 << 15;
        let chunks: Vec<Vec<PrimitiveBox>> = (0..count.div_ceil(CHUNK))
            .into_par_iter()
            .map(|c| (c * CHUNK..count.min((c + 1) * CHUNK)).filter_map(|i| box_of(&triangle(i), i)).collect())
            .collect();
        let tree = wide::collapse(&binary::build(chunks.concat(), TRIANGLE_COSTS));
        let triangles = tree.order.par_iter().with_min_len(CHUNK).map(|i| triangle(*i as usize)).collect();
        let mut blas = Self { tree, triangles, bounds: None };
        blas.bounds = blas.measure();
        Ok(blas)
    }

    fn measure(&self) -> Option<([f32; 3], [f32; 3])> {
        let corners = self.triangles.iter().flat_map(|t| [t.v0, t.v1, t.v2]);
        corners.fold(None, |bounds, c| {
            let (lo, hi) = bounds.unwrap_or((c, c));
            Some(([0, 1, 2].map(|k| f32::min(lo[k], c[k])), [0, 1, 2].map(|k| f32::max(hi[k], c[k]))))
        })
    }
}

fn corner(mesh: &Mesh<'_>, index: u32) -> [f32; 3] {
    mesh.positions.get(index as usize).copied().unwrap_or([f32::NAN; 3])
}

fn mesh_triangle(mesh: &Mesh<'_>, i: usize) -> Triangle {
    let [a, b, c] = mesh.triangles[i].map(|index| corner(mesh, index));
    Triangle { v0: a, v1: b, v2: c, primitive: i as u32, ..Triangle::default() }
}

/// Meshes placed once are moved to world space and share one tree: no ray transform, no overlap of boxes, and the surface-area
/// heuristic sees all of them. Meshes placed more often keep a tree of their own in object space.
pub(super) fn build(meshes: &[Mesh<'_>], instances: &[Instance]) -> Result<Pools, BvhError> {
    let mut uses = vec![0usize; meshes.len()];
    for (instance, placed) in instances.iter().enumerate() {
        *uses.get_mut(placed.mesh).ok_or(BvhError::NoSuchMesh { instance, mesh: placed.mesh })? += 1;
    }
    if instances.len() >= INDEX_LIMIT {
        return Err(BvhError::TooManyInstances { count: instances.len() });
    }
    let world_space: Vec<bool> = instances.iter().map(|i| uses[i.mesh] == 1).collect();
    let merged = merge(meshes, instances, &world_space)?;
    let mut blas_of_mesh = vec![None; meshes.len()];
    let mut blas = Vec::new();
    let mut placed = Vec::new();
    for (number, instance) in instances.iter().enumerate().filter(|(number, _)| !world_space[*number]) {
        let index = match blas_of_mesh[instance.mesh] {
            Some(index) => index,
            None => {
                let mesh = &meshes[instance.mesh];
                blas.push(Blas::build(mesh.triangles.len(), |i| mesh_triangle(mesh, i))?);
                *blas_of_mesh[instance.mesh].insert(blas.len() - 1)
            }
        };
        placed.push((number, index));
    }
    assemble(instances, merged, &blas, &placed, world_space)
}

/// The tree over everything that is placed once.
fn merge(meshes: &[Mesh<'_>], instances: &[Instance], world_space: &[bool]) -> Result<Blas, BvhError> {
    let parts: Vec<usize> = (0..instances.len()).filter(|i| world_space[*i]).collect();
    let mut ends = Vec::with_capacity(parts.len());
    let mut total = 0;
    for part in &parts {
        total += meshes[instances[*part].mesh].triangles.len();
        ends.push(total);
    }
    Blas::build(total, |i| {
        let part = ends.partition_point(|end| *end <= i);
        let number = parts[part];
        let instance = &instances[number];
        let mesh = &meshes[instance.mesh];
        let local = mesh_triangle(mesh, i - (ends[part] - mesh.triangles.len()));
        let to_world = |p: [f32; 3]| world_position(&instance.world_from_object, p);
        Triangle {
            v0: to_world(local.v0),
            v1: to_world(local.v1),
            v2: to_world(local.v2),
            primitive: local.primitive,
            instance: number as u32,
            flags: if instance.cutout { FLAG_CUTOUT } else { 0 },
        }
    })
}

/// A mesh position in world space, as world-space triangles hold it: a function of the position alone, so that triangles which
/// share a corner still share it.
pub fn world_position(world_from_object: &Affine3A, p: [f32; 3]) -> [f32; 3] {
    if *world_from_object == Affine3A::IDENTITY { p } else { world_from_object.transform_point3(p.into()).to_array() }
}

fn assemble(
    instances: &[Instance],
    merged: Blas,
    blas: &[Blas],
    placed: &[(usize, usize)],
    world_space: Vec<bool>,
) -> Result<Pools, BvhError> {
    let mut records = Vec::new();
    let mut boxes = Vec::new();
    if let Some((lo, hi)) = merged.bounds.filter(|_| !placed.is_empty()) {
        boxes.push(PrimitiveBox::new(lo, hi, 0));
        records.push((InstanceRecord { flags: FLAG_WORLD_SPACE, ..InstanceRecord::default() }, None));
    }
    for (number, index) in placed {
        let instance = &instances[*number];
        let Some((lo, hi)) = blas[*index].bounds else { continue };
        let Some((lo, hi)) = world_box(&instance.world_from_object, lo, hi) else { continue };
        let Some(object_from_world) = inverse_rows(&instance.world_from_object) else { continue };
        boxes.push(PrimitiveBox::new(lo, hi, records.len() as u32));
        let flags = if instance.cutout { FLAG_CUTOUT } else { 0 };
        let record = InstanceRecord { object_from_world, instance: *number as u32, flags, ..InstanceRecord::default() };
        records.push((record, Some(*index)));
    }
    let tlas = wide::collapse(&binary::build(boxes, INSTANCE_COSTS));
    let has_tlas = !tlas.order.is_empty();
    if !has_tlas && merged.triangles.is_empty() {
        let header = Header { root_kind: ROOT_EMPTY, node_count: 1, ..Header::default() };
        return Ok(Pools { nodes: vec![bytemuck::cast(header)], triangles: Vec::new(), world_space });
    }
    let trees = || std::iter::once(&merged).chain(blas);
    let node_count = 1 + tlas.nodes.len() + tlas.order.len() + trees().map(|b| b.tree.nodes.len()).sum::<usize>();
    let triangle_count = trees().map(|b| b.triangles.len()).sum::<usize>();
    if node_count >= INDEX_LIMIT || triangle_count >= INDEX_LIMIT {
        return Err(BvhError::TooManyTriangles { count: triangle_count });
    }
    if let Some(levels) = trees().map(|b| b.tree.depth).chain([tlas.depth]).find(|depth| *depth > LEVELS_MAX) {
        return Err(BvhError::TooDeep { levels });
    }

    let mut nodes = Vec::with_capacity(node_count);
    nodes.push(Node::default());
    let records_base = (1 + tlas.nodes.len()) as u32;
    append(&mut nodes, &tlas.nodes, 1, records_base);
    let first_blas = nodes.len() + tlas.order.len();
    let mut roots = Vec::new();
    let mut at = first_blas;
    for b in trees() {
        roots.push(at as u32);
        at += b.tree.nodes.len();
    }
    for i in &tlas.order {
        let (mut record, index) = records[*i as usize];
        record.root = roots[index.map_or(0, |index| index + 1)];
        nodes.push(bytemuck::cast(record));
    }
    let mut triangles = Vec::with_capacity(triangle_count);
    for b in trees() {
        let node_base = nodes.len() as u32;
        append(&mut nodes, &b.tree.nodes, node_base, triangles.len() as u32);
        triangles.extend_from_slice(&b.triangles);
    }
    nodes[0] = bytemuck::cast(Header {
        root_kind: if has_tlas { ROOT_TLAS } else { ROOT_BLAS },
        root: if has_tlas { 1 } else { first_blas as u32 },
        node_count: node_count as u32,
        triangle_count: triangle_count as u32,
        ..Header::default()
    });
    Ok(Pools { nodes, triangles, world_space })
}

/// Adds a tree's nodes with indices made absolute.
fn append(nodes: &mut Vec<Node>, tree: &[Node], node_base: u32, leaf_base: u32) {
    nodes.extend(tree.iter().map(|node| Node {
        child_base: node.child_base + node_base,
        leaf_base: node.leaf_base + leaf_base,
        ..*node
    }));
}

/// The world box of a transformed box, a little larger: the ray is rounded when it is taken to object space.
fn world_box(m: &Affine3A, lo: [f32; 3], hi: [f32; 3]) -> Option<([f32; 3], [f32; 3])> {
    let m = Mat4::from(*m).as_dmat4();
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    for i in 0..8 {
        let pick = |k: usize| f64::from(if i >> k & 1 == 1 { hi[k] } else { lo[k] });
        let p = m.transform_point3(DVec3::new(pick(0), pick(1), pick(2)));
        low = low.min(p);
        high = high.max(p);
    }
    let margin = (low.abs().max(high.abs()).max_element() + (high - low).max_element()) * 1e-6;
    let fits = low.is_finite() && high.is_finite() && margin < f64::from(COORDINATE_LIMIT) * 1e-6;
    fits.then(|| ((low - margin).as_vec3().to_array(), (high + margin).as_vec3().to_array()))
}

/// `None` for a matrix that flattens space: its instance has no volume to trace in.
fn inverse_rows(m: &Affine3A) -> Option<[[f32; 4]; 3]> {
    let inverse = Mat4::from(*m).as_dmat4().inverse();
    let rows = [inverse.row(0), inverse.row(1), inverse.row(2)].map(|row| row.as_vec4().to_array());
    rows.iter().flatten().all(|x| x.is_finite()).then_some(rows)
}

/// Expected cost of a random ray by the surface-area heuristic: box-test rounds and leaf tests per ray that enters the root.
pub(super) fn sah_cost(nodes: &[Node], root: u32) -> (f64, f64) {
    let (mut inner, mut leaves) = (0.0, 0.0);
    let mut work = vec![(root, 1.0f64)];
    while let Some((at, chance)) = work.pop() {
        let node = &nodes[at as usize];
        inner += chance;
        let area = |extent: [f64; 3]| extent[0] * extent[1] + extent[1] * extent[2] + extent[2] * extent[0];
        let step = node.exponents.map(|e| f64::from(f32::from_bits(u32::from(e) << 23)));
        let filled: Vec<usize> = (0..8).filter(|i| node.filled >> i & 1 == 1).collect();
        let whole = [0, 1, 2].map(|k| {
            let hi = filled.iter().map(|i| node.hi[k][*i]).max().unwrap_or(0);
            let lo = filled.iter().map(|i| node.lo[k][*i]).min().unwrap_or(0);
            f64::from(hi - lo) * step[k]
        });
        for i in filled {
            let part = [0, 1, 2].map(|k| f64::from(node.hi[k][i] - node.lo[k][i]) * step[k]);
            let chance = chance * area(part) / area(whole);
            if node.meta[i] & META_LEAF != 0 {
                leaves += chance * f64::from((node.meta[i] >> 5 & 3) / 2 + 1);
            } else {
                work.push((node.child_base + u32::from(node.meta[i]), chance));
            }
        }
    }
    (inner, leaves)
}
