//! What tests, gates and budgets claim of the finished stage, and whether it holds.
//!
//! The graph has a node for everything that they ask. Whoever runs the graph gives the answers back by the ids of those nodes;
//! the arithmetic with them is that of the language.

use std::collections::BTreeMap;

use scenec_grammar::ast::{BinaryOp, UnaryOp};
use scenec_ir::dimension::show;
use scenec_ir::{Diagnostic, SourceMap, Span, Value};

use crate::ops;
use crate::typed::{Term, TermKind};
use crate::value::fold;

/// Answers by the id of the node that asked.
pub type Answers = BTreeMap<String, Value>;

/// Which claims of a program are made part of its graph.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Claims {
    /// None: what is built does not pay for them.
    #[default]
    None,
    /// Gates and the budget, with the outputs.
    Gates,
    /// All, with the outputs: enough to find every mistake.
    All,
    /// All, without the outputs.
    Tests,
}

/// Kinds of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimKind {
    /// An `assert` of a `test`.
    Test,
    /// An `assert` of a `gate`.
    Gate,
    /// A `budget`.
    Budget,
}

impl ClaimKind {
    /// Its keyword.
    pub fn noun(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Gate => "gate",
            Self::Budget => "budget",
        }
    }
}

/// A limit of a budget.
#[derive(Clone, Debug)]
pub(crate) struct Limit {
    pub name: &'static str,
    pub most: Value,
    pub span: Span,
}

/// Limits, and the stages that they hold for: each by its shot, if it has one, and the node that reads its use.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    pub limits: Vec<Limit>,
    pub stages: Vec<(Option<String>, String)>,
}

/// One `assert`, or the budget.
#[derive(Clone, Debug)]
pub struct Claim {
    /// What it belongs to.
    pub kind: ClaimKind,
    /// The test's or gate's name.
    pub name: String,
    /// Where that stands; of a budget its keyword.
    pub place: Span,
    /// Of an `assert`: a truth of constants and readings.
    pub(crate) condition: Option<Term>,
    /// Of an `assert`: what to say when it does not hold.
    pub(crate) reason: Option<String>,
    /// Of a budget.
    pub(crate) budget: Option<Budget>,
}

impl Claim {
    /// What is wrong with it, given what was read off the stage; nothing when it holds.
    pub fn judge(&self, answers: &Answers, sources: &SourceMap) -> Vec<Diagnostic> {
        if let Some(budget) = &self.budget {
            return budget.limits.iter().filter_map(|limit| budget.exceeded(limit, answers)).collect();
        }
        let Some(condition) = &self.condition else { return Vec::new() };
        let code = match self.kind {
            ClaimKind::Gate => "E0702",
            _ => "E0701",
        };
        let name = &self.name;
        match evaluate(condition, answers) {
            Ok(Value::Bool(true)) => return Vec::new(),
            Ok(_) => {}
            Err((reason, place)) => {
                let message = format!("the {} `{name}` has no result: {reason}", self.kind.noun());
                let hint = "ask first whether there is one: `if … { … } else { false }`";
                return vec![Diagnostic::error("E0704", message, place).because(self.place, "asked here").hint(hint)];
            }
        }
        let mut facts = Vec::new();
        explain(condition, false, answers, sources, &mut facts);
        let Some(first) = facts.first() else { return Vec::new() };
        let told = facts.iter().map(|f| f.text.as_str()).collect::<Vec<_>>().join(", and ");
        let verdict = match self.kind {
            ClaimKind::Gate => format!("the gate `{name}` is closed"),
            _ => format!("the test `{name}` failed"),
        };
        let message = match &self.reason {
            Some(reason) => format!("{verdict}: {reason} ({told})"),
            None => format!("{verdict}: {told}"),
        };
        let mut diagnostic = Diagnostic::error(code, message, first.span).label(first.label.clone());
        for fact in &facts[1..] {
            diagnostic = diagnostic.because(fact.span, fact.label.clone());
        }
        vec![diagnostic]
    }
}

