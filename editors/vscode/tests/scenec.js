// The `scenec` that the tests start: what `SCENEC` names, else what was built here last.
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..", "..", "..");

function scenec() {
  if (process.env.SCENEC) return path.resolve(process.env.SCENEC);
  const name = process.platform === "win32" ? "scenec.exe" : "scenec";
  const built = ["debug", "release"].map((kind) => path.join(root, "target", kind, name)).filter((file) => fs.existsSync(file));
  const age = (file) => fs.statSync(file).mtimeMs;
  const newest = built.sort((a, b) => age(b) - age(a))[0];
  if (newest === undefined) throw new Error("there is no scenec: run `cargo build --workspace --bin scenec`, or set SCENEC to its path");
  return newest;
}

module.exports = { root, scenec };
