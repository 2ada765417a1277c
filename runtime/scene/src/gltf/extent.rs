//! How large an asset is, by the limits that its accessors state (glTF 2.0, 3.6.2.5): no vertex is read.

use glam::{Affine3A, Vec3};

use super::accessor::Reader;
use super::fault::Result;
use super::json::{Primitive, Root};
use super::nodes::{Hierarchy, Local};
use super::skin;

/// Component type of 32-bit floats. The limits of others are those of the stored integers.
const FLOAT: usize = 5126;

/// Nodes of a file whose sizes are kept; who has more has no use for each.
const MOST_NODES: usize = 10_000;

/// Least and greatest coordinates, of the asset's units.
pub type Limits = [[f32; 3]; 2];

/// How large the default scene is, and each node with what is below it.
#[derive(Debug, Default)]
pub struct Extent {
    /// The default scene in its rest pose; `None` when the file states no limits, or has nothing to show.
    pub scene: Option<Limits>,
    /// By node, as it is when its rest position comes to the origin; `None` likewise.
    pub nodes: Vec<Option<Limits>>,
}

/// What a skin moves goes where its first joint goes, so that a figure is as large as it is, to a few percent.
pub fn extent(root: &Root, hierarchy: &Hierarchy, reader: &Reader<'_>) -> Extent {
    walk(root, hierarchy, reader).unwrap_or_default()
}

/// Limits that grow; `Err` once something in them states none.
type Growing = std::result::Result<Option<(Vec3, Vec3)>, ()>;

fn grow(whole: &mut Growing, part: Growing) {
    let (Ok(Some((a, b))), Ok(part)) = (&whole, &part) else {
        if part.is_err() || matches!(whole, Ok(None)) {
            *whole = part;
        }
        return;
    };
    if let Some((min, max)) = part {
        *whole = Ok(Some((a.min(*min), b.max(*max))));
    }
}

fn finish(whole: Growing, shift: Vec3) -> Option<Limits> {
    let (min, max) = whole.ok()??;
    let (min, max) = (min + shift, max + shift);
    (min.is_finite() && max.is_finite()).then(|| [min.to_array(), max.to_array()])
}

fn walk(root: &Root, hierarchy: &Hierarchy, reader: &Reader<'_>) -> Result<Extent> {
    let locals = root.nodes.iter().enumerate().map(|(i, node)| Local::of(node, i)).collect::<Result<Vec<_>>>()?;
    let world = hierarchy.world(&locals)?;
    let mut below: Vec<Growing> = Vec::with_capacity(root.nodes.len());
    for (at, node) in root.nodes.iter().enumerate() {
        let mut own: Growing = Ok(None);
        if let Some(mesh) = node.mesh.and_then(|mesh| root.meshes.get(mesh.0)) {
            let map: Affine3A = match node.skin {
                Some(skin) => skin::Pose::new(root, reader, skin.0, &world)?.first().unwrap_or(world[at]),
                None => world[at],
            };
            mesh.primitives.iter().for_each(|primitive| grow(&mut own, placed(root, primitive, &map)));
        }
        below.push(own);
    }
    // Children before their parents.
    for &at in hierarchy.order().iter().rev() {
        if let Some(parent) = hierarchy.parent[at] {
            let part = below[at];
            grow(&mut below[parent], part);
        }
    }
    let mut scene: Growing = Ok(None);
    hierarchy.scene(root)?.iter().for_each(|at| grow(&mut scene, below[*at]));
    let mut nodes = Vec::new();
    if below.len() <= MOST_NODES {
        nodes = below.into_iter().zip(&world).map(|(b, w)| finish(b, -Vec3::from(w.translation))).collect();
    }
    Ok(Extent { scene: finish(scene, Vec3::ZERO), nodes })
}

/// The corners of what an accessor states, placed.
fn placed(root: &Root, primitive: &Primitive, map: &Affine3A) -> Growing {
    let (min, max) = limits(root, primitive).ok_or(())?;
    let mut whole: Growing = Ok(None);
    for corner in 0..8 {
        let pick = |axis: usize| if corner >> axis & 1 == 0 { min[axis] } else { max[axis] };
        let point = map.transform_point3(Vec3::new(pick(0), pick(1), pick(2)));
        grow(&mut whole, Ok(Some((point, point))));
    }
    whole
}

fn limits(root: &Root, primitive: &Primitive) -> Option<([f32; 3], [f32; 3])> {
    let accessor = root.accessors.get(primitive.attributes.get("POSITION")?.0)?;
    let is_float = accessor.component_type.0 == FLOAT;
    Some((accessor.min?, accessor.max?)).filter(|_| is_float)
}
