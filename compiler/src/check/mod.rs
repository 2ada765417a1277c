//! Check: a type for every expression, and every name, unit, range and layer in order.
//!
//! One mistake gives one error: what has an error is `Type::Unknown`, which fits everywhere.

mod args;
mod bible;
mod call;
mod curve;
mod expr;
mod fit;
mod foreign;
mod items;
mod lists;
mod measure;
mod note;
mod opinion;
mod path;
mod scatter;

use scenec_grammar::ast::{BibleEntry, ItemKind, TypeExpr};
use scenec_ir::node::Wire;
use scenec_ir::{Diagnostic, Dimension, Encoding, Layer, Span, Type, names};

use crate::hints;
use crate::index::Notes;
use crate::load::Loaded;
use crate::nearby::Nearby;
use crate::order::sequence;
use crate::resolve::{DefId, DefKind, Found, Program, References};
use crate::typed::{Body, Checked, Layers, Shape, Term, Typed};

pub(crate) use args::is_formal;
pub(crate) use curve::disorder;
pub(crate) use fit::{Want, value_error};
pub use items::{OUTPUT, SHOT};
pub(crate) use lists::innermost;
pub use measure::BUDGET;
pub(crate) use opinion::value_term;
pub(crate) use scatter::contradictions;

/// Checks every definition. `mentions` gives a good order.
pub fn check(
    nearby: &Nearby<'_>,
    loaded: &Loaded,
    program: &Program<'_>,
    mentions: &References,
    notes: Option<&mut Notes>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Typed {
    let mut checker = Checker {
        nearby,
        loaded,
        program,
        diagnostics,
        checked: vec![None; program.count()],
        busy: vec![false; program.count()],
        references: vec![Vec::new(); program.count()],
        used: vec![false; program.count()],
        current: Current::default(),
        locals: Vec::new(),
        depth: 0,
        unknown: unknown(),
        moved: Vec::new(),
        notes,
    };
    for def in sequence(mentions) {
        checker.definition(def);
    }
    checker.contradictions();
    let sets = checker.command_line_sets();
    checker.spread_time();
    crate::warn::unused(loaded, program, &checker.used, checker.diagnostics);
    let checked = checker.checked.into_iter().map(|c| c.unwrap_or_else(unknown)).collect();
    Typed { checked, references: checker.references, sets }
}

/// Levels of definitions that are checked while another is; only names that look like a cycle ask for it.
const DEEPEST: usize = 24;

fn unknown() -> Checked {
    Checked {
        ty: Type::Unknown,
        shape: Shape::Unknown,
        body: Body::None,
        layers: Layers::ALL,
        layers_because: None,
        timed: false,
    }
}

struct Checker<'a, 'c> {
    nearby: &'c Nearby<'c>,
    loaded: &'a Loaded,
    program: &'c Program<'a>,
    diagnostics: &'c mut Vec<Diagnostic>,
    checked: Vec<Option<Checked>>,
    busy: Vec<bool>,
    references: References,
    used: Vec<bool>,
    current: Current,
    /// Variables of every `for` around, the innermost last.
    locals: Vec<lists::Local>,
    depth: usize,
    unknown: Checked,
    /// What opinions make depend on time.
    moved: Vec<DefId>,
    notes: Option<&'c mut Notes>,
}

/// The definition that is being checked.
#[derive(Clone, Copy)]
struct Current {
    def: DefId,
    layers: Layers,
    because: Option<(Span, &'static str)>,
    timed: bool,
}

impl Default for Current {
    fn default() -> Self {
        Self { def: DefId(0), layers: Layers::ALL, because: None, timed: false }
    }
}

impl<'a> Checker<'a, '_> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: &str, message: impl Into<String>, span: Span) -> Term {
        self.report(Diagnostic::error(code, message, span));
        Term::failed(span)
    }

    /// What is known of a definition, checking it first when need be.
    fn info(&mut self, def: DefId) -> &Checked {
        if self.checked[def.0 as usize].is_none() && !self.busy[def.0 as usize] && self.depth < DEEPEST {
            self.definition(def);
        }
        // Not stored: a definition that is looked at too early is still checked in its turn.
        self.checked[def.0 as usize].as_ref().unwrap_or(&self.unknown)
    }

    /// Notes that the current definition reads another.
    fn read(&mut self, def: DefId, span: Span) {
        let from = self.current.def;
        self.used[def.0 as usize] = true;
        let reads = &mut self.references[from.0 as usize];
        if !reads.iter().any(|(d, _)| *d == def) {
            reads.push((def, span));
        }
        if self.busy[def.0 as usize] {
            return;
        }
        let info = self.info(def);
        let (layers, because, timed) = (info.layers, info.layers_because, info.timed);
        self.current.timed |= timed;
        let is_thing_of_layer = self.program.block_of(def).is_some();
        if !is_thing_of_layer {
            self.restrict(layers, because, span);
        }
    }

    /// What is made of something that an opinion lets depend on time does as well.
    fn spread_time(&mut self) {
        if self.moved.is_empty() {
            return;
        }
        let mut readers = vec![Vec::new(); self.references.len()];
        for (from, reads) in self.references.iter().enumerate() {
            for (read, _) in reads {
                readers[read.0 as usize].push(DefId(from as u32));
            }
        }
        let mut seen = vec![false; readers.len()];
        while let Some(def) = self.moved.pop() {
            if std::mem::replace(&mut seen[def.0 as usize], true) {
                continue;
            }
            if let Some(checked) = &mut self.checked[def.0 as usize] {
                checked.timed = true;
            }
            self.moved.extend(&readers[def.0 as usize]);
        }
    }

    /// The layer whose block the current definition stands in; generation for cameras, shots, images and outputs; `None`
    /// where it is known only at the place of use.
    fn layer(&self) -> Option<Layer> {
        let def = self.current.def;
        let decides = self.program[def].owner.unwrap_or(def);
        match &self.program[decides].kind {
            DefKind::Layer(layer) => Some(*layer),
            DefKind::Camera(_)
            | DefKind::Shot { .. }
            | DefKind::Image(_)
            | DefKind::Output(_)
            | DefKind::Test { .. }
            | DefKind::Budget(_) => Some(Layer::Generation),
            _ => None,
        }
    }

    /// The current definition may stand in these layers only.
    fn restrict(&mut self, layers: Layers, because: Option<(Span, &'static str)>, span: Span) {
        match self.layer() {
            Some(layer) if !layers.has(layer) => {
                let what = because.map_or("this", |(_, what)| what);
                let block = self.program.block_of(self.current.def);
                let message = match block {
                    Some(_) => format!("`{what}` can't stand in the layer `{}`", layer.keyword()),
                    None => format!("`{what}` belongs into a layer block, not here"),
                };
                let mut diagnostic = Diagnostic::error("E0405", message, span);
                if let Some((place, what)) = because.filter(|(place, _)| *place != span) {
                    diagnostic = diagnostic.because(place, format!("`{what}` is used here"));
                }
                if let Some(block) = block {
                    let name = self.program[block].name;
                    diagnostic = diagnostic.because(name.span, format!("`{}` is a block of it", name.value));
                }
                let allowed: Vec<_> = [Layer::Environment, Layer::Character, Layer::Engineering]
                    .into_iter()
                    .filter(|l| layers.has(*l))
                    .map(Layer::keyword)
                    .collect();
                if !allowed.is_empty() {
                    diagnostic = diagnostic.hint(format!("it may stand in: {}", allowed.join(", ")));
                }
                self.report(diagnostic);
            }
            Some(_) => {}
            None => {
                if self.current.layers.and(layers) != self.current.layers {
                    self.current.layers = self.current.layers.and(layers);
                    self.current.because = because.or(self.current.because);
                }
            }
        }
    }

    /// Checks a definition, once.
    fn definition(&mut self, def: DefId) {
        if self.busy[def.0 as usize] || self.checked[def.0 as usize].is_some() {
            return;
        }
        self.busy[def.0 as usize] = true;
        self.depth += 1;
        let outer = std::mem::replace(&mut self.current, Current { def, ..Current::default() });
        let locals = std::mem::take(&mut self.locals);
        let (ty, shape, body) = self.item(def);
        self.locals = locals;
        let current = std::mem::replace(&mut self.current, outer);
        self.depth -= 1;
        self.busy[def.0 as usize] = false;
        self.checked[def.0 as usize] = Some(Checked {
            ty,
            shape,
            body,
            layers: current.layers,
            layers_because: current.because,
            timed: current.timed,
        });
    }

    /// The type that is written; an unknown name is an error.
    fn type_expr(&mut self, from: DefId, ty: &TypeExpr) -> Type {
        let path: Vec<&str> = ty.path.iter().map(|i| i.value.as_str()).collect();
        let arg = ty.args.first().map(|arg| self.type_expr(from, arg));
        if let [name] = path.as_slice() {
            let dimension = |d: Option<Type>| match d {
                Some(Type::Quantity(d)) => d,
                Some(Type::Int) => Dimension::RATIO,
                _ => Dimension::LENGTH,
            };
            let simple = match (*name, &arg) {
                ("Bool", None) => Some(Type::Bool),
                ("Int", None) => Some(Type::Int),
                ("Text", None) => Some(Type::Text),
                ("Color", None) => Some(Type::Color),
                ("Point", None) => Some(Type::Vec3(Dimension::LENGTH)),
                ("Vec2", _) => Some(Type::Vec2(dimension(arg.clone()))),
                ("Vec3", _) => Some(Type::Vec3(dimension(arg.clone()))),
                ("List", Some(item)) => Some(Type::List(Box::new(item.clone()))),
                ("Range", Some(item)) => Some(Type::Range(Box::new(item.clone()))),
                ("Pose", None) => Some(Type::Pose),
                ("Shot", None) => Some(Type::Shot),
                ("Thing", None) => Some(Type::Wire(Wire::Thing)),
                ("Material", None) => Some(Type::Wire(Wire::Material)),
                ("Light", None) => Some(Type::Wire(Wire::Light)),
                ("Sky", None) => Some(Type::Wire(Wire::Sky)),
                ("Camera", None) => Some(Type::Wire(Wire::Camera)),
                ("Image", None) => Some(Type::Wire(Wire::Image(Encoding::SceneLinear))),
                ("DisplayImage", None) => Some(Type::Wire(Wire::Image(Encoding::Display))),
                (name, None) => scenec_ir::dimension::find_named(name).map(Type::Quantity),
                _ => None,
            };
            if let Some(simple) = simple {
                return simple;
            }
        }
        let found = match path.as_slice() {
            [name] => match self.program.lookup(from, name) {
                Found::Def(def) => Some(def),
                _ => None,
            },
            [alias, name] => match self.program.lookup(from, alias) {
                Found::Def(def) => match self.program[def].kind {
                    DefKind::Alias(Some(module)) => {
                        self.used[def.0 as usize] = true;
                        self.note(ty.path[0].span, def);
                        self.item_of(module, name, ty.path[1].span)
                    }
                    // An enumeration of a bible of this file.
                    DefKind::Bible if self.holds_enum(def, name) => match self.program.lookup(def, name) {
                        Found::Def(of) => Some(of),
                        _ => None,
                    },
                    DefKind::Alias(None) | DefKind::Failed => return Type::Unknown,
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        };
        if let Some(found) = found {
            match &self.program[found].kind {
                DefKind::Enum(of) => {
                    self.used[found.0 as usize] = true;
                    self.note(ty.span, found);
                    return Type::Enum(of.clone());
                }
                DefKind::Failed => return Type::Unknown,
                _ => {}
            }
        }
        let written = path.join(".");
        let mut diagnostic = Diagnostic::error("E0209", format!("there is no type `{written}`"), ty.span);
        let mut candidates: Vec<String> = TYPE_NAMES.iter().map(|n| (*n).to_owned()).collect();
        candidates.extend(scenec_ir::dimension::names().map(str::to_owned));
        for name in self.program.visible(from) {
            match self.program.lookup(from, name) {
                Found::Def(def) => match &self.program[def].kind {
                    DefKind::Enum(_) => candidates.push(name.to_owned()),
                    DefKind::Alias(Some(module)) => {
                        let public = &self.program.scopes[*module].public;
                        candidates.extend(
                            public
                                .iter()
                                .filter(|(_, d)| matches!(self.program[**d].kind, DefKind::Enum(_)))
                                .map(|(n, _)| format!("{name}.{n}")),
                        );
                    }
                    _ => {}
                },
                _ => continue,
            }
        }
        let write = |diagnostic: Diagnostic, hint: String, text: &str| {
            diagnostic.hint(hint).fix(format!("write `{text}`"), ty.span, text)
        };
        diagnostic = if let Some(unit) = Self::type_of_unit(&written) {
            write(diagnostic, format!("`{written}` is a unit; its type is `{unit}`"), &unit)
        } else if let Some((meant, certain)) = hints::foreign_type(&written) {
            match certain {
                true => write(diagnostic, format!("did you mean `{meant}`?"), meant),
                false if meant == "Ratio" => diagnostic
                    .hint("a number without unit is a `Ratio`, one with a unit a `Length`, an `Angle`, a `Time`, …"),
                false => diagnostic.hint(format!("did you mean `{meant}<…>`?")),
            }
        } else if let Some(close) = names::closest(&written, candidates.iter().map(String::as_str)) {
            write(diagnostic, format!("did you mean `{close}`?"), close)
        } else {
            diagnostic.hint("types are Int, Ratio, Length, Angle, Time, Color, Text, … or an `enum`")
        };
        self.report(diagnostic);
        Type::Unknown
    }

    /// The item of another module. One that is private is reported, and is meant all the same.
    fn item_of(&mut self, module: usize, name: &str, span: Span) -> Option<DefId> {
        let def = self.program.own(module, name)?;
        if self.program.is_private(def) && !matches!(self.program[def].kind, DefKind::Failed) {
            self.used[def.0 as usize] = true;
            let path = &self.loaded.modules[module].path;
            self.report(self.program.refused(def, path, span));
        }
        Some(def)
    }

    /// True when a bible declares this enumeration, which is an item of its module all the same.
    fn holds_enum(&self, bible: DefId, name: &str) -> bool {
        let def = &self.program[bible];
        let items = &self.loaded.modules[def.module].ast.items;
        items.iter().any(|item| match &item.kind {
            ItemKind::Bible { name: own, body } if own.span == def.name.span => {
                body.iter().any(|e| matches!(e, BibleEntry::Enum(members) if members.name.value == name))
            }
            _ => false,
        })
    }

    /// Adds the closest name as a fix, or a hint that lists what there is.
    fn suggest(diagnostic: Diagnostic, name: &str, span: Span, candidates: &[&str]) -> Diagnostic {
        match names::closest(name, candidates.iter().copied()) {
            Some(close) => {
                diagnostic.hint(format!("did you mean `{close}`?")).fix(format!("write `{close}`"), span, close)
            }
            None if candidates.is_empty() => diagnostic,
            None if candidates.len() <= 16 => diagnostic.hint(format!("there is: {}", candidates.join(", "))),
            None => diagnostic.hint(format!("there is: {}, …", candidates[..16].join(", "))),
        }
    }
}

/// Types of the language that are no quantities.
pub(crate) const TYPE_NAMES: &[&str] = &[
    "Bool", "Int", "Text", "Color", "Point", "Vec2", "Vec3", "List", "Range", "Pose", "Shot", "Thing", "Material",
    "Light", "Sky", "Camera", "Image",
];
