//! `scene.toml`: what a package is called, and the packages that its modules may use.
//!
//! ```toml
//! [package]
//! name = "yard"
//! version = "0.1.0"
//! edition = 1
//!
//! [packages]
//! kits = { path = "../kits" }
//! mira = { git = "https://example.org/mira.git", rev = "c0ffee5eedc0ffee5eedc0ffee5eedc0ffee5eed" }
//! ```

use std::collections::BTreeMap;
use std::ops::Range;

use scenec_ir::{Diagnostic, FileId, Span, Spanned, names};
use toml::Spanned as At;
use toml::de::{DeString, DeTable, DeValue};

/// Name of the file at the root of a package.
pub const MANIFEST: &str = "scene.toml";
/// Largest one in bytes: it is written by hand.
pub const LARGEST_MANIFEST: usize = 1 << 20;
/// The edition that this version reads.
const EDITION: &str = "1";

/// Where a package comes from, as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Origin {
    /// A folder, relative to that of the manifest.
    Path(Spanned<String>),
    /// A revision of a git repository.
    Git {
        /// A URL, or an absolute path on this machine.
        url: Spanned<String>,
        /// The whole hash of a commit, in lower case.
        revision: Spanned<String>,
    },
}

/// A manifest. What has an error is left out.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// It could not be read; its diagnostic exists, and nobody knows what it names.
    pub is_broken: bool,
    /// What the package calls itself.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// By name: the place of the name and where the package comes from; `None` when that has an error.
    pub packages: BTreeMap<String, (Span, Option<Origin>)>,
}

impl Manifest {
    /// Reads a text. Never fails: what is wrong is in `diagnostics`.
    pub fn read(file: FileId, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Self {
        let manifest = Self { is_broken: false, name: None, version: None, packages: BTreeMap::new() };
        let mut reader = Reader { file, text, diagnostics, manifest };
        let (table, errors) = DeTable::parse_recoverable(text);
        match errors.first() {
            // What stands behind a mistake may be read as something else.
            Some(error) => {
                reader.manifest.is_broken = true;
                reader.syntax(error);
            }
            None => reader.top(table.get_ref()),
        }
        reader.manifest
    }
}

type Entry<'t> = (&'t At<DeString<'t>>, &'t At<DeValue<'t>>);

struct Reader<'r> {
    file: FileId,
    text: &'r str,
    diagnostics: &'r mut Vec<Diagnostic>,
    manifest: Manifest,
}

