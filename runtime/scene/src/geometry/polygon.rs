//! Triangles that fill a polygon with holes.

use glam::DVec2;

use super::error::{GeometryError, quantity};

/// More points than this make the quadratic methods here too slow.
pub(super) const POINT_LIMIT: usize = 4096;

/// A simple polygon with holes: the outline runs counter-clockwise, the holes clockwise, in one list of points.
pub(super) struct Polygon {
    pub points: Vec<DVec2>,
    /// Where each ring starts in `points`; the outline is the first.
    pub starts: Vec<usize>,
}

impl Polygon {
    /// Checks and orients the rings.
    pub fn new(outline: &[[f64; 2]], holes: &[Vec<[f64; 2]>]) -> Result<Self, GeometryError> {
        let mut polygon = Self { points: Vec::new(), starts: Vec::new() };
        let total: usize = outline.len() + holes.iter().map(Vec::len).sum::<usize>();
        if total > POINT_LIMIT {
            return Err(unusable("outline", format!("has {total} points with its holes; the limit is {POINT_LIMIT}")));
        }
        polygon.add_ring("outline", outline, 1.0)?;
        for hole in holes {
            polygon.add_ring("holes", hole, -1.0)?;
        }
        polygon.check_crossings()?;
        polygon.check_holes()?;
        Ok(polygon)
    }

    fn add_ring(&mut self, parameter: &'static str, ring: &[[f64; 2]], sign: f64) -> Result<(), GeometryError> {
        if ring.len() < 3 {
            return Err(unusable(parameter, format!("has a ring of {} points; it needs 3", ring.len())));
        }
        for point in ring {
            if !point.iter().all(|c| c.abs() <= 1e6) {
                let (x, y) = (quantity(point[0], "m"), quantity(point[1], "m"));
                return Err(unusable(
                    parameter,
                    format!("has the point ({x}, {y}); coordinates must be within 1000000 m"),
                ));
            }
        }
        let mut points: Vec<DVec2> = ring.iter().map(|&p| DVec2::from(p)).collect();
        let area = signed_area(&points);
        let extent = points.iter().map(|p| p.distance(points[0])).fold(0.0, f64::max);
        if area.abs() <= 1e-12 * extent * extent {
            return Err(unusable(parameter, "has a ring without area".to_owned()));
        }
        if area * sign < 0.0 {
            points.reverse();
        }
        self.starts.push(self.points.len());
        self.points.extend(points);
        Ok(())
    }

    /// The points of ring `i` as a range of indices.
    pub fn ring(&self, i: usize) -> std::ops::Range<usize> {
        self.starts[i]..self.starts.get(i + 1).copied().unwrap_or(self.points.len())
    }

    fn edges(&self) -> Vec<(usize, usize)> {
        (0..self.starts.len())
            .flat_map(|r| {
                let ring = self.ring(r);
                let (start, end) = (ring.start, ring.end);
                ring.map(move |i| (i, if i + 1 == end { start } else { i + 1 }))
            })
            .collect()
    }

    fn check_crossings(&self) -> Result<(), GeometryError> {
        let edges = self.edges();
        for (n, &(a, b)) in edges.iter().enumerate() {
            if self.points[a] == self.points[b] {
                return Err(unusable("outline", format!("has points {a} and {b} in one place")));
            }
            for &(c, d) in &edges[n + 1..] {
                let apart = ![c, d].contains(&a) && ![c, d].contains(&b);
                if apart && cross_or_touch(self.points[a], self.points[b], self.points[c], self.points[d]) {
                    let p = self.points[a];
                    let near = format!("({}, {})", quantity(p.x, "m"), quantity(p.y, "m"));
                    return Err(unusable("outline", format!("crosses or touches itself or a hole near {near}")));
                }
            }
        }
        Ok(())
    }

    /// Rings do not cross, so one point tells on which side a whole ring is.
    fn check_holes(&self) -> Result<(), GeometryError> {
        for hole in 1..self.starts.len() {
            let p = self.points[self.starts[hole]];
            let around = (1..self.starts.len()).filter(|&r| r != hole).any(|r| contains(&self.points[self.ring(r)], p));
            if !contains(&self.points[self.ring(0)], p) || around {
                let problem = format!("has hole {} outside of the outline or inside of another hole", hole - 1);
                return Err(unusable("holes", problem));
            }
        }
        Ok(())
    }

    /// Triangles over `points`, counter-clockwise: points - 2 + 2 x holes of them. Ear clipping with bridges to the
    /// holes (Eberly, "Triangulation by Ear Clipping", 2008).
    pub fn triangulate(&self) -> Result<Vec<[usize; 3]>, GeometryError> {
        let mut ring: Vec<usize> = self.ring(0).collect();
        let mut holes: Vec<usize> = (1..self.starts.len()).collect();
        let rightmost = |hole: &usize| {
            self.ring(*hole)
                .max_by(|&a, &b| self.points[a].x.total_cmp(&self.points[b].x))
                .unwrap_or(self.starts[*hole])
        };
        holes.sort_by(|a, b| self.points[rightmost(b)].x.total_cmp(&self.points[rightmost(a)].x));
        for hole in &holes {
            let range = self.ring(*hole);
            let start = rightmost(hole);
            let bridge = self.bridge(&ring, start)?;
            let count = range.len();
            let walk = (0..=count).map(|k| range.start + (start - range.start + k) % count);
            let at = ring[bridge];
            let spliced: Vec<usize> = walk.chain([at]).collect();
            ring.splice(bridge + 1..bridge + 1, spliced);
        }
        self.clip(ring)
    }

