//! What was parsed before: a text that did not change is not read again. What was checked before goes with it.

use std::sync::Arc;

use scenec_grammar::ast::Module;
use scenec_ir::{Diagnostic, FileId};

use crate::kept::Kept;

/// Modules as they were parsed last, by the number of their file, and what was found out about their definitions. Belongs to
/// one root: places in a tree hold that number.
#[derive(Debug, Default)]
pub struct Parsed {
    files: Vec<Option<Entry>>,
    reads: usize,
    pub(crate) kept: Option<Kept>,
    pub(crate) counts: (usize, usize),
}

#[derive(Debug)]
struct Entry {
    text: Box<str>,
    ast: Arc<Module>,
    diagnostics: Vec<Diagnostic>,
}

impl Parsed {
    /// How many texts had to be parsed so far.
    pub fn reads(&self) -> usize {
        self.reads
    }

    /// How many definitions the last run had to check, and how many its program has.
    pub fn checked(&self) -> (usize, usize) {
        self.counts
    }

    /// The tree of a text and what is wrong with it.
    pub(crate) fn parse(&mut self, file: FileId, text: &str) -> (Arc<Module>, Vec<Diagnostic>) {
        let at = file.0 as usize;
        if let Some(Some(entry)) = self.files.get(at)
            && *entry.text == *text
        {
            return (entry.ast.clone(), entry.diagnostics.clone());
        }
        let (ast, diagnostics) = scenec_grammar::parse(file, text);
        let ast = Arc::new(ast);
        self.reads += 1;
        if self.files.len() <= at {
            self.files.resize_with(at + 1, || None);
        }
        self.files[at] = Some(Entry { text: text.into(), ast: ast.clone(), diagnostics: diagnostics.clone() });
        (ast, diagnostics)
    }
}
