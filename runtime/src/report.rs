//! What the runtime asks of its caller and tells it.

use std::sync::Arc;

use scenec_ir::asset::AssetError;
use scenec_render::RenderError;
use scenec_scene::gltf::Document;

/// The files of a run. Paths are as the program names them; the caller decides what they mean.
pub trait Files: Sync {
    /// All bytes of a file, or the reason why not.
    fn read(&self, path: &str) -> Result<Vec<u8>, String>;
    /// Puts a whole file in place: after an error or a crash the old file, or none, is there, never a part of the new one.
    /// Returns the path as a user would open it.
    fn write(&self, path: &str, bytes: &[u8]) -> Result<String, String>;
    /// A glTF file that the caller has read already. It is asked for once and may be forgotten then: whoever takes it
    /// frees its memory after the last node that reads it.
    fn take_document(&self, _path: &str) -> Option<Arc<Document>> {
        None
    }
}

/// Where a run tells what it does.
pub trait Events: scenec_render::Control {
    /// A node begins.
    fn begin(&self, _id: &str, _kind: &str) {}
    /// True once the run is to stop; asked before each node. While a picture is rendered, `progress` says it.
    fn cancelled(&self) -> bool {
        false
    }
    /// A file is in place.
    fn wrote(&self, _path: &str, _bytes: usize) {}
    /// Something the user should look at.
    fn warning(&self, _warning: &RunWarning) {}
}

/// A run's result.
pub type Outcome<T> = Result<T, RunError>;

/// Why a run stopped. The code has a page in `scenec_ir::codes`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct RunError {
    /// Code of the catalogue.
    pub code: &'static str,
    /// One lower-case line that names the offending thing.
    pub message: String,
    /// What the user can do.
    pub hint: Option<String>,
    /// What of the program was being made.
    pub place: Option<scenec_ir::Span>,
}

impl RunError {
    /// An error without a hint.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, place: None }
    }

    /// Says what the user can do.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// True when the user asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.code == CANCELLED
    }
}

/// The code of a run that the user stopped.
pub const CANCELLED: &str = "E0699";

impl From<AssetError> for RunError {
    fn from(e: AssetError) -> Self {
        let told = Self::new(e.code, e.to_string());
        Self { hint: e.hint, ..told }
    }
}

impl From<RenderError> for RunError {
    fn from(e: RenderError) -> Self {
        Self { hint: e.hint().map(str::to_owned), ..Self::new(e.code(), e.to_string()) }
    }
}

impl From<crate::encode::EncodeError> for RunError {
    fn from(e: crate::encode::EncodeError) -> Self {
        Self::new("E0651", e.to_string())
    }
}

/// Something the user should look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunWarning {
    /// Code of the catalogue.
    pub code: &'static str,
    /// One lower-case line.
    pub message: String,
    /// What the user can do.
    pub hint: Option<String>,
}

impl RunWarning {
    /// A warning with a hint.
    pub fn new(code: &'static str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: Some(hint.into()) }
    }
}

#[cfg(test)]
mod tests {
    use scenec_ir::codes;

    use super::*;

    /// Most of these need a machine that fails: what a user reads of them is tested here.
    #[test]
    fn every_error_of_a_render_has_a_page_and_a_hint() {
        let (device, reason) = ("adapter".to_owned(), "reason".to_owned());
        let all = [
            (RenderError::EmptyFilm { width: 0, height: 1, samples: 1, max_depth: 1 }, "E0600"),
            (RenderError::NoAdapter { reason: reason.clone() }, "E0601"),
            (RenderError::DeviceLost { device: device.clone(), reason: reason.clone() }, "E0602"),
            (RenderError::OutOfMemory { device, reason: reason.clone() }, "E0603"),
            (RenderError::TraversalCap { rays: 1, cap: 1 }, "E0604"),
            (RenderError::SceneTooLarge { reason: reason.clone() }, "E0605"),
            (RenderError::Kernel { kernel: "shade", reason }, "E0606"),
            (RenderError::Cancelled, CANCELLED),
        ];
        for (error, code) in all {
            let told = RunError::from(error);
            assert_eq!(told.code, code);
            assert!(codes::find(code).is_some(), "{code} has no page");
            assert!(told.hint.is_some() || told.is_cancelled(), "{code} says nothing of what to do");
        }
    }
}
