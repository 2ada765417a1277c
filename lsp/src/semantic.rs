//! What each word is, for colours that a grammar of patterns can't give.

use std::collections::HashMap;

use lsp_types::{SemanticToken, SemanticTokenModifier, SemanticTokenType, SemanticTokens, SemanticTokensLegend};
use scenec_compiler::index::{Definition, Kind, Target};
use scenec_compiler::manual;
use scenec_grammar::{Token, TokenKind, tokens as scan, words};

use crate::position::{Encoding, Lines};
use crate::view::View;

const TYPES: [SemanticTokenType; 14] = [
    SemanticTokenType::KEYWORD,
    SemanticTokenType::COMMENT,
    SemanticTokenType::STRING,
    SemanticTokenType::NUMBER,
    SemanticTokenType::OPERATOR,
    SemanticTokenType::NAMESPACE,
    SemanticTokenType::TYPE,
    SemanticTokenType::CLASS,
    SemanticTokenType::ENUM,
    SemanticTokenType::ENUM_MEMBER,
    SemanticTokenType::FUNCTION,
    SemanticTokenType::PARAMETER,
    SemanticTokenType::VARIABLE,
    SemanticTokenType::PROPERTY,
];

const DECLARATION: u32 = 1;

pub(crate) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend { token_types: TYPES.to_vec(), token_modifiers: vec![SemanticTokenModifier::DECLARATION] }
}

pub(crate) fn tokens(view: &View<'_>) -> SemanticTokens {
    let text = view.text();
    let index = view.index();
    let mut names: HashMap<(u32, u32), (SemanticTokenType, u32)> = HashMap::new();
    for found in index.uses.iter().filter(|u| u.span.file == view.file) {
        let kind = match found.target {
            Target::Definition(at) => of_definition(view.definition(at)),
            Target::Member(..) => SemanticTokenType::ENUM_MEMBER,
            Target::Node(_) => SemanticTokenType::FUNCTION,
            Target::Parameter(..) => SemanticTokenType::PROPERTY,
            Target::Local(_) => SemanticTokenType::VARIABLE,
        };
        names.insert((found.span.start, found.span.end), (kind, 0));
    }
    let named = |d: &&Definition| d.span.file == view.file && !matches!(d.kind, Kind::Override);
    for def in index.definitions.iter().filter(named) {
        names.insert((def.span.start, def.span.end), (of_definition(def), DECLARATION));
    }
    let found = scan(text);
    let mut out = Encoder::new(text, view.encoding);
    for (at, token) in found.iter().enumerate() {
        let before = found[..at].iter().rev().find(|t| t.kind != TokenKind::Comment);
        let behind = found[at + 1..].iter().find(|t| t.kind != TokenKind::Comment);
        let kind = match token.kind {
            TokenKind::Comment => Some((SemanticTokenType::COMMENT, 0)),
            TokenKind::Text => Some((SemanticTokenType::STRING, 0)),
            TokenKind::Number | TokenKind::Color => Some((SemanticTokenType::NUMBER, 0)),
            TokenKind::Operator => Some((SemanticTokenType::OPERATOR, 0)),
            TokenKind::Word => names
                .get(&(token.start as u32, token.end as u32))
                .cloned()
                .or_else(|| is_keyword(text, *token, before, behind).then_some((SemanticTokenType::KEYWORD, 0)))
                .or_else(|| {
                    is_type(&text[token.start..token.end], text, before).then_some((SemanticTokenType::TYPE, 0))
                }),
            _ => None,
        };
        if let Some((kind, modifiers)) = kind {
            out.push(*token, &kind, modifiers);
        }
    }
    SemanticTokens { result_id: None, data: out.data }
}

fn of_definition(def: &Definition) -> SemanticTokenType {
    match def.kind {
        Kind::Alias(_) | Kind::Layer(_) => SemanticTokenType::NAMESPACE,
        Kind::Component | Kind::Bible => SemanticTokenType::CLASS,
        Kind::Enum(_) => SemanticTokenType::ENUM,
        Kind::Function | Kind::Image => SemanticTokenType::FUNCTION,
        Kind::Param => SemanticTokenType::PARAMETER,
        Kind::Field { .. } | Kind::Variant | Kind::Pose => SemanticTokenType::PROPERTY,
        _ => SemanticTokenType::VARIABLE,
    }
}

/// Most words of the language may be names as well; their place tells.
pub(crate) fn is_keyword(text: &str, token: Token, before: Option<&Token>, behind: Option<&Token>) -> bool {
    let word = &text[token.start..token.end];
    if words::NEVER_NAMES.contains(&word) {
        return true;
    }
    let assigned = behind.is_some_and(|t| matches!(t.kind, TokenKind::Colon | TokenKind::Equals | TokenKind::Dot));
    if assigned || before.is_some_and(|t| t.kind == TokenKind::Dot) {
        return false;
    }
    let opens = token.leads || before.is_none_or(|t| matches!(t.kind, TokenKind::Open | TokenKind::Comma));
    let opens = opens || before.is_some_and(|t| words::MODIFIERS.contains(&&text[t.start..t.end]));
    let item = words::MODIFIERS.contains(&word)
        || words::ITEMS.contains(&word)
        || words::RESERVED.contains(&word)
        || words::ENTRIES.contains(&word);
    opens && (item || word == "ngs") || !opens && words::INFIX.contains(&word)
}

/// The name of a type of the language, behind `:` or `<`.
pub(crate) fn is_type(word: &str, text: &str, before: Option<&Token>) -> bool {
    manual::is_type(word) && before.is_some_and(|t| t.kind == TokenKind::Colon || &text[t.start..t.end] == "<")
}

/// Places relative to the token before, as the protocol wants them.
struct Encoder<'t> {
    text: &'t str,
    lines: Lines,
    encoding: Encoding,
    line: u32,
    column: u32,
    data: Vec<SemanticToken>,
}

impl<'t> Encoder<'t> {
    fn new(text: &'t str, encoding: Encoding) -> Self {
        Self { text, lines: Lines::of(text), encoding, line: 0, column: 0, data: Vec::new() }
    }

    /// A token over several lines becomes one for each: not every client knows longer ones.
    fn push(&mut self, token: Token, kind: &SemanticTokenType, modifiers: u32) {
        let token_type = TYPES.iter().position(|t| t == kind).unwrap_or(0) as u32;
        let mut start = token.start;
        for line in self.text[token.start..token.end].split_inclusive('\n') {
            let length = line.trim_end_matches(['\r', '\n']).len();
            let place = self.lines.position(self.text, start, self.encoding);
            let end = self.lines.position(self.text, start + length, self.encoding);
            if end.character > place.character {
                let same = place.line == self.line;
                self.data.push(SemanticToken {
                    delta_line: place.line - self.line,
                    delta_start: if same { place.character - self.column } else { place.character },
                    length: end.character - place.character,
                    token_type,
                    token_modifiers_bitset: modifiers,
                });
                (self.line, self.column) = (place.line, place.character);
            }
            start += line.len();
        }
    }
}
