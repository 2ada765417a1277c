// The scene as shading reads it. `heap` pools what has no struct of its own.
//!include "common/types.wgsl"

@group(0) @binding(5) var<uniform> info: SceneInfo;
@group(0) @binding(6) var<storage, read> heap: array<u32>;
@group(0) @binding(7) var<storage, read> materials: array<Material>;
@group(0) @binding(8) var<storage, read> parts: array<Part>;
@group(0) @binding(9) var<storage, read> lights: array<Light>;
