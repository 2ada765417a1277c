//! What is not translated is refused with file, line, column and the construct's name.

use scenec_translator::{Error, generate};
use std::path::Path;

const MAIN: &str = "@compute @workgroup_size(1) fn main() { work(); }\n";

/// Translates a folder of these files.
fn build(files: &[(&str, &str)]) -> Result<String, Vec<Error>> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }
    generate(folder.path()).map(|generated| generated.rust)
}

/// The errors of a kernel file `k.wgsl` whose text is `text` and an entry point that calls `work`.
fn errors(text: &str) -> String {
    match build(&[("k.wgsl", &format!("{text}\n{MAIN}"))]) {
        Ok(_) => "accepted".to_owned(),
        Err(errors) => errors.iter().map(Error::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// (WGSL, where it is refused, a part of the message). Each WGSL text starts at line 1.
const CASES: &[(&str, &str, &str)] = &[
    ("@group(0) @binding(0) var t: texture_2d<f32>;\nfn work() {}", "k.wgsl:1:23", "a texture"),
    ("\n  @group(0) @binding(0) var s: sampler;\nfn work() {}", "k.wgsl:2:25", "a sampler"),
    ("fn work() {}\nvar<workgroup> w: array<u32, 4>;", "k.wgsl:2:1", "workgroup memory"),
    ("fn work() {\n    workgroupBarrier();\n}", "k.wgsl:2:5", "a barrier"),
    ("fn work() {\n    storageBarrier();\n}", "k.wgsl:2:5", "a barrier"),
    ("override N: u32 = 3;\nfn work() { _ = N; }", "k.wgsl:1:1", "an override"),
    ("const C = 1.0lf;\nfn work() {}", "k.wgsl:1", "f64"),
    ("fn f(x: i64) -> i64 { return x; }\nfn work() {}", "k.wgsl:1", "i64"),
    ("enable f16;\nfn work() {\n    var x = 1.0h;\n    x += 1.0h;\n}", "k.wgsl:3", "f16"),
    ("enable f16;\nstruct S { a: f16 }\nfn work() {}", "k.wgsl:2", "f16"),
    ("fn work() {\n    var x: f64 = 1.0lf;\n    x = x + x;\n}", "k.wgsl:2", "f64"),
    ("fn work() {\n    var x: i64 = 1li;\n    x = x + x;\n}", "k.wgsl:2", "i64"),
    ("fn work() {\n    let x = subgroupAdd(1u);\n}", "k.wgsl:2", "a subgroup operation"),
    ("fn work() {\n    subgroupBarrier();\n}", "k.wgsl:2:5", "a barrier"),
    (
        "@group(0) @binding(0) var<storage, read_write> a: atomic<u32>;\nfn work() {\n    \
         let r = atomicCompareExchangeWeak(&a, 1u, 2u);\n}",
        "k.wgsl:3",
        "atomicCompareExchangeWeak",
    ),
    (
        "fn two(a: ptr<function, u32>, b: ptr<function, u32>) { *a = *b; }\nfn work() {\n    var x = 1u;\n    two(&x, &x);\n}",
        "k.wgsl:4:5",
        "alias",
    ),
    (
        "var<private> g: u32;\nfn one(a: ptr<private, u32>) { g = *a; }\nfn work() {\n    one(&g);\n}",
        "k.wgsl:4:5",
        "alias",
    ),
    // naga's own errors carry the place as well.
    ("fn work() {\n    let x = y;\n}", "k.wgsl:2:13", "no definition in scope"),
    ("fn work() {\n    let x = 1u + ;\n}", "k.wgsl:2:18", "expected expression"),
    ("fn work() {\n    var x: u32 = 1.5;\n}", "k.wgsl:2", "u32"),
    ("fn work() -> u32 {\n    return 1.0f;\n}", "k.wgsl", "return"),
];

#[test]
fn each_construct_is_refused_at_its_place() {
    let mut bad = Vec::new();
    for (text, place, message) in CASES {
        let found = errors(text);
        let at_place = found.strip_prefix(place).is_some_and(|rest| rest.starts_with(':'));
        if !at_place || !found.contains(message) {
            bad.push(format!("wanted {place} with {message:?}, got {found}"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn fragment_stages_and_unknown_inputs_are_refused_at_the_entry_point() {
    let fragment = "@fragment fn shade() -> @location(0) vec4<f32> { return vec4<f32>(1.0); }\nfn work() {}";
    assert!(errors(fragment).starts_with("k.wgsl:1:11: entry point shade is not @compute"), "{}", errors(fragment));
    let text = "fn work() {}\n@compute @workgroup_size(1)\n  fn two(@builtin(subgroup_size) n: u32) {}";
    assert!(errors(text).starts_with("k.wgsl:3:3: builtin SubgroupSize of entry point two"), "{}", errors(text));
}

#[test]
fn an_error_in_an_included_file_names_that_file() {
    let kernel = "//!include \"lib/a.wgsl\"\n@compute @workgroup_size(1) fn main() { a(); }\n";
    let bad = [
        ("k.wgsl", kernel),
        ("lib/a.wgsl", "// one\n//!include \"lib/b.wgsl\"\nfn a() {\n    let x = nothing;\n}\n"),
        ("lib/b.wgsl", "// b\n// b\n"),
    ];
    let found = build(&bad).expect_err("an undefined name");
    assert_eq!((found[0].file.as_str(), found[0].line, found[0].column), ("lib/a.wgsl", 4, 13));

    let refused = [
        ("k.wgsl", kernel),
        ("lib/a.wgsl", "//!include \"lib/b.wgsl\"\nfn a() { storageBarrier(); }\n"),
        ("lib/b.wgsl", "// b\n"),
    ];
    let found = build(&refused).expect_err("a barrier");
    assert_eq!((found[0].file.as_str(), found[0].line, found[0].column), ("lib/a.wgsl", 2, 10));
}

#[test]
fn includes_that_cannot_be_read_or_understood_are_errors_at_their_line() {
    for (line, message) in [
        ("//!include \"lib/none.wgsl\"", "cannot be read"),
        ("//!include lib/none.wgsl", "write //!include \"family/name.wgsl\""),
        ("//!include \"../none.wgsl\"", "write //!include"),
        ("//!include \"/etc/none.wgsl\"", "write //!include"),
        ("//!include \"\"", "write //!include"),
    ] {
        let found = errors(&format!("// first\n{line}\nfn work() {{}}"));
        assert!(found.starts_with("k.wgsl:2:1: ") && found.contains(message), "{found}");
    }
}

#[test]
fn every_file_with_errors_is_reported() {
    let text = format!("fn work() {{ storageBarrier(); }}\n{MAIN}");
    let found = build(&[("one.wgsl", &text), ("x/two.wgsl", &text)]).expect_err("two barriers");
    let files: Vec<_> = found.iter().map(|e| e.file.as_str()).collect();
    assert_eq!(files, ["one.wgsl", "x/two.wgsl"]);
}

#[test]
fn one_name_means_one_kernel_and_one_struct() {
    let kernel = |member: &str| format!("struct S {{ a: {member} }}\nfn work() {{ var s = S(); _ = s.a; }}\n{MAIN}");
    let (same, other) = (kernel("u32"), kernel("f32"));
    assert!(build(&[("a.wgsl", &same), ("b.wgsl", &same)]).is_ok());
    let found = build(&[("a.wgsl", &same), ("b.wgsl", &other)]).expect_err("two structs");
    assert!(found[0].to_string().starts_with("b.wgsl: struct S is another one in a.wgsl"), "{}", found[0]);
    let found = build(&[("a.wgsl", &same), ("x/a.wgsl", &same)]).expect_err("two kernels");
    assert_eq!(found[0].to_string(), "x/a.wgsl: a.wgsl is a kernel of the same name");
    let found = build(&[("Two-Words.wgsl", &same)]).expect_err("no identifier");
    assert!(found[0].message.contains("lower-case identifier"));
}

#[test]
fn files_without_an_entry_point_are_no_kernels() {
    let library = "// @compute is only spoken of here\nfn f() {}\n";
    let rust = build(&[("lib.wgsl", library)]).expect("no kernel");
    assert!(rust.contains("KERNELS: &[&::scenec_prelude::Kernel] = &[]"));
}

#[test]
fn a_folder_that_does_not_exist_is_an_error() {
    assert!(generate(Path::new("/nowhere/at/all")).is_err());
}
