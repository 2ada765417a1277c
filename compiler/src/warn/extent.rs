//! How large things are and where they stand, as far as that is known before anything is built.

use std::collections::BTreeMap;

use scenec_ir::graph::{Input, Node};
use scenec_ir::{AssetIndex, Graph, Handle, Value};

use super::{number, vec3};

/// A box along the axes, in metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    pub min: [f64; 3],
    pub max: [f64; 3],
}

impl Bounds {
    /// Around the origin.
    fn half(size: [f64; 3]) -> Self {
        Self { min: size.map(|s| -s), max: size }
    }

    fn union(self, other: Self) -> Self {
        let (mut min, mut max) = (self.min, self.max);
        for axis in 0..3 {
            min[axis] = min[axis].min(other.min[axis]);
            max[axis] = max[axis].max(other.max[axis]);
        }
        Self { min, max }
    }

    pub fn center(&self) -> [f64; 3] {
        [0, 1, 2].map(|axis| 0.5 * (self.min[axis] + self.max[axis]))
    }

    pub fn size(&self) -> [f64; 3] {
        [0, 1, 2].map(|axis| self.max[axis] - self.min[axis])
    }

    pub fn longest(&self) -> f64 {
        self.size().into_iter().fold(0.0, f64::max)
    }

    pub fn corners(&self) -> impl Iterator<Item = [f64; 3]> + use<> {
        let both = [self.min, self.max];
        (0..8).map(move |i: usize| [0, 1, 2].map(|axis| both[i >> axis & 1][axis]))
    }
}

/// What is known of a thing.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub bounds: Bounds,
    /// False when the size is known and the place is not.
    pub is_placed: bool,
    /// True when an asset is in it, whose units are the asset's.
    pub has_asset: bool,
    /// Number of shapes in it.
    pub pieces: usize,
}

/// By node: what is known of the thing that it gives.
pub struct Extents {
    known: Vec<Option<Extent>>,
}

impl Extents {
    pub fn new(graph: &Graph, assets: &BTreeMap<&str, &AssetIndex>) -> Self {
        let mut extents = Self { known: Vec::with_capacity(graph.nodes.len()) };
        for (_, node) in graph.nodes.iter() {
            let known = match node.kind.as_str() {
                "place" => extents.place(node),
                "assembly" => extents.assembly(node),
                _ => shape(node, assets),
            };
            // Numbers without bound are the business of others.
            let known = known.filter(|e| e.bounds.min.iter().chain(&e.bounds.max).all(|v| v.is_finite()));
            extents.known.push(known);
        }
        extents
    }

    pub fn of(&self, node: Handle<Node>) -> Option<Extent> {
        self.known.get(node.index()).copied().flatten()
    }

    /// The middle of a thing's part in the world.
    pub fn anchor(&self, input: &Input) -> Option<[f64; 3]> {
        let extent = self.of(input.node).filter(|e| e.is_placed)?;
        let [x, y, z] = extent.bounds.center();
        match input.part.as_deref() {
            None | Some("center") => Some([x, y, z]),
            Some("top") => Some([x, extent.bounds.max[1], z]),
            Some("bottom") => Some([x, extent.bounds.min[1], z]),
            Some(_) => None,
        }
    }

    fn assembly(&self, node: &Node) -> Option<Extent> {
        let mut whole: Option<Extent> = None;
        for input in node.inputs.get("parts").into_iter().flatten() {
            let part = self.of(input.node).filter(|_| input.part.is_none())?;
            whole = Some(match whole {
                None => part,
                Some(whole) => Extent {
                    bounds: whole.bounds.union(part.bounds),
                    is_placed: whole.is_placed && part.is_placed,
                    has_asset: whole.has_asset || part.has_asset,
                    pieces: whole.pieces.saturating_add(part.pieces),
                },
            });
        }
        whole
    }

    fn place(&self, node: &Node) -> Option<Extent> {
        let [input] = node.inputs.get("thing")?.as_slice() else { return None };
        let thing = self.of(input.node).filter(|_| input.part.is_none())?;
        // Its parent may turn and scale it.
        if node.inputs.contains_key("parent") {
            return None;
        }
        let turn = Turn::of(node)?;
        let (translation, is_known) = self.translation(node);
        let mut bounds: Option<Bounds> = None;
        for corner in thing.bounds.corners() {
            let [x, y, z] = turn.apply(corner);
            let around = match node.inputs.contains_key("facing") || node.params.contains_key("facing") {
                // Turned about +Y to somewhere: all of the circle.
                true => {
                    let r = x.hypot(z);
                    Bounds { min: [-r, y, -r], max: [r, y, r] }
                }
                false => Bounds { min: [x, y, z], max: [x, y, z] },
            };
            bounds = Some(bounds.map_or(around, |b| b.union(around)));
        }
        let mut bounds = bounds?;
        for corner in [&mut bounds.min, &mut bounds.max] {
            corner.iter_mut().zip(translation).for_each(|(v, by)| *v += by);
        }
        Some(Extent { bounds, is_placed: thing.is_placed && is_known, ..thing })
    }

