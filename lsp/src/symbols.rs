//! The outline of a module, and the names of all programs that are open.

use std::collections::HashMap;

use lsp_types::{DocumentSymbol, OneOf, SymbolKind, WorkspaceSymbol};
use scenec_compiler::index::{Definition, Kind};
use scenec_ir::{Span, Type};

use crate::outline::{self, Entry};
use crate::view::View;

pub(crate) fn symbols(view: &View<'_>) -> Vec<DocumentSymbol> {
    let module = view.here().ast.clone();
    let entries = outline::entries(&module);
    let here = view
        .index()
        .definitions
        .iter()
        .filter(|d| d.module == view.module && (d.kind.has_name() || matches!(d.kind, Kind::Test)));
    let by_name: HashMap<Span, &Definition> = here.map(|d| (d.span, d)).collect();
    let make = |e: &Entry<'_>| Some(symbol(view, e, by_name.get(&e.name.span).copied()));
    let mut made: Vec<Option<DocumentSymbol>> = entries.iter().map(make).collect();
    // Children stand behind their parents, so from the end each is whole when it is handed up.
    let mut roots = Vec::new();
    for (at, entry) in entries.iter().enumerate().rev() {
        let Some(mut symbol) = made[at].take() else { continue };
        if let Some(children) = &mut symbol.children {
            children.reverse();
        }
        match entry.parent.and_then(|p| made[p].as_mut()) {
            Some(parent) => parent.children.get_or_insert_default().push(symbol),
            None => roots.push(symbol),
        }
    }
    roots.reverse();
    roots
}

#[expect(deprecated, reason = "the protocol's type has a field that may not be left out")]
fn symbol(view: &View<'_>, entry: &Entry<'_>, def: Option<&Definition>) -> DocumentSymbol {
    DocumentSymbol {
        name: entry.name.value.clone(),
        detail: def.map(detail),
        kind: def.map_or(if entry.parent.is_some() { SymbolKind::ENUM_MEMBER } else { SymbolKind::MODULE }, kind),
        tags: None,
        deprecated: None,
        range: view.range(entry.span.to(entry.name.span)),
        selection_range: view.range(entry.name.span),
        children: None,
    }
}

/// Names that are told of at most.
const MOST_FOUND: usize = 500;

/// Definitions of a program whose names hold the letters of the query in their order.
pub(crate) fn search(view: &View<'_>, query: &str) -> Vec<WorkspaceSymbol> {
    let index = view.index();
    let is_of_interest = |d: &Definition| {
        let is_named = d.kind.has_name() && !matches!(d.kind, Kind::Failed) || matches!(d.kind, Kind::Test);
        // Parameters are found where they are declared.
        is_named && !d.name.is_empty() && !(d.owner.is_some() && d.is_parameter())
    };
    let found = index.definitions.iter().filter(|d| is_of_interest(d) && fits(&d.name, query));
    let symbol = |def: &Definition| {
        Some(WorkspaceSymbol {
            name: def.name.clone(),
            kind: kind(def),
            tags: None,
            container_name: def.owner.map(|owner| view.definition(owner).name.clone()),
            location: OneOf::Left(view.location(def.span)?),
            data: None,
        })
    };
    found.take(MOST_FOUND).filter_map(symbol).collect()
}

fn fits(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).all(|c| letters.any(|own| own == c))
}

fn detail(def: &Definition) -> String {
    match (&def.kind, &def.ty) {
        (Kind::Layer(layer), _) => layer.keyword().to_owned(),
        (Kind::Let | Kind::Param | Kind::Field { .. } | Kind::Variant | Kind::Thing | Kind::Function, ty)
            if *ty != Type::Unknown =>
        {
            ty.to_string()
        }
        _ => def.noun.to_owned(),
    }
}

fn kind(def: &Definition) -> SymbolKind {
    match def.kind {
        Kind::Alias(_) => SymbolKind::MODULE,
        Kind::Asset { .. } => SymbolKind::FILE,
        Kind::Param | Kind::Let => SymbolKind::CONSTANT,
        Kind::Enum(_) => SymbolKind::ENUM,
        Kind::Layer(_) => SymbolKind::NAMESPACE,
        Kind::Thing => SymbolKind::OBJECT,
        Kind::Component | Kind::Bible => SymbolKind::CLASS,
        Kind::Field { .. } | Kind::Variant | Kind::Pose | Kind::Rule | Kind::Override => SymbolKind::FIELD,
        Kind::Camera | Kind::Shot | Kind::Cut | Kind::Output | Kind::Test => SymbolKind::EVENT,
        Kind::Function | Kind::Image => SymbolKind::FUNCTION,
        Kind::Failed => SymbolKind::VARIABLE,
    }
}
