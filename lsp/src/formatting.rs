//! The one layout.

use lsp_types::TextEdit;
use scenec_ir::FileId;

use crate::server::Refusal;
use crate::view::View;

/// One edit that leaves out what is the same at both ends, so that the cursor stays where it can.
pub(crate) fn formatting(view: &View<'_>) -> Result<Vec<TextEdit>, Refusal> {
    let text = view.text();
    let formatted = scenec_grammar::format(FileId(0), text).map_err(|found| {
        let first = found.first().map_or_else(String::new, |d| format!(": {}", d.message));
        Refusal::failed(format!("a text with syntax errors is not formatted{first}"))
    })?;
    if formatted == text {
        return Ok(Vec::new());
    }
    let (start, end) = difference(text, &formatted);
    let range = scenec_ir::Span::new(view.file, start, text.len() - end);
    Ok(vec![TextEdit { range: view.range(range), new_text: formatted[start..formatted.len() - end].to_owned() }])
}

/// How many bytes two texts share at their beginnings and, behind those, at their ends. Neither cuts a character or a line
/// break.
fn difference(old: &str, new: &str) -> (usize, usize) {
    let most = old.len().min(new.len());
    let (a, b) = (old.as_bytes(), new.as_bytes());
    let mut start = (0..most).find(|&i| a[i] != b[i]).unwrap_or(most);
    let splits = |text: &str, at: usize| {
        !text.is_char_boundary(at)
            || at > 0 && text.as_bytes().get(at) == Some(&b'\n') && text.as_bytes()[at - 1] == b'\r'
    };
    while splits(old, start) || splits(new, start) {
        start -= 1;
    }
    let most = most - start;
    let mut end = (0..most).find(|&i| a[a.len() - 1 - i] != b[b.len() - 1 - i]).unwrap_or(most);
    while splits(old, old.len() - end) || splits(new, new.len() - end) {
        end -= 1;
    }
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn what_both_share_is_left_out() {
        for (old, new, wanted) in [
            ("a  b", "a b", (2, 1)),
            ("same", "same", (4, 0)),
            ("aa", "aaa", (2, 0)),
            ("", "x", (0, 0)),
            ("xüy", "xäy", (1, 1)),
            ("a\r\nb", "a\nb", (1, 1)),
            ("a\n\r\nb", "a\n\nb", (2, 1)),
        ] {
            assert_eq!(difference(old, new), wanted, "{old:?} {new:?}");
        }
    }
}
