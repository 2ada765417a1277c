//! Pest's refusals in words.

use pest::error::{Error, ErrorVariant, InputLocation};
use scenec_ir::{Diagnostic, Span};

use super::{Build, Rule};
use crate::lex::Kind;
use crate::words;

/// How a rule is called in "expected …"; `None` for rules that would only lengthen the list.
fn phrase(rule: Rule, binding: bool) -> Option<(u8, &'static str)> {
    use Rule::*;
    Some(match rule {
        name | member_name | path | pick => (0, "a name"),
        text => (1, "a text"),
        type_expr => (2, "a type"),
        arg | expr | key | placed | arith | postfix | quantity | number | color | paren | list | failed | if_expr
        | kw_if | for_expr | kw_for | variable | negate | not => (3, "an expression"),
        field | set | kw_set => (4, "a field"),
        channel => (4, "a joint"),
        param => (4, "a parameter"),
        assign | eq => (5, if binding { "`=`" } else { "`:`" }),
        colon => (6, "`:`"),
        kw_as => (7, "`as`"),
        kw_in => (7, "`in`"),
        kw_on => (7, "`on`"),
        kw_requires => (7, "`requires`"),
        kw_else => (7, "`else`"),
        assert_stmt => (3, "an expression"),
        open_brace | fields | use_pick | shot_body => (8, "`{`"),
        open_paren | params => (8, "`(`"),
        open_list => (8, "`[`"),
        close_paren => (9, "`)`"),
        close_list => (9, "`]`"),
        close | close_brace => (9, "`}`"),
        comma => (10, "`,`"),
        _ => return None,
    })
}

impl Build<'_> {
    /// The diagnostic of a piece that pest refused.
    pub(super) fn explain(&self, rule: Rule, end: usize, error: &Error<Rule>) -> Diagnostic {
        let offset = match error.location {
            InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
        };
        let at = (self.base + offset) as u32;
        let tokens = &self.lexed.tokens;
        // The token that pest stood before; past the last one of the piece, something is missing there.
        let next = tokens.partition_point(|t| t.end <= at);
        let found = tokens.get(next).filter(|t| (t.start as usize) < end);
        let before = next.checked_sub(1).map(|i| tokens[i]).filter(|t| t.end as usize > self.base);
        let binding = matches!(
            rule,
            Rule::let_item
                | Rule::bind_stmt
                | Rule::override_item
                | Rule::entry_lock
                | Rule::fn_item
                | Rule::image_item
                | Rule::asset_item
                | Rule::param_item
        );
        let before_text = before.map_or("", |t| &self.text[t.start as usize..t.end as usize]);
        let typed =
            matches!(rule, Rule::let_item | Rule::param_item | Rule::fn_item | Rule::image_item | Rule::component_head);
        let expected = match &error.variant {
            ErrorVariant::ParsingError { positives, .. } => {
                let mut phrases: Vec<_> = positives.iter().filter_map(|&r| phrase(r, binding)).collect();
                phrases.sort_unstable();
                phrases.dedup();
                if positives.contains(&Rule::member) {
                    // Behind an operand anything may go on; what would end it says more.
                    phrases.retain(|p| !matches!(p.1, "`(`" | "`[`"));
                }
                if phrases.iter().any(|p| p.1 == "a name") && (before_text == "<" || typed && before_text == ":") {
                    phrases = vec![(2, "a type")];
                }
                if rule == Rule::assert_stmt {
                    // Read only to be reported.
                    phrases.retain(|p| p.1 != "`,`");
                }
                // An operand may also begin with a text or a bracket; the longer list says no more.
                if phrases.iter().any(|p| p.1 == "an expression") {
                    phrases.retain(|p| matches!(p.0, 2 | 3 | 9));
                }
                phrases.into_iter().map(|p| p.1).collect::<Vec<_>>()
            }
            ErrorVariant::CustomError { .. } => Vec::new(),
        };
        let expected = match expected.as_slice() {
            [] => "the end of the statement".to_owned(),
            [one] => (*one).to_owned(),
            [some @ .., last] => format!("{} or {last}", some.join(", ")),
        };
        if let Some(diagnostic) = self.habit(rule, next, end, &expected) {
            return diagnostic;
        }
        let Some(found) = found else {
            let place = before.map_or(self.base as u32, |t| t.end);
            let span = Span { file: self.file, start: place, end: place };
            let behind = match before {
                Some(t) => format!(" behind `{}`", self.shown(t.start, t.end)),
                None => String::new(),
            };
            let diagnostic =
                Diagnostic::error("E0103", format!("expected {expected}{behind}"), span).label("missing here");
            return self.advise(diagnostic, rule, &expected, next, None);
        };
        let span = Span { file: self.file, start: found.start, end: found.end };
        let shown = self.shown(found.start, found.end);
        let mut diagnostic = Diagnostic::error("E0103", format!("expected {expected}, found `{shown}`"), span);
        let source = &self.text[span.range()];
        let lines = before.is_some_and(|t| self.text[t.end as usize..found.start as usize].contains('\n'));
        diagnostic = match (found.kind, source) {
            (Kind::Equals, "=") if before_text == "=" => {
                diagnostic.hint("one `=` is enough").fix("remove it", span, "")
            }
            (Kind::Equals, "=") if rule == Rule::assert_stmt => {
                diagnostic.hint("two values are compared with `==`").fix("write `==`", span, "==")
            }
            (Kind::Equals, _) if before.is_some_and(|t| t.ends_operand()) && expected != "a type" => {
                diagnostic.hint("two values are compared with `==`")
            }
            (Kind::Word, "else") => diagnostic.hint("a choice is written `if condition { a } else { b }`"),
            (Kind::Word, "if" | "for" | "and" | "or" | "not" | "true" | "false") if expected == "a name" => {
                diagnostic.hint(format!("`{source}` is a word of the language and can't be a name"))
            }
            (Kind::Word | Kind::Number, _) if !lines && before.is_some_and(|t| t.ends_operand()) => {
                diagnostic.hint("is an operator, a comma or a line break missing in front of it?")
            }
            (Kind::Word, _) if expected == "a text" => {
                diagnostic.hint(format!("texts stand in double quotes: `\"{source}\"`"))
            }
            _ => diagnostic,
        };
        self.advise(diagnostic, rule, &expected, next, Some(span))
    }

    /// What to do about it: what the neighbours of the mark show, otherwise the form of the whole statement.
    fn advise(
        &self,
        diagnostic: Diagnostic,
        rule: Rule,
        expected: &str,
        next: usize,
        found: Option<Span>,
    ) -> Diagnostic {
        if diagnostic.hint.is_some() || diagnostic.fix.is_some() {
            return diagnostic;
        }
        let tokens = &self.lexed.tokens;
        let inside = |i: usize| tokens.get(i).filter(|t| t.start as usize >= self.base);
        let before = next.checked_sub(1).and_then(inside);
        let word = |i: Option<usize>| {
            let token = i.and_then(inside)?;
            Some(self.shown(token.start, token.end))
        };
        let before_text = word(next.checked_sub(1)).unwrap_or_default();
        let named = word(next.checked_sub(2))
            .filter(|_| next.checked_sub(2).and_then(inside).is_some_and(|t| t.kind == Kind::Word));
        let comma = found.filter(|s| &self.text[s.range()] == ",");
        if let Some(comma) = comma.filter(|_| before.is_none_or(|t| matches!(t.kind, Kind::Comma | Kind::Open))) {
            return diagnostic.hint("one comma stands between two values, and none in front of the first").fix(
                "remove it",
                comma,
                "",
            );
        }
        if rule == Rule::use_item && found.is_none() && before.is_some_and(|t| t.kind == Kind::Text) {
            let diagnostic = diagnostic.hint(format!("an import says under which name, {}", form(rule)));
            let at = diagnostic.span;
            return match (at, module_name(&before_text)) {
                (Some(at), Some(name)) => diagnostic.fix(format!("add `as {name}`"), at, format!(" as {name}")),
                _ => diagnostic,
            };
        }
        if expected.starts_with("an expression") {
            return match (before.map(|t| t.kind), named) {
                (Some(Kind::Colon), Some(name)) if before_text == ":" => {
                    diagnostic.hint(format!("write a value behind `{name}:`, or remove `{name}:`"))
                }
                (Some(Kind::Equals), Some(name)) => diagnostic.hint(format!("write a value behind `{name} =`")),
                (Some(Kind::Operator), _) => diagnostic.hint(format!("`{before_text}` needs a value on its right")),
                _ => diagnostic.hint(form(rule)),
            };
        }
        if expected == "`else`" {
            return diagnostic.hint("a choice always has both sides: `if condition { a } else { b }`");
        }
        diagnostic.hint(form(rule))
    }

    pub(super) fn shown(&self, start: u32, end: u32) -> String {
        words::clip(&self.text[start as usize..end as usize])
    }
}

