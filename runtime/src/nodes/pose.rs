//! Pose maps: skeletons of figures, as OpenPose draws them.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::{Vec2, Vec3};
use scenec_ir::Encoding;
use scenec_ir::nodes::pose::{COLORS, LIMBS, NECK, joints_of_points, missing};

use crate::Outcome;
use crate::framing::project;
use crate::product::{Picture, Product, Thing};
use crate::run::{Arguments, Run};

/// How bright limbs are beside their points.
const LIMB: f32 = 0.6;

/// A figure in the picture.
struct Skeleton {
    /// In pixels, x right and y down; nothing for what is behind the camera or the rig has not.
    points: [Option<Vec2>; 18],
    /// From the camera to the neck, metres.
    distance: f32,
}

pub(super) fn pose_map(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let divisor = run.settings.size_divisor.max(1);
    let [width, height] = a.vec2("size")?.map(|v| (v.round() as u32 / divisor).max(1));
    let half_width = a.number("width")? as f32 / divisor as f32;
    let camera = a.camera("camera")?.value.camera;
    let size = Vec2::new(width as f32, height as f32);
    let aspect = size.x / size.y;
    let eye = Vec3::from(camera.world_from_camera.translation);
    let mut skeletons = Vec::new();
    for thing in a.things("of")? {
        for places in figures(thing.value).map_err(|reason| {
            let hint =
                "give it a figure whose joints have usual names, such as `forearm_l`, `LeftForeArm` or `lowerarm_l`";
            a.error("E0638", reason).hint(hint)
        })? {
            let on_picture = |place: Vec3| {
                let [x, y] = project(&camera, aspect, place)?;
                Some((Vec2::new(0.5 + 0.5 * x, 0.5 - 0.5 * y)) * size)
            };
            let points = places.map(|place| place.and_then(on_picture));
            let distance = places[NECK].map_or(f32::INFINITY, |neck| neck.distance(eye));
            skeletons.push(Skeleton { points, distance });
        }
    }
    // The nearest are drawn last.
    skeletons.sort_by(|one, other| other.distance.total_cmp(&one.distance));
    let mut picture = Picture::of(width, height, Encoding::Pose);
    picture.rgb = vec![[0.0; 3]; (width * height) as usize];
    picture.alpha = vec![0.0; picture.rgb.len()];
    for skeleton in &skeletons {
        draw(&mut picture, skeleton, half_width);
    }
    Ok(Product::Image(Arc::new(picture)))
}

/// Where the points of each figure in a thing are; or one lower-case line that says what the thing lacks.
fn figures(thing: &Thing) -> Result<Vec<[Option<Vec3>; 18]>, String> {
    // A thing that is made of figures has joints of each behind its name.
    let mut rigs: BTreeMap<&str, BTreeMap<&str, Vec3>> = BTreeMap::new();
    for (path, joint) in &thing.joints {
        let (rig, name) = path.rsplit_once('/').unwrap_or(("", path));
        rigs.entry(rig).or_default().insert(name, joint.translation.into());
    }
    let name = if thing.name.is_empty() { "the thing" } else { &thing.name };
    let mut found = Vec::new();
    let mut lacking: Option<Vec<&str>> = None;
    for joints in rigs.values() {
        let points = joints_of_points(joints.keys().copied());
        let lacks = missing(&points);
        if lacks.is_empty() {
            let mut places = points.map(|joint| joint.and_then(|joint| joints.get(joint)).copied());
            places[NECK] = places[2].zip(places[5]).map(|(right, left)| 0.5 * (right + left));
            found.push(places);
        } else if lacking.as_ref().is_none_or(|fewest| lacks.len() < fewest.len()) {
            lacking = Some(lacks);
        }
    }
    match (found.is_empty(), lacking) {
        (false, _) => Ok(found),
        (true, Some(lacks)) if lacks.len() < 12 => Err(format!("`{name}` has no joint for the {}", lacks.join(", "))),
        (true, _) => Err(format!("`{name}` has no joints of a human figure")),
    }
}

