// Where the closest point of one pixel goes on the film until the next frame: pixels, x right, y up.
//!include "common/seen.wgsl"

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> wave: Wave;
@group(0) @binding(2) var<uniform> next_view: View;
@group(0) @binding(4) var<storage, read_write> pixels_seen: array<PixelSeen>;
@group(0) @binding(5) var<storage, read> moves: array<Move>;
@group(0) @binding(6) var<storage, read> next_corners: array<f32>;
@group(0) @binding(7) var<storage, read_write> motion_out: array<vec2f>;

@compute @workgroup_size(64)
fn motion(@builtin(global_invocation_id) id: vec3u) {
    if id.x >= wave.width * wave.height {
        return;
    }
    let pixel = wave.film + id.x;
    // From the two cameras to the point.
    var now: vec3f;
    var next: vec3f;
    if pixels_seen[pixel].met == 0u {
        // What is behind everything is infinitely far away: it moves as the camera turns.
        let scale = 2.0 * view.tan_half_fov / f32(view.height);
        let x = (f32(wave.x + id.x % wave.width) + 0.5 - 0.5 * f32(view.width)) * scale;
        let y = (0.5 * f32(view.height) - f32(wave.y + id.x / wave.width) - 0.5) * scale;
        now = view.axis_x * x + view.axis_y * y - view.axis_z;
        next = now;
    } else {
        now = pixels_seen[pixel].position - view.position;
        next = next_position(pixel) - next_view.position;
    }
    let start = on_film(view, now);
    let end = on_film(next_view, next);
    // What goes behind the next camera leaves no place on its film.
    motion_out[pixel] = select(vec2f(0.0), end.xy - start.xy, start.z > 0.0 && end.z > 0.0);
}

/// Pixels from the middle of the film, x right, y up, and 1; 0 for what is not in front of the camera.
fn on_film(camera: View, toward: vec3f) -> vec3f {
    let depth = -dot(toward, camera.axis_z);
    if !(depth > 1e-6) {
        return vec3f(0.0);
    }
    let scale = 0.5 * f32(camera.height) / (camera.tan_half_fov * depth);
    return vec3f(dot(toward, camera.axis_x) * scale, dot(toward, camera.axis_y) * scale, 1.0);
}

fn next_position(pixel: u32) -> vec3f {
    let position = pixels_seen[pixel].position;
    let part = pixels_seen[pixel].part;
    let kind = moves[part].kind;
    if kind == MOVE_RIGID {
        let p = vec4f(position, 1.0);
        return vec3f(dot(moves[part].row_x, p), dot(moves[part].row_y, p), dot(moves[part].row_z, p));
    }
    if kind == MOVE_BENT {
        let at = moves[part].corners + 9u * pixels_seen[pixel].primitive;
        let u = pixels_seen[pixel].u;
        let v = pixels_seen[pixel].v;
        return corner(at) * (1.0 - u - v) + corner(at + 3u) * u + corner(at + 6u) * v;
    }
    return position;
}

fn corner(at: u32) -> vec3f {
    return vec3f(next_corners[at], next_corners[at + 1u], next_corners[at + 2u]);
}
