//! Rust identifiers for WGSL names.

/// Rust's keywords, which WGSL does not all reserve.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// A name as a Rust identifier. Raw where it is a keyword; the four names that cannot be raw get an underscore.
pub fn ident(name: &str) -> String {
    if matches!(name, "self" | "Self" | "super" | "crate" | "_") {
        return format!("{name}_");
    }
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { plain(name) }
}

/// A name reduced to what may stand behind a prefix: letters, digits and underscores.
pub fn plain(name: &str) -> String {
    name.chars().map(|c| if c == '_' || c.is_alphanumeric() { c } else { '_' }).collect()
}

/// `e12` or `e12_name`: unique by its letter and number, readable by its name.
pub fn numbered(letter: char, index: usize, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{letter}{index}_{}", plain(name)),
        None => format!("{letter}{index}"),
    }
}
