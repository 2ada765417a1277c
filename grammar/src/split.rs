//! Cuts a file into items and the body of a block into statements. Every keyword is a place to start again.

use crate::brackets::Brackets;
use crate::lex::{Kind, Token};
use crate::words;

/// A run of tokens: `first..end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub first: usize,
    pub end: usize,
}

/// The tokens of a file with their brackets.
#[derive(Clone, Copy)]
pub(crate) struct Tokens<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub brackets: &'a Brackets,
}

impl<'a> Tokens<'a> {
    /// Source text of a token.
    pub fn word(&self, i: usize) -> &'a str {
        self.tokens.get(i).map_or("", |t| &self.text[t.start as usize..t.end as usize])
    }

    pub fn kind(&self, i: usize) -> Option<Kind> {
        self.tokens.get(i).map(|t| t.kind)
    }

    pub fn is_word(&self, i: usize) -> bool {
        self.kind(i) == Some(Kind::Word)
    }

    /// The token behind the group that opens at `i`.
    fn behind(&self, i: usize) -> usize {
        let close = self.brackets.close[i] as usize;
        let closed = self.kind(close) == Some(Kind::Close);
        (close + usize::from(closed)).max(i + 1)
    }

    /// True when the bracket that opens at `i` has a partner in the text.
    pub fn is_closed(&self, i: usize) -> bool {
        self.kind(self.brackets.close[i] as usize) == Some(Kind::Close)
    }

    /// First `{` of a piece outside of other brackets.
    pub fn body(&self, piece: Piece) -> Option<usize> {
        let mut i = piece.first;
        while i < piece.end {
            if self.kind(i) == Some(Kind::Open) {
                if self.word(i) == "{" {
                    return Some(i);
                }
                i = self.behind(i);
            } else {
                i += 1;
            }
        }
        None
    }

    fn cut(&self, first: usize, end: usize, starts: impl Fn(usize, usize) -> bool) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let (mut i, mut from) = (first, first);
        while i < end {
            if i > from && starts(i, from) {
                pieces.push(Piece { first: from, end: i });
                from = i;
            }
            i = if self.kind(i) == Some(Kind::Open) { self.behind(i).min(end) } else { i + 1 };
        }
        if from < end {
            pieces.push(Piece { first: from, end });
        }
        pieces
    }

    /// The items of the file.
    pub fn items(&self) -> Vec<Piece> {
        self.cut(0, self.tokens.len(), |i, from| self.item_starts(i, from))
    }

    /// The statements of a block. Where they are fields, `name:` begins one also in the middle of a line.
    pub fn statements(&self, first: usize, end: usize, fields: bool) -> Vec<Piece> {
        self.cut(first, end, |i, from| self.statement_starts(i, from, fields))
    }

    fn names(&self, i: usize) -> bool {
        matches!(self.kind(i), Some(Kind::Word | Kind::Text | Kind::Number))
    }

    /// `private` in front of the keyword of an item.
    pub fn modifies(&self, i: usize) -> bool {
        let follows = self.is_word(i + 1) && words::item_or_reserved(self.word(i + 1));
        self.is_word(i) && words::MODIFIERS.contains(&self.word(i)) && follows
    }

    fn item_starts(&self, i: usize, from: usize) -> bool {
        let (token, before) = (self.tokens[i], self.tokens[i - 1]);
        if token.kind != Kind::Word {
            return false;
        }
        let word = self.word(i);
        let complete = before.ends_operand() || before.kind == Kind::Comma;
        if self.modifies(i) {
            return token.leads || complete;
        }
        if words::item_or_reserved(word) || word == "ngs" {
            let keyword = from + usize::from(self.modifies(from));
            if i == keyword {
                return false;
            }
            let behind_keyword = i == keyword + 1 && words::item_or_reserved(self.word(keyword));
            let named = self.names(i + 1) || word == "budget" && self.word(i + 1) == "{";
            return match token.leads {
                true => complete || named,
                false => complete && !behind_keyword && named,
            };
        }
        if token.flush && words::foreign(word).is_some() && self.names(i + 1) {
            return true;
        }
        token.leads && complete && !words::continues(word)
    }

    fn statement_starts(&self, i: usize, from: usize, fields: bool) -> bool {
        let (token, before) = (self.tokens[i], self.tokens[i - 1]);
        if token.kind != Kind::Word {
            return false;
        }
        let word = self.word(i);
        // `scater crates: …` is one misspelt statement.
        let locked = i == from + 2 && self.word(from) == "override" && self.word(from + 1) == "locked";
        let behind_keyword = (i == from + 1 && self.is_word(from) || locked) && !token.leads;
        let complete = before.ends_operand() && !behind_keyword || before.kind == Kind::Comma;
        if is_statement_keyword(word) && self.names(i + 1) || word == "assert" && !self.assigns(i) {
            return token.leads || complete;
        }
        if self.assigns(i) {
            if !token.leads && !fields && self.kind(i + 1) == Some(Kind::Colon) {
                return false;
            }
            return complete || token.leads && !matches!(before.kind, Kind::Colon | Kind::Dot) && !behind_keyword;
        }
        token.leads && complete && !words::continues(word)
    }

    /// `name =`, `name:`, `a.b =`, `a-b =`.
    pub fn assigns(&self, i: usize) -> bool {
        let mut at = i + 1;
        while (self.kind(at) == Some(Kind::Dot) || self.word(at) == "-") && self.is_word(at + 1) {
            at += 2;
        }
        matches!(self.kind(at), Some(Kind::Equals | Kind::Colon))
    }
}

fn is_statement_keyword(word: &str) -> bool {
    words::item_or_reserved(word) || matches!(word, "scatter") || words::IN_BIBLES.contains(&word)
}
