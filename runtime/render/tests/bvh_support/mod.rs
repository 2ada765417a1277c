//! Scenes, rays and a brute-force reference for the tests of the acceleration structure.
#![allow(dead_code)]

pub mod closed_form;

use glam::{Affine3A, Mat3, Mat4, Quat, Vec3};
use scenec_render::bvh::layout::Triangle;
use scenec_render::bvh::{Hit, Instance, Mesh, Ray, SceneBvh, world_position};

/// PCG-like stream of numbers.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub fn bits(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let x = (self.0 >> 33) as u32 ^ (self.0 >> 20) as u32;
        x.wrapping_mul(0x9e37_79b1)
    }

    /// In [0, 1).
    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 8) as f32 / (1u32 << 24) as f32
    }

    /// In [-1, 1).
    pub fn signed(&mut self) -> f32 {
        2.0 * self.unit() - 1.0
    }

    pub fn point(&mut self) -> Vec3 {
        Vec3::new(self.signed(), self.signed(), self.signed())
    }

    pub fn direction(&mut self) -> Vec3 {
        loop {
            let p = self.point();
            if p.length_squared() <= 1.0 && p.length_squared() > 1e-4 {
                return p.normalize();
            }
        }
    }
}

#[derive(Clone, Default)]
pub struct Geometry {
    pub positions: Vec<[f32; 3]>,
    pub triangles: Vec<[u32; 3]>,
}

impl Geometry {
    pub fn view(&self) -> Mesh<'_> {
        Mesh { positions: &self.positions, triangles: &self.triangles }
    }

    pub fn triangle(&mut self, a: Vec3, b: Vec3, c: Vec3) {
        let base = self.positions.len() as u32;
        self.positions.extend([a, b, c].map(|p| p.to_array()));
        self.triangles.push([base, base + 1, base + 2]);
    }

    /// A grid of `n` x `m` quads over (0..1)^2, two triangles each.
    pub fn patch(n: u32, m: u32, f: impl Fn(f32, f32) -> Vec3) -> Self {
        let mut out = Self::default();
        for j in 0..=m {
            for i in 0..=n {
                out.positions.push(f(i as f32 / n as f32, j as f32 / m as f32).to_array());
            }
        }
        for j in 0..m {
            for i in 0..n {
                let a = j * (n + 1) + i;
                let (b, c) = (a + 1, a + n + 1);
                out.triangles.extend([[a, b, c], [b, c + 1, c]]);
            }
        }
        out
    }

    pub fn terrain(n: u32) -> Self {
        Self::patch(n, n, |u, v| {
            let (x, z) = (20.0 * u - 10.0, 20.0 * v - 10.0);
            let octave = |k: i32| {
                0.5f32.powi(k) * (x * 2.03f32.powi(k) + 1.3 * k as f32).sin() * (1.1 * z * 2.03f32.powi(k)).cos()
            };
            Vec3::new(x, (0..7).map(octave).sum(), z)
        })
    }

    /// A closed surface: every seam and pole uses the same vertices, displaced by `radius(direction)`.
    pub fn ball(n: u32, radius: impl Fn(Vec3) -> f32) -> Self {
        let (rows, columns) = (n, 2 * n);
        let mut out = Self::default();
        let mut add = |d: Vec3| out.positions.push((d * radius(d)).to_array());
        add(Vec3::Y);
        for j in 1..rows {
            for i in 0..columns {
                let (theta, phi) =
                    (std::f32::consts::PI * j as f32 / rows as f32, std::f32::consts::TAU * i as f32 / columns as f32);
                add(Vec3::new(theta.sin() * phi.cos(), theta.cos(), theta.sin() * phi.sin()));
            }
        }
        add(-Vec3::Y);
        let at = |j: u32, i: u32| match j {
            0 => 0,
            j if j == rows => (rows - 1) * columns + 1,
            j => 1 + (j - 1) * columns + i % columns,
        };
        for j in 0..rows {
            for i in 0..columns {
                let (a, b, c, d) = (at(j, i), at(j, i + 1), at(j + 1, i), at(j + 1, i + 1));
                if j > 0 {
                    out.triangles.push([a, b, c]);
                }
                if j + 1 < rows {
                    out.triangles.push([b, d, c]);
                }
            }
        }
        out
    }

    /// An axis-aligned closed box with `n` x `n` quads per face; faces share corner positions exactly.
    pub fn cube(n: u32, scale: f32) -> Self {
        let mut out = Self::default();
        for axis in 0..3 {
            for side in [-scale, scale] {
                let face = Self::patch(n, n, |u, v| {
                    let mut p = [0.0; 3];
                    p[axis] = side;
                    p[(axis + 1) % 3] = scale * (2.0 * u - 1.0);
                    p[(axis + 2) % 3] = scale * (2.0 * v - 1.0);
                    p.into()
                });
                out.append(&face);
            }
        }
        out
    }

    pub fn append(&mut self, other: &Self) {
        let base = self.positions.len() as u32;
        self.positions.extend_from_slice(&other.positions);
        self.triangles.extend(other.triangles.iter().map(|t| t.map(|i| i + base)));
    }

    pub fn moved(&self, f: impl Fn(Vec3) -> Vec3) -> Self {
        Self {
            positions: self.positions.iter().map(|p| f((*p).into()).to_array()).collect(),
            triangles: self.triangles.clone(),
        }
    }

    /// `n` triangles with edges of about `size` in a cube of half width 1.
    pub fn soup(n: usize, size: f32, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut out = Self::default();
        for _ in 0..n {
            let p = random.point();
            out.triangle(p, p + size * random.point(), p + size * random.point());
        }
        out
    }
}

