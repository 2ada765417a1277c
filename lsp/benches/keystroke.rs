//! From a keystroke to its diagnostics, through the whole protocol: a program of 10,000 lines in 50 modules, whose root and all
//! modules are of one size. The target is 50 ms. Each keystroke changes the length of a number, so that every place behind it moves.

use std::io::{BufReader, Read, Write};
use std::sync::mpsc::{Receiver, Sender, channel};

use criterion::{Criterion, criterion_group, criterion_main};
use scenec_compiler::{Analysis, Entry, FileError, MemoryWorld, Options, Parsed, World, analyse, compile};
use scenec_ir::AssetIndex;
use scenec_ir::asset::AssetError;
use scenec_lsp::{Disk, serve};
use serde_json::{Value, json};

const MODULES: usize = 50;
const LINES: usize = 200;

/// The module `i`; the root is 0 and uses all others.
fn module(i: usize) -> String {
    let mut text = String::from("ngs 1\n");
    if i == 0 {
        for k in 1..MODULES {
            text += &format!("use \"kit{k}.ngs\" as kit{k}\n");
        }
    }
    text += "param gap: Length in 0m..10m = 1m\n";
    text += "component Post(height: Length = 2m) {\n  shaft = cylinder(radius: 5cm, height: height)\n";
    text += "  knob = sphere(radius: 8cm, material: brass()) at shaft.top\n}\n";
    text += "component Row(step: Length = 1m) {\n";
    let used = text.lines().count() + 1;
    for line in 0..LINES - used {
        text += &match line % 4 {
            0 => format!("  post{line} = Post(height: {}cm) at (step * {line}, 1m, 0m)\n", 100 + line % 50),
            1 => format!("  box{line} = box(size: (1m, {}cm, 1m), chamfer: 1cm) at post{}.top\n", 10 + line, line - 1),
            2 => format!("  let tint{line} = paint(#{:06x}, roughness: 0.{})\n", line * 37, 1 + line % 9),
            _ => {
                format!("  ball{line} = sphere(radius: {line}mm, material: tint{}) at box{}.top\n", line - 1, line - 2)
            }
        };
    }
    text += "}\n";
    if i == 0 {
        text += "environment yard {\n  sky = constant_sky()\n  row = Row(step: gap)\n}\ncamera main { frame: row }\n";
    }
    text
}

fn name(i: usize) -> String {
    if i == 0 { "scene.ngs".into() } else { format!("kit{i}.ngs") }
}

fn world() -> Memory {
    let mut world = MemoryWorld::default();
    for i in 0..MODULES {
        world = world.with(&format!("/w/{}", name(i)), module(i));
    }
    Memory(world)
}

struct Memory(MemoryWorld);

impl World for Memory {
    fn read(&self, path: &str) -> Result<std::sync::Arc<[u8]>, FileError> {
        self.0.read(path)
    }

    fn asset(&self, path: &str) -> Result<std::sync::Arc<AssetIndex>, AssetError> {
        self.0.asset(path)
    }

    fn exists(&self, path: &str) -> bool {
        self.0.exists(path)
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        self.0.list(folder)
    }
}

impl Disk for Memory {
    fn stamp(&self, path: &str) -> Option<u64> {
        self.0.exists(path).then_some(1)
    }
}

/// Bytes from one thread to another.
struct Pipe(Receiver<Vec<u8>>, Vec<u8>);

impl Read for Pipe {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.1.is_empty() {
            self.1 = self.0.recv().unwrap_or_default();
        }
        let count = buffer.len().min(self.1.len());
        buffer[..count].copy_from_slice(&self.1[..count]);
        self.1.drain(..count);
        Ok(count)
    }
}

