//! The contract between compiler and runtime: spans, diagnostics, types, values, node declarations and the
//! validated graph.
//!
//! Nothing in this crate parses, checks, renders, prints or reads a file. The compiler makes a [`Graph`], the
//! runtime evaluates one, and neither knows the other.

pub mod arena;
pub mod asset;
pub mod black_body;
pub mod codes;
pub mod diagnostic;
pub mod diff;
pub mod dimension;
pub mod graph;
mod graph_text;
pub mod manual;
pub mod names;
pub mod node;
pub mod nodes;
pub mod source;
pub mod span;
pub mod srgb;
pub mod types;
pub mod value;

pub use arena::{Arena, Handle};
pub use asset::AssetIndex;
pub use diagnostic::{Diagnostic, Edit, Fix, Label, Severity, render};
pub use dimension::Dimension;
pub use graph::{Graph, Input, Node};
pub use node::{Determinism, Layer, NodeDecl, Param, Port, Wire};
pub use source::{SourceFile, SourceMap};
pub use span::{FileId, Span, Spanned};
pub use types::{Encoding, Type};
pub use value::Value;
