//! What the tree knows about tokens and their spelling does not tell, by byte offset.

use std::collections::HashSet;

use scenec_ir::Span;

use crate::ast::{
    Arg, BibleEntry, Enum, Expr, ExprKind, Item, ItemKind, Let, Override, Param, Stmt, TestStmt, TypeExpr, UseForm,
};

/// The tree of a file, seen from its tokens.
#[derive(Debug, Default)]
pub(super) struct Roles {
    /// Ends of expressions and names that a parenthesis of arguments or the bracket of an index follows.
    pub callees: HashSet<u32>,
    /// Operators with two operands, and keywords of placement clauses.
    pub operators: HashSet<u32>,
    /// Types with arguments.
    pub types: Vec<Span>,
    /// Starts of statements and of other entries in braces.
    pub entries: HashSet<u32>,
    /// Ends of pieces that end with entries in braces.
    pub ends: HashSet<u32>,
    /// Pieces that were read, and pieces in them that were not.
    pub read: Vec<(Span, bool)>,
}

impl Roles {
    pub fn of(items: &[Item]) -> Self {
        let mut roles = Self::default();
        for item in items {
            roles.item(item);
        }
        roles.types.sort_by_key(|s| s.start);
        roles
    }

    fn item(&mut self, item: &Item) {
        let read = !matches!(item.kind, ItemKind::Error { .. });
        self.read.push((item.span, read));
        match &item.kind {
            ItemKind::Use { form, .. } => {
                if let UseForm::Pick(picks) = form {
                    self.ends.insert(item.span.end);
                    self.entries.extend(picks.iter().map(|(name, _)| name.span.start));
                }
            }
            ItemKind::Asset { format, .. } => drop(self.callees.insert(format.span.end)),
            ItemKind::Param(param) => self.param(param),
            ItemKind::Let(binding) => self.binding(binding),
            ItemKind::Enum(members) => self.members(members),
            ItemKind::Layer { body, .. } => self.body(body),
            ItemKind::Component { name, params, body } => {
                self.callees.insert(name.span.end);
                params.iter().for_each(|p| self.param(p));
                self.body(body);
            }
            ItemKind::Bible { body, .. } => body.iter().for_each(|e| self.entry(e)),
            ItemKind::Camera { fields, .. } | ItemKind::Output { fields, .. } | ItemKind::Cut { fields, .. } => {
                self.fields(fields, item.span)
            }
            ItemKind::Shot { fields, sets, .. } => {
                self.fields(fields, item.span);
                for set in sets {
                    self.entries.insert(set.span.start);
                    self.expr(&set.path);
                    self.expr(&set.value);
                }
            }
            ItemKind::Override(o) => self.opinion(o),
            ItemKind::Image { name, params, ty, value } | ItemKind::Function { name, params, ty, value } => {
                self.callees.insert(name.span.end);
                params.iter().for_each(|p| self.param(p));
                self.maybe_type(ty.as_ref());
                self.expr(value);
            }
            ItemKind::Test { body, .. } => body.iter().for_each(|s| self.claim(s)),
            ItemKind::Budget { fields, .. } => self.fields(fields, item.span),
            ItemKind::Error { .. } => {}
        }
    }

    fn claim(&mut self, statement: &TestStmt) {
        match statement {
            TestStmt::Let(binding) => {
                self.entries.insert(binding.span.start);
                self.binding(binding);
            }
            TestStmt::Assert { condition, span, .. } => {
                self.entries.insert(span.start);
                self.expr(condition);
            }
            TestStmt::Error { span, .. } => self.unread(*span),
        }
    }

    fn body(&mut self, body: &[Stmt]) {
        for statement in body {
            match statement {
                Stmt::Bind { value, span, .. } => {
                    self.entries.insert(span.start);
                    self.expr(value);
                }
                Stmt::Let(binding) => {
                    self.entries.insert(binding.span.start);
                    self.binding(binding);
                }
                Stmt::Scatter { prototype, on, fields, span, .. } => {
                    self.entries.insert(span.start);
                    self.expr(prototype);
                    self.expr(on);
                    self.fields(fields, *span);
                }
                Stmt::Override(o) => self.opinion(o),
                Stmt::Error { span, .. } => self.unread(*span),
            }
        }
    }

    fn entry(&mut self, entry: &BibleEntry) {
        match entry {
            BibleEntry::Field { ty, value, span, .. } => {
                self.entries.insert(span.start);
                self.maybe_type(ty.as_ref());
                self.expr(value);
            }
            BibleEntry::Rule { condition, requires, span, .. } => {
                self.entries.insert(span.start);
                self.expr(condition);
                self.expr(requires);
            }
            BibleEntry::Enum(members) => self.members(members),
            BibleEntry::Variant { ty, default, arms, span, .. } => {
                self.entries.insert(span.start);
                self.type_expr(ty);
                self.expr(default);
                self.fields(arms, *span);
            }
            BibleEntry::Pose { channels, span, .. } => {
                self.entries.insert(span.start);
                self.ends.insert(span.end);
                for (path, value) in channels {
                    self.entries.extend(path.first().map(|name| name.span.start));
                    self.expr(value);
                }
            }
            BibleEntry::Error { span } => self.unread(*span),
        }
    }

    fn opinion(&mut self, opinion: &Override) {
        self.entries.insert(opinion.span.start);
        self.expr(&opinion.path);
        self.expr(&opinion.value);
    }

    fn unread(&mut self, span: Span) {
        self.entries.insert(span.start);
        self.read.push((span, false));
    }

    fn fields(&mut self, fields: &[Arg], piece: Span) {
        self.ends.insert(piece.end);
        for field in fields {
            self.entries.insert(field.name.as_ref().map_or(field.value.span, |n| n.span).start);
            self.expr(&field.value);
        }
    }

    fn members(&mut self, members: &Enum) {
        self.entries.insert(members.span.start);
        self.ends.insert(members.span.end);
        self.entries.extend(members.members.iter().map(|m| m.span.start));
    }

    fn param(&mut self, param: &Param) {
        self.maybe_type(param.ty.as_ref());
        param.range.iter().chain(&param.default).for_each(|e| self.expr(e));
    }

    fn binding(&mut self, binding: &Let) {
        self.maybe_type(binding.ty.as_ref());
        self.expr(&binding.value);
    }

    fn maybe_type(&mut self, ty: Option<&TypeExpr>) {
        if let Some(ty) = ty {
            self.type_expr(ty);
        }
    }

    /// The outermost type covers the inner ones.
    fn type_expr(&mut self, ty: &TypeExpr) {
        if !ty.args.is_empty() {
            self.types.push(ty.span);
        }
    }

    fn expr(&mut self, value: &Expr) {
        match &value.kind {
            ExprKind::Call { callee: base, .. } | ExprKind::Index { base, .. } => {
                self.callees.insert(base.span.end);
            }
            ExprKind::Binary { op, .. } => {
                self.operators.insert(op.span.start);
            }
            ExprKind::Placed { clauses, .. } => {
                self.operators.extend(clauses.iter().map(|(keyword, _)| keyword.span.start));
            }
            _ => {}
        }
        value.parts(&mut |part| self.expr(part));
    }
}
