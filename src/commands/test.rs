//! `scenec test FILE`: tests, gates and the budget over the finished stage; nothing is rendered.

use std::time::Instant;

use scenec_compiler::{Claim, ClaimKind, Claims, Compilation, Options};
use scenec_ir::diagnostic::render;
use scenec_ir::{Diagnostic, Span};
use scenec_runtime::{Job, Outcome, RunError, Settings};
use serde_json::json;

use super::{exit_of, program};
use crate::args::{MessageFormat, Talk, Test};
use crate::disk::{Disk, Documents};
use crate::progress::Teller;
use crate::{Exit, say};

/// A test, a gate or the budget, with what is wrong with it.
struct Verdict<'c> {
    kind: ClaimKind,
    name: &'c str,
    place: Span,
    failures: Vec<Diagnostic>,
}

pub(crate) fn run(args: &Test) -> Exit {
    let began = Instant::now();
    let format = if args.json { MessageFormat::Json } else { args.message_format };
    let options = Options {
        shot: args.shot.clone(),
        strict: args.strict,
        first_frame_only: true,
        claims: Claims::Tests,
        filter: args.filter.clone(),
        ..Options::default()
    };
    let tone = program::Tone { format, errors_only: true, events: format == MessageFormat::Json, frozen: args.frozen };
    let (compilation, documents) = match program::compile_to_run(&args.file, &args.sets, &options, tone) {
        Ok(compiled) => compiled,
        Err(exit) => return exit,
    };
    if compilation.claims.is_empty() {
        return nothing_to_test(args, &compilation, format);
    }
    // Progress is for pictures; warnings of the run are told, unless what is printed must stay one document.
    let teller = Teller::new(Talk { json: format == MessageFormat::Json, quiet: format == MessageFormat::Sarif });
    match judge(args, &compilation, documents, &teller) {
        Ok(verdicts) => {
            report(&verdicts, &compilation, format, began.elapsed().as_secs_f64());
            if verdicts.iter().all(|v| v.failures.is_empty()) { Exit::Done } else { Exit::Gate }
        }
        Err(error) => {
            teller.error(&error, &compilation.sources);
            exit_of(&error)
        }
    }
}

fn judge<'c>(
    args: &Test,
    compilation: &'c Compilation,
    documents: Documents,
    teller: &Teller,
) -> Outcome<Vec<Verdict<'c>>> {
    let Some(graph) = &compilation.graph else {
        return Err(RunError::new("E0698", "the program has no graph"));
    };
    let disk = Disk::new("").with_documents(documents);
    let settings = Settings {
        device: args.machine.device,
        threads: args.machine.threads.map(usize::from),
        samples_limit: None,
        size_divisor: 1,
    };
    let measured = Job::new(graph, settings, &disk, teller).measure()?;
    let mut verdicts: Vec<Verdict> = Vec::new();
    for claim in &compilation.claims {
        let failures = claim.judge(&measured, &compilation.sources);
        let Claim { kind, name, place, .. } = claim;
        match verdicts.last_mut().filter(|v| v.place == *place) {
            Some(verdict) => verdict.failures.extend(failures),
            None => verdicts.push(Verdict { kind: *kind, name, place: *place, failures }),
        }
    }
    Ok(verdicts)
}

fn report(verdicts: &[Verdict<'_>], compilation: &Compilation, format: MessageFormat, seconds: f64) {
    let failures: Vec<Diagnostic> = verdicts.iter().flat_map(|v| v.failures.iter().cloned()).collect();
    let failed = verdicts.iter().filter(|v| !v.failures.is_empty()).count();
    let passed = verdicts.len() - failed;
    match format {
        MessageFormat::Human => {
            for verdict in verdicts {
                let name = match verdict.kind {
                    ClaimKind::Budget => "budget".to_owned(),
                    kind => format!("{} \"{}\"", kind.noun(), verdict.name),
                };
                say::line(&format!("{name} ... {}", if verdict.failures.is_empty() { "ok" } else { "FAILED" }));
            }
            if !failures.is_empty() {
                say::line("");
                program::show(&failures, &compilation.sources, format);
                say::line("");
            }
            say::line(&format!("{passed} passed, {failed} failed, in {seconds:.1} s"));
        }
        MessageFormat::Json => {
            for verdict in verdicts {
                let failures: Vec<_> = verdict.failures.iter().map(|d| render::json(d, &compilation.sources)).collect();
                let event = json!({
                    "event": "test", "kind": verdict.kind.noun(), "name": verdict.name,
                    "place": compilation.sources.location(verdict.place), "ok": failures.is_empty(), "failures": failures,
                });
                say::line(&event.to_string());
            }
            say::line(&json!({"event": "tested", "passed": passed, "failed": failed, "seconds": seconds}).to_string());
        }
        MessageFormat::Sarif => program::show(&failures, &compilation.sources, format),
    }
}

/// No test at all, or none with this name.
fn nothing_to_test(args: &Test, compilation: &Compilation, format: MessageFormat) -> Exit {
    if let Some(filter) = &args.filter {
        let error = RunError::new("E0691", format!("no test or gate of {} has `{filter}` in its name", args.file))
            .hint("without --filter all of them are made");
        match format {
            MessageFormat::Json => say::error_event(error.code, &error.message, error.hint.as_deref()),
            _ => say::error(&error),
        }
        return Exit::Program;
    }
    match format {
        MessageFormat::Human => say::line(&format!(
            "{}: no tests; one is written `test \"the ball is seen\" {{ assert visible(ball, s010) > 0.5 }}`",
            args.file
        )),
        MessageFormat::Json => {
            say::line(&json!({"event": "tested", "passed": 0, "failed": 0, "seconds": 0.0}).to_string());
        }
        MessageFormat::Sarif => program::show(&[], &compilation.sources, format),
    }
    Exit::Done
}
