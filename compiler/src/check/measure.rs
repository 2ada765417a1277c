//! Tests, gates, budgets, and what they ask of the finished stage.

use scenec_grammar::ast::{Arg, Expr, ExprKind};
use scenec_ir::node::{Default, Giver, Layer, NodeDecl, Param, ParamType, Wire};
use scenec_ir::{Diagnostic, Dimension, Span, Type, nodes};

use super::args::span_of;
use super::fit::{Origin, a};
use super::{Checker, Want};
use crate::ops::FUNCTIONS;
use crate::resolve::{DefId, DefKind};
use crate::typed::{Body, NodeTerm, Shape, Term, TermKind};

/// Fields of a `budget` item. It becomes no node; the declaration serves checker, manual and editors.
pub const BUDGET: NodeDecl = NodeDecl {
    name: "budget",
    layers: &[Layer::Generation],
    callable: false,
    params: &[
        Param::new("triangles", ParamType::Int, "Placed triangles; copies count as often as they stand there.")
            .or(Default::Absent)
            .within(0.0, 1e15),
        Param::new("instances", ParamType::Int, "Pieces: meshes at a place.").or(Default::Absent).within(0.0, 1e15),
        Param::new("lights", ParamType::Int, "Analytic lights: suns, points and spots.")
            .or(Default::Absent)
            .within(0.0, 1e15),
        Param::new("memory", ParamType::Quantity(Dimension::DATA), "Meshes and textures, each once.")
            .or(Default::Absent)
            .within(0.0, 1e18),
        Param::new("textures", ParamType::Quantity(Dimension::DATA), "Textures and the sky's picture, each once.")
            .or(Default::Absent)
            .within(0.0, 1e18),
    ],
    doc: "Limits of the stage.",
    ..NodeDecl::BASE
};

/// Things that an argument without a name may be, in order.
const THINGS: [&str; 3] = ["thing", "from", "to"];

impl Checker<'_, '_> {
    pub(super) fn test(&mut self, def: DefId, gate: bool, says: bool) -> (Type, Shape, Body) {
        if !says {
            let (name, noun) = (self.program[def].name, if gate { "gate" } else { "test" });
            let message = format!("the {noun} `{}` asserts nothing", name.value);
            self.report(Diagnostic::error("E0324", message, name.span).hint("write `assert condition`, or remove it"));
        }
        (Type::Unknown, Shape::None, Body::None)
    }

    pub(super) fn assert(&mut self, condition: &Expr) -> (Type, Shape, Body) {
        let term = self.expr(condition, &Want::of(Type::Bool, "what is asserted", Origin::None));
        (Type::Unknown, Shape::None, Body::Assert(term))
    }

    pub(super) fn budget(&mut self, def: DefId, fields: &[Arg]) -> (Type, Shape, Body) {
        let name = self.program[def].name;
        let limits = self.node_args(&BUDGET, fields, None, None, name.span);
        if fields.is_empty() {
            let names: Vec<&str> = BUDGET.params.iter().map(|p| p.name).collect();
            let hint = format!("it may limit {}", names.join(", "));
            self.report(Diagnostic::error("E0324", "the budget limits nothing", name.span).hint(hint));
        }
        (Type::Unknown, Shape::None, Body::Budget(limits))
    }

    /// `count` of a list, or of pieces of a thing or of the stage.
    pub(super) fn count<'e>(
        &mut self,
        mut args: &'e [Arg],
        mut piped: Option<(&'e Expr, Term)>,
        name_span: Span,
        span: Span,
    ) -> Term {
        if let (None, [Arg { name: None, value }, rest @ ..]) = (&piped, args) {
            piped = Some((value, self.expr(value, &Want::anything())));
            args = rest;
        }
        let pieces = match (&piped, args) {
            (Some((_, term)), _) => matches!(term.ty, Type::Wire(Wire::Thing) | Type::Shot),
            (None, [Arg { name: Some(name), .. }, ..]) => matches!(name.value.as_str(), "thing" | "shot"),
            (None, _) => self.in_test(),
        };
        let function = FUNCTIONS.iter().find(|(n, _, _)| *n == "count");
        match (nodes::find("count").filter(|_| pieces), function) {
            (Some(decl), _) => self.measure(decl, args, piped, name_span, span),
            (None, Some((name, function, form))) => self.call_function(name, *function, form, args, piped, span),
            (None, None) => Term::failed(span),
        }
    }

