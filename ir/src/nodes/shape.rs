//! Primitives: lengths in metres, centred on the origin, axis +Y.

use crate::Dimension;
use crate::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};

use std::f64::consts::PI;

const LENGTH: ParamType = ParamType::Quantity(Dimension::LENGTH);
const ANGLE: ParamType = ParamType::Quantity(Dimension::ANGLE);
/// Shapes may stand in every design layer.
pub(super) const DESIGN: &[Layer] = &[Layer::Environment, Layer::Character, Layer::Engineering];
/// Named places of a shape.
pub(super) const PLACES: &[&str] = &["top", "bottom", "center"];
/// The surface of a shape.
pub(super) const MATERIAL: Port =
    Port::new("material", Wire::Material, "Its surface; without one it is a neutral grey.").optional();

const SMALLEST: f64 = 1e-6;
const LARGEST: f64 = 1e6;

const fn length(name: &'static str, doc: &'static str) -> Param {
    Param::new(name, LENGTH, doc).within(SMALLEST, LARGEST)
}

/// Of what is round.
pub(super) const RADIUS: Param = length("radius", "Radius.");
const HEIGHT: Param = length("height", "Extent along +Y.");
const CHAMFER: Param = Param::new("chamfer", LENGTH, "Width of the rounded edge; 0 leaves edges sharp.")
    .or(Default::Number(0.0))
    .within(0.0, LARGEST);
const CHAMFER_SEGMENTS: Param =
    Param::new("chamfer_segments", ParamType::Int, "Steps of the rounded edge; 1 is a flat bevel.")
        .or(Default::Int(3))
        .within(1.0, 64.0);
const SEGMENTS: Param =
    Param::new("segments", ParamType::Int, "Sides around the axis.").or(Default::Int(64)).within(3.0, 4096.0);

const SHAPE: NodeDecl =
    NodeDecl { layers: DESIGN, output: Wire::Thing, ports: &[MATERIAL], parts: PLACES, ..NodeDecl::BASE };

