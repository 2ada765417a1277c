//! Props of a harbour: crate, barrel, bollard, lamp, quay block, and a crane that turns.

use glam::DVec3;
use scenec_scene::Mesh;
use scenec_scene::geometry::{GeometryError, Sphere, Torus, transformed};
use serde_json::json;

use crate::glb::{Document, glowing_material, plain_material};
use crate::loft::{Loft, Ring};
use crate::paint::{Surface, concrete, planks, rust};
use crate::parts::{bar, block, joined, lathe, moved, rod, smooth_lathe, spanned};

/// The kit's document with its materials.
struct Kit {
    document: Document,
    wood: usize,
    stone: usize,
    paint: usize,
    iron: usize,
    steel: usize,
    bulb: usize,
    rubber: usize,
}

/// The file. Every prop stands on y = 0 in its own node's space; the nodes are set out in a row along x.
pub fn kit() -> Result<Vec<u8>, GeometryError> {
    let mut document = Document::default();
    let wood = textured(&mut document, "planks", &planks());
    let stone = textured(&mut document, "concrete", &concrete());
    let paint = textured(&mut document, "painted_steel", &rust());
    let iron = document.add("materials", plain_material("cast_iron", [0.030, 0.031, 0.034], 0.6, 0.5));
    let steel = document.add("materials", plain_material("galvanised", [0.55, 0.56, 0.57], 1.0, 0.38));
    let glow = glowing_material(&mut document, "bulb", [1.0, 0.62, 0.28], 40.0);
    let bulb = document.add("materials", glow);
    let rubber = document.add("materials", plain_material("rubber", [0.012, 0.012, 0.013], 0.0, 0.75));
    let mut kit = Kit { document, wood, stone, paint, iron, steel, bulb, rubber };

    let mut roots = vec![
        kit.crate_box([0.0, 0.0, 0.0])?,
        kit.barrel([1.5, 0.0, 0.0])?,
        kit.bollard([3.0, 0.0, 0.0])?,
        kit.lamp([4.5, 0.0, 0.0])?,
        kit.quay_block([7.0, 0.0, 0.0])?,
    ];
    roots.push(kit.crane([12.0, 0.0, 0.0])?);
    Ok(kit.document.finish("HarbourKit", &roots))
}

fn textured(document: &mut Document, name: &str, surface: &Surface) -> usize {
    let color = document.add_texture(&format!("{name}_color"), &surface.color);
    let metallic_roughness = document.add_texture(&format!("{name}_metallic_roughness"), &surface.metallic_roughness);
    let normal = document.add_texture(&format!("{name}_normal"), &surface.normal);
    document.add(
        "materials",
        json!({
            "name": name,
            "pbrMetallicRoughness": {
                "baseColorTexture": { "index": color },
                "metallicRoughnessTexture": { "index": metallic_roughness },
            },
            "normalTexture": { "index": normal, "scale": 0.8 },
        }),
    )
}

impl Kit {
    /// A node with one mesh of several (parts, material, texture repeats per metre).
    fn node(&mut self, name: &str, at: [f64; 3], parts: Vec<(Vec<Mesh>, usize, f32)>) -> Result<usize, GeometryError> {
        let mut primitives = Vec::new();
        for (meshes, material, scale) in parts {
            let mesh = joined(&meshes, scale)?;
            let has_texture = [self.wood, self.stone, self.paint].contains(&material);
            primitives.push(self.document.add_primitive(&mesh, material, has_texture, None));
        }
        let mesh = self.document.add("meshes", json!({ "name": name, "primitives": primitives }));
        Ok(self.document.add("nodes", json!({ "name": name, "mesh": mesh, "translation": at })))
    }

    /// A cube of 0.8 m: boards inside of a frame of beams.
    fn crate_box(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let (size, beam) = (0.8, 0.09);
        let (edge, far) = (size * 0.5 - beam * 0.5, size * 0.5);
        let mut meshes = vec![block([size - 0.05; 3], 0.0, [0.0, far, 0.0])?];
        for a in [-edge, edge] {
            for b in [-edge, edge] {
                let post = size - 2.0 * beam;
                meshes.push(block([beam, post, beam], 0.008, [a, far, b])?);
                meshes.push(block([size, beam, beam], 0.008, [0.0, far + a, b])?);
                meshes.push(block([beam, beam, post], 0.008, [a, far + b, 0.0])?);
            }
        }
        // A brace across the front and the back.
        for z in [-1.0, 1.0] {
            let reach = edge - beam * 0.5;
            let depth = z * (far - 0.016);
            let (low, high) = (DVec3::new(-reach * z, far - reach, depth), DVec3::new(reach * z, far + reach, depth));
            let brace = block([beam * 0.9, low.distance(high) - 0.06, 0.03], 0.005, [0.0; 3])?;
            meshes.push(spanned(&brace, low, high));
        }
        // Boards run along the picture's u: beams are longer upright than wide, the mild stretch does not show.
        self.node("Crate", at, vec![(meshes, self.wood, 1.25)])
    }

