//! Load: from the root's path to every module's AST and every asset's names.

use std::collections::BTreeMap;
use std::sync::Arc;

use petgraph::graph::DiGraph;
use scenec_grammar::ast::{Item, ItemKind, Module};
use scenec_ir::{AssetIndex, Diagnostic, FileId, SourceMap, Span, Spanned};

use crate::cycles::cycles;
use crate::nearby::{ASSETS, MODULES, Nearby, split};
use crate::packages::{Packages, Place, Site};
use crate::parsed::Parsed;
use crate::world::{World, join};

/// Largest module in bytes.
pub const LARGEST_MODULE: usize = 16 << 20;
/// Largest number of modules.
pub const MOST_MODULES: usize = 4096;

/// One module.
pub struct LoadedModule {
    /// Path as given to the world.
    pub path: String,
    /// Its text.
    pub file: FileId,
    /// Its items.
    pub ast: Arc<Module>,
    /// By item: the module that a `use` names; `None` when it could not be had (its diagnostic exists).
    pub uses: BTreeMap<usize, Option<usize>>,
    /// By item: the path of the asset, and its names or `None` when it could not be had (its diagnostic exists).
    pub assets: BTreeMap<usize, (String, Option<Arc<AssetIndex>>)>,
    /// Its package.
    pub package: Option<usize>,
    /// How many `use` lead to it from the root, on the longest way: a module is less deep than all that it uses.
    pub depth: usize,
    /// It is made of an argument of the command line, and stands behind all that are read.
    pub is_argument: bool,
}

impl LoadedModule {
    /// Where its paths begin.
    pub fn site(&self) -> Site<'_> {
        Site { module: &self.path, package: self.package, is_file: !self.is_argument }
    }
}

/// Everything that was read. Module 0 is the root.
#[derive(Default)]
pub struct Loaded {
    /// Texts.
    pub sources: SourceMap,
    /// Modules, the root first; no one when the root can't be read.
    pub modules: Vec<LoadedModule>,
    /// Packages of the modules.
    pub packages: Packages,
    /// By `--set`: its name and the module made of its text.
    pub sets: Vec<(String, usize)>,
    /// The module made of the path that `explain` asks for.
    pub question: Option<usize>,
}

impl Loaded {
    /// By module: whether `from` uses it, or one that it uses does.
    pub fn used_by(&self, from: usize) -> Vec<bool> {
        let mut used = vec![false; self.modules.len()];
        let mut next = vec![from];
        while let Some(module) = next.pop() {
            for other in self.modules[module].uses.values().copied().flatten() {
                if !std::mem::replace(&mut used[other], true) {
                    next.push(other);
                }
            }
        }
        used
    }
}

