//! Messages to answers. One thread does everything; what waits is read before anything is checked, so a burst of keystrokes
//! costs one check.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::{
    CancelParams, DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams, InitializeParams,
    NumberOrString, PublishDiagnosticsParams, Uri,
};
use scenec_compiler::Analysis;
use scenec_ir::{FileId, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::documents::Documents;
use crate::places::{self, Places};
use crate::position::{Encoding, Lines};
use crate::programs::Programs;
use crate::view::View;
use crate::world::{Disk, Kept, Overlay};
use crate::{
    actions, completion, diagnostics, formatting, hover, inlay, navigate, rename, semantic, signature, symbols, wire,
};

/// Quiet after which graphs are made.
const QUIET: Duration = Duration::from_millis(200);
/// Messages that wait to be read.
const MOST_WAITING: usize = 1024;

/// Serves one client until it says `exit` or its messages end. `log` takes one line for the editor's log.
///
/// # Errors
/// Why it ended, when that was not by `shutdown` and `exit`: one line.
pub fn serve(
    input: impl BufRead + Send + 'static,
    output: &mut dyn Write,
    disk: &dyn Disk,
    log: &dyn Fn(&str),
) -> Result<(), String> {
    let (sender, receiver) = sync_channel(MOST_WAITING);
    std::thread::spawn(move || {
        let mut input = input;
        loop {
            let message = wire::read(&mut input);
            let is_last = !matches!(message, Ok(Some(_)));
            if sender.send(message).is_err() || is_last {
                return;
            }
        }
    });
    Server::new(output, disk, log).run(&receiver)
}

/// Why a request has no result.
pub(crate) struct Refusal {
    code: ErrorCode,
    message: String,
}

impl Refusal {
    /// The request is fine, but what it asks can't be done.
    pub fn failed(message: impl Into<String>) -> Self {
        Self { code: ErrorCode::RequestFailed, message: message.into() }
    }
}

/// What the client can do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Client {
    /// Completions with places to fill in.
    pub snippets: bool,
    /// Edits that say which version of a text they are for.
    pub versioned_edits: bool,
}

#[derive(PartialEq)]
enum Phase {
    Fresh,
    Running,
    ShutDown,
}

struct Server<'s> {
    output: &'s mut dyn Write,
    disk: &'s dyn Disk,
    log: &'s dyn Fn(&str),
    phase: Phase,
    encoding: Encoding,
    client: Client,
    places: Places,
    documents: Documents,
    programs: Programs,
    kept: RefCell<Kept>,
    /// What the client was told last, by URI.
    published: BTreeMap<String, (Option<i32>, Vec<lsp_types::Diagnostic>)>,
}

type Input = Result<Option<Message>, String>;

impl<'s> Server<'s> {
    fn new(output: &'s mut dyn Write, disk: &'s dyn Disk, log: &'s dyn Fn(&str)) -> Self {
        Self {
            output,
            disk,
            log,
            phase: Phase::Fresh,
            encoding: Encoding::default(),
            client: Client::default(),
            places: Places::default(),
            documents: Documents::default(),
            programs: Programs::default(),
            kept: RefCell::default(),
            published: BTreeMap::new(),
        }
    }

    fn run(mut self, input: &Receiver<Input>) -> Result<(), String> {
        loop {
            let first = if self.programs.can_lower() {
                match input.recv_timeout(QUIET) {
                    Err(RecvTimeoutError::Timeout) => {
                        self.lower();
                        self.publish()?;
                        continue;
                    }
                    other => other.map_err(|_| ()),
                }
            } else {
                input.recv().map_err(|_| ())
            };
            let mut waiting = vec![first.unwrap_or(Ok(None))];
            while let Ok(message) = input.try_recv() {
                waiting.push(message);
            }
            let cancelled = cancelled(&waiting);
            for message in waiting {
                match message? {
                    None if self.phase == Phase::ShutDown => return Ok(()),
                    None => return Err("the client is gone without a word".into()),
                    Some(Message::Notification(note)) if note.method == "exit" => {
                        return match self.phase {
                            Phase::ShutDown => Ok(()),
                            _ => Err("`exit` without `shutdown`".into()),
                        };
                    }
                    Some(Message::Notification(note)) => self.notification(note)?,
                    Some(Message::Request(request)) if cancelled.contains(&request.id) => {
                        self.refuse(request.id, ErrorCode::RequestCanceled, "cancelled".into())?;
                    }
                    Some(Message::Request(request)) => self.request(request)?,
                    Some(Message::Response(_)) => {}
                }
            }
            self.refresh();
            self.publish()?;
            self.programs.tidy();
        }
    }

