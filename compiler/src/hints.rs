//! The last resort of help: every error says what to do, if only in the words that fit all errors of its code.

use scenec_ir::Diagnostic;

/// Gives an error that has neither hint nor fix the usual hint of its code.
pub fn complete(diagnostic: &mut Diagnostic) {
    if diagnostic.is_error() && diagnostic.hint.is_none() && diagnostic.fix.is_none() {
        diagnostic.hint = Some(match usual(&diagnostic.code) {
            Some(hint) => hint.to_owned(),
            None => format!("`scenec explain {}` shows it wrong and right", diagnostic.code),
        });
    }
}

fn usual(code: &str) -> Option<&'static str> {
    Some(match code {
        "E0201" => "names are defined by `let`, `param`, `use`, or in a layer block",
        "E0202" => "`scenec docs` lists every node",
        "E0203" => "remove it; `scenec docs NODE` lists the parameters of a node",
        "E0204" => "give one of them another name",
        "E0220" => "use fewer, larger modules",
        "E0302" => "give a value of the type that is wanted, or change the declaration",
        "E0303" => "only quantities of one kind go together; units can be multiplied and divided",
        "E0304" => "give it as `name: value`",
        "E0305" => "give a number within the limits",
        "E0306" => "remove one of the two",
        "E0308" => "change the numbers so that there is a result",
        "E0310" => "nodes, components, bibles and images with parameters are called; all else is named alone",
        "E0311" => "`scenec explain E0311` shows a whole variant",
        "E0313" => "remove one: none of them wins",
        "E0407" => "every file is written once: give each its own path",
        "E0408" => "remove one of them",
        "E0411" => "frames are half-open: `1001..1049` has 48 of them",
        _ => return None,
    })
}
