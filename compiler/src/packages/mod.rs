//! Packages: a folder of modules and assets below a `scene.toml`, which names the packages that they may use.
//!
//! The package of a file is that of the nearest `scene.toml` above it, whoever reads it: it depends on the place of the file
//! alone. A path that begins with `@name/` begins in the package of that name; every other path stays within the package.
//! Packages are known by where they come from, not by their names, so that two versions of one can stand in one program.

pub mod lock;
pub mod manifest;
mod place;
mod source;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use scenec_ir::{Diagnostic, SourceMap, Span, names};

use crate::nearby::{below, relative, split};
use crate::world::{World, join};
use manifest::{LARGEST_MANIFEST, MANIFEST, Manifest, Origin};
pub use place::{Here, within};
pub use source::Source;

/// Folder, beside the `scene.toml` of the program, with copies of the packages that it uses.
pub const VENDOR: &str = "vendor";
/// Largest number of packages of a program.
pub const MOST_PACKAGES: usize = 1024;

/// A package that was found.
#[derive(Debug)]
pub struct Package {
    /// Its folder, for the world; empty where relative paths begin.
    pub folder: String,
    /// Where it comes from.
    pub source: Source,
    /// What its `scene.toml` says.
    pub manifest: Manifest,
    /// Folder of the package whose program is compiled: paths of sources are relative to it, and copies lie there.
    base: String,
    /// By name: the packages that it names; `None` for one that can't be had.
    named: BTreeMap<String, Option<usize>>,
    entered: bool,
    /// What is wrong with its manifest, until it is used.
    problems: RefCell<Vec<Diagnostic>>,
    /// By name: why a package can't be had, until it is used.
    missing: RefCell<BTreeMap<String, Diagnostic>>,
    used: Cell<bool>,
}

/// A package of a program, for who locks or copies it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageInfo {
    /// Its folder, for the world.
    pub folder: String,
    /// Where it comes from.
    pub source: Source,
    /// What it calls itself.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Something of it is read.
    pub is_used: bool,
}

/// Where a path leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Path for the world.
    pub path: String,
    /// The package that is meant.
    pub package: Option<usize>,
}

/// A module that names files.
#[derive(Clone, Copy, Debug)]
pub struct Site<'s> {
    /// Its path.
    pub module: &'s str,
    /// Its package.
    pub package: Option<usize>,
    /// It is a file, whose paths stay within its package; an argument of the command line may name anything.
    pub is_file: bool,
}

/// All packages of a program.
#[derive(Debug, Default)]
pub struct Packages {
    list: Vec<Package>,
    /// By folder: the package of the files in it.
    by_folder: BTreeMap<String, Option<usize>>,
    /// The program.
    program: String,
    here: Here,
}

impl std::ops::Index<usize> for Packages {
    type Output = Package;
    fn index(&self, at: usize) -> &Package {
        &self.list[at]
    }
}

impl Packages {
    /// Nothing is known yet of the packages of a program.
    pub fn new(world: &dyn World, program: &str) -> Self {
        Self { here: Here::of(world), program: program.to_owned(), ..Self::default() }
    }

    /// The one path of a file.
    pub fn canonical(&self, path: String) -> String {
        self.here.canonical(path)
    }

    /// The package of the files in a folder: that of the nearest manifest above.
    pub fn of_folder(&mut self, world: &dyn World, sources: &mut SourceMap, folder: &str) -> Option<usize> {
        let mut climbed = Vec::new();
        let mut at = Some(folder.to_owned());
        let mut found = None;
        while let Some(folder) = at {
            if let Some(known) = self.by_folder.get(&folder) {
                found = *known;
                break;
            }
            at = self.here.parent(&folder);
            climbed.push(folder.clone());
            if world.exists(&below(&folder, MANIFEST)) {
                found = Some(self.add(world, sources, folder.clone(), folder, Source::own()));
                break;
            }
        }
        self.by_folder.extend(climbed.into_iter().map(|folder| (folder, found)));
        found
    }

    /// Reads the manifest in a folder.
    fn add(
        &mut self,
        world: &dyn World,
        sources: &mut SourceMap,
        folder: String,
        base: String,
        source: Source,
    ) -> usize {
        let mut problems = Vec::new();
        let path = below(&folder, MANIFEST);
        let manifest = read(world, sources, &path, &mut problems);
        let at = self.list.len();
        self.by_folder.insert(folder.clone(), Some(at));
        self.list.push(Package {
            folder,
            source,
            manifest,
            base,
            named: BTreeMap::new(),
            entered: false,
            problems: RefCell::new(problems),
            missing: RefCell::default(),
            used: Cell::new(false),
        });
        at
    }

