//! What is checked when a file is loaded, so that later steps meet few surprises: every index, every extent.
//! Values inside of buffers (indices of vertices, finite numbers) are checked when they are read.

use super::accessor::Reader;
use super::fault::{ACCESSOR, Fault, HIERARCHY, INDEX, Result, pick};
use super::json::{Root, Uint};
use super::material::texture_infos;
use super::mesh::{has_triangles, same_length};
use super::nodes::Local;

pub fn validate(root: &Root, reader: &Reader<'_>) -> Result<()> {
    for (i, _) in root.buffer_views.iter().enumerate() {
        reader.view(Uint(i), String::new)?;
    }
    for (i, _) in root.accessors.iter().enumerate() {
        reader.check(i)?;
    }
    meshes(root)?;
    attributes(root, reader)?;
    materials(root)?;
    nodes(root)?;
    skins(root)?;
    animations(root)
}

fn meshes(root: &Root) -> Result<()> {
    let variants = root.extensions.variants.as_ref().map_or(&[][..], |v| &v.variants);
    for (m, mesh) in root.meshes.iter().enumerate() {
        for (p, primitive) in mesh.primitives.iter().enumerate() {
            let at = |field: &str| format!("/meshes/{m}/primitives/{p}/{field}");
            let accessor = |index: Uint, field: &dyn Fn() -> String| {
                pick(&root.accessors, index.0, "accessor", || at(&field())).map(|_| ())
            };
            for (name, &index) in &primitive.attributes {
                accessor(index, &|| format!("attributes/{name}"))?;
            }
            for (t, target) in primitive.targets.iter().enumerate() {
                for (name, &index) in target {
                    accessor(index, &|| format!("targets/{t}/{name}"))?;
                }
            }
            if let Some(index) = primitive.indices {
                accessor(index, &|| "indices".into())?;
            }
            if let Some(material) = primitive.material {
                pick(&root.materials, material.0, "material", || at("material"))?;
            }
            if let Some(mode) = primitive.mode.filter(|mode| mode.0 > 6) {
                return Err(Fault::new(ACCESSOR, at("mode"), format!("primitive mode {} does not exist", mode.0))
                    .hint("0 to 6 are allowed, 4 is a list of triangles"));
            }
            if let Some(mappings) = &primitive.extensions.variants {
                for (i, mapping) in mappings.mappings.iter().enumerate() {
                    let at = |field: &str| at(&format!("extensions/KHR_materials_variants/mappings/{i}/{field}"));
                    pick(&root.materials, mapping.material.0, "material", || at("material"))?;
                    for (v, variant) in mapping.variants.iter().enumerate() {
                        pick(variants, variant.0, "variant", || at(&format!("variants/{v}")))?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Types and lengths of vertex attributes (3.7.2.1) and morph targets (3.7.2.2), also of those that no pose uses yet.
fn attributes(root: &Root, reader: &Reader<'_>) -> Result<()> {
    for (m, mesh) in root.meshes.iter().enumerate() {
        for (p, primitive) in mesh.primitives.iter().enumerate().filter(|(_, p)| has_triangles(p)) {
            let at = format!("/meshes/{m}/primitives/{p}");
            let Some(&position) = primitive.attributes.get("POSITION") else { continue };
            let vertices = reader.count(position);
            let check = |name: &str, accessor: Uint, in_target: bool, pointer: &dyn Fn() -> String| -> Result<()> {
                let wanted: &[&str] = match name.split('_').next().unwrap_or_default() {
                    "POSITION" | "NORMAL" => &["VEC3"],
                    "TANGENT" if in_target => &["VEC3"],
                    "TANGENT" | "JOINTS" | "WEIGHTS" => &["VEC4"],
                    "TEXCOORD" => &["VEC2"],
                    "COLOR" => &["VEC3", "VEC4"],
                    _ => return Ok(()), // attributes of an application begin with an underscore
                };
                let shape = reader.shape(accessor);
                if !wanted.contains(&shape) {
                    let wanted = wanted.join(" or ");
                    let message = format!("accessor {} has type {shape}, {wanted} is needed", accessor.0);
                    return Err(Fault::new(ACCESSOR, pointer(), message).hint("the file is damaged: export it again"));
                }
                same_length(reader, accessor, vertices, pointer)
            };
            for (name, &accessor) in &primitive.attributes {
                check(name, accessor, false, &|| format!("{at}/attributes/{name}"))?;
            }
            for (t, target) in primitive.targets.iter().enumerate() {
                for (name, &accessor) in target {
                    check(name, accessor, true, &|| format!("{at}/targets/{t}/{name}"))?;
                }
            }
        }
    }
    Ok(())
}

fn materials(root: &Root) -> Result<()> {
    for (t, texture) in root.textures.iter().enumerate() {
        if let Some(sampler) = texture.sampler {
            pick(&root.samplers, sampler.0, "sampler", || format!("/textures/{t}/sampler"))?;
        }
        if let Some(image) = texture.source {
            pick(&root.images, image.0, "image", || format!("/textures/{t}/source"))?;
        }
    }
    for (m, material) in root.materials.iter().enumerate() {
        for (slot, info) in texture_infos(material) {
            pick(&root.textures, info.index.0, "texture", || format!("/materials/{m}/{slot}/index"))?;
        }
    }
    Ok(())
}

fn nodes(root: &Root) -> Result<()> {
    let lights = root.extensions.lights.as_ref().map_or(&[][..], |l| &l.lights);
    for (n, node) in root.nodes.iter().enumerate() {
        let at = |field: &str| format!("/nodes/{n}/{field}");
        if let Some(mesh) = node.mesh {
            pick(&root.meshes, mesh.0, "mesh", || at("mesh"))?;
        }
        if let Some(skin) = node.skin {
            pick(&root.skins, skin.0, "skin", || at("skin"))?;
        }
        if let Some(camera) = node.camera {
            pick(&root.cameras, camera.0, "camera", || at("camera"))?;
        }
        if let Some(light) = &node.extensions.light {
            pick(lights, light.light.0, "light", || at("extensions/KHR_lights_punctual/light"))?;
        }
        Local::of(node, n)?;
    }
    Ok(())
}

fn skins(root: &Root) -> Result<()> {
    let mut used = vec![usize::MAX; root.nodes.len()];
    for (s, skin) in root.skins.iter().enumerate() {
        for (j, joint) in skin.joints.iter().enumerate() {
            let at = || format!("/skins/{s}/joints/{j}");
            pick(&root.nodes, joint.0, "node", at)?;
            if std::mem::replace(&mut used[joint.0], s) == s {
                let message = format!("node {} is a joint of this skin already", joint.0);
                return Err(Fault::new(HIERARCHY, at(), message).hint("the joints of a skin have to differ"));
            }
        }
        if skin.joints.is_empty() {
            return Err(Fault::new(INDEX, format!("/skins/{s}/joints"), "the skin has no joints"));
        }
        if let Some(accessor) = skin.inverse_bind_matrices {
            pick(&root.accessors, accessor.0, "accessor", || format!("/skins/{s}/inverseBindMatrices"))?;
        }
    }
    Ok(())
}

fn animations(root: &Root) -> Result<()> {
    for (a, animation) in root.animations.iter().enumerate() {
        for (s, sampler) in animation.samplers.iter().enumerate() {
            for (index, field) in [(sampler.input, "input"), (sampler.output, "output")] {
                pick(&root.accessors, index.0, "accessor", || format!("/animations/{a}/samplers/{s}/{field}"))?;
            }
        }
        for (c, channel) in animation.channels.iter().enumerate() {
            let at = |field: &str| format!("/animations/{a}/channels/{c}/{field}");
            pick(&animation.samplers, channel.sampler.0, "animation sampler", || at("sampler"))?;
            if let Some(node) = channel.target.node {
                pick(&root.nodes, node.0, "node", || at("target/node"))?;
            }
        }
    }
    Ok(())
}
