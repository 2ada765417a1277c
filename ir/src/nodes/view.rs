//! View transforms.

use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};
use crate::{Dimension, Encoding};

/// Scene-linear to display.
pub const VIEW: NodeDecl = NodeDecl {
    name: "view",
    layers: &[Layer::Generation],
    output: Wire::Image(Encoding::Display),
    params: &[
        Param::new(
            "transform",
            ParamType::Enum(&["srgb", "agx", "neutral"]),
            "`srgb` clips, `agx` and `neutral` (Khronos PBR neutral) roll bright light off.",
        ),
        Param::new("exposure", ParamType::Quantity(Dimension::STOP), "Stops, on top of the camera's.")
            .or(Default::Number(0.0))
            .within(-30.0, 30.0),
    ],
    ports: &[Port::new("image", Wire::Image(Encoding::SceneLinear), "A scene-linear picture.")],
    doc: "Scene-linear radiance to a picture for a display.\n\nCan't be applied twice: what it gives is no longer scene-linear.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx, exposure: 0.5stop), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
