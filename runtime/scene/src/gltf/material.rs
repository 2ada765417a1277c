//! Materials: glTF metallic-roughness with the extensions that are rendered.

use std::sync::Arc;

use super::fault::{ACCESSOR, Fault, Result, pick};
use super::json::{self, Root, TextureInfo};
use super::mesh::TangentSpace;
use super::names::named;
use super::texture::{Key, Textures};
use crate::{AlphaMode, Encoding, Material, TextureRef};

/// The textures that material `m` samples.
pub fn textures(root: &Root, m: Option<usize>) -> Result<Vec<Key>> {
    let mut keys = Vec::new();
    if let Some(m) = m {
        let material = pick(&root.materials, m, "material", || format!("/materials/{m}"))?;
        for slot in slots(material) {
            if let Some(info) = slot.info
                && uv_set(info) <= 1
                && let Some(key) =
                    Key::of(root, info.index, slot.encoding, || format!("/materials/{m}/{}/index", slot.name))?
            {
                keys.push(key);
            }
        }
    }
    Ok(keys)
}

struct Slot<'a> {
    name: &'static str,
    info: Option<&'a TextureInfo>,
    encoding: Encoding,
}

fn slots(material: &json::Material) -> [Slot<'_>; 4] {
    let pbr = &material.pbr_metallic_roughness;
    [
        Slot {
            name: "pbrMetallicRoughness/baseColorTexture",
            info: pbr.base_color_texture.as_ref(),
            encoding: Encoding::Srgb,
        },
        Slot {
            name: "pbrMetallicRoughness/metallicRoughnessTexture",
            info: pbr.metallic_roughness_texture.as_ref(),
            encoding: Encoding::Linear,
        },
        Slot { name: "normalTexture", info: material.normal_texture.as_ref(), encoding: Encoding::Linear },
        Slot { name: "emissiveTexture", info: material.emissive_texture.as_ref(), encoding: Encoding::Srgb },
    ]
}

/// Every texture slot of a material with its place, for notes and checks.
pub fn texture_infos(material: &json::Material) -> impl Iterator<Item = (&'static str, &TextureInfo)> {
    slots(material).into_iter().filter_map(|slot| Some((slot.name, slot.info?)))
}

/// KHR_texture_transform may override the coordinate set.
pub fn uv_set(info: &TextureInfo) -> usize {
    info.extensions.transform.as_ref().and_then(|t| t.tex_coord).unwrap_or(info.tex_coord).0
}

/// KHR_texture_transform: translation * rotation * scale, as two rows. The rotation is counter-clockwise for an eye that
/// sees v point down, so its sines have the opposite signs of those of a frame with v up.
pub fn transform(info: &TextureInfo) -> [[f32; 3]; 2] {
    let Some(t) = &info.extensions.transform else { return [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]] };
    let (sin, cos) = t.rotation.sin_cos();
    [[cos * t.scale[0], sin * t.scale[1], t.offset[0]], [-sin * t.scale[0], cos * t.scale[1], t.offset[1]]]
}

/// The frame that the normal map of material `m` needs, if it has one.
pub fn tangent_space(root: &Root, m: Option<usize>) -> Option<TangentSpace> {
    let material = root.materials.get(m?)?;
    let info = material.normal_texture.as_ref()?;
    let set = uv_set(info);
    (set <= 1).then(|| TangentSpace { uv_set: set as u32, transform: transform(info) })
}

