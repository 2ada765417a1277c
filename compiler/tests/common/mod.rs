//! Worlds for the tests.

#![allow(dead_code)]

use scenec_compiler::MemoryWorld;
use scenec_ir::AssetIndex;
use scenec_ir::asset::{Clip, Skin};

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|n| (*n).to_owned()).collect()
}

/// Names of a fox, a helmet, a figure and a set, as their files have them, and a sky.
pub fn assets(world: MemoryWorld) -> MemoryWorld {
    let clip = |name: &str, duration_s| Clip { name: name.to_owned(), duration_s };
    let fox = AssetIndex {
        path: "assets/Fox.glb".into(),
        nodes: names(&["root", "fox"]),
        meshes: names(&["fox1"]),
        clips: vec![clip("Survey", 3.4), clip("Walk", 0.7), clip("Run", 1.15)],
        skins: vec![Skin { name: "Fox".into(), joints: names(&["_rootJoint", "b_Hip_01", "b_Neck_04", "b_Head_05"]) }],
        ..AssetIndex::default()
    };
    let helmet = AssetIndex {
        path: "assets/FlightHelmet.gltf".into(),
        nodes: names(&["FlightHelmet", "Hose_low", "GlassPlastic_low"]),
        meshes: names(&["Hose", "GlassPlastic"]),
        ..AssetIndex::default()
    };
    let mira = AssetIndex {
        path: "bibles/mira.glb".into(),
        materials: names(&["coat", "eyes", "Leather.001"]),
        nodes: names(&["Mira", "head"]),
        variants: names(&["rain", "gala"]),
        clips: vec![clip("idle", 2.0)],
        skins: vec![Skin { name: "Mira".into(), joints: names(&["spine", "arm_l", "head"]) }],
        ..AssetIndex::default()
    };
    let set = AssetIndex {
        path: "assets/Set.glb".into(),
        nodes: names(&["Floor"]),
        cameras: names(&["Camera"]),
        ..AssetIndex::default()
    };
    // In centimetres, and of the size of a man and of a house.
    let large = |path: &str, height: f32| AssetIndex {
        path: path.into(),
        bounds: Some([[-0.3 * height, 0.0, -0.1 * height], [0.3 * height, height, 0.1 * height]]),
        skins: vec![Skin { name: "Giant".into(), joints: names(&["hip"]) }],
        ..AssetIndex::default()
    };
    world
        .with_asset("large/Giant.glb", large("large/Giant.glb", 180.0))
        .with_asset("large/House.glb", large("large/House.glb", 12.0))
        .with("studio.hdr", "")
        .with_asset("assets/Fox.glb", fox)
        .with_asset("assets/FlightHelmet.gltf", helmet)
        .with_asset("bibles/mira.glb", mira)
        .with_asset("assets/Set.glb", set)
}

/// One line per diagnostic: place, code and message, then labels, hint and fix.
pub fn compact(compilation: &scenec_compiler::Compilation) -> String {
    let mut text = String::new();
    for d in &compilation.diagnostics {
        let place = d.span.map_or("-".to_owned(), |s| compilation.sources.location(s));
        text += &format!("{place} {} {}\n", d.code, d.message);
        for label in &d.because {
            text += &format!("    {} {}\n", compilation.sources.location(label.span), label.text);
        }
        if let Some(hint) = &d.hint {
            text += &format!("    hint: {hint}\n");
        }
        if let Some(fix) = &d.fix {
            text += &format!("    fix: {}\n", fix.title);
        }
    }
    text
}
