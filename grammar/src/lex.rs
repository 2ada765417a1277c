//! One linear scan of the text: tokens for the splitter, and the clean text that pest reads.
//!
//! The clean text has the same length as the source, so every offset is an offset of the source. Comments are blanks in
//! it, and what is wrong but legible (smart quotes, a `#` comment) is already mended; its diagnostic exists.

mod number;
mod odd;
mod text;

use std::collections::BTreeSet;

use scenec_ir::{Diagnostic, Edit, FileId, Span};

use crate::limits;
use crate::words::clip;

/// What a token is to the splitter. Pest reads the text again with the whole grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Word,
    Number,
    Text,
    Color,
    Open,
    Close,
    Comma,
    Colon,
    Equals,
    Dot,
    Operator,
    /// The `?` of an optional type.
    Question,
    /// An operand that already has a diagnostic.
    Failed,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: Kind,
    /// First of its line.
    pub leads: bool,
    /// At the very start of its line.
    pub flush: bool,
    pub start: u32,
    pub end: u32,
}

impl Token {
    /// True when an expression may end with it.
    pub fn ends_operand(self) -> bool {
        use Kind::{Close, Color, Failed, Number, Question, Text, Word};
        matches!(self.kind, Word | Number | Text | Color | Close | Question | Failed)
    }
}

/// A mistake of habit (`;`, `#` comments): reported once per item, with one fix for all of them.
#[derive(Debug)]
pub(crate) struct Habit {
    pub code: &'static str,
    pub span: Span,
    pub edit: Edit,
}

/// The result of the scan.
#[derive(Debug, Default)]
pub(crate) struct Lexed {
    pub tokens: Vec<Token>,
    /// Same length as the source.
    pub clean: String,
    /// Start of the token behind it, text of the `///` lines.
    pub docs: Vec<(u32, String)>,
    /// Start and end of every comment.
    pub comments: Vec<(u32, u32)>,
    pub habits: Vec<Habit>,
    pub diagnostics: Vec<Diagnostic>,
    /// Where the diagnostics of the scan are; a piece that holds one and can't be read is not reported again.
    pub faults: Vec<u32>,
    /// The scan gave up early: too many mistakes or tokens.
    pub gave_up: bool,
    /// Closing braces that were taken out without a message: they end blocks whose opening brace the parser will miss.
    pub unsaid: Vec<Span>,
}

impl Lexed {
    /// The `///` text in front of the token that starts at `offset`.
    pub fn doc(&self, offset: u32) -> String {
        match self.docs.binary_search_by_key(&offset, |d| d.0) {
            Ok(i) => self.docs[i].1.clone(),
            Err(_) => String::new(),
        }
    }
}

/// Scans a text of at most [`limits::FILE_BYTES`] bytes.
pub(crate) fn lex(file: FileId, text: &str) -> Lexed {
    let mut lexer = Lexer {
        file,
        text,
        bytes: text.as_bytes(),
        clean: text.as_bytes().to_vec(),
        at: 0,
        line_start: 0,
        leads: true,
        doc: String::new(),
        has_doc: false,
        parentheses: 0,
        odd_names: BTreeSet::new(),
        out: Lexed::default(),
    };
    lexer.run();
    let Lexer { clean, mut out, .. } = lexer;
    // Only whole characters are overwritten, with ASCII; so this can't fail.
    out.clean = String::from_utf8(clean).unwrap_or_else(|_| text.to_owned());
    out
}

struct Lexer<'a> {
    file: FileId,
    text: &'a str,
    bytes: &'a [u8],
    clean: Vec<u8>,
    at: usize,
    line_start: usize,
    leads: bool,
    doc: String,
    has_doc: bool,
    /// Open parentheses and brackets, roughly: only fixes depend on it.
    parentheses: usize,
    /// Names with letters of other alphabets that have been reported.
    odd_names: BTreeSet<String>,
    out: Lexed,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn is_opening_quote(c: char) -> bool {
    matches!(c, '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‚' | '\'' | '`')
}

/// Invisible or blank characters that text from other programs brings along.
fn is_odd_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

