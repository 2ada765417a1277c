//! Tables and lists that are made of the declarations. `docs/reference.md` holds them too, and a test keeps those true.

use scenec_compiler::manual::{self, Entry};
use scenec_ir::dimension::{self, Unit};
use scenec_ir::node::{NodeDecl, Wire};
use scenec_ir::{codes, nodes};

/// A list of the manual.
pub(crate) struct Table {
    pub name: &'static str,
    pub summary: &'static str,
    pub text: fn() -> String,
}

/// All lists.
pub(crate) const TABLES: &[Table] = &[
    Table { name: "nodes", summary: "what makes things, materials, lights, skies and pictures", text: nodes_list },
    Table { name: "functions", summary: "arithmetic, vectors, colours, lists, paths, noise", text: functions },
    Table { name: "types", summary: "what values there are", text: types },
    Table { name: "units", summary: "quantities and their units", text: units },
    Table { name: "items", summary: "what a file is made of", text: items },
    Table { name: "entries", summary: "statements and entries of blocks", text: || forms(manual::ENTRIES) },
    Table { name: "clauses", summary: "how things are placed", text: || forms(manual::CLAUSES) },
    Table { name: "words", summary: "words within items and expressions", text: || forms(manual::WORDS) },
    Table { name: "operators", summary: "and which is the stronger", text: operators },
    Table { name: "eases", summary: "from one key of a curve to the next", text: || forms(&manual::eases()) },
    Table { name: "codes", summary: "all diagnostics", text: codes_list },
];

/// A Markdown table whose columns stand below each other in a terminal too.
fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|r| r[column].chars().count());
        cells.chain([head[column].len()]).max().unwrap_or(0)
    };
    let last = head.len() - 1;
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells = cells.enumerate().map(|(i, cell)| match i == last {
            true => cell,
            false => format!("{cell:<0$}", width(i)),
        });
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let mut text = line(&mut head.iter().map(|h| (*h).to_owned()));
    text += &line(&mut (0..head.len()).map(|i| "-".repeat(if i == last { 3 } else { width(i).max(3) })));
    rows.iter().for_each(|row| text += &line(&mut row.iter().cloned()));
    text
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn nodes_list() -> String {
    let groups: [(&str, fn(Wire) -> bool); 6] = [
        ("Things", |w| w == Wire::Thing),
        ("Lights, skies and fog", |w| matches!(w, Wire::Light | Wire::Sky | Wire::Fog)),
        ("Materials", |w| w == Wire::Material),
        ("Cameras, pictures and files", |w| {
            matches!(w, Wire::Camera | Wire::Stage | Wire::Image(_) | Wire::Aovs | Wire::File)
        }),
        ("Questions of tests and gates", |w| matches!(w, Wire::Reading(_))),
        ("Others", |_| true),
    ];
    let (mut left, made): (Vec<&NodeDecl>, Vec<&NodeDecl>) =
        nodes::all().iter().copied().partition(|d: &&NodeDecl| d.callable || d.name == "scatter");
    let mut text = String::new();
    for (title, belongs) in groups {
        let (these, rest): (Vec<_>, Vec<_>) = left.into_iter().partition(|d| belongs(d.output));
        left = rest;
        if these.is_empty() {
            continue;
        }
        text += &format!("{}{title}:\n\n", if text.is_empty() { "" } else { "\n" });
        let lines = these.iter().map(|d| format!("* `{}`: {}\n", d.name, d.doc.lines().next().unwrap_or_default()));
        text.extend(lines);
    }
    text += "\nNot called by name; the compiler makes them of clauses, bibles, items and overrides:\n\n";
    let lines = made.iter().map(|d| format!("* `{}`: {}\n", d.name, d.doc.lines().next().unwrap_or_default()));
    text.extend(lines);
    text
}

fn functions() -> String {
    let line = |f: &Entry| format!("* `{}`: {}\n", f.form, f.doc);
    manual::functions().iter().map(line).collect()
}

fn types() -> String {
    let row = |t: &Entry| vec![code(t.name), code(t.form), t.doc.to_owned()];
    table(&["type", "written", "meaning"], &manual::TYPES.iter().map(row).collect::<Vec<_>>())
}

fn units() -> String {
    let row = |(name, base, units): (&str, String, Vec<&Unit>)| {
        let units: Vec<String> = units.iter().map(|u| code(u.name)).collect();
        let units = if units.is_empty() { code(&base) } else { units.join(" ") };
        vec![code(name), units]
    };
    let rows: Vec<_> = manual::dimensions().into_iter().map(row).collect();
    table(&["quantity", "units"], &rows)
}

/// The page of a dimension or a unit.
pub(super) fn quantity(name: &str) -> Option<String> {
    let unit = dimension::find_unit(name);
    let wanted = unit.map_or_else(|| dimension::find_named(name), |u| Some(u.dimension))?;
    let (quantity, base, units) =
        manual::dimensions().into_iter().find(|(n, ..)| dimension::find_named(n) == Some(wanted))?;
    let mut page = format!("# {name}\n\n");
    match unit {
        Some(unit) => page += &format!("A unit of `{quantity}`. 1{} is {} {base}.\n", unit.name, unit.factor),
        None => page += &format!("A quantity in {base}.\n"),
    }
    let row = |u: &&Unit| vec![code(u.name), format!("{} {base}", u.factor)];
    if !units.is_empty() {
        page += &format!("\n{}", table(&["unit", "is"], &units.iter().map(row).collect::<Vec<_>>()));
    }
    Some(page)
}

fn forms(entries: &[Entry]) -> String {
    let line = |e: &Entry| {
        let forms: Vec<String> = e.form.lines().map(code).collect();
        format!("* {}: {}\n", forms.join(" or "), e.doc)
    };
    entries.iter().map(line).collect()
}

fn items() -> String {
    format!("{}{}", forms(manual::ITEMS), forms(manual::MODIFIERS))
}

fn operators() -> String {
    let names = |e: &Entry| e.name.split("  ").map(code).collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let row = |e: &Entry| vec![names(e), code(&e.form.replace('|', "\\|")), e.doc.to_owned()];
    table(&["operator", "example", "meaning"], &manual::OPERATORS.iter().map(row).collect::<Vec<_>>())
}

fn codes_list() -> String {
    codes::all().iter().map(|c| format!("* `{}`: {}\n", c.code, c.title)).collect()
}
