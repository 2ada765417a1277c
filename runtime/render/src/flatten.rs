//! From a stage to the arrays that kernels read.

use std::collections::HashMap;
use std::sync::Arc;

use glam::Affine3A;
use scenec_scene::{AlphaMode, Environment, Fog, LampShape, Material, Mesh, Stage, Standard, TextureRef};
use scenec_shaders::consts::{
    MATERIAL_ANISOTROPIC, MATERIAL_BLEND, MATERIAL_CLEAR, MATERIAL_DOUBLE_SIDED, MATERIAL_EMITS, MATERIAL_KHR,
    MATERIAL_LAMP, MATERIAL_LAYERED, MATERIAL_MASK, MATERIAL_MATTE, MATERIAL_TEXTURED, MATERIAL_THIN, MATERIAL_UNLIT,
    NONE, PART_BALL, PART_DISK, PART_MIRRORED, PART_PLACED, PART_TURN, SCENE_ALPHA, SCENE_CLEAR, SCENE_EMITS,
    SCENE_FOG, SCENE_SKY,
};
use scenec_shaders::prelude::{Vec3, Vec4};
use scenec_shaders::types;

use crate::albedo::{self, Albedos};
use crate::attributes::{self, Attributes, Wanted};
use crate::bvh::{self, SceneBvh};
use crate::heap::Heap;
use crate::texels::{self, Texels};
use crate::{RenderError, lights, map};

/// Repeated meshes are copied into the world as long as all placed triangles together stay below this: a ray then walks one tree
/// instead of many.
const COPY_TRIANGLES: usize = 1_000_000;

/// What kernels read beside the acceleration structure. No array is empty.
pub(crate) struct Flat {
    pub heap: Vec<u32>,
    pub materials: Vec<types::Material>,
    pub parts: Vec<types::Part>,
    pub lights: Vec<types::Light>,
    pub info: types::SceneInfo,
}

/// Unique things in the order of their first use.
struct Unique<'a, T> {
    items: Vec<&'a Arc<T>>,
    of_instance: Vec<usize>,
}

impl<'a, T> Unique<'a, T> {
    fn new(all: impl Iterator<Item = &'a Arc<T>>) -> Self {
        let mut number: HashMap<*const T, usize> = HashMap::new();
        let mut items = Vec::new();
        let of_instance = all
            .map(|item| {
                *number.entry(Arc::as_ptr(item)).or_insert_with(|| {
                    items.push(item);
                    items.len() - 1
                })
            })
            .collect();
        Self { items, of_instance }
    }
}

/// Flattens the stage and builds its acceleration structure.
///
/// # Errors
/// `SceneTooLarge`.
pub(crate) fn flatten(stage: &Stage) -> Result<(Flat, SceneBvh), RenderError> {
    let meshes: Unique<'_, Mesh> = Unique::new(stage.instances.iter().map(|i| &i.mesh));
    let materials: Unique<'_, Material> = Unique::new(stage.instances.iter().map(|i| &i.material));
    let (tree, arrays) = rayon::join(|| build(stage, &meshes), || gather(stage, &meshes, &materials));
    let (tree, mut flat) = (tree?, arrays?);
    for (number, part) in flat.parts.iter_mut().enumerate().take(stage.instances.len()) {
        if !tree.is_world_space(number) {
            part.flags |= PART_PLACED;
        }
    }
    Ok((flat, tree))
}

fn build(stage: &Stage, meshes: &Unique<'_, Mesh>) -> Result<SceneBvh, RenderError> {
    let placed: usize = stage.instances.iter().map(|i| i.mesh.triangles.len()).fold(0, usize::saturating_add);
    let copy = placed <= COPY_TRIANGLES;
    let sources: Vec<bvh::Mesh<'_>> = if copy {
        stage.instances.iter().map(|i| view(&i.mesh)).collect()
    } else {
        meshes.items.iter().map(|m| view(m)).collect()
    };
    let instances: Vec<bvh::Instance> = stage
        .instances
        .iter()
        .enumerate()
        .map(|(number, i)| bvh::Instance {
            mesh: if copy { number } else { meshes.of_instance[number] },
            world_from_object: i.world_from_object,
            cutout: false,
        })
        .collect();
    SceneBvh::build(&sources, &instances).map_err(|e| RenderError::SceneTooLarge { reason: e.to_string() })
}

