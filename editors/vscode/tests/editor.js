// A small stand-in for the `vscode` module: as much of it as the language client touches, and what it did to the editor.
"use strict";

const path = require("node:path");
const { EventEmitter } = require("node:events");
const { fileURLToPath, pathToFileURL } = require("node:url");

class Disposable {
  constructor(dispose) {
    this.dispose = dispose ?? (() => {});
  }
  static from(...all) {
    return new Disposable(() => all.forEach((one) => one.dispose()));
  }
}

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(...at) {
    const [start, end] = at.length === 4 ? [new Position(at[0], at[1]), new Position(at[2], at[3])] : at;
    Object.assign(this, { start, end });
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class Uri {
  constructor(href) {
    this.href = href;
  }
  static parse(text) {
    return new Uri(text);
  }
  static file(name) {
    return new Uri(pathToFileURL(path.resolve(name)).href);
  }
  get scheme() {
    return this.href.split(":")[0];
  }
  get fsPath() {
    return fileURLToPath(this.href);
  }
  get path() {
    return decodeURIComponent(new URL(this.href).pathname);
  }
  with() {
    return this;
  }
  toString() {
    return this.href;
  }
}

class CodeActionKind {
  constructor(value) {
    this.value = value;
  }
  static Empty = new CodeActionKind("");
  append(part) {
    return new CodeActionKind(this.value === "" ? part : `${this.value}.${part}`);
  }
}

/** A `vscode.Event`: a function that takes a listener. */
function event(events, name) {
  return (listener, self) => {
    const bound = self === undefined ? listener : listener.bind(self);
    events.on(name, bound);
    return new Disposable(() => events.off(name, bound));
  };
}

class Emitter {
  constructor() {
    this.events = new EventEmitter();
    this.event = event(this.events, "it");
  }
  fire(value) {
    this.events.emit("it", value);
  }
  dispose() {
    this.events.removeAllListeners();
  }
}

/** What stands for a class or an enumeration of which nothing but its being there is wanted. */
function empty(name) {
  const made = { [name]: class {} }[name];
  return new Proxy(made, { get: (target, key, self) => (key in target ? Reflect.get(target, key, self) : undefined) });
}

/** Names of its own, and an empty class for every other that begins with a capital. */
function space(own, of) {
  const made = new Map();
  return new Proxy(own, {
    has: () => true,
    get(target, key) {
      if (key in target || typeof key !== "string") return target[key];
      if (!made.has(key)) made.set(key, of(key));
      return made.get(key);
    },
  });
}

const nothing = () => new Disposable();
const members = (names, first = 0) => Object.fromEntries(names.flatMap((name, at) => [[name, at + first], [at + first, name]]));

/** An editor with a folder and settings; `did` keeps what was registered, shown and found. */
function editor(folder, settings) {
  const events = new EventEmitter();
  events.setMaxListeners(0);
  const did = { commands: new Map(), diagnostics: new Map(), errors: [], providers: [], watched: [] };
  const documents = [];
  const space_of = (names) => space(names, (key) => (/^on[A-Z]/.test(key) ? event(events, key) : nothing));
  const collection = {
    set: (uri, list) => {
      did.diagnostics.set(uri.toString(), list ?? []);
      events.emit("diagnostics");
    },
    delete: (uri) => did.diagnostics.delete(uri.toString()),
    clear: () => did.diagnostics.clear(),
    forEach: (look) => did.diagnostics.forEach((list, uri) => look(Uri.parse(uri), list)),
    dispose: () => {},
  };
  const languages = new Proxy(
    {
      match: (selector, document) => ([selector].flat().some((one) => one.language === document.languageId) ? 10 : 0),
      createDiagnosticCollection: () => collection,
    },
    {
      get(target, key) {
        if (key in target) return target[key];
        return (...all) => {
          did.providers.push(key);
          return nothing(...all);
        };
      },
    },
  );
  const channel = () => space_of({ name: "scenec", append: () => {}, appendLine: () => {} });
  const vscode = space(
    {
      version: "1.82.0",
      env: space_of({ language: "en", appName: "stand-in" }),
      commands: space_of({
        registerCommand: (name, run) => {
          did.commands.set(name, run);
          return new Disposable(() => did.commands.delete(name));
        },
        executeCommand: async (name, ...args) => did.errors.push([name, ...args]),
      }),
      languages,
      workspace: space_of({
        workspaceFolders: [{ uri: Uri.file(folder), name: "scenes", index: 0 }],
        textDocuments: documents,
        notebookDocuments: [],
        getWorkspaceFolder: () => undefined,
        getConfiguration: (section) => ({ get: (name) => settings[section ? `${section}.${name}` : name] }),
        createFileSystemWatcher: (pattern) => {
          did.watched.push(pattern);
          return space_of({ dispose: () => {} });
        },
      }),
      window: space_of({
        createOutputChannel: channel,
        activeTextEditor: undefined,
        visibleTextEditors: [],
        tabGroups: space_of({ all: [], activeTabGroup: { tabs: [] } }),
        showErrorMessage: async (message) => {
          did.errors.push([message]);
          return undefined;
        },
      }),
      Disposable,
      EventEmitter: Emitter,
      Position,
      Range,
      Diagnostic,
      CodeActionKind,
      Uri,
      CancellationTokenSource: class {
        constructor() {
          this.token = { isCancellationRequested: false, onCancellationRequested: nothing };
        }
        cancel() {}
        dispose() {}
      },
      DiagnosticSeverity: members(["Error", "Warning", "Information", "Hint"]),
      TextDocumentSaveReason: members(["Manual", "AfterDelay", "FocusOut"], 1),
      FileType: members(["Unknown", "File", "Directory"]),
    },
    empty,
  );
  /** Opens a text as a person would. */
  const open = (name, text) => {
    const uri = Uri.file(path.join(folder, name));
    const document = { uri, languageId: "ngs", version: 1, fileName: uri.fsPath, isClosed: false, isUntitled: false, getText: () => text };
    documents.push(document);
    events.emit("onDidOpenTextDocument", document);
    return uri.toString();
  };
  const changeSetting = (name) => {
    const affectsConfiguration = (section) => name === section || name.startsWith(`${section}.`);
    events.emit("onDidChangeConfiguration", { affectsConfiguration });
  };
  const until = async (holds) => {
    while (!holds()) await new Promise((done) => events.once("diagnostics", done));
  };
  return { vscode, did, open, changeSetting, until };
}

module.exports = { editor };
