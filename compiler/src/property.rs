//! Properties: which part of a thing's value a path of names means, and that value with another in its place.

use scenec_grammar::words::CLAUSES;
use scenec_ir::node::{NodeDecl, Param, Port, Wire};
use scenec_ir::nodes::figure::FIGURE;
use scenec_ir::nodes::shape::PLACE;
use scenec_ir::nodes::surface::ASSET_MATERIAL;
use scenec_ir::{Span, Type, nodes};

use crate::check::is_formal;
use crate::resolve::{DefId, DefKind, Program};
use crate::typed::{NodeTerm, PlaceTerm, RepaintTerm, Shape, Term, TermKind};

/// What has to be known of definitions to find properties.
pub trait Definitions {
    /// The parameters of a component or a bible, in order: fields with a type and variants are such.
    fn formals(&self, owner: DefId) -> Vec<(DefId, &str)>;
    /// The thing of a component.
    fn thing(&self, component: DefId, name: &str) -> Option<DefId>;
    /// A name that stands for its value, which may be written out in its place.
    fn is_written_out(&self, def: DefId) -> bool;
    /// Materials of an asset, if it could be read.
    fn materials(&self, asset: DefId) -> Option<&[String]>;
}

impl Definitions for Program<'_> {
    fn formals(&self, owner: DefId) -> Vec<(DefId, &str)> {
        let members = self.members(owner).iter().filter(|m| is_formal(&self[**m].kind));
        members.map(|m| (*m, self[*m].name.value.as_str())).collect()
    }

    fn thing(&self, component: DefId, name: &str) -> Option<DefId> {
        let found = self.member(component, name);
        found.filter(|m| matches!(self[*m].kind, DefKind::Bind(_) | DefKind::Scatter { .. }))
    }

    fn is_written_out(&self, def: DefId) -> bool {
        matches!(self[def].kind, DefKind::Let(_) | DefKind::Bind(_))
    }

    fn materials(&self, asset: DefId) -> Option<&[String]> {
        match &self[asset].kind {
            DefKind::Asset { index: Some(index), .. } => Some(&index.materials),
            _ => None,
        }
    }
}

/// A name, or an item of a list, on the way to a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What stands behind the dot or in the brackets.
    pub name: String,
    /// With its brackets.
    pub span: Span,
    /// It stood in brackets.
    pub is_item: bool,
}

/// Where a step from a thing leads.
pub enum Stride {
    /// To an item of a list, which is made of this.
    Item(Term),
    /// To the thing of a component.
    Thing(DefId, DefId),
    /// Nowhere: a list has no such item.
    NoItem,
    /// To a property.
    Property,
}

