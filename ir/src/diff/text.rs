//! A comparison for a terminal.

use super::frames::{Frames, entries};
use super::show::short;
use super::{Diff, What};
use crate::SourceMap;
use crate::diagnostic::human::{Style, tame};

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const CYAN: &str = "36";
const BOLD: &str = "1";
const DIM: &str = "2";

/// One side of a comparison, for messages.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What the user calls it: a path, or `HEAD~1:scene.ngs`.
    pub name: &'a str,
    /// The texts that the graph's spans point into; `None` when there are none.
    pub sources: Option<&'a SourceMap>,
}

impl Side<'_> {
    /// `scene.ngs:3:5`.
    pub(super) fn place(&self, span: Option<crate::Span>) -> Option<String> {
        let (sources, span) = (self.sources?, span?);
        sources.files().any(|(id, _)| id == span.file).then(|| sources.location(span))
    }
}

/// The comparison as text: `+` added, `-` removed, `~` changed, `>` renamed, `*` a file with other content.
/// Frames of an output or of a shot are one entry, with `{frame}` in the place of their number.
///
/// ```text
/// --- HEAD~1:scene.ngs
/// +++ scene.ngs
///
/// ~ machines/gear#thing  gear  scene.ngs:12:3
///     teeth: 24 -> 25
///
/// 1 changed
/// ```
pub fn text(diff: &Diff, old: Side<'_>, new: Side<'_>, style: &Style) -> String {
    let paint = |color: &str, text: &str| {
        if style.color && !text.is_empty() { format!("\x1b[{color}m{text}\x1b[0m") } else { text.to_owned() }
    };
    let mut out = String::new();
    let mut line = |text: String| {
        out.push_str(text.trim_end());
        out.push('\n');
    };
    if diff.is_empty() {
        line(diff.counts().to_string());
        return out;
    }
    line(paint(BOLD, &format!("--- {}", tame(old.name))));
    line(paint(BOLD, &format!("+++ {}", tame(new.name))));
    line(String::new());
    for entry in entries(&diff.nodes, Frames::Alike) {
        let node = entry.node;
        let place = new.place(node.new_span).or_else(|| old.place(node.old_span)).unwrap_or_default();
        let id = tame(&entry.id);
        let (sign, color, id) = match &node.what {
            What::Added(_) => ("+", GREEN, id),
            What::Removed(_) => ("-", RED, id),
            What::Changed(_) => ("~", YELLOW, id),
            What::Renamed { from, below, .. } => {
                let more = match below {
                    0 => String::new(),
                    n => format!(" (and {n} below)"),
                };
                (">", CYAN, format!("{} -> {id}{more}", tame(from)))
            }
        };
        let frames = entry.frames();
        let frames = if frames.is_empty() { frames } else { format!("  {frames}") };
        let head = paint(color, &format!("{sign} {id}"));
        line(format!("{head}  {}{frames}  {}", tame(&node.kind), paint(DIM, &place)));
        for said in entry.lines() {
            line(format!("    {}", tame(&said)));
        }
    }
    for file in &diff.files {
        let readers = match file.readers.as_slice() {
            [] => String::new(),
            [one] => format!("read by {one}"),
            [one, two] => format!("read by {one}, {two}"),
            [one, two, rest @ ..] => format!("read by {one}, {two} and {} more", rest.len()),
        };
        let digests = format!("other content: {} -> {}", short(&file.old), short(&file.new));
        line(format!(
            "{}  {digests}  {}",
            paint(YELLOW, &format!("* {}", tame(&file.path))),
            paint(DIM, &tame(&readers))
        ));
    }
    line(String::new());
    line(diff.counts().to_string());
    out
}
