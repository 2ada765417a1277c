//! `scenec diff A B`: what was added, removed and changed between two programs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use scenec_compiler::{Entry, FileError, Options, World};
use scenec_ir::asset::{AssetError, AssetIndex};
use scenec_ir::diagnostic::render::Style;
use scenec_ir::diff::{self, Side};
use scenec_ir::node::ParamType;
use scenec_ir::{Diagnostic, Graph, SourceMap, Value, nodes};
use scenec_runtime::{Outcome, RunError};

use super::exit_of;
use super::program::{self, DiskWorld};
use crate::args::{Diff, MessageFormat};
use crate::git::{self, Revision};
use crate::{Exit, say};

pub(crate) fn run(args: &Diff) -> Exit {
    say::EVENTS.store(args.talk.json, Ordering::Relaxed);
    let sets = match program::read_sets(&args.sets, tone(args)) {
        Ok(sets) => sets,
        Err(exit) => return exit,
    };
    // Both are read before either's errors end the run: every mistake is told at once.
    let (mut old, mut new) = match (Loaded::load(&args.old, &sets, args), Loaded::load(&args.new, &sets, args)) {
        (Ok(old), Ok(new)) => (old, new),
        (Err(exit), _) | (_, Err(exit)) => return exit,
    };
    relate(&mut old, &mut new);
    let has_files = old.folder.is_some() && new.folder.is_some();
    let found = match diff::diff(&old.graph, &new.graph, &old.files, &new.files) {
        Ok(found) => found,
        Err(unsound) => {
            let error = RunError::new("E0695", format!("the graphs can't be compared: {unsound}"));
            return fail(&error.hint("write the graph anew: `scenec graph FILE --format ron`"), args);
        }
    };
    let (a, b) = (old.side(&args.old), new.side(&args.new));
    if !has_files && !args.talk.json && !args.talk.quiet {
        say::error_line(
            "note: a written graph does not tell what was in its files, so their contents are not compared",
        );
    }
    if args.talk.json {
        for mut event in diff::json(&found, a, b) {
            if event["event"] == "done" {
                event["files_compared"] = has_files.into();
            }
            say::line(&event.to_string());
        }
    } else if args.markdown {
        say::text(&diff::markdown(&found, a, b));
    } else if !args.talk.quiet {
        let color = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        say::text(&diff::text(&found, a, b, &Style { color, ..Style::default() }));
    }
    if args.exit_code && !found.is_empty() { Exit::Program } else { Exit::Done }
}

fn tone(args: &Diff) -> program::Tone {
    let format = if args.talk.json { MessageFormat::Json } else { MessageFormat::Human };
    program::Tone { format, errors_only: true, events: args.talk.json, frozen: false }
}

fn fail(error: &RunError, args: &Diff) -> Exit {
    match args.talk.json {
        true => say::error_event(error.code, &error.message, error.hint.as_deref()),
        false => say::error(error),
    }
    exit_of(error)
}

/// One side, compiled or read.
struct Loaded {
    graph: Graph,
    /// Digests of the files that the graph reads, by path; empty for a graph that was written out.
    files: BTreeMap<String, String>,
    /// Texts of the program, with paths as the user would name them.
    sources: Option<SourceMap>,
    /// Folder of the root module, for paths that are compared; `None` for a graph that was written out.
    folder: Option<String>,
}

impl Loaded {
    fn load(name: &str, sets: &[(String, String)], args: &Diff) -> Result<Self, Exit> {
        // A file of this name is meant before a revision.
        let revision = match git::split(name).filter(|_| !Path::new(name).exists()) {
            Some((revision, path)) => {
                let found = Revision::open(revision).and_then(|r| Ok((r.find(path)?, r)));
                Some(found.map_err(|error| fail(&error, args))?)
            }
            None => {
                if let Some(error) = bare_revision(name, args) {
                    return Err(fail(&error, args));
                }
                None
            }
        };
        let disk = DiskWorld::new();
        let (world, path, prefix): (&dyn World, String, String) = match &revision {
            Some((path, revision)) => (revision, path.clone(), format!("{}:", revision.name)),
            None => (&disk, name.replace('\\', "/"), String::new()),
        };
        if path.to_ascii_lowercase().ends_with(".ron") {
            let graph = read_graph(world, &path, name).map_err(|error| fail(&error, args))?;
            return Ok(Self { graph, files: BTreeMap::new(), sources: None, folder: None });
        }
        Self::compile(&Recorder { world, digests: RefCell::default() }, &path, &prefix, sets, args)
    }

    fn compile(
        world: &Recorder<'_>,
        path: &str,
        prefix: &str,
        sets: &[(String, String)],
        args: &Diff,
    ) -> Result<Self, Exit> {
        let tone = tone(args);
        let mut compilation = scenec_compiler::compile(world, path, sets, &Options::default());
        // What has no place in a text may hold for one of the two programs only.
        for diagnostic in compilation.diagnostics.iter_mut().filter(|d| d.message.starts_with("`--set")) {
            diagnostic.message = format!("{prefix}{path}: {}", diagnostic.message);
        }
        let mut sources = SourceMap::default();
        for (_, file) in compilation.sources.files() {
            let is_file = compilation.modules.contains(&file.path) || compilation.manifests.contains(&file.path);
            let path = if is_file { format!("{prefix}{}", file.path) } else { file.path.clone() };
            sources.add(path, file.text.clone());
        }
        let errors: Vec<Diagnostic> = compilation.diagnostics.iter().filter(|d| d.is_error()).cloned().collect();
        program::show(&errors, &sources, tone.format);
        let compilation = program::judge(compilation, &format!("{prefix}{path}"), tone)?;
        let graph = compilation.graph.map(|g| Graph::clone(&g)).unwrap_or_default();
        let mut files = BTreeMap::new();
        for path in graph.nodes.iter().flat_map(|(_, node)| diff::files_of(node)) {
            if !files.contains_key(path)
                && let Some(digest) = world.digest(path)
            {
                files.insert(path.to_owned(), digest);
            }
        }
        let folder = path.rfind('/').map_or("", |at| &path[..at]).to_owned();
        Ok(Self { graph, files, sources: Some(sources), folder: Some(folder) })
    }

