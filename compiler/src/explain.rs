//! Explain: every opinion on one property, the strongest first, and what each takes its value from.

use scenec_grammar::ast::Arg;
use scenec_grammar::{Token, TokenKind, tokens};
use scenec_ir::node::NodeDecl;
use scenec_ir::{Span, Value};

use crate::check::{CUT, OUTPUT, SHOT, value_term};
use crate::known::{Budget, Source, compute};
use crate::load::Loaded;
use crate::property::Properties;
use crate::resolve::{DefId, DefKind, Program};
use crate::typed::{Asked, Body, Checked, Level, Target, Term, TermKind, Typed};

/// What says something of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// How: `--set`, "set in the shot `s010`", `override`, `argument`, `default`.
    pub strength: String,
    /// Where the value stands; nodes declare their defaults nowhere in the program.
    pub place: Option<Span>,
    /// The value as written.
    pub value: String,
    /// What that is worth, when it is known before the program runs and is not what is written.
    pub resolved: Option<String>,
    /// It decides. Of what is further in, it decides there.
    pub wins: bool,
    /// 0 for opinions on the property itself, more for those on what its value is taken from.
    pub depth: usize,
}

/// Opinions on one property, or the properties of something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explained {
    /// The property as it was asked for.
    pub path: String,
    /// The strongest first; each is followed by what it takes its value from.
    pub said: Vec<Said>,
    /// When a whole thing, camera, shot, cut or output is asked for: each property of it with its strongest opinion.
    pub properties: Vec<(String, Said)>,
}

/// Names on the way from an argument to the value that it is taken from.
const DEEPEST: usize = 16;
/// Opinions that are told; what is taken from more is not followed any further.
const MOST_SAID: usize = 400;

/// Steps that the search for opinions on a name counts for.
const LOOK_UP: u32 = 50;

/// Answers the program's question, if it has one that leads somewhere. Opinions of a shot decide when it is `shot`.
pub fn explain(loaded: &Loaded, program: &Program<'_>, typed: &Typed, shot: Option<&str>) -> Option<Explained> {
    let question = program.iter().find(|(_, def)| matches!(def.kind, DefKind::Query(_)))?.0;
    let Body::Query(asked) = &typed[question].body else { return None };
    let explainer = Explainer { loaded, program, typed, shot };
    let mut explained = Explained { path: loaded.sources.text(asked.span).to_owned(), ..Explained::default() };
    let names = match (&asked.target, asked.path.is_empty()) {
        (Target::Param(_), _) | (_, false) => {
            explainer.tell(explainer.opinions(asked), 0, &mut explained.said);
            return Some(explained);
        }
        (Target::Item(item), true) => explainer.fields(*item).map_or_else(Vec::new, |(decl, _)| names_of(decl)),
        (_, true) => explainer.properties(|properties| properties.names(&asked.term, &[])),
    };
    for name in names {
        let opinions = explainer.opinions(&Asked { path: vec![name.clone()], ..(**asked).clone() });
        let strongest = opinions.iter().find(|opinion| opinion.counts).map(|opinion| explainer.said(opinion, 0));
        explained.properties.extend(strongest.map(|said| (name, Said { wins: true, ..said })));
    }
    Some(explained)
}

/// Parameters and ports, each name once.
fn names_of(decl: &NodeDecl) -> Vec<String> {
    let mut names: Vec<String> = decl.params.iter().map(|p| p.name.to_owned()).collect();
    let ports = decl.ports.iter().map(|p| p.name.to_owned());
    ports.for_each(|port| {
        if !names.contains(&port) {
            names.push(port)
        }
    });
    names
}

/// What one place says of a property.
struct Opinion {
    strength: String,
    /// What it says; text alone of what a node declares.
    said: Result<Term, String>,
    /// Components around it, the outermost first: its names may be their parameters.
    levels: Vec<Level>,
    /// It is no opinion of another shot.
    counts: bool,
}

/// What an expression reads.
#[derive(Default)]
struct Read {
    found: Vec<DefId>,
    /// Functions that were looked into.
    called: Vec<DefId>,
}

impl Read {
    /// Notes a name, unless it is a parameter of the function that is looked into.
    fn note(&mut self, def: DefId, is_own: bool) {
        if !is_own && !self.found.contains(&def) {
            self.found.push(def);
        }
    }
}

struct Explainer<'e, 'a> {
    loaded: &'e Loaded,
    program: &'e Program<'a>,
    typed: &'e Typed,
    shot: Option<&'e str>,
}

