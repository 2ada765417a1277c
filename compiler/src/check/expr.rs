//! Expressions.

use scenec_grammar::ast::{BinaryOp, Expr, ExprKind, Ident, TextPart, UnaryOp};
use scenec_grammar::back_slashes;
use scenec_ir::dimension::find_unit;
use scenec_ir::node::{Layer, Wire};
use scenec_ir::{Diagnostic, Dimension, Span, Spanned, Type, Value, srgb};

use super::fit::{Origin, a, beside, maybe_none};
use super::path::Path;
use super::{Checker, Want};
use crate::ops;
use crate::resolve::DefKind;
use crate::typed::{Clock, Coercion, Piece, PlaceTerm, Shape, Term, TermKind};
use crate::value::fold;

impl Checker<'_, '_> {
    /// An expression that is what is wanted, or has its error.
    pub(super) fn expr(&mut self, expr: &Expr, want: &Want) -> Term {
        let term = self.infer(expr, want);
        let term = self.fit(expr, term, want);
        self.note_known(expr.span, &term, want);
        term
    }

    /// A term whose operands are constants becomes a constant.
    pub(super) fn fold(&mut self, term: Term) -> Term {
        match fold(&term) {
            None => term,
            Some(Ok(value)) => Term::constant(value, term.ty, term.span),
            Some(Err(reason)) => self.error("E0308", format!("this has no value: {reason}"), term.span),
        }
    }

