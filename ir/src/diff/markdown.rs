//! A comparison for a pull request.

use super::frames::{Entry, Frames, entries};
use super::show::short;
use super::text::Side;
use super::{Diff, What};

/// Code hosts refuse comments of more than 65,536 characters; what does not fit is counted.
const MOST_BYTES: usize = 60_000;

/// The comparison as GitHub-flavoured Markdown: a headline with the numbers, and a table of each kind of difference. A
/// comparison that is too long for a comment ends with how much was left out.
pub fn markdown(diff: &Diff, old: Side<'_>, new: Side<'_>) -> String {
    let mut out = format!("### {} → {}\n\n**{}**\n", code(old.name), code(new.name), diff.counts());
    let entries = entries(&diff.nodes, Frames::Alike);
    let of = |wanted: fn(&What) -> bool| entries.iter().filter(move |e| wanted(&e.node.what));
    let plain = |entry: &Entry<'_>| {
        let lines: Vec<String> = entry.lines().iter().map(|l| code(l)).collect();
        format!("| {} | {} |\n", name(entry), lines.join("<br>"))
    };
    let mut left_out = 0;
    let mut section = |title: &str, head: &str, rows: &mut dyn Iterator<Item = String>| {
        let mut is_open = false;
        for row in rows {
            let start = if is_open { String::new() } else { format!("\n#### {title}\n\n{head}\n") };
            if out.len() + start.len() + row.len() > MOST_BYTES {
                left_out += 1;
                continue;
            }
            out += &start;
            out += &row;
            is_open = true;
        }
    };
    section(
        "Changed",
        "| node | property | before | after |\n|---|---|---|---|",
        &mut of(|w| matches!(w, What::Changed(_))).flat_map(|entry| {
            let rows = entry.changes.iter().enumerate().map(|(at, told)| {
                let (old, new) = match told.change.aspect {
                    super::Aspect::Order => (None, Some("the same in another order")),
                    _ => (told.old.as_deref(), told.new.as_deref()),
                };
                let cell = |text: Option<&str>| text.map_or("—".to_owned(), code);
                let node = if at == 0 { name(entry) } else { String::new() };
                format!("| {node} | {} | {} | {} |\n", escape(&told.change.name), cell(old), cell(new))
            });
            rows.collect::<Vec<_>>()
        }),
    );
    section("Added", "| node | with |\n|---|---|", &mut of(|w| matches!(w, What::Added(_))).map(plain));
    section("Removed", "| node | with |\n|---|---|", &mut of(|w| matches!(w, What::Removed(_))).map(plain));
    section(
        "Renamed",
        "| before | after | |\n|---|---|---|",
        &mut of(|w| matches!(w, What::Renamed { .. })).map(|entry| {
            let (from, below) = match &entry.node.what {
                What::Renamed { from, below, .. } => (from.as_str(), *below),
                _ => ("", 0),
            };
            let mut more: Vec<String> = entry.lines().iter().map(|l| code(l)).collect();
            if below > 0 {
                more.insert(0, format!("and {below} below"));
            }
            format!("| {} | {} | {} |\n", code(from), name(entry), more.join("<br>"))
        }),
    );
    section(
        "Files with other content",
        "| file | before | after |\n|---|---|---|",
        &mut diff
            .files
            .iter()
            .map(|f| format!("| {} | {} | {} |\n", code(&f.path), code(short(&f.old)), code(short(&f.new)))),
    );
    if left_out > 0 {
        out += &format!("\n… and {left_out} more, left out because a comment would be too long.\n");
    }
    out
}

fn name(entry: &Entry<'_>) -> String {
    let (id, kind, frames) = (code(&entry.id), escape(&entry.node.kind), entry.frames());
    if frames.is_empty() { format!("{id} {kind}") } else { format!("{id} {kind}, {frames}") }
}

/// Text as code within a table: bars escaped, line breaks gone, fenced by more backticks than it holds.
fn code(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = text.replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

fn escape(text: &str) -> String {
    text.replace('|', "\\|").replace('_', "\\_").replace('*', "\\*")
}
