//! Files: what an `output` item becomes, by the ending of its `file`.

use super::data::MATTES;
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
    ports: &[Port::new("image", Wire::Image(Encoding::Display), "A display-referred picture, or a map.").or(&[
        Wire::Image(Encoding::InverseDepth),
        Wire::Image(Encoding::Normal),
        Wire::Image(Encoding::Mask),
        Wire::Image(Encoding::Ids),
        Wire::Image(Encoding::Pose),
    ])],
    doc: "A PNG file.\n\nPictures are tagged sRGB. Maps hold plain numbers: masks and inverse depth in grey, normals as 0.5 + 0.5 n.",
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

/// Layers beside the picture.
pub const AOV: Param = Param::new(
    "aov",
    ParamType::Members(&["albedo", "normal", "depth", "position", "motion"]),
    "Layers beside the picture of a `render`, in an EXR: `[albedo, normal, depth]`.",
)
.or(Default::Absent);

/// Mattes beside the picture.
pub const CRYPTOMATTE: Param = Param::new(
    "cryptomatte",
    ParamType::Members(MATTES),
    "Mattes beside the picture of a `render`, in an EXR: `[object, material]`.",
)
.or(Default::Absent);

/// OpenEXR.
pub const WRITE_EXR: NodeDecl = NodeDecl {
    name: "write_exr",
    params: &[
        FILE,
        Param::new("bits", ParamType::Int, "Bits per channel, 16 (half) or 32 (float).")
            .or(Default::Int(16))
            .within(16.0, 32.0),
        AOV,
        CRYPTOMATTE,
    ],
    ports: &[
        Port::new("image", Wire::Image(Encoding::SceneLinear), "A scene-linear picture, or a map.").or(&[
            Wire::Image(Encoding::Depth),
            Wire::Image(Encoding::InverseDepth),
            Wire::Image(Encoding::Normal),
            Wire::Image(Encoding::Mask),
        ]),
        Port::new("aovs", Wire::Aovs, "Comes from the render of the picture.").internal().optional(),
    ],
    doc: "A scene-linear OpenEXR file.\n\nNo view transform and no exposure is applied. Further layers stand beside the picture in one part: \
          `albedo.R`, `normal.X` (world), `depth.Z` (metres, 1e10 where nothing is), `position.X` (world, metres), `motion.X` and `motion.Y` (pixels to the \
          next frame, right and up), and Cryptomatte 1.2.",
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
