//! What a program reads: every file with its digest, and the package that it belongs to.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use scenec_compiler::packages::lock::{Lock, LockedPackage, Pinned};
use scenec_compiler::packages::{Here, PackageInfo, Source, owner};
use scenec_compiler::{Compilation, join};
use scenec_ir::Diagnostic;
use scenec_runtime::{Files, inputs};

/// A file that was read.
#[derive(Clone, Debug)]
struct Read {
    digest: String,
    /// The asset that names it, for what an asset consists of.
    asset: Option<String>,
}

/// Files by path.
#[derive(Debug, Default)]
pub(super) struct Reads(Mutex<BTreeMap<String, Read>>);

impl Reads {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Read>> {
        // Each insertion is whole, whatever has ended another thread.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn note(&self, path: &str, bytes: &[u8], asset: Option<&str>) {
        let digest = blake3::hash(bytes).to_hex().to_string();
        self.files().insert(path.to_owned(), Read { digest, asset: asset.map(str::to_owned) });
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.files().clear();
    }

    /// Reads what only a run would: the pictures that a graph names. What can't be read is left to the run.
    pub fn complete(&self, compilation: &Compilation, read: &dyn Fn(&str) -> Result<Vec<u8>, String>) {
        for path in compilation.graph.iter().flat_map(inputs) {
            let is_known = self.files().contains_key(path);
            if !is_known && let Ok(bytes) = read(path) {
                self.note(path, &bytes, None);
            }
        }
    }

    /// Everything as a lock has it, by package; and what can't be locked.
    pub fn by_package(&self, here: &Here, packages: &[PackageInfo]) -> (Lock, Vec<Diagnostic>) {
        let mut lock = Lock::default();
        let mut problems = Vec::new();
        for package in packages.iter().filter(|p| p.is_used) {
            let entry =
                LockedPackage { name: package.name.clone(), version: package.version.clone(), files: BTreeMap::new() };
            lock.packages.insert(package.source.clone(), entry);
        }
        for (path, read) in self.files().iter() {
            // What an asset consists of lies in its folder, and is copied and locked with it.
            let found = owner(packages, read.asset.as_deref().unwrap_or(path));
            let Some(package) = found else {
                let message = format!("`{path}` is in no package");
                let hint = "what a locked program reads lies in its package or in one that a scene.toml names";
                problems.push(Diagnostic::bare("E0671", message).hint(hint));
                continue;
            };
            // Of a package that is only named, its manifest was read and nothing else.
            if let Some(locked) = lock.packages.get_mut(&package.source) {
                locked
                    .files
                    .insert(here.inside(&package.folder, path), Pinned { digest: read.digest.clone(), span: None });
            }
        }
        (lock, problems)
    }
}

/// What a user calls a package.
pub(super) fn title(source: &Source, name: Option<&str>) -> String {
    match (name, source) {
        (Some(name), _) => format!("the package `{name}`"),
        (None, Source::Path(path)) if path.is_empty() => "the package".to_owned(),
        (None, source) => format!("the package `{source}`"),
    }
}

/// Files that remember what is read for an asset.
pub(super) struct Recorded<'r> {
    pub read: &'r (dyn Fn(&str) -> Result<Vec<u8>, String> + Sync),
    pub asset: &'r str,
    pub here: &'r Here,
    pub reads: Option<&'r Reads>,
}

impl Files for Recorded<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let bytes = (self.read)(path)?;
        let plain = self.here.canonical(join("", path));
        self.reads.iter().for_each(|reads| reads.note(&plain, &bytes, (plain != self.asset).then_some(self.asset)));
        Ok(bytes)
    }

    fn write(&self, _path: &str, _bytes: &[u8]) -> Result<String, String> {
        Err("a program is only read".into())
    }
}
