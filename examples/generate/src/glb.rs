//! A small writer of binary glTF 2.0.

use std::collections::BTreeMap;

use scenec_scene::Mesh;
use serde_json::{Map, Value, json};

/// Joints and weights of each vertex.
pub struct Skinning {
    pub joints: Vec<[u8; 4]>,
    /// In 255ths.
    pub weights: Vec<[u8; 4]>,
}

/// A glTF document under construction. Every `add_…` gives the index of what was added.
#[derive(Default)]
pub struct Document {
    bin: Vec<u8>,
    lists: Map<String, Value>,
    extensions_used: Vec<&'static str>,
    root_extensions: Map<String, Value>,
}

const FLOAT: u32 = 5126;
const U8: u32 = 5121;
const U16: u32 = 5123;

impl Document {
    /// Adds `value` to one of the document's lists, such as `"nodes"`.
    pub fn add(&mut self, list: &str, value: Value) -> usize {
        let entry = self.lists.entry(list).or_insert_with(|| json!([]));
        match entry {
            Value::Array(items) => {
                items.push(value);
                items.len() - 1
            }
            _ => 0,
        }
    }

    /// Changes an entry of one of the lists.
    pub fn edit(&mut self, list: &str, index: usize, change: impl FnOnce(&mut Value)) {
        if let Some(value) = self.lists.get_mut(list).and_then(|items| items.get_mut(index)) {
            change(value);
        }
    }

    pub fn use_extension(&mut self, name: &'static str) {
        if !self.extensions_used.contains(&name) {
            self.extensions_used.push(name);
        }
    }

    pub fn root_extension(&mut self, name: &'static str, value: Value) {
        self.use_extension(name);
        self.root_extensions.insert(name.to_owned(), value);
    }

    fn add_view(&mut self, bytes: &[u8], target: Option<u32>) -> usize {
        while !self.bin.len().is_multiple_of(4) {
            self.bin.push(0);
        }
        let offset = self.bin.len();
        self.bin.extend_from_slice(bytes);
        let mut view = json!({ "buffer": 0, "byteOffset": offset, "byteLength": bytes.len() });
        if let Some(target) = target {
            view["target"] = json!(target);
        }
        self.add("bufferViews", view)
    }

    /// Floats in groups of `N`; `kind` is the accessor's type.
    pub fn add_floats<const N: usize>(&mut self, values: &[[f32; N]], kind: &str, bounds: bool) -> usize {
        let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let view = self.add_view(&bytes, None);
        let mut accessor = json!({ "bufferView": view, "componentType": FLOAT, "count": values.len(), "type": kind });
        if bounds {
            let fold = |start: f32, pick: fn(f32, f32) -> f32| -> Vec<f32> {
                (0..N).map(|c| values.iter().map(|v| v[c]).fold(start, pick)).collect()
            };
            accessor["min"] = json!(fold(f32::INFINITY, f32::min));
            accessor["max"] = json!(fold(f32::NEG_INFINITY, f32::max));
        }
        self.add("accessors", accessor)
    }

    /// A primitive of `mesh` with `material`. Texture coordinates are written when `textured`.
    pub fn add_primitive(
        &mut self,
        mesh: &Mesh,
        material: usize,
        textured: bool,
        skinning: Option<&Skinning>,
    ) -> Value {
        let (mesh, skinning) = deduplicated(mesh, textured, skinning);
        let mut attributes = Map::new();
        attributes.insert("POSITION".into(), json!(self.add_floats(&mesh.positions, "VEC3", true)));
        attributes.insert("NORMAL".into(), json!(self.add_floats(&mesh.normals, "VEC3", false)));
        if textured {
            attributes.insert("TEXCOORD_0".into(), json!(self.add_floats(&mesh.uv0, "VEC2", false)));
        }
        if let Some(skinning) = &skinning {
            let view = self.add_view(skinning.joints.as_flattened(), None);
            let count = skinning.joints.len();
            let joints = json!({ "bufferView": view, "componentType": U8, "count": count, "type": "VEC4" });
            attributes.insert("JOINTS_0".into(), json!(self.add("accessors", joints)));
            let view = self.add_view(skinning.weights.as_flattened(), None);
            let weights = json!({
                "bufferView": view, "componentType": U8, "count": count, "type": "VEC4", "normalized": true,
            });
            attributes.insert("WEIGHTS_0".into(), json!(self.add("accessors", weights)));
        }
        // Every part here has fewer than 65536 vertices; a test loads the files and checks each index.
        let indices: Vec<u8> = mesh.triangles.iter().flatten().flat_map(|&i| (i as u16).to_le_bytes()).collect();
        let view = self.add_view(&indices, None);
        let count = mesh.triangles.len() * 3;
        let accessor = self
            .add("accessors", json!({ "bufferView": view, "componentType": U16, "count": count, "type": "SCALAR" }));
        json!({ "attributes": attributes, "indices": accessor, "material": material })
    }

