//! Explain: every opinion on one property, the strongest first.

use scenec_ir::Span;

use crate::check::value_term;
use crate::load::Loaded;
use crate::property::Properties;
use crate::resolve::{DefId, DefKind, Program};
use crate::typed::{Asked, Body, Target, Term, TermKind, Typed};

/// What says something of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// How: `--set`, "set in the shot `s010`", `override`, `argument`, `default`.
    pub strength: String,
    /// Where the value stands; nodes declare their defaults nowhere in the program.
    pub place: Option<Span>,
    /// The value as written.
    pub value: String,
    /// It decides. Of what is further in, it decides there.
    pub wins: bool,
    /// 0 for opinions on the property itself, more for those on what its value is taken from.
    pub depth: usize,
}

/// Opinions on one property.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// The property as it was asked for.
    pub path: String,
    /// The strongest first; each is followed by what it takes its value from.
    pub said: Vec<Said>,
}

/// Names on the way from an argument to the value that it is taken from.
const DEEPEST: usize = 16;

/// Answers the program's question, if it has one that leads somewhere. Opinions of a shot decide when it is `shot`.
pub fn explain(loaded: &Loaded, program: &Program<'_>, typed: &Typed, shot: Option<&str>) -> Option<Explained> {
    let question = program.iter().find(|(_, def)| matches!(def.kind, DefKind::Query(_)))?.0;
    let Body::Query(asked) = &typed[question].body else { return None };
    let explainer = Explainer { loaded, program, typed, shot };
    let said = match &asked.target {
        Target::Param(param) => explainer.param(*param, 0),
        _ => explainer.property(asked),
    };
    Some(Explained { path: loaded.sources.text(asked.span).to_owned(), said })
}

struct Explainer<'e, 'a> {
    loaded: &'e Loaded,
    program: &'e Program<'a>,
    typed: &'e Typed,
    shot: Option<&'e str>,
}

impl Explainer<'_, '_> {
    fn said(&self, strength: impl Into<String>, span: Span, depth: usize) -> Said {
        let mut lines = self.loaded.sources.text(span).lines();
        let mut value = lines.next().unwrap_or_default().to_owned();
        if lines.next().is_some() {
            value += " …";
        }
        Said { strength: strength.into(), place: Some(span), value, wins: false, depth }
    }

    fn shots(&self) -> impl Iterator<Item = (DefId, &crate::typed::ShotBody)> {
        self.program.iter().filter(|(_, item)| item.module == 0).filter_map(|(def, _)| match &self.typed[def].body {
            Body::Shot(shot) => Some((def, &**shot)),
            _ => None,
        })
    }

    /// Marks what decides. `other_shot` tells of each whether it counts in another shot only.
    fn decided(mut said: Vec<(Said, bool)>, behind: Vec<Said>) -> Vec<Said> {
        if let Some((winner, _)) = said.iter_mut().find(|(_, other_shot)| !other_shot) {
            winner.wins = true;
        }
        said.into_iter().map(|(said, _)| said).chain(behind).collect()
    }

    fn of_shot(&self, shot: DefId, span: Span, depth: usize) -> (Said, bool) {
        let name = &self.program[shot].name.value;
        (self.said(format!("set in the shot `{name}`"), span, depth), self.shot != Some(name.as_str()))
    }

    /// Opinions on a parameter.
    fn param(&self, param: DefId, depth: usize) -> Vec<Said> {
        let mut said: Vec<(Said, bool)> = Vec::new();
        for (_, term) in self.typed.sets.iter().filter(|(def, _)| *def == param) {
            said.push((self.said("--set", term.span, depth), false));
        }
        for (shot, body) in self.shots() {
            let sets = body.params.iter().filter(|(def, _)| *def == param);
            said.extend(sets.map(|(_, term)| self.of_shot(shot, term.span, depth)));
        }
        let mut overrides: Vec<_> = self
            .program
            .iter()
            .filter_map(|(def, item)| match &self.typed[def].body {
                Body::Opinion(opinion) if matches!(opinion.target, Target::Param(p) if p == param) => {
                    Some((item.module, &**opinion))
                }
                _ => None,
            })
            .collect();
        overrides.sort_by_key(|(module, _)| self.loaded.modules[*module].depth);
        said.extend(overrides.iter().map(|(_, opinion)| (self.said("override", opinion.term.span, depth), false)));
        let mut behind = Vec::new();
        if let Body::Param { default: Some(default), .. } = &self.typed[param].body {
            said.push((self.said("default", default.span, depth), false));
            behind = self.behind(default, depth + 1);
        }
        Self::decided(said, behind)
    }

