//! `scenec graph FILE`: the compiled graph.

use scenec_compiler::Options;

use super::program::Tone;
use crate::args::{Graph, GraphFormat, MessageFormat};
use crate::{Exit, say};

pub(crate) fn run(args: &Graph) -> Exit {
    let tone = Tone { format: MessageFormat::Human, errors_only: false, events: false, frozen: args.frozen };
    let compilation = match super::program::compile(&args.file, &args.sets, &Options::default(), tone) {
        Ok(compilation) => compilation,
        Err(exit) => return exit,
    };
    if let Some(graph) = &compilation.graph {
        let text = match args.format {
            GraphFormat::Text => graph.to_text(),
            GraphFormat::Dot => graph.to_dot(),
            GraphFormat::Ron => graph.to_ron(),
        };
        say::line(text.trim_end());
    }
    Exit::Done
}
