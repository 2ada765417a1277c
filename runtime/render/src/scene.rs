//! A stage made ready for rays.

use glam::Vec3;
use scenec_scene::{Bounds, Stage};

use crate::RenderError;
use crate::bvh::{Ray, SceneBvh};
use crate::flatten::{Flat, flatten};

/// Geometry, materials and lights in the form that kernels read. Share it between renders.
pub struct Scene {
    pub(crate) flat: Flat,
    pub(crate) bvh: SceneBvh,
    bounds: Bounds,
    triangles: usize,
}

/// What a picking ray met.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// Along the ray, in units of the direction's length.
    pub distance: f32,
    /// Index into `Stage::instances`.
    pub instance: usize,
    /// In the world, metres.
    pub position: Vec3,
}

/// Flattens a stage and builds its acceleration structure, in parallel.
///
/// # Errors
/// `SceneTooLarge` beyond 2^29 triangles or instances, or 16 GiB of attributes and textures.
pub fn prepare(stage: &Stage) -> Result<Scene, RenderError> {
    let (flat, bvh) = flatten(stage)?;
    let triangles = stage.instances.iter().map(|i| i.mesh.triangles.len()).fold(0, usize::saturating_add);
    Ok(Scene { flat, bvh, bounds: stage.bounds(), triangles })
}

impl Scene {
    /// Placed triangles.
    pub fn triangles(&self) -> usize {
        self.triangles
    }

    /// Bytes of all arrays.
    pub fn memory_bytes(&self) -> usize {
        self.bvh.memory()
            + size_of_val(&*self.flat.heap)
            + size_of_val(&*self.flat.materials)
            + size_of_val(&*self.flat.parts)
            + size_of_val(&*self.flat.lights)
    }

    /// Lights that next-event estimation picks from; emissive triangles count one by one.
    pub fn light_count(&self) -> usize {
        self.flat.info.light_count as usize
    }

    /// The box around all geometry.
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The first surface along a ray, whatever its alpha.
    pub fn trace_closest(&self, origin: Vec3, direction: Vec3) -> Option<Pick> {
        let ray = Ray { origin: origin.to_array(), t_min: 0.0, direction: direction.to_array(), t_max: f32::INFINITY };
        let hit = self.bvh.closest(&ray, |_, _, _, _| true);
        hit.is_hit().then(|| Pick {
            distance: hit.t,
            instance: hit.instance as usize,
            position: origin + direction * hit.t,
        })
    }
}