pub struct Case {
    pub name: &'static str,
    pub meshes: Vec<Geometry>,
    pub instances: Vec<Instance>,
}

impl Case {
    pub fn single(name: &'static str, mesh: Geometry) -> Self {
        Self { name, meshes: vec![mesh], instances: vec![place(0, Affine3A::IDENTITY)] }
    }

    pub fn build(&self) -> SceneBvh {
        let views: Vec<Mesh<'_>> = self.meshes.iter().map(Geometry::view).collect();
        SceneBvh::build(&views, &self.instances).expect("the case's instances name its meshes")
    }

    /// Half the extent of everything, for aiming rays.
    pub fn reach(&self) -> f32 {
        let corners = self.instances.iter().flat_map(|i| {
            self.meshes[i.mesh]
                .positions
                .iter()
                .map(|p| i.world_from_object.transform_point3((*p).into()).abs().max_element())
        });
        corners.filter(|x| x.is_finite()).fold(0.0, f32::max).max(1e-3)
    }
}

pub fn place(mesh: usize, world_from_object: Affine3A) -> Instance {
    Instance { mesh, world_from_object, cutout: false }
}

fn matrices(n: usize, seed: u64) -> Vec<Affine3A> {
    let mut random = Random::new(seed);
    (0..n)
        .map(|i| {
            let turn = Mat3::from_quat(Quat::from_axis_angle(random.direction(), 6.0 * random.unit()));
            let mirror = if i % 2 == 0 { -1.0 } else { 1.0 };
            let shear = Mat3::from_cols(
                Vec3::X,
                Vec3::new(1.5 * random.signed(), 1.0, 0.0),
                Vec3::new(0.0, random.signed(), 1.0),
            );
            let scale = Mat3::from_diagonal(Vec3::new(
                mirror * (0.2 + random.unit()),
                0.2 + random.unit(),
                0.2 + random.unit(),
            ));
            Affine3A::from_mat3_translation(turn * shear * scale, 4.0 * random.point())
        })
        .collect()
}

