//! Paths behind `override` and `set`: what may stand in them, and what they lead to. The same properties that the checker
//! finds, for a path that is still being written.

use super::{Index, Kind, Target};
use crate::check::value_term;
use crate::property::{Declared, Definitions, Properties, Slot, Stride};
use crate::resolve::DefId;
use crate::typed::Term;

/// A name, or what stands in brackets, on the way to a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'t> {
    /// Without quotes and brackets.
    pub name: &'t str,
    /// It stands in brackets.
    pub is_item: bool,
}

/// What may stand behind a path.
#[derive(Clone, Debug)]
pub enum Next {
    /// A definition: a thing, or a parameter of a module.
    Definition(usize),
    /// A property of this name.
    Property(String, Target),
    /// A material of the asset that the thing comes from.
    Material(String),
}

/// The property that a path leads to.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Where it is declared.
    pub target: Target,
    /// The bible whose poses it may be.
    pub bible: Option<usize>,
}

/// Where a path leads as far as there are things.
enum Reached<'s, 't> {
    Module(usize),
    Layer(usize),
    Param(usize),
    Thing(Box<Term>, &'s [Step<'t>]),
}

impl Definitions for Index {
    fn formals(&self, owner: DefId) -> Vec<(DefId, &str)> {
        let members = self.members(owner.0 as usize).filter(|(_, d)| d.is_parameter());
        members.map(|(at, d)| (DefId(at as u32), d.name.as_str())).collect()
    }

    fn thing(&self, component: DefId, name: &str) -> Option<DefId> {
        let mut things = self.things(component.0 as usize);
        things.find(|at| self.definitions[*at].name == name).map(|at| DefId(at as u32))
    }

    fn is_written_out(&self, def: DefId) -> bool {
        matches!(self.definitions[def.0 as usize].kind, Kind::Let | Kind::Thing)
    }

    fn materials(&self, asset: DefId) -> Option<&[String]> {
        match &self.definitions[asset.0 as usize].kind {
            Kind::Asset { names: Some(names), .. } => Some(&names.materials),
            _ => None,
        }
    }
}

impl Index {
    /// The things of a layer or component.
    fn things(&self, owner: usize) -> impl Iterator<Item = usize> {
        self.members(owner).filter(|(_, d)| matches!(d.kind, Kind::Thing)).map(|(at, _)| at)
    }

    /// Names with which a path behind `override` may begin, or behind the `set` of a shot.
    pub fn first_of_path(&self, module: usize, owner: Option<usize>, is_set: bool) -> Vec<(&str, usize)> {
        let visible = self.visible(module, owner);
        let fits = |name: &str, at: usize| {
            let def = &self.definitions[at];
            match &def.kind {
                // A name that several layers have says nothing.
                Kind::Thing => {
                    let is_other = |(n, other): &(&str, usize)| {
                        *n == name && *other != at && matches!(self.definitions[*other].kind, Kind::Thing)
                    };
                    def.owner == owner || !visible.iter().any(is_other)
                }
                Kind::Camera => true,
                Kind::Layer(_) => self.things(at).next().is_some(),
                Kind::Alias(Some(module)) => self.public(*module).any(|(_, d)| matches!(d.kind, Kind::Param)),
                // A file has its own parameters set, and overrides those of others.
                Kind::Param => def.owner.is_none() && (is_set || def.module != module),
                _ => false,
            }
        };
        visible.iter().copied().filter(|(name, at)| fits(name, *at)).collect()
    }

    /// What may stand behind the dot of a path.
    pub fn next_of_path(&self, module: usize, owner: Option<usize>, path: &[Step<'_>]) -> Vec<Next> {
        match self.reached(module, owner, path) {
            Some(Reached::Module(of)) => {
                let params = self.public(of).filter(|(_, d)| matches!(d.kind, Kind::Param));
                params.map(|(at, _)| Next::Definition(at)).collect()
            }
            Some(Reached::Layer(layer)) => self.things(layer).map(Next::Definition).collect(),
            Some(Reached::Thing(term, rest)) => self.properties(|properties| {
                let mut next = Vec::new();
                if let (crate::typed::Shape::Members(component), []) = (&term.shape, rest) {
                    next.extend(self.things(component.0 as usize).map(Next::Definition));
                }
                let rest: Vec<&str> = rest.iter().map(|s| s.name).collect();
                for name in properties.names(&term, &rest) {
                    let whole: Vec<&str> = rest.iter().copied().chain([name.as_str()]).collect();
                    next.push(match properties.slot(&term, &whole) {
                        Ok(slot) => Next::Property(name, of_slot(&slot).target),
                        Err(_) => Next::Material(name),
                    });
                }
                next
            }),
            Some(Reached::Param(_)) | None => Vec::new(),
        }
    }

    /// The property that a whole path leads to.
    pub fn property(&self, module: usize, owner: Option<usize>, path: &[Step<'_>]) -> Option<Property> {
        match self.reached(module, owner, path)? {
            Reached::Param(at) => Some(Property { target: Target::Definition(at), bible: None }),
            Reached::Thing(term, rest) => {
                let rest: Vec<&str> = rest.iter().map(|s| s.name).collect();
                self.properties(|properties| properties.slot(&term, &rest).ok().map(|slot| of_slot(&slot)))
            }
            Reached::Module(_) | Reached::Layer(_) => None,
        }
    }

    fn reached<'s, 't>(&self, module: usize, owner: Option<usize>, path: &'s [Step<'t>]) -> Option<Reached<'s, 't>> {
        let (first, mut rest) = path.split_first()?;
        let mut at = self.lookup(module, owner, first.name)?;
        match (&self.definitions[at].kind, rest) {
            (Kind::Alias(Some(of)), []) => return Some(Reached::Module(*of)),
            (Kind::Alias(Some(of)), [param]) => {
                let found = self.public(*of).find(|(_, d)| d.name == param.name && matches!(d.kind, Kind::Param));
                return found.map(|(at, _)| Reached::Param(at));
            }
            (Kind::Layer(_), []) => return Some(Reached::Layer(at)),
            (Kind::Layer(_), [thing, behind @ ..]) => {
                at = self.thing(DefId(at as u32), thing.name)?.0 as usize;
                rest = behind;
            }
            (Kind::Param, []) if self.definitions[at].owner.is_none() => return Some(Reached::Param(at)),
            _ => {}
        }
        if !matches!(self.definitions[at].kind, Kind::Thing | Kind::Camera) {
            return None;
        }
        let mut term = self.value_of(at)?;
        while let [step, behind @ ..] = rest {
            match self.properties(|p| p.stride(&term, step.name, step.is_item)) {
                Stride::Item(item) => term = item,
                Stride::Thing(_, thing) => term = self.value_of(thing.0 as usize)?,
                Stride::NoItem => return None,
                Stride::Property => break,
            }
            rest = behind;
        }
        Some(Reached::Thing(Box::new(term), rest))
    }

    fn properties<T>(&self, look: impl FnOnce(Properties<'_>) -> T) -> T {
        let values = |def: DefId| self.value_of(def.0 as usize);
        look(Properties { program: self, values: &values })
    }

    fn value_of(&self, at: usize) -> Option<Term> {
        value_term(self.checked.get(at)?, self.definitions[at].span)
    }
}

fn of_slot(slot: &Slot) -> Property {
    let target = match slot.declared() {
        Declared::Definition(def) => Target::Definition(def.0 as usize),
        Declared::Parameter(decl, name) => Target::Parameter(decl, name),
    };
    let bible = match slot {
        Slot::Figure(bible, _) => Some(bible.0 as usize),
        _ => None,
    };
    Property { target, bible }
}
