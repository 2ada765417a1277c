//! Cuts: shots one after the other.

use scenec_grammar::ast::{Arg, Expr, ExprKind};
use scenec_ir::node::{Default, Layer, NodeDecl, Param, ParamType, Wire};
use scenec_ir::{Diagnostic, Type};

use super::fit::Origin;
use super::{Checker, Want};
use crate::resolve::DefId;
use crate::typed::{Body, CutBody, NodeTerm, Shape, Term};

/// Fields of a `cut` item.
pub const CUT: NodeDecl = NodeDecl {
    name: "cut",
    layers: &[Layer::Generation],
    output: Wire::File,
    callable: false,
    params: &[
        Param::new(
            "shots",
            ParamType::Shots,
            "Shots in their order, each whole or with a half-open range of its frames: `[s010, s020[1049..1073]]`. A cut may stand among them.",
        ),
        Param::new("start", ParamType::Int, "Number of the first frame of the sequence.")
            .or(Default::Int(1001))
            .within(-1e9, 1e9),
    ],
    doc: "Shots one after the other, as one sequence of frames.",
    ..NodeDecl::BASE
};

impl Checker<'_, '_> {
    pub(super) fn cut(&mut self, def: DefId, fields: &[Arg]) -> (Type, Shape, Body) {
        let name = self.program[def].name;
        let mut parts = Vec::new();
        let mut scratch = NodeTerm { decl: &CUT, params: Vec::new(), ports: Vec::new(), shot: None };
        let (assigned, whole) = self.assign(fields, &["shots", "start"], None, "cut");
        let mut has_shots = false;
        for (index, arg) in assigned {
            self.note_parameter(arg.name.as_ref(), &CUT);
            if index == 0 {
                has_shots = true;
                let items = match &arg.value.kind {
                    ExprKind::List(items) => items.as_slice(),
                    _ => std::slice::from_ref(&arg.value),
                };
                parts.extend(items.iter().map(|item| self.part_of_cut(item, name.value.as_str())));
            } else if let Some(param) = CUT.params.iter().find(|p| p.name == "start") {
                self.param_arg(&mut scratch, param, &arg.value);
            }
        }
        if whole && !has_shots {
            self.report_missing(&name.value, vec!["shots: List<Shot>".to_owned()], name.span, None);
        }
        // Whoever reads it sees another shot in another frame.
        self.current.timed = true;
        let start = scratch.params.pop().map(|(_, term)| term);
        (Type::Shot, Shape::None, Body::Cut(Box::new(CutBody { parts, start })))
    }

    /// A shot, or frames of one: `s020[1049..1073]`.
    fn part_of_cut(&mut self, item: &Expr, cut: &str) -> (Term, Option<Term>) {
        let (shot, frames) = match &item.kind {
            ExprKind::Index { base, index } => match index.as_slice() {
                [frames] => (&**base, Some(frames)),
                [first, .., last] => {
                    let place = first.span.to(last.span);
                    let message = "a cut takes one range of a shot's frames";
                    let hint = "a half-open range is `[1001..1010]`; a shot may stand there twice: `[s010[1..4], s010[9..12]]`";
                    self.report(Diagnostic::error("E0302", message, place).hint(hint));
                    return (Term::failed(item.span), None);
                }
                [] => unreachable!("an index has a part"),
            },
            _ => (item, None),
        };
        let shot = self.expr(shot, &Want::of(Type::Shot, format!("what `{cut}` shows"), Origin::None));
        let frames = frames.map(|frames| {
            let want = Want::of(Type::Range(Box::new(Type::Int)), "what is taken of a shot", Origin::None);
            let (term, timed) = self.watching_time(|c| c.expr(frames, &want));
            if timed {
                let message = "the frames of a cut can't depend on time";
                let hint = "`t` and `frame` are for what is seen in a frame: things, materials, lights, cameras";
                self.report(Diagnostic::error("E0331", message, term.span).hint(hint));
                return Term::failed(term.span);
            }
            term
        });
        (shot, frames)
    }
}
