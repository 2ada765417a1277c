//! The manual as HTML: every link leads somewhere, no text is taken for markup, and it is the same whenever it is made.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use support::*;

/// A tag: its name, its attributes, and whether it ends one.
#[derive(Debug, PartialEq)]
struct Tag {
    name: String,
    ends: bool,
    attributes: BTreeMap<String, String>,
}

/// The tags of a document and the texts between them; an error for what is neither.
fn scan(html: &str) -> Result<(Vec<Tag>, Vec<String>), String> {
    let (mut tags, mut texts) = (Vec::new(), Vec::new());
    let mut rest = html.strip_prefix("<!doctype html>").ok_or("no doctype")?;
    while let Some(at) = rest.find('<') {
        texts.push(rest[..at].to_owned());
        let end = rest[at..].find('>').ok_or("a tag without an end")?;
        let inner = &rest[at + 1..at + end];
        rest = &rest[at + end + 1..];
        tags.push(tag(inner)?);
    }
    texts.push(rest.to_owned());
    Ok((tags, texts))
}

fn tag(inner: &str) -> Result<Tag, String> {
    let ends = inner.starts_with('/');
    let inner = inner.trim_start_matches('/');
    let (name, mut rest) = inner.split_once([' ', '\n']).unwrap_or((inner, ""));
    let mut attributes = BTreeMap::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let at = rest.find(['=', ' ']).unwrap_or(rest.len());
        let key = rest[..at].to_owned();
        let value = match rest[at..].strip_prefix("=\"") {
            Some(value) => {
                let (value, behind) =
                    value.split_once('"').ok_or_else(|| format!("an attribute of <{inner}> is open"))?;
                rest = behind;
                value.to_owned()
            }
            None => {
                rest = &rest[at..];
                String::new()
            }
        };
        attributes.insert(key, unescape(&value)?);
    }
    Ok(Tag { name: name.to_owned(), ends, attributes })
}

/// The text that is shown; an error for an `&` that begins none of the five entities.
fn unescape(text: &str) -> Result<String, String> {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        shown += &rest[..at];
        let entities = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];
        let (entity, c) =
            entities.iter().find(|(e, _)| rest[at..].starts_with(e)).ok_or_else(|| format!("a bare & in {text:?}"))?;
        shown.push(*c);
        rest = &rest[at + entity.len()..];
    }
    Ok(shown + rest)
}

const KNOWN: [&str; 36] = [
    "html",
    "head",
    "meta",
    "title",
    "link",
    "body",
    "header",
    "a",
    "input",
    "ol",
    "nav",
    "ul",
    "li",
    "main",
    "script",
    "h1",
    "h2",
    "h3",
    "p",
    "pre",
    "code",
    "span",
    "b",
    "em",
    "strong",
    "div",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "hr",
    "blockquote",
    "h4",
    "small",
];

const SINGLE: [&str; 4] = ["meta", "link", "input", "hr"];

/// What is wrong with a document by itself.
fn problems(html: &str) -> Vec<String> {
    let (tags, texts) = match scan(html) {
        Ok(found) => found,
        Err(reason) => return vec![reason],
    };
    let mut problems: Vec<String> = texts.iter().filter_map(|text| unescape(text).err()).collect();
    problems.extend(texts.iter().filter(|t| t.contains('>')).map(|t| format!("a bare > in {t:?}")));
    let mut open: Vec<&str> = Vec::new();
    let mut ids = BTreeSet::new();
    for tag in &tags {
        let name = tag.name.as_str();
        if !KNOWN.contains(&name) {
            problems.push(format!("<{name}> is no tag of ours"));
        } else if tag.ends {
            match open.pop() {
                Some(last) if last == name => {}
                last => problems.push(format!("</{name}> ends {last:?}")),
            }
        } else if !SINGLE.contains(&name) {
            open.push(name);
        }
        if let Some(id) = tag.attributes.get("id")
            && !ids.insert(id.clone())
        {
            problems.push(format!("the id {id} stands twice"));
        }
    }
    problems.extend(open.into_iter().map(|name| format!("<{name}> is never ended")));
    problems
}

fn site(folder: &std::path::Path) -> BTreeMap<String, String> {
    let printed = good(&scenec(root(), &["docs", "--format", "html", "--out", &folder.display().to_string()]));
    assert!(printed.contains("index.html"), "{printed}");
    let name = |path: &std::path::PathBuf| path.strip_prefix(folder).expect("inside").display().to_string();
    let read = |path: std::path::PathBuf| (name(&path), fs::read_to_string(&path).expect("UTF-8"));
    files_in(folder).into_iter().map(read).collect()
}

