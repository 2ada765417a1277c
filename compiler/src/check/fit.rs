//! Fit: what is wanted of an expression, and whether it is that.

use scenec_grammar::ast::{BinaryOp, Expr, ExprKind, UnaryOp};
use scenec_ir::node::{AssetNames, Default, NodeDecl, Param, ParamType, Port, Wire};
use scenec_ir::types::EnumType;
use scenec_ir::{AssetIndex, Diagnostic, Dimension, Edit, Encoding, Fix, Span, Type, Value};
use std::borrow::Cow;
use std::sync::Arc;

use super::Checker;
use crate::ops;
use crate::resolve::{DefId, DefKind};
use crate::typed::{Coercion, Term, TermKind};
use crate::value::convert;

/// What a value is for, as a message calls it: "`size` of `terrain`". Put into words only where something is said.
#[derive(Clone, Debug)]
pub(crate) enum Purpose {
    /// In words; none for no purpose.
    Words(Cow<'static, str>),
    /// A parameter or port of a node.
    OfNode(&'static str, &'static str),
    /// A parameter of a component, bible, function or image, and that.
    OfDef(DefId, DefId),
}

impl From<&'static str> for Purpose {
    fn from(words: &'static str) -> Self {
        Self::Words(Cow::Borrowed(words))
    }
}

impl From<String> for Purpose {
    fn from(words: String) -> Self {
        Self::Words(Cow::Owned(words))
    }
}

/// Where an expectation comes from.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// Nowhere.
    None,
    /// A declaration without a place: its text.
    Declared(String),
    /// A node's parameter; its text is made when there is something to say.
    Param(Param),
    /// A node's port.
    Port(Port),
    /// A parameter that is a definition, with its type.
    Formal(DefId, Type),
    /// A clause, in back-ticks, that takes a point or a thing.
    Stand(&'static str),
    /// A place, with what stands there.
    Place(Span, String),
}

/// What is wanted of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    /// Type; `None` takes anything.
    pub ty: Option<Type>,
    /// What the value is for, as a message calls it: "`size` of `terrain`".
    pub what: Purpose,
    /// Why.
    pub origin: Origin,
    /// Bible whose poses may be named without a path.
    pub poses: Option<DefId>,
    /// `{shot}`, `{frame}` and `{output}` may stand in text.
    pub holes: bool,
    /// It is the path of a file.
    pub is_path: bool,
    /// Legal numbers and the default, by which a missing unit is guessed.
    pub range: Option<(f64, f64)>,
    /// The default.
    pub usual: Option<f64>,
    /// It may be left out, which `none` does.
    pub may_lack: bool,
}

impl Want {
    /// Anything.
    pub fn anything() -> Self {
        Self {
            ty: None,
            what: Purpose::Words(Cow::Borrowed("")),
            origin: Origin::None,
            poses: None,
            holes: false,
            is_path: false,
            range: None,
            usual: None,
            may_lack: false,
        }
    }

    /// A type for a purpose.
    pub fn of(ty: Type, what: impl Into<Purpose>, origin: Origin) -> Self {
        Self { ty: Some(ty), what: what.into(), origin, ..Self::anything() }
    }

    /// A node's parameter.
    pub fn param(decl: &NodeDecl, param: &Param) -> Self {
        let what = Purpose::OfNode(param.name, shown(decl.name));
        let mut want = Self::of(type_of(decl, param), what, Origin::Param(*param));
        want.holes = param.ty == ParamType::OutputPath;
        want.is_path = matches!(param.ty, ParamType::OutputPath | ParamType::InputPath);
        want.range = param.range;
        // What tells of shots and files is read before anything is evaluated.
        want.may_lack =
            param.default != Default::Required && !matches!(decl.name, "shot" | "cut" | "output" | "budget");
        want.usual = match param.default {
            Default::Number(v) => Some(v),
            _ => None,
        };
        want
    }

    /// A node's port.
    pub fn port(decl: &NodeDecl, port: &Port) -> Self {
        let what = Purpose::OfNode(port.name, shown(decl.name));
        let mut want = Self::of(Type::Wire(port.wire), what, Origin::Port(*port));
        want.may_lack = !decl.needs(port);
        want
    }

