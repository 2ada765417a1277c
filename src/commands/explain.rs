//! `scenec explain E0301`: the page of one code. `scenec explain FILE PATH`: every opinion on one property, or all properties
//! of something.

use scenec_compiler::{Compilation, Explained, Options, Said};
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

fn place(compilation: &Compilation, said: &Said) -> String {
    said.place.map(|span| compilation.sources.location(span)).unwrap_or_default()
}

/// A line for each opinion: `*` for what decides, how strong, the value with what it is worth, and where it stands. Of
/// something as a whole, a line for each property.
fn table(compilation: &Compilation, explained: &Explained) -> String {
    let row = |first: String, said: &Said| {
        let worth = said.resolved.as_ref().map_or_else(String::new, |value| format!(" -> {value}"));
        [first, format!("{}{worth}", said.value), place(compilation, said)]
    };
    let opinions = explained.said.iter().map(|said| {
        let mark = if said.wins { '*' } else { ' ' };
        row(format!("{}{mark} {}", "  ".repeat(said.depth), said.strength), said)
    });
    let named = explained.properties.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let properties =
        explained.properties.iter().map(|(name, said)| row(format!("{name:<named$}  {}", said.strength), said));
    let rows: Vec<[String; 3]> = opinions.chain(properties).collect();
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
    let opinion = |said: &Said| {
        let place = said.place.map(|span| compilation.sources.location(span));
        serde_json::json!({
            "strength": said.strength, "value": said.value, "resolved": said.resolved, "place": place,
            "wins": said.wins, "depth": said.depth,
        })
    };
    let opinions: Vec<_> = explained.said.iter().map(opinion).collect();
    let properties = explained.properties.iter().map(|(name, said)| (name.clone(), opinion(said)));
    let properties: serde_json::Map<String, serde_json::Value> = properties.collect();
    match properties.is_empty() {
        true => serde_json::json!({"path": explained.path, "opinions": opinions}),
        false => serde_json::json!({"path": explained.path, "opinions": opinions, "properties": properties}),
    }
}