    fn send(&mut self, message: &Message) -> Result<(), String> {
        let sent = message.clone().write(&mut self.output).and_then(|()| self.output.flush());
        sent.map_err(|e| format!("the client does not listen: {e}"))
    }

    fn refuse(&mut self, id: RequestId, code: ErrorCode, message: String) -> Result<(), String> {
        self.send(&Response::new_err(id, code as i32, message).into())
    }

    fn request(&mut self, request: Request) -> Result<(), String> {
        let id = request.id.clone();
        match (&self.phase, request.method.as_str()) {
            (Phase::Fresh, "initialize") => {
                let result = match serde_json::from_value::<InitializeParams>(request.params) {
                    Ok(params) => self.initialize(&params),
                    Err(e) => return self.refuse(id, ErrorCode::InvalidParams, e.to_string()),
                };
                return self.send(&Response::new_ok(id, result).into());
            }
            (Phase::Fresh, _) => {
                let message = "the first request is `initialize`".to_owned();
                return self.refuse(id, ErrorCode::ServerNotInitialized, message);
            }
            (Phase::Running, "shutdown") => {
                self.phase = Phase::ShutDown;
                return self.send(&Response::new_ok(id, Value::Null).into());
            }
            (Phase::Running, "initialize") | (Phase::ShutDown, _) => {
                let message = format!("`{}` is not expected here", request.method);
                return self.refuse(id, ErrorCode::InvalidRequest, message);
            }
            (Phase::Running, _) => {}
        }
        self.refresh();
        // A bug must not take the editor's language support away; the texts are still good.
        let answer = catch_unwind(AssertUnwindSafe(|| self.answer(&request)));
        match answer {
            Ok(Ok(result)) => self.send(&Response::new_ok(id, result).into()),
            Ok(Err(refusal)) => self.refuse(id, refusal.code, refusal.message),
            Err(_) => {
                (self.log)(&format!("a bug in the answer to `{}`", request.method));
                self.refuse(id, ErrorCode::InternalError, "a bug in scenec; its log says where".into())
            }
        }
    }

    fn initialize(&mut self, params: &InitializeParams) -> Value {
        self.phase = Phase::Running;
        let value = serde_json::to_value(params).unwrap_or_default();
        let knows_utf8 = value["capabilities"]["general"]["positionEncodings"]
            .as_array()
            .is_some_and(|known| known.iter().any(|k| k == "utf-8"));
        self.encoding = if knows_utf8 { Encoding::Utf8 } else { Encoding::Utf16 };
        let able = |path: &str| value["capabilities"].pointer(path).and_then(Value::as_bool).unwrap_or(false);
        self.client = Client {
            snippets: able("/textDocument/completion/completionItem/snippetSupport"),
            versioned_edits: able("/workspace/workspaceEdit/documentChanges"),
        };
        let folder = value["workspaceFolders"][0]["uri"].as_str().or(value["rootUri"].as_str());
        self.places = Places::new(folder);
        serde_json::json!({
            "serverInfo": {"name": "scenec", "version": env!("CARGO_PKG_VERSION")},
            "capabilities": {
                "positionEncoding": if knows_utf8 { "utf-8" } else { "utf-16" },
                "textDocumentSync": {"openClose": true, "change": 2, "save": true},
                "hoverProvider": true,
                "definitionProvider": true,
                "referencesProvider": true,
                "documentHighlightProvider": true,
                "documentSymbolProvider": true,
                "workspaceSymbolProvider": true,
                "signatureHelpProvider": {"triggerCharacters": signature::TRIGGERS},
                "documentFormattingProvider": true,
                "inlayHintProvider": true,
                "renameProvider": {"prepareProvider": true},
                "codeActionProvider": {"codeActionKinds": actions::KINDS},
                "completionProvider": {"triggerCharacters": completion::TRIGGERS},
                "semanticTokensProvider": {"legend": semantic::legend(), "full": true},
            },
        })
    }

