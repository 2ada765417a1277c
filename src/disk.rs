//! Files of this machine.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use scenec_compiler::Entry;
use scenec_runtime::Document;

/// The file that is being written, so that a forced stop can take it away.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// No file that a scene names is larger: a mistyped path to a disk image must not fill the memory.
const LARGEST: u64 = 4 << 30;
/// The same for what is no regular file.
const LONGEST_STREAM: u64 = 256 << 20;

/// glTF files by path, as they were read.
pub(crate) type Documents = BTreeMap<String, Arc<Document>>;

/// Reads relative to the current folder, writes relative to `out`.
#[derive(Debug)]
pub(crate) struct Disk {
    out: PathBuf,
    documents: Mutex<Documents>,
}

impl Disk {
    pub(crate) fn new(out: impl Into<PathBuf>) -> Self {
        Self { out: out.into(), documents: Mutex::default() }
    }

    /// With files that have been read already.
    pub(crate) fn with_documents(self, documents: Documents) -> Self {
        Self { documents: Mutex::new(documents), ..self }
    }

    pub(crate) fn read_bytes(&self, path: &str) -> Result<Vec<u8>, String> {
        let metadata = fs::metadata(path).map_err(|e| plain(&e))?;
        if metadata.is_dir() {
            return Err("it is a folder".into());
        }
        // A pipe or a device has no length of its own, and may never end.
        let limit = if metadata.is_file() { LARGEST } else { LONGEST_STREAM };
        let too_large = || format!("it is larger than {} MiB", limit >> 20);
        if metadata.len() > limit {
            return Err(too_large());
        }
        let mut bytes = Vec::with_capacity(metadata.len() as usize);
        let mut file = fs::File::open(path).map_err(|e| plain(&e))?.take(limit + 1);
        file.read_to_end(&mut bytes).map_err(|e| plain(&e))?;
        if bytes.len() as u64 > limit { Err(too_large()) } else { Ok(bytes) }
    }

    /// Finds out before a long run whether `path` will be writable. Leaves nothing behind but folders.
    pub(crate) fn probe(&self, path: &str) -> Result<(), String> {
        let target = self.target(path)?;
        let beside = beside(&target)?;
        fs::File::create(&beside).map_err(|e| format!("{}: {}", target.display(), plain(&e)))?;
        let _ = fs::remove_file(&beside);
        Ok(())
    }

    fn target(&self, path: &str) -> Result<PathBuf, String> {
        let target = self.out.join(path);
        if target.is_dir() {
            return Err(format!("{}: it is a folder", target.display()));
        }
        if let Some(folder) = target.parent().filter(|p| !p.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(|e| format!("{}: {}", folder.display(), plain(&e)))?;
        }
        Ok(target)
    }
}

/// A folder with more names is not listed: it would take long, and serves hints only.
const MOST_NAMES: usize = 20_000;

/// What a folder holds, sorted. Links to folders are left out, and names that are no Unicode.
pub(crate) fn list(folder: &str) -> Option<Vec<Entry>> {
    let mut entries = Vec::new();
    for (count, entry) in fs::read_dir(if folder.is_empty() { "." } else { folder }).ok()?.enumerate() {
        let Ok(entry) = entry else { continue };
        let Ok(mut kind) = entry.file_type() else { continue };
        if count >= MOST_NAMES {
            return None;
        }
        let is_link = kind.is_symlink();
        if is_link && let Ok(target) = fs::metadata(entry.path()) {
            kind = target.file_type();
        }
        let listed = kind.is_file() || kind.is_dir() && !is_link;
        if let (true, Ok(name)) = (listed, entry.file_name().into_string()) {
            entries.push(Entry { name, is_folder: kind.is_dir() });
        }
    }
    entries.sort();
    Some(entries)
}

/// A name in the same folder, so that the rename stays within one file system.
fn beside(target: &Path) -> Result<PathBuf, String> {
    let name = target.file_name().ok_or_else(|| format!("{} names no file", target.display()))?;
    let hidden = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
    Ok(target.with_file_name(hidden))
}

/// Puts other content into a file that exists: it is written beside it with the same mode and renamed, so that the file is
/// never half-written. Links are followed.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), String> {
    replace_all(&[(path, bytes)])
}

/// The same for several files: all are written beside theirs before the first takes its place, and when one can't be, none is changed.
pub(crate) fn replace_all(files: &[(&Path, &[u8])]) -> Result<(), String> {
    let mut ready: Vec<(PathBuf, PathBuf)> = Vec::new();
    let filled = files.iter().try_for_each(|(path, bytes)| {
        let reason = |e: std::io::Error| format!("{}: {}", path.display(), plain(&e));
        let target = fs::canonicalize(path).map_err(reason)?;
        let mode = fs::metadata(&target).map_err(reason)?.permissions();
        if mode.readonly() {
            return Err(format!("{}: permission denied", path.display()));
        }
        ready.push((fill_beside(&target, bytes, Some(mode)).map_err(reason)?, target));
        Ok(())
    });
    let replaced = filled.and_then(|()| {
        let rename = |(beside, target): &(PathBuf, PathBuf)| {
            fs::rename(beside, target).map_err(|e| format!("{}: {}", target.display(), plain(&e)))
        };
        ready.iter().try_for_each(rename)
    });
    if replaced.is_err() {
        for (beside, _) in &ready {
            let _ = fs::remove_file(beside);
        }
    }
    note_unfinished(None);
    replaced
}

