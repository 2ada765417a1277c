//! Definitions.

use scenec_grammar::ast::{Arg, Expr, ExprKind, ItemKind, Set};
use scenec_ir::node::{Default, Layer, NodeDecl, Param, ParamType, Port, Wire};
use scenec_ir::{Diagnostic, Dimension, Span, Type, Value, names, nodes};

use super::args::span_of;
use super::fit::{Origin, a};
use super::{Checker, Want};
use crate::property::Step;
use crate::resolve::{DefId, DefKind, Found};
use crate::typed::{Body, Limits, RuleTerm, Shape, ShotBody, Term};

/// Fields of a `shot` item. It becomes no node; the declaration serves checker and manual.
pub const SHOT: NodeDecl = NodeDecl {
    name: "shot",
    layers: &[Layer::Generation],
    callable: false,
    params: &[
        Param::new("frames", ParamType::Frames, "Half-open range of frames.").or(Default::Absent),
        Param::new("fps", ParamType::Quantity(Dimension::RATIO), "Frames per second; 24000/1001 is exact enough.")
            .or(Default::Number(24.0))
            .within(1.0, 1000.0),
        Param::new("size", ParamType::Vec2(Dimension::PIXEL), "Width and height of the picture.")
            .or(Default::Vec2([960.0, 540.0]))
            .within(1.0, 32768.0),
    ],
    ports: &[Port::new("camera", Wire::Camera, "What it is seen through.")],
    doc: "A time span seen through a camera.",
    ..NodeDecl::BASE
};

