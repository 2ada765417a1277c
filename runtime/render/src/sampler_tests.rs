//! Every sampler of the kernels against its density: histograms by chi-square, densities by quadrature.

use scenec_scene::{Environment, LampShape, Light, LightKind, Material, Mesh, Stage};
use scenec_shaders::consts::{
    FILTER_BOX, FILTER_GAUSSIAN, FILTER_TENT, LIGHT_BALL, LIGHT_DISK, LIGHT_PARALLELOGRAM, LIGHT_TRIANGLE,
};
use scenec_shaders::kernels::shade;
use scenec_shaders::prelude::{Isa, LoopGuard, ReadArray, Vec2, Vec3, Vec4, WriteArray};
use scenec_shaders::types::{Hit, Path, Ray, Receiver, View, Wave};

use crate::{Scene, prepare};

const PI: f64 = std::f64::consts::PI;

/// Calls `with` with the bindings of `shade` on a scene, to reach the functions in it.
pub(crate) fn bound<T>(scene: &Scene, with: impl FnOnce(Isa, &shade::Bindings<'_>) -> T) -> T {
    let guard = LoopGuard::default();
    let corners = [Vec4::from([0.0f32; 4]); 3];
    let (mut rays, mut hits, mut paths) = ([Ray::ZERO], [Hit::ZERO], [Path::ZERO]);
    let flat = &scene.flat;
    let b = shade::Bindings {
        guard: &guard,
        view: View::ZERO,
        wave: Wave::ZERO,
        info: flat.info,
        heap: ReadArray::new(&flat.heap).unwrap(),
        materials: ReadArray::new(&flat.materials).unwrap(),
        parts: ReadArray::new(&flat.parts).unwrap(),
        lights: ReadArray::new(&flat.lights).unwrap(),
        bvh_triangles: ReadArray::new(&corners).unwrap(),
        rays: WriteArray::new(&mut rays).unwrap(),
        hits: WriteArray::new(&mut hits).unwrap(),
        paths: WriteArray::new(&mut paths).unwrap(),
    };
    with(Isa::detect(), &b)
}

fn empty() -> Scene {
    prepare(&Stage { instances: vec![], lights: vec![], environment: Environment::Constant([1.0; 3]), fog: None })
        .unwrap()
}

/// Numbers in 0..1 from a counter (splitmix64).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 40) as f32 / 16_777_216.0
    }

    pub(crate) fn pair(&mut self) -> Vec2<f32> {
        Vec2::new(self.next(), self.next())
    }
}

/// Chi-square of counts against expected counts, cells below 8 pooled; the deviate of a normal distribution that it amounts to
/// (Wilson and Hilferty 1931).
pub(crate) fn deviate(counts: &[f64], expected: &[f64]) -> f64 {
    let (mut chi2, mut cells) = (0.0, 0.0);
    let (mut pooled_count, mut pooled_expected) = (0.0, 0.0);
    for (o, e) in counts.iter().zip(expected) {
        if *e < 8.0 {
            pooled_count += o;
            pooled_expected += e;
        } else {
            chi2 += (o - e).powi(2) / e;
            cells += 1.0;
        }
    }
    if pooled_expected > 8.0 {
        chi2 += (pooled_count - pooled_expected).powi(2) / pooled_expected;
        cells += 1.0;
    } else {
        assert!(
            pooled_count <= pooled_expected + 6.0 * (pooled_expected + 3.0).sqrt(),
            "{pooled_count} where {pooled_expected} belong"
        );
    }
    let k: f64 = cells - 1.0;
    ((chi2 / k).cbrt() - (1.0 - 2.0 / (9.0 * k))) / (2.0 / (9.0 * k)).sqrt()
}

pub(crate) const ROWS: usize = 16;
pub(crate) const COLUMNS: usize = 32;

/// Directions over the whole sphere in equal cells of (z, angle).
pub(crate) fn cell(d: [f32; 3]) -> usize {
    let row = ((f64::from(d[2]) + 1.0) * 0.5 * ROWS as f64) as usize;
    let angle = f64::from(d[1]).atan2(f64::from(d[0])) / (2.0 * PI) + 0.5;
    row.min(ROWS - 1) * COLUMNS + ((angle * COLUMNS as f64) as usize).min(COLUMNS - 1)
}

