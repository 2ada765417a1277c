//! The commands. Each is a file with one function `run`.

mod build;
mod check;
mod diff;
mod docs;
mod doctor;
mod explain;
mod fmt;
mod frozen;
mod graph;
mod lock;
mod lsp;
pub(crate) mod program;
mod reads;
mod render;
mod test;
mod vendor;

use scenec_runtime::RunError;

use crate::Exit;
use crate::args::{Arguments, Command};

/// Runs what was asked.
pub(crate) fn run(arguments: Arguments) -> Exit {
    match arguments.command {
        Command::Build(a) => build::run(&a),
        Command::Check(a) => check::run(&a),
        Command::Diff(a) => diff::run(&a),
        Command::Fmt(a) => fmt::run(&a),
        Command::Graph(a) => graph::run(&a),
        Command::Test(a) => test::run(&a),
        Command::Render(a) => render::run(&a),
        Command::Explain(a) => explain::run(&a),
        Command::Docs(a) => docs::run(&a),
        Command::Lsp { stdio: _ } => lsp::run(),
        Command::Lock(a) => lock::run(&a),
        Command::Vendor(a) => vendor::run(&a),
        Command::Doctor => doctor::run(),
    }
}

/// The exit class of a run's error.
pub(crate) fn exit_of(error: &RunError) -> Exit {
    match error.code {
        _ if error.is_cancelled() => Exit::Interrupted,
        // What the machine refuses: adapters, memory, files that can't be written.
        "E0601" | "E0602" | "E0603" | "E0650" | "E0692" => Exit::Machine,
        "E0606" | "E0651" | "E0698" => Exit::Bug,
        _ => Exit::Program,
    }
}
