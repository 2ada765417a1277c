//! Things out of glTF assets: methods of an `asset` item.

use super::shape::{DESIGN, PLACES};
use crate::Dimension;
use crate::node::{AssetNames, Default, NodeDecl, Param, ParamType, Port, Rule, Wire};

pub(super) const ASSET: Param = Param::new("asset", ParamType::Asset, "The asset; stands before the dot.");
pub(super) const VARIANT: Param =
    Param::new("variant", ParamType::AssetName(AssetNames::Variant), "Material variant (KHR_materials_variants).")
        .or(Default::Absent);
pub(super) const CLIP: Param =
    Param::new("clip", ParamType::AssetName(AssetNames::Clip), "Animation that poses it.").or(Default::Absent);
pub(super) const TIME: Param = Param::new(
    "time",
    ParamType::Quantity(Dimension::TIME),
    "Fixed time in the clip; absent: the time of the frame since the shot's first, times `speed`.",
)
.or(Default::Absent)
.within(-1e6, 1e6);
pub(super) const SPEED: Param =
    Param::new("speed", ParamType::Quantity(Dimension::RATIO), "Speed of the clip when `time` is absent.")
        .or(Default::Number(1.0))
        .within(-1000.0, 1000.0);
pub(super) const LOOPED: Param =
    Param::new("looped", ParamType::Bool, "True: after its end the clip starts again; false: it holds its end.")
        .or(Default::Bool(true));
pub(super) const BLEND_CLIP: Param =
    Param::new("blend_clip", ParamType::AssetName(AssetNames::Clip), "A second animation that is mixed in by `blend`.")
        .or(Default::Absent);
pub(super) const BLEND: Param = Param::new(
    "blend",
    ParamType::Quantity(Dimension::RATIO),
    "0 `clip` alone .. 1 `blend_clip` alone: `(0s: 0, 0.5s: 1 ease in_out)` goes over from one to the other.",
)
.or(Default::Number(0.0))
.within(0.0, 1.0);
pub(super) const BLEND_TIME: Param = Param::new(
    "blend_time",
    ParamType::Quantity(Dimension::TIME),
    "Time of `blend_clip`; absent: it stands at the same part of its length as `clip`, so that steps meet.",
)
.or(Default::Absent)
.within(-1e6, 1e6);
pub(super) const BLENDED: Rule =
    Rule::Needs { param: "blend_clip", other: "clip", hint: "give the animation that it is mixed with as `clip`" };
const SURFACE: Port =
    Port::new("material", Wire::Material, "A surface for all of it, instead of the asset's own.").optional();

const PART: NodeDecl = NodeDecl {
    layers: DESIGN,
    output: Wire::Thing,
    rules: &[BLENDED],
    ports: &[SURFACE],
    parts: PLACES,
    timed: true,
    ..NodeDecl::BASE
};

/// The whole scene of an asset.
pub const SCENE: NodeDecl = NodeDecl {
    name: "gltf.scene",
    params: &[ASSET, VARIANT, CLIP, TIME, SPEED, LOOPED, BLEND_CLIP, BLEND, BLEND_TIME],
    doc: "The default scene of an asset, where the asset puts it.",
    example: r#"ngs 1
asset fox = gltf("assets/Fox.glb")
engineering props { runner = fox.scene(clip: "Run", time: 0.2s) scale 0.01 }
environment studio { sky = constant_sky() }
camera main { frame: runner }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..PART
};

/// One node of an asset with what hangs on it.
pub const NODE: NodeDecl = NodeDecl {
    name: "gltf.node",
    params: &[
        ASSET,
        Param::new("name", ParamType::AssetName(AssetNames::Node), "Name of the node."),
        VARIANT,
        CLIP,
        TIME,
        SPEED,
        LOOPED,
        BLEND_CLIP,
        BLEND,
        BLEND_TIME,
    ],
    doc: "One node of an asset with everything below it.\n\nIts rest position comes to the origin; its rotation and scale \
          stay.",
    example: r#"ngs 1
asset helmet = gltf("assets/FlightHelmet.gltf")
engineering props { prop = helmet.node("FlightHelmet") at (1m, 1.2m, 0m) scale 2 }
environment studio { sky = constant_sky() }
camera main { frame: prop }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..PART
};

/// One mesh of an asset.
pub const MESH: NodeDecl = NodeDecl {
    name: "gltf.mesh",
    params: &[ASSET, Param::new("name", ParamType::AssetName(AssetNames::Mesh), "Name of the mesh."), VARIANT],
    timed: false,
    doc: "One mesh of an asset in its own space, without the nodes that place it.",
    example: r#"ngs 1
asset helmet = gltf("assets/FlightHelmet.gltf")
engineering props { glass = helmet.mesh("GlassPlastic") }
environment studio { sky = constant_sky() }
camera main { frame: glass }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..PART
};

/// What one skin of an asset moves.
pub const SKIN: NodeDecl = NodeDecl {
    name: "gltf.skin",
    params: &[
        ASSET,
        Param::new("name", ParamType::AssetName(AssetNames::Skin), "Name of the skin."),
        VARIANT,
        CLIP,
        TIME,
        SPEED,
        LOOPED,
        BLEND_CLIP,
        BLEND,
        BLEND_TIME,
    ],
    doc: "Every mesh that one skin of an asset deforms, posed by a clip.",
    example: r#"ngs 1
asset fox = gltf("assets/Fox.glb")
character cast { hero = fox.skin("Fox", clip: "Walk") scale 0.01 }
environment studio { sky = constant_sky() }
camera main { frame: hero }
shot s010 { camera: main, frames: 1001..1025, fps: 24 }
output walk { image: render(s010) |> view(agx), file: "walk.{frame:4}.png" }
"#,
    ..PART
};

/// A camera of an asset.
pub const CAMERA: NodeDecl = NodeDecl {
    name: "gltf.camera",
    layers: &[],
    output: Wire::Camera,
    params: &[
        ASSET,
        Param::new("name", ParamType::AssetName(AssetNames::Camera), "Name of the camera's node."),
        CLIP,
        TIME,
        SPEED,
        LOOPED,
    ],
    ports: &[],
    parts: &[],
    doc: "A camera of an asset, where the asset puts it.",
    example: r#"ngs 1
asset set = gltf("assets/Set.glb")
environment studio { sky = constant_sky()  floor = set.scene() }
shot s010 { camera: set.camera("Camera") }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..PART
};
