//! Which answers a ray may get from an executor that rounds as WGSL allows it to, by geometry in double precision.
//!
//! A GPU fuses, divides and rounds otherwise than the native code, so its answer may differ from the native one where a ray
//! passes an edge, or two triangles lie, within rounding errors. How far that is follows from the errors that the WGSL
//! specification grants to each operation of `trace/ray.wgsl`, carried through to first order.
// Axes and corners index several arrays at once; zipped iterators would hide which.
#![allow(clippy::needless_range_loop)]

use scenec_render::bvh::layout::Triangle;
use scenec_render::bvh::{Hit, Ray};

use super::{Reference, keep};

/// One operation: correctly rounded, but up or down (WGSL, "Floating point accuracy"; Vulkan leaves the direction open).
const EPS: f64 = 1.2e-7;
/// One division: 2.5 units in the last place.
const DIVIDE: f64 = 2.5 * EPS;
/// Products of two errors, which the first order leaves out.
const HIGHER_ORDERS: f64 = 1.001;

/// What is known of a triangle that a ray may hit.
struct Candidate {
    instance: u32,
    primitive: u32,
    /// The ray passes so far inside of all edges, and within its interval, that no rounding may lose the hit.
    certain: bool,
    /// Lowest and highest distance that rounding may give.
    t: [f64; 2],
    u: [f64; 2],
    v: [f64; 2],
}

/// All triangles that a ray may hit.
pub struct Admissible(Vec<Candidate>);

impl Admissible {
    /// Tests every triangle.
    pub fn new(reference: &Reference, ray: &Ray) -> Self {
        let mut found = Vec::new();
        for (matrix, instance, cutout, triangles) in &reference.parts {
            let Some(local) = Local::new(ray, matrix.as_ref()) else { continue };
            for triangle in triangles {
                found.extend(local.candidate(ray, triangle, *instance, *cutout));
            }
        }
        Self(found)
    }

    /// Whether a traversal may answer with this hit or miss.
    pub fn allows(&self, hit: &Hit) -> bool {
        let certain = self.0.iter().filter(|c| c.certain).map(|c| c.t[1]).fold(f64::INFINITY, f64::min);
        if !hit.is_hit() {
            return certain == f64::INFINITY;
        }
        let within = |x: f32, range: [f64; 2]| range[0] <= f64::from(x) && f64::from(x) <= range[1];
        let mut same = self.0.iter().filter(|c| (c.instance, c.primitive) == (hit.instance, hit.primitive));
        same.any(|c| within(hit.t, c.t) && within(hit.u, c.u) && within(hit.v, c.v) && c.t[0] <= certain)
    }

    /// Whether a traversal may answer that something, or nothing, is in the ray's interval.
    pub fn allows_shadow(&self, occluded: bool) -> bool {
        if occluded { !self.0.is_empty() } else { self.0.iter().all(|c| !c.certain) }
    }
}

/// A ray in the space of one instance, its axes permuted so that z is the direction's largest, with the errors of each number.
struct Local {
    axes: [usize; 3],
    origin: [f64; 3],
    origin_error: [f64; 3],
    shear: [f64; 3],
    shear_error: [f64; 3],
}

impl Local {
    /// `None` for rays without a direction.
    fn new(ray: &Ray, matrix: Option<&[[f32; 4]; 3]>) -> Option<Self> {
        let (o, d) = (ray.origin.map(f64::from), ray.direction.map(f64::from));
        let (mut origin, mut direction) = ((o, [0.0; 3]), (d, [0.0; 3]));
        if let Some(rows) = matrix {
            for k in 0..3 {
                let m = rows[k].map(f64::from);
                let (places, turns) = ([m[0] * o[0], m[1] * o[1], m[2] * o[2], m[3]], [0, 1, 2].map(|j| m[j] * d[j]));
                let size = |terms: &[f64]| terms.iter().map(|x| x.abs()).sum::<f64>();
                // A term sees its own product and at most two sums.
                origin.0[k] = places.iter().sum();
                origin.1[k] = 3.0 * EPS * size(&places);
                direction.0[k] = turns.iter().sum();
                direction.1[k] = 3.0 * EPS * size(&turns);
            }
        }
        let ((origin, origin_error), (d, d_error)) = (origin, direction);
        let kz = (0..3).rev().max_by(|&a, &b| d[a].abs().total_cmp(&d[b].abs()))?;
        if d[kz] == 0.0 {
            return None;
        }
        let axes = [(kz + 1) % 3, (kz + 2) % 3, kz];
        let shear = [d[axes[0]] / d[kz], d[axes[1]] / d[kz], 1.0 / d[kz]];
        let mut shear_error = [0.0; 3];
        for (k, numerator_error) in [d_error[axes[0]], d_error[axes[1]], 0.0].into_iter().enumerate() {
            let error = (numerator_error + shear[k].abs() * d_error[kz]) / d[kz].abs();
            shear_error[k] = (error + DIVIDE * shear[k].abs()) * HIGHER_ORDERS;
        }
        Some(Self { axes, origin, origin_error, shear, shear_error })
    }

