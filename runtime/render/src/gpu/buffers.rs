//! A scene and the state of its paths in device memory.

use std::collections::BTreeMap;

use scenec_shaders::types::{Hit, Path, Ray, View, Wave, Work};

use super::device::{Fault, Gpu, WAVEFRONT};
use crate::{RenderError, Scene};

/// Bytes of `counters` in `work.wgsl`.
pub(super) const COUNTERS_SIZE: usize = 32;

/// Buffers by the name of the resource in WGSL, and the bind groups of each kernel.
pub(super) struct Buffers {
    named: BTreeMap<&'static str, wgpu::Buffer>,
    pub groups: BTreeMap<&'static str, Vec<wgpu::BindGroup>>,
}

/// What some kernels bind besides scene and paths, by the name of the resource in WGSL.
#[derive(Default)]
pub(super) struct More<'a> {
    /// Arrays with their bytes.
    pub given: &'a [(&'static str, &'a [u8])],
    /// Zeroed arrays with their sizes in bytes.
    pub made: &'a [(&'static str, u64)],
    pub uniforms: &'a [(&'static str, &'a [u8])],
    /// What indirect dispatches read, with their sizes in bytes.
    pub indirect: &'a [(&'static str, u64)],
}

impl More<'_> {
    /// All of it in device memory, by name.
    ///
    /// # Errors
    /// `OutOfMemory` when an array is larger than the device binds, or the driver has no memory left.
    pub(super) fn in_memory(&self, gpu: &Gpu) -> Result<BTreeMap<&'static str, wgpu::Buffer>, RenderError> {
        let refuse = |reason: String| Fault::Memory(reason).into_error(&gpu.name);
        let limit = gpu.limits.max_storage_buffer_binding_size.min(gpu.limits.max_buffer_size);
        let sizes = self.given.iter().map(|(name, bytes)| (*name, bytes.len() as u64)).chain(self.made.iter().copied());
        for (name, size) in sizes {
            if size > limit {
                return Err(refuse(format!("`{name}` has {size} bytes, the limit is {limit}")));
            }
        }
        let scope = gpu.device.push_error_scope(wgpu::ErrorFilter::OutOfMemory);
        let given = self.given.iter().map(|(name, bytes)| (*name, gpu.upload(name, bytes)));
        let made = self.made.iter().map(|(name, size)| (*name, gpu.empty(name, *size)));
        let uniforms = self.uniforms.iter().map(|(name, bytes)| (*name, gpu.uniform(name, bytes)));
        let indirect = self.indirect.iter().map(|(name, size)| (*name, gpu.indirect(name, *size)));
        let named = given.chain(made).chain(uniforms).chain(indirect).collect();
        match pollster::block_on(scope.pop()) {
            Some(error) => Err(refuse(error.to_string())),
            None => Ok(named),
        }
    }
}

impl Buffers {
    /// Uploads a scene and makes room for `paths` paths and `pixels` pixels.
    ///
    /// # Errors
    /// Those of [`Self::with`].
    pub(super) fn new(gpu: &Gpu, scene: &Scene, view: &View, paths: u32, pixels: u64) -> Result<Self, RenderError> {
        let more = More { made: &[("pixels_sum", pixels * 16), ("pixels_odd", pixels * 16)], ..More::default() };
        Self::with(gpu, scene, view, paths, &more, &WAVEFRONT.map(|kernel| kernel.name))
    }

    /// Uploads a scene with what else some kernels bind, and makes room for `paths` paths.
    ///
    /// # Errors
    /// `OutOfMemory` when an array is larger than the device binds, or the driver has no memory left.
    pub(super) fn with(
        gpu: &Gpu,
        scene: &Scene,
        view: &View,
        paths: u32,
        more: &More<'_>,
        kernels: &[&'static str],
    ) -> Result<Self, RenderError> {
        let flat = &scene.flat;
        let triangles: &[u8] = if scene.bvh.triangles().is_empty() { &[0; 48] } else { scene.bvh.triangles_bytes() };
        let given: [(&'static str, &[u8]); 6] = [
            ("heap", bytemuck::cast_slice(&flat.heap)),
            ("materials", bytemuck::cast_slice(&flat.materials)),
            ("parts", bytemuck::cast_slice(&flat.parts)),
            ("lights", bytemuck::cast_slice(&flat.lights)),
            ("bvh_nodes", scene.bvh.nodes_bytes()),
            ("bvh_triangles", triangles),
        ];
        let paths = u64::from(paths);
        let made: [(&'static str, u64); 5] = [
            ("rays", paths * size_of::<Ray>() as u64),
            ("hits", paths * size_of::<Hit>() as u64),
            ("paths", paths * size_of::<Path>() as u64),
            ("queue", paths * 12),
            ("counters", COUNTERS_SIZE as u64),
        ];
        let uniforms = [
            ("view", bytemuck::bytes_of(view)),
            ("info", bytemuck::bytes_of(&flat.info)),
            ("wave", &[0u8; size_of::<Wave>()][..]),
        ];
        let more = More {
            given: &[&given[..], more.given].concat(),
            made: &[&made[..], more.made].concat(),
            uniforms: &[&uniforms[..], more.uniforms].concat(),
            indirect: &[("work", size_of::<Work>() as u64)],
        };
        let named = more.in_memory(gpu)?;
        let mut groups = BTreeMap::new();
        for kernel in kernels.iter().copied() {
            let wrong = |reason| RenderError::Kernel { kernel, reason };
            let bindings = gpu.pipeline(kernel).map_err(wrong)?.entry.bindings;
            let count = bindings.iter().map(|b| b.group + 1).max().unwrap_or(0);
            let made = (0..count)
                .map(|number| gpu.group(kernel, number, &|name| named.get(name)))
                .collect::<Result<Vec<_>, _>>()
                .map_err(wrong)?;
            groups.insert(kernel, made);
        }
        Ok(Self { named, groups })
    }

    /// # Panics
    /// Never: the names are those of `new`.
    pub(super) fn get(&self, name: &'static str) -> &wgpu::Buffer {
        &self.named[name]
    }
}
