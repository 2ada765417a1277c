//! Places in a text, as the compiler (bytes) and as the protocol (line and column) count them.

use std::ops::Range as Bytes;

use lsp_types::{Position, Range};

/// What a column counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Code units of UTF-16, which every client knows.
    #[default]
    Utf16,
    /// Bytes.
    Utf8,
}

/// Where the lines of a text begin. Lines end with `\n`, `\r\n` or `\r`, as the protocol has it.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    starts: Vec<usize>,
}

impl Lines {
    pub fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            if *byte == b'\n' || *byte == b'\r' && bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at + 1);
            }
        }
        Self { starts }
    }

    /// The line and column of a byte; one within a character counts as its first.
    pub fn position(&self, text: &str, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&s| s <= offset) - 1;
        let before = &text[self.starts[line]..offset];
        let column = match encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.chars().map(char::len_utf16).sum(),
        };
        Position::new(line as u32, column as u32)
    }

    /// The byte of a line and column. A column behind the line is its end, a line behind the text the text's end, and a
    /// column within a character the character's beginning.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return text.len() };
        let end = self.starts.get(position.line as usize + 1).copied().unwrap_or(text.len());
        let line = text[start..end].trim_end_matches(['\r', '\n']);
        let wanted = position.character as usize;
        let mut column = 0;
        for (at, c) in line.char_indices() {
            let width = if encoding == Encoding::Utf8 { c.len_utf8() } else { c.len_utf16() };
            if column + width > wanted {
                return start + at;
            }
            column += width;
        }
        start + line.len()
    }

    pub fn range(&self, text: &str, bytes: Bytes<usize>, encoding: Encoding) -> Range {
        Range::new(self.position(text, bytes.start, encoding), self.position(text, bytes.end, encoding))
    }

    /// The bytes of a range; an end in front of the start counts as the start.
    pub fn bytes(&self, text: &str, range: Range, encoding: Encoding) -> Bytes<usize> {
        let start = self.offset(text, range.start, encoding);
        start..self.offset(text, range.end, encoding).max(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_what_was_agreed() {
        let text = "a\r\nü😀b\rc\n";
        let lines = Lines::of(text);
        let b = text.find('b').expect("a b");
        assert_eq!(lines.position(text, b, Encoding::Utf16), Position::new(1, 3));
        assert_eq!(lines.position(text, b, Encoding::Utf8), Position::new(1, 6));
        assert_eq!(lines.position(text, b + 2, Encoding::Utf16), Position::new(2, 0), "a lone \\r ends a line");
        assert_eq!(lines.position(text, text.len(), Encoding::Utf16), Position::new(3, 0));
        assert_eq!(lines.position(text, 99, Encoding::Utf16), Position::new(3, 0));
    }

    #[test]
    fn every_byte_comes_back() {
        let text = "ngs 1\r\n// ü 😀\nlet x = \"日本\"\r\r\n\nend";
        let lines = Lines::of(text);
        for encoding in [Encoding::Utf8, Encoding::Utf16] {
            for (at, c) in text.char_indices() {
                // The second byte of a line break is no place.
                if c == '\n' && at > 0 && text.as_bytes()[at - 1] == b'\r' {
                    continue;
                }
                assert_eq!(lines.offset(text, lines.position(text, at, encoding), encoding), at, "{at}");
            }
        }
    }

    #[test]
    fn places_outside_of_the_text_are_its_ends() {
        let text = "ab\r\n😀\n";
        let lines = Lines::of(text);
        let offset = |line, character| lines.offset(text, Position::new(line, character), Encoding::Utf16);
        assert_eq!(offset(0, 99), 2);
        assert_eq!(offset(9, 9), text.len());
        assert_eq!(offset(1, 1), 4, "within a pair of surrogates");
        assert_eq!(lines.bytes(text, Range::new(Position::new(1, 0), Position::new(0, 1)), Encoding::Utf8), 4..4);
    }
}
