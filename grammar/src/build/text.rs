//! Texts with escapes and holes.

use scenec_ir::{Diagnostic, Edit, Fix, Span, Spanned};

use super::Build;
use crate::ast::{Ident, TextPart};
use crate::words::clip;

/// What is wrong inside of a text: reported once, whatever their number.
#[derive(Default)]
struct Faults {
    /// Escapes that the language does not have.
    escapes: Vec<(Span, char)>,
    holes: Vec<Diagnostic>,
    /// A brace that is escaped.
    escaped_brace: bool,
}

impl Faults {
    fn is_empty(&self) -> bool {
        self.escapes.is_empty() && self.holes.is_empty()
    }
}

impl Build<'_> {
    /// Parts of the quoted text at `span`; nothing when there is a mistake in it, which is reported. Neighbouring literals
    /// are one; an empty text has no part.
    pub(super) fn text_parts(&self, span: Span) -> Option<Vec<TextPart>> {
        let mut faults = Faults::default();
        let parts = self.scan_text(span, &mut faults);
        if faults.is_empty() {
            return Some(parts);
        }
        self.report_faults(span, faults);
        None
    }

    /// Parts of the quoted text at `span` when there is no mistake in it; nothing is reported.
    pub(super) fn flawless_text(&self, span: Span) -> Option<Vec<TextPart>> {
        let mut faults = Faults::default();
        let parts = self.scan_text(span, &mut faults);
        faults.is_empty().then_some(parts)
    }

    fn scan_text(&self, span: Span, faults: &mut Faults) -> Vec<TextPart> {
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
                        _ => faults.escapes.push((Span::new(self.file, first + at, first + end), escaped)),
                    }
                    faults.escaped_brace |= escaped == '{';
                }
                '{' => {
                    let Some(length) = body[at..].find('}') else {
                        let here = Span::new(self.file, first + at, first + at + 1);
                        faults.holes.push(
                            Diagnostic::error("E0121", "`{` in a text opens a hole that is never closed", here)
                                .hint("holes are written `{shot}` or `{frame:4}`; a brace itself is written `\\{`"),
                        );
                        break;
                    };
                    let hole = &body[at + 1..at + length];
                    match self.hole(hole, first + at + 1) {
                        Ok(part) => {
                            if !literal.is_empty() {
                                parts.push(TextPart::Literal(std::mem::take(&mut literal)));
                            }
                            parts.push(part);
                        }
                        Err(diagnostic) => faults.holes.push(*diagnostic),
                    }
                    while chars.next().is_some_and(|(i, _)| i < at + length) {}
                }
                '}' => {
                    let here = Span::new(self.file, first + at, first + at + 1);
                    faults.holes.push(
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

    fn report_faults(&self, span: Span, faults: Faults) {
        let source = &self.text[span.range()];
        let is_path = source.trim_matches('"').bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./\\:{}".contains(&b));
        // A lone `\r` or `\'` is a habit of other languages, not of their paths.
        let odd = faults.escapes.iter().any(|(_, c)| !matches!(c, 'r' | '\'' | 'u' | 'x' | '0'));
        if is_path && (faults.escaped_brace || odd) {
            return self.report(back_slashes(source, span));
        }
        let Some(&(at, escaped)) = faults.escapes.first() else {
            return self.diagnostics.borrow_mut().extend(faults.holes.into_iter().take(1));
        };
        let more = match faults.escapes.len() {
            1 => String::new(),
            n => format!(" (and {} more here)", n - 1),
        };
        let edits = faults.escapes.iter().map(|&(span, c)| {
            let text = match c {
                'r' => String::new(),
                '\'' => "'".to_owned(),
                c => format!("\\\\{c}"),
            };
            Edit { span, text }
        });
        let mut diagnostic = Diagnostic::error("E0121", format!("unknown escape `\\{escaped}` in a text{more}"), at);
        let escapes = "escapes are `\\n`, `\\t`, `\\\\`, `\\\"`, `\\{` and `\\}`";
        diagnostic = match escaped {
            'u' | 'x' | 'U' | '0' => diagnostic.hint(format!("any letter may stand in a text as it is; {escapes}")),
            _ => {
                let title = if escaped == 'r' { "remove it" } else { "write a back slash as `\\\\`" };
                diagnostic.fix = Some(Fix { title: title.to_owned(), edits: edits.collect() });
                diagnostic.hint(format!("{escapes}; paths are written with `/`"))
            }
        };
        self.report(diagnostic);
    }

    /// A path that is read, which has neither holes nor back slashes.
    pub(crate) fn plain_text(&self, span: Span) -> Spanned<String> {
        let source = &self.text[span.range()];
        if source.contains('\\') {
            self.report(back_slashes(source, span));
            let path = source.trim_matches('"').replace("\\\\", "/").replace('\\', "/");
            return Spanned::new(path, span);
        }
        let mut text = String::new();
        for part in self.text_parts(span).unwrap_or_default() {
            match part {
                TextPart::Literal(literal) => text.push_str(&literal),
                TextPart::Hole { name, .. } => self.report(
                    Diagnostic::error(
                        "E0121",
                        format!("hole `{{{}}}` in a path that is read", clip(&name.value)),
                        name.span,
                    )
                    .hint("paths of modules and assets are known before anything runs"),
                ),
            }
        }
        Spanned::new(text, span)
    }

    /// A remark, which has no holes.
    pub(super) fn remark(&self, span: Span) -> Spanned<String> {
        let mut text = String::new();
        for part in self.text_parts(span).unwrap_or_default() {
            match part {
                TextPart::Literal(literal) => text.push_str(&literal),
                TextPart::Hole { name, .. } => self.report(
                    Diagnostic::error("E0121", format!("hole `{{{}}}` in a reason", clip(&name.value)), name.span)
                        .hint("a reason is read by people: a brace itself is written `\\{`"),
                ),
            }
        }
        Spanned::new(text, span)
    }

    fn hole(&self, hole: &str, start: usize) -> Result<TextPart, Box<Diagnostic>> {
        let (name, width) = match hole.split_once(':') {
            Some((name, width)) => (name, Some(width)),
            None => (hole, None),
        };
        let letters = |s: &str| s.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_name = letters(name) && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        let digits = width.map(|w| w.parse::<u8>().ok().filter(|&n| n <= 32));
        if !is_name || digits == Some(None) {
            let span = Span::new(self.file, start, start + hole.len());
            let message = format!("hole `{{{}}}` is not a name with an optional width", clip(hole));
            let hint = "a hole holds one name, `{shot}` or `{frame:4}`: give an expression a name with `let`; a brace itself is written `\\{`";
            return Err(Box::new(Diagnostic::error("E0121", message, span).hint(hint)));
        }
        let span = Span::new(self.file, start, start + name.len());
        Ok(TextPart::Hole { name: Ident::new(name.to_owned(), span), width: digits.flatten() })
    }
}

/// The mistake of a path that is written as on Windows. `source` is the text with its quotes.
pub fn back_slashes(source: &str, span: Span) -> Diagnostic {
    let mended = source.replace("\\\\", "/").replace('\\', "/");
    Diagnostic::error("E0121", "`\\` in a path", span).hint("paths are written with `/` on every system").fix(
        format!("write `{mended}`"),
        span,
        mended,
    )
}
