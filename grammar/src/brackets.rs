//! Which bracket closes which, and a good guess where one is missing.

use scenec_ir::{Diagnostic, FileId, Span};

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
        found: Brackets::default(),
        diagnostics: Vec::new(),
    };
    let stray = matcher.run();
    let Matcher { mut tokens, clean, mut found, mut diagnostics, .. } = matcher;
    if !stray.is_empty() {
        // Stray brackets leave the token list; indices are those of the shortened list.
        let mut gone = stray.iter().map(|s| s.0).peekable();
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
    // A bracket that was taken out leaves a gap, whose reading is no second mistake.
    lexed.faults.extend(stray.iter().map(|&(_, start)| start));
    lexed.faults.sort_unstable();
    found.poison.sort_unstable();
    lexed.tokens = tokens;
    // Brackets are ASCII and are replaced by ASCII.
    lexed.clean = String::from_utf8(clean).unwrap_or_else(|_| text.to_owned());
    lexed.diagnostics.append(&mut diagnostics);
    found
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

    fn run(&mut self) -> Vec<(usize, u32)> {
        let mut stray = Vec::new();
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
            }
            match token.kind {
                Kind::Open => {
                    self.count(i);
                    let next = self.tokens.get(i + 1);
                    let indented = next.is_some_and(|n| n.leads && !n.flush);
                    self.stack.push(Open { token: i, byte: self.byte(i), operators: 0, indented });
                    self.depth += 1;
                    self.check_depth(i);
                }
                Kind::Close if self.close(i) => {}
                Kind::Close => stray.push((i, token.start)),
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
        stray
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
        let word = &self.text[token.start as usize..token.end as usize];
        matches!(word, "environment" | "character" | "engineering" | "component" | "bible")
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
        named && (words::only_item(word) || words::item_or_reserved(word) && (indented || !in_braces))
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
        if let Some(place) = place {
            let innermost = self.stack.len() - 1;
            self.unclosed(self.stack[innermost].token, i);
            while self.stack.len() > place + 1 {
                if let Some(open) = self.stack.last() {
                    self.found.poison.push(self.tokens[open.token].start);
                }
                self.pop(i);
            }
            self.pop(i);
            return true;
        }
        let at = self.tokens[i].start as usize;
        let span = self.span(i);
        let found = byte as char;
        if let Some(open) = self.stack.last().filter(|o| o.byte != b'{' && byte != b'}') {
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
        if byte == b'}' && self.owed > 0 {
            self.owed -= 1;
        } else if !self.too_deep {
            self.diagnostics.push(
                Diagnostic::error("E0105", format!("`{found}` closes nothing"), span)
                    .hint("every bracket that was opened is closed already")
                    .fix("remove it", span, ""),
            );
        }
        false
    }
}
