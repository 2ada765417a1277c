//! Forms of other languages where pest refuses a piece: each is named, and mended where the text is certain.

use scenec_ir::{Diagnostic, Edit, Fix, Span};

use super::{Build, Rule};
use crate::lex::{Kind, Token};

impl Build<'_> {
    /// The bracket that is open in front of a token.
    fn bracket_around(&self, next: usize) -> Option<usize> {
        let mut depth = 0;
        self.lexed.tokens[..next].iter().rposition(|t| match t.kind {
            Kind::Close => {
                depth += 1;
                false
            }
            Kind::Open if depth > 0 => {
                depth -= 1;
                false
            }
            kind => kind == Kind::Open,
        })
    }

    /// What is known of the mistake at token `next`, of a piece that ends at byte `end`.
    pub(super) fn habit(&self, rule: Rule, next: usize, end: usize, expected: &str) -> Option<Diagnostic> {
        let tokens = &self.lexed.tokens;
        let token = |i: usize| tokens.get(i).filter(|t| (t.start as usize) < end && t.start as usize >= self.base);
        let found = *token(next)?;
        let before = next.checked_sub(1).and_then(token).copied();
        let word = |t: Option<&Token>| t.map_or("", |t| &self.text[t.start as usize..t.end as usize]);
        let (source, behind) = (word(Some(&found)), word(token(next + 1)));
        let before_word = word(before.as_ref());
        let (span, adjacent) = (self.token(found), before.is_some_and(|b| b.end == found.start));
        let after_operand = before.is_some_and(Token::ends_operand);
        let error = |message: &str, span: Span| Diagnostic::error("E0103", message, span);
        let unexpected =
            || error(&format!("expected {expected}, found `{}`", self.shown(found.start, found.end)), span);
        let is = |kind: Kind| found.kind == kind;
        let came = |kind: Kind| before.is_some_and(|b| b.kind == kind);

        let braces = expected.contains("`{`");

        // Words in front of what is meant.
        if let ("new" | "mut" | "await", Some(b), Kind::Word) = (before_word, before, found.kind) {
            let at = self.token(b);
            let gap = Span { end: found.start, ..at };
            let message = format!("`{before_word}` in front of `{source}`");
            let hint = match before_word {
                "mut" => "a value has one meaning and does not change",
                _ => "a call is written with its name alone: `sphere(radius: 1m)`",
            };
            return Some(error(&message, at).hint(hint).fix("remove it", gap, ""));
        }
        if is(Kind::Text) && adjacent && came(Kind::Word) && before_word.len() <= 2 {
            let at = before.map_or(span, |b| self.token(b));
            let message = format!("`{before_word}` in front of a text");
            return Some(error(&message, at).hint("every text may have holes: `\"{shot}.png\"`").fix(
                "remove it",
                at,
                "",
            ));
        }
        if is(Kind::Word) && adjacent && came(Kind::Text) {
            return Some(unexpected().hint("a quote inside of a text is written `\\\"`"));
        }

        // Keys of a curve.
        let open = self.bracket_around(next);
        let opened = word(open.and_then(token));
        let called = open
            .and_then(|i| token(i.checked_sub(1)?))
            .is_some_and(|b| b.ends_operand() && open.and_then(token).is_some_and(|o| o.start == b.end));
        if is(Kind::Colon) && source == ":" && after_operand && opened == "[" && !called {
            let open = open.and_then(token).map_or(span, |t| self.token(*t));
            let close = tokens.iter().skip(next).scan(1, |depth, t| {
                *depth += match t.kind {
                    Kind::Open => 1,
                    Kind::Close => -1,
                    _ => 0,
                };
                Some((*depth, *t))
            });
            let close = close.into_iter().find(|(depth, _)| *depth == 0).map(|(_, t)| self.token(t));
            let mut diagnostic =
                error("keys of a curve in brackets", open).hint("keys stand in parentheses: `(0s: 0m, 2s: 4m)`");
            diagnostic.fix = close.map(|close| {
                let edit = |span, text: &str| Edit { span, text: text.to_owned() };
                Fix { title: "write `(…)`".to_owned(), edits: vec![edit(open, "("), edit(close, ")")] }
            });
            return Some(diagnostic);
        }
        let timed = before.is_some_and(|b| b.kind == Kind::Number) && opened == "(";
        if is(Kind::Equals) && source == "=" && timed {
            let blank = Span { start: before.map_or(span.start, |b| b.end), ..span };
            return Some(
                Diagnostic::error("E0113", "`=` where `:` is meant", span)
                    .hint("keys of a curve are written `(0s: 0m, 2s: 4m)`")
                    .fix("write `:`", blank, ":"),
            );
        }

        // Names and what is missing behind them.
        let place = before.map_or(span, |b| self.token(b).after());
        if let (".", Rule::shot_item, true, Some(first)) = (source, rule, came(Kind::Word), before) {
            let path = (next..).map_while(token).position(|t| matches!(t.kind, Kind::Equals | Kind::Colon));
            let sign = path.and_then(|steps| token(next + steps));
            let front = Span { end: self.token(first).start, ..self.token(first) };
            let mut edits = vec![Edit { span: front, text: "set ".to_owned() }];
            if let (Some(sign), Some(last)) =
                (sign.filter(|t| t.kind == Kind::Colon), path.and_then(|p| token(next + p - 1)))
            {
                let span = Span { start: last.end, ..self.token(*sign) };
                edits.push(Edit { span, text: " =".to_owned() });
            }
            let message = format!("no `set` in front of `{before_word}`");
            let mut diagnostic = Diagnostic::error("E0113", message, self.token(first))
                .hint("what a shot changes of other things begins with `set`: `set ball.radius = 2m`");
            diagnostic.fix = sign.map(|_| Fix { title: "write `set`".to_owned(), edits });
            return Some(diagnostic);
        }
        let in_front = next.checked_sub(2).and_then(token).map(|t| word(Some(t)));
        if before_word == "locked" && in_front.is_some_and(|w| w == "set") && rule == Rule::shot_item {
            return Some(
                Diagnostic::error("E0113", "a shot can't change what a bible locks", self.token(before?)).hint(
                    "it is changed for the whole scene: `override locked hero.eyes = #00ff00 because \"gag, s040\"`",
                ),
            );
        }
        let fields = matches!(rule, Rule::fields_item | Rule::shot_item | Rule::entry_pose);
        if expected == "`:`" && came(Kind::Word) && fields && !matches!(found.kind, Kind::Equals | Kind::Close) {
            let message = format!("no `:` behind `{before_word}`");
            let first = tokens.partition_point(|t| (t.start as usize) < self.base);
            if word(first.checked_sub(1).and_then(|i| tokens.get(i))) == "cut" {
                let hint = "a cut has its shots in a list: `cut film { shots: [s010, s020] }`";
                return Some(Diagnostic::error("E0113", message, place).label("a field is named here").hint(hint));
            }
            return Some(
                Diagnostic::error("E0113", message, place)
                    .label("a colon belongs here")
                    .hint("fields and arguments are written `name: value`")
                    .fix("insert `:`", place, ":"),
            );
        }
        let labelled = is(Kind::Word) && token(next + 1).is_some_and(|t| t.kind == Kind::Colon);
        if labelled && came(Kind::Word) && matches!(rule, Rule::bind_stmt | Rule::let_item) && source != "mut" {
            let gap = Span { start: place.start, end: found.start, ..span };
            let last = tokens.partition_point(|t| (t.start as usize) < end) - 1;
            let close = self.token(tokens[last]).after();
            let edits = vec![Edit { span: gap, text: "(".to_owned() }, Edit { span: close, text: ")".to_owned() }];
            let mut diagnostic = unexpected().hint("arguments stand in parentheses: `sphere(radius: 1m)`");
            diagnostic.fix = Some(Fix { title: "put parentheses around them".to_owned(), edits });
            return Some(diagnostic);
        }
        if matches!(source, "on" | "to" | "onto" | "upon") && rule == Rule::bind_stmt && after_operand {
            return Some(unexpected().hint("a place stands behind `at`").fix("write `at`", span, "at"));
        }
        if source == "of" && expected == "`in`" {
            return Some(unexpected().hint("it is written `for i in 0..8 { … }`").fix("write `in`", span, "in"));
        }
        if source == "(" && before_word == "for" {
            let diagnostic = unexpected().hint("it is written `for i in 0..8 { … }`, without parentheses");
            return Some(self.other_brackets(diagnostic, next, end, ["", ""], ["", ""]));
        }
        let named = next.checked_sub(3).and_then(token).is_some_and(|t| t.kind == Kind::Word);
        if source == ":" && came(Kind::Word) && named && word(token(next - 2)) == "[" {
            let at = self.token(tokens[next - 2]);
            let diagnostic =
                error("brackets around arguments", at).hint("arguments stand in parentheses: `sphere(radius: 1m)`");
            return Some(self.other_brackets(diagnostic, next - 2, end, ["(", ")"], ["(", ")"]));
        }
        if source == ":" && after_operand && self.in_for(next) {
            let hint = "what a `for` makes stands in braces: `for i in 0..8 { box(size: 1m) }`";
            return Some(error("`:` behind a `for`", span).hint(hint));
        }
        if rule == Rule::scatter_stmt && expected.contains("`on`") {
            let meant = match source {
                "over" | "onto" | "upon" | "at" | "across" | "along" => Some("on"),
                "inside" | "within" | "into" | "through" => Some("in"),
                _ => None,
            };
            if let Some(meant) = meant {
                let hint = "things stand `on` a surface or `in` a volume";
                return Some(unexpected().hint(hint).fix(format!("write `{meant}`"), span, meant));
            }
            if source == "," {
                return Some(unexpected().hint("several things stand in brackets: `[Fern, Moss]`"));
            }
        }
        if source == "in" && rule == Rule::param_item {
            let hint = "limits stand in front of the default: `param name: Type in low..high = default`";
            return Some(unexpected().hint(hint));
        }

        // Signs.
        match source {
            "->" if rule == Rule::component_head => {
                let gap = Span { start: before.map_or(span.start, |b| b.end), end: end as u32, ..span };
                let diagnostic =
                    unexpected().hint("a component gives the things that stand in it: its type is not written");
                return Some(diagnostic.fix("remove it", gap, ""));
            }
            "->" if rule == Rule::fn_item => {
                let gap = Span { start: before.map_or(span.start, |b| b.end), ..span };
                let diagnostic = unexpected().hint("the type of a value stands behind a colon");
                return Some(diagnostic.fix("write `:`", gap, ":"));
            }
            "{" if rule == Rule::fn_item => {
                return Some(unexpected().hint("the value of a function is one expression behind `=`"));
            }
            "->" => {
                let calls = token(next + 1).is_some_and(|t| t.kind == Kind::Word) && word(token(next + 2)) == "(";
                let diagnostic = unexpected().hint("a picture flows through `|>`");
                return Some(if calls { diagnostic.fix("write `|>`", span, "|>") } else { diagnostic });
            }
            "=>" => {
                return Some(unexpected().hint("a function has a name: `fn name(size: Length): Length = size * 2`"));
            }
            "==" if matches!(rule, Rule::let_item | Rule::image_item | Rule::param_item)
                && !expected.contains("expression") =>
            {
                let message = "`==` where `=` is meant";
                return Some(
                    Diagnostic::error("E0113", message, span)
                        .hint("bindings are written `name = value`; `==` compares")
                        .fix("write `=`", span, "="),
                );
            }
            "+" | "-" | "*" | "/"
                if behind.starts_with('=') && token(next + 1).is_some_and(|t| t.start == found.end) =>
            {
                let whole = Span { end: found.end + 1, ..span };
                let message = format!("`{source}=` changes a value");
                return Some(
                    error(&message, whole).hint("a value has one meaning: give the new one a name of its own"),
                );
            }
            "+" if before_word == "+" && adjacent => {
                let whole = Span { start: before.map_or(span.start, |b| b.start), ..span };
                let hint = "a value has one meaning: give the new one a name of its own";
                return Some(error("`++` changes a value", whole).hint(hint));
            }
            "+" if expected.starts_with("an expression") && token(next + 1).is_some_and(|t| t.kind == Kind::Number) => {
                return Some(unexpected().hint("a number without a sign is positive").fix("remove it", span, ""));
            }
            ":" | "=" if word(token(next + 1)) == "{" || rule == Rule::layer_head || rule == Rule::component_head => {
                let next_start = token(next + 1).map_or(end as u32, |t| t.start);
                let gap = Span { start: before.map_or(span.start, |b| b.end), end: next_start, ..span };
                let diagnostic = unexpected().hint("nothing stands between the name and the `{`");
                let blank = if self.text[gap.end as usize..].starts_with(' ') { "" } else { " " };
                return Some(diagnostic.fix("remove it", gap, blank));
            }
            "=" if rule == Rule::enum_item => {
                return Some(unexpected().hint("members stand in braces: `enum Name { one, other }`"));
            }
            "=" if rule == Rule::scatter_stmt && expected == "`:`" => {
                return Some(
                    Diagnostic::error("E0113", "`=` where `:` is meant", span)
                        .hint("written `scatter name: Thing on surface { count: 10 }`, or with `in volume`")
                        .fix("write `:`", Span { start: place.start, ..span }, ":"),
                );
            }
            "=" if matches!(rule, Rule::fields_item | Rule::shot_item) && braces => {
                return Some(
                    unexpected().hint("its fields stand in braces: `camera main { frame: ball, lens: 35mm }`"),
                );
            }
            "=" if braces => {
                let diagnostic = unexpected().hint("two values are compared with `==`");
                return Some(diagnostic.fix("write `==`", span, "=="));
            }
            ":" if braces => return Some(unexpected().hint("a choice is written `if condition { a } else { b }`")),
            _ => {}
        }

        // Brackets of the wrong kind.
        if source == "(" && braces || source == "[" && rule == Rule::enum_item {
            let diagnostic = unexpected().hint("fields, members and picks stand in braces");
            return Some(self.other_brackets(diagnostic, next, end, ["{", "}"], [" { ", " }"]));
        }
        let is_range = token(next + 1).is_some_and(|t| t.kind == Kind::Number) && word(token(next + 2)) == "..";
        if source == "{" && came(Kind::Word) && is_range && !braces {
            let diagnostic = unexpected().hint("frames of a shot stand in brackets: `s010[1001..1010]`");
            return Some(self.other_brackets(diagnostic, next, end, ["[", "]"], ["[", "]"]));
        }
        if matches!(source, "{" | "[") && came(Kind::Word) && after_operand && !braces {
            let diagnostic = unexpected().hint("arguments stand in parentheses: `sphere(radius: 1m)`");
            return Some(self.other_brackets(diagnostic, next, end, ["(", ")"], ["(", ")"]));
        }
        if source == "{" && expected.starts_with("an expression") {
            let diagnostic = unexpected().hint("a vector stands in parentheses, a list in brackets");
            return Some(self.other_brackets(diagnostic, next, end, ["(", ")"], ["(", ")"]));
        }

        // Words.
        match source {
            "if" if after_operand => {
                return Some(unexpected().hint("a choice begins with its condition: `if condition { a } else { b }`"));
            }
            "elif" | "elsif" | "elseif" if expected == "`else`" => {
                return Some(unexpected().hint("it is written `else if`").fix("write `else if`", span, "else if"));
            }
            word if expected == "`else`" && is(Kind::Word) => {
                let diagnostic =
                    unexpected().hint("what holds otherwise stands behind `else`: `if c { a } else { b }`");
                let meant = word == "otherwise" || scenec_ir::names::closest(word, ["else"]).is_some();
                return Some(if meant { diagnostic.fix("write `else`", span, "else") } else { diagnostic });
            }
            _ => {}
        }
        let assigned = token(next + 1).is_some_and(|t| matches!(t.kind, Kind::Equals | Kind::Colon));
        if is(Kind::Word) && came(Kind::Word) && assigned && matches!(rule, Rule::let_item | Rule::param_item) {
            let joined = format!("{before_word}_{source}");
            let whole = Span { start: before.map_or(span.start, |b| b.start), ..span };
            let message = format!("a blank in the name `{before_word} {source}`");
            return Some(
                Diagnostic::error("E0122", message, whole).hint("a name is one word; words are joined by `_`").fix(
                    format!("write `{joined}`"),
                    whole,
                    joined,
                ),
            );
        }
        if is(Kind::Number) && expected == "a name" {
            return Some(unexpected().hint("a name begins with a letter or `_`"));
        }

        // Texts and their quotes.
        if is(Kind::Text) && rule == Rule::asset_item && expected == "a name" {
            let written = format!("gltf({source})");
            return Some(unexpected().hint("an asset says its format: `asset name = gltf(\"path.glb\")`").fix(
                format!("write `{written}`"),
                span,
                written,
            ));
        }
        if is(Kind::Text) && rule == Rule::enum_item {
            return Some(self.members_in_quotes(unexpected(), next, end));
        }
        if is(Kind::Text) && expected == "a name" {
            let inner = source.trim_matches('"');
            let legal = inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && inner.starts_with(|c: char| c.is_ascii_alphabetic());
            let diagnostic = match inner.contains('.') {
                true => unexpected()
                    .hint(format!("an item has a name; its file is a field: `output still {{ file: {source} }}`")),
                false => unexpected().hint("a name stands without quotes"),
            };
            return Some(if legal { diagnostic.fix(format!("write `{inner}`"), span, inner) } else { diagnostic });
        }
        if is(Kind::Word) && expected == "a text" {
            return Some(self.path_without_quotes(unexpected(), found, rule));
        }
        None
    }

    /// `kits/harbour.ngs` where a text is wanted.
    fn path_without_quotes(&self, diagnostic: Diagnostic, found: Token, rule: Rule) -> Diagnostic {
        let start = found.start as usize;
        let length =
            self.text[start..].bytes().take_while(|b| b.is_ascii_alphanumeric() || b"_./-".contains(b)).count();
        let path = &self.text[start..start + length];
        let whole = Span::new(self.file, start, start + length);
        match (path.contains(['.', '/']), rule) {
            (true, _) => diagnostic.hint("a path stands in double quotes").fix(
                format!("write `\"{path}\"`"),
                whole,
                format!("\"{path}\""),
            ),
            (false, Rule::use_item) => {
                diagnostic.hint(format!("a module is named by its file: `use \"{path}.ngs\" as {path}`"))
            }
            _ => diagnostic.hint(format!("texts stand in double quotes: `\"{path}\"`")),
        }
    }

    /// Replaces the bracket at token `open` and its partner.
    /// Token `i` stands behind `for name in`, and no brace between.
    fn in_for(&self, i: usize) -> bool {
        let text = |t: &Token| &self.text[t.start as usize..t.end as usize];
        let piece = self.lexed.tokens.partition_point(|t| (t.start as usize) < self.base);
        let before = &self.lexed.tokens[piece.min(i)..i];
        let open = before.iter().rposition(|t| matches!(text(t), "{" | "}")).map_or(0, |at| at + 1);
        before[open..].windows(3).any(|three| text(&three[0]) == "for" && text(&three[2]) == "in")
    }

    fn other_brackets(
        &self,
        mut diagnostic: Diagnostic,
        open: usize,
        end: usize,
        shown: [&str; 2],
        with: [&str; 2],
    ) -> Diagnostic {
        let mut depth = 0usize;
        let tokens = self.lexed.tokens[open..].iter().take_while(|t| (t.start as usize) < end);
        for token in tokens {
            match token.kind {
                Kind::Open => depth += 1,
                Kind::Close => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                let first = self.lexed.tokens[open];
                // No two blanks.
                let gap = self.text[..first.start as usize].ends_with(' ') || with[0] == "(";
                let lead = if gap { with[0].trim_start() } else { with[0] };
                let from = if with[0] == "(" { self.behind_word(first.start) } else { first.start };
                let edits = vec![
                    Edit { span: Span::new(self.file, from as usize, first.end as usize), text: lead.to_owned() },
                    Edit { span: self.token(*token), text: with[1].to_owned() },
                ];
                diagnostic.fix = Some(Fix { title: format!("write `{}…{}`", shown[0], shown[1]), edits });
                return diagnostic;
            }
        }
        diagnostic
    }

    /// The end of the word before a bracket: the parenthesis of a call stands directly behind it.
    fn behind_word(&self, at: u32) -> u32 {
        let before = self.text[..at as usize].trim_end_matches(' ');
        match before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_') {
            true => before.len() as u32,
            false => at,
        }
    }

    fn members_in_quotes(&self, mut diagnostic: Diagnostic, first: usize, end: usize) -> Diagnostic {
        let tokens = self.lexed.tokens[first..].iter().take_while(|t| (t.start as usize) < end);
        let texts: Vec<&Token> = tokens.filter(|t| t.kind == Kind::Text).collect();
        let inner = |t: &Token| self.text[t.start as usize..t.end as usize].trim_matches('"').to_owned();
        let legal = |name: &str| {
            name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
                && name.starts_with(|c: char| c.is_ascii_alphabetic())
        };
        if texts.iter().all(|t| legal(&inner(t))) {
            let edits = texts.iter().map(|t| Edit { span: self.token(**t), text: inner(t) }).collect();
            diagnostic.fix = Some(Fix { title: "remove the quotes".to_owned(), edits });
        }
        diagnostic.hint("members are names and stand without quotes")
    }

    fn token(&self, t: Token) -> Span {
        Span { file: self.file, start: t.start, end: t.end }
    }
}
