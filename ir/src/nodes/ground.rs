//! What everything stands on.

use super::shape::MATERIAL;
use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Wire};

/// A seeded or measured landscape.
pub const TERRAIN: NodeDecl = NodeDecl {
    name: "terrain",
    layers: &[Layer::Environment],
    output: Wire::Thing,
    params: &[
        Param::new("size", ParamType::Vec2(Dimension::LENGTH), "Extent along x and z; one length makes a square.")
            .within(0.1, 100_000.0),
        Param::new("relief", ParamType::Quantity(Dimension::LENGTH), "Height from the deepest to the highest place.")
            .or(Default::Number(10.0))
            .within(0.0, 10_000.0),
        Param::new("seed", ParamType::Int, "Another number, another landscape.")
            .or(Default::Int(0))
            .within(0.0, 9.0e15),
        Param::new("resolution", ParamType::Int, "Quads along the longer side.")
            .or(Default::Int(256))
            .within(1.0, 4096.0),
        Param::new("roughness", ParamType::Quantity(Dimension::RATIO), "Share of small features, 0 smooth .. 1 rough.")
            .or(Default::Number(0.5))
            .within(0.0, 1.0),
        Param::new("octaves", ParamType::Int, "Number of feature sizes, each half of the one before.")
            .or(Default::Int(8))
            .within(1.0, 24.0),
        Param::new(
            "feature_size",
            ParamType::Quantity(Dimension::LENGTH),
            "Extent of the largest hills; absent: a third of the terrain's longer side.",
        )
        .or(Default::Absent)
        .within(0.01, 100_000.0),
        Param::new("ridges", ParamType::Quantity(Dimension::RATIO), "0 rolling hills .. 1 sharp ridges.")
            .or(Default::Number(0.0))
            .within(0.0, 1.0),
        Param::new(
            "flat_radius",
            ParamType::Quantity(Dimension::LENGTH),
            "Radius of a level place to build on; absent for none.",
        )
        .or(Default::Absent)
        .within(0.0, 100_000.0),
        Param::new("flat_center", ParamType::Vec2(Dimension::LENGTH), "Middle (x, z) of the level place.")
            .or(Default::Vec2([0.0; 2])),
        Param::new(
            "flat_falloff",
            ParamType::Quantity(Dimension::LENGTH),
            "Width of the slope around the level place.",
        )
        .or(Default::Number(10.0))
        .within(0.0, 100_000.0),
        Param::new(
            "height_map",
            ParamType::InputPath,
            "A grey picture of heights, black deepest and white highest, instead of the seeded function.",
        )
        .or(Default::Absent),
    ],
    ports: &[MATERIAL],
    parts: &["top"],
    doc: "A landscape around the origin.\n\nHeights come from a seeded function or a picture and lie within half of \
          `relief` above and below y = 0. Stand things on it with `at ground.point(3m, -2m)`.",
    example: r#"ngs 1
environment valley {
  sky = physical_sky(sun_elevation: 20deg)
  land = terrain(size: 400m, relief: 30m, seed: 7, flat_radius: 12m)
  stone = sphere(radius: 1m) at land.point(3m, -2m)
}
camera main { frame: stone }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// A level floor.
pub const GROUND: NodeDecl = NodeDecl {
    name: "ground",
    layers: &[Layer::Environment],
    output: Wire::Thing,
    params: &[Param::new(
        "size",
        ParamType::Vec2(Dimension::LENGTH),
        "Extent along x and z; one length makes a square.",
    )
    .or(Default::Vec2([200.0; 2]))
    .within(0.001, 100_000.0)],
    ports: &[MATERIAL],
    parts: &["top"],
    doc: "A level floor at y = 0, centred on the origin, facing up.",
    example: r#"ngs 1
environment floor {
  sky = constant_sky()
  floor = ground(size: (20m, 30m), material: concrete())
}
camera main { at: (0m, 2m, 6m), look_at: (0m, 0m, 0m) }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
