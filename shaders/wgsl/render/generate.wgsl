// Starts one path: a point in a pixel, a point on the lens, a ray.
//!include "common/seeds.wgsl"
//!include "common/sampler.wgsl"
//!include "common/warp.wgsl"

@compute @workgroup_size(64)
fn generate(@builtin(global_invocation_id) id: vec3u) {
    let path = id.x;
    if path >= wave.paths {
        return;
    }
    let pixels = wave.width * wave.height;
    let in_tile = path % pixels;
    let x = wave.x + in_tile % wave.width;
    let y = wave.y + in_tile / wave.width;
    let sample = sample_of(path);
    let seed = seed_of(path);

    let jitter = filter_sample(sample_2d(seed, sample, DIMENSION_PIXEL), view.filter_kind, view.filter_radius) + 0.5;
    // Pixel centres to the plane at distance 1: the image spans -tan .. tan vertically, pixels are square.
    let scale = 2.0 * view.tan_half_fov / f32(view.height);
    let px = (f32(x) + jitter.x - 0.5 * f32(view.width)) * scale;
    let py = (0.5 * f32(view.height) - f32(y) - jitter.y) * scale;
    var origin = view.position;
    var direction = view.axis_x * px + view.axis_y * py - view.axis_z;
    if view.lens_radius > 0.0 {
        // All rays of a film point meet in the plane of focus.
        let u = sample_2d(seed, sample, DIMENSION_LENS);
        var lens: vec2f;
        if view.blades > 0u {
            lens = polygon_sample(u, view.blades, view.blade_turn);
        } else {
            lens = disk_sample(u);
        }
        lens *= view.lens_radius;
        let shift = view.axis_x * lens.x + view.axis_y * lens.y;
        origin += shift;
        direction = direction * view.focus_distance - shift;
    }
    rays[path] = Ray(origin, 0.0, unit(direction), FAR_AWAY);

    var p: Path;
    p.throughput = vec3f(1.0);
    p.density = 0.0;
    p.radiance = vec3f(0.0);
    p.flags = PATH_ALIVE | 1u;
    p.light = vec3f(0.0);
    p.media = 0u;
    p.normal = 0u;
    paths[path] = p;
}