    /// A texture from the bytes of a PNG file; repeats, filtered.
    pub fn add_texture(&mut self, name: &str, png: &[u8]) -> usize {
        let view = self.add_view(png, None);
        let image = self.add("images", json!({ "name": name, "bufferView": view, "mimeType": "image/png" }));
        if !self.lists.contains_key("samplers") {
            self.add("samplers", json!({ "magFilter": 9729, "minFilter": 9987, "wrapS": 10497, "wrapT": 10497 }));
        }
        self.add("textures", json!({ "name": name, "source": image, "sampler": 0 }))
    }

    /// The file: header, JSON chunk, binary chunk (glTF 2.0, section 4.4).
    pub fn finish(mut self, scene: &str, roots: &[usize]) -> Vec<u8> {
        while !self.bin.len().is_multiple_of(4) {
            self.bin.push(0);
        }
        self.lists.insert("asset".into(), json!({ "version": "2.0", "generator": "scenec-example-assets" }));
        self.lists.insert("scene".into(), json!(0));
        self.lists.insert("scenes".into(), json!([{ "name": scene, "nodes": roots }]));
        self.lists.insert("buffers".into(), json!([{ "byteLength": self.bin.len() }]));
        if !self.extensions_used.is_empty() {
            self.extensions_used.sort_unstable();
            self.lists.insert("extensionsUsed".into(), json!(self.extensions_used));
        }
        if !self.root_extensions.is_empty() {
            self.lists.insert("extensions".into(), Value::Object(self.root_extensions));
        }
        let mut text = Value::Object(self.lists).to_string().into_bytes();
        while !text.len().is_multiple_of(4) {
            text.push(b' ');
        }
        let total = 12 + 8 + text.len() + 8 + self.bin.len();
        let mut file = Vec::with_capacity(total);
        for word in [0x4654_6C67u32, 2, total as u32, text.len() as u32, 0x4E4F_534A] {
            file.extend(word.to_le_bytes());
        }
        file.extend(text);
        for word in [self.bin.len() as u32, 0x004E_4942] {
            file.extend(word.to_le_bytes());
        }
        file.extend(self.bin);
        file
    }
}

/// Vertices that no triangle uses go, and those that are equal in all that is written become one: seams of surfaces without a texture, rows that smooth
/// normals have made alike.
fn deduplicated(mesh: &Mesh, textured: bool, skinning: Option<&Skinning>) -> (Mesh, Option<Skinning>) {
    let mut result = Mesh::default();
    let mut kept = skinning.map(|_| Skinning { joints: Vec::new(), weights: Vec::new() });
    let mut made = BTreeMap::new();
    let mut new_index = Vec::with_capacity(mesh.positions.len());
    let mut used = vec![false; mesh.positions.len()];
    for &i in mesh.triangles.as_flattened() {
        used[i as usize] = true;
    }
    for (i, used) in used.into_iter().enumerate() {
        if !used {
            new_index.push(0);
            continue;
        }
        // Normals that differ by less than a quarter of a degree are one.
        let normal = mesh.normals[i].map(|c| (f64::from(c) * 256.0).round() as i32);
        let uv = if textured { mesh.uv0[i].map(f32::to_bits) } else { [0; 2] };
        let key = (mesh.positions[i].map(f32::to_bits), normal, uv, skinning.map(|s| (s.joints[i], s.weights[i])));
        new_index.push(*made.entry(key).or_insert_with(|| {
            result.positions.push(mesh.positions[i]);
            result.normals.push(mesh.normals[i]);
            if textured {
                result.uv0.push(mesh.uv0[i]);
            }
            if let (Some(kept), Some(skinning)) = (&mut kept, skinning) {
                kept.joints.push(skinning.joints[i]);
                kept.weights.push(skinning.weights[i]);
            }
            (result.positions.len() - 1) as u32
        }));
    }
    result.triangles = mesh.triangles.iter().map(|t| t.map(|i| new_index[i as usize])).collect();
    (result, kept)
}

/// A material without textures. `color` is linear Rec. 709.
pub fn plain_material(name: &str, color: [f32; 3], metallic: f32, roughness: f32) -> Value {
    json!({
        "name": name,
        "pbrMetallicRoughness": {
            "baseColorFactor": [color[0], color[1], color[2], 1.0],
            "metallicFactor": metallic,
            "roughnessFactor": roughness,
        },
    })
}

/// A material that shines: `strength` times `color`, in the renderer's radiance.
pub fn glowing_material(document: &mut Document, name: &str, color: [f32; 3], strength: f32) -> Value {
    document.use_extension("KHR_materials_emissive_strength");
    let mut material = plain_material(name, color.map(|c| c * 0.5), 0.0, 0.4);
    material["emissiveFactor"] = json!(color);
    material["extensions"] = json!({ "KHR_materials_emissive_strength": { "emissiveStrength": strength } });
    material
}