impl Lexer<'_> {
    fn run(&mut self) {
        while self.at < self.bytes.len() {
            if self.out.diagnostics.len() + self.out.habits.len() >= limits::ERRORS
                || self.out.tokens.len() >= limits::TOKENS
            {
                self.out.gave_up = true;
                self.blank(self.at, self.bytes.len());
                return;
            }
            self.step();
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.file, start, end)
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        self.out.faults.extend(diagnostic.span.map(|s| s.start));
        self.out.diagnostics.push(diagnostic);
    }

    fn push(&mut self, kind: Kind, start: usize, end: usize) {
        // A comma is no thing that could be documented: what stands in front of it belongs to what follows.
        if self.has_doc && kind != Kind::Comma {
            self.out.docs.push((start as u32, std::mem::take(&mut self.doc)));
            self.has_doc = false;
        }
        let flush = start == self.line_start;
        self.out.tokens.push(Token { kind, leads: self.leads, flush, start: start as u32, end: end as u32 });
        self.leads = false;
        self.at = end;
    }

    fn blank(&mut self, start: usize, end: usize) {
        self.clean[start..end].fill(b' ');
    }

    /// Makes the bytes an operand that already has a diagnostic.
    fn fail(&mut self, start: usize, end: usize) {
        self.blank(start, end);
        self.clean[start] = 1;
        self.push(Kind::Failed, start, end);
    }

    fn line_end(&self) -> usize {
        self.bytes[self.at..].iter().position(|&b| b == b'\n').map_or(self.bytes.len(), |n| self.at + n)
    }

    fn step(&mut self) {
        let start = self.at;
        match self.bytes[start] {
            b'\n' => {
                self.clean[start] = b' ';
                self.at += 1;
                self.line_start = self.at;
                self.leads = true;
            }
            b' ' | b'\t' | b'\r' => {
                self.clean[start] = b' ';
                self.at += 1;
            }
            b'/' if self.peek(1) == b'/' => self.line_comment(),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => self.string(),
            b'#' => self.hash(),
            b'0'..=b'9' => self.number(),
            b'.' if self.peek(1).is_ascii_digit() && !self.dot_continues() => self.bare_fraction(),
            b if b.is_ascii_alphabetic() || b == b'_' => self.word(),
            open @ (b'(' | b'[' | b'{') => {
                self.parentheses += usize::from(open != b'{');
                self.push(Kind::Open, start, start + 1);
            }
            close @ (b')' | b']' | b'}') => {
                self.parentheses = if close == b'}' { 0 } else { self.parentheses.saturating_sub(1) };
                self.push(Kind::Close, start, start + 1);
            }
            b',' => self.push(Kind::Comma, start, start + 1),
            b';' if self.is_remark() => self.semicolon_comment(),
            b';' => {
                self.clean[start] = b',';
                let span = self.span(start, start + 1);
                let separator = if self.parentheses > 0 { "," } else { "" };
                self.out.habits.push(Habit { code: "E0112", span, edit: Edit { span, text: separator.to_owned() } });
                self.push(Kind::Comma, start, start + 1);
            }
            _ => self.operator(),
        }
    }

    fn dot_continues(&self) -> bool {
        self.out.tokens.last().is_some_and(|t| t.end as usize == self.at && t.ends_operand())
    }

    fn operator(&mut self) {
        const LONG: [(&str, Kind); 18] = [
            ("..=", Kind::Operator),
            ("...", Kind::Operator),
            ("->", Kind::Operator),
            ("|>", Kind::Operator),
            ("..", Kind::Operator),
            ("==", Kind::Operator),
            ("!=", Kind::Operator),
            ("<=", Kind::Operator),
            (">=", Kind::Operator),
            ("&&", Kind::Operator),
            ("||", Kind::Operator),
            ("**", Kind::Operator),
            ("??", Kind::Operator),
            ("=>", Kind::Colon),
            (":=", Kind::Colon),
            (".", Kind::Dot),
            (":", Kind::Colon),
            ("=", Kind::Equals),
        ];
        if self.foreign_comment() {
            return;
        }
        let start = self.at;
        let rest = &self.bytes[start..];
        if let Some((word, kind)) = LONG.iter().find(|(w, _)| rest.starts_with(w.as_bytes())) {
            return self.push(*kind, start, start + word.len());
        }
        match rest[0] {
            b'+' | b'-' | b'*' | b'/' | b'^' | b'<' | b'>' | b'!' => self.push(Kind::Operator, start, start + 1),
            b'?' if self.is_of_type() => self.push(Kind::Question, start, start + 1),
            _ => self.odd_character(),
        }
    }

    /// The `?` here stands directly behind a name or `>`, and in front of what may follow a type: not the one of
    /// `a ? b : c`.
    fn is_of_type(&self) -> bool {
        let touches = self.out.tokens.last().is_some_and(|t| {
            let ends_type = t.kind == Kind::Word || t.kind == Kind::Operator && self.bytes[t.end as usize - 1] == b'>';
            ends_type && t.end as usize == self.at
        });
        let rest = self.text[self.at + 1..].trim_start_matches([' ', '\t']);
        let ends = rest.is_empty() || rest.starts_with(['\n', '\r', '=', ',', ')', '}', '>', '{', '/']);
        touches && (ends || rest.strip_prefix("in").is_some_and(|r| r.starts_with(char::is_whitespace)))
    }

    fn word(&mut self) {
        if self.unit_of_vector() {
            return;
        }
        let start = self.at;
        let mut end = start;
        let mut odd = false;
        for c in self.text[start..].chars() {
            if !(c == '_' || c.is_alphanumeric()) {
                break;
            }
            odd |= !c.is_ascii();
            end += c.len_utf8();
        }
        if end - start > limits::NAME_BYTES {
            let span = self.span(start, end);
            let message = format!("name `{}` has {} bytes", clip(&self.text[start..end]), end - start);
            let hint = format!("names have at most {} bytes", limits::NAME_BYTES);
            self.report(Diagnostic::error("E0122", message, span).hint(hint));
            return self.fail(start, end);
        }
        if odd {
            let word = &self.text[start..end];
            for byte in &mut self.clean[start..end] {
                if !byte.is_ascii() {
                    *byte = b'_';
                }
            }
            // One name, one mistake, however often it is used.
            if self.odd_names.insert(word.to_owned()) {
                let message = format!("name `{word}` has letters outside of a to z");
                let hint = "names are made of the letters a to z, A to Z, digits and `_`; any text may stand in quotes";
                let span = self.span(start, end);
                self.report(Diagnostic::error("E0122", message, span).hint(hint));
            }
        }
        self.push(Kind::Word, start, end);
    }

    fn line_comment(&mut self) {
        let start = self.at;
        let end = self.line_end();
        let line = self.text[start..end].trim_end_matches('\r');
        // Four slashes are a ruler, not documentation.
        if line.starts_with("///") && !line.starts_with("////") {
            let text = &line[3..];
            if self.has_doc {
                self.doc.push('\n');
            }
            self.doc.push_str(text.strip_prefix(' ').unwrap_or(text).trim_end());
            self.has_doc = true;
        }
        self.blank(start, end);
        self.out.comments.push((start as u32, start as u32 + line.len() as u32));
        self.at = end;
    }

    fn block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0usize;
        let mut at = start;
        while at < self.bytes.len() {
            match &self.bytes[at..] {
                [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
                [b'*', b'/', ..] => {
                    (depth, at) = (depth - 1, at + 2);
                    if depth == 0 {
                        break;
                    }
                }
                [b'\n', ..] => {
                    at += 1;
                    self.line_start = at;
                    self.leads = true;
                }
                _ => at += 1,
            }
        }
        let at = at.min(self.bytes.len());
        if depth > 0 {
            let span = self.span(start, start + 2);
            self.report(
                Diagnostic::error("E0108", "comment without an end", span)
                    .label("opened here")
                    .hint("comments nest: every `/*` needs its own `*/`")
                    .fix("close it at the end of the file", self.span(at, at), " */"),
            );
        }
        self.blank(start, at);
        self.out.comments.push((start as u32, at as u32));
        self.at = at;
    }
}
