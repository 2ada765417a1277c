//! Everything that a module names, with its documentation: what stands around a definition's name.

use scenec_grammar::ast::{BibleEntry, Ident, Item, ItemKind, Module, Param, Stmt, TestStmt, UseForm};
use scenec_ir::Span;

/// A named piece of a module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    pub name: &'a Ident,
    /// Text of the `///` lines above it.
    pub doc: &'a str,
    /// All of it.
    pub span: Span,
    /// Index of the entry that it is a part of.
    pub parent: Option<usize>,
}

/// All entries in the order of the text, parents first.
pub(crate) fn entries(module: &Module) -> Vec<Entry<'_>> {
    let mut found = Vec::new();
    module.items.iter().for_each(|item| self::item(item, &mut found));
    found
}

/// The entry whose name stands at a place.
pub(crate) fn find(module: &Module, name: Span) -> Option<Entry<'_>> {
    entries(module).into_iter().find(|e| e.name.span == name)
}

fn item<'a>(item: &'a Item, found: &mut Vec<Entry<'a>>) {
    let (doc, span) = (item.doc.as_str(), item.span);
    let parent = Some(found.len());
    let mut push = |name: &'a Ident| found.push(Entry { name, doc, span, parent: None });
    match &item.kind {
        ItemKind::Use { form: UseForm::As(name), .. } => push(name),
        ItemKind::Use { form: UseForm::Pick(picks), .. } => {
            picks.iter().for_each(|(name, renamed)| push(renamed.as_ref().unwrap_or(name)));
        }
        ItemKind::Param(decl) => push(&decl.name),
        ItemKind::Let(decl) => push(&decl.name),
        ItemKind::Enum(decl) => {
            push(&decl.name);
            members(&decl.members, parent, found);
        }
        ItemKind::Layer { name, body, .. } => {
            push(name);
            statements(body, parent, found);
        }
        ItemKind::Component { name, params, body } => {
            push(name);
            parameters(params, parent, found);
            statements(body, parent, found);
        }
        ItemKind::Function { name, params, .. } | ItemKind::Image { name, params, .. } => {
            push(name);
            parameters(params, parent, found);
        }
        ItemKind::Bible { name, body } => {
            push(name);
            entries_of_bible(body, parent, found);
        }
        ItemKind::Test { name, body, .. } => {
            push(name);
            for statement in body {
                if let TestStmt::Let(decl) = statement {
                    found.push(Entry { name: &decl.name, doc: "", span: decl.span, parent });
                }
            }
        }
        ItemKind::Asset { name, .. }
        | ItemKind::Budget { name, .. }
        | ItemKind::Camera { name, .. }
        | ItemKind::Shot { name, .. }
        | ItemKind::Cut { name, .. }
        | ItemKind::Output { name, .. }
        | ItemKind::Error { name: Some(name) } => push(name),
        _ => {}
    }
}

fn members<'a>(members: &'a [Ident], parent: Option<usize>, found: &mut Vec<Entry<'a>>) {
    found.extend(members.iter().map(|name| Entry { name, doc: "", span: name.span, parent }));
}

fn parameters<'a>(params: &'a [Param], parent: Option<usize>, found: &mut Vec<Entry<'a>>) {
    found.extend(params.iter().map(|p| Entry { name: &p.name, doc: &p.doc, span: p.span, parent }));
}

fn statements<'a>(body: &'a [Stmt], parent: Option<usize>, found: &mut Vec<Entry<'a>>) {
    for stmt in body {
        let (name, doc, span) = match stmt {
            Stmt::Bind { doc, name, span, .. } => (name, doc.as_str(), *span),
            Stmt::Scatter { doc, name, span, .. } => (name, doc.as_str(), *span),
            Stmt::Let(decl) => (&decl.name, "", decl.span),
            Stmt::Error { name: Some(name), span } => (name, "", *span),
            _ => continue,
        };
        found.push(Entry { name, doc, span, parent });
    }
}

fn entries_of_bible<'a>(body: &'a [BibleEntry], parent: Option<usize>, found: &mut Vec<Entry<'a>>) {
    for entry in body {
        let (name, doc, span) = match entry {
            BibleEntry::Field { doc, name, span, .. } => (name, doc.as_str(), *span),
            BibleEntry::Variant { name, span, .. } | BibleEntry::Pose { name, span, .. } => (name, "", *span),
            BibleEntry::Enum(decl) => {
                let own = Some(found.len());
                found.push(Entry { name: &decl.name, doc: "", span: decl.span, parent });
                members(&decl.members, own, found);
                continue;
            }
            _ => continue,
        };
        found.push(Entry { name, doc, span, parent });
    }
}
