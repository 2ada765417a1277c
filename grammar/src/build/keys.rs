//! Parentheses: a group, a vector, or the keys of a curve.

use scenec_ir::{Diagnostic, Span};

use super::{Build, Node, Rule};
use crate::ast::{Ease, Expr, ExprKind, Ident, Key, Keys};
use crate::words::foreign_way;

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
        let parts = self.without_foreign_keys(pair.into_inner().collect());
        let elements = self.elements(parts.into_iter(), false);
        if elements.iter().any(|e| e.clone().into_inner().any(|p| p.as_rule() == Rule::colon)) {
            return self.keys(elements);
        }
        let mut values = elements.into_iter().filter_map(|e| e.into_inner().next()).map(|p| self.expr(p));
        match (values.next(), values.next()) {
            (Some(only), None) => only.kind,
            (first, second) => ExprKind::Tuple(first.into_iter().chain(second).chain(values).collect()),
        }
    }

    /// Takes out what other programs write among keys: `4m easeInOut`, `keyframes(0s: 0m)`.
    fn without_foreign_keys(&self, mut parts: Vec<Node<'a>>) -> Vec<Node<'a>> {
        let is_key = |p: &Node<'a>| p.as_rule() == Rule::key;
        let has_value = |p: &Node<'a>| p.clone().into_inner().any(|p| p.as_rule() == Rule::colon);
        let mut at = 1;
        while at < parts.len() {
            let (first, second) = (&parts[at - 1], &parts[at]);
            if !is_key(first) || !is_key(second) {
                at += 1;
                continue;
            }
            let (one, two) = (self.span(first), self.span(second));
            let (word, behind) = (first.as_str().trim(), second.as_str());
            let is_word = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            if has_value(first) && !has_value(second) && is_word(behind.trim()) {
                let gap = Span { start: one.end, end: two.start, ..two };
                let behind = behind.trim();
                self.report(match behind {
                    "ease" => Diagnostic::error("E0103", "`ease` without a way", two)
                        .hint("written `4m ease in_out`; the ways are linear, in, out, in_out, smooth, hold"),
                    _ => {
                        let way = foreign_way(behind).unwrap_or(behind);
                        Diagnostic::error("E0103", format!("no `ease` in front of `{behind}`"), two)
                            .hint("how a key is reached is written `4m ease in_out`")
                            .fix(format!("write `ease {way}`"), gap.to(two), format!(" ease {way}"))
                    }
                });
                parts.remove(at);
                continue;
            }
            let holds_keys = behind.starts_with('(') && !has_value(second) && {
                let inner = behind.trim().trim_start_matches('(');
                inner.find(':').is_some_and(|colon| !inner[..colon].contains('('))
            };
            if !has_value(first) && is_word(word) && one.end == two.start && holds_keys {
                self.report(
                    Diagnostic::error("E0103", format!("`{word}` in front of the keys of a curve"), one)
                        .hint("a curve is its keys alone: `(0s: 0m, 2s: 4m)`")
                        .fix("remove it", one, ""),
                );
                parts.remove(at - 1);
                continue;
            }
            at += 1;
        }
        parts
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
                ExprKind::Name(name) if matches!(name.as_str(), "easing" | "interpolation" | "interp" | "tangent") => {
                    failed = true;
                    let message = format!("`{name}` is no part of a curve");
                    self.report(
                        Diagnostic::error("E0103", message, first.span)
                            .hint("how keys are reached is `ease: in_out`, for all of them")
                            .fix("write `ease`", first.span, "ease"),
                    );
                }
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
        for part in parts {
            match part.as_rule() {
                Rule::expr => element.value = Some(self.expr(part)),
                Rule::colon | Rule::kw_ease => {}
                // An operand, which is what an ease is written as.
                _ => element.ease = self.ease(self.atom(part)),
            }
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
