//! Cameras.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Rule, Wire};

use std::f64::consts::PI;

const LENGTH: ParamType = ParamType::Quantity(Dimension::LENGTH);
const RATIO: ParamType = ParamType::Quantity(Dimension::RATIO);
const ANGLE: ParamType = ParamType::Quantity(Dimension::ANGLE);

/// A thin-lens camera.
pub const CAMERA: NodeDecl = NodeDecl {
    name: "camera",
    layers: &[Layer::Generation],
    output: Wire::Camera,
    callable: false,
    params: &[
        Param::new("lens", LENGTH, "Focal length.").or(Default::Number(0.035)).within(1e-3, 10.0),
        Param::new(
            "sensor",
            ParamType::Enum(&["full_frame", "aps_c", "mft", "super35"]),
            "Film: 36 x 24 mm, 23.6 x 15.7 mm, 17.3 x 13 mm, 24.89 x 18.66 mm. Its width spans the picture's width.",
        )
        .or(Default::Member("full_frame")),
        Param::new("fov", ANGLE, "Full vertical field of view, instead of `lens` and `sensor`.")
            .or(Default::Absent)
            .within(0.001, PI - 0.001),
        Param::new("f_stop", RATIO, "Focal length divided by the aperture's diameter; absent: everything is sharp.")
            .or(Default::Absent)
            .within(0.1, 1000.0),
        Param::new("blades", ParamType::Int, "Blades of the aperture, which shape what is out of focus; 0: a round one.")
            .or(Default::Int(0))
            .within(0.0, 64.0),
        Param::new("blade_turn", ANGLE, "Turn of the polygon that the blades form.")
            .or(Default::Number(0.0))
            .within(-4.0 * PI, 4.0 * PI),
        Param::new(
            "shutter",
            ParamType::Quantity(Dimension::TIME),
            "Exposure time. With it, `f_stop` and `iso` set the exposure that views apply, and `exposure` is added to it.",
        )
        .or(Default::Absent)
        .within(1e-6, 1e4),
        Param::new("iso", RATIO, "Sensitivity of the film, ISO 12232; counts with `shutter`.")
            .or(Default::Number(100.0))
            .within(1.0, 1e7),
        Param::new("focus", LENGTH, "Distance of the plane in focus along the view axis, or a thing to focus on.")
            .or(Default::Absent)
            .within(1e-4, 1e7),
        Param::new("at", ParamType::Vec3(Dimension::LENGTH), "Where it stands, world space. Not with `frame`.")
            .or(Default::Absent)
            .within(-1e7, 1e7),
        Param::new("look_at", ParamType::Vec3(Dimension::LENGTH), "A point, or a thing, in the middle of the picture.")
            .or(Default::Absent)
            .within(-1e7, 1e7),
        Param::new("up", ParamType::Vec3(Dimension::RATIO), "Direction that is up in the picture.")
            .or(Default::Vec3([0.0, 1.0, 0.0])),
        Param::new("roll", ANGLE, "Turn about the view axis, clockwise seen from the camera.")
            .or(Default::Number(0.0))
            .within(-4.0 * PI, 4.0 * PI),
        Param::new("azimuth", ANGLE, "With `frame`: from where it looks, 0 from +Z, 90deg from +X.")
            .or(Default::Number(PI / 6.0))
            .within(-4.0 * PI, 4.0 * PI),
        Param::new("elevation", ANGLE, "With `frame`: height from which it looks.")
            .or(Default::Number(PI / 12.0))
            .within(-PI / 2.0, PI / 2.0),
        Param::new("margin", RATIO, "With `frame`: empty border, as a part of the picture.")
            .or(Default::Number(0.1))
            .within(0.0, 0.9),
        Param::new("exposure", ParamType::Quantity(Dimension::STOP), "Stops, applied by views.")
            .or(Default::Number(0.0))
            .within(-30.0, 30.0),
        Param::new("auto_exposure", ParamType::Bool, "True: views find the exposure of the picture's middle grey.")
            .or(Default::Bool(false)),
        Param::new("aspect", RATIO, "Width divided by height of the picture; comes from the shot's `size`.")
            .or(Default::Number(16.0 / 9.0))
            .within(1e-3, 1e3),
    ],
    rules: &[
        Rule::Needs {
            param: "shutter",
            other: "f_stop",
            hint: "light comes in through an aperture: give an `f_stop` too, or `exposure` alone",
        },
        Rule::Needs {
            param: "iso",
            other: "shutter",
            hint: "the sensitivity counts with an exposure time: give `f_stop` and `shutter` too, or `exposure` alone",
        },
        Rule::Apart {
            points: ["at", "look_at"],
            hint: "the camera looks from one to the other: move it away from what it looks at",
        },
    ],
    ports: &[
        Port::new("at", Wire::Thing, "A thing, joint or place that it stands at.").optional().part(),
        Port::new("follow", Wire::Thing, "A thing that it goes along with: `at` and `look_at` are counted from there.")
            .optional()
            .part(),
        Port::new("parent", Wire::Thing, "A thing that it is mounted on: `at`, `look_at` and `up` are in its space.")
            .optional()
            .part(),
        Port::new("focus", Wire::Thing, "A thing to focus on.").optional().part(),
        Port::new("look_at", Wire::Thing, "A thing in the middle of the picture.").optional().part(),
        Port::new(
            "frame",
            Wire::Thing,
            "A thing that fills the picture: the camera's place follows from `azimuth`, `elevation`, `margin` and lens.",
        )
        .optional()
        .part(),
    ],
    doc: "A thin-lens camera that looks along its -Z.\n\nWith `frame` it finds its own place; without, `at` and `look_at` \
          say it. Written as an item: `camera main { lens: 35mm, frame: hero }`.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { lens: 50mm, f_stop: 4, focus: ball, at: (0m, 1m, 3m), look_at: ball.center }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
