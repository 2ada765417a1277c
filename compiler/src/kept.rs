//! What a check found about each definition, kept for the next check of the same program: what an edit can't have changed is
//! not checked again.
//!
//! While a definition is checked, every look at the program is noted ([`Watch`]): the modules whose definitions or names were
//! asked for, and the definitions whose results were. A result holds as long as all of these are as they were. Numbers of
//! definitions are part of that, so a module whose definitions have moved in the table counts as changed.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::sync::Arc;

use scenec_grammar::ast::Module;
use scenec_ir::types::EnumType;
use scenec_ir::{AssetIndex, Diagnostic, FileId, Span};

use crate::index::Notes;
use crate::load::Loaded;
use crate::resolve::{DefId, DefKind, Program};
use crate::typed::Checked;

/// What was found while one definition was checked.
#[derive(Debug, Default)]
pub(crate) struct Finding {
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// What it uses, for the warnings of what nobody does.
    pub uses: Vec<DefId>,
    /// What it reads, with the place of the first mention.
    pub reads: Vec<(DefId, Span)>,
    /// What others read because of it: the reader, and what is read.
    pub given: Vec<(DefId, DefId, Span)>,
    /// What depends on time because of it.
    pub moved: Vec<DefId>,
    /// For the index.
    pub notes: Notes,
    /// What all this depends on.
    pub seen: Seen,
}

/// By definition; nothing for one that has not been checked.
pub(crate) type Findings = Vec<Option<Box<Finding>>>;

impl Finding {
    /// A definition is used.
    pub fn used(&mut self, def: DefId) {
        if self.uses.last() != Some(&def) {
            self.uses.push(def);
        }
    }
}

/// What a definition's result depends on.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Modules; their own is always one.
    modules: Vec<usize>,
    /// Definitions whose results were asked for.
    defs: Vec<DefId>,
    /// Files of the world, which may change unseen.
    outside: bool,
}

/// Notes what of a program is looked at.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    is_on: Cell<bool>,
    /// Number of the definition that is being checked, and the last one given out.
    turn: Cell<u32>,
    last: Cell<u32>,
    /// By module and by definition: the turn that saw it last.
    modules: Vec<Cell<u32>>,
    defs: Vec<Cell<u32>>,
    seen: RefCell<Seen>,
    unfinished: Cell<bool>,
}

impl Watch {
    /// Of a program with so many modules and definitions.
    fn on(modules: usize, defs: usize) -> Self {
        let (modules, defs) = (vec![Cell::new(0); modules], vec![Cell::new(0); defs]);
        Self { is_on: Cell::new(true), modules, defs, ..Self::default() }
    }

    /// Notes no more.
    pub fn stop(&self) {
        self.is_on.set(false);
    }

    /// Something of a module is looked at.
    pub fn module(&self, module: usize) {
        if self.is_on.get() && self.modules[module].replace(self.turn.get()) != self.turn.get() {
            self.seen.borrow_mut().modules.push(module);
        }
    }

    /// The result of a definition is looked at.
    pub fn def(&self, def: DefId) {
        if self.is_on.get() && self.defs[def.0 as usize].replace(self.turn.get()) != self.turn.get() {
            self.seen.borrow_mut().defs.push(def);
        }
    }

    /// Files of the world are looked at.
    pub fn outside(&self) {
        self.seen.borrow_mut().outside = true;
    }

    /// A result was asked for that is not there yet: what was found depends on the order of the checks.
    pub fn unfinished(&self) {
        self.unfinished.set(true);
    }

    /// Whether that was the case.
    pub fn is_unfinished(&self) -> bool {
        self.unfinished.get()
    }

    /// Another definition's turn begins; gives what [`Watch::leave`] wants.
    pub fn enter(&self) -> (u32, Seen) {
        self.last.set(self.last.get() + 1);
        (self.turn.replace(self.last.get()), self.seen.take())
    }

    /// Its turn ends; gives what it saw.
    pub fn leave(&self, (turn, seen): (u32, Seen)) -> Seen {
        self.turn.set(turn);
        self.seen.replace(seen)
    }
}

/// A module as it was.
#[derive(Debug)]
struct Record {
    path: String,
    file: FileId,
    ast: Arc<Module>,
    uses: BTreeMap<usize, Option<usize>>,
    assets: BTreeMap<usize, (String, Option<Arc<AssetIndex>>)>,
    package: Option<usize>,
    /// Its definitions: their numbers, the places of their names, and the modules that they are names of.
    defs: Vec<(DefId, Span, Option<Option<usize>>)>,
    /// What its `use` bring in.
    imports: Vec<DefId>,
}