/// How a statement is written.
fn form(rule: Rule) -> &'static str {
    match rule {
        Rule::use_item => "written `use \"path.ngs\" as name` or `use \"path.ngs\" { Name }`",
        Rule::asset_item => "written `asset name = gltf(\"path.glb\")`",
        Rule::param_item => {
            "written `param name: Type = default`, with a range `param name: Type in low..high = default`"
        }
        Rule::let_item => "written `let name = value`",
        Rule::enum_item => "written `enum Name { one, other }`",
        Rule::layer_head => "a block has a name, then its body: `environment yard { … }`",
        Rule::component_head => "written `component Name(size: Length = 1m) { … }`",
        Rule::fields_item => "the item has a name, then its fields: `camera main { frame: ball, lens: 35mm }`",
        Rule::shot_item => "written `shot name { camera: main, frames: 1001..1049, set wetness = 0.5 }`",
        Rule::fn_item => "written `fn name(size: Length): Length = size * 2`",
        Rule::image_item => "written `image name(s: Shot) = render(s)`",
        Rule::test_head => "written `test \"what must hold\" { assert … }`",
        Rule::assert_stmt => "written `assert condition` or `assert condition else \"reason\"`",
        Rule::budget_item => "written `budget { triangles: 2000000, memory: 1GB }`",
        Rule::scatter_stmt => "written `scatter name: Thing on surface { count: 10 }`, or with `in volume`",
        Rule::entry_field => "written `name: value` or `name: Type = default`",
        Rule::entry_variant => "written `variant name: Enum = default { one: …, other: … }`",
        Rule::entry_pose => "written `pose name { joint.bend: 10deg }`",
        _ => "written `name = thing(parameter: value)`",
    }
}

/// The name that a module's file suggests: `"kits/harbour.ngs"` is `harbour`.
pub(crate) fn module_name(quoted: &str) -> Option<String> {
    let path = quoted.trim_matches('"');
    let file = path.rsplit(['/', '\\']).next()?;
    let stem = file.split('.').next()?.replace('-', "_");
    let letters = stem.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let legal = letters && stem.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (legal && !words::NEVER_NAMES.contains(&stem.as_str())).then_some(stem)
}
