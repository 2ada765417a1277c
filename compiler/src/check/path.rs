//! Names and dotted names.

use scenec_grammar::ast::{Expr, ExprKind, Ident};
use scenec_ir::node::Wire;
use scenec_ir::types::BOUNDS_FIELDS;
use scenec_ir::{Diagnostic, Dimension, Layer, Span, Type, Value};

use super::{Checker, Want};
use crate::resolve::{DefId, DefKind, Found};
use crate::typed::{Shape, Term, TermKind};

/// Places that every thing has.
pub(crate) const PLACES: &[&str] = &["top", "bottom", "center"];

/// What a dotted name leads to.
pub(super) enum Path {
    /// A value.
    Term(Term),
    /// A module.
    Module(usize),
    /// `mira.poses`: poses by name.
    Poses(Vec<DefId>),
    /// Something that is no value: a component, a bible, an enumeration, a layer, an image with parameters.
    Def(DefId),
    /// Has its error.
    Failed,
}

impl Checker<'_, '_> {
    /// Follows a name.
    pub(super) fn path(&mut self, expr: &Expr, want: &Want) -> Path {
        match self.led_to(expr, want) {
            Path::Term(term) if !self.narrowed.is_empty() => Path::Term(self.narrowed(expr, term)),
            path => path,
        }
    }

