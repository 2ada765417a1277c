//! Lists: `for`, items by number, and lists of named things.

use scenec_ir::{Diagnostic, Span, Type, Value};

use super::{Item, Lowerer, MOST_ITEMS, MOST_STEPS, MOST_TEXT, Val};
use crate::check::innermost;
use crate::typed::{ForTerm, Term, TermKind};
use crate::value::{place, written};

/// What is made of one item: the term, its id and its name.
type Make<'m, 'a, 'l> = dyn FnMut(&mut Lowerer<'a, 'l>, &Term, &str, &str) -> Val + 'm;

/// How large a value is.
#[derive(Clone, Copy, Default)]
pub(super) struct Size {
    /// Of lists, those within lists included.
    items: usize,
    /// Of texts, in bytes.
    text: usize,
}

impl Size {
    fn of(value: &Val) -> Self {
        match value {
            Val::Const(value) => Self::of_constant(value),
            Val::Many(items) => {
                Self { items: items.len(), text: 0 }.with(items.iter().map(|item| Self::of(&item.value)))
            }
            _ => Self::default(),
        }
    }

    fn of_constant(value: &Value) -> Self {
        match value {
            Value::List(items) => Self { items: items.len(), text: 0 }.with(items.iter().map(Self::of_constant)),
            Value::Text(text) => Self { items: 0, text: text.len() },
            _ => Self::default(),
        }
    }

    fn with(self, parts: impl Iterator<Item = Self>) -> Self {
        parts.fold(self, |all, part| Self {
            items: all.items.saturating_add(part.items),
            text: all.text.saturating_add(part.text),
        })
    }
}

/// Items as one list: a constant when all are, and then they are counted from 0.
pub(super) fn gather(items: Vec<Item>) -> Val {
    if items.iter().any(|item| matches!(item.value, Val::Failed)) {
        return Val::Failed;
    }
    let constant = |item: &Item| match &item.value {
        Val::Const(value) => Some(value.clone()),
        _ => None,
    };
    match items.iter().map(constant).collect() {
        Some(constants) => Val::Const(Value::List(constants)),
        None => Val::Many(items),
    }
}

/// Values with their numbers as keys.
pub(super) fn numbered(values: Vec<Val>) -> Vec<Item> {
    values.into_iter().enumerate().map(|(i, value)| Item { key: i.to_string(), value }).collect()
}

/// The items of a value.
pub(super) fn items(value: Val) -> Vec<Item> {
    match value {
        Val::Many(items) => items,
        Val::Const(Value::List(items)) => numbered(items.into_iter().map(Val::Const).collect()),
        other => numbered(vec![other]),
    }
}

/// Lists one behind the other: another list, which is counted anew.
pub(super) fn joined(lists: Vec<Val>) -> Val {
    Val::Many(numbered(lists.into_iter().flat_map(items).map(|item| item.value).collect()))
}

