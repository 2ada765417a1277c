//! Involute spur gears.

use std::f64::consts::{FRAC_PI_2, PI, TAU};

use glam::{DVec2, DVec3};

use super::builder::Builder;
use super::error::{GeometryError, check_count, check_length, check_range, check_triangles};
use super::normals::with_normals;
use super::tangents::add_tangents;
use crate::Mesh;

/// The thicker ring around the bore.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hub {
    /// Outer diameter in metres.
    pub diameter: f64,
    /// Length along the axis in metres; at least the width of the gear.
    pub width: f64,
}

/// An involute spur gear about `+Y`, centred on the origin, with the middle of a tooth at `+Z`.
///
/// Proportions are those of ISO 53 (basic rack): addendum 1 module, dedendum 1.25 module, root fillet 0.38 module,
/// no profile shift, no backlash. Two gears of one module and pressure angle mesh at the distance of half the sum
/// of their pitch diameters. Below the base circle the flank is radial. `uv0` is in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gear {
    /// Number of teeth, 5..=1000.
    pub teeth: u32,
    /// Pitch diameter over number of teeth, metres.
    pub module: f64,
    /// Face width along the axis, metres.
    pub width: f64,
    /// Pressure angle in radians, 10..=30 degrees; 20 degrees is the standard.
    pub pressure_angle: f64,
    /// Diameter of the bore in metres; 0 for none.
    pub bore: f64,
    /// What the edges of the teeth, bore and hub lose on each face, metres; at most 0.25 module.
    pub chamfer: f64,
    /// A hub, if any; needs a bore.
    pub hub: Option<Hub>,
    /// Thickness of the plate between rim and hub in metres, if it is thinner than the gear.
    pub web: Option<f64>,
    /// Points along one involute flank, 2..=64.
    pub flank_points: u32,
}

impl Default for Gear {
    fn default() -> Self {
        Self {
            teeth: 24,
            module: 0.005,
            width: 0.02,
            pressure_angle: 20.0 * PI / 180.0,
            bore: 0.02,
            chamfer: 0.0004,
            hub: None,
            web: None,
            flank_points: 8,
        }
    }
}

/// Proportions of the basic rack in modules (ISO 53:1998, profile A).
const ADDENDUM: f64 = 1.0;
const DEDENDUM: f64 = 1.25;
const FILLET: f64 = 0.38;
/// Points of the root fillet and parts of the root land and of a tooth's foot.
const FILLET_POINTS: u32 = 4;
const ROOT_PARTS: u32 = 3;
const FOOT_PARTS: u32 = 3;

impl Gear {
    /// Diameter at which two gears roll on each other: teeth x module.
    pub fn pitch_diameter(&self) -> f64 {
        f64::from(self.teeth) * self.module
    }

    /// Diameter of the circle that the involutes unwind from.
    pub fn base_diameter(&self) -> f64 {
        self.pitch_diameter() * libm::cos(self.pressure_angle)
    }

    /// Diameter over the tips of the teeth.
    pub fn outside_diameter(&self) -> f64 {
        self.pitch_diameter() + 2.0 * ADDENDUM * self.module
    }

    /// Diameter at the roots of the teeth.
    pub fn root_diameter(&self) -> f64 {
        self.pitch_diameter() - 2.0 * DEDENDUM * self.module
    }

    /// Half of the angle that a tooth takes at radius `r`.
    ///
    /// Litvin and Fuentes, "Gear Geometry and Applied Theory", 2004, eq. 10.3.4: half the angle at the pitch circle,
    /// pi / 2z, plus inv(pressure angle) - inv(angle at r), with inv(a) = tan a - a and cos(angle at r) = r_b / r.
    fn half_tooth(&self, r: f64) -> f64 {
        let involute = |angle: f64| libm::tan(angle) - angle;
        let angle = libm::acos((self.base_diameter() * 0.5 / r).min(1.0));
        FRAC_PI_2 / f64::from(self.teeth) + involute(self.pressure_angle) - involute(angle)
    }

