//! `scenec build FILE`: compile a scene and make its outputs.

use std::time::Instant;

use scenec_compiler::{Claim, Claims, Compilation, Options};
use scenec_ir::graph::Valid;
use scenec_ir::{Diagnostic, Value};
use scenec_runtime::{Job, Outcome, RunError, Settings};

use super::{exit_of, program};
use crate::args::{Build, MessageFormat, Quality};
use crate::disk::{Disk, Documents};
use crate::progress::Teller;
use crate::{Exit, say};

pub(crate) fn run(args: &Build) -> Exit {
    let began = Instant::now();
    let format = if args.talk.json { MessageFormat::Json } else { MessageFormat::Human };
    let options = Options {
        shot: args.shot.clone(),
        frames: args.frames,
        strict: args.strict,
        claims: Claims::Gates,
        ..Options::default()
    };
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
    match make(args, &compilation, graph, documents, &teller) {
        Ok(failures) if !failures.is_empty() => {
            program::show(&failures, &compilation.sources, format);
            if args.talk.json {
                let first = &failures[0];
                say::error_event(&first.code, "a gate is closed or the budget is exceeded: nothing was built", None);
            }
            Exit::Gate
        }
        Ok(_) => {
            teller.done(began.elapsed().as_secs_f64());
            Exit::Done
        }
        Err(error) => {
            teller.error(&error, &compilation.sources);
            exit_of(&error)
        }
    }
}

/// Builds, or gives what keeps it from being built.
fn make(
    args: &Build,
    compilation: &Compilation,
    graph: &Valid,
    documents: Documents,
    teller: &Teller,
) -> Outcome<Vec<Diagnostic>> {
    let disk = Disk::new(&args.out).with_documents(documents);
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
    let mut job = Job::new(graph, settings, &disk, teller);
    if !compilation.claims.is_empty() {
        let measured = job.measure()?;
        let judge = |claim: &Claim| claim.judge(&measured, &compilation.sources);
        let failures: Vec<Diagnostic> = compilation.claims.iter().flat_map(judge).collect();
        if !failures.is_empty() {
            return Ok(failures);
        }
    }
    // A path that can't be written is told before the long work, not after it.
    for output in &graph.outputs {
        if let Some(Value::Text(path)) = graph.nodes[*output].params.get("file") {
            disk.probe(path).map_err(|reason| {
                RunError::new("E0650", reason).hint("choose another folder with --out, or another `file` in the output")
            })?;
        }
    }
    job.finish().map(|_| Vec::new())
}