fn view(mesh: &Mesh) -> bvh::Mesh<'_> {
    bvh::Mesh { positions: &mesh.positions, triangles: &mesh.triangles }
}

fn gather(stage: &Stage, meshes: &Unique<'_, Mesh>, materials: &Unique<'_, Material>) -> Result<Flat, RenderError> {
    let wanted = wanted_attributes(meshes, materials);
    let attribute_words: usize = meshes.items.iter().zip(&wanted).map(|(m, w)| attributes::words(m, *w)).sum();
    let texel_words = texels::words(materials.items.iter().flat_map(|m| m.textures()).flatten());
    let mut heap = Heap::with_capacity((1 << 14) + attribute_words + texel_words + map::words(&stage.environment));

    let mut info = types::SceneInfo::ZERO;
    info.srgb_table = heap.put_floats(texels::srgb_table())?;
    info.mirror_table = albedo::put_mirror(&mut heap)?;
    info.fuzz_table = albedo::put_fuzz(&mut heap)?;

    let mut uses = vec![0usize; meshes.items.len()];
    let mut placement = vec![None; meshes.items.len()];
    for (number, mesh) in meshes.of_instance.iter().enumerate() {
        uses[*mesh] += 1;
        placement[*mesh] = Some(&stage.instances[number].world_from_object);
    }
    let placed: Vec<Attributes> = (0..meshes.items.len())
        .map(|m| attributes::gather(&mut heap, meshes.items[m], wanted[m], placement[m].filter(|_| uses[m] == 1)))
        .collect::<Result<_, _>>()?;
    let mut parts: Vec<types::Part> = (0..stage.instances.len())
        .map(|number| {
            let mesh = meshes.of_instance[number];
            part(stage, number, &placed[mesh], uses[mesh] > 1, materials.of_instance[number] as u32)
        })
        .collect();

    let mut pictures = Texels::default();
    let mut albedos = Albedos::default();
    let mut flat_materials = materials
        .items
        .iter()
        .map(|m| material(m, &mut heap, &mut pictures, &mut albedos))
        .collect::<Result<Vec<_>, _>>()?;
    number_media(&mut flat_materials, &mut heap, &mut info)?;
    for (number, instance) in stage.instances.iter().enumerate() {
        let material = &mut flat_materials[materials.of_instance[number]];
        if !instance.mesh.colors.is_empty() {
            material.flags |= MATERIAL_TEXTURED;
        }
        if parts[number].flags & (PART_DISK | PART_BALL) != 0 {
            material.flags |= MATERIAL_LAMP;
        }
    }
    let any = |flags: u32| flat_materials.iter().any(|m| m.flags & flags != 0);
    info.flags |= if any(MATERIAL_MASK | MATERIAL_BLEND | MATERIAL_LAMP) { SCENE_ALPHA } else { 0 };
    info.flags |= if any(MATERIAL_EMITS | MATERIAL_UNLIT) { SCENE_EMITS } else { 0 };
    info.flags |= if flat_materials.iter().any(|m| m.medium > 0) { SCENE_CLEAR } else { 0 };

    map::gather(&stage.environment, &mut heap, &mut info)?;
    let mut flat_lights = lights::gather(stage, &flat_materials, &mut parts, &mut heap, &mut info)?;
    let sky_shines = match &stage.environment {
        Environment::Constant(c) => c.iter().any(|x| *x > 0.0),
        Environment::Map { .. } => true,
    };
    info.flags |= if sky_shines || info.sun_count > 0 { SCENE_SKY } else { 0 };
    if let Some(fog) = &stage.fog {
        add_fog(fog, &mut info);
    }

    // Neither executor binds empty arrays.
    if parts.is_empty() {
        parts.push(types::Part::ZERO);
    }
    if flat_materials.is_empty() {
        flat_materials.push(types::Material::ZERO);
    }
    if flat_lights.is_empty() {
        flat_lights.push(types::Light::ZERO);
    }
    Ok(Flat { heap: heap.into_words(), materials: flat_materials, parts, lights: flat_lights, info })
}

