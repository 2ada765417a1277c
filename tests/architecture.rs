//! The arrows between crates, read from the manifests. ARCHITECTURE.md says why they are as they are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Crate -> the crates of this workspace that it may depend on (build and run; tests may use more).
const ARROWS: &[(&str, &[&str])] = &[
    ("scenec", &["scenec-compiler", "scenec-grammar", "scenec-ir", "scenec-lsp", "scenec-runtime"]),
    ("scenec-lsp", &["scenec-compiler", "scenec-grammar", "scenec-ir"]),
    ("scenec-compiler", &["scenec-grammar", "scenec-ir"]),
    ("scenec-grammar", &["scenec-ir"]),
    ("scenec-ir", &[]),
    ("scenec-runtime", &["scenec-ir", "scenec-scene", "scenec-render"]),
    ("scenec-scene", &["scenec-ir"]),
    ("scenec-render", &["scenec-scene", "scenec-shaders"]),
    ("scenec-shaders", &["scenec-prelude", "scenec-translator"]),
    ("scenec-translator", &[]),
    ("scenec-prelude", &[]),
];

/// Names of the workspace's crates that a manifest depends on, sections `dependencies` and `build-dependencies`.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut section = String::new();
    let mut found = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned();
        } else if section == "dependencies" || section == "build-dependencies" {
            let name = line.split(['.', ' ', '=']).next().unwrap_or("");
            if name.starts_with("scenec") {
                found.push(name.to_owned());
            }
        }
    }
    found
}

fn forbidden(name: &str, depends_on: &[String]) -> Vec<String> {
    let allowed = ARROWS.iter().find(|(n, _)| *n == name).map(|(_, a)| *a);
    match allowed {
        None => vec![format!("{name} is not in the list of crates")],
        Some(allowed) => {
            depends_on.iter().filter(|d| !allowed.contains(&d.as_str())).map(|d| format!("{name} -> {d}")).collect()
        }
    }
}

fn manifests() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "",
        "ir",
        "grammar",
        "compiler",
        "lsp",
        "shaders",
        "shaders/prelude",
        "shaders/translator",
        "runtime",
        "runtime/scene",
        "runtime/render",
    ];
    folders
        .iter()
        .map(|folder| {
            let text = fs::read_to_string(root.join(folder).join("Cargo.toml")).expect("a crate's manifest");
            let package = text.split("[package]").nth(1).expect("a package");
            let name = package.lines().find_map(|l| l.strip_prefix("name = ")).expect("a name").trim_matches('"');
            (name.to_owned(), text)
        })
        .collect()
}

#[test]
fn crates_depend_only_along_the_arrows() {
    let bad: Vec<_> = manifests().iter().flat_map(|(name, text)| forbidden(name, &dependencies(text))).collect();
    assert!(bad.is_empty(), "arrows that the architecture does not have: {bad:?}");
}

#[test]
fn a_forbidden_arrow_is_found() {
    let manifest = "[dependencies]\nscenec-runtime.workspace = true\nscenec-ir = { path = \"x\" }\n[dev-dependencies]\nscenec = 1\n";
    let found = dependencies(manifest);
    assert_eq!(found, ["scenec-runtime", "scenec-ir"]);
    assert_eq!(forbidden("scenec-compiler", &found), ["scenec-compiler -> scenec-runtime"]);
    assert_eq!(forbidden("scenec-new", &found).len(), 1);
}

/// Invariant b: only `src/` prints, exits or touches files and the environment.
#[test]
fn libraries_do_no_input_or_output() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let words = [
        "println!",
        "eprintln!",
        "print!(",
        "std::fs",
        "File::open",
        "process::exit",
        "env::var",
        "SystemTime",
        "TcpStream",
    ];
    let mut bad = Vec::new();
    for folder in [
        "ir/src",
        "grammar/src",
        "compiler/src",
        "lsp/src",
        "runtime/src",
        "runtime/scene/src",
        "runtime/render/src",
        "shaders/src",
        "shaders/prelude/src",
    ] {
        visit(&root.join(folder), &mut |path, text| {
            let code = text.split("#[cfg(test)]").next().unwrap_or("");
            for (number, line) in code.lines().enumerate() {
                let line = line.split("//").next().unwrap_or("");
                for word in words.iter().filter(|w| line.contains(**w)) {
                    bad.push(format!("{}:{}: {word}", path.display(), number + 1));
                }
            }
        });
    }
    assert!(bad.is_empty(), "only the binary touches the world outside:\n{}", bad.join("\n"));
}

/// House rule: a file of more than 800 lines does too much.
#[test]
fn files_stay_readable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bad = Vec::new();
    for folder in ["src", "ir", "grammar", "compiler", "lsp", "runtime", "shaders", "tests"] {
        visit(&root.join(folder), &mut |path, text| {
            let lines = text.lines().count();
            if lines > 800 {
                bad.push(format!("{}: {lines} lines", path.display()));
            }
        });
    }
    assert!(bad.is_empty(), "split these by what they do:\n{}", bad.join("\n"));
}

/// In a suite with its own harness `#[test]` means nothing: the function would silently be left out.
#[test]
fn suites_with_a_harness_list_their_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut suites = 0;
    for folder in ["compiler", "grammar", "ir", "runtime", "shaders", "tests"] {
        visit(&root.join(folder), &mut |path, text| {
            if text.lines().any(|line| line.starts_with("scenec_harness::tests![")) {
                assert!(!text.contains("\n#[test]\n"), "{}: `#[test]` has no effect here", path.display());
                suites += 1;
            }
        });
    }
    assert!(suites >= 6, "{suites}");
}

fn visit(folder: &Path, see: &mut dyn FnMut(&Path, &str)) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            visit(&path, see);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "wgsl" || e == "pest") {
            see(&path, &fs::read_to_string(&path).expect("a source file"));
        }
    }
}
