//! What tests and gates ask of the finished stage.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Reading, Wire};

const RATIO: ParamType = ParamType::Quantity(Dimension::RATIO);
const POINT: ParamType = ParamType::Vec3(Dimension::LENGTH);

const BASE: NodeDecl = NodeDecl { layers: &[Layer::Generation], output: Wire::Reading(Reading::Int), ..NodeDecl::BASE };

const SHOT: Param =
    Param::new("shot", ParamType::Shot, "Seen through its camera, with what it `set`s, at its first frame.");
const IN_SHOT: Param =
    Param::new("shot", ParamType::Shot, "With what this shot `set`s, at its first frame; else as the program says.")
        .or(Default::Absent);
const ASPECT: Param =
    Param::new("aspect", RATIO, "Width divided by height of the picture; comes from the shot's `size`.")
        .or(Default::Number(16.0 / 9.0))
        .within(1e-3, 1e3);
const THING: Port =
    Port::new("thing", Wire::Thing, "A thing of the scene, a part of one, or a list of things.").many().part();
const OPTIONAL: Port =
    Port::new("thing", Wire::Thing, "A thing of the scene, a part of one, or a list; else everything.").many().part();
const STAGE: Port = Port::new("stage", Wire::Stage, "Comes from the shot or the program.").internal();
const CAMERA: Port = Port::new("camera", Wire::Camera, "Comes from the shot.").internal();

/// True for kinds whose value only a test or a gate may ask for.
pub fn is_measure(decl: &NodeDecl) -> bool {
    matches!(decl.output, Wire::Reading(_))
}

/// Share of a thing that nothing hides.
pub const VISIBLE: NodeDecl = NodeDecl {
    name: "visible",
    output: Wire::Reading(Reading::Ratio),
    params: &[SHOT, ASPECT],
    ports: &[THING, STAGE, CAMERA],
    doc: "Share of a thing that nothing else hides in the picture of a shot, 0 to 1.\n\nA grid of 256 x 256 rays covers the part of \
          the picture in which the thing may stand. Of the rays that would meet the thing if it stood alone, this is the share \
          that meet it first; what lies outside of the picture does not count, and a thing that is wholly outside has 0. The thing \
          does not hide itself; of a list every item counts by itself, in the measure of its size. Rays leave from the middle of the lens; whatever has a surface hides, glass and cut-out leaves \
          as well. A joint stands for what of its figure is near it: within a seventh of the figure's half diagonal. The same \
          number on every machine.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  wall = box(size: 1m) at (0.5m, 0m, 1m)
  ball = sphere(radius: 0.5m)
}
camera main { at: (0m, 0m, 8m), look_at: ball }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "the ball is seen" { assert visible(ball, s010) > 0.4 }
"#,
    ..BASE
};

/// Share of the picture that shows a thing.
pub const COVERAGE: NodeDecl = NodeDecl {
    name: "coverage",
    output: Wire::Reading(Reading::Ratio),
    params: &[SHOT, ASPECT],
    ports: &[THING, STAGE, CAMERA],
    doc: "Share of the picture of a shot that shows a thing, 0 to 1.\n\nMeasured by the rays of `visible`: what is hidden does not \
          count.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "the ball is large" { assert coverage(ball, s010) > 0.2 }
"#,
    ..BASE
};

/// Whether all of a thing is in the picture.
pub const IN_FRAME: NodeDecl = NodeDecl {
    name: "in_frame",
    output: Wire::Reading(Reading::Bool),
    params: &[SHOT, ASPECT],
    ports: &[THING, CAMERA],
    doc: "True when all of a thing lies in the picture of a shot, hidden or not.\n\nEvery vertex is looked at; of meshes above a \
          million vertices the corners of their box.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
gate "the ball is not cut off" { assert in_frame(ball, s010) }
"#,
    ..BASE
};

