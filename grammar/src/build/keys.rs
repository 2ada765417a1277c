//! Parentheses: a group, a vector, or the keys of a curve.

use scenec_ir::{Diagnostic, Span};

use super::{Build, Node, Rule};
use crate::ast::{Ease, Expr, ExprKind, Ident, Key, Keys};

/// One element between parentheses.
struct Element {
    first: Expr,
    /// The value behind a `:`.
    value: Option<Expr>,
    ease: Option<Ease>,
    span: Span,
}

impl<'a> Build<'a> {
    /// A group keeps its parentheses in its span, so that edits around it stay right.
    pub(super) fn paren(&self, pair: Node<'a>) -> ExprKind {
        let elements = self.elements(pair.into_inner(), false);
        if elements.iter().any(|e| e.clone().into_inner().any(|p| p.as_rule() == Rule::colon)) {
            return self.keys(elements);
        }
        let mut values = elements.into_iter().filter_map(|e| e.into_inner().next()).map(|p| self.expr(p));
        match (values.next(), values.next()) {
            (Some(only), None) => only.kind,
            (first, second) => ExprKind::Tuple(first.into_iter().chain(second).chain(values).collect()),
        }
    }

    fn keys(&self, elements: Vec<Node<'a>>) -> ExprKind {
        let mut curve = Keys { keys: Vec::new(), over: None, ease: None };
        let mut failed = false;
        for element in elements {
            let Element { first, value, ease, span } = self.element(element);
            let Some(value) = value else {
                failed = true;
                self.report(
                    Diagnostic::error("E0103", "a key without its value", span)
                        .label("`: value` belongs behind it")
                        .hint("keys are written `(0s: 0m, 2s: 4m)`"),
                );
                continue;
            };
            match &first.kind {
                ExprKind::Name(name) if name == "over" && curve.over.is_none() => curve.over = Some(value),
                ExprKind::Name(name) if name == "ease" && curve.ease.is_none() => match self.ease(value) {
                    Some(ease) => curve.ease = Some(ease),
                    None => failed = true,
                },
                ExprKind::Name(name) if name == "over" || name == "ease" => {
                    failed = true;
                    let message = format!("`{name}` is given twice");
                    self.report(Diagnostic::error("E0103", message, first.span).hint("it is said once for all keys"));
                }
                _ => curve.keys.push(Key { at: first, value, ease }),
            }
        }
        if failed { ExprKind::Error } else { ExprKind::Keys(Box::new(curve)) }
    }

    fn element(&self, pair: Node<'a>) -> Element {
        assert_eq!(pair.as_rule(), Rule::key);
        let span = self.span(&pair);
        let mut parts = pair.into_inner();
        let Some(first) = parts.next() else { unreachable!("a key begins with an expr") };
        let first = self.expr(first);
        let mut element = Element { first, value: None, ease: None, span };
        let mut word = None;
        for part in parts {
            match part.as_rule() {
                Rule::expr => element.value = Some(self.expr(part)),
                Rule::kw_ease => word = Some(self.span(&part)),
                Rule::colon => {}
                // An operand, which is what an ease is written as.
                _ => {
                    word = None;
                    element.ease = self.ease(self.atom(part));
                }
            }
        }
        if let Some(word) = word {
            self.report(
                Diagnostic::error("E0103", "`ease` without a way", word)
                    .hint("written `4m ease in_out`; the ways are linear, in, out, in_out, smooth, hold"),
            );
        }
        element
    }

    /// A name, or four numbers.
    fn ease(&self, value: Expr) -> Option<Ease> {
        match value.kind {
            ExprKind::Name(name) => Some(Ease::Named(Ident::new(name, value.span))),
            ExprKind::Tuple(numbers) => Some(Ease::Bezier(numbers, value.span)),
            ExprKind::Error => None,
            _ => {
                self.report(Diagnostic::error("E0103", "an `ease` is a name or four numbers", value.span).hint(
                    "linear, in, out, in_out, smooth, hold, or the control points of a curve: `(0.4, 0, 0.2, 1)`",
                ));
                None
            }
        }
    }
}
