//! A harness for tests that need what a machine may lack: a graphics adapter, the real-world assets, a right.
//!
//! libtest decides before a test runs whether to ignore it, and hides what a passing test prints. Here the test itself finds
//! out, and `cargo test` shows it as ignored, with the reason, and counts it. A suite sets `harness = false` in its manifest,
//! lists its tests in [`tests!`], and each that may be skipped returns an [`Outcome`]:
//!
//! ```no_run
//! use scenec_harness::{Outcome, shared_assets};
//!
//! fn fox_runs() -> Outcome {
//!     let fox = shared_assets()?.join("Fox.glb");
//!     assert!(fox.is_file());
//!     Ok(())
//! }
//!
//! scenec_harness::tests![fox_runs];
//! ```

use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Completion, Trial};

/// Why a test did not run.
#[derive(Debug)]
pub struct Skip(String);

impl Skip {
    /// `reason` says what the machine lacks, in a few words.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// There is no graphics adapter. With `SCENEC_REQUIRE_GPU=1` that is a failure.
    ///
    /// # Panics
    /// When the environment requires an adapter.
    pub fn no_gpu(reason: impl std::fmt::Display) -> Self {
        let required = std::env::var_os("SCENEC_REQUIRE_GPU").is_some_and(|v| v == "1");
        assert!(!required, "SCENEC_REQUIRE_GPU=1, but there is no wgpu adapter: {reason}");
        Self(format!("no wgpu adapter: {reason}"))
    }
}

/// What a test that may be skipped returns; one that fails panics, as everywhere.
pub type Outcome = Result<(), Skip>;

/// What a test function may return.
pub trait IntoOutcome {
    /// Its outcome.
    fn into_outcome(self) -> Outcome;
}

impl IntoOutcome for () {
    fn into_outcome(self) -> Outcome {
        Ok(())
    }
}

impl IntoOutcome for Outcome {
    fn into_outcome(self) -> Outcome {
        self
    }
}

/// The folder of real-world assets beside the repository.
///
/// # Errors
/// A skip where it is absent.
pub fn shared_assets() -> Result<PathBuf, Skip> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/assets");
    folder.canonicalize().map_err(|_| Skip::new("../shared/assets is absent"))
}

/// Runs the tests by the command line of `cargo test`, and ends the process.
pub fn run(tests: &[(&'static str, fn() -> Outcome)]) -> ! {
    let arguments = Arguments::from_args();
    let trial = |&(name, test): &(&'static str, fn() -> Outcome)| {
        Trial::ignorable_test(name, move || {
            Ok(test().map_or_else(|Skip(reason)| Completion::ignored_with(reason), |()| Completion::Completed))
        })
    };
    libtest_mimic::run(&arguments, tests.iter().map(trial).collect()).exit()
}

/// The `main` function of a suite: runs the functions named. One that is left out is dead code, which clippy refuses.
#[macro_export]
macro_rules! tests {
    ($($test:ident),+ $(,)?) => {
        fn main() {
            $crate::run(&[$((stringify!($test), || $crate::IntoOutcome::into_outcome($test()))),+])
        }
    };
}