/// What a path of names means.
pub enum Slot {
    /// A placement clause.
    Clause(&'static str),
    /// A parameter or port of a node, or both under one name.
    Node(&'static NodeDecl, Option<&'static Param>, Option<&'static Port>),
    /// A parameter of a component, a field or a variant of a bible.
    Argument(DefId),
    /// A parameter of the figure that a bible makes.
    Figure(DefId, &'static Param),
    /// A property of a material of the asset that a thing comes from.
    Surface(&'static Param),
}

/// Where a property is declared.
#[derive(Clone, Copy, Debug)]
pub enum Declared {
    /// By a component or a bible.
    Definition(DefId),
    /// By a node: a parameter or a port of it.
    Parameter(&'static NodeDecl, &'static str),
}

impl Slot {
    /// Where it is declared.
    pub fn declared(&self) -> Declared {
        match *self {
            Self::Argument(formal) => Declared::Definition(formal),
            Self::Node(decl, param, port) => {
                let name = param.map(|p| p.name).or(port.map(|p| p.name));
                Declared::Parameter(decl, name.unwrap_or_default())
            }
            Self::Clause(clause) => Declared::Parameter(&PLACE, clause),
            Self::Figure(_, param) => Declared::Parameter(&FIGURE, param.name),
            Self::Surface(param) => Declared::Parameter(&ASSET_MATERIAL, param.name),
        }
    }
}

/// Why a path means nothing.
pub enum Missing {
    /// There is no such name at this step; these there are.
    Name(usize, Vec<String>),
    /// What stands before this step is not written as a call, so it has no properties.
    Computed(usize, Span),
    /// What has them has an error already.
    Failed,
}

/// The value of a `let` or a thing, or the default of a parameter.
pub type Values<'v> = dyn Fn(DefId) -> Option<Term> + 'v;

/// The program and what its definitions are worth.
#[derive(Clone, Copy)]
pub struct Properties<'p> {
    /// Definitions.
    pub program: &'p dyn Definitions,
    /// What they are worth.
    pub values: &'p Values<'p>,
}

impl Properties<'_> {
    /// Where a step from what `term` makes leads.
    pub fn stride(&self, term: &Term, step: &str, is_item: bool) -> Stride {
        // `hero["Leather.001"].color`: what is in the brackets is the name of a material.
        let is_material = is_item && matches!(term.shape, Shape::Asset(_)) && term.ty == Type::Wire(Wire::Thing);
        if is_item && !is_material {
            return item_of(term, step).map_or(Stride::NoItem, Stride::Item);
        }
        match term.shape {
            Shape::Members(component) if !is_item => {
                let thing = self.program.thing(component, step);
                thing.map_or(Stride::Property, |thing| Stride::Thing(component, thing))
            }
            _ => Stride::Property,
        }
    }

    /// Names of all properties that stand behind `path` in `term`, materials too.
    pub fn names(&self, term: &Term, path: &[&str]) -> Vec<String> {
        // No property is called so.
        let asked: Vec<&str> = path.iter().copied().chain([""]).collect();
        match self.slot(term, &asked) {
            Err(Missing::Name(at, mut names)) if at == path.len() => {
                let mut seen = std::collections::BTreeSet::new();
                names.retain(|name| seen.insert(name.clone()));
                names
            }
            _ => Vec::new(),
        }
    }

    /// The slot that `path` means in `term`.
    pub fn slot(&self, term: &Term, path: &[&str]) -> Result<Slot, Missing> {
        let Some((first, rest)) = path.split_first() else { return Err(Missing::Name(0, Vec::new())) };
        let is_thing = term.ty == Type::Wire(Wire::Thing);
        if is_thing && let Some(clause) = CLAUSES.iter().find(|c| *c == first) {
            return match (rest.is_empty(), &term.kind) {
                (true, _) => Ok(Slot::Clause(clause)),
                (false, TermKind::Place(place)) => {
                    Err(Missing::Computed(1, place.clause(clause).map_or(term.span, |t| t.span)))
                }
                (false, _) => Err(Missing::Computed(1, term.span)),
            };
        }
        let names = match &term.kind {
            TermKind::Failed => return Err(Missing::Failed),
            TermKind::Place(place) => return self.slot(&place.thing, path),
            TermKind::Repaint(repaint) => return self.slot(&repaint.thing, path),
            TermKind::Ref(def) if self.program.is_written_out(*def) => {
                let Some(value) = (self.values)(*def) else { return Err(Missing::Computed(0, term.span)) };
                return self.slot(&value, path);
            }
            TermKind::If(parts) => return self.slot(&parts[1], path).or_else(|_| self.slot(&parts[2], path)),
            TermKind::Node(node) => {
                let (param, port) = (node.decl.param(first), node.decl.port(first));
                match param.is_some() || port.is_some() {
                    true if rest.is_empty() => return Ok(Slot::Node(node.decl, param, port)),
                    true => return self.deeper(given_port(node, first), rest, term.span),
                    false if self.is_material(term, first) => return surface(rest),
                    false => node.decl.params.iter().map(|p| p.name).chain(node.decl.ports.iter().map(|p| p.name)),
                }
                .map(str::to_owned)
                .collect::<Vec<_>>()
            }
            TermKind::Expand(owner, args) => match self.formal(*owner, first) {
                Some(formal) if rest.is_empty() => return Ok(Slot::Argument(formal)),
                Some(formal) => return self.deeper(self.argument(args, formal), rest, term.span),
                None => self.formals(*owner),
            },
            TermKind::Figure(figure) => {
                let param = nodes::find("figure").and_then(|f| f.param(first)).filter(|p| !OF_RIG.contains(&p.name));
                match (self.formal(figure.bible, first), param) {
                    (Some(formal), _) if rest.is_empty() => return Ok(Slot::Argument(formal)),
                    (None, Some(param)) if rest.is_empty() => return Ok(Slot::Figure(figure.bible, param)),
                    (Some(formal), _) => return self.deeper(self.argument(&figure.args, formal), rest, term.span),
                    (None, Some(_)) => return Err(Missing::Computed(1, term.span)),
                    (None, None) if self.is_material(term, first) => return surface(rest),
                    (None, None) => {
                        let own = nodes::find("figure").into_iter().flat_map(|f| f.params).map(|p| p.name);
                        let own = own.filter(|n| !OF_RIG.contains(n)).map(str::to_owned);
                        self.formals(figure.bible).into_iter().chain(own).collect()
                    }
                }
            }
            _ => return Err(Missing::Computed(0, term.span)),
        };
        if let Shape::Asset(asset) = &term.shape
            && self.program.materials(*asset).is_none()
        {
            // It may be one of the materials, which nobody knows.
            return Err(Missing::Failed);
        }
        let clauses = CLAUSES.iter().filter(|_| is_thing).map(|c| (*c).to_owned());
        let materials = self.materials(term).iter().cloned();
        Err(Missing::Name(0, names.into_iter().chain(materials).chain(clauses).collect()))
    }

    fn deeper(&self, inner: Option<Term>, rest: &[&str], span: Span) -> Result<Slot, Missing> {
        let Some(inner) = inner else { return Err(Missing::Computed(1, span)) };
        self.slot(&inner, rest).map_err(|missing| match missing {
            Missing::Name(step, names) => Missing::Name(step + 1, names),
            Missing::Computed(step, span) => Missing::Computed(step + 1, span),
            Missing::Failed => Missing::Failed,
        })
    }

    /// Materials of the asset that a thing comes from.
    fn materials(&self, term: &Term) -> &[String] {
        match &term.shape {
            Shape::Asset(asset) => self.program.materials(*asset).unwrap_or_default(),
            _ => &[],
        }
    }

    fn is_material(&self, term: &Term, name: &str) -> bool {
        self.materials(term).iter().any(|m| m == name)
    }

    /// `term` with a change of one of its materials.
    fn repainted(&self, term: &Term, material: &str, rest: &[&str], value: Term) -> Option<Term> {
        let Ok(Slot::Surface(param)) = surface(rest) else { return None };
        if !self.is_material(term, material) {
            return None;
        }
        let changes = vec![(material.to_owned(), param, value)];
        let kind = TermKind::Repaint(Box::new(RepaintTerm { thing: term.clone(), changes }));
        Some(Term { kind, ..term.clone() })
    }

    fn formals(&self, owner: DefId) -> Vec<String> {
        self.program.formals(owner).into_iter().map(|(_, name)| name.to_owned()).collect()
    }

    fn formal(&self, owner: DefId, name: &str) -> Option<DefId> {
        self.program.formals(owner).into_iter().find(|(_, own)| *own == name).map(|(def, _)| def)
    }

    fn argument(&self, args: &[(DefId, Term)], formal: DefId) -> Option<Term> {
        let given = args.iter().find(|(f, _)| *f == formal).map(|(_, term)| term.clone());
        given.or_else(|| (self.values)(formal))
    }

    /// `term` with `value` in the slot that `path` means; `None` where [`Properties::slot`] finds none.
    pub fn replaced(&self, term: &Term, path: &[&str], value: Term) -> Option<Term> {
        let (first, rest) = path.split_first()?;
        let is_thing = term.ty == Type::Wire(Wire::Thing);
        if is_thing && rest.is_empty() && CLAUSES.contains(first) {
            return Some(placed(term, first, value));
        }
        match &term.kind {
            TermKind::Node(node) if node.decl.param(first).is_none() && node.decl.port(first).is_none() => {
                return self.repainted(term, first, rest, value);
            }
            TermKind::Figure(figure) if self.formal(figure.bible, first).is_none() => {
                if let Some(painted) = self.repainted(term, first, rest, value.clone()) {
                    return Some(painted);
                }
            }
            _ => {}
        }
        let mut term = term.clone();
        match &mut term.kind {
            TermKind::Repaint(repaint) => match surface(rest) {
                Ok(Slot::Surface(param)) if self.is_material(&repaint.thing, first) => {
                    repaint.changes.retain(|(m, p, _)| m != first || p.name != param.name);
                    repaint.changes.push(((*first).to_owned(), param, value));
                }
                _ => repaint.thing = self.replaced(&repaint.thing, path, value)?,
            },
            TermKind::Place(place) => place.thing = self.replaced(&place.thing, path, value)?,
            TermKind::Ref(def) if self.program.is_written_out(*def) => {
                return self.replaced(&(self.values)(*def)?, path, value);
            }
            TermKind::If(parts) => {
                let [then, otherwise] = [1, 2].map(|i| self.replaced(&parts[i], path, value.clone()));
                if then.is_none() && otherwise.is_none() {
                    return None;
                }
                parts[1] = then.unwrap_or_else(|| parts[1].clone());
                parts[2] = otherwise.unwrap_or_else(|| parts[2].clone());
            }
            TermKind::Node(node) => {
                let (param, port) = (node.decl.param(first), node.decl.port(first));
                let value = match rest.is_empty() {
                    true => value,
                    false => self.replaced(&given_port(node, first)?, rest, value)?,
                };
                // A name that is both parameter and port is one property.
                node.params.retain(|(p, _)| p.name != *first);
                node.ports.retain(|(p, _)| p.name != *first);
                match (param, port) {
                    (_, Some(port)) if matches!(value.ty, Type::Wire(_) | Type::List(_)) || param.is_none() => {
                        node.ports.push((port, vec![value]));
                    }
                    (Some(param), _) => node.params.push((param, value)),
                    _ => return None,
                }
            }
            TermKind::Expand(owner, args) => {
                let formal = self.formal(*owner, first)?;
                self.replace_argument(args, formal, rest, value)?;
            }
            TermKind::Figure(figure) => match self.formal(figure.bible, first) {
                Some(formal) => self.replace_argument(&mut figure.args, formal, rest, value)?,
                None => {
                    let param = nodes::find("figure").and_then(|f| f.param(first)).filter(|_| rest.is_empty())?;
                    figure.params.retain(|(p, _)| p.name != param.name);
                    figure.params.push((param, value));
                }
            },
            _ => return None,
        }
        Some(term)
    }

    fn replace_argument(&self, args: &mut Vec<(DefId, Term)>, formal: DefId, rest: &[&str], value: Term) -> Option<()> {
        let value = match rest.is_empty() {
            true => value,
            false => self.replaced(&self.argument(args, formal)?, rest, value)?,
        };
        args.retain(|(f, _)| *f != formal);
        args.push((formal, value));
        Some(())
    }
}

/// What a property is without opinions on it.
#[derive(Default)]
pub struct Base {
    /// The argument or placement that is written.
    pub given: Option<Term>,
    /// The default of a component's parameter or a bible's field.
    pub default: Option<Term>,
    /// The node that declares a default, and that as text.
    pub declared: Option<(&'static str, String)>,
}

impl Properties<'_> {
    /// What a property is before anything overrides it.
    pub fn base(&self, term: &Term, path: &[&str]) -> Base {
        let Some((first, rest)) = path.split_first() else { return Base::default() };
        let within = |inner: Option<Term>| inner.map_or_else(Base::default, |inner| self.base(&inner, rest));
        let param = |given: &[(&'static Param, Term)], param: &'static Param, node: &'static str| Base {
            given: given.iter().find(|(p, _)| p.name == param.name).map(|(_, term)| term.clone()),
            default: None,
            declared: param.default_value().map(|value| (node, value.to_string())),
        };
        let is_thing = term.ty == Type::Wire(Wire::Thing);
        if is_thing && rest.is_empty() && CLAUSES.contains(first) {
            let given = match &term.kind {
                TermKind::Place(place) => place.clause(first).cloned(),
                _ => None,
            };
            let default = nodes::find("place").and_then(|place| place.param(first)?.default_value());
            return Base { given, default: None, declared: default.map(|value| ("place", value.to_string())) };
        }
        match &term.kind {
            TermKind::Place(place) => self.base(&place.thing, path),
            TermKind::Repaint(repaint) => self.base(&repaint.thing, path),
            TermKind::Ref(def) if self.program.is_written_out(*def) => {
                (self.values)(*def).map_or_else(Base::default, |value| self.base(&value, path))
            }
            TermKind::If(parts) => self.base(&parts[1], path),
            TermKind::Node(_) | TermKind::Figure(_) if self.is_material(term, first) && surface(rest).is_ok() => {
                let own = "as the file has it".to_owned();
                Base { declared: Some(("its asset", own)), ..Base::default() }
            }
            TermKind::Node(node) if rest.is_empty() => {
                let port = given_port(node, first);
                match node.decl.param(first) {
                    Some(declared) if port.is_none() => param(&node.params, declared, node.decl.name),
                    _ => Base { given: port, ..Base::default() },
                }
            }
            TermKind::Node(node) => within(given_port(node, first)),
            TermKind::Expand(owner, args) => match self.formal(*owner, first) {
                Some(formal) if rest.is_empty() => self.base_of(args, formal),
                Some(formal) => within(self.argument(args, formal)),
                None => Base::default(),
            },
            TermKind::Figure(figure) => match (self.formal(figure.bible, first), nodes::find("figure")) {
                (Some(formal), _) if rest.is_empty() => self.base_of(&figure.args, formal),
                (Some(formal), _) => within(self.argument(&figure.args, formal)),
                (None, Some(decl)) => {
                    decl.param(first).map_or_else(Base::default, |p| param(&figure.params, p, decl.name))
                }
                (None, None) => Base::default(),
            },
            _ => Base::default(),
        }
    }

    fn base_of(&self, args: &[(DefId, Term)], formal: DefId) -> Base {
        let given = args.iter().find(|(f, _)| *f == formal).map(|(_, term)| term.clone());
        Base { given, default: (self.values)(formal), declared: None }
    }
}

/// Parameters of the node `figure` that a bible gives by itself.
pub const OF_RIG: [&str; 5] = ["asset", "skin", "node", "variant", "height"];

/// The property of a material that is left of a path.
fn surface(rest: &[&str]) -> Result<Slot, Missing> {
    let names = || ASSET_MATERIAL.params.iter().map(|p| p.name.to_owned()).collect();
    match rest {
        [] => Err(Missing::Name(1, names())),
        [name] => ASSET_MATERIAL.param(name).map(Slot::Surface).ok_or_else(|| Missing::Name(1, names())),
        [name, ..] if ASSET_MATERIAL.param(name).is_some() => Err(Missing::Name(2, Vec::new())),
        _ => Err(Missing::Name(1, names())),
    }
}

/// The item of a list that is written out.
fn item_of(term: &Term, key: &str) -> Option<Term> {
    match &term.kind {
        TermKind::For(each) => Some(each.body.clone()),
        TermKind::List(items) => items.get(key.parse::<usize>().ok()?).cloned(),
        _ => None,
    }
}

fn given_port(node: &NodeTerm, name: &str) -> Option<Term> {
    match node.ports.iter().find(|(p, _)| p.name == name)?.1.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

fn placed(term: &Term, clause: &str, value: Term) -> Term {
    let mut place = match &term.kind {
        TermKind::Place(place) => (**place).clone(),
        _ => PlaceTerm::new(term.clone()),
    };
    place.set(clause, value);
    if clause == "at" {
        place.on = None;
    }
    Term { kind: TermKind::Place(Box::new(place)), ty: term.ty.clone(), shape: term.shape.clone(), span: term.span }
}
