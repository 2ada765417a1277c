//! Any text: no panic, spans inside of the text, no error node without a diagnostic, and a page that can be drawn.
#![no_main]

mod diagnostics;
mod text;

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use scenec_ir::SourceMap;

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.ngs", &*text);
    let (module, found) = scenec_grammar::parse(file, &text);
    diagnostics::check(&found, &sources);
    assert!(!found.is_empty() || !has_error_node(&format!("{module:?}")), "{module:?}");
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| { text::mutate(data, size, max_size, seed) });

/// Whether a module, printed for debugging, has a node `Error`. Names and texts stand in quotes and are passed over.
fn has_error_node(printed: &str) -> bool {
    let mut escaped = false;
    let mut quoted = false;
    let outside = |c: &char| {
        let outside = !quoted && *c != '"';
        quoted ^= *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        outside
    };
    printed.chars().filter(outside).collect::<String>().contains("Error")
}
