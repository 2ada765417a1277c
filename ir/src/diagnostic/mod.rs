//! The one diagnostic type. Everything a user can be told about a program goes through it.

pub(crate) mod human;
pub mod render;
pub mod sarif;

use serde::{Deserialize, Serialize};

use crate::Span;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The program has no meaning; nothing is built.
    Error,
    /// It builds, but the user should look.
    Warning,
}

/// A second place, with what it has to do with the mistake ("declared here as Length").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// One lower-case line.
    pub text: String,
}

/// Replaces the text under `span`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edit {
    /// What goes; may be empty for an insertion.
    pub span: Span,
    /// What comes.
    pub text: String,
}

/// A change that mends the mistake and can be applied by a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Imperative, lower case: "write `4m`".
    pub title: String,
    /// Disjoint edits.
    pub edits: Vec<Edit>,
}

/// One mistake or warning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// A code of [`codes`](crate::codes), such as `E0301`.
    pub code: String,
    /// How bad it is.
    pub severity: Severity,
    /// One lower-case line that names the offending thing in backticks.
    pub message: String,
    /// Where it is; `None` when no text is to blame (a missing input file).
    pub span: Option<Span>,
    /// What the primary span is called in the listing; empty for none.
    pub label: String,
    /// Where the expectation comes from.
    pub because: Vec<Label>,
    /// What the user can do.
    pub hint: Option<String>,
    /// A machine-applicable change.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &str, message: impl Into<String>, span: Span) -> Self {
        Self {
            code: code.to_owned(),
            severity: Severity::Error,
            message: message.into(),
            span: Some(span),
            label: String::new(),
            because: Vec::new(),
            hint: None,
            fix: None,
        }
    }

    /// A warning at a place.
    pub fn warning(code: &str, message: impl Into<String>, span: Span) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message, span) }
    }

    /// An error that no text is to blame for.
    pub fn bare(code: &str, message: impl Into<String>) -> Self {
        let span = Span::new(crate::FileId(0), 0, 0);
        Self { span: None, ..Self::error(code, message, span) }
    }

    /// Names the primary span.
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds the place where the expectation comes from.
    pub fn because(mut self, span: Span, text: impl Into<String>) -> Self {
        self.because.push(Label { span, text: text.into() });
        self
    }

    /// Says what the user can do.
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = Some(text.into());
        self
    }

    /// Adds a change of one place.
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits: vec![Edit { span, text: text.into() }] });
        self
    }

    /// True for errors.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
