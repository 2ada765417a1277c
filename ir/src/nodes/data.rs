//! Images that hold no light: what is where, for other programs.

use crate::node::{Default, Determinism, Layer, NodeDecl, Param, ParamType, Port, Wire};
use crate::nodes::render::{AOVS_PORT, SEED, SIZE};
use crate::{Dimension, Encoding};

pub(super) const SHOT: Param = Param::new("shot", ParamType::Shot, "Gives stage, camera, time and size.");
const SAMPLES: Param =
    Param::new("samples", ParamType::Int, "Camera rays per pixel.").or(Default::Int(16)).within(1.0, 1_000_000.0);

pub(super) const BASE: NodeDecl =
    NodeDecl { layers: &[Layer::Generation], determinism: Determinism::Device, ..NodeDecl::BASE };

/// Metric depth.
pub const DEPTH: NodeDecl = NodeDecl {
    name: "depth",
    output: Wire::Image(Encoding::Depth),
    params: &[SHOT, SAMPLES, SIZE, SEED],
    ports: &[AOVS_PORT],
    doc: "How far away everything is, in metres along the camera's axis.\n\nOf a pixel's rays the one that ends first counts, so \
          edges are not blended with what is behind them. Where nothing is met it is 1e10. An EXR holds it as channel `Z`; \
          `inverse_depth` makes it fit for a PNG.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output far { image: depth(s010), file: "depth.exr" }
"#,
    ..BASE
};

/// Depth for models of images.
pub const INVERSE_DEPTH: NodeDecl = NodeDecl {
    name: "inverse_depth",
    output: Wire::Image(Encoding::InverseDepth),
    params: &[
        Param::new(
            "near",
            ParamType::Quantity(Dimension::LENGTH),
            "What is white; the nearest of the picture when it is left out.",
        )
        .or(Default::Absent)
        .within(1e-6, 1e9),
        Param::new(
            "far",
            ParamType::Quantity(Dimension::LENGTH),
            "What is black; the farthest thing of the picture when it is left out.",
        )
        .or(Default::Absent)
        .within(1e-6, 1e9),
    ],
    ports: &[Port::new("image", Wire::Image(Encoding::Depth), "Metric depth.")],
    determinism: Determinism::Exact,
    doc: "Metric depth to 1 / depth, from 0 for `far` to 1 for `near`, as models that are driven by depth want it.\n\n\
          (1/depth - 1/far) / (1/near - 1/far), clamped; the background is 0. Give `near` and `far` where frames are to match: without them each \
          frame has its own.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output guide { image: depth(s010) |> inverse_depth(near: 1m, far: 10m), file: "depth.png", bits: 16 }
"#,
    ..BASE
};

/// Normals in the camera's space.
pub const NORMALS: NodeDecl = NodeDecl {
    name: "normals",
    output: Wire::Image(Encoding::Normal),
    params: &[SHOT, SAMPLES, SIZE, SEED],
    ports: &[AOVS_PORT, Port::new("camera", Wire::Camera, "Comes from the shot.").internal()],
    doc: "Where surfaces face, seen from the camera: x right, y up, z towards the viewer.\n\nNormal maps of materials count. A PNG holds \
          each axis as 0.5 + 0.5 n, with (0.5, 0.5, 1) where nothing is met; an EXR holds n itself, and 0.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output guide { image: normals(s010), file: "normals.png" }
"#,
    ..BASE
};

/// Colour without light.
pub const ALBEDO: NodeDecl = NodeDecl {
    name: "albedo",
    output: Wire::Image(Encoding::SceneLinear),
    params: &[SHOT, SAMPLES, SIZE, SEED],
    ports: &[AOVS_PORT],
    doc: "How much light each surface sends back to the camera when it comes equally from everywhere: colour without light and shadow.\n\n\
          Black where nothing is met.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m, material: brass())
}
camera main { frame: ball }
shot s010 { camera: main }
output flat { image: albedo(s010) |> view(srgb), file: "albedo.png" }
"#,
    ..BASE
};

/// Where things are.
pub const MASK: NodeDecl = NodeDecl {
    name: "mask",
    output: Wire::Image(Encoding::Mask),
    params: &[SHOT, SAMPLES, SIZE, SEED],
    ports: &[
        Port::new(
            "of",
            Wire::Thing,
            "A thing of the scene, a part of one that has pieces of its own, or a list of these.",
        )
        .some()
        .piece(),
        AOVS_PORT,
    ],
    doc: "How much of each pixel shows some things, 0 to 1.\n\nWhat hides them is left out.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
  crate = box(size: 1m) at (2m, 0m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output matte { image: mask(s010, of: ball), file: "ball.png" }
"#,
    ..BASE
};

/// What kinds of mattes there are.
pub const MATTES: &[&str] = &["object", "material", "asset"];

/// A colour for each thing.
pub const IDS: NodeDecl = NodeDecl {
    name: "ids",
    output: Wire::Image(Encoding::Ids),
    params: &[
        SHOT,
        Param::new("by", ParamType::Enum(MATTES), "What has a colour of its own.").or(Default::Member("object")),
        SAMPLES,
        SIZE,
        SEED,
    ],
    ports: &[AOVS_PORT],
    doc: "A flat colour for each object, material or asset, black where nothing is met.\n\nThe colour comes from the name, so it stays from \
          frame to frame and from scene to scene. A pixel has the colour of what covers most of it: edges are not blended. For mattes \
          with soft edges an EXR has `cryptomatte`.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
  crate = box(size: 1m) at (2m, 0m, 0m)
}
camera main { frame: ball }
shot s010 { camera: main }
output segments { image: ids(s010, by: object), file: "ids.png" }
"#,
    ..BASE
};
