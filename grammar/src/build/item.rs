//! Items, statements and entries, each read from the text behind its keyword.

use super::{Build, Node, Refused, Rule};
use crate::ast::{
    Arg, BibleEntry, Enum, Expr, ExprKind, Ident, ItemKind, Let, Override, Param, Set, Stmt, TestStmt, TypeExpr,
    UseForm,
};
use scenec_ir::{Diagnostic, Span};
use std::collections::BTreeMap;

/// A rule's parts without punctuation, taken in order.
struct Parts<'a> {
    inner: std::iter::Peekable<pest::iterators::Pairs<'a, Rule>>,
}

impl<'a> Parts<'a> {
    fn of(pair: Node<'a>, rule: Rule) -> Self {
        assert_eq!(pair.as_rule(), rule);
        Self { inner: pair.into_inner().peekable() }
    }

    /// The next part when it is of this rule.
    fn maybe(&mut self, rule: Rule) -> Option<Node<'a>> {
        self.inner.next_if(|p| p.as_rule() == rule)
    }

    /// The next part of this rule; what stands in front of it is punctuation.
    fn next(&mut self, rule: Rule) -> Node<'a> {
        match self.inner.find(|p| p.as_rule() == rule) {
            Some(pair) => pair,
            None => unreachable!("the grammar promises a {rule:?}"),
        }
    }
}