/// Reads the root and all that it uses, each module once. `sets` are `--set` names and texts.
pub fn load(
    world: &dyn World,
    nearby: &Nearby<'_>,
    root: &str,
    sets: &[(String, String)],
    question: Option<&str>,
    parsed: &mut Parsed,
    diagnostics: &mut Vec<Diagnostic>,
) -> Loaded {
    let mut loaded = Loaded { packages: Packages::new(world, root), ..Loaded::default() };
    let mut by_path: BTreeMap<String, Option<usize>> = BTreeMap::new();
    let mut assets: BTreeMap<String, Option<Arc<AssetIndex>>> = BTreeMap::new();
    let root = loaded.packages.canonical(join("", root));
    let nothing = Packages::default();
    let index = read(world, &root, &mut loaded, diagnostics, None, |_, d| {
        nearby.explain(d, &nothing, Site { module: "", package: None, is_file: true }, &root, MODULES, None)
    });
    by_path.insert(root, index);
    let mut next = 0;
    let mut too_many = false;
    let mut unparsed = 0;
    while next < loaded.modules.len() {
        // Those that stand equally far from the root, at once.
        if next == unparsed {
            parse(&mut loaded.modules[next..], &loaded.sources, parsed, diagnostics);
            unparsed = loaded.modules.len();
        }
        let ast = loaded.modules[next].ast.clone();
        for (item, kind) in ast.items.iter().map(|i| &i.kind).enumerate() {
            let (written, is_asset) = match kind {
                ItemKind::Use { path, .. } => (path, false),
                // What is no glTF file is no asset; `check` says so.
                ItemKind::Asset { path, format, .. } if format.value == "gltf" => (path, true),
                _ => continue,
            };
            let span = written.span;
            let Some(path) = find(world, &mut loaded, next, written, diagnostics) else {
                match is_asset {
                    true => drop(loaded.modules[next].assets.insert(item, (String::new(), None))),
                    false => drop(loaded.modules[next].uses.insert(item, None)),
                }
                continue;
            };
            let explain = |loaded: &Loaded, diagnostic, endings| {
                let site = loaded.modules[next].site();
                nearby.explain(diagnostic, &loaded.packages, site, &written.value, endings, Some(span))
            };
            if is_asset {
                let found = assets
                    .entry(path.clone())
                    .or_insert_with(|| match world.asset(&path) {
                        Ok(index) => Some(index),
                        Err(error) => {
                            let mut diagnostic = Diagnostic::error(error.code, error.to_string(), span);
                            diagnostic.hint = error.hint;
                            let mut is_said = false;
                            if !world.exists(&path) {
                                diagnostic = explain(&loaded, diagnostic, ASSETS);
                                is_said = loaded.sources.text(span).contains('\\');
                            }
                            // A path with back slashes has its error.
                            diagnostics.extend(Some(diagnostic).filter(|_| !is_said));
                            None
                        }
                    })
                    .clone();
                loaded.modules[next].assets.insert(item, (path, found));
                continue;
            }
            let found = match by_path.get(&path) {
                Some(found) => *found,
                None if loaded.modules.len() >= MOST_MODULES => {
                    if !too_many {
                        let message = format!("more than {MOST_MODULES} modules are used");
                        diagnostics.push(Diagnostic::error("E0220", message, span));
                    }
                    too_many = true;
                    None
                }
                None => {
                    let found = read(world, &path, &mut loaded, diagnostics, Some(span), |loaded, d| {
                        explain(loaded, d, MODULES)
                    });
                    by_path.insert(path, found);
                    found
                }
            };
            loaded.modules[next].uses.insert(item, found);
        }
        next += 1;
    }
    import_cycles(&loaded, diagnostics);
    depths(&mut loaded);
    for (name, text) in sets {
        // What is shown is what was typed; what is parsed has name and value at the same places.
        let is_path = name.contains(['.', '[']);
        let before = if is_path { "scenec … --set " } else { "scenec --set " };
        let shown = format!("{before}{name}=");
        let file = loaded.sources.add("command line", format!("{shown}{text}"));
        let source = match is_path {
            true => format!("{:<1$}{name}={text}", "ngs 1 override", before.len()),
            false => format!("{:<1$}={text}", "ngs 1 let v", shown.len() - 1),
        };
        let (ast, found) = scenec_grammar::parse(file, &source);
        let is_one = match ast.items.as_slice() {
            [Item { kind: ItemKind::Let(_), .. }] => !is_path,
            [Item { kind: ItemKind::Override(item), .. }] => is_path && item.locked.is_none() && item.reason.is_none(),
            _ => false,
        };
        if !is_one || found.iter().any(Diagnostic::is_error) {
            // A mistake that the parser can name says more than that there is one.
            let named = found.into_iter().find(|d| matches!(d.code.as_str(), "E0118" | "E0119" | "E0120"));
            let span = Span::new(file, shown.len(), shown.len() + text.len());
            let message = format!("the value `{}` of `--set {name}` is no expression", clip(text));
            let hint = "a value is written as in a program: `--set size=4m`, `--set title='\"text\"'`";
            let diagnostic = named.unwrap_or_else(|| match is_path && !is_property(name) {
                true => no_path(file, name, before.len()),
                false => Diagnostic::error("E0312", message, span).hint(hint),
            });
            diagnostics.push(diagnostic);
        } else {
            loaded.sets.push((name.clone(), loaded.modules.len()));
        }
        let module = LoadedModule {
            path: format!("--set {name}"),
            file,
            ast: ast.into(),
            uses: BTreeMap::new(),
            assets: BTreeMap::new(),
            package: loaded.modules.first().and_then(|m| m.package),
            depth: 0,
            is_argument: true,
        };
        loaded.modules.push(module);
    }
    if let Some(path) = question {
        ask(&mut loaded, path, diagnostics);
    }
    loaded
}

