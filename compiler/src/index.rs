//! Index: what an editor asks about a program: which name leads where, and what is known of each place.
//!
//! The checker notes it as it goes, when it is told to; nothing is resolved twice, and what could not be read is left out.

mod paths;
mod values;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use scenec_grammar::ast::{ItemKind, Module, UseForm};
use scenec_ir::node::NodeDecl;
use scenec_ir::types::EnumType;
use scenec_ir::{AssetIndex, FileId, Layer, SourceMap, Span, Type, Value};

use crate::kept::Findings;
use crate::load::Loaded;
use crate::manual::CLAUSES;
use crate::nearby::below;
use crate::packages::manifest::MANIFEST;
use crate::resolve::{DefId, DefKind, Found, Program};
use crate::typed::{Body, Checked, Shape, Typed};
use crate::world::join;

pub use paths::{Next, Property, Step};
pub use values::Values;

/// Where a name leads.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// A definition, by its place in [`Index::definitions`].
    Definition(usize),
    /// A member of the enumeration that is this definition.
    Member(usize, usize),
    /// A node.
    Node(&'static NodeDecl),
    /// A parameter or port of a node.
    Parameter(&'static NodeDecl, &'static str),
    /// The variable of a `for` that has its name here.
    Local(Span),
}

impl PartialEq for Target {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Definition(a), Self::Definition(b)) => a == b,
            (Self::Member(a, i), Self::Member(b, j)) => (a, i) == (b, j),
            (Self::Node(a), Self::Node(b)) => a.name == b.name,
            (Self::Parameter(a, x), Self::Parameter(b, y)) => a.name == b.name && x == y,
            (Self::Local(a), Self::Local(b)) => a == b,
            _ => false,
        }
    }
}

/// A name in the text that leads somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Use {
    /// The name alone, without what stands before its dot and without quotes.
    pub span: Span,
    /// Where it leads.
    pub target: Target,
}

/// What is known of an expression.
#[derive(Clone, Debug)]
pub struct Known {
    /// The expression.
    pub span: Span,
    /// Its type; `Unknown` for one with an error.
    pub ty: Type,
    /// Its value, when it is known before the program runs.
    pub value: Option<Value>,
    /// The type that is wanted in its place.
    pub wanted: Option<Type>,
}

/// Kinds of definitions.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `use … as name`: the module, by its place in [`Index::modules`].
    Alias(Option<usize>),
    /// `asset`.
    Asset {
        /// Names inside, when it could be read.
        names: Option<Arc<AssetIndex>>,
        /// Its path.
        path: String,
    },
    /// A parameter of the program, a component, a function or an image.
    Param,
    /// A value.
    Let,
    /// An enumeration.
    Enum(Arc<EnumType>),
    /// A layer block.
    Layer(Layer),
    /// A thing; also of a `scatter`.
    Thing,
    /// A component.
    Component,
    /// A bible.
    Bible,
    /// A field of a bible; with a type it is a parameter.
    Field {
        /// It has a type.
        is_param: bool,
    },
    /// A variant of a bible.
    Variant,
    /// A rule of a bible; it has no name of its own.
    Rule,
    /// A pose of a bible.
    Pose,
    /// A camera.
    Camera,
    /// A shot.
    Shot,
    /// A cut.
    Cut,
    /// A function.
    Function,
    /// An override; its name is that of the property.
    Override,
    /// An image.
    Image,
    /// An output.
    Output,
    /// A test, a gate, a budget, or what is asserted in one.
    Test,
    /// What could not be read.
    Failed,
}

impl Kind {
    /// False for what others can't name: overrides, rules, tests.
    pub fn has_name(&self) -> bool {
        !matches!(self, Self::Override | Self::Rule | Self::Test)
    }
}

