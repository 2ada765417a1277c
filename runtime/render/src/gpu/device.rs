//! Adapters: which there are, which can be trusted, and the one in use.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock};

use scenec_shaders::kernels::{self, selftest};
use scenec_shaders::prelude::{EntryPoint, Isa, Kernel, LoopGuard, ReadArray, WriteArray};

use crate::RenderError;
use crate::bvh::VISIT_CAP;

/// Which adapters count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// Discrete and integrated GPUs.
    Real,
    /// Software ones too.
    Any,
}

/// An adapter that the system lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// As its driver calls it.
    pub name: String,
    /// `discrete`, `integrated`, `virtual`, `cpu` or `other`.
    pub kind: &'static str,
    /// `vulkan`, `metal`, `dx12`, ...
    pub backend: String,
    /// Whether it passed the self-test.
    pub usable: bool,
    /// Why it is not usable.
    pub why_not: Option<String>,
}

/// What may be taken of an adapter.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// Bytes of one buffer at most, also if the adapter allows more.
    pub buffer: u64,
    /// Nodes that a ray visits at most.
    pub visits: u32,
}

impl Default for Budget {
    fn default() -> Self {
        Self { buffer: u64::MAX, visits: VISIT_CAP }
    }
}

/// An open device with its pipelines.
pub(super) struct Gpu {
    pub name: String,
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    pub limits: wgpu::Limits,
    pub visits: u32,
    pipelines: BTreeMap<&'static str, Pipeline>,
    /// By [`Family`], once somebody asks for it.
    later: [OnceLock<Result<BTreeMap<&'static str, Pipeline>, String>>; 2],
    /// The first fault that nobody caught.
    pub trouble: Arc<Mutex<Option<Fault>>>,
}

/// A kernel on a device.
pub(super) struct Pipeline {
    pub pipeline: wgpu::ComputePipeline,
    pub entry: &'static EntryPoint,
}

/// How many groups a dispatch has.
pub(super) enum Size<'a> {
    /// As many as so many invocations need.
    Items(u32),
    /// Three words of a buffer, from this byte on.
    Indirect(&'a wgpu::Buffer, usize),
}

/// What a driver complained about.
#[derive(Clone, Debug)]
pub(super) enum Fault {
    /// It has no memory left.
    Memory(String),
    /// It took the device away, or refused a command.
    Lost(String),
}

impl Fault {
    pub(super) fn into_error(self, device: &str) -> RenderError {
        let device = device.to_owned();
        match self {
            Self::Memory(reason) => RenderError::OutOfMemory { device, reason },
            Self::Lost(reason) => RenderError::DeviceLost { device, reason },
        }
    }
}

impl From<wgpu::Error> for Fault {
    fn from(error: wgpu::Error) -> Self {
        match error {
            wgpu::Error::OutOfMemory { .. } => Self::Memory(error.to_string()),
            other => Self::Lost(other.to_string()),
        }
    }
}

/// The kernels of the wavefront.
pub(super) const WAVEFRONT: [&Kernel; 8] = [
    &kernels::generate::KERNEL,
    &kernels::extend::KERNEL,
    &kernels::shade::KERNEL,
    &kernels::tally::KERNEL,
    &kernels::arrange::KERNEL,
    &kernels::shadow::KERNEL,
    &kernels::connect::KERNEL,
    &kernels::film::KERNEL,
];

/// Kernels that are compiled when they are first needed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Family {
    /// What camera rays alone need besides.
    Aovs,
    Denoiser,
}

impl Family {
    fn kernels(self) -> &'static [&'static Kernel] {
        match self {
            Self::Aovs => &[&kernels::aovs::KERNEL, &kernels::gather::KERNEL, &kernels::motion::KERNEL],
            Self::Denoiser => &[
                &kernels::demodulate::KERNEL,
                &kernels::noise::KERNEL,
                &kernels::atrous::KERNEL,
                &kernels::restore::KERNEL,
            ],
        }
    }
}

/// All adapters; each is opened and tested.
pub fn devices() -> Vec<DeviceInfo> {
    adapters()
        .iter()
        .map(|adapter| {
            let info = adapter.get_info();
            let why_not = Gpu::open(adapter, Budget::default()).err();
            DeviceInfo {
                name: info.name,
                kind: kind(info.device_type),
                backend: info.backend.to_string(),
                usable: why_not.is_none(),
                why_not,
            }
        })
        .collect()
}

