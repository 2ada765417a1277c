//! URIs of buffers and images: data URIs and relative paths.
//!
//! A path may not leave the folder of the asset. Importing a stranger's model must be safe, and a model that reads
//! `../../../home/…` into a vertex buffer is not. It also keeps an asset movable: one folder is the whole of it.

use std::borrow::Cow;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use percent_encoding::percent_decode_str;

use super::fault::{Fault, Result, UNREADABLE, URI};

/// Reads a file relative to the asset.
pub type Read<'a> = &'a dyn Fn(&str) -> std::result::Result<Vec<u8>, String>;

/// The bytes behind `uri`, and the relative path when it is an external file.
pub fn fetch(uri: &str, pointer: &str, read: Read<'_>) -> Result<(Vec<u8>, Option<String>)> {
    if let Some(data) = strip_scheme(uri, "data:") {
        return Ok((data_uri(data, pointer)?, None));
    }
    let path = relative_path(uri, pointer)?;
    let bytes = read(&path).map_err(|reason| {
        Fault::new(UNREADABLE, pointer, format!("can't read `{path}`: {reason}"))
            .hint("the path is relative to the asset: put the file there, or pack the model as .glb")
    })?;
    Ok((bytes, Some(path)))
}

fn strip_scheme<'a>(uri: &'a str, scheme: &str) -> Option<&'a str> {
    let head = uri.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &uri[scheme.len()..])
}

/// RFC 2397. The media type is not trusted: images are told apart by their content.
fn data_uri(data: &str, pointer: &str) -> Result<Vec<u8>> {
    let Some((head, body)) = data.split_once(',') else {
        return Err(Fault::new(URI, pointer, "the data URI has no comma before its data").hint("export the file again"));
    };
    let is_base64 = head.rsplit(';').next().is_some_and(|last| last.trim().eq_ignore_ascii_case("base64"));
    if !is_base64 {
        return Ok(percent_decode_str(body).collect());
    }
    let mut text: Cow<[u8]> = percent_decode_str(body).into();
    if text.iter().any(u8::is_ascii_whitespace) {
        text = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect::<Vec<_>>().into();
    }
    // Writers disagree on padding and on what stands in the unused bits of the last letter; neither is ambiguous.
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    GeneralPurpose::new(&STANDARD, config).decode(&text).map_err(|error| {
        Fault::new(URI, pointer, format!("the data URI holds bad base64: {}", error.to_string().to_lowercase()))
            .hint("export the file again")
    })
}

/// A clean path below the asset's folder, percent-decoded, separated by `/`.
fn relative_path(uri: &str, pointer: &str) -> Result<String> {
    let refuse = |why: &str| {
        let shown: String = uri.chars().take(120).collect();
        Err(Fault::new(URI, pointer, format!("`{shown}` {why}"))
            .hint("put the file beside or below the asset and name it by a relative path, or pack the model as .glb"))
    };
    let Ok(path) = percent_decode_str(uri).decode_utf8() else {
        return refuse("is not UTF-8 after percent-decoding");
    };
    if path.starts_with('/') || path.contains('\\') || path.contains('\0') {
        return refuse("is no relative path with `/` between its parts");
    }
    // `C:` counts as a scheme here as well, which is what we want on Windows.
    if path.split('/').next().is_some_and(|first| first.contains(':')) {
        return refuse("has a scheme; only data URIs and relative paths are read");
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return refuse("leaves the asset's folder");
                }
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        return refuse("names no file");
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(uri: &str) -> Result<Vec<u8>> {
        fetch(uri, "/buffers/0/uri", &|path| Ok(path.as_bytes().to_vec())).map(|(bytes, _)| bytes)
    }

    #[test]
    fn data_uris() {
        assert_eq!(bytes("data:application/octet-stream;base64,AAEC/w==").unwrap(), [0, 1, 2, 255]);
        assert_eq!(bytes("data:;base64,AAEC/w").unwrap(), [0, 1, 2, 255], "no padding");
        assert_eq!(bytes("DATA:;BASE64, AA\nEC\t/w ==").unwrap(), [0, 1, 2, 255], "white space");
        assert_eq!(bytes("data:;base64,AAEC%2Fw%3D%3D").unwrap(), [0, 1, 2, 255], "percent-encoded");
        assert_eq!(bytes("data:text/plain,a%20b%00").unwrap(), b"a b\0");
        for bad in ["data:;base64,A", "data:;base64,A*A=", "data:;base64"] {
            assert_eq!(bytes(bad).unwrap_err().code, URI, "{bad}");
        }
    }

    #[test]
    fn paths_stay_inside() {
        assert_eq!(bytes("a%20b/./c/../d.bin").unwrap(), b"a b/d.bin");
        assert_eq!(bytes("übel.bin").unwrap(), "übel.bin".as_bytes());
        for bad in [
            "",
            ".",
            "/etc/passwd",
            "../up.bin",
            "a/../../up",
            "%2e%2e/up",
            "http://x/y",
            "file:///x",
            "C:/x",
            "a\\b",
            "a%00b",
            "%ff",
        ] {
            assert_eq!(bytes(bad).unwrap_err().code, URI, "{bad}");
        }
    }
}