/// The parts that a thing has behind its dot.
#[derive(Clone, Debug)]
pub enum Parts {
    /// It is no thing, or they are not known.
    None,
    /// Those of a declaration.
    Node(&'static NodeDecl),
    /// Nodes and joints of the asset that is this definition.
    Asset(usize),
    /// The things of the component that is this definition.
    Members(usize),
}

/// A definition.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// Its module.
    pub module: usize,
    /// The block, component, bible, function or image that it belongs to.
    pub owner: Option<usize>,
    /// What it is.
    pub kind: Kind,
    /// What a user calls it.
    pub noun: &'static str,
    /// Its type as a value; for what is called, the type of what that gives.
    pub ty: Type,
    /// Its parts.
    pub parts: Parts,
    /// Its value or default, when that is known before the program runs.
    pub value: Option<Value>,
    /// It is a parameter without a default.
    pub is_required: bool,
    /// Other modules don't see it.
    pub is_private: bool,
}

impl Definition {
    /// Whether it is called with arguments.
    pub fn is_callable(&self) -> bool {
        matches!(self.kind, Kind::Component | Kind::Bible | Kind::Function | Kind::Image)
    }

    /// Whether it is a parameter of its owner.
    pub fn is_parameter(&self) -> bool {
        matches!(self.kind, Kind::Param | Kind::Variant | Kind::Field { is_param: true })
    }
}

/// A module that was read.
#[derive(Clone, Debug)]
pub struct IndexedModule {
    /// Its path.
    pub path: String,
    /// Its text.
    pub file: FileId,
    /// Its tree.
    pub ast: Arc<Module>,
    /// What comes in by `use`: the name in this module, its place and the definition.
    pub imports: Vec<(String, Span, usize)>,
    /// By item: the module that a `use` names.
    pub uses: BTreeMap<usize, usize>,
    /// Packages that it may name, with their folders.
    pub packages: Vec<(String, String)>,
}

impl IndexedModule {
    /// The path, for the world, of a file that the module names.
    pub fn path_of(&self, written: &str) -> String {
        let named = written.strip_prefix('@').and_then(|named| named.split_once('/'));
        let package = named.and_then(|(name, rest)| Some((self.packages.iter().find(|p| p.0 == name)?, rest)));
        match package {
            Some(((_, folder), rest)) => join(&below(folder, MANIFEST), rest),
            None => join(&self.path, written),
        }
    }
}

/// All that is known of the names of a program.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// The root first.
    pub modules: Vec<IndexedModule>,
    /// By module in the order of the text, members behind their owner.
    pub definitions: Vec<Definition>,
    /// By place. Definitions are no uses of themselves.
    pub uses: Vec<Use>,
    /// By definition that the checker found it for.
    known: Vec<Arc<Vec<Known>>>,
    /// What the checker made of each definition.
    checked: Vec<Arc<Checked>>,
    /// Positions in `known` by place, the wider first; made when it is asked for, which is after the mistakes were told.
    by_place: OnceLock<Vec<(u32, u32)>>,
}

impl Index {
    /// Members of a definition.
    pub fn members(&self, owner: usize) -> impl Iterator<Item = (usize, &Definition)> {
        self.definitions.iter().enumerate().filter(move |(_, d)| d.owner == Some(owner))
    }

    /// The member of a name.
    pub fn member(&self, owner: usize, name: &str) -> Option<usize> {
        self.members(owner).find(|(_, d)| d.name == name && d.kind.has_name()).map(|(at, _)| at)
    }

    /// What a module offers to others.
    pub fn public(&self, module: usize) -> impl Iterator<Item = (usize, &Definition)> {
        self.items(module).filter(|(_, d)| !d.is_private)
    }

    /// What a module defines itself.
    fn items(&self, module: usize) -> impl Iterator<Item = (usize, &Definition)> {
        let is_item =
            move |d: &Definition| d.module == module && d.owner.is_none() && !matches!(d.kind, Kind::Alias(_));
        self.definitions
            .iter()
            .enumerate()
            .filter(move |(_, d)| is_item(d) && d.kind.has_name() && !matches!(d.kind, Kind::Output))
    }

