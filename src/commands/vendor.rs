//! `scenec vendor FILE…`: copies what programs need of other packages. The only command that fetches anything.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use scenec_compiler::packages::manifest::MANIFEST;
use scenec_compiler::packages::{Source, VENDOR, owner, within};
use scenec_compiler::{Compilation, Entry, FileError, World};
use scenec_ir::asset::AssetError;
use scenec_ir::diagnostic::Severity;
use scenec_ir::{AssetIndex, Diagnostic};
use scenec_runtime::RunError;

use super::lock::{Programs, by_package, compile_all, count};
use super::program::{DiskWorld, load_asset};
use super::reads::{Reads, Recorded};
use crate::git::Mirror;
use crate::{Exit, args, disk, say};

/// Name and text of the file by which the folder is known as one of ours.
const MARK: (&str, &str) = (
    "README.txt",
    "Written by `scenec vendor`: copies of what the programs of this package need of other packages.\n\
     The folder is replaced as a whole when the command runs again; nothing here is edited by hand.\n",
);

/// True for the folder with copies of packages, which nobody edits.
pub(super) fn is_copy(folder: &Path) -> bool {
    let is_named = folder.file_name().is_some_and(|name| name == VENDOR);
    is_named && folder.with_file_name(MANIFEST).is_file() && folder.join(MARK.0).is_file()
}

pub(crate) fn run(args: &args::Vendor) -> Exit {
    match copy(args) {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

fn copy(args: &args::Vendor) -> Result<(), Exit> {
    let programs = Programs::find(&DiskWorld::new(), &args.files)?;
    let world = Originals::new(&programs.folder);
    // By path in the folder: where the file is read.
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut packages: BTreeMap<Source, String> = BTreeMap::new();
    for file in &programs.files {
        world.reads.clear();
        let compilation = compile_all(&world, file)?;
        world.reads.complete(&compilation, &|path| world.bytes(path));
        for (source, package) in by_package(world.disk.paths(), &compilation, &world.reads)?.packages {
            let info = compilation.packages.iter().find(|p| p.source == source);
            let Some(info) = info.filter(|p| p.source != Source::own()) else { continue };
            let name = source.folder_name();
            // A package of which no module is read, only an asset.
            let names = package.files.into_keys().chain([MANIFEST.to_owned()]);
            files.extend(
                names.map(|inside| (format!("{name}/{inside}"), world.disk.paths().below(&info.folder, &inside))),
            );
            let shown = [info.name.as_deref().unwrap_or(&name), info.version.as_deref().unwrap_or("")].join(" ");
            packages.insert(source, shown.trim_end().to_owned());
        }
        debug_assert!(compilation.modules.iter().all(|m| owner(&compilation.packages, m).is_some()));
    }
    let folder = world.disk.paths().below(&programs.folder, VENDOR);
    let mut contents = files.iter().map(|(name, path)| (name.clone(), world.bytes(path)));
    disk::replace_folder(Path::new(&folder), MARK, &mut contents).map_err(|reason| {
        let hint = "move away what is in the way; copies of packages are written as a whole, or not at all";
        say::error(&RunError::new("E0672", reason).hint(hint));
        Exit::Machine
    })?;
    if !args.quiet {
        match packages.is_empty() {
            true => say::line("no other package is used: there is nothing to copy"),
            false => {
                say::line(&format!("{folder}: {} of {}", count(files.len(), "file"), count(packages.len(), "package")));
                packages.iter().for_each(|(source, shown)| say::line(&format!("  {shown} ({source})")));
            }
        }
    }
    Ok(())
}

/// By address and revision: the folder that its files seem to lie in, or why there are none.
type Mirrors = BTreeMap<(String, String), Result<(String, Arc<Mirror>), String>>;

/// A warning for every package whose copy is read although its original, which is here too, is another by now.
pub(super) fn stale(world: &DiskWorld, compilation: &Compilation) -> Vec<Diagnostic> {
    let Some(own) = compilation.packages.iter().find(|p| p.source == Source::own()) else { return Vec::new() };
    let here = world.paths();
    let copies = here.below(&own.folder, VENDOR);
    let mut found = Vec::new();
    for package in compilation.packages.iter().filter(|p| within(&copies, &p.folder)) {
        let Source::Path(source) = &package.source else { continue };
        let original = here.below(&own.folder, source);
        let files = [&compilation.modules, &compilation.assets, &compilation.manifests].into_iter().flatten();
        let other = files.filter(|path| within(&package.folder, path)).find(|path| {
            let inside = here.inside(&package.folder, path);
            let (copy, original) = (world.bytes(path), world.bytes(&here.below(&original, &inside)));
            matches!((copy, original), (Ok(a), Ok(b)) if a != b)
        });
        if let Some(path) = other {
            let inside = here.inside(&package.folder, path);
            let message = format!("`{path}` is read, which is another than `{}`", here.below(&original, &inside));
            let program = compilation.modules.first().map_or("FILE", String::as_str);
            let hint =
                format!("`scenec vendor {program}` copies the package anew; without `{copies}` the original is read");
            let warning = Diagnostic { severity: Severity::Warning, ..Diagnostic::bare("W0671", message) };
            found.push(warning.hint(hint));
        }
    }
    found
}

/// This machine's files without the copies, and revisions of other repositories.
struct Originals {
    disk: DiskWorld,
    reads: Reads,
    /// Folder of the copies.
    copies: String,
    /// Fetched so far. The files of each lie in a folder that is not there: `/dev/null/git/0`.
    mirrors: Mutex<Mirrors>,
}

/// Below this, no disk has files.
const NOWHERE: &str = "/dev/null/git";

impl Originals {
    fn new(folder: &str) -> Self {
        let disk = DiskWorld::new();
        let copies = format!("{}/", disk.paths().below(folder, VENDOR));
        Self { disk, reads: Reads::default(), copies, mirrors: Mutex::default() }
    }

    fn mirrors(&self) -> MutexGuard<'_, Mirrors> {
        self.mirrors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The mirror that a path leads into, and the path in its repository.
    fn mirror<'p>(&self, path: &'p str) -> Option<(Arc<Mirror>, &'p str)> {
        path.strip_prefix(NOWHERE)?;
        let mirrors = self.mirrors();
        let mut fetched = mirrors.values().filter_map(|m| m.as_ref().ok());
        fetched.find_map(|(folder, mirror)| {
            let inside = path.strip_prefix(folder.as_str())?;
            let is_inside = inside.is_empty() || inside.starts_with('/');
            is_inside.then(|| (mirror.clone(), inside.trim_start_matches('/')))
        })
    }

    fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        match self.mirror(path) {
            Some((mirror, inside)) => mirror.revision.bytes(inside),
            None => self.disk.bytes(path),
        }
    }
}

