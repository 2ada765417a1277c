//! Metallic-roughness materials, as glTF 2.0 defines them.

use std::sync::Arc;

use crate::Texture;

/// How opacity is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AlphaMode {
    /// Alpha is ignored.
    Opaque,
    /// Opaque where alpha >= cutoff, else absent.
    Mask(f32),
    /// Alpha is the probability that the surface is there.
    Blend,
}

/// A texture slot: picture, coordinate set and KHR_texture_transform.
#[derive(Clone, Debug, PartialEq)]
pub struct TextureRef {
    /// The picture.
    pub texture: Arc<Texture>,
    /// Which coordinate set of the mesh: 0 or 1.
    pub uv_set: u32,
    /// Affine map of (u, v, 1): two rows.
    pub transform: [[f32; 3]; 2],
}

/// A surface. Factors multiply what textures give. Colours are linear Rec. 709.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// Name for messages and ids.
    pub name: String,
    /// Base colour and alpha factor, each 0..1.
    pub base_color: [f32; 4],
    /// Base colour texture (sRGB, alpha linear).
    pub base_color_texture: Option<TextureRef>,
    /// 0 dielectric .. 1 metal.
    pub metallic: f32,
    /// Perceptual roughness 0..1; GGX alpha is its square.
    pub roughness: f32,
    /// Roughness in green, metalness in blue (linear).
    pub metallic_roughness_texture: Option<TextureRef>,
    /// Tangent-space normal map (linear).
    pub normal_texture: Option<TextureRef>,
    /// Scale of the normal map's x and y.
    pub normal_scale: f32,
    /// Emitted radiance, W/(sr m^2) per channel, strength included.
    pub emission: [f32; 3],
    /// Emission texture (sRGB).
    pub emission_texture: Option<TextureRef>,
    /// Index of refraction of the dielectric interface (KHR_materials_ior), 1.5 by default.
    pub ior: f32,
    /// KHR_materials_specular: strength of the dielectric reflection, 0..1.
    pub specular: f32,
    /// KHR_materials_specular: colour of the dielectric reflection at normal incidence.
    pub specular_color: [f32; 3],
    /// How alpha is read.
    pub alpha_mode: AlphaMode,
    /// When false, back faces are invisible to the camera in rasterisers; the path tracer shades both sides.
    pub double_sided: bool,
    /// KHR_materials_unlit: the base colour is emitted as it is, nothing is reflected.
    pub unlit: bool,
}

impl Default for Material {
    /// The default material of glTF, but rough dielectric rather than metal: white, roughness 1.
    fn default() -> Self {
        Self {
            name: String::new(),
            base_color: [1.0; 4],
            base_color_texture: None,
            metallic: 0.0,
            roughness: 1.0,
            metallic_roughness_texture: None,
            normal_texture: None,
            normal_scale: 1.0,
            emission: [0.0; 3],
            emission_texture: None,
            ior: 1.5,
            specular: 1.0,
            specular_color: [1.0; 3],
            alpha_mode: AlphaMode::Opaque,
            double_sided: false,
            unlit: false,
        }
    }
}