    /// Every name that an expression of the module sees, the inner first: members of `owner`, items and imports, and the
    /// things of the layers. A name may come more than once; the first is meant.
    pub fn visible(&self, module: usize, owner: Option<usize>) -> Vec<(&str, usize)> {
        let mut names: Vec<(&str, usize)> = Vec::new();
        if let Some(owner) = owner {
            let members = self.members(owner).filter(|(_, d)| d.kind.has_name());
            names.extend(members.map(|(at, d)| (d.name.as_str(), at)));
        }
        names.extend(self.items(module).map(|(at, d)| (d.name.as_str(), at)));
        if let Some(module) = self.modules.get(module) {
            names.extend(module.imports.iter().map(|(name, _, at)| (name.as_str(), *at)));
        }
        let sees_things =
            owner.is_none_or(|o| matches!(self.definitions[o].kind, Kind::Layer(_) | Kind::Image | Kind::Test));
        if sees_things {
            let is_block = |at: usize| matches!(self.definitions[at].kind, Kind::Layer(_));
            let things = self.definitions.iter().enumerate().filter(|(_, d)| d.module == module);
            let things = things.filter(|(_, d)| matches!(d.kind, Kind::Thing) && d.owner.is_some_and(is_block));
            names.extend(things.map(|(at, d)| (d.name.as_str(), at)));
        }
        names
    }

    /// What a name means among [`Index::visible`]. What could not be read may have taken its name from what it speaks of, as
    /// `override hero.` does, so it comes last.
    pub fn lookup(&self, module: usize, owner: Option<usize>, name: &str) -> Option<usize> {
        let visible = self.visible(module, owner);
        let mut found = visible.iter().filter(|(n, _)| *n == name).map(|(_, at)| *at);
        let first = found.clone().next();
        found.find(|at| !matches!(self.definitions[*at].kind, Kind::Failed)).or(first)
    }

    /// The use whose name holds this place, ends included.
    pub fn use_at(&self, file: FileId, offset: u32) -> Option<&Use> {
        let after = self.uses.partition_point(|u| (u.span.file, u.span.start) <= (file, offset));
        let near = &self.uses[after.saturating_sub(2)..after];
        near.iter().rev().find(|u| u.span.file == file && offset <= u.span.end)
    }

    /// The definition whose name holds this place, ends included.
    pub fn definition_at(&self, file: FileId, offset: u32) -> Option<usize> {
        let holds = |s: Span| s.file == file && (s.start..=s.end).contains(&offset);
        // The last name of an override's path is that of a property, which stands elsewhere.
        self.definitions.iter().position(|d| holds(d.span) && !matches!(d.kind, Kind::Failed | Kind::Override))
    }

    /// The narrowest expressions that hold this place, ends included, from inside out.
    pub fn known_at(&self, file: FileId, offset: u32) -> impl Iterator<Item = &Known> {
        let get = |at: &(u32, u32)| &self.known[at.0 as usize][at.1 as usize];
        let span = |at: &(u32, u32)| get(at).span;
        let by_place = self.by_place.get_or_init(|| {
            let lists = self.known.iter().enumerate();
            let mut order: Vec<_> =
                lists.flat_map(|(i, list)| (0..list.len()).map(move |j| (i as u32, j as u32))).collect();
            order.sort_by_key(|at| (span(at).file, span(at).start, std::cmp::Reverse(span(at).end)));
            order
        });
        let first = by_place.partition_point(|at| span(at).file < file);
        let last = by_place.partition_point(|at| (span(at).file, span(at).start) <= (file, offset));
        let near = by_place[first.min(last)..last].iter().rev();
        near.map(get).filter(move |k| offset <= k.span.end)
    }

    /// All that is known of expressions, by definition.
    pub fn known(&self) -> impl Iterator<Item = &Known> {
        self.known.iter().flat_map(|list| list.iter())
    }

    /// The module of a file.
    pub fn module_of(&self, file: FileId) -> Option<usize> {
        self.modules.iter().position(|m| m.file == file)
    }
}

/// What the checker notes.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    uses: Vec<(Span, Noted)>,
    known: Option<Arc<Vec<Known>>>,
}

#[derive(Clone, Debug)]
enum Noted {
    Definition(DefId),
    Member(Arc<EnumType>, usize),
    Node(&'static NodeDecl),
    Parameter(&'static NodeDecl, &'static str),
    Local(Span),
}

/// Lists of constants are not kept: nobody reads a long one in a tooltip.
const LONGEST_LIST: usize = 16;

impl Notes {
    pub fn definition(&mut self, span: Span, def: DefId) {
        self.uses.push((span, Noted::Definition(def)));
    }

