//! Lists: `for`, its variables, and items by number or name.

use scenec_grammar::ast::{Expr, ExprKind, Ident};
use scenec_ir::node::Wire;
use scenec_ir::{Diagnostic, Span, Type, Value};

use super::fit::{Origin, a, maybe_none};
use super::path::Path;
use super::{Checker, Want};
use crate::resolve::DefKind;
use crate::typed::{ForTerm, Piece, Shape, Term, TermKind};

/// A variable of a `for`.
pub(super) struct Local {
    pub name: Ident,
    pub ty: Type,
    pub shape: Shape,
    pub used: bool,
}

impl Checker<'_, '_> {
    /// The number of the innermost variable of a name.
    pub(super) fn local(&self, name: &str) -> Option<usize> {
        self.locals.iter().rposition(|l| l.name.value == name)
    }

    /// The value of the variable of a name, if there is one.
    pub(super) fn variable(&mut self, name: &str, span: Span) -> Option<Term> {
        let number = self.local(name)?;
        let at = self.locals[number].name.span;
        self.note_local(span, at);
        let local = &mut self.locals[number];
        local.used = true;
        if local.ty == Type::Unknown {
            return Some(Term::failed(span));
        }
        Some(Term { kind: TermKind::Local(number), ty: local.ty.clone(), shape: local.shape.clone(), span })
    }

    /// `for i in 0..8 for side in sides if i > 0 { body }`.
    pub(super) fn iteration(
        &mut self,
        clauses: &[(Ident, Expr)],
        condition: Option<&Expr>,
        body: &Expr,
        span: Span,
        want: &Want,
    ) -> Term {
        let first = self.locals.len();
        let mut over = Vec::new();
        for (name, values) in clauses {
            let (term, ty, shape) = self.iterated(name, values);
            over.push(term);
            self.note_local(name.span, name.span);
            if let Some(notes) = self.notes() {
                notes.known(name.span, &ty, None, None);
            }
            self.locals.push(Local { name: name.clone(), ty, shape, used: name.value.starts_with('_') });
        }
        let asked = condition;
        let condition =
            condition.map(|c| self.expr(c, &Want::of(Type::Bool, "the condition of the `for`", Origin::None)));
        let inner = match &want.ty {
            Some(Type::List(item)) => want.with(Some((**item).clone())),
            _ => Want::anything(),
        };
        let item = |checker: &mut Self| {
            let term = checker.infer(body, &inner);
            checker.fit(body, term, &inner)
        };
        let term = match asked {
            Some(asked) => self.knowing(asked, true, item),
            None => item(self),
        };
        let failed = over.iter().chain(&condition).chain([&term]).any(|t| t.ty == Type::Unknown);
        for local in self.locals.split_off(first) {
            if !local.used && !failed {
                let message = format!("the variable `{}` of the `for` is never used", local.name.value);
                let hint = "every item is the same; use the variable, or begin its name with `_`";
                self.report(Diagnostic::warning("W0201", message, local.name.span).hint(hint));
            }
        }
        if failed {
            return Term::failed(span);
        }
        if matches!(term.ty, Type::Asset | Type::Shot | Type::Pose) {
            let message = format!("a list holds values or things, not {}", a(&term.ty));
            return self.error("E0302", message, term.span);
        }
        let (ty, shape) = (Type::List(Box::new(term.ty.clone())), term.shape.clone());
        let kind = TermKind::For(Box::new(ForTerm { over, condition, body: term }));
        Term { kind, ty, shape, span }
    }

    /// What a `for` runs over, with the type and shape of its variable.
    fn iterated(&mut self, name: &Ident, values: &Expr) -> (Term, Type, Shape) {
        let term = self.expr(values, &Want::anything());
        let failed = |term: Term| (Term::failed(term.span), Type::Unknown, Shape::Unknown);
        let message = format!("`for` runs over a list or a range of whole numbers, not {}", a(&term.ty));
        let diagnostic = Diagnostic::error("E0302", message, values.span);
        let written = self.loaded.sources.text(values.span).to_owned();
        let diagnostic = match &term.ty {
            Type::Unknown => return failed(term),
            Type::List(item) if **item == Type::Unknown => return (term, Type::Unknown, Shape::Unknown),
            Type::List(item) => {
                let (ty, shape) = ((**item).clone(), term.shape.clone());
                return (term, ty, shape);
            }
            Type::Range(item) if **item == Type::Int => return (term, Type::Int, Shape::None),
            Type::Range(_) => {
                let name = &name.value;
                diagnostic.hint(format!("count the steps: `for {name} in 0..8 {{ … {name} * 0.5m … }}`"))
            }
            Type::Int => {
                let mended = format!("0..{written}");
                diagnostic.hint("a range is half-open: `0..8` are the eight numbers from 0 to 7").fix(
                    format!("write `{mended}`"),
                    values.span,
                    mended,
                )
            }
            Type::Vec2(_) | Type::Vec3(_) if matches!(values.kind, ExprKind::Tuple(_)) => {
                self.parentheses_to_brackets(diagnostic, values.span)
            }
            Type::Wire(Wire::Thing) => diagnostic.hint("a thing is one; several stand in brackets: `[left, right]`"),
            Type::Optional(_) => diagnostic.hint(maybe_none(&written)),
            _ => diagnostic.hint("a range is `0..8`, a list `[1m, 2m, 4m]`"),
        };
        self.report(diagnostic);
        failed(term)
    }

    fn parentheses_to_brackets(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        let written = self.loaded.sources.text(span);
        let inner = written.trim_start_matches('(').trim_end_matches(')');
        let mended = format!("[{inner}]");
        diagnostic.hint("a list stands in brackets, a vector in parentheses").fix(
            format!("write `{mended}`"),
            span,
            mended,
        )
    }