/// Fills the fields of `info` that tell about fog, if there is enough of it to meet anything.
fn add_fog(fog: &Fog, info: &mut types::SceneInfo) {
    // Over the longest ray of fog.wgsl, 10^9 m, less is nothing.
    if !(fog.density >= 1e-15 && fog.density.is_finite()) {
        return;
    }
    info.flags |= SCENE_FOG;
    info.fog_density = fog.density;
    info.fog_base = if fog.base.is_finite() { fog.base } else { 0.0 };
    info.fog_falloff = fog.height.map_or(0.0, |height| 1.0 / height.clamp(1e-6, 1e15));
    info.fog_albedo = Vec3::from(fog.albedo.map(unit));
    info.fog_anisotropy = if fog.anisotropy.is_finite() { fog.anisotropy.clamp(-0.99, 0.99) } else { 0.0 };
}

/// Attributes that the materials on each mesh need.
fn wanted_attributes(meshes: &Unique<'_, Mesh>, materials: &Unique<'_, Material>) -> Vec<Wanted> {
    let mut wanted = vec![Wanted::default(); meshes.items.len()];
    for (mesh, material) in meshes.of_instance.iter().zip(&materials.of_instance) {
        let material = materials.items[*material];
        wanted[*mesh].uv |= material.textures().into_iter().any(Option::is_some) || material.anisotropy > 0.0;
        wanted[*mesh].tangents |= material.normal_texture.is_some() || material.anisotropy > 0.0;
    }
    wanted
}

fn part(stage: &Stage, number: usize, at: &Attributes, shared: bool, material: u32) -> types::Part {
    let m = &stage.instances[number].world_from_object;
    let rows = m.matrix3.transpose();
    let row = |r: glam::Vec3A, t: f32| Vec4::from([r.x, r.y, r.z, t]);
    let mut flags = at.flags;
    flags |= if m.matrix3.determinant() < 0.0 { PART_MIRRORED } else { 0 };
    flags |= if shared { PART_TURN } else { 0 };
    flags |= match stage.instances[number].mesh.lamp {
        Some(LampShape::Disk) => PART_DISK,
        Some(LampShape::Ball) if is_similarity(m) => PART_BALL,
        _ => 0,
    };
    types::Part {
        row_x: row(rows.x_axis, m.translation.x),
        row_y: row(rows.y_axis, m.translation.y),
        row_z: row(rows.z_axis, m.translation.z),
        material,
        flags,
        normals: at.normals,
        extra: at.extra,
        stride: at.stride,
        lights: NONE,
        ..types::Part::ZERO
    }
}

/// A turn, a shift and one scale: a ball stays a ball.
fn is_similarity(map: &Affine3A) -> bool {
    let m = map.matrix3;
    let axes = [m.x_axis, m.y_axis, m.z_axis].map(|a| a.as_dvec3());
    let size = axes[0].length_squared();
    let alike = |x: f64, y: f64| (x - y).abs() <= 1e-5 * size;
    let across = [(0, 1), (0, 2), (1, 2)].into_iter().all(|(i, j)| alike(axes[i].dot(axes[j]), 0.0));
    size > 0.0 && size.is_finite() && across && axes.iter().all(|a| alike(a.length_squared(), size))
}

/// Not a number, infinite or below 0 is 0: one such number would spoil the whole picture.
pub(crate) fn clean(x: f32) -> f32 {
    if x > 0.0 && x.is_finite() { x } else { 0.0 }
}

/// The same, and at most 1.
fn unit(x: f32) -> f32 {
    clean(x).min(1.0)
}

/// Most media of one scene: their numbers are bytes, and 0 is none.
const MEDIA: usize = 255;

