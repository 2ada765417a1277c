//! Materials: glTF metallic-roughness with the extensions that are rendered.

use std::sync::Arc;

use super::fault::{ACCESSOR, Fault, Result, pick};
use super::json::{self, Root, TextureInfo};
use super::mesh::TangentSpace;
use super::names::named;
use super::texture::{Key, Textures};
use crate::{AlphaMode, Encoding, Material, Standard, TextureRef};

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

const SLOTS: usize = 12;

fn slots(material: &json::Material) -> [Slot<'_>; SLOTS] {
    use Encoding::{Linear, Srgb};
    let pbr = &material.pbr_metallic_roughness;
    let e = material.extensions.as_deref();
    let slot = |name, info, encoding| Slot { name, info, encoding };
    macro_rules! of {
        ($extension:ident, $field:ident) => {
            e.and_then(|e| e.$extension.as_ref()).and_then(|x| x.$field.as_ref())
        };
    }
    [
        slot("pbrMetallicRoughness/baseColorTexture", pbr.base_color_texture.as_ref(), Srgb),
        slot("pbrMetallicRoughness/metallicRoughnessTexture", pbr.metallic_roughness_texture.as_ref(), Linear),
        slot("normalTexture", material.normal_texture.as_ref(), Linear),
        slot("emissiveTexture", material.emissive_texture.as_ref(), Srgb),
        slot("extensions/KHR_materials_specular/specularTexture", of!(specular, specular_texture), Linear),
        slot("extensions/KHR_materials_specular/specularColorTexture", of!(specular, specular_color_texture), Srgb),
        slot(
            "extensions/KHR_materials_transmission/transmissionTexture",
            of!(transmission, transmission_texture),
            Linear,
        ),
        slot("extensions/KHR_materials_clearcoat/clearcoatTexture", of!(clearcoat, clearcoat_texture), Linear),
        slot(
            "extensions/KHR_materials_clearcoat/clearcoatRoughnessTexture",
            of!(clearcoat, clearcoat_roughness_texture),
            Linear,
        ),
        slot("extensions/KHR_materials_sheen/sheenColorTexture", of!(sheen, sheen_color_texture), Srgb),
        slot("extensions/KHR_materials_sheen/sheenRoughnessTexture", of!(sheen, sheen_roughness_texture), Linear),
        slot("extensions/KHR_materials_anisotropy/anisotropyTexture", of!(anisotropy, anisotropy_texture), Linear),
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

/// The frame that the normal map of material `m` needs, or else its picture of anisotropy, if it has one.
pub fn tangent_space(root: &Root, m: Option<usize>) -> Option<TangentSpace> {
    let material = root.materials.get(m?)?;
    let anisotropy = material.extensions.as_deref().and_then(|e| e.anisotropy.as_ref());
    let info = material.normal_texture.as_ref().or(anisotropy.and_then(|a| a.anisotropy_texture.as_ref()))?;
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
    let units = |color: [f32; 3], field: &str| -> Result<[f32; 3]> {
        let [r, g, b] = color.map(|c| unit(c, field));
        Ok([r?, g?, b?])
    };
    let positive = |value: f32, field: &str| -> Result<f32> { Ok(finite(value, || pointer(field))?.max(0.0)) };
    let [
        base_color,
        metallic_roughness,
        normal,
        emission,
        specular_texture,
        specular_color_texture,
        transmission_texture,
        coat_texture,
        coat_roughness_texture,
        fuzz_color_texture,
        fuzz_roughness_texture,
        anisotropy_texture,
    ] = slots(json).map(|slot| -> Result<Option<TextureRef>> {
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
    let coat = extensions.clearcoat.as_ref();
    let sheen = extensions.sheen.as_ref();
    let sheen_color = sheen.map_or([0.0; 3], |s| s.sheen_color_factor);
    let sheen_color = units(sheen_color, &format!("{at}sheen/sheenColorFactor"))?;
    let fuzz = sheen_color.into_iter().fold(0.0, f32::max);
    let anisotropy = extensions.anisotropy.as_ref();
    let volume = extensions.volume.as_ref();
    let distance = volume.map_or(f32::INFINITY, |v| v.attenuation_distance);
    if distance.is_nan() {
        return Err(not_finite(pointer(&format!("{at}volume/attenuationDistance"))));
    }
    let absorbs = distance > 0.0 && distance.is_finite();
    let attenuation = volume.filter(|_| absorbs).map_or([1.0; 3], |v| v.attenuation_color);
    let transmission_color = units(attenuation, &format!("{at}volume/attenuationColor"))?;
    let thickness = positive(volume.map_or(0.0, |v| v.thickness_factor), &format!("{at}volume/thicknessFactor"))?;
    let mut material = Material {
        name: named(json.name.as_deref(), "material", m),
        base_color_texture: base_color?,
        metallic: unit(pbr.metallic_factor, "pbrMetallicRoughness/metallicFactor")?,
        roughness: unit(pbr.roughness_factor, "pbrMetallicRoughness/roughnessFactor")?,
        metallic_roughness_texture: metallic_roughness?,
        normal_texture: normal?,
        normal_scale: finite(json.normal_texture.as_ref().map_or(1.0, |n| n.scale), || pointer("normalTexture/scale"))?,
        emission_texture: emission?,
        standard: Standard::Khr,
        anisotropy: unit(
            anisotropy.map_or(0.0, |a| a.anisotropy_strength),
            &format!("{at}anisotropy/anisotropyStrength"),
        )?,
        anisotropy_rotation: finite(anisotropy.map_or(0.0, |a| a.anisotropy_rotation), || {
            pointer(&format!("{at}anisotropy/anisotropyRotation"))
        })?,
        anisotropy_texture: anisotropy_texture?,
        transmission: unit(
            extensions.transmission.as_ref().map_or(0.0, |t| t.transmission_factor),
            &format!("{at}transmission/transmissionFactor"),
        )?,
        transmission_texture: transmission_texture?,
        transmission_color,
        transmission_depth: if absorbs { distance } else { 0.0 },
        // KHR_materials_volume: a thickness of 0 is that of a surface without an inside.
        thin_walled: thickness == 0.0,
        dispersion: positive(
            extensions.dispersion.as_ref().map_or(0.0, |d| d.dispersion),
            &format!("{at}dispersion/dispersion"),
        )?,
        coat: unit(coat.map_or(0.0, |c| c.clearcoat_factor), &format!("{at}clearcoat/clearcoatFactor"))?,
        coat_texture: coat_texture?,
        coat_roughness: unit(
            coat.map_or(0.0, |c| c.clearcoat_roughness_factor),
            &format!("{at}clearcoat/clearcoatRoughnessFactor"),
        )?,
        coat_roughness_texture: coat_roughness_texture?,
        // KHR_materials_clearcoat: an index of 1.5, and nothing of what is under it changes but by what it reflects.
        coat_ior: 1.5,
        coat_darkening: 0.0,
        fuzz,
        fuzz_color: if fuzz > 0.0 { sheen_color.map(|c| c / fuzz) } else { [1.0; 3] },
        fuzz_color_texture: fuzz_color_texture?,
        fuzz_roughness: unit(
            sheen.map_or(0.0, |s| s.sheen_roughness_factor),
            &format!("{at}sheen/sheenRoughnessFactor"),
        )?,
        fuzz_roughness_texture: fuzz_roughness_texture?,
        specular_texture: specular_texture?,
        specular_color_texture: specular_color_texture?,
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