    fn side<'a>(&'a self, name: &'a str) -> Side<'a> {
        Side { name, sources: self.sources.as_ref() }
    }
}

/// A revision without a path, where a file was meant.
fn bare_revision(name: &str, args: &Diff) -> Option<RunError> {
    let looks_like_file = name.contains('/') && Path::new(name).extension().is_some();
    if name.is_empty() || looks_like_file || Path::new(name).exists() {
        return None;
    }
    let revision = Revision::open(name.trim_end_matches(':')).ok().filter(|r| !r.name.is_empty())?;
    let other = if args.old == name { &args.new } else { &args.old };
    let path = git::split(other).map_or(other.as_str(), |(_, path)| path);
    let path = if Revision::open(path).is_ok() { "scene.ngs" } else { path };
    let hint = format!("name the file: `{0}:{path}`, or `{0}:./{path}` from the current folder on", revision.name);
    Some(RunError::new("E0694", format!("`{name}` is a revision, not a file of it")).hint(hint))
}

fn read_graph(world: &dyn World, path: &str, name: &str) -> Outcome<Graph> {
    let error = |reason: String| {
        RunError::new("E0695", format!("the graph `{name}` can't be read: {reason}"))
            .hint("`scenec graph FILE --format ron` writes one")
    };
    let bytes = world.read(path).map_err(|e| error(e.message))?;
    let text = std::str::from_utf8(&bytes).map_err(|e| error(format!("byte {} is not UTF-8", e.valid_up_to())))?;
    Graph::from_ron(text).map_err(error)
}

/// Two programs may lie in different folders: paths of their files are compared from there on.
fn relate(old: &mut Loaded, new: &mut Loaded) {
    let (Some(a), Some(b)) = (&old.folder, &new.folder) else { return };
    if a == b {
        return;
    }
    for side in [old, new] {
        let folder = side.folder.clone().unwrap_or_default();
        side.files = std::mem::take(&mut side.files).into_iter().map(|(p, d)| (from(&folder, &p), d)).collect();
        let nodes = std::mem::take(&mut side.graph.nodes).into_items().into_iter().map(|mut node| {
            let params = nodes::find(&node.kind).map_or(&[][..], |d| d.params);
            for param in params.iter().filter(|p| matches!(p.ty, ParamType::Asset | ParamType::InputPath)) {
                if let Some(Value::Text(path)) = node.params.get_mut(param.name) {
                    *path = from(&folder, path);
                }
            }
            node
        });
        side.graph.nodes = nodes.collect();
    }
}

/// `path` as it is written in `folder`.
fn from(folder: &str, path: &str) -> String {
    let parts = |text: &str| text.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (above, below) = (parts(folder), parts(path));
    if path.starts_with('/') != folder.starts_with('/') || above.iter().any(|p| p == "..") {
        return path.to_owned();
    }
    let shared = above.iter().zip(&below).take_while(|(a, b)| a == b).count();
    let up = std::iter::repeat_n("..", above.len() - shared);
    up.chain(below[shared..].iter().map(String::as_str)).collect::<Vec<_>>().join("/")
}

/// A world that remembers the digests of what was read.
struct Recorder<'w> {
    world: &'w dyn World,
    digests: RefCell<BTreeMap<String, String>>,
}

impl Recorder<'_> {
    /// The digest of a file's content; `None` when it can't be read, which whoever builds is told.
    fn digest(&self, path: &str) -> Option<String> {
        if let Some(known) = self.digests.borrow().get(path) {
            return Some(known.clone());
        }
        let bytes = self.world.read(path).ok()?;
        Some(blake3::hash(&bytes).to_hex().to_string())
    }
}

impl World for Recorder<'_> {
    fn read(&self, path: &str) -> Result<Arc<[u8]>, FileError> {
        self.world.read(path)
    }

    fn asset(&self, path: &str) -> Result<Arc<AssetIndex>, AssetError> {
        let index = self.world.asset(path)?;
        self.digests.borrow_mut().insert(path.to_owned(), index.digest.clone());
        Ok(index)
    }

    fn exists(&self, path: &str) -> bool {
        self.world.exists(path)
    }

    fn here(&self) -> String {
        self.world.here()
    }

    fn list(&self, folder: &str) -> Option<Vec<Entry>> {
        self.world.list(folder)
    }
}

#[cfg(test)]
mod tests {
    use super::from;

    #[test]
    fn paths_are_told_from_the_folder_of_the_program() {
        assert_eq!(from("examples/scenes", "examples/assets/a.glb"), "../assets/a.glb");
        assert_eq!(from("old", "old/a.glb"), "a.glb");
        assert_eq!(from("", "a.glb"), "a.glb");
        assert_eq!(from("/x/y", "/x/a.glb"), "../a.glb");
        assert_eq!(from("x", "/a.glb"), "/a.glb", "no way leads there");
        assert_eq!(from("../x", "../a.glb"), "../a.glb", "nor out of the current folder");
    }
}