    /// The same purpose, another type.
    pub fn with(&self, ty: Option<Type>) -> Self {
        Self { ty, ..self.clone() }
    }
}

/// `gltf.node` is written `.node`.
pub(crate) fn shown(name: &str) -> &str {
    name.strip_prefix("gltf").unwrap_or(name)
}

/// The type of a parameter.
pub(crate) fn type_of(decl: &NodeDecl, param: &Param) -> Type {
    match param.ty {
        ParamType::Bool => Type::Bool,
        ParamType::Int => Type::Int,
        ParamType::Quantity(d) => Type::Quantity(d),
        ParamType::Quantities(d) => Type::List(Box::new(Type::Quantity(d))),
        ParamType::Text | ParamType::AssetName(_) | ParamType::OutputPath | ParamType::InputPath => Type::Text,
        ParamType::Color => Type::Color,
        ParamType::Vec2(d) => Type::Vec2(d),
        ParamType::Vec3(d) => Type::Vec3(d),
        ParamType::Enum(members) => members_of(decl, param, members),
        ParamType::Frames => Type::Range(Box::new(Type::Int)),
        ParamType::Asset => Type::Asset,
        ParamType::Pose => Type::Pose,
        ParamType::Members(members) => Type::List(Box::new(members_of(decl, param, members))),
        ParamType::Surfaces | ParamType::Parameters => Type::Unknown,
        ParamType::Shot => Type::Shot,
        ParamType::Shots => Type::List(Box::new(Type::Shot)),
    }
}

fn members_of(decl: &NodeDecl, param: &Param, members: &[&str]) -> Type {
    Type::Enum(Arc::new(EnumType {
        name: format!("{}.{}", shown(decl.name), param.name),
        home: String::new(),
        members: members.iter().map(|m| (*m).to_owned()).collect(),
    }))
}

/// How `have` becomes `want`, outermost last; `None` when it does not.
pub(crate) fn coercion(have: &Type, want: &Type) -> Option<Vec<Coercion>> {
    let ratio = Dimension::RATIO;
    if have == want || *have == Type::Unknown || *want == Type::Unknown {
        return Some(Vec::new());
    }
    match (have, want) {
        // A type for a type with `none` is no step: the value is the same.
        (have, Type::Optional(inner)) => coercion(have.present(), inner),
        (Type::Int, Type::Quantity(d)) if *d == ratio => Some(vec![Coercion::Ratio]),
        (Type::Int, Type::Vec2(d)) if *d == ratio => Some(vec![Coercion::Ratio, Coercion::Two]),
        (Type::Int, Type::Vec3(d)) if *d == ratio => Some(vec![Coercion::Ratio, Coercion::Three]),
        (Type::Quantity(h), Type::Vec2(w)) if h == w => Some(vec![Coercion::Two]),
        (Type::Quantity(h), Type::Vec3(w)) if h == w => Some(vec![Coercion::Three]),
        (Type::Int, Type::Range(item)) if **item == Type::Int => Some(vec![Coercion::Frame]),
        (Type::List(h), Type::List(w)) if **h == Type::Unknown || **w == Type::Unknown => Some(Vec::new()),
        (Type::List(h), Type::List(w)) if **h == Type::Int && **w == Type::Quantity(ratio) => {
            Some(vec![Coercion::List])
        }
        _ => None,
    }
}

impl Checker<'_, '_> {
    /// The term as what is wanted, or an error.
    pub(super) fn fit(&mut self, expr: &Expr, term: Term, want: &Want) -> Term {
        let Some(ty) = &want.ty else { return term };
        let optional;
        let ty = match want.may_lack && term.ty.is_optional() {
            true => {
                optional = ty.clone().optional();
                &optional
            }
            false => ty,
        };
        match coercion(&term.ty, ty) {
            Some(steps) if steps.contains(&Coercion::Frame) && is_difference(expr) => {
                // `1-24` would be the one frame -23.
                let message = format!("{} is a range, and `-` subtracts", self.purpose(want));
                let hint = "frames are written `first..end`; `1..25` are the 24 frames from 1 to 24";
                self.report(Diagnostic::error("E0302", message, expr.span).hint(hint));
                Term::failed(term.span)
            }
            Some(steps) => {
                let term = steps.into_iter().fold(term, |term, step| self.coerce(term, step));
                if ty.is_optional() { Term { ty: ty.clone(), ..term } } else { term }
            }
            None => {
                self.misfit(expr, &term, ty, want);
                Term::failed(term.span)
            }
        }
    }

