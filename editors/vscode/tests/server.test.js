// `scenec lsp` as a client of the protocol's own library sees it.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { spawn } = require("node:child_process");
const { pathToFileURL } = require("node:url");
const { test } = require("node:test");
const protocol = require("vscode-languageserver-protocol/node");
const { root, scenec } = require("./scenec");

/** A client of a server that was just started. */
async function start(folder) {
  const child = spawn(scenec(), ["lsp"], { cwd: folder, stdio: ["pipe", "pipe", "inherit"] });
  const connection = protocol.createProtocolConnection(
    new protocol.StreamMessageReader(child.stdout),
    new protocol.StreamMessageWriter(child.stdin),
  );
  const told = new Map();
  const waiting = [];
  connection.onNotification(protocol.PublishDiagnosticsNotification.type, (params) => {
    told.set(params.uri, params.diagnostics);
    waiting.splice(0).forEach((wake) => wake());
  });
  connection.listen();
  const uri = pathToFileURL(folder).href;
  const answer = await connection.sendRequest(protocol.InitializeRequest.type, {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: "scenes" }],
    capabilities: { textDocument: { publishDiagnostics: {}, hover: { contentFormat: ["markdown"] } } },
  });
  await connection.sendNotification(protocol.InitializedNotification.type, {});
  const until = async (uri, holds) => {
    while (!told.has(uri) || !holds(told.get(uri))) await new Promise((wake) => waiting.push(wake));
    return told.get(uri);
  };
  const end = async () => {
    const ended = new Promise((done) => child.on("exit", done));
    await connection.sendRequest(protocol.ShutdownRequest.type);
    await connection.sendNotification(protocol.ExitNotification.type);
    assert.strictEqual(await ended, 0);
    connection.dispose();
  };
  return { connection, capabilities: answer.capabilities, until, end };
}

test("a program with a mistake, its correction, hover, symbols and formatting", { timeout: 120_000 }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "scenec-"));
  const { connection, capabilities, until, end } = await start(folder);
  for (const able of ["hoverProvider", "definitionProvider", "renameProvider", "documentFormattingProvider", "semanticTokensProvider"]) {
    assert.ok(capabilities[able], able);
  }
  const uri = pathToFileURL(path.join(folder, "a.ngs")).href;
  const text = "ngs 1\n/// How far.\nlet far = 3m\nlet twice = fahr * 2\n";
  await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, {
    textDocument: { uri, languageId: "ngs", version: 1, text },
  });
  const [mistake] = await until(uri, (all) => all.some((d) => d.severity === protocol.DiagnosticSeverity.Error));
  assert.strictEqual(mistake.source, "scenec");
  assert.match(String(mistake.code), /^E\d{4}$/);
  assert.strictEqual(mistake.range.start.line, 3);
  await connection.sendNotification(protocol.DidChangeTextDocumentNotification.type, {
    textDocument: { uri, version: 2 },
    contentChanges: [{ range: { start: { line: 3, character: 12 }, end: { line: 3, character: 16 } }, text: "far" }],
  });
  await until(uri, (all) => !all.some((d) => d.severity === protocol.DiagnosticSeverity.Error));
  const textDocument = { uri };
  const hover = await connection.sendRequest(protocol.HoverRequest.type, { textDocument, position: { line: 3, character: 13 } });
  assert.match(hover.contents.value, /let far: Length = 3m[^]*How far\./);
  const symbols = await connection.sendRequest(protocol.DocumentSymbolRequest.type, { textDocument });
  assert.deepStrictEqual(symbols.map((symbol) => symbol.name), ["far", "twice"]);
  const edits = await connection.sendRequest(protocol.DocumentFormattingRequest.type, {
    textDocument,
    options: { tabSize: 2, insertSpaces: true },
  });
  assert.ok(edits === null || edits.length === 0, "it is formatted");
  await end();
  fs.rmSync(folder, { recursive: true });
});

test("the scenes of the repository have no errors", { timeout: 300_000 }, async () => {
  const folder = path.join(root, "examples", "scenes");
  const { connection, until, end } = await start(folder);
  for (const name of fs.readdirSync(folder).filter((name) => name.endsWith(".ngs"))) {
    const file = path.join(folder, name);
    const uri = pathToFileURL(file).href;
    const textDocument = { uri, languageId: "ngs", version: 1, text: fs.readFileSync(file, "utf8") };
    await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, { textDocument });
    const all = await until(uri, () => true);
    assert.deepStrictEqual(all.filter((d) => d.severity === protocol.DiagnosticSeverity.Error), [], name);
    await connection.sendNotification(protocol.DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  }
  await end();
});