/// Small scenes that stress different things, brute force stays affordable on them.
pub fn cases() -> Vec<Case> {
    let ball = |n| Geometry::ball(n, |_| 1.0);
    let bumpy = |n| Geometry::ball(n, |d| 1.0 + 0.3 * (7.0 * d.x).sin() * (5.0 * d.y).cos());
    let mut out = vec![
        Case::single("one triangle", Geometry::soup(1, 1.0, 1)),
        Case::single("three triangles", Geometry::soup(3, 1.0, 2)),
        Case::single("small soup", Geometry::soup(1000, 0.1, 3)),
        Case::single("large soup", Geometry::soup(700, 1.5, 4)),
        Case::single("grid", Geometry::patch(20, 20, |u, v| Vec3::new(2.0 * u - 1.0, 0.0, 2.0 * v - 1.0))),
        Case::single("ball", ball(18)),
        Case::single("bumpy ball", bumpy(20)),
        Case::single("cube", Geometry::cube(8, 1.0)),
        Case::single("terrain", Geometry::terrain(24)),
        Case::single("huge", bumpy(14).moved(|p| 1e6 * p)),
        Case::single("tiny", bumpy(14).moved(|p| 1e-5 * p)),
        Case::single("far from the origin", bumpy(14).moved(|p| p + Vec3::new(1000.0, -500.0, 300.0))),
    ];
    let mut slivers = Geometry::default();
    let mut random = Random::new(5);
    for _ in 0..600 {
        let (p, d) = (random.point(), random.direction());
        slivers.triangle(p - d, p + d, p + 1e-4 * random.direction());
    }
    out.push(Case::single("slivers", slivers));
    let mut doubles = Geometry::soup(200, 0.5, 6);
    let copy = doubles.clone();
    doubles.append(&copy);
    doubles.append(&copy.moved(|p| p));
    out.push(Case::single("coplanar duplicates", doubles));
    let mut nested = Geometry::default();
    for k in 0..8 {
        nested.append(&ball(6).moved(|p| p * 10.0f32.powi(-k)));
    }
    out.push(Case::single("nested scales", nested));
    let mut fan = Geometry::default();
    for i in 0..500 {
        let at = |i: i32| Vec3::new((i as f32 * 0.01256).cos(), 0.1 * (i % 3) as f32, (i as f32 * 0.01256).sin());
        fan.triangle(Vec3::ZERO, at(i), at(i + 1));
    }
    out.push(Case::single("fan", fan));

    let mut shared = Case {
        name: "mirrored and sheared instances",
        meshes: vec![bumpy(8), Geometry::cube(2, 1.0)],
        instances: vec![],
    };
    shared.instances = matrices(24, 7).into_iter().enumerate().map(|(i, m)| place(i % 2, m)).collect();
    out.push(shared);
    let mut mixed = Case {
        name: "shared and single meshes",
        meshes: vec![ball(8), Geometry::terrain(10), bumpy(6)],
        instances: vec![],
    };
    mixed.instances = matrices(10, 8).into_iter().map(|m| place(0, m)).collect();
    mixed.instances.insert(3, place(1, Affine3A::IDENTITY));
    mixed.instances.push(place(2, matrices(1, 9)[0]));
    out.push(mixed);
    let mut duplicates =
        Case { name: "instances at the same place", meshes: vec![Geometry::cube(2, 1.0)], instances: vec![] };
    duplicates.instances = vec![place(0, Affine3A::IDENTITY); 5];
    out.push(duplicates);
    let mut cutout =
        Case { name: "cut-outs", meshes: vec![ball(10), bumpy(8), Geometry::soup(300, 0.6, 10)], instances: vec![] };
    cutout.instances =
        matrices(8, 11).into_iter().enumerate().map(|(i, m)| Instance { cutout: i % 3 != 0, ..place(0, m) }).collect();
    cutout.instances.push(Instance { cutout: true, ..place(1, Affine3A::IDENTITY) });
    cutout.instances.push(place(2, matrices(1, 12)[0]));
    out.push(cutout);
    let scales = Case {
        name: "instances over nine orders of magnitude",
        meshes: vec![ball(8)],
        instances: (-3..6).map(|k| place(0, Affine3A::from_scale(Vec3::splat(10.0f32.powi(k))))).collect(),
    };
    out.push(scales);
    out
}

/// The filter of `trace_rays.wgsl`.
pub fn keep(instance: u32, primitive: u32, u: f32, v: f32) -> bool {
    (instance.wrapping_add(primitive)) & 1 == 0 || u >= v
}