/// How items of a list are told apart, `[…]` in ids and names: by their text where every item is a different one, so that an
/// item that is put in front of the others renames none of them; otherwise by their number.
fn keys(values: &[Item]) -> Vec<String> {
    let text = |item: &Item| match &item.value {
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
    // Things have names already, and what is made for one goes by its name.
    values.iter().map(|item| item.key.clone()).collect()
}

impl<'a, 'l> Lowerer<'a, 'l> {
    /// The list that a `for` gives: `make` is called for every step, with the variables set.
    pub(super) fn each(&mut self, term: &Term, id: &str, name: &str, make: &mut Make<'_, 'a, 'l>) -> Val {
        let TermKind::For(each) = &term.kind else { return Val::Failed };
        let mut items = Vec::new();
        let locals = self.locals.len();
        let mut size = Size::default();
        let whole = self.steps_of(each, 0, String::new(), (id, name), term.span, make, (&mut items, &mut size));
        self.locals.truncate(locals);
        if whole { gather(items) } else { Val::Failed }
    }

    /// The list of items that are written out: `make` is called for each, with its number.
    pub(super) fn written(
        &mut self,
        items: &[Term],
        span: Span,
        mut make: impl FnMut(&mut Self, usize, &Term) -> Val,
    ) -> Val {
        let (mut values, mut size) = (Vec::with_capacity(items.len()), Size::default());
        for (i, item) in items.iter().enumerate() {
            let value = make(self, i, item);
            if !self.grows(&mut size, &value, span) {
                return Val::Failed;
            }
            values.push(value);
        }
        gather(numbered(values))
    }

    /// Counts an item of a list, before there are more than a list may have.
    fn grows(&mut self, size: &mut Size, item: &Val, span: Span) -> bool {
        *size = Size { items: size.items + 1, ..*size }.with([Size::of(item)].into_iter());
        self.is_within(*size, span)
    }

    /// Whether lists, or texts, may be put together.
    pub(super) fn may_join<'v>(&mut self, parts: impl IntoIterator<Item = &'v Val>, span: Span) -> bool {
        let size = Size::default().with(parts.into_iter().map(Size::of));
        self.is_within(size, span)
    }

    fn is_within(&mut self, size: Size, span: Span) -> bool {
        if size.items > MOST_ITEMS {
            self.too_much("a list has more than 1,000,000 items".into(), span);
        } else if size.text > MOST_TEXT {
            self.too_much("the texts of a list have more than 16 MiB".into(), span);
        } else {
            return true;
        }
        false
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
        made: (&mut Vec<Item>, &mut Size),
    ) -> bool {
        let (items, size) = made;
        let Some(over) = each.over.get(clause) else {
            match each.condition.as_ref().map(|c| self.constant(c)) {
                None | Some(Some(Value::Bool(true))) => {}
                Some(Some(Value::Bool(false))) => return true,
                _ => return false,
            }
            let (id, name) = (format!("{}[{key}]", path.0), format!("{}[{key}]", path.1));
            let value = make(self, &each.body, &id, &name);
            let whole = !matches!(value, Val::Failed) && self.grows(size, &value, span);
            items.push(Item { key, value });
            return whole;
        };
        let values = match self.eval(over, "") {
            Val::Const(Value::IntRange(low, high)) => {
                // Counted before it is made.
                if high.saturating_sub(low) > MOST_STEPS as i64 {
                    self.steps = MOST_STEPS;
                }
                let end = high.min(low.saturating_add(MOST_STEPS as i64));
                numbered((low..end).map(|i| Val::Const(Value::Int(i))).collect())
            }
            Val::Failed => return false,
            Val::Later(_) => {
                self.too_late(over.span);
                return false;
            }
            value => self::items(value),
        };
        let keys = keys(&values);
        let base = self.locals.len();
        for (value, own) in values.into_iter().zip(keys) {
            self.steps += 1;
            if self.steps > MOST_STEPS {
                self.too_much("the program makes more than 1,000,000 steps of `for`".into(), span);
                return false;
            }
            self.locals.truncate(base);
            self.locals.push(value.value);
            let key = if key.is_empty() { own } else { format!("{key},{own}") };
            if !self.steps_of(each, clause + 1, key, path, span, make, (&mut *items, &mut *size)) {
                return false;
            }
        }
        true
    }

    /// `list[index]`.
    pub(super) fn item(&mut self, base: &Term, index: &Term, id: &str, span: Span) -> Val {
        let list = match self.eval(base, id) {
            Val::Failed => return Val::Failed,
            value => items(value),
        };
        match self.constant(index) {
            Some(index) => self.taken(list, &base.ty, &index, span),
            None => Val::Failed,
        }
    }

    /// The item of a list of the type `ty`: of values by its number, of things by its name.
    pub(super) fn taken(&mut self, mut items: Vec<Item>, ty: &Type, index: &Value, span: Span) -> Val {
        let at = match (index, innermost(ty)) {
            (Value::Int(_) | Value::Text(_) | Value::Member(_), Type::Wire(_)) => {
                let key = written(index, None);
                let Some(at) = items.iter().position(|item| item.key == key) else {
                    let hint = "items of a list of things have names, which no `if` changes";
                    self.report(Diagnostic::error("E0308", no_item(&key, &items), span).hint(hint));
                    return Val::Failed;
                };
                Ok(at)
            }
            (Value::Int(i), _) => place(*i, items.len()),
            _ => return Val::Failed,
        };
        match at {
            Ok(at) => items.swap_remove(at).value,
            Err(reason) => self.error("E0308", format!("this has no value: {reason}"), span),
        }
    }

    /// `count(list)`.
    pub(super) fn count(&mut self, args: &[Term]) -> Val {
        match args.first().map(|arg| self.eval(arg, "")) {
            None | Some(Val::Failed) => Val::Failed,
            Some(value) => Val::Const(Value::Int(items(value).len() as i64)),
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
            TermKind::List(items) => self.written(items, term.span, |lowerer, i, item| {
                lowerer.named_term(item, &format!("{id}[{i}]"), &format!("{name}[{i}]"))
            }),
            _ => {
                let inner = self.eval(term, &format!("{id}#thing"));
                self.named_value(inner, id, name, term.span)
            }
        }
    }

    fn named_value(&mut self, value: Val, id: &str, name: &str, span: Span) -> Val {
        match value {
            Val::Many(items) => {
                let named = |Item { key, value }| {
                    let value = self.named_value(value, &format!("{id}[{key}]"), &format!("{name}[{key}]"), span);
                    Item { key, value }
                };
                gather(items.into_iter().map(named).collect())
            }
            // A list of no things.
            Val::Const(value) => Val::Const(value),
            value => self.named(value, id, name, span),
        }
    }
}

/// Why a list has no item of a name.
fn no_item(key: &str, items: &[Item]) -> String {
    const MOST: usize = 6;
    let mut names: Vec<String> = items.iter().take(MOST).map(|item| format!("`{}`", brackets(&item.key))).collect();
    if items.len() > MOST {
        names.push("…".to_owned());
    }
    let there = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    format!("the list has no item `{}`; it has {there}", brackets(key))
}

/// The name of an item as a program writes it: `[0, "near"]`.
fn brackets(key: &str) -> String {
    let part = |part: &str| match part.parse::<i64>() {
        Ok(_) => part.to_owned(),
        Err(_) => format!("{part:?}"),
    };
    format!("[{}]", key.split(',').map(part).collect::<Vec<_>>().join(", "))
}