/// The path, for the world, of a file that a module names. Reports one that no module of its package may name.
fn find(
    world: &dyn World,
    loaded: &mut Loaded,
    module: usize,
    written: &Spanned<String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    let Spanned { value: written, span } = written;
    let from = loaded.modules[module].package;
    let place = loaded.packages.place(&loaded.sources, loaded.modules[module].site(), written, *span);
    let Place { path, package } = match place {
        Ok(place) => place,
        Err(problem) => {
            diagnostics.extend(problem.map(|d| *d));
            return None;
        }
    };
    if let Some(meant) = package {
        if package != from {
            diagnostics.extend(loaded.packages.problems(meant));
        }
        let owner = loaded.packages.of_folder(world, &mut loaded.sources, split(&path).0);
        if let Some(owner) = owner.filter(|owner| *owner != meant && world.exists(&path)) {
            diagnostics.push(loaded.packages.crossed(owner, written, *span));
            return None;
        }
    }
    Some(path)
}

/// The path of a property, which stands where an override has it.
fn ask(loaded: &mut Loaded, path: &str, diagnostics: &mut Vec<Diagnostic>) {
    let shown = format!("scenec explain {path}");
    let file = loaded.sources.add("command line", shown.clone());
    let (ast, _) = scenec_grammar::parse(file, &format!("ngs 1 override {path}=0"));
    match is_property(path) {
        true => loaded.question = Some(loaded.modules.len()),
        false => diagnostics.push(no_path(file, path, shown.len() - path.len())),
    }
    let (uses, assets) = (BTreeMap::new(), BTreeMap::new());
    let ast = ast.into();
    let module =
        LoadedModule { path: "explain".into(), file, ast, uses, assets, package: None, depth: 0, is_argument: true };
    loaded.modules.push(module);
}

/// True for what is written as the path of a property.
fn is_property(path: &str) -> bool {
    let (ast, found) = scenec_grammar::parse(FileId(0), &format!("ngs 1 override {path}=0"));
    matches!(ast.items.as_slice(), [Item { kind: ItemKind::Override(_), .. }])
        && !found.iter().any(Diagnostic::is_error)
}

/// Reports what is not, and stands behind `start` bytes of the file.
fn no_path(file: FileId, path: &str, start: usize) -> Diagnostic {
    let message = format!("`{}` is no path of a property", clip(path));
    Diagnostic::error("E0312", message, Span::new(file, start, start + path.len()))
        .hint("a path names a thing and its property, such as `quay.post.height` or `posts[2].radius`")
}

