//! What was parsed before: a text that did not change is not read again. What was checked before goes with it.

use std::sync::Arc;

use rayon::prelude::*;
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
    text: Arc<str>,
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

    /// The trees of texts and what is wrong with them. Several new ones are parsed at once.
    pub(crate) fn parse(&mut self, texts: &[(FileId, Arc<str>)]) -> Vec<(Arc<Module>, Vec<Diagnostic>)> {
        let is_known = |(file, text): &&(FileId, Arc<str>)| {
            self.files.get(file.0 as usize).and_then(Option::as_ref).is_some_and(|entry| entry.text == *text)
        };
        let new: Vec<_> = texts.iter().filter(|text| !is_known(text)).collect();
        self.reads += new.len();
        let read = |(file, text): &&(FileId, Arc<str>)| {
            let (ast, diagnostics) = scenec_grammar::parse(*file, text);
            Entry { text: text.clone(), ast: Arc::new(ast), diagnostics }
        };
        let entries: Vec<Entry> = match new.as_slice() {
            [one] => vec![read(one)],
            many => many.par_iter().map(read).collect(),
        };
        let count = texts.iter().map(|(file, _)| file.0 as usize + 1).max().unwrap_or(0);
        if self.files.len() < count {
            self.files.resize_with(count, || None);
        }
        for ((file, _), entry) in new.iter().zip(entries) {
            self.files[file.0 as usize] = Some(entry);
        }
        let entries = texts.iter().filter_map(|(file, _)| self.files[file.0 as usize].as_ref());
        entries.map(|entry| (entry.ast.clone(), entry.diagnostics.clone())).collect()
    }
}
