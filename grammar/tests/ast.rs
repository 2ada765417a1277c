//! The AST of every program in `tests/ngs`, as snapshots. The programs have no error.

use scenec_ir::FileId;

#[test]
fn programs() {
    insta::glob!("ngs/*.ngs", |path| {
        let text = std::fs::read_to_string(path).expect("the suite is UTF-8");
        let (module, diagnostics) = scenec_grammar::parse(FileId(0), &text);
        assert_eq!(diagnostics, [], "{}", path.display());
        insta::assert_snapshot!(scenec_grammar::dump(&module));
    });
}
