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
        Port::new("fog", Wire::Fog, "What is between everything; without one the air is clear.").optional(),
    ],
    doc: "All layers composed.\n\nThe compiler makes it of every named thing, light, sky and fog of the program.",
    ..NodeDecl::BASE
};

/// Size of a picture.
pub const SIZE: Param = Param::new(
    "size",
    ParamType::Vec2(Dimension::PIXEL),
    "Width and height, whole pixels; the shot's `size` when it is left out.",
)
.or(Default::Vec2([960.0, 540.0]))
.within(1.0, 32768.0);

/// Seed of the noise.
pub const SEED: Param =
    Param::new("seed", ParamType::Int, "Another number, other noise.").or(Default::Int(0)).within(0.0, 4294967295.0);

const RATIO: ParamType = ParamType::Quantity(Dimension::RATIO);

const fn samples(doc: &'static str, default: Default) -> Param {
    Param::new("samples", ParamType::Int, doc).or(default).within(1.0, 1_000_000.0)
}

/// Shape of the pixel filter.
const FILTER: Param = Param::new(
    "filter",
    ParamType::Enum(&["box", "tent", "gaussian"]),
    "What counts for a pixel: its square, or what lies around it as well, the less the further away.",
)
.or(Default::Member("box"));
const FILTER_WIDTH: Param = Param::new(
    "filter_width",
    ParamType::Quantity(Dimension::PIXEL),
    "Width of the filter: 2px of a tent, 3px of a Gaussian, which ends there at three standard deviations. A box has 1px.",
)
.or(Default::Absent)
.within(0.01, 32.0);

const STAGE_PORT: Port = Port::new("stage", Wire::Stage, "Comes from the shot.").internal();

/// What camera rays meet.
pub const AOVS_PORT: Port = Port::new("aovs", Wire::Aovs, "Comes from the shot.").internal();

/// Path tracing.
pub const RENDER: NodeDecl = NodeDecl {
    name: "render",
    layers: &[Layer::Generation],
    output: Wire::Image(Encoding::SceneLinear),
    determinism: Determinism::Device,
    params: &[
        Param::new("shot", ParamType::Shot, "Gives stage, camera, time and size."),
        samples("Samples per pixel: 64; with `noise` or `time` the most that a pixel gets: 4096.", Default::Absent),
        Param::new(
            "noise",
            RATIO,
            "Where the picture's noise is no more than this, sampling ends: the standard error of pixels against the geometric mean of \
             the brightness there and of the whole picture. 0.05 is good for a look, 0.01 is clean.",
        )
        .or(Default::Absent)
        .within(1e-4, 10.0),
        Param::new(
            "time",
            ParamType::Quantity(Dimension::TIME),
            "Sampling ends after the pass in which this much time is over. What comes out then depends on the machine.",
        )
        .or(Default::Absent)
        .within(0.0, 1e7),
        Param::new("depth", ParamType::Int, "Segments of a path from camera to light, both ends included.")
            .or(Default::Int(8))
            .within(1.0, 1024.0),
        SIZE,
        SEED,
        FILTER,
        FILTER_WIDTH,
        Param::new(
            "clamp_indirect",
            RATIO,
            "Radiance that light over two surfaces or more may add to one sample. Takes single bright pixels (fireflies) and some light away; \
             absent for a picture that is right.",
        )
        .or(Default::Absent)
        .within(1e-3, 1e9),
    ],
    ports: &[STAGE_PORT, Port::new("camera", Wire::Camera, "Comes from the shot, unless another is given.").either()],
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

/// What camera rays meet.
pub const AOVS: NodeDecl = NodeDecl {
    name: "aovs",
    layers: &[Layer::Generation],
    output: Wire::Aovs,
    determinism: Determinism::Device,
    callable: false,
    params: &[
        samples("Samples per pixel.", Default::Int(64)),
        SIZE,
        SEED,
        FILTER,
        FILTER_WIDTH,
        Param::new(
            "mattes",
            ParamType::Members(&["object", "material", "asset", "chosen"]),
            "What coverage is kept of.",
        )
        .or(Default::Absent),
    ],
    ports: &[
        STAGE_PORT,
        Port::new("camera", Wire::Camera, "Comes from the shot.").internal(),
        Port::new("of", Wire::Thing, "What is chosen.").internal().many().part(),
        Port::new("next_stage", Wire::Stage, "Of the next frame; without it there is no motion.").internal().optional(),
        Port::new("next_camera", Wire::Camera, "Of the next frame.").internal().optional(),
    ],
    doc: "What camera rays meet: albedo, normal, depth, position, motion, and which object, material and asset.\n\nThe compiler makes it for \
          outputs with `aov` or `cryptomatte`, for `denoise` and for the maps (`depth`, `mask`, …). Its rays are those of the `render` beside \
          it, so it fits the picture to the sample; the picture itself does not depend on it.",
    ..NodeDecl::BASE
};

/// Less noise.
pub const DENOISE: NodeDecl = NodeDecl {
    name: "denoise",
    layers: &[Layer::Generation],
    output: Wire::Image(Encoding::SceneLinear),
    determinism: Determinism::Device,
    ports: &[
        Port::new("image", Wire::Image(Encoding::SceneLinear), "The picture of a `render`."),
        Port::new("aovs", Wire::Aovs, "Comes from the render.").internal(),
    ],
    doc: "Takes the noise of path tracing out of a picture.\n\nA filter that is guided by albedo, normal and depth, and by the noise that \
          two halves of the samples show: where a picture is clean it changes little. Apply it to light, before `view`.",
    example: r#"ngs 1
environment studio {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010, samples: 16) |> denoise() |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};
