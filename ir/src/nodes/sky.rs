//! Skies: what is behind everything.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Wire};

use std::f64::consts::PI;

/// Radiance that is equal in all directions.
pub const CONSTANT_SKY: NodeDecl = NodeDecl {
    name: "constant_sky",
    layers: &[Layer::Environment],
    output: Wire::Sky,
    params: &[
        Param::new("color", ParamType::Color, "Colour of the sky.").or(Default::Color([1.0; 3])),
        Param::new("strength", ParamType::Quantity(Dimension::RATIO), "Radiance of white, in W/(sr m^2).")
            .or(Default::Number(1.0))
            .within(0.0, 1e6),
    ],
    doc: "A sky of one colour.\n\nIts radiance is `color * strength` in every direction, below the horizon too.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky(color: #dfe8ff, strength: 0.8)
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// Analytic clear sky with its sun.
pub const PHYSICAL_SKY: NodeDecl = NodeDecl {
    name: "physical_sky",
    layers: &[Layer::Environment],
    output: Wire::Sky,
    params: &[
        Param::new("sun_elevation", ParamType::Quantity(Dimension::ANGLE), "Height of the sun above the horizon.")
            .or(Default::Number(PI / 6.0))
            .within(-PI / 18.0, PI / 2.0),
        Param::new(
            "sun_azimuth",
            ParamType::Quantity(Dimension::ANGLE),
            "Direction of the sun over the ground: 0 is +X, 90deg is +Z.",
        )
        .or(Default::Number(PI / 4.0))
        .within(-4.0 * PI, 4.0 * PI),
        Param::new("turbidity", ParamType::Quantity(Dimension::RATIO), "Haze: 2 is an arctic sky, 10 a hazy one.")
            .or(Default::Number(3.0))
            .within(1.7, 10.0),
        Param::new("ground_albedo", ParamType::Color, "Mean colour of the ground, which lights the lower half.")
            .or(Default::Color([0.2; 3])),
        Param::new("strength", ParamType::Quantity(Dimension::RATIO), "Factor on sky and sun.")
            .or(Default::Number(1.0))
            .within(0.0, 1e6),
        Param::new("sun", ParamType::Bool, "False leaves out the sun's disk and its direct light.")
            .or(Default::Bool(true)),
    ],
    doc: "A clear sky with its sun.\n\nThe sun's direct light comes with it, so no `sun` is needed beside it. Absolute \
          units are scaled so that a white ground at noon has a radiance near 1.",
    example: r#"ngs 1
environment outdoors {
  sky = physical_sky(sun_elevation: 12deg, sun_azimuth: 140deg, turbidity: 3)
  floor = ground(size: 50m)
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// A latitude-longitude picture of radiance.
pub const HDR_SKY: NodeDecl = NodeDecl {
    name: "hdr_sky",
    layers: &[Layer::Environment],
    output: Wire::Sky,
    params: &[
        Param::new("file", ParamType::InputPath, "A latitude-longitude picture, Radiance .hdr or OpenEXR."),
        Param::new("strength", ParamType::Quantity(Dimension::RATIO), "Factor on every pixel.")
            .or(Default::Number(1.0))
            .within(0.0, 1e6),
        Param::new(
            "rotation",
            ParamType::Quantity(Dimension::ANGLE),
            "Turn about +Y: the picture's middle moves from +X towards +Z.",
        )
        .or(Default::Number(0.0))
        .within(-4.0 * PI, 4.0 * PI),
    ],
    doc: "A sky from a high-dynamic-range picture.\n\nBright spots of the picture (a sun, lamps) light the scene and cast \
          shadows as they stand in it.",
    example: r#"ngs 1
environment studio {
  sky = hdr_sky("studio.hdr", rotation: 30deg)
  ball = sphere(radius: 0.5m, material: steel())
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
