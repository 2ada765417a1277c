//! Text to module: scan, match brackets, cut into pieces, read each alone.

use rayon::prelude::*;
use scenec_ir::{Diagnostic, Edit, FileId, Layer, Span, Spanned, names};

use crate::ast::{BibleEntry, Ident, Item, ItemKind, Module, Stmt};
use crate::brackets::{self, Brackets};
use crate::build::{Build, Refused, module_name};
use crate::lex::{self, Kind, Lexed};
use crate::limits;
use crate::split::{Piece, Tokens};
use crate::words::{self, clip};

/// The edition that this version reads.
const EDITION: u32 = 1;
/// Statements that one core reads at a time.
const SHARE: usize = 64;

/// Parses one file. Never fails: what can't be read becomes an error node, and its diagnostic is in the list, which is
/// in the order of the text. Time and memory are linear in the length of the text; a text of more than
/// [`limits::FILE_BYTES`] bytes is refused with one diagnostic.
pub fn parse(file: FileId, text: &str) -> (Module, Vec<Diagnostic>) {
    let whole = Span::new(file, 0, text.len().min(u32::MAX as usize));
    let mut module = Module { edition: None, items: Vec::new(), span: whole };
    if text.len() > limits::FILE_BYTES {
        let message = format!("this file has {} bytes; a program has at most {}", text.len(), limits::FILE_BYTES);
        let diagnostic = Diagnostic::error("E0124", message, Span::new(file, 0, 0))
            .hint("large data belongs into an asset that the program names");
        return (module, vec![diagnostic]);
    }
    let mut lexed = lex::lex(file, text);
    let brackets = brackets::match_brackets(file, text, &mut lexed);
    let diagnostics = std::mem::take(&mut lexed.diagnostics);
    let mut parser = Parser { file, text, lexed: &lexed, brackets: &brackets, diagnostics };
    parser.module(&mut module);
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|d| d.span.map_or(0, |s| s.start));
    if diagnostics.len() > limits::ERRORS || lexed.gave_up {
        diagnostics.truncate(limits::ERRORS);
        let end = diagnostics.last().and_then(|d| d.span).unwrap_or(whole);
        let message = match lexed.tokens.len() >= limits::TOKENS {
            true => format!("this file has more than {} words and signs", limits::TOKENS),
            false => format!("more than {} syntax errors; the rest of the file was not read", limits::ERRORS),
        };
        diagnostics.push(Diagnostic::error("E0125", message, end.after()).hint("is this an .ngs program?"));
    }
    (module, diagnostics)
}