    /// Opinions on a property of a thing or a camera.
    fn property(&self, asked: &Asked) -> Vec<Said> {
        let mut said: Vec<(Said, bool)> = Vec::new();
        let module_of = |def: DefId| self.program[def].module;
        let same = |target: &Target, path: &[String], within: &str| {
            let on = match (target, &asked.target) {
                (Target::Camera(a), Target::Camera(b)) => a == b,
                (Target::Thing { anchor: c, path: a }, Target::Thing { anchor: d, path: b }) => {
                    format!("{within}{a}") == *b && (!within.is_empty() || module_of(*c) == module_of(*d))
                }
                _ => false,
            };
            // What replaces a material replaces its roughness.
            on && asked.path.starts_with(path)
        };
        for (def, item) in self.program.iter() {
            if let (DefKind::Set(_), Body::Opinion(opinion)) = (&item.kind, &self.typed[def].body)
                && same(&opinion.target, &opinion.path, "")
            {
                said.push((self.said("--set", opinion.term.span, 0), false));
            }
        }
        for (shot, body) in self.shots() {
            for opinion in body.things.iter().filter(|o| same(&o.target, &o.path, "")) {
                said.push(self.of_shot(shot, opinion.term.span, 0));
            }
        }
        let mut overrides = Vec::new();
        for (def, item) in self.program.iter() {
            let in_component = item.owner.is_some_and(|o| matches!(self.program[o].kind, DefKind::Component));
            if let Body::Opinion(opinion) = &self.typed[def].body
                && !in_component
                && !matches!(item.kind, DefKind::Set(_))
                && same(&opinion.target, &opinion.path, "")
            {
                overrides.push((self.loaded.modules[item.module].depth, opinion.term.span));
            }
        }
        overrides.sort_by_key(|(depth, _)| *depth);
        said.extend(overrides.into_iter().map(|(_, span)| (self.said("override", span, 0), false)));
        for (component, within) in &asked.levels {
            for member in self.program.members(*component) {
                if let Body::Opinion(opinion) = &self.typed[*member].body
                    && same(&opinion.target, &opinion.path, &format!("{within}/"))
                {
                    let name = &self.program[*component].name.value;
                    said.push((self.said(format!("override in `{name}`"), opinion.term.span, 0), false));
                }
            }
        }
        let (program, typed) = (self.program, self.typed);
        let values = |def: DefId| value_term(&typed[def], program[def].name.span);
        let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
        let base = Properties { program, values: &values }.base(&asked.term, &path);
        let mut behind = Vec::new();
        if let Some(term) = &base.given {
            said.push((self.said("argument", term.span, 0), false));
            behind = self.behind(term, 1);
        }
        let last_argument = said.len();
        if let Some(default) = &base.default {
            said.push((self.said("default", default.span, 0), false));
        } else if let Some((node, value)) = base.declared {
            let strength = format!("default of `{node}`");
            said.push((Said { strength, place: None, value, wins: false, depth: 0 }, false));
        }
        let defaults = said.split_off(last_argument);
        if said.iter().all(|(_, other_shot)| *other_shot) {
            let all = said.into_iter().chain(defaults).collect();
            return Self::decided(all, behind);
        }
        let mut all = Self::decided(said, behind);
        all.extend(defaults.into_iter().map(|(said, _)| said));
        all
    }

    /// What a value is taken from.
    fn behind(&self, term: &Term, depth: usize) -> Vec<Said> {
        let TermKind::Ref(def) = &term.kind else { return Vec::new() };
        if depth >= DEEPEST {
            return Vec::new();
        }
        match (&self.program[*def].kind, &self.typed[*def].body) {
            (DefKind::Param(_) | DefKind::Field { .. } | DefKind::Variant { .. }, _) => self.param(*def, depth),
            (DefKind::Let(_), Body::Value(value)) => {
                let mut said =
                    vec![self.said(format!("value of `{}`", self.program[*def].name.value), value.span, depth)];
                said[0].wins = true;
                said.extend(self.behind(value, depth + 1));
                said
            }
            _ => Vec::new(),
        }
    }
}
