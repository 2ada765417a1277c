//! Known: values that need no graph. Names are followed through lets, functions and defaults; what hangs on time, on the
//! stage or on an argument that nobody gave has none.

use scenec_grammar::ast::BinaryOp;
use std::cell::Cell;

use scenec_ir::Value;

use crate::ops::decides;
use crate::resolve::DefId;
use crate::typed::{Body, Checked, ForTerm, Term, TermKind};
use crate::value::fold;

/// Steps of one value: whoever waits for it is reading.
const MOST_STEPS: u32 = 20_000;
/// Expressions within expressions.
const DEEPEST: u32 = 200;

/// Where definitions come from.
pub trait Source {
    /// What the checker made of it.
    fn checked(&self, def: DefId) -> Option<&Checked>;
    /// The function, component, … that it belongs to.
    fn owner(&self, def: DefId) -> Option<DefId>;
    /// The value of what is no parameter of a function that is called.
    fn value(&self, def: DefId, budget: &Budget) -> Option<Value>;
}

/// What is left of the steps of one value.
#[derive(Debug, Default)]
pub struct Budget {
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl Budget {
    /// Takes some of it; `None` when there is not enough.
    pub fn spend(&self, steps: u32) -> Option<()> {
        let spent = self.steps.get().saturating_add(steps);
        (spent <= MOST_STEPS).then(|| self.steps.set(spent))
    }
}

/// What an expression sees besides definitions.
#[derive(Default)]
struct Scope {
    function: Option<DefId>,
    args: Vec<(DefId, Value)>,
    /// Variables of every `for` around.
    locals: Vec<Value>,
}

/// The value of an expression that stands in no function.
pub fn compute(source: &dyn Source, term: &Term, budget: &Budget) -> Option<Value> {
    Computer { source, budget }.term(term, &mut Scope::default())
}

struct Computer<'c> {
    source: &'c dyn Source,
    budget: &'c Budget,
}

impl Computer<'_> {
    fn term(&self, term: &Term, scope: &mut Scope) -> Option<Value> {
        if let TermKind::Const(value) = &term.kind {
            return Some(value.clone());
        }
        let depth = &self.budget.depth;
        if depth.get() >= DEEPEST {
            return None;
        }
        self.budget.spend(1)?;
        depth.set(depth.get() + 1);
        let value = self.inner(term, scope);
        depth.set(depth.get() - 1);
        value
    }

    fn inner(&self, term: &Term, scope: &mut Scope) -> Option<Value> {
        match &term.kind {
            TermKind::Ref(def) => self.name(*def, scope),
            TermKind::Local(number) => scope.locals.get(*number).cloned(),
            TermKind::If(parts) => match self.term(&parts[0], scope)? {
                Value::Bool(true) => self.term(&parts[1], scope),
                Value::Bool(false) => self.term(&parts[2], scope),
                _ => None,
            },
            TermKind::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::OrElse), left, right) => {
                let value = self.term(left, scope)?;
                if decides(*op, &value) { Some(value) } else { self.term(right, scope) }
            }
            TermKind::Call(callee, given) => {
                let mut args = Vec::with_capacity(given.len());
                for (formal, arg) in given {
                    args.push((*formal, self.term(arg, scope)?));
                }
                let Body::Value(body) = &self.source.checked(*callee)?.body else { return None };
                self.term(body, &mut Scope { function: Some(*callee), args, locals: Vec::new() })
            }
            TermKind::For(each) => {
                let outer = scope.locals.len();
                let mut items = Vec::new();
                let whole = self.each(each, 0, scope, &mut items);
                scope.locals.truncate(outer);
                whole.map(|()| Value::List(items))
            }
            kind => {
                let operands = kind.operands()?;
                let mut known = Vec::with_capacity(operands.len());
                for operand in operands {
                    let value = self.term(operand, scope)?;
                    known.push(Term::constant(value, operand.ty.clone(), operand.span));
                }
                fold(&Term { kind: kind.with_operands(known), ..term.clone() })?.ok()
            }
        }
    }

    fn name(&self, def: DefId, scope: &mut Scope) -> Option<Value> {
        if let Some((_, value)) = scope.args.iter().find(|(formal, _)| *formal == def) {
            return Some(value.clone());
        }
        if scope.function.is_some() && self.source.owner(def) == scope.function {
            // The default sees the other arguments, and no `for` of the body.
            let Body::Param { default: Some(default), .. } = &self.source.checked(def)?.body else { return None };
            let locals = std::mem::take(&mut scope.locals);
            let value = self.term(default, scope);
            scope.locals = locals;
            return value;
        }
        self.source.value(def, self.budget)
    }

    fn each(&self, each: &ForTerm, clause: usize, scope: &mut Scope, items: &mut Vec<Value>) -> Option<()> {
        let Some(over) = each.over.get(clause) else {
            if let Some(condition) = &each.condition
                && self.term(condition, scope)? != Value::Bool(true)
            {
                return Some(());
            }
            items.push(self.term(&each.body, scope)?);
            return Some(());
        };
        let values = match self.term(over, scope)? {
            Value::List(values) => values,
            Value::IntRange(low, high) if high.saturating_sub(low) <= i64::from(MOST_STEPS) => {
                (low..high).map(Value::Int).collect()
            }
            _ => return None,
        };
        let base = scope.locals.len();
        for value in values {
            // Counted even where the body is a constant.
            self.budget.spend(1)?;
            scope.locals.truncate(base);
            scope.locals.push(value);
            self.each(each, clause + 1, scope, items)?;
        }
        Some(())
    }
}
