//! The tokens of a text, for editors: what is where, without a meaning. Works on any text, however broken.

use scenec_ir::FileId;

use crate::lex::{self, Kind};
use crate::limits;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A number with its unit.
    Number,
    /// Text in quotes.
    Text,
    /// A colour.
    Color,
    /// `(`, `[` or `{`.
    Open,
    /// `)`, `]` or `}`.
    Close,
    /// `,`.
    Comma,
    /// `:`.
    Colon,
    /// `=`.
    Equals,
    /// `.`.
    Dot,
    /// Any other sign.
    Operator,
    /// `// …`, `/// …` or `/* … */`.
    Comment,
    /// What can't be read, such as a text without its second quote.
    Failed,
}

/// A token: a half-open range of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// It is the first token of its line; never set for comments.
    pub leads: bool,
}

/// The tokens and comments of a text in its order. There are none in a text of more than [`limits::FILE_BYTES`] bytes, and
/// the rest is left out behind the mistakes and tokens after which [`parse`](crate::parse) gives up.
pub fn tokens(text: &str) -> Vec<Token> {
    if text.len() > limits::FILE_BYTES {
        return Vec::new();
    }
    let lexed = lex::lex(FileId(0), text);
    let mut comments = lexed.comments.iter().peekable();
    let mut tokens = Vec::with_capacity(lexed.tokens.len() + lexed.comments.len());
    let comment = |&(start, end): &(u32, u32)| Token {
        kind: TokenKind::Comment,
        start: start as usize,
        end: end as usize,
        leads: false,
    };
    for token in &lexed.tokens {
        while let Some(found) = comments.next_if(|c| c.0 < token.start) {
            tokens.push(comment(found));
        }
        let kind = match token.kind {
            Kind::Word => TokenKind::Word,
            Kind::Number => TokenKind::Number,
            Kind::Text => TokenKind::Text,
            Kind::Color => TokenKind::Color,
            Kind::Open => TokenKind::Open,
            Kind::Close => TokenKind::Close,
            Kind::Comma => TokenKind::Comma,
            Kind::Colon => TokenKind::Colon,
            Kind::Equals => TokenKind::Equals,
            Kind::Dot => TokenKind::Dot,
            Kind::Operator | Kind::Question => TokenKind::Operator,
            Kind::Failed => TokenKind::Failed,
        };
        tokens.push(Token { kind, start: token.start as usize, end: token.end as usize, leads: token.leads });
    }
    tokens.extend(comments.map(comment));
    tokens
}

#[cfg(test)]
mod tests {
    use super::{TokenKind, tokens};

    #[test]
    fn every_token_and_comment_is_there_in_order() {
        let text = "ngs 1 // edition\r\n/// doc\nlet é = 4 m /* a /* b */ */ + #fff \"ü\n";
        let found: Vec<(TokenKind, &str)> = tokens(text).iter().map(|t| (t.kind, &text[t.start..t.end])).collect();
        let kinds: Vec<TokenKind> = found.iter().map(|t| t.0).collect();
        use TokenKind::*;
        assert_eq!(
            kinds,
            [Word, Number, Comment, Comment, Word, Word, Equals, Number, Comment, Operator, Color, Failed],
            "{found:?}"
        );
        assert_eq!([found[2].1, found[3].1, found[7].1], ["// edition", "/// doc", "4 m"]);
        assert_eq!(found[8].1, "/* a /* b */ */");
    }
}
