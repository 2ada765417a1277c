//! Ctrl-C: the first asks the run to stop at the next batch, the second stops at once.

use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// Takes over SIGINT and SIGTERM.
pub(crate) fn install() {
    // Without a handler Ctrl-C just ends the process, which leaves no half file either: files are renamed into place.
    let _ = ctrlc::set_handler(|| {
        if ASKED.swap(true, Ordering::SeqCst) {
            crate::disk::remove_unfinished();
            std::process::exit(crate::Exit::Interrupted as i32);
        }
    });
}

/// True once the user asked to stop.
pub(crate) fn asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
