//! Outputs that are made for every legal combination of some parameters.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use scenec_ir::{Diagnostic, Span, Value};

use super::Lowerer;
use crate::resolve::DefId;
use crate::typed::{Body, OutputBody};
use crate::value::written;
use crate::{Options, ShotInfo};

/// Combinations of one output.
const MOST_COMBINATIONS: usize = 10_000;

/// One combination.
#[derive(Default)]
pub struct Choice {
    /// Values of parameters; stronger than every opinion.
    pub values: HashMap<DefId, Value>,
    /// `gala-true`, for ids; empty outside of a matrix.
    pub name: String,
    /// The rule that it breaks.
    illegal: Option<Span>,
    /// It has an error that all others have as well.
    pub is_over: bool,
}

impl Choice {
    /// Notes that it breaks a rule. False outside of a matrix, where that is an error.
    pub fn broken(&mut self, rule: Span) -> bool {
        let is_choice = !self.name.is_empty();
        if is_choice {
            self.illegal.get_or_insert(rule);
        }
        is_choice
    }

    /// True for a combination that is left out.
    pub fn is_illegal(&self) -> bool {
        self.illegal.is_some()
    }
}

impl Lowerer<'_, '_> {
    /// The output once for every combination that no rule forbids.
    pub(super) fn matrix(
        &mut self,
        def: DefId,
        body: &OutputBody,
        shots: &[ShotInfo],
        options: &Options,
        files: &mut BTreeMap<String, Span>,
    ) {
        let program = self.program;
        let mut used = BTreeSet::new();
        if let Some(image) = &body.image {
            self.shots_of(image, &mut used, 0);
        }
        for cut in used.clone() {
            used.extend(self.segments(cut).iter().flat_map(|s| s.iter()).map(|s| s.shot));
        }
        // Where `--set` or the shot has an opinion, that is the only value.
        let mut axes: Vec<(DefId, Vec<Value>)> = Vec::new();
        for axis in &body.matrix {
            let shots = used.iter().filter_map(|shot| match &self.typed[*shot].body {
                Body::Shot(shot) => Some(shot),
                _ => None,
            });
            // Of several shots some may have an opinion: the others still vary.
            let opinions: Vec<Option<&crate::typed::Term>> = shots
                .map(|shot| shot.params.iter().find(|(param, _)| *param == axis.param).map(|(_, term)| term))
                .collect();
            let said = match opinions.iter().all(Option::is_some) {
                true => opinions.first().copied().flatten(),
                false => None,
            };
            let values = match self.base.get(&axis.param).copied().or(said) {
                None => axis.values.clone(),
                Some(term) => match self.constant(term) {
                    Some(value) => vec![value],
                    None => return,
                },
            };
            axes.push((axis.param, values));
        }
        let count = axes.iter().try_fold(1_usize, |n, (_, values)| n.checked_mul(values.len()));
        if count.is_none_or(|n| n > MOST_COMBINATIONS) {
            let name = program[def].name;
            let message = format!("the matrix of `{}` has more than {MOST_COMBINATIONS} combinations", name.value);
            self.too_much(message, body.matrix[0].span);
            return;
        }
        let count = count.unwrap_or_default();
        let (mut legal, mut rule) = (false, None);
        for number in 0..count {
            // The last parameter runs fastest.
            let mut rest = number;
            let mut values: Vec<(DefId, Value)> = Vec::new();
            for (param, all) in axes.iter().rev() {
                values.push((*param, all[rest % all.len()].clone()));
                rest /= all.len();
            }
            values.reverse();
            let name = values.iter().map(|(_, value)| written(value, None)).collect::<Vec<_>>().join("-");
            self.forget_values();
            self.choice = Choice { values: values.into_iter().collect(), name, illegal: None, is_over: false };
            self.output(def, body, shots, options, files);
            if self.choice.is_over {
                legal = true;
                break;
            }
            match self.choice.illegal {
                Some(broken) => rule = rule.or(Some(broken)),
                None => legal = true,
            }
        }
        self.forget_values();
        self.choice = Choice::default();
        if let (false, Some(rule)) = (legal, rule) {
            let name = program[def].name;
            let message = format!("no combination of the matrix of `{}` is legal", name.value);
            let first = body.matrix[0].span;
            let whole = body.matrix.iter().fold(first, |span, axis| span.to(axis.span));
            self.report(
                Diagnostic::error("E0413", message, whole)
                    .because(rule, "the first one breaks this rule")
                    .hint("what all of them share breaks a rule: change it, or name more parameters in the matrix"),
            );
        }
    }

    /// What was computed with other values of parameters.
    fn forget_values(&mut self) {
        self.stages.clear();
        self.cuts.clear();
        self.frame_memo.clear();
        self.settings.values_mut().for_each(|setting| setting.memo.clear());
    }
}