    pub(super) fn infer(&mut self, expr: &Expr, want: &Want) -> Term {
        let span = expr.span;
        let whole = want;
        // What is written for an optional type is written as for what it holds.
        let present;
        let want = match &want.ty {
            Some(Type::Optional(ty)) => {
                present = Want { may_lack: false, ..want.with(Some((**ty).clone())) };
                &present
            }
            _ if want.may_lack && !is_plain(expr) => {
                present = Want { may_lack: false, ..want.clone() };
                &present
            }
            _ => want,
        };
        match &expr.kind {
            ExprKind::Error => Term::failed(span),
            ExprKind::Bool(b) => Term::constant(Value::Bool(*b), Type::Bool, span),
            ExprKind::Number { value, whole, unit } => self.number(*value, *whole, unit, span),
            ExprKind::Text(parts) => self.text(parts, span, want),
            ExprKind::Color(bytes) => Term::constant(Value::Color(srgb::decode_bytes(*bytes)), Type::Color, span),
            ExprKind::Name(_) | ExprKind::Field { .. } => match self.path(expr, want) {
                Path::Term(term) => term,
                Path::Failed => Term::failed(span),
                Path::Module(_) => self.error("E0310", "a module is no value: name one of its items", span),
                Path::Poses(_) => self.error("E0310", "say which pose: `poses.name`", span),
                Path::Def(def) => {
                    let (noun, name) = (self.program[def].kind.noun(), &self.program[def].name.value);
                    let message = format!("the {noun} `{name}` is no value");
                    let mut diagnostic = Diagnostic::error("E0310", message, span);
                    match self.program[def].kind {
                        DefKind::Component | DefKind::Bible | DefKind::Function { .. } | DefKind::Image { .. } => {
                            diagnostic = diagnostic.hint(format!("call it: `{name}(…)`"));
                        }
                        DefKind::Enum(_) => diagnostic = diagnostic.hint(format!("name a member: `{name}.member`")),
                        DefKind::Layer(_) => diagnostic = diagnostic.hint(format!("name a thing: `{name}.thing`")),
                        _ => {}
                    }
                    self.report(diagnostic);
                    Term::failed(span)
                }
            },
            ExprKind::Call { callee, args } => self.call(callee, args, None, span),
            ExprKind::Pipe { input, stage } => {
                let input_term = self.expr(input, &Want::anything());
                match &stage.kind {
                    ExprKind::Call { callee, args } => self.call(callee, args, Some((input, input_term)), span),
                    ExprKind::Name(_) | ExprKind::Field { .. } => {
                        self.call(stage, &[], Some((input, input_term)), span)
                    }
                    ExprKind::Error => Term::failed(span),
                    _ => self.error("E0310", "behind `|>` stands a call", stage.span),
                }
            }
            ExprKind::Tuple(items) => self.tuple(items, span, want),
            ExprKind::List(items) => self.list(items, span, want),
            ExprKind::Keys(curve) => self.curve(curve, span, want),
            ExprKind::Range { low, high } => {
                let item = match &want.ty {
                    Some(Type::Range(item)) => Some((**item).clone()),
                    _ => None,
                };
                let want = want.with(item);
                let low_term = self.expr(low, &want);
                let want = if want.ty.is_some() || low_term.ty == Type::Unknown {
                    want
                } else {
                    let origin = Origin::Place(low.span, "the range begins here".into());
                    Want::of(low_term.ty.clone(), "the end of the range", origin)
                };
                // One mistake in both ends is one.
                let want = match (&low_term.ty, &want.ty) {
                    (Type::Unknown, Some(_)) => Want::anything(),
                    _ => want,
                };
                let high_term = self.expr(high, &want);
                let ty = match (&low_term.ty, &high_term.ty) {
                    (Type::Unknown, _) | (_, Type::Unknown) => return Term::failed(span),
                    (ty @ (Type::Int | Type::Quantity(_)), _) => Type::Range(Box::new(ty.clone())),
                    (other, _) => {
                        let message = format!("a range holds numbers, not {}", a(other));
                        return self.error("E0302", message, span);
                    }
                };
                self.fold(Term::new(TermKind::Range(Box::new(low_term), Box::new(high_term)), ty, span))
            }
            ExprKind::Unary { op, value } => {
                let inner = match op {
                    UnaryOp::Negate => want.with(None),
                    UnaryOp::Not => want.with(None),
                };
                let term = self.expr(value, &inner);
                match ops::unary_type(*op, &term.ty) {
                    Some(Type::Unknown) => Term::failed(span),
                    Some(ty) => self.fold(Term::new(TermKind::Unary(*op, Box::new(term)), ty, span)),
                    None => {
                        let sign = if *op == UnaryOp::Not { "not" } else { "-" };
                        self.error("E0303", format!("`{sign}` does not go with {}", a(&term.ty)), span)
                    }
                }
            }
            ExprKind::Binary { op, left, right } => self.binary(op, left, right, span),
            ExprKind::If { condition, then, otherwise } => {
                self.choice(condition, then, otherwise.as_deref(), span, whole)
            }
            ExprKind::For { clauses, condition, body } => {
                self.iteration(clauses, condition.as_deref(), body, span, want)
            }
            ExprKind::Index { base, index } => self.item_of_list(base, index, span),
            ExprKind::Placed { thing, clauses } => self.placed(thing, clauses, span),
        }
    }

    /// `if condition { then } else { otherwise }`; without `else` it is `none` otherwise.
    fn choice(&mut self, asked: &Expr, then: &Expr, otherwise: Option<&Expr>, span: Span, want: &Want) -> Term {
        let condition = self.expr(asked, &Want::of(Type::Bool, "the condition", Origin::None));
        let then_term = self.knowing(asked, true, |c| c.expr(then, want));
        let other = match otherwise {
            None => Term::constant(Value::None, Type::none(), span),
            Some(other) => self.knowing(asked, false, |c| c.other_branch(other, (then, &then_term), want)),
        };
        if [&condition, &then_term, &other].iter().any(|t| t.ty == Type::Unknown) {
            return Term::failed(span);
        }
        let (ty, shape) = either(&then_term, &other);
        self.fold(Term { kind: TermKind::If(Box::new([condition, then_term, other])), ty, shape, span })
    }

    fn other_branch(&mut self, other: &Expr, (then, first): (&Expr, &Term), want: &Want) -> Term {
        if want.ty.is_some() || first.ty == Type::Unknown || first.ty == Type::none() {
            return self.expr(other, want);
        }
        let ty = first.ty.present().clone();
        let origin = Origin::Place(then.span, format!("the other branch is {}", a(&ty)));
        self.expr(other, &Want { may_lack: true, ..Want::of(ty, "this branch", origin) })
    }

