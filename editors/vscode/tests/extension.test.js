// The bundle as it is packaged, in a stand-in for the editor: it starts the real server and ends it.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { test } = require("node:test");
const { editor } = require("./editor");
const { scenec } = require("./scenec");

/** The extension, loaded anew with this module in the place of `vscode`. */
function load(vscode) {
  const file = require.resolve("../dist/extension.js");
  delete require.cache[file];
  const plain = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? vscode : plain(name, ...rest));
  try {
    return require(file);
  } finally {
    Module._load = plain;
  }
}

function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "scenec-"));
  t.after(() => fs.rmSync(made, { recursive: true }));
  return made;
}

test("mistakes of an open text are told, a restart tells them again, and the end is clean", { timeout: 120_000 }, async (t) => {
  const { vscode, did, open, changeSetting, until } = editor(folder(t), { "scenec.server.path": scenec() });
  const { activate, deactivate } = load(vscode);
  const context = { subscriptions: [] };
  await activate(context);
  assert.deepStrictEqual(did.errors, []);
  assert.deepStrictEqual([...did.commands.keys()].filter((name) => name.startsWith("scenec.")), ["scenec.restart"]);
  assert.strictEqual(context.subscriptions.length, 2);
  const uri = open("a.ngs", "ngs 1\nlet twice = fahr * 2\n");
  const isTold = () => did.diagnostics.get(uri)?.some((one) => /fahr/.test(one.message));
  await until(isTold);
  const [mistake] = did.diagnostics.get(uri);
  assert.strictEqual(mistake.severity, vscode.DiagnosticSeverity.Error);
  assert.strictEqual(mistake.range.start.line, 1);
  for (const what of ["Hover", "CompletionItem", "Definition", "Reference", "Rename", "DocumentFormattingEdit", "DocumentSymbol"]) {
    assert.ok(did.providers.includes(`register${what}Provider`), `${what}: ${did.providers.join(", ")}`);
  }
  did.diagnostics.clear();
  await did.commands.get("scenec.restart")();
  await until(isTold);
  did.diagnostics.clear();
  changeSetting("scenec.server.path");
  await until(isTold);
  changeSetting("editor.tabSize");
  await deactivate();
  assert.deepStrictEqual(did.errors, []);
});

test("a server that is not there is told once, with its path", { timeout: 60_000 }, async (t) => {
  const { vscode, did } = editor(folder(t), { "scenec.server.path": "/nowhere/scenec" });
  const { activate, deactivate } = load(vscode);
  await activate({ subscriptions: [] });
  const own = did.errors.filter(([message]) => message.includes("`/nowhere/scenec lsp` does not start"));
  assert.strictEqual(own.length, 1, JSON.stringify(did.errors));
  await deactivate();
});
