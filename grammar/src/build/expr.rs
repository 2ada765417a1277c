//! Expressions.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use pest::pratt_parser::{Assoc, Op, PrattParser};
use scenec_ir::{Diagnostic, Edit, Fix, Span, Spanned, dimension};

use super::units::{self, Meant};
use super::{Build, Node, Rule};
use crate::ast::{Arg, BinaryOp, Expr, ExprKind, Ident, UnaryOp};
use crate::limits;
use crate::words::{self, clip};

/// Operators, weakest first.
static PRATT: LazyLock<PrattParser<Rule>> = LazyLock::new(|| {
    let left = |rule| Op::infix(rule, Assoc::Left);
    PrattParser::new()
        .op(left(Rule::or))
        .op(left(Rule::and))
        .op(left(Rule::equal)
            | left(Rule::not_equal)
            | left(Rule::less)
            | left(Rule::less_equal)
            | left(Rule::greater)
            | left(Rule::greater_equal))
        .op(left(Rule::or_else))
        .op(left(Rule::range))
        .op(left(Rule::add) | left(Rule::subtract))
        .op(left(Rule::multiply) | left(Rule::divide))
        .op(Op::prefix(Rule::negate) | Op::prefix(Rule::not))
        .op(Op::infix(Rule::power, Assoc::Right))
});

pub(super) fn expr(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

/// The exponent of a unit, if it is in its range.
pub(super) fn unit_exponent(text: &str) -> Option<i8> {
    text.parse::<i8>().ok().filter(|n| *n != 0 && n.unsigned_abs() <= 12)
}

/// The name that an argument consists of.
fn lone_name<'a>(arg: &Node<'a>) -> Option<Node<'a>> {
    let only = |pair: Node<'a>| {
        let mut inner = pair.into_inner();
        inner.next().filter(|_| inner.next().is_none())
    };
    let expr = only(arg.clone()).filter(|_| arg.as_rule() == Rule::arg)?;
    let mut inner = expr;
    while matches!(inner.as_rule(), Rule::expr | Rule::placed | Rule::arith | Rule::postfix) {
        inner = only(inner)?;
    }
    Some(inner).filter(|p| p.as_rule() == Rule::variable && !words::NEVER_NAMES.contains(&p.as_str()))
}

