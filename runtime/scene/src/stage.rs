//! The composed stage: what a renderer or an exporter gets.

use std::sync::Arc;

use glam::{Affine3A, Vec3};

use crate::{Environment, Fog, Light, Material, Mesh};

/// An axis-aligned box. Empty when `min > max`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Lower corner.
    pub min: Vec3,
    /// Upper corner.
    pub max: Vec3,
}

impl Bounds {
    /// The box that holds nothing.
    pub const EMPTY: Self = Self { min: Vec3::INFINITY, max: Vec3::NEG_INFINITY };

    /// True when nothing is inside.
    pub fn is_empty(&self) -> bool {
        !(self.min.x <= self.max.x && self.min.y <= self.max.y && self.min.z <= self.max.z)
    }

    /// Grows to hold `point`.
    pub fn include(&mut self, point: Vec3) {
        self.min = self.min.min(point);
        self.max = self.max.max(point);
    }

    /// Grows to hold `other`.
    pub fn merge(&mut self, other: &Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// The box around points; non-finite coordinates are left out.
    pub fn of_points(points: &[[f32; 3]]) -> Self {
        let mut bounds = Self::EMPTY;
        for &p in points {
            let p = Vec3::from(p);
            if p.is_finite() {
                bounds.include(p);
            }
        }
        bounds
    }

    /// The box around this box after `map`.
    pub fn transformed(&self, map: &Affine3A) -> Self {
        let mut bounds = Self::EMPTY;
        if !self.is_empty() {
            for corner in self.corners() {
                bounds.include(map.transform_point3(corner));
            }
        }
        bounds
    }

    /// The eight corners.
    pub fn corners(&self) -> [Vec3; 8] {
        let (a, b) = (self.min, self.max);
        [0, 1, 2, 3, 4, 5, 6, 7].map(|i| {
            Vec3::new(
                if i & 1 == 0 { a.x } else { b.x },
                if i & 2 == 0 { a.y } else { b.y },
                if i & 4 == 0 { a.z } else { b.z },
            )
        })
    }

    /// Centre of the box.
    pub fn center(&self) -> Vec3 {
        (self.min + self.max) * 0.5
    }

    /// Half of the diagonal.
    pub fn radius(&self) -> f32 {
        if self.is_empty() { 0.0 } else { (self.max - self.min).length() * 0.5 }
    }
}

/// One mesh with one material, placed in the world.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Path id made of source names, such as `machines/gear` or `cast/hero/Head`.
    pub id: Arc<str>,
    /// Geometry, shared between instances.
    pub mesh: Arc<Mesh>,
    /// Surface, shared between instances.
    pub material: Arc<Material>,
    /// Object space to world space; may mirror and shear.
    pub world_from_object: Affine3A,
}

/// Everything that is lit and seen.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Placed geometry, in a stable order.
    pub instances: Vec<Instance>,
    /// Analytic lights; emissive triangles are found by the renderer.
    pub lights: Vec<Light>,
    /// What is behind everything.
    pub environment: Environment,
    /// What is between everything.
    pub fog: Option<Fog>,
}

impl Stage {
    /// The world box around all instances.
    pub fn bounds(&self) -> Bounds {
        let mut bounds = Bounds::EMPTY;
        for instance in &self.instances {
            bounds.merge(&instance.mesh.bounds().transformed(&instance.world_from_object));
        }
        bounds
    }
}