    /// A module of a package is read: looks for all that the package names.
    pub fn enter(&mut self, world: &dyn World, sources: &mut SourceMap, package: usize) {
        if std::mem::replace(&mut self.list[package].entered, true) {
            return;
        }
        for (name, (span, origin)) in self.list[package].manifest.packages.clone() {
            // What has an error has been reported.
            let Some(origin) = origin else {
                self.list[package].named.insert(name, None);
                continue;
            };
            let found = self.find(world, sources, package, (&name, span), &origin);
            let found = found.map_err(|problem| self.list[package].missing.borrow_mut().insert(name.clone(), *problem));
            self.list[package].named.insert(name, found.ok());
        }
    }

    fn find(
        &mut self,
        world: &dyn World,
        sources: &mut SourceMap,
        namer: usize,
        (name, span): (&str, Span),
        origin: &Origin,
    ) -> Result<usize, Box<Diagnostic>> {
        if self.list.len() >= MOST_PACKAGES {
            let message = format!("more than {MOST_PACKAGES} packages are named");
            return Err(Diagnostic::error("E0220", message, span)
                .hint("does a package name itself under other paths?")
                .into());
        }
        let Package { base, folder: around, source, .. } = &self.list[namer];
        let (base, around) = (base.clone(), around.clone());
        let source = source.of(origin).map_err(|path| {
            let message = format!("the path `{}` of the package `{name}` leaves the repository", path.value);
            let hint =
                "a package of a git repository reaches those of the same repository; name others with `git` and `rev`";
            Box::new(Diagnostic::error("E0235", message, path.span).hint(hint))
        })?;
        let folder = match self.folder_of(world, &base, &source) {
            Ok(folder) => folder,
            Err(fetched) => {
                let place = match origin {
                    Origin::Git { url, .. } => url.span,
                    Origin::Path(path) => path.span,
                };
                let diagnostic = |reason: &str| {
                    Diagnostic::error("E0234", format!("the package `{name}` can't be read: {reason}"), place)
                };
                return Err(Box::new(match fetched {
                    Some(reason) => diagnostic(&reason).hint("has that repository this revision, and may you read it?"),
                    None => diagnostic(&format!("it is not in `{}`", below(&base, VENDOR))).hint(format!(
                        "`scenec vendor {}` fetches it; nothing else reads from a network",
                        self.program
                    )),
                }));
            }
        };
        if let Some(Some(known)) = self.by_folder.get(&folder) {
            return Ok(*known);
        }
        if !world.exists(&below(&folder, MANIFEST)) {
            return Err(no_manifest(world, name, origin, span, &around, &folder).into());
        }
        Ok(self.add(world, sources, folder, base, source))
    }

    /// The folder where a package is read: the copy below `vendor`, else its source. `Err` for a git repository that was not
    /// fetched, with the reason when somebody tried.
    fn folder_of(&self, world: &dyn World, base: &str, source: &Source) -> Result<String, Option<String>> {
        let copy = below(&below(base, VENDOR), &source.folder_name());
        if *source != Source::own() && world.exists(&below(&copy, MANIFEST)) {
            return Ok(copy);
        }
        match source {
            Source::Path(path) => Ok(self.canonical(join(&below(base, MANIFEST), path))),
            Source::Git { url, revision, folder } => match world.fetched(url, revision) {
                Some(Ok(root)) => Ok(join(&below(&root, MANIFEST), folder)),
                Some(Err(reason)) => Err(Some(reason)),
                None => Err(None),
            },
        }
    }

