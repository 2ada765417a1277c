//! Opinions on properties of other things: `override` and the `set` of a shot.

use std::collections::BTreeMap;

use scenec_grammar::ast::{Expr, ExprKind, Override, TextPart};
use scenec_ir::node::Wire;
use scenec_ir::{Diagnostic, Span, Type, nodes};

use super::{Checker, Want};
use crate::property::{Missing, Properties, Slot, Step, Stride};
use crate::resolve::{DefId, DefKind, Found};
use crate::typed::{Asked, Body, Level, NodeTerm, Opinion, Shape, Target, Term, TermKind};

/// A thing that a path leads to, with the steps behind it.
struct Reached {
    anchor: DefId,
    /// Components on the way.
    levels: Vec<Level>,
    target: Target,
    /// Value of the thing.
    term: Term,
    steps: Vec<Step>,
    /// The path up to the thing, as written.
    written: Span,
}

/// Where a path leads.
enum Lead {
    /// To a parameter; with the place of its name.
    Param(DefId, Span),
    /// To a thing or a camera.
    Thing(Box<Reached>),
}

impl Checker<'_, '_> {
    pub(super) fn override_item(&mut self, def: DefId, item: &Override) -> (Type, Shape, Body) {
        let failed = (Type::Unknown, Shape::Unknown, Body::None);
        let Some(steps) = self.steps(&item.path, "override") else { return failed };
        let Some(opinion) = self.on(def, steps, &item.value, item.span) else { return failed };
        self.lock(&opinion, item);
        let opinion = Opinion { locked: item.locked, ..opinion };
        (opinion.term.ty.clone(), Shape::None, Body::Opinion(Box::new(opinion)))
    }

    /// `--set path=value`.
    pub(super) fn set_item(&mut self, def: DefId, item: &Override) -> (Type, Shape, Body) {
        let span = item.path.span.to(item.value.span);
        let steps = self.steps(&item.path, "set");
        match steps.and_then(|steps| self.set_property(def, steps, &item.value, span)) {
            Some(opinion) => (opinion.term.ty.clone(), Shape::None, Body::Opinion(Box::new(opinion))),
            None => (Type::Unknown, Shape::Unknown, Body::None),
        }
    }

    /// The opinion of `set` in a shot, or of `--set`, on the property of a thing.
    pub(super) fn set_property(&mut self, shot: DefId, path: Vec<Step>, value: &Expr, span: Span) -> Option<Opinion> {
        let place = path.first().map_or(span, |i| i.span.to(path.last().map_or(i.span, |l| l.span)));
        let opinion = self.on(shot, path, value, span)?;
        if let Some(formal) = opinion.lock {
            let what = format!("`{}`", self.program[formal].name.value);
            self.locked(formal, &what, place);
            return None;
        }
        Some(opinion)
    }

    /// Reports that what is not an `override locked` changes the field of a bible that is locked.
    pub(super) fn locked(&mut self, formal: DefId, what: &str, place: Span) {
        self.report(
            Diagnostic::error("E0320", format!("{what} is locked"), place)
                .because(self.program[formal].name.span, "locked here")
                .hint("only `override locked … because \"reason\"` may change it"),
        );
    }

    /// The steps of a path behind `override` or `set`.
    pub(super) fn steps(&mut self, path: &Expr, word: &str) -> Option<Vec<Step>> {
        match &path.kind {
            ExprKind::Name(name) => Some(vec![Step { name: name.clone(), span: path.span, is_item: false }]),
            ExprKind::Field { base, name } => {
                let mut steps = self.steps(base, word)?;
                steps.push(Step { name: name.value.clone(), span: name.span, is_item: false });
                Some(steps)
            }
            ExprKind::Index { base, index } => {
                let mut steps = self.steps(base, word)?;
                let mut parts = Vec::new();
                for part in index {
                    parts.push(match &part.kind {
                        ExprKind::Number { value, whole: true, unit } if unit.is_empty() => format!("{value}"),
                        ExprKind::Text(pieces) => match pieces.as_slice() {
                            [TextPart::Literal(text)] => text.clone(),
                            _ => return self.no_path(part, word),
                        },
                        ExprKind::Error => return None,
                        _ => return self.no_path(part, word),
                    });
                }
                let name = parts.join(",");
                // With its brackets.
                let span = Span { start: base.span.end, ..path.span };
                steps.push(Step { name, span, is_item: true });
                Some(steps)
            }
            ExprKind::Error => None,
            _ => self.no_path(path, word),
        }
    }