/// Material `m`, or the default material of glTF. Its textures have to be in `textures`.
pub fn build(root: &Root, textures: &Textures, m: Option<usize>) -> Result<Material> {
    let Some(m) = m else {
        // 3.9.7: the default material is the one with all properties at their defaults, so metal.
        return Ok(Material { name: "default".into(), metallic: 1.0, ..Material::default() });
    };
    let json = pick(&root.materials, m, "material", || format!("/materials/{m}"))?;
    let pbr = &json.pbr_metallic_roughness;
    let pointer = |field: &str| format!("/materials/{m}/{field}");
    let unit = |value: f32, field: &str| -> Result<f32> { Ok(finite(value, || pointer(field))?.clamp(0.0, 1.0)) };
    let positive = |value: f32, field: &str| -> Result<f32> { Ok(finite(value, || pointer(field))?.max(0.0)) };
    let [base_color, metallic_roughness, normal, emission] = slots(json).map(|slot| -> Result<Option<TextureRef>> {
        let Some(info) = slot.info.filter(|info| uv_set(info) <= 1) else { return Ok(None) };
        let at = || pointer(&format!("{}/index", slot.name));
        let Some(key) = Key::of(root, info.index, slot.encoding, at)? else { return Ok(None) };
        let rows = transform(info);
        if !rows.iter().flatten().all(|v| v.is_finite()) {
            return Err(not_finite(pointer(&format!("{}/extensions/KHR_texture_transform", slot.name))));
        }
        Ok(textures.get(&key).map(|texture| TextureRef {
            texture: Arc::clone(texture),
            uv_set: uv_set(info) as u32,
            transform: rows,
        }))
    });

    let none = json::MaterialExtensions::default();
    let extensions = json.extensions.as_deref().unwrap_or(&none);
    let at = "extensions/KHR_materials_";
    let strength = extensions.emissive_strength.as_ref().map_or(1.0, |e| e.emissive_strength);
    let strength = positive(strength, &format!("{at}emissive_strength/emissiveStrength"))?;
    let specular = extensions.specular.as_ref();
    let color = specular.map_or([1.0; 3], |s| s.specular_color_factor);
    let mut material = Material {
        name: named(json.name.as_deref(), "material", m),
        base_color_texture: base_color?,
        metallic: unit(pbr.metallic_factor, "pbrMetallicRoughness/metallicFactor")?,
        roughness: unit(pbr.roughness_factor, "pbrMetallicRoughness/roughnessFactor")?,
        metallic_roughness_texture: metallic_roughness?,
        normal_texture: normal?,
        normal_scale: finite(json.normal_texture.as_ref().map_or(1.0, |n| n.scale), || pointer("normalTexture/scale"))?,
        emission_texture: emission?,
        // An index below 1 stands for the "infinite" one of KHR_materials_ior (0: full reflection) and is kept.
        ior: positive(extensions.ior.as_ref().map_or(1.5, |i| i.ior), &format!("{at}ior/ior"))?,
        specular: unit(specular.map_or(1.0, |s| s.specular_factor), &format!("{at}specular/specularFactor"))?,
        alpha_mode: match json.alpha_mode.as_deref() {
            None | Some("OPAQUE") => AlphaMode::Opaque,
            Some("MASK") => AlphaMode::Mask(positive(json.alpha_cutoff.unwrap_or(0.5), "alphaCutoff")?),
            Some("BLEND") => AlphaMode::Blend,
            Some(other) => {
                return Err(Fault::new(ACCESSOR, pointer("alphaMode"), format!("alpha mode `{other}` does not exist"))
                    .hint("one of OPAQUE, MASK, BLEND is allowed"));
            }
        },
        double_sided: json.double_sided,
        unlit: extensions.unlit.is_some(),
        ..Material::default()
    };
    for (to, from) in material.base_color.iter_mut().zip(pbr.base_color_factor) {
        *to = unit(from, "pbrMetallicRoughness/baseColorFactor")?;
    }
    for (to, from) in material.emission.iter_mut().zip(json.emissive_factor) {
        *to = positive(from * strength, "emissiveFactor")?;
    }
    for (to, from) in material.specular_color.iter_mut().zip(color) {
        *to = positive(from, &format!("{at}specular/specularColorFactor"))?;
    }
    Ok(material)
}

fn finite(value: f32, pointer: impl FnOnce() -> String) -> Result<f32> {
    if value.is_finite() { Ok(value) } else { Err(not_finite(pointer())) }
}

fn not_finite(pointer: String) -> Fault {
    Fault::new(ACCESSOR, pointer, "the value is not a finite number").hint("mend the value or export the file again")
}
