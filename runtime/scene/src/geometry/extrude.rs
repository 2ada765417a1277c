//! A polygon drawn out along `+Y`.

use std::f64::consts::PI;

use glam::{DVec2, DVec3};

use super::builder::Builder;
use super::error::{GeometryError, check_length};
use super::normals::with_normals;
use super::polygon::Polygon;
use super::tangents::add_tangents;
use crate::Mesh;

/// A prism over a polygon with holes, centred on `y = 0`. `uv0` is in metres.
#[derive(Clone, Debug, PartialEq)]
pub struct Extrusion {
    /// The outline in metres, in any direction; (x, y) is drawn at (x, -z), so it looks as drawn from above.
    pub outline: Vec<[f64; 2]>,
    /// Holes inside of the outline, metres.
    pub holes: Vec<Vec<[f64; 2]>>,
    /// Height along `+Y`, metres.
    pub height: f64,
    /// Walls that turn by at most this angle are smooth, radians.
    pub crease_angle: f64,
}

impl Default for Extrusion {
    fn default() -> Self {
        let outline = vec![[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]];
        Self { outline, holes: Vec::new(), height: 1.0, crease_angle: PI / 6.0 }
    }
}

impl Extrusion {
    /// The mesh, closed.
    ///
    /// # Errors
    /// When a ring has fewer than three points, no area, crosses itself or another, or there are more than 4096
    /// points.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        check_length("height", self.height)?;
        super::error::check_range("crease_angle", self.crease_angle, 0.0, PI, "rad")?;
        let polygon = Polygon::new(&self.outline, &self.holes)?;
        let triangles = polygon.triangulate()?;
        let mut builder = Builder::default();
        let half = self.height * 0.5;
        for (y, down) in [(half, false), (-half, true)] {
            let first = builder.len();
            for p in &polygon.points {
                builder.vertex(DVec3::new(p.x, y, -p.y), DVec3::Y, [p.x, if down { p.y } else { -p.y }]);
            }
            for triangle in &triangles {
                let [a, b, c] = triangle.map(|i| first + i as u32);
                if down { builder.triangle(a, c, b) } else { builder.triangle(a, b, c) }
            }
        }
        for ring in 0..polygon.starts.len() {
            let points = &polygon.points[polygon.ring(ring)];
            wall(&mut builder, points, half);
        }
        let mut mesh = with_normals(&builder.finish_without_tangents(), self.crease_angle);
        add_tangents(&mut mesh);
        Ok(mesh)
    }
}

fn wall(builder: &mut Builder, ring: &[DVec2], half: f64) {
    let first = builder.len();
    let (mut u, mut last) = (0.0, ring[0]);
    for &p in ring.iter().chain([&ring[0]]) {
        u += p.distance(last);
        last = p;
        builder.vertex(DVec3::new(p.x, half, -p.y), DVec3::Y, [u, 0.0]);
        builder.vertex(DVec3::new(p.x, -half, -p.y), DVec3::Y, [u, 2.0 * half]);
    }
    for k in 0..ring.len() as u32 {
        let a = first + 2 * k;
        builder.quad(a, a + 1, a + 3, a + 2);
    }
}
