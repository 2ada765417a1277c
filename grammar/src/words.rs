//! The words of the language.

/// Keywords of items that this version compiles.
pub const ITEMS: [&str; 20] = [
    "use",
    "asset",
    "param",
    "let",
    "enum",
    "environment",
    "character",
    "engineering",
    "component",
    "bible",
    "camera",
    "shot",
    "cut",
    "fn",
    "override",
    "image",
    "output",
    "test",
    "gate",
    "budget",
];

/// Words in front of the keyword of an item.
pub const MODIFIERS: [&str; 1] = ["private"];

/// Keywords of items whose body holds statements or entries.
pub const BLOCKS: [&str; 7] = ["environment", "character", "engineering", "component", "bible", "test", "gate"];

/// Words of the language whose items this version does not compile yet.
pub const RESERVED: [&str; 1] = ["design"];

/// Keywords of entries of bibles.
pub const IN_BIBLES: [&str; 5] = ["enum", "lock", "pose", "rule", "variant"];

/// Words that begin a statement, an entry of a bible or an entry of a shot.
pub const ENTRIES: [&str; 7] = ["scatter", "variant", "pose", "lock", "rule", "set", "assert"];

/// Words between the parts of an item, a statement or an expression.
pub const INFIX: [&str; 13] =
    ["as", "in", "on", "at", "rotate", "scale", "facing", "follow", "parent", "ease", "locked", "because", "requires"];

/// Words that begin a clause of a placement.
pub const CLAUSES: [&str; 6] = ["at", "rotate", "scale", "facing", "follow", "parent"];

/// Words that are operators or values and can't be names.
pub const NEVER_NAMES: [&str; 8] = ["if", "else", "for", "true", "false", "not", "and", "or"];

/// True for the keyword of an item, compiled or reserved.
pub(crate) fn item_or_reserved(word: &str) -> bool {
    ITEMS.contains(&word) || RESERVED.contains(&word)
}

/// True for keywords of items that never stand inside a block.
pub(crate) fn only_item(word: &str) -> bool {
    item_or_reserved(word) && !matches!(word, "let" | "enum" | "override")
}

/// True for words that make an expression one level deeper.
pub(crate) fn nests(word: &str) -> bool {
    CLAUSES.contains(&word) || matches!(word, "if" | "else" | "for" | "not" | "and" | "or")
}

/// True for words that go on with the expression of the line before.
pub(crate) fn continues(word: &str) -> bool {
    CLAUSES.contains(&word) || matches!(word, "else" | "and" | "or" | "on" | "in" | "as" | "because" | "requires")
}

/// A word of another language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Foreign {
    /// The item that does its work here.
    pub keyword: &'static str,
    /// How that is written.
    pub hint: &'static str,
    /// The keyword may stand in its place.
    pub swaps: bool,
}

/// The item that is meant by a word of another language.
pub(crate) fn foreign(word: &str) -> Option<Foreign> {
    let (keyword, swaps, hint) = match word {
        "def" | "func" | "function" | "class" | "struct" | "proc" | "macro" | "prefab" | "template" => {
            ("component", true, "a reusable part is a `component Name(parameter: Type = default) { … }`")
        }
        "import" | "include" | "from" | "require" | "using" | "mod" => {
            ("use", true, "another file is used with `use \"path.ngs\" as name` or `use \"path.ngs\" { Name }`")
        }
        "var" | "const" | "val" | "auto" | "static" | "define" => {
            ("let", true, "a value is named with `let name = value`")
        }
        "scene" | "world" | "background" => ("environment", true, "what stands around is an `environment name { … }`"),
        "type" | "union" => ("enum", true, "a closed set of names is an `enum Name { a, b }`"),
        "matrix" => (
            "output",
            false,
            "a matrix is a field: `output sheets { image: …, matrix: [outfit], file: \"{outfit}.png\" }`",
        ),
        "print" | "export" | "write" | "render" | "save" => {
            ("output", false, "files are written by `output name { image: …, file: \"out.png\" }`")
        }
        "material" | "shader" | "texture" => {
            ("let", false, "a material is named with `let name = paint(color: #ff8800)` and given to a thing")
        }
        "light" | "lamp" | "sun" | "sky" => (
            "environment",
            false,
            "lights and skies stand in a layer block: `environment yard { key = point_light((1m, 2m, 1m)) }`",
        ),
        "object" | "mesh" | "thing" | "node" | "entity" | "prop" | "geometry" | "model" | "actor" => {
            ("engineering", false, "things stand in a layer block: `engineering props { ball = sphere(radius: 1m) }`")
        }
        "assert" | "expect" | "check" | "verify" => (
            "test",
            false,
            "what must hold stands in a test: `test \"it is seen\" { assert visible(ball, s010) > 0.5 }`",
        ),
        "sequence" | "timeline" | "edit" | "montage" | "reel" | "playlist" => {
            ("cut", true, "shots stand one after the other in a cut: `cut film { shots: [s010, s020] }`")
        }
        "animation" | "animate" | "keyframe" | "keyframes" | "action" => (
            "engineering",
            false,
            "what moves has a curve for its value: `ball = sphere(radius: 1m) at (0s: (0m, 1m, 0m), 2s: (4m, 1m, 0m))`",
        ),
        "layer" | "block" | "group" => {
            ("environment", false, "the layers are `environment`, `character` and `engineering`")
        }
        _ => return None,
    };
    Some(Foreign { keyword, hint, swaps })
}

/// What does the work of a statement of another language.
pub(crate) fn foreign_statement(word: &str) -> Option<&'static str> {
    Some(match word {
        "return" | "yield" => "everything that stands in a component belongs to what it gives: `part = box(size: 1m)`",
        "while" | "loop" | "repeat" | "do" | "foreach" => {
            "a list is `name = for i in 0..8 { … }`; `scatter name: Thing on surface { count: 10 }` strews copies"
        }
        "if" | "switch" | "match" | "unless" => "a choice is a value: `name = if condition { a } else { b }`",
        "assert" => {
            "what must hold stands in a `test` or a `gate`: `test \"it is seen\" { assert visible(ball, s010) > 0.5 }`"
        }
        "try" | "throw" | "pass" | "print" | "end" | "begin" => "a program describes what is there; it takes no steps",
        _ => return None,
    })
}

/// The beginning of a text, on one line, for messages.
pub(crate) fn clip(text: &str) -> String {
    let mut short = String::new();
    for c in text.chars().take(40) {
        short.push(if c.is_whitespace() { ' ' } else { c });
    }
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// The way from key to key that other programs call so.
pub fn foreign_way(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "ease" | "easy" | "ease_in_out" | "easeinout" | "inout" | "both" | "sine" | "sigmoid" => "in_out",
        "ease_in" | "easein" | "slow_in" | "accelerate" => "in",
        "ease_out" | "easeout" | "slow_out" | "decelerate" => "out",
        "step" | "steps" | "stepped" | "constant" | "held" | "none" | "snap" => "hold",
        "spline" | "cubic" | "auto" | "bezier" | "catmull_rom" | "monotone" => "smooth",
        "lerp" | "lin" | "flat" => "linear",
        _ => return None,
    })
}
