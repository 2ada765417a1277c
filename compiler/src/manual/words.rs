//! The words of the language. A test compares them with those of the grammar.

use super::{Entry, entry};

/// Items: what a file is made of.
pub const ITEMS: &[Entry] = &[
    entry("use", "use \"path.ngs\" as name\nuse \"path.ngs\" { A, B as C }", "Brings in items of another file."),
    entry(
        "asset",
        "asset name = gltf(\"path.glb\")",
        "Names a glTF 2.0 file. Its nodes, variants, clips, skins and materials are known to the checker.",
    ),
    entry(
        "param",
        "param name: Type in low..high = default",
        "A value that the command line, a shot or another file may change.",
    ),
    entry("let", "let name: Type = value", "Names a value. The type may be left out."),
    entry("enum", "enum Name { a, b }", "A closed set of names."),
    entry(
        "environment",
        "environment name { … }",
        "A layer: sky, ground and what stands still. It may read only the environment.",
    ),
    entry("character", "character name { … }", "A layer: figures. It may read all layers."),
    entry("engineering", "engineering name { … }", "A layer: machines and props. It may read all layers."),
    entry(
        "component",
        "component Name(parameter: Type = default) { … }",
        "A reusable thing with parameters. It sees its parameters and the values of its file, not the things of a scene.",
    ),
    entry(
        "bible",
        "bible Name { rig: asset.skin(\"name\") … }",
        "A character: a rig, fields, locks, one variant, poses and rules.",
    ),
    entry("camera", "camera name { field: value, … }", "A camera, as the node `camera` declares it."),
    entry(
        "shot",
        "shot name { camera: name, frames: low..high, fps: 24, size: (w, h), set path = value }",
        "A time span seen through a camera, with what is different in it.",
    ),
    entry(
        "cut",
        "cut name { shots: [shot, shot[low..high]], start: frame }",
        "Shots one after the other. It stands where a shot may stand, with frames of its own.",
    ),
    entry("fn", "fn name(parameter: Type = default): Type = value", "A pure function. None may call itself."),
    entry(
        "override",
        "override path = value\noverride locked path = value because \"reason\"",
        "Changes one property of a thing, of a camera or of a module.",
    ),
    entry(
        "image",
        "image name(s: Shot): Image = value",
        "Names a picture, or a way to make one. The type may be left out.",
    ),
    entry(
        "output",
        "output name { image: value, file: \"path\", frames: low..high, bits: n, aov: [depth], cryptomatte: [object], matrix: [a, b] }",
        "A file that is wanted.",
    ),
    entry(
        "test",
        "test \"name\" { let name = value  assert condition else \"reason\" }",
        "What must hold of the finished stage. `scenec test` looks.",
    ),
    entry("gate", "gate \"name\" { assert condition }", "A test without which `scenec build` builds nothing."),
    entry(
        "budget",
        "budget { triangles: n, instances: n, lights: n, memory: size, textures: size }",
        "Limits of the whole stage. `scenec test` and `scenec build` look.",
    ),
];

/// Words in front of the keyword of an item.
pub const MODIFIERS: &[Entry] = &[entry(
    "private",
    "private let name = value",
    "In front of an item: hides it from other files, and a parameter from `--set`.",
)];

/// Words that begin a statement of a block, an entry of a bible or an entry of a shot.
pub const ENTRIES: &[Entry] = &[
    entry(
        "scatter",
        "scatter name: Prototype on surface { count: n, … }\nscatter name: [A, B] in volume { count: n, … }",
        "In a layer or component: copies of a thing, as the node `scatter` declares them.",
    ),
    entry(
        "variant",
        "variant name: Enum = default { member: asset.variant(\"name\"), … }",
        "In a bible: which material variant of the asset each member selects.",
    ),
    entry(
        "pose",
        "pose name { joint.bend: angle, joint.turn: angle, joint.raise: angle }",
        "In a bible: turns of joints about their own x (`bend`), y (`turn`, or `twist`) and z axis (`raise`).",
    ),
    entry("lock", "lock name: Type = value", "In a bible: a field that only `override locked … because` may change."),
    entry(
        "rule",
        "rule condition requires condition",
        "In a bible: a combination that must hold. Others are not built.",
    ),
    entry("set", "set path = value", "In a shot: changes a parameter or one property, in this shot only."),
    entry(
        "assert",
        "assert condition else \"reason\"",
        "In a test or gate: what must hold. The reason may be left out.",
    ),
];

