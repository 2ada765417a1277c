//! Numbers with their units.

use scenec_ir::{Diagnostic, Edit, Fix, dimension};

use super::{Kind, Lexer, is_word};

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

impl Lexer<'_> {
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

    /// True where a key of a curve may begin: behind `(` or `,`, but not behind the parenthesis of a call.
    fn at_key(&self) -> bool {
        match self.out.tokens.as_slice() {
            [.., before, open] if open.kind == Kind::Open && self.bytes[open.start as usize] == b'(' => {
                before.end < open.start || !before.ends_operand()
            }
            [.., last] => last.kind == Kind::Comma,
            [] => false,
        }
    }

    /// A known unit at `at` that can't be a name: no `=`, `(` or `.name` follows, and no `:` unless `keyed`.
    fn known_unit(&self, at: usize, keyed: bool) -> Option<usize> {
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
            b':' => !keyed,
            b'=' => next(1) != b'=',
            b'(' => end == unit_end,
            b'.' => next(1) != b'.' && end == unit_end,
            _ => false,
        };
        (!name).then_some(unit_end)
    }

    /// Digits, fraction, exponent and unit.
    pub(super) fn number(&mut self) {
        let start = self.at;
        let mut end = self.digits(start);
        let mut broken = None;
        let next = |i: usize| self.bytes.get(i).copied().unwrap_or(0);
        if next(end) == b'.' && next(end + 1).is_ascii_digit() {
            end = self.digits(end + 1);
        } else if next(end) == b'.'
            && next(end + 1) != b'.'
            && (dimension::find_unit(self.word_at(end + 1)).is_some()
                || !self.word_at(end + 1).starts_with(|c: char| c.is_ascii_alphabetic() && c != 'e'))
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
        if next(end) == b',' && next(end + 1).is_ascii_digit() && self.comma_in_number(end) {
            return;
        }
        let number_end = end;
        // A unit of any name directly behind, or a known one behind blanks.
        let mut blank = None;
        let keyed = self.at_key();
        if !self.word_at(end).is_empty() {
            end += self.word_at(end).len();
        } else {
            let blanks = self.bytes[end..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            if let Some(unit_end) = self.known_unit(end + blanks, keyed).filter(|_| blanks > 0) {
                blank = Some(end..end + blanks);
                end = unit_end;
            }
        }
        let mut slashes = Vec::new();
        loop {
            // `m^2`, `m^-2`.
            let sign = usize::from(next(end + 1) == b'-');
            if end > number_end && next(end) == b'^' && next(end + 1 + sign).is_ascii_digit() {
                end = self.digits(end + 1 + sign);
            }
            match (next(end) == b'/').then(|| self.known_unit(end + 1, true)).flatten() {
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
        if let Some(blanks) = blank {
            self.clean[blanks].fill(2);
        }
        for at in slashes {
            self.clean[at] = 3;
        }
        self.push(Kind::Number, start, end);
    }

    /// `1,5` or `1,000` behind `name:` or `=`, where one value stands. Items of lists and arguments are often written
    /// without blanks, so nowhere else.
    fn comma_in_number(&mut self, comma: usize) -> bool {
        let start = self.at;
        let expected = self.out.tokens.last().map(|t| t.kind);
        if !matches!(expected, Some(Kind::Colon | Kind::Equals)) {
            return false;
        }
        let mut groups = Vec::new();
        let mut end = comma;
        while self.bytes.get(end) == Some(&b',') && self.bytes.get(end + 1).is_some_and(u8::is_ascii_digit) {
            groups.push(end);
            end = self.digits(end + 1);
        }
        let number = &self.text[start..end];
        let thousands = groups.iter().all(|g| self.digits(g + 1) - g == 4);
        let span = self.span(start, end);
        let diagnostic = Diagnostic::error("E0118", format!("number `{number}` has a comma"), span);
        let digits = number.replace(',', "");
        let diagnostic = match (groups.as_slice(), thousands) {
            (_, true) => diagnostic
                .hint(format!("a number has no sign between its digits, and a point before its fraction: `{digits}`")),
            ([_], _) => {
                let mended = number.replace(',', ".");
                diagnostic.hint("a fraction stands behind a point").fix(format!("write `{mended}`"), span, mended)
            }
            _ => diagnostic.hint("several values stand in parentheses or brackets"),
        };
        self.report(diagnostic);
        let end = end + self.word_at(end).len();
        self.fail(start, end);
        true
    }

    /// A unit directly behind the parenthesis of a vector: `(1, 2, 3)m`.
    pub(super) fn unit_of_vector(&mut self) -> bool {
        let start = self.at;
        let tokens = &self.out.tokens;
        let behind = tokens.last().is_some_and(|t| t.end as usize == start && self.bytes[start - 1] == b')');
        let Some(unit_end) = self.known_unit(start, false).filter(|_| behind) else { return false };
        let Some(open) = tokens.iter().rposition(|t| t.kind == Kind::Open) else { return false };
        let unit = self.text[start..unit_end].to_owned();
        let mut edits = Vec::new();
        for token in &tokens[open + 1..tokens.len() - 1] {
            let text = &self.text[token.start as usize..token.end as usize];
            match token.kind {
                Kind::Number if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                    edits.push(Edit { span: self.span(token.end as usize, token.end as usize), text: unit.clone() });
                }
                Kind::Comma | Kind::Operator => {}
                _ => return false,
            }
        }
        let span = self.span(start, unit_end);
        edits.push(Edit { span, text: String::new() });
        let from = tokens[open].start as usize;
        self.out.tokens.truncate(open);
        let mut diagnostic = Diagnostic::error("E0119", format!("unit `{unit}` behind a parenthesis"), span)
            .hint("each number of a vector has its own unit");
        diagnostic.fix = Some(Fix { title: format!("write `{unit}` behind each number"), edits });
        self.report(diagnostic);
        self.fail(from, unit_end);
        true
    }

    /// `.5`.
    pub(super) fn bare_fraction(&mut self) {
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
