//! Import of glTF 2.0, text and binary.
//!
//! [`Document::load`] reads and checks a file; [`Document::index`] tells the checker its names;
//! [`Document::instances`] gives geometry, posed and skinned. Nothing here touches the disk: the caller
//! passes bytes and a function that reads the files beside the asset.
//!
//! The importer trusts nothing: every index and extent is checked before use, every walk over nodes is a loop, memory is
//! bounded by the file's size or by a limit, and every refusal is an [`AssetError`] with a code, a JSON pointer and a hint.

mod accessor;
mod animation;
mod container;
mod extent;
mod fault;
mod json;
mod material;
mod mesh;
mod names;
mod nodes;
mod notes;
mod select;
mod skin;
mod tangents;
mod texture;
mod uri;
mod validate;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use glam::Affine3A;
use scenec_ir::asset::{self, AssetError, AssetIndex, Clip};

pub use notes::Note;
pub use select::{Blend, NamedCamera, Pose, Root, Select};

use crate::{Instance, Light};
use accessor::Reader;
use fault::{Fault, MALFORMED, TRUNCATED};
use names::Names;
use nodes::Hierarchy;
use texture::Source;

/// A glTF file with all that it refers to. Meshes, materials and textures are built when they are first selected, and
/// then shared.
pub struct Document {
    path: Arc<str>,
    root: json::Root,
    buffers: Vec<Vec<u8>>,
    images: Vec<Source>,
    hierarchy: Hierarchy,
    names: Names,
    clips: Vec<Clip>,
    notes: Vec<Note>,
    digest: String,
    cache: Mutex<select::Cache>,
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document").field("path", &self.path).field("digest", &self.digest).finish_non_exhaustive()
    }
}

impl Document {
    /// Reads a `.gltf` or `.glb` file, told apart by its content.
    ///
    /// `path` is only for messages. `read` gets the path of an external buffer or image relative to the asset: decoded, with
    /// `/` between its parts, never absolute and never above the asset's folder; it returns the bytes or a reason.
    ///
    /// # Errors
    /// E0501 a file can't be read, E0502 not glTF 2.0, E0503 truncated, E0504 an index without target, E0505 nodes that
    /// form no trees, E0506 a required extension, E0507 unusable values, E0510 beyond a limit, E0511 a URI that is refused.
    pub fn load(path: &str, bytes: &[u8], read: &dyn Fn(&str) -> Result<Vec<u8>, String>) -> Result<Self, AssetError> {
        Self::load_inner(path, bytes, read).map_err(|fault| fault.at(path))
    }

    fn load_inner(path: &str, bytes: &[u8], read: uri::Read<'_>) -> fault::Result<Self> {
        let (mut root, bin) = container::parse(bytes)?;
        let mut digest = blake3::Hasher::new();
        digest.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        let mut fetch = |uri: String, pointer: &str| -> fault::Result<Vec<u8>> {
            let (bytes, external) = uri::fetch(&uri, pointer, read)?;
            if external.is_some() {
                digest.update(&(bytes.len() as u64).to_le_bytes()).update(&bytes);
            }
            Ok(bytes)
        };

        let mut buffers = Vec::with_capacity(root.buffers.len());
        for (i, buffer) in root.buffers.iter_mut().enumerate() {
            let pointer = format!("/buffers/{i}");
            // The text of a data URI is not needed once it is decoded.
            let data = match (buffer.uri.take(), bin) {
                (Some(uri), _) => fetch(uri, &format!("{pointer}/uri"))?,
                (None, Some(bin)) if i == 0 => bin.to_vec(),
                (None, _) => {
                    let message = "the buffer has neither a `uri` nor a binary chunk";
                    return Err(Fault::new(MALFORMED, pointer, message).hint("export the file again"));
                }
            };
            if data.len() < buffer.byte_length.0 {
                let message =
                    format!("the buffer should have {} bytes, {} are there", buffer.byte_length.0, data.len());
                return Err(Fault::new(TRUNCATED, pointer, message)
                    .hint("the file ends too early: copy, download or export it again"));
            }
            buffers.push(data);
        }
        let mut images = Vec::with_capacity(root.images.len());
        for (i, image) in root.images.iter_mut().enumerate() {
            images.push(match (&mut image.uri, image.buffer_view) {
                (Some(uri), _) => Source::Bytes(fetch(std::mem::take(uri), &format!("/images/{i}/uri"))?),
                (None, Some(view)) => {
                    let pointer = || format!("/images/{i}/bufferView");
                    fault::pick(&root.buffer_views, view.0, "buffer view", pointer)?;
                    Source::View(view)
                }
                (None, None) => Source::Absent,
            });
        }

        let reader = Reader::new(&root, &buffers);
        validate::validate(&root, &reader)?;
        let hierarchy = Hierarchy::build(&root)?;
        hierarchy.scene(&root)?;
        let names = Names::read(&root)?;
        let clips = animation::clips(&root, &reader)?;
        let notes = notes::collect(&root, &names);
        Ok(Self {
            path: path.into(),
            digest: digest.finalize().to_hex().to_string(),
            root,
            buffers,
            images,
            hierarchy,
            names,
            clips,
            notes,
            cache: Mutex::default(),
        })
    }

