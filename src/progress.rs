//! What a run tells: a bar on a terminal, plain lines elsewhere, JSON events, or nothing.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use scenec_ir::{Diagnostic, SourceMap};
use scenec_runtime::{Control, Events, Progress, RunError, RunWarning, Warning};
use serde_json::json;

use crate::args::{MessageFormat, Talk};
use crate::commands::{exit_of, program};
use crate::{Exit, interrupt, say};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Voice {
    Bar,
    Lines,
    Json,
    Quiet,
}

/// Tells about one run. Pictures and facts go to standard output, the bar and warnings to standard error.
pub(crate) struct Teller {
    voice: Voice,
    state: Mutex<State>,
}

struct State {
    what: String,
    began: Instant,
    told: Option<Instant>,
    bar_shown: bool,
    warnings: usize,
}

impl Teller {
    pub(crate) fn new(talk: Talk) -> Self {
        let voice = if talk.quiet {
            Voice::Quiet
        } else if talk.json {
            Voice::Json
        } else if std::io::stderr().is_terminal() {
            Voice::Bar
        } else {
            Voice::Lines
        };
        say::EVENTS.store(voice == Voice::Json, Ordering::Relaxed);
        let state = State { what: String::new(), began: Instant::now(), told: None, bar_shown: false, warnings: 0 };
        Self { voice, state: Mutex::new(state) }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.voice == Voice::Json
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn clear_bar(&self, state: &mut State) {
        if std::mem::take(&mut state.bar_shown) {
            say::error_text("\r\x1b[2K");
        }
    }

    fn event(&self, event: serde_json::Value) {
        say::line(&event.to_string());
    }

    /// An error that ends the run; one of the program is shown where it is.
    pub(crate) fn error(&self, error: &RunError, sources: &SourceMap) {
        let mut state = self.state();
        self.clear_bar(&mut state);
        let place = error.place.filter(|_| exit_of(error) == Exit::Program);
        match place {
            _ if self.is_json() => self.event(json!({
                "event": "error",
                "code": error.code,
                "message": error.message,
                "hint": error.hint,
                "place": place.map(|span| sources.location(span)),
            })),
            None => say::error(error),
            Some(span) => {
                let diagnostic = Diagnostic::error(error.code, error.message.clone(), span);
                let diagnostic = Diagnostic { hint: error.hint.clone(), ..diagnostic };
                program::show(&[diagnostic], sources, MessageFormat::Human);
            }
        }
    }

    /// The last line of a good run.
    pub(crate) fn done(&self, seconds: f64) {
        let mut state = self.state();
        self.clear_bar(&mut state);
        match self.voice {
            Voice::Json => self.event(json!({"event": "done", "seconds": seconds, "warnings": state.warnings})),
            Voice::Quiet => {}
            Voice::Bar | Voice::Lines => say::error_line(&format!("done in {seconds:.1} s")),
        }
    }
}

/// `12.3M` for a number of things.
fn short(count: f64) -> String {
    match count {
        c if c >= 1e9 => format!("{:.2}G", c / 1e9),
        c if c >= 1e6 => format!("{:.1}M", c / 1e6),
        c if c >= 1e3 => format!("{:.0}k", c / 1e3),
        c => format!("{c:.0}"),
    }
}

impl Control for Teller {
    fn progress(&self, progress: &Progress) -> bool {
        if interrupt::asked() {
            return false;
        }
        let mut state = self.state();
        let every = match self.voice {
            Voice::Quiet => return true,
            Voice::Bar => Duration::from_millis(100),
            Voice::Json => Duration::from_millis(500),
            Voice::Lines => Duration::from_secs(5),
        };
        let now = Instant::now();
        let due = match state.told {
            Some(told) => now - told >= every,
            // A line as soon as there is something to say would only be noise for short runs.
            None => self.voice != Voice::Lines || now - state.began >= every,
        };
        if !due {
            return true;
        }
        state.told = Some(now);
        let elapsed = (now - state.began).as_secs_f64();
        let rays_per_s = progress.rays as f64 / elapsed.max(1e-6);
        let left = (progress.fraction > 0.0).then(|| elapsed / progress.fraction * (1.0 - progress.fraction));
        match self.voice {
            Voice::Json => self.event(json!({
                "event": "progress", "id": state.what, "fraction": progress.fraction, "samples": progress.samples_done,
                "samples_total": progress.samples_total, "rays": progress.rays, "rays_per_s": rays_per_s,
                "seconds_left": left, "device": progress.device,
            })),
            Voice::Bar | Voice::Lines => {
                let time = left.map_or_else(|| "--".to_owned(), |s| format!("{s:.0} s"));
                let figures = format!(
                    "{}/{} samples, {} rays/s, {time} left, {}",
                    progress.samples_done,
                    progress.samples_total,
                    short(rays_per_s),
                    progress.device
                );
                if self.voice == Voice::Bar {
                    let full = (progress.fraction * 24.0).round().clamp(0.0, 24.0) as usize;
                    let bar = format!("{}{}", "█".repeat(full), "░".repeat(24 - full));
                    say::error_text(&format!(
                        "\r\x1b[2K{} {bar} {:3.0} %  {figures}",
                        state.what,
                        progress.fraction * 100.0
                    ));
                    state.bar_shown = true;
                } else {
                    say::error_line(&format!("{}: {:.0} %, {figures}", state.what, progress.fraction * 100.0));
                }
            }
            Voice::Quiet => {}
        }
        true
    }

    fn warn(&self, warning: &Warning) {
        self.warning(&RunWarning { code: warning.code, message: warning.message.clone(), hint: None });
    }
}

impl Events for Teller {
    fn cancelled(&self) -> bool {
        interrupt::asked()
    }

    fn begin(&self, id: &str, kind: &str) {
        let mut state = self.state();
        // What follows a `#` is the compiler's own name for a step inside of the item.
        state.what = id.split('#').next().unwrap_or(id).to_owned();
        state.began = Instant::now();
        state.told = None;
        if self.is_json() {
            self.event(json!({"event": "begin", "id": id, "kind": kind}));
        }
    }

    fn wrote(&self, path: &str, bytes: usize) {
        let mut state = self.state();
        self.clear_bar(&mut state);
        match self.voice {
            Voice::Json => self.event(json!({"event": "wrote", "path": path, "bytes": bytes})),
            Voice::Quiet => {}
            Voice::Bar | Voice::Lines => say::line(path),
        }
    }

    fn warning(&self, warning: &RunWarning) {
        let mut state = self.state();
        self.clear_bar(&mut state);
        state.warnings += 1;
        match self.voice {
            Voice::Json => self.event(
                json!({"event": "warning", "code": warning.code, "message": warning.message, "hint": warning.hint}),
            ),
            Voice::Quiet => {}
            Voice::Bar | Voice::Lines => {
                say::error_line(&format!("warning[{}]: {}", warning.code, warning.message));
                if let Some(hint) = &warning.hint {
                    say::error_line(&format!("  hint: {hint}"));
                }
            }
        }
    }
}
