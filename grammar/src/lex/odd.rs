//! Characters that no token starts with, and comments of other languages.

use scenec_ir::{Diagnostic, Edit};

use super::{Habit, Kind, Lexer, is_odd_blank, is_opening_quote, is_word};

/// What a sign of print or of mathematics is written as.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{2010}'..='\u{2015}' | '−' => "-",
        '×' | '·' | '∙' | '⋅' => "*",
        '÷' | '∕' => "/",
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '…' => "..",
        '→' => "|>",
        '，' => ",",
        _ => return None,
    })
}

impl Lexer<'_> {
    /// Anything that no token starts with. `self.at` stands on a character boundary: every other branch stops on one.
    pub(super) fn odd_character(&mut self) {
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
        if self.behind_number() && self.unit_sign(c) {
            return;
        }
        if c.is_alphabetic() {
            return self.word();
        }
        if let Some(sign) = plain(c) {
            // Each of these has as many bytes as its sign, or more.
            self.blank(start, end);
            self.clean[start..start + sign.len()].copy_from_slice(sign.as_bytes());
            self.push(if sign == "," { Kind::Comma } else { Kind::Operator }, start, end);
            let span = self.span(start, end);
            let hint = "programs are written in ASCII; any letter may stand in texts and comments";
            let message = format!("character `{c}` where `{sign}` is meant");
            return self.report(Diagnostic::error("E0109", message, span).hint(hint).fix(
                format!("write `{sign}`"),
                span,
                sign,
            ));
        }
        if c == '|' {
            return self.bar();
        }
        if c == '?' && self.bytes.get(start + 1) == Some(&b'.') {
            let span = self.span(start, end);
            let hint =
                "a part of what may be `none` is asked for where it is there: `if lamp != none { … lamp.top … }`";
            self.report(Diagnostic::error("E0109", "`?.` is no operator of the language", span).hint(hint));
            return self.fail(start, end);
        }
        // A run of them is one mistake.
        let run = self.text[start..]
            .chars()
            .take_while(|&c| {
                let known =
                    c.is_ascii() && (is_word(c as u8) || b" \t\r\n\"#()[]{},;:=.<>+-*/^!|&'`".contains(&(c as u8)));
                !known && !c.is_alphabetic() && !is_opening_quote(c) && !is_odd_blank(c) && plain(c).is_none()
            })
            .map(char::len_utf8)
            .sum::<usize>();
        let end = end.max(start + run);
        self.blank(start, end);
        self.at = end;
        let wild = c.is_control();
        let shown = match wild {
            true => format!("control character U+{:04X}", c as u32),
            false => format!("character `{c}`"),
        };
        let span = self.span(start, end);
        let next = self.bytes.get(end).copied().unwrap_or(b'\n');
        let hint = match c {
            '%' => "what a division leaves is `mod(a, b)`; a percentage is written `50pct`",
            '&' => "did you mean `and`?",
            '?' => "a choice is written `if condition { a } else { b }`",
            '\\' if next == b'\n' || next == b'\r' => "an expression goes on over line ends without a sign",
            '@' | '$' | '~' | '\\' => "no operator or name of the language has it",
            _ => "outside of texts and comments, a program is made of ASCII letters, digits and the operators",
        };
        let mut diagnostic = Diagnostic::error("E0109", format!("unexpected {shown}"), span).hint(hint);
        // Without it something is left that can be meant.
        let before_name = matches!(c, '@' | '$' | '~') && next.is_ascii_alphabetic();
        let at_line_end = c == '\\' && matches!(next, b'\n' | b'\r');
        if wild || before_name || at_line_end || end - start > 1 && !c.is_ascii() {
            diagnostic = diagnostic.fix("remove it", span, "");
        }
        self.report(diagnostic);
    }

    /// True directly behind a number.
    pub(super) fn behind_number(&self) -> bool {
        self.out.tokens.last().is_some_and(|t| t.kind == Kind::Number && t.end as usize == self.at)
    }

    /// A unit that is written as a sign, directly behind its number.
    fn unit_sign(&mut self, c: char) -> bool {
        let (sign, unit) = match c {
            // `5%3` divides.
            '%' if self.bytes.get(self.at + 1).is_some_and(|b| is_word(*b) || *b == b'(') => return false,
            '%' => ("%", "pct"),
            '°' if self.text[self.at..].starts_with("°C") => ("°C", "K"),
            '°' => ("°", "deg"),
            '²' => ("²", "^2"),
            '³' => ("³", "^3"),
            '′' => ("′", "ft"),
            '″' => ("″", "inch"),
            'µ' if self.text[self.at..].starts_with("µm") => ("µm", "um"),
            'μ' if self.text[self.at..].starts_with("μm") => ("μm", "um"),
            _ => return false,
        };
        self.wrong_unit(sign.len(), unit);
        true
    }

    /// Reports a sign of `length` bytes that stands for a unit.
    pub(super) fn wrong_unit(&mut self, length: usize, unit: &str) {
        let (start, end) = (self.at, self.at + length);
        let sign = &self.text[start..end];
        let span = self.span(start, end);
        let mut diagnostic = Diagnostic::error("E0119", format!("unknown unit `{sign}`"), span).label("not a unit");
        diagnostic = match sign {
            "°C" => diagnostic.hint("temperatures are in kelvin, which is 273.15 more: 20 °C are `293.15K`"),
            _ => diagnostic.hint(format!("the unit is written `{unit}`")).fix(format!("write `{unit}`"), span, unit),
        };
        self.blank(start, end);
        self.at = end;
        // The number without its unit would be a second mistake.
        if let Some(token) = self.out.tokens.last_mut() {
            token.kind = Kind::Failed;
            let (from, to) = (token.start as usize, token.end as usize);
            self.blank(from, to);
            self.clean[from] = 1;
        }
        self.report(diagnostic);
    }

    /// One `|`.
    fn bar(&mut self) {
        let start = self.at;
        let first = self.out.tokens.iter().rev().find(|t| t.flush);
        let in_enum = first.is_some_and(|t| &self.text[t.start as usize..t.end as usize] == "enum");
        let rest = self.text[start + 1..].trim_start_matches([' ', '\t']);
        let word = rest.bytes().take_while(|&b| is_word(b)).count();
        let calls = word > 0 && rest.as_bytes().get(word) == Some(&b'(');
        let span = self.span(start, start + 1);
        let diagnostic = Diagnostic::error("E0109", "unexpected character `|`", span);
        let diagnostic = match (in_enum, calls) {
            (true, _) => diagnostic.hint("members stand in braces: `enum Name { one, other }`"),
            (_, true) => diagnostic.hint("a picture flows through `|>`").fix("write `|>`", span, "|>"),
            _ => diagnostic.hint("did you mean `|>` or `or`?"),
        };
        if calls && self.peek(1) == b' ' {
            // There is room for the sign that is meant.
            self.clean[start..start + 2].copy_from_slice(b"|>");
            self.push(Kind::Operator, start, start + 1);
        } else {
            self.blank(start, start + 1);
            self.at = start + 1;
        }
        self.report(diagnostic);
    }

    /// True where a statement may begin, which is where no expression goes on.
    fn may_begin(&self) -> bool {
        let open_brace = |end: usize| self.bytes[end - 1] == b'{';
        self.leads
            && self.out.tokens.last().is_none_or(|t| {
                t.ends_operand() || t.kind == Kind::Comma || t.kind == Kind::Open && open_brace(t.end as usize)
            })
    }

    /// A comment of another language at the beginning of a line: `-- note`, `<!-- note -->`.
    pub(super) fn foreign_comment(&mut self) -> bool {
        let rest = &self.bytes[self.at..];
        let sign = [&b"<!--"[..], b"--"].into_iter().find(|s| rest.starts_with(s));
        let Some(sign) = sign.filter(|_| self.may_begin()) else { return false };
        self.habit_comment(sign.len());
        true
    }

    /// True for a `;` that begins a comment, as in Lisp and .ini files: at the start of a line, or with nothing but words behind it.
    pub(super) fn is_remark(&self) -> bool {
        let rest = self.text[self.at..self.line_end()].trim_start_matches(';');
        let words = rest.trim();
        if words.is_empty() || self.leads {
            return self.leads && !words.is_empty();
        }
        let is_prose = |c: char| c.is_alphanumeric() || c.is_whitespace() || ".,!?'-".contains(c);
        let first = words.split_whitespace().next().unwrap_or_default();
        self.parentheses == 0
            && rest.starts_with([' ', '\t'])
            && words.starts_with(char::is_alphabetic)
            && words.chars().all(is_prose)
            && !crate::words::item_or_reserved(first)
    }

    /// `; a comment`
    pub(super) fn semicolon_comment(&mut self) {
        let sign = self.bytes[self.at..].iter().take_while(|b| **b == b';').count();
        self.habit_comment(sign);
    }

    fn habit_comment(&mut self, sign: usize) {
        let (start, end) = (self.at, self.line_end());
        let span = self.span(start, start + sign);
        self.out.habits.push(Habit { code: "E0111", span, edit: Edit { span, text: "//".to_owned() } });
        self.blank(start, end);
        self.at = end;
    }

    /// `#rrggbb`, or a comment of another language.
    pub(super) fn hash(&mut self) {
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
        if matches!(digits, "include" | "import") && self.leads {
            let span = self.span(start, end);
            let line_end = self.line_end();
            self.report(
                Diagnostic::error("E0115", format!("`#{digits}` is no item of the language"), span)
                    .hint("another file is used with `use \"path.ngs\" as name` or `use \"path.ngs\" { Name }`"),
            );
            self.blank(start, line_end);
            self.at = line_end;
            return;
        }
        self.habit_comment(1);
    }
}