/// Gives the clear materials that have an inside their numbers, and puts into the heap what those stand for.
fn number_media(
    materials: &mut [types::Material],
    heap: &mut Heap,
    info: &mut types::SceneInfo,
) -> Result<(), RenderError> {
    let mut media = Vec::new();
    for (number, material) in materials.iter_mut().enumerate() {
        if material.flags & (MATERIAL_CLEAR | MATERIAL_THIN) == MATERIAL_CLEAR {
            media.push(number as u32);
            material.medium = media.len() as u32;
        }
    }
    if media.len() > MEDIA {
        let reason = format!("{} clear materials with an inside; a scene may have {MEDIA}", media.len());
        return Err(RenderError::SceneTooLarge { reason });
    }
    info.media = heap.put_words(&media)?;
    if !media.is_empty() {
        info.interfaces = albedo::put_interfaces(heap)?;
    }
    Ok(())
}

/// The relative index of the dielectric interface: under a coat it is nearer to 1, and where the coat has the greater index
/// its inverse stands for it (OpenPBR 1.1, "Coat": false total reflection); `strength` scales the reflectance head on.
fn interface(ior: f32, coat: f32, coat_ior: f32, strength: f32) -> f32 {
    let eta = ior + (ior / coat_ior - ior) * coat;
    let eta = if eta < 1.0 { 1.0 / eta } else { eta };
    let reflectance = ((eta - 1.0) / (eta + 1.0)).powi(2) * strength;
    let root = reflectance.min(0.9995).sqrt();
    (1.0 + root) / (1.0 - root)
}

