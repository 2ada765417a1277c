//! Pieces that are no item, and what was meant by them.

use scenec_ir::{Diagnostic, Edit, Fix, Span, Spanned, names};

use super::Parser;
use crate::ast::{Ident, ItemKind, UseForm};
use crate::build::module_name;
use crate::lex::Kind;
use crate::split::Piece;
use crate::words::{self, Foreign, clip};

const IMPORT_HINT: &str = "items of another file are taken with `use \"path.ngs\" { Name }`";

impl Parser<'_> {
    /// True for an item, and for what was meant as one.
    pub(super) fn is_like_an_item(&self, piece: Piece) -> bool {
        let tokens = self.tokens();
        let word = tokens.word(piece.first);
        if !tokens.is_word(piece.first) {
            return false;
        }
        let named = matches!(tokens.kind(piece.first + 1), Some(Kind::Word | Kind::Text));
        let known = words::item_or_reserved(word) || word == "ngs" || tokens.assigns(piece.first);
        // A word that is close to a keyword is one only with what follows a keyword.
        known || named && (words::foreign(word).is_some() || near_item(word).is_some()) && self.has_body(piece)
    }

    /// True when an item of these words would have its parts: braces, a value, or a text.
    fn has_body(&self, piece: Piece) -> bool {
        let tokens = self.tokens();
        tokens.body(piece).is_some()
            || (piece.first..piece.end).any(|i| matches!(tokens.kind(i), Some(Kind::Equals | Kind::Text)))
    }

    /// The text is none of the language.
    pub(super) fn no_program(&mut self, first: Piece) {
        let tokens = self.tokens();
        let span = self.token_span(first.first);
        let shown = clip(tokens.word(first.first));
        let hint = match (shown.as_str(), tokens.kind(first.first + 1)) {
            ("{", Some(Kind::Text)) => "this looks like JSON; a program begins with `ngs 1`",
            ("<", _) => "this looks like XML or HTML; a program begins with `ngs 1`",
            _ => "a program begins with `ngs 1`, and holds items such as `environment yard { … }`",
        };
        // Whatever else is wrong in such a text says nothing to its writer.
        self.diagnostics.clear();
        self.report(
            Diagnostic::error("E0101", format!("this is no program: it begins with `{shown}`"), span).hint(hint),
        );
    }

    pub(super) fn unknown_item(&mut self, piece: Piece) -> Option<ItemKind> {
        let tokens = self.tokens();
        let (span, word) = (self.token_span(piece.first), tokens.word(piece.first));
        if !tokens.is_word(piece.first) {
            if !self.refused(piece) {
                let message = format!("expected an item, found `{}`", clip(word));
                self.report_reading(piece, Diagnostic::error("E0115", message, span).hint(item_list()));
            }
            return None;
        }
        if tokens.assigns(piece.first) && piece.end > piece.first + 1 {
            if !self.refused(piece) {
                self.bound_outside(piece);
            }
            return None;
        }
        if word == "ngs" {
            let whole = self.span(piece);
            let hint = "the edition is the first line of a file and stands once";
            self.report(Diagnostic::error("E0115", "`ngs` again", span).hint(hint).fix("remove it", whole, ""));
            return None;
        }
        if word == "for" {
            if !self.refused(piece) {
                let hint = "a list is a value: `let sizes = for i in 0..4 { i * 1m }`, or things of a layer block";
                self.report(Diagnostic::error("E0115", "`for` is no item of the language", span).hint(hint));
            }
            return None;
        }
        if let Some(foreign) = words::foreign(word) {
            return self.foreign_item(piece, foreign);
        }
        let second =
            matches!(tokens.kind(piece.first + 1), Some(Kind::Word | Kind::Text)) && piece.end > piece.first + 1;
        if let Some(meant) = near_item(word).filter(|_| second) {
            self.report(
                Diagnostic::error("E0115", format!("`{word}` is no item of the language"), span)
                    .hint(format!("did you mean `{meant}`?"))
                    .fix(format!("write `{meant}`"), span, meant),
            );
            return if words::ITEMS.contains(&meant) { self.known_item(meant, piece) } else { None };
        }
        if piece.end == piece.first + 1 && self.goes_on_with_item(piece.end) {
            let diagnostic = Diagnostic::error("E0115", format!("expected an item, found `{}`", clip(word)), span);
            if matches!(word, "pub" | "public") {
                let gap = Span { end: self.token_span(piece.end).start, ..span };
                let hint = "every item is public unless `private` stands in front of it";
                self.report(diagnostic.hint(hint).fix("remove it", gap, ""));
                return None;
            }
            if let Some(meant) = names::closest(word, words::MODIFIERS) {
                let hint = format!("did you mean `{meant}`?");
                self.report(diagnostic.hint(hint).fix(format!("write `{meant}`"), span, meant));
                return None;
            }
        }
        if self.refused(piece) {
            return None;
        }
        let diagnostic = Diagnostic::error("E0115", format!("expected an item, found `{}`", clip(word)), span);
        let diagnostic = if tokens.word(piece.first + 1) == "(" {
            diagnostic.hint(format!(
                "things stand in a layer block and have names: `environment yard {{ name = {}(…) }}`",
                clip(word)
            ))
        } else if second && tokens.kind(piece.first + 2) == Some(Kind::Equals) {
            // `float size = 4`
            diagnostic
                .hint(
                    "a value is named with `let name = value`; a type stands behind the name: `let size: Length = 4m`",
                )
                .fix("write `let`", span, "let")
        } else {
            diagnostic.hint(item_list())
        };
        self.report_reading(piece, diagnostic);
        None
    }

    /// `name = value` at the top of a file.
    fn bound_outside(&mut self, piece: Piece) {
        let tokens = self.tokens();
        let (span, word) = (self.token_span(piece.first), tokens.word(piece.first));
        let message = format!("`{}` is bound outside of any block", clip(word));
        let diagnostic = Diagnostic::error("E0117", message, span);
        let is_call = tokens.is_word(piece.first + 2) && tokens.word(piece.first + 3) == "(";
        self.report(match is_call {
            // A thing would not be built from there.
            true => diagnostic.hint(format!(
                "a thing stands in a layer block: `environment yard {{ {} = … }}`; a value of the whole file is `let name = value`",
                clip(word)
            )),
            false => {
                let start = Span { end: span.start, ..span };
                diagnostic
                    .hint("a value of the whole file is `let name = value`; a thing stands in a layer block")
                    .fix("make it a `let`", start, "let ")
            }
        });
    }

    /// An item of another language.
    fn foreign_item(&mut self, piece: Piece, foreign: Foreign) -> Option<ItemKind> {
        let tokens = self.tokens();
        let (span, word) = (self.token_span(piece.first), tokens.word(piece.first));
        if let Some(item) = self.python_import(piece).or_else(|| self.script_import(piece)) {
            return Some(item);
        }
        let Foreign { keyword, hint, swaps } = foreign;
        let mut diagnostic =
            Diagnostic::error("E0115", format!("`{word}` is no item of the language"), span).hint(hint);
        let kind = |i: usize| tokens.kind(piece.first + i).filter(|_| piece.first + i < piece.end);
        let named = kind(1) == Some(Kind::Word);
        let mends = swaps
            && match keyword {
                // `import name` can't be mended without the file that is meant.
                "use" => {
                    kind(1) == Some(Kind::Text)
                        && (kind(2).is_none() || matches!(tokens.word(piece.first + 2), "as" | "{"))
                }
                "let" => named && matches!(kind(2), Some(Kind::Equals | Kind::Colon)),
                "component" => named && self.is_component(piece),
                _ => named && tokens.word(piece.first + 2) == "{",
            };
        if mends {
            diagnostic = diagnostic.fix(format!("write `{keyword}`"), span, keyword);
        } else if piece.end == piece.first + 1 && self.goes_on_with_item(piece.end) {
            // `layer environment yard { … }`
            let gap = Span { end: self.token_span(piece.end).start, ..span };
            diagnostic = diagnostic.fix("remove it", gap, "");
        }
        if keyword == "use"
            && piece.end == piece.first + 2
            && let Some(name) = module_name(tokens.word(piece.first + 1))
            && let Some(fix) = &mut diagnostic.fix
        {
            fix.title = format!("write `use … as {name}`");
            fix.edits.push(Edit { span: self.span(piece).after(), text: format!(" as {name}") });
        }
        // The item is read as the one that is meant, in silence: what differs further on is the same mistake.
        let known = self.diagnostics.len();
        let read = swaps && matches!(kind(1), Some(Kind::Word | Kind::Text)) && matches!(keyword, "let" | "use");
        let item = if read { self.known_item(keyword, piece) } else { None };
        self.diagnostics.truncate(known);
        self.report(diagnostic);
        item
    }

    /// `from "kit.ngs" import Outer, Inner`, which is read as what is meant.
    fn python_import(&mut self, piece: Piece) -> Option<ItemKind> {
        if self.tokens().word(piece.first) != "from" {
            return None;
        }
        let diagnostic = Diagnostic::error("E0115", "`from` is no item of the language", self.token_span(piece.first));
        self.imported(piece, Some("use"), diagnostic)
    }

    /// `use "kit.ngs" import Outer, Inner`, which is read as what is meant.
    pub(super) fn use_import(&mut self, piece: Piece) -> Option<ItemKind> {
        if piece.end < piece.first + 4 || self.tokens().word(piece.first + 2) != "import" {
            return None;
        }
        let import = self.token_span(piece.first + 2);
        let diagnostic = Diagnostic::error("E0103", "`import` behind the path of a `use`", import);
        self.imported(piece, None, diagnostic)
    }

    /// `import { Outer, Inner } from "kit.ngs"`, which is read as what is meant.
    fn script_import(&mut self, piece: Piece) -> Option<ItemKind> {
        let tokens = self.tokens();
        let open = piece.first + 1;
        if tokens.word(piece.first) != "import" || tokens.word(open) != "{" || !tokens.is_closed(open) {
            return None;
        }
        let close = self.brackets.close[open] as usize;
        let path = close + 2;
        if tokens.word(close + 1) != "from" || tokens.kind(path) != Some(Kind::Text) || path + 1 != piece.end {
            return None;
        }
        let picks = self.picks(Piece { first: open + 1, end: close })?;
        let text = self.path_of(path);
        let word = self.token_span(piece.first);
        let edits = vec![
            Edit {
                span: Span { end: self.token_span(open).start, ..word },
                text: format!("use {} ", tokens.word(path)),
            },
            Edit { span: Span { start: self.token_span(close).end, ..self.token_span(path) }, text: String::new() },
        ];
        let mut diagnostic = Diagnostic::error("E0115", "`import` is no item of the language", word).hint(IMPORT_HINT);
        diagnostic.fix = Some(Fix { title: "write `use … { … }`".to_owned(), edits });
        self.report(diagnostic);
        Some(ItemKind::Use { path: text?, form: UseForm::Pick(picks) })
    }

    /// Names with commas between them.
    fn picks(&self, piece: Piece) -> Option<Vec<(Ident, Option<Ident>)>> {
        let tokens = self.tokens();
        let mut picks = Vec::new();
        for at in piece.first..piece.end {
            match (at - piece.first) % 2 {
                0 => picks.push((self.name_at(at, piece.end)?, None)),
                _ if tokens.word(at) == "," => {}
                _ => return None,
            }
        }
        Some(picks)
    }

    /// The text at a token; what is wrong in it is not said.
    fn path_of(&mut self, token: usize) -> Option<Spanned<String>> {
        let known = self.diagnostics.len();
        let written = self.token_span(token);
        let text = self.build(Piece { first: token, end: token + 1 }, 0, |b, _| Ok(b.plain_text(written)));
        self.diagnostics.truncate(known);
        text
    }

    /// A keyword, a path, `import`, and names: what is said of it, with the fix. `keyword` replaces the one that was written.
    fn imported(&mut self, piece: Piece, keyword: Option<&str>, diagnostic: Diagnostic) -> Option<ItemKind> {
        let tokens = self.tokens();
        let (path, import, names) = (piece.first + 1, piece.first + 2, piece.first + 3);
        let is_import = names < piece.end && tokens.kind(path) == Some(Kind::Text) && tokens.word(import) == "import";
        if !is_import {
            return None;
        }
        let picks = self.picks(Piece { first: names, end: piece.end })?;
        let text = self.path_of(path);
        let edit = |span: Span, text: &str| Edit { span, text: text.to_owned() };
        let mut edits = vec![edit(self.token_span(import), "{"), edit(self.span(piece).after(), " }")];
        edits.splice(0..0, keyword.map(|keyword| edit(self.token_span(piece.first), keyword)));
        let mut diagnostic = diagnostic.hint(IMPORT_HINT);
        diagnostic.fix = Some(Fix { title: "write `use … { … }`".to_owned(), edits });
        self.report(diagnostic);
        Some(ItemKind::Use { path: text?, form: UseForm::Pick(picks) })
    }

    /// True when an item begins at a token on the same line.
    fn goes_on_with_item(&self, token: usize) -> bool {
        let is_keyword = words::item_or_reserved(self.tokens().word(token));
        is_keyword && self.lexed.tokens.get(token).is_some_and(|t| !t.leads)
    }

    /// True when a piece is written as a component is, but for its keyword: no parameters, and a body of bindings.
    fn is_component(&self, piece: Piece) -> bool {
        let tokens = self.tokens();
        let Some(open) = tokens.body(piece) else { return false };
        let head = match open - piece.first {
            2 => true,
            4 => tokens.word(piece.first + 2) == "(" && tokens.word(piece.first + 3) == ")",
            _ => false,
        };
        let binds = tokens.is_word(open + 1) && tokens.kind(open + 2) == Some(Kind::Equals);
        head && (binds || tokens.word(open + 1) == "}")
    }
}

/// The keyword that a word is close to.
fn near_item(word: &str) -> Option<&'static str> {
    names::closest(word, words::ITEMS.into_iter().chain(words::RESERVED))
}

fn item_list() -> String {
    format!("items begin with {}", words::ITEMS.map(|w| format!("`{w}`")).join(", "))
}