impl Checker<'_, '_> {
    pub(super) fn item(&mut self, def: DefId) -> (Type, Shape, Body) {
        let program = self.program;
        match &program[def].kind {
            DefKind::Failed | DefKind::Alias(_) | DefKind::Enum(_) | DefKind::Layer(_) => {
                (Type::Unknown, Shape::Unknown, Body::None)
            }
            DefKind::Asset { format, path, .. } => {
                if format.value != "gltf" {
                    let message = format!("there is no asset format `{}`", format.value);
                    let diagnostic = Diagnostic::error("E0216", message, format.span);
                    let ending = path.rsplit_once('.').map_or("", |p| p.1).to_lowercase();
                    self.report(match matches!(ending.as_str(), "gltf" | "glb") {
                        true => diagnostic.hint("assets are glTF files").fix("write `gltf`", format.span, "gltf"),
                        false => diagnostic
                            .hint("assets are glTF files: export the model as .glb and write `gltf(\"model.glb\")`"),
                    });
                    return (Type::Unknown, Shape::Unknown, Body::None);
                }
                (Type::Asset, Shape::Asset(def), Body::None)
            }
            DefKind::Param(param) => {
                let ty = param.ty.as_ref().map(|ty| self.type_expr(def, ty));
                let limits = param.range.as_ref().and_then(|r| self.limits(r, ty.as_ref()));
                let origin = match &param.ty {
                    Some(written) => Origin::Place(written.span, "declared here".into()),
                    None => Origin::None,
                };
                let what = format!("the default of `{}`", param.name.value);
                let want = Want { ty: ty.clone(), what: what.into(), origin, ..Want::anything() };
                let default = param.default.as_ref().map(|d| self.expr(d, &want));
                if let (Some(limits), Some(default)) = (&limits, &default)
                    && let Some(value) = default.value()
                    && let Some(diagnostic) = crate::value::limits_error(&param.name.value, value, limits, default.span)
                {
                    self.report(diagnostic);
                }
                let ty = match (ty, &default) {
                    (Some(ty), _) => ty,
                    (None, Some(default)) => default.ty.clone(),
                    (None, None) => {
                        let message = format!("the parameter `{}` needs a type", param.name.value);
                        let hint = "write `name: Length`, or give it a default";
                        self.report(Diagnostic::error("E0304", message, param.name.span).hint(hint));
                        Type::Unknown
                    }
                };
                let is_set = self.loaded.sets.iter().any(|(name, _)| *name == param.name.value);
                if program[def].owner.is_none() && default.is_none() && !is_set {
                    let message = format!("the parameter `{}` of the program needs a default", param.name.value);
                    let hint = format!("write `= value` behind it, or give `--set {}=…`", param.name.value);
                    self.report(Diagnostic::error("E0304", message, param.name.span).hint(hint));
                }
                let shape = match &default {
                    Some(default) => default.shape.clone(),
                    None if ty == Type::Unknown => Shape::Unknown,
                    None => Shape::None,
                };
                (ty, shape, Body::Param { default, range: limits })
            }
            DefKind::Let(value) => {
                let ty = value.ty.as_ref().map(|ty| self.type_expr(def, ty));
                let origin = match &value.ty {
                    Some(written) => Origin::Place(written.span, "declared here".into()),
                    None => Origin::None,
                };
                let what = format!("`{}`", value.name.value);
                let want = Want { ty, what: what.into(), origin, ..Want::anything() };
                let term = self.expr(&value.value, &want);
                (term.ty.clone(), term.shape.clone(), Body::Value(term))
            }
            DefKind::Bind(value) => {
                let term = self.expr(value, &Want::anything());
                let (wires, none): (&[Wire], _) = match program[def].owner.map(|o| &program[o].kind) {
                    Some(DefKind::Component) => (&[Wire::Thing, Wire::Light], "no thing or light"),
                    _ => (&[Wire::Thing, Wire::Light, Wire::Sky, Wire::Fog], "no thing, light, sky or fog"),
                };
                let fits = match (&term.ty, super::lists::innermost(&term.ty)) {
                    (_, Type::Unknown) => true,
                    // There is one sky and one fog, so a list of them is none.
                    (Type::List(_), Type::Wire(Wire::Sky | Wire::Fog)) => false,
                    (_, Type::Wire(wire)) => wires.contains(wire),
                    _ => false,
                };
                if !fits {
                    let name = program[def].name;
                    let message = format!("`{}` is {}: {none}", name.value, a(&term.ty));
                    let diagnostic = Diagnostic::error("E0310", message, term.span);
                    let written = self.loaded.sources.text(term.span);
                    self.report(if term.ty == Type::Asset {
                        let mended = format!("{written}.scene()");
                        diagnostic.hint(format!("`{mended}` is all of it, `{written}.node(\"name\")` a part")).fix(
                            format!("write `{mended}`"),
                            term.span,
                            mended,
                        )
                    } else if let Type::Wire(wire @ (Wire::Sky | Wire::Fog)) = super::lists::innermost(&term.ty) {
                        let hint = match term.ty {
                            Type::List(_) => {
                                format!("a scene has one {}: take one of them", wire.to_string().to_lowercase())
                            }
                            _ => "it stands in an `environment`, outside of components".to_owned(),
                        };
                        diagnostic.hint(hint)
                    } else {
                        diagnostic.hint("a value that is no thing is named by `let`").fix(
                            format!("write `let {}`", name.value),
                            name.span,
                            format!("let {}", name.value),
                        )
                    });
                    return (Type::Unknown, Shape::Unknown, Body::None);
                }
                (term.ty.clone(), term.shape.clone(), Body::Value(term))
            }
            DefKind::Scatter { prototype, inside, on, fields, span } => {
                self.scatter(def, prototype, (*inside, on), fields, *span)
            }
            DefKind::Component => {
                self.contain(def);
                (Type::Wire(Wire::Thing), Shape::Members(def), Body::None)
            }
            DefKind::Bible => self.bible(def),
            DefKind::Field { ty, value, .. } => self.bible_field(def, *ty, value),
            DefKind::Rule { condition, requires, span } => {
                let bool = |what: &'static str| Want::of(Type::Bool, what, Origin::None);
                let condition = self.expr(condition, &bool("the condition of the rule"));
                let requires = self.expr(requires, &bool("what the rule requires"));
                (Type::Unknown, Shape::None, Body::Rule(Box::new(RuleTerm { condition, requires, span: *span })))
            }
            DefKind::Variant { ty, default, .. } => {
                let declared = self.type_expr(def, ty);
                let origin = Origin::Place(ty.span, "declared here".into());
                let what = format!("the default of `{}`", program[def].name.value);
                let term = self.expr(default, &Want::of(declared.clone(), what, origin));
                (declared, Shape::None, Body::Param { default: Some(term), range: None })
            }
            DefKind::Pose(channels) => self.pose(channels),
            DefKind::Camera(fields) => self.camera(def, fields),
            DefKind::Shot { fields, sets } => self.shot(def, fields, sets),
            DefKind::Cut(fields) => self.cut(def, fields),
            DefKind::Function { ty, value } => {
                self.contain(def);
                let declared = ty.map(|ty| self.type_expr(def, ty));
                let origin = ty.map_or(Origin::None, |ty| Origin::Place(ty.span, "declared here".into()));
                let what = format!("the value of `{}`", program[def].name.value);
                let want = Want { ty: declared, what: what.into(), origin, ..Want::anything() };
                let term = self.expr(value, &want);
                (term.ty.clone(), term.shape.clone(), Body::Value(term))
            }
            DefKind::Override(item) => self.override_item(def, item),
            DefKind::Set(item) => self.set_item(def, item),
            DefKind::Query(item) => self.query(def, item),
            DefKind::Image { ty, value } => {
                self.contain(def);
                let want = match ty {
                    Some(written) => {
                        let origin = Origin::Place(written.span, "declared here".into());
                        let ty = self.type_expr(def, written);
                        if !matches!(ty, Type::Unknown | Type::Wire(Wire::Image(_))) {
                            let message = format!("the image `{}` can't be {}", program[def].name.value, a(&ty));
                            self.report(
                                Diagnostic::error("E0310", message, written.span)
                                    .hint("types of images are Image, DisplayImage, DepthImage, MaskImage, …"),
                            );
                            return (Type::Unknown, Shape::Unknown, Body::None);
                        }
                        Want::of(ty, format!("`{}`", program[def].name.value), origin)
                    }
                    None => Want::anything(),
                };
                let term = self.expr(value, &want);
                let fits = matches!(term.ty, Type::Unknown | Type::Wire(Wire::Image(_)));
                if !fits {
                    let message = format!("the image `{}` is {}", program[def].name.value, a(&term.ty));
                    let hint = match term.ty.present() {
                        Type::Wire(Wire::Image(_)) => "it may be `none`: say with `else` or `??` what is shown then",
                        _ => "`render(shot)` gives an image",
                    };
                    self.report(Diagnostic::error("E0310", message, term.span).hint(hint));
                    return (Type::Unknown, Shape::Unknown, Body::None);
                }
                (term.ty.clone(), Shape::None, Body::Value(term))
            }
            DefKind::Output(fields) => self.output(def, fields),
            DefKind::Test { gate, says } => self.test(def, *gate, *says),
            DefKind::Assert { condition, .. } => self.assert(condition),
            DefKind::Budget(fields) => self.budget(def, fields),
        }
    }

