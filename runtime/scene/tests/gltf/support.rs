//! Small glTF files made in code.

use scenec_ir::asset::AssetError;
use scenec_scene::gltf::Document;
use serde_json::{Value, json};

pub use crate::glb::glb;

/// No files beside the asset.
pub fn no_files(_: &str) -> Result<Vec<u8>, String> {
    Err("no such file".into())
}

pub fn load(bytes: &[u8]) -> Result<Document, AssetError> {
    Document::load("test.gltf", bytes, &no_files)
}

/// Writes buffer, views and accessors of a file; the rest is JSON.
#[derive(Default)]
pub struct Builder {
    pub bin: Vec<u8>,
    views: Vec<Value>,
    pub accessors: Vec<Value>,
}

impl Builder {
    /// A buffer view that starts at a multiple of four bytes.
    pub fn view(&mut self, bytes: &[u8], stride: Option<usize>) -> usize {
        self.bin.resize(self.bin.len().next_multiple_of(4), 0);
        let mut view = json!({ "buffer": 0, "byteOffset": self.bin.len(), "byteLength": bytes.len() });
        if let Some(stride) = stride {
            view["byteStride"] = stride.into();
        }
        self.bin.extend_from_slice(bytes);
        self.views.push(view);
        self.views.len() - 1
    }

    pub fn accessor(&mut self, accessor: Value) -> usize {
        self.accessors.push(accessor);
        self.accessors.len() - 1
    }

    pub fn f32s<const N: usize>(&mut self, values: &[[f32; N]]) -> usize {
        let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let view = self.view(&bytes, None);
        self.accessor(json!({ "bufferView": view, "componentType": 5126, "count": values.len(), "type": shape(N) }))
    }

    pub fn u8s<const N: usize>(&mut self, values: &[[u8; N]]) -> usize {
        let view = self.view(values.as_flattened(), None);
        self.accessor(json!({ "bufferView": view, "componentType": 5121, "count": values.len(), "type": shape(N) }))
    }

    pub fn u16s<const N: usize>(&mut self, values: &[[u16; N]]) -> usize {
        let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let view = self.view(&bytes, None);
        self.accessor(json!({ "bufferView": view, "componentType": 5123, "count": values.len(), "type": shape(N) }))
    }

    pub fn u32s<const N: usize>(&mut self, values: &[[u32; N]]) -> usize {
        let bytes: Vec<u8> = values.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let view = self.view(&bytes, None);
        self.accessor(json!({ "bufferView": view, "componentType": 5125, "count": values.len(), "type": shape(N) }))
    }

    /// The triangle (0,0,0), (1,0,0), (0,1,0).
    pub fn triangle(&mut self) -> usize {
        self.f32s(&[[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    }

    /// `rest` with asset, accessors, views and (except for GLB) a data URI.
    pub fn json(&self, rest: Value) -> Value {
        let mut root = json!({ "asset": { "version": "2.0" } });
        let object = root.as_object_mut().unwrap();
        if !self.bin.is_empty() {
            object.insert("buffers".into(), json!([{ "byteLength": self.bin.len(), "uri": data_uri(&self.bin) }]));
            object.insert("bufferViews".into(), self.views.clone().into());
        }
        if !self.accessors.is_empty() {
            object.insert("accessors".into(), self.accessors.clone().into());
        }
        for (key, value) in rest.as_object().unwrap() {
            object.insert(key.clone(), value.clone());
        }
        root
    }

    pub fn gltf(&self, rest: Value) -> Vec<u8> {
        serde_json::to_vec(&self.json(rest)).unwrap()
    }

    pub fn glb(&self, rest: Value) -> Vec<u8> {
        let mut root = self.json(rest);
        if !self.bin.is_empty() {
            root["buffers"][0].as_object_mut().unwrap().remove("uri");
        }
        glb(&serde_json::to_vec(&root).unwrap(), &self.bin)
    }
}

fn shape(components: usize) -> &'static str {
    ["", "SCALAR", "VEC2", "VEC3", "VEC4"].get(components).unwrap_or(&"MAT4")
}

pub fn data_uri(bytes: &[u8]) -> String {
    use base64::Engine;
    format!("data:application/octet-stream;base64,{}", base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// One mesh with one primitive on one node called "it".
pub fn one(primitive: Value) -> Value {
    json!({
        "scenes": [{ "nodes": [0] }],
        "nodes": [{ "name": "it", "mesh": 0 }],
        "meshes": [{ "name": "shape", "primitives": [primitive] }],
    })
}

pub fn png(width: u32, height: u32, color: image::ExtendedColorType, bytes: &[u8]) -> Vec<u8> {
    use image::ImageEncoder;
    let mut out = Vec::new();
    image::codecs::png::PngEncoder::new(&mut out).write_image(bytes, width, height, color).unwrap();
    out
}

pub fn jpeg(width: u32, height: u32, rgb: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 100)
        .encode(rgb, width, height, image::ExtendedColorType::Rgb8)
        .unwrap();
    out
}

#[track_caller]
pub fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() <= tolerance), "{a:?} is not {b:?} within {tolerance}");
}
