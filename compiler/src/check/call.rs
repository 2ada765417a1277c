//! Calls.

use scenec_grammar::ast::{Arg, Expr, ExprKind, Ident};
use scenec_ir::node::{Layer, NodeDecl, ParamType, Wire};
use scenec_ir::nodes::measure::is_measure;
use scenec_ir::{Diagnostic, Dimension, Edit, Fix, Span, Type, Value, nodes};

use super::args::is_formal;
use super::fit::{Origin, Purpose};
use super::path::Path;
use super::{Checker, Want};
use crate::ops::{self, FUNCTIONS};
use crate::resolve::{DefId, DefKind};
use crate::typed::{FigureTerm, Layers, Shape, Term, TermKind};

impl Checker<'_, '_> {
    pub(super) fn call(&mut self, callee: &Expr, args: &[Arg], piped: Option<(&Expr, Term)>, span: Span) -> Term {
        match &callee.kind {
            ExprKind::Name(name) => self.call_name(name, callee.span, args, piped, span),
            ExprKind::Field { base, name } => {
                let base_path = self.path(base, &Want::anything());
                self.call_field(base_path, name, args, piped, span)
            }
            ExprKind::Error => Term::failed(span),
            _ => self.error("E0310", "only a name can be called", callee.span),
        }
    }

    fn call_name(
        &mut self,
        name: &str,
        name_span: Span,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        span: Span,
    ) -> Term {
        if let Some(def) = self.program.callable(self.current.def, name) {
            return self.call_def(def, args, piped, name_span, span);
        }
        if name == "count" {
            return self.count(args, piped, name_span, span);
        }
        if let Some((_, function, form)) = FUNCTIONS.iter().find(|(n, _, _)| *n == name) {
            return self.call_function(name, *function, form, args, piped, span);
        }
        match nodes::find(name).filter(|_| !name.contains('.')) {
            Some(decl) if decl.callable && is_measure(decl) => self.measure(decl, args, piped, name_span, span),
            Some(decl) if decl.callable => self.node(decl, args, piped, None, name_span, span),
            Some(decl) => {
                let message = format!("`{name}` can't be called");
                let hint = decl.doc.lines().last().unwrap_or_default();
                self.report(Diagnostic::error("E0310", message, name_span).hint(hint));
                Term::failed(span)
            }
            None => {
                let value = match self.program.lookup(self.current.def, name) {
                    crate::resolve::Found::Def(def) => Some(def),
                    _ => None,
                };
                match value {
                    Some(def) => self.not_callable(def, name_span, args, span),
                    None => self.unknown_call(name, name_span, args, span),
                }
                Term::failed(span)
            }
        }
    }

    fn call_field(&mut self, base: Path, name: &Ident, args: &[Arg], piped: Option<(&Expr, Term)>, span: Span) -> Term {
        match base {
            Path::Failed => Term::failed(span),
            Path::Module(module) => match self.item_of(module, &name.value, name.span) {
                Some(def) => self.call_def(def, args, piped, name.span, span),
                None => {
                    let public: Vec<&str> = self.program.scope(module).public.keys().copied().collect();
                    let path = &self.loaded.modules[module].path;
                    let message = format!("the module `{path}` has no item `{}`", name.value);
                    let diagnostic = Diagnostic::error("E0205", message, name.span);
                    self.report(Self::suggest(diagnostic, &name.value, name.span, &public));
                    Term::failed(span)
                }
            },
            Path::Term(term) => match term.ty {
                Type::Unknown => Term::failed(span),
                Type::Asset => self.asset_method(term, name, args, piped, span),
                Type::Wire(Wire::Thing) if name.value == "part" => match args {
                    [Arg { name: None, value: Expr { kind: ExprKind::Text(parts), span: text } }] => {
                        let part: String = parts
                            .iter()
                            .map(|p| match p {
                                scenec_grammar::ast::TextPart::Literal(t) => t.as_str(),
                                scenec_grammar::ast::TextPart::Hole { .. } => "",
                            })
                            .collect();
                        self.part(term, &part, *text, span)
                    }
                    _ => self.error("E0304", "`part` takes one text: `hero.part(\"name\")`", name.span),
                },
                Type::Wire(Wire::Thing) if name.value == "point" => {
                    let message = "a point on a thing stands behind `at` only: `ball at land.point(1m, 2m)`";
                    self.error("E0310", message, span)
                }
                ty => {
                    self.unknown_method(&ty, name, span);
                    Term::failed(span)
                }
            },
            Path::Poses(_) | Path::Def(_) => {
                self.error("E0310", format!("`{}` can't be called", name.value), name.span)
            }
        }
    }

    fn asset_method(
        &mut self,
        asset: Term,
        name: &Ident,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        span: Span,
    ) -> Term {
        let full = format!("gltf.{}", name.value);
        match nodes::find(&full) {
            Some(decl) => self.node(decl, args, piped, Some(asset), name.span, span),
            None => {
                let methods: Vec<&str> = nodes::all().iter().filter_map(|d| d.name.strip_prefix("gltf.")).collect();
                let message = format!("an asset has no `{}`", name.value);
                let diagnostic = Diagnostic::error("E0216", message, name.span);
                self.report(Self::suggest(diagnostic, &name.value, name.span, &methods));
                Term::failed(span)
            }
        }
    }

