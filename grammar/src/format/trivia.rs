//! What stands between two tokens: comments, empty lines, and the comma that the layout sets anew.

use std::borrow::Cow;

/// A comment with the white space in front of it.
#[derive(Clone, Debug)]
pub(super) struct Comment<'a> {
    /// From its slashes on, without blanks at its end.
    pub text: Cow<'a, str>,
    /// `// …`, which ends its line.
    pub line: bool,
    /// It begins a line.
    pub own: bool,
    /// An empty line stands in front.
    pub empty: bool,
}

/// What stands in front of a token.
#[derive(Clone, Debug, Default)]
pub(super) struct Gap<'a> {
    pub comments: Vec<Comment<'a>>,
    /// The token begins a line.
    pub own: bool,
    /// An empty line stands between the token and what is in front of it.
    pub empty: bool,
    /// Number of comments in front of the comma that separates the token from the one before.
    pub comma: Option<usize>,
}

/// The comments of a gap, by where they stand when the token begins a line.
pub(super) struct Split<'g, 'a> {
    /// In front of the comma.
    pub before: &'g [Comment<'a>],
    /// Behind the comma, on the same line.
    pub behind: &'g [Comment<'a>],
    /// In front of the token.
    pub above: &'g [Comment<'a>],
}

impl<'a> Gap<'a> {
    /// Reads white space and comments.
    pub fn read(&mut self, text: &'a str) {
        let bytes = text.as_bytes();
        let (mut at, mut breaks) = (0, 0usize);
        // Other white space was let pass by the parser, and counts as a blank.
        while at < bytes.len() {
            let start = at;
            let line = match &bytes[at..] {
                [b'/', b'/', ..] => {
                    at = bytes[at..].iter().position(|&b| b == b'\n').map_or(bytes.len(), |n| at + n);
                    true
                }
                [b'/', b'*', ..] => {
                    at = block_end(bytes, at);
                    false
                }
                other => {
                    breaks += usize::from(other[0] == b'\n');
                    at += 1;
                    continue;
                }
            };
            self.breaks(breaks);
            breaks = 0;
            let text = &text[start..at];
            let text = if line { text.trim_end() } else { text };
            self.comments.push(Comment { text: Cow::Borrowed(text), line, own: self.own, empty: self.empty });
            (self.own, self.empty) = (false, false);
        }
        self.breaks(breaks);
    }

    fn breaks(&mut self, count: usize) {
        self.own |= count > 0;
        self.empty |= count > 1;
    }

    /// An empty line in front of the first thing of the gap.
    pub fn empty_above(&self, above: &[Comment]) -> bool {
        above.first().map_or(self.empty, |c| c.empty)
    }

    /// Any line break in front of the token.
    pub fn breaks_line(&self) -> bool {
        self.own || self.comments.iter().any(|c| c.own || c.line)
    }

    /// Sorts the comments to the things around them.
    pub fn split(&self) -> Split<'_, 'a> {
        // A comma moves in front of the comments before it, unless they are part of the line.
        let comma = self.comma.unwrap_or(0);
        let (before, rest) = self.comments.split_at(comma);
        let stays = before.iter().all(|c| !c.line && !c.own);
        let (before, rest) = if stays { (before, rest) } else { self.comments.split_at(0) };
        let same = rest.iter().take_while(|c| !c.own).count();
        // Comments on one line with the token belong to it.
        let ends_line = rest.get(same).map_or(self.own, |c| c.own) || rest[..same].iter().any(|c| c.line);
        let (behind, above) = rest.split_at(if ends_line { same } else { 0 });
        Split { before, behind, above }
    }
}

/// The end of the block comment that starts at `at`; they nest.
fn block_end(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0usize;
    while at < bytes.len() {
        match &bytes[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => {
                (depth, at) = (depth - 1, at + 2);
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    bytes.len()
}
