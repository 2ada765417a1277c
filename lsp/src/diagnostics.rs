//! What is wrong, as the protocol says it.

use lsp_types::{
    DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, NumberOrString, Position, Range, Uri,
};
use scenec_ir::{Diagnostic, FileId, Span};

/// A diagnostic of one analysis, whose places and files the functions give.
pub(crate) fn diagnostic(
    found: &Diagnostic,
    range: &dyn Fn(Span) -> Range,
    uri: &dyn Fn(FileId) -> Option<Uri>,
) -> lsp_types::Diagnostic {
    let beginning = Range::new(Position::default(), Position::default());
    let mut message = found.message.clone();
    if !found.label.is_empty() {
        message += &format!("\n{}", found.label);
    }
    if let Some(hint) = &found.hint {
        message += &format!("\nhint: {hint}");
    }
    let related: Vec<DiagnosticRelatedInformation> = found
        .because
        .iter()
        .filter_map(|label| {
            let location = lsp_types::Location::new(uri(label.span.file)?, range(label.span));
            Some(DiagnosticRelatedInformation { location, message: label.text.clone() })
        })
        .collect();
    lsp_types::Diagnostic {
        range: found.span.map_or(beginning, range),
        severity: Some(if found.is_error() { DiagnosticSeverity::ERROR } else { DiagnosticSeverity::WARNING }),
        code: Some(NumberOrString::String(found.code.clone())),
        source: Some("scenec".to_owned()),
        message,
        related_information: Some(related).filter(|r| !r.is_empty()),
        tags: (found.code == "W0201").then(|| vec![DiagnosticTag::UNNECESSARY]),
        ..lsp_types::Diagnostic::default()
    }
}