    pub(super) fn coerce(&mut self, term: Term, step: Coercion) -> Term {
        let ty = match (step, term.ty.present()) {
            (Coercion::Ratio, _) => Type::Quantity(Dimension::RATIO),
            (Coercion::Two, Type::Quantity(d)) => Type::Vec2(*d),
            (Coercion::Three, Type::Quantity(d)) => Type::Vec3(*d),
            (Coercion::Frame, _) => Type::Range(Box::new(Type::Int)),
            (Coercion::List, _) => Type::List(Box::new(Type::Quantity(Dimension::RATIO))),
            (_, ty) => ty.clone(),
        };
        let span = term.span;
        match term.value().map(|value| convert(step, value)) {
            Some(value) => Term::constant(value, ty, span),
            None => Term::new(TermKind::Coerce(step, Box::new(term)), ty, span),
        }
    }

    /// Several bare numbers in a tuple of quantities: one error, whose fix mends all of them.
    pub(super) fn units_missing(&mut self, items: &[Expr], d: Dimension, span: Span, want: &Want) -> bool {
        let bare: Vec<&Expr> = items.iter().filter(|item| bare_number(item)).collect();
        let unit = d.example_unit().map(str::to_owned).or_else(|| compound_unit(d));
        let (Some(unit), true) = (unit, bare.len() > 1 && d != Dimension::RATIO) else { return false };
        let what = self.purpose(want);
        let ty = want.ty.as_ref().map_or_else(String::new, a);
        let text = |span: Span| self.loaded.sources.text(span).to_owned();
        let written = text(span);
        let message = format!("{what} is {ty}, but numbers in `{written}` have no unit");
        let mut mended = written.clone();
        let mut edits = Vec::new();
        for item in bare.iter().rev() {
            let at = (item.span.end - span.start) as usize;
            mended.insert_str(at, &unit);
            edits.push(Edit { span: item.span, text: format!("{}{unit}", text(item.span)) });
        }
        edits.reverse();
        let mut diagnostic = Diagnostic::error("E0301", message, span).label("units are missing");
        diagnostic.fix = Some(Fix { title: format!("write `{mended}`"), edits });
        self.report(self.explained(diagnostic, &want.origin));
        true
    }

    /// What the value is for, in words.
    fn purpose(&self, want: &Want) -> String {
        match &want.what {
            Purpose::Words(words) if words.is_empty() => "this".to_owned(),
            Purpose::Words(words) => words.clone().into_owned(),
            Purpose::OfNode(name, of) => format!("`{name}` of `{of}`"),
            Purpose::OfDef(formal, of) => {
                format!("`{}` of `{}`", self.program[*formal].name.value, self.program[*of].name.value)
            }
        }
    }

    /// Adds where the expectation comes from.
    fn explained(&self, mut diagnostic: Diagnostic, origin: &Origin) -> Diagnostic {
        let declared = match origin {
            Origin::None => return diagnostic,
            Origin::Place(span, text) => return diagnostic.because(*span, text.clone()),
            Origin::Formal(formal, ty) => {
                return diagnostic.because(self.program[*formal].name.span, format!("declared here as {ty}"));
            }
            Origin::Declared(text) => text.clone(),
            Origin::Param(param) => param.signature(),
            Origin::Port(port) => port.signature(),
            Origin::Stand(clause) => {
                let word = clause.trim_matches('`');
                format!("{word} (x, y, z)`, `{word} thing` or `{word} thing.part")
            }
        };
        let line = format!("declared as `{declared}`");
        diagnostic.hint = Some(match diagnostic.hint.take() {
            Some(hint) => format!("{hint}; {line}"),
            None => line,
        });
        diagnostic
    }

