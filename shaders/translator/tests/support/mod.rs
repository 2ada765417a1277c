//! Runs test kernels: natively through their generated modules, and on whatever wgpu adapter there is.
#![allow(dead_code)]

use scenec_harness::Skip;
use scenec_translator_fixtures::prelude::{BindingKind, Kernel};
use std::sync::OnceLock;

/// A wgpu device.
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    /// What the driver calls itself.
    pub name: String,
}

/// The device.
///
/// # Errors
/// A skip where there is none.
pub fn gpu() -> Result<&'static Gpu, Skip> {
    static GPU: OnceLock<Result<Gpu, String>> = OnceLock::new();
    GPU.get_or_init(|| pollster::block_on(open())).as_ref().map_err(Skip::no_gpu)
}

async fn open() -> Result<Gpu, String> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = wgpu::RequestAdapterOptions::default();
    let adapter = instance.request_adapter(&options).await.map_err(|e| e.to_string())?;
    let info = adapter.get_info();
    let (device, queue) =
        adapter.request_device(&wgpu::DeviceDescriptor::default()).await.map_err(|e| e.to_string())?;
    Ok(Gpu { device, queue, name: format!("{} ({})", info.name, info.driver_info) })
}

impl Gpu {
    /// Runs entry point `entry` over `extent` invocations; `buffers` are the bytes for `kernel.bindings`, in that order.
    ///
    /// Returns the bytes of every buffer afterwards.
    pub fn run(&self, kernel: &Kernel, entry: usize, extent: [u32; 3], buffers: &[Vec<u8>]) -> Vec<Vec<u8>> {
        let entry = &kernel.entry_points[entry];
        assert_eq!(buffers.len(), kernel.bindings.len(), "one buffer per binding");
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(kernel.name),
            source: wgpu::ShaderSource::Wgsl(kernel.wgsl.into()),
        });
        let layout: Vec<_> = kernel
            .bindings
            .iter()
            .map(|b| wgpu::BindGroupLayoutEntry {
                binding: b.binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer {
                    ty: match b.kind {
                        BindingKind::Uniform => wgpu::BufferBindingType::Uniform,
                        BindingKind::StorageRead => wgpu::BufferBindingType::Storage { read_only: true },
                        BindingKind::StorageReadWrite => wgpu::BufferBindingType::Storage { read_only: false },
                    },
                    has_dynamic_offset: false,
                    min_binding_size: std::num::NonZeroU64::new(b.min_size),
                },
                count: None,
            })
            .collect();
        let group_layout =
            self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &layout });
        let pipeline_layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&group_layout)],
            immediate_size: 0,
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(kernel.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some(entry.name),
            compilation_options: wgpu::PipelineCompilationOptions::default(),
            cache: None,
        });
        let buffer = |size: usize, usage| {
            self.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: size as u64,
                usage,
                mapped_at_creation: false,
            })
        };
        let mut bound = Vec::new();
        let mut staging = Vec::new();
        for (bytes, binding) in buffers.iter().zip(kernel.bindings) {
            let kind = match binding.kind {
                BindingKind::Uniform => wgpu::BufferUsages::UNIFORM,
                BindingKind::StorageRead | BindingKind::StorageReadWrite => wgpu::BufferUsages::STORAGE,
            };
            let usage = kind | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
            let device_buffer = buffer(bytes.len(), usage);
            self.queue.write_buffer(&device_buffer, 0, bytes);
            bound.push(device_buffer);
            staging.push(buffer(bytes.len(), wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ));
        }
        let entries: Vec<_> = bound
            .iter()
            .zip(kernel.bindings)
            .map(|(buffer, b)| wgpu::BindGroupEntry { binding: b.binding, resource: buffer.as_entire_binding() })
            .collect();
        let group = self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &group_layout,
            entries: &entries,
        });
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&pipeline);
            pass.set_bind_group(0, &group, &[]);
            let [x, y, z] = [0, 1, 2].map(|i| extent[i].div_ceil(entry.workgroup_size[i]));
            pass.dispatch_workgroups(x, y, z);
        }
        for (from, to) in bound.iter().zip(&staging) {
            encoder.copy_buffer_to_buffer(from, 0, to, 0, from.size());
        }
        self.queue.submit([encoder.finish()]);
        for buffer in &staging {
            buffer.map_async(wgpu::MapMode::Read, .., |result| result.expect("a buffer that can be mapped"));
        }
        self.device.poll(wgpu::PollType::wait_indefinitely()).expect("a device that is not lost");
        staging.iter().map(|buffer| buffer.get_mapped_range(..).expect("a mapped buffer").to_vec()).collect()
    }

    /// Runs a kernel of the shape (inputs, outputs) over words; returns the outputs.
    pub fn run_flat(&self, kernel: &Kernel, inputs: &[u32], outputs: usize, count: u32) -> Vec<u32> {
        let buffers = [bytes(inputs), vec![0; outputs * 4]];
        let after = self.run(kernel, 0, [count, 1, 1], &buffers);
        words(&after[1])
    }
}

/// Words as bytes.
pub fn bytes(words: &[u32]) -> Vec<u8> {
    words.iter().flat_map(|w| w.to_le_bytes()).collect()
}

/// Bytes as words.
pub fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|c| u32::from_le_bytes([c[0], c[1], c[2], c[3]])).collect()
}

/// Runs a kernel of the shape (inputs, outputs) natively on both builds, which must agree bit by bit.
#[macro_export]
macro_rules! native {
    ($kernel:ident :: $entry:ident, $inputs:expr, $outputs:expr, $count:expr) => {{
        use scenec_translator_fixtures::{kernels::$kernel, prelude};
        let run = |isa| {
            let guard = prelude::LoopGuard::default();
            let inputs = $inputs;
            let mut outputs = $outputs;
            let bindings = $kernel::Bindings {
                guard: &guard,
                inputs: prelude::ReadArray::new(&inputs).expect("inputs"),
                outputs: prelude::WriteArray::new(&mut outputs).expect("outputs"),
            };
            $kernel::$entry(isa, &bindings, 0..$count);
            assert!(!guard.tripped());
            outputs
        };
        let best = run(prelude::Isa::detect());
        let bits = |v: &[_]| v.iter().map(|&x| $crate::support::ToBits::to_bits(x)).collect::<Vec<u32>>();
        assert_eq!(bits(&run(prelude::Isa::BASE)), bits(&best), "the two builds differ");
        best
    }};
}

/// Floats and words as words.
pub trait ToBits {
    /// The bits.
    fn to_bits(self) -> u32;
}
impl ToBits for f32 {
    fn to_bits(self) -> u32 {
        self.to_bits()
    }
}
impl ToBits for u32 {
    fn to_bits(self) -> u32 {
        self
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
pub struct Random(pub u64);

impl Random {
    /// 32 random bits.
    pub fn word(&mut self) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 32) as u32
    }

    /// Uniform in [low, high).
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * ((self.word() >> 8) as f32 / 16_777_216.0)
    }
}
