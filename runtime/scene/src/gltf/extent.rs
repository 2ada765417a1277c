//! How large an asset is, by the limits that its accessors state (glTF 2.0, 3.6.2.5): no vertex is read.

use glam::{Affine3A, Vec3};

use super::accessor::Reader;
use super::fault::Result;
use super::json::{Primitive, Root};
use super::nodes::{Hierarchy, Local};
use super::skin;

/// Component type of 32-bit floats. The limits of others are those of the stored integers.
const FLOAT: usize = 5126;

/// Least and greatest coordinates of the default scene in its rest pose; `None` when the file states no limits, or has
/// nothing to show. What a skin moves goes where its first joint goes, so that a figure is as large as it is, to a few percent.
pub fn bounds(root: &Root, hierarchy: &Hierarchy, reader: &Reader<'_>) -> Option<[[f32; 3]; 2]> {
    walk(root, hierarchy, reader).ok().flatten().map(|(min, max)| [min.to_array(), max.to_array()])
}

fn walk(root: &Root, hierarchy: &Hierarchy, reader: &Reader<'_>) -> Result<Option<(Vec3, Vec3)>> {
    let locals = root.nodes.iter().enumerate().map(|(i, node)| Local::of(node, i)).collect::<Result<Vec<_>>>()?;
    let world = hierarchy.world(&locals)?;
    let roots = hierarchy.scene(root)?;
    let mut whole: Option<(Vec3, Vec3)> = None;
    for at in hierarchy.subtree(root, &roots) {
        let node = &root.nodes[at];
        let Some(mesh) = node.mesh.and_then(|mesh| root.meshes.get(mesh.0)) else { continue };
        let map: Affine3A = match node.skin {
            Some(skin) => skin::Pose::new(root, reader, skin.0, &world)?.first().unwrap_or(world[at]),
            None => world[at],
        };
        for primitive in &mesh.primitives {
            let Some((min, max)) = limits(root, primitive) else { return Ok(None) };
            for corner in 0..8 {
                let pick = |axis: usize| if corner >> axis & 1 == 0 { min[axis] } else { max[axis] };
                let point = map.transform_point3(Vec3::new(pick(0), pick(1), pick(2)));
                whole = Some(whole.map_or((point, point), |(a, b)| (a.min(point), b.max(point))));
            }
        }
    }
    Ok(whole.filter(|(a, b)| a.is_finite() && b.is_finite()))
}

fn limits(root: &Root, primitive: &Primitive) -> Option<([f32; 3], [f32; 3])> {
    let accessor = root.accessors.get(primitive.attributes.get("POSITION")?.0)?;
    let is_float = accessor.component_type.0 == FLOAT;
    Some((accessor.min?, accessor.max?)).filter(|_| is_float)
}
