//! Shapes put in place and joined.

use std::collections::BTreeMap;

use glam::{Affine3A, DVec3, Quat, Vec3};
use scenec_scene::Mesh;
use scenec_scene::geometry::{Cuboid, Cylinder, GeometryError, Lathe, merged, transformed};

/// `mesh` moved by (x, y, z) metres.
pub fn moved(mesh: &Mesh, by: [f64; 3]) -> Mesh {
    transformed(mesh, Affine3A::from_translation(DVec3::from(by).as_vec3()))
}

/// `mesh` turned so that its +Y runs from `a` to `b`, its middle half way.
pub fn spanned(mesh: &Mesh, a: DVec3, b: DVec3) -> Mesh {
    let direction = (b - a).normalize_or(DVec3::Y).as_vec3();
    let middle = ((a + b) * 0.5).as_vec3();
    transformed(mesh, Affine3A::from_rotation_translation(Quat::from_rotation_arc(Vec3::Y, direction), middle))
}

/// A box with its middle at `center`. Its bevels have no normals of their own: they blend between those of the faces,
/// which looks rounder and takes a quarter of the vertices.
pub fn block(size: [f64; 3], chamfer: f64, center: [f64; 3]) -> Result<Mesh, GeometryError> {
    let cuboid = Cuboid { size, chamfer, segments: 1 }.mesh()?;
    let bits = |i: u32| cuboid.positions[i as usize].map(f32::to_bits);
    let flat = |i: u32| cuboid.normals[i as usize].iter().any(|c| c.abs() > 0.999);
    let face_vertex: BTreeMap<[u32; 3], u32> =
        (0..cuboid.positions.len() as u32).filter(|&i| flat(i)).map(|i| (bits(i), i)).collect();
    let mut soft = cuboid.clone();
    if chamfer > 0.0 {
        for i in soft.triangles.as_flattened_mut() {
            *i = face_vertex.get(&bits(*i)).copied().unwrap_or(*i);
        }
    }
    Ok(moved(&soft, center))
}

/// A square bar from `a` to `b` without ends; they are inside of other bars.
pub fn bar(a: DVec3, b: DVec3, width: f64) -> Result<Mesh, GeometryError> {
    let mut mesh = Cuboid { size: [width, a.distance(b), width], chamfer: 0.0, segments: 1 }.mesh()?;
    mesh.triangles.retain(|t| mesh.normals[t[0] as usize][1].abs() < 0.5);
    Ok(spanned(&mesh, a, b))
}

/// A round bar from `a` to `b`.
pub fn rod(a: DVec3, b: DVec3, radius: f64, segments: u32) -> Result<Mesh, GeometryError> {
    Ok(spanned(&Cylinder { radius, height: a.distance(b), segments, ..Cylinder::default() }.mesh()?, a, b))
}

/// A turned solid; (radius, y) from the top down.
pub fn lathe(profile: &[[f64; 2]], closed: bool, chamfer: f64, segments: u32) -> Result<Mesh, GeometryError> {
    Lathe { profile: profile.to_vec(), closed, chamfer, chamfer_segments: 1, segments }.mesh()
}

/// A turned solid with smooth normals along the profile too.
pub fn smooth_lathe(profile: &[[f64; 2]], closed: bool, segments: u32) -> Result<Mesh, GeometryError> {
    Ok(scenec_scene::geometry::with_normals(&lathe(profile, closed, 0.0, segments)?, 0.75))
}

/// One mesh of many; texture coordinates in metres times `texture_scale`.
pub fn joined(meshes: &[Mesh], texture_scale: f32) -> Result<Mesh, GeometryError> {
    let mut all = merged(&meshes.iter().collect::<Vec<_>>())?;
    for uv in &mut all.uv0 {
        *uv = uv.map(|c| c * texture_scale);
    }
    Ok(all)
}
