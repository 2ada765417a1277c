//! The only place that prints. A closed pipe ends the talking, not the run.

use std::io::Write;
use std::sync::atomic::AtomicBool;

use scenec_runtime::RunError;

/// True once a run tells JSON events: then a bug ends it with one too.
pub(crate) static EVENTS: AtomicBool = AtomicBool::new(false);

/// A line on standard output.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Text on standard output as it is.
pub(crate) fn text(text: &str) {
    let mut stdout = std::io::stdout().lock();
    let _ = stdout.write_all(text.as_bytes());
    let _ = stdout.flush();
}

/// A line on standard error.
pub(crate) fn error_line(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Text on standard error as it is, flushed.
pub(crate) fn error_text(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = write!(stderr, "{text}");
    let _ = stderr.flush();
}

/// An error on standard error, with its hint.
pub(crate) fn error(error: &RunError) {
    error_line(&format!("error[{}]: {}", error.code, error.message));
    if let Some(hint) = &error.hint {
        error_line(&format!("  hint: {hint}"));
    }
}

/// An error as the event that ends a run which failed.
pub(crate) fn error_event(code: &str, message: &str, hint: Option<&str>) {
    line(&serde_json::json!({"event": "error", "code": code, "message": message, "hint": hint}).to_string());
}
