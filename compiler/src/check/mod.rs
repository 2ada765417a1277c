//! Check: a type for every expression, and every name, unit, range and layer in order.
//!
//! One mistake gives one error: what has an error is `Type::Unknown`, which fits everywhere.

mod args;
mod bible;
mod call;
mod curve;
mod cut;
mod expr;
mod fit;
mod foreign;
mod items;
mod lists;
mod measure;
mod note;
mod opinion;
mod output;
mod path;
mod scatter;

use std::collections::BTreeSet;
use std::sync::Arc;

use scenec_grammar::ast::{BibleEntry, ItemKind, TypeExpr};
use scenec_ir::node::Wire;
use scenec_ir::{Diagnostic, Dimension, Encoding, Layer, Span, Type, names};

use crate::hints;
use crate::index::Notes;
use crate::kept::{Finding, Findings, Kept, Results};
use crate::load::Loaded;
use crate::manual;
use crate::mentions::mentions;
use crate::nearby::Nearby;
use crate::order::sequence;
use crate::resolve::{DefId, DefKind, Found, Program, References};
use crate::typed::{Body, Checked, Layers, Shape, Term, Typed};

pub(crate) use args::is_formal;
pub(crate) use curve::disorder;
pub use cut::CUT;
pub(crate) use fit::{Want, shown, value_error};
pub use items::SHOT;
pub(crate) use lists::innermost;
pub use measure::BUDGET;
pub(crate) use opinion::value_term;
pub use output::OUTPUT;
pub(crate) use scatter::contradictions;

/// What of a check is wanted besides the typed program.
pub struct Job {
    /// Notes for the index, and what the next check can keep.
    pub is_noting: bool,
    /// What was kept of the check before.
    pub kept: Option<Kept>,
}

/// A checked program.
pub struct Check {
    /// The program.
    pub typed: Typed,
    /// By definition: what else was found.
    pub findings: Findings,
    /// What is needed besides to keep it; `None` when it must not be.
    pub keep: Option<Keep>,
    /// How many definitions had to be checked.
    pub count: usize,
}

/// See [`Results`].
pub struct Keep {
    pub order: Vec<DefId>,
    pub spread: Vec<DefId>,
}