    fn notification(&mut self, note: Notification) -> Result<(), String> {
        if self.phase != Phase::Running {
            return Ok(());
        }
        match note.method.as_str() {
            "textDocument/didOpen" => {
                if let Some(params) = self.read::<DidOpenTextDocumentParams>(note) {
                    let document = params.text_document;
                    let uri = document.uri.as_str();
                    let name = self.places.name(uri);
                    self.documents.open(name.clone(), uri, document.version, document.text);
                    self.programs.touch_all();
                }
            }
            "textDocument/didChange" => {
                if let Some(params) = self.read::<DidChangeTextDocumentParams>(note) {
                    let document = params.text_document;
                    let name = self.places.name(document.uri.as_str());
                    let encoding = self.encoding;
                    if self.documents.change(&name, document.version, params.content_changes, encoding) {
                        self.programs.touch(&name);
                    } else {
                        (self.log)(&format!("`{}` is changed, but is not open", document.uri.as_str()));
                    }
                }
            }
            "textDocument/didClose" => {
                if let Some(params) = self.read::<DidCloseTextDocumentParams>(note) {
                    self.documents.close(&self.places.name(params.text_document.uri.as_str()));
                    self.programs.touch_all();
                }
            }
            "textDocument/didSave" | "workspace/didChangeWatchedFiles" => {
                self.kept.borrow_mut().forget();
                self.programs.touch_all();
            }
            _ => {}
        }
        Ok(())
    }

    fn read<P: DeserializeOwned>(&self, note: Notification) -> Option<P> {
        match serde_json::from_value(note.params) {
            Ok(params) => Some(params),
            Err(e) => {
                (self.log)(&format!("`{}` can't be read: {e}", note.method));
                None
            }
        }
    }

