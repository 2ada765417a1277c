//! URIs of documents and paths of modules.

use std::str::FromStr;

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use scenec_compiler::join;

/// What stands in a URI as it is.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Names that the compiler knows modules by: relative to the workspace's folder where they are in it, so that messages stay
/// short, else absolute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// Without a `/` at its end; empty when there is no workspace.
    folder: String,
}

impl Places {
    pub fn new(folder: Option<&str>) -> Self {
        let folder = folder.and_then(path_of).unwrap_or_default();
        Self { folder: folder.trim_end_matches('/').to_owned() }
    }

    /// The module of a document. One that is no file (`untitled:`) keeps its URI and lies in the workspace's folder.
    pub fn name(&self, uri: &str) -> String {
        let Some(path) = path_of(uri) else { return uri.replace('/', ":") };
        let inside = path.strip_prefix(&self.folder).and_then(|rest| rest.strip_prefix('/'));
        match inside.filter(|_| !self.folder.is_empty()) {
            Some(inside) => inside.to_owned(),
            None => path,
        }
    }

    /// The path on this machine's disk.
    pub fn absolute(&self, name: &str) -> String {
        match self.folder.as_str() {
            "" => name.to_owned(),
            folder => join(&format!("{folder}/."), name),
        }
    }

    /// The URI of a module that is a file.
    pub fn uri(&self, name: &str) -> String {
        let path = self.absolute(name);
        let (drive, rest) = match path.as_bytes() {
            [letter, b':', b'/', ..] if letter.is_ascii_alphabetic() => path.split_at(2),
            _ => ("", path.as_str()),
        };
        let slash = if drive.is_empty() { "" } else { "/" };
        let drive = drive.replace(':', "%3A");
        format!("file://{slash}{drive}{}", utf8_percent_encode(rest, ESCAPED))
    }
}

/// The path of a `file:` URI, with `/` and resolved dots.
fn path_of(uri: &str) -> Option<String> {
    let rest = uri.strip_prefix("file://")?;
    let path = &rest[rest.find('/')?..];
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let is_drive = matches!(path.as_bytes(), [b'/', letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    Some(join("", if is_drive { &path[1..] } else { &path }))
}

/// As the protocol's type; `None` for what is no URI.
pub(crate) fn parse(uri: &str) -> Option<Uri> {
    Uri::from_str(uri).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_in_the_workspace_have_short_names() {
        let places = Places::new(Some("file:///home/u/my%20scenes/"));
        assert_eq!(places.name("file:///home/u/my%20scenes/kits/a.ngs"), "kits/a.ngs");
        assert_eq!(places.name("file:///home/u/my%20scenes%2Fb.ngs"), "b.ngs");
        assert_eq!(places.name("file:///home/u/my%20scenes2/b.ngs"), "/home/u/my scenes2/b.ngs");
        assert_eq!(places.absolute("../x.ngs"), "/home/u/x.ngs");
        assert_eq!(places.uri("kits/a.ngs"), "file:///home/u/my%20scenes/kits/a.ngs");
        assert_eq!(places.name("untitled:Untitled-1"), "untitled:Untitled-1");
    }

    #[test]
    fn every_file_comes_back() {
        for folder in [None, Some("file:///w"), Some("file:///c%3A/w")] {
            let places = Places::new(folder);
            for uri in ["file:///w/%C3%BC%20%23.ngs", "file:///c%3A/w/a.ngs", "file:///x/y.ngs"] {
                assert_eq!(places.uri(&places.name(uri)), uri);
            }
        }
        let places = Places::default();
        assert_eq!(places.name("file:///C:/w/a.ngs"), "C:/w/a.ngs");
    }
}
