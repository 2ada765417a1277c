// The state of paths in flight: structure of arrays, one element each per path.
//!include "common/types.wgsl"
//!include "common/ray.wgsl"

@group(0) @binding(0) var<uniform> view: View;
@group(0) @binding(1) var<uniform> wave: Wave;
@group(0) @binding(2) var<storage, read_write> rays: array<Ray>;
@group(0) @binding(3) var<storage, read_write> hits: array<Hit>;
@group(0) @binding(4) var<storage, read_write> paths: array<Path>;

/// Number of the sample that a path is.
fn sample_of(path: u32) -> u32 {
    return wave.first_sample + path / (wave.width * wave.height);
}