/// Clauses of a placement.
pub const CLAUSES: &[Entry] = &[
    entry(
        "at",
        "thing at (x, y, z)\nthing at other.part\nthing at land.point(x, z)",
        "Where its origin comes to: a point of the world, a part of another thing, or the ground below a point.",
    ),
    entry(
        "rotate",
        "thing rotate (x, y, z)\nthing rotate angle",
        "Angles about x, y and z: the matrix is Ry * Rx * Rz. One angle turns about +Y.",
    ),
    entry("scale", "thing scale factor\nthing scale (x, y, z)", "Factors along x, y and z, before rotation."),
    entry(
        "facing",
        "thing facing camera\nthing facing other\nthing facing (x, y, z)",
        "Turns its +Z to a point, a thing or a camera that has `at`, about +Y only.",
    ),
    entry("follow", "thing follow other.part", "Goes along with the place of another thing; it does not turn with it."),
    entry(
        "parent",
        "thing parent other.part",
        "Goes along with the place, rotation and scale of another thing; `at` and `rotate` are in its space.",
    ),
];

/// Words within items and expressions.
pub const WORDS: &[Entry] = &[
    entry(
        "if",
        "if condition { a } else { b }\nif condition { a }\nfor i in 0..8 if condition { … }",
        "A choice between two values of one type, or between a value and `none`; in a `for`, what is left out.",
    ),
    entry(
        "else",
        "if condition { a } else if other { b } else { c }\nassert condition else \"reason\"",
        "What holds otherwise; behind an assertion, why it matters.",
    ),
    entry(
        "for",
        "for i in 0..8 { … }\nfor i in 0..8 for side in [-1, 1] if i != 3 { … }",
        "A list with an item for every step.",
    ),
    entry("true", "true", "A Bool."),
    entry("false", "false", "A Bool."),
    entry("not", "not (a == b)", "The contrary of a Bool. It takes what stands next to it."),
    entry("and", "a and b", "True when both are."),
    entry("or", "a or b", "True when one or both are."),
    entry("as", "use \"kit.ngs\" as kit\nuse \"kit.ngs\" { Crate as Box }", "In a `use`: another name."),
    entry(
        "in",
        "param wetness: Ratio in 0..1 = 0.6\nfor i in 0..8 { … }\nscatter gnats: Gnat in air { count: 90 }",
        "Limits of a parameter, what a `for` runs over, or the volume of a `scatter`.",
    ),
    entry("on", "scatter stones: Stone on land.top { count: 90 }", "The surface of a `scatter`."),
    entry(
        "ease",
        "(0s: 0m, 2s: 4m ease in_out)\n(0s: 0m, 2s: 4m, ease: smooth)",
        "How a key of a curve is reached. `scenec docs eases` lists the ways.",
    ),
    entry(
        "locked",
        "override locked hero.eyes = #00ff00 because \"gag, s040\"",
        "Of an `override`: it changes what a bible locks.",
    ),
    entry("because", "override locked hero.eyes = #00ff00 because \"gag, s040\"", "Why a lock is overridden."),
    entry(
        "requires",
        "rule outfit == gala requires height > 1.6m",
        "In a rule of a bible: what must hold when the first condition does.",
    ),
];

/// Operators, the strongest first, with what stands on one level in one row.
pub const OPERATORS: &[Entry] = &[
    entry("a.b  a(…)  a[i]", "hero.head", "Parts, calls and items."),
    entry("^", "r^2", "Powers, from right to left: `2^3^2` is `2^(3^2)`, and `-x^2` is `-(x^2)`."),
    entry("-  not", "-x, not seen", "One operand. `not` is strong: write `not (a == b)`."),
    entry("*  /", "a * b", "Products and quotients, also of units."),
    entry("+  -", "a + b", "Sums and differences of one dimension. `+` also joins texts and lists."),
    entry("..", "0..8", "Ranges, half-open."),
    entry("??", "radius ?? 4m", "The left side, or the right one where that is `none`."),
    entry("==  !=  <  <=  >  >=", "a < b", "Comparisons."),
    entry("and", "a and b", "Both."),
    entry("or", "a or b", "One or both."),
    entry("at  rotate  scale  facing  follow  parent", "thing at (1m, 0m, 0m)", "Placement of a thing."),
    entry(
        "|>",
        "render(s) |> view(agx)",
        "What stands on the left is the first node argument of the call on the right.",
    ),
];
