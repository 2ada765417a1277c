//! Any text as the root module of a program: no panic, spans inside of the texts, a page for every code, and a graph exactly
//! when nothing is wrong.
#![no_main]

#[path = "../../compiler/tests/common/mod.rs"]
mod common;
mod diagnostics;
mod text;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use scenec_compiler::{MemoryWorld, Options, compile};

fuzz_target!(|data: &[u8]| {
    let world = common::assets(MemoryWorld::of("fuzz.ngs", data))
        .with("kits/harbour.ngs", include_str!("../../compiler/tests/programs/kits/harbour.ngs"))
        .with("bibles/mira.ngs", include_str!("../../compiler/tests/programs/bibles/mira.ngs"));
    let compilation = compile(&world, "fuzz.ngs", &[], &Options::default());
    diagnostics::check(&compilation.diagnostics, &compilation.sources);
    assert_eq!(compilation.graph.is_some(), !compilation.has_errors());
    if let Some(graph) = &compilation.graph {
        graph.to_text();
        graph.to_dot();
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { text::mutate(data, size, max_size, seed) });
