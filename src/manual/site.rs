//! The manual as a folder of HTML files: it needs no server, no network and no other file.

use std::collections::BTreeSet;

use scenec_compiler::manual::{self, Entry};
use scenec_ir::node::{NodeDecl, Wire};
use scenec_ir::{codes, nodes};
use serde_json::json;

use super::html::{Names, escape};
use super::markdown::{Rendered, anchor, render};
use super::places::{self, What};
use super::{GUIDES, TABLES, capital, code_page, fields_of, tables};

const STYLE: &str = include_str!("style.css");
const SEARCH: &str = include_str!("search.js");

/// A page before it is HTML.
struct Page {
    file: String,
    title: String,
    /// What it is, for the search: `node`, `diagnostic`.
    kind: &'static str,
    text: String,
}

fn page(file: &str, title: &str, kind: &'static str, text: String) -> Page {
    Page { file: format!("{file}.html"), title: title.to_owned(), kind, text }
}

/// Names and contents of all files, in order. The same on every machine.
pub(crate) fn site() -> Vec<(String, String)> {
    let names = Names::new();
    let pages = pages();
    let mut index = Vec::new();
    let mut files = Vec::new();
    for page in &pages {
        let rendered = render(&page.text, &page.file, &names);
        note(page, &rendered, &mut index);
        files.push((page.file.clone(), document(page, &rendered)));
    }
    note_places(&mut index);
    // A page per line, so that two versions can be compared.
    let index: Vec<String> = index.iter().map(ToString::to_string).collect();
    files.push(("search.js".to_owned(), format!("const INDEX = [\n{}\n];\n{SEARCH}", index.join(",\n"))));
    files.push(("style.css".to_owned(), STYLE.to_owned()));
    files
}

fn pages() -> Vec<Page> {
    let mut pages = vec![page("index", "scenec", "manual", front())];
    pages.extend(GUIDES.iter().map(|g| page(g.name, &capital(&g.name.replace('-', " ")), "guide", g.text())));
    for table in TABLES {
        let text = match table.name {
            "functions" => sections(&manual::functions()),
            "types" => types(),
            "items" => format!("{}{}", sections(manual::ITEMS), sections(manual::MODIFIERS)),
            "entries" => sections(manual::ENTRIES),
            "clauses" => sections(manual::CLAUSES),
            "words" => sections(manual::WORDS),
            _ => (table.text)(),
        };
        let title = capital(table.name);
        pages.push(page(table.name, &title, "list", format!("# {title}\n\n{text}")));
    }
    for decl in nodes::all() {
        let file = file_of(decl);
        let kind = if decl.output == Wire::Material { "material" } else { "node" };
        pages.push(page(&file, decl.name, kind, decl.manual()));
    }
    for code in codes::all() {
        pages.push(page(
            &format!("code-{}", code.code),
            &format!("{}: {}", code.code, code.title),
            "diagnostic",
            code_page(code),
        ));
    }
    pages
}

fn front() -> String {
    let mut text = format!(
        "# scenec {}\n\nA declarative scene-graph compiler and path tracer: you write a scene as text, it is checked, compiled to one \
         graph and rendered.\n\nType `/` to search.\n\n",
        env!("CARGO_PKG_VERSION")
    );
    for guide in GUIDES {
        text += &format!("* [{}]({}.md): {}\n", capital(&guide.name.replace('-', " ")), guide.name, guide.summary);
    }
    text += "\n## Lists\n\n";
    for table in TABLES {
        text += &format!("* [{}]({}.md): {}\n", capital(table.name), table.name, table.summary);
    }
    text
}

/// Pages of entries as sections of one page.
fn sections(entries: &[Entry]) -> String {
    let section = |e: &Entry| format!("#{}{}\n", e.page(), fields_of(e.name));
    entries.iter().map(section).collect()
}

fn types() -> String {
    let quantities = manual::dimensions().into_iter().filter_map(|(name, ..)| tables::quantity(name));
    let quantities = quantities.map(|page| format!("#{page}\n"));
    format!("{}{}", sections(manual::TYPES), quantities.collect::<String>())
}

