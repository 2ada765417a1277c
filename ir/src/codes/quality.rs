//! Codes of tests, gates and budgets. They are about the finished stage: the program is right, and its scene is not.

use super::Code;

/// The pages.
pub const CODES: &[Code] = &[
    Code {
        code: "E0701",
        title: "a test failed",
        page: "`scenec test` evaluates every `assert` of every test, gate and budget over the finished stage. This one does not hold; the \
               message has the values of its sides. Mend the scene, or the test if it asks for the wrong thing. The exit code is 2.",
        wrong: "test \"the crate is low\" { assert bounds(crate).size.y < 1m }",
        right: "test \"the crate is low\" { assert bounds(crate).size.y < 3m }",
    },
    Code {
        code: "E0702",
        title: "a gate is closed",
        page: "A `gate` is a test that `scenec build` makes before it renders anything. As long as one of its asserts does not hold \
               nothing is rendered or written, and the exit code is 2.",
        wrong: "gate \"the hero is seen\" { assert visible(hero, s010) > 0.5 }",
        right: "gate \"the hero is seen\" { assert visible(hero, s010) > 0.1 }",
    },
    Code {
        code: "E0703",
        title: "the budget is exceeded",
        page: "A `budget` limits the whole stage: `triangles` (placed ones), `instances`, `lights`, `memory` (meshes and textures), \
               `textures` (their part of the memory). `scenec test` and `scenec build` look at it for every shot's first frame. The hint \
               names what takes most. The exit code is 2.",
        wrong: "budget { triangles: 10 }",
        right: "budget { triangles: 1000 }",
    },
    Code {
        code: "E0704",
        title: "a measured value does not exist",
        page: "An `assert` computes with what was read off the stage, and the computation has no result: a division by zero, a list \
               item that is not there. Ask first: `assert if coverage(ball, s010) > 0 { … } else { false }`.",
        wrong: "test \"t\" { assert 1 / coverage(hidden, s010) > 2 }",
        right: "test \"t\" { assert coverage(hidden, s010) < 0.5 }",
    },
];
