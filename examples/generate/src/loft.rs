//! Smooth closed bodies drawn over elliptic rings.

use std::f64::consts::TAU;

use glam::DVec3;
use scenec_scene::Mesh;
use scenec_scene::geometry::{volume, with_normals};

/// An ellipse: `center + side * cos + front * sin`.
#[derive(Clone, Copy)]
pub struct Ring {
    pub center: DVec3,
    pub side: DVec3,
    pub front: DVec3,
}

impl Ring {
    /// A level ring around `center`.
    pub fn level(center: [f64; 3], rx: f64, rz: f64) -> Self {
        Self { center: center.into(), side: DVec3::X * rx, front: DVec3::Z * rz }
    }

    /// A ring across `direction`, which lies in the x-y plane.
    pub fn across(center: DVec3, direction: DVec3, r: f64, rz: f64) -> Self {
        Self { center, side: direction.cross(DVec3::Z).normalize_or(DVec3::X) * r, front: DVec3::Z * rz }
    }
}

/// How a body is drawn.
pub struct Loft<'a> {
    pub rings: &'a [Ring],
    /// Points around.
    pub segments: u32,
    /// Rings between two given ones, by Catmull-Rom.
    pub between: u32,
    /// 2 is an ellipse, more is boxier.
    pub exponent: f64,
    /// Edges sharper than this stay sharp, radians.
    pub crease: f64,
}

impl Loft<'_> {
    /// The closed mesh; `shape` may move each point (point, share of the way around 0..1).
    pub fn mesh(&self, shape: impl Fn(DVec3, f64) -> DVec3) -> Mesh {
        let rings = self.refined();
        let mut mesh = Mesh::default();
        let columns = self.segments;
        let mut push = |p: DVec3, uv: [f64; 2]| {
            mesh.positions.push(p.as_vec3().to_array().map(|c| c + 0.0));
            mesh.uv0.push(uv.map(|c| c as f32));
        };
        for (j, ring) in rings.iter().enumerate() {
            for k in 0..=columns {
                let turn = f64::from(k % columns) / f64::from(columns);
                let (sin, cos) = (libm::sin(turn * TAU), libm::cos(turn * TAU));
                let swell = |c: f64| {
                    if self.exponent == 2.0 { c } else { c.signum() * libm::pow(c.abs(), 2.0 / self.exponent) }
                };
                let p = shape(ring.center + ring.side * swell(cos) + ring.front * swell(sin), turn);
                push(p, [f64::from(k) / f64::from(columns), j as f64 / (rings.len() - 1) as f64]);
            }
        }
        let (first, last) = (rings[0].center, rings[rings.len() - 1].center);
        push(shape(first, 0.0), [0.5, 0.0]);
        push(shape(last, 0.0), [0.5, 1.0]);
        let poles = [rings.len() as u32 * (columns + 1), rings.len() as u32 * (columns + 1) + 1];
        let mut triangle = |t: [u32; 3]| {
            let [a, b, c] = t.map(|i| mesh.positions[i as usize]);
            if a != b && b != c && c != a {
                mesh.triangles.push(t);
            }
        };
        for j in 0..rings.len() as u32 - 1 {
            for k in 0..columns {
                let a = j * (columns + 1) + k;
                let b = a + columns + 1;
                triangle([a, b, b + 1]);
                triangle([a, b + 1, a + 1]);
            }
        }
        let end = (rings.len() as u32 - 1) * (columns + 1);
        for k in 0..columns {
            triangle([poles[0], k, k + 1]);
            triangle([poles[1], end + k + 1, end + k]);
        }
        if volume(&mesh) < 0.0 {
            for t in &mut mesh.triangles {
                t.swap(1, 2);
            }
        }
        with_normals(&mesh, self.crease)
    }

    fn refined(&self) -> Vec<Ring> {
        let n = self.rings.len();
        let at = |i: isize| self.rings[i.clamp(0, n as isize - 1) as usize];
        let mut rings = Vec::new();
        for i in 0..n as isize - 1 {
            for s in 0..=self.between {
                let t = f64::from(s) / f64::from(self.between + 1);
                let mix = |pick: fn(&Ring) -> DVec3| {
                    let [a, b, c, d] = [-1, 0, 1, 2].map(|o| pick(&at(i + o)));
                    0.5 * (2.0 * b
                        + (c - a) * t
                        + (2.0 * a - 5.0 * b + 4.0 * c - d) * (t * t)
                        + (3.0 * b - a - 3.0 * c + d) * (t * t * t))
                };
                rings.push(Ring { center: mix(|r| r.center), side: mix(|r| r.side), front: mix(|r| r.front) });
            }
        }
        rings.push(at(n as isize - 1));
        rings
    }
}
