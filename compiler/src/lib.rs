//! From AST to validated graph, one file per pass.
//!
//! ```text
//! load       paths       -> modules and names of assets
//! resolve    modules     -> one table of definitions, with scopes
//! check      definitions -> typed program
//! order      references  -> a sequence, or the path of a cycle
//! lower      program     -> graph
//! prune      graph       -> graph without dead nodes
//! validate   graph       -> proof
//! ```
//!
//! Nothing here reads a disk, prints or panics: everything outside is behind [`World`], and every mistake is a
//! [`Diagnostic`].

mod check;
mod claim;
mod curve;
mod cycles;
mod explain;
mod functions;
mod hints;
pub mod index;
mod kept;
mod known;
mod load;
mod lower;
pub mod manual;
mod mend;
mod mentions;
mod nearby;
pub mod ops;
mod order;
pub mod packages;
mod parsed;
mod property;
mod prune;
mod resolve;
mod rules;
mod typed;
mod validate;
mod value;
mod warn;
mod world;

use scenec_ir::graph::Valid;
use scenec_ir::{Diagnostic, SourceMap};

pub use check::{BUDGET as BUDGET_ITEM, CUT as CUT_ITEM, OUTPUT as OUTPUT_ITEM, SHOT as SHOT_ITEM};
pub use claim::{Answers as Measured, Claim, ClaimKind, Claims};
pub use curve::ways;
pub use explain::{Explained, Said};
pub use index::Index;
pub use mend::{Mended, mend};
pub use parsed::Parsed;
pub use world::{EditedWorld, Entry, FileError, MemoryWorld, World, join};

/// What of a program is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Only these frames, half-open.
    pub frames: Option<(i64, i64)>,
    /// Only outputs of this shot.
    pub shot: Option<String>,
    /// Only the first frame of every output: enough to check a program.
    pub first_frame_only: bool,
    /// Overrides of locks are errors.
    pub strict: bool,
    /// Which tests, gates and budgets become part of the graph.
    pub claims: Claims,
    /// Only tests and gates whose names hold this text, in any case of letters.
    pub filter: Option<String>,
}

impl Options {
    fn wants(&self, name: &str) -> bool {
        self.filter.as_ref().is_none_or(|f| name.to_lowercase().contains(&f.to_lowercase()))
    }
}

/// A shot of the root module.
#[derive(Clone, Debug, PartialEq)]
pub struct ShotInfo {
    /// Name.
    pub name: String,
    /// Half-open range of frames.
    pub frames: (i64, i64),
    /// Frames per second.
    pub fps: f64,
    /// Size of its pictures in pixels, when it says so.
    pub size: Option<[f64; 2]>,
}

/// All that is known of a program.
#[derive(Clone, Debug)]
pub struct Compilation {
    /// Texts, for messages.
    pub sources: SourceMap,
    /// Everything found, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The graph; `None` when there is an error.
    pub graph: Option<Valid>,
    /// Shots of the root module.
    pub shots: Vec<ShotInfo>,
    /// Paths of modules that were read, the root first.
    pub modules: Vec<String>,
    /// Paths of assets that are named.
    pub assets: Vec<String>,
    /// Paths of the `scene.toml` of all packages.
    pub manifests: Vec<String>,
    /// Packages that the modules belong to or name.
    pub packages: Vec<packages::PackageInfo>,
    /// Locks that the program overrides.
    pub locks: Vec<LockOverride>,
    /// What tests, gates and budgets claim of the finished stage, as far as it was asked for.
    pub claims: Vec<Claim>,
}

/// An `override locked … because …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockOverride {
    /// What is overridden, as written.
    pub path: String,
    /// Why.
    pub reason: String,
    /// Where.
    pub span: scenec_ir::Span,
}

impl Compilation {
    /// True when nothing can be built.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}

/// Compiles the program whose root module is at `root`. `sets` are `--set` names and values as text. Never fails: what
/// is wrong is in the diagnostics.
pub fn compile(world: &dyn World, root: &str, sets: &[(String, String)], options: &Options) -> Compilation {
    let mut parsed = Parsed::default();
    let job = Job { sets, options: Some(options), ..Job::default() };
    let compilation = run(world, root, &job, &mut parsed, Answers::default());
    rayon::spawn(move || drop(parsed));
    compilation
}

/// Finds every opinion on the property of a thing, or on a parameter, that `path` names as an `override` would. What a shot
/// says decides when it is `options.shot`. Nothing when the program or the path has an error.
pub fn explain(
    world: &dyn World,
    root: &str,
    sets: &[(String, String)],
    options: &Options,
    path: &str,
) -> (Compilation, Option<Explained>) {
    let job = Job { sets, options: Some(options), question: Some(path) };
    let mut explained = None;
    let answers = Answers { explained: Some(&mut explained), ..Answers::default() };
    let compilation = run(world, root, &job, &mut Parsed::default(), answers);
    let explained = explained.filter(|_| !compilation.has_errors());
    (compilation, explained)
}

/// What is wanted of a run.
#[derive(Clone, Copy, Default)]
struct Job<'j> {
    sets: &'j [(String, String)],
    options: Option<&'j Options>,
    question: Option<&'j str>,
}

