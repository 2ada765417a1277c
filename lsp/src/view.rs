//! One module of an analysis, with places as the protocol counts them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use lsp_types::{Location, Position, Range, Uri};
use scenec_compiler::index::{Definition, Index, IndexedModule, Kind};
use scenec_compiler::{Analysis, World};
use scenec_grammar::ast::ItemKind;
use scenec_ir::{FileId, Span};

use crate::documents::Documents;
use crate::places::{self, Places};
use crate::position::{Encoding, Lines};

/// What a feature sees.
pub(crate) struct View<'s> {
    pub analysis: Rc<Analysis>,
    /// The module that is asked about.
    pub module: usize,
    pub file: FileId,
    pub encoding: Encoding,
    pub documents: &'s Documents,
    pub places: &'s Places,
    pub world: &'s dyn World,
    lines: RefCell<BTreeMap<FileId, Rc<Lines>>>,
}

impl<'s> View<'s> {
    pub fn new(
        analysis: Rc<Analysis>,
        name: &str,
        encoding: Encoding,
        documents: &'s Documents,
        places: &'s Places,
        world: &'s dyn World,
    ) -> Option<Self> {
        let module = analysis.index.modules.iter().position(|m| m.path == name)?;
        let file = analysis.index.modules[module].file;
        Some(Self { analysis, module, file, encoding, documents, places, world, lines: RefCell::default() })
    }

    pub fn index(&self) -> &Index {
        &self.analysis.index
    }

    pub fn here(&self) -> &IndexedModule {
        &self.index().modules[self.module]
    }

    /// Text of the module.
    pub fn text(&self) -> &str {
        &self.analysis.compilation.sources.file(self.file).text
    }

    /// Text under a span.
    pub fn written(&self, span: Span) -> &str {
        self.analysis.compilation.sources.text(span)
    }

    pub fn definition(&self, at: usize) -> &Definition {
        &self.index().definitions[at]
    }

    fn lines(&self, file: FileId) -> Rc<Lines> {
        let text = &self.analysis.compilation.sources.file(file).text;
        self.lines.borrow_mut().entry(file).or_insert_with(|| Rc::new(Lines::of(text))).clone()
    }

    /// The byte of a position in the module.
    pub fn offset(&self, position: Position) -> u32 {
        self.lines(self.file).offset(self.text(), position, self.encoding) as u32
    }

    pub fn position(&self, offset: u32) -> Position {
        self.lines(self.file).position(self.text(), offset as usize, self.encoding)
    }

    pub fn range(&self, span: Span) -> Range {
        let text = &self.analysis.compilation.sources.file(span.file).text;
        self.lines(span.file).range(text, span.range(), self.encoding)
    }

    pub fn uri(&self, file: FileId) -> Option<Uri> {
        let path = &self.analysis.compilation.sources.file(file).path;
        places::parse(&self.documents.uri(path, self.places))
    }

    pub fn location(&self, span: Span) -> Option<Location> {
        Some(Location::new(self.uri(span.file)?, self.range(span)))
    }

    /// The block, component, bible, function or image whose text holds a place; its members are in scope there.
    pub fn owner_at(&self, offset: u32) -> Option<usize> {
        let holds = |span: Span| span.start < offset && offset <= span.end;
        let item = self.here().ast.items.iter().find(|item| holds(item.span))?;
        let name = match &item.kind {
            ItemKind::Layer { name, .. }
            | ItemKind::Component { name, .. }
            | ItemKind::Bible { name, .. }
            | ItemKind::Function { name, .. }
            | ItemKind::Image { name, .. }
            | ItemKind::Test { name, .. } => name,
            _ => return None,
        };
        self.index().definitions.iter().position(|d| {
            d.span == name.span
                && (d.kind.has_name() || matches!(d.kind, Kind::Test))
                && !matches!(d.kind, Kind::Failed)
        })
    }
}