    /// The place in `ring` that sees the point `from` (Eberly, section 5).
    fn bridge(&self, ring: &[usize], from: usize) -> Result<usize, GeometryError> {
        let m = self.points[from];
        let mut best: Option<(f64, usize)> = None;
        for k in 0..ring.len() {
            let next = (k + 1) % ring.len();
            let (a, b) = (self.points[ring[k]], self.points[ring[next]]);
            // The ray to +x meets edges that run upwards on the inside of a counter-clockwise ring.
            if a.y <= m.y && b.y >= m.y && a.y < b.y {
                let x = a.x + (m.y - a.y) / (b.y - a.y) * (b.x - a.x);
                if x >= m.x && best.is_none_or(|(nearest, _)| x < nearest) {
                    best = Some((x, if a.x > b.x { k } else { next }));
                }
            }
        }
        let Some((x, mut chosen)) = best else {
            return Err(unusable("holes", "cannot be joined to the outline".to_owned()));
        };
        let hit = DVec2::new(x, m.y);
        let p = self.points[ring[chosen]];
        let mut least = f64::INFINITY;
        for k in 0..ring.len() {
            let q = self.points[ring[k]];
            let before = self.points[ring[(k + ring.len() - 1) % ring.len()]];
            let after = self.points[ring[(k + 1) % ring.len()]];
            let reflex = (q - before).perp_dot(after - q) < 0.0;
            let (a, b, c) = if (hit - m).perp_dot(p - m) > 0.0 { (m, hit, p) } else { (m, p, hit) };
            if q != p && reflex && inside(q, a, b, c) {
                let d = q - m;
                let slope = if d.x > 0.0 { d.y.abs() / d.x } else { f64::INFINITY };
                if slope < least {
                    least = slope;
                    chosen = k;
                }
            }
        }
        Ok(chosen)
    }

    fn clip(&self, mut ring: Vec<usize>) -> Result<Vec<[usize; 3]>, GeometryError> {
        let mut triangles = Vec::with_capacity(ring.len());
        let (mut at, mut in_vain) = (0, 0);
        // First pass wants true ears; when none is left (points in line), flat ones are cut too.
        let mut flat_allowed = false;
        while ring.len() > 3 {
            let n = ring.len();
            at %= n;
            let ids = [ring[(at + n - 1) % n], ring[at], ring[(at + 1) % n]];
            let [a, b, c] = ids.map(|i| self.points[i]);
            let turn = (b - a).perp_dot(c - b);
            let size = (b - a).length() * (c - b).length();
            let convex = if flat_allowed { turn >= -1e-12 * size } else { turn > 1e-12 * size };
            let blocked = || {
                ring.iter().any(|&i| {
                    let p = self.points[i];
                    p != a && p != b && p != c && inside(p, a, b, c)
                })
            };
            if convex && (turn.abs() <= 1e-12 * size || !blocked()) {
                triangles.push(ids);
                ring.remove(at);
                at = at.saturating_sub(1);
                in_vain = 0;
                flat_allowed = false;
            } else {
                at += 1;
                in_vain += 1;
                if in_vain > n {
                    if flat_allowed {
                        return Err(unusable("outline", "cannot be filled with triangles".to_owned()));
                    }
                    flat_allowed = true;
                    in_vain = 0;
                }
            }
        }
        triangles.push([ring[0], ring[1], ring[2]]);
        Ok(triangles)
    }
}

fn unusable(parameter: &'static str, problem: String) -> GeometryError {
    GeometryError::Unusable { parameter, problem }
}

/// Area of a ring, positive when counter-clockwise.
pub(super) fn signed_area(points: &[DVec2]) -> f64 {
    let next = points.iter().cycle().skip(1);
    points.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum::<f64>() * 0.5
}

/// True inside or on the border of the counter-clockwise triangle.
fn inside(p: DVec2, a: DVec2, b: DVec2, c: DVec2) -> bool {
    (b - a).perp_dot(p - a) >= 0.0 && (c - b).perp_dot(p - b) >= 0.0 && (a - c).perp_dot(p - c) >= 0.0
}

/// Even-odd rule.
fn contains(ring: &[DVec2], p: DVec2) -> bool {
    let next = ring.iter().cycle().skip(1);
    let crossings = ring
        .iter()
        .zip(next)
        .filter(|(a, b)| (a.y > p.y) != (b.y > p.y) && p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x));
    crossings.count() % 2 == 1
}

fn cross_or_touch(a: DVec2, b: DVec2, c: DVec2, d: DVec2) -> bool {
    let side = |p: DVec2, q: DVec2, r: DVec2| (q - p).perp_dot(r - p);
    let (s1, s2, s3, s4) = (side(a, b, c), side(a, b, d), side(c, d, a), side(c, d, b));
    let within = |p: DVec2, q: DVec2, r: DVec2| p.min(q).cmple(r).all() && p.max(q).cmpge(r).all();
    (s1 * s2 < 0.0 && s3 * s4 < 0.0)
        || (s1 == 0.0 && within(a, b, c))
        || (s2 == 0.0 && within(a, b, d))
        || (s3 == 0.0 && within(c, d, a))
        || (s4 == 0.0 && within(c, d, b))
}