    fn in_test(&self) -> bool {
        let def = self.current.def;
        let decides = self.program[def].owner.unwrap_or(def);
        matches!(self.program[decides].kind, DefKind::Test { .. })
    }

    /// A question about the finished stage. Arguments without a name are told apart by their types.
    pub(super) fn measure(
        &mut self,
        decl: &'static NodeDecl,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        name_span: Span,
        span: Span,
    ) -> Term {
        self.note_node(name_span, decl);
        if !self.in_test() {
            let message = format!("`{}` asks about the finished stage", decl.name);
            let hint = format!("a test or a gate may ask it: `test \"…\" {{ assert {}(…) … }}`", decl.name);
            self.report(Diagnostic::error("E0323", message, name_span).hint(hint));
            return Term::failed(span);
        }
        let mut node = NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
        let mut given: Vec<(&'static str, Span)> = Vec::new();
        let mut whole = true;
        let mut terms: Vec<(&Expr, Option<&Arg>, Option<Term>)> = Vec::new();
        terms.extend(piped.map(|(expr, term)| (expr, None, Some(term))));
        terms.extend(args.iter().map(|arg| (&arg.value, Some(arg), None)));
        for (value, arg, term) in terms {
            let name = arg.and_then(|arg| arg.name.as_ref());
            let wanted = match (name, arg) {
                (Some(_), Some(arg)) => match self.formal(decl, arg) {
                    Some(wanted) => Some(wanted),
                    None => {
                        whole = false;
                        continue;
                    }
                },
                _ => None,
            };
            self.note_parameter(name, decl);
            let point =
                matches!(value.kind, ExprKind::Tuple(_)).then(|| wanted.or_else(|| free(decl, &given))).flatten();
            let want = match wanted.or(point).and_then(|w| decl.param(w)) {
                Some(param) if decl.port(param.name).is_none() || point.is_some() => Want::param(decl, param),
                _ => Want::anything(),
            };
            let term = term.unwrap_or_else(|| self.expr(value, &want));
            let place = arg.map_or(value.span, span_of);
            match self.take(&mut node, wanted, value, term, &given) {
                Some(taken) => match given.iter().find(|(g, _)| *g == taken) {
                    Some((_, first)) => {
                        let message = format!("`{taken}` of `{}` is given twice", decl.name);
                        let diagnostic = Diagnostic::error("E0306", message, place);
                        self.report(diagnostic.because(*first, "first given here"));
                    }
                    None => given.push((taken, place)),
                },
                None => whole = false,
            }
        }
        if whole {
            self.measure_needs(decl, &given, span);
        }
        let Wire::Reading(reading) = decl.output else { return Term::failed(span) };
        let failed = !whole
            || node.shot.iter().chain(node.params.iter().map(|p| &p.1)).any(|t| t.ty == Type::Unknown)
            || node.ports.iter().flat_map(|p| &p.1).any(|t| t.ty == Type::Unknown);
        if failed {
            return Term::failed(span);
        }
        Term::new(TermKind::Node(Box::new(node)), reading.ty(), span)
    }

    /// The formal name of an argument that has a name.
    fn formal(&mut self, decl: &'static NodeDecl, arg: &Arg) -> Option<&'static str> {
        let names = formals(decl);
        let one = std::slice::from_ref(arg);
        let (assigned, _) = self.assign(one, &names, None, decl.name);
        assigned.first().map(|(index, _)| names[*index])
    }

    /// Puts an argument where its name or type says, and tells where that is.
    fn take(
        &mut self,
        node: &mut NodeTerm,
        wanted: Option<&'static str>,
        value: &Expr,
        term: Term,
        given: &[(&'static str, Span)],
    ) -> Option<&'static str> {
        let decl = node.decl;
        let point = Type::Vec3(Dimension::LENGTH);
        let is_list = |ty: &Type| matches!(ty, Type::List(item) if **item == Type::Wire(Wire::Thing));
        let name = match (wanted, &term.ty) {
            (_, Type::Unknown) => return None,
            (Some(name), _) => name,
            (None, Type::Shot) => "shot",
            (None, _) => {
                free(decl, given).or_else(|| THINGS.into_iter().rfind(|n| decl.port(n).is_some())).unwrap_or("shot")
            }
        };
        let of_camera = format!("{}_camera", name.trim_end_matches("_camera"));
        if let (Type::Wire(Wire::Camera), Some(port)) = (&term.ty, decl.port(&of_camera)) {
            node.ports.push((port, vec![term]));
            return Some(port.name);
        }
        match (decl.param(name), decl.port(name)) {
            (Some(param), None) => {
                let term = self.fit(value, term, &Want::param(decl, param));
                match param.ty {
                    ParamType::Shot => node.shot = Some(term),
                    _ => {
                        if self.value_fits(decl, param, &term, None) {
                            node.params.push((param, term));
                        }
                    }
                }
                Some(param.name)
            }
            (Some(param), Some(_)) if term.ty == point || matches!(value.kind, ExprKind::Tuple(_)) => {
                let term = self.fit(value, term, &Want::param(decl, param));
                node.params.push((param, term));
                Some(param.name)
            }
            (_, Some(port)) => {
                let many = port.arity == scenec_ir::node::Arity::Many && is_list(&term.ty);
                if !many && term.ty != Type::Wire(Wire::Thing) {
                    let takes = match decl.param(port.name) {
                        Some(_) => "a thing, a point or a camera",
                        None => "a thing",
                    };
                    let message = format!("`{}` asks about {takes}, not about {}", decl.name, a(&term.ty));
                    let mut diagnostic = Diagnostic::error("E0302", message, value.span);
                    if matches!(term.ty, Type::Wire(Wire::Camera)) {
                        diagnostic = diagnostic.hint("name a shot: it has a camera, a size and a time");
                    } else {
                        diagnostic = diagnostic.hint(format!("written `{}`", form(decl)));
                    }
                    self.report(diagnostic);
                    return None;
                }
                node.ports.push((port, vec![term]));
                Some(port.name)
            }
            (None, None) => None,
        }
    }

    fn measure_needs(&mut self, decl: &'static NodeDecl, given: &[(&'static str, Span)], span: Span) {
        let has = |name: &str| given.iter().any(|(g, _)| g.trim_end_matches("_camera") == name);
        let optional = matches!(decl.name, "count" | "triangles" | "memory");
        let mut missing = Vec::new();
        for name in THINGS.into_iter().filter(|n| decl.port(n).is_some() && !optional && !has(n)) {
            missing.push(match decl.param(name) {
                Some(_) => format!("{name}: Thing | Point | Camera"),
                None => format!("{name}: Thing"),
            });
        }
        let shot = decl.param("shot").filter(|p| p.default == Default::Required && !has("shot"));
        missing.extend(shot.map(Param::signature));
        self.report_missing(decl.name, missing, span, None);
    }
}

/// The first argument without a name that is not given.
fn free(decl: &NodeDecl, given: &[(&'static str, Span)]) -> Option<&'static str> {
    let is_free = |name: &&str| given.iter().all(|(g, _)| g.trim_end_matches("_camera") != *name);
    THINGS.into_iter().filter(|n| decl.port(n).is_some()).find(is_free)
}

/// How a question is written: `visible(thing, shot)`.
fn form(decl: &NodeDecl) -> String {
    let things = THINGS.into_iter().filter(|n| decl.port(n).is_some());
    let names: Vec<&str> = things.chain(decl.param("shot").map(|p| p.name)).collect();
    format!("{}({})", decl.name, names.join(", "))
}

/// What a call may name: all but what comes from the shot.
fn formals(decl: &'static NodeDecl) -> Vec<&'static str> {
    let ports = decl.ports.iter().filter(|p| p.giver != Giver::Compiler).map(|p| p.name);
    let mut names: Vec<&str> = ports.collect();
    names.extend(decl.params.iter().map(|p| p.name).filter(|n| decl.port(n).is_none()));
    names
}
