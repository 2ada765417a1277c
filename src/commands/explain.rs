//! `scenec explain E0301`: the page of one code.

use scenec_ir::codes;

use crate::{Exit, say};

pub(crate) fn run(code: &str) -> Exit {
    let Some(page) = codes::find(code) else {
        let all = codes::all();
        say::error_line(&format!("error[E0690]: there is no diagnostic `{code}`"));
        if let Some(near) = scenec_ir::names::closest(code, all.iter().map(|c| c.code)) {
            say::error_line(&format!("  hint: did you mean {near}?"));
        }
        return Exit::Program;
    };
    say::line(&format!("{}: {}\n\n{}", page.code, page.title, page.page.trim()));
    for (title, text) in [("Wrong", page.wrong), ("Right", page.right)] {
        if !text.trim().is_empty() {
            say::line(&format!("\n{title}:\n"));
            text.trim_matches('\n').lines().for_each(|l| say::line(&format!("    {l}")));
        }
    }
    Exit::Done
}
