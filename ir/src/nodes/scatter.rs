//! Many copies of things on a surface or in a volume.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};

use std::f64::consts::PI;

/// The `scatter` statement.
pub const SCATTER: NodeDecl = NodeDecl {
    name: "scatter",
    version: 2,
    layers: &[Layer::Environment, Layer::Engineering],
    output: Wire::Thing,
    params: &[
        Param::new("count", ParamType::Int, "How many are wanted; fewer stand where there is no room.")
            .within(0.0, 10_000_000.0),
        Param::new("spacing", ParamType::Quantity(Dimension::LENGTH), "Least distance between two, in space: Poisson-disk sampling by rejection.")
            .or(Default::Number(0.0))
            .within(0.0, 100_000.0),
        Param::new(
            "seed",
            ParamType::Text,
            "Another text, another arrangement. In the graph the path of the statement stands before it, so two \
             statements never agree by chance.",
        )
        .or(Default::Text("")),
        Param::new(
            "weights",
            ParamType::Quantities(Dimension::RATIO),
            "How often each of several things stands: 3 three times as often as 1. A number for each, in their order; \
             absent: all alike. Another weight moves nothing.",
        )
        .or(Default::Absent)
        .within(0.0, 1e6),
        Param::new("slope_min", ParamType::Quantity(Dimension::ANGLE), "Least slope that they stand on. On surfaces only.")
            .or(Default::Number(0.0))
            .within(0.0, PI),
        Param::new("slope_max", ParamType::Quantity(Dimension::ANGLE), "Steepest slope that they stand on. On surfaces only.")
            .or(Default::Number(PI / 4.0))
            .within(0.0, PI),
        Param::new("height_min", ParamType::Quantity(Dimension::LENGTH), "Lowest place (y, world space).")
            .or(Default::Absent)
            .within(-1e6, 1e6),
        Param::new("height_max", ParamType::Quantity(Dimension::LENGTH), "Highest place (y, world space).")
            .or(Default::Absent)
            .within(-1e6, 1e6),
        Param::new(
            "density",
            ParamType::InputPath,
            "A grey picture, black none and white all, laid over the box of the surface or volume as seen from above: \
             its width along x, its rows from -z to +z. PNG or JPEG, at most 8192 pixels wide and high; grey values count \
             as they are. The count stays: a darker picture only moves it elsewhere.",
        )
        .or(Default::Absent),
        Param::new(
            "density_scale",
            ParamType::Quantity(Dimension::LENGTH),
            "Extent of patches, seen from above, in which more of them stand: seeded noise. It multiplies with `density`.",
        )
        .or(Default::Absent)
        .within(1e-3, 100_000.0),
        Param::new(
            "density_contrast",
            ParamType::Quantity(Dimension::RATIO),
            "Of the patches: 0 none .. 1 from bare to full, and above that with hard edges.",
        )
        .or(Default::Number(1.0))
        .within(0.0, 100.0),
        Param::new(
            "cluster",
            ParamType::Quantity(Dimension::LENGTH),
            "Radius of clusters: 6 of 7 are nearer to their centre (two standard deviations), all within one and a half of it.",
        )
        .or(Default::Absent)
        .within(1e-3, 10_000.0),
        Param::new("clusters", ParamType::Int, "Number of clusters. All get about the same share of the count.")
            .or(Default::Absent)
            .within(1.0, 100_000.0),
        Param::new(
            "avoid_by",
            ParamType::Quantity(Dimension::LENGTH),
            "Least distance to what is avoided: along x and z on a surface, in space in a volume.",
        )
        .or(Default::Number(0.0))
        .within(0.0, 10_000.0),
        Param::new("yaw", ParamType::Quantity(Dimension::RATIO), "Random turn about +Y: 0 none .. 1 a full turn.")
            .or(Default::Number(1.0))
            .within(0.0, 1.0),
        Param::new(
            "tilt",
            ParamType::Quantity(Dimension::ANGLE),
            "Greatest random lean; angles up to it are equally likely, and so are all sides.",
        )
        .or(Default::Number(0.0))
        .within(0.0, PI),
        Param::new("scale_min", ParamType::Quantity(Dimension::RATIO), "Smallest size, as a factor.")
            .or(Default::Number(1.0))
            .within(1e-4, 1e4),
        Param::new("scale_max", ParamType::Quantity(Dimension::RATIO), "Largest size, as a factor.")
            .or(Default::Number(1.0))
            .within(1e-4, 1e4),
        Param::new("align", ParamType::Quantity(Dimension::RATIO), "0 upright .. 1 along the ground's normal. On surfaces only.")
            .or(Default::Number(0.0))
            .within(0.0, 1.0),
        Param::new(
            "sink",
            ParamType::Quantity(Dimension::LENGTH),
            "How deep they stand in the ground, against its normal; negative above it. On surfaces only.",
        )
        .or(Default::Number(0.0))
        .within(-10_000.0, 10_000.0),
    ],
    ports: &[
        Port::new("prototype", Wire::Thing, "What is scattered: one thing, or a list of which each copy is one.").many(),
        Port::new("on", Wire::Thing, "The surface that they stand on; either this or `in`.").optional().part(),
        Port::new("in", Wire::Thing, "The closed thing that they fill; either this or `on`.").optional().part(),
        Port::new(
            "avoid",
            Wire::Thing,
            "Nothing stands in these or closer to them than `avoid_by`. On a surface they are seen from above, so nothing \
             stands below a bridge either; in a volume, what is closed is solid. Only the place of a copy counts, not its size.",
        )
        .many()
        .part(),
    ],
    callable: false,
    doc: "Copies of things on the surface of another, or inside of it.\n\nThe arrangement depends on the statement's path and \
          seed alone. Each copy has a number of its own, `yard/crates/17`, which is its name in masks: a larger `count` \
          appends; another density, weight, cluster or thing to avoid moves no copy that stays. What is avoided is left out \
          and not replaced.\n\nA volume is the inside of a closed thing, one in which every edge of the triangles has a \
          neighbour; parts that overlap are one volume. On a surface a copy stands on its lowest point, in a volume the \
          middle of its box is put at the random place. A surface or volume that is not to be seen is named by `let`.\n\n\
          Written as a statement: `scatter name: Prototype on surface { count: 120 }`, or with `in volume`; several \
          prototypes stand in a list.",
    example: r#"ngs 1
component Crate(edge: Length = 0.6m) {
  body = box(size: edge, chamfer: 1cm) at (0m, edge / 2, 0m)
}
component Barrel() {
  body = cylinder(radius: 0.3m, height: 0.9m) at (0m, 0.45m, 0m)
}
environment yard {
  sky = constant_sky()
  floor = ground(size: 30m)
  hut = box(size: (4m, 3m, 4m)) at (0m, 1.5m, -4m)
  scatter crates: [Crate, Crate(edge: 0.4m), Barrel] on floor.top {
    count: 40, spacing: 1.2m, seed: "crates", weights: [3, 1, 2], avoid: hut, avoid_by: 50cm
  }
  let cloud = sphere(radius: 2m) at (6m, 5m, 0m)
  scatter gnats: sphere(radius: 2cm) in cloud { count: 200, spacing: 10cm }
}
camera main { at: (0m, 4m, 12m), look_at: (0m, 1m, 0m) }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
