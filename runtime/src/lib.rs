//! Evaluates a validated graph: node behaviour, scheduling and file encodings.
//!
//! The runtime never prints and never opens a file: it reads and writes through [`Files`] and tells through [`Events`],
//! both given by its caller.

pub mod audit;
pub mod encode;
pub mod execute;
pub mod framing;
pub mod model;
pub mod product;
pub mod studio;
pub mod view;

mod heights;
mod measure;
mod nodes;
mod report;
mod run;

pub use execute::{Job, assets, design, execute, inputs};
pub use report::{Events, Files, Outcome, RunError, RunWarning};
pub use run::Settings;
pub use scenec_render::{
    Control, Device, DeviceInfo, Film, Progress, RenderSettings, Scene, Warning, devices, native_isa, prepare, render,
};
pub use scenec_scene::gltf::Document;
pub use scenec_scene::{Bounds, Camera, Environment, Instance, Light, LightKind, Material, Stage};
