//! What was meant by a path that leads nowhere: the same file in other letters, with another ending, or in another folder.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use scenec_ir::{Diagnostic, Span, names};

use crate::load::{Loaded, LoadedModule};
use crate::packages::manifest::MANIFEST;
use crate::packages::{Packages, Site};
use crate::world::{Entry, World, join};

/// Folders that one compilation looks into.
const MOST_FOLDERS: usize = 1024;
/// Names that one search looks at.
const MOST_NAMES: usize = 8192;
/// Folders below a folder.
const DEEPEST: usize = 8;
/// Names that a hint lists.
const MOST_SHOWN: usize = 6;

/// Endings of modules.
pub const MODULES: &[&str] = &["ngs"];
/// Endings of assets.
pub const ASSETS: &[&str] = &["gltf", "glb"];
/// Whatever a node reads.
const ANY: &[&str] = &[];

/// Looks for files. Folders are listed once; the search is bounded and its result does not depend on their order on disk.
pub struct Nearby<'w> {
    world: &'w dyn World,
    /// Folder of the root module.
    root: String,
    listed: RefCell<BTreeMap<String, Option<Arc<[Entry]>>>>,
    left: Cell<usize>,
}

impl<'w> Nearby<'w> {
    /// For the program whose root module has this path.
    pub fn new(world: &'w dyn World, root: &str) -> Self {
        let root = split(root).0.to_owned();
        Self { world, root, listed: RefCell::default(), left: Cell::new(MOST_FOLDERS) }
    }

    /// Adds to a diagnostic what `written` in the module of a site may have meant. `quoted` is the place of the text, quotes
    /// included, when a fix may replace it.
    pub fn explain(
        &self,
        diagnostic: Diagnostic,
        packages: &Packages,
        site: Site<'_>,
        written: &str,
        endings: &[&str],
        quoted: Option<Span>,
    ) -> Diagnostic {
        if written.contains("://") {
            return diagnostic.hint("files are read from this machine only: download it, and name it by its path");
        }
        if written.starts_with('~') {
            return diagnostic.hint("`~` has no meaning in a path: paths are relative to the module that names them");
        }
        // `@kits/crate.ngs` is looked for in that package only.
        let package = written.strip_prefix('@').and_then(|named| named.split_once('/'));
        let package = package.and_then(|(name, rest)| {
            let (_, folder) = packages.names(site.package?).find(|(n, _)| *n == name)?;
            Some((folder, rest))
        });
        let top = package.map(|(folder, _)| below(folder, MANIFEST));
        let (module, written) = match (&top, package) {
            (Some(top), Some((_, rest))) => (top.as_str(), rest),
            _ => (site.module, written),
        };
        let path = join(module, written.trim());
        // A stranger's module learns nothing of this machine's other folders.
        if is_absolute(written) && !self.is_below_root(&path) {
            return diagnostic.hint("give a path relative to the module that names it");
        }
        let (folder, is_there) = self.walk(split(&path).0);
        let spell = |file: &str| packages.spell(site, file);
        let found = self.candidates(&path, &folder, is_there, endings, package.map(|p| p.0));
        let shown: Vec<String> = found.iter().filter_map(|file| spell(file)).collect();
        match (shown.as_slice(), quoted) {
            ([one], Some(span)) => {
                let text = format!("\"{}\"", escaped(one));
                diagnostic.hint(format!("did you mean `{one}`?")).fix(format!("write {text}"), span, text)
            }
            ([one], None) => diagnostic.hint(format!("did you mean `{one}`?")),
            ([], _) => diagnostic.hint(self.nothing(site.module, &spell, &path, &folder, is_there, endings)),
            (several, _) => diagnostic.hint(format!("did you mean one of these: {}?", list(several))),
        }
    }

    /// What is wrong with the path of a file that a node reads.
    pub fn input_error(&self, loaded: &Loaded, written: &str, span: Span) -> Option<Diagnostic> {
        let site = site_of(loaded, span);
        let path = match loaded.packages.place(&loaded.sources, site, written, span) {
            Ok(place) => place.path,
            Err(problem) => return problem.map(|d| *d),
        };
        if self.world.exists(&path) {
            return None;
        }
        let source = loaded.sources.text(span);
        let message = format!("there is no file `{path}`");
        let plain = source.starts_with('"') && !source.contains('{');
        let diagnostic = Diagnostic::error("E0221", message, span);
        Some(self.explain(diagnostic, &loaded.packages, site, written, ANY, plain.then_some(span)))
    }