    /// An oil drum's older cousin: bulged staves and three hoops.
    fn barrel(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let height = 0.92;
        let bulge = |y: f64| {
            let t = 2.0 * y / height - 1.0;
            0.335 - 0.075 * t * t
        };
        let mut profile = vec![
            [0.0, height - 0.045],
            [bulge(height) - 0.035, height - 0.045],
            [bulge(height) - 0.03, height],
            [bulge(height), height],
        ];
        profile.extend((1..10).rev().map(|k| [bulge(height * f64::from(k) / 10.0), height * f64::from(k) / 10.0]));
        profile.extend([[bulge(0.0), 0.0], [0.0, 0.0]]);
        // u runs around, v down: staves need the boards upright, so the two are exchanged.
        let mut staves = smooth_lathe(&profile, false, 28)?;
        for uv in &mut staves.uv0 {
            uv.swap(0, 1);
        }
        let hoop = |y: f64| -> Result<Mesh, GeometryError> {
            let (low, high) = (bulge(y - 0.025) + 0.005, bulge(y + 0.025) + 0.005);
            let inner = low.min(high) - 0.02;
            lathe(&[[inner, y + 0.025], [high, y + 0.025], [low, y - 0.025], [inner, y - 0.025]], false, 0.0, 28)
        };
        let hoops = [0.1, 0.3, 0.62, 0.82].into_iter().map(hoop).collect::<Result<Vec<_>, _>>()?;
        self.node("Barrel", at, vec![(vec![staves], self.wood, 1.9), (hoops, self.iron, 1.0)])
    }

    /// A mooring bollard of painted cast iron.
    fn bollard(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let profile = [
            [0.0, 0.520],
            [0.100, 0.515],
            [0.175, 0.490],
            [0.205, 0.450],
            [0.200, 0.410],
            [0.165, 0.375],
            [0.130, 0.330],
            [0.120, 0.250],
            [0.125, 0.160],
            [0.150, 0.095],
            [0.200, 0.062],
            [0.270, 0.050],
        ];
        let body = smooth_lathe(&[&profile[..], &[[0.275, 0.045], [0.275, 0.0], [0.0, 0.0]]].concat(), false, 32)?;
        let mut bolts = Vec::new();
        for k in 0..6 {
            let angle = std::f64::consts::TAU * f64::from(k) / 6.0;
            let bolt = lathe(&[[0.0, 0.026], [0.022, 0.026], [0.022, 0.0]], false, 0.0, 6)?;
            bolts.push(moved(&bolt, [0.235 * libm::cos(angle), 0.05, 0.235 * libm::sin(angle)]));
        }
        self.node("Bollard", at, vec![(vec![body], self.paint, 1.3), (bolts, self.steel, 1.0)])
    }

    /// A quay lamp, 3.6 m, whose bulb shines.
    fn lamp(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let post = smooth_lathe(
            &[
                [0.0, 2.95],
                [0.050, 2.95],
                [0.055, 2.90],
                [0.036, 2.84],
                [0.038, 2.0],
                [0.050, 0.85],
                [0.072, 0.80],
                [0.075, 0.74],
                [0.060, 0.68],
                [0.066, 0.40],
                [0.105, 0.33],
                [0.115, 0.26],
                [0.115, 0.10],
                [0.150, 0.05],
                [0.155, 0.0],
                [0.0, 0.0],
            ],
            false,
            20,
        )?;
        // The cap and the tray of the lantern, four corner rods, and a bulb between.
        let cap = smooth_lathe(
            &[
                [0.0, 3.60],
                [0.018, 3.595],
                [0.024, 3.55],
                [0.060, 3.52],
                [0.190, 3.40],
                [0.205, 3.375],
                [0.190, 3.365],
                [0.0, 3.375],
            ],
            false,
            24,
        )?;
        let tray = smooth_lathe(
            &[[0.0, 2.985], [0.115, 2.985], [0.125, 2.965], [0.100, 2.93], [0.045, 2.90], [0.0, 2.90]],
            false,
            24,
        )?;
        let mut iron = vec![post, cap, tray];
        for k in 0..4 {
            let angle = std::f64::consts::TAU * (f64::from(k) + 0.5) / 4.0;
            let (x, z) = (libm::cos(angle), libm::sin(angle));
            iron.push(rod(DVec3::new(0.105 * x, 2.97, 0.105 * z), DVec3::new(0.170 * x, 3.385, 0.170 * z), 0.009, 8)?);
        }
        let bulb = moved(&Sphere { radius: 0.075, segments: 18, rings: 9 }.mesh()?, [0.0, 3.16, 0.0]);
        let socket = rod(DVec3::new(0.0, 2.98, 0.0), DVec3::new(0.0, 3.10, 0.0), 0.035, 16)?;
        self.node(
            "Lamp",
            at,
            vec![(iron, self.iron, 1.0), (vec![socket], self.steel, 1.0), (vec![bulb], self.bulb, 1.0)],
        )
    }

