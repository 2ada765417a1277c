//! The gear against the involute's closed forms.

use std::f64::consts::{PI, TAU};

use scenec_scene::Mesh;
use scenec_scene::geometry::*;

fn gear() -> Gear {
    Gear { teeth: 24, module: 0.005, width: 0.02, bore: 0.02, chamfer: 0.0, flank_points: 16, ..Gear::default() }
}

/// Radius and angle of the vertices at mid width or on the wall, sorted by angle.
fn rim(mesh: &Mesh, beyond: f64) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = mesh
        .positions
        .iter()
        .map(|p| (f64::from(p[0]).hypot(f64::from(p[2])), f64::from(p[0]).atan2(f64::from(p[2])).rem_euclid(TAU)))
        .filter(|p| p.0 > beyond)
        .collect();
    points.sort_by(|a, b| a.1.total_cmp(&b.1));
    points
}

#[test]
fn diameters_follow_the_module() {
    let gear = gear();
    assert!((gear.pitch_diameter() - 0.12).abs() < 1e-12);
    assert!((gear.outside_diameter() - 0.13).abs() < 1e-12);
    assert!((gear.root_diameter() - 0.1075).abs() < 1e-12);
    assert!((gear.base_diameter() - 0.12 * (PI / 9.0).cos()).abs() < 1e-12);
    let mesh = gear.mesh().unwrap();
    let largest = rim(&mesh, 0.0).iter().map(|p| p.0).fold(0.0, f64::max);
    assert!((2.0 * largest - gear.outside_diameter()).abs() < 1e-7);
    let bounds = mesh.bounds();
    assert!((bounds.max.y - 0.01).abs() < 1e-7 && (bounds.min.y + 0.01).abs() < 1e-7);
}

#[test]
fn has_as_many_teeth_as_asked_for() {
    for teeth in [5, 6, 17, 24, 60, 200] {
        let gear = Gear { teeth, bore: 0.0, ..gear() };
        let pitch = gear.pitch_diameter() * 0.5;
        let points = rim(&gear.mesh().unwrap(), gear.root_diameter() * 0.5 - 1e-6);
        // A tooth is a run of angles beyond the pitch circle.
        let beyond: Vec<bool> = points.iter().map(|p| p.0 > pitch).collect();
        let runs = (0..beyond.len()).filter(|&i| beyond[i] && !beyond[(i + beyond.len() - 1) % beyond.len()]).count();
        assert_eq!(runs, teeth as usize);
    }
}

#[test]
fn flanks_lie_on_the_involute() {
    let gear = gear();
    let base = gear.base_diameter() * 0.5;
    let involute = |a: f64| a.tan() - a;
    let (mut checked, mut tips) = (0, 0);
    for (r, angle) in rim(&gear.mesh().unwrap(), base + 1e-6) {
        let pitch_angle = TAU / 24.0;
        let off = (angle + pitch_angle * 0.5).rem_euclid(pitch_angle) - pitch_angle * 0.5;
        if off.abs() < 1e-6 {
            tips += 1;
            continue;
        }
        let want = PI / 48.0 + involute(gear.pressure_angle) - involute((base / r).acos());
        assert!((off.abs() - want).abs() < 2e-6, "at r = {r}: {} is not {want}", off.abs());
        checked += 1;
    }
    assert!(checked > 24 * 2 * 10 && tips >= 24, "{checked} {tips}");
}

#[test]
fn tooth_and_gap_are_equal_on_the_pitch_circle() {
    // The definition of a gear without backlash: half of the circular pitch is tooth.
    let gear = Gear { flank_points: 64, ..gear() };
    let pitch = gear.pitch_diameter() * 0.5;
    let points = rim(&gear.mesh().unwrap(), gear.base_diameter() * 0.5 + 1e-6);
    let nearest = points
        .iter()
        .filter(|p| (p.0 - pitch).abs() < 6e-5)
        .map(|p| (p.1 + TAU / 48.0).rem_euclid(TAU / 24.0) - TAU / 48.0)
        .map(f64::abs);
    let angles: Vec<f64> = nearest.collect();
    assert!(!angles.is_empty() && angles.iter().all(|a| (a - TAU / 96.0).abs() < 5e-4), "{angles:?}");
}

