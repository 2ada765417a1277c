//! Figures: what a bible becomes.

use super::gltf::{ASSET, BLEND, BLEND_CLIP, BLEND_TIME, BLENDED, CLIP, LOOPED, SPEED, TIME, VARIANT};
use super::shape::PLACES;
use crate::Dimension;
use crate::node::{AssetNames, Default, Layer, NodeDecl, Param, ParamType, Wire};

/// A posed character.
pub const FIGURE: NodeDecl = NodeDecl {
    name: "figure",
    layers: &[Layer::Character],
    output: Wire::Thing,
    params: &[
        ASSET,
        Param::new("skin", ParamType::AssetName(AssetNames::Skin), "Skin of the figure; absent: the whole scene.")
            .or(Default::Absent),
        Param::new("node", ParamType::AssetName(AssetNames::Node), "Node of the figure, instead of a skin.")
            .or(Default::Absent),
        VARIANT,
        CLIP,
        TIME,
        SPEED,
        LOOPED,
        BLEND_CLIP,
        BLEND,
        BLEND_TIME,
        Param::new(
            "pose",
            ParamType::Pose,
            "Turns of joints on top of the clip. A channel is `joint.bend` (about the joint's own x axis), \
             `joint.turn` (about y) or `joint.raise` (about z); `joint.twist` is another name of `turn`. Applied as \
             Rz * Ry * Rx in the joint's local frame.",
        )
        .or(Default::Absent),
        Param::new(
            "height",
            ParamType::Quantity(Dimension::LENGTH),
            "Height of the figure in its rest pose; it is scaled to it. Absent: as the asset has it.",
        )
        .or(Default::Absent)
        .within(1e-3, 1e4),
    ],
    rules: &[BLENDED],
    parts: PLACES,
    timed: true,
    doc: "A posed figure.\n\nA `bible` makes one: its `rig` names the skin, its variants choose the asset's material \
          variants, its poses turn joints.",
    example: r#"ngs 1
asset fox = gltf("assets/Fox.glb")
bible Fox {
  rig: fox.skin("Fox")
  height: Length = 80cm
  pose alert { b_Neck_04.bend: -15deg }
}
character cast { hero = Fox(pose: alert, clip: "Survey") }
environment studio { sky = constant_sky() }
camera main { frame: hero }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
