//! `scenec lsp` as an editor meets it: its life, its input, its versions. What it answers stands in `tests/lsp`.

#[path = "support/client.rs"]
mod client;
mod support;

use std::fs;

use client::{client, start};
use serde_json::{Value, json};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|d| d["code"].as_str().expect("a code")).collect()
}

#[test]
fn it_starts_and_ends_as_the_protocol_says() {
    let folder = folder();
    let mut early = start(folder.path());
    let refused = early.request("textDocument/hover", json!({})).expect_err("it is not initialised");
    assert_eq!(refused["code"], -32002);
    early.notify("exit", Value::Null);
    let (code, said) = early.wait();
    assert_eq!((code, said.as_str()), (Some(1), "scenec lsp: `exit` without `shutdown`\n"));

    let (code, said) = client(folder.path(), json!({})).end();
    assert_eq!((code, said.as_str()), (Some(0), ""));

    let mut late = client(folder.path(), json!({}));
    late.request("shutdown", Value::Null).expect("it is served");
    let refused = late.request("textDocument/hover", json!({})).expect_err("it is shut down");
    assert_eq!(refused["code"], -32600);
    assert_eq!(late.wait().0, Some(0), "the end of the input is an exit");

    let (code, said) = client(folder.path(), json!({})).wait();
    assert_eq!((code, said.as_str()), (Some(1), "scenec lsp: the client is gone without a word\n"));
}

#[test]
fn what_is_no_protocol_ends_it_with_a_reason() {
    let folder = folder();
    for (input, wanted) in [
        (&b"{\"jsonrpc\": \"2.0\"}\n"[..], "is no header: is this a language client?"),
        (b"Content-Length: 99999999999\r\n\r\n", "bytes, 67108864 are read"),
        (b"Content-Length: 12\r\n\r\nnot a JSON-!", "a message is no JSON-RPC"),
        (b"Content-Length: 50\r\n\r\n{}", "the input ends within a message"),
        (&[0xff; 5000], "a header line has more than 4096 bytes"),
    ] {
        let mut server = start(folder.path());
        server.write(input);
        let (code, said) = server.wait();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(wanted) && !said.contains("bug"), "{said}");
    }
}

#[test]
fn odd_requests_are_refused_and_the_server_lives() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open("a.ngs", "ngs 1\nlet a = 1\n");
    let uri = server.uri("a.ngs");
    for (method, params, wanted) in [
        ("textDocument/moonPhase", json!({"textDocument": {"uri": uri}}), json!(-32601)),
        ("textDocument/hover", json!({"textDocument": {"uri": uri}}), json!(-32602)),
        ("textDocument/hover", json!({"textDocument": {"uri": "no uri"}, "position": {}}), json!(-32602)),
        ("textDocument/hover", json!([1]), json!(-32602)),
    ] {
        let refused = server.request(method, params).expect_err("it is refused");
        assert_eq!(refused["code"], wanted, "{method}: {refused}");
    }
    // Unknown notifications, edits of what is not open and notifications that can't be read are let pass.
    server.notify("$/odd", json!({}));
    server.change("b.ngs", 2, None, "ngs 1\n");
    server.notify("textDocument/didOpen", json!({"textDocument": 3}));
    let far = json!({"line": 4_000_000_000u32, "character": 4_000_000_000u32});
    let hover = server.request("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": far}));
    assert_eq!(hover, Ok(Value::Null));
    let hover = server.request(
        "textDocument/hover",
        json!({"textDocument": {"uri": server.uri("unknown.ngs")}, "position": {"line": 0, "character": 0}}),
    );
    assert_eq!(hover, Ok(Value::Null), "nothing is known of it");
    let (code, said) = server.end();
    assert_eq!(code, Some(0));
    assert!(said.contains("`textDocument/didOpen` can't be read"), "{said}");
    assert!(said.contains("is changed, but is not open"), "{said}");
}

