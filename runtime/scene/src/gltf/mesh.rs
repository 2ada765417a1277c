//! One primitive of a mesh: attributes, morph targets, triangles.

use std::collections::BTreeMap;

use glam::Vec3;

use super::accessor::Reader;
use super::fault::{ACCESSOR, Fault, INDEX, LIMIT, Result, pick};
use super::json::{Primitive, Root, Uint};
use super::skin::Influences;
use super::tangents;
use crate::Mesh;

/// How tangents are made when the file has none: from which coordinate set, through which transform.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TangentSpace {
    pub uv_set: u32,
    pub transform: [[f32; 3]; 2],
}

/// What bends a primitive away from its rest shape.
pub struct Deformation<'a> {
    /// Weight of each morph target; shorter lists end in zeros.
    pub weights: &'a [f32],
    pub skin: Option<&'a super::skin::Pose>,
}

/// True for triangles, strips and fans (glTF 2.0, 3.7.2.1).
pub fn has_triangles(primitive: &Primitive) -> bool {
    matches!(primitive.mode.map_or(4, |m| m.0), 4..=6)
}

/// Builds primitive `p` of mesh `m`; without triangles, the mesh is empty.
pub fn build(
    root: &Root,
    reader: &Reader<'_>,
    (m, p): (usize, usize),
    deformation: &Deformation<'_>,
    tangent_space: Option<&TangentSpace>,
) -> Result<Mesh> {
    let at = format!("/meshes/{m}/primitives/{p}");
    let mesh = pick(&root.meshes, m, "mesh", || at.clone())?;
    let primitive = pick(&mesh.primitives, p, "primitive", || at.clone())?;
    let source = Source { reader, at: &at, attributes: &primitive.attributes };
    let mut mesh = Mesh::default();
    let Some(position) = primitive.attributes.get("POSITION") else {
        return Ok(mesh); // allowed by 3.7.2.1; there is nothing to see
    };
    mesh.positions = reader.floats::<3>(*position, &source.pointer("POSITION"))?;
    let vertices = mesh.positions.len();
    if u32::try_from(vertices).is_err() {
        return Err(Fault::new(LIMIT, at, format!("{vertices} vertices in one primitive")));
    }
    mesh.normals = source.floats::<3>("NORMAL", vertices)?;
    if tangent_space.is_some() && !mesh.normals.is_empty() {
        mesh.tangents = source.floats::<4>("TANGENT", vertices)?;
    }
    mesh.uv0 = source.floats::<2>("TEXCOORD_0", vertices)?;
    mesh.uv1 = source.floats::<2>("TEXCOORD_1", vertices)?;
    mesh.colors = source.colors(vertices)?;
    mesh.triangles = triangles(reader, primitive, &at, vertices)?;
    morph(&mut mesh, reader, primitive, &at, deformation.weights)?;
    if let Some(pose) = deformation.skin {
        Influences::read(reader, primitive, &at, vertices)?.apply(pose, &at, &mut mesh)?;
    }
    if let Some(i) = mesh.positions.iter().position(|p| !Vec3::from(*p).is_finite()) {
        return Err(Fault::new(ACCESSOR, at, format!("vertex {i} moves out of the range of numbers")));
    }
    mend_normals(&mut mesh);
    if let Some(space) = tangent_space {
        tangents::complete(&mut mesh, space);
    }
    Ok(mesh)
}

struct Source<'a> {
    reader: &'a Reader<'a>,
    at: &'a str,
    attributes: &'a BTreeMap<String, Uint>,
}

impl Source<'_> {
    fn pointer(&self, name: &str) -> String {
        format!("{}/attributes/{name}", self.at)
    }

    /// An attribute that is as long as the positions, or empty when the file has none.
    fn floats<const N: usize>(&self, name: &str, vertices: usize) -> Result<Vec<[f32; N]>> {
        let Some(&accessor) = self.attributes.get(name) else { return Ok(Vec::new()) };
        same_length(self.reader, accessor, vertices, || self.pointer(name))?;
        self.reader.floats::<N>(accessor, &self.pointer(name))
    }

    fn colors(&self, vertices: usize) -> Result<Vec<[f32; 4]>> {
        let rgb = self.attributes.get("COLOR_0").is_some_and(|&a| self.reader.shape(a) == "VEC3");
        let mut colors = if rgb {
            self.floats::<3>("COLOR_0", vertices)?.into_iter().map(|[r, g, b]| [r, g, b, 1.0]).collect()
        } else {
            self.floats::<4>("COLOR_0", vertices)?
        };
        for color in &mut colors {
            *color = color.map(|c| c.clamp(0.0, 1.0)); // 3.7.2.1: COLOR_n is clamped
        }
        Ok(colors)
    }
}

/// All attributes of a primitive have the same count (3.7.2.1).
pub fn same_length(reader: &Reader<'_>, accessor: Uint, vertices: usize, pointer: impl Fn() -> String) -> Result<()> {
    let count = reader.count(accessor);
    // A missing accessor gets its own error when it is read.
    if count == vertices || reader.shape(accessor).is_empty() {
        return Ok(());
    }
    Err(Fault::new(ACCESSOR, pointer(), format!("{count} elements for {vertices} vertices"))
        .hint("the file is damaged: export it again"))
}

