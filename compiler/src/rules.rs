//! What the parameters of a node must be to each other, of a call as of what overrides make of it.

use scenec_ir::node::{NodeDecl, Rule};
use scenec_ir::{Diagnostic, Span, Value};

/// A parameter that is given: its value, when that is known, and where it stands.
pub type Given<'v> = (Option<&'v Value>, Span);

/// The first rule that what is given breaks. `span` is the place of the whole.
pub fn broken<'v>(
    decl: &NodeDecl,
    callee: &str,
    span: Span,
    given: impl Fn(&str) -> Option<Given<'v>>,
) -> Option<Diagnostic> {
    decl.rules.iter().find_map(|rule| match *rule {
        Rule::OneOf { params, what } => {
            let mut said = params.iter().filter_map(|name| Some((*name, given(name)?.1)));
            let (first, second) = (said.next()?, said.next()?);
            // In the order of the text.
            let (first, second) = if first.1 <= second.1 { (first, second) } else { (second, first) };
            let message = format!("`{}` and `{}` of `{callee}` both say {what}", first.0, second.0);
            let diagnostic = Diagnostic::error("E0306", message, second.1).hint("give one of them");
            Some(match first.1 == second.1 {
                true => diagnostic,
                false => diagnostic.because(first.1, "said here already"),
            })
        }
        Rule::Needs { param, other, hint } => {
            let place = given(param)?.1;
            if given(other).is_some() {
                return None;
            }
            let message = format!("`{param}` of `{callee}` needs `{other}`");
            Some(Diagnostic::error("E0304", message, place).hint(hint))
        }
        Rule::Apart { points: [first, second], hint } => {
            let point = |name: &str| match given(name) {
                Some((value, _)) => meters(value?),
                None => meters(&decl.param(name)?.default_value()?),
            };
            if point(first)? != point(second)? {
                return None;
            }
            let message = format!("`{first}` and `{second}` of `{callee}` are the same point");
            let place = given(second).or(given(first)).map_or(span, |(_, place)| place);
            Some(Diagnostic::error("E0631", message, place).hint(hint))
        }
    })
}

/// A point as exactly as a run has it.
fn meters(value: &Value) -> Option<[f32; 3]> {
    match value {
        Value::Vec3(v, _) => Some(v.map(|v| v as f32)),
        _ => None,
    }
}
