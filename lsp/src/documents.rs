//! The texts that are open.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use lsp_types::TextDocumentContentChangeEvent;

use crate::places::Places;
use crate::position::{Encoding, Lines};

/// An open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As its client writes it.
    pub uri: String,
    /// The client's number for the text.
    pub version: i32,
    pub text: Arc<str>,
}

/// Open documents by the name of their module.
#[derive(Default)]
pub(crate) struct Documents {
    by_name: BTreeMap<String, Document>,
    texts: BTreeMap<String, Arc<str>>,
}

impl Documents {
    pub fn open(&mut self, name: String, uri: &str, version: i32, text: String) {
        let text: Arc<str> = text.into();
        self.texts.insert(name.clone(), text.clone());
        self.by_name.insert(name, Document { uri: uri.to_owned(), version, text });
    }

    pub fn close(&mut self, name: &str) {
        self.by_name.remove(name);
        self.texts.remove(name);
    }

    /// Carries out edits, each on the text that the one before left. False when the document is not open.
    pub fn change(
        &mut self,
        name: &str,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        let Some(document) = self.by_name.get_mut(name) else { return false };
        let mut text = String::from(&*document.text);
        for change in changes {
            match change.range {
                None => text = change.text,
                Some(range) => {
                    let bytes = Lines::of(&text).bytes(&text, range, encoding);
                    text.replace_range(bytes, &change.text);
                }
            }
        }
        document.version = version;
        document.text = text.into();
        self.texts.insert(name.to_owned(), document.text.clone());
        true
    }

    pub fn get(&self, name: &str) -> Option<&Document> {
        self.by_name.get(name)
    }

    /// Texts by the name of their module.
    pub fn texts(&self) -> &BTreeMap<String, Arc<str>> {
        &self.texts
    }

    pub fn names(&self) -> BTreeSet<String> {
        self.by_name.keys().cloned().collect()
    }

    /// The URI of a module: the client's own when it is open.
    pub fn uri(&self, name: &str, places: &Places) -> String {
        self.by_name.get(name).map_or_else(|| places.uri(name), |d| d.uri.clone())
    }
}
