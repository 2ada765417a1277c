//! What a file has and a picture of it will lack. Nothing is dropped in silence.

use std::collections::BTreeMap;

use super::container::{NOT_RENDERED, READ};
use super::json::{MaterialExtensions, Root};
use super::material::{texture_infos, uv_set};
use super::mesh::has_triangles;
use super::names::Names;

/// A warning about an asset: it loads, but not all of it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Place inside the asset as a JSON pointer.
    pub pointer: String,
    /// One lower-case line.
    pub message: String,
}

/// Notes of one kind that are shown one by one; the rest are counted.
const SHOWN: usize = 4;

#[derive(Default)]
struct Notes(Vec<Note>);

impl Notes {
    fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(Note { pointer: pointer.into(), message: message.into() });
    }

    /// `places` share `message`; `what` names the places in the plural.
    fn group(&mut self, places: Vec<String>, what: &str, message: &str) {
        let rest = places.len().saturating_sub(SHOWN);
        for place in places.into_iter().take(SHOWN) {
            self.add(place, message);
        }
        if rest > 0 {
            self.add("", format!("{rest} more {what}: {message}"));
        }
    }
}

pub fn collect(root: &Root, names: &Names) -> Vec<Note> {
    let mut notes = Notes::default();
    extensions(root, &mut notes);
    meshes(root, &mut notes);
    materials(root, &mut notes);
    nodes(root, names, &mut notes);
    notes.0
}

fn extensions(root: &Root, notes: &mut Notes) {
    let mut unknown = Vec::new();
    for (i, name) in root.extensions_used.iter().enumerate() {
        let read = READ.contains(&name.as_str());
        // These are told per material.
        let told = NOT_RENDERED.iter().any(|(known, _)| known == name) || name == "KHR_materials_pbrSpecularGlossiness";
        if !read && !told {
            unknown.push((i, name));
        }
    }
    for (i, name) in unknown.iter().take(4 * SHOWN) {
        let name: String = name.chars().take(100).collect();
        notes.add(format!("/extensionsUsed/{i}"), format!("the extension `{name}` is not known and ignored"));
    }
    if let Some(rest) = unknown.len().checked_sub(4 * SHOWN).filter(|&rest| rest > 0) {
        notes.add("/extensionsUsed", format!("{rest} more extensions are not known and ignored"));
    }
}

fn meshes(root: &Root, notes: &mut Notes) {
    let (mut lines, mut bare, mut sets) = (Vec::new(), Vec::new(), Vec::new());
    for (m, mesh) in root.meshes.iter().enumerate() {
        for (p, primitive) in mesh.primitives.iter().enumerate() {
            let at = format!("/meshes/{m}/primitives/{p}");
            if !has_triangles(primitive) {
                lines.push(at);
            } else if !primitive.attributes.contains_key("POSITION") {
                bare.push(at);
            } else if primitive.attributes.keys().any(|k| k.starts_with("COLOR_") && k != "COLOR_0") {
                sets.push(at);
            }
        }
    }
    let count = lines.len();
    notes.group(lines, "primitives", &format!("points and lines are not rendered ({count} primitives in all)"));
    notes.group(bare, "primitives", "a primitive without POSITION is not rendered");
    notes.group(sets, "primitives", "only the first set of vertex colours is used");
}

fn materials(root: &Root, notes: &mut Notes) {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut add = |message: &str, pointer: String| groups.entry(message.to_owned()).or_default().push(pointer);
    let none = MaterialExtensions::default();
    for (m, material) in root.materials.iter().enumerate() {
        let e = material.extensions.as_deref().unwrap_or(&none);
        let present = [
            ("KHR_materials_diffuse_transmission", e.diffuse_transmission.is_some()),
            ("KHR_materials_iridescence", e.iridescence.is_some()),
        ];
        for (extension, present) in present {
            if let Some((_, effect)) = NOT_RENDERED.iter().find(|(name, _)| present && *name == extension) {
                add(&format!("{effect} is not rendered yet"), format!("/materials/{m}/extensions/{extension}"));
            }
        }
        if e.specular_glossiness.is_some() {
            let at = format!("/materials/{m}/extensions/KHR_materials_pbrSpecularGlossiness");
            add("specular-glossiness is not read, the metallic-roughness fallback is rendered", at);
        }
        if e.clearcoat.as_ref().is_some_and(|c| c.clearcoat_normal_texture.is_some()) {
            let at = format!("/materials/{m}/extensions/KHR_materials_clearcoat/clearcoatNormalTexture");
            add("a normal map of the clear coat is not rendered yet, the coat has the surface's normals", at);
        }
        for (slot, info) in texture_infos(material) {
            if uv_set(info) > 1 {
                add("the texture is left out: only coordinate sets 0 and 1 are read", format!("/materials/{m}/{slot}"));
            }
        }
    }
    for (t, texture) in root.textures.iter().enumerate() {
        let image = texture.source.and_then(|s| root.images.get(s.0));
        if image.is_none_or(|i| i.uri.is_none() && i.buffer_view.is_none()) {
            add("the texture is left out: it has no PNG or JPEG image", format!("/textures/{t}"));
        }
    }
    for (message, places) in groups {
        notes.group(places, "places", &message);
    }
}

fn nodes(root: &Root, names: &Names, notes: &mut Notes) {
    let mut first: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (n, node) in root.nodes.iter().enumerate() {
        if node.name.as_deref().is_some_and(|name| !name.is_empty()) {
            first.entry(&names.nodes[n]).or_insert((n, 0)).1 += 1;
        }
    }
    let mut repeated: Vec<(usize, usize, &str)> =
        first.into_iter().filter(|(_, (_, count))| *count > 1).map(|(name, (n, count))| (n, count, name)).collect();
    repeated.sort_unstable();
    let rest = repeated.len().saturating_sub(SHOWN);
    for (n, count, name) in repeated.into_iter().take(SHOWN) {
        notes.add(format!("/nodes/{n}"), format!("{count} nodes have the name \"{name}\", which stands for the first"));
    }
    if rest > 0 {
        notes.add("/nodes", format!("{rest} more names of nodes stand for several nodes"));
    }

    let (mut orthographic, mut ranged) = (Vec::new(), Vec::new());
    for (c, camera) in root.cameras.iter().enumerate() {
        if camera.perspective.is_none() || camera.kind != "perspective" {
            orthographic.push(format!("/cameras/{c}"));
        }
    }
    for (l, light) in root.extensions.lights.iter().flat_map(|l| &l.lights).enumerate() {
        if light.range.is_some() {
            ranged.push(format!("/extensions/KHR_lights_punctual/lights/{l}/range"));
        }
    }
    notes.group(orthographic, "cameras", "only perspective cameras are read");
    notes.group(ranged, "lights", "the range of a light is not used: its light falls with the square of the distance");

    let mut pointers = Vec::new();
    let mut on_matrix = Vec::new();
    for (a, animation) in root.animations.iter().enumerate() {
        for (c, channel) in animation.channels.iter().enumerate() {
            let path = channel.target.path.as_str();
            let at = || format!("/animations/{a}/channels/{c}/target");
            if !matches!(path, "translation" | "rotation" | "scale" | "weights") {
                pointers.push(at());
            } else if path != "weights"
                && channel.target.node.and_then(|n| root.nodes.get(n.0)).is_some_and(|n| n.matrix.is_some())
            {
                on_matrix.push(at());
            }
        }
    }
    notes.group(pointers, "channels", "only translation, rotation, scale and weights are animated");
    notes.group(on_matrix, "channels", "an animated node has a matrix, which is taken apart and loses its shear");
}