    fn misfit(&mut self, expr: &Expr, term: &Term, ty: &Type, want: &Want) {
        let what = self.purpose(want);
        let wanted = match ty {
            Type::Quantity(d) | Type::Vec2(d) | Type::Vec3(d) => Some(*d),
            _ => None,
        };
        if let (ExprKind::Number { whole: true, unit, .. }, Type::Int) = (&expr.kind, ty)
            && unit.is_empty()
        {
            let message = format!("{what} is an Int, and this whole number is too large for one");
            let hint = "whole numbers that are written reach to 9007199254740992, which is 2^53";
            self.report(self.explained(Diagnostic::error("E0308", message, expr.span).hint(hint), &want.origin));
            return;
        }
        let bare = bare_number(expr) && ops::dimension_of(&term.ty) == Some(Dimension::RATIO);
        let mut diagnostic = match (wanted, bare) {
            (Some(d), true) if d != Dimension::RATIO => {
                let written = self.loaded.sources.text(expr.span).to_owned();
                let mut diagnostic =
                    Diagnostic::error("E0301", format!("{what} is {}, but `{written}` has no unit", a(ty)), expr.span)
                        .label("a unit is missing");
                let number = written.parse().ok();
                let unit = number.and_then(|n| likely_unit(n, d, want)).map(str::to_owned);
                let unit = unit.or_else(|| d.example_unit().map(str::to_owned)).or_else(|| compound_unit(d));
                if let Some(unit) = unit {
                    let mended = format!("{written}{unit}");
                    diagnostic = diagnostic.fix(format!("write `{mended}`"), expr.span, mended);
                }
                diagnostic
            }
            _ => match (&term.ty, ty) {
                (Type::Wire(Wire::Image(have)), Type::Wire(Wire::Image(wanted))) => {
                    let display = (*have, *wanted) == (Encoding::Display, Encoding::SceneLinear);
                    let (message, hint) = match (display, what.as_str()) {
                        (true, "`image` of `view`") => (
                            "a view transform can't be applied twice".to_owned(),
                            "this picture went through `view` already: remove the second one",
                        ),
                        (true, _) => (
                            format!("{what} takes light, and this is a picture for displays"),
                            "this picture went through `view` already: give the one before it",
                        ),
                        _ if (*have, *wanted) == (Encoding::SceneLinear, Encoding::Display) => (
                            format!("{what} takes a picture for displays, and this is scene-linear"),
                            "put `|> view(agx)` behind it",
                        ),
                        _ => (
                            format!("{what} takes {}, and this is {}", wanted.noun(), have.noun()),
                            match wanted {
                                Encoding::SceneLinear => "`render(shot)` gives one",
                                Encoding::Display => "`render(shot) |> view(agx)` gives one",
                                Encoding::Depth => "`depth(shot)` gives one",
                                Encoding::InverseDepth => {
                                    "`depth(shot) |> inverse_depth(near: 1m, far: 50m)` gives one"
                                }
                                Encoding::Normal => "`normals(shot)` gives one",
                                Encoding::Mask => "`mask(shot, of: thing)` gives one",
                                Encoding::Ids => "`ids(shot)` gives one",
                                Encoding::Pose => "`pose_map(shot, of: figure)` gives one",
                            },
                        ),
                    };
                    Diagnostic::error("E0309", message, expr.span).label(format!("this is {}", term.ty)).hint(hint)
                }
                (Type::Quantity(d), Type::Int) if *d == Dimension::RATIO => Diagnostic::error(
                    "E0302",
                    format!("{what} is {}, not {}", beside(ty, &term.ty), beside(&term.ty, ty)),
                    expr.span,
                )
                .label("not a whole number")
                .hint("`round`, `floor` and `ceil` make whole numbers"),
                _ => {
                    let message = format!("{what} is {}, not {}", beside(ty, &term.ty), beside(&term.ty, ty));
                    let diagnostic =
                        Diagnostic::error("E0302", message, expr.span).label(format!("this is {}", a(&term.ty)));
                    match (&term.ty, ty) {
                        (Type::Vec3(_), Type::Wire(Wire::Thing)) if what == "`parent`" => diagnostic
                            .hint("a point in the world is `at`; with a `parent`, `at` counts from that thing"),
                        _ => self.habit(diagnostic, expr, term, ty, want),
                    }
                }
            },
        };
        diagnostic = self.explained(diagnostic, &want.origin);
        self.report(diagnostic);
    }

