//! The words of the language.

/// Keywords of items that this version compiles.
pub const ITEMS: [&str; 14] = [
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
    "image",
    "output",
];

/// Words of the language whose items this version does not compile yet.
pub const RESERVED: [&str; 9] = ["test", "gate", "budget", "lock", "override", "rule", "matrix", "fn", "for"];

/// Words that are operators or values and can't be names.
pub const NEVER_NAMES: [&str; 7] = ["if", "else", "true", "false", "not", "and", "or"];

/// True for the keyword of an item, compiled or reserved.
pub(crate) fn item_or_reserved(word: &str) -> bool {
    ITEMS.contains(&word) || RESERVED.contains(&word)
}

/// True for keywords of items that never stand inside a block.
pub(crate) fn only_item(word: &str) -> bool {
    item_or_reserved(word) && !matches!(word, "let" | "enum" | "lock" | "override" | "rule" | "for" | "fn")
}

/// True for words that make an expression one level deeper.
pub(crate) fn nests(word: &str) -> bool {
    matches!(word, "if" | "else" | "not" | "and" | "or" | "at" | "rotate" | "scale" | "facing")
}

/// True for words that go on with the expression of the line before.
pub(crate) fn continues(word: &str) -> bool {
    matches!(word, "else" | "and" | "or" | "at" | "rotate" | "scale" | "facing" | "on" | "in" | "as")
}

/// Words of other languages and the item that does their work here.
pub(crate) fn foreign(word: &str) -> Option<(&'static str, &'static str)> {
    Some(match word {
        "def" | "func" | "function" | "class" | "struct" | "proc" | "macro" => {
            ("component", "a reusable part is a `component Name(parameter: Type = default) { … }`")
        }
        "import" | "include" | "from" | "require" | "using" | "mod" => {
            ("use", "another file is used with `use \"path.ngs\" as name` or `use \"path.ngs\" { Name }`")
        }
        "var" | "const" | "val" | "auto" | "static" | "define" => ("let", "a value is named with `let name = value`"),
        "scene" | "world" | "background" => ("environment", "what stands around is an `environment name { … }`"),
        "type" | "union" => ("enum", "a closed set of names is an `enum Name { a, b }`"),
        "print" | "export" | "write" | "render" | "save" => {
            ("output", "files are written by `output name { image: …, file: \"out.png\" }`")
        }
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