    /// Two metres of quay wall with a fender.
    fn quay_block(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let stone =
            vec![block([2.0, 0.86, 1.0], 0.02, [0.0, 0.43, 0.0])?, block([2.0, 0.14, 1.06], 0.025, [0.0, 0.93, 0.0])?];
        let mut fenders = Vec::new();
        for x in [-0.55, 0.55] {
            let strip = [[0.5, 0.12], [0.5, 0.80]].map(|[z, y]| DVec3::new(x, y, z + 0.05));
            fenders.push(rod(strip[0], strip[1], 0.07, 14)?);
        }
        let ring = Torus { major_radius: 0.10, minor_radius: 0.014, major_segments: 18, minor_segments: 6 }.mesh()?;
        let hung = glam::Affine3A::from_rotation_translation(
            glam::Quat::from_rotation_x(1.45),
            DVec3::new(0.0, 0.62, 0.525).as_vec3(),
        );
        let iron = vec![transformed(&ring, hung), block([0.06, 0.08, 0.05], 0.008, [0.0, 0.72, 0.51])?];
        self.node("QuayBlock", at, vec![(stone, self.stone, 0.6), (fenders, self.rubber, 1.0), (iron, self.steel, 1.0)])
    }

    /// CraneBase > CraneMast (turns about y) > CraneBoom (luffs about x at its foot) > Hook (hangs).
    fn crane(&mut self, at: [f64; 3]) -> Result<usize, GeometryError> {
        let base = self.node(
            "CraneBase",
            at,
            vec![
                (vec![block([2.2, 0.5, 2.2], 0.06, [0.0, 0.25, 0.0])?], self.stone, 0.6),
                (
                    vec![lathe(&[[0.0, 0.72], [0.70, 0.72], [0.78, 0.60], [0.78, 0.5], [0.0, 0.5]], false, 0.0, 32)?],
                    self.iron,
                    1.0,
                ),
            ],
        )?;
        let mast_parts = self.mast()?;
        let mast = self.node("CraneMast", [0.0, 0.72, 0.0], mast_parts)?;
        let boom_parts = self.boom()?;
        let boom = self.node("CraneBoom", [0.0, 1.35, 0.55], boom_parts)?;
        let hook_parts = self.hook()?;
        let hook = self.node("Hook", [0.0, BOOM_TIP[0], BOOM_TIP[1]], hook_parts)?;
        for (parent, child) in [(base, mast), (mast, boom), (boom, hook)] {
            self.document.edit("nodes", parent, |node| node["children"] = json!([child]));
        }
        Ok(base)
    }

    fn mast(&self) -> Result<Vec<(Vec<Mesh>, usize, f32)>, GeometryError> {
        let mut painted = vec![
            // Turntable, machine house and ballast.
            block([1.5, 0.22, 2.3], 0.03, [0.0, 0.11, -0.15])?,
            block([1.25, 1.15, 1.0], 0.05, [0.0, 0.80, -0.72])?,
            block([1.36, 0.07, 1.12], 0.02, [0.0, 1.41, -0.72])?,
        ];
        let (foot, head) = (0.42, 0.12);
        let level = |t: f64, sx: f64, sz: f64| {
            let half = foot + (head - foot) * t;
            DVec3::new(sx * half, 0.22 + 3.9 * t, 0.25 + sz * half)
        };
        let sides = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        for k in 0..4 {
            let (a, b) = (sides[k], sides[(k + 1) % 4]);
            painted.push(bar(level(0.0, a.0, a.1), level(1.0, a.0, a.1), 0.09)?);
            for step in 0..3 {
                let (low, high) = (f64::from(step) / 3.0, f64::from(step + 1) / 3.0);
                painted.push(bar(level(low, a.0, a.1), level(high, b.0, b.1), 0.05)?);
                painted.push(bar(level(high, a.0, a.1), level(high, b.0, b.1), 0.05)?);
            }
        }
        painted.push(block([0.34, 0.16, 0.34], 0.02, [0.0, 4.16, 0.25])?);
        let sheave = lathe(&[[0.05, 0.05], [0.17, 0.05], [0.14, 0.0], [0.17, -0.05], [0.05, -0.05]], true, 0.0, 24)?;
        let upright = glam::Affine3A::from_rotation_translation(
            glam::Quat::from_rotation_z(std::f32::consts::FRAC_PI_2),
            DVec3::new(0.0, 4.32, 0.25).as_vec3(),
        );
        let steel = vec![
            transformed(&sheave, upright),
            rod(DVec3::new(-0.14, 4.32, 0.25), DVec3::new(0.14, 4.32, 0.25), 0.04, 12)?,
        ];
        let windows = vec![block([0.95, 0.42, 0.04], 0.01, [0.0, 1.02, -0.215])?];
        Ok(vec![(painted, self.paint, 0.7), (steel, self.steel, 1.0), (windows, self.rubber, 1.0)])
    }

