//! `scene.lock`: what programs read, pinned by digest.
//!
//! ```toml
//! version = 1
//! programs = [
//!     "scene.ngs",
//! ]
//!
//! [[package]]
//! path = "."
//! name = "yard"
//!
//! [package.files]
//! "scene.ngs" = "d74981efa70a0c880b8d8c1985d075dbcbf679b99a5f9914e5aaf96b831a9e24"
//! ```
//!
//! Everything is sorted and every file has a line of its own, so two changes of different files merge. Packages are named by
//! where they come from and files by their place in them: copies below `vendor` have the lock of their originals.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use scenec_ir::{Diagnostic, FileId, Span};
use toml::Spanned as At;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use super::Source;

/// Name of the file, beside the manifest of the program's package.
pub const LOCK: &str = "scene.lock";
/// Largest one in bytes.
pub const LARGEST_LOCK: usize = 64 << 20;
const VERSION: &str = "1";

/// A digest, and where the lock says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// BLAKE3 of the content, 64 digits in lower case.
    pub digest: String,
    /// The place of the file's name, for a lock that was read.
    pub span: Option<Span>,
}

/// What of one package is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LockedPackage {
    /// What it calls itself.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// By path within the package.
    pub files: BTreeMap<String, Pinned>,
}

/// A lock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Programs that were read for it, by path within the package.
    pub programs: BTreeSet<String>,
    /// Packages by where they come from.
    pub packages: BTreeMap<Source, LockedPackage>,
}

impl Lock {
    /// The lock as text.
    pub fn to_text(&self) -> String {
        let mut out =
            "# Written by `scenec lock`: the files that the programs read. `--frozen` refuses any other.\n".to_owned();
        let _ = writeln!(out, "version = {VERSION}\nprograms = [");
        self.programs.iter().for_each(|p| out += &format!("    {},\n", quoted(p)));
        out.push_str("]\n");
        for (source, package) in &self.packages {
            out.push_str("\n[[package]]\n");
            let mut field = |key: &str, value: &str| out += &format!("{key} = {}\n", quoted(value));
            match source {
                Source::Path(path) => field("path", if path.is_empty() { "." } else { path }),
                Source::Git { url, revision, folder } => {
                    field("git", url);
                    field("rev", revision);
                    if !folder.is_empty() {
                        field("folder", folder);
                    }
                }
            }
            package.name.iter().for_each(|name| field("name", name));
            package.version.iter().for_each(|version| field("version", version));
            out.push_str("\n[package.files]\n");
            package
                .files
                .iter()
                .for_each(|(path, pinned)| out += &format!("{} = {}\n", quoted(path), quoted(&pinned.digest)));
        }
        out
    }

    /// Reads what [`Lock::to_text`] wrote.
    ///
    /// # Errors
    /// A diagnostic with the place of what is no lock.
    pub fn read(file: FileId, text: &str) -> Result<Self, Box<Diagnostic>> {
        let reader = Reader { file, text };
        let table = DeTable::parse(text).map_err(|error| {
            let merged = text.lines().any(|l| l.starts_with("<<<<<<< ") || l.starts_with(">>>>>>> "));
            let reason = if merged { "it holds the marks of a merge".to_owned() } else { error.message().to_owned() };
            let reason: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            reader.error(error.span().unwrap_or(0..0), &reason)
        })?;
        reader.lock(table.get_ref())
    }
}

/// A TOML text in double quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() => out += &format!("\\U{:08X}", u32::from(c)),
            c => out.push(c),
        }
    }
    out + "\""
}

type Value<'t> = At<DeValue<'t>>;

struct Reader<'r> {
    file: FileId,
    text: &'r str,
}