    fn led_to(&mut self, expr: &Expr, want: &Want) -> Path {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, expr.span, want),
            ExprKind::Field { base, name } => {
                // `out.png` without its quotes is no path of names.
                let inner = want.ty.clone().filter(|ty| *ty == Type::Text);
                let base = self.path(base, &want.with(inner));
                self.field(base, name, expr.span)
            }
            _ => Path::Term(self.expr(expr, &Want::anything())),
        }
    }

    fn name(&mut self, name: &str, span: Span, want: &Want) -> Path {
        if let Some(term) = self.variable(name, span) {
            return Path::Term(term);
        }
        if let Some(Type::Enum(ty)) = &want.ty
            && ty.members.iter().any(|m| m == name)
        {
            self.note_member(span, ty, name);
            let ty = Type::Enum(ty.clone());
            return Path::Term(Term::constant(Value::Member(name.to_owned()), ty, span));
        }
        if let (Some(Type::Pose), Some(bible)) = (&want.ty, want.poses)
            && let Some(pose) = self.program.member(bible, name)
            && matches!(self.program[pose].kind, DefKind::Pose(_))
        {
            return self.of_def(pose, span);
        }
        match self.program.lookup(self.current.def, name) {
            Found::Def(def) => self.of_def(def, span),
            Found::Ambiguous(defs) => {
                self.ambiguous(name, &defs, span);
                Path::Failed
            }
            Found::Nothing => {
                if let Some(now) = self.clock(name, span) {
                    return Path::Term(now);
                }
                if name == "none" {
                    return Path::Term(Term::constant(Value::None, Type::none(), span));
                }
                if want.ty == Some(Type::Unknown) {
                    // A member of an enumeration whose name has an error.
                    return Path::Failed;
                }
                if let Some(Type::Enum(ty)) = &want.ty {
                    let members: Vec<&str> = ty.members.iter().map(String::as_str).collect();
                    let message = format!("`{name}` is no member of `{}`", ty.name);
                    let diagnostic = Diagnostic::error("E0210", message, span);
                    self.report(Self::suggest(diagnostic, name, span, &members));
                    return Path::Failed;
                }
                let callable = scenec_ir::nodes::find(name).is_some_and(|d| d.callable);
                let diagnostic = Diagnostic::error("E0201", format!("nothing here has the name `{name}`"), span);
                let is_color = matches!(want.ty, Some(Type::Color)) && crate::hints::named_color(name).is_some();
                let diagnostic = if callable && !is_color {
                    diagnostic.hint(format!("`{name}` is a node: call it, `{name}(…)`"))
                } else {
                    let locals: Vec<String> = self.locals.iter().map(|l| l.name.value.clone()).collect();
                    let mut visible = self.program.visible(self.current.def);
                    visible.extend(locals.iter().map(String::as_str));
                    let all: Vec<&str>;
                    match (&want.ty, want.poses) {
                        (Some(Type::Pose), Some(bible)) => {
                            all = self
                                .program
                                .members(bible)
                                .iter()
                                .filter(|m| matches!(self.program[**m].kind, DefKind::Pose(_)))
                                .map(|m| self.program[*m].name.value.as_str())
                                .collect();
                            Self::suggest(diagnostic, name, span, &all)
                        }
                        _ => self.name_hint(diagnostic, name, span, want, &visible),
                    }
                };
                self.report(diagnostic);
                Path::Failed
            }
        }
    }

    /// Reports a name that things of several layers have.
    pub(super) fn ambiguous(&mut self, name: &str, defs: &[DefId], span: Span) {
        let paths: Vec<_> = defs.iter().map(|d| self.program.path_of(*d).replace('/', ".")).collect();
        let message = format!("`{name}` may be any of {}", paths.join(", "));
        let mut diagnostic = Diagnostic::error("E0215", message, span).hint("say which: `layer.thing`");
        for def in defs {
            let place = self.program[*def].name.span;
            diagnostic = diagnostic.because(place, format!("`{}`", self.program.path_of(*def)));
            self.own.used(*def);
        }
        self.report(diagnostic);
    }

    /// The thing of a layer block, or an error that lists what there is.
    pub(super) fn thing_of_layer(&mut self, block: DefId, name: &str, span: Span) -> Option<DefId> {
        let member = self.program.member(block, name);
        let found = member.filter(|m| !matches!(self.program[*m].kind, DefKind::Let(_)));
        if found.is_none() {
            let members = self.program.members(block).iter();
            let members = members.filter(|m| !matches!(self.program[**m].kind, DefKind::Override(_)));
            let things: Vec<&str> = members.map(|m| self.program[*m].name.value.as_str()).collect();
            let message = format!("the layer `{}` has no thing `{name}`", self.program[block].name.value);
            let diagnostic = Diagnostic::error("E0207", message, span);
            self.report(Self::suggest(diagnostic, name, span, &things));
        }
        found
    }

    /// The value of a definition.
    pub(super) fn of_def(&mut self, def: DefId, span: Span) -> Path {
        let program = self.program;
        self.note(span, def);
        match &program[def].kind {
            DefKind::Failed => {
                self.own.used(def);
                return Path::Failed;
            }
            DefKind::Alias(module) => {
                self.own.used(def);
                return module.map_or(Path::Failed, Path::Module);
            }
            DefKind::Enum(_) | DefKind::Layer(_) | DefKind::Component | DefKind::Bible | DefKind::Function { .. } => {
                self.own.used(def);
                return Path::Def(def);
            }
            DefKind::Image { .. } if !program.members(def).is_empty() => return Path::Def(def),
            DefKind::Output(_) => return Path::Def(def),
            _ => {}
        }
        if !self.may_read(def, span) {
            self.own.used(def);
            return Path::Failed;
        }
        self.read(def, span);
        if self.is_busy(def) {
            // A cycle; `order` reports it with its whole path.
            return Path::Failed;
        }
        let info = self.info(def);
        let (ty, shape) = (info.ty.clone(), info.shape.clone());
        if ty == Type::Unknown {
            return Path::Failed;
        }
        let kind = match program[def].kind {
            DefKind::Image { .. } => TermKind::Call(def, Vec::new()),
            _ => TermKind::Ref(def),
        };
        Path::Term(Term { kind, ty, shape, span })
    }

    /// Layers read only what their kind allows.
    fn may_read(&mut self, def: DefId, span: Span) -> bool {
        let Some(reader) = self.layer().filter(|l| *l != Layer::Generation) else { return true };
        let read = match (&self.program[def].kind, self.program.block_of(def)) {
            (DefKind::Camera(_), _) => Layer::Generation,
            (DefKind::Shot { .. } | DefKind::Cut(_) | DefKind::Image { .. }, _) => Layer::Generation,
            (_, Some(block)) => match self.program[block].kind {
                DefKind::Layer(layer) => layer,
                _ => return true,
            },
            _ => return true,
        };
        if reader.may_read(read) {
            return true;
        }
        let name = self.program.path_of(def);
        let message =
            format!("the layer `{}` may not read `{name}` of the layer `{}`", reader.keyword(), read.keyword());
        let hint = match reader {
            Layer::Environment => {
                "the environment knows neither figures nor machines: place those on it, not it on them"
            }
            _ => "layers do not read what is made of them",
        };
        let place = self.program[def].name.span;
        self.report(
            Diagnostic::error("E0404", message, span).because(place, format!("`{name}` stands here")).hint(hint),
        );
        false
    }

    pub(super) fn field(&mut self, base: Path, name: &Ident, span: Span) -> Path {
        match base {
            Path::Failed => Path::Failed,
            Path::Module(module) => match self.item_of(module, &name.value, name.span) {
                Some(def) => self.of_def(def, span),
                None if name.value == "poses" => {
                    Path::Poses(self.program.scope(module).poses.values().flatten().copied().collect())
                }
                None => {
                    let public: Vec<&str> = self.program.scope(module).public.keys().copied().collect();
                    let path = &self.loaded.modules[module].path;
                    let message = format!("the module `{path}` has no item `{}`", name.value);
                    let diagnostic = Diagnostic::error("E0205", message, name.span);
                    self.report(Self::suggest(diagnostic, &name.value, name.span, &public));
                    Path::Failed
                }
            },
            Path::Poses(poses) => {
                let named: Vec<_> =
                    poses.iter().copied().filter(|p| self.program[*p].name.value == name.value).collect();
                match named.as_slice() {
                    [one] => self.of_def(*one, span),
                    [] => {
                        let names: Vec<&str> = poses.iter().map(|p| self.program[*p].name.value.as_str()).collect();
                        let diagnostic =
                            Diagnostic::error("E0201", format!("there is no pose `{}`", name.value), name.span);
                        self.report(Self::suggest(diagnostic, &name.value, name.span, &names));
                        Path::Failed
                    }
                    _ => {
                        let message = format!("several bibles have a pose `{}`", name.value);
                        let hint = "name the bible: `Bible.poses.name`";
                        self.report(Diagnostic::error("E0215", message, name.span).hint(hint));
                        Path::Failed
                    }
                }
            }
            Path::Def(def) => self.field_of_def(def, name, span),
            Path::Term(term) => Path::Term(self.field_of_term(term, name, span)),
        }
    }

    fn field_of_def(&mut self, def: DefId, name: &Ident, span: Span) -> Path {
        match &self.program[def].kind {
            DefKind::Layer(_) => match self.thing_of_layer(def, &name.value, name.span) {
                Some(member) => self.of_def(member, span),
                None => Path::Failed,
            },
            DefKind::Enum(ty) => {
                if ty.members.contains(&name.value) {
                    self.note_member(name.span, ty, &name.value);
                    let value = Value::Member(name.value.clone());
                    return Path::Term(Term::constant(value, Type::Enum(ty.clone()), span));
                }
                let members: Vec<&str> = ty.members.iter().map(String::as_str).collect();
                let message = format!("`{}` is no member of `{}`", name.value, ty.name);
                let diagnostic = Diagnostic::error("E0210", message, name.span);
                self.report(Self::suggest(diagnostic, &name.value, name.span, &members));
                Path::Failed
            }
            DefKind::Bible if name.value == "poses" => Path::Poses(
                self.program
                    .members(def)
                    .iter()
                    .copied()
                    .filter(|m| matches!(self.program[*m].kind, DefKind::Pose(_)))
                    .collect(),
            ),
            kind => {
                let message = format!("the {} `{}` has no field", kind.noun(), self.program[def].name.value);
                self.report(Diagnostic::error("E0207", message, name.span));
                Path::Failed
            }
        }
    }

    fn field_of_term(&mut self, term: Term, name: &Ident, span: Span) -> Term {
        let axis = ["x", "y", "z"].iter().position(|a| *a == name.value);
        match (&term.ty, axis) {
            (Type::Unknown, _) => Term::failed(span),
            (Type::Vec2(d), Some(axis @ 0..=1)) | (Type::Vec3(d), Some(axis)) => {
                let ty = Type::Quantity(*d);
                self.fold(Term::new(TermKind::Component(axis, Box::new(term)), ty, span))
            }
            (Type::Color, _) if matches!(name.value.as_str(), "r" | "g" | "b") => {
                let channel = ["r", "g", "b"].iter().position(|c| *c == name.value).unwrap_or(0);
                let ty = Type::Quantity(Dimension::RATIO);
                self.fold(Term::new(TermKind::Component(channel, Box::new(term)), ty, span))
            }
            (Type::Bounds, _) if BOUNDS_FIELDS.contains(&name.value.as_str()) => {
                let corner = BOUNDS_FIELDS.iter().position(|f| *f == name.value).unwrap_or(0);
                let ty = Type::Vec3(Dimension::LENGTH);
                Term::new(TermKind::Component(corner, Box::new(term)), ty, span)
            }
            (Type::Wire(Wire::Thing), _) => self.part(term, &name.value, name.span, span),
            (Type::Asset, _) => {
                let method = format!("gltf.{}", name.value);
                let (message, hint) = match scenec_ir::nodes::find(&method) {
                    Some(decl) => {
                        (format!("`.{}` must be called", name.value), format!("write `{}`", decl.signature()))
                    }
                    None => (
                        format!("an asset has no `{}`", name.value),
                        "an asset has: scene(), node(name), mesh(name), skin(name), camera(name)".to_owned(),
                    ),
                };
                let code = if message.contains("called") { "E0310" } else { "E0216" };
                let mut diagnostic = Diagnostic::error(code, message, name.span).hint(hint);
                let index = super::args::asset_of(&term).and_then(|asset| self.index(asset));
                if index.is_some_and(|i| i.nodes.contains(&name.value)) {
                    let written = format!("node(\"{}\")", name.value);
                    diagnostic = diagnostic.hint(format!("a node of an asset is asked for by name: `.{written}`")).fix(
                        format!("write `.{written}`"),
                        name.span,
                        written,
                    );
                }
                self.report(diagnostic);
                Term::failed(span)
            }
            (ty, _) => {
                let message = format!("{} has no field `{}`", super::fit::a(ty), name.value);
                let hint = match ty {
                    Type::Vec2(_) => "its numbers are `.x` and `.y`",
                    Type::Vec3(_) => "its numbers are `.x`, `.y` and `.z`",
                    Type::Color => "its numbers are `.r`, `.g` and `.b`",
                    Type::Bounds => "its corners are `.min` and `.max`; it has `.size` and `.center` too",
                    Type::List(_) => "name one of its items: the first is `list[0]`",
                    Type::Optional(_) => &super::fit::maybe_none(self.loaded.sources.text(term.span)),
                    _ => "only things, vectors, colours, assets and modules have something behind a `.`",
                };
                self.report(Diagnostic::error("E0207", message, name.span).hint(hint));
                Term::failed(name.span)
            }
        }
    }

    /// A part of a thing.
    pub(super) fn part(&mut self, thing: Term, name: &str, name_span: Span, span: Span) -> Term {
        let Some(shape) = self.shape_of_part(&thing.shape, name, name_span) else {
            let candidates = self.parts_of(&thing.shape);
            let candidates: Vec<&str> = PLACES.iter().copied().chain(candidates.iter().map(String::as_str)).collect();
            let written = self.loaded.sources.text(thing.span).to_owned();
            let mut diagnostic = Diagnostic::error("E0207", format!("`{written}` has no part `{name}`"), name_span);
            if let Shape::Both(both) = &thing.shape
                && both.iter().any(|shape| self.shape_of_part(shape, name, name_span).is_some())
            {
                diagnostic = diagnostic.because(thing.span, "not all that this may be have such a part");
            }
            let quoted = self.loaded.sources.text(name_span).starts_with('"');
            let mut diagnostic = Self::suggest(diagnostic, name, name_span, &candidates);
            if let Some(fix) = diagnostic.fix.as_mut().filter(|_| quoted) {
                fix.edits.iter_mut().for_each(|e| e.text = format!("{:?}", e.text));
            }
            self.report(diagnostic);
            return Term::failed(span);
        };
        let ty = Type::Wire(Wire::Thing);
        match thing.kind {
            TermKind::Part(base, path) => {
                Term { kind: TermKind::Part(base, format!("{path}/{name}")), ty, shape, span }
            }
            _ => Term { kind: TermKind::Part(Box::new(thing), name.to_owned()), ty, shape, span },
        }
    }

    /// What a part of a thing of this shape has for parts itself; nothing where there is no such part.
    fn shape_of_part(&mut self, shape: &Shape, name: &str, name_span: Span) -> Option<Shape> {
        match shape {
            Shape::Unknown => Some(Shape::Unknown),
            _ if PLACES.contains(&name) => Some(Shape::None),
            Shape::None => None,
            Shape::Decl(decl) => decl.parts.contains(&name).then_some(Shape::None),
            Shape::Asset(asset) => {
                let known = self.index(*asset).is_none_or(|index| {
                    index.nodes.iter().any(|n| n == name)
                        || index.skins.iter().any(|s| s.joints.iter().any(|j| j == name))
                });
                known.then(|| shape.clone())
            }
            Shape::Members(component) => {
                let member = self.program.member(*component, name)?;
                match &self.program[member].kind {
                    DefKind::Bind(_) | DefKind::Scatter { .. } => {
                        self.note(name_span, member);
                        Some(self.info(member).shape.clone())
                    }
                    DefKind::Failed => Some(Shape::Unknown),
                    _ => None,
                }
            }
            Shape::Both(both) => {
                let [one, other] = &**both;
                let one = self.shape_of_part(one, name, name_span)?;
                Some(one.both(self.shape_of_part(other, name, name_span)?))
            }
        }
    }

    /// The names of the parts of a shape, besides those that all things have.
    fn parts_of(&self, shape: &Shape) -> Vec<String> {
        match shape {
            Shape::None | Shape::Unknown => Vec::new(),
            Shape::Decl(decl) => decl.parts.iter().filter(|p| !PLACES.contains(p)).map(|p| (*p).to_owned()).collect(),
            Shape::Asset(asset) => self.index(*asset).map_or_else(Vec::new, |index| {
                let joints = index.skins.iter().flat_map(|s| &s.joints);
                index.nodes.iter().chain(joints).cloned().collect()
            }),
            Shape::Members(component) => {
                let members = self.program.members(*component).iter();
                let things =
                    members.filter(|m| matches!(self.program[**m].kind, DefKind::Bind(_) | DefKind::Scatter { .. }));
                things.map(|m| self.program[*m].name.value.clone()).collect()
            }
            Shape::Both(both) => {
                let other = self.parts_of(&both[1]);
                self.parts_of(&both[0]).into_iter().filter(|part| other.contains(part)).collect()
            }
        }
    }
}
