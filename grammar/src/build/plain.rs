//! Bindings as nearly all are written, read from the tokens.
//!
//! Pest reads every byte through rules, which is three quarters of the time of a `check`. What is plain here has one
//! reading and no mistake: operands, fields, calls, vectors, lists, operators and placements. Anything else (keys of
//! curves, `if`, `for`, types, a forgotten comma, a word of another language) gives `None`, and pest reads the same
//! text with the whole grammar. Both give the same tree wherever this one gives one; the tests compare them on every
//! program that they know, and on mutated ones.

use scenec_ir::{Span, Spanned, dimension};

use super::Build;
use super::expr::{expr, unit_exponent};
use crate::ast::{Arg, BinaryOp, Expr, ExprKind, Ident, UnaryOp};
use crate::lex::{Kind, Token};
use crate::words;

/// Tokens of one piece.
struct Plain<'b, 'a> {
    build: &'b Build<'a>,
    tokens: &'a [Token],
    at: usize,
}

/// How an operator binds.
struct Infix {
    /// `None` for `..`.
    op: Option<BinaryOp>,
    level: u8,
    right: bool,
}

/// What a prefix takes.
const POWER: u8 = 8;

fn infix(text: &str) -> Option<Infix> {
    use BinaryOp::*;
    let (op, level) = match text {
        "or" => (Or, 1),
        "and" => (And, 2),
        "==" => (Equal, 3),
        "!=" => (NotEqual, 3),
        "<" => (Less, 3),
        "<=" => (LessEqual, 3),
        ">" => (Greater, 3),
        ">=" => (GreaterEqual, 3),
        "??" => (OrElse, 4),
        ".." => return Some(Infix { op: None, level: 5, right: false }),
        "+" => (Add, 6),
        "-" => (Subtract, 6),
        "*" => (Multiply, 7),
        "/" => (Divide, 7),
        "^" => (Power, POWER),
        _ => return None,
    };
    Some(Infix { op: Some(op), level, right: level == POWER })
}

/// Most lists have one or two elements, where a vector would make room for four at once.
fn push<T>(list: &mut Vec<T>, element: T) {
    if list.len() < 4 {
        list.reserve_exact(1);
    }
    list.push(element);
}

impl Build<'_> {
    /// `name = expr` up to byte `end`.
    pub(super) fn plain_binding(&self, end: usize) -> Option<(Ident, Expr)> {
        if !self.plain {
            return None;
        }
        let tokens = &self.lexed.tokens;
        let first = tokens.partition_point(|t| (t.start as usize) < self.base);
        let last = first + tokens[first..].partition_point(|t| (t.start as usize) < end);
        let mut plain = Plain { build: self, tokens: &tokens[first..last], at: 0 };
        let name = plain.name()?;
        plain.sign(Kind::Equals, "=")?;
        let value = plain.expr()?;
        (plain.at == plain.tokens.len()).then_some((name, value))
    }
}

