//! The node tree: validated once, then posed. All walks are loops, so no chain of nodes is too deep.

use glam::{Affine3A, Mat3A, Quat, Vec3, Vec4};

use super::fault::{ACCESSOR, Fault, HIERARCHY, Result, pick};
use super::json::{Node, Root};

/// Parents of all nodes, and an order in which parents come first.
pub struct Hierarchy {
    pub parent: Vec<Option<usize>>,
    order: Vec<usize>,
}

impl Hierarchy {
    /// glTF 2.0, 3.5.2: the nodes form disjoint trees.
    pub fn build(root: &Root) -> Result<Self> {
        let nodes = &root.nodes;
        let mut parent: Vec<Option<usize>> = vec![None; nodes.len()];
        for (i, node) in nodes.iter().enumerate() {
            for (c, child) in node.children.iter().enumerate() {
                let pointer = || format!("/nodes/{i}/children/{c}");
                pick(nodes, child.0, "node", pointer)?;
                if let Some(other) = parent[child.0].replace(i) {
                    let (name, other) = (label(nodes, child.0), label(nodes, other));
                    let message = format!("node {name} has two parents, {other} and {}", label(nodes, i));
                    return Err(Fault::new(HIERARCHY, pointer(), message)
                        .hint("a node may be the child of one node only: copy it"));
                }
            }
        }
        let mut order: Vec<usize> = (0..nodes.len()).filter(|&i| parent[i].is_none()).collect();
        let mut at = 0;
        while at < order.len() {
            order.extend(nodes[order[at]].children.iter().map(|c| c.0));
            at += 1;
        }
        if order.len() < nodes.len() {
            return Err(cycle(nodes, &parent, &order));
        }
        for (s, scene) in root.scenes.iter().enumerate() {
            for (i, node) in scene.nodes.iter().enumerate() {
                let pointer = || format!("/scenes/{s}/nodes/{i}");
                pick(nodes, node.0, "node", pointer)?;
                if parent[node.0].is_some() {
                    let message = format!("node {} is a child, a scene may list root nodes only", label(nodes, node.0));
                    return Err(Fault::new(HIERARCHY, pointer(), message).hint("list its topmost ancestor"));
                }
            }
        }
        Ok(Self { parent, order })
    }

    /// The roots of the default scene, or all roots when the file has no scene.
    pub fn scene(&self, root: &Root) -> Result<Vec<usize>> {
        let scene = match root.scene {
            Some(index) => Some(pick(&root.scenes, index.0, "scene", || "/scene".into())?),
            None => root.scenes.first(),
        };
        let Some(scene) = scene else {
            return Ok((0..self.parent.len()).filter(|&i| self.parent[i].is_none()).collect());
        };
        let mut roots = Vec::with_capacity(scene.nodes.len());
        let mut seen = vec![false; self.parent.len()];
        for node in &scene.nodes {
            if !std::mem::replace(&mut seen[node.0], true) {
                roots.push(node.0);
            }
        }
        Ok(roots)
    }

    /// Everything below and including `roots`, parents first, children in file order.
    pub fn subtree(&self, root: &Root, roots: &[usize]) -> Vec<usize> {
        let mut stack: Vec<usize> = roots.iter().rev().copied().collect();
        let mut found = Vec::new();
        while let Some(node) = stack.pop() {
            found.push(node);
            stack.extend(root.nodes[node].children.iter().rev().map(|c| c.0));
        }
        found
    }

    /// All nodes, parents first.
    pub fn order(&self) -> &[usize] {
        &self.order
    }

    /// World matrices of all nodes.
    pub fn world(&self, locals: &[Local]) -> Result<Vec<Affine3A>> {
        let mut world = vec![Affine3A::IDENTITY; locals.len()];
        for &i in &self.order {
            let local = locals[i].matrix();
            world[i] = self.parent[i].map_or(local, |p| world[p] * local);
            if !world[i].is_finite() {
                let message = "the transform of this node, with those above it, is too large for a number";
                return Err(Fault::new(ACCESSOR, format!("/nodes/{i}"), message).hint("export the file in metres"));
            }
        }
        Ok(world)
    }
}

/// The name in quotes, or the index.
pub fn label(nodes: &[Node], index: usize) -> String {
    match nodes.get(index).and_then(|n| n.name.as_deref()) {
        Some(name) if !name.is_empty() => format!("\"{}\"", name.chars().take(60).collect::<String>()),
        _ => index.to_string(),
    }
}

