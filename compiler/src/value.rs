//! Values: constant folding, coercions and limits.

use scenec_ir::dimension::{show, show_si};
use scenec_ir::node::Param;
use scenec_ir::{Diagnostic, Dimension, Span, Value};

use crate::curve::{Sample, sample};
use crate::ops;
use crate::typed::{Coercion, Limits, Piece, Term, TermKind};

/// The value of a term whose operands are all constants; `None` when one is not.
pub fn fold(term: &Term) -> Option<Result<Value, String>> {
    let all = |terms: &[Term]| terms.iter().map(|t| t.value().cloned()).collect::<Option<Vec<_>>>();
    match &term.kind {
        TermKind::Const(value) => Some(Ok(value.clone())),
        TermKind::Unary(op, a) => Some(ops::unary(*op, a.value()?)),
        TermKind::Binary(op, a, b) => Some(ops::binary(*op, a.value()?, b.value()?)),
        TermKind::If(parts) => match parts[0].value()? {
            Value::Bool(true) => parts[1].value().cloned().map(Ok),
            Value::Bool(false) => parts[2].value().cloned().map(Ok),
            _ => None,
        },
        TermKind::Tuple(items) => Some(tuple(&all(items)?)),
        TermKind::List(items) => Some(Ok(Value::List(all(items)?))),
        TermKind::Range(low, high) => Some(range(low.value()?, high.value()?)),
        TermKind::Text(pieces) => {
            let mut text = String::new();
            for piece in pieces {
                match piece {
                    Piece::Literal(literal) => text += literal,
                    Piece::Value(term, width) => text += &written(term.value()?, *width),
                    Piece::Shot | Piece::Frame(_) | Piece::Output => return None,
                }
            }
            Some(Ok(Value::Text(text)))
        }
        TermKind::Function(function, args) => Some(ops::function(*function, &all(args)?)),
        TermKind::Coerce(step, a) => Some(Ok(convert(*step, a.value()?))),
        TermKind::Component(axis, a) => Some(component(*axis, a.value()?)),
        TermKind::Curve(curve) => {
            let at = curve.over.value()?.as_f64()?;
            let keys = curve
                .keys
                .iter()
                .map(|k| Some(Sample { at: k.at.value()?.as_f64()?, value: k.value.value()?.clone(), way: k.way }));
            sample(&keys.collect::<Option<Vec<_>>>()?, at).map(Ok)
        }
        TermKind::Index(parts) => Some(item(parts[0].value()?, parts[1].value()?)),
        _ => None,
    }
}

/// One item of a list.
pub fn item(list: &Value, index: &Value) -> Result<Value, String> {
    match (list, index) {
        (Value::List(items), Value::Int(i)) => {
            let at = place(*i, items.len())?;
            Ok(items[at].clone())
        }
        _ => Err("only lists have items".into()),
    }
}

/// The place of an item in a list of `len`.
pub fn place(index: i64, len: usize) -> Result<usize, String> {
    usize::try_from(index).ok().filter(|i| *i < len).ok_or_else(|| {
        let items = match len {
            0 => "none".to_owned(),
            1 => "one, 0".to_owned(),
            n => format!("{n}, from 0 to {}", n - 1),
        };
        format!("the list has no item {index}; it has {items}")
    })
}

/// Two or three numbers as one value.
pub fn tuple(items: &[Value]) -> Result<Value, String> {
    let numbers: Option<Vec<f64>> = items.iter().map(Value::as_f64).collect();
    let dimension = match items.first() {
        Some(Value::Quantity(_, d)) => *d,
        _ => Dimension::RATIO,
    };
    match numbers.as_deref() {
        Some([x, y]) => Ok(Value::Vec2([*x, *y], dimension)),
        Some([x, y, z]) => Ok(Value::Vec3([*x, *y, *z], dimension)),
        _ => Err("a tuple holds two or three numbers".into()),
    }
}

/// A half-open range.
pub fn range(low: &Value, high: &Value) -> Result<Value, String> {
    match (low, high) {
        (Value::Int(l), Value::Int(h)) if l <= h => Ok(Value::IntRange(*l, *h)),
        (Value::Quantity(l, d), Value::Quantity(h, e)) if d == e && l <= h => Ok(Value::Range([*l, *h], *d)),
        _ => Err("the range ends before it begins".into()),
    }
}

/// One number of a tuple or colour.
pub fn component(axis: usize, value: &Value) -> Result<Value, String> {
    let found = match value {
        Value::Vec2(v, d) => v.get(axis).map(|v| Value::Quantity(*v, *d)),
        Value::Vec3(v, d) => v.get(axis).map(|v| Value::Quantity(*v, *d)),
        Value::Record(fields) => fields.get(axis).map(|(_, v)| v.clone()),
        Value::Color(c) => c.get(axis).map(|v| Value::Quantity(f64::from(*v), Dimension::RATIO)),
        _ => None,
    };
    found.ok_or_else(|| "there is no such number".into())
}

/// The same value in another type.
pub fn convert(step: Coercion, value: &Value) -> Value {
    match (step, value) {
        (Coercion::Ratio, Value::Int(i)) => Value::Quantity(*i as f64, Dimension::RATIO),
        (Coercion::Two, Value::Quantity(v, d)) => Value::Vec2([*v; 2], *d),
        (Coercion::Three, Value::Quantity(v, d)) => Value::Vec3([*v; 3], *d),
        (Coercion::Frame, Value::Int(i)) => Value::IntRange(*i, i.saturating_add(1)),
        (Coercion::List, Value::List(items)) => {
            Value::List(items.iter().map(|item| convert(Coercion::Ratio, item)).collect())
        }
        (_, value) => value.clone(),
    }
}

/// A value in the middle of text; whole numbers have at least `width` digits.
pub fn written(value: &Value, width: Option<u8>) -> String {
    let width = usize::from(width.unwrap_or(0));
    match value {
        Value::Int(i) if *i < 0 => format!("-{:0width$}", i.unsigned_abs()),
        Value::Int(i) => format!("{i:0width$}"),
        Value::Quantity(v, d) => show_si(*v, *d),
        Value::Text(text) | Value::Member(text) => text.clone(),
        Value::Bool(b) => b.to_string(),
        _ => String::new(),
    }
}

/// The default of a parameter, if it has one.
pub fn default_of(param: &Param) -> Option<Value> {
    param.default_value()
}

/// What is wrong with a value that a program's or component's own parameter limits.
pub fn limits_error(name: &str, value: &Value, limits: &Limits, span: Span) -> Option<Diagnostic> {
    let number = value.as_f64()?;
    let dimension = match value {
        Value::Quantity(_, d) => *d,
        _ => Dimension::RATIO,
    };
    let slack = 1e-12 * limits.low.abs().max(limits.high.abs()).min(1e3);
    if (limits.low - slack..=limits.high + slack).contains(&number) {
        return None;
    }
    let [shown, low, high] = [number, limits.low, limits.high].map(|v| show(v, dimension));
    let message = format!("`{name}` is out of range: `{shown}` is not within {low}..{high}");
    Some(
        Diagnostic::error("E0305", message, span)
            .label(if number < limits.low { "too small" } else { "too large" })
            .because(limits.span, "limited here; both ends are legal"),
    )
}
