//! Pictures to file bytes. Nothing here touches a disk: the caller writes beside and renames.

mod cryptomatte;
mod exr;
mod png;

pub use cryptomatte::id;
pub use exr::{AovLayer, ExrDepth, ExrLayers, exr, exr_map, exr_with};
pub use png::{PngDepth, PngPixels, png};

/// Why a picture can't be encoded.
#[derive(Debug, thiserror::Error)]
#[error("the picture can't be encoded as {format}: {reason}")]
pub struct EncodeError {
    /// `PNG` or `OpenEXR`.
    pub format: &'static str,
    /// The encoder's words.
    pub reason: String,
}