    /// The triangle, if the ray may hit it.
    fn candidate(&self, ray: &Ray, triangle: &Triangle, instance: u32, cutout: bool) -> Option<Candidate> {
        let (mut x, mut y, mut z) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        let (mut dx, mut dy, mut dz) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        for (i, corner) in [triangle.v0, triangle.v1, triangle.v2].into_iter().enumerate() {
            let local = self.axes.map(|k| f64::from(corner[k]) - self.origin[k]);
            let error = [0, 1, 2].map(|k| self.origin_error[self.axes[k]] + EPS * local[k].abs());
            (z[i], dz[i]) = (local[2], error[2]);
            for (k, value, blur) in [(0, &mut x, &mut dx), (1, &mut y, &mut dy)] {
                let product = self.shear[k] * z[i];
                value[i] = local[k] - product;
                blur[i] = error[k] + self.shear[k].abs() * error[2] + self.shear_error[k] * z[i].abs();
                blur[i] = (blur[i] + EPS * (product.abs() + value[i].abs())) * HIGHER_ORDERS;
            }
        }
        // Edge functions; the error of their sign is that of the corners alone, since it is decided exactly from these.
        let (mut edge, mut sign_blur, mut blur) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        for i in 0..3 {
            let (n, m) = ((i + 2) % 3, (i + 1) % 3);
            let (ahead, behind) = (x[n] * y[m], x[m] * y[n]);
            edge[i] = ahead - behind;
            sign_blur[i] = x[n].abs() * dy[m] + y[m].abs() * dx[n] + x[m].abs() * dy[n] + y[n].abs() * dx[m];
            sign_blur[i] += dx[n] * dy[m] + dx[m] * dy[n];
            blur[i] = sign_blur[i] + EPS * (ahead.abs() + behind.abs() + edge[i].abs());
        }
        let above = (0..3).any(|i| edge[i] > sign_blur[i]);
        let below = (0..3).any(|i| edge[i] < -sign_blur[i]);
        if above && below {
            return None;
        }
        let inside = (0..3).all(|i| edge[i].abs() > sign_blur[i]);

        // Weights are edge functions over their sum: (e + de) / (det + ddet) - e / det = (de - weight ddet) / (det + ddet).
        let (det, det_blur) = (edge.iter().sum::<f64>(), blur.iter().sum::<f64>());
        let left = det.abs() - det_blur;
        let weight = edge.map(|e| if left > 0.0 { e / det } else { 1.0 / 3.0 });
        let weight_blur = [0, 1, 2].map(|i| {
            let geometric = (blur[i] + weight[i].abs() * det_blur) / left;
            if left > 0.0 { geometric.min(1.0) + (2.0 * EPS + DIVIDE) * weight[i].abs() } else { 1.0 }
        });
        let range = |i: usize| [weight[i] - weight_blur[i], weight[i] + weight_blur[i]];

        // The distance is that weighted mean of depths. Weights sum to one, so their errors count by the depths' spread; and
        // whatever they are, the mean lies between the lowest and highest depth. Its own roundings: three products, the sums,
        // the shear's and the division.
        let scale = self.shear[2];
        let depth: f64 = (0..3).map(|i| weight[i] * z[i]).sum();
        let spread: f64 = (0..3).map(|i| weight_blur[i] * (z[i] - depth).abs()).sum();
        let size: f64 = z.iter().fold(0.0, |a, z| a.max(z.abs()));
        let sink = dz.iter().fold(0.0, |a: f64, &d| a.max(d));
        let rounded = (6.0 * EPS + DIVIDE) * scale.abs() * size + self.shear_error[2] * size + scale.abs() * sink;
        let hull = z.map(|z| z * scale);
        let low = hull.iter().copied().fold(f64::INFINITY, f64::min);
        let high = hull.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let (t, blur) = (depth * scale, spread * scale.abs());
        let t = [(t - blur).max(low) - rounded, (t + blur).min(high) + rounded];

        let (t_min, t_max) = (f64::from(ray.t_min).max(0.0), f64::from(ray.t_max));
        let (mut may, mut certain) = (t[1] > t_min && t[0] <= t_max, inside && t[0] > t_min && t[1] <= t_max);
        let (u, v) = (range(1), range(2));
        if cutout {
            // The filter asks for u >= v.
            let ends =
                [(u[0], v[1]), (u[1], v[0])].map(|(u, v)| keep(instance, triangle.primitive, u as f32, v as f32));
            may &= ends[1];
            certain &= ends[0];
        }
        may.then_some(Candidate { instance, primitive: triangle.primitive, certain, t, u, v })
    }
}
