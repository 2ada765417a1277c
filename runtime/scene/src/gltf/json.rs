//! The JSON part of glTF 2.0 as data, with the extensions that the importer reads.
//!
//! Own structs rather than crate `gltf`: its accessors trust the indices inside the file, it lacks
//! several extensions, and it can't say where in the file an error is. Field meanings are those of the
//! glTF 2.0 specification, chapter 5; only what differs has a comment.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A non-negative whole number. JSON knows no integers, so `3.0` is accepted (glTF 2.0, 2.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uint(pub usize);

impl<'de> Deserialize<'de> for Uint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct UintVisitor;
        impl Visitor<'_> for UintVisitor {
            type Value = Uint;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a whole number from 0")
            }
            fn visit_u64<E: de::Error>(self, v: u64) -> Result<Uint, E> {
                usize::try_from(v).map(Uint).map_err(|_| E::invalid_value(de::Unexpected::Unsigned(v), &self))
            }
            fn visit_i64<E: de::Error>(self, v: i64) -> Result<Uint, E> {
                usize::try_from(v).map(Uint).map_err(|_| E::invalid_value(de::Unexpected::Signed(v), &self))
            }
            fn visit_f64<E: de::Error>(self, v: f64) -> Result<Uint, E> {
                // Above 2^53 a double no longer names one whole number.
                if (0.0..=9_007_199_254_740_992.0).contains(&v) && v.fract() == 0.0 {
                    self.visit_u64(v as u64)
                } else {
                    Err(E::invalid_value(de::Unexpected::Float(v), &self))
                }
            }
        }
        deserializer.deserialize_any(UintVisitor)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Root {
    pub asset: Option<Asset>,
    pub accessors: Vec<Accessor>,
    pub animations: Vec<Animation>,
    pub buffers: Vec<Buffer>,
    pub buffer_views: Vec<BufferView>,
    pub cameras: Vec<Camera>,
    pub extensions: RootExtensions,
    pub extensions_required: Vec<String>,
    pub extensions_used: Vec<String>,
    pub images: Vec<Image>,
    pub materials: Vec<Material>,
    pub meshes: Vec<Mesh>,
    pub nodes: Vec<Node>,
    pub samplers: Vec<Sampler>,
    pub scene: Option<Uint>,
    pub scenes: Vec<Scene>,
    pub skins: Vec<Skin>,
    pub textures: Vec<Texture>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Asset {
    pub version: String,
    pub min_version: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct RootExtensions {
    #[serde(rename = "KHR_lights_punctual")]
    pub lights: Option<Lights>,
    #[serde(rename = "KHR_materials_variants")]
    pub variants: Option<Variants>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Lights {
    pub lights: Vec<Light>,
}

#[derive(Debug, Deserialize)]
pub struct Light {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default = "white3")]
    pub color: [f32; 3],
    #[serde(default = "one")]
    pub intensity: f32,
    pub range: Option<f32>,
    #[serde(default)]
    pub spot: Spot,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Spot {
    pub inner_cone_angle: f32,
    pub outer_cone_angle: f32,
}

impl Default for Spot {
    fn default() -> Self {
        Self { inner_cone_angle: 0.0, outer_cone_angle: std::f32::consts::FRAC_PI_4 }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Variants {
    pub variants: Vec<Variant>,
}

#[derive(Debug, Deserialize)]
pub struct Variant {
    pub name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accessor {
    pub buffer_view: Option<Uint>,
    #[serde(default)]
    pub byte_offset: Uint,
    pub component_type: Uint,
    #[serde(default)]
    pub normalized: bool,
    pub count: Uint,
    #[serde(rename = "type")]
    pub shape: String,
    pub sparse: Option<Box<Sparse>>,
    /// Limits of three numbers; others are of no use here, and what is no list of numbers is none.
    #[serde(default, deserialize_with = "three_numbers")]
    pub min: Option<[f32; 3]>,
    #[serde(default, deserialize_with = "three_numbers")]
    pub max: Option<[f32; 3]>,
}

fn three_numbers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[f32; 3]>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let numbers: Option<Vec<f32>> =
        value.as_array().and_then(|list| list.iter().map(|v| v.as_f64().map(|v| v as f32)).collect());
    Ok(numbers.and_then(|n| <[f32; 3]>::try_from(n).ok()).filter(|n| n.iter().all(|v| v.is_finite())))
}

#[derive(Debug, Deserialize)]
pub struct Sparse {
    pub count: Uint,
    pub indices: SparseIndices,
    pub values: SparseValues,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SparseIndices {
    pub buffer_view: Uint,
    #[serde(default)]
    pub byte_offset: Uint,
    pub component_type: Uint,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SparseValues {
    pub buffer_view: Uint,
    #[serde(default)]
    pub byte_offset: Uint,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Buffer {
    pub byte_length: Uint,
    pub uri: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BufferView {
    pub buffer: Uint,
    #[serde(default)]
    pub byte_offset: Uint,
    pub byte_length: Uint,
    pub byte_stride: Option<Uint>,
}

#[derive(Debug, Deserialize)]
pub struct Animation {
    pub name: Option<String>,
    #[serde(default)]
    pub channels: Vec<Channel>,
    #[serde(default)]
    pub samplers: Vec<AnimationSampler>,
}

#[derive(Debug, Deserialize)]
pub struct Channel {
    pub sampler: Uint,
    pub target: Target,
}

#[derive(Debug, Deserialize)]
pub struct Target {
    pub node: Option<Uint>,
    pub path: String,
}

#[derive(Debug, Deserialize)]
pub struct AnimationSampler {
    pub input: Uint,
    pub output: Uint,
    pub interpolation: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Camera {
    #[serde(rename = "type")]
    pub kind: String,
    pub perspective: Option<Perspective>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Perspective {
    pub yfov: f32,
    pub aspect_ratio: Option<f32>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Image {
    pub uri: Option<String>,
    pub buffer_view: Option<Uint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Material {
    pub name: Option<String>,
    pub pbr_metallic_roughness: Pbr,
    pub normal_texture: Option<TextureInfo>,
    pub emissive_texture: Option<TextureInfo>,
    pub emissive_factor: [f32; 3],
    pub alpha_mode: Option<String>,
    pub alpha_cutoff: Option<f32>,
    pub double_sided: bool,
    pub extensions: Option<Box<MaterialExtensions>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Pbr {
    pub base_color_factor: [f32; 4],
    pub base_color_texture: Option<TextureInfo>,
    pub metallic_factor: f32,
    pub roughness_factor: f32,
    pub metallic_roughness_texture: Option<TextureInfo>,
}

impl Default for Pbr {
    fn default() -> Self {
        Self {
            base_color_factor: [1.0; 4],
            base_color_texture: None,
            metallic_factor: 1.0,
            roughness_factor: 1.0,
            metallic_roughness_texture: None,
        }
    }
}

/// Also holds `scale` of normal textures.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TextureInfo {
    pub index: Uint,
    #[serde(default)]
    pub tex_coord: Uint,
    #[serde(default = "one")]
    pub scale: f32,
    #[serde(default)]
    pub extensions: TextureInfoExtensions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TextureInfoExtensions {
    #[serde(rename = "KHR_texture_transform")]
    pub transform: Option<TextureTransform>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TextureTransform {
    pub offset: [f32; 2],
    pub rotation: f32,
    pub scale: [f32; 2],
    pub tex_coord: Option<Uint>,
}

impl Default for TextureTransform {
    fn default() -> Self {
        Self { offset: [0.0; 2], rotation: 0.0, scale: [1.0; 2], tex_coord: None }
    }
}

/// What is read, and the presence of what is known but not rendered.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct MaterialExtensions {
    #[serde(rename = "KHR_materials_specular")]
    pub specular: Option<Specular>,
    #[serde(rename = "KHR_materials_ior")]
    pub ior: Option<Ior>,
    #[serde(rename = "KHR_materials_emissive_strength")]
    pub emissive_strength: Option<EmissiveStrength>,
    #[serde(rename = "KHR_materials_unlit")]
    pub unlit: Option<IgnoredAny>,
    #[serde(rename = "KHR_materials_clearcoat")]
    pub clearcoat: Option<Clearcoat>,
    #[serde(rename = "KHR_materials_sheen")]
    pub sheen: Option<Sheen>,
    #[serde(rename = "KHR_materials_transmission")]
    pub transmission: Option<Transmission>,
    #[serde(rename = "KHR_materials_diffuse_transmission")]
    pub diffuse_transmission: Option<IgnoredAny>,
    #[serde(rename = "KHR_materials_volume")]
    pub volume: Option<Volume>,
    #[serde(rename = "KHR_materials_iridescence")]
    pub iridescence: Option<IgnoredAny>,
    #[serde(rename = "KHR_materials_anisotropy")]
    pub anisotropy: Option<Anisotropy>,
    #[serde(rename = "KHR_materials_dispersion")]
    pub dispersion: Option<Dispersion>,
    #[serde(rename = "KHR_materials_pbrSpecularGlossiness")]
    pub specular_glossiness: Option<IgnoredAny>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Specular {
    pub specular_factor: f32,
    pub specular_color_factor: [f32; 3],
    pub specular_texture: Option<TextureInfo>,
    pub specular_color_texture: Option<TextureInfo>,
}

impl Default for Specular {
    fn default() -> Self {
        Self {
            specular_factor: 1.0,
            specular_color_factor: [1.0; 3],
            specular_texture: None,
            specular_color_texture: None,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Clearcoat {
    pub clearcoat_factor: f32,
    pub clearcoat_texture: Option<TextureInfo>,
    pub clearcoat_roughness_factor: f32,
    pub clearcoat_roughness_texture: Option<TextureInfo>,
    pub clearcoat_normal_texture: Option<IgnoredAny>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sheen {
    pub sheen_color_factor: [f32; 3],
    pub sheen_color_texture: Option<TextureInfo>,
    pub sheen_roughness_factor: f32,
    pub sheen_roughness_texture: Option<TextureInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transmission {
    pub transmission_factor: f32,
    pub transmission_texture: Option<TextureInfo>,
}

/// How thick a body is says its surface; `thicknessFactor` says only whether it is one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Volume {
    pub thickness_factor: f32,
    pub attenuation_distance: f32,
    pub attenuation_color: [f32; 3],
}

impl Default for Volume {
    fn default() -> Self {
        Self { thickness_factor: 0.0, attenuation_distance: f32::INFINITY, attenuation_color: [1.0; 3] }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Anisotropy {
    pub anisotropy_strength: f32,
    pub anisotropy_rotation: f32,
    pub anisotropy_texture: Option<TextureInfo>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Dispersion {
    pub dispersion: f32,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub struct Ior {
    pub ior: f32,
}

impl Default for Ior {
    fn default() -> Self {
        Self { ior: 1.5 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EmissiveStrength {
    pub emissive_strength: f32,
}

impl Default for EmissiveStrength {
    fn default() -> Self {
        Self { emissive_strength: 1.0 }
    }
}

#[derive(Debug, Deserialize)]
pub struct Mesh {
    pub name: Option<String>,
    #[serde(default)]
    pub primitives: Vec<Primitive>,
    pub weights: Option<Vec<f32>>,
    #[serde(default)]
    pub extras: MeshExtras,
}

/// `extras` may be any JSON value; only the list of names under `targetNames` of an object means something.
#[derive(Debug, Default)]
pub struct MeshExtras {
    pub target_names: Vec<Option<String>>,
}

impl<'de> Deserialize<'de> for MeshExtras {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExtrasVisitor)
    }
}

struct ExtrasVisitor;

impl<'de> Visitor<'de> for ExtrasVisitor {
    type Value = MeshExtras;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MeshExtras, A::Error> {
        let mut extras = MeshExtras::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == "targetNames" {
                extras.target_names = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(extras)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<MeshExtras, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(MeshExtras::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
    fn visit_i64<E>(self, _: i64) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
    fn visit_u64<E>(self, _: u64) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
    fn visit_f64<E>(self, _: f64) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
    fn visit_str<E>(self, _: &str) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
    fn visit_unit<E>(self) -> Result<MeshExtras, E> {
        Ok(MeshExtras::default())
    }
}

#[derive(Debug, Deserialize)]
pub struct Primitive {
    pub attributes: BTreeMap<String, Uint>,
    pub indices: Option<Uint>,
    pub material: Option<Uint>,
    pub mode: Option<Uint>,
    #[serde(default)]
    pub targets: Vec<BTreeMap<String, Uint>>,
    #[serde(default)]
    pub extensions: PrimitiveExtensions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct PrimitiveExtensions {
    #[serde(rename = "KHR_materials_variants")]
    pub variants: Option<Box<VariantMappings>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct VariantMappings {
    pub mappings: Vec<VariantMapping>,
}

#[derive(Debug, Deserialize)]
pub struct VariantMapping {
    pub material: Uint,
    pub variants: Vec<Uint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Node {
    pub name: Option<String>,
    pub camera: Option<Uint>,
    pub children: Vec<Uint>,
    pub skin: Option<Uint>,
    pub matrix: Option<Box<[f32; 16]>>,
    pub mesh: Option<Uint>,
    pub rotation: Option<[f32; 4]>,
    pub scale: Option<[f32; 3]>,
    pub translation: Option<[f32; 3]>,
    pub weights: Option<Vec<f32>>,
    pub extensions: NodeExtensions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct NodeExtensions {
    #[serde(rename = "KHR_lights_punctual")]
    pub light: Option<NodeLight>,
}

#[derive(Debug, Deserialize)]
pub struct NodeLight {
    pub light: Uint,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Sampler {
    pub mag_filter: Option<Uint>,
    pub wrap_s: Option<Uint>,
    pub wrap_t: Option<Uint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Scene {
    pub nodes: Vec<Uint>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skin {
    pub name: Option<String>,
    pub inverse_bind_matrices: Option<Uint>,
    pub joints: Vec<Uint>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Texture {
    pub sampler: Option<Uint>,
    pub source: Option<Uint>,
}

fn one() -> f32 {
    1.0
}

fn white3() -> [f32; 3] {
    [1.0; 3]
}