    /// Nothing is near: what there is.
    fn nothing(
        &self,
        module: &str,
        spell: &dyn Fn(&str) -> Option<String>,
        path: &str,
        folder: &str,
        is_there: bool,
        endings: &[&str],
    ) -> String {
        const RULE: &str = "paths are relative to the module that names them";
        if !is_there {
            let wanted = split(path).0;
            let missing = wanted.strip_prefix(folder).unwrap_or(wanted).trim_start_matches('/');
            let first = missing.split('/').next().unwrap_or(missing);
            let place = if folder.is_empty() { "beside it".to_owned() } else { format!("in `{folder}`") };
            return format!("there is no folder `{first}` {place}; {RULE}");
        }
        let inside = if path.is_empty() { folder } else { path };
        for (folder, what) in [(inside, "it is a folder that holds"), (folder, "the folder holds")] {
            let entries = self.list(folder);
            let files: Vec<String> = entries
                .iter()
                .flat_map(|e| e.iter())
                .filter(|e| !e.is_folder && suits(&e.name, path, endings) && below(folder, &e.name) != module)
                .filter_map(|e| spell(&below(folder, &e.name)))
                .collect();
            if !files.is_empty() {
                return format!("{what} {}", list(&files));
            }
        }
        RULE.to_owned()
    }

    fn is_below_root(&self, path: &str) -> bool {
        is_absolute(&self.root) && path.strip_prefix(&self.root).is_some_and(|rest| rest.starts_with('/'))
    }

    fn list(&self, folder: &str) -> Option<Arc<[Entry]>> {
        if let Some(known) = self.listed.borrow().get(folder) {
            return known.clone();
        }
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        self.left.set(left - 1);
        let entries = self.world.list(folder).map(Arc::from);
        self.listed.borrow_mut().insert(folder.to_owned(), entries.clone());
        entries
    }

    /// The folder, with misspelt parts mended, as deep as it is there; and whether that is all of it.
    fn walk(&self, folder: &str) -> (String, bool) {
        let mut at = if folder.starts_with('/') { "/".to_owned() } else { String::new() };
        for part in folder.split('/').filter(|p| !p.is_empty()) {
            let next = below(&at, part);
            // Above this folder there is always another; whether it can be listed is of no interest.
            if part == ".." || self.list(&next).is_some() {
                at = next;
                continue;
            }
            let entries = self.list(&at);
            let folders = entries.iter().flat_map(|e| e.iter()).filter(|e| e.is_folder).map(|e| e.name.as_str());
            match names::closest(part, folders) {
                Some(close) => at = below(&at, close),
                None => return (at, false),
            }
        }
        (at, true)
    }

    /// The best files, best kind first; several only when nothing tells them apart.
    fn candidates(
        &self,
        path: &str,
        folder: &str,
        is_there: bool,
        endings: &[&str],
        package: Option<&str>,
    ) -> Vec<String> {
        let here: Vec<String> = match (is_there, self.list(folder)) {
            (true, Some(entries)) => entries.iter().filter(|e| !e.is_folder).map(|e| below(folder, &e.name)).collect(),
            _ => Vec::new(),
        };
        let found = best(path, here, endings);
        if !found.is_empty() {
            return found;
        }
        if let Some(package) = package {
            return best(path, self.tree(package), endings);
        }
        let mut everywhere = self.tree(folder);
        everywhere.extend(self.tree(&self.root));
        // Scenes often stand in a folder beside that of their assets.
        if !is_absolute(&self.root) && !self.root.is_empty() && !self.root.ends_with("..") {
            everywhere.extend(self.tree(split(&self.root).0));
        }
        everywhere.sort();
        everywhere.dedup();
        best(path, everywhere, endings)
    }

    /// Files below a folder, near ones first.
    fn tree(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut seen = 0;
        let mut queue = VecDeque::from([(folder.to_owned(), 0)]);
        while let Some((folder, depth)) = queue.pop_front() {
            for entry in self.list(&folder).iter().flat_map(|e| e.iter()) {
                seen += 1;
                if seen > MOST_NAMES {
                    return files;
                }
                let path = below(&folder, &entry.name);
                match entry.is_folder {
                    true if depth < DEEPEST && !entry.name.starts_with('.') => queue.push_back((path, depth + 1)),
                    true => {}
                    false => files.push(path),
                }
            }
        }
        files
    }
}

