//! `scenec lock FILE…`: writes down what programs read.

use std::collections::BTreeSet;
use std::path::Path;

use scenec_compiler::packages::Here;
use scenec_compiler::packages::lock::{LOCK, Lock};
use scenec_compiler::{Compilation, Options, World, compile, join};
use scenec_ir::{Diagnostic, SourceMap};
use scenec_runtime::RunError;

use super::frozen::{package_of, read_lock};
use super::program::{self, DiskWorld, Tone};
use super::reads::Reads;
use crate::args::{self, MessageFormat};
use crate::{Exit, disk, say};

const TONE: Tone = Tone { format: MessageFormat::Human, errors_only: true, events: false, frozen: false };

pub(crate) fn run(args: &args::Lock) -> Exit {
    match write(args) {
        Ok(()) => Exit::Done,
        Err(exit) => exit,
    }
}

/// Programs of one package.
pub(super) struct Programs {
    /// Folder of the package.
    pub folder: String,
    /// Paths for the world: those of the command line, and those of the lock that are still there.
    pub files: BTreeSet<String>,
    /// The lock that is there; without one, or with one that can't be read, an empty one.
    pub lock: Lock,
}

impl Programs {
    /// Finds the package of the files that the command line names.
    pub fn find(world: &DiskWorld, named: &[String]) -> Result<Self, Exit> {
        let mut folder: Option<(String, &str)> = None;
        for file in named {
            if !Path::new(file).is_file() {
                let error = RunError::new("E0213", format!("the module `{file}` can't be read: no such file"));
                say::error(&error.hint("name a program, such as `scene.ngs`"));
                return Err(Exit::Program);
            }
            let found = package_of(world, &file.replace('\\', "/"))
                .map_err(|problem| refuse(*problem, &SourceMap::default()))?;
            match &folder {
                Some((first, of)) if *first != found => {
                    let message = format!("`{of}` and `{file}` belong to different packages");
                    let hint = "every package has a lock of its own: run the command for each of them";
                    return Err(refuse(Diagnostic::bare("E0670", message).hint(hint), &SourceMap::default()));
                }
                _ => folder = Some((found, file)),
            }
        }
        let folder = folder.map(|f| f.0).unwrap_or_default();
        let mut sources = SourceMap::default();
        let lock =
            read_lock(world, &folder, &mut sources).map_err(|problem| refuse(*problem, &sources))?.unwrap_or_default();
        let kept = lock.programs.iter().map(|p| world.paths().below(&folder, p)).filter(|p| Path::new(p).is_file());
        let named = named.iter().map(|f| world.paths().canonical(join("", &f.replace('\\', "/"))));
        Ok(Self { files: named.chain(kept).collect(), folder, lock })
    }
}

/// Shows what ends the command.
pub(super) fn refuse(problem: Diagnostic, sources: &SourceMap) -> Exit {
    program::show(&[problem], sources, TONE.format);
    Exit::Program
}

/// Compiles a program as a build would, and shows its errors.
pub(super) fn compile_all(world: &dyn World, file: &str) -> Result<Compilation, Exit> {
    let compilation = compile(world, file, &[], &Options::default());
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
    program::show(&errors, &compilation.sources, TONE.format);
    program::judge(compilation, file, TONE)
}

/// What a program has read, by package.
pub(super) fn by_package(here: &Here, compilation: &Compilation, reads: &Reads) -> Result<Lock, Exit> {
    let (lock, problems) = reads.by_package(here, &compilation.packages);
    program::show(&problems, &compilation.sources, TONE.format);
    if problems.is_empty() { Ok(lock) } else { Err(Exit::Program) }
}

fn write(args: &args::Lock) -> Result<(), Exit> {
    let programs = Programs::find(&DiskWorld::new(), &args.files)?;
    let mut lock = Lock::default();
    for file in &programs.files {
        let world = DiskWorld::recording(true);
        let compilation = compile_all(&world, file)?;
        let Some(reads) = world.reads() else { return Err(Exit::Bug) };
        reads.complete(&compilation, &|path| world.bytes(path));
        for (source, package) in by_package(world.paths(), &compilation, reads)?.packages {
            let entry = lock.packages.entry(source).or_default();
            entry.name = package.name;
            entry.version = package.version;
            entry.files.extend(package.files);
        }
        let path = compilation.modules.first().map_or(file.as_str(), String::as_str);
        lock.programs.insert(world.paths().inside(&programs.folder, path));
        std::mem::forget(compilation);
    }
    let path = DiskWorld::new().paths().below(&programs.folder, LOCK);
    let (text, old) = (lock.to_text(), programs.lock.to_text());
    let is_there = Path::new(&path).exists();
    if !is_there || text != old {
        disk::put(Path::new(&path), text.as_bytes()).map_err(|reason| {
            say::error(&RunError::new("E0650", reason).hint("the lock stands beside the scene.toml of the package"));
            Exit::Machine
        })?;
    }
    if !args.quiet {
        let files: usize = lock.packages.values().map(|p| p.files.len()).sum();
        let change = if !is_there {
            "written"
        } else if text != old {
            "written anew"
        } else {
            "as it was"
        };
        say::line(&format!("{path}: {}, {}; {change}", count(files, "file"), count(lock.packages.len(), "package")));
    }
    Ok(())
}

/// `1 file`, `2 files`.
pub(super) fn count(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
