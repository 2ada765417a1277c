//! What the checker may know of an asset: its names and its size, never its data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The names inside one glTF asset, and how large it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssetIndex {
    /// Path as the program names it.
    pub path: String,
    /// Content digest (blake3, hex) of the file and everything it refers to.
    pub digest: String,
    /// Node names in file order; unnamed nodes are left out.
    pub nodes: Vec<String>,
    /// Mesh names.
    pub meshes: Vec<String>,
    /// Material names.
    pub materials: Vec<String>,
    /// KHR_materials_variants names.
    pub variants: Vec<String>,
    /// Animation clips.
    pub clips: Vec<Clip>,
    /// Skins: the name of the skin, or of the node that uses it, with its joints' names.
    pub skins: Vec<Skin>,
    /// Names of camera nodes.
    pub cameras: Vec<String>,
    /// Names of morph targets (`mesh.extras.targetNames`, or `target_0` …).
    pub morph_targets: Vec<String>,
    /// Least and greatest coordinates of the default scene at rest, in the asset's units (glTF: metres); `None` when the file
    /// does not state them.
    #[serde(default)]
    pub bounds: Option<[[f32; 3]; 2]>,
    /// The same of each node with what is below it, by name, when its rest position comes to the origin. Not of files with
    /// very many nodes.
    #[serde(default)]
    pub node_bounds: BTreeMap<String, [[f32; 3]; 2]>,
}

/// One animation of an asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Clip {
    /// Name; `clip_0` … when the file gives none.
    pub name: String,
    /// Time of the last keyframe in seconds.
    pub duration_s: f32,
}

/// One skin of an asset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Skin {
    /// Name; `skin_0` … when the file gives none.
    pub name: String,
    /// Names of its joints in joint order.
    pub joints: Vec<String>,
}

/// Why an asset can't be used. The caller adds the span of the program that asked for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetError {
    /// A code of `codes::asset`.
    pub code: &'static str,
    /// The asset's path.
    pub path: String,
    /// Place inside the asset as a JSON pointer (`/meshes/0/primitives/1/indices`), empty for the whole file.
    pub pointer: String,
    /// One lower-case line that names the offending thing.
    pub message: String,
    /// What the user can do.
    pub hint: Option<String>,
}

impl std::fmt::Display for AssetError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path)?;
        if !self.pointer.is_empty() {
            write!(f, "#{}", self.pointer)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for AssetError {}
