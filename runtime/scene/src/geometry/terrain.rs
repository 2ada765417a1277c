//! A height field from seeded noise or from a picture.

use glam::DVec3;
use rayon::prelude::*;

use super::error::{GeometryError, check_count, check_length, check_range};
use super::height_image::HeightImage;
use super::noise::Fractal;
use super::random::mix;
use super::tangents::add_tangents;
use crate::Mesh;

/// A round place that is levelled, so that something can stand there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pad {
    /// Middle of the pad (x, z), metres.
    pub center: [f64; 2],
    /// Radius of the level part, metres; its height is what the terrain has at the middle.
    pub radius: f64,
    /// Width of the ring over which the level part goes over into the terrain, metres.
    pub falloff: f64,
}

/// What a terrain is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct TerrainParams {
    /// Length along x and z, metres; centred on the origin.
    pub size: [f64; 2],
    /// From the lowest possible to the highest possible point, metres: heights lie in `-relief/2..=relief/2`.
    pub relief: f64,
    /// Quads along the longer side, 1..=5000; the shorter side has as many as its length asks for.
    pub resolution: u32,
    /// Seed of the noise.
    pub seed: u64,
    /// 0 smooth .. 1 jagged: amplitude of each octave against the one before.
    pub roughness: f64,
    /// Octaves of noise, 1..=24.
    pub octaves: u32,
    /// Size of the largest hills in metres; a third of the longer side when absent.
    pub feature_size: Option<f64>,
    /// 0 rolling hills .. 1 sharp ridges.
    pub ridges: f64,
    /// Where the ground is level, if anywhere.
    pub pad: Option<Pad>,
    /// Heights from a picture instead of noise, stretched over the whole terrain.
    pub image: Option<HeightImage>,
}

impl Default for TerrainParams {
    fn default() -> Self {
        Self {
            size: [400.0, 400.0],
            relief: 30.0,
            resolution: 256,
            seed: 0,
            roughness: 0.45,
            octaves: 8,
            feature_size: None,
            ridges: 0.3,
            pad: None,
            image: None,
        }
    }
}

/// A sampled height field: a grid of heights that is also the mesh, so things placed by [`Terrain::height_at`]
/// stand on the very triangles that are rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct Terrain {
    size: [f64; 2],
    quads: [u32; 2],
    /// `(quads[0] + 1) * (quads[1] + 1)` heights in metres, rows from -z.
    heights: Vec<f32>,
    normals: Vec<[f32; 3]>,
}

impl TerrainParams {
    /// Samples the height field.
    ///
    /// # Errors
    /// When a parameter is out of range.
    pub fn build(&self) -> Result<Terrain, GeometryError> {
        self.check()?;
        let longer = self.size[0].max(self.size[1]);
        let quads = self.size.map(|side| ((f64::from(self.resolution) * side / longer).round() as u32).max(1));
        let function = HeightFunction::new(self);
        let step = [0, 1].map(|axis| self.size[axis] / f64::from(quads[axis]));
        // One ring more than the mesh has, for the slopes at the border.
        let columns = quads[0] as usize + 3;
        let coordinate = |axis: usize, i: usize| (i as f64 - 1.0) * step[axis] - self.size[axis] * 0.5;
        let rows: Vec<Vec<f64>> = (0..quads[1] as usize + 3)
            .into_par_iter()
            .map(|j| (0..columns).map(|i| function.at(coordinate(0, i), coordinate(1, j))).collect())
            .collect();
        let mut heights = Vec::with_capacity((columns - 2) * (rows.len() - 2));
        let mut normals = Vec::with_capacity(heights.capacity());
        for three in rows.windows(3) {
            for i in 1..columns - 1 {
                heights.push(three[1][i] as f32 + 0.0);
                let slope_x = (three[1][i + 1] - three[1][i - 1]) / (2.0 * step[0]);
                let slope_z = (three[2][i] - three[0][i]) / (2.0 * step[1]);
                normals.push(DVec3::new(-slope_x, 1.0, -slope_z).normalize().as_vec3().to_array());
            }
        }
        Ok(Terrain { size: self.size, quads, heights, normals })
    }

    fn check(&self) -> Result<(), GeometryError> {
        self.size.iter().try_for_each(|&length| check_length("size", length))?;
        check_range("relief", self.relief, 0.0, 1e5, "m")?;
        check_count("resolution", self.resolution, 1, 5000)?;
        check_range("roughness", self.roughness, 0.0, 1.0, "")?;
        check_count("octaves", self.octaves, 1, 24)?;
        check_range("ridges", self.ridges, 0.0, 1.0, "")?;
        if let Some(feature_size) = self.feature_size {
            check_length("feature_size", feature_size)?;
        }
        if let Some(pad) = &self.pad {
            pad.center.iter().try_for_each(|&c| check_range("pad.center", c, -1e6, 1e6, "m"))?;
            check_range("pad.radius", pad.radius, 0.0, 1e6, "m")?;
            check_range("pad.falloff", pad.falloff, 0.0, 1e6, "m")?;
        }
        self.image.as_ref().map_or(Ok(()), HeightImage::check)
    }
}

/// Height as a function of the plane.
struct HeightFunction<'a> {
    params: &'a TerrainParams,
    fractal: Fractal,
    /// Features per metre.
    frequency: f64,
    /// Height of the pad, where there is one.
    pad_height: f64,
}

