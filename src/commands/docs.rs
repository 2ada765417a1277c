//! `scenec docs [NAME]`: the manual, from the declarations and the guides.

use std::path::Path;

use scenec_ir::nodes;
use scenec_runtime::Files;

use crate::args::{Docs, DocsFormat};
use crate::disk::Disk;
use crate::manual::{self, GUIDES, TABLES};
use crate::{Exit, say};

pub(crate) fn run(args: &Docs) -> Exit {
    match (args.format, &args.out, &args.name) {
        (DocsFormat::Html, Some(folder), _) => write_site(folder),
        (DocsFormat::Html, None, _) => {
            say::error_line("error[E0690]: a manual in HTML is a folder of files");
            say::error_line("  hint: say which: scenec docs --format html --out manual");
            Exit::Program
        }
        (DocsFormat::Markdown, _, None) => {
            say::text(&manual::whole());
            Exit::Done
        }
        (DocsFormat::Text, _, None) => {
            list();
            Exit::Done
        }
        (_, _, Some(name)) => page(name),
    }
}

fn list() {
    for decl in nodes::all() {
        let first = decl.doc.lines().next().unwrap_or("");
        say::line(&format!("{:<16} {first}", decl.name));
    }
    say::line("\nGuides and lists:\n");
    let others = GUIDES.iter().map(|g| (g.name, g.summary)).chain(TABLES.iter().map(|t| (t.name, t.summary)));
    others.for_each(|(name, summary)| say::line(&format!("{name:<16} {summary}")));
    say::line(
        "\n`scenec docs NAME` prints the page of a node, function, type, unit, word or code, a guide or a list, and where a parameter, \
         a value such as `agx` or a part belongs.",
    );
    say::line("`scenec docs --format html --out DIR` writes all of it as a site that needs no server.");
}

fn page(name: &str) -> Exit {
    if let Some(page) = manual::page(name) {
        say::line(page.trim_end());
        return Exit::Done;
    }
    say::error_line(&format!("error[E0690]: the manual has no page `{name}`"));
    match scenec_ir::names::closest(name, manual::names()) {
        Some(near) => say::error_line(&format!("  hint: did you mean `{near}`?")),
        None => say::error_line("  hint: `scenec docs` lists all nodes, guides and lists"),
    }
    Exit::Program
}

fn write_site(folder: &Path) -> Exit {
    let files = manual::site();
    let disk = Disk::new(folder);
    match files.iter().try_for_each(|(name, text)| disk.write(name, text.as_bytes()).map(drop)) {
        Ok(()) => {
            say::line(&format!(
                "{} files in {}; begin with {}",
                files.len(),
                folder.display(),
                folder.join("index.html").display()
            ));
            Exit::Done
        }
        Err(reason) => {
            say::error_line(&format!("error[E0650]: the manual can't be written: {reason}"));
            say::error_line("  hint: choose another folder with --out");
            Exit::Machine
        }
    }
}
