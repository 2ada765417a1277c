//! The parameters of the call around the cursor.

use lsp_types::{
    Documentation, MarkupContent, MarkupKind, ParameterInformation, ParameterLabel, SignatureHelp, SignatureHelpParams,
    SignatureInformation,
};
use scenec_compiler::manual::functions;
use scenec_ir::Type;

use crate::completion::context::{Around, Context};
use crate::completion::wanted::{Callee, Formal};
use crate::describe;
use crate::view::View;

/// Signs behind which help is asked for.
pub(crate) const TRIGGERS: [&str; 3] = ["(", ",", ":"];

pub(crate) fn help(view: &View<'_>, params: &SignatureHelpParams) -> Option<SignatureHelp> {
    let cursor = view.offset(params.text_document_position_params.position);
    let context = Context::of_call(view.text(), cursor as usize)?;
    let Around::Call(path) = &context.around else { return None };
    let Some(callee) = Callee::find(view, &context, view.owner_at(cursor)) else {
        return match path.as_slice() {
            [name] => of_function(name, context.commas),
            _ => None,
        };
    };
    let formals = callee.formals(view);
    let name = path.join(".");
    let (result, doc) = match callee {
        Callee::Node(decl) => (format!(": {}", decl.output), decl.doc.to_owned()),
        Callee::Definition(at) => {
            let ty = match &view.definition(at).ty {
                Type::Unknown => String::new(),
                ty => format!(": {ty}"),
            };
            (ty, describe::documentation(view, at))
        }
    };
    let list: Vec<&str> = formals.iter().map(|f| f.signature.as_str()).collect();
    let label = format!("{name}({}){result}", list.join(", "));
    let parameters = formals.iter().map(|f| parameter(f.signature.clone(), &f.doc)).collect();
    Some(signature(label, &doc, parameters, active(&context, &formals)))
}

/// The parameter at the cursor: the one that is named, else the first that has no argument yet.
fn active(context: &Context<'_>, formals: &[Formal]) -> Option<u32> {
    let at = match context.argument {
        Some(name) => formals.iter().position(|f| f.name == name),
        // The first argument may go without its name; it is that of the first parameter that must be given.
        None if context.commas == 0 && context.given.is_empty() => {
            formals.iter().position(|f| f.is_required).or((!formals.is_empty()).then_some(0))
        }
        None => formals.iter().enumerate().position(|(at, f)| {
            let is_given = context.given.contains(&f.name.as_str());
            let is_unnamed =
                context.given.len() < context.commas && formals.iter().position(|f| f.is_required).unwrap_or(0) == at;
            !is_given && !is_unnamed
        }),
    };
    at.and_then(|at| u32::try_from(at).ok())
}

/// A function of the language: its arguments have no names.
fn of_function(name: &str, commas: usize) -> Option<SignatureHelp> {
    let function = functions().into_iter().find(|f| f.name == name)?;
    let inside = function.form.split_once('(')?.1.rsplit_once(')')?.0;
    let parameters: Vec<_> = inside.split(", ").map(|text| parameter(text.to_owned(), "")).collect();
    // `max(a, b, …)`: the last stands for all that follow.
    let active = commas.min(parameters.len().saturating_sub(1));
    Some(signature(function.form.to_owned(), function.doc, parameters, u32::try_from(active).ok()))
}

fn signature(label: String, doc: &str, parameters: Vec<ParameterInformation>, active: Option<u32>) -> SignatureHelp {
    let signature = SignatureInformation {
        label,
        documentation: documentation(doc),
        parameters: Some(parameters),
        active_parameter: active,
    };
    SignatureHelp { signatures: vec![signature], active_signature: Some(0), active_parameter: active }
}

fn parameter(label: String, doc: &str) -> ParameterInformation {
    ParameterInformation { label: ParameterLabel::Simple(label), documentation: documentation(doc) }
}

fn documentation(text: &str) -> Option<Documentation> {
    let markup = MarkupContent { kind: MarkupKind::Markdown, value: text.to_owned() };
    (!text.is_empty()).then_some(Documentation::MarkupContent(markup))
}
