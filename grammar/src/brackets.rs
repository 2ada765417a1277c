//! Which bracket closes which, and a good guess where one is missing.

use scenec_ir::{Diagnostic, Edit, FileId, Span};

use crate::lex::{Kind, Lexed, Token};
use crate::limits;
use crate::words;

/// Partners of brackets and places that can't be parsed.
#[derive(Debug, Default)]
pub(crate) struct Brackets {
    /// For an opening bracket, the token that closes it, or the token in front of which a missing one is taken to stand.
    pub close: Vec<u32>,
    /// Byte offsets inside pieces that must not be parsed: their diagnostic exists. Sorted.
    poison: Vec<u32>,
}

impl Brackets {
    /// True when the bytes hold a mistake of structure that has been reported.
    pub fn poisoned(&self, start: u32, end: u32) -> bool {
        let first = self.poison.partition_point(|&p| p < start);
        self.poison.get(first).is_some_and(|&p| p < end)
    }
}

struct Open {
    token: usize,
    byte: u8,
    /// Operators since the last separator on this level.
    operators: usize,
    /// Its content stands deeper than its line's start.
    indented: bool,
}

struct Matcher<'a> {
    file: FileId,
    text: &'a str,
    tokens: Vec<Token>,
    clean: Vec<u8>,
    stack: Vec<Open>,
    outside: usize,
    depth: usize,
    too_deep: bool,
    /// Braces that were taken to be missing; as many `}` behind them may be theirs and are no second mistake.
    owed: usize,
    /// Tokens that leave the list.
    stray: Vec<usize>,
    /// Of what `owed` counts: braces of blocks whose opening one is missing, which has no message yet.
    headless: usize,
    /// Stray braces that end such blocks.
    unsaid: Vec<usize>,
    /// Diagnostics of opening braces that are too many: the brace that closes them goes as well.
    extra: Vec<usize>,
    /// The last braces outside of all others.
    last_block: Option<(usize, usize)>,
    found: Brackets,
    diagnostics: Vec<Diagnostic>,
}

/// Matches all brackets. Stray ones become blanks in the clean text.
pub(crate) fn match_brackets(file: FileId, text: &str, lexed: &mut Lexed) -> Brackets {
    let mut matcher = Matcher {
        file,
        text,
        tokens: std::mem::take(&mut lexed.tokens),
        clean: std::mem::take(&mut lexed.clean).into_bytes(),
        stack: Vec::new(),
        outside: 0,
        depth: 0,
        too_deep: false,
        owed: 0,
        stray: Vec::new(),
        headless: 0,
        unsaid: Vec::new(),
        extra: Vec::new(),
        last_block: None,
        found: Brackets::default(),
        diagnostics: Vec::new(),
    };
    matcher.run();
    let Matcher { mut tokens, clean, mut found, mut diagnostics, mut stray, unsaid, .. } = matcher;
    stray.sort_unstable();
    // A bracket that was taken out leaves a gap, whose reading is no second mistake.
    let said = stray.iter().filter(|i| !unsaid.contains(i));
    lexed.faults.extend(said.map(|&i| tokens[i].start));
    lexed.faults.sort_unstable();
    lexed.unsaid = unsaid.iter().map(|&i| Span::new(file, tokens[i].start as usize, tokens[i].end as usize)).collect();
    if !stray.is_empty() {
        // Stray brackets leave the token list; indices are those of the shortened list.
        let mut gone = stray.iter().copied().peekable();
        let mut index = 0;
        let mut moved = vec![0u32; tokens.len() + 1];
        let mut kept = Vec::with_capacity(tokens.len());
        for (i, token) in tokens.iter().enumerate() {
            moved[i] = index;
            if gone.peek() == Some(&i) {
                gone.next();
            } else {
                kept.push((i, *token));
                index += 1;
            }
        }
        moved[tokens.len()] = index;
        found.close = kept.iter().map(|(i, _)| moved[found.close[*i] as usize]).collect();
        tokens = kept.into_iter().map(|(_, t)| t).collect();
    }
    found.poison.sort_unstable();
    lexed.tokens = tokens;
    // Brackets are ASCII and are replaced by ASCII.
    lexed.clean = String::from_utf8(clean).unwrap_or_else(|_| text.to_owned());
    lexed.diagnostics.append(&mut diagnostics);
    found
}