/// Those that take less than this share of all are not to blame.
const LEAST_SHARE: f64 = 0.01;

impl Budget {
    /// What is wrong with the stage that needs most of something, if that is too much.
    fn exceeded(&self, limit: &Limit, answers: &Answers) -> Option<Diagnostic> {
        let Limit { name, most, span } = limit;
        let field = |record: &'_ Value, name: &str| match record {
            Value::Record(fields) => fields.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()),
            _ => None,
        };
        let allowed = most.as_f64()?;
        let mut over: Vec<(&Option<String>, Value, f64)> = Vec::new();
        for (shot, node) in &self.stages {
            let part = field(answers.get(node)?, name)?;
            let total = field(&part, "total")?.as_f64()?;
            if total > allowed {
                over.push((shot, part, total));
            }
        }
        // Of equal ones the first.
        let (shot, part, total) = over.iter().reduce(|worst, next| if next.2 > worst.2 { next } else { worst })?;
        let amount = |v: f64| match most {
            Value::Quantity(_, d) => show(v, *d),
            _ => grouped(v),
        };
        let stage = match (shot, over.len()) {
            (None, _) => "the stage".to_owned(),
            (Some(shot), 1) => format!("the stage of the shot `{shot}`"),
            (Some(shot), 2) => format!("the stage of the shot `{shot}` (and that of another)"),
            (Some(shot), n) => format!("the stage of the shot `{shot}` (and those of {} others)", n - 1),
        };
        let (used, allowed) = (amount(*total), amount(allowed));
        let message = match (most, *name) {
            (Value::Quantity(..), "textures") => format!("{stage} has {used} of textures, the budget allows {allowed}"),
            (Value::Quantity(..), _) => format!("{stage} needs {used} of {name}, the budget allows {allowed}"),
            _ => format!("{stage} has {used} {name}, the budget allows {allowed}"),
        };
        let diagnostic = Diagnostic::error("E0703", message, *span).label(format!("{used} here"));
        let Value::Record(fields) = part else { return Some(diagnostic) };
        let things: Vec<String> = fields
            .iter()
            .filter_map(|(thing, v)| {
                Some((thing, v.as_f64().filter(|v| thing != "total" && v / total >= LEAST_SHARE)?))
            })
            .map(|(thing, v)| format!("`{thing}` {} ({:.0} %)", amount(v), 100.0 * v / total))
            .collect();
        Some(match things.as_slice() {
            [] => diagnostic.hint("make it less, or allow more"),
            things => diagnostic.hint(format!("most of it: {}", things.join(", "))),
        })
    }
}

/// `2 431 002` as `2,431,002`.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i) % 3 == 0 {
            text.push(',');
        }
        text.push(c);
    }
    text
}

/// The value of an expression of constants and readings, or why it has none and where.
fn evaluate(term: &Term, answers: &Answers) -> Result<Value, (String, Span)> {
    match &term.kind {
        TermKind::Const(value) => return Ok(value.clone()),
        TermKind::Reading(id) => {
            return answers.get(id).cloned().ok_or_else(|| ("it was not measured".to_owned(), term.span));
        }
        TermKind::If(parts) => {
            return match evaluate(&parts[0], answers)? {
                Value::Bool(true) => evaluate(&parts[1], answers),
                _ => evaluate(&parts[2], answers),
            };
        }
        // The right side may have no value where the left one decides.
        TermKind::Binary(op @ (BinaryOp::And | BinaryOp::Or | BinaryOp::OrElse), left, right) => {
            let value = evaluate(left, answers)?;
            return if ops::decides(*op, &value) { Ok(value) } else { evaluate(right, answers) };
        }
        _ => {}
    }
    let mut values = Vec::new();
    for operand in term.kind.operands().unwrap_or_default() {
        let value = evaluate(operand, answers)?;
        values.push(Term::constant(value, operand.ty.clone(), operand.span));
    }
    let known = Term { kind: term.kind.with_operands(values), ..term.clone() };
    match fold(&known) {
        Some(Ok(value)) => Ok(value),
        Some(Err(reason)) => Err((reason, term.span)),
        None => Err(("it can't be computed".to_owned(), term.span)),
    }
}

