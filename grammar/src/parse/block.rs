//! What stands in the braces of layers, components and bibles.

use rayon::prelude::*;
use scenec_ir::{Diagnostic, Edit, Fix, Span, names};

use super::Parser;
use crate::ast::{BibleEntry, Stmt};
use crate::lex::Kind;
use crate::split::Piece;
use crate::words::{self, clip};

/// Statements that one core reads at a time.
const SHARE: usize = 64;

impl Parser<'_> {
    /// Statements do not depend on each other: those of a long block are read by all cores. Statements and diagnostics
    /// keep the order of the text.
    pub(super) fn layer_body(&mut self, body: Piece, what: &str) -> Vec<Stmt> {
        let pieces = self.tokens().statements(body.first, body.end, false);
        if pieces.len() < 4 * SHARE {
            return pieces.into_iter().filter_map(|piece| self.statement(piece, what)).collect();
        }
        let (file, text, lexed, brackets, plain) = (self.file, self.text, self.lexed, self.brackets, self.plain);
        let parts: Vec<(Vec<Stmt>, Vec<Diagnostic>)> = pieces
            .par_chunks(SHARE)
            .map(|pieces| {
                let (diagnostics, doc) = (Vec::new(), String::new());
                let mut parser = Parser { file, text, lexed, brackets, plain, diagnostics, doc, headless: false };
                let statements = pieces.iter().filter_map(|piece| parser.statement(*piece, what)).collect();
                (statements, parser.diagnostics)
            })
            .collect();
        let mut all = Vec::with_capacity(pieces.len());
        for (statements, diagnostics) in parts {
            all.extend(statements);
            for diagnostic in diagnostics {
                self.report(diagnostic);
            }
        }
        all
    }

    fn statement(&mut self, piece: Piece, what: &str) -> Option<Stmt> {
        let tokens = self.tokens();
        if (piece.first..piece.end).all(|i| tokens.word(i) == ";") {
            return None;
        }
        let piece = self.trim(piece, "a statement");
        let span = self.span(piece);
        let doc = self.lexed.doc(span.start);
        let word = tokens.word(piece.first);
        let keyword = piece.end > piece.first + 1 && !tokens.assigns(piece.first);
        let statement = if self.refused(piece) {
            None
        } else if keyword && word == "let" {
            self.build(piece, 1, |b, end| b.let_item(end, span)).map(Stmt::Let)
        } else if keyword && word == "scatter" {
            self.build(piece, 1, |b, end| b.scatter_stmt(end, doc, span))
        } else if keyword && word == "override" {
            self.build(piece, 1, |b, end| b.override_item(end, span)).map(Stmt::Override)
        } else if keyword && words::RESERVED.contains(&word) {
            self.reserved(piece);
            // What it names is declared elsewhere.
            return Some(Stmt::Error { name: None, span });
        } else if keyword && words::ITEMS.contains(&word) {
            self.item_in_block(piece, what);
            None
        } else if tokens.assigns(piece.first) && tokens.kind(piece.first + 1) != Some(Kind::Dot) {
            self.build(piece, 0, |b, end| b.bind_stmt(end, doc, span))
        } else {
            self.no_binding(piece);
            None
        };
        Some(statement.unwrap_or_else(|| {
            let at = piece.first + usize::from(keyword && tokens.is_word(piece.first + 1));
            Stmt::Error { name: self.name_at(at, piece.end), span }
        }))
    }

    /// A statement that does not begin with `name =` or a keyword.
    fn no_binding(&mut self, piece: Piece) {
        let tokens = self.tokens();
        let (span, word) = (self.token_span(piece.first), tokens.word(piece.first));
        let shown = clip(word);
        if tokens.is_word(piece.first) && tokens.assigns(piece.first) {
            let target = self.text[self.span(piece).range()].split(['=', ':']).next().unwrap_or("").trim_end();
            let message = format!("expected the name of a new thing, found `{}`", clip(target));
            let hint = "a binding makes one thing; arguments of its call set its properties";
            return self.report_reading(piece, Diagnostic::error("E0103", message, span).hint(hint));
        }
        if tokens.is_word(piece.first) && tokens.word(piece.first + 1) == "==" {
            let sign = self.token_span(piece.first + 1);
            let diagnostic = Diagnostic::error("E0113", "`==` where `=` is meant", sign)
                .hint("bindings are written `name = value`; `==` compares")
                .fix("write `=`", sign, "=");
            return self.report_reading(piece, diagnostic);
        }
        if word == "for" {
            let diagnostic = self.unnamed_for(piece);
            return self.report_reading(piece, diagnostic);
        }
        let message = format!("expected `name = value`, found `{shown}`");
        let mut diagnostic = Diagnostic::error("E0103", message, span);
        let second = tokens.is_word(piece.first + 1) && piece.first + 1 < piece.end;
        let near = if second { names::closest(word, ["let", "scatter"]) } else { None };
        // `var ball = sphere(…)`, `float size = 4`
        let typed = second && tokens.kind(piece.first + 2) == Some(Kind::Equals);
        if words::MODIFIERS.contains(&word) && second {
            let gap = Span { end: self.token_span(piece.first + 1).start, ..span };
            let hint = "`private` stands in front of items: what a block holds is hidden with the block";
            return self.report_reading(piece, diagnostic.hint(hint).fix("remove it", gap, ""));
        }
        diagnostic = match (near, words::foreign_statement(word), tokens.word(piece.first + 1)) {
            (Some(meant), _, _) => {
                diagnostic.hint(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), span, meant)
            }
            (_, Some(hint), _) => diagnostic.hint(hint),
            _ if typed && tokens.word(piece.first + 4) == "(" => {
                let gap = Span { end: self.token_span(piece.first + 1).start, ..span };
                diagnostic.hint("a thing is named with `name = thing`").fix("remove it", gap, "")
            }
            _ if typed => diagnostic.hint("a value is named with `let name = value`").fix("write `let`", span, "let"),
            (_, _, "(") if tokens.is_word(piece.first) => {
                let start = Span { end: span.start, ..span };
                diagnostic.hint("every thing has a name, which is its identity in masks, edits and the cache").fix(
                    "name it",
                    start,
                    format!("{}_1 = ", word.to_lowercase()),
                )
            }
            _ => diagnostic
                .hint("a block holds `name = thing`, `let name = value` and `scatter name: Thing on surface { … }`"),
        };
        self.report_reading(piece, diagnostic);
    }

    /// `for i in 0..8 { post = box(size: 1m) }`: the list has no name.
    fn unnamed_for(&self, piece: Piece) -> Diagnostic {
        let tokens = self.tokens();
        let span = self.token_span(piece.first);
        let diagnostic = Diagnostic::error("E0103", "a `for` makes a list, and this one has no name", span);
        let Some(open) = tokens.body(piece).filter(|open| tokens.is_closed(*open)) else {
            return diagnostic.hint("it is written `posts = for i in 0..8 { box(size: 1m) at (i * 2m, 0m, 0m) }`");
        };
        let inner = tokens.statements(open + 1, self.brackets.close[open] as usize, false);
        let named = |i: usize| tokens.is_word(i) && tokens.kind(i + 1) == Some(Kind::Equals);
        match inner.as_slice() {
            [one] if named(one.first) => {
                let binding = self.span(Piece { end: one.first + 2, ..*one });
                let blank = Span { end: self.token_span(one.first + 2).start.max(binding.end), ..binding };
                let name = tokens.word(one.first);
                let edit = |span, text: String| Edit { span, text };
                let edits = vec![edit(Span { end: span.start, ..span }, format!("{name} = ")), edit(blank, String::new())];
                let mut diagnostic = diagnostic.hint(format!("the name of all stands in front: `{name} = for … {{ … }}`"));
                diagnostic.fix = Some(Fix { title: format!("write `{name} = for …`"), edits });
                diagnostic
            }
            _ => diagnostic.hint(
                "it is written `posts = for i in 0..8 { Post() at (i * 2m, 0m, 0m) }`; several things of one step are a component",
            ),
        }
    }

    pub(super) fn bible_body(&mut self, body: Piece) -> Vec<BibleEntry> {
        let pieces = self.tokens().statements(body.first, body.end, true);
        pieces.into_iter().filter_map(|piece| self.entry(piece)).collect()
    }

    fn entry(&mut self, piece: Piece) -> Option<BibleEntry> {
        let tokens = self.tokens();
        if (piece.first..piece.end).all(|i| tokens.kind(i) == Some(Kind::Comma)) {
            return None;
        }
        let piece = self.trim(piece, "entry");
        let span = self.span(piece);
        let doc = self.lexed.doc(span.start);
        let word = tokens.word(piece.first);
        let keyword = piece.end > piece.first + 1 && !tokens.assigns(piece.first);
        let entry = if self.refused(piece) {
            None
        } else {
            match word {
                "enum" if keyword => self.build(piece, 1, |b, end| b.enum_item(end, span)).map(BibleEntry::Enum),
                "variant" if keyword => self.build(piece, 1, |b, end| b.entry_variant(end, span)),
                "lock" if keyword => self.build(piece, 1, |b, end| b.entry_lock(end, doc, span)),
                "rule" if keyword => self.build(piece, 1, |b, end| b.entry_rule(end, span)),
                "pose" if keyword => self.build(piece, 1, |b, end| b.entry_pose(end, span)),
                _ if keyword && words::RESERVED.contains(&word) => {
                    self.reserved(piece);
                    None
                }
                _ if keyword && words::ITEMS.contains(&word) => {
                    self.item_in_block(piece, "a bible");
                    None
                }
                _ if tokens.is_word(piece.first) && !keyword => {
                    self.build(piece, 0, |b, end| b.entry_field(end, doc, span))
                }
                _ => {
                    let first = self.token_span(piece.first);
                    let mut diagnostic = Diagnostic::error(
                        "E0103",
                        format!("expected an entry of the bible, found `{}`", clip(word)),
                        first,
                    )
                    .hint("a bible holds `field: value`, `enum`, `lock`, `variant`, `pose` and `rule`");
                    if let Some(meant) = names::closest(word, words::IN_BIBLES) {
                        diagnostic = diagnostic.hint(format!("did you mean `{meant}`?")).fix(
                            format!("write `{meant}`"),
                            first,
                            meant,
                        );
                    }
                    self.report_reading(piece, diagnostic);
                    None
                }
            }
        };
        Some(entry.unwrap_or(BibleEntry::Error { span }))
    }

    /// A word of the language that this version does not compile yet.
    pub(super) fn reserved(&mut self, piece: Piece) {
        let span = self.token_span(piece.first);
        let word = self.tokens().word(piece.first).to_owned();
        if self.refused(piece) {
            return;
        }
        self.report(
            Diagnostic::error("E0116", format!("`{word}` is not supported yet by this version"), span)
                .label("a word of the language whose meaning comes with a later version")
                .hint("remove it, or put it into a comment until then"),
        );
    }

    fn item_in_block(&mut self, piece: Piece, what: &str) {
        let span = self.token_span(piece.first);
        let word = self.tokens().word(piece.first);
        self.report(
            Diagnostic::error("E0117", format!("`{word}` inside of {what}"), span)
                .hint(format!("`{word}` items stand at the top of a file, outside of every block")),
        );
    }
}
