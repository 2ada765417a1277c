//! Where a name is defined, and where it is used.

use std::rc::Rc;

use lsp_types::{
    DocumentHighlight, DocumentHighlightParams, GotoDefinitionParams, GotoDefinitionResponse, Location, Range,
    ReferenceParams,
};
use scenec_compiler::Analysis;
use scenec_compiler::index::{Index, Kind, Step, Target};
use scenec_grammar::ast::ItemKind;
use scenec_grammar::{Token, TokenKind, tokens};
use scenec_ir::{Span, nodes};

use crate::completion::context::{Context, Opinion, Place};
use crate::completion::members::{Base, follow};
use crate::places;
use crate::view::View;

pub(crate) fn definition(view: &View<'_>, params: &GotoDefinitionParams) -> Option<GotoDefinitionResponse> {
    let offset = view.offset(params.text_document_position_params.position);
    let location = file_at(view, offset).or_else(|| {
        let target = target_at(view, offset)?;
        match target {
            Target::Definition(at) => match view.definition(at).kind {
                Kind::Alias(Some(module)) => Some(beginning(view, &view.index().modules[module].path)?),
                _ => view.location(view.definition(at).span),
            },
            _ => view.location(place(view.index(), target)?),
        }
    })?;
    Some(GotoDefinitionResponse::Scalar(location))
}

/// The file that a `use` or an `asset` names.
fn file_at(view: &View<'_>, offset: u32) -> Option<Location> {
    let path = view.here().ast.items.iter().find_map(|item| match &item.kind {
        ItemKind::Use { path, .. } | ItemKind::Asset { path, .. } => {
            (path.span.start..=path.span.end).contains(&offset).then_some(&path.value)
        }
        _ => None,
    })?;
    let name = view.here().path_of(path);
    view.world.exists(&name).then(|| beginning(view, &name)).flatten()
}

fn beginning(view: &View<'_>, name: &str) -> Option<Location> {
    Some(Location::new(places::parse(&view.documents.uri(name, view.places))?, Range::default()))
}

/// What the name at a place leads to; the name of a definition leads to itself.
pub(crate) fn target_at(view: &View<'_>, offset: u32) -> Option<Target> {
    let index = view.index();
    if let Some(found) = index.use_at(view.file, offset) {
        return Some(found.target);
    }
    if let Some(at) = index.definition_at(view.file, offset) {
        return Some(Target::Definition(at));
    }
    let import = view.here().imports.iter().find(|(_, span, _)| (span.start..=span.end).contains(&offset));
    if let Some((_, _, at)) = import {
        return Some(Target::Definition(*at));
    }
    member_at(view, offset).map(|(_, target)| target).or_else(|| legible(view, offset).map(|(_, target)| target))
}

/// In a program with errors: a name that was not looked at, because what stands around it could not be read.
pub(crate) fn legible(view: &View<'_>, offset: u32) -> Option<(Span, Target)> {
    if !view.analysis.compilation.has_errors() {
        return None;
    }
    let text = view.text();
    let mut tokens = tokens(text);
    tokens.retain(|t| t.kind != TokenKind::Comment);
    let holds = |t: &Token| t.kind == TokenKind::Word && (t.start..=t.end).contains(&(offset as usize));
    let at = tokens.iter().position(holds)?;
    if let Some(found) = property_at(view, tokens[at]) {
        return Some(found);
    }
    // The name of an argument or field.
    if tokens.get(at + 1).is_some_and(|t| matches!(t.kind, TokenKind::Colon | TokenKind::Equals)) {
        return None;
    }
    let word = |i: usize| &text[tokens[i].start..tokens[i].end];
    let mut path = vec![word(at)];
    let mut first = at;
    while first >= 2 && tokens[first - 1].kind == TokenKind::Dot && tokens[first - 2].kind == TokenKind::Word {
        first -= 2;
        path.insert(0, word(first));
    }
    if first > 0 && tokens[first - 1].kind == TokenKind::Dot {
        return None;
    }
    let target = match follow(view, view.owner_at(offset), &path) {
        Some(Base::Definition(at)) => Target::Definition(at),
        Some(Base::Poses(_)) => return None,
        None => Target::Node(nodes::find(path[0]).filter(|d| path.len() == 1 && d.callable)?),
    };
    Some((Span::new(view.file, tokens[at].start, tokens[at].end), target))
}

