//! The .ngs grammar: text to AST with spans.

pub mod ast;

use scenec_ir::{Diagnostic, FileId};

/// Parses one file. Never fails: what can't be read becomes an error node, and its diagnostic is in the list.
pub fn parse(file: FileId, text: &str) -> (ast::Module, Vec<Diagnostic>) {
    let span = scenec_ir::Span::new(file, 0, text.len());
    (ast::Module { edition: None, items: Vec::new(), span }, Vec::new())
}
