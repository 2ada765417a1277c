//! The `scenec` command: the only place that prints, reads the disk, writes files or exits.

mod args;
mod commands;
mod disk;
mod git;
mod interrupt;
mod manual;
mod progress;
mod say;

use std::process::ExitCode;
use std::sync::atomic::Ordering;

use clap::Parser;

/// Mesa's device-select layer complains on standard error about a missing display, which this program never opens.
fn quiet_drivers() {
    if cfg!(target_os = "linux") && std::env::var_os("NODEVICE_SELECT").is_none() {
        // SAFETY: no other thread runs yet.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

/// `--threads` holds for geometry and acceleration structures too, which run on rayon's own pool.
fn limit_threads(arguments: &args::Arguments) {
    let machine = match &arguments.command {
        args::Command::Build(build) => &build.machine,
        args::Command::Render(render) => &render.machine,
        args::Command::Test(test) => &test.machine,
        _ => return,
    };
    if let Some(threads) = machine.threads {
        // SAFETY: no other thread runs yet.
        unsafe { std::env::set_var("RAYON_NUM_THREADS", threads.to_string()) };
    }
}

/// How a run ended, by class; the number is the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything that was asked is there.
    Done = 0,
    /// The program, an asset or the command line has errors.
    Program = 1,
    /// The program is right, and a test, a gate or the budget says that its scene is not.
    Gate = 2,
    /// The machine lacks something: a file can't be written, no adapter, no memory.
    Machine = 3,
    /// A bug of ours.
    Bug = 4,
    /// The user stopped it (128 + SIGINT, as shells have it).
    Interrupted = 130,
}

fn main() -> ExitCode {
    quiet_drivers();
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // clap's own exit code 2 would say "a gate failed".
            let code = if error.use_stderr() { Exit::Program } else { Exit::Done };
            let _ = error.print();
            return ExitCode::from(code as u8);
        }
    };
    std::panic::set_hook(Box::new(|info| {
        say::error_line(&format!("error[E0999]: a bug in scenec: {info}"));
        say::error_line("  hint: please report it with the scene and the command line");
    }));
    limit_threads(&arguments);
    interrupt::install();
    let exit = std::panic::catch_unwind(|| commands::run(arguments)).unwrap_or_else(|_| {
        if say::EVENTS.load(Ordering::Relaxed) {
            say::error_event("E0999", "a bug in scenec", Some("please report it with the scene"));
        }
        Exit::Bug
    });
    ExitCode::from(exit as u8)
}