/// Integral of a density over each cell, midpoint rule.
pub(crate) fn integrals(steps: usize, density: impl Fn(Vec3<f32>) -> f64) -> Vec<f64> {
    let mut out = vec![0.0; ROWS * COLUMNS];
    let (rows, columns) = (ROWS * steps, COLUMNS * steps);
    let solid_angle = 4.0 * PI / (rows * columns) as f64;
    for i in 0..rows {
        let z = 2.0 * (i as f64 + 0.5) / rows as f64 - 1.0;
        let s = (1.0 - z * z).sqrt();
        for j in 0..columns {
            let angle = 2.0 * PI * ((j as f64 + 0.5) / columns as f64 - 0.5);
            let d = [(s * angle.cos()) as f32, (s * angle.sin()) as f32, z as f32];
            out[cell(d)] += density(Vec3::from(d)) * solid_angle;
        }
    }
    out
}

#[test]
fn bounded_visible_normals_have_their_density() {
    const COUNT: usize = 200_000;
    bound(&empty(), |isa, b| {
        for alpha in [[0.1f32, 0.1], [0.3, 0.3], [1.0, 1.0], [0.6, 0.2]].map(Vec2::from) {
            for degrees in [5.0f32, 45.0, 80.0, 88.0] {
                let (sin, cos) = degrees.to_radians().sin_cos();
                let wo = Vec3::new(sin, 0.0, cos);
                let density = |wi: Vec3<f32>| {
                    let h = shade::unit(isa, b, Vec3::new(wo.x + wi.x, wo.y + wi.y, wo.z + wi.z));
                    if h.z > 0.0 {
                        f64::from(shade::ggx_density(isa, b, wo, shade::ggx_d(isa, b, h, alpha), alpha))
                    } else {
                        0.0
                    }
                };
                let mut random = Random(1);
                let mut counts = vec![0.0; ROWS * COLUMNS];
                for _ in 0..COUNT {
                    counts[cell(shade::ggx_sample(isa, b, wo, alpha, random.pair()).to_array())] += 1.0;
                }
                // Below the horizon the density says nothing: such samples are dropped.
                let mut expected: Vec<f64> =
                    integrals(if alpha.x < 0.2 { 64 } else { 16 }, density).iter().map(|x| x * COUNT as f64).collect();
                let half = ROWS / 2 * COLUMNS;
                let below: f64 = counts[..half].iter().sum();
                let lost = COUNT as f64 - below - expected[half..].iter().sum::<f64>();
                assert!(
                    lost.abs() < 0.005 * COUNT as f64,
                    "alpha {alpha:?}, {degrees} degrees: {lost} of the density is missing"
                );
                expected.drain(..half);
                let z = deviate(&counts[half..], &expected);
                assert!(z < 4.0, "alpha {alpha:?}, {degrees} degrees: {z} sigma");
            }
        }
    });
}

fn map_scene(width: u32, height: u32) -> Scene {
    let rgb = (0..width * height)
        .map(|i| [0.1 + (i % 7) as f32, if i == 20 { 300.0 } else { 0.5 }, (i % 3) as f32])
        .collect();
    let environment = Environment::Map { width, height, rgb: std::sync::Arc::new(rgb), strength: 1.5, rotation: 0.7 };
    prepare(&Stage { instances: vec![], lights: vec![], environment, fog: None }).unwrap()
}

