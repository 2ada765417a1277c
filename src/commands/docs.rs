//! `scenec docs [NODE]`: the manual, from the declarations.

use scenec_ir::nodes;

use crate::{Exit, say};

/// What is no node, by name.
const GUIDES: [(&str, &str); 1] = [("packages", include_str!("../guides/packages.md"))];

pub(crate) fn run(node: Option<&str>) -> Exit {
    let Some(name) = node else {
        for decl in nodes::all() {
            let first = decl.doc.lines().next().unwrap_or("");
            say::line(&format!("{:<16} {first}", decl.name));
        }
        say::line("\n`scenec docs NODE` prints one page, with an example; `scenec docs packages` tells of packages.");
        return Exit::Done;
    };
    if let Some((_, text)) = GUIDES.iter().find(|(guide, _)| *guide == name) {
        say::text(text);
        return Exit::Done;
    }
    match nodes::find(name) {
        Some(decl) => {
            say::line(decl.manual().trim_end());
            Exit::Done
        }
        None => {
            say::error_line(&format!("error[E0690]: there is no node `{name}`"));
            if let Some(near) =
                scenec_ir::names::closest(name, nodes::all().iter().map(|d| d.name).chain(GUIDES.iter().map(|g| g.0)))
            {
                say::error_line(&format!("  hint: did you mean `{near}`?"));
            }
            Exit::Program
        }
    }
}
