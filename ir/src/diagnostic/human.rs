//! The human form of one diagnostic: headline, excerpts with marks, hint and fix.

use unicode_width::UnicodeWidthChar;

use super::{Diagnostic, Fix, Severity};
use crate::{FileId, SourceFile, SourceMap, Span};

const RED: &str = "1;31";
const YELLOW: &str = "1;33";
const BLUE: &str = "1;34";
const CYAN: &str = "1;36";
const GREEN: &str = "1;32";
const BOLD: &str = "1";

/// Columns of a tab stop.
const TAB: usize = 4;
/// Bytes of a line that are looked at in front of and behind a mark.
const NEAR: usize = 400;
/// Marks of one diagnostic that are drawn.
const MARKS: usize = 12;

/// How the human form looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// ANSI colours.
    pub color: bool,
    /// Columns of the terminal. Longer source lines are cropped around their marks, longer hints are wrapped.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 120 }
    }
}

/// A stretch of one line to underline.
struct Mark {
    line: usize,
    /// Bytes within the line.
    from: usize,
    to: usize,
    text: String,
    primary: bool,
}

pub(super) struct Page<'a> {
    sources: &'a SourceMap,
    style: &'a Style,
    out: &'a mut String,
}

impl<'a> Page<'a> {
    pub(super) fn new(sources: &'a SourceMap, style: &'a Style, out: &'a mut String) -> Self {
        Self { sources, style, out }
    }

