//! The manual of the language: its functions, types, units and words, each with what it means. Nodes and diagnostics have
//! their pages in `scenec_ir`. `scenec docs` and the reference are made of all of these.

mod functions;
mod types;
mod words;

use crate::curve::Way;
use crate::typed::Clock;

pub use functions::functions;
pub use types::{TYPES, dimensions, is_type};
pub use words::{CLAUSES, ENTRIES, ITEMS, MODIFIERS, OPERATORS, WORDS};

/// One page, or one row of a table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub name: &'static str,
    /// How it is written.
    pub form: &'static str,
    /// What it means: one or more sentences.
    pub doc: &'static str,
    /// Expressions with their values, for functions.
    pub examples: &'static [(&'static str, &'static str)],
}

const fn entry(name: &'static str, form: &'static str, doc: &'static str) -> Entry {
    Entry { name, form, doc, examples: &[] }
}

impl Entry {
    /// The page as Markdown.
    pub fn page(&self) -> String {
        let mut page = format!("# {}\n\n{}\n\n    {}\n", self.name, self.doc, self.form.replace('\n', "\n    "));
        if !self.examples.is_empty() {
            page += "\n| expression | value |\n|---|---|\n";
            for (expression, value) in self.examples {
                page += &format!("| `{expression}` | `{value}` |\n");
            }
        }
        page
    }

    /// The first sentence.
    pub fn summary(&self) -> &'static str {
        self.doc.split_once(". ").map_or(self.doc.trim_end_matches('.'), |(first, _)| first)
    }
}

/// Names of the ways from one key of a curve to the next.
pub fn eases() -> Vec<Entry> {
    Way::NAMES
        .iter()
        .map(|(name, way)| match way {
            Way::Linear => entry(name, "ease linear", "At one speed. The default."),
            Way::Hold => entry(name, "ease hold", "The value before stays until this key."),
            Way::Smooth => entry(
                name,
                "ease smooth",
                "A monotone cubic through all keys, without a corner and never beyond the keys; it rests at both ends.",
            ),
            Way::Bezier(_) => match *name {
                "in" => entry(name, "ease in", "Slow at the key before. `(0.42, 0, 1, 1)`."),
                "out" => entry(name, "ease out", "Slow at this key. `(0, 0, 0.58, 1)`."),
                _ => entry(name, "ease in_out", "Slow at both keys. `(0.42, 0, 0.58, 1)`."),
            },
        })
        .collect()
}

/// What optional types hold besides values; a name that every expression has.
pub const NONE: Entry = entry(
    "none",
    "param lid: Thing? = none",
    "Of an optional type: nothing is given. As an argument it leaves out what may be left out.",
);

/// Clocks: names that every expression has, unless a definition takes them.
pub fn clocks() -> Vec<Entry> {
    Clock::NAMES
        .iter()
        .map(|(name, clock)| match clock {
            Clock::Time => entry(
                name,
                "rotate (0deg, t / 1s * 90deg, 0deg)",
                "The time since the first frame of the shot. What reads it may be different in every frame.",
            ),
            Clock::Frame => entry(
                name,
                "if frame < 1013 { beside } else { on_board }",
                "The number of the frame, an Int. What reads it may be different in every frame. In the path of a file it is `{frame:4}`.",
            ),
        })
        .collect()
}