#[test]
fn the_map_has_its_density_which_integrates_to_1() {
    const COUNT: usize = 200_000;
    bound(&map_scene(24, 12), |isa, b| {
        let density = |d: Vec3<f32>| f64::from(shade::map_density(isa, b, shade::map_coordinates(isa, b, d)));
        let expected = integrals(24, density);
        let total: f64 = expected.iter().sum();
        assert!((total - 1.0).abs() < 2e-3, "{total}");
        let mut random = Random(5);
        let mut counts = vec![0.0; ROWS * COLUMNS];
        for _ in 0..COUNT {
            let uv = shade::map_sample(isa, b, random.next(), random.pair());
            counts[cell(shade::map_direction(isa, b, uv).to_array())] += 1.0;
        }
        let expected: Vec<f64> = expected.iter().map(|x| x / total * COUNT as f64).collect();
        let z = deviate(&counts, &expected);
        assert!(z < 5.0, "{z} sigma");
    });
}

#[test]
fn map_directions_and_coordinates_are_inverse() {
    bound(&map_scene(8, 4), |isa, b| {
        let mut random = Random(9);
        for _ in 0..10_000 {
            let uv = Vec2::new(random.next(), 0.001 + 0.998 * random.next());
            let back = shade::map_coordinates(isa, b, shade::map_direction(isa, b, uv));
            assert!((uv.x - back.x).abs() < 2e-4 && (uv.y - back.y).abs() < 1e-5, "{uv:?} {back:?}");
        }
    });
}

#[test]
fn solid_angles_of_lights_add_up() {
    // A lamp of two triangles, a point light, a sun disk: the mean of 1 / density over samples is the solid angle of what has one.
    let lamp = Mesh {
        positions: vec![[-0.5, 2.0, -0.5], [0.5, 2.0, -0.5], [0.5, 2.0, 0.5], [-0.5, 2.0, 0.5]],
        triangles: vec![[0, 1, 2], [0, 2, 3]],
        ..Mesh::default()
    };
    let material = Material { emission: [2.0; 3], ..Material::default() };
    let instance = scenec_scene::Instance {
        id: "lamp".into(),
        mesh: std::sync::Arc::new(lamp),
        material: std::sync::Arc::new(material),
        world_from_object: glam::Affine3A::IDENTITY,
    };
    let sun = LightKind::Sun { direction: glam::Vec3::new(1.0, -1.0, 0.0), angular_radius: 0.2 };
    let point = LightKind::Point { position: glam::Vec3::new(0.0, 1.0, 1.0) };
    let light = |kind| Light { name: "l".into(), kind, color: [1.0; 3] };
    let stage = Stage {
        instances: vec![instance],
        lights: vec![light(point), light(sun)],
        environment: Environment::Constant([0.0; 3]),
        fog: None,
    };
    let scene = prepare(&stage).unwrap();
    bound(&scene, |isa, b| {
        const COUNT: u32 = 200_000;
        let mut random = Random(11);
        let (mut near, mut far) = (0.0, 0.0);
        let to = Receiver { position: Vec3::new(0.1, 0.0, 0.2), normal: Vec3::new(0.0, 1.0, 0.0), has_normal: true };
        for _ in 0..COUNT {
            let s = shade::light_sample(isa, b, to, random.next(), random.pair());
            if s.valid && !s.delta {
                *(if s.far { &mut far } else { &mut near }) += 1.0 / f64::from(s.density) / f64::from(COUNT);
            }
        }
        let disk = 2.0 * PI * (1.0 - 0.2f64.cos());
        assert!((far / disk - 1.0).abs() < 0.01, "{far} against {disk}");
        // Rectangle seen from below: sum over its corners of atan(x y / (h sqrt(x^2 + y^2 + h^2))) with signs.
        let corner = |x: f64, y: f64| (x * y / (2.0 * (x * x + y * y + 4.0f64).sqrt())).atan();
        let (x0, x1, y0, y1) = (-0.6, 0.4, -0.7, 0.3);
        let lamp = corner(x1, y1) - corner(x0, y1) - corner(x1, y0) + corner(x0, y0);
        assert!((near / lamp - 1.0).abs() < 0.01, "{near} against {lamp}");
    });
}

