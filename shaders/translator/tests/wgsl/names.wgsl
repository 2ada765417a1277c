// Names that mean something in Rust or in generated code.
struct Mat { r: u32, fn_: u32 }
struct Vec3 { x: u32 }
struct Bindings { b: u32 }
@group(0) @binding(0) var<storage, read> type_: array<u32>;
@group(0) @binding(1) var<storage, read_write> b: array<u32>;
const e1: u32 = 3u;
const self_: u32 = 4u;
var<private> crate_: u32;

fn f32_(id: u32) -> u32 { return id + 1u; }
fn Some(dyn: u32) -> u32 { return dyn * 2u; }
fn e2(loop_: u32) -> u32 { return loop_ + e1; }
fn guard(isa: u32) -> u32 { crate_ = isa; return crate_; }

@compute @workgroup_size(64)
fn names(@builtin(global_invocation_id) id: vec3<u32>) {
    let e1 = e2(type_[id.x]);
    var v0 = Mat(e1, Some(e1));
    let box = v0.fn_;
    {
        let box = box + 1u;
        v0.r += box;
    }
    let str = Vec3(v0.r + f32_(box));
    let m = Bindings(str.x + guard(self_));
    b[id.x] = m.b;
}