    fn no_path<T>(&mut self, at: &Expr, word: &str) -> Option<T> {
        let message = match word {
            "set" => "a `set` names one parameter, or one property of one thing",
            _ => "an `override` names one property of one thing",
        };
        let hint = format!("written `{word} quay.post.height = 3m`, or `{word} posts[2].height = 3m`");
        self.report(Diagnostic::error("E0310", message, at.span).hint(hint));
        None
    }

    /// The property that `explain` asks for.
    pub(super) fn query(&mut self, def: DefId, item: &Override) -> (Type, Shape, Body) {
        let failed = (Type::Unknown, Shape::Unknown, Body::None);
        let Some(steps) = self.steps(&item.path, "override") else { return failed };
        let span = item.path.span;
        if let Some(item) = steps.first().and_then(|first| self.with_fields(def, &first.name)) {
            let asked = self.fields(item, &steps, span);
            return asked.map_or(failed, |asked| (Type::Unknown, Shape::None, Body::Query(Box::new(asked))));
        }
        let Some(found) = self.find(def, steps) else { return failed };
        let asked = match found {
            Lead::Param(param, _) => Asked {
                target: Target::Param(param),
                path: Vec::new(),
                term: Term::failed(span),
                levels: Vec::new(),
                span,
            },
            Lead::Thing(reached) => {
                // Without a property all of them are asked for.
                let is_whole = reached.steps.is_empty() && !self.properties(|p| p.names(&reached.term, &[])).is_empty();
                if !is_whole && self.slot(&reached).is_none() {
                    return failed;
                }
                let Reached { target, term, steps, levels, .. } = *reached;
                Asked { target, path: steps.into_iter().map(|s| s.name).collect(), term, levels, span }
            }
        };
        (Type::Unknown, Shape::None, Body::Query(Box::new(asked)))
    }

    /// The shot, cut or output of a name, where that names nothing else.
    fn with_fields(&self, from: DefId, name: &str) -> Option<DefId> {
        let program = self.program;
        match program.lookup(from, name) {
            Found::Def(def) => matches!(program[def].kind, DefKind::Shot { .. } | DefKind::Cut(_)).then_some(def),
            Found::Ambiguous(_) => None,
            Found::Nothing => {
                let is_meant = |item: &crate::resolve::Def<'_>| item.module == 0 && item.name.value == name;
                let mut outputs = program.iter().filter(|(_, item)| matches!(item.kind, DefKind::Output(_)));
                outputs.find(|(_, item)| is_meant(item)).map(|(def, _)| def)
            }
        }
    }

    /// All fields of a shot, a cut or an output, or one that is named.
    fn fields(&mut self, item: DefId, steps: &[Step], span: Span) -> Option<Asked> {
        let (decl, name) = match self.program[item].kind {
            DefKind::Shot { .. } => (&super::SHOT, self.program[item].name),
            DefKind::Cut(_) => (&super::CUT, self.program[item].name),
            _ => (&super::OUTPUT, self.program[item].name),
        };
        let path: Vec<String> = steps[1..].iter().map(|step| step.name.clone()).collect();
        let wrong = match path.as_slice() {
            [] => None,
            [field] => steps.get(1).filter(|_| decl.param(field).is_none() && decl.port(field).is_none()),
            _ => steps.get(2),
        };
        if let Some(step) = wrong {
            let fields: Vec<&str> =
                decl.params.iter().map(|p| p.name).chain(decl.ports.iter().map(|p| p.name)).collect();
            let message = format!("the {} `{}` has no field `{}`", decl.name, name.value, path.join("."));
            let diagnostic = Diagnostic::error("E0203", message, step.span).because(name.span, "it stands here");
            self.report(Self::suggest(diagnostic, &step.name, step.span, &fields));
            return None;
        }
        let (target, term) = (Target::Item(item), Term::failed(span));
        Some(Asked { target, path, term, levels: Vec::new(), span })
    }

