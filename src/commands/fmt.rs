//! `scenec fmt PATH...`: programs in their one layout.

use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::time::Duration;

use scenec_ir::{Diagnostic, SourceMap};
use serde_json::json;
use similar::TextDiff;

use super::program;
use crate::args::{Fmt, MessageFormat};
use crate::disk::{self, Disk};
use crate::{Exit, interrupt, say};

/// The name of standard input on the command line.
const STANDARD_INPUT: &str = "-";
/// A difference that takes longer to find is shown coarser.
const DIFF_TIME: Duration = Duration::from_secs(2);

pub(crate) fn run(args: &Fmt) -> Exit {
    say::EVENTS.store(args.talk.json, Ordering::Relaxed);
    let mut formatter = Formatter { args, disk: Disk::new(""), changed: 0, exit: Exit::Done, count: 0 };
    let mut files = BTreeSet::new();
    for path in &args.paths {
        if path == STANDARD_INPUT {
            formatter.standard_input();
        } else if let Err(message) = find(Path::new(path), &mut files) {
            formatter.fail("E0213", message, "paths are relative to the current folder");
        }
    }
    for file in &files {
        if interrupt::asked() {
            formatter.exit = Exit::Interrupted;
            break;
        }
        formatter.file(file);
    }
    formatter.finish()
}

/// Adds the file, or every program in the folder and below. Hidden folders and links to folders are left out.
fn find(path: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), String> {
    let shown = path.display();
    let reason = |e: std::io::Error| format!("the module `{shown}` can't be read: {}", disk::plain(&e));
    if !fs::metadata(path).map_err(reason)?.is_dir() {
        files.insert(path.to_owned());
        return Ok(());
    }
    let mut folders = vec![path.to_owned()];
    while let Some(folder) = folders.pop() {
        let shown = folder.display();
        let reason = |e: std::io::Error| format!("the folder `{shown}` can't be listed: {}", disk::plain(&e));
        for entry in fs::read_dir(&folder).map_err(reason)? {
            let entry = entry.map_err(reason)?;
            let kind = entry.file_type().map_err(reason)?;
            let path = entry.path();
            if kind.is_dir() && (super::vendor::is_copy(&path) || entry.file_name().to_string_lossy().starts_with('.'))
            {
                continue;
            }
            if kind.is_dir() {
                folders.push(path);
            } else if !kind.is_dir() && path.extension().is_some_and(|e| e == "ngs") && path.is_file() {
                files.insert(path);
            }
        }
    }
    Ok(())
}

struct Formatter<'a> {
    args: &'a Fmt,
    disk: Disk,
    count: usize,
    /// Files whose layout is, or would be, another.
    changed: usize,
    exit: Exit,
}

impl Formatter<'_> {
    fn dry(&self) -> bool {
        self.args.check || self.args.diff
    }

    fn format(&self) -> MessageFormat {
        if self.args.talk.json { MessageFormat::Json } else { MessageFormat::Human }
    }

    fn fail(&mut self, code: &str, message: String, hint: &str) {
        let diagnostic = Diagnostic::bare(code, message).hint(hint);
        program::show(&[diagnostic], &SourceMap::default(), self.format());
        self.failed(if code == "E0650" { Exit::Machine } else { Exit::Program });
    }

    /// The gravest failure is the exit code.
    fn failed(&mut self, exit: Exit) {
        if exit as u8 > self.exit as u8 {
            self.exit = exit;
        }
    }

    fn standard_input(&mut self) {
        let mut bytes = Vec::new();
        // One byte more than a program may have, so that a longer one is refused as such.
        let limit = scenec_grammar::limits::FILE_BYTES as u64 + 1;
        if let Err(error) = std::io::stdin().lock().take(limit).read_to_end(&mut bytes) {
            return self.fail("E0213", format!("standard input can't be read: {error}"), "pipe a program into it");
        }
        let Some((before, after)) = self.read("<stdin>", &bytes) else { return };
        self.tell("<stdin>", &before, &after);
        if !self.dry() && !self.args.talk.json {
            say::text(&after);
        }
    }

    fn file(&mut self, path: &Path) {
        let shown = path.to_string_lossy().replace('\\', "/");
        let bytes = match self.disk.read_bytes(&path.to_string_lossy()) {
            Ok(bytes) => bytes,
            Err(reason) => {
                let message = format!("the module `{shown}` can't be read: {reason}");
                return self.fail("E0213", message, "paths are relative to the current folder");
            }
        };
        let Some((before, after)) = self.read(&shown, &bytes) else { return };
        if before != after
            && !self.dry()
            && let Err(reason) = disk::replace(path, after.as_bytes())
        {
            return self.fail("E0650", reason, "it was left as it is");
        }
        self.tell(&shown, &before, &after);
    }

    /// The text as it is and as it should be; nothing when it has mistakes, which are shown.
    fn read(&mut self, shown: &str, bytes: &[u8]) -> Option<(String, String)> {
        self.count += 1;
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let message =
                    format!("the module `{shown}` is not UTF-8: byte {} begins no letter", error.valid_up_to());
                self.fail("E0218", message, "save the file as UTF-8");
                return None;
            }
        };
        let mut sources = SourceMap::default();
        let file = sources.add(shown, text);
        match scenec_grammar::format(file, text) {
            Ok(after) => Some((text.to_owned(), after)),
            Err(diagnostics) => {
                program::show(&diagnostics, &sources, self.format());
                self.failed(if diagnostics.iter().any(|d| d.code == "E0999") { Exit::Bug } else { Exit::Program });
                None
            }
        }
    }

    fn tell(&mut self, shown: &str, before: &str, after: &str) {
        let changed = before != after;
        self.changed += usize::from(changed);
        let diff = || {
            let diff = TextDiff::configure().timeout(DIFF_TIME).diff_lines(before, after);
            diff.unified_diff().header(shown, &format!("{shown} (formatted)")).to_string()
        };
        if self.args.talk.json {
            let mut event =
                json!({"event": "file", "file": shown, "changed": changed, "written": changed && !self.dry()});
            if shown == "<stdin>" {
                event["written"] = json!(false);
                event["text"] = json!(after);
            }
            if self.args.diff && changed {
                event["diff"] = json!(diff());
            }
            return say::line(&event.to_string());
        }
        if !changed || self.args.talk.quiet {
            return;
        }
        match (self.args.diff, self.args.check) {
            (true, _) => say::text(&diff()),
            (_, true) => say::line(&format!("{shown}: would be formatted")),
            _ if shown != "<stdin>" => say::line(&format!("{shown}: formatted")),
            _ => {}
        }
    }

    fn finish(mut self) -> Exit {
        let (count, changed) = (self.count, self.changed);
        let files = |n: usize| format!("{n} file{}", if n == 1 { "" } else { "s" });
        if self.exit == Exit::Done && self.dry() && changed > 0 {
            self.exit = Exit::Program;
        }
        if self.args.talk.json {
            say::line(
                &json!({"event": "done", "files": count, "changed": changed, "good": self.exit == Exit::Done})
                    .to_string(),
            );
        } else if self.dry() && !self.args.talk.quiet {
            match changed {
                0 => say::error_line(&format!("{} looked at, none would change", files(count))),
                n => say::error_line(&format!("{} of {count} would change", files(n))),
            }
        }
        self.exit
    }
}