    /// Notes that a definition is made of its members, without counting them as used.
    pub(super) fn contain(&mut self, def: DefId) {
        let program = self.program;
        for member in program.members(def) {
            let uses = self.own.uses.len();
            self.read(*member, program[*member].name.span);
            self.own.uses.truncate(uses);
        }
    }

    fn limits(&mut self, range: &Expr, ty: Option<&Type>) -> Option<Limits> {
        let ExprKind::Range { low, high } = &range.kind else {
            let diagnostic = Diagnostic::error("E0302", "limits are no range", range.span)
                .hint("limits are written `low..high`; both ends are legal");
            match &range.kind {
                ExprKind::Error => {}
                ExprKind::List(ends) | ExprKind::Tuple(ends) if ends.len() == 2 => {
                    let [low, high] = [&ends[0], &ends[1]].map(|e| self.loaded.sources.text(e.span));
                    let mended = format!("{low}..{high}");
                    self.report(diagnostic.fix(format!("write `{mended}`"), range.span, mended));
                }
                _ => self.report(diagnostic),
            }
            return None;
        };
        let want = match ty.map(Type::present) {
            Some(ty @ (Type::Int | Type::Quantity(_))) => Want::of(ty.clone(), "the limit", Origin::None),
            Some(Type::Unknown) => return None,
            None => Want::anything(),
            Some(ty) => {
                let message = format!("only numbers have limits, not {}", a(ty));
                self.error("E0302", message, range.span);
                return None;
            }
        };
        if let Some(Type::Quantity(d)) = want.ty
            && self.units_missing(&[(**low).clone(), (**high).clone()], d, range.span, &want)
        {
            return None;
        }
        let ends = [low, high].map(|e| self.expr(e, &want));
        if ends.iter().any(|t| t.ty == Type::Unknown) {
            return None;
        }
        let numbers = ends.iter().map(|t| t.value().and_then(Value::as_f64)).collect::<Option<Vec<_>>>();
        match numbers.as_deref() {
            Some([low, high]) if low <= high => Some(Limits { low: *low, high: *high, span: range.span }),
            Some(_) => {
                self.error("E0305", "the lower limit is above the upper", range.span);
                None
            }
            None => {
                self.error("E0308", "limits must be known before the program runs", range.span);
                None
            }
        }
    }