    /// Follows a path from the definition `from`, and checks the value for what it finds.
    fn on(&mut self, from: DefId, steps: Vec<Step>, value: &Expr, span: Span) -> Option<Opinion> {
        match self.find(from, steps)? {
            Lead::Thing(reached) => self.property(from, *reached, value, span),
            Lead::Param(param, at) if self.program[param].module == self.program[from].module => {
                let name = self.program[param].name;
                let message = format!("`{}` is a parameter of this file", name.value);
                self.report(
                    Diagnostic::error("E0310", message, at)
                        .because(name.span, "its default stands here")
                        .hint("change its default, or `set` it in a shot"),
                );
                None
            }
            Lead::Param(param, _) => {
                let term = self.opinion(param, value, format!("`{}`", self.program[param].name.value));
                self.own.given.push((param, from, span));
                Some(Opinion::new(Target::Param(param), Vec::new(), term, span))
            }
        }
    }

    fn find(&mut self, from: DefId, steps: Vec<Step>) -> Option<Lead> {
        let first = steps.first()?;
        let found = match self.program.lookup(from, &first.name) {
            Found::Def(def) => def,
            Found::Ambiguous(defs) => {
                self.ambiguous(&first.name, &defs, first.span);
                return None;
            }
            Found::Nothing => {
                let visible = self.program.visible(from);
                let diagnostic =
                    Diagnostic::error("E0201", format!("nothing here has the name `{}`", first.name), first.span);
                self.report(Self::suggest(diagnostic, &first.name, first.span, &visible));
                return None;
            }
        };
        self.note(first.span, found);
        self.own.used(found);
        match self.program[found].kind {
            DefKind::Failed | DefKind::Alias(None) => None,
            DefKind::Alias(Some(module)) => {
                let second = steps.get(1)?;
                match self.item_of(module, &second.name, second.span) {
                    Some(param) if matches!(self.program[param].kind, DefKind::Param(_)) && steps.len() == 2 => {
                        self.note(second.span, param);
                        self.own.used(param);
                        Some(Lead::Param(param, second.span))
                    }
                    _ => {
                        let message = format!("the module `{}` has no parameter `{}`", first.name, second.name);
                        let public = &self.program.scope(module).public;
                        let params = public.iter().filter(|(_, d)| matches!(self.program[**d].kind, DefKind::Param(_)));
                        let params: Vec<&str> = params.map(|(name, _)| *name).collect();
                        let diagnostic = Diagnostic::error("E0205", message, second.span);
                        self.report(match params.is_empty() {
                            true => diagnostic.hint("of a module its parameters can be overridden, and it has none"),
                            false => Self::suggest(diagnostic, &second.name, second.span, &params),
                        });
                        None
                    }
                }
            }
            DefKind::Param(_) if steps.len() == 1 => Some(Lead::Param(found, first.span)),
            _ => Some(Lead::Thing(Box::new(self.reach(from, found, steps)?))),
        }
    }

