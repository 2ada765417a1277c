//! Files: what an `output` item becomes, by the ending of its `file`.

use crate::Encoding;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};

const FILE: Param = Param::new(
    "file",
    ParamType::OutputPath,
    "Path of the file below the output folder. `{shot}`, `{frame:4}` and `{output}` are filled in.",
);

const WRITE: NodeDecl =
    NodeDecl { layers: &[Layer::Generation], output: Wire::File, callable: false, effect: true, ..NodeDecl::BASE };

/// PNG.
pub const WRITE_PNG: NodeDecl = NodeDecl {
    name: "write_png",
    params: &[
        FILE,
        Param::new("bits", ParamType::Int, "Bits per channel, 8 or 16.").or(Default::Int(8)).within(8.0, 16.0),
    ],
    ports: &[Port::new("image", Wire::Image(Encoding::Display), "A display-referred picture.")],
    doc: "A PNG file, tagged sRGB.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "out/{shot}.png", bits: 16 }
"#,
    ..WRITE
};

/// OpenEXR.
pub const WRITE_EXR: NodeDecl = NodeDecl {
    name: "write_exr",
    params: &[
        FILE,
        Param::new("bits", ParamType::Int, "Bits per channel, 16 (half) or 32 (float).")
            .or(Default::Int(16))
            .within(16.0, 32.0),
    ],
    ports: &[Port::new("image", Wire::Image(Encoding::SceneLinear), "A scene-linear picture.")],
    doc: "A scene-linear OpenEXR file.\n\nNo view transform and no exposure is applied.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main, frames: 1001..1003 }
output plates { image: render(s010), file: "out/{shot}.{frame:4}.exr", bits: 32 }
"#,
    ..WRITE
};