/// Distance of two places.
pub const DISTANCE: NodeDecl = NodeDecl {
    name: "distance",
    output: Wire::Reading(Reading::Length),
    params: &[
        Param::new("from", POINT, "A point; or a thing, a part, a camera.").or(Default::Absent),
        Param::new("to", POINT, "A point; or a thing, a part, a camera.").or(Default::Absent),
        IN_SHOT,
    ],
    ports: &[
        Port::new("from", Wire::Thing, "A thing or a part: the middle of its box, of a joint its place.")
            .optional()
            .part(),
        Port::new("to", Wire::Thing, "A thing or a part: the middle of its box, of a joint its place.")
            .optional()
            .part(),
        Port::new("from_camera", Wire::Camera, "A camera: its place.").optional(),
        Port::new("to_camera", Wire::Camera, "A camera: its place.").optional(),
    ],
    doc: "Distance of two places.\n\nOf things and parts it is the middle of their box that counts; `.top` and `.bottom` are places \
          too. Lengths that are read off the stage have six digits of the largest coordinate.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  ball = sphere(radius: 0.5m)
}
camera main { at: (0m, 0m, 4m), look_at: ball }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "the camera stays away" { assert distance(ball, main) >= 4m }
"#,
    ..BASE
};

/// The box around a thing.
pub const BOUNDS: NodeDecl = NodeDecl {
    name: "bounds",
    output: Wire::Reading(Reading::Bounds),
    params: &[IN_SHOT],
    ports: &[THING],
    doc: "The box around a thing in the world: `.min`, `.max`, `.size` and `.center`.\n\nThe smallest one along the axes that holds \
          every vertex. Lengths that are read off the stage have six digits of the largest coordinate.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  crate = box(size: 1m) at (0m, 0.5m, 0m)
}
camera main { frame: crate }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "the crate stands on the ground" {
  let crate_box = bounds(crate)
  assert crate_box.min.y == 0m
  assert crate_box.size.y < 2m
}
"#,
    ..BASE
};

/// Number of pieces.
pub const COUNT: NodeDecl = NodeDecl {
    name: "count",
    output: Wire::Reading(Reading::Int),
    params: &[IN_SHOT],
    ports: &[OPTIONAL, STAGE],
    doc: "Number of pieces of a thing, or of the whole stage.\n\nA piece is a mesh at a place: every scattered copy, every primitive \
          of a glTF node. `count(list)` is the number of items of a list, as everywhere.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  land = plane(size: (20m, 20m))
  scatter stones: sphere(radius: 0.1m) on land { count: 20, seed: "stones" }
}
camera main { frame: land }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "there are stones" { assert count(stones) == 20 and count() == 21 }
"#,
    ..BASE
};

/// Number of triangles.
pub const TRIANGLES: NodeDecl = NodeDecl {
    name: "triangles",
    output: Wire::Reading(Reading::Int),
    params: &[IN_SHOT],
    ports: &[OPTIONAL, STAGE],
    doc: "Number of placed triangles of a thing, or of the whole stage.\n\nCopies count as often as they stand there.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  crate = box(size: 1m)
}
camera main { frame: crate }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "a crate is simple" { assert triangles(crate) == 12 }
"#,
    ..BASE
};

/// Bytes of geometry and textures.
pub const MEMORY: NodeDecl = NodeDecl {
    name: "memory",
    output: Wire::Reading(Reading::Bytes),
    params: &[IN_SHOT],
    ports: &[OPTIONAL, STAGE],
    doc: "Memory of the meshes and textures of a thing, or of the whole stage, and of the sky's picture.\n\nMeshes and textures that \
          several pieces share count once. The renderer needs about as much again for its acceleration structure.",
    example: r#"ngs 1
environment yard {
  sky = constant_sky()
  crate = box(size: 1m)
}
camera main { frame: crate }
shot s010 { camera: main }
output still { image: render(s010), file: "still.exr" }
test "the yard is small" { assert memory() < 1MB }
"#,
    ..BASE
};

/// What a budget limits.
pub const USAGE: NodeDecl = NodeDecl {
    name: "usage",
    output: Wire::Reading(Reading::Usage),
    callable: false,
    ports: &[STAGE],
    doc: "Totals of a stage, each with the things that take most of it.\n\nThe compiler makes it of a `budget`.",
    ..BASE
};