    /// Where `written` leads, at `span` in the module of a site. Without a diagnostic, what is wrong has been said.
    pub fn place(
        &self,
        sources: &SourceMap,
        site: Site<'_>,
        written: &str,
        span: Span,
    ) -> Result<Place, Option<Box<Diagnostic>>> {
        let Some(named) = written.strip_prefix('@') else {
            let path = self.canonical(join(site.module, written));
            let leaves = |package: &usize| site.is_file && !within(&self.list[*package].folder, &path);
            let Some(package) = site.package.filter(leaves) else { return Ok(Place { path, package: site.package }) };
            // A path with back slashes has its error.
            let is_said = sources.text(span).contains('\\');
            return Err((!is_said).then(|| self.left(package, written, span).into()));
        };
        let (name, rest) = named.split_once('/').unwrap_or((named, ""));
        let Some(package) = site.package else {
            let message = format!("`{written}` names a package, but there is no `{MANIFEST}`");
            let hint = format!(
                "write a `{MANIFEST}` beside the program or above, with `[package]` and `[packages]`; a folder with that name is `./{written}`"
            );
            return Err(Some(Diagnostic::error("E0233", message, span).hint(hint).into()));
        };
        let namer = &self.list[package];
        let Some(found) = namer.named.get(name) else {
            let is_known = namer.manifest.is_broken;
            return Err((!is_known).then(|| self.unnamed(sources, package, written, name, span).into()));
        };
        let Some(found) = *found else {
            let missing = namer.missing.borrow_mut().remove(name);
            return Err(missing.map(|d| d.because(span, "needed here").into()));
        };
        if rest.is_empty() {
            let message = format!("`{written}` names a package, but no file in it");
            let hint = format!("write the path of a file behind it: `@{name}/…`");
            return Err(Some(Diagnostic::error("E0233", message, span).hint(hint).into()));
        }
        let target = &self.list[found];
        target.used.set(true);
        let path = join(&below(&target.folder, MANIFEST), rest);
        if !within(&target.folder, &path) {
            return Err(Some(self.left(found, written, span).into()));
        }
        Ok(Place { path, package: Some(found) })
    }

    fn left(&self, package: usize, written: &str, span: Span) -> Diagnostic {
        let message = format!("the path `{written}` leaves {}", self.title(package));
        let hint = match written.starts_with('@') {
            true => "what stands behind the name of a package stays within it".to_owned(),
            false if self.list[package].source != Source::own() => {
                format!("whoever wrote the package names what lies outside in its `{MANIFEST}`, below `[packages]`")
            }
            false => format!(
                "name what lies outside in `{}`, below `[packages]`: `kits = {{ path = \"../kits\" }}`, and write `@kits/…`",
                below(&self.list[package].folder, MANIFEST)
            ),
        };
        Diagnostic::error("E0235", message, span).hint(hint)
    }

    /// The file lies in another package than the one that is meant.
    pub fn crossed(&self, package: usize, written: &str, span: Span) -> Diagnostic {
        let folder = &self.list[package].folder;
        let message = format!("`{written}` lies in {}", self.title(package));
        let named = self.list[package].manifest.name.clone().unwrap_or_else(|| "kits".to_owned());
        let hint = format!(
            "a package is named below `[packages]` and used as `@{named}/…`: its own `{}` says what it is",
            below(folder, MANIFEST)
        );
        Diagnostic::error("E0235", message, span).hint(hint)
    }

    fn unnamed(&self, sources: &SourceMap, package: usize, written: &str, name: &str, span: Span) -> Diagnostic {
        let namer = &self.list[package];
        let manifest = below(&namer.folder, MANIFEST);
        let message = match name {
            "" => format!("`{written}` names no package"),
            _ => format!("`{manifest}` names no package `{name}`"),
        };
        let diagnostic = Diagnostic::error("E0233", message, span);
        if let Some(close) = names::closest(name, namer.named.keys().map(String::as_str)) {
            let diagnostic = diagnostic.because(namer.manifest.packages[close].0, format!("`{close}` is named here"));
            let meant = written.replacen(name, close, 1);
            let diagnostic = diagnostic.hint(format!("did you mean `{meant}`?"));
            let text = sources.text(span);
            let is_plain = text.starts_with('"') && !text.contains(['{', '\\']);
            return if is_plain {
                diagnostic.fix(format!("write `\"{meant}\"`"), span, format!("\"{meant}\""))
            } else {
                diagnostic
            };
        }
        diagnostic.hint(match (name, namer.named.len()) {
            ("", _) => "behind `@` stand the name of a package and a path in it: `@kits/crate.ngs`".to_owned(),
            (_, 0) => format!("it names none: write `{name} = {{ path = \"../{name}\" }}` below `[packages]`"),
            _ => {
                let known: Vec<_> = namer.named.keys().take(12).map(|n| format!("`@{n}`")).collect();
                format!("it names {}", known.join(", "))
            }
        })
    }

    /// What is wrong with the manifest of a package that is used; it is said once.
    pub fn problems(&self, package: usize) -> Vec<Diagnostic> {
        self.list[package].used.set(true);
        self.list[package].problems.take()
    }

    /// What a user calls a package.
    fn title(&self, package: usize) -> String {
        let Package { folder, manifest, .. } = &self.list[package];
        match (&manifest.name, folder.as_str()) {
            (Some(name), _) => format!("the package `{name}`"),
            (None, "") => "the package".to_owned(),
            (None, folder) => format!("the package in `{folder}`"),
        }
    }

