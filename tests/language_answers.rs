//! What the language server answers: `tests/lsp/*.cases`. A case is a title, a program with marks (`$1`) and, behind `---`,
//! questions (`? hover $1`) with their answers. `UPDATE_LSP=1` writes the answers. Further files begin with `+++ path`;
//! `@ utf8` and `@ crlf` under the title change how they are told. Each case is a client of the real binary.

#[path = "support/client.rs"]
mod client;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use client::{Client, client};
use serde_json::{Value, json};

/// Completions of one answer.
const MOST_SHOWN: usize = 12;

struct Case {
    title: String,
    utf8: bool,
    crlf: bool,
    /// Paths and texts with marks, the first is asked about unless a mark is in another.
    files: Vec<(String, String)>,
    questions: Vec<String>,
}

/// Texts without marks, and where those are: file, line and column.
struct Program {
    texts: Vec<(String, String)>,
    marks: BTreeMap<String, (String, Value)>,
}

impl Case {
    fn parse(text: &str) -> Self {
        let (head, rest) = text.split_once('\n').expect("a title");
        let (program, answers) = rest.split_once("\n---\n").unwrap_or((rest.trim_end_matches("\n---"), ""));
        let mut files = vec![("scene.ngs".to_owned(), String::new())];
        let (mut utf8, mut crlf) = (false, false);
        for line in program.lines() {
            match line {
                "@ utf8" => utf8 = true,
                "@ crlf" => crlf = true,
                _ => match line.strip_prefix("+++ ") {
                    Some(path) => files.push((path.to_owned(), String::new())),
                    None => {
                        let text = &mut files.last_mut().expect("a file").1;
                        *text += line;
                        text.push('\n');
                    }
                },
            }
        }
        let questions = answers.lines().filter(|l| l.starts_with("? ")).map(str::to_owned).collect();
        Self { title: head.trim().to_owned(), utf8, crlf, files, questions }
    }

    fn program(&self) -> Program {
        let mut program = Program { texts: Vec::new(), marks: BTreeMap::new() };
        for (path, marked) in &self.files {
            let mut text = String::new();
            for (line, written) in marked.lines().enumerate() {
                let mut clean = String::new();
                let mut rest = written;
                while let Some(at) = rest.find('$') {
                    clean += &rest[..at];
                    let end =
                        at + 1 + rest[at + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - at - 1);
                    let column = if self.utf8 { clean.len() } else { clean.encode_utf16().count() };
                    let place = json!({"line": line, "character": column});
                    program.marks.insert(rest[at..end].to_owned(), (path.clone(), place));
                    rest = &rest[end..];
                }
                text += &clean;
                text += rest;
                text += if self.crlf { "\r\n" } else { "\n" };
            }
            program.texts.push((path.clone(), text));
        }
        program
    }

    fn answers(&self) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let program = self.program();
        let assets = support::root().join("examples/assets");
        support::copy_tree(&assets, &folder.path().join("assets"));
        let mut capabilities = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
        if self.utf8 {
            capabilities["general"] = json!({"positionEncodings": ["utf-8"]});
        }
        for (path, text) in &program.texts {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        // Only the first is open; the others lie on disk.
        let mut server = client(folder.path(), capabilities);
        server.open(&program.texts[0].0, &program.texts[0].1);
        let mut out = String::new();
        for question in &self.questions {
            out += &format!("{question}\n{}", ask(&mut server, &program, question));
        }
        let (code, said) = server.end();
        assert_eq!((code, said.as_str()), (Some(0), ""), "{}", self.title);
        out
    }
}