impl World for Originals {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        let bytes = self.bytes(path).map_err(|message| FileError { message })?;
        self.reads.note(path, &bytes, None);
        Ok(bytes.into())
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        let read = |file: &str| self.bytes(file);
        let document = load_asset(
            path,
            &Recorded { read: &read, asset: path, here: self.disk.paths(), reads: Some(&self.reads) },
        )?;
        Ok(Arc::new(document.index()))
    }

    fn exists(&self, path: &str) -> bool {
        match self.mirror(path) {
            Some((mirror, inside)) => mirror.revision.exists(inside),
            None => !path.starts_with(&self.copies) && self.disk.exists(path),
        }
    }

    fn here(&self) -> String {
        self.disk.here()
    }

    fn fetched(&self, url: &str, revision: &str) -> Option<Result<String, String>> {
        let key = (url.to_owned(), revision.to_owned());
        let known = self.mirrors().get(&key).cloned();
        let found = known.unwrap_or_else(|| {
            say::error_line(&format!("fetching {url} at {revision}"));
            let mirror = Mirror::fetch(url, revision);
            let mut mirrors = self.mirrors();
            let folder = format!("{NOWHERE}/{}", mirrors.len());
            mirrors.entry(key).or_insert(mirror.map(|mirror| (folder, Arc::new(mirror)))).clone()
        });
        Some(found.map(|(folder, _)| folder))
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        match self.mirror(folder) {
            Some((mirror, inside)) => mirror.revision.list(inside),
            None => self.disk.list(folder),
        }
    }
}
