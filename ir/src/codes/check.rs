//! Codes of the check phase.

use super::Code;

/// The pages.
pub const CODES: &[Code] = &[];
