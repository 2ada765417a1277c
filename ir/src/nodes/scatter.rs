//! Many copies of one thing on a surface.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};

use std::f64::consts::PI;

/// The `scatter` statement.
pub const SCATTER: NodeDecl = NodeDecl {
    name: "scatter",
    layers: &[Layer::Environment, Layer::Engineering],
    output: Wire::Thing,
    params: &[
        Param::new("count", ParamType::Int, "How many are wanted; fewer stand where there is no room.")
            .within(0.0, 10_000_000.0),
        Param::new("spacing", ParamType::Quantity(Dimension::LENGTH), "Least distance between two.")
            .or(Default::Number(0.0))
            .within(0.0, 100_000.0),
        Param::new(
            "seed",
            ParamType::Text,
            "Another text, another arrangement. In the graph the path of the statement stands before it, so two \
             statements never agree by chance.",
        )
        .or(Default::Text("")),
        Param::new("slope_max", ParamType::Quantity(Dimension::ANGLE), "Steepest ground that they stand on.")
            .or(Default::Number(PI / 4.0))
            .within(0.0, PI),
        Param::new("height_min", ParamType::Quantity(Dimension::LENGTH), "Lowest ground (y, world space).")
            .or(Default::Absent)
            .within(-1e6, 1e6),
        Param::new("height_max", ParamType::Quantity(Dimension::LENGTH), "Highest ground (y, world space).")
            .or(Default::Absent)
            .within(-1e6, 1e6),
        Param::new("yaw", ParamType::Quantity(Dimension::RATIO), "Random turn about +Y: 0 none .. 1 a full turn.")
            .or(Default::Number(1.0))
            .within(0.0, 1.0),
        Param::new("scale_min", ParamType::Quantity(Dimension::RATIO), "Smallest size, as a factor.")
            .or(Default::Number(1.0))
            .within(1e-4, 1e4),
        Param::new("scale_max", ParamType::Quantity(Dimension::RATIO), "Largest size, as a factor.")
            .or(Default::Number(1.0))
            .within(1e-4, 1e4),
        Param::new("align", ParamType::Quantity(Dimension::RATIO), "0 upright .. 1 along the ground's normal.")
            .or(Default::Number(0.0))
            .within(0.0, 1.0),
    ],
    ports: &[
        Port::new("prototype", Wire::Thing, "What is scattered."),
        Port::new("on", Wire::Thing, "The surface that they stand on.").part(),
    ],
    callable: false,
    doc: "Copies of one thing on the surface of another.\n\nWritten as a statement: `scatter name: Prototype on surface \
          { count: 120 }`. The arrangement depends on the statement's path and seed alone.",
    example: r#"ngs 1
component Crate(edge: Length = 0.6m) {
  body = box(size: edge, chamfer: 1cm) at (0m, edge / 2, 0m)
}
environment yard {
  sky = constant_sky()
  floor = ground(size: 30m)
  scatter crates: Crate on floor.top { count: 40, spacing: 1.2m, seed: "crates" }
}
camera main { at: (0m, 4m, 12m), look_at: (0m, 0m, 0m) }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
