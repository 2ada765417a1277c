//! What can go wrong in a render.

/// A render that gave no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// E0600.
    #[error(
        "nothing to render: {width} x {height} pixels, {samples} samples, max_depth {max_depth} (sizes are 1..=32768, samples at least 1, max_depth 1..=255)"
    )]
    EmptyFilm {
        /// Pixels.
        width: u32,
        /// Pixels.
        height: u32,
        /// Per pixel.
        samples: u32,
        /// Segments.
        max_depth: u32,
    },
    /// E0601.
    #[error("no usable GPU: {reason}")]
    NoAdapter {
        /// What was found instead.
        reason: String,
    },
    /// E0602.
    #[error("the GPU `{device}` was lost while rendering: {reason}")]
    DeviceLost {
        /// Adapter.
        device: String,
        /// What the driver said.
        reason: String,
    },
    /// E0603.
    #[error("the scene does not fit into the memory of `{device}`: {reason}")]
    OutOfMemory {
        /// Adapter.
        device: String,
        /// Which limit.
        reason: String,
    },
    /// E0604.
    #[error(
        "{rays} rays gave up after visiting {cap} nodes of the acceleration structure each; the picture would be wrong"
    )]
    TraversalCap {
        /// How many rays.
        rays: u64,
        /// Node visits.
        cap: u32,
    },
    /// E0605.
    #[error("the scene is too large: {reason}")]
    SceneTooLarge {
        /// What there is too much of.
        reason: String,
    },
    /// E0606.
    #[error("internal error in kernel `{kernel}`: {reason}")]
    Kernel {
        /// Kernel.
        kernel: &'static str,
        /// What happened.
        reason: String,
    },
    /// E0699.
    #[error("the render was stopped")]
    Cancelled,
}

impl RenderError {
    /// The code under which the error is documented.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFilm { .. } => "E0600",
            Self::NoAdapter { .. } => "E0601",
            Self::DeviceLost { .. } => "E0602",
            Self::OutOfMemory { .. } => "E0603",
            Self::TraversalCap { .. } => "E0604",
            Self::SceneTooLarge { .. } => "E0605",
            Self::Kernel { .. } => "E0606",
            Self::Cancelled => "E0699",
        }
    }

    /// What the user can do.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::EmptyFilm { .. } => Some("give a width, a height and a number of samples of at least 1"),
            Self::NoAdapter { .. } | Self::DeviceLost { .. } | Self::OutOfMemory { .. } => {
                Some("render on the CPU: --device native")
            }
            Self::TraversalCap { .. } => Some("look for thousands of triangles in one spot, or report the scene"),
            Self::SceneTooLarge { .. } => Some("place repeated meshes as instances, or reduce the geometry"),
            Self::Kernel { .. } => Some("this is a bug: report it with the scene"),
            Self::Cancelled => None,
        }
    }
}