fn ask(server: &mut Client, program: &Program, question: &str) -> String {
    let mut words = question[2..].split(' ');
    let (what, mark, more) = (words.next().expect("a word"), words.next(), words.collect::<Vec<_>>().join(" "));
    let (file, place) = match mark.and_then(|m| program.marks.get(m)) {
        Some((file, place)) => (file.clone(), place.clone()),
        None => (program.texts[0].0.clone(), Value::Null),
    };
    let document = json!({"uri": server.uri(&file)});
    let at = json!({"textDocument": document, "position": place});
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    match what {
        "hover" => match server.request("textDocument/hover", at) {
            Ok(Value::Null) => "nothing\n".into(),
            Ok(hover) => {
                let text = hover["contents"]["value"].as_str().expect("a text");
                format!(
                    "{} {}\n",
                    range(&hover["range"]),
                    text.replace("```ngs\n", "").replace("\n```", "").replace("\n\n", "\n")
                )
            }
            Err(error) => refusal(&error),
        },
        "definition" => match server.request("textDocument/definition", at).expect("an answer") {
            Value::Null => "nothing\n".into(),
            found => location(server, program, &found),
        },
        "references" => {
            let mut params = at;
            params["context"] = json!({"includeDeclaration": true});
            match server.request("textDocument/references", params).expect("an answer") {
                Value::Null => "nothing\n".into(),
                found => list(&found).iter().map(|l| location(server, program, l)).collect(),
            }
        }
        "rename" => {
            let mut params = at;
            params["newName"] = json!(more);
            match server.request("textDocument/rename", params) {
                Ok(edit) => changes(server, program, &edit),
                Err(error) => refusal(&error),
            }
        }
        "prepare" => match server.request("textDocument/prepareRename", at) {
            Ok(found) => format!("{} {}\n", range(&found["range"]), found["placeholder"]),
            Err(error) => refusal(&error),
        },
        "completion" => {
            let found = server.request("textDocument/completion", at).expect("an answer");
            let fits = |item: &&Value| item["label"].as_str().expect("a label").starts_with(&more);
            let items: Vec<&Value> = list(&found["items"]).iter().filter(fits).collect();
            let mut out: String = items.iter().take(MOST_SHOWN).map(|i| completion(i)).collect();
            if items.len() > MOST_SHOWN {
                out += &format!("… and {} more\n", items.len() - MOST_SHOWN);
            }
            if items.is_empty() { "nothing\n".into() } else { out }
        }
        "symbols" => {
            let found = server.request("textDocument/documentSymbol", at).expect("an answer");
            list(&found).iter().map(|s| symbol(s, 0)).collect()
        }
        "names" => {
            let found = server.request("workspace/symbol", json!({"query": mark.unwrap_or("")})).expect("an answer");
            let line = |s: &Value| {
                let around = s["containerName"].as_str().map_or_else(String::new, |c| format!(" in {c}"));
                format!(
                    "{}{around}: {}",
                    s["name"].as_str().expect("a name"),
                    location(server, program, &s["location"])
                )
            };
            let text: String = list(&found).iter().map(line).collect();
            if text.is_empty() { "nothing\n".into() } else { text }
        }
        "signature" => match server.request("textDocument/signatureHelp", at).expect("an answer") {
            Value::Null => "nothing\n".into(),
            found => signature(&found["signatures"][0]),
        },
        "hints" => {
            let params = json!({"textDocument": document, "range": whole});
            let found = server.request("textDocument/inlayHint", params).expect("an answer");
            let line = |h: &Value| format!("{} `{}`\n", point(&h["position"]), h["label"].as_str().expect("a label"));
            list(&found).iter().map(line).collect()
        }
        "tokens" => {
            let found = server.request("textDocument/semanticTokens/full", at).expect("an answer");
            tokens(&program.texts[0].1, server.encoding == "utf-8", &found["data"])
        }
        "format" => {
            let params = json!({"textDocument": document, "options": {"tabSize": 2, "insertSpaces": true}});
            match server.request("textDocument/formatting", params) {
                Ok(edits) => edited(&program.texts[0].1, &edits, server.encoding == "utf-8"),
                Err(error) => refusal(&error),
            }
        }
        "fixes" | "fixall" => {
            let only = if what == "fixes" { "quickfix" } else { "source.fixAll" };
            let around = if place.is_null() { whole } else { json!({"start": place, "end": place}) };
            let context = json!({"diagnostics": [], "only": [only]});
            let params = json!({"textDocument": document, "range": around, "context": context});
            let found = server.request("textDocument/codeAction", params).expect("an answer");
            let line = |a: &Value| {
                format!("{}\n{}", a["title"].as_str().expect("a title"), changes(server, program, &a["edit"]))
            };
            let text: String = list(&found).iter().map(line).collect();
            if text.is_empty() { "nothing\n".into() } else { text }
        }
        "diagnostics" => {
            server.diagnosed(&program.texts[0].0, 1);
            // What is said of other files comes behind it, and in front of the next answer.
            let _ = server.request("textDocument/documentSymbol", json!({"textDocument": document}));
            let mut out = String::new();
            for (path, _) in &program.texts {
                let Some(said) = server.diagnostics.get(&server.uri(path)) else { continue };
                for d in list(&said["diagnostics"]) {
                    let message = d["message"].as_str().expect("a message").replace('\n', " / ");
                    out +=
                        &format!("{path} {} {} {message}\n", range(&d["range"]), d["code"].as_str().expect("a code"));
                }
            }
            if out.is_empty() { "nothing\n".into() } else { out }
        }
        other => panic!("`{other}` is no question"),
    }
}

