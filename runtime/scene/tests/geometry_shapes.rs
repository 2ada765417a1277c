//! Primitives against closed forms: volume, area, closure, normals, texture coordinates.

use std::f64::consts::{PI, TAU};

use scenec_scene::Mesh;
use scenec_scene::geometry::*;

/// Area and volume of an n-gon prism against the cylinder around it: both sections scale alike.
fn polygon_share(n: u32) -> f64 {
    let n = f64::from(n);
    n / TAU * (TAU / n).sin()
}

fn near(name: &str, got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs().max(1e-12), "{name}: {got} is not {want} within {relative}");
}

/// What must hold for every mesh: unit normals on the front side, orthonormal tangents, finite numbers.
fn well_formed(name: &str, mesh: &Mesh) {
    let n = mesh.positions.len();
    assert!(n > 0 && !mesh.triangles.is_empty(), "{name} is empty");
    assert_eq!((mesh.normals.len(), mesh.uv0.len(), mesh.tangents.len()), (n, n, n), "{name}");
    assert!(mesh.positions.iter().flatten().chain(mesh.uv0.iter().flatten()).all(|c| c.is_finite()), "{name}");
    for (normal, tangent) in mesh.normals.iter().zip(&mesh.tangents) {
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        assert!((dot(normal, normal) - 1.0).abs() < 1e-5, "{name}: normal {normal:?}");
        assert!((dot(&tangent[..3], &tangent[..3]) - 1.0).abs() < 1e-5, "{name}: tangent {tangent:?}");
        assert!(dot(normal, &tangent[..3]).abs() < 1e-5, "{name}: {normal:?} {tangent:?}");
        assert!(tangent[3] == 1.0 || tangent[3] == -1.0, "{name}");
    }
    for triangle in &mesh.triangles {
        let p = triangle.map(|i| glam::DVec3::from(mesh.positions[i as usize].map(f64::from)));
        let face = (p[1] - p[0]).cross(p[2] - p[0]);
        if face.length() < 1e-14 {
            continue;
        }
        for &i in triangle {
            let normal = glam::DVec3::from(mesh.normals[i as usize].map(f64::from));
            assert!(face.normalize().dot(normal) > 0.2, "{name}: normal {normal} against face {}", face.normalize());
        }
    }
}

fn closed(name: &str, mesh: &Mesh) {
    well_formed(name, mesh);
    assert!(is_closed(mesh), "{name}: {:?}", closure(mesh));
    assert!(volume(mesh) > 0.0, "{name} is inside out");
}

#[test]
fn every_default_shape_is_well_formed() {
    closed("cuboid", &Cuboid::default().mesh().unwrap());
    closed("sphere", &Sphere::default().mesh().unwrap());
    closed("cylinder", &Cylinder::default().mesh().unwrap());
    closed("cone", &Cone::default().mesh().unwrap());
    closed("tube", &Tube::default().mesh().unwrap());
    closed("torus", &Torus::default().mesh().unwrap());
    closed("capsule", &Capsule::default().mesh().unwrap());
    closed("lathe", &Lathe::default().mesh().unwrap());
    closed("extrusion", &Extrusion::default().mesh().unwrap());
    closed("gear", &Gear::default().mesh().unwrap());
    well_formed("plane", &Plane::default().mesh().unwrap());
    well_formed("disk", &Disk::default().mesh().unwrap());
}

#[test]
fn plain_box_has_24_vertices_and_12_triangles() {
    let mesh = Cuboid { size: [2.0, 3.0, 4.0], ..Cuboid::default() }.mesh().unwrap();
    assert_eq!((mesh.positions.len(), mesh.triangles.len()), (24, 12));
    near("volume", volume(&mesh), 24.0, 1e-6);
    near("area", area(&mesh), 52.0, 1e-6);
}

