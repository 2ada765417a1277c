//! The tokens of a file without its separating commas, with what stands between them and what the tree says of them.

use std::borrow::Cow;

use super::roles::Roles;
use super::trivia::Gap;
use crate::brackets::Brackets;
use crate::lex::{Kind, Lexed};
use crate::split::{Piece, Tokens};

/// One token.
#[derive(Debug)]
pub(super) struct Tok<'a> {
    pub kind: Kind,
    /// As it will be written.
    pub text: Cow<'a, str>,
    /// What stands in front of it.
    pub gap: Gap<'a>,
    pub start: u32,
    pub end: u32,
    /// Part of a type with arguments.
    pub in_type: bool,
    /// Part of a piece that was read; of others only the spelling is known.
    pub read: bool,
    /// For an opening bracket, its partner.
    pub close: usize,
    /// Its number in the scan.
    raw: usize,
}

/// All of them; the last one is empty and stands at the end of the file.
#[derive(Debug)]
pub(super) struct Stream<'a> {
    pub toks: Vec<Tok<'a>>,
    /// For a token of the scan, the first one here that is not before it.
    index: Vec<usize>,
}

impl<'a> Stream<'a> {
    pub fn new(text: &'a str, lexed: &Lexed, brackets: &Brackets, roles: &Roles) -> Self {
        let mut types = roles.types.clone();
        guess_types(text, lexed, &mut types, roles);
        types.sort_by_key(|s| s.start);
        let in_type = |start: u32| {
            let i = types.partition_point(|s| s.start <= start);
            i.checked_sub(1).and_then(|i| types.get(i)).filter(|s| start < s.end)
        };
        let mut toks: Vec<Tok> = Vec::with_capacity(lexed.tokens.len() + 1);
        let mut index = Vec::with_capacity(lexed.tokens.len() + 1);
        let mut gap = Gap { own: true, ..Gap::default() };
        let mut from = 0;
        for (raw, token) in lexed.tokens.iter().enumerate() {
            let (start, end) = (token.start as usize, token.end as usize);
            gap.read(&text[from..start]);
            from = end;
            index.push(toks.len());
            let ty = in_type(token.start);
            if token.kind == Kind::Comma && ty.is_none() {
                gap.comma.get_or_insert(gap.comments.len());
                continue;
            }
            let word = &text[start..end];
            let mut push = |kind, word: &'a str, gap, start: usize, in_type| {
                let text = if kind == Kind::Number { number(word) } else { Cow::Borrowed(word) };
                let (start, end) = (start as u32, (start + word.len()) as u32);
                toks.push(Tok { kind, text, gap, start, end, in_type, read: false, close: 0, raw });
            };
            let gap = std::mem::take(&mut gap);
            match ty {
                // `List<Length>= x` is scanned as a comparison.
                Some(ty) if token.end > ty.end && word.starts_with('>') => {
                    push(Kind::Operator, &word[..1], gap, start, true);
                    push(Kind::Equals, &word[1..], Gap::default(), start + 1, false);
                }
                ty => push(token.kind, word, gap, start, ty.is_some()),
            }
        }
        gap.read(&text[from..]);
        index.push(toks.len());
        toks.push(Tok {
            kind: Kind::Close,
            text: Cow::Borrowed(""),
            gap,
            start: text.len() as u32,
            end: text.len() as u32,
            in_type: false,
            read: false,
            close: 0,
            raw: lexed.tokens.len(),
        });
        for tok in &mut toks {
            if tok.kind == Kind::Open {
                tok.close = index[brackets.close[tok.raw] as usize];
            }
        }
        for &(span, read) in &roles.read {
            let first = toks.partition_point(|t| t.start < span.start);
            for tok in toks[first..].iter_mut().take_while(|t| t.start < span.end) {
                tok.read = read;
            }
        }
        Self { toks, index }
    }

    /// Pieces of the scan as ranges here, without empty ones.
    fn ranges(&self, pieces: &[Piece]) -> Vec<(usize, usize)> {
        let ranges = pieces.iter().map(|p| (self.index[p.first], self.index[p.end]));
        ranges.filter(|(a, b)| a < b).collect()
    }

    /// The items of the file.
    pub fn items(&self, tokens: &Tokens) -> Vec<(usize, usize)> {
        self.ranges(&tokens.items())
    }

    /// What looks like statements between an opening brace and its partner.
    pub fn statements(&self, tokens: &Tokens, open: usize) -> Vec<(usize, usize)> {
        let close = self.toks[open].close;
        self.ranges(&tokens.statements(self.toks[open].raw + 1, self.toks[close].raw, false))
    }

    /// The ranges between `open` and its partner, cut where `starts` holds.
    pub fn cut(&self, open: usize, starts: impl Fn(usize) -> bool) -> Vec<(usize, usize)> {
        let close = self.toks[open].close;
        let (mut i, mut from) = (open + 1, open + 1);
        let mut ranges = Vec::new();
        while i < close {
            if i > from && starts(i) {
                ranges.push((from, i));
                from = i;
            }
            i = self.behind(i);
        }
        if from < close {
            ranges.push((from, close));
        }
        ranges
    }

    /// The token behind the group that `i` opens, or the next one.
    pub fn behind(&self, i: usize) -> usize {
        let tok = &self.toks[i];
        if tok.kind == Kind::Open { tok.close.max(i) + 1 } else { i + 1 }
    }
}

