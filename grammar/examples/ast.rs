//! Prints the AST of a file and what is wrong with it: `cargo run -p scenec-grammar --example ast FILE.ngs`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

fn main() {
    for path in std::env::args().skip(1) {
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let mut sources = scenec_ir::SourceMap::default();
                let file = sources.add(path.as_str(), text.as_str());
                let (module, diagnostics) = scenec_grammar::parse(file, &text);
                println!("{}", scenec_grammar::dump(&module));
                let style = scenec_ir::render::Style::default();
                print!("{}", scenec_ir::render::human(&diagnostics, &sources, &style));
            }
            Err(error) => eprintln!("{path}: {error}"),
        }
    }
}
