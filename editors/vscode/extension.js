// Starts `scenec lsp` and connects the editor with it.
"use strict";

const vscode = require("vscode");
const { LanguageClient, TransportKind } = require("vscode-languageclient/node");

let client;

async function start() {
  const command = vscode.workspace.getConfiguration("scenec").get("server.path") || "scenec";
  const run = { command, args: ["lsp"], transport: TransportKind.stdio };
  client = new LanguageClient(
    "scenec",
    "scenec",
    { run, debug: run },
    {
      documentSelector: [{ language: "ngs" }],
      // Modules and assets may change outside of the editor.
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{ngs,gltf,glb,bin,hdr,png,exr,toml}") },
    },
  );
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const open = "Open the settings";
    const message = `scenec: \`${command} lsp\` does not start (${error}). Is the path of the command right?`;
    if ((await vscode.window.showErrorMessage(message, open)) === open) {
      await vscode.commands.executeCommand("workbench.action.openSettings", "scenec.server.path");
    }
  }
}

async function stop() {
  const old = client;
  client = undefined;
  await old?.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand("scenec.restart", restart),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("scenec.server.path")) {
        return restart();
      }
    }),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
