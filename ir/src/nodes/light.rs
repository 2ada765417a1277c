//! Lights.

use super::shape::{DESIGN, PLACES, RADIUS};
use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Rule, Wire};

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
    layers: DESIGN,
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
    layers: DESIGN,
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
    rules: &[Rule::Apart {
        points: ["position", "target"],
        hint: "the light shines from one to the other: move one of them",
    }],
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

/// How strong a lamp is: one of three.
const LAMP_POWER: Param = Param::new(
    "power",
    ParamType::Quantity(Dimension::POWER),
    "Light that it gives in all, per channel of white; 10 W if nothing is said.",
)
.or(Default::Absent)
.within(0.0, 1e9);
const LAMP_FLUX: Param = Param::new(
    "flux",
    ParamType::Quantity(Dimension::LUMINOUS),
    "The same in lumens, instead of `power`: 179 lm are a watt of white light.",
)
.or(Default::Absent)
.within(0.0, 1e12);
const LAMP_RADIANCE: Param = Param::new(
    "radiance",
    ParamType::Quantity(Dimension::IRRADIANCE),
    "How bright its surface is, W/(sr m^2), instead of `power`: a larger lamp then gives more light.",
)
.or(Default::Absent)
.within(0.0, 1e9);
const TILT: Param = Param::new(
    "tilt",
    ParamType::Quantity(Dimension::ANGLE),
    "0deg shines down, 90deg to the front (+Z, which `facing` turns to something), 180deg up.",
)
.or(Default::Number(0.0))
.within(-2.0 * PI, 2.0 * PI);
const TWO_SIDED: Param =
    Param::new("two_sided", ParamType::Bool, "It shines to both sides, each with half of the power.")
        .or(Default::Bool(false));

const LAMP: NodeDecl = NodeDecl {
    layers: DESIGN,
    output: Wire::Thing,
    parts: PLACES,
    rules: &[Rule::OneOf { params: &["power", "flux", "radiance"], what: "how strong the lamp is" }],
    ..NodeDecl::BASE
};

/// A rectangle that shines.
pub const RECTANGLE_LIGHT: NodeDecl = NodeDecl {
    name: "rectangle_light",
    params: &[
        Param::new("size", ParamType::Vec2(Dimension::LENGTH), "Width and depth; one length makes a square.")
            .or(Default::Vec2([1.0; 2]))
            .within(1e-6, 1e6),
        LAMP_POWER,
        LAMP_FLUX,
        LAMP_RADIANCE,
        TINT,
        TEMPERATURE,
        TILT,
        TWO_SIDED,
    ],
    doc: "A rectangle that shines, such as a softbox or a ceiling panel.\n\nA thing as others are: it is placed, turned, repeated and seen. \
          Its radiance is `power / (pi * area)`, equal in all directions; its back is black.",
    example: r#"ngs 1
environment room {
  floor = ground(size: 10m)
  softbox = rectangle_light(size: (1m, 60cm), power: 60W, temperature: 5000K, tilt: 60deg) at (-1.5m, 2m, 1.5m) facing ball
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..LAMP
};

const LAMP_RADIUS: Param = RADIUS.or(Default::Number(0.1));

/// A disk that shines.
pub const DISK_LIGHT: NodeDecl = NodeDecl {
    name: "disk_light",
    params: &[LAMP_RADIUS, LAMP_POWER, LAMP_FLUX, LAMP_RADIANCE, TINT, TEMPERATURE, TILT, TWO_SIDED],
    doc: "A disk that shines, such as a downlight.\n\nExactly round, whatever its size. A thing as others are: it is placed, turned, repeated and \
          seen. Its radiance is `power / (pi * area)`, equal in all directions; its back is black.",
    example: r#"ngs 1
environment room {
  floor = ground(size: 10m)
  downlight = disk_light(radius: 10cm, flux: 900lm, temperature: 3000K) at (0m, 2.4m, 0m)
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..LAMP
};

/// A ball that shines.
pub const SPHERE_LIGHT: NodeDecl = NodeDecl {
    name: "sphere_light",
    params: &[LAMP_RADIUS, LAMP_POWER, LAMP_FLUX, LAMP_RADIANCE, TINT, TEMPERATURE],
    doc: "A ball that shines, such as a bulb.\n\nExactly round; stretched to an ellipsoid, it is made of triangles. A thing as others are: it is \
          placed, repeated and seen. Its radiance is `power / (pi * area)`, equal in all directions.",
    example: r#"ngs 1
environment room {
  floor = ground(size: 10m)
  bulb = sphere_light(radius: 4cm, power: 12W, temperature: 2700K) at (1m, 1.6m, 0.6m)
  ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..LAMP
};
