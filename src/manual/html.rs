//! Escaped text, and programs in colours with links: by the scan that the compiler reads with.

use std::collections::BTreeMap;
use std::fmt::Write;

use scenec_compiler::manual;
use scenec_grammar::{Token, TokenKind, tokens, words};
use scenec_ir::{codes, dimension, nodes};

/// Text within HTML, and within quotes of an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Where names of the language have their place in the site.
pub(super) struct Names {
    nodes: BTreeMap<&'static str, String>,
    functions: BTreeMap<&'static str, String>,
    types: BTreeMap<&'static str, String>,
    words: BTreeMap<&'static str, String>,
    codes: BTreeMap<&'static str, String>,
}

impl Names {
    pub fn new() -> Self {
        let at = |page: &str, name: &str| format!("{page}.html#{}", super::markdown::anchor(name));
        let types = manual::TYPES.iter().map(|t| t.name).chain(dimension::names());
        let items = manual::ITEMS.iter().chain(manual::MODIFIERS).map(|i| (i.name, at("items", i.name)));
        let entries = manual::ENTRIES.iter().map(|i| (i.name, at("entries", i.name)));
        Self {
            nodes: nodes::all().iter().map(|d| (d.name, format!("node-{}.html", d.name.replace(' ', "-")))).collect(),
            functions: manual::functions().iter().map(|f| (f.name, at("functions", f.name))).collect(),
            types: types.map(|t| (t, at("types", t))).collect(),
            words: items.chain(entries).collect(),
            codes: codes::all().into_iter().map(|c| (c.code, format!("code-{}.html", c.code))).collect(),
        }
    }

    /// The page of a node.
    pub fn node(&self, name: &str) -> Option<&str> {
        self.nodes.get(name).map(String::as_str)
    }

    /// The place of a name that stands alone.
    fn any(&self, name: &str) -> Option<&str> {
        let maps = [&self.nodes, &self.functions, &self.types, &self.words, &self.codes];
        maps.iter().find_map(|map| map.get(name)).map(String::as_str)
    }
}

/// A link, unless it leads to the page that it stands on.
fn link(text: &str, to: Option<&str>, page: &str) -> Option<String> {
    let to = to.filter(|to| *to != page)?;
    Some(format!("<a href=\"{}\">{}</a>", escape(to), escape(text)))
}

/// Text in which the codes of diagnostics are links.
pub(super) fn link_words(text: &str, page: &str, names: &Names) -> String {
    let mut out = String::new();
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
        match link(word, names.codes.get(word).map(String::as_str), page) {
            Some(html) => out += &format!("{html}{}", escape(&piece[word.len()..])),
            None => out += &escape(piece),
        }
    }
    out
}

/// A program, or a piece of one. `colours` are for blocks; a name within a sentence gets its link alone.
pub(super) fn highlight(text: &str, page: &str, names: &Names, colours: bool) -> String {
    if let Some(html) = link(text, names.any(text), page) {
        return html;
    }
    let found = tokens(text);
    let mut out = String::new();
    let mut end = 0;
    for (at, token) in found.iter().enumerate() {
        out += &escape(&text[end..token.start]);
        end = token.end;
        let word = &text[token.start..token.end];
        let shown = link(word, place(text, &found, at, names), page).unwrap_or_else(|| escape(word));
        match class(text, &found, at).filter(|_| colours) {
            Some(class) => {
                let _ = write!(out, "<span class=\"{class}\">{shown}</span>");
            }
            None => out += &shown,
        }
    }
    out + &escape(&text[end..])
}

fn text_of<'t>(text: &'t str, token: Option<&Token>) -> &'t str {
    token.map_or("", |t| &text[t.start..t.end])
}

/// Where the name of a node, function or type leads.
fn place<'n>(text: &str, found: &[Token], at: usize, names: &'n Names) -> Option<&'n str> {
    let word = text_of(text, found.get(at));
    let before = at.checked_sub(1).and_then(|i| found.get(i));
    let behind = text_of(text, found.get(at + 1));
    if found[at].kind != TokenKind::Word {
        return None;
    }
    if matches!(text_of(text, before), ":" | "<") && names.types.contains_key(word) {
        return names.types.get(word).map(String::as_str);
    }
    if behind != "(" {
        return None;
    }
    if text_of(text, before) == "." {
        return names.node(&format!("gltf.{word}"));
    }
    names.node(word).or_else(|| names.functions.get(word).map(String::as_str))
}

/// The colour of a token.
fn class(text: &str, found: &[Token], at: usize) -> Option<&'static str> {
    let token = found.get(at)?;
    let word = text_of(text, Some(token));
    let before = at.checked_sub(1).and_then(|i| found.get(i));
    let behind = text_of(text, found.get(at + 1));
    match token.kind {
        TokenKind::Comment => Some("comment"),
        TokenKind::Text => Some("text"),
        TokenKind::Number | TokenKind::Color => Some("number"),
        // `camera: main` is a field, `hero.parent` a part.
        TokenKind::Word if matches!(behind, ":" | "=" | ".") || text_of(text, before) == "." => match behind {
            ":" => Some("field"),
            _ => None,
        },
        TokenKind::Word if words::NEVER_NAMES.contains(&word) => Some("word"),
        TokenKind::Word if word == "ngs" && at == 0 => Some("word"),
        TokenKind::Word if words::INFIX.contains(&word) && at > 0 => Some("word"),
        TokenKind::Word if (words::ITEMS.contains(&word) || words::ENTRIES.contains(&word)) && behind != "(" => {
            before.is_none_or(|b| token.leads || !matches!(text_of(text, Some(b)), ":" | "=" | ",")).then_some("word")
        }
        TokenKind::Word if behind == "(" => Some("call"),
        TokenKind::Word if word.starts_with(|c: char| c.is_ascii_uppercase()) => Some("type"),
        _ => None,
    }
}