/// Each node that no root reaches has a parent, and going up from it never ends: so it runs into a cycle.
fn cycle(nodes: &[Node], parent: &[Option<usize>], reached: &[usize]) -> Fault {
    let mut seen = vec![false; nodes.len()];
    for &i in reached {
        seen[i] = true;
    }
    let mut at = seen.iter().position(|&s| !s).unwrap_or(0);
    while !std::mem::replace(&mut seen[at], true) {
        at = parent[at].unwrap_or(at);
    }
    let start = at;
    let mut path = vec![start];
    while let Some(up) = parent[at].filter(|&up| up != start) {
        path.push(up);
        at = up;
    }
    path.push(start);
    path.reverse();
    let length = path.len() - 1;
    let mut shown: Vec<String> = path.iter().take(12).map(|&i| label(nodes, i)).collect();
    if path.len() > 12 {
        shown.push(format!("… ({length} nodes)"));
    }
    Fault::new(HIERARCHY, format!("/nodes/{start}"), format!("nodes are their own ancestors: {}", shown.join(" -> ")))
        .hint("remove one of these nodes from the `children` of the one before it")
}

/// The transform of a node against its parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Local {
    Trs {
        translation: Vec3,
        rotation: Quat,
        scale: Vec3,
    },
    /// Kept as it is, since it may shear.
    Matrix(Affine3A),
}

impl Local {
    pub fn of(node: &Node, index: usize) -> Result<Self> {
        let pointer = |field: &str| format!("/nodes/{index}/{field}");
        let not_finite = |field: &str| Fault::new(ACCESSOR, pointer(field), format!("`{field}` is not finite"));
        if let Some(m) = node.matrix.as_deref() {
            if !m.iter().all(|v| v.is_finite()) {
                return Err(not_finite("matrix"));
            }
            let column = |c: usize| Vec4::new(m[c * 4], m[c * 4 + 1], m[c * 4 + 2], m[c * 4 + 3]);
            let (x, y, z, w) = (column(0), column(1), column(2), column(3));
            let bottom = Vec4::new(x.w, y.w, z.w, w.w);
            if (bottom - Vec4::W).abs().max_element() > 1e-4 {
                return Err(Fault::new(ACCESSOR, pointer("matrix"), "the last row of `matrix` is not 0, 0, 0, 1")
                    .hint("a node may not hold a projection"));
            }
            let linear = Mat3A::from_cols(x.truncate().into(), y.truncate().into(), z.truncate().into());
            return Ok(Self::Matrix(Affine3A { matrix3: linear, translation: w.truncate().into() }));
        }
        let translation = Vec3::from(node.translation.unwrap_or_default());
        let scale = Vec3::from(node.scale.unwrap_or([1.0; 3]));
        for (value, field) in [(translation, "translation"), (scale, "scale")] {
            if !value.is_finite() {
                return Err(not_finite(field));
            }
        }
        let rotation = match node.rotation {
            None => Quat::IDENTITY,
            Some(q) => unit(q).ok_or_else(|| {
                Fault::new(ACCESSOR, pointer("rotation"), format!("{q:?} is no rotation"))
                    .hint("a rotation is a unit quaternion x, y, z, w")
            })?,
        };
        Ok(Self::Trs { translation, rotation, scale })
    }

    pub fn matrix(&self) -> Affine3A {
        match *self {
            Self::Trs { translation, rotation, scale } => {
                Affine3A::from_scale_rotation_translation(scale, rotation, translation)
            }
            Self::Matrix(matrix) => matrix,
        }
    }

    /// Goes `weight` of the way to another, part by part, the rotation on the shorter arc.
    pub fn mix(&mut self, other: &Self, weight: f32) {
        if self == other {
            return;
        }
        let mut other = *other;
        let mut target = (Vec3::ZERO, Quat::IDENTITY, Vec3::ONE);
        other.edit(|t, r, s| target = (*t, *r, *s));
        self.edit(|t, r, s| {
            *t = t.lerp(target.0, weight);
            *r = super::animation::slerp(*r, target.1, weight);
            *s = s.lerp(target.2, weight);
        });
    }

    /// Changes the parts of a transform; a matrix is taken apart first.
    pub fn edit(&mut self, change: impl FnOnce(&mut Vec3, &mut Quat, &mut Vec3)) {
        let (mut translation, mut rotation, mut scale) = match *self {
            Self::Trs { translation, rotation, scale } => (translation, rotation, scale),
            Self::Matrix(matrix) => {
                let (scale, rotation, translation) = matrix.to_scale_rotation_translation();
                (translation, if rotation.is_finite() { rotation } else { Quat::IDENTITY }, scale)
            }
        };
        change(&mut translation, &mut rotation, &mut scale);
        *self = Self::Trs { translation, rotation, scale };
    }
}

/// The unit quaternion in this direction; none when it has none.
pub fn unit(q: [f32; 4]) -> Option<Quat> {
    let q = Vec4::from(q);
    // In f64, so that neither tiny nor huge quaternions lose their direction.
    let length = q.as_dvec4().length();
    (length.is_finite() && length > 1e-12).then(|| Quat::from_vec4((q.as_dvec4() / length).as_vec4()))
}
