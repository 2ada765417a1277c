//! Every node's example compiles without a word, and uses its node.

mod common;

use scenec_compiler::{Claims, MemoryWorld, Options, compile};

#[test]
fn examples_of_all_nodes_compile() {
    let mut failures = String::new();
    for decl in scenec_ir::nodes::all() {
        if decl.example.is_empty() {
            assert!(!decl.callable, "`{}` has no example", decl.name);
            continue;
        }
        let world = common::assets(MemoryWorld::of("example.ngs", decl.example));
        let compilation = compile(&world, "example.ngs", &[], &Options { claims: Claims::All, ..Options::default() });
        if !compilation.diagnostics.is_empty() {
            failures += &format!("{}\n{}\n", decl.name, common::compact(&compilation));
        }
        match &compilation.graph {
            None => failures += &format!("{}: no graph\n", decl.name),
            Some(graph) => {
                if !graph.nodes.iter().any(|(_, n)| n.kind == decl.name) {
                    failures += &format!("{}: its example does not use it\n", decl.name);
                }
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}
