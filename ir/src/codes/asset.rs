//! Codes of the asset phase.

use super::Code;

/// The pages.
pub const CODES: &[Code] = &[];