/// The signature with the parameter at the cursor marked, and what is said of both.
fn signature(found: &Value) -> String {
    let label = found["label"].as_str().expect("a label");
    let doc = |value: &Value| value["documentation"]["value"].as_str().map_or_else(String::new, |d| format!("{d}\n"));
    let active = found["activeParameter"].as_u64().map(|at| &found["parameters"][at as usize]);
    let Some(active) = active else { return format!("{label}\n{}", doc(found)) };
    let own = active["label"].as_str().expect("a label");
    assert!(label.contains(own), "{own} in {label}");
    format!("{}\n{}{}", label.replacen(own, &format!("«{own}»"), 1), doc(found), doc(active))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn refusal(error: &Value) -> String {
    format!("refused: {}\n", error["message"].as_str().expect("a message"))
}

/// 1-based, as people and compilers count.
fn point(position: &Value) -> String {
    let number = |name: &str| position[name].as_u64().expect("a number") + 1;
    format!("{}:{}", number("line"), number("character"))
}

fn range(range: &Value) -> String {
    let (start, end) = (point(&range["start"]), point(&range["end"]));
    match (start.split_once(':'), end.split_once(':')) {
        (Some((a, _)), Some((b, column))) if a == b => format!("{start}-{column}"),
        _ => format!("{start}-{end}"),
    }
}

fn path_of(server: &Client, uri: &Value) -> String {
    let uri = uri.as_str().expect("a URI");
    uri.strip_prefix(&server.uri("")).unwrap_or(uri).to_owned()
}

/// The place, and its line with the place marked.
fn location(server: &Client, program: &Program, found: &Value) -> String {
    let path = path_of(server, &found["uri"]);
    let text = program.texts.iter().find(|t| t.0 == path).map_or("", |t| t.1.as_str());
    let (start, end) = (&found["range"]["start"], &found["range"]["end"]);
    let line = text.lines().nth(start["line"].as_u64().expect("a line") as usize).unwrap_or("");
    let utf8 = server.encoding == "utf-8";
    let [from, to] = [start, end].map(|p| byte(line, p["character"].as_u64().expect("a column") as usize, utf8));
    let marked = format!("{}«{}»{}", &line[..from], &line[from..to], &line[to..]);
    format!("{path}:{} {}\n", range(&found["range"]), marked.trim())
}

fn byte(line: &str, column: usize, utf8: bool) -> usize {
    if utf8 {
        return column;
    }
    let mut units = 0;
    for (at, c) in line.char_indices() {
        if units == column {
            return at;
        }
        units += c.len_utf16();
    }
    assert_eq!(units, column, "a column within {line:?}");
    line.len()
}

fn completion(item: &Value) -> String {
    let label = item["label"].as_str().expect("a label");
    let insert = item["textEdit"]["newText"].as_str().expect("a text");
    let shown = if insert == label { String::new() } else { format!(" `{insert}`") };
    let detail = item["detail"].as_str().unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
    let detail: String = detail.chars().take(70).collect();
    format!("{}\n", format!("{label}{shown}  {detail}").trim_end())
}

fn symbol(symbol: &Value, depth: usize) -> String {
    let name = symbol["name"].as_str().expect("a name");
    let detail = symbol["detail"].as_str().unwrap_or("");
    let mut out = format!("{}{name}: {detail} ({})\n", "  ".repeat(depth), range(&symbol["selectionRange"]));
    for child in list(&symbol["children"]) {
        out += &self::symbol(child, depth + 1);
    }
    out
}

/// Lines of all texts that an edit changes.
fn changes(server: &Client, program: &Program, edit: &Value) -> String {
    let mut out = String::new();
    for change in list(&edit["documentChanges"]) {
        let path = path_of(server, &change["textDocument"]["uri"]);
        let text = &program.texts.iter().find(|t| t.0 == path).expect("a file").1;
        let after = edited(text, &change["edits"], server.encoding == "utf-8");
        let (before, after): (Vec<&str>, Vec<&str>) = (text.lines().collect(), after.lines().collect());
        for (number, line) in after.iter().enumerate().filter(|(i, l)| before.get(*i) != Some(l)) {
            out += &format!("{path}:{}: {line}\n", number + 1);
        }
    }
    if out.is_empty() { "nothing\n".into() } else { out }
}

fn edited(text: &str, edits: &Value, utf8: bool) -> String {
    let mut starts = vec![0];
    starts.extend(text.match_indices('\n').map(|(at, _)| at + 1));
    let place = |p: &Value| {
        let line = p["line"].as_u64().expect("a line") as usize;
        let Some(start) = starts.get(line) else { return text.len() };
        start + byte(&text[*start..], p["character"].as_u64().expect("a column") as usize, utf8)
    };
    let mut edits: Vec<(usize, usize, &str)> = list(edits)
        .iter()
        .map(|e| (place(&e["range"]["start"]), place(&e["range"]["end"]), e["newText"].as_str().expect("a text")))
        .collect();
    edits.sort();
    let mut out = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out.replace('\r', "␍")
}

const KINDS: [&str; 14] = [
    "keyword",
    "comment",
    "string",
    "number",
    "operator",
    "namespace",
    "type",
    "class",
    "enum",
    "enumMember",
    "function",
    "parameter",
    "variable",
    "property",
];

fn tokens(text: &str, utf8: bool, data: &Value) -> String {
    let numbers: Vec<usize> = list(data).iter().map(|n| n.as_u64().expect("a number") as usize).collect();
    let (mut line, mut column) = (0, 0);
    let mut out: BTreeMap<usize, String> = BTreeMap::new();
    for token in numbers.chunks(5) {
        column = if token[0] == 0 { column + token[1] } else { token[1] };
        line += token[0];
        let written = text.lines().nth(line).expect("a line");
        let [from, to] = [column, column + token[2]].map(|c| byte(written, c, utf8));
        let declared = if token[4] == 1 { "!" } else { "" };
        *out.entry(line).or_default() += &format!(" {}{declared}:{}", KINDS[token[3]], &written[from..to]);
    }
    out.into_iter().map(|(line, tokens)| format!("{}:{tokens}\n", line + 1)).collect()
}

#[test]
fn answers_are_as_they_stand_in_the_cases() {
    let folder = support::root().join("tests/lsp");
    let update = std::env::var_os("UPDATE_LSP").is_some_and(|v| v == "1");
    let mut files = support::files_in(&folder);
    files.retain(|f| f.extension().is_some_and(|e| e == "cases"));
    assert!(files.len() >= 5, "{files:?}");
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        let mut out = String::new();
        for case in text.split("=== ").skip(1) {
            let parsed = Case::parse(case);
            let answers = parsed.answers();
            assert!(!parsed.questions.is_empty(), "{}: nothing is asked", parsed.title);
            let (program, wanted) = case.split_once("\n---\n").unwrap_or((case, ""));
            if wanted.trim_end() != answers.trim_end() {
                wrong.push(format!("{} in {}:\n{}", parsed.title, name(&file), difference(wanted, &answers)));
            }
            out += &format!("=== {program}\n---\n{}\n\n", answers.trim_end());
        }
        if update {
            fs::write(&file, format!("{}\n", out.trim_end())).expect("a file");
        }
    }
    assert!(wrong.is_empty() || update, "{} cases differ\n{}", wrong.len(), wrong.join("\n"));
}

fn name(file: &Path) -> String {
    file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}

fn difference(wanted: &str, found: &str) -> String {
    let found: Vec<&str> = found.trim_end().lines().collect();
    let wanted: Vec<&str> = wanted.trim_end().lines().collect();
    let missing = wanted.iter().filter(|l| !found.contains(l)).map(|l| format!("  - {l}\n"));
    let more = found.iter().filter(|l| !wanted.contains(l)).map(|l| format!("  + {l}\n"));
    missing.chain(more).collect()
}
