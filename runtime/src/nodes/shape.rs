//! Primitives, assemblies and placement.

use std::sync::Arc;

use glam::{Affine3A, DAffine3, DQuat, DVec3, Mat3A, Vec3};
use scenec_scene::geometry::{
    Capsule, Cone, Cuboid, Cylinder, Disk, Gear, GeometryError, Hub, Plane, Sphere, Torus, Tube,
};
use scenec_scene::{Instance, Material, Mesh};

use crate::Outcome;
use crate::product::{Product, Thing};
use crate::run::{Arguments, Run};

/// A number of sides, steps or teeth; the declaration's range keeps it small.
fn count(a: &Arguments<'_>, param: &str) -> Outcome<u32> {
    Ok(u32::try_from(a.int(param)?).unwrap_or(u32::MAX))
}

/// What a thing without a material looks like: a neutral grey.
pub(super) fn material_or_grey(a: &Arguments<'_>) -> Outcome<Arc<Material>> {
    Ok(match a.maybe_material("material")? {
        Some(given) => given.value.clone(),
        None => Arc::new(Material {
            name: "grey".into(),
            base_color: [0.5, 0.5, 0.5, 1.0],
            roughness: 0.6,
            ..Material::default()
        }),
    })
}

/// A thing of one piece without a name: the `place` above it gives it one.
pub(super) fn piece(a: &Arguments<'_>, mesh: Result<Mesh, GeometryError>) -> Outcome<Product> {
    let mesh = mesh.map_err(|e| a.error("E0630", e))?;
    Ok(Product::Thing(Arc::new(Thing::single(Instance {
        id: "".into(),
        mesh: Arc::new(mesh),
        material: material_or_grey(a)?,
        world_from_object: Affine3A::IDENTITY,
    }))))
}

pub(super) fn cuboid(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape =
        Cuboid { size: a.vec3("size")?, chamfer: a.number("chamfer")?, segments: count(a, "chamfer_segments")? };
    piece(a, shape.mesh())
}

pub(super) fn sphere(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    piece(a, Sphere { radius: a.number("radius")?, segments: count(a, "segments")?, rings: count(a, "rings")? }.mesh())
}

pub(super) fn cylinder(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape = Cylinder {
        radius: a.number("radius")?,
        height: a.number("height")?,
        chamfer: a.number("chamfer")?,
        chamfer_segments: count(a, "chamfer_segments")?,
        segments: count(a, "segments")?,
    };
    piece(a, shape.mesh())
}

pub(super) fn cone(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape = Cone {
        bottom_radius: a.number("radius")?,
        top_radius: a.number("top_radius")?,
        height: a.number("height")?,
        chamfer: a.number("chamfer")?,
        chamfer_segments: count(a, "chamfer_segments")?,
        segments: count(a, "segments")?,
    };
    piece(a, shape.mesh())
}

pub(super) fn tube(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape = Tube {
        outer_radius: a.number("outer_radius")?,
        inner_radius: a.number("inner_radius")?,
        height: a.number("height")?,
        chamfer: a.number("chamfer")?,
        chamfer_segments: count(a, "chamfer_segments")?,
        segments: count(a, "segments")?,
    };
    piece(a, shape.mesh())
}

pub(super) fn torus(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape = Torus {
        major_radius: a.number("radius")?,
        minor_radius: a.number("tube_radius")?,
        major_segments: count(a, "segments")?,
        minor_segments: count(a, "tube_segments")?,
    };
    piece(a, shape.mesh())
}

pub(super) fn capsule(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let shape = Capsule {
        radius: a.number("radius")?,
        height: a.number("height")?,
        segments: count(a, "segments")?,
        rings: count(a, "rings")?,
    };
    piece(a, shape.mesh())
}

pub(super) fn plane(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    piece(a, Plane { size: a.vec2("size")?, subdivisions: [1, 1] }.mesh())
}

pub(super) fn disk(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    piece(a, Disk { radius: a.number("radius")?, segments: count(a, "segments")? }.mesh())
}

pub(super) fn gear(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let width = a.number("width")?;
    let hub = match a.maybe("hub_diameter", Arguments::number)? {
        None => None,
        Some(diameter) => {
            Some(Hub { diameter, width: a.maybe("hub_width", Arguments::number)?.unwrap_or(width * 1.5) })
        }
    };
    let shape = Gear {
        teeth: count(a, "teeth")?,
        module: a.number("module")?,
        width,
        pressure_angle: a.number("pressure_angle")?,
        bore: a.number("bore")?,
        chamfer: a.number("chamfer")?,
        hub,
        web: a.maybe("web", Arguments::number)?,
        ..Gear::default()
    };
    piece(a, shape.mesh())
}

pub(super) fn mark(_: &mut Run<'_>, _: &Arguments<'_>) -> Outcome<Product> {
    Ok(Product::Thing(Arc::new(Thing { is_mark: true, ..Thing::default() })))
}

