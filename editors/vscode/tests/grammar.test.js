// The TextMate grammar in the engine of the editor: what colours it gives.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { before, test } = require("node:test");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");
const { OnigScanner, OnigString, loadWASM } = require("vscode-oniguruma");
const { root } = require("./scenec");

let grammar;

before(async () => {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength));
  const file = path.join(__dirname, "..", "syntaxes", "ngs.tmLanguage.json");
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new OnigScanner(patterns),
      createOnigString: (text) => new OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(file, "utf8"), file),
  });
  grammar = await registry.loadGrammar("source.ngs");
});

/** Every token of a text: what it is, its innermost scope without `.ngs`, and all of its scopes. */
function tokens(text) {
  let rules = INITIAL;
  const found = [];
  text.split("\n").forEach((line, at) => {
    const result = grammar.tokenizeLine(line, rules, 2000);
    assert.ok(!result.stoppedEarly, `line ${at + 1} takes too long`);
    rules = result.ruleStack;
    for (const token of result.tokens) {
      const written = line.slice(token.startIndex, token.endIndex);
      const scope = token.scopes[token.scopes.length - 1].replace(/\.ngs$/, "");
      if (written.trim() !== "") found.push({ line: at + 1, text: written.trim(), scope, scopes: token.scopes });
    }
  });
  return { found, rules };
}

/** Asserts that these stand in a text with these scopes, in order. */
function assertScopes(text, wanted) {
  const { found } = tokens(text);
  let at = 0;
  for (const [written, scope] of wanted) {
    const next = found.findIndex((token, i) => i >= at && token.text === written && token.scope === scope);
    const shown = found.map((token) => `${token.text}  ${token.scope}`).join("\n");
    assert.ok(next >= 0, `no ${written} as ${scope} in\n${shown}`);
    at = next + 1;
  }
}

test("items, names and numbers with their units", () => {
  assertScopes("ngs 1\nparam wetness: Ratio in 0..1 = 0.6\nlet far = -2.5e3 km", [
    ["ngs", "keyword.other.edition"],
    ["1", "constant.numeric"],
    ["param", "keyword.declaration"],
    ["wetness", "variable.parameter"],
    ["Ratio", "support.type"],
    ["in", "keyword.operator.word"],
    ["0", "constant.numeric"],
    ["..", "keyword.operator"],
    ["0.6", "constant.numeric"],
    ["let", "keyword.declaration"],
    ["2.5e3", "constant.numeric"],
    ["km", "keyword.other.unit"],
  ]);
  assertScopes("private fn f(x: kit.Big, h: Length = 4 m): Length = x", [
    ["private", "storage.modifier"],
    ["fn", "keyword.declaration"],
    ["f", "entity.name.function"],
    ["x", "variable.parameter"],
    ["kit.Big", "support.type"],
    ["m", "keyword.other.unit"],
    ["Length", "support.type"],
  ]);
});

test("every unit, and no longer word that begins as one", () => {
  const units = JSON.stringify(grammar._grammar.repository.number.match).match(/\(inch\|[^)]*/)[0].slice(1).split("|");
  for (const unit of units) assertScopes(`let a = 3${unit}`, [["3", "constant.numeric"], [unit, "keyword.other.unit"]]);
  const { found } = tokens("let a = 3 meters");
  assert.ok(!found.some((token) => token.scope === "keyword.other.unit"));
});

test("colours, and clauses behind a thing", () => {
  assertScopes("a = box(material: paint(#c0392b)) at (1m, 0m, 0m) facing hero.head follow b", [
    ["box", "entity.name.function"],
    ["material", "variable.parameter"],
    ["#c0392b", "constant.other.color"],
    ["at", "keyword.operator.word"],
    ["facing", "keyword.operator.word"],
    ["follow", "keyword.operator.word"],
  ]);
  const { found } = tokens("camera main { at: (1m, 0m, 0m), follow: hero, scale: 2 }");
  assert.deepStrictEqual(found.filter((t) => t.scope === "variable.parameter").map((t) => t.text), ["at", "follow", "scale"]);
});

test("texts with values in braces, escapes and signs of comments", () => {
  const { found } = tokens('file: "{shot}.{frame:4} // \\" #ffffff 3m.png", // the end');
  const inside = found.filter((token) => token.scopes.includes("string.quoted.double.ngs"));
  const scopeOf = (text) => inside.find((token) => token.text === text)?.scope;
  assert.strictEqual(scopeOf("shot"), "variable.other");
  assert.strictEqual(scopeOf("frame"), "variable.other");
  assert.strictEqual(scopeOf("4"), "constant.numeric");
  assert.strictEqual(scopeOf('\\"'), "constant.character.escape");
  assert.strictEqual(scopeOf("#ffffff 3m.png"), "string.quoted.double");
  assert.deepStrictEqual(inside.filter((t) => t.text === "{").length, 2);
  assert.strictEqual(found.at(-1).scope, "comment.line.double-slash");
});

test("comments, those that are documentation, and blocks within blocks", () => {
  assertScopes("/// What it is.\n//// no\n// let a = 3m", [
    ["/// What it is.", "comment.line.documentation"],
    ["//// no", "comment.line.double-slash"],
    ["// let a = 3m", "comment.line.double-slash"],
  ]);
  const { found, rules } = tokens("/* a /* b */ let */\nlet x = 1\n/* open\nlet y = 2");
  assert.strictEqual(found.filter((token) => token.scope === "keyword.declaration").length, 1);
  assert.notStrictEqual(rules.depth, INITIAL.depth, "the block is open");
});

test("real programs: words are coloured where they stand, and nothing stays open", () => {
  const folders = ["examples/scenes", "examples/scenes/kits", "examples/scenes/bibles"].map((name) => path.join(root, name));
  const files = folders.flatMap((folder) =>
    fs.readdirSync(folder).filter((name) => name.endsWith(".ngs")).map((name) => path.join(folder, name)),
  );
  assert.ok(files.length >= 8, `${files.length} programs`);
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const { found, rules } = tokens(text);
    assert.strictEqual(rules.depth, INITIAL.depth, `${file}: something is open at its end`);
    const at = (line) => found.filter((token) => token.line === line);
    text.split("\n").forEach((line, index) => {
      const here = at(index + 1);
      const where = `${file}:${index + 1}: ${line}`;
      const item = /^(use|asset|param|let|enum|environment|character|engineering|component|bible|camera|shot|cut|fn|override|image|output|test|gate|budget)\b/.exec(line);
      if (item) assert.deepStrictEqual([here[0].text, here[0].scope], [item[1], "keyword.declaration"], where);
      const doc = /^\s*\/\/\/(?!\/)/.test(line);
      if (doc) assert.ok(here.every((token) => token.scope === "comment.line.documentation"), where);
      const code = line.replace(/"[^"]*"/g, "").replace(/\/\/.*/, "");
      const colors = code.match(/#[0-9a-fA-F]{6}\b/g) ?? [];
      assert.deepStrictEqual(here.filter((t) => t.scope === "constant.other.color").map((t) => t.text), colors, where);
      const units = [...code.matchAll(/\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(m|cm|mm|km|px|deg|s|lx|lm|K|GB|MB)\b/g)].map((u) => u[1]);
      const coloured = here.filter((t) => t.scope === "keyword.other.unit").map((t) => t.text);
      for (const unit of units) assert.ok(coloured.includes(unit), `${unit}: ${where}`);
    });
  }
});
