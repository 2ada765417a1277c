//! Any text: no panic, spans inside of the text, no error node without a diagnostic, and a page that can be drawn.
#![no_main]

use libfuzzer_sys::fuzz_target;
use scenec_ir::{SourceMap, render};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let mut sources = SourceMap::default();
    let file = sources.add("fuzz.ngs", &*text);
    let (module, diagnostics) = scenec_grammar::parse(file, &text);
    for d in &diagnostics {
        let edits = d.fix.iter().flat_map(|f| f.edits.iter().map(|e| e.span));
        for span in d.span.into_iter().chain(d.because.iter().map(|b| b.span)).chain(edits) {
            assert!(text.get(span.range()).is_some(), "{d:?}");
        }
        render::json(d, &sources);
    }
    assert!(!format!("{module:?}").contains("Error") || !diagnostics.is_empty());
    render::human(&diagnostics, &sources, &render::Style { color: true, width: 80 });
});