impl Reader<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        // Lines of a table without a header have an empty one.
        let end = range.end.min(self.text.len());
        Span::new(self.file, range.start.min(end), end)
    }

    fn error(&mut self, code: &str, message: String, range: Range<usize>, hint: &str) {
        let diagnostic = Diagnostic::error(code, message, self.span(range)).hint(hint);
        self.diagnostics.push(diagnostic);
    }

    fn syntax(&mut self, error: &toml::de::Error) {
        let range = error.span().unwrap_or(0..0);
        // A mark under a line break would be invisible.
        let visible = self.text.get(range.clone()).is_some_and(|t| !t.trim().is_empty());
        let before = self.text.get(..range.start).unwrap_or(self.text).trim_end_matches(['\n', '\r', ' ']);
        let line = before.rfind('\n').map_or(0, |at| at + 1);
        let range = if visible { range } else { line..before.len() };
        let reason: String = error.message().chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let hint = if reason.contains("duplicate") {
            "every key stands once; two versions of a package have two names"
        } else {
            "texts stand in quotes, `name = \"yard\"`; a package is one line, `kits = { path = \"../kits\" }`"
        };
        self.error("E0230", format!("the file is not TOML: {reason}"), range, hint);
    }

    fn top(&mut self, table: &DeTable<'_>) {
        let known = ["package", "packages"];
        let mut has_package = table.iter().any(|(key, _)| &**key.get_ref() == "package");
        let stray = |key: &str| matches!(key, "name" | "version" | "edition");
        let first =
            table.iter().map(|(key, _)| key).filter(|key| stray(key.get_ref())).min_by_key(|key| key.span().start);
        if let Some(first) = first.filter(|_| !has_package) {
            let start = Span { end: first.span().start as u32, ..self.span(first.span()) };
            let message = format!("`{}` stands in front of `[package]`, which is missing", first.get_ref());
            let diagnostic = Diagnostic::error("E0232", message, self.span(first.span()))
                .hint("a scene.toml begins with a line `[package]`")
                .fix("insert `[package]`", start, "[package]\n");
            self.diagnostics.push(diagnostic);
            has_package = true;
        }
        let is_said = !self.diagnostics.is_empty();
        for (key, value) in table {
            match &**key.get_ref() {
                "package" => {
                    if let Some(table) = self.table((key, value), "[package]` with `name = \"…\"") {
                        self.package(table, key.span());
                    }
                }
                "packages" => {
                    if let Some(table) =
                        self.table((key, value), "[packages]` with lines such as `kits = { path = \"../kits\" }")
                    {
                        table.iter().for_each(|(name, value)| self.named((name, value)));
                    }
                }
                other if stray(other) && is_said => {}
                other => {
                    // `dependencies` of Cargo and npm, `kits = …` without its header.
                    if matches!(other, "dependencies" | "deps" | "imports" | "requires" | "dep") {
                        let span = self.span(key.span());
                        let diagnostic =
                            Diagnostic::error("E0231", format!("`{other}` is no key of a scene.toml"), span)
                                .hint("packages that are used stand below `[packages]`")
                                .fix("write `packages`", span, "packages");
                        self.diagnostics.push(diagnostic);
                        continue;
                    }
                    let hint = stray(other).then(|| format!("`{other}` stands below `[package]`"));
                    self.unknown(key, &known, "of a scene.toml", hint);
                }
            }
        }
        if !has_package {
            let start = Span::new(self.file, 0, 0);
            let name = "[package]\nname = \"my_package\"\n\n";
            let diagnostic = Diagnostic::error("E0232", "the file has no `[package]` with a `name`", start)
                .hint("it begins with `[package]` and a line `name = \"my_package\"`")
                .fix("insert it", start, name);
            self.diagnostics.push(diagnostic);
        }
    }

    fn package(&mut self, table: &DeTable<'_>, header: Range<usize>) {
        let mut has_name = false;
        for (key, value) in table {
            match &**key.get_ref() {
                "name" => {
                    has_name = true;
                    let name = self.text((key, value));
                    if let Some(name) = name.filter(|n| self.is_name(&n.value, n.span)) {
                        self.manifest.name = Some(name.value);
                    }
                }
                "version" => {
                    let Some(version) = self.text((key, value)) else { continue };
                    match is_version(&version.value) {
                        true => self.manifest.version = Some(version.value),
                        false => {
                            let message = format!("`{}` is no version", clip(&version.value));
                            let hint = "a version is three whole numbers: `version = \"1.0.0\"`";
                            self.error("E0232", message, version.span.range(), hint);
                        }
                    }
                }
                "edition" => {
                    let edition = value.get_ref().as_integer().map(|i| i.as_str());
                    if edition != Some(EDITION) {
                        let message = format!("unknown edition `{}`", clip(self.source(value.span())));
                        let hint =
                            "this version reads edition 1, written `edition = 1`; a newer edition needs a newer scenec";
                        self.error("E0232", message, value.span(), hint);
                    }
                }
                _ => self.unknown(key, &["name", "version", "edition"], "of `[package]`", None),
            }
        }
        if !has_name {
            let message = "the package has no `name`".to_owned();
            self.error("E0232", message, header, "give it one below `[package]`: `name = \"my_package\"`");
        }
    }

    /// `kits = { path = "../kits" }`.
    fn named(&mut self, (key, value): Entry<'_>) {
        let name = key.get_ref().to_string();
        let span = self.span(key.span());
        let is_name = self.is_name(&name, span);
        let known = self.diagnostics.len();
        let origin = self.origin((key, value));
        if !is_name {
            // One mistake, one error: nobody can use it, whatever it holds.
            self.diagnostics.truncate(known);
        }
        self.manifest.packages.insert(name, (span, origin));
    }

    fn origin(&mut self, (key, value): Entry<'_>) -> Option<Origin> {
        let name = key.get_ref();
        let DeValue::Table(table) = value.get_ref() else {
            let form = format!("a package is written `{name} = {{ path = \"../{name}\" }}`");
            let diagnostic = Diagnostic::error(
                "E0232",
                format!("the package `{}` is a {}, not a table", clip(name), kind(value.get_ref())),
                self.span(value.span()),
            );
            let diagnostic = match value.get_ref().as_str() {
                // `kits = "../kits"`
                Some(path) if path.contains(['/', '.']) && !path.contains("://") && !is_version(path) => {
                    let written = format!("{{ path = {} }}", self.source(value.span()));
                    diagnostic.hint(form).fix(format!("write `{written}`"), self.span(value.span()), written)
                }
                // `kits = "1.0"`: there is no registry.
                Some(_) => {
                    diagnostic.hint(format!("{form}, or with `git` and `rev`: there is no registry of packages"))
                }
                None => diagnostic.hint(form),
            };
            self.diagnostics.push(diagnostic);
            return None;
        };
        let known = self.diagnostics.len();
        let mut fields: BTreeMap<&str, Spanned<String>> = BTreeMap::new();
        for (key, value) in table {
            match &**key.get_ref() {
                field @ ("path" | "git" | "rev") => {
                    fields.extend(self.text((key, value)).map(|text| (field, text)));
                }
                other => {
                    let is_moving = matches!(other, "branch" | "tag" | "version" | "revision" | "commit" | "ref");
                    let hint =
                        "a revision is pinned by the whole hash of its commit, `rev = \"…\"`: a branch or a tag moves";
                    self.unknown(key, &["path", "git", "rev"], "of a package", is_moving.then(|| hint.to_owned()));
                }
            }
        }
        if self.diagnostics.len() > known {
            return None;
        }
        let (path, url, revision) = (fields.remove("path"), fields.remove("git"), fields.remove("rev"));
        let place = value.span();
        match (path, url, revision) {
            (Some(path), None, None) => self.is_folder(&path).then_some(Origin::Path(path)),
            (None, Some(url), Some(revision)) => {
                let good = self.is_url(&url) & self.is_revision(&url.value, &revision);
                good.then_some(Origin::Git { url, revision })
            }
            (None, Some(url), None) => {
                let message = format!("the package `{}` has no revision", clip(name));
                let hint = format!(
                    "pin it by the whole hash of a commit, `rev = \"…\"`: `git ls-remote {}` lists them",
                    url.value
                );
                self.error("E0232", message, place, &hint);
                None
            }
            (Some(_), ..) => {
                let message = format!("the package `{}` has two sources", clip(name));
                self.error("E0232", message, place, "a package has either a `path`, or `git` and `rev`");
                None
            }
            (None, None, _) => {
                let message = format!("the package `{}` has no source", clip(name));
                let hint = format!("write `{name} = {{ path = \"../{name}\" }}`, or `git` and `rev`");
                self.error("E0232", message, place, &hint);
                None
            }
        }
    }

    fn is_folder(&mut self, path: &Spanned<String>) -> bool {
        let text = &path.value;
        let (message, hint) = if text.contains('\\') {
            (format!("`\\` in the path `{}`", clip(text)), "folders are separated by `/`".to_owned())
        } else if text.contains("://") {
            (format!("`{}` is no path", clip(text)), "a repository is named with `git` and `rev`".to_owned())
        } else if text.starts_with('~') {
            (
                format!("`~` in the path `{}`", clip(text)),
                format!("paths are relative to the folder of this {MANIFEST}"),
            )
        } else if text.chars().any(char::is_control) {
            (format!("a control character in the path `{}`", clip(text)), "write the path as it is on disk".to_owned())
        } else if text.ends_with(".toml") || text.ends_with(".ngs") {
            let hint = format!("name the folder in which its {MANIFEST} stands");
            (format!("`{}` names a file, not a folder", clip(text)), hint)
        } else {
            return true;
        };
        self.error("E0232", message, path.span.range(), &hint);
        false
    }

    fn is_url(&mut self, url: &Spanned<String>) -> bool {
        let text = &url.value;
        let plain = !text.starts_with('-') && !text.chars().any(|c| c.is_control() || c.is_whitespace());
        let known = ["https://", "ssh://", "file:///", "git://", "http://", "/"].iter().any(|s| text.starts_with(s));
        // `git@example.org:kits.git`; with `::` git would run a program of that name.
        let host = text.split_once(':').is_some_and(|(host, path)| {
            host.contains('@') && !host.contains('/') && !path.starts_with(':') && !path.is_empty()
        });
        let drive = text.get(1..3) == Some(":/") && text.starts_with(|c: char| c.is_ascii_alphabetic());
        if plain && (known || host || drive) {
            return true;
        }
        let hint = "write a URL such as `https://example.org/kits.git`, or the absolute path of a repository";
        self.error("E0232", format!("`{}` is no address of a git repository", clip(text)), url.span.range(), hint);
        false
    }

    fn is_revision(&mut self, url: &str, revision: &Spanned<String>) -> bool {
        let text = &revision.value;
        let is_hash = text.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        if is_hash && matches!(text.len(), 40 | 64) {
            return true;
        }
        let hint = match text.bytes().all(|b| b.is_ascii_hexdigit()) && text.len() >= 7 {
            true if matches!(text.len(), 40 | 64) => "write it in lower case".to_owned(),
            true => format!(
                "a part of a hash may mean another commit later: `git rev-parse {}` prints the whole",
                clip(text)
            ),
            false => format!(
                "a branch or a tag moves: write the 40 digits of its commit, which `git ls-remote {url} {}` prints",
                clip(text)
            ),
        };
        self.error("E0232", format!("`{}` is no full revision", clip(text)), revision.span.range(), &hint);
        false
    }

    fn is_name(&mut self, name: &str, span: Span) -> bool {
        let mut letters = name.chars();
        let first = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        if first && letters.all(|c| c.is_ascii_alphanumeric() || c == '_') && name.len() <= 255 {
            return true;
        }
        let message = format!("`{}` is no name of a package", clip(name));
        let mut near: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        if near.starts_with(|c: char| c.is_ascii_digit()) {
            near.insert(0, '_');
        }
        let hint = match near.trim_matches('_') {
            "" => "a name is made of letters, digits and `_`".to_owned(),
            _ => format!("a name is made of letters, digits and `_`: `{}`", clip(&near)),
        };
        self.error("E0232", message, span.range(), &hint);
        false
    }

    fn table<'t>(&mut self, (key, value): Entry<'t>, form: &str) -> Option<&'t DeTable<'t>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{}` is a {}, not a table", key.get_ref(), kind(value.get_ref()));
            self.error("E0232", message, key.span(), &format!("it is written `{form}`"));
        }
        table
    }

    fn text(&mut self, (key, value): Entry<'_>) -> Option<Spanned<String>> {
        let span = self.span(value.span());
        let Some(text) = value.get_ref().as_str() else {
            let key = key.get_ref();
            let message = format!("`{key}` is a {}, not a text", kind(value.get_ref()));
            let hint = match value.get_ref() {
                DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
                    format!("write it in quotes: `{key} = \"{}\"`", self.source(value.span()))
                }
                _ => format!("it is written `{key} = \"…\"`"),
            };
            self.error("E0232", message, value.span(), &hint);
            return None;
        };
        if text.trim().is_empty() {
            let message = format!("`{}` is empty", key.get_ref());
            self.error("E0232", message, value.span(), "write what is meant between the quotes");
            return None;
        }
        Some(Spanned::new(text.to_owned(), span))
    }

    fn unknown(&mut self, key: &At<DeString<'_>>, known: &[&str], of: &str, hint: Option<String>) {
        let name = key.get_ref();
        let span = self.span(key.span());
        let diagnostic = Diagnostic::error("E0231", format!("`{}` is no key {of}", clip(name)), span);
        self.diagnostics.push(match (hint, names::closest(name, known.iter().copied())) {
            (Some(hint), _) => diagnostic.hint(hint),
            (None, Some(close)) => {
                diagnostic.hint(format!("did you mean `{close}`?")).fix(format!("write `{close}`"), span, close)
            }
            (None, None) => {
                let known: Vec<_> = known.iter().map(|k| format!("`{k}`")).collect();
                diagnostic.hint(format!("known keys are {}", known.join(", ")))
            }
        });
    }

    fn source(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }
}

