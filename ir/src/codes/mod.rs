//! Every code a user can see, with its page.
//!
//! E01xx syntax, E02xx names, E03xx types and units, E04xx graph and layers, E05xx assets, E06xx run and output, E07xx tests,
//! W0xxx warnings. A code is never given a second meaning.

pub mod asset;
pub mod check;
pub mod quality;
pub mod run;
pub mod syntax;

/// One page of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// `E0301`.
    pub code: &'static str,
    /// One lower-case line.
    pub title: &'static str,
    /// What it means and how to mend it: plain paragraphs.
    pub page: &'static str,
    /// A program (or, for assets and runs, a description) that gets this code; empty when none can be shown.
    pub wrong: &'static str,
    /// The mended program.
    pub right: &'static str,
}

impl Code {
    /// The page without the sentence that says why it shows no program.
    pub fn meaning(&self) -> &'static str {
        self.page.split_once("No example:").map_or(self.page, |(meaning, _)| meaning.trim_end())
    }
}

/// All pages, by code.
pub fn all() -> Vec<&'static Code> {
    let mut codes: Vec<_> =
        [syntax::CODES, check::CODES, asset::CODES, run::CODES, quality::CODES].into_iter().flatten().collect();
    codes.sort_by_key(|c| c.code);
    codes
}

/// The page of one code.
pub fn find(code: &str) -> Option<&'static Code> {
    all().into_iter().find(|c| c.code.eq_ignore_ascii_case(code))
}

#[cfg(test)]
mod tests {
    #[test]
    fn codes_are_unique_and_have_pages() {
        let all = super::all();
        assert!(all.windows(2).all(|w| w[0].code != w[1].code), "a code stands twice");
        for code in all {
            assert!(!code.title.is_empty() && !code.page.is_empty(), "{} has no page", code.code);
        }
    }
}
