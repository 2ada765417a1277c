//! The WGSL traversal against the native one, on the same bytes: translated to Rust, and through wgpu where there is an adapter.
// Tests print what they skip.
#![allow(clippy::print_stderr)]

mod bvh_support;

use bvh_support::{Case, Geometry, cases, keep, rays};
use scenec_render::bvh::{Hit, Occlusion, Ray, SceneBvh};
use scenec_shaders::kernels::trace_rays;
use scenec_shaders::prelude::{Isa, LoopGuard, ReadArray, WriteArray};
use scenec_shaders::types;
use wgpu::util::DeviceExt;

const RAYS: usize = 4000;

fn words<T: Copy, const N: usize>(values: &[T], f: impl Fn(&T) -> [u32; N]) -> Vec<u8> {
    values.iter().flat_map(|v| f(v).map(u32::to_le_bytes)).flatten().collect()
}

fn ray_bytes(rays: &[Ray]) -> Vec<u8> {
    words(rays, |r| {
        let ([a, b, c], [d, e, f]) = (r.origin, r.direction);
        [a, b, c, r.t_min, d, e, f, r.t_max].map(f32::to_bits)
    })
}

fn hits_of(bytes: &[u8]) -> Vec<Hit> {
    let word = |i: usize| u32::from_le_bytes([bytes[i], bytes[i + 1], bytes[i + 2], bytes[i + 3]]);
    (0..bytes.len() / 32)
        .map(|i| {
            let [t, u, v, instance, primitive, slot, visits, capped] = std::array::from_fn(|k| word(32 * i + 4 * k));
            Hit {
                t: f32::from_bits(t),
                u: f32::from_bits(u),
                v: f32::from_bits(v),
                instance,
                primitive,
                slot,
                visits,
                capped,
            }
        })
        .collect()
}

/// Pools that can be bound: an empty scene has no triangles, but a buffer needs one.
fn triangle_pool(bvh: &SceneBvh) -> Vec<u8> {
    if bvh.triangles().is_empty() { vec![0; 48] } else { bvh.triangles_bytes().to_vec() }
}

/// Closest hits, and the occlusion answers in `slot`.
type Answers = (Vec<Hit>, Vec<u32>);

fn translated(bvh: &SceneBvh, rays: &[Ray]) -> Answers {
    let guard = LoopGuard::default();
    let input = ray_bytes(rays);
    let triangles = triangle_pool(bvh);
    let run = |occluded: bool| {
        let mut out = vec![types::Hit::ZERO; rays.len()];
        let bindings = trace_rays::Bindings {
            guard: &guard,
            trace_input: ReadArray::from_bytes(&input).expect("there are rays"),
            trace_output: WriteArray::new(&mut out).expect("there are rays"),
            bvh_nodes: ReadArray::from_bytes(bvh.nodes_bytes()).expect("there is a header"),
            bvh_triangles: ReadArray::from_bytes(&triangles).expect("there is a triangle"),
        };
        let ids = 0..rays.len() as u32;
        if occluded {
            trace_rays::trace_rays_occluded(Isa::detect(), &bindings, ids);
        } else {
            trace_rays::trace_rays_closest(Isa::detect(), &bindings, ids);
        }
        hits_of(bytemuck::cast_slice(&out))
    };
    let answers = (run(false), run(true).iter().map(|hit| hit.slot).collect());
    assert!(!guard.tripped(), "a loop of the kernel ran away");
    answers
}

/// Compares with the native traversal; returns how many answers differ at all.
///
/// A GPU may fuse and divide otherwise, so a ray next to an edge may take the neighbour, at nearly the same distance, and one
/// next to a silhouette may pass. `exact` is for the translated kernel, which rounds as the native code
/// does, except that it has no double precision to decide about zero edge functions.
fn compare(what: &str, case: &Case, bvh: &SceneBvh, rays: &[Ray], (hits, shadows): &Answers, exact: bool) {
    let (mut other_triangle, mut other_distance, mut other_shadow) = (0, 0, 0);
    for ((ray, hit), shadow) in rays.iter().zip(hits).zip(shadows) {
        let want = bvh.closest(ray, keep);
        assert_eq!(hit.capped, 0, "{what}, {}: {ray:?}", case.name);
        let same = hit.slot == want.slot;
        // Next to an edge or corner, where a third of the rays is aimed, either neighbour is right; at a rim, so is a miss.
        let on_edge = |hit: &Hit| hit.is_hit() && hit.u.min(hit.v).min(1.0 - hit.u - hit.v) < 1e-3;
        if exact && !same && (on_edge(&want) || on_edge(hit)) {
            continue;
        }
        other_triangle += usize::from(!same);
        let tolerance = if exact && same { 1e-6 } else { 1e-4 } * want.t.abs();
        other_distance += usize::from((hit.t - want.t).abs() > tolerance);
        if same && hit.is_hit() {
            assert_eq!((hit.instance, hit.primitive), (want.instance, want.primitive), "{what}, {}", case.name);
            assert!(
                exact || (hit.u - want.u).abs() + (hit.v - want.v).abs() < 0.05,
                "{what}, {}: {hit:?} {want:?}",
                case.name
            );
        }
        other_shadow += usize::from((*shadow == 1) != (bvh.occluded(ray, keep) == Occlusion::Occluded));
        assert_ne!(*shadow, 2, "{what}, {}: {ray:?}", case.name);
    }
    let n = rays.len();
    let (triangles, distances) = if exact { (n / 1000, n / 1000) } else { (n / 10, n / 100) };
    assert!(
        other_triangle <= triangles && other_distance <= distances && other_shadow <= distances,
        "{what}, {}: of {n} rays {other_triangle} hit another triangle, {other_distance} at another distance, {other_shadow} shadows",
        case.name
    );
}