    fn camera(&mut self, def: DefId, fields: &[Arg]) -> (Type, Shape, Body) {
        let wire = Type::Wire(Wire::Camera);
        let Some(decl) = nodes::find("camera") else { return (wire, Shape::None, Body::None) };
        let name = self.program[def].name;
        let node = self.node_args(decl, fields, None, None, name.span);
        let given = |n: &str| fields.iter().find(|f| f.name.as_ref().is_some_and(|i| i.value == n));
        let known = fields
            .iter()
            .all(|f| f.name.as_ref().is_some_and(|n| decl.param(&n.value).is_some() || decl.port(&n.value).is_some()));
        match (given("at"), given("frame")) {
            (None, None) if known => {
                let message = format!("the camera `{}` has no place", name.value);
                let hint = "give it `frame: thing`, or `at: (x, y, z)` and `look_at`";
                self.report(Diagnostic::error("E0409", message, name.span).hint(hint));
            }
            (Some(at), Some(frame)) => {
                let message = format!("the camera `{}` has both `at` and `frame`", name.value);
                self.report(
                    Diagnostic::error("E0409", message, span_of(at))
                        .because(span_of(frame), "`frame` finds its own place")
                        .hint("remove one of them; `azimuth` and `elevation` turn a framed camera"),
                );
            }
            _ => {}
        }
        let goes_with = given("follow").or(given("parent"));
        let stands_at_thing = node.ports.iter().any(|(p, _)| p.name == "at").then(|| given("at")).flatten();
        let twice = [
            (
                given("parent").filter(|_| given("follow").is_some()),
                given("follow"),
                "follows one thing and is mounted on another",
            ),
            (
                given("frame").filter(|_| goes_with.is_some()),
                goes_with,
                "finds its own place, and goes along with a thing",
            ),
            (
                stands_at_thing.filter(|_| goes_with.is_some()),
                goes_with,
                "stands at one thing and goes along with another",
            ),
        ];
        if let Some((Some(first), Some(second), what)) = twice.into_iter().find(|(first, ..)| first.is_some()) {
            self.report(
                Diagnostic::error("E0409", format!("the camera `{}` {what}", name.value), span_of(first))
                    .because(span_of(second), "given here")
                    .hint("`follow` and `parent` count `at`, a point, from a thing: give one of them"),
            );
        }
        if let (Some(fov), Some(lens)) = (given("fov"), given("lens").or(given("sensor"))) {
            let message = format!("the camera `{}` has both `fov` and a lens", name.value);
            let diagnostic = Diagnostic::error("E0409", message, span_of(fov));
            self.report(diagnostic.because(span_of(lens), "given here").hint("remove one of them"));
        }
        (wire, Shape::None, Body::Camera(node))
    }

