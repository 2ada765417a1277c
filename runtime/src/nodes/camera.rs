//! Cameras.

use std::sync::Arc;

use glam::{Affine3A, DVec3, Mat3, Vec3};
use scenec_scene::{Camera, Lens};

use super::shape::origin_of;
use crate::Outcome;
use crate::framing::{FrameSpec, frame, look_rotation};
use crate::product::{Eye, Product};
use crate::run::{Arguments, Run};

/// Width of the film in metres.
fn film_width(sensor: &str) -> f64 {
    match sensor {
        "aps_c" => 0.0236,
        "mft" => 0.0173,
        "super35" => 0.02489,
        _ => 0.036,
    }
}

/// The space that points of the camera are in.
fn mount(a: &Arguments<'_>) -> Outcome<Affine3A> {
    if let Some(parent) = a.maybe_thing("parent")? {
        let frame = parent.value.frame_of(parent.part);
        return frame.ok_or_else(|| a.error("E0633", "what the camera is mounted on is empty or has no such part"));
    }
    let origin = match a.maybe_thing("follow")? {
        Some(thing) => origin_of(a, thing.value, thing.part)?,
        None => Vec3::ZERO,
    };
    Ok(Affine3A::from_translation(origin))
}

/// The factor by which radiance of white light becomes a picture whose 1 is the brightest that the film takes: 1.2 times two to the
/// exposure value, in cd/m^2 (ISO 12232, saturation-based, 78 / (0.65 * 100); Lagarde and de Rousiers 2014, section 5.1.2).
fn photographic(f_stop: f64, shutter: f64, iso: f64) -> f64 {
    let exposed = f_stop * f_stop / shutter * 100.0 / iso;
    super::light::LUMENS_PER_WATT / (1.2 * exposed)
}

pub(super) fn camera(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let aspect = a.number("aspect")?;
    let width = film_width(a.member("sensor")?);
    // The film's width spans the picture's width. With `fov` the focal length follows from it, for the aperture.
    let (vertical_fov, focal) = match a.maybe("fov", Arguments::number)? {
        Some(fov) => (fov, width / aspect * 0.5 / libm::tan(fov * 0.5)),
        None => {
            let focal = a.number("lens")?;
            (2.0 * libm::atan(width / aspect * 0.5 / focal), focal)
        }
    };
    let radius = a.maybe("f_stop", Arguments::number)?.map_or(0.0, |n| focal / (2.0 * n));
    let physical = match (a.maybe("shutter", Arguments::number)?, a.maybe("f_stop", Arguments::number)?) {
        (None, _) => 1.0,
        (Some(shutter), Some(f_stop)) => photographic(f_stop, shutter, a.number("iso")?),
        (Some(_), None) => {
            return Err(a
                .error(
                    "E0630",
                    "`shutter` says how long light comes in, and without `f_stop` the camera has no aperture",
                )
                .hint("give an `f_stop` too, or `exposure` alone"));
        }
    };
    let exposure = (physical * libm::exp2(a.number("exposure")?)) as f32;
    let auto_exposure = a.bool("auto_exposure")?;

    let framed = a.maybe_thing("frame")?;
    let mount = mount(a)?;
    let target = match a.maybe_thing("look_at")? {
        Some(thing) => Some(origin_of(a, thing.value, thing.part)?),
        None => a.maybe("look_at", Arguments::vec3)?.map(|v| mount.transform_point3(DVec3::from(v).as_vec3())),
    };
    let roll = a.number("roll")? as f32;
    let mut subject = Vec::new();
    let mut camera = match &framed {
        Some(thing) => {
            subject = thing.value.points(thing.part);
            if subject.is_empty() {
                return Err(a.error("E0633", "the thing to frame is empty or has no such part"));
            }
            let spec = FrameSpec {
                azimuth: a.number("azimuth")? as f32,
                elevation: a.number("elevation")? as f32,
                vertical_fov: vertical_fov as f32,
                aspect: aspect as f32,
                roll,
                margin: a.number("margin")? as f32,
            };
            frame(&subject, &spec)
        }
        None => {
            let eye = match a.maybe_thing("at")? {
                Some(thing) => origin_of(a, thing.value, thing.part)?,
                None => {
                    let at =
                        a.maybe("at", Arguments::vec3)?.map_or(Vec3::new(0.0, 1.6, 5.0), |v| DVec3::from(v).as_vec3());
                    mount.transform_point3(at)
                }
            };
            if let Some(thing) = a.maybe_thing("look_at")? {
                subject = thing.value.points(thing.part);
            }
            let forward = target.map_or(mount.transform_vector3(Vec3::NEG_Z), |t| t - eye);
            if forward == Vec3::ZERO {
                return Err(a
                    .error("E0631", "`at` and `look_at` are the same point")
                    .hint("move the camera away from what it looks at"));
            }
            let up = mount.transform_vector3(DVec3::from(a.vec3("up")?).as_vec3());
            let rotation = look_rotation(forward, up.normalize_or(Vec3::Y)) * Mat3::from_rotation_z(-roll);
            let focus_distance = target.map_or(10.0, |t| (t - eye).length().max(1e-4));
            Camera {
                world_from_camera: Affine3A::from_mat3_translation(rotation, eye),
                vertical_fov: vertical_fov as f32,
                lens: Lens::round(0.0, focus_distance),
                exposure: 1.0,
            }
        }
    };
    let distance = match a.maybe_thing("focus")? {
        Some(thing) => {
            let to = origin_of(a, thing.value, thing.part)? - Vec3::from(camera.world_from_camera.translation);
            if subject.is_empty() {
                subject = thing.value.points(thing.part);
            }
            let distance = -to.dot(camera.world_from_camera.matrix3.z_axis.into());
            if distance <= 0.0 {
                return Err(a
                    .error("E0635", "the thing to focus on is behind the camera")
                    .hint("turn the camera with `look_at`"));
            }
            Some(distance)
        }
        None => a.maybe("focus", Arguments::number)?.map(|d| d as f32),
    };
    camera.lens = Lens {
        radius: radius as f32,
        focus_distance: distance.unwrap_or(camera.lens.focus_distance),
        blades: u32::try_from(a.int("blades")?).unwrap_or(0),
        blade_turn: a.number("blade_turn")? as f32,
    };
    camera.exposure = exposure;
    Ok(Product::Camera(Arc::new(Eye { camera, subject, auto_exposure })))
}
