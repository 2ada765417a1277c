//! The Rust that comes out for a few kernels, held by snapshots so that a change of the translation is seen.

use scenec_translator::generate;

/// The functions of the `base` build.
fn base(wgsl: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("k.wgsl"), wgsl).expect("a file");
    let rust = generate(folder.path()).expect("a kernel").rust;
    let start = rust.find("pub mod base {\n").expect("the base build");
    let end = rust.find("/// For x86-64 processors").expect("the v3 build");
    rust[start..end].to_owned()
}

/// Compares without the WGSL in the snapshot's head: it stands in the test.
fn snapshot(name: &str, rust: String) {
    insta::with_settings!({ omit_expression => true }, { insta::assert_snapshot!(name, rust) });
}

#[test]
fn loads_stand_where_they_stand_and_pure_values_move() {
    snapshot(
        "loads_stand_where_they_stand_and_pure_values_move",
        base(
            "struct Path { origin: vec3<f32>, flags: u32 }
         @group(0) @binding(0) var<storage, read> scale: array<f32>;
         @group(0) @binding(1) var<storage, read_write> paths: array<Path>;
         @compute @workgroup_size(64)
         fn main(@builtin(global_invocation_id) id: vec3<u32>) {
             let p = &paths[id.x];
             let before = (*p).flags;
             (*p).flags = before | 4u;
             (*p).origin = (*p).origin.zyx * scale[before] + 1.0;
         }",
        ),
    );
}

#[test]
fn a_value_of_the_body_that_continuing_needs_is_declared_before_the_loop() {
    snapshot(
        "a_value_of_the_body_that_continuing_needs_is_declared_before_the_loop",
        base(
            "@group(0) @binding(0) var<storage, read_write> out: array<u32>;
         @compute @workgroup_size(1)
         fn main(@builtin(global_invocation_id) id: vec3<u32>) {
             var i = 0u;
             loop {
                 if i == 3u { i = 5u; continue; }
                 let step = out[i];
                 if step == 0u { break; }
                 continuing { i += step; break if step > 8u; }
             }
         }",
        ),
    );
}

#[test]
fn switches_pointers_and_private_variables() {
    snapshot(
        "switches_pointers_and_private_variables",
        base(
            "@group(0) @binding(0) var<storage, read_write> out: array<vec3<f32>>;
         var<private> count: u32 = 2u;
         fn pick(x: i32, a: ptr<function, array<vec3<f32>, 2>>, into: ptr<function, f32>) {
             switch x {
                 case 1, 2: { *into = (*a)[x].y; }
                 case 3: { if *into > 1.0 { break; } count += 1u; }
                 default: { return; }
             }
         }
         @compute @workgroup_size(1)
         fn main(@builtin(global_invocation_id) id: vec3<u32>) {
             var pair = array<vec3<f32>, 2>(vec3<f32>(1.0, 2.0, 3.0), out[1]);
             var y = select(0.5, -1.5, id.x > 3u);
             pick(i32(id.x) / 3, &pair, &y);
             out[count] = vec3<f32>(floor(y), pair[0].xy);
         }",
        ),
    );
}

#[test]
fn a_struct_writes_its_padding_out() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let wgsl = "/// What is drawn.
        struct Params { /// in metres
            eye: vec3<f32>, size: vec2<u32>, frame: mat3x3<f32>, list: array<vec3<u32>, 2>, last: f32 }
        @group(0) @binding(0) var<uniform> params: Params;
        @group(0) @binding(1) var<storage, read_write> out: array<f32>;
        @compute @workgroup_size(1) fn main() { out[0] = params.last; }";
    std::fs::write(folder.path().join("k.wgsl"), wgsl).expect("a file");
    let rust = generate(folder.path()).expect("a kernel").rust;
    let end = rust.find("/// Constants on whose value").expect("the constants");
    snapshot("a_struct_writes_its_padding_out", rust[..end].to_owned());
}
