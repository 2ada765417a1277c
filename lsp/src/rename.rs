//! Another name for a definition, everywhere. A rename is tried before it is given out: the changed program is checked, and
//! every name in it must lead to where it led before.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use lsp_types::{PrepareRenameResponse, RenameParams, TextDocumentPositionParams, TextEdit, WorkspaceEdit};
use scenec_compiler::index::{Index, Kind, Target};
use scenec_compiler::{Analysis, EditedWorld, Parsed, analyse};
use scenec_grammar::{limits, words};
use scenec_ir::{Diagnostic, Span};

use crate::actions;
use crate::navigate::{counterpart, place, places_of, target_at};
use crate::server::{Client, Refusal};
use crate::view::View;

/// What is renamed.
struct Subject {
    target: Target,
    /// The name under the cursor.
    span: Span,
    name: String,
    /// It is the name that a `use` gives to what it brings in; it holds in this module only.
    local: Option<Span>,
}

pub(crate) fn prepare(view: &View<'_>, params: &TextDocumentPositionParams) -> Result<PrepareRenameResponse, Refusal> {
    let subject = subject(view, view.offset(params.position))?;
    let range = view.range(subject.span);
    Ok(PrepareRenameResponse::RangeWithPlaceholder { range, placeholder: subject.name })
}

pub(crate) fn rename(
    view: &View<'_>,
    all: Vec<(String, Rc<Analysis>)>,
    client: Client,
    params: &RenameParams,
) -> Result<WorkspaceEdit, Refusal> {
    let subject = subject(view, view.offset(params.text_document_position.position))?;
    let new = params.new_name.trim();
    legal(new)?;
    if new == subject.name {
        return Ok(WorkspaceEdit::default());
    }
    let mut edits: BTreeMap<String, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for (_, analysis) in &all {
        let Some(target) = counterpart(view, subject.target, analysis) else { continue };
        let sources = &analysis.compilation.sources;
        let places = shared(&analysis.index, target).into_iter().flat_map(|target| places_of(&analysis.index, target));
        for span in places.chain(subject.local) {
            let file = sources.file(span.file);
            let is_here = subject.local.is_none() || file.path == view.here().path;
            if is_here && file.text.get(span.range()) == Some(subject.name.as_str()) {
                edits.entry(file.path.clone()).or_default().insert((span.start, span.end));
            }
        }
    }
    for (root, analysis) in &all {
        let touched = analysis.compilation.modules.iter().any(|m| edits.contains_key(m));
        if touched {
            attempt(view, root, analysis, &edits, new).map_err(|why| {
                let taken = taken(view, &subject, new);
                Refusal::failed(taken.unwrap_or_else(|| format!("`{}` can't become `{new}`: {why}", subject.name)))
            })?;
        }
    }
    let mut changes: BTreeMap<String, Vec<TextEdit>> = BTreeMap::new();
    for (root, analysis) in all {
        let there = View::new(analysis, &root, view.encoding, view.documents, view.places, view.world);
        let Some(there) = there else { continue };
        for (file, source) in there.analysis.compilation.sources.files() {
            let Some(spans) = edits.remove(&source.path) else { continue };
            let range = |(start, end)| there.range(Span { file, start, end });
            let edits = spans.into_iter().map(|span| TextEdit { range: range(span), new_text: new.to_owned() });
            changes.insert(source.path.clone(), edits.collect());
        }
    }
    actions::changes(view, client, changes).ok_or_else(|| Refusal::failed("a module has no URI"))
}

fn subject(view: &View<'_>, offset: u32) -> Result<Subject, Refusal> {
    let index = view.index();
    let nothing = || Refusal::failed("there is no name to change here");
    // A name that a `use` gives.
    let given = view.here().imports.iter().find(|(_, span, _)| (span.start..=span.end).contains(&offset));
    let target = match given {
        Some((_, _, at)) => Target::Definition(*at),
        None => target_at(view, offset).ok_or_else(nothing)?,
    };
    let own =
        place(index, target).ok_or_else(|| Refusal::failed("names of nodes and of their parameters are fixed"))?;
    let span = match given {
        Some((_, span, _)) => *span,
        None => match index.use_at(view.file, offset) {
            Some(found) => found.span,
            None if own.file == view.file && (own.start..=own.end).contains(&offset) => own,
            // What could not be read would keep the old name.
            None => return Err(nothing()),
        },
    };
    let name = view.written(span).to_owned();
    let local = match target {
        Target::Definition(at) if name != view.definition(at).name => {
            let import = view.here().imports.iter().find(|(n, _, to)| *n == name && *to == at);
            Some(import.ok_or_else(nothing)?.1)
        }
        _ => None,
    };
    Ok(Subject { target, span, name, local })
}