    /// Follows names of things as far as they go.
    fn reach(&mut self, from: DefId, found: DefId, steps: Vec<Step>) -> Option<Reached> {
        let program = self.program;
        let mut steps = steps.into_iter();
        let first = steps.next()?;
        let mut written = first.span;
        let mut def = found;
        let mut steps: Vec<Step> = steps.collect();
        let take = |steps: &mut Vec<Step>, written: &mut Span| {
            let step = steps.remove(0);
            *written = written.to(step.span);
            step
        };
        if matches!(program[def].kind, DefKind::Layer(_)) && !steps.is_empty() {
            let step = take(&mut steps, &mut written);
            def = self.thing_of_layer(def, &step.name, step.span)?;
            self.note(step.span, def);
            self.own.used(def);
        }
        let in_component = program[def].owner.filter(|o| matches!(program[*o].kind, DefKind::Component));
        let mut path = match (&program[def].kind, in_component) {
            (DefKind::Failed, _) => return None,
            (DefKind::Camera(_), _) => format!("camera/{}", program[def].name.value),
            (DefKind::Bind(_) | DefKind::Scatter { .. }, None) => program.path_of(def),
            (DefKind::Bind(_) | DefKind::Scatter { .. }, Some(_)) => program[def].name.value.clone(),
            (kind, _) => {
                let (noun, name) = (kind.noun(), &program[def].name.value);
                let message = format!("the {noun} `{name}` has no properties that can be overridden");
                let place = program[def].name.span;
                self.report(
                    Diagnostic::error("E0310", message, written)
                        .because(place, "defined here")
                        .hint("things, cameras, and parameters of modules have"),
                );
                return None;
            }
        };
        let anchor = def;
        self.info(anchor);
        // The thing is made of what is said of it. A shot is more than one opinion.
        if matches!(program[from].kind, DefKind::Override(_) | DefKind::Set(_)) {
            self.own.given.push((anchor, from, written));
        }
        let mut term = self.value_of(def)?;
        let mut levels = Vec::new();
        while let Some(step) = steps.first() {
            if term.ty == Type::Unknown {
                return None;
            }
            let stride = self.properties(|properties| properties.stride(&term, &step.name, step.is_item));
            match stride {
                Stride::Property => break,
                Stride::NoItem => {
                    let message =
                        format!("`{}` is no list with an item `{}`", self.loaded.sources.text(written), step.name);
                    self.error("E0207", message, step.span);
                    return None;
                }
                Stride::Item(item) => {
                    term = item;
                    path = format!("{path}[{}]", step.name);
                    take(&mut steps, &mut written);
                }
                Stride::Thing(component, member) => {
                    let step = take(&mut steps, &mut written);
                    self.note(step.span, member);
                    self.own.used(member);
                    let target = Target::Thing { anchor, path: path.clone() };
                    levels.push(Level { owner: component, target, term });
                    path = format!("{path}/{}", step.name);
                    term = self.value_of(member)?;
                }
            }
        }
        let target = match program[anchor].kind {
            DefKind::Camera(_) => Target::Camera(anchor),
            _ => Target::Thing { anchor, path },
        };
        Some(Reached { anchor, levels, target, term, steps, written })
    }

    /// What a definition is worth, as a term.
    fn value_of(&mut self, def: DefId) -> Option<Term> {
        let span = self.program[def].name.span;
        value_term(self.info(def), span)
    }