#[test]
fn a_disk_and_a_ball_fill_their_solid_angles() {
    for (shape, turn, solid) in [
        (LampShape::Disk, std::f32::consts::FRAC_PI_2, 2.0 * PI * (1.0 - 2.0 / (4.0f64 + 0.49).sqrt())),
        (LampShape::Ball, 0.4, 2.0 * PI * (1.0 - (1.0 - 0.49f64 / 4.0).sqrt())),
    ] {
        let lamp = scenec_scene::Instance {
            id: "lamp".into(),
            mesh: std::sync::Arc::new(shape.proxy()),
            material: std::sync::Arc::new(Material { emission: [2.0; 3], ..Material::default() }),
            world_from_object: glam::Affine3A::from_scale_rotation_translation(
                glam::Vec3::splat(0.7),
                glam::Quat::from_rotation_x(turn),
                glam::Vec3::new(0.0, 2.0, 0.0),
            ),
        };
        let environment = Environment::Constant([0.0; 3]);
        let scene = prepare(&Stage { instances: vec![lamp], lights: vec![], environment, fog: None }).unwrap();
        bound(&scene, |isa, b| {
            let mut random = Random(17);
            let to = Receiver { position: Vec3::splat(0.0), normal: Vec3::new(0.0, 1.0, 0.0), has_normal: true };
            let mut found = 0.0;
            for _ in 0..200_000 {
                let s = shade::light_sample(isa, b, to, random.next(), random.pair());
                assert!(s.valid && !s.far && !s.delta && s.radiance.x == 2.0, "{shape:?}");
                let length = (s.toward.x * s.toward.x + s.toward.y * s.toward.y + s.toward.z * s.toward.z).sqrt();
                assert!(length > 1.29 && length < 2.13, "{shape:?}: {length}");
                found += 1.0 / f64::from(s.density) / 200_000.0;
            }
            assert!((found / solid - 1.0).abs() < 2e-3, "{shape:?}: {found} against {solid}");
        });
    }
}

