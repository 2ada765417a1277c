//! The one kind of failure: a place in a WGSL file and what is wrong there.

/// Something that keeps a kernel from being built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Path relative to the folder of kernels.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: u32,
    /// Column in bytes, from 1; 0 when the whole line is meant.
    pub column: u32,
    /// What is wrong, and what to do where that is not plain.
    pub message: String,
}

impl Error {
    /// An error about a file as a whole.
    pub fn of_file(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), line: 0, column: 0, message: message.into() }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.line, self.column) {
            (0, _) => write!(f, "{}: {}", self.file, self.message),
            (line, 0) => write!(f, "{}:{line}: {}", self.file, self.message),
            (line, column) => write!(f, "{}:{line}:{column}: {}", self.file, self.message),
        }
    }
}

impl std::error::Error for Error {}