    /// Looks for properties in what is known.
    fn properties<T>(&self, look: impl FnOnce(Properties<'_>) -> T) -> T {
        let program = self.program;
        let values = |def: DefId| value_term(self.known(def)?, program[def].name.span);
        look(Properties { program, values: &values })
    }

    /// The slot that a path means; reports what is wrong with it.
    fn slot(&mut self, reached: &Reached) -> Option<Slot> {
        let Reached { term, steps, written, .. } = reached;
        let names: Vec<&str> = steps.iter().map(|s| s.name.as_str()).collect();
        if self.is_noting {
            // What stands in brackets is the name of a material, which leads nowhere.
            for (at, step) in steps.iter().enumerate().filter(|(_, step)| !step.is_item) {
                if let Ok(slot) = self.properties(|p| p.slot(term, &names[..=at])) {
                    self.note_slot(step.span, &slot);
                }
            }
        }
        match self.properties(|p| p.slot(term, &names)) {
            Ok(slot) => Some(slot),
            Err(missing) => {
                let thing = self.loaded.sources.text(*written).to_owned();
                self.no_property(missing, &thing, steps, term, *written);
                None
            }
        }
    }

    fn property(&mut self, from: DefId, reached: Reached, value: &Expr, span: Span) -> Option<Opinion> {
        let slot = self.slot(&reached)?;
        let anchor = reached.anchor;
        // A clip that somebody else gives plays as well.
        let is_clip = matches!(&slot, Slot::Node(_, Some(p), _) | Slot::Figure(_, p) if p.name == "clip");
        let (opinion, timed) = self.watching_time(|c| c.property_of(from, reached, slot, value, span));
        self.current.timed |= is_clip;
        if timed || is_clip {
            self.own.moved.push(anchor);
        }
        opinion
    }

    fn property_of(&mut self, from: DefId, reached: Reached, slot: Slot, value: &Expr, span: Span) -> Option<Opinion> {
        let Reached { anchor, target, steps, written, .. } = reached;
        let thing = self.loaded.sources.text(written).to_owned();
        let path: Vec<String> = steps.into_iter().map(|s| s.name).collect();
        let mut lock = None;
        let given = match slot {
            Slot::Clause(clause) => self.clause(clause, value),
            Slot::Node(decl, param, port) => {
                let mut node = NodeTerm { decl, params: Vec::new(), ports: Vec::new(), shot: None };
                match (param, port) {
                    (Some(param), Some(port)) => {
                        let term = self.expr(value, &Want::anything());
                        match &term.ty {
                            Type::Wire(_) => self.fit(value, term, &Want::port(decl, port)),
                            _ => self.fit(value, term, &Want::param(decl, param)),
                        }
                    }
                    (Some(param), None) => {
                        self.param_arg(&mut node, param, value);
                        node.params.pop().map_or_else(|| Term::failed(value.span), |(_, term)| term)
                    }
                    (None, Some(port)) => {
                        self.port_arg(&mut node, port, value);
                        let mut terms = node.ports.pop().map(|(_, terms)| terms).unwrap_or_default();
                        match terms.len() {
                            1 => terms.remove(0),
                            _ => {
                                let ty = Type::List(Box::new(Type::Wire(port.wire)));
                                Term::new(TermKind::List(terms), ty, value.span)
                            }
                        }
                    }
                    (None, None) => Term::failed(value.span),
                }
            }
            Slot::Argument(formal) => {
                if let DefKind::Field { locked: Some(_), .. } = self.program[formal].kind {
                    lock = Some(formal);
                }
                let term = self.opinion(formal, value, format!("`{}` of `{thing}`", self.program[formal].name.value));
                self.limits_fit(formal, &term);
                term
            }
            Slot::Surface(param) => {
                let decl = &nodes::surface::ASSET_MATERIAL;
                let mut want = Want::param(decl, param);
                want.what = format!("`{}` of `{}`", param.name, path.first().map_or("", String::as_str)).into();
                let term = self.expr(value, &want);
                match self.value_fits(decl, param, &term, None) {
                    true => term,
                    false => Term::failed(term.span),
                }
            }
            Slot::Figure(bible, param) => {
                let decl = nodes::find("figure")?;
                let mut want = Want::param(decl, param);
                want.what = format!("`{}` of `{thing}`", param.name).into();
                want.poses = Some(bible);
                self.expr(value, &want)
            }
        };
        if given.ty == Type::Unknown {
            return None;
        }
        if let DefKind::Shot { .. } = self.program[from].kind {
            let within =
                |at: &Span| at.file == value.span.file && value.span.start <= at.start && at.end <= value.span.end;
            let read = self.own.reads.iter().filter(|(_, at)| within(at));
            self.own.given.extend(read.map(|(read, at)| (anchor, *read, *at)));
        }
        Some(Opinion { lock, ..Opinion::new(target, path, given, span) })
    }

    fn no_property(&mut self, missing: Missing, thing: &str, steps: &[Step], term: &Term, written: Span) {
        match missing {
            Missing::Failed => {}
            Missing::Name(at, candidates) => {
                if let (None, Some(step)) = (steps.get(at), at.checked_sub(1).and_then(|i| steps.get(i))) {
                    let message = format!("`{thing}.{}` is a material, not one of its properties", step.name);
                    let hint = format!("its properties are: {}", candidates.join(", "));
                    self.report(Diagnostic::error("E0310", message, step.span).hint(hint));
                    return;
                }
                let Some(step) = steps.get(at) else {
                    let message = format!("`{thing}` is a thing, not one of its properties");
                    let mut diagnostic = Diagnostic::error("E0310", message, written);
                    let all = self.properties(|p| p.names(term, &[]));
                    if !all.is_empty() {
                        diagnostic = diagnostic.hint(format!("its properties are: {}", all.join(", ")));
                    }
                    self.report(diagnostic);
                    return;
                };
                let whole = match at {
                    0 => thing.to_owned(),
                    n => {
                        format!("{thing}.{}", steps[..n].iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join("."))
                    }
                };
                let message = format!("`{whole}` has no property `{}`", step.name);
                let diagnostic = Diagnostic::error("E0203", message, step.span);
                let mut candidates: Vec<&str> = candidates.iter().map(String::as_str).collect();
                let parts: Vec<String> = match (&term.shape, at) {
                    (Shape::Members(component), 0) => {
                        let members = self.program.members(*component).iter();
                        let members = members.filter(|m| is_thing(&self.program[**m].kind));
                        members.map(|m| self.program[*m].name.value.clone()).collect()
                    }
                    _ => Vec::new(),
                };
                candidates.extend(parts.iter().map(String::as_str));
                let mut diagnostic = Self::suggest(diagnostic, &step.name, step.span, &candidates);
                if let Some(fix) = diagnostic.fix.as_mut().filter(|_| step.is_item) {
                    fix.edits.iter_mut().for_each(|e| e.text = format!("[{:?}]", e.text));
                }
                self.report(diagnostic);
            }
            Missing::Computed(at, span) => {
                let name = match at {
                    0 => thing.to_owned(),
                    n => {
                        format!("{thing}.{}", steps[..n].iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join("."))
                    }
                };
                let place = steps.get(at).or(steps.last()).map_or(written, |s| s.span);
                let message = format!("`{name}` is not written as a call, so it has no properties of its own");
                if at == 0 && matches!(term.ty, Type::List(_)) {
                    let message = format!("`{thing}` is a list, whose items have properties");
                    let hint = format!("name an item: the first is `{thing}[0]`");
                    self.report(Diagnostic::error("E0310", message, place).hint(hint));
                    return;
                }
                let mut diagnostic = Diagnostic::error("E0310", message, place);
                if span != place {
                    diagnostic = diagnostic.because(span, "its value");
                }
                self.report(diagnostic.hint(format!("override `{name}` as a whole")));
            }
        }
    }

    /// Locks are overridden by `override locked … because …` and by nothing else.
    fn lock(&mut self, opinion: &Opinion, item: &Override) {
        let Some(formal) = opinion.lock else {
            if let Some(word) = item.locked {
                let gap = Span { end: item.path.span.start, ..word };
                let written = self.loaded.sources.text(item.path.span).to_owned();
                self.report(
                    Diagnostic::error("E0320", format!("`{written}` is not locked"), word)
                        .hint("`override` alone changes what is not locked")
                        .fix("remove it", gap, ""),
                );
            }
            return;
        };
        let name = self.program[formal].name;
        let written = self.loaded.sources.text(item.path.span).to_owned();
        let diagnostic = match (item.locked, &item.reason) {
            (Some(_), Some(reason)) if !reason.value.trim().is_empty() => return,
            (Some(_), _) => {
                Diagnostic::error("E0320", format!("the override of the lock `{written}` says no reason"), item.span)
                    .hint("whoever reads the scene later asks why: `because \"gag, s040\"`")
            }
            (None, _) => {
                let start = Span { end: item.path.span.start, start: item.path.span.start, ..item.path.span };
                Diagnostic::error("E0320", format!("`{written}` is locked"), item.path.span)
                    .hint("to change it all the same: `override locked … because \"reason\"`")
                    .fix("write `locked`", start, "locked ")
            }
        };
        let diagnostic = Diagnostic { fix: diagnostic.fix.filter(|_| item.reason.is_some()), ..diagnostic };
        self.report(diagnostic.because(name.span, "locked here"));
    }

    /// Two equal opinions on one property of one thing: in one module, or in two of which neither uses the other, unless a
    /// module that uses both decides.
    pub(super) fn contradictions(&mut self) {
        let mut first: BTreeMap<(bool, usize, Option<DefId>, String), Span> = BTreeMap::new();
        // By what they are on: a place for each module, as deep as that is.
        let mut all: BTreeMap<String, Vec<(usize, usize, Span)>> = BTreeMap::new();
        let mut found = Vec::new();
        for (id, def) in self.program.iter() {
            let Some(Body::Opinion(opinion)) = self.results.checked[id.0 as usize].as_ref().map(|c| &c.body) else {
                continue;
            };
            let component = def.owner.filter(|o| matches!(self.program[*o].kind, DefKind::Component));
            let is_set = matches!(def.kind, DefKind::Set(_));
            let key = (is_set, def.module, component, opinion.key());
            match first.get(&key) {
                Some(place) => found.push((opinion.span, *place, is_set)),
                None => {
                    if let (false, None) = (is_set, component) {
                        let depth = self.loaded.modules[def.module].depth;
                        all.entry(key.3.clone()).or_default().push((depth, def.module, opinion.span));
                    }
                    first.insert(key, opinion.span);
                }
            }
        }
        for mut group in all.into_values().filter(|group| group.len() > 1) {
            group.sort_by_key(|(depth, module, _)| (*depth, *module));
            let mut left = group.into_iter();
            // Nobody uses the least deep, so it is the strongest if any is.
            let Some((_, module, strongest)) = left.next() else { continue };
            let weaker = self.loaded.used_by(module);
            let Some((_, other, equal)) = left.find(|(_, module, _)| !weaker[*module]) else { continue };
            let path = |module: usize| &self.loaded.modules[module].path;
            let message = format!("the modules `{}` and `{}` override one property", path(module), path(other));
            self.report(
                Diagnostic::error("E0313", message, equal)
                    .because(strongest, "the other one")
                    .hint("neither of them uses the other: remove one, or override it in a module that uses both"),
            );
        }
        for (second, first, is_set) in found {
            let message = if is_set { "one property is set twice" } else { "two overrides of one property" };
            self.report(
                Diagnostic::error("E0313", message, second)
                    .because(first, "the other one")
                    .hint("remove one: none of them wins"),
            );
        }
    }
}

fn is_thing(kind: &DefKind<'_>) -> bool {
    matches!(kind, DefKind::Bind(_) | DefKind::Scatter { .. })
}

/// What a definition is worth, as a term.
pub(crate) fn value_term(checked: &crate::typed::Checked, span: Span) -> Option<Term> {
    match &checked.body {
        Body::Value(term) => Some(term.clone()),
        Body::Param { default, .. } => default.clone(),
        Body::Camera(node) => Some(Term::new(TermKind::Node(Box::new(node.clone())), Type::Wire(Wire::Camera), span)),
        _ => None,
    }
}
