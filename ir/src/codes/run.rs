//! Codes of the run phase.

use super::Code;

/// The pages.
pub const CODES: &[Code] = &[];