#[test]
fn mistakes_are_told_as_they_come_and_go() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open("scene.ngs", "ngs 1\nlet gap: Length = 4\nlet b = gap\nlet _c = b\n");
    let found = server.diagnosed("scene.ngs", 1);
    assert_eq!(codes(&found), ["E0301"]);
    assert_eq!(found[0]["range"], json!({"start": {"line": 1, "character": 18}, "end": {"line": 1, "character": 19}}));
    assert_eq!(found[0]["severity"], 1);
    let said = found[0]["message"].as_str().expect("a message");
    assert_eq!(said, "`gap` is a Length, but `4` has no unit\na unit is missing");
    assert_eq!(found[0]["relatedInformation"][0]["location"]["range"]["start"]["line"], 1);
    // One letter.
    let at = json!({"line": 1, "character": 19});
    server.change("scene.ngs", 2, Some(json!({"start": at, "end": at})), "m");
    assert_eq!(server.diagnosed("scene.ngs", 2), Vec::<Value>::new());
    server.change("scene.ngs", 3, None, "ngs 1\nlet gap: Length = 4s\nlet _b = gap\n");
    assert_eq!(codes(&server.diagnosed("scene.ngs", 3)), ["E0302"]);
    let uri = server.uri("scene.ngs");
    server.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    while server.diagnostics[&uri]["diagnostics"] != json!([]) {
        server.next().expect("the server lives");
    }
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn a_burst_of_edits_is_told_once_and_in_order() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open("scene.ngs", "ngs 1\n");
    server.diagnosed("scene.ngs", 1);
    let mut text = String::new();
    for version in 2..200 {
        text = format!("ngs 1\nlet _a = {}\n", "(".repeat(version as usize % 7));
        server.change("scene.ngs", version, None, &text);
    }
    let cancelled =
        server.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": server.uri("scene.ngs")}}));
    server.notify("$/cancelRequest", json!({"id": cancelled}));
    // It may have been answered before it was taken back.
    if let Err(error) = server.answer(cancelled) {
        assert_eq!(error["code"], -32800);
    }
    let found = server.diagnosed("scene.ngs", 199);
    fs::write(folder.path().join("same.ngs"), &text).expect("a file");
    let checked = support::scenec(folder.path(), &["check", "same.ngs", "--message-format", "json"]);
    let said = support::stdout(&checked);
    let wanted: Vec<Value> = said.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(codes(&found), codes(&wanted));
}

#[test]
fn modules_of_an_open_program_are_checked_with_it() {
    let folder = folder();
    let here = folder.path();
    let kit = "ngs 1\ncomponent Post(height: Length = 2m) {\n  shaft = cylinder(radius: 5cm, height: height)\n}\n";
    fs::write(here.join("kit.ngs"), kit).expect("a file");
    let mut server = client(here, json!({}));
    let scene = "ngs 1\nuse \"kit.ngs\" { Post }\nenvironment yard {\n  sky = constant_sky()\n  a = Post(height: 3m)\n}\ncamera main { frame: a }\n";
    server.open("scene.ngs", scene);
    assert_eq!(codes(&server.diagnosed("scene.ngs", 1)), Vec::<&str>::new());
    // The text that is open counts, not the one on disk.
    server.open("kit.ngs", &kit.replace("height: Length", "tall: Length").replace("height: height", "height: tall"));
    while codes(&server.diagnosed("scene.ngs", 1)) != ["E0203"] {
        server.next().expect("the server lives");
    }
    server.change("kit.ngs", 2, None, &kit.replace("5cm", "5kg"));
    assert_eq!(codes(&server.diagnosed("kit.ngs", 2)), ["E0302"]);
    while codes(&server.diagnosed("scene.ngs", 1)) != Vec::<&str>::new() {
        server.next().expect("the server lives");
    }
    // Closed, it is what is on disk again.
    let uri = server.uri("kit.ngs");
    server.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    while server.diagnostics[&uri]["diagnostics"] != json!([]) {
        server.next().expect("the server lives");
    }
    // A module that is not open can be wrong, too.
    fs::write(here.join("kit.ngs"), kit.replace("2m", "2")).expect("a file");
    server.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": 2}]}));
    while server.diagnostics[&uri]["diagnostics"] == json!([]) {
        server.next().expect("the server lives");
    }
    assert_eq!(codes(server.diagnostics[&uri]["diagnostics"].as_array().expect("a list")), ["E0301"]);
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn a_library_is_not_told_that_nobody_uses_it() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open(
        "kit.ngs",
        "ngs 1\nlet width = 4m\ncomponent Post(_height: Length = 2m, gap: Length = 1m) {\n  a = box(size: 1m)\n}\n",
    );
    let found = server.diagnosed("kit.ngs", 1);
    assert_eq!(codes(&found), ["W0201"]);
    assert!(found[0]["message"].as_str().expect("a message").contains("`gap`"), "{found:?}");
}

/// What is found while the graph is made comes when nobody types.
#[test]
fn what_only_the_graph_shows_is_told_too() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    let scene = "ngs 1\nenvironment yard {\n  sky = constant_sky()\n  other = constant_sky()\n  a = sphere(radius: 1m)\n}\n\
        camera main { frame: a }\nshot s { camera: main }\noutput still { image: render(s) |> view(agx), file: \"a.png\" }\n";
    server.open("scene.ngs", scene);
    while codes(&server.diagnosed("scene.ngs", 1)) != ["E0408"] {
        server.next().expect("the server lives");
    }
}

