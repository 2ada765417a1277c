// Makes dist/extension.js, one file that needs nothing but the editor, and LICENSE.txt: our licences and those of all that is in it.
"use strict";

const fs = require("fs");
const path = require("path");
const esbuild = require("esbuild");

const root = path.join(__dirname, "..", "..");
const manifest = (folder) => JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8"));

/** Folders of the packages that a file of the bundle comes from. */
function packages(inputs) {
  const owner = (file) => {
    const at = file.lastIndexOf("node_modules/");
    if (at < 0) return [];
    const names = file.slice(at + "node_modules/".length).split("/");
    const name = names[0].startsWith("@") ? names.slice(0, 2).join("/") : names[0];
    return [file.slice(0, at) + "node_modules/" + name];
  };
  return [...new Set(inputs.flatMap(owner))].sort();
}

function licence(folder) {
  const full = path.join(__dirname, folder);
  const file = fs.readdirSync(full).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  if (file === undefined) throw new Error(`${folder} comes without a licence`);
  const { name, version } = manifest(full);
  return `${name} ${version}\n\n${fs.readFileSync(path.join(full, file), "utf8").trim()}`;
}

const result = esbuild.buildSync({
  absWorkingDir: __dirname,
  entryPoints: ["extension.js"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  // That of the oldest editor which `engines` names.
  target: "node18",
  format: "cjs",
  external: ["vscode"],
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

const own = ["LICENSE-MIT", "LICENSE-APACHE"].map((name) => fs.readFileSync(path.join(root, name), "utf8").trim());
const others = packages(Object.keys(result.metafile.inputs)).map(licence);
const line = `\n\n${"-".repeat(80)}\n\n`;
const head = `scenec is under MIT or Apache-2.0, as you like. Behind these two stand the licences of what dist/extension.js holds besides.`;
fs.writeFileSync(path.join(__dirname, "LICENSE.txt"), [head, ...own, ...others].join(line) + "\n");