impl Explainer<'_, '_> {
    /// Puts opinions down, each with what its value is taken from.
    fn tell(&self, opinions: Vec<Opinion>, depth: usize, told: &mut Vec<Said>) {
        let winner = opinions.iter().position(|opinion| opinion.counts);
        for (at, opinion) in opinions.iter().enumerate() {
            told.push(Said { wins: Some(at) == winner, ..self.said(opinion, depth) });
            let Ok(term) = &opinion.said else { continue };
            if depth >= DEEPEST || told.len() >= MOST_SAID {
                continue;
            }
            let mut read = Read::default();
            self.reads(term, None, &mut read);
            for def in read.found {
                self.tell(self.behind(def, &opinion.levels), depth + 1, told);
            }
        }
    }

    fn said(&self, opinion: &Opinion, depth: usize) -> Said {
        let Opinion { strength, said, levels, .. } = opinion;
        let (place, value, resolved) = match said {
            Err(text) => (None, text.clone(), None),
            Ok(term) => {
                let written = self.loaded.sources.text(term.span);
                let mut lines = written.lines();
                let mut value = lines.next().unwrap_or_default().to_owned();
                if lines.next().is_some() {
                    value += " …";
                }
                // Of a list its first items would say little.
                let known = self.value(term, levels, &Budget::default()).filter(|v| !matches!(v, Value::List(_)));
                let resolved = known.map(|v| v.to_string()).filter(|text| !says(written, text));
                (Some(term.span), value, resolved)
            }
        };
        Said { strength: strength.clone(), place, value, resolved, wins: false, depth }
    }

    /// What an expression is worth where these components are around it.
    fn value(&self, term: &Term, levels: &[Level], budget: &Budget) -> Option<Value> {
        compute(&Within { explainer: self, levels }, term, budget)
    }

    /// Definitions that a value is taken from, in the order of the text. Of a function that is called, what it reads besides
    /// its parameters.
    fn reads(&self, term: &Term, function: Option<DefId>, read: &mut Read) {
        let mut go = |term: &Term| self.reads(term, function, read);
        if let Some(operands) = term.kind.operands() {
            return operands.into_iter().for_each(go);
        }
        match &term.kind {
            TermKind::Ref(def) => {
                let is_own = function.is_some() && self.program[*def].owner == function;
                read.note(*def, is_own);
            }
            TermKind::Call(callee, args) => {
                args.iter().for_each(|(_, arg)| go(arg));
                if !read.called.contains(callee)
                    && let Body::Value(body) = &self.typed[*callee].body
                {
                    read.called.push(*callee);
                    self.reads(body, Some(*callee), read);
                }
            }
            TermKind::For(each) => {
                each.over.iter().chain(&each.condition).for_each(&mut go);
                go(&each.body);
            }
            TermKind::Curve(curve) => {
                go(&curve.over);
                for key in &curve.keys {
                    go(&key.at);
                    go(&key.value);
                }
            }
            TermKind::Node(node) => {
                node.params.iter().for_each(|(_, term)| go(term));
                node.ports.iter().flat_map(|(_, terms)| terms).for_each(go);
            }
            TermKind::Expand(_, args) => args.iter().for_each(|(_, term)| go(term)),
            TermKind::Figure(figure) => {
                figure.args.iter().for_each(|(_, term)| go(term));
                figure.params.iter().for_each(|(_, term)| go(term));
            }
            TermKind::Part(thing, _) => go(thing),
            TermKind::Place(place) => {
                go(&place.thing);
                place.on.iter().flatten().chain(place.clauses.iter().flatten()).for_each(go);
            }
            TermKind::Repaint(repaint) => {
                go(&repaint.thing);
                repaint.changes.iter().for_each(|(_, _, term)| go(term));
            }
            _ => {}
        }
    }

