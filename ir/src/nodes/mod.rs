//! The node kinds. Adding one is a file here, its line in [`all`], and a behaviour of the same stem in the runtime.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::Value;
use crate::node::{NodeDecl, Param, ParamType};

pub mod camera;
pub mod data;
pub mod figure;
pub mod fog;
pub mod gltf;
pub mod ground;
pub mod light;
pub mod material;
pub mod measure;
pub mod pose;
pub mod render;
pub mod scatter;
pub mod shape;
pub mod sky;
pub mod surface;
pub mod synonyms;
pub mod view;
pub mod write;

const ALL: &[&NodeDecl] = &[
    &sky::CONSTANT_SKY,
    &sky::PHYSICAL_SKY,
    &sky::HDR_SKY,
    &fog::HEIGHT_FOG,
    &fog::FOG,
    &light::SUN,
    &light::POINT_LIGHT,
    &light::SPOT_LIGHT,
    &light::RECTANGLE_LIGHT,
    &light::DISK_LIGHT,
    &light::SPHERE_LIGHT,
    &ground::TERRAIN,
    &ground::GROUND,
    &scatter::SCATTER,
    &figure::FIGURE,
    &gltf::SCENE,
    &gltf::NODE,
    &gltf::MESH,
    &gltf::SKIN,
    &gltf::CAMERA,
    &shape::BOX,
    &shape::SPHERE,
    &shape::CYLINDER,
    &shape::CONE,
    &shape::TUBE,
    &shape::TORUS,
    &shape::CAPSULE,
    &shape::PLANE,
    &shape::DISK,
    &shape::GEAR,
    &shape::ASSEMBLY,
    &shape::MARK,
    &shape::PLACE,
    &surface::REPAINT,
    &material::MATERIAL,
    &material::STEEL,
    &material::BRASS,
    &material::COPPER,
    &material::GOLD,
    &material::ALUMINIUM,
    &material::PAINT,
    &material::PLASTIC,
    &material::GLASS,
    &material::WATER,
    &material::CAR_PAINT,
    &material::LEATHER,
    &material::WET_STONE,
    &material::CLOTH,
    &material::CLAY,
    &material::RUBBER,
    &material::CONCRETE,
    &material::WOOD,
    &material::CHECKER,
    &material::EMISSIVE,
    &camera::CAMERA,
    &render::STAGE,
    &render::RENDER,
    &render::AOVS,
    &render::DENOISE,
    &data::DEPTH,
    &data::INVERSE_DEPTH,
    &data::NORMALS,
    &data::ALBEDO,
    &data::MASK,
    &data::IDS,
    &pose::POSE_MAP,
    &view::VIEW,
    &write::WRITE_PNG,
    &write::WRITE_EXR,
    &measure::VISIBLE,
    &measure::COVERAGE,
    &measure::IN_FRAME,
    &measure::DISTANCE,
    &measure::BOUNDS,
    &measure::COUNT,
    &measure::TRIANGLES,
    &measure::MEMORY,
    &measure::USAGE,
];

/// Every declaration, in the order of the manual.
pub fn all() -> &'static [&'static NodeDecl] {
    ALL
}

/// The declaration of a name.
pub fn find(name: &str) -> Option<&'static NodeDecl> {
    static BY_NAME: OnceLock<HashMap<&str, &NodeDecl>> = OnceLock::new();
    BY_NAME.get_or_init(|| ALL.iter().map(|d| (d.name, *d)).collect()).get(name).copied()
}

/// Why a value does not fit a parameter, or `None` when it does.
pub fn misfit(param: &Param, value: &Value) -> Option<String> {
    // Asked for every value of every node: nothing is allocated. One number may stand several times.
    let numbers: [f64; 3] = match (param.ty, value) {
        (ParamType::Bool, Value::Bool(_))
        | (ParamType::Text | ParamType::OutputPath | ParamType::InputPath, Value::Text(_))
        | (ParamType::Asset | ParamType::AssetName(_), Value::Text(_))
        | (ParamType::Pose | ParamType::Surfaces, Value::Record(_))
        | (ParamType::Frames, Value::IntRange(..)) => return None,
        (ParamType::Color, Value::Color(c)) => c.map(f64::from),
        (ParamType::Enum(members), Value::Member(m)) => {
            return (!members.contains(&m.as_str())).then(|| format!("`{m}` is none of {}", members.join(", ")));
        }
        (ParamType::Members(members), Value::List(items)) => {
            for (i, item) in items.iter().enumerate() {
                match item {
                    Value::Member(m) if !members.contains(&m.as_str()) => {
                        return Some(format!("`{m}` is none of {}", members.join(", ")));
                    }
                    Value::Member(m) if items[..i].contains(item) => return Some(format!("`{m}` is there twice")),
                    Value::Member(_) => {}
                    _ => return Some("the value is of another type".into()),
                }
            }
            return None;
        }
        (ParamType::Quantities(want), Value::List(items)) => {
            let number = Param { ty: ParamType::Quantity(want), ..*param };
            return items.iter().find_map(|item| misfit(&number, item));
        }
        (ParamType::Int, Value::Int(i)) => [*i as f64; 3],
        (ParamType::Quantity(want), Value::Quantity(v, have)) if want == *have => [*v; 3],
        (ParamType::Vec2(want), Value::Vec2([x, y], have)) if want == *have => [*x, *y, *y],
        (ParamType::Vec3(want), Value::Vec3(v, have)) if want == *have => *v,
        _ => return Some("the value is of another type".into()),
    };
    if numbers.iter().any(|n| !n.is_finite()) {
        return Some("the number is not finite".into());
    }
    let (low, high) = param.range?;
    let bad = numbers.into_iter().find(|n| !(low..=high).contains(n))?;
    Some(format!("{bad} is not within {low}..{high} (SI units)"))
}