    fn paint(&self, color: &str, text: &str) -> String {
        if self.style.color && !text.is_empty() { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn file(&self, id: FileId) -> Option<&'a SourceFile> {
        self.sources.files().find(|(other, _)| *other == id).map(|(_, file)| file)
    }

    pub(super) fn diagnostic(&mut self, d: &Diagnostic) {
        let (word, color) = match d.severity {
            Severity::Error => ("error", RED),
            Severity::Warning => ("warning", YELLOW),
        };
        let head = self.paint(color, &format!("{word}[{}]", d.code));
        let prefix = word.len() + d.code.len() + 4;
        for (i, part) in wrap(&tame(&d.message), self.style.width.saturating_sub(prefix)).iter().enumerate() {
            let message = self.paint(BOLD, part);
            match i {
                0 => self.line(&format!("{head}: {message}")),
                _ => self.line(&format!("{}{message}", " ".repeat(prefix))),
            }
        }
        let mut spans: Vec<(Span, &str, bool)> = d.span.iter().map(|&s| (s, d.label.as_str(), true)).collect();
        spans.extend(d.because.iter().map(|b| (b.span, b.text.as_str(), false)));
        let mut files: Vec<FileId> = Vec::new();
        for (span, ..) in &spans {
            if !files.contains(&span.file) {
                files.push(span.file);
            }
        }
        let gutter = spans
            .iter()
            .filter_map(|(span, ..)| Some(self.file(span.file)?.position(span.end.max(span.start)).0))
            .max()
            .map_or(1, |line| line.to_string().len());
        for (i, &id) in files.iter().enumerate() {
            let Some(file) = self.file(id) else { continue };
            let here: Vec<_> = spans.iter().filter(|s| s.0.file == id).collect();
            let arrow = if i == 0 { "-->" } else { ":::" };
            let (line, column) = file.position(here[0].0.start);
            let place = format!("{}:{line}:{column}", tame(&file.path));
            let place = crop_end(&place, self.style.width.saturating_sub(gutter + 5));
            let arrow = self.paint(BLUE, arrow);
            self.line(&format!("{}{arrow} {place}", " ".repeat(gutter)));
            let marks: Vec<Mark> =
                here.iter().flat_map(|(span, text, primary)| marks(file, *span, text, *primary)).collect();
            self.excerpt(file, marks, gutter, color);
        }
        let after = if spans.is_empty() { 1 } else { gutter };
        if let Some(hint) = &d.hint {
            self.note(after, CYAN, "hint", hint);
        }
        if let Some(fix) = &d.fix {
            self.note(after, GREEN, "fix", &fix.title);
            self.patch(fix, gutter);
        }
    }

    fn bar(&self, gutter: usize) -> String {
        format!("{} {}", " ".repeat(gutter), self.paint(BLUE, "|"))
    }

    fn excerpt(&mut self, file: &SourceFile, mut marks: Vec<Mark>, gutter: usize, color: &str) {
        marks.truncate(MARKS);
        // By line; within one, the primary mark stands first.
        marks.sort_by_key(|m| (m.line, !m.primary, m.from));
        let bar = self.bar(gutter);
        self.line(&bar);
        let mut last = 0;
        let mut rest = marks.as_slice();
        while let Some(first) = rest.first() {
            let count = rest.iter().take_while(|m| m.line == first.line).count();
            let (here, others) = rest.split_at(count);
            rest = others;
            if last > 0 && first.line == last + 2 {
                self.source_line(file, last + 1, gutter, 0);
            } else if last > 0 && first.line > last + 1 {
                let dots = self.paint(BLUE, "...");
                self.line(&dots);
            }
            last = first.line;
            let from = self.source_line(file, first.line, gutter, first.from);
            for mark in here {
                self.underline(file, mark, gutter, from, color);
            }
        }
        self.line(&bar);
    }

    fn room(&self, gutter: usize) -> usize {
        self.style.width.max(40) - gutter - 4
    }

    /// Writes a line from a byte at which the mark at `near` can be seen; returns that byte.
    fn source_line(&mut self, file: &SourceFile, line: usize, gutter: usize, near: usize) -> usize {
        let text = file.line(line);
        let room = self.room(gutter);
        let from = window(text, near, room);
        let shown = cells(text, from, room);
        let number = self.paint(BLUE, &format!("{line:>gutter$} |"));
        self.line(&format!("{number} {shown}"));
        from
    }

    fn underline(&mut self, file: &SourceFile, mark: &Mark, gutter: usize, from: usize, color: &str) {
        let text = file.line(mark.line);
        let room = self.room(gutter);
        // A cropped line begins with an ellipsis.
        let start = usize::from(from > 0) + columns(text, from, mark.from.max(from));
        let end = usize::from(from > 0) + columns(text, from, mark.to.max(from));
        let start = start.min(room - 1);
        let width = end.min(room).saturating_sub(start).max(1);
        let sign = if mark.primary { "^" } else { "-" };
        let ink = if mark.primary { color } else { BLUE };
        let bar = self.bar(gutter);
        let label = tame(&mark.text);
        let left = room.saturating_sub(start + width + 1);
        let line = self.paint(ink, &sign.repeat(width));
        if label.is_empty() || left >= label.chars().count() {
            let label = self.paint(ink, &label);
            return self.line(&format!("{bar} {}{line} {label}", " ".repeat(start)));
        }
        self.line(&format!("{bar} {}{line}", " ".repeat(start)));
        for part in wrap(&label, room) {
            let part = self.paint(ink, &part);
            self.line(&format!("{bar} {part}"));
        }
    }

    fn note(&mut self, gutter: usize, color: &str, word: &str, text: &str) {
        let indent = gutter + 3 + word.len() + 2;
        for (i, part) in wrap(&tame(text), self.style.width.saturating_sub(indent)).iter().enumerate() {
            if i == 0 {
                let sign = self.paint(BLUE, "=");
                let word = self.paint(color, &format!("{word}:"));
                self.line(&format!("{} {sign} {word} {part}", " ".repeat(gutter)));
            } else {
                self.line(&format!("{}{part}", " ".repeat(indent)));
            }
        }
    }

    /// The first changed line as it will be; nothing when the change is not within one line.
    fn patch(&mut self, fix: &Fix, gutter: usize) {
        let Some(first) = fix.edits.first() else { return };
        let Some(file) = self.file(first.span.file) else { return };
        let line = file.position(first.span.start).0;
        let text = file.line(line);
        let Some(line_start) = start_of(file, line) else { return };
        let mut edits: Vec<_> = fix.edits.iter().filter(|e| e.span.file == first.span.file).collect();
        edits.sort_by_key(|e| e.span);
        let mut patched = String::new();
        let mut at = 0;
        for edit in edits {
            let (from, to) = (edit.span.start as usize, edit.span.end as usize);
            if from < line_start || from > line_start + text.len() {
                continue;
            }
            let (from, to) = (from - line_start, to.saturating_sub(line_start));
            let Some(kept) = text.get(at..from) else { return };
            if to > text.len() || to < from || text.len() > 4 * NEAR || edit.text.contains('\n') {
                return;
            }
            patched.push_str(kept);
            patched.push_str(&edit.text);
            at = to;
        }
        let Some(kept) = text.get(at..) else { return };
        patched.push_str(kept);
        if patched.trim().is_empty() || patched == text {
            return;
        }
        let near = first.span.start as usize - line_start;
        let room = self.room(gutter);
        let from = window(&patched, near.min(patched.len()), room);
        let shown = cells(&patched, from, room);
        let number = self.paint(GREEN, &format!("{line:>gutter$} +"));
        self.line(&format!("{number} {shown}"));
    }
}

fn start_of(file: &SourceFile, line: usize) -> Option<usize> {
    let text = file.line(line);
    // Both are parts of one text.
    (text.as_ptr() as usize).checked_sub(file.text.as_ptr() as usize).filter(|&at| at <= file.text.len())
}

/// One mark, or two for a span of several lines: its first line to the end, its last line to the span's end.
fn marks(file: &SourceFile, span: Span, text: &str, primary: bool) -> Vec<Mark> {
    let (start, end) = (span.start.min(span.end), span.end.max(span.start));
    let (first, _) = file.position(start);
    let (last, _) = file.position(if end > start { end - 1 } else { start });
    let mark =
        |line: usize, from: usize, to: usize, text: &str| Mark { line, from, to, text: text.to_owned(), primary };
    let Some(origin) = start_of(file, first) else { return Vec::new() };
    let from = (start as usize).saturating_sub(origin).min(file.line(first).len());
    let length = file.line(first).len();
    if first == last || last < first {
        let to = (end as usize).saturating_sub(origin).min(length);
        return vec![mark(first, from, to, text)];
    }
    let tail = file.line(last);
    let indent = tail.len() - tail.trim_start().len();
    let Some(origin) = start_of(file, last) else { return Vec::new() };
    let to = (end as usize).saturating_sub(origin).min(tail.len());
    vec![mark(first, from, length, ""), mark(last, indent.min(to), to, text)]
}

fn boundary(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// First byte to show so that the mark at `near` is on the page.
fn window(text: &str, near: usize, room: usize) -> usize {
    let near = boundary(text, near);
    let start = boundary(text, near.saturating_sub(NEAR));
    let whole = start == 0 && text.len() <= 2 * NEAR && columns(text, 0, text.len()) <= room;
    if whole || start == 0 && columns(text, 0, near) < room * 2 / 3 {
        return 0;
    }
    // A third of the room stands in front of the mark.
    let mut from = near;
    let mut used = 0;
    for (at, c) in text[start..near].char_indices().rev() {
        used += width(c, 0);
        if used > room / 3 {
            break;
        }
        from = start + at;
    }
    from
}

fn width(c: char, column: usize) -> usize {
    match c {
        '\t' => TAB - column % TAB,
        c if is_wild(c) => 1,
        c => c.width().unwrap_or(1),
    }
}

/// Columns of the bytes `from..to`.
fn columns(text: &str, from: usize, to: usize) -> usize {
    let (from, to) = (boundary(text, from), boundary(text, to));
    let near = boundary(text, to.min(from + 4 * NEAR));
    text.get(from..near).unwrap_or("").chars().fold(0, |column, c| column + width(c, column))
}

/// The text from a byte on, tabs expanded, as far as it fits.
fn cells(text: &str, from: usize, room: usize) -> String {
    let mut out = String::new();
    let lead = usize::from(from > 0);
    if from > 0 {
        out.push('…');
    }
    let mut column = 0;
    for c in text[from..].chars() {
        let w = width(c, column);
        if lead + column + w > room {
            // Room for the ellipsis.
            while out.chars().map(|c| width(c, 0)).sum::<usize>() >= room {
                out.pop();
            }
            out.push('…');
            break;
        }
        match c {
            '\t' => out.push_str(&" ".repeat(w)),
            c => out.push(tame_char(c)),
        }
        column += w;
    }
    out
}

/// Characters that would move the cursor, change colours or turn the direction of reading.
fn is_wild(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn tame_char(c: char) -> char {
    if is_wild(c) { '\u{fffd}' } else { c }
}

/// Text that is safe to print on one line.
pub(crate) fn tame(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { ' ' } else { tame_char(c) }).collect()
}

fn crop_end(text: &str, room: usize) -> String {
    let count = text.chars().count();
    if count <= room.max(20) {
        return text.to_owned();
    }
    let tail: String = text.chars().skip(count - room.max(20) + 1).collect();
    format!("…{tail}")
}

/// Breaks at blanks; words that are longer than a line are cut.
fn wrap(text: &str, room: usize) -> Vec<String> {
    let room = room.max(20);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ') {
        let mut word = word;
        loop {
            let length: usize = word.chars().map(|c| width(c, 0)).sum();
            let blank = usize::from(used > 0);
            if let (true, Some(line)) = (used + blank + length <= room, lines.last_mut()) {
                if blank > 0 {
                    line.push(' ');
                }
                line.push_str(word);
                used += blank + length;
                break;
            }
            if used == 0 {
                let cut = word.char_indices().nth(room / 2).map_or(word.len(), |(at, _)| at);
                if let Some(line) = lines.last_mut() {
                    line.push_str(&word[..cut]);
                }
                word = &word[cut..];
            }
            lines.push(String::new());
            used = 0;
        }
    }
    lines
}
