//! Texts with escapes and holes.

use scenec_ir::{Diagnostic, Span, Spanned};

use super::Build;
use crate::ast::{Ident, TextPart};
use crate::words::clip;

impl Build<'_> {
    /// Parts of the quoted text at `span`. Neighbouring literals are one; an empty text has no part.
    pub(super) fn text_parts(&self, span: Span) -> Vec<TextPart> {
        // The clean text, where quotes are straight; offsets are the same.
        let clean = &self.lexed.clean[span.range()];
        // Blanks stand around the quotes where typographic ones were replaced.
        let open = clean.find('"').map_or(0, |at| at + 1);
        let close = clean.rfind('"').filter(|&at| at >= open).unwrap_or(clean.len());
        let body = &clean[open..close];
        let first = span.start as usize + open;
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut chars = body.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => {
                    let Some((_, escaped)) = chars.next() else { break };
                    let end = at + 1 + escaped.len_utf8();
                    match escaped {
                        'n' => literal.push('\n'),
                        't' => literal.push('\t'),
                        '\\' | '"' | '{' | '}' => literal.push(escaped),
                        _ => self.bad_escape(escaped, Span::new(self.file, first + at, first + end)),
                    }
                }
                '{' => {
                    let Some(length) = body[at..].find('}') else {
                        let here = Span::new(self.file, first + at, first + at + 1);
                        self.report(
                            Diagnostic::error("E0121", "`{` in a text opens a hole that is never closed", here)
                                .hint("a brace itself is written `\\{`")
                                .fix("write `\\{`", here, "\\{"),
                        );
                        break;
                    };
                    let hole = &body[at + 1..at + length];
                    if let Some(part) = self.hole(hole, first + at + 1) {
                        if !literal.is_empty() {
                            parts.push(TextPart::Literal(std::mem::take(&mut literal)));
                        }
                        parts.push(part);
                    }
                    while chars.next().is_some_and(|(i, _)| i < at + length) {}
                }
                '}' => {
                    let here = Span::new(self.file, first + at, first + at + 1);
                    self.report(
                        Diagnostic::error("E0121", "`}` in a text closes no hole", here)
                            .hint("a brace itself is written `\\}`")
                            .fix("write `\\}`", here, "\\}"),
                    );
                }
                c => literal.push(c),
            }
        }
        if !literal.is_empty() {
            parts.push(TextPart::Literal(literal));
        }
        parts
    }

    /// A text without holes, such as the path of a module.
    pub(super) fn plain_text(&self, span: Span) -> Spanned<String> {
        let mut text = String::new();
        for part in self.text_parts(span) {
            match part {
                TextPart::Literal(literal) => text.push_str(&literal),
                TextPart::Hole { name, .. } => self.report(
                    Diagnostic::error(
                        "E0121",
                        format!("hole `{{{}}}` in a path that is read", clip(&name.value)),
                        name.span,
                    )
                    .hint("paths of modules and assets are known before anything runs; a brace is written `\\{`"),
                ),
            }
        }
        Spanned::new(text, span)
    }

    fn hole(&self, hole: &str, start: usize) -> Option<TextPart> {
        let (name, width) = match hole.split_once(':') {
            Some((name, width)) => (name, Some(width)),
            None => (hole, None),
        };
        let letters = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_name = letters(name) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let digits = width.map(|w| w.parse::<u8>().ok().filter(|&n| n <= 32));
        if !is_name || digits == Some(None) {
            let span = Span::new(self.file, start, start + hole.len());
            self.report(
                Diagnostic::error(
                    "E0121",
                    format!("hole `{{{}}}` is not a name with an optional width", clip(hole)),
                    span,
                )
                .hint("holes are written `{shot}` or `{frame:4}`; a brace itself is written `\\{`"),
            );
            return None;
        }
        let span = Span::new(self.file, start, start + name.len());
        Some(TextPart::Hole { name: Ident::new(name.to_owned(), span), width: digits.flatten() })
    }

    fn bad_escape(&self, escaped: char, span: Span) {
        self.report(
            Diagnostic::error("E0121", format!("unknown escape `\\{escaped}` in a text"), span)
                .hint("escapes are `\\n`, `\\t`, `\\\\`, `\\\"`, `\\{` and `\\}`; paths are written with `/`")
                .fix("write two backslashes", span, format!("\\\\{escaped}")),
        );
    }
}