    /// What other languages write for a value of this type, with its mend.
    fn habit(&self, diagnostic: Diagnostic, expr: &Expr, term: &Term, ty: &Type, want: &Want) -> Diagnostic {
        let span = expr.span;
        let written = self.loaded.sources.text(span);
        let inner = written.trim_matches('"');
        match (&term.ty, ty) {
            (Type::Optional(inner), _) if **inner == Type::Unknown => {
                match matches!(want.what, Purpose::OfNode(..) | Purpose::OfDef(..)) {
                    true => diagnostic.hint("`none` leaves out what may be left out, and this must be given"),
                    false => diagnostic.hint(format!("a type that takes `none` ends in a `?`: `{ty}?`")),
                }
            }
            (Type::Optional(inner), _) if coercion(inner, ty).is_some() => match expr.kind {
                ExprKind::If { otherwise: None, .. } => diagnostic.hint("without its `else` it may be `none`"),
                _ => diagnostic.hint(maybe_none(written)),
            },
            // `t * 2m`, `sin(t)`: a time becomes something else by a rate.
            (Type::Quantity(have), Type::Quantity(want) | Type::Vec2(want) | Type::Vec3(want))
                if !matches!(expr.kind, ExprKind::Number { .. })
                    && (have.over(*want) == Some(Dimension::TIME)
                        || *have == Dimension::TIME && *want != Dimension::RATIO) =>
            {
                let unit = want.example_unit().map_or_else(|| want.units(), str::to_owned);
                diagnostic.hint(format!("a time is made {} by a rate: `t * 2{unit}/s`", a(ty)))
            }
            (Type::Quantity(have), Type::Quantity(want)) if *have == Dimension::TIME && *want == Dimension::RATIO => {
                diagnostic.hint("a time is made a number by dividing it: `t / 2s`")
            }
            (Type::Text, Type::Quantity(_) | Type::Int | Type::Vec2(_) | Type::Vec3(_))
                if inner.starts_with(|c: char| c.is_ascii_digit() || c == '-')
                    && inner.bytes().all(|b| b.is_ascii_alphanumeric() || b".-/^".contains(&b)) =>
            {
                let unit = match ty {
                    Type::Quantity(d) | Type::Vec2(d) | Type::Vec3(d) => d.example_unit(),
                    _ => None,
                };
                let bare = inner.parse::<f64>().is_ok();
                let mended = format!("{inner}{}", unit.filter(|_| bare).unwrap_or_default());
                diagnostic.hint("a number stands without quotes").fix(format!("write `{mended}`"), span, mended)
            }
            (Type::Int, Type::Bool) if matches!(written, "0" | "1") => {
                let mended = if written == "1" { "true" } else { "false" };
                diagnostic.hint("a choice is `true` or `false`").fix(format!("write `{mended}`"), span, mended)
            }
            (Type::Vec3(_), Type::Color) => {
                let mended = format!("rgb{written}");
                let diagnostic = diagnostic.hint("a colour of three numbers is made by `rgb`, in linear light");
                match written.starts_with('(') {
                    true => diagnostic.fix(format!("write `{mended}`"), span, mended),
                    false => diagnostic,
                }
            }
            (Type::List(_), Type::Color) => {
                match (&expr.kind, written.strip_prefix('[').and_then(|w| w.strip_suffix(']'))) {
                    (ExprKind::List(items), Some(inner)) if items.len() == 3 => {
                        let mended = format!("rgb({inner})");
                        diagnostic.hint("a colour of three numbers is made by `rgb`, in linear light").fix(
                            format!("write `{mended}`"),
                            span,
                            mended,
                        )
                    }
                    _ => diagnostic.hint("a colour is written `#ff8800` or `rgb(1, 0.5, 0)`"),
                }
            }
            (_, Type::Color) if ops::dimension_of(&term.ty).is_some() => {
                diagnostic.hint("a colour is written `#ff8800` or `rgb(1, 0.5, 0)`")
            }
            (Type::Text, Type::Color) if crate::hints::named_color(inner).is_some() => {
                let code = crate::hints::named_color(inner).unwrap_or_default();
                diagnostic.hint(format!("colours have no names; this one is `{code}`")).fix(
                    format!("write `{code}`"),
                    span,
                    code,
                )
            }
            (Type::Text, Type::Wire(wire)) => {
                let node = scenec_ir::nodes::find(inner).filter(|d| d.callable && d.output == *wire);
                let known = !matches!(self.program.lookup(self.current.def, inner), crate::resolve::Found::Nothing);
                match (node, known) {
                    (Some(decl), _) => {
                        let needs = decl.params.iter().any(|p| p.default == Default::Required);
                        let diagnostic = diagnostic.hint(format!("`{inner}` is a node: call it, `{inner}(…)`"));
                        let mended = format!("{inner}()");
                        if needs { diagnostic } else { diagnostic.fix(format!("write `{mended}`"), span, mended) }
                    }
                    (None, true) => {
                        diagnostic.hint("a name stands without quotes").fix(format!("write `{inner}`"), span, inner)
                    }
                    (None, false) => diagnostic,
                }
            }
            (Type::Int | Type::Quantity(_), Type::Quantity(d) | Type::Vec2(d) | Type::Vec3(d))
                if *d != Dimension::RATIO && ops::dimension_of(&term.ty) == Some(Dimension::RATIO) =>
            {
                let Some(unit) = d.example_unit() else { return diagnostic };
                let mended = format!("{written} * 1{unit}");
                let diagnostic = diagnostic.hint(format!("a number becomes one with a unit by `{mended}`"));
                match expr.kind {
                    ExprKind::Name(_) | ExprKind::Field { .. } | ExprKind::Index { .. } => {
                        diagnostic.fix(format!("write `{mended}`"), span, mended)
                    }
                    _ => diagnostic,
                }
            }
            (Type::Quantity(have), Type::Quantity(want))
                if *have != Dimension::RATIO && Dimension::RATIO.over(*want) == Some(*have) =>
            {
                let whole = matches!(expr.kind, ExprKind::Number { .. } | ExprKind::Name(_));
                let over = if whole { format!("1 / {written}") } else { format!("1 / ({written})") };
                diagnostic.hint(format!("`{over}` is {}", a(ty)))
            }
            (Type::List(_), Type::Range(_)) => {
                diagnostic.hint("a range is written `first..end` and does not hold its end: `1..25` are 24 frames")
            }
            (Type::Asset, Type::Wire(Wire::Thing)) => {
                let mended = format!("{written}.scene()");
                diagnostic.hint(format!("`{mended}` is all of it, `{written}.node(\"name\")` a part")).fix(
                    format!("write `{mended}`"),
                    span,
                    mended,
                )
            }
            (Type::Text, Type::Color)
                if inner.len() == 7 && inner.starts_with('#') && inner[1..].bytes().all(|b| b.is_ascii_hexdigit()) =>
            {
                diagnostic.hint("a colour stands without quotes").fix(format!("write `{inner}`"), span, inner)
            }
            (Type::Text, Type::Color) => diagnostic.hint("a colour is written `#ff8800` or `rgb(1, 0.5, 0)`"),
            (Type::Text, Type::Bool) if matches!(inner, "true" | "false") => {
                diagnostic.hint("`true` and `false` stand without quotes").fix(format!("write `{inner}`"), span, inner)
            }
            (Type::Text, Type::Enum(members)) if members.members.iter().any(|m| m == inner) => {
                diagnostic.hint("a member stands without quotes").fix(format!("write `{inner}`"), span, inner)
            }
            (Type::Color, Type::Wire(Wire::Material)) => {
                let mended = format!("paint(color: {written})");
                diagnostic.hint("a colour is one property of a material").fix(format!("write `{mended}`"), span, mended)
            }
            (Type::List(_), Type::Vec2(_) | Type::Vec3(_)) => match (&expr.kind, ty) {
                (ExprKind::List(items), Type::Vec2(_)) if items.len() == 2 => self.parentheses(diagnostic, span),
                (ExprKind::List(items), Type::Vec3(_)) if items.len() == 3 => self.parentheses(diagnostic, span),
                _ => diagnostic.hint("a vector stands in parentheses: `(x, y, z)`"),
            },
            (Type::Vec3(d), Type::Wire(Wire::Thing)) if *d == Dimension::LENGTH => {
                diagnostic.hint(format!("a node makes a thing of a size: `box(size: {written})`"))
            }
            (Type::Wire(Wire::Camera), Type::Shot) => {
                diagnostic.hint(format!("a shot says when a camera looks: `shot s010 {{ camera: {written} }}`"))
            }
            _ => diagnostic,
        }
    }