pub(super) fn assembly(_: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let mut whole = Thing::default();
    for given in a.things("parts")? {
        match given.part {
            Some(part) => whole.instances.extend(given.value.pieces(part).into_iter().cloned()),
            None => {
                whole.instances.extend_from_slice(&given.value.instances);
                whole.lights.extend_from_slice(&given.value.lights);
                if !given.value.name.is_empty() {
                    let name: Arc<str> = given.value.name.as_str().into();
                    let below = given.value.frames.iter().map(|(part, f)| (format!("{name}/{part}").into(), *f));
                    whole.frames.extend(below);
                    for (joint, frame) in &given.value.joints {
                        whole.joints.entry(format!("{name}/{joint}")).or_insert(*frame);
                    }
                    if given.value.is_mark {
                        whole.joints.entry(given.value.name.clone()).or_insert(given.value.frame);
                    }
                    whole.frames.insert(name, given.value.frame);
                }
                for (name, joint) in &given.value.joints {
                    whole.joints.entry(name.clone()).or_insert(*joint);
                }
            }
        }
    }
    whole.lights.extend(a.lights("lights")?.iter().map(|l| scenec_scene::Light::clone(l.value)));
    name_apart(&mut whole.instances);
    Ok(Product::Thing(Arc::new(whole)))
}

/// Gives every piece its own id: a name that stands twice gets `~2`, `~3`, ….
fn name_apart(instances: &mut [Instance]) {
    let mut times = std::collections::BTreeMap::<Arc<str>, u32>::new();
    let mut taken: std::collections::BTreeSet<Arc<str>> = instances.iter().map(|i| i.id.clone()).collect();
    for instance in instances {
        let times = times.entry(instance.id.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            // A piece may be called `a~2` as well, so the number goes up until the id is new.
            let base = instance.id.clone();
            while !taken.insert(instance.id.clone()) {
                instance.id = format!("{base}~{times}").into();
                *times += 1;
            }
            *times -= 1;
        }
    }
}

pub(super) fn place(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let given = a.thing("thing")?;
    let mut translation = DVec3::from(a.vec3("at")?);
    if let Some(on) = a.maybe_thing("at")? {
        if a.bool("drop")? {
            let height =
                super::ground::height_at(run, on.value, on.part, translation.x, translation.z).ok_or_else(|| {
                    let (x, z) = (translation.x, translation.z);
                    a.error("E0632", format!("there is no ground below ({x} m, {z} m)"))
                        .hint("choose a point on the ground")
                })?;
            translation.y += height;
        } else {
            let anchor = on.value.anchor(on.part).ok_or_else(|| a.error("E0633", nowhere(on.part)))?;
            translation += anchor.origin.as_dvec3();
        }
    }
    let [rx, ry, rz] = a.vec3("rotate")?;
    let turn = DQuat::from_rotation_y(ry) * DQuat::from_rotation_x(rx) * DQuat::from_rotation_z(rz);
    let target = match a.maybe_thing("facing")? {
        Some(thing) => {
            let anchor = thing.value.anchor(thing.part).ok_or_else(|| a.error("E0633", nowhere(thing.part)))?;
            Some(anchor.origin.as_dvec3())
        }
        None => a.maybe("facing", Arguments::vec3)?.map(DVec3::from),
    };
    let parent = match a.maybe_thing("parent")? {
        Some(parent) => Some(parent.value.frame_of(parent.part).ok_or_else(|| a.error("E0633", nowhere(parent.part)))?),
        None => None,
    };
    let yaw = target.map_or(0.0, |t| {
        // A point of the world, seen from where the thing stands.
        let t = parent.map_or(t, |p| p.inverse().transform_point3(t.as_vec3()).as_dvec3());
        let to = t - translation;
        if to.x == 0.0 && to.z == 0.0 { 0.0 } else { libm::atan2(to.x, to.z) }
    });
    let rotation = DQuat::from_rotation_y(yaw) * turn;
    let map = DAffine3::from_scale_rotation_translation(DVec3::from(a.vec3("scale")?), rotation, translation);
    let map = Affine3A { matrix3: Mat3A::from(map.matrix3.as_mat3()), translation: map.translation.as_vec3a() };
    let map = parent.map_or(map, |parent| parent * map);
    let whole;
    let thing = match given.part {
        None => &**given.value,
        Some(part) => {
            whole = given.value.part(part).ok_or_else(|| a.error("E0633", nowhere(Some(part))))?;
            &whole
        }
    };
    let mut placed = thing.transformed(&map);
    let name = a.text("name")?;
    if !name.is_empty() {
        for instance in &mut placed.instances {
            let id = if instance.id.is_empty() { name.to_owned() } else { format!("{name}/{}", instance.id) };
            instance.id = id.into();
        }
        placed.name = name.to_owned();
    }
    Ok(Product::Thing(Arc::new(placed)))
}

fn nowhere(part: Option<&str>) -> String {
    match part {
        Some(part) => format!("the thing has no part `{part}` here, or it is empty"),
        None => "the thing is empty, so it is nowhere".into(),
    }
}

/// Middle of a thing's part, for cameras.
pub(super) fn origin_of(a: &Arguments<'_>, thing: &Thing, part: Option<&str>) -> Outcome<Vec3> {
    thing.anchor(part).map(|anchor| anchor.origin).ok_or_else(|| a.error("E0633", nowhere(part)))
}
