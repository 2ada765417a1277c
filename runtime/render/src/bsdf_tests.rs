//! The surface model: samplers against densities, energy, reciprocity, and the values of an independent implementation.

use std::collections::HashMap;
use std::sync::Arc;

use scenec_scene::{Environment, Instance, Material, Mesh, Stage};
use scenec_shaders::consts::{ALPHA_MIN, NONE};
use scenec_shaders::kernels::shade;
use scenec_shaders::prelude::{Isa, Vec2, Vec3, Vec4};
use scenec_shaders::types::{Bsdf, Coordinates, Pbr};

use crate::sampler_tests::{COLUMNS, ROWS, Random, bound, cell, deviate, integrals};
use crate::{Scene, prepare};

const PI: f64 = std::f64::consts::PI;

/// A scene of one triangle for each material.
fn scene_of(materials: &[Material]) -> Scene {
    let mesh = Arc::new(Mesh {
        positions: vec![[0.0; 3], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]],
        triangles: vec![[0, 1, 2]],
        ..Mesh::default()
    });
    let instances = materials
        .iter()
        .enumerate()
        .map(|(i, m)| Instance {
            id: format!("{i}").into(),
            mesh: mesh.clone(),
            material: Arc::new(m.clone()),
            world_from_object: glam::Affine3A::IDENTITY,
        })
        .collect();
    prepare(&Stage { instances, lights: vec![], environment: Environment::Constant([1.0; 3]), fog: None }).unwrap()
}

/// The lobes of material `number` for a viewer at this cosine, below 0 inside of a body.
fn lobes(isa: Isa, b: &shade::Bindings<'_>, number: usize, cosine: f32) -> Bsdf {
    let number = number as u32;
    let material = b.materials.at(number);
    let base = material.base_color.to_array();
    let none = Coordinates { color: Vec4::from([1.0; 4]), tangents: NONE, ..Coordinates::ZERO };
    let mut lobes = Bsdf::ZERO;
    if material.flags & scenec_shaders::consts::MATERIAL_MATTE != 0 {
        shade::bsdf_matte(isa, b, &mut lobes, Vec3::new(base[0], base[1], base[2]));
        return lobes;
    }
    let mut p = Pbr::ZERO;
    shade::pbr_at(isa, b, &mut p, number, none, Vec3::new(base[0], base[1], base[2]));
    if material.medium > 0 {
        let (near, far) = if cosine > 0.0 { (NONE, number) } else { (number, NONE) };
        shade::part_media(isa, b, &mut p, number, near, far, 0);
    }
    shade::bsdf_of(isa, b, &mut lobes, &p, cosine.abs());
    lobes
}

/// One material of each kind, and mixtures.
fn kinds() -> Vec<(&'static str, Material)> {
    let plain = Material { base_color: [0.8, 0.5, 0.3, 1.0], roughness: 0.5, ..Material::default() };
    let metal = Material { metallic: 1.0, roughness: 0.6, ..plain.clone() };
    let glass = Material { transmission: 1.0, roughness: 0.4, ..plain.clone() };
    vec![
        ("plain", plain.clone()),
        ("half metal", Material { metallic: 0.5, roughness: 0.7, ..plain.clone() }),
        ("metal", metal.clone()),
        ("edge", Material { metal_edge: [0.2, 0.5, 1.0], ..metal.clone() }),
        ("brushed", Material { anisotropy: 0.7, ..metal }),
        ("rough", Material { diffuse_roughness: 0.8, ..plain.clone() }),
        ("glass", glass.clone()),
        ("tinted glass", Material { transmission_color: [0.9, 0.5, 0.2], transmission: 0.6, ..glass.clone() }),
        ("pane", Material { thin_walled: true, ..glass.clone() }),
        ("coat", Material { coat: 1.0, coat_roughness: 0.3, ..plain.clone() }),
        ("tinted coat", Material { coat: 0.7, coat_roughness: 0.4, coat_color: [0.9, 0.4, 0.2], ..plain.clone() }),
        ("coated glass", Material { coat: 1.0, coat_roughness: 0.3, ..glass }),
        ("fuzz", Material { fuzz: 1.0, fuzz_roughness: 0.5, fuzz_color: [0.9, 0.4, 0.2], ..plain.clone() }),
        ("all", Material { fuzz: 0.5, coat: 0.5, coat_roughness: 0.4, metallic: 0.3, transmission: 0.5, ..plain }),
    ]
}

