//! Behaviour of the node kinds, in files of the same stems as their declarations in `scenec_ir::nodes`.

mod camera;
mod data;
mod figure;
mod fog;
mod gltf;
mod ground;
mod light;
mod material;
mod measure;
mod pattern;
mod pose;
mod render;
mod scatter;
mod shape;
mod sky;
mod surface;
mod view;
mod write;

use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

/// What a node kind does.
pub(crate) type Behaviour = for<'a> fn(&mut Run<'_>, &Arguments<'a>) -> Outcome<Product>;

/// The behaviour of a kind.
pub(crate) fn find(kind: &str) -> Option<Behaviour> {
    Some(match kind {
        "constant_sky" => sky::constant,
        "physical_sky" => sky::physical,
        "hdr_sky" => sky::hdr,
        "height_fog" => fog::height,
        "fog" => fog::even,
        "sun" => light::sun,
        "point_light" => light::point,
        "spot_light" => light::spot,
        "rectangle_light" => light::rectangle,
        "disk_light" => light::disk,
        "sphere_light" => light::ball,
        "terrain" => ground::terrain,
        "ground" => ground::ground,
        "scatter" => scatter::scatter,
        "figure" => figure::figure,
        "gltf.scene" => gltf::scene,
        "gltf.node" => gltf::node,
        "gltf.mesh" => gltf::mesh,
        "gltf.skin" => gltf::skin,
        "gltf.camera" => gltf::camera,
        "box" => shape::cuboid,
        "sphere" => shape::sphere,
        "cylinder" => shape::cylinder,
        "cone" => shape::cone,
        "tube" => shape::tube,
        "torus" => shape::torus,
        "capsule" => shape::capsule,
        "plane" => shape::plane,
        "disk" => shape::disk,
        "gear" => shape::gear,
        "assembly" => shape::assembly,
        "mark" => shape::mark,
        "place" => shape::place,
        "repaint" => surface::repaint,
        "material" => material::material,
        "steel" | "brass" | "copper" | "gold" | "aluminium" => material::metal,
        "paint" | "plastic" | "rubber" => material::coated,
        "glass" => material::glass,
        "water" => material::water,
        "car_paint" => material::car_paint,
        "leather" => material::leather,
        "wet_stone" => material::wet_stone,
        "cloth" => material::cloth,
        "clay" => material::clay,
        "concrete" => material::concrete,
        "wood" => material::wood,
        "checker" => material::checker,
        "emissive" => material::emissive,
        "camera" => camera::camera,
        "stage" => render::stage,
        "render" => render::render,
        "aovs" => render::aovs,
        "denoise" => render::denoise,
        "depth" => data::depth,
        "inverse_depth" => data::inverse_depth,
        "normals" => data::normals,
        "albedo" => data::albedo,
        "mask" => data::mask,
        "ids" => data::ids,
        "pose_map" => pose::pose_map,
        "view" => view::view,
        "write_png" => write::png,
        "write_exr" => write::exr,
        "visible" => measure::visible,
        "coverage" => measure::coverage,
        "in_frame" => measure::in_frame,
        "distance" => measure::distance,
        "bounds" => measure::bounds,
        "count" => measure::count,
        "triangles" => measure::triangles,
        "memory" => measure::memory,
        "usage" => measure::usage,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_declared_kind_has_a_behaviour() {
        let missing: Vec<_> =
            scenec_ir::nodes::all().iter().map(|d| d.name).filter(|n| super::find(n).is_none()).collect();
        assert!(missing.is_empty(), "declared but can't run: {missing:?}");
    }
}