/// Adds the page and its sections to the index of the search: `t` what it is called, `k` what it is or where it stands, `u` its
/// place and `b` its words. Of a guide or a list every section has its own words.
fn note(page: &Page, rendered: &Rendered, index: &mut Vec<serde_json::Value>) {
    let mut add = |title: &str, kind: &str, place: String, words: &str| {
        let words: Vec<&str> = words.split_whitespace().collect();
        index.push(json!({"t": title, "k": kind, "u": place, "b": words.join(" ")}));
    };
    let has_sections = !matches!(page.kind, "node" | "material" | "diagnostic");
    let sections: Vec<_> = rendered.headings.iter().filter(|h| h.level > 1 && has_sections).collect();
    let end = |next: usize| sections.get(next).map_or(rendered.words.len(), |h| h.words.0);
    add(&page.title, page.kind, page.file.clone(), &rendered.words[..end(0)]);
    for (at, heading) in sections.iter().enumerate() {
        let place = format!("{}#{}", page.file, heading.anchor);
        add(&heading.title, &page.title, place, &rendered.words[heading.words.1..end(at + 1)]);
    }
}

/// Adds what has no page and no section of its own: units, parameters, members of enumerations, parts, clocks.
fn note_places(index: &mut Vec<serde_json::Value>) {
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut add = |title: &str, kind: String, place: String, words: &str| {
        if seen.insert((title.to_owned(), place.clone())) {
            index.push(json!({"t": title, "k": kind, "u": place, "b": words}));
        }
    };
    for (name, _, units) in manual::dimensions() {
        for unit in units {
            add(unit.name, format!("unit of {name}"), format!("types.html#{}", anchor(name)), "");
        }
    }
    for place in places::all() {
        let owner = place.owner;
        let (kind, at) = match place.what {
            What::Clock => ("in every expression".to_owned(), "reference.html#time".to_owned()),
            What::None => ("in every expression".to_owned(), "reference.html#types-and-units".to_owned()),
            What::Ease => ("of a curve".to_owned(), "eases.html".to_owned()),
            What::Parameter => (format!("of {owner}"), page_of(owner)),
            What::Member(of) => (format!("{of} of {owner}"), page_of(owner)),
            What::Part => (format!("part of {owner}"), page_of(owner)),
        };
        add(place.name, kind, at, place.doc);
    }
}

/// The place of a node, or of an item that is none.
fn page_of(owner: &str) -> String {
    match nodes::find(owner) {
        Some(decl) => file_of(decl) + ".html",
        None => format!("items.html#{}", anchor(owner)),
    }
}

/// The file of a node, without its ending.
fn file_of(decl: &NodeDecl) -> String {
    format!("node-{}", decl.name.replace(' ', "-"))
}

fn document(page: &Page, rendered: &Rendered) -> String {
    let title = escape(&page.title);
    let guides = GUIDES.iter().map(|g| (g.name, capital(&g.name.replace('-', " "))));
    let lists = TABLES.iter().map(|t| (t.name, capital(t.name)));
    let entry = |(name, title): (&str, String)| {
        let here = if page.file == format!("{name}.html") { " aria-current=\"page\"" } else { "" };
        format!("<li><a href=\"{}.html\"{here}>{}</a></li>\n", escape(name), escape(&title))
    };
    let menu: String = guides.chain(lists).map(entry).collect();
    let sections: Vec<_> = rendered.headings.iter().filter(|h| h.level == 2).collect();
    let contents = match sections.len() > 3 {
        false => String::new(),
        true => {
            let line = |h: &&super::markdown::Heading| {
                format!("<li><a href=\"#{}\">{}</a></li>\n", escape(&h.anchor), escape(&h.title))
            };
            let lines: String = sections.iter().map(line).collect();
            format!("<nav class=\"contents\" aria-label=\"contents of this page\"><ul>\n{lines}</ul></nav>\n")
        }
    };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>{title} · scenec</title>\n<link rel=\"stylesheet\" \
         href=\"style.css\">\n</head>\n<body>\n<header>\n<a class=\"home\" href=\"index.html\">scenec</a>\n<input id=\"search\" type=\"search\" \
         placeholder=\"Search ( / )\" aria-label=\"search the manual\" autocomplete=\"off\">\n<ol id=\"found\" hidden></ol>\n</header>\n\
         <nav class=\"menu\" aria-label=\"manual\"><ul>\n{menu}</ul></nav>\n<main>\n{contents}{}</main>\n\
         <script src=\"search.js\"></script>\n</body>\n</html>\n",
        rendered.html
    )
}