/// The beginning of a text, on one line.
fn clip(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Parses what was read.
fn parse(modules: &mut [LoadedModule], sources: &SourceMap, parsed: &mut Parsed, diagnostics: &mut Vec<Diagnostic>) {
    let texts: Vec<_> = modules.iter().map(|m| (m.file, sources.file(m.file).text.clone())).collect();
    for (module, (ast, found)) in modules.iter_mut().zip(parsed.parse(&texts)) {
        module.ast = ast;
        diagnostics.extend(found);
    }
}

/// Reads one module; it is parsed later. `because` names it, and `explain` says what was meant when
/// there is no such file.
fn read(
    world: &dyn World,
    path: &str,
    loaded: &mut Loaded,
    diagnostics: &mut Vec<Diagnostic>,
    because: Option<Span>,
    explain: impl FnOnce(&Loaded, Diagnostic) -> Diagnostic,
) -> Option<usize> {
    let report = |code: &str, message: String| Diagnostic { span: because, ..Diagnostic::bare(code, message) };
    let ending = path.rsplit_once('.').map_or("", |p| p.1).to_lowercase();
    let is_asset = ASSETS.contains(&ending.as_str());
    let asset = format!("this is an asset: `asset name = gltf(\"{path}\")`");
    // Whatever stands in another file, a message about it would show it.
    if because.is_some() && !path.ends_with(".ngs") && world.exists(path) {
        let hint = if is_asset { &asset } else { "modules are files whose names end in `.ngs`" };
        diagnostics.push(report("E0213", format!("`{path}` is no module")).hint(hint));
        return None;
    }
    let bytes = match world.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let diagnostic = report("E0213", format!("the module `{path}` can't be read: {}", error.message));
            let is_said = because.is_some_and(|span| loaded.sources.text(span).contains('\\'));
            match world.exists(path) {
                true => diagnostics.push(diagnostic),
                // A path with back slashes has its error.
                false if is_said => {}
                false => {
                    let diagnostic = explain(loaded, diagnostic);
                    diagnostics.push(diagnostic);
                }
            }
            return None;
        }
    };
    if bytes.len() > LARGEST_MODULE {
        let message = format!("the module `{path}` is too large: {} bytes, {LARGEST_MODULE} are read", bytes.len());
        let hint = if is_asset { &asset } else { "is it a scene, or an asset?" };
        diagnostics.push(report("E0219", message).hint(hint));
        return None;
    }
    let text = match std::str::from_utf8(&bytes) {
        Ok(text) => text,
        Err(error) => {
            let message = format!("the module `{path}` is not UTF-8: byte {} begins no letter", error.valid_up_to());
            let hint = if is_asset { &asset } else { "save the file as UTF-8" };
            diagnostics.push(report("E0218", message).hint(hint));
            return None;
        }
    };
    let file = loaded.sources.add(path, text);
    let package = loaded.packages.of_folder(world, &mut loaded.sources, split(path).0);
    if let Some(package) = package {
        loaded.packages.enter(world, &mut loaded.sources, package);
        diagnostics.extend(loaded.packages.problems(package));
    }
    loaded.modules.push(LoadedModule {
        path: path.to_owned(),
        file,
        ast: Arc::new(Module { edition: None, items: Vec::new(), span: Span::new(file, 0, 0) }),
        uses: BTreeMap::new(),
        assets: BTreeMap::new(),
        package,
        depth: 0,
        is_argument: false,
    });
    Some(loaded.modules.len() - 1)
}

/// Says how deep each module is. Those of a cycle, and what they use, have an error and stay as they are.
fn depths(loaded: &mut Loaded) {
    let mut users = vec![0; loaded.modules.len()];
    let uses = |module: &LoadedModule| module.uses.values().copied().flatten().collect::<Vec<_>>();
    for used in loaded.modules.iter().flat_map(uses) {
        users[used] += 1;
    }
    let mut ready: Vec<usize> = (0..users.len()).filter(|module| users[*module] == 0).collect();
    while let Some(module) = ready.pop() {
        let depth = loaded.modules[module].depth + 1;
        for used in uses(&loaded.modules[module]) {
            loaded.modules[used].depth = loaded.modules[used].depth.max(depth);
            users[used] -= 1;
            if users[used] == 0 {
                ready.push(used);
            }
        }
    }
}

fn import_cycles(loaded: &Loaded, diagnostics: &mut Vec<Diagnostic>) {
    let mut graph: DiGraph<(), Span> = DiGraph::new();
    let nodes: Vec<_> = loaded.modules.iter().map(|_| graph.add_node(())).collect();
    for (from, module) in loaded.modules.iter().enumerate() {
        for (item, to) in &module.uses {
            if let Some(to) = to {
                graph.add_edge(nodes[from], nodes[*to], module.ast.items[*item].span);
            }
        }
    }
    for cycle in cycles(&graph) {
        let mut names: Vec<_> = cycle.iter().map(|(node, _)| loaded.modules[node.index()].path.as_str()).collect();
        names.extend(names.first().copied());
        let message = format!("modules use each other in a cycle: {}", names.join(" -> "));
        let mut diagnostic = Diagnostic::error("E0206", message, cycle[0].1)
            .hint("remove one of these `use`, or move what both need into a third module");
        for (node, span) in &cycle[1..] {
            diagnostic = diagnostic.because(*span, format!("`{}` goes on here", loaded.modules[node.index()].path));
        }
        diagnostics.push(diagnostic);
    }
}
