//! What a machine can mend.

use std::collections::{BTreeMap, HashMap};

use lsp_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit, Uri, WorkspaceEdit,
};
use scenec_compiler::{Options, mend};
use scenec_ir::diagnostic::Edit;
use scenec_ir::{Diagnostic, FileId, Span};

use crate::diagnostics;
use crate::places;
use crate::server::Client;
use crate::view::View;

/// Kinds of actions that are offered.
pub(crate) const KINDS: [&str; 2] = ["quickfix", "source.fixAll"];

pub(crate) fn actions(view: &View<'_>, client: Client, params: &CodeActionParams) -> Vec<CodeActionOrCommand> {
    let wanted = |kind: &CodeActionKind| match &params.context.only {
        None => *kind == CodeActionKind::QUICKFIX,
        Some(only) => only
            .iter()
            .any(|o| o.as_str().is_empty() || kind == o || kind.as_str().starts_with(&format!("{}.", o.as_str()))),
    };
    let mut found = Vec::new();
    if wanted(&CodeActionKind::QUICKFIX) {
        let (from, to) = (view.offset(params.range.start), view.offset(params.range.end));
        let touches = |s: Span| s.file == view.file && s.start <= to && from <= s.end;
        let here = view.analysis.compilation.diagnostics.iter().filter(|d| d.span.is_some_and(touches));
        found.extend(here.filter_map(|d| quick_fix(view, client, d)));
    }
    if wanted(&CodeActionKind::SOURCE_FIX_ALL) {
        found.extend(fix_all(view, client));
    }
    found.into_iter().map(CodeActionOrCommand::CodeAction).collect()
}

fn quick_fix(view: &View<'_>, client: Client, diagnostic: &Diagnostic) -> Option<CodeAction> {
    let fix = diagnostic.fix.as_ref().filter(|fix| !fix.edits.is_empty())?;
    let mut title = fix.title.clone();
    if let Some(first) = title.get(..1) {
        title = first.to_uppercase() + &title[1..];
    }
    let said = diagnostics::diagnostic(diagnostic, &|span| view.range(span), &|file| view.uri(file));
    Some(CodeAction {
        title,
        kind: Some(CodeActionKind::QUICKFIX),
        diagnostics: Some(vec![said]),
        edit: Some(workspace_edit(view, client, &fix.edits)?),
        is_preferred: Some(true),
        ..CodeAction::default()
    })
}

/// What `scenec check --fix` would do to this module and those that it uses.
fn fix_all(view: &View<'_>, client: Client) -> Option<CodeAction> {
    let has_fix = |d: &Diagnostic| d.fix.as_ref().is_some_and(|f| !f.edits.is_empty());
    if !view.analysis.compilation.diagnostics.iter().any(has_fix) {
        return None;
    }
    let options = Options { first_frame_only: true, ..Options::default() };
    let mended = mend(view.world, &view.here().path, &[], &options);
    let mut edits = Vec::new();
    for (path, text) in &mended.texts {
        let sources = &view.analysis.compilation.sources;
        let (file, before) = sources.files().find(|(_, f)| f.path == *path)?;
        edits.push(Edit { span: Span::new(file, 0, before.text.len()), text: text.clone() });
    }
    Some(CodeAction {
        title: format!(
            "Mend {}",
            if mended.fixes == 1 { "1 mistake".into() } else { format!("{} mistakes", mended.fixes) }
        ),
        kind: Some(CodeActionKind::SOURCE_FIX_ALL),
        edit: Some(workspace_edit(view, client, &edits).filter(|_| !edits.is_empty())?),
        ..CodeAction::default()
    })
}

/// Edits of any modules of the program; `None` when one of them has no URI.
pub(crate) fn workspace_edit(view: &View<'_>, client: Client, edits: &[Edit]) -> Option<WorkspaceEdit> {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for edit in edits {
        let change = TextEdit { range: view.range(edit.span), new_text: edit.text.clone() };
        by_file.entry(edit.span.file).or_default().push(change);
    }
    let sources = &view.analysis.compilation.sources;
    let by_path = by_file.into_iter().map(|(file, edits)| (sources.file(file).path.clone(), edits));
    changes(view, client, by_path.collect())
}

/// Edits by the name of a module, as the client wants them.
pub(crate) fn changes(
    view: &View<'_>,
    client: Client,
    edits: BTreeMap<String, Vec<TextEdit>>,
) -> Option<WorkspaceEdit> {
    let uri = |name: &str| places::parse(&view.documents.uri(name, view.places));
    let edits: Vec<(String, Uri, Vec<TextEdit>)> =
        edits.into_iter().map(|(name, edits)| uri(&name).map(|uri| (name, uri, edits))).collect::<Option<_>>()?;
    if client.versioned_edits {
        let edits = edits.into_iter().map(|(name, uri, edits)| {
            let version = view.documents.get(&name).map(|d| d.version);
            let text_document = OptionalVersionedTextDocumentIdentifier { uri, version };
            TextDocumentEdit { text_document, edits: edits.into_iter().map(OneOf::Left).collect() }
        });
        let document_changes = Some(DocumentChanges::Edits(edits.collect()));
        return Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() });
    }
    #[expect(clippy::mutable_key_type, reason = "the protocol's own type")]
    let changes: HashMap<Uri, Vec<TextEdit>> = edits.into_iter().map(|(_, uri, edits)| (uri, edits)).collect();
    Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
}
