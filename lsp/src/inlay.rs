//! Types and values that are not written: of `let`, and of parameters whose type comes from their default. Values are those
//! with every parameter of a file at its default.

use std::collections::HashMap;

use lsp_types::{InlayHint, InlayHintKind, InlayHintLabel, InlayHintParams};
use scenec_compiler::index::{Index, Known};
use scenec_grammar::ast::{Expr, ExprKind, Ident, ItemKind, Module, Param, Stmt, TestStmt, TextPart, TypeExpr};
use scenec_ir::{Span, Type};

use crate::describe;
use crate::view::View;

/// A longer value is not shown.
const LONGEST: usize = 40;

pub(crate) fn hints(view: &View<'_>, params: &InlayHintParams) -> Vec<InlayHint> {
    let (from, to) = (view.offset(params.range.start), view.offset(params.range.end));
    let values = view.index().values();
    let definitions = view.index().definitions.iter().enumerate();
    let here: HashMap<Span, usize> =
        definitions.filter(|(_, d)| d.module == view.module).map(|(at, d)| (d.span, at)).collect();
    let mut hints = Vec::new();
    for (name, ty, value) in declarations(&view.here().ast) {
        let Some(known) = known(view.index(), value).filter(|_| (from..=to).contains(&name.span.start)) else {
            continue;
        };
        if ty.is_none() && known.ty != Type::Unknown {
            hints.push(hint(view, name.span.end, format!(": {}", known.ty), Some(InlayHintKind::TYPE)));
        }
        let own = here.get(&name.span).filter(|_| is_computed(value));
        let shown = own.and_then(|at| values.of(*at)).as_ref().map(describe::value);
        // A member of an enumeration is written as its value.
        let is_news = |text: &String| text.len() <= LONGEST && !view.written(value.span).ends_with(text.as_str());
        if let Some(shown) = shown.filter(is_news) {
            hints.push(hint(view, value.span.end, format!(" = {shown}"), None));
        }
    }
    hints
}

fn hint(view: &View<'_>, offset: u32, label: String, kind: Option<InlayHintKind>) -> InlayHint {
    InlayHint {
        position: view.position(offset),
        label: InlayHintLabel::String(label),
        kind,
        text_edits: None,
        tooltip: None,
        padding_left: None,
        padding_right: None,
        data: None,
    }
}

fn known<'i>(index: &'i Index, value: &Expr) -> Option<&'i Known> {
    let span = value.span;
    index.known_at(span.file, span.start).find(|k| k.span == span)
}

/// A literal is its own value.
fn is_computed(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Bool(_) | ExprKind::Number { .. } | ExprKind::Color(_) => false,
        ExprKind::Text(parts) => parts.iter().any(|part| !matches!(part, TextPart::Literal(_))),
        ExprKind::Tuple(items) | ExprKind::List(items) => items.iter().any(is_computed),
        ExprKind::Range { low, high } => is_computed(low) || is_computed(high),
        ExprKind::Unary { value, .. } => is_computed(value),
        _ => true,
    }
}

type Declaration<'a> = (&'a Ident, Option<&'a TypeExpr>, &'a Expr);

fn declarations(module: &Module) -> Vec<Declaration<'_>> {
    fn param(p: &Param) -> Option<Declaration<'_>> {
        Some((&p.name, p.ty.as_ref(), p.default.as_ref()?))
    }
    let mut found = Vec::new();
    for item in &module.items {
        match &item.kind {
            ItemKind::Param(decl) => found.extend(param(decl)),
            ItemKind::Let(decl) => found.push((&decl.name, decl.ty.as_ref(), &decl.value)),
            ItemKind::Function { params, .. } | ItemKind::Image { params, .. } => {
                found.extend(params.iter().filter_map(param));
            }
            ItemKind::Component { params, body, .. } => {
                found.extend(params.iter().filter_map(param));
                found.extend(lets(body));
            }
            ItemKind::Layer { body, .. } => found.extend(lets(body)),
            ItemKind::Test { body, .. } => found.extend(body.iter().filter_map(|statement| match statement {
                TestStmt::Let(decl) => Some((&decl.name, decl.ty.as_ref(), &decl.value)),
                _ => None,
            })),
            _ => {}
        }
    }
    found
}

fn lets(body: &[Stmt]) -> impl Iterator<Item = Declaration<'_>> {
    body.iter().filter_map(|stmt| match stmt {
        Stmt::Let(decl) => Some((&decl.name, decl.ty.as_ref(), &decl.value)),
        _ => None,
    })
}
