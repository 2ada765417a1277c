//! The .ngs grammar: text to AST with spans.
//!
//! [`parse`] never fails. A hand-written scan cuts the text into balanced pieces, and pest reads each piece alone, so one
//! mistake spoils one statement and gives one diagnostic:
//!
//! ```text
//! lex        text            -> tokens, clean text (comments blank, habits of other languages mended)
//! brackets   tokens          -> partners, places that can't be parsed
//! split      tokens          -> items, statements
//! build      one piece       -> AST, by pest (`ngs.pest`); plain bindings from their tokens alone
//! parse      the list of the above
//! format     text            -> the same program in its one layout
//! ```

pub mod ast;
mod brackets;
mod build;
mod dump;
mod format;
mod lex;
pub mod limits;
mod parse;
mod split;
mod tokens;
pub mod words;

pub use build::back_slashes;
pub use dump::{dump, dump_expr};
pub use format::format;
pub use parse::parse;
#[doc(hidden)]
pub use parse::parse_by_grammar;
pub use tokens::{Token, TokenKind, tokens};
