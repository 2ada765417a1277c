//! Names that are declared and never read.

use std::collections::BTreeSet;

use scenec_grammar::ast::{ItemKind, UseForm};
use scenec_ir::{Diagnostic, Span};

use crate::load::Loaded;
use crate::resolve::{Def, DefId, DefKind, Program};

/// What no definition reads; `used` is by definition, and `reads` says which module reads which definition of another. Items of other modules than the root are written for many programs, so
/// only what nobody else can name counts there: imports, and what stands inside of an item.
pub fn unused(
    loaded: &Loaded,
    program: &Program<'_>,
    used: &[bool],
    reads: &BTreeSet<(usize, DefId)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let is_used = |id: u32| used.get(id as usize).copied().unwrap_or(true);
    // A module that is looked at by itself is written for others too, unless it shows something.
    let shows = |kind: &DefKind<'_>| {
        matches!(
            kind,
            DefKind::Layer(_) | DefKind::Camera(_) | DefKind::Shot { .. } | DefKind::Cut(_) | DefKind::Output(_)
        )
    };
    let scene = program.iter().any(|(_, d)| d.module == 0 && shows(&d.kind)).then_some(0);
    let has_output = program.iter().any(|(_, d)| d.module == 0 && matches!(d.kind, DefKind::Output(_)));
    for (id, def) in program.iter() {
        // Nobody else can name what is private; of a scene nobody names anything.
        let is_private =
            program.is_private(id) && !matches!(def.kind, DefKind::Camera(_) | DefKind::Shot { .. } | DefKind::Cut(_));
        let known = scene == Some(def.module) || is_private;
        if is_used(id.0) || def.name.value.starts_with('_') || !counts(program, def, known, is_used) {
            continue;
        }
        let (name, noun) = (&def.name.value, def.kind.noun());
        match def.kind {
            DefKind::Camera(_) | DefKind::Shot { .. } | DefKind::Cut(_) if !has_output => {}
            DefKind::Camera(_) | DefKind::Shot { .. } | DefKind::Cut(_) => {
                let message = format!("no output shows the {noun} `{name}`");
                let hint = match def.kind {
                    DefKind::Camera(_) => format!("give it a shot: `shot {name}_shot {{ camera: {name} }}`, remove it"),
                    _ => format!("render it: `output {name} {{ image: render({name}), … }}`, remove it"),
                };
                let hint = format!("{hint}, or begin its name with `_`");
                diagnostics.push(Diagnostic::warning("W0203", message, def.name.span).hint(hint));
            }
            _ => {
                let message = format!("the {noun} `{name}` is never used");
                let hint = "remove it, or begin its name with `_`";
                diagnostics.push(Diagnostic::warning("W0201", message, def.name.span).hint(hint));
            }
        }
    }
    for (module, scope) in program.scopes().iter().enumerate() {
        for (name, def) in &scope.imports {
            let is_read = match program[*def].module == module {
                true => is_used(def.0),
                false => reads.contains(&(module, *def)),
            };
            if !is_read && !matches!(program[*def].kind, DefKind::Failed) && !name.value.starts_with('_') {
                let message = format!("the import `{}` is never used", name.value);
                let mut diagnostic = Diagnostic::warning("W0201", message, name.span).hint("remove it");
                if let Some(span) = removal(loaded, module, name.span) {
                    diagnostic = diagnostic.fix("remove it", span, "");
                }
                diagnostics.push(diagnostic);
            }
        }
    }
}

/// Whether a definition that nobody reads is a mistake; `known` tells whether all that can name it has been read.
fn counts(program: &Program<'_>, def: &Def<'_>, known: bool, is_used: impl Fn(u32) -> bool) -> bool {
    let is_item = def.owner.is_none();
    let in_failed = def.owner.is_some_and(|o| matches!(program[o].kind, DefKind::Failed));
    match def.kind {
        DefKind::Param(_) | DefKind::Let(_) => !in_failed && (known || !is_item),
        DefKind::Asset { .. }
        | DefKind::Enum(_)
        | DefKind::Component
        | DefKind::Bible
        | DefKind::Function { .. }
        | DefKind::Image { .. }
        | DefKind::Camera(_)
        | DefKind::Shot { .. }
        | DefKind::Cut(_) => known && is_item,
        // A pose is what others choose; in the root nobody else can. Of a bible that nobody uses none is.
        DefKind::Pose(_) => known && def.owner.is_some_and(|bible| is_used(bible.0)),
        _ => false,
    }
}

/// The text to delete so that an import is gone: the name with its comma, or the whole item with its line.
fn removal(loaded: &Loaded, module: usize, name: Span) -> Option<Span> {
    let module = loaded.modules.get(module)?;
    let within = |outer: Span| outer.start <= name.start && name.end <= outer.end;
    let item = module.ast.items.iter().find(|item| within(item.span))?;
    let ItemKind::Use { form, .. } = &item.kind else { return None };
    if let UseForm::Pick(picks) = form
        && picks.len() > 1
    {
        let spans: Vec<Span> = picks
            .iter()
            .map(|(wanted, renamed)| Span { end: renamed.as_ref().unwrap_or(wanted).span.end, ..wanted.span })
            .collect();
        let at = spans.iter().position(|span| within(*span))?;
        return Some(match spans.get(at + 1) {
            Some(next) => Span { end: next.start, ..spans[at] },
            None => Span { start: spans[at - 1].end, ..spans[at] },
        });
    }
    // What else stands on the line stays.
    let text = &loaded.sources.file(module.file).text;
    let before = text[..item.span.start as usize].rfind('\n').map_or(0, |at| at + 1);
    let after = text[item.span.end as usize..].find('\n').map(|at| item.span.end as usize + at + 1);
    let is_blank = |range: std::ops::Range<usize>| text[range].trim().is_empty();
    Some(match after {
        Some(after) if is_blank(before..item.span.start as usize) && is_blank(item.span.end as usize..after) => {
            Span { start: before as u32, end: after as u32, ..item.span }
        }
        _ => item.span,
    })
}
