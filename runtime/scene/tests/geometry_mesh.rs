//! Mesh utilities.

use glam::{Affine3A, Vec3};
use scenec_scene::Mesh;
use scenec_scene::geometry::*;

fn bare(mesh: &Mesh) -> Mesh {
    Mesh { positions: mesh.positions.clone(), triangles: mesh.triangles.clone(), ..Mesh::default() }
}

#[test]
fn creases_keep_a_cube_sharp_or_make_it_smooth() {
    let cube = Cuboid::default().mesh().unwrap();
    let sharp = with_normals(&bare(&cube), 0.5);
    assert_eq!(sharp.positions.len(), 24);
    assert!(sharp.normals.iter().all(|n| n.iter().map(|c| c.abs()).fold(0.0, f32::max) > 0.9999));
    // Smooth: every corner's normal is the diagonal, whatever the diagonals of the faces are (angle weights).
    let smooth = with_normals(&bare(&cube), 3.2);
    for (p, n) in smooth.positions.iter().zip(&smooth.normals) {
        let diagonal = Vec3::from(*p).normalize();
        assert!(diagonal.dot(Vec3::from(*n)) > 0.999_99, "{n:?} at {p:?}");
    }
}

#[test]
fn smooth_normals_of_a_sphere_point_outward() {
    let sphere = Sphere { radius: 2.0, segments: 64, rings: 32 }.mesh().unwrap();
    let smooth = with_normals(&bare(&sphere), 1.0);
    for (p, n) in smooth.positions.iter().zip(&smooth.normals) {
        assert!(Vec3::from(*p).normalize().dot(Vec3::from(*n)) > 0.999);
    }
}

#[test]
fn moved_meshes_scale_area_and_volume() {
    let mesh = Torus::default().mesh().unwrap();
    let map = Affine3A::from_scale_rotation_translation(Vec3::splat(2.0), glam::Quat::from_rotation_x(1.0), Vec3::ONE);
    let moved = transformed(&mesh, map);
    assert!((volume(&moved) / volume(&mesh) - 8.0).abs() < 1e-4);
    assert!((area(&moved) / area(&mesh) - 4.0).abs() < 1e-4);
    // A mirror keeps the outside outside.
    let mirrored = transformed(&mesh, Affine3A::from_scale(Vec3::new(-1.0, 3.0, 1.0)));
    assert!((volume(&mirrored) / volume(&mesh) - 3.0).abs() < 1e-4 && is_closed(&mirrored));
    for t in &mirrored.triangles {
        let p = t.map(|i| Vec3::from(mirrored.positions[i as usize]));
        let face = (p[1] - p[0]).cross(p[2] - p[0]).normalize();
        assert!(t.iter().all(|&i| face.dot(Vec3::from(mirrored.normals[i as usize])) > 0.5));
    }
    assert!(mirrored.tangents.iter().all(|t| t[3] == -mesh.tangents[0][3]));
}

#[test]
fn merged_meshes_keep_common_attributes() {
    let (a, b) = (Cuboid::default().mesh().unwrap(), Sphere::default().mesh().unwrap());
    let both = merged(&[&a, &b]).unwrap();
    assert!((volume(&both) - volume(&a) - volume(&b)).abs() < 1e-9);
    assert_eq!(both.tangents.len(), both.positions.len());
    let poor = merged(&[&a, &bare(&b)]).unwrap();
    assert!(poor.normals.is_empty() && poor.uv0.is_empty());
    assert_eq!(merged(&[]).unwrap(), Mesh::default());
}

#[test]
fn closure_counts_what_is_wrong() {
    let mut mesh = Cuboid::default().mesh().unwrap();
    assert_eq!(closure(&mesh), Closure::default());
    let last = mesh.triangles.pop().unwrap();
    assert_eq!(closure(&mesh).open_edges, 3);
    mesh.triangles.push([last[0], last[2], last[1]]);
    assert_eq!(closure(&mesh).crowded_edges, 3);
    mesh.triangles.push([0, 0, 1]);
    mesh.triangles.push([0, 1, 99_999]);
    assert_eq!(closure(&mesh).degenerate_triangles, 2);
    assert!(!is_closed(&mesh) && !is_closed(&Mesh::default()));
}

#[test]
fn tangents_follow_u_and_survive_bad_input() {
    let mut mesh = Plane::default().mesh().unwrap();
    // Mirrored chart: u runs the other way, so the bitangent sign flips.
    for uv in &mut mesh.uv0 {
        uv[0] = -uv[0];
    }
    add_tangents(&mut mesh);
    assert!(mesh.tangents.iter().all(|t| (t[0] + 1.0).abs() < 1e-6 && t[3] == -1.0));
    for uv in &mut mesh.uv0 {
        *uv = [f32::NAN, 0.0];
    }
    mesh.triangles.push([0, 1, 4_000_000_000]);
    add_tangents(&mut mesh);
    assert!(mesh.tangents.iter().flatten().all(|c| c.is_finite()));
    let odd = with_normals(&mesh, 0.5);
    assert!(odd.normals.iter().flatten().all(|c| c.is_finite()));
}
