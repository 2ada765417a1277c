//! Analytic lights.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Wire};

use std::f64::consts::PI;

const TINT: Param =
    Param::new("color", ParamType::Color, "Colour of the light, a factor.").or(Default::Color([1.0; 3]));
const TEMPERATURE: Param = Param::new(
    "temperature",
    ParamType::Quantity(Dimension::TEMPERATURE),
    "Colour of a black body, a second factor of equal luminance; absent for none.",
)
.or(Default::Absent)
.within(1000.0, 40000.0);

/// A sun.
pub const SUN: NodeDecl = NodeDecl {
    name: "sun",
    layers: &[Layer::Environment],
    output: Wire::Light,
    params: &[
        Param::new("elevation", ParamType::Quantity(Dimension::ANGLE), "Height above the horizon.")
            .or(Default::Number(PI / 4.0))
            .within(-PI / 2.0, PI / 2.0),
        Param::new(
            "azimuth",
            ParamType::Quantity(Dimension::ANGLE),
            "Direction over the ground: 0 is +X, 90deg is +Z.",
        )
        .or(Default::Number(PI / 4.0))
        .within(-4.0 * PI, 4.0 * PI),
        Param::new(
            "irradiance",
            ParamType::Quantity(Dimension::IRRADIANCE),
            "Irradiance on a surface that faces it, per channel of white.",
        )
        .or(Default::Number(3.0))
        .within(0.0, 1e6),
        TINT,
        TEMPERATURE,
        Param::new(
            "angular_diameter",
            ParamType::Quantity(Dimension::ANGLE),
            "Seen size; 0 gives hard shadows, the real sun has 0.53deg.",
        )
        .or(Default::Number(0.53 * PI / 180.0))
        .within(0.0, PI / 2.0),
    ],
    doc: "A far, round light.\n\nA diffuse white surface that faces a sun of irradiance `3.14 W/m^2` has a radiance of 1.",
    example: r#"ngs 1
environment outdoors {
  sky = constant_sky(strength: 0.3)
  key = sun(elevation: 35deg, azimuth: 60deg, irradiance: 4W/m^2, temperature: 5200K)
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// A light without size.
pub const POINT_LIGHT: NodeDecl = NodeDecl {
    name: "point_light",
    layers: &[Layer::Environment, Layer::Character, Layer::Engineering],
    output: Wire::Light,
    params: &[
        Param::new("position", ParamType::Vec3(Dimension::LENGTH), "Where it stands, world space."),
        Param::new(
            "intensity",
            ParamType::Quantity(Dimension::POWER),
            "Radiant intensity in watts per steradian, per channel of white.",
        )
        .or(Default::Number(10.0))
        .within(0.0, 1e9),
        TINT,
        TEMPERATURE,
    ],
    doc: "A light without size.\n\nIt shines alike in all directions and is not seen itself. Irradiance at distance d is \
          `intensity / d^2`.",
    example: r#"ngs 1
environment room {
  lamp = point_light((1m, 2m, 1m), intensity: 12W, temperature: 2900K)
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// A cone of light.
pub const SPOT_LIGHT: NodeDecl = NodeDecl {
    name: "spot_light",
    layers: &[Layer::Environment, Layer::Character, Layer::Engineering],
    output: Wire::Light,
    params: &[
        Param::new("position", ParamType::Vec3(Dimension::LENGTH), "Where it stands, world space."),
        Param::new("target", ParamType::Vec3(Dimension::LENGTH), "A point on its axis.").or(Default::Vec3([0.0; 3])),
        Param::new(
            "intensity",
            ParamType::Quantity(Dimension::POWER),
            "Radiant intensity on the axis in watts per steradian, per channel of white.",
        )
        .or(Default::Number(10.0))
        .within(0.0, 1e9),
        Param::new("angle", ParamType::Quantity(Dimension::ANGLE), "Full angle of the cone.")
            .or(Default::Number(PI / 4.0))
            .within(0.001, PI),
        Param::new("softness", ParamType::Quantity(Dimension::RATIO), "Part of the cone in which the light fades out.")
            .or(Default::Number(0.2))
            .within(0.0, 1.0),
        TINT,
        TEMPERATURE,
    ],
    doc: "A cone of light without size.\n\nFull intensity up to `angle * (1 - softness)`, none outside of `angle`.",
    example: r#"ngs 1
environment room {
  lamp = spot_light((1m, 3m, 1m), target: (0m, 0m, 0m), intensity: 30W, angle: 40deg)
  floor = ground(size: 10m)
}
camera main { at: (0m, 2m, 6m), look_at: (0m, 0m, 0m) }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
