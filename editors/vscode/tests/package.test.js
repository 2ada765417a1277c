// What is in scenec.vsix: all that the extension needs, and nothing else.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { builtinModules } = require("node:module");
const { test } = require("node:test");

const folder = path.join(__dirname, "..");
const manifest = require("../package.json");

/** Names in a ZIP file, from the list at its end. */
function names(zip) {
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  assert.ok(end >= 0, "it is a ZIP file");
  const found = [];
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field));
    found.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra + comment;
  }
  return found.sort();
}

test("the package holds what it must, and no more", () => {
  assert.deepStrictEqual(names(fs.readFileSync(path.join(folder, "scenec.vsix"))), [
    "[Content_Types].xml",
    "extension.vsixmanifest",
    "extension/LICENSE.txt",
    "extension/dist/extension.js",
    "extension/language-configuration.json",
    "extension/package.json",
    "extension/readme.md",
    "extension/syntaxes/ngs.tmLanguage.json",
  ]);
});

test("the licences of all that is bundled are told", () => {
  const text = fs.readFileSync(path.join(folder, "LICENSE.txt"), "utf8");
  for (const part of ["The scenec authors", "Apache License", `vscode-languageclient ${manifest.dependencies["vscode-languageclient"]}`]) {
    assert.ok(text.includes(part), part);
  }
  assert.ok(!/\b(A?L?GPL|Mozilla Public)/.test(text));
});

test("the bundle needs nothing but the editor and the plain modules of Node.js, and none that fetches", () => {
  const script = fs.readFileSync(path.join(folder, "dist", "extension.js"), "utf8");
  const needed = new Set([...script.matchAll(/\brequire\(["'`]([^"'`]+)["'`]\)/g)].map((found) => found[1]));
  assert.ok(needed.delete("vscode"));
  for (const name of needed) {
    assert.ok(builtinModules.includes(name), `${name} is not there at run time`);
    assert.ok(!["http", "https", "http2", "dns", "tls", "dgram"].includes(name), `${name} talks to a network`);
  }
  assert.ok(!/\bfetch\(|XMLHttpRequest|new WebSocket|\bimport\(/.test(script));
});