    /// The type of a list within a component, `planks` of `low`. Without an index it is all of its items as one thing.
    fn items_within(&mut self, thing: &Path, name: &Ident) -> Option<Type> {
        let Path::Term(Term { shape: Shape::Members(component), .. }) = thing else { return None };
        let member = self.program.member(*component, &name.value)?;
        match self.program[member].kind {
            DefKind::Bind(_) => Some(self.info(member).ty.clone()).filter(|ty| matches!(ty, Type::List(_))),
            _ => None,
        }
    }

    /// `base[index]`. Items of a list of values are counted. Those of a list of things have names: what stands in the brackets
    /// of their ids.
    pub(super) fn item_of_list(&mut self, base: &Expr, index: &[Expr], span: Span) -> Term {
        let list = match &base.kind {
            ExprKind::Field { base: thing, name } => {
                let thing = self.path(thing, &Want::anything());
                let items = self.items_within(&thing, name);
                match (self.field(thing, name, base.span), items) {
                    (Path::Term(part), Some(ty)) => Term { ty, ..part },
                    (Path::Term(term), None) => term,
                    (Path::Failed, _) => Term::failed(span),
                    _ => self.expr(base, &Want::anything()),
                }
            }
            _ => self.expr(base, &Want::anything()),
        };
        if list.ty == Type::Shot {
            let message = "frames of a shot can't be taken here";
            let hint = "a `cut` takes them, `shots: [s010[1001..1010]]`; an output says `frames: 1001..1010`";
            self.report(Diagnostic::error("E0302", message, span).hint(hint));
            return Term::failed(span);
        }
        let named = matches!(&list.ty, Type::List(_) if matches!(innermost(&list.ty), Type::Wire(_)));
        let index = self.index_of_item(index, named);
        let (ty, shape) = match &list.ty {
            Type::Unknown => return Term::failed(span),
            Type::List(item) => ((**item).clone(), list.shape.clone()),
            ty => {
                let message = format!("only lists have items by number, and this is {}", a(ty));
                let diagnostic = Diagnostic::error("E0302", message, base.span);
                self.report(match ty {
                    Type::Vec2(_) => diagnostic.hint("the numbers of a vector are `.x` and `.y`"),
                    Type::Vec3(_) => diagnostic.hint("the numbers of a vector are `.x`, `.y` and `.z`"),
                    Type::Color => diagnostic.hint("the numbers of a colour are `.r`, `.g` and `.b`"),
                    Type::Wire(Wire::Thing) => diagnostic.hint("parts of a thing have names: `thing.part(\"name\")`"),
                    _ => diagnostic.hint("a list is written `[a, b, c]`, and its first item is `list[0]`"),
                });
                return Term::failed(span);
            }
        };
        if index.ty == Type::Unknown || ty == Type::Unknown {
            return Term::failed(span);
        }
        if let TermKind::Part(thing, part) = list.kind {
            let item = match index.value() {
                Some(Value::Int(number)) => number.to_string(),
                Some(Value::Text(name) | Value::Member(name)) => name.clone(),
                _ => {
                    let message = "the item of a list within a component must be known before the scene is made";
                    let hint = "write its number or name: `deck.planks[0]`";
                    self.report(Diagnostic::error("E0308", message, index.span).hint(hint));
                    return Term::failed(span);
                }
            };
            return Term { kind: TermKind::Part(thing, format!("{part}[{item}]")), ty, shape, span };
        }
        let term = Term { kind: TermKind::Index(Box::new([list, index])), ty, shape, span };
        let shape = term.shape.clone();
        Term { shape, ..self.fold(term) }
    }

    /// What stands in the brackets behind a list: a number, or the name of an item as its id has it.
    fn index_of_item(&mut self, index: &[Expr], named: bool) -> Term {
        let of_item = |checker: &mut Self, part: &Expr| match named {
            false => checker.expr(part, &Want::of(Type::Int, "the number of an item", Origin::None)),
            true => {
                let term = checker.expr(part, &Want::anything());
                match term.ty {
                    Type::Int | Type::Text | Type::Enum(_) | Type::Unknown => term,
                    _ => {
                        let message = format!("an item is known by a whole number or a text, not by {}", a(&term.ty));
                        let hint = "as in its id, which `scenec graph` shows: `posts[2]`, `tiles[0, \"near\"]`";
                        checker.report(Diagnostic::error("E0302", message, part.span).hint(hint));
                        Term::failed(part.span)
                    }
                }
            }
        };
        let parts: Vec<Term> = index.iter().map(|part| of_item(self, part)).collect();
        let Some((first, rest)) = parts.split_first() else { unreachable!("an index has a part") };
        let Some(last) = rest.last() else { return first.clone() };
        let span = first.span.to(last.span);
        if parts.iter().any(|t| t.ty == Type::Unknown) {
            return Term::failed(span);
        }
        if !named {
            let message = "an item of a list of values has one number";
            let hint = "of a list of lists it is `rows[0][1]`";
            self.report(Diagnostic::error("E0302", message, span).hint(hint));
            return Term::failed(span);
        }
        let mut pieces = vec![Piece::Value(first.clone(), None)];
        for part in rest {
            pieces.extend([Piece::Literal(",".to_owned()), Piece::Value(part.clone(), None)]);
        }
        self.fold(Term::new(TermKind::Text(pieces), Type::Text, span))
    }
}

/// What a list holds in the end, if it holds any: `Length` of `List<List<Length?>>`.
pub(crate) fn innermost(ty: &Type) -> &Type {
    let mut ty = ty;
    while let Type::List(item) | Type::Optional(item) = ty {
        ty = item;
    }
    ty
}