    fn node(
        &mut self,
        decl: &'static NodeDecl,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        asset: Option<Term>,
        name_span: Span,
        span: Span,
    ) -> Term {
        self.note_node(name_span, decl);
        self.restrict(Layers::of(decl.layers), Some((name_span, decl.name)), name_span);
        let asset_def = asset.as_ref().and_then(super::args::asset_of);
        let flows = piped.as_ref().map(|(_, term)| term.ty.clone());
        let node = self.node_args(decl, args, piped, asset, span);
        // What a picture of another kind becomes is known only when that is mended.
        if let (Some(Type::Wire(Wire::Image(_))), Some((_, terms))) = (flows, node.ports.first())
            && terms.iter().any(|t| t.ty == Type::Unknown)
        {
            return Term::failed(span);
        }
        self.current.timed |= decl.timed && plays(&node.params);
        let asset_def = asset_def.or_else(|| {
            let given = node.params.iter().find(|(p, _)| p.ty == ParamType::Asset);
            given.and_then(|(_, t)| super::args::asset_of(t))
        });
        let shape = match (decl.output, asset_def) {
            (Wire::Thing, Some(asset)) => Shape::Asset(asset),
            (Wire::Thing, None) => Shape::Decl(decl),
            _ => Shape::None,
        };
        Term { kind: TermKind::Node(Box::new(node)), ty: Type::Wire(decl.output), shape, span }
    }

    pub(super) fn call_function(
        &mut self,
        name: &str,
        function: ops::Function,
        form: &str,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        span: Span,
    ) -> Term {
        let mut terms: Vec<Term> = piped.into_iter().map(|(_, t)| t).collect();
        for arg in args {
            terms.push(self.expr(&arg.value, &Want::anything()));
        }
        if self.named_arguments(args, form) {
            return Term::failed(span);
        }
        let types: Vec<Type> = terms.iter().map(|t| t.ty.clone()).collect();
        // `sin(30)`, `kelvin(6500)`
        let takes = |d: &Dimension| ops::function_type(function, &[Type::Quantity(*d)]).is_some();
        if let ([Type::Int | Type::Quantity(_)], [arg]) = (types.as_slice(), args)
            && ops::function_type(function, &types).is_none()
            && let Some(dimension) = [Dimension::ANGLE, Dimension::TEMPERATURE].into_iter().find(takes)
        {
            let want = Want::of(
                Type::Quantity(dimension),
                format!("the argument of `{name}`"),
                Origin::Declared(form.to_owned()),
            );
            if let Some(term) = terms.pop() {
                self.fit(&arg.value, term, &want);
            }
            return Term::failed(span);
        }
        match ops::function_type(function, &types) {
            Some(Type::Unknown) => Term::failed(span),
            Some(ty) => self.fold(Term::new(TermKind::Function(function, terms), ty, span)),
            None => {
                let given = types.iter().map(Type::to_string).collect::<Vec<_>>().join(", ");
                let message = format!("`{name}` does not take ({given})");
                let time = Type::Quantity(Dimension::TIME);
                let hint = match types.contains(&time) && form.contains("Ratio") {
                    true => format!("a time is made a number by dividing it, `t / 2s`; declared as `{form}`"),
                    false => format!("declared as `{form}`"),
                };
                self.report(Diagnostic::error("E0303", message, span).hint(hint));
                Term::failed(span)
            }
        }
    }

