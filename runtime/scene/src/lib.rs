//! Stage data (meshes, materials, textures, lights, cameras), glTF import and procedural geometry.
//!
//! A [`Stage`] is what design hands to generation: engine-neutral, in metres, right-handed, +Y up
//! (the axes of glTF). Nothing here knows a device, a kernel or a node of the graph.

mod atmosphere;
pub mod camera;
pub mod fog;
pub mod geometry;
pub mod gltf;
pub mod hdr;
pub mod light;
pub mod material;
pub mod mesh;
pub mod sky;
pub mod stage;
pub mod texture;

pub use camera::{Camera, Lens};
pub use fog::Fog;
pub use light::{Environment, Light, LightKind};
pub use material::{AlphaMode, Material, Standard, TextureRef};
pub use mesh::{LampShape, Mesh};
pub use stage::{Bounds, Instance, Stage};
pub use texture::{Encoding, Filter, Texture, Wrap};

/// The curve of textures in [`Encoding::Srgb`].
pub use scenec_ir::srgb;