impl Reader<'_> {
    fn error(&self, range: std::ops::Range<usize>, reason: &str) -> Box<Diagnostic> {
        let end = range.end.min(self.text.len());
        let span = Span::new(self.file, range.start.min(end), end);
        let diagnostic = Diagnostic::error("E0670", format!("the lock can't be read: {reason}"), span);
        diagnostic
            .hint("it is written by `scenec lock FILE`, not by hand: write it anew, or take it back from git")
            .into()
    }

    fn lock(&self, table: &DeTable<'_>) -> Result<Lock, Box<Diagnostic>> {
        let mut lock = Lock::default();
        let version = table.get("version").map(|v| (v.get_ref().as_integer().map(|i| i.as_str()), v.span()));
        match version {
            Some((Some(VERSION), _)) => {}
            Some((_, span)) => return Err(self.error(span, "this version of scenec reads version 1")),
            None => return Err(self.error(0..0, "it has no `version`")),
        }
        for (key, value) in table {
            match &**key.get_ref() {
                "version" => {}
                "programs" => {
                    for program in self.list(value)?.iter() {
                        lock.programs.insert(self.string(program)?);
                    }
                }
                "package" => {
                    for package in self.list(value)?.iter() {
                        let (source, package_) = self.package(package)?;
                        if lock.packages.insert(source, package_).is_some() {
                            return Err(self.error(package.span(), "a package stands twice"));
                        }
                    }
                }
                _ => return Err(self.unknown(key)),
            }
        }
        Ok(lock)
    }

    fn package(&self, value: &Value<'_>) -> Result<(Source, LockedPackage), Box<Diagnostic>> {
        let table = value.get_ref().as_table().ok_or_else(|| self.error(value.span(), "a package is a table"))?;
        let mut package = LockedPackage::default();
        let mut fields: BTreeMap<&str, String> = BTreeMap::new();
        for (key, value) in table {
            match &**key.get_ref() {
                field @ ("path" | "git" | "rev" | "folder") => drop(fields.insert(field, self.string(value)?)),
                "name" => package.name = Some(self.string(value)?),
                "version" => package.version = Some(self.string(value)?),
                "files" => {
                    let files = value.get_ref().as_table();
                    for (path, digest) in files.ok_or_else(|| self.error(value.span(), "`files` is no table"))? {
                        let span = Span::new(self.file, path.span().start, path.span().end);
                        let pinned = Pinned { digest: self.digest(digest)?, span: Some(span) };
                        package.files.insert(self.inside(path)?, pinned);
                    }
                }
                _ => return Err(self.unknown(key)),
            }
        }
        let source = match (fields.remove("path"), fields.remove("git"), fields.remove("rev")) {
            (Some(path), None, None) => Source::Path(if path == "." { String::new() } else { path }),
            (None, Some(url), Some(revision)) => {
                Source::Git { url, revision, folder: fields.remove("folder").unwrap_or_default() }
            }
            _ => return Err(self.error(value.span(), "a package has either a `path`, or `git` and `rev`")),
        };
        Ok((source, package))
    }

    /// A path that stays in its package: the lock of a stranger makes nobody read other files.
    fn inside(&self, path: &At<DeString<'_>>) -> Result<String, Box<Diagnostic>> {
        let text = path.get_ref();
        match super::within("", text) && crate::world::join("", text) == **text {
            true => Ok(text.to_string()),
            false => Err(self.error(path.span(), &format!("`{text}` is no path of a file in a package"))),
        }
    }

    fn digest(&self, value: &Value<'_>) -> Result<String, Box<Diagnostic>> {
        let text = self.string(value)?;
        let is_digest = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        if is_digest { Ok(text) } else { Err(self.error(value.span(), "a digest has 64 digits")) }
    }

    fn list<'t>(&self, value: &'t Value<'t>) -> Result<&'t DeArray<'t>, Box<Diagnostic>> {
        value.get_ref().as_array().ok_or_else(|| self.error(value.span(), "a list stands here"))
    }

    fn string(&self, value: &Value<'_>) -> Result<String, Box<Diagnostic>> {
        let text = value.get_ref().as_str().ok_or_else(|| self.error(value.span(), "a text stands here"))?;
        Ok(text.to_owned())
    }

    fn unknown(&self, key: &At<DeString<'_>>) -> Box<Diagnostic> {
        self.error(key.span(), &format!("`{}` is no key of it", key.get_ref()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Lock {
        let mut lock = Lock { programs: ["b.ngs", "a.ngs"].map(str::to_owned).into(), ..Lock::default() };
        let pin = |text: &str| Pinned { digest: blake3::hash(text.as_bytes()).to_hex().to_string(), span: None };
        let files = |names: &[&str]| names.iter().map(|n| ((*n).to_owned(), pin(n))).collect();
        let kits =
            LockedPackage { name: Some("kits".into()), version: Some("1.0.0".into()), files: files(&["quay.ngs"]) };
        let odd = files(&["a \"b\".glb", "größe\u{7}.ngs", "scene.toml"]);
        lock.packages.insert(Source::own(), LockedPackage { name: Some("yard".into()), version: None, files: odd });
        lock.packages.insert(Source::Path("../kits".into()), kits.clone());
        let (url, revision) = ("https://example.org/m.git".to_owned(), "3c".repeat(20));
        lock.packages.insert(Source::Git { url, revision, folder: "parts".into() }, kits);
        lock
    }

    fn without_places(mut lock: Lock) -> Lock {
        lock.packages.values_mut().flat_map(|p| p.files.values_mut()).for_each(|p| p.span = None);
        lock
    }

    #[test]
    fn a_lock_comes_back() {
        let text = sample().to_text();
        let read = Lock::read(FileId(0), &text).expect("a lock");
        assert_eq!(without_places(read.clone()), sample());
        assert_eq!(read.to_text(), text);
        // One file is one line.
        let mut other = sample();
        other
            .packages
            .get_mut(&Source::own())
            .expect("it")
            .files
            .insert("zebra.glb".into(), Pinned { digest: "0".repeat(64), span: None });
        let more: Vec<String> =
            other.to_text().lines().map(str::to_owned).filter(|l| !text.lines().any(|t| t == l)).collect();
        assert_eq!(more, [format!("\"zebra.glb\" = \"{}\"", "0".repeat(64))]);
    }

    #[test]
    fn what_is_no_lock_is_refused() {
        let good = sample().to_text();
        for (from, to, reason) in [
            ("version = 1\n", "version = 2\n", "reads version 1"),
            ("version = 1\n", "", "no `version`"),
            ("[[package]]", "<<<<<<< HEAD\n[[package]]", "marks of a merge"),
            ("\"quay.ngs\"", "\"../quay.ngs\"", "no path of a file"),
            ("\"quay.ngs\"", "\"/quay.ngs\"", "no path of a file"),
            ("\"quay.ngs\"", "\"a/../quay.ngs\"", "no path of a file"),
            ("path = \"../kits\"", "git = \"../kits\"", "either a `path`"),
            ("path = \"../kits\"", "path = 3", "a text stands here"),
            ("path = \"../kits\"", "path = \".\"", "stands twice"),
            ("programs = [", "program = [", "no key of it"),
        ] {
            assert!(good.contains(from), "{from}");
            let error = Lock::read(FileId(0), &good.replacen(from, to, 1)).expect_err(to);
            assert!(error.code == "E0670" && error.message.contains(reason), "{to}: {}", error.message);
        }
        let digest = blake3::hash(b"quay.ngs").to_hex().to_string();
        let error = Lock::read(FileId(0), &good.replace(&digest, &digest[1..])).expect_err("a short digest");
        assert!(error.message.contains("64 digits"), "{}", error.message);
    }
}
