//! Figures: what a bible becomes.

use std::collections::BTreeMap;
use std::sync::Arc;

use glam::{Affine3A, Quat, Vec3};
use scenec_scene::gltf::{Root, Select};

use super::gltf::{Moment, thing};
use crate::Outcome;
use crate::product::Product;
use crate::run::{Arguments, Run};

pub(super) fn figure(run: &mut Run<'_>, a: &Arguments<'_>) -> Outcome<Product> {
    let document = run.document(a.text("asset")?)?;
    let root = match (a.maybe("skin", Arguments::text)?, a.maybe("node", Arguments::text)?) {
        (Some(skin), _) => Root::Skin(skin),
        (None, Some(node)) => Root::Node(node),
        (None, None) => Root::Scene,
    };
    let channels = a.maybe("pose", Arguments::record)?.unwrap_or_default();
    let turns = joint_turns(a, channels)?;
    let joints: Vec<(&str, Quat)> = turns.iter().map(|(joint, turn)| (*joint, *turn)).collect();
    let rest = Select { root, variant: a.maybe("variant", Arguments::text)?, ..Select::default() };
    let mut figure = thing(&document, &Select { pose: Moment::of(a)?.pose(), joints: &joints, ..rest })?;
    if let Some(height) = a.maybe("height", Arguments::number)? {
        // The rest pose is measured, so that a figure does not grow when it bends down.
        let bounds = thing(&document, &rest)?.bounds();
        let extent = bounds.max.y - bounds.min.y;
        if bounds.is_empty() || extent <= 0.0 {
            return Err(a.error("E0633", "the figure is flat or empty, so it can't be scaled to a height"));
        }
        figure = figure.transformed(&Affine3A::from_scale(Vec3::splat(height as f32 / extent)));
    }
    Ok(Product::Thing(Arc::new(figure)))
}

/// `spine.bend: 12deg` and the like to one rotation a joint: Rz * Ry * Rx of raise, turn and bend in its local frame.
fn joint_turns<'a>(a: &Arguments<'_>, channels: &'a [(String, scenec_ir::Value)]) -> Outcome<BTreeMap<&'a str, Quat>> {
    let mut angles = BTreeMap::<&str, [f32; 3]>::new();
    for (channel, value) in channels {
        let unknown = || a.error("E0698", format!("`{channel}` is no joint channel with an angle"));
        let (joint, motion) = channel.rsplit_once('.').ok_or_else(unknown)?;
        let axis = match motion {
            "bend" => 0,
            "turn" | "twist" => 1,
            "raise" => 2,
            _ => return Err(unknown()),
        };
        angles.entry(joint).or_default()[axis] += value.as_f64().ok_or_else(unknown)? as f32;
    }
    let turn = |[x, y, z]: [f32; 3]| Quat::from_rotation_z(z) * Quat::from_rotation_y(y) * Quat::from_rotation_x(x);
    Ok(angles.into_iter().map(|(joint, xyz)| (joint, turn(xyz))).collect())
}
