//! What is wrong with the parameters of a shape.

/// No procedural shape has more triangles than this: 50 million, about 4 GB of vertices and indices.
pub const TRIANGLE_LIMIT: u64 = 50_000_000;

/// Why a shape could not be made. `Display` gives one lower-case line for the user.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum GeometryError {
    /// One parameter is outside of its legal range.
    #[error("`{parameter}` is {given}; it must be {legal}")]
    OutOfRange {
        /// Name of the parameter.
        parameter: &'static str,
        /// The value that was given, with its unit.
        given: String,
        /// The legal range in words.
        legal: String,
    },
    /// All parameters are legal, but together they make too large a mesh.
    #[error("the shape needs {wanted} triangles and the limit is {TRIANGLE_LIMIT}; lower `{parameter}`")]
    TooManyTriangles {
        /// The parameter that drives the number.
        parameter: &'static str,
        /// Number of triangles asked for.
        wanted: u64,
    },
    /// A list (outline, profile, surface) is not usable.
    #[error("`{parameter}` {problem}")]
    Unusable {
        /// Name of the parameter.
        parameter: &'static str,
        /// What is wrong with it, as the rest of a sentence.
        problem: String,
    },
}

/// Lengths beyond these lose their meaning in `f32` metres.
const SHORTEST_M: f64 = 1e-6;
const LONGEST_M: f64 = 1e6;

/// A length that must be above zero.
pub(super) fn check_length(parameter: &'static str, given: f64) -> Result<(), GeometryError> {
    check_range(parameter, given, SHORTEST_M, LONGEST_M, "m")
}

/// A real number in `lowest..=highest`; NaN is never legal.
pub(super) fn check_range(
    parameter: &'static str,
    given: f64,
    lowest: f64,
    highest: f64,
    unit: &str,
) -> Result<(), GeometryError> {
    if given >= lowest && given <= highest {
        return Ok(());
    }
    Err(GeometryError::OutOfRange {
        parameter,
        given: quantity(given, unit),
        legal: format!("from {} to {}", quantity(lowest, unit), quantity(highest, unit)),
    })
}

/// A whole number in `lowest..=highest`.
pub(super) fn check_count(parameter: &'static str, given: u32, lowest: u32, highest: u32) -> Result<(), GeometryError> {
    if (lowest..=highest).contains(&given) {
        return Ok(());
    }
    Err(GeometryError::OutOfRange { parameter, given: given.to_string(), legal: format!("from {lowest} to {highest}") })
}

/// The number of triangles against [`TRIANGLE_LIMIT`].
pub(super) fn check_triangles(parameter: &'static str, wanted: u64) -> Result<(), GeometryError> {
    if wanted <= TRIANGLE_LIMIT { Ok(()) } else { Err(GeometryError::TooManyTriangles { parameter, wanted }) }
}

/// A number with its unit, short enough for a message.
pub(super) fn quantity(value: f64, unit: &str) -> String {
    let rounded = (value * 1e6).round() / 1e6;
    let shown = if rounded != 0.0 && rounded.is_finite() && rounded.abs() < 1e9 { rounded } else { value };
    if unit.is_empty() { format!("{shown}") } else { format!("{shown} {unit}") }
}