    /// The mesh, closed.
    ///
    /// # Errors
    /// When a parameter is out of range, or when bore, hub and rim leave no room for each other.
    pub fn mesh(&self) -> Result<Mesh, GeometryError> {
        self.check()?;
        let flank = self.flank()?;
        let profile = self.inner_profile()?;
        let around = u64::from(self.teeth) * u64::from(FOOT_PARTS + ROOT_PARTS);
        let outline = u64::from(self.teeth) * (2 * flank.len() as u64 + u64::from(ROOT_PARTS));
        check_triangles("teeth", 2 * around * profile.len() as u64 + 8 * outline)?;

        let mut cutter = Cutter { gear: self, flank, builder: Builder::default() };
        let top = self.width * 0.5;
        let below = top - self.chamfer;
        let levels: &[(f64, f64)] = if self.chamfer > 0.0 {
            &[(top, self.chamfer), (below, 0.0), (-below, 0.0), (-top, self.chamfer)]
        } else {
            &[(top, 0.0), (-top, 0.0)]
        };
        for pair in levels.windows(2) {
            cutter.wall(pair[0], pair[1]);
        }
        cutter.tooth_faces(top, false);
        cutter.tooth_faces(-top, true);
        cutter.inside(top, &profile);
        let mut mesh = with_normals(&cutter.builder.finish_without_tangents(), 35.0 * PI / 180.0);
        add_tangents(&mut mesh);
        Ok(mesh)
    }

    fn check(&self) -> Result<(), GeometryError> {
        check_count("teeth", self.teeth, 5, 1000)?;
        check_length("module", self.module)?;
        check_length("width", self.width)?;
        check_range("pressure_angle", self.pressure_angle, 10.0 * PI / 180.0, 30.0 * PI / 180.0, "rad")?;
        check_range("chamfer", self.chamfer, 0.0, (0.25 * self.module).min(0.45 * self.width), "m")?;
        check_range("bore", self.bore, 0.0, self.root_diameter() - 2.0 * (self.module + self.chamfer), "m")?;
        check_count("flank_points", self.flank_points, 2, 64)?;
        if let Some(web) = self.web {
            check_range("web", web, 0.05 * self.width, self.width, "m")?;
        }
        if let Some(hub) = self.hub {
            check_range("hub.width", hub.width, self.width, 1e6, "m")?;
            let thinnest = self.bore + 4.0 * self.chamfer + 0.1 * self.module;
            check_range("hub.diameter", hub.diameter, thinnest, self.root_diameter() - 2.0 * self.module, "m")?;
        }
        Ok(())
    }

    /// One flank from the root to the tip: (radius, half of the tooth's angle there).
    fn flank(&self) -> Result<Vec<[f64; 2]>, GeometryError> {
        let (root, tip) = (self.root_diameter() * 0.5, self.outside_diameter() * 0.5);
        let foot = self.half_tooth(root);
        let gap = PI / f64::from(self.teeth) - foot;
        let at_tip = self.half_tooth(tip);
        // The chamfer takes its width from both sides of the tip.
        if at_tip * tip <= 1.1 * self.chamfer + 0.02 * self.module || gap <= 0.0 {
            return Err(GeometryError::OutOfRange {
                parameter: "pressure_angle",
                given: format!("{:.2} deg", self.pressure_angle * 180.0 / PI),
                legal: format!("smaller with {} teeth, or the teeth end in a point", self.teeth),
            });
        }
        let fillet = FILLET * self.module;
        // A parabola that touches the root circle and the flank stands for the arc of the tool's tip.
        let out = (fillet / root).min(0.9 * gap);
        let (p0, p1, p2) = (
            DVec2::new(root, foot + out),
            DVec2::new(root, foot),
            DVec2::new(root + fillet, self.half_tooth(root + fillet)),
        );
        let mut points: Vec<[f64; 2]> = (0..FILLET_POINTS)
            .map(|i| {
                let t = f64::from(i) / f64::from(FILLET_POINTS);
                p0.lerp(p1, t).lerp(p1.lerp(p2, t), t).to_array()
            })
            .collect();
        for i in 0..=self.flank_points {
            let r = p2.x + (tip - p2.x) * f64::from(i) / f64::from(self.flank_points);
            points.push([r, self.half_tooth(r)]);
        }
        Ok(points)
    }