    /// The path that [`Document::load`] was given.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// blake3 of the file and all external files, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Warnings: what the file has and the picture will lack.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Animations in file order.
    pub fn clips(&self) -> &[Clip] {
        &self.clips
    }

    /// The names that a program can use. Each stands once, in file order; where a file repeats a name, it means the
    /// first thing of that name (and a note says so).
    pub fn index(&self) -> AssetIndex {
        let root = &self.root;
        let given = |name: &Option<String>| name.clone().filter(|n| !n.is_empty());
        let cameras = root.nodes.iter().enumerate().filter(|(_, n)| n.camera.is_some());
        let mut seen = BTreeSet::new();
        let clips = self.clips.iter().filter(|c| seen.insert(c.name.as_str())).cloned().collect();
        let mut seen = BTreeSet::new();
        let skins = root.skins.iter().zip(&self.names.skins).filter(|(_, name)| seen.insert(name.as_str()));
        let joints =
            |skin: &json::Skin| skin.joints.iter().filter_map(|j| self.names.nodes.get(j.0).cloned()).collect();
        let extent = extent::extent(root, &self.hierarchy, &Reader::new(root, &self.buffers));
        let mut node_bounds = BTreeMap::new();
        for (name, bounds) in self.names.nodes.iter().zip(&extent.nodes) {
            // The first of a name is meant; one that shows nothing, or is not measured, hides the others.
            node_bounds.entry(name.clone()).or_insert(*bounds);
        }
        let node_bounds = node_bounds.into_iter().filter_map(|(name, bounds)| Some((name, bounds?))).collect();
        AssetIndex {
            path: self.path.to_string(),
            digest: self.digest.clone(),
            nodes: unique(root.nodes.iter().filter_map(|n| given(&n.name))),
            meshes: unique(root.meshes.iter().filter_map(|m| given(&m.name))),
            materials: unique(root.materials.iter().filter_map(|m| given(&m.name))),
            variants: unique(self.names.variants.iter().cloned()),
            clips,
            skins: skins.map(|(skin, name)| asset::Skin { name: name.clone(), joints: joints(skin) }).collect(),
            cameras: unique(cameras.map(|(i, _)| self.names.nodes[i].clone())),
            morph_targets: unique(self.names.targets.iter().flatten().cloned()),
            bounds: extent.scene,
            node_bounds,
        }
    }

    /// Geometry and surfaces of what `select` names, in a stable order.
    ///
    /// Ids are `{id_prefix}/{node name}`; `/{k}` follows where a mesh has several primitives, `~2` where an id would repeat.
    ///
    /// # Errors
    /// E0509 an unknown name; E0504, E0507, E0508 and E0510 for data that turns out bad when it is read.
    pub fn instances(&self, select: &Select<'_>, id_prefix: &str) -> Result<Vec<Instance>, AssetError> {
        // Never work under the lock: while textures decode, rayon may run another call of this on the same thread.
        let mut cache = self.lock().clone();
        let result = select::instances(self, &mut cache, select, id_prefix).map_err(|fault| fault.at(&self.path));
        self.lock().merge(cache);
        result
    }

    /// Perspective cameras of the default scene, by the names of their nodes.
    ///
    /// # Errors
    /// E0509 an unknown clip, E0507 bad animation data.
    pub fn cameras(&self, pose: Option<&Pose<'_>>) -> Result<Vec<NamedCamera>, AssetError> {
        select::cameras(self, pose).map_err(|fault| fault.at(&self.path))
    }

    /// KHR_lights_punctual of the default scene. Candela is W/sr and lux is W/m^2: renderers trade in radiometric units.
    ///
    /// # Errors
    /// E0509 an unknown clip, E0507 bad animation data or a bad light.
    pub fn lights(&self, pose: Option<&Pose<'_>>) -> Result<Vec<Light>, AssetError> {
        select::lights(self, pose).map_err(|fault| fault.at(&self.path))
    }

    /// Named nodes (joints too) of a selection with their world transforms, by name; the first of a name counts. Empty for
    /// [`Root::Mesh`], which stands outside of the node tree.
    ///
    /// # Errors
    /// E0509 an unknown name, E0507 bad animation data.
    pub fn anchors(&self, select: &Select<'_>) -> Result<BTreeMap<String, Affine3A>, AssetError> {
        select::anchors(self, select).map_err(|fault| fault.at(&self.path))
    }

    fn lock(&self) -> MutexGuard<'_, select::Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> Reader<'_> {
        Reader::new(&self.root, &self.buffers)
    }
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(name.clone())).collect()
}

/// Arc-shared results by what made them.
type Shared<K, T> = BTreeMap<K, Arc<T>>;