    pub fn local(&mut self, span: Span, at: Span) {
        self.uses.push((span, Noted::Local(at)));
    }

    pub fn member(&mut self, span: Span, ty: &Arc<EnumType>, name: &str) {
        if let Some(at) = ty.members.iter().position(|m| m == name) {
            self.uses.push((span, Noted::Member(ty.clone(), at)));
        }
    }

    pub fn node(&mut self, span: Span, decl: &'static NodeDecl) {
        self.uses.push((span, Noted::Node(decl)));
    }

    pub fn parameter(&mut self, span: Span, decl: &'static NodeDecl, name: &str) {
        let param = decl.params.iter().map(|p| p.name).find(|n| *n == name);
        let port = decl.ports.iter().map(|p| p.name).find(|n| *n == name);
        // Two words may say one thing of a placement: `follow` and `parent`.
        let clause = CLAUSES.iter().map(|c| c.name).find(|n| decl.name == "place" && *n == name);
        if let Some(name) = param.or(port).or(clause) {
            self.uses.push((span, Noted::Parameter(decl, name)));
        }
    }

    pub fn known(&mut self, span: Span, ty: &Type, value: Option<&Value>, wanted: Option<&Type>) {
        let short = |v: &&Value| !matches!(v, Value::List(items) if items.len() > LONGEST_LIST);
        let value = value.filter(short).cloned();
        // Nobody else holds it before it is noted.
        Arc::make_mut(self.known.get_or_insert_default()).push(Known {
            span,
            ty: ty.clone(),
            value,
            wanted: wanted.cloned(),
        });
    }
}

/// Turns what was noted into the index of a program.
pub(crate) fn index(loaded: &Loaded, program: &Program<'_>, typed: &Typed, findings: &Findings) -> Index {
    let definitions = program.iter().map(|(id, _)| definition(program, typed, id)).collect();
    let mut uses = Vec::new();
    let count = loaded.modules.iter().take_while(|m| !m.is_argument).count();
    let mut modules = Vec::with_capacity(count);
    for (at, module) in loaded.modules[..count].iter().enumerate() {
        let imports = &program.scopes()[at].imports;
        modules.push(IndexedModule {
            path: module.path.clone(),
            file: module.file,
            ast: module.ast.clone(),
            imports: imports.iter().map(|(name, id)| (name.value.clone(), name.span, id.0 as usize)).collect(),
            uses: module.uses.iter().filter_map(|(item, to)| Some((*item, (*to)?))).collect(),
            packages: module.package.map(|p| names(loaded, p)).unwrap_or_default(),
        });
        for (item, to) in &module.uses {
            let (Some(to), ItemKind::Use { form: UseForm::Pick(picks), .. }) = (to, &module.ast.items[*item].kind)
            else {
                continue;
            };
            for (wanted, _) in picks {
                let found = program.own(*to, &wanted.value);
                uses.extend(found.map(|def| (wanted.span, Noted::Definition(def))));
            }
        }
    }
    arms(program, &mut uses);
    let enums: HashMap<*const EnumType, usize> = program
        .iter()
        .filter_map(|(id, def)| match &def.kind {
            DefKind::Enum(ty) => Some((Arc::as_ptr(ty), id.0 as usize)),
            _ => None,
        })
        .collect();
    let noted = findings.iter().flatten().flat_map(|f| &f.notes.uses);
    let mut uses: Vec<Use> = noted
        .chain(&uses)
        .filter_map(|(span, noted)| {
            let target = match *noted {
                Noted::Definition(def) => Target::Definition(def.0 as usize),
                Noted::Member(ref ty, at) => Target::Member(*enums.get(&Arc::as_ptr(ty))?, at),
                Noted::Node(decl) => Target::Node(decl),
                Noted::Parameter(decl, name) => Target::Parameter(decl, name),
                Noted::Local(at) => Target::Local(at),
            };
            Some(Use { span: name_in(&loaded.sources, *span), target })
        })
        .collect();
    uses.sort_unstable_by_key(|u| (u.span.file, u.span.start, u.span.end));
    uses.dedup();
    let known = findings.iter().flatten().filter_map(|f| f.notes.known.clone()).collect();
    let checked = typed.checked.clone();
    Index { modules, definitions, uses, known, checked, by_place: OnceLock::new() }
}

fn names(loaded: &Loaded, package: usize) -> Vec<(String, String)> {
    loaded.packages.names(package).map(|(name, folder)| (name.to_owned(), folder.to_owned())).collect()
}

fn definition(program: &Program<'_>, typed: &Typed, id: DefId) -> Definition {
    let def = &program[id];
    let checked = &typed[id];
    let value = match &checked.body {
        Body::Value(term) | Body::Param { default: Some(term), .. } => term.value().cloned(),
        _ => None,
    };
    // Of what may be one or the other, those of the first are told; the checker looks at both.
    let mut shape = &checked.shape;
    while let Shape::Both(both) = shape {
        shape = &both[0];
    }
    let parts = match shape {
        Shape::None | Shape::Unknown | Shape::Both(_) => Parts::None,
        Shape::Decl(decl) => Parts::Node(decl),
        Shape::Asset(asset) => Parts::Asset(asset.0 as usize),
        Shape::Members(component) => Parts::Members(component.0 as usize),
    };
    let kind = match &def.kind {
        DefKind::Alias(module) => Kind::Alias(*module),
        DefKind::Asset { index, path, .. } => Kind::Asset { names: index.clone(), path: path.clone() },
        DefKind::Param(_) => Kind::Param,
        DefKind::Let(_) => Kind::Let,
        DefKind::Enum(ty) => Kind::Enum(ty.clone()),
        DefKind::Layer(layer) => Kind::Layer(*layer),
        DefKind::Bind(_) | DefKind::Scatter { .. } => Kind::Thing,
        DefKind::Component => Kind::Component,
        DefKind::Bible => Kind::Bible,
        DefKind::Field { ty, .. } => Kind::Field { is_param: ty.is_some() },
        DefKind::Variant { .. } => Kind::Variant,
        DefKind::Rule { .. } => Kind::Rule,
        DefKind::Pose(_) => Kind::Pose,
        DefKind::Camera(_) => Kind::Camera,
        DefKind::Shot { .. } => Kind::Shot,
        DefKind::Cut(_) => Kind::Cut,
        DefKind::Function { .. } => Kind::Function,
        DefKind::Override(_) | DefKind::Set(_) | DefKind::Query(_) => Kind::Override,
        DefKind::Image { .. } => Kind::Image,
        DefKind::Output(_) => Kind::Output,
        DefKind::Test { .. } | DefKind::Assert { .. } | DefKind::Budget(_) => Kind::Test,
        DefKind::Failed => Kind::Failed,
    };
    Definition {
        name: def.name.value.clone(),
        span: def.name.span,
        module: def.module,
        owner: def.owner.map(|o| o.0 as usize),
        is_private: program.is_private(id),
        kind,
        noun: def.kind.noun(),
        ty: checked.ty.clone(),
        parts,
        value,
        is_required: matches!(checked.body, Body::Param { default: None, .. }),
    }
}

/// Arms of variants name members of their enumeration.
fn arms(program: &Program<'_>, uses: &mut Vec<(Span, Noted)>) {
    for (id, def) in program.iter() {
        let DefKind::Variant { ty, arms, .. } = def.kind else { continue };
        let [name] = ty.path.as_slice() else { continue };
        let Found::Def(found) = program.lookup(id, &name.value) else { continue };
        let DefKind::Enum(of) = &program[found].kind else { continue };
        for arm in arms.iter().filter_map(|a| a.name.as_ref()) {
            if let Some(at) = of.members.iter().position(|m| *m == arm.value) {
                uses.push((arm.span, Noted::Member(of.clone(), at)));
            }
        }
    }
}

/// The last name of a path, or what stands within quotes.
fn name_in(sources: &SourceMap, span: Span) -> Span {
    let text = sources.text(span);
    if text.len() >= 2 && text.starts_with('"') && text.ends_with('"') {
        return Span { start: span.start + 1, end: span.end - 1, ..span };
    }
    let name = text.len() - text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_').len();
    Span { start: span.end - name as u32, ..span }
}
