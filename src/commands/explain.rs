//! `scenec explain E0301`: the page of one code. `scenec explain FILE PATH`: every opinion on one property.

use scenec_compiler::{Compilation, Explained, Options};
use scenec_ir::codes;

use super::program::{self, Tone};
use crate::args::{Explain, MessageFormat};
use crate::{Exit, say};

pub(crate) fn run(args: &Explain) -> Exit {
    match &args.path {
        Some(path) => property(args, path),
        None => page(&args.what),
    }
}

fn page(code: &str) -> Exit {
    let Some(page) = codes::find(code) else {
        let all = codes::all();
        say::error_line(&format!("error[E0690]: there is no diagnostic `{code}`"));
        if let Some(near) = scenec_ir::names::closest(code, all.iter().map(|c| c.code)) {
            say::error_line(&format!("  hint: did you mean {near}?"));
        } else if code.contains('.') {
            say::error_line(&format!("  hint: name a property too: scenec explain {code} thing.property"));
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

fn property(args: &Explain, path: &str) -> Exit {
    let format = if args.json { MessageFormat::Json } else { MessageFormat::Human };
    let tone = Tone { format, errors_only: true, events: false, frozen: false };
    let options = Options { shot: args.shot.clone(), first_frame_only: true, ..Options::default() };
    match program::explain(&args.what, &args.sets, &options, path, tone) {
        Ok((compilation, explained)) => {
            match args.json {
                true => say::line(&json(&compilation, &explained).to_string()),
                false => say::text(&table(&compilation, &explained)),
            }
            Exit::Done
        }
        Err(exit) => exit,
    }
}

fn place(compilation: &Compilation, said: &scenec_compiler::Said) -> String {
    said.place.map(|span| compilation.sources.location(span)).unwrap_or_default()
}

/// A line for each opinion: `*` for what decides, how strong, the value, and where it stands.
fn table(compilation: &Compilation, explained: &Explained) -> String {
    let rows: Vec<[String; 3]> = explained
        .said
        .iter()
        .map(|said| {
            let mark = if said.wins { '*' } else { ' ' };
            let indent = "  ".repeat(said.depth);
            [format!("{indent}{mark} {}", said.strength), said.value.clone(), place(compilation, said)]
        })
        .collect();
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1)];
    let mut text = format!("{}\n", explained.path);
    if rows.is_empty() {
        text += "  nobody says anything of it\n";
    }
    for [strength, value, place] in &rows {
        let line = format!("{strength:<0$}  {value:<1$}  {place}", widths[0], widths[1]);
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn json(compilation: &Compilation, explained: &Explained) -> serde_json::Value {
    let said = explained.said.iter().map(|said| {
        let place = said.place.map(|span| compilation.sources.location(span));
        serde_json::json!({
            "strength": said.strength, "value": said.value, "place": place, "wins": said.wins, "depth": said.depth,
        })
    });
    serde_json::json!({"path": explained.path, "opinions": said.collect::<Vec<_>>()})
}