fn material(
    m: &Material,
    heap: &mut Heap,
    pictures: &mut Texels,
    albedos: &mut Albedos,
) -> Result<types::Material, RenderError> {
    let index = |x: f32, otherwise: f32| if x.is_finite() && x >= 1.0 { x.min(1e4) } else { otherwise };
    let [r, g, b, a] = m.base_color.map(unit);
    // KHR_materials_ior: 0 stands for full reflection.
    let ior = if m.ior == 0.0 { 1e4 } else { index(m.ior, 1.0) };
    let coat = unit(m.coat);
    let coat_ior = index(m.coat_ior, 1.0);
    // What of the colour is above 1 raises the reflectance head on.
    let color = m.specular_color.map(clean);
    let most = color.into_iter().fold(1.0f32, f32::max);
    let khr = m.standard == Standard::Khr;
    let eta = interface(ior, if khr { 0.0 } else { coat }, coat_ior, clean(m.specular) * most);
    let tint = color.map(|c| c / most);
    let emission = m.emission.map(clean);
    let transmission = unit(m.transmission);
    let clear = transmission > 0.0 && unit(m.metallic) < 1.0;
    let (passed, absorption) = transmitted(m);
    let fuzz = unit(m.fuzz);
    let anisotropy = unit(m.anisotropy);
    let mut flags = 0;
    let mut set = |flag: u32, on: bool| flags |= if on { flag } else { 0 };
    set(MATERIAL_TEXTURED, m.textures().into_iter().any(Option::is_some) || anisotropy > 0.0);
    set(MATERIAL_EMITS, emission.iter().any(|x| *x > 0.0) && !m.unlit);
    set(MATERIAL_DOUBLE_SIDED, m.double_sided);
    set(MATERIAL_UNLIT, m.unlit);
    set(MATERIAL_CLEAR, clear);
    set(MATERIAL_THIN, m.thin_walled);
    set(MATERIAL_LAYERED, coat > 0.0 || fuzz > 0.0);
    set(MATERIAL_LAYERED, m.specular_texture.is_some() || m.specular_color_texture.is_some());
    set(MATERIAL_ANISOTROPIC, anisotropy > 0.0);
    set(MATERIAL_KHR, khr);
    let plain = !clear && coat == 0.0 && fuzz == 0.0 && unit(m.diffuse_roughness) == 0.0;
    set(MATERIAL_MATTE, eta == 1.0 && unit(m.metallic) == 0.0 && plain);
    let mut alpha_cutoff = 0.0;
    match m.alpha_mode {
        AlphaMode::Opaque => {}
        AlphaMode::Mask(cutoff) => {
            alpha_cutoff = cutoff;
            set(MATERIAL_MASK, true);
        }
        AlphaMode::Blend => set(MATERIAL_BLEND, m.base_color_texture.is_some() || a < 1.0),
    }
    let mut slot = |texture: &Option<TextureRef>| pictures.slot(heap, texture.as_ref());
    let [base_color_texture, metallic_roughness_texture, normal_texture, emission_texture] =
        [&m.base_color_texture, &m.metallic_roughness_texture, &m.normal_texture, &m.emission_texture].map(&mut slot);
    let [specular_texture, specular_color_texture, transmission_texture, anisotropy_texture] =
        [&m.specular_texture, &m.specular_color_texture, &m.transmission_texture, &m.anisotropy_texture].map(&mut slot);
    let [coat_texture, coat_roughness_texture, fuzz_color_texture, fuzz_roughness_texture] =
        [&m.coat_texture, &m.coat_roughness_texture, &m.fuzz_color_texture, &m.fuzz_roughness_texture].map(&mut slot);
    let turn = if m.anisotropy_rotation.is_finite() { m.anisotropy_rotation } else { 0.0 };
    Ok(types::Material {
        base_color: Vec4::from([r, g, b, a]),
        emission: Vec3::from(emission),
        roughness: unit(m.roughness),
        tint: Vec3::from(tint),
        metallic: unit(m.metallic),
        edge: Vec3::from(m.metal_edge.map(unit)),
        metal_weight: clean(m.metal_specular),
        diffuse_roughness: unit(m.diffuse_roughness),
        anisotropy,
        tangent_cos: turn.cos(),
        tangent_sin: turn.sin(),
        eta,
        normal_scale: if m.normal_scale.is_finite() { m.normal_scale } else { 1.0 },
        alpha_cutoff,
        flags,
        priority: m.priority,
        ior,
        absorption: Vec3::from(absorption),
        transmission,
        clear_tint: Vec3::from(passed),
        dispersion: cauchy(ior, clean(m.dispersion)),
        coat_color: Vec3::from(m.coat_color.map(unit)),
        coat_weight: coat,
        coat_roughness: unit(m.coat_roughness),
        coat_eta: coat_ior,
        coat_darkening: unit(m.coat_darkening),
        fuzz_color: Vec3::from(m.fuzz_color.map(unit)),
        fuzz_weight: fuzz,
        fuzz_roughness: unit(m.fuzz_roughness),
        base_color_texture: base_color_texture?,
        metallic_roughness_texture: metallic_roughness_texture?,
        normal_texture: normal_texture?,
        emission_texture: emission_texture?,
        specular_texture: specular_texture?,
        specular_color_texture: specular_color_texture?,
        transmission_texture: transmission_texture?,
        coat_texture: coat_texture?,
        coat_roughness_texture: coat_roughness_texture?,
        fuzz_color_texture: fuzz_color_texture?,
        fuzz_roughness_texture: fuzz_roughness_texture?,
        anisotropy_texture: anisotropy_texture?,
        table: albedos.interface(heap, eta, clear)?,
        coat_table: if coat > 0.0 { albedos.interface(heap, coat_ior, false)? } else { 0 },
        ..types::Material::ZERO
    })
}

/// What the surface leaves of light that passes, and the absorption behind it, 1/m (OpenPBR 1.1, "Translucent base").
fn transmitted(m: &Material) -> ([f32; 3], [f32; 3]) {
    let color = m.transmission_color.map(unit);
    let depth = clean(m.transmission_depth);
    if depth > 0.0 && !m.thin_walled {
        // A colour of 0 is one of which hardly anything is left.
        ([1.0; 3], color.map(|c| -(c.max(1e-6).ln()) / depth))
    } else {
        (color, [0.0; 3])
    }
}

/// B of Cauchy's formula, um^2, for the index at the d line: (n - 1) / Abbe number is the difference between the F and C lines.
fn cauchy(ior: f32, dispersion: f32) -> f32 {
    (ior - 1.0) * dispersion / 20.0 / 1.910_3
}