/// In pieces that were not read, `Name<…>` is a type.
fn guess_types(text: &str, lexed: &Lexed, types: &mut Vec<scenec_ir::Span>, roles: &Roles) {
    let unread: Vec<_> = roles.read.iter().filter(|r| !r.1).map(|r| r.0).collect();
    let tokens = &lexed.tokens;
    let word = |i: usize| tokens.get(i).map_or("", |t| &text[t.start as usize..t.end as usize]);
    for span in unread {
        let mut i = tokens.partition_point(|t| t.start < span.start);
        while i < tokens.len() && tokens[i].start < span.end {
            let name = i.checked_sub(1).is_some_and(|p| {
                tokens[p].end == tokens[i].start && word(p).starts_with(|c: char| c.is_ascii_uppercase())
            });
            let mut end = i;
            if name && word(i) == "<" {
                let mut depth = 0usize;
                // Types are short.
                for j in i..(i + 64).min(tokens.len()) {
                    match (tokens[j].kind, word(j)) {
                        (_, "<") => depth += 1,
                        (_, ">") => depth -= 1,
                        (Kind::Word | Kind::Dot | Kind::Comma | Kind::Question, _) => {}
                        _ => break,
                    }
                    if depth == 0 {
                        types.push(scenec_ir::Span { start: tokens[i - 1].start, end: tokens[j].end, ..span });
                        end = j;
                        break;
                    }
                }
            }
            i = end + 1;
        }
    }
}

/// A number with its unit: `20 kg` is `20kg`, `007` is `7`, `1.5E+3` is `1.5e3`.
fn number(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let mut end = digits(0);
    let zeros = text[..end].len() - text[..end].trim_start_matches('0').len();
    let mut out = text[zeros.min(end.saturating_sub(1))..end].to_owned();
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(end + 1);
        out += &text[end..fraction];
        end = fraction;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let power = digits(end + 1 + sign);
        if power > end + 1 + sign {
            out.push('e');
            out += text[end + 1..power].trim_start_matches('+');
            end = power;
        }
    }
    out += text[end..].trim_start();
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn numbers_have_one_spelling() {
        for (given, wanted) in [
            ("20 kg", "20kg"),
            ("007", "7"),
            ("0", "0"),
            ("000", "0"),
            ("0.50", "0.50"),
            ("00.5m", "0.5m"),
            ("1.5E+3", "1.5e3"),
            ("1e-3 m", "1e-3m"),
            ("2 ev", "2ev"),
            ("2ev", "2ev"),
            ("1000 kg/m^3", "1000kg/m^3"),
            ("4.0", "4.0"),
        ] {
            assert_eq!(number(given), wanted);
        }
    }
}
