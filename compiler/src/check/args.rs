//! Arguments of nodes, components, bibles and images.

use scenec_grammar::ast::{Arg, Expr, ExprKind};
use scenec_ir::node::{Arity, Default, Giver, NodeDecl, Param, ParamType, Port};
use scenec_ir::{Diagnostic, Span, Type, names};

use super::fit::{Origin, Purpose, shown};
use super::{Checker, Want};
use crate::resolve::{DefId, DefKind};
use crate::typed::{NodeTerm, Shape, Term, TermKind};

/// Parameters of other tools whose work a clause does.
const PLACES: [&str; 7] = ["position", "pos", "location", "translation", "translate", "center", "origin"];
const ROTATIONS: [&str; 5] = ["rotation", "orientation", "rotation_euler", "euler", "quaternion"];

/// Place of an argument: from its name to the end of its value.
pub(super) fn span_of(arg: &Arg) -> Span {
    arg.name.as_ref().map_or(arg.value.span, |name| name.span.to(arg.value.span))
}

impl Checker<'_, '_> {
    /// Gives every argument its formal name, by index into `names`. An argument without a name goes to `first`. False when
    /// one has no place: then no missing argument is reported, since it may be the one.
    pub(super) fn assign<'e>(
        &mut self,
        args: &'e [Arg],
        names: &[&str],
        first: Option<usize>,
        callee: &str,
    ) -> (Vec<(usize, &'e Arg)>, bool) {
        let mut assigned: Vec<(usize, &Arg)> = Vec::new();
        let mut whole = true;
        let mut unnamed = false;
        for (position, arg) in args.iter().enumerate() {
            let index = match &arg.name {
                None => match first.filter(|_| position == 0) {
                    Some(index) => index,
                    // The same mistake in every argument is one.
                    None if std::mem::replace(&mut unnamed, true) => continue,
                    None => {
                        let message = format!("this argument of `{callee}` needs its name");
                        let mut diagnostic = Diagnostic::error("E0307", message, arg.value.span);
                        let free: Vec<_> =
                            names.iter().enumerate().filter(|(i, _)| assigned.iter().all(|(a, _)| a != i)).collect();
                        diagnostic = match free.as_slice() {
                            [] => diagnostic.hint("it takes no more"),
                            free => diagnostic.hint(format!(
                                "write `name: value`; the names are {}",
                                free.iter().map(|(_, n)| **n).collect::<Vec<_>>().join(", ")
                            )),
                        };
                        self.report(diagnostic);
                        whole = false;
                        continue;
                    }
                },
                Some(name) => match names.iter().position(|n| *n == name.value) {
                    Some(index) => index,
                    None => {
                        let message = format!("`{callee}` has no parameter `{}`", name.value);
                        let diagnostic = Diagnostic::error("E0203", message, name.span);
                        let elsewhere = scenec_ir::nodes::synonyms::parameters(&name.value);
                        // What is given already is not meant.
                        let is_free = |n: &&str| args.iter().all(|a| a.name.as_ref().is_none_or(|g| g.value != **n));
                        let elsewhere = elsewhere.iter().copied().find(|n| names.contains(n) && is_free(n));
                        let free = names.iter().copied().filter(is_free);
                        let diagnostic = match names::closest(&name.value, free).or(elsewhere) {
                            // Which is nearly `fov`.
                            _ if name.value == "fog" => diagnostic.hint(
                                "fog is around everything: `air = height_fog(density: 0.02/m, height: 3m)` in an `environment`",
                            ),
                            Some(close) => diagnostic.hint(format!("did you mean `{close}`?")).fix(
                                format!("write `{close}`"),
                                name.span,
                                close,
                            ),
                            None if scenec_grammar::words::CLAUSES.contains(&name.value.as_str()) => {
                                let clause = name.value.as_str();
                                diagnostic.hint(format!("`{clause}` stands behind the call: `{callee}(…) {clause} …`"))
                            }
                            None if ROTATIONS.contains(&name.value.as_str()) => diagnostic.hint(format!(
                                "a rotation stands behind the call: `{callee}(…) rotate (0deg, 45deg, 0deg)`"
                            )),
                            None if PLACES.contains(&name.value.as_str()) => {
                                diagnostic.hint(format!("a place stands behind the call: `{callee}(…) at (x, y, z)`"))
                            }
                            None if name.value == "diameter" && names.contains(&"radius") => {
                                diagnostic.hint("it has `radius`, which is half of the diameter")
                            }
                            None if names.contains(&"material")
                                && matches!(name.value.as_str(), "color" | "colour" | "roughness" | "texture") =>
                            {
                                diagnostic.hint("looks belong to a material: `material: paint(color: #ff8800)`")
                            }
                            None if names.is_empty() => diagnostic.hint("it takes none"),
                            None => diagnostic.hint(format!("it has: {}", names.join(", "))),
                        };
                        self.report(diagnostic);
                        whole = false;
                        continue;
                    }
                },
            };
            if let Some((_, first)) = assigned.iter().find(|(i, _)| *i == index) {
                let message = format!("`{}` of `{callee}` is given twice", names[index]);
                let diagnostic =
                    Diagnostic::error("E0306", message, span_of(arg)).because(span_of(first), "first given here");
                self.report(diagnostic);
                continue;
            }
            assigned.push((index, arg));
        }
        (assigned, whole)
    }

    /// A call of a declaration. `asset` is what stands before the dot.
    pub(super) fn node_args(
        &mut self,
        decl: &'static NodeDecl,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        asset: Option<Term>,
        span: Span,
    ) -> NodeTerm {
        let mut names: Vec<&str> = Vec::new();
        for param in decl.params {
            if !(param.ty == ParamType::Asset && asset.is_some()) {
                names.push(param.name);
            }
        }
        let ports = || decl.ports.iter().filter(|p| p.giver != Giver::Compiler);
        names.extend(ports().map(|p| p.name).filter(|n| decl.param(n).is_none()));
        let needs = |name: &str| {
            decl.param(name).is_some_and(|p| p.default == Default::Required)
                || decl.port(name).is_some_and(|p| decl.needs(p))
        };
        let first_many = || ports().find(|p| p.arity == Arity::Many).map(|p| p.name);
        let first = names
            .iter()
            .position(|n| needs(n) && !(piped.is_some() && decl.port(n).is_some()))
            .or_else(|| names.iter().position(|n| Some(*n) == first_many()));
        let callee = shown(decl.name);
        if let Some(param) = first.and_then(|i| decl.param(names[i]))
            && self.vector_in_parts(callee, args, &super::fit::type_of(decl, param))
        {
            return NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
        }
        let (assigned, whole) = self.assign(args, &names, first, callee);
        let mut node = NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
        if let (Some(asset), Some(param)) = (asset, decl.params.iter().find(|p| p.ty == ParamType::Asset)) {
            node.params.push((param, asset));
        }
        if let Some((input, term)) = piped {
            match ports().find(|p| decl.needs(p) && p.arity == Arity::One) {
                Some(port) => {
                    let term = self.fit(input, term, &Want::port(decl, port));
                    node.ports.push((port, vec![term]));
                }
                None => {
                    let message = format!("nothing can flow into `{callee}`");
                    self.report(Diagnostic::error("E0310", message, span));
                }
            }
        }
        for (index, arg) in assigned {
            let name = names[index];
            self.note_parameter(arg.name.as_ref(), decl);
            match (decl.param(name), decl.port(name)) {
                (Some(param), Some(port)) => {
                    let as_value = matches!(
                        arg.value.kind,
                        ExprKind::Tuple(_) | ExprKind::Number { .. } | ExprKind::Unary { .. } | ExprKind::Binary { .. }
                    );
                    if as_value {
                        self.param_arg(&mut node, param, &arg.value);
                        continue;
                    }
                    let term = self.expr(&arg.value, &Want::anything());
                    if matches!(term.ty.present(), Type::Wire(_)) {
                        let term = self.fit(&arg.value, term, &Want::port(decl, port));
                        self.part_fits(decl, port, &term);
                        node.ports.push((port, vec![term]));
                    } else {
                        let term = self.fit(&arg.value, term, &Want::param(decl, param));
                        self.take_param(&mut node, param, term);
                    }
                }
                (Some(param), None) => self.param_arg(&mut node, param, &arg.value),
                (None, Some(port)) => {
                    if node.ports.iter().any(|(p, _)| p.name == port.name) {
                        let message = format!("`{name}` of `{callee}` is given twice");
                        let hint = "it comes through `|>` already";
                        self.report(Diagnostic::error("E0306", message, span_of(arg)).hint(hint));
                        continue;
                    }
                    self.port_arg(&mut node, port, &arg.value);
                }
                (None, None) => {}
            }
        }
        if whole {
            self.missing(&node, span);
            let given = |name: &str| {
                let (_, term) = node.params.iter().find(|(p, _)| p.name == name)?;
                Some((term.value(), term.span))
            };
            // What may be `none` is known to be given only when the graph is made, which asks again.
            if !node.params.iter().any(|(_, term)| term.ty.is_optional()) {
                self.own.diagnostics.extend(crate::rules::broken(decl, callee, span, given));
            }
        }
        node
    }

    pub(super) fn param_arg(&mut self, node: &mut NodeTerm, param: &'static Param, value: &Expr) {
        // One member alone is a list of one.
        let alone = match (&param.ty, &value.kind) {
            (ParamType::Members(members), ExprKind::Name(name)) if members.contains(&name.as_str()) => {
                Some(Expr { kind: ExprKind::List(vec![value.clone()]), span: value.span })
            }
            _ => None,
        };
        let value = alone.as_ref().unwrap_or(value);
        let (mut term, timed) = self.watching_time(|c| c.expr(value, &Want::param(node.decl, param)));
        if timed && matches!(node.decl.name, "shot" | "output" | "cut") {
            self.report(
                Diagnostic::error("E0331", format!("`{}` can't depend on time", param.name), value.span)
                    .label("must be known before any frame is")
                    .hint(
                        "`t`, `frame` and curves are for what is seen in a frame: things, materials, lights, cameras",
                    ),
            );
            term = Term::failed(value.span);
        }
        self.take_param(node, param, term);
    }

    fn take_param(&mut self, node: &mut NodeTerm, param: &'static Param, term: Term) {
        let asset = node.params.iter().find(|(p, _)| p.ty == ParamType::Asset).and_then(|(_, t)| asset_of(t));
        let fits = self.value_fits(node.decl, param, &term, asset);
        let term = if fits { term } else { Term::failed(term.span) };
        if param.ty == ParamType::Shot {
            node.shot = Some(term);
        } else {
            node.params.push((param, term));
        }
    }

    pub(super) fn port_arg(&mut self, node: &mut NodeTerm, port: &'static Port, value: &Expr) {
        let mut want = Want::port(node.decl, port);
        // Of several, some may be `none`.
        want.may_lack |= matches!(&value.kind, ExprKind::List(items) if items.len() > 1);
        self.port_value(node, port, value, &want);
    }

    /// What is given to a port, as that is wanted.
    pub(super) fn port_value(&mut self, node: &mut NodeTerm, port: &'static Port, value: &Expr, want: &Want) {
        let items: Vec<&Expr> = match (&value.kind, port.arity) {
            (ExprKind::List(items), Arity::Some | Arity::Many) => items.iter().collect(),
            _ => vec![value],
        };
        let mut terms = Vec::new();
        for item in items {
            let term = match port.arity {
                Arity::Some | Arity::Many => {
                    let term = self.expr(item, &Want::anything());
                    match &term.ty {
                        Type::List(inner)
                            if *inner.present() == Type::Wire(port.wire) && (want.may_lack || !inner.is_optional()) =>
                        {
                            term
                        }
                        _ => self.fit(item, term, want),
                    }
                }
                _ => self.expr(item, want),
            };
            self.part_fits(node.decl, port, &term);
            terms.push(term);
        }
        node.ports.push((port, terms));
    }

    fn part_fits(&mut self, decl: &NodeDecl, port: &Port, term: &Term) {
        if !matches!(term.kind, TermKind::Part(..)) {
            return;
        }
        let name = format!("`{}` of `{}`", port.name, shown(decl.name));
        if !port.takes_part {
            let message = format!("{name} takes a whole thing, not a part of one");
            self.report(Diagnostic::error("E0302", message, term.span).hint("name the thing without its part"));
        } else if !port.takes_place && matches!(term.shape, Shape::None) {
            let place = self.loaded.sources.text(term.span);
            let message = format!("{name} takes what has a shape, and `{place}` is a place");
            self.report(
                Diagnostic::error("E0302", message, term.span).hint("name the thing, or a part of it that has pieces"),
            );
        }
    }

    fn missing(&mut self, node: &NodeTerm, span: Span) {
        let decl = node.decl;
        let mut missing: Vec<String> = Vec::new();
        for param in decl.params {
            let given = match param.ty {
                ParamType::Shot => node.shot.is_some(),
                _ => node.params.iter().any(|(p, _)| p.name == param.name),
            };
            if param.default == Default::Required && !given {
                missing.push(param.signature());
            }
        }
        for port in decl.ports {
            if decl.needs(port) && !node.ports.iter().any(|(p, _)| p.name == port.name) {
                missing.push(port.signature());
            }
        }
        self.report_missing(shown(decl.name), missing, span, None);
    }

    pub(super) fn report_missing(
        &mut self,
        callee: &str,
        missing: Vec<String>,
        span: Span,
        decl: Option<(Span, &str)>,
    ) {
        if missing.is_empty() {
            return;
        }
        let names: Vec<_> = missing.iter().map(|m| format!("`{}`", m.split(':').next().unwrap_or_default())).collect();
        let message = format!("`{callee}` needs {}", names.join(" and "));
        let mut diagnostic =
            Diagnostic::error("E0304", message, span).hint(format!("declared as `{}`", missing.join(", ")));
        if let Some((place, text)) = decl {
            diagnostic = diagnostic.because(place, text);
        }
        self.report(diagnostic);
    }

    /// Arguments of a component, bible or image: parameters that are definitions themselves.
    pub(super) fn def_args(
        &mut self,
        owner: DefId,
        formals: &[DefId],
        args: &[(usize, &Arg)],
        whole: bool,
        span: Span,
    ) -> Vec<(DefId, Term)> {
        let program = self.program;
        let callee = &program[owner].name.value;
        let mut given: Vec<(DefId, Term)> = Vec::new();
        for (index, arg) in args {
            let Some(formal) = formals.get(*index).copied() else { continue };
            let name = program[formal].name;
            arg.name.iter().for_each(|written| self.note(written.span, formal));
            let ty = self.info(formal).ty.clone();
            let mut want = Want::of(ty.clone(), Purpose::OfDef(formal, owner), Origin::Formal(formal, ty));
            want.may_lack = matches!(self.info(formal).body, crate::typed::Body::Param { default: Some(_), .. });
            let term = self.expr(&arg.value, &want);
            self.limits_fit(formal, &term);
            if let DefKind::Field { locked: Some(_), .. } = self.program[formal].kind {
                self.locked(formal, &format!("`{}` of `{callee}`", name.value), span_of(arg));
            }
            given.push((formal, term));
        }
        let missing: Vec<_> = formals
            .iter()
            .filter(|f| !given.iter().any(|(g, _)| g == *f))
            .filter(|f| {
                let body = &self.info(**f).body;
                matches!(body, crate::typed::Body::Param { default: None, .. })
            })
            .copied()
            .collect();
        let missing: Vec<_> = missing
            .into_iter()
            .map(|f| format!("{}: {}", self.program[f].name.value, self.info(f).ty.clone()))
            .collect();
        if whole {
            let place = self.program[owner].name.span;
            self.report_missing(callee, missing, span, Some((place, "declared here")));
        }
        given
    }

    /// A constant within the limits of a parameter.
    pub(super) fn limits_fit(&mut self, formal: DefId, term: &Term) {
        let crate::typed::Body::Param { range: Some(limits), .. } = self.info(formal).body else { return };
        let name = self.program[formal].name.value.clone();
        if let Some(value) = term.value()
            && let Some(diagnostic) = crate::value::limits_error(&name, value, &limits, term.span)
        {
            self.report(diagnostic);
        }
    }
}

/// The asset that a term names.
pub(crate) fn asset_of(term: &Term) -> Option<DefId> {
    match (&term.kind, &term.shape) {
        (_, Shape::Asset(def)) => Some(*def),
        (TermKind::Ref(def), _) => Some(*def),
        _ => None,
    }
}

/// True for definitions that are parameters of their owner.
pub(crate) fn is_formal(kind: &DefKind<'_>) -> bool {
    matches!(kind, DefKind::Param(_) | DefKind::Field { ty: Some(_), .. } | DefKind::Variant { .. })
}
