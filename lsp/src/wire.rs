//! Messages on the wire: a header with their length, an empty line, JSON.

use std::io::{BufRead, Read};

use lsp_server::Message;

/// A longer message is refused: its length may be what a broken client made up.
const LONGEST_MESSAGE: usize = 64 << 20;
/// Bytes of one header line.
const LONGEST_HEADER: u64 = 4096;
/// Header lines of one message.
const MOST_HEADERS: usize = 32;

/// The next message; `None` at the end of the input.
///
/// # Errors
/// One line that says what is wrong with the input. What follows can't be read either.
pub(crate) fn read(input: &mut dyn BufRead) -> Result<Option<Message>, String> {
    let Some(length) = header(input)? else { return Ok(None) };
    let mut body = Vec::new();
    input.take(length as u64).read_to_end(&mut body).map_err(|e| e.to_string())?;
    if body.len() < length {
        return Err(format!("the input ends within a message: {} bytes of {length}", body.len()));
    }
    serde_json::from_slice(&body).map(Some).map_err(|e| format!("a message is no JSON-RPC: {e}"))
}

/// The length of the body.
fn header(input: &mut dyn BufRead) -> Result<Option<usize>, String> {
    let mut length = None;
    for count in 0..=MOST_HEADERS {
        let mut line = Vec::new();
        let read = input.take(LONGEST_HEADER).read_until(b'\n', &mut line).map_err(|e| e.to_string())?;
        if read == 0 && count == 0 {
            return Ok(None);
        }
        let Some(text) = line.strip_suffix(b"\n") else {
            return Err(match read as u64 == LONGEST_HEADER {
                true => format!("a header line has more than {LONGEST_HEADER} bytes: is this a language client?"),
                false => "the input ends within a header".to_owned(),
            });
        };
        let text = String::from_utf8_lossy(text.strip_suffix(b"\r").unwrap_or(text)).into_owned();
        if text.is_empty() {
            return length.map(Some).ok_or_else(|| "a message has no `Content-Length`".to_owned());
        }
        let is_name = |name: &str| name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        let Some((name, value)) = text.split_once(": ").filter(|(name, _)| is_name(name)) else {
            let shown: String = text.chars().take(60).collect();
            return Err(format!("`{shown}` is no header: is this a language client?"));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            let number = value.trim().parse::<usize>().map_err(|_| format!("`{value}` is no length"))?;
            if number > LONGEST_MESSAGE {
                return Err(format!("a message has {number} bytes, {LONGEST_MESSAGE} are read"));
            }
            length = Some(number);
        }
    }
    Err(format!("a message has more than {MOST_HEADERS} header lines"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(input: &[u8]) -> String {
        let mut input = input;
        read(&mut input).expect_err("it is refused")
    }

    #[test]
    fn messages_are_read_until_the_end() {
        let first = "{\"jsonrpc\": \"2.0\", \"method\": \"exit\"}";
        let text = format!(
            "Content-Length: {}\r\nContent-Type: x\r\n\r\n{first}content-length: 17\n\n{{\"method\":\"next\"}}",
            first.len()
        );
        let mut input = text.as_bytes();
        for method in ["exit", "next"] {
            match read(&mut input) {
                Ok(Some(Message::Notification(found))) => assert_eq!(found.method, method),
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(read(&mut input), Ok(None)));
    }

    #[test]
    fn what_is_no_message_is_refused_with_a_reason() {
        for (input, wanted) in [
            (&b"hello\n"[..], "`hello` is no header"),
            (b"{\"id\": 1}\n", "is no header"),
            (b"Content-Length: 4\r\n", "ends within a header"),
            (b"Content-Length: 4", "ends within a header"),
            (b"Content-Length: 9\r\n\r\n{}", "2 bytes of 9"),
            (b"Content-Length: 2\r\n\r\n{]", "no JSON-RPC"),
            (b"Content-Length: 2\r\n\r\n[]", "no JSON-RPC"),
            (b"Content-Length: -2\r\n\r\n[]", "`-2` is no length"),
            (b"Content-Length: 99999999999999\r\n\r\n", "are read"),
            (b"Content-Type: x\r\n\r\n", "no `Content-Length`"),
            (&[b'x'; 9999], "more than 4096 bytes"),
            (&b"A: b\n".repeat(99), "header lines"),
        ] {
            let found = reason(input);
            assert!(found.contains(wanted), "{found}");
        }
    }
}
