//! Codes of the syntax phase.

use super::Code;

/// The pages.
pub const CODES: &[Code] = &[];