fn kind(device_type: wgpu::DeviceType) -> &'static str {
    match device_type {
        wgpu::DeviceType::DiscreteGpu => "discrete",
        wgpu::DeviceType::IntegratedGpu => "integrated",
        wgpu::DeviceType::VirtualGpu => "virtual",
        wgpu::DeviceType::Cpu => "cpu",
        wgpu::DeviceType::Other => "other",
    }
}

/// Best first; the order of the system among equals.
pub(super) fn adapters() -> Vec<wgpu::Adapter> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let mut found = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
    found.sort_by_key(|a| match a.get_info().device_type {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    });
    found
}

/// The device in use: opening one takes a tenth of a second and more, so it is kept.
static KEPT: Mutex<Option<Arc<Gpu>>> = Mutex::new(None);

/// Forgets the kept device, after it was lost.
pub(super) fn forget() {
    if let Ok(mut kept) = KEPT.lock() {
        *kept = None;
    }
}

/// Opens the best adapter that passes its self-test.
///
/// # Errors
/// `NoAdapter`, with what was found and why it does not count.
pub(super) fn open(wanted: Wanted) -> Result<Arc<Gpu>, RenderError> {
    let Ok(mut kept) = KEPT.lock() else {
        return Err(RenderError::NoAdapter { reason: "an earlier use of the GPU panicked".to_owned() });
    };
    let mut refused = Vec::new();
    if let Some(gpu) = kept.as_ref() {
        return Ok(gpu.clone());
    }
    for adapter in adapters() {
        let info = adapter.get_info();
        let real = matches!(info.device_type, wgpu::DeviceType::DiscreteGpu | wgpu::DeviceType::IntegratedGpu);
        if wanted == Wanted::Real && !real {
            refused.push(format!("`{}` is no GPU ({})", info.name, kind(info.device_type)));
            continue;
        }
        match Gpu::open(&adapter, Budget::default()) {
            Ok(gpu) => {
                let gpu = Arc::new(gpu);
                // A software adapter is used when asked for, and never found by accident later.
                if real {
                    *kept = Some(gpu.clone());
                }
                return Ok(gpu);
            }
            Err(reason) => refused.push(format!("`{}`: {reason}", info.name)),
        }
    }
    let reason = if refused.is_empty() { "the system lists no adapter".to_owned() } else { refused.join("; ") };
    Err(RenderError::NoAdapter { reason })
}

