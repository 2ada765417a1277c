//! Which build of a kernel to run.

/// The instruction set that a kernel is run with. Both give the same bits; they differ in speed only.
///
/// Detect it once and hand it on: it is one byte, and a dispatch only compares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Isa(Level);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    Base,
    V3,
}

impl Isa {
    /// The build that every processor of the target architecture can run.
    pub const BASE: Self = Self(Level::Base);

    /// The best build that this processor can run.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            // Exactly the features that the translator writes on the functions of a `v3` module.
            if std::arch::is_x86_feature_detected!("avx2")
                && std::arch::is_x86_feature_detected!("bmi1")
                && std::arch::is_x86_feature_detected!("bmi2")
                && std::arch::is_x86_feature_detected!("lzcnt")
                && std::arch::is_x86_feature_detected!("popcnt")
            {
                return Self(Level::V3);
            }
        }
        Self::BASE
    }

    /// True when the `v3` build may run: this value came from [`Isa::detect`] on such a processor.
    #[inline(always)]
    pub fn is_v3(self) -> bool {
        self.0 == Level::V3
    }
}