    /// What is said of something that a value is taken from, where these components are around that.
    fn behind(&self, def: DefId, levels: &[Level]) -> Vec<Opinion> {
        let owner = self.program[def].owner;
        let level = levels.iter().rposition(|level| Some(level.owner) == owner);
        let name = &self.program[def].name.value;
        let opinions = match (&self.program[def].kind, &self.typed[def].body) {
            (DefKind::Let(_), Body::Value(value)) => {
                let levels = level.map_or_else(Vec::new, |at| levels[..=at].to_vec());
                vec![Opinion::of("value", value, &levels)]
            }
            (DefKind::Param(_), _) if owner.is_none() => self.on_param(def),
            (DefKind::Param(_) | DefKind::Field { .. } | DefKind::Variant { .. }, body) => match (level, body) {
                (Some(at), Body::Param { .. }) => {
                    let Level { target, term, .. } = levels[at].clone();
                    let path = vec![name.clone()];
                    let span = self.program[def].name.span;
                    self.on_property(&Asked { target, path, term, levels: levels[..at].to_vec(), span })
                }
                (_, Body::Param { default: Some(value), .. } | Body::Value(value)) => {
                    vec![Opinion::of("default", value, &[])]
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        };
        // Several names may be read: each says whose opinions these are.
        let of_name = |opinion: Opinion| Opinion { strength: format!("`{name}`: {}", opinion.strength), ..opinion };
        opinions.into_iter().map(of_name).collect()
    }

    fn opinions(&self, asked: &Asked) -> Vec<Opinion> {
        match &asked.target {
            Target::Param(param) => self.on_param(*param),
            Target::Item(item) => self.on_field(*item, asked.path.first().map_or("", String::as_str)),
            Target::Camera(_) | Target::Thing { .. } => self.on_property(asked),
        }
    }

    fn shots(&self) -> impl Iterator<Item = (DefId, &crate::typed::ShotBody)> {
        self.program.iter().filter(|(_, item)| item.module == 0).filter_map(|(def, _)| match &self.typed[def].body {
            Body::Shot(shot) => Some((def, &**shot)),
            _ => None,
        })
    }

    fn of_shot(&self, shot: DefId, term: &Term) -> Opinion {
        let name = &self.program[shot].name.value;
        let opinion = Opinion::of(format!("set in the shot `{name}`"), term, &[]);
        Opinion { counts: self.shot == Some(name.as_str()), ..opinion }
    }

    /// The fields of a shot, a cut or an output, with what declares them.
    fn fields(&self, item: DefId) -> Option<(&'static NodeDecl, &[Arg])> {
        match &self.program[item].kind {
            DefKind::Shot { fields, .. } => Some((&SHOT, fields)),
            DefKind::Cut(fields) => Some((&CUT, fields)),
            DefKind::Output(fields) => Some((&OUTPUT, fields)),
            _ => None,
        }
    }

    /// What is said of a field of a shot, a cut or an output: what is written, or the default.
    fn on_field(&self, item: DefId, field: &str) -> Vec<Opinion> {
        let Some((decl, fields)) = self.fields(item) else { return Vec::new() };
        let given = fields.iter().find(|f| f.name.as_ref().is_some_and(|name| name.value == field));
        let mut opinions = Vec::new();
        if let Some(given) = given {
            let span = given.value.span;
            let term = field_terms(&self.typed[item].body).into_iter().find(|term| term.span == span).cloned();
            // What is no value, as the names of a `matrix`, is told as it is written.
            opinions.push(Opinion::of("field", &term.unwrap_or_else(|| Term::failed(span)), &[]));
        }
        if let Some(value) = decl.param(field).and_then(|param| param.default_value()) {
            let strength = format!("default of `{}`", decl.name);
            opinions.push(Opinion { strength, said: Err(value.to_string()), levels: Vec::new(), counts: true });
        }
        opinions
    }

    /// Opinions on a parameter of a file.
    fn on_param(&self, param: DefId) -> Vec<Opinion> {
        let mut opinions: Vec<Opinion> = Vec::new();
        for (_, term) in self.typed.sets.iter().filter(|(def, _)| *def == param) {
            opinions.push(Opinion::of("--set", term, &[]));
        }
        for (shot, body) in self.shots() {
            let sets = body.params.iter().filter(|(def, _)| *def == param);
            opinions.extend(sets.map(|(_, term)| self.of_shot(shot, term)));
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
        opinions.extend(overrides.iter().map(|(_, opinion)| Opinion::of("override", &opinion.term, &[])));
        if let Body::Param { default: Some(default), .. } = &self.typed[param].body {
            opinions.push(Opinion::of("default", default, &[]));
        }
        opinions
    }

    /// Opinions on a property of a thing or a camera.
    fn on_property(&self, asked: &Asked) -> Vec<Opinion> {
        let mut opinions: Vec<Opinion> = Vec::new();
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
                opinions.push(Opinion::of("--set", &opinion.term, &[]));
            }
        }
        for (shot, body) in self.shots() {
            for opinion in body.things.iter().filter(|o| same(&o.target, &o.path, "")) {
                opinions.push(self.of_shot(shot, &opinion.term));
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
                overrides.push((self.loaded.modules[item.module].depth, &opinion.term));
            }
        }
        overrides.sort_by_key(|(depth, _)| *depth);
        opinions.extend(overrides.into_iter().map(|(_, term)| Opinion::of("override", term, &[])));
        for (at, level) in asked.levels.iter().enumerate() {
            let Target::Thing { path: within, .. } = &level.target else { continue };
            for member in self.program.members(level.owner) {
                if let Body::Opinion(opinion) = &self.typed[*member].body
                    && same(&opinion.target, &opinion.path, &format!("{within}/"))
                {
                    let name = &self.program[level.owner].name.value;
                    let strength = format!("override in `{name}`");
                    opinions.push(Opinion::of(strength, &opinion.term, &asked.levels[..=at]));
                }
            }
        }
        let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
        let base = self.properties(|properties| properties.base(&asked.term, &path));
        opinions.extend(base.given.map(|term| Opinion::of("argument", &term, &asked.levels)));
        if let Some(default) = &base.default {
            // The default of a parameter may read the others.
            let own = called(&asked.term).map(|owner| Level {
                owner,
                target: asked.target.clone(),
                term: asked.term.clone(),
            });
            let levels: Vec<Level> = asked.levels.iter().cloned().chain(own).collect();
            opinions.push(Opinion::of("default", default, &levels));
        } else if let Some((node, value)) = base.declared {
            let strength = format!("default of `{node}`");
            opinions.push(Opinion { strength, said: Err(value), levels: Vec::new(), counts: true });
        }
        opinions
    }

    fn properties<T>(&self, look: impl FnOnce(Properties<'_>) -> T) -> T {
        let (program, typed) = (self.program, self.typed);
        let values = |def: DefId| value_term(&typed[def], program[def].name.span);
        look(Properties { program, values: &values })
    }
}

impl Opinion {
    fn of(strength: impl Into<String>, term: &Term, levels: &[Level]) -> Self {
        Self { strength: strength.into(), said: Ok(term.clone()), levels: levels.to_vec(), counts: true }
    }
}

/// What a name is worth where these components are around it: what its strongest opinion says.
struct Within<'w, 'e, 'a> {
    explainer: &'w Explainer<'e, 'a>,
    levels: &'w [Level],
}

impl Source for Within<'_, '_, '_> {
    fn checked(&self, def: DefId) -> Option<&Checked> {
        Some(&self.explainer.typed[def])
    }