impl Gpu {
    /// Opens an adapter, compiles the kernels, tests it.
    pub(super) fn open(adapter: &wgpu::Adapter, budget: Budget) -> Result<Self, String> {
        let available = adapter.limits();
        let limits = wgpu::Limits {
            max_buffer_size: available.max_buffer_size.min(budget.buffer),
            max_storage_buffer_binding_size: available.max_storage_buffer_binding_size.min(budget.buffer),
            ..wgpu::Limits::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&wgpu::DeviceDescriptor {
            label: Some("scenec"),
            required_features: wgpu::Features::empty(),
            required_limits: limits.clone(),
            ..Default::default()
        }))
        .map_err(|e| e.to_string())?;
        let trouble: Arc<Mutex<Option<Fault>>> = Arc::default();
        let lost = trouble.clone();
        device.set_device_lost_callback(move |reason, message| {
            note(&lost, Fault::Lost(format!("{reason:?}: {message}")));
        });
        let uncaught = trouble.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| note(&uncaught, error.into())));
        let kernels: Vec<&'static Kernel> = WAVEFRONT.into_iter().chain([&selftest::KERNEL]).collect();
        let pipelines = compile(&device, &kernels, budget.visits)?;
        let gpu = Self {
            name: adapter.get_info().name,
            device,
            queue,
            limits,
            visits: budget.visits,
            pipelines,
            later: Default::default(),
            trouble,
        };
        // Software drivers cut long loops short. The kernels here have none: one bounce of one sample per dispatch.
        gpu.test(adapter.get_info().device_type == wgpu::DeviceType::Cpu)?;
        Ok(gpu)
    }

    /// Runs the self-test kernel here and on the native executor. `short_loops`: the answer about long loops does not count.
    fn test(&self, short_loops: bool) -> Result<(), String> {
        const LANES: u32 = 8;
        let input: Vec<u32> = (0..LANES).map(|i| i.wrapping_mul(0x9e37_79b9) ^ 0x00c0_ffee).collect();
        let mut expected = vec![0u32; (LANES * selftest::consts::SELFTEST_ANSWERS) as usize];
        let guard = LoopGuard::default();
        let b = selftest::Bindings {
            guard: &guard,
            test_input: ReadArray::new(&input).map_err(|e| e.to_string())?,
            test_output: WriteArray::new(&mut expected).map_err(|e| e.to_string())?,
        };
        selftest::selftest(Isa::detect(), &b, 0..LANES);
        let source = self.upload("self-test input", bytemuck::cast_slice(&input));
        let output = self.empty("self-test output", 4 * expected.len() as u64);
        let group =
            self.group("selftest", 0, &|name| if name == "test_input" { Some(&source) } else { Some(&output) })?;
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        self.dispatch(&mut encoder, "selftest", &[group], Size::Items(LANES));
        self.queue.submit([encoder.finish()]);
        let bytes = self.read(&output, 4 * expected.len() as u64).map_err(|fault| match fault {
            Fault::Memory(reason) | Fault::Lost(reason) => format!("it failed the self-test: {reason}"),
        })?;
        let found: Vec<u32> = bytemuck::pod_collect_to_vec(&bytes);
        let wrong = |at: &usize| {
            let long_loop = (*at as u32).is_multiple_of(selftest::consts::SELFTEST_ANSWERS);
            found[*at] != expected[*at] && !(short_loops && long_loop)
        };
        match (0..expected.len()).find(wrong) {
            None => Ok(()),
            Some(at) => Err(format!(
                "it failed the self-test: answer {} is {:#x}, not {:#x}",
                at as u32 % selftest::consts::SELFTEST_ANSWERS,
                found[at],
                expected[at]
            )),
        }
    }

    /// Compiles a family of kernels, the first time.
    pub(super) fn prepare(&self, family: Family) -> Result<(), String> {
        let made = self.later[family as usize].get_or_init(|| compile(&self.device, family.kernels(), self.visits));
        made.as_ref().map(|_| ()).map_err(Clone::clone)
    }

    pub(super) fn pipeline(&self, kernel: &'static str) -> Result<&Pipeline, String> {
        let mut later = self.later.iter().filter_map(|family| family.get()?.as_ref().ok()?.get(kernel));
        self.pipelines.get(kernel).or_else(|| later.next()).ok_or_else(|| format!("there is no kernel `{kernel}`"))
    }

    /// A bind group for one group of a kernel; `buffer` finds a resource by its name in WGSL.
    pub(super) fn group<'b>(
        &self,
        kernel: &'static str,
        number: u32,
        buffer: &dyn Fn(&'static str) -> Option<&'b wgpu::Buffer>,
    ) -> Result<wgpu::BindGroup, String> {
        let pipeline = self.pipeline(kernel)?;
        let mut entries = Vec::new();
        for binding in pipeline.entry.bindings.iter().filter(|b| b.group == number) {
            let buffer = buffer(binding.name).ok_or_else(|| format!("`{kernel}` wants `{}`", binding.name))?;
            entries.push(wgpu::BindGroupEntry { binding: binding.binding, resource: buffer.as_entire_binding() });
        }
        Ok(self.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(kernel),
            layout: &pipeline.pipeline.get_bind_group_layout(number),
            entries: &entries,
        }))
    }

    /// Records one dispatch.
    pub(super) fn dispatch(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        kernel: &'static str,
        groups: &[wgpu::BindGroup],
        size: Size<'_>,
    ) {
        let Ok(pipeline) = self.pipeline(kernel) else {
            return;
        };
        let mut pass =
            encoder.begin_compute_pass(&wgpu::ComputePassDescriptor { label: Some(kernel), timestamp_writes: None });
        pass.set_pipeline(&pipeline.pipeline);
        for (number, group) in groups.iter().enumerate() {
            pass.set_bind_group(number as u32, group, &[]);
        }
        match size {
            Size::Items(count) => pass.dispatch_workgroups(count.div_ceil(pipeline.entry.workgroup_size[0]), 1, 1),
            Size::Indirect(buffer, offset) => pass.dispatch_workgroups_indirect(buffer, offset as u64),
        }
    }

    pub(super) fn upload(&self, label: &str, bytes: &[u8]) -> wgpu::Buffer {
        let buffer = self.empty(label, bytes.len().max(16) as u64);
        self.queue.write_buffer(&buffer, 0, bytes);
        buffer
    }

    /// A zeroed buffer.
    pub(super) fn empty(&self, label: &str, size: u64) -> wgpu::Buffer {
        self.buffer(label, size, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC)
    }

    /// A buffer that kernels write and indirect dispatches read.
    pub(super) fn indirect(&self, label: &str, size: u64) -> wgpu::Buffer {
        self.buffer(label, size, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::INDIRECT)
    }

    fn buffer(&self, label: &str, size: u64, usage: wgpu::BufferUsages) -> wgpu::Buffer {
        self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(label),
            size: size.next_multiple_of(16),
            usage: usage | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    pub(super) fn uniform(&self, label: &str, bytes: &[u8]) -> wgpu::Buffer {
        let buffer = self.buffer(label, bytes.len() as u64, wgpu::BufferUsages::UNIFORM);
        self.queue.write_buffer(&buffer, 0, bytes);
        buffer
    }

    /// Waits for all work and reads the first `size` bytes of a buffer.
    pub(super) fn read(&self, buffer: &wgpu::Buffer, size: u64) -> Result<Vec<u8>, Fault> {
        let staging = self.buffer("read back", size, wgpu::BufferUsages::MAP_READ);
        let mut encoder = self.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, size);
        self.queue.submit([encoder.finish()]);
        let (send, receive) = std::sync::mpsc::channel();
        staging.slice(..).map_async(wgpu::MapMode::Read, move |result| {
            // The receiver outlives the call below, which waits for it.
            let _ = send.send(result);
        });
        self.wait()?;
        let lost = |e: &dyn std::error::Error| Fault::Lost(e.to_string());
        receive.recv().map_err(|e| lost(&e))?.map_err(|e| lost(&e))?;
        let bytes = staging.slice(..).get_mapped_range().map_err(|e| lost(&e))?;
        Ok(bytes.get(..size as usize).unwrap_or(&bytes).to_vec())
    }

    /// Waits for all submitted work.
    pub(super) fn wait(&self) -> Result<(), Fault> {
        let waited = self.device.poll(wgpu::PollType::wait_indefinitely());
        match self.trouble.lock() {
            Ok(trouble) => trouble.clone().map_or(Ok(()), Err)?,
            Err(_) => return Err(Fault::Lost("an error handler panicked".to_owned())),
        }
        waited.map(|_| ()).map_err(|e| Fault::Lost(e.to_string()))
    }
}