#[test]
fn volume_is_the_section_times_the_width() {
    let gear = Gear { flank_points: 64, ..gear() };
    let (root, tip, base) = (gear.root_diameter() * 0.5, gear.outside_diameter() * 0.5, gear.base_diameter() * 0.5);
    let involute = |a: f64| a.tan() - a;
    let half = |r: f64| PI / 48.0 + involute(gear.pressure_angle) - involute((base / r).min(1.0).acos());
    let steps = 20_000;
    let dr = (tip - root) / f64::from(steps);
    let teeth: f64 = (0..steps).map(|i| root + (f64::from(i) + 0.5) * dr).map(|r| 24.0 * 2.0 * half(r) * r * dr).sum();
    let section = PI * (root * root - 0.0001) + teeth;
    let got = volume(&gear.mesh().unwrap()) / gear.width;
    // The root fillets add, chords of bore and root take away, both well below a hundredth.
    assert!((got / section - 1.0).abs() < 0.01, "{got} {section}");
}

#[test]
fn every_build_is_closed_and_outward() {
    let ring = Hub { diameter: 0.04, width: 0.03 };
    let hub = Some(ring);
    for (name, gear) in [
        ("plain", gear()),
        ("no bore", Gear { bore: 0.0, ..gear() }),
        ("chamfer", Gear { chamfer: 0.0005, ..gear() }),
        ("no bore, chamfer", Gear { bore: 0.0, chamfer: 0.0005, ..gear() }),
        ("hub", Gear { hub, chamfer: 0.0005, ..gear() }),
        ("hub, sharp", Gear { hub, ..gear() }),
        ("hub as wide as the gear", Gear { hub: Some(Hub { width: 0.02, ..ring }), chamfer: 0.0005, ..gear() }),
        ("web", Gear { web: Some(0.008), chamfer: 0.0005, ..gear() }),
        ("web and hub", Gear { web: Some(0.008), hub, chamfer: 0.0005, ..gear() }),
        ("web and hub, no bore", Gear { web: Some(0.008), hub, bore: 0.0, ..gear() }),
        ("web, no bore, no hub", Gear { web: Some(0.008), bore: 0.0, ..gear() }),
        ("few teeth", Gear { teeth: 5, bore: 0.0, ..gear() }),
        ("many teeth", Gear { teeth: 300, chamfer: 0.001, ..gear() }),
        ("steep", Gear { pressure_angle: 25.0 * PI / 180.0, ..gear() }),
        ("flat", Gear { pressure_angle: 14.5 * PI / 180.0, ..gear() }),
        ("large", Gear { module: 0.5, width: 2.0, bore: 3.0, chamfer: 0.05, ..gear() }),
    ] {
        let mesh = gear.mesh().unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(is_closed(&mesh), "{name}: {:?}", closure(&mesh));
        assert!(volume(&mesh) > 0.0, "{name}");
        assert_eq!(closure(&mesh).degenerate_triangles, 0, "{name}");
        assert_eq!((mesh.normals.len(), mesh.tangents.len()), (mesh.positions.len(), mesh.positions.len()));
        // Faces of one side never fold over: their areas add up to what they project to.
        let top: f64 = mesh
            .triangles
            .iter()
            .map(|t| t.map(|i| glam::DVec3::from(mesh.positions[i as usize].map(f64::from))))
            .map(|[a, b, c]| (b - a).cross(c - a) * 0.5)
            .filter(|n| n.normalize().y.abs() > 0.999)
            .map(|n| n.y)
            .sum();
        assert!(top.abs() < 1e-3 * gear.pitch_diameter().powi(2), "{name}: upper and lower faces differ by {top}");
    }
}

#[test]
fn impossible_gears_say_why() {
    for (start, gear) in [
        ("`teeth` is 4; it must be from 5 to 1000", Gear { teeth: 4, ..gear() }),
        (
            "`pressure_angle` is 30.00 deg; it must be smaller with 5 teeth",
            Gear { teeth: 5, bore: 0.0, pressure_angle: PI / 6.0, ..gear() },
        ),
        ("`bore` is 0.2 m; it must be from 0 m to ", Gear { bore: 0.2, ..gear() }),
        ("`chamfer` is 0.002 m; it must be from 0 m to 0.00125 m", Gear { chamfer: 0.002, ..gear() }),
        ("`hub.width`", Gear { hub: Some(Hub { diameter: 0.04, width: 0.01 }), ..gear() }),
        ("`hub.diameter`", Gear { hub: Some(Hub { diameter: 0.02, width: 0.03 }), ..gear() }),
        ("`web` has no room", Gear { web: Some(0.008), bore: 0.09, ..gear() }),
        ("`module`", Gear { module: f64::NAN, ..gear() }),
    ] {
        let said = gear.mesh().unwrap_err().to_string();
        assert!(said.starts_with(start), "expected {start}, got: {said}");
    }
}
