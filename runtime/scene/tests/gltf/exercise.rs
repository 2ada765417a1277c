//! Uses all that a file offers, and tells how far that went.

use scenec_ir::asset::AssetError;
use scenec_scene::Instance;
use scenec_scene::gltf::{Document, Pose, Root, Select};

/// How far a file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Not the container, or not the JSON, of a glTF file.
    Unreadable,
    /// Read, and refused by the checks that come before anything is built.
    Refused,
    /// Loaded; building something that it offers is refused.
    Failed,
    /// All that it offers was built.
    Built,
}

/// What can be built of a file, also of one in which something else is refused.
pub const PARTS: [&str; 9] = ["mesh", "texture", "camera", "light", "morph target", "variant", "clip", "skin", "node"];

/// What [`exercise`] saw.
pub struct Outcome {
    pub depth: Depth,
    /// Code, field and message of the first error, the two without numbers: errors with equal signatures come from one place in the
    /// code. Empty without an error.
    pub signature: String,
    /// Which of `PARTS` were built; morph targets and clips count when they change something.
    pub parts: [bool; PARTS.len()],
}

/// Loads a file and builds everything it names.
///
/// # Panics
/// When the importer does, or gives geometry that is not finite, is indexed out of range or has attributes of other lengths.
pub fn exercise(bytes: &[u8]) -> Outcome {
    let document = match Document::load("fuzz", bytes, &|_| Err("no such file".into())) {
        Ok(document) => document,
        Err(error) => {
            let depth = if error.code == "E0502" { Depth::Unreadable } else { Depth::Refused };
            return Outcome { depth, signature: signature(&error), parts: Default::default() };
        }
    };
    let index = document.index();
    let mut first = None;
    let mut note = |error: AssetError| {
        first.get_or_insert(error);
    };
    let mut build = |select: Select<'_>| {
        let instances = document.instances(&select, "a").map_err(&mut note).unwrap_or_default();
        instances.iter().for_each(check);
        instances
    };
    let rest = build(Select::default());
    let moved = |instances: &[Instance]| {
        let other = |(a, b): (&Instance, &Instance)| {
            a.mesh.positions != b.mesh.positions || a.world_from_object != b.world_from_object
        };
        instances.iter().zip(&rest).any(other)
    };

    let mesh = rest.iter().any(|i| !i.mesh.triangles.is_empty());
    let texture = rest.iter().any(|i| i.material.base_color_texture.is_some() || i.material.normal_texture.is_some());
    let mut clip = false;
    let mut poses = Vec::new();
    for Pose { clip: name, time_s, looped, .. } in index.clips.iter().take(3).flat_map(|clip| {
        [-1.0, 0.3, clip.duration_s].map(|time_s| Pose { clip: &clip.name, time_s, looped: time_s < 0.0, blend: None })
    }) {
        let pose = Pose { clip: name, time_s, looped, blend: None };
        clip |= moved(&build(Select { pose: Some(pose), ..Select::default() }));
        poses.push(pose);
    }
    let weights: Vec<(&str, f32)> = index.morph_targets.iter().take(3).map(|t| (t.as_str(), 0.5)).collect();
    let morph = !weights.is_empty() && moved(&build(Select { morph: &weights, ..Select::default() }));
    let mut variant = false;
    for name in index.variants.iter().take(2) {
        variant |= !build(Select { variant: Some(name), morph: &weights, ..Select::default() }).is_empty();
    }
    let mut any = |roots: &mut dyn Iterator<Item = Root<'_>>| {
        roots.map(|root| build(Select { root, ..Select::default() })).filter(|instances| !instances.is_empty()).count()
            > 0
    };
    let node = any(&mut index.nodes.iter().take(3).map(|n| Root::Node(n)));
    let skin = any(&mut index.skins.iter().take(2).map(|s| Root::Skin(&s.name)));
    any(&mut index.meshes.iter().take(2).map(|m| Root::Mesh(m)));

    let light = !document.lights(None).map_err(&mut note).unwrap_or_default().is_empty();
    let camera = !document.cameras(None).map_err(&mut note).unwrap_or_default().is_empty();
    for pose in &poses {
        document.cameras(Some(pose)).map_err(&mut note).unwrap_or_default();
    }
    Outcome {
        depth: if first.is_some() { Depth::Failed } else { Depth::Built },
        signature: first.map_or_else(String::new, |error| signature(&error)),
        parts: [mesh, texture, camera, light, morph, variant, clip, skin, node],
    }
}

fn check(instance: &Instance) {
    let mesh = &instance.mesh;
    let vertices = mesh.positions.len();
    assert!(instance.world_from_object.is_finite() && mesh.positions.iter().flatten().all(|c| c.is_finite()));
    assert!(mesh.triangles.iter().flatten().all(|&v| (v as usize) < vertices));
    for length in [mesh.normals.len(), mesh.tangents.len(), mesh.uv0.len(), mesh.uv1.len(), mesh.colors.len()] {
        assert!(length == 0 || length == vertices);
    }
}

fn signature(error: &AssetError) -> String {
    assert!(!error.message.is_empty() && error.message.len() < 4_000);
    let quoted = error.message.split(['"', '`']).step_by(2).collect::<String>();
    let field = error.pointer.rsplit('/').next().unwrap_or_default();
    // Syntax errors differ in every detail and say little about the importer.
    let field = if error.code == "E0502" { "" } else { field };
    let text = format!(" {field} {quoted}");
    error.code.chars().chain(text.chars().filter(|c| !c.is_ascii_digit())).take(48).collect()
}