fn triangles(reader: &Reader<'_>, primitive: &Primitive, at: &str, vertices: usize) -> Result<Vec<[u32; 3]>> {
    let indices: Vec<u32> = match primitive.indices {
        Some(accessor) => {
            let user = format!("{at}/indices");
            let indices = reader.uints::<1>(accessor, &user)?.into_iter().map(|[i]| i).collect::<Vec<_>>();
            if let Some(i) = indices.iter().position(|&i| i as usize >= vertices) {
                let message = format!("index {i} is vertex {}, the primitive has {vertices} vertices", indices[i]);
                return Err(Fault::new(INDEX, user, message).hint("the file is damaged: export it again"));
            }
            indices
        }
        None => (0..vertices as u32).collect(),
    };
    // 3.7.2.1: p_i of strips = {v_i, v_(i+1+i%2), v_(i+2-i%2)}, of fans = {v_(i+1), v_(i+2), v_0}.
    Ok(match primitive.mode.map_or(4, |m| m.0) {
        4 => indices.chunks_exact(3).map(|c| [c[0], c[1], c[2]]).collect(),
        5 => indices.windows(3).enumerate().map(|(i, w)| [w[0], w[1 + i % 2], w[2 - i % 2]]).filter(proper).collect(),
        6 => indices.windows(2).skip(1).map(|w| [w[0], w[1], indices[0]]).filter(proper).collect(),
        _ => Vec::new(),
    })
}

/// Strips hold degenerate triangles on purpose, as joints.
fn proper([a, b, c]: &[u32; 3]) -> bool {
    a != b && b != c && c != a
}

/// 3.7.2.2: attribute = base + sum of weight times displacement.
fn morph(mesh: &mut Mesh, reader: &Reader<'_>, primitive: &Primitive, at: &str, weights: &[f32]) -> Result<()> {
    for (t, (target, &weight)) in primitive.targets.iter().zip(weights).enumerate() {
        if weight == 0.0 {
            continue;
        }
        let at = format!("{at}/targets/{t}");
        let source = Source { reader, at: &at, attributes: target };
        let vertices = mesh.positions.len();
        let read = |name: &str| -> Result<Vec<[f32; 3]>> {
            let Some(&accessor) = target.get(name) else { return Ok(Vec::new()) };
            let pointer = || format!("{at}/{name}");
            same_length(reader, accessor, vertices, pointer)?;
            reader.floats::<3>(accessor, &pointer())
        };
        add(&mut mesh.positions, &read("POSITION")?, weight);
        if !mesh.normals.is_empty() {
            add(&mut mesh.normals, &read("NORMAL")?, weight);
        }
        if !mesh.tangents.is_empty() {
            for (tangent, delta) in mesh.tangents.iter_mut().zip(read("TANGENT")?) {
                for c in 0..3 {
                    tangent[c] += weight * delta[c];
                }
            }
        }
        for (set, name) in [(&mut mesh.uv0, "TEXCOORD_0"), (&mut mesh.uv1, "TEXCOORD_1")] {
            if set.is_empty() || !target.contains_key(name) {
                continue;
            }
            for (uv, delta) in set.iter_mut().zip(source_uv(&source, reader, name, vertices)?) {
                *uv = [uv[0] + weight * delta[0], uv[1] + weight * delta[1]];
            }
        }
    }
    Ok(())
}

fn source_uv(source: &Source<'_>, reader: &Reader<'_>, name: &str, vertices: usize) -> Result<Vec<[f32; 2]>> {
    let Some(&accessor) = source.attributes.get(name) else { return Ok(Vec::new()) };
    let pointer = || format!("{}/{name}", source.at);
    same_length(reader, accessor, vertices, pointer)?;
    reader.floats::<2>(accessor, &pointer())
}

fn add(values: &mut [[f32; 3]], deltas: &[[f32; 3]], weight: f32) {
    for (value, delta) in values.iter_mut().zip(deltas) {
        for c in 0..3 {
            value[c] += weight * delta[c];
        }
    }
}

/// Makes normals unit vectors. Where one has no direction (writers leave zeros at degenerate faces), the sum of the
/// faces around the vertex stands in, weighted by area.
fn mend_normals(mesh: &mut Mesh) {
    let mut lost = Vec::new();
    for (i, normal) in mesh.normals.iter_mut().enumerate() {
        match Vec3::from(*normal).try_normalize() {
            Some(unit) => *normal = unit.into(),
            None => lost.push(i),
        }
    }
    if lost.is_empty() {
        return;
    }
    let mut sums: BTreeMap<u32, Vec3> = lost.iter().map(|&i| (i as u32, Vec3::ZERO)).collect();
    for &triangle in &mesh.triangles {
        if triangle.iter().any(|v| sums.contains_key(v)) {
            let [a, b, c] = triangle.map(|v| Vec3::from(mesh.positions[v as usize]));
            let normal = (b - a).cross(c - a);
            for v in triangle {
                if let Some(sum) = sums.get_mut(&v) {
                    *sum += normal;
                }
            }
        }
    }
    for (i, sum) in sums {
        mesh.normals[i as usize] = sum.try_normalize().unwrap_or(Vec3::Y).into();
    }
}
