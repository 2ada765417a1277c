//! What happens when a GPU has too little of something, or goes away: a coded error, and nothing that looks like a picture.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use glam::Affine3A;
use scenec_harness::{Outcome, Skip};
use scenec_scene::{Camera, Environment, Instance, Lens, Material, Mesh, Stage};

use scenec_render::gpu_testing::{Budget, TestGpu};
use scenec_render::{Control, Device, Film, Progress, RenderError, RenderSettings, Scene, prepare};

/// An adapter with this budget.
fn open(budget: Budget) -> Result<TestGpu, Skip> {
    TestGpu::open(budget).unwrap().ok_or_else(|| Skip::no_gpu("the system lists no adapter"))
}

fn ground(triangles: usize) -> Mesh {
    Mesh {
        positions: vec![[-9.0, 0.0, -9.0], [0.0, 0.0, 9.0], [9.0, 0.0, -9.0]],
        triangles: vec![[0, 1, 2]; triangles],
        ..Mesh::default()
    }
}

fn scene(mesh: Mesh) -> Scene {
    let instance = Instance {
        id: "thing".into(),
        mesh: Arc::new(mesh),
        material: Arc::new(Material::default()),
        world_from_object: Affine3A::IDENTITY,
    };
    let environment = Environment::Constant([1.0; 3]);
    prepare(&Stage { instances: vec![instance], lights: Vec::new(), environment, fog: None }).unwrap()
}

/// Looks along the negative z axis from (0.5, -0.5, 4), in a narrow beam.
fn camera() -> Camera {
    Camera {
        world_from_camera: Affine3A::from_translation(glam::Vec3::new(0.5, -0.5, 4.0)),
        vertical_fov: 0.01,
        lens: Lens::round(0.0, 1.0),
        exposure: 1.0,
    }
}

fn settings(width: u32, height: u32, samples: u32) -> RenderSettings {
    RenderSettings { width, height, samples, max_depth: 4, seed: 0, device: Device::Gpu, ..RenderSettings::default() }
}

/// The error; films are too long to print.
fn failure(result: Result<Film, RenderError>) -> RenderError {
    match result {
        Ok(_) => panic!("a picture instead of an error"),
        Err(error) => error,
    }
}

/// Does something at each call of `progress`, and counts pictures.
struct Watch<F: Fn() + Sync>(F, AtomicU32);

impl<F: Fn() + Sync> Control for Watch<F> {
    fn progress(&self, _: &Progress<'_>) -> bool {
        self.0();
        true
    }

    fn pass(&self, film: &dyn Fn() -> Film) {
        let film = film();
        assert!(film.rgb.iter().flatten().any(|x| *x > 0.0), "a black picture under a white sky");
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

fn a_scene_above_the_limit_of_a_buffer_is_out_of_memory_and_the_device_goes_on() -> Outcome {
    let gpu = open(Budget { buffer: 1 << 20, ..Budget::default() })?;
    // 30,000 triangles of 48 bytes.
    let error = failure(gpu.render(&scene(ground(30_000)), &camera(), &settings(8, 8, 1), &()));
    assert_eq!(error.code(), "E0603", "{error}");
    assert!(error.to_string().contains("bvh_triangles") && error.to_string().contains("1048576"), "{error}");
    assert!(error.hint().is_some_and(|h| h.contains("--device native")));
    // The same device still renders what fits: 16384 paths of 64 bytes fill a buffer.
    let film = gpu.render(&scene(ground(1)), &camera(), &settings(8, 8, 1), &()).unwrap();
    assert!(film.rgb.iter().all(|p| *p == [1.0; 3]));
    Ok(())
}

fn a_film_above_the_limit_of_a_buffer_is_out_of_memory() -> Outcome {
    let gpu = open(Budget::default())?;
    // 16 GiB in one buffer: more than any adapter binds.
    let error = failure(gpu.render(&scene(ground(1)), &camera(), &settings(32_768, 32_768, 1), &()));
    assert_eq!(error.code(), "E0603", "{error}");
    assert!(error.to_string().contains("pixels_sum"), "{error}");
    Ok(())
}

fn a_device_that_goes_away_is_an_error_wherever_the_render_is() -> Outcome {
    for calls in [0, 1, 3] {
        let gpu = open(Budget::default())?;
        let seen = AtomicU32::new(0);
        let lose = || {
            if seen.fetch_add(1, Ordering::Relaxed) == calls {
                gpu.lose();
            }
        };
        let watch = Watch(lose, AtomicU32::new(0));
        let error = failure(gpu.render(&scene(ground(1)), &camera(), &settings(64, 64, 64), &watch));
        assert_eq!(error.code(), "E0602", "after {calls} calls: {error}");
        assert!(matches!(&error, RenderError::DeviceLost { device, .. } if device == gpu.name()));
        // The pictures of the passes before are whole, and there is none after.
        assert!(watch.1.load(Ordering::Relaxed) <= calls, "a picture of a lost device");
        // Nor does it come back.
        let again = failure(gpu.render(&scene(ground(1)), &camera(), &settings(8, 8, 1), &()));
        assert_eq!(again.code(), "E0602", "{again}");
    }
    Ok(())
}

fn walks_that_give_up_are_an_error() -> Outcome {
    // With fewer visits than on the CPU: software drivers cut a kernel short after 65,535 turns of its loops, in silence.
    let gpu = open(Budget { visits: 100, ..Budget::default() })?;
    // Slivers across one cube: all boxes are that cube, and the camera's rays cross it beside them.
    let mesh = Mesh {
        positions: vec![[-1.0, -1.0, -1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 0.99]],
        triangles: vec![[0, 1, 2]; 5_000],
        ..Mesh::default()
    };
    let watch = Watch(|| (), AtomicU32::new(0));
    let error = failure(gpu.render(&scene(mesh), &camera(), &settings(2, 2, 1), &watch));
    assert_eq!(error, RenderError::TraversalCap { rays: 4, cap: 100 });
    assert_eq!(error.code(), "E0604");
    assert_eq!(watch.1.into_inner(), 0, "a picture with rays that gave up");
    // The device is as good as before.
    assert!(gpu.render(&scene(ground(1)), &camera(), &settings(8, 8, 1), &()).is_ok());
    Ok(())
}

fn the_picture_does_not_depend_on_the_order_of_the_lists() -> Outcome {
    let gpu = open(Budget::default())?;
    let mut mesh = ground(1);
    mesh.positions = vec![[-9.0, -0.6, 3.0], [9.0, -0.6, 3.0], [0.0, -0.45, -90.0]];
    let scene = scene(mesh);
    let shoot = || gpu.render(&scene, &camera(), &settings(96, 64, 16), &()).unwrap();
    let first = shoot();
    assert!(first.hit_fraction > 0.0 && first.hit_fraction < 1.0, "{}", first.hit_fraction);
    for _ in 0..3 {
        let film = shoot();
        assert!(film.rgb == first.rgb && film.rays == first.rays);
    }
    Ok(())
}

scenec_harness::tests![
    a_scene_above_the_limit_of_a_buffer_is_out_of_memory_and_the_device_goes_on,
    a_film_above_the_limit_of_a_buffer_is_out_of_memory,
    a_device_that_goes_away_is_an_error_wherever_the_render_is,
    walks_that_give_up_are_an_error,
    the_picture_does_not_depend_on_the_order_of_the_lists,
];
