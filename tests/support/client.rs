//! A client of the language server: starts the binary, speaks over its standard input and output.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// An answer that takes longer is a hang.
const PATIENCE: Duration = Duration::from_secs(60);

pub struct Client {
    pub child: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    requests: i64,
    /// What the server said last of each document.
    pub diagnostics: BTreeMap<String, Value>,
    pub encoding: String,
    folder: String,
}

/// The server, not yet initialised.
pub fn start(folder: &Path) -> Client {
    let mut child = Command::new(env!("CARGO_BIN_EXE_scenec"))
        .arg("lsp")
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let input = child.stdin.take();
    let mut stdout = BufReader::new(child.stdout.take().expect("an output"));
    let (sender, output) = channel();
    std::thread::spawn(move || {
        while let Some(message) = receive(&mut stdout) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    let folder = format!("file://{}", folder.display());
    Client { child, input, output, requests: 0, diagnostics: BTreeMap::new(), encoding: String::new(), folder }
}

/// The server, initialised with these capabilities of the client.
pub fn client(folder: &Path, capabilities: Value) -> Client {
    let mut client = start(folder);
    let folder = client.folder.clone();
    let params = json!({"processId": null, "rootUri": folder, "capabilities": capabilities});
    let result = client.request("initialize", params).expect("it is served");
    client.encoding = result["capabilities"]["positionEncoding"].as_str().expect("an encoding").to_owned();
    client.notify("initialized", json!({}));
    client
}

fn receive(input: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().expect("a length");
                }
            }
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(serde_json::from_slice(&body).expect("JSON"))
}

impl Client {
    pub fn write(&mut self, bytes: &[u8]) {
        let input = self.input.as_mut().expect("an open input");
        input.write_all(bytes).and_then(|()| input.flush()).expect("it listens");
    }

    pub fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.write(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Sends a request and gives its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    /// The result of a request, or its error.
    pub fn answer(&mut self, id: i64) -> Result<Value, Value> {
        loop {
            let message = self.next().expect("the server lives");
            if message["id"] == id {
                return match message.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(message["result"].clone()),
                };
            }
        }
    }

    pub fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// The next message; `None` when the server is gone.
    pub fn next(&mut self) -> Option<Value> {
        match self.output.recv_timeout(PATIENCE) {
            Ok(message) => {
                if message["method"] == "textDocument/publishDiagnostics" {
                    let uri = message["params"]["uri"].as_str().expect("a URI").to_owned();
                    self.diagnostics.insert(uri, message["params"].clone());
                }
                Some(message)
            }
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                let _ = self.child.kill();
                panic!("no message for {PATIENCE:?}")
            }
            Err(_) => None,
        }
    }

    pub fn uri(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    pub fn open(&mut self, name: &str, text: &str) {
        let document = json!({"uri": self.uri(name), "languageId": "ngs", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes a document; without a range the whole text.
    pub fn change(&mut self, name: &str, version: i64, range: Option<Value>, text: &str) {
        let change = match range {
            Some(range) => json!({"range": range, "text": text}),
            None => json!({"text": text}),
        };
        let document = json!({"uri": self.uri(name), "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": [change]}));
    }

    /// Waits until the server has said what it has to say of a version of a document.
    pub fn diagnosed(&mut self, name: &str, version: i64) -> Vec<Value> {
        let uri = self.uri(name);
        loop {
            if let Some(said) = self.diagnostics.get(&uri).filter(|d| d["version"] == version) {
                return said["diagnostics"].as_array().expect("a list").clone();
            }
            self.next().expect("the server lives");
        }
    }

    /// `shutdown` and `exit`; gives the exit code and what was written to standard error.
    pub fn end(mut self) -> (Option<i32>, String) {
        self.request("shutdown", Value::Null).expect("it is served");
        self.notify("exit", Value::Null);
        self.wait()
    }

    /// Closes the input and waits for the end.
    pub fn wait(mut self) -> (Option<i32>, String) {
        self.input = None;
        while self.next().is_some() {}
        let mut text = String::new();
        self.child.stderr.take().expect("an output").read_to_string(&mut text).expect("text");
        (self.child.wait().expect("an end").code(), text)
    }
}