    /// A file as a module names it; `None` when it may not.
    pub fn spell(&self, site: Site<'_>, file: &str) -> Option<String> {
        let owners = self.list.iter().enumerate().filter(|(_, p)| within(&p.folder, file));
        let owner = owners.max_by_key(|(_, p)| p.folder.len()).map(|(at, _)| at);
        let Some(package) = site.package.filter(|p| owner != Some(*p)) else {
            return Some(relative(site.module, file));
        };
        let owner = owner?;
        let (name, _) = self.list[package].named.iter().find(|(_, at)| **at == Some(owner))?;
        Some(format!("@{name}/{}", relative(&below(&self.list[owner].folder, MANIFEST), file)))
    }

    /// Names of packages with their folders, as the modules of a package write them.
    pub fn names(&self, package: usize) -> impl Iterator<Item = (&str, &str)> {
        let named = self.list[package].named.iter();
        named.filter_map(|(name, at)| Some((name.as_str(), self.list[(*at)?].folder.as_str())))
    }

    /// All of them, that of the program first.
    pub fn infos(&self) -> Vec<PackageInfo> {
        let info = |p: &Package| PackageInfo {
            folder: p.folder.clone(),
            source: p.source.clone(),
            name: p.manifest.name.clone(),
            version: p.manifest.version.clone(),
            is_used: p.used.get(),
        };
        self.list.iter().map(info).collect()
    }
}

/// The folder of the package that a program belongs to.
pub fn folder_of_program(world: &dyn World, program: &str) -> Option<String> {
    let mut packages = Packages::new(world, program);
    let path = packages.canonical(join("", program));
    let package = packages.of_folder(world, &mut SourceMap::default(), split(&path).0)?;
    Some(packages[package].folder.clone())
}

/// The folder where a package is read, for programs of the package in `base`; `None` for one that can't be had.
pub fn folder_of_source(world: &dyn World, base: &str, source: &Source) -> Option<String> {
    Packages::new(world, "").folder_of(world, base, source).ok()
}

/// The package that a file belongs to.
pub fn owner<'p>(packages: &'p [PackageInfo], path: &str) -> Option<&'p PackageInfo> {
    packages.iter().filter(|p| within(&p.folder, path)).max_by_key(|p| p.folder.len())
}

fn read(world: &dyn World, sources: &mut SourceMap, path: &str, problems: &mut Vec<Diagnostic>) -> Manifest {
    let nothing = Manifest { is_broken: true, name: None, version: None, packages: BTreeMap::new() };
    let mut refuse = |message: String, hint: &str| problems.push(Diagnostic::bare("E0230", message).hint(hint));
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            refuse(format!("`{path}` can't be read: {}", error.message), "it says which packages the program uses");
            return nothing;
        }
    };
    if bytes.len() > LARGEST_MANIFEST {
        let message = format!("`{path}` is too large: {} bytes, {LARGEST_MANIFEST} are read", bytes.len());
        refuse(message, "it holds a few lines: the name of the package and those that it uses");
        return nothing;
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("`{path}` is not UTF-8: byte {} begins no letter", error.valid_up_to());
            refuse(message, "save the file as UTF-8");
            return nothing;
        }
    };
    let file = sources.add(path, text);
    Manifest::read(file, text, problems)
}

/// A package whose folder is none.
fn no_manifest(world: &dyn World, name: &str, origin: &Origin, span: Span, around: &str, folder: &str) -> Diagnostic {
    let (place, written) = match origin {
        Origin::Path(path) => (path.span, Some(path.value.as_str())),
        Origin::Git { .. } => (span, None),
    };
    if world.list(folder).is_some() {
        let message = format!("the package `{name}` has no `{MANIFEST}` in `{folder}`");
        let hint = format!("a package has one at its root, with `[package]` and `name = \"{name}\"`");
        return Diagnostic::error("E0234", message, place).hint(hint);
    }
    let diagnostic = Diagnostic::error("E0234", format!("the package `{name}` has no folder `{folder}`"), place);
    let (parent, last) = split(folder);
    let near = world.list(parent).unwrap_or_default();
    let near = names::closest(last, near.iter().filter(|e| e.is_folder).map(|e| e.name.as_str()));
    match (near, written) {
        (Some(close), Some(written)) if written.trim_end_matches('/').ends_with(last) => {
            let stem = &written.trim_end_matches('/')[..written.trim_end_matches('/').len() - last.len()];
            let meant = format!("{stem}{close}");
            diagnostic.hint(format!("did you mean `{meant}`?")).fix(
                format!("write `{meant}`"),
                place,
                format!("\"{meant}\""),
            )
        }
        _ => diagnostic.hint(format!("its path is relative to the folder of `{}`", below(around, MANIFEST))),
    }
}