/// The property that a name in the path of an `override` or `set` leads to.
fn property_at(view: &View<'_>, name: Token) -> Option<(Span, Target)> {
    let text = view.text();
    let Place::Path(Opinion { mut path, .. }) = Context::at(text, name.end).place else { return None };
    path.push(Step { name: &text[name.start..name.end], is_item: false });
    let property = view.index().property(view.module, view.owner_at(name.end as u32), &path)?;
    Some((Span::new(view.file, name.start, name.end), property.target))
}

/// A member of an enumeration where that is defined.
pub(crate) fn member_at(view: &View<'_>, offset: u32) -> Option<(Span, Target)> {
    let index = view.index();
    index.definitions.iter().enumerate().find_map(|(at, def)| {
        let Kind::Enum(ty) = &def.kind else { return None };
        let inside = |i: usize| {
            let span = place(index, Target::Member(at, i))?;
            let holds = span.file == view.file && (span.start..=span.end).contains(&offset);
            holds.then_some((span, Target::Member(at, i)))
        };
        (0..ty.members.len()).find_map(inside)
    })
}

/// Where a definition or a member of an enumeration has its name; nodes have no place.
pub(crate) fn place(index: &Index, target: Target) -> Option<Span> {
    match target {
        Target::Definition(at) => Some(index.definitions[at].span),
        Target::Member(at, member) => {
            let def = &index.definitions[at];
            let entries = crate::outline::entries(&index.modules[def.module].ast);
            let own = entries.iter().position(|e| e.name.span == def.span)?;
            entries.iter().filter(|e| e.parent == Some(own)).nth(member).map(|e| e.name.span)
        }
        Target::Local(at) => Some(at),
        Target::Node(_) | Target::Parameter(..) => None,
    }
}

/// Every place that leads to the target: the definition first.
pub(crate) fn places_of(index: &Index, target: Target) -> Vec<Span> {
    let mut found: Vec<Span> = place(index, target).into_iter().collect();
    found.extend(index.uses.iter().filter(|u| u.target == target).map(|u| u.span));
    found.sort();
    found.dedup();
    found
}

/// The same definition in another analysis: the one whose name stands at the same place of the same module.
pub(crate) fn counterpart(view: &View<'_>, target: Target, other: &Analysis) -> Option<Target> {
    let path = |analysis: &Analysis, span: Span| analysis.compilation.sources.file(span.file).path.clone();
    let find = |at: usize| {
        let span = view.definition(at).span;
        let module = path(&view.analysis, span);
        other
            .index
            .definitions
            .iter()
            .position(|d| (d.span.start, d.span.end) == (span.start, span.end) && path(other, d.span) == module)
    };
    match target {
        Target::Definition(at) => find(at).map(Target::Definition),
        Target::Member(at, member) => find(at).map(|at| Target::Member(at, member)),
        Target::Local(at) => {
            let module = path(&view.analysis, at);
            let is_same = |s: Span| (s.start, s.end) == (at.start, at.end) && path(other, s) == module;
            other.index.uses.iter().map(|u| u.target).find(|t| matches!(t, Target::Local(s) if is_same(*s)))
        }
        node => Some(node),
    }
}

pub(crate) fn references(
    view: &View<'_>,
    all: Vec<(String, Rc<Analysis>)>,
    params: &ReferenceParams,
) -> Option<Vec<Location>> {
    let offset = view.offset(params.text_document_position.position);
    let target = target_at(view, offset)?;
    let mut found: Vec<Location> = Vec::new();
    for (root, analysis) in all {
        let Some(target) = counterpart(view, target, &analysis) else { continue };
        let Some(there) = View::new(analysis, &root, view.encoding, view.documents, view.places, view.world) else {
            continue;
        };
        let defined = place(there.index(), target);
        let wanted = places_of(there.index(), target)
            .into_iter()
            .filter(|s| params.context.include_declaration || Some(*s) != defined);
        found.extend(wanted.filter_map(|s| there.location(s)));
    }
    found.sort_by(|a, b| (a.uri.as_str(), a.range.start).cmp(&(b.uri.as_str(), b.range.start)));
    found.dedup();
    Some(found)
}

pub(crate) fn highlights(view: &View<'_>, params: &DocumentHighlightParams) -> Option<Vec<DocumentHighlight>> {
    let offset = view.offset(params.text_document_position_params.position);
    let target = target_at(view, offset)?;
    let here = places_of(view.index(), target).into_iter().filter(|s| s.file == view.file);
    Some(here.map(|s| DocumentHighlight { range: view.range(s), kind: None }).collect())
}