/// A cuboid.
pub const BOX: NodeDecl = NodeDecl {
    name: "box",
    params: &[
        Param::new("size", ParamType::Vec3(Dimension::LENGTH), "Extent along x, y and z; one length makes a cube.")
            .within(SMALLEST, LARGEST),
        CHAMFER,
        CHAMFER_SEGMENTS,
    ],
    doc: "A box, centred on the origin.\n\nThe chamfer must not be wider than half of the shortest edge.",
    example: r#"ngs 1
engineering parts { block = box(size: (2m, 1m, 0.5m), chamfer: 2cm, material: steel()) }
environment studio { sky = constant_sky() }
camera main { frame: block }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A ball.
pub const SPHERE: NodeDecl = NodeDecl {
    name: "sphere",
    params: &[
        RADIUS,
        SEGMENTS,
        Param::new("rings", ParamType::Int, "Bands from pole to pole.").or(Default::Int(32)).within(2.0, 4096.0),
    ],
    doc: "A ball around the origin.",
    example: r#"ngs 1
engineering parts { ball = sphere(radius: 0.5m) at (0m, 0.5m, 0m) }
environment studio { sky = constant_sky() }
camera main { frame: ball }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A cylinder.
pub const CYLINDER: NodeDecl = NodeDecl {
    name: "cylinder",
    params: &[RADIUS, HEIGHT, CHAMFER, CHAMFER_SEGMENTS, SEGMENTS],
    doc: "A closed cylinder along +Y, centred on the origin.",
    example: r#"ngs 1
engineering parts { can = cylinder(radius: 3cm, height: 12cm, chamfer: 2mm, material: paint(#c0392b)) }
environment studio { sky = constant_sky() }
camera main { frame: can }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A cone or its frustum.
pub const CONE: NodeDecl = NodeDecl {
    name: "cone",
    params: &[
        length("radius", "Radius at the bottom."),
        Param::new("top_radius", LENGTH, "Radius at the top; 0 makes a point.")
            .or(Default::Number(0.0))
            .within(0.0, LARGEST),
        HEIGHT,
        CHAMFER,
        CHAMFER_SEGMENTS,
        SEGMENTS,
    ],
    doc: "A closed cone or frustum along +Y, centred on the origin.",
    example: r#"ngs 1
engineering parts { tip = cone(radius: 0.3m, top_radius: 0.1m, height: 0.8m) }
environment studio { sky = constant_sky() }
camera main { frame: tip }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A pipe.
pub const TUBE: NodeDecl = NodeDecl {
    name: "tube",
    params: &[
        length("outer_radius", "Radius of the outside."),
        length("inner_radius", "Radius of the hole."),
        HEIGHT,
        CHAMFER,
        CHAMFER_SEGMENTS,
        SEGMENTS,
    ],
    doc: "A cylinder along +Y with a round hole, centred on the origin.",
    example: r#"ngs 1
engineering parts { pipe = tube(outer_radius: 5cm, inner_radius: 4cm, height: 1m, material: copper()) }
environment studio { sky = constant_sky() }
camera main { frame: pipe }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A ring.
pub const TORUS: NodeDecl = NodeDecl {
    name: "torus",
    params: &[
        length("radius", "From the middle of the ring to the middle of its tube."),
        length("tube_radius", "Radius of the tube."),
        SEGMENTS,
        Param::new("tube_segments", ParamType::Int, "Sides around the tube.").or(Default::Int(32)).within(3.0, 4096.0),
    ],
    doc: "A ring around +Y, centred on the origin.",
    example: r#"ngs 1
engineering parts { ring = torus(radius: 0.5m, tube_radius: 0.1m, material: gold()) }
environment studio { sky = constant_sky() }
camera main { frame: ring }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A cylinder with half balls at its ends.
pub const CAPSULE: NodeDecl = NodeDecl {
    name: "capsule",
    params: &[
        RADIUS,
        length("height", "Whole extent along +Y, at least twice the radius."),
        SEGMENTS,
        Param::new("rings", ParamType::Int, "Bands of each half ball.").or(Default::Int(16)).within(1.0, 1024.0),
    ],
    doc: "A cylinder with half balls at its ends, along +Y, centred on the origin.",
    example: r#"ngs 1
engineering parts { pill = capsule(radius: 0.2m, height: 1m, material: plastic(#3498db)) }
environment studio { sky = constant_sky() }
camera main { frame: pill }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A flat rectangle.
pub const PLANE: NodeDecl = NodeDecl {
    name: "plane",
    params: &[Param::new(
        "size",
        ParamType::Vec2(Dimension::LENGTH),
        "Extent along x and z; one length makes a square.",
    )
    .within(SMALLEST, LARGEST)],
    doc: "A flat rectangle at y = 0, centred on the origin, facing up.",
    example: r#"ngs 1
engineering parts { sheet = plane(size: (2m, 1m)) rotate (90deg, 0deg, 0deg) }
environment studio { sky = constant_sky() }
camera main { frame: sheet }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A flat circle.
pub const DISK: NodeDecl = NodeDecl {
    name: "disk",
    params: &[RADIUS, SEGMENTS],
    doc: "A flat circle at y = 0, centred on the origin, facing up.",
    example: r#"ngs 1
engineering parts { plate = disk(radius: 1m) }
environment studio { sky = constant_sky() }
camera main { frame: plate }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// An involute spur gear.
pub const GEAR: NodeDecl = NodeDecl {
    name: "gear",
    layers: &[Layer::Engineering, Layer::Environment],
    params: &[
        Param::new("teeth", ParamType::Int, "Number of teeth.").within(6.0, 1000.0),
        Param::new("module", LENGTH, "Pitch diameter divided by the number of teeth.").within(1e-5, 10.0),
        Param::new("width", LENGTH, "Extent along the axis, +Y.").within(SMALLEST, 1000.0),
        Param::new("pressure_angle", ANGLE, "Angle of the flanks at the pitch circle.")
            .or(Default::Number(PI / 9.0))
            .within(PI / 18.0, PI / 6.0),
        Param::new("bore", LENGTH, "Diameter of the hole for the shaft; 0 for none.")
            .or(Default::Number(0.0))
            .within(0.0, 1000.0),
        CHAMFER,
        Param::new("hub_diameter", LENGTH, "Diameter of the hub; absent for none.")
            .or(Default::Absent)
            .within(SMALLEST, 1000.0),
        Param::new("hub_width", LENGTH, "Extent of the hub along the axis; absent: 1.5 times `width`.")
            .or(Default::Absent)
            .within(SMALLEST, 1000.0),
        Param::new("web", LENGTH, "Thickness of the disk between hub and rim; absent: solid.")
            .or(Default::Absent)
            .within(SMALLEST, 1000.0),
    ],
    doc: "An involute spur gear around +Y.\n\nPitch diameter is `teeth * module`; two gears of one module mesh when their \
          axes are `(teeth_a + teeth_b) * module / 2` apart.",
    example: r#"ngs 1
engineering machines {
  wheel = gear(teeth: 24, module: 5mm, width: 20mm, bore: 20mm, material: steel(roughness: 0.3))
}
environment studio { sky = constant_sky() }
camera main { frame: wheel, elevation: 40deg }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// Things that move as one.
pub const ASSEMBLY: NodeDecl = NodeDecl {
    name: "assembly",
    layers: DESIGN,
    params: &[],
    ports: &[
        Port::new("parts", Wire::Thing, "What it is made of.").many().part(),
        Port::new("lights", Wire::Light, "Lights that move with it.").many(),
    ],
    doc: "Several things that move as one.\n\nA component makes one of its inner things. A named thing that is given as a part \
          still stands by itself too; name it with `let` when it should not.",
    example: r#"ngs 1
engineering machines {
  axle = assembly(parts: [cylinder(radius: 1cm, height: 1m), gear(teeth: 20, module: 4mm, width: 1cm)]) at (0m, 1m, 0m)
}
environment studio { sky = constant_sky() }
camera main { frame: axle }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..SHAPE
};

/// A place.
pub const MARK: NodeDecl = NodeDecl {
    name: "mark",
    layers: DESIGN,
    doc: "A place without a shape.\n\nOther things stand at it, face it, or have it as their parent, and cameras look at it; it is \
          never seen. What other programs call a locator, a null or an empty.",
    example: r#"ngs 1
component Stand() {
  board = box(size: (2m, 4cm, 2m)) at (0m, 2cm, 0m)
  seat = mark() at (0m, 4cm, 0.3m) rotate 180deg
}
engineering machines {
  stand = Stand() at (1m, 0m, 0m)
  ball = sphere(radius: 0.3m) at stand.seat
}
environment studio { sky = constant_sky() }
camera main { frame: stand, focus: stand.seat }
shot s010 { camera: main }
output still { image: render(s010) |> view(agx), file: "still.png" }
"#,
    ..NodeDecl::BASE
};

/// Placement: made by `at`, `rotate`, `scale` and `facing`, and for every named thing.
pub const PLACE: NodeDecl = NodeDecl {
    name: "place",
    layers: DESIGN,
    callable: false,
    params: &[
        Param::new(
            "name",
            ParamType::Text,
            "Path of the thing, set before the names of its pieces with a `/`; empty leaves them as they are.",
        )
        .or(Default::Text("")),
        Param::new(
            "at",
            ParamType::Vec3(Dimension::LENGTH),
            "Translation, after rotation and scale; added to a port `at`. With a `parent`, in its space.",
        )
        .or(Default::Vec3([0.0; 3]))
        .within(-1e7, 1e7),
        Param::new(
            "rotate",
            ParamType::Vec3(Dimension::ANGLE),
            "Angles about x, y and z: the matrix is Ry * Rx * Rz. One angle turns about +Y.",
        )
        .or(Default::Vec3([0.0; 3])),
        Param::new("scale", ParamType::Vec3(Dimension::RATIO), "Factors along x, y and z, before rotation.")
            .or(Default::Vec3([1.0; 3]))
            .within(-1e6, 1e6),
        Param::new(
            "facing",
            ParamType::Vec3(Dimension::LENGTH),
            "World point that the thing's +Z is turned to, about +Y only, before `rotate` is applied on top.",
        )
        .or(Default::Absent),
        Param::new(
            "drop",
            ParamType::Bool,
            "True: `at` is (x, 0, z) in the world, and y is the highest point of the port `at` there.",
        )
        .or(Default::Bool(false)),
    ],
    ports: &[
        Port::new("thing", Wire::Thing, "What is placed; a part of a thing is a copy of that part, where it stands.")
            .part(),
        Port::new("at", Wire::Thing, "The place (`quay.top`) that the thing's origin comes to.").optional().part(),
        Port::new("facing", Wire::Thing, "A thing whose middle it is turned to.").optional().part(),
        Port::new("parent", Wire::Thing, "The thing, joint or part whose place, rotation and scale it goes with.")
            .optional()
            .part(),
    ],
    doc: "Placement of a thing.\n\nScale, then rotation, then translation, in whatever order the clauses are written.",
    ..SHAPE
};
