//! Values of definitions, computed when somebody asks.

use std::cell::RefCell;
use std::collections::HashMap;

use scenec_ir::{Type, Value};

use super::{Index, Kind};
use crate::known::{Budget, Source, compute};
use crate::resolve::DefId;
use crate::typed::{Body, Checked, Term};

/// Values of a program's definitions, with every parameter of a file at its default.
pub struct Values<'i> {
    index: &'i Index,
    found: RefCell<HashMap<DefId, Option<Value>>>,
}

impl Index {
    /// Values of definitions; what was computed is kept as long as this.
    pub fn values(&self) -> Values<'_> {
        Values { index: self, found: RefCell::default() }
    }
}

impl Values<'_> {
    /// The value of a `let`, or the default of a parameter. Nothing where it hangs on time, on the stage or on a parameter of
    /// a component or function.
    pub fn of(&self, at: usize) -> Option<Value> {
        self.compute(DefId(u32::try_from(at).ok()?), &Budget::default())
    }

    fn compute(&self, def: DefId, budget: &Budget) -> Option<Value> {
        if let Some(found) = self.found.borrow().get(&def) {
            return found.clone();
        }
        let value = self.term(def).and_then(|term| compute(self, term, budget));
        self.found.borrow_mut().insert(def, value.clone());
        value
    }

    fn term(&self, def: DefId) -> Option<&Term> {
        match &self.checked(def)?.body {
            Body::Value(term) | Body::Param { default: Some(term), .. } => {
                Some(term).filter(|term| !matches!(term.ty.present(), Type::Wire(_)))
            }
            _ => None,
        }
    }
}

impl Source for Values<'_> {
    fn checked(&self, def: DefId) -> Option<&Checked> {
        self.index.checked.get(def.0 as usize).map(|checked| &**checked)
    }

    fn owner(&self, def: DefId) -> Option<DefId> {
        self.index.definitions.get(def.0 as usize)?.owner.map(|owner| DefId(owner as u32))
    }

    fn value(&self, def: DefId, budget: &Budget) -> Option<Value> {
        let definition = self.index.definitions.get(def.0 as usize)?;
        match definition.kind {
            Kind::Let => self.compute(def, budget),
            Kind::Param if definition.owner.is_none() => self.compute(def, budget),
            _ => None,
        }
    }
}