/// Checks every definition, or those whose results are not known from the check before.
pub fn check<'a>(
    nearby: &Nearby<'_>,
    loaded: &'a Loaded,
    program: &mut Program<'a>,
    job: Job,
    diagnostics: &mut Vec<Diagnostic>,
) -> Check {
    let Job { is_noting, kept } = job;
    if is_noting {
        program.observe();
    }
    if let Some(kept) = kept {
        let results = kept.carry(loaded, program);
        let known = results.order.len();
        let mut checker = Checker::new(nearby, loaded, program, is_noting, results);
        checker.definitions();
        // What hangs on the order of the checks is told as if all were checked, which goes in another order.
        if known == 0 || !program.watch.is_unfinished() {
            return checker.finish(known, diagnostics);
        }
    }
    let mut checker = Checker::new(nearby, loaded, program, is_noting, Results::nothing(program.count()));
    checker.definitions();
    checker.finish(0, diagnostics)
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
    results: Results,
    busy: Vec<bool>,
    current: Current,
    /// What is found about the current definition.
    own: Finding,
    /// Variables of every `for` around, the innermost last.
    locals: Vec<lists::Local>,
    /// Names that are known not to be `none` here, each with the variable of a `for` that its first word is.
    narrowed: Vec<(Vec<String>, Option<usize>)>,
    depth: usize,
    unknown: Checked,
    is_noting: bool,
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

impl<'a, 'c> Checker<'a, 'c> {
    fn new(
        nearby: &'c Nearby<'c>,
        loaded: &'a Loaded,
        program: &'c Program<'a>,
        is_noting: bool,
        results: Results,
    ) -> Self {
        Self {
            nearby,
            loaded,
            program,
            results,
            busy: vec![false; program.count()],
            current: Current::default(),
            own: Finding::default(),
            locals: Vec::new(),
            narrowed: Vec::new(),
            depth: 0,
            unknown: unknown(),
            is_noting,
        }
    }

    /// Checks what is not known yet, in a good order.
    fn definitions(&mut self) {
        let findings = &self.results.findings;
        for def in sequence(&mentions(self.program, &|def| findings[def.0 as usize].is_none())) {
            self.definition(def);
        }
    }

    /// Looks at the program as a whole, and puts together what was found about its definitions, in their order.
    fn finish(mut self, known: usize, diagnostics: &mut Vec<Diagnostic>) -> Check {
        let program = self.program;
        program.watch.stop();
        self.contradictions();
        let sets = self.command_line_sets();
        let Results { checked, mut findings, order, .. } = self.results;
        let mut checked: Vec<Arc<Checked>> =
            checked.into_iter().map(|c| c.unwrap_or_else(|| Arc::new(unknown()))).collect();
        let mut references: References = Vec::with_capacity(findings.len());
        let mut used = vec![false; findings.len()];
        let mut moved = Vec::new();
        for finding in &mut findings {
            let Some(finding) = finding else {
                references.push(Vec::new());
                continue;
            };
            match self.is_noting {
                true => diagnostics.extend(finding.diagnostics.iter().cloned()),
                false => diagnostics.append(&mut finding.diagnostics),
            }
            references.push(match self.is_noting {
                true => finding.reads.clone(),
                false => std::mem::take(&mut finding.reads),
            });
        }
        for finding in findings.iter().flatten().map(Box::as_ref).chain([&self.own]) {
            for (reader, read, span) in &finding.given {
                references[reader.0 as usize].push((*read, *span));
            }
            finding.uses.iter().for_each(|def| used[def.0 as usize] = true);
            moved.extend(&finding.moved);
        }
        let mut reads = BTreeSet::new();
        for (at, finding) in findings.iter().enumerate() {
            let module = program[DefId(at as u32)].module;
            let uses = finding.iter().flat_map(|finding| &finding.uses);
            reads.extend(uses.filter(|def| program[**def].module != module).map(|def| (module, *def)));
        }
        // What stands on the command line stands in the program.
        reads.extend(self.own.uses.iter().map(|def| (0, *def)));
        diagnostics.append(&mut self.own.diagnostics);
        let spread = spread_time(&mut checked, &references, moved);
        crate::warn::unused(self.loaded, program, &used, &reads, diagnostics);
        let count = order.len() - known;
        let keep = (self.is_noting && !program.watch.is_unfinished()).then_some(Keep { order, spread });
        Check { typed: Typed { checked, references, sets }, findings, keep, count }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.own.diagnostics.push(diagnostic);
    }

    fn error(&mut self, code: &str, message: impl Into<String>, span: Span) -> Term {
        self.report(Diagnostic::error(code, message, span));
        Term::failed(span)
    }

    /// What is known of a definition, checking it first when need be.
    fn info(&mut self, def: DefId) -> &Checked {
        let at = def.0 as usize;
        if self.results.checked[at].is_none() && !self.busy[at] && self.depth < DEEPEST {
            self.definition(def);
        }
        // Not stored: a definition that is looked at too early is still checked in its turn.
        self.known(def).unwrap_or(&self.unknown)
    }

    /// What `make` gives, and whether that depends on time.
    fn watching_time<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> (T, bool) {
        let outer = std::mem::replace(&mut self.current.timed, false);
        let made = make(self);
        let timed = std::mem::replace(&mut self.current.timed, outer);
        self.current.timed |= timed;
        (made, timed)
    }

    /// What is known of a definition already.
    fn known(&self, def: DefId) -> Option<&Checked> {
        self.program.watch.def(def);
        let known = self.results.checked[def.0 as usize].as_deref();
        if known.is_none() {
            self.program.watch.unfinished();
        }
        known
    }

    /// Whether the current definition is looked at for the sake of this one.
    fn is_busy(&self, def: DefId) -> bool {
        let is_busy = self.busy[def.0 as usize];
        if is_busy {
            self.program.watch.unfinished();
        }
        is_busy
    }

    fn notes(&mut self) -> Option<&mut Notes> {
        self.is_noting.then_some(&mut self.own.notes)
    }

    /// Notes that the current definition reads another.
    fn read(&mut self, def: DefId, span: Span) {
        self.own.used(def);
        if !self.own.reads.iter().any(|(d, _)| *d == def) {
            self.own.reads.push((def, span));
        }
        if self.is_busy(def) {
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

    /// The layer whose block the current definition stands in; generation for cameras, shots, images and outputs; `None`
    /// where it is known only at the place of use.
    fn layer(&self) -> Option<Layer> {
        let def = self.current.def;
        let decides = self.program[def].owner.unwrap_or(def);
        match &self.program[decides].kind {
            DefKind::Layer(layer) => Some(*layer),
            DefKind::Camera(_)
            | DefKind::Shot { .. }
            | DefKind::Cut(_)
            | DefKind::Image { .. }
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
        if self.busy[def.0 as usize] || self.results.checked[def.0 as usize].is_some() {
            return;
        }
        self.busy[def.0 as usize] = true;
        self.depth += 1;
        let outer_own = std::mem::take(&mut self.own);
        let watched = self.program.watch.enter();
        let outer = std::mem::replace(&mut self.current, Current { def, ..Current::default() });
        let locals = std::mem::take(&mut self.locals);
        let narrowed = std::mem::take(&mut self.narrowed);
        let (ty, shape, body) = self.item(def);
        self.narrowed = narrowed;
        self.locals = locals;
        let current = std::mem::replace(&mut self.current, outer);
        self.depth -= 1;
        self.busy[def.0 as usize] = false;
        let seen = self.program.watch.leave(watched);
        let own = std::mem::replace(&mut self.own, outer_own);
        self.results.findings[def.0 as usize] = Some(Box::new(Finding { seen, ..own }));
        self.results.order.push(def);
        self.results.checked[def.0 as usize] = Some(Arc::new(Checked {
            ty,
            shape,
            body,
            layers: current.layers,
            layers_because: current.because,
            timed: current.timed,
        }));
    }

    /// The type that is written; an unknown name is an error.
    fn type_expr(&mut self, from: DefId, ty: &TypeExpr) -> Type {
        let named = self.named_type(from, ty);
        if ty.optional.is_some() { named.optional() } else { named }
    }

    fn named_type(&mut self, from: DefId, ty: &TypeExpr) -> Type {
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
                ("Fog", None) => Some(Type::Wire(Wire::Fog)),
                ("Camera", None) => Some(Type::Wire(Wire::Camera)),
                (name, None) => match Encoding::of_type(name) {
                    Some(encoding) => Some(Type::Wire(Wire::Image(encoding))),
                    None => scenec_ir::dimension::find_named(name).map(Type::Quantity),
                },
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
                        self.own.used(def);
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
                    self.own.used(found);
                    self.note(ty.span, found);
                    return Type::Enum(of.clone());
                }
                DefKind::Failed => return Type::Unknown,
                _ => {}
            }
        }
        let written = path.join(".");
        // Without the `?`, which is right.
        let span = Span { end: ty.optional.map_or(ty.span.end, |sign| sign.start), ..ty.span };
        let mut diagnostic = Diagnostic::error("E0209", format!("there is no type `{written}`"), span);
        let mut candidates: Vec<String> =
            manual::TYPES.iter().map(|ty| ty.name).filter(|ty| !ty.ends_with('?')).map(str::to_owned).collect();
        candidates.extend(scenec_ir::dimension::names().map(str::to_owned));
        for name in self.program.visible(from) {
            match self.program.lookup(from, name) {
                Found::Def(def) => match &self.program[def].kind {
                    DefKind::Enum(_) => candidates.push(name.to_owned()),
                    DefKind::Alias(Some(module)) => {
                        let public = &self.program.scope(*module).public;
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
            diagnostic.hint(hint).fix(format!("write `{text}`"), span, text)
        };
        let vector =
            written.strip_prefix("Vec").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        let optional = matches!(written.as_str(), "Optional" | "Option" | "Maybe");
        let held = ty.args.first().map(|arg| format!("{}?", self.loaded.sources.text(arg.span).trim_end_matches('?')));
        diagnostic = if let (true, Some(held)) = (optional, held) {
            write(diagnostic, format!("an optional type ends in a `?`: `{held}`"), &held)
        } else if vector {
            diagnostic.hint("vectors have two or three numbers: `Vec2<Length>`, `Vec3<Length>`; a colour is a `Color`")
        } else if let Some(unit) = Self::type_of_unit(&written) {
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
            self.own.used(def);
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

/// What is made of something that an opinion lets depend on time does as well. Gives what had not by itself.
fn spread_time(checked: &mut [Arc<Checked>], references: &References, mut moved: Vec<DefId>) -> Vec<DefId> {
    let mut spread = Vec::new();
    if moved.is_empty() {
        return spread;
    }
    let mut readers = vec![Vec::new(); references.len()];
    for (from, reads) in references.iter().enumerate() {
        for (read, _) in reads {
            readers[read.0 as usize].push(DefId(from as u32));
        }
    }
    let mut seen = vec![false; readers.len()];
    while let Some(def) = moved.pop() {
        if std::mem::replace(&mut seen[def.0 as usize], true) {
            continue;
        }
        if !checked[def.0 as usize].timed {
            Arc::make_mut(&mut checked[def.0 as usize]).timed = true;
            spread.push(def);
        }
        moved.extend(&readers[def.0 as usize]);
    }
    spread
}