impl<'a> Plain<'_, 'a> {
    fn kind(&self) -> Option<Kind> {
        self.tokens.get(self.at).map(|t| t.kind)
    }

    fn text_of(&self, token: &Token) -> &'a str {
        &self.build.text[token.start as usize..token.end as usize]
    }

    /// Text of the next token; nothing at the end.
    fn text(&self) -> &'a str {
        self.tokens.get(self.at).map_or("", |t| self.text_of(t))
    }

    fn span_of(&self, token: &Token) -> Span {
        Span { file: self.build.file, start: token.start, end: token.end }
    }

    /// The next token, of this kind; its text as it stands, with nothing mended in it.
    fn take(&mut self, kind: Kind) -> Option<(&'a str, Span)> {
        let token = self.tokens.get(self.at).filter(|t| t.kind == kind)?;
        let text = self.text_of(token);
        let clean = &self.build.lexed.clean[token.start as usize..token.end as usize];
        // The lexer puts its own signs between a number and its unit.
        if kind != Kind::Number && text != clean {
            return None;
        }
        self.at += 1;
        Some((text, self.span_of(token)))
    }

    fn sign(&mut self, kind: Kind, wanted: &str) -> Option<Span> {
        self.take(kind).filter(|(text, _)| *text == wanted).map(|(_, span)| span)
    }

    /// The bracket, if it comes next.
    fn is(&self, wanted: &str) -> bool {
        self.text() == wanted
    }

    fn name(&mut self) -> Option<Ident> {
        let (text, span) = self.take(Kind::Word)?;
        (!words::NEVER_NAMES.contains(&text)).then(|| Ident::new(text.to_owned(), span))
    }

    fn expr(&mut self) -> Option<Expr> {
        let mut value = self.placed()?;
        while self.is("|>") {
            self.take(Kind::Operator)?;
            let stage = self.postfix()?;
            let span = value.span.to(stage.span);
            value = expr(ExprKind::Pipe { input: Box::new(value), stage: Box::new(stage) }, span);
        }
        Some(value)
    }

    fn placed(&mut self) -> Option<Expr> {
        let thing = self.arith(0)?;
        let mut clauses = Vec::new();
        while self.kind() == Some(Kind::Word) && words::CLAUSES.contains(&self.text()) {
            let (word, span) = self.take(Kind::Word)?;
            if self.is_assigned() {
                return None;
            }
            let word = Ident::new(word.to_owned(), span);
            push(&mut clauses, (word, self.arith(0)?));
        }
        let Some((_, last)) = clauses.last() else { return Some(thing) };
        let span = thing.span.to(last.span);
        Some(expr(ExprKind::Placed { thing: Box::new(thing), clauses }, span))
    }

    /// `:`, `=` or what begins with them comes next.
    fn is_assigned(&self) -> bool {
        self.text().starts_with([':', '='])
    }

    /// Operators that bind at least as strongly as `level`.
    fn arith(&mut self, level: u8) -> Option<Expr> {
        let mut left = self.prefixed()?;
        while let Some(Kind::Operator | Kind::Word) = self.kind()
            && let Some(infix) = infix(self.text()).filter(|i| i.level >= level)
        {
            let (_, at) = self.take(self.kind()?)?;
            if self.is_assigned() {
                return None;
            }
            let right = self.arith(infix.level + u8::from(!infix.right))?;
            let span = left.span.to(right.span);
            let (low, high) = (Box::new(left), Box::new(right));
            let kind = match infix.op {
                None => ExprKind::Range { low, high },
                Some(op) => ExprKind::Binary { op: Spanned::new(op, at), left: low, right: high },
            };
            left = expr(kind, span);
        }
        Some(left)
    }

    fn prefixed(&mut self) -> Option<Expr> {
        let op = match self.text() {
            "-" => UnaryOp::Negate,
            "not" => UnaryOp::Not,
            _ => return self.postfix(),
        };
        let (_, at) = self.take(self.kind()?)?;
        let value = self.arith(POWER)?;
        let span = at.to(value.span);
        Some(expr(ExprKind::Unary { op, value: Box::new(value) }, span))
    }

    fn postfix(&mut self) -> Option<Expr> {
        let mut value = self.operand()?;
        loop {
            // Only names and what they lead to have suffixes.
            let is_base = matches!(
                value.kind,
                ExprKind::Name(_) | ExprKind::Field { .. } | ExprKind::Call { .. } | ExprKind::Index { .. }
            );
            let first = value.span;
            let sign = self.text();
            if !matches!(sign, "(" | "[" | ".") {
                return Some(value);
            }
            if !is_base {
                return None;
            }
            let base = Box::new(value);
            let (kind, end) = match sign {
                "(" => {
                    let (args, end) = self.listed("(", ")", Self::arg)?;
                    (ExprKind::Call { callee: base, args }, end)
                }
                "[" => {
                    let (index, end) = self.listed("[", "]", Self::expr)?;
                    let has_comma = self.tokens[self.at - 2].kind == Kind::Comma;
                    if index.is_empty() || has_comma {
                        return None;
                    }
                    (ExprKind::Index { base, index }, end)
                }
                _ => {
                    self.sign(Kind::Dot, ".")?;
                    let (name, at) = self.take(Kind::Word)?;
                    (ExprKind::Field { base, name: Ident::new(name.to_owned(), at) }, at)
                }
            };
            value = expr(kind, first.to(end));
        }
    }

    /// Elements between brackets, and the place of the closing one. A comma may stand behind the last.
    fn listed<T>(
        &mut self,
        open: &str,
        close: &str,
        element: impl Fn(&mut Self) -> Option<T>,
    ) -> Option<(Vec<T>, Span)> {
        self.sign(Kind::Open, open)?;
        let mut elements = Vec::new();
        while !self.is(close) {
            push(&mut elements, element(self)?);
            if !self.is(close) {
                self.sign(Kind::Comma, ",")?;
            }
        }
        Some((elements, self.sign(Kind::Close, close)?))
    }

    fn arg(&mut self) -> Option<Arg> {
        let is_named =
            self.kind() == Some(Kind::Word) && self.tokens.get(self.at + 1).is_some_and(|t| t.kind == Kind::Colon);
        let name = match is_named {
            true => {
                let name = self.name()?;
                self.sign(Kind::Colon, ":")?;
                Some(name)
            }
            false => None,
        };
        Some(Arg { name, value: self.expr()? })
    }

    fn operand(&mut self) -> Option<Expr> {
        let start = self.tokens.get(self.at)?.start;
        match self.kind()? {
            Kind::Word => {
                let (text, span) = self.take(Kind::Word)?;
                let kind = match text {
                    "true" => ExprKind::Bool(true),
                    "false" => ExprKind::Bool(false),
                    word if words::NEVER_NAMES.contains(&word) => return None,
                    name => ExprKind::Name(name.to_owned()),
                };
                Some(expr(kind, span))
            }
            Kind::Number => {
                let (_, span) = self.take(Kind::Number)?;
                Some(expr(self.quantity(span)?, span))
            }
            Kind::Text => {
                let (_, span) = self.take(Kind::Text)?;
                Some(expr(ExprKind::Text(self.build.flawless_text(span)?), span))
            }
            Kind::Color => {
                let (text, span) = self.take(Kind::Color)?;
                let digits = text.strip_prefix('#').filter(|d| d.len() == 6)?;
                let rgb = u32::from_str_radix(digits, 16).ok()?;
                let [_, r, g, b] = rgb.to_be_bytes();
                Some(expr(ExprKind::Color([r, g, b]), span))
            }
            Kind::Open if self.is("(") => {
                let (mut values, end) = self.listed("(", ")", Self::expr)?;
                let span = Span { start, ..end };
                match values.len() {
                    0 => None,
                    // A group keeps its parentheses in its span.
                    1 => values.pop().map(|only| expr(only.kind, span)),
                    _ => Some(expr(ExprKind::Tuple(values), span)),
                }
            }
            Kind::Open if self.is("[") => {
                let (values, end) = self.listed("[", "]", Self::expr)?;
                Some(expr(ExprKind::List(values), Span { start, ..end }))
            }
            _ => None,
        }
    }

    /// A number with its unit, as the lexer marked it.
    fn quantity(&self, span: Span) -> Option<ExprKind> {
        let clean = &self.build.lexed.clean[span.range()];
        let bytes = clean.as_bytes();
        let digits = |at: usize| at + bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
        let mut end = digits(0);
        let mut whole = true;
        if bytes.get(end) == Some(&b'.') && is_digit(end + 1) {
            (end, whole) = (digits(end + 1), false);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            if is_digit(end + 1 + sign) {
                (end, whole) = (digits(end + 1 + sign), false);
            }
        }
        let value = clean[..end].parse::<f64>().ok().filter(|v| v.is_finite())?;
        let mut unit = Vec::new();
        let mut sign = 1;
        end += bytes[end..].iter().take_while(|b| **b == 2).count();
        while end < bytes.len() {
            if bytes[end] == 3 {
                (sign, end) = (-1, end + 1);
            } else if end > 0 && !unit.is_empty() {
                return None;
            }
            let length = bytes[end..].iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
            let name = &clean[end..end + length];
            dimension::find_unit(name)?;
            let start = span.start + end as u32;
            let at = Span { start, end: start + length as u32, ..span };
            end += length;
            let mut exponent = 1i8;
            if bytes.get(end) == Some(&b'^') {
                let from = end + 1;
                end = digits(from + usize::from(bytes.get(from) == Some(&b'-')));
                exponent = unit_exponent(&clean[from..end])?;
            }
            push(&mut unit, (Ident::new(name.to_owned(), at), sign * exponent));
        }
        Some(ExprKind::Number { value, whole, unit })
    }
}
