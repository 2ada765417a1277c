//! `scenec build FILE`: compile a scene and make its outputs.

use std::time::Instant;

use scenec_compiler::Options;
use scenec_ir::Value;
use scenec_ir::graph::Valid;
use scenec_runtime::{Outcome, RunError, Settings, execute};

use super::{exit_of, program};
use crate::args::{Build, MessageFormat, Quality};
use crate::disk::{Disk, Documents};
use crate::progress::Teller;
use crate::{Exit, say};

pub(crate) fn run(args: &Build) -> Exit {
    let began = Instant::now();
    let format = if args.talk.json { MessageFormat::Json } else { MessageFormat::Human };
    let options = Options { shot: args.shot.clone(), frames: args.frames, strict: args.strict, ..Options::default() };
    let tone = program::Tone { format, errors_only: args.talk.quiet, events: args.talk.json, frozen: args.frozen };
    let (compilation, documents) = match program::compile_to_run(&args.file, &args.sets, &options, tone) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    for lock in &compilation.locks {
        let place = compilation.sources.location(lock.span);
        if args.talk.json {
            let event = serde_json::json!({"event": "lock", "path": lock.path, "reason": lock.reason, "place": place});
            say::line(&event.to_string());
        } else if !args.talk.quiet {
            say::error_line(&format!("the lock `{}` is overridden: {} ({place})", lock.path, lock.reason));
        }
    }
    let teller = Teller::new(args.talk);
    let Some(graph) = &compilation.graph else { return Exit::Bug };
    match make(args, graph, documents, &teller) {
        Ok(()) => {
            teller.done(began.elapsed().as_secs_f64());
            Exit::Done
        }
        Err(error) => {
            teller.error(&error);
            exit_of(&error)
        }
    }
}

fn make(args: &Build, graph: &Valid, documents: Documents, teller: &Teller) -> Outcome<()> {
    let disk = Disk::new(&args.out).with_documents(documents);
    // A path that can't be written is told before the long work, not after it.
    for output in &graph.outputs {
        if let Some(Value::Text(path)) = graph.nodes[*output].params.get("file") {
            disk.probe(path).map_err(|reason| {
                RunError::new("E0650", reason).hint("choose another folder with --out, or another `file` in the output")
            })?;
        }
    }
    let (samples_limit, size_divisor) = match args.quality {
        Quality::Draft => (Some(4), 2),
        Quality::Preview => (Some(16), 1),
        Quality::Final => (None, 1),
    };
    let settings = Settings {
        device: args.machine.device,
        threads: args.machine.threads.map(usize::from),
        samples_limit,
        size_divisor,
    };
    execute(graph, settings, &disk, teller).map(|_| ())
}