impl<'a> HeightFunction<'a> {
    fn new(params: &'a TerrainParams) -> Self {
        let feature_size = params.feature_size.unwrap_or(params.size[0].max(params.size[1]) / 3.0);
        let fractal = Fractal {
            seed: mix(params.seed.wrapping_add(0x7465_7272_6169_6e21)),
            octaves: params.octaves,
            gain: params.roughness,
            ridges: params.ridges,
        };
        let mut function = Self { params, fractal, frequency: 1.0 / feature_size, pad_height: 0.0 };
        if let Some(pad) = &params.pad {
            function.pad_height = function.wild(pad.center[0], pad.center[1]);
        }
        function
    }

    fn at(&self, x: f64, z: f64) -> f64 {
        let wild = self.wild(x, z);
        let Some(pad) = &self.params.pad else { return wild };
        let (dx, dz) = (x - pad.center[0], z - pad.center[1]);
        let beyond = (dx * dx + dz * dz).sqrt() - pad.radius;
        let t = if beyond <= 0.0 { 0.0 } else { (beyond / pad.falloff.max(1e-9)).min(1.0) };
        self.pad_height + (wild - self.pad_height) * (t * t * (3.0 - 2.0 * t))
    }

    fn wild(&self, x: f64, z: f64) -> f64 {
        let params = self.params;
        if let Some(image) = &params.image {
            return params.relief * (image.at(x / params.size[0] + 0.5, z / params.size[1] + 0.5) - 0.5);
        }
        // A sum of octaves stays near its mean. The stretch uses the whole relief; the cubic is level at both ends,
        // so a summit that is cut has no crease.
        let s = (self.fractal.at(x * self.frequency, z * self.frequency) * 1.6).clamp(-1.0, 1.0);
        0.5 * params.relief * (s * (1.5 - 0.5 * s * s))
    }
}

impl Terrain {
    /// Quads along x and z.
    pub fn quads(&self) -> [u32; 2] {
        self.quads
    }

    /// Length along x and z, metres.
    pub fn size(&self) -> [f64; 2] {
        self.size
    }

    /// The heights at the grid's corners in metres, rows from -z, `(quads[0] + 1) * (quads[1] + 1)` of them.
    pub fn heights(&self) -> &[f32] {
        &self.heights
    }

    /// Height of the mesh at a point in metres; `None` outside.
    pub fn height_at(&self, x: f64, z: f64) -> Option<f64> {
        let (corner, fx, fz) = self.locate(x, z)?;
        let row = self.quads[0] as usize + 1;
        let h = |i: usize| f64::from(self.heights[i]);
        let (h00, h10, h01, h11) = (h(corner), h(corner + 1), h(corner + row), h(corner + row + 1));
        // The quad is cut from its corner at -x, -z to the opposite one, as in `mesh`.
        Some(if fz >= fx {
            h00 + (h01 - h00) * fz + (h11 - h01) * fx
        } else {
            h00 + (h10 - h00) * fx + (h11 - h10) * fz
        })
    }

    /// The unit shading normal at a point, bilinear between the grid's corners; `None` outside.
    pub fn normal_at(&self, x: f64, z: f64) -> Option<[f64; 3]> {
        let (corner, fx, fz) = self.locate(x, z)?;
        let row = self.quads[0] as usize + 1;
        let n = |i: usize| DVec3::from(self.normals[i].map(f64::from));
        let near = n(corner).lerp(n(corner + 1), fx);
        let far = n(corner + row).lerp(n(corner + row + 1), fx);
        Some(near.lerp(far, fz).normalize_or(DVec3::Y).to_array())
    }

    /// Index of a quad's corner at -x, -z, and the place inside of the quad.
    fn locate(&self, x: f64, z: f64) -> Option<(usize, f64, f64)> {
        let along = |axis: usize, p: f64| {
            let t = (p / self.size[axis] + 0.5) * f64::from(self.quads[axis]);
            let cell = t.floor().min(f64::from(self.quads[axis]) - 1.0);
            (t >= 0.0 && t <= f64::from(self.quads[axis])).then_some((cell as usize, t - cell))
        };
        let ((i, fx), (j, fz)) = (along(0, x)?, along(1, z)?);
        Some((j * (self.quads[0] as usize + 1) + i, fx, fz))
    }

    /// The mesh; `uv0` is in metres from the corner at -x, -z.
    pub fn mesh(&self) -> Mesh {
        let mut mesh = Mesh::default();
        let [nx, nz] = self.quads;
        for j in 0..=nz {
            for i in 0..=nx {
                let u = self.size[0] * f64::from(i) / f64::from(nx);
                let v = self.size[1] * f64::from(j) / f64::from(nz);
                let height = self.heights[mesh.positions.len()];
                mesh.positions.push([(u - self.size[0] * 0.5) as f32, height, (v - self.size[1] * 0.5) as f32]);
                mesh.uv0.push([u as f32, v as f32]);
            }
        }
        mesh.normals.clone_from(&self.normals);
        mesh.triangles.reserve(2 * nx as usize * nz as usize);
        for j in 0..nz {
            for i in 0..nx {
                let a = j * (nx + 1) + i;
                let (b, c, d) = (a + nx + 1, a + nx + 2, a + 1);
                mesh.triangles.extend([[a, b, c], [a, c, d]]);
            }
        }
        add_tangents(&mut mesh);
        mesh
    }
}