    /// (radius, y) from the root ring of the upper face inwards, through the bore, out to the root ring below. The
    /// root rings themselves are left out. Without a bore it stops at the axis: the last point of each half.
    fn inner_profile(&self) -> Result<Vec<[f64; 2]>, GeometryError> {
        let (half, c) = (self.width * 0.5, self.chamfer);
        let bore = self.bore * 0.5;
        let mut upper: Vec<[f64; 2]> = Vec::new();
        let hub_radius = self.hub.map_or(bore + 1.2 * self.module + 2.0 * c, |hub| hub.diameter * 0.5);
        let hub_top = self.hub.map_or(half, |hub| hub.width * 0.5);
        if let Some(web) = self.web.filter(|&web| web < self.width) {
            let depth = half - web * 0.5;
            let draft = 0.15 * depth;
            let rim = self.root_diameter() * 0.5 - 1.5 * self.module;
            if rim - draft <= hub_radius + draft {
                return Err(GeometryError::Unusable {
                    parameter: "web",
                    problem: "has no room between rim and hub; leave it out, or make the bore or hub smaller"
                        .to_owned(),
                });
            }
            upper.extend([[rim, half], [rim - draft, web * 0.5], [hub_radius + draft, web * 0.5]]);
            push_edge(&mut upper, [hub_radius, hub_top], c);
        } else if self.hub.is_some() {
            upper.push([hub_radius, half]);
            if hub_top > half + c {
                push_edge(&mut upper, [hub_radius, hub_top], c);
            }
        }
        let face = upper.last().map_or(half, |last| last[1]);
        if self.bore > 0.0 {
            upper.push([bore + c, face]);
            if c > 0.0 {
                upper.push([bore, face - c]);
            }
        } else {
            upper.push([0.0, face]);
        }
        let lower: Vec<[f64; 2]> = upper.iter().rev().map(|p| [p[0], -p[1]]).collect();
        upper.extend(lower);
        Ok(upper)
    }
}

/// A convex corner of the hub, reached from below and left inwards, cut by `c`.
fn push_edge(profile: &mut Vec<[f64; 2]>, [r, y]: [f64; 2], c: f64) {
    if c > 0.0 {
        profile.extend([[r, y - c], [r - c, y]]);
    } else {
        profile.push([r, y]);
    }
}

struct Cutter<'a> {
    gear: &'a Gear,
    flank: Vec<[f64; 2]>,
    builder: Builder,
}

fn polar(r: f64, angle: f64, y: f64) -> DVec3 {
    DVec3::new(r * libm::sin(angle), y, r * libm::cos(angle))
}