#[test]
fn bevelled_box_volume_is_the_box_less_prisms_and_corners() {
    for (size, c) in [([1.0, 1.0, 1.0], 0.1), ([2.0, 0.5, 0.8], 0.05), ([1.0, 1.0, 1.0], 0.5), ([3.0, 1.0, 2.0], 0.5)] {
        let mesh = Cuboid { size, chamfer: c, segments: 1 }.mesh().unwrap();
        closed("bevelled", &mesh);
        // Each edge loses a prism of section c²/2; each corner cube of c³ keeps a tetrahedron of c³/6.
        let [x, y, z] = size;
        let want = x * y * z - 2.0 * c * c * (x + y + z - 6.0 * c) - 8.0 * c * c * c * 5.0 / 6.0;
        near("volume", volume(&mesh), want, 1e-5);
    }
}

#[test]
fn rounded_box_converges_to_the_steiner_formula() {
    let (size, r): ([f64; 3], f64) = ([2.0, 1.0, 0.6], 0.2);
    let [a, b, c] = size.map(|s| s - 2.0 * r);
    let want = a * b * c + 2.0 * r * (a * b + b * c + c * a) + PI * r * r * (a + b + c) + 4.0 / 3.0 * PI * r * r * r;
    let errors: Vec<f64> = [4, 8, 16]
        .into_iter()
        .map(|segments| {
            let mesh = Cuboid { size, chamfer: r, segments }.mesh().unwrap();
            closed("rounded", &mesh);
            (want - volume(&mesh)) / want
        })
        .collect();
    assert!(errors[0] > 0.0 && errors[2] < 1e-3, "{errors:?}");
    // Second order: twice the segments, a quarter of the error.
    assert!((errors[0] / errors[1] - 4.0).abs() < 0.3 && (errors[1] / errors[2] - 4.0).abs() < 0.3, "{errors:?}");
}

#[test]
fn sphere_converges_at_second_order() {
    let error = |n: u32| {
        let mesh = Sphere { radius: 1.5, segments: 2 * n, rings: n }.mesh().unwrap();
        closed("sphere", &mesh);
        let (v, a) = (4.0 / 3.0 * PI * 1.5f64.powi(3), 4.0 * PI * 1.5f64.powi(2));
        ((v - volume(&mesh)) / v, (a - area(&mesh)) / a)
    };
    let (coarse, fine) = (error(16), error(32));
    assert!((coarse.0 / fine.0 - 4.0).abs() < 0.1 && (coarse.1 / fine.1 - 4.0).abs() < 0.1, "{coarse:?} {fine:?}");
    assert!(fine.0 < 5e-3);
}

#[test]
fn sphere_counts() {
    let mesh = Sphere { radius: 1.0, segments: 8, rings: 4 }.mesh().unwrap();
    assert_eq!(mesh.triangles.len(), 8 * 2 + 2 * 8 * 2);
    assert_eq!(mesh.positions.len(), 9 * 5);
}

#[test]
fn turned_solids_have_the_volume_of_their_polygons() {
    let n = 40;
    let share = polygon_share(n);
    let cylinder = Cylinder { radius: 0.3, height: 2.0, segments: n, ..Cylinder::default() }.mesh().unwrap();
    near("cylinder", volume(&cylinder), PI * 0.09 * 2.0 * share, 1e-5);
    let (r1, r2, h) = (0.5, 0.2, 0.7);
    let frustum = Cone { bottom_radius: r1, top_radius: r2, height: h, segments: n, ..Cone::default() }.mesh().unwrap();
    closed("frustum", &frustum);
    near("frustum", volume(&frustum), PI * h / 3.0 * (r1 * r1 + r1 * r2 + r2 * r2) * share, 1e-5);
    let upside = Cone { bottom_radius: 0.0, top_radius: r2, height: h, segments: n, ..Cone::default() }.mesh().unwrap();
    closed("upside", &upside);
    near("upside", volume(&upside), PI * h / 3.0 * r2 * r2 * share, 1e-5);
    let tube = Tube { outer_radius: 0.5, inner_radius: 0.3, height: h, segments: n, ..Tube::default() }.mesh().unwrap();
    near("tube", volume(&tube), PI * h * (0.25 - 0.09) * share, 1e-5);
}

