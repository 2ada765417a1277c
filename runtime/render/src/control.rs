//! How a caller watches and stops a render.

use crate::Film;

/// How far a render has come.
#[derive(Clone, Copy, Debug)]
pub struct Progress<'a> {
    /// Samples per pixel of all finished passes.
    pub samples_done: u32,
    /// Samples per pixel asked for.
    pub samples_total: u32,
    /// Share of all pixel samples that are done, 0..1.
    pub fraction: f64,
    /// Rays traced so far, to surfaces and to lights.
    pub rays: u64,
    /// Such as `native (2 threads)` or an adapter's name.
    pub device: &'a str,
}

/// Something the user may want to know; the render goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// Such as `W0601`.
    pub code: &'static str,
    /// A whole sentence.
    pub message: String,
}

/// Watches a render.
pub trait Control: Sync {
    /// Called often, from worker threads, never twice at once. Return false to stop.
    fn progress(&self, progress: &Progress<'_>) -> bool;

    /// Something worth telling.
    fn warn(&self, warning: &Warning) {
        let _ = warning;
    }

    /// After each pass over the whole frame. `film` makes the picture so far.
    fn pass(&self, film: &dyn Fn() -> Film) {
        let _ = film;
    }
}

impl Control for () {
    fn progress(&self, _: &Progress<'_>) -> bool {
        true
    }
}
