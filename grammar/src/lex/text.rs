//! Texts, and what is typed instead of one.

use scenec_ir::Diagnostic;

use super::{Kind, Lexer};

/// Lines that a text without an end is followed over, to where it may have been meant to end.
const MOST_LINES: usize = 60;

/// Bytes of paths and file names.
fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_./-\\".contains(&byte)
}

impl Lexer<'_> {
    /// Typographic quotes, single quotes and back-ticks around a text on one line.
    pub(super) fn odd_quote(&mut self, quote: char) {
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
            if quote == '\'' && self.behind_number() {
                return self.wrong_unit(1, "ft");
            }
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

    /// `"text"`.
    pub(super) fn string(&mut self) {
        let start = self.at;
        if self.text[start..].starts_with("\"\"\"") {
            return self.three_quotes();
        }
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
        if self.behind_number() {
            return self.wrong_unit(1, "inch");
        }
        if self.unopened() || self.over_lines(end) {
            return;
        }
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

    /// A quote that closes a text which was never opened: `gltf(model.glb")`. The quote stands at `self.at`, and no other
    /// closes it.
    fn unopened(&mut self) -> bool {
        let (quote, mut start) = (self.at, self.at);
        while start > self.line_start && is_path(self.bytes[start - 1]) {
            start -= 1;
        }
        if start == quote {
            return false;
        }
        // The tokens of the text go.
        while self.out.tokens.last().is_some_and(|t| t.start as usize >= start) {
            self.out.tokens.pop();
        }
        let written = &self.text[start..quote];
        self.report(
            Diagnostic::error("E0107", "text without an opening quote", self.span(start, quote + 1))
                .label("it ends with a quote")
                .hint("texts stand between two straight double quotes")
                .fix(format!("write `\"{written}\"`"), self.span(start, start), "\""),
        );
        self.fail(start, quote + 1);
        true
    }

    /// A text that goes on over line ends up to its quote. `end` is the end of its first line.
    fn over_lines(&mut self, end: usize) -> bool {
        let start = self.at;
        let mut at = self.line_end() + 1;
        for _ in 0..MOST_LINES {
            let Some(rest) = self.text.get(at..).filter(|r| !r.is_empty()) else { return false };
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let Some(quote) = line.find('"') else {
                // A line of a program, not of a text.
                if line.contains(['=', '(', '{', ':']) {
                    return false;
                }
                at += line.len() + 1;
                continue;
            };
            let behind = line[quote + 1..].trim_matches([')', ']', '}', ',', ' ', ';', '\r', '\t']);
            if line[..quote].contains(['=', '(', '{', ':']) || !behind.is_empty() {
                return false;
            }
            let close = at + quote;
            let body = &self.text[start + 1..close];
            let joined = body.lines().map(str::trim).collect::<Vec<_>>().join("\\n");
            let span = self.span(start, close + 1);
            self.report(
                Diagnostic::error("E0107", "text over several lines", self.span(start, end))
                    .label("the line ends inside this text")
                    .hint("a text ends on the line it starts on; a line break in it is written `\\n`")
                    .fix("put it on one line", span, format!("\"{joined}\"")),
            );
            self.fail(start, close + 1);
            self.line_start = at;
            return true;
        }
        false
    }

    /// `"""text"""`.
    fn three_quotes(&mut self) {
        let start = self.at;
        let body = start + 3;
        let Some(length) = self.text[body..].find("\"\"\"") else {
            let span = self.span(start, body);
            self.report(
                Diagnostic::error("E0107", "text without a closing quote", span)
                    .hint("a text stands between two straight double quotes, on one line"),
            );
            return self.fail(start, self.line_end());
        };
        let (close, end) = (body + length, body + length + 3);
        let alone = self.leads;
        let lines: Vec<&str> = self.text[body..close].trim().lines().map(str::trim).collect();
        let (hint, with) = match alone {
            true => (
                "what stands alone is a comment: `// …`; `///` documents what follows",
                format!("// {}", lines.join("\n// ")),
            ),
            false => (
                "texts stand between two straight double quotes, on one line",
                format!("\"{}\"", lines.join("\\n").replace('"', "\\\"")),
            ),
        };
        let span = self.span(start, end);
        let title = if alone { "make it a comment" } else { "use one pair of quotes" };
        self.report(Diagnostic::error("E0110", "text in `\"\"\"` quotes", span).hint(hint).fix(title, span, with));
        if alone {
            self.blank(start, end);
            self.at = end;
        } else {
            self.fail(start, end);
        }
        if let Some(last) = self.text[start..end].rfind('\n') {
            self.line_start = start + last + 1;
        }
    }
}