/// The path, for the world, of a file that a node reads; its text stands at `span`.
pub fn input_path(loaded: &Loaded, written: &str, span: Span) -> String {
    let place = loaded.packages.place(&loaded.sources, site_of(loaded, span), written, span);
    // A path that leads nowhere has its error.
    place.map_or_else(|_| written.to_owned(), |place| place.path)
}

fn site_of(loaded: &Loaded, span: Span) -> Site<'_> {
    let module = loaded.modules.iter().find(|m| m.file == span.file);
    module.map_or(Site { module: "", package: None, is_file: false }, LoadedModule::site)
}

/// Files that differ least from `path`: only in case, then in the ending, then in spelling.
fn best(path: &str, files: Vec<String>, endings: &[&str]) -> Vec<String> {
    let (_, name) = split(path);
    let (stem, _) = ending_of(name);
    let same = |a: &str, b: &str| a.to_lowercase() == b.to_lowercase();
    let name_of = |file: &str| split(file).1.to_owned();
    let stem_of = |file: &str| ending_of(split(file).1).0.to_owned();
    let mut kind: Vec<String> = files.iter().filter(|f| same(&name_of(f), name)).cloned().collect();
    if kind.is_empty() {
        let any = endings.is_empty();
        kind = files.iter().filter(|f| same(&stem_of(f), stem) && (any || suits(f, path, endings))).cloned().collect();
    }
    if kind.is_empty() {
        let stems: Vec<String> = files.iter().filter(|f| suits(f, path, endings)).map(|f| stem_of(f)).collect();
        if let Some(close) = names::closest(stem, stems.iter().map(String::as_str)) {
            kind = files.into_iter().filter(|f| stem_of(f) == close && suits(f, path, endings)).collect();
        }
    }
    kind.truncate(MOST_SHOWN);
    kind
}

/// True when a file has an ending that can be meant: one of `endings`, or without them that of `path`.
fn suits(file: &str, path: &str, endings: &[&str]) -> bool {
    let ending = ending_of(split(file).1).1.to_lowercase();
    match endings {
        [] => ending == ending_of(split(path).1).1.to_lowercase(),
        endings => endings.contains(&ending.as_str()),
    }
}

/// Folder and name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    match path.rfind('/') {
        Some(0) => ("/", &path[1..]),
        Some(at) => (&path[..at], &path[at + 1..]),
        None => ("", path),
    }
}

/// Stem and ending.
fn ending_of(name: &str) -> (&str, &str) {
    name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty()).unwrap_or((name, ""))
}

pub(crate) fn below(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        "/" => format!("/{name}"),
        folder => format!("{folder}/{name}"),
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with(['/', '\\']) || path.get(1..2) == Some(":")
}

