//! Surfaces.

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

/// In what the two standards differ that describe surfaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standard {
    /// OpenPBR Surface 1.1.
    #[default]
    OpenPbr,
    /// The KHR_materials extensions of glTF: what lies under a coat keeps its index and its roughness, anisotropy roughens along
    /// the tangent, and the base colour multiplies light that passes.
    Khr,
}

/// A surface: the parameters of OpenPBR Surface 1.1. Factors multiply what textures give. Colours are linear Rec. 709.
#[derive(Clone, Debug, PartialEq)]
pub struct Material {
    /// Name for messages and ids.
    pub name: String,
    /// Whose rules hold where they differ.
    pub standard: Standard,
    /// base_weight * base_color and alpha, each 0..1.
    pub base_color: [f32; 4],
    /// Base colour texture (sRGB, alpha linear).
    pub base_color_texture: Option<TextureRef>,
    /// base_diffuse_roughness: 0 Lambert .. 1.
    pub diffuse_roughness: f32,
    /// base_metalness: 0 dielectric .. 1 metal.
    pub metallic: f32,
    /// specular_roughness: perceptual, 0..1; GGX alpha is its square.
    pub roughness: f32,
    /// Roughness in green, metalness in blue (linear).
    pub metallic_roughness_texture: Option<TextureRef>,
    /// specular_roughness_anisotropy, 0..1.
    pub anisotropy: f32,
    /// Turn of the direction of anisotropy from the tangent, radians counter-clockwise.
    pub anisotropy_rotation: f32,
    /// Direction in red and green, strength in blue (linear).
    pub anisotropy_texture: Option<TextureRef>,
    /// Tangent-space normal map (linear).
    pub normal_texture: Option<TextureRef>,
    /// Scale of the normal map's x and y.
    pub normal_scale: f32,
    /// Emitted radiance, W/(sr m^2) per channel, strength included.
    pub emission: [f32; 3],
    /// Emission texture (sRGB).
    pub emission_texture: Option<TextureRef>,
    /// specular_ior: index of refraction of the dielectric, 1.5 by default.
    pub ior: f32,
    /// specular_weight of the dielectric, 0..1.
    pub specular: f32,
    /// Its texture, in alpha (linear).
    pub specular_texture: Option<TextureRef>,
    /// specular_color of the dielectric: factor on its reflection. What is above 1 raises the index (KHR_materials_specular).
    pub specular_color: [f32; 3],
    /// Its texture (sRGB).
    pub specular_color_texture: Option<TextureRef>,
    /// specular_weight of the metal, 0..1.
    pub metal_specular: f32,
    /// specular_color of the metal: factor on its reflectance at 82 degrees.
    pub metal_edge: [f32; 3],
    /// transmission_weight: share of the dielectric that is clear, 0..1.
    pub transmission: f32,
    /// Its texture, in red (linear).
    pub transmission_texture: Option<TextureRef>,
    /// transmission_color: what is left of white light after `transmission_depth`, or behind the surface where that is 0.
    pub transmission_color: [f32; 3],
    /// transmission_depth, metres.
    pub transmission_depth: f32,
    /// 20 / Abbe number, 0 without dispersion (KHR_materials_dispersion).
    pub dispersion: f32,
    /// geometry_thin_walled: the clear part is a pane without an inside.
    pub thin_walled: bool,
    /// Of two clear bodies in one place that of greater priority is there.
    pub priority: i32,
    /// coat_weight, 0..1.
    pub coat: f32,
    /// Its texture, in red (linear).
    pub coat_texture: Option<TextureRef>,
    /// coat_color: what a way in and out along the normal leaves of light.
    pub coat_color: [f32; 3],
    /// coat_roughness, 0..1.
    pub coat_roughness: f32,
    /// Its texture, in green (linear).
    pub coat_roughness_texture: Option<TextureRef>,
    /// coat_ior.
    pub coat_ior: f32,
    /// coat_darkening, 0..1.
    pub coat_darkening: f32,
    /// fuzz_weight, 0..1.
    pub fuzz: f32,
    /// fuzz_color.
    pub fuzz_color: [f32; 3],
    /// Its texture (sRGB), whose greatest channel also multiplies the weight (KHR_materials_sheen).
    pub fuzz_color_texture: Option<TextureRef>,
    /// fuzz_roughness, 0..1.
    pub fuzz_roughness: f32,
    /// Its texture, in alpha (linear).
    pub fuzz_roughness_texture: Option<TextureRef>,
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
            standard: Standard::OpenPbr,
            base_color: [1.0; 4],
            base_color_texture: None,
            diffuse_roughness: 0.0,
            metallic: 0.0,
            roughness: 1.0,
            metallic_roughness_texture: None,
            anisotropy: 0.0,
            anisotropy_rotation: 0.0,
            anisotropy_texture: None,
            normal_texture: None,
            normal_scale: 1.0,
            emission: [0.0; 3],
            emission_texture: None,
            ior: 1.5,
            specular: 1.0,
            specular_texture: None,
            specular_color: [1.0; 3],
            specular_color_texture: None,
            metal_specular: 1.0,
            metal_edge: [1.0; 3],
            transmission: 0.0,
            transmission_texture: None,
            transmission_color: [1.0; 3],
            transmission_depth: 0.0,
            dispersion: 0.0,
            thin_walled: false,
            priority: 0,
            coat: 0.0,
            coat_texture: None,
            coat_color: [1.0; 3],
            coat_roughness: 0.0,
            coat_roughness_texture: None,
            coat_ior: 1.6,
            coat_darkening: 1.0,
            fuzz: 0.0,
            fuzz_color: [1.0; 3],
            fuzz_color_texture: None,
            fuzz_roughness: 0.5,
            fuzz_roughness_texture: None,
            alpha_mode: AlphaMode::Opaque,
            double_sided: false,
            unlit: false,
        }
    }
}

impl Material {
    /// All of its pictures.
    pub fn textures(&self) -> [&Option<TextureRef>; 12] {
        [
            &self.base_color_texture,
            &self.metallic_roughness_texture,
            &self.normal_texture,
            &self.emission_texture,
            &self.specular_texture,
            &self.specular_color_texture,
            &self.transmission_texture,
            &self.coat_texture,
            &self.coat_roughness_texture,
            &self.fuzz_color_texture,
            &self.fuzz_roughness_texture,
            &self.anisotropy_texture,
        ]
    }
}