    /// `left ?? right`.
    fn or_else(&mut self, (left, left_term): (&Expr, Term), right: &Expr, at: Span, span: Span) -> Term {
        let inner = match &left_term.ty {
            Type::Unknown => {
                self.expr(right, &Want::of(Type::Unknown, "the right side", Origin::None));
                return Term::failed(span);
            }
            Type::Optional(inner) => (**inner).clone(),
            ty => {
                let message = format!("`??` stands behind what may be `none`, and this is {}", a(ty));
                let whole = self.loaded.sources.text(left.span).to_owned();
                self.report(
                    Diagnostic::error("E0303", message, at)
                        .because(left.span, format!("this is {}", a(ty)))
                        .hint("it is always there: leave `??` and what is behind it out")
                        .fix(format!("write `{whole}`"), span, whole),
                );
                return Term::failed(span);
            }
        };
        let want = match &inner {
            Type::Unknown => Want::anything(),
            ty => Want::of(
                ty.clone(),
                "the right side",
                Origin::Place(left.span, format!("this is {}", a(&left_term.ty))),
            ),
        };
        let right_term = self.expr(right, &Want { may_lack: true, ..want });
        if right_term.ty == Type::Unknown {
            return Term::failed(span);
        }
        let (_, shape) = either(&left_term, &right_term);
        let ty = right_term.ty.clone();
        let kind = TermKind::Binary(BinaryOp::OrElse, Box::new(left_term), Box::new(right_term));
        self.fold(Term { kind, ty, shape, span })
    }

    /// What `make` gives where `condition` is `truth`: names that are then not `none` have the type of what is there.
    pub(super) fn knowing<T>(&mut self, condition: &Expr, truth: bool, make: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.narrowed.len();
        self.narrow(condition, truth);
        let made = make(self);
        self.narrowed.truncate(before);
        made
    }