/// The target, and the parts of other components that have their names with it: one name in the text leads to a part of each
/// thing that an `if` may give.
fn shared(index: &Index, target: Target) -> Vec<Target> {
    let is_part = |target: &Target| match target {
        Target::Definition(at) => matches!(index.definitions[*at].kind, Kind::Thing),
        _ => false,
    };
    let mut all = vec![target];
    let mut before = 0;
    while before < all.len() && is_part(&target) {
        before = all.len();
        for group in index.uses.chunk_by(|a, b| a.span == b.span).filter(|group| group.len() > 1) {
            if group.iter().any(|u| all.contains(&u.target)) {
                let others = group.iter().map(|u| u.target).filter(is_part);
                let new: Vec<Target> = others.filter(|t| !all.contains(t)).collect();
                all.extend(new);
            }
        }
    }
    all
}

fn legal(name: &str) -> Result<(), Refusal> {
    let mut letters = name.chars();
    let is_word = letters.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_word {
        return Err(Refusal::failed(format!(
            "`{name}` is no name: names are made of the letters a to z, A to Z, digits and `_`, and begin with no digit"
        )));
    }
    if name.len() > limits::NAME_BYTES {
        return Err(Refusal::failed(format!("names have at most {} bytes", limits::NAME_BYTES)));
    }
    if words::NEVER_NAMES.contains(&name) {
        return Err(Refusal::failed(format!("`{name}` is a word of the language and can't be a name")));
    }
    Ok(())
}

/// What has the new name already, where the old one is defined.
fn taken(view: &View<'_>, subject: &Subject, new: &str) -> Option<String> {
    let index = view.index();
    let Target::Definition(at) = subject.target else { return None };
    let def = view.definition(at);
    let (module, owner) = if subject.local.is_some() { (view.module, None) } else { (def.module, def.owner) };
    let other = &index.definitions[index.lookup(module, owner, new)?];
    let place = view.analysis.compilation.sources.location(other.span);
    Some(format!("`{new}` is taken: {place} defines a {} of that name", other.noun))
}

/// Checks the program with its new names; says what would go wrong.
fn attempt(
    view: &View<'_>,
    root: &str,
    before: &Analysis,
    edits: &BTreeMap<String, BTreeSet<(u32, u32)>>,
    new: &str,
) -> Result<(), String> {
    let mut texts = BTreeMap::new();
    for (_, file) in before.compilation.sources.files() {
        let Some(spans) = edits.get(&file.path) else { continue };
        let mut text = file.text.to_string();
        for (start, end) in spans.iter().rev() {
            text.replace_range(*start as usize..*end as usize, new);
        }
        texts.insert(file.path.clone(), text);
    }
    let after = analyse(&EditedWorld { world: view.world, texts }, root, None, &mut Parsed::default());
    let errors = |a: &Analysis| a.compilation.diagnostics.iter().filter(|d| d.is_error()).count();
    if errors(&after) > errors(before) {
        let old: BTreeSet<&str> = before.compilation.diagnostics.iter().map(|d| d.message.as_str()).collect();
        let is_new = |d: &&Diagnostic| d.is_error() && !old.contains(d.message.as_str());
        let first = after.compilation.diagnostics.iter().find(is_new);
        return Err(first.map_or_else(|| "that is an error".to_owned(), |d| d.message.clone()));
    }
    let moved = |path: &str, offset: u32| {
        let earlier = edits.get(path).into_iter().flatten().filter(|(start, _)| *start < offset);
        earlier.fold(i64::from(offset), |at, (start, end)| at + new.len() as i64 - i64::from(end - start))
    };
    let same = |_: &str, offset: u32| i64::from(offset);
    match links(before, &moved) == links(&after, &same) {
        true => Ok(()),
        false => Err("other names would lead elsewhere".to_owned()),
    }
}

/// Every use by its place, with the place that it leads to.
fn links(analysis: &Analysis, moved: &dyn Fn(&str, u32) -> i64) -> BTreeSet<(String, i64, String)> {
    let index: &Index = &analysis.index;
    let place = |span: Span| {
        let path = analysis.compilation.sources.file(span.file).path.clone();
        let start = moved(&path, span.start);
        (path, start)
    };
    let target = |target: Target| match target {
        Target::Definition(at) => format!("{:?}", place(index.definitions[at].span)),
        Target::Member(at, member) => format!("{:?} {member}", place(index.definitions[at].span)),
        Target::Node(decl) => decl.name.to_owned(),
        Target::Parameter(decl, name) => format!("{} {name}", decl.name),
        Target::Local(at) => format!("local {:?}", place(at)),
    };
    index
        .uses
        .iter()
        .map(|u| {
            let (path, start) = place(u.span);
            (path, start, target(u.target))
        })
        .collect()
}