/// Where a run puts what it finds besides.
#[derive(Default)]
struct Answers<'j> {
    index: Option<&'j mut Index>,
    explained: Option<&'j mut Option<Explained>>,
}

/// What an editor asks of a program.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// As [`compile`] gives it; without `options` there is neither a graph nor what is found while making one.
    pub compilation: Compilation,
    /// Where names lead.
    pub index: Index,
}

/// Checks the program at `root`, and makes its graph when there are `options` for that. `parsed` holds what is known of the
/// run before: texts that have not changed are not parsed again, and definitions that read nothing new are not checked again.
/// Never fails.
pub fn analyse(world: &dyn World, root: &str, options: Option<&Options>, parsed: &mut Parsed) -> Analysis {
    let mut index = Index::default();
    let answers = Answers { index: Some(&mut index), ..Answers::default() };
    let compilation = run(world, root, &Job { options, ..Job::default() }, parsed, answers);
    Analysis { compilation, index }
}

fn run(world: &dyn World, root: &str, job: &Job<'_>, parsed: &mut Parsed, answers: Answers<'_>) -> Compilation {
    let Answers { index, explained } = answers;
    let mut found = Vec::new();
    let nearby = nearby::Nearby::new(world, &join("", root));
    let loaded = load::load(world, &nearby, root, job.sets, job.question, parsed, &mut found);
    let mut program = resolve::resolve(&loaded, &mut found);
    let job_of_check = check::Job { is_noting: index.is_some(), kept: parsed.kept.take() };
    let checked = check::check(&nearby, &loaded, &mut program, job_of_check, &mut found);
    let check::Check { typed, findings, keep, count } = checked;
    parsed.counts = (count, program.count());
    let order = order::order(&program, &typed.references, &mut found);
    let mut graph = None;
    let (mut shots, mut claims) = (Vec::new(), Vec::new());
    if let Some(options) = job.options
        && !found.iter().any(Diagnostic::is_error)
    {
        let (lowered, infos, claimed) = lower::lower(&nearby, &loaded, &program, &typed, &order, options, &mut found);
        (shots, claims) = (infos, claimed);
        if !found.iter().any(Diagnostic::is_error) {
            graph = validate::validate(prune::prune(lowered), &mut found);
            if let Some(graph) = &graph {
                warn::graph(&program, &typed, graph, &mut found);
            }
        }
    }
    if found.iter().any(Diagnostic::is_error) {
        // What is unused may be used by what could not be read.
        found.retain(|d| d.code != "W0201" && d.code != "W0203");
        graph = None;
    }
    for diagnostic in &mut found {
        hints::complete(diagnostic);
    }
    found.sort_by_key(|d| (d.span.map(|s| (s.file, s.start, s.end)), !d.is_error()));
    if let Some(index) = index {
        *index = index::index(&loaded, &program, &typed, &findings);
    }
    if let Some(explained) = explained {
        let shot = job.options.and_then(|o| o.shot.as_deref());
        *explained = explain::explain(&loaded, &program, &typed, shot);
    }
    let modules = loaded.modules.iter().filter(|m| !m.is_argument).map(|m| m.path.clone()).collect();
    let mut assets: Vec<String> = program
        .iter()
        .filter_map(|(_, def)| match &def.kind {
            resolve::DefKind::Asset { path, .. } => Some(path.clone()),
            _ => None,
        })
        .collect();
    assets.sort();
    assets.dedup();
    assets.retain(|path| !path.is_empty());
    let packages = loaded.packages.infos();
    let manifests = packages.iter().map(|p| nearby::below(&p.folder, packages::manifest::MANIFEST)).collect();
    let locks = locks(&loaded, &program, &typed);
    let typed = match keep {
        Some(keep) => {
            let checked = typed.checked.into_iter().map(Some).collect();
            let results = kept::Results { checked, findings, order: keep.order, spread: keep.spread };
            parsed.kept = Some(kept::Kept::new(&loaded, &program, results));
            None
        }
        None => Some((typed, findings)),
    };
    drop(program);
    let sources = loaded.sources;
    // Trees of many small pieces: nobody need wait until they are freed.
    let trees = (typed, loaded.modules);
    rayon::spawn(move || drop(trees));
    Compilation { sources, diagnostics: found, graph, shots, modules, assets, manifests, packages, locks, claims }
}

fn locks(loaded: &load::Loaded, program: &resolve::Program<'_>, typed: &typed::Typed) -> Vec<LockOverride> {
    let mut locks = Vec::new();
    for (def, item) in program.iter() {
        if let (typed::Body::Opinion(opinion), resolve::DefKind::Override(written)) = (&typed[def].body, &item.kind)
            && let (Some(_), Some(reason)) = (opinion.lock, &written.reason)
        {
            let path = loaded.sources.text(written.path.span).to_owned();
            locks.push(LockOverride { path, reason: reason.value.clone(), span: opinion.span });
        }
    }
    locks
}