/// The message about a closing bracket that is too many.
pub(crate) fn closes_nothing(found: impl std::fmt::Display, span: Span) -> Diagnostic {
    Diagnostic::error("E0105", format!("`{found}` closes nothing"), span)
        .hint("every bracket that was opened is closed already")
        .fix("remove it", span, "")
}

fn partner(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

impl Matcher<'_> {
    fn span(&self, token: usize) -> Span {
        let t = self.tokens[token];
        Span::new(self.file, t.start as usize, t.end as usize)
    }

    fn byte(&self, token: usize) -> u8 {
        self.text.as_bytes()[self.tokens[token].start as usize]
    }

    fn run(&mut self) {
        let count = self.tokens.len();
        // Brackets behind the point where this gives up are taken to reach to the end.
        self.found.close = vec![count as u32; count];
        for i in 0..count {
            if self.diagnostics.len() >= limits::ERRORS {
                break;
            }
            let token = self.tokens[i];
            if !self.stack.is_empty() {
                if token.flush && self.item_starts(i) {
                    self.abandon(i);
                } else if token.leads && self.binding_starts(i) {
                    self.abandon_parentheses(i);
                }
            }
            if self.owed > 0 && token.flush && self.stack.is_empty() && self.block_starts(i) {
                self.owed = 0;
                self.headless = 0;
            }
            if self.is_headless(i) {
                // `parse.rs` reports the missing brace.
                self.owed += 1;
                self.headless += 1;
            }
            match token.kind {
                Kind::Open if self.byte(i) == b'{' && self.too_many(i) => self.stray.push(i),
                Kind::Open => {
                    self.count(i);
                    let next = self.tokens.get(i + 1);
                    let indented = next.is_some_and(|n| n.leads && !n.flush);
                    self.stack.push(Open { token: i, byte: self.byte(i), operators: 0, indented });
                    self.depth += 1;
                    self.check_depth(i);
                }
                Kind::Close if self.close(i) => {}
                Kind::Close => self.stray.push(i),
                Kind::Comma | Kind::Colon | Kind::Equals => self.reset(),
                Kind::Dot | Kind::Operator => self.count(i),
                Kind::Word => {
                    let word = &self.text[token.start as usize..token.end as usize];
                    if words::nests(word) {
                        self.count(i);
                    } else if i > 0 && self.tokens[i - 1].ends_operand() && !words::continues(word) {
                        // No expression goes on with a name behind an operand: something new begins.
                        self.reset();
                    }
                }
                _ => {}
            }
        }
        self.abandon(count);
    }

    fn level(&mut self) -> &mut usize {
        match self.stack.last_mut() {
            Some(open) => &mut open.operators,
            None => &mut self.outside,
        }
    }

    fn count(&mut self, token: usize) {
        *self.level() += 1;
        self.depth += 1;
        self.check_depth(token);
    }

    fn reset(&mut self) {
        let level = std::mem::take(self.level());
        self.depth -= level;
        // A new statement: what is too deep in it is a new mistake.
        if self.stack.len() <= 1 {
            self.too_deep = false;
        }
    }

    fn check_depth(&mut self, token: usize) {
        if self.stack.len() <= limits::NESTING && self.depth <= limits::DEPTH {
            return;
        }
        self.found.poison.push(self.tokens[token].start);
        if std::mem::replace(&mut self.too_deep, true) {
            return;
        }
        let (what, limit) = match self.stack.len() > limits::NESTING {
            true => ("brackets are", limits::NESTING),
            false => ("this expression is", limits::DEPTH),
        };
        let message = format!("{what} nested more than {limit} levels deep");
        self.diagnostics.push(
            Diagnostic::error("E0106", message, self.span(token))
                .label("too deep from here on")
                .hint("give inner parts a name with `let`, or make them a component"),
        );
    }

    fn pop(&mut self, close: usize) {
        if let Some(open) = self.stack.pop() {
            self.found.close[open.token] = close as u32;
            self.depth -= open.operators + 1;
            if self.stack.is_empty() && open.byte == b'{' && close < self.tokens.len() {
                self.last_block = Some((open.token, close));
            }
        }
        if self.stack.is_empty() {
            self.too_deep = false;
        }
    }

    fn unclosed(&mut self, open: usize, insert: usize) {
        // One mistake, one error: the depth has been reported.
        if self.too_deep {
            return;
        }
        let byte = self.byte(open) as char;
        let partner = partner(byte as u8) as char;
        let end = match insert.checked_sub(1).and_then(|i| self.tokens.get(i)) {
            Some(t) => t.end as usize,
            None => self.text.len(),
        };
        let text = if byte == '{' { format!("\n{partner}") } else { partner.to_string() };
        let mut diagnostic = Diagnostic::error("E0104", format!("`{byte}` is never closed"), self.span(open))
            .label("opened here")
            .fix(format!("close it with `{partner}`"), Span::new(self.file, end, end), text);
        if insert < self.tokens.len() {
            diagnostic = diagnostic.because(self.span(insert), format!("`{partner}` is missing before this"));
        } else {
            diagnostic = diagnostic.hint(format!("the file ends without the `{partner}`"));
        }
        self.diagnostics.push(diagnostic);
    }

    /// Everything that is open ends in front of token `at`.
    fn abandon(&mut self, at: usize) {
        let Some(first) = self.stack.first() else { return };
        let (token, byte) = (first.token, first.byte);
        // The innermost parenthesis is blamed when the block's brace is there; here it is not.
        self.unclosed(token, at);
        for open in &self.stack {
            if open.token != token || byte != b'{' {
                self.found.poison.push(self.tokens[open.token].start);
            }
        }
        // Items that stand in no block were written into one: its brace comes later.
        let swallowed = self.tokens.get(at).is_some_and(|_| !self.block_starts(at));
        while !self.stack.is_empty() {
            self.owed += usize::from(swallowed && self.stack.last().is_some_and(|o| o.byte == b'{'));
            self.pop(at);
        }
        self.reset();
    }

    /// Parentheses and brackets down to the next brace end in front of token `at`.
    fn abandon_parentheses(&mut self, at: usize) {
        let Some(innermost) = self.stack.last().map(|o| o.token) else { return };
        self.unclosed(innermost, at);
        while self.stack.last().is_some_and(|o| o.byte != b'{') {
            if let Some(open) = self.stack.last() {
                self.found.poison.push(self.tokens[open.token].start);
            }
            self.pop(at);
        }
        self.reset();
    }

    /// The keyword of an item that never stands inside a block, not even by mistake of its brace.
    fn block_starts(&self, i: usize) -> bool {
        let token = self.tokens[i];
        words::BLOCKS.contains(&&self.text[token.start as usize..token.end as usize])
    }

    /// An item keyword at the start of a line inside an open block: the closing brace is missing.
    fn item_starts(&self, i: usize) -> bool {
        let token = self.tokens[i];
        if token.kind != Kind::Word {
            return false;
        }
        let word = &self.text[token.start as usize..token.end as usize];
        let named = self.tokens.get(i + 1).is_some_and(|n| matches!(n.kind, Kind::Word | Kind::Text) && !n.leads);
        let indented = self.stack.first().is_some_and(|o| o.indented);
        let in_braces = self.stack.iter().any(|o| o.byte == b'{');
        if named && words::MODIFIERS.contains(&word) {
            let next = self.tokens[i + 1];
            return words::only_item(&self.text[next.start as usize..next.end as usize]);
        }
        named && (words::only_item(word) || words::item_or_reserved(word) && (indented || !in_braces))
    }

    /// An opening brace where none can stand: as the first sign of the file, or behind another one.
    fn too_many(&mut self, i: usize) -> bool {
        let first = i == 0;
        // `environment yard { {`
        let doubled = i > 2
            && self.extra.is_empty()
            && self.tokens[i - 1].kind == Kind::Open
            && self.byte(i - 1) == b'{'
            && words::only_item(&self.text[self.span(i - 3).range()]);
        // `{ "name": …` is another kind of file; `parse.rs` says so.
        let data = self.tokens.get(i + 1).is_none_or(|t| t.kind == Kind::Text || t.kind == Kind::Close);
        if !(first && !data || doubled) {
            return false;
        }
        self.clean[self.tokens[i].start as usize] = b' ';
        self.extra.push(self.diagnostics.len());
        let span = self.span(i);
        let (message, hint) = match first {
            true => (
                "`{` in front of the program",
                "a program begins with `ngs 1`; braces stand around the body of an item only",
            ),
            false => ("`{` behind `{`", "one brace opens the body"),
        };
        self.diagnostics.push(Diagnostic::error("E0105", message, span).hint(hint).fix("remove it", span, ""));
        true
    }

    /// True when a block's head ended the line before, and token `i` is no brace: `environment yard` without its `{`.
    fn is_headless(&self, i: usize) -> bool {
        if !self.stack.is_empty() || !self.tokens[i].leads || self.tokens[i].kind == Kind::Open {
            return false;
        }
        let body_behind = self.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Open) && self.byte(i + 1) == b'{';
        if self.tokens[i].kind == Kind::Close && body_behind {
            return false;
        }
        let Some(head) = self.tokens[..i].iter().rposition(|t| t.leads) else { return false };
        let named = self.tokens.get(head + 1).is_some_and(|t| t.kind == Kind::Word) && head + 1 < i;
        let has_body = (head..i).any(|i| self.tokens[i].kind == Kind::Open && self.byte(i) == b'{');
        named && self.block_starts(head) && !has_body
    }

    /// A `}` that closes nothing at token `i`, where the block before it was closed in the middle: what stands behind that
    /// brace can stand in a block only.
    fn closed_early(&mut self, i: usize) -> bool {
        let Some((open, close)) = self.last_block else { return false };
        let goes_on = self.tokens[close].leads
            && !self.tokens[close].flush
            && self.tokens.get(close + 1).is_some_and(|t| t.kind == Kind::Word && t.leads && !t.flush)
            && self.tokens.get(close + 2).is_some_and(|t| t.kind == Kind::Equals);
        if !goes_on {
            return false;
        }
        self.clean[self.tokens[i].start as usize] = b'}';
        self.clean[self.tokens[close].start as usize] = b' ';
        self.found.close[open] = i as u32;
        self.last_block = Some((open, i));
        self.stray.push(close);
        let span = self.span(close);
        self.diagnostics.push(
            Diagnostic::error("E0105", "`}` closes the block too early", span)
                .because(self.span(open), "opened here")
                .because(self.span(close + 1), "the block goes on here")
                .hint("the block ends at the next `}`")
                .fix("remove it", span, ""),
        );
        true
    }

    /// Where a parenthesis that is never closed ends at the latest: in front of the first line that binds a name.
    fn end_of_unclosed(&self, open: usize, at: usize) -> usize {
        let mut i = open + 1;
        while i < at && !self.too_deep {
            let token = self.tokens[i];
            let binds = token.leads
                && token.kind == Kind::Word
                && self.tokens.get(i + 1).is_some_and(|t| t.kind == Kind::Equals);
            if binds {
                return i;
            }
            let close = self.found.close[i] as usize;
            i = if token.kind == Kind::Open && close < at && close > i { close + 1 } else { i + 1 };
        }
        at
    }

    /// `name =` at the start of a line inside parentheses, behind a whole operand: the parenthesis is not closed.
    fn binding_starts(&self, i: usize) -> bool {
        let Some(open) = self.stack.last() else { return false };
        open.byte != b'{'
            && i > 0
            && self.tokens[i].kind == Kind::Word
            && self.tokens[i - 1].ends_operand()
            && self.tokens.get(i + 1).is_some_and(|n| n.kind == Kind::Equals)
    }

    /// A `}` at token `i` that stands for the `)` or `]` of its own line: all braces around it are closed further on.
    fn means_another(&self, i: usize) -> bool {
        let Some(open) = self.stack.last().filter(|o| o.byte != b'{') else { return false };
        let braces = self.stack.iter().filter(|o| o.byte == b'{').count();
        if (open.token + 1..=i).any(|at| self.tokens[at].leads) {
            return false;
        }
        let (mut inner, mut closed) = (0usize, 0);
        for at in i + 1..self.tokens.len() {
            let token = self.tokens[at];
            if token.flush && token.kind == Kind::Word {
                break;
            }
            match (token.kind, self.byte(at)) {
                (Kind::Open, b'{') => inner += 1,
                (Kind::Close, b'}') if inner > 0 => inner -= 1,
                (Kind::Close, b'}') => closed += 1,
                _ => {}
            }
        }
        closed >= braces
    }

    /// Closes with token `i`; false when nothing is open that it could close.
    fn close(&mut self, i: usize) -> bool {
        let byte = self.byte(i);
        if self.stack.last().is_some_and(|o| partner(o.byte) == byte) {
            self.pop(i);
            return true;
        }
        let place = self.stack.iter().rposition(|o| partner(o.byte) == byte);
        // A `)` does not reach out of its braces.
        let place = place.filter(|&p| byte == b'}' || self.stack[p..].iter().all(|o| o.byte != b'{'));
        let place = place.filter(|_| byte != b'}' || !self.means_another(i));
        if let Some(place) = place {
            let innermost = self.stack.len() - 1;
            let token = self.stack[innermost].token;
            let end = self.end_of_unclosed(token, i);
            self.unclosed(token, end);
            while self.stack.len() > place + 1 {
                if let Some(open) = self.stack.last() {
                    self.found.poison.push(self.tokens[open.token].start);
                }
                self.pop(end);
            }
            self.pop(i);
            return true;
        }
        let at = self.tokens[i].start as usize;
        let span = self.span(i);
        let found = byte as char;
        if let Some(open) = self.stack.last().filter(|o| o.byte != b'{' && (byte != b'}' || self.means_another(i))) {
            let wanted = partner(open.byte);
            let open = open.token;
            self.diagnostics.push(
                Diagnostic::error("E0105", format!("`{}` is closed by `{found}`", self.byte(open) as char), span)
                    .because(self.span(open), "opened here")
                    .fix(format!("write `{}`", wanted as char), span, (wanted as char).to_string()),
            );
            self.clean[at] = wanted;
            self.pop(i);
            return true;
        }
        self.clean[at] = b' ';
        if let Some(extra) = self.extra.pop_if(|_| byte == b'}') {
            if let Some(fix) = &mut self.diagnostics[extra].fix {
                fix.edits.push(Edit { span, text: String::new() });
            }
        } else if byte == b'}' && self.owed > 0 {
            self.owed -= 1;
            if self.headless > 0 {
                self.headless -= 1;
                self.unsaid.push(i);
            }
        } else if byte == b'}' && self.closed_early(i) {
            return true;
        } else if !self.too_deep {
            self.diagnostics.push(closes_nothing(found, span));
        }
        false
    }
}