    /// Does something with the world, or takes back everything that is known when there is a bug in it.
    fn with_world(&mut self, what: &str, task: impl FnOnce(&mut Programs, &Overlay<'_>, &BTreeSet<String>)) {
        let names = self.documents.names();
        let Self { programs, disk, places, documents, kept, .. } = self;
        let overlay = Overlay { disk: *disk, places, open: documents.texts(), kept };
        if catch_unwind(AssertUnwindSafe(|| task(programs, &overlay, &names))).is_err() {
            (self.log)(&format!("a bug while {what}; it is left out until the next edit"));
            self.programs = Programs::default();
        }
    }

    fn refresh(&mut self) {
        let unknown = self.documents.names().iter().any(|n| self.programs.of(n).is_none());
        if unknown || self.programs.is_dirty() {
            self.with_world("checking", |programs, world, names| programs.refresh(world, names));
        }
    }

    fn lower(&mut self) {
        self.with_world("making a graph", |programs, world, _| programs.lower(world));
    }

    /// Tells what has changed since it was told last.
    fn publish(&mut self) -> Result<(), String> {
        let mut now: BTreeMap<String, (Option<i32>, Vec<lsp_types::Diagnostic>)> = BTreeMap::new();
        let lines: RefCell<BTreeMap<(*const Analysis, FileId), Rc<Lines>>> = RefCell::default();
        for (name, found) in self.programs.diagnostics() {
            let listed = found
                .iter()
                .map(|(analysis, diagnostic)| {
                    let sources = &analysis.compilation.sources;
                    let range = |span: Span| {
                        let text = &sources.file(span.file).text;
                        let key = (Rc::as_ptr(analysis), span.file);
                        let lines = lines.borrow_mut().entry(key).or_insert_with(|| Rc::new(Lines::of(text))).clone();
                        lines.range(text, span.range(), self.encoding)
                    };
                    let uri = |file| places::parse(&self.documents.uri(&sources.file(file).path, &self.places));
                    diagnostics::diagnostic(diagnostic, &range, &uri)
                })
                .collect();
            let version = self.documents.get(&name).map(|d| d.version);
            now.insert(self.documents.uri(&name, &self.places), (version, listed));
        }
        let gone = self.published.keys().filter(|uri| !now.contains_key(*uri)).map(|uri| (uri.clone(), (None, vec![])));
        let told: Vec<_> = now.iter().map(|(uri, found)| (uri.clone(), found.clone())).chain(gone).collect();
        for (uri, found) in told {
            let before = self.published.get(&uri);
            // A module that is neither open nor wrong is not worth a message.
            let is_news = before.map_or(found.0.is_some() || !found.1.is_empty(), |b| *b != found);
            let Some(parsed) = places::parse(&uri).filter(|_| is_news) else { continue };
            let (version, listed) = found;
            self.notify("textDocument/publishDiagnostics", &PublishDiagnosticsParams::new(parsed, listed, version))?;
        }
        self.published = now;
        Ok(())
    }

    fn notify(&mut self, method: &str, params: &impl Serialize) -> Result<(), String> {
        let params = serde_json::to_value(params).map_err(|e| e.to_string())?;
        self.send(&Notification { method: method.to_owned(), params }.into())
    }

    /// Names of all programs; what several of them use comes once.
    fn names(&self, query: &str) -> Result<Value, Refusal> {
        let overlay = Overlay { disk: self.disk, places: &self.places, open: self.documents.texts(), kept: &self.kept };
        let mut found: Vec<lsp_types::WorkspaceSymbol> = Vec::new();
        for (root, analysis) in self.all() {
            let view = View::new(analysis, &root, self.encoding, &self.documents, &self.places, &overlay);
            for symbol in view.iter().flat_map(|view| symbols::search(view, query)) {
                if !found.contains(&symbol) {
                    found.push(symbol);
                }
            }
        }
        serde_json::to_value(found).map_err(|e| Refusal { code: ErrorCode::InternalError, message: e.to_string() })
    }

    fn answer(&self, request: &Request) -> Result<Value, Refusal> {
        if request.method == "workspace/symbol" {
            return self.names(request.params["query"].as_str().unwrap_or_default());
        }
        let uri = request.params["textDocument"]["uri"].as_str().unwrap_or_default();
        match request.method.as_str() {
            "textDocument/hover" => self.ask(request, uri, |view, p| Ok(hover::hover(view, &p))),
            "textDocument/definition" => self.ask(request, uri, |view, p| Ok(navigate::definition(view, &p))),
            "textDocument/references" => {
                self.ask(request, uri, |view, p| Ok(navigate::references(view, self.all(), &p)))
            }
            "textDocument/documentHighlight" => self.ask(request, uri, |view, p| Ok(navigate::highlights(view, &p))),
            "textDocument/documentSymbol" => self.ask(request, uri, |view, ()| Ok(symbols::symbols(view))),
            "textDocument/completion" => {
                self.ask(request, uri, |view, p| Ok(completion::completion(view, self.client, &p)))
            }
            "textDocument/signatureHelp" => self.ask(request, uri, |view, p| Ok(signature::help(view, &p))),
            "textDocument/inlayHint" => self.ask(request, uri, |view, p| Ok(inlay::hints(view, &p))),
            "textDocument/semanticTokens/full" => self.ask(request, uri, |view, ()| Ok(semantic::tokens(view))),
            "textDocument/codeAction" => self.ask(request, uri, |view, p| Ok(actions::actions(view, self.client, &p))),
            "textDocument/formatting" => self.ask(request, uri, |view, ()| formatting::formatting(view)),
            "textDocument/prepareRename" => self.ask(request, uri, |view, p| rename::prepare(view, &p)),
            "textDocument/rename" => {
                self.ask(request, uri, |view, p| rename::rename(view, self.all(), self.client, &p))
            }
            method => Err(Refusal { code: ErrorCode::MethodNotFound, message: format!("`{method}` is not served") }),
        }
    }

    fn all(&self) -> Vec<(String, Rc<Analysis>)> {
        self.programs.analyses().map(|(root, analysis)| (root.to_owned(), analysis.clone())).collect()
    }

    /// Asks a feature about a document; one that is not known gives no result.
    fn ask<P: DeserializeOwned, R: Serialize>(
        &self,
        request: &Request,
        uri: &str,
        feature: impl FnOnce(&View<'_>, P) -> Result<R, Refusal>,
    ) -> Result<Value, Refusal> {
        let invalid = |e: serde_json::Error| Refusal { code: ErrorCode::InvalidParams, message: e.to_string() };
        let Some(name) = places::parse(uri).map(|uri: Uri| self.places.name(uri.as_str())) else {
            return Err(Refusal { code: ErrorCode::InvalidParams, message: format!("`{uri}` is no URI") });
        };
        // Features that take nothing but the document read `null`.
        let params = serde_json::from_value(request.params.clone())
            .or_else(|e| serde_json::from_value(Value::Null).map_err(|_| e))
            .map_err(invalid)?;
        let overlay = Overlay { disk: self.disk, places: &self.places, open: self.documents.texts(), kept: &self.kept };
        let Some(view) = self
            .programs
            .of(&name)
            .and_then(|analysis| View::new(analysis, &name, self.encoding, &self.documents, &self.places, &overlay))
        else {
            return Ok(Value::Null);
        };
        serde_json::to_value(feature(&view, params)?).map_err(invalid)
    }
}

/// Requests among the waiting messages that are taken back there.
fn cancelled(waiting: &[Input]) -> BTreeSet<RequestId> {
    let ids = waiting.iter().filter_map(|message| match message {
        Ok(Some(Message::Notification(note))) if note.method == "$/cancelRequest" => {
            match serde_json::from_value::<CancelParams>(note.params.clone()).ok()?.id {
                NumberOrString::Number(id) => Some(RequestId::from(id)),
                NumberOrString::String(id) => Some(RequestId::from(id)),
            }
        }
        _ => None,
    });
    ids.collect()
}
