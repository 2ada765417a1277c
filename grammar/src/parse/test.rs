//! Tests and gates.

use scenec_ir::Diagnostic;

use super::Parser;
use crate::ast::{ItemKind, TestStmt};
use crate::lex::Kind;
use crate::split::Piece;
use crate::words::{self, clip};

/// What other languages write for `assert`.
const FOREIGN: [&str; 7] = ["expect", "require", "check", "verify", "ensure", "should", "assert_eq"];

impl Parser<'_> {
    pub(super) fn test_item(&mut self, keyword: &str, piece: Piece) -> Option<ItemKind> {
        let (head, body) = self.block(keyword, piece)?;
        let word = self.token_span(piece.first);
        let refused = self.refused(head);
        let name = if refused { None } else { self.build(head, 1, |b, end| b.test_head(end, word)) };
        let pieces = self.tokens().statements(body.first, body.end, false);
        let body = pieces.into_iter().filter_map(|piece| self.claim(piece, keyword)).collect();
        Some(ItemKind::Test { gate: keyword == "gate", name: name?, body })
    }

    fn claim(&mut self, piece: Piece, keyword: &str) -> Option<TestStmt> {
        let tokens = self.tokens();
        if (piece.first..piece.end).all(|i| tokens.kind(i) == Some(Kind::Comma)) {
            return None;
        }
        let piece = self.trim(piece, "a statement");
        let span = self.span(piece);
        let word = tokens.word(piece.first);
        let behind = piece.end > piece.first + 1 && !tokens.assigns(piece.first);
        let statement = if self.refused(piece) {
            None
        } else if behind && word == "let" {
            self.build(piece, 1, |b, end| b.let_item(end, span)).map(TestStmt::Let)
        } else if word == "assert" && !tokens.assigns(piece.first) {
            self.build(piece, 1, |b, end| b.assert_stmt(end, span))
        } else {
            self.no_claim(piece, keyword);
            None
        };
        Some(statement.unwrap_or_else(|| {
            let at = piece.first + usize::from(behind && tokens.is_word(piece.first + 1));
            TestStmt::Error { name: self.name_at(at, piece.end), span }
        }))
    }

    /// A statement that is neither `let` nor `assert`.
    fn no_claim(&mut self, piece: Piece, keyword: &str) {
        let tokens = self.tokens();
        let (span, word) = (self.token_span(piece.first), tokens.word(piece.first));
        let start = scenec_ir::Span { end: span.start, ..span };
        let message = format!("expected `assert` or `let`, found `{}`", clip(word));
        let diagnostic = Diagnostic::error("E0103", message, span);
        let form = format!("a {keyword} holds `assert condition` and `let name = value`");
        let second = tokens.is_word(piece.first + 1) && piece.end > piece.first + 1;
        let diagnostic = if tokens.is_word(piece.first) && tokens.kind(piece.first + 1) == Some(Kind::Equals) {
            diagnostic.hint("a value is named with `let name = value`; two values are compared with `==`").fix(
                "make it a `let`",
                start,
                "let ",
            )
        } else if let Some(meant) = scenec_ir::names::closest(word, ["assert", "let"])
            .filter(|meant| second || *meant == "assert" && piece.end > piece.first + 1)
        {
            diagnostic.hint(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), span, meant)
        } else if FOREIGN.contains(&word) {
            let fixed = diagnostic.hint("what must hold is written `assert condition`");
            if word == "assert_eq" { fixed } else { fixed.fix("write `assert`", span, "assert") }
        } else if words::item_or_reserved(word) && second {
            return self.report_reading(
                piece,
                Diagnostic::error("E0117", format!("`{word}` inside of a {keyword}"), span)
                    .hint(format!("`{word}` items stand at the top of a file, outside of every block")),
            );
        } else if piece.end > piece.first + 1 && tokens.is_word(piece.first) && !self.is_foreign(word) {
            diagnostic.hint(form).fix("insert `assert`", start, "assert ")
        } else {
            diagnostic.hint(form)
        };
        self.report_reading(piece, diagnostic);
    }

    fn is_foreign(&self, word: &str) -> bool {
        words::foreign_statement(word).is_some() || words::foreign(word).is_some()
    }
}