    fn parentheses(&self, diagnostic: Diagnostic, span: Span) -> Diagnostic {
        let first = Span { end: span.start + 1, ..span };
        let last = Span { start: span.end - 1, ..span };
        let edit = |span, text: &str| Edit { span, text: text.to_owned() };
        let mut diagnostic = diagnostic.hint("a vector stands in parentheses, a list in brackets");
        let title = "write `(…)`".to_owned();
        diagnostic.fix = Some(Fix { title, edits: vec![edit(first, "("), edit(last, ")")] });
        diagnostic
    }

    /// Range and asset names of a parameter, as far as its value is known. False when there was an error.
    pub(super) fn value_fits(&mut self, decl: &NodeDecl, param: &Param, term: &Term, asset: Option<DefId>) -> bool {
        let Some(value) = term.value() else { return true };
        if let (ParamType::InputPath, Value::Text(path)) = (param.ty, value) {
            self.program.watch.outside();
            let error = self.nearby.input_error(self.loaded, path, term.span);
            let fits = error.is_none();
            self.own.diagnostics.extend(error);
            return fits;
        }
        match value_error(decl, param, value, term.span, asset.and_then(|a| self.index(a))) {
            Some(diagnostic) => {
                self.report(diagnostic);
                false
            }
            None => true,
        }
    }