/// Lights of all kinds with a place, here and there: each is picked as often as its chance says, the chances add up to 1 (or
/// nothing shines there), and no light that reaches a place has none.
#[test]
fn the_tree_picks_lights_as_their_chances_say() {
    const COUNT: u32 = 40_000;
    let mut random = Random(21);
    let mut number = |low: f32, high: f32| low + (high - low) * random.next();
    let panel = std::sync::Arc::new(Mesh {
        positions: vec![[-0.2, 0.0, -0.2], [0.2, 0.0, -0.2], [0.2, 0.0, 0.2], [-0.2, 0.0, 0.2]],
        triangles: vec![[0, 1, 2], [0, 2, 3], [0, 0, 1]],
        ..Mesh::default()
    });
    let triangle = std::sync::Arc::new(Mesh { triangles: vec![[0, 1, 2]], ..Mesh::clone(&panel) });
    let [disk, ball] = [LampShape::Disk, LampShape::Ball].map(|shape| std::sync::Arc::new(shape.proxy()));
    let instances = (0..90)
        .map(|i| scenec_scene::Instance {
            id: format!("panel{i}").into(),
            mesh: match i {
                60..70 => disk.clone(),
                70..80 => ball.clone(),
                80.. => triangle.clone(),
                _ => panel.clone(),
            },
            material: std::sync::Arc::new(Material {
                emission: [2f32.powi(i % 9), 1.0, 1.0],
                double_sided: i % 4 == 0,
                ..Material::default()
            }),
            world_from_object: glam::Affine3A::from_scale_rotation_translation(
                glam::Vec3::new(if i % 5 == 0 { -1.0 } else { 1.0 }, 1.0, 1.0),
                glam::Quat::from_euler(glam::EulerRot::XYZ, number(-3.0, 3.0), number(-3.0, 3.0), 0.0),
                glam::Vec3::new(number(-9.0, 9.0), number(0.0, 4.0), number(-9.0, 9.0)),
            ),
        })
        .collect();
    let lights = (0..20)
        .map(|i| {
            let position = glam::Vec3::new(number(-9.0, 9.0), number(0.0, 4.0), number(-9.0, 9.0));
            let direction = glam::Vec3::new(number(-1.0, 1.0), -1.0, number(-1.0, 1.0));
            let kind = match i % 2 {
                0 => LightKind::Point { position },
                _ => LightKind::Spot { position, direction, inner: 0.1, outer: 0.3 + 0.05 * i as f32 },
            };
            Light { name: "l".into(), kind, color: [number(0.1, 9.0); 3] }
        })
        .collect();
    let scene = prepare(&Stage { instances, lights, environment: Environment::Constant([0.0; 3]), fog: None }).unwrap();
    let count = scene.flat.lights.len();
    let of_kind = |kind: u32| scene.flat.lights.iter().filter(|l| l.kind == kind).count();
    let kinds = [LIGHT_PARALLELOGRAM, LIGHT_TRIANGLE, LIGHT_DISK, LIGHT_BALL].map(of_kind);
    assert_eq!((count, kinds), (110, [60, 10, 10, 10]), "two triangles that are one panel are one light");
    bound(&scene, |isa, b| {
        let mut random = Random(22);
        for round in 0..24 {
            let position = Vec3::new(9.0 * random.next() - 4.0, 4.0 * random.next(), 9.0 * random.next() - 4.0);
            let z = 2.0 * random.next() - 1.0;
            let (sin, cos) = (6.2831855 * random.next()).sin_cos();
            let across = (1.0 - z * z).sqrt();
            let normal = Vec3::new(across * cos, z, across * sin);
            let to = Receiver { position, normal, has_normal: round % 3 != 0 };
            let chances: Vec<f64> = (0..count as u32).map(|i| f64::from(shade::tree_chance(isa, b, i, to))).collect();
            let total: f64 = chances.iter().sum();
            assert!(total < 1.0 + 1e-4, "{total}");
            let mut counts = vec![0.0; count];
            let mut none = 0.0;
            for i in 0..COUNT {
                let picked = shade::tree_pick(isa, b, to, random.next());
                match chances.get(picked.light as usize) {
                    Some(chance) => {
                        assert!((f64::from(picked.chance) - chance).abs() < 1e-5 * chance, "{}", picked.chance);
                        counts[picked.light as usize] += 1.0;
                    }
                    None => none += 1.0,
                }
                // What is picked evenly and gives light has a chance.
                let light = i % count as u32;
                let even = match scene.flat.lights[light as usize].kind {
                    LIGHT_TRIANGLE | LIGHT_PARALLELOGRAM | LIGHT_DISK => {
                        shade::flat_light_sample(isa, b, light, 1.0, to.position, random.pair())
                    }
                    LIGHT_BALL => shade::ball_light_sample(isa, b, light, 1.0, to.position, random.pair()),
                    _ => shade::point_sample(isa, b, light, 1.0, to.position),
                };
                let d = even.toward;
                let cosine = d.x * normal.x + d.y * normal.y + d.z * normal.z;
                let length = (d.x * d.x + d.y * d.y + d.z * d.z).sqrt();
                let reaches = even.valid && even.radiance.y > 1e-3 && (!to.has_normal || cosine > 1e-3 * length);
                assert!(!reaches || chances[light as usize] > 0.0, "light {light} of round {round}");
            }
            let expected: Vec<f64> =
                chances.iter().chain(&[1.0 - total]).map(|p| p.max(0.0) * f64::from(COUNT)).collect();
            counts.push(none);
            let z = deviate(&counts, &expected);
            assert!(z < 4.5, "round {round}: {z} sigma");
        }
    });
}

#[test]
fn normals_are_kept_in_a_word() {
    bound(&empty(), |isa, b| {
        let mut random = Random(31);
        for _ in 0..10_000 {
            let z = 2.0 * random.next() - 1.0;
            let (sin, cos) = (6.2831855 * random.next()).sin_cos();
            let across = (1.0 - z * z).sqrt();
            let n = Vec3::new(across * cos, across * sin, z);
            let back = shade::octahedral_decode(isa, b, shade::octahedral_encode(isa, b, n));
            let off = ((n.x - back.x).powi(2) + (n.y - back.y).powi(2) + (n.z - back.z).powi(2)).sqrt();
            assert!(off < 1e-4, "{n:?} {back:?}");
        }
    });
}