#[test]
fn every_link_leads_somewhere_and_no_text_is_markup() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = site(folder.path());
    let pages: BTreeMap<&str, Vec<Tag>> = files
        .iter()
        .filter(|(name, _)| name.ends_with(".html"))
        .map(|(name, html)| (name.as_str(), scan(html).expect("it is read").0))
        .collect();
    assert!(pages.len() > 150, "{} pages", pages.len());
    let mut wrong: Vec<String> = Vec::new();
    for (name, html) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
        wrong.extend(problems(html).into_iter().map(|p| format!("{name}: {p}")));
    }
    let places: BTreeSet<String> = pages
        .iter()
        .flat_map(|(name, tags)| {
            let ids = tags.iter().filter_map(|t| t.attributes.get("id")).map(move |id| format!("{name}#{id}"));
            ids.chain([(*name).to_owned()])
        })
        .chain(files.keys().cloned())
        .collect();
    let mut links = 0;
    let mut lead = |from: &str, to: &str, wrong: &mut Vec<String>| {
        links += 1;
        let place = if to.starts_with('#') { format!("{from}{to}") } else { to.to_owned() };
        if !places.contains(&place) {
            wrong.push(format!("{from}: nothing is at {to}"));
        }
    };
    let mut reached: BTreeSet<String> = BTreeSet::from(["index.html".to_owned()]);
    for (name, tags) in &pages {
        for tag in tags {
            for key in ["href", "src"] {
                if let Some(to) = tag.attributes.get(key) {
                    lead(name, to, &mut wrong);
                    reached.insert(to.split('#').next().unwrap_or_default().to_owned());
                }
            }
        }
    }
    let index = files["search.js"].strip_prefix("const INDEX = ").expect("the index comes first");
    let index: Vec<serde_json::Value> = serde_json::Deserializer::from_str(index)
        .into_iter()
        .next()
        .expect("a list")
        .and_then(serde_json::from_value)
        .expect("a list");
    for entry in &index {
        lead("search.js", entry["u"].as_str().expect("a place"), &mut wrong);
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    let lost: Vec<_> = pages.keys().filter(|name| !reached.contains(**name)).collect();
    assert!(lost.is_empty(), "no link leads to {lost:?}");
    assert!(links > 3000 && index.len() > 250, "{links} links, {} places in the index", index.len());
}

#[test]
fn it_needs_no_network_and_is_the_same_every_time() {
    let [a, b] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
    let (first, second) = (site(a.path()), site(b.path()));
    assert!(first == second, "two runs differ");
    for (name, text) in &first {
        for sign in ["src=\"http", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "document.write"] {
            assert!(!text.contains(sign), "{name} holds {sign}");
        }
    }
    assert!(first["style.css"].contains("prefers-color-scheme: dark"));
}

/// What is declared is there: each node with its parameters, each code, each function, and the guides with their text.
#[test]
fn it_holds_everything() {
    let folder = tempfile::tempdir().expect("a folder");
    let files = site(folder.path());
    let shown = |page: &str| {
        let (_, texts) = scan(&files[page]).expect("it is read");
        texts.iter().map(|t| unescape(t).expect("escaped")).collect::<String>()
    };
    for decl in scenec_ir::nodes::all() {
        let text = shown(&format!("node-{}.html", decl.name.replace(' ', "-")));
        for param in decl.params {
            assert!(text.contains(&param.signature()), "{}: no {}", decl.name, param.signature());
        }
        assert!(text.contains(decl.example.trim_end()), "{}: no example", decl.name);
    }
    for code in scenec_ir::codes::all() {
        let text = shown(&format!("code-{}.html", code.code));
        assert!(
            text.contains(code.wrong.trim_matches('\n')) && text.contains(code.right.trim_matches('\n')),
            "{}",
            code.code
        );
    }
    let functions = shown("functions.html");
    for (_, _, form) in scenec_compiler::ops::FUNCTIONS {
        assert!(functions.contains(form), "no {form}");
    }
    // Programs of the guides are there to the letter, and the remarks for the tests are not.
    assert!(
        shown("tutorial.html").contains("  ball = sphere(radius: 0.5m, material: paint(#c0392b)) at (0m, 0.5m, 0m)\n")
    );
    assert!(shown("reference.html").contains("a |> f(b)") && !files["reference.html"].contains("in: engineering"));
}

#[test]
fn the_checks_fail_when_they_must() {
    let page = |body: &str| format!("<!doctype html><html>{body}</html>");
    assert_eq!(problems(&page("<p>a &lt; b &amp; c</p>")), Vec::<String>::new());
    for bad in
        ["<p>a & b</p>", "<p>a > b</p>", "<p>a", "<q>a</q>", "<p><b>a</p></b>", "<p id=\"a\"></p><p id=\"a\"></p>"]
    {
        assert!(!problems(&page(bad)).is_empty(), "{bad}");
    }
    assert!(scan("<p></p>").is_err() && tag("a href=\"x").is_err());
}

#[test]
fn what_can_not_be_written_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = scenec(folder.path(), &["docs", "--format", "html"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--out"), "{}", stderr(&output));
    fs::write(folder.path().join("taken"), "a file").expect("a file");
    let output = scenec(folder.path(), &["docs", "--format", "html", "--out", "taken"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("E0650"), "{}", stderr(&output));
}