    /// Names inside an asset.
    pub(super) fn index(&self, asset: DefId) -> Option<&AssetIndex> {
        match &self.program[asset].kind {
            DefKind::Asset { index, .. } => index.as_deref(),
            _ => None,
        }
    }
}

/// What is done with a value that may be `none`.
pub(crate) fn maybe_none(written: &str) -> String {
    let written = if written.contains('\n') || written.len() > 40 { "x" } else { written };
    format!("it may be `none`: say what holds then, `{written} ?? …`, or ask first, `if {written} != none {{ … }}`")
}

/// What is wrong with the value of a parameter: its range, or a name that its asset does not have.
pub(crate) fn value_error(
    decl: &NodeDecl,
    param: &Param,
    value: &Value,
    span: Span,
    asset: Option<&AssetIndex>,
) -> Option<Diagnostic> {
    if let (ParamType::AssetName(kind), Value::Text(name), Some(index)) = (param.ty, value, asset) {
        return asset_name_error(kind, name, span, index);
    }
    if let (ParamType::Members(_), Value::List(items)) = (param.ty, value) {
        let twice = items.iter().enumerate().find(|(i, item)| items[..*i].contains(item))?.1;
        let message = format!("`{twice}` is in `{}` twice", param.name);
        return Some(Diagnostic::error("E0306", message, span).hint("name it once"));
    }
    let (low, high) = param.range?;
    // Asked for every value of every node: nothing is allocated. One number may stand several times.
    let numbers: [f64; 3] = match value {
        Value::Int(i) => [*i as f64; 3],
        Value::Quantity(v, _) => [*v; 3],
        Value::Vec2([x, y], _) => [*x, *y, *y],
        Value::Vec3(v, _) => *v,
        Value::Color(c) => c.map(f64::from),
        Value::List(items) => {
            return items.iter().find_map(|item| value_error(decl, param, item, span, asset));
        }
        _ => return None,
    };
    let dimension = param.ty.dimension().unwrap_or_default();
    // Unit conversion may leave a limit by one part in 10^15.
    let slack = 1e-12 * low.abs().max(high.abs()).min(1e3);
    let bad = numbers.into_iter().find(|n| !(low - slack..=high + slack).contains(n))?;
    let what = format!("`{}` of `{}`", param.name, shown(decl.name));
    let shown = scenec_ir::dimension::show(bad, dimension);
    let range = param.range_text().unwrap_or_default();
    let message = format!("{what} is out of range: `{shown}` is not within {range}");
    Some(
        Diagnostic::error("E0305", message, span)
            .label(if bad < low { "too small" } else { "too large" })
            .hint(format!("declared as `{}`", param.signature())),
    )
}