    /// The boom rises along +z from its hinge at the origin to its tip.
    fn boom(&self) -> Result<Vec<(Vec<Mesh>, usize, f32)>, GeometryError> {
        let tip = DVec3::new(0.0, BOOM_TIP[0], BOOM_TIP[1]);
        let along = tip.normalize();
        let up = DVec3::X.cross(along) * -1.0;
        let at = |t: f64, sx: f64, sy: f64| {
            // Slender at both ends, deepest at a third.
            let deep = 0.10 + 0.20 * (1.0 - (t - 0.35).abs() / 0.65).clamp(0.0, 1.0);
            let wide = 0.28 - 0.18 * t;
            tip * t + DVec3::X * (sx * wide) + up * (sy * deep)
        };
        let mut painted = Vec::new();
        let bays = 5;
        let sides = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        for bay in 0..bays {
            let (low, high) = (f64::from(bay) / f64::from(bays), f64::from(bay + 1) / f64::from(bays));
            for k in 0..4 {
                let (a, b) = (sides[k], sides[(k + 1) % 4]);
                painted.push(bar(at(low, a.0, a.1), at(high, a.0, a.1), 0.065)?);
                painted.push(bar(at(low, a.0, a.1), at(high, b.0, b.1), 0.035)?);
            }
        }
        painted.push(block([0.66, 0.14, 0.14], 0.02, [0.0, 0.0, 0.0])?);
        let wheel = lathe(&[[0.04, 0.04], [0.16, 0.04], [0.13, 0.0], [0.16, -0.04], [0.04, -0.04]], true, 0.0, 24)?;
        let place = glam::Affine3A::from_rotation_translation(
            glam::Quat::from_rotation_z(std::f32::consts::FRAC_PI_2),
            tip.as_vec3(),
        );
        // The stay runs back to the head of the mast, 2.97 m above and 0.3 m behind the hinge.
        let stay = DVec3::new(0.0, 4.32 - 1.35 + 0.15, 0.25 - 0.55);
        let steel = vec![
            transformed(&wheel, place),
            rod(DVec3::new(-0.05, stay.y, stay.z), tip + DVec3::new(-0.05, 0.12, 0.0), 0.012, 6)?,
            rod(DVec3::new(0.05, stay.y, stay.z), tip + DVec3::new(0.05, 0.12, 0.0), 0.012, 6)?,
        ];
        Ok(vec![(painted, self.paint, 0.7), (steel, self.steel, 1.0)])
    }

    /// A rope of 2.6 m, a block and a hook; the origin is the top of the rope.
    fn hook(&self) -> Result<Vec<(Vec<Mesh>, usize, f32)>, GeometryError> {
        let drop = 2.6;
        let rope = rod(DVec3::new(0.0, -drop, 0.14), DVec3::new(0.0, 0.0, 0.14), 0.014, 8)?;
        let house = moved(&block([0.16, 0.34, 0.24], 0.03, [0.0; 3])?, [0.0, -drop - 0.12, 0.14]);
        // A bend of three quarters of a turn that thins out to its point.
        let steps = 14;
        let ring = |k: u32| {
            let t = f64::from(k) / f64::from(steps);
            let angle = std::f64::consts::TAU * (0.25 - 0.74 * t);
            let out = DVec3::new(0.0, libm::sin(angle), libm::cos(angle));
            let radius = 0.034 * (1.0 - 0.75 * t * t);
            Ring {
                center: DVec3::new(0.0, -drop - 0.48, 0.14) + out * 0.11,
                side: out * radius,
                front: DVec3::X * (radius * 0.8),
            }
        };
        let rings: Vec<Ring> = (0..=steps).map(ring).collect();
        let bend = Loft { rings: &rings, segments: 12, between: 0, exponent: 2.0, crease: 0.9 }.mesh(|p, _| p);
        let shank = rod(DVec3::new(0.0, -drop - 0.38, 0.14), DVec3::new(0.0, -drop - 0.27, 0.14), 0.032, 12)?;
        Ok(vec![(vec![rope, bend, shank], self.steel, 1.0), (vec![house], self.paint, 0.7)])
    }
}

/// Height and reach of the boom's tip from its hinge, metres.
const BOOM_TIP: [f64; 2] = [3.4, 4.4];