    fn owner(&self, def: DefId) -> Option<DefId> {
        self.explainer.program[def].owner
    }

    fn value(&self, def: DefId, budget: &Budget) -> Option<Value> {
        budget.spend(LOOK_UP)?;
        let opinions = self.explainer.behind(def, self.levels);
        let strongest = opinions.iter().find(|opinion| opinion.counts)?;
        self.explainer.value(strongest.said.as_ref().ok()?, &strongest.levels, budget)
    }
}

/// Whether the text says the value already: it is made of literals, or is the member with or without its enumeration.
fn says(written: &str, value: &str) -> bool {
    let is_literal = |token: &Token| match token.kind {
        TokenKind::Number | TokenKind::Color | TokenKind::Open | TokenKind::Close | TokenKind::Comma => true,
        TokenKind::Text => !written[token.start..token.end].contains('{'),
        TokenKind::Operator => matches!(&written[token.start..token.end], "-" | ".."),
        _ => false,
    };
    // `5 - 3` is no literal; `-3` is.
    let is_computed = |two: &[Token]| two[1].kind == TokenKind::Operator && two[0].kind == TokenKind::Number;
    let tokens = tokens(written);
    let is_range = tokens.iter().any(|t| &written[t.start..t.end] == "..");
    let literal = tokens.iter().all(is_literal) && (is_range || !tokens.windows(2).any(is_computed));
    literal || written == value || written.ends_with(&format!(".{value}"))
}

/// The component or bible that a thing is made of.
fn called(term: &Term) -> Option<DefId> {
    match &term.kind {
        TermKind::Place(place) => called(&place.thing),
        TermKind::Repaint(repaint) => called(&repaint.thing),
        TermKind::Expand(owner, _) => Some(*owner),
        TermKind::Figure(figure) => Some(figure.bible),
        _ => None,
    }
}

/// Values of the fields of a shot, a cut or an output.
fn field_terms(body: &Body) -> Vec<&Term> {
    match body {
        Body::Shot(shot) => [&shot.camera, &shot.frames, &shot.fps, &shot.size].into_iter().flatten().collect(),
        Body::Cut(cut) => cut.start.iter().collect(),
        Body::Output(output) => {
            let written = output.write.iter().flat_map(|write| write.params.iter().map(|(_, term)| term));
            [&output.image, &output.frames, &output.file].into_iter().flatten().chain(written).collect()
        }
        _ => Vec::new(),
    }
}