/// Keeps the first fault.
fn note(place: &Mutex<Option<Fault>>, fault: Fault) {
    if let Ok(mut place) = place.lock() {
        place.get_or_insert(fault);
    }
}

fn compile(
    device: &wgpu::Device,
    kernels: &[&'static Kernel],
    visits: u32,
) -> Result<BTreeMap<&'static str, Pipeline>, String> {
    let scope = device.push_error_scope(wgpu::ErrorFilter::Validation);
    let pipelines = kernels.iter().map(|k| (k.name, pipeline(device, k, visits))).collect();
    match pollster::block_on(scope.pop()) {
        Some(error) => Err(format!("it cannot compile the kernels: {error}")),
        None => Ok(pipelines),
    }
}

fn pipeline(device: &wgpu::Device, kernel: &'static Kernel, visits: u32) -> Pipeline {
    let mut text = Cow::from(kernel.wgsl);
    if visits != VISIT_CAP {
        let cap = |n: u32| format!("const BVH_VISIT_CAP: u32 = {n}u;");
        text = text.replace(&cap(VISIT_CAP), &cap(visits)).into();
    }
    let source = wgpu::ShaderSource::Wgsl(text);
    let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: Some(kernel.name), source });
    let entry = &kernel.entry_points[0];
    let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
        label: Some(kernel.name),
        layout: None,
        module: &module,
        entry_point: Some(entry.name),
        compilation_options: wgpu::PipelineCompilationOptions::default(),
        cache: None,
    });
    Pipeline { pipeline, entry }
}