impl Record {
    fn is_as(&self, other: &Self) -> bool {
        let same_asset = |a: &Option<Arc<AssetIndex>>, b: &Option<Arc<AssetIndex>>| match (a, b) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (None, None) => true,
            _ => false,
        };
        let mut assets = self.assets.iter().zip(&other.assets);
        Arc::ptr_eq(&self.ast, &other.ast)
            && self.file == other.file
            && self.package == other.package
            && self.path == other.path
            && self.uses == other.uses
            && self.defs == other.defs
            && self.imports == other.imports
            && self.assets.len() == other.assets.len()
            && assets.all(|((i, a), (j, b))| i == j && a.0 == b.0 && same_asset(&a.1, &b.1))
    }
}

fn records(loaded: &Loaded, program: &Program<'_>) -> Vec<Record> {
    let record = |(at, module): (usize, &crate::load::LoadedModule)| Record {
        path: module.path.clone(),
        file: module.file,
        ast: module.ast.clone(),
        uses: module.uses.clone(),
        assets: module.assets.clone(),
        package: module.package,
        defs: Vec::new(),
        imports: program.scopes()[at].imports.iter().map(|(_, def)| *def).collect(),
    };
    let mut records: Vec<Record> = loaded.modules.iter().enumerate().map(record).collect();
    for (id, def) in program.iter() {
        let leads_to = match def.kind {
            DefKind::Alias(module) => Some(module),
            _ => None,
        };
        records[def.module].defs.push((id, def.name.span, leads_to));
    }
    records
}

/// What was found about a program, and what it was made of.
#[derive(Debug)]
pub(crate) struct Kept {
    records: Vec<Record>,
    /// Types are told apart by where they are.
    enums: Vec<(DefId, Arc<EnumType>)>,
    results: Results,
}

/// By definition what is known; nothing of those that have to be checked.
#[derive(Debug, Default)]
pub(crate) struct Results {
    pub checked: Vec<Option<Arc<Checked>>>,
    pub findings: Findings,
    /// Each definition behind those that it asked for.
    pub order: Vec<DefId>,
    /// What depends on time for nothing of its own.
    pub spread: Vec<DefId>,
}

impl Results {
    /// Nothing of so many definitions.
    pub fn nothing(count: usize) -> Self {
        let (mut checked, mut findings) = (Vec::new(), Vec::new());
        checked.resize_with(count, || None);
        findings.resize_with(count, || None);
        Self { checked, findings, order: Vec::with_capacity(count), spread: Vec::new() }
    }
}

impl Kept {
    pub fn new(loaded: &Loaded, program: &Program<'_>, results: Results) -> Self {
        let enums = program.iter().filter_map(|(id, def)| match &def.kind {
            DefKind::Enum(ty) => Some((id, ty.clone())),
            _ => None,
        });
        Self { records: records(loaded, program), enums: enums.collect(), results }
    }

    /// What still holds for a program.
    pub fn carry(self, loaded: &Loaded, program: &mut Program<'_>) -> Results {
        let now = records(loaded, program);
        let holds =
            |module: usize| matches!((self.records.get(module), now.get(module)), (Some(a), Some(b)) if a.is_as(b));
        let holds: Vec<bool> = (0..self.records.len()).map(holds).collect();
        for (id, ty) in self.enums {
            program.keep_enum(id, ty, &holds);
        }
        let Results { mut checked, mut findings, mut order, spread } = self.results;
        let mut in_place = vec![false; findings.len()];
        for (record, _) in self.records.iter().zip(&holds).filter(|(_, holds)| **holds) {
            record.defs.iter().for_each(|(id, ..)| in_place[id.0 as usize] = true);
        }
        for def in spread {
            if let Some(checked) = &mut checked[def.0 as usize] {
                Arc::make_mut(checked).timed = false;
            }
        }
        order.retain(|def| {
            let at = def.0 as usize;
            let stays = in_place[at]
                && findings[at].as_ref().is_some_and(|finding| {
                    let Seen { modules, defs, outside } = &finding.seen;
                    // What it looked at has been decided on before it.
                    !outside
                        && modules.iter().all(|m| holds[*m])
                        && defs.iter().all(|d| findings[d.0 as usize].is_some())
                });
            if !stays {
                (checked[at], findings[at]) = (None, None);
            }
            stays
        });
        // What stays has the numbers that it had.
        checked.resize_with(program.count(), || None);
        findings.resize_with(program.count(), || None);
        Results { checked, findings, order, spread: Vec::new() }
    }
}

impl Program<'_> {
    /// Notes what is looked at from now on.
    pub(crate) fn observe(&mut self) {
        self.watch = Watch::on(self.scopes().len(), self.count());
    }
}