#[test]
fn whole_surfaces_have_their_density_and_their_weights_are_their_values() {
    const COUNT: usize = 100_000;
    let (names, materials): (Vec<_>, Vec<_>) = kinds().into_iter().unzip();
    bound(&scene_of(&materials), |isa, b| {
        for (number, name) in names.iter().enumerate() {
            for cosine in [0.8f32, 0.25, -0.8] {
                if cosine < 0.0 && b.materials.at(number as u32).medium == 0 {
                    continue;
                }
                let wo = Vec3::new((1.0 - cosine * cosine).sqrt(), 0.0, cosine.abs());
                let bsdf = lobes(isa, b, number, cosine);
                let mut random = Random(7);
                let mut counts = vec![0.0; ROWS * COLUMNS];
                let (mut red, mut valid) = (0.0, 0.0);
                for _ in 0..COUNT {
                    let s = shade::bsdf_sample(isa, b, &bsdf, wo, random.pair());
                    if s.density > 0.0 {
                        counts[cell(s.direction.to_array())] += 1.0;
                        valid += 1.0;
                    }
                    red += f64::from(s.weight.x) / COUNT as f64;
                }
                let density = |wi| f64::from(shade::bsdf_value(isa, b, &bsdf, wo, wi).density);
                let expected: Vec<f64> = integrals(24, density).iter().map(|x| x * COUNT as f64).collect();
                let total: f64 = expected.iter().sum();
                assert!((total - valid).abs() < 0.006 * COUNT as f64, "{name}, {cosine}: {total} against {valid}");
                let z = deviate(&counts, &expected);
                assert!(z < 4.0, "{name}, {cosine}: {z} sigma");
                // The mean weight is the albedo: the integral of the value.
                let value = |wi| f64::from(shade::bsdf_value(isa, b, &bsdf, wo, wi).value.x);
                let albedo: f64 = integrals(24, value).iter().sum();
                assert!((red / albedo - 1.0).abs() < 0.01, "{name}, {cosine}: {red} against {albedo}");
                let guess = f64::from(shade::bsdf_albedo(isa, b, &bsdf, wo.z).x);
                assert!((guess - albedo).abs() < 0.1, "{name}, {cosine}: albedo {guess} against {albedo}");
            }
        }
    });
}

/// Mean weights of many samples, on a lattice: what the surface reflects and what it lets through, per channel.
fn albedo(isa: Isa, b: &shade::Bindings<'_>, bsdf: Bsdf, wo: Vec3<f32>) -> [[f64; 3]; 2] {
    // Of Fibonacci numbers.
    const COUNT: u32 = 75_025;
    const BEFORE: u32 = 46_368;
    let mut sums = [[0.0; 3]; 2];
    for i in 0..COUNT {
        let u = Vec2::new(
            ((f64::from(i) + 0.5) / f64::from(COUNT)) as f32,
            ((u64::from(i) * u64::from(BEFORE) % u64::from(COUNT)) as f64 / f64::from(COUNT)) as f32,
        );
        let s = shade::bsdf_sample(isa, b, &bsdf, wo, u);
        let side = &mut sums[usize::from(s.direction.z < 0.0)];
        for (sum, weight) in side.iter_mut().zip(s.weight.to_array()) {
            *sum += f64::from(weight) / f64::from(COUNT);
        }
    }
    sums
}

