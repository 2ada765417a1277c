//! `scenec doctor`: what this machine can render on.

use crate::{Exit, say};

pub(crate) fn run() -> Exit {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    say::line(&format!("scenec {}", env!("CARGO_PKG_VERSION")));
    say::line(&format!("native: {threads} threads, {}", scenec_runtime::native_isa()));
    let devices = scenec_runtime::devices();
    if devices.is_empty() {
        say::line("gpu: no adapter; `--device auto` renders on the native executor");
    }
    for d in devices {
        let state = match &d.why_not {
            None => "usable".to_owned(),
            Some(why) => format!("not used: {why}"),
        };
        say::line(&format!("gpu: {} ({}, {}): {state}", d.name, d.kind, d.backend));
    }
    Exit::Done
}