#[test]
fn chamfered_cylinder_loses_two_rings() {
    let (r, h, c, n) = (0.5, 1.0, 0.1, 32);
    let mesh = Cylinder { radius: r, height: h, chamfer: c, chamfer_segments: 1, segments: n }.mesh().unwrap();
    closed("chamfered", &mesh);
    // Pappus: a triangle of area c²/2 whose centroid is c/3 inside of the wall.
    let ring = TAU * (r - c / 3.0) * c * c / 2.0;
    near("volume", volume(&mesh), (PI * r * r * h - 2.0 * ring) * polygon_share(n), 1e-5);

    let round = Cylinder { radius: r, height: h, chamfer: c, chamfer_segments: 32, segments: n }.mesh().unwrap();
    closed("rounded", &round);
    // The corner square less the quarter disk of radius c; centroid of a quarter disk is 4c/3pi from its centre.
    let (square, disk) = (c * c, PI * c * c / 4.0);
    let moment = square * (r - c / 2.0) - disk * (r - c + 4.0 * c / (3.0 * PI));
    near("round", volume(&round), (PI * r * r * h - 2.0 * TAU * moment) * polygon_share(n), 2e-4);
}

#[test]
fn chamfered_tube_and_full_chamfers_are_closed() {
    let tube = Tube { chamfer: 0.05, chamfer_segments: 1, ..Tube::default() }.mesh().unwrap();
    closed("tube, chamfers meet", &tube);
    let tube = Tube { chamfer: 0.02, chamfer_segments: 4, ..Tube::default() }.mesh().unwrap();
    closed("tube, round", &tube);
    let coin = Cylinder { radius: 0.5, height: 0.2, chamfer: 0.1, chamfer_segments: 6, segments: 24 }.mesh().unwrap();
    closed("coin", &coin);
}

#[test]
fn torus_and_capsule_converge() {
    let torus =
        Torus { major_radius: 1.0, minor_radius: 0.25, major_segments: 128, minor_segments: 96 }.mesh().unwrap();
    closed("torus", &torus);
    near("torus", volume(&torus), 2.0 * PI * PI * 0.0625, 2e-3);
    near("torus", area(&torus), 4.0 * PI * PI * 0.25, 2e-3);
    let capsule = Capsule { radius: 0.25, height: 1.5, segments: 128, rings: 48 }.mesh().unwrap();
    closed("capsule", &capsule);
    near("capsule", volume(&capsule), PI * 0.0625 * 1.0 + 4.0 / 3.0 * PI * 0.25f64.powi(3), 2e-3);
    closed("ball", &Capsule { radius: 0.5, height: 1.0, segments: 16, rings: 8 }.mesh().unwrap());
}

#[test]
fn plane_is_in_metres_and_faces_up() {
    let mesh = Plane { size: [4.0, 2.0], subdivisions: [3, 2] }.mesh().unwrap();
    near("area", area(&mesh), 8.0, 1e-6);
    assert_eq!(mesh.triangles.len(), 12);
    assert!(mesh.normals.iter().all(|n| *n == [0.0, 1.0, 0.0]));
    assert_eq!(mesh.uv0.iter().fold([0f32; 2], |m, uv| [m[0].max(uv[0]), m[1].max(uv[1])]), [4.0, 2.0]);
    // u runs along +x and v along +z, seen from above to the right and down: not mirrored.
    assert!(mesh.tangents.iter().all(|t| (t[0] - 1.0).abs() < 1e-6 && t[3] == 1.0));
    near("disk", area(&Disk { radius: 2.0, segments: 50 }.mesh().unwrap()), PI * 4.0 * polygon_share(50), 1e-6);
}

#[test]
fn box_charts_are_not_mirrored() {
    let mesh = Cuboid { size: [1.0, 2.0, 3.0], chamfer: 0.1, segments: 3 }.mesh().unwrap();
    assert!(mesh.tangents.iter().all(|t| t[3] == 1.0));
}

#[test]
fn extrusion_with_holes() {
    let outline = vec![[0.0, 0.0], [6.0, 0.0], [6.0, 4.0], [3.0, 2.5], [0.0, 4.0]];
    let holes = vec![
        vec![[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0]],
        vec![[4.0, 1.0], [4.0, 2.0], [5.0, 2.0], [5.0, 1.0]],
    ];
    let mesh = Extrusion { outline, holes, height: 0.5, ..Extrusion::default() }.mesh().unwrap();
    closed("extrusion", &mesh);
    near("volume", volume(&mesh), (24.0 - 4.5 - 2.0) * 0.5, 1e-6);
}