#[test]
fn translated_kernel_agrees_with_native() {
    for case in cases() {
        let bvh = case.build();
        let rays = rays(&case, RAYS, 50);
        compare("translated", &case, &bvh, &rays, &translated(&bvh, &rays), true);
    }
}

#[test]
fn empty_scenes_are_free() {
    let case = Case { instances: vec![], ..Case::single("empty", Geometry::default()) };
    let bvh = case.build();
    let (hits, shadows) = translated(&bvh, &rays(&case, 100, 51));
    assert!(hits.iter().all(|hit| !hit.is_hit()) && shadows.iter().all(|s| *s == 0));
}

struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    closest: wgpu::ComputePipeline,
    occluded: wgpu::ComputePipeline,
}

impl Gpu {
    fn new() -> Option<Self> {
        let instance = wgpu::Instance::default();
        let adapter = pollster::block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default())).ok()?;
        eprintln!("adapter: {}", adapter.get_info().name);
        let request = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..Default::default() };
        let (device, queue) = pollster::block_on(adapter.request_device(&request)).ok()?;
        let source = wgpu::ShaderSource::Wgsl(trace_rays::WGSL.into());
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source });
        let pipeline = |entry_point| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: None,
                layout: None,
                module: &module,
                entry_point: Some(entry_point),
                compilation_options: Default::default(),
                cache: None,
            })
        };
        let (closest, occluded) = (pipeline("trace_rays_closest"), pipeline("trace_rays_occluded"));
        Some(Self { device, queue, closest, occluded })
    }

    fn answers(&self, bvh: &SceneBvh, rays: &[Ray]) -> Answers {
        let run = |pipeline| hits_of(&self.run(pipeline, bvh, rays));
        (run(&self.closest), run(&self.occluded).iter().map(|hit| hit.slot).collect())
    }

    fn run(&self, pipeline: &wgpu::ComputePipeline, bvh: &SceneBvh, rays: &[Ray]) -> Vec<u8> {
        let buffer = |contents: &[u8]| {
            let usage = wgpu::BufferUsages::STORAGE;
            self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor { label: None, contents, usage })
        };
        let size = 32 * rays.len() as u64;
        let empty = |usage| {
            self.device.create_buffer(&wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false })
        };
        let output = empty(wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC);
        let readback = empty(wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST);
        let (input, nodes, triangles) =
            (buffer(&ray_bytes(rays)), buffer(bvh.nodes_bytes()), buffer(&triangle_pool(bvh)));
        let group = |index, first: &wgpu::Buffer, second: &wgpu::Buffer| {
            self.device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: None,
                layout: &pipeline.get_bind_group_layout(index),
                entries: &[
                    wgpu::BindGroupEntry { binding: 0, resource: first.as_entire_binding() },
                    wgpu::BindGroupEntry { binding: 1, resource: second.as_entire_binding() },
                ],
            })
        };
        let groups = [group(0, &input, &output), group(1, &nodes, &triangles)];
        let mut encoder = self.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(pipeline);
            for (i, group) in groups.iter().enumerate() {
                pass.set_bind_group(i as u32, group, &[]);
            }
            pass.dispatch_workgroups(rays.len().div_ceil(64) as u32, 1, 1);
        }
        encoder.copy_buffer_to_buffer(&output, 0, &readback, 0, size);
        self.queue.submit([encoder.finish()]);
        let slice = readback.slice(..);
        slice.map_async(wgpu::MapMode::Read, |result| result.expect("the buffer can be mapped"));
        self.device.poll(wgpu::PollType::wait_indefinitely()).expect("the device answers");
        let bytes = slice.get_mapped_range().expect("the buffer is mapped").to_vec();
        readback.unmap();
        bytes
    }
}

#[test]
fn gpu_kernel_agrees_with_native() {
    let Some(gpu) = Gpu::new() else {
        eprintln!("skipped: no wgpu adapter");
        return;
    };
    for case in cases() {
        let bvh = case.build();
        let rays = rays(&case, RAYS, 52);
        compare("wgpu", &case, &bvh, &rays, &gpu.answers(&bvh, &rays), false);
    }
}
