//! naga's front end and validator, with errors that name the file a line came from.

use crate::Error;
use crate::compose::Composed;
use naga::front::wgsl::{Frontend, Options};
use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};

/// A module that naga found valid, with what it found out on the way.
#[derive(Debug)]
pub struct Valid {
    /// The IR.
    pub module: naga::Module,
    /// Types and uses of expressions.
    pub info: ModuleInfo,
}

/// Parses and validates.
///
/// All of naga's capabilities are allowed here: what is not translated is refused by name later, which reads better than
/// the name of a capability.
pub fn parse(source: &Composed) -> Result<Valid, Error> {
    let mut options = Options::new();
    options.parse_doc_comments = true;
    options.capabilities = Capabilities::all();
    let module = Frontend::new_with_options(options).parse(&source.text).map_err(|error| {
        let mut message = error.message().to_owned();
        let mut span = naga::Span::default();
        for (index, (label, text)) in error.labels().enumerate() {
            if index == 0 {
                span = label;
            }
            if !text.is_empty() {
                message.push_str(": ");
                message.push_str(text);
            }
        }
        for note in error.notes() {
            message.push_str("; ");
            message.push_str(note);
        }
        source.error(span, message)
    })?;
    let info = Validator::new(ValidationFlags::all(), Capabilities::all()).validate(&module).map_err(|error| {
        let mut message = chain(error.as_inner());
        // The last span is the innermost: the expression rather than its function.
        let span = error.spans().last().map(|(span, context)| {
            message.push_str(&format!(" ({context})"));
            *span
        });
        source.error(span.unwrap_or_default(), message)
    })?;
    Ok(Valid { module, info })
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        message.push_str(": ");
        message.push_str(&cause.to_string());
        source = cause.source();
    }
    message
}
