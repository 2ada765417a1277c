//! Bounds that keep time, memory and stack small for any input.

/// Bytes of one source file.
pub const FILE_BYTES: usize = 16 << 20;
/// Brackets that may be open at once.
pub const NESTING: usize = 100;
/// Levels of one expression: open brackets and the operators, calls and fields in front of them.
pub const DEPTH: usize = 256;
/// Tokens of one statement or item.
pub const PIECE_TOKENS: usize = 200_000;
/// Tokens of one file.
pub const TOKENS: usize = 4_000_000;
/// Errors after which the rest of a file is not looked at.
pub const ERRORS: usize = 100;
/// Bytes of one name.
pub const NAME_BYTES: usize = 255;