    fn shot(&mut self, def: DefId, fields: &[Arg], sets: &[Set]) -> (Type, Shape, Body) {
        let name = self.program[def].name;
        let mut node = self.node_args(&SHOT, fields, None, None, name.span);
        let mut param = |n: &str| {
            let at = node.params.iter().position(|(p, _)| p.name == n)?;
            Some(node.params.swap_remove(at).1)
        };
        let (frames, fps, size) = (param("frames"), param("fps"), param("size"));
        let camera = node.ports.pop().and_then(|(_, mut terms)| terms.pop());
        let mut shot = ShotBody { camera, frames, fps, size, params: Vec::new(), things: Vec::new() };
        let mut seen: Vec<(String, Span)> = Vec::new();
        for set in sets {
            let Some(steps) = self.steps(&set.path, "set") else { continue };
            let path = steps.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(".");
            if let Some((_, first)) = seen.iter().find(|(p, _)| *p == path) {
                let message = format!("two opinions on `{path}` in one shot");
                let diagnostic = Diagnostic::error("E0313", message, set.span).because(*first, "the other one");
                self.report(diagnostic.hint("remove one: none of them wins"));
                continue;
            }
            seen.push((path, set.span));
            self.set(def, steps, set, &mut shot);
        }
        (Type::Shot, Shape::None, Body::Shot(Box::new(shot)))
    }