/// An asset's name that is not there.
pub(crate) fn asset_name_error(kind: AssetNames, name: &str, span: Span, index: &AssetIndex) -> Option<Diagnostic> {
    let (noun, names): (&str, Vec<&str>) = match kind {
        AssetNames::Node => ("node", index.nodes.iter().map(String::as_str).collect()),
        AssetNames::Mesh => ("mesh", index.meshes.iter().map(String::as_str).collect()),
        AssetNames::Skin => ("skin", index.skins.iter().map(|s| s.name.as_str()).collect()),
        AssetNames::Variant => ("variant", index.variants.iter().map(String::as_str).collect()),
        AssetNames::Clip => ("clip", index.clips.iter().map(|c| c.name.as_str()).collect()),
        AssetNames::Camera => ("camera", index.cameras.iter().map(String::as_str).collect()),
    };
    if names.contains(&name) {
        return None;
    }
    let message = format!("the asset `{}` has no {noun} `{name}`", index.path);
    let mut diagnostic = Diagnostic::error("E0208", message, span);
    if names.is_empty() {
        diagnostic = diagnostic.hint(format!("it has no {noun}s at all"));
    } else if let Some(close) = scenec_ir::names::closest(name, names.iter().copied()) {
        diagnostic = diagnostic.hint(format!("did you mean `{close}`?")).fix(
            format!("write {close:?}"),
            span,
            format!("{close:?}"),
        );
    } else {
        let many = names.len() > 12;
        let list = names.into_iter().take(12).collect::<Vec<_>>().join(", ");
        diagnostic = diagnostic.hint(format!("it has: {list}{}", if many { ", …" } else { "" }));
    }
    Some(diagnostic)
}

/// The unit of length or angle that a bare number most likely lacks: `85` for a lens is 85mm.
fn likely_unit(number: f64, d: Dimension, want: &Want) -> Option<&'static str> {
    let units: &[&str] = match d {
        Dimension::LENGTH => &["m", "cm", "mm"],
        _ => return None,
    };
    let legal = |value: f64| want.range.is_none_or(|(low, high)| (low..=high).contains(&value));
    let values = units.iter().filter_map(|u| Some((*u, number * scenec_ir::dimension::find_unit(u)?.factor)));
    let mut values: Vec<(&str, f64)> = values.filter(|(_, v)| legal(*v)).collect();
    if let Some(usual) = want.usual.filter(|u| *u > 0.0 && number > 0.0) {
        // How many times it is larger or smaller than the default.
        let off = |value: f64| (value / usual).max(usual / value);
        values.sort_by(|a, b| off(a.1).total_cmp(&off(b.1)));
    }
    values.first().map(|(unit, _)| *unit)
}

/// `1-24`.
fn is_difference(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Binary { op, .. } if op.value == BinaryOp::Subtract)
}

/// `4` or `-4.5`.
pub(super) fn bare_number(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number { unit, .. } => unit.is_empty(),
        ExprKind::Unary { op: UnaryOp::Negate, value } => bare_number(value),
        _ => false,
    }
}

fn compound_unit(d: Dimension) -> Option<String> {
    match d {
        Dimension::PER_LENGTH => Some("/m".into()),
        Dimension::AREA => Some("m^2".into()),
        Dimension::IRRADIANCE => Some("W/m^2".into()),
        _ => None,
    }
}

/// The same beside another type; two enumerations of one name are told apart by their modules.
pub(crate) fn beside(ty: &Type, other: &Type) -> String {
    match (ty, other) {
        (Type::Enum(e), Type::Enum(o)) if e.name == o.name && e.home != o.home => format!("{} of `{}`", a(ty), e.home),
        _ => a(ty),
    }
}

/// A type with its article.
pub(crate) fn a(ty: &Type) -> String {
    if let Type::Enum(e) = ty
        && e.name.contains('.')
    {
        // The choices of a node's parameter have no name of their own.
        return format!("one of {}", e.members.join(", "));
    }
    if *ty == Type::none() {
        return "`none`".to_owned();
    }
    let name = ty.to_string();
    if let Type::Quantity(d) = ty
        && scenec_ir::dimension::find_named(&name).is_none()
        && *d != Dimension::RATIO
    {
        return format!("a quantity in `{name}`");
    }
    let vowel = name.starts_with(['A', 'E', 'I', 'O']);
    format!("{} {name}", if vowel { "an" } else { "a" })
}
