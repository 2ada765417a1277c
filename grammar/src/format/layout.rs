//! Tokens to a document.

use super::doc::Doc;
use super::roles::Roles;
use super::tokens::Stream;
use super::trivia::Comment;
use crate::lex::Kind;
use crate::split::Tokens;
use crate::words::CLAUSES;

/// What makes the layout.
pub(super) struct Layout<'s, 'a> {
    pub stream: &'s Stream<'a>,
    pub roles: &'s Roles,
    pub tokens: Tokens<'a>,
}

/// Words behind which an operand stands.
const OPENS_OPERAND: [&str; 9] = ["and", "or", "not", "if", "else", "for", "ease", "in", "on"];

/// A number whose unit ends with a name behind a `/`: what is joined to it would belong to that name.
fn divides(number: &str) -> bool {
    number.contains('/') && number.ends_with(|c: char| c.is_ascii_alphabetic())
}

fn opens_operand(word: &str) -> bool {
    OPENS_OPERAND.contains(&word) || CLAUSES.contains(&word)
}

/// What stands behind the last element of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// A comma where the list is broken; one that was there keeps it broken.
    Comma,
    /// Nothing.
    Nothing,
    /// What was there.
    Kept,
}

/// A list in brackets.
struct List {
    /// Blanks inside of the brackets.
    padded: bool,
    /// Every separator is a comma; otherwise they stay as they are.
    commas: bool,
    last: Last,
    broken: bool,
}

