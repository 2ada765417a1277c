//! Lists: `for`, items by number, and lists of named things.

use scenec_ir::{Span, Value};

use super::{Lowerer, MOST_STEPS, Val};
use crate::typed::{ForTerm, Term, TermKind};
use crate::value::place;

/// What is made of one item: the term, its id and its name.
type Make<'m, 'a, 'l> = dyn FnMut(&mut Lowerer<'a, 'l>, &Term, &str, &str) -> Val + 'm;

/// Values as one: a constant when all are.
pub(super) fn gather(values: Vec<Val>) -> Val {
    if values.iter().any(|v| matches!(v, Val::Failed)) {
        return Val::Failed;
    }
    let constant = |v: &Val| match v {
        Val::Const(value) => Some(value.clone()),
        _ => None,
    };
    match values.iter().map(constant).collect() {
        Some(constants) => Val::Const(Value::List(constants)),
        None => Val::Many(values),
    }
}

/// The items of a value.
pub(super) fn list(value: Val) -> Vec<Val> {
    match value {
        Val::Many(items) => items,
        Val::Const(Value::List(items)) => items.into_iter().map(Val::Const).collect(),
        other => vec![other],
    }
}

/// How items of a list are told apart, `[…]` in ids and names: by their text where every item is a different one, so that an
/// item that is put in front of the others renames none of them; otherwise by their number.
fn keys(values: &[Val]) -> Vec<String> {
    let text = |v: &Val| match v {
        Val::Const(Value::Text(text) | Value::Member(text)) => Some(text.clone()),
        _ => None,
    };
    let plain = |t: &String| {
        !t.is_empty() && t.len() <= 40 && t.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.'))
    };
    let texts: Option<Vec<String>> = values.iter().map(text).collect();
    if let Some(texts) = texts.filter(|t| t.iter().all(plain)) {
        let mut sorted: Vec<_> = texts.iter().collect();
        sorted.sort();
        if sorted.windows(2).all(|two| two[0] != two[1]) {
            return texts;
        }
    }
    (0..values.len()).map(|i| i.to_string()).collect()
}

impl<'a, 'l> Lowerer<'a, 'l> {
    /// The list that a `for` gives: `make` is called for every step, with the variables set.
    pub(super) fn each(&mut self, term: &Term, id: &str, name: &str, make: &mut Make<'_, 'a, 'l>) -> Val {
        let TermKind::For(each) = &term.kind else { return Val::Failed };
        let mut items = Vec::new();
        let locals = self.locals.len();
        let whole = self.steps_of(each, 0, String::new(), (id, name), term.span, make, &mut items);
        self.locals.truncate(locals);
        if whole { gather(items) } else { Val::Failed }
    }

    #[allow(clippy::too_many_arguments)]
    fn steps_of(
        &mut self,
        each: &ForTerm,
        clause: usize,
        key: String,
        path: (&str, &str),
        span: Span,
        make: &mut Make<'_, 'a, 'l>,
        items: &mut Vec<Val>,
    ) -> bool {
        let Some(over) = each.over.get(clause) else {
            match each.condition.as_ref().map(|c| self.constant(c)) {
                None | Some(Some(Value::Bool(true))) => {}
                Some(Some(Value::Bool(false))) => return true,
                _ => return false,
            }
            let (id, name) = (format!("{}[{key}]", path.0), format!("{}[{key}]", path.1));
            let value = make(self, &each.body, &id, &name);
            let whole = !matches!(value, Val::Failed);
            items.push(value);
            return whole;
        };
        let values = match self.eval(over, "") {
            Val::Const(Value::IntRange(low, high)) => {
                // Counted before it is made.
                if high.saturating_sub(low) > MOST_STEPS as i64 {
                    self.steps = MOST_STEPS;
                }
                let end = high.min(low.saturating_add(MOST_STEPS as i64));
                (low..end).map(|i| Val::Const(Value::Int(i))).collect()
            }
            Val::Failed => return false,
            Val::Later(_) => {
                self.too_late(over.span);
                return false;
            }
            value => list(value),
        };
        let keys = match values.first() {
            // The numbers of a range are the same text in every program.
            Some(Val::Const(Value::Int(_))) => (0..values.len()).map(|i| i.to_string()).collect(),
            _ => keys(&values),
        };
        let base = self.locals.len();
        for (value, own) in values.into_iter().zip(keys) {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                self.too_much("the program makes more than 1,000,000 steps of `for`".into(), span);
                return false;
            }
            self.locals.truncate(base);
            self.locals.push(value);
            let key = if key.is_empty() { own } else { format!("{key},{own}") };
            if !self.steps_of(each, clause + 1, key, path, span, make, items) {
                return false;
            }
        }
        true
    }

    /// `list[index]`.
    pub(super) fn item(&mut self, base: &Term, index: &Term, id: &str, span: Span) -> Val {
        let mut items = match self.eval(base, id) {
            Val::Failed => return Val::Failed,
            value => list(value),
        };
        match self.constant(index) {
            Some(Value::Int(i)) => match place(i, items.len()) {
                Ok(at) => items.swap_remove(at),
                Err(reason) => self.error("E0308", format!("this has no value: {reason}"), span),
            },
            _ => Val::Failed,
        }
    }

    /// `count(list)`.
    pub(super) fn count(&mut self, args: &[Term]) -> Val {
        match args.first().map(|arg| self.eval(arg, "")) {
            None | Some(Val::Failed) => Val::Failed,
            Some(value) => Val::Const(Value::Int(list(value).len() as i64)),
        }
    }

    /// A thing with its name, or a list of things with theirs.
    pub(super) fn named_term(&mut self, term: &Term, id: &str, name: &str) -> Val {
        let changed = self.opined(term, id);
        let term = changed.as_ref().unwrap_or(term);
        match &term.kind {
            TermKind::Place(place) => self.place(place, id, name, term.span),
            TermKind::For(_) => {
                self.each(term, id, name, &mut |lowerer, item, id, name| lowerer.named_term(item, id, name))
            }
            TermKind::List(items) => {
                let named =
                    |(i, item): (usize, &Term)| self.named_term(item, &format!("{id}[{i}]"), &format!("{name}[{i}]"));
                gather(items.iter().enumerate().map(named).collect())
            }
            _ => {
                let inner = self.eval(term, &format!("{id}#thing"));
                self.named_value(inner, id, name, term.span)
            }
        }
    }

    fn named_value(&mut self, value: Val, id: &str, name: &str, span: Span) -> Val {
        match value {
            Val::Many(items) => {
                let named = |(i, item): (usize, Val)| {
                    self.named_value(item, &format!("{id}[{i}]"), &format!("{name}[{i}]"), span)
                };
                gather(items.into_iter().enumerate().map(named).collect())
            }
            // A list of no things.
            Val::Const(value) => Val::Const(value),
            value => self.named(value, id, name, span),
        }
    }
}