/// Limbs as filled ellipses in darker colours, and points as discs on them.
fn draw(picture: &mut Picture, skeleton: &Skeleton, half_width: f32) {
    for ([from, to], color) in LIMBS.into_iter().zip(COLORS) {
        let (Some(from), Some(to)) = (skeleton.points[from], skeleton.points[to]) else { continue };
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        let length = half.length();
        let along = if length > 0.0 { half / length } else { Vec2::X };
        let reach = Vec2::splat(length.max(half_width));
        fill(picture, middle, reach, color.map(|c| f32::from(c) / 255.0 * LIMB), |offset| {
            let (x, y) = (offset.dot(along) / length.max(half_width), offset.perp_dot(along) / half_width);
            x * x + y * y <= 1.0
        });
    }
    for (point, color) in skeleton.points.into_iter().zip(COLORS) {
        let Some(point) = point else { continue };
        fill(picture, point, Vec2::splat(half_width), color.map(|c| f32::from(c) / 255.0), |offset| {
            offset.length_squared() <= half_width * half_width
        });
    }
}

/// Gives the pixels a colour whose middles are `inside`, within `reach` of a place.
fn fill(picture: &mut Picture, place: Vec2, reach: Vec2, color: [f32; 3], inside: impl Fn(Vec2) -> bool) {
    let size = Vec2::new(picture.width as f32, picture.height as f32);
    let low = (place - reach).floor().clamp(Vec2::ZERO, size).as_uvec2();
    let high = (place + reach).ceil().clamp(Vec2::ZERO, size).as_uvec2();
    for y in low.y..high.y {
        for x in low.x..high.x {
            if inside(Vec2::new(x as f32, y as f32) + 0.5 - place) {
                let at = (y * picture.width + x) as usize;
                picture.rgb[at] = color;
                picture.alpha[at] = 1.0;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn skeleton(points: &[(usize, Vec2)]) -> Skeleton {
        let mut skeleton = Skeleton { points: [None; 18], distance: 1.0 };
        points.iter().for_each(|(number, place)| skeleton.points[*number] = Some(*place));
        skeleton
    }

    fn drawn(points: &[(usize, Vec2)]) -> Picture {
        let mut picture = Picture::of(64, 64, Encoding::Pose);
        picture.rgb = vec![[0.0; 3]; 64 * 64];
        picture.alpha = vec![0.0; 64 * 64];
        draw(&mut picture, &skeleton(points), 4.0);
        picture
    }

    /// Areas of an ellipse and of two discs, by their colours.
    #[test]
    fn a_limb_is_an_ellipse_with_a_disc_at_each_end() {
        let picture = drawn(&[(2, Vec2::new(12.0, 30.0)), (3, Vec2::new(52.0, 34.0))]);
        let count = |color: [f32; 3]| picture.rgb.iter().filter(|p| **p == color).count() as f32;
        let [upper, lower] = [2, 3].map(|point| COLORS[point].map(|c| f32::from(c) / 255.0));
        let disc = 16.0 * std::f32::consts::PI;
        assert!((count(upper) - disc).abs() < 6.0 && (count(lower) - disc).abs() < 6.0);
        // The third limb; its ends lie under the discs.
        let limb = COLORS[2].map(|c| f32::from(c) / 255.0 * LIMB);
        let length = Vec2::new(40.0, 4.0).length();
        let ellipse = std::f32::consts::PI * 0.5 * length * 4.0;
        assert!(count(limb) < ellipse && count(limb) > ellipse - 2.0 * disc, "{} of {ellipse}", count(limb));
        let covered = picture.alpha.iter().filter(|a| **a == 1.0).count() as f32;
        assert_eq!(covered, count(limb) + count(upper) + count(lower));
    }

    #[test]
    fn what_is_out_of_the_picture_is_cut_off() {
        let far = 1e9;
        let picture = drawn(&[(2, Vec2::splat(-far)), (3, Vec2::splat(far)), (4, Vec2::new(f32::MAX, 32.0))]);
        assert!(picture.rgb.iter().any(|p| *p != [0.0; 3]), "the limb crosses the picture");
        assert_eq!(drawn(&[(2, Vec2::splat(-far))]).alpha, vec![0.0; 64 * 64]);
        assert_eq!(drawn(&[(2, Vec2::splat(f32::NAN)), (3, Vec2::ZERO)]).rgb[2 * 64 + 30], [0.0; 3]);
    }
}