    /// Where a thing's origin comes to, and whether that is known.
    pub fn translation(&self, node: &Node) -> ([f64; 3], bool) {
        let at = vec3(node, "at").unwrap_or_default();
        match node.inputs.get("at").and_then(|list| list.first()) {
            _ if node.inputs.contains_key("parent") => (at, false),
            None => (at, true),
            Some(_) if matches!(node.params.get("drop"), Some(Value::Bool(true))) => (at, false),
            Some(on) => match self.anchor(on) {
                Some(anchor) => ([0, 1, 2].map(|axis| at[axis] + anchor[axis]), true),
                None => (at, false),
            },
        }
    }
}

/// Scale, then rotation Ry * Rx * Rz, as `place` does it.
pub struct Turn {
    columns: [[f64; 3]; 3],
}

impl Turn {
    pub fn of(node: &Node) -> Option<Self> {
        let [x, y, z] = vec3(node, "rotate").unwrap_or_default();
        let scale = vec3(node, "scale").unwrap_or([1.0; 3]);
        let turn = |v: [f64; 3]| {
            let v = [v[0] * z.cos() - v[1] * z.sin(), v[0] * z.sin() + v[1] * z.cos(), v[2]];
            let v = [v[0], v[1] * x.cos() - v[2] * x.sin(), v[1] * x.sin() + v[2] * x.cos()];
            [v[0] * y.cos() + v[2] * y.sin(), v[1], v[2] * y.cos() - v[0] * y.sin()]
        };
        let columns = [[scale[0], 0.0, 0.0], [0.0, scale[1], 0.0], [0.0, 0.0, scale[2]]].map(turn);
        columns.iter().flatten().all(|v| v.is_finite()).then_some(Self { columns })
    }

    pub fn apply(&self, v: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|row| (0..3).map(|column| self.columns[column][row] * v[column]).sum())
    }
}

/// The bounds of a shape of its own.
fn shape(node: &Node, assets: &BTreeMap<&str, &AssetIndex>) -> Option<Extent> {
    let n = |name: &str| number(node, name);
    let round = |radius: f64, half: f64| Some(Bounds::half([radius, half, radius]));
    let mut has_asset = false;
    // A skin of an asset need not stand where the whole of it stands.
    let is_placed = node.kind != "gltf.skin" && !node.params.contains_key("skin");
    let bounds = match node.kind.as_str() {
        "box" => Some(Bounds::half(vec3(node, "size")?.map(|s| 0.5 * s))),
        "sphere" => round(n("radius")?, n("radius")?),
        "cylinder" | "capsule" => round(n("radius")?, 0.5 * n("height")?),
        "cone" => round(n("radius")?.max(n("top_radius")?), 0.5 * n("height")?),
        "tube" => round(n("outer_radius")?, 0.5 * n("height")?),
        "torus" => round(n("radius")? + n("tube_radius")?, n("tube_radius")?),
        "disk" => round(n("radius")?, 0.0),
        // The addendum is one module.
        "gear" => {
            let radius = 0.5 * (n("teeth")? + 2.0) * n("module")?;
            round(
                radius.max(0.5 * n("hub_diameter").unwrap_or(0.0)),
                0.5 * n("width")?.max(n("hub_width").unwrap_or(0.0)),
            )
        }
        "plane" | "ground" | "terrain" => match node.params.get("size") {
            Some(Value::Vec2([x, z], _)) => Some(Bounds::half([0.5 * x, 0.5 * n("relief").unwrap_or(0.0), 0.5 * z])),
            _ => None,
        },
        "gltf.scene" | "gltf.node" | "gltf.skin" | "figure" => {
            has_asset = true;
            let text = |name: &str| match node.params.get(name) {
                Some(Value::Text(text)) => Some(text.as_str()),
                _ => None,
            };
            let asset = assets.get(text("asset")?)?;
            let bounds = match (node.kind.as_str(), text("node")) {
                ("gltf.node", _) => *asset.node_bounds.get(text("name")?)?,
                (_, Some(name)) => *asset.node_bounds.get(name)?,
                ("gltf.scene", _) => asset.bounds?,
                // One figure of several is as large as nobody knows.
                _ if asset.skins.len() > 1 => return None,
                _ => asset.bounds?,
            };
            let [min, max] = bounds.map(|corner| corner.map(f64::from));
            let whole = Bounds { min, max };
            match n("height") {
                // Scaled to its height, its feet where they were.
                Some(height) if whole.size()[1] > 0.0 => {
                    let factor = height / whole.size()[1];
                    Some(Bounds { min: min.map(|v| v * factor), max: max.map(|v| v * factor) })
                }
                _ => Some(whole),
            }
        }
        _ => None,
    }?;
    Some(Extent { bounds, is_placed, has_asset, pieces: 1 })
}