impl<'a> Layout<'_, 'a> {
    /// The whole file, without its last line break.
    pub fn file(&self) -> Doc<'a> {
        let end = self.stream.toks.len() - 1;
        Doc::all(self.pieces(&self.stream.items(&self.tokens), end, true))
    }

    fn kind(&self, i: usize) -> Kind {
        self.stream.toks[i].kind
    }

    fn text(&self, i: usize) -> &str {
        &self.stream.toks[i].text
    }

    fn token(&self, i: usize) -> Doc<'a> {
        Doc::text(self.stream.toks[i].text.clone())
    }

    fn comment(comment: &Comment<'a>, own: bool) -> Doc<'a> {
        Doc::comment(comment.text.clone(), own, comment.line)
    }

    /// A comment behind something, or on a line of its own.
    fn trailing(out: &mut Vec<Doc<'a>>, comment: &Comment<'a>) {
        out.push(if comment.own { Doc::hard(comment.empty) } else { Doc::space() });
        out.push(Self::comment(comment, false));
    }

    /// Comments at the beginning of the line of token `i`, or above it.
    fn above(&self, out: &mut Vec<Doc<'a>>, comments: &[Comment<'a>], i: usize) {
        let gap = &self.stream.toks[i].gap;
        for (n, comment) in comments.iter().enumerate() {
            out.push(Self::comment(comment, false));
            let (own, empty) = comments.get(n + 1).map_or((gap.own, gap.empty), |c| (c.own, c.empty));
            out.push(if own || comment.line { Doc::hard(empty) } else { Doc::space() });
        }
    }

    /// What stands in front of token `i` in the midst of a line.
    fn between(&self, out: &mut Vec<Doc<'a>>, i: usize) {
        let gap = &self.stream.toks[i].gap;
        if gap.comma.is_some() {
            out.push(Doc::text(","));
        }
        if gap.comments.is_empty() {
            if gap.comma.is_some() || self.spaced(i - 1, i) {
                out.push(Doc::space());
            }
            return;
        }
        for comment in &gap.comments {
            out.push(Doc::space());
            out.push(Self::comment(comment, comment.own && comment.line));
        }
        out.push(Doc::space());
    }

    /// In front of token `i`, a place to break with the comments around it.
    ///
    /// A comment that begins no line hangs on what is in front of the place, whether or not the line ends behind it: so
    /// its side, and with it what fits, is the same when the line was joined. One that begins a line keeps doing so.
    fn breakable(&self, out: &mut Vec<Doc<'a>>, i: usize) {
        let comments = &self.stream.toks[i].gap.comments;
        let (behind, above) = comments.split_at(comments.iter().take_while(|c| !c.own).count());
        for comment in behind {
            Self::trailing(out, comment);
        }
        out.push(if above.is_empty() { Doc::line() } else { Doc::hard(false) });
        self.above(out, above, i);
    }

    /// A blank between two tokens of one line.
    fn spaced(&self, left: usize, right: usize) -> bool {
        let (l, r) = (&self.stream.toks[left], &self.stream.toks[right]);
        let typed = l.in_type && r.in_type;
        let touching = !r.read && l.end == r.start;
        match (l.kind, &*l.text, r.kind, &*r.text) {
            // So would `. 5` be without its blank, which only what is not read may have.
            (Kind::Dot, _, Kind::Number, _) => !touching,
            // `3 .exp` without its blank would be a number with a mistake, and `2/m .x` would divide by `m.x`.
            (Kind::Number, number, Kind::Dot, _) => {
                (divides(number) || number.bytes().all(|b| b.is_ascii_digit())) && l.end < r.start
            }
            (Kind::Number, number, Kind::Open, "(" | "[") if divides(number) && l.end < r.start => true,
            (Kind::Dot, ..) | (_, _, Kind::Dot | Kind::Colon | Kind::Comma | Kind::Question, _) => false,
            (_, "<", ..) | (_, _, _, "<" | ">") if typed => false,
            (_, "..", ..) | (_, _, _, "..") => false,
            // At the start of a line `--` would be read as a comment of another language.
            (_, "-", _, "-") => true,
            // Together they would begin a comment.
            (_, "/", _, "*" | "/") => true,
            (Kind::Operator, ..) if !l.in_type => l.text == "|>" || self.infix(left),
            (_, _, Kind::Open, "(") => !self.calls(left, right),
            (_, _, Kind::Open, "[") if r.read => !self.roles.callees.contains(&l.end),
            (_, _, Kind::Open, "[") => !touching,
            _ => true,
        }
    }

    /// The parenthesis at `open` holds the arguments or parameters of what ends with token `left`.
    fn calls(&self, left: usize, open: usize) -> bool {
        let (l, r) = (&self.stream.toks[left], &self.stream.toks[open]);
        match r.read {
            true => self.roles.callees.contains(&l.end),
            false => l.end == r.start && matches!(l.kind, Kind::Word | Kind::Close),
        }
    }

    /// An operator between two operands, or the keyword of a placement.
    fn infix(&self, i: usize) -> bool {
        let tok = &self.stream.toks[i];
        if tok.read || tok.in_type {
            return self.roles.operators.contains(&tok.start);
        }
        let before = &self.stream.toks[i.saturating_sub(1)];
        let operand = match before.kind {
            Kind::Word => !opens_operand(&before.text),
            kind => matches!(kind, Kind::Number | Kind::Text | Kind::Color | Kind::Close),
        };
        // `sum -d` as it was written; nothing is behind the last sign of a file.
        let signs = i + 2 < self.stream.toks.len()
            && tok.end == self.stream.toks[i + 1].start
            && before.end < tok.start
            && &*tok.text == "-";
        let names = tok.kind == Kind::Word && matches!(self.kind(i + 1), Kind::Colon | Kind::Equals);
        i > 0 && operand && !names && !signs
    }

    /// How strongly the operator at `i` binds; `None` for what is none.
    fn level(&self, i: usize) -> Option<u8> {
        let level = match self.text(i) {
            "|>" => return Some(0),
            word if CLAUSES.contains(&word) => 0,
            "or" => 1,
            "and" => 2,
            "==" | "!=" | "<" | "<=" | ">" | ">=" => 3,
            "??" => 4,
            "+" | "-" => 5,
            "*" | "/" | "^" => 6,
            _ => return None,
        };
        (matches!(self.kind(i), Kind::Word | Kind::Operator) && self.infix(i)).then_some(level)
    }

    /// Items, statements or entries, each on its own lines, up to token `end`.
    fn pieces(&self, pieces: &[(usize, usize)], end: usize, top: bool) -> Vec<Doc<'a>> {
        let mut out = Vec::new();
        for (n, &(a, b)) in pieces.iter().enumerate() {
            let gap = &self.stream.toks[a].gap;
            let split = gap.split();
            split.before.iter().for_each(|c| Self::trailing(&mut out, c));
            split.behind.iter().for_each(|c| Self::trailing(&mut out, c));
            if n > 0 || !top {
                out.push(Doc::hard(n > 0 && gap.empty_above(split.above)));
            }
            self.above(&mut out, split.above, a);
            out.push(self.piece(a, b));
        }
        for (n, comment) in self.stream.toks[end].gap.comments.iter().enumerate() {
            match (top && pieces.is_empty() && n == 0, n == 0 && pieces.is_empty()) {
                (true, _) => out.push(Self::comment(comment, true)),
                (_, true) if comment.own => {
                    out.extend([Doc::hard(false), Self::comment(comment, true)]);
                }
                _ => Self::trailing(&mut out, comment),
            }
        }
        out
    }

    /// `name: Type = value`, or whatever else the tokens `a..b` are.
    fn piece(&self, a: usize, b: usize) -> Doc<'a> {
        let (mut i, mut colon, mut equals) = (a, None, None);
        while i < b && equals.is_none() {
            match self.kind(i) {
                Kind::Colon => colon = colon.or(Some(i)),
                Kind::Equals => equals = Some(i),
                _ => {}
            }
            i = self.stream.behind(i);
        }
        let Some(sign) = equals.or(colon).filter(|s| s + 1 < b) else { return self.expr(a, b) };
        let mut out = vec![self.line(a, sign + 1)];
        self.between(&mut out, sign + 1);
        out.push(self.expr(sign + 1, b));
        Doc::all(out)
    }

    /// An expression; an operator may stand in front.
    fn expr(&self, a: usize, b: usize) -> Doc<'a> {
        let mut weakest = u8::MAX;
        let mut places: Vec<usize> = Vec::new();
        let mut i = a;
        while i < b {
            // Of what is not read, a sign may be the last thing.
            if i > a
                && i + 1 < b
                && let Some(level) = self.level(i)
                && level <= weakest
            {
                if level < weakest {
                    places.clear();
                    weakest = level;
                }
                places.push(i);
            }
            i = self.behind_if(i, b).unwrap_or_else(|| self.stream.behind(i));
        }
        let Some(&first) = places.first() else { return self.line(a, b) };
        let head = self.expr(a, first);
        let mut steps = Vec::new();
        for (n, &place) in places.iter().enumerate() {
            self.breakable(&mut steps, place);
            steps.push(self.expr(place, places.get(n + 1).copied().unwrap_or(b)));
        }
        if weakest == 0 {
            return Doc::chain(head, steps, self.kind(first - 1) == Kind::Close);
        }
        Doc::all(vec![head, Doc::all(steps).indent()]).group()
    }

    /// Tokens on one line, as far as brackets let them.
    fn line(&self, a: usize, b: usize) -> Doc<'a> {
        let mut out = Vec::new();
        let mut i = a;
        while i < b {
            if i > a {
                self.between(&mut out, i);
            }
            if let Some(end) = self.behind_if(i, b) {
                out.push(self.choice(i, end));
                i = end;
                continue;
            }
            out.push(if self.kind(i) == Kind::Open { self.bracket(i) } else { self.token(i) });
            i = self.stream.behind(i);
        }
        Doc::all(out)
    }

    /// The end of the `if …`, with its `else …` if it has one, or of the `for … { … }` that starts at `i`.
    fn behind_if(&self, i: usize, b: usize) -> Option<usize> {
        let is = |i: usize, word: &str| {
            i < b && self.kind(i) == Kind::Word && self.text(i) == word && self.stream.toks[i].read
        };
        if i > 0 && self.kind(i - 1) == Kind::Dot {
            return None;
        }
        if is(i, "for") {
            return self.brace_of(i, b).map(|brace| self.stream.behind(brace));
        }
        if !is(i, "if") {
            return None;
        }
        let mut at = i;
        loop {
            at = self.brace_of(at, b)?;
            let behind = self.stream.behind(at);
            at = behind + 1;
            match behind < b && self.text(behind) == "else" {
                true if is(at, "if") => {}
                true if at < b && self.text(at) == "{" => return Some(self.stream.behind(at)),
                // Nothing else is made, or the `else` is that of an `assert`.
                _ => return Some(behind),
            }
        }
    }

    /// The brace behind the condition of the `if`, or the clauses of the `for`, at `i`.
    fn brace_of(&self, i: usize, b: usize) -> Option<usize> {
        let mut at = i + 1;
        while at < b && self.text(at) != "{" {
            // Behind an operand stands a further clause of this `for` or its condition, elsewhere an expression.
            let inner = if self.ends_operand(at - 1) { None } else { self.behind_if(at, b) };
            at = inner.unwrap_or_else(|| self.stream.behind(at));
        }
        (at < b).then_some(at)
    }

    fn ends_operand(&self, i: usize) -> bool {
        let member = i > 0 && self.kind(i - 1) == Kind::Dot;
        match self.kind(i) {
            Kind::Word => member || !opens_operand(self.text(i)),
            kind => matches!(kind, Kind::Number | Kind::Text | Kind::Color | Kind::Close),
        }
    }

    /// `if c { a } else if d { b } else { c }`, or `for i in a { b }`, up to token `end`: all on one line, or all branches
    /// on lines of their own.
    fn choice(&self, i: usize, end: usize) -> Doc<'a> {
        let mut out = Vec::new();
        let mut broken = false;
        let mut at = i;
        loop {
            let brace = match self.text(at) {
                "if" | "for" => self.brace_of(at, end).unwrap_or(at),
                _ => at,
            };
            if brace > at {
                out.push(self.token(at));
                self.between(&mut out, at + 1);
                out.push(self.expr(at + 1, brace));
                self.between(&mut out, brace);
            }
            broken |= self.opens_line(brace);
            let close = self.stream.toks[brace].close;
            let list = List { padded: true, commas: true, last: Last::Nothing, broken: false };
            out.push(self.list(brace, &[(brace + 1, close)], &list));
            if close + 1 >= end || brace == at {
                break;
            }
            self.between(&mut out, close + 1);
            out.push(self.token(close + 1));
            at = close + 2;
            self.between(&mut out, at);
        }
        Doc::all(out).broken(broken).group()
    }

    /// The first thing in the brackets begins a line.
    fn opens_line(&self, open: usize) -> bool {
        self.stream.toks[open + 1].gap.breaks_line()
    }

    /// A bracket, what is in it, and its partner.
    fn bracket(&self, open: usize) -> Doc<'a> {
        let toks = &self.stream.toks;
        let close = toks[open].close;
        let trailing = toks[close].gap.comma.is_some() && close > open + 1;
        let brace = toks[open].text == "{";
        let index = toks[open].text == "[" && open > 0 && self.roles.callees.contains(&toks[open - 1].end);
        let last = match toks[open].read {
            true if index => Last::Nothing,
            true => Last::Comma,
            false => Last::Kept,
        };
        if brace && toks[open].read && !self.roles.ends.contains(&toks[close].end) {
            return self.body(open);
        }
        if brace && toks[open].read {
            let elements = self.stream.cut(open, |i| self.roles.entries.contains(&toks[i].start));
            let broken = trailing || self.opens_line(open);
            return self.list(open, &elements, &List { padded: true, commas: true, last, broken }).group();
        }
        if brace {
            // Not known to be a list: separators stay as they are.
            let starts: Vec<usize> = self.stream.statements(&self.tokens, open).iter().map(|s| s.0).collect();
            let elements = self.stream.cut(open, |i| toks[i].gap.comma.is_some() || starts.binary_search(&i).is_ok());
            let lines = elements.iter().skip(1).any(|e| toks[e.0].gap.comma.is_none());
            let broken = trailing || lines || self.opens_line(open);
            return self.list(open, &elements, &List { padded: true, commas: false, last, broken }).group();
        }
        let elements = self.stream.cut(open, |i| toks[i].gap.comma.is_some());
        let call = open > 0 && self.calls(open - 1, open);
        if let [(a, b)] = elements[..]
            && toks[open].text == "("
        {
            if call && !trailing && self.hugs(a, b) {
                return Doc::all(vec![self.token(open), self.piece(a, b), self.token(close)]);
            }
            if !call && toks[open].read {
                let list = List { padded: false, commas: true, last: Last::Nothing, broken: false };
                return self.list(open, &elements, &list).group();
            }
        }
        self.list(open, &elements, &List { padded: false, commas: true, last, broken: trailing }).group()
    }

    /// The only argument of a call that is itself in brackets: both pairs open and close on the same lines.
    fn hugs(&self, a: usize, b: usize) -> bool {
        let toks = &self.stream.toks;
        let plain = |i: usize| toks[i].gap.comments.is_empty();
        let open = (a..b).find(|&i| !matches!(toks[i].kind, Kind::Word | Kind::Dot | Kind::Colon));
        open.is_some_and(|open| {
            toks[open].kind == Kind::Open
                && toks[open].text != "{"
                && toks[open].close + 1 == b
                && open + 2 < b
                && (a..=open).all(plain)
                && plain(b)
                && toks[a..open].iter().all(|t| t.text != "if" && t.text != "not")
        })
    }

    /// The body of a block.
    fn body(&self, open: usize) -> Doc<'a> {
        let close = self.stream.toks[open].close;
        let statements = self.stream.cut(open, |i| self.roles.entries.contains(&self.stream.toks[i].start));
        let inner = self.pieces(&statements, close, false);
        if inner.is_empty() {
            return Doc::all(vec![self.token(open), self.token(close)]);
        }
        Doc::all(vec![self.token(open), Doc::all(inner).indent(), Doc::hard(false), self.token(close)])
    }

    /// Elements in brackets, to be put into a group.
    fn list(&self, open: usize, elements: &[(usize, usize)], list: &List) -> Doc<'a> {
        let toks = &self.stream.toks;
        let close = toks[open].close;
        let edge = || if list.padded { Doc::line() } else { Doc::soft() };
        let last = &toks[close].gap;
        if elements.is_empty() && last.comments.is_empty() {
            return Doc::all(vec![self.token(open), self.token(close)]);
        }
        let mut inner = Vec::new();
        for (n, &(a, b)) in elements.iter().enumerate() {
            let gap = &toks[a].gap;
            let split = gap.split();
            for comment in split.before {
                Self::trailing(&mut inner, comment);
            }
            if n > 0 && (list.commas || gap.comma.is_some()) {
                inner.push(Doc::text(","));
            }
            let tight = n == 0 && !list.padded && split.behind.iter().all(|c| !c.line);
            for (m, comment) in split.behind.iter().enumerate() {
                match tight && m == 0 {
                    true => inner.push(Self::comment(comment, false)),
                    false => Self::trailing(&mut inner, comment),
                }
            }
            inner.push(match n {
                0 if split.behind.is_empty() => edge(),
                0 => Doc::line(),
                _ if gap.empty_above(split.above) => Doc::hard(true),
                _ => Doc::line(),
            });
            self.above(&mut inner, split.above, a);
            inner.push(self.piece(a, b));
        }
        let comma = match list.last {
            Last::Comma => Doc::if_broken(","),
            Last::Kept if last.comma.is_some() => Doc::text(","),
            _ => Doc::nil(),
        };
        // The comma stands behind comments that are part of the line.
        let inline = last.comments[..last.comma.unwrap_or(0)].iter().take_while(|c| !c.line && !c.own).count();
        let (before, behind) = last.comments.split_at(inline);
        before.iter().for_each(|c| Self::trailing(&mut inner, c));
        if !elements.is_empty() {
            inner.push(comma);
        }
        for (n, comment) in behind.iter().enumerate() {
            match n == 0 && elements.is_empty() {
                true => inner
                    .extend([if comment.own { Doc::hard(false) } else { edge() }, Self::comment(comment, comment.own)]),
                false => Self::trailing(&mut inner, comment),
            }
        }
        // A line break beside a comment stays: joined, the comment would belong to something else the next time.
        let kept = elements.iter().map(|e| &toks[e.0].gap).any(|gap| !gap.comments.is_empty() && gap.breaks_line());
        Doc::all(vec![self.token(open), Doc::all(inner).indent(), edge(), self.token(close)])
            .broken(list.broken || kept)
    }
}
