//! The size of an asset as its index states it.

use std::path::Path;

use scenec_scene::gltf::{Document, Root, Select};
use scenec_scene::{Bounds, Instance};
use serde_json::json;

use crate::support::*;

fn bounds_of(instances: &[Instance]) -> Bounds {
    let mut bounds = Bounds::EMPTY;
    instances.iter().for_each(|i| bounds.merge(&i.mesh.bounds().transformed(&i.world_from_object)));
    bounds
}

/// A triangle of 1 m below a node that is twice as large and stands 5 m to the right.
fn triangle(limits: bool) -> Document {
    let mut b = Builder::default();
    let position = b.triangle();
    if limits {
        b.accessors[position]["min"] = json!([0, 0, 0]);
        b.accessors[position]["max"] = json!([1, 1, 0]);
    } else {
        b.accessors[position]["min"] = json!("none");
    }
    let root = b.json(json!({
        "scenes": [{ "nodes": [0] }],
        "nodes": [
            { "name": "stand", "translation": [5, 0, 0], "children": [1] },
            { "name": "flag", "mesh": 0, "scale": [2, 2, 2], "translation": [0, 1, 0] },
            { "name": "spare", "mesh": 0 },
            { "name": "empty" },
        ],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": position } }] }],
    }));
    load(root.to_string().as_bytes()).unwrap()
}

#[test]
fn limits_of_accessors_are_placed_by_their_nodes() {
    let index = triangle(true).index();
    assert_eq!(index.bounds, Some([[5.0, 1.0, 0.0], [7.0, 3.0, 0.0]]), "`spare` is not shown");
    let node = |name: &str| index.node_bounds.get(name).copied();
    assert_eq!(node("stand"), Some([[0.0, 1.0, 0.0], [2.0, 3.0, 0.0]]), "from its own place on");
    assert_eq!(node("flag"), Some([[0.0, 0.0, 0.0], [2.0, 2.0, 0.0]]));
    assert_eq!((node("spare"), node("empty")), (Some([[0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]), None));
    let unknown = triangle(false).index();
    assert_eq!((unknown.bounds, unknown.node_bounds.len()), (None, 0), "nothing is stated");
}

/// Against the vertices themselves, a skinned figure included.
#[test]
fn real_files_are_as_large_as_their_index_says() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/assets");
    for (name, slack) in [("harbour_kit.glb", 1e-3), ("lantern.glb", 1e-3), ("keeper.glb", 0.1)] {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        let document = Document::load(name, &bytes, &no_files).unwrap();
        let index = document.index();
        let scene = (Select::default(), index.bounds.expect("the generator states limits"));
        let nodes = index
            .node_bounds
            .iter()
            .map(|(name, bounds)| (Select { root: Root::Node(name), ..Select::default() }, *bounds));
        assert!(!index.node_bounds.is_empty(), "{name}");
        for (select, [min, max]) in nodes.chain([scene]) {
            let real = bounds_of(&document.instances(&select, "").unwrap());
            let size = real.max - real.min;
            for axis in 0..3 {
                let near = |a: f32, b: f32| (a - b).abs() <= slack * size.max_element();
                assert!(
                    near(min[axis], real.min[axis]) && near(max[axis], real.max[axis]),
                    "{name}: {min:?} {max:?} {real:?}"
                );
            }
        }
    }
}