/// `file` as the module `module` names it.
pub(crate) fn relative(module: &str, file: &str) -> String {
    let (folder, _) = split(module);
    if is_absolute(folder) != is_absolute(file) {
        return file.to_owned();
    }
    let parts = |path: &str| path.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(folder), parts(file));
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    // The name of a folder above the current one is not known.
    if from[common..].iter().any(|part| part == "..") {
        return file.to_owned();
    }
    let up = std::iter::repeat_n("..", from.len() - common);
    up.chain(to[common..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}

fn escaped(path: &str) -> String {
    let mut text = String::new();
    for c in path.chars() {
        if matches!(c, '"' | '{' | '}' | '\\') {
            text.push('\\');
        }
        text.push(c);
    }
    text
}

fn list(files: &[String]) -> String {
    let shown: Vec<_> = files.iter().take(MOST_SHOWN).map(|f| format!("`{f}`")).collect();
    let more = if files.len() > MOST_SHOWN { ", …" } else { "" };
    format!("{}{more}", shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryWorld;

    fn world() -> MemoryWorld {
        let mut world = MemoryWorld::default();
        for path in [
            "scene.ngs",
            "kits/harbour.ngs",
            "kits/old/Crate.ngs",
            "assets/FlightHelmet.gltf",
            "assets/fox.glb",
            "assets/far/away/lamp.glb",
            "assets/far/lamp.glb",
            "assets/.cache/hidden.glb",
            "skies/noon.hdr",
            "skies/noon_small.hdr",
        ] {
            world = world.with(path, "");
        }
        world
    }

    fn hint(module: &str, written: &str, endings: &[&str]) -> String {
        let world = world();
        let nearby = Nearby::new(&world, "scene.ngs");
        let span = Span::new(scenec_ir::FileId(0), 0, 0);
        let site = Site { module, package: None, is_file: true };
        let packages = Packages::default();
        let found = nearby.explain(Diagnostic::bare("E0213", "x"), &packages, site, written, endings, Some(span));
        let fix = found.fix.map(|f| f.edits[0].text.clone()).unwrap_or_default();
        format!("{} {fix}", found.hint.unwrap_or_default())
    }

    #[test]
    fn finds_what_was_meant() {
        for (module, written, endings, wanted) in [
            ("scene.ngs", "kits/harbor.ngs", MODULES, "\"kits/harbour.ngs\""),
            ("scene.ngs", "Kits/Harbour.NGS", MODULES, "\"kits/harbour.ngs\""),
            ("scene.ngs", "kit/harbour.ngs", MODULES, "\"kits/harbour.ngs\""),
            ("scene.ngs", "kits/harbour", MODULES, "\"kits/harbour.ngs\""),
            ("scene.ngs", "harbour.ngs", MODULES, "\"kits/harbour.ngs\""),
            ("scene.ngs", "kits/crate.ngs", MODULES, "\"kits/old/Crate.ngs\""),
            ("scene.ngs", "assets/flighthelmet.glb", ASSETS, "\"assets/FlightHelmet.gltf\""),
            ("scene.ngs", "assets/Helmt.gltf", ASSETS, "`assets/FlightHelmet.gltf`"),
            ("kits/harbour.ngs", "assets/fox.glb", ASSETS, "\"../assets/fox.glb\""),
            ("kits/harbour.ngs", "../asset/fox.gltf", ASSETS, "\"../assets/fox.glb\""),
            ("scene.ngs", "skies/noon.exr", ANY, "\"skies/noon.hdr\""),
            ("scene.ngs", "skies/nooon.hdr", ANY, "\"skies/noon.hdr\""),
            ("scene.ngs", "assets/lamp.glb", ASSETS, "one of these: `assets/far/away/lamp.glb`, `assets/far/lamp.glb`"),
            ("scene.ngs", "assets/hidden.glb", ASSETS, "the folder holds"),
            ("scene.ngs", "models/cow.glb", ASSETS, "no folder `models` beside it"),
            ("scene.ngs", "assets/far/cow.png", ANY, "paths are relative"),
            ("scene.ngs", "kits", MODULES, "it is a folder that holds `kits/harbour.ngs`"),
            ("scene.ngs", "https://example.org/a.glb", ASSETS, "download it"),
            ("scene.ngs", "~/a.glb", ASSETS, "`~`"),
            ("scene.ngs", "/etc/passwd.glb", ASSETS, "give a path relative"),
        ] {
            let found = hint(module, written, endings);
            assert!(found.contains(wanted), "{written}: {found}");
        }
    }

    #[test]
    fn searches_are_bounded() {
        struct Endless(Cell<usize>);
        impl World for Endless {
            fn read(&self, _: &str) -> Result<Arc<[u8]>, crate::FileError> {
                Err(crate::FileError { message: "no such file".into() })
            }
            fn asset(&self, path: &str) -> Result<Arc<scenec_ir::AssetIndex>, scenec_ir::asset::AssetError> {
                MemoryWorld::default().asset(path)
            }
            fn list(&self, _: &str) -> Option<Vec<Entry>> {
                self.0.set(self.0.get() + 1);
                Some((0..100).map(|i| Entry { name: format!("f{i:03}"), is_folder: true }).collect())
            }
        }
        let world = Endless(Cell::new(0));
        let nearby = Nearby::new(&world, "scene.ngs");
        for i in 0..200 {
            let site = Site { module: "scene.ngs", package: None, is_file: true };
            let written = format!("x{i}/y.ngs");
            nearby.explain(Diagnostic::bare("E0213", "x"), &Packages::default(), site, &written, MODULES, None);
        }
        assert!(world.0.get() <= MOST_FOLDERS, "{}", world.0.get());
    }
}