#[test]
fn white_surfaces_keep_all_light_at_every_roughness_and_angle() {
    let white = Material::default();
    let mut materials = Vec::new();
    for roughness in [0.0f32, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 1.0] {
        let r = |m: Material| Material { roughness, ..m };
        materials.push((format!("plastic {roughness}"), r(white.clone())));
        materials.push((format!("metal {roughness}"), r(Material { metallic: 1.0, ..white.clone() })));
        for ior in [1.1, 1.33, 1.5, 2.4] {
            let glass = Material { transmission: 1.0, ior, ..white.clone() };
            materials.push((format!("glass {ior} {roughness}"), r(glass.clone())));
            materials.push((format!("pane {ior} {roughness}"), r(Material { thin_walled: true, ..glass })));
        }
        let coated = Material { coat: 1.0, coat_roughness: roughness, roughness: 0.4, ..white.clone() };
        materials.push((format!("coat {roughness}"), coated.clone()));
        materials.push((format!("coated metal {roughness}"), Material { metallic: 1.0, ..coated }));
        materials
            .push((format!("half {roughness}"), r(Material { metallic: 0.5, transmission: 0.5, ..white.clone() })));
        materials.push((format!("rough {roughness}"), Material { diffuse_roughness: roughness, ..white.clone() }));
        materials
            .push((format!("fuzz {roughness}"), Material { fuzz: 1.0, fuzz_roughness: roughness, ..white.clone() }));
    }
    let (names, materials): (Vec<_>, Vec<_>) = materials.into_iter().unzip();
    let mut faults = Vec::new();
    bound(&scene_of(&materials), |isa, b| {
        for (number, name) in names.iter().enumerate() {
            for cosine in [1.0f32, 0.8, 0.5, 0.3, 0.15, 0.06, -1.0, -0.7, -0.4, -0.1] {
                if cosine < 0.0 && b.materials.at(number as u32).medium == 0 {
                    continue;
                }
                let wo = Vec3::new((1.0 - cosine * cosine).max(0.0).sqrt(), 0.0, cosine.abs());
                let sums = albedo(isa, b, lobes(isa, b, number, cosine), wo);
                let whole = sums[0][1] + sums[1][1];
                if (whole - 1.0).abs() > 0.005 {
                    faults.push(format!("{name}, {cosine}: {whole:.4}"));
                }
            }
        }
    });
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn base_surfaces_are_reciprocal() {
    let kept = ["plain", "half metal", "metal", "edge", "brushed", "rough"];
    let (names, materials): (Vec<_>, Vec<_>) = kinds().into_iter().filter(|k| kept.contains(&k.0)).unzip();
    bound(&scene_of(&materials), |isa, b| {
        let mut random = Random(3);
        for i in 0..6000 {
            let mut upper = || {
                let z = 0.02 + 0.98 * random.next();
                let angle = f64::from(random.next()) * 2.0 * PI;
                let s = (1.0 - z * z).sqrt();
                Vec3::new(s * angle.cos() as f32, s * angle.sin() as f32, z)
            };
            let (wo, wi) = (upper(), upper());
            let number = i % names.len();
            let f = |wo: Vec3<f32>, wi: Vec3<f32>| {
                shade::bsdf_value(isa, b, &lobes(isa, b, number, wo.z), wo, wi).value.x / wi.z
            };
            let (there, back) = (f(wo, wi), f(wi, wo));
            assert!((there - back).abs() <= 1e-3 * (there + back), "{}: {there} and {back}", names[number]);
        }
    });
}

struct Row(HashMap<String, String>);

impl Row {
    fn number(&self, name: &str) -> f32 {
        self.0[name].parse().unwrap()
    }

    fn color(&self, name: &str) -> [f32; 3] {
        ["r", "g", "b"].map(|c| self.number(&format!("{name}_{c}")))
    }

    fn direction(&self, name: &str) -> [f32; 3] {
        ["x", "y", "z"].map(|c| self.number(&format!("{name}_{c}")))
    }

    fn material(&self) -> Material {
        let weight = self.number("base_weight");
        let [r, g, b] = self.color("base_color").map(|c| c * weight);
        Material {
            base_color: [r, g, b, 1.0],
            diffuse_roughness: self.number("base_diffuse_roughness"),
            metallic: self.number("base_metalness"),
            roughness: self.number("specular_roughness"),
            anisotropy: self.number("specular_roughness_anisotropy"),
            ior: self.number("specular_ior"),
            specular: self.number("specular_weight"),
            specular_color: self.color("specular_color"),
            metal_specular: self.number("specular_weight"),
            metal_edge: self.color("specular_color"),
            transmission: self.number("transmission_weight"),
            transmission_color: self.color("transmission_color"),
            transmission_depth: self.number("transmission_depth"),
            coat: self.number("coat_weight"),
            coat_color: self.color("coat_color"),
            coat_roughness: self.number("coat_roughness"),
            coat_ior: self.number("coat_ior"),
            coat_darkening: self.number("coat_darkening"),
            ..Material::default()
        }
    }
}

fn rows(text: &str) -> Vec<Row> {
    let mut lines = text.lines();
    let head: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|l| Row(head.iter().map(ToString::to_string).zip(l.split(',').map(str::to_owned)).collect())).collect()
}

/// 1 + 2 lambda of GGX (Heitz 2014, eq. 86).
fn smith(v: [f32; 3], alpha: [f64; 2]) -> f64 {
    let [x, y, z] = v.map(f64::from);
    (1.0 + ((alpha[0] * x).powi(2) + (alpha[1] * y).powi(2)) / (z * z)).sqrt()
}

