//! What definitions mention, by name alone, before any of them is checked.

use scenec_grammar::ast::{Expr, ExprKind, TextPart};
use scenec_ir::Span;

use crate::resolve::{DefId, DefKind, Found, Program, References};

/// What each definition that is wanted mentions, by name alone: enough to check in a good order.
pub fn mentions(program: &Program<'_>, wanted: &dyn Fn(DefId) -> bool) -> References {
    let mut references = vec![Vec::new(); program.count()];
    for (id, def) in program.iter().filter(|(id, _)| wanted(*id)) {
        let mut walk = Mentions { program, from: id, found: Vec::new() };
        match &def.kind {
            DefKind::Param(p) => {
                p.default.iter().chain(&p.range).for_each(|e| walk.expr(e));
            }
            DefKind::Let(l) => walk.expr(&l.value),
            DefKind::Override(o) | DefKind::Set(o) => walk.expr(&o.value),
            DefKind::Rule { condition, requires, .. } => {
                walk.expr(condition);
                walk.expr(requires);
            }
            DefKind::Bind(e)
            | DefKind::Image { value: e, .. }
            | DefKind::Function { value: e, .. }
            | DefKind::Field { value: e, .. } => walk.expr(e),
            DefKind::Scatter { prototype, on, fields, .. } => {
                walk.expr(prototype);
                walk.expr(on);
                fields.iter().for_each(|f| walk.expr(&f.value));
            }
            DefKind::Variant { default, arms, .. } => {
                walk.expr(default);
                arms.iter().for_each(|a| walk.expr(&a.value));
            }
            DefKind::Pose(channels) => channels.iter().for_each(|(_, e)| walk.expr(e)),
            DefKind::Assert { condition, .. } => walk.expr(condition),
            DefKind::Camera(fields) | DefKind::Cut(fields) | DefKind::Output(fields) | DefKind::Budget(fields) => {
                fields.iter().for_each(|f| walk.expr(&f.value))
            }
            DefKind::Shot { fields, sets } => {
                fields.iter().for_each(|f| walk.expr(&f.value));
                sets.iter().for_each(|s| walk.expr(&s.value));
            }
            _ => {}
        }
        if def.kind.is_callable() {
            walk.found.extend(program.members(id).iter().map(|m| (*m, program[*m].name.span)));
        }
        walk.found.sort_by_key(|(def, span)| (*def, span.start));
        walk.found.dedup_by_key(|(def, _)| *def);
        references[id.0 as usize] = walk.found;
    }
    references
}

struct Mentions<'p, 'a> {
    program: &'p Program<'a>,
    from: DefId,
    found: Vec<(DefId, Span)>,
}

impl Mentions<'_, '_> {
    fn name(&mut self, name: &str, span: Span) {
        match self.program.lookup(self.from, name) {
            Found::Def(def) => self.found.push((def, span)),
            Found::Ambiguous(_) | Found::Nothing => {}
        }
    }

    /// A variable of a `for` may hide a definition; then the order of checking is one that is not needed.
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, expr.span),
            ExprKind::Field { base, name } => {
                if let ExprKind::Name(alias) = &base.kind
                    && let Found::Def(def) = self.program.lookup(self.from, alias)
                    && let Some(inner) = self.qualified(def, &name.value)
                {
                    self.found.push((inner, expr.span));
                }
            }
            // What is called by its name alone is no value of that name.
            ExprKind::Call { callee, args } => {
                if let ExprKind::Name(name) = &callee.kind {
                    self.found.extend(self.program.callable(self.from, name).map(|def| (def, callee.span)));
                    return args.iter().for_each(|a| self.expr(&a.value));
                }
            }
            ExprKind::Text(parts) => {
                for part in parts {
                    if let TextPart::Hole { name, .. } = part {
                        self.name(&name.value, name.span);
                    }
                }
            }
            _ => {}
        }
        expr.parts(&mut |part| self.expr(part));
    }

    /// `alias.item`, `block.thing`.
    fn qualified(&self, base: DefId, name: &str) -> Option<DefId> {
        match self.program[base].kind {
            DefKind::Alias(Some(module)) => self.program.own(module, name),
            DefKind::Layer(_) => self.program.member(base, name),
            _ => None,
        }
    }
}
