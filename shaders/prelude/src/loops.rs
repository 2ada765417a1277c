//! The iteration cap: a loop that would never end is left and reported.

use std::sync::atomic::{AtomicBool, Ordering};

/// Counts nothing itself: it holds the cap that each loop starts from, and remembers that one was reached.
#[derive(Debug)]
pub struct LoopGuard {
    cap: u32,
    tripped: AtomicBool,
}

impl LoopGuard {
    /// Iterations after which a loop is taken for endless, unless the host says otherwise.
    pub const DEFAULT_CAP: u32 = 1 << 22;

    /// A guard that lets every loop run `cap` iterations.
    pub const fn new(cap: u32) -> Self {
        Self { cap, tripped: AtomicBool::new(false) }
    }

    /// Iterations that one loop may run.
    #[inline(always)]
    pub fn cap(&self) -> u32 {
        self.cap
    }

    /// Records that a loop reached the cap and was left early.
    #[cold]
    #[inline(never)]
    pub fn trip(&self) {
        self.tripped.store(true, Ordering::Relaxed);
    }

    /// True when some loop was left early since the guard was made or [`LoopGuard::reset`]: the results are wrong.
    pub fn tripped(&self) -> bool {
        self.tripped.load(Ordering::Relaxed)
    }

    /// Forgets earlier reports.
    pub fn reset(&self) {
        self.tripped.store(false, Ordering::Relaxed);
    }
}

impl Default for LoopGuard {
    fn default() -> Self {
        Self::new(Self::DEFAULT_CAP)
    }
}
