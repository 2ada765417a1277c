//! Procedural geometry: pure functions from typed parameters to a [`Mesh`](crate::Mesh).
//!
//! Lengths are metres and angles radians, both `f64`; `+Y` is up and triangles are counter-clockwise seen from
//! outside. Solids are centred on the origin with `+Y` as their axis; [`Plane`], [`Disk`] and terrain face `+Y` at
//! `y = 0`. Every parameter is checked before anything is allocated, and no shape has more than
//! [`TRIANGLE_LIMIT`] triangles.
//!
//! Every transcendental function comes from the pure Rust `libm` crate, and all arithmetic is done in `f64` and
//! rounded once, so the same parameters give the same bytes on every machine.

mod builder;
mod combine;
mod cuboid;
mod error;
mod extrude;
mod gear;
mod height_image;
mod measure;
mod noise;
mod normals;
mod plane;
mod polygon;
mod profile;
mod random;
mod revolve;
mod round;
mod scatter;
mod tangents;
mod terrain;

pub use combine::{merged, transformed};
pub use cuboid::Cuboid;
pub use error::{GeometryError, TRIANGLE_LIMIT};
pub use extrude::Extrusion;
pub use gear::{Gear, Hub};
pub use height_image::HeightImage;
pub use measure::{Closure, area, closure, is_closed, volume};
pub use normals::with_normals;
pub use plane::Plane;
pub use profile::Lathe;
pub use round::{Capsule, Cone, Cylinder, Disk, Sphere, Torus, Tube};
pub use scatter::{
    Avoid, Clusters, Density, DensityMap, DensityNoise, MOST_CLUSTERS, Scatter, ScatterItem, ScatterParams, WIDEST_MAP,
    scatter, scatter_in,
};
pub use tangents::add_tangents;
pub use terrain::{Pad, Terrain, TerrainParams};