/// One reason why an assertion does not hold.
struct Fact {
    span: Span,
    text: String,
    label: String,
}

/// Why a truth is not what it should be, `!actual`.
fn explain(term: &Term, actual: bool, answers: &Answers, sources: &SourceMap, facts: &mut Vec<Fact>) {
    let written = |t: &Term| sources.text(t.span).split_whitespace().collect::<Vec<_>>().join(" ");
    let truth = |t: &Term| matches!(evaluate(t, answers), Ok(Value::Bool(true)));
    match &term.kind {
        TermKind::Unary(UnaryOp::Not, inner) => explain(inner, !actual, answers, sources, facts),
        TermKind::Binary(BinaryOp::And | BinaryOp::Or, left, right) => {
            let to_blame: Vec<&Term> = [left, right].into_iter().map(|t| &**t).filter(|t| truth(t) == actual).collect();
            to_blame.into_iter().for_each(|t| explain(t, actual, answers, sources, facts));
        }
        TermKind::Binary(op, left, right)
            if matches!(
                op,
                BinaryOp::Equal
                    | BinaryOp::NotEqual
                    | BinaryOp::Less
                    | BinaryOp::LessEqual
                    | BinaryOp::Greater
                    | BinaryOp::GreaterEqual
            ) =>
        {
            let values = [left, right].map(|t| evaluate(t, answers).ok());
            let [Some(a), Some(b)] = &values else { return };
            let (x, y) = apart(a, b);
            let expected = if actual { "not expected " } else { "expected " };
            let (l, r) = (written(left), written(right));
            // A number that stands there is its own value.
            let own = |text: &str, shown: &str, t: &Term| t.value().is_some() && (text == shown || is_literal(text));
            let text = match (own(&l, &x, left), own(&r, &y, right)) {
                (false, true) => format!("`{l}` is {x}, {expected}{} {r}", op.sign()),
                (true, false) => format!("`{r}` is {y}, {expected}{l} {} it", op.sign()),
                (true, true) => format!("{l} {} {r} does not hold", op.sign()),
                (false, false) => format!("`{l}` is {x}, {expected}{} `{r}`, which is {y}", op.sign()),
            };
            facts.push(Fact { span: term.span, text, label: if own(&l, &x, left) { y } else { x } });
        }
        _ => {
            let text = format!("`{}` is {actual}", written(term));
            facts.push(Fact { span: term.span, text, label: actual.to_string() });
        }
    }
}

/// A number with its unit, and nothing else.
fn is_literal(text: &str) -> bool {
    let rest = text.trim_start_matches('-');
    rest.starts_with(|c: char| c.is_ascii_digit()) && !rest.contains(['+', '*', ' ', '('])
}

/// Two values as text, with as many digits as it takes to tell them apart.
fn apart(a: &Value, b: &Value) -> (String, String) {
    let short = |v: &Value| shown(v, 4);
    let (x, y) = (short(a), short(b));
    if x == y && a != b { (shown(a, 9), shown(b, 9)) } else { (x, y) }
}

fn shown(value: &Value, digits: usize) -> String {
    let round = |v: f64| format!("{v:.*e}", digits - 1).parse().unwrap_or(v);
    let many = |v: &[f64], d| v.iter().map(|v| show(round(*v), d)).collect::<Vec<_>>().join(", ");
    match value {
        Value::Quantity(v, d) => show(round(*v), *d),
        Value::Vec2(v, d) => format!("({})", many(v, *d)),
        Value::Vec3(v, d) => format!("({})", many(v, *d)),
        other => other.to_string(),
    }
}
