//! What holds for every diagnostic.

use scenec_ir::{Diagnostic, SourceMap, codes, render};

/// Spans lie in the texts, codes have pages, and the page of all can be drawn.
pub fn check(found: &[Diagnostic], sources: &SourceMap) {
    for d in found {
        let edits = d.fix.iter().flat_map(|f| f.edits.iter().map(|e| e.span));
        for span in d.span.into_iter().chain(d.because.iter().map(|b| b.span)).chain(edits) {
            assert!(sources.file(span.file).text.get(span.range()).is_some(), "{d:?}");
        }
        assert!(codes::find(&d.code).is_some(), "{} has no page", d.code);
        render::json(d, sources);
    }
    render::human(found, sources, &render::Style { color: true, width: 80 });
}
