//! Names inside an asset: what the checker sees, and finding things by them.

use std::collections::{BTreeMap, BTreeSet};

use scenec_ir::names::closest;

use super::fault::{Fault, LIMIT, NAME, Result};
use super::json::Root;

/// Longer names would make small files into huge indices.
const MAX_NAME_BYTES: usize = 1024;
const MAX_JOINTS: usize = 1_000_000;
/// Every node that shows a mesh has a weight for each of its targets.
const MAX_TARGETS: usize = 2048;

/// The name in the file, or `kind_index`.
pub fn named(name: Option<&str>, kind: &str, index: usize) -> String {
    match name {
        Some(name) if !name.is_empty() => name.to_owned(),
        _ => format!("{kind}_{index}"),
    }
}

/// All names, by kind and in file order, with repeats.
pub struct Names {
    pub nodes: Vec<String>,
    pub meshes: Vec<String>,
    pub skins: Vec<String>,
    pub variants: Vec<String>,
    /// Targets of each mesh.
    pub targets: Vec<Vec<String>>,
}

impl Names {
    pub fn read(root: &Root) -> Result<Self> {
        let mut names = Self {
            nodes: root.nodes.iter().enumerate().map(|(i, n)| named(n.name.as_deref(), "node", i)).collect(),
            meshes: root.meshes.iter().enumerate().map(|(i, m)| named(m.name.as_deref(), "mesh", i)).collect(),
            skins: Vec::with_capacity(root.skins.len()),
            variants: Vec::new(),
            targets: Vec::with_capacity(root.meshes.len()),
        };
        // An unnamed skin goes by the node that wears it: what a user sees in the modelling program.
        let mut wearer: BTreeMap<usize, usize> = BTreeMap::new();
        for (i, node) in root.nodes.iter().enumerate() {
            if let (Some(skin), Some(_)) = (node.skin, &node.name) {
                wearer.entry(skin.0).or_insert(i);
            }
        }
        for (i, skin) in root.skins.iter().enumerate() {
            let wearer = wearer.get(&i).and_then(|&n| root.nodes[n].name.as_deref());
            names.skins.push(named(skin.name.as_deref().filter(|n| !n.is_empty()).or(wearer), "skin", i));
        }
        if let Some(variants) = &root.extensions.variants {
            names.variants = variants.variants.iter().map(|v| v.name.clone()).collect();
        }
        for mesh in &root.meshes {
            let count = mesh.primitives.iter().map(|p| p.targets.len()).max().unwrap_or(0);
            if count > MAX_TARGETS {
                let pointer = format!("/meshes/{}", names.targets.len());
                return Err(Fault::new(LIMIT, pointer, format!("{count} morph targets, the limit is {MAX_TARGETS}")));
            }
            let target = |i: usize| named(mesh.extras.target_names.get(i).and_then(Option::as_deref), "target", i);
            names.targets.push((0..count).map(target).collect());
        }
        let all = [&names.nodes, &names.meshes, &names.skins, &names.variants];
        let materials = root.materials.iter().filter_map(|m| m.name.as_ref());
        let clips = root.animations.iter().filter_map(|a| a.name.as_ref());
        let targets = names.targets.iter().flatten();
        for name in all.into_iter().flatten().chain(materials).chain(clips).chain(targets) {
            if name.len() > MAX_NAME_BYTES {
                let start: String = name.chars().take(40).collect();
                return Err(Fault::new(
                    LIMIT,
                    "",
                    format!("the name \"{start}…\" has {} bytes, the limit is {MAX_NAME_BYTES}", name.len()),
                ));
            }
        }
        let joints: usize = root.skins.iter().map(|s| s.joints.len()).sum();
        if joints > MAX_JOINTS {
            return Err(Fault::new(LIMIT, "/skins", format!("{joints} joints, the limit is {MAX_JOINTS}")));
        }
        Ok(names)
    }
}

/// The first place of `name`, or E0509 with the closest name.
pub fn find<'a>(kind: &str, name: &str, names: impl IntoIterator<Item = &'a str> + Clone) -> Result<usize> {
    if let Some(index) = names.clone().into_iter().position(|n| n == name) {
        return Ok(index);
    }
    let fault = Fault::new(NAME, "", format!("the asset has no {kind} \"{name}\""));
    // A far longer name is no typing error, and comparing would take long.
    let similar = names.clone().into_iter().filter(|n| n.len() <= 2 * name.len() + 16);
    if let Some(close) = closest(name, similar) {
        return Err(fault.hint(format!("did you mean \"{close}\"?")));
    }
    let mut shown: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut rest = 0;
    for name in names {
        if seen.insert(name) {
            if shown.len() < 8 {
                shown.push(format!("\"{name}\""));
            } else {
                rest += 1;
            }
        }
    }
    Err(match (shown.is_empty(), rest) {
        (true, _) => fault.hint(format!("the asset has no {kind}s with names")),
        (false, 0) => fault.hint(format!("it has {}", shown.join(", "))),
        (false, rest) => fault.hint(format!("it has {} and {rest} more", shown.join(", "))),
    })
}
