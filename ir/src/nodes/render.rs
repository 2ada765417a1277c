//! From the layers to a scene-linear picture.

use crate::node::{Default, Determinism, Layer, NodeDecl, Param, ParamType, Port, Wire};
use crate::{Dimension, Encoding};

/// All layers composed.
pub const STAGE: NodeDecl = NodeDecl {
    name: "stage",
    layers: &[Layer::Generation],
    output: Wire::Stage,
    callable: false,
    ports: &[
        Port::new("things", Wire::Thing, "Every named thing of the layers.").many(),
        Port::new("lights", Wire::Light, "Every light.").many(),
        Port::new("sky", Wire::Sky, "What is behind everything; without one it is black.").optional(),
    ],
    doc: "All layers composed.\n\nThe compiler makes it of every named thing, light and sky of the program.",
    ..NodeDecl::BASE
};

/// Path tracing.
pub const RENDER: NodeDecl = NodeDecl {
    name: "render",
    layers: &[Layer::Generation],
    output: Wire::Image(Encoding::SceneLinear),
    determinism: Determinism::Device,
    params: &[
        Param::new("shot", ParamType::Shot, "Gives stage, camera, time and size."),
        Param::new("samples", ParamType::Int, "Samples per pixel.").or(Default::Int(64)).within(1.0, 1_000_000.0),
        Param::new("depth", ParamType::Int, "Segments of a path from camera to light, both ends included.")
            .or(Default::Int(8))
            .within(1.0, 1024.0),
        Param::new(
            "size",
            ParamType::Vec2(Dimension::PIXEL),
            "Width and height, whole pixels; the shot's `size` when it is left out.",
        )
        .or(Default::Vec2([960.0, 540.0]))
        .within(1.0, 32768.0),
        Param::new("seed", ParamType::Int, "Another number, other noise.")
            .or(Default::Int(0))
            .within(0.0, 4294967295.0),
    ],
    ports: &[
        Port::new("stage", Wire::Stage, "Comes from the shot."),
        Port::new("camera", Wire::Camera, "Comes from the shot, unless another is given."),
    ],
    doc: "Path tracing of a shot.\n\nGives scene-linear Rec. 709 radiance.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main, size: (640px, 360px) }
image beauty(s: Shot) = render(s, samples: 32, depth: 6) |> view(agx)
output still { image: beauty(s010), file: "{shot}.png" }
"#,
    ..NodeDecl::BASE
};
