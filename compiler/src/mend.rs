//! Mends what a machine can: applies the fixes of diagnostics and compiles again, until none is left.

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::diagnostic::Edit;
use scenec_ir::{Diagnostic, SourceMap};

use crate::packages::{Source, owner};
use crate::{Compilation, EditedWorld, Options, World, compile};

/// A fix may uncover the next mistake; a chain is no longer than this.
const ROUNDS: usize = 16;

/// A program after its fixes.
#[derive(Clone, Debug)]
pub struct Mended {
    /// New texts by path; nothing has been written.
    pub texts: BTreeMap<String, String>,
    /// How many fixes were applied.
    pub fixes: usize,
    /// What the mended program compiles to.
    pub compilation: Compilation,
}

/// Compiles the program at `root` as [`compile`] does, applies every fix that no other touches, and compiles again.
pub fn mend(world: &dyn World, root: &str, sets: &[(String, String)], options: &Options) -> Mended {
    let mut overlay = EditedWorld { world, texts: BTreeMap::new() };
    let mut compilation = compile(&overlay, root, sets, options);
    let mut fixes = 0;
    let mut seen = BTreeSet::new();
    for _ in 0..ROUNDS {
        let (texts, applied) = apply(&overlay, &compilation);
        // Fixes that undo each other would go round in a circle.
        if applied == 0 || !seen.insert(texts.clone()) {
            break;
        }
        overlay.texts.extend(texts);
        fixes += applied;
        compilation = compile(&overlay, root, sets, options);
    }
    Mended { texts: overlay.texts, fixes, compilation }
}

/// The texts that one round of fixes changes, and how many fixes that were.
fn apply(world: &EditedWorld<'_>, compilation: &Compilation) -> (BTreeMap<String, String>, usize) {
    let sources = &compilation.sources;
    // Values of `--set` are no files, and what was not read as it stands (it had bytes that are no text) is not written.
    let writable = |edit: &Edit| {
        let file = sources.file(edit.span.file);
        let is_read = compilation.modules.contains(&file.path) || compilation.manifests.contains(&file.path);
        is_read
            && !in_other_package(compilation, &file.path)
            && file.text.get(edit.span.range()).is_some()
            && world.read(&file.path).is_ok_and(|bytes| *bytes == *file.text.as_bytes())
    };
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut applied = 0;
    for edits in compilation.diagnostics.iter().filter_map(fix_of) {
        let free = |edit: &Edit| chosen.iter().all(|other| apart(edit, other));
        if edits.iter().all(|edit| writable(edit) && free(edit)) {
            chosen.extend(edits);
            applied += 1;
        }
    }
    (edited(sources, chosen), applied)
}

/// What a package consists of is mended where that package is written.
fn in_other_package(compilation: &Compilation, path: &str) -> bool {
    owner(&compilation.packages, path).is_some_and(|p| p.source != Source::own())
}

fn fix_of(diagnostic: &Diagnostic) -> Option<&[Edit]> {
    diagnostic.fix.as_ref().map(|fix| fix.edits.as_slice()).filter(|edits| !edits.is_empty())
}

/// Edits that neither overlap nor begin at one place, where their order would matter.
fn apart(a: &Edit, b: &Edit) -> bool {
    let (a, b) = (a.span, b.span);
    a.file != b.file || a.start != b.start && (a.end <= b.start || b.end <= a.start)
}

/// Texts with disjoint edits carried out.
fn edited(sources: &SourceMap, mut edits: Vec<&Edit>) -> BTreeMap<String, String> {
    edits.sort_by_key(|edit| (edit.span.file, edit.span.start));
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for edit in edits.into_iter().rev() {
        let file = sources.file(edit.span.file);
        let text = texts.entry(file.path.clone()).or_insert_with(|| file.text.to_string());
        // From the end, so that earlier places stay where they are.
        text.replace_range(edit.span.range(), &edit.text);
    }
    texts
}