impl Cutter<'_> {
    fn tooth_angle(&self, tooth: u32) -> f64 {
        TAU * f64::from(tooth % self.gear.teeth) / f64::from(self.gear.teeth)
    }

    /// A point of the flank, made smaller by `inset` both radially and along the circle.
    fn flank_point(&self, tooth: u32, i: usize, side: f64, inset: f64, y: f64) -> DVec3 {
        let [r, half] = self.flank[i];
        polar(r - inset, self.tooth_angle(tooth) + side * (half - inset / r), y)
    }

    fn tip(&self, tooth: u32, inset: f64, y: f64) -> DVec3 {
        polar(self.gear.outside_diameter() * 0.5 - inset, self.tooth_angle(tooth), y)
    }

    /// Inner points of the root land after `tooth`.
    fn root_land(&self, tooth: u32, k: u32, inset: f64, y: f64) -> DVec3 {
        let [r, half] = self.flank[0];
        let half = half - inset / r;
        let open = TAU / f64::from(self.gear.teeth) - 2.0 * half;
        let angle = self.tooth_angle(tooth) + half + open * f64::from(k) / f64::from(ROOT_PARTS);
        polar(r - inset, angle, y)
    }

    /// The whole outline, counter-clockwise seen from above; its first point is repeated at the end.
    fn outline(&self, (y, inset): (f64, f64)) -> Vec<DVec3> {
        let count = self.flank.len();
        let mut ring = Vec::new();
        for tooth in 0..self.gear.teeth {
            ring.extend((0..count).map(|i| self.flank_point(tooth, i, -1.0, inset, y)));
            ring.push(self.tip(tooth, inset, y));
            ring.extend((0..count).rev().map(|i| self.flank_point(tooth, i, 1.0, inset, y)));
            ring.extend((1..ROOT_PARTS).map(|k| self.root_land(tooth, k, inset, y)));
        }
        ring.push(ring[0]);
        ring
    }

    fn wall(&mut self, upper: (f64, f64), lower: (f64, f64)) {
        let (above, below) = (self.outline(upper), self.outline(lower));
        let first = self.builder.len();
        let (mut u, mut last) = (0.0, above[0]);
        for (&a, &b) in above.iter().zip(&below) {
            u += a.distance(last);
            last = a;
            self.builder.vertex(a, DVec3::Y, [u, -a.y]);
            self.builder.vertex(b, DVec3::Y, [u, -b.y]);
        }
        for k in 0..above.len() as u32 - 1 {
            let a = first + 2 * k;
            self.builder.quad(a, a + 1, a + 3, a + 2);
        }
    }

    fn face_vertex(&mut self, p: DVec3, down: bool) -> u32 {
        self.builder.vertex(p, DVec3::Y, [p.x, if down { -p.z } else { p.z }])
    }

    fn face_triangle(&mut self, [a, b, c]: [u32; 3], down: bool) {
        if down { self.builder.triangle(a, c, b) } else { self.builder.triangle(a, b, c) }
    }

    /// The flat sides of the teeth, down to the chord over each tooth's foot.
    fn tooth_faces(&mut self, y: f64, down: bool) {
        let inset = self.gear.chamfer;
        let count = self.flank.len();
        for tooth in 0..self.gear.teeth {
            let side = |cutter: &mut Self, sign: f64| -> Vec<u32> {
                (0..count)
                    .map(|i| {
                        let p = cutter.flank_point(tooth, i, sign, inset, y);
                        cutter.face_vertex(p, down)
                    })
                    .collect()
            };
            let (low, high) = (side(self, -1.0), side(self, 1.0));
            // The foot's chord carries the points of the ring below it; a fan from the first flank point meets them.
            let mut foot = vec![high[0]];
            for k in (1..FOOT_PARTS).rev() {
                let p = self.foot(tooth, k, y);
                foot.push(self.face_vertex(p, down));
            }
            foot.push(low[0]);
            self.face_triangle([low[1], high[1], foot[0]], down);
            for pair in foot.windows(2) {
                self.face_triangle([low[1], pair[0], pair[1]], down);
            }
            for i in 1..count - 1 {
                self.face_triangle([low[i], low[i + 1], high[i + 1]], down);
                self.face_triangle([low[i], high[i + 1], high[i]], down);
            }
            let p = self.tip(tooth, inset, y);
            let tip = self.face_vertex(p, down);
            self.face_triangle([low[count - 1], tip, high[count - 1]], down);
        }
    }

    /// A point on the chord over a tooth's foot.
    fn foot(&self, tooth: u32, k: u32, y: f64) -> DVec3 {
        let inset = self.gear.chamfer;
        let low = self.flank_point(tooth, 0, -1.0, inset, y);
        let high = self.flank_point(tooth, 0, 1.0, inset, y);
        match k {
            0 => low,
            FOOT_PARTS => high,
            k => low.lerp(high, f64::from(k) / f64::from(FOOT_PARTS)),
        }
    }

    /// The root ring at `y`, first point repeated, as the teeth and the root lands have it.
    fn root_ring(&self, y: f64) -> Vec<DVec3> {
        let mut ring = Vec::new();
        for tooth in 0..self.gear.teeth {
            ring.extend((0..=FOOT_PARTS).map(|k| self.foot(tooth, k, y)));
            ring.extend((1..ROOT_PARTS).map(|k| self.root_land(tooth, k, self.gear.chamfer, y)));
        }
        ring.push(ring[0]);
        ring
    }

    /// Everything between the two root rings: faces, web, hub and bore.
    fn inside(&mut self, top: f64, profile: &[[f64; 2]]) {
        let outer = self.root_ring(top);
        let mut angles: Vec<f64> = outer.iter().map(|p| libm::atan2(p.x, p.z)).collect();
        // The repeated first point needs the same angle to the bit for its place, and a whole turn more for its uv.
        let turns: Vec<(f64, f64)> = angles.iter().map(|&a| (libm::sin(a), libm::cos(a))).collect();
        for i in 1..angles.len() {
            while angles[i] < angles[i - 1] {
                angles[i] += TAU;
            }
        }
        let ring = |[r, y]: [f64; 2]| -> Vec<DVec3> {
            turns.iter().map(|&(sin, cos)| DVec3::new(r * sin, y, r * cos)).collect()
        };
        let mut rings: Vec<Vec<DVec3>> = vec![outer];
        rings.extend(profile.iter().map(|&point| ring(point)));
        rings.push(self.root_ring(-top));
        for pair in rings.windows(2) {
            self.strip(&pair[0], &pair[1], &angles);
        }
    }

    fn strip(&mut self, outer: &[DVec3], inner: &[DVec3], angles: &[f64]) {
        let (radius, next) = (outer[0].with_y(0.0).length(), inner[0].with_y(0.0).length());
        // Both ends on the axis: the solid has no bore and nothing is there.
        if radius == 0.0 && next == 0.0 {
            return;
        }
        let drop = (outer[0].y - inner[0].y).abs();
        let first = self.builder.len();
        for ((&a, &b), &angle) in outer.iter().zip(inner).zip(angles) {
            for p in [a, b] {
                let uv = if drop > (radius - next).abs() {
                    [angle * radius.max(next), -p.y]
                } else {
                    [p.x, if p.y < 0.0 { -p.z } else { p.z }]
                };
                self.builder.vertex(p, DVec3::Y, uv);
            }
        }
        for k in 0..outer.len() as u32 - 1 {
            let a = first + 2 * k;
            self.builder.quad(a, a + 2, a + 3, a + 1);
        }
    }
}
