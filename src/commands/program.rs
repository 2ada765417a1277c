//! What every command that takes a program does: read it, compile it, show what is wrong.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};

use scenec_compiler::{Compilation, Entry, FileError, Options, World};
use scenec_ir::asset::{AssetError, AssetIndex};
use scenec_ir::diagnostic::{render, sarif};
use scenec_runtime::{Document, Files, Outcome, RunError, assets, model};

use scenec_compiler::packages::Here;

use super::reads::{Reads, Recorded};
use super::{frozen, vendor};
use crate::args::MessageFormat;
use crate::disk::{self, Disk, Documents};
use crate::{Exit, say};

/// A program's texts and assets come from this machine's disk.
pub(super) struct DiskWorld {
    disk: Disk,
    /// Assets as they were read, when the program will be run.
    documents: Option<Mutex<Documents>>,
    /// What was read, when that is compared with a lock.
    reads: Option<Reads>,
    here: Here,
}

impl DiskWorld {
    /// Files of this machine, for a program that is only looked at.
    pub(super) fn new() -> Self {
        let world = Self { disk: Disk::new(""), documents: None, reads: None, here: Here::default() };
        Self { here: Here::of(&world), ..world }
    }

    /// The one path of each file.
    pub(super) fn paths(&self) -> &Here {
        &self.here
    }

    /// The same, which remembers what is read where that is asked for.
    pub(super) fn recording(frozen: bool) -> Self {
        Self { reads: frozen.then(Reads::default), ..Self::new() }
    }

    /// What was read so far.
    pub(super) fn reads(&self) -> Option<&Reads> {
        self.reads.as_ref()
    }

    /// The bytes of a file, or one lower-case line that says why there are none.
    pub(super) fn bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        self.disk.read_bytes(path)
    }
}

impl World for DiskWorld {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        let bytes = self.disk.read_bytes(path).map_err(|message| FileError { message })?;
        self.reads.iter().for_each(|reads| reads.note(path, &bytes, None));
        Ok(bytes.into())
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        let read = |file: &str| self.disk.read_bytes(file);
        let recorded = Recorded { read: &read, asset: path, here: &self.here, reads: self.reads.as_ref() };
        let document = load_asset(path, &recorded)?;
        let index = Arc::new(document.index());
        if let Some(documents) = &self.documents {
            documents.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), Arc::new(document));
        }
        Ok(index)
    }

    fn exists(&self, path: &str) -> bool {
        std::path::Path::new(path).is_file()
    }

    fn here(&self) -> String {
        let here = std::env::current_dir().ok().and_then(|path| path.into_os_string().into_string().ok());
        here.unwrap_or_default().replace('\\', "/")
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        disk::list(folder)
    }
}

/// Reads a glTF file for the checker.
pub(crate) fn load_asset(path: &str, files: &dyn Files) -> Result<Document, AssetError> {
    model::load(path, files).map_err(|e| AssetError {
        code: e.code,
        path: path.to_owned(),
        pointer: String::new(),
        message: e.message.strip_prefix(&format!("{path}: ")).unwrap_or(&e.message).to_owned(),
        hint: e.hint,
    })
}

/// `name=value` pairs of the command line.
pub(crate) fn parse_sets(sets: &[String]) -> Outcome<Vec<(String, String)>> {
    sets.iter()
        .map(|set| match set.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
            _ => Err(RunError::new("E0691", format!("`--set {set}` has no value")).hint("write --set name=value")),
        })
        .collect()
}

/// How a command shows diagnostics.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tone {
    pub format: MessageFormat,
    /// Warnings are left out.
    pub errors_only: bool,
    /// Errors are followed by the event that ends a run which failed.
    pub events: bool,
    /// What a program reads must be what its lock says.
    pub frozen: bool,
}

/// Compiles a file and shows its diagnostics on standard error (human) or standard output (JSON).
pub(crate) fn compile(file: &str, sets: &[String], options: &Options, tone: Tone) -> Result<Compilation, Exit> {
    compile_in(&DiskWorld::recording(tone.frozen), file, sets, options, tone)
}

/// The same for a program whose fixes are carried out first.
pub(crate) fn compile_mended(file: &str, sets: &[String], options: &Options, tone: Tone) -> Result<Compilation, Exit> {
    let sets = read_sets(sets, tone)?;
    let world = DiskWorld::new();
    let mended = scenec_compiler::mend(&world, &file.replace('\\', "/"), &sets, options);
    let texts = mended.texts.iter().map(|(path, text)| (std::path::Path::new(path), text.as_bytes()));
    if let Err(reason) = disk::replace_all(&texts.collect::<Vec<_>>()) {
        let error = RunError::new("E0650", format!("a fix can't be written: {reason}"))
            .hint("no fix was carried out in any file");
        match tone.format {
            MessageFormat::Json => say::error_event(error.code, &error.message, error.hint.as_deref()),
            _ => say::error(&error),
        }
        return Err(Exit::Machine);
    }
    match tone.format {
        MessageFormat::Human if mended.fixes > 0 => {
            let paths: Vec<&str> = mended.texts.keys().map(String::as_str).collect();
            let fixes = if mended.fixes == 1 { "1 fix".to_owned() } else { format!("{} fixes", mended.fixes) };
            say::error_line(&format!("{fixes} carried out in {}", paths.join(", ")));
        }
        MessageFormat::Json => {
            let paths: Vec<&String> = mended.texts.keys().collect();
            let event = serde_json::json!({"event": "fixed", "fixes": mended.fixes, "files": paths});
            say::line(&event.to_string());
        }
        _ => {}
    }
    let compilation = mended.compilation;
    show(&compilation.diagnostics, &compilation.sources, tone.format);
    judge(compilation, file, tone)
}

