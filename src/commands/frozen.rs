//! `--frozen`: what a program reads is what its lock says.

use scenec_compiler::packages::lock::{LARGEST_LOCK, LOCK, Lock};
use scenec_compiler::packages::manifest::MANIFEST;
use scenec_compiler::packages::{VENDOR, folder_of_program, folder_of_source};
use scenec_compiler::{Compilation, World};
use scenec_ir::{Diagnostic, FileId, SourceMap};

use super::program::{self, DiskWorld, Tone};
use super::reads::{Reads, title};
use crate::disk::Disk;
use crate::{Exit, say};

/// Files that are named; a project that was moved would fill the screen.
const MOST_SHOWN: usize = 20;

/// A lock that was read.
pub(super) struct Pins {
    pub lock: Lock,
    /// Folder of the package.
    pub folder: String,
}

/// The lock of a program's package and, for messages, its text; `None` when there is none yet.
pub(super) fn read_lock(
    world: &DiskWorld,
    folder: &str,
    sources: &mut SourceMap,
) -> Result<Option<Lock>, Box<Diagnostic>> {
    let path = world.paths().below(folder, LOCK);
    if std::fs::symlink_metadata(&path).is_err() {
        return Ok(None);
    }
    let refuse = |reason: String| {
        let diagnostic = Diagnostic::bare("E0670", format!("`{path}` can't be read: {reason}"));
        Box::new(
            diagnostic
                .hint("it is written by `scenec lock FILE`, not by hand: write it anew, or take it back from git"),
        )
    };
    let bytes = Disk::new("").read_bytes(&path).map_err(refuse)?;
    if bytes.len() > LARGEST_LOCK {
        return Err(refuse(format!("it is larger than {} MiB", LARGEST_LOCK >> 20)));
    }
    let text =
        String::from_utf8(bytes).map_err(|e| refuse(format!("byte {} is not UTF-8", e.utf8_error().valid_up_to())))?;
    let file: FileId = sources.add(path.as_str(), text.as_str());
    Lock::read(file, &text).map(Some)
}

/// The folder of the package that a program belongs to.
pub(super) fn package_of(world: &dyn World, program: &str) -> Result<String, Box<Diagnostic>> {
    folder_of_program(world, program).ok_or_else(|| {
        let name = "write one beside the program: a line `[package]` and a line `name = \"my_package\"`";
        Diagnostic::bare("E0670", format!("there is no `{MANIFEST}` above `{program}`")).hint(name).into()
    })
}

/// Reads the lock and every file that it names. What has changed or is missing is shown, and nothing is compiled then.
pub(super) fn verify(root: &str, tone: Tone) -> Result<Pins, Exit> {
    let mut sources = SourceMap::default();
    let mut found = Vec::new();
    let pins = pins(root, &mut sources, &mut found);
    match pins {
        Some(pins) if found.is_empty() => Ok(pins),
        _ => {
            let all = found.len();
            if all > MOST_SHOWN {
                found.truncate(MOST_SHOWN);
                let more = format!("{} more files differ from `{LOCK}`", all - MOST_SHOWN);
                found.push(Diagnostic::bare("E0671", more).hint("is this the place that the lock was written for?"));
            }
            program::show(&found, &sources, tone.format);
            if tone.events {
                let first = found.first().map_or("E0670", |d| d.code.as_str());
                say::error_event(first, &format!("{root} differs from its lock"), None);
            }
            Err(Exit::Program)
        }
    }
}

fn pins(root: &str, sources: &mut SourceMap, found: &mut Vec<Diagnostic>) -> Option<Pins> {
    let world = DiskWorld::new();
    let read = package_of(&world, root).and_then(|folder| Ok((read_lock(&world, &folder, sources)?, folder)));
    let (lock, folder) = match read {
        Ok((Some(lock), folder)) => (lock, folder),
        Ok((None, folder)) => {
            let message = format!("there is no `{}`, which --frozen goes by", world.paths().below(&folder, LOCK));
            found.push(Diagnostic::bare("E0670", message).hint(format!("`scenec lock {root}` writes it")));
            return None;
        }
        Err(problem) => {
            found.push(*problem);
            return None;
        }
    };
    let meant = format!("if that is meant, `scenec lock {root}` writes it down");
    for (source, package) in &lock.packages {
        let title = title(source, package.name.as_deref());
        let Some(place) = folder_of_source(&world, &folder, source) else {
            let message = format!("{title} is locked, but is not here");
            found.push(Diagnostic::bare("E0671", message).hint(format!("`scenec vendor {root}` fetches it")));
            continue;
        };
        for (file, pinned) in &package.files {
            let path = world.paths().below(&place, file);
            let bytes = Disk::new("").read_bytes(&path);
            let message = match &bytes {
                Ok(bytes) if blake3::hash(bytes).to_hex().as_str() == pinned.digest => continue,
                Ok(_) => format!("`{path}` of {title} has changed since it was locked"),
                Err(reason) => format!("`{path}` of {title} is missing: {reason}"),
            };
            let is_copy = path.starts_with(&format!("{}/", world.paths().below(&folder, VENDOR)));
            let hint = match (is_copy, bytes.is_ok()) {
                (true, true) => format!("`scenec vendor {root}` copies it anew; {meant}"),
                (true, false) => format!("`scenec vendor {root}` copies it anew"),
                (false, true) => meant.clone(),
                (false, false) => format!("put it back; {meant}"),
            };
            let mut diagnostic = Diagnostic::bare("E0671", message).hint(hint);
            diagnostic.span = pinned.span;
            found.push(diagnostic);
        }
    }
    Some(Pins { lock, folder })
}

/// Adds an error for every file that a program has read and its lock does not name.
pub(super) fn compare(pins: &Pins, world: &DiskWorld, reads: &Reads, compilation: &mut Compilation, root: &str) {
    reads.complete(compilation, &|path| world.bytes(path));
    let (now, problems) = reads.by_package(world.paths(), &compilation.packages);
    compilation.diagnostics.extend(problems);
    let meant = format!("if that is meant, `scenec lock {root}` writes it down");
    let mut report =
        |message: String| compilation.diagnostics.push(Diagnostic::bare("E0671", message).hint(meant.as_str()));
    for (source, package) in &now.packages {
        let title = title(source, package.name.as_deref());
        let Some(locked) = pins.lock.packages.get(source) else {
            report(format!("{title} is new: `{}` does not name it", world.paths().below(&pins.folder, LOCK)));
            continue;
        };
        for (file, read) in &package.files {
            match locked.files.get(file) {
                None => report(format!(
                    "`{file}` of {title} is new: `{}` does not name it",
                    world.paths().below(&pins.folder, LOCK)
                )),
                // It was written between the two readings.
                Some(pinned) if pinned.digest != read.digest => {
                    report(format!("`{file}` of {title} has changed since it was locked"));
                }
                Some(_) => {}
            }
        }
    }
    if compilation.has_errors() {
        compilation.graph = None;
    }
}
