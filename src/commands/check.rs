//! `scenec check FILE`: types, units and names; no rendering.

use scenec_compiler::{Claims, Options};

use super::program::Tone;
use crate::args::{Check, MessageFormat};
use crate::{Exit, say};

pub(crate) fn run(args: &Check) -> Exit {
    let options = Options { first_frame_only: true, strict: args.strict, claims: Claims::All, ..Options::default() };
    let tone = Tone { format: args.message_format, errors_only: false, events: false, frozen: args.frozen };
    let compile = if args.fix { super::program::compile_mended } else { super::program::compile };
    match compile(&args.file, &args.sets, &options, tone) {
        Ok(compilation) => {
            if args.message_format == MessageFormat::Human {
                let nodes = compilation.graph.as_ref().map_or(0, |g| g.nodes.len());
                let warnings = compilation.diagnostics.len();
                let warned = match warnings {
                    0 => String::new(),
                    1 => ", 1 warning".to_owned(),
                    n => format!(", {n} warnings"),
                };
                let locks = match compilation.locks.len() {
                    0 => String::new(),
                    1 => ", 1 lock overridden".to_owned(),
                    n => format!(", {n} locks overridden"),
                };
                say::line(&format!("{}: good, {nodes} nodes{locks}{warned}", args.file));
            }
            // The process ends: freeing the graph piece by piece would take a twentieth of its time.
            std::mem::forget(compilation);
            Exit::Done
        }
        Err(exit) => exit,
    }
}