#[test]
fn columns_are_counted_as_agreed() {
    let folder = folder();
    let text = "ngs 1\r\n/* 😀ü */ let gap: Length = 4\r\nlet _b = gap\r\n";
    for (offered, agreed, column) in [
        (json!({}), "utf-16", 28),
        (json!({"general": {"positionEncodings": ["utf-16"]}}), "utf-16", 28),
        (json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}}), "utf-8", 31),
    ] {
        let mut server = client(folder.path(), offered);
        assert_eq!(server.encoding, agreed);
        server.open("scene.ngs", text);
        let found = server.diagnosed("scene.ngs", 1);
        assert_eq!(found[0]["range"]["start"], json!({"line": 1, "character": column}));
        // An edit behind them, counted the same way.
        let at = json!({"line": 1, "character": column + 1});
        server.change("scene.ngs", 2, Some(json!({"start": at, "end": at})), "m");
        assert_eq!(codes(&server.diagnosed("scene.ngs", 2)), Vec::<&str>::new());
        assert_eq!(server.end().0, Some(0));
    }
}

#[test]
fn odd_texts_neither_stop_nor_slow_it() {
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    let deep = format!("ngs 1\nlet a = {}1{}\n", "(".repeat(200_000), ")".repeat(200_000));
    let calls = format!("ngs 1\nlet a = {}", "f(g: ".repeat(50_000));
    let wide = format!("ngs 1\n{}", "let a = 1 +\n".repeat(20_000));
    let large = format!("ngs 1\n// {}\n", "x".repeat(5 << 20));
    let texts = [deep, calls, wide, large, "\u{0}\u{1}\u{feff}\"".repeat(999), String::new(), "\r".repeat(9999)];
    for (at, text) in texts.iter().enumerate() {
        let name = format!("odd{at}.ngs");
        server.open(&name, text);
        let uri = server.uri(&name);
        let document = json!({"uri": uri});
        let position = json!({"line": 1, "character": 12});
        for method in
            ["hover", "completion", "definition", "documentSymbol", "semanticTokens/full", "documentHighlight"]
        {
            let params = json!({"textDocument": document, "position": position});
            server.request(&format!("textDocument/{method}"), params).unwrap_or_else(|e| panic!("{method}: {e}"));
        }
        let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        let params = json!({"textDocument": document, "range": whole, "context": {"diagnostics": []}});
        server.request("textDocument/codeAction", params.clone()).expect("it is served");
        server.request("textDocument/inlayHint", params).expect("it is served");
        // Most can't be formatted, and say so.
        let _ = server.request("textDocument/formatting", json!({"textDocument": document, "options": {}}));
        server.notify("textDocument/didClose", json!({"textDocument": document}));
    }
    let (code, said) = server.end();
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

/// Every prefix of a real program, as if it were typed.
#[test]
fn a_program_that_is_typed_letter_by_letter_is_served_all_along() {
    let text = fs::read_to_string(support::root().join("examples/scenes/harbour.ngs")).expect("a scene");
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open("scene.ngs", "");
    let uri = server.uri("scene.ngs");
    let mut version = 1;
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(3).collect();
    for end in ends {
        version += 1;
        server.change("scene.ngs", version, None, &text[..end]);
        let line = text[..end].matches('\n').count();
        let column = text[..end].rsplit('\n').next().unwrap_or("").encode_utf16().count();
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": column}});
        for method in ["textDocument/completion", "textDocument/hover"] {
            server.request(method, params.clone()).unwrap_or_else(|e| panic!("{:?}: {e}", &text[..end]));
        }
    }
    let (code, said) = server.end();
    assert_eq!((code, said.as_str()), (Some(0), ""));
}

/// Two programs use one module; a name of it changes in all three files, whether they are open or not.
#[test]
fn a_rename_reaches_every_open_program() {
    let folder = folder();
    let here = folder.path();
    fs::write(here.join("kit.ngs"), "ngs 1\nlet width = 1m\n").expect("a file");
    let mut server = client(here, json!({"workspace": {"workspaceEdit": {"documentChanges": true}}}));
    server.open("a.ngs", "ngs 1\nuse \"kit.ngs\" as kit\nlet _a = kit.width\n");
    server.open("b.ngs", "ngs 1\nuse \"kit.ngs\" { width }\nlet _b = width\nlet span = 2m\n");
    let uri = server.uri("a.ngs");
    let mut params = json!({
        "textDocument": {"uri": uri}, "position": {"line": 2, "character": 14}, "newName": "length",
    });
    let edit = server.request("textDocument/rename", params.clone()).expect("it can be done");
    let mut changed: Vec<(String, Value, usize)> = edit["documentChanges"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| {
            let document = &change["textDocument"];
            let name = document["uri"].as_str().expect("a URI").rsplit('/').next().expect("a name").to_owned();
            (name, document["version"].clone(), change["edits"].as_array().expect("a list").len())
        })
        .collect();
    changed.sort_by(|a, b| a.0.cmp(&b.0));
    let wanted = [("a.ngs", json!(1), 1), ("b.ngs", json!(1), 2), ("kit.ngs", Value::Null, 1)];
    assert_eq!(changed, wanted.map(|(name, version, edits)| (name.to_owned(), version, edits)));
    // The other program has that name already.
    params["newName"] = json!("span");
    let refused = server.request("textDocument/rename", params).expect_err("it is taken");
    assert_eq!(refused["message"], "`width` can't become `span`: `span` is defined twice");
    assert_eq!(server.end().0, Some(0));
}

/// Real programs and those of the cases with random edits, and every question at random places. `SCENEC_FUZZ_SECONDS` goes on longer.
#[test]
fn random_edits_are_served() {
    const PIECES: [&str; 36] = [
        "\"",
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        "=",
        ".",
        "/*",
        "*/",
        "//",
        "\u{1f600}",
        "ü",
        "\r\n",
        "\n",
        "for",
        "if",
        "else",
        "set",
        "at",
        "enum",
        "use",
        "4m",
        "#fff",
        "|>",
        "..",
        "bible Mira {",
        "override a.",
        "override a[1].b = ",
        "set a.",
        "== ",
        "\u{0}",
        "\t",
    ];
    const QUESTIONS: [&str; 8] = [
        "hover",
        "completion",
        "definition",
        "documentHighlight",
        "references",
        "prepareRename",
        "rename",
        "signatureHelp",
    ];
    const WHOLE: [&str; 5] = ["documentSymbol", "inlayHint", "semanticTokens/full", "formatting", "codeAction"];
    let seconds = std::env::var("SCENEC_FUZZ_SECONDS").ok().and_then(|s| s.parse::<u64>().ok()).unwrap_or(0);
    let mut texts: Vec<String> = Vec::new();
    for file in support::files_in(&support::root().join("examples/scenes")) {
        texts.push(fs::read_to_string(file).expect("a text"));
    }
    for file in support::files_in(&support::root().join("tests/lsp")) {
        let cases = fs::read_to_string(file).expect("a text");
        let programs = cases.split("=== ").skip(1).filter_map(|c| c.split_once("\n---\n")?.0.split_once('\n'));
        texts.extend(programs.map(|(_, program)| program.to_owned()));
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let folder = folder();
    let mut server = client(folder.path(), json!({}));
    server.open("scene.ngs", "");
    let document = json!({"uri": server.uri("scene.ngs")});
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
    let start = std::time::Instant::now();
    let mut version = 1;
    while version < 120 || start.elapsed().as_secs() < seconds {
        let mut text: Vec<char> = texts[random(texts.len())].chars().collect();
        for _ in 0..random(6) {
            let at = random(text.len() + 1);
            let end = (at + [0, 0, 1, 2, 5, 40][random(6)]).min(text.len());
            text.splice(at..end, PIECES[random(PIECES.len())].chars());
        }
        let text: String = text.into_iter().collect();
        version += 1;
        server.change("scene.ngs", version, None, &text);
        let mut requests = Vec::new();
        for _ in 0..4 {
            let position = json!({"line": random(text.lines().count() + 1), "character": random(60)});
            for question in QUESTIONS {
                let context = json!({"includeDeclaration": true, "triggerKind": 1, "isRetrigger": false});
                let new = ["gap", "x", "Post", "rain"][random(4)];
                requests.push((question, json!({"position": position, "context": context, "newName": new})));
            }
        }
        for question in WHOLE {
            let only = ["quickfix", "source"][random(2)];
            let context = json!({"diagnostics": [], "only": [only]});
            requests.push((question, json!({"range": range, "context": context, "options": {}})));
        }
        let letters: String = text.chars().take(random(4)).collect();
        server.request("workspace/symbol", json!({"query": letters})).expect("it is served");
        for (question, mut params) in requests {
            params["textDocument"] = document.clone();
            if let Err(error) = server.request(&format!("textDocument/{question}"), params) {
                // What can't be done is refused; anything else is a bug.
                assert_eq!(error["code"], -32803, "{question}: {error}\n{text}");
            }
        }
    }
    let (code, said) = server.end();
    assert_eq!((code, said.as_str()), (Some(0), ""));
}
