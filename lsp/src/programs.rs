//! The programs that are open: which documents are their roots, and what was found out about each.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::time::{Duration, Instant};

use scenec_compiler::{Analysis, Claims, Options, Parsed, World, analyse};
use scenec_grammar::ast::ItemKind;
use scenec_ir::Diagnostic;

/// A program whose graph takes longer to make is not made while its author types.
const PATIENCE: Duration = Duration::from_secs(1);

/// A root module and all that it uses.
#[derive(Default)]
struct Program {
    parsed: Parsed,
    analysis: Option<Rc<Analysis>>,
    dirty: bool,
    /// What is found while making the graph is in the diagnostics.
    lowered: bool,
    /// Making the graph took too long.
    slow: bool,
}

impl Program {
    fn modules(&self) -> &[String] {
        self.analysis.as_ref().map_or(&[], |a| a.compilation.modules.as_slice())
    }

    fn manifests(&self) -> &[String] {
        self.analysis.as_ref().map_or(&[], |a| a.compilation.manifests.as_slice())
    }
}

/// Programs by the name of their root.
#[derive(Default)]
pub(crate) struct Programs {
    programs: BTreeMap<String, Program>,
    /// What was replaced. To take it down costs time, which is better spent when everything has been told.
    retired: Vec<Rc<Analysis>>,
}

impl Programs {
    /// A text has changed: the programs that read it are checked again.
    pub fn touch(&mut self, name: &str) {
        for (root, program) in &mut self.programs {
            program.dirty |= root == name || program.modules().iter().chain(program.manifests()).any(|m| m == name);
        }
    }

    /// Anything may have changed.
    pub fn touch_all(&mut self) {
        self.programs.values_mut().for_each(|p| {
            p.dirty = true;
            p.slow = false;
        });
    }

    pub fn is_dirty(&self) -> bool {
        self.programs.values().any(|p| p.dirty)
    }

    /// Checks what has to be. Every open document belongs to a program then: a document that no other uses is a root.
    pub fn refresh(&mut self, world: &dyn World, open: &BTreeSet<String>) {
        self.programs.retain(|root, _| open.contains(root));
        // Each round settles at least one document.
        for _ in 0..=open.len() {
            for (root, program) in self.programs.iter_mut().filter(|(_, p)| p.dirty) {
                let analysis = analyse(world, root, None, &mut program.parsed);
                self.retired.extend(program.analysis.replace(Rc::new(analysis)));
                program.dirty = false;
                program.lowered = false;
            }
            let covered = |name: &String| {
                self.programs.iter().any(|(root, p)| {
                    let uses_it = root != name && p.modules().contains(name);
                    // Of two that use each other the first stays.
                    let used = self.programs.get(name).is_some_and(|own| own.modules().contains(root));
                    uses_it && (!used || root < name)
                })
            };
            let gone: Vec<String> = self.programs.keys().filter(|n| covered(n)).cloned().collect();
            let new: Vec<String> =
                open.iter().filter(|n| !self.programs.contains_key(*n) && !covered(n)).cloned().collect();
            for name in &gone {
                self.programs.remove(name);
            }
            if gone.is_empty() && new.is_empty() {
                break;
            }
            for name in new {
                self.programs.insert(name, Program { dirty: true, ..Program::default() });
            }
        }
    }

    /// Takes down what was replaced.
    pub fn tidy(&mut self) {
        self.retired.clear();
    }

    /// Whether [`Programs::lower`] has something to do.
    pub fn can_lower(&self) -> bool {
        self.programs.values().any(Self::wants_graph)
    }

    /// Makes graphs, for what is only found then. Call it when nobody types.
    pub fn lower(&mut self, world: &dyn World) {
        let options = Options { first_frame_only: true, claims: Claims::All, ..Options::default() };
        for (root, program) in self.programs.iter_mut().filter(|(_, p)| Self::wants_graph(p)) {
            let start = Instant::now();
            let mut analysis = analyse(world, root, Some(&options), &mut program.parsed);
            // Only its diagnostics are wanted.
            analysis.compilation.graph = None;
            program.analysis = Some(Rc::new(analysis));
            program.lowered = true;
            program.slow = start.elapsed() > PATIENCE;
        }
    }

    fn wants_graph(program: &Program) -> bool {
        let is_good = program.analysis.as_ref().is_some_and(|a| !a.compilation.has_errors());
        is_good && !program.dirty && !program.lowered && !program.slow
    }

    /// The analysis that a module is looked at in: its own, else that of the first program that uses it.
    pub fn of(&self, name: &str) -> Option<Rc<Analysis>> {
        let own = self.programs.get(name);
        let program = own.or_else(|| self.programs.values().find(|p| p.modules().iter().any(|m| m == name)))?;
        program.analysis.clone()
    }

    /// All analyses, by root.
    pub fn analyses(&self) -> impl Iterator<Item = (&str, &Rc<Analysis>)> {
        self.programs.iter().filter_map(|(root, p)| Some((root.as_str(), p.analysis.as_ref()?)))
    }

    /// Everything found, by name of the module; what is found in several programs comes once.
    pub fn diagnostics(&self) -> BTreeMap<String, Vec<(Rc<Analysis>, Diagnostic)>> {
        let mut found: BTreeMap<String, Vec<(Rc<Analysis>, Diagnostic)>> = BTreeMap::new();
        for (root, analysis) in self.analyses() {
            let compilation = &analysis.compilation;
            for module in &compilation.modules {
                found.entry(module.clone()).or_default();
            }
            let library = is_library(analysis);
            for diagnostic in &compilation.diagnostics {
                if library && is_for_scenes(analysis, diagnostic) {
                    continue;
                }
                let name = diagnostic.span.map_or(root, |s| compilation.sources.file(s.file).path.as_str());
                let known = found.entry(name.to_owned()).or_default();
                let same = |(_, other): &(Rc<Analysis>, Diagnostic)| {
                    let place = |d: &Diagnostic| d.span.map(|s| (s.start, s.end));
                    (&other.code, &other.message, place(other))
                        == (&diagnostic.code, &diagnostic.message, place(diagnostic))
                };
                if !known.iter().any(same) {
                    known.push((analysis.clone(), diagnostic.clone()));
                }
            }
        }
        found
    }
}

/// A root that shows nothing is written for others: what it defines is used there.
fn is_library(analysis: &Analysis) -> bool {
    let Some(root) = analysis.index.modules.first() else { return false };
    !root.ast.items.iter().any(|item| {
        matches!(
            item.kind,
            ItemKind::Output { .. } | ItemKind::Image { .. } | ItemKind::Shot { .. } | ItemKind::Camera { .. }
        )
    })
}

/// Warnings of unused items and of missing outputs say nothing about a library.
fn is_for_scenes(analysis: &Analysis, diagnostic: &Diagnostic) -> bool {
    match diagnostic.code.as_str() {
        "W0401" | "W0402" => true,
        "W0201" => analysis
            .index
            .definitions
            .iter()
            .any(|d| Some(d.span) == diagnostic.span && d.owner.is_none() && d.module == 0 && !d.is_private),
        _ => false,
    }
}