/// Lobes one by one against an independent implementation, whose shadowing is not correlated with the height.
#[test]
fn lobes_are_those_of_an_independent_implementation() {
    let rows = rows(include_str!("../../../tests/references/openpbr.csv"));
    let (mut faults, mut compared) = (Vec::new(), 0);
    for part in rows.chunks(200) {
        let materials: Vec<Material> = part.iter().map(Row::material).collect();
        bound(&scene_of(&materials), |isa, b| {
            for (number, row) in part.iter().enumerate() {
                let (mut wo, mut wi) = (row.direction("wo"), row.direction("wi"));
                let family = row.0["family"].as_str();
                let inside = wo[2] < 0.0;
                if inside && b.materials.at(number as u32).medium == 0 {
                    continue;
                }
                let bsdf = lobes(isa, b, number, wo[2]);
                if inside {
                    (wo[2], wi[2]) = (-wo[2], -wi[2]);
                }
                if bsdf.alpha.x.min(bsdf.alpha.y) <= ALPHA_MIN {
                    continue;
                }
                compared += 1;
                let found = shade::bsdf_value(isa, b, &bsdf, Vec3::from(wo), Vec3::from(wi)).value.to_array();
                let alpha = match family {
                    "coat" => [f64::from(bsdf.coat_alpha); 2],
                    _ => bsdf.alpha.to_array().map(f64::from),
                };
                // G2 = 2 / (o + i) and G1 G1 = 4 / ((1 + o) (1 + i)) with o, i = 1 + 2 lambda.
                let (o, i) = (smith(wo, alpha), smith(wi, alpha));
                let correlated = 2.0 / (o + i) / (4.0 / ((1.0 + o) * (1.0 + i)));
                let (f, d, ms) = (row.color("f"), row.color("d"), row.color("ms"));
                let most = f.into_iter().fold(0.0f32, f32::max);
                for c in 0..3 {
                    let expected = match family {
                        "diffuse" => f64::from(d[c]),
                        _ => f64::from(f[c] - d[c] - ms[c]) * correlated,
                    };
                    let mut single = f64::from(found[c]);
                    if family == "metal" && bsdf.diffuse_chance > 0.0 {
                        // Without what is scattered more than once.
                        let place = shade::albedo_place(isa, b, wi[2], bsdf.roughness);
                        let rest = 1.0 - shade::albedo_reflected(isa, b, b.info.mirror_table, place);
                        single -= f64::from(bsdf.metal_again.to_array()[c] * rest * wi[2]) / PI;
                    }
                    if family == "transmission" {
                        // Without what stands for scattering more than once.
                        let place = shade::albedo_place(isa, b, wo[2], bsdf.roughness);
                        single *= f64::from(shade::albedo_total(isa, b, bsdf.table, place).max(1e-3));
                    }
                    let slack = 3e-3 + 4.0 * f64::from(row.number("dev_f"));
                    if (single - expected).abs() > slack * f64::from(most) * correlated.max(1.0) + 1e-6 {
                        faults.push(format!(
                            "{family} {number}.{c}: {single:.6} against {expected:.6}, wo {wo:?} wi {wi:?} r {} w {} ior {}",
                            row.number("specular_roughness"),
                            row.number("specular_weight"),
                            row.number("specular_ior"),
                        ));
                    }
                }
            }
        });
    }
    assert!(compared > 450, "{compared}");
    assert!(faults.is_empty(), "{} of {}\n{}", faults.len(), 3 * rows.len(), faults.join("\n"));
}

/// What surfaces reflect and let through in all, where they are smooth enough that the ways of giving back lost energy and of
/// shadowing, in which the two differ, make no difference.
#[test]
fn albedos_are_near_those_of_an_independent_implementation() {
    let rows = rows(include_str!("../../../tests/references/openpbr_albedo.csv"));
    let (mut faults, mut compared) = (Vec::new(), 0);
    for part in rows.chunks(200) {
        let materials: Vec<Material> = part.iter().map(Row::material).collect();
        bound(&scene_of(&materials), |isa, b| {
            for (number, row) in part.iter().enumerate() {
                let wo = row.direction("wo");
                let bsdf = lobes(isa, b, number, wo[2]);
                let rough = bsdf.roughness.max(bsdf.coat_alpha.sqrt()) > 0.4 || wo[2].abs() < 0.25;
                if rough || (wo[2] < 0.0 && b.materials.at(number as u32).medium == 0) {
                    continue;
                }
                compared += 1;
                let found = albedo(isa, b, bsdf, Vec3::new(wo[0], wo[1], wo[2].abs()));
                let expected = [row.color("refl"), row.color("trans")];
                let family = row.0["family"].as_str();
                let slack = if family.contains("coat") { 0.05 } else { 0.02 };
                for (side, name) in ["reflected", "passed"].iter().enumerate() {
                    for c in 0..3 {
                        let (found, expected) = (found[side][c], f64::from(expected[side][c]));
                        if (found - expected).abs() > slack {
                            faults.push(format!(
                                "{family} {number}.{c} {name}: {found:.4} against {expected:.4}, cos {} r {} ior {} coat {} {}",
                                wo[2],
                                row.number("specular_roughness"),
                                row.number("specular_ior"),
                                row.number("coat_roughness"),
                                row.number("coat_darkening"),
                            ));
                        }
                    }
                }
            }
        });
    }
    assert!(compared > 60, "{compared}");
    assert!(faults.is_empty(), "{} of {}\n{}", faults.len(), 6 * rows.len(), faults.join("\n"));
}
