//! One linear scan of the text: tokens for the splitter, and the clean text that pest reads.
//!
//! The clean text has the same length as the source, so every offset is an offset of the source. Comments are blanks in
//! it, and what is wrong but legible (smart quotes, a `#` comment) is already mended; its diagnostic exists.

use scenec_ir::{Diagnostic, Edit, FileId, Span, dimension};

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
        matches!(self.kind, Kind::Word | Kind::Number | Kind::Text | Kind::Color | Kind::Close | Kind::Failed)
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
    pub habits: Vec<Habit>,
    pub diagnostics: Vec<Diagnostic>,
    /// Where the diagnostics of the scan are; a piece that holds one and can't be read is not reported again.
    pub faults: Vec<u32>,
    /// The scan gave up early: too many mistakes or tokens.
    pub gave_up: bool,
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
    out: Lexed,
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// `1 meter` is a quantity with a misspelt unit, not two values without a comma.
fn is_unit_in_words(word: &str) -> bool {
    matches!(
        word,
        "meter"
            | "meters"
            | "metre"
            | "metres"
            | "centimeter"
            | "centimeters"
            | "millimeter"
            | "millimeters"
            | "degree"
            | "degrees"
            | "radians"
            | "second"
            | "seconds"
            | "sec"
            | "inches"
            | "feet"
            | "foot"
            | "kelvin"
            | "percent"
            | "pixel"
            | "pixels"
            | "gram"
            | "grams"
            | "kilogram"
            | "kilograms"
            | "watt"
            | "watts"
    )
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
        if self.has_doc {
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
        const LONG: [(&str, Kind); 15] = [
            ("..=", Kind::Operator),
            ("|>", Kind::Operator),
            ("..", Kind::Operator),
            ("==", Kind::Operator),
            ("!=", Kind::Operator),
            ("<=", Kind::Operator),
            (">=", Kind::Operator),
            ("&&", Kind::Operator),
            ("||", Kind::Operator),
            ("**", Kind::Operator),
            ("=>", Kind::Colon),
            (":=", Kind::Colon),
            (".", Kind::Dot),
            (":", Kind::Colon),
            ("=", Kind::Equals),
        ];
        let start = self.at;
        let rest = &self.bytes[start..];
        if let Some((word, kind)) = LONG.iter().find(|(w, _)| rest.starts_with(w.as_bytes())) {
            return self.push(*kind, start, start + word.len());
        }
        match rest[0] {
            b'+' | b'-' | b'*' | b'/' | b'^' | b'<' | b'>' | b'!' => self.push(Kind::Operator, start, start + 1),
            _ => self.odd_character(),
        }
    }

    /// Anything that no token starts with. `self.at` stands on a character boundary: every other branch stops on one.
    fn odd_character(&mut self) {
        let start = self.at;
        let Some(c) = self.text[start..].chars().next() else { return };
        let end = start + c.len_utf8();
        if is_opening_quote(c) {
            return self.odd_quote(c);
        }
        if is_odd_blank(c) {
            self.blank(start, end);
            self.at = end;
            return;
        }
        if c.is_alphabetic() {
            return self.word();
        }
        let next_to_number = self.out.tokens.last().is_some_and(|t| t.kind == Kind::Number && t.end as usize == start);
        if next_to_number && (c == '%' || c == '°') {
            let unit = if c == '%' { "pct" } else { "deg" };
            let span = self.span(start, end);
            self.blank(start, end);
            self.at = end;
            // The number without its unit would be a second mistake.
            if let Some(token) = self.out.tokens.last_mut() {
                token.kind = Kind::Failed;
                let (from, to) = (token.start as usize, token.end as usize);
                self.blank(from, to);
                self.clean[from] = 1;
            }
            let message = format!("unknown unit `{c}`");
            self.report(
                Diagnostic::error("E0119", message, span)
                    .label("not a unit")
                    .hint(format!("the unit is written `{unit}`"))
                    .fix(format!("write `{unit}`"), span, unit),
            );
            return;
        }
        // A run of them is one mistake.
        let run = self.text[start..]
            .chars()
            .take_while(|&c| {
                let known =
                    c.is_ascii() && (is_word(c as u8) || b" \t\r\n\"#()[]{},;:=.<>+-*/^!|&'`".contains(&(c as u8)));
                !known && !c.is_alphabetic() && !is_opening_quote(c) && !is_odd_blank(c)
            })
            .map(char::len_utf8)
            .sum::<usize>();
        let end = end.max(start + run);
        self.blank(start, end);
        self.at = end;
        let shown = match c {
            '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' => format!("control character U+{:04X}", c as u32),
            c => format!("character `{c}`"),
        };
        let span = self.span(start, end);
        let hint = match c {
            '%' => "the remainder has no operator; a percentage is written `50pct`",
            '|' => "did you mean `|>` or `or`?",
            '&' => "did you mean `and`?",
            '@' | '$' | '?' | '~' | '\\' => "no operator or name of the language has it",
            _ => "outside of texts and comments, a program is made of ASCII letters, digits and the operators",
        };
        self.report(Diagnostic::error("E0109", format!("unexpected {shown}"), span).hint(hint).fix(
            "remove it",
            span,
            "",
        ));
    }

    /// Typographic quotes, single quotes and back-ticks around a text on one line.
    fn odd_quote(&mut self, quote: char) {
        let start = self.at;
        let open_end = start + quote.len_utf8();
        let line_end = self.line_end();
        let body = &self.text[open_end..line_end];
        let closes = |c: char| match quote {
            '\'' | '`' => c == quote,
            '‘' | '’' | '‚' => matches!(c, '‘' | '’'),
            _ => matches!(c, '“' | '”' | '„' | '«' | '»' | '"'),
        };
        let Some((at, closing)) = body.char_indices().find(|&(_, c)| closes(c)) else {
            let span = self.span(start, open_end);
            self.blank(start, open_end);
            self.at = open_end;
            self.report(
                Diagnostic::error("E0110", format!("unexpected quote `{quote}`"), span)
                    .hint("texts stand between straight double quotes: `\"text\"`"),
            );
            return;
        };
        let (close, end) = (open_end + at, open_end + at + closing.len_utf8());
        let body = body[..at].to_owned();
        // The quote bytes go to the outside, so that the content keeps its place.
        self.blank(start, open_end);
        self.clean[open_end - 1] = b'"';
        self.blank(close, end);
        self.clean[close] = b'"';
        if body.contains(['"', '\\']) {
            self.blank(open_end, close);
        }
        let span = self.span(start, end);
        self.push(Kind::Text, start, end);
        let kind = if matches!(quote, '\'' | '`') { "straight double" } else { "straight" };
        self.report(
            Diagnostic::error("E0110", format!("text in `{quote}` quotes"), span)
                .hint(format!("texts stand between {kind} quotes"))
                .fix("use straight double quotes", span, format!("\"{}\"", body.replace('"', "\\\""))),
        );
    }

    fn word(&mut self) {
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
            let message = format!("name `{word}` has letters outside of a to z");
            for byte in &mut self.clean[start..end] {
                if !byte.is_ascii() {
                    *byte = b'_';
                }
            }
            let span = self.span(start, end);
            self.report(
                Diagnostic::error("E0122", message, span)
                    .hint("names are made of the letters a to z, A to Z, digits and `_`; any text may stand in quotes"),
            );
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
        self.at = at;
    }

    fn string(&mut self) {
        let start = self.at;
        let mut at = start + 1;
        while at < self.bytes.len() {
            match self.bytes[at] {
                b'\\' if at + 1 < self.bytes.len() && self.bytes[at + 1] != b'\n' => {
                    // The escaped character may be several bytes long.
                    at += 1 + self.text[at + 1..].chars().next().map_or(0, char::len_utf8);
                }
                b'"' => return self.push(Kind::Text, start, at + 1),
                b'\n' => break,
                _ => at += 1,
            }
        }
        let end = start + self.text[start..at.min(self.bytes.len())].trim_end().len();
        // A closing quote of the wrong kind is a mistake of its own.
        if let Some((at, c)) = self.text[start + 1..end].char_indices().find(|(_, c)| matches!(c, '”' | '“' | '„'))
        {
            let quote = self.span(start + 1 + at, start + 1 + at + c.len_utf8());
            let span = self.span(start, quote.end as usize);
            self.report(
                Diagnostic::error("E0110", format!("text ends with the quote `{c}`"), span)
                    .hint("texts stand between straight quotes")
                    .fix("use a straight double quote", quote, "\""),
            );
            return self.fail(start, span.end as usize);
        }
        // Brackets that the open text would swallow are wanted by the rest: the text is taken to end before them.
        let tail = self.text[start + 1..end].trim_end_matches([')', ']', '}', ',', ' ', ';']);
        let cut = start + 1 + tail.len();
        self.report(
            Diagnostic::error("E0107", "text without a closing quote", self.span(start, cut))
                .label("the line ends inside this text")
                .hint("a text ends on the line it starts on; a line break in it is written `\\n`")
                .fix("close the text", self.span(cut, cut), "\""),
        );
        self.fail(start, cut);
    }

    /// `#rrggbb`, or a comment of another language.
    fn hash(&mut self) {
        let start = self.at;
        let end = start + 1 + self.bytes[start + 1..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
        let digits = &self.text[start + 1..end];
        let hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
        let expected = self.out.tokens.last().map(|t| t.kind);
        let is_color = match expected {
            Some(Kind::Colon | Kind::Equals | Kind::Operator) => !digits.is_empty(),
            Some(Kind::Open | Kind::Comma) => hex || digits.len() == 6 && !self.leads,
            Some(Kind::Word) => hex && matches!(digits.len(), 3 | 6 | 8) && !self.leads,
            _ => false,
        };
        if is_color {
            return self.push(Kind::Color, start, end);
        }
        let end = self.line_end();
        let span = self.span(start, start + 1);
        self.out.habits.push(Habit { code: "E0111", span, edit: Edit { span, text: "//".to_owned() } });
        self.blank(start, end);
        self.at = end;
    }

    fn digits(&self, mut at: usize) -> usize {
        while self.bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
        }
        at
    }

    /// A word of letters and digits that starts at `at`.
    fn word_at(&self, at: usize) -> &str {
        let Some(first) = self.bytes.get(at) else { return "" };
        if !(first.is_ascii_alphabetic() || *first == b'_') {
            return "";
        }
        let n = self.bytes[at..].iter().take_while(|&&b| is_word(b)).count();
        &self.text[at..at + n]
    }

    /// A known unit at `at` that can't be a name: no `:`, `=`, `(` or `.name` follows.
    fn known_unit(&self, at: usize) -> Option<usize> {
        let word = self.word_at(at);
        if dimension::find_unit(word).is_none() && !is_unit_in_words(word) {
            return None;
        }
        let mut end = at + word.len();
        let unit_end = end;
        while matches!(self.bytes.get(end), Some(b' ' | b'\t')) {
            end += 1;
        }
        let next = |i: usize| self.bytes.get(end + i).copied().unwrap_or(0);
        let name = match next(0) {
            b':' => true,
            b'=' => next(1) != b'=',
            b'(' => end == unit_end,
            b'.' => next(1) != b'.' && end == unit_end,
            _ => false,
        };
        (!name).then_some(unit_end)
    }

    /// Digits, fraction, exponent and unit.
    fn number(&mut self) {
        let start = self.at;
        let mut end = self.digits(start);
        let mut broken = None;
        let next = |i: usize| self.bytes.get(i).copied().unwrap_or(0);
        if next(end) == b'.' && next(end + 1).is_ascii_digit() {
            end = self.digits(end + 1);
        } else if next(end) == b'.'
            && next(end + 1) != b'.'
            && !self.word_at(end + 1).starts_with(|c: char| c.is_ascii_alphabetic() && c != 'e')
        {
            broken = Some(end);
            end += 1;
        }
        if matches!(next(end), b'e' | b'E') {
            let sign = usize::from(matches!(next(end + 1), b'+' | b'-'));
            if next(end + 1 + sign).is_ascii_digit() {
                end = self.digits(end + 1 + sign);
            }
        }
        let number_end = end;
        // A unit of any name directly behind, or a known one behind one blank.
        let mut blank = None;
        if !self.word_at(end).is_empty() {
            end += self.word_at(end).len();
        } else if next(end) == b' '
            && let Some(unit_end) = self.known_unit(end + 1)
        {
            blank = Some(end);
            end = unit_end;
        }
        let mut slashes = Vec::new();
        loop {
            // `m^2`, `m^-2`.
            let sign = usize::from(next(end + 1) == b'-');
            if end > number_end && next(end) == b'^' && next(end + 1 + sign).is_ascii_digit() {
                end = self.digits(end + 1 + sign);
            }
            match (next(end) == b'/').then(|| self.known_unit(end + 1)).flatten() {
                Some(unit_end) => {
                    slashes.push(end);
                    end = unit_end;
                }
                None => break,
            }
        }
        if let Some(at) = broken {
            let span = self.span(start, at + 1);
            let digits = self.text[start..at].to_owned();
            self.report(
                Diagnostic::error("E0118", format!("number `{digits}.` has no digits behind the point"), span).fix(
                    format!("write `{digits}.0`"),
                    span,
                    format!("{digits}.0"),
                ),
            );
            return self.fail(start, end);
        }
        if let Some(at) = blank {
            self.clean[at] = 2;
        }
        for at in slashes {
            self.clean[at] = 3;
        }
        self.push(Kind::Number, start, end);
    }

    /// `.5`.
    fn bare_fraction(&mut self) {
        let start = self.at;
        let digits_end = self.digits(start + 1);
        let end = digits_end + self.word_at(digits_end).len();
        let span = self.span(start, digits_end);
        let digits = self.text[start..digits_end].to_owned();
        self.report(
            Diagnostic::error("E0118", format!("number `{digits}` has no digit in front of the point"), span).fix(
                format!("write `0{digits}`"),
                span,
                format!("0{digits}"),
            ),
        );
        self.fail(start, end);
    }
}
