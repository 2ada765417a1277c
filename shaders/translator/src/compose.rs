//! `//!include "family/name.wgsl"`: WGSL has no imports, so text is put together before it is parsed.

use crate::Error;
use std::path::{Component, Path};

const DIRECTIVE: &str = "//!include";

/// WGSL text made of several files, which knows where each of its lines came from.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The text, with every include line replaced by the file it names.
    pub text: String,
    /// The files in order of first use, relative to the root; the first is the one that was asked for.
    pub files: Vec<String>,
    /// For each line of `text`: index into `files`, and line there, from 1.
    lines: Vec<(usize, u32)>,
}

impl Composed {
    /// File and line (from 1) of line `line` (from 1) of the composed text.
    pub fn origin(&self, line: u32) -> (&str, u32) {
        let index = (line.max(1) as usize - 1).min(self.lines.len().saturating_sub(1));
        match self.lines.get(index) {
            Some(&(file, line)) => (&self.files[file], line),
            // An empty file has no lines.
            None => (&self.files[0], 0),
        }
    }

    /// An error at a span of the composed text.
    pub fn error(&self, span: naga::Span, message: impl Into<String>) -> Error {
        if !span.is_defined() {
            return Error::of_file(self.files[0].clone(), message);
        }
        let at = span.location(&self.text);
        let (file, line) = self.origin(at.line_number);
        Error { file: file.to_owned(), line, column: at.line_position, message: message.into() }
    }
}

/// Reads `file` (relative to `root`) and resolves its includes, recursively, each file once.
pub fn compose(root: &Path, file: &str) -> Result<Composed, Error> {
    compose_with(file, &|name| std::fs::read_to_string(root.join(name)).map_err(|e| e.to_string()))
}

/// [`compose`] with the files coming from a function.
pub fn compose_with(file: &str, read: &dyn Fn(&str) -> Result<String, String>) -> Result<Composed, Error> {
    let mut out = Composed { text: String::new(), files: Vec::new(), lines: Vec::new() };
    let text = read(file).map_err(|e| Error::of_file(file, format!("cannot be read: {e}")))?;
    append(&mut out, file, &text, read)?;
    Ok(out)
}

fn append(
    out: &mut Composed,
    file: &str,
    text: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<(), Error> {
    let index = out.files.len();
    out.files.push(file.to_owned());
    for (number, line) in (1u32..).zip(text.lines()) {
        let Some(rest) = line.trim_start().strip_prefix(DIRECTIVE) else {
            out.text.push_str(line);
            out.text.push('\n');
            out.lines.push((index, number));
            continue;
        };
        let at = |message: String| Error { file: file.to_owned(), line: number, column: 1, message };
        let name = included_name(rest).map_err(at)?;
        if out.files.contains(&name) {
            continue;
        }
        let text = read(&name).map_err(|e| at(format!("include {name:?} cannot be read: {e}")))?;
        append(out, &name, &text, read)?;
    }
    Ok(())
}

fn included_name(rest: &str) -> Result<String, String> {
    let form = || format!("write {DIRECTIVE} \"family/name.wgsl\", a path relative to the folder of kernels");
    let name = rest.trim().strip_prefix('"').and_then(|r| r.strip_suffix('"')).ok_or_else(form)?;
    let plain = !name.is_empty() && Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
    if plain && !name.contains(['"', '\\']) { Ok(name.to_owned()) } else { Err(form()) }
}