impl<'a> Build<'a> {
    /// `"path" as name` or `"path" { A, B as C }`.
    pub fn use_item(&self, end: usize) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::use_item, end)?, Rule::use_item);
        let path = self.plain_text(self.span(&parts.next(Rule::text)));
        let form = match parts.maybe(Rule::use_as) {
            Some(pair) => UseForm::As(self.name(Parts::of(pair, Rule::use_as).next(Rule::name))),
            None => {
                let pick = parts.next(Rule::use_pick);
                let picks = self.elements(pick.into_inner(), true).into_iter().map(|pair| {
                    let mut parts = Parts::of(pair, Rule::pick);
                    let name = self.name(parts.next(Rule::name));
                    let other = parts.maybe(Rule::kw_as).map(|_| self.name(parts.next(Rule::name)));
                    (name, other)
                });
                UseForm::Pick(picks.collect())
            }
        };
        Ok(ItemKind::Use { path, form })
    }

    /// `name = gltf("path")`.
    pub fn asset_item(&self, end: usize) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::asset_item, end)?, Rule::asset_item);
        let name = self.name(parts.next(Rule::name));
        self.assign(parts.next(Rule::assign), "=");
        let format = self.name(parts.next(Rule::name));
        let path = self.plain_text(self.span(&parts.next(Rule::text)));
        Ok(ItemKind::Asset { name, format, path })
    }

    /// `name: Type in range = default`.
    pub fn param_item(&self, end: usize, doc: String, whole: Span) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::param_item, end)?, Rule::param_item);
        let param = self.param(parts.next(Rule::param));
        Ok(ItemKind::Param(Param { doc, span: whole, ..param }))
    }

    /// `name: Type = value`.
    pub fn let_item(&self, end: usize, whole: Span) -> Result<Let, Refused> {
        if let Some((name, value)) = self.plain_binding(end) {
            return Ok(Let { name, ty: None, value, span: whole });
        }
        let mut parts = Parts::of(self.read(Rule::let_item, end)?, Rule::let_item);
        let name = self.name(parts.next(Rule::name));
        let ty = parts.maybe(Rule::colon).map(|_| self.type_expr(parts.next(Rule::type_expr)));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        Ok(Let { name, ty, value, span: whole })
    }

    /// `Name { a, b }`.
    pub fn enum_item(&self, end: usize, whole: Span) -> Result<Enum, Refused> {
        let mut parts = Parts::of(self.read(Rule::enum_item, end)?, Rule::enum_item);
        let name = self.name(parts.next(Rule::name));
        let members = self.elements(parts.inner, true).into_iter().map(|p| self.name(p)).collect();
        Ok(Enum { name, members, span: whole })
    }

    /// The name of a layer or bible, up to its brace.
    pub fn layer_head(&self, end: usize) -> Result<Ident, Refused> {
        Ok(self.name(Parts::of(self.read(Rule::layer_head, end)?, Rule::layer_head).next(Rule::name)))
    }

    /// `Name(params)`.
    pub fn component_head(&self, end: usize) -> Result<(Ident, Vec<Param>), Refused> {
        let mut parts = Parts::of(self.read(Rule::component_head, end)?, Rule::component_head);
        let name = self.name(parts.next(Rule::name));
        let params = parts.maybe(Rule::params).map(|p| self.params(p)).unwrap_or_default();
        Ok((name, params))
    }

    /// `name { field: value, … }`.
    pub fn fields_item(&self, end: usize) -> Result<(Ident, Vec<Arg>), Refused> {
        let mut parts = Parts::of(self.read(Rule::fields_item, end)?, Rule::fields_item);
        let name = self.name(parts.next(Rule::name));
        Ok((name, self.fields(parts.next(Rule::fields))))
    }

    /// `{ field: value, … }` behind `budget`, whose place is `word`.
    pub fn budget_item(&self, end: usize, word: Span) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::budget_item, end)?, Rule::budget_item);
        if let Some(name) = parts.maybe(Rule::name) {
            let span = self.span(&name);
            let gap = Span { start: word.end, ..span };
            let message = format!("a budget has no name, and this one is called `{}`", name.as_str());
            self.report(
                Diagnostic::error("E0103", message, span)
                    .hint("a program has one budget: `budget { triangles: 2000000, memory: 1GB }`")
                    .fix("remove the name", gap, ""),
            );
        }
        let fields = self.fields(parts.next(Rule::fields));
        Ok(ItemKind::Budget { name: Ident::new("budget".to_owned(), word), fields })
    }

    /// `name { field: value, set path = value, … }`.
    pub fn shot_item(&self, end: usize) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::shot_item, end)?, Rule::shot_item);
        let name = self.name(parts.next(Rule::name));
        let body = parts.next(Rule::shot_body);
        let (mut fields, mut sets) = (Vec::new(), Vec::new());
        for pair in self.elements(body.into_inner(), true) {
            match pair.as_rule() {
                Rule::set => sets.push(self.set(pair)),
                _ => fields.push(self.field(pair)),
            }
        }
        Ok(ItemKind::Shot { name, fields, sets })
    }

    /// `name(x: Length): Length = expr`.
    pub fn fn_item(&self, end: usize) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::fn_item, end)?, Rule::fn_item);
        let name = self.name(parts.next(Rule::name));
        let params = self.params(parts.next(Rule::params));
        let ty = parts.maybe(Rule::colon).map(|_| self.type_expr(parts.next(Rule::type_expr)));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        Ok(ItemKind::Function { name, params, ty, value })
    }

    /// `name(s: Shot): Type = expr`.
    pub fn image_item(&self, end: usize) -> Result<ItemKind, Refused> {
        let mut parts = Parts::of(self.read(Rule::image_item, end)?, Rule::image_item);
        let name = self.name(parts.next(Rule::name));
        let params = parts.maybe(Rule::params).map(|p| self.params(p)).unwrap_or_default();
        let ty = parts.maybe(Rule::colon).map(|_| self.type_expr(parts.next(Rule::type_expr)));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        Ok(ItemKind::Image { name, params, ty, value })
    }

    /// `name = expr` in a layer or component.
    pub fn bind_stmt(&self, end: usize, doc: String, span: Span) -> Result<Stmt, Refused> {
        if let Some((name, value)) = self.plain_binding(end) {
            return Ok(Stmt::Bind { doc, name, value, span });
        }
        let mut parts = Parts::of(self.read(Rule::bind_stmt, end)?, Rule::bind_stmt);
        let name = self.name(parts.next(Rule::name));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        Ok(Stmt::Bind { doc, name, value, span })
    }

    /// `name: Prototype on surface { … }`, `name: Prototype in volume { … }`.
    pub fn scatter_stmt(&self, end: usize, doc: String, span: Span) -> Result<Stmt, Refused> {
        let mut parts = Parts::of(self.read(Rule::scatter_stmt, end)?, Rule::scatter_stmt);
        let name = self.name(parts.next(Rule::name));
        let prototype = self.arith(parts.next(Rule::arith));
        let inside = parts.maybe(Rule::kw_in).is_some();
        let on = self.postfix(parts.next(Rule::postfix));
        let fields = self.fields(parts.next(Rule::fields));
        Ok(Stmt::Scatter { doc, name, prototype, inside, on, fields, span })
    }

    /// `path = value`, `locked path = value because "reason"`.
    pub fn override_item(&self, end: usize, span: Span) -> Result<Override, Refused> {
        let mut parts = Parts::of(self.read(Rule::override_item, end)?, Rule::override_item);
        let locked = parts.maybe(Rule::kw_locked).map(|word| self.span(&word));
        let path = self.postfix(parts.next(Rule::postfix));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        let reason = parts.maybe(Rule::kw_because).map(|_| self.remark(self.span(&parts.next(Rule::text))));
        let name = match &path.kind {
            ExprKind::Name(name) => Ident::new(name.clone(), path.span),
            ExprKind::Field { name, .. } => name.clone(),
            _ => Ident::new(String::new(), path.span),
        };
        Ok(Override { locked, path, name, value, reason, span })
    }

    /// `name: Type = value` behind `lock`.
    pub fn entry_lock(&self, end: usize, doc: String, span: Span) -> Result<BibleEntry, Refused> {
        let mut parts = Parts::of(self.read(Rule::entry_lock, end)?, Rule::entry_lock);
        let name = self.name(parts.next(Rule::name));
        let ty = parts.maybe(Rule::colon).map(|_| self.type_expr(parts.next(Rule::type_expr)));
        self.assign(parts.next(Rule::assign), "=");
        let value = self.expr(parts.next(Rule::expr));
        let locked = Some(Span { end: span.start + 4, ..span });
        Ok(BibleEntry::Field { locked, doc, name, ty, value, span })
    }

    /// `condition requires condition`.
    pub fn entry_rule(&self, end: usize, span: Span) -> Result<BibleEntry, Refused> {
        let mut parts = Parts::of(self.read(Rule::entry_rule, end)?, Rule::entry_rule);
        let condition = self.arith(parts.next(Rule::arith));
        parts.next(Rule::kw_requires);
        let name = Ident::new("rule".to_owned(), Span { end: span.start + 4, ..span });
        Ok(BibleEntry::Rule { name, condition, requires: self.arith(parts.next(Rule::arith)), span })
    }

    /// `"name"` of a test or gate, up to its brace. `word` is the keyword's place.
    pub fn test_head(&self, end: usize, word: Span) -> Result<Ident, Refused> {
        let keyword = &self.text[word.range()];
        let mut parts = Parts::of(self.read(Rule::test_head, end)?, Rule::test_head);
        if let Some(text) = parts.maybe(Rule::text) {
            let name = self.remark(self.span(&text));
            if name.value.trim().is_empty() {
                self.report(
                    Diagnostic::error("E0103", format!("the name of this {keyword} is empty"), name.span)
                        .hint(format!("say what must hold: `{keyword} \"the hero is seen\" {{ … }}`")),
                );
            }
            return Ok(name);
        }
        if let Some(name) = parts.maybe(Rule::name) {
            let (span, written) = (self.span(&name), name.as_str().trim_end());
            let quoted = format!("\"{}\"", written.replace('_', " "));
            self.report(
                Diagnostic::error(
                    "E0103",
                    format!("the name of a {keyword} is a text, and `{written}` has no quotes"),
                    span,
                )
                .hint("nothing refers to it: it is a sentence for whoever reads the report")
                .fix(format!("write `{quoted}`"), span, quoted),
            );
            return Ok(Ident::new(written.to_owned(), span));
        }
        self.report(
            Diagnostic::error("E0103", format!("this {keyword} has no name"), word)
                .hint(format!("say what must hold: `{keyword} \"the hero is seen\" {{ … }}`")),
        );
        Err(Refused)
    }

    /// `condition else "reason"` behind `assert`.
    pub fn assert_stmt(&self, end: usize, span: Span) -> Result<TestStmt, Refused> {
        let mut parts = Parts::of(self.read(Rule::assert_stmt, end)?, Rule::assert_stmt);
        let mut condition = self.arith(parts.next(Rule::arith));
        let mut reason = None;
        if let Some(comma) = parts.maybe(Rule::comma) {
            let sign = self.span(&comma);
            self.report(
                Diagnostic::error("E0112", "`,` in front of the reason of an `assert`", sign)
                    .hint("what to say when it does not hold stands behind `else`")
                    .fix("write `else`", sign, " else"),
            );
        } else {
            parts.maybe(Rule::kw_else);
        }
        if let Some(text) = parts.maybe(Rule::text) {
            reason = Some(self.remark(self.span(&text)));
        }
        // `assert(seen > 0.5, "it is hidden")`
        if let ExprKind::Tuple(items) = &condition.kind
            && let [holds, Expr { kind: ExprKind::Text(_), span: text }] = items.as_slice()
            && reason.is_none()
        {
            let [what, why] = [holds.span, *text].map(|s| &self.text[s.range()]);
            let mended = format!(" {what} else {why}");
            let whole = Span { start: span.start + 6, ..condition.span };
            self.report(
                Diagnostic::error("E0113", "`assert` is no function", Span { end: span.start + 6, ..span })
                    .hint(format!("it is written `assert{mended}`"))
                    .fix(format!("write `assert{mended}`"), whole, mended),
            );
            condition = holds.clone();
        }
        let name = Ident::new("assert".to_owned(), Span { end: span.start + 6, ..span });
        Ok(TestStmt::Assert { name, condition, reason, span })
    }

    /// `name: value` or `name: Type = value` in a bible.
    pub fn entry_field(&self, end: usize, doc: String, span: Span) -> Result<BibleEntry, Refused> {
        let mut parts = Parts::of(self.read(Rule::entry_field, end)?, Rule::entry_field);
        let name = self.name(parts.next(Rule::name));
        let mut ty = None;
        if parts.maybe(Rule::colon).is_some() {
            ty = Some(self.type_expr(parts.next(Rule::type_expr)));
        } else {
            self.assign(parts.next(Rule::assign), ":");
        }
        let value = self.expr(parts.next(Rule::expr));
        Ok(BibleEntry::Field { locked: None, doc, name, ty, value, span })
    }

    /// `name: Enum = default { member: value, … }`.
    pub fn entry_variant(&self, end: usize, span: Span) -> Result<BibleEntry, Refused> {
        let mut parts = Parts::of(self.read(Rule::entry_variant, end)?, Rule::entry_variant);
        let name = self.name(parts.next(Rule::name));
        let ty = self.type_expr(parts.next(Rule::type_expr));
        self.assign(parts.next(Rule::assign), "=");
        let default = self.expr(parts.next(Rule::expr));
        let arms = self.fields(parts.next(Rule::fields));
        Ok(BibleEntry::Variant { name, ty, default, arms, span })
    }

    /// `name { joint.channel: angle, … }`.
    pub fn entry_pose(&self, end: usize, span: Span) -> Result<BibleEntry, Refused> {
        let mut parts = Parts::of(self.read(Rule::entry_pose, end)?, Rule::entry_pose);
        let name = self.name(parts.next(Rule::name));
        let channels = self.elements(parts.inner, true).into_iter().map(|pair| {
            let mut parts = Parts::of(pair, Rule::channel);
            let path = self.path(parts.next(Rule::path));
            self.assign(parts.next(Rule::assign), ":");
            (path, self.expr(parts.next(Rule::expr)))
        });
        Ok(BibleEntry::Pose { name, channels: channels.collect(), span })
    }

    fn params(&self, pair: Node<'a>) -> Vec<Param> {
        assert_eq!(pair.as_rule(), Rule::params);
        // `Length edge`: a type in front of its name, of which pest makes two parameters without a comma.
        let mut parts: Vec<Node> = pair.into_inner().collect();
        let mut typed = BTreeMap::new();
        for i in (1..parts.len()).rev() {
            let [ty, param] = [&parts[i - 1], &parts[i]];
            let bare = |p: &Node| p.as_rule() == Rule::param && p.clone().into_inner().count() == 1;
            let has_type = |p: &Node| p.clone().into_inner().any(|p| p.as_rule() == Rule::type_expr);
            if bare(ty)
                && ty.as_str().starts_with(|c: char| c.is_ascii_uppercase())
                && param.as_rule() == Rule::param
                && !has_type(param)
            {
                let ident = Ident::new(ty.as_str().trim_end().to_owned(), self.span(ty));
                typed.insert(param.as_span().start(), ident);
                parts.remove(i - 1);
            }
        }
        let param = |pair: Node<'a>| match typed.remove(&pair.as_span().start()) {
            None => self.param(pair),
            Some(ty) => self.type_in_front(ty, self.param(pair)),
        };
        self.elements(parts.into_iter(), false).into_iter().map(param).collect()
    }

    fn type_in_front(&self, ty: Ident, param: Param) -> Param {
        let span = ty.span.to(param.name.span);
        let written = format!("{}: {}", param.name.value, ty.value);
        self.report(
            Diagnostic::error("E0113", format!("the type `{}` in front of its name", ty.value), span)
                .hint("a type stands behind the name")
                .fix(format!("write `{written}`"), span, written),
        );
        let place = ty.span;
        Param { ty: Some(TypeExpr { path: vec![ty], args: Vec::new(), optional: None, span: place }), ..param }
    }

    fn param(&self, pair: Node<'a>) -> Param {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair, Rule::param);
        let name = self.name(parts.next(Rule::name));
        let ty = parts.maybe(Rule::colon).map(|_| self.type_expr(parts.next(Rule::type_expr)));
        self.limits.set(true);
        let range = parts.maybe(Rule::kw_in).map(|_| self.arith(parts.next(Rule::arith)));
        self.limits.set(false);
        let default: Option<Expr> = parts.maybe(Rule::assign).map(|sign| {
            self.assign(sign, "=");
            self.expr(parts.next(Rule::expr))
        });
        Param { doc: self.doc(span), name, ty, range, default, span }
    }

    fn fields(&self, pair: Node<'a>) -> Vec<Arg> {
        assert_eq!(pair.as_rule(), Rule::fields);
        self.elements(pair.into_inner(), true).into_iter().map(|p| self.field(p)).collect()
    }

    fn field(&self, pair: Node<'a>) -> Arg {
        let mut parts = Parts::of(pair, Rule::field);
        let name = self.name(parts.next(Rule::name));
        self.assign(parts.next(Rule::assign), ":");
        Arg { name: Some(name), value: self.expr(parts.next(Rule::expr)) }
    }

    fn set(&self, pair: Node<'a>) -> Set {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair, Rule::set);
        let path = self.postfix(parts.next(Rule::postfix));
        self.assign(parts.next(Rule::assign), "=");
        Set { path, value: self.expr(parts.next(Rule::expr)), span }
    }

    fn type_expr(&self, pair: Node<'a>) -> TypeExpr {
        let span = self.span(&pair);
        let mut parts = Parts::of(pair, Rule::type_expr);
        let path = self.path(parts.next(Rule::path));
        let (mut args, mut optional) = (Vec::new(), None);
        for part in parts.inner {
            match part.as_rule() {
                Rule::type_expr => args.push(self.type_expr(part)),
                Rule::optional => optional = Some(self.span(&part)),
                _ => {}
            }
        }
        TypeExpr { path, args, optional, span }
    }
}