impl<'a> Build<'a> {
    /// A whole expression: pipes of placed things.
    pub(super) fn expr(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::expr);
        let mut inner = pair.into_inner().filter(|p| p.as_rule() != Rule::pipe);
        let Some(first) = inner.next() else { unreachable!("an expr has a content") };
        if first.as_rule() != Rule::placed {
            return self.atom(first);
        }
        let mut value = self.placed(first);
        for stage in inner {
            let stage = self.postfix(stage);
            let span = value.span.to(stage.span);
            value = expr(ExprKind::Pipe { input: Box::new(value), stage: Box::new(stage) }, span);
        }
        value
    }

    /// `thing at … scale …`.
    fn placed(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::placed);
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else { unreachable!("a placed begins with an arith") };
        let thing = self.arith(first);
        let clauses: Vec<_> = inner
            .map(|clause| {
                assert_eq!(clause.as_rule(), Rule::clause);
                let mut inner = clause.into_inner();
                let (Some(keyword), Some(value)) = (inner.next(), inner.next()) else {
                    unreachable!("a clause is a keyword and a value")
                };
                (Ident::new(keyword.as_str().to_owned(), self.span(&keyword)), self.arith(value))
            })
            .collect();
        match clauses.last() {
            None => thing,
            Some((_, last)) => {
                let span = thing.span.to(last.span);
                expr(ExprKind::Placed { thing: Box::new(thing), clauses }, span)
            }
        }
    }

    /// Operators.
    pub(super) fn arith(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::arith);
        PRATT
            .map_primary(|p| self.postfix(p))
            .map_prefix(|op, value| self.prefix(op, value))
            .map_infix(|left, op, right| self.infix(left, op, right))
            .parse(pair.into_inner())
    }

    fn prefix(&self, op: Node<'a>, value: Expr) -> Expr {
        let at = self.span(&op);
        let operator = match op.as_rule() {
            Rule::negate => UnaryOp::Negate,
            Rule::not => UnaryOp::Not,
            rule => unreachable!("{rule:?} is no prefix"),
        };
        if op.as_str() == "!" {
            self.foreign_operator("!", "not ", at);
        }
        let span = at.to(value.span);
        expr(ExprKind::Unary { op: operator, value: Box::new(value) }, span)
    }

    fn infix(&self, left: Expr, op: Node<'a>, right: Expr) -> Expr {
        let at = self.span(&op);
        let span = left.span.to(right.span);
        let (left, right) = (Box::new(left), Box::new(right));
        let right_word = match op.as_str() {
            "&&" => Some("and"),
            "||" => Some("or"),
            "**" => Some("^"),
            _ => None,
        };
        if let Some(word) = right_word {
            self.foreign_operator(op.as_str(), word, at);
        }
        let operator = match op.as_rule() {
            Rule::range => {
                if op.as_str() != ".." {
                    self.foreign_range(op.as_str(), at, &right);
                }
                return expr(ExprKind::Range { low: left, high: right }, span);
            }
            Rule::or => BinaryOp::Or,
            Rule::and => BinaryOp::And,
            Rule::equal => BinaryOp::Equal,
            Rule::not_equal => BinaryOp::NotEqual,
            Rule::less => BinaryOp::Less,
            Rule::less_equal => BinaryOp::LessEqual,
            Rule::greater => BinaryOp::Greater,
            Rule::greater_equal => BinaryOp::GreaterEqual,
            Rule::or_else => BinaryOp::OrElse,
            Rule::add => BinaryOp::Add,
            Rule::subtract => BinaryOp::Subtract,
            Rule::multiply => BinaryOp::Multiply,
            Rule::divide => BinaryOp::Divide,
            Rule::power => BinaryOp::Power,
            rule => unreachable!("{rule:?} is no operator"),
        };
        expr(ExprKind::Binary { op: Spanned::new(operator, at), left, right }, span)
    }

    /// `1..=3`, `1...3`.
    fn foreign_range(&self, found: &str, at: Span, high: &Expr) {
        let mut diagnostic = Diagnostic::error("E0123", format!("`{found}` is no operator of the language"), at);
        let edit = |span, text: String| Edit { span, text };
        diagnostic = match (self.limits.get(), &high.kind) {
            (true, _) => diagnostic.hint("both ends of limits are legal: `0..1`").fix("write `..`", at, ".."),
            (false, ExprKind::Number { value, whole: true, unit }) if found == "..=" && unit.is_empty() => {
                let last = value + 1.0;
                let edits = vec![edit(at, "..".to_owned()), edit(high.span, format!("{last}"))];
                diagnostic.fix = Some(Fix { title: format!("write `..{last}`"), edits });
                diagnostic.hint("ranges are half-open: `1..4` holds 1, 2 and 3; raise the end by one")
            }
            _ => diagnostic.hint("ranges are half-open: `1..4` holds 1, 2 and 3"),
        };
        self.report(diagnostic);
    }

    fn foreign_operator(&self, found: &str, wanted: &str, at: Span) {
        let word = wanted.trim_end();
        self.report(
            Diagnostic::error("E0123", format!("`{found}` is no operator of the language"), at)
                .hint(format!("it is written `{word}`"))
                .fix(format!("write `{word}`"), at, wanted),
        );
    }

    /// Calls and fields behind an operand.
    pub(super) fn postfix(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::postfix);
        let mut inner = pair.into_inner();
        let Some(first) = inner.next() else { unreachable!("a postfix begins with an atom") };
        let mut value = self.atom(first);
        for suffix in inner {
            let span = value.span.to(self.span(&suffix));
            let base = Box::new(value);
            value = match suffix.as_rule() {
                Rule::call => expr(ExprKind::Call { callee: base, args: self.args(suffix) }, span),
                Rule::index => {
                    let index = self.elements(suffix.into_inner(), false);
                    expr(ExprKind::Index { base, index: index.into_iter().map(|p| self.expr(p)).collect() }, span)
                }
                Rule::member => {
                    let Some(name) = suffix.into_inner().next() else { unreachable!("a member has a name") };
                    let name = self.member_name(name);
                    let span = base.span.to(name.span);
                    expr(ExprKind::Field { base, name }, span)
                }
                rule => unreachable!("{rule:?} is no suffix"),
            };
        }
        value
    }

    /// The name behind a dot: any word is legal there.
    fn member_name(&self, pair: Node<'a>) -> Ident {
        assert_eq!(pair.as_rule(), Rule::member_name);
        Ident::new(pair.as_str().to_owned(), self.span(&pair))
    }

    fn args(&self, pair: Node<'a>) -> Vec<Arg> {
        assert_eq!(pair.as_rule(), Rule::call);
        // `radius 1m`: a name without its colon, of which pest makes two arguments without a comma.
        let mut parts: Vec<Node> = pair.into_inner().collect();
        let mut named = BTreeMap::new();
        for i in (1..parts.len()).rev() {
            let [name, value] = [&parts[i - 1], &parts[i]];
            let is_value = value.as_rule() == Rule::arg && value.clone().into_inner().count() == 1;
            if let Some(name) = lone_name(name).filter(|_| is_value) {
                named.insert(value.as_span().start(), Ident::new(name.as_str().to_owned(), self.span(&name)));
                parts.remove(i - 1);
            }
        }
        let elements = self.elements(parts.into_iter(), false).into_iter();
        let arg = |pair: Node<'a>| match named.remove(&pair.as_span().start()) {
            None => self.arg(pair),
            Some(name) => {
                self.no_colon(&name);
                Arg { name: Some(name), ..self.arg(pair) }
            }
        };
        elements.map(arg).collect()
    }

    fn no_colon(&self, name: &Ident) {
        let at = name.span.after();
        self.report(
            Diagnostic::error("E0113", format!("no `:` behind `{}`", clip(&name.value)), at)
                .label("a colon belongs here")
                .hint("fields and arguments are written `name: value`")
                .fix("insert `:`", at, ":"),
        );
    }

    fn arg(&self, pair: Node<'a>) -> Arg {
        assert_eq!(pair.as_rule(), Rule::arg);
        let mut name = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => name = Some(self.name(part)),
                Rule::assign => self.assign(part, ":"),
                _ => return Arg { name, value: self.expr(part) },
            }
        }
        unreachable!("an arg ends with a value")
    }

    pub(super) fn atom(&self, pair: Node<'a>) -> Expr {
        let span = self.span(&pair);
        let kind = match pair.as_rule() {
            Rule::quantity => self.quantity(pair, span),
            Rule::text => self.text_parts(span).map_or(ExprKind::Error, ExprKind::Text),
            Rule::color => self.color(pair.as_str(), span),
            Rule::paren => self.paren(pair),
            Rule::list => {
                let mut inner = pair.clone().into_inner();
                if let Some(tail) = inner.clone().find(|p| p.as_rule() == Rule::for_tail) {
                    self.comprehension(&pair, inner.find(|p| p.as_rule() == Rule::expr), &tail);
                    return expr(ExprKind::Error, span);
                }
                let elements = self.elements(pair.into_inner(), false);
                ExprKind::List(elements.into_iter().map(|p| self.expr(p)).collect())
            }
            Rule::failed => ExprKind::Error,
            Rule::if_expr => return self.if_expr(pair),
            Rule::for_expr => return self.for_expr(pair),
            Rule::variable => match pair.as_str() {
                "true" => ExprKind::Bool(true),
                "false" => ExprKind::Bool(false),
                word if words::NEVER_NAMES.contains(&word) => {
                    self.report(Diagnostic::error("E0103", format!("expected an expression, found `{word}`"), span));
                    ExprKind::Error
                }
                name => ExprKind::Name(name.to_owned()),
            },
            rule => unreachable!("{rule:?} is no operand"),
        };
        expr(kind, span)
    }

    fn if_expr(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::if_expr);
        let span = self.span(&pair);
        let mut parts = pair.into_inner().filter_map(|p| match p.as_rule() {
            Rule::arith => Some(self.arith(p)),
            Rule::expr => Some(self.expr(p)),
            Rule::if_expr => Some(self.if_expr(p)),
            _ => None,
        });
        let (Some(condition), Some(then)) = (parts.next(), parts.next()) else {
            unreachable!("an if has a condition and a branch")
        };
        let ([condition, then], otherwise) = ([condition, then].map(Box::new), parts.next().map(Box::new));
        expr(ExprKind::If { condition, then, otherwise }, span)
    }

    /// `[x for i in a]`.
    fn comprehension(&self, list: &Node<'a>, body: Option<Node<'a>>, tail: &Node<'a>) {
        let text = |pair: &Node| self.text[self.span(pair).range()].to_owned();
        let mended = format!("{} {{ {} }}", text(tail), body.as_ref().map(text).unwrap_or_default());
        let first = self.span(tail);
        let word = Span { end: first.start + 3, ..first };
        self.report(
            Diagnostic::error("E0103", "a `for` behind what it makes", word)
                .hint("a `for` is a list by itself, and what it makes stands behind it in braces")
                .fix("turn it round", self.span(list), mended),
        );
    }

    fn for_expr(&self, pair: Node<'a>) -> Expr {
        assert_eq!(pair.as_rule(), Rule::for_expr);
        let span = self.span(&pair);
        let mut names = Vec::new();
        let mut values = Vec::new();
        let mut body = None;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::name => names.push(self.name(part)),
                Rule::arith => values.push(self.arith(part)),
                Rule::expr => body = Some(self.expr(part)),
                _ => {}
            }
        }
        let Some(body) = body else { unreachable!("a for has a body") };
        let condition = (values.len() > names.len()).then(|| values.pop()).flatten();
        let clauses = names.into_iter().zip(values).collect();
        expr(ExprKind::For { clauses, condition: condition.map(Box::new), body: Box::new(body) }, span)
    }

    fn quantity(&self, pair: Node<'a>, span: Span) -> ExprKind {
        assert_eq!(pair.as_rule(), Rule::quantity);
        let (mut value, mut whole, mut sign) = (0.0, true, 1);
        let mut unit = Vec::new();
        let mut good = true;
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::number => {
                    let text = part.as_str();
                    whole = text.bytes().all(|b| b.is_ascii_digit());
                    // Digits, point and exponent as pest found them are always a float.
                    value = text.parse::<f64>().unwrap_or(f64::INFINITY);
                    if !value.is_finite() {
                        let at = self.span(&part);
                        self.report(
                            Diagnostic::error("E0118", "this number is too large", at)
                                .hint("numbers reach to about 1.8e308"),
                        );
                        good = false;
                    }
                }
                Rule::blank => {}
                Rule::per => sign = -1,
                Rule::unit_factor => match self.unit_factor(part, sign) {
                    Some(factor) => unit.push(factor),
                    None => good = false,
                },
                rule => unreachable!("{rule:?} is no part of a quantity"),
            }
        }
        debug_assert!(span.end > span.start);
        if good { ExprKind::Number { value, whole, unit } } else { ExprKind::Error }
    }

    fn unit_factor(&self, pair: Node<'a>, sign: i8) -> Option<(Ident, i8)> {
        assert_eq!(pair.as_rule(), Rule::unit_factor);
        let mut inner = pair.into_inner();
        let Some(name) = inner.next() else { unreachable!("a unit has a name") };
        let at = self.span(&name);
        let text = name.as_str();
        if dimension::find_unit(text).is_none() {
            self.unknown_unit(text, at);
            return None;
        }
        let mut exponent = 1i8;
        if let Some(power) = inner.next() {
            let span = self.span(&power);
            match unit_exponent(power.as_str()) {
                Some(n) => exponent = n,
                None => {
                    let message = format!("exponent `{}` of unit `{text}` is out of range", clip(power.as_str()));
                    let hint = "exponents of units are whole, not 0 and between -12 and 12";
                    self.report(Diagnostic::error("E0119", message, span).hint(hint));
                    return None;
                }
            }
        }
        Some((Ident::new(text.to_owned(), at), sign * exponent))
    }

    fn unknown_unit(&self, text: &str, at: Span) {
        if text.strip_prefix('x').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit())) {
            let message = format!("unknown unit `{}`", clip(text));
            let hint = "a size is a pair with units: `(1920px, 1080px)`";
            return self.report(Diagnostic::error("E0119", message, at).label("read as a unit").hint(hint));
        }
        if let Some(diagnostic) = self.no_unit(text, at) {
            return self.report(diagnostic);
        }
        let diagnostic = Diagnostic::error("E0119", format!("unknown unit `{}`", clip(text)), at)
            .label("not a unit of the language");
        self.report(match units::meant(text) {
            Meant::Same(unit) => {
                diagnostic.hint(format!("did you mean `{unit}`?")).fix(format!("write `{unit}`"), at, unit)
            }
            Meant::Perhaps(hint) => diagnostic.hint(hint),
        });
    }

    /// Letters behind a number that mean something else than a unit.
    fn no_unit(&self, text: &str, at: Span) -> Option<Diagnostic> {
        let before = &self.text[..at.start as usize];
        let digits = before.len() - before.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
        let number = Span { start: at.start - digits as u32, ..at };
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if !plain || text.len() > limits::NAME_BYTES {
            return None;
        }
        let diagnostic = |message: String| Diagnostic::error("E0118", message, number);
        let hex = text.strip_prefix(['x', 'X']).filter(|h| !h.is_empty() && &before[before.len() - digits..] == "0");
        if let Some(hex) = hex.filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit())) {
            let diagnostic = diagnostic(format!("number `0{text}` is hexadecimal"));
            let diagnostic = match (hex.len(), u32::from_str_radix(hex, 16)) {
                (6, _) => diagnostic.hint("numbers are decimal; a colour is written `#rrggbb`").fix(
                    format!("write `#{hex}`"),
                    number,
                    format!("#{hex}"),
                ),
                (_, Ok(value)) => {
                    diagnostic.hint("numbers are decimal").fix(format!("write `{value}`"), number, value.to_string())
                }
                _ => diagnostic.hint("numbers are decimal"),
            };
            return Some(diagnostic);
        }
        if text.starts_with('_') && text.bytes().all(|b| b.is_ascii_digit() || b == b'_') {
            let digits = text.replace('_', "");
            let message = format!("`{}` between the digits of a number", "_");
            return Some(diagnostic(message).hint("the digits of a number stand together").fix(
                "remove it",
                at,
                digits,
            ));
        }
        match text {
            "f" | "f32" | "f64" | "u32" | "i32" | "u8" | "usize" => {
                Some(
                    diagnostic(format!("`{text}` behind a number"))
                        .hint("a number has a unit or nothing behind it")
                        .fix("remove it", at, ""),
                )
            }
            "fps" => Some(diagnostic("`fps` behind a number".into()).hint("frames per second are a bare number").fix(
                "remove it",
                at,
                "",
            )),
            "e" | "E" => Some(
                diagnostic(format!("`{text}` behind a number"))
                    .hint("an exponent has digits: `4e3` is 4000; a unit is one of m, cm, mm, deg, s, …"),
            ),
            _ => None,
        }
    }

    fn color(&self, text: &str, span: Span) -> ExprKind {
        let digits = &text[1..];
        let byte = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
        if digits.len() == 6
            && let (Some(r), Some(g), Some(b)) = (byte(0), byte(2), byte(4))
        {
            return ExprKind::Color([r, g, b]);
        }
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        let mut diagnostic = match hex {
            true => Diagnostic::error(
                "E0120",
                format!("colour `{}` has {} digits instead of six", clip(text), digits.len()),
                span,
            ),
            false => {
                Diagnostic::error("E0120", format!("colour `{}` has digits that are not hexadecimal", clip(text)), span)
            }
        };
        if hex && digits.len() == 3 {
            let long: String = std::iter::once('#').chain(digits.chars().flat_map(|c| [c, c])).collect();
            diagnostic = diagnostic.fix(format!("write `{long}`"), span, long);
        } else if hex && digits.len() == 8 {
            diagnostic = diagnostic.hint("a colour has no alpha; opacity is a parameter of its own").fix(
                "drop the alpha",
                span,
                &text[..7],
            );
        } else {
            diagnostic = diagnostic.hint("colours are written `#rrggbb` in sRGB, such as `#3a4a55`");
        }
        self.report(diagnostic);
        ExprKind::Error
    }
}
