//! What is under the pointer.

use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use scenec_compiler::index::{Kind, Target};
use scenec_compiler::manual::functions;
use scenec_grammar::{Token, TokenKind, tokens};
use scenec_ir::{Span, Type};

use crate::describe;
use crate::navigate::legible;
use crate::view::View;

pub(crate) fn hover(view: &View<'_>, params: &HoverParams) -> Option<Hover> {
    let offset = view.offset(params.text_document_position_params.position);
    let (span, text) = named(view, offset).or_else(|| function(view, offset)).or_else(|| expression(view, offset))?;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: text });
    Some(Hover { contents, range: Some(view.range(span)) })
}

/// A name that leads somewhere, or the name of a definition.
fn named(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let index = view.index();
    if let Some(found) = index.use_at(view.file, offset) {
        return Some((found.span, target(view, found.target)));
    }
    if let Some(at) = index.definition_at(view.file, offset) {
        return Some((view.definition(at).span, target(view, Target::Definition(at))));
    }
    let (span, found) = legible(view, offset)?;
    Some((span, target(view, found)))
}

/// The name of a function of the language that is called.
fn function(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let text = view.text();
    let found = tokens(text);
    let holds = |t: &Token| t.kind == TokenKind::Word && (t.start..=t.end).contains(&(offset as usize));
    let at = found.iter().position(holds)?;
    let word = &text[found[at].start..found[at].end];
    let is_called = found.get(at + 1).is_some_and(|t| text[t.start..].starts_with('('));
    let is_part = at > 0 && found[at - 1].kind == TokenKind::Dot;
    let function = functions().into_iter().find(|f| f.name == word).filter(|_| is_called && !is_part)?;
    let examples = function.examples.iter().map(|(expression, value)| format!("`{expression}` is `{value}`"));
    let examples = examples.collect::<Vec<_>>().join(", ");
    let span = Span::new(view.file, found[at].start, found[at].end);
    Some((span, page(function.form, &format!("{}\n\n{examples}", function.doc))))
}

/// The page of what a name leads to.
pub(crate) fn target(view: &View<'_>, target: Target) -> String {
    match target {
        Target::Definition(at) => page(&describe::signature(view, at), &describe::documentation(view, at)),
        Target::Member(at, member) => match &view.definition(at).kind {
            Kind::Enum(ty) => page(&format!("{}: {}", ty.members[member], ty.name), &describe::signature(view, at)),
            _ => String::new(),
        },
        Target::Node(decl) => page(&describe::node_signature(decl), decl.doc),
        Target::Local(at) => {
            let known = view.index().known_at(at.file, at.start).find(|k| k.span == at);
            let ty = known.map_or_else(String::new, |k| format!(": {}", k.ty));
            page(&format!("for {}{ty}", view.written(at)), "The variable of a `for`.")
        }
        Target::Parameter(decl, name) => {
            let param = decl.params.iter().find(|p| p.name == name).map(|p| (p.signature(), p.doc));
            let port = decl.ports.iter().find(|p| p.name == name).map(|p| (p.signature(), p.doc));
            // A name may be both: a value or a thing is given.
            let both: Vec<(String, &str)> = param.into_iter().chain(port).collect();
            let signatures: Vec<String> = both.iter().map(|(s, _)| s.clone()).collect();
            let mut docs: Vec<&str> = both.iter().map(|(_, d)| *d).collect();
            docs.dedup();
            page(&signatures.join("\n"), &docs.join("\n\n"))
        }
    }
}

/// Code and the text below it, as Markdown.
fn page(code: &str, text: &str) -> String {
    let code = format!("```ngs\n{code}\n```");
    if text.is_empty() { code } else { format!("{code}\n\n{text}") }
}

/// Type and value of the narrowest expression.
fn expression(view: &View<'_>, offset: u32) -> Option<(Span, String)> {
    let known = view.index().known_at(view.file, offset).find(|k| k.ty != Type::Unknown)?;
    Some((known.span, page(&format!("{}{}", known.ty, describe::equals(known.value.as_ref())), "")))
}