/// Rays per case; `SCENEC_BVH_RAYS=50000` makes a million of all cases together.
pub fn ray_count(default: usize) -> usize {
    std::env::var("SCENEC_BVH_RAYS").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

/// Rays of many kinds: from outside towards the scene, from inside, along axes, aimed at corners and edges, with intervals.
pub fn rays(case: &Case, count: usize, seed: u64) -> Vec<Ray> {
    let mut random = Random::new(seed);
    let reach = case.reach();
    let targets: Vec<Vec3> = case
        .instances
        .iter()
        .flat_map(|i| {
            case.meshes[i.mesh]
                .positions
                .iter()
                .step_by(7)
                .map(|p| Vec3::from(world_position(&i.world_from_object, *p)))
        })
        .filter(|p| p.is_finite())
        .collect();
    (0..count)
        .map(|i| {
            let origin = match i % 3 {
                0 => 1.7 * reach * random.direction(),
                1 => reach * random.point(),
                // Often near something small.
                _ if !targets.is_empty() => {
                    targets[random.bits() as usize % targets.len()] + 0.1 * reach * random.point()
                }
                _ => reach * random.point(),
            };
            let target = match i % 4 {
                0 if !targets.is_empty() => targets[random.bits() as usize % targets.len()],
                1 if targets.len() > 1 => {
                    let at = random.bits() as usize % (targets.len() - 1);
                    0.5 * (targets[at] + targets[at + 1])
                }
                _ => 0.8 * reach * random.point(),
            };
            let mut direction = target - origin;
            if i % 16 == 9 {
                direction[random.bits() as usize % 3] = 0.0;
            }
            if i % 16 == 13 {
                let axis = random.bits() as usize % 3;
                direction = Vec3::ZERO;
                direction[axis] = random.signed();
            }
            if i % 5 != 0 {
                direction = direction.normalize_or_zero();
            }
            let t_max = if i % 7 == 0 { random.unit() * 1.5 * reach } else { 1e30 };
            let t_min = if i % 11 == 0 { random.unit() * 0.3 * reach } else { 0.0 };
            Ray { origin: origin.to_array(), t_min, direction: direction.to_array(), t_max }
        })
        .collect()
}

/// Everything of a hit, to the bit.
pub fn bits(hit: &Hit) -> [u32; 8] {
    [hit.t.to_bits(), hit.u.to_bits(), hit.v.to_bits(), hit.instance, hit.primitive, hit.slot, hit.visits, hit.capped]
}

/// All triangles as the traversal sees them, with the matrix into their space.
pub struct Reference {
    parts: Vec<(Option<[[f32; 4]; 3]>, u32, bool, Vec<Triangle>)>,
}

impl Reference {
    pub fn new(case: &Case, bvh: &SceneBvh) -> Self {
        let parts = case.instances.iter().enumerate().map(|(number, instance)| {
            let mesh = &case.meshes[instance.mesh];
            let world = bvh.is_world_space(number);
            let corner = |i: u32| {
                let p = mesh.positions.get(i as usize).copied().unwrap_or([f32::NAN; 3]);
                if world { world_position(&instance.world_from_object, p) } else { p }
            };
            let triangles = mesh.triangles.iter().enumerate().filter_map(|(i, t)| {
                let [v0, v1, v2] = t.map(corner);
                Triangle::is_hittable(v0, v1, v2).then(|| Triangle {
                    v0,
                    v1,
                    v2,
                    primitive: i as u32,
                    ..Triangle::default()
                })
            });
            let inverse = Mat4::from(instance.world_from_object).as_dmat4().inverse();
            let rows = [inverse.row(0), inverse.row(1), inverse.row(2)].map(|r| r.as_vec4().to_array());
            ((!world).then_some(rows), number as u32, instance.cutout, triangles.collect())
        });
        Self { parts: parts.collect() }
    }

    /// The closest hit by testing every triangle.
    pub fn closest(&self, ray: &Ray) -> Hit {
        let mut best = Hit::miss(ray.t_max);
        for (matrix, instance, cutout, triangles) in &self.parts {
            let (o, d) = (ray.origin, ray.direction);
            let (origin, direction) = match matrix {
                None => (o, d),
                Some(m) => (
                    [0, 1, 2].map(|k| m[k][0] * o[0] + m[k][1] * o[1] + (m[k][2] * o[2] + m[k][3])),
                    [0, 1, 2].map(|k| m[k][0] * d[0] + m[k][1] * d[1] + m[k][2] * d[2]),
                ),
            };
            if direction == [0.0; 3] {
                continue;
            }
            for triangle in triangles {
                let Some((t, u, v)) = woop(triangle, origin, direction) else { continue };
                let closer =
                    t < best.t || (t == best.t && (*instance, triangle.primitive) < (best.instance, best.primitive));
                if t > ray.t_min && closer && (!cutout || keep(*instance, triangle.primitive, u, v)) {
                    best = Hit { t, u, v, instance: *instance, primitive: triangle.primitive, ..best };
                }
            }
        }
        best
    }
}

/// The watertight test straight from its paper.
fn woop(triangle: &Triangle, origin: [f32; 3], d: [f32; 3]) -> Option<(f32, f32, f32)> {
    let mut kz = 0;
    for k in 1..3 {
        if d[k].abs() > d[kz].abs() {
            kz = k;
        }
    }
    let (kx, ky) = ((kz + 1) % 3, (kz + 2) % 3);
    let (sx, sy, sz) = (d[kx] / d[kz], d[ky] / d[kz], 1.0 / d[kz]);
    let local = |v: [f32; 3]| {
        let p = [v[kx] - origin[kx], v[ky] - origin[ky], v[kz] - origin[kz]];
        (p[0] - sx * p[2], p[1] - sy * p[2], p[2])
    };
    let (a, b, c) = (local(triangle.v0), local(triangle.v1), local(triangle.v2));
    // Products of two f32 are exact in f64, and so is the difference of two that round to one f32.
    let edge = |n: (f32, f32, f32), m: (f32, f32, f32)| {
        let rounded = n.0 * m.1 - n.1 * m.0;
        let [nx, ny, mx, my] = [n.0, n.1, m.0, m.1].map(f64::from);
        if rounded == 0.0 { (nx * my - ny * mx) as f32 } else { rounded }
    };
    let (u, v, w) = (edge(c, b), edge(a, c), edge(b, a));
    let det = u + v + w;
    if !(u >= 0.0 && v >= 0.0 && w >= 0.0 || u <= 0.0 && v <= 0.0 && w <= 0.0) || det == 0.0 {
        return None;
    }
    let t = (u * a.2 + v * b.2 + w * c.2) * sz / det;
    t.is_finite().then_some((t, v / det, w / det))
}