/// `1.0.0`, `1.2.0-beta.1`.
fn is_version(text: &str) -> bool {
    let (core, rest) = text.split_once(['-', '+']).unwrap_or((text, "x"));
    let numbers: Vec<&str> = core.split('.').collect();
    let number = |n: &&str| !n.is_empty() && n.len() < 10 && n.bytes().all(|b| b.is_ascii_digit());
    let rest = !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b".-+".contains(&b));
    numbers.len() == 3 && numbers.iter().all(number) && rest
}

fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "number",
        DeValue::Boolean(_) => "truth value",
        DeValue::Datetime(_) => "date",
        DeValue::Array(_) => "list",
        DeValue::Table(_) => "table",
    }
}

/// The beginning of a text, on one line.
fn clip(text: &str) -> String {
    text.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[package]\nname = \"yard\"\nversion = \"1.0.0-beta.1\"\nedition = 1\n\n[packages]\nkits = { path = \"../kits\" }\nmira = { git = \"git@example.org:mira.git\", rev = \"3c0f2a9f0d6b1d6d1e2b8f2f3a0c4e5d6f708192\" }\n";

    fn read(text: &str) -> (Manifest, Vec<Diagnostic>) {
        let mut found = Vec::new();
        let manifest = Manifest::read(FileId(0), text, &mut found);
        (manifest, found)
    }

    #[test]
    fn a_manifest_is_read_with_its_places() {
        for text in [GOOD.to_owned(), GOOD.replace('\n', "\r\n"), format!("\u{feff}{GOOD}")] {
            let (manifest, found) = read(&text);
            assert_eq!(found, []);
            assert_eq!(manifest.name.as_deref(), Some("yard"));
            assert_eq!(manifest.version.as_deref(), Some("1.0.0-beta.1"));
            let (place, origin) = &manifest.packages["kits"];
            assert_eq!(&text[place.range()], "kits");
            let Some(Origin::Path(path)) = origin else { panic!("{origin:?}") };
            assert_eq!((path.value.as_str(), &text[path.span.range()]), ("../kits", "\"../kits\""));
            assert!(matches!(manifest.packages["mira"].1, Some(Origin::Git { .. })));
        }
    }

    #[test]
    fn addresses_that_run_programs_are_none() {
        for (url, good) in [
            ("https://example.org/a.git", true),
            ("ssh://git@example.org/a", true),
            ("file:///srv/a.git", true),
            ("git@example.org:a.git", true),
            ("/srv/a.git", true),
            ("ext::sh -c x", false),
            ("git@x::y", false),
            ("--upload-pack=x", false),
            ("../a.git", false),
            ("https://example.org/a b", false),
            ("fd::17", false),
            ("", false),
        ] {
            let (_, found) = read(&GOOD.replace("git@example.org:mira.git", url));
            assert_eq!(found.is_empty(), good, "{url}: {found:?}");
        }
    }

    #[test]
    fn no_text_is_too_much() {
        // xorshift64: the same texts everywhere.
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut random = |n: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % n.max(1) as u64) as usize
        };
        let bits =
            ["[", "]", "{", "}", "=", "\"", "'", "\n", ".", ",", "é", "\u{0}", "#", "[[a]]", "1e9", "\"\"\"", "\\"];
        for _ in 0..20_000 {
            let mut text: Vec<char> = GOOD.chars().collect();
            for _ in 0..1 + random(4) {
                let from = random(text.len() + 1);
                let to = (from + random(9)).min(text.len());
                let with: Vec<char> =
                    if random(2) == 0 { bits[random(bits.len())].chars().collect() } else { Vec::new() };
                text.splice(from..to, with);
            }
            let text: String = text.into_iter().collect();
            for d in read(&text).1 {
                let places = d.span.into_iter().chain(d.fix.iter().flat_map(|f| f.edits.iter().map(|e| e.span)));
                assert!(d.hint.is_some() && !d.message.contains('\n'), "{d:?} of {text}");
                places.for_each(|s| assert!(text.get(s.range()).is_some(), "{d:?} of {text}"));
            }
        }
        let deep = format!("a = {}", "[".repeat(100_000));
        assert_eq!(read(&deep).1.len(), 1);
    }
}