/// Writes a file that may be new, as [`replace`] does.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> Result<(), String> {
    if path.is_dir() {
        return Err(format!("{}: it is a folder", path.display()));
    }
    if path.exists() {
        return replace(path, bytes);
    }
    write_beside(path, bytes, None).map_err(|e| format!("{}: {}", path.display(), plain(&e)))
}

/// Puts a folder in the place of another, or nothing when it has no files. It is filled beside it and renamed: whoever reads
/// finds the old one or the new one. The folder that was there must be one that this function has filled: it then holds `mark`.
pub(crate) fn replace_folder(
    folder: &Path,
    mark: (&str, &str),
    files: &mut dyn Iterator<Item = (String, Result<Vec<u8>, String>)>,
) -> Result<(), String> {
    let reason = |path: &Path, e: &std::io::Error| format!("{}: {}", path.display(), plain(e));
    let metadata = fs::symlink_metadata(folder).ok();
    if metadata.is_some_and(|m| !m.is_dir() || !folder.join(mark.0).is_file() && !is_empty(folder)) {
        return Err(format!("{}: it holds something that scenec has not written", folder.display()));
    }
    let part = beside(folder)?;
    note_unfinished(Some(part.clone()));
    let filled = (|| {
        let _ = fs::remove_dir_all(&part);
        let mut is_empty = true;
        for (name, bytes) in files {
            is_empty = false;
            let path = part.join(&name);
            let around = path.parent().unwrap_or(&part);
            fs::create_dir_all(around).map_err(|e| reason(around, &e))?;
            fs::write(&path, bytes?).map_err(|e| reason(&path, &e))?;
        }
        if !is_empty {
            let path = part.join(mark.0);
            fs::write(&path, mark.1).map_err(|e| reason(&path, &e))?;
        }
        let old = part.with_extension("old");
        let _ = fs::remove_dir_all(&old);
        let was_there = folder.exists();
        if was_there {
            fs::rename(folder, &old).map_err(|e| reason(folder, &e))?;
        }
        if !is_empty && let Err(e) = fs::rename(&part, folder) {
            if was_there {
                let _ = fs::rename(&old, folder);
            }
            return Err(reason(folder, &e));
        }
        let _ = fs::remove_dir_all(&old);
        Ok(())
    })();
    let _ = fs::remove_dir_all(&part);
    note_unfinished(None);
    filled
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Writes `target` by way of a file beside it.
fn write_beside(target: &Path, bytes: &[u8], mode: Option<fs::Permissions>) -> std::io::Result<()> {
    let written = fill_beside(target, bytes, mode).and_then(|beside| {
        fs::rename(&beside, target).inspect_err(|_| {
            let _ = fs::remove_file(&beside);
        })
    });
    note_unfinished(None);
    written
}

/// Writes the file beside `target` that is to take its place.
fn fill_beside(target: &Path, bytes: &[u8], mode: Option<fs::Permissions>) -> std::io::Result<PathBuf> {
    let beside = beside(target).map_err(std::io::Error::other)?;
    note_unfinished(Some(beside.clone()));
    let filled = (|| {
        let mut file = fs::File::create(&beside)?;
        if let Some(mode) = mode {
            file.set_permissions(mode)?;
        }
        file.write_all(bytes)?;
        // Some file systems report a full disk only here.
        file.sync_all()
    })();
    match filled {
        Ok(()) => Ok(beside),
        Err(error) => {
            let _ = fs::remove_file(&beside);
            Err(error)
        }
    }
}

/// The operating system's reason without its number.
pub(crate) fn plain(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::StorageFull => "the disk is full".into(),
        std::io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".into(),
        _ => error.to_string(),
    }
}

/// Takes away half-written files.
pub(crate) fn remove_unfinished() {
    if let Ok(mut paths) = UNFINISHED.lock() {
        for path in paths.drain(..) {
            let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        }
    }
}

/// Notes one more file that is being written; `None` when all are done.
fn note_unfinished(path: Option<PathBuf>) {
    if let Ok(mut paths) = UNFINISHED.lock() {
        match path {
            Some(path) => paths.push(path),
            None => paths.clear(),
        }
    }
}

impl scenec_runtime::Files for Disk {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        self.read_bytes(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<String, String> {
        let target = self.target(path)?;
        let written = write_beside(&target, bytes, None);
        written.map_err(|e| format!("{}: {}", target.display(), plain(&e)))?;
        Ok(target.display().to_string())
    }

    fn take_document(&self, path: &str) -> Option<Arc<Document>> {
        self.documents.lock().ok()?.remove(path)
    }
}
