//! Order: a sequence in which every definition stands after what it reads, and the path of every cycle.

use std::collections::BTreeSet;

use petgraph::graph::{DiGraph, NodeIndex};
use scenec_ir::{Diagnostic, Span};

use crate::cycles::cycles;
use crate::resolve::{DefId, DefKind, Program, References};

/// Every definition after those that it reads, otherwise in program order. Where definitions read each other in a cycle
/// one of them stands too early; [`order`] reports it.
pub fn sequence(references: &References) -> Vec<DefId> {
    let mut order = Vec::with_capacity(references.len());
    let mut seen = vec![false; references.len()];
    // Depth first with a stack of our own: chains of definitions may be as long as the program.
    let mut stack: Vec<(usize, usize)> = Vec::new();
    for start in 0..references.len() {
        if !std::mem::replace(&mut seen[start], true) {
            stack.push((start, 0));
        }
        while let Some((def, next)) = stack.pop() {
            match references[def].get(next) {
                None => order.push(DefId(def as u32)),
                Some((read, _)) => {
                    stack.push((def, next + 1));
                    if !std::mem::replace(&mut seen[read.0 as usize], true) {
                        stack.push((read.0 as usize, 0));
                    }
                }
            }
        }
    }
    order
}

/// The sequence of definitions for lowering; a cycle is an error that shows its path.
pub fn order(program: &Program<'_>, references: &References, diagnostics: &mut Vec<Diagnostic>) -> Vec<DefId> {
    let graph = graph_of(references);
    let modules_are = diagnostics.iter().any(|d| d.code == "E0206");
    let mut in_cycle = BTreeSet::new();
    for cycle in cycles(&graph) {
        let defs: Vec<_> = cycle.iter().map(|(node, span)| (DefId(node.index() as u32), *span)).collect();
        in_cycle.extend(defs.iter().map(|(def, _)| program.block_of(*def)));
        // Of modules that use each other the cycle has its error.
        let module = |def: DefId| program[def].module;
        if !modules_are || defs.windows(2).all(|two| module(two[0].0) == module(two[1].0)) {
            report(program, &defs, diagnostics);
        }
    }
    layer_cycles(program, references, &in_cycle, diagnostics);
    sequence(references)
}

fn graph_of(references: &References) -> DiGraph<(), Span> {
    let mut graph = DiGraph::with_capacity(references.len(), references.len() * 2);
    for _ in references {
        graph.add_node(());
    }
    for (from, reads) in references.iter().enumerate() {
        for (to, span) in reads {
            graph.add_edge(NodeIndex::new(from), NodeIndex::new(to.0 as usize), *span);
        }
    }
    graph
}

fn arrows(names: &[String]) -> String {
    let shown: Vec<_> = match names.len() {
        0..=8 => names.iter().map(String::as_str).collect(),
        n => {
            let mut shown: Vec<_> = names[..4].iter().map(String::as_str).collect();
            shown.push("…");
            shown.extend(names[n - 3..].iter().map(String::as_str));
            shown
        }
    };
    let first = names.first().map_or("", String::as_str);
    format!("{} -> {first}", shown.join(" -> "))
}

fn report(program: &Program<'_>, cycle: &[(DefId, Span)], diagnostics: &mut Vec<Diagnostic>) {
    let Some(&(_, first_span)) = cycle.first() else { return };
    // A component "reads" its inner definitions; they are no steps of the path that a user sees.
    let steps: Vec<_> = cycle.to_vec();
    let components: Vec<_> = steps
        .iter()
        .filter(|(def, _)| matches!(program[*def].kind, DefKind::Component))
        .map(|(def, _)| program.path_of(*def))
        .collect();
    let images = steps.iter().any(|(def, _)| matches!(program[*def].kind, DefKind::Image { .. }));
    let functions = steps.iter().any(|(def, _)| matches!(program[*def].kind, DefKind::Function { .. }));
    let blocks: BTreeSet<_> = steps.iter().filter_map(|(def, _)| program.block_of(*def)).collect();
    let names: Vec<_> = steps.iter().map(|(def, _)| program.path_of(*def)).collect();
    let place = steps.iter().position(|(def, _)| !matches!(program[*def].kind, DefKind::Component)).unwrap_or(0);
    let reader = program.path_of(steps[place].0);
    let read = program.path_of(steps[(place + 1) % steps.len()].0);
    let remove = match reader == read {
        true => format!("remove `{read}` from its own value"),
        false => format!("remove `{read}` from the value of `{reader}`, or cut the cycle at another step"),
    };
    let (code, message, hint) = if !components.is_empty() {
        let message = format!("components contain themselves: {}", arrows(&components));
        ("E0403", message, format!("a component is finite: remove the call `{reader}`, or another step"))
    } else if images {
        ("E0403", format!("images contain themselves: {}", arrows(&names)), remove)
    } else if functions {
        let message = format!("functions call themselves: {}", arrows(&names));
        ("E0403", message, format!("a function is a finite expression; {remove}"))
    } else if blocks.len() > 1 {
        let message = format!("layers read each other in a cycle: {}", arrows(&names));
        ("E0402", message, remove)
    } else {
        ("E0401", format!("definitions read each other in a cycle: {}", arrows(&names)), remove)
    };
    let primary = steps.get(place).map_or(first_span, |s| s.1);
    let mut diagnostic = Diagnostic::error(code, message, primary).hint(hint);
    for (i, (def, span)) in steps.iter().enumerate().take(8) {
        if i != place && *span != primary {
            diagnostic = diagnostic.because(*span, format!("`{}` goes on here", program.path_of(*def)));
        }
    }
    diagnostics.push(diagnostic);
}

/// Layer blocks that read each other, though no thing needs itself.
fn layer_cycles(
    program: &Program<'_>,
    references: &References,
    reported: &BTreeSet<Option<DefId>>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut graph: DiGraph<(), Span> = DiGraph::new();
    let mut names: Vec<String> = Vec::new();
    let mut node_of = std::collections::BTreeMap::new();
    for (def, _) in program.iter() {
        if matches!(program[def].kind, DefKind::Layer(_)) {
            node_of.insert(def, graph.add_node(()));
            names.push(program.path_of(def));
        }
    }
    let mut seen = BTreeSet::new();
    for (from, reads) in references.iter().enumerate() {
        let Some(from) = program.block_of(DefId(from as u32)) else { continue };
        for (to, span) in reads {
            let is_override = matches!(program[*to].kind, DefKind::Override(_) | DefKind::Set(_));
            let Some(to) = program.block_of(*to) else { continue };
            // What is said of a thing from elsewhere makes its block no reader of that place.
            if from != to && !is_override && seen.insert((from, to)) {
                graph.add_edge(node_of[&from], node_of[&to], *span);
            }
        }
    }
    for cycle in cycles(&graph) {
        let blocks: Vec<_> = program
            .iter()
            .filter(|(def, _)| node_of.get(def).is_some_and(|n| cycle.iter().any(|(c, _)| c == n)))
            .map(|(def, _)| def)
            .collect();
        if blocks.iter().all(|b| reported.contains(&Some(*b))) {
            continue;
        }
        let path: Vec<_> = cycle.iter().map(|(node, _)| names[node.index()].clone()).collect();
        let message = format!("layers read each other in a cycle: {}", arrows(&path));
        let mut diagnostic = Diagnostic::error("E0402", message, cycle[0].1)
            .hint("move what both need into one of the blocks, or into a third");
        for (node, span) in &cycle[1..] {
            diagnostic = diagnostic.because(*span, format!("`{}` goes on here", names[node.index()]));
        }
        diagnostics.push(diagnostic);
    }
}
