//! What is under the pointer.

use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use scenec_compiler::index::{Kind, Target};
use scenec_compiler::manual::{self, functions};
use scenec_grammar::{Token, TokenKind, tokens};
use scenec_ir::{Span, Type};

use crate::navigate::{legible, member_at};
use crate::view::View;
use crate::{describe, semantic};

pub(crate) fn hover(view: &View<'_>, params: &HoverParams) -> Option<Hover> {
    let offset = view.offset(params.text_document_position_params.position);
    let found = named(view, offset).or_else(|| word(view, offset)).or_else(|| expression(view, offset));
    let (span, text) = found?;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Some(Hover { contents, range: Some(view.range(span)) })
}

/// A name that leads somewhere, or the name of a definition.
fn named(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let index = view.index();
    if let Some(found) = index.use_at(view.file, offset) {
        return Some((found.span, target(view, found.target)));
    }
    if let Some(at) = index.definition_at(view.file, offset) {
        return Some((view.definition(at).span, target(view, Target::Definition(at))));
    }
    let (span, found) = member_at(view, offset).or_else(|| legible(view, offset))?;
    Some((span, target(view, found)))
}

/// A word of the language: a function that is called, a type, a keyword.
fn word(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let text = view.text();
    let mut found = tokens(text);
    found.retain(|t| t.kind != TokenKind::Comment);
    let holds = |t: &Token| t.kind == TokenKind::Word && (t.start..=t.end).contains(&(offset as usize));
    let at = found.iter().position(holds)?;
    let word = &text[found[at].start..found[at].end];
    let before = at.checked_sub(1).map(|i| &found[i]);
    let behind = found.get(at + 1);
    if before.is_some_and(|t| t.kind == TokenKind::Dot) {
        return None;
    }
    let is_called = behind.is_some_and(|t| text[t.start..].starts_with('('));
    let page = match functions().into_iter().find(|f| f.name == word).filter(|_| is_called) {
        Some(function) => {
            let examples = function.examples.iter().map(|(expression, value)| format!("`{expression}` is `{value}`"));
            let examples = examples.collect::<Vec<_>>().join(", ");
            page(function.form, &format!("{}\n\n{examples}", function.doc))
        }
        None if semantic::is_type(word, text, before) => type_page(word)?,
        None if semantic::is_keyword(text, found[at], before, behind) => {
            let is_entry =
                found[at].leads || before.is_some_and(|t| matches!(t.kind, TokenKind::Open | TokenKind::Comma));
            let lists = if is_entry {
                [manual::ITEMS, manual::ENTRIES, manual::MODIFIERS, manual::CLAUSES, manual::WORDS]
            } else {
                [manual::CLAUSES, manual::WORDS, manual::MODIFIERS, manual::ITEMS, manual::ENTRIES]
            };
            let entry = lists.into_iter().flatten().find(|entry| entry.name == word)?;
            page(entry.form, entry.doc)
        }
        None => return None,
    };
    Some((Span::new(view.file, found[at].start, found[at].end), page))
}

/// The page of a type of the language: what its values look like, or their units.
fn type_page(name: &str) -> Option<String> {
    if let Some(entry) = manual::TYPES.iter().find(|ty| ty.name == name) {
        return Some(page(&format!("type {name}"), &format!("{}\n\n`{}`", entry.doc, entry.form)));
    }
    let (_, base, units) = manual::dimensions().into_iter().find(|(own, ..)| *own == name)?;
    let units: Vec<String> = units.iter().map(|unit| format!("`{}`", unit.name)).collect();
    let units = if units.is_empty() { String::new() } else { format!(" Units: {}.", units.join(", ")) };
    let base = if base == "1" { "A number without unit.".to_owned() } else { format!("A quantity in {base}.") };
    Some(page(&format!("type {name}"), &format!("{base}{units}")))
}

/// The page of what a name leads to.
pub(crate) fn target(view: &View<'_>, target: Target) -> String {
    match target {
        Target::Definition(at) => page(&describe::signature(view, at), &describe::documentation(view, at)),
        Target::Member(at, member) => match &view.definition(at).kind {
            Kind::Enum(ty) => page(&format!("{}: {}", ty.members[member], ty.name), &describe::signature(view, at)),
            _ => String::new(),
        },
        Target::Node(decl) => page(&describe::node_signature(decl), decl.doc),
        Target::Local(at) => {
            let known = view.index().known_at(at.file, at.start).find(|k| k.span == at);
            let ty = known.map_or_else(String::new, |k| format!(": {}", k.ty));
            page(&format!("for {}{ty}", view.written(at)), "The variable of a `for`.")
        }
        Target::Parameter(decl, name) => {
            let (signature, doc) = describe::parameter(decl, name);
            page(&signature, &doc)
        }
    }
}

/// Code and the text below it, as Markdown.
fn page(code: &str, text: &str) -> String {
    let code = format!("```ngs\n{code}\n```");
    if text.is_empty() { code } else { format!("{code}\n\n{text}") }
}

/// Type and value of the narrowest expression.
fn expression(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let known = view.index().known_at(view.file, offset).find(|k| k.ty != Type::Unknown)?;
    Some((known.span, page(&format!("{}{}", known.ty, describe::equals(known.value.as_ref())), "")))
}
