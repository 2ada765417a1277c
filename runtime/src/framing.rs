//! Cameras found from what they show.

use glam::{Affine3A, Mat3, Vec3};
use scenec_scene::{Bounds, Camera, Instance, Lens};

/// From where a framed camera looks, and how tightly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameSpec {
    /// Turn about +Y in radians: 0 looks from +Z, a quarter turn from +X.
    pub azimuth: f32,
    /// Height above the horizon in radians.
    pub elevation: f32,
    /// Full vertical field of view in radians.
    pub vertical_fov: f32,
    /// Width over height of the picture.
    pub aspect: f32,
    /// Turn about the view axis in radians, clockwise seen from the camera.
    pub roll: f32,
    /// Part of the half picture that stays free on the tightest side, 0..0.9.
    pub margin: f32,
}

/// No more points than about this many stand for a thing.
const POINTS: usize = 4_000_000;

/// World positions of every vertex of some instances; the corners of the box for meshes above a million vertices, or for
/// those of many instances with millions of vertices in all.
pub fn points_of<'a>(instances: impl IntoIterator<Item = &'a Instance>) -> Vec<Vec3> {
    let instances: Vec<_> = instances.into_iter().collect();
    let all: usize = instances.iter().map(|i| i.mesh.positions.len()).sum();
    let most = if all > POINTS { POINTS / instances.len() } else { POINTS }.min(1_000_000);
    let mut boxes = std::collections::BTreeMap::new();
    let mut points = Vec::new();
    for instance in instances {
        let map = &instance.world_from_object;
        if instance.mesh.positions.len() > most.max(8) {
            let own = boxes.entry(std::sync::Arc::as_ptr(&instance.mesh)).or_insert_with(|| instance.mesh.bounds());
            if !own.is_empty() {
                points.extend(own.corners().map(|corner| map.transform_point3(corner)));
            }
        } else {
            points.extend(instance.mesh.positions.iter().map(|&p| map.transform_point3(p.into())));
        }
    }
    points.retain(|p| p.is_finite());
    points
}

/// Rotation of a camera that looks along `forward` with its top towards `up`; any top when the two are parallel.
pub fn look_rotation(forward: Vec3, up: Vec3) -> Mat3 {
    let back = -forward.normalize_or(Vec3::NEG_Z);
    let right = up.cross(back);
    let right = if right.length_squared() > 1e-12 { right.normalize() } else { back.any_orthonormal_vector() };
    Mat3::from_cols(right, back.cross(right), back)
}

/// The nearest pinhole camera of the asked orientation that has every point in the picture. The focus lies on the centre of
/// the points' box. Without points the camera stands 5 m from the origin.
pub fn frame(points: &[Vec3], spec: &FrameSpec) -> Camera {
    // Not by a cross product with +Y, which has no direction for a camera that looks straight down.
    let (sin_a, cos_a) = libm::sincosf(spec.azimuth);
    let (sin_e, cos_e) = libm::sincosf(spec.elevation);
    let (sin_r, cos_r) = libm::sincosf(spec.roll);
    let right = Vec3::new(cos_a, 0.0, -sin_a);
    let up = Vec3::new(-sin_a * sin_e, cos_e, -cos_a * sin_e);
    let back = Vec3::new(sin_a * cos_e, sin_e, cos_a * cos_e);
    let rotation = Mat3::from_cols(right * cos_r - up * sin_r, up * cos_r + right * sin_r, back);
    let tan_v = (spec.vertical_fov * 0.5).tan() * (1.0 - spec.margin.clamp(0.0, 0.9));
    let tan_h = tan_v * spec.aspect;
    // A point is inside of the right edge when x - cx <= tan_h (cz - z), so cx + tan_h cz >= max(x + tan_h z) =: A, and
    // likewise -cx + tan_h cz >= max(-x + tan_h z) =: B. The nearest camera has both equal: cz = (A + B) / 2 tan_h.
    let mut edges = [f32::NEG_INFINITY; 4];
    let mut nearest = f32::NEG_INFINITY;
    for p in points {
        let (x, y, z) = (p.dot(rotation.x_axis), p.dot(rotation.y_axis), p.dot(rotation.z_axis));
        for (edge, value) in edges.iter_mut().zip([x + tan_h * z, -x + tan_h * z, y + tan_v * z, -y + tan_v * z]) {
            *edge = edge.max(value);
        }
        nearest = nearest.max(z);
    }
    let mut bounds = Bounds::EMPTY;
    points.iter().for_each(|&p| bounds.include(p));
    if bounds.is_empty() {
        edges = [5.0 * tan_h, 5.0 * tan_h, 5.0 * tan_v, 5.0 * tan_v];
        bounds = Bounds { min: Vec3::ZERO, max: Vec3::ZERO };
        nearest = 0.0;
    }
    let [a, b, c, d] = edges;
    let fitting = ((a + b) / (2.0 * tan_h)).max((c + d) / (2.0 * tan_v));
    // A single point fits from any distance: stay clear of the nearest one.
    let distance = fitting.max(nearest + (bounds.radius() * 0.05).max(0.01));
    let eye = rotation * Vec3::new((a - b) * 0.5, (c - d) * 0.5, distance);
    let focus_distance = (eye - bounds.center()).dot(rotation.z_axis).max(0.01);
    Camera {
        world_from_camera: Affine3A::from_mat3_translation(rotation, eye),
        vertical_fov: spec.vertical_fov,
        lens: Lens::round(0.0, focus_distance),
        exposure: 1.0,
    }
}

