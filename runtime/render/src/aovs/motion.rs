//! Where the instances of a stage are in the next frame.

use std::collections::HashMap;
use std::sync::Arc;

use glam::{Affine3A, DAffine3, Vec3};
use scenec_scene::{Instance, Mesh, Stage};
use scenec_shaders::consts::{MOVE_BENT, MOVE_NONE, MOVE_RIGID};
use scenec_shaders::prelude::Vec4;
use scenec_shaders::types::{Move, View};

use crate::RenderError;

/// The next frame, as the kernel of motion reads it. No array is empty.
pub(crate) struct Frames {
    pub view: View,
    /// One for each instance of this frame.
    pub moves: Vec<Move>,
    /// Corners of bent meshes in the next frame's world.
    pub corners: Vec<f32>,
}

impl Frames {
    /// Matches the instances of two stages by their ids; the n-th of an id is the n-th of the other stage.
    ///
    /// # Errors
    /// `SceneTooLarge` beyond 2^32 numbers.
    pub(crate) fn new(now: &Stage, next: &Stage, view: View) -> Result<Self, RenderError> {
        let mut partners: HashMap<(&str, u32), &Instance> = HashMap::with_capacity(next.instances.len());
        let mut times = HashMap::new();
        for instance in &next.instances {
            partners.insert((&instance.id, nth(&mut times, &instance.id)), instance);
        }
        times.clear();
        let mut out = Self { view, moves: Vec::with_capacity(now.instances.len() + 1), corners: Vec::new() };
        // Copies share meshes: each pair is compared once.
        let mut same = HashMap::new();
        for instance in &now.instances {
            let partner = partners.get(&(&*instance.id, nth(&mut times, &instance.id)));
            let made = match partner {
                Some(next) => {
                    let pair = (Arc::as_ptr(&instance.mesh), Arc::as_ptr(&next.mesh));
                    let is_same = *same.entry(pair).or_insert_with(|| is_same(&instance.mesh, &next.mesh));
                    out.between(instance, next, is_same)?
                }
                None => none(),
            };
            out.moves.push(made);
        }
        if out.moves.is_empty() {
            out.moves.push(none());
        }
        if out.corners.is_empty() {
            out.corners.push(0.0);
        }
        Ok(out)
    }

    fn between(&mut self, now: &Instance, next: &Instance, is_same: bool) -> Result<Move, RenderError> {
        if is_same {
            if now.world_from_object == next.world_from_object {
                return Ok(none());
            }
            if let Some(moved) = rigid(&now.world_from_object, &next.world_from_object) {
                return Ok(moved);
            }
        }
        if now.mesh.triangles.len() != next.mesh.triangles.len() {
            return Ok(none());
        }
        let first = self.corners.len();
        if u32::try_from(first + 9 * next.mesh.triangles.len()).is_err() {
            return Err(RenderError::SceneTooLarge {
                reason: "the motion of bent meshes needs more than 16 GiB".to_owned(),
            });
        }
        self.corners.reserve(9 * next.mesh.triangles.len());
        for triangle in &next.mesh.triangles {
            for corner in triangle {
                let p = next.mesh.positions.get(*corner as usize).copied().unwrap_or_default();
                self.corners.extend(next.world_from_object.transform_point3(Vec3::from(p)).to_array());
            }
        }
        // Just compared with u32::MAX.
        Ok(Move { kind: MOVE_BENT, corners: first as u32, ..none() })
    }
}

/// How often an id came before.
fn nth<'a>(times: &mut HashMap<&'a str, u32>, id: &'a str) -> u32 {
    let count = times.entry(id).or_insert(0);
    *count += 1;
    *count - 1
}

fn none() -> Move {
    Move { kind: MOVE_NONE, ..Move::ZERO }
}

/// Whether points of one mesh are those of the other.
fn is_same(a: &Arc<Mesh>, b: &Arc<Mesh>) -> bool {
    Arc::ptr_eq(a, b) || a.positions == b.positions && a.triangles == b.triangles
}

/// From this frame's world to the next one's, unless this one's transform has no inverse.
fn rigid(now: &Affine3A, next: &Affine3A) -> Option<Move> {
    let wide = |m: &Affine3A| DAffine3 {
        matrix3: glam::Mat3::from(m.matrix3).as_dmat3(),
        translation: m.translation.as_dvec3(),
    };
    let (now, next) = (wide(now), wide(next));
    let back = now.inverse();
    if !back.is_finite() {
        return None;
    }
    let m = next * back;
    let rows = m.matrix3.transpose().as_mat3();
    let t = m.translation.as_vec3();
    let row = |r: Vec3, t: f32| Vec4::from([r.x, r.y, r.z, t]);
    Some(Move {
        row_x: row(rows.x_axis, t.x),
        row_y: row(rows.y_axis, t.y),
        row_z: row(rows.z_axis, t.z),
        kind: MOVE_RIGID,
        ..Move::ZERO
    })
}