    fn set(&mut self, shot: DefId, steps: Vec<Step>, set: &Set, body: &mut ShotBody) {
        let names: Vec<&str> = steps.iter().map(|s| s.name.as_str()).collect();
        let (Some(first), Some(last)) = (steps.first(), steps.last()) else { return };
        let target = match self.program.lookup(shot, &first.name) {
            Found::Def(def) => def,
            _ => {
                let visible = self.program.visible(shot);
                let settable: Vec<&str> = visible
                    .into_iter()
                    .filter(|n| match self.program.lookup(shot, n) {
                        Found::Def(d) => matches!(self.program[d].kind, DefKind::Param(_) | DefKind::Camera(_)),
                        _ => false,
                    })
                    .collect();
                let message = format!("there is no parameter or camera `{}` to set", first.name);
                let diagnostic = Diagnostic::error("E0201", message, first.span);
                self.report(Self::suggest(diagnostic, &first.name, first.span, &settable));
                return;
            }
        };
        self.note(first.span, target);
        match (&self.program[target].kind, names.as_slice()) {
            (DefKind::Failed | DefKind::Alias(None), _) => {}
            (DefKind::Param(_), [_]) => self.set_param(target, first.span, &set.value, body),
            (DefKind::Alias(Some(module)), [_, param]) => {
                self.own.used(target);
                match self.item_of(*module, param, last.span) {
                    Some(def) if matches!(self.program[def].kind, DefKind::Param(_)) => {
                        self.note(last.span, def);
                        self.set_param(def, first.span, &set.value, body);
                    }
                    _ => {
                        let message = format!("the module `{}` has no parameter `{param}`", first.name);
                        self.error("E0205", message, last.span);
                    }
                }
            }
            (DefKind::Bind(_) | DefKind::Scatter { .. } | DefKind::Layer(_), _) | (DefKind::Camera(_), [_, _, ..]) => {
                let opinion = self.set_property(shot, steps, &set.value, set.span);
                body.things.extend(opinion);
            }
            (kind, _) => {
                let message = format!("`{}` is {}: a shot sets parameters and fields of cameras", names.join("."), {
                    let noun = kind.noun();
                    format!("{} {noun}", if noun.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" })
                });
                let place = self.program[target].name.span;
                self.report(Diagnostic::error("E0310", message, first.span).because(place, "defined here"));
            }
        }
    }

    fn set_param(&mut self, param: DefId, span: Span, value: &Expr, body: &mut ShotBody) {
        self.read(param, span);
        let what = format!("`{}`", self.program[param].name.value);
        let (term, timed) = self.watching_time(|c| c.opinion(param, value, what));
        if timed {
            self.own.moved.push(param);
        }
        body.params.push((param, term));
    }

    /// A value for a parameter from outside of its declaration.
    pub(super) fn opinion(&mut self, param: DefId, value: &Expr, what: String) -> Term {
        let ty = self.info(param).ty.clone();
        let origin = Origin::Place(self.program[param].name.span, format!("declared here as {ty}"));
        let want = match ty {
            Type::Unknown => Want::anything(),
            ty => Want::of(ty, what, origin),
        };
        let term = self.expr(value, &want);
        self.limits_fit(param, &term);
        term
    }

    /// `--set name=value`.
    pub(super) fn command_line_sets(&mut self) -> Vec<(DefId, Term)> {
        let mut sets: Vec<(DefId, Term)> = Vec::new();
        if self.program.scopes().is_empty() {
            return sets;
        }
        for (name, module) in &self.loaded.sets {
            let value = match self.loaded.modules[*module].ast.items.first().map(|i| &i.kind) {
                Some(ItemKind::Let(item)) => &item.value,
                // Of a thing or a camera: a definition of its own.
                Some(ItemKind::Override(item)) if self.program.iter().any(|(_, d)| d.name.span == item.name.span) => {
                    continue;
                }
                Some(ItemKind::Override(item)) => &item.value,
                _ => continue,
            };
            let scope = self.program.scope(0);
            let found = match name.split_once('.') {
                Some((alias, param)) => scope.items.get(alias).and_then(|d| match self.program[*d].kind {
                    DefKind::Alias(Some(module)) => self.program.own(module, param),
                    _ => None,
                }),
                None => scope.items.get(name.as_str()).copied(),
            };
            if let Some(private) = found.filter(|d| self.program.is_private(*d)) {
                let message = format!("`--set {name}`: the {} is private", self.program[private].kind.noun());
                let place = self.program[private].name.span;
                let hint = "what can be set from outside is a `param` without `private`";
                self.report(Diagnostic::bare("E0236", message).because(place, "private here").hint(hint));
                continue;
            }
            let Some(param) = found.filter(|d| matches!(self.program[*d].kind, DefKind::Param(_))) else {
                let params: Vec<&str> = scope
                    .items
                    .iter()
                    .filter(|(_, d)| matches!(self.program[**d].kind, DefKind::Param(_)))
                    .map(|(n, _)| *n)
                    .collect();
                let message = format!("`--set {name}`: the program has no parameter `{name}`");
                let mut diagnostic = Diagnostic::bare("E0212", message);
                diagnostic.hint = Some(match names::closest(name, params.iter().copied()) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None if params.is_empty() => "it has no parameters".to_owned(),
                    None => format!("it has: {}", params.join(", ")),
                });
                self.report(diagnostic);
                continue;
            };
            if sets.iter().any(|(p, _)| *p == param) {
                self.report(Diagnostic::bare("E0313", format!("`--set {name}` is given twice")));
                continue;
            }
            self.current = super::Current { def: param, ..super::Current::default() };
            let term = self.opinion(param, value, format!("`{name}`"));
            if self.current.timed {
                self.own.moved.push(param);
            }
            let reads = std::mem::take(&mut self.own.reads);
            self.own.given.extend(reads.into_iter().map(|(read, span)| (param, read, span)));
            sets.push((param, term));
        }
        sets
    }
}