/// Second moments of filters and apertures, and that nothing lies outside of them.
#[test]
fn filters_and_apertures_have_their_moments() {
    const COUNT: u32 = 1 << 16;
    bound(&empty(), |isa, b| {
        let moment = |sample: &dyn Fn(Vec2<f32>) -> Vec2<f32>, limit: f64| {
            let (mut first, mut second) = ([0.0; 2], 0.0);
            for i in 0..COUNT {
                let p = sample(shade::sample_2d(isa, b, 7, i, 3));
                let (x, y) = (f64::from(p.x), f64::from(p.y));
                assert!(x.abs() <= limit && y.abs() <= limit, "{p:?}");
                first = [first[0] + x, first[1] + y];
                second += (x * x + y * y) / f64::from(COUNT);
            }
            assert!(first.iter().all(|m| (m / f64::from(COUNT)).abs() < 1e-3), "{first:?}");
            second
        };
        let filter = |shape, radius: f32| {
            moment(&|u| shade::filter_sample(isa, b, u, shape, radius), f64::from(radius) * 1.000_001)
        };
        // Per axis: (2 r)^2 / 12, r^2 / 6, and sigma^2 less what is cut off.
        let cut = 1.0 - 4.5 * (-4.5f64).exp() / (1.0 - (-4.5f64).exp());
        for (shape, radius, expected) in
            [(FILTER_BOX, 0.5, 1.0 / 6.0), (FILTER_TENT, 1.0, 1.0 / 3.0), (FILTER_GAUSSIAN, 1.5, 0.5 * cut)]
        {
            let found = filter(shape, radius);
            assert!((found / expected - 1.0).abs() < 2e-3, "{shape}: {found} against {expected}");
        }
        for sides in [3u32, 4, 6, 17] {
            let found = moment(&|u| shade::polygon_sample(isa, b, u, sides, 0.2), 1.000_001);
            let expected = (2.0 + (2.0 * PI / f64::from(sides)).cos()) / 6.0;
            assert!((found / expected - 1.0).abs() < 2e-3, "{sides} sides: {found} against {expected}");
        }
    });
}

#[test]
fn sobol_pairs_are_stratified_whatever_the_seed() {
    bound(&empty(), |isa, b| {
        for seed in 0..50u32 {
            for log in 1..=4u32 {
                // Every elementary rectangle of area 1 / 2^(2 log) holds one of the first 4^log points: a (0, 2)-sequence in base 2.
                let count = 1u32 << (2 * log);
                let points: Vec<_> =
                    (0..count).map(|i| shade::sample_2d(isa, b, seed.wrapping_mul(0x9e37_79b9), i, 5)).collect();
                for split in 0..=2 * log {
                    let (nx, ny) = (1u32 << split, 1u32 << (2 * log - split));
                    let mut seen = vec![0; count as usize];
                    for p in &points {
                        assert!((0.0..1.0).contains(&p.x) && (0.0..1.0).contains(&p.y));
                        seen[((p.x * nx as f32) as u32 * ny + (p.y * ny as f32) as u32) as usize] += 1;
                    }
                    assert!(seen.iter().all(|n| *n == 1), "seed {seed}, {nx} x {ny}");
                }
            }
        }
    });
}

#[test]
fn polynomials_are_close_to_the_functions() {
    bound(&empty(), |isa, b| {
        for i in 0..=10_000u32 {
            let x = f64::from(i) / 10_000.0;
            let sc = shade::sin_cos_turns(isa, b, x as f32);
            let exact = (2.0 * PI * f64::from(x as f32)).sin_cos();
            assert!((f64::from(sc.x) - exact.0).abs() < 4e-7 && (f64::from(sc.y) - exact.1).abs() < 4e-7, "{x}");
            let angle = f64::from(x as f32) * 6.2 - 3.1;
            let (y, x) = (3.0 * angle.sin() as f32, 3.0 * angle.cos() as f32);
            let found = f64::from(shade::atan2_poly(isa, b, y, x));
            assert!((found - f64::from(y).atan2(f64::from(x))).abs() < 6e-7, "{angle}: {found}");
        }
    });
}
