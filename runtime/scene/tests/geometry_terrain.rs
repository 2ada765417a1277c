//! Terrain: determinism, bounds, and that things stand on the mesh.

use scenec_scene::geometry::*;

fn params() -> TerrainParams {
    TerrainParams { size: [200.0, 100.0], relief: 20.0, resolution: 64, seed: 7, ..TerrainParams::default() }
}

/// FNV-1a over the bits of the heights.
fn fingerprint(terrain: &Terrain) -> u64 {
    terrain
        .heights()
        .iter()
        .flat_map(|h| h.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[test]
fn same_parameters_give_the_same_bits_on_every_machine() {
    // Only IEEE additions, multiplications and integer hashes are in the heights, so this number holds anywhere.
    assert_eq!(fingerprint(&params().build().unwrap()), 0xbbcb_b7b6_d77c_6b84);
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let of = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| params().build().unwrap())
    };
    assert_eq!(of(1), of(3));
    let other = TerrainParams { seed: 8, ..params() }.build().unwrap();
    assert_ne!(fingerprint(&of(1)), fingerprint(&other));
}

#[test]
fn heights_stay_within_the_relief_and_use_it() {
    for seed in 0..20 {
        for (roughness, ridges) in [(0.0, 0.0), (0.5, 0.3), (1.0, 1.0)] {
            let terrain = TerrainParams { seed, roughness, ridges, ..params() }.build().unwrap();
            let highest = terrain.heights().iter().fold(f32::MIN, |a, &b| a.max(b));
            let lowest = terrain.heights().iter().fold(f32::MAX, |a, &b| a.min(b));
            assert!(highest <= 10.0 && lowest >= -10.0, "seed {seed}: {lowest} .. {highest}");
            assert!(highest - lowest > 4.0, "seed {seed}, {roughness}, {ridges}: {lowest} .. {highest}");
        }
    }
}

#[test]
fn mesh_has_the_grid_that_was_asked_for() {
    let terrain = TerrainParams { relief: 4.0, ..params() }.build().unwrap();
    assert_eq!(terrain.quads(), [64, 32]);
    let mesh = terrain.mesh();
    assert_eq!((mesh.positions.len(), mesh.triangles.len()), (65 * 33, 2 * 64 * 32));
    assert_eq!(mesh.positions[0][0], -100.0);
    assert_eq!(mesh.positions[65 * 33 - 1][2], 50.0);
    for t in &mesh.triangles {
        let p = t.map(|i| glam::DVec3::from(mesh.positions[i as usize].map(f64::from)));
        let face = (p[1] - p[0]).cross(p[2] - p[0]).normalize();
        assert!(face.y > 0.0);
        for &i in t {
            assert!(face.dot(glam::DVec3::from(mesh.normals[i as usize].map(f64::from))) > 0.7);
        }
    }
}

#[test]
fn height_at_is_on_the_triangles() {
    let terrain = params().build().unwrap();
    let mesh = terrain.mesh();
    for (n, t) in mesh.triangles.iter().enumerate() {
        let p = t.map(|i| glam::DVec3::from(mesh.positions[i as usize].map(f64::from)));
        let weights = [0.2, 0.5, 0.3];
        let point = p[0] * weights[n % 3] + p[1] * weights[(n + 1) % 3] + p[2] * weights[(n + 2) % 3];
        let height = terrain.height_at(point.x, point.z).unwrap();
        assert!((height - point.y).abs() < 1e-4, "{height} is not {}", point.y);
    }
    assert!(terrain.height_at(100.0, 50.0).is_some() && terrain.height_at(-100.0, -50.0).is_some());
    assert!(terrain.height_at(100.1, 0.0).is_none() && terrain.height_at(0.0, f64::NAN).is_none());
    assert!(terrain.normal_at(0.0, 60.0).is_none() && terrain.normal_at(0.0, 40.0).unwrap()[1] > 0.0);
}

#[test]
fn pad_is_level_and_far_away_nothing_changes() {
    let pad = Pad { center: [20.0, -10.0], radius: 12.0, falloff: 10.0 };
    let wild = TerrainParams { resolution: 200, ..params() }.build().unwrap();
    let level = TerrainParams { resolution: 200, pad: Some(pad), ..params() }.build().unwrap();
    let at = level.height_at(20.0, -10.0).unwrap();
    for k in 0..16 {
        let angle = f64::from(k) * 0.4;
        let on_ring = |r: f64| (20.0 + r * angle.cos(), -10.0 + r * angle.sin());
        let (x, z) = on_ring(10.5);
        assert!((level.height_at(x, z).unwrap() - at).abs() < 1e-5);
        let (x, z) = on_ring(24.0);
        assert_eq!(level.height_at(x, z), wild.height_at(x, z));
    }
}

#[test]
fn picture_gives_the_heights() {
    // A ramp along x is a plane; Catmull-Rom reproduces a line away from the border.
    let (width, height) = (16, 8);
    let grey = (0..width * height).map(|i| (i % width) as f32 / (width - 1) as f32).collect();
    let image = Some(HeightImage { width, height, grey });
    let terrain = TerrainParams { image, ..params() }.build().unwrap();
    let slope = 20.0 * (16.0 / 15.0) / 200.0;
    for x in [-60.0, 0.0, 33.3, 60.0] {
        let got = terrain.height_at(x, 7.0).unwrap();
        assert!((got - x * slope).abs() < 1e-3, "{got} at {x}");
    }
    assert!(terrain.heights().iter().all(|h| h.abs() <= 10.0));
}

#[test]
fn wrong_parameters_name_themselves() {
    let image = |grey: Vec<f32>| Some(HeightImage { width: 2, height: 2, grey });
    for (name, params) in [
        ("size", TerrainParams { size: [0.0, 1.0], ..params() }),
        ("relief", TerrainParams { relief: -1.0, ..params() }),
        ("resolution", TerrainParams { resolution: 5001, ..params() }),
        ("roughness", TerrainParams { roughness: 1.1, ..params() }),
        ("octaves", TerrainParams { octaves: 0, ..params() }),
        ("ridges", TerrainParams { ridges: f64::NAN, ..params() }),
        ("feature_size", TerrainParams { feature_size: Some(0.0), ..params() }),
        ("pad.radius", TerrainParams { pad: Some(Pad { center: [0.0; 2], radius: -1.0, falloff: 0.0 }), ..params() }),
        ("image", TerrainParams { image: image(vec![0.0; 3]), ..params() }),
        ("image", TerrainParams { image: image(vec![0.0, 0.5, 2.0, 0.0]), ..params() }),
        ("image", TerrainParams { image: image(vec![0.0, f32::NAN, 0.0, 0.0]), ..params() }),
    ] {
        let said = params.build().unwrap_err().to_string();
        assert!(said.starts_with(&format!("`{name}` ")), "expected `{name}`, got: {said}");
    }
}
