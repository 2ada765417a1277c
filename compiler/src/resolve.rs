//! Resolve: every definition of every module in one table, with the scopes that see it.
//!
//! Names are looked up from the inside out: members of the component, bible, image or layer around an expression, then
//! items of the module, then (only in layers, cameras, shots, images and outputs) the things of the module's layers.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use scenec_grammar::ast::{
    Arg, BibleEntry, Expr, Ident, ItemKind, Let, Override, Param, Set, Stmt, TestStmt, TypeExpr, UseForm,
};
use scenec_ir::types::EnumType;
use scenec_ir::{AssetIndex, Diagnostic, Layer, Span, Spanned, names};

use crate::kept::Watch;
use crate::load::Loaded;
use crate::manual;

/// A definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefId(pub u32);

/// What each definition reads, with the place of the first mention.
pub type References = Vec<Vec<(DefId, Span)>>;

/// One definition.
#[derive(Clone, Debug)]
pub struct Def<'a> {
    /// Name with its place.
    pub name: &'a Ident,
    /// Module that it stands in.
    pub module: usize,
    /// Layer block, component, bible or image that it belongs to.
    pub owner: Option<DefId>,
    /// What it is.
    pub kind: DefKind<'a>,
}

/// Kinds of definitions.
#[derive(Clone, Debug)]
pub enum DefKind<'a> {
    /// `use … as name`; `None` when the module could not be had.
    Alias(Option<usize>),
    /// `asset`.
    Asset {
        /// Names inside; `None` when it could not be had.
        index: Option<Arc<AssetIndex>>,
        /// Path for the world.
        path: String,
        /// Format as written.
        format: &'a Ident,
    },
    /// A parameter of a program, component or image.
    Param(&'a Param),
    /// A value.
    Let(&'a Let),
    /// A closed enumeration.
    Enum(Arc<EnumType>),
    /// A layer block.
    Layer(Layer),
    /// A thing.
    Bind(&'a Expr),
    /// A `scatter` statement.
    Scatter {
        /// What.
        prototype: &'a Expr,
        /// Inside of it, not on its surface.
        inside: bool,
        /// Where.
        on: &'a Expr,
        /// How.
        fields: &'a [Arg],
        /// All of it.
        span: Span,
    },
    /// A component.
    Component,
    /// A bible.
    Bible,
    /// A field of a bible.
    Field {
        /// The word `lock`.
        locked: Option<Span>,
        /// With a type it is a parameter.
        ty: Option<&'a TypeExpr>,
        /// Value or default.
        value: &'a Expr,
    },
    /// A variant of a bible.
    Variant {
        /// Its enumeration.
        ty: &'a TypeExpr,
        /// Default member.
        default: &'a Expr,
        /// What each member selects.
        arms: &'a [Arg],
    },
    /// A rule of a bible.
    Rule {
        /// When it matters.
        condition: &'a Expr,
        /// What must hold then.
        requires: &'a Expr,
        /// All of it.
        span: Span,
    },
    /// A pose of a bible.
    Pose(&'a [(Vec<Ident>, Expr)]),
    /// A camera.
    Camera(&'a [Arg]),
    /// A shot.
    Shot {
        /// Fields.
        fields: &'a [Arg],
        /// Overrides.
        sets: &'a [Set],
    },
    /// A cut.
    Cut(&'a [Arg]),
    /// A pure function.
    Function {
        /// Declared type of its value.
        ty: Option<&'a TypeExpr>,
        /// Its value.
        value: &'a Expr,
    },
    /// An opinion on a property of something else; it has no name that others see.
    Override(&'a Override),
    /// `--set path=value`.
    Set(&'a Override),
    /// The property that `explain` asks for, written as an override.
    Query(&'a Override),
    /// An image.
    Image {
        /// Declared type.
        ty: Option<&'a TypeExpr>,
        /// Its value.
        value: &'a Expr,
    },
    /// An output.
    Output(&'a [Arg]),
    /// A test or a gate; its name is a text that nothing refers to.
    Test {
        /// A gate.
        gate: bool,
        /// It holds an `assert`, or something that could not be read.
        says: bool,
    },
    /// An `assert`.
    Assert {
        /// What must hold.
        condition: &'a Expr,
        /// What to say when it does not.
        reason: Option<&'a Spanned<String>>,
    },
    /// Limits of the stage.
    Budget(&'a [Arg]),
    /// Something that has an error; its uses are silent.
    Failed,
}

impl DefKind<'_> {
    /// Whether it has parameters and is called.
    pub fn is_callable(&self) -> bool {
        matches!(self, Self::Component | Self::Bible | Self::Function { .. } | Self::Image { .. })
    }

    /// What a user calls it.
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Alias(_) => "module",
            Self::Asset { .. } => "asset",
            Self::Param(_) => "parameter",
            Self::Let(_) => "value",
            Self::Enum(_) => "enumeration",
            Self::Layer(_) => "layer",
            Self::Bind(_) | Self::Scatter { .. } => "thing",
            Self::Component => "component",
            Self::Bible => "bible",
            Self::Field { .. } => "field",
            Self::Variant { .. } => "variant",
            Self::Rule { .. } => "rule",
            Self::Pose(_) => "pose",
            Self::Camera(_) => "camera",
            Self::Shot { .. } => "shot",
            Self::Cut(_) => "cut",
            Self::Function { .. } => "function",
            Self::Override(_) => "override",
            Self::Set(_) => "`--set`",
            Self::Query(_) => "question",
            Self::Image { .. } => "image",
            Self::Output(_) => "output",
            Self::Test { gate: false, .. } => "test",
            Self::Test { gate: true, .. } => "gate",
            Self::Assert { .. } => "assertion",
            Self::Budget(_) => "budget",
            Self::Failed => "item",
        }
    }
}

/// What a name means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// One definition.
    Def(DefId),
    /// Things of several layers have it.
    Ambiguous(Vec<DefId>),
    /// Nothing.
    Nothing,
}

/// Names of one module.
#[derive(Clone, Debug, Default)]
pub struct Scope<'a> {
    /// Items of the module and what it imports.
    pub items: BTreeMap<&'a str, DefId>,
    /// What others may import.
    pub public: BTreeMap<&'a str, DefId>,
    /// Items that only the module itself sees.
    pub private: BTreeMap<&'a str, DefId>,
    /// Things of its layers.
    pub things: BTreeMap<&'a str, Vec<DefId>>,
    /// Poses of its bibles.
    pub poses: BTreeMap<&'a str, Vec<DefId>>,
    /// What came by `use`, with its place, for the warning about what is never used.
    pub imports: Vec<(&'a Ident, DefId)>,
}

/// Every definition of every module.
pub struct Program<'a> {
    defs: Vec<Def<'a>>,
    /// By module.
    scopes: Vec<Scope<'a>>,
    /// By definition: members by name.
    members: Vec<HashMap<&'a str, DefId>>,
    /// By definition: members in order.
    ordered: Vec<Vec<DefId>>,
    /// Notes what is looked at through the methods that say nothing else.
    pub(crate) watch: Watch,
}

impl<'a> std::ops::Index<DefId> for Program<'a> {
    type Output = Def<'a>;
    fn index(&self, id: DefId) -> &Def<'a> {
        let def = &self.defs[id.0 as usize];
        self.watch.module(def.module);
        def
    }
}

impl<'a> Program<'a> {
    /// Number of definitions.
    pub fn count(&self) -> usize {
        self.defs.len()
    }

    /// All definitions in order. Unwatched: for what looks at the whole program each time.
    pub fn iter(&self) -> impl Iterator<Item = (DefId, &Def<'a>)> {
        self.defs.iter().enumerate().map(|(i, def)| (DefId(i as u32), def))
    }

    /// All scopes by module. Unwatched as [`Program::iter`] is.
    pub fn scopes(&self) -> &[Scope<'a>] {
        &self.scopes
    }

    /// The names of a module.
    pub fn scope(&self, module: usize) -> &Scope<'a> {
        self.watch.module(module);
        &self.scopes[module]
    }

    /// Puts the enumeration of before in the place of an equal one, when the definition stands in a module that holds.
    pub(crate) fn keep_enum(&mut self, id: DefId, ty: Arc<EnumType>, holds: &[bool]) {
        if let Some(Def { module, kind: DefKind::Enum(own), .. }) = self.defs.get_mut(id.0 as usize)
            && holds.get(*module) == Some(&true)
        {
            *own = ty;
        }
    }

    /// Members in order.
    pub fn members(&self, owner: DefId) -> &[DefId] {
        self.watch.module(self.defs[owner.0 as usize].module);
        &self.ordered[owner.0 as usize]
    }

    /// The member of a name.
    pub fn member(&self, owner: DefId, name: &str) -> Option<DefId> {
        self.watch.module(self.defs[owner.0 as usize].module);
        self.members[owner.0 as usize].get(name).copied()
    }

    /// The layer block that a definition stands in.
    pub fn block_of(&self, def: DefId) -> Option<DefId> {
        self[def].owner.filter(|owner| matches!(self[*owner].kind, DefKind::Layer(_)))
    }

    /// An item of a module, public or private.
    pub fn own(&self, module: usize, name: &str) -> Option<DefId> {
        let scope = self.scope(module);
        scope.public.get(name).or_else(|| scope.private.get(name)).copied()
    }

    /// True for an item that other modules don't see.
    pub fn is_private(&self, def: DefId) -> bool {
        let Def { name, module, owner, .. } = &self[def];
        owner.is_none() && self.scope(*module).private.get(name.value.as_str()) == Some(&def)
    }

    /// Another module names an item that is private.
    pub fn refused(&self, def: DefId, path: &str, span: Span) -> Diagnostic {
        let Def { name, module, kind, .. } = &self[def];
        let message = format!("the {} `{}` of the module `{path}` is private", kind.noun(), name.value);
        let alike = |other: &DefKind<'_>| match kind.is_callable() {
            true => other.is_callable(),
            false => std::mem::discriminant(other) == std::mem::discriminant(kind),
        };
        let offered = self.scope(*module).public.iter().filter(|(_, d)| alike(&self[**d].kind));
        let offered: Vec<String> = offered.take(6).map(|(name, _)| format!("`{name}`")).collect();
        let hint = match offered.is_empty() {
            true => "take `private` away there, if others may rely on it".to_owned(),
            false => format!("it offers {}; or take `private` away there", offered.join(", ")),
        };
        Diagnostic::error("E0236", message, span).because(name.span, "private here").hint(hint)
    }

    /// `machines/gear`: names of the owner and of the definition.
    pub fn path_of(&self, def: DefId) -> String {
        match self[def].owner {
            Some(owner) => format!("{}/{}", self[owner].name.value, self[def].name.value),
            None => self[def].name.value.clone(),
        }
    }

    /// True when expressions of a definition see the things of the layers.
    fn sees_things(&self, from: DefId) -> bool {
        let decides = self[from].owner.unwrap_or(from);
        matches!(
            self[decides].kind,
            DefKind::Layer(_)
                | DefKind::Camera(_)
                | DefKind::Shot { .. }
                | DefKind::Cut(_)
                | DefKind::Override(_)
                | DefKind::Set(_)
                | DefKind::Query(_)
                | DefKind::Image { .. }
                | DefKind::Output(_)
                | DefKind::Test { .. }
        )
    }

    /// What `name` means in an expression of the definition `from`.
    pub fn lookup(&self, from: DefId, name: &str) -> Found {
        let def = &self[from];
        let inner = [def.owner, Some(from)].into_iter().flatten().find_map(|owner| self.member(owner, name));
        let outer = self.scope(def.module).items.get(name).copied();
        // `fox = fox.scene()`: inside its own definition a name means what stands outside, if anything does.
        let inner = inner.filter(|found| *found != from || outer.is_none());
        if let Some(found) = inner.or(outer) {
            return Found::Def(found);
        }
        match self.scope(def.module).things.get(name).map(Vec::as_slice) {
            Some([one]) if self.sees_things(from) => Found::Def(*one),
            Some(many) if self.sees_things(from) => Found::Ambiguous(many.to_vec()),
            _ => Found::Nothing,
        }
    }

    /// The component, bible, function or image that `name` calls.
    pub fn callable(&self, from: DefId, name: &str) -> Option<DefId> {
        let found = self.scope(self[from].module).items.get(name).copied()?;
        let kind = &self[found].kind;
        (kind.is_callable() || matches!(kind, DefKind::Failed)).then_some(found)
    }

    /// Every name that [`Program::lookup`] would find.
    pub fn visible(&self, from: DefId) -> Vec<&'a str> {
        let def = &self[from];
        let mut names: Vec<&str> = Vec::new();
        for owner in [def.owner, Some(from)].into_iter().flatten() {
            let from = names.len();
            names.extend(self.members[owner.0 as usize].keys());
            names[from..].sort_unstable();
        }
        names.extend(self.scope(def.module).items.keys());
        if self.sees_things(from) {
            names.extend(self.scope(def.module).things.keys());
        }
        names
    }
}

/// Builds the table.
pub fn resolve<'a>(loaded: &'a Loaded, diagnostics: &mut Vec<Diagnostic>) -> Program<'a> {
    let mut builder = Builder {
        program: Program {
            defs: Vec::new(),
            scopes: vec![Scope::default(); loaded.modules.len()],
            members: Vec::new(),
            ordered: Vec::new(),
            watch: Watch::default(),
        },
        diagnostics,
        private: false,
        paths: loaded.modules.iter().map(|m| m.path.as_str()).collect(),
    };
    // Values of `--set` are read where their parameter is known; they define nothing.
    let modules = loaded.modules.iter().take_while(|m| !m.is_argument).count();
    for module in 0..modules {
        builder.module(loaded, module);
    }
    let question = loaded.question.and_then(|module| loaded.modules[module].ast.items.first());
    if let (Some(ItemKind::Override(item)), 1..) = (question.map(|item| &item.kind), modules) {
        builder.add(&item.name, 0, None, DefKind::Query(item));
    }
    for module in 0..modules {
        builder.imports(loaded, module);
    }
    for (name, module) in loaded.sets.iter().filter(|_| modules > 0) {
        let Some(ItemKind::Override(item)) = loaded.modules[*module].ast.items.first().map(|i| &i.kind) else {
            continue;
        };
        let first = name.split(['.', '[']).next().unwrap_or_default();
        let first = builder.program.scopes[0].items.get(first);
        // Behind the name of a module stands one of its parameters, as in `--set name=value`.
        if !first.is_some_and(|def| matches!(builder.program[*def].kind, DefKind::Alias(_))) {
            builder.add(&item.name, 0, None, DefKind::Set(item));
        }
    }
    builder.program
}

