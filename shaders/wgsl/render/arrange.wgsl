// Makes the lists of `tally` the next work.
//!include "common/work.wgsl"

@group(0) @binding(11) var<storage, read_write> work: Work;

@compute @workgroup_size(1)
fn arrange(@builtin(global_invocation_id) id: vec3u) {
    let live = atomicExchange(&counters[COUNT_LIVE], 0u);
    let shadows = atomicExchange(&counters[COUNT_SHADOWS], 0u);
    atomicAdd(&counters[COUNT_RAYS], live + shadows);
    atomicStore(&counters[COUNT_LEFT], live);
    work.live = live;
    work.live_groups = (live + WORK_GROUP - 1u) / WORK_GROUP;
    work.shadows = shadows;
    work.shadow_groups = (shadows + WORK_GROUP - 1u) / WORK_GROUP;
    work.tally_groups = (live + WORK_GROUP * TALLY_RUN - 1u) / (WORK_GROUP * TALLY_RUN);
    work.turn += 1u;
}
