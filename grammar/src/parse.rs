//! Text to module: scan, match brackets, cut into pieces, read each alone.

mod block;
mod test;
mod unknown;

use scenec_ir::{Diagnostic, Edit, FileId, Fix, Layer, Span, Spanned};

use crate::ast::{Ident, Item, ItemKind, Module};
use crate::brackets::{self, Brackets};
use crate::build::{Build, Refused, module_name};
use crate::lex::{self, Kind, Lexed};
use crate::limits;
use crate::split::{Piece, Tokens};
use crate::words::{self, clip};

/// The edition that this version reads.
const EDITION: u32 = 1;

/// Parses one file. Never fails: what can't be read becomes an error node, and its diagnostic is in the list, which is
/// in the order of the text. Time and memory are linear in the length of the text; a text of more than
/// [`limits::FILE_BYTES`] bytes is refused with one diagnostic.
pub fn parse(file: FileId, text: &str) -> (Module, Vec<Diagnostic>) {
    read(file, text, true)
}

/// The same by pest alone, which takes about four times as long. The tests compare the two.
#[doc(hidden)]
pub fn parse_by_grammar(file: FileId, text: &str) -> (Module, Vec<Diagnostic>) {
    read(file, text, false)
}

fn read(file: FileId, text: &str, plain: bool) -> (Module, Vec<Diagnostic>) {
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
    let mut parser = Parser {
        file,
        text,
        lexed: &lexed,
        brackets: &brackets,
        plain,
        diagnostics,
        doc: String::new(),
        headless: false,
    };
    let is_program = parser.module(&mut module);
    if !parser.diagnostics.iter().any(Diagnostic::is_error) {
        // The scan took a block for one without its opening brace, and it has one further on.
        for &span in &lexed.unsaid {
            parser.report(brackets::closes_nothing(&text[span.range()], span));
        }
    }
    let mut diagnostics = parser.diagnostics;
    if !is_program {
        return (module, diagnostics);
    }
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
    /// What is plain is read from the tokens.
    plain: bool,
    diagnostics: Vec<Diagnostic>,
    /// Documentation of the item that is being read.
    doc: String,
    /// The last item has no brace, which was reported: what follows up to the next item is its body.
    headless: bool,
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

    /// Reads all items; false when the text is no program at all.
    fn module(&mut self, module: &mut Module) -> bool {
        let tokens = self.tokens();
        let pieces = tokens.items();
        let mut rest = pieces.as_slice();
        let mut late = None;
        match rest.split_first() {
            Some((first, others)) if tokens.word(first.first).eq_ignore_ascii_case("ngs") => {
                rest = others;
                module.edition = self.header(*first);
                if module.edition.as_ref().is_some_and(|e| e.value != EDITION) {
                    return true;
                }
            }
            Some((first, _)) if pieces.iter().all(|p| !self.is_like_an_item(*p)) => {
                self.no_program(*first);
                return false;
            }
            _ => {
                late = pieces.iter().copied().find(|p| tokens.word(p.first) == "ngs");
                self.missing_header(late);
            }
        }
        self.habits(&pieces);
        for &piece in rest.iter().filter(|p| Some(**p) != late) {
            let is_body = !self.is_like_an_item(piece) || tokens.assigns(piece.first);
            if self.headless && is_body {
                continue;
            }
            self.headless = false;
            if let Some(item) = self.item(piece) {
                module.items.push(item);
            }
        }
        true
    }

    fn missing_header(&mut self, late: Option<Piece>) {
        let start = if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let at = Span::new(self.file, start, start);
        let Some(late) = late else {
            self.report(
                Diagnostic::error("E0101", "missing edition: a program begins with `ngs 1`", at)
                    .hint("the edition keeps a program readable when the language grows")
                    .fix("insert `ngs 1`", at, "ngs 1\n"),
            );
            return;
        };
        let span = self.span(late);
        let written = self.text[span.range()].to_owned();
        let mut diagnostic = Diagnostic::error("E0101", "the edition stands behind an item", span)
            .hint("the edition is the first line of a file")
            .fix("move it to the beginning", at, format!("{written}\n"));
        if let Some(fix) = &mut diagnostic.fix {
            fix.edits.push(Edit { span, text: String::new() });
        }
        self.report(diagnostic);
    }

    /// `ngs 1`.
    fn header(&mut self, piece: Piece) -> Option<Spanned<u32>> {
        let tokens = self.tokens();
        let word = self.token_span(piece.first);
        if tokens.word(piece.first) != "ngs" {
            let message = format!("the edition begins with `{}`", tokens.word(piece.first));
            self.report(Diagnostic::error("E0101", message, word).hint("it is written `ngs 1`").fix(
                "write `ngs`",
                word,
                "ngs",
            ));
        }
        let mut number = piece.first + 1;
        if matches!(tokens.kind(number), Some(Kind::Equals | Kind::Colon))
            && tokens.kind(number + 1) == Some(Kind::Number)
        {
            let span = self.token_span(number);
            let message = format!("`{}` behind `ngs`", tokens.word(number));
            let gap = Span { start: word.end, ..self.token_span(number + 1) };
            let gap = Span { end: self.token_span(number + 1).start, ..gap };
            self.report(Diagnostic::error("E0101", message, span).hint("it is written `ngs 1`").fix(
                "remove it",
                gap,
                " ",
            ));
            number += 1;
        }
        let span = self.token_span(number);
        if tokens.kind(number) != Some(Kind::Number) || number >= piece.end {
            let at = word.after();
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
            let diagnostic = Diagnostic::error("E0102", format!("unknown edition `{}`", clip(written)), span)
                .hint("this version reads edition 1; a newer edition needs a newer scenec");
            let is_one = written.parse::<f64>().ok() == Some(f64::from(EDITION));
            self.report(if is_one { diagnostic.fix("write `1`", span, "1") } else { diagnostic });
            return Some(Spanned::new(edition.unwrap_or(0), span));
        }
        // A separator behind it is reported as such.
        let piece = self.trim(piece, "the edition");
        let rest = Piece { first: number + 1, end: piece.end };
        if rest.first < rest.end && self.lexed.tokens[rest.first].leads {
            self.unknown_item(rest);
        } else if rest.first < rest.end {
            let span = self.token_span(rest.first);
            let message = format!("expected an item, found `{}`", clip(tokens.word(rest.first)));
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
                "E0111" => {
                    let sign = &self.text[span.range()];
                    let hint = match sign {
                        "#" => "comments begin with `//`; `#` begins a colour such as `#3a4a55`",
                        _ => "comments begin with `//`",
                    };
                    let message = format!("`{sign}` begins no comment{more}");
                    Diagnostic::error(code, message, span).hint(hint).fix("write `//`", span, "//")
                }
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
        let build = Build::new(self.file, self.text, self.lexed, base as usize, self.plain);
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
        let whole = self.trim(piece, "an item");
        // `private` in front of a word that is no keyword: what the rest is is said as without it.
        let private = words::MODIFIERS.contains(&tokens.word(whole.first))
            && tokens.is_word(whole.first + 1)
            && whole.first + 1 < whole.end;
        let piece = Piece { first: whole.first + usize::from(private), end: whole.end };
        let private = private.then(|| self.token_span(whole.first));
        let word = tokens.word(piece.first);
        self.doc = doc.clone();
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
                // `use "kit.ngs"`: what follows may name the module as it will be called.
                Some(Kind::Text) if word == "use" => {
                    let at = piece.first + 1;
                    module_name(tokens.word(at)).map(|name| Ident::new(name, self.token_span(at)))
                }
                _ => None,
            };
            ItemKind::Error { name }
        });
        let private = private.filter(|span| self.can_be_private(&kind, *span, word));
        Some(Item { doc, private, kind, span: self.span(whole) })
    }

    /// Reports `private` in front of an item that others don't see anyway.
    fn can_be_private(&mut self, kind: &ItemKind, private: Span, word: &str) -> bool {
        let hint = match kind {
            ItemKind::Use { .. } => "what a module uses is not passed on to those that use it",
            ItemKind::Override(_) => "an override has no name that another module could write",
            ItemKind::Test { .. } | ItemKind::Budget { .. } => {
                "tests, gates and the budget are those of the program alone"
            }
            ItemKind::Output { .. } => "outputs belong to the program: no other module names them",
            _ => return true,
        };
        let gap =
            Span { end: private.end + self.text[private.end as usize..].find(word).unwrap_or(0) as u32, ..private };
        self.report(
            Diagnostic::error("E0130", format!("`private` in front of `{word}`, which no other module sees"), private)
                .hint(hint)
                .fix("remove it", gap, ""),
        );
        false
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
            "test" | "gate" => return self.test_item(keyword, piece),
            _ => {}
        }
        if self.refused(piece) {
            return None;
        }
        if keyword == "use"
            && let Some(item) = self.use_import(piece)
        {
            return Some(item);
        }
        let span = self.span(piece);
        let doc = self.doc.clone();
        let word = self.token_span(piece.first);
        self.build(piece, 1, |b, end| match keyword {
            "use" => b.use_item(end),
            "asset" => b.asset_item(end),
            "param" => b.param_item(end, doc, span),
            "let" => b.let_item(end, span).map(ItemKind::Let),
            "enum" => b.enum_item(end, span).map(ItemKind::Enum),
            "camera" => b.fields_item(end).map(|(name, fields)| ItemKind::Camera { name, fields }),
            "output" => b.fields_item(end).map(|(name, fields)| ItemKind::Output { name, fields }),
            "cut" => b.fields_item(end).map(|(name, fields)| ItemKind::Cut { name, fields }),
            "shot" => b.shot_item(end),
            "fn" => b.fn_item(end),
            "override" => b.override_item(end, span).map(ItemKind::Override),
            "budget" => b.budget_item(end, word),
            _ => b.image_item(end),
        })
    }

    /// Head and body of an item in braces; reports a missing body and anything behind the closing brace.
    fn block(&mut self, keyword: &str, piece: Piece) -> Option<(Piece, Piece)> {
        let tokens = self.tokens();
        let Some(open) = tokens.body(piece) else {
            self.headless = true;
            if !self.refused(piece) {
                self.missing_body(keyword, piece);
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

    /// An item in braces without its braces.
    fn missing_body(&mut self, keyword: &str, piece: Piece) {
        let tokens = self.tokens();
        let begun = (self.token_span(piece.first), "begun here");
        let form = match keyword {
            "test" | "gate" => format!("written `{keyword} \"what must hold\" {{ assert … }}`"),
            _ => format!("written `{keyword} name {{ … }}`"),
        };
        // Behind the name, and behind the parameters of a component.
        let mut next = piece.first + 2;
        if keyword == "component" && tokens.word(next) == "(" {
            next = (self.brackets.close[next] as usize + 1).min(piece.end);
        }
        if next >= piece.end {
            let at = self.token_span(piece.end - 1).after();
            let message = format!("expected `{{` and the body of this {keyword}");
            let diagnostic = Diagnostic::error("E0103", message, at).label("missing here");
            return self.report_reading(piece, diagnostic.because(begun.0, begun.1).hint(form));
        }
        let (span, found) = (self.token_span(next), tokens.word(next));
        let message = format!("expected `{{`, found `{}`", clip(found));
        let mut diagnostic = Diagnostic::error("E0103", message, span).because(begun.0, begun.1);
        diagnostic = match found {
            "(" if tokens.is_closed(next) => {
                let close = self.token_span(self.brackets.close[next] as usize);
                let edit = |span, text: &str| Edit { span, text: text.to_owned() };
                let title = "write `{ … }`".to_owned();
                diagnostic.fix = Some(Fix { title, edits: vec![edit(span, "{"), edit(close, "}")] });
                diagnostic.hint("the body of a block stands in braces")
            }
            _ => diagnostic.hint(format!("the body of a block stands in braces, {form}")),
        };
        // What is wrong further on is no reason for it.
        self.report_reading(Piece { end: next + 1, ..piece }, diagnostic);
    }
}
