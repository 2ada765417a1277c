//! The manual: guides from `docs/`, and pages and tables from the declarations. `scenec docs` prints it, or writes it as HTML.

mod html;
mod markdown;
mod places;
mod site;
mod tables;

use scenec_compiler::manual::{self, Entry};
use scenec_compiler::{CUT_ITEM, OUTPUT_ITEM, SHOT_ITEM};
use scenec_ir::codes::Code;
use scenec_ir::{codes, nodes};

pub(crate) use site::site;
pub(crate) use tables::TABLES;

/// A text that people wrote.
#[derive(Clone, Copy)]
pub(crate) struct Guide {
    /// What it is called on the command line; its file is `docs/NAME.md`.
    pub name: &'static str,
    pub summary: &'static str,
    text: &'static str,
}

/// All guides, in the order in which one reads them.
pub(crate) const GUIDES: &[Guide] = &[
    Guide {
        name: "tutorial",
        summary: "from nothing to a shot that moves and is tested",
        text: include_str!("../../docs/tutorial.md"),
    },
    Guide { name: "reference", summary: "the language, whole", text: include_str!("../../docs/reference.md") },
    Guide {
        name: "packages",
        summary: "modules and assets that belong together, and what pins them",
        text: include_str!("../../docs/packages.md"),
    },
    Guide {
        name: "coming-from",
        summary: "what is called how in USD, Blender, POV-Ray and OpenSCAD, and here",
        text: include_str!("../../docs/coming-from.md"),
    },
];

impl Guide {
    /// Its Markdown without the remarks for the tests that stand above code blocks.
    pub fn text(&self) -> String {
        let is_remark = |line: &str| line.starts_with("<!--") && line.ends_with("-->");
        let lines = self.text.lines().filter(|line| !is_remark(line));
        lines.fold(String::new(), |text, line| text + line + "\n")
    }
}

/// What a name of the language or of the manual leads to, as Markdown.
pub(crate) fn page(name: &str) -> Option<String> {
    if let Some(guide) = GUIDES.iter().find(|g| g.name == name) {
        return Some(guide.text());
    }
    if let Some(table) = TABLES.iter().find(|t| t.name == name) {
        return Some((table.text)());
    }
    match (own_page(name), places::of(name)) {
        (None, None) => None,
        (Some(page), None) => Some(page),
        (None, Some(places)) => Some(format!("# {name}\n\n{places}")),
        (Some(page), Some(places)) => Some(format!("{}\n\n## Also\n\n{places}", page.trim_end())),
    }
}

/// The page of what has one of its own.
fn own_page(name: &str) -> Option<String> {
    // `count` is a node and a function.
    let node = nodes::find(name).map(|decl| decl.manual());
    let function = manual::functions().iter().find(|f| f.name == name).map(Entry::page);
    if node.is_some() || function.is_some() {
        return Some(node.into_iter().chain(function).collect::<Vec<_>>().join("\n"));
    }
    if let Some(entry) = words().find(|e| e.name == name) {
        return Some(format!("{}{}", entry.page(), fields_of(name)));
    }
    tables::quantity(name).or_else(|| codes::find(name).map(code_page))
}

/// Types without a unit, and the words of the language.
fn words() -> impl Iterator<Item = &'static Entry> {
    let lists = [manual::TYPES, manual::ITEMS, manual::MODIFIERS, manual::ENTRIES, manual::CLAUSES, manual::WORDS];
    lists.into_iter().flatten()
}

/// Every name that [`page`] knows, those with a page of their own first.
pub(crate) fn names() -> Vec<&'static str> {
    let guides = GUIDES.iter().map(|g| g.name).chain(TABLES.iter().map(|t| t.name));
    let nodes = nodes::all().iter().map(|d| d.name);
    let functions = scenec_compiler::ops::FUNCTIONS.iter().map(|f| f.0);
    let units = scenec_ir::dimension::UNITS.iter().map(|u| u.name).chain(scenec_ir::dimension::names());
    let codes = codes::all().into_iter().map(|c| c.code);
    let places = places::all().into_iter().map(|place| place.name);
    nodes
        .chain(functions)
        .chain(words().map(|w| w.name))
        .chain(units)
        .chain(guides)
        .chain(codes)
        .chain(places)
        .collect()
}

/// Fields of an item that is no node.
fn fields_of(item: &str) -> String {
    let decl = match item {
        "shot" => &SHOT_ITEM,
        "cut" => &CUT_ITEM,
        "output" => &OUTPUT_ITEM,
        _ => return String::new(),
    };
    let params = decl.params.iter().map(|p| format!("* `{}`: {}\n", p.signature(), p.doc));
    let ports = decl.ports.iter().map(|p| format!("* `{}`: {}\n", p.signature(), p.doc));
    format!("\n{}", params.chain(ports).collect::<String>())
}

/// The page of a diagnostic.
fn code_page(code: &Code) -> String {
    let mut page = format!("# {}\n\n{}.\n\n{}\n", code.code, capital(code.title), code.page.trim());
    for (title, text) in [("Wrong", code.wrong), ("Right", code.right)] {
        if !text.trim().is_empty() {
            page += &format!("\n## {title}\n\n```{}\n{}\n```\n", language_of(code), text.trim_matches('\n'));
        }
    }
    page
}

/// What the examples of a code are written in.
fn language_of(code: &Code) -> &'static str {
    match code {
        _ if code.right.starts_with("scenec ") => "console",
        _ if code.right.starts_with('{') => "json",
        _ if code.right.starts_with('[') => "toml",
        _ => "ngs",
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// All of it as one Markdown text.
pub(crate) fn whole() -> String {
    let guides = GUIDES.iter().map(Guide::text);
    let tables = TABLES.iter().map(|t| format!("# {}\n\n{}", capital(t.name), (t.text)()));
    let nodes = nodes::all().iter().map(|d| d.manual());
    let functions = manual::functions().into_iter().map(|f| f.page());
    let codes = codes::all().into_iter().map(code_page);
    guides.chain(tables).chain(nodes).chain(functions).chain(codes).collect::<Vec<_>>().join("\n")
}