struct Parser<'a> {
    file: FileId,
    text: &'a str,
    lexed: &'a Lexed,
    brackets: &'a Brackets,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Parser<'a> {
    fn tokens(&self) -> Tokens<'a> {
        Tokens { text: self.text, tokens: &self.lexed.tokens, brackets: self.brackets }
    }

    /// From the first to the last token of a piece.
    fn span(&self, piece: Piece) -> Span {
        let tokens = &self.lexed.tokens[piece.first..piece.end];
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => Span { file: self.file, start: first.start, end: last.end },
            _ => {
                let at = self.lexed.tokens.get(piece.first).map_or(self.text.len(), |t| t.start as usize);
                Span::new(self.file, at, at)
            }
        }
    }

    fn token_span(&self, i: usize) -> Span {
        self.span(Piece { first: i, end: (i + 1).min(self.lexed.tokens.len()) })
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        // What would be cut off at the end is not kept either.
        if self.diagnostics.len() <= limits::ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Reports that a piece can't be read, unless the scan has found a fault in it, which is the likely cause.
    fn report_reading(&mut self, piece: Piece, diagnostic: Diagnostic) {
        let span = self.span(piece);
        let first = self.lexed.faults.partition_point(|&f| f < span.start);
        if self.lexed.faults.get(first).is_none_or(|&f| f > span.end) {
            self.report(diagnostic);
        }
    }

    fn module(&mut self, module: &mut Module) {
        let tokens = self.tokens();
        let pieces = tokens.items();
        let mut rest = pieces.as_slice();
        match rest.split_first() {
            Some((first, others)) if tokens.word(first.first) == "ngs" => {
                rest = others;
                module.edition = self.header(*first);
                if module.edition.as_ref().is_some_and(|e| e.value != EDITION) {
                    return;
                }
            }
            _ => self.missing_header(),
        }
        self.habits(&pieces);
        for &piece in rest {
            if let Some(item) = self.item(piece) {
                module.items.push(item);
            }
        }
    }

    fn missing_header(&mut self) {
        let start = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let at = Span::new(self.file, start, start);
        self.report(
            Diagnostic::error("E0101", "missing edition: a program begins with `ngs 1`", at)
                .hint("the edition keeps a program readable when the language grows")
                .fix("insert `ngs 1`", at, "ngs 1\n"),
        );
    }

    /// `ngs 1`.
    fn header(&mut self, piece: Piece) -> Option<Spanned<u32>> {
        let tokens = self.tokens();
        let number = piece.first + 1;
        let span = self.token_span(number);
        if tokens.kind(number) != Some(Kind::Number) || number >= piece.end {
            let at = self.token_span(piece.first).after();
            self.report(Diagnostic::error("E0101", "missing edition: expected a number behind `ngs`", at).fix(
                "write `ngs 1`",
                at,
                " 1",
            ));
            return None;
        }
        let written = tokens.word(number);
        let edition = written.parse::<u32>().ok();
        if edition != Some(EDITION) {
            self.report(
                Diagnostic::error("E0102", format!("unknown edition `{}`", clip(written)), span)
                    .hint("this version reads edition 1; a newer edition needs a newer scenec")
                    .fix("write `1`", span, "1"),
            );
            return Some(Spanned::new(edition.unwrap_or(0), span));
        }
        // A separator behind it is reported as such.
        let piece = self.trim(piece, "the edition");
        if number + 1 < piece.end {
            let span = self.token_span(number + 1);
            let message = format!("expected an item, found `{}`", clip(tokens.word(number + 1)));
            let hint = "the edition is one number on a line of its own: `ngs 1`";
            self.report_reading(piece, Diagnostic::error("E0103", message, span).hint(hint));
        }
        Some(Spanned::new(EDITION, span))
    }

    /// Reports habits of other languages, once per item and kind.
    fn habits(&mut self, pieces: &[Piece]) {
        let starts: Vec<u32> = pieces.iter().map(|p| self.span(*p).start).collect();
        let mut groups: Vec<(usize, &'static str, Vec<&lex::Habit>)> = Vec::new();
        for habit in &self.lexed.habits {
            let item = starts.partition_point(|&s| s <= habit.span.start);
            match groups.iter_mut().rev().take(2).find(|g| g.0 == item && g.1 == habit.code) {
                Some(group) => group.2.push(habit),
                None => groups.push((item, habit.code, vec![habit])),
            }
        }
        for (_, code, habits) in groups {
            let more = match habits.len() {
                1 => String::new(),
                n => format!(" (and {} more like it)", n - 1),
            };
            let span = habits[0].span;
            let edits: Vec<Edit> = habits.iter().map(|h| h.edit.clone()).collect();
            let mut diagnostic = match code {
                "E0111" => Diagnostic::error(code, format!("`#` begins no comment{more}"), span)
                    .hint("comments begin with `//`; `#` begins a colour such as `#3a4a55`")
                    .fix("write `//`", span, "//"),
                _ => Diagnostic::error(code, format!("`;` is no separator of the language{more}"), span)
                    .hint("statements end where the next one begins; fields are separated by commas or lines")
                    .fix("replace `;`", span, ""),
            };
            if let Some(fix) = &mut diagnostic.fix {
                fix.edits = edits;
            }
            self.report(diagnostic);
        }
    }

    /// Drops commas at the end of a piece; one that was typed as a comma is reported.
    fn trim(&mut self, mut piece: Piece, what: &str) -> Piece {
        while piece.end > piece.first + 1 && self.tokens().kind(piece.end - 1) == Some(Kind::Comma) {
            piece.end -= 1;
            if self.tokens().word(piece.end) == "," && what != "entry" {
                let span = self.token_span(piece.end);
                self.report(
                    Diagnostic::error("E0112", format!("`,` behind {what}"), span)
                        .hint("statements end where the next one begins; nothing stands between them")
                        .fix("remove `,`", span, ""),
                );
            }
        }
        piece
    }

    /// True when the piece has been reported already or is too long, which is reported here.
    fn refused(&mut self, piece: Piece) -> bool {
        let span = self.span(piece);
        if self.brackets.poisoned(span.start, span.end) {
            return true;
        }
        if piece.end - piece.first > limits::PIECE_TOKENS {
            let at = self.token_span(piece.first);
            let message = format!("this statement has more than {} words and signs", limits::PIECE_TOKENS);
            self.report(Diagnostic::error("E0124", message, at).hint("large data belongs into an asset"));
            return true;
        }
        false
    }

    /// Runs a builder on the text behind token `first - 1` up to the end of the piece.
    fn build<T>(
        &mut self,
        piece: Piece,
        skip: usize,
        f: impl FnOnce(&Build<'a>, usize) -> Result<T, Refused>,
    ) -> Option<T> {
        let end = self.span(piece).end as usize;
        let base = match skip {
            0 => self.span(piece).start,
            n => self.lexed.tokens[piece.first + n - 1].end,
        };
        let build = Build::new(self.file, self.text, self.lexed, base as usize);
        let result = f(&build, end).ok();
        for diagnostic in build.finish() {
            self.report(diagnostic);
        }
        result
    }

    /// The word that names the thing at token `i`.
    fn name_at(&self, i: usize, end: usize) -> Option<Ident> {
        let tokens = self.tokens();
        let word = tokens.word(i);
        (i < end && tokens.is_word(i) && !words::NEVER_NAMES.contains(&word))
            .then(|| Ident::new(word.to_owned(), self.token_span(i)))
    }

    fn item(&mut self, piece: Piece) -> Option<Item> {
        let tokens = self.tokens();
        let span = self.span(piece);
        let doc = self.lexed.doc(span.start);
        // A lone comma or semicolon was reported.
        if (piece.first..piece.end).all(|i| tokens.kind(i) == Some(Kind::Comma)) {
            return None;
        }
        let piece = self.trim(piece, "an item");
        let word = tokens.word(piece.first);
        let kind = if words::ITEMS.contains(&word) && tokens.is_word(piece.first) {
            self.known_item(word, piece)
        } else if words::RESERVED.contains(&word) {
            self.reserved(piece);
            None
        } else {
            self.unknown_item(piece)
        };
        let kind = kind.unwrap_or_else(|| {
            let name = match tokens.kind(piece.first + 1) {
                Some(Kind::Word) => self.name_at(piece.first + 1, piece.end),
                _ if tokens.assigns(piece.first) => self.name_at(piece.first, piece.end),
                _ => None,
            };
            ItemKind::Error { name }
        });
        Some(Item { doc, kind, span: self.span(piece) })
    }

    fn known_item(&mut self, keyword: &str, piece: Piece) -> Option<ItemKind> {
        let layer = match keyword {
            "environment" => Some(Layer::Environment),
            "character" => Some(Layer::Character),
            "engineering" => Some(Layer::Engineering),
            _ => None,
        };
        if let Some(layer) = layer {
            let layer = Spanned::new(layer, self.token_span(piece.first));
            let (head, body) = self.block(keyword, piece)?;
            let what = format!("{} {keyword} block", if keyword == "character" { "a" } else { "an" });
            let name = self.build(head, 1, |b, end| b.layer_head(end));
            let body = self.layer_body(body, &what);
            return Some(ItemKind::Layer { layer, name: name?, body });
        }
        match keyword {
            "component" => {
                let (head, body) = self.block(keyword, piece)?;
                let refused = self.refused(head);
                let parts = if refused { None } else { self.build(head, 1, |b, end| b.component_head(end)) };
                let body = self.layer_body(body, "a component");
                let (name, params) = parts?;
                return Some(ItemKind::Component { name, params, body });
            }
            "bible" => {
                let (head, body) = self.block(keyword, piece)?;
                let name = self.build(head, 1, |b, end| b.layer_head(end));
                let body = self.bible_body(body);
                return Some(ItemKind::Bible { name: name?, body });
            }
            _ => {}
        }
        if self.refused(piece) {
            return None;
        }
        let span = self.span(piece);
        let doc = self.lexed.doc(span.start);
        self.build(piece, 1, |b, end| match keyword {
            "use" => b.use_item(end),
            "asset" => b.asset_item(end),
            "param" => b.param_item(end, doc, span),
            "let" => b.let_item(end, span).map(ItemKind::Let),
            "enum" => b.enum_item(end, span).map(ItemKind::Enum),
            "camera" => b.fields_item(end).map(|(name, fields)| ItemKind::Camera { name, fields }),
            "output" => b.fields_item(end).map(|(name, fields)| ItemKind::Output { name, fields }),
            "shot" => b.shot_item(end),
            _ => b.image_item(end),
        })
    }

    /// Head and body of an item in braces; reports a missing body and anything behind the closing brace.
    fn block(&mut self, keyword: &str, piece: Piece) -> Option<(Piece, Piece)> {
        let tokens = self.tokens();
        let Some(open) = tokens.body(piece) else {
            if !self.refused(piece) {
                let at = self.token_span(piece.end - 1).after();
                let message = format!("expected `{{` and the body of this {keyword}");
                self.report_reading(
                    piece,
                    Diagnostic::error("E0103", message, at)
                        .label("missing here")
                        .because(self.token_span(piece.first), "begun here")
                        .hint(format!("written `{keyword} name {{ … }}`")),
                );
            }
            return None;
        };
        let close = (self.brackets.close[open] as usize).min(piece.end);
        let head = Piece { first: piece.first, end: open };
        let body = Piece { first: open + 1, end: close };
        if tokens.is_closed(open) && close + 1 < piece.end {
            let span = self.token_span(close + 1);
            let message = format!("expected an item, found `{}`", clip(tokens.word(close + 1)));
            self.report_reading(
                Piece { first: close, ..piece },
                Diagnostic::error("E0103", message, span)
                    .because(self.token_span(close), format!("this closes the {keyword}"))
                    .hint(format!(
                        "if it belongs to the {keyword}, move it in front of the `}}`; if not, it needs a keyword"
                    )),
            );
        }
        Some((head, body))
    }

    /// Statements do not depend on each other: those of a long block are read by all cores. Statements and diagnostics
    /// keep the order of the text.
    fn layer_body(&mut self, body: Piece, what: &str) -> Vec<Stmt> {
        let pieces = self.tokens().statements(body.first, body.end);
        if pieces.len() < 4 * SHARE {
            return pieces.into_iter().filter_map(|piece| self.statement(piece, what)).collect();
        }
        let (file, text, lexed, brackets) = (self.file, self.text, self.lexed, self.brackets);
        let parts: Vec<(Vec<Stmt>, Vec<Diagnostic>)> = pieces
            .par_chunks(SHARE)
            .map(|pieces| {
                let mut parser = Parser { file, text, lexed, brackets, diagnostics: Vec::new() };
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
            self.build(piece, 1, |b, end| b.scatter_stmt(end, span))
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
        let message = format!("expected `name = value`, found `{shown}`");
        let mut diagnostic = Diagnostic::error("E0103", message, span);
        let second = tokens.is_word(piece.first + 1) && piece.first + 1 < piece.end;
        let near = if second { names::closest(word, ["let", "scatter"]) } else { None };
        let foreign = if second { words::foreign(word).filter(|f| f.0 == "let") } else { None };
        diagnostic = match (near, foreign, tokens.word(piece.first + 1)) {
            (Some(meant), _, _) => {
                diagnostic.hint(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), span, meant)
            }
            (_, Some((keyword, hint)), _) => diagnostic.hint(hint).fix(format!("write `{keyword}`"), span, keyword),
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

    fn bible_body(&mut self, body: Piece) -> Vec<BibleEntry> {
        let pieces = self.tokens().statements(body.first, body.end);
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
                    .hint("a bible holds `field: value`, `enum`, `variant` and `pose`");
                    if let Some(meant) = names::closest(word, ["enum", "variant", "pose"]) {
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
    fn reserved(&mut self, piece: Piece) {
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

    fn unknown_item(&mut self, piece: Piece) -> Option<ItemKind> {
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
            let start = Span { end: span.start, ..span };
            if !self.refused(piece) {
                self.report(
                    Diagnostic::error("E0117", format!("`{}` is bound outside of any block", clip(word)), span)
                        .hint("a value of the whole file is `let name = value`; a thing stands in a layer block")
                        .fix("make it a `let`", start, "let "),
                );
            }
            return None;
        }
        if word == "ngs" {
            let hint = "the edition is the first line of a file and stands once";
            self.report(Diagnostic::error("E0115", "`ngs` again", span).hint(hint));
            return None;
        }
        let second =
            matches!(tokens.kind(piece.first + 1), Some(Kind::Word | Kind::Text)) && piece.end > piece.first + 1;
        if let Some((keyword, hint)) = words::foreign(word) {
            let mut diagnostic =
                Diagnostic::error("E0115", format!("`{word}` is no item of the language"), span).hint(hint);
            // `import name` can't be mended without the file that is meant.
            let mends = second && (keyword != "use" || tokens.kind(piece.first + 1) == Some(Kind::Text));
            if mends {
                diagnostic = diagnostic.fix(format!("write `{keyword}`"), span, keyword);
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
            let kind = if second && matches!(keyword, "let" | "use") { self.known_item(keyword, piece) } else { None };
            self.diagnostics.truncate(known);
            self.report(diagnostic);
            return kind;
        }
        if let Some(meant) = names::closest(word, words::ITEMS.into_iter().chain(words::RESERVED)).filter(|_| second) {
            self.report(
                Diagnostic::error("E0115", format!("`{word}` is no item of the language"), span)
                    .hint(format!("did you mean `{meant}`?"))
                    .fix(format!("write `{meant}`"), span, meant),
            );
            return if words::ITEMS.contains(&meant) { self.known_item(meant, piece) } else { None };
        }
        if !self.refused(piece) {
            self.report_reading(
                piece,
                Diagnostic::error("E0115", format!("expected an item, found `{}`", clip(word)), span).hint(item_list()),
            );
        }
        None
    }
}

fn item_list() -> String {
    format!("items begin with {}", words::ITEMS.map(|w| format!("`{w}`")).join(", "))
}