#[test]
fn extruded_star_with_a_ring_of_holes() {
    let ring = |n: u32, r: f64, wave: f64, center: [f64; 2]| -> Vec<[f64; 2]> {
        (0..n)
            .map(|k| {
                let angle = TAU * f64::from(k) / f64::from(n);
                let r = if k % 2 == 0 { r } else { r * wave };
                [center[0] + r * angle.cos(), center[1] + r * angle.sin()]
            })
            .collect()
    };
    let holes: Vec<Vec<[f64; 2]>> = (0..7)
        .map(|k| {
            let angle = TAU * f64::from(k) / 7.0 + 0.1;
            ring(24, 0.12, 1.0, [0.5 * angle.cos(), 0.5 * angle.sin()])
        })
        .collect();
    let hole_area = holes.len() as f64 * PI * 0.12 * 0.12 * polygon_share(24);
    let star_area = 40.0 * 0.5 * 1.0 * 0.8 * (TAU / 40.0).sin();
    let mesh = Extrusion { outline: ring(40, 1.0, 0.8, [0.0; 2]), holes, ..Extrusion::default() }.mesh().unwrap();
    closed("star", &mesh);
    near("volume", volume(&mesh), star_area - hole_area, 1e-5);
}

#[test]
fn out_of_range_parameters_name_themselves() {
    let message = |result: Result<Mesh, GeometryError>| result.unwrap_err().to_string();
    let said = message(Cuboid { size: [1.0, 2.0, 3.0], chamfer: 0.6, segments: 1 }.mesh());
    assert_eq!(said, "`chamfer` is 0.6 m; it must be from 0 m to 0.5 m");
    let said = message(Sphere { segments: 2, ..Sphere::default() }.mesh());
    assert_eq!(said, "`segments` is 2; it must be from 3 to 4096");
    for (name, result) in [
        ("radius", Sphere { radius: f64::NAN, ..Sphere::default() }.mesh()),
        ("radius", Sphere { radius: -1.0, ..Sphere::default() }.mesh()),
        ("size", Cuboid { size: [1.0, 0.0, 1.0], ..Cuboid::default() }.mesh()),
        ("size", Plane { size: [f64::INFINITY, 1.0], ..Plane::default() }.mesh()),
        ("subdivisions", Plane { subdivisions: [1, 5001], ..Plane::default() }.mesh()),
        ("inner_radius", Tube { inner_radius: 0.5, ..Tube::default() }.mesh()),
        ("minor_radius", Torus { minor_radius: 0.6, ..Torus::default() }.mesh()),
        ("height", Capsule { radius: 1.0, height: 1.0, ..Capsule::default() }.mesh()),
        ("chamfer", Cylinder { chamfer: 0.6, ..Cylinder::default() }.mesh()),
        ("bottom_radius", Cone { bottom_radius: 0.0, top_radius: 0.0, ..Cone::default() }.mesh()),
        ("profile", Lathe { profile: vec![[0.0, 0.0]], ..Lathe::default() }.mesh()),
        ("profile", Lathe { profile: vec![[0.0, 0.0], [-1.0, 0.0]], ..Lathe::default() }.mesh()),
        ("profile", Lathe { profile: vec![[1.0, 0.0], [1.0, 0.0]], ..Lathe::default() }.mesh()),
        ("outline", Extrusion { outline: vec![[0.0, 0.0], [1.0, 0.0]], ..Extrusion::default() }.mesh()),
        (
            "outline",
            Extrusion { outline: vec![[0.0, 0.0], [1.0, 1.0], [1.0, 0.0], [0.0, 1.0]], ..Extrusion::default() }.mesh(),
        ),
        ("outline", Extrusion { outline: vec![[f64::NAN, 0.0]; 4], ..Extrusion::default() }.mesh()),
        ("holes", Extrusion { holes: vec![vec![[2.0, 2.0], [3.0, 2.0], [2.0, 3.0]]], ..Extrusion::default() }.mesh()),
    ] {
        let said = message(result);
        assert!(said.starts_with(&format!("`{name}` ")), "expected `{name}`, got: {said}");
    }
}