struct Builder<'a, 'd> {
    program: Program<'a>,
    diagnostics: &'d mut Vec<Diagnostic>,
    /// Of the item that is being added.
    private: bool,
    /// By module.
    paths: Vec<&'a str>,
}

impl<'a> Builder<'a, '_> {
    fn add(&mut self, name: &'a Ident, module: usize, owner: Option<DefId>, kind: DefKind<'a>) -> DefId {
        let id = DefId(self.program.defs.len() as u32);
        self.program.defs.push(Def { name, module, owner, kind });
        self.program.members.push(HashMap::new());
        self.program.ordered.push(Vec::new());
        id
    }

    fn twice(&mut self, name: &Ident, first: DefId, hint: &str) {
        let first = self.program[first].name;
        // Parts of the file that could not be read may repeat a name; they have their own error.
        let message = format!("`{}` is defined twice", name.value);
        self.diagnostics.push(
            Diagnostic::error("E0204", message, name.span)
                .label("again here")
                .because(first.span, "first defined here")
                .hint(hint),
        );
    }

    fn item(&mut self, name: &'a Ident, module: usize, kind: DefKind<'a>) -> DefId {
        let failed = matches!(kind, DefKind::Failed);
        let is_output = matches!(kind, DefKind::Output(_));
        let id = self.add(name, module, None, kind);
        if is_output {
            return id;
        }
        match self.program.scopes[module].items.get(name.value.as_str()) {
            Some(first) if !failed => {
                let first = *first;
                if !matches!(self.program[first].kind, DefKind::Failed) {
                    self.twice(name, first, "give one of them another name");
                }
            }
            Some(_) => {}
            None => {
                let scope = &mut self.program.scopes[module];
                scope.items.insert(&name.value, id);
                let seen = if self.private { &mut scope.private } else { &mut scope.public };
                seen.insert(&name.value, id);
            }
        }
        id
    }

    fn member(&mut self, owner: DefId, name: &'a Ident, kind: DefKind<'a>) -> DefId {
        let module = self.program[owner].module;
        let id = self.add(name, module, Some(owner), kind);
        match self.program.member(owner, &name.value) {
            Some(first) => self.twice(name, first, "give one of them another name"),
            None => {
                self.program.members[owner.0 as usize].insert(&name.value, id);
            }
        }
        self.program.ordered[owner.0 as usize].push(id);
        id
    }

    fn module(&mut self, loaded: &'a Loaded, module: usize) {
        for (i, item) in loaded.modules[module].ast.items.iter().enumerate() {
            self.private = item.private.is_some();
            match &item.kind {
                ItemKind::Use { .. } => {}
                ItemKind::Asset { name, format, path } => {
                    let found = loaded.modules[module].assets.get(&i).cloned();
                    let (path, index) = found.unwrap_or_else(|| (path.value.clone(), None));
                    self.item(name, module, DefKind::Asset { index, path, format });
                }
                ItemKind::Param(param) => {
                    self.item(&param.name, module, DefKind::Param(param));
                }
                ItemKind::Let(value) => {
                    self.item(&value.name, module, DefKind::Let(value));
                }
                ItemKind::Enum(decl) => self.enumeration(module, decl),
                ItemKind::Layer { layer, name, body } => {
                    let owner = self.item(name, module, DefKind::Layer(layer.value));
                    for id in self.body(owner, body) {
                        let def = &self.program[id];
                        if matches!(def.kind, DefKind::Bind(_) | DefKind::Scatter { .. } | DefKind::Failed) {
                            let name = def.name.value.as_str();
                            self.program.scopes[module].things.entry(name).or_default().push(id);
                        }
                    }
                }
                ItemKind::Component { name, params, body } => {
                    let owner = self.item(name, module, DefKind::Component);
                    for param in params {
                        self.member(owner, &param.name, DefKind::Param(param));
                    }
                    self.body(owner, body);
                }
                ItemKind::Bible { name, body } => self.bible(module, name, body),
                ItemKind::Camera { name, fields } => {
                    self.item(name, module, DefKind::Camera(fields));
                }
                ItemKind::Shot { name, fields, sets } => {
                    self.item(name, module, DefKind::Shot { fields, sets });
                }
                ItemKind::Cut { name, fields } => {
                    self.item(name, module, DefKind::Cut(fields));
                }
                ItemKind::Function { name, params, ty, value } => {
                    let owner = self.item(name, module, DefKind::Function { ty: ty.as_ref(), value });
                    for param in params {
                        self.member(owner, &param.name, DefKind::Param(param));
                    }
                }
                ItemKind::Override(opinion) => {
                    self.add(&opinion.name, module, None, DefKind::Override(opinion));
                }
                ItemKind::Image { name, params, ty, value } => {
                    let owner = self.item(name, module, DefKind::Image { ty: ty.as_ref(), value });
                    for param in params {
                        self.member(owner, &param.name, DefKind::Param(param));
                    }
                }
                ItemKind::Output { name, fields } => {
                    self.item(name, module, DefKind::Output(fields));
                }
                ItemKind::Test { gate, name, body } => self.test(module, *gate, name, body),
                ItemKind::Budget { name, fields } => {
                    let first =
                        self.program.iter().find(|(_, d)| d.module == module && matches!(d.kind, DefKind::Budget(_)));
                    if let Some((first, _)) = first {
                        self.twice(name, first, "a program has one budget: put the limits together");
                    }
                    self.add(name, module, None, DefKind::Budget(fields));
                }
                ItemKind::Error { name: Some(name) } => {
                    self.item(name, module, DefKind::Failed);
                }
                ItemKind::Error { name: None } => {}
            }
        }
    }

    fn enumeration(&mut self, module: usize, decl: &'a scenec_grammar::ast::Enum) {
        let mut members: Vec<String> = Vec::new();
        for (i, member) in decl.members.iter().enumerate() {
            match decl.members[..i].iter().find(|m| m.value == member.value) {
                Some(first) => self.diagnostics.push(
                    Diagnostic::error("E0204", format!("`{}` is defined twice", member.value), member.span)
                        .because(first.span, "first defined here"),
                ),
                None => members.push(member.value.clone()),
            }
        }
        let name = &decl.name;
        if manual::is_type(&name.value) {
            let message = format!("`{}` is a type of the language", name.value);
            let other = format!("{}Kind", name.value);
            self.diagnostics.push(
                Diagnostic::error("E0204", message, name.span)
                    .label("and can't be an enumeration as well")
                    .hint(format!("give it another name, such as `{other}`, here and where it is used")),
            );
            self.item(name, module, DefKind::Failed);
            return;
        }
        let home = self.paths[module].to_owned();
        let ty = Arc::new(EnumType { name: decl.name.value.clone(), home, members });
        self.item(&decl.name, module, DefKind::Enum(ty));
    }

    fn bible(&mut self, module: usize, name: &'a Ident, body: &'a [BibleEntry]) {
        let owner = self.item(name, module, DefKind::Bible);
        for entry in body {
            match entry {
                BibleEntry::Field { locked, name, ty, value, .. } => {
                    self.member(owner, name, DefKind::Field { locked: *locked, ty: ty.as_ref(), value });
                }
                BibleEntry::Rule { name, condition, requires, span } => {
                    let kind = DefKind::Rule { condition, requires, span: *span };
                    let id = self.add(name, module, Some(owner), kind);
                    self.program.ordered[owner.0 as usize].push(id);
                }
                BibleEntry::Enum(decl) => self.enumeration(module, decl),
                BibleEntry::Variant { name, ty, default, arms, .. } => {
                    self.member(owner, name, DefKind::Variant { ty, default, arms });
                }
                BibleEntry::Pose { name, channels, .. } => {
                    let pose = self.member(owner, name, DefKind::Pose(channels));
                    self.program.scopes[module].poses.entry(&name.value).or_default().push(pose);
                }
                BibleEntry::Error { .. } => {}
            }
        }
    }

    fn test(&mut self, module: usize, gate: bool, name: &'a Ident, body: &'a [TestStmt]) {
        let first = self
            .program
            .iter()
            .find(|(_, d)| d.module == module && d.name.value == name.value && matches!(d.kind, DefKind::Test { .. }));
        if let Some((first, _)) = first {
            self.twice(name, first, "give one of them another name: reports name what failed");
        }
        let says = body.iter().any(|s| !matches!(s, TestStmt::Let(_)));
        let owner = self.add(name, module, None, DefKind::Test { gate, says });
        for statement in body {
            match statement {
                TestStmt::Let(value) => drop(self.member(owner, &value.name, DefKind::Let(value))),
                TestStmt::Assert { name, condition, reason, .. } => {
                    let kind = DefKind::Assert { condition, reason: reason.as_ref() };
                    let id = self.add(name, module, Some(owner), kind);
                    self.program.ordered[owner.0 as usize].push(id);
                }
                TestStmt::Error { name: Some(name), .. } => drop(self.member(owner, name, DefKind::Failed)),
                TestStmt::Error { name: None, .. } => {}
            }
        }
    }

    fn body(&mut self, owner: DefId, body: &'a [Stmt]) -> Vec<DefId> {
        let mut ids = Vec::new();
        for stmt in body {
            let id = match stmt {
                Stmt::Bind { name, value, .. } => self.member(owner, name, DefKind::Bind(value)),
                Stmt::Let(value) => self.member(owner, &value.name, DefKind::Let(value)),
                Stmt::Scatter { name, prototype, inside, on, fields, span, .. } => {
                    let kind = DefKind::Scatter { prototype, inside: *inside, on, fields, span: *span };
                    self.member(owner, name, kind)
                }
                Stmt::Override(opinion) => {
                    let module = self.program[owner].module;
                    let id = self.add(&opinion.name, module, Some(owner), DefKind::Override(opinion));
                    self.program.ordered[owner.0 as usize].push(id);
                    id
                }
                Stmt::Error { name: Some(name), .. } => self.member(owner, name, DefKind::Failed),
                Stmt::Error { name: None, .. } => continue,
            };
            ids.push(id);
        }
        ids
    }

    fn imports(&mut self, loaded: &'a Loaded, module: usize) {
        for (i, item) in loaded.modules[module].ast.items.iter().enumerate() {
            let ItemKind::Use { path, form } = &item.kind else { continue };
            // A module that uses itself has its error, and what it reads through that has none.
            let target = loaded.modules[module].uses.get(&i).copied().flatten().filter(|target| *target != module);
            match form {
                UseForm::As(name) => {
                    let id = self.add(name, module, None, DefKind::Alias(target));
                    self.import(module, name, id, "say another name behind `as`");
                }
                UseForm::Pick(picks) => {
                    for (wanted, renamed) in picks {
                        let name = renamed.as_ref().unwrap_or(wanted);
                        let found = target.and_then(|t| self.program.own(t, &wanted.value));
                        // A private one is meant all the same: its uses get no second error.
                        if let Some(def) = found.filter(|def| self.program.is_private(*def)) {
                            let module = &loaded.modules[self.program[def].module].path;
                            self.diagnostics.push(self.program.refused(def, module, wanted.span));
                        }
                        if let (None, Some(target)) = (found, target) {
                            let public: Vec<&str> = self.program.scopes[target].public.keys().copied().collect();
                            let message = format!("the module `{}` has no item `{}`", path.value, wanted.value);
                            let mut diagnostic = Diagnostic::error("E0205", message, wanted.span);
                            if let Some(close) = names::closest(&wanted.value, public.iter().copied()) {
                                diagnostic = diagnostic
                                    .because(
                                        self.program[self.program.scopes[target].public[close]].name.span,
                                        format!("`{close}` is defined here"),
                                    )
                                    .hint(format!("did you mean `{close}`?"))
                                    .fix(format!("write `{close}`"), wanted.span, close);
                            } else if !public.is_empty() {
                                diagnostic = diagnostic
                                    .hint(format!("it defines {}", public[..public.len().min(12)].join(", ")));
                            }
                            self.diagnostics.push(diagnostic);
                        }
                        let id = found.unwrap_or_else(|| self.add(name, module, None, DefKind::Failed));
                        let hint = format!("import it under another name: `{{ {} as other_name }}`", wanted.value);
                        self.import(module, name, id, &hint);
                    }
                }
            }
        }
    }

    fn import(&mut self, module: usize, name: &'a Ident, id: DefId, hint: &str) {
        let scope = &self.program.scopes[module];
        let first = scope.items.get(name.value.as_str()).copied();
        // What could not be read may have taken its name from what it speaks of, as `override kit.` does.
        match first.filter(|first| !matches!(self.program[*first].kind, DefKind::Failed)) {
            Some(first) => self.twice(name, first, hint),
            None => {
                let scope = &mut self.program.scopes[module];
                scope.items.insert(&name.value, id);
                scope.imports.push((name, id));
            }
        }
    }
}
