//! The one layout of a program: `scenec fmt`.
//!
//! Tokens are never added, left out or moved, except for commas that separate, which the layout sets anew. So the layout
//! is made from the tokens, and the tree only says what their spelling does not tell. What this version does not read
//! (reserved items) is laid out by its tokens alone.
//!
//! ```text
//! roles      AST                     -> what a token is: callee, operator, start of an entry
//! trivia     text between tokens     -> comments, empty lines, commas
//! tokens     the scan and both above -> a stream of tokens
//! layout     stream                  -> document
//! doc        document                -> text
//! ```

mod doc;
mod layout;
mod roles;
mod tokens;
mod trivia;

use std::borrow::Cow;

use scenec_ir::{Diagnostic, FileId};

use crate::ast::Module;
use crate::lex::{Kind, Lexed};
use crate::split::Tokens;

/// Formats a program: two blanks a level, lines of at most 100 columns where they can be broken, every comment in place,
/// runs of empty lines made one, no byte order mark, a line break at the end, and the line breaks that most lines have.
/// A list with a comma at its end stays broken over lines, as do entries in braces that begin on a new line.
///
/// `format(format(x)) == format(x)`, and the tree of the result is that of the text.
///
/// # Errors
/// A text with syntax errors gives all its diagnostics; words that are reserved for later versions are none. `E0999` says
/// that the result is not what the text was, which is a bug.
pub fn format(file: FileId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let module = read(file, text)?;
    let breaks = text.matches('\n').count();
    let windows = text.matches("\r\n").count();
    let plain = match text.strip_prefix('\u{feff}').unwrap_or(text) {
        text if windows > 0 => Cow::Owned(text.replace("\r\n", "\n")),
        text => Cow::Borrowed(text),
    };
    // Places are those of the text that is laid out.
    let laid_out = if plain.len() == text.len() {
        lay_out(file, &plain, &module)
    } else {
        lay_out(file, &plain, &read(file, &plain)?)
    };
    if let Err(what) = same(file, &plain, &module, &laid_out) {
        let message = format!("the formatter changed {what}; nothing was written");
        return Err(vec![Diagnostic::bare("E0999", message).hint("please report it with the file")]);
    }
    Ok(if windows * 2 > breaks { laid_out.replace('\n', "\r\n") } else { laid_out })
}

/// The tree, unless there are mistakes.
fn read(file: FileId, text: &str) -> Result<Module, Vec<Diagnostic>> {
    let (module, diagnostics) = crate::parse(file, text);
    // A reserved word is known to begin an item, whose meaning is not needed here.
    match diagnostics.iter().all(|d| !d.is_error() || d.code == "E0116") {
        true => Ok(module),
        false => Err(diagnostics),
    }
}

fn lay_out(file: FileId, text: &str, module: &Module) -> String {
    let mut lexed = crate::lex::lex(file, text);
    let brackets = crate::brackets::match_brackets(file, text, &mut lexed);
    let roles = roles::Roles::of(&module.items);
    let stream = tokens::Stream::new(text, &lexed, &brackets, &roles);
    let tokens = Tokens { text, tokens: &lexed.tokens, brackets: &brackets };
    let layout = layout::Layout { stream: &stream, roles: &roles, tokens };
    let mut out = layout.file().print();
    out.push('\n');
    out
}

/// Tells what of a text is not the same in its layout.
fn same(file: FileId, text: &str, module: &Module, laid_out: &str) -> Result<(), &'static str> {
    let Ok(again) = read(file, laid_out) else { return Err("a good program to a wrong one") };
    if crate::dump(module) != crate::dump(&again) {
        return Err("the meaning of the program");
    }
    let (before, after) = (crate::lex::lex(file, text), crate::lex::lex(file, laid_out));
    if comments(text, &before) != comments(laid_out, &after) {
        return Err("a comment");
    }
    if words(text, &before) != words(laid_out, &after) {
        return Err("a word or sign");
    }
    Ok(())
}

/// All comments, sorted, without blanks at the ends of lines.
fn comments<'a>(text: &'a str, lexed: &Lexed) -> Vec<Cow<'a, str>> {
    let mut gap = trivia::Gap::default();
    let mut from = 0;
    for token in &lexed.tokens {
        gap.read(&text[from..token.start as usize]);
        from = token.end as usize;
    }
    gap.read(&text[from..]);
    let mut comments: Vec<_> = gap.comments.into_iter().map(|c| c.text).collect();
    comments.sort();
    comments
}

/// All signs but commas, and all words but numbers, whose spelling may differ.
fn words<'a>(text: &'a str, lexed: &Lexed) -> String {
    let kept = lexed.tokens.iter().filter(|t| !matches!(t.kind, Kind::Comma | Kind::Number));
    let words: Vec<&'a str> = kept.map(|t| &text[t.start as usize..t.end as usize]).collect();
    // Signs that were scanned as one may come apart.
    words.concat()
}
