// Every compute input, alone and in a struct.
struct Inputs {
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(num_workgroups) groups: vec3<u32>,
}
@group(0) @binding(0) var<storage, read_write> outputs: array<u32>;

@compute @workgroup_size(4, 2, 1)
fn grid(
    @builtin(global_invocation_id) id: vec3<u32>,
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
    more: Inputs,
) {
    let at = (id.z * more.groups.y * 2u + id.y) * more.groups.x * 4u + id.x;
    outputs[at] = index + 16u * group.x + 256u * group.y + 4096u * group.z + 65536u * more.local.x + 0x100000u * more.local.y;
}