struct Sink(Sender<Vec<u8>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.send(bytes.to_vec()).map_err(std::io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// An editor with the program open.
struct Editor {
    to: Sender<Vec<u8>>,
    from: Receiver<Vec<u8>>,
    version: i64,
}

impl Editor {
    fn start() -> Self {
        let ((to, input), (output, from)) = (channel(), channel());
        std::thread::spawn(move || {
            serve(BufReader::new(Pipe(input, Vec::new())), &mut Sink(output), &world(), &|_| {})
        });
        let mut editor = Self { to, from, version: 1 };
        editor.send("initialize", Some(0), json!({"rootUri": "file:///w", "processId": null, "capabilities": {}}));
        for i in 0..MODULES {
            let document =
                json!({"uri": format!("file:///w/{}", name(i)), "languageId": "ngs", "version": 1, "text": module(i)});
            editor.send("textDocument/didOpen", None, json!({"textDocument": document}));
        }
        editor.wait(&name(MODULES - 1), 1);
        editor
    }

    fn send(&mut self, method: &str, id: Option<i32>, params: Value) {
        let mut message = json!({"jsonrpc": "2.0", "method": method, "params": params});
        if let Some(id) = id {
            message["id"] = json!(id);
        }
        let body = message.to_string();
        self.to.send(format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()).expect("the server lives");
    }

    /// Until the server has published a version of a document.
    fn wait(&mut self, name: &str, version: i64) {
        let (uri, version) = (format!("/{name}\""), format!("\"version\":{version}}}"));
        let mut text = String::new();
        loop {
            text += &String::from_utf8_lossy(&self.from.recv().expect("the server lives"));
            if text.contains("publishDiagnostics") && text.contains(&uri) && text.contains(&version) {
                return;
            }
        }
    }

    /// Makes a number longer, or shorter again, in a line that all places below depend on.
    fn type_letter(&mut self, module: usize, line: usize) {
        self.version += 1;
        let uri = format!("file:///w/{}", name(module));
        let (at, behind) = (json!({"line": line, "character": 32}), json!({"line": line, "character": 34}));
        let change = match self.version % 2 {
            0 => json!({"range": {"start": at, "end": at}, "text": ".5"}),
            _ => json!({"range": {"start": at, "end": behind}, "text": ""}),
        };
        let document = json!({"uri": uri, "version": self.version});
        self.send("textDocument/didChange", None, json!({"textDocument": document, "contentChanges": [change]}));
        self.wait(&name(module), self.version);
    }
}

#[expect(clippy::print_stdout, reason = "the counter stands among the figures")]
fn keystroke(c: &mut Criterion) {
    let lines: usize = (0..MODULES).map(|i| module(i).lines().count()).sum();
    assert!((9_900..=10_100).contains(&lines), "{lines} lines");
    let mut editor = Editor::start();
    let mut group = c.benchmark_group("keystroke_10000_lines_50_modules");
    group.sample_size(40);
    group.bench_function("in_a_kit", |b| b.iter(|| editor.type_letter(MODULES - 1, 1)));
    group.bench_function("in_the_root", |b| b.iter(|| editor.type_letter(0, MODULES)));
    group.finish();
    let world = world();
    let options = Options { first_frame_only: true, ..Options::default() };
    let mut group = c.benchmark_group("whole_10000_lines_50_modules");
    group.sample_size(20);
    group.bench_function("check", |b| b.iter(|| compile(&world, "/w/scene.ngs", &[], &options)));
    group.bench_function("analyse_cold", |b| b.iter(|| analysed(&world, &mut Parsed::default())));
    let mut parsed = Parsed::default();
    analysed(&world, &mut parsed);
    group.bench_function("analyse_nothing_new", |b| b.iter(|| analysed(&world, &mut parsed)));
    group.finish();
    assert_eq!(parsed.reads(), MODULES, "texts that have not changed are not parsed again");
    for (place, at, line) in [("a kit", MODULES - 1, 1), ("the root", 0, MODULES)] {
        let (checked, all) = counted(at, line, &mut parsed);
        println!("after a keystroke in {place} {checked} of {all} definitions checked");
        assert!(checked * MODULES < all * 2, "what can't have changed is not checked again");
    }
}

/// The definitions that are checked when a number changes, and all that there are.
fn counted(at: usize, line: usize, parsed: &mut Parsed) -> (usize, usize) {
    let world = world();
    analysed(&world, parsed);
    let mut text = module(at).lines().map(str::to_owned).collect::<Vec<_>>();
    text[line].insert_str(32, ".5");
    analysed(&Memory(world.0.with(&format!("/w/{}", name(at)), text.join("\n"))), parsed);
    parsed.checked()
}

fn analysed(world: &Memory, parsed: &mut Parsed) -> Analysis {
    let analysis = analyse(world, "/w/scene.ngs", None, parsed);
    assert!(!analysis.compilation.has_errors(), "{:?}", analysis.compilation.diagnostics.first());
    analysis
}

criterion_group!(benches, keystroke);
criterion_main!(benches);
