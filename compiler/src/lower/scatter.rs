//! The `scatter` statement: what is known of its fields once they have values.

use std::collections::BTreeMap;

use scenec_ir::dimension::show;
use scenec_ir::{Diagnostic, Span, Value};

use super::{Lowerer, Val};
use crate::check::contradictions;
use crate::typed::NodeTerm;

/// Pairs of a lower and an upper limit.
const LIMITS: [(&str, &str); 3] =
    [("slope_min", "slope_max"), ("height_min", "height_max"), ("scale_min", "scale_max")];

impl Lowerer<'_, '_> {
    pub(super) fn scatter(&mut self, node: &NodeTerm, id: &str, span: Span) -> Val {
        let (mut params, mut inputs) = (BTreeMap::new(), BTreeMap::new());
        let mut whole = self.params_of(node, &mut params) & self.ports_of(node, id, &mut inputs);
        if !whole {
            return Val::Failed;
        }
        let span_of = |name: &str| node.params.iter().find(|(p, _)| p.name == name).map(|(_, term)| term.span);
        // An override may bring what the statement itself did not say.
        let mut found = contradictions(node);
        for (low, high) in LIMITS {
            let (given_low, given_high) = (span_of(low), span_of(high));
            let value = |name: &str| {
                let param = node.decl.param(name)?;
                let value = params.get(name).cloned().or_else(|| param.default_value())?;
                Some((value.as_f64()?, param.ty.dimension()?))
            };
            let (Some((least, dimension)), Some((most, _)), Some(place)) =
                (value(low), value(high), given_low.or(given_high))
            else {
                continue;
            };
            if least <= most {
                continue;
            }
            let (least, most) = (show(least, dimension), show(most, dimension));
            let message = format!("`{low}` is `{least}`, and `{high}` is `{most}`");
            let mut diagnostic = Diagnostic::error("E0340", message, place);
            let usual = match (given_low, given_high) {
                (Some(_), Some(other)) => {
                    diagnostic = diagnostic.because(other, "the upper limit");
                    None
                }
                (Some(_), None) => Some((high, most)),
                _ => Some((low, least)),
            };
            found.push(diagnostic.hint(match usual {
                Some((name, value)) => format!("`{name}` is `{value}` unless it is given"),
                None => "the lower limit is the smaller one".to_owned(),
            }));
        }
        let prototypes = inputs.get("prototype").map_or(0, Vec::len);
        if prototypes == 0 {
            let diagnostic = Diagnostic::error("E0340", "there is nothing to scatter: the list is empty", span);
            found.push(diagnostic.hint("name at least one thing or component"));
        }
        if let (Some(Value::List(weights)), Some(place)) = (params.get("weights"), span_of("weights")) {
            if weights.len() != prototypes {
                let counted = |n: usize, what: &str| format!("{n} {what}{}", if n == 1 { "" } else { "s" });
                let (numbers, things) = (counted(weights.len(), "number"), counted(prototypes, "thing"));
                let message = format!("`weights` has {numbers} for {things}");
                let diagnostic = Diagnostic::error("E0340", message, place);
                found.push(diagnostic.hint("give one number for each thing that is scattered, in their order"));
            } else if weights.iter().all(|w| w.as_f64() == Some(0.0)) {
                let diagnostic = Diagnostic::error("E0340", "all `weights` are 0", place);
                found.push(diagnostic.hint("what is larger stands more often"));
            }
        }
        for diagnostic in found {
            self.report(diagnostic);
            whole = false;
        }
        if !whole {
            return Val::Failed;
        }
        self.finish(node.decl, id, params, inputs, span)
    }
}
