//! Notes for the index, when one is wanted; see `index.rs`.

use scenec_ir::Span;
use scenec_ir::node::NodeDecl;
use scenec_ir::types::EnumType;
use std::sync::Arc;

use super::{Checker, Want};
use crate::property::{Declared, Slot};
use crate::resolve::{DefId, Found};
use crate::typed::Term;

impl Checker<'_, '_> {
    /// A name, or a path that ends with one, leads to a definition.
    pub(super) fn note(&mut self, span: Span, def: DefId) {
        if let Some(notes) = self.notes() {
            notes.definition(span, def);
        }
    }

    /// The same for a name that was looked up where the checker now stands.
    pub(super) fn note_name(&mut self, span: Span, name: &str) {
        if self.is_noting
            && let Found::Def(def) = self.program.lookup(self.current.def, name)
        {
            self.note(span, def);
        }
    }

    /// A name leads to the variable of a `for`.
    pub(super) fn note_local(&mut self, span: Span, at: Span) {
        if let Some(notes) = self.notes() {
            notes.local(span, at);
        }
    }

    pub(super) fn note_member(&mut self, span: Span, ty: &Arc<EnumType>, name: &str) {
        if let Some(notes) = self.notes() {
            notes.member(span, ty, name);
        }
    }

    pub(super) fn note_node(&mut self, span: Span, decl: &'static NodeDecl) {
        if let Some(notes) = self.notes() {
            notes.node(span, decl);
        }
    }

    pub(super) fn note_parameter(&mut self, name: Option<&scenec_grammar::ast::Ident>, decl: &'static NodeDecl) {
        if let (Some(notes), Some(name)) = (self.notes(), name) {
            notes.parameter(name.span, decl, &name.value);
        }
    }

    /// A step of a path behind `override` or `set` leads to a property.
    pub(super) fn note_slot(&mut self, span: Span, slot: &Slot) {
        match slot.declared() {
            Declared::Definition(def) => self.note(span, def),
            Declared::Parameter(decl, name) => {
                if let Some(notes) = self.notes() {
                    notes.parameter(span, decl, name);
                }
            }
        }
    }

    /// What an expression turned out to be.
    pub(super) fn note_known(&mut self, span: Span, term: &Term, want: &Want) {
        if let Some(notes) = self.notes() {
            notes.known(span, &term.ty, term.value(), want.ty.as_ref());
        }
    }
}