/// Where a world point falls in the picture: -1..1 to the right and upwards inside of it; `None` behind the camera.
pub fn project(camera: &Camera, aspect: f32, point: Vec3) -> Option<[f32; 2]> {
    let p = camera.world_from_camera.inverse().transform_point3(point);
    if p.z >= -1e-6 {
        return None;
    }
    let tan_v = (camera.vertical_fov * 0.5).tan();
    Some([p.x / (-p.z * tan_v * aspect), p.y / (-p.z * tan_v)])
}

/// Exposure factor that brings the log-average luminance of the subject's pixels to `key` (0.18 is middle grey), but never
/// the 99th percentile of the picture above `ceiling`; 1 when no pixel qualifies. `weight` is the fraction of a pixel that
/// the subject covers. (Reinhard et al. 2002, equation 1.)
pub fn meter(rgb: &[[f32; 3]], weight: &[f32], key: f32, ceiling: f32) -> f32 {
    let luminance = |p: &[f32; 3]| 0.2126 * p[0] + 0.7152 * p[1] + 0.0722 * p[2];
    let (mut sum, mut total) = (0.0f64, 0.0f64);
    for (p, &w) in rgb.iter().zip(weight) {
        let y = luminance(p);
        if w > 0.0 && y > 0.0 && y.is_finite() {
            sum += f64::from(w) * libm::log(f64::from(y));
            total += f64::from(w);
        }
    }
    if total < 1.0 {
        return 1.0;
    }
    let mut all: Vec<f32> = rgb.iter().map(luminance).filter(|y| y.is_finite()).collect();
    let percentile = ((all.len() - 1) * 99).div_ceil(100);
    let high = *all.select_nth_unstable_by(percentile, f32::total_cmp).1;
    let wanted = key / libm::exp(sum / total) as f32;
    wanted.min(ceiling / high.max(1e-20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framed_points_touch_the_margin_and_none_is_outside() {
        let mut state = 1u32;
        let mut random = || {
            state = state.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            (state >> 8) as f32 / (1 << 24) as f32 * 2.0 - 1.0
        };
        for _ in 0..50 {
            let points: Vec<_> = (0..40).map(|_| Vec3::new(random() * 3.0, random(), random() * 9.0)).collect();
            let (azimuth, elevation, roll) = (random() * 3.0, random(), random() * 3.0);
            let spec = FrameSpec { azimuth, elevation, vertical_fov: 0.6, aspect: 1.6, roll, margin: 0.1 };
            let camera = frame(&points, &spec);
            let farthest = points
                .iter()
                .map(|&p| project(&camera, spec.aspect, p).expect("in front"))
                .map(|[x, y]| x.abs().max(y.abs()))
                .fold(0.0, f32::max);
            assert!((farthest - 0.9).abs() < 1e-3, "{farthest}");
        }
    }

    #[test]
    fn odd_subjects_get_a_camera() {
        let spec = FrameSpec { azimuth: 0.0, elevation: 0.0, vertical_fov: 0.6, aspect: 1.0, roll: 0.0, margin: 0.1 };
        for points in [vec![], vec![Vec3::ONE], vec![Vec3::ZERO, Vec3::splat(1e6)]] {
            let camera = frame(&points, &spec);
            assert!(camera.world_from_camera.is_finite() && camera.lens.focus_distance > 0.0);
        }
        let straight_down = FrameSpec { elevation: std::f32::consts::FRAC_PI_2, ..spec };
        assert!(frame(&[Vec3::ONE], &straight_down).world_from_camera.is_finite());
    }

    #[test]
    fn metering_brings_the_subject_to_the_key() {
        let rgb = [[0.02; 3], [0.02; 3], [5.0; 3]];
        assert!(
            (meter(&rgb, &[1.0, 1.0, 0.0], 0.18, 4.0) * 0.02 - 0.016).abs() < 1e-3,
            "held back by the bright pixel"
        );
        assert!((meter(&rgb[..2], &[1.0, 1.0], 0.18, 4.0) * 0.02 - 0.18).abs() < 1e-3);
        assert_eq!(meter(&rgb, &[0.0; 3], 0.18, 4.0), 1.0);
    }
}