    /// Notes the names that are not `none` where `condition` is `truth`.
    fn narrow(&mut self, condition: &Expr, truth: bool) {
        match &condition.kind {
            ExprKind::Unary { op: UnaryOp::Not, value } => self.narrow(value, !truth),
            ExprKind::Binary { op, left, right } => match (op.value, truth) {
                (BinaryOp::And, true) | (BinaryOp::Or, false) => {
                    self.narrow(left, truth);
                    self.narrow(right, truth);
                }
                (BinaryOp::NotEqual, true) | (BinaryOp::Equal, false) => {
                    let named = match (is_none(left), is_none(right)) {
                        (false, true) => dotted(left),
                        (true, false) => dotted(right),
                        _ => None,
                    };
                    let Some(name) = named else { return };
                    let variable = self.local(&name[0]);
                    self.narrowed.push((name, variable));
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// A term of the type of what is there, where its name is known not to be `none`.
    pub(super) fn narrowed(&self, expr: &Expr, term: Term) -> Term {
        let Type::Optional(inner) = &term.ty else { return term };
        let known = dotted(expr).is_some_and(|name| {
            let variable = self.local(&name[0]);
            self.narrowed.iter().any(|(n, v)| *n == name && *v == variable)
        });
        if known { Term { ty: (**inner).clone(), ..term } } else { term }
    }

    fn number(&mut self, value: f64, whole: bool, unit: &[(Ident, i8)], span: Span) -> Term {
        if unit.is_empty() {
            if whole && value.abs() <= 9.007_199_254_740_992e15 {
                return Term::constant(Value::Int(value as i64), Type::Int, span);
            }
            if !value.is_finite() {
                return self.error("E0308", "the number is too large", span);
            }
            let ratio = Dimension::RATIO;
            return Term::constant(Value::Quantity(value, ratio), Type::Quantity(ratio), span);
        }
        let (mut si, mut dimension) = (value, Some(Dimension::RATIO));
        for (name, exponent) in unit {
            let Some(unit) = find_unit(&name.value) else {
                // The parser knows every unit; a tree that comes from elsewhere may not.
                let message = format!("unknown unit `{}`", name.value);
                self.report(Diagnostic::error("E0119", message, name.span));
                return Term::failed(span);
            };
            si *= ops::whole_power(unit.factor, *exponent);
            dimension = dimension.and_then(|d| d.times(unit.dimension.power(*exponent)?));
        }
        match dimension {
            Some(d) if si.is_finite() => Term::constant(Value::Quantity(si, d), Type::Quantity(d), span),
            _ => self.error("E0308", "the number is too large", span),
        }
    }

    fn text(&mut self, parts: &[TextPart], span: Span, want: &Want) -> Term {
        let source = self.loaded.sources.text(span);
        if want.is_path && source.contains('\\') {
            // The escapes are legal, but nobody means a tabulator in a path.
            self.report(back_slashes(source, span));
            return Term::failed(span);
        }
        if want.holes {
            let source = source.to_owned();
            self.foreign_holes(&source, span);
        }
        let mut pieces = Vec::new();
        let mut failed = false;
        for part in parts {
            match part {
                TextPart::Literal(text) => pieces.push(Piece::Literal(text.clone())),
                TextPart::Hole { name, .. } if want.holes && name.value == "shot" => pieces.push(Piece::Shot),
                TextPart::Hole { name, width } if want.holes && name.value == "frame" => {
                    pieces.push(Piece::Frame(*width));
                }
                TextPart::Hole { name, .. } if want.holes && name.value == "output" => pieces.push(Piece::Output),
                TextPart::Hole { name, width } => {
                    let known = self.local(&name.value).is_some()
                        || Clock::of(&name.value).is_some()
                        || !matches!(
                            self.program.lookup(self.current.def, &name.value),
                            crate::resolve::Found::Nothing
                        );
                    if !known {
                        let locals: Vec<String> = self.locals.iter().map(|l| l.name.value.clone()).collect();
                        let mut names = self.program.visible(self.current.def);
                        names.extend(locals.iter().map(String::as_str));
                        if want.holes {
                            names.extend(["shot", "frame", "output"]);
                        }
                        let message = format!("nothing here has the name `{}`", name.value);
                        let mut diagnostic = Diagnostic::error("E0217", message, name.span);
                        if let Some(close) = scenec_ir::names::closest(&name.value, names) {
                            diagnostic = Self::suggest(diagnostic, &name.value, name.span, &[close]);
                        } else if want.holes {
                            diagnostic = diagnostic.hint("paths know {shot}, {frame:4} and {output}");
                        } else {
                            diagnostic = diagnostic.hint("a brace that is meant as a brace is written `\\{`");
                        }
                        self.report(diagnostic);
                        failed = true;
                        continue;
                    }
                    let expr = Expr { kind: ExprKind::Name(name.value.clone()), span: name.span };
                    let term = self.expr(&expr, &Want::anything());
                    match &term.ty {
                        Type::Unknown => failed = true,
                        Type::Int | Type::Text | Type::Enum(_) | Type::Bool | Type::Quantity(_) => {
                            pieces.push(Piece::Value(term, *width));
                        }
                        ty => {
                            let message = format!("{} can't be written into text", a(ty));
                            let diagnostic = Diagnostic::error("E0302", message, name.span);
                            self.report(match ty {
                                Type::Optional(_) => {
                                    let hint = "it may be `none`: name what is written with `let`, by `??` or `if`";
                                    diagnostic.hint(hint)
                                }
                                _ => diagnostic,
                            });
                            failed = true;
                        }
                    }
                }
            }
        }
        if failed {
            return Term::failed(span);
        }
        self.fold(Term::new(TermKind::Text(pieces), Type::Text, span))
    }

    fn tuple(&mut self, items: &[Expr], span: Span, want: &Want) -> Term {
        if !(2..=3).contains(&items.len()) {
            let hint = "a vector is `(x, y)` or `(x, y, z)`; any number of values is a list: `[a, b, c, d]`";
            self.report(Diagnostic::error("E0302", "a tuple holds two or three numbers", span).hint(hint));
            return Term::failed(span);
        }
        let wanted = match want.ty {
            Some(Type::Vec2(d)) if items.len() == 2 => Some(d),
            Some(Type::Vec3(d)) if items.len() == 3 => Some(d),
            _ => None,
        };
        let mut terms = Vec::new();
        if let Some(d) = wanted {
            if self.units_missing(items, d, span, want) {
                return Term::failed(span);
            }
            let inner = want.with(Some(Type::Quantity(d)));
            let mut wrong: Vec<Type> = Vec::new();
            for item in items {
                let term = self.infer(item, &inner);
                // The same mistake in every number of a tuple is one.
                if super::fit::coercion(&term.ty, &Type::Quantity(d)).is_none() {
                    if wrong.contains(&term.ty) {
                        terms.push(Term::failed(item.span));
                        continue;
                    }
                    wrong.push(term.ty.clone());
                }
                terms.push(self.fit(item, term, &inner));
            }
        } else {
            for item in items {
                terms.push(self.expr(item, &Want::anything()));
            }
        }
        if terms.iter().any(|t| t.ty == Type::Unknown) {
            return Term::failed(span);
        }
        // Without an expectation the first number with a unit decides.
        let first = terms.iter().position(|t| matches!(t.ty, Type::Quantity(d) if d != Dimension::RATIO)).unwrap_or(0);
        let Some(dimension) = ops::dimension_of(&terms[first].ty) else {
            let message = format!("a tuple holds numbers, not {}", a(&terms[first].ty));
            return self.error("E0302", message, terms[first].span);
        };
        let ty = Type::Quantity(dimension);
        let origin = Origin::Place(terms[first].span, format!("this is {}", a(&ty)));
        let inner = Want::of(ty, "every number of this tuple", origin);
        let terms: Vec<_> = items.iter().zip(terms).map(|(item, term)| self.fit(item, term, &inner)).collect();
        if terms.iter().any(|t| t.ty == Type::Unknown) {
            return Term::failed(span);
        }
        let ty = if items.len() == 2 { Type::Vec2(dimension) } else { Type::Vec3(dimension) };
        self.fold(Term::new(TermKind::Tuple(terms), ty, span))
    }

    fn list(&mut self, items: &[Expr], span: Span, want: &Want) -> Term {
        let mut inner = match &want.ty {
            Some(Type::List(item)) => want.with(Some((**item).clone())),
            _ => Want::anything(),
        };
        let free = inner.ty.is_none();
        let mut terms: Vec<Term> = Vec::new();
        for item in items {
            let mut term = self.infer(item, &inner);
            let ratio = Type::Quantity(Dimension::RATIO);
            if term.ty == ratio && inner.ty == Some(Type::Int) && matches!(inner.origin, Origin::Place(..)) {
                // `[1, 0.5]`: whole numbers give way.
                inner.ty = Some(ratio);
                terms = terms.into_iter().map(|t| self.coerce(t, Coercion::Ratio)).collect();
            }
            term = match free && term.ty.is_optional() {
                true => self.fit(item, term, &inner.with(inner.ty.clone().map(Type::optional))),
                false => self.fit(item, term, &inner),
            };
            if inner.ty.is_none() && *term.ty.present() != Type::Unknown {
                let origin = Origin::Place(item.span, "the first item decides".into());
                inner = Want::of(term.ty.present().clone(), "every item of this list", origin);
            }
            terms.push(term);
        }
        if terms.iter().any(|t| t.ty == Type::Unknown) {
            return Term::failed(span);
        }
        let has_none = free && terms.iter().any(|t| t.ty.is_optional());
        let item = match inner.ty {
            None if has_none => Type::none(),
            Some(ty) if has_none => ty.optional(),
            ty => ty.unwrap_or(Type::Unknown),
        };
        let ty = Type::List(Box::new(item));
        // Things of one list have the parts that all of them have.
        let things = terms.iter().filter(|t| !is_given_none(t));
        let shape = things.map(|t| t.shape.clone()).reduce(Shape::both).unwrap_or(Shape::None);
        let term = self.fold(Term::new(TermKind::List(terms), ty, span));
        Term { shape, ..term }
    }

    fn binary(&mut self, op: &Spanned<BinaryOp>, left: &Expr, right: &Expr, span: Span) -> Term {
        if self.hyphen(op.value, left, right) || self.aperture(op.value, left, right, span) {
            return Term::failed(span);
        }
        let left_term = self.expr(left, &Want::anything());
        if op.value == BinaryOp::OrElse {
            return self.or_else((left, left_term), right, op.span, span);
        }
        // `outfit == gala`: a member may stand bare beside its enumeration.
        let right_want = match &left_term.ty {
            ty if matches!(ty.present(), Type::Enum(_)) => {
                let what = "the right side";
                Want::of(ty.clone(), what, Origin::Place(left.span, format!("this is {}", a(ty))))
            }
            ty @ Type::Unknown => Want::of(ty.clone(), "the right side", Origin::None),
            _ => Want::anything(),
        };
        let right_term = match op.value {
            // The right side may read what the left one has asked for.
            BinaryOp::And | BinaryOp::Or => {
                self.knowing(left, op.value == BinaryOp::And, |c| c.expr(right, &right_want))
            }
            _ => self.expr(right, &right_want),
        };
        let exponent = match right_term.value() {
            Some(Value::Int(i)) => Some(*i),
            _ => None,
        };
        if left_term.ty == Type::Unknown || right_term.ty == Type::Unknown {
            return Term::failed(span);
        }
        let Some(ty) = ops::binary_type(op.value, &left_term.ty, &right_term.ty, exponent) else {
            let (x, y) = (&left_term.ty, &right_term.ty);
            if self.unit_missing(op.value, [(left, x), (right, y)]) {
                return Term::failed(span);
            }
            let sign = op.value.sign();
            let mut diagnostic = Diagnostic::error(
                "E0303",
                format!("`{sign}` does not go with {} and {}", beside(x, y), beside(y, x)),
                op.span,
            )
            .because(left.span, format!("this is {}", a(x)))
            .because(right.span, format!("this is {}", a(y)));
            let none = Type::none();
            if op.value == BinaryOp::Or && x.is_optional() {
                let hint = "what holds where it is `none` stands behind `??`";
                diagnostic = diagnostic.hint(hint).fix("write `??`", op.span, "??");
            } else if *x == none || *y == none {
                let other = if *x == none { y } else { x };
                diagnostic = diagnostic.hint(format!("{} is always there: it is never `none`", a(other)));
            } else if let Some((part, _)) = [(left, x), (right, y)].into_iter().find(|(_, ty)| ty.is_optional()) {
                diagnostic = diagnostic.hint(maybe_none(self.loaded.sources.text(part.span)));
            } else if matches!(op.value, BinaryOp::Add | BinaryOp::Subtract) && ops::dimension_of(x).is_some() {
                diagnostic = diagnostic.hint("only quantities of one kind can be added or subtracted");
            } else if op.value == BinaryOp::Power {
                let ratio = Type::Quantity(Dimension::RATIO);
                diagnostic = diagnostic.hint(match (x, y) {
                    (Type::Quantity(_), y) if *y == ratio || *y == Type::Int => {
                        "the exponent of a quantity is a whole number that is written out; a root is `sqrt(x)`"
                    }
                    _ => "an exponent is a bare number; a power of ten is written `4e-2m`",
                });
            } else if op.value == BinaryOp::Add && matches!((x, y), (Type::Text, _) | (_, Type::Text)) {
                diagnostic = diagnostic.hint("a text takes values by holes: `\"{name}\"`");
            }
            self.report(diagnostic);
            return Term::failed(span);
        };
        let kind = TermKind::Binary(op.value, Box::new(left_term), Box::new(right_term));
        self.fold(Term::new(kind, ty, span))
    }

    fn placed(&mut self, thing: &Expr, clauses: &[(Ident, Expr)], span: Span) -> Term {
        let wire = Type::Wire(Wire::Thing);
        let what = "what is placed";
        if self.placed_light(thing, clauses) {
            return Term::failed(span);
        }
        let base = self.expr(thing, &Want::of(wire.clone(), what, Origin::None));
        let mut place = PlaceTerm::new(base);
        let mut failed = place.thing.ty == Type::Unknown;
        for (i, (keyword, value)) in clauses.iter().enumerate() {
            if let Some((first, _)) = clauses[..i].iter().find(|(k, _)| k.value == keyword.value) {
                let message = format!("`{}` is given twice", keyword.value);
                let diagnostic =
                    Diagnostic::error("E0306", message, keyword.span).because(first.span, "first given here");
                self.report(diagnostic);
                continue;
            }
            let term = match keyword.value.as_str() {
                "at" => match &value.kind {
                    ExprKind::Call { callee, args } if is_point(callee) => {
                        match self.point(callee, args) {
                            Some(on) => place.on = Some(on),
                            None => failed = true,
                        }
                        continue;
                    }
                    _ => self.point_or_thing(value, "`at`"),
                },
                keyword => self.clause(keyword, value),
            };
            failed |= term.ty == Type::Unknown;
            place.set(&keyword.value, term);
        }
        self.place_is_design(span);
        if failed {
            let shape = place.thing.shape.clone();
            return Term { kind: TermKind::Failed, ty: Type::Unknown, shape, span };
        }
        let shape = place.thing.shape.clone();
        Term { kind: TermKind::Place(Box::new(place)), ty: wire, shape, span }
    }

    /// The value of a placement clause; of `at` without the form `land.point(x, z)`.
    pub(super) fn clause(&mut self, keyword: &str, value: &Expr) -> Term {
        match keyword {
            "at" => self.point_or_thing(value, "`at`"),
            "rotate" => {
                let ty = match &value.kind {
                    ExprKind::Tuple(_) => Type::Vec3(Dimension::ANGLE),
                    _ => Type::Quantity(Dimension::ANGLE),
                };
                let inferred = self.infer(value, &Want::of(ty.clone(), "`rotate`", Origin::None));
                let ty = if matches!(inferred.ty, Type::Vec3(_)) { Type::Vec3(Dimension::ANGLE) } else { ty };
                let origin = Origin::Declared("rotate (x, y, z): Vec3<Angle>; one angle turns about +Y".into());
                let term = self.fit(value, inferred, &Want::of(ty, "`rotate`", origin));
                match &term.ty {
                    Type::Quantity(d) => {
                        let zero = Term::constant(Value::Quantity(0.0, *d), term.ty.clone(), term.span);
                        let span = term.span;
                        let ty = Type::Vec3(*d);
                        let kind = TermKind::Tuple(vec![zero.clone(), term, zero]);
                        self.fold(Term::new(kind, ty, span))
                    }
                    _ => term,
                }
            }
            "scale" => {
                let ty = Type::Vec3(Dimension::RATIO);
                let term = self.expr(value, &Want::of(ty, "`scale`", Origin::Declared("scale: Vec3<Ratio>".into())));
                let found = crate::warn::flattened(&self.program[self.current.def].name.value, &term);
                self.own.diagnostics.extend(found);
                term
            }
            "facing" => self.facing(value),
            _ => {
                let origin = Origin::Declared(format!("{keyword} thing`, or `{keyword} thing.part"));
                self.expr(value, &Want::of(Type::Wire(Wire::Thing), format!("`{keyword}`"), origin))
            }
        }
    }

    fn place_is_design(&mut self, span: Span) {
        let layers = [Layer::Environment, Layer::Character, Layer::Engineering];
        self.restrict(crate::typed::Layers::of(&layers), Some((span, "at")), span);
    }

    /// A point in the world, or a place of a thing.
    fn point_or_thing(&mut self, value: &Expr, what: &'static str) -> Term {
        let want = Want::of(Type::Vec3(Dimension::LENGTH), what, Origin::Stand(what));
        if matches!(value.kind, ExprKind::Tuple(_) | ExprKind::Number { .. }) {
            return self.expr(value, &want);
        }
        let term = self.expr(value, &Want::anything());
        match &term.ty {
            Type::Wire(Wire::Thing) => term,
            ty @ Type::Optional(inner) if **inner == Type::Wire(Wire::Thing) => {
                let message = format!("{what} takes a point or a thing, not {}", a(ty));
                let hint = maybe_none(self.loaded.sources.text(value.span));
                self.report(Diagnostic::error("E0302", message, value.span).hint(hint));
                Term::failed(value.span)
            }
            _ => self.fit(value, term, &want),
        }
    }

    fn facing(&mut self, value: &Expr) -> Term {
        // The camera may look at what faces it; only its place is asked for, so that is no cycle.
        if let ExprKind::Name(name) = &value.kind
            && let crate::resolve::Found::Def(camera) = self.program.lookup(self.current.def, name)
            && let DefKind::Camera(fields) = self.program[camera].kind
        {
            self.own.used(camera);
            self.note(value.span, camera);
            let given = |field: &str| fields.iter().find(|f| f.name.as_ref().is_some_and(|n| n.value == field));
            let goes_along = given("follow").or(given("parent")).is_some();
            return match given("at").filter(|_| !goes_along) {
                Some(at) => self.point_or_thing(&at.value, "`facing`"),
                None => {
                    let message = format!("the camera `{name}` has no fixed place to face");
                    let place = self.program[camera].name.span;
                    self.report(
                        Diagnostic::error("E0409", message, value.span)
                            .because(place, "it finds its place by itself")
                            .hint("give the camera `at`, or face a point or a thing"),
                    );
                    Term::failed(value.span)
                }
            };
        }
        self.point_or_thing(value, "`facing`")
    }

    /// `land.point(x, z)`.
    fn point(&mut self, callee: &Expr, args: &[scenec_grammar::ast::Arg]) -> Option<[Term; 3]> {
        let ExprKind::Field { base, name } = &callee.kind else { return None };
        let wire = Type::Wire(Wire::Thing);
        let thing = self.expr(base, &Want::of(wire, "what has a `point`", Origin::None));
        let want = |axis: &str| {
            let origin = Origin::Declared("point(x: Length, z: Length)".into());
            Want::of(Type::Quantity(Dimension::LENGTH), format!("`{axis}` of `point`"), origin)
        };
        let [x, z] = args else {
            let message = "`point` takes two lengths: `point(x, z)`";
            self.report(Diagnostic::error("E0304", message, name.span));
            return None;
        };
        let (x, z) = (self.expr(&x.value, &want("x")), self.expr(&z.value, &want("z")));
        let ok = [&thing, &x, &z].iter().all(|t| t.ty != Type::Unknown);
        ok.then_some([thing, x, z])
    }
}

fn is_point(callee: &Expr) -> bool {
    matches!(&callee.kind, ExprKind::Field { name, .. } if name.value == "point")
}

/// The type and parts of one of two values.
fn either(a: &Term, b: &Term) -> (Type, Shape) {
    let (first, shape) = match (is_given_none(a), is_given_none(b)) {
        (true, _) => (b, b.shape.clone()),
        (_, true) => (a, a.shape.clone()),
        _ => (a, a.shape.clone().both(b.shape.clone())),
    };
    let ty = first.ty.clone();
    (if a.ty.is_optional() || b.ty.is_optional() { ty.optional() } else { ty }, shape)
}

/// True of `none`, which has no parts to agree with.
fn is_given_none(term: &Term) -> bool {
    term.value() == Some(&Value::None)
}

/// The word `none`.
fn is_none(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if name == "none")
}

/// The names of a dotted name.
fn dotted(expr: &Expr) -> Option<Vec<String>> {
    match &expr.kind {
        ExprKind::Name(name) => Some(vec![name.clone()]),
        ExprKind::Field { base, name } => {
            let mut names = dotted(base)?;
            names.push(name.value.clone());
            Some(names)
        }
        _ => None,
    }
}

/// What has no parts that could be `none` themselves.
fn is_plain(expr: &Expr) -> bool {
    use ExprKind::{Bool, Color, Field, Name, Number, Text};
    matches!(expr.kind, Bool(_) | Color(_) | Field { .. } | Name(_) | Number { .. } | Text(_))
}
