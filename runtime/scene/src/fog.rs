//! Fog: a medium around everything.

/// A medium that fills all space and scatters and absorbs light of all colours over the same distances.
///
/// Its extinction at height y is `density` up to `base` and `density * exp(-(y - base) / height)` above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fog {
    /// Extinction coefficient at `base` and below, 1/m.
    pub density: f32,
    /// Height of the top of the densest part, world y in metres.
    pub base: f32,
    /// Over this many metres upwards the extinction falls by e; `None` when it is the same at all heights.
    pub height: Option<f32>,
    /// Single-scattering albedo, linear Rec. 709: the share of the light met that is scattered; the rest is absorbed.
    pub albedo: [f32; 3],
    /// Mean cosine of the scattering angle (Henyey and Greenstein 1941): above 0 light goes on, below it goes back.
    pub anisotropy: f32,
}