    /// Reports names in front of the arguments of a function, all of them as one mistake. True when there are any.
    fn named_arguments(&mut self, args: &[Arg], form: &str) -> bool {
        let Some(first) = args.iter().find_map(|arg| arg.name.as_ref()) else { return false };
        let mut diagnostic = Diagnostic::error("E0203", "arguments of functions have no names", first.span)
            .hint(format!("declared as `{form}`"));
        let declared = form.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(names, _)| names);
        let declared = declared.split(", ").map(|one| one.split(':').next().unwrap_or_default());
        if declared.eq(args.iter().filter_map(|arg| arg.name.as_ref()).map(|name| name.value.as_str())) {
            let names = args.iter().filter_map(|arg| Some((arg.name.as_ref()?, &arg.value)));
            let edits = names
                .map(|(name, value)| Edit { span: Span { end: value.span.start, ..name.span }, text: String::new() });
            diagnostic.fix = Some(Fix { title: "remove the names".to_owned(), edits: edits.collect() });
        }
        self.report(diagnostic);
        true
    }

    pub(super) fn call_def(
        &mut self,
        def: DefId,
        args: &[Arg],
        piped: Option<(&Expr, Term)>,
        name_span: Span,
        span: Span,
    ) -> Term {
        let program = self.program;
        let noun = program[def].kind.noun();
        self.note(name_span, def);
        match program[def].kind {
            DefKind::Component | DefKind::Bible | DefKind::Function { .. } | DefKind::Image { .. } => {}
            DefKind::Failed => {
                self.own.used(def);
                return Term::failed(span);
            }
            _ => {
                self.own.used(def);
                let message = format!("the {noun} `{}` can't be called", program[def].name.value);
                return self.error("E0310", message, name_span);
            }
        }
        self.read(def, name_span);
        let callee = &program[def].name.value;
        let formals: Vec<DefId> =
            program.members(def).iter().copied().filter(|m| is_formal(&program[*m].kind)).collect();
        let mut names: Vec<&str> = formals.iter().map(|f| program[*f].name.value.as_str()).collect();
        let figure = nodes::find("figure");
        let mut extra: Vec<&'static scenec_ir::node::Param> = Vec::new();
        if matches!(program[def].kind, DefKind::Bible)
            && let Some(figure) = figure
        {
            let own = ["asset", "skin", "node", "variant", "height"];
            extra.extend(figure.params.iter().filter(|p| !own.contains(&p.name) && !names.contains(&p.name)));
        }
        names.extend(extra.iter().map(|p| p.name));
        let first =
            formals.iter().position(|f| matches!(self.info(*f).body, crate::typed::Body::Param { default: None, .. }));
        let first = first.filter(|_| piped.is_none());
        let (assigned, whole) = self.assign(args, &names, first, callee);
        let mut given = Vec::new();
        let mut filled = whole;
        if let Some((input, term)) = piped {
            match formals.first() {
                Some(formal) => {
                    let ty = self.info(*formal).ty.clone();
                    let origin = Origin::Formal(*formal, ty.clone());
                    let want = Want::of(ty, Purpose::OfDef(*formal, def), origin);
                    given.push((*formal, self.fit(input, term, &want)));
                    filled = false;
                }
                None => {
                    let message = format!("nothing can flow into `{callee}`");
                    self.report(Diagnostic::error("E0310", message, span));
                }
            }
        }
        given.extend(self.def_args(def, &formals, &assigned, filled, span));
        if self.is_busy(def) {
            return Term::failed(span);
        }
        let info = self.info(def);
        let (ty, shape) = (info.ty.clone(), info.shape.clone());
        match program[def].kind {
            DefKind::Component => Term { kind: TermKind::Expand(def, given), ty, shape, span },
            DefKind::Function { .. } | DefKind::Image { .. } => {
                Term { kind: TermKind::Call(def, given), ty, shape, span }
            }
            _ => {
                let mut params = Vec::new();
                for (index, arg) in &assigned {
                    let Some(param) = index.checked_sub(formals.len()).and_then(|i| extra.get(i)) else { continue };
                    let Some(figure) = figure else { continue };
                    self.note_parameter(arg.name.as_ref(), figure);
                    let mut want = Want::param(figure, param);
                    want.what = format!("`{}` of `{callee}`", param.name).into();
                    want.poses = Some(def);
                    let term = self.expr(&arg.value, &want);
                    let asset = match &shape {
                        Shape::Asset(asset) => Some(*asset),
                        _ => None,
                    };
                    self.pose_fits(&term, asset);
                    if self.value_fits(figure, param, &term, asset) {
                        params.push((*param, term));
                    }
                }
                self.current.timed |= plays(&params);
                self.restrict(Layers::of(&[Layer::Character]), Some((name_span, "figure")), name_span);
                let kind = TermKind::Figure(Box::new(FigureTerm { bible: def, args: given, params }));
                Term { kind, ty, shape, span }
            }
        }
    }

    /// A pose must turn joints that the figure has.
    fn pose_fits(&mut self, term: &Term, asset: Option<DefId>) {
        let (TermKind::Ref(pose), Some(asset)) = (&term.kind, asset) else { return };
        let DefKind::Pose(channels) = self.program[*pose].kind else { return };
        let program = self.program;
        let Some(owner) = program[*pose].owner else { return };
        let same = matches!(&self.info(owner).shape, Shape::Asset(own) if *own == asset);
        let Some(index) = self.index(asset).cloned() else { return };
        if same {
            return;
        }
        for (path, _) in channels {
            let Some((_, joint)) = path.split_last() else { continue };
            let joint = joint.iter().map(|i| i.value.as_str()).collect::<Vec<_>>().join(".");
            if !super::bible::has_joint(&index, &joint) {
                let message = format!(
                    "the pose `{}` turns `{joint}`, which `{}` does not have",
                    program[*pose].name.value, index.path
                );
                self.report(Diagnostic::error("E0214", message, term.span));
                return;
            }
        }
    }

    /// A text that is known now.
    pub(super) fn literal(&mut self, term: &Term) -> Option<String> {
        match term.value() {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        }
    }
}

/// True for what shows a clip at the time of the frame.
fn plays(params: &[(&'static scenec_ir::node::Param, Term)]) -> bool {
    let given = |name: &str| params.iter().any(|(p, _)| p.name == name);
    given("clip") && !given("time")
}
