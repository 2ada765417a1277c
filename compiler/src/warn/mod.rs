//! Warnings: what is legal, and yet hardly what was meant. One mistake gives one warning; a name that begins with `_` gives
//! none.

mod camera;
mod extent;
mod size;
mod surfaces;
mod twins;
mod unused;

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::graph::Node;
use scenec_ir::{AssetIndex, Diagnostic, Graph, Handle, Span, Value};

use crate::resolve::{DefKind, Program};
use crate::typed::{Body, Typed};
use extent::Extents;

pub use size::flattened;
pub use unused::unused;

/// Pictures that are looked at: frames and shots of one scene have the same mistakes.
const MOST_STAGES: usize = 16;
/// Warnings of one code that are shown: one mistake in a program that another program wrote may be made thousands of times.
const MOST_OF_A_CODE: usize = 16;

/// Looks at a finished graph.
pub fn graph(program: &Program<'_>, typed: &Typed, graph: &Graph, diagnostics: &mut Vec<Diagnostic>) {
    let mut assets: BTreeMap<&str, &AssetIndex> = BTreeMap::new();
    for (_, def) in program.iter() {
        if let DefKind::Asset { index: Some(index), path, .. } = &def.kind {
            assets.insert(path, index);
        }
    }
    let extents = Extents::new(graph, &assets);
    let mut found = Vec::new();
    let mut stages: BTreeSet<Handle<Node>> = BTreeSet::new();
    let mut views: BTreeSet<(Handle<Node>, Handle<Node>)> = BTreeSet::new();
    for (_, node) in graph.nodes.iter().filter(|(_, n)| n.kind == "render") {
        let input = |port: &str| node.inputs.get(port).and_then(|list| list.first()).map(|i| i.node);
        let (Some(stage), Some(camera)) = (input("stage"), input("camera")) else { continue };
        if stages.len() < MOST_STAGES || stages.contains(&stage) {
            stages.insert(stage);
            views.insert((stage, camera));
        }
    }
    let values = || {
        program.iter().filter_map(|(def, item)| match &typed[def].body {
            Body::Value(term) => Some((item.name.value.as_str(), term.span, typed[def].timed)),
            _ => None,
        })
    };
    let mut twins = twins::Twins::new(graph, values().map(|(name, span, _)| (name, span)).collect());
    for stage in stages {
        size::sizes(graph, &extents, stage, &mut found);
        twins.below(stage, &mut found);
        surfaces::coplanar(graph, &extents, stage, &mut found);
    }
    for (stage, camera) in views.into_iter().take(MOST_STAGES) {
        camera::look(graph, &extents, stage, camera, &mut found);
    }
    // Where two things meet that move, they part again. Items of a `for` that does not read its variable have its warning.
    let unread: Vec<Span> = diagnostics.iter().filter(|d| d.code == "W0201").filter_map(|d| d.span).collect();
    let excused: Vec<Span> = values()
        .filter(|(_, span, timed)| *timed || unread.iter().any(|name| within(*name, *span)))
        .map(|(_, span, _)| span)
        .collect();
    let is_excused = |d: &Diagnostic| {
        let mut places = d.span.iter().chain(d.because.iter().map(|b| &b.span));
        places.any(|place| excused.iter().any(|span| within(*place, *span)))
    };
    found.retain(|d| d.code != "W0404" || !is_excused(d));
    let mut said = BTreeSet::new();
    found.retain(|d| said.insert((d.code.clone(), d.span)));
    diagnostics.extend(few(found));
}

/// The first warnings of each code; the last of them says how many there are more.
fn few(found: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    found.iter().for_each(|d| *counts.entry(d.code.clone()).or_default() += 1);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut kept = Vec::new();
    for mut diagnostic in found {
        let (at, count) = (seen.entry(diagnostic.code.clone()).or_default(), counts[&diagnostic.code]);
        *at += 1;
        if *at == MOST_OF_A_CODE && count > MOST_OF_A_CODE {
            let hint = diagnostic.hint.take().unwrap_or_default();
            diagnostic.hint = Some(format!("{hint}; {} more warnings of this code are not shown", count - *at));
        }
        if *at <= MOST_OF_A_CODE {
            kept.push(diagnostic);
        }
    }
    kept
}

fn within(inner: Span, outer: Span) -> bool {
    inner.file == outer.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The name of a thing for messages; `None` when it is to be left alone.
fn name_of(node: &Node) -> Option<&str> {
    let name = match node.params.get("name") {
        Some(Value::Text(name)) if !name.is_empty() => name.as_str(),
        _ => node.id.as_str(),
    };
    let last = name.rsplit('/').next().unwrap_or(name);
    (!last.starts_with('_')).then_some(last)
}

/// Three numbers of a node in SI units.
fn vec3(node: &Node, name: &str) -> Option<[f64; 3]> {
    match node.params.get(name) {
        Some(Value::Vec3(v, _)) => Some(*v),
        _ => None,
    }
}

/// A number of a node in SI units.
fn number(node: &Node, name: &str) -> Option<f64> {
    node.params.get(name).and_then(Value::as_f64)
}

/// Things that a stage or an assembly holds.
fn things<'g>(node: &'g Node, port: &str) -> impl Iterator<Item = Handle<Node>> + use<'g> {
    node.inputs.get(port).into_iter().flatten().filter(|i| i.part.is_none()).map(|i| i.node)
}
