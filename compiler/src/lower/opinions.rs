//! Opinions on properties of other things, weakest first: `override` within a component, `override` of a module, `set` of a
//! shot. What a component says of its own parts is weaker than what is said from outside of it, and what a module says is
//! weaker than what is said by one that uses it. `check` has found those of which neither is the stronger.

use scenec_ir::{Diagnostic, Span};

use super::Lowerer;
use crate::check::value_term;
use crate::property::Properties;
use crate::resolve::{DefId, DefKind};
use crate::typed::{Asked, Body, Opinion, PlaceTerm, RepaintTerm, Target, Term, TermKind};

/// Where an opinion stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Strength {
    /// In a component, by how deep the expansion is: the outermost is the strongest.
    Component(std::cmp::Reverse<usize>),
    /// In a layer or on its own, by how far the module stands below the root: those that use it are the stronger.
    Module(std::cmp::Reverse<usize>),
    /// In a shot.
    Shot(DefId),
    /// On the command line.
    Set,
}

/// An opinion on the thing of an id.
#[derive(Clone, Copy)]
pub(super) struct Active<'l> {
    strength: Strength,
    /// The override, or the shot.
    source: DefId,
    opinion: &'l Opinion,
}

impl<'l> Lowerer<'_, 'l> {
    /// Opinions of the scene and of its shots.
    pub(super) fn opinions_of_scene(&mut self) {
        let (program, typed) = (self.program, self.typed);
        for (def, item) in program.iter() {
            let in_component = item.owner.is_some_and(|o| matches!(program[o].kind, DefKind::Component));
            match &typed[def].body {
                Body::Opinion(opinion) if matches!(item.kind, DefKind::Set(_)) => {
                    self.activate("", Strength::Set, def, opinion);
                }
                Body::Opinion(opinion) if !in_component => match &opinion.target {
                    Target::Param(param) => {
                        let depth = |module: usize| self.loaded.modules[module].depth;
                        let stands = self.params.get(param).map(|stronger| depth(program[*stronger].module));
                        if stands.is_none_or(|stands| depth(item.module) < stands) {
                            self.params.insert(*param, def);
                        }
                    }
                    _ => {
                        let depth = std::cmp::Reverse(self.loaded.modules[item.module].depth);
                        self.activate("", Strength::Module(depth), def, opinion);
                    }
                },
                Body::Shot(shot) if item.module == 0 => {
                    for opinion in &shot.things {
                        self.activate("", Strength::Shot(def), def, opinion);
                    }
                }
                _ => {}
            }
        }
    }

    fn activate(&mut self, within: &str, strength: Strength, source: DefId, opinion: &'l Opinion) {
        let module_of = |def: DefId| self.program[def].module;
        let key = match &opinion.target {
            Target::Param(_) | Target::Item(_) => return,
            Target::Camera(def) => (module_of(*def), format!("camera/{}", self.program[*def].name.value)),
            // Ids of what is expanded are those of the module that asks for it.
            Target::Thing { path, .. } if matches!(strength, Strength::Component(_)) => {
                (self.home, format!("{within}{path}"))
            }
            Target::Thing { anchor, path } => (module_of(*anchor), format!("{within}{path}")),
        };
        let list = self.opinions.entry(key).or_default();
        list.push(Active { strength, source, opinion });
        list.sort_by_key(|a| (a.strength, a.opinion.path.len()));
    }

    /// Opinions that the component around says of its parts; [`Lowerer::forget`] takes them back.
    pub(super) fn opinions_of(&mut self, component: DefId, within: &str) {
        let typed = self.typed;
        let depth = std::cmp::Reverse(self.scopes.len());
        for member in self.program.members(component) {
            if let Body::Opinion(opinion) = &typed[*member].body {
                self.activate(&format!("{within}/"), Strength::Component(depth), *member, opinion);
            }
        }
    }

    /// Takes back what [`Lowerer::opinions_of`] has added.
    pub(super) fn forget(&mut self, component: DefId, within: &str) {
        let typed = self.typed;
        let depth = Strength::Component(std::cmp::Reverse(self.scopes.len()));
        for member in self.program.members(component) {
            if let Body::Opinion(opinion) = &typed[*member].body
                && let Target::Thing { path, .. } = &opinion.target
                && let Some(list) = self.opinions.get_mut(&(self.home, format!("{within}/{path}")))
            {
                list.retain(|a| a.strength != depth);
                self.not_applied(opinion, "override");
            }
        }
    }

    /// The value of the thing of an id with every opinion on it; `None` without any.
    pub(super) fn opined(&mut self, term: &Term, id: &str) -> Option<Term> {
        self.is_asked_made |= matches!(
            self.asked.map(|asked| &asked.target),
            Some(Target::Thing { anchor, path }) if path == id && self.program[*anchor].module == self.home
        );
        if self.opinions.is_empty() {
            return None;
        }
        let setting = self.setting;
        let below = (self.home, format!("{id}/"));
        // `b = a at (1m, 0m, 0m)` is the thing `a`; with an opinion on one of its parts it is one of its own.
        let has_parts = self
            .opinions
            .range(below.clone()..)
            .next()
            .is_some_and(|((module, other), _)| *module == below.0 && other.starts_with(&below.1));
        let mut changed = if has_parts { self.written_out(term) } else { None };
        let Some(list) = self.opinions.get(&(self.home, id.to_owned())).cloned() else { return changed };
        for active in list {
            if matches!(active.strength, Strength::Shot(shot) if setting != Some(shot)) {
                continue;
            }
            self.applied.insert(active.opinion.span);
            let opinion = active.opinion;
            let value = match active.strength {
                Strength::Shot(_) => self.alone(|lowerer| {
                    let id = format!("{id}.{}", opinion.path.join("."));
                    lowerer.eval(&opinion.term, &id)
                }),
                _ => self.definition(active.source),
            };
            let number = self.given.len();
            self.given.push(value);
            let given = Term { kind: TermKind::Given(number), ..opinion.term.clone() };
            let (program, typed) = (self.program, self.typed);
            let values = |def: DefId| value_term(&typed[def], program[def].name.span);
            let properties = Properties { program, values: &values };
            let path: Vec<&str> = opinion.path.iter().map(String::as_str).collect();
            match properties.replaced(changed.as_ref().unwrap_or(term), &path, given) {
                Some(term) => changed = Some(term),
                None => {
                    let message = format!("`{}` is no property any more", opinion.path.join("."));
                    self.report(
                        Diagnostic::error("E0412", message, opinion.span)
                            .hint("another opinion has replaced what it belongs to: say this one there"),
                    );
                }
            }
        }
        changed
    }

    /// The term of a placed thing in the place of its name.
    fn written_out(&self, term: &Term) -> Option<Term> {
        match &term.kind {
            TermKind::Place(place) => {
                let place = PlaceTerm { thing: self.written_out(&place.thing)?, ..(**place).clone() };
                Some(Term { kind: TermKind::Place(Box::new(place)), ..term.clone() })
            }
            TermKind::Repaint(repaint) => {
                let repaint = RepaintTerm { thing: self.written_out(&repaint.thing)?, ..(**repaint).clone() };
                Some(Term { kind: TermKind::Repaint(Box::new(repaint)), ..term.clone() })
            }
            TermKind::Ref(def) if matches!(self.program[*def].kind, DefKind::Let(_) | DefKind::Bind(_)) => {
                let value = value_term(&self.typed[*def], term.span)?;
                Some(self.written_out(&value).unwrap_or(value))
            }
            _ => None,
        }
    }

    /// The value of an opinion that stands in no component.
    fn alone<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> T {
        let scopes = std::mem::take(&mut self.scopes);
        let locals = std::mem::take(&mut self.locals);
        let value = make(self);
        self.scopes = scopes;
        self.locals = locals;
        value
    }

    /// Reports opinions of the scene, and of shots whose stages were made, on what is not made.
    pub(super) fn unapplied(&mut self) {
        let staged = |strength| match strength {
            Strength::Component(_) => None,
            // Nobody need use all of a module.
            Strength::Module(std::cmp::Reverse(1..)) => None,
            Strength::Module(_) => (!self.staged.is_empty()).then_some("override"),
            Strength::Set => (!self.staged.is_empty()).then_some("set"),
            Strength::Shot(shot) => self.staged.contains(&Some(shot)).then_some("set"),
        };
        let all = self.opinions.values().flatten();
        let said: Vec<(&Opinion, &str)> = all.filter_map(|a| Some((a.opinion, staged(a.strength)?))).collect();
        for (opinion, word) in said {
            self.not_applied(opinion, word);
        }
        if let Some(Asked { target: Target::Thing { path, .. }, span, .. }) = self.asked
            && !self.is_asked_made
            && !self.staged.is_empty()
        {
            self.not_there(path, "explain", *span);
        }
    }

    fn not_applied(&mut self, opinion: &Opinion, word: &str) {
        let Target::Thing { path, .. } = &opinion.target else { return };
        if self.applied.contains(&opinion.span) {
            return;
        }
        self.not_there(path, word, opinion.span);
    }

    fn not_there(&mut self, path: &str, word: &str, span: Span) {
        let message = format!("there is no `{path}` to {word}");
        self.report(
            Diagnostic::error("E0412", message, span)
                .hint("a list has no such item, or the thing is a copy of one that is made elsewhere; `scenec graph` shows all ids"),
        );
    }

    /// Overrides of locks that the program makes.
    pub(super) fn refuse_locks(&mut self) {
        let (program, typed) = (self.program, self.typed);
        for (def, _) in program.iter() {
            if let Body::Opinion(opinion) = &typed[def].body
                && let (Some(formal), Some(_)) = (opinion.lock, opinion.locked)
            {
                let name = program[formal].name;
                let message = format!("`--strict` refuses the override of the lock `{}`", name.value);
                self.report(
                    Diagnostic::error("E0322", message, opinion.span)
                        .because(name.span, "locked here")
                        .hint("remove the override, or build without `--strict`"),
                );
            }
        }
    }
}
