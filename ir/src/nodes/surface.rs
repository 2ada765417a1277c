//! Other surfaces for things that bring their own: what `override hero.coat.color = …` becomes.

use super::shape::{DESIGN, PLACES};
use crate::Dimension;
use crate::node::{Default, NodeDecl, Param, ParamType, Port, Wire};

const RATIO: ParamType = ParamType::Quantity(Dimension::RATIO);

/// What may be said of a material of an asset, by its name: `hero.coat.roughness`. It becomes no node of its own; the
/// declaration serves checker and manual.
pub const ASSET_MATERIAL: NodeDecl = NodeDecl {
    name: "asset material",
    output: Wire::Material,
    callable: false,
    params: &[
        Param::new("color", ParamType::Color, "Base colour, instead of the asset's colour and its picture.")
            .or(Default::Absent)
            .within(0.0, 1.0),
        Param::new("tint", ParamType::Color, "Colour that the asset's own, picture included, is multiplied by.")
            .or(Default::Absent)
            .within(0.0, 1.0),
        Param::new("roughness", RATIO, "Perceptual roughness; the asset's picture of it still multiplies it.")
            .or(Default::Absent)
            .within(0.0, 1.0),
        Param::new("metallic", RATIO, "0 dielectric .. 1 metal; the asset's picture of it still multiplies it.")
            .or(Default::Absent)
            .within(0.0, 1.0),
        Param::new(
            "emission",
            ParamType::Color,
            "Colour of the light that it gives, W/(sr m^2), instead of the asset's.",
        )
        .or(Default::Absent),
        Param::new("ior", RATIO, "Index of refraction of the dielectric interface.")
            .or(Default::Absent)
            .within(1.0, 4.0),
        Param::new("specular", RATIO, "Strength of the dielectric reflection.").or(Default::Absent).within(0.0, 1.0),
        Param::new("normal_scale", RATIO, "Strength of the normal map.").or(Default::Absent).within(0.0, 100.0),
    ],
    doc: "A material of an asset, by its name.\n\nA thing of an asset has a property of the name of each of its materials, \
          and that has these: `override hero.coat.color = #3a4a55`. A name that is no name of the language stands in \
          brackets: `override hero[\"Leather.001\"].tint = #808080`.",
    ..NodeDecl::BASE
};

/// A thing with changes of its materials.
pub const REPAINT: NodeDecl = NodeDecl {
    name: "repaint",
    layers: DESIGN,
    callable: false,
    params: &[Param::new(
        "materials",
        ParamType::Surfaces,
        "Values by `material.property`, where the property is one of an asset's material.",
    )],
    ports: &[Port::new("thing", Wire::Thing, "A thing of an asset.")],
    parts: PLACES,
    doc: "A thing whose materials are changed.\n\nMade by `override hero.coat.color = #3a4a55`.",
    ..NodeDecl::BASE
};