/// The same for a program that will be run. Also gives the assets that its graph reads: the checker needed their names,
/// so they have been read.
pub(crate) fn compile_to_run(
    file: &str,
    sets: &[String],
    options: &Options,
    tone: Tone,
) -> Result<(Compilation, Documents), Exit> {
    let world = DiskWorld { documents: Some(Mutex::default()), ..DiskWorld::recording(tone.frozen) };
    let compilation = compile_in(&world, file, sets, options, tone)?;
    let mut documents = world.documents.and_then(|d| d.into_inner().ok()).unwrap_or_default();
    let wanted = compilation.graph.as_ref().map(assets).unwrap_or_default();
    documents.retain(|path, _| wanted.contains_key(path.as_str()));
    Ok((compilation, documents))
}

/// Every opinion on a property of a program.
pub(super) fn explain(
    file: &str,
    sets: &[String],
    options: &Options,
    path: &str,
    tone: Tone,
) -> Result<(Compilation, scenec_compiler::Explained), Exit> {
    let sets = read_sets(sets, tone)?;
    let (compilation, explained) =
        scenec_compiler::explain(&DiskWorld::new(), &file.replace('\\', "/"), &sets, options, path);
    let errors: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
    show(&errors, &compilation.sources, tone.format);
    let compilation = judge(compilation, file, tone)?;
    explained.map(|explained| (compilation, explained)).ok_or(Exit::Bug)
}

pub(super) fn read_sets(sets: &[String], tone: Tone) -> Result<Vec<(String, String)>, Exit> {
    parse_sets(sets).map_err(|error| {
        match tone.format {
            MessageFormat::Json => say::error_event(error.code, &error.message, error.hint.as_deref()),
            _ => say::error(&error),
        }
        Exit::Program
    })
}

fn compile_in(
    world: &DiskWorld,
    file: &str,
    sets: &[String],
    options: &Options,
    tone: Tone,
) -> Result<Compilation, Exit> {
    let sets = read_sets(sets, tone)?;
    let root = file.replace('\\', "/");
    let lock = tone.frozen.then(|| frozen::verify(&root, tone)).transpose()?;
    let mut compilation = scenec_compiler::compile(world, &root, &sets, options);
    if let (Some(lock), Some(reads)) = (&lock, &world.reads)
        && !compilation.has_errors()
    {
        frozen::compare(lock, world, reads, &mut compilation, &root);
    }
    if lock.is_none() {
        compilation.diagnostics.extend(vendor::stale(world, &compilation));
    }
    let loud = |d: &&scenec_ir::Diagnostic| d.is_error() || !tone.errors_only;
    let shown: Vec<_> = compilation.diagnostics.iter().filter(loud).cloned().collect();
    // Whoever wants errors only goes on to say more, and a log of SARIF is one document.
    if !(tone.errors_only && shown.is_empty()) {
        show(&shown, &compilation.sources, tone.format);
    }
    judge(compilation, file, tone)
}

/// Lets a program without errors pass.
pub(super) fn judge(compilation: Compilation, file: &str, tone: Tone) -> Result<Compilation, Exit> {
    if !compilation.has_errors() {
        return Ok(compilation);
    }
    if tone.events {
        let errors: Vec<_> = compilation.diagnostics.iter().filter(|d| d.is_error()).collect();
        let message = format!("{file} has {} error{}", errors.len(), if errors.len() == 1 { "" } else { "s" });
        say::error_event(errors.first().map_or("", |d| d.code.as_str()), &message, None);
    }
    Err(Exit::Program)
}

/// Shows diagnostics on standard error (human) or standard output (JSON, SARIF).
pub(crate) fn show(diagnostics: &[scenec_ir::Diagnostic], sources: &scenec_ir::SourceMap, format: MessageFormat) {
    match format {
        MessageFormat::Human if diagnostics.is_empty() => {}
        MessageFormat::Human => {
            let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            let style = render::Style { color, ..render::Style::default() };
            say::error_text(&render::human(diagnostics, sources, &style));
        }
        MessageFormat::Json => {
            for diagnostic in diagnostics {
                say::line(&render::json(diagnostic, sources).to_string());
            }
        }
        MessageFormat::Sarif => {
            let log = sarif::sarif(diagnostics, sources, env!("CARGO_PKG_VERSION"));
            say::line(&serde_json::to_string_pretty(&log).unwrap_or_default());
        }
    }
}
